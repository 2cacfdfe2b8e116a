"""
What is in effect: why a campaign does not serve, which posts passed the review.

Source: X Ads API, campaign management reference and core concepts, 2026-08.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smmlib.sandbox.x._tables import DISAPPROVE
from smmlib.sandbox.x._typed import moment

if TYPE_CHECKING:
    from decimal import Decimal

    from smmlib.sandbox.x._store import Record, Store

KEYWORDS = ("BROAD_KEYWORD", "EXACT_KEYWORD", "PHRASE_KEYWORD", "UNORDERED_KEYWORD")


def seconds(text: str | None) -> float | None:
    """
    A kept time as Unix seconds.
    """
    found = moment(text) if text else None
    return found[0].timestamp() if found else None


def approval(store: Store, promoted: Record, now: float) -> str:
    """
    Where the review of a promoted post stands.
    """
    tweet = store.get("tweet", promoted.data.get("tweet_id", ""))
    if now < promoted.data["review_until"]:
        return "UNDER_REVIEW"
    if tweet is not None and DISAPPROVE in tweet.data["text"]:
        return "REJECTED"
    return "ACCEPTED"


def children(store: Store, parent: str, kind: str) -> list[Record]:
    """
    The living records of a kind under a parent.
    """
    return [record for record in store.family(parent, kind) if not record.deleted]


def has_keyword_if_needed(store: Store, line_item: Record) -> bool:
    """
    Whether a line item that shows in search alone has a keyword to be found by.
    """
    if line_item.data["placements"] != ["TWITTER_SEARCH"]:
        return True
    criteria = children(store, line_item.id, "targeting_criterion")
    return any(one.data["targeting_type"] in KEYWORDS for one in criteria)


def complete(store: Store, line_item: Record) -> bool:
    """
    Whether a line item has everything it needs to serve but being switched on.
    """
    promoted = children(store, line_item.id, "promoted_tweet")
    return bool(promoted) and has_keyword_if_needed(store, line_item)


def switched_on(store: Store, promoted: Record) -> bool:
    """
    Whether nothing but review and flight keep a promoted post from delivering.
    """
    line_item = store.get("line_item", promoted.data["line_item_id"])
    if line_item is None or promoted.deleted or line_item.deleted:
        return False
    campaign = store.get("campaign", line_item.data["campaign_id"])
    if campaign is None or campaign.deleted:
        return False
    return (
        campaign.data["entity_status"] == "ACTIVE"
        and line_item.data["entity_status"] == "ACTIVE"
        and has_keyword_if_needed(store, line_item)
        and approval(store, promoted, promoted.data["review_until"]) == "ACCEPTED"
        and has_funding(store, campaign)
    )


def has_funding(store: Store, campaign: Record) -> bool:
    """
    Whether what pays for a campaign still can.
    """
    record = store.get("funding_instrument", campaign.data["funding_instrument_id"])
    return record is not None and not record.deleted


def reasons_not_servable(
    store: Store, campaign: Record, now: float, spent: Decimal, total: Decimal | None
) -> list[str]:
    """
    Everything that keeps a campaign from serving now.

    Args:
        store: All objects.
        campaign: The campaign.
        now: The present.
        spent: What it spent so far.
        total: Its total budget, None without one.
    """
    lines = children(store, campaign.id, "line_item")
    on = [line for line in lines if line.data["entity_status"] == "ACTIVE"]
    ready = [line for line in on if complete(store, line)]
    ends = [seconds(line.data["end_time"]) for line in ready]
    begins = [seconds(line.data["start_time"]) for line in ready]
    found = {
        "DELETED": campaign.deleted,
        "PAUSED_BY_ADVERTISER": campaign.data["entity_status"] == "PAUSED",
        "INCOMPLETE": campaign.data["entity_status"] == "DRAFT" or not ready,
        "FUNDING_PROBLEM": not has_funding(store, campaign),
        "BUDGET_EXHAUSTED": total is not None and spent >= total,
        "EXPIRED": bool(ready) and all(end is not None and end <= now for end in ends),
        "STARTS_IN_FUTURE": bool(ready)
        and all(begin is not None and begin > now for begin in begins),
        "CONTENT_REVIEW_PROBLEM": bool(ready) and _all_rejected(store, ready, now),
    }
    return [reason for reason, holds in found.items() if holds]


def _all_rejected(store: Store, lines: list[Record], now: float) -> bool:
    states = [
        approval(store, promoted, now)
        for line in lines
        for promoted in children(store, line.id, "promoted_tweet")
    ]
    return bool(states) and all(state == "REJECTED" for state in states)


def effective_status(campaign: Record, reasons: list[str]) -> str:
    """
    The status that users see: RUNNING, PAUSED, ACTIVE, or UNKNOWN while incomplete.
    """
    if not reasons:
        return "RUNNING"
    if "INCOMPLETE" in reasons or campaign.deleted:
        return "UNKNOWN"
    return "PAUSED" if "PAUSED_BY_ADVERTISER" in reasons else "ACTIVE"
