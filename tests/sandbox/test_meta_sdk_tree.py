"""
Meta's own Python SDK against the loopback server: the rules of the campaign tree.
"""

from __future__ import annotations

import base64
import json

import pytest

from _meta import TARGETING, png
from _sdk import (
    ad_of,
    adset_of,
    campaign_of,
    covers,
    creative_of,
    refused,
    running_of,
)

pytestmark = pytest.mark.sdk

pytest.importorskip("facebook_business")

from facebook_business.adobjects.ad import Ad  # noqa: E402
from facebook_business.adobjects.adaccount import AdAccount  # noqa: E402
from facebook_business.adobjects.adcreative import AdCreative  # noqa: E402
from facebook_business.adobjects.adimage import AdImage  # noqa: E402
from facebook_business.adobjects.adset import AdSet  # noqa: E402
from facebook_business.adobjects.campaign import Campaign  # noqa: E402
from facebook_business.adobjects.customaudience import CustomAudience  # noqa: E402
from facebook_business.adobjects.targetingsearch import TargetingSearch  # noqa: E402


@covers("Ad create", "Ad update", "Ad list", "Ad delete", "AdCreative list")
def test_an_ad_changes_its_creative_and_goes(sdk):
    """
    The new creative is seen through the ad; a deleted ad takes no edit.
    """
    adset = adset_of(sdk, campaign_of(sdk))
    ad = ad_of(sdk, adset, creative_of(sdk))
    second = creative_of(sdk, message="Second")
    ad.api_update(params={"creative": {"creative_id": second["id"]}})
    assert "Second" == ad.get_ad_creatives(fields=["body"])[0]["body"]
    assert [ad["id"]] == [row["id"] for row in AdSet(adset["id"]).get_ads()]
    ad.api_delete()
    assert [] == list(AdSet(adset["id"]).get_ads())
    with refused():
        ad.api_update(params={"status": "ACTIVE"})


@covers("AdSet create", "AdSet delete", "AdSet list", "AdSet read", "Ad read")
def test_a_deleted_ad_set_takes_no_more_ads(sdk):
    """
    It leaves its campaign, is readable by its id, and nothing can be put into it.
    """
    campaign = campaign_of(sdk)
    adset, other = adset_of(sdk, campaign), adset_of(sdk, campaign, name="Other")
    ad = ad_of(sdk, adset, creative_of(sdk))
    AdSet(adset["id"]).api_delete()
    left = Campaign(campaign["id"]).get_ad_sets()
    assert [other["id"]] == [row["id"] for row in left]
    seen = AdSet(adset["id"]).api_get(fields=["effective_status"])
    assert "DELETED" == seen["effective_status"]
    assert "ACTIVE" != ad.api_get(fields=["effective_status"])["effective_status"]
    with refused():
        ad_of(sdk, adset, creative_of(sdk))


@covers("Campaign update", "Campaign list", "Campaign read")
def test_archived_campaigns_are_listed_when_asked_for(sdk):
    """
    Only the way to deleted is left; the deleted one keeps but its name.
    """
    campaign = campaign_of(sdk)
    campaign.api_update(params={"status": "ARCHIVED"})
    assert [] == list(sdk.account.get_campaigns())
    asked = {"effective_status": ["ARCHIVED"]}
    assert 1 == len(list(sdk.account.get_campaigns(params=asked)))
    with refused():
        campaign.api_update(params={"status": "ACTIVE"})
    campaign.api_update(params={"status": "DELETED"})
    with refused(1487566):
        campaign.api_update(params={"spend_cap": 20_000})
    seen = Campaign(campaign["id"]).api_get(fields=["effective_status"])
    assert "DELETED" == seen["effective_status"]


