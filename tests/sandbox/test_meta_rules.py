"""
What the emulated Meta refuses: one table of rule, code, subcode and blame.
"""

from __future__ import annotations

import json
from itertools import product

import pytest

from _meta import END, START, TARGETING, Loopback, Refused, in_process

DE = {"countries": ["DE"]}
OFF = {"advantage_audience": 0}


def _refused(meta, kind, changes):
    with pytest.raises(Refused) as caught:
        _make(meta, kind, changes)
    return caught.value


def _make(meta, kind, changes):
    changes = dict(changes)
    if kind == "campaign":
        return meta.campaign(**changes)
    above = changes.pop("campaign", {})
    if kind == "adset":
        return meta.adset(meta.campaign(**above), **changes)
    if kind == "creative":
        return meta.creative(meta.story(**changes))
    return None


def _target(**changes):
    return {"targeting": {**TARGETING, **changes}}


CBO = {
    "campaign": {
        "lifetime_budget": 1_600_000,
        "bid_strategy": "LOWEST_COST_WITHOUT_CAP",
    }
}
CAMPAIGN = [
    ("name missing", {"name": None}, None, "name"),
    ("name empty", {"name": " "}, None, "name"),
    ("objective missing", {"objective": None}, None, "objective"),
    ("objective unknown", {"objective": "OUTCOME_FAME"}, None, "objective"),
    ("objective old", {"objective": "LINK_CLICKS"}, None, "objective"),
    (
        "categories missing",
        {"special_ad_categories": None},
        None,
        "special_ad_categories",
    ),
    (
        "category unknown",
        {"special_ad_categories": ["PETS"]},
        None,
        "special_ad_categories[0]",
    ),
    (
        "country missing",
        {"special_ad_categories": ["HOUSING"]},
        None,
        "special_ad_category_country",
    ),
    (
        "NONE with others",
        {
            "special_ad_categories": ["NONE", "HOUSING"],
            "special_ad_category_country": ["US"],
        },
        None,
        "special_ad_categories",
    ),
    (
        "politics in the EU",
        {
            "special_ad_categories": ["ISSUES_ELECTIONS_POLITICS"],
            "special_ad_category_country": ["DE"],
        },
        None,
        "special_ad_category_country",
    ),
    ("born archived", {"status": "ARCHIVED"}, None, "status"),
    (
        "sharing not said",
        {"is_adset_budget_sharing_enabled": None},
        None,
        "is_adset_budget_sharing_enabled",
    ),
    (
        "two budgets",
        {"daily_budget": 5000, "lifetime_budget": 90000},
        None,
        "lifetime_budget",
    ),
    ("budget too low", {"daily_budget": 10}, 1885272, "daily_budget"),
    ("negative budget", {"daily_budget": -5}, None, "daily_budget"),
    ("decimal budget", {"daily_budget": "50.5"}, None, "daily_budget"),
    ("strategy without budget", {"bid_strategy": "COST_CAP"}, None, "bid_strategy"),
    ("spend cap too low", {"spend_cap": 5000}, 2446307, "spend_cap"),
    (
        "shopping campaign",
        {"smart_promotion_type": "AUTOMATED_SHOPPING_ADS"},
        None,
        "smart_promotion_type",
    ),
    ("unknown parameter", {"nmae": "x"}, None, "nmae"),
    (
        "recommendations alone",
        {"execution_options": ["include_recommendations"]},
        None,
        "execution_options",
    ),
    ("unknown label", {"adlabels": [{"id": "123"}]}, None, "adlabels"),
    ("label not JSON", {"adlabels": "[{"}, None, "adlabels"),
]
ADSET = [
    ("campaign missing", {"campaign_id": None}, None, "campaign_id"),
    ("campaign unknown", {"campaign_id": "123"}, None, "campaign_id"),
    ("targeting missing", {"targeting": None}, None, "targeting"),
    ("goal missing", {"optimization_goal": None}, None, "optimization_goal"),
    ("billing missing", {"billing_event": None}, None, "billing_event"),
    ("name too long", {"name": "x" * 401}, None, "name"),
    ("both levels", CBO, 1885621, "daily_budget"),
    ("no budget", {"daily_budget": None}, None, "daily_budget"),
    ("two kinds", {"lifetime_budget": 900000}, None, "lifetime_budget"),
    ("too low", {"daily_budget": 100}, 1885272, "daily_budget"),
    (
        "lifetime too low",
        {"daily_budget": None, "lifetime_budget": 500},
        1885272,
        "lifetime_budget",
    ),
    (
        "lifetime without end",
        {"daily_budget": None, "lifetime_budget": 900000, "end_time": None},
        None,
        "end_time",
    ),
    ("end passed", {"end_time": "2027-01-01T00:00:00+0100"}, 1487033, "end_time"),
    ("end before start", {"end_time": "2027-02-28T00:00:00+0100"}, None, "end_time"),
    ("shorter than a day", {"end_time": "2027-03-01T12:00:00+0100"}, None, "end_time"),
    ("naive time", {"start_time": "2027-03-01T00:00:00"}, None, "start_time"),
    ("no time", {"start_time": "tomorrow"}, None, "start_time"),
    ("bid missing", {"bid_strategy": "COST_CAP"}, 1815857, "bid_amount"),
    (
        "bid too much",
        {"bid_strategy": "LOWEST_COST_WITHOUT_CAP", "bid_amount": 50},
        None,
        "bid_amount",
    ),
    ("budget below bids", {"bid_amount": 4000}, 1885272, "daily_budget"),
    (
        "goal of another objective",
        {"optimization_goal": "POST_ENGAGEMENT"},
        None,
        "optimization_goal",
    ),
    ("goal unknown", {"optimization_goal": "FAME"}, None, "optimization_goal"),
    ("destination", {"destination_type": "ON_AD"}, 1815715, "destination_type"),
    ("billing", {"billing_event": "THRUPLAY"}, None, "billing_event"),
    (
        "pixel needed",
        {
            "campaign": {"objective": "OUTCOME_SALES"},
            "optimization_goal": "OFFSITE_CONVERSIONS",
        },
        None,
        "promoted_object",
    ),
    (
        "page needed",
        {"campaign": {"objective": "OUTCOME_AWARENESS"}, "optimization_goal": "REACH"},
        1885154,
        "promoted_object",
    ),
    (
        "pixel unknown",
        {"promoted_object": {"pixel_id": "1", "custom_event_type": "LEAD"}},
        None,
        "promoted_object",
    ),
    (
        "attribution",
        {"attribution_spec": [{"event_type": "CLICK_THROUGH", "window_days": 7}]},
        None,
        "attribution_spec",
    ),
    (
        "frequency",
        {
            "frequency_control_specs": [
                {"event": "IMPRESSIONS", "interval_days": 7, "max_frequency": 2}
            ]
        },
        None,
        "frequency_control_specs",
    ),
    ("payor", {"dsa_payor": None}, 3858079, "dsa_payor"),
    ("beneficiary", {"dsa_beneficiary": None}, 3858081, "dsa_beneficiary"),
    ("payor too long", {"dsa_payor": "x" * 513}, None, "dsa_payor"),
    ("no place", _target(geo_locations={}), 1885364, "targeting"),
    (
        "location types",
        _target(geo_locations={**DE, "location_types": ["travel_in"]}),
        1870199,
        "targeting",
    ),
    (
        "country unknown",
        _target(geo_locations={"countries": ["ZZ"]}),
        None,
        "targeting",
    ),
    ("too young", _target(age_min=12), None, "targeting"),
    ("too old", _target(age_max=66), None, "targeting"),
    ("ages crossed", _target(age_min=60, age_max=20), None, "targeting"),
    ("gender", _target(genders=[3]), None, "targeting"),
    (
        "advantage not said",
        {"targeting": {"geo_locations": DE, "age_min": 30}},
        None,
        "targeting",
    ),
    (
        "advantage too old",
        _target(targeting_automation={"advantage_audience": 1}),
        None,
        "targeting",
    ),
    (
        "interest unknown",
        _target(flexible_spec=[{"interests": [{"id": "1"}]}]),
        1487694,
        "targeting",
    ),
    (
        "job unknown",
        _target(flexible_spec=[{"work_positions": [{"id": "1"}]}]),
        1487694,
        "targeting",
    ),
    (
        "city unknown",
        _target(geo_locations={"cities": [{"key": "1"}]}),
        1487694,
        "targeting",
    ),
    ("key unknown", _target(hobbies=["x"]), None, "targeting[hobbies]"),
    ("audience unknown", _target(custom_audiences=[{"id": "1"}]), None, "targeting"),
    (
        "network alone",
        _target(publisher_platforms=["audience_network"]),
        None,
        "targeting",
    ),
    ("position unknown", _target(facebook_positions=["wall"]), None, "targeting"),
    ("needs feed", _target(facebook_positions=["marketplace"]), None, "targeting"),
    (
        "story alone",
        _target(publisher_platforms=["facebook"], facebook_positions=["story"]),
        None,
        "targeting",
    ),
    (
        "threads alone",
        _target(publisher_platforms=["threads", "facebook"]),
        None,
        "targeting",
    ),
    (
        "other platform",
        _target(publisher_platforms=["facebook"], instagram_positions=["stream"]),
        None,
        "targeting",
    ),
    (
        "category ages",
        {
            "campaign": {
                "special_ad_categories": ["HOUSING"],
                "special_ad_category_country": ["DE"],
            }
        },
        None,
        "targeting",
    ),
]
CARD = {"link": "https://a.example"}
CARDS = "object_story_spec"
CREATIVE = [
    ("link missing", {"link": None}, 2061015, "object_story_spec"),
    ("link no address", {"link": "javascript:alert(1)"}, 2061015, "object_story_spec"),
    ("image unknown", {"image_hash": "0" * 32}, 2446388, "image_hash"),
    (
        "call to action", {"call_to_action": {"type": "PANIC"}}, None,
        "object_story_spec[link_data][call_to_action][type]",
    ),
    ("no action type", {"call_to_action": {"value": {}}}, 1373054, "call_to_action"),
    ("one card", {"child_attachments": [CARD]}, 1443048, CARDS),
    ("six cards", {"child_attachments": [CARD] * 6}, 1443048, CARDS),
    (
        "eleven cards",
        {"multi_share_optimized": True, "child_attachments": [CARD] * 11},
        1443048, CARDS,
    ),
    ("card without link", {"child_attachments": [{"name": "x"}] * 2}, 2061015, CARDS),
    ("caption", {"caption": "our shop"}, 1443048, "object_story_spec"),
    ("unknown key", {"headline": "x"}, None, "object_story_spec[link_data][headline]"),
]  # fmt: skip
TABLE = [
    pytest.param(kind, changes, subcode, blame, id=f"{kind}: {name}")
    for kind, rows in (("campaign", CAMPAIGN), ("adset", ADSET), ("creative", CREATIVE))
    for name, changes, subcode, blame in rows
]


