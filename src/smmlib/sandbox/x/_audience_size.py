"""
How many people a set of criteria may reach: X's logic over the simulation's people.

Primary types (followers, audiences, interests, keywords, TV) are one union; every
other type narrows it; values of one type widen each other. No criterion at all means
everybody in the world.
"""

from __future__ import annotations

import re
from math import prod
from typing import TYPE_CHECKING

from smmlib.sandbox import _world as people
from smmlib.sandbox.x._catalogue import interest_ids, options, places
from smmlib.sandbox.x._criteria import PRIMARY
from smmlib.sandbox.x._store import stable_number

if TYPE_CHECKING:
    from collections.abc import Iterable

    from smmlib.sandbox.x._store import Store

Criterion = tuple[str, str, str]
"""
Type, operator, value.
"""

_NARROWING = (
    "LANGUAGE", "PLATFORM", "PLATFORM_VERSION", "DEVICE", "NETWORK_OPERATOR",
    "CONVERSATION", "EVENT", "APP_STORE_CATEGORY",
)  # fmt: skip
_RETARGETED = ("CAMPAIGN_ENGAGEMENT", "USER_ENGAGEMENT")
_AGE = re.compile(r"AGE_(?:OVER_(\d+)|(\d+)_TO_(\d+))")
_OLDEST = 65
_USERS = 350_000_000
_FOLLOWERS = 0.00001


def size_of(store: Store, criteria: Iterable[Criterion]) -> int:
    """
    Estimate the audience of a line item.
    """
    rows = tuple(criteria)
    base = _base(rows)
    included = [row for row in rows if row[0] in PRIMARY and row[1] == "EQ"]
    left_out = [row for row in rows if row[0] in PRIMARY and row[1] == "NE"]
    share = _union(store, included) if included else 1.0
    for kind in _NARROWING:
        share *= _narrowed(rows, kind)
    if any(kind in _RETARGETED for kind, _, _ in rows):
        share *= 0.01
    share *= prod(1.0 - _share(store, row) for row in left_out)
    return max(0, int(base * share))


def ages_of(criteria: Iterable[Criterion]) -> tuple[int, int]:
    """
    Lowest and highest age; 65 stands for 65 and older.
    """
    for kind, _, value in criteria:
        found = _AGE.fullmatch(value) if kind == "AGE" else None
        if found is not None:
            over, low, high = found.groups()
            return (int(over), _OLDEST) if over else (int(low), int(high))
    return 13, _OLDEST


def genders_of(criteria: Iterable[Criterion]) -> tuple[int, ...]:
    """
    1 men, 2 women; empty for all.
    """
    return tuple(int(value) for kind, _, value in criteria if kind == "GENDER")


def countries_of(criteria: Iterable[Criterion]) -> tuple[str, ...]:
    """
    Countries of the places asked for, in alphabetical order.
    """
    known = places()
    return tuple(
        sorted(
            {
                known[value].country
                for kind, operator, value in criteria
                if kind == "LOCATION" and operator == "EQ"
            }
        )
    )


def _base(rows: tuple[Criterion, ...]) -> int:
    """
    People of the places, ages and genders asked for.
    """
    known = places()
    inside = [known[v] for k, op, v in rows if k == "LOCATION" and op == "EQ"]
    outside = [known[v] for k, op, v in rows if k == "LOCATION" and op == "NE"]
    return people.audience_size(
        countries=[one.id for one in inside if one.kind == "country"],
        regions=[one.id for one in inside if one.kind == "region"],
        cities=[people.CityRadius(one.id) for one in inside if one.kind == "city"],
        excluded=[
            people.CityRadius(one.id) if one.kind == "city" else one.id
            for one in outside
        ],
        ages=ages_of(rows),
        genders=genders_of(rows),
    )


def _union(store: Store, rows: list[Criterion]) -> float:
    return 1.0 - prod(1.0 - _share(store, row) for row in rows)


def _share(store: Store, row: Criterion) -> float:
    """
    Part of all people that one primary criterion stands for.
    """
    kind, _, value = row
    if kind == "INTEREST":
        entry = people.entry("interest", interest_ids()[value])
        return min(0.6, (entry.size if entry else 0) / (8 * _USERS))
    if kind.startswith("CUSTOM_AUDIENCE"):
        audience = store.get("custom_audience", value)
        known = len(audience.data["users"]) if audience else 0
        wide = 50.0 if kind.endswith("EXPANDED") else 1.0
        return min(0.2, known * wide / _USERS)
    if kind == "FOLLOWERS_OF_USER":
        return _FOLLOWERS
    luck = stable_number(1_000, "x-share", kind, value.casefold()) / 1_000
    if kind == "SIMILAR_TO_FOLLOWERS_OF_USER":
        return 0.004 + 0.02 * luck
    wide = {"BROAD_KEYWORD": 0.03, "TV_SHOW": 0.02}.get(kind, 0.012)
    return 0.001 + wide * luck


def _narrowed(rows: tuple[Criterion, ...], kind: str) -> float:
    chosen = [(op, v) for k, op, v in rows if k == kind]
    known = options(kind)
    inside = sum(known[value].share for op, value in chosen if op in {"EQ", "GTE"})
    outside = sum(known[value].share for op, value in chosen if op == "NE")
    share = min(1.0, inside) if any(op != "NE" for op, _ in chosen) else 1.0
    return max(0.0, share - outside if outside else share)
