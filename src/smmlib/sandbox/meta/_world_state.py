"""
The objects of the emulated Meta: nodes, their families, and how they are kept.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import attrs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PARENT_KEYS = ("campaign_id", "adset_id", "page_id")
DELIVERING = ("Campaign", "AdSet", "Ad")


@attrs.define
class Node:
    """
    One object: what the client set and what the platform knows, as plain data.

    Attributes:
        kind: Name in the contract, e.g. `AdSet`.
        account: Digits of the owning ad account; empty for pages and users.
        seq: Order of creation, for lists and cursors.
    """

    id: str
    kind: str
    account: str
    created: float
    updated: float
    seq: int
    data: dict[str, Any]


@attrs.frozen
class Account:
    """
    One ad account as the sandbox was started with.
    """

    digits: str
    currency: str
    zone: ZoneInfo

    @property
    def id(self) -> str:
        """
        The id in paths.
        """
        return f"act_{self.digits}"


def stable_digits(count: int, *parts: object) -> str:
    """
    Digits that depend on *parts* alone: the same seed gives the same ids.
    """
    text = "\x1f".join(str(part) for part in parts)
    number = int.from_bytes(hashlib.sha256(text.encode()).digest()[:12], "big")
    return str(number % 10**count).zfill(count)


def stable_hex(count: int, *parts: object) -> str:
    """
    Hexadecimal digits that depend on *parts* alone.
    """
    text = "\x1f".join(str(part) for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:count]


class World:
    """
    All nodes with the look-ups that edges need.

    Ids come from what an object is (seed, account, kind, parent, name), not from
    the order of requests, so parallel clients get the same world as patient ones.
    """

    def __init__(self, seed: int, accounts: tuple[Account, ...]) -> None:
        self.seed = seed
        self.accounts = {account.digits: account for account in accounts}
        self._nodes: dict[str, Node] = {}
        self._families: dict[tuple[str, str], list[Node]] = {}
        self._seq = 0
        self.version = 0

    def get(self, node_id: str) -> Node | None:
        """
        The node with this id, deleted or not.
        """
        return self._nodes.get(node_id)

    def family(self, parent: str, kind: str) -> list[Node]:
        """
        The nodes of a kind under a parent, oldest first; deleted ones included.
        """
        return self._families.get((parent, kind), [])

    def __iter__(self) -> Iterator[Node]:
        return iter(self._nodes.values())

    def add(
        self,
        kind: str,
        account: str,
        data: dict[str, Any],
        now: float,
        node_id: str = "",
    ) -> Node:
        """
        Create a node.
        """
        self._seq += 1
        self.version += 1
        chosen = node_id or self._new_id(kind, account, data)
        node = Node(chosen, kind, account, now, now, self._seq, data)
        self._place(node)
        return node

    def touch(self, node: Node, now: float, changes: dict[str, Any]) -> None:
        """
        Change a node; values that are None are removed.
        """
        self.version += 1
        node.updated = now
        for key, value in changes.items():
            if value is None:
                node.data.pop(key, None)
            else:
                node.data[key] = value

    def parent(self, node: Node) -> Node | None:
        """
        The campaign of an ad set, the ad set of an ad.
        """
        key = {"AdSet": "campaign_id", "Ad": "adset_id"}.get(node.kind)
        return self._nodes[node.data[key]] if key else None

    def _new_id(self, kind: str, account: str, data: dict[str, Any]) -> str:
        parents = [data.get(key, "") for key in PARENT_KEYS]
        prefix = "1202" if kind in DELIVERING else "1203"
        twin = 0
        while True:
            tail = stable_digits(
                14, self.seed, kind, account, *parents, data.get("name", ""), twin
            )
            if prefix + tail not in self._nodes:
                return prefix + tail
            twin += 1

    def _place(self, node: Node) -> None:
        self._nodes[node.id] = node
        parents = [node.account, *(node.data.get(key) for key in PARENT_KEYS)]
        for parent in parents:
            if parent:
                self._families.setdefault((parent, node.kind), []).append(node)

    def dump(self) -> list[dict[str, Any]]:
        """
        All nodes as plain JSON, oldest first.
        """
        return [attrs.asdict(node) for node in self._nodes.values()]

    def load(self, rows: Iterable[dict[str, Any]]) -> None:
        """
        Replace all nodes.
        """
        self.clear()
        for row in rows:
            node = Node(**row)
            self._place(node)
            self._seq = max(self._seq, node.seq)
        self.version += 1

    def clear(self) -> None:
        """
        Forget all nodes.
        """
        self._nodes.clear()
        self._families.clear()
        self._seq = 0
        self.version += 1
