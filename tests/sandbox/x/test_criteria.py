"""
All 33 types of targeting criteria, each with a value of its form.
"""

from __future__ import annotations

import hashlib

import pytest

from smmlib.sandbox.x._catalogue import options
from smmlib.sandbox.x._criteria import TYPES

LISTED = (
    "LOCATION", "LANGUAGE", "INTEREST", "CONVERSATION", "EVENT", "PLATFORM",
    "PLATFORM_VERSION", "DEVICE", "NETWORK_OPERATOR", "APP_STORE_CATEGORY",
)  # fmt: skip
PLAIN = {
    "AGE": "AGE_OVER_21",
    "GENDER": "2",
    "BROAD_KEYWORD": "+espresso +machine",
    "EXACT_KEYWORD": "flat white",
    "PHRASE_KEYWORD": "café ☕",
    "UNORDERED_KEYWORD": "beans fresh",
    "SIMILAR_TO_FOLLOWERS_OF_USER": "756201191646691328",
    "NETWORK_ACTIVATION_DURATION": "6",
    "WIFI_ONLY": "1",
    "LIVE_TV_EVENT": "a1b2",
    "IAB_CATEGORY": "IAB1-1",
    "CONTENT_PUBLISHER_USER": "12345",
    "APP_LIST": "1nmth",
}
OPERATORS = {
    "NETWORK_ACTIVATION_DURATION": "LT",
    "CONTENT_PUBLISHER_USER": "NE",
    "APP_LIST": "NE",
}


def _audience(x):
    audience = x.post(f"{x.act}/custom_audiences", name="Customers")["id"]
    users = [
        {"email": [hashlib.sha256(str(n).encode()).hexdigest()]} for n in range(300)
    ]
    body = [{"operation_type": "Update", "params": {"users": users}}]
    x.json("POST", f"{x.act}/custom_audiences/{audience}/users", body)
    x.sandbox.advance(days=1)
    return audience


def _value(x, kind, line_item):
    """
    A value of a type; what it needs beside it is made first.
    """
    makers = {
        "APP_STORE_CATEGORY_LOOKALIKE": lambda: _first("APP_STORE_CATEGORY"),
        "CUSTOM_AUDIENCE": lambda: _audience(x),
        "CUSTOM_AUDIENCE_EXPANDED": lambda: _audience(x),
        "CAMPAIGN_ENGAGEMENT": lambda: x.campaign(name="Earlier"),
        "CAMPAIGN_ENGAGEMENT_LOOKALIKE": lambda: x.campaign(name="Earlier"),
        "ENGAGEMENT_TYPE": lambda: _engagement(x, line_item),
        "TV_SHOW": lambda: _show(x, line_item),
        **{name: lambda name=name: _first(name) for name in LISTED},
        **{name: lambda name=name: PLAIN[name] for name in PLAIN},
    }
    return makers.get(kind, lambda: x.ids["user"])()


def _first(kind):
    return next(iter(options(kind)))


def _engagement(x, line_item):
    x.criterion(line_item, "USER_ENGAGEMENT", x.ids["user"])
    return "VIDEO_VIEW"


def _show(x, line_item):
    x.criterion(line_item, "LOCATION", x.place("Germany"))
    rows = x.get("/targeting_criteria/tv_shows", locale="de-DE")["data"]
    return str(rows[0]["targeting_value"])


@pytest.mark.parametrize("kind", sorted(TYPES))
def test_each_type_takes_its_values_and_is_read_back(x, kind):
    """
    By batch, found in the list with type, value, operator and a name.
    """
    line_item = x.line_item(x.campaign())
    params = {
        "line_item_id": line_item,
        "targeting_type": kind,
        "targeting_value": _value(x, kind, line_item),
        "operator_type": OPERATORS.get(kind, "EQ"),
    }
    item = {"operation_type": "Create", "params": params}
    made = x.json("POST", f"{x.batch}/targeting_criteria", [item])[0]
    rows = x.get(f"{x.act}/targeting_criteria", line_item_ids=[line_item])["data"]
    assert made == rows[-1]
    assert params == {name: made[name] for name in params}
    assert made["name"]
    path = f"{x.act}/targeting_criteria/{made['id']}"
    assert made["name"] == x.get(path, lang="de")["data"]["localized_name"]
    assert x.delete(path)["deleted"]


def test_every_type_can_deliver(x):
    """
    A line item with many criteria at once reaches somebody.
    """
    campaign, line_item, _ = x.tree()
    for kind in ("INTEREST", "LANGUAGE", "PLATFORM", "BROAD_KEYWORD", "AGE"):
        x.criterion(line_item, kind, _value(x, kind, line_item))
    x.sandbox.advance(days=3)
    told = x.get(f"{x.act}/campaigns/{campaign}")["data"]
    assert told["servable"]
    path = f"/stats{x.act}/active_entities"
    span = {"start_time": "2027-02-22T00:00:00Z", "end_time": "2027-02-25T00:00:00Z"}
    rows = x.get(path, entity="LINE_ITEM", line_item_ids=[line_item], **span)["data"]
    assert [line_item] == [row["entity_id"] for row in rows]
