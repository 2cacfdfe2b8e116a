"""
What every line was to cost, what it has cost, and how far its flight is.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import attrs

from smmlib.analytics._join import place_of
from smmlib.model import Flight, LineItem, Managed, MediaPlan, MetricRow, Money, Network
from smmlib.model._iso import CURRENCY_DECIMALS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from smmlib.analytics._facts import Facts


@attrs.frozen
class LineSpend:
    """
    One line of the plan: planned money beside spent money.

    Attributes:
        line: Key of the line.
        name: How it is shown.
        networks: Where people see it.
        managed: Whether smmlib or a person runs it.
        paid: Whether money is spent on it at all.
        planned: What it may cost in all; None for free lines.
        spend: What it has cost so far, unrounded; None while nothing is known of it.
        basis: What that rests on: `reported`, `planned` (a price paid by hand, as much
            of it as of the flight is over) or `none`.
        starts: The first day of its flight.
        started: Whether its flight has begun.
        elapsed: Part of its flight that is over, from 0 to 1.
    """

    line: str
    name: str
    networks: tuple[Network, ...] = attrs.field(kw_only=True)
    managed: Managed = attrs.field(kw_only=True)
    paid: bool = attrs.field(kw_only=True)
    planned: Money | None = attrs.field(kw_only=True)
    spend: Decimal | None = attrs.field(kw_only=True)
    basis: str = attrs.field(kw_only=True)
    starts: date = attrs.field(kw_only=True)
    started: bool = attrs.field(kw_only=True)
    elapsed: Decimal = attrs.field(kw_only=True)

    @property
    def expected(self) -> Decimal | None:
        """
        What should have been spent by now at an even pace.
        """
        return None if self.planned is None else self.planned.amount * self.elapsed

    @property
    def pace(self) -> Decimal | None:
        """
        Spent over expected: 1 is on plan, above is too fast.
        """
        if self.spend is None or not self.expected:
            return None
        return self.spend / self.expected

    @property
    def share_spent(self) -> Decimal | None:
        """
        Part of the planned money that is spent.
        """
        if self.spend is None or not self.planned:
            return None
        return self.spend / self.planned.amount


def elapsed_share(first: date, last: date, as_of: date | None) -> Decimal:
    """
    Part of the days from first to last that is over at the end of a day.
    """
    if as_of is None:
        return Decimal(0)
    days = (last - first).days + 1
    gone = (min(as_of, last) - first).days + 1
    return Decimal(max(gone, 0)) / Decimal(days)


def reported_spend(plan: MediaPlan, rows: Iterable[MetricRow]) -> dict[str, Decimal]:
    """
    Spend by line of the plan, for lines that anything was reported of.
    """
    sums: dict[str, Decimal] = {}
    for row in rows:
        line = place_of(row, plan).line
        sums[line] = sums.get(line, Decimal(0)) + row.spend
    return sums


def counted_spend(
    line: LineItem, flight: Flight, spend: Decimal | None, as_of: date | None
) -> tuple[Decimal | None, str]:
    """
    The cost of a line that returns are measured by, and what it rests on.

    A price paid by hand counts as its flight goes by, to the coin, as what it brings
    does; a results file that says what was really paid replaces it. Before the flight
    nothing counts.
    """
    if spend is not None:
        return spend, "reported"
    gone = elapsed_share(flight.first_day, flight.last_day, as_of)
    if line.managed is Managed.BY_HAND and line.cost is not None and gone:
        due = Money.rounded(line.cost.amount * gone, line.cost.currency)
        return due.amount, "planned"
    return None, "none"


def planned_words(cost: Decimal, names: Iterable[str], currency: str) -> str:
    """
    Which part of a sum is planned and not reported, and for whom.
    """
    quoted = " and ".join(f"'{name}'" if "," in name else name for name in names)
    places = CURRENCY_DECIMALS.get(currency, 2)
    return f"incl. {cost:,.{places}f} {currency} planned for {quoted} (by hand)"


def spend_versus_plan(
    plan: MediaPlan, facts: Facts, *, as_of: date | None = None
) -> tuple[LineSpend, ...]:
    """
    Planned and spent money of every line, with the part of its flight that is over.

    Args:
        plan: The plan.
        facts: What was reported.
        as_of: Last day that counts; the last day of the facts when left out.

    Raises:
        CurrencyMismatch: Spend was reported in another currency than the plan's.
    """
    day = as_of or facts.last_day
    known = facts.between(last=day)
    known.totals()  # refuses mixed currencies before anything is added up
    spent = reported_spend(plan, known.metrics)
    found = []
    for key, line in plan.lines.items():
        flight = line.flight or plan.flight
        spend, basis = counted_spend(line, flight, spent.get(key), day)
        found.append(
            LineSpend(
                key,
                line.name or key,
                networks=line.networks,
                managed=line.managed,
                paid=line.paid,
                planned=line.cost,
                spend=spend,
                basis=basis,
                starts=flight.first_day,
                started=day is None or flight.first_day <= day,
                elapsed=elapsed_share(flight.first_day, flight.last_day, day),
            )
        )
    return tuple(found)
