"""
What is odd in a campaign's daily numbers: delivery, spend, CTR, cost per result.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from smmlib.analytics._alerts_baseline import (
    WEEK,
    Shift,
    amounts_shift,
    rates_shift,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from smmlib.analytics._alerts_series import Series

_SILENT = 14
DELIVERY, SPEND, CTR, CPA = "delivery_stopped", "spend", "ctr", "cpa"


@attrs.frozen
class Sensitivity:
    """
    How much it takes until a number is called odd.

    The defaults were chosen on simulated accounts and tried on others
    (`bench/alerts.py`). Fewer alerts: raise `score`; smaller campaigns: lower the
    least amounts of data.

    Attributes:
        score: Standard deviations of ordinary days.
        spend: Factor by which spend must be off, up or down.
        rate: Factor by which CTR falls or a result gets dearer.
        stopped: Part of the usual views below which delivery has stopped.
        least_views: Views a day that are due before delivery can be missed.
        least_clicks: Clicks that are due before a CTR says something.
        least_results: Results that are due before a cost per result says something.
    """

    score: float = attrs.field(default=4.5, kw_only=True)
    spend: float = attrs.field(default=1.6, kw_only=True)
    rate: float = attrs.field(default=1.5, kw_only=True)
    stopped: float = attrs.field(default=0.05, kw_only=True)
    least_views: float = attrs.field(default=100.0, kw_only=True)
    least_clicks: float = attrs.field(default=20.0, kw_only=True)
    least_results: float = attrs.field(default=6.0, kw_only=True)


@attrs.frozen
class Found:
    """
    One odd thing in one series.
    """

    kind: str
    series: Series
    shift: Shift
    daily: float  # money a day that it costs


def odd(series: Series, limits: Sensitivity, *, due: bool = False) -> Iterator[Found]:
    """
    All that is odd in the last days of a series; the most direct cause only.

    Args:
        series: Daily numbers of one campaign.
        limits: How much it takes.
        due: Whether it is known that it should run; else two silent weeks are an end.
    """
    silent = _silent(series.impressions if any(series.impressions) else series.spend)
    if silent > _SILENT and not due:
        return
    stopped = _stopped(series, limits, max(silent, 1))
    if stopped:
        yield stopped
        return
    checks = (_spend(series, limits), _ctr(series, limits), _cpa(series, limits))
    yield from (found for found in checks if found)


def _strongest(shifts: Iterable[Shift | None]) -> Shift | None:
    found = [shift for shift in shifts if shift]
    return max(found, key=lambda shift: abs(shift.score), default=None)


def _stopped(series: Series, limits: Sensitivity, window: int) -> Found | None:
    views = series.impressions if any(series.impressions) else series.spend
    least = limits.least_views if any(series.impressions) else 1.0
    shift = amounts_shift(views, series.weekdays, window)
    if shift is None or shift.expected < least * shift.days:
        return None
    if shift.actual > limits.stopped * shift.expected:
        return None
    money = amounts_shift(series.spend, series.weekdays, shift.days)
    return Found(DELIVERY, series, shift, money.expected / shift.days if money else 0.0)


def _silent(values: tuple[float, ...]) -> int:
    """
    How many of the last days were without anything.
    """
    count = 0
    while count < len(values) and values[-1 - count] <= 0:
        count += 1
    return count


def _spend(series: Series, limits: Sensitivity) -> Found | None:
    shifts = []
    for window in (1, 2, 3):
        shift = amounts_shift(series.spend, series.weekdays, window)
        if shift is None or abs(shift.score) < limits.score:
            continue
        # One odd day happens; it has to be odder than two or three in a row.
        least = limits.spend * (1.2 if window == 1 else 1.0)
        if shift.ratio >= least or shift.ratio <= 1 / least:
            shifts.append(shift)
    shift = _strongest(shifts)
    if shift is None:
        return None
    return Found(SPEND, series, shift, abs(shift.actual - shift.expected) / shift.days)


def _ctr(series: Series, limits: Sensitivity) -> Found | None:
    shifts = (
        rates_shift(series.clicks, series.impressions, series.weekdays, window)
        for window in (1, 2, 3, 5)
    )
    shift = _strongest(
        one
        for one in shifts
        if one
        and one.expected >= limits.least_clicks
        and one.score <= -limits.score
        and one.ratio <= 1 / limits.rate
    )
    if shift is None:
        return None
    money = sum(series.spend[-shift.days :]) / shift.days
    return Found(CTR, series, shift, money * (1 - shift.ratio))


def _cpa(series: Series, limits: Sensitivity) -> Found | None:
    if not series.counted:
        return None
    shifts = (
        rates_shift(series.results, series.spend, series.weekdays, window)
        for window in (1, 2, 3, 5, WEEK)
    )
    shift = _strongest(
        one
        for one in shifts
        if one
        and one.expected >= limits.least_results
        and one.score <= -limits.score
        and one.ratio <= 1 / limits.rate
    )
    if shift is None:
        return None
    money = sum(series.spend[-shift.days :]) / shift.days
    return Found(CPA, series, shift, money * (1 - shift.ratio))
