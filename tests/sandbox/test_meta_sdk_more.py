"""
Meta's own Python SDK against the loopback server: publishing, leads, reports, trouble.
"""

from __future__ import annotations

import pytest
import requests

from _sdk import (
    TABLE,
    ad_of,
    adset_of,
    campaign_of,
    covers,
    creative_of,
    declared,
    refused,
    running_of,
    table,
)

pytestmark = [
    pytest.mark.sdk,
    # The SDK does not recognise its own list types.
    pytest.mark.filterwarnings("ignore:value of metric might not be compatible"),
]

pytest.importorskip("facebook_business")

from facebook_business.adobjects.ad import Ad  # noqa: E402
from facebook_business.adobjects.adaccount import AdAccount  # noqa: E402
from facebook_business.adobjects.adset import AdSet  # noqa: E402
from facebook_business.adobjects.advideo import AdVideo  # noqa: E402
from facebook_business.adobjects.campaign import Campaign  # noqa: E402
from facebook_business.adobjects.iguser import IGUser  # noqa: E402
from facebook_business.adobjects.leadgenform import LeadgenForm  # noqa: E402
from facebook_business.adobjects.page import Page  # noqa: E402
from facebook_business.adobjects.pagepost import PagePost  # noqa: E402
from facebook_business.adobjects.photo import Photo  # noqa: E402
from facebook_business.api import FacebookAdsApi, FacebookSession  # noqa: E402


def _page(sdk):
    return Page(sdk.ids["page"])


def _instagram(sdk):
    return IGUser(sdk.ids["instagram_user"])


@covers("PagePost create", "PagePost update", "PagePost read", "PagePost delete")
def test_a_post_is_corrected_and_taken_back(sdk):
    """
    Read through the feed; an ad cannot promote what is gone.
    """
    made = _page(sdk).create_feed(params={"message": "Newss"})
    post = PagePost(made["id"])
    post.api_update(params={"message": "News"})
    rows = _page(sdk).get_feed(fields=["message"])
    assert ["News"] == [row["message"] for row in rows]
    assert "News" == post.api_get(fields=["message"])["message"]
    post.api_delete()
    assert [] == list(_page(sdk).get_feed())
    with refused(1885557):
        sdk.account.create_ad_creative(params={"object_story_id": post["id"]})


@covers("PagePost create", "PagePost list", "PagePost read")
def test_a_post_is_planned(sdk):
    """
    It waits among the planned ones and appears by itself.
    """
    at = int(sdk.sandbox.now.timestamp()) + 3_600
    params = {"message": "Later", "published": False, "scheduled_publish_time": at}
    post = _page(sdk).create_feed(params=params)
    rows = _page(sdk).get_scheduled_posts(fields=["scheduled_publish_time"])
    assert [at] == [row["scheduled_publish_time"] for row in rows]
    sdk.sandbox.advance(3_600)
    assert PagePost(post["id"]).api_get(fields=["is_published"])["is_published"]
    with refused():
        _page(sdk).create_feed(params=params)


@covers("Photo create", "Photo list", "Photo read", "Photo delete", "PagePost create")
def test_photos_are_shown_by_posts(sdk):
    """
    Published photos are listed; a deleted one is attached to nothing.
    """
    url = "https://alpenkaffee.example/cup.jpg"
    photo = _page(sdk).create_photo(params={"url": url, "caption": "Cup"})
    rows = _page(sdk).get_photos(params={"type": "uploaded"}, fields=["name"])
    assert ["Cup"] == [row["name"] for row in rows]
    quiet = _page(sdk).create_photo(params={"url": url, "published": False})
    media = [{"media_fbid": quiet["id"]}]
    post = _page(sdk).create_feed(params={"message": "Two", "attached_media": media})
    assert url == PagePost(post["id"]).api_get(fields=["full_picture"])["full_picture"]
    assert url == Photo(photo["id"]).api_get(fields=["source"])["source"]
    Photo(quiet["id"]).api_delete()
    with refused():
        _page(sdk).create_feed(params={"message": "x", "attached_media": media})


