"""
What a handler knows about the request it answers.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.sandbox.meta._errors import no_object

if TYPE_CHECKING:
    from smmlib.sandbox._faults import Fault
    from smmlib.sandbox.meta._delivery import Ledger
    from smmlib.sandbox.meta._world_state import Account, Node, World

Params = dict[str, Any]


@attrs.frozen
class Identity:
    """
    The fixed things of a sandbox: its page, pixel, Instagram user and credentials.
    """

    page: str
    instagram_user: str
    pixel: str
    user: str
    app_id: str
    app_secret: str
    access_token: str


@attrs.define
class Context:
    """
    One request's surroundings.

    Attributes:
        now: Sandbox time in Unix seconds.
        url: Absolute URL of the request without its query, for paging links.
        read_lag_s: How long new objects stay invisible to reads.
        files: Uploaded parts by name: file name and content.
        query: Parameters as sent, for paging links.
        fault: A failure to be built into the answer.
    """

    world: World
    ledger: Ledger
    identity: Identity
    now: float
    url: str
    read_lag_s: float
    version: str
    files: dict[str, tuple[str, bytes]] = attrs.field(factory=dict)
    query: dict[str, str] = attrs.field(factory=dict)
    fault: Fault | None = None

    def fails(self, kind: str) -> bool:
        """
        Whether a failure of this kind has to be built into the answer.
        """
        return self.fault is not None and self.fault.kind == kind

    def account(self, node: Node) -> Account:
        """
        The ad account a node belongs to.
        """
        return self.world.accounts[node.account]

    def when(self, node: Node, seconds: float) -> str:
        """
        An instant as Meta writes it, in the account's time zone.
        """
        zone = self.account(node).zone if node.account else UTC
        moment = datetime.fromtimestamp(seconds, zone)
        return moment.strftime("%Y-%m-%dT%H:%M:%S%z")

    def visible(self, node: Node) -> bool:
        """
        Whether reads see a node already.
        """
        return (
            not self.read_lag_s
            or node.seq == 0
            or self.now - node.created >= self.read_lag_s
        )

    def owned(self, node_id: str, kind: str, account: str) -> Node | None:
        """
        A node of a kind in the account, or None.
        """
        node = self.world.get(node_id)
        if node is None or node.kind != kind or node.account != account:
            return None
        return node

    def read(self, node_id: str) -> Node:
        """
        A node for reading.

        Raises:
            GraphError: 100/33 when it is missing or too young to be seen.
        """
        node = self.world.get(node_id)
        if node is None or not self.visible(node):
            raise no_object(node_id)
        return node
