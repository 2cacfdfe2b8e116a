"""
Three-way comparison: what is wanted, what was applied last, what stands there now.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import attrs

from smmlib.deploy._anew import fixed_of, outgrown, why
from smmlib.deploy._canonical import alike, normal, resolved
from smmlib.deploy._change import Change, FieldChange
from smmlib.deploy._likeness import content_of, deletion, raises, rows, seen_as
from smmlib.deploy._observe import Identity, Sight
from smmlib.deploy._target import DELIVERING, ORDER, Target, parents
from smmlib.errors import Issue, Severity
from smmlib.model import FrozenMap, Status
from smmlib.ports import Action, Kind, Ref, Remote, Resource, Tracked

_DELETED = "it was deleted or archived on the platform and would be made again"
_GONE = "it is gone on the platform"
_UNWANTED = "the plan does not want it any more"
# Uploads and known people cost nothing, and others may stand on them: they stay.
_SHARED = (Kind.MEDIA, Kind.AUDIENCE)


@attrs.frozen
class Planned:
    """
    One change with everything that carrying it out needs.

    Attributes:
        change: What a person sees.
        target: In which account.
        resource: What is wanted; None for what goes.
        remote: What stands there now.
        tracked: What we know of it.
        patch: For an update: the whole new values of the changed fields.
        rename: For an update: the new name; empty when it stays.
        drops: Keys of dead objects that are forgotten with it.
    """

    change: Change
    target: Target
    resource: Resource | None = None
    remote: Remote | None = None
    tracked: Tracked | None = None
    patch: FrozenMap[Any] = attrs.field(
        factory=FrozenMap, converter=FrozenMap, kw_only=True
    )
    rename: str = attrs.field(default="", kw_only=True)
    drops: tuple[str, ...] = attrs.field(default=(), kw_only=True)


@attrs.frozen
class Comparison:
    """
    One account, compared.

    Attributes:
        target: Which account.
        planned: What would be done, in the order it would be done.
        ids: Remote ids of the objects that stay, by address.
        known: What to remember better than we do: values that others set as planned.
        issues: What a reader should know.
        unchanged: How many objects stay as they are.
        sights: Every address as it was found.
    """

    target: Target
    planned: tuple[Planned, ...]
    ids: Mapping[str, str]
    known: tuple[Tracked, ...]
    issues: tuple[Issue, ...]
    unchanged: int
    sights: Mapping[str, Sight]


def in_order(resources: Iterable[Resource]) -> list[Resource]:
    """
    Parents before children, otherwise in plan order.
    """
    return sorted(resources, key=lambda r: ORDER[r.kind])


def compare(target: Target, sights: Mapping[str, Sight], who: Identity) -> Comparison:
    """
    What would have to be done in one account. Pure: everything was read before.
    """
    return _Comparer(target, sights, who).run()


class _Comparer:
    """
    Goes through an account's objects, parents first; ids known so far in one place.
    """

    def __init__(
        self, target: Target, sights: Mapping[str, Sight], who: Identity
    ) -> None:
        self.target = target
        self.sights = sights
        self.who = who
        self.by_address = {r.address: r for r in target.wanted.resources}
        self.outgrown = outgrown(target, sights)
        self.ids: dict[str, str] = {}
        self.planned: list[Planned] = []
        self.known: list[Tracked] = []
        self.issues: list[Issue] = []
        self.unchanged = 0

    def run(self) -> Comparison:
        for resource in in_order(self.target.wanted.resources):
            self._resource(resource, self.sights.get(resource.address, Sight()))
        self._goners()
        return Comparison(
            self.target,
            tuple(p for p in self.planned if self._may(p.change.address)),
            self.ids,
            tuple(self.known),
            tuple(self.issues),
            self.unchanged,
            self.sights,
        )

    def _may(self, address: str) -> bool:
        return self.target.scope is None or address in self.target.scope

    # -- one wanted object ---------------------------------------------------------

    def _resource(self, resource: Resource, sight: Sight) -> None:
        if resource.status is Status.ARCHIVED:
            return
        if sight.remote is None:
            self._create(resource, sight)
            return
        wanted = self._wanted(resource)
        patch, rename = self._patch(resource, sight, wanted)
        if sight.tracked is None:
            self._adopt(resource, sight)
        if self._must_replace(resource, patch):
            self._replace(resource, sight, patch)
            return
        self.ids[resource.address] = sight.remote.id
        self._status(resource, sight, sight.remote)  # off first, then change
        if patch or rename:
            self._update(resource, sight, patch, rename)
        elif sight.tracked is not None:
            self._unchanged(resource, sight.tracked, wanted)

    def _create(self, resource: Resource, sight: Sight) -> None:
        gone = sight.tracked is not None
        generation = sight.generation + 1 if gone else sight.generation
        change = self._change(
            Action.CREATE,
            resource,
            generation,
            fields=rows(None, self._wanted(resource)),
            drift=deletion(sight.tracked),
            note=_DELETED if gone else "",
        )
        dead = (*sight.dead, sight.tracked) if sight.tracked else sight.dead
        self._plan(
            change, resource, tracked=sight.tracked, drops=tuple(t.key for t in dead)
        )

    def _adopt(self, resource: Resource, sight: Sight) -> None:
        change = self._change(
            Action.ADOPT,
            resource,
            sight.generation,
            remote=sight.remote,
            note="it carries our marker and is taken over",
        )
        drops = tuple(t.key for t in sight.dead if t.generation != sight.generation)
        self._plan(change, resource, remote=sight.remote, drops=drops)

    def _replace(
        self, resource: Resource, sight: Sight, patch: Mapping[str, Any]
    ) -> None:
        change = self._change(
            Action.REPLACE,
            resource,
            sight.generation + 1,
            remote=sight.remote,
            fields=self._rows(sight, patch),
            drift=self._drift(sight, patch),
            note=why(
                self.target,
                resource,
                patch,
                outgrown=resource.address in self.outgrown,
            ),
            fingerprint=seen_as(sight.remote, resource, sight.tracked),
        )
        self._plan(change, resource, remote=sight.remote, tracked=sight.tracked)

    def _update(
        self,
        resource: Resource,
        sight: Sight,
        patch: Mapping[str, Any],
        rename: str,
    ) -> None:
        fields = self._rows(sight, patch)
        drift = self._drift(sight, patch)
        if rename and sight.remote is not None:
            fields = (FieldChange("name", sight.remote.name, rename), *fields)
            applied = sight.tracked.name if sight.tracked else ""
            if applied not in {"", sight.remote.name}:
                drift = (FieldChange("name", applied, sight.remote.name), *drift)
        change = self._change(
            Action.UPDATE,
            resource,
            sight.generation,
            remote=sight.remote,
            fields=fields,
            drift=drift,
            raises=raises(resource, sight),
            could_spend=sight.tracked.exposure if sight.tracked else None,
            fingerprint=seen_as(sight.remote, resource, sight.tracked),
        )
        self._plan(
            change,
            resource,
            remote=sight.remote,
            tracked=sight.tracked,
            patch=patch,
            rename=rename,
        )

    def _status(self, resource: Resource, sight: Sight, remote: Remote) -> None:
        """
        Applying may switch off, never on: what should run waits for `activate`.
        """
        wanted, active = resource.status, remote.status is Status.ACTIVE
        applied = sight.tracked.status if sight.tracked else None
        if wanted in {Status.PAUSED, Status.DRAFT} and active:
            change = self._change(
                Action.PAUSE,
                resource,
                sight.generation,
                remote=remote,
                fields=(FieldChange("status", remote.status, Status.PAUSED),),
                drift=()
                if applied is not Status.PAUSED
                else (FieldChange("status", applied, remote.status),),
                fingerprint=seen_as(remote, resource, sight.tracked),
            )
            self._plan(change, resource, remote=remote, tracked=sight.tracked)
        elif applied is Status.ACTIVE and not active:
            self._tell(
                resource,
                "deploy.paused_elsewhere",
                f"was paused on the platform (it is {remote.status} there)",
                "activate the plan again if it should run",
            )
        elif applied is Status.PAUSED and active:
            self._tell(
                resource,
                "deploy.active_elsewhere",
                "was activated on the platform, not by smmlib",
                "pause it there, or activate the plan to take it over",
            )

    def _unchanged(
        self, resource: Resource, tracked: Tracked, wanted: dict[str, Any]
    ) -> None:
        self.unchanged += 1
        fields: FrozenMap[Any] = FrozenMap(wanted)
        same = (
            alike(tracked.fields, fields)
            and tracked.name == resource.name
            and tracked.exposure == resource.exposure
        )
        if not same:
            self.known.append(
                attrs.evolve(
                    tracked,
                    fields=fields,
                    name=resource.name,
                    exposure=resource.exposure,
                )
            )

    # -- objects the plan does not want (any more) ---------------------------------

    def _goners(self) -> None:
        """
        Children first: what the plan dropped, and older generations of what it keeps.
        """
        leaving: list[Planned] = []
        for address, sight in self.sights.items():
            resource = self.by_address.get(address)
            kept = resource is not None and resource.status is not Status.ARCHIVED
            leaving += self._former(address, sight)
            if not kept and (goner := self._goner(address, sight)) is not None:
                leaving.append(goner)
        leaving.sort(key=lambda p: -ORDER[p.change.kind])
        if self.target.pause_first:
            self.planned.extend(_halted(leaving))
        self.planned.extend(leaving)

    def _former(self, address: str, sight: Sight) -> Iterator[Planned]:
        for generation, remote in sight.older.items():
            note = "a newer one took its place"
            yield self._leave(address, remote, generation, None, note)
        dropped = {key for planned in self.planned for key in planned.drops}
        for thing in sight.dead:
            if thing.key not in dropped and thing.generation != sight.generation:
                yield self._forget(thing, _GONE)

    def _goner(self, address: str, sight: Sight) -> Planned | None:
        if sight.remote is not None and sight.remote.kind not in _SHARED:
            return self._leave(
                address, sight.remote, sight.generation, sight.tracked, _UNWANTED
            )
        if sight.tracked is None:
            return None
        return self._forget(sight.tracked, _UNWANTED if sight.remote else _GONE)

    def _leave(
        self,
        address: str,
        remote: Remote,
        generation: int,
        tracked: Tracked | None,
        note: str,
    ) -> Planned:
        action = Action.FORGET if remote.kind in _SHARED else Action.ARCHIVE
        change = Change(
            action,
            address,
            platform=self.target.platform.name,
            account=self.target.account.id,
            kind=remote.kind,
            name=remote.name,
            generation=generation,
            remote_id=remote.id,
            marker=remote.marker,
            live=remote.status is Status.ACTIVE,
            note=note,
            fingerprint=seen_as(remote, None, tracked),
        )
        return Planned(change, self.target, None, remote, tracked)

    def _forget(self, tracked: Tracked, note: str) -> Planned:
        change = Change(
            Action.FORGET,
            tracked.address,
            platform=tracked.platform,
            account=tracked.account,
            kind=tracked.kind,
            name=tracked.name,
            generation=tracked.generation,
            remote_id=tracked.remote_id,
            marker=tracked.marker,
            note=note,
        )
        return Planned(change, self.target, None, None, tracked)

    # -- small parts ---------------------------------------------------------------

    def _wanted(self, resource: Resource) -> dict[str, Any]:
        return dict(resolved(resource.fields, self.ids))

    def _patch(
        self, resource: Resource, sight: Sight, wanted: dict[str, Any]
    ) -> tuple[dict[str, Any], str]:
        """
        Fields whose wanted value differs from what stands there, and the new name.
        """
        remote = sight.remote
        assert remote is not None  # noqa: S101 - callers checked
        applied = sight.tracked.fields if sight.tracked else {}
        patch = {}
        if not (wanted == remote.fields == applied):
            target, there = normal(wanted), normal(remote.fields)
            patch = {
                key: wanted.get(key)
                for key in dict.fromkeys([*wanted, *applied])
                if target.get(key) != there.get(key)
            }
        immutable = resource.kind in self.target.platform.capabilities.immutable
        # A name alone is no reason to make something anew.
        renamed = not immutable and resource.name not in {"", remote.name}
        return patch, resource.name if renamed else ""

    def _must_replace(self, resource: Resource, patch: Mapping[str, Any]) -> bool:
        if resource.address in self.outgrown:
            return True
        if not patch:
            return False
        if resource.kind in self.target.platform.capabilities.immutable:
            return True
        if fixed_of(self.target, resource, patch):
            return True
        above = {parent.address for parent in parents(resource, self.by_address)}
        hangs_in = {
            key
            for key, value in resource.fields.items()
            if isinstance(value, Ref) and value.address in above
        }
        return bool(hangs_in & set(patch))

    def _rows(self, sight: Sight, patch: Mapping[str, Any]) -> tuple[FieldChange, ...]:
        there = normal(sight.remote.fields) if sight.remote else {}
        before = {key: there.get(key) for key in patch}
        return rows(before, patch)

    def _drift(self, sight: Sight, patch: Mapping[str, Any]) -> tuple[FieldChange, ...]:
        if sight.tracked is None or sight.remote is None:
            return ()
        # A field we never applied cannot have drifted, whatever stands there.
        ours = [key for key in patch if key in sight.tracked.fields]
        applied, there = normal(sight.tracked.fields), normal(sight.remote.fields)
        return rows(
            {key: applied.get(key) for key in ours},
            {key: there.get(key) for key in ours},
        )

    def _change(
        self,
        action: Action,
        resource: Resource,
        generation: int,
        *,
        remote: Remote | None = None,
        **details: Any,
    ) -> Change:
        mark = self.who.marker(self.target, resource.kind, resource.address, generation)
        return Change(
            action,
            resource.address,
            platform=self.target.platform.name,
            account=self.target.account.id,
            kind=resource.kind,
            name=resource.name,
            generation=generation,
            marker=mark,
            remote_id=remote.id if remote else "",
            live=remote is not None and remote.status is Status.ACTIVE,
            exposure=resource.exposure,
            content=content_of(resource),
            **details,
        )

    def _plan(self, change: Change, resource: Resource, **details: Any) -> None:
        self.planned.append(Planned(change, self.target, resource, **details))

    def _tell(self, resource: Resource, code: str, text: str, hint: str) -> None:
        self.issues.append(
            Issue(
                resource.address,
                code,
                f"{resource.kind.replace('_', ' ')} {text}",
                severity=Severity.WARNING,
                hint=hint,
            )
        )


def _halted(leaving: Sequence[Planned]) -> Iterator[Planned]:
    """
    One pause for each tree that goes and still runs: at its top.
    """
    live = [p for p in leaving if p.change.live and p.change.kind in DELIVERING]
    ids = {p.change.remote_id for p in live}
    for planned in live:
        remote = planned.remote
        assert remote is not None  # noqa: S101 - it is live
        if ids.isdisjoint(v for v in remote.fields.values() if isinstance(v, str)):
            change = attrs.evolve(
                planned.change,
                action=Action.PAUSE,
                fields=(FieldChange("status", remote.status, Status.PAUSED),),
                note="switched off before anything else",
            )
            yield attrs.evolve(planned, change=change)
