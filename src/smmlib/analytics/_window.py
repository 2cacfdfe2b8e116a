"""
Base metrics of one target: the right days, line, network, and the better source.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING

import attrs

from smmlib.analytics._join import Origin, origins, place_of
from smmlib.analytics._spend import counted_spend
from smmlib.analytics._totals import summed
from smmlib.model import ConversionKind, FrozenMap, Managed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from smmlib.analytics._facts import Facts
    from smmlib.model import Conversion, GrowthRow, LineItem, MediaPlan, Network

OWN = "own records"
CLAIMED = "claimed by the platforms"
PAGES = "page statistics"
_SMOOTH = 7  # days: weekends differ from weekdays, a week evens that out

_KINDS = {
    "leads": ConversionKind.LEAD,
    "registrations": ConversionKind.REGISTRATION,
    "visits": ConversionKind.VISIT,
}


@attrs.frozen
class Measured:
    """
    Base metrics of one window, with where each comes from.

    Attributes:
        values: Sum by name; None where nothing is known.
        sources: Where a metric comes from, by name.
        reach_at_least: People reached at the very least.
        planned: The part of the spend that is planned and not reported.
        planned_for: Names of the lines that part is for.
    """

    values: FrozenMap[Decimal | None]
    sources: FrozenMap[str]
    reach_at_least: int | None = attrs.field(default=None, kw_only=True)
    planned: Decimal = attrs.field(default=Decimal(0), kw_only=True)
    planned_for: tuple[str, ...] = attrs.field(default=(), kw_only=True)


@attrs.frozen
class Matched:
    """
    The facts of a plan with every conversion's origin, found out once.
    """

    plan: MediaPlan
    facts: Facts
    pairs: tuple[tuple[Conversion, Origin, date], ...]

    @classmethod
    def of(cls, plan: MediaPlan, facts: Facts) -> Matched:
        """
        Join the facts to the plan.
        """
        found = origins(facts.conversions, plan)
        pairs = zip(facts.conversions, found, strict=True)
        return cls(plan, facts, tuple((c, o, facts.day_of(c)) for c, o in pairs))

    def measure(
        self, first: date, last: date, *, line: str = "", network: Network | None = None
    ) -> Measured:
        """
        Base metrics from a first to a last day, of one line or network or of all.
        """
        found = self._claimed(first, last, line, network)
        values, sources = dict(found.values), dict(found.sources)
        own = self._own(first, last, line, network)
        values |= own
        sources |= dict.fromkeys(own, OWN)
        grown = (
            growth_between(self.facts.growth, first, last, network) if not line else {}
        )
        values |= grown
        sources |= dict.fromkeys(grown, PAGES)
        return attrs.evolve(found, values=FrozenMap(values), sources=FrozenMap(sources))

    def _claimed(
        self, first: date, last: date, line: str, network: Network | None
    ) -> Measured:
        rows = []
        costs: dict[str, Decimal] = {}
        for row in self.facts.metrics:
            key = place_of(row, self.plan).line
            home = self.plan.lines.get(key)
            where = row.network or _lone(home)
            if not first <= row.on <= last or (line and key != line):
                continue
            if network and where is not network:
                continue
            rows.append(row)
            costs[key] = costs.get(key, Decimal(0)) + row.spend
        total = summed(rows)
        values = dict(total[0].values) if total else {}
        spend, planned = self._spend(costs, last, line, network)
        values["spend"] = spend if spend is not None else values.get("spend")
        sources = {name: CLAIMED for name, value in values.items() if value is not None}
        sources.pop("spend", None)
        return Measured(
            FrozenMap(values),
            FrozenMap(sources),
            reach_at_least=total[0].reach_at_least if total else None,
            planned=sum(planned.values(), Decimal(0)),
            planned_for=tuple(planned),
        )

    def _spend(
        self,
        costs: dict[str, Decimal],
        last: date,
        line: str,
        network: Network | None,
    ) -> tuple[Decimal | None, dict[str, Decimal]]:
        """
        Reported money with the prices of lines run by hand that nothing was told of,
        and these prices by name of line.
        """
        planned: dict[str, Decimal] = {}
        known = [cost for key, cost in costs.items() if key not in self.plan.lines]
        for key, item in self.plan.lines.items():
            if (line and key != line) or (network and not self._is_in(item, network)):
                if key in costs:
                    known.append(costs[key])
                continue
            flight = item.flight or self.plan.flight
            cost, basis = counted_spend(item, flight, costs.get(key), last)
            if cost is not None:
                known.append(cost)
                if basis == "planned":
                    planned[item.name or key] = cost
        return (sum(known, Decimal(0)) if known else None), planned

    @staticmethod
    def _is_in(item: LineItem, network: Network) -> bool:
        if item.managed is Managed.BY_HAND:
            return item.networks == (network,)
        return network in item.networks

    def _own(
        self, first: date, last: date, line: str, network: Network | None
    ) -> dict[str, Decimal | None]:
        """
        What the brand's own records hold; kinds they never hold are left out.
        """
        kept = {c.kind for c, _, _ in self.pairs}
        count: Counter[ConversionKind] = Counter()
        revenue = Decimal(0)
        for conversion, origin, day in self.pairs:
            if not first <= day <= last or not _fits(origin, line, network):
                continue
            count[conversion.kind] += 1
            if conversion.value and conversion.kind is ConversionKind.PURCHASE:
                revenue += conversion.value.amount
            elif conversion.value and conversion.kind is ConversionKind.REFUND:
                revenue -= abs(conversion.value.amount)
        own: dict[str, Decimal | None] = {
            name: Decimal(count[kind]) for name, kind in _KINDS.items() if kind in kept
        }
        if ConversionKind.PURCHASE in kept:
            sold = count[ConversionKind.PURCHASE] - count[ConversionKind.REFUND]
            own["customers"] = Decimal(max(sold, 0))
            own["revenue"] = revenue
        return own


def _lone(line: LineItem | None) -> Network | None:
    return line.networks[0] if line and len(line.networks) == 1 else None


def _fits(origin: Origin, line: str, network: Network | None) -> bool:
    if line:
        return origin.line == line
    if network:
        return origin.network == network.value
    return bool(origin.line)


def growth_between(
    rows: Iterable[GrowthRow], first: date, last: date, network: Network | None
) -> dict[str, Decimal | None]:
    """
    Followers now and at the start; reach as a week's mean now and at the start.
    """
    fitting = [
        row
        for row in rows
        if row.on <= last and (network is None or row.network is network)
    ]
    found: dict[str, Decimal | None] = {}
    now = _followers(fitting, max)
    grown = _seen_since(fitting, first)
    before = _followers(fitting, _start(first)) if grown else None
    if now is not None:
        found["followers"] = now
        found["followers_before"] = before
    by_day: dict[date, int] = {}
    for row in fitting:
        if row.reach is not None:
            by_day[row.on] = by_day.get(row.on, 0) + row.reach
    days = sorted(by_day)
    early = [d for d in days if d <= first][-_SMOOTH:] or days[:_SMOOTH]
    late = [d for d in days if d not in early][-_SMOOTH:]
    if early and late:
        found["reach_before"] = _mean([by_day[d] for d in early])
        found["reach"] = _mean([by_day[d] for d in late])
    return found


def _mean(values: list[int]) -> Decimal:
    return Decimal(sum(values)) / len(values)


def _start(first: date) -> Callable[[list[date]], date]:
    """
    Picks the last day up to the start, or the earliest day known.
    """
    return lambda days: max([d for d in days if d <= first] or [min(days)])


def _seen_since(rows: list[GrowthRow], first: date) -> bool:
    """
    Whether followers were counted after what they are compared with; a single look is
    no growth of zero, it is none that anybody knows.
    """
    days = [row.on for row in rows if row.followers is not None]
    return bool(days) and max(days) > _start(first)(days)


def _followers(
    rows: list[GrowthRow], pick: Callable[[list[date]], date]
) -> Decimal | None:
    accounts: dict[tuple[str, str], dict[date, int]] = {}
    for row in rows:
        if row.followers is not None:
            days = accounts.setdefault((row.network.value, row.account), {})
            days[row.on] = row.followers
    if not accounts:
        return None
    return Decimal(sum(days[pick(list(days))] for days in accounts.values()))