@pytest.mark.parametrize(("kind", "changes", "subcode", "blame"), TABLE)
def test_each_rule_is_refused_with_its_code_and_blame(
    meta, kind, changes, subcode, blame
):
    """
    Code 100, Meta's subcode, the parameter at fault, a trace id, HTTP 400.
    """
    if kind == "creative" and changes.get("link", "") is None:
        story = meta.story()
        del story["link_data"]["link"]
        with pytest.raises(Refused) as caught:
            meta.creative(story)
        error = caught.value
    else:
        error = _refused(meta, kind, changes)
    assert (400, 100, subcode) == (error.status, error.code, error.subcode)
    assert blame == error.blame[0][0]
    assert error.body["fbtrace_id"]
    assert error.body["type"] == "OAuthException"


def test_a_refusal_leaves_nothing_behind(meta):
    """
    Also a label named in a refused create does not exist.
    """
    for changes in ({"daily_budget": 10}, {"objective": "LINK_CLICKS"}):
        _refused(meta, "campaign", {**changes, "adlabels": [{"name": "ghost"}]})
    assert [] == meta.get(f"/{meta.act}/adlabels")["data"]
    assert {"AdAccount", "Page", "IGUser", "AdsPixel", "User"} == set(
        meta.sandbox.state()["meta"]
    )