@covers("IGMedia create", "IGMedia list", "IGMedia read", "AdCreative create")
def test_instagram_media_are_published_and_promoted(sdk):
    """
    A container is published once; the medium becomes an ad.
    """
    image = {"image_url": "https://a.example/1.jpg", "caption": "Roast"}
    box = _instagram(sdk).create_media(params=image)
    medium = _instagram(sdk).create_media_publish(params={"creation_id": box["id"]})
    rows = _instagram(sdk).get_media(fields=["caption"])
    assert ["Roast"] == [row["caption"] for row in rows]
    assert "IMAGE" == medium.api_get(fields=["media_type"])["media_type"]
    action = {"type": "LEARN_MORE", "value": {"link": "https://a.example"}}
    creative = sdk.account.create_ad_creative(
        params={"source_instagram_media_id": medium["id"], "call_to_action": action}
    )
    ad = ad_of(sdk, adset_of(sdk, campaign_of(sdk)), creative)
    assert "Roast" == Ad(ad["id"]).get_ad_creatives(fields=["body"])[0]["body"]
    with refused():
        _instagram(sdk).create_media_publish(params={"creation_id": box["id"]})


@covers("PagePost create", "InsightsResult list", "Page read")
def test_followers_of_the_page_grow(sdk):
    """
    The last day's level is what the page reads as; ended metrics are refused.
    """
    _page(sdk).create_feed(params={"message": "Hello"})
    sdk.sandbox.advance(days=10)
    wanted = {
        "metric": ["page_follows"], "period": "day",
        "since": "2027-02-22", "until": "2027-03-04",
    }  # fmt: skip
    values = _page(sdk).get_insights(params=wanted)[0]["values"]
    assert 10 == len(values)
    now = _page(sdk).api_get(fields=["followers_count"])["followers_count"]
    assert values[-1]["value"] == now
    with refused():
        _page(sdk).get_insights(params={"metric": ["page_fans"]})


@covers("IGMedia create", "InstagramInsightsResult list", "IGMedia read")
def test_instagram_tells_followers_and_results(sdk):
    """
    New followers by day, likes of a medium by two routes; unknown windows refused.
    """
    box = _instagram(sdk).create_media(params={"image_url": "https://a.example/1.jpg"})
    medium = _instagram(sdk).create_media_publish(params={"creation_id": box["id"]})
    sdk.sandbox.advance(days=10)
    params = {"metric": ["follower_count"], "period": ["day"]}
    assert 2 == len(_instagram(sdk).get_insights(params=params)[0]["values"])
    likes = medium.get_insights(params={"metric": ["likes"]})[0]["values"][0]["value"]
    assert likes == medium.api_get(fields=["like_count"])["like_count"]
    span = {"since": "2026-11-01", "until": "2027-02-01"}
    with refused():
        _instagram(sdk).get_insights(params={**params, **span})


@covers("PagePost create", "Ad create", "InsightsResult list", "AdsInsights list")
def test_a_boosted_post_counts_what_its_ads_brought(sdk):
    """
    Its reach with the ads is larger than theirs alone.
    """
    post = PagePost(_page(sdk).create_feed(params={"message": "Boost"})["id"])
    story = {"object_story_id": post["id"]}
    creative = sdk.account.create_ad_creative(params=story)
    adset = adset_of(sdk, campaign_of(sdk, status="ACTIVE"), status="ACTIVE")
    ad = ad_of(sdk, adset, creative, status="ACTIVE")
    sdk.sandbox.advance(days=12)
    metric = {"metric": ["post_media_view"]}
    views = post.get_insights(params=metric)[0]["values"][0]["value"]
    rows = Ad(ad["id"]).get_insights(
        fields=["impressions"], params={"breakdowns": ["publisher_platform"]}
    )
    paid = {row["publisher_platform"]: int(row["impressions"]) for row in rows}
    assert views > paid["facebook"] > 0
    with refused(1504028, code=3001):
        post.get_insights()


