"""
Breakdowns of insights: which exist, which go together, and the parts they make.

Source: Marketing API insights breakdowns, 2026-06: only some combinations exist; the
impression device is told in asynchronous reports alone since 2026-08; reach is not
broken down beyond 13 months. The shares are the simulation's own.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from smmlib.sandbox import _world as people
from smmlib.sandbox.meta._errors import GraphError, not_modelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smmlib.sandbox.meta._context import Context, Params

MODELLED = frozenset(
    "age gender country publisher_platform platform_position impression_device"
    " device_platform".split()
)
_PLACEMENT = "publisher_platform"
TOGETHER = frozenset(
    frozenset(words.split())
    for words in (
        "",
        "age",
        "gender",
        "age gender",
        "country",
        "publisher_platform",
        "publisher_platform platform_position",
        "publisher_platform impression_device",
        "publisher_platform device_platform",
        "publisher_platform platform_position impression_device",
        "publisher_platform platform_position device_platform",
        "impression_device",
        "device_platform",
    )
)
DEMOGRAPHIC = frozenset({"age", "gender", "country"})
INVALID = 1504041
REACH_MONTHS = 13

_AGES = {
    "13-17": 0.03, "18-24": 0.18, "25-34": 0.27, "35-44": 0.21, "45-54": 0.15,
    "55-64": 0.10, "65+": 0.06,
}  # fmt: skip
_GENDERS = {"female": 0.51, "male": 0.47, "unknown": 0.02}
_GENDER_CODES = {1: "male", 2: "female"}
_POSITIONS = {
    "facebook": {
        "feed": ("feed", 0.56),
        "facebook_reels": ("facebook_reels", 0.14),
        "story": ("facebook_stories", 0.10),
        "marketplace": ("marketplace", 0.07),
        "video_feeds": ("video_feeds", 0.05),
        "right_hand_column": ("right_hand_column", 0.03),
        "search": ("search", 0.02),
        "instream_video": ("instream_video", 0.02),
        "profile_feed": ("facebook_profile_feed", 0.01),
    },
    "instagram": {
        "stream": ("feed", 0.42),
        "reels": ("instagram_reels", 0.28),
        "story": ("instagram_stories", 0.22),
        "explore": ("instagram_explore", 0.05),
        "profile_feed": ("instagram_profile_feed", 0.03),
    },
}
"""
Position as it is targeted -> as insights call it, and its share.
"""
_DEVICES = {
    "mobile": {"android_smartphone": 0.55, "iphone": 0.41, "ipad": 0.02,
               "android_tablet": 0.02},
    "desktop": {"desktop": 1.0},
}  # fmt: skip
_PLATFORMS = {"mobile": {"mobile_app": 0.93, "mobile_web": 0.07},
              "desktop": {"desktop": 1.0}}  # fmt: skip
_MOBILE = {"facebook": 0.86, "instagram": 0.96}
_HOME = "DE"

Part = tuple[str, ...]


def chosen(params: Params) -> tuple[str, ...]:
    """
    The breakdowns of a report.

    Raises:
        GraphError: 501 for one that is not modelled, 2/1504041 for a combination
            that Meta does not have.
    """
    wanted = tuple(dict.fromkeys(params.get("breakdowns", ())))
    missing = sorted(set(wanted) - MODELLED)
    if missing:
        raise not_modelled(f"the breakdown {missing[0]}")
    if frozenset(wanted) not in TOGETHER:
        raise GraphError(
            2,
            "Current combination of data breakdown columns"
            f" ({', '.join(wanted)}) is invalid",
            subcode=INVALID,
        )
    if params.get("action_breakdowns", ["action_type"]) not in ([], ["action_type"]):
        raise not_modelled("action_breakdowns beyond action_type")
    return wanted


def parts_of(
    ctx: Context, row: people.AdDay, wanted: tuple[str, ...]
) -> Iterator[tuple[Part, people.AdDay]]:
    """
    A day's row in the parts that a report asks for, each with its breakdown values.
    """
    finer = [name for name in wanted if name != _PLACEMENT]
    if not finer:
        yield (row.network,) if wanted else (), row
        return
    cells = _cells(ctx.ledger.terms(row.ad_id, row.day), row.network, finer)
    for key, part in people.split(row, cells, seed=ctx.world.seed):
        named = {**dict(zip(finer, key, strict=True)), _PLACEMENT: row.network}
        yield tuple(named[name] for name in wanted), part


def share_of(
    ctx: Context, row: people.AdDay, wanted: tuple[str, ...], part: Part
) -> float:
    """
    How much of an ad's audience a part of it by age, gender or country can be.
    """
    cells = _cells(ctx.ledger.terms(row.ad_id, row.day), row.network, list(wanted))
    total = sum(weight for _, weight in cells) or 1.0
    return sum(weight for key, weight in cells if key == part) / total


def _cells(
    terms: dict[str, Any], network: str, names: list[str]
) -> list[tuple[Part, float]]:
    cells: list[tuple[Part, float]] = [((), 1.0)]
    for name in names:
        column = _column(name, terms, network)
        cells = [
            ((*key, value), weight * share)
            for key, weight in cells
            for value, share in column.items()
        ]
    return cells


def _column(name: str, terms: dict[str, Any], network: str) -> dict[str, float]:
    if name == "age":
        return _ages(*terms["ages"])
    if name == "gender":
        codes = terms["genders"]
        shown = {_GENDER_CODES[code] for code in codes} or set(_GENDERS)
        return {k: share for k, share in _GENDERS.items() if k in shown}
    if name == "country":
        countries = terms["countries"] or [_HOME]
        return {c: _people(c) for c in countries}
    if name == "platform_position":
        places = _POSITIONS[network]
        asked = terms.get("places", {}).get(network) or list(places)
        fitting = dict(places[p] for p in places if p in asked)
        return fitting or {"feed": 1.0}
    return _device(
        _DEVICES if name == "impression_device" else _PLATFORMS, terms, network
    )


def _ages(low: int, high: int) -> dict[str, float]:
    found = {}
    for name, share in _AGES.items():
        first = int(name[:2])
        last = 65 if name.endswith("+") else int(name[-2:])
        years = min(high, last) - max(low, first) + 1
        if years > 0:
            found[name] = share * years / (last - first + 1)
    return found


@lru_cache(maxsize=300)
def _people(country: str) -> float:
    return float(people.audience_size(countries=(country,), ages=(18, 65)))


def _device(
    table: dict[str, dict[str, float]], terms: dict[str, Any], network: str
) -> dict[str, float]:
    asked = terms.get("devices") or list(table)
    mobile = _MOBILE[network]
    levels = {"mobile": mobile, "desktop": 1.0 - mobile}
    return {
        value: share * levels[kind]
        for kind, values in table.items()
        if kind in asked
        for value, share in values.items()
    } or dict(table["mobile"])
