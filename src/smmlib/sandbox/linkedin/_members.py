"""
Who the people were: reports cut by what members say of themselves.

Source: LinkedIn reporting pages at li-lms-2026-02: at least three events, at most one
hundred values for a creative and day, half a day late, kept for two years, and never
adding up to the whole. How many of a day's people have which profession is the
simulation's own; targeting narrows it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.sandbox import _world as people
from smmlib.sandbox.linkedin._facets import entities
from smmlib.sandbox.linkedin._store import stable_digits
from smmlib.sandbox.linkedin._targeting import countries_of, values_of

if TYPE_CHECKING:
    from smmlib.sandbox.linkedin._facets import Entity
    from smmlib.sandbox.linkedin._store import Node

PIVOTS: dict[str, tuple[str, str]] = {
    "MEMBER_COMPANY_SIZE": ("staffCountRange", "staffCountRanges"),
    "MEMBER_INDUSTRY": ("industry", "industries"),
    "MEMBER_SENIORITY": ("seniority", "seniorities"),
    "MEMBER_JOB_TITLE": ("title", "titles"),
    "MEMBER_JOB_FUNCTION": ("function", "jobFunctions"),
    "MEMBER_COUNTRY_V2": ("country", ""),
    "MEMBER_REGION_V2": ("region", ""),
    "MEMBER_COMPANY": ("organization", "employers"),
}
"""Pivot to the entities it is cut by and the facet that narrows them."""

NOT_BY_MEMBER = (
    "conversionValueInLocalCurrency", "cardImpressions", "cardClicks",
    "viralCardImpressions", "viralCardClicks", "approximateMemberReach",
)  # fmt: skip
"""Metrics that no report by member has."""

LEAST_EVENTS, MOST_VALUES = 3, 100
_LATE = timedelta(hours=12)
_KEPT = timedelta(days=730)
_COUNTS = (
    "impressions", "reach", "clicks", "link_clicks", "landing_page_views", "leads",
    "registrations", "purchases", "video_views", "likes", "comments", "shares",
)  # fmt: skip


def parts(
    pivot: str, seed: int, campaign: Node, row: people.AdDay, now: float
) -> Iterator[tuple[str, people.AdDay]]:
    """
    A day of a creative, cut by one trait: value and the part that falls to it.
    """
    over = datetime.combine(row.day, datetime.min.time(), UTC) + timedelta(days=1)
    moment = datetime.fromtimestamp(now, UTC)
    if not over + _LATE <= moment < over + _KEPT:
        return
    weights = _weights(pivot, seed, campaign)
    whole = sum(weights.values())
    for value, weight in weights.items():
        part = _scaled(row, weight, whole)
        if part.impressions >= LEAST_EVENTS:
            yield value, part


def _weights(pivot: str, seed: int, campaign: Node) -> dict[str, int]:
    family, facet = PIVOTS[pivot]
    criteria = campaign.data["targetingCriteria"]
    if family in {"country", "region"}:
        values = _places(family, tuple(countries_of(criteria)))
    else:
        known = entities(family)
        wanted = values_of(criteria, facet)
        chosen = [known[one] for one in wanted if one in known]
        values = tuple(chosen or known.values())
    return _weighed(pivot, seed, values)


@lru_cache(maxsize=64)
def _places(kind: str, countries: tuple[str, ...]) -> tuple[Entity, ...]:
    found = []
    for one in entities("geo").values():
        entry = people.entry(kind, one.entries[0])
        if entry is not None and entry.country in countries:
            found.append(one)
    return tuple(found)


@lru_cache(maxsize=256)
def _weighed(pivot: str, seed: int, values: tuple[Entity, ...]) -> dict[str, int]:
    """
    The hundred values with most people, each with its weight.
    """
    found = {}
    for one in values:
        luck = 20 + int(stable_digits(4, seed, pivot, one.urn)) % 80
        found[_text(pivot, one)] = max(1, int(luck * (one.share or 0.05) * 100))
    best = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return dict(best[:MOST_VALUES])


def _text(pivot: str, one: Entity) -> str:
    """
    How a value is written: companies' sizes as words, the rest as URNs.
    """
    if pivot != "MEMBER_COMPANY_SIZE":
        return one.urn
    low, _, high = one.urn.rpartition(":")[2].strip("()").partition(",")
    if low == high:
        return f"SIZE_{low}"
    return f"SIZE_{low}_OR_MORE" if int(high) == 2**31 - 1 else f"SIZE_{low}_TO_{high}"


def _scaled(row: people.AdDay, weight: int, whole: int) -> people.AdDay:
    counts: dict[str, Any] = {
        name: getattr(row, name) * weight // whole for name in _COUNTS
    }
    share = Decimal(weight) / Decimal(whole)
    return attrs.evolve(
        row,
        spend=row.spend * share,
        purchase_value=row.purchase_value * share,
        **counts,
    )
