"""
X's own Python SDK, unmodified, against the loopback server.

Each scenario creates or changes something, reads it again by another route and
includes a refusal. The SDK speaks version 11.
"""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from _scenarios import missing_of
from _x import END, Loopback, png

# ruff: noqa: DTZ001 - the SDK drops time zones
pytestmark = pytest.mark.sdk

pytest.importorskip("twitter_ads")

from twitter_ads.account import Account  # noqa: E402
from twitter_ads.audience import CustomAudience  # noqa: E402
from twitter_ads.campaign import (  # noqa: E402
    Campaign,
    FundingInstrument,
    IabCategories,
    LineItem,
    LineItemPlacements,
    TargetingCriteria,
    Tweet,
)
from twitter_ads.client import Client  # noqa: E402
from twitter_ads.creative import (  # noqa: E402
    Card,
    CardsFetch,
    DraftTweet,
    MediaLibrary,
    PromotedTweet,
    ScheduledTweet,
    Tweets,
)
from twitter_ads.cursor import Cursor  # noqa: E402
from twitter_ads.error import (  # noqa: E402
    BadRequest,
    Error,
    Forbidden,
    NotAuthorized,
    NotFound,
    RateLimit,
    ServerError,
    ServiceUnavailable,
)
from twitter_ads.http import Request  # noqa: E402
from twitter_ads.targeting import AudienceEstimate  # noqa: E402

BEGIN, FINISH = datetime(2027, 2, 22), datetime(2027, 2, 25)
GROUPS = ["ENGAGEMENT", "BILLING"]


@pytest.fixture
def sdk(monkeypatch):
    """
    The SDK as a user sets it up, its address turned to the sandbox.
    """
    with Loopback(seed=9) as x:
        monkeypatch.setattr(Request, "_DEFAULT_DOMAIN", x.base)
        x.client = _client(x)
        x.account = Account.load(x.client, x.ids["ad_account"])
        yield x
        assert [] == missing_of(x.sandbox.log)


def _client(x, **options):
    keys = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")
    return Client(*(x.ids[key] for key in keys), options=options)


@contextmanager
def _refused(kind, code):
    with pytest.raises(kind) as caught:
        yield caught
    assert code in str(caught.value.response.body), caught.value.response.body


def _campaign(sdk, **changes):
    campaign = Campaign(sdk.account)
    campaign.funding_instrument_id = sdk.ids["funding_instrument"]
    campaign.name = "Launch — Käffchen"
    campaign.daily_budget_amount_local_micro = 50_000_000
    campaign.entity_status = "PAUSED"
    for name, value in changes.items():
        setattr(campaign, name, value)
    campaign.save()
    return campaign


def _line_item(sdk, campaign, **changes):
    told = {
        "campaign_id": campaign.id,
        "name": "Baristas",
        "objective": "WEBSITE_CLICKS",
        "product_type": "PROMOTED_TWEETS",
        "placements": ["ALL_ON_TWITTER"],
        "start_time": "2027-02-22T09:00:00Z",
        "end_time": END,
        "bid_strategy": "AUTO",
        "entity_status": "PAUSED",
    }
    return LineItem.create(sdk.account, **{**told, **changes})


def _criterion(sdk, line_item, kind, value, operator="EQ"):
    criterion = TargetingCriteria(sdk.account)
    criterion.line_item_id = line_item.id
    criterion.targeting_type = kind
    criterion.targeting_value = value
    criterion.operator_type = operator
    criterion.save()
    return criterion


def _tweet(sdk, text="Taste it: https://shop.example/beans", **changes):
    told = Tweet.create(sdk.account, text=text, as_user_id=sdk.ids["user"], **changes)
    return told["id_str"]


def _running(sdk):
    campaign = _campaign(sdk, entity_status="ACTIVE")
    line_item = _line_item(sdk, campaign, entity_status="ACTIVE")
    _criterion(sdk, line_item, "LOCATION", sdk.place())
    promoted = PromotedTweet.attach(
        sdk.account, line_item_id=line_item.id, tweet_ids=[_tweet(sdk)]
    ).first
    sdk.sandbox.advance(days=4)
    return campaign, line_item, promoted


def test_campaigns_live_from_creation_to_deletion(sdk):
    """
    Create, change, read by list, delete; afterwards it is not found.
    """
    campaign = _campaign(sdk)
    campaign.name = "Renamed"
    campaign.save()
    assert "Renamed" == sdk.account.campaigns(campaign.id).name
    campaign.delete()
    assert 0 == sdk.account.campaigns().count
    assert [campaign.id] == [c.id for c in sdk.account.campaigns(with_deleted="true")]
    with _refused(NotFound, "CAMPAIGN_NOT_FOUND"):
        campaign.delete()


def test_campaigns_say_why_they_do_not_serve(sdk):
    """
    Paused and incomplete at first; the list says the same.
    """
    campaign = _campaign(sdk)
    assert not campaign.servable
    listed = sdk.account.campaigns().first
    assert ["PAUSED_BY_ADVERTISER", "INCOMPLETE"] == listed.reasons_not_servable
    with _refused(BadRequest, "INVALID_PARAMETER"):
        _campaign(sdk, entity_status="SLEEPING")


