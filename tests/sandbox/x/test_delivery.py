"""
What comes of promoted posts, and what a sandbox keeps: seeds, files, lag, faults.
"""

from __future__ import annotations

import csv
import gzip
import json
from io import StringIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from _x import Refused, in_process
from smmlib.sandbox import coverage
from smmlib.sandbox.x._contract import operations
from smmlib.sandbox.x._operations import OPERATIONS

WEEK = {"start_time": "2027-02-22", "end_time": "2027-03-01"}
ALL = ["ENGAGEMENT", "BILLING", "VIDEO", "WEB_CONVERSION", "MOBILE_CONVERSION"]


def _stats(x, entity, *ids, groups=("ENGAGEMENT", "BILLING"), grain="DAY", **span):
    return x.get(
        f"/stats{x.act}",
        entity=entity,
        entity_ids=ids,
        granularity=grain,
        metric_groups=groups,
        placement="ALL_ON_TWITTER",
        **{**WEEK, **span},
    )["data"]


def _metrics(row):
    return row["id_data"][0]["metrics"]


def test_the_same_seed_tells_the_same_story():
    """
    Ids and figures repeat; another seed is another world.
    """

    def story(seed):
        x = in_process(seed=seed)
        campaign, _, _ = x.tree()
        x.sandbox.advance(days=5)
        return campaign, _stats(x, "CAMPAIGN", campaign)

    first, again, other = story(4), story(4), story(5)
    assert first == again
    assert first[1][0]["id_data"] != other[1][0]["id_data"]


@settings(max_examples=15)
@given(
    seed=st.integers(0, 50),
    hours=st.integers(20, 120),
    budget=st.integers(5, 300),
)
def test_levels_and_grains_agree(seed, hours, budget):
    """
    Posts add up to campaign and funding instrument, hours to days to the total.
    """
    x = in_process(seed=seed)
    campaign = x.campaign(
        entity_status="ACTIVE", daily_budget_amount_local_micro=budget * 1_000_000
    )
    line_item = x.line_item(campaign, entity_status="ACTIVE")
    x.criterion(line_item, "LOCATION", x.place())
    promoted = x.promote(line_item, x.tweet("One https://a.example"), x.tweet("Two"))
    x.sandbox.advance(hours * 3_600)

    def sums(entity, *ids, grain="DAY"):
        rows = [_metrics(row) for row in _stats(x, entity, *ids, grain=grain)]
        return {
            name: sum(sum(row[name] or [0]) for row in rows)
            for name in ("impressions", "clicks", "billed_charge_local_micro")
        }

    whole = sums("CAMPAIGN", campaign)
    shown = _metrics(_stats(x, "FUNDING_INSTRUMENT", x.ids["funding_instrument"])[0])
    assert whole["impressions"] == sum(shown["impressions"] or [0])
    assert whole == sums("PROMOTED_TWEET", *promoted)
    assert whole == sums("CAMPAIGN", campaign, grain="HOUR")
    assert whole == sums("CAMPAIGN", campaign, grain="TOTAL")
    days = _metrics(_stats(x, "CAMPAIGN", campaign)[0])["billed_charge_local_micro"]
    assert all(day <= budget * 1_050_000 for day in days or ())


def test_charges_only_fall_for_three_days(x):
    """
    The estimate is corrected downwards and then stands; all else stands at once.
    """
    campaign, _, _ = x.tree()
    x.sandbox.advance(days=1)
    told = []
    for _ in range(6):
        x.sandbox.advance(days=1)
        row = _metrics(_stats(x, "CAMPAIGN", campaign)[0])
        told.append((row["billed_charge_local_micro"][0], row["impressions"][0]))
    charges = [charge for charge, _ in told]
    assert charges == sorted(charges, reverse=True)
    assert charges[0] > charges[3] == charges[-1]
    assert 1 == len({shown for _, shown in told})


