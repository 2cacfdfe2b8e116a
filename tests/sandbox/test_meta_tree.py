"""
The campaign tree of the emulated Meta, over raw HTTP through both doors.
"""

from __future__ import annotations

import base64
import json
from urllib.parse import urlencode

import pytest

from _meta import END, START, TARGETING, Refused, png


def test_a_whole_tree_is_created_and_read_back_by_another_route(door):
    """
    What was created is found through the parent, with nested fields.
    """
    campaign, adset, ad = door.tree()
    fields = "name,adsets{name,targeting{age_min},ads{name,creative{url_tags,body}}}"
    seen = door.get(f"/{campaign}", fields=fields)
    rows = seen["adsets"]["data"]
    assert (campaign, adset) == (seen["id"], rows[0]["id"])
    assert {"age_min": 25} == rows[0]["targeting"]
    assert "Four roasts, one box." == rows[0]["ads"]["data"][0]["creative"]["body"]
    assert ad == rows[0]["ads"]["data"][0]["id"]


def test_a_read_without_fields_gives_the_id_alone(door):
    """
    Fields are chosen; nothing is given away.
    """
    campaign = door.campaign()
    assert {"id": campaign} == door.get(f"/{campaign}")


def test_times_are_written_in_the_zone_of_the_account(meta):
    """
    A start in March stands at +0100 and an end in April at +0200 in Berlin.
    """
    adset = meta.adset(meta.campaign())
    seen = meta.get(f"/{adset}", fields="start_time,end_time,created_time")
    assert (START, END) == (seen["start_time"], seen["end_time"])
    assert "2027-02-22T09:00:00+0100" == seen["created_time"]


def test_budgets_are_text_and_dates_may_be_unix_seconds(meta):
    """
    Money comes back as text of minor units, however the time was written.
    """
    adset = meta.adset(meta.campaign(), end_time="1807480800", daily_budget="5000")
    seen = meta.get(f"/{adset}", fields="daily_budget,end_time,bid_strategy")
    assert "5000" == seen["daily_budget"]
    assert END == seen["end_time"]
    assert "LOWEST_COST_WITHOUT_CAP" == seen["bid_strategy"]


@pytest.mark.parametrize(
    ("name", "text"),
    [("quoted", '"Launch 2"'), ("plain", "Launch 2"), ("umlaut", "Käffchen ☕")],
)
def test_scalars_may_be_quoted_as_in_metas_own_examples(meta, name, text):
    """
    Quoted and plain text are the same name.
    """
    campaign = meta.campaign(name=text)
    assert text.strip('"') == meta.get(f"/{campaign}", fields="name")["name"]


def test_fields_of_a_write_are_read_after_it(meta):
    """
    A create with `fields` answers with them.
    """
    made = meta.post(
        f"/{meta.act}/campaigns",
        name="X",
        objective="OUTCOME_TRAFFIC",
        special_ad_categories=[],
        is_adset_budget_sharing_enabled=True,
        fields="name,effective_status",
    )
    assert {"name": "X", "effective_status": "ACTIVE", "id": made["id"]} == made


def test_validate_only_checks_and_creates_nothing(meta):
    """
    The same refusals, no object.
    """
    dry = {"execution_options": ["validate_only"]}
    params = {"name": "X", "objective": "OUTCOME_TRAFFIC", "special_ad_categories": []}
    assert {"success": True} == meta.post(
        f"/{meta.act}/campaigns", is_adset_budget_sharing_enabled=True, **params, **dry
    )
    with pytest.raises(Refused):
        meta.post(f"/{meta.act}/campaigns", **params, **dry)
    assert [] == meta.get(f"/{meta.act}/campaigns")["data"]


