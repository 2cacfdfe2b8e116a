"""
Applying and activating: exactly what was shown, paused, then what was approved.
"""

from __future__ import annotations

from datetime import timedelta

import attrs
import pytest

from _deploy_desk import Desk
from _flaky import FlakyPlatform, a_campaign, a_creative, a_plan, an_ad
from smmlib.deploy import (
    Target,
    addresses_by_id,
    apply,
    make_changes,
    status,
    stop,
)
from smmlib.errors import (
    ApplyInterruptedError,
    OutcomeUnknownError,
    SpendGuardError,
    StaleChangesError,
    StateLockedError,
    ValidationError,
)
from smmlib.model import Caps, Delivery, Money, Status
from smmlib.ports import Action, Kind

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


def test_everything_is_made_paused(desk):
    """
    No money flows by applying.
    """
    done = desk.apply()

    assert 9 == len(done.of("create")) == done.writes
    assert {Status.PAUSED} == {thing.status for thing in desk.server.living()}


def test_a_second_apply_writes_nothing_and_looks(desk):
    """
    The same change set again, or a new one: 0 writes.
    """
    changes = desk.changes()
    desk.apply(changes)
    writes, requests = desk.server.writes, desk.server.requests

    assert 0 == desk.apply(changes).writes
    assert 0 == desk.apply().writes
    assert writes == desk.server.writes
    assert desk.server.requests > requests


def test_an_idle_apply_leaves_the_change_set_before_valid(desk):
    """
    Looking again between apply and activation costs nobody a new approval.
    """
    changes = desk.changes()
    desk.apply(changes)
    desk.apply(desk.changes())

    assert 7 == desk.activate(changes).writes


def test_progress_is_told_step_by_step(desk):
    """
    A bar can be drawn: it counts up to the number of writes.
    """
    seen = []
    desk.apply(progress=seen.append)

    done = [step.done for step in seen if step.action is Action.CREATE]
    assert list(range(1, 10)) == done
    assert {9} == {step.total for step in seen if step.action}


def test_batches_hold_one_kind_and_no_more_than_fits(desk):
    """
    Two creatives, two ad sets and four ads go out in four requests of up to three.
    """
    capabilities = attrs.evolve(desk.platform.capabilities, batch_size=3)
    desk.platform.capabilities = capabilities
    changes = desk.changes()

    assert 5 == changes.calls
    before = desk.server.requests
    desk.apply(changes)
    reads = 4  # one look for each kind
    assert changes.calls == desk.server.requests - before - reads


@pytest.mark.parametrize("what", ["plan", "account", "age", "serial", "lineage"])
def test_a_stale_change_set_is_refused(desk, what):
    """
    Another plan, account, store, an apply in between, or simply too old.
    """
    changes = desk.changes()
    if what == "plan":
        desk.plan = a_plan("edited")
    elif what == "account":
        desk.platform.account_id = "act_2"
    elif what == "age":
        desk.clock.sleep(25 * 3600)
    elif what == "lineage":
        desk.forget()
    else:  # a colleague applied another edition of the plan in between
        desk.plan = a_plan("of a colleague")
        desk.apply()
        desk.plan = a_plan()
    writes = desk.server.writes

    with pytest.raises(StaleChangesError):
        desk.apply(changes)
    assert writes == desk.server.writes


def test_an_edit_on_the_platform_between_plan_and_apply_is_not_overwritten(launched):
    """
    What the user did not see is not done.
    """
    launched.edit(a_campaign(daily=80))
    changes = launched.changes()
    launched.thing(_CAMPAIGN).fields["daily"] = 55

    with pytest.raises(StaleChangesError, match="does not show"):
        launched.apply(changes)
    assert 55 == launched.thing(_CAMPAIGN).fields["daily"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda thing: setattr(thing, "name", "Renamed by hand"),
        lambda thing: thing.fields.update(objective="sales"),
    ],
    ids=["its name", "another field"],
)
def test_what_is_about_to_change_must_be_as_it_was_seen(launched, spoil):
    """
    A fingerprint of all that is ours in it: any edit in between is looked at first.
    """
    launched.edit(a_campaign(daily=80))
    changes = launched.changes()
    spoil(launched.thing(_CAMPAIGN))

    with pytest.raises(StaleChangesError):
        launched.apply(changes)


