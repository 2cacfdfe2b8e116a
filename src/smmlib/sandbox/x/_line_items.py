"""
Line items: objective, place, time, bid and budget of a group of promoted posts.

Source: X Ads API, line items reference, objective-based campaigns, 2026-08.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smmlib.sandbox.x._accounts import dates
from smmlib.sandbox.x._campaigns import DAILY, TOTAL
from smmlib.sandbox.x._context import Result
from smmlib.sandbox.x._errors import invalid, missing, refuse
from smmlib.sandbox.x._line_item_rules import check
from smmlib.sandbox.x._money import major
from smmlib.sandbox.x._resources import Resource
from smmlib.sandbox.x._status import children, seconds
from smmlib.sandbox.x._tables import MAX_LINE_ITEMS, OBJECTIVES
from smmlib.sandbox.x._typed import stamp

if TYPE_CHECKING:
    from smmlib.sandbox.x._context import Context
    from smmlib.sandbox.x._store import Record

_FIXED = ("campaign_id", "objective", "product_type", "primary_web_event_tag")
_OPTIONAL = (
    "name",
    "advertiser_domain",
    "advertiser_user_id",
    "android_app_store_identifier",
    "audience_expansion",
    "bid_amount_local_micro",
    "categories",
    "duration_in_days",
    "end_time",
    "frequency_cap",
    "ios_app_store_identifier",
    "primary_web_event_tag",
    "start_time",
    DAILY,
    TOTAL,
)
_CHOSEN = ("bid_strategy", "goal", "pay_by", "entity_status")
_TIMES = ("start_time", "end_time")
_TOLD = (
    "id name campaign_id objective product_type placements goal bid_strategy pay_by"
    " bid_amount_local_micro entity_status advertiser_domain advertiser_user_id"
    " android_app_store_identifier ios_app_store_identifier audience_expansion"
    " primary_web_event_tag frequency_cap duration_in_days standard_delivery"
).split()


def render(ctx: Context, record: Record) -> dict[str, Any]:
    """
    The line item as X tells it.
    """
    data = record.data
    campaign = ctx.store.get("campaign", data["campaign_id"])
    told = {key: data.get(key) for key in _TOLD}
    return {
        **told,
        "id": record.id,
        "funding_instrument_id": campaign.data["funding_instrument_id"]
        if campaign
        else None,
        "currency": ctx.store.accounts[record.account].currency,
        DAILY: data[DAILY],
        TOTAL: data[TOTAL],
        "start_time": data["start_time"],
        "end_time": data["end_time"],
        "categories": data["categories"] or [],
        "creative_source": "MANUAL",
        "automatic_tweet_promotion": None,
        "target_cpa_local_micro": None,
        **dates(record),
    }


LINE_ITEMS = Resource(
    "line_item",
    "line_item_id",
    "LINE_ITEM_NOT_FOUND",
    render,
    filters={
        "line_item_ids": "id",
        "campaign_ids": "campaign_id",
        "funding_instrument_ids": "funding_instrument_id",
    },
    sortable=("bid_amount_local_micro",),
    drafts=True,
)


def create(ctx: Context) -> Result:
    """
    Create a line item; without a status it is ACTIVE, without criteria for everybody.
    """
    params = ctx.params
    campaign = ctx.owned(
        "campaign", params["campaign_id"], "CAMPAIGN_NOT_FOUND", "campaign_id"
    )
    data: dict[str, Any] = dict.fromkeys(_OPTIONAL)
    data |= {name: value for name, value in _wanted(params).items() if name != "id"}
    data |= {name: params[name] for name in _FIXED if name in params}
    data["placements"] = sorted(set(params["placements"]))
    data["standard_delivery"] = params.get("standard_delivery", True)
    data["funding_instrument_id"] = campaign.data["funding_instrument_id"]
    _fill(data)
    check(ctx, campaign, data)
    _check_siblings(ctx, campaign, data)
    record = ctx.store.add("line_item", ctx.account.id, data, ctx.now)
    ctx.changed.append(record)
    return Result(render(ctx, record))


def update(ctx: Context) -> Result:
    """
    Change the fields that were sent; objective, product and placements never change.
    """
    record = LINE_ITEMS.one(ctx)
    return Result(render(ctx, change(ctx, record, _wanted(ctx.params))))


def change(ctx: Context, record: Record, changes: dict[str, Any]) -> Record:
    """
    Apply changes to a line item after judging what comes out of them.
    """
    data = {**record.data, **changes}
    for name in _CHOSEN:
        if data[name] is None:
            raise invalid(name, f"{name} cannot be cleared")
    if "pay_by" in changes and data["objective"] != "APP_INSTALLS":
        _unchanged(record, "pay_by", data["pay_by"])
    campaign = ctx.store.get("campaign", data["campaign_id"])
    if campaign is None:
        raise missing("campaign_id")
    check(ctx, campaign, data)
    spent = ctx.ledger.spent(record, ctx.now)
    total = major(data[TOTAL], ctx.account.currency)
    if TOTAL in changes and total is not None and total < spent:
        text = "The line item has already spent more than this total budget"
        raise refuse("SPEND_EXCEEDS_BUDGET", text, parameter=TOTAL, value=data[TOTAL])
    ctx.store.touch(record, ctx.now, changes)
    ctx.changed.append(record)
    return record


def activate(ctx: Context) -> Result:
    """
    Switch a line item on, by the route of its own.
    """
    record = LINE_ITEMS.one(ctx)
    return Result(render(ctx, change(ctx, record, {"entity_status": "ACTIVE"})))


def _wanted(params: dict[str, Any]) -> dict[str, Any]:
    wanted = {
        name: params[name]
        for name in (*_OPTIONAL, *_CHOSEN)
        if name in params and name != "primary_web_event_tag"
    }
    for name in _TIMES:
        if wanted.get(name):
            wanted[name] = stamp(seconds(wanted[name]))
    if isinstance(wanted.get("categories"), str):
        wanted["categories"] = wanted["categories"].split(",")
    return wanted


def _fill(data: dict[str, Any]) -> None:
    """
    Take what X takes when a client says nothing.

    Documented for ENGAGEMENTS only; the other objectives' defaults are assumed.
    """
    rules = OBJECTIVES[data["objective"]]
    bids = [name for name in rules.strategies if name != "AUTO"]
    data.setdefault("goal", rules.goals[0])
    if "bid_strategy" not in data:
        automatic = data["bid_amount_local_micro"] is None
        automatic = automatic and data["objective"] != "ENGAGEMENTS"
        data["bid_strategy"] = "AUTO" if automatic else bids[0]
    data.setdefault("pay_by", rules.pay_by)
    data.setdefault("entity_status", "ACTIVE")


def _check_siblings(ctx: Context, campaign: Record, data: dict[str, Any]) -> None:
    siblings = children(ctx.store, campaign.id, "line_item")
    for name in ("objective", "product_type"):
        if any(one.data[name] != data[name] for one in siblings):
            text = f"All line items of a campaign must have the same {name}"
            raise refuse("INVALID", text, attribute=name, value=data[name])
    if len(siblings) >= MAX_LINE_ITEMS:
        text = f"The campaign has reached its limit of {MAX_LINE_ITEMS} line items"
        raise refuse("TOO_MANY_LINE_ITEMS", text, parameter="campaign_id")


def _unchanged(record: Record, name: str, value: Any) -> None:
    if record.data[name] != value:
        text = f"{name} can be changed for APP_INSTALLS only"
        raise invalid(name, text, value)
