"""
An account that others set up becomes a plan: nothing would change, nothing is lost.
"""

from __future__ import annotations

import attrs
import httpx
import pytest

from _x import X
from _x_adapter import SandboxClock, x_of
from smmlib.codec import dumps, loads
from smmlib.deploy import MemoryStateStore, Target, adopt, make_changes
from smmlib.model import AgeRange, Objective
from smmlib.ports import AccountSource
from smmlib.sandbox import Sandbox


@pytest.fixture
def sandbox():
    """
    A fresh emulated platform.
    """
    return Sandbox(seed=7)


@pytest.fixture
def x(sandbox):
    """
    Somebody else, setting up an account by hand.
    """
    http = httpx.Client(transport=sandbox.transport())
    return X(sandbox, http, sandbox.base_url("x"))


def _account(x):
    """
    A plain campaign, and one full of what a plan has no words for.
    """
    campaign, line_item, _ = x.tree()
    for kind, value in (("AGE", "AGE_25_TO_49"), ("BROAD_KEYWORD", "espresso")):
        x.criterion(line_item, kind, value)
    x.criterion(line_item, "WIFI_ONLY", "1")
    x.criterion(line_item, "BROAD_KEYWORD", "tea", "NE")
    odd = x.campaign(name="Odd one", purchase_order_number="7")
    strange = x.line_item(
        odd,
        objective="ENGAGEMENTS",
        bid_strategy="MAX",
        frequency_cap=2,
        bid_amount_local_micro=120_000,
        duration_in_days=7,
        end_time=None,
        standard_delivery=False,
    )
    x.criterion(strange, "LOCATION", x.place("Munich", "CITIES"))
    x.promote(strange, x.tweet("Hello"), x.tweet("Again"))
    apps = x.campaign(name="Apps")
    x.line_item(
        apps,
        objective="APP_INSTALLS",
        goal="APP_INSTALLS",
        ios_app_store_identifier="1",
    )
    return campaign, odd


def test_an_imported_account_wants_what_stands_there(sandbox, x):
    """
    After taking it over nothing is due, and the plan survives its file.
    """
    _account(x)
    platform = x_of(sandbox)
    found = platform.import_account()
    plan = loads(dumps(found.plan))
    clock = SandboxClock(sandbox)
    store = MemoryStateStore(
        project_id=plan.project_id, environment="sandbox", clock=clock
    )
    target = Target(platform, platform.account(), platform.wanted(plan))
    before = len(sandbox.log.writes())

    adopt(target, found.ids, store, clock=clock)
    changes = make_changes(plan, [target], store, clock=clock, environment="sandbox")

    assert isinstance(platform, AccountSource)
    assert [] == [c.address for c in changes.changes if c.writes]
    assert [] == [issue for issue in changes.issues if issue.is_error]
    assert before == len(sandbox.log.writes())


def test_people_and_goals_come_back_in_the_plans_words(sandbox, x):
    """
    Ages, places, keywords, objectives, bids: what a plan can say, it says.
    """
    _account(x)
    plan = x_of(sandbox).import_account().plan
    launch, odd = plan.campaigns["launch"], plan.campaigns["odd-one"]
    (people,) = (plan.audience_of(s) for s in launch.ad_sets.values())
    (strange,) = odd.ad_sets.values()

    assert (Objective.TRAFFIC, Objective.ENGAGEMENT) == (
        launch.objective,
        odd.objective,
    )
    assert AgeRange(25, 49) == people.age
    assert ["DE"] == [place.country for place in people.places]
    assert ("keyword: espresso",) == people.interests
    assert "0.12 EUR" == str(strange.bid.amount)
    assert 2 == len(strange.ads)


def test_what_a_plan_cannot_say_is_told(sandbox, x):
    """
    Kept as it is, or left alone: each with its place.
    """
    _account(x)
    issues = x_of(sandbox).import_account().issues

    assert {"x.import_kept", "x.import_left_out"} == {issue.code for issue in issues}
    assert "APP_INSTALLS" in " ".join(issue.message for issue in issues)


def test_a_change_of_the_plan_counts_more_than_what_was_kept(sandbox, x):
    """
    Whoever changes the people afterwards gets the people of the plan.
    """
    _account(x)
    platform = x_of(sandbox)
    plan = platform.import_account().plan
    launch = plan.campaigns["launch"]
    ((key, ad_set),) = launch.ad_sets.items()
    people = attrs.evolve(plan.audience_of(ad_set), age=AgeRange(35, 54))
    changed = attrs.evolve(
        plan,
        campaigns={
            "launch": attrs.evolve(
                launch, ad_sets={key: attrs.evolve(ad_set, audience=people)}
            )
        },
    )
    wanted = {r.address: r for r in platform.wanted(changed).resources}

    targeting = wanted[f"campaigns.launch.ad_sets.{key}"].fields["targeting"]
    assert ["AGE_35_TO_54"] == targeting["AGE EQ"]
    assert "WIFI_ONLY EQ" not in targeting