def test_budgets_are_micros_of_the_funding_instruments_currency(sdk):
    """
    A cent is the smallest step, and the daily budget is not above the total.
    """
    campaign = _campaign(sdk, total_budget_amount_local_micro=70_000_000)
    funding = FundingInstrument.load(sdk.account, sdk.ids["funding_instrument"])
    assert "EUR" == funding.currency == sdk.account.campaigns(campaign.id).currency
    with _refused(BadRequest, "INVALID_DENOMINATION"):
        _campaign(sdk, daily_budget_amount_local_micro=1_234_567)
    with _refused(BadRequest, "daily_budget_amount_local_micro"):
        _campaign(sdk, total_budget_amount_local_micro=10_000_000)


def test_a_campaign_needs_money_that_exists(sdk):
    """
    Another funding instrument is not found; the known one is listed.
    """
    campaign = _campaign(sdk)
    known = [funding.id for funding in sdk.account.funding_instruments()]
    assert [campaign.funding_instrument_id] == known
    with _refused(NotFound, "FUNDING_INSTRUMENT_NOT_FOUND"):
        _campaign(sdk, funding_instrument_id="nope")


def test_line_items_are_read_back_as_written(sdk):
    """
    By id and through the campaign; a goal that does not fit is refused.
    """
    campaign = _campaign(sdk)
    line_item = _line_item(sdk, campaign, goal="SITE_VISITS")
    found = sdk.account.line_items(campaign_ids=campaign.id).first
    assert (line_item.id, "SITE_VISITS") == (found.id, found.goal)
    with _refused(BadRequest, "goal"):
        _line_item(sdk, campaign, goal="MAX_REACH")


def test_line_items_are_changed_one_field_at_a_time(sdk):
    """
    The SDK sends all it knows; name and bid change, the rest stays.
    """
    line_item = _line_item(
        sdk, _campaign(sdk), bid_strategy="MAX", bid_amount_local_micro=500_000
    )
    line_item.name, line_item.bid_amount_local_micro = "Roasters", 750_000
    line_item.save()
    found = sdk.account.line_items(line_item.id)
    assert ("Roasters", 750_000) == (found.name, found.bid_amount_local_micro)
    line_item.bid_amount_local_micro = 755_555
    with _refused(BadRequest, "INVALID_DENOMINATION"):
        line_item.save()


def test_bids_need_an_amount(sdk):
    """
    MAX without an amount is missing something; AUTO is not.
    """
    campaign = _campaign(sdk)
    line_item = _line_item(sdk, campaign)
    assert "AUTO" == sdk.account.line_items(line_item.id).bid_strategy
    with _refused(BadRequest, "MISSING_PARAMETER"):
        _line_item(sdk, campaign, bid_strategy="MAX")


def test_line_items_of_a_campaign_have_one_objective(sdk):
    """
    INVALID for the second objective; the list holds the first line item alone.
    """
    campaign = _campaign(sdk)
    _line_item(sdk, campaign)
    with _refused(BadRequest, "INVALID"):
        _line_item(sdk, campaign, objective="REACH")
    assert 1 == sdk.account.line_items(campaign_ids=campaign.id).count


def test_placements_go_together_or_not(sdk):
    """
    The profile alone is refused; the endpoint lists what goes together.
    """
    campaign = _campaign(sdk)
    line_item = _line_item(
        sdk, campaign, placements=["TWITTER_PROFILE", "TWITTER_TIMELINE"]
    )
    found = sdk.account.line_items(line_item.id)
    assert ["TWITTER_PROFILE", "TWITTER_TIMELINE"] == found.placements
    request = Request(sdk.client, "get", LineItemPlacements.RESOURCE_COLLECTION)
    known = {row["product_type"] for row in request.perform().body["data"]}
    assert {"MEDIA", "PROMOTED_ACCOUNT", "PROMOTED_TWEETS"} == known
    with _refused(BadRequest, "INVALID_PLACEMENT_TYPE"):
        _line_item(sdk, campaign, placements=["TWITTER_PROFILE"])


def test_frequency_is_capped_for_some_objectives(sdk):
    """
    Cap and days belong together, and website clicks take none.
    """
    campaign = _campaign(sdk)
    cap = {"frequency_cap": 3, "duration_in_days": 7}
    line_item = _line_item(sdk, campaign, objective="REACH", **cap)
    told = sdk.get(f"{sdk.act}/line_items/{line_item.id}")["data"]
    assert cap == {name: told[name] for name in cap}
    with _refused(BadRequest, "INCLUSIVE_PARAMETERS"):
        _line_item(sdk, campaign, objective="REACH", frequency_cap=3)
    with _refused(BadRequest, "frequency_cap"):
        _line_item(sdk, _campaign(sdk), **cap)