@pytest.mark.parametrize("currency", ["EUR", "USD", "JPY", "HUF", "VND", "GBP"])
def test_minimum_budgets_follow_the_currency_and_its_offset(currency):
    """
    The floor is the dollar minimum in minor units of the account's currency.
    """
    meta = in_process(seed=1, accounts=[f"{currency}:Europe/Berlin"])
    campaign = meta.campaign()
    low, high = 0, 20_000_000
    while low + 1 < high:
        middle = (low + high) // 2
        try:
            dry = {"execution_options": ["validate_only"]}
            meta.post(
                f"/{meta.act}/adsets",
                name="x",
                campaign_id=campaign,
                optimization_goal="LINK_CLICKS",
                billing_event="IMPRESSIONS",
                daily_budget=middle,
                targeting=TARGETING,
                dsa_payor="A",
                dsa_beneficiary="A",
                **dry,
            )
            high = middle
        except Refused:
            low = middle
    expected = {
        "EUR": 460,
        "USD": 500,
        "JPY": 750,
        "HUF": 1800,
        "VND": 125_000,
        "GBP": 390,
    }
    assert expected[currency] == high


ALLOWED = [
    ("OUTCOME_TRAFFIC", None, "LANDING_PAGE_VIEWS", None),
    ("OUTCOME_TRAFFIC", "WEBSITE", "REACH", None),
    ("OUTCOME_ENGAGEMENT", "ON_POST", "POST_ENGAGEMENT", None),
    ("OUTCOME_ENGAGEMENT", "ON_PAGE", "PAGE_LIKES", "page"),
    ("OUTCOME_LEADS", None, "OFFSITE_CONVERSIONS", "pixel"),
    ("OUTCOME_LEADS", "ON_AD", "LEAD_GENERATION", "page"),
    ("OUTCOME_SALES", "WEBSITE", "VALUE", "pixel"),
    ("OUTCOME_AWARENESS", None, "REACH", "page"),
    ("OUTCOME_AWARENESS", None, "THRUPLAY", "page"),
]


