"""
One launch and one relaunch under a schedule of faults, and what must hold afterwards.

A scenario is a mapping of request number to fault. The client dies, is refused or gives
up, and is started again, like a person or a cron job would do it. In the end there is
exactly one living object for every address, and nothing was broken on the way.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from functools import cache
from random import Random
from typing import TYPE_CHECKING, Any

import attrs

from _flaky import (
    CAPABILITIES,
    PROJECT,
    FlakyPlatform,
    FlakyServer,
    FlakyStore,
    Killed,
    Thing,
    VirtualClock,
    a_launch,
    a_plan,
    a_relaunch,
)
from smmlib.deploy import (
    MemoryStateStore,
    SQLiteStateStore,
    Target,
    activate,
    apply,
    make_changes,
)
from smmlib.errors import (
    DeployError,
    PlatformError,
    SmmError,
    SpendGuardError,
    StaleChangesError,
)
from smmlib.model import Status
from smmlib.ports import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from smmlib.deploy import ChangeSet
    from smmlib.model import MediaPlan
    from smmlib.ports import Resource, Tracked

_MOST_STARTS = 14


@attrs.define(eq=False)
class Scenario:
    """
    A client and a server, and how the client is started again and again.
    """

    faults: Mapping[int, str]
    batch_size: int = 1
    seed: int = 0
    make_store: Callable[[VirtualClock], Any] | None = None
    clock: VirtualClock = attrs.field(factory=VirtualClock)
    server: FlakyServer = attrs.field(init=False)
    platform: FlakyPlatform = attrs.field(init=False)
    store: Any = attrs.field(init=False)
    starts: int = 0
    problems: list[str] = attrs.field(factory=list)
    busy: int = 0
    agreed: bool = False
    forgot: bool = False

    def __attrs_post_init__(self) -> None:
        self.server = FlakyServer(self.clock, dict(self.faults))
        self.server.things["7"] = _foreign(self.clock)
        capabilities = attrs.evolve(CAPABILITIES, batch_size=self.batch_size)
        self.platform = FlakyPlatform(self.server, capabilities=capabilities)
        make = self.make_store or _memory
        self.store = FlakyStore(make(self.clock), self.server)

    # -- the client ----------------------------------------------------------------

    def run(self) -> list[str]:
        """
        Launch, relaunch, look again: every rule that was broken, as text.
        """
        for number, resources in enumerate((a_launch(), a_relaunch())):
            self.platform.resources = resources
            self.server.approved = 0 if number == 0 else self.server.approved
            if not self._until_done(f"plan {number}"):
                return [*self.problems, *self.server.broken]
            self._check_end(resources, edited=number > 0)
            if number == 0 and any(did == "update" for did, _ in self.server.log):
                self.problems.append("changed what nobody had edited")
        self._check_idle()
        if not self.faults and self.starts != 2:  # one for each plan
            self.problems.append(f"{self.starts} starts without any fault")
        return [*self.problems, *self.server.broken]

    def _until_done(self, note: str) -> bool:
        changes: ChangeSet | None = None
        for _ in range(_MOST_STARTS):
            self.starts += 1
            self.server.kill_at_journal = ""
            try:
                changes = changes or self._plan(note)
                self._apply(changes, note)
                self._activate(changes, note)
            except Killed:
                self._reopen()
            except StaleChangesError:
                changes = None
            except SpendGuardError:
                self.agreed = True  # a person looks and agrees
            except SmmError as error:
                self._typed(error)
                self.clock.sleep(7 * 3600)
            else:
                return True
        self.problems.append(f"never finished: {note}")
        return False

    def _reopen(self) -> None:
        if self.server.state_lost:
            self.server.state_lost = False
            self.forgot = True
            self.store = FlakyStore(_memory(self.clock), self.server)
        elif self.make_store is not None:
            self.store.close()
            self.store = FlakyStore(self.make_store(self.clock), self.server)

    def _typed(self, error: SmmError) -> None:
        if not isinstance(error, (DeployError, PlatformError)):
            self.problems.append(f"unexpected {type(error).__name__}: {error}")

    def _targets(self, note: str) -> list[Target]:
        plan = _plan(note)
        return [
            Target(self.platform, self.platform.account(), self.platform.wanted(plan))
        ]

    def _plan(self, note: str) -> ChangeSet:
        return make_changes(
            _plan(note),
            self._targets(note),
            self.store,
            clock=self.clock,
            environment="sandbox",
        )

    def _apply(self, changes: ChangeSet, note: str) -> Any:
        return apply(
            changes,
            _plan(note),
            self._targets(note),
            self.store,
            clock=self.clock,
            random=Random(self.seed),
            approve=str(changes.total) if self.agreed else None,
        )

    def _activate(self, changes: ChangeSet, note: str) -> Any:
        self.server.approved = 100
        return activate(
            changes,
            _plan(note),
            self._targets(note),
            self.store,
            clock=self.clock,
            approve=str(changes.total),
            random=Random(self.seed),
        )

    # -- what must hold ------------------------------------------------------------

    def _check_end(self, resources: Sequence[Resource], *, edited: bool) -> None:
        self.server.pass_time(200)  # late writes have landed by now
        state = self.store.snapshot()
        living = [thing for thing in self.server.living() if thing.marker]
        marks = Counter(thing.marker for thing in living)
        for thing in living:
            if marks[thing.marker] > 1:
                self.problems.append(f"twin of {thing.name or thing.kind}: {thing.id}")
        tracked = {thing.remote_id for thing in state.resources.values()}
        orphans = {t.id for t in living} - tracked
        # Without the state, nobody can know what an edit of the plan dropped.
        if orphans and not (self.forgot and edited):
            self.problems.append(f"nobody knows of {sorted(orphans)}")
        if state.open_intents:
            self.problems.append("writes were left open")
        if self.server.things["7"] != _foreign(VirtualClock()):
            self.problems.append("a foreign object was touched")
        known = {thing.address: thing for thing in state.resources.values()}
        if extra := set(known) - {resource.address for resource in resources}:
            self.problems.append(f"still there: {extra}")
        for resource in resources:
            self._check_one(resource, known.get(resource.address))

    def _check_one(self, resource: Resource, thing: Tracked | None) -> None:
        remote = thing and self.server.things.get(thing.remote_id)
        runs = resource.kind in {Kind.CAMPAIGN, Kind.AD_SET, Kind.AD}
        if thing is None or remote is None or not remote.live:
            self.problems.append(f"lost {resource.address}")
        elif remote.marker != thing.marker:
            self.problems.append(f"wrong id for {resource.address}")
        elif runs and remote.status is not Status.ACTIVE:
            self.problems.append(f"not running: {resource.address}")

    def _check_idle(self) -> None:
        """
        A further plan is empty, a further apply writes nothing, and both do look.
        """
        self.busy = self.server.requests
        self.server.faults.clear()
        self.server.lag = timedelta(0)
        writes, requests = self.server.writes, self.server.requests
        try:
            changes = self._plan("plan 1")
            self._apply(changes, "plan 1")
        except SmmError as error:
            self.problems.append(f"an idle apply failed: {error!r}")
            return
        if changes.changes:
            self.problems.append(f"an idle plan is not empty: {changes.summary()}")
        if self.server.writes != writes:
            self.problems.append("an idle apply wrote something")
        if self.server.requests == requests:
            self.problems.append("an idle apply did not look at the platform")
        most = 2 * self.server.lost + 4 * 6 * self.starts
        if self.server.lookups > most:
            self.problems.append(f"{self.server.lookups} look-ups, {most} allowed")


@cache
def _plan(note: str) -> MediaPlan:
    return a_plan(note)


def _foreign(clock: VirtualClock) -> Thing:
    """
    Give a campaign somebody else made.
    """
    start = VirtualClock().time
    return Thing(Kind.CAMPAIGN, "7", "", "Not ours", {"daily": 0}, start, start)


def sqlite_store(path: Path) -> Callable[[VirtualClock], SQLiteStateStore]:
    """
    A file that is opened anew whenever the process died.
    """

    def make(clock: VirtualClock) -> SQLiteStateStore:
        return SQLiteStateStore(
            path, project_id=PROJECT, environment="sandbox", clock=clock
        )

    return make


def _memory(clock: VirtualClock) -> MemoryStateStore:
    return MemoryStateStore(project_id=PROJECT, clock=clock)
