"""
What comes again and again: the one module that knows python-dateutil.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING, Literal

import attrs

from smmlib.model._checks import are, as_tuple, is_type, is_whole, refuse
from smmlib.model._flight import wall_time, zone_of
from smmlib.model._value import Value

if TYPE_CHECKING:
    from smmlib.model._flight import Flight

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_UNITS = ("day", "week", "month")


def _frequency(every: str) -> Literal[1, 2, 3]:
    """
    The rhythm in python-dateutil's numbers.
    """
    from dateutil import rrule

    if every == "month":
        return rrule.MONTHLY
    return rrule.WEEKLY if every == "week" else rrule.DAILY


@attrs.frozen(eq=False, repr=False)
class Schedule(Value):
    """
    A recurring moment, such as every Tuesday and Thursday at 9:00.

    Examples:
        >>> from smmlib import Flight, Schedule
        >>> slots = Schedule("week", on=["tue", "thu"], zone="Europe/Berlin")
        >>> flight = Flight.parse("2027-03-01..2027-03-07", "Europe/Berlin")
        >>> [f"{s:%a %d}" for s in slots.occurrences(flight)]
        ['Tue 02', 'Thu 04']

    Attributes:
        every: `day`, `week` or `month`.
        on: Weekdays (`mon` ... `sun`) for weeks, days of the month (1-31) for months.
        at: Wall time.
        zone: IANA name of the zone the wall time is in.
        interval: Every how many days, weeks or months.
        skip: Days left out, such as holidays.
    """

    every: str
    on: tuple[str | int, ...] = attrs.field(default=(), converter=as_tuple)
    at: time = attrs.field(default=time(9), kw_only=True)
    zone: str = attrs.field(kw_only=True)
    interval: int = attrs.field(default=1, kw_only=True)
    skip: tuple[date, ...] = attrs.field(default=(), converter=as_tuple, kw_only=True)

    def __attrs_post_init__(self) -> None:
        are("on", self.on, str, int)
        are("skip", self.skip, date)
        zone_of(self.zone)
        is_type("at", self.at, time)
        if self.at.tzinfo is not None:
            refuse(
                "at",
                f"{self.at} has a zone already",
                code="time.aware",
                value=str(self.at),
                expected="a wall time without zone",
                hint="name the zone in `zone` only",
            )
        is_whole("interval", self.interval, low=1, high=366)
        if self.every not in _UNITS:
            refuse(
                "every",
                f"unknown rhythm {self.every!r}",
                code="schedule.every",
                value=self.every,
                expected=", ".join(_UNITS),
            )
        days: dict[str, tuple[str | int, ...]] = {
            "day": (),
            "week": _WEEKDAYS,
            "month": tuple(range(1, 32)),
        }
        allowed = days[self.every]
        wrong = [day for day in self.on if day not in allowed]
        if wrong:
            refuse(
                "on",
                f"{wrong[0]!r} is no day of a {self.every}",
                code="schedule.on",
                value=wrong[0],
                expected=", ".join(str(a) for a in allowed[:7]) or "nothing",
            )

    def occurrences(self, flight: Flight) -> tuple[datetime, ...]:
        """
        Every moment of the schedule inside a flight, as aware instants.

        Raises:
            ValidationError: A moment falls into an hour the clock change skips or
                repeats.
        """
        from dateutil import rrule

        # The flight's first day may be another day in the schedule's own zone.
        place = zone_of(self.zone)
        local = type(flight)(
            flight.start.astimezone(place), flight.end.astimezone(place)
        )
        weekdays = [_WEEKDAYS.index(d) for d in self.on if isinstance(d, str)]
        rule = rrule.rrule(
            _frequency(self.every),
            dtstart=datetime.combine(local.first_day, self.at),
            until=datetime.combine(local.last_day, time.max),
            interval=self.interval,
            byweekday=weekdays or None,
            bymonthday=[d for d in self.on if isinstance(d, int)] or None,
        )
        moments = (wall_time(m, self.zone) for m in rule if m.date() not in self.skip)
        return tuple(m for m in moments if m in flight)


def months_later(day: date, months: int) -> date:
    """
    The same day some months later; the last of the month where that day is missing.
    """
    from dateutil.relativedelta import relativedelta

    later: date = day + relativedelta(months=months)
    return later
