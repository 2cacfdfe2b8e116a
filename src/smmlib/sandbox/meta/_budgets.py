"""
Budgets, bids and dates of campaigns and ad sets.

Source: Marketing API bidding overview, budgets and ad set considerations, 2026-09.
"""

from __future__ import annotations

import math
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from smmlib.sandbox.meta._errors import GraphError, invalid, missing
from smmlib.sandbox.meta._tables import (
    BUDGET_CHANGES_PER_HOUR,
    PER_USD,
    SHOWN_GOALS,
    minimum_daily,
    offset,
)
from smmlib.sandbox.meta._targeting import countries_of

if TYPE_CHECKING:
    from smmlib.sandbox.meta._context import Context
    from smmlib.sandbox.meta._world_state import Node

DAY_S = 86_400
TOO_LOW = 1885272
TOO_LOW_UPDATE = 1885650
TOO_LOW_FOR_ADSETS = 2238055
BOTH_LEVELS = 1885621
BID_MISSING = 1815857
END_PASSED = 1487033

BUDGETS = ("daily_budget", "lifetime_budget")
CAPPED = ("LOWEST_COST_WITH_BID_CAP", "COST_CAP")

Data = dict[str, Any]


def budget_of(data: Data) -> tuple[str, int] | None:
    """
    Kind and amount of the budget an object carries itself, or None.
    """
    for name in BUDGETS:
        if data.get(name):
            return name, data[name]
    return None


def check_one_kind(data: Data) -> None:
    """
    Refuse a daily and a lifetime budget on one object.
    """
    if data.get("daily_budget") and data.get("lifetime_budget"):
        raise invalid(
            "lifetime_budget", "Give either a daily or a lifetime budget, not both."
        )


def check_levels(campaign: Node, adset: Data) -> None:
    """
    Refuse budgets on both levels, and on none.
    """
    above, own = budget_of(campaign.data), budget_of(adset)
    if above and own:
        raise invalid(
            own[0],
            "The campaign holds the budget, so its ad sets cannot have one.",
            subcode=BOTH_LEVELS,
            title="Budget on two levels",
        )
    if not above and not own:
        raise missing("daily_budget")


def check_dates(campaign: Node, adset: Data, now: float) -> None:
    """
    Refuse runs that end before they begin, have passed, or are too short.
    """
    start, end = adset["start_time"], adset.get("end_time")
    kind, _ = budget_of(adset) or budget_of(campaign.data) or ("", 0)
    if kind == "lifetime_budget" and not end:
        raise invalid("end_time", "A lifetime budget needs an end time.")
    if not end:
        return
    if end <= now:
        raise invalid(
            "end_time", "The end time must be in the future.", subcode=END_PASSED
        )
    if end <= start:
        raise invalid("end_time", "The end time must be after the start time.")
    if kind == "daily_budget" and end - max(start, now) <= DAY_S:
        raise invalid("end_time", "A daily budget needs a run of more than 24 hours.")


def check_bid(campaign: Node, adset: Data) -> str:
    """
    Check strategy and bid of an ad set and give the strategy in force.
    """
    strategy = _strategy(campaign, adset)
    bid = adset.get("bid_amount")
    if strategy in CAPPED and not bid:
        raise invalid(
            "bid_amount",
            f"{strategy} needs a bid_amount.",
            subcode=BID_MISSING,
            title="Bid amount required",
        )
    if strategy not in CAPPED and bid:
        raise invalid("bid_amount", f"{strategy} takes no bid_amount.")
    if strategy == "LOWEST_COST_WITH_MIN_ROAS":
        floor = adset.get("bid_constraints", {}).get("roas_average_floor")
        if not floor or adset["optimization_goal"] != "VALUE":
            raise invalid(
                "bid_constraints",
                "A minimum ROAS needs bid_constraints.roas_average_floor and the"
                " goal VALUE.",
            )
    return strategy


def _strategy(campaign: Node, adset: Data) -> str:
    own = adset.get("bid_strategy")
    if budget_of(campaign.data):
        if own and own != campaign.data["bid_strategy"]:
            raise invalid("bid_strategy", "The campaign decides the bid strategy.")
        return str(campaign.data["bid_strategy"])
    if own:
        return str(own)
    return CAPPED[0] if adset.get("bid_amount") else "LOWEST_COST_WITHOUT_CAP"