@covers("LeadgenForm create", "LeadgenForm read", "LeadgenForm update", "Lead list")
def test_leads_come_through_forms(sdk):
    """
    Counted by ad and by form; an archived form takes no new ad.
    """
    params = {
        "name": "Tasting", "questions": [{"type": "EMAIL"}],
        "privacy_policy": {"url": "https://alpenkaffee.example/p"},
    }  # fmt: skip
    form = LeadgenForm(_page(sdk).create_lead_gen_form(params=params)["id"])
    value = {"type": "SIGN_UP", "value": {"lead_gen_form_id": form["id"]}}
    campaign = campaign_of(sdk, objective="OUTCOME_LEADS", status="ACTIVE")
    adset = adset_of(
        sdk, campaign, destination_type="ON_AD", status="ACTIVE",
        optimization_goal="LEAD_GENERATION", daily_budget=20_000,
        promoted_object={"page_id": sdk.ids["page"]},
    )  # fmt: skip
    ad = ad_of(sdk, adset, creative_of(sdk, call_to_action=value), status="ACTIVE")
    sdk.sandbox.advance(days=10)
    leads = list(Ad(ad["id"]).get_leads(fields=["ad_id", "field_data"]))
    assert leads
    assert {ad["id"]} == {lead["ad_id"] for lead in leads}
    assert len(leads) == len(list(form.get_leads()))
    assert len(leads) == form.api_get(fields=["leads_count"])["leads_count"]
    form.api_update(params={"status": "ARCHIVED"})
    with refused(3390001):
        creative_of(sdk, call_to_action=value)


@covers("LeadgenForm create", "LeadgenForm list", "Lead create", "Lead delete")
def test_a_form_is_tried_out(sdk):
    """
    One test lead at a time.
    """
    params = {
        "name": "Try", "questions": [{"type": "EMAIL"}],
        "privacy_policy": {"url": "https://alpenkaffee.example/p"},
    }  # fmt: skip
    form = LeadgenForm(_page(sdk).create_lead_gen_form(params=params)["id"])
    lead = form.create_test_lead()
    with refused():
        form.create_test_lead()
    assert [lead["id"]] == [row["id"] for row in form.get_test_leads()]
    assert 1 == len(list(_page(sdk).get_lead_gen_forms()))
    lead.api_delete()
    assert [] == list(form.get_test_leads())


@covers("AdVideo create", "AdVideo read", "AdVideo list", "AdCreative create")
def test_a_video_ad_needs_a_thumbnail(sdk):
    """
    Ready after a minute; without a picture it is refused.
    """
    params = {"file_url": "https://a.example/a.mp4", "title": "Pour"}
    video = sdk.account.create_ad_video(params=params)
    sdk.sandbox.advance(60)
    assert "ready" == AdVideo(video["id"]).api_get(fields=["status"])["status"][
        "video_status"]  # fmt: skip
    assert 1 == len(list(sdk.account.get_ad_videos(fields=["title"])))
    data = {
        "video_id": video["id"], "message": "Slow", "title": "Pour",
        "image_url": "https://a.example/a.jpg",
    }  # fmt: skip
    story = {"page_id": sdk.ids["page"], "video_data": data}
    creative = sdk.account.create_ad_creative(params={"object_story_spec": story})
    assert "VIDEO" == creative.api_get(fields=["object_type"])["object_type"]
    del data["image_url"]
    with refused(1443226):
        sdk.account.create_ad_creative(params={"object_story_spec": story})


@covers("AdVideo create", "AdVideo update", "AdVideo list", "AdVideo delete")
def test_videos_are_renamed_and_deleted(sdk):
    """
    Found by their title; gone once.
    """
    params = {"file_url": "https://a.example/a.mp4", "title": "a"}
    video = AdVideo(sdk.account.create_ad_video(params=params)["id"])
    video.api_update(params={"name": "b"})
    assert 1 == len(list(sdk.account.get_ad_videos(params={"title": "b"})))
    video.api_delete()
    assert [] == list(sdk.account.get_ad_videos())
    with refused(33):
        video.api_delete()


@covers("AdReportRun create", "AdReportRun read")
def test_a_report_that_fails_says_why(sdk):
    """
    Its error fields are read, its rows are not.
    """
    running_of(sdk)
    sdk.sandbox.faults.add("report_failed", "POST .*/insights")
    job = sdk.account.get_insights_async(params={"level": "ad"})
    for _ in range(5):
        job = job.api_get(fields=["async_status", "error_code", "error_subcode"])
    assert ("Job Failed", -2) == (job["async_status"], job["error_code"])
    with refused():
        job.get_result()


