"""
The state store in the middle of a disaster: deaths, full disks, damaged files.
"""

from __future__ import annotations

import resource
import sqlite3
from random import Random
from typing import TYPE_CHECKING, Any

from smmlib.deploy import SQLiteStateStore
from smmlib.errors import DeployError

if TYPE_CHECKING:
    from pathlib import Path

    from _fault_wire import Wire

_WRITING = frozenset({"begin", "intend", "settle", "record", "approve"})
_FULL = {"full intent": "intend", "full outcome": "settle"}


class Journal:
    """
    A state store around any write of which the process can die or the disk fill up.
    """

    def __init__(self, inner: Any, wire: Wire) -> None:
        self.inner = inner
        self._wire = wire

    def __getattr__(self, name: str) -> Any:
        method = getattr(self.inner, name)
        if name not in _WRITING:
            return method

        def write(*args: Any, **named: Any) -> None:
            fault = self._wire.journal
            if self._wire.intruding or not fault:
                method(*args, **named)
            elif fault == "die before":
                raise self._wire.dies()
            elif fault == "die inside":
                self._torn(lambda: method(*args, **named))
            elif _FULL[fault] == name:
                self._wire.journal = ""
                self._full(lambda: method(*args, **named))
            else:
                method(*args, **named)

        return write

    def _torn(self, write: Any) -> None:
        """
        The process dies while the record is written: any part of it may be there.
        """
        if not isinstance(self.inner, SQLiteStateStore):
            write()
            raise self._wire.dies()
        path: Path = self.inner.path
        log = path.with_name(f"{path.name}-wal")
        before = log.stat().st_size if log.exists() else 0
        whole = path.read_bytes()
        write()
        after = log.read_bytes()
        kept = Random(self._wire.requests).randint(min(before, len(after)), len(after))
        self.inner.close()
        path.write_bytes(whole)
        log.write_bytes(after[:kept])
        path.with_name(f"{path.name}-shm").unlink(missing_ok=True)
        raise self._wire.dies()

    def _full(self, write: Any) -> None:
        """
        The write must fail as a typed error, and the state must stay as it was.
        """
        if not isinstance(self.inner, SQLiteStateStore):
            message = "the disk is full"
            raise DeployError(message)
        way = self._wire.requests % 2
        before = self.inner.snapshot()
        try:
            (_read_only if way else _no_room)(self.inner, write)
        except DeployError:
            assert before == self.inner.snapshot(), "a failed write left something"
            raise
        assert False, "the disk was full and nobody noticed"  # noqa: B011, PT015


def _read_only(store: SQLiteStateStore, write: Any) -> None:
    store._db.execute("pragma query_only = 1")
    try:
        write()
    finally:
        store._db.execute("pragma query_only = 0")


def _no_room(store: SQLiteStateStore, write: Any) -> None:
    """
    The operating system really refuses to let the file grow.
    """
    log = store.path.with_name(f"{store.path.name}-wal")
    room = log.stat().st_size if log.exists() else 0
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, before[1]))
    try:
        write()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def damage(path: Path, way: str, seed: int) -> bool:
    """
    Damage a state file; whether what it knew is gone without anybody being told.
    """
    files = [path, path.with_name(f"{path.name}-wal")]
    if way == "deleted":
        for file in path.parent.glob(f"{path.name}*"):
            file.unlink()
        return True
    if not way:
        return False
    _checkpoint(path)
    data = path.read_bytes()
    if way == "truncated":
        path.write_bytes(data[: len(data) * 2 // 3])
    elif way == "flipped":
        page = 4096 * Random(seed).randrange(len(data) // 4096)
        at = page + (0 if page else 100)
        path.write_bytes(data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :])
    else:
        with sqlite3.connect(path) as db:
            db.execute("pragma user_version = 99")
        db.close()
    for file in files[1:]:
        file.unlink(missing_ok=True)
    return False


def _checkpoint(path: Path) -> None:
    db = sqlite3.connect(path)
    db.execute("pragma wal_checkpoint(truncate)")
    db.close()
