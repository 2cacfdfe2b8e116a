"""
Targeting criteria: the 33 types with the form of their values.

Source: X Ads API, targeting criteria reference and targeting options, 2026-08. Which
operators go with which type is documented for a few types only; where nothing is said,
inclusion and exclusion are both taken.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from smmlib.sandbox.x._accounts import dates
from smmlib.sandbox.x._catalogue import SINGULAR, options
from smmlib.sandbox.x._context import Result
from smmlib.sandbox.x._errors import invalid, refuse
from smmlib.sandbox.x._matching import targetable
from smmlib.sandbox.x._resources import Resource
from smmlib.sandbox.x._status import KEYWORDS, children

if TYPE_CHECKING:
    from smmlib.sandbox.x._context import Context
    from smmlib.sandbox.x._store import Record

AGES = (
    "AGE_13_TO_24 AGE_13_TO_34 AGE_13_TO_49 AGE_13_TO_54 AGE_OVER_13 AGE_18_TO_34"
    " AGE_18_TO_49 AGE_18_TO_54 AGE_OVER_18 AGE_21_TO_34 AGE_21_TO_49 AGE_21_TO_54"
    " AGE_OVER_21 AGE_25_TO_49 AGE_25_TO_54 AGE_OVER_25 AGE_35_TO_49 AGE_35_TO_54"
    " AGE_OVER_35 AGE_OVER_50"
).split()
PRIMARY = (
    "FOLLOWERS_OF_USER",
    "SIMILAR_TO_FOLLOWERS_OF_USER",
    "CUSTOM_AUDIENCE",
    "CUSTOM_AUDIENCE_EXPANDED",
    "INTEREST",
    *KEYWORDS,
    "TV_SHOW",
)
BATCH_ONLY = ("IAB_CATEGORY", "CONTENT_PUBLISHER_USER")
_ENGAGED = ("CAMPAIGN_ENGAGEMENT", "USER_ENGAGEMENT")
_ENGAGEMENT_TYPES = (
    "IMPRESSION", "ENGAGEMENT", "VIDEO_VIEW", "VIDEO_VIEW_PARTIAL",
    "VIDEO_VIEW_COMPLETE",
)  # fmt: skip
_LISTED = (
    "LOCATION", "LANGUAGE", "INTEREST", "CONVERSATION", "EVENT", "PLATFORM",
    "PLATFORM_VERSION", "DEVICE", "NETWORK_OPERATOR", "TV_SHOW", "APP_STORE_CATEGORY",
)  # fmt: skip
_ONLY_EQ = (
    "AGE", "GENDER", "CUSTOM_AUDIENCE_EXPANDED", "CAMPAIGN_ENGAGEMENT_LOOKALIKE",
    "USER_ENGAGEMENT_LOOKALIKE", "APP_STORE_CATEGORY_LOOKALIKE", "ENGAGEMENT_TYPE",
    "WIFI_ONLY", "LIVE_TV_EVENT", "SIMILAR_TO_FOLLOWERS_OF_USER",
)  # fmt: skip
_OPERATORS = {
    **dict.fromkeys(_ONLY_EQ, ("EQ",)),
    "APP_LIST": ("NE",),
    "CONTENT_PUBLISHER_USER": ("NE",),
    "NETWORK_ACTIVATION_DURATION": ("LT", "GTE"),
    "PLATFORM_VERSION": ("EQ", "GTE"),
}
_MOST = {
    "LOCATION": 2_000, "INTEREST": 100, "SIMILAR_TO_FOLLOWERS_OF_USER": 100, "AGE": 1,
    "GENDER": 1, "EVENT": 1,
}  # fmt: skip
_MOST_KEYWORDS = 1_000
_LONGEST_KEYWORD = 200
_PATTERNS = {
    "GENDER": r"[12]",
    "SIMILAR_TO_FOLLOWERS_OF_USER": r"\d{1,19}",
    "NETWORK_ACTIVATION_DURATION": r"\d{1,3}",
    "WIFI_ONLY": r"1",
    "LIVE_TV_EVENT": r"[0-9a-z]{1,13}",
    "CONTENT_PUBLISHER_USER": r"\d{1,19}",
    # No operation makes or lists app lists: any id of their form is taken.
    "APP_LIST": r"[0-9a-z]{1,13}",
}
_NO_AUDIENCE = "TAILORED_AUDIENCE_NOT_FOUND"
TYPES = frozenset(
    (
        *_LISTED, *KEYWORDS, *_PATTERNS, *_ENGAGED, *BATCH_ONLY, "AGE",
        "FOLLOWERS_OF_USER", "CUSTOM_AUDIENCE", "CUSTOM_AUDIENCE_EXPANDED",
        "CAMPAIGN_ENGAGEMENT_LOOKALIKE", "USER_ENGAGEMENT_LOOKALIKE", "ENGAGEMENT_TYPE",
        "APP_STORE_CATEGORY_LOOKALIKE",
    )
)  # fmt: skip


def render(ctx: Context, record: Record) -> dict[str, Any]:
    """
    The criterion as X tells it.
    """
    data = record.data
    told = {
        "id": record.id,
        "line_item_id": data["line_item_id"],
        "name": _name(ctx, data["targeting_type"], data["targeting_value"]),
        "operator_type": data["operator_type"],
        "targeting_type": data["targeting_type"],
        "targeting_value": data["targeting_value"],
        **dates(record),
    }
    if data["targeting_type"] == "LOCATION":
        place = options("LOCATION")[data["targeting_value"]]
        told["location_type"] = SINGULAR[place.told["location_type"]]
    if ctx.params.get("lang"):
        told["localized_name"] = told["name"]
    return told


CRITERIA = Resource(
    "targeting_criterion",
    "targeting_criterion_id",
    "TARGETING_CRITERION_NOT_FOUND",
    render,
    filters={"targeting_criterion_ids": "id", "line_item_ids": "line_item_id"},
)


def create(ctx: Context) -> Result:
    """
    Add one criterion; there is no way to change it later.
    """
    return Result(render(ctx, add(ctx, batch=False)))


def add(ctx: Context, *, batch: bool) -> Record:
    """
    Judge a criterion and keep it.
    """
    params = ctx.params
    kind, value = params["targeting_type"], str(params["targeting_value"])
    if kind not in TYPES or (kind in BATCH_ONLY and not batch):
        text = f"{kind} is no targeting type of this operation"
        raise refuse(
            "INVALID_TARGETING_TYPE", text, parameter="targeting_type", value=kind
        )
    line_item = ctx.owned(
        "line_item", params["line_item_id"], "LINE_ITEM_NOT_FOUND", "line_item_id"
    )
    _check_operator(kind, params["operator_type"])
    check_value(ctx, kind, value)
    _check_company(ctx, line_item, kind, value)
    data = {
        "line_item_id": line_item.id,
        "campaign_id": line_item.data["campaign_id"],
        "operator_type": params["operator_type"],
        "targeting_type": kind,
        "targeting_value": value,
    }
    record = ctx.store.add("targeting_criterion", ctx.account.id, data, ctx.now)
    ctx.changed.append(line_item)
    return record


def delete(ctx: Context) -> Result:
    """
    Take a criterion away.
    """
    return Result(render(ctx, drop(ctx, CRITERIA.one(ctx))))


def drop(ctx: Context, record: Record) -> Record:
    """
    Bury a criterion and let its line item deliver accordingly.
    """
    ctx.store.bury(record, ctx.now)
    line_item = ctx.store.get("line_item", record.data["line_item_id"])
    if line_item is not None:
        ctx.changed.append(line_item)
    return record


def check_value(ctx: Context, kind: str, value: str) -> None:
    """
    Refuse a value that is not of its type's form, or names nothing.
    """
    if kind in _LISTED:
        found = value in options(kind)
    elif kind == "APP_STORE_CATEGORY_LOOKALIKE":
        found = value in options("APP_STORE_CATEGORY")
    elif kind == "IAB_CATEGORY":
        if value not in options(kind):
            text = f"{value} is no IAB category"
            raise refuse("INVALID_IAB_CATEGORY", text, parameter="targeting_value")
        found = True
    elif kind in KEYWORDS:
        found = 0 < len(value.strip()) <= _LONGEST_KEYWORD
    elif kind in _PATTERNS:
        found = re.fullmatch(_PATTERNS[kind], value, re.ASCII) is not None
    elif kind == "AGE":
        found = value in AGES
    elif kind == "ENGAGEMENT_TYPE":
        found = value in _ENGAGEMENT_TYPES
    else:
        found = _check_reference(ctx, kind, value)
    if not found:
        text = f"{value[:60]!r} is no value of {kind}"
        raise invalid("targeting_value", text, value[:60])


def _check_reference(ctx: Context, kind: str, value: str) -> bool:
    """
    Judge values that name an object of the account.
    """
    if kind.startswith("CUSTOM_AUDIENCE"):
        audience = ctx.owned("custom_audience", value, _NO_AUDIENCE, "targeting_value")
        if not targetable(audience, ctx.now):
            text = f"Audience {value} cannot be targeted (yet)"
            raise invalid("targeting_value", text, value)
        return True
    if kind.startswith("CAMPAIGN_ENGAGEMENT"):
        ctx.owned("campaign", value, "CAMPAIGN_NOT_FOUND", "targeting_value")
        return True
    if kind in {"FOLLOWERS_OF_USER", "USER_ENGAGEMENT", "USER_ENGAGEMENT_LOOKALIKE"}:
        if value != ctx.identity.user:
            text = f"User {value[:30]} is not promotable by this account"
            raise refuse("PROMOTABLE_USER_NOT_FOUND", text, parameter="targeting_value")
        return True
    return False


def _check_operator(kind: str, operator: str) -> None:
    allowed = _OPERATORS.get(kind, ("EQ", "NE"))
    if operator not in allowed:
        text = f"{kind} takes the operators {', '.join(allowed)}"
        raise invalid("operator_type", text, operator)


def _check_company(ctx: Context, line_item: Record, kind: str, value: str) -> None:
    """
    Judge a criterion beside the ones that are there.
    """
    there = [
        (one.data["targeting_type"], one.data["targeting_value"])
        for one in children(ctx.store, line_item.id, "targeting_criterion")
    ]
    if (kind, value) in there:
        text = f"The line item has {kind} {value[:60]} already"
        raise invalid("targeting_value", text, value[:60])
    group = KEYWORDS if kind in KEYWORDS else (kind,)
    most = _MOST_KEYWORDS if kind in KEYWORDS else _MOST.get(kind)
    if most is not None and sum(name in group for name, _ in there) >= most:
        raise invalid("targeting_type", f"At most {most} criteria of {kind}", kind)
    others = {"CUSTOM_AUDIENCE", "CUSTOM_AUDIENCE_EXPANDED"} - {kind}
    if kind.startswith("CUSTOM_AUDIENCE") and any((k, value) in there for k in others):
        text = "An audience and its lookalike cannot be on one line item"
        raise invalid("targeting_value", text, value)
    if kind == "ENGAGEMENT_TYPE" and not any(name in _ENGAGED for name, _ in there):
        text = f"ENGAGEMENT_TYPE needs {' or '.join(_ENGAGED)} first"
        raise refuse("INCLUSIVE_PARAMETERS", text, parameter="targeting_type")
    if kind == "TV_SHOW":
        _check_show(there, value)


def _check_show(there: list[tuple[str, str]], value: str) -> None:
    places = [options("LOCATION")[found] for name, found in there if name == "LOCATION"]
    if not places:
        text = "TV targeting needs locations of the show's market first"
        raise refuse("INVALID_TV_SHOW_LOCATIONS", text, parameter="targeting_value")
    country = options("TV_SHOW")[value].told["locales"][0]["country"]
    if any(place.told["country_code"] != country for place in places):
        text = f"The show belongs to the market {country}"
        raise refuse("TV_SHOW_OUTSIDE_MARKET", text, parameter="targeting_value")


def _name(ctx: Context, kind: str, value: str) -> str:
    if kind in _LISTED or kind == "IAB_CATEGORY":
        return options(kind)[value].name
    if kind.startswith("CUSTOM_AUDIENCE"):
        audience = ctx.store.get("custom_audience", value)
        return str(audience.data["name"]) if audience else value
    if kind == "GENDER":
        return {"1": "Male", "2": "Female"}[value]
    if kind in {"FOLLOWERS_OF_USER", "USER_ENGAGEMENT", "USER_ENGAGEMENT_LOOKALIKE"}:
        return f"@{ctx.identity.screen_name}"
    return value
