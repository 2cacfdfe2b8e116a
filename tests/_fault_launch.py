"""
A launch on a real adapter under a schedule of faults, and what must hold at every step.

The person before the computer is modelled too: she runs the same command again after a
crash or an error, looks when something moved, agrees to money that was shown, renews a
token, makes room on the disk, and deletes a state file that cannot be trusted.
"""

from __future__ import annotations

import importlib
import itertools
import pkgutil
import traceback
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import attrs

from _fault_state import Journal, damage
from _fault_wire import AFTER, ON_DISK, Clock, Killed, Wire
from _fault_worlds import PROJECT, WORLDS, smaller
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
    StateCorruptError,
    StateLockedError,
)
from smmlib.model import Status
from smmlib.ports import Kind
from smmlib.sandbox import Sandbox

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator, Sequence
    from types import ModuleType

    from _fault_worlds import World
    from smmlib.deploy import ChangeSet
    from smmlib.model import MediaPlan
    from smmlib.ports import Resource, Tracked

_MOST_STARTS = 16
_POOL = "ThreadPoolExecutor"
_NUMBERS = itertools.count()
_RUNS = {Kind.CAMPAIGN, Kind.AD_SET, Kind.AD}


class _AtOnce(Executor):
    """
    Stands in for a pool of threads: what is handed in is done before anything else.
    """

    def __init__(self, *_: Any, **__: Any) -> None:
        pass

    def submit(self, act: Any, /, *args: Any, **named: Any) -> Future[Any]:
        """
        Do it here and now, whatever comes of it.
        """
        done: Future[Any] = Future()
        try:
            done.set_result(act(*args, **named))
        except BaseException as error:  # noqa: BLE001 - as a pool keeps a death, too
            done.set_exception(error)
        return done


@contextmanager
def one_after_the_other() -> Iterator[None]:
    """
    Adapters send nothing side by side meanwhile: a replay needs the same order again.
    """
    before = [module for module in _adapter_modules() if hasattr(module, _POOL)]
    for module in before:
        setattr(module, _POOL, _AtOnce)
    try:
        yield
    finally:
        for module in before:
            setattr(module, _POOL, ThreadPoolExecutor)


@cache
def _adapter_modules() -> list[ModuleType]:
    packages = [importlib.import_module(f"smmlib.adapters.{name}") for name in WORLDS]
    return [
        importlib.import_module(f"{package.__name__}.{found.name}")
        for package in packages
        for found in pkgutil.iter_modules(package.__path__)
    ]


class Desk:
    """
    A real adapter that counts look-ups and sends as many writes at once as it is told.
    """

    def __init__(self, platform: Any, *, batched: bool) -> None:
        self._platform = platform
        able = platform.capabilities
        size = able.batch_size if batched else 1
        self.capabilities = attrs.evolve(able, batch_size=size, parallel=1)
        self.lookups = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._platform, name)

    def find(self, kind: Kind, markers: Any) -> Any:
        """
        Count and look.
        """
        self.lookups += 1
        return self._platform.find(kind, markers)


