"""
Campaigns: created, changed, deleted by Meta's rules.

Source: Marketing API reference/ad-campaign-group and special ad category guide,
2026-09.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from smmlib.sandbox.meta import _tables as tables
from smmlib.sandbox.meta._budgets import (
    budget_of,
    check_budget_change,
    check_campaign_minimum,
    check_one_kind,
)
from smmlib.sandbox.meta._errors import invalid, missing, not_modelled
from smmlib.sandbox.meta._labels import check_labels, label_ids
from smmlib.sandbox.meta._status import GONE, check_edit, check_new_status
from smmlib.sandbox.meta._targeting import check_categories

if TYPE_CHECKING:
    from smmlib.sandbox.meta._context import Context, Params
    from smmlib.sandbox.meta._world_state import Node

CREATE = frozenset(
    "name objective status special_ad_categories special_ad_category_country"
    " daily_budget lifetime_budget bid_strategy spend_cap buying_type adlabels"
    " is_adset_budget_sharing_enabled execution_options pacing_type"
    " smart_promotion_type".split()
)
UPDATE = CREATE - {"buying_type", "objective"}


def is_dry(params: Params) -> bool:
    """
    Whether a request wants its checks only.
    """
    options = set(params.get("execution_options", ()))
    if options == {"include_recommendations"}:
        raise invalid(
            "execution_options", "include_recommendations cannot be used alone."
        )
    if options - {"validate_only"}:
        raise not_modelled(f"execution_options {sorted(options - {'validate_only'})}")
    return bool(options)


def check_name(params: Params, *, required: bool) -> None:
    """
    Refuse missing, empty and overlong names.
    """
    if "name" not in params:
        if required:
            raise missing("name")
        return
    if not params["name"].strip():
        raise invalid("name", "The name is empty.")
    if len(params["name"]) > tables.LONGEST_NAME:
        text = f"The name is longer than {tables.LONGEST_NAME} characters."
        raise invalid("name", text)


def create_campaign(ctx: Context, account: Node, params: Params) -> dict[str, Any]:
    """
    POST /act_X/campaigns.
    """
    check_name(params, required=True)
    data = {k: v for k, v in params.items() if k in CREATE}
    data["status"] = check_new_status(params.get("status", "ACTIVE"))
    _check_objective(data)
    _check_categories(data)
    _check_money(ctx, account.account, data)
    if "is_adset_budget_sharing_enabled" not in data and not budget_of(data):
        raise invalid(
            "is_adset_budget_sharing_enabled",
            "A campaign without a budget must say whether its ad sets share theirs:"
            " is_adset_budget_sharing_enabled is true or false.",
        )
    check_labels(ctx, account.account, data.get("adlabels", []))
    if is_dry(params):
        return {"success": True}
    _tidy(data)
    data["adlabels"] = label_ids(ctx, account.account, data.get("adlabels", []))
    return {"id": ctx.world.add("Campaign", account.account, data, ctx.now).id}


def update_campaign(ctx: Context, campaign: Node, params: Params) -> dict[str, Any]:
    """
    POST /{campaign}.
    """
    changes = {k: v for k, v in params.items() if k in UPDATE - {"execution_options"}}
    check_edit(campaign, changes)
    check_name(params, required=False)
    if "special_ad_categories" in changes:
        merged = {**campaign.data, **changes}
        _check_categories(merged)
        changes["special_ad_categories"] = merged["special_ad_categories"]
        for adset in live_children(ctx, campaign, "AdSet"):
            spec = adset.data["targeting"]
            check_categories(ctx, spec, changes["special_ad_categories"])
    _check_new_budget(ctx, campaign, changes)
    check_labels(ctx, campaign.account, changes.get("adlabels", []))
    if is_dry(params):
        return {"success": True}
    if "adlabels" in changes:
        changes["adlabels"] = label_ids(ctx, campaign.account, changes["adlabels"])
    ctx.world.touch(campaign, ctx.now, changes)
    ctx.ledger.note(ctx.world, campaign, ctx.now)
    return {"success": True}


def delete_node(ctx: Context, node: Node, _params: Params) -> dict[str, Any]:
    """
    DELETE /{campaign | ad set | ad | creative | audience}.
    """
    ctx.world.touch(node, ctx.now, {"status": "DELETED"})
    ctx.ledger.note(ctx.world, node, ctx.now)
    return {"success": True}


def live_children(ctx: Context, parent: Node, kind: str) -> list[Node]:
    """
    Children that are neither archived nor deleted.
    """
    return [
        node
        for node in ctx.world.family(parent.id, kind)
        if node.data["status"] not in GONE
    ]


def _check_objective(data: dict[str, Any]) -> None:
    if "objective" not in data:
        raise missing("objective")
    if not data["objective"].startswith("OUTCOME_"):
        raise invalid(
            "objective",
            f"{data['objective']} is deprecated for new campaigns.",
        )
    if data.get("smart_promotion_type"):
        raise invalid(
            "smart_promotion_type",
            "Advantage+ shopping and app campaigns can no longer be created.",
        )
    if data.get("buying_type", "AUCTION") != "AUCTION":
        raise not_modelled(f"buying_type {data['buying_type']}")
    if data.get("pacing_type", ["standard"]) != ["standard"]:
        raise not_modelled(f"pacing_type {data['pacing_type']}")
    data.setdefault("buying_type", "AUCTION")


def _check_categories(data: dict[str, Any]) -> None:
    if "special_ad_categories" not in data:
        raise missing("special_ad_categories")
    chosen = [c for c in data["special_ad_categories"] if c != "NONE"]
    if chosen and len(chosen) != len(data["special_ad_categories"]):
        raise invalid("special_ad_categories", "NONE stands alone.")
    countries = data.get("special_ad_category_country", [])
    if chosen and not countries:
        raise invalid(
            "special_ad_category_country",
            f"{', '.join(chosen)} needs special_ad_category_country.",
        )
    if "ISSUES_ELECTIONS_POLITICS" in chosen and set(countries) & tables.EU:
        raise invalid(
            "special_ad_category_country", "Political ads are not possible in the EU."
        )
    data["special_ad_categories"] = chosen


def _check_money(ctx: Context, account: str, data: dict[str, Any]) -> None:
    check_one_kind(data)
    budget = budget_of(data)
    currency = ctx.world.accounts[account].currency
    if budget:
        data.setdefault("bid_strategy", "LOWEST_COST_WITH_BID_CAP")
        least = tables.minimum_daily(currency, "IMPRESSIONS", frozenset())
        if budget[1] < least:
            raise invalid(
                budget[0],
                f"The budget must be at least {least} minor units.",
                subcode=1885272,
            )
    elif data.get("bid_strategy"):
        raise invalid(
            "bid_strategy", "Without a campaign budget the ad sets choose the strategy."
        )
    _check_cap(currency, data)


def _check_cap(currency: str, data: dict[str, Any]) -> None:
    floor = tables.from_usd(Decimal(tables.MIN_SPEND_CAP_USD), currency)
    cap = data.get("spend_cap")
    if cap is not None and cap < floor:
        raise invalid(
            "spend_cap",
            f"The spend cap must be at least {floor} minor units.",
            subcode=2446307,
        )


def _check_new_budget(ctx: Context, campaign: Node, changes: dict[str, Any]) -> None:
    _check_cap(ctx.account(campaign).currency, changes)
    given = budget_of(changes)
    if given is None:
        if changes.get("bid_strategy") and not budget_of(campaign.data):
            raise invalid("bid_strategy", "The ad sets choose the strategy here.")
        return
    check_one_kind(changes)
    present = budget_of(campaign.data)
    if present is None or present[0] != given[0]:
        raise not_modelled("moving a budget between levels or kinds after creation")
    check_budget_change(ctx, campaign, changes)
    adsets = [node.data for node in live_children(ctx, campaign, "AdSet")]
    check_campaign_minimum(ctx, campaign, adsets, given)


def _tidy(data: dict[str, Any]) -> None:
    data.pop("execution_options", None)
    for name in ("daily_budget", "lifetime_budget"):
        if not data.get(name):
            data.pop(name, None)
