"""
The change set: what would be done, and nothing done yet.
"""

from __future__ import annotations

import json
from datetime import timedelta

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from _deploy_desk import Desk
from _flaky import a_campaign, a_creative, an_ad, an_ad_set
from smmlib.deploy import ChangeSet, MemoryStateStore, make_changes, marker
from smmlib.deploy._canonical import canonical, differences, normal
from smmlib.errors import PlatformError, StaleChangesError, StateCorruptError
from smmlib.model import Caps, Money, Status
from smmlib.ports import Action, Kind, Ref

_CAMPAIGN = "campaigns.leads"
_AD = "campaigns.leads.ad_sets.office.ads.open"


@pytest.fixture
def desk():
    """
    Give a desk on which nothing is set up yet.
    """
    return Desk()


@pytest.fixture
def launched(desk):
    """
    Give a desk whose plan is set up and running.
    """
    desk.launch()
    return desk


def _actions(changes):
    return {change.address: change.action for change in changes.changes}


def test_planning_writes_nothing(desk):
    """
    It reads the platform and leaves platform and state as they are.
    """
    before = desk.store.snapshot()
    changes = desk.changes()

    assert 0 == desk.server.writes
    assert desk.server.requests > 0
    assert before == desk.store.snapshot()
    assert 9 == changes.writes


def test_a_launch_creates_everything_and_shows_the_money(desk):
    """
    The first plan is all creates, parents before children, and says what may be spent.
    """
    changes = desk.changes()

    assert {Action.CREATE} == set(_actions(changes).values())
    seen = set()
    for change in changes.changes:
        assert all(
            field.after["$ref"] in seen
            for field in change.fields
            if isinstance(field.after, dict) and "$ref" in field.after
        )
        seen.add(change.address)
    assert Money("1000.00", "EUR") == changes.total
    assert "9 to create, 0 to update, 0 to archive; up to 1000.00 EUR" == (
        changes.summary()
    )


def test_after_a_launch_nothing_is_left_to_do(launched):
    """
    The next plan is empty, and it looked.
    """
    requests = launched.server.requests
    changes = launched.changes()

    assert changes.empty
    assert () == changes.changes
    assert 9 == changes.unchanged
    assert launched.server.requests > requests
    assert "No changes" in str(changes)


def test_without_its_state_it_finds_everything_again(launched):
    """
    A deleted state file costs nothing: all is taken over by its markers, no write.
    """
    launched.forget()
    changes = launched.changes()

    assert {Action.ADOPT} == set(_actions(changes).values())
    assert changes.empty
    writes = launched.server.writes
    launched.apply(changes)
    assert writes == launched.server.writes
    assert () == launched.changes().changes


def test_a_rename_is_an_update(launched):
    """
    Names are only shown; identity is the address.
    """
    launched.edit(a_campaign(name="A better name"))
    (change,) = launched.changes().changes

    assert Action.UPDATE is change.action
    (field,) = change.fields
    assert ("name", "Launch leads", "A better name") == (
        field.path,
        field.before,
        field.after,
    )


def test_an_edit_shows_the_field_before_and_after(launched):
    """
    Down to the leaf of a nested field.
    """
    wider = {"targeting": {"age_min": 25, "age_max": 60, "countries": ["DE", "AT"]}}
    launched.edit(an_ad_set("office", fields=wider))
    changes = launched.changes()

    (change,) = changes.changes
    rows = [(f.path, f.before, f.after) for f in change.fields]
    assert [("targeting.age_max", 44, 60)] == rows
    assert "targeting.age_max: 44 -> 60" in str(changes)


def test_a_field_that_the_plan_drops_is_unset(launched):
    """
    What was applied and is no longer wanted does not stay behind.
    """
    launched.edit(an_ad_set("office", fields={"bid": 3}))
    launched.apply()
    launched.edit(an_ad_set("office"))
    (change,) = launched.changes().changes

    assert [("bid", 3, None)] == [(f.path, f.before, f.after) for f in change.fields]
    launched.apply()
    assert launched.changes().empty


def test_an_edit_on_the_platform_is_shown_as_drift(launched):
    """
    Both values are seen before anything is overwritten.
    """
    launched.thing(_CAMPAIGN).fields["daily"] = 70
    changes = launched.changes()

    (change,) = changes.drift
    (drift,) = change.drift
    assert ("daily", 100, 70) == (drift.path, drift.before, drift.after)
    assert "changed on the platform from 100 to 70" in str(changes)


def test_a_field_that_is_new_in_the_plan_has_not_drifted(launched):
    """
    What the platform filled in by itself is nobody's edit.
    """
    launched.thing(_CAMPAIGN).fields["pacing"] = "standard"
    campaign = a_campaign()
    fields = {**campaign.fields, "pacing": "even"}
    launched.edit(attrs.evolve(campaign, fields=fields))
    (change,) = launched.changes().changes

    assert (1, ()) == (len(change.fields), change.drift)


