"""
The way from seeing an ad to buying: how many go each step, and what a step costs.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.analytics._compare_sums import Source
from smmlib.analytics._show import Grid, number
from smmlib.analytics._tabular import Tabular
from smmlib.model import FrozenMap
from smmlib.model._money import currency_code

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from smmlib.analytics._compare_sums import Values
    from smmlib.analytics._facts import Facts
    from smmlib.analytics._warehouse import Warehouse
    from smmlib.model import FxRates, MediaPlan

STEPS = ("impressions", "clicks", "visits", "registrations", "sales")
OWN, CLAIMED = "own records", "claimed by the platforms"


@attrs.frozen
class FunnelStep:
    """
    One step of the way.

    Attributes:
        name: impressions, clicks, visits, registrations or sales.
        count: How many; None where nobody counts it.
        rate: Part of the step before that was counted, in percent.
        cost: Money spent for one of them.
        source: Who counted: own records, or the platforms.
    """

    name: str
    count: Decimal | None = None
    rate: Decimal | None = attrs.field(default=None, kw_only=True)
    cost: Decimal | None = attrs.field(default=None, kw_only=True)
    source: str = attrs.field(default="", kw_only=True)


@attrs.frozen
class FunnelRow:
    """
    The way of one group.

    Attributes:
        labels: What the group is, by dimension.
        steps: The five steps in order.
        spend: What it cost.
    """

    labels: FrozenMap[str]
    steps: tuple[FunnelStep, ...]
    spend: Decimal | None = attrs.field(default=None, kw_only=True)

    def __getitem__(self, name: str) -> FunnelStep:
        """
        A step by its name.
        """
        return {step.name: step for step in self.steps}[name]


@attrs.frozen(repr=False)
class Funnel(Tabular):
    """
    The way from seeing to buying, by group.

    Attributes:
        rows: One for each group.
        currency: Currency of costs.
    """

    rows: tuple[FunnelRow, ...]
    currency: str = ""

    def __iter__(self) -> Iterator[FunnelRow]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, place: int) -> FunnelRow:
        return self.rows[place]

    def __repr__(self) -> str:
        return f"<Funnel of {len(self.rows)} groups>"

    def __str__(self) -> str:
        return self._grid().text()

    def _repr_html_(self) -> str:
        return self._grid().html()

    def _names(self) -> list[str]:
        return list(self.rows[0].labels) if self.rows else []

    def _table(self) -> tuple[Sequence[str], Sequence[Sequence[Any]]]:
        rows = [
            (
                *row.labels.values(),
                *(step.name, step.count, step.rate, step.cost, step.source),
            )
            for row in self.rows
            for step in row.steps
        ]
        return (*self._names(), "step", "count", "rate", "cost", "source"), rows

    def _grid(self) -> Grid:
        head = [*self._names(), "step", "counted by", "count", "of the step before"]
        head += [f"cost each {self.currency}".strip()]
        rows = [
            [
                *(label or "not stated" for label in row.labels.values()),
                step.name,
                step.source,
                number(step.count),
                number(None) if step.rate is None else f"{step.rate:,.2f} %",
                number(step.cost, 2),
            ]
            for row in self.rows
            for step in row.steps
        ]
        return Grid(head, rows, caption="From seeing to buying", left=len(head) - 3)


def funnel(
    source: Facts | Warehouse,
    *,
    by: Sequence[str] | str = (),
    first: date | None = None,
    last: date | None = None,
    plan: MediaPlan | None = None,
    currency: str = "",
    rates: FxRates | None = None,
) -> Funnel:
    """
    Impressions, clicks, visits, registrations, sales: how many go on, at what cost.

    Visits, registrations and sales are those of the brand's own records, where it keeps
    them; else what the platforms claim. A step nobody counts is undefined, and the next
    rate refers to the last step that was counted.

    Args:
        source: Facts, or the warehouse they stand in.
        by: Dimensions; none gives one way for all. Own records are known by `network`,
            `line` and `campaign`.
        first: The first day; the earliest when left out.
        last: The last day; the latest when left out.
        plan: Joins own records to lines.
        currency: Convert amounts to it, each day at its own rate.
        rates: Dated exchange rates for facts.

    Raises:
        CurrencyMismatch: A group mixes currencies and no currency is named.
        ValidationError: No such dimension, or a rate is missing.
    """
    names = (by,) if isinstance(by, str) else tuple(by)
    unit = currency_code(currency) if currency else ""
    known = Source(source, plan, unit, rates)
    span = known.days()
    if span is None:
        return Funnel((), unit)
    start, end = first or span[0], last or span[1]
    own = known.own(names, start, end)
    kept = {name for values in own.values() for name in values}
    claimed = {}
    for total in known.totals(names, None, start, end):
        unit = unit or total.currency
        if total.rows:
            claimed[tuple(total.labels.values())] = dict(total.values)
    rows = []
    for key in sorted({*claimed, *own}):
        labels: FrozenMap[str] = FrozenMap(zip(names, key, strict=True))
        # Who keeps records of a kind and has none here had none here.
        mine = {**dict.fromkeys(kept, Decimal(0)), **own.get(key, {})}
        rows.append(_row(labels, claimed.get(key, {}), mine))
    return Funnel(tuple(rows), unit)


def _row(labels: FrozenMap[str], claimed: Values, own: Values) -> FunnelRow:
    spend, steps = claimed.get("spend"), []
    before: Decimal | None = None
    for name in STEPS:
        count, source = _count(name, claimed, own)
        rate = count / before * 100 if count is not None and before else None
        cost = spend / count if spend is not None and count else None
        steps.append(FunnelStep(name, count, rate=rate, cost=cost, source=source))
        before = before if count is None else count
    return FunnelRow(labels, tuple(steps), spend=spend)


def _count(name: str, claimed: Values, own: Values) -> tuple[Decimal | None, str]:
    """
    How many, and who counted.
    """
    if name in {"visits", "registrations"} and own.get(name) is not None:
        return own[name], OWN
    if name == "sales":
        sold = own.get("customers")
        count = claimed.get("conversions") if sold is None else sold
        return count, ("" if count is None else CLAIMED if sold is None else OWN)
    count = claimed.get(name)
    return count, "" if count is None else CLAIMED
