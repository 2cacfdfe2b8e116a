"""
The gate before money flows: exactly one living object for every marker.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import attrs

from smmlib.deploy._diff import Comparison
from smmlib.deploy._observe import find
from smmlib.deploy._order import chunks
from smmlib.deploy._run import Run, Step
from smmlib.deploy._send import deliver
from smmlib.deploy._settle import wait_for_settling
from smmlib.deploy._target import ORDER, Target, current
from smmlib.errors import SpendGuardError, StaleChangesError
from smmlib.model import FrozenMap, Status
from smmlib.ports import Action, Kind, Operation, Remote, Tracked


def gate(run: Run, comparison: Comparison) -> bool:
    """
    Let an account through, or say why not.

    A lost answer or a proxy that delivers twice can leave twins. They were born paused,
    so they never spent: all but the oldest are archived here.

    Returns:
        Whether something was archived or taken over, so that all must be read again.

    Raises:
        StaleChangesError: An object of the plan is not there.
        SpendGuardError: A twin is active: somebody must look.
    """
    target = comparison.target
    if not target.platform.capabilities.finds_by_marker:
        return False
    things = _things(run, comparison)
    wait_for_settling(run, target, things)
    found = find(target, {thing.marker: thing.kind for thing in things})
    _all_there(target, things, found)
    moved = list(_moved(things, found))
    twins = list(_twins(target, things, found))
    if moved:
        run.note(target, moved, Action.ADOPT)
    twins.sort(key=lambda step: -ORDER[step.operation.kind])
    for kind in dict.fromkeys(step.operation.kind for step in twins):
        some = [step for step in twins if step.operation.kind is kind]
        for part in chunks(some, target.platform.capabilities):
            deliver(run, target, part)
    return bool(moved or twins)


def _things(run: Run, comparison: Comparison) -> list[Tracked]:
    """
    What the plan wants and we made; uploads are shared, so they have no twins.
    """
    target = comparison.target
    wanted = {
        resource.address
        for resource in target.wanted.resources
        if resource.status is not Status.ARCHIVED
    }
    return [
        thing
        for thing in current(target.tracked(run.store.snapshot())).values()
        if thing.address in wanted and thing.kind is not Kind.MEDIA
    ]


def _all_there(
    target: Target, things: Sequence[Tracked], found: Mapping[str, Sequence[Remote]]
) -> None:
    missing = [thing.address for thing in things if not found.get(thing.marker)]
    if missing:
        raise StaleChangesError(
            f"{len(missing)} objects cannot be found on {target.key}; first: "
            f"{missing[0]}",
            hint="plan again: it shows what is missing",
        )


def _moved(
    things: Sequence[Tracked], found: Mapping[str, Sequence[Remote]]
) -> Iterator[Tracked]:
    """
    Where an older twin exists, it is the one: everybody who looks agrees on that.
    """
    for thing in things:
        oldest = found[thing.marker][0]
        if oldest.id != thing.remote_id:
            yield attrs.evolve(thing, remote_id=oldest.id, status=oldest.status)


def _twins(
    target: Target, things: Sequence[Tracked], found: Mapping[str, Sequence[Remote]]
) -> Iterator[Step]:
    for thing in things:
        for twin in found[thing.marker][1:]:
            if twin.status is Status.ACTIVE:
                raise SpendGuardError(
                    f"{thing.address} exists twice on {target.key} and the newer one "
                    f"is active: {found[thing.marker][0].id} and {twin.id}",
                    hint="look at both on the platform and archive one of them",
                )
            yield _archive(target, thing, twin)


def _archive(target: Target, thing: Tracked, twin: Remote) -> Step:
    operation = Operation(
        Action.ARCHIVE,
        thing.kind,
        address=thing.address,
        marker=thing.marker,
        remote_id=twin.id,
    )
    before = FrozenMap(status=twin.status.value)
    return Step(target, operation, thing.generation, before=before)