def test_an_edit_never_rewrites_the_past(x):
    """
    A higher budget changes the days to come only.
    """
    campaign, _, _ = x.tree()
    x.sandbox.advance(days=3)
    before = _metrics(_stats(x, "CAMPAIGN", campaign)[0])["impressions"][:2]
    path = f"{x.act}/campaigns/{campaign}"
    x.put(path, daily_budget_amount_local_micro=500_000_000)
    x.sandbox.advance(days=3)
    after = _metrics(_stats(x, "CAMPAIGN", campaign)[0])["impressions"]
    assert before == after[:2]
    assert after[4] > 3 * after[1]


def test_narrow_targeting_reaches_fewer_people(x):
    """
    The estimate knows places, ages, and exclusions; nothing at all is the world.
    """

    def size(*criteria):
        keyword = {"targeting_type": "BROAD_KEYWORD", "targeting_value": "coffee"}
        rows = [keyword, *criteria]
        path = f"{x.act}/audience_estimate"
        told = x.json("POST", path, {"targeting_criteria": rows})
        return told["audience_size"]["max"]

    def of(kind, value, operator="EQ"):
        return {
            "targeting_type": kind,
            "targeting_value": value,
            "operator_type": operator,
        }

    germany, berlin = x.place(), x.place("Berlin", "CITIES")
    world = size()
    country = size(of("LOCATION", germany))
    without = size(of("LOCATION", germany), of("LOCATION", berlin, "NE"))
    men = size(of("LOCATION", germany), of("GENDER", "1"))
    assert world > country > without > men
    assert country > size(of("LOCATION", germany), of("PLATFORM", "0"))


def test_search_needs_keywords_to_serve(x):
    """
    A line item in search alone is incomplete until it has one.
    """
    campaign = x.campaign(entity_status="ACTIVE")
    line_item = x.line_item(
        campaign, entity_status="ACTIVE", placements="TWITTER_SEARCH"
    )
    x.promote(line_item, x.tweet())
    path = f"{x.act}/campaigns/{campaign}"
    assert ["INCOMPLETE"] == x.get(path)["data"]["reasons_not_servable"]
    x.sandbox.advance(days=1)
    x.criterion(line_item, "PHRASE_KEYWORD", "flat white")
    assert [] == x.get(path)["data"]["reasons_not_servable"]
    x.sandbox.advance(days=2)
    assert any(_metrics(_stats(x, "CAMPAIGN", campaign)[0])["impressions"])


def test_films_have_views_and_cards_have_engagements(x):
    """
    What does not apply is null; what applies goes down from start to end.
    """
    film = x.upload(b"\0\0\0\x18ftypmp42" + b"\0" * 40)
    campaign = x.campaign(entity_status="ACTIVE")
    line_item = x.line_item(campaign, objective="VIDEO_VIEWS", entity_status="ACTIVE")
    x.promote(line_item, x.tweet("Look", media_keys=[film]))
    x.sandbox.advance(days=3)
    row = _metrics(_stats(x, "LINE_ITEM", line_item, groups=ALL)[0])
    views = [sum(row[f"video_views_{part}"]) for part in (25, 50, 75, 100)]
    assert views == sorted(views, reverse=True)
    assert sum(row["video_total_views"]) > views[0] > 0
    assert (None, None) == (row["card_engagements"], row["carousel_swipes"])
    assert row["mobile_conversion_installs"]["order_quantity"] is None


def test_the_shop_knows_where_its_buyers_came_from(x):
    """
    The conversions file of this platform, and the statistics' own claims.
    """
    campaign = x.campaign(
        entity_status="ACTIVE", daily_budget_amount_local_micro=900_000_000
    )
    line_item = x.line_item(campaign, entity_status="ACTIVE")
    x.criterion(line_item, "LOCATION", x.place())
    link = "https://shop.example/?utm_source=x&utm_campaign=launch"
    x.promote(line_item, x.tweet(f"Buy {link}"))
    x.sandbox.advance(days=7)
    rows = list(csv.DictReader(StringIO(x.sandbox.conversions_csv(platform="x"))))
    assert any("launch" == row["utm_campaign"] for row in rows)
    row = _metrics(_stats(x, "CAMPAIGN", campaign, groups=["WEB_CONVERSION"])[0])
    assert sum(row["conversion_site_visits"]["metric"]) > 0
    assert row["conversion_searches"]["metric"] is None