@covers("AdSet update", "AdSet list")
def test_a_budget_changes_four_times_an_hour(sdk):
    """
    The fifth is throttled, an hour later it is done.
    """
    campaign = campaign_of(sdk)
    adset = AdSet(adset_of(sdk, campaign)["id"])
    for amount in (6_000, 7_000, 8_000, 9_000):
        adset.api_update(params={"daily_budget": amount})
    with refused(1487632, code=613):
        adset.api_update(params={"daily_budget": 10_000})
    sdk.sandbox.advance(3_601)
    adset.api_update(params={"daily_budget": 10_000})
    rows = campaign.get_ad_sets(fields=["daily_budget"])
    assert ["10000"] == [row["daily_budget"] for row in rows]


@covers("AdAccount read", "Campaign create", "AdSet create", "AdSet list")
def test_yen_have_no_minor_unit(sdk):
    """
    The second account bills in yen: 400 are 400, and far fewer are too few.
    """
    yen = AdAccount(sdk.ids["ad_accounts"][1]["id"])
    assert "JPY" == yen.api_get(fields=["currency"])["currency"]
    campaign = yen.create_campaign(
        params={
            "name": "Tokyo", "objective": "OUTCOME_TRAFFIC", "status": "PAUSED",
            "special_ad_categories": [], "is_adset_budget_sharing_enabled": False,
        }
    )  # fmt: skip
    params = {
        "name": "t", "campaign_id": campaign["id"], "optimization_goal": "LINK_CLICKS",
        "billing_event": "IMPRESSIONS", "daily_budget": 5_000, "status": "PAUSED",
        "targeting": {"geo_locations": {"countries": ["JP"]}},
    }  # fmt: skip
    yen.create_ad_set(params=params)
    rows = campaign.get_ad_sets(fields=["daily_budget"])
    assert ["5000"] == [row["daily_budget"] for row in rows]
    with refused(1885272) as info:
        yen.create_ad_set(params={**params, "daily_budget": 50})
    assert "daily_budget" in json.dumps(info.value.body())


@covers("Campaign create", "AdSet create", "AdSet read")
def test_a_campaign_budget_asks_for_bids_by_default(sdk):
    """
    Without a strategy every ad set needs a bid; with one it needs none.
    """
    capped = campaign_of(sdk, lifetime_budget=900_000)
    with refused(1815857):
        adset_of(sdk, capped, daily_budget=None)
    bid = adset_of(sdk, capped, daily_budget=None, bid_amount=80)
    seen = AdSet(bid["id"]).api_get(fields=["bid_strategy", "bid_amount"])
    assert ("LOWEST_COST_WITH_BID_CAP", 80) == (
        seen["bid_strategy"],
        seen["bid_amount"],
    )


@covers("Campaign create", "Campaign update", "Campaign list")
def test_spend_caps_have_a_floor(sdk):
    """
    A cap is raised and read back in the list; a tiny one is refused.
    """
    campaign = campaign_of(sdk, spend_cap=20_000)
    campaign.api_update(params={"spend_cap": 30_000})
    rows = list(sdk.account.get_campaigns(fields=["spend_cap"]))
    assert ["30000"] == [row["spend_cap"] for row in rows]
    with refused(2446307):
        campaign.api_update(params={"spend_cap": 100})


@covers("Campaign create", "AdSet create", "AdSet read")
def test_special_categories_bind_their_ad_sets(sdk):
    """
    Housing ads choose no age; everybody is accepted.
    """
    campaign = campaign_of(
        sdk, special_ad_categories=["HOUSING"], special_ad_category_country=["DE"]
    )
    with refused():
        adset_of(sdk, campaign)
    open_to_all = {"geo_locations": {"countries": ["DE"]}}
    adset = adset_of(sdk, campaign, targeting=open_to_all)
    seen = AdSet(adset["id"]).api_get(fields=["targeting"])
    assert 18 == seen["targeting"]["age_min"]
    with refused():
        AdSet(adset["id"]).api_update(params={"targeting": TARGETING})


