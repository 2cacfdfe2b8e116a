"""
Ad sets: who sees the ads, when, for how much, towards which goal.

Source: Marketing API reference/ad-campaign and its ODAX tables, 2026-09.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smmlib.sandbox.meta import _budgets as budgets
from smmlib.sandbox.meta import _tables as tables
from smmlib.sandbox.meta._campaigns import check_name, is_dry, live_children
from smmlib.sandbox.meta._contract import contract
from smmlib.sandbox.meta._errors import GraphError, invalid, missing, not_modelled
from smmlib.sandbox.meta._labels import check_labels, label_ids
from smmlib.sandbox.meta._status import GONE, check_edit, check_new_status
from smmlib.sandbox.meta._targeting import check_categories, check_targeting, in_eu

if TYPE_CHECKING:
    from smmlib.sandbox.meta._context import Context, Params
    from smmlib.sandbox.meta._world_state import Node

Data = dict[str, Any]

CREATE = frozenset(
    "name campaign_id status targeting optimization_goal billing_event bid_amount"
    " bid_strategy bid_constraints daily_budget lifetime_budget start_time end_time"
    " promoted_object destination_type attribution_spec dsa_payor dsa_beneficiary"
    " frequency_control_specs adlabels execution_options pacing_type"
    " is_dynamic_creative".split()
)
UPDATE = CREATE - {"campaign_id", "is_dynamic_creative"}
_FIXED = ("promoted_object", "destination_type", "attribution_spec")
_REQUIRED = ("campaign_id", "targeting", "optimization_goal", "billing_event")
_PROMOTED = {"pixel_id", "custom_event_type", "page_id"}
_REVIEWED = {"targeting", "optimization_goal", "billing_event"}


def create_adset(ctx: Context, account: Node, params: Params) -> Data:
    """
    POST /act_X/adsets.
    """
    check_name(params, required=True)
    for name in _REQUIRED:
        if name not in params:
            raise missing(name)
    campaign = _campaign(ctx, account, params["campaign_id"])
    data = {k: v for k, v in params.items() if k in CREATE - {"execution_options"}}
    data["status"] = check_new_status(params.get("status", "ACTIVE"))
    data["campaign_id"] = campaign.id
    data.setdefault("start_time", int(ctx.now))
    _drop_zero(data)
    if data.pop("is_dynamic_creative", False):
        raise not_modelled("is_dynamic_creative")
    _check_all(ctx, campaign, data, new=True)
    _check_room(ctx, campaign)
    check_labels(ctx, account.account, data.get("adlabels", []))
    if is_dry(params):
        return {"success": True}
    data["adlabels"] = label_ids(ctx, account.account, data.get("adlabels", []))
    return {"id": ctx.world.add("AdSet", account.account, data, ctx.now).id}


def update_adset(ctx: Context, adset: Node, params: Params) -> Data:
    """
    POST /{ad set}.
    """
    changes = {k: v for k, v in params.items() if k in UPDATE - {"execution_options"}}
    check_edit(adset, changes)
    check_name(params, required=False)
    _check_fixed(adset, changes)
    campaign = ctx.world.get(adset.data["campaign_id"])
    rules = set(changes) - {"name", "status", "adlabels"}
    if campaign is not None and rules:
        _check_changes(ctx, campaign, adset, changes)
    elif changes.get("status") == "ACTIVE":
        _check_not_over(adset, ctx.now)
    check_labels(ctx, adset.account, changes.get("adlabels", []))
    if is_dry(params):
        return {"success": True}
    if "adlabels" in changes:
        changes["adlabels"] = label_ids(ctx, adset.account, changes["adlabels"])
    ctx.world.touch(adset, ctx.now, changes)
    _review_again(ctx, adset, changes)
    ctx.ledger.note(ctx.world, adset, ctx.now)
    return {"success": True}


def _check_changes(ctx: Context, campaign: Node, adset: Node, changes: Data) -> None:
    if changes.get("end_time") == 0:
        changes["end_time"] = None
    for name in budgets.BUDGETS:
        if name in changes and not changes[name]:
            changes[name] = None
    given = budgets.budget_of(changes)
    present = budgets.budget_of(adset.data)
    if given and present and given[0] != present[0]:
        raise not_modelled("changing between daily and lifetime budgets")
    budgets.check_budget_change(ctx, adset, changes)
    merged = {k: v for k, v in {**adset.data, **changes}.items() if v is not None}
    _check_all(ctx, campaign, merged, new=False)
    changes.update({k: merged[k] for k in changes if k in merged})
    if not in_eu(merged["targeting"]):
        changes.update(dict.fromkeys(("dsa_payor", "dsa_beneficiary")))


def _campaign(ctx: Context, account: Node, campaign_id: str) -> Node:
    campaign = ctx.owned(campaign_id, "Campaign", account.account)
    if campaign is None:
        raise invalid("campaign_id", f"No campaign {campaign_id} in this account.")
    if campaign.data["status"] in GONE:
        raise invalid("campaign_id", "The campaign is archived or deleted.")
    return campaign


def _drop_zero(data: Data) -> None:
    for name in ("end_time", *budgets.BUDGETS):
        if not data.get(name):
            data.pop(name, None)


def _check_all(ctx: Context, campaign: Node, data: Data, *, new: bool) -> None:
    account = campaign.account
    data["targeting"] = check_targeting(ctx, account, data["targeting"], new=new)
    check_categories(ctx, data["targeting"], campaign.data["special_ad_categories"])
    _check_goal(campaign, data)
    _check_promoted(ctx, campaign, data)
    _check_billing(data)
    _check_attribution(data)
    _check_frequency(data)
    if data.get("pacing_type", ["standard"]) != ["standard"]:
        raise not_modelled(f"pacing_type {data['pacing_type']}")
    budgets.check_one_kind(data)
    budgets.check_levels(campaign, data)
    strategy = budgets.check_bid(campaign, data)
    if new or any(key in data for key in ("end_time",)):
        budgets.check_dates(campaign, data, ctx.now if new else 0)
    budgets.check_minimum(
        ctx,
        account,
        data,
        subcode=budgets.TOO_LOW if new else budgets.TOO_LOW_UPDATE,
    )
    above = budgets.budget_of(campaign.data)
    if above and new:
        others = [node.data for node in live_children(ctx, campaign, "AdSet")]
        budgets.check_campaign_minimum(ctx, campaign, [*others, data], above)
    data["bid_strategy"] = strategy
    _check_dsa(ctx, account, data)


def _check_goal(campaign: Node, data: Data) -> None:
    objective = campaign.data["objective"]
    table = tables.ODAX[objective]
    destination = data.get("destination_type", "")
    if destination not in table:
        raise invalid(
            "destination_type",
            f"{destination} does not go with {objective}.",
            subcode=1815715,
        )
    goal = data["optimization_goal"]
    if goal not in table[destination]:
        raise invalid(
            "optimization_goal",
            f"{goal} does not go with {objective}"
            + (f" and {destination}" if destination else "")
            + f"; possible: {', '.join(table[destination])}.",
        )


def _check_promoted(ctx: Context, campaign: Node, data: Data) -> None:
    promoted = data.get("promoted_object", {})
    if not isinstance(promoted, dict):
        raise invalid("promoted_object", "promoted_object must be an object.")
    for key in promoted:
        if key not in contract().structs["AdPromotedObject"]:
            raise invalid("promoted_object", f"promoted_object has no {key}.")
        if key not in _PROMOTED:
            raise not_modelled(f"promoted_object.{key}")
    if data.get("destination_type") == "APP" or "APP" in campaign.data["objective"]:
        raise not_modelled("apps as promoted objects")
    if "pixel_id" in promoted and str(promoted["pixel_id"]) != ctx.identity.pixel:
        raise invalid("promoted_object", f"No pixel {promoted['pixel_id']} here.")
    if "page_id" in promoted and str(promoted["page_id"]) != ctx.identity.page:
        raise invalid("promoted_object", f"No page {promoted['page_id']} here.")
    _check_event(promoted)
    goal = data["optimization_goal"]
    if goal in tables.PIXEL_GOALS and not {"pixel_id", "custom_event_type"} <= set(
        promoted
    ):
        raise invalid(
            "promoted_object",
            f"{goal} needs promoted_object with pixel_id and custom_event_type.",
        )
    awareness = campaign.data["objective"] == "OUTCOME_AWARENESS"
    if (goal in tables.PAGE_GOALS or awareness) and "page_id" not in promoted:
        raise invalid(
            "promoted_object", f"{goal} needs promoted_object.page_id.", subcode=1885154
        )


def _check_event(promoted: Data) -> None:
    event = promoted.get("custom_event_type")
    if event and event not in contract().enums["AdPromotedObject.custom_event_type"]:
        raise invalid("promoted_object", f"{event} is not a custom_event_type.")


def _check_billing(data: Data) -> None:
    event, goal = data["billing_event"], data["optimization_goal"]
    if event == "IMPRESSIONS" or (event == goal and event in tables.BILLED_AS_GOAL):
        return
    raise invalid(
        "billing_event",
        f"{event} cannot be billed with the goal {goal}; IMPRESSIONS always can.",
    )


def _check_attribution(data: Data) -> None:
    spec = data.get("attribution_spec")
    if not spec:
        return
    short = {
        "CLICK_THROUGH": "click",
        "VIEW_THROUGH": "view",
        "ENGAGED_VIDEO_VIEW": "ev",
    }
    windows = []
    for item in spec:
        kind = short.get(str(item.get("event_type")))
        if kind is None or set(item) != {"event_type", "window_days"}:
            raise invalid("attribution_spec", "Windows are {event_type, window_days}.")
        windows.append(f"{item['window_days']}d_{kind}")
    goal = data["optimization_goal"]
    allowed = tables.ATTRIBUTION.get(goal, tables.ATTRIBUTION[""])
    order = {"click": 0, "ev": 1, "view": 2}
    windows.sort(key=lambda window: order[window.partition("_")[2]])
    if "+".join(windows) not in allowed:
        raise invalid(
            "attribution_spec", f"{goal} allows {', '.join(sorted(allowed))}."
        )


def _check_frequency(data: Data) -> None:
    for spec in data.get("frequency_control_specs", ()):
        if data["optimization_goal"] not in {"REACH", "THRUPLAY"}:
            raise invalid("frequency_control_specs", "Only REACH and THRUPLAY have it.")
        given = spec if isinstance(spec, dict) else {}
        numbers = (given.get("interval_days"), given.get("max_frequency"))
        right = given.get("event") == "IMPRESSIONS" and all(
            isinstance(number, int) and 1 <= number <= 90  # noqa: PLR2004
            for number in numbers
        )
        if not right:
            raise invalid(
                "frequency_control_specs",
                "event is IMPRESSIONS, interval_days and max_frequency are 1 to 90.",
            )


def _check_dsa(ctx: Context, account: str, data: Data) -> None:
    names = {"dsa_payor": 3858079, "dsa_beneficiary": 3858081}
    if not in_eu(data["targeting"]):
        for name in names:
            data.pop(name, None)
        return
    owner = ctx.world.get(f"act_{account}")
    for name, subcode in names.items():
        default = owner.data.get(f"default_{name}") if owner else None
        if not data.get(name) and default:
            data[name] = default
        if not data.get(name):
            raise invalid(name, f"Ads in the EU need {name}.", subcode=subcode)
        if len(data[name]) > tables.DSA_NAME:
            raise invalid(name, f"{name} is longer than {tables.DSA_NAME} characters.")


def _check_room(ctx: Context, campaign: Node) -> None:
    live = len(live_children(ctx, campaign, "AdSet"))
    if live >= tables.ADSETS_PER_CAMPAIGN:
        raise invalid(
            "campaign_id", f"A campaign holds {tables.ADSETS_PER_CAMPAIGN} ad sets."
        )
    everywhere = ctx.world.family(campaign.account, "AdSet")
    if len(everywhere) < tables.ADSETS_PER_ACCOUNT:
        return
    if (
        sum(n.data["status"] not in GONE for n in everywhere)
        >= tables.ADSETS_PER_ACCOUNT
    ):
        raise invalid(
            "campaign_id", f"An account holds {tables.ADSETS_PER_ACCOUNT} ad sets."
        )


def _check_fixed(adset: Node, changes: Data) -> None:
    for name in _FIXED:
        if name in changes and changes[name] != adset.data.get(name):
            raise invalid(name, f"{name} cannot be changed after creation.")
    if "frequency_control_specs" in changes and changes[
        "frequency_control_specs"
    ] != adset.data.get("frequency_control_specs"):
        raise GraphError(
            100,
            "Invalid parameter",
            subcode=1815198,
            title="Cannot be changed",
            text="Frequency controls cannot be changed after creation.",
            blame=["frequency_control_specs"],
        )


def _check_not_over(adset: Node, now: float) -> None:
    if adset.data.get("end_time") and adset.data["end_time"] <= now:
        raise invalid("status", "The ad set has reached its end date.", subcode=1487007)


def _review_again(ctx: Context, adset: Node, changes: Data) -> None:
    if not _REVIEWED & set(changes):
        return
    for ad in ctx.world.family(adset.id, "Ad"):
        ctx.world.touch(ad, ctx.now, {"review_until": ctx.now + tables.REVIEW_S})
