"""
Drift, ways back, lost journals: nothing bought twice, nothing lost, nothing foreign.
"""

from __future__ import annotations

import pytest

from _deploy_desk import Desk
from _flaky import (
    FAULTS,
    FlakyPlatform,
    Killed,
    a_campaign,
    a_creative,
    an_ad,
    an_ad_set,
)
from smmlib.deploy import (
    Purpose,
    accept,
    apply,
    find_run,
    make_changes,
    recover,
    runs,
    towards,
)
from smmlib.errors import (
    ConfigurationError,
    SmmError,
    StaleChangesError,
)
from smmlib.model import Status
from smmlib.ports import Action

_CAMPAIGN = "campaigns.leads"
_SET = "campaigns.leads.ad_sets.baristas"
_AD = "campaigns.leads.ad_sets.baristas.ads.taste"


@pytest.fixture
def launched():
    """
    A desk whose launch runs.
    """
    desk = Desk()
    desk.launch()
    desk.clock.sleep(3600)
    return desk


def _towards(desk, purpose, undoes=""):
    return make_changes(
        desk.plan,
        towards(purpose, desk.targets(), desk.store, undoes=undoes),
        desk.store,
        clock=desk.clock,
        environment=desk.environment,
        purpose=purpose,
        undoes=undoes,
    )


def _apply(desk, changes, **options):
    targets = towards(
        changes.purpose,
        desk.targets(),
        desk.store,
        undoes=changes.undoes,
        own=changes.hash,
    )
    return apply(changes, desk.plan, targets, desk.store, clock=desk.clock, **options)


def _settings(desk):
    """
    The same without ids and status.
    """
    refs = {"campaign", "ad_set", "creative"}
    return sorted(
        (t.kind, t.name, str({k: v for k, v in t.fields.items() if k not in refs}))
        for t in desk.server.living()
    )


def _ids(desk):
    known = desk.store.snapshot().resources.values()
    return {thing.address: thing.remote_id for thing in known}


# -- drift ----------------------------------------------------------------------------


def test_without_drift_a_refresh_is_empty(launched):
    """
    What is as it was applied is not shown, whatever the plan says by now.
    """
    launched.edit(a_campaign(daily=80))

    changes = _towards(launched, Purpose.REVERT)
    assert ((), 0) == (changes.changes, changes.writes)


@pytest.mark.parametrize(
    ("spoil", "action"),
    [
        (lambda t: t.fields.update(daily=70), Action.UPDATE),
        (lambda t: setattr(t, "name", "Somebody's"), Action.UPDATE),
        (lambda t: setattr(t, "status", Status.ARCHIVED), Action.CREATE),
    ],
    ids=["field", "name", "deleted"],
)
def test_what_others_did_is_shown_and_reverted(launched, spoil, action):
    """
    A refresh shows exactly the drift, with both values; applying it puts it right.
    """
    before = _settings(launched)
    spoil(launched.thing(_CAMPAIGN))
    changes = _towards(launched, Purpose.REVERT)

    first = changes.changes[0]
    assert (action, _CAMPAIGN, True) == (first.action, first.address, bool(first.drift))
    _apply(launched, changes)
    assert before == _settings(launched)
    assert [] == launched.server.broken
    assert _towards(launched, Purpose.REVERT).empty


def test_what_others_started_is_switched_off_again():
    """
    Something paused that runs is drift, too.
    """
    desk = Desk()
    desk.apply()
    desk.clock.sleep(3600)
    desk.thing(_CAMPAIGN).status = Status.ACTIVE
    changes = _towards(desk, Purpose.REVERT)

    (change,) = changes.drift
    assert (Action.PAUSE, _CAMPAIGN) == (change.action, change.address)
    _apply(desk, changes)
    assert Status.PAUSED is desk.thing(_CAMPAIGN).status


def test_a_refresh_leaves_edits_of_the_plan_alone(launched):
    """
    Reverting drift is not applying the plan.
    """
    launched.thing(_CAMPAIGN).fields["daily"] = 70
    launched.edit(a_campaign(daily=80, name="Edited"), an_ad_set("new"))
    _apply(launched, _towards(launched, Purpose.REVERT))

    thing = launched.thing(_CAMPAIGN)
    assert (100, "Launch leads") == (thing.fields["daily"], thing.name)
    assert {"create", "update"} == {c.action.value for c in launched.changes().changes}