def test_changes_of_another_environment_are_refused(desk):
    """
    What was looked at in the sandbox is never done in production.
    """
    changes = attrs.evolve(desk.changes(), environment="staging")

    with pytest.raises(StaleChangesError, match="staging"):
        desk.apply(changes, allowlist=["act_1"])


def test_errors_in_the_change_set_stop_it(desk):
    """
    What the platform cannot do is not half done.
    """
    desk.edit(an_ad("lost", "office", "nowhere"))

    with pytest.raises(ValidationError):
        desk.apply()
    assert 0 == desk.server.writes


def test_two_at_once_are_refused(desk):
    """
    The second one is told who is at work, and sends nothing.
    """
    changes = desk.changes()

    with desk.store.lock("mila"), pytest.raises(StateLockedError, match="mila"):
        desk.apply(changes)
    assert 0 == desk.server.writes


def test_a_refusal_skips_what_stands_on_it_and_nothing_else(desk):
    """
    The error names what was done, refused and left, with paths of the plan.
    """
    desk.server.faults = {9: "refused"}  # the first creative
    changes = desk.changes()

    with pytest.raises(ApplyInterruptedError) as stopped:
        desk.apply(changes)
    error = stopped.value
    assert ("creatives.taste",) == error.failed
    ads = {f"campaigns.leads.ad_sets.{s}.ads.taste" for s in ("baristas", "office")}
    assert ads == set(error.pending)
    assert 6 == len(error.done)
    assert "creatives.taste" in {issue.path for issue in error.issues}
    assert 3 == desk.apply(changes).writes


def test_a_look_up_that_fails_stops_everything(desk):
    """
    A lost answer and a platform that cannot be asked: nothing more is sent.
    """
    desk.server.faults = {8: "answer_lost", 9: "unreachable"}
    changes = desk.changes()

    with pytest.raises(OutcomeUnknownError):
        desk.apply(changes)
    assert 1 == desk.server.writes == len(desk.store.snapshot().open_intents)
    assert 8 == desk.apply(changes).writes
    assert [] == desk.server.broken


def test_without_look_ups_nothing_is_sent_twice(desk):
    """
    Where lost objects cannot be searched for, a lost answer is a question to a person.
    """
    desk.platform.capabilities = attrs.evolve(
        desk.platform.capabilities, finds_by_marker=False
    )
    desk.server.faults = {0: "answer_lost"}
    changes = desk.changes()

    for _ in range(2):
        with pytest.raises(OutcomeUnknownError):
            desk.apply(changes)
    assert 1 == desk.server.writes


def test_a_long_wait_is_not_slept_through(desk):
    """
    When the platform says "in six hours", the error says when to come back.
    """
    desk.server.faults = {8: "rate_limited_for_hours"}

    with pytest.raises(ApplyInterruptedError) as stopped:
        desk.apply()
    assert "run it again after 2027-02-20 15:00" in stopped.value.hint
    assert desk.clock.slept < 60


def test_ctrl_c_leaves_a_journal_that_goes_on(desk):
    """
    The interrupt says how to resume, and resuming makes nothing twice.
    """
    changes = desk.changes()

    def interrupt(step):
        if step.done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as stopped:
        desk.apply(changes, progress=interrupt)
    assert "Run it again to go on" in stopped.value.__notes__[0]
    desk.apply(changes)
    assert 9 == len(desk.server.living())
    assert [] == desk.server.broken


# -- money ----------------------------------------------------------------------------


@pytest.mark.parametrize("amount", [None, "999.99 EUR", "1000.01 EUR", "1000.00 USD"])
def test_activation_needs_the_amount_to_the_cent(desk, amount):
    """
    No approval, or of another amount: nothing starts, and both amounts are named.
    """
    changes = desk.changes()
    desk.apply(changes)

    with pytest.raises(SpendGuardError, match=r"1000\.00 EUR") as refused:
        desk.activate(changes, approve=amount)
    assert amount is None or amount in str(refused.value)
    assert {Status.PAUSED} == {thing.status for thing in desk.server.living()}
    assert desk.store.approved(changes.hash) is None


