"""
Which platforms there are, found by entry point, and how one is connected.
"""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING, Any

from smmlib.errors import ConfigurationError, UnknownPlatformError
from smmlib.model import platform_name

if TYPE_CHECKING:
    from random import Random

    from smmlib.ports import AdPlatform, Clock, Connection, PostPublisher

GROUP = "smmlib.platforms"
"""
Entry point group: name of the platform to its class.
"""


def platform_names() -> tuple[str, ...]:
    """
    Platforms an adapter is installed for, e.g. `meta`.
    """
    return tuple(sorted({point.name for point in entry_points(group=GROUP)}))


PUBLISHERS = "smmlib.publishers"
"""
Entry point group of platforms that publish posts and sell no ads, e.g. `telegram`.
"""


def publisher_names() -> tuple[str, ...]:
    """
    Platforms without ads that an adapter is installed for, e.g. `telegram`.
    """
    return tuple(sorted({point.name for point in entry_points(group=PUBLISHERS)}))


def connect_publisher(
    connection: Connection,
    *,
    transport: Any = None,
    clock: Clock | None = None,
    random: Random | None = None,
) -> PostPublisher:
    """
    What publishes posts behind a connection, on a platform without ads.

    Args:
        connection: Which platform, channel, token and address.
        transport: An `httpx.BaseTransport`, e.g. the sandbox's; None for the network.
        clock: Time; None for the computer's own.
        random: Source of jitter; None for an unseeded one.

    Raises:
        UnknownPlatformError: No installed package brings this platform.
        ConfigurationError: The adapter cannot be loaded, or refuses the connection.
    """
    point = _find(platform_name(connection.platform), PUBLISHERS)
    publisher: PostPublisher = _load(point).connect(
        connection, transport=transport, clock=clock, random=random
    )
    return publisher


def connect_platform(
    connection: Connection,
    *,
    transport: Any = None,
    clock: Clock | None = None,
    random: Random | None = None,
) -> AdPlatform:
    """
    The ad platform behind a connection, ready to be read and changed.

    Args:
        connection: Which platform, account, token and address.
        transport: An `httpx.BaseTransport`, e.g. the sandbox's; None for the network.
        clock: Time; None for the computer's own.
        random: Source of jitter; None for an unseeded one.

    Raises:
        UnknownPlatformError: No installed package brings this platform.
        ConfigurationError: The adapter cannot be loaded, or refuses the connection.
    """
    point = _find(platform_name(connection.platform))
    adapter = _load(point)
    platform: AdPlatform = adapter.connect(
        connection, transport=transport, clock=clock, random=random
    )
    return platform


def _find(name: str, group: str = GROUP) -> EntryPoint:
    points = entry_points(group=group)
    found = [point for point in points if point.name == name]
    if not found:
        raise UnknownPlatformError(
            f"no adapter is installed for the platform {name!r}",
            hint=_hint(name, group),
        )
    if len({point.value for point in found}) > 1:
        owners = ", ".join(sorted({point.value for point in found}))
        raise ConfigurationError(
            f"several packages claim the platform {name!r}: {owners}",
            hint="uninstall all but one of them",
        )
    return found[0]


def _hint(name: str, group: str) -> str:
    from difflib import get_close_matches

    known = sorted({point.name for point in entry_points(group=group)})
    if group == GROUP and name in publisher_names():
        return f"{name} sells no ads: it is connected with connect_publisher"
    close = get_close_matches(name, known, n=1, cutoff=0.6)
    if close:
        return f"did you mean '{close[0]}'?"
    return (
        f"installed: {', '.join(known) or 'none'}; install the package that brings it "
        f"under the entry point group '{group}'"
    )


def _load(point: EntryPoint) -> Any:
    try:
        adapter = point.load()
    except (ImportError, AttributeError) as error:
        raise ConfigurationError(
            f"the adapter {point.value!r} of the platform {point.name!r} cannot be "
            f"loaded: {error}",
            hint="reinstall the package that brings it",
        ) from error
    if not callable(getattr(adapter, "connect", None)):
        raise ConfigurationError(
            f"the adapter {point.value!r} has no connect(connection, ...)",
            hint="see smmlib.ports.AdPlatform",
        )
    return adapter
