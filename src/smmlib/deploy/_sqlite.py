"""
The state on disk: one SQLite file for a project and environment, and no server.

Every record is on the disk before the call returns (write-ahead log, full sync):
a killed process or a power cut loses nothing that was said to be recorded.
"""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

from smmlib.deploy import _schema as schema
from smmlib.deploy._log import chained, check_chain, outcome_event
from smmlib.deploy._memory import locked, signed
from smmlib.errors import DeployError, StateCorruptError
from smmlib.ports import (
    Clock,
    Event,
    Intent,
    Phase,
    SpendApproval,
    State,
    Tracked,
)

_LEAST_FREE = 16 * 1024 * 1024  # a full disk must show before anything is sent
_BUSY = 5.0  # seconds: a reader beside us, not a second apply, which the lock refuses
_NOT_OURS = "point the state setting to another file, or restore it from a backup"


class SQLiteStateStore:
    """
    Remembers durably what was sent and what exists, in one file.

    Args:
        path: The file; made with access for its owner only, if it is not there.
        project_id: Whose objects these are.
        environment: `sandbox`, `production`, ...
        clock: Dates the log.

    Raises:
        StateCorruptError: The file is damaged, of a newer version, or something else.
        DeployError: The file cannot be written.
    """

    def __init__(
        self, path: str | Path, *, project_id: str, environment: str, clock: Clock
    ) -> None:
        self.path: Path = Path(path)
        self._clock = clock
        self._mutex = threading.RLock()
        _make_private(self.path)
        self._db = self._open(self.path)
        try:
            self._prepare(project_id, environment)
            check_chain(self.events())
        except BaseException:
            self._db.close()
            raise

    # -- opening -------------------------------------------------------------------

    def _open(self, path: Path) -> sqlite3.Connection:
        try:
            db = sqlite3.connect(
                path, isolation_level=None, timeout=_BUSY, check_same_thread=False
            )
        except sqlite3.Error as error:
            raise _unwritable(path, error) from error
        db.row_factory = sqlite3.Row
        return db

    def _prepare(self, project_id: str, environment: str) -> None:
        try:
            self._db.execute("pragma journal_mode = wal")
            self._db.execute("pragma synchronous = full")
            self._check_kind()
            self._check_whole()
        except sqlite3.OperationalError as error:
            raise _unwritable(self.path, error) from error
        except sqlite3.DatabaseError as error:
            raise StateCorruptError(
                f"{self.path} is no state file, or damaged: {error}", hint=_NOT_OURS
            ) from error
        self._check_owner(project_id, environment)

    def _check_kind(self) -> None:
        """
        Make a new file ours; refuse other databases and versions we cannot know.
        """
        kind = self._pragma("application_id")
        version = self._pragma("user_version")
        tables = self._db.execute("select count(*) from sqlite_master").fetchone()[0]
        if not (kind or version or tables):
            self._create()
        elif kind != schema.APPLICATION_ID:
            raise StateCorruptError(
                f"{self.path} is another program's database", hint=_NOT_OURS
            )
        elif version > schema.SCHEMA:
            raise StateCorruptError(
                f"{self.path} has version {version}, this smmlib knows up to "
                f"{schema.SCHEMA}",
                hint="use the newer smmlib that wrote it",
            )
        elif version < schema.SCHEMA:
            self._upgrade(version)

    def _upgrade(self, version: int) -> None:
        """
        Bring an older file up to date; a copy of it as it was stays beside it.
        """
        backup = _unused(self.path.with_name(f"{self.path.name}.v{version}.backup"))
        # Made first and with access for its owner only: the copy goes into it.
        _make_private(backup)
        self._db.execute("vacuum into ?", (str(backup),))
        with self._transaction() as db:
            # Somebody else may have been faster.
            for step in range(self._pragma("user_version"), schema.SCHEMA):
                for statement in schema.MIGRATIONS[step]:
                    db.execute(statement)
            db.execute(f"pragma user_version = {schema.SCHEMA}")

    def _pragma(self, name: str) -> int:
        value: int = self._db.execute(f"pragma {name}").fetchone()[0]
        return value

    def _create(self) -> None:
        with self._transaction() as db:
            # Somebody else may have been faster.
            if self._pragma("application_id") == schema.APPLICATION_ID:
                return
            for statement in schema.statements():
                db.execute(statement)
            for key, value in (("lineage", str(uuid4())), ("serial", "0")):
                db.execute("insert into meta values (?, ?)", (key, value))
            db.execute(f"pragma application_id = {schema.APPLICATION_ID}")
            db.execute(f"pragma user_version = {schema.SCHEMA}")

    def _check_whole(self) -> None:
        found = self._db.execute("pragma integrity_check(1)").fetchone()[0]
        if found != "ok":
            raise StateCorruptError(
                f"{self.path} is damaged: {found}",
                hint="restore it from a backup, or delete it: objects are found again "
                "by their markers",
            )

    def _check_owner(self, project_id: str, environment: str) -> None:
        for key, ours in (("project_id", project_id), ("environment", environment)):
            its = self._meta(key)
            if its is None:
                with self._transaction() as db:
                    db.execute("insert into meta values (?, ?)", (key, ours))
            elif its != ours:
                raise StateCorruptError(
                    f"{self.path} belongs to {key} {its!r}, not to {ours!r}",
                    hint="use a state file of its own for each project and environment",
                )

    def _meta(self, key: str) -> str | None:
        row = self._db.execute("select value from meta where key = ?", (key,))
        found = row.fetchone()
        return found[0] if found else None

    # -- writing -------------------------------------------------------------------

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """
        All or nothing, on the disk when it ends.
        """
        with self._mutex:
            try:
                self._db.execute("begin immediate")
                yield self._db
                self._db.execute("commit")
            except sqlite3.IntegrityError as error:
                self._undo()
                raise StateCorruptError(
                    f"{self.path} refuses a record: {error}",
                    hint="two addresses claim one object; forget one of them",
                ) from error
            except sqlite3.Error as error:
                self._undo()
                raise _unwritable(self.path, error) from error
            except BaseException:
                self._undo()
                raise

    def _undo(self) -> None:
        if self._db.in_transaction:
            self._db.execute("rollback")

    def _move(self, db: sqlite3.Connection) -> None:
        db.execute("update meta set value = value + 1 where key = 'serial'")

    def _set(self, db: sqlite3.Connection, key: str, value: str) -> None:
        db.execute("insert or replace into meta values (?, ?)", (key, value))

    def _append(self, db: sqlite3.Connection, events: Sequence[Event]) -> None:
        last = db.execute("select hash from event order by seq desc limit 1").fetchone()
        before = last[0] if last else ""
        for event in events:
            done = chained(schema.readable(event), before)
            before = done.hash
            db.execute(schema.INSERT_EVENT, schema.event_row(done))

    def begin(self, run: str) -> None:
        """
        Note which change set is being applied, so that only this one may be resumed.
        """
        with self._transaction() as db:
            self._set(db, "run", run)

    def intend(self, intents: Sequence[Intent]) -> None:
        """
        Record writes durably, in one transaction, before they are sent.
        """
        with self._transaction() as db:
            db.executemany(schema.INSERT_OP, [schema.intent_row(i) for i in intents])
            self._move(db)

    def settle(
        self,
        settled: Sequence[Intent],
        tracked: Sequence[Tracked] = (),
        *,
        forget: Sequence[str] = (),
    ) -> None:
        """
        Record outcomes, the objects they left and the keys that are no longer ours.
        """
        rows = [schema.intent_row(intent) for intent in settled]
        things = [schema.tracked_row(thing) for thing in tracked]
        now = self._clock.now()
        with self._transaction() as db:
            db.executemany(schema.INSERT_SETTLED, rows)
            db.executemany(schema.UPDATE_OP, rows)
            gone = [{"key": key} for key in forget]
            # First all deletions: two addresses may swap their objects.
            db.executemany(schema.DELETE_SAME_KEY, [*gone, *things])
            db.executemany(schema.INSERT_RESOURCE, things)
            self._append(db, [outcome_event(intent, now) for intent in settled])
            self._move(db)

    def record(self, event: Event) -> None:
        """
        Append to the log.
        """
        with self._transaction() as db:
            self._append(db, [event])

    def approve(self, change_hash: str, amount: str, *, by: str, at: datetime) -> None:
        """
        Keep an approval: this exact change set, this exact amount.
        """
        text = f"{amount} by {by}: {change_hash}"
        with self._transaction() as db:
            row = (change_hash, amount, by, schema.moment(at))
            db.execute("insert or replace into approval values (?, ?, ?, ?)", row)
            self._append(db, [Event(at, "approved", "", text)])

    # -- reading -------------------------------------------------------------------

    def _read(self, query: str, *values: Any) -> list[sqlite3.Row]:
        with self._mutex:
            try:
                return self._db.execute(query, values).fetchall()
            except sqlite3.Error as error:
                raise StateCorruptError(
                    f"{self.path} cannot be read: {error}", hint=_NOT_OURS
                ) from error

    def snapshot(self) -> State:
        """
        Everything it knows now.
        """
        with self._mutex, self._reading():
            meta = {
                row["key"]: row["value"] for row in self._read("select * from meta")
            }
            things = [
                schema.tracked_of(row)
                for row in self._read("select * from resource order by key")
            ]
            intents = self._read(
                "select * from op where phase = ? order by seq", Phase.SENT.value
            )
            return State(
                meta["lineage"],
                int(meta["serial"]),
                {thing.key: thing for thing in things},
                tuple(schema.intent_of(row) for row in intents),
                project_id=meta["project_id"],
                environment=meta["environment"],
                run=meta.get("run", ""),
            )

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """
        One moment for several queries, whatever others write meanwhile.
        """
        self._read("begin")
        try:
            yield
        finally:
            self._undo()

    def events(self) -> Iterator[Event]:
        """
        The log, oldest first.
        """
        rows = self._read("select * from event order by seq")
        return (schema.event_of(row) for row in rows)

    def writes(self) -> Iterator[Intent]:
        """
        Every recorded write with its outcome, oldest first.
        """
        return (
            schema.intent_of(row) for row in self._read("select * from op order by seq")
        )

    def approvals(self) -> tuple[SpendApproval, ...]:
        """
        Every approval, oldest first.
        """
        rows = self._read("select * from approval order by at")
        return tuple(schema.approval_of(row) for row in rows)

    def approved(self, change_hash: str) -> str | None:
        """
        The amount approved for a change set, as text; None if it was not.
        """
        query = "select amount from approval where change_hash = ?"
        rows = self._read(query, change_hash)
        return rows[0]["amount"] if rows else None

    def close(self) -> None:
        """
        Release the file.
        """
        with self._mutex:
            self._db.close()

    # -- the lock ------------------------------------------------------------------

    @contextmanager
    def lock(self, holder: str) -> Iterator[None]:
        """
        Exclusive right to apply; refused at once with `StateLockedError` if taken.

        The operating system frees the lock of a process that dies.
        """
        guard = self.path.with_name(f"{self.path.name}.lock")
        _make_private(guard)
        _check_room(self.path)
        lock = sqlite3.connect(guard, isolation_level=None, timeout=0.0)
        try:
            self._take(lock)
            since = schema.moment(self._clock.now())
            self._hold(holder, since)
            yield
            self._hold("", since)
        finally:
            lock.close()

    def _take(self, lock: sqlite3.Connection) -> None:
        try:
            lock.execute("begin exclusive")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise _unwritable(self.path, error) from error
            holder, since = signed(self._signature)
            moment = datetime.fromisoformat(since) if since else self._clock.now()
            raise locked(holder, moment) from error

    def _signature(self) -> tuple[str, str]:
        rows = self._read("select * from meta where key in ('holder', 'since')")
        known = {row["key"]: row["value"] for row in rows}
        return known.get("holder", ""), known.get("since", "")

    def _hold(self, holder: str, since: str) -> None:
        with self._transaction() as db:
            self._set(db, "holder", holder)
            self._set(db, "since", since)


