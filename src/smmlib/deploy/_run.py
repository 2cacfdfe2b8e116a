"""
One apply or activation while it runs: its tools, and what became of everything so far.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from random import Random
from typing import Any
from uuid import uuid4

import attrs

from smmlib.deploy._canonical import fingerprint
from smmlib.deploy._observe import Identity
from smmlib.deploy._target import Target
from smmlib.errors import (
    ApplyInterruptedError,
    Issue,
    PlatformError,
    SpendGuardError,
)
from smmlib.model import FrozenMap
from smmlib.ports import (
    Action,
    Clock,
    Event,
    Intent,
    Operation,
    Phase,
    StateStore,
    Tracked,
)

# What a before-image holds beside the fields; no platform's field begins like this.
STATUS, NAME, EXPOSURE = "$status", "$name", "$exposure"


@attrs.frozen
class Progress:
    """
    How far an apply has come, for a progress bar.

    Attributes:
        done: Writes that are finished.
        total: Writes in all.
        address: What was worked on last.
        action: What was done to it.
        note: What happened, or what is waited for, in a few words.
    """

    done: int
    total: int
    address: str = attrs.field(default="", kw_only=True)
    action: Action | None = attrs.field(default=None, kw_only=True)
    note: str = attrs.field(default="", kw_only=True)


@attrs.frozen
class Step:
    """
    One write that can be sent now.

    Attributes:
        target: In which account.
        operation: The write itself, complete.
        generation: Of the object it is about.
        after: What we know once it is applied, the id of a new object aside; None when
            the object is no longer ours then.
        drops: Keys to forget once it is applied.
        before: What the changed fields held before.
    """

    target: Target
    operation: Operation
    generation: int
    after: Tracked | None = None
    drops: tuple[str, ...] = attrs.field(default=(), kw_only=True)
    before: FrozenMap[Any] = attrs.field(
        factory=FrozenMap, converter=FrozenMap, kw_only=True
    )

    @property
    def address(self) -> str:
        """
        Path in the plan.
        """
        return self.operation.address


@attrs.define(eq=False)
class Run:
    """
    The tools of one run, and its book-keeping. Private to this package.
    """

    name: str
    store: StateStore
    who: Identity
    clock: Clock
    random: Random
    progress: Callable[[Progress], None] | None = None
    total: int = 0
    sent: int = 0
    done: list[tuple[str, Action]] = attrs.field(factory=list)
    failed: dict[str, PlatformError] = attrs.field(factory=dict)
    unknown: dict[str, PlatformError] = attrs.field(factory=dict)
    pending: dict[str, str] = attrs.field(factory=dict)
    halted: dict[str, PlatformError] = attrs.field(factory=dict)
    troubled: set[str] = attrs.field(factory=set)
    blocked: Callable[[], str] = str

    def tell(self, note: str, address: str = "", action: Action | None = None) -> None:
        """
        Report progress, where somebody listens.
        """
        if self.progress is not None:
            self.progress(
                Progress(
                    self.sent, self.total, address=address, action=action, note=note
                )
            )

    def log(self, what: str, detail: str = "", address: str = "") -> None:
        """
        Append to the store's log.
        """
        self.store.record(Event(self.clock.now(), what, address, detail))

    def succeed(self, address: str, action: Action, *, wrote: bool = True) -> None:
        """
        Note what was done.
        """
        self.done.append((address, action))
        self.sent += wrote
        self.tell("done", address, action)

    def fail(self, step: Step, error: PlatformError) -> None:
        """
        Note a refusal; others go on.
        """
        self.failed[step.address] = error
        self.troubled.add(step.target.key)
        self.sent += 1
        self.tell("refused", step.address, step.operation.action)

    def skip(self, target: Target, address: str, reason: str) -> None:
        """
        Note what was not sent, and why.
        """
        self.pending.setdefault(address, reason)
        self.troubled.add(target.key)

    def halt(self, target: Target, error: PlatformError) -> None:
        """
        Note that an account takes nothing more in this run.
        """
        self.halted[target.key] = error
        self.troubled.add(target.key)

    def intent(self, step: Step) -> Intent:
        """
        What is written down before a write is sent.
        """
        operation = step.operation
        upload = operation.content.hex() if operation.content else ""
        return Intent(
            uuid4().hex,
            self.name,
            address=operation.address,
            platform=step.target.platform.name,
            account=step.target.account.id,
            kind=operation.kind,
            action=operation.action,
            marker=operation.marker,
            payload_hash=fingerprint(operation.name, operation.fields, upload),
            sent_at=self.clock.now(),
            generation=step.generation,
            remote_id=operation.remote_id,
            before=step.before,
        )

    def note(
        self,
        target: Target,
        tracked: Sequence[Tracked],
        action: Action,
        *,
        forget: Iterable[str] = (),
    ) -> None:
        """
        Record what needed no write: objects taken over, or forgotten.
        """
        intents = [
            Intent(
                uuid4().hex,
                self.name,
                address=thing.address,
                platform=target.platform.name,
                account=target.account.id,
                kind=thing.kind,
                action=action,
                marker=thing.marker,
                sent_at=self.clock.now(),
                generation=thing.generation,
                phase=Phase.DONE,
                remote_id=thing.remote_id,
            )
            for thing in tracked
        ]
        kept = () if action is Action.FORGET else tracked
        if intents:
            self.store.settle(intents, kept, forget=tuple(forget))

    def refuse_if_blocked(self, steps: Iterable[Step]) -> None:
        """
        Send nothing while writing is forbidden; switching off is always allowed.

        Raises:
            SpendGuardError: Somebody pulled the kill switch while this was running.
        """
        if all(step.operation.action is Action.PAUSE for step in steps):
            return
        why = self.blocked()
        if why:
            raise SpendGuardError(
                f"nothing is written while {why}",
                hint="what was done is recorded; remove it and run this again to go on",
            )

    # -- how it ended --------------------------------------------------------------

    def finish(self, what: str) -> None:
        """
        Raise if anything is left to do.

        Raises:
            ApplyInterruptedError: With everything that was done, failed or was left.
        """
        if not (self.failed or self.unknown or self.pending or self.halted):
            self.log(f"{what} finished", f"{len(self.done)} done")
            return
        self.log(f"{what} stopped", self._counts())
        first = next(iter([*self.halted.values(), *self.failed.values()]), None)
        raise ApplyInterruptedError(
            f"{what} stopped half-way: {self._counts()}"
            + (f"; first: {first.message}" if first else ""),
            done=dict.fromkeys(address for address, _ in self.done),
            failed=self.failed,
            unknown=self.unknown,
            pending=self.pending,
            issues=self._issues(),
            hint=self._hint(),
        ) from first

    def _counts(self) -> str:
        return (
            f"{len(self.done)} done, {len(self.failed)} refused, "
            f"{len(self.unknown)} unknown, {len(self.pending)} not sent"
        )

    def _hint(self) -> str:
        resume = [getattr(e, "resume_at", None) for e in self.halted.values()]
        times = [moment for moment in resume if moment is not None]
        if times:
            return f"run it again after {max(times):%Y-%m-%d %H:%M %Z} to go on"
        if self.failed:
            return "correct the plan where it was refused, plan and apply again"
        return "run it again to go on; nothing will be made twice"

    def _issues(self) -> list[Issue]:
        found: list[Issue] = []
        for address, error in [*self.failed.items(), *self.unknown.items()]:
            code = "deploy.refused" if address in self.failed else "deploy.unknown"
            found.append(Issue(address, code, error.message, hint=error.hint))
            found.extend(error.issues)
        found += [
            Issue(target, "deploy.halted", error.message, hint=error.hint)
            for target, error in self.halted.items()
        ]
        found += [
            Issue(address, "deploy.not_sent", reason)
            for address, reason in self.pending.items()
        ]
        return found