def test_statuses_are_inherited_downwards_only(meta):
    """
    Parents push their status down; a child never changes its parent.
    """
    campaign, adset, ad = meta.tree()

    def seen():
        return [
            meta.get(f"/{one}", fields="effective_status")["effective_status"]
            for one in (campaign, adset, ad)
        ]

    meta.activate(ad, adset)
    assert ["PAUSED", "CAMPAIGN_PAUSED", "CAMPAIGN_PAUSED"] == seen()
    meta.activate(campaign)
    meta.post(f"/{adset}", status="PAUSED")
    assert ["ACTIVE", "PAUSED", "ADSET_PAUSED"] == seen()
    meta.activate(adset)
    assert ["ACTIVE", "ACTIVE", "PENDING_REVIEW"] == seen()
    meta.sandbox.advance(3600)
    assert ["ACTIVE", "ACTIVE", "ACTIVE"] == seen()
    meta.delete(f"/{campaign}")
    assert ["DELETED", "DELETED", "DELETED"] == seen()


def test_an_ad_can_be_disapproved_and_never_delivers(meta):
    """
    A text with the sandbox's own mark fails the review and says why.
    """
    campaign, adset = meta.campaign(), None
    adset = meta.adset(campaign)
    creative = meta.creative(meta.story(message="Rich quickly [sandbox:disapprove]"))
    ad = meta.ad(adset, creative)
    meta.activate(campaign, adset, ad)
    meta.sandbox.advance(days=10)
    seen = meta.get(f"/{ad}", fields="effective_status,ad_review_feedback")
    assert "DISAPPROVED" == seen["effective_status"]
    assert "global" in seen["ad_review_feedback"]
    assert [] == meta.get(f"/{ad}/insights")["data"]


def test_lists_leave_out_what_is_archived_or_deleted(meta):
    """
    Archived objects come when asked for, deleted ones only by id.
    """
    kept, shelved, gone = (meta.campaign(name=n) for n in "abc")
    meta.post(f"/{shelved}", status="ARCHIVED")
    meta.delete(f"/{gone}")

    def listed(**params):
        return {
            row["id"] for row in meta.get(f"/{meta.act}/campaigns", **params)["data"]
        }

    assert {kept} == listed()
    assert {shelved} == listed(effective_status=["ARCHIVED"])
    with pytest.raises(Refused):
        listed(effective_status=["DELETED"])
    assert "DELETED" == meta.get(f"/{gone}", fields="status")["status"]


@pytest.mark.parametrize("limit", [1, 3, 7, 25])
def test_paging_gives_every_object_once_newest_first(meta, limit):
    """
    Any page size walks the same list, forwards and backwards.
    """
    made = [meta.campaign(name=f"c{n}") for n in range(7)]
    found, after, pages = [], None, 0
    while True:
        page = meta.get(
            f"/{meta.act}/campaigns", limit=limit, after=after, summary="true"
        )
        found += [row["id"] for row in page["data"]]
        pages += 1
        assert 7 == page["summary"]["total_count"]
        if "next" not in page["paging"]:
            break
        after = page["paging"]["cursors"]["after"]
    assert made[::-1] == found
    assert -(-7 // limit) == pages
    if pages > 1:
        before = page["paging"]["cursors"]["before"]
        back = meta.get(f"/{meta.act}/campaigns", limit=limit, before=before)
        place = found.index(page["data"][0]["id"])
        assert found[place - limit : place] == [row["id"] for row in back["data"]]


def test_the_next_link_can_be_followed_as_it_is(door):
    """
    Meta's own link leads to the next page, token included.
    """
    for n in range(3):
        door.campaign(name=f"c{n}")
    page = door.get(f"/{door.act}/campaigns", limit=2, fields="name")
    nxt = door.http.get(page["paging"]["next"])
    assert ["c0"] == [row["name"] for row in nxt.json()["data"]]


def test_an_object_deleted_between_pages_does_not_shift_the_list(meta):
    """
    The cursor names a place, not a count.
    """
    made = [meta.campaign(name=f"c{n}") for n in range(6)]
    first = meta.get(f"/{meta.act}/campaigns", limit=2)
    meta.delete(f"/{made[-1]}")
    meta.delete(f"/{made[-2]}")
    after = first["paging"]["cursors"]["after"]
    second = meta.get(f"/{meta.act}/campaigns", limit=2, after=after)
    assert [made[3], made[2]] == [row["id"] for row in second["data"]]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (("name", "CONTAIN", "smm:aa"), {"x [smm:aaa]"}),
        (("name", "EQUAL", "y [smm:bbb]"), {"y [smm:bbb]"}),
        (("campaign.name", "NOT_CONTAIN", "smm"), {"z"}),
        (("name", "IN", ["z", "q"]), {"z"}),
        (("effective_status", "IN", ["ACTIVE"]), {"z"}),
        (("created_time", "GREATER_THAN", "1803283300"), {"z"}),
        (("created_time", "LESS_THAN", 1803283300), {"x [smm:aaa]", "y [smm:bbb]"}),
    ],
)
def test_filters_find_what_they_describe(meta, rule, expected):
    """
    The documented operators on name, id, status and time.
    """
    meta.campaign(name="x [smm:aaa]")
    meta.campaign(name="y [smm:bbb]")
    meta.sandbox.advance(3600)
    meta.campaign(name="z", status="ACTIVE")
    item = dict(zip(("field", "operator", "value"), rule, strict=True))
    rows = meta.get(f"/{meta.act}/campaigns", fields="name", filtering=[item])["data"]
    assert expected == {row["name"] for row in rows}


