"""
What posts, media, photos, videos, the Page and the Instagram user read as.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smmlib.sandbox.meta._growth import followers_now
from smmlib.sandbox.meta._leads import count_leads
from smmlib.sandbox.meta._posts import is_out
from smmlib.sandbox.meta._reading import COMMON, created, plain, ref, text
from smmlib.sandbox.meta._results import result_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from smmlib.sandbox.meta._context import Context
    from smmlib.sandbox.meta._world_state import Node

_TIMES = {k: COMMON[k] for k in ("id", "created_time", "updated_time")}
_NAMED = {"id": COMMON["id"], "name": COMMON["name"]}


def _video_status(ctx: Context, node: Node) -> dict[str, Any]:
    ready = ctx.now >= node.data["ready_at"]
    return {
        "video_status": "ready" if ready else "processing",
        "processing_progress": 100 if ready else 50,
    }


def _media_count(ctx: Context, node: Node) -> int:
    return len(ctx.world.family(node.id, "IGMedia"))


def _followers(network: str) -> Callable[[Context, Node], int]:
    return lambda ctx, node: followers_now(ctx, node, network)


def _result(name: str) -> Callable[[Context, Node], int]:
    def get(ctx: Context, node: Node) -> int:
        count: int = getattr(result_of(ctx, node), name)
        return count

    return get


def _shares(ctx: Context, node: Node) -> dict[str, int] | None:
    count = result_of(ctx, node).shares
    return {"count": count} if count else None


POST = {
    **_TIMES,
    "message": text("message"),
    "from": ref("page_id"),
    "is_published": lambda ctx, node: is_out(node, ctx.now),
    "scheduled_publish_time": plain("scheduled"),
    "full_picture": plain("full_picture"),
    "shares": _shares,
    "is_expired": lambda *_: False,
    "is_hidden": lambda *_: False,
    "is_eligible_for_promotion": lambda *_: True,
    "promotable_id": COMMON["id"],
    "permalink_url": lambda _, n: f"https://www.facebook.com/{n.id}",
}

MEDIUM = {
    "id": COMMON["id"],
    "caption": text("caption"),
    "alt_text": text("alt_text"),
    "media_type": lambda _, n: n.data.get("media_type", "IMAGE"),
    "media_product_type": lambda *_: "FEED",
    "media_url": plain("media_url"),
    "timestamp": created,
    "permalink": lambda _, n: f"https://www.instagram.com/p/{n.id}",
    "owner": ref("page_id"),
    "username": lambda *_: "sandbox.instagram",
    "like_count": _result("likes"),
    "comments_count": _result("comments"),
    "shares_count": _result("shares"),
    "saved_count": _result("saves"),
    "view_count": _result("views"),
}

PHOTO = {
    **_TIMES,
    "name": plain("name"),
    "alt_text_custom": plain("alt_text_custom"),
    "from": ref("page_id"),
    "source": plain("source"),
    "picture": plain("source"),
    "width": lambda _, n: n.data["width"] or None,
    "height": lambda _, n: n.data["height"] or None,
    "page_story_id": plain("page_story_id"),
    "link": lambda _, n: f"https://www.facebook.com/photo?fbid={n.id}",
}

VIDEO = {
    **_TIMES,
    "title": plain("title"),
    "description": plain("description"),
    "source": plain("source"),
    "picture": lambda _, n: f"{n.data['source']}.jpg",
    "published": lambda *_: False,
    "status": _video_status,
}

FORM = {
    **_NAMED,
    "created_time": created,
    "status": COMMON["status"],
    "locale": plain("locale"),
    "page": ref("page_id"),
    "page_id": plain("page_id"),
    "questions": plain("questions"),
    "privacy_policy_url": plain("privacy_policy_url"),
    "follow_up_action_url": plain("follow_up_action_url"),
    "question_page_custom_headline": plain("question_page_custom_headline"),
    "is_optimized_for_quality": lambda _, n: n.data.get(
        "is_optimized_for_quality", False
    ),
    "leads_count": count_leads,
    "organic_leads_count": lambda *_: 0,
}

LEAD = {
    "id": COMMON["id"],
    "created_time": created,
    "is_organic": lambda *_: False,
    **{
        name: plain(name)
        for name in (
            "ad_id", "ad_name", "adset_id", "adset_name", "campaign_id",
            "campaign_name", "field_data", "form_id", "platform",
        )
    },
}  # fmt: skip

PAGE = {
    **_NAMED,
    "username": plain("username"),
    "link": plain("link"),
    "fan_count": _followers("facebook"),
    "followers_count": _followers("facebook"),
}

IG_USER = {
    **_NAMED,
    "username": plain("username"),
    "media_count": _media_count,
    "followers_count": _followers("instagram"),
}
