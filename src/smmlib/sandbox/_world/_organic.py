"""
What happens without ads: followers by day, and what posts bring over time.

The levels are the simulation's own, inside what the trade calls usual in 2026 (a post
reaches 5 to 15 % of the followers, one in thirty of them reacts).
"""

from __future__ import annotations

from datetime import date, timedelta
from math import exp

import attrs

from smmlib.sandbox._world._chance import between, draws, spread, whole

_EPOCH = date(2025, 1, 1)
_FADE_H = 20.0
_WEEKDAY = (1.0, 1.05, 1.08, 1.04, 0.98, 0.9, 0.95)
_BASE = {"facebook": (2_400, 5_200), "instagram": (1_600, 4_100)}
_REACH = {"facebook": 0.07, "instagram": 0.13}


@attrs.frozen
class OrganicDay:
    """
    One day of a page or profile: who came, who went, who looked.
    """

    follows: int
    unfollows: int
    views: int
    reach: int
    engagements: int
    profile_views: int


@attrs.frozen
class PostResult:
    """
    What a post has brought so far.
    """

    reach: int
    views: int
    likes: int
    comments: int
    shares: int
    saves: int
    clicks: int


def organic_day(seed: int, network: str, day: date, *, posts: int = 0) -> OrganicDay:
    """
    Tell one day of a page; each post of that day brings some people more.
    """
    luck = draws(seed, "organic", network, day, count=6)
    base = between(*_BASE[network], draws(seed, "followers", network)[0])
    mood = _WEEKDAY[day.weekday()] * spread(0.25, luck[0])
    reach = whole(base * _REACH[network] * mood * (1 + 0.8 * posts), luck[1])
    return OrganicDay(
        follows=whole(base * 0.0016 * mood * (1 + 0.5 * posts), luck[2]),
        unfollows=whole(base * 0.0007 * spread(0.3, luck[3]), luck[4]),
        views=whole(reach * 1.35, luck[5]),
        reach=reach,
        engagements=whole(reach * 0.045, luck[3]),
        profile_views=whole(reach * 0.06, luck[4]),
    )


def followers_before(seed: int, network: str, day: date) -> int:
    """
    Count the followers at the beginning of a day, without what posts and ads added.
    """
    count = int(between(*_BASE[network], draws(seed, "followers", network)[0]))
    past = _EPOCH
    while past < day:
        row = organic_day(seed, network, past)
        count += row.follows - row.unfollows
        past += timedelta(days=1)
    return count


def post_result(
    seed: int, key: str, network: str, *, followers: int, age_s: float
) -> PostResult:
    """
    Tell what a post of that age brought; it fades within days and never shrinks.
    """
    luck = draws(seed, "post", key, count=8)
    grown = 1.0 - exp(-max(age_s, 0.0) / 3600 / _FADE_H)
    top = followers * _REACH[network] * spread(0.4, luck[0])
    reach = whole(top * grown, luck[1])
    likes = whole(reach * between(0.02, 0.045, luck[2]), luck[3])
    return PostResult(
        reach=reach,
        views=whole(reach * 1.3, luck[4]),
        likes=likes,
        comments=whole(likes * 0.09, luck[5]),
        shares=whole(likes * 0.06, luck[6]),
        saves=whole(likes * 0.05, luck[7]),
        clicks=whole(reach * 0.018, luck[5]),
    )
