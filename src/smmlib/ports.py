"""
The sockets of the house: what an ad platform, a state store or a clock must offer.

Engines know these Protocols and nothing behind them. An ad platform takes part by six
methods and one record of what it can do; everything else is optional and has a small
Protocol of its own. Values that cross a socket are frozen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NoReturn, Protocol, runtime_checkable

import attrs

from smmlib.errors import Issue, Outcome, PlatformError
from smmlib.model import Delivery, FrozenMap, Network, Status

if TYPE_CHECKING:
    from smmlib.model import (
        Audience,
        Conversion,
        Flight,
        GrowthRow,
        MediaPlan,
        Message,
        MetricRow,
        Money,
        Post,
        PostResult,
    )

__all__ = [
    "Account",
    "AccountSource",
    "Action",
    "AdPlatform",
    "Capabilities",
    "Clock",
    "Connection",
    "ConversionSource",
    "Estimate",
    "Estimator",
    "Event",
    "GrowthSource",
    "ImportedAccount",
    "Intent",
    "Kind",
    "LeadSource",
    "Operation",
    "Phase",
    "PostPublisher",
    "Ref",
    "Remote",
    "Resource",
    "Result",
    "Secret",
    "SpendSource",
    "State",
    "StateStore",
    "TargetingMatch",
    "TargetingSearch",
    "Tracked",
    "Wanted",
]


class Secret:
    """
    A token that cannot be printed, logged, pickled or compared by accident.

    Args:
        value: The token itself.
        origin: Where it came from, e.g. `environment variable META_TOKEN`.
    """

    __slots__ = ("_value", "origin")

    def __init__(self, value: str, origin: str = "") -> None:
        self._value: str = value
        self.origin: str = origin

    def reveal(self) -> str:
        """
        The token, for the one place that puts it into a header.
        """
        return self._value

    def __repr__(self) -> str:
        return "Secret(***)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return "***"

    def __bool__(self) -> bool:
        return bool(self._value)

    def __reduce__(self) -> NoReturn:
        message = "a Secret is never pickled"
        raise TypeError(message)


@attrs.frozen
class Connection:
    """
    How to reach one ad account: what `smm.toml`, or the sandbox, says about it.

    Attributes:
        platform: Name of the platform, e.g. `meta`.
        account: Id of the ad account.
        token: The access token.
        options: The platform's own settings: `page`, `pixel`, `instagram_user`,
            `api_version`, ...
        base_url: Where the API is; empty for the platform's own host.
        environment: `sandbox`, `production`, ...
    """

    platform: str
    account: str
    token: Secret = attrs.field(kw_only=True, eq=False)
    options: FrozenMap[str] = attrs.field(
        factory=FrozenMap, converter=FrozenMap, kw_only=True
    )
    base_url: str = attrs.field(default="", kw_only=True)
    environment: str = attrs.field(default="sandbox", kw_only=True)


# -- what is wanted, what is there ----------------------------------------------------


class Kind(StrEnum):
    """
    What can exist on an ad platform, in the order it is created.
    """

    AUDIENCE = "audience"
    MEDIA = "media"
    CAMPAIGN = "campaign"
    AD_SET = "ad_set"
    CREATIVE = "creative"
    AD = "ad"


@attrs.frozen
class Ref:
    """
    A field that holds the id of another resource, known only once that one exists.
    """

    address: str


@attrs.frozen
class Account:
    """
    An ad account as the platform describes it.

    Attributes:
        id: The platform's id.
        currency: Currency of everything in it.
        zone: Time zone of its days.
        name: Shown name.
    """

    id: str
    currency: str
    zone: str
    name: str = ""


@attrs.frozen
class Resource:
    """
    One object that should exist on a platform.

    Attributes:
        address: Path in the plan: its identity, whatever its shown name.
        kind: What it is.
        fields: The adapter's own normal form; values are JSON-ready or `Ref`.
        name: Shown name on the platform, without marker.
        status: What we want for it once it is activated.
        exposure: The most it can spend; None for objects without a budget.
        daily_exposure: The most it can spend on one day, where that is limited.
        content: Bytes to upload, for media.
    """

    address: str
    kind: Kind
    fields: FrozenMap[Any] = attrs.field(
        factory=FrozenMap, converter=FrozenMap, kw_only=True
    )
    name: str = attrs.field(default="", kw_only=True)
    status: Status = attrs.field(default=Status.ACTIVE, kw_only=True)
    exposure: Money | None = attrs.field(default=None, kw_only=True)
    daily_exposure: Money | None = attrs.field(default=None, kw_only=True)
    content: bytes | None = attrs.field(default=None, kw_only=True, repr=False)

    @property
    def refs(self) -> tuple[str, ...]:
        """
        Addresses of the resources it needs first.
        """
        return tuple(dict.fromkeys(_refs(dict(self.fields))))


def _refs(value: Any) -> Iterator[str]:
    if isinstance(value, Ref):
        yield value.address
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _refs(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _refs(item)


@attrs.frozen
class Wanted:
    """
    All a plan wants from one platform, and what stands in the way.

    Attributes:
        resources: Parents before children.
        issues: What the platform cannot do as planned; errors stop the apply.
    """

    resources: tuple[Resource, ...]
    issues: tuple[Issue, ...] = ()


@attrs.frozen
class Remote:
    """
    One object as it is on the platform now.

    Attributes:
        kind: What it is.
        id: The platform's id.
        fields: The adapter's normal form, comparable with `Resource.fields`; references
            are remote ids.
        marker: Our marker inside it; empty for objects that are not ours.
        name: Shown name, without marker.
        status: What is configured for it.
        delivery: What the platform reports.
        created_at: When it was made.
        reason: Why it does not deliver, in the platform's words.
    """

    kind: Kind
    id: str
    fields: FrozenMap[Any] = attrs.field(
        factory=FrozenMap, converter=FrozenMap, kw_only=True
    )
    marker: str = attrs.field(default="", kw_only=True)
    name: str = attrs.field(default="", kw_only=True)
    status: Status = attrs.field(default=Status.PAUSED, kw_only=True)
    delivery: Delivery = attrs.field(default=Delivery.UNKNOWN, kw_only=True)
    created_at: datetime | None = attrs.field(default=None, kw_only=True)
    reason: str = attrs.field(default="", kw_only=True)


class Action(StrEnum):
    """
    What is done to one resource.
    """

    NOOP = "noop"
    CREATE = "create"
    UPDATE = "update"
    REPLACE = "replace"
    ADOPT = "adopt"
    ACTIVATE = "activate"
    PAUSE = "pause"
    ARCHIVE = "archive"
    FORGET = "forget"


@attrs.frozen
class Operation:
    """
    One write, complete: references are ids already, values are absolute.

    Attributes:
        action: create, update, activate, pause or archive.
        kind: What kind of object.
        address: Its path in the plan.
        marker: What must be inside it so that it can be found again.
        name: Shown name.
        fields: For a create all fields, for an update the changed ones; no `Ref`s left.
        remote_id: Which object; empty for a create.
        content: Bytes to upload, for media.
    """

    action: Action
    kind: Kind
    address: str = attrs.field(kw_only=True)
    marker: str = attrs.field(default="", kw_only=True)
    name: str = attrs.field(default="", kw_only=True)
    fields: FrozenMap[Any] = attrs.field(
        factory=FrozenMap, converter=FrozenMap, kw_only=True
    )
    remote_id: str = attrs.field(default="", kw_only=True)
    content: bytes | None = attrs.field(default=None, kw_only=True, repr=False)


@attrs.frozen
class Result:
    """
    What became of one operation.

    Attributes:
        address: The operation's address.
        outcome: applied, not applied, or unknown (never sent again blindly).
        remote_id: Id of the object, when applied.
        error: Why not, when not applied or unknown.
    """

    address: str
    outcome: Outcome
    remote_id: str = ""
    error: PlatformError | None = None


@attrs.frozen
class Capabilities:
    """
    What a platform can do; engines ask this record, never the platform's name.

    Attributes:
        networks: Where its ads and posts appear.
        kinds: Which kinds of objects it has.
        immutable: Kinds whose content cannot change: a new one replaces the old.
        batch_size: How many operations fit into one write request.
        parallel: How many write requests may be under way at once.
        settle_window: How long an object may stay invisible after it was made.
        metrics_restated: For how many days numbers may still change.
        finds_by_marker: Whether lost objects can be looked up; without it every write
            is sent at most once.
        publishes: Whether it publishes posts.
    """

    networks: tuple[Network, ...]
    kinds: tuple[Kind, ...] = ()
    immutable: tuple[Kind, ...] = ()
    batch_size: int = 1
    parallel: int = 1
    settle_window: timedelta = timedelta(seconds=60)
    metrics_restated: int = 28
    finds_by_marker: bool = True
    publishes: bool = False


@runtime_checkable
class AdPlatform(Protocol):
    """
    An ad account on a platform: read it, say what a plan wants of it, change it.

    Everything raised is a `PlatformError`. Implementations are safe to use from several
    threads. `smmlib.testing.AdPlatformConformance` says precisely what must hold.
    """

    @property
    def name(self) -> str:
        """
        Name of the platform, e.g. `meta`.
        """
        ...

    @property
    def capabilities(self) -> Capabilities:
        """
        What it can do; constant for the life of the object.
        """
        ...

    def account(self) -> Account:
        """
        Read the ad account: its currency and zone decide how money and days are sent.
        """
        ...

    def wanted(self, plan: MediaPlan) -> Wanted:
        """
        What this plan wants here. May read (names are searched), never writes.

        What the platform cannot express comes back as issues with the plan's paths.
        """
        ...

    def read(self, kind: Kind, ids: Iterable[str]) -> Mapping[str, Remote]:
        """
        Objects by id; ids that do not exist (any more) are simply not in the answer.
        """
        ...

    def find(self, kind: Kind, markers: Iterable[str]) -> tuple[Remote, ...]:
        """
        Live objects that carry one of these markers, oldest first, all pages read.
        """
        ...

    def execute(self, operations: Sequence[Operation]) -> tuple[Result, ...]:
        """
        Send writes: at most `batch_size`, all of one kind; one result for each.

        Never sends a create twice. Objects are created paused. Failures of single
        operations are results; it raises only when nothing can have been applied.
        """
        ...

    def metrics(self, flight: Flight) -> Iterator[MetricRow]:
        """
        Daily numbers of every ad, for the days of a flight in the account's zone.

        `campaign`, `ad_set` and `ad` hold remote ids; spend of deleted ads is included.
        """
        ...


# -- what some platforms can do as well -----------------------------------------------


@runtime_checkable
class PostPublisher(Protocol):
    """
    Publishes posts and reads what came of them.
    """

    def publish(self, post: Post, network: Network, *, marker: str) -> Result:
        """
        Publish one post on one network, at most once.
        """
        ...

    def results(self, post_ids: Iterable[str]) -> tuple[PostResult, ...]:
        """
        What came of published posts.
        """
        ...


@runtime_checkable
class GrowthSource(Protocol):
    """
    Knows how many people follow a page, day by day.
    """

    def growth(self, flight: Flight) -> Iterator[GrowthRow]:
        """
        Followers and reach per day.
        """
        ...


@runtime_checkable
class SpendSource(Protocol):
    """
    Tells what the whole account spent, so that the sum of its ads can be held to it.
    """

    def spent(self, flight: Flight) -> Decimal:
        """
        Spend of the account on the days of a flight, exact.
        """
        ...


@attrs.frozen
class ImportedAccount:
    """
    An ad account read back, and what a plan has no words for.

    Attributes:
        plan: The account as a plan; what it cannot say is kept in its `extra`.
        ids: The platform's id of every object in it, by its path in the plan.
        issues: Each field that is kept, and everything that was left out.
    """

    plan: MediaPlan
    ids: Mapping[str, str]
    issues: tuple[Issue, ...] = ()


@runtime_checkable
class AccountSource(AdPlatform, Protocol):
    """
    Reads an account that was set up by others back as a plan.
    """

    def import_account(self) -> ImportedAccount:
        """
        The account as it stands, as a plan that would change nothing.
        """
        ...


@runtime_checkable
class LeadSource(Protocol):
    """
    Collects enquiries people left on the platform.
    """

    def leads(self, since: datetime) -> Iterator[Message]:
        """
        Leads that came in since a moment.
        """
        ...


@attrs.frozen
class Estimate:
    """
    How many people an audience holds, as the platform guesses.

    Attributes:
        low: At least so many.
        high: At most so many.
        source: Which platform, on which day.
    """

    low: int
    high: int
    source: str = ""


@runtime_checkable
class Estimator(Protocol):
    """
    Guesses how many people an audience holds.
    """

    def estimate(self, audience: Audience) -> Estimate:
        """
        The size of an audience on this platform.
        """
        ...


@attrs.frozen
class TargetingMatch:
    """
    One thing a platform can target by, found by its name.

    Attributes:
        kind: interest, profession, city, region, ...
        id: The platform's id.
        name: The platform's name of it.
        path: Where it stands in the platform's tree, e.g. country and region of a city.
        size: How many people it covers, if the platform says so.
    """

    kind: str
    id: str
    name: str
    path: tuple[str, ...] = ()
    size: int | None = None


@runtime_checkable
class TargetingSearch(Protocol):
    """
    Finds the platform's id for a name: interests, professions, cities.
    """

    def search(self, kind: str, query: str) -> tuple[TargetingMatch, ...]:
        """
        Matches for a name, best first; several when the name is ambiguous.
        """
        ...


class ConversionSource(Protocol):
    """
    The brand's own record of registrations and sales.
    """

    def conversions(self) -> Iterator[Conversion]:
        """
        Every conversion on record, refunds included.
        """
        ...


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


# -- what was done --------------------------------------------------------------------


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

    def close(self) -> None:
        """
        Release files and connections.
        """
        ...