@pytest.mark.parametrize(("objective", "destination", "goal", "promoted"), ALLOWED)
def test_rows_of_the_objective_table_are_accepted(
    meta, objective, destination, goal, promoted
):
    """
    Objective, destination and goal of the reference go together.
    """
    objects = {
        None: None,
        "page": {"page_id": meta.ids["page"]},
        "pixel": {"pixel_id": meta.ids["pixel"], "custom_event_type": "LEAD"},
    }
    adset = meta.adset(
        meta.campaign(objective=objective),
        destination_type=destination,
        optimization_goal=goal,
        promoted_object=objects[promoted],
        daily_budget=50_000,
    )
    assert (
        goal == meta.get(f"/{adset}", fields="optimization_goal")["optimization_goal"]
    )


BY_CAP = '[{"field": "spend_cap", "operator": "EQUAL", "value": 1}]'
NOT_MODELLED = [
    ("GET", "/{act}/insights", {"breakdowns": '["region"]'}, "region"),
    ("GET", "/{act}/insights", {"fields": "video_p25_watched_actions"}, "video_p25"),
    ("GET", "/{act}/campaigns", {"is_completed": "true"}, "is_completed"),
    ("GET", "/{act}/campaigns", {"fields": "brand_lift_studies"}, "brand_lift_studies"),
    ("GET", "/{act}/activities", {}, "activities"),
    ("GET", "/{page}/picture", {}, "picture"),
    ("POST", "/{campaign}/budget_schedules", {}, "budget_schedules"),
    ("POST", "/{campaign}", {"objective": "OUTCOME_SALES"}, "objective"),
    ("GET", "/search", {"type": "adzipcode", "q": "1"}, "adzipcode"),
    ("GET", "/{act}/campaigns", {"filtering": BY_CAP}, "spend_cap"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path", "params", "named"), NOT_MODELLED)
def test_what_is_not_modelled_answers_501_and_names_it(
    meta, method, path, params, named
):
    """
    Never a plausible 200.
    """
    path = path.format(act=meta.act, page=meta.ids["page"], campaign=meta.campaign())
    answer = meta.raw(method, path, params=params)
    assert 501 == answer.status_code
    assert named in answer.json()["error"]["message"]
    assert "SandboxNotModelled" == answer.json()["error"]["type"]


UNKNOWN = [
    ("GET", "/123456", {}, 100, 33, 400),
    ("GET", "/launch", {}, 803, None, 404),
    ("GET", "/{act}/campaigns/1", {}, 2500, None, 400),
    ("GET", "/{act}/campaigns", {"fields": "nmae"}, 100, None, 400),
    ("GET", "/{act}/campaigns", {"fields": "name{"}, 2500, None, 400),
    ("GET", "/{act}/campaigns", {"after": "x"}, 100, None, 400),
    ("GET", "/{act}/campaigns", {"limit": "0"}, 100, None, 400),
    ("GET", "/{act}/campaigns", {"pretty": "1"}, 100, None, 400),
    ("GET", "/{act}/adsbylabels", {}, 100, None, 400),
    ("DELETE", "/{act}", {}, 100, 33, 400),
    ("GET", "/", {"ids": "1,2"}, 100, None, 400),
    ("PUT", "/{act}", {}, 100, None, 400),
]


@pytest.mark.parametrize(
    ("request_", "expected"), [(row[:3], row[3:]) for row in UNKNOWN]
)
def test_what_meta_does_not_know_is_refused_as_meta_refuses_it(
    meta, request_, expected
):
    """
    Missing objects, edges, fields and parameters have codes of their own.
    """
    method, path, params = request_
    answer = meta.raw(method, path.format(act=meta.act), params=params)
    error = answer.json()["error"]
    seen = (error["code"], error.get("error_subcode"), answer.status_code)
    assert expected == seen


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/v24.0/me", None), ("/v25.0/me", None), ("/v26.0/me", None), ("/me", None),
        ("/v26.0//me/", None), ("/v23.0/me", 2635), ("/v2.11/me", 2635),
        ("/v27.0/me", 2500),
    ],
)  # fmt: skip
def test_versions_are_served_expired_or_unknown(meta, path, code):
    """
    From v24.0 to v26.0 and without a version; older ones are gone.
    """
    answer = meta.http.get(meta.base + path, headers=meta.headers)
    assert code == answer.json().get("error", {}).get("code")


