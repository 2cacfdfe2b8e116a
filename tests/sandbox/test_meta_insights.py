"""
Insights, conversions, audiences and search of the emulated Meta.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from _meta import TARGETING, Refused, in_process

SUMS = ("impressions", "clicks", "inline_link_clicks", "spend")


@pytest.fixture
def running():
    """
    Two campaigns with two ad sets and three ads, ten days into their flight.
    """
    meta = in_process(seed=11)
    for number, budget in enumerate((300_000, 150_000)):
        campaign = meta.campaign(
            name=f"c{number}",
            lifetime_budget=budget,
            bid_strategy="LOWEST_COST_WITHOUT_CAP",
        )
        ids = [campaign]
        for place in range(2 - number):
            adset = meta.adset(campaign, name=f"s{place}", daily_budget=None)
            creative = meta.creative(meta.story(message=f"Words {place}"))
            ids += [adset, meta.ad(adset, creative, name=f"a{place}")]
        meta.activate(*ids)
    meta.sandbox.advance(days=17)
    return meta


def _sum(rows):
    return {name: sum(Decimal(row[name]) for row in rows) for name in SUMS}


def test_all_levels_and_networks_add_up_to_the_account(running):
    """
    Rows of any level, day and network sum to the account's totals.
    """
    report = {"fields": ",".join(SUMS), "date_preset": "maximum", "limit": 500}
    total = running.get(f"/{running.act}/insights", **report)["data"]
    assert 1 == len(total)
    assert Decimal(total[0]["spend"]) > 100
    for level in ("campaign", "adset", "ad"):
        for extra in (
            {},
            {"time_increment": "1"},
            {"breakdowns": "publisher_platform"},
        ):
            rows = running.get(
                f"/{running.act}/insights", level=level, **report, **extra
            )["data"]
            assert _sum(total) == _sum(rows), (level, extra)
    account = running.get(f"/{running.act}", fields="amount_spent")["amount_spent"]
    assert Decimal(account) == Decimal(total[0]["spend"]) * 100


def test_reach_counts_people_once(running):
    """
    Reach of the sum is at most the sum of reaches, frequency at least 1.
    """
    fields = "reach,impressions,frequency"
    days = running.get(
        f"/{running.act}/insights", fields=fields, time_increment="1", limit=100
    )["data"]
    total = running.get(f"/{running.act}/insights", fields=fields)["data"][0]
    assert int(total["reach"]) < sum(int(day["reach"]) for day in days)
    assert int(total["reach"]) >= max(int(day["reach"]) for day in days)
    expected = Decimal(total["impressions"]) / Decimal(total["reach"])
    assert abs(expected - Decimal(total["frequency"])) < Decimal("0.000001")


def test_ratios_follow_from_their_parts(running):
    """
    CPM, CPC, CTR and cost per action are the quotients of the same row.
    """
    row = running.get(
        f"/{running.act}/insights",
        fields="impressions,clicks,spend,cpm,cpc,ctr,actions,cost_per_action_type",
    )["data"][0]
    spend, shown = Decimal(row["spend"]), Decimal(row["impressions"])
    near = Decimal("0.000001")
    assert abs(spend * 1000 / shown - Decimal(row["cpm"])) < near
    assert abs(spend / Decimal(row["clicks"]) - Decimal(row["cpc"])) < near
    assert abs(Decimal(row["clicks"]) * 100 / shown - Decimal(row["ctr"])) < near
    counts = {one["action_type"]: Decimal(one["value"]) for one in row["actions"]}
    for cost in row["cost_per_action_type"]:
        expected = spend / counts[cost["action_type"]]
        assert abs(expected - Decimal(cost["value"])) < near


def test_every_value_is_text_and_dates_always_stand_there(running):
    """
    Numbers are strings as on Meta's wire.
    """
    rows = running.get(f"/{running.act}/insights", level="ad", time_increment="1")[
        "data"
    ]
    for row in rows:
        assert {"date_start", "date_stop", "impressions", "spend"} <= set(row)
        assert all(isinstance(value, str) for value in row.values())


@pytest.mark.parametrize("limit", [1, 4, 25])
def test_insights_pages_use_the_offset_cursors_of_meta(running, limit):
    """
    MAZDZD is 0; all pages together are the whole report.
    """
    whole = running.get(
        f"/{running.act}/insights", level="ad", time_increment="1", limit=500
    )["data"]
    found, after = [], None
    while True:
        page = running.get(
            f"/{running.act}/insights",
            level="ad",
            time_increment="1",
            limit=limit,
            after=after,
        )
        found += page["data"]
        if "next" not in page["paging"]:
            break
        if after is None:
            assert "MAZDZD" == page["paging"]["cursors"]["before"]
        after = page["paging"]["cursors"]["after"]
    assert whole == found


def test_filters_sorting_and_ranges(running):
    """
    By object, by metric, by preset and by range.
    """
    path = f"/{running.act}/insights"
    rows = running.get(
        path, level="ad", fields="ad_id,spend", sort=["spend_descending"]
    )
    spends = [Decimal(row["spend"]) for row in rows["data"]]
    assert sorted(spends, reverse=True) == spends
    first = rows["data"][0]["ad_id"]
    rule = {"field": "ad.id", "operator": "IN", "value": [first]}
    only = running.get(path, level="ad", fields="ad_id", filtering=[rule])["data"]
    assert [first] == [row["ad_id"] for row in only]
    metric = {"field": "spend", "operator": "GREATER_THAN", "value": str(spends[1])}
    more = running.get(path, level="ad", fields="ad_id", filtering=[metric])["data"]
    assert [first] == [row["ad_id"] for row in more]
    span = {"since": "2027-03-02", "until": "2027-03-04"}
    days = running.get(path, time_range=span, time_increment="1")["data"]
    assert ["2027-03-02", "2027-03-03", "2027-03-04"] == [d["date_start"] for d in days]
    assert [] == running.get(path, date_preset="last_month")["data"]
    weeks = running.get(path, time_increment="7", time_range=span)["data"]
    assert [("2027-03-02", "2027-03-04")] == [
        (row["date_start"], row["date_stop"]) for row in weeks
    ]


@pytest.mark.parametrize(
    ("params", "code", "subcode"),
    [
        ({"time_range": {"since": "2027-03-04", "until": "2027-03-02"}}, 100, None),
        ({"time_range": {"since": "2020-01-01", "until": "2027-03-02"}}, 3018, None),
        ({"time_range": {"since": "x", "until": "y"}}, 100, None),
        ({"time_increment": "91"}, 100, None),
        ({"date_preset": "last_5d"}, 100, None),
        ({"level": "planet"}, 100, None),
        ({"fields": "profit"}, 100, None),
        ({"breakdowns": "mood"}, 100, None),
        ({"sort": ["profit_descending"]}, 100, None),
    ],
)
def test_reports_that_make_no_sense_are_refused(running, params, code, subcode):
    """
    Each with Meta's code.
    """
    with pytest.raises(Refused) as caught:
        running.get(f"/{running.act}/insights", **params)
    assert (code, subcode) == (caught.value.code, caught.value.subcode)


def test_a_level_above_the_node_is_refused(running):
    """
    An ad has no campaign rows: code 1, subcode 99.
    """
    ad = running.get(f"/{running.act}/ads")["data"][0]["id"]
    with pytest.raises(Refused) as caught:
        running.get(f"/{ad}/insights", level="campaign")
    assert (1, 99) == (caught.value.code, caught.value.subcode)


def test_totals_keep_what_deleted_parts_did_and_their_rows_go(running):
    """
    The account still paid; the list shows live objects unless asked.
    """
    path = f"/{running.act}/insights"
    before = running.get(path, fields="spend")["data"]
    ads = {
        row["ad_id"] for row in running.get(path, level="ad", fields="ad_id")["data"]
    }
    gone = min(ads)
    running.delete(f"/{gone}")
    assert before == running.get(path, fields="spend")["data"]
    left = running.get(path, level="ad", fields="ad_id")["data"]
    assert ads - {gone} == {row["ad_id"] for row in left}


def test_an_edit_never_rewrites_the_past(running):
    """
    Budgets, bids and texts changed today leave yesterday's rows as they were.
    """
    path = f"/{running.act}/insights"
    report = {
        "level": "ad",
        "time_increment": "1",
        "limit": 500,
        "fields": "spend,impressions,reach,inline_link_clicks,video_play_actions",
        "time_range": {"since": "2027-03-01", "until": "2027-03-10"},
    }
    before = running.get(path, **report)
    campaign = running.get(f"/{running.act}/campaigns")["data"][0]["id"]
    adset = running.get(f"/{campaign}/adsets")["data"][0]["id"]
    ad = running.get(f"/{adset}/ads")["data"][0]["id"]
    running.post(f"/{campaign}", lifetime_budget=800_000)
    running.post(f"/{adset}", targeting={**TARGETING, "age_max": 60})
    running.post(f"/{ad}", status="PAUSED")
    assert before == running.get(path, **report)
    running.sandbox.advance(days=3)
    assert before == running.get(path, **report)


def test_paused_ads_do_not_spend():
    """
    Nothing before activation, nothing after the pause.
    """
    meta = in_process(seed=2)
    campaign, adset, ad = meta.tree()
    meta.sandbox.advance(days=10)
    assert [] == meta.get(f"/{campaign}/insights")["data"]
    meta.activate(campaign, adset, ad)
    meta.sandbox.advance(days=2)
    meta.post(f"/{campaign}", status="PAUSED")

    def spent():
        report = {"fields": "spend", "date_preset": "maximum"}
        return Decimal(meta.get(f"/{campaign}/insights", **report)["data"][0]["spend"])

    before = spent()
    meta.sandbox.advance(days=5)
    assert before == spent() > 0


@settings(max_examples=15)
@given(
    daily=st.integers(1_000, 90_000),
    lifetime=st.integers(60_000, 900_000),
    cbo=st.booleans(),
    steps=st.lists(st.integers(1, 9), min_size=1, max_size=6),
    raised=st.integers(100, 300),
)
def test_spend_never_exceeds_the_budget(daily, lifetime, cbo, steps, raised):
    """
    Whatever the level, the kind, the pauses and a raise half-way.
    """
    meta = in_process(seed=4)
    top = {"lifetime_budget": lifetime, "bid_strategy": "LOWEST_COST_WITHOUT_CAP"}
    campaign = meta.campaign(**(top if cbo else {}))
    adset = meta.adset(campaign, daily_budget=None if cbo else daily)
    ad = meta.ad(adset, meta.creative())
    meta.activate(campaign, adset, ad)
    amount = lifetime if cbo else daily
    for number, days in enumerate(steps):
        meta.sandbox.advance(days=days)
        meta.post(f"/{ad}", status="PAUSED" if number % 2 else "ACTIVE")
        if number == 1:
            amount = amount * raised // 100
            field = "lifetime_budget" if cbo else "daily_budget"
            meta.post(f"/{campaign if cbo else adset}", **{field: amount})
    rows = meta.get(
        f"/{campaign}/insights",
        fields="spend",
        time_increment="1",
        limit=500,
        date_preset="maximum",
    )["data"]
    spends = [Decimal(row["spend"]) * 100 for row in rows]
    if cbo:
        assert sum(spends) <= amount
    else:
        assert all(spend <= Decimal(amount) * Decimal("1.25") for spend in spends)
        assert sum(spends) <= amount * (len(spends) + 1)


def test_a_spend_cap_holds(running):
    """
    The campaign's own cap is never passed.
    """
    campaign = running.campaign(name="capped", spend_cap=20_000)
    adset = running.adset(
        campaign, daily_budget=9_000, start_time="2027-03-12T00:00:00+0100"
    )
    running.activate(campaign, adset, running.ad(adset, running.creative()))
    for ad in running.get(f"/{adset}/ads")["data"]:
        running.activate(ad["id"])
    running.sandbox.advance(days=20)
    row = running.get(f"/{campaign}/insights", fields="spend")["data"][0]
    assert 0 < Decimal(row["spend"]) <= 200


def test_conversions_come_from_the_same_clicks(running):
    """
    The shop's file exists only with delivery and changes with the seed.
    """
    text = running.sandbox.conversions_csv()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {"registration", "purchase"} <= {row["kind"] for row in rows}
    assert {"EUR"} == {row["currency"] for row in rows}
    assert text == running.sandbox.conversions_csv(running.act)
    through = running.http.get(
        running.base.replace("/meta", "/_sandbox/conversions.csv")
    )
    assert text == through.text


def test_audiences_fill_up_on_the_clock(meta):
    """
    Unknown size at first, usable after a while, and targetable.
    """
    people = [
        [hashlib.sha256(f"{n}@a.example".encode()).hexdigest()] for n in range(900)
    ]
    made = meta.post(
        f"/{meta.act}/customaudiences",
        name="Customers",
        subtype="CUSTOM",
        customer_file_source="USER_PROVIDED_ONLY",
    )["id"]
    payload = {"schema": "EMAIL_SHA256", "data": [*people, ["plain@a.example"]]}
    answer = meta.post(f"/{made}/users", payload=payload)
    assert (901, 1) == (answer["num_received"], answer["num_invalid_entries"])
    fields = "operation_status,approximate_count_lower_bound,delivery_status"
    assert -1 == meta.get(f"/{made}", fields=fields)["approximate_count_lower_bound"]
    meta.sandbox.advance(3600)
    seen = meta.get(f"/{made}", fields=fields)
    assert (200, 1000) == (
        seen["operation_status"]["code"],
        seen["approximate_count_lower_bound"],
    )
    twin = meta.post(
        f"/{meta.act}/customaudiences",
        name="Alike",
        subtype="LOOKALIKE",
        origin_audience_id=made,
        lookalike_spec=json.dumps({"country": "DE", "ratio": 0.01}),
    )["id"]
    spec = {**TARGETING, "custom_audiences": [{"id": twin}]}
    adset = meta.adset(meta.campaign(), targeting=spec)
    found = meta.get(f"/{adset}", fields="targeting")["targeting"]["custom_audiences"]
    assert [{"id": twin}] == found
    with pytest.raises(Refused):
        meta.post(f"/{twin}/users", payload=payload)


def test_site_visitors_need_the_pixel_and_a_rule(meta):
    """
    A rule on another pixel, or none, is refused.
    """

    def make(pixel):
        source = {"event_sources": [{"id": pixel, "type": "pixel"}]}
        rule = {"inclusions": {"rules": [{**source, "retention_seconds": 2_592_000}]}}
        return meta.post(
            f"/{meta.act}/customaudiences", name="Visitors", rule=json.dumps(rule)
        )["id"]

    seen = meta.get(f"/{make(meta.ids['pixel'])}", fields="retention_days,subtype")
    assert (30, "WEBSITE") == (seen["retention_days"], seen["subtype"])
    with pytest.raises(Refused):
        make("1")


def test_a_lookalike_of_nobody_is_refused(meta):
    """
    200/1870047: the origin is too small.
    """
    empty = meta.post(
        f"/{meta.act}/customaudiences",
        name="Nobody",
        subtype="CUSTOM",
        customer_file_source="USER_PROVIDED_ONLY",
    )["id"]
    with pytest.raises(Refused) as caught:
        meta.post(
            f"/{meta.act}/customaudiences",
            name="x",
            subtype="LOOKALIKE",
            origin_audience_id=empty,
            lookalike_spec=json.dumps({"country": "DE", "ratio": 0.01}),
        )
    assert (200, 1870047) == (caught.value.code, caught.value.subcode)


def test_search_is_where_ids_come_from(meta):
    """
    Interests, jobs, places and locales, each in the shape the SDK reads.
    """
    interest = meta.get("/search", type="adinterest", q="espresso")["data"][0]
    assert {"id", "name", "path", "audience_size_lower_bound"} <= set(interest)
    job = meta.get("/search", type="adworkposition", q="office manager")["data"][0]
    city = meta.get(
        "/search", type="adgeolocation", q="Frankfurt", location_types=["city"]
    )["data"]
    assert len(city) > 1, "homonyms"
    assert all(row["type"] == "city" for row in city)
    unified = meta.get(
        f"/{meta.act}/targetingsearch", q="office", limit_type="interests"
    )
    assert {"interests"} == {row["type"] for row in unified["data"]}
    valid = meta.get(
        "/search", type="adinterestvalid", interest_list=["Espresso", "Qzx"]
    )
    assert [True, False] == [row["valid"] for row in valid["data"]]
    assert [{"key": 5, "name": "German"}] == meta.get(
        "/search", type="adlocale", q="german"
    )["data"]
    assert job["id"] != interest["id"]


def test_a_wider_audience_is_estimated_larger(meta):
    """
    delivery_estimate and reachestimate follow the targeting.
    """
    path = f"/{meta.act}/delivery_estimate"

    def size(spec):
        row = meta.get(path, optimization_goal="REACH", targeting_spec=spec)["data"][0]
        return row["estimate_mau_lower_bound"]

    narrow = {**TARGETING, "geo_locations": {"countries": ["AT"]}}
    assert size(narrow) < size(TARGETING)
    reach = meta.get(f"/{meta.act}/reachestimate", targeting_spec=narrow)["data"]
    assert reach["users_lower_bound"] == size(narrow)


def test_an_asynchronous_report_gives_the_same_rows(running):
    """
    Asked for, polled to completed and 100, read in pages; frozen at its start.
    """
    path = f"/{running.act}/insights"
    report = {"level": "ad", "time_increment": "1", "fields": "ad_id,spend"}
    whole = running.get(path, limit=500, **report)["data"]
    run = running.post(path, **report)["report_run_id"]
    with pytest.raises(Refused):
        running.get(f"/{run}/insights")
    states = []
    while states[-1:] != [("Job Completed", 100)]:
        seen = running.get(f"/{run}", fields="async_status,async_percent_completion")
        states.append((seen["async_status"], seen["async_percent_completion"]))
    assert ("Job Running", 100) in states, "100 % is not done"
    running.sandbox.advance(days=2)
    found, after = [], None
    while True:
        page = running.get(f"/{run}/insights", limit=4, after=after)
        found += page["data"]
        if "next" not in page["paging"]:
            break
        after = page["paging"]["cursors"]["after"]
    assert whole == found
    with pytest.raises(Refused):
        running.post(path, level="planet")
    running.sandbox.advance(days=30)
    with pytest.raises(Refused):
        running.get(f"/{run}")
