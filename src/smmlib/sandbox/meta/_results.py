"""
What one post brought: people reached, reactions, comments, shares, clicks.

Source: Page post insights and Instagram media insights references, 2026-06. A promoted
post counts its ads' results too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.sandbox import _world as people
from smmlib.sandbox.meta._errors import GraphError, not_modelled
from smmlib.sandbox.meta._growth import NO_METRIC, followers_now
from smmlib.sandbox.meta._posts import is_out, out_since

if TYPE_CHECKING:
    from smmlib.sandbox.meta._context import Context, Params
    from smmlib.sandbox.meta._world_state import Node

Data = dict[str, Any]
Metric = Callable[[people.PostResult], object]

PARAMS = frozenset({"metric", "period"})
KINDS = {"metric": "list<string>"}

POST_METRICS: dict[str, Metric] = {
    "post_media_view": lambda r: r.views,
    "post_total_media_view_unique": lambda r: r.reach,
    "post_clicks": lambda r: r.clicks,
    "post_reactions_like_total": lambda r: r.likes,
    "post_reactions_by_type_total": lambda r: {"like": r.likes} if r.likes else {},
    "post_activity_by_action_type": lambda r: {
        name: count
        for name, count in (
            ("like", r.likes),
            ("comment", r.comments),
            ("share", r.shares),
        )
        if count
    },
}
_ENDED = frozenset(
    "post_engaged_users post_impressions post_impressions_unique post_clicks_unique"
    " post_impressions_paid post_impressions_organic".split()
)
MEDIA_METRICS: dict[str, Metric] = {
    "reach": lambda r: r.reach,
    "views": lambda r: r.views,
    "likes": lambda r: r.likes,
    "comments": lambda r: r.comments,
    "shares": lambda r: r.shares,
    "saved": lambda r: r.saves,
    "total_interactions": lambda r: r.likes + r.comments + r.shares + r.saves,
}


def post_insights(ctx: Context, post: Node, params: Params) -> Data:
    """
    GET /{post}/insights.
    """
    wanted = params.get("metric", [])
    if not wanted:
        raise GraphError(
            3001, "(#3001) No metric was specified to be fetched.", subcode=NO_METRIC
        )
    for name in wanted:
        if name in _ENDED or not name.startswith("post_"):
            raise GraphError(
                100,
                "(#100) The value must be a valid insights metric",
                blame=["metric"],
            )
        if name not in POST_METRICS:
            raise not_modelled(f"the post metric {name}")
    _check_period([params.get("period", "lifetime")])
    result = result_of(ctx, post)
    return {"data": [_row(post, name, POST_METRICS[name](result)) for name in wanted]}


def media_insights(ctx: Context, medium: Node, params: Params) -> Data:
    """
    GET /{medium}/insights.
    """
    for name in params["metric"]:
        if name not in MEDIA_METRICS:
            raise not_modelled(f"the media metric {name}")
    _check_period(params.get("period", ["lifetime"]))
    result = result_of(ctx, medium)
    wanted = dict.fromkeys(params["metric"])
    rows = [_row(medium, name, MEDIA_METRICS[name](result)) for name in wanted]
    return {"data": rows}


def result_of(ctx: Context, node: Node) -> people.PostResult:
    """
    Everything a post or medium brought up to now, its ads included.
    """
    page = node.kind == "PagePost"
    network = "facebook" if page else "instagram"
    paid = _paid(ctx, node)
    if page and not is_out(node, ctx.now):
        return paid
    owner = ctx.world.get(node.data.get("page_id", ""))
    since = out_since(node) if page else node.created
    organic = people.post_result(
        ctx.world.seed,
        node.id,
        network,
        followers=followers_now(ctx, owner, network) if owner else 0,
        age_s=ctx.now - since,
    )
    sums = (
        getattr(organic, field.name) + getattr(paid, field.name)
        for field in attrs.fields(people.PostResult)
    )
    return people.PostResult(*sums)


def _check_period(given: list[str]) -> None:
    if given != ["lifetime"]:
        raise not_modelled(f"the period {', '.join(given)} of a post's insights")


def _paid(ctx: Context, node: Node) -> people.PostResult:
    key = "object_story_id" if node.kind == "PagePost" else "source_instagram_media_id"
    network = "facebook" if node.kind == "PagePost" else "instagram"
    rows = [
        row
        for account in ctx.world.accounts.values()
        for row in ctx.ledger.rows(account, ctx.now)
        if row.network == network and _shows(ctx, row.ad_id, key, node.id)
    ]
    return people.PostResult(
        reach=sum(row.reach for row in rows),
        views=sum(row.impressions for row in rows),
        likes=sum(row.likes for row in rows),
        comments=sum(row.comments for row in rows),
        shares=sum(row.shares for row in rows),
        saves=0,
        clicks=sum(row.clicks for row in rows),
    )


def _shows(ctx: Context, ad_id: str, key: str, wanted: str) -> bool:
    ad = ctx.world.get(ad_id)
    creative = ctx.world.get(ad.data["creative_id"]) if ad else None
    return creative is not None and creative.data.get(key) == wanted


def _row(node: Node, name: str, value: object) -> Data:
    return {
        "name": name,
        "period": "lifetime",
        "values": [{"value": value}],
        "title": name.removeprefix("post_").replace("_", " ").capitalize(),
        "description": "Since it was published",
        "id": f"{node.id}/insights/{name}/lifetime",
    }