def minimum_per_day(ctx: Context, account: str, adset: Data) -> int:
    """
    Lowest daily budget of an ad set, in minor units.
    """
    bid = adset.get("bid_amount")
    goal = adset["optimization_goal"]
    if bid:
        return int(bid) if goal in SHOWN_GOALS else 5 * int(bid)
    currency = ctx.world.accounts[account].currency
    return minimum_daily(currency, goal, countries_of(adset["targeting"]))


def minimum_budgets(_ctx: Context, _account: Node, params: Data) -> Data:
    """
    GET /act_X/minimum_budgets: Meta's lowest daily budgets, one row per currency.
    """
    bid = params.get("bid_amount")
    if bid is not None and bid < 1:
        raise invalid("bid_amount", "A bid is at least 1.")
    goals = {
        "min_daily_budget_imp": "IMPRESSIONS",
        "min_daily_budget_video_views": "THRUPLAY",
        "min_daily_budget_high_freq": "LINK_CLICKS",
        "min_daily_budget_low_freq": "OFFSITE_CONVERSIONS",
    }
    return {
        "data": [
            {
                "currency": currency,
                **{
                    name: minimum_daily(currency, goal, frozenset())
                    if bid is None
                    else bid * (1 if goal in SHOWN_GOALS else 5)
                    for name, goal in goals.items()
                },
            }
            for currency in PER_USD
        ]
    }


def run_days(adset: Data, now: float) -> int:
    """
    Days of a run, at least one, for lifetime minimums.
    """
    start = max(float(adset["start_time"]), now)
    seconds = float(adset.get("end_time", start)) - start
    return max(math.ceil(seconds / DAY_S), 1)


def check_minimum(
    ctx: Context, account: str, adset: Data, *, subcode: int = TOO_LOW
) -> None:
    """
    Refuse an ad set budget below Meta's minimum.
    """
    own = budget_of(adset)
    if own is None:
        return
    kind, amount = own
    least = minimum_per_day(ctx, account, adset)
    if kind == "lifetime_budget":
        least *= run_days(adset, ctx.now)
    if amount < least:
        raise _too_low(ctx, account, kind, least, subcode)


def check_campaign_minimum(
    ctx: Context, campaign: Node, adsets: list[Data], budget: tuple[str, int]
) -> None:
    """
    Refuse a campaign budget that cannot feed all its ad sets.
    """
    kind, amount = budget
    least = sum(
        minimum_per_day(ctx, campaign.account, adset)
        * (run_days(adset, ctx.now) if kind == "lifetime_budget" else 1)
        for adset in adsets
    )
    if amount < least:
        raise _too_low(ctx, campaign.account, kind, least, TOO_LOW_FOR_ADSETS)


def _too_low(
    ctx: Context, account: str, kind: str, least: int, subcode: int
) -> GraphError:
    currency = ctx.world.accounts[account].currency
    shown = Decimal(least) / offset(currency)
    return invalid(
        kind,
        f"The budget must be at least {shown:.2f} {currency}.",
        subcode=subcode,
        title="Your budget is too low",
    )


def check_budget_change(ctx: Context, node: Node, changes: Data) -> None:
    """
    Refuse budgets below 110 % of what was spent, and too many changes in an hour.
    """
    changed = [name for name in BUDGETS if name in changes]
    if not changed:
        return
    currency = ctx.account(node).currency
    if changes.get("lifetime_budget"):
        spent = ctx.ledger.spent(node, ctx.now, None) * offset(currency)
        if changes["lifetime_budget"] * 10 < spent * 11:
            raise _too_low(
                ctx,
                node.account,
                "lifetime_budget",
                int(spent * 11 / 10) + 1,
                TOO_LOW_UPDATE,
            )
    if node.kind == "AdSet":
        recent = [t for t in node.data.get("budget_edits", ()) if t > ctx.now - 3600]
        if len(recent) >= BUDGET_CHANGES_PER_HOUR:
            raise GraphError(
                613,
                "(#613) Calls to this api have exceeded the rate limit.",
                subcode=1487632,
                title="Budget changed too often",
                text="An ad set's budget can change four times an hour.",
                transient=True,
            )
        changes["budget_edits"] = [*recent, ctx.now]
