"""
What the emulated X refuses, with the code, the status and the parameter it names.
"""

from __future__ import annotations

import pytest

from _x import END, START, Refused, png
from smmlib.sandbox.x._criteria import TYPES
from smmlib.sandbox.x._errors import STATUS
from smmlib.sandbox.x._tweets import weight


def test_every_documented_code_has_its_status():
    """
    77 codes of the documentation, three of users' reports, and the sandbox's own.
    """
    assert 77 + 3 + 1 == len(STATUS)
    assert {400, 401, 403, 404, 405, 408, 423, 429, 500, 501, 503} == set(
        STATUS.values()
    )


def test_there_are_33_types_of_criteria_and_more():
    """
    Those of the single operation, and two that only batches take.
    """
    assert 33 == len(TYPES)


CAMPAIGNS = [
    ({"name": ""}, "MISSING_PARAMETER", "name"),
    ({"name": "n" * 256}, "INVALID_PARAMETER", "name"),
    ({"name": "a\x00b"}, "ILLEGAL_CHARACTERS", "name"),
    ({"funding_instrument_id": ""}, "MISSING_PARAMETER", "funding_instrument_id"),
    (
        {"funding_instrument_id": "zzz"},
        "FUNDING_INSTRUMENT_NOT_FOUND",
        "funding_instrument_id",
    ),
    (
        {"funding_instrument_id": "a b"},
        "INVALID_ID_ILLEGAL_CHARACTERS",
        "funding_instrument_id",
    ),
    ({"entity_status": "RUNNING"}, "INVALID_PARAMETER", "entity_status"),
    ({"budget_optimization": "CAMPAIGN"}, "INVALID_PARAMETER", "budget_optimization"),
    ({"purchase_order_number": "9" * 51}, "INVALID_PARAMETER", "purchase_order_number"),
    ({"standard_delivery": "yes"}, "INVALID_PARAMETER", "standard_delivery"),
    *(
        (
            {"daily_budget_amount_local_micro": wrong},
            "INVALID_PARAMETER",
            "daily_budget_amount_local_micro",
        )
        for wrong in ("0", "-10000", "12.5", "much", "1e7", "9" * 30)
    ),
    (
        {"daily_budget_amount_local_micro": 10_001},
        "INVALID_DENOMINATION",
        "daily_budget_amount_local_micro",
    ),
    (
        {"total_budget_amount_local_micro": 10_000_000},
        "INVALID_PARAMETER",
        "daily_budget_amount_local_micro",
    ),
]

