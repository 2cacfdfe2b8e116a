"""
Whatever is sent, the emulated LinkedIn answers in its own words.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from _linkedin import encode, in_process
from smmlib.sandbox.linkedin._operations import OPERATIONS
from smmlib.sandbox.linkedin._wire import HTTP_OF

KEYS = sorted(OPERATIONS)
FIELDS = (
    "account campaignGroup name status type costType unitCost dailyBudget totalBudget "
    "runSchedule start end amount currencyCode targetingCriteria include exclude and "
    "or objectiveType format locale country language creative campaign intendedStatus "
    "content reference inlineContent post author commentary distribution "
    "feedDistribution lifecycleState visibility adContext dscAdAccount elements "
    "entities patch $set $delete destinations destination sourcePlatform userIds "
    "action initializeUploadRequest owner fileSizeBytes finalizeUploadRequest video "
    "conversion conversionMethod value enabled urn:li:adTargetingFacet:locations "
    "media id article source carousel cards landingPage budgetOptimization "
    "associatedEntity 1"
).split()
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.sampled_from(
        [
            "ACTIVE", "DRAFT", "PUBLISHED", "EUR", "10.00", "urn:li:geo:1",
            "urn:li:organization:1", "urn:li:image:x", 2**63 - 1, -(2**63), "USER",
            "SPONSORED_UPDATES", "urn:li:adTargetingFacet:titles", "",
        ]
    ),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=4)
    ),
    max_leaves=12,
)  # fmt: skip
raw_values = (
    json_values.filter(lambda v: v is not None).map(encode)
    | st.text(alphabet="(),:'List%2a0&=+.", max_size=20)
    | st.sampled_from(
        ["", "''", "List()", "()", "(start:(year:0,month:2,day:31))", "a,b:(c)"]
    )
)
names = st.sampled_from(
    sorted({name for one in OPERATIONS.values() for name in one.params} - {"ids"})
)


@pytest.fixture(scope="module")
def world():
    """
    A running tree with one of each kind.
    """
    door = in_process(seed=1)
    group, campaign, ad = door.tree()
    door.activate(campaign, ad)
    door.sandbox.advance(days=12)
    keys = {
        "adAccounts": [door.act, door.act],
        "adAccounts/adCampaignGroups": [door.act, group],
        "adAccounts/adCampaigns": [door.act, campaign],
        "adAccounts/creatives": [door.act, encode(ad)],
    }
    return door, keys


def _path(resource, keys, *, keyed):
    parts = []
    for place, name in enumerate(resource.split("/")):
        parts.append(name)
        if keyed or place < resource.count("/"):
            parts.append(str(keys[min(place, len(keys) - 1)]))
    return "/" + "/".join(parts)


def _check(answer):
    assert answer.status_code < 500 or answer.status_code == 501, answer.text
    if answer.status_code >= 400:
        body = answer.json()
        assert body["status"] == answer.status_code
        assert body["message"]


@settings(max_examples=400, deadline=None)
@given(data=st.data())
def test_no_request_fails_otherwise_than_in_linkedins_words(world, data):
    """
    Success or an error body with its status; never a 5xx but 501.
    """
    door, known = world
    resource, method, name = data.draw(st.sampled_from(KEYS))
    operation = OPERATIONS[resource, method, name]
    keys = known.get(resource, [door.act, "urn%3Ali%3Ashare%3A1"])
    if data.draw(st.integers(0, 4)) == 0:
        keys = [data.draw(st.sampled_from(["1", "(a:b)", "x%20", "%C3%A4", "''"]))]
    path = _path(resource, keys, keyed=operation.keyed)
    params = data.draw(st.dictionaries(names, raw_values, max_size=4))
    if method == "FINDER":
        params["q"] = name
    if method == "ACTION":
        params["action"] = name
    if "ids" in operation.params:
        params["ids"] = data.draw(
            st.sampled_from(["List(1)", "List()", "1", "List(1,1)"])
        )
    query = "&".join(f"{key}={value}" for key, value in params.items())
    options = {}
    if method not in {"GET", "BATCH_GET", "FINDER", "GET_ALL", "DELETE"}:
        options["json"] = data.draw(json_values)
    headers = {"X-RestLi-Method": method}
    http = HTTP_OF[method]
    _check(door.raw(http, path, query=query, headers=headers, **options))


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_nearly_right_bodies_are_taken_or_refused(world, data):
    """
    A good record with one or two wrong fields never breaks the platform.
    """
    door, keys = world
    group = keys["adAccounts/adCampaignGroups"][1]
    path, body = data.draw(
        st.sampled_from(
            [
                (door.groups(), door.group_body()),
                (door.campaigns(), door.campaign_body(group)),
                ("/posts", door.post_body()),
            ]
        )
    )
    body = dict(body)
    for _ in range(data.draw(st.integers(1, 2))):
        body[data.draw(st.sampled_from(sorted(body)))] = data.draw(json_values)
    _check(door.raw("POST", path, json=body))
    campaign = "/".join(keys["adAccounts/adCampaigns"][1:])
    patch = {"patch": {"$set": body}}
    _check(door.raw("POST", f"{door.campaigns()}/{campaign}", json=patch))


@settings(max_examples=100, deadline=None)
@given(
    content=st.binary(max_size=60),
    kind=st.sampled_from(
        [
            "application/json",
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/mixed; boundary=x",
            "multipart/mixed",
        ]
    ),
    override=st.sampled_from([None, "GET", "PUT", "POST", "NONE"]),
)
def test_broken_bodies_and_tunnels_are_refused(world, content, kind, override):
    """
    Any bytes of any type, tunnelled or not.
    """
    door, _ = world
    headers = {"Content-Type": kind}
    if override:
        headers["X-HTTP-Method-Override"] = override
    _check(door.raw("POST", door.groups(), headers=headers, content=content))