@covers("AdSet create", "AdsInsights list", "AdSet read")
def test_an_attribution_setting_stays_and_shows(sdk):
    """
    Chosen at creation, told by insights, never changed.
    """
    spec = [{"event_type": "CLICK_THROUGH", "window_days": 1}]
    _, adset, ad = running_of(sdk, attribution_spec=spec, daily_budget=20_000)
    row = Ad(ad["id"]).get_insights(
        fields=["attribution_setting", "actions"],
        params={"action_attribution_windows": ["1d_click", "7d_click"]},
    )[0]
    assert "1d_click" == row["attribution_setting"]
    assert all(a["value"] == a["1d_click"] for a in row["actions"])
    seen = AdSet(adset["id"]).api_get(fields=["attribution_spec"])
    assert 1 == seen["attribution_spec"][0]["window_days"]
    longer = [{"event_type": "CLICK_THROUGH", "window_days": 7}]
    with refused():
        AdSet(adset["id"]).api_update(params={"attribution_spec": longer})


@covers("Batch create", "Campaign create", "Campaign list")
def test_batches_hold_fifty(sdk):
    """
    The SDK sends sixty in one; fifty are done.
    """
    sizes = []
    for count in (50, 60):
        batch = FacebookAdsApi.get_default_api().new_batch()
        for number in range(count):
            params = {
                "name": f"c{number}", "objective": "OUTCOME_TRAFFIC",
                "special_ad_categories": [], "is_adset_budget_sharing_enabled": False,
            }  # fmt: skip
            sdk.account.create_campaign(params=params, batch=batch)
        if count == 50:
            batch.execute()
        else:
            with refused():
                batch.execute()
        sizes.append(sdk.account.get_campaigns(params={"limit": 1}).total())
    assert [50, 50] == sizes
    seen = next(iter(sdk.account.get_campaigns(fields=["name"])))
    assert "c49" == Campaign(seen["id"]).api_get(fields=["name"])["name"]


@covers("Batch create", "AdSet list")
def test_siblings_do_not_share_a_batch(sdk):
    """
    Two ad sets of one campaign are refused, and none is made.
    """
    campaign = campaign_of(sdk)
    batch = FacebookAdsApi.get_default_api().new_batch()
    for number in range(2):
        params = {"name": f"s{number}", "campaign_id": campaign["id"]}
        sdk.account.create_ad_set(params=params, batch=batch)
    with refused():
        batch.execute()
    assert [] == list(campaign.get_ad_sets())
    second = FacebookAdsApi.get_default_api().new_batch()
    campaign.api_update(params={"name": "x"}, batch=second)
    second.execute()
    assert "x" == Campaign(campaign["id"]).api_get(fields=["name"])["name"]


@covers("Batch create", "AdLabel list", "AdLabel create")
def test_a_null_item_is_offered_again_though_it_was_done(sdk):
    """
    The SDK gives back a batch to repeat: repeating it blindly would buy twice.
    """
    sdk.sandbox.faults.add("null_item", "POST /v26.0/?$", item=2)
    batch = FacebookAdsApi.get_default_api().new_batch()
    for name in ("a", "b", "c"):
        sdk.account.create_ad_label(params={"name": name}, batch=batch)
    again = batch.execute()
    assert 1 == len(again)
    rows = sdk.account.get_ad_labels(fields=["name"])
    assert {"a", "b", "c"} == {row["name"] for row in rows}
    campaign = campaign_of(sdk, adlabels=[{"name": "b"}])
    seen = Campaign(campaign["id"]).api_get(fields=["adlabels"])
    assert "b" == seen["adlabels"][0]["name"]
    with refused():
        campaign_of(sdk, adlabels=[{"id": "1"}])


@covers("Ad create", "Ad list")
def test_cursors_walk_backwards_and_filter(sdk):
    """
    Four pages of ads; names are filtered; a word that is no operator is refused.
    """
    adset = AdSet(adset_of(sdk, campaign_of(sdk))["id"])
    creative = creative_of(sdk)
    made = [ad_of(sdk, adset, creative, name=f"ad {n}")["id"] for n in range(10)]
    pages = sdk.account.get_ads(params={"limit": 3})
    assert made[::-1] == [row["id"] for row in pages]
    rule = {"field": "name", "operator": "CONTAIN", "value": "ad 7"}
    found = adset.get_ads(params={"filtering": [rule]})
    assert [made[7]] == [row["id"] for row in found]
    with refused():
        adset.get_ads(params={"filtering": [{**rule, "operator": "LIKE"}]})