LINE_ITEMS = [
    ({"objective": "AWARENESS"}, "INVALID_PARAMETER", "objective"),
    ({"objective": None}, "MISSING_PARAMETER", "objective"),
    ({"product_type": None}, "MISSING_PARAMETER", "product_type"),
    ({"start_time": None}, "MISSING_PARAMETER", "start_time"),
    ({"placements": None}, "MISSING_PARAMETER", "placements"),
    ({"campaign_id": "zzz"}, "CAMPAIGN_NOT_FOUND", "campaign_id"),
    ({"placements": "FRONT_PAGE"}, "INVALID_PLACEMENT_TYPE", "placements"),
    ({"placements": "TWITTER_PROFILE"}, "INVALID_PLACEMENT_TYPE", "placements"),
    ({"placements": "TAP_FULL"}, "INVALID_PLACEMENT_TYPE", "placements"),
    (
        {"objective": "REACH", "placements": "TWITTER_SEARCH"},
        "INVALID_PLACEMENT_TYPE",
        "placements",
    ),
    ({"product_type": "MEDIA"}, "INVALID_PLACEMENT_TYPE", "placements"),
    ({"placements": "PUBLISHER_NETWORK"}, "MISSING_PARAMETER", "advertiser_domain"),
    ({"start_time": "tomorrow"}, "INVALID_PARAMETER", "start_time"),
    ({"start_time": "2027-02-30"}, "INVALID_PARAMETER", "start_time"),
    ({"end_time": START}, "INVALID_PARAMETER", "end_time"),
    ({"goal": "ENGAGEMENT"}, "INVALID_PARAMETER", "goal"),
    ({"goal": "WEBSITE_CONVERSIONS"}, "MISSING_PARAMETER", "primary_web_event_tag"),
    ({"pay_by": "LINK_CLICK"}, "INVALID_PARAMETER", "pay_by"),
    ({"pay_by": "APP_CLICK"}, "INVALID_PARAMETER", "pay_by"),
    ({"bid_strategy": "MAX"}, "MISSING_PARAMETER", "bid_amount_local_micro"),
    (
        {"bid_strategy": "MAX", "bid_amount_local_micro": 5_000},
        "INVALID_DENOMINATION",
        "bid_amount_local_micro",
    ),
    (
        {"bid_strategy": "MAX", "bid_amount_local_micro": 10**10},
        "INVALID_PARAMETER",
        "bid_amount_local_micro",
    ),
    (
        {"objective": "REACH", "bid_strategy": "MAX", "bid_amount_local_micro": 10**6},
        "INVALID_PARAMETER",
        "bid_strategy",
    ),
    (
        {"objective": "ENGAGEMENTS", "bid_strategy": "TARGET"},
        "INVALID_PARAMETER",
        "bid_strategy",
    ),
    ({"frequency_cap": 2}, "INCLUSIVE_PARAMETERS", "duration_in_days"),
    ({"duration_in_days": 7}, "INCLUSIVE_PARAMETERS", "frequency_cap"),
    (
        {"frequency_cap": 2, "duration_in_days": 2},
        "INVALID_PARAMETER",
        "duration_in_days",
    ),
    ({"frequency_cap": 2, "duration_in_days": 7}, "INVALID_PARAMETER", "frequency_cap"),
    (
        {"objective": "APP_INSTALLS"},
        "MISSING_PARAMETER",
        "android_app_store_identifier",
    ),
    (
        {"total_budget_amount_local_micro": 900_000_000},
        "INVALID_PARAMETER",
        "total_budget_amount_local_micro",
    ),
    ({"entity_status": "ON"}, "INVALID_PARAMETER", "entity_status"),
]

CRITERIA = [
    ("BEHAVIOR", "1", "EQ", "INVALID_TARGETING_TYPE", "targeting_type"),
    ("IAB_CATEGORY", "IAB1", "EQ", "INVALID_TARGETING_TYPE", "targeting_type"),
    ("AGE", "AGE_25_TO_49", "", "MISSING_PARAMETER", "operator_type"),
    ("AGE", "AGE_25_TO_49", "IN", "INVALID_PARAMETER", "operator_type"),
    ("AGE", "AGE_25_TO_49", "NE", "INVALID_PARAMETER", "operator_type"),
    ("CUSTOM_AUDIENCE_EXPANDED", "x", "NE", "INVALID_PARAMETER", "operator_type"),
    ("APP_LIST", "x", "EQ", "INVALID_PARAMETER", "operator_type"),
    ("NETWORK_ACTIVATION_DURATION", "6", "EQ", "INVALID_PARAMETER", "operator_type"),
    ("GENDER", "3", "EQ", "INVALID_PARAMETER", "targeting_value"),
    ("LOCATION", "DE", "EQ", "INVALID_PARAMETER", "targeting_value"),
    ("INTEREST", "99999999", "EQ", "INVALID_PARAMETER", "targeting_value"),
    ("LANGUAGE", "xx", "EQ", "INVALID_PARAMETER", "targeting_value"),
    ("PLATFORM", "9", "EQ", "INVALID_PARAMETER", "targeting_value"),
    ("BROAD_KEYWORD", " ", "EQ", "INVALID_PARAMETER", "targeting_value"),
    ("FOLLOWERS_OF_USER", "1", "EQ", "PROMOTABLE_USER_NOT_FOUND", "targeting_value"),
    ("CUSTOM_AUDIENCE", "zz", "EQ", "TAILORED_AUDIENCE_NOT_FOUND", "targeting_value"),
    ("CAMPAIGN_ENGAGEMENT", "zz", "EQ", "CAMPAIGN_NOT_FOUND", "targeting_value"),
    ("ENGAGEMENT_TYPE", "ENGAGEMENT", "EQ", "INCLUSIVE_PARAMETERS", "targeting_type"),
    ("WIFI_ONLY", "0", "EQ", "INVALID_PARAMETER", "targeting_value"),
    ("APP_LIST", "A list", "NE", "INVALID_PARAMETER", "targeting_value"),
]

