"""
A platform in memory that fails on command, and keeps the rules no client may break.

It speaks no network's dialect: campaigns, ad sets, creatives and ads under ids that
grow, a clock that only moves when somebody waits, and a list of faults by number of the
request. Everything the server sees is checked at once, so that a wrong protocol is
caught in the act and not by what it happens to leave behind.
"""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.errors import (
    AuthenticationError,
    DeployError,
    InvalidRequestError,
    Outcome,
    PlatformTimeoutError,
    RateLimitError,
    Retry,
    ServerError,
    UnexpectedResponseError,
    UnreachableError,
)
from smmlib.model import (
    Budget,
    Delivery,
    Flight,
    FrozenMap,
    MediaPlan,
    Money,
    Network,
    Status,
)
from smmlib.ports import (
    Account,
    Action,
    Capabilities,
    Kind,
    Operation,
    Ref,
    Remote,
    Resource,
    Result,
    Wanted,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

START = datetime(2027, 2, 20, 9, tzinfo=UTC)
PROJECT = "0192f3c8-5d7e-7b1a-9c44-2f6d1e0a8b37"
WINDOW = timedelta(seconds=60)


class Killed(BaseException):
    """
    The process is gone: nobody may handle this.
    """


@attrs.define
class VirtualClock:
    """
    Time that passes only when somebody waits.
    """

    time: datetime = START
    shown_off_by: timedelta = timedelta(0)
    slept: float = 0.0

    def now(self) -> datetime:
        """
        What the client's clock shows.
        """
        return self.time + self.shown_off_by

    def sleep(self, seconds: float) -> None:
        """
        Let time pass; it never runs backwards.
        """
        assert seconds >= 0
        self.slept += seconds
        self.time += timedelta(seconds=seconds)


@attrs.define
class Thing:
    """
    One object on the server.
    """

    kind: Kind
    id: str
    marker: str
    name: str
    fields: dict[str, Any]
    created_at: datetime
    visible_at: datetime
    status: Status = Status.PAUSED
    daily: int = 0

    @property
    def live(self) -> bool:
        return self.status is not Status.ARCHIVED


@attrs.define(eq=False)
class FlakyServer:
    """
    What is on the other side: objects, faults, and the rules that were broken.
    """

    clock: VirtualClock
    faults: dict[int, str] = attrs.field(factory=dict)
    things: dict[str, Thing] = attrs.field(factory=dict)
    late: list[tuple[datetime, Operation]] = attrs.field(factory=list)
    broken: list[str] = attrs.field(factory=list)
    fired: list[str] = attrs.field(factory=list)
    requests: int = 0
    writes: int = 0
    lookups: int = 0
    lost: int = 0
    log: list[tuple[str, str]] = attrs.field(factory=list)
    lag: timedelta = timedelta(0)
    approved: int = 0
    kill_at_journal: str = ""
    state_lost: bool = False
    number: int = 99

    # -- time and faults -----------------------------------------------------------

    def arrive(self) -> str:
        """
        A request comes in: time passes, late writes land, a fault may be due.
        """
        place = self.requests
        self.requests += 1
        self.pass_time(0.2)
        fault = self.faults.pop(place, "")
        if fault:
            self.fired.append(fault)
        return fault

    def pass_time(self, seconds: float) -> None:
        self.clock.sleep(seconds)
        due = [entry for entry in self.late if entry[0] <= self.clock.time]
        self.late = [entry for entry in self.late if entry[0] > self.clock.time]
        for moment, operation in due:
            self.commit(operation, by_client=False, at=moment)

    # -- writes --------------------------------------------------------------------

    def commit(
        self,
        operation: Operation,
        *,
        by_client: bool = True,
        at: datetime | None = None,
    ) -> str:
        """
        Do one write, and look whether it breaks a rule.
        """
        self.log.append((operation.action.value, operation.address))
        if operation.action is Action.CREATE:
            moment = at or self.clock.time
            return self._create(operation, by_client=by_client, at=moment)
        thing = self.things.get(operation.remote_id)
        if thing is None or not thing.marker:
            self.broken.append(f"touched a foreign object: {operation}")
            return operation.remote_id
        if operation.action is Action.UPDATE:
            thing.fields.update(_sent(operation.fields))
            thing.name = operation.name or thing.name
        elif operation.action is Action.ACTIVATE:
            self._activate(thing)
        else:
            self._switch_off(thing, archive=operation.action is Action.ARCHIVE)
        thing.daily = int(thing.fields.get("daily", 0))
        self._check_money()
        return thing.id

    def _switch_off(self, thing: Thing, *, archive: bool) -> None:
        users = [t for t in self.living() if thing.id in t.fields.values()]
        if archive and users:
            self.broken.append(f"archived {thing.kind} {thing.id} that others stand on")
        thing.status = Status.ARCHIVED if archive else Status.PAUSED

    def _create(self, operation: Operation, *, by_client: bool, at: datetime) -> str:
        twins = [t for t in self.living() if t.marker == operation.marker]
        if by_client and twins:
            self.broken.append(f"client made a second {operation.address}")
        if not operation.marker:
            self.broken.append(f"{operation.address} has no marker")
        self.number += 1
        fields = _sent(operation.fields)
        self._check_parents(operation, fields)
        self.things[str(self.number)] = Thing(
            operation.kind,
            str(self.number),
            operation.marker,
            operation.name,
            fields,
            created_at=at,
            visible_at=at + self.lag,
            daily=int(fields.get("daily", 0)),
        )
        return str(self.number)

    def _check_parents(self, operation: Operation, fields: Mapping[str, Any]) -> None:
        for key in ("campaign", "ad_set", "creative", "media", "audience"):
            if key not in fields:
                continue
            parent = self.things.get(fields[key])
            if parent is None or not parent.live:
                self.broken.append(f"{operation.address} hangs in nothing: {key}")

    def _activate(self, thing: Thing) -> None:
        marks = [t.marker for t in self.living() if t.marker]
        if len(marks) != len(set(marks)):
            self.broken.append("activated although twins were there")
        if not self.approved:
            self.broken.append("activated before anybody approved")
        thing.status = Status.ACTIVE
        running = [t for t in self.living() if t.status is Status.ACTIVE]
        if sum(t.marker == thing.marker for t in running) > 1:
            self.broken.append(f"two active for one address: {thing.name}")

    def _check_money(self) -> None:
        active = [t for t in self.living() if t.status is Status.ACTIVE]
        spend = sum(t.daily for t in active)
        if self.approved and spend > self.approved:
            self.broken.append(f"{spend} a day is running, {self.approved} approved")

    # -- reads ---------------------------------------------------------------------

    def living(self) -> list[Thing]:
        return [thing for thing in self.things.values() if thing.live]

    def visible(self, kind: Kind) -> list[Thing]:
        return [
            thing
            for thing in self.living()
            if thing.kind is kind and thing.visible_at <= self.clock.time
        ]


def _sent(fields: Mapping[str, Any]) -> dict[str, Any]:
    for value in fields.values():
        assert not isinstance(value, Ref), "a reference was sent instead of an id"
    return dict(fields)


_BEFORE = {
    "unreachable": lambda now: UnreachableError("no connection"),
    "rate_limited": lambda now: RateLimitError(
        "slow down", resume_at=now + timedelta(seconds=30)
    ),
    "rate_limited_without_hint": lambda now: RateLimitError("slow down"),
    "rate_limited_for_hours": lambda now: RateLimitError(
        "slow down", resume_at=now + timedelta(hours=6)
    ),
    "token_expired": lambda now: AuthenticationError("the token is expired"),
}
_UNKNOWN_BEFORE = {
    "timeout_before": lambda: PlatformTimeoutError("too late", outcome=Outcome.UNKNOWN),
    "server_error_before": lambda: ServerError("500", outcome=Outcome.UNKNOWN),
}
_UNKNOWN_AFTER = {
    "answer_lost": lambda: PlatformTimeoutError("reset", outcome=Outcome.UNKNOWN),
    "server_error_after": lambda: ServerError("503", outcome=Outcome.UNKNOWN),
    "malformed_answer": lambda: UnexpectedResponseError(
        "an HTML page", outcome=Outcome.UNKNOWN, retry=Retry.NEVER
    ),
}
FAULTS = (
    *_BEFORE,
    *_UNKNOWN_BEFORE,
    *_UNKNOWN_AFTER,
    "refused",
    "partial_answer",
    "reordered_answer",
    "answer_without_id",
    "zombie",
    "delivered_twice",
    "delivered_twice_other_answer",
    "delivered_again_later",
    "read_lag",
    "state_lost",
    "kill_before_send",
    "kill_after_commit",
    "kill_after_answer",
    "kill_after_journal",
    "journal_full",
    "clock_back",
    "clock_ahead",
)


CAPABILITIES = Capabilities(
    networks=(Network.FACEBOOK,),
    kinds=tuple(Kind),
    immutable=(Kind.CREATIVE,),
    batch_size=1,
    settle_window=WINDOW,
)


@attrs.define(eq=False)
class FlakyPlatform:
    """
    The way to the server, as an adapter would offer it.
    """

    server: FlakyServer
    resources: Sequence[Resource] = ()
    name: str = "flaky"
    capabilities: Capabilities = CAPABILITIES
    currency: str = "EUR"
    account_id: str = "act_1"

    def account(self) -> Account:
        return Account(self.account_id, self.currency, "Europe/Berlin", "Alpenkaffee")

    def wanted(self, plan: MediaPlan) -> Wanted:
        return Wanted(tuple(self.resources))

    def metrics(self, flight: Flight) -> Iterator[Any]:
        return iter(())

    def read(self, kind: Kind, ids: Iterable[str]) -> dict[str, Remote]:
        ids = set(ids)
        self._reading()
        return {t.id: _remote(t) for t in self.server.visible(kind) if t.id in ids}

    def find(self, kind: Kind, markers: Iterable[str]) -> tuple[Remote, ...]:
        marks = set(markers)
        self.server.lookups += 1
        self._reading()
        found = [t for t in self.server.visible(kind) if t.marker in marks]
        return tuple(_remote(t) for t in sorted(found, key=lambda t: t.created_at))

    def _reading(self) -> None:
        fault = self.server.arrive()
        self._journal_fault(fault)
        self._common(fault)
        failing = {**_UNKNOWN_BEFORE, **_UNKNOWN_AFTER}
        if fault in failing:
            error = failing[fault]()
            error.outcome = Outcome.NOT_APPLIED
            raise error
        if fault in {"kill_after_commit", "kill_after_answer"}:
            raise Killed

    def _common(self, fault: str) -> None:
        """
        What happens before the server has the request.
        """
        if fault in {"kill_before_send", "state_lost"}:
            self.server.state_lost = fault == "state_lost"
            raise Killed
        if fault == "read_lag":
            self.server.lag = timedelta(seconds=30)
        if fault == "clock_back":
            self.server.clock.shown_off_by -= timedelta(hours=1)
        if fault == "clock_ahead":
            self.server.clock.shown_off_by += timedelta(hours=1)
        if fault in _BEFORE:
            raise _BEFORE[fault](self.server.clock.now())

    def _journal_fault(self, fault: str) -> None:
        if fault in {"kill_after_answer", "kill_after_journal", "journal_full"}:
            self.server.kill_at_journal = fault

    def execute(self, operations: Sequence[Operation]) -> tuple[Result, ...]:
        assert len(operations) <= self.capabilities.batch_size
        assert len({operation.kind for operation in operations}) == 1
        fault = self.server.arrive()
        self.server.writes += len(operations)
        self._journal_fault(fault)
        self._common(fault)
        if fault in _UNKNOWN_BEFORE:
            self.server.lost += len(operations)
            error = _UNKNOWN_BEFORE[fault]()
            raise error
        if fault == "zombie":
            self._zombie(operations)
        done = [self._one(op, fault, n) for n, op in enumerate(operations)]
        if fault == "kill_after_commit":
            raise Killed
        if fault in _UNKNOWN_AFTER:
            self.server.lost += len(operations)
            error = _UNKNOWN_AFTER[fault]()
            raise error
        return tuple(self._answer(done, fault))

    def _zombie(self, operations: Sequence[Operation]) -> None:
        """
        The server takes its time: it commits 25 s after the client gave up.
        """
        self.server.lost += len(operations)
        due = self.server.clock.time + timedelta(seconds=55)
        self.server.late += [(due, operation) for operation in operations]
        self.server.pass_time(30)
        raise PlatformTimeoutError("no answer for 30 s", outcome=Outcome.UNKNOWN)

    def _one(self, operation: Operation, fault: str, place: int) -> Result:
        if fault == "refused" and place == 0:
            error = InvalidRequestError("this value is refused", fields=("name",))
            return Result(operation.address, Outcome.NOT_APPLIED, error=error)
        made = self.server.commit(operation)
        if fault == "delivered_again_later":
            due = self.server.clock.time + timedelta(seconds=20)
            self.server.late.append((due, operation))
        if fault.startswith("delivered_twice"):
            again = self.server.commit(operation, by_client=False)
            made = again if fault.endswith("other_answer") else made
        return Result(operation.address, Outcome.APPLIED, made)

    def _answer(self, done: list[Result], fault: str) -> list[Result]:
        if fault == "partial_answer":
            self.server.lost += 1
            return done[:-1]
        if fault == "reordered_answer":
            return done[::-1]
        if fault == "answer_without_id":
            self.server.lost += len(done)
            return [attrs.evolve(result, remote_id="") for result in done]
        return done


def _remote(thing: Thing) -> Remote:
    running = thing.status is Status.ACTIVE
    return Remote(
        thing.kind,
        thing.id,
        fields=FrozenMap(thing.fields),
        marker=thing.marker,
        name=thing.name,
        status=thing.status,
        delivery=Delivery.DELIVERING if running else Delivery.PAUSED,
        created_at=thing.created_at,
    )


class FlakyStore:
    """
    A state store whose process can die, or whose disk can fill up, around any write.
    """

    _WRITING = frozenset({"begin", "intend", "settle", "record", "approve"})

    def __init__(self, store: Any, server: FlakyServer) -> None:
        self._store = store
        self._server = server

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._store, name)
        if name not in self._WRITING:
            return method

        def write(*args: Any, **named: Any) -> None:
            fault, self._server.kill_at_journal = self._server.kill_at_journal, ""
            if fault == "kill_after_answer":
                raise Killed
            if fault == "journal_full":
                message = "the disk is full"
                raise DeployError(message)
            method(*args, **named)
            if fault == "kill_after_journal":
                raise Killed

        return write