@covers("AdSet create", "AdSet list")
def test_the_advantage_audience_must_be_decided(sdk):
    """
    Left open it is refused, with 1 the ages are a suggestion.
    """
    campaign = campaign_of(sdk)
    spec = {**TARGETING, "age_min": 20, "age_max": 65}
    spec.pop("targeting_automation")
    with refused():
        adset_of(sdk, campaign, targeting=spec)
    spec["targeting_automation"] = {"advantage_audience": 1}
    adset_of(sdk, campaign, targeting={**spec, "age_range": [25, 44]})
    row = next(iter(campaign.get_ad_sets(fields=["targeting"])))
    assert [25, 44] == row["targeting"]["age_range"]


@covers("AdAccount update", "AdSet create", "AdSet read")
def test_the_account_may_say_who_pays(sdk):
    """
    In the EU somebody must be named, on the ad set or once for the account.
    """
    campaign = campaign_of(sdk)
    nobody = {"dsa_payor": None, "dsa_beneficiary": None}
    with refused(3858079):
        adset_of(sdk, campaign, **nobody)
    names = {"default_dsa_payor": "Payer", "default_dsa_beneficiary": "Owner"}
    sdk.account.api_update(params=names)
    adset = adset_of(sdk, campaign, **nobody)
    seen = AdSet(adset["id"]).api_get(fields=["dsa_payor", "dsa_beneficiary"])
    assert ("Payer", "Owner") == (seen["dsa_payor"], seen["dsa_beneficiary"])


@covers("AdSet create", "AdSet list")
def test_placements_that_cannot_stand_alone_are_refused(sdk):
    """
    Audience network needs company; feeds do not.
    """
    campaign = campaign_of(sdk)
    alone = {**TARGETING, "publisher_platforms": ["audience_network"]}
    with refused():
        adset_of(sdk, campaign, targeting=alone)
    feeds = {
        **TARGETING, "publisher_platforms": ["facebook", "instagram"],
        "facebook_positions": ["feed"], "instagram_positions": ["stream"],
    }  # fmt: skip
    adset_of(sdk, campaign, targeting=feeds)
    row = next(iter(campaign.get_ad_sets(fields=["targeting"])))
    assert ["stream"] == row["targeting"]["instagram_positions"]


@covers("TargetingSearch list", "AdSet create", "AdSet read")
def test_cities_are_found_and_drawn_with_a_radius(sdk):
    """
    A city has a key; its radius has borders.
    """
    params = {"q": "Berlin", "type": "adgeolocation", "location_types": ["city"]}
    key = TargetingSearch.search(params=params)[0]["key"]
    campaign = campaign_of(sdk)

    def spec(radius):
        city = {"key": key, "radius": radius, "distance_unit": "kilometer"}
        return {**TARGETING, "geo_locations": {"cities": [city]}}

    adset = adset_of(sdk, campaign, targeting=spec(30))
    seen = AdSet(adset["id"]).api_get(fields=["targeting"])
    assert "Berlin" == seen["targeting"]["geo_locations"]["cities"][0]["name"]
    with refused():
        adset_of(sdk, campaign, targeting=spec(5))


@covers("TargetingSearch list", "AdSet update", "AdSet list")
def test_professions_are_found_and_targeted(sdk):
    """
    A job's id goes into an existing ad set; an invented one does not.
    """
    found = TargetingSearch.search(params={"q": "barista", "type": "adworkposition"})
    campaign = campaign_of(sdk)
    adset = AdSet(adset_of(sdk, campaign)["id"])
    job = {"work_positions": [{"id": found[0]["id"]}]}
    adset.api_update(params={"targeting": {**TARGETING, "flexible_spec": [job]}})
    row = next(iter(campaign.get_ad_sets(fields=["targeting"])))
    shown = row["targeting"]["flexible_spec"][0]["work_positions"][0]
    assert found[0]["name"] == shown["name"]
    wrong = {**TARGETING, "flexible_spec": [{"work_positions": [{"id": "7"}]}]}
    with refused(1487694):
        adset.api_update(params={"targeting": wrong})


