"""
When things are not as they were left: accept what others did, or rebuild the journal.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from random import Random

import attrs

from smmlib.deploy._apply import Applied, take_over
from smmlib.deploy._changes import ChangeSet, Purpose
from smmlib.deploy._diff import Comparison, Planned
from smmlib.deploy._guard import (
    check_changes,
    check_covered,
    check_state,
    holder,
    unapproved_raise,
)
from smmlib.deploy._observe import Identity
from smmlib.deploy._past import towards
from smmlib.deploy._plan import survey
from smmlib.deploy._run import Progress, Run
from smmlib.deploy._settle import settle_open, taken_over
from smmlib.deploy._target import Target
from smmlib.errors import Issue, Severity, StaleChangesError
from smmlib.model import Caps, MediaPlan, Status
from smmlib.ports import Action, Clock, StateStore

_AGAIN = "refresh again, and look at it"


def rehearse(
    changes: ChangeSet,
    plan: MediaPlan,
    targets: Sequence[Target],
    store: StateStore,
    *,
    clock: Clock,
    allowlist: Collection[str] = (),
    caps: Caps | None = None,
) -> ChangeSet:
    """
    Everything an apply does up to its first write: the guards, and a look at all.

    Args:
        changes: What would be applied.
        plan: The plan it was made from.
        targets: The ad accounts it was made for.
        store: The state it was made with.
        clock: The time.
        allowlist: Accounts that may be written to.
        caps: Ceilings of the environment.

    Returns:
        What would be done now; its issues say so when an approval is missing.

    Raises:
        StaleChangesError: It would be refused.
        SpendGuardError: An account is not allowed.
    """
    check_changes(changes, plan, targets, clock=clock, allowlist=allowlist)
    state = store.snapshot()
    check_state(changes, plan, state)
    now = survey(
        plan, targets, state, clock=clock, environment=changes.environment, caps=caps
    ).changes
    check_covered(now, changes)
    if not unapproved_raise(now, store):
        return now
    needed = Issue(
        "",
        "deploy.approval",
        f"what runs could spend more: {changes.total} must be approved",
        severity=Severity.WARNING,
        hint=f"approve {changes.approval}",
    )
    return attrs.evolve(now, issues=(*now.issues, needed))


def recover(
    plan: MediaPlan,
    targets: Sequence[Target],
    store: StateStore,
    *,
    clock: Clock,
    random: Random | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Applied:
    """
    Rebuild the journal from the markers on the platforms. Nothing is written there.

    Writes that were left open are settled as well. What the plan once had and dropped
    is not found: its address is nowhere.

    Args:
        plan: The plan.
        targets: The ad accounts, each with what the plan wants there.
        store: The state; an empty one, or one that lost some of what it knew.
        clock: The time.
        random: Spreads waiting times.
        progress: Is told after every step.

    Returns:
        The addresses that were found again.

    Raises:
        StateLockedError: Somebody is applying.
        OutcomeUnknownError: A lost write cannot be looked up now.
        PlatformError: An account could not be read.
    """
    with store.lock(holder()):
        state = store.snapshot()
        name = f"recover {clock.now().isoformat()}"
        who = Identity(plan.project_id, state.environment)
        tools = (clock, random or Random())  # noqa: S311 - spreads waiting times
        run = Run(name, store, who, *tools, progress)
        settle_open(run, targets)
        found = survey(
            plan,
            targets,
            store.snapshot(),
            clock=clock,
            environment=state.environment,
        )
        for comparison in found.comparisons:
            take_over(run, comparison)
        run.log("recovered", f"{len(run.done)} objects found by their markers")
    return Applied(name, tuple(run.done))


def accept(
    changes: ChangeSet,
    plan: MediaPlan,
    targets: Sequence[Target],
    store: StateStore,
    *,
    clock: Clock,
) -> Applied:
    """
    Take what others did on the platforms as if we had applied it. Writes nothing there.

    The plan keeps its opinion: where it says otherwise, the next plan shows a plain
    change and no drift.

    Args:
        changes: What a refresh showed; only this is accepted.
        plan: The plan.
        targets: The ad accounts.
        store: The state.
        clock: The time.

    Raises:
        StaleChangesError: Something moved since, or these are no changes of a refresh.
        StateLockedError: Somebody is applying.
    """
    if changes.purpose is not Purpose.REVERT:
        raise StaleChangesError("only what a refresh shows is accepted", hint=_AGAIN)
    with store.lock(holder()):
        state = store.snapshot()
        check_state(changes, plan, state)
        now = survey(
            plan,
            towards(Purpose.REVERT, targets, store),
            state,
            clock=clock,
            environment=changes.environment,
        )
        check_covered(now.changes, changes)
        who = Identity(plan.project_id, changes.environment)
        run = Run(changes.hash, store, who, clock, Random(0))  # noqa: S311 - no waiting
        for planned in now.planned:
            _accept_one(run, planned)
        shown = {i.path for i in changes.issues if i.code == "deploy.paused_elsewhere"}
        _accept_pauses(run, now.comparisons, shown)
        run.log("drift accepted", f"{len(run.done)} objects")
    return Applied(changes.hash, tuple(dict.fromkeys(run.done)))


def _accept_one(run: Run, planned: Planned) -> None:
    thing, remote = planned.tracked, planned.remote
    if thing is None:
        return
    if remote is None:
        run.note(planned.target, [thing], Action.FORGET, forget=[thing.key])
    else:
        after = taken_over(planned.target, remote, thing)
        run.note(planned.target, [after], Action.NOOP)
    run.succeed(thing.address, Action.NOOP, wrote=False)


def _accept_pauses(
    run: Run, comparisons: Sequence[Comparison], shown: set[str]
) -> None:
    """
    What somebody switched off stays off until it is activated again.
    """
    for comparison in comparisons:
        for address, sight in comparison.sights.items():
            thing, remote = sight.tracked, sight.remote
            if thing is None or remote is None or address not in shown:
                continue
            if thing.status is Status.ACTIVE and remote.status is not Status.ACTIVE:
                after = attrs.evolve(thing, status=Status.PAUSED)
                run.note(comparison.target, [after], Action.NOOP)
                run.succeed(address, Action.NOOP, wrote=False)