def test_drift_that_is_accepted_is_drift_no_more(launched):
    """
    Nothing is written; the next refresh is empty, the next plan shows a plain change.
    """
    launched.thing(_CAMPAIGN).fields["daily"] = 70
    launched.thing(_AD).status = Status.PAUSED
    changes = _towards(launched, Purpose.REVERT)
    writes = launched.server.writes
    done = accept(
        changes,
        launched.plan,
        launched.targets(),
        launched.store,
        clock=launched.clock,
    )

    assert {_CAMPAIGN, _AD} == {address for address, _ in done.done}
    assert writes == launched.server.writes
    again = _towards(launched, Purpose.REVERT)
    assert ((), ()) == (again.changes, again.issues)
    (change,) = launched.changes().changes
    assert (Action.UPDATE, ()) == (change.action, change.drift)


def test_what_was_not_shown_is_not_accepted(launched):
    """
    Something else that moved in between is looked at first.
    """
    launched.thing(_CAMPAIGN).fields["daily"] = 70
    changes = _towards(launched, Purpose.REVERT)
    launched.thing(_CAMPAIGN).fields["daily"] = 700

    with pytest.raises(StaleChangesError):
        accept(
            changes,
            launched.plan,
            launched.targets(),
            launched.store,
            clock=launched.clock,
        )


# -- rolling back ---------------------------------------------------------------------


def test_rolling_back_a_launch_archives_all_it_made(launched):
    """
    What runs is switched off before anything else; nothing is left, nothing deleted.
    """
    start = len(launched.server.log)
    (run,) = [record.name for record in runs(launched.store)]
    changes = _towards(launched, Purpose.ROLL_BACK, run)
    _apply(launched, changes)

    log = launched.server.log[start:]
    assert ("pause", _CAMPAIGN) == log[0]
    assert {"pause", "archive"} == {action for action, _ in log}
    assert [] == [t for t in launched.server.living() if t.marker]
    assert {} == dict(launched.store.snapshot().resources)
    assert [] == launched.server.broken


def test_rolling_back_an_edit_restores_what_was_there(launched):
    """
    Fields, names, replaced texts, dropped and added objects: as before, and paused.
    """
    before = _settings(launched)
    launched.edit(
        a_campaign(daily=80, name="Second week"),
        a_creative("taste", "Another text."),
        an_ad("late", "office", "open"),
        drop=("campaigns.leads.ad_sets.office.ads.open",),
    )
    launched.apply()
    assert before != _settings(launched)
    launched.clock.sleep(3600)
    start = len(launched.server.log)
    changes = _towards(launched, Purpose.ROLL_BACK, find_run(launched.store))
    _apply(launched, changes)

    assert before == _settings(launched)
    actions = [action for action, _ in launched.server.log[start:]]
    assert ["pause"] == actions[:1]
    assert Status.PAUSED is launched.thing(_CAMPAIGN).status
    assert [] == launched.server.broken
    assert 0 == _apply(launched, changes).writes


def test_a_roll_back_leaves_what_the_run_did_not_touch(launched):
    """
    What others did elsewhere is their business.
    """
    launched.edit(a_campaign(daily=80))
    launched.apply()
    launched.thing(_AD).name = "Renamed by hand"
    _apply(launched, _towards(launched, Purpose.ROLL_BACK, find_run(launched.store)))

    assert "Renamed by hand" == launched.thing(_AD).name
    assert Status.ACTIVE is launched.thing(_AD).status
    assert 100 == launched.thing(_CAMPAIGN).fields["daily"]


def test_an_older_run_is_undone_with_all_that_came_after(launched):
    """
    Back to how it stood before that run, not a mixture.
    """
    before = _settings(launched)
    for daily in (80, 60, 40):
        launched.edit(a_campaign(daily=daily))
        launched.apply()
        launched.clock.sleep(3600)
    second = runs(launched.store)[1].name
    _apply(launched, _towards(launched, Purpose.ROLL_BACK, second[:16] and second))

    assert before == _settings(launched)


def test_a_roll_back_can_be_rolled_back(launched):
    """
    It is a run like any other.
    """
    launched.edit(a_campaign(daily=80, name="Second week"))
    launched.apply()
    launched.clock.sleep(3600)
    wanted = _settings(launched)
    for _ in range(2):
        run = find_run(launched.store)
        _apply(launched, _towards(launched, Purpose.ROLL_BACK, run))
        launched.clock.sleep(3600)

    assert wanted == _settings(launched)


@pytest.mark.parametrize("wanted", ["nothing like it", ""])
def test_a_run_that_is_not_there_is_named(wanted):
    """
    Nothing to undo is said, with a next step.
    """
    with pytest.raises(ConfigurationError) as refused:
        find_run(Desk().store, wanted)

    assert refused.value.hint


