"""
Apply a change set: exactly what it shows, everything paused, resumable at any moment.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from random import Random
from typing import Any

import attrs

from smmlib.deploy._canonical import normal, resolved
from smmlib.deploy._changes import ChangeSet
from smmlib.deploy._diff import Comparison, Planned
from smmlib.deploy._exposure import cap_issues
from smmlib.deploy._guard import (
    check_approval,
    check_changes,
    check_covered,
    check_state,
    holder,
    unapproved_raise,
)
from smmlib.deploy._observe import Identity
from smmlib.deploy._order import together, waves
from smmlib.deploy._plan import Survey, survey
from smmlib.deploy._render import html_table
from smmlib.deploy._run import EXPOSURE, NAME, STATUS, Progress, Run, Step
from smmlib.deploy._send import deliver
from smmlib.deploy._settle import settle_open, taken_over
from smmlib.deploy._target import DELIVERING, ORDER, Target
from smmlib.errors import SpendGuardError
from smmlib.model import Caps, FrozenMap, MediaPlan, Money, Status
from smmlib.ports import Action, Clock, Operation, Ref, StateStore, Tracked

_RESUME = (
    "Nothing is lost: what was made is paused and recorded. Run it again to go on."
)


@attrs.frozen
class Applied:
    """
    What an apply or an activation did.

    Attributes:
        changes: Hash of the change set.
        done: Address and action of everything that was done, in order.
    """

    changes: str
    done: tuple[tuple[str, Action], ...] = ()

    @property
    def writes(self) -> int:
        """
        How many writes were needed.
        """
        silent = {Action.ADOPT, Action.FORGET, Action.NOOP}
        return sum(action not in silent for _, action in self.done)

    def of(self, action: Action | str) -> tuple[str, ...]:
        """
        Addresses one kind of thing was done to, e.g. `create`.
        """
        return tuple(address for address, did in self.done if did == Action(action))

    def __str__(self) -> str:
        if not self.done:
            return "Nothing to do: everything is as planned."
        counts = {action: len(self.of(action)) for action in Action}
        parts = [f"{count} {action}" for action, count in counts.items() if count]
        return f"Done: {', '.join(parts)}."

    def _repr_html_(self) -> str:
        from html import escape

        rows = [
            f"<tr><td>{escape(action)}</td><td><code>{escape(address)}</code></td></tr>"
            for address, action in self.done
        ]
        return html_table(str(self), ("action", "what"), rows)


def apply(
    changes: ChangeSet,
    plan: MediaPlan,
    targets: Sequence[Target],
    store: StateStore,
    *,
    clock: Clock,
    random: Random | None = None,
    progress: Callable[[Progress], None] | None = None,
    allowlist: Collection[str] = (),
    approve: Money | str | None = None,
    caps: Caps | None = None,
    by: str = "",
    blocked: Callable[[], str] = str,
) -> Applied:
    """
    Do what a change set shows, and nothing else. Everything new is made paused.

    It may stop at any moment, by an error, Ctrl-C or a power cut: applying the same
    change set again goes on where it stopped, and nothing is made twice.

    Args:
        changes: What to do, as `make_changes` showed it.
        plan: The plan it was made from.
        targets: The ad accounts it was made for.
        store: The state it was made with.
        clock: The time.
        random: Spreads waiting times.
        progress: Is told after every step.
        allowlist: Accounts that may be written to in production.
        approve: The total amount shown, or the approval token of the changes; only
            needed when what runs could spend more than was approved, or one part of it
            over half as much again.
        caps: Ceilings of the environment.
        by: Who approves.
        blocked: Says why nothing may be written right now, or an empty text; asked
            before every request.

    Returns:
        What was done; nothing when everything is as planned.

    Raises:
        StaleChangesError: Plan, account, state or platform moved since.
        StateLockedError: Somebody else is applying.
        SpendGuardError: It would raise the spend of what runs, unapproved.
        OutcomeUnknownError: A write's answer was lost and cannot be looked up now.
        ApplyInterruptedError: The platform refused something or went away.
        PlatformError: An account could not be read.
    """
    check_changes(changes, plan, targets, clock=clock, allowlist=allowlist)
    with running(
        changes,
        plan,
        targets,
        store,
        clock=clock,
        random=random,
        progress=progress,
        blocked=blocked,
    ) as (run, now):
        check_covered(now.changes, changes)
        if unapproved_raise(now.changes, store):
            _approve_raise(changes, plan, targets, store, approve, by, clock, caps)
        # An apply that finds nothing to do must not make earlier change sets void.
        if any(c.planned or c.known for c in now.comparisons):
            store.begin(changes.hash)
        run.total = now.changes.writes
        run.log("apply started", changes.summary())
        for comparison in now.comparisons:
            _account(run, comparison)
        run.finish("apply")
    return Applied(changes.hash, tuple(run.done))


def _approve_raise(  # noqa: PLR0917 - all of apply's arguments that speak of money
    changes: ChangeSet,
    plan: MediaPlan,
    targets: Sequence[Target],
    store: StateStore,
    approve: Money | str | None,
    by: str,
    clock: Clock,
    caps: Caps | None,
) -> None:
    passed = cap_issues(plan, targets, caps)
    if passed:
        raise SpendGuardError(passed[0].message, hint=passed[0].hint, issues=passed)
    check_approval(changes, store, approve=approve, by=by, clock=clock)


@contextmanager
def running(
    changes: ChangeSet,
    plan: MediaPlan,
    targets: Sequence[Target],
    store: StateStore,
    *,
    clock: Clock,
    random: Random | None,
    progress: Callable[[Progress], None] | None,
    blocked: Callable[[], str] = str,
) -> Iterator[tuple[Run, Survey]]:
    """
    Hold the lock, check the state, close what is open, read everything anew.
    """
    with store.lock(holder()):
        state = store.snapshot()
        check_state(changes, plan, state)
        if state.open_intents:
            store.begin(changes.hash)
        run = Run(
            changes.hash,
            store,
            Identity(plan.project_id, changes.environment),
            clock,
            random or Random(),  # noqa: S311 - spreads waiting times, nothing secret
            progress,
            blocked=blocked,
        )
        try:
            settle_open(run, targets)
            yield run, look(changes, plan, targets, store, clock=clock)
        except KeyboardInterrupt as stop:
            stop.add_note(_RESUME)
            raise


def look(
    changes: ChangeSet,
    plan: MediaPlan,
    targets: Sequence[Target],
    store: StateStore,
    *,
    clock: Clock,
) -> Survey:
    """
    Everything as it is right now.
    """
    return survey(
        plan,
        targets,
        store.snapshot(),
        clock=clock,
        environment=changes.environment,
    )


# -- one account ----------------------------------------------------------------------


def _account(run: Run, comparison: Comparison) -> None:
    target = comparison.target
    ids = dict(comparison.ids)
    take_over(run, comparison)
    for wave in waves(comparison.planned):
        steps = list(_ready(run, wave, ids))
        _deliver(run, target, steps)
        ids |= _ids(run, target)
    _leave(run, comparison)


def take_over(run: Run, comparison: Comparison) -> None:
    """
    Record objects that are as planned already and only were not known.
    """
    target = comparison.target
    found = [p for p in comparison.planned if p.change.action is Action.ADOPT]
    if found:
        drops = [key for p in found for key in p.drops]
        run.note(target, [_adopted(p) for p in found], Action.ADOPT, forget=drops)
        for item in found:
            run.succeed(item.change.address, Action.ADOPT, wrote=False)
    if comparison.known:
        run.note(target, comparison.known, Action.NOOP)


def _adopted(planned: Planned) -> Tracked:
    change, remote = planned.change, planned.remote
    assert remote is not None  # noqa: S101 - one adopts what was found
    return taken_over(
        planned.target,
        remote,
        Tracked(
            change.address,
            change.platform,
            account=change.account,
            kind=change.kind,
            remote_id=remote.id,
            marker=change.marker,
            generation=change.generation,
            exposure=change.exposure,
        ),
    )


def _ids(run: Run, target: Target) -> dict[str, str]:
    """
    The newest generation's id of every address we track by now.
    """
    known = sorted(target.tracked(run.store.snapshot()), key=lambda t: t.generation)
    return {thing.address: thing.remote_id for thing in known}


def _ready(run: Run, wave: Sequence[Planned], ids: dict[str, str]) -> Iterator[Step]:
    for planned in wave:
        step = _step(planned, ids)
        missing = _unresolved(step.operation.fields)
        if missing:
            address = planned.change.address
            run.skip(planned.target, address, f"it needs {missing}, which is not there")
        else:
            yield step


def _unresolved(value: Any) -> str:
    if isinstance(value, Ref):
        return value.address
    if isinstance(value, dict | FrozenMap):
        return next((found for v in value.values() if (found := _unresolved(v))), "")
    if isinstance(value, list | tuple):
        return next((found for v in value if (found := _unresolved(v))), "")
    return ""


def _deliver(run: Run, target: Target, steps: Sequence[Step]) -> None:
    for part in together(steps, target.platform.capabilities):
        if target.key in run.halted:
            for step in part:
                run.skip(target, step.address, "the platform takes nothing right now")
        else:
            deliver(run, target, part)


def _step(planned: Planned, ids: dict[str, str]) -> Step:
    if planned.change.action is Action.UPDATE:
        return _update(planned, ids)
    if planned.change.action is Action.PAUSE:
        return pause(planned)
    return _create(planned, ids)


def _create(planned: Planned, ids: dict[str, str]) -> Step:
    change, resource = planned.change, planned.resource
    assert resource is not None  # noqa: S101 - only what is wanted is made
    fields = FrozenMap(resolved(resource.fields, ids))
    operation = Operation(
        Action.CREATE,
        resource.kind,
        address=change.address,
        marker=change.marker,
        name=resource.name,
        fields=fields,
        content=resource.content,
    )
    after = Tracked(
        change.address,
        change.platform,
        account=change.account,
        kind=change.kind,
        remote_id="",
        marker=change.marker,
        fields=fields,
        name=resource.name,
        generation=change.generation,
        status=Status.PAUSED,
        exposure=resource.exposure,
    )
    return Step(
        planned.target, operation, change.generation, after, drops=planned.drops
    )


def _update(planned: Planned, ids: dict[str, str]) -> Step:
    change, remote, resource = planned.change, planned.remote, planned.resource
    assert remote is not None  # noqa: S101 - one updates what is there
    assert resource is not None  # noqa: S101 - and what is wanted
    patch = FrozenMap(resolved(planned.patch, ids))
    known = planned.tracked or _adopted(planned)
    operation = Operation(
        Action.UPDATE,
        change.kind,
        address=change.address,
        marker=change.marker,
        name=planned.rename,
        fields=patch,
        remote_id=remote.id,
    )
    after = attrs.evolve(
        known,
        fields={**known.fields, **patch},
        name=resource.name or known.name,
        exposure=resource.exposure,
        # Where it should stand still, it was paused just before.
        status=known.status if resource.status is Status.ACTIVE else Status.PAUSED,
    )
    there = normal(remote.fields)
    before = {key: there.get(key) for key in patch}
    if planned.rename:
        before[NAME] = remote.name
    if known.exposure is not None:
        before[EXPOSURE] = str(known.exposure)
    return Step(planned.target, operation, change.generation, after, before=before)


def pause(planned: Planned) -> Step:
    """
    Switch one object off.
    """
    change, remote = planned.change, planned.remote
    assert remote is not None  # noqa: S101 - one pauses what is there
    operation = Operation(
        Action.PAUSE,
        change.kind,
        address=change.address,
        marker=change.marker,
        remote_id=remote.id,
    )
    known = planned.tracked or _adopted(planned)
    after = attrs.evolve(known, status=Status.PAUSED)
    before = {STATUS: remote.status.value}
    return Step(planned.target, operation, change.generation, after, before=before)


# -- what goes ------------------------------------------------------------------------


def _leave(run: Run, comparison: Comparison) -> None:
    """
    Archive what is not wanted any more, children first.

    What something else may still stand on goes only if all before went well.
    """
    target = comparison.target
    forgotten = [p for p in comparison.planned if p.change.action is Action.FORGET]
    if forgotten:
        keys = [_key(p) for p in forgotten]
        things = [p.tracked or _adopted(p) for p in forgotten]
        run.note(target, things, Action.FORGET, forget=keys)
    by_kind: dict[int, list[Planned]] = {}
    for planned in comparison.planned:
        if planned.change.action in {Action.ARCHIVE, Action.REPLACE}:
            by_kind.setdefault(-ORDER[planned.change.kind], []).append(planned)
    for kind in sorted(by_kind):
        # Asked anew for every kind: a child that would not go keeps what it stands on.
        needed = _needed(run, comparison)
        steps = []
        for planned in by_kind[kind]:
            doubtful = target.key in run.troubled and _stood_on(planned)
            if doubtful or planned.change.remote_id in needed:
                run.skip(target, planned.change.address, "others may still stand on it")
            else:
                steps.append(_archive(planned))
        _deliver(run, target, steps)


def _needed(run: Run, comparison: Comparison) -> set[str]:
    """
    Ids that objects which should have gone, and are still there, stand on.
    """
    stuck = {*run.failed, *run.unknown, *run.pending}
    return {
        value
        for planned in comparison.planned
        if planned.change.address in stuck and planned.remote is not None
        for value in planned.remote.fields.values()
        if isinstance(value, str)
    }


def _stood_on(planned: Planned) -> bool:
    change = planned.change
    if change.action is Action.REPLACE or change.kind not in DELIVERING:
        return True
    return planned.resource is None and planned.tracked is None


def _former(planned: Planned) -> int:
    replaced = planned.change.action is Action.REPLACE
    return planned.change.generation - replaced


def _key(planned: Planned) -> str:
    change = planned.change
    return f"{change.target}/{change.address}#{_former(planned)}"


def _archive(planned: Planned) -> Step:
    change, remote = planned.change, planned.remote
    assert remote is not None  # noqa: S101 - one archives what is there
    operation = Operation(
        Action.ARCHIVE,
        change.kind,
        address=change.address,
        marker=remote.marker,
        remote_id=remote.id,
    )
    known, there = planned.tracked, normal(remote.fields)
    # Ours alone: what a platform adds by itself cannot be sent when it is made again.
    before = {k: v for k, v in there.items() if known is None or k in known.fields}
    before |= {STATUS: remote.status.value, NAME: known.name if known else remote.name}
    if known is not None and known.exposure is not None:
        before[EXPOSURE] = str(known.exposure)
    return Step(
        planned.target,
        operation,
        _former(planned),
        drops=(_key(planned),),
        before=before,
    )
