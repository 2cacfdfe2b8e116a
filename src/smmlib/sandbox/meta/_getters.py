"""
What each field of a node reads as: the modelled part of the contract's fields.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from smmlib.sandbox.meta import _organic_getters as organic
from smmlib.sandbox.meta._creatives import content_of
from smmlib.sandbox.meta._reading import (
    COMMON,
    absent,
    account_ref,
    created,
    moment,
    plain,
    ref,
    text,
)
from smmlib.sandbox.meta._status import disapproved, effective_status
from smmlib.sandbox.meta._tables import (
    MIN_SPEND_CAP_USD,
    from_usd,
    minimum_daily,
    offset,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from smmlib.sandbox.meta._context import Context
    from smmlib.sandbox.meta._world_state import Node


def _effective(ctx: Context, node: Node) -> str:
    return effective_status(ctx.world, node, ctx.now)


def _remaining(ctx: Context, node: Node) -> str | None:
    budget = node.data.get("lifetime_budget") or node.data.get("daily_budget")
    if not budget:
        return None
    day = None if node.data.get("lifetime_budget") else _today(ctx, node)
    spent = ctx.ledger.spent(node, ctx.now, day)
    minor = int(spent * offset(ctx.account(node).currency))
    return str(max(budget - minor, 0))


def _today(ctx: Context, node: Node) -> Any:
    return datetime.fromtimestamp(ctx.now, ctx.account(node).zone).date()


_DELIVERING: dict[str, Any] = {
    **COMMON,
    "configured_status": plain("status"),
    "effective_status": _effective,
    "issues_info": absent,
    "recommendations": absent,
}

_BUDGETS: dict[str, Any] = {
    "daily_budget": text("daily_budget"),
    "lifetime_budget": text("lifetime_budget"),
    "budget_remaining": _remaining,
    "bid_strategy": plain("bid_strategy"),
    "pacing_type": lambda _, node: node.data.get("pacing_type", ["standard"]),
}


def _merged_start(ctx: Context, node: Node) -> str | None:
    starts = [n.data["start_time"] for n in ctx.world.family(node.id, "AdSet")]
    return ctx.when(node, min(starts)) if starts else None


def _merged_stop(ctx: Context, node: Node) -> str | None:
    ends = [n.data.get("end_time") for n in ctx.world.family(node.id, "AdSet")]
    return ctx.when(node, max(e for e in ends if e)) if ends and all(ends) else None


_CAMPAIGN = {
    **_DELIVERING,
    **_BUDGETS,
    "objective": plain("objective"),
    "buying_type": plain("buying_type"),
    "special_ad_categories": plain("special_ad_categories"),
    "special_ad_category": lambda _, n: (n.data["special_ad_categories"] or ["NONE"])[
        0
    ],
    "special_ad_category_country": plain("special_ad_category_country"),
    "spend_cap": text("spend_cap"),
    "is_adset_budget_sharing_enabled": plain("is_adset_budget_sharing_enabled"),
    "start_time": _merged_start,
    "stop_time": _merged_stop,
    "smart_promotion_type": absent,
    "source_campaign_id": lambda _, n: n.data.get("source_id", "0"),
    "promoted_object": absent,
    "boosted_object_id": absent,
    "topline_id": lambda *_: "0",
    "budget_rebalance_flag": lambda *_: False,
    "can_use_spend_cap": lambda *_: True,
    "has_secondary_skadnetwork_reporting": lambda *_: False,
    "is_skadnetwork_attribution": lambda *_: False,
    "is_budget_schedule_enabled": lambda *_: False,
}

_ADSET = {
    **_DELIVERING,
    **_BUDGETS,
    "campaign_id": plain("campaign_id"),
    "campaign": ref("campaign_id"),
    "optimization_goal": plain("optimization_goal"),
    "billing_event": plain("billing_event"),
    "bid_amount": plain("bid_amount"),
    "bid_constraints": plain("bid_constraints"),
    "targeting": plain("targeting"),
    "promoted_object": plain("promoted_object"),
    "destination_type": plain("destination_type"),
    "attribution_spec": plain("attribution_spec"),
    "frequency_control_specs": plain("frequency_control_specs"),
    "dsa_payor": plain("dsa_payor"),
    "dsa_beneficiary": plain("dsa_beneficiary"),
    "start_time": moment("start_time"),
    "end_time": moment("end_time"),
    "is_dynamic_creative": lambda *_: False,
    "source_adset_id": lambda _, n: n.data.get("source_id", "0"),
    "daily_min_spend_target": absent,
    "daily_spend_cap": absent,
    "lifetime_min_spend_target": absent,
    "lifetime_spend_cap": absent,
    "adset_schedule": absent,
    "instagram_user_id": absent,
    "special_ad_categories": lambda ctx, node: ctx.world.parent(node).data[
        "special_ad_categories"
    ],
}


def _adset_targeting(ctx: Context, node: Node) -> Any:
    parent = ctx.world.parent(node)
    return parent.data["targeting"] if parent else None


def _feedback(ctx: Context, node: Node) -> dict[str, Any] | None:
    if ctx.now < node.data["review_until"] or not disapproved(node):
        return None
    reason = "The sandbox was asked to disapprove this text."
    return {"global": {"Sandbox policy": reason}}


_AD = {
    **_DELIVERING,
    "campaign_id": plain("campaign_id"),
    "campaign": ref("campaign_id"),
    "adset_id": plain("adset_id"),
    "adset": ref("adset_id"),
    "creative": ref("creative_id"),
    "targeting": _adset_targeting,
    "tracking_specs": plain("tracking_specs"),
    "conversion_domain": plain("conversion_domain"),
    "ad_review_feedback": _feedback,
    "source_ad_id": lambda _, n: n.data.get("source_id", "0"),
    "bid_amount": absent,
    "ad_schedule_start_time": absent,
    "ad_schedule_end_time": absent,
}


def _from_link(name: str) -> Callable[[Context, Node], Any]:
    return lambda _, node: content_of(node.data).get(name)


def _video_of(node: Node) -> dict[str, Any]:
    video: dict[str, Any] = node.data.get("object_story_spec", {}).get("video_data", {})
    return video


def _image_url(ctx: Context, node: Node) -> str | None:
    link = content_of(node.data)
    image = ctx.world.get(f"{node.account}:{link.get('image_hash', '')}")
    return image.data["url"] if image else link.get("picture")


_CREATIVE = {
    **{k: v for k, v in COMMON.items() if k not in {"created_time", "updated_time"}},
    "object_story_spec": plain("object_story_spec"),
    "object_story_id": plain("object_story_id"),
    "effective_object_story_id": plain("effective_object_story_id"),
    "actor_id": lambda _, n: n.data.get("object_story_spec", {}).get("page_id"),
    "instagram_user_id": lambda _, n: n.data.get("object_story_spec", {}).get(
        "instagram_user_id"
    ),
    "url_tags": plain("url_tags"),
    "degrees_of_freedom_spec": plain("degrees_of_freedom_spec"),
    "body": _from_link("message"),
    "title": _from_link("name"),
    "image_hash": _from_link("image_hash"),
    "call_to_action": plain("call_to_action"),
    "call_to_action_type": lambda _, n: (
        content_of(n.data).get("call_to_action", {}).get("type")
    ),
    "image_url": _image_url,
    "thumbnail_url": _image_url,
    "object_type": lambda _, n: "VIDEO" if _video_of(n) else "SHARE",
    "video_id": lambda _, n: _video_of(n).get("video_id"),
    "asset_feed_spec": absent,
    "link_url": absent,
    "object_url": absent,
    "product_set_id": absent,
    "source_instagram_media_id": plain("source_instagram_media_id"),
    "template_url": absent,
    "authorization_category": lambda *_: "NONE",
}

_IMAGE = {
    **{k: v for k, v in COMMON.items() if k != "adlabels"},
    "hash": plain("hash"),
    "width": plain("width"),
    "height": plain("height"),
    "original_width": plain("width"),
    "original_height": plain("height"),
    "url": plain("url"),
    "url_128": plain("url_128"),
    "permalink_url": plain("permalink_url"),
}

_LABEL = {
    key: COMMON[key] for key in ("id", "name", "created_time", "updated_time")
} | {"account": account_ref}


def _amount_spent(ctx: Context, node: Node) -> str:
    spent = ctx.ledger.spent(node, ctx.now, None)
    return str(int(spent * offset(ctx.account(node).currency)))


def _utc_hours(ctx: Context, node: Node) -> float:
    moment = datetime.fromtimestamp(ctx.now, ctx.account(node).zone)
    shift = moment.utcoffset()
    return shift.total_seconds() / 3600 if shift else 0.0


def _account_minimum(ctx: Context, node: Node) -> int:
    return minimum_daily(ctx.account(node).currency, "IMPRESSIONS", frozenset({"US"}))


_ACCOUNT = {
    "id": COMMON["id"],
    "name": COMMON["name"],
    "account_id": COMMON["account_id"],
    "created_time": created,
    "account_status": lambda *_: 1,
    "disable_reason": lambda *_: 0,
    "age": lambda ctx, node: round((ctx.now - node.created) / 86_400, 2),
    "amount_spent": _amount_spent,
    "balance": _amount_spent,
    "currency": lambda ctx, node: ctx.account(node).currency,
    "timezone_name": lambda ctx, node: str(ctx.account(node).zone),
    "timezone_offset_hours_utc": _utc_hours,
    "min_daily_budget": _account_minimum,
    "min_campaign_group_spend_cap": lambda ctx, node: str(
        from_usd(Decimal(MIN_SPEND_CAP_USD), ctx.account(node).currency)
    ),
    "spend_cap": lambda *_: "0",
    "default_dsa_payor": plain("default_dsa_payor"),
    "default_dsa_beneficiary": plain("default_dsa_beneficiary"),
    "is_prepay_account": lambda *_: False,
    "is_personal": lambda *_: 0,
    "business_country_code": lambda *_: "DE",
}

_AUDIENCE = {
    **{k: COMMON[k] for k in ("id", "name", "account_id")},
    "description": plain("description"),
    "subtype": plain("subtype"),
    "customer_file_source": plain("customer_file_source"),
    "rule": plain("rule"),
    "retention_days": plain("retention_days"),
    "pixel_id": plain("pixel_id"),
    "lookalike_spec": plain("lookalike_spec"),
    "approximate_count_lower_bound": lambda ctx, n: audience_bounds(n, ctx.now)[0],
    "approximate_count_upper_bound": lambda ctx, n: audience_bounds(n, ctx.now)[1],
    "operation_status": lambda ctx, n: _operation(n, ctx.now),
    "delivery_status": lambda ctx, n: _deliverable(n, ctx.now),
    "time_created": lambda _, n: int(n.created),
    "time_updated": lambda _, n: int(n.updated),
    "time_content_updated": lambda _, n: int(n.data["content_updated"]),
}


_STEPS = (("Job Started", 0), ("Job Running", 40), ("Job Running", 100))
RUN_DONE = ("Job Completed", 100)
_RUN_FAILED = ("Job Failed", 40)


def progress(run: Node) -> tuple[str, int]:
    """
    Status and percentage of a report run after so many looks at it.
    """
    polls, fate = run.data["polls"], run.data.get("fate", "")
    if polls < len(_STEPS):
        return _STEPS[polls]
    return {"stuck": _STEPS[-1], "failed": _RUN_FAILED}.get(fate, RUN_DONE)


def _failure(name: str) -> Callable[[Context, Node], Any]:
    def get(_: Context, run: Node) -> Any:
        if progress(run) != _RUN_FAILED:
            return None
        texts = {
            "message": "The report could not be computed.",
            "user_title": "Report failed",
            "user_msg": "Ask for a shorter period or fewer fields.",
        }
        return {**texts, **run.data["error"]}[name]

    return get


def audience_ready(node: Node, now: float) -> bool:
    """
    Whether a custom audience has finished populating.
    """
    return bool(now >= node.data["ready_at"])


def audience_bounds(node: Node, now: float) -> tuple[int, int]:
    """
    The rounded size Meta shows: -1 while unknown, 1,000 where it is small.
    """
    if not audience_ready(node, now):
        return -1, -1
    size = node.data["size"]
    if size < 1_000:  # noqa: PLR2004 - below this Meta never tells the size
        return 1_000, 1_000
    step = 10 ** (len(str(size)) - 2)
    low = size // step * step
    return low, low + int(step * 1.5) + 1


def _operation(node: Node, now: float) -> dict[str, Any]:
    if audience_ready(node, now):
        return {"code": 200, "description": "Normal"}
    return {"code": 441, "description": "Audience is populating"}


def _deliverable(node: Node, now: float) -> dict[str, Any]:
    if not audience_ready(node, now):
        return {"code": 300, "description": "Audience is not ready yet"}
    if node.data["size"] < 100:  # noqa: PLR2004 - Meta's floor for delivery
        return {"code": 300, "description": "Audience is too small"}
    return {"code": 200, "description": "This audience is ready for use."}


_RUN = {
    "id": COMMON["id"],
    "account_id": COMMON["account_id"],
    "async_status": lambda _, n: progress(n)[0],
    "async_percent_completion": lambda _, n: progress(n)[1],
    "is_running": lambda _, n: progress(n)[0] == "Job Running",
    "time_ref": lambda _, n: int(n.created),
    "error_code": _failure("code"),
    "error_message": _failure("message"),
    "error_subcode": _failure("subcode"),
    "error_user_title": _failure("user_title"),
    "error_user_msg": _failure("user_msg"),
}

_NAMED = {"id": COMMON["id"], "name": COMMON["name"]}

GETTERS: dict[str, dict[str, Any]] = {
    "AdAccount": _ACCOUNT,
    "Campaign": _CAMPAIGN,
    "AdSet": _ADSET,
    "Ad": _AD,
    "AdCreative": _CREATIVE,
    "AdImage": _IMAGE,
    "AdLabel": _LABEL,
    "CustomAudience": _AUDIENCE,
    "User": _NAMED,
    "Page": organic.PAGE,
    "IGUser": organic.IG_USER,
    "AdReportRun": _RUN,
    "PagePost": organic.POST,
    "IGMedia": organic.MEDIUM,
    "LeadgenForm": organic.FORM,
    "Lead": organic.LEAD,
    "Photo": organic.PHOTO,
    "AdVideo": organic.VIDEO,
    "AdsPixel": {
        **_NAMED,
        "creation_time": created,
        "owner_ad_account": account_ref,
        "is_unavailable": lambda *_: False,
    },
}