# -- a small launch -------------------------------------------------------------------


def a_plan(note: str = "first", *, total: str = "20000.00 EUR") -> MediaPlan:
    """
    Give a plan; what it wants is said by the resources.
    """
    return MediaPlan(
        "Alpenkaffee spring launch",
        PROJECT,
        zone="Europe/Berlin",
        flight=Flight(START, START + timedelta(days=42)),
        budget=Budget(Money.parse(total)),
        note=note,
    )


def a_campaign(key: str = "leads", **changes: Any) -> Resource:
    """
    Give a campaign with a daily budget.
    """
    daily = changes.pop("daily", 100)
    usual: dict[str, Any] = {
        "fields": {"objective": "leads", "daily": daily},
        "name": f"Launch {key}",
        "exposure": Money(daily * 10, "EUR"),
        "daily_exposure": Money(daily, "EUR"),
    }
    return Resource(f"campaigns.{key}", Kind.CAMPAIGN, **{**usual, **changes})


def an_ad_set(key: str, campaign: str = "leads", **changes: Any) -> Resource:
    """
    Give an ad set of a campaign.
    """
    fields = {
        "campaign": Ref(f"campaigns.{campaign}"),
        "targeting": {"age_min": 25, "age_max": 44, "countries": ["DE", "AT"]},
        **changes.pop("fields", {}),
    }
    address = f"campaigns.{campaign}.ad_sets.{key}"
    return Resource(
        address, Kind.AD_SET, **{"name": f"Set {key}", "fields": fields, **changes}
    )


