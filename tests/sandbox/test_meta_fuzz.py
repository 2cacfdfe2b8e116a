"""
Whatever is sent, the emulated Meta answers in its own words.
"""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from _meta import TARGETING, in_process
from smmlib.sandbox.meta._contract import contract
from smmlib.sandbox.meta._operations import LISTINGS, OPERATIONS

TABLE = contract()
GENERIC = {"fields", "filtering", "limit", "after", "summary"}
EDGES = sorted(
    (node, verb) for node, verb in TABLE.edges if node not in {"User", "AdsPixel"}
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "name", "key", "type", "link", "value", "x", ""]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)
values = (
    json_values.map(json.dumps)
    | st.text(max_size=30)
    | st.sampled_from(
        [
            "", "0", "-1", "1e400", "NaN", "[]", "{}", "[", "null", '"x"', "true",
            "ACTIVE", "99999999999999999999", "2027-03-01T00:00:00+0100", "[[[[]]]]",
            '["ACTIVE"]', "name", "name{", "adsets{ads{creative}}", "\x00",
        ]
    )
)  # fmt: skip


@pytest.fixture(scope="module")
def world():
    """
    One of each kind, by contract name.
    """
    meta = in_process(seed=1)
    campaign, adset, ad = meta.tree()
    ids = {
        "AdAccount": meta.act, "Campaign": campaign, "AdSet": adset, "Ad": ad,
        "AdCreative": meta.creative(),
        "CustomAudience": meta.post(
            f"/{meta.act}/customaudiences", name="l", subtype="CUSTOM",
            customer_file_source="USER_PROVIDED_ONLY",
        )["id"],
    }  # fmt: skip
    ids |= _organic(meta)
    ids["AdReportRun"] = meta.post(f"/{meta.act}/insights")["report_run_id"]
    meta.activate(campaign, adset, ad)
    meta.sandbox.advance(days=9)
    return meta, ids


def _organic(meta):
    page, user = meta.ids["page"], meta.ids["instagram_user"]
    url = "https://a.example/1.jpg"
    box = meta.post(f"/{user}/media", image_url=url)["id"]
    form = meta.post(
        f"/{page}/leadgen_forms", name="f", questions=[{"type": "EMAIL"}],
        privacy_policy={"url": url},
    )["id"]  # fmt: skip
    label = meta.post(f"/{meta.act}/adlabels", name="l")["id"]
    return {
        "Page": page, "IGUser": user, "LeadgenForm": form, "AdLabel": label,
        "PagePost": meta.post(f"/{page}/feed", message="m")["id"],
        "Photo": meta.post(f"/{page}/photos", url=url)["id"],
        "IGMedia": meta.post(f"/{user}/media_publish", creation_id=box)["id"],
        "AdVideo": meta.post(f"/{meta.act}/advideos", file_url=url)["id"],
        "Lead": meta.post(f"/{form}/test_leads")["id"],
        "AdImage": f"{meta.act.removeprefix('act_')}:{meta.image()}",
    }  # fmt: skip


@pytest.fixture(autouse=True)
def rested(world):
    """
    Nobody is throttled for what an earlier test did.
    """
    world[0].sandbox.advance(300)


def _check(answer):
    assert answer.status_code < 500 or answer.status_code == 501, answer.text
    body = answer.json()
    if answer.status_code != 200:
        assert {"message", "type", "code", "fbtrace_id"} <= set(body["error"])


@settings(max_examples=400)
@given(data=st.data())
def test_no_request_to_any_edge_fails_otherwise_than_in_metas_words(world, data):
    """
    200 or an envelope; never a 5xx but 501, whatever the parameters hold.
    """
    meta, ids = world
    node, verb = data.draw(st.sampled_from(EDGES))
    method, _, edge = verb.partition(" ")
    known = TABLE.edge(node, verb)
    modelled = OPERATIONS.get((node, verb)) or LISTINGS.get((node, edge))
    likely = sorted((modelled.params if modelled else set()) | GENERIC)
    names = st.sampled_from(likely) | st.sampled_from(sorted({*known.params, "x"}))
    params = data.draw(st.dictionaries(names, values, max_size=4))
    path = f"/{ids[node]}" + ("" if edge.startswith("#") else f"/{edge}")
    if verb == "DELETE #delete" or params.get("status") in {"DELETED", "ARCHIVED"}:
        return
    if method == "POST":
        _check(meta.raw(method, path, data=_sendable(params)))
    else:
        _check(meta.raw(method, path, params=_sendable(params)))


def _sendable(params):
    return {k: v.encode("utf-8", "replace").decode() for k, v in params.items()}


