"""
The objects of the emulated X: records, their families, and how they are kept.
"""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import attrs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

PARENTS = ("campaign_id", "line_item_id", "custom_audience_id")
_ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"
_LONG_IDS = {"tweet", "draft_tweet", "scheduled_tweet", "card", "stats_job"}
_SPAN = 36**6


@attrs.define
class Record:
    """
    One object: what the client set and what the platform knows, as plain data.

    Attributes:
        account: Id of the owning ad account.
        seq: Order of creation, for lists and cursors.
    """

    id: str
    kind: str
    account: str
    created: float
    updated: float
    seq: int
    data: dict[str, Any]
    deleted: bool = False


@attrs.frozen
class Account:
    """
    One ad account as the sandbox was started with.
    """

    id: str
    currency: str
    zone: ZoneInfo


def stable_number(limit: int, *parts: object) -> int:
    """
    A number below *limit* that depends on *parts* alone.
    """
    text = "\x1f".join(str(part) for part in parts)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:12], "big") % limit


def stable_hex(count: int, *parts: object) -> str:
    """
    Hexadecimal digits that depend on *parts* alone.
    """
    text = "\x1f".join(str(part) for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:count]


def base36(number: int) -> str:
    """
    A number the way ids of the Ads API are written.
    """
    digits = ""
    while number or not digits:
        number, rest = divmod(number, 36)
        digits = _ALPHABET[rest] + digits
    return digits


class Store:
    """
    All records with the look-ups that operations need.

    Ids come from what an object is (seed, account, kind, parent, name), not from the
    order of requests, so parallel clients get the same world as patient ones.
    """

    def __init__(self, seed: int, accounts: tuple[Account, ...]) -> None:
        self.seed = seed
        self.accounts = {account.id: account for account in accounts}
        self._records: dict[tuple[str, str], Record] = {}
        self._families: dict[tuple[str, str], dict[str, Record]] = {}
        self._seq = 0
        self._undo: list[Callable[[], object]] | None = None

    def get(self, kind: str, record_id: str) -> Record | None:
        """
        The record of this kind with this id, deleted or not.
        """
        return self._records.get((kind, record_id))

    def family(self, parent: str, kind: str) -> list[Record]:
        """
        The records of a kind under an account, campaign or line item, oldest first.
        """
        return list(self._families.get((parent, kind), {}).values())

    def __iter__(self) -> Iterator[Record]:
        return iter(self._records.values())

    def add(
        self,
        kind: str,
        account: str,
        data: dict[str, Any],
        now: float,
        record_id: str = "",
    ) -> Record:
        """
        Create a record.
        """
        self._seq += 1
        chosen = record_id or self._new_id(kind, account, data)
        record = Record(chosen, kind, account, now, now, self._seq, data)
        self._place(record)
        if self._undo is not None:
            self._undo.append(lambda: self.remove(record))
        return record

    def touch(self, record: Record, now: float, changes: dict[str, Any]) -> None:
        """
        Change a record's data.
        """
        before, updated = dict(record.data), record.updated
        record.updated = now
        record.data = {**record.data, **changes}
        if self._undo is not None:
            self._undo.append(lambda: _restore(record, before, updated))

    def bury(self, record: Record, now: float) -> None:
        """
        Delete softly: the record stays and says so.
        """
        updated = record.updated
        record.deleted, record.updated = True, now
        if self._undo is not None:
            self._undo.append(lambda: _revive(record, updated))

    def remove(self, record: Record) -> None:
        """
        Delete for good.
        """
        del self._records[record.kind, record.id]
        for parent in _parents(record):
            self._families[parent, record.kind].pop(record.id, None)

    @contextmanager
    def all_or_nothing(self) -> Iterator[None]:
        """
        Take everything back that was done inside, if it fails.
        """
        steps: list[Callable[[], object]] = []
        self._undo = steps
        done = False
        try:
            yield
            done = True
        finally:
            self._undo = None
            for step in () if done else reversed(steps):
                step()

    def dump(self) -> list[dict[str, Any]]:
        """
        All records as plain JSON, oldest first.
        """
        return [attrs.asdict(record) for record in self._records.values()]

    def load(self, rows: Iterable[dict[str, Any]]) -> None:
        """
        Replace all records.
        """
        self.clear()
        for row in rows:
            record = Record(**row)
            self._place(record)
            self._seq = max(self._seq, record.seq)

    def clear(self) -> None:
        """
        Forget all records.
        """
        self._records.clear()
        self._families.clear()
        self._seq = 0

    def _place(self, record: Record) -> None:
        self._records[record.kind, record.id] = record
        for parent in _parents(record):
            self._families.setdefault((parent, record.kind), {})[record.id] = record

    def _new_id(self, kind: str, account: str, data: dict[str, Any]) -> str:
        what = [str(data.get(key, "")) for key in (*PARENTS, "name", "text")]
        what += [
            str(data.get(key, "")) for key in ("targeting_type", "targeting_value")
        ]
        twin = 0
        while True:
            parts = (self.seed, kind, account, *what, data.get("tweet_id", ""), twin)
            made = _id_of(kind, parts)
            if (kind, made) not in self._records:
                return made
            twin += 1


def _id_of(kind: str, parts: tuple[object, ...]) -> str:
    if kind in _LONG_IDS:
        return str(2 * 10**18 + stable_number(10**17, *parts))
    return base36(_SPAN + stable_number(30 * _SPAN, *parts))


def _parents(record: Record) -> list[str]:
    named = [record.data.get(key) for key in PARENTS]
    return [record.account, *(parent for parent in named if parent)]


def _restore(record: Record, data: dict[str, Any], updated: float) -> None:
    record.data, record.updated = data, updated


def _revive(record: Record, updated: float) -> None:
    record.deleted, record.updated = False, updated