def test_tokens_travel_in_header_query_or_form_and_must_be_right(door):
    """
    Three places for the right token; a wrong one is 190, none is 104.
    """
    token = door.ids["access_token"]
    assert token.startswith("sbx_")
    ways = [
        ("GET", {"headers": {"Authorization": f"Bearer {token}"}}),
        ("GET", {"headers": {}, "params": {"access_token": token}}),
    ]
    for method, options in ways:
        assert 200 == door.raw(method, "/me", **options).status_code
    form = {"access_token": token, "batch": '[{"method":"GET","relative_url":"me"}]'}
    assert 200 == door.raw("POST", "/", headers={}, data=form).status_code
    wrong = door.raw("GET", "/me", headers={"Authorization": "Bearer EAAB1"})
    assert 190 == wrong.json()["error"]["code"]
    assert "invalid_token" in wrong.headers["WWW-Authenticate"]
    assert 104 == door.raw("GET", "/me", headers={}).json()["error"]["code"]
    proof = door.raw("GET", "/me", params={"appsecret_proof": "0" * 64})
    assert 104 == proof.json()["error"]["code"]


def test_contents_of_a_creative_never_change(meta):
    """
    Name and labels do, the story does not.
    """
    creative = meta.creative()
    meta.post(f"/{creative}", name="New name")
    with pytest.raises(Refused) as caught:
        meta.post(f"/{creative}", object_story_spec=meta.story(message="x"))
    assert 1815573 == caught.value.subcode
    assert "New name" == meta.get(f"/{creative}", fields="name")["name"]


TRANSITIONS = {
    "ACTIVE": {"ACTIVE", "PAUSED", "ARCHIVED", "DELETED"},
    "PAUSED": {"ACTIVE", "PAUSED", "ARCHIVED", "DELETED"},
    "ARCHIVED": {"ARCHIVED", "DELETED"},
    "DELETED": {"DELETED"},
}


@pytest.mark.parametrize(("now", "then"), list(product(TRANSITIONS, TRANSITIONS)))
def test_statuses_change_only_along_the_allowed_steps(meta, now, then):
    """
    Archived goes to deleted only, deleted nowhere.
    """
    campaign = meta.campaign()
    meta.post(f"/{campaign}", status=now)
    if then in TRANSITIONS[now]:
        meta.post(f"/{campaign}", status=then)
        assert then == meta.get(f"/{campaign}", fields="status")["status"]
    else:
        with pytest.raises(Refused):
            meta.post(f"/{campaign}", status=then)


def test_what_is_gone_can_only_be_renamed(meta):
    """
    Each kind has its own subcode for that.
    """
    campaign, adset, ad = meta.tree()
    meta.post(f"/{ad}", status="ARCHIVED")
    with pytest.raises(Refused) as caught:
        meta.post(f"/{ad}", creative={"creative_id": meta.creative()})
    assert 1885088 == caught.value.subcode
    meta.delete(f"/{adset}")
    with pytest.raises(Refused) as caught:
        meta.post(f"/{adset}", daily_budget=6000)
    assert 1487056 == caught.value.subcode
    meta.delete(f"/{campaign}")
    with pytest.raises(Refused) as caught:
        meta.post(f"/{campaign}", spend_cap=90000)
    assert 1487566 == caught.value.subcode
    meta.post(f"/{campaign}", name="gone")
    assert "gone" == meta.get(f"/{campaign}", fields="name")["name"]