@settings(max_examples=200)
@given(
    params=st.dictionaries(
        st.sampled_from(sorted(TABLE.edge("AdAccount", "POST adsets").params)),
        values,
        max_size=3,
    ),
    goal=st.sampled_from(["LINK_CLICKS", "REACH"]),
    spec=st.dictionaries(
        st.sampled_from(sorted(TABLE.structs["Targeting"])), json_values, max_size=3
    ),
)
def test_no_ad_set_can_break_the_platform(world, params, goal, spec):
    """
    A right ad set with wrong parts added is accepted or refused, never a crash.
    """
    meta, ids = world
    right = {
        "name": "x", "campaign_id": ids["Campaign"], "optimization_goal": goal,
        "billing_event": "IMPRESSIONS", "daily_budget": "5000", "dsa_payor": "A",
        "dsa_beneficiary": "A", "targeting": json.dumps({**TARGETING, **spec}),
        "execution_options": '["validate_only"]',
    }  # fmt: skip
    body = _sendable({**right, **params})
    _check(meta.raw("POST", f"/{meta.act}/adsets", data=body))


@settings(max_examples=200)
@given(
    link=st.dictionaries(
        st.sampled_from(sorted(TABLE.structs["AdCreativeLinkData"])),
        json_values,
        max_size=4,
    )
)
def test_no_story_can_break_the_platform(world, link):
    """
    The same for creatives.
    """
    meta, _ = world
    story = json.dumps(meta.story(**link))
    _check(
        meta.raw("POST", f"/{meta.act}/adcreatives", data={"object_story_spec": story})
    )


@settings(max_examples=200)
@given(
    path=st.text(max_size=40).map(lambda text: text.replace("\\", "")),
    method=st.sampled_from(["GET", "POST", "DELETE", "PUT", "PATCH"]),
    body=st.binary(max_size=60),
    kind=st.sampled_from(
        [
            "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
            "multipart/form-data", "application/json", "text/plain", "",
        ]
    ),
)  # fmt: skip
def test_no_path_or_body_can_break_the_platform(world, path, method, body, kind):
    """
    Any path, any method, any bytes.
    """
    meta, _ = world
    from urllib.parse import quote

    headers = {**meta.headers, "Content-Type": kind}
    target = f"{meta.base}/v26.0/{quote(path)}"
    _check(meta.http.request(method, target, content=body, headers=headers))


@settings(max_examples=150)
@given(batch=st.lists(json_values, max_size=4) | json_values)
def test_no_batch_can_break_the_platform(world, batch):
    """
    Whatever stands in a batch.
    """
    meta, _ = world
    answer = meta.raw("POST", "/", data=_sendable({"batch": json.dumps(batch)}))
    _check(answer)


@settings(max_examples=150)
@given(
    params=st.dictionaries(
        st.sampled_from(
            [
                "type",
                "q",
                "limit",
                "location_types",
                "country_code",
                "interest_list",
                "x",
            ]
        ),
        values | st.sampled_from(["adinterest", "adgeolocation", "adlocale"]),
    )
)
def test_no_search_can_break_the_platform(world, params):
    """
    Whatever is searched for.
    """
    meta, _ = world
    _check(meta.raw("GET", "/search", params=_sendable(params)))


def test_a_bomb_of_brackets_is_refused(world):
    """
    Nesting and huge numbers are refused without using up the machine.
    """
    meta, _ = world
    for text in ("[" * 100_000, "[" * 500 + "]" * 500, "1" * 5_000):
        for name in ("targeting", "daily_budget", "adlabels", "fields"):
            data = {"name": "x", name: text}
            answer = meta.raw("POST", f"/{meta.act}/adsets", data=data)
            assert 400 == answer.status_code


@settings(max_examples=150)
@given(
    rule=st.fixed_dictionaries(
        {},
        optional={
            "inclusions": json_values
            | st.fixed_dictionaries(
                {}, optional={"rules": json_values | st.lists(json_values, max_size=2)}
            )
        },
    ),
    lookalike=json_values,
    users=json_values,
)
def test_no_audience_can_break_the_platform(world, rule, lookalike, users):
    """
    Rules, lookalike specs and payloads of any shape.
    """
    meta, ids = world
    path, name = f"/{meta.act}/customaudiences", {"name": "x"}
    _check(meta.raw("POST", path, data={**name, "rule": json.dumps(rule)}))
    like = {
        **name, "subtype": "LOOKALIKE", "origin_audience_id": ids["CustomAudience"],
        "lookalike_spec": json.dumps(lookalike),
    }  # fmt: skip
    _check(meta.raw("POST", path, data=like))
    body = {"payload": json.dumps(users)}
    _check(meta.raw("POST", f"/{ids['CustomAudience']}/users", data=body))