def test_reach_counts_people_once(x):
    """
    Never more people than impressions, and as often as both say.
    """
    campaign, _, _ = x.tree()
    x.sandbox.advance(days=5)
    span = {"start_time": "2027-02-22T00:00:00Z", "end_time": "2027-02-27T00:00:00Z"}
    path = f"/stats{x.act}/reach/campaigns"
    told = x.get(path, campaign_ids=[campaign], **span)["data"][0]
    assert 0 < told["total_audience_reach"]
    assert 1 <= told["average_frequency"] < 20


@pytest.mark.parametrize(
    ("kind", "states"),
    [
        ("report_stuck", ["PROCESSING", "PROCESSING", "PROCESSING"]),
        ("report_failed", ["PROCESSING", "FAILED", "FAILED"]),
    ],
)
def test_jobs_can_get_stuck_or_fail(x, kind, states):
    """
    As planned for the request that queues them; a stuck one can be cancelled.
    """
    x.sandbox.faults.add(kind, "POST /12/stats/jobs", platform="x")
    params = {"entity": "CAMPAIGN", "entity_ids": [x.campaign()], "granularity": "DAY"}
    params |= {"metric_groups": "BILLING", "placement": "ALL_ON_TWITTER", **WEEK}
    path = f"/stats/jobs{x.act}"
    job = x.post(path, **params)["id_str"]
    assert states == [x.get(path)["data"][0]["status"] for _ in states]
    if kind == "report_stuck":
        assert "CANCELLED" == x.delete(f"{path}/{job}")["status"]
    with pytest.raises(Refused) as refused:
        x.delete(f"{path}/{job}")
    assert "ACTION_NOT_ALLOWED" == refused.value.code


def test_a_jobs_file_needs_no_signature_and_ends(x):
    """
    Whoever knows the address gets it, for two days; a foreign name gets nothing.
    """
    campaign, _, _ = x.tree()
    x.sandbox.advance(days=3)
    params = {"entity": "CAMPAIGN", "entity_ids": [campaign], "granularity": "TOTAL"}
    params |= {"metric_groups": "BILLING", "placement": "ALL_ON_TWITTER", **WEEK}
    path = f"/stats/jobs{x.act}"
    x.post(path, **params)
    x.sandbox.advance(61)
    url = x.get(path)["data"][0]["url"]
    answer = x.http.get(url)
    assert "application/gzip" == answer.headers["content-type"]
    told = json.loads(gzip.decompress(answer.content))
    assert campaign == told["data"][0]["id"]
    assert 404 == x.http.get(url.replace("stats_job_", "stats_job_1")).status_code
    x.sandbox.advance(days=2)
    assert 404 == x.http.get(url).status_code


def test_the_state_file_carries_the_world_to_the_next_process(tmp_path):
    """
    Objects, delivery and counters go on where they stopped.
    """
    file = tmp_path / "state.json"
    first = in_process(seed=2, state=file)
    campaign, _, _ = first.tree()
    first.sandbox.advance(days=4)
    second = in_process(seed=2, state=file)
    assert _stats(first, "CAMPAIGN", campaign) == _stats(second, "CAMPAIGN", campaign)
    assert first.sandbox.state()["x"] == second.sandbox.state()["x"]
    with pytest.raises(Refused) as refused:
        second.tweet()
    assert "DUPLICATE_TWEET" == refused.value.code


