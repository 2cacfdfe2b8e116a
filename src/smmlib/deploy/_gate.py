"""
The gate before money flows: exactly one living object for every marker.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs

from smmlib.deploy._diff import Comparison
from smmlib.deploy._observe import find
from smmlib.deploy._order import chunks
from smmlib.deploy._run import STATUS, Run, Step
from smmlib.deploy._send import deliver
from smmlib.deploy._settle import taken_over, wait_for_settling
from smmlib.deploy._target import DELIVERING, ORDER, Target, current
from smmlib.errors import SpendGuardError, StaleChangesError
from smmlib.model import Status
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
    found |= _unmarked(things, found, comparison)
    _all_there(target, things, found)
    kept = _survivors(things, found)
    moved = [
        taken_over(target, kept[t.marker], attrs.evolve(t, remote_id=kept[t.marker].id))
        for t in things
        if kept[t.marker].id != t.remote_id
    ]
    twins = list(_twins(target, things, found, kept))
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


def _unmarked(
    things: Sequence[Tracked],
    found: Mapping[str, Sequence[Remote]],
    comparison: Comparison,
) -> dict[str, list[Remote]]:
    """
    Objects that carry no mark at all, as a post of others in an ad: known by their id.

    Nothing carries their marker, so each is the only one.
    """
    seen = comparison.sights
    return {
        thing.marker: [remote]
        for thing in things
        if not found.get(thing.marker) and thing.address in seen
        for remote in (seen[thing.address].remote,)
        if remote is not None and not remote.marker and remote.id == thing.remote_id
    }


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


def _survivors(
    things: Sequence[Tracked], found: Mapping[str, Sequence[Remote]]
) -> dict[str, Remote]:
    """
    The one of each marker that stays: the oldest, unless only a younger one is in use.

    What hangs in a twin that goes, goes first; what ads only show (creatives,
    audiences) is chosen after them, so that a survivor never stands on what goes if it
    need not. All of it is read from the platform and nothing from our state, so that
    two colleagues who look come to the same answer.
    """
    used = {leaf for some in found.values() for r in some for leaf in _leaves(r.fields)}
    going: set[str] = set()
    kept: dict[str, Remote] = {}
    tree = [t for t in things if t.kind in DELIVERING]
    for thing in sorted(tree, key=lambda t: ORDER[t.kind]):
        twins = found[thing.marker]
        standing = [t for t in twins if not going & set(_leaves(t.fields))] or twins
        in_use = [t for t in standing if t.id in used]
        kept[thing.marker] = (in_use or standing)[0]
        going |= {t.id for t in twins} - {kept[thing.marker].id}
    used = {leaf for remote in kept.values() for leaf in _leaves(remote.fields)}
    for thing in things:
        if thing.kind not in DELIVERING:
            twins = found[thing.marker]
            kept[thing.marker] = next((t for t in twins if t.id in used), twins[0])
    return kept


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _leaves(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _leaves(item)


def _twins(
    target: Target,
    things: Sequence[Tracked],
    found: Mapping[str, Sequence[Remote]],
    kept: Mapping[str, Remote],
) -> Iterator[Step]:
    # What a survivor still stands on stays until the next apply has moved it over.
    needed = {leaf for remote in kept.values() for leaf in _leaves(remote.fields)}
    for thing in things:
        stays = kept[thing.marker]
        for twin in found[thing.marker]:
            if twin.id == stays.id or twin.id in needed:
                continue
            if twin.status is Status.ACTIVE:
                raise SpendGuardError(
                    f"{thing.address} exists twice on {target.key} and the spare one "
                    f"is active: {stays.id} and {twin.id}",
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
    before = {STATUS: twin.status.value}
    return Step(target, operation, thing.generation, before=before)
