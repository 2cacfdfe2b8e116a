"""
Plans: looking things up, new versions, new budgets, and what changed in words.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import attrs
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from smmlib.errors import CurrencyMismatch, ValidationError
from smmlib.model import (
    AdBudget,
    AdCampaign,
    AdSet,
    Budget,
    CostParts,
    Creative,
    Flight,
    LineItem,
    MediaPlan,
    Milestone,
    Money,
    Post,
    compare,
)
from smmlib.testing import strategies

_BERLIN = "Europe/Berlin"
_ID = "0192f3c8-5d7e-7b1a-9c44-2f6d1e0a8b37"
_FEW = settings(max_examples=25)


def _plan(**parts):
    flight = Flight.parse("2027-03-01..2027-04-11", _BERLIN)
    return MediaPlan("Spring", _ID, zone=_BERLIN, flight=flight, **parts)


def _euros(amount):
    return Money(amount, "EUR")


@st.composite
def _campaigns_of_one_line(draw):
    """
    A line and campaigns that share its money: per campaign, or per ad set.
    """
    amounts = draw(st.lists(st.integers(1, 9999), min_size=1, max_size=6))
    rest = draw(st.integers(0, 500))
    campaigns, sets = {}, {}
    for place, coins in enumerate(amounts):
        budget = AdBudget(lifetime=_euros(1) * 0 + _euros("0.01") * coins)
        if draw(st.booleans()):
            campaigns[f"c{place}"] = AdCampaign("ads", budget=budget)
        else:
            sets[f"s{place}"] = AdSet("adults", budget=budget)
    if sets:
        campaigns["many"] = AdCampaign("ads", sets)
    cost = _euros("0.01") * (sum(amounts) + rest)
    return _plan(lines={"ads": LineItem(["x"], cost)}, campaigns=campaigns)


def _lifetimes(plan):
    for key, campaign in plan.campaigns.items():
        if campaign.budget:
            yield key, campaign.budget.amount
        for name, ad_set in campaign.ad_sets.items():
            if ad_set.budget:
                yield f"{key}.{name}", ad_set.budget.amount


@given(_campaigns_of_one_line(), st.integers(1, 50_000))
def test_new_budgets_fit_to_the_cent(plan, coins):
    """
    Budgets move in proportion; together they never pass the line's new cost, and each
    is next to its exact share.
    """
    old, new = plan.lines["ads"].cost, _euros("0.01") * coins
    try:
        moved = plan.with_budgets({"ads": new})
    except ValidationError as error:
        assume(error.issues[0].code == "budget.vanished")
        return  # so little money that a budget would be nothing
    before, after = dict(_lifetimes(plan)), dict(_lifetimes(moved))

    assert new == moved.lines["ads"].cost
    assert before.keys() == after.keys()
    assert sum(after.values(), _euros(0)) <= new
    for key, amount in before.items():
        ideal = amount.amount * new.amount / old.amount
        assert abs(after[key].amount - ideal) < Decimal("0.01")
    if sum(before.values(), _euros(0)) == old:
        assert new == sum(after.values(), _euros(0))


def test_a_campaigns_budget_pays_for_its_ad_sets():
    """
    Where both have budgets, ad sets share what their campaign has.
    """
    sets = {
        "a": AdSet("x", budget=AdBudget(lifetime="30.00 EUR")),
        "b": AdSet("x", budget=AdBudget(daily="3.00 EUR")),
    }
    campaign = AdCampaign("ads", sets, budget=AdBudget(lifetime="60.00 EUR"))
    plan = _plan(lines={"ads": LineItem(["x"], "90.00 EUR")}, campaigns={"c": campaign})

    moved = plan.with_budgets({"ads": "45.00 EUR"}).campaigns["c"]

    assert _euros(30) == moved.budget.lifetime
    assert _euros(15) == moved.ad_sets["a"].budget.lifetime
    assert _euros("1.50") == moved.ad_sets["b"].budget.daily


def test_a_budget_never_vanishes_silently():
    """
    Where nothing would be left for a campaign, the change is refused with its path.
    """
    campaign = AdCampaign("ads", budget=AdBudget(daily="0.01 EUR"))
    plan = _plan(lines={"ads": LineItem(["x"], "90.00 EUR")}, campaigns={"c": campaign})

    with pytest.raises(ValidationError) as caught:
        plan.with_budgets({"ads": "45.00 EUR"})
    assert "campaigns.c.budget" == caught.value.attribute


@given(strategies.plans())
@_FEW
def test_new_versions_know_their_parent(plan):
    """
    A new version counts up and keeps the fingerprint of the one before.
    """
    after = plan.next_version(note="changed")

    assert plan.version + 1 == after.version
    assert plan.content_hash == after.parent != after.content_hash
    assert plan.project_id == after.project_id


def test_unchanged_costs_keep_their_parts():
    """
    A line that costs what it did before keeps its net and gross price.
    """
    line = LineItem(["x"], "100 EUR", parts=CostParts("80 EUR", agency_fee="20 EUR"))
    plan = _plan(lines={"a": line, "b": LineItem(["x"], "50 EUR")})

    after = plan.with_budgets({"a": _euros(100), "b": _euros(40)})

    assert line == after.lines["a"]
    assert _euros(40) == after.lines["b"].cost


def test_a_budget_for_no_line_is_refused():
    """
    A mistyped key of a line is told from the nearest one.
    """
    plan = _plan(lines={"leads": LineItem(["x"], "1 EUR")})

    with pytest.raises(ValidationError, match="no line 'lead'") as caught:
        plan.with_budgets({"lead": _euros(5)})
    assert "did you mean 'leads'?" == caught.value.hint


@given(strategies.cost_parts())
def test_net_and_gross_add_up(parts):
    """
    Net is everything before tax, gross everything with it, to the cent.
    """
    zero = Money.zero(parts.media.currency)
    net = parts.media + (parts.agency_fee or zero) + (parts.production or zero)

    assert net == parts.net
    assert net + (parts.tax or zero) == parts.gross


@given(strategies.budgets())
def test_media_is_what_the_parts_leave(budget):
    """
    Total is media plus fee, production, tax and reserve.
    """
    assert budget.total == sum(budget.parts.values(), budget.media)


def test_parts_in_two_currencies_are_not_added():
    """
    A fee in dollars is no part of a total in euros.
    """
    mixed = Budget("100 EUR", agency_fee="5 USD")

    with pytest.raises(CurrencyMismatch):
        _ = mixed.media
    assert "USD" in mixed._repr_html_()


@given(strategies.plans())
@_FEW
def test_everything_of_an_ad_can_be_looked_up(plan):
    """
    Each ad comes with its campaign, ad set and path, in plan order.
    """
    ads = list(plan.ads())

    assert sum(c.number_of_ads for c in plan.campaigns.values()) == len(ads)
    for ad in ads:
        campaign = plan.campaigns[ad.campaign_key]
        assert campaign is ad.campaign
        assert campaign.ad_sets[ad.ad_set_key].ads[ad.ad_key] is ad.ad
        assert ad.path.startswith(f"campaigns.{ad.campaign_key}.ad_sets.")
        assert plan.line_of(campaign) is plan.lines[campaign.line]
        nearest = ad.ad_set.flight or campaign.flight
        assert nearest in {None, plan.flight_of(campaign, ad.ad_set)}


class TestCompare:
    """
    What changed, in a client's words.
    """

    @given(strategies.plans(), strategies.plans())
    @_FEW
    def test_equal_plans_have_no_changes(self, plan, other):
        """
        Nothing changed means no sentence; something changed means one at least.
        """
        assert () == compare(plan, plan)
        assert () == compare(plan, plan.next_version())
        sentences = [str(change) for change in compare(plan, other)]
        assert all(text.endswith((".", '"')) for text in sentences)
        assert all(text[0].isupper() or text[0] == "'" for text in sentences)

    def test_sentences_a_client_understands(self):
        """
        Money with its difference, new and dropped things by name, dates as they are.
        """
        old = _plan(
            lines={
                "leads": LineItem(["facebook"], "16000 EUR", name="Leads"),
                "x-teaser": LineItem(["x"], "1500 EUR"),
            },
            posts={"opening": Post("leads", "We are open.")},
            milestones={"go": Milestone("Go live", date(2027, 3, 1))},
            creatives={"taste": Creative("Taste first.")},
            note="for Eva",
        )
        lines = {
            "leads": attrs.evolve(old.lines["leads"], cost="15500 EUR", paid=True),
            "bloggers": LineItem(["telegram"], "2000 EUR", managed="by hand"),
        }
        new = attrs.evolve(
            old,
            lines=lines,
            posts={"opening": Post("leads", "We are open!")},
            milestones={"go": Milestone("Go live", date(2027, 3, 2), done=True)},
            creatives={"taste": Creative("Taste first.", "Four roasts")},
            note="",
            version=9,
        )

        assert [
            "Line 'Leads': cost goes from 16000.00 EUR to 15500.00 EUR (-500.00 EUR).",
            "Line 'x-teaser' was dropped.",
            "Line 'bloggers' is new (2000.00 EUR).",
            "Creative 'taste': headline is now \"Four roasts\".",
            'Post \'opening\': text changes from "We are open." to "We are open!".',
            "Milestone 'Go live': due changes from 2027-03-01 to 2027-03-02.",
            "Milestone 'Go live': done changes from no to yes.",
            'The plan: note is no longer set (was "for Eva").',
        ] == [str(change) for change in compare(old, new)]

    def test_changes_carry_path_and_values(self):
        """
        Programs read the path and both values, people the sentence.
        """
        old = _plan(lines={"a": LineItem(["x"], "5 EUR")})
        (change,) = compare(old, old.with_budgets({"a": _euros(7)}))

        assert ["lines.a.cost", _euros(5), _euros(7)] == [
            change.path,
            change.before,
            change.after,
        ]

    def test_deep_changes_name_their_place(self):
        """
        A budget deep inside a campaign is told with the names around it.
        """
        sets = {"visitors": AdSet("a", budget=AdBudget(daily="5 EUR"))}
        old = _plan(campaigns={"leads": AdCampaign("x", sets)})
        sets = {"visitors": AdSet("a", budget=AdBudget(daily="6 EUR"))}
        new = _plan(campaigns={"leads": AdCampaign("x", sets)})

        (change,) = compare(old, new)

        assert "campaigns.leads.ad_sets.visitors.budget" == change.path
        assert (
            "Campaign 'leads', ad set 'visitors': budget changes from 5.00 EUR a day "
            "to 6.00 EUR a day."
        ) == change.text
