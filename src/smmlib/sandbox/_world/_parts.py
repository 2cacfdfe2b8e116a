"""
Who saw an ad, where and on what: a day's row cut into parts that add up to it again.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar

import attrs

from smmlib.sandbox._world._chance import draws, spread

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from smmlib.sandbox._world._facts import AdDay

Key = TypeVar("Key", bound="Hashable")

_WITHIN = {
    "reach": "impressions",
    "clicks": "impressions",
    "link_clicks": "clicks",
    "landing_page_views": "link_clicks",
    "video_views": "impressions",
}
"""
What can be no more often than what it follows from.
"""
_FREE = ("leads", "registrations", "purchases", "likes", "comments", "shares")


def split(
    row: AdDay, weights: Sequence[tuple[Key, float]], *, seed: int
) -> list[tuple[Key, AdDay]]:
    """
    Cut a row into parts by weight; every count and the money add up exactly.

    Args:
        row: One ad, day and network.
        weights: What each part is called and how large its share is.
        seed: Which world; taste differs from ad to ad and not from day to day.
    """
    named = [
        weight * spread(0.3, draws(seed, "part", row.ad_id, key, count=1)[0])
        for key, weight in weights
    ]
    shown = _shares(row.impressions, named)
    bounds = [float(count) for count in shown]
    counts = {"impressions": shown}
    for name, above in _WITHIN.items():
        counts[name] = _within(getattr(row, name), bounds, counts[above])
    for name in _FREE:
        counts[name] = _shares(getattr(row, name), bounds)
    spend = _money(row.spend, shown)
    value = _money(row.purchase_value, counts["purchases"])
    found = []
    for place, (key, _) in enumerate(weights):
        if shown[place]:
            told: dict[str, Any] = {k: parts[place] for k, parts in counts.items()}
            told |= {"spend": spend[place], "purchase_value": value[place]}
            found.append((key, attrs.evolve(row, **told)))
    return found


def _shares(count: int, weights: Sequence[float]) -> list[int]:
    """
    Share a count out by weight; running totals are rounded, so nothing is lost.
    """
    total = sum(weights)
    if not total:
        return [0] * len(weights)
    done, running, parts = 0, 0.0, []
    for weight in weights:
        running += weight
        here = min(round(count * running / total), count)
        parts.append(here - done)
        done = here
    parts[-1] += count - done
    return parts


def _within(count: int, weights: Sequence[float], most: Sequence[int]) -> list[int]:
    """
    The same, but no part is larger than it may be: what is too much moves on.
    """
    parts = [
        min(part, limit)
        for part, limit in zip(_shares(count, weights), most, strict=True)
    ]
    left = count - sum(parts)
    for place, limit in enumerate(most):
        extra = min(left, limit - parts[place])
        parts[place] += extra
        left -= extra
    return parts


def _money(amount: Decimal, weights: Sequence[int]) -> list[Decimal]:
    exponent = int(amount.as_tuple().exponent)
    minor = int(amount.scaleb(-exponent))
    bounds = [float(weight) for weight in weights]
    return [Decimal(part).scaleb(exponent) for part in _shares(minor, bounds)]