def test_labels_find_objects_of_every_kind(door):
    """
    A label given by name at birth leads back to the object, any or all of several.
    """
    mark = [{"name": "smm:abc"}]
    campaign = door.campaign(adlabels=mark)
    adset = door.adset(campaign, adlabels=mark)
    creative = door.creative(adlabels=[*mark, {"name": "second"}])
    ad = door.ad(adset, creative, adlabels=mark)
    labels = door.get(f"/{door.act}/adlabels", fields="name")["data"]
    ids = {row["name"]: row["id"] for row in labels}
    edges = {
        "campaignsbylabels": campaign,
        "adsetsbylabels": adset,
        "adcreativesbylabels": creative,
        "adsbylabels": ad,
    }
    for edge, expected in edges.items():
        found = door.get(f"/{door.act}/{edge}", ad_label_ids=[ids["smm:abc"]])["data"]
        assert [{"id": expected}] == found
    every = {"ad_label_ids": list(ids.values()), "operator": "ALL"}
    assert [] == door.get(f"/{door.act}/adsbylabels", **every)["data"]
    both = door.get(f"/{door.act}/adcreativesbylabels", **every)["data"]
    assert [{"id": creative}] == both
    assert ids["smm:abc"] == door.post(f"/{door.act}/adlabels", name="smm:abc")["id"]


def test_images_are_known_by_their_content(door):
    """
    The same bytes give the same hash, as bytes or as a file part; others another.
    """
    first, again, other = door.image(), door.image(), door.image(b"other")
    assert first == again != other
    parts = {"filename": ("box.png", png(), "image/png")}
    answer = door.call("POST", f"/{door.act}/adimages", files=parts)["images"]
    assert first == answer["box.png"]["hash"]
    listed = door.get(f"/{door.act}/adimages", hashes=[first], fields="hash,width")
    assert [(first, 1200)] == [(row["hash"], row["width"]) for row in listed["data"]]
    node = door.get(f"/{door.act[4:]}:{first}", fields="hash,height")
    assert 628 == node["height"]


def test_an_image_must_be_one(meta):
    """
    Bytes that are no picture are refused before anything is kept.
    """
    for content in (b"GIF", b"%PDF-1.7", b""):
        with pytest.raises(Refused):
            meta.post(f"/{meta.act}/adimages", bytes=base64.b64encode(content).decode())
    assert [] == meta.get(f"/{meta.act}/adimages")["data"]


def test_an_ad_may_bring_its_creative_inline(meta):
    """
    The creative exists afterwards and belongs to the ad.
    """
    adset = meta.adset(meta.campaign())
    spec = {"name": "Inline", "object_story_spec": meta.story()}
    ad = meta.post(f"/{meta.act}/ads", name="A", adset_id=adset, creative=spec)["id"]
    rows = meta.get(f"/{ad}/adcreatives", fields="name,effective_object_story_id")[
        "data"
    ]
    assert "Inline" == rows[0]["name"]
    assert rows[0]["effective_object_story_id"].startswith(meta.ids["page"] + "_")


