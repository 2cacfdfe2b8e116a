"""
The state of a team: one PostgreSQL database for all projects and colleagues.

The exclusive right to apply is an advisory lock of the very connection that writes the
journal. When the connection is lost, the lock is gone, and so is every further write:
nobody can go on sending while somebody else believes to be alone.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import uuid4

from smmlib.deploy import _postgres_schema as tables
from smmlib.deploy import _schema as schema
from smmlib.deploy._log import chained, check_chain, outcome_event
from smmlib.deploy._memory import locked, signed
from smmlib.errors import (
    ConfigurationError,
    DeployError,
    MissingExtraError,
    StateCorruptError,
)
from smmlib.ports import (
    Clock,
    Event,
    Intent,
    Phase,
    Secret,
    SpendApproval,
    State,
    Tracked,
)

if TYPE_CHECKING:
    import psycopg

_PATIENCE = 10  # seconds to connect
_HINT = "nothing was sent after this; see that the database answers, then run it again"


class PostgresStateStore:
    """
    Remembers durably what was sent and what exists, in a database a team shares.

    Needs the extra `postgres`. Tables are made on first use.

    Args:
        url: `postgresql://user@host/database`, without a password.
        project_id: Whose objects these are.
        environment: `sandbox`, `production`, ...
        clock: Dates the log.
        password: Where the database asks for one; left out, libpq looks for it, e.g.
            in the environment variable PGPASSWORD or in ~/.pgpass.

    Raises:
        ConfigurationError: The address is none, or holds a password.
        MissingExtraError: psycopg is not installed.
        StateCorruptError: The tables are of a newer version, or were altered.
        DeployError: The database does not answer.
    """

    def __init__(
        self,
        url: str,
        *,
        project_id: str,
        environment: str,
        clock: Clock,
        password: Secret | None = None,
    ) -> None:
        self._url = _checked(url)
        self._password = password
        self._clock = clock
        self._who = (project_id, environment)
        self._mutex = threading.RLock()
        self._holding = False
        self._psycopg = _driver()
        self._db = self._open()
        try:
            self._prepare()
            self._id, self._lineage = self._own_store()
            check_chain(self.events())
        except BaseException:
            self._db.close()
            raise

    def __repr__(self) -> str:
        return f"<PostgresStateStore {self._url}: {self._who[0]} {self._who[1]}>"

    # -- opening -------------------------------------------------------------------

    def _open(self) -> psycopg.Connection[dict[str, Any]]:
        from psycopg.rows import dict_row

        named = {} if self._password is None else {"password": self._password.reveal()}
        try:
            db: psycopg.Connection[dict[str, Any]] = self._psycopg.connect(
                self._url,
                autocommit=True,
                row_factory=dict_row,
                connect_timeout=_PATIENCE,
                application_name="smmlib",
                **named,
            )
        except self._psycopg.Error as error:
            problem = self._unreachable(error)
        else:
            return db
        # Raised outside: the driver's error may hold the password it was given.
        raise problem

    def _unreachable(self, error: Exception) -> DeployError:
        text = " ".join(str(error).split())
        if self._password is not None and self._password:
            text = text.replace(self._password.reveal(), "***")
        return DeployError(
            f"the state in {self._url} cannot be reached: {text}", hint=_HINT
        )

    def _prepare(self) -> None:
        """
        Make the tables, or bring them up to date; one at a time.
        """
        with self._transaction() as db:
            db.execute("select pg_advisory_xact_lock(%s)", (tables.LOCK_OF_TABLES,))
            there = db.execute("select to_regclass('smm_schema') as name").fetchone()
            if there is None or there["name"] is None:
                self._create(db)
                return
            row = db.execute("select max(version) as version from smm_schema")
            version = (row.fetchone() or {}).get("version") or 0
            if version > tables.SCHEMA:
                raise StateCorruptError(
                    f"the tables in {self._url} have version {version}, this smmlib "
                    f"knows up to {tables.SCHEMA}",
                    hint="use the newer smmlib that wrote them",
                )
            for step in range(version, tables.SCHEMA):
                for statement in tables.MIGRATIONS[step]:
                    db.execute(statement.encode())
            db.execute("update smm_schema set version = %s", (tables.SCHEMA,))

    def _create(self, db: psycopg.Connection[dict[str, Any]]) -> None:
        for statement in tables.TABLES:
            db.execute(statement.encode())
        db.execute("insert into smm_schema values (%s)", (tables.SCHEMA,))

    def _own_store(self) -> tuple[int, str]:
        with self._transaction() as db:
            db.execute(
                "insert into smm_store (project_id, environment, lineage) "
                "values (%s, %s, %s) on conflict do nothing",
                (*self._who, str(uuid4())),
            )
            (row,) = self._ask(
                "select id, lineage from smm_store "
                "where project_id = %s and environment = %s",
                *self._who,
            )
        return row["id"], row["lineage"]

    # -- writing -------------------------------------------------------------------

    @contextmanager
    def _transaction(self) -> Iterator[psycopg.Connection[dict[str, Any]]]:
        """
        All or nothing, on the server's disk when it ends.
        """
        with self._mutex:
            self._reconnect()
            try:
                with self._db.transaction():
                    yield self._db
            except self._psycopg.IntegrityError as error:
                raise StateCorruptError(
                    f"{self._url} refuses a record: two addresses claim one object, or "
                    f"a write is recorded already ({type(error).__name__})",
                    hint="two addresses claim one object; forget one of them",
                ) from error
            except self._psycopg.Error as error:
                raise self._broken(error) from error

    def _reconnect(self) -> None:
        """
        A connection that broke while nothing was going on is simply made anew.
        """
        if self._db.closed and not self._holding:
            self._db = self._open()

    def _broken(self, error: Exception) -> DeployError:
        lost = " and with it the lock" if self._holding and self._db.closed else ""
        text = " ".join(str(error).split())
        return DeployError(
            f"the state in {self._url} cannot be written: {text}"
            + (f"; the connection is lost{lost}" if lost else ""),
            hint=_HINT,
        )

    def _alone(self, db: psycopg.Connection[dict[str, Any]]) -> int:
        """
        Take the store's row, so that log and serial have one order; gives the serial.
        """
        row = db.execute(
            "update smm_store set serial = serial where id = %s returning serial",
            (self._id,),
        ).fetchone()
        if row is None:
            raise StateCorruptError(
                f"the project was removed from {self._url}",
                hint="restore the database, or recover from the markers",
            )
        return int(row["serial"])

    def _move(self, db: psycopg.Connection[dict[str, Any]]) -> None:
        db.execute(
            "update smm_store set serial = serial + 1 where id = %s", (self._id,)
        )

    def _append(
        self, db: psycopg.Connection[dict[str, Any]], events: Sequence[Event]
    ) -> None:
        self._alone(db)
        last = db.execute(
            "select seq, hash from smm_event where store = %s "
            "order by seq desc limit 1",
            (self._id,),
        ).fetchone()
        seq, before = (last["seq"], last["hash"]) if last else (0, "")
        for place, event in enumerate(events, seq + 1):
            done = chained(schema.readable(event), before)
            before = done.hash
            row = schema.event_row(done)
            db.execute(tables.INSERT_EVENT.encode(), (self._id, place, *row))

    def begin(self, run: str) -> None:
        """
        Note which change set is being applied, so that only this one may be resumed.
        """
        with self._transaction() as db:
            db.execute("update smm_store set run = %s where id = %s", (run, self._id))

    def intend(self, intents: Sequence[Intent]) -> None:
        """
        Record writes durably, in one transaction, before they are sent.
        """
        rows = [self._mine(schema.intent_row(intent)) for intent in intents]
        with self._transaction() as db, db.cursor() as cursor:
            self._alone(db)
            cursor.executemany(tables.INSERT_OP.encode(), rows)
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
        rows = [self._mine(schema.intent_row(intent)) for intent in settled]
        things = [self._mine(schema.tracked_row(thing)) for thing in tracked]
        gone = [self._mine({"key": key}) for key in forget]
        now = self._clock.now()
        with self._transaction() as db, db.cursor() as cursor:
            self._alone(db)
            for statement, values in (
                (tables.INSERT_SETTLED, rows),
                (tables.UPDATE_OP, rows),
                # First all deletions: two addresses may swap their objects.
                (tables.DELETE_SAME_KEY, [*gone, *things]),
                (tables.INSERT_RESOURCE, things),
            ):
                cursor.executemany(statement.encode(), values)
            self._append(db, [outcome_event(intent, now) for intent in settled])
            self._move(db)

    def _mine(self, row: dict[str, Any]) -> dict[str, Any]:
        return {**row, "store": self._id}

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
        row = {"change_hash": change_hash, "amount": amount, "by": by}
        text = f"{amount} by {by}: {change_hash}"
        with self._transaction() as db:
            values = self._mine({**row, "at": schema.moment(at)})
            db.execute(tables.INSERT_APPROVAL.encode(), values)
            self._append(db, [Event(at, "approved", "", text)])

    # -- reading -------------------------------------------------------------------

    def _ask(self, query: str, *values: Any) -> list[dict[str, Any]]:
        with self._mutex:
            self._reconnect()
            try:
                return self._db.execute(query.encode(), values).fetchall()
            except self._psycopg.Error as error:
                raise self._broken(error) from error

    def snapshot(self) -> State:
        """
        Everything it knows now.
        """
        with self._transaction() as db:
            # One moment for several queries, whatever others write meanwhile.
            db.execute("set transaction isolation level repeatable read, read only")
            found = self._ask("select * from smm_store where id = %s", self._id)
            things = [
                schema.tracked_of(row)
                for row in self._ask(
                    "select * from smm_resource where store = %s "
                    'order by key collate "C"',
                    self._id,
                )
            ]
            intents = self._ask(
                "select * from smm_op where store = %s and phase = %s order by seq",
                self._id,
                Phase.SENT.value,
            )
        (meta,) = found
        return State(
            meta["lineage"],
            meta["serial"],
            {thing.key: thing for thing in things},
            tuple(schema.intent_of(row) for row in intents),
            project_id=meta["project_id"],
            environment=meta["environment"],
            run=meta["run"],
        )

    def events(self) -> Iterator[Event]:
        """
        The log, oldest first.
        """
        query = "select * from smm_event where store = %s order by seq"
        return (schema.event_of(row) for row in self._ask(query, self._id))

    def writes(self) -> Iterator[Intent]:
        """
        Every recorded write with its outcome, oldest first.
        """
        query = "select * from smm_op where store = %s order by seq"
        return (schema.intent_of(row) for row in self._ask(query, self._id))

    def approvals(self) -> tuple[SpendApproval, ...]:
        """
        Every approval, oldest first.
        """
        query = "select * from smm_approval where store = %s order by at"
        return tuple(schema.approval_of(row) for row in self._ask(query, self._id))

    def approved(self, change_hash: str) -> str | None:
        """
        The amount approved for a change set, as text; None if it was not.
        """
        query = "select amount from smm_approval where store = %s and change_hash = %s"
        rows = self._ask(query, self._id, change_hash)
        return rows[0]["amount"] if rows else None

    def close(self) -> None:
        """
        Release the connection.
        """
        with self._mutex:
            self._db.close()

    # -- the lock ------------------------------------------------------------------

    @contextmanager
    def lock(self, holder: str) -> Iterator[None]:
        """
        Exclusive right to apply; refused at once with `StateLockedError` if taken.

        The server frees the lock of a process or computer that is gone.
        """
        with self._mutex:
            # The server lets one connection take its own lock twice.
            mine = not self._holding and self._try()
            self._holding = self._holding or mine
        if not mine:
            raise self._taken()
        try:
            self._hold(holder)
            yield
            self._hold("")
        finally:
            with self._mutex:
                self._holding = False
                self._free()

    def _key(self) -> int:
        digest = hashlib.sha256("\0".join(("smmlib", *self._who)).encode()).digest()
        return int.from_bytes(digest[:8], "big", signed=True)

    def _try(self) -> bool:
        (row,) = self._ask("select pg_try_advisory_lock(%s) as got", self._key())
        return bool(row["got"])

    def _free(self) -> None:
        if not self._db.closed:
            # A connection that breaks here frees the lock by that.
            with suppress(self._psycopg.Error):
                self._db.execute("select pg_advisory_unlock(%s)", (self._key(),))

    def _taken(self) -> Exception:
        holder, since = signed(self._signature)
        moment = datetime.fromisoformat(since) if since else self._clock.now()
        return locked(holder, moment)

    def _signature(self) -> tuple[str, str]:
        query = "select holder, since from smm_store where id = %s"
        (row,) = self._ask(query, self._id)
        return row["holder"], row["since"]

    def _hold(self, holder: str) -> None:
        since = schema.moment(self._clock.now())
        with self._transaction() as db:
            db.execute(
                "update smm_store set holder = %s, since = %s where id = %s",
                (holder, since, self._id),
            )


def _driver() -> Any:
    try:
        import psycopg
    except ModuleNotFoundError as error:
        raise MissingExtraError("state in PostgreSQL", "postgres") from error
    return psycopg


def _checked(url: str) -> str:
    """
    The address, if it is one and holds no password; it is shown in errors.
    """
    try:
        parts = urlsplit(url)
        plain = parts.password is None and "password" not in parts.query.lower()
        good = parts.scheme in {"postgresql", "postgres"} and bool(
            parts.path.strip("/")
        )
    except ValueError:
        good = plain = False
    if good and plain:
        return url
    raise ConfigurationError(
        "the address of the state database holds a password"
        if not plain
        else "this is no address of a state database",
        hint="write postgresql://user@host/database; the password comes from "
        "PGPASSWORD, ~/.pgpass or state_password in smm.toml",
    )
