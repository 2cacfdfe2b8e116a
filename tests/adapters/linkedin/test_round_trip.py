"""
What is wanted on LinkedIn reads back as it was wanted, in every format.
"""

from __future__ import annotations

import attrs
import pytest

from _linkedin_adapter import (
    a_plan,
    ad_sets,
    audiences,
    files,
    linkedin_of,
    with_creatives,
)
from smmlib import AdBudget, AdCampaign, AdSet, Bid, Creative
from smmlib.errors import Outcome
from smmlib.model import Delivery, Status
from smmlib.ports import Action, Kind
from smmlib.sandbox import Sandbox
from smmlib.testing._conformance_tools import comparable, look, place


@pytest.fixture
def sandbox():
    """
    A fresh emulated platform.
    """
    return Sandbox(seed=7)


@pytest.fixture
def platform(sandbox, tmp_path):
    """
    The adapter, inside this process.
    """
    found = linkedin_of(sandbox, files(tmp_path))
    yield found
    found.close()


def _errors(wanted):
    return [issue for issue in wanted.issues if issue.is_error]


def test_every_format_reads_back_as_wanted(platform):
    """
    Link, picture, film and carousel, with targeting and budget, come back the same.
    """
    wanted = platform.wanted(a_plan())
    assert [] == _errors(wanted)
    placed = place(platform, wanted.resources)

    for resource, operation in placed.of():
        found = look(platform, placed, resource)
        assert comparable(operation.fields) == {
            key: comparable(found.fields)[key] for key in comparable(operation.fields)
        }, resource.address


def test_an_unchanged_plan_changes_nothing(platform):
    """
    Wanting again after setting up gives the same resources, uploads included.
    """
    plan = a_plan()
    first = platform.wanted(plan)
    place(platform, first.resources)

    assert first == platform.wanted(plan)


def test_text_reads_back_whole(platform):
    """
    Reserved characters neither end the text nor stay escaped.
    """
    odd = r"Half \ price (today) [only] {box} <b> @you #coffee #1 *_~| end"
    plan = with_creatives(a_plan(), link=Creative(odd, link="https://a.example/"))
    placed = place(platform, platform.wanted(plan).resources)
    (ad,) = [r for r, _ in placed.of(Kind.AD) if r.address.endswith("ads.link")]

    assert odd == look(platform, placed, ad).fields["text"]


def test_bids_and_budgets_of_ad_sets_read_back(platform):
    """
    Daily and lifetime budgets, bid caps and cost caps are what the plan says.
    """
    sets = ad_sets()
    campaign = AdCampaign(
        "work",
        {
            "daily": attrs.evolve(
                sets["office"],
                budget=AdBudget(daily="50 EUR"),
                bid=Bid("bid_cap", "7.50 EUR"),
            ),
            "life": attrs.evolve(
                sets["cards"],
                budget=AdBudget(lifetime="700 EUR"),
                bid=Bid("cost_cap", "9 EUR"),
            ),
        },
        special_ad_categories=[],
    )
    wanted = platform.wanted(a_plan(campaigns={"spring": campaign}))
    placed = place(platform, wanted.resources)
    found = {
        r.address.rpartition(".")[2]: look(platform, placed, r).fields
        for r, _ in placed.of(Kind.AD_SET)
    }

    assert {"amount": "50", "currencyCode": "EUR"} == found["daily"]["dailyBudget"]
    assert {"amount": "7.5", "currencyCode": "EUR"} == found["daily"]["unitCost"]
    assert ("NONE", "CPC") == _bidding(found["daily"])
    assert {"amount": "700", "currencyCode": "EUR"} == found["life"]["totalBudget"]
    assert ("CAP_COST_AND_MAXIMIZE_CLICKS", "CPM") == _bidding(found["life"])


def _bidding(fields):
    return fields["optimizationTargetType"], fields["costType"]