def test_a_way_back_starts_nothing(launched):
    """
    Only what a plan set up can be activated.
    """
    launched.edit(a_campaign(daily=80))
    launched.apply()
    changes = _towards(launched, Purpose.ROLL_BACK, find_run(launched.store))

    with pytest.raises(StaleChangesError, match="roll back"):
        launched.activate(changes, approve="1.00 EUR")


def test_a_saved_way_back_knows_what_it_is(launched):
    """
    It survives a file, and says what it undoes.
    """
    run = find_run(launched.store)
    changes = _towards(launched, Purpose.ROLL_BACK, run)

    again = type(changes).from_dict(changes.to_dict())
    assert (changes, Purpose.ROLL_BACK, run) == (again, again.purpose, again.undoes)


# -- the end --------------------------------------------------------------------------


@pytest.mark.parametrize("forget", [False, True], ids=["known", "state lost"])
def test_destroying_archives_everything_and_deletes_nothing(launched, forget):
    """
    Also without the state; what is not ours stays.
    """
    if forget:
        launched.forget()
    made = set(launched.server.things)
    changes = _towards(launched, Purpose.DESTROY)
    start = len(launched.server.log)
    _apply(launched, changes)

    assert made == set(launched.server.things)
    assert [] == [t for t in launched.server.living() if t.marker]
    assert "pause" == launched.server.log[start][0]
    assert 0 == _apply(launched, _towards(launched, Purpose.DESTROY)).writes
    assert [] == launched.server.broken


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("purpose", [Purpose.ROLL_BACK, Purpose.DESTROY])
def test_a_way_back_survives_every_fault(purpose, fault):
    """
    Whatever strikes, wherever: started again, it ends where it should.
    """
    for place in range(0, 40, 3):
        desk = Desk()
        desk.launch()
        desk.clock.sleep(3600)
        run = find_run(desk.store)
        desk.server.faults = {desk.server.requests + place: fault}
        changes = None
        for _ in range(12):
            try:
                if desk.server.state_lost:
                    desk.server.state_lost = False
                    purpose = Purpose.DESTROY  # there is no journal to go back along
                    desk.forget()
                    changes = None
                changes = changes or _towards(desk, purpose, run)
                _apply(desk, changes)
            except Killed:
                continue
            except StaleChangesError:
                changes = None
            except SmmError:
                desk.clock.sleep(7 * 3600)
            else:
                break
        desk.server.pass_time(200)
        desk.server.faults = {}
        _apply(desk, _towards(desk, Purpose.DESTROY))
        assert [] == [t for t in desk.server.living() if t.marker], (fault, place)
        assert [] == desk.server.broken, (fault, place)


# -- a lost journal -------------------------------------------------------------------


def test_a_lost_journal_is_rebuilt_from_the_platforms(launched):
    """
    Every id is found again by its marker, and nothing is written.
    """
    before = {
        t.address: t.remote_id for t in launched.store.snapshot().resources.values()
    }
    writes = launched.server.writes
    launched.forget()
    done = recover(
        launched.plan, launched.targets(), launched.store, clock=launched.clock
    )

    after = {
        t.address: t.remote_id for t in launched.store.snapshot().resources.values()
    }
    assert (before, writes) == (after, launched.server.writes)
    assert set(before) == set(done.of("adopt"))
    assert launched.changes().empty
    assert "recovered" == list(launched.store.events())[-1].what


class _Dying(FlakyPlatform):
    """
    The process is gone as soon as the platform has taken a write.
    """

    def execute(self, operations):
        super().execute(operations)
        raise Killed


def test_recovering_settles_what_was_left_open(launched):
    """
    A write whose answer was lost is looked up.
    """
    launched.edit(an_ad_set("late"))
    changes = launched.changes()
    launched.platform = _Dying(launched.server, launched.platform.resources)
    with pytest.raises(Killed):
        launched.apply(changes)
    assert 1 == len(launched.store.snapshot().open_intents)
    recover(launched.plan, launched.targets(), launched.store, clock=launched.clock)

    assert () == launched.store.snapshot().open_intents


def test_recovering_what_is_whole_changes_nothing(launched):
    """
    It may be run at any time.
    """
    before = launched.store.snapshot()
    done = recover(
        launched.plan, launched.targets(), launched.store, clock=launched.clock
    )

    assert () == done.done
    assert before.resources == launched.store.snapshot().resources
