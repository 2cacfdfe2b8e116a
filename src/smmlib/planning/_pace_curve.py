"""
How spending should run through a flight: the ideal curve, day by day and hour by hour.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from statistics import median

import attrs

from smmlib.errors import Issue, ValidationError
from smmlib.model import FrozenMap, Pacing

WEEKDAYS = (
    *("monday", "tuesday", "wednesday", "thursday"),
    *("friday", "saturday", "sunday"),
)
_HOURS = 24
_WEEK = 7
_SHRINK = 0.25  # a quarter of an even week: two odd Sundays make no rule
_FRONT, _BACK = 1.5, 0.5  # the first day gets three times the last


def _weights(value: Mapping[str, float]) -> FrozenMap[float]:
    return FrozenMap({str(name): float(weight) for name, weight in value.items()})


@attrs.frozen
class SpendShape:
    """
    How spending breathes with the week and the day, learned or stated.

    Attributes:
        weekdays: Weight by name of the day, `monday` to `sunday`; 1 is an average day,
            a day left out is average.
        hours: Share of a day's spend by hour, `0` to `23`; even when left out.
        weeks: Whole weeks it was learned from; 0 when it was stated.
        source: Where it comes from.
    """

    weekdays: FrozenMap[float] = attrs.field(
        factory=FrozenMap, converter=_weights, kw_only=True
    )
    hours: FrozenMap[float] = attrs.field(
        factory=FrozenMap, converter=_weights, kw_only=True
    )
    weeks: int = attrs.field(default=0, kw_only=True)
    source: str = attrs.field(default="stated", kw_only=True)

    def __attrs_post_init__(self) -> None:
        issues = [
            *_odd("weekdays", self.weekdays, WEEKDAYS),
            *_odd("hours", self.hours, [str(hour) for hour in range(_HOURS)]),
        ]
        if issues:
            raise ValidationError(issues)

    def of_day(self, day: date) -> float:
        """
        The weight of a day.
        """
        return self.weekdays.get(WEEKDAYS[day.weekday()], 1.0)

    def by_hour(self, hour: float) -> float:
        """
        The part of a day's spend that should be gone by an hour, from 0 to 1.
        """
        if not self.hours:
            return min(max(hour / _HOURS, 0.0), 1.0)
        gone = sum(self.hours.get(str(k), 0.0) for k in range(int(hour)))
        gone += self.hours.get(str(int(hour)), 0.0) * (hour - int(hour))
        return min(gone / sum(self.hours.values()), 1.0)


def _odd(path: str, weights: Mapping[str, float], known: Sequence[str]) -> list[Issue]:
    found = [
        Issue(
            f"{path}.{name}",
            "pace.shape",
            f"{name} is no part of {path}"
            if name not in known
            else f"the weight of {name} is {weight}",
            value=weight if name in known else name,
            limit="zero or more" if name in known else f"{known[0]} to {known[-1]}",
            hint="write 1 for an average day, 0 for a day without ads",
        )
        for name, weight in weights.items()
        if name not in known or not 0 <= weight < float("inf")
    ]
    if weights and not found and not sum(weights.values()):
        found.append(
            Issue(
                path,
                "pace.shape",
                f"all weights of {path} are zero",
                hint="give at least one of them a weight",
            )
        )
    return found


def learn_shape(
    spend: Mapping[date, object], *, hours: Mapping[str, object] | None = None
) -> SpendShape:
    """
    Learn from history how spending breathes: by weekday, and by hour where reported.

    Each day is compared with the week around it, so growth is not mistaken for a
    rhythm; the middle of these ratios counts, so one strike day does not either. With
    less than two whole weeks the answer is an even week.

    Args:
        spend: Spend by day.
        hours: Spend by hour of the day, `0` to `23`, if there is any.
    """
    daily = {day: _number(value) for day, value in spend.items()}
    ratios: dict[int, list[float]] = {}
    for day, amount in daily.items():
        around = [daily.get(day + timedelta(days=k)) for k in range(-3, 4)]
        known = [value for value in around if value is not None]
        if len(known) == _WEEK and sum(known) > 0:
            ratios.setdefault(day.weekday(), []).append(amount * _WEEK / sum(known))
    weeks = min((len(v) for v in ratios.values()), default=0)
    if len(ratios) < _WEEK or weeks < 1:
        return SpendShape(hours=_shares(hours), source="too little history: even week")
    raw = {
        WEEKDAYS[k]: (median(v) * len(v) + _SHRINK) / (len(v) + _SHRINK)
        for k, v in sorted(ratios.items())
    }
    mean = sum(raw.values()) / _WEEK
    return SpendShape(
        weekdays={name: weight / mean for name, weight in raw.items()},
        hours=_shares(hours),
        weeks=weeks,
        source=f"{len(daily)} days of own history",
    )


def _number(value: object) -> float:
    return float(str(value))


def _shares(hours: Mapping[str, object] | None) -> dict[str, float]:
    found = {name: _number(value) for name, value in (hours or {}).items()}
    total = sum(found.values())
    return {name: value / total for name, value in found.items()} if total else {}


def ideal_weights(
    days: Sequence[date],
    pacing: Pacing | str = Pacing.EVEN,
    *,
    shape: SpendShape | None = None,
    curve: Mapping[date, float] | None = None,
    most: float | None = None,
) -> dict[date, float]:
    """
    The part of the money that belongs to each day; together they are 1.

    Args:
        days: The days of the flight, in order.
        pacing: Even, front-loaded (1.5 to 0.5 of the average, in a straight line),
            back-loaded, or as soon as possible.
        shape: How weekdays differ.
        curve: Weights of one's own by day, instead of a pacing.
        most: The largest part one day may take; as soon as possible needs it, or the
            first day takes all.
    """
    if curve is not None:
        weights = {day: float(curve.get(day, 0.0)) for day in days}
    elif pacing == Pacing.ASAP:
        return _asap(days, most or 1.0)
    else:
        weights = dict(zip(days, _slope(len(days), Pacing(pacing)), strict=True))
    if shape is not None and curve is None:
        weights = {day: weight * shape.of_day(day) for day, weight in weights.items()}
    total = sum(weights.values())
    if not total:
        return dict.fromkeys(days, 1 / len(days)) if days else {}
    return {day: weight / total for day, weight in weights.items()}


def _slope(count: int, pacing: Pacing) -> list[float]:
    if pacing is Pacing.EVEN or count == 1:
        return [1.0] * count
    steps = [_FRONT + (_BACK - _FRONT) * k / (count - 1) for k in range(count)]
    return steps if pacing is Pacing.FRONT_LOADED else steps[::-1]


def _asap(days: Sequence[date], most: float) -> dict[date, float]:
    left, found = 1.0, {}
    for day in days:
        found[day] = min(most, left)
        left -= found[day]
    return found
