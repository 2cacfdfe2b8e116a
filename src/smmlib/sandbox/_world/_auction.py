"""
One day of one purse in the auction: money is split over ads and buys impressions.
"""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from smmlib.sandbox._world._appeal import Appeal, Slot

_PRESSURE = 1.2
"""How much dearer the last impression of a sold-out audience is than the first."""


@attrs.frozen
class Lot:
    """
    What one ad may buy in one network on one day.

    Attributes:
        weight: Its claim to the purse's money, beside the others'.
        views: Impressions on offer to it.
        price: What the first impression costs, in minor units.
    """

    appeal: Appeal
    slot: Slot
    weight: float
    views: float
    price: float

    @property
    def cap(self) -> float:
        """
        Price of everything on offer.
        """
        return self.price * self.views * (1.0 + _PRESSURE / 2)

    def bought(self, money: float) -> float:
        """
        Give the impressions that *money* buys; each one is dearer than the last.
        """
        if money >= self.cap:
            return self.views
        step = _PRESSURE / self.views
        return (sqrt(1.0 + 2.0 * step * money / self.price) - 1.0) / step


def lots(present: Sequence[tuple[Appeal, float]], price: float) -> tuple[Lot, ...]:
    """
    Give each ad its share of its ad set's audience, by quality.

    Args:
        present: Ads that deliver today, each with the part of the day it is on.
        price: The day's price level.
    """
    totals: dict[tuple[str, str], float] = {}
    sets: dict[str, float] = {}
    for appeal, part in present:
        name = appeal.facts.ad_set_id
        for slot in appeal.slots:
            weight = slot.weight * part
            totals[name, slot.network] = totals.get((name, slot.network), 0.0) + weight
            sets[name] = sets.get(name, 0.0) + weight
    return tuple(
        Lot(
            appeal=appeal,
            slot=slot,
            weight=slot.weight * part / sets[name] * _pull(appeal),
            views=slot.views * part * slot.weight * part / totals[name, slot.network],
            price=slot.price * price,
        )
        for appeal, part in present
        for name in (appeal.facts.ad_set_id,)
        for slot in appeal.slots
        if slot.views > 0
    )


def _pull(appeal: Appeal) -> float:
    """
    A campaign's budget leans towards good ads and, less, towards big audiences.
    """
    return float(appeal.quality**2 * (1 + appeal.facts.audience_size) ** 0.3)


def share_out(money: float, offers: Sequence[Lot]) -> tuple[float, ...]:
    """
    Split money by weight; what a sold-out ad cannot take goes to the others.
    """
    given = [0.0] * len(offers)
    hungry: Iterable[int] = range(len(offers))
    rest = money
    while rest > 0:
        wanted = sum(offers[i].weight for i in hungry)
        full = [i for i in hungry if rest * offers[i].weight >= offers[i].cap * wanted]
        if not full:
            for i in hungry:
                given[i] = rest * offers[i].weight / wanted
            break
        for i in full:
            given[i] = offers[i].cap
            rest -= offers[i].cap
        sold_out = set(full)
        hungry = [i for i in hungry if i not in sold_out]
        if not hungry:
            break
    return tuple(given)
