"""
What stood where, as far as the journal knows: the ways back.

Each gives the accounts with another wish than the plan's: everything as it was applied,
as it was before a run, or gone. Planning and applying that is the same as ever.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import attrs

from smmlib.deploy._changes import Purpose
from smmlib.deploy._run import EXPOSURE, NAME, STATUS
from smmlib.deploy._target import DELIVERING, ORDER, Target, current
from smmlib.errors import ConfigurationError
from smmlib.model import FrozenMap, Money, Status
from smmlib.ports import (
    Action,
    Intent,
    Kind,
    Phase,
    Ref,
    Resource,
    State,
    StateStore,
    Tracked,
    Wanted,
)

_WRITING = {
    Action.CREATE,
    Action.UPDATE,
    Action.ACTIVATE,
    Action.PAUSE,
    Action.ARCHIVE,
}


@attrs.frozen
class RunRecord:
    """
    One run of the past: an apply, an activation, a stop or a way back.

    Attributes:
        name: What it is called: the fingerprint of its change set, or `stop` and a
            time.
        started_at: When its first write was recorded.
        counts: How many writes of each kind were done, e.g. `create: 8`.
    """

    name: str
    started_at: datetime
    counts: FrozenMap[int] = attrs.field(converter=FrozenMap)

    def __str__(self) -> str:
        done = ", ".join(f"{count} {action}" for action, count in self.counts.items())
        return f"{self.name[:12]}  {self.started_at:%Y-%m-%d %H:%M}  {done}"


def runs(store: StateStore) -> tuple[RunRecord, ...]:
    """
    Every run that wrote something, oldest first.
    """
    found: dict[str, list[Intent]] = {}
    for intent in _done(store.writes()):
        found.setdefault(intent.run, []).append(intent)
    return tuple(
        RunRecord(
            name,
            min(intent.sent_at for intent in some),
            dict(Counter(intent.action.value for intent in some)),
        )
        for name, some in found.items()
    )


def find_run(store: StateStore, wanted: str = "") -> str:
    """
    The full name of a run, by its beginning; the last one when nothing is named.

    Raises:
        ConfigurationError: There is no such run, or several begin like this.
    """
    known = [record.name for record in runs(store)]
    if not wanted and known:
        return known[-1]
    found = [name for name in known if wanted and name.startswith(wanted)]
    if len(found) == 1:
        return found[0]
    what = "nothing was written yet" if not known else f"there is no run {wanted!r}"
    if found:
        what = f"{len(found)} runs begin with {wanted!r}"
    raise ConfigurationError(
        what, hint="smm rollback --list shows all runs" if known else "apply first"
    )


def towards(
    purpose: Purpose,
    targets: Sequence[Target],
    store: StateStore,
    *,
    undoes: str = "",
    own: str = "",
) -> tuple[Target, ...]:
    """
    The accounts with what a purpose wants of them.

    Args:
        purpose: What for.
        targets: The accounts, with what the plan wants there.
        store: The state.
        undoes: For a roll-back: the run.
        own: Fingerprint of the change set that is being applied, if one is: what it
            did itself is not undone.
    """
    if purpose is Purpose.SET_UP:
        return tuple(targets)
    if purpose is Purpose.DESTROY:
        return tuple(_gone(target) for target in targets)
    state = store.snapshot()
    if purpose is Purpose.REVERT:
        return tuple(_as_applied(target, state) for target in targets)
    writes = [i for i in _done(store.writes()) if i.run != own]
    start = next((n for n, i in enumerate(writes) if i.run == undoes), len(writes))
    return tuple(_as_before(target, state, writes, start) for target in targets)


def _done(writes: Iterable[Intent]) -> Iterator[Intent]:
    for intent in writes:
        mine = intent.kind is not Kind.POST and intent.action in _WRITING
        if mine and intent.phase is Phase.DONE:
            yield intent


# -- the three wishes -----------------------------------------------------------------


def _gone(target: Target) -> Target:
    """
    Everything archived; what still runs is switched off first.
    """
    wanted = [
        attrs.evolve(resource, status=Status.ARCHIVED)
        for resource in target.wanted.resources
    ]
    return attrs.evolve(target, wanted=Wanted(tuple(wanted)), pause_first=True)


def _as_applied(target: Target, state: State) -> Target:
    """
    Everything as we applied it last: what differs was done by others.
    """
    mine = current(_ours(target, state))
    images = [_image(thing) for thing in mine.values()]
    return attrs.evolve(target, wanted=_wanted(images, _addresses(mine.values(), ())))


def _as_before(
    target: Target, state: State, writes: Sequence[Intent], start: int
) -> Target:
    """
    Everything as it was before a run; what it touched, and what came later, is paused.
    """
    mine = _ours(target, state)
    account = (target.platform.name, target.account.id)
    here = [i for i in writes if (i.platform, i.account) == account]
    undone = [i for i in writes[start:] if (i.platform, i.account) == account]
    images: dict[tuple[str, int], Tracked] = {
        (thing.address, thing.generation): thing for thing in mine
    }
    for intent in reversed(undone):
        _undo(images, intent)
    touched = frozenset(intent.address for intent in undone)
    newest = current(tuple(images.values()))
    wanted = [
        _image(thing, pause=thing.address in touched) for thing in newest.values()
    ]
    return attrs.evolve(
        target,
        wanted=_wanted(wanted, _addresses(mine, here)),
        scope=touched,
        pause_first=True,
    )


def _undo(images: dict[tuple[str, int], Tracked], intent: Intent) -> None:
    """
    Take one write back, in the picture of what stood there.
    """
    key = (intent.address, intent.generation)
    if intent.action is Action.CREATE:
        images.pop(key, None)
    elif intent.action is Action.ARCHIVE:
        if NAME in intent.before:  # else it was a spare twin, which nobody wants back
            images[key] = _restored(_blank(intent), intent.before)
    elif key in images:
        images[key] = _restored(images[key], intent.before)


def _blank(intent: Intent) -> Tracked:
    return Tracked(
        intent.address,
        intent.platform,
        account=intent.account,
        kind=intent.kind,
        remote_id=intent.remote_id,
        marker=intent.marker,
        generation=intent.generation,
    )


def _restored(thing: Tracked, before: Mapping[str, Any]) -> Tracked:
    fields = dict(thing.fields)
    for key, value in before.items():
        if key.startswith("$"):
            continue
        if value is None:
            fields.pop(key, None)
        else:
            fields[key] = value
    amount = before.get(EXPOSURE)
    return attrs.evolve(
        thing,
        fields=fields,
        name=before.get(NAME, thing.name),
        status=Status(before.get(STATUS, thing.status)),
        exposure=Money.parse(amount) if amount else thing.exposure,
    )


# -- small parts ----------------------------------------------------------------------


def _ours(target: Target, state: State) -> tuple[Tracked, ...]:
    return tuple(t for t in target.tracked(state) if t.kind is not Kind.POST)


def _addresses(
    mine: Iterable[Tracked], writes: Iterable[Intent]
) -> dict[str, tuple[str, Kind]]:
    """
    Which address an id stands for: ids of the past as well, so that what is made anew
    hangs in what is there. Uploads are found by content and need no address.
    """
    known = {i.remote_id: (i.address, i.kind) for i in writes if i.remote_id}
    known |= {thing.remote_id: (thing.address, thing.kind) for thing in mine}
    return {own: found for own, found in known.items() if found[1] is not Kind.MEDIA}


def _image(thing: Tracked, *, pause: bool = False) -> Resource:
    resting = thing.status is not Status.ACTIVE or pause
    delivers = thing.kind in DELIVERING
    return Resource(
        thing.address,
        thing.kind,
        fields=thing.fields,
        name=thing.name,
        status=Status.PAUSED if resting and delivers else Status.ACTIVE,
        exposure=thing.exposure,
    )


def _wanted(
    images: Iterable[Resource], known: Mapping[str, tuple[str, Kind]]
) -> Wanted:
    wanted = sorted(images, key=lambda r: ORDER[r.kind])
    there = {resource.address for resource in wanted}
    return Wanted(
        tuple(
            attrs.evolve(r, fields=FrozenMap(_named(dict(r.fields), r, known, there)))
            for r in wanted
        )
    )


def _named(
    value: Any,
    resource: Resource,
    known: Mapping[str, tuple[str, Kind]],
    there: set[str],
) -> Any:
    """
    The value with addresses in place of the ids of our own objects.
    """
    if isinstance(value, str) and value in known:
        address, kind = known[value]
        below = ORDER[kind] < ORDER[resource.kind]
        return Ref(address) if below and address in there else value
    if isinstance(value, Mapping):
        return {k: _named(v, resource, known, there) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_named(item, resource, known, there) for item in value]
    return value
