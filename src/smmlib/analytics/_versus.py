"""
Plan, forecast and what really happened, side by side per line.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.analytics._join import place_of
from smmlib.analytics._show import Grid
from smmlib.analytics._spend import elapsed_share
from smmlib.analytics._totals import one_currency

if TYPE_CHECKING:
    from smmlib.analytics._facts import Facts
    from smmlib.model import MediaPlan
    from smmlib.planning import Forecast, Range

_MEASURES = ("impressions", "clicks", "visits", "registrations")


@attrs.frozen
class VersusRow:
    """
    One number of one line: planned, forecast and real, all for the days that are over.

    Attributes:
        line: Key of the line.
        measure: `spend`, `impressions`, `clicks`, `visits` or `registrations`.
        planned: What the plan expected by now; None where it does not say.
        forecast: What the forecast expected by now.
        actual: What was reported; None where nothing was.
    """

    line: str
    measure: str
    planned: float | None = attrs.field(kw_only=True)
    forecast: Range | None = attrs.field(kw_only=True)
    actual: Decimal | None = attrs.field(kw_only=True)

    @property
    def status(self) -> str:
        """
        Where the real number lies: `within`, `below`, `above` the forecast's range, or
        `no data`.
        """
        if self.actual is None or self.forecast is None:
            return "no data"
        if float(self.actual) < self.forecast.low:
            return "below"
        return "above" if float(self.actual) > self.forecast.high else "within"


@attrs.frozen
class Versus:
    """
    Every line's plan, forecast and reality.

    Attributes:
        rows: One per line and number.
        as_of: The last day that counts.
        currency: Of spend.
    """

    rows: tuple[VersusRow, ...]
    as_of: date | None = attrs.field(kw_only=True)
    currency: str = attrs.field(kw_only=True)

    def _grid(self) -> Grid:
        rows = [
            [
                row.line,
                row.measure,
                row.status,
                "–" if row.planned is None else f"{row.planned:,.0f}",
                "–" if row.forecast is None else str(row.forecast),
                "–" if row.actual is None else f"{row.actual:,.0f}",
            ]
            for row in self.rows
        ]
        head = ["line", "number", "reality is", "planned", "forecast", "actual"]
        caption = f"Plan, forecast and reality until {self.as_of}, in {self.currency}"
        return Grid(head, rows, caption=caption, left=3)

    def __str__(self) -> str:
        return self._grid().text()

    def _repr_html_(self) -> str:
        return self._grid().html()

    def to_dict(self) -> dict[str, Any]:
        """
        JSON-ready data.
        """
        return {
            "as_of": None if self.as_of is None else self.as_of.isoformat(),
            "currency": self.currency,
            "rows": [
                {
                    "line": row.line,
                    "measure": row.measure,
                    "status": row.status,
                    "planned": row.planned,
                    "forecast": None
                    if row.forecast is None
                    else attrs.asdict(row.forecast),
                    "actual": None if row.actual is None else f"{row.actual:f}",
                }
                for row in self.rows
            ],
        }


def versus(
    plan: MediaPlan, forecast: Forecast, *, facts: Facts, as_of: date | None = None
) -> Versus:
    """
    Hold what happened to plan and forecast, line by line, for the days that are over.

    Args:
        plan: The plan.
        forecast: Its forecast, made before.
        facts: What was reported.
        as_of: The last day that counts; the last day of the facts when left out.

    Raises:
        CurrencyMismatch: Spend is in another currency than the plan.
    """
    day = as_of or facts.last_day
    rows = facts.between(last=day).metrics if day else ()
    one_currency({*(row.currency for row in rows), plan.currency or ""} - {""}, "facts")
    real: dict[str, dict[str, Decimal]] = {}
    for row in rows:
        sums = real.setdefault(place_of(row, plan).line, {})
        for name in ("spend", *_MEASURES):
            value = getattr(row, name)
            if value is not None:
                sums[name] = sums.get(name, Decimal(0)) + value
    found = []
    for told in forecast.rows:
        if told.cost is None or told.line not in plan.lines:
            continue
        flight = plan.lines[told.line].flight or plan.flight
        part = float(elapsed_share(flight.first_day, flight.last_day, day))
        actual = real.get(told.line, {})
        found += _of_line(told, part, actual)
    return Versus(tuple(found), as_of=day, currency=plan.currency or "")


def _of_line(told: Any, part: float, actual: dict[str, Decimal]) -> list[VersusRow]:
    from smmlib.planning import Range

    due = float(told.cost.amount) * part
    spend = VersusRow(
        told.line,
        "spend",
        planned=due,
        forecast=Range(low=due * 0.9, middle=due, high=due * 1.1),
        actual=actual.get("spend"),
    )
    rows = [spend]
    for name in _MEASURES:
        number = told.numbers.get(name)
        planned = told.planned.get(name)
        rows.append(
            VersusRow(
                told.line,
                name,
                planned=None if planned is None else planned * part,
                forecast=None
                if number is None
                else Range(
                    low=number.low * part,
                    middle=number.middle * part,
                    high=number.high * part,
                ),
                actual=actual.get(name),
            )
        )
    return rows