def test_activation_starts_children_first_and_records_the_approval(desk):
    """
    Ads, ad sets, campaign; the approval is kept with the hash of what was shown.
    """
    changes = desk.changes()
    desk.apply(changes)
    done = desk.activate(changes, approve=Money("1000.00", "EUR"), by="eva")

    kinds = [address.count(".") for address in done.of("activate")]
    assert sorted(kinds, reverse=True) == kinds
    assert 7 == len(kinds)
    assert "1000.00 EUR" == desk.store.approved(changes.hash)
    assert any("eva" in event.detail for event in desk.store.events())


def test_activation_again_does_nothing(launched):
    """
    What runs is left alone; a resumed activation needs no second approval.
    """
    changes = launched.changes()
    assert 0 == launched.activate(changes).writes
    assert 0 == launched.activate(changes, approve=None).writes


def test_only_what_is_applied_can_be_activated(desk):
    """
    Planned is not set up.
    """
    with pytest.raises(StaleChangesError, match="not applied"):
        desk.activate()


def test_only_what_is_wanted_active_is_activated(desk):
    """
    A draft stays paused, and so does all below it.
    """
    desk.edit(a_campaign(status=Status.DRAFT))
    desk.apply()

    assert 0 == desk.activate().writes


def test_the_plans_media_money_is_the_default_cap(desk):
    """
    More than the plan's money cannot be activated, whatever is approved.
    """
    desk.plan = a_plan(total="999.00 EUR")
    desk.apply()

    with pytest.raises(SpendGuardError, match=r"999\.00 EUR"):
        desk.activate()


@pytest.mark.parametrize(
    "caps",
    [
        Caps(per_day="99.99 EUR"),
        Caps(per_campaign_day="99.99 EUR"),
        Caps(per_account_day="99.99 EUR"),
        Caps(total="999.99 EUR"),
    ],
    ids=["day", "campaign and day", "account and day", "total"],
)
def test_caps_of_the_environment_hold(desk, caps):
    """
    No approval passes a cap.
    """
    desk.apply()

    with pytest.raises(SpendGuardError, match="cap"):
        desk.activate(caps=caps)


def test_production_needs_an_allowed_account():
    """
    A wrong account id in the settings spends nothing.
    """
    desk = Desk(environment="production")

    with pytest.raises(SpendGuardError, match="allowlist"):
        desk.apply()
    desk.apply(allowlist=["act_1"])
    with pytest.raises(SpendGuardError, match="allowlist"):
        desk.activate()
    assert 7 == desk.activate(allowlist=["flaky/act_1"]).writes


def test_raising_what_runs_needs_an_approval(launched):
    """
    Applying a higher budget to a running campaign is spending.
    """
    launched.edit(a_campaign(daily=150))
    changes = launched.changes()

    with pytest.raises(SpendGuardError, match=r"1500\.00 EUR"):
        launched.apply(changes)
    assert 100 == launched.thing(_CAMPAIGN).fields["daily"]
    launched.apply(changes, approve="1500.00 EUR")
    assert 150 == launched.thing(_CAMPAIGN).fields["daily"]


def test_lowering_what_runs_needs_none(launched):
    """
    Less can be spent, so nobody has to be asked.
    """
    launched.edit(a_campaign(daily=50))

    assert 1 == launched.apply().writes


def test_an_active_twin_stops_the_gate(desk):
    """
    Two that exist and one spends: a person must look.
    """
    changes = desk.changes()
    desk.apply(changes)
    first = desk.thing(_CAMPAIGN)
    twin = attrs.evolve(first, id="999", status=Status.ACTIVE)
    desk.server.things["999"] = twin

    with pytest.raises(SpendGuardError, match="exists twice"):
        desk.activate(changes)
    assert twin.live


