"""
Promoted posts: what a line item shows.

Source: X Ads API, promoted tweets reference, 2026-08.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smmlib.sandbox.x._accounts import dates
from smmlib.sandbox.x._context import Result
from smmlib.sandbox.x._errors import refuse
from smmlib.sandbox.x._resources import Resource
from smmlib.sandbox.x._status import approval, children
from smmlib.sandbox.x._tables import REVIEW_S

if TYPE_CHECKING:
    from smmlib.sandbox.x._context import Context
    from smmlib.sandbox.x._store import Record


def render(ctx: Context, record: Record) -> dict[str, Any]:
    """
    The promoted post as X tells it.
    """
    return {
        "id": record.id,
        "line_item_id": record.data["line_item_id"],
        "tweet_id": record.data["tweet_id"],
        "entity_status": "PAUSED" if record.deleted else "ACTIVE",
        "approval_status": approval(ctx.store, record, ctx.now),
        **dates(record),
    }


PROMOTED_TWEETS = Resource(
    "promoted_tweet",
    "promoted_tweet_id",
    "PROMOTED_TWEET_NOT_FOUND",
    render,
    filters={"promoted_tweet_ids": "id", "line_item_ids": "line_item_id"},
)


def create(ctx: Context) -> Result:
    """
    Promote up to 50 posts in a line item; all of them or none.

    A post that the line item promotes already is given back as it is.
    """
    line_item = _line_item(ctx)
    tweets = [_tweet(ctx, tweet_id) for tweet_id in ctx.params["tweet_ids"]]
    there = {
        one.data["tweet_id"]: one
        for one in children(ctx.store, line_item.id, "promoted_tweet")
    }
    for tweet in tweets:
        if tweet.id not in there:
            there[tweet.id] = _promote(ctx, line_item, tweet)
    told = [render(ctx, there[tweet.id]) for tweet in tweets]
    return Result([] if ctx.fault == "empty_page" else told)


def _line_item(ctx: Context) -> Record:
    return ctx.owned(
        "line_item", ctx.params["line_item_id"], "LINE_ITEM_NOT_FOUND", "line_item_id"
    )


def _tweet(ctx: Context, tweet_id: str) -> Record:
    tweet = ctx.store.get("tweet", tweet_id)
    if tweet is None or tweet.account != ctx.account.id or tweet.deleted:
        text = f"Tweet {tweet_id} was not found"
        raise refuse("TWEET_NOT_FOUND", text, parameter="tweet_ids", value=tweet_id)
    return tweet


def _promote(ctx: Context, line_item: Record, tweet: Record) -> Record:
    if line_item.data["product_type"] == "MEDIA":
        text = "A pre-roll line item takes media creatives, not posts"
        raise refuse("ACTION_NOT_ALLOWED", text, parameter="line_item_id")
    data = _links(ctx, line_item) | {"tweet_id": tweet.id}
    record = ctx.store.add("promoted_tweet", ctx.account.id, data, ctx.now)
    ctx.changed.append(record)
    return record


def _links(ctx: Context, line_item: Record) -> dict[str, Any]:
    return {
        "line_item_id": line_item.id,
        "campaign_id": line_item.data["campaign_id"],
        "review_until": ctx.now + REVIEW_S,
    }
