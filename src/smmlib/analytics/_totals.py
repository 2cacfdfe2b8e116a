"""
Numbers summed by network, line, campaign, day or whatever else the rows tell.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import attrs

from smmlib.errors import CurrencyMismatch, Issue, ValidationError
from smmlib.model import FrozenMap, MetricRow, kpi
from smmlib.model._checks import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

COUNTS = (
    "impressions",
    "clicks",
    "link_clicks",
    "visits",
    "video_views",
    "engagements",
    "leads",
    "registrations",
    "conversions",
    "approved_conversions",
)
"""
What may be added up over days, ads and networks.
"""

DIMENSIONS = (
    "on",
    "network",
    "platform",
    "account",
    "campaign",
    "ad_set",
    "ad",
    "address",
    "line",
    "currency",
    "source",
)
"""
What rows can be grouped by, besides the breakdowns they hold (age, gender, ...).
"""


PERIODS = ("week", "month", "quarter", "year")
"""
Spans of days that rows can be grouped by; a group is called by its first day.
"""


def period_start(day: date, period: str) -> date:
    """
    The first day of the week (Monday), month, quarter or year a day lies in.
    """
    if period == "week":
        return day - timedelta(days=day.weekday())
    if period == "quarter":
        return day.replace(month=3 * ((day.month - 1) // 3) + 1, day=1)
    return day.replace(day=1) if period == "month" else day.replace(month=1, day=1)


@attrs.frozen
class Totals:
    """
    Summed numbers of one group of rows.

    Attributes:
        labels: What the group is, by dimension; empty text where rows do not say.
        values: Sum by name of base metric; None where nothing was reported.
        currency: Currency of spend and revenue.
        rows: How many rows were summed.
        reach_at_least: People reached at the very least: the largest reach any one
            row reports. Reach itself is known only where one row covers the group,
            since the same people are seen on several days.
    """

    labels: FrozenMap[str]
    values: FrozenMap[Decimal | None]
    currency: str = attrs.field(kw_only=True)
    rows: int = attrs.field(kw_only=True)
    reach_at_least: int | None = attrs.field(default=None, kw_only=True)

    def __getitem__(self, metric: str) -> Decimal | None:
        """
        A summed base metric such as `clicks`.
        """
        return self.values[metric]

    def kpi(self, name: str) -> Decimal | None:
        """
        A KPI over these sums, e.g. `cpm`; None where it is undefined.
        """
        return kpi(name).value(self.values)

    def label(self, dimension: str) -> str:
        """
        What the group is in one dimension.
        """
        return self.labels[dimension]


def label_of(row: MetricRow, dimension: str) -> str:
    """
    A row's label in a dimension, as text.
    """
    if dimension in DIMENSIONS:
        value = getattr(row, dimension)
        return "" if value is None else str(value)
    if dimension in PERIODS and dimension not in row.breakdown:
        return str(period_start(row.on, dimension))
    return row.breakdown.get(dimension, "")


def summed(
    rows: Sequence[MetricRow],
    *,
    by: Sequence[str] = (),
    where: Mapping[str, str | Collection[str]] | None = None,
) -> tuple[Totals, ...]:
    """
    The rows that fit, grouped and summed, in order of their labels.

    Args:
        rows: Rows of any grain; a row must not be part of another one.
        by: Dimensions to group by; none for one total.
        where: Wanted label, or several, by dimension.

    Raises:
        ValidationError: No row knows such a dimension.
        CurrencyMismatch: A group mixes currencies.
    """
    wanted = {
        name: {labels} if isinstance(labels, str) else set(labels)
        for name, labels in (where or {}).items()
    }
    for name in (*by, *wanted):
        _check_dimension(name, rows)
    groups: dict[tuple[str, ...], list[MetricRow]] = {}
    for row in rows:
        if all(label_of(row, name) in labels for name, labels in wanted.items()):
            key = tuple(label_of(row, name) for name in by)
            groups.setdefault(key, []).append(row)
    return tuple(
        _sum(FrozenMap(zip(by, key, strict=True)), groups[key])
        for key in sorted(groups)
    )


def _check_dimension(name: str, rows: Iterable[MetricRow]) -> None:
    if (
        name in DIMENSIONS
        or name in PERIODS
        or any(name in row.breakdown for row in rows)
    ):
        return
    known = {*DIMENSIONS, *PERIODS, *(key for row in rows for key in row.breakdown)}
    raise ValidationError(
        [
            Issue(
                "by",
                "facts.dimension",
                f"the rows know no '{name}'",
                value=name,
                limit=", ".join(sorted(known)),
                hint=did_you_mean(name, known),
            )
        ]
    )


def _sum(labels: FrozenMap[str], rows: list[MetricRow]) -> Totals:
    values: dict[str, Decimal | None] = {
        "spend": sum((row.spend for row in rows), Decimal(0))
    }
    for name in COUNTS:
        counts = [n for row in rows if (n := getattr(row, name)) is not None]
        values[name] = Decimal(sum(counts)) if counts else None
    revenue = [row.revenue for row in rows if row.revenue is not None]
    values["revenue"] = sum(revenue, Decimal(0)) if revenue else None
    reaches = [row.reach for row in rows if row.reach is not None]
    whole = len(rows) == 1 and bool(reaches)
    values["reach"] = Decimal(reaches[0]) if whole else None
    return Totals(
        labels,
        FrozenMap(values),
        currency=one_currency({row.currency for row in rows}, "metrics"),
        rows=len(rows),
        reach_at_least=max(reaches, default=None),
    )


def one_currency(currencies: set[str], path: str) -> str:
    """
    The single currency of amounts that are to be added up.

    Raises:
        CurrencyMismatch: There are several.
    """
    if len(currencies) <= 1:
        return next(iter(currencies), "")
    names = ", ".join(sorted(currencies))
    raise CurrencyMismatch(
        [
            Issue(
                path,
                "money.currency_mismatch",
                f"amounts in {names} cannot be added up",
                value=names,
                limit="one currency",
                hint="convert them first, e.g. facts.converted('EUR', rates), "
                "or group by currency",
            )
        ]
    )