def test_parents_are_full_at_their_limits(meta):
    """
    50 live ads per ad set, 200 live ad sets per campaign.
    """
    campaign = meta.campaign()
    adset, creative = meta.adset(campaign), meta.creative()
    ads = [meta.ad(adset, creative, name=f"a{n}") for n in range(50)]
    with pytest.raises(Refused):
        meta.ad(adset, creative)
    meta.delete(f"/{ads[0]}")
    meta.ad(adset, creative)
    for n in range(199):
        meta.adset(campaign, name=f"s{n}")
    with pytest.raises(Refused):
        meta.adset(campaign)


def test_budgets_change_four_times_an_hour_and_never_below_what_was_spent(meta):
    """
    613/1487632 for the fifth change, 1885650 for too little money.
    """
    adset = meta.adset(meta.campaign())
    for step in range(4):
        meta.post(f"/{adset}", daily_budget=6000 + step)
    with pytest.raises(Refused) as caught:
        meta.post(f"/{adset}", daily_budget=7000)
    assert (613, 1487632) == (caught.value.code, caught.value.subcode)
    meta.sandbox.advance(3601)
    meta.post(f"/{adset}", daily_budget=7000)
    campaign = meta.campaign(
        name="cbo", lifetime_budget=200_000, bid_strategy="LOWEST_COST_WITHOUT_CAP"
    )
    child = meta.adset(campaign, daily_budget=None)
    ad = meta.ad(child, meta.creative())
    meta.activate(campaign, child, ad)
    meta.sandbox.advance(days=30)
    spent = 200_000 - int(
        meta.get(f"/{campaign}", fields="budget_remaining")["budget_remaining"]
    )
    assert spent > 50_000
    with pytest.raises(Refused) as caught:
        meta.post(f"/{campaign}", lifetime_budget=spent)
    assert caught.value.subcode in {1885650, 2238055}


def test_a_campaign_budget_without_a_strategy_asks_every_ad_set_for_a_bid(meta):
    """
    Meta's own trap: the default strategy is the one with a bid cap.
    """
    campaign = meta.campaign(lifetime_budget=1_600_000)
    with pytest.raises(Refused) as caught:
        meta.adset(campaign, daily_budget=None)
    assert 1815857 == caught.value.subcode
    meta.adset(campaign, daily_budget=None, bid_amount=200)


def test_defaults_of_the_account_serve_the_digital_services_act(meta):
    """
    With payor and beneficiary on the account, ad sets need not name them.
    """
    meta.post(f"/{meta.act}", default_dsa_payor="P", default_dsa_beneficiary="B")
    adset = meta.adset(meta.campaign(), dsa_payor=None, dsa_beneficiary=None)
    seen = meta.get(f"/{adset}", fields="dsa_payor,dsa_beneficiary")
    assert ("P", "B") == (seen["dsa_payor"], seen["dsa_beneficiary"])


def test_the_same_error_looks_the_same_through_both_doors():
    """
    Envelope and status do not depend on the door.
    """
    with Loopback(seed=7) as loopback:
        answers = [
            client.raw("POST", f"/{client.act}/campaigns", data={"name": "x"})
            for client in (in_process(seed=7), loopback)
        ]
    bodies = [json.dumps(answer.json()) for answer in answers]
    assert bodies[0] == bodies[1]
    assert answers[0].headers["x-app-usage"] == answers[1].headers["x-app-usage"]


def test_the_flight_of_the_tests_is_in_the_future(meta):
    """
    The fixed dates of this file lie after the sandbox's first instant.
    """
    assert meta.sandbox.now.isoformat() < START < END


def test_a_category_given_later_binds_the_ad_sets_that_are_there(meta):
    """
    What they target must be allowed; lookalikes never are, lists are.
    """
    campaign, adset, _ = meta.tree()
    housing = {
        "special_ad_categories": ["HOUSING"], "special_ad_category_country": ["DE"],
    }  # fmt: skip
    with pytest.raises(Refused) as caught:
        meta.post(f"/{campaign}", **housing)
    assert [["targeting", "age_min"]] == caught.value.blame
    everybody = {"geo_locations": {"countries": ["DE"]}}
    meta.post(f"/{adset}", targeting=everybody)
    meta.post(f"/{campaign}", **housing)
    seen = meta.get(f"/{adset}", fields="special_ad_categories")
    assert ["HOUSING"] == seen["special_ad_categories"]
    with pytest.raises(Refused):
        meta.post(f"/{adset}", targeting=TARGETING)
