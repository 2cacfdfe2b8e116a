"""
Breakdowns, attribution windows and late conversions of the emulated Meta.
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from _meta import TARGETING, Refused, in_process

SUMS = ("impressions", "clicks", "inline_link_clicks", "spend")
ON_SITE = "offsite_conversion.fb_pixel_complete_registration"
COMBINATIONS = [
    "age", "gender", "age,gender", "country", "publisher_platform",
    "publisher_platform,platform_position", "publisher_platform,device_platform",
    "publisher_platform,platform_position,device_platform", "device_platform",
]  # fmt: skip


@pytest.fixture(scope="module")
def running():
    """
    Two ad sets, one of them narrow, ten days into their flight.
    """
    meta = in_process(seed=5)
    campaign = meta.campaign()
    narrow = {
        **TARGETING, "genders": [2], "publisher_platforms": ["facebook"],
        "facebook_positions": ["feed"], "device_platforms": ["mobile"],
        "geo_locations": {"countries": ["AT"]},
    }  # fmt: skip
    ids = [campaign]
    for name, spec in (("wide", TARGETING), ("narrow", narrow)):
        adset = meta.adset(campaign, name=name, targeting=spec, daily_budget=30_000)
        ids += [adset, meta.ad(adset, meta.creative(), name=name)]
    meta.activate(*ids)
    meta.sandbox.advance(days=17)
    return meta


def _read(meta, **params):
    path = f"/{meta.act}/insights"
    return meta.get(path, **{"date_preset": "maximum", "limit": 500, **params})["data"]


def _sum(rows):
    return {name: sum(Decimal(row[name]) for row in rows) for name in SUMS}


def _counts(rows, key="value"):
    total = {}
    for row in rows:
        for action in row.get("actions", ()):
            name = action["action_type"]
            total[name] = total.get(name, 0) + int(action.get(key, 0))
    return total


@pytest.mark.parametrize("breakdowns", COMBINATIONS)
@pytest.mark.parametrize("level", ["account", "ad"])
def test_the_parts_of_a_breakdown_add_up(running, breakdowns, level):
    """
    Money, views, clicks and actions of all rows are those of the report without it.
    """
    fields = ",".join((*SUMS, "actions"))
    whole = _read(running, fields=fields)
    parts = _read(running, fields=fields, breakdowns=breakdowns, level=level)
    assert _sum(whole) == _sum(parts)
    assert _counts(whole) == _counts(parts)
    for row in parts:
        assert set(breakdowns.split(",")) <= set(row)
        assert int(row["inline_link_clicks"]) <= int(row["clicks"])
        assert int(row["clicks"]) <= int(row["impressions"])


def test_people_and_places_are_those_of_the_ad_set(running):
    """
    A narrow ad set reaches nobody else and is shown nowhere else.
    """
    rule = {"field": "ad.name", "operator": "EQUAL", "value": "narrow"}
    seen = {
        name: {
            row[name]
            for row in _read(
                running, level="ad", filtering=[rule],
                breakdowns="age,gender" if name in {"age", "gender"} else name,
            )
        }
        for name in ("age", "gender", "country", "device_platform")
    }  # fmt: skip
    assert {"25-34", "35-44"} == seen["age"]
    assert {"female"} == seen["gender"]
    assert {"AT"} == seen["country"]
    assert seen["device_platform"] <= {"mobile_app", "mobile_web"}
    places = _read(
        running, level="ad", filtering=[rule],
        breakdowns="publisher_platform,platform_position",
    )  # fmt: skip
    assert {("facebook", "feed")} == {
        (row["publisher_platform"], row["platform_position"]) for row in places
    }


def test_reach_by_age_and_gender_is_near_the_whole(running):
    """
    Every person has one age: the parts together are about the total.
    """
    wanted = {"fields": "reach,impressions", "date_preset": "last_30d"}
    whole = int(_read(running, **wanted)[0]["reach"])
    parts = _read(running, breakdowns="age,gender", **wanted)
    assert sum(int(row["reach"]) for row in parts) == pytest.approx(whole, rel=0.1)
    assert all(int(row["reach"]) <= int(row["impressions"]) for row in parts)


@pytest.mark.parametrize(
    "breakdowns", ["age,country", "platform_position", "gender,publisher_platform"]
)
def test_combinations_that_meta_lacks_are_refused(running, breakdowns):
    """
    Code 2 with the subcode of insights.
    """
    with pytest.raises(Refused) as caught:
        _read(running, breakdowns=breakdowns)
    assert (2, 1504041) == (caught.value.code, caught.value.subcode)


def test_the_impression_device_is_told_by_asynchronous_reports(running):
    """
    A synchronous read is empty, the report is whole.
    """
    assert [] == _read(running, breakdowns="impression_device")
    run = running.post(
        f"/{running.act}/insights", breakdowns=["impression_device"],
        fields=list(SUMS), date_preset="maximum",
    )["report_run_id"]  # fmt: skip
    for _ in range(4):
        running.get(f"/{run}")
    rows = running.get(f"/{run}/insights", limit=100)["data"]
    assert _sum(_read(running, fields=",".join(SUMS))) == _sum(rows)
    assert {"iphone", "android_smartphone"} <= {r["impression_device"] for r in rows}


def test_windows_stand_beside_the_value(running):
    """
    The usual value is the 7-day click; shorter windows hold less, longer ones more.
    """
    windows = ["1d_view", "1d_click", "7d_click", "28d_click", "7d_view", "28d_view"]
    params = {"fields": "actions,action_values", "action_attribution_windows": windows}
    rows = _read(running, **params)
    by = {w: _counts(rows, w).get(ON_SITE, 0) for w in ("value", *windows)}
    assert by["value"] == by["7d_click"]
    assert 0 < by["1d_view"] < by["1d_click"] < by["7d_click"] < by["28d_click"]
    assert 0 == by["7d_view"] == by["28d_view"]
    clicks = {w: _counts(rows, w)["link_click"] for w in ("1d_click", "28d_click")}
    assert clicks["1d_click"] == clicks["28d_click"]
    with pytest.raises(Refused) as caught:
        _read(running, action_attribution_windows=["dda"])
    assert 501 == caught.value.status


def test_the_ad_set_decides_what_the_value_counts():
    """
    One-day click counts less than the same ad with the usual setting.
    """
    seen = {}
    spec = [{"event_type": "CLICK_THROUGH", "window_days": 1}]
    for setting in (None, spec):
        meta = in_process(seed=5)
        campaign = meta.campaign(objective="OUTCOME_SALES")
        promoted = {"pixel_id": meta.ids["pixel"], "custom_event_type": "PURCHASE"}
        adset = meta.adset(
            campaign, optimization_goal="OFFSITE_CONVERSIONS", daily_budget=60_000,
            promoted_object=promoted, attribution_spec=setting,
        )  # fmt: skip
        meta.activate(campaign, adset, meta.ad(adset, meta.creative()))
        meta.sandbox.advance(days=30)
        row = _read(meta, fields="attribution_setting,actions")[0]
        seen[row["attribution_setting"]] = _counts([row])[ON_SITE]
    assert 0 < seen["1d_click"] < seen["7d_click"]


def test_late_conversions_are_added_to_days_that_are_over():
    """
    Yesterday's purchases grow for a week; money and clicks stay, then all stays.
    """
    meta = in_process(seed=8)
    campaign, adset, ad = meta.tree()
    meta.post(f"/{adset}", daily_budget=90_000)
    meta.activate(campaign, adset, ad)
    meta.sandbox.advance(days=9)
    span = {"since": "2027-03-01", "until": "2027-03-02"}
    wanted = {"fields": ",".join((*SUMS, "actions")), "time_range": span}
    seen = []
    for _ in range(12):
        rows = _read(meta, **wanted)
        seen.append((_sum(rows), _counts(rows)[ON_SITE]))
        meta.sandbox.advance(days=1)
    assert 1 == len({str(sums) for sums, _ in seen})
    late = [count for _, count in seen]
    assert sorted(late) == late
    assert late[0] < late[-1]
    assert 1 == len(set(late[8:]))


def test_reach_by_breakdown_ends_after_thirteen_months(running):
    """
    Older periods still have impressions, but no reach.
    """
    meta = in_process(seed=5)
    campaign, adset, ad = meta.tree()
    meta.activate(campaign, adset, ad)
    meta.sandbox.advance(days=17)
    meta.sandbox.advance(days=420)
    span = {"since": "2027-03-01", "until": "2027-03-05"}
    wanted = {"fields": "reach,impressions", "time_range": span}
    assert "reach" in _read(meta, **wanted)[0]
    rows = _read(meta, breakdowns="age", **wanted)
    assert rows
    assert not any("reach" in row for row in rows)
