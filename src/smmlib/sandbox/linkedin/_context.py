"""
What a handler knows about the request it answers, and what it gives back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from smmlib.sandbox.linkedin._errors import bad_param, not_found

if TYPE_CHECKING:
    from collections.abc import Iterable

    from smmlib.sandbox._faults import Fault
    from smmlib.sandbox.linkedin._delivery import Ledger
    from smmlib.sandbox.linkedin._restli import Value
    from smmlib.sandbox.linkedin._store import Node, World


@attrs.frozen
class Identity:
    """
    The fixed things of a sandbox: its page, its member, its form, its app.
    """

    organization: str
    person: str
    lead_form: str
    website_segment: str
    client_id: str
    client_secret: str


@attrs.frozen
class Reply:
    """
    A good answer; without a body it is empty on the wire.
    """

    status: int
    body: Any = None
    headers: tuple[tuple[str, str], ...] = ()


@attrs.define
class Throttle:
    """
    Metric values answered lately, as LinkedIn counts them.
    """

    values: list[tuple[float, int]] = attrs.field(factory=list)


@attrs.define
class Site:
    """
    Everything that outlives a request.

    Attributes:
        read_lag_s: How long new objects stay invisible to reads.
    """

    world: World
    ledger: Ledger
    identity: Identity
    read_lag_s: float
    throttle: Throttle = attrs.field(factory=Throttle)


@attrs.define
class Call:
    """
    One request, read and let through the gates.

    Attributes:
        method: Rest.li method, e.g. BATCH_CREATE.
        resource: Names in the path, e.g. `adAccounts/adCampaigns`.
        keys: Keys in the path, in order.
        planned: A failure to act out while answering.
    """

    site: Site
    now: float
    version: int
    method: str
    resource: str
    keys: tuple[Value, ...]
    params: dict[str, Value]
    body: Any
    origin: str
    planned: Fault | None = None

    @property
    def fault(self) -> str:
        """
        Kind of the failure to act out, or empty.
        """
        return self.planned.kind if self.planned else ""

    @property
    def world(self) -> World:
        """
        All objects.
        """
        return self.site.world

    def visible(self, node: Node) -> bool:
        """
        Whether reads see an object already.
        """
        return self.now - node.created >= self.site.read_lag_s

    def seen(self, nodes: Iterable[Node]) -> list[Node]:
        """
        The objects that reads see.
        """
        return [node for node in nodes if self.visible(node)]

    def account(self) -> Node:
        """
        The ad account that the path names.

        Raises:
            ApiError: 404.
        """
        node = self.world.get("account", str(self.keys[0]))
        if node is None:
            raise not_found(f"adAccount {self.keys[0]}")
        return node

    def text(self, name: str) -> str | None:
        """
        A parameter that is a plain value.

        Raises:
            ApiError: 400 when it is a list or a record.
        """
        value = self.params.get(name)
        if value is None or isinstance(value, str):
            return value
        raise bad_param(name, f"{name} must be a plain value")

    def texts(self, name: str) -> list[str] | None:
        """
        A parameter that is a list of plain values.

        Raises:
            ApiError: 400 for anything else.
        """
        value = self.params.get(name)
        return None if value is None else texts_of(name, value)

    def number(self, name: str, least: int, most: int, default: int) -> int:
        """
        A parameter that is a whole number.

        Raises:
            ApiError: 400.
        """
        text = self.text(name)
        if text is None:
            return default
        if not (text.isascii() and text.isdigit()) or len(text) > 18:  # noqa: PLR2004
            raise bad_param(name, f"{name} must be a number")
        if not least <= int(text) <= most:
            raise bad_param(name, f"{name} must be between {least} and {most}")
        return int(text)

    def boolean(self, name: str) -> bool | None:
        """
        A parameter that is true or false.

        Raises:
            ApiError: 400.
        """
        text = self.text(name)
        if text is None:
            return None
        if text not in {"true", "false"}:
            raise bad_param(name, f"{name} must be true or false")
        return text == "true"

    def symbol(self, name: str, symbols: Iterable[str]) -> str | None:
        """
        A parameter that is one of some words.

        Raises:
            ApiError: 400.
        """
        text = self.text(name)
        if text is not None and text not in symbols:
            raise bad_param(name, f"{text} is not a value of {name}")
        return text


def texts_of(name: str, value: Value) -> list[str]:
    """
    A list of plain values.

    Raises:
        ApiError: 400 for anything else.
    """
    if isinstance(value, list):
        plain = [one for one in value if isinstance(one, str)]
        if len(plain) == len(value):
            return plain
    raise bad_param(name, f"{name} must be List(..) of plain values")
