"""
Meta's own Python SDK, unmodified, against the loopback server.

Each scenario creates or changes something, reads it again by another route and
includes a refusal.
"""

from __future__ import annotations

import hashlib
import json

import pytest

from _meta import TARGETING, png
from _sdk import ad_of, adset_of, campaign_of, covers, creative_of, refused

pytestmark = pytest.mark.sdk

pytest.importorskip("facebook_business")

from facebook_business.adobjects.ad import Ad  # noqa: E402
from facebook_business.adobjects.adcreative import AdCreative  # noqa: E402
from facebook_business.adobjects.adimage import AdImage  # noqa: E402
from facebook_business.adobjects.adset import AdSet  # noqa: E402
from facebook_business.adobjects.campaign import Campaign  # noqa: E402
from facebook_business.adobjects.customaudience import CustomAudience  # noqa: E402
from facebook_business.adobjects.page import Page  # noqa: E402
from facebook_business.adobjects.targetingsearch import TargetingSearch  # noqa: E402
from facebook_business.api import FacebookAdsApi  # noqa: E402


@covers(
    "Campaign create",
    "Campaign list",
    "Campaign update",
    "Campaign read",
    "Campaign delete",
)
def test_campaigns_live_from_creation_to_deletion(sdk):
    """
    Created, read through the account, renamed, deleted; a wrong one is typed.
    """
    campaign = campaign_of(sdk)
    listed = list(sdk.account.get_campaigns(fields=[Campaign.Field.name]))
    assert ["Launch — Käffchen"] == [row["name"] for row in listed]
    campaign.api_update(params={"name": "Renamed", "status": "ACTIVE"})
    seen = Campaign(campaign["id"]).api_get(fields=["name", "effective_status"])
    assert ("Renamed", "ACTIVE") == (seen["name"], seen["effective_status"])
    campaign.api_delete()
    assert [] == list(sdk.account.get_campaigns())
    with refused():
        campaign_of(sdk, objective="LINK_CLICKS")


@covers("AdSet create", "AdSet list", "AdSet update", "AdSet read")
def test_ad_sets_are_found_through_their_campaign(sdk):
    """
    Targeting survives the round trip; both budget levels are refused.
    """
    campaign = campaign_of(sdk)
    adset = adset_of(sdk, campaign)
    rows = list(campaign.get_ad_sets(fields=["targeting", "daily_budget"]))
    assert [adset["id"]] == [row["id"] for row in rows]
    assert 44 == rows[0]["targeting"]["age_max"]
    AdSet(adset["id"]).api_update(params={"daily_budget": 6000})
    assert "6000" == AdSet(adset["id"]).api_get(fields=["daily_budget"])["daily_budget"]
    top = campaign_of(
        sdk, name="cbo", lifetime_budget=900_000, bid_strategy="LOWEST_COST_WITHOUT_CAP"
    )
    with refused(1885621):
        adset_of(sdk, top)


@covers("AdImage create", "AdImage list", "AdCreative read")
def test_images_are_uploaded_by_file_and_found_by_hash(sdk, tmp_path):
    """
    The SDK's own multipart upload; the hash carries the creative.
    """
    path = tmp_path / "box.png"
    path.write_bytes(png())
    image = AdImage(parent_id=sdk.act)
    image[AdImage.Field.filename] = str(path)
    image.remote_create()
    found = list(sdk.account.get_ad_images(params={"hashes": [image["hash"]]}))
    assert 1 == len(found)
    creative = creative_of(sdk, image_hash=image["hash"])
    seen = AdCreative(creative["id"]).api_get(fields=["image_hash"])
    assert image["hash"] == seen["image_hash"]
    with refused(2446388):
        creative_of(sdk, image_hash="0" * 32)


@covers("AdCreative create", "AdCreative read", "AdCreative update", "AdCreative list")
def test_a_carousel_keeps_its_cards(sdk):
    """
    Two cards are read back in order; one is refused.
    """
    cards = [{"link": f"https://a.example/{n}", "name": f"Card {n}"} for n in (1, 2)]
    creative = creative_of(sdk, child_attachments=cards)
    seen = AdCreative(creative["id"]).api_get(fields=["object_story_spec"])
    shown = seen["object_story_spec"]["link_data"]["child_attachments"]
    assert ["Card 1", "Card 2"] == [card["name"] for card in shown]
    creative.api_update(params={"name": "Second name"})
    listed = list(sdk.account.get_ad_creatives(fields=["name"]))
    assert ["Second name"] == [row["name"] for row in listed]
    with refused(1443048):
        creative_of(sdk, child_attachments=cards[:1])


