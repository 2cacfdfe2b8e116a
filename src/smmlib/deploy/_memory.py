"""
A state store that forgets everything when the program ends.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from uuid import uuid4

from smmlib.deploy._log import chained, outcome_event
from smmlib.errors import DeployError, StateCorruptError, StateLockedError
from smmlib.ports import (
    Clock,
    Event,
    Intent,
    Kind,
    Phase,
    SpendApproval,
    State,
    StateStore,
    Tracked,
)

_LOOKS, _MOMENT = 40, 0.025  # one second, of a call that is refused anyway


class MemoryStateStore:
    """
    Remembers what was sent and what exists, as long as the program runs.

    For tests, and for a notebook with a sandbox that does not outlive it either. For
    anything else use `SQLiteStateStore`.

    Args:
        project_id: Whose objects these are.
        environment: `sandbox`, `production`, ...
        clock: Dates the log; the real time where none is given.
    """

    def __init__(
        self,
        *,
        project_id: str,
        environment: str = "sandbox",
        clock: Clock | None = None,
    ) -> None:
        self._clock = clock
        self._project_id = project_id
        self._environment = environment
        self._lineage = str(uuid4())
        self._serial = 0
        self._run = ""
        self._resources: dict[str, Tracked] = {}
        self._intents: dict[str, Intent] = {}
        self._events: list[Event] = []
        self._approvals: dict[str, SpendApproval] = {}
        self._mutex = threading.RLock()
        self._holder: tuple[str, datetime] | None = None

    @classmethod
    def copy_of(cls, state: State, *, clock: Clock | None = None) -> MemoryStateStore:
        """
        A store that knows what another one knew, and keeps what follows to itself.
        """
        made = cls(
            project_id=state.project_id, environment=state.environment, clock=clock
        )
        made._lineage, made._serial = state.lineage, state.serial
        made._run = state.run
        made._resources = dict(state.resources)
        made._intents = {intent.op_id: intent for intent in state.open_intents}
        return made

    @classmethod
    def twin_of(
        cls, store: StateStore, *, clock: Clock | None = None
    ) -> MemoryStateStore:
        """
        A store with all that another one holds: objects, journal, log and approvals.
        """
        state = store.snapshot()
        made = cls(
            project_id=state.project_id, environment=state.environment, clock=clock
        )
        made._lineage, made._serial, made._run = state.lineage, state.serial, state.run
        made._resources = dict(state.resources)
        made._intents = {intent.op_id: intent for intent in store.writes()}
        made._events = list(store.events())
        made._approvals = {kept.change_hash: kept for kept in store.approvals()}
        return made

    def _now(self) -> datetime:
        return self._clock.now() if self._clock else datetime.now(UTC)

    def snapshot(self) -> State:
        """
        Everything it knows now.
        """
        with self._mutex:
            return State(
                self._lineage,
                self._serial,
                dict(self._resources),
                tuple(
                    intent
                    for intent in self._intents.values()
                    if intent.phase is Phase.SENT
                ),
                project_id=self._project_id,
                environment=self._environment,
                run=self._run,
            )

    @contextmanager
    def lock(self, holder: str) -> Iterator[None]:
        """
        Exclusive right to apply; refused at once with `StateLockedError` if taken.
        """
        with self._mutex:
            if self._holder is not None:
                raise locked(*self._holder)
            self._holder = (holder, self._now())
        try:
            yield
        finally:
            with self._mutex:
                self._holder = None

    def begin(self, run: str) -> None:
        """
        Note which change set is being applied.
        """
        with self._mutex:
            self._run = run

    def intend(self, intents: Sequence[Intent]) -> None:
        """
        Record writes before they are sent.
        """
        with self._mutex:
            known = [i.op_id for i in intents if i.op_id in self._intents]
            if known:
                raise DeployError(f"the write {known[0]} is recorded already")
            self._intents.update({intent.op_id: intent for intent in intents})
            self._serial += 1

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
        with self._mutex:
            after = {k: t for k, t in self._resources.items() if k not in set(forget)}
            after |= {thing.key: thing for thing in tracked}
            one_owner(after.values())
            self._resources = after
            self._intents.update({intent.op_id: intent for intent in settled})
            self._serial += 1
            for intent in settled:
                self._append(outcome_event(intent, self._now()))

    def record(self, event: Event) -> None:
        """
        Append to the log.
        """
        with self._mutex:
            self._append(event)

    def _append(self, event: Event) -> None:
        before = self._events[-1].hash if self._events else ""
        self._events.append(chained(event, before))

    def events(self) -> Iterator[Event]:
        """
        The log, oldest first.
        """
        with self._mutex:
            return iter(tuple(self._events))

    def writes(self) -> Iterator[Intent]:
        """
        Every recorded write with its outcome, oldest first.
        """
        with self._mutex:
            return iter(tuple(self._intents.values()))

    def approve(self, change_hash: str, amount: str, *, by: str, at: datetime) -> None:
        """
        Keep an approval: this exact change set, this exact amount.
        """
        with self._mutex:
            self._approvals.pop(change_hash, None)  # so that the last stands last
            self._approvals[change_hash] = SpendApproval(
                change_hash, amount, by=by, at=at
            )
            self._append(Event(at, "approved", "", f"{amount} by {by}: {change_hash}"))

    def approved(self, change_hash: str) -> str | None:
        """
        The amount approved for a change set.
        """
        with self._mutex:
            found = self._approvals.get(change_hash)
            return found.amount if found else None

    def approvals(self) -> tuple[SpendApproval, ...]:
        """
        Every approval, oldest first.
        """
        with self._mutex:
            return tuple(self._approvals.values())

    def close(self) -> None:
        """
        Nothing to release.
        """


def signed(read: Callable[[], tuple[str, str]]) -> tuple[str, str]:
    """
    Who holds a lock, and since when: whoever took it needs a moment to sign for it.

    Args:
        read: What is written down right now.
    """
    holder = since = ""
    for _ in range(_LOOKS):
        time.sleep(_MOMENT)
        holder, since = read()
        if holder:
            break
    return holder, since


def locked(holder: str, since: datetime) -> StateLockedError:
    """
    The refusal for whoever comes second.
    """
    return StateLockedError(
        f"{holder or 'somebody'} is applying since {since:%Y-%m-%d %H:%M:%S %Z}",
        holder=holder,
        since=since,
        hint="wait until it is done; the lock of a killed process frees itself",
    )


def one_owner(things: Iterable[Tracked]) -> None:
    """
    Refuse two addresses for one remote object; uploads alone are shared by content.

    Raises:
        StateCorruptError: Two addresses claim the same object.
    """
    seen: dict[tuple[str, str, str, str], str] = {}
    for thing in things:
        if thing.kind is Kind.MEDIA:
            continue
        where = (thing.platform, thing.account, thing.kind, thing.remote_id)
        if where in seen:
            raise StateCorruptError(
                f"{thing.address} and {seen[where]} claim the same "
                f"{thing.kind} {thing.remote_id}",
                hint="forget one of the two addresses",
            )
        seen[where] = thing.address
