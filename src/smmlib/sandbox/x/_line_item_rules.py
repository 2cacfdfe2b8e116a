"""
What must hold between the fields of a line item.

Source: X Ads API, line items reference, bidding, placements, 2026-08.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smmlib.sandbox.x._campaigns import DAILY, TOTAL
from smmlib.sandbox.x._errors import invalid, missing, refuse
from smmlib.sandbox.x._money import check_amount, check_bid
from smmlib.sandbox.x._status import seconds
from smmlib.sandbox.x._tables import OBJECTIVES, PAY_BY, TAP

if TYPE_CHECKING:
    from smmlib.sandbox.x._context import Context
    from smmlib.sandbox.x._store import Record

_APPS = ("android_app_store_identifier", "ios_app_store_identifier")
_BID = "bid_amount_local_micro"
_MOST_SHOWN = 20


def check(ctx: Context, campaign: Record, data: dict[str, Any]) -> None:
    """
    Refuse a line item whose fields do not fit together.
    """
    _check_goal(ctx, data)
    _check_bid(ctx, data)
    _check_placements(data)
    _check_time(data)
    _check_frequency(data)
    _check_money(ctx, campaign, data)
    rules = OBJECTIVES[data["objective"]]
    if rules.app and not any(data[name] for name in _APPS):
        raise missing(_APPS[0], f" or {_APPS[1]}, for {data['objective']}")


def _check_goal(ctx: Context, data: dict[str, Any]) -> None:
    objective, goal = data["objective"], data["goal"]
    rules = OBJECTIVES[objective]
    if goal not in rules.goals:
        text = f"Goal {goal} does not go with objective {objective}"
        raise invalid("goal", text, goal)
    if goal == "WEBSITE_CONVERSIONS":
        tag = data["primary_web_event_tag"]
        if not tag:
            raise missing("primary_web_event_tag", f" for the goal {goal}")
        if tag != ctx.identity.web_event_tag:
            text = f"Web event tag {tag} was not found"
            raise refuse("WEB_EVENT_TAG_NOT_FOUND", text)
    allowed = PAY_BY.get(goal, ())
    if data["pay_by"] not in {*allowed, rules.pay_by}:
        text = f"pay_by {data['pay_by']} does not go with the goal {goal}"
        raise invalid("pay_by", text, data["pay_by"])
    if data["pay_by"] == "LINK_CLICK" and data["bid_strategy"] != "TARGET":
        text = "pay_by LINK_CLICK needs the bid strategy TARGET"
        raise invalid("pay_by", text, data["pay_by"])


def _check_bid(ctx: Context, data: dict[str, Any]) -> None:
    strategy = data["bid_strategy"]
    if strategy not in OBJECTIVES[data["objective"]].strategies:
        text = f"Bid strategy {strategy} does not go with {data['objective']}"
        raise invalid("bid_strategy", text, strategy)
    if strategy == "AUTO":
        return
    if data[_BID] is None:
        raise missing(_BID, f" for the bid strategy {strategy}")
    check_amount(data, _BID, ctx.account.currency)
    check_bid(data[_BID], ctx.account.currency)


def _check_placements(data: dict[str, Any]) -> None:
    chosen, objective = set(data["placements"]), data["objective"]
    wrong = ""
    if chosen == {"TWITTER_PROFILE"}:
        wrong = "TWITTER_PROFILE cannot be the only placement"
    elif objective == "REACH" and not chosen & {"TWITTER_TIMELINE", "ALL_ON_TWITTER"}:
        wrong = "REACH needs TWITTER_TIMELINE or ALL_ON_TWITTER"
    elif data["product_type"] == "MEDIA" and objective != "PREROLL_VIEWS":
        wrong = "Product type MEDIA is for PREROLL_VIEWS"
    elif any(one.startswith(TAP) for one in chosen) and not OBJECTIVES[objective].app:
        wrong = "Placements of the publisher network's apps are for app objectives"
    if wrong:
        raise refuse("INVALID_PLACEMENT_TYPE", wrong, parameter="placements")
    if "PUBLISHER_NETWORK" in chosen:
        for name in ("advertiser_domain", "categories"):
            if not data[name]:
                raise missing(name, " for PUBLISHER_NETWORK")


def _check_time(data: dict[str, Any]) -> None:
    begin, end = seconds(data["start_time"]), seconds(data["end_time"])
    if begin is None:
        raise missing("start_time")
    if end is not None and end <= begin:
        text = "end_time must be later than start_time"
        raise invalid("end_time", text, data["end_time"])


def _check_frequency(data: dict[str, Any]) -> None:
    cap, days = data["frequency_cap"], data["duration_in_days"]
    if (cap is None) != (days is None):
        text = '"frequency_cap" and "duration_in_days" belong together'
        absent = "duration_in_days" if days is None else "frequency_cap"
        raise refuse("INCLUSIVE_PARAMETERS", text, parameter=absent)
    if cap is None:
        return
    if not OBJECTIVES[data["objective"]].capped:
        text = f"{data['objective']} takes no frequency cap"
        raise invalid("frequency_cap", text, cap)
    if not 1 <= cap <= _MOST_SHOWN:
        raise invalid("frequency_cap", f"Expected 1 to {_MOST_SHOWN}", cap)


def _check_money(ctx: Context, campaign: Record, data: dict[str, Any]) -> None:
    for name in (DAILY, TOTAL):
        check_amount(data, name, ctx.account.currency)
    if data[DAILY] and data[TOTAL] and data[DAILY] > data[TOTAL]:
        text = f"{DAILY} must not be greater than {TOTAL}"
        raise invalid(DAILY, text, data[DAILY])
    most = campaign.data[TOTAL]
    if most and data[TOTAL] and data[TOTAL] > most:
        text = "The total budget must not be greater than the campaign's"
        raise invalid(TOTAL, text, data[TOTAL])
