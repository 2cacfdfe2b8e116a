"""
Flights and schedules are right on every day, those with a clock change included.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smmlib.errors import ValidationError
from smmlib.model import Flight, Schedule, wall_time
from smmlib.testing import strategies

_BERLIN = "Europe/Berlin"
_FIRST, _LAST = map(datetime.fromisoformat, ("2024-01-01", "2032-01-01"))


def _tiles(whole, pieces):
    assert whole.start == pieces[0].start
    assert whole.end == pieces[-1].end
    for left, right in pairwise(pieces):
        assert left.end.astimezone(UTC) == right.start.astimezone(UTC)
    assert whole.duration == sum((p.duration for p in pieces), timedelta(0))


@given(strategies.flights())
def test_days_tile_a_flight(flight):
    """
    Cut into days nothing is missing and nothing comes twice.
    """
    days = flight.days()

    _tiles(flight, days)
    assert list(flight.dates()) == [day.first_day for day in days]
    assert len(days) == flight.number_of_days
    assert all(day.first_day == day.last_day for day in days)


@given(strategies.flights())
def test_weeks_tile_a_flight(flight):
    """
    Weeks begin on Mondays, the first and the last may be shorter.
    """
    weeks = flight.weeks()

    _tiles(flight, weeks)
    assert all(week.first_day.weekday() == 0 for week in weeks[1:])
    assert all(week.number_of_days <= 7 for week in weeks)


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        (_BERLIN, date(2027, 3, 28), 23),
        (_BERLIN, date(2027, 10, 31), 25),
        (_BERLIN, date(2027, 6, 1), 24),
        ("America/New_York", date(2027, 3, 14), 23),
        ("Australia/Lord_Howe", date(2027, 4, 4), 24.5),
        ("America/Santiago", date(2027, 9, 5), 23),
        ("America/Havana", date(2027, 11, 7), 25),
        ("Asia/Kathmandu", date(2027, 3, 28), 24),
    ],
)
def test_days_are_as_long_as_they_are(zone, day, hours):
    """
    A day with a clock change has another length, and tiles the month around it.
    """
    month = Flight.from_dates(day.replace(day=1), day.replace(day=28), zone)
    one = Flight.from_dates(day, day, zone)

    assert timedelta(hours=hours) == one.duration
    assert one.is_whole_days
    _tiles(month, month.days())


def test_a_zone_may_skip_a_day():
    """
    Samoa crossed the date line: the 30th of December 2011 did not happen there.
    """
    flight = Flight.from_dates(date(2011, 12, 28), date(2012, 1, 2), "Pacific/Apia")

    _tiles(flight, flight.days())
    assert timedelta(days=5) == flight.duration


@given(strategies.flights())
def test_whole_days_read_what_they_write(flight):
    """
    Text and flight turn into each other.
    """
    zone = str(flight.zone)
    if flight.is_whole_days:
        assert flight == Flight.parse(str(flight), zone)
        assert flight == Flight.from_dates(flight.first_day, flight.last_day, zone)


@given(strategies.flights("UTC"), strategies.flights("UTC"))
def test_overlaps_are_shared_time(first, second):
    """
    The overlap lies in both, is the same from both sides, and is none if they do not
    meet.
    """
    shared = first.overlap(second)

    assert shared == second.overlap(first)
    if shared is None:
        assert first.end <= second.start or second.end <= first.start
    else:
        assert shared in first
        assert shared in second
        assert shared.start in first
        assert shared.end not in shared


def test_the_end_is_not_part_of_it():
    """
    Flights are half-open: the first instant is in, the last is not.
    """
    flight = Flight.parse("2027-03-01..2027-03-01", _BERLIN)
    place = ZoneInfo(_BERLIN)

    assert datetime(2027, 3, 1, tzinfo=place) in flight
    assert datetime(2027, 3, 1, 23, 59, 59, tzinfo=place) in flight
    assert datetime(2027, 3, 2, tzinfo=place) not in flight
    assert "2027-03-01..2027-03-01" == str(flight)


def test_a_last_day_is_included_beside_a_time_too():
    """
    Dates include the last day, also when the start has a time.
    """
    flight = Flight.parse("2027-03-01 09:00..2027-03-05", _BERLIN)

    assert datetime(2027, 3, 6, tzinfo=ZoneInfo(_BERLIN)) == flight.end
    assert 9 == flight.start.hour


def test_the_two_half_past_two_of_an_autumn_night_are_two():
    """
    Instants in the hour that comes twice are told apart, in flights and elsewhere.
    """
    first = datetime(2027, 10, 31, 2, 30, tzinfo=ZoneInfo(_BERLIN))
    second = first.replace(fold=1)
    end = datetime(2027, 11, 1, tzinfo=ZoneInfo(_BERLIN))

    assert Flight(first, end) != Flight(second, end)
    assert timedelta(hours=1) == Flight(first, second).duration
    assert Flight(first, end) == Flight(first.astimezone(UTC), end.astimezone(UTC))


@pytest.mark.parametrize(
    "text",
    [
        "0001-01-01..2027-01-01",
        "2027-01-01..9999-12-31",
        "0001-01-01 09:00..2027-01-01",
        "2027-01-01 09:00..9999-12-31",
    ],
)
def test_years_nobody_plans_for_are_refused(text):
    """
    Years at the ends of the calendar are refused before any zone overflows on them.
    """
    with pytest.raises(ValidationError) as caught:
        Flight.parse(text, _BERLIN)
    assert ["time.year"] == [issue.code for issue in caught.value.issues]


def test_a_time_without_zone_is_in_no_flight():
    """
    The answer may not depend on the zone of the computer that asks.
    """
    flight = Flight.parse("2027-03-25..2027-03-31", _BERLIN)

    with pytest.raises(ValidationError, match="no time zone"):
        datetime(2027, 3, 26, 9) in flight  # noqa: B015, DTZ001 - asking is the test


@given(st.datetimes(_FIRST, _LAST), strategies.zones())
def test_wall_time_round_trips_or_is_refused(naive, zone):
    """
    Either the wall clock shows this time exactly once, or it is no answer.
    """
    place = ZoneInfo(zone)
    shown = {naive.replace(tzinfo=place, fold=fold).astimezone(UTC) for fold in (0, 1)}
    real = [t for t in shown if t.astimezone(place).replace(tzinfo=None) == naive]
    if len(real) == 1:
        moment = wall_time(naive, zone)
        assert [moment.astimezone(UTC)] == real
        assert naive == moment.replace(tzinfo=None)
        return
    with pytest.raises(ValidationError) as caught:
        wall_time(naive, zone)
    assert ("time.fold" if real else "time.gap") == caught.value.issues[0].code


@pytest.mark.parametrize(
    ("zone", "naive", "code"),
    [
        (_BERLIN, "2027-03-28 02:30", "time.gap"),
        (_BERLIN, "2027-03-28 02:00", "time.gap"),
        (_BERLIN, "2027-03-28 03:00", None),
        (_BERLIN, "2027-03-28 01:59", None),
        (_BERLIN, "2027-10-31 02:30", "time.fold"),
        (_BERLIN, "2027-10-31 03:00", None),
        ("America/New_York", "2027-03-14 02:30", "time.gap"),
        ("Australia/Lord_Howe", "2027-10-03 02:15", "time.gap"),
        ("Australia/Lord_Howe", "2027-10-03 02:30", None),
        ("America/Santiago", "2027-09-05 00:30", "time.gap"),
        ("America/Havana", "2027-11-07 00:30", "time.fold"),
        ("UTC", "2027-03-28 02:30", None),
    ],
)
def test_gaps_and_folds(zone, naive, code):
    """
    Hours that the clock change skips or repeats are refused with their own code.
    """
    naive = datetime.fromisoformat(naive)
    if code is None:
        assert naive == wall_time(naive, zone).replace(tzinfo=None)
        return
    with pytest.raises(ValidationError) as caught:
        wall_time(naive, zone, attribute="posts.opening.at")
    assert [code, "posts.opening.at"] == [
        caught.value.issues[0].code,
        caught.value.attribute,
    ]
    assert str(caught.value.value) in f"{naive:%Y-%m-%d %H:%M}"


class TestSchedules:
    """
    What comes again and again.
    """

    @given(strategies.schedules(), strategies.flights())
    def test_occurrences_keep_their_wall_time(self, schedule, flight):
        """
        Every moment is inside the flight, on an allowed day, at the stated hour.
        """
        names = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
        moments = schedule.occurrences(flight)

        assert sorted(moments) == list(moments)
        for moment in moments:
            assert moment in flight
            assert schedule.at == moment.time()
            assert moment.date() not in schedule.skip
            if schedule.on and schedule.every == "week":
                assert names[moment.weekday()] in schedule.on
            if schedule.on and schedule.every == "month":
                assert moment.day in schedule.on

    @pytest.mark.parametrize("month", [3, 10])
    def test_nine_is_nine_across_the_clock_change(self, month):
        """
        A post at 9:00 stays at 9:00 when summer time begins or ends.
        """
        flight = Flight.from_dates(
            date(2027, month, 25), date(2027, month, 31), _BERLIN
        )
        daily = Schedule("day", at=time(9), zone=_BERLIN)

        moments = daily.occurrences(flight)

        assert 7 == len(moments)
        assert {9} == {moment.hour for moment in moments}
        assert 2 == len({moment.utcoffset() for moment in moments})

    def test_an_hour_that_does_not_exist_is_refused(self):
        """
        Nobody knows when 2:30 is on the night clocks go forward.
        """
        flight = Flight.from_dates(date(2027, 3, 26), date(2027, 3, 30), _BERLIN)

        with pytest.raises(ValidationError, match="does not exist"):
            Schedule("day", at=time(2, 30), zone=_BERLIN).occurrences(flight)

    def test_a_wall_time_has_no_zone_of_its_own(self):
        """
        The zone is named once; a second one in the time would contradict it.
        """
        with pytest.raises(ValidationError, match="has a zone already"):
            Schedule("day", at=time(9, tzinfo=UTC), zone=_BERLIN)

    def test_other_zones_have_other_days(self):
        """
        A schedule counts days in its own zone, not in the flight's.
        """
        flight = Flight.from_dates(date(2027, 6, 2), date(2027, 6, 2), "Asia/Tokyo")
        evening = Schedule("day", at=time(18), zone="America/New_York")

        (moment,) = evening.occurrences(flight)

        assert date(2027, 6, 1) == moment.date()

    def test_intervals_months_and_skipped_days(self):
        """
        Every second week, the 1st and the 31st, and never on holidays.
        """
        flight = Flight.from_dates(date(2027, 3, 1), date(2027, 5, 31), _BERLIN)
        fortnight = Schedule("week", ["mon"], zone=_BERLIN, interval=2)
        ends = Schedule("month", [1, 31], zone=_BERLIN, skip=[date(2027, 5, 1)])

        assert ["01", "15", "29"] == [
            f"{m:%d}" for m in fortnight.occurrences(flight)[:3]
        ]
        assert ["03-01", "03-31", "04-01", "05-31"] == [
            f"{m:%m-%d}" for m in ends.occurrences(flight)
        ]