def test_website_conversions_need_their_tag(sdk):
    """
    Without it something is missing; another tag is not found.
    """
    campaign = _campaign(sdk)
    goal = {"goal": "WEBSITE_CONVERSIONS"}
    tag = sdk.ids["web_event_tag"]
    line_item = _line_item(sdk, campaign, primary_web_event_tag=tag, **goal)
    assert tag == sdk.account.line_items(line_item.id).primary_web_event_tag
    with _refused(BadRequest, "MISSING_PARAMETER"):
        _line_item(sdk, campaign, **goal)
    with _refused(NotFound, "WEB_EVENT_TAG_NOT_FOUND"):
        _line_item(sdk, campaign, primary_web_event_tag="zzz", **goal)


def test_criteria_are_added_and_taken_away(sdk):
    """
    Found through the line item with the place's name; a second deletion is 404.
    """
    line_item = _line_item(sdk, _campaign(sdk))
    criterion = _criterion(sdk, line_item, "LOCATION", "96683cc9126741d1")
    assert ["United States"] == [one.name for one in line_item.targeting_criteria()]
    assert criterion.id == line_item.targeting_criteria(criterion.id).id
    criterion.delete()
    assert [] == list(line_item.targeting_criteria())
    with _refused(NotFound, "TARGETING_CRITERION_NOT_FOUND"):
        criterion.delete()


def test_criteria_have_values_of_their_type(sdk):
    """
    Age, gender, keyword, language; a value of another form is refused.
    """
    line_item = _line_item(sdk, _campaign(sdk))
    wanted = [
        ("AGE", "AGE_25_TO_49"),
        ("GENDER", "1"),
        ("BROAD_KEYWORD", "flat white"),
        ("LANGUAGE", "de"),
        ("PLATFORM", "0"),
    ]
    for kind, value in wanted:
        _criterion(sdk, line_item, kind, value)
    found = [
        (c.targeting_type, c.targeting_value) for c in line_item.targeting_criteria()
    ]
    assert wanted == found
    with _refused(BadRequest, "targeting_value"):
        _criterion(sdk, line_item, "AGE", "AGE_30_TO_31")
    with _refused(BadRequest, "At most 1"):
        _criterion(sdk, line_item, "AGE", "AGE_OVER_50")


def test_criteria_exclude_with_their_operator(sdk):
    """
    NE leaves a keyword out; an audience is not excluded by age.
    """
    line_item = _line_item(sdk, _campaign(sdk))
    _criterion(sdk, line_item, "EXACT_KEYWORD", "free", "NE")
    assert ["NE"] == [one.operator_type for one in line_item.targeting_criteria()]
    with _refused(BadRequest, "operator_type"):
        _criterion(sdk, line_item, "GENDER", "2", "NE")


def test_targeting_is_found_by_search(sdk):
    """
    Places, interests, devices and languages; what was found can be targeted.
    """
    line_item = _line_item(sdk, _campaign(sdk))
    search = TargetingCriteria
    place = search.locations(sdk.account, q="Berlin", location_type="CITIES").first
    interest = search.interests(sdk.account, q="Coffee").first
    language = search.languages(sdk.account, q="Ger").first
    device = search.devices(sdk.account, q="Pixel").first
    for row in (place, interest, language, device):
        _criterion(sdk, line_item, row["targeting_type"], row["targeting_value"])
    names = [one.name for one in line_item.targeting_criteria()]
    assert [row["name"] for row in (place, interest, language, device)] == names
    with _refused(BadRequest, "targeting_value"):
        _criterion(sdk, line_item, "LOCATION", "Berlin")


def test_the_other_lookups_answer_too(sdk):
    """
    Apps, conversations, events, networks, platforms, television, content.
    """
    search, account = TargetingCriteria, sdk.account
    rows = [
        search.app_store_categories(account, os_type="IOS").first,
        search.conversations(account, conversation_type="SPORTS").first,
        search.events(account, event_types="HOLIDAY").first,
        search.network_operators(account, country_code="DE").first,
        search.platforms(account).first,
        search.platform_versions(account).first,
        search.tv_markets(account).first,
        search.tv_shows(account, locale="de-DE").first,
    ]
    assert all(row["name"] for row in rows)
    line_item = _line_item(sdk, _campaign(sdk))
    conversation = rows[1]["targeting_value"]
    _criterion(sdk, line_item, "CONVERSATION", conversation)
    assert conversation == line_item.targeting_criteria().first.targeting_value
    request = Request(sdk.client, "get", IabCategories.RESOURCE_COLLECTION)
    assert "IAB1" == request.perform().body["data"][0]["id"]
    with _refused(BadRequest, "locale"):
        search.tv_shows(account, locale="xx-XX")


def test_television_belongs_to_its_market(sdk):
    """
    Places first, and of the show's country only.
    """
    line_item = _line_item(sdk, _campaign(sdk))
    show = TargetingCriteria.tv_shows(sdk.account, locale="de-DE").first
    value = str(show["targeting_value"])
    with _refused(BadRequest, "INVALID_TV_SHOW_LOCATIONS"):
        _criterion(sdk, line_item, "TV_SHOW", value)
    _criterion(sdk, line_item, "LOCATION", sdk.place("Germany"))
    _criterion(sdk, line_item, "TV_SHOW", value)
    assert 2 == line_item.targeting_criteria().count
    american = TargetingCriteria.tv_shows(sdk.account, locale="en-US").first
    with _refused(BadRequest, "TV_SHOW_OUTSIDE_MARKET"):
        _criterion(sdk, line_item, "TV_SHOW", str(american["targeting_value"]))


