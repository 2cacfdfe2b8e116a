"""
Daily numbers as alerts look at them: one series per campaign, with no day left out.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import attrs

from smmlib.analytics._totals import summed
from smmlib.model import FrozenMap

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from smmlib.analytics._totals import Totals
    from smmlib.model import MetricRow

RESULTS = ("registrations", "leads", "conversions")
"""
What counts as a result, the first one reported; platforms rarely claim all three.
"""


@attrs.frozen
class Series:
    """
    Daily numbers of one campaign.

    A day that no row speaks of is a day without delivery: platforms send no rows for
    ads that were not seen.

    Attributes:
        labels: Which campaign, by dimension.
        first: The first day.
        spend: Money of each day.
        impressions: How often its ads were seen.
        clicks: Clicks.
        results: Conversions it brought.
        counted: What the results are; empty when none are reported.
        currency: Currency of the money.
    """

    labels: FrozenMap[str]
    first: date = attrs.field(kw_only=True)
    spend: tuple[float, ...] = attrs.field(kw_only=True)
    impressions: tuple[float, ...] = attrs.field(kw_only=True)
    clicks: tuple[float, ...] = attrs.field(kw_only=True)
    results: tuple[float, ...] = attrs.field(kw_only=True)
    counted: str = attrs.field(default="", kw_only=True)
    currency: str = attrs.field(default="", kw_only=True)

    def __len__(self) -> int:
        return len(self.spend)

    @property
    def last(self) -> date:
        """
        The last day.
        """
        return self.first + timedelta(days=len(self.spend) - 1)

    @property
    def weekdays(self) -> tuple[int, ...]:
        """
        The weekday of each day, Monday is 0.
        """
        start = self.first.weekday()
        return tuple((start + place) % 7 for place in range(len(self.spend)))

    @property
    def name(self) -> str:
        """
        What people call it.
        """
        return " / ".join(label for label in self.labels.values() if label) or "account"


def series_of(
    rows: Sequence[MetricRow], by: Sequence[str], *, last: date, first: date | None
) -> tuple[Series, ...]:
    """
    One series per group, up to a last day.

    Args:
        rows: Daily rows.
        by: Dimensions that make a group.
        last: The last day; groups that end earlier are filled with empty days.
        first: Days before it are left out.

    Raises:
        ValidationError: No row knows such a dimension.
        CurrencyMismatch: A group mixes currencies.
    """
    fitting = [row for row in rows if row.on <= last and (not first or row.on >= first)]
    groups: dict[tuple[str, ...], list[Totals]] = {}
    for total in summed(fitting, by=(*by, "on")) if fitting else ():
        groups.setdefault(tuple(total.label(name) for name in by), []).append(total)
    return tuple(
        _series(FrozenMap(zip(by, key, strict=True)), totals, last)
        for key, totals in groups.items()
    )


def _series(labels: FrozenMap[str], totals: list[Totals], last: date) -> Series:
    days = {date.fromisoformat(total.label("on")): total for total in totals}
    first = min(days)
    span = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    counted = _counted(totals)

    def values(name: str) -> tuple[float, ...]:
        return tuple(_value(days.get(day), name) for day in span)

    return Series(
        labels,
        first=first,
        spend=values("spend"),
        impressions=values("impressions"),
        clicks=values("clicks"),
        results=values(counted) if counted else (0.0,) * len(span),
        counted=counted,
        currency=totals[0].currency,
    )


def _value(total: Totals | None, name: str) -> float:
    return float((total[name] if total else None) or 0)


def _counted(totals: Iterable[Totals]) -> str:
    found = list(totals)
    return next((n for n in RESULTS if any(t[n] for t in found)), "")
