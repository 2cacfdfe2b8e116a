"""
Single values of a plan file: words, numbers, amounts, dates and times.

Each function reads one value as it stands in the file, strictly: a number where text
is due stays an error in JSON, text where a number is due in both formats. Each has a
twin that writes the value back so that reading gives the same value again.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

from smmlib.codec._yaml import Plain
from smmlib.errors import ValidationError
from smmlib.model import KPI, AgeRange, Flight, Money, Placement, Radius, kpi, wall_time
from smmlib.model._checks import refuse
from smmlib.model._enums import Unit
from smmlib.model._flight import zone_of
from smmlib.model._kpi import as_amount
from smmlib.model._money import decimal_of

_WHOLE = re.compile(r"[-+]?[0-9]{1,18}\Z")
_NUMBER = re.compile(r"[-+]?([0-9][0-9_]*\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?\Z")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
# RFC 3339 with a blank or T, and the zone's name in brackets as RFC 9557 writes it.
_MOMENT = re.compile(
    r"(?P<wall>[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}"
    r"(?::[0-9]{2}(?:\.[0-9]{1,6})?)?)"
    r"(?P<offset>Z|[-+][0-9]{2}:[0-9]{2})?(?:\[(?P<zone>[A-Za-z0-9_+/-]+)\])?\Z"
)
_TRUE = frozenset({"true", "True", "TRUE"})
_FALSE = frozenset({"false", "False", "FALSE"})
_FIRST_YEAR, _LAST_YEAR = 1970, 2100
_MOST_DIGITS = 30


def kind_of(value: Any) -> str:
    """
    What a value of a file is, in a marketer's words.
    """
    if isinstance(value, bool):
        return "true or false"
    names = {dict: "a mapping", list: "a list", type(None): "nothing"}
    if isinstance(value, (int, Decimal)):
        return "a number"
    return names.get(type(value), "text" if isinstance(value, str) else "a date")


def wrong_type(value: Any, expected: str, hint: str = "") -> NoReturn:
    """
    Refuse a value of another kind than wanted.
    """
    shown = value if not isinstance(value, (dict, list)) else kind_of(value)
    refuse(
        "",
        f"must be {expected}, not {kind_of(value)}",
        code="type.wrong",
        value=str(shown)[:80],
        expected=expected,
        hint=hint or f"write {expected} here",
    )


def text(value: Any) -> str:
    """
    Text, quoted or not.
    """
    if isinstance(value, str):
        return str(value)
    if isinstance(value, (bool, int, Decimal)):
        wrong_type(value, "text", "write it in quotes")
    return wrong_type(value, "text")


def flag(value: Any) -> bool:
    """
    `true` or `false`, unquoted.
    """
    if isinstance(value, bool):
        return value
    if isinstance(value, Plain) and value in _TRUE | _FALSE:
        return value in _TRUE
    return wrong_type(value, "true or false", "YAML 1.2 knows no yes, no, on and off")


def whole(value: Any) -> int:
    """
    A whole number, unquoted and without separators.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, Plain) and _WHOLE.match(value):
        return int(value)
    return wrong_type(value, "a whole number", "write plain digits, without quotes")


def decimal(value: Any) -> Decimal:
    """
    A number, exact; quotes around it are fine.
    """
    if isinstance(value, (bool, dict, list)):
        wrong_type(value, "a number")
    return decimal_of(str(value) if isinstance(value, str) else value)


def money(value: Any) -> Money:
    """
    An amount with its currency: `16000.00 EUR`.
    """
    number = isinstance(value, (int, Decimal)) and not isinstance(value, bool)
    if number or (isinstance(value, str) and _NUMBER.match(value)):
        refuse(
            "",
            f"{str(value)[:40]} has no currency",
            code="money.no_currency",
            value=str(value)[:40],
            expected="amount and currency, e.g. 16000.00 EUR",
            hint=f"write the currency behind it, e.g. {str(value)[:40]} EUR",
        )
    if not isinstance(value, str):
        wrong_type(value, "an amount such as 16000.00 EUR")
    return Money.parse(str(value))


def amount(value: Any) -> Decimal | Money:
    """
    What a KPI is counted in: `18.00 EUR`, `15 %`, `1200`.
    """
    if isinstance(value, (bool, dict, list)):
        wrong_type(value, "a number, percent or money")
    found: Decimal | Money = as_amount(str(value) if isinstance(value, str) else value)
    return found


def percent_fits(name: Any, value: Any) -> None:
    """
    Refuse `15 %` for a KPI that is not counted in percent: it would be read as 15.
    """
    if not (isinstance(value, str) and value.strip().endswith("%")):
        return
    known = known_kpi(name)
    if known is not None and known.unit is not Unit.PERCENT:
        refuse(
            "",
            f"{known.label} is counted in {known.unit}, not in percent",
            code="kpi.unit",
            value=str(value),
            expected="money, e.g. 18.00 EUR"
            if known.unit is Unit.MONEY
            else "a number",
            hint="drop the % sign, or choose a KPI that is a percentage",
        )


def known_kpi(name: Any) -> KPI | None:
    """
    The KPI of that name, if there is one.
    """
    try:
        return kpi(str(name))
    except ValidationError:
        return None


def _year_fits(moment: date) -> None:
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        refuse(
            "",
            f"the year {moment.year}",
            code="time.year",
            value=moment.year,
            expected=f"{_FIRST_YEAR}..{_LAST_YEAR}",
            hint="check the year",
        )