def test_posts_are_published_once(sdk):
    """
    Promoted-only unless told otherwise; the same text again is a duplicate.
    """
    mine = _tweet(sdk, "Only once")
    listed = Tweets.all(sdk.account, tweet_type="PUBLISHED")
    assert [mine] == [row["id_str"] for row in listed]
    with _refused(BadRequest, "DUPLICATE_TWEET"):
        _tweet(sdk, "Only once")
    with _refused(BadRequest, "TWEET_CANNOT_BE_BLANK"):
        _tweet(sdk, " ")


def test_organic_posts_stand_in_the_organic_timeline(sdk):
    """
    nullcast=false goes to followers; another user cannot be spoken for.
    """
    post = _tweet(sdk, "Good morning, followers", nullcast="false")
    organic = Tweets.all(sdk.account, tweet_type="PUBLISHED", timeline_type="ORGANIC")
    assert post in [row["id_str"] for row in organic]
    with _refused(Forbidden, "USER_NOT_FOUND"):
        Tweet.create(sdk.account, text="hi", as_user_id="12345")


def test_texts_are_weighed(sdk):
    """
    280 letters fit, 281 do not; an address weighs 23 however long it is.
    """
    address = "https://shop.example/" + "x" * 200
    post = _tweet(sdk, "a" * 256 + " " + address)
    found = Tweets.all(sdk.account, tweet_type="PUBLISHED", tweet_ids=post).first
    assert found["full_text"].endswith(address)
    with _refused(BadRequest, "INVALID_TWEET"):
        _tweet(sdk, "a" * 281)
    with _refused(BadRequest, "INVALID_TWEET"):
        _tweet(sdk, "☕" * 141)


def test_posts_are_promoted(sdk):
    """
    Several at once, read by line item, taken back; an unknown post is not found.
    """
    line_item = _line_item(sdk, _campaign(sdk))
    tweets = [_tweet(sdk, f"Post {n}") for n in range(3)]
    made = PromotedTweet.attach(
        sdk.account, line_item_id=line_item.id, tweet_ids=tweets
    )
    assert tweets == [one.tweet_id for one in made]
    listed = list(sdk.account.promoted_tweets(line_item_ids=line_item.id))
    assert {"UNDER_REVIEW"} == {one.approval_status for one in listed}
    listed[0].delete()
    assert 2 == sdk.account.promoted_tweets(line_item_ids=line_item.id).count
    with _refused(NotFound, "TWEET_NOT_FOUND"):
        PromotedTweet.attach(sdk.account, line_item_id=line_item.id, tweet_ids=["1"])


def test_drafts_are_kept_and_thrown_away_for_good(sdk):
    """
    A deleted draft is gone even with with_deleted.
    """
    draft = DraftTweet(sdk.account)
    draft.text, draft.as_user_id = "Not yet", sdk.ids["user"]
    draft.save()
    assert "Not yet" == DraftTweet.load(sdk.account, draft.id).text
    assert [draft.id] == [one.id for one in DraftTweet.all(sdk.account)]
    draft.delete()
    with _refused(NotFound, "TWEET_NOT_FOUND"):
        DraftTweet.load(sdk.account, draft.id)


def test_scheduled_posts_are_published_at_their_minute(sdk):
    """
    SCHEDULED, then SUCCESS with the post's id; half minutes are refused.
    """
    planned = ScheduledTweet(sdk.account)
    planned.text, planned.as_user_id = "Later", sdk.ids["user"]
    planned.scheduled_at = "2027-02-23T10:00:00Z"
    planned.save()
    assert "SCHEDULED" == sdk.account.scheduled_tweets(planned.id).scheduled_status
    sdk.sandbox.advance(days=2)
    done = sdk.account.scheduled_tweets().first
    assert "SUCCESS" == done.scheduled_status
    posts = Tweets.all(sdk.account, tweet_type="PUBLISHED")
    assert done.tweet_id in [row["id_str"] for row in posts]
    late = ScheduledTweet(sdk.account)
    late.text, late.as_user_id = "Odd", sdk.ids["user"]
    late.scheduled_at = "2027-02-26T10:00:30Z"
    with _refused(BadRequest, "scheduled_at"):
        late.save()


def test_media_is_taken_into_the_library(sdk):
    """
    What was uploaded only; renamed, listed, removed.
    """
    media = MediaLibrary(sdk.account)
    media.media_key, media.name = sdk.upload(png(mark=b"a")), "Beans"
    media.add()
    media.name = "Roasted beans"
    media.update()
    listed = MediaLibrary.all(sdk.account, media_type="IMAGE")
    assert ["Roasted beans"] == [one.name for one in listed]
    media.delete()
    assert 0 == MediaLibrary.all(sdk.account).count
    foreign = MediaLibrary(sdk.account)
    foreign.media_key = "3_1"
    with _refused(BadRequest, "INVALID_MEDIA"):
        foreign.add()


