"""
Copies and the lowest budgets of the emulated Meta.
"""

from __future__ import annotations

import pytest

from _meta import Refused


def test_a_deep_copy_takes_children_along_paused_and_named(meta):
    """
    Campaign, ad set and ad are copied, born paused, and know their sources.
    """
    campaign, adset, ad = meta.tree()
    meta.activate(campaign, adset, ad)
    done = meta.post(
        f"/{campaign}/copies",
        deep_copy=True,
        rename_options={"rename_strategy": "DEEP_RENAME", "rename_suffix": " 2"},
    )
    rows = {row["source_id"]: row for row in done["ad_object_ids"]}
    assert {campaign, adset, ad} == set(rows)
    assert rows[campaign]["copied_id"] == done["copied_campaign_id"]
    for source, name in ((campaign, "Launch 2"), (adset, "Baristas 2"), (ad, "Ad 2")):
        fields = "name,status"
        seen = meta.get(f"/{rows[source]['copied_id']}", fields=fields)
        assert (name, "PAUSED") == (seen["name"], seen["status"])
    copies = meta.get(f"/{adset}/copies", fields="source_adset_id,campaign_id")["data"]
    assert [(adset, done["copied_campaign_id"])] == [
        (row["source_adset_id"], row["campaign_id"]) for row in copies
    ]


def test_a_shallow_copy_is_alone_and_may_move(meta):
    """
    An ad set goes into another campaign without its ads.
    """
    campaign, adset, _ = meta.tree()
    other = meta.campaign(name="Other")
    done = meta.post(
        f"/{adset}/copies", campaign_id=other, status_option="INHERITED_FROM_SOURCE"
    )
    assert [] == meta.get(f"/{done['copied_adset_id']}/ads")["data"]
    first = meta.get(f"/{adset}", fields="targeting,daily_budget,bid_strategy")
    second = meta.get(
        f"/{done['copied_adset_id']}", fields="targeting,daily_budget,bid_strategy"
    )
    assert {**first, "id": ""} == {**second, "id": ""}
    assert 1 == len(meta.get(f"/{campaign}/adsets")["data"])


def test_an_ad_is_copied_into_another_ad_set(meta):
    """
    The creative is shared, the default name tells of the copy.
    """
    campaign, _, ad = meta.tree()
    other = meta.adset(campaign, name="Owners")
    copied = meta.post(f"/{ad}/copies", adset_id=other)["copied_ad_id"]
    seen = meta.get(f"/{copied}", fields="name,adset_id,creative{id}")
    source = meta.get(f"/{ad}", fields="creative{id}")
    assert ("Ad - Copy", other) == (seen["name"], seen["adset_id"])
    assert source["creative"] == seen["creative"]


def test_too_many_children_and_finished_runs_are_refused_whole(meta):
    """
    Nothing is copied when not everything can be.
    """
    campaign, adset, _ = meta.tree()
    for number in range(3):
        meta.ad(adset, meta.creative(), name=f"more {number}")
    with pytest.raises(Refused):
        meta.post(f"/{campaign}/copies", deep_copy=True)
    meta.sandbox.advance(days=90)
    with pytest.raises(Refused) as caught:
        meta.post(f"/{adset}/copies")
    assert 1487033 == caught.value.subcode
    with pytest.raises(Refused):
        meta.post(f"/{campaign}/copies", rename_options={"suffix": "x"})
    assert 1 == len(meta.get(f"/{meta.act}/campaigns")["data"])
    assert [] == meta.get(f"/{adset}/copies")["data"]


def test_the_lowest_budgets_hold_where_they_are_used(meta):
    """
    The row of the account's currency is the border of its campaigns' ad sets.
    """
    rows = meta.get(f"/{meta.act}/minimum_budgets")["data"]
    euro = next(row for row in rows if row["currency"] == "EUR")
    campaign = meta.campaign()
    spec = {"geo_locations": {"countries": ["PL"]}}
    least = euro["min_daily_budget_high_freq"]
    meta.adset(campaign, daily_budget=least, targeting=spec)
    with pytest.raises(Refused) as caught:
        meta.adset(campaign, daily_budget=least - 1, targeting=spec)
    assert 1885272 == caught.value.subcode
    bid = meta.get(f"/{meta.act}/minimum_budgets", bid_amount=30)["data"][0]
    assert (30, 150) == (
        bid["min_daily_budget_imp"], bid["min_daily_budget_high_freq"],
    )  # fmt: skip