@covers("AdImage create", "AdImage read", "AdImage list", "AdImage delete")
def test_images_are_known_by_their_content(sdk):
    """
    The same bytes are one image; a deleted one is not there a second time.
    """
    content = base64.b64encode(png(mark=b"k")).decode()
    first, again = (
        sdk.account.create_ad_image(params={"bytes": content}) for _ in range(2)
    )
    assert first["hash"] == again["hash"]
    assert 1 == len(list(sdk.account.get_ad_images(fields=["hash"])))
    node = f"{sdk.act.removeprefix('act_')}:{first['hash']}"
    seen = AdImage(fbid=node, parent_id=sdk.act).api_get(fields=["width"])
    assert 1200 == seen["width"]
    sdk.account.delete_ad_images(params={"hash": first["hash"]})
    assert [] == list(sdk.account.get_ad_images())
    with refused():
        sdk.account.delete_ad_images(params={"hash": first["hash"]})


@covers(
    "AdCreative create", "AdCreative update", "AdCreative read", "AdCreative delete"
)
def test_the_content_of_a_creative_never_changes(sdk):
    """
    Its name does; gone creatives carry no ad.
    """
    creative = creative_of(sdk)
    with refused(1815573):
        creative.api_update(params={"object_story_spec": sdk.story(message="Other")})
    creative.api_update(params={"name": "Renamed"})
    assert "Renamed" == AdCreative(creative["id"]).api_get(fields=["name"])["name"]
    creative.api_delete()
    with refused():
        ad_of(sdk, adset_of(sdk, campaign_of(sdk)), creative)


@covers("AdLabel create", "AdCreative list", "AdSet list")
def test_labels_are_put_on_and_taken_off(sdk):
    """
    Ad sets and creatives are found by label until it is taken away.
    """
    label = sdk.account.create_ad_label(params={"name": "smm:1"})
    adset = AdSet(adset_of(sdk, campaign_of(sdk))["id"])
    adset.create_ad_label(params={"adlabels": [{"id": label["id"]}]})
    by = {"ad_label_ids": [label["id"]]}
    assert 1 == len(list(sdk.account.get_ad_sets_by_labels(params=by)))
    params = {"object_story_spec": sdk.story(), "adlabels": [{"name": "smm:1"}]}
    creative = sdk.account.create_ad_creative(params=params)
    found = sdk.account.get_ad_creatives_by_labels(params=by)
    assert [creative["id"]] == [row["id"] for row in found]
    adset.delete_ad_labels(params={"adlabels": [{"id": label["id"]}]})
    assert [] == list(sdk.account.get_ad_sets_by_labels(params=by))
    with refused():
        adset.create_ad_label(params={"adlabels": [{"id": "5"}]})


@covers("Ad create", "AdCreative list")
def test_an_ad_brings_its_creative_along(sdk):
    """
    Given inline it is made with the ad; without a link nothing is made.
    """
    adset = adset_of(sdk, campaign_of(sdk))
    params = {
        "name": "Inline", "adset_id": adset["id"], "status": "PAUSED",
        "creative": {"object_story_spec": sdk.story(message="Inline")},
    }  # fmt: skip
    ad = sdk.account.create_ad(params=params)
    assert "Inline" == Ad(ad["id"]).get_ad_creatives(fields=["body"])[0]["body"]
    params["creative"] = {"object_story_spec": sdk.story(link="")}
    with refused(2061015):
        sdk.account.create_ad(params=params)
    assert 1 == len(list(sdk.account.get_ad_creatives()))