def test_a_day_may_cost_half_as_much_again(platform):
    """
    Caps are held against what LinkedIn may charge on one day.
    """
    sets = {"s": AdSet("office", ["link"], budget=AdBudget(daily="50 EUR"))}
    campaign = AdCampaign("work", sets, special_ad_categories=[])
    resources = platform.wanted(a_plan(campaigns={"spring": campaign})).resources
    (ad_set,) = [r for r in resources if r.kind is Kind.AD_SET]

    assert "75.00" == str(ad_set.daily_exposure.amount)
    assert "700.00" == str(ad_set.exposure.amount)


def test_a_published_post_is_sponsored(platform, sandbox):
    """
    An ad can show a post that is there already, and reads back as that post.
    """
    api = platform._api
    author = sandbox.details()["platforms"]["linkedin"]["organisation"]
    body = {
        "author": author,
        "commentary": "We are open.",
        "visibility": "PUBLIC",
        "distribution": {
            "feedDistribution": "MAIN_FEED",
            "targetEntities": [],
            "thirdPartyDistributionChannels": [],
        },
        "lifecycleState": "PUBLISHED",
    }
    urn = api.create("posts", body)
    plan = with_creatives(a_plan(), link=Creative(boost=f"linkedin:{urn}"))
    placed = place(platform, platform.wanted(plan).resources)
    (ad,) = [r for r, _ in placed.of(Kind.AD) if r.address.endswith("ads.link")]

    found = look(platform, placed, ad)

    assert urn == found.fields["reference"]


def test_activated_from_below_it_runs(platform, sandbox):
    """
    Ads, then ad sets, then the campaign: nothing runs before the last step.
    """
    everybody = attrs.evolve(audiences()["office"], narrow_by=(), exclude=())
    plan = a_plan(audiences={**audiences(), "office": everybody})
    placed = place(platform, platform.wanted(plan).resources)
    for kind in (Kind.AD, Kind.AD_SET):
        for resource, _ in placed.of(kind):
            (result,) = platform.execute([placed.order(Action.ACTIVATE, resource)])
            assert Outcome.APPLIED is result.outcome, result.error
    ((campaign, _),) = placed.of(Kind.CAMPAIGN)
    ((ad, _), *_) = placed.of(Kind.AD)
    assert Status.PAUSED is look(platform, placed, campaign).status
    assert Delivery.DELIVERING is not look(platform, placed, ad).delivery

    platform.execute([placed.order(Action.ACTIVATE, campaign)])
    sandbox.advance(days=10)

    assert Status.ACTIVE is look(platform, placed, campaign).status
    assert Delivery.DELIVERING is look(platform, placed, ad).delivery


def test_leads_open_the_form(platform):
    """
    An ad for leads carries the account's form and a button the form has.
    """
    wanted = platform.wanted(
        a_plan(
            campaigns={
                "spring": AdCampaign(
                    "work",
                    {"s": AdSet("office", ["picture"])},
                    objective="leads",
                    budget=AdBudget(lifetime="2000 EUR"),
                    special_ad_categories=[],
                )
            }
        )
    )
    assert [] == _errors(wanted)
    placed = place(platform, wanted.resources)
    ((ad, operation),) = placed.of(Kind.AD)

    found = look(platform, placed, ad)

    assert "LEARN_MORE" == found.fields["lead_button"]
    assert operation.fields["lead_form"] == found.fields["lead_form"]


def test_batches_keep_to_themselves(platform):
    """
    One refused campaign of a batch leaves the others applied, each at its place.
    """
    placed = place(platform, platform.wanted(a_plan()).resources)
    sets = [r for r, _ in placed.of(Kind.AD_SET)]
    orders = [placed.order(Action.UPDATE, r, name=f"{r.name}!") for r in sets]
    orders[1] = attrs.evolve(orders[1], remote_id="990000000000001")

    results = platform.execute(orders)

    assert [Outcome.APPLIED, Outcome.NOT_APPLIED, Outcome.APPLIED] == [
        result.outcome for result in results
    ]