@covers("Ad create", "Ad update", "Ad read", "AdsInsights list")
def test_ads_are_reviewed_and_deliver(sdk):
    """
    Activated top down, reviewed on the clock, measured by insights.
    """
    campaign = campaign_of(sdk)
    adset = adset_of(sdk, campaign)
    ad = ad_of(sdk, adset, creative_of(sdk))
    for one in (campaign, AdSet(adset["id"]), ad):
        one.api_update(params={"status": "ACTIVE"})
    seen = Ad(ad["id"]).api_get(fields=["effective_status"])
    assert "PENDING_REVIEW" == seen["effective_status"]
    sdk.sandbox.advance(days=14)
    assert (
        "ACTIVE"
        == Ad(ad["id"]).api_get(fields=["effective_status"])["effective_status"]
    )
    rows = list(
        sdk.account.get_insights(
            fields=["ad_id", "impressions", "spend", "actions"],
            params={"level": "ad", "time_increment": 1, "limit": 3},
        )
    )
    assert 7 == len(rows)
    assert all(row["ad_id"] == ad["id"] for row in rows)
    assert all(float(row["spend"]) <= 62.5 for row in rows)
    with refused(99, code=1):
        Ad(ad["id"]).get_insights(params={"level": "campaign"})


@covers("AdReportRun create", "AdReportRun read", "AdsInsights list")
def test_reports_run_asynchronously(sdk):
    """
    The SDK polls the run and pages through its rows.
    """
    campaign = campaign_of(sdk)
    adset = adset_of(sdk, campaign)
    ad = ad_of(sdk, adset, creative_of(sdk), status="ACTIVE")
    AdSet(adset["id"]).api_update(params={"status": "ACTIVE"})
    campaign.api_update(params={"status": "ACTIVE"})
    sdk.sandbox.advance(days=14)
    wanted = {"level": "ad", "time_increment": 1}
    fields = ["ad_id", "spend"]
    job = sdk.account.get_insights_async(fields=fields, params=wanted)
    for _ in range(9):
        job = job.api_get()
        if job["async_status"] == "Job Completed":
            break
    assert 100 == job["async_percent_completion"]
    rows = [dict(row) for row in job.get_result(params={"limit": 3})]
    direct = sdk.account.get_insights(fields=fields, params=wanted)
    assert [dict(row) for row in direct] == rows
    assert {ad["id"]} == {row["ad_id"] for row in rows}
    with refused():
        sdk.account.get_insights_async(params={"time_increment": 99})


@covers("PagePost create", "PagePost list", "AdCreative list")
def test_posts_of_the_page_are_promoted(sdk):
    """
    A dark post becomes an ad; one that is not there is refused.
    """
    page = Page(sdk.ids["page"])
    post = page.create_feed(params={"message": "For ads only.", "published": False})
    assert [post["id"]] == [row["id"] for row in page.get_ads_posts()]
    creative = sdk.account.create_ad_creative(params={"object_story_id": post["id"]})
    ad = ad_of(sdk, adset_of(sdk, campaign_of(sdk)), creative)
    seen = Ad(ad["id"]).get_ad_creatives(fields=["object_story_id", "body"])[0]
    assert (post["id"], "For ads only.") == (seen["object_story_id"], seen["body"])
    with refused(1885557):
        sdk.account.create_ad_creative(params={"object_story_id": f"{page['id']}_1"})


@covers("Campaign list", "Campaign delete")
def test_cursors_walk_over_several_pages(sdk):
    """
    The SDK's own cursor finds everything, and the total.
    """
    made = [campaign_of(sdk, name=f"c{n}")["id"] for n in range(8)]
    cursor = sdk.account.get_campaigns(params={"limit": 3})
    assert 8 == cursor.total()
    assert made[::-1] == [row["id"] for row in cursor]
    Campaign(made[0]).api_delete()
    assert 7 == len(list(sdk.account.get_campaigns(params={"limit": 2})))
    with refused():
        sdk.account.get_campaigns(params={"limit": 0})


@covers("AdLabel list", "Campaign list")
def test_labels_lead_back_to_their_objects(sdk):
    """
    Made by name at birth, found by id.
    """
    campaign = campaign_of(sdk, adlabels=[{"name": "smm:abc"}])
    labels = list(sdk.account.get_ad_labels(fields=["name"]))
    assert ["smm:abc"] == [label["name"] for label in labels]
    found = sdk.account.get_campaigns_by_labels(
        params={"ad_label_ids": [labels[0]["id"]]}
    )
    assert [campaign["id"]] == [row["id"] for row in found]
    with refused():
        sdk.account.get_campaigns_by_labels()