def test_an_edit_of_a_field_the_plan_does_not_speak_of_is_left_alone(launched):
    """
    Other people's settings are none of our business.
    """
    launched.thing(_CAMPAIGN).fields["note"] = "by hand"

    assert launched.changes().empty


def test_an_edit_on_the_platform_that_the_plan_follows_needs_no_write(launched):
    """
    When plan and platform agree, only our memory is brought up to date.
    """
    launched.thing(_CAMPAIGN).fields["daily"] = 70
    launched.edit(a_campaign(daily=70))
    launched.apply()
    launched.edit(a_campaign(daily=60))
    (change,) = launched.changes().changes

    assert () == change.drift


def test_what_was_deleted_on_the_platform_is_not_made_again_silently(launched):
    """
    It is a new generation, with a note, and the user decides.
    """
    launched.thing(_AD).status = Status.ARCHIVED
    (change,) = launched.changes().changes

    assert (Action.CREATE, 1) == (change.action, change.generation)
    assert "deleted or archived on the platform" in change.note
    launched.apply()
    assert () == launched.changes().changes


def test_content_that_cannot_change_is_replaced(launched):
    """
    A new creative is made, ads move to it, the old one goes.
    """
    launched.edit(a_creative("taste", "Another text."))
    changes = launched.changes()

    assert Action.REPLACE is _actions(changes)["creatives.taste"]
    assert 2 == list(_actions(changes).values()).count(Action.UPDATE)
    old = launched.thing("creatives.taste").id
    launched.apply(changes)
    new = launched.thing("creatives.taste").id
    users = [t for t in launched.server.living() if t.fields.get("creative") == new]
    assert 2 == len(users)
    assert not launched.server.things[old].live
    assert [] == launched.server.broken


def test_many_replacements_survive_a_lost_state(launched):
    """
    Later generations are found as well.
    """
    for number in range(18):
        launched.edit(a_creative("taste", f"Text {number}."))
        launched.apply()
        if number % 9 == 0:
            launched.forget()
            assert launched.changes().empty, number


def test_children_of_a_deleted_campaign_are_made_anew(launched):
    """
    An ad set cannot move to another campaign.
    """
    launched.thing(_CAMPAIGN).status = Status.ARCHIVED
    actions = _actions(launched.changes())

    assert Action.CREATE is actions[_CAMPAIGN]
    assert Action.REPLACE is actions["campaigns.leads.ad_sets.office"]
    assert Action.REPLACE is actions[_AD]
    assert "creatives.open" not in actions


def test_what_the_plan_drops_is_archived_children_first(launched):
    """
    Nothing is deleted for good, and nothing is left running.
    """
    office = "campaigns.leads.ad_sets.office"
    launched.edit(drop=(office, f"{office}.ads.taste", f"{office}.ads.open"))
    changes = launched.changes()

    assert {Action.ARCHIVE} == set(_actions(changes).values())
    assert [Kind.AD, Kind.AD, Kind.AD_SET] == [c.kind for c in changes.changes]
    launched.apply(changes)
    assert () == launched.changes().changes


def test_what_is_dropped_and_gone_is_forgotten(launched):
    """
    No write for an object that somebody archived already.
    """
    launched.thing(_AD).status = Status.ARCHIVED
    launched.edit(drop=(_AD,))
    changes = launched.changes()

    assert {_AD: Action.FORGET} == _actions(changes)
    assert changes.empty
    launched.apply(changes)
    assert () == launched.changes().changes


def test_what_should_stand_still_is_paused(launched):
    """
    Applying may switch off.
    """
    launched.edit(a_campaign(status=Status.PAUSED))
    changes = launched.changes()

    assert {_CAMPAIGN: Action.PAUSE} == _actions(changes)
    assert not changes.total
    launched.apply(changes)
    assert Status.PAUSED is launched.thing(_CAMPAIGN).status


def test_what_somebody_paused_is_said_and_not_switched_on(launched):
    """
    Applying never switches on.
    """
    launched.thing(_AD).status = Status.PAUSED
    changes = launched.changes()

    assert changes.empty
    assert ["deploy.paused_elsewhere"] == [issue.code for issue in changes.issues]


def test_a_paused_parent_counts_no_money(desk):
    """
    Exposure is what can be spent once all that is wanted active is active.
    """
    desk.edit(
        a_campaign("brand", daily=50, status=Status.PAUSED),
        an_ad_set("more", "brand", exposure=Money("500.00", "EUR")),
    )

    assert Money("1000.00", "EUR") == desk.changes().total


def test_a_budget_below_a_budget_counts_once(desk):
    """
    The topmost budget holds all below it.
    """
    desk.edit(an_ad_set("office", exposure=Money("400.00", "EUR")))

    assert Money("1000.00", "EUR") == desk.changes().total


