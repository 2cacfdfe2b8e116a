"""
KPIs of any group and period, beside the period before, the plan and the target.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.analytics._compare_plan import held, lines_of, planned, target_of
from smmlib.analytics._compare_sums import Source
from smmlib.analytics._facts import Facts
from smmlib.analytics._growth import growth
from smmlib.analytics._show import Grid, amount, number
from smmlib.analytics._tabular import Tabular
from smmlib.analytics._totals import PERIODS, period_start
from smmlib.errors import ConfigurationError
from smmlib.model import KPI, FrozenMap, FxRate, KPIStatus, kpi
from smmlib.model._money import currency_code

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from smmlib.analytics._compare_sums import Values, Where
    from smmlib.analytics._warehouse import Warehouse
    from smmlib.model import FxRates, KPITarget, MediaPlan

USUAL = ("spend", "impressions", "clicks", "ctr", "cpc", "cost_per_conversion")
VERSUS = ("previous", "year", "")
_GROWN = frozenset({"followers", "followers_before", "reach_before"})


@attrs.frozen
class KPIRow:
    """
    One KPI of one group.

    Attributes:
        labels: What the group is, by dimension.
        kpi: What is measured.
        value: Its value; None where it is undefined.
        before: Its value in the period before.
        planned: What the plan expected of these days.
        target: What it should reach.
        status: How it stands against the target.
    """

    labels: FrozenMap[str]
    kpi: KPI
    value: Decimal | None = attrs.field(kw_only=True)
    before: Decimal | None = attrs.field(default=None, kw_only=True)
    planned: Decimal | None = attrs.field(default=None, kw_only=True)
    target: KPITarget | None = attrs.field(default=None, kw_only=True)
    status: KPIStatus | None = attrs.field(default=None, kw_only=True)

    @property
    def change(self) -> Decimal | None:
        """
        Change against the period before, in percent; None where it is undefined.
        """
        return _percent(self.value, self.before)

    @property
    def versus_plan(self) -> Decimal | None:
        """
        Change against the plan, in percent; None where it is undefined.
        """
        return _percent(self.value, self.planned)


def _percent(value: Decimal | None, base: Decimal | None) -> Decimal | None:
    if value is None or not base:
        return None
    return (value - base) / abs(base) * 100


@attrs.frozen(repr=False)
class KPITable(Tabular):
    """
    KPIs by group: now, before, planned, target.

    Attributes:
        rows: One for each group and KPI.
        first: The first day that counts.
        last: The last day that counts.
        currency: Currency of amounts; empty where groups have their own.
        rates: The dated rates that amounts were converted at.
    """

    rows: tuple[KPIRow, ...]
    first: date | None = attrs.field(default=None, kw_only=True)
    last: date | None = attrs.field(default=None, kw_only=True)
    currency: str = attrs.field(default="", kw_only=True)
    rates: tuple[FxRate, ...] = attrs.field(default=(), kw_only=True)

    def __iter__(self) -> Iterator[KPIRow]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def of(self, name: str, **labels: str) -> KPIRow:
        """
        The row of a KPI in a group, e.g. `table.of("cpc", network="x")`.

        Raises:
            ConfigurationError: There is no such row.
        """
        wanted = kpi(name).name
        for row in self.rows:
            if row.kpi.name == wanted and labels.items() <= dict(row.labels).items():
                return row
        raise ConfigurationError(
            f"there is no {name} of {labels or 'all'} in this table",
            hint="name it when the table is made, or look at table.rows",
        )

    def __repr__(self) -> str:
        return f"<KPITable of {len(self.rows)} rows, {self.first} to {self.last}>"

    def __str__(self) -> str:
        return self._grid().text()

    def _repr_html_(self) -> str:
        return self._grid().html()

    def _table(self) -> tuple[Sequence[str], Sequence[Sequence[Any]]]:
        names = tuple(self.rows[0].labels) if self.rows else ()
        columns = ("value", "before", "change", "planned", "versus_plan")
        rows = [
            (
                *row.labels.values(),
                row.kpi.name,
                *(getattr(row, column) for column in columns),
                row.target.amount if row.target else None,
                row.status.value if row.status else None,
            )
            for row in self.rows
        ]
        return (*names, "kpi", *columns, "target", "status"), rows

    def _grid(self) -> Grid:
        names = list(self.rows[0].labels) if self.rows else []
        head = [*names, "KPI", "status", "now", "before", "change", "planned"]
        head += ["versus plan", "target"]
        rows = [self._cells(row) for row in self.rows]
        caption = f"KPIs from {self.first} to {self.last}{self._converted()}"
        return Grid(head, rows, caption=caption, left=len(names) + 2)

    def _converted(self) -> str:
        if not self.rates:
            return ""
        found: dict[tuple[str, str], list[FxRate]] = {}
        for rate in self.rates:
            found.setdefault((rate.base, rate.quote), []).append(rate)
        return "".join(
            f"; {base} in {quote} at {min(r.rate for r in rates):f} to "
            f"{max(r.rate for r in rates):f}, each day's own rate "
            f"({', '.join(sorted({r.source for r in rates}))})"
            for (base, quote), rates in found.items()
        )

    def _cells(self, row: KPIRow) -> list[str]:
        name, unit = row.kpi.name, row.labels.get("currency", self.currency)

        def shown(value: Decimal | None) -> str:
            return amount(name, value, unit)

        return [
            *(label or "not stated" for label in row.labels.values()),
            row.kpi.label,
            row.status.replace("_", " ") if row.status else "",
            shown(row.value),
            shown(row.before),
            _signed(row.change),
            shown(row.planned),
            _signed(row.versus_plan),
            shown(row.target.amount) if row.target else number(None),
        ]


def _signed(value: Decimal | None) -> str:
    return number(None) if value is None else f"{value:+,.1f} %"


def kpi_table(
    source: Facts | Warehouse,
    kpis: Sequence[str] = USUAL,
    *,
    by: Sequence[str] | str = (),
    where: Where = None,
    first: date | None = None,
    last: date | None = None,
    versus: str = "previous",
    plan: MediaPlan | None = None,
    currency: str = "",
    rates: FxRates | None = None,
) -> KPITable:
    """
    KPIs of any group and period, beside the period before, the plan and the target.

    Ratios are ratios of sums, exact, and undefined is not zero. Own records come before
    what platforms claim, where groups are networks, lines or campaigns.

    Args:
        source: Facts, or the warehouse they stand in: the same numbers.
        kpis: Names of KPIs.
        by: Dimensions: `network`, `line`, `campaign`, ..., `week`, `month`, `quarter`,
            `year`, a breakdown such as `age`; none gives one group.
        where: Wanted label, or several, by dimension.
        first: The first day; the earliest when left out.
        last: The last day; the latest when left out.
        versus: `previous` (as many days before, or the period before this one), `year`
            (the same days a year before), or an empty text for no comparison.
        plan: Gives planned values and targets, for lines, networks and in all.
        currency: Convert amounts to it, each day at its own rate; mixed currencies are
            refused otherwise.
        rates: Dated exchange rates for facts; a warehouse has its own (`ingest_rates`).

    Raises:
        CurrencyMismatch: A group mixes currencies and no currency is named.
        ValidationError: No such KPI or dimension, or a rate is missing.
        ConfigurationError: `versus` is none of these.
    """
    if versus not in VERSUS:
        text = f"versus cannot be '{versus}'"
        raise ConfigurationError(text, hint="use previous or year, or leave it empty")
    names = (by,) if isinstance(by, str) else tuple(by)
    unit = currency_code(currency) if currency else ""
    desk = _Desk(Source(source, plan, unit, rates), names, where, tuple(map(kpi, kpis)))
    span = desk.source.days()
    if span is None:
        return KPITable((), currency=unit)
    start, end = first or span[0], last or span[1]
    rows = desk.rows(start, end, versus)
    return KPITable(
        tuple(rows),
        first=start,
        last=end,
        currency=unit or desk.currency,
        rates=desk.source.rates_used(start, end),
    )


@attrs.define
class _Desk:
    """
    What one table is made from.
    """

    source: Source
    by: tuple[str, ...]
    where: Where
    kpis: tuple[KPI, ...]
    currency: str = ""

    def rows(self, first: date, last: date, versus: str) -> Iterator[KPIRow]:
        now = self.values(first, last)
        before = self._before(first, last, versus) if versus else {}
        for key in sorted(now):
            labels: FrozenMap[str] = FrozenMap(zip(self.by, key, strict=True))
            for known in self.kpis:
                row = KPIRow(
                    labels,
                    known,
                    value=known.value(now[key]),
                    before=known.value(before.get(key, {})),
                )
                yield self._planned(row, first, last)

    def values(self, first: date, last: date) -> dict[tuple[str, ...], Values]:
        """
        Base metrics by group: claimed sums, own records over them, growth of pages.
        """
        found: dict[tuple[str, ...], Values] = {}
        for total in self.source.totals(self.by, self.where, first, last):
            if not total.rows:
                continue  # a database sums nothing to one row
            found[tuple(total.labels.values())] = dict(total.values)
            self.currency = self.currency or total.currency
        if not self.where:
            for key, own in self.source.own(self.by, first, last).items():
                found[key] = found.get(key, {}) | own
            for key, grown in self._grown(first, last).items():
                found[key] = found.get(key, {}) | grown
        return found

    def _grown(self, first: date, last: date) -> dict[tuple[str, ...], Values]:
        wanted = {name for known in self.kpis for name in known.metrics}
        if not wanted & _GROWN or self.by not in {(), ("network",)}:
            return {}
        found = growth(self.source.facts, first=first, last=last)
        if not self.by:
            return {(): found.total.values}
        return {(row.network,): row.values for row in found.rows}

    def _before(
        self, first: date, last: date, versus: str
    ) -> dict[tuple[str, ...], Values]:
        """
        The same groups in the period before, under the names they have now.
        """
        period = next((name for name in self.by if name in PERIODS), "")
        if versus == "year":
            found = self.values(_year_before(first), _year_before(last))
            return {self._moved(key, period, 365): v for key, v in found.items()}
        if period:
            start = period_start(first, period)
            begin = period_start(start - timedelta(days=1), period)
            found = self.values(begin, last)
            return {self._moved(key, period, 0): v for key, v in found.items()}
        days = (last - first).days + 1
        return self.values(first - timedelta(days=days), first - timedelta(days=1))

    def _moved(self, key: tuple[str, ...], period: str, days: int) -> tuple[str, ...]:
        if not period:
            return key
        place = self.by.index(period)
        start = date.fromisoformat(key[place])
        # Forty days on lies in the next month, a hundred in the next quarter.
        step = days or {"week": 7, "month": 40, "quarter": 100, "year": 370}[period]
        later = period_start(start + timedelta(days=step), period)
        return (*key[:place], str(later), *key[place + 1 :])

    def _planned(self, row: KPIRow, first: date, last: date) -> KPIRow:
        plan, labels = self.source.plan, row.labels
        keys = lines_of(plan, labels) if plan and not self.where else None
        if plan is None or keys is None:
            return row
        sums = planned(plan, keys, first, last)
        row = attrs.evolve(row, planned=row.kpi.value(sums))
        found = target_of(plan, row.kpi, labels)
        if found is None:
            return row
        target, flight = found
        status = held(row.kpi, target, row.value, flight, first=first, last=last)
        return attrs.evolve(row, target=target, status=status)


def _year_before(day: date) -> date:
    if (day.month, day.day) == (2, 29):
        return day.replace(year=day.year - 1, day=28)
    return day.replace(year=day.year - 1)
