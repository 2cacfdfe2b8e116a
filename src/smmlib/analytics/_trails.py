"""
The touches behind each conversion of the brand's own records, and each one's part.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import attrs

from smmlib.analytics._attribution import (
    Attribution,
    Settings,
    attributed,
    crediting,
    decimal,
    exact_shares,
)
from smmlib.analytics._join import DIRECT, NOT_SET, Origin, origins_of
from smmlib.analytics._journeys import Journeys
from smmlib.analytics._weights import Rule
from smmlib.model import ConversionKind, TouchKind, Utm

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from smmlib.analytics._facts import Facts
    from smmlib.model import Conversion, MediaPlan, Touch

_FINE = Decimal("1e-12")
COUNTED = (ConversionKind.LEAD, ConversionKind.REGISTRATION, ConversionKind.PURCHASE)


@attrs.frozen
class Trail:
    """
    What led to one conversion, the first touch first.
    """

    origins: tuple[Origin, ...]
    hours: tuple[float, ...]


@attrs.frozen
class Part:
    """
    A conversion's part that belongs to one origin.

    Attributes:
        origin: Where it came from.
        count: Part of the conversion.
        worth: Part of its value.
    """

    origin: Origin
    count: Decimal | int = 1
    worth: Decimal | int = 1


@attrs.frozen
class Window:
    """
    How far back touches count.

    Attributes:
        clicks: Clicks, visits and messages.
        views: Touches that were only seen.
    """

    clicks: timedelta = timedelta(days=30)
    views: timedelta = timedelta(days=1)

    def holds(self, touch: Touch, at: datetime) -> bool:
        """
        Whether a touch is near enough to a conversion.
        """
        seen = touch.kind is TouchKind.IMPRESSION
        return touch.at >= at - (self.views if seen else self.clicks)


@attrs.frozen
class Trails:
    """
    All trails of some facts.

    Attributes:
        found: The trail of each conversion, in their order.
        lost: Trails of people who never converted.
        linked: How many conversions touches led to.
    """

    found: tuple[Trail, ...]
    lost: tuple[Trail, ...]
    linked: int


def person_of(conversion: Conversion) -> str:
    """
    Who converted, as touches call them.
    """
    return conversion.person or conversion.click_id


def trails_of(
    facts: Facts, plan: MediaPlan | None, own: Sequence[Origin], window: Window
) -> Trails:
    """
    What led to each conversion: touches of its person, else the tags of its own visit.

    A refund goes back the way of the purchase it takes back. A visit without tags is
    no touch where any other is known.
    """
    met = _by_person(facts.touches, plan)
    trails: list[Trail] = []
    by_id: dict[str, Trail] = {}
    linked = 0
    for conversion, origin in zip(facts.conversions, own, strict=True):
        trail = _before(conversion, met.get(person_of(conversion)), window)
        linked += trail is not None
        trail = trail or Trail((origin,), (0.0,))
        if conversion.kind is ConversionKind.PURCHASE:
            by_id.setdefault(conversion.conversion_id, trail)
        trails.append(trail)
    for place, conversion in enumerate(facts.conversions):
        if conversion.kind is ConversionKind.REFUND:
            trails[place] = by_id.get(conversion.refunds, trails[place])
    won = {person_of(c) for c in facts.conversions if c.kind in COUNTED}
    lost = tuple(
        Trail(tuple(o for _, o in rows), (0.0,) * len(rows))
        for person, rows in met.items()
        if person not in won
    )
    return Trails(tuple(trails), lost, linked)


def _by_person(
    touches: Sequence[Touch], plan: MediaPlan | None
) -> dict[str, list[tuple[Touch, Origin]]]:
    met: dict[str, list[tuple[Touch, Origin]]] = defaultdict(list)
    found = origins_of((_tags(touch) for touch in touches), plan)
    for touch, origin in zip(touches, found, strict=True):
        if origin != DIRECT:
            met[touch.person].append((touch, origin))
    for rows in met.values():
        rows.sort(key=lambda row: row[0].at)
    return dict(met)


def _tags(touch: Touch) -> Utm | None:
    if touch.utm is not None:
        return touch.utm
    if touch.network is None and not touch.campaign:
        return None
    # Without tags nobody says what was paid for; a campaign or an ad is.
    medium = "paid_social" if touch.campaign or touch.ad else "social"
    source = touch.network.value if touch.network else NOT_SET
    return Utm(
        source, medium, campaign=touch.campaign or NOT_SET, content=touch.ad[:200]
    )


def _before(
    conversion: Conversion, rows: list[tuple[Touch, Origin]] | None, window: Window
) -> Trail | None:
    if not rows:
        return None
    times = [touch.at for touch, _ in rows]
    low = bisect_left(times, conversion.at - max(window.clicks, window.views))
    high = bisect_right(times, conversion.at)
    kept = [row for row in rows[low:high] if window.holds(row[0], conversion.at)]
    if not kept:
        return None
    hour = timedelta(hours=1)
    return Trail(
        tuple(origin for _, origin in kept),
        tuple((conversion.at - touch.at) / hour for touch, _ in kept),
    )


def parts_of(
    facts: Facts,
    trails: Trails,
    chosen: Settings,
    node: Callable[[Origin], str],
) -> list[list[Part]]:
    """
    Each conversion's parts by the chosen model.

    Args:
        facts: The conversions.
        trails: What led to them.
        chosen: The model.
        node: What channels the model sees.
    """
    if chosen.rule is not None:
        return [_by_rule(trail, chosen.rule) for trail in trails.found]
    return _learnt(facts, trails, chosen, node)


def _by_rule(trail: Trail, rule: Rule) -> list[Part]:
    shares: dict[Origin, Decimal] = {}
    for origin, share in zip(trail.origins, rule.shares(trail.hours), strict=True):
        if share:
            shares[origin] = shares.get(origin, Decimal(0)) + share
    if len(shares) == 1:
        return [Part(next(iter(shares)))]
    return [Part(origin, share, share) for origin, share in shares.items()]


def _learnt(
    facts: Facts,
    trails: Trails,
    chosen: Settings,
    node: Callable[[Origin], str],
) -> list[list[Part]]:
    """
    Parts by what the journeys teach, kind by kind.

    The model shares out all conversions of a kind among channels; within a channel
    each of its touches gets the same part of what the channel got. So lines, campaigns
    and ads add up to their channel.
    """
    even = Rule("linear")
    parts = [_by_rule(trail, even) for trail in trails.found]
    for kind in COUNTED:
        rows = [place for place, c in enumerate(facts.conversions) if c.kind is kind]
        if rows:
            factors = _factors(facts, trails, chosen, node, rows)
            back = _refunds_of(facts, rows) if kind is COUNTED[-1] else []
            for place in (*rows, *back):
                parts[place] = [_scaled(part, factors, node) for part in parts[place]]
            for place in back:
                parts[place] = _as_one(parts[place])
    return parts


def _as_one(parts: list[Part]) -> list[Part]:
    """
    One refund is one, however much of all purchases its channels got.
    """
    whole = sum((part.count for part in parts), Decimal(0))
    if not whole:
        return parts
    return [attrs.evolve(part, count=Decimal(part.count) / whole) for part in parts]


def _scaled(
    part: Part,
    factors: dict[str, tuple[Decimal, Decimal]],
    node: Callable[[Origin], str],
) -> Part:
    won, worth = factors.get(node(part.origin), (Decimal(1), Decimal(1)))
    return Part(part.origin, part.count * won, part.worth * worth)


def _refunds_of(facts: Facts, rows: Iterable[int]) -> list[int]:
    ids = {facts.conversions[place].conversion_id for place in rows}
    return [
        place
        for place, c in enumerate(facts.conversions)
        if c.kind is ConversionKind.REFUND and c.refunds in ids
    ]


def _factors(
    facts: Facts,
    trails: Trails,
    chosen: Settings,
    node: Callable[[Origin], str],
    rows: Sequence[int],
) -> dict[str, tuple[Decimal, Decimal]]:
    """
    By how much the model's credit differs from even shares, by channel.
    """
    worths = net_values(facts, rows)
    journeys = journeys_of(trails, rows, worths, node)
    found = crediting(journeys, chosen)(
        journeys.conversions, journeys.values, journeys.nulls
    )
    evenly = crediting(journeys, Settings("linear", rule=Rule("linear")))(
        journeys.conversions, journeys.values, journeys.nulls
    )
    total = decimal(float(journeys.conversions.sum()))
    worth = decimal(float(journeys.values.sum()))
    columns = zip(
        journeys.channels,
        exact_shares(found.conversions, total, _FINE),
        exact_shares(found.value, worth, _FINE),
        exact_shares(evenly.conversions, total, _FINE),
        exact_shares(evenly.value, worth, _FINE),
        strict=True,
    )
    return {
        name: (won / base if base else Decimal(0), gain / even if even else Decimal(0))
        for name, won, gain, base, even in columns
    }


def net_values(facts: Facts, rows: Sequence[int]) -> list[Decimal]:
    """
    What conversions were worth after their refunds.
    """
    back: dict[str, Decimal] = defaultdict(Decimal)
    for conversion in facts.conversions:
        if conversion.kind is ConversionKind.REFUND and conversion.value:
            back[conversion.refunds] += abs(conversion.value.amount)
    found = []
    for place in rows:
        conversion = facts.conversions[place]
        worth = conversion.value.amount if conversion.value else Decimal(0)
        if conversion.kind is ConversionKind.PURCHASE:
            worth -= back[conversion.conversion_id]
        found.append(worth)
    return found


def journeys_of(
    trails: Trails,
    rows: Sequence[int],
    worths: Sequence[Decimal],
    node: Callable[[Origin], str],
) -> Journeys:
    """
    Trails as columns, with those of people who never converted.
    """
    kept = [trails.found[place] for place in rows]
    ways = [*kept, *trails.lost]
    return Journeys.from_paths(
        [[node(origin) for origin in trail.origins] for trail in ways],
        conversions=[1.0] * len(kept) + [0.0] * len(trails.lost),
        values=[float(worth) for worth in worths] + [0.0] * len(trails.lost),
        nulls=[0.0] * len(kept) + [1.0] * len(trails.lost),
        hours=[trail.hours for trail in ways],
    )


def purchases(
    facts: Facts, trails: Trails, chosen: Settings, node: Callable[[Origin], str]
) -> Attribution | None:
    """
    The credit table of all purchases, with ranges; None when there was none.
    """
    rows = [
        place
        for place, c in enumerate(facts.conversions)
        if c.kind is ConversionKind.PURCHASE
    ]
    if not rows:
        return None
    journeys = journeys_of(trails, rows, net_values(facts, rows), node)
    return attributed(journeys, chosen)
