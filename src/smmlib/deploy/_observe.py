"""
What stands on the platform now: read by id, and by marker where no id is known.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import attrs

from smmlib.deploy._canonical import normal
from smmlib.deploy._markers import marker
from smmlib.deploy._target import Target, current
from smmlib.model import Delivery, Status
from smmlib.ports import Clock, Kind, Remote, State, Tracked

# How many generations are looked up at once for an address whose history is lost:
# few where they come from deletions, more where every edit makes a new one.
_GENERATIONS = 4
_GENERATIONS_OF_IMMUTABLE = 16
_GONE = {Delivery.DELETED, Delivery.ARCHIVED}


@attrs.frozen
class Identity:
    """
    What a marker is made of, besides the object: the same for a whole run.
    """

    project_id: str
    environment: str

    def marker(self, target: Target, kind: Kind, address: str, generation: int) -> str:
        """
        The mark of one object.
        """
        return marker(
            self.project_id,
            self.environment,
            target.account.id,
            kind,
            address,
            generation,
        )


@attrs.frozen
class Sight:
    """
    One address as it was found.

    Attributes:
        generation: Of what stands there; of what stood there, if nothing does.
        remote: The live object; None when there is none.
        tracked: What we applied last; None when we do not know it yet.
        older: Live objects of former generations, by generation.
        dead: What we track of this address and is gone, besides `tracked`.
    """

    generation: int = 0
    remote: Remote | None = None
    tracked: Tracked | None = None
    older: Mapping[int, Remote] = attrs.field(factory=dict)
    dead: tuple[Tracked, ...] = ()


def is_live(remote: Remote) -> bool:
    """
    Whether an object still stands: neither archived nor deleted.
    """
    return remote.status is not Status.ARCHIVED and remote.delivery not in _GONE


def settle_moment(
    things: Iterable[Tracked], window: timedelta, now: datetime
) -> datetime:
    """
    From when on reads are sure to show the last change; never further than one window.

    A clock that was set back must not make anybody wait for hours.
    """
    times = [t.applied_at for t in things if t.applied_at is not None]
    return min(max(times, default=now - window), now) + window


def wait_until(clock: Clock, moment: datetime) -> None:
    """
    Sleep until a moment; not at all when it has passed.
    """
    clock.sleep(max((moment - clock.now()).total_seconds(), 0.0))


def read(target: Target, things: Iterable[Tracked]) -> dict[str, Remote]:
    """
    Live objects behind what we track, by key: one call per kind.
    """
    by_kind: dict[Kind, list[Tracked]] = defaultdict(list)
    for thing in things:
        by_kind[thing.kind].append(thing)
    found: dict[str, Remote] = {}
    for kind, some in by_kind.items():
        ids = list(dict.fromkeys(thing.remote_id for thing in some))
        remotes = target.platform.read(kind, ids)
        for thing in some:
            remote = remotes.get(thing.remote_id)
            if remote is not None and is_live(remote):
                found[thing.key] = remote
    return found


def find(target: Target, marks: Mapping[str, Kind]) -> dict[str, list[Remote]]:
    """
    Live objects by marker, oldest first: one call per kind.
    """
    if not target.platform.capabilities.finds_by_marker:
        return {}
    found: dict[str, list[Remote]] = defaultdict(list)
    for kind in dict.fromkeys(marks.values()):
        some = [mark for mark, its_kind in marks.items() if its_kind is kind]
        for remote in target.platform.find(kind, some):
            if is_live(remote) and remote.marker in marks:
                found[remote.marker].append(remote)
    return {mark: sorted(some, key=age) for mark, some in found.items()}


def age(remote: Remote) -> tuple[bool, float, int, str]:
    """
    Sorts the oldest first; everybody who looks must agree which one that is.
    """
    made = remote.created_at
    # Ids grow, and 9 comes before 10 although "10" comes before "9".
    return (
        made is None,
        made.timestamp() if made else 0.0,
        len(remote.id),
        remote.id,
    )


def observe(
    target: Target, state: State, who: Identity, *, clock: Clock
) -> dict[str, Sight]:
    """
    Every wanted and every tracked address of an account, as it is now.

    Args:
        target: The account and what is wanted there.
        state: What we know.
        who: Project and environment.
        clock: Waits when a fresh write may not be visible yet.
    """
    tracked = target.tracked(state)
    remotes = _read_settled(target, tracked, clock)
    by_address: dict[str, list[Tracked]] = defaultdict(list)
    for thing in tracked:
        by_address[thing.address].append(thing)
    sights = {
        address: _seen(thing, by_address[address], remotes)
        for address, thing in current(tracked).items()
    }
    return sights | _lost(target, sights, who)


def _seen(
    thing: Tracked, tracked: Iterable[Tracked], remotes: Mapping[str, Remote]
) -> Sight:
    """
    One address, from all that is tracked of it.
    """
    former = [t for t in tracked if t.generation < thing.generation]
    return Sight(
        thing.generation,
        remotes.get(thing.key),
        thing,
        {t.generation: remotes[t.key] for t in former if t.key in remotes},
        tuple(t for t in former if t.key not in remotes),
    )


def _read_settled(
    target: Target, tracked: tuple[Tracked, ...], clock: Clock
) -> dict[str, Remote]:
    """
    Read what we track; what was written just now is given time to become visible.

    Without this, a read that lags behind would pass for a deletion or for drift.
    """
    found = read(target, tracked)
    window = target.platform.capabilities.settle_window
    immutable = target.platform.capabilities.immutable
    now = clock.now()
    young = [
        thing
        for thing in tracked
        if thing.applied_at is not None
        and thing.applied_at + window > now
        and not _shows(found.get(thing.key), thing, named=thing.kind not in immutable)
    ]
    if young:
        wait_until(clock, settle_moment(young, window, now))
        again = read(target, young)
        for thing in young:
            found.pop(thing.key, None)
        found |= again
    return found


def _shows(remote: Remote | None, thing: Tracked, *, named: bool) -> bool:
    """
    Whether a read shows what was applied; names of what cannot change are the
    platform's own business, as in the comparison.
    """
    if remote is None:
        return False
    if named and thing.name and remote.name != thing.name:
        return False
    if remote.fields == thing.fields:
        return True
    seen, applied = normal(remote.fields), normal(thing.fields)
    return all(seen.get(key) == applied[key] for key in applied)


def _lost(
    target: Target, sights: Mapping[str, Sight], who: Identity
) -> dict[str, Sight]:
    """
    Look for wanted objects without a living id: the state may be lost, or old.
    """
    start: dict[str, int] = {}
    kinds = {r.address: r.kind for r in target.wanted.resources}
    for address in kinds:
        sight = sights.get(address)
        if sight is None:
            start[address] = 0
        elif sight.remote is None:
            start[address] = sight.generation
    immutable = target.platform.capabilities.immutable
    reach = {
        address: _GENERATIONS_OF_IMMUTABLE if kind in immutable else _GENERATIONS
        for address, kind in kinds.items()
    }
    found: dict[str, dict[int, Remote]] = defaultdict(dict)
    looking = dict(start)
    while looking:
        spans = {a: range(g, g + reach[a]) for a, g in looking.items()}
        hits = _generations(target, kinds, spans, who)
        # Where the last generation looked for is there, later ones may be as well.
        looking = {
            address: first + reach[address]
            for address, first in looking.items()
            if first + reach[address] - 1 in hits.get(address, {})
        }
        for address, some in hits.items():
            found[address] |= some
    return {
        address: _sight(some, sights.get(address)) for address, some in found.items()
    }


def _sight(some: Mapping[int, Remote], known: Sight | None) -> Sight:
    newest = max(some)
    older = {g: remote for g, remote in some.items() if g < newest}
    if known is None:
        return Sight(newest, some[newest], None, older)
    gone = (known.tracked,) if known.tracked else ()
    return Sight(
        newest, some[newest], None, {**known.older, **older}, (*known.dead, *gone)
    )


def _generations(
    target: Target,
    kinds: Mapping[str, Kind],
    spans: Mapping[str, range],
    who: Identity,
) -> dict[str, dict[int, Remote]]:
    marks = {
        who.marker(target, kinds[address], address, generation): (address, generation)
        for address, span in spans.items()
        for generation in span
    }
    hits = find(target, {mark: kinds[a] for mark, (a, _) in marks.items()})
    found: dict[str, dict[int, Remote]] = defaultdict(dict)
    for mark, remotes in hits.items():
        address, generation = marks[mark]
        found[address][generation] = remotes[0]
    return found