@covers("Batch create", "Campaign update", "Campaign read")
def test_batches_answer_each_item(sdk):
    """
    A success and a failure side by side.
    """
    campaign = campaign_of(sdk)
    answers = {}
    batch = FacebookAdsApi.get_default_api().new_batch()
    Campaign(campaign["id"]).api_update(
        params={"name": "By batch"},
        batch=batch,
        success=lambda answer: answers.setdefault("good", answer.json()),
    )
    Campaign("12345").api_get(
        batch=batch, failure=lambda answer: answers.setdefault("bad", answer.error())
    )
    batch.execute()
    assert {"success": True} == answers["good"]
    assert 33 == answers["bad"].api_error_subcode()
    assert "By batch" == Campaign(campaign["id"]).api_get(fields=["name"])["name"]


@covers("CustomAudience create", "CustomAudience.users create", "CustomAudience list")
def test_customer_lists_are_hashed_by_the_sdk(sdk):
    """
    The SDK hashes and uploads; a lookalike of an empty list is refused.
    """
    audience = sdk.account.create_custom_audience(
        params={
            "name": "Customers",
            "subtype": "CUSTOM",
            "customer_file_source": "USER_PROVIDED_ONLY",
        }
    )
    with refused(1870047, code=200):
        sdk.account.create_custom_audience(
            params={
                "name": "Alike",
                "subtype": "LOOKALIKE",
                "origin_audience_id": audience["id"],
                "lookalike_spec": json.dumps({"country": "DE", "ratio": 0.02}),
            }
        )
    mails = [f"person{n}@a.example" for n in range(2_000)]
    CustomAudience(audience["id"]).add_users(
        schema=CustomAudience.Schema.email_hash, users=mails
    )
    sdk.sandbox.advance(3600)
    rows = sdk.account.get_custom_audiences(
        fields=["approximate_count_lower_bound", "operation_status"]
    )
    seen = next(iter(rows))
    assert 200 == seen["operation_status"]["code"]
    assert 1_000 <= seen["approximate_count_lower_bound"] <= 2_000
    first = hashlib.sha256(mails[0].encode()).hexdigest()
    assert first in json.dumps([entry.form for entry in sdk.sandbox.log])


@covers("TargetingSearch list", "AdSet create", "AdSet read")
def test_targeting_is_searched_and_used(sdk):
    """
    Interests found by name are accepted by their id, invented ones are not.
    """
    found = TargetingSearch.search(params={"q": "espresso", "type": "adinterest"})
    interest = {"id": found[0]["id"], "name": found[0]["name"]}
    spec = {**TARGETING, "flexible_spec": [{"interests": [interest]}]}
    adset = adset_of(sdk, campaign_of(sdk), targeting=spec)
    seen = AdSet(adset["id"]).api_get(fields=["targeting"])
    shown = seen["targeting"]["flexible_spec"][0]["interests"][0]
    assert interest["name"] == shown["name"]
    wrong = {**TARGETING, "flexible_spec": [{"interests": [{"id": "1"}]}]}
    with refused(1487694):
        adset_of(sdk, campaign_of(sdk), targeting=wrong)


@covers("Campaign create", "Campaign list")
def test_validate_only_creates_nothing(sdk):
    """
    The SDK's object has no id, the list stays empty, the name stays.
    """
    dry = {"execution_options": ["validate_only"]}
    assert not campaign_of(sdk, **dry).get("id")
    assert [] == list(sdk.account.get_campaigns())
    campaign = campaign_of(sdk)
    campaign.api_update(params={"name": "Never", **dry})
    seen = Campaign(campaign["id"]).api_get(fields=["name"])
    assert "Launch — Käffchen" == seen["name"]
    with refused():
        campaign_of(sdk, special_ad_categories=["HOUSING"], **dry)


@covers("Campaign create", "Campaign read")
def test_a_wrong_token_or_version_is_a_typed_error(sdk):
    """
    190 for the token, 2635 for a version that is gone.
    """
    campaign = campaign_of(sdk)
    stranger = FacebookAdsApi.init(access_token="EAAB", crash_log=False)
    with refused(code=190):
        Campaign(campaign["id"], api=stranger).api_get()
    old = FacebookAdsApi.init(
        access_token=sdk.ids["access_token"], api_version="v19.0", crash_log=False
    )
    with refused(code=2635):
        Campaign(campaign["id"], api=old).api_get()
    for api in (stranger, old):
        api._session.requests.close()
    answer = sdk.get(
        f"/{campaign}" if isinstance(campaign, str) else f"/{campaign['id']}"
    )
    assert campaign["id"] == answer["id"]