STATS = {
    "entity": "CAMPAIGN",
    "start_time": "2027-02-22",
    "end_time": "2027-02-23",
    "granularity": "DAY",
    "metric_groups": "ENGAGEMENT",
    "placement": "ALL_ON_TWITTER",
}
STATISTICS = [
    ({"entity": "ORGANIC_TWEET"}, "INVALID_PARAMETER", "entity"),
    ({"entity": "PROMOTED_ACCOUNT"}, "SANDBOX_NOT_MODELLED", None),
    ({"entity_ids": "zz"}, "CAMPAIGN_NOT_FOUND", "entity_ids"),
    ({"entity_ids": ",".join(map(str, range(21)))}, "INVALID_PARAMETER", "entity_ids"),
    ({"metric_groups": "MEDIA"}, "INVALID_PARAMETER", "metric_groups"),
    ({"placement": "PUBLISHER_NETWORK"}, "INVALID_PARAMETER", "placement"),
    ({"placement": ""}, "MISSING_PARAMETER", "placement"),
    ({"granularity": "WEEK"}, "INVALID_PARAMETER", "granularity"),
    ({"end_time": "2027-02-22"}, "INVALID_TIME_WINDOW", ""),
    ({"end_time": "2027-03-02"}, "INVALID_TIME_WINDOW", ""),
    (
        {"start_time": "2027-02-22T00:00:00Z", "end_time": "2027-02-23T00:00:00Z"},
        "INVALID_TIME_WINDOW",
        "",
    ),
    (
        {"granularity": "HOUR", "end_time": "2027-02-22T10:30:00Z"},
        "INVALID_TIME_WINDOW",
        "",
    ),
]


def _check(refused, code, parameter):
    assert (code, STATUS[code]) == (refused.code, refused.status), refused.body
    assert parameter == refused.errors[0].get("parameter"), refused.body
    assert "params" in refused.body["request"]


@pytest.mark.parametrize(("changes", "code", "parameter"), CAMPAIGNS)
def test_campaigns_that_cannot_be(x, changes, code, parameter):
    """
    Refused, and nothing is made.
    """
    with pytest.raises(Refused) as refused:
        x.campaign(**changes)
    _check(refused.value, code, parameter)
    assert [] == x.get(f"{x.act}/campaigns", with_draft=True)["data"]


@pytest.mark.parametrize(("changes", "code", "parameter"), LINE_ITEMS)
def test_line_items_that_cannot_be(x, changes, code, parameter):
    """
    Refused, and nothing is made.
    """
    campaign = x.campaign(total_budget_amount_local_micro=100_000_000)
    with pytest.raises(Refused) as refused:
        x.line_item(campaign, **changes)
    _check(refused.value, code, parameter)
    assert [] == x.get(f"{x.act}/line_items", with_draft=True)["data"]


@pytest.mark.parametrize("case", CRITERIA, ids=range(len(CRITERIA)))
def test_criteria_that_cannot_be(x, case):
    """
    Refused, and nothing is made.
    """
    kind, value, operator, code, parameter = case
    line_item = x.line_item(x.campaign())
    with pytest.raises(Refused) as refused:
        x.criterion(line_item, kind, value, operator)
    _check(refused.value, code, parameter)
    path = f"{x.act}/targeting_criteria"
    assert [] == x.get(path, line_item_ids=[line_item])["data"]


def test_each_criterion_counts_once(x):
    """
    The same type and value again is refused, whatever the operator.
    """
    line_item = x.line_item(x.campaign())
    x.criterion(line_item, "BROAD_KEYWORD", "coffee")
    with pytest.raises(Refused, match="already"):
        x.criterion(line_item, "BROAD_KEYWORD", "coffee", "NE")


@pytest.mark.parametrize(("changes", "code", "parameter"), STATISTICS)
def test_statistics_that_cannot_be_asked_for(x, changes, code, parameter):
    """
    At once and by job alike, except for what jobs may do longer.
    """
    params = {**STATS, "entity_ids": [x.campaign()], **changes}
    with pytest.raises(Refused) as refused:
        x.get(f"/stats{x.act}", **params)
    _check(refused.value, code, parameter)
    if changes.get("end_time") != "2027-03-02":
        with pytest.raises(Refused) as refused:
            x.post(f"/stats/jobs{x.act}", **params)
        _check(refused.value, code, parameter)


