"""
Public holidays by country, and the hours at which an own audience answers best.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from fractions import Fraction
from functools import partial
from importlib import import_module
from typing import Any
from zoneinfo import ZoneInfo

import attrs

from smmlib.errors import Issue, MissingExtraError, ValidationError
from smmlib.model import Network, PostResult

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LEAST_POSTS = 3


def holidays_of(countries: Iterable[str], years: Iterable[int]) -> dict[date, str]:
    """
    Public holidays of countries (`DE`) or their regions (`DE-BY`), by day.

    Raises:
        MissingExtraError: The `report` extra is not installed.
        ValidationError: A country or region nobody knows the holidays of.
    """
    wanted = tuple(dict.fromkeys(countries))
    if not wanted:
        return {}
    try:
        library = import_module("holidays")
    except ModuleNotFoundError as error:
        feature = "a calendar with public holidays"
        raise MissingExtraError(feature, "report") from error
    found: dict[date, str] = {}
    for place in wanted:
        for day, name in _of(library, place, sorted(set(years))).items():
            seen = found.get(day)
            found[day] = f"{seen}; {name} ({place})" if seen else f"{name} ({place})"
    return dict(sorted(found.items()))


def _of(library: Any, place: str, years: list[int]) -> dict[date, str]:
    country, _, region = place.upper().partition("-")
    try:
        of = partial(library.country_holidays, country, subdiv=region or None)
        # In the country's own language, whatever the machine speaks.
        table = of(years=years, language=of().default_language)
    except (NotImplementedError, KeyError) as error:
        issue = Issue(
            "holidays",
            "calendar.country",
            f"nobody knows the public holidays of {place!r}",
            value=place,
            limit="a country such as DE, or with its region: DE-BY",
            hint="write ISO 3166 codes",
        )
        raise ValidationError([issue]) from error
    return dict(table.items())


@attrs.frozen(kw_only=True)
class BestHour:
    """
    A weekday and hour at which own posts did well.

    Attributes:
        network: Where.
        weekday: `mon` ... `sun`.
        hour: Wall time, 0 to 23.
        posts: How many posts it is known from.
        rate: What share of those who saw a post answered it; per post where the network
            does not say how many saw it.
    """

    network: Network
    weekday: str
    hour: int
    posts: int
    rate: Fraction

    def __str__(self) -> str:
        return f"{self.network.value} {self.weekday} {self.hour:02}:00"


def best_hours(
    published: Mapping[str, datetime],
    results: Iterable[PostResult],
    *,
    zone: str,
    least: int = _LEAST_POSTS,
) -> tuple[BestHour, ...]:
    """
    When own posts were answered most, best first; hours with too few posts are left
    out, because two lucky posts are no habit.

    Args:
        published: When each post went out, by its key.
        results: What came of them; the last of each post on each network counts.
        zone: Whose weekdays and hours.
        least: How many posts an hour needs.
    """
    last: dict[tuple[str, Network], PostResult] = {}
    for result in results:
        key = (result.post, result.network)
        if result.post in published and (key not in last or last[key].on <= result.on):
            last[key] = result
    place = ZoneInfo(zone)
    sums: dict[tuple[Network, int, int], list[tuple[int, int]]] = {}
    for (post, network), result in last.items():
        local = published[post].astimezone(place)
        spot = (network, local.weekday(), local.hour)
        sums.setdefault(spot, []).append(_answers(result))
    rows = [
        BestHour(
            network=network,
            weekday=_WEEKDAYS[weekday],
            hour=hour,
            posts=len(found),
            rate=Fraction(sum(a for a, _ in found), max(1, sum(s for _, s in found))),
        )
        for (network, weekday, hour), found in sums.items()
        if len(found) >= least
    ]
    return tuple(sorted(rows, key=lambda r: (r.network.value, -r.rate, r.hour)))


def _answers(result: PostResult) -> tuple[int, int]:
    """
    Answers to a post, and among how many; one post where nobody counted.
    """
    parts = (result.likes, result.comments, result.shares, result.clicks)
    return sum(p or 0 for p in parts), result.reach or result.impressions or 1