def _card(sdk, url="https://shop.example/beans"):
    card = Card(sdk.account)
    card.name = "Beans"
    card.components = [
        {"type": "MEDIA", "media_key": sdk.upload()},
        {
            "type": "DETAILS",
            "title": "Taste it",
            "destination": {"type": "WEBSITE", "url": url},
        },
    ]
    return card


def test_cards_carry_pictures_and_links(sdk):
    """
    Saved, listed, fetched by URI, put on a post; a card without a link is refused.
    """
    card = _card(sdk)
    card.save()
    assert "IMAGE_WEBSITE" == card.card_type
    assert [card.id] == [one.id for one in sdk.account.cards()]
    fetched = CardsFetch.load(sdk.account, card_uris=[card.card_uri]).first
    assert card.id == fetched.id
    card.name = "Fresh beans"
    card.save()
    assert "Fresh beans" == Card.load(sdk.account, card.id).name
    _tweet(sdk, "With a card", card_uri=card.card_uri)
    with _refused(BadRequest, "url"):
        _card(sdk, url="nowhere").save()
    with _refused(NotFound, "CARD_NOT_FOUND"):
        _tweet(sdk, "Without", card_uri="card://1")


def test_batches_create_and_change_in_order(sdk):
    """
    Campaigns with new ids, then renamed and deleted in one request.
    """
    made = []
    for number in range(3):
        campaign = Campaign(sdk.account)
        campaign.funding_instrument_id = sdk.ids["funding_instrument"]
        campaign.name = f"Wave {number}"
        campaign.entity_status = "PAUSED"
        made.append(campaign)
    Campaign.batch_save(sdk.account, made)
    assert ["Wave 0", "Wave 1", "Wave 2"] == [c.name for c in sdk.account.campaigns()]
    made[0].name, made[1].to_delete = "First wave", True
    Campaign.batch_save(sdk.account, made)
    assert ["First wave", "Wave 2"] == [c.name for c in sdk.account.campaigns()]
    with _refused(BadRequest, "REQUEST_TOO_COMPLEX"):
        Campaign.batch_save(sdk.account, made * 14)


def test_batches_do_all_or_nothing(sdk):
    """
    One wrong line item, and none is made; its reasons stand at its place.
    """
    campaign = _campaign(sdk)
    items = []
    for number in range(3):
        item = LineItem(sdk.account)
        item.campaign_id, item.name = campaign.id, f"Line {number}"
        item.objective, item.product_type = "ENGAGEMENTS", "PROMOTED_TWEETS"
        item.placements, item.start_time = ["ALL_ON_TWITTER"], "2027-03-01"
        item.bid_amount_local_micro = 250_000 if number != 1 else 250_001
        items.append(item)
    with _refused(BadRequest, "INVALID_DENOMINATION") as caught:
        LineItem.batch_save(sdk.account, items)
    lists = caught.value.response.body["operation_errors"]
    assert [0, 1, 0] == [len(errors) for errors in lists]
    assert 0 == sdk.account.line_items().count
    items[1].bid_amount_local_micro = 250_000
    LineItem.batch_save(sdk.account, items)
    assert ["Line 0", "Line 1", "Line 2"] == [
        one.name for one in sdk.account.line_items()
    ]


def test_criteria_come_in_batches_of_hundreds(sdk):
    """
    Two hundred keywords at once; there is no update.
    """
    line_item = _line_item(sdk, _campaign(sdk))
    criteria = []
    for number in range(200):
        criterion = TargetingCriteria(sdk.account)
        criterion.line_item_id = line_item.id
        criterion.targeting_type = "BROAD_KEYWORD"
        criterion.targeting_value = f"coffee {number}"
        criterion.operator_type = "EQ"
        criteria.append(criterion)
    TargetingCriteria.batch_save(sdk.account, criteria)
    assert 200 == len(list(line_item.targeting_criteria(count=90)))
    with _refused(BadRequest, "operation_type"):
        TargetingCriteria.batch_save(sdk.account, criteria[:1])


def test_cursors_fetch_the_next_page_by_themselves(sdk):
    """
    Every campaign once; a foreign cursor is refused.
    """
    for number in range(7):
        _campaign(sdk, name=f"n{number}")
    cursor = sdk.account.campaigns(count=3)
    assert [f"n{number}" for number in range(7)] == [one.name for one in cursor]
    assert cursor.exhausted
    assert 7 == sdk.account.campaigns(with_total_count="true").count
    with _refused(BadRequest, "cursor"):
        sdk.account.campaigns(cursor="nonsense")


