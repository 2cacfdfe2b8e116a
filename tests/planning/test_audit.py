"""
An audit finds what was planted, names the money, and changes nothing.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import attrs
import pytest

from smmlib.model import (
    AdBudget,
    AdCampaign,
    AdSet,
    Audience,
    Creative,
    Flight,
    LineItem,
    MediaPlan,
    Money,
    NamePattern,
    Place,
    Status,
    Utm,
)
from smmlib.planning import AuditedAccount, judge_accounts

_ZONE = "Europe/Berlin"
_NOW = Flight.parse("2027-03-01..2027-03-31", _ZONE)
_OVER = Flight.parse("2027-02-01..2027-02-10", _ZONE)
_TAGS = Utm("facebook", "paid_social", campaign="c")


def _set(audience="all", ads=("one",), flight=_NOW, **more):
    return AdSet(audience, list(ads), flight=flight, **more)


def _campaign(name="a_b", sets=None, **more):
    usual = {"budget": AdBudget(daily="10 EUR"), "name": name}
    return AdCampaign("meta", sets or {"s": _set()}, **(usual | more))


def _plan(campaigns, **more):
    usual = {
        "zone": _ZONE,
        "flight": _NOW,
        "lines": {"meta": LineItem(("facebook",), "900 EUR")},
        "audiences": {
            "all": Audience(places=[Place("DE")]),
            "twin": Audience("Other name", places=[Place("DE")]),
            "austria": Audience(places=[Place("AT")]),
        },
        "creatives": {
            "one": Creative("Hello", link="https://shop.example/", utm=_TAGS),
            "bare": Creative("Hello", link="https://shop.example/"),
        },
        "campaigns": campaigns,
    }
    return MediaPlan("p", "p-1", **(usual | more))


def _audit(campaigns, wanted=None, *, planned=True, **more):
    plan = _plan(campaigns)
    paths = ["campaigns." + key for key in campaigns]
    sets = [
        f"campaigns.{key}.ad_sets.{name}.ads.{ad}"
        for key, campaign in campaigns.items()
        for name, one in campaign.ad_sets.items()
        for ad in one.ads
    ]
    ids = {path: f"id-{path}" for path in [*paths, *sets]}
    account = AuditedAccount(
        "meta",
        plan=plan,
        ids=ids,
        planned={one: path for path, one in ids.items()} if planned else {},
        spend={ids[path]: Decimal(30) for path in sets},
        currency="EUR",
        on=date(2027, 3, 5),
        **more,
    )
    return judge_accounts([account], wanted=wanted)


def _kinds(found):
    return {one.kind for one in found.findings if not one.path.startswith("audiences")}


def test_a_tidy_account_has_no_findings():
    """
    Planned, named, tagged, limited, in time and alone: nothing to say but unused
    audiences.
    """
    assert set() == _kinds(_audit({"c": _campaign()}))


@pytest.mark.parametrize(
    ("kind", "campaign"),
    [
        ("orphan", _campaign(sets={"s": _set(ads=())})),
        ("dates", _campaign(sets={"s": _set(flight=_OVER)})),
        ("dates", _campaign(sets={"s": _set(flight=None)})),
        ("budget", _campaign(budget=None)),
        ("utm", _campaign(sets={"s": _set(ads=("bare",))})),
        ("overlap", _campaign(sets={"s": _set(), "t": _set("twin")})),
    ],
)
def test_what_is_planted_is_found(kind, campaign):
    """
    Each kind of disorder is named, and nothing else is.
    """
    assert {kind} == _kinds(_audit({"c": campaign}))


def test_other_people_or_other_days_do_not_overlap():
    """
    Ad sets for other places, or after each other, do not compete.
    """
    later = Flight.parse("2027-04-01..2027-04-09", _ZONE)
    found = _audit(
        {
            "c": _campaign(
                sets={
                    "s": _set(),
                    "t": _set("austria"),
                    "u": _set("twin", flight=later),
                }
            )
        }
    )

    assert () == found.of("overlap")


def test_live_objects_without_a_plan_show_what_they_can_spend():
    """
    A week of the daily budget is at stake; paused ones are no matter.
    """
    live = _audit({"c": _campaign()}, planned=False)
    paused = _audit({"c": _campaign(status="paused")}, planned=False)

    assert [Money("70.00", "EUR")] == [one.stake for one in live.of("no_plan")]
    assert () == paused.of("no_plan")


def test_names_and_budgets_are_held_to_the_plan():
    """
    The pattern of the plan, doubles, and a budget that was raised by hand.
    """
    wanted = _plan(
        {"c": _campaign(budget=AdBudget(daily="8 EUR"))},
        naming=NamePattern("{brand}_{goal}"),
    )
    found = _audit({"c": _campaign("nonsense"), "d": _campaign("nonsense")}, wanted)

    assert 3 == len(found.of("naming"))
    assert [Money("2.00", "EUR")] == [one.stake for one in found.of("budget")]


def test_the_fix_plan_pauses_and_nothing_else():
    """
    What is over is paused in a new version; the account's plan is untouched.
    """
    found = _audit(
        {"c": _campaign(sets={"s": _set(flight=_OVER), "t": _set("austria")})}
    )

    sets = found.fixes["meta"].campaigns["c"].ad_sets
    assert (Status.PAUSED, Status.ACTIVE) == (sets["s"].status, sets["t"].status)
    assert 2 == found.fixes["meta"].version
    assert Money("30.00", "EUR") == found.of("dates")[0].stake


def test_findings_stand_by_money_and_show_themselves():
    """
    The most money first; text, notebook and JSON; names cannot carry markup.
    """
    found = _audit(
        {"c": _campaign("<b>", budget=AdBudget(daily="1 EUR")), "d": _campaign()},
        planned=False,
    )

    stakes = [one.stake.amount for one in found.findings]
    assert sorted(stakes, reverse=True) == stakes
    assert "<b>" not in found._repr_html_()
    assert "at stake" in str(found)
    assert "meta" in found.to_dict()["fixes"]
    assert attrs.evolve(found, findings=()).ok