def test_a_reset_forgets_everything(x):
    """
    Only what the sandbox was furnished with is left.
    """
    before = x.sandbox.state()["x"]
    x.tree()
    assert before != x.sandbox.state()["x"]
    x.sandbox.reset()
    assert before == x.sandbox.state()["x"]


def test_new_objects_stay_invisible_for_the_read_lag():
    """
    By id and in lists; writes see them at once; time makes them visible.
    """
    x = in_process(read_lag_s=30)
    campaign = x.campaign()
    path = f"{x.act}/campaigns/{campaign}"
    x.line_item(campaign)
    with pytest.raises(Refused) as refused:
        x.get(path)
    assert "CAMPAIGN_NOT_FOUND" == refused.value.code
    assert [] == x.get(f"{x.act}/campaigns")["data"]
    x.put(path, name="renamed")
    x.sandbox.advance(30)
    assert "renamed" == x.get(path)["data"]["name"]


def test_each_account_has_its_own_currency_and_money():
    """
    Yen have no cents; a foreign account's objects are not found.
    """
    x = in_process(accounts=("EUR:Europe/Berlin", "JPY:Asia/Tokyo"))
    second = x.ids["ad_accounts"][1]
    act = f"/accounts/{second['id']}"
    told = {"funding_instrument_id": second["funding_instrument"], "name": "n"}
    amount = "daily_budget_amount_local_micro"
    made = x.post(f"{act}/campaigns", **told, **{amount: 5_000_000_000})
    assert "JPY" == made["currency"]
    with pytest.raises(Refused) as refused:
        x.post(f"{act}/campaigns", **told, **{amount: 5_000_500_000})
    assert "INVALID_DENOMINATION" == refused.value.code
    with pytest.raises(Refused) as refused:
        x.get(f"{x.act}/campaigns/{made['id']}")
    assert 404 == refused.value.status


def test_reads_are_limited_per_account_and_say_so(x):
    """
    Both families of headers on reads of an account, one on writes and lookups.
    """
    listed = x.raw("GET", f"{x.act}/campaigns").headers
    assert ("10000", "9999") == (
        listed["x-account-rate-limit-limit"],
        listed["x-rate-limit-remaining"],
    )
    looked_up = x.raw("GET", "/targeting_criteria/interests").headers
    assert "400" == looked_up["x-rate-limit-limit"]
    assert "x-account-rate-limit-limit" not in looked_up
    counted = x.raw("GET", f"{x.act}/campaigns", [("with_total_count", "true")])
    assert "200" == counted.headers["x-rate-limit-limit"]


def test_the_451st_write_of_a_minute_is_refused_and_not_done(x):
    """
    429 until the window ends.
    """
    for number in range(450):
        x.tweet(f"Post {number}")
    with pytest.raises(Refused) as refused:
        x.tweet("One too many")
    assert (429, "TOO_MANY_REQUESTS") == (refused.value.status, refused.value.code)
    x.sandbox.advance(60)
    x.tweet("One too many")


def test_coverage_tells_what_is_modelled_and_the_rest_answers_501(x):
    """
    One row per operation; every row that is not modelled says so when it is asked.
    """
    rows = coverage()["x"]
    modelled = [row for row in rows if row["modelled"]]
    assert len({(row["method"], row["path"]) for row in rows}) == len(rows)
    assert set(OPERATIONS) <= set(operations())
    assert all(row["source"] and row["features"] for row in modelled)
    for row in rows:
        if row["modelled"]:
            continue
        path = row["path"].replace("{account_id}", x.ids["ad_account"])
        answer = x.raw(row["method"], path.replace("{", "").replace("}", ""))
        assert 501 == answer.status_code, row
        x.sandbox.advance(900)


def test_parameters_that_are_not_modelled_are_refused(x):
    """
    501 instead of an answer that ignores them.
    """
    with pytest.raises(Refused) as refused:
        x.tweet("Watch", video_cta="WATCH_NOW")
    assert 501 == refused.value.status
