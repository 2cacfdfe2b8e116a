"""
Activate: the second key. Money flows only after this, and only as much as was approved.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from random import Random

import attrs

from smmlib.deploy._apply import Applied, look, running, take_over
from smmlib.deploy._changes import ChangeSet, Purpose
from smmlib.deploy._diff import Comparison
from smmlib.deploy._exposure import cap_issues, is_active
from smmlib.deploy._gate import gate
from smmlib.deploy._guard import check_approval, check_changes
from smmlib.deploy._order import together
from smmlib.deploy._plan import Survey
from smmlib.deploy._run import STATUS, Progress, Run, Step
from smmlib.deploy._send import deliver
from smmlib.deploy._target import DELIVERING, Target, current, parents
from smmlib.errors import SpendGuardError, StaleChangesError
from smmlib.model import Caps, MediaPlan, Money, Status
from smmlib.ports import Action, Clock, Operation, Resource, StateStore, Tracked


def activate(
    changes: ChangeSet,
    plan: MediaPlan,
    targets: Sequence[Target],
    store: StateStore,
    *,
    clock: Clock,
    approve: Money | str | None = None,
    by: str = "",
    caps: Caps | None = None,
    allowlist: Collection[str] = (),
    random: Random | None = None,
    progress: Callable[[Progress], None] | None = None,
    blocked: Callable[[], str] = str,
) -> Applied:
    """
    Let everything run that the plan wants active: ads first, campaigns last.

    Args:
        changes: The change set that was applied; its exposure is what one approves.
        plan: The plan it was made from.
        targets: The ad accounts it was made for.
        store: The state it was made with.
        clock: The time.
        approve: The amount the change set shows, to the cent, or its approval token.
            Not needed to resume an activation that was approved.
        by: Who approves.
        caps: Ceilings of the environment, beside those of the plan.
        allowlist: Accounts that may spend in production.
        random: Spreads waiting times.
        progress: Is told after every step.
        blocked: Says why nothing may be written right now, or an empty text.

    Returns:
        What was activated; nothing when all of it runs already.

    Raises:
        SpendGuardError: No approval, another amount, a cap would be passed, or an
            object exists twice and runs.
        StaleChangesError: Something is not applied yet, or moved since.
        ApplyInterruptedError: Some of it could not be activated.
        OutcomeUnknownError: A write's answer was lost and cannot be looked up now.
    """
    check_changes(changes, plan, targets, clock=clock, allowlist=allowlist)
    _only_what_was_set_up(changes)
    _within_caps(plan, targets, caps)
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
        _all_applied(now, changes)
        check_approval(changes, store, approve=approve, by=by, clock=clock)
        store.begin(changes.hash)
        for comparison in now.comparisons:
            take_over(run, comparison)
        # Every account passes before the first one may spend.
        changed = [gate(run, comparison) for comparison in now.comparisons]
        if any(changed):
            again = look(changes, plan, targets, store, clock=clock)
            _all_applied(again, changes)
            _activate(run, again)
        else:
            _activate(run, now)
        run.finish("activation")
    return Applied(changes.hash, tuple(run.done))


def _only_what_was_set_up(changes: ChangeSet) -> None:
    if changes.purpose is not Purpose.SET_UP:
        raise StaleChangesError(
            f"these changes are there to {changes.purpose}, not to start anything",
            hint="make a change set of the plan, and activate that",
        )


def _within_caps(plan: MediaPlan, targets: Sequence[Target], caps: Caps | None) -> None:
    passed = cap_issues(plan, targets, caps)
    if passed:
        raise SpendGuardError(passed[0].message, hint=passed[0].hint, issues=passed)


def _all_applied(now: Survey, changes: ChangeSet) -> None:
    due = [change for change in now.changes.changes if change.writes]
    if due:
        are = "change is" if len(due) == 1 else "changes are"
        raise StaleChangesError(
            f"{len(due)} {are} not applied; first: {due[0].action} {due[0].address}",
            hint="plan and apply first, then activate",
        )
    if now.changes.exposure != changes.exposure:
        raise StaleChangesError(
            "the exposure is not what the change set shows",
            hint="make a new change set with plan, and look at it",
        )


def _activate(run: Run, now: Survey) -> None:
    plans = [(c.target, list(_due(run, c))) for c in now.comparisons]
    run.total += sum(len(due) for _, due in plans)
    run.log("activation started", now.changes.summary())
    for target, due in plans:
        for kind in reversed(DELIVERING):
            some = [(r, step) for r, step in due if r.kind is kind]
            _level(run, target, due, some)


def _level(
    run: Run,
    target: Target,
    due: Sequence[tuple[Resource, Step]],
    some: Sequence[tuple[Resource, Step]],
) -> None:
    """
    One level of the tree; above a child that could not start, nothing is started.
    """
    blocked = _blocked(run, target, [resource for resource, _ in due])
    ready = []
    for resource, step in some:
        if resource.address in blocked:
            run.skip(target, resource.address, "something below it could not start")
        else:
            ready.append(step)
    for part in together(ready, target.platform.capabilities):
        if target.key in run.halted:
            for step in part:
                run.skip(target, step.address, "the platform takes nothing right now")
        else:
            deliver(run, target, part)


def _blocked(run: Run, target: Target, resources: Sequence[Resource]) -> set[str]:
    by_address = {r.address: r for r in target.wanted.resources}
    stuck = {*run.failed, *run.unknown, *run.pending}
    return {
        parent.address
        for resource in resources
        if resource.address in stuck
        for parent in parents(resource, by_address)
    }


def _due(run: Run, comparison: Comparison) -> Iterator[tuple[Resource, Step]]:
    target = comparison.target
    by_address = {r.address: r for r in target.wanted.resources}
    known = current(target.tracked(run.store.snapshot()))
    for resource in target.wanted.resources:
        if resource.kind not in DELIVERING or not is_active(resource, by_address):
            continue
        thing = known[resource.address]
        remote = comparison.sights[resource.address].remote
        if remote is None or remote.status is not Status.ACTIVE:
            yield resource, _step(target, thing)
        elif thing.status is not Status.ACTIVE:
            after = attrs.evolve(thing, status=Status.ACTIVE)
            run.note(target, [after], Action.NOOP)


def _step(target: Target, thing: Tracked) -> Step:
    operation = Operation(
        Action.ACTIVATE,
        thing.kind,
        address=thing.address,
        marker=thing.marker,
        remote_id=thing.remote_id,
    )
    after = attrs.evolve(thing, status=Status.ACTIVE)
    before = {STATUS: thing.status.value}
    return Step(target, operation, thing.generation, after, before=before)