@attrs.define(eq=False)
class Launch:
    """
    One scenario on one platform.

    Attributes:
        faults: Number of the request to the fault that is due from there on.
        batched: Whether writes travel together.
        relaunch: Whether the plan is edited and applied a second time.
        folder: Where a state on the disk is kept; in memory without it.
        problems: Every rule that was broken, as text.
    """

    world: World
    faults: dict[int, str] = attrs.field(factory=dict)
    batched: bool = attrs.field(default=True, kw_only=True)
    relaunch: bool = attrs.field(default=False, kw_only=True)
    seed: int = attrs.field(default=0, kw_only=True)
    folder: Path | None = attrs.field(default=None, kw_only=True)
    problems: list[str] = attrs.field(factory=list)
    wire: Wire = attrs.field(init=False)
    desk: Desk = attrs.field(init=False)
    store: Any = attrs.field(init=False)
    clock: Clock = attrs.field(init=False)
    path: Path | None = None
    foreign: Any = None
    untouched: Any = None
    plan: MediaPlan = attrs.field(init=False)
    starts: int = 0
    busy: int = 0
    errors: list[str] = attrs.field(factory=list)
    approved: int = 0
    agreed: bool = False
    forgot: bool = False
    raced: bool = False
    shown: set[str] = attrs.field(factory=set)
    last: ChangeSet | None = None

    def __attrs_post_init__(self) -> None:
        sandbox = Sandbox(seed=self.seed)
        sandbox.engine.log.add = lambda *_: None  # nobody reads it here
        self.clock = Clock(sandbox)
        self.foreign = self.world.foreign(sandbox)
        facts = sandbox.details()["platforms"][self.world.name]
        self.wire = Wire(
            self.world,
            sandbox,
            self.clock,
            tuple(str(facts[key]) for key in ("access_token", *self.world.secrets)),
            dict(self.faults),
            self._check_step,
            self._intrude,
        )
        self.untouched = self.foreign()
        self.desk = self._connect()
        on_disk = self.folder is not None and ON_DISK & set(self.faults.values())
        self.path = self.folder / f"{next(_NUMBERS)}.db" if on_disk else None
        self.store = self._open()

    def _connect(self) -> Desk:
        platform = self.world.connect(
            self.wire.sandbox,
            transport=self.wire,
            clock=self.clock,
            random=Random(self.seed),
        )
        return Desk(platform, batched=self.batched)

    def _open(self) -> Journal:
        if self.path is None:
            memory = MemoryStateStore(project_id=PROJECT, clock=self.clock)
            return Journal(memory, self.wire)
        store = SQLiteStateStore(
            self.path, project_id=PROJECT, environment="sandbox", clock=self.clock
        )
        return Journal(store, self.wire)

    # -- the person and her computer -----------------------------------------------

    def run(self) -> list[str]:
        """
        Launch (and relaunch), look again: every rule that was broken, as text.
        """
        first = self.world.launch() if self.batched else smaller(self.world.launch())
        plans = [first, self.world.relaunch()]
        for number, plan in enumerate(plans[: 1 + self.relaunch]):
            self.plan = plan
            if not self._until_done():
                return self._found()
            self._settle_others()
            self._check_end(edited=number > 0)
        self._check_idle()
        # The relaunch raises the money of what runs: she is asked once.
        if not self.faults and self.starts != 1 + 2 * self.relaunch:
            self.problems.append(f"{self.starts} starts without any fault")
        self._check_secrets()
        self._close()
        return self._found()

    def _settle_others(self) -> None:
        """
        What others did after we had looked shows when somebody looks again.
        """
        seen = 0
        while len(self.wire.fired) > seen:
            before, seen = seen, len(self.wire.fired)
            if not AFTER & {name for name, _ in self.wire.fired[before:]}:
                return
            self.clock.sleep(200)
            self._until_done()

    def _found(self) -> list[str]:
        return [*self.problems, *self.wire.broken]

    def _close(self) -> None:
        self.store.close()
        self.desk.close()
        if self.path is not None:
            for file in self.path.parent.glob(f"{self.path.name}*"):
                file.unlink()

    def _until_done(self) -> bool:
        changes: ChangeSet | None = None
        for _ in range(_MOST_STARTS):
            self.starts += 1
            try:
                changes = changes or self._plan()
                self._apply(changes)
                self._activate(changes)
                self.last = self._plan()  # somebody looks once more
            except Killed:
                changes = self._start_again(changes)
            except StaleChangesError as error:
                self._noted(error)
                changes = None
            except SpendGuardError as error:
                self._noted(error)
                self.agreed = True
            except StateCorruptError as error:
                self._noted(error)
                changes = self._without_state()
            except SmmError as error:
                self._noted(error)
                self._later()
            else:
                return True
        self.problems.append(f"never finished: {self.errors[-1:]}")
        return False

    def _later(self) -> None:
        """
        She makes room, renews the token, sets the clock right, and comes back later.
        """
        self.clock.wrong_by = timedelta(0)
        self.wire.journal = ""
        self.clock.sleep(7 * 3600)

    def _start_again(self, changes: ChangeSet | None) -> ChangeSet | None:
        self.wire.dead, self.wire.journal = False, ""
        self.desk.close()
        self.desk = self._connect()
        if self.path is None:
            return changes
        self.store.close()
        way, self.wire.damage = self.wire.damage, ""
        lost = damage(self.path, way, self.seed + self.starts)
        try:
            self.store = self._open()
        except StateCorruptError as error:
            self._noted(error)
            return self._without_state()
        self.forgot |= lost
        return None if lost else changes

    def _without_state(self) -> None:
        """
        The state cannot be trusted: it is deleted, markers bring everything back.
        """
        self.forgot = True
        if self.path is None:
            self.store = self._open()
            return
        self.store.close()
        for file in self.path.parent.glob(f"{self.path.name}*"):
            file.unlink()
        self.store = self._open()

    def _noted(self, error: SmmError) -> None:
        text = "".join(traceback.format_exception(error)) + repr(error)
        self.errors.append(f"{type(error).__name__}: {error}")
        if any(one in text for one in self.wire.tokens):
            self.problems.append(f"I9: the token stands in {type(error).__name__}")
        if not isinstance(error, (DeployError, PlatformError)):
            self.problems.append(f"unexpected {type(error).__name__}: {error}")

    # -- what she runs -------------------------------------------------------------

    def _targets(self) -> list[Target]:
        return [Target(self.desk, self.desk.account(), self.desk.wanted(self.plan))]

    def _plan(self) -> ChangeSet:
        edited = set(self.wire.by_hand)
        changes = make_changes(
            self.plan,
            self._targets(),
            self.store,
            clock=self.clock,
            environment="sandbox",
        )
        # What was edited while the plan was read may stand in it, or not.
        self.shown |= edited | {c.remote_id for c in changes.changes}
        return changes

    def _apply(self, changes: ChangeSet) -> None:
        if self.agreed and changes.total is not None:
            self._approve(changes)
        apply(
            changes,
            self.plan,
            self._targets(),
            self.store,
            clock=self.clock,
            random=Random(self.seed),
            approve=str(changes.total) if self.agreed else None,
        )

    def _approve(self, changes: ChangeSet) -> None:
        assert changes.total is not None
        self.approved = max(self.approved, int(changes.total.amount * 100))

    def _activate(self, changes: ChangeSet) -> None:
        self._approve(changes)
        activate(
            changes,
            self.plan,
            self._targets(),
            self.store,
            clock=self.clock,
            approve=str(changes.total),
            random=Random(self.seed),
        )

    def _intrude(self, other_host: bool) -> None:  # noqa: FBT001
        """
        A colleague applies the same plan: beside us, or from another computer.
        """
        desk = self._connect()
        targets = [Target(desk, desk.account(), desk.wanted(self.plan))]
        store = self.store.inner
        self.shown |= set(self.wire.by_hand)  # she sees them in her own plan
        if other_host:
            self.raced = True
            store = MemoryStateStore(project_id=PROJECT, clock=self.clock)
        try:
            changes = make_changes(
                self.plan, targets, store, clock=self.clock, environment="sandbox"
            )
            apply(
                changes, self.plan, targets, store, clock=self.clock, random=Random(1)
            )
        except (StateLockedError, StaleChangesError, SpendGuardError) as error:
            self.errors.append(f"colleague: {type(error).__name__}: {error}")
        finally:
            desk.close()

    # -- what must hold at every step ----------------------------------------------

    def _check_step(self, wire: Wire, before: Counter[str], by_client: bool) -> None:  # noqa: FBT001
        after = wire.marks()
        grown = [m for m, count in after.items() if count > max(before.get(m, 0), 1)]
        if by_client and not self.raced and any(before.get(m, 0) for m in grown):
            wire.broken.append(f"I6: the client made a second object: {grown}")
        self._check_money(wire)
        if wire.by_hand:
            self._check_by_hand(wire)
        if self.untouched != self.foreign():
            wire.broken.append("I12: a foreign object was touched")

    def _check_money(self, wire: Wire) -> None:
        active = [t for t in wire.living() if t.active and t.marker]
        if active and not self.approved:
            wire.broken.append(f"I3: active before anybody approved: {active[0]}")
        marks = [t.marker for t in active]
        if len(marks) != len(set(marks)):
            wire.broken.append("I4: two are active for one address")
        running = sum(t.cents for t in active)
        if self.approved and running > self.approved:
            wire.broken.append(f"I5: {running} cents run, {self.approved} approved")

    def _check_by_hand(self, wire: Wire) -> None:
        names = {t.id: t.name for t in wire.living()}
        for thing, what in wire.by_hand.items():
            hidden = thing not in self.shown and what == "name"
            if hidden and "by hand" not in names.get(thing, "by hand"):
                wire.broken.append("F23: an edit was overwritten without being shown")

    # -- what must hold in the end -------------------------------------------------

    def _check_end(self, *, edited: bool) -> None:
        self.wire.quiet = True
        self.clock.sleep(200)  # late writes have landed by now
        self.wire.quiet = False
        state = self.store.snapshot()
        living = {t.id: t for t in self.wire.living() if t.marker}
        marks = self.wire.marks()
        self.problems += [f"I1: {n} objects for {m}" for m, n in marks.items() if n > 1]
        known = {thing.address: thing for thing in state.resources.values()}
        orphans = set(living) - {thing.remote_id for thing in known.values()}
        # Without the state, nobody can know what an edit of the plan dropped.
        if orphans and not (self.forgot and edited):
            self.problems.append(f"I2: nobody knows of {sorted(orphans)}")
        if state.open_intents:
            self.problems.append("I10: writes were left open")
        wanted = self._wanted()
        if extra := set(known) - {resource.address for resource in wanted}:
            self.problems.append(f"still there: {sorted(extra)}")
        for resource in wanted:
            self._check_one(resource, known.get(resource.address), living)

    def _wanted(self) -> Sequence[Resource]:
        key = (self.world.name, self.plan.content_hash)
        if key not in _WANTED:
            sandbox = Sandbox(seed=0)
            platform = self.world.connect(
                sandbox,
                transport=sandbox.transport(),
                clock=Clock(sandbox),
                random=Random(0),
            )
            _WANTED[key] = platform.wanted(self.plan).resources
        return _WANTED[key]

    def _check_one(
        self, resource: Resource, thing: Tracked | None, living: dict[str, Any]
    ) -> None:
        if thing is None:
            self.problems.append(f"I2: lost {resource.address}")
            return
        if resource.kind in {Kind.MEDIA, Kind.AUDIENCE}:
            return
        remote = living.get(thing.remote_id)
        runs = resource.kind in _RUNS and resource.status is Status.ACTIVE
        if remote is None:
            self.problems.append(f"I2: {resource.address} is not there")
        elif remote.marker != thing.marker:
            self.problems.append(f"I2: wrong id for {resource.address}")
        elif runs and not remote.active:
            self.problems.append(f"not running: {resource.address}")

    def _check_idle(self) -> None:
        """
        A further plan is empty, a further apply writes nothing, and both do look.
        """
        self.busy = self.wire.requests
        self.wire.faults.clear()
        self.wire.armed.clear()
        self.wire.journal = ""
        self.clock.wrong_by = timedelta(0)
        writes, requests = self.wire.writes, self.wire.requests
        assert self.last is not None
        if self.last.changes:
            summary = self.last.summary()
            self.problems.append(f"I7: an idle plan is not empty: {summary}")
        try:
            self._apply(self.last)
        except SmmError as error:
            self.problems.append(f"I7: an idle apply failed: {error!r}")
        if self.wire.writes != writes:
            self.problems.append("I7: an idle apply wrote something")
        if self.wire.requests == requests:
            self.problems.append("I7: an idle apply did not look")
        most = 2 * 18 * self.wire.lost + 4 * 6 * self.starts
        if self.desk.lookups > most:
            self.problems.append(f"I11: {self.desk.lookups} look-ups, {most} allowed")

    def _check_secrets(self) -> None:
        state = self.store.snapshot()
        text = f"{state!r}{list(self.store.events())!r}{self.errors!r}{self.desk!r}"
        if self.path is not None:
            text += self.path.read_bytes().decode("latin-1")
        if any(one in text for one in self.wire.tokens):
            self.problems.append("I9: the token stands in the state")
        with self.store.lock("a test"):  # I10: free again
            pass


_WANTED: dict[tuple[str, str], Sequence[Resource]] = {}


@cache
def requests_of(name: str, *, batched: bool, relaunch: bool = False) -> int:
    """
    How many requests an undisturbed run takes.
    """
    scenario = Launch(WORLDS[name], batched=batched, relaunch=relaunch)
    found = scenario.run()
    assert [] == found, found
    return scenario.busy
