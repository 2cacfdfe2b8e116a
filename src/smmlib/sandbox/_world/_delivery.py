"""
The run of all ads, day by day: who spends what, and what comes of it.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import attrs

from smmlib.sandbox._world._appeal import Appeal, World, appeal_of
from smmlib.sandbox._world._auction import lots, share_out
from smmlib.sandbox._world._chance import draws, spread
from smmlib.sandbox._world._funnel import ad_day
from smmlib.sandbox._world._hours import (
    Span,
    common,
    day_span,
    in_order,
    length,
    merge,
    spans_of,
    version_at,
)
from smmlib.sandbox._world._market import DAY_PRICE
from smmlib.sandbox._world._pacing import allowance

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import tzinfo

    from smmlib.sandbox._world._facts import AdDay, AdFacts, BudgetFacts


def simulate(
    ads: Iterable[AdFacts],
    budgets: Iterable[BudgetFacts],
    *,
    since: date,
    until: date,
    zone: tzinfo,
    seed: int,
    price_level: Decimal = Decimal(1),
    places: int = 2,
) -> tuple[AdDay, ...]:
    """
    Tell what every ad brought on every day from *since* to *until* (excluded).

    The run is always played from the budgets' start, so any slice of it shows
    the same figures. An ad spends from one budget at a time.

    Args:
        ads: Every ad that may deliver, edited ones in all their versions.
        budgets: What the ads spend from, changed ones in all their versions.
        since: First day.
        until: First day that is left out.
        seed: Which world.
        zone: The ad account's zone, which cuts time into days.
        price_level: Units of the account's currency that buy what 1 EUR buys.
        places: Decimals of the account's currency.

    Returns:
        Rows in order of day, ad and network; days without delivery are absent.
    """
    world = World(seed, float(price_level) * 10**places, places)
    field = _Field(world, zone, _versions(ads, world))
    purses: dict[str, list[BudgetFacts]] = {}
    for budget in budgets:
        purses.setdefault(budget.key, []).append(budget)
    rows = [
        row
        for versions in purses.values()
        for row in _Run(field, in_order(versions)).rows(until)
        if row.day >= since
    ]
    return tuple(sorted(rows, key=lambda row: (row.day, row.ad_id, row.network)))


@attrs.frozen
class _Version:
    """
    A version of an ad with its appeal and its own hours.
    """

    appeal: Appeal
    hours: tuple[Span, ...] | None

    @property
    def valid_from(self) -> datetime | None:
        """
        When the version came into force.
        """
        return self.appeal.facts.valid_from


@attrs.frozen
class _Field:
    """
    What all purses share: the world, the zone, the ads by id, the days played.
    """

    world: World
    zone: tzinfo
    ads: dict[str, tuple[_Version, ...]]
    days: dict[date, _Day] = attrs.field(factory=dict)

    def day(self, day: date) -> _Day:
        """
        Give a day's seconds and price level, worked out once for all purses.
        """
        known = self.days.get(day)
        if known is None:
            luck = draws(self.world.seed, "market", day)[0]
            price = DAY_PRICE[day.weekday()] * spread(0.03, luck)
            known = self.days[day] = _Day(day, day_span(day, self.zone), price)
        return known


@attrs.frozen
class _Day:
    """
    A local day: its seconds and how dear attention is on it.
    """

    date: date
    span: Span
    price: float


def _versions(ads: Iterable[AdFacts], world: World) -> dict[str, tuple[_Version, ...]]:
    found: dict[str, list[_Version]] = {}
    for ad in ads:
        hours = None if ad.active is None else spans_of(ad.active)
        found.setdefault(ad.ad_id, []).append(_Version(appeal_of(ad, world), hours))
    return {ad_id: in_order(versions) for ad_id, versions in found.items()}


class _Run:
    """
    One purse's way through its days; remembers what is spent and seen.
    """

    def __init__(self, field: _Field, purses: tuple[BudgetFacts, ...]) -> None:
        self._field = field
        self._purses = tuple((purse, _hours_of(purse)) for purse in purses)
        self._spent = 0
        self._seen: dict[str, int] = {}

    def rows(self, until: date) -> Iterator[AdDay]:
        """
        Play every day on which the purse may spend, before *until*.
        """
        zone = self._field.zone
        spans = merge(span for _, hours in self._purses for span in hours)
        if not spans:
            return
        day = datetime.fromtimestamp(spans[0][0], zone).date()
        last = datetime.fromtimestamp(spans[-1][1] - 1, zone).date()
        while day < until and day <= last:
            yield from self._day(self._field.day(day))
            day += timedelta(days=1)

    def _day(self, day: _Day) -> Iterator[AdDay]:
        span = day.span
        purse, hours = self._in_force(span)
        today = common(hours, (span,))
        present = self._present(purse, today, span) if today else []
        if not present:
            return
        open_hours = merge(part for _, spans in present for part in spans)
        world = self._field.world
        money = allowance(
            purse,
            world,
            day=day.date,
            span=span,
            seconds=length(open_hours),
            spent=self._spent,
        )
        full = span[1] - span[0]
        ads = [(appeal, length(spans) / full) for appeal, spans in present]
        yield from self._deliver(day, ads, money)

    def _in_force(self, span: Span) -> tuple[BudgetFacts, tuple[Span, ...]]:
        """
        Take the version of the day's start, as edits count from the next midnight.
        """
        purse = version_at([purse for purse, _ in self._purses], span[0])
        return next(pair for pair in self._purses if pair[0] is purse)

    def _present(
        self, purse: BudgetFacts, today: tuple[Span, ...], span: Span
    ) -> list[tuple[Appeal, tuple[Span, ...]]]:
        """
        List the ads that may deliver today with their hours.
        """
        found = []
        for ad_id in sorted(set(purse.ad_ids) & self._field.ads.keys()):
            version = version_at(self._field.ads[ad_id], span[0])
            hours = today if version.hours is None else common(version.hours, today)
            if hours and version.appeal.facts.audience_size > 0:
                found.append((version.appeal, hours))
        return found

    def _deliver(
        self, day: _Day, ads: list[tuple[Appeal, float]], money: int
    ) -> Iterator[AdDay]:
        world = self._field.world
        offers = lots(ads, day.price)
        parts = {appeal.facts.ad_id: part for appeal, part in ads}
        for lot, given in zip(offers, share_out(money, offers), strict=True):
            spend = int(given * lot.slot.delivered)
            impressions = int(lot.bought(spend) + 1e-9)
            if not impressions:
                continue
            ad_id = lot.appeal.facts.ad_id
            self._spent += spend
            yield ad_day(
                lot.appeal,
                lot.slot,
                day.date,
                impressions=impressions,
                spend=spend,
                seen=self._seen.get(ad_id, 0) / lot.appeal.facts.audience_size,
                part=parts[ad_id],
                world=world,
            )
            self._seen[ad_id] = self._seen.get(ad_id, 0) + impressions


def _hours_of(purse: BudgetFacts) -> tuple[Span, ...]:
    """
    Give when the purse is open: its active hours within its run.
    """
    begin = int(purse.start.timestamp())
    hours = spans_of(purse.active)
    if not hours:
        return ()
    end = hours[-1][1] if purse.end is None else int(purse.end.timestamp())
    return common(hours, ((begin, end),))
