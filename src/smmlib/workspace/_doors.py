"""
The ways to every platform of an environment: for ads, and for posts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeGuard

import attrs

from smmlib.adapters import (
    connect_platform,
    connect_publisher,
    platform_names,
    publisher_names,
)
from smmlib.errors import UnknownPlatformError
from smmlib.model._checks import did_you_mean
from smmlib.ports import PostPublisher

if TYPE_CHECKING:
    from collections.abc import Iterable

    from smmlib.ports import AdPlatform, Clock, Connection


@attrs.frozen
class Doors:
    """
    How each platform of one environment is reached.

    Attributes:
        connections: One for each platform.
        clock: The present.
        transport: The sandbox's own; None for the network.
    """

    connections: tuple[Connection, ...]
    clock: Clock
    transport: Any = None

    def platforms(self) -> dict[str, AdPlatform]:
        """
        The ad platforms by name.

        Raises:
            UnknownPlatformError: A platform is configured that no package brings.
        """
        _all_known(connection.platform for connection in self.connections)
        return {
            connection.platform: self._ads(connection)
            for connection in self.connections
            if connection.platform in platform_names()
        }

    def publishers(self, folder: str) -> dict[str, PostPublisher]:
        """
        What publishes posts, by platform; pictures are sought in a folder.
        """
        found: dict[str, PostPublisher] = {}
        for connection in self.connections:
            with_root = self._in_folder(connection, folder)
            if connection.platform in publisher_names():
                found[connection.platform] = connect_publisher(
                    with_root, transport=self.transport, clock=self.clock
                )
            else:
                adapter = self._ads(with_root)
                if publishes(adapter):
                    found[connection.platform] = adapter
        return found

    def _ads(self, connection: Connection) -> Any:
        return connect_platform(connection, transport=self.transport, clock=self.clock)

    @staticmethod
    def _in_folder(connection: Connection, folder: str) -> Connection:
        if "media_root" in connection.options:
            return connection
        options = {**connection.options, "media_root": folder}
        return attrs.evolve(connection, options=options)


def publishes(adapter: object) -> TypeGuard[PostPublisher]:
    """
    Whether an adapter publishes posts, and says so.
    """
    return isinstance(adapter, PostPublisher) and adapter.capabilities.publishes


def _all_known(names: Iterable[str]) -> None:
    known = {*platform_names(), *publisher_names()}
    for name in names:
        if name not in known:
            raise UnknownPlatformError(
                f"no adapter is installed for the platform {name!r}",
                hint=did_you_mean(name, known),
            )