def test_days_begin_at_midnight_by_the_present_offset(x):
    """
    In summer, winter's days are asked for by summer's offset.
    """
    x.sandbox.advance(days=60)
    params = {**STATS, "entity_ids": [x.campaign()]}
    winter = {"start_time": "2027-03-01T23:00:00Z", "end_time": "2027-03-02T23:00:00Z"}
    summer = {"start_time": "2027-03-01T22:00:00Z", "end_time": "2027-03-02T22:00:00Z"}
    with pytest.raises(Refused) as refused:
        x.get(f"/stats{x.act}", **{**params, **winter})
    assert "INVALID_TIME_WINDOW" == refused.value.code
    assert 1 == x.get(f"/stats{x.act}", **{**params, **summer})["time_series_length"]


def test_several_flaws_come_back_at_once(x):
    """
    Each with its parameter.
    """
    with pytest.raises(Refused) as refused:
        x.call("POST", f"{x.act}/line_items", {"objective": "FUN", "placements": "A,B"})
    flaws = [(e["code"], e.get("parameter")) for e in refused.value.errors]
    assert ("MISSING_PARAMETER", "campaign_id") in flaws
    assert ("INVALID_PARAMETER", "objective") in flaws
    assert 2 == flaws.count(("INVALID_PLACEMENT_TYPE", "placements"))


BODIES = [
    (b"", "INVALID_PARAMETER"),
    (b"{", "INVALID_PARAMETER"),
    (b"{}", "INVALID_PARAMETER"),
    (b"[]", "INVALID_PARAMETER"),
    (b"[" * 5_000, "INVALID_PARAMETER"),
]


@pytest.mark.parametrize(("body", "code"), BODIES, ids=range(len(BODIES)))
def test_batches_that_are_none(x, body, code):
    """
    Not JSON, or not a list of operations.
    """
    with pytest.raises(Refused) as refused:
        x.call("POST", f"{x.batch}/campaigns", body=body)
    assert code == refused.value.code


def test_a_batch_names_the_reasons_at_their_place_and_undoes_all(x):
    """
    Creations, changes and deletions before and after the wrong one are taken back.
    """
    kept, gone = x.campaign(name="kept"), x.campaign(name="gone")
    operations = [
        {"operation_type": "Create", "params": {
            "name": "new", "funding_instrument_id": x.ids["funding_instrument"]}},
        {"operation_type": "Update", "params": {
            "campaign_id": kept, "name": "changed"}},
        {"operation_type": "Delete", "params": {"campaign_id": gone}},
        {"operation_type": "Update", "params": {"campaign_id": "zz", "name": "a"}},
        {"operation_type": "Turn", "params": {}},
        {"operation_type": "Delete", "params": {}},
        17,
    ]  # fmt: skip
    before = x.get(f"{x.act}/campaigns", with_deleted=True)["data"]
    with pytest.raises(Refused) as refused:
        x.json("POST", f"{x.batch}/campaigns", operations)
    lists = refused.value.body["operation_errors"]
    assert [0, 0, 0, 1, 1, 1, 1] == [len(errors) for errors in lists]
    assert "CAMPAIGN_NOT_FOUND" == lists[3][0]["code"]
    assert operations == refused.value.body["request"]
    assert before == x.get(f"{x.act}/campaigns", with_deleted=True)["data"]
    rows = x.json("POST", f"{x.batch}/campaigns", operations[:3])
    assert ["new", "changed", "gone"] == [row["name"] for row in rows]


def test_pre_roll_categories_come_by_batch(x):
    """
    IAB categories and publishers are taken there, and judged.
    """
    line_item = x.line_item(x.campaign())

    def item(kind, value, operator):
        params = {"line_item_id": line_item, "targeting_type": kind}
        params |= {"targeting_value": value, "operator_type": operator}
        return {"operation_type": "Create", "params": params}

    path = f"{x.batch}/targeting_criteria"
    x.json("POST", path, [
        item("IAB_CATEGORY", "IAB8-6", "EQ"), item("CONTENT_PUBLISHER_USER", 12, "NE"),
    ])  # fmt: skip
    with pytest.raises(Refused) as refused:
        x.json("POST", path, [item("IAB_CATEGORY", "IAB99", "EQ")])
    code = refused.value.body["operation_errors"][0][0]["code"]
    assert (404, "INVALID_IAB_CATEGORY") == (refused.value.status, code)


