"""
What a day should have been: medians that know weekdays, and how far a day is off.

Everything here is robust (a bad day in the past moves a median little), and says "not
enough data" where a person would. The measures are described, with their reasons, in
the documentation of alerts.
"""

from __future__ import annotations

from math import log, sqrt
from statistics import median
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from collections.abc import Sequence

WEEK = 7
HISTORY = 28  # days before a window that it is compared with
LEAST = 10  # days of history without which nothing is said
_LEVEL = 14  # the level of the last two weeks: campaigns drift
_MAD = 1.4826  # of a normal distribution
_FLOOR = 0.08  # nobody's delivery is steadier than that
_RATE_FLOOR = 0.09
_BETWEEN = 0.4  # how alike the surprises of neighbouring days are
_LOWEST = 0.02
_MANY = 20  # results a day from which logarithms describe them


@attrs.frozen
class Shift:
    """
    How far the last days are off what they should have been.

    Attributes:
        days: Length of the window that shows it.
        actual: What it was in these days.
        expected: What it should have been.
        score: Distance in standard deviations of ordinary days.
    """

    days: int
    actual: float
    expected: float
    score: float

    @property
    def ratio(self) -> float:
        """
        Actual over expected.
        """
        return self.actual / self.expected if self.expected else 0.0


def profile(values: Sequence[float], weekdays: Sequence[int]) -> list[float]:
    """
    How each weekday compares with its week, Monday first; 1 where little is known.

    Each day is divided by the mean of the seven days around it, which holds every
    weekday once, so neither a trend nor a level enters.
    """
    seen: list[list[float]] = [[] for _ in range(WEEK)]
    for place, value in enumerate(values):
        start = min(max(place - 3, 0), max(len(values) - WEEK, 0))
        mean = sum(values[start : start + WEEK]) / WEEK
        if mean > 0:
            seen[weekdays[place]].append(value / mean)
    found = [_usual(ratios) for ratios in seen]
    whole = sum(found) / WEEK
    return [factor / whole for factor in found] if whole else [1.0] * WEEK


def _usual(ratios: Sequence[float]) -> float:
    """
    The usual factor of a weekday; one that was seen once is believed by half.
    """
    if len(ratios) == 1:
        return sqrt(ratios[0])
    return median(ratios) if ratios else 1.0


def spread_of(logs: Sequence[float]) -> float:
    """
    Robust standard deviation of logarithms around their median.
    """
    if not logs:
        return 0.0
    middle = median(logs)
    return _MAD * median(abs(one - middle) for one in logs)


def amounts_shift(
    values: Sequence[float],
    weekdays: Sequence[int],
    window: int,
    factors: Sequence[float] | None = None,
) -> Shift | None:
    """
    Whether the money (or views) of the last days fits the weeks before.

    Args:
        values: One amount a day.
        weekdays: The weekday of each.
        window: How many of the last days are looked at.
        factors: Weekday profile; found in the days before when left out.

    Returns:
        None without enough history, or where nothing is due on these weekdays.
    """
    cut = len(values) - window
    past, names = values[max(0, cut - HISTORY) : cut], weekdays[max(0, cut - HISTORY) :]
    if sum(1 for value in past if value > 0) < LEAST:
        return None
    shape = factors or profile(past, names)
    fair = [
        value / shape[name]
        for value, name in zip(past, names, strict=False)
        if shape[name] > _LOWEST
    ]
    level = median(fair[-_LEVEL:])
    expected = level * sum(shape[name] for name in weekdays[cut:])
    if expected <= 0:
        return None
    logs = [log(value / level) for value in fair if value > 0]
    scale = max(spread_of(logs), _FLOOR)
    actual = sum(values[cut:])
    off = log(max(actual, expected * 1e-3) / expected)
    error = scale * sqrt(_thinned(window) + 1.57 / min(len(fair), _LEVEL))
    return Shift(window, actual, expected, off / error)


def _thinned(window: int) -> float:
    """
    How much of a day's variance is left in the mean of several days.
    """
    return (1 + _BETWEEN * (window - 1)) / window


def rates_shift(
    counts: Sequence[float],
    bases: Sequence[float],
    weekdays: Sequence[int],
    window: int,
) -> Shift | None:
    """
    Whether clicks per view, or results per euro, of the last days fit the weeks before.

    Counts are compared with what the same views (or euros) brought before. Small counts
    vary by chance alone, large ones by the day; both parts of the variance are used.

    Args:
        counts: Clicks or results of each day.
        bases: Views or money of each day.
        weekdays: The weekday of each.
        window: How many of the last days are looked at.
    """
    cut = len(counts) - window
    start = max(0, cut - HISTORY)
    past = [
        (counts[place], bases[place], weekdays[place])
        for place in range(start, cut)
        if bases[place] > 0
    ]
    if len(past) < LEAST:
        return None
    total, base = sum(c for c, _, _ in past), sum(b for _, b, _ in past)
    if total <= 0:
        return None
    shape = _rate_profile(past, total / base)
    rate = _rate(past, shape)
    expected = sum(
        bases[n] * rate * shape[weekdays[n]] for n in range(cut, len(counts))
    )
    if expected <= 0:
        return None
    usual = [(c, b * rate * shape[name]) for c, b, name in past]
    varies = _variance(usual)
    drift = varies * (_thinned(window) + 1 / len(past)) + 1 / total
    actual = sum(counts[cut:])
    step = 2 * (sqrt(actual + 0.375) - sqrt(expected + 0.375))
    return Shift(window, actual, expected, step / sqrt(1 + expected * drift))


def _rate_profile(past: Sequence[tuple[float, float, int]], rate: float) -> list[float]:
    """
    Each weekday's rate beside the mean one; few results say little about a weekday.
    """
    counts, due = [0.0] * WEEK, [0.0] * WEEK
    for count, base, name in past:
        counts[name] += count
        due[name] += base * rate
    few = 15.0
    return [(c + few) / (d + few) for c, d in zip(counts, due, strict=True)]


def _rate(past: Sequence[tuple[float, float, int]], shape: Sequence[float]) -> float:
    """
    The usual rate: the median week's, so that one bad week does not become usual.
    """
    rates = []
    for start in range(len(past) % WEEK, len(past), WEEK):
        part = past[start : start + WEEK]
        due = sum(base * shape[name] for _, base, name in part)
        if due:
            rates.append(sum(count for count, _, _ in part) / due)
    whole = sum(c for c, _, _ in past) / sum(b * shape[name] for _, b, name in past)
    if len(rates) < 3:  # noqa: PLR2004 -- a median of two is their mean
        return whole
    return median([*rates, whole])


def _variance(usual: Sequence[tuple[float, float]]) -> float:
    """
    How much rates vary from day to day beyond what chance makes of small counts.
    """
    floor = _RATE_FLOOR**2
    due = [expected for _, expected in usual if expected > 0]
    if median(due) >= _MANY:
        logs = [log((c + 0.5) / (e + 0.5)) for c, e in usual if e > 0]
        chance = median(1 / (e + 0.5) for e in due)
        return max(spread_of(logs) ** 2 - chance, floor)
    beyond = sum(min((c - e) ** 2, 12 * e) - e for c, e in usual if e > 0)
    return max(beyond / sum(e * e for e in due), floor)