def test_a_new_creative_sends_the_ad_to_review_and_the_same_one_does_not(meta):
    """
    Only content changes are reviewed.
    """
    campaign, adset, ad = meta.tree()
    meta.activate(campaign, adset, ad)
    meta.sandbox.advance(3600)
    old = meta.get(f"/{ad}", fields="creative")["creative"]["id"]

    def status():
        return meta.get(f"/{ad}", fields="effective_status")["effective_status"]

    meta.post(f"/{ad}", creative={"creative_id": old}, name="renamed")
    assert "ACTIVE" == status()
    new = meta.creative(meta.story(message="New words"))
    meta.post(f"/{ad}", creative={"creative_id": new})
    assert "PENDING_REVIEW" == status()


def test_targeting_is_read_back_completed(meta):
    """
    Ids come back as text with their names, ages with their defaults.
    """
    interest = meta.get("/search", type="adinterest", q="espresso")["data"][0]
    city = meta.get(
        "/search", type="adgeolocation", q="zurich", location_types=["city"]
    )
    spec = {
        "geo_locations": {
            "cities": [
                {
                    "key": city["data"][0]["key"],
                    "radius": 25,
                    "distance_unit": "kilometer",
                }
            ]
        },
        "flexible_spec": [{"interests": [{"id": int(interest["id"])}]}],
        "targeting_automation": {"advantage_audience": 0},
    }
    adset = meta.adset(meta.campaign(), targeting=spec)
    seen = meta.get(f"/{adset}", fields="targeting,dsa_payor")
    assert (18, 65) == (seen["targeting"]["age_min"], seen["targeting"]["age_max"])
    expected = [{"id": interest["id"], "name": interest["name"]}]
    assert expected == seen["targeting"]["flexible_spec"][0]["interests"]
    assert "Zurich" == seen["targeting"]["geo_locations"]["cities"][0]["name"]
    assert "dsa_payor" not in seen, "outside the EU it is not stored"


def test_a_batch_answers_in_order_and_each_item_for_itself(door):
    """
    One failing item leaves the others alone.
    """
    campaign = door.campaign()
    items = [
        {"method": "GET", "relative_url": f"{campaign}?fields=name"},
        {"method": "GET", "relative_url": "12345"},
        {
            "method": "POST",
            "relative_url": f"v26.0/{campaign}",
            "body": "name=New%20one",
        },
        {"method": "GET", "relative_url": f"{campaign}?fields=name"},
    ]
    rows = door.post("/", batch=items)
    assert [200, 400, 200, 200] == [row["code"] for row in rows]
    assert "Launch" == json.loads(rows[0]["body"])["name"]
    assert "New one" == json.loads(rows[3]["body"])["name"]


def test_items_of_a_batch_build_on_earlier_ones(meta):
    """
    A named item answers null and gives its id to the next; what depends on a failure
    is not sent.
    """

    def form(**params):
        wire = {
            k: v if isinstance(v, str) else json.dumps(v) for k, v in params.items()
        }
        return urlencode(wire)

    act = meta.act
    campaign = {
        "method": "POST", "relative_url": f"{act}/campaigns", "name": "top",
        "body": form(
            name="C", objective="OUTCOME_TRAFFIC", special_ad_categories=[],
            is_adset_budget_sharing_enabled=False, status="PAUSED",
        ),
    }  # fmt: skip
    adset = {
        "method": "POST", "relative_url": f"{act}/adsets",
        "body": form(
            name="S", campaign_id="{result=top:$.id}", optimization_goal="REACH",
            billing_event="IMPRESSIONS", daily_budget=5000, targeting=TARGETING,
            dsa_payor="A", dsa_beneficiary="A", status="PAUSED",
        ),
    }  # fmt: skip
    first, second = meta.post("/", batch=[campaign, adset])
    assert first is None
    made = json.loads(second["body"])["id"]
    top = meta.get(f"/{made}", fields="campaign{name}")["campaign"]
    assert "C" == top["name"]
    broken = {**campaign, "body": "name=x"}
    first, second = meta.post("/", batch=[broken, adset])
    assert (400, None) == (first["code"], second)
    with pytest.raises(Refused, match="No earlier item"):
        meta.post("/", batch=[adset])


