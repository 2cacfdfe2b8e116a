"""
Scenarios 3xx: creating, finding, changing, switching, archiving.
"""

from __future__ import annotations

import attrs

from smmlib.errors import Outcome
from smmlib.model import Delivery, MediaPlan, Status
from smmlib.ports import Action, AdPlatform, Kind, Resource
from smmlib.testing._conformance_base import ConformanceBase
from smmlib.testing._conformance_tools import (
    BORN_PAUSED,
    Placed,
    comparable,
    create,
    look,
    mark,
    marked,
    resolved,
    send,
)

_RENAMED = "Renamed by hand, ümlaut & emoji 👋"


class CreatingScenarios(ConformanceBase):
    """
    30x to 31x: what exists after a plan was set up.
    """

    def test_301_creating_gives_ids(self, placed: Placed) -> None:
        """
        Every create is applied under its own address and gives a text as id.
        """
        assert [o.address for o in placed.operations] == [
            r.address for r in placed.results
        ]
        assert all(r.outcome is Outcome.APPLIED for r in placed.results)
        assert [] == [r for r in placed.results if type(r.remote_id) is not str]
        assert all(r.remote_id and r.error is None for r in placed.results)

    def test_302_ids_are_unique(self, placed: Placed) -> None:
        """
        Two objects of a kind never share an id.
        """
        pairs = [(o.kind, placed.ids[o.address]) for o in placed.operations]

        assert len(set(pairs)) == len(pairs)

    def test_303_everything_is_born_paused(
        self, platform: AdPlatform, placed: Placed
    ) -> None:
        """
        Nothing that can spend is switched on by creating it.
        """
        for resource, _ in placed.of(*BORN_PAUSED):
            found = look(platform, placed, resource)
            assert Status.PAUSED is found.status, resource.address
            assert Delivery.DELIVERING is not found.delivery

    def test_304_read_returns_what_was_sent(
        self, platform: AdPlatform, placed: Placed
    ) -> None:
        """
        Fields come back in the adapter's normal form, equal to what was wanted.
        """
        for resource, operation in placed.of():
            sent = comparable(operation.fields)
            found = comparable(look(platform, placed, resource).fields)
            assert sent == {k: found[k] for k in sent if k in found}, resource.address

    def test_305_read_returns_name_marker_and_kind(
        self, platform: AdPlatform, placed: Placed
    ) -> None:
        """
        Name and marker come back apart from each other.
        """
        for resource, operation in placed.of():
            found = look(platform, placed, resource)
            assert resource.kind is found.kind
            assert placed.ids[resource.address] == found.id
            assert operation.marker == found.marker, resource.address
            if resource.kind in BORN_PAUSED:
                assert resource.name == found.name

    def test_306_read_gives_many_at_once(
        self, platform: AdPlatform, placed: Placed, unknown_id: str
    ) -> None:
        """
        All objects of a kind in one call, by their ids; unknown ones are left out.
        """
        for kind in {resource.kind for resource in placed.resources}:
            ids = {placed.ids[r.address] for r, _ in placed.of(kind)}
            found = platform.read(kind, [*ids, unknown_id])
            assert ids == set(found)
            assert all(key == remote.id for key, remote in found.items())

    def test_307_a_marker_finds_exactly_one(
        self, platform: AdPlatform, placed: Placed
    ) -> None:
        """
        An object whose id was lost is found again by its marker, once.
        """
        for resource, _ in placed.of():
            found = marked(platform, resource)
            assert [placed.ids[resource.address]] == [r.id for r in found]
            assert mark(resource.address) == found[0].marker

    def test_308_several_markers_at_once(
        self, platform: AdPlatform, placed: Placed
    ) -> None:
        """
        Each of several markers finds its own object, unknown ones find none.
        """
        for kind in {resource.kind for resource in placed.resources}:
            wanted = {
                mark(r.address): placed.ids[r.address] for r, _ in placed.of(kind)
            }
            found = platform.find(kind, [*wanted, mark("nobody.used.this")])
            assert wanted == {remote.marker: remote.id for remote in found}
            assert len(wanted) == len(found)

    def test_309_find_reads_every_page(
        self, platform: AdPlatform, plan: MediaPlan
    ) -> None:
        """
        Among more objects than a page holds, every one is found, oldest first.
        """
        campaign = _one(platform, plan, Kind.CAMPAIGN)
        orders = [create(campaign, {}, attempt) for attempt in range(self.many)]
        made = [result.remote_id for result in send(platform, orders)]

        found = platform.find(Kind.CAMPAIGN, [order.marker for order in orders])

        assert sorted(made) == sorted(remote.id for remote in found)
        born = [remote.created_at for remote in found if remote.created_at]
        assert sorted(born) == born

    def test_310_times_are_aware(self, platform: AdPlatform, placed: Placed) -> None:
        """
        An instant without a zone is a different moment everywhere.
        """
        for resource, _ in placed.of():
            born = look(platform, placed, resource).created_at
            assert born is None or born.utcoffset() is not None, resource.address

    def test_311_equal_names_are_different_objects(
        self, platform: AdPlatform, plan: MediaPlan
    ) -> None:
        """
        Names are for people: two creates of one name with two markers make two objects.
        """
        campaign = _one(platform, plan, Kind.CAMPAIGN)
        orders = [create(campaign, {}, attempt) for attempt in (1, 2)]
        made = [result.remote_id for result in send(platform, orders)]

        found = [platform.find(Kind.CAMPAIGN, [order.marker]) for order in orders]

        assert [[made[0]], [made[1]]] == [[r.id for r in some] for some in found]

    def test_312_nothing_to_do_does_nothing(self, platform: AdPlatform) -> None:
        """
        No operations, no results.
        """
        assert () == tuple(platform.execute([]))


