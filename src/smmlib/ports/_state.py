"""
Time, and the store that remembers durably what was sent and what exists.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

import attrs

from smmlib.model import FrozenMap, Status
from smmlib.ports._values import Action, Kind

if TYPE_CHECKING:
    from smmlib.model import Money


class Clock(Protocol):
    """
    Time, so that tests and sandboxes can have their own.
    """

    def now(self) -> datetime:
        """
        The present instant, aware.
        """
        ...

    def sleep(self, seconds: float) -> None:
        """
        Wait; never less than zero.
        """
        ...


class Phase(StrEnum):
    """
    How far a journalled write has come.
    """

    SENT = "sent"
    DONE = "done"
    FAILED = "failed"


@attrs.frozen
class Intent:
    """
    A write that is about to be sent: recorded durably before the first byte leaves.

    Attributes:
        op_id: Unique within the store.
        run: Which apply it belongs to.
        address: Path in the plan.
        platform: Which platform.
        account: Which ad account.
        kind: What kind of object.
        action: What is done.
        marker: How the object can be found again.
        payload_hash: Fingerprint of what is sent.
        sent_at: When.
        generation: Counts replacements of the address.
        phase: sent, done or failed.
        remote_id: The object, where it is known.
        error: Why it failed.
        before: What the object's changed fields held before: the way back.
    """

    op_id: str
    run: str
    address: str = attrs.field(kw_only=True)
    platform: str = attrs.field(kw_only=True)
    account: str = attrs.field(kw_only=True)
    kind: Kind = attrs.field(kw_only=True)
    action: Action = attrs.field(kw_only=True)
    marker: str = attrs.field(default="", kw_only=True)
    payload_hash: str = attrs.field(default="", kw_only=True)
    sent_at: datetime = attrs.field(kw_only=True)
    generation: int = attrs.field(default=0, kw_only=True)
    phase: Phase = attrs.field(default=Phase.SENT, kw_only=True)
    remote_id: str = attrs.field(default="", kw_only=True)
    error: str = attrs.field(default="", kw_only=True)
    before: FrozenMap[Any] = attrs.field(
        factory=FrozenMap, converter=FrozenMap, kw_only=True
    )


@attrs.frozen
class Tracked:
    """
    An object we made or adopted: what was applied to it last.

    Attributes:
        address: Path in the plan.
        platform: Which platform.
        account: Which ad account.
        kind: What kind of object.
        remote_id: The platform's id.
        marker: Our marker inside it.
        fields: What was applied last, in the adapter's normal form (ids, no refs).
        name: Shown name that was applied last.
        generation: Counts replacements of the address.
        status: What was last set: paused until activated.
        exposure: The most it can spend as it was applied last.
        applied_at: When it was made or changed last: until the platform's settle
            window is over, reads may not show it yet.
    """

    address: str
    platform: str
    account: str = attrs.field(kw_only=True)
    kind: Kind = attrs.field(kw_only=True)
    remote_id: str = attrs.field(kw_only=True)
    marker: str = attrs.field(kw_only=True)
    fields: FrozenMap[Any] = attrs.field(
        factory=FrozenMap, converter=FrozenMap, kw_only=True
    )
    name: str = attrs.field(default="", kw_only=True)
    generation: int = attrs.field(default=0, kw_only=True)
    status: Status = attrs.field(default=Status.PAUSED, kw_only=True)
    exposure: Money | None = attrs.field(default=None, kw_only=True)
    applied_at: datetime | None = attrs.field(default=None, kw_only=True)

    @property
    def key(self) -> str:
        """
        What it is stored under: one address can stand on several platforms, and an
        old generation stays until it is archived.
        """
        return f"{self.platform}/{self.account}/{self.address}#{self.generation}"


@attrs.frozen
class Event:
    """
    One line of the log a client may read: who did what, when, with what result.

    Attributes:
        at: When.
        what: E.g. `apply started`, `created`, `activated`.
        address: Path in the plan; empty for the whole plan.
        detail: Anything worth knowing; never a secret.
        hash: Chains it to the event before.
    """

    at: datetime
    what: str
    address: str = ""
    detail: str = ""
    hash: str = ""


@attrs.frozen
class SpendApproval:
    """
    Who let which amount be spent, when, and for what exactly.

    Attributes:
        change_hash: Fingerprint of the change set that was shown.
        amount: The amount, as text.
        by: Who approved it.
        at: When.
    """

    change_hash: str
    amount: str
    by: str = attrs.field(kw_only=True)
    at: datetime = attrs.field(kw_only=True)


@attrs.frozen
class State:
    """
    What the store knows at one moment.

    Attributes:
        lineage: Identity of the store; a copy elsewhere is another lineage.
        serial: Counts every durable change.
        resources: Our objects by `Tracked.key`.
        open_intents: Writes whose fate is not recorded.
        project_id: Whose objects these are.
        environment: `sandbox`, `production`, ...
        run: Hash of the change set that was begun last.
    """

    lineage: str
    serial: int
    resources: FrozenMap[Tracked] = attrs.field(converter=FrozenMap)
    open_intents: tuple[Intent, ...] = ()
    project_id: str = attrs.field(default="", kw_only=True)
    environment: str = attrs.field(default="", kw_only=True)
    run: str = attrs.field(default="", kw_only=True)


class StateStore(Protocol):
    """
    Remembers durably what was sent and what exists, for one project and environment.
    """

    def snapshot(self) -> State:
        """
        Everything it knows now.
        """
        ...

    def lock(self, holder: str) -> AbstractContextManager[None]:
        """
        Exclusive right to apply; refused at once with `StateLockedError` if taken.
        """
        ...

    def begin(self, run: str) -> None:
        """
        Note which change set is being applied, so that only this one may be resumed.
        """
        ...

    def intend(self, intents: Sequence[Intent]) -> None:
        """
        Record writes durably, in one transaction, before they are sent.
        """
        ...

    def settle(
        self,
        settled: Sequence[Intent],
        tracked: Sequence[Tracked] = (),
        *,
        forget: Sequence[str] = (),
    ) -> None:
        """
        Record outcomes, the objects they left and the keys that are no longer ours.

        All in one transaction, with one line in the log for each outcome; the serial
        grows.
        """
        ...

    def record(self, event: Event) -> None:
        """
        Append to the log.
        """
        ...

    def events(self) -> Iterator[Event]:
        """
        The log, oldest first.
        """
        ...

    def writes(self) -> Iterator[Intent]:
        """
        Every recorded write with its outcome, oldest first: the way back.
        """
        ...

    def approve(self, change_hash: str, amount: str, *, by: str, at: datetime) -> None:
        """
        Keep an approval: this exact change set, this exact amount.
        """
        ...

    def approved(self, change_hash: str) -> str | None:
        """
        The amount approved for a change set, as text; None if it was not.
        """
        ...

    def approvals(self) -> tuple[SpendApproval, ...]:
        """
        Every approval, oldest first.
        """
        ...

    def close(self) -> None:
        """
        Release files and connections.
        """
        ...