def test_budgets_of_ad_sets_add_up(desk):
    """
    Where the campaign has none, its ad sets' budgets count.
    """
    desk.edit(
        a_campaign(exposure=None, daily_exposure=None),
        an_ad_set("office", exposure=Money("400.00", "EUR")),
        an_ad_set("baristas", exposure=Money("250.50", "EUR")),
    )

    assert Money("650.50", "EUR") == desk.changes().total


def test_an_account_in_another_currency_is_an_error(desk):
    """
    Nothing is converted silently.
    """
    desk.platform.currency = "USD"

    errors = [issue for issue in desk.changes().issues if issue.is_error]
    assert {"deploy.currency"} == {issue.code for issue in errors}


def test_a_cap_that_would_be_passed_is_a_warning(desk):
    """
    Paused objects spend nothing, but the reader should know early.
    """
    issues = desk.changes(caps=Caps(per_day="99.00 EUR")).issues

    assert [("deploy.cap", "warning")] == [(i.code, i.severity) for i in issues]


def test_a_reference_to_nothing_is_an_error(desk):
    """
    A broken adapter is seen before anything is sent.
    """
    desk.edit(an_ad("lost", "office", "nowhere"))

    (issue,) = desk.changes().issues
    assert ("deploy.reference", True) == (issue.code, issue.is_error)


def test_a_platform_that_cannot_be_read_is_no_empty_platform(desk):
    """
    A failed read raises; it never looks like "nothing there".
    """
    desk.server.faults = {0: "unreachable"}

    with pytest.raises(PlatformError):
        desk.changes()


def test_a_state_of_another_project_is_refused(desk):
    """
    Two plans never share objects by accident.
    """
    store = MemoryStateStore(project_id="another", clock=desk.clock)

    with pytest.raises(StateCorruptError, match="belongs to project"):
        make_changes(
            desk.plan, desk.targets(), store, clock=desk.clock, environment="sandbox"
        )


def test_a_fresh_object_that_reads_do_not_show_yet_is_waited_for(desk):
    """
    A read that lags behind does not pass for a deletion.
    """
    desk.server.lag = timedelta(seconds=30)
    desk.apply()

    assert () == desk.changes().changes


def test_a_change_set_survives_a_file(launched):
    """
    JSON and back gives an equal set with the same hash.
    """
    launched.thing(_CAMPAIGN).fields["daily"] = 70
    launched.edit(a_creative("taste", "Another <text>."), drop=(_AD,))
    changes = launched.changes(expires=timedelta(hours=2))
    again = ChangeSet.from_dict(json.loads(json.dumps(changes.to_dict())))

    assert changes == again
    assert changes.hash == again.hash


@pytest.mark.parametrize(
    "edit",
    [
        lambda data: data["exposure"].update({"flaky/act_1": "1.00 EUR"}),
        lambda data: data["changes"].pop(),
        lambda data: data.update(hash="0" * 64),
        lambda data: data.update(format=3),
        lambda data: data.pop("lineage"),
    ],
    ids=["money", "change", "hash", "format", "missing"],
)
def test_an_edited_file_is_refused(desk, edit):
    """
    Nobody can lower the amount that is shown.
    """
    data = json.loads(json.dumps(desk.changes().to_dict()))
    edit(data)

    with pytest.raises(StaleChangesError):
        ChangeSet.from_dict(data)


def test_tables_escape_what_comes_from_outside(desk):
    """
    A name with markup is shown as text.
    """
    desk.edit(a_campaign(name="<script>alert(1)</script>"))

    html = desk.changes()._repr_html_()
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_markers_are_stable_and_differ():
    """
    The same on every machine; another one for every part that differs.
    """
    parts = ("p", "sandbox", "act_1", Kind.AD, "campaigns.a", 0)
    other = ("x", "production", "act_2", Kind.AD_SET, "campaigns.b", 1)
    marks = {marker(*parts)} | {
        marker(*(*parts[:i], other[i], *parts[i + 1 :])) for i in range(len(parts))
    }

    assert 7 == len(marks)
    assert all(len(mark) == 10 and mark == mark.lower() for mark in marks)
    assert "2zgwuh4fk7" == marker(*parts)


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(_json)
def test_normal_values_are_normal(value):
    """
    Normalising twice changes nothing, and equal values have one text.
    """
    assert normal(value) == normal(normal(value))
    assert canonical(value) == canonical(normal(value))


@given(_json, _json)
def test_differences_are_empty_exactly_for_equal_values(before, after):
    """
    Nothing that differs is overlooked, nothing that is equal is shown.
    """
    one, two = normal(before), normal(after)

    assert (one == two) is not bool(list(differences("", one, two)))


def test_a_reference_is_not_an_id():
    """
    An id that is not known yet differs from every id.
    """
    assert normal(Ref("a")) != normal("a")
    assert attrs.evolve(Ref("a"), address="b") != Ref("a")