def test_a_paused_twin_is_archived_by_the_gate(desk):
    """
    The older one stays.
    """
    changes = desk.changes()
    desk.apply(changes)
    first = desk.thing(_CAMPAIGN)
    later = first.created_at + timedelta(seconds=1)
    desk.server.things["999"] = attrs.evolve(first, id="999", created_at=later)
    desk.activate(changes)

    assert not desk.server.things["999"].live
    assert Status.ACTIVE is first.status


def test_above_an_ad_that_cannot_start_nothing_starts(desk):
    """
    A campaign does not run with half of its ads.
    """
    changes = desk.changes()
    desk.apply(changes)
    before = desk.server.requests
    desk.server.faults = {before + 4 + 4: "refused"}  # after two looks at four kinds

    with pytest.raises(ApplyInterruptedError) as stopped:
        desk.activate(changes)
    assert _CAMPAIGN in stopped.value.pending
    assert Status.PAUSED is desk.thing(_CAMPAIGN).status
    desk.activate(changes)
    assert Status.ACTIVE is desk.thing(_CAMPAIGN).status


# -- looking and stopping -------------------------------------------------------------


def test_status_tells_how_everything_stands(launched):
    """
    One row for each object, also for what is missing.
    """
    launched.edit(a_creative("new"))
    rows = {
        r.address: r for r in status(launched.plan, launched.targets(), launched.store)
    }

    assert 10 == len(rows)
    assert Delivery.DELIVERING is rows[_AD].delivery
    assert rows["creatives.new"].status is None
    assert launched.thing(_AD).id == rows[_AD].remote_id


def test_status_shows_itself(launched):
    """
    As a table in a terminal and in a notebook.
    """
    standings = status(launched.plan, launched.targets(), launched.store)

    assert _AD in str(standings)
    assert "<table>" in standings._repr_html_()
    assert "active" == standings[0].to_dict()["status"]


def test_numbers_are_joined_by_id(launched):
    """
    A remote id leads to its place in the plan.
    """
    assert _AD == addresses_by_id(launched.store)[launched.thing(_AD).id]


@pytest.mark.parametrize("forget", [False, True], ids=["with state", "without state"])
def test_stop_pauses_every_campaign_with_one_write_each(launched, forget):
    """
    Also when the state is lost, and while somebody holds the lock.
    """
    if forget:
        launched.forget()
    writes = launched.server.writes
    with launched.store.lock("mila"):
        stop(launched.plan, launched.targets(), launched.store, clock=launched.clock)

    campaigns = [t for t in launched.server.living() if t.kind is Kind.CAMPAIGN]
    assert {Status.PAUSED} == {t.status for t in campaigns if t.marker}
    assert 1 == launched.server.writes - writes


def test_after_a_stop_old_change_sets_are_void(launched):
    """
    Nobody starts it again by resuming.
    """
    changes = launched.changes()
    stop(launched.plan, launched.targets(), launched.store, clock=launched.clock)

    with pytest.raises(StaleChangesError):
        launched.activate(changes)


def test_a_stop_that_a_platform_refuses_is_said(launched):
    """
    It goes on with the others and names what still runs.
    """
    launched.server.faults = {launched.server.requests: "refused"}

    with pytest.raises(ApplyInterruptedError) as stopped:
        stop(launched.plan, launched.targets(), launched.store, clock=launched.clock)
    assert (_CAMPAIGN,) == stopped.value.failed


def test_two_accounts_go_side_by_side(desk):
    """
    One change set, money by account and in total; each object in its own account.
    """
    second = FlakyPlatform(desk.server, [a_campaign("x", daily=20)], name="other")
    targets = [
        *desk.targets(),
        Target(second, second.account(), second.wanted(desk.plan)),
    ]
    changes = make_changes(
        desk.plan, targets, desk.store, clock=desk.clock, environment="sandbox"
    )
    assert {"flaky/act_1": "1000.00 EUR", "other/act_1": "200.00 EUR"} == {
        key: str(money) for key, money in changes.exposure.items()
    }
    assert Money("1200.00", "EUR") == changes.total
    done = apply(changes, desk.plan, targets, desk.store, clock=desk.clock)
    assert 10 == done.writes
