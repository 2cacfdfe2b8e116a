"""
The metrics of the statistics: which belong to which group, and how they are counted.

Source: X Ads API, analytics metrics and segmentation, 2026-08.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smmlib.sandbox._world import AdDay

_BASIC = ("engagements", "impressions", "retweets", "replies", "likes", "follows")
_WEB = (
    "purchases sign_ups site_visits downloads custom add_to_carts checkouts_initiated"
    " content_views payment_info_additions add_to_wishlists searches"
    " landing_page_views subscriptions"
).split()
_MOBILE = (
    "spent_credits installs content_views add_to_wishlists checkouts_initiated"
    " reservations tutorials_completed achievements_unlocked searches add_to_carts"
    " payment_info_additions re_engages shares rates logins updates levels_achieved"
    " invites key_page_views downloads purchases sign_ups site_visits"
).split()
_LIFETIME = (
    "purchases sign_ups updates tutorials_completed reservations add_to_carts"
    " add_to_wishlists checkouts_initiated levels_achieved achievements_unlocked"
    " shares invites payment_info_additions spent_credits rates"
).split()
GROUPS: dict[str, tuple[str, ...]] = {
    "ENGAGEMENT": (
        *_BASIC,
        "card_engagements",
        "clicks",
        "app_clicks",
        "url_clicks",
        "qualified_impressions",
        "carousel_swipes",
    ),
    "BILLING": ("billed_engagements", "billed_charge_local_micro"),
    "VIDEO": (
        "video_total_views",
        "video_views_25",
        "video_views_50",
        "video_views_75",
        "video_views_100",
        "video_cta_clicks",
        "video_content_starts",
        "video_3s100pct_views",
        "video_6s_views",
        "video_15s_views",
    ),
    "WEB_CONVERSION": tuple(f"conversion_{name}" for name in _WEB),
    "MOBILE_CONVERSION": tuple(f"mobile_conversion_{name}" for name in _MOBILE),
    "LIFE_TIME_VALUE_MOBILE_CONVERSION": tuple(
        f"mobile_conversion_lifetime_value_{name}" for name in _LIFETIME
    ),
}
_ALL = tuple(GROUPS)
OF_ENTITY = {
    "ACCOUNT": ("ENGAGEMENT",),
    "FUNDING_INSTRUMENT": ("ENGAGEMENT", "BILLING"),
    "CAMPAIGN": _ALL,
    "LINE_ITEM": _ALL,
    "PROMOTED_TWEET": _ALL,
}
_FEW = {"ACCOUNT", "FUNDING_INSTRUMENT"}
_WATCHED = {
    "video_views_25": 0.72,
    "video_views_50": 0.48,
    "video_views_75": 0.33,
    "video_views_100": 0.24,
    "video_3s100pct_views": 0.66,
    "video_6s_views": 0.52,
    "video_15s_views": 0.27,
}
_GLANCE = 0.11
"""
Views per impression of a film that was not promoted for its views.
"""
_BILLED = (100, 99, 99, 98)
"""
Per cent of the charge that are left after so many days: the estimate only falls.
"""
_OBJECT_KEYS = (
    "metric", "assisted", "post_view", "post_engagement", "order_quantity",
    "order_quantity_view", "order_quantity_engagement", "sale_amount",
    "sale_amount_view", "sale_amount_engagement",
)  # fmt: skip


@attrs.frozen
class Traits:
    """
    What of a post decides which metrics apply.
    """

    card: bool = False
    carousel: bool = False
    video: bool = False
    app: bool = False
    objective: str = ""


@attrs.frozen
class Piece:
    """
    What one post brought in one stretch of time.

    Attributes:
        age_days: Whole days since then, for charges that are corrected.
    """

    row: AdDay
    traits: Traits
    age_days: int


def names_of(entity: str, groups: Sequence[str]) -> list[str]:
    """
    The metrics of some groups for an entity; accounts have the basic ones only.
    """
    return [
        name
        for group in groups
        for name in GROUPS[group]
        if not (entity in _FEW and group == "ENGAGEMENT" and name not in _BASIC)
    ]


def series(name: str, buckets: Sequence[Sequence[Piece]]) -> Any:
    """
    One metric over time: numbers, an object of numbers, or None where it never applies.
    """
    pieces = [piece for bucket in buckets for piece in bucket]
    if name in GROUPS["WEB_CONVERSION"]:
        return _object(name, buckets)
    if not any(_applies(name, piece.traits) for piece in pieces):
        return None
    return [sum(_count(name, piece) for piece in bucket) for bucket in buckets]


def empty(name: str) -> Any:
    """
    A metric of something that was not served: null, for objects null in each key.
    """
    if name in GROUPS["WEB_CONVERSION"]:
        return dict.fromkeys(_OBJECT_KEYS)
    if name.startswith("mobile_"):
        keys = (
            "assisted",
            "post_view",
            "post_engagement",
            "order_quantity",
            "sale_amount",
        )
        return dict.fromkeys(keys)
    return None


def _applies(name: str, traits: Traits) -> bool:
    if name.startswith("video_"):
        return traits.video
    if name == "card_engagements":
        return traits.card
    if name == "carousel_swipes":
        return traits.carousel
    if name == "app_clicks":
        return traits.app
    return True


def _count(name: str, piece: Piece) -> int:
    row, traits = piece.row, piece.traits
    if not _applies(name, traits):
        return 0
    if name.startswith("video_"):
        return _video(name, piece)
    simple = {
        "impressions": row.impressions,
        "clicks": row.clicks,
        "url_clicks": 0 if traits.app else row.link_clicks,
        "app_clicks": row.link_clicks,
        "card_engagements": row.link_clicks,
        "likes": row.likes,
        "replies": row.comments,
        "retweets": row.shares,
        "follows": _follows(piece),
        "engagements": _engagements(piece),
        "qualified_impressions": row.impressions * 62 // 100,
        "carousel_swipes": row.clicks // 3,
        "billed_engagements": _billed(piece),
        "billed_charge_local_micro": _charge(piece),
    }
    return simple[name]


def _follows(piece: Piece) -> int:
    part = 3 if piece.traits.objective == "FOLLOWERS" else 40
    return (piece.row.clicks + piece.row.likes) // part


def _engagements(piece: Piece) -> int:
    row = piece.row
    return row.clicks + row.likes + row.comments + row.shares + _follows(piece)


def _billed(piece: Piece) -> int:
    """
    What the charge was for: people, clicks, views or impressions.
    """
    row, objective = piece.row, piece.traits.objective
    by_objective = {
        "REACH": row.impressions,
        "VIDEO_VIEWS": _views(piece),
        "FOLLOWERS": _follows(piece),
        "WEBSITE_CLICKS": row.link_clicks,
        "APP_INSTALLS": row.link_clicks,
        "APP_ENGAGEMENTS": row.link_clicks,
    }
    return by_objective.get(objective, _engagements(piece))


def _charge(piece: Piece) -> int:
    per_cent = _BILLED[min(max(piece.age_days, 0), len(_BILLED) - 1)]
    return int(piece.row.spend * 1_000_000) * per_cent // 100


def _views(piece: Piece) -> int:
    return piece.row.video_views or int(piece.row.impressions * _GLANCE)


def _video(name: str, piece: Piece) -> int:
    views = _views(piece)
    if name in _WATCHED:
        return int(views * _WATCHED[name])
    if name == "video_cta_clicks":
        return piece.row.link_clicks
    if name == "video_content_starts":
        return max(views, int(piece.row.impressions * 0.35))
    return views


def _object(name: str, buckets: Sequence[Sequence[Piece]]) -> Any:
    """
    A conversion with its ways: what the sandbox's shop knows are three of them.
    """
    fields = {
        "conversion_purchases": "purchases",
        "conversion_sign_ups": "registrations",
        "conversion_site_visits": "landing_page_views",
        "conversion_landing_page_views": "landing_page_views",
    }
    if name not in fields:
        return empty(name)
    counts = [sum(getattr(p.row, fields[name]) for p in bucket) for bucket in buckets]
    seen = [count * 8 // 108 for count in counts]
    acted = [count - part for count, part in zip(counts, seen, strict=True)]
    told: dict[str, Any] = dict.fromkeys(_OBJECT_KEYS)
    told |= {"metric": counts, "post_view": seen, "post_engagement": acted}
    told["assisted"] = [0] * len(counts)
    if name == "conversion_purchases":
        told["order_quantity"] = counts
        told["sale_amount"] = [
            sum(int(p.row.purchase_value * 1_000_000) for p in bucket)
            for bucket in buckets
        ]
    return told