@covers("Campaign.copies create", "Campaign list", "AdSet list", "Ad list")
def test_a_launch_is_copied_whole(sdk):
    """
    Campaign, ad set and ad; four children are too many at once.
    """
    campaign = campaign_of(sdk)
    adset = adset_of(sdk, campaign)
    ad_of(sdk, adset, creative_of(sdk))
    campaign.create_copy(params={"deep_copy": True, "status_option": "PAUSED"})
    copied = next(iter(campaign.get_copies(fields=["name"])))
    assert "Launch — Käffchen - Copy" == copied["name"]
    inside = next(iter(Campaign(copied["id"]).get_ad_sets()))
    assert 1 == len(list(AdSet(inside["id"]).get_ads()))
    for number in range(3):
        ad_of(sdk, adset, creative_of(sdk), name=f"n{number}")
    with refused():
        campaign.create_copy(params={"deep_copy": True})


@covers("AdSet.copies create", "Ad.copies create", "AdSet read", "Ad list")
def test_parts_of_a_launch_are_copied_elsewhere(sdk):
    """
    An ad set into another campaign, an ad into that copy; a missing target is refused.
    """
    campaign, other = campaign_of(sdk), campaign_of(sdk, name="Other")
    adset = AdSet(adset_of(sdk, campaign)["id"])
    ad = ad_of(sdk, adset, creative_of(sdk))
    adset.create_copy(params={"campaign_id": other["id"]})
    copied = next(iter(other.get_ad_sets(fields=["source_adset_id"])))
    assert adset["id"] == copied["source_adset_id"]
    ad.create_copy(params={"adset_id": copied["id"]})
    assert 1 == len(list(AdSet(copied["id"]).get_ads()))
    seen = AdSet(copied["id"]).api_get(fields=["campaign_id"])
    assert other["id"] == seen["campaign_id"]
    with refused():
        adset.create_copy(params={"campaign_id": "1"})


@covers("AdSet create", "AdSet list", "MinimumBudget list")
def test_the_lowest_budget_is_told_and_kept(sdk):
    """
    What the account tells for its currency is accepted, less is not.
    """
    rows = {row["currency"]: row for row in sdk.account.get_minimum_budgets()}
    least = rows["EUR"]["min_daily_budget_imp"]
    spec = {"geo_locations": {"countries": ["PL"]}}
    adset = adset_of(
        sdk, campaign_of(sdk), targeting=spec, daily_budget=least,
        optimization_goal="IMPRESSIONS",
    )  # fmt: skip
    seen = next(iter(sdk.account.get_ad_sets(fields=["daily_budget"])))
    assert str(least) == seen["daily_budget"]
    with refused(1885650):
        AdSet(adset["id"]).api_update(params={"daily_budget": least - 1})


@covers("CustomAudience create", "AdAccountDeliveryEstimate list")
def test_the_audience_of_a_plan_is_estimated(sdk):
    """
    A list narrows the estimate; without a spec there is nothing to estimate.
    """
    audience = sdk.account.create_custom_audience(
        params={
            "name": "c", "subtype": "CUSTOM",
            "customer_file_source": "USER_PROVIDED_ONLY",
        }
    )  # fmt: skip
    sizes = []
    for extra in ({}, {"custom_audiences": [{"id": audience["id"]}]}):
        params = {
            "optimization_goal": "REACH", "targeting_spec": {**TARGETING, **extra},
        }  # fmt: skip
        row = sdk.account.get_delivery_estimate(params=params)[0]
        sizes.append(row["estimate_mau_lower_bound"])
    assert sizes[1] < sizes[0]
    with refused():
        sdk.account.get_delivery_estimate(params={"optimization_goal": "REACH"})