def test_audiences_are_filled_matched_and_targeted(sdk):
    """
    Processing first, targetable later; a plain address instead of a hash is refused.
    """
    audience = CustomAudience.create(sdk.account, "Customers")
    users = [
        {"email": [hashlib.sha256(f"user{n}@shop.example".encode()).hexdigest()]}
        for n in range(400)
    ]
    operation = {"operation_type": "Update", "params": {"users": users}}
    assert (400, 400) == audience.users([operation])
    line_item = _line_item(sdk, _campaign(sdk))
    with _refused(BadRequest, "targeting_value"):
        _criterion(sdk, line_item, "CUSTOM_AUDIENCE", audience.id)
    sdk.sandbox.advance(days=1)
    found = sdk.account.custom_audiences(audience.id)
    assert found.targetable
    assert 100 <= found.audience_size < 400
    _criterion(sdk, line_item, "CUSTOM_AUDIENCE", audience.id)
    named = audience.targeted(with_active="false").first
    assert line_item.id == named.line_items[0]["id"]
    plain = {"operation_type": "Update", "params": {"users": [{"email": ["a@b.c"]}]}}
    with _refused(BadRequest, "SHA-256"):
        audience.users([plain])


def test_audiences_are_renamed_away(sdk):
    """
    Deleted softly; afterwards it cannot be targeted.
    """
    audience = CustomAudience.create(sdk.account, "Old list")
    assert ["Old list"] == [one.name for one in sdk.account.custom_audiences()]
    audience.delete()
    assert 0 == sdk.account.custom_audiences().count
    line_item = _line_item(sdk, _campaign(sdk))
    with _refused(NotFound, "TAILORED_AUDIENCE_NOT_FOUND"):
        _criterion(sdk, line_item, "CUSTOM_AUDIENCE", audience.id)


def test_audiences_are_estimated(sdk):
    """
    Fewer people with more criteria; without a primary one nothing is estimated.
    """
    place = {"targeting_type": "LOCATION", "targeting_value": sdk.place()}
    interest = {"targeting_type": "INTEREST", "targeting_value": "1001"}
    young = {"targeting_type": "AGE", "targeting_value": "AGE_13_TO_24"}

    def size(*criteria):
        params = {"targeting_criteria": list(criteria)}
        return AudienceEstimate.load(sdk.account, params=params).audience_size

    wide, narrow = size(place, interest), size(place, interest, young)
    assert wide["min"] < wide["max"]
    assert narrow["max"] < wide["min"]
    with _refused(BadRequest, "targeting_criteria"):
        size(place)
    line_item = _line_item(sdk, _campaign(sdk))
    _criterion(sdk, line_item, "INTEREST", "1001")
    (kept,) = line_item.targeting_criteria()
    assert size(place, interest) == size(
        place,
        {
            "targeting_type": kept.targeting_type,
            "targeting_value": kept.targeting_value,
        },
    )


def test_statistics_at_once_add_up_over_levels(sdk):
    """
    Days at the account's midnight; the campaign shows what its line item shows.
    """
    campaign, line_item, promoted = _running(sdk)
    span = {"start_time": BEGIN, "end_time": FINISH, "granularity": "DAY"}
    rows = [
        one.stats(GROUPS, **span)[0]["id_data"][0]["metrics"]
        for one in (campaign, line_item, promoted)
    ]
    assert rows[0] == rows[1] == rows[2]
    assert 3 == len(rows[0]["impressions"])
    assert all(rows[0]["impressions"])
    assert 0 < sum(rows[0]["billed_charge_local_micro"]) <= 3 * 52_500_000
    with _refused(BadRequest, "INVALID_TIME_WINDOW"):
        campaign.stats(GROUPS, **{**span, "end_time": datetime(2027, 3, 5)})
    with _refused(BadRequest, "metric_groups"):
        Campaign.all_stats(
            sdk.account, [sdk.ids["ad_account"]], GROUPS, entity="ACCOUNT", **span
        )


def test_hours_are_whole_and_add_up_to_the_total(sdk):
    """
    24 numbers a day; minutes leak out of the SDK's TOTAL and are refused.
    """
    campaign, _, _ = _running(sdk)
    span = {"start_time": datetime(2027, 2, 23), "end_time": datetime(2027, 2, 24)}
    hours = campaign.stats(GROUPS, granularity="HOUR", **span)
    total = campaign.stats(GROUPS, granularity="TOTAL", **span)
    by_hour = hours[0]["id_data"][0]["metrics"]["impressions"]
    assert 24 == len(by_hour)
    assert [sum(by_hour)] == total[0]["id_data"][0]["metrics"]["impressions"]
    span["end_time"] = datetime(2027, 2, 24, 0, 30)
    with _refused(BadRequest, "whole hours"):
        campaign.stats(GROUPS, granularity="TOTAL", **span)


def test_null_is_not_zero(sdk):
    """
    What never served is null; what does not apply is null beside numbers.
    """
    campaign, _, _ = _running(sdk)
    idle = _campaign(sdk)
    span = {"start_time": BEGIN, "end_time": FINISH, "granularity": "DAY"}
    groups = ["ENGAGEMENT", "VIDEO"]
    rows = Campaign.all_stats(sdk.account, [campaign.id, idle.id], groups, **span)
    busy, quiet = (row["id_data"][0]["metrics"] for row in rows)
    assert quiet["impressions"] is None
    assert (None, None) == (busy["video_total_views"], busy["app_clicks"])
    assert all(busy["impressions"])
    with _refused(NotFound, "CAMPAIGN_NOT_FOUND"):
        Campaign.all_stats(sdk.account, ["nope"], groups, **span)