class ChangingScenarios(ConformanceBase):
    """
    32x to 34x: what changes, and what does not.
    """

    def test_321_an_update_is_absolute(
        self, platform: AdPlatform, plan: MediaPlan, placed: Placed
    ) -> None:
        """
        An update sets values; sending it twice is the same as sending it once.
        """
        resource, changed = _costlier(platform, plan, placed)
        order = placed.order(
            Action.UPDATE, resource, name=resource.name, fields=changed
        )
        seen = []
        for _ in range(2):
            (result,) = platform.execute([order])
            assert Outcome.APPLIED is result.outcome, result.error
            assert placed.ids[resource.address] == result.remote_id
            seen.append(comparable(look(platform, placed, resource).fields))

        assert seen[0] == seen[1]
        assert comparable(changed) == {key: seen[0][key] for key in changed}

    def test_322_an_update_keeps_the_rest(
        self, platform: AdPlatform, plan: MediaPlan, placed: Placed
    ) -> None:
        """
        Fields that are not named, status, name and marker stay as they were.
        """
        resource, changed = _costlier(platform, plan, placed)
        before = look(platform, placed, resource)
        order = placed.order(
            Action.UPDATE, resource, name=resource.name, fields=changed
        )
        platform.execute([order])
        after = look(platform, placed, resource)

        assert comparable({**before.fields, **changed}) == comparable(after.fields)
        assert (before.name, before.marker) == (after.name, after.marker)
        assert before.status is after.status

    def test_323_renaming_keeps_the_marker(
        self, platform: AdPlatform, placed: Placed
    ) -> None:
        """
        After a new name the object is still found, and shows the new name.
        """
        for resource, _ in placed.of(*BORN_PAUSED):
            order = placed.order(Action.UPDATE, resource, name=_RENAMED)
            (result,) = platform.execute([order])
            assert Outcome.APPLIED is result.outcome, result.error
            found = marked(platform, resource)
            assert [placed.ids[resource.address]] == [r.id for r in found]
            assert _RENAMED == found[0].name

    def test_331_activate_and_pause(self, platform: AdPlatform, placed: Placed) -> None:
        """
        Switching on and off works, twice too, and is read back.
        """
        for action, status in (
            (Action.ACTIVATE, Status.ACTIVE),
            (Action.ACTIVATE, Status.ACTIVE),
            (Action.PAUSE, Status.PAUSED),
            (Action.PAUSE, Status.PAUSED),
        ):
            for resource, _ in placed.of(*BORN_PAUSED):
                (result,) = platform.execute([placed.order(action, resource)])
                assert Outcome.APPLIED is result.outcome, result.error
                assert status is look(platform, placed, resource).status

    def test_332_switching_touches_nothing_else(
        self, platform: AdPlatform, placed: Placed
    ) -> None:
        """
        A campaign that is switched on leaves its ad sets and ads as they are.
        """
        ((campaign, _), *_) = placed.of(Kind.CAMPAIGN)
        before = look(platform, placed, campaign)
        platform.execute([placed.order(Action.ACTIVATE, campaign)])

        for resource, _ in placed.of(Kind.AD_SET, Kind.AD):
            assert Status.PAUSED is look(platform, placed, resource).status
        after = look(platform, placed, campaign)
        assert comparable(before.fields) == comparable(after.fields)
        assert before.name == after.name

    def test_333_other_operations_never_create(
        self, platform: AdPlatform, placed: Placed
    ) -> None:
        """
        Whatever is done to objects, and however often, there is one of each.
        """
        for action in (Action.UPDATE, Action.ACTIVATE, Action.PAUSE, Action.UPDATE):
            for resource, _ in placed.of(*BORN_PAUSED):
                order = placed.order(action, resource, name=resource.name)
                platform.execute([order])

        for resource, _ in placed.of():
            assert 1 == len(marked(platform, resource)), resource.address

    def test_341_archiving(self, platform: AdPlatform, placed: Placed) -> None:
        """
        What is archived is found no more, and reads as archived or not at all.
        """
        for resource, _ in reversed(placed.of(*BORN_PAUSED)):
            (result,) = platform.execute([placed.order(Action.ARCHIVE, resource)])
            assert Outcome.APPLIED is result.outcome, result.error
            assert () == tuple(marked(platform, resource))
            remote_id = placed.ids[resource.address]
            left = platform.read(resource.kind, [remote_id]).get(remote_id)
            assert left is None or left.status is Status.ARCHIVED

    def test_342_archiving_twice(self, platform: AdPlatform, placed: Placed) -> None:
        """
        Archiving again is fine: an apply that was interrupted starts over.
        """
        ((resource, _), *_) = placed.of(Kind.AD)
        order = placed.order(Action.ARCHIVE, resource)

        outcomes = [platform.execute([order])[0].outcome for _ in range(2)]

        assert [Outcome.APPLIED, Outcome.APPLIED] == outcomes

    def test_343_archiving_what_is_not_there(
        self, platform: AdPlatform, placed: Placed, unknown_id: str
    ) -> None:
        """
        Archiving an id that belongs to nothing is a result, not an exception.
        """
        ((resource, _), *_) = placed.of(Kind.CAMPAIGN)
        order = placed.order(Action.ARCHIVE, resource)

        (result,) = platform.execute([attrs.evolve(order, remote_id=unknown_id)])

        assert resource.address == result.address
        assert Outcome.UNKNOWN is not result.outcome


def _one(platform: AdPlatform, plan: MediaPlan, kind: Kind) -> Resource:
    return next(r for r in platform.wanted(plan).resources if r.kind is kind)


def _costlier(
    platform: AdPlatform, plan: MediaPlan, placed: Placed
) -> tuple[Resource, dict[str, object]]:
    """
    Something that changes when the plan's lines cost twice as much, and its new fields.
    """
    costs = {key: line.cost * 2 for key, line in plan.lines.items() if line.cost}
    after = platform.wanted(plan.with_budgets(costs)).resources
    fixed = platform.capabilities.immutable
    for old, new in zip(placed.resources, after, strict=True):
        changed = {k: v for k, v in new.fields.items() if v != old.fields.get(k)}
        if changed and old.kind not in fixed:
            return old, resolved(changed, placed.ids)
    message = "no field changes when every line costs twice as much"
    raise AssertionError(message)