def a_creative(key: str, text: str = "Taste first.", **changes: Any) -> Resource:
    """
    Give a creative; its content cannot be changed later.
    """
    return Resource(
        f"creatives.{key}", Kind.CREATIVE, **{"fields": {"text": text}, **changes}
    )


def an_ad(
    key: str, ad_set: str, creative: str, campaign: str = "leads", **changes: Any
) -> Resource:
    """
    Give an ad that shows a creative inside an ad set.
    """
    above = f"campaigns.{campaign}.ad_sets.{ad_set}"
    fields = {"ad_set": Ref(above), "creative": Ref(f"creatives.{creative}")}
    return Resource(
        f"{above}.ads.{key}",
        Kind.AD,
        **{"name": f"Ad {key}", "fields": fields, **changes},
    )


def a_launch() -> list[Resource]:
    """
    Give one campaign with two ad sets, two creatives and four ads.
    """
    return [
        a_campaign(),
        an_ad_set("baristas"),
        an_ad_set("office"),
        a_creative("taste"),
        a_creative("open", "We are open."),
        an_ad("taste", "baristas", "taste"),
        an_ad("open", "baristas", "open"),
        an_ad("taste", "office", "taste"),
        an_ad("open", "office", "open"),
    ]


def a_relaunch() -> list[Resource]:
    """
    Give the same after some edits: renamed, cheaper, another text, one ad less and one
    more.
    """
    return [
        a_campaign(daily=80, name="Launch, second week"),
        an_ad_set("baristas"),
        an_ad_set("office", fields={"targeting": {"age_min": 30, "age_max": 60}}),
        a_creative("taste", "Taste first, pay later."),
        a_creative("open", "We are open."),
        an_ad("taste", "baristas", "taste"),
        an_ad("open", "baristas", "open"),
        an_ad("taste", "office", "taste"),
        an_ad("late", "office", "open"),
    ]


@contextlib.contextmanager
def quiet_kill() -> Iterator[None]:
    """
    Let a process die without taking the test with it.
    """
    with contextlib.suppress(Killed):
        yield