def state_owner(path: Path) -> str:
    """
    Whose state a file holds; empty for no file, or one that cannot say.
    """
    if not path.is_file():
        return ""
    try:
        with closing(sqlite3.connect(path, timeout=_BUSY)) as db:
            query = "select value from meta where key = 'project_id'"
            row = db.execute(query).fetchone()
    except sqlite3.Error:
        return ""
    return str(row[0]) if row else ""


def set_aside(path: Path) -> Path | None:
    """
    Move a state file that cannot be read out of the way; nothing of it is lost.

    Returns:
        Where it is now; None if there was none.
    """
    if not path.exists():
        return None
    aside = _unused(path.with_name(f"{path.name}.damaged"))
    try:
        path.rename(aside)
        for end in ("-wal", "-shm"):
            rest = path.with_name(path.name + end)
            if rest.exists():
                rest.rename(aside.with_name(aside.name + end))
    except OSError as error:
        raise _unwritable(path, error) from error
    return aside


def _unused(path: Path) -> Path:
    """
    The name, or the next one that is free.
    """
    names = (path.with_name(f"{path.name}{n}" if n else path.name) for n in count())
    return next(name for name in names if not name.exists())


def _make_private(path: Path) -> None:
    """
    Make the file, and its folder if need be, with access for the owner only.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)
    except OSError as error:
        raise _unwritable(path, error) from error


def _check_room(path: Path) -> None:
    free = shutil.disk_usage(path.parent).free
    if free < _LEAST_FREE:
        full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        raise _unwritable(path, full) from None


def _unwritable(path: Path, error: Exception) -> DeployError:
    return DeployError(
        f"the state in {path} cannot be written: {error}",
        hint="nothing was sent after this; make room or access, then run it again",
    )
