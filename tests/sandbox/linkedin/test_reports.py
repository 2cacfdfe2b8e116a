"""
Delivery and adAnalytics: rows, money, periods, pivots, conversions, limits.
"""

from __future__ import annotations

from decimal import Decimal
from urllib.parse import quote

import pytest

from _linkedin import END_MS, START_MS, Refused, in_process

DAILY = {"timeGranularity": "DAILY"}


def _run(door, days=30, **changes):
    group, campaign, ad = door.tree(**changes)
    door.activate(campaign, ad)
    door.sandbox.advance(days=days)
    return group, campaign, ad


def _cost(rows):
    return sum(Decimal(row["costInLocalCurrency"]) for row in rows)


def test_rows_exist_only_where_something_happened(door):
    """
    Nothing before the start, a row per day from then on, costs as decimal text.
    """
    _, campaign, _ = _run(door)
    rows = door.analytics(**DAILY)
    days = [row["dateRange"]["start"]["day"] for row in rows]
    assert list(range(1, 25)) == days
    assert {f"urn:li:sponsoredCampaign:{campaign}"} == {
        row["pivotValues"][0] for row in rows
    }
    assert all(row["impressions"] > 0 for row in rows)
    assert all(isinstance(row["costInLocalCurrency"], str) for row in rows)


def test_without_fields_only_two_figures_come(linkedin):
    """
    Impressions and clicks, no dates, no pivots.
    """
    _run(linkedin)
    rows = linkedin.get(
        "/adAnalytics", q="analytics", pivot="CAMPAIGN", timeGranularity="ALL",
        dateRange={"start": {"year": 2027, "month": 3, "day": 1}},
        accounts=[linkedin.urn],
    )["elements"]  # fmt: skip
    assert [{"impressions", "clicks"}] == [set(row) for row in rows]


def test_every_cut_and_level_adds_up(linkedin):
    """
    Days, months, the whole, campaigns, creatives and accounts hold the same money.
    """
    _run(linkedin)
    whole = _cost(linkedin.analytics())
    assert whole > 0
    for pivot in ("ACCOUNT", "CAMPAIGN_GROUP", "CREATIVE", "SHARE", "COMPANY"):
        for grain in ("ALL", "DAILY", "MONTHLY", "YEARLY"):
            assert whole == _cost(linkedin.analytics(pivot, timeGranularity=grain))
    row = linkedin.analytics(timeGranularity="MONTHLY", days=(5, 12))[0]
    assert (5, 12) == (row["dateRange"]["start"]["day"], row["dateRange"]["end"]["day"])


def test_a_day_is_charged_half_more_at_most(linkedin):
    """
    Some days above the daily budget, none above 150 %, no week above seven budgets.
    """
    _run(linkedin, days=45)
    rows = linkedin.analytics(**DAILY)
    costs = [Decimal(row["costInLocalCurrency"]) for row in rows]
    assert Decimal(50) < max(costs) <= Decimal(75)
    weeks = [sum(costs[at : at + 7]) for at in range(len(costs) - 6)]
    assert max(weeks) <= Decimal(350)


def test_totals_of_campaign_and_group_are_never_passed(linkedin):
    """
    Delivery ends when the money does, and the hold says so.
    """
    group = linkedin.group(totalBudget=linkedin.money(260))
    ads = []
    for name in ("A", "B"):
        campaign = linkedin.campaign(group, name=name)
        ad = linkedin.ad(campaign, f"Roast {name}").replace("%3A", ":")
        linkedin.activate(campaign, ad)
        ads.append(ad)
    linkedin.sandbox.advance(days=30)
    assert Decimal(200) < _cost(linkedin.analytics()) <= Decimal(260)
    found = linkedin.get(f"{linkedin.groups()}/{group}")
    assert ["CAMPAIGN_GROUP_TOTAL_BUDGET_HOLD"] == found["servingStatuses"]
    creative = linkedin.get(f"{linkedin.creatives()}/{quote(ads[0], safe='')}")
    assert "CAMPAIGN_GROUP_TOTAL_BUDGET_HOLD" in creative["servingHoldReasons"]


def test_a_shared_budget_is_the_groups(linkedin):
    """
    With DYNAMIC the campaigns have none of their own and share the group's.
    """
    dynamic = {"budgetOptimizationStrategy": "DYNAMIC"}
    group = linkedin.group(dailyBudget=linkedin.money(40), budgetOptimization=dynamic)
    with pytest.raises(Refused) as caught:
        linkedin.campaign(group)
    assert "CONDITIONAL_FIELD_NOT_ALLOWED" == caught.value.code
    for name in ("A", "B"):
        campaign = linkedin.campaign(group, name=name, dailyBudget=None)
        ad = linkedin.ad(campaign, f"Roast {name}").replace("%3A", ":")
        linkedin.activate(campaign, ad)
    linkedin.sandbox.advance(days=20)
    rows = linkedin.analytics("CAMPAIGN_GROUP", **DAILY)
    assert all(Decimal(row["costInLocalCurrency"]) <= 60 for row in rows)
    assert 2 == len(linkedin.analytics())