@covers("CustomAudience create", "CustomAudience.users delete", "CustomAudience delete")
def test_people_leave_a_list_and_the_list_goes(sdk):
    """
    Removed people are counted; a deleted list targets nobody.
    """
    audience = sdk.account.create_custom_audience(
        params={
            "name": "c", "subtype": "CUSTOM",
            "customer_file_source": "USER_PROVIDED_ONLY",
        }
    )  # fmt: skip
    mails = [f"p{n}@a.example" for n in range(50)]
    schema = CustomAudience.Schema.email_hash
    audience.add_users(schema=schema, users=mails)
    gone = audience.remove_users(schema=schema, users=mails[:20]).json()
    assert 20 == gone["num_received"]
    audience.api_delete()
    assert [] == list(sdk.account.get_custom_audiences())
    spec = {**TARGETING, "custom_audiences": [{"id": audience["id"]}]}
    with refused():
        adset_of(sdk, campaign_of(sdk), targeting=spec)


@covers("CustomAudience create", "CustomAudience update", "CustomAudience list")
def test_visitors_of_the_site_are_an_audience(sdk):
    """
    By the pixel's rule; another pixel's visitors are not ours.
    """

    def rule(pixel):
        source = [{"id": pixel, "type": "pixel"}]
        rules = [{"event_sources": source, "retention_seconds": 30 * 86_400}]
        return json.dumps({"inclusions": {"operator": "or", "rules": rules}})

    params = {"name": "Visitors", "rule": rule(sdk.ids["pixel"]), "prefill": True}
    audience = sdk.account.create_custom_audience(params=params)
    audience.api_update(params={"description": "Last 30 days"})
    row = next(
        iter(sdk.account.get_custom_audiences(fields=["subtype", "description"]))
    )
    assert ("WEBSITE", "Last 30 days") == (row["subtype"], row["description"])
    with refused():
        sdk.account.create_custom_audience(params={**params, "rule": rule("1")})


@covers("CustomAudience create", "CustomAudience read", "AdSet create")
def test_a_lookalike_is_grown_from_a_list(sdk):
    """
    Ready after hours, used by an ad set; not for housing.
    """
    source = sdk.account.create_custom_audience(
        params={
            "name": "c", "subtype": "CUSTOM",
            "customer_file_source": "USER_PROVIDED_ONLY",
        }
    )  # fmt: skip
    mails = [f"p{n}@a.example" for n in range(500)]
    source.add_users(schema=CustomAudience.Schema.email_hash, users=mails)
    spec = json.dumps({"country": "DE", "ratio": 0.01})
    alike = sdk.account.create_custom_audience(
        params={
            "name": "Alike", "subtype": "LOOKALIKE",
            "origin_audience_id": source["id"], "lookalike_spec": spec,
        }
    )  # fmt: skip
    sdk.sandbox.advance(days=1)
    seen = CustomAudience(alike["id"]).api_get(fields=["delivery_status"])
    assert 200 == seen["delivery_status"]["code"]
    target = {
        "geo_locations": {"countries": ["DE"]},
        "custom_audiences": [{"id": alike["id"]}],
        "targeting_automation": {"advantage_audience": 0},
    }
    adset_of(sdk, campaign_of(sdk), targeting=target)
    housing = campaign_of(
        sdk, special_ad_categories=["HOUSING"], special_ad_category_country=["DE"]
    )
    with refused():
        adset_of(sdk, housing, targeting=target)


@covers("AdSet create", "AdsInsights list", "Campaign read")
def test_breakdowns_add_up_and_some_do_not_exist(sdk):
    """
    By age and gender; not by age and country.
    """
    campaign, _, _ = running_of(sdk, daily_budget=20_000)
    fields = ["impressions", "spend"]
    whole = campaign.get_insights(fields=fields)[0]
    rows = campaign.get_insights(
        fields=fields, params={"breakdowns": ["age", "gender"], "limit": 100}
    )
    assert int(whole["impressions"]) == sum(int(r["impressions"]) for r in rows)
    seen = Campaign(campaign["id"]).api_get(fields=["budget_remaining", "name"])
    assert "Launch — Käffchen" == seen["name"]
    with refused(1504041, code=2):
        campaign.get_insights(params={"breakdowns": ["age", "country"]})