@covers("Campaign list", "Campaign delete")
def test_the_answer_of_a_write_may_be_lost(sdk):
    """
    The SDK raises, the campaign exists and is found by its name.
    """
    sdk.sandbox.faults.add("timeout_after", "POST .*/campaigns$", seconds=0.05)
    with pytest.raises(requests.exceptions.ConnectionError):
        campaign_of(sdk, name="lost and found")
    rule = {"field": "name", "operator": "EQUAL", "value": "lost and found"}
    rows = list(sdk.account.get_campaigns(params={"filtering": [rule]}))
    assert 1 == len(rows)
    rows[0].api_delete()
    with refused():
        Campaign(rows[0]["id"]).api_update(params={"status": "ACTIVE"})


@pytest.mark.parametrize(
    ("fault", "code", "subcode"),
    [
        ({"kind": "rate_limit", "code": 80004, "regain_minutes": 3}, 80004, 2446079),
        ({"kind": "rate_limit", "code": 17}, 17, 2446079),
        ({"kind": "rate_limit", "code": 613}, 613, 1487742),
        ({"kind": "rate_limit", "code": 4}, 4, None),
        ({"kind": "auth_expired"}, 190, 463),
        ({"kind": "auth_expired", "subcode": 460}, 190, 460),
        ({"kind": "status_500_before", "code": 1}, 1, None),
        ({"kind": "status_500_before"}, 2, None),
    ],
)
@covers("Campaign create", "Campaign read")
def test_trouble_is_typed_and_passes(sdk, fault, code, subcode):
    """
    Nothing happened while it lasted; the next call succeeds.
    """
    campaign = campaign_of(sdk)
    sdk.sandbox.faults.add(fault.pop("kind"), f"POST /v26.0/{campaign['id']}", **fault)
    with refused(subcode, code=code):
        campaign.api_update(params={"name": "x"})
    seen = Campaign(campaign["id"]).api_get(fields=["name"])
    assert "Launch — Käffchen" == seen["name"]


@covers("Campaign create", "Campaign read")
def test_a_wrong_proof_is_refused(sdk):
    """
    The SDK signs with the app's secret; another secret is 104.
    """
    campaign = campaign_of(sdk)
    good = FacebookAdsApi.get_default_api()
    other = FacebookAdsApi(
        FacebookSession(sdk.ids["app_id"], "another secret", sdk.ids["access_token"])
    )
    with refused(code=104):
        Campaign(campaign["id"], api=other).api_get()
    other._session.requests.close()
    seen = Campaign(campaign["id"], api=good).api_get(fields=["objective"])
    assert "OUTCOME_TRAFFIC" == seen["objective"]


@covers("Campaign create", "Campaign read")
def test_reading_several_ids_ended_with_version_26(sdk):
    """
    The SDK still offers it; each object is read by itself.
    """
    campaigns = [campaign_of(sdk, name=f"c{n}") for n in range(2)]
    with refused():
        Campaign.get_by_ids([c["id"] for c in campaigns], fields=["name"])
    names = [c.api_get(fields=["name"])["name"] for c in campaigns]
    assert ["c0", "c1"] == names


@covers("Campaign create", "AdSet create", "AdAccount read")
def test_a_create_reads_back_what_was_asked_for(sdk):
    """
    Fields in the write's own answer, the same by the node; unknown ones are refused.
    """
    campaign = sdk.account.create_campaign(
        fields=["id", "name", "effective_status"],
        params={
            "name": "Read", "objective": "OUTCOME_TRAFFIC", "status": "PAUSED",
            "special_ad_categories": [], "is_adset_budget_sharing_enabled": False,
        },
    )  # fmt: skip
    assert "PAUSED" == campaign["effective_status"]
    adset_of(sdk, campaign)
    seen = AdAccount(sdk.act).api_get(fields=["currency"])
    assert "EUR" == seen["currency"]
    with refused():
        adset_of(sdk, campaign, optimization_goal="APP_INSTALLS")


def test_the_list_of_scenarios_is_long_and_told():
    """
    At least forty, each with what it covers; the table beside this file is current.
    """
    scenarios, shown = declared(), table()
    print(f"\n{len(scenarios)} scenarios\n{shown}")  # noqa: T201 - asked for with -s
    assert len(scenarios) >= 40
    assert all(scenarios.values())
    assert shown == TABLE.read_text(encoding="utf-8"), (
        "the table is old: python -c 'import _sdk; _sdk.write_table()' in tests/"
    )