def day(value: Any) -> date:
    """
    A day: `2027-04-11`.
    """
    if not isinstance(value, str):
        wrong_type(value, "a date such as 2027-04-11")
    found = None
    if _DATE.match(value):
        try:
            found = date.fromisoformat(value)
        except ValueError:
            found = None  # well-formed, but no such day: refused below
    if found is None:
        refuse(
            "",
            f"{str(value)[:40]!r} is no date",
            code="time.date",
            value=str(value)[:40],
            expected="year-month-day, e.g. 2027-04-11",
            hint="write it as year-month-day, and check that the day exists",
        )
    _year_fits(found)
    return found


def moment(value: Any, zone: str) -> datetime:
    """
    An instant: wall time of the plan's zone, or with its own offset or zone.

    `2027-03-01 09:00`, `2027-03-01T09:00+01:00`, or
    `2027-10-31 02:30+01:00[Europe/Berlin]`.
    """
    if not isinstance(value, str):
        wrong_type(value, "a time such as 2027-03-01 09:00")
    found = _MOMENT.match(value)
    try:
        wall = datetime.fromisoformat(found["wall"]) if found else None
    except ValueError:
        wall = None  # well-formed, but no such time: refused below
    if found is None or wall is None:
        refuse(
            "",
            f"{str(value)[:60]!r} is no time",
            code="time.format",
            value=str(value)[:60],
            expected="date and time, e.g. 2027-03-01 09:00",
            hint="write it as year-month-day hours:minutes, on a 24-hour clock",
        )
    _year_fits(wall)
    if not found["offset"]:
        return wall_time(wall, found["zone"] or zone)
    exact = datetime.fromisoformat(found["wall"] + found["offset"])
    return exact.astimezone(zone_of(found["zone"])) if found["zone"] else exact


def moment_text(value: datetime, zone: str) -> str:
    """
    An instant as `moment` reads it: wall time where that is unambiguous.
    """
    wall = value.replace(tzinfo=None, fold=0)
    shown = wall.isoformat(" ")
    if not (wall.second or wall.microsecond):
        shown = shown[: len("2027-03-01 09:00")]
    name = value.tzinfo.key if isinstance(value.tzinfo, ZoneInfo) else None
    if name is None:
        return shown + _offset(value)
    if name == zone and _is_unambiguous(wall, zone):
        return shown
    return f"{shown}{_offset(value)}[{name}]"


def _is_unambiguous(wall: datetime, zone: str) -> bool:
    place = zone_of(zone)
    first, second = wall.replace(tzinfo=place), wall.replace(tzinfo=place, fold=1)
    return first.utcoffset() == second.utcoffset()


def _offset(value: datetime) -> str:
    return "Z" if value.tzinfo is UTC else value.isoformat()[-len("+00:00") :]


def flight(value: Any, zone: str) -> Flight:
    """
    `2027-03-01..2027-04-11`, both days included, or two times with dots between.
    """
    if not isinstance(value, str):
        wrong_type(value, "first..last day, e.g. 2027-03-01..2027-04-11")
    first, dots, last = value.partition("..")
    first, last = first.strip(), last.strip()
    looks_like_ends = [_DATE.match(end) or _MOMENT.match(end) for end in (first, last)]
    if not dots or not all(looks_like_ends):
        refuse(
            "",
            f"{str(value)[:80]!r} is no flight",
            code="flight.format",
            value=str(value)[:80],
            expected="first..last day, e.g. 2027-03-01..2027-04-11",
            hint="write ISO dates with two dots between",
        )
    if _DATE.match(first) and _DATE.match(last):
        return Flight.from_dates(day(first), day(last), zone)
    return Flight(moment(first, zone), moment(last, zone))


def flight_text(value: Flight, zone: str) -> str:
    """
    A flight as `flight` reads it: dates where it is whole days of the plan's zone.
    """
    keys = {getattr(end.tzinfo, "key", None) for end in (value.start, value.end)}
    if keys == {zone} and value.is_whole_days:
        return f"{value.first_day}..{value.last_day}"
    return f"{moment_text(value.start, zone)}..{moment_text(value.end, zone)}"


def age(value: Any) -> AgeRange:
    """
    `25-44` or `18+`.
    """
    if not isinstance(value, str):
        wrong_type(value, "an age range such as 25-44 or 18+")
    return AgeRange.parse(str(value))


def radius(value: Any) -> Radius:
    """
    `25 km`.
    """
    if not isinstance(value, str):
        wrong_type(value, "a distance such as 25 km")
    return Radius.parse(str(value))


def placement(value: Any) -> Placement:
    """
    `facebook.feed`.
    """
    if not isinstance(value, str):
        wrong_type(value, "network.position, e.g. facebook.feed")
    return Placement.parse(str(value))


def decimal_text(value: Decimal | int) -> Plain:
    """
    A number in plain digits, or with an exponent where that would be endless.
    """
    number = Decimal(value)
    exponent = int(number.as_tuple().exponent)
    endless = abs(number.adjusted()) > _MOST_DIGITS or abs(exponent) > _MOST_DIGITS
    return Plain(str(number) if endless else f"{number:f}")


def amount_text(kpi_name: str, value: Decimal | Money | int) -> Plain:
    """
    A KPI's amount with its unit, as `amount` reads it.
    """
    if isinstance(value, Money):
        return Plain(value)
    known = known_kpi(kpi_name)
    sign = " %" if known is not None and known.unit is Unit.PERCENT else ""
    return Plain(f"{decimal_text(value)}{sign}")