def test_bodies_belong_where_they_are_read(x):
    """
    JSON is refused where parameters belong into query or form, and the other way.
    """
    answer = x.raw("POST", f"{x.act}/campaigns", body={"name": "n"})
    assert 400 == answer.status_code
    answer = x.raw("POST", f"{x.act}/cards", [("name", "n")])
    assert 400 == answer.status_code


CARDS = [
    ({"name": ""}, "MISSING_PARAMETER"),
    ({"name": "n" * 81}, "INVALID_PARAMETER"),
    ({"components": None}, "MISSING_PARAMETER"),
    ({"slides": []}, "EXCLUSIVE_PARAMETERS"),
    ({"components": "no"}, "INVALID_PARAMETER"),
    ({"components": [{"type": "DETAILS"}]}, "UNKNOWN_CARD_TYPE"),
    ({"components": [{"type": "MEDIA"}]}, "MISSING_PARAMETER"),
    ({"components": [{"type": "MEDIA", "media_key": "3_1"}]}, "MEDIA_NOT_FOUND"),
    (
        {"components": [{"type": "SWIPEABLE_MEDIA", "media_keys": ["3_1"]}]},
        "INVALID_PARAMETER",
    ),
]


@pytest.mark.parametrize(("changes", "code"), CARDS)
def test_cards_that_cannot_be(x, changes, code):
    """
    Refused, and nothing is made.
    """
    media = {"type": "MEDIA", "media_key": x.upload()}
    target = {"type": "WEBSITE", "url": "https://shop.example"}
    details = {"type": "DETAILS", "title": "t", "destination": target}
    body = {"name": "card", "components": [media, details], **changes}
    with pytest.raises(Refused) as refused:
        x.json("POST", f"{x.act}/cards", body)
    assert code == refused.value.code
    assert [] == x.get(f"{x.act}/cards")["data"]


def test_uploads_that_are_no_media(x):
    """
    No picture, or one of another category.
    """
    for content, params in ((b"hello", {}), (png(), {"media_category": "TWEET_VIDEO"})):
        with pytest.raises(Refused) as refused:
            x.upload(content, **params)
        assert "INVALID_MEDIA" == refused.value.code


def test_posts_mix_no_media(x):
    """
    Four images, or one GIF; five are too many, and both together are refused.
    """
    images = [x.upload(png(mark=bytes([n]))) for n in range(5)]
    gif = x.upload(b"GIF89a....")
    assert gif.startswith("16_")
    x.tweet("four", media_keys=images[:4])
    for keys in (images, [gif, images[0]], ["3_1"]):
        with pytest.raises(Refused) as refused:
            x.tweet("wrong", media_keys=keys)
        assert "INVALID_MEDIA" == refused.value.code


def test_line_items_keep_what_never_changes(x):
    """
    A changed objective, placement or product is ignored on PUT, as X's page has none.
    """
    line_item = x.line_item(x.campaign())
    path = f"{x.act}/line_items/{line_item}"
    x.put(path, objective="REACH", placements="TWITTER_SEARCH", end_time=END)
    told = x.get(path)["data"]
    assert ("WEBSITE_CLICKS", ["ALL_ON_TWITTER"]) == (
        told["objective"],
        told["placements"],
    )


WEIGHTS = [
    ("", 0),
    ("hello", 5),
    ("\u00e4\u00f6\u00fc \u2014 \u201cx\u201d", 9),
    ("\u4f60\u597d", 4),
    ("\u20ac\u2026", 4),
    ("\u2615", 2),
    ("\U0001f468\u200d\U0001f469\u200d\U0001f467", 2),
    ("\U0001f44d\U0001f3fd\U0001f1e9\U0001f1ea", 4),
    ("https://a.example/" + "x" * 300, 23),
    ("see https://shop.example.", 28),
    ("shop.com/beans and more", 32),
    ("file.name and 3.14", 18),
    ("me@shop.com", 11),
]


@pytest.mark.parametrize(("text", "expected"), WEIGHTS, ids=range(len(WEIGHTS)))
def test_texts_have_their_weight(text, expected):
    """
    Addresses 23, emoji and East Asian signs 2, most letters 1.
    """
    assert expected == weight(text)
