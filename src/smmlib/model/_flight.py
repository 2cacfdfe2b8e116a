"""
When things run: half-open windows in a time zone, from wall time without surprises.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.model._checks import is_aware, is_type, refuse
from smmlib.model._value import Value

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zoneinfo import ZoneInfo

_FIRST_YEAR, _LAST_YEAR = 2000, 2100


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    from zoneinfo import ZoneInfo

    return ZoneInfo(name)


def zone_of(name: Any, *, attribute: str = "zone") -> ZoneInfo:
    """
    The time zone of this IANA name, e.g. `Europe/Berlin`.

    Raises:
        ValidationError: No such zone.
    """
    is_type(attribute, name, str)
    try:
        return _zone(name)
    except (KeyError, ValueError, OSError):
        # zoneinfo raises any of these, depending on how the name is wrong.
        return refuse(
            attribute,
            f"unknown time zone {name!r}",
            code="time.zone",
            value=name,
            expected="an IANA name such as Europe/Berlin",
            hint="look it up in the IANA list; abbreviations like CET are ambiguous",
        )


def wall_time(naive: datetime, zone: str, *, attribute: str = "at") -> datetime:
    """
    The instant a wall clock shows in a zone; hours that do not exist are refused.

    When clocks go forward an hour is missing, when they go back one comes twice: both
    are refused, because nobody knows which moment was meant.

    Args:
        naive: Date and time without zone.
        zone: IANA name.
        attribute: What to call the value in an error.

    Raises:
        ValidationError: In a gap (`time.gap`) or a fold (`time.fold`) of the zone.
    """
    place = zone_of(zone)
    is_type(attribute, naive, datetime)
    if naive.tzinfo is not None:
        refuse(
            attribute,
            f"{naive.isoformat()} has a zone already",
            code="time.aware",
            value=naive.isoformat(),
            expected="a datetime without zone",
            hint="an aware datetime can be used as it is",
        )
    first = naive.replace(tzinfo=place, fold=0)
    second = naive.replace(tzinfo=place, fold=1)
    if first.utcoffset() == second.utcoffset():
        return first
    # In a gap the round trip through UTC does not come back to the same wall time.
    back = first.astimezone(UTC).astimezone(place).replace(tzinfo=None)
    gap = back != naive
    return refuse(
        attribute,
        f"{naive:%Y-%m-%d %H:%M} "
        + ("does not exist" if gap else "comes twice")
        + f" in {zone}: the clocks change then",
        code="time.gap" if gap else "time.fold",
        value=f"{naive:%Y-%m-%d %H:%M}",
        expected="a time the wall clock shows exactly once",
        hint="choose a time at least an hour earlier or later",
    )


def start_of_day(day: date, zone: tzinfo) -> datetime:
    """
    The first instant of a day: midnight, or the end of a gap without one.
    """
    midnight = datetime.combine(day, time(0), tzinfo=zone)
    return midnight.astimezone(UTC).astimezone(zone)


def _is_near(attribute: str, moment: date) -> None:
    """
    Refuse years nobody plans for; beyond them calendars overflow in some zones.
    """
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        refuse(
            attribute,
            f"{attribute} is in the year {moment.year}",
            code="time.year",
            value=moment.year,
            expected=f"{_FIRST_YEAR}..{_LAST_YEAR}",
            hint="check the year",
        )


def _two_ends(text: Any) -> tuple[date, date]:
    """
    The two dates or datetimes around the dots, or a clear refusal.
    """
    first, _, last = text.partition("..") if isinstance(text, str) else ("", "", "")
    try:
        ends = _moment(first.strip()), _moment(last.strip())
    except ValueError:
        return refuse(
            "flight",
            f"{text!r} is no flight",
            code="flight.format",
            value=str(text)[:80],
            expected="first..last day, e.g. 2027-03-01..2027-04-11",
            hint="write ISO dates with two dots between",
        )
    _is_near("start", ends[0])
    _is_near("end", ends[1])
    return ends


def _moment(text: str) -> date:
    short = len(text) == len("2027-03-01")
    return date.fromisoformat(text) if short else datetime.fromisoformat(text)


def _instant(moment: date, zone: str, *, attribute: str) -> datetime:
    if not isinstance(moment, datetime):
        return start_of_day(moment, zone_of(zone))
    return moment if moment.tzinfo else wall_time(moment, zone, attribute=attribute)


@attrs.frozen(eq=False, repr=False)
class Flight(Value):
    """
    When an ad or a plan runs: from `start` up to, but without, `end`.

    Files and people name the last day, and mean all of it: `Flight.from_dates` and
    `Flight.parse` add that day. Instants are aware; both ends share one zone.

    Examples:
        >>> flight = Flight.parse("2027-03-01..2027-04-11", "Europe/Berlin")
        >>> flight.number_of_days, str(flight)
        (42, '2027-03-01..2027-04-11')

    Attributes:
        start: First instant.
        end: First instant that is no longer part of it.

    Raises:
        ValidationError: Naive instants, end not after start, years outside 2000-2100.
    """

    start: datetime
    end: datetime

    def __attrs_post_init__(self) -> None:
        for name, value in (("start", self.start), ("end", self.end)):
            is_type(name, value, datetime)
            is_aware(name, value)
            _is_near(name, value)
        if self.end.astimezone(UTC) <= self.start.astimezone(UTC):
            refuse(
                "end",
                f"ends ({self.end:%Y-%m-%d %H:%M}) before it starts "
                f"({self.start:%Y-%m-%d %H:%M})",
                code="flight.end_before_start",
                value=self.end.isoformat(),
                expected=f"after {self.start.isoformat()}",
                hint="swap the two, or correct the year",
            )

    @classmethod
    def from_dates(cls, first: date, last: date, zone: str) -> Flight:
        """
        Whole days, both included, in a zone.
        """
        place = zone_of(zone)
        for name, day in (("start", first), ("end", last)):
            is_type(name, day, date)
            _is_near(name, day)
        if last < first:
            refuse(
                "end",
                f"ends ({last}) before it starts ({first})",
                code="flight.end_before_start",
                value=str(last),
                expected=f"{first} or later",
                hint="swap the two, or correct the year",
            )
        return cls(
            start_of_day(first, place), start_of_day(last + timedelta(days=1), place)
        )

    @classmethod
    def parse(cls, text: str, zone: str) -> Flight:
        """
        Read `2027-03-01..2027-04-11`, both days included, or `start..end` with times.

        With times (`2027-03-01 09:00..2027-03-05 18:00`) the end is the instant itself;
        a last day without a time is included, as everywhere.
        """
        start, end = _two_ends(text)
        if not isinstance(start, datetime) and not isinstance(end, datetime):
            return cls.from_dates(start, end, zone)
        if not isinstance(end, datetime):
            end += timedelta(days=1)
        return cls(
            _instant(start, zone, attribute="start"),
            _instant(end, zone, attribute="end"),
        )

    @property
    def zone(self) -> tzinfo:
        """
        The zone days are counted in: the one of `start`.
        """
        zone = self.start.tzinfo
        assert zone is not None  # noqa: S101 - checked on construction
        return zone

    @property
    def duration(self) -> timedelta:
        """
        Real time from start to end; a day with a clock change has 23 or 25 hours.
        """
        return self.end.astimezone(UTC) - self.start.astimezone(UTC)

    @property
    def first_day(self) -> date:
        """
        The day it starts on, in its zone.
        """
        return self.start.date()

    @property
    def last_day(self) -> date:
        """
        The last day it touches, in its zone.
        """
        return (
            (self.end.astimezone(UTC) - timedelta(microseconds=1))
            .astimezone(self.zone)
            .date()
        )

    @property
    def number_of_days(self) -> int:
        """
        How many calendar days it touches.
        """
        return (self.last_day - self.first_day).days + 1

    @property
    def is_whole_days(self) -> bool:
        """
        Whether it starts and ends on midnights.
        """
        day_after = self.last_day + timedelta(days=1)
        return (
            self.start.astimezone(UTC)
            == start_of_day(self.first_day, self.zone).astimezone(UTC)
        ) and self.end.astimezone(UTC) == start_of_day(day_after, self.zone).astimezone(
            UTC
        )

    def dates(self) -> Iterator[date]:
        """
        Every calendar day it touches.
        """
        for offset in range(self.number_of_days):
            yield self.first_day + timedelta(days=offset)

    def days(self) -> tuple[Flight, ...]:
        """
        Cut at every midnight of its zone: the pieces tile it without gap or overlap.
        """
        return self._cut(1, self.first_day + timedelta(days=1))

    def weeks(self) -> tuple[Flight, ...]:
        """
        Cut at every Monday's midnight of its zone.
        """
        first = self.first_day
        return self._cut(7, first + timedelta(days=7 - first.weekday()))

    def _cut(self, step: int, first_cut: date) -> tuple[Flight, ...]:
        edges = [self.start]
        cut = first_cut
        end = self.end.astimezone(UTC)
        while (edge := start_of_day(cut, self.zone)).astimezone(UTC) < end:
            # A zone may skip a whole day, when it crosses the date line.
            if _utc(edge) > _utc(edges[-1]):
                edges.append(edge)
            cut += timedelta(days=step)
        edges.append(self.end)
        return tuple(Flight(a, b) for a, b in pairwise(edges))

    def __contains__(self, moment: datetime | Flight) -> bool:
        """
        Whether an instant, or a whole other flight, lies inside.

        Raises:
            ValidationError: A datetime without zone: the answer would depend on where
                the computer stands.
        """
        start, end = self.start.astimezone(UTC), self.end.astimezone(UTC)
        if isinstance(moment, Flight):
            return (
                start <= moment.start.astimezone(UTC)
                and moment.end.astimezone(UTC) <= end
            )
        is_type("moment", moment, datetime)
        is_aware("moment", moment)
        return start <= moment.astimezone(UTC) < end

    def overlap(self, other: Flight) -> Flight | None:
        """
        The time both run, or None.
        """
        start = max(self.start, other.start, key=_utc)
        end = min(self.end, other.end, key=_utc)
        return Flight(start, end) if _utc(start) < _utc(end) else None

    def __str__(self) -> str:
        if self.is_whole_days:
            return f"{self.first_day}..{self.last_day}"
        return f"{self.start:%Y-%m-%d %H:%M}..{self.end:%Y-%m-%d %H:%M}"


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)