def test_the_past_is_not_rewritten(linkedin):
    """
    A new budget, a pause and a rename leave yesterday's figures alone.
    """
    _, campaign, _ = _run(linkedin, days=12)
    before = linkedin.analytics(days=(1, 4), **DAILY)
    path = f"{linkedin.campaigns()}/{campaign}"
    linkedin.patch(path, dailyBudget=linkedin.money(90), name="Dearer")
    linkedin.sandbox.advance(days=3)
    linkedin.patch(path, status="PAUSED")
    linkedin.sandbox.advance(days=5)
    assert before == linkedin.analytics(days=(1, 4), **DAILY)
    days = [r["dateRange"]["start"]["day"] for r in linkedin.analytics(**DAILY)]
    assert max(days) <= 9


def test_the_same_seed_tells_the_same_story():
    """
    Two platforms agree to the last figure; another seed does not.
    """
    stories = []
    for seed in (3, 3, 4):
        door = in_process(seed=seed)
        _run(door)
        fields = "impressions,clicks,costInLocalCurrency,totalEngagements"
        stories.append(door.analytics("ACCOUNT", **DAILY, fields=fields))
    assert stories[0] == stories[1]
    assert stories[0] != stories[2]


def _rule(door, campaign, kind="SIGN_UP", **changes):
    body = {
        "name": kind,
        "account": door.urn,
        "conversionMethod": "CONVERSIONS_API",
        "type": kind,
        **changes,
    }
    made = door.call("POST", "/conversions", body=body)
    pair = {
        "campaign": f"urn:li:sponsoredCampaign:{campaign}",
        "conversion": f"urn:lla:llaPartnerConversion:{made.headers['x-restli-id']}",
    }
    key = ",".join(f"{name}:{quote(urn, safe='')}" for name, urn in pair.items())
    door.call("PUT", f"/campaignConversions/({key})", body=pair)
    return pair["conversion"]


CONVERSIONS = (
    "externalWebsiteConversions,externalWebsitePostClickConversions,"
    "externalWebsitePostViewConversions,conversionValueInLocalCurrency"
)


def test_conversions_count_where_a_rule_is_linked_and_arrive_late(linkedin):
    """
    None without a rule; with one they grow for a week and then stand still.
    """
    _, campaign, ad = linkedin.tree(dailyBudget=linkedin.money(900))
    _rule(linkedin, campaign, value=linkedin.money(18))
    linkedin.activate(campaign, ad)
    linkedin.sandbox.advance(days=8)
    seen = []
    for _ in range(12):
        rows = linkedin.analytics(days=(1, 1), fields=CONVERSIONS)
        seen.append(rows[0]["externalWebsiteConversions"])
        linkedin.sandbox.advance(days=1)
    assert sorted(seen) == seen
    assert seen[0] < seen[-1]
    assert seen[-3:] == seen[-1:] * 3
    row = linkedin.analytics(days=(1, 1), fields=CONVERSIONS)[0]
    clicked = row["externalWebsitePostClickConversions"]
    viewed = row["externalWebsitePostViewConversions"]
    assert seen[-1] == clicked + viewed
    assert seen[-1] * 18 == Decimal(row["conversionValueInLocalCurrency"])


def test_conversions_are_told_by_rule(linkedin):
    """
    One row for each rule that counted something; together they are the campaign's.
    """
    _, campaign, ad = linkedin.tree(dailyBudget=linkedin.money(900))
    sign_up = _rule(linkedin, campaign, value=linkedin.money(18))
    purchase = _rule(linkedin, campaign, "PURCHASE")
    _rule(linkedin, linkedin.campaign(linkedin.group()), "KEY_PAGE_VIEW")
    linkedin.activate(campaign, ad)
    linkedin.sandbox.advance(days=30)
    fields = f"{CONVERSIONS},pivotValues"

    (whole,) = linkedin.analytics(fields=fields)
    rows = linkedin.analytics("CONVERSION", fields=fields)
    daily = linkedin.analytics("CONVERSION", fields=fields, **DAILY)

    by_rule = {row["pivotValues"][0]: row for row in rows}
    assert {sign_up, purchase} >= by_rule.keys() > set()
    name = "externalWebsiteConversions"
    assert whole[name] == sum(row[name] for row in rows)
    assert whole[name] >= sum(row[name] for row in daily) > 0
    assert all(row[name] > 0 for row in daily)


@pytest.mark.parametrize(
    "pivot", ["CONVERSATION_NODE", "CONVERSATION_NODE_OPTION_INDEX", "EVENT_STAGE"]
)
def test_what_no_campaign_has_is_an_empty_list(linkedin, pivot):
    """
    Conversations and events are formats no campaign here can have: nothing happened.
    """
    _run(linkedin)
    assert [] == linkedin.analytics(pivot)


def test_without_a_rule_there_are_no_conversions(linkedin):
    """
    The shop's own record knows them nevertheless.
    """
    _run(linkedin, dailyBudget=linkedin.money(900))
    row = linkedin.analytics(fields=CONVERSIONS)[0]
    assert 0 == row["externalWebsiteConversions"]
    assert "linkedin" in linkedin.sandbox.conversions_csv(platform="linkedin")


