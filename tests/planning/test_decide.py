"""
Rules: what they would do, why, within which limits, and how it is undone.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from smmlib.analytics import Facts
from smmlib.errors import CurrencyMismatch, ValidationError
from smmlib.model import (
    AdBudget,
    AdCampaign,
    AdSet,
    Flight,
    LineItem,
    MediaPlan,
    MetricRow,
    Money,
    Status,
)
from smmlib.planning import (
    Condition,
    Decision,
    Rule,
    decide,
    feed_winners,
    pause_losers,
    read_rules,
    rehearse,
    stop_at_cap,
)

FIRST = date(2027, 3, 1)
GOOD, BAD = "campaigns.c.ad_sets.good", "campaigns.c.ad_sets.bad"


def _plan(cost="2000 EUR"):
    sets = {
        "good": AdSet("all", ["one"], budget=AdBudget(daily="20 EUR")),
        "bad": AdSet("all", ["one"], budget=AdBudget(daily="20 EUR")),
    }
    return MediaPlan(
        "p",
        "p-1",
        zone="Europe/Berlin",
        flight=Flight.parse("2027-03-01..2027-03-31", "Europe/Berlin"),
        lines={"l": LineItem(("facebook",), cost)},
        campaigns={"c": AdCampaign("l", sets)},
    )


def _facts(good=4, bad=0, days=10, **more):
    rows = [
        MetricRow(
            FIRST + timedelta(days=k),
            spend=20,
            address=f"{address}.ads.one",
            registrations=count,
            clicks=40,
            **({"currency": "EUR"} | more),
        )
        for k in range(days)
        for address, count in ((GOOD, good), (BAD, bad))
    ]
    return Facts(rows)


def test_losers_are_paused_with_a_reason():
    """
    Money without a single result pauses the ad, and says which sentence held.
    """
    found = decide(_plan(), _facts(), rules=[pause_losers("10 EUR")])

    row = found.acting[0]
    assert f"{BAD}.ads.one" == row.address
    assert ("active", "paused") == (row.before, row.after)
    assert "no result at all > 14.00 EUR" in row.reason
    assert Status.PAUSED is found.plan.campaigns["c"].ad_sets["bad"].ads["one"].status
    assert 2 == found.plan.version


def test_what_a_platform_does_not_report_pauses_nothing():
    """
    Not reported is not zero.
    """
    found = decide(_plan(), _facts(bad=None), rules=[pause_losers("10 EUR")])

    assert () == found.acting


def test_winners_are_fed_by_a_step_within_the_line():
    """
    A fifth more where the line has money, less where it has less, none without.
    """
    rules = [feed_winners("10 EUR")]
    rich, short, none = (
        decide(_plan(cost), _facts(), rules=rules)
        for cost in ("2000 EUR", "1271 EUR", "1240 EUR")
    )

    assert "24.00 EUR a day" == rich.acting[0].after
    assert "21.00 EUR a day" == short.acting[0].after
    assert ["hold"] == [row.action for row in none.rows]
    assert none.plan is none.before


def test_too_little_data_decides_nothing():
    """
    Minimum spend and counts are waited for.
    """
    rule = Rule(
        "few",
        [Condition("cpc", ">", limit="0.10 EUR")],
        action="pause",
        least={"clicks": 1_000},
    )

    assert () == decide(_plan(), _facts(), rules=[rule]).rows
    assert () == decide(_plan(), _facts(), rules=[pause_losers("100 EUR")]).rows


def test_a_cap_stops_the_campaign():
    """
    All the spend there was counts, and ads of a paused campaign are left alone.
    """
    rules = [stop_at_cap("300 EUR"), pause_losers("10 EUR")]
    found = decide(_plan(), _facts(), rules=rules)

    assert ["campaigns.c"] == [row.address for row in found.acting]


def test_a_cooldown_holds_back_and_says_so():
    """
    What was touched yesterday rests; the log is read back from its lines.
    """
    rules = [feed_winners("10 EUR")]
    log = [
        Decision.from_dict(line)
        for line in decide(_plan(), _facts(days=9), rules=rules).log
    ]
    found = decide(_plan(), _facts(), rules=rules, log=log)

    assert () == found.acting
    assert "days' rest" in found.rows[0].reason


def test_one_step_takes_everything_back():
    """
    The reverting plan has the statuses and budgets of before, as a new version.
    """
    plan = _plan()
    found = decide(
        plan, _facts(), rules=[pause_losers("10 EUR"), feed_winners("10 EUR")]
    )

    assert 2 == len(found.acting)
    assert plan.campaigns == found.revert().campaigns
    assert found.plan.version + 1 == found.revert().version


def test_a_rehearsal_tells_saved_and_lost():
    """
    What would have been paused on day two spends nothing after it; its results are
    lost too.
    """
    found = rehearse(_plan(), _facts(bad=1), rules=[pause_losers("10 EUR")])

    assert Decimal(160) == found.saved
    assert {"registrations": 8} == found.lost
    assert [FIRST + timedelta(days=1)] == [row.on for row in found.rows]
    assert "saved 160.00 EUR" in str(found)


def test_a_rehearsal_tells_what_raises_would_cost():
    """
    A fifth more of later spend, once per cooldown.
    """
    found = rehearse(_plan("9000 EUR"), _facts(), rules=[feed_winners("10 EUR")])

    assert found.added > 0
    assert found.gained["registrations"] > 0


def test_rules_are_plain_data():
    """
    A row of texts is the same rule as one built by hand.
    """
    row = {
        "name": "pause losers",
        "when": ["cost_per_registration > 14.00 EUR"],
        "action": "pause",
        "after": "30.00 EUR",
    }

    assert (pause_losers("10 EUR"),) == read_rules([row])


def test_wrong_rules_are_refused_all_at_once():
    """
    Unknown fields, KPIs, signs, actions and steps: path and hint for each.
    """
    with pytest.raises(ValidationError) as caught:
        read_rules(
            [
                {"name": "a", "when": ["cpc 2"], "action": "pause"},
                {"name": "b", "when": ["cpx > 2"], "action": "pause", "colour": "red"},
                {"when": []},
            ]
        )
    assert {0, 1, 2} == {int(i.path[6]) for i in caught.value.issues}
    rule = Rule(
        "x", [Condition("cpx", "~", limit=-1)], action="burn", level="all", step=2
    )
    with pytest.raises(ValidationError) as caught:
        decide(_plan(), _facts(), rules=[rule])
    assert 4 == len(caught.value.issues)
    assert all(issue.path and issue.hint for issue in caught.value.issues)
    with pytest.raises(ValidationError, match="no rule"):
        decide(_plan(), _facts(), rules=[])
    with pytest.raises(ValidationError, match="no history"):
        rehearse(_plan(), Facts(), rules=[pause_losers("1 EUR")])


def test_two_currencies_are_refused():
    """
    Rules in dollars cannot judge spend in euros.
    """
    with pytest.raises(CurrencyMismatch):
        decide(_plan(), _facts(), rules=[pause_losers("10 USD")])
    with pytest.raises(CurrencyMismatch):
        decide(_plan(), _facts(currency="USD"), rules=[pause_losers("10 EUR")])


def test_decisions_show_themselves_everywhere():
    """
    Text, notebook and JSON carry the log.
    """
    found = decide(_plan(), _facts(), rules=[pause_losers("10 EUR")])
    past = rehearse(_plan(), _facts(), rules=[pause_losers("10 EUR")])

    assert "nothing set yet" in str(found)
    assert "<table>" in found._repr_html_()
    assert found.log == found.to_dict()["decisions"]
    assert "<table>" in past._repr_html_()
    assert Money("20.00", "EUR") == _plan().campaigns["c"].ad_sets["bad"].budget.daily
