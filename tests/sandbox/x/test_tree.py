"""
Campaigns, line items, promoted posts: creation, change, deletion, lists.
"""

from __future__ import annotations

import pytest

from _x import END, START, Refused


def test_both_versions_answer_and_say_which_one_is_current(door):
    """
    /11 and /12 are served, others are no route.
    """
    for version in ("/11", "/12"):
        answer = door.raw("GET", f"{door.act}/campaigns", version=version)
        assert 200 == answer.status_code
        assert "12" == answer.headers["x-current-api-version"]
    answer = door.raw("GET", f"{door.act}/campaigns", version="/10")
    assert (404, "ROUTE_NOT_FOUND") == (
        answer.status_code,
        answer.json()["errors"][0]["code"],
    )


def test_the_answer_repeats_the_parameters_with_their_types(x):
    """
    Path ids included, numbers as numbers, lists as lists, times in UTC.
    """
    campaign = x.campaign()
    answer = x.call(
        "POST",
        f"{x.act}/line_items",
        {
            "campaign_id": campaign,
            "objective": "ENGAGEMENTS",
            "product_type": "PROMOTED_TWEETS",
            "placements": "TWITTER_TIMELINE,TWITTER_SEARCH",
            "start_time": "2027-03-01T00:00:00+0100",
            "end_time": "2027-03-20",
            "bid_amount_local_micro": 250_000,
        },
    )
    echo = answer["request"]["params"]
    assert x.ids["ad_account"] == echo["account_id"]
    assert 250_000 == echo["bid_amount_local_micro"]
    assert ["TWITTER_TIMELINE", "TWITTER_SEARCH"] == echo["placements"]
    assert "2027-02-28T23:00:00Z" == echo["start_time"]
    told = answer["data"]
    assert "2027-03-20T00:00:00Z" == told["end_time"]
    assert ("ENGAGEMENT", "MAX", "ENGAGEMENT") == (
        told["goal"],
        told["bid_strategy"],
        told["pay_by"],
    )


def test_both_styles_of_lists_are_read(x):
    """
    Commas in one value, and the same key several times.
    """
    ids = [x.campaign(name=str(n)) for n in range(3)]
    commas = x.raw("GET", f"{x.act}/campaigns", [("campaign_ids", ",".join(ids[:2]))])
    keys = x.raw("GET", f"{x.act}/campaigns", [("campaign_ids", i) for i in ids[:2]])
    assert commas.json()["data"] == keys.json()["data"]
    assert ids[:2] == [row["id"] for row in keys.json()["data"]]


def test_a_campaign_is_active_unless_told_otherwise(x):
    """
    The API's own default, which spends.
    """
    made = x.post(
        f"{x.act}/campaigns",
        funding_instrument_id=x.ids["funding_instrument"],
        name="Careless",
    )
    assert "ACTIVE" == made["entity_status"]
    assert ["INCOMPLETE"] == made["reasons_not_servable"]
    assert ("UNKNOWN", False) == (made["effective_status"], made["servable"])
    assert ("LINE_ITEM", None) == (
        made["budget_optimization"],
        made["standard_delivery"],
    )


def test_put_changes_what_is_sent_and_an_empty_text_clears(x):
    """
    The rest stays; required fields cannot be cleared.
    """
    campaign = x.campaign(total_budget_amount_local_micro=90_000_000)
    path = f"{x.act}/campaigns/{campaign}"
    x.put(path, name="Renamed")
    assert 90_000_000 == x.get(path)["data"]["total_budget_amount_local_micro"]
    x.put(path, total_budget_amount_local_micro="")
    told = x.get(path)["data"]
    assert (None, "Renamed") == (told["total_budget_amount_local_micro"], told["name"])
    with pytest.raises(Refused, match="cleared"):
        x.put(path, name="")


def test_deletion_is_soft_and_does_not_cascade(x):
    """
    Hidden, shown with with_deleted, 404 a second time; children stay undeleted.
    """
    campaign = x.campaign()
    line_item = x.line_item(campaign)
    promoted = x.promote(line_item, x.tweet())[0]
    path = f"{x.act}/line_items/{line_item}"
    assert x.delete(path)["deleted"]
    assert [] == x.get(f"{x.act}/line_items")["data"]
    assert x.get(path, with_deleted=True)["data"]["deleted"]
    assert [line_item] == [
        row["id"] for row in x.get(f"{x.act}/line_items", with_deleted=True)["data"]
    ]
    for again in (lambda: x.delete(path), lambda: x.get(path)):
        with pytest.raises(Refused) as refused:
            again()
        assert (404, "LINE_ITEM_NOT_FOUND") == (
            refused.value.status,
            refused.value.code,
        )
    assert not x.get(f"{x.act}/promoted_tweets/{promoted}")["data"]["deleted"]