def test_leads_videos_and_reach_have_their_metrics(linkedin):
    """
    Leads only in lead campaigns, reach never above impressions.
    """
    form = {"destination": linkedin.ids["lead_form"], "label": "SIGN_UP"}
    campaign = linkedin.campaign(
        linkedin.group(), objectiveType="LEAD_GENERATION",
        optimizationTargetType="MAX_LEAD", dailyBudget=linkedin.money(900),
    )  # fmt: skip
    ad = linkedin.ad(campaign, leadgenCallToAction=form).replace("%3A", ":")
    linkedin.activate(campaign, ad)
    linkedin.sandbox.advance(days=30)
    fields = "impressions,approximateMemberReach,oneClickLeads,oneClickLeadFormOpens"
    row = linkedin.analytics(fields=f"{fields},costInUsd,costInLocalCurrency")[0]
    assert 0 < row["oneClickLeads"] <= row["oneClickLeadFormOpens"]
    assert 0 < row["approximateMemberReach"] <= row["impressions"]
    assert Decimal(row["costInUsd"]) > Decimal(row["costInLocalCurrency"])


REFUSALS = [
    ({"pivot": "MOOD"}, 400),
    ({"pivot": "CARD_INDEX"}, 501),
    ({"pivot": "PLACEMENT_NAME"}, 501),
    ({"pivot": "IMPRESSION_DEVICE_TYPE"}, 501),
    ({"pivot": "SERVING_LOCATION"}, 501),
    ({"pivot": "MEMBER_INDUSTRY", "fields": "approximateMemberReach"}, 400),
    ({"timeGranularity": "HOURLY"}, 400),
    ({"accounts": "urn:li:sponsoredAccount:1"}, 400),
    ({"accounts": ["17"]}, 400),
    ({"fields": "spend"}, 400),
    ({"fields": "viralClicks"}, 501),
    ({"fields": ",".join(f"impressions{n}" for n in range(21))}, 400),
    ({"dateRange": {"start": {"year": 2027, "month": 13, "day": 1}}}, 400),
    ({"dateRange": {"start": {"year": 2027, "month": "03", "day": 1}}}, 400),
    ({"dateRange": {}}, 400),
    ({"sortBy": {"field": "LUCK", "order": "ASCENDING"}}, 400),
    ({"sortBy": {"field": "OPENS", "order": "ASCENDING"}}, 501),
    ({"count": 5}, 400),
]


@pytest.mark.parametrize(("changes", "status"), REFUSALS, ids=str)
def test_reports_are_refused(linkedin, changes, status):
    """
    Unknown words are 400, LinkedIn's own that are not modelled 501.
    """
    with pytest.raises(Refused) as caught:
        linkedin.analytics(**changes)
    assert status == caught.value.status


def test_what_may_not_be_seen_is_an_empty_list(linkedin):
    """
    Foreign campaigns, other objectives and an account without delivery.
    """
    _run(linkedin)
    assert [] == linkedin.analytics(campaigns=["urn:li:sponsoredCampaign:5"])
    assert [] == linkedin.analytics(objectiveType="VIDEO_VIEW")
    assert 1 == len(linkedin.analytics(objectiveType="WEBSITE_VISIT"))
    fresh = in_process(seed=2)
    assert [] == fresh.analytics()


def test_test_accounts_never_spend(linkedin):
    """
    Everything can be switched on in one, and nothing is shown.
    """
    body = {"name": "T", "type": "BUSINESS", "currency": "EUR", "test": True}
    linkedin.act = linkedin.create("/adAccounts", body)
    linkedin.urn = f"urn:li:sponsoredAccount:{linkedin.act}"
    _run(linkedin)
    assert [] == linkedin.analytics()


def test_a_low_bid_buys_little(linkedin):
    """
    A manual bid at the floor shows less than one in the middle.
    """
    group = linkedin.group()
    shown = []
    for name, bid in (("low", "1.84"), ("high", "20")):
        manual = {
            "optimizationTargetType": "NONE",
            "costType": "CPC",
            "unitCost": linkedin.money(bid),
        }
        campaign = linkedin.campaign(group, name=name, **manual)
        ad = linkedin.ad(campaign, f"Roast {name}").replace("%3A", ":")
        linkedin.activate(campaign, ad)
        shown.append(f"urn:li:sponsoredCampaign:{campaign}")
    linkedin.sandbox.advance(days=30)
    rows = {r["pivotValues"][0]: _cost([r]) for r in linkedin.analytics()}
    assert rows.get(shown[0], 0) < rows[shown[1]]


def test_runs_are_cut_to_the_millisecond_of_their_schedule(linkedin):
    """
    Nothing after a campaign's end, even while its group goes on.
    """
    end = START_MS + 3 * 86_400_000
    assert end < END_MS
    _run(linkedin, runSchedule={"start": START_MS, "end": end})
    days = [r["dateRange"]["start"]["day"] for r in linkedin.analytics(**DAILY)]
    assert [1, 2, 3] == days
