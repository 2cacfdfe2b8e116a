"""
The objects of the emulated LinkedIn, and how they are kept.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import attrs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

URNS = {
    "account": "urn:li:sponsoredAccount:",
    "group": "urn:li:sponsoredCampaignGroup:",
    "campaign": "urn:li:sponsoredCampaign:",
    "creative": "urn:li:sponsoredCreative:",
    "share": "urn:li:share:",
    "ugcPost": "urn:li:ugcPost:",
    "image": "urn:li:image:",
    "video": "urn:li:video:",
    "segment": "urn:li:dmpSegment:",
    "media": "urn:li:media:",
    "conversion": "urn:lla:llaPartnerConversion:",
}
_DIGITS = {"share": 19, "ugcPost": 19, "segment": 8, "conversion": 8}
_LETTERED = {"image": "C4E10AQ", "video": "C4E05AQ", "media": "4E0BAQ"}


@attrs.define
class Node:
    """
    One object: what the client set and what only the platform knows.

    Attributes:
        account: Id of the owning ad account; empty for posts and media.
        parents: What it belongs to, as `kind:id`.
        data: Fields as they stand on the wire.
        inner: The platform's own notes, e.g. when a review ends.
        tag: Counts updates, from 1.
    """

    id: str
    kind: str
    account: str
    created: float
    updated: float
    seq: int
    parents: list[str]
    data: dict[str, Any]
    inner: dict[str, Any]
    tag: int = 1

    @property
    def urn(self) -> str:
        """
        Its name for other objects.
        """
        return URNS[self.kind] + self.id

    @property
    def ref(self) -> str:
        """
        Its name inside the store.
        """
        return f"{self.kind}:{self.id}"


def stable_digits(count: int, *parts: object) -> str:
    """
    Digits that depend on *parts* alone, without a leading zero.
    """
    text = "\x1f".join(str(part) for part in parts)
    number = int.from_bytes(hashlib.sha256(text.encode()).digest()[:12], "big")
    return str(10 ** (count - 1) + number % (9 * 10 ** (count - 1)))


def stable_hex(count: int, *parts: object) -> str:
    """
    Hexadecimal digits that depend on *parts* alone.
    """
    text = "\x1f".join(str(part) for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:count]


class World:
    """
    All objects with the look-ups that finders need.

    Ids come from what an object is (seed, kind, parents, name), not from the order of
    requests, so parallel clients get the same world as patient ones.
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._nodes: dict[str, Node] = {}
        self._families: dict[tuple[str, str], list[Node]] = {}
        self._seq = 0

    def get(self, kind: str, node_id: str) -> Node | None:
        """
        The object with this id.
        """
        return self._nodes.get(f"{kind}:{node_id}")

    def by_urn(self, urn: str) -> Node | None:
        """
        The object with this URN.
        """
        for kind, prefix in URNS.items():
            if urn.startswith(prefix):
                return self.get(kind, urn[len(prefix) :])
        return None

    def family(self, parent: str, kind: str) -> list[Node]:
        """
        The objects of a kind under a parent, oldest first.
        """
        return self._families.get((parent, kind), [])

    def all(self, kind: str) -> list[Node]:
        """
        Every object of a kind, oldest first.
        """
        return self._families.get(("", kind), [])

    def __iter__(self) -> Iterator[Node]:
        return iter(self._nodes.values())

    def add(
        self,
        kind: str,
        data: dict[str, Any],
        now: float,
        *,
        account: str = "",
        parents: Iterable[str] = (),
        inner: dict[str, Any] | None = None,
        node_id: str = "",
        name: str = "",
    ) -> Node:
        """
        Keep a new object; *name* is what its id is drawn from.
        """
        belongs = list(parents)
        chosen = node_id or self._new_id(kind, [account, *belongs, name])
        self._seq += 1
        node = Node(
            chosen, kind, account, now, now, self._seq, belongs, data, inner or {}
        )
        self._place(node)
        return node

    def drop(self, node: Node) -> None:
        """
        Forget an object: a deleted draft leaves nothing behind.
        """
        del self._nodes[node.ref]
        for parent in ("", *node.parents):
            self._families[parent, node.kind].remove(node)

    def _new_id(self, kind: str, parts: list[str]) -> str:
        twin = 0
        while True:
            if kind in _LETTERED:
                found = _LETTERED[kind] + stable_hex(12, self.seed, kind, *parts, twin)
            else:
                count = _DIGITS.get(kind, 9)
                found = stable_digits(count, self.seed, kind, *parts, twin)
            if f"{kind}:{found}" not in self._nodes:
                return found
            twin += 1

    def _place(self, node: Node) -> None:
        self._nodes[node.ref] = node
        for parent in ("", *node.parents):
            self._families.setdefault((parent, node.kind), []).append(node)

    def dump(self) -> list[dict[str, Any]]:
        """
        All objects as plain JSON, oldest first.
        """
        return [attrs.asdict(node) for node in self._nodes.values()]

    def load(self, rows: Iterable[dict[str, Any]]) -> None:
        """
        Replace all objects.
        """
        self.clear()
        for row in rows:
            node = Node(**row)
            self._place(node)
            self._seq = max(self._seq, node.seq)

    def clear(self) -> None:
        """
        Forget all objects.
        """
        self._nodes.clear()
        self._families.clear()
        self._seq = 0