def test_drafts_are_hidden_unless_asked_for(x):
    """
    with_draft shows them; they never serve.
    """
    draft = x.campaign(entity_status="DRAFT")
    assert [] == x.get(f"{x.act}/campaigns")["data"]
    rows = x.get(f"{x.act}/campaigns", with_draft=True)["data"]
    assert [(draft, False)] == [(row["id"], row["servable"]) for row in rows]


def test_cursors_walk_through_all_and_belong_to_their_query(x):
    """
    Every object once, null at the end; another query's cursor is refused.
    """
    ids = [x.campaign(name=f"n{n}") for n in range(7)]
    found, cursor = [], None
    for _ in range(4):
        extra = {"cursor": cursor} if cursor else {}
        page = x.get(f"{x.act}/campaigns", count=2, **extra)
        found += [row["id"] for row in page["data"]]
        cursor = page["next_cursor"]
        if len(found) == 4:
            x.delete(f"{x.act}/campaigns/{ids[3]}")
    assert (ids, None) == (found, cursor)
    cursor = x.get(f"{x.act}/campaigns", count=2)["next_cursor"]
    with pytest.raises(Refused, match="cursor"):
        x.get(f"{x.act}/campaigns", count=2, q="n", cursor=cursor)
    with pytest.raises(Refused) as refused:
        x.get(f"{x.act}/campaigns", cursor=cursor, with_total_count=True)
    assert "EXCLUSIVE_PARAMETERS" == refused.value.code
    assert 6 == x.get(f"{x.act}/campaigns", with_total_count=True)["total_count"]


def test_lists_are_filtered_and_sorted(x):
    """
    By the beginning of the name without regard to case, and by a field both ways.
    """
    for number, name in enumerate(("Alpha", "alps", "Beta"), 1):
        x.campaign(name=name, daily_budget_amount_local_micro=number * 10_000_000)
    names = lambda **p: [r["name"] for r in x.get(f"{x.act}/campaigns", **p)["data"]]  # noqa: E731
    assert ["Alpha", "alps"] == names(q="AL")
    assert ["Beta", "alps", "Alpha"] == names(
        sort_by="daily_budget_amount_local_micro-desc"
    )
    with pytest.raises(Refused, match="sort_by"):
        names(sort_by="colour-asc")


def test_posts_are_promoted_up_to_fifty_at_once_and_reviewed(x):
    """
    A list comes back; under review first, accepted later; once per line item.
    """
    line_item = x.line_item(x.campaign())
    tweets = [x.tweet(f"Post number {n}") for n in range(3)]
    promoted = x.promote(line_item, *tweets)
    rows = x.get(f"{x.act}/promoted_tweets", line_item_ids=[line_item])["data"]
    assert tweets == [row["tweet_id"] for row in rows]
    assert {"UNDER_REVIEW"} == {row["approval_status"] for row in rows}
    x.sandbox.advance(3_600)
    told = x.get(f"{x.act}/promoted_tweets/{promoted[0]}")["data"]
    assert "ACCEPTED" == told["approval_status"]
    assert promoted == x.promote(line_item, *tweets)
    with pytest.raises(Refused) as refused:
        x.promote(line_item, *(str(n) for n in range(51)))
    assert "INVALID_PARAMETER" == refused.value.code


def test_a_post_against_the_rules_is_rejected(x):
    """
    The marked text never passes the review, and the campaign says why it stands.
    """
    campaign = x.campaign(entity_status="ACTIVE")
    line_item = x.line_item(campaign, entity_status="ACTIVE")
    x.promote(line_item, x.tweet("Miracle! [sandbox:disapprove]"))
    x.sandbox.advance(days=1)
    told = x.get(f"{x.act}/campaigns/{campaign}")["data"]
    assert ["CONTENT_REVIEW_PROBLEM"] == told["reasons_not_servable"]


def test_the_effective_status_follows_from_everything(x):
    """
    Incomplete, future, running, paused, expired, deleted.
    """
    campaign = x.campaign(entity_status="ACTIVE")
    path = f"{x.act}/campaigns/{campaign}"

    def status():
        told = x.get(path, with_deleted=True)["data"]
        return told["effective_status"], told["reasons_not_servable"]

    assert ("UNKNOWN", ["INCOMPLETE"]) == status()
    line_item = x.line_item(
        campaign, entity_status="ACTIVE", end_time="2027-03-01T00:00:00Z"
    )
    x.promote(line_item, x.tweet())
    assert ("ACTIVE", ["STARTS_IN_FUTURE"]) == status()
    x.sandbox.advance(days=1)
    assert ("RUNNING", []) == status()
    x.put(path, entity_status="PAUSED")
    assert ("PAUSED", ["PAUSED_BY_ADVERTISER"]) == status()
    assert "ACTIVE" == x.put(f"{path}/activate")["entity_status"]
    x.sandbox.advance(days=10)
    assert ("ACTIVE", ["EXPIRED"]) == status()
    x.delete(path)
    assert "DELETED" in status()[1]


