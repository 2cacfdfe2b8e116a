"""
Where spending will end: a projection with an interval, judged by its own past errors.

The next days are the recent level times the weekday's weight. How far such projections
were off, at the same distance, on the days behind us says how far this one may be off:
no bell curve is assumed, and a level that keeps falling corrects the middle as well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import accumulate, pairwise
from math import exp, log, sqrt
from statistics import median

import attrs

from smmlib.planning._pace_curve import SpendShape, learn_shape

_HALF_LIVES = (1.0, 4.0, 14.0, 60.0)
_WARM = 10  # days before the first projection is judged
_ENOUGH = 12  # past projections that make a quantile
_JUDGED = 250
_FEW = 0.15  # error of a projection nothing is known of, as a logarithm
_TAIL = 1.2815515655446004  # normal quantile of 90 %
_TINY = 1e-9
_ALIKE = 0.99
_NARROW = 0.6  # chosen on seeds that bench/pacing.py does not judge


@attrs.frozen
class Projection:
    """
    What will have been spent at the end, and how sure that is.

    Attributes:
        low: Four in five cases end between this
        high: and this.
        middle: The likeliest end.
        share: Part of cases the interval is made for.
        judged: Past projections it rests on; 0 means a rule of thumb.
        method: In words.
    """

    low: float = attrs.field(kw_only=True)
    middle: float = attrs.field(kw_only=True)
    high: float = attrs.field(kw_only=True)
    share: float = attrs.field(default=0.8, kw_only=True)
    judged: int = attrs.field(default=0, kw_only=True)
    method: str = attrs.field(default="", kw_only=True)


def project(
    history: Mapping[date, float],
    ahead: Sequence[date],
    *,
    spent: float = 0.0,
    shape: SpendShape | None = None,
) -> Projection:
    """
    Project spend to the end of the days ahead.

    Args:
        history: Spend by day, all there is; days without a row count as zero.
        ahead: The days that are still to come.
        spent: What of the period is spent already.
        shape: How weekdays differ; learned from the history when left out.
    """
    if not ahead:
        return _certain(spent, "nothing is left")
    days, values = _series(history)
    if not values or not any(values):
        return _certain(spent, "nothing was spent yet")
    rhythm = shape or learn_shape(dict(zip(days, values, strict=True)))
    flat = [rhythm.of_day(day) for day in days]
    sums = _Sums(values, flat)
    near = min(len(ahead), max(len(values) // 2, 1))
    best = min(_HALF_LIVES, key=lambda life: _loss(sums.errors(life, near)))
    errors = sums.errors(best, near)
    rest = sums.level(best, len(values)) * sum(map(rhythm.of_day, ahead))
    low, mid, high = _quantiles(
        errors, stretch=(len(ahead) / near) ** 0.5 * _caution(errors)
    )
    return Projection(
        low=spent + rest * low,
        middle=spent + rest * mid,
        high=spent + rest * high,
        judged=len(errors),
        method=f"level of a {best:g}-day half-life, weekday shape from "
        f"{rhythm.source}, {len(errors)} past projections judged",
    )


def _certain(spent: float, method: str) -> Projection:
    return Projection(low=spent, middle=spent, high=spent, method=method)


def _series(history: Mapping[date, float]) -> tuple[list[date], list[float]]:
    spending = [day for day, value in history.items() if value]
    if not spending:
        return [], []
    first, last = min(spending), max(history)
    days = [first + timedelta(days=k) for k in range((last - first).days + 1)]
    return days, [float(history.get(day, 0.0)) for day in days]


def _loss(errors: Sequence[float]) -> float:
    return sum(map(abs, errors)) / len(errors) if errors else 0.0


class _Sums:
    """
    Levels and past errors of one series; every sum is worked out once.
    """

    def __init__(self, values: Sequence[float], weights: Sequence[float]) -> None:
        self._values, self._weights = values, weights
        self._spent = [0.0, *accumulate(values)]
        self._due = [0.0, *accumulate(weights)]
        self._levels: dict[float, list[float]] = {}

    def level(self, life: float, upto: int) -> float:
        """
        Spend of an average day, by the days before *upto*, recent ones first.
        """
        if life not in self._levels:
            self._levels[life] = self._smoothed(0.5 ** (1 / life))
        return self._levels[life][upto]

    def _smoothed(self, keep: float) -> list[float]:
        spent = due = 0.0
        found = [0.0]
        for value, weight in zip(self._values, self._weights, strict=True):
            spent, due = spent * keep + value, due * keep + weight
            found.append(spent / due if due > _TINY else 0.0)
        return found

    def errors(self, life: float, near: int) -> list[float]:
        """
        Logarithms of real over projected spend, for past projections of *near* days.
        """
        found = []
        last = len(self._values) - near
        for start in range(max(_WARM, last - _JUDGED), last + 1):
            due = self._due[start + near] - self._due[start]
            real = self._spent[start + near] - self._spent[start]
            told = self.level(life, start) * due
            if told > _TINY:
                found.append(log(max(real, told * 1e-3) / told))
        return found


def _quantiles(
    errors: Sequence[float], *, stretch: float
) -> tuple[float, float, float]:
    """
    Factors below, in the middle of and above a projection.
    """
    if len(errors) < _ENOUGH:
        spread = _FEW * sqrt(stretch) * _TAIL
        return exp(-spread), 1.0, exp(spread)
    ordered, middle = sorted(errors), median(errors)
    low, high = _at(ordered, 0.1), _at(ordered, 0.9)
    return (
        exp(middle + (low - middle) * stretch),
        exp(middle),
        exp(middle + (high - middle) * stretch),
    )


def _caution(errors: Sequence[float]) -> float:
    """
    How much wider to be, since projections of neighbouring days err alike.

    A hundred errors that follow each other closely tell no more than a handful that
    do not, and quantiles of a handful are too narrow.
    """
    middle = sum(errors) / len(errors) if errors else 0.0
    off = [error - middle for error in errors]
    power = sum(value * value for value in off)
    if len(off) < _ENOUGH or power < _TINY * _TINY:
        return 1.0
    alike = sum(a * b for a, b in pairwise(off)) / power
    alike = min(max(alike, 0.0), _ALIKE)
    return 1 + _NARROW * (1 + alike) / (len(off) * (1 - alike))


def _at(ordered: Sequence[float], part: float) -> float:
    place = part * (len(ordered) + 1) - 1
    place = min(max(place, 0.0), len(ordered) - 1.0)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)