def test_statistics_by_job_bring_a_packed_file(sdk):
    """
    No address before the job is done; the file says what the direct way says.
    """
    campaign, _, _ = _running(sdk)
    span = {"start_time": BEGIN, "end_time": FINISH, "granularity": "DAY"}
    job = Campaign.queue_async_stats_job(sdk.account, [campaign.id], GROUPS, **span)
    assert ("QUEUED", None) == (job.status, job.url)
    ids = [job.id]
    first = Campaign.async_stats_job_result(sdk.account, job_ids=ids).first
    assert ("PROCESSING", None) == (first.status, first.url)
    done = Campaign.async_stats_job_result(sdk.account, job_ids=ids).first
    assert "SUCCESS" == done.status
    told = Campaign.async_stats_job_data(sdk.account, url=done.url)
    assert campaign.stats(GROUPS, **span) == told["data"]
    sdk.sandbox.advance(days=3)
    with _refused(Error, "NOT_FOUND"):
        Campaign.async_stats_job_data(sdk.account, url=done.url)


def test_jobs_break_down_by_people(sdk):
    """
    Segments add up to the whole here; metros are not modelled.
    """
    campaign, _, _ = _running(sdk)
    span = {"start_time": BEGIN, "end_time": FINISH, "granularity": "TOTAL"}
    job = Campaign.queue_async_stats_job(
        sdk.account, [campaign.id], GROUPS, segmentation_type="GENDER", **span
    )
    for _ in range(2):
        done = Campaign.async_stats_job_result(sdk.account, job_ids=[job.id]).first
    data = Campaign.async_stats_job_data(sdk.account, url=done.url)["data"][0][
        "id_data"
    ]
    whole = campaign.stats(GROUPS, **span)[0]["id_data"][0]["metrics"]["impressions"]
    assert ["MALE", "FEMALE"] == [one["segment"]["segment_name"] for one in data]
    assert whole == [sum(one["metrics"]["impressions"][0] for one in data)]
    with _refused(Error, "SANDBOX_NOT_MODELLED"):
        Campaign.queue_async_stats_job(
            sdk.account, [campaign.id], GROUPS,
            segmentation_type="METROS", country="96683cc9126741d1", **span,
        )  # fmt: skip


def test_a_hundred_jobs_can_be_under_way(sdk):
    """
    The next one is refused, until time has passed.
    """
    campaign = _campaign(sdk)
    span = {"start_time": BEGIN, "end_time": FINISH, "granularity": "DAY"}
    queue = Campaign.queue_async_stats_job
    for _ in range(100):
        queue(sdk.account, [campaign.id], GROUPS, **span)
    with _refused(BadRequest, "TOO_MANY_JOBS"):
        queue(sdk.account, [campaign.id], GROUPS, **span)
    sdk.sandbox.advance(120)
    queue(sdk.account, [campaign.id], GROUPS, **span)
    assert 101 == len(list(Campaign.async_stats_job_result(sdk.account)))


def test_active_entities_name_what_is_worth_asking_for(sdk):
    """
    The running campaign and not the idle one; minutes are refused by the service.
    """
    campaign, line_item, _ = _running(sdk)
    _campaign(sdk)
    rows = LineItem.active_entities(sdk.account, start_time=BEGIN, end_time=FINISH)
    assert [line_item.id] == [row["entity_id"] for row in rows]
    rows = Campaign.active_entities(sdk.account, BEGIN, FINISH)
    assert [campaign.id] == [row["entity_id"] for row in rows]
    params = {
        "entity": "CAMPAIGN",
        "start_time": "2027-02-22T00:30:00Z",
        "end_time": "2027-02-23T00:00:00Z",
    }
    path = Campaign.RESOURCE_ACTIVE_ENTITIES.format(account_id=sdk.account.id)
    with _refused(BadRequest, "INVALID_TIME_WINDOW"):
        Request(sdk.client, "get", path, params=params).perform()


def test_pausing_stops_the_spending(sdk):
    """
    A paused campaign has no activity from then on.
    """
    campaign, _, _ = _running(sdk)
    campaign.entity_status = "PAUSED"
    campaign.save()
    sdk.sandbox.advance(days=3)
    rows = Campaign.active_entities(
        sdk.account,
        datetime(2027, 2, 27),
        datetime(2027, 3, 1),
    )
    assert [] == rows
    assert "PAUSED" == sdk.account.campaigns(campaign.id).effective_status
    campaign.entity_status = "DRAFT"
    with _refused(BadRequest, "entity_status"):
        campaign.save()


def test_wrong_keys_are_not_authorised(sdk):
    """
    A wrong secret is 401; the right one still works.
    """
    wrong = Client(
        sdk.ids["consumer_key"], "sbx_no",
        sdk.ids["access_token"], sdk.ids["access_token_secret"],
    )  # fmt: skip
    with _refused(NotAuthorized, "UNAUTHORIZED_ACCESS"):
        wrong.accounts(sdk.ids["ad_account"])
    _campaign(sdk)
    assert 1 == sdk.client.accounts(sdk.ids["ad_account"]).campaigns().count