def test_a_total_budget_is_never_passed_and_exhausts(x):
    """
    Spending stops, and the campaign says so.
    """
    campaign = x.campaign(
        entity_status="ACTIVE",
        daily_budget_amount_local_micro=20_000_000,
        total_budget_amount_local_micro=45_000_000,
    )
    line_item = x.line_item(campaign, entity_status="ACTIVE")
    x.promote(line_item, x.tweet())
    x.sandbox.advance(days=20)
    spent = sum(
        day
        for week in ("2027-02-22", "2027-03-01", "2027-03-08")
        for day in _charge(x, campaign, week) or [0]
    )
    assert 20_000_000 < spent <= 45_000_000
    with pytest.raises(Refused) as refused:
        x.put(
            f"{x.act}/campaigns/{campaign}",
            total_budget_amount_local_micro=20_000_000,
            daily_budget_amount_local_micro=10_000_000,
        )
    assert "SPEND_EXCEEDS_BUDGET" == refused.value.code


def _charge(x, campaign, monday):
    from datetime import date, timedelta

    end = date.fromisoformat(monday) + timedelta(days=7)
    rows = x.get(
        f"/stats{x.act}",
        entity="CAMPAIGN",
        entity_ids=[campaign],
        start_time=monday,
        end_time=end.isoformat(),
        granularity="DAY",
        metric_groups=["BILLING"],
        placement="ALL_ON_TWITTER",
    )["data"]
    return rows[0]["id_data"][0]["metrics"]["billed_charge_local_micro"]


def test_line_items_share_objective_and_campaigns_have_limits(x):
    """
    INVALID names the attribute; the 101st line item is one too many.
    """
    campaign = x.campaign()
    x.line_item(campaign)
    with pytest.raises(Refused) as refused:
        x.line_item(campaign, objective="REACH")
    assert ("INVALID", "objective") == (
        refused.value.code,
        refused.value.errors[0]["attribute"],
    )
    item = {
        "operation_type": "Create",
        "params": {
            "campaign_id": campaign, "objective": "WEBSITE_CLICKS",
            "product_type": "PROMOTED_TWEETS", "placements": ["ALL_ON_TWITTER"],
            "start_time": START, "end_time": END, "bid_strategy": "AUTO",
            "entity_status": "PAUSED",
        },
    }  # fmt: skip
    for size in (40, 40, 19):
        x.json("POST", f"{x.batch}/line_items", [item] * size)
    with pytest.raises(Refused) as refused:
        x.line_item(campaign)
    assert "TOO_MANY_LINE_ITEMS" == refused.value.code


def test_an_account_has_two_hundred_campaigns(x):
    """
    The next one is refused until one is deleted.
    """
    item = {
        "operation_type": "Create",
        "params": {"funding_instrument_id": x.ids["funding_instrument"], "name": "n"},
    }
    for _ in range(5):
        rows = x.json("POST", f"{x.batch}/campaigns", [item] * 40)
    with pytest.raises(Refused) as refused:
        x.campaign()
    assert "TOO_MANY_CAMPAIGNS" == refused.value.code
    x.delete(f"{x.act}/campaigns/{rows[0]['id']}")
    x.campaign()


def test_accounts_and_what_stands_beside_them(x):
    """
    Accounts, funding, users, roles, features, bidding rules, placements.
    """
    assert [x.ids["ad_account"]] == [row["id"] for row in x.get("/accounts")["data"]]
    assert "Europe/Berlin" == x.get(x.act)["data"]["timezone"]
    assert "Shop" == x.put(x.act, name="Shop")["name"] == x.get(x.act)["data"]["name"]
    funding = x.get(f"{x.act}/funding_instruments")["data"]
    assert [(x.ids["funding_instrument"], "EUR")] == [
        (row["id"], row["currency"]) for row in funding
    ]
    users = x.get(f"{x.act}/promotable_users")["data"]
    assert [x.ids["user"]] == [row["user_id"] for row in users]
    access = x.get(f"{x.act}/authenticated_user_access")["data"]
    assert "ACCOUNT_ADMIN" in access["permissions"]
    assert x.get(f"{x.act}/features")["data"]
    rule = x.get("/bidding_rules", currency="JPY")["data"][0]
    assert 1_000_000 == rule["minimum_denomination"]
    kinds = x.get("/line_items/placements", product_type="PROMOTED_TWEETS")["data"]
    assert ["ALL_ON_TWITTER"] in kinds[0]["placements"]


def test_without_funding_nothing_serves(x):
    """
    A deleted funding instrument is a funding problem.
    """
    campaign, _, _ = x.tree()
    x.delete(f"{x.act}/funding_instruments/{x.ids['funding_instrument']}")
    x.sandbox.advance(days=1)
    told = x.get(f"{x.act}/campaigns/{campaign}")["data"]
    assert "FUNDING_PROBLEM" in told["reasons_not_servable"]