def test_a_batch_has_limits(meta):
    """
    At most 50 items, and never two ad sets of one campaign.
    """
    item = {"method": "GET", "relative_url": "me"}
    assert 50 == len(meta.post("/", batch=[item] * 50))
    with pytest.raises(Refused):
        meta.post("/", batch=[item] * 51)
    twin = {
        "method": "POST",
        "relative_url": f"{meta.act}/adsets",
        "body": f"campaign_id={meta.campaign()}",
    }
    with pytest.raises(Refused, match="several ad sets"):
        meta.post("/", batch=[twin, twin])


def test_what_belongs_to_the_account_is_found_from_the_user(meta):
    """
    me, its accounts, the page and the pixel are there from the start.
    """
    rows = meta.get("/me/adaccounts", fields="currency,timezone_name,account_status")
    row = rows["data"][0]
    assert (meta.act, "EUR", "Europe/Berlin", 1) == (
        row["id"],
        row["currency"],
        row["timezone_name"],
        row["account_status"],
    )
    assert meta.ids["page"] == meta.get("/me/accounts")["data"][0]["id"]
    assert meta.ids["pixel"] == meta.get(f"/{meta.act}/adspixels")["data"][0]["id"]


def test_an_existing_post_is_promoted(door):
    """
    Published and dark posts of the Page, and media of Instagram, carry ads.
    """
    page, user = door.ids["page"], door.ids["instagram_user"]
    seen = door.post(f"/{page}/feed", message="We are open.", fields="message")
    dark = door.post(f"/{page}/feed", message="For ads only.", published="false")["id"]
    assert [seen["id"]] == [r["id"] for r in door.get(f"/{page}/feed")["data"]]
    assert [dark] == [r["id"] for r in door.get(f"/{page}/ads_posts")["data"]]
    box = door.post(f"/{user}/media", image_url="https://a.example/1.jpg", caption="Hi")
    medium = door.post(f"/{user}/media_publish", creation_id=box["id"])["id"]
    with pytest.raises(Refused):
        door.post(f"/{user}/media_publish", creation_id=box["id"])
    adset = door.adset(door.campaign())
    button = {"type": "LEARN_MORE", "value": {"link": "https://a.example/"}}
    for story in (
        {"object_story_id": seen["id"]},
        {"object_story_id": dark},
        {"source_instagram_media_id": medium},
    ):
        creative = door.post(f"/{door.act}/adcreatives", call_to_action=button, **story)
        ad = door.ad(adset, creative["id"])
        name = next(iter(story))
        read = door.get(f"/{ad}", fields=f"creative{{{name},call_to_action,body}}")
        assert story[name] == read["creative"][name]
        assert button == read["creative"]["call_to_action"]
    door.delete(f"/{dark}")
    with pytest.raises(Refused) as caught:
        door.post(f"/{door.act}/adcreatives", object_story_id=dark)
    assert 1885557 == caught.value.subcode


def test_a_promoted_post_delivers(meta):
    """
    The ad of a post reaches people and sends them to its button's link.
    """
    post = meta.post(f"/{meta.ids['page']}/feed", message="We are open.")["id"]
    creative = meta.post(
        f"/{meta.act}/adcreatives",
        object_story_id=post,
        call_to_action={"type": "LEARN_MORE", "value": {"link": "https://a.example/"}},
        url_tags="utm_source=facebook&utm_campaign=opening",
    )["id"]
    campaign = meta.campaign()
    adset = meta.adset(campaign)
    meta.activate(campaign, adset, meta.ad(adset, creative, status="ACTIVE"))
    meta.sandbox.advance(days=12)
    row = meta.get(f"/{campaign}/insights", fields="impressions")["data"][0]
    assert int(row["impressions"]) > 1_000
    assert "opening" in meta.sandbox.conversions_csv()
