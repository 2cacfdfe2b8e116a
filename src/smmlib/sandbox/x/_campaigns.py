"""
Campaigns: who pays, how much at most, and whether it may run.

Source: X Ads API, campaigns reference, 2026-08. `entity_status` is ACTIVE unless said
otherwise; budgets are optimised per line item since 2026-06-27.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smmlib.sandbox.x._accounts import dates
from smmlib.sandbox.x._context import Result
from smmlib.sandbox.x._errors import invalid, refuse
from smmlib.sandbox.x._money import check_amount, major
from smmlib.sandbox.x._resources import Resource
from smmlib.sandbox.x._status import children, effective_status, reasons_not_servable
from smmlib.sandbox.x._tables import MAX_CAMPAIGNS

if TYPE_CHECKING:
    from smmlib.sandbox.x._context import Context
    from smmlib.sandbox.x._store import Record

DAILY, TOTAL = "daily_budget_amount_local_micro", "total_budget_amount_local_micro"
_OPTIONAL = (DAILY, TOTAL, "purchase_order_number")


def render(ctx: Context, record: Record) -> dict[str, Any]:
    """
    The campaign as X tells it, its status computed at this moment.
    """
    account = ctx.store.accounts[record.account]
    data = record.data
    spent = ctx.ledger.spent(record, ctx.now)
    total = major(data[TOTAL], account.currency)
    reasons = reasons_not_servable(ctx.store, record, ctx.now, spent, total)
    return {
        "id": record.id,
        "name": data["name"],
        "funding_instrument_id": data["funding_instrument_id"],
        "entity_status": data["entity_status"],
        "effective_status": effective_status(record, reasons),
        "reasons_not_servable": reasons,
        "servable": not reasons,
        "budget_optimization": "LINE_ITEM",
        DAILY: data[DAILY],
        TOTAL: data[TOTAL],
        "currency": account.currency,
        "standard_delivery": None,
        "purchase_order_number": data["purchase_order_number"],
        "frequency_cap": None,
        "duration_in_days": None,
        **dates(record),
    }


CAMPAIGNS = Resource(
    "campaign",
    "campaign_id",
    "CAMPAIGN_NOT_FOUND",
    render,
    filters={
        "campaign_ids": "id",
        "funding_instrument_ids": "funding_instrument_id",
    },
    sortable=("name", "start_time", "end_time", DAILY, TOTAL, "standard_delivery"),
    drafts=True,
)


def create(ctx: Context) -> Result:
    """
    Create a campaign; without a status it is ACTIVE at once.
    """
    params = ctx.params
    ctx.owned(
        "funding_instrument",
        params["funding_instrument_id"],
        "FUNDING_INSTRUMENT_NOT_FOUND",
        "funding_instrument_id",
    )
    data: dict[str, Any] = dict.fromkeys(_OPTIONAL)
    data |= {"entity_status": "ACTIVE", **_wanted(params)}
    data["funding_instrument_id"] = params["funding_instrument_id"]
    _check(ctx, data)
    _check_count(ctx)
    record = ctx.store.add("campaign", ctx.account.id, data, ctx.now)
    ctx.changed.append(record)
    return Result(render(ctx, record))


def update(ctx: Context) -> Result:
    """
    Change the fields that were sent; an empty text clears an optional one.
    """
    record = CAMPAIGNS.one(ctx)
    return Result(render(ctx, change(ctx, record, _wanted(ctx.params))))


def change(ctx: Context, record: Record, changes: dict[str, Any]) -> Record:
    """
    Apply changes to a campaign after judging what comes out of them.
    """
    data = {**record.data, **changes}
    for name in ("name", "entity_status"):
        if data[name] is None:
            raise invalid(name, f"{name} cannot be cleared")
    _check(ctx, data)
    spent = ctx.ledger.spent(record, ctx.now)
    total = major(data[TOTAL], ctx.account.currency)
    if TOTAL in changes and total is not None and total < spent:
        text = "The campaign has already spent more than this total budget"
        raise refuse("SPEND_EXCEEDS_BUDGET", text, parameter=TOTAL, value=data[TOTAL])
    ctx.store.touch(record, ctx.now, changes)
    ctx.changed.append(record)
    return record


def activate(ctx: Context) -> Result:
    """
    Switch a campaign on, by the route of its own.
    """
    record = CAMPAIGNS.one(ctx)
    return Result(render(ctx, change(ctx, record, {"entity_status": "ACTIVE"})))


def _wanted(params: dict[str, Any]) -> dict[str, Any]:
    known = (*_OPTIONAL, "name", "entity_status")
    return {key: params[key] for key in known if key in params}


def _check(ctx: Context, data: dict[str, Any]) -> None:
    for name in (DAILY, TOTAL):
        check_amount(data, name, ctx.account.currency)
    if data[DAILY] and data[TOTAL] and data[DAILY] > data[TOTAL]:
        text = f"{DAILY} must not be greater than {TOTAL}"
        raise invalid(DAILY, text, data[DAILY])


def _check_count(ctx: Context) -> None:
    if len(children(ctx.store, ctx.account.id, "campaign")) >= MAX_CAMPAIGNS:
        text = f"The account has reached its limit of {MAX_CAMPAIGNS} active campaigns"
        raise refuse("TOO_MANY_CAMPAIGNS", text)