def test_foreign_accounts_are_forbidden(sdk):
    """
    403, not 404; one's own are listed, five times in a quarter of an hour.
    """
    with _refused(Forbidden, "ACCOUNT_NOT_FOUND"):
        Account.load(sdk.client, "18ce54d4x5t")
    made = _campaign(sdk)
    assert made.id == sdk.account.campaigns(made.id).id
    for _ in range(5):
        assert [sdk.account.id] == [one.id for one in sdk.client.accounts()]
    with _refused(RateLimit, "TOO_MANY_REQUESTS") as caught:
        sdk.client.accounts()
    reset = int(caught.value.reset_at)
    now = int(sdk.sandbox.now.timestamp())
    assert now < reset <= now + 900
    sdk.sandbox.advance(reset - now)
    assert [sdk.account.id] == [one.id for one in sdk.client.accounts()]


def test_writes_are_limited_per_minute(sdk):
    """
    The headers count down; a planned limit may even lie in the past.
    """
    path = f"/11{sdk.act}/campaigns"
    params = {"funding_instrument_id": sdk.ids["funding_instrument"], "name": "n"}
    left = [
        int(answer.headers["x-rate-limit-remaining"])
        for _ in range(2)
        for answer in (Request(sdk.client, "post", path, params=params).perform(),)
    ]
    assert [449, 448] == left
    listed = sdk.account.campaigns()
    assert 9_999 == int(listed.account_rate_limit_remaining)
    sdk.sandbox.faults.add("rate_limit", "POST /11/.*/campaigns$", platform="x")
    with _refused(RateLimit, "TOO_MANY_REQUESTS") as caught:
        _campaign(sdk)
    assert int(caught.value.reset_at) < sdk.sandbox.now.timestamp()
    assert 2 == sdk.account.campaigns().count


def test_the_service_can_be_unavailable(sdk):
    """
    503 with retry-after, 500, and a web page instead of JSON; nothing is made twice.
    """
    faults = sdk.sandbox.faults
    where = "POST /11/.*/campaigns$"
    faults.add("status_500_before", where, status=503, seconds=7, platform="x")
    with _refused(ServiceUnavailable, "SERVICE_UNAVAILABLE") as caught:
        _campaign(sdk)
    assert "7" == caught.value.retry_after
    faults.add("status_500_before", where, platform="x")
    with _refused(ServerError, "INTERNAL_ERROR"):
        _campaign(sdk)
    faults.add("html_body", where, status=500, after_commit=False, platform="x")
    with pytest.raises(ServerError):
        _campaign(sdk)
    made = _campaign(sdk)
    assert [made.id] == [one.id for one in sdk.account.campaigns()]


def test_an_answer_can_be_lost_after_the_write(sdk):
    """
    The write is done although no answer came; reading back shows it.
    """
    sdk.sandbox.faults.add(
        "timeout_after", "POST /11/.*/tweet$", platform="x", seconds=0
    )
    with pytest.raises(Exception, match=r"(?i)connection|remote|timed"):
        _tweet(sdk, "Did it arrive?")
    posts = Tweets.all(sdk.account, tweet_type="PUBLISHED")
    assert ["Did it arrive?"] == [row["full_text"] for row in posts]
    with _refused(BadRequest, "DUPLICATE_TWEET"):
        _tweet(sdk, "Did it arrive?")


def test_a_write_can_answer_with_empty_data(sdk):
    """
    201 and an empty list, although the post was promoted.
    """
    line_item = _line_item(sdk, _campaign(sdk))
    sdk.sandbox.faults.add("empty_page", "POST /11/.*/promoted_tweets", platform="x")
    post = _tweet(sdk)
    made = PromotedTweet.attach(
        sdk.account, line_item_id=line_item.id, tweet_ids=[post]
    )
    assert (0, None) == (made.count, made.first)
    assert 1 == sdk.account.promoted_tweets(line_item_ids=line_item.id).count
    with _refused(NotFound, "LINE_ITEM_NOT_FOUND"):
        PromotedTweet.attach(sdk.account, line_item_id="nope", tweet_ids=[post])


def test_what_is_not_modelled_says_so(sdk):
    """
    501 for app lists' neighbours; routes that X does not have are 404.
    """
    with _refused(Error, "SANDBOX_NOT_MODELLED") as caught:
        sdk.account.media_creatives()
    assert 501 == caught.value.code
    with _refused(NotFound, "ROUTE_NOT_FOUND"):
        sdk.account.app_lists()
    with _refused(Error, "METHOD_NOT_ALLOWED"):
        Request(sdk.client, "put", f"/11{sdk.act}/promoted_tweets").perform()
    made = _campaign(sdk)
    assert [made.id] == [one.id for one in sdk.account.campaigns()]
    assert isinstance(sdk.account.promoted_tweets(), Cursor)
    assert UTC == sdk.sandbox.now.tzinfo
