"""
Numbers and days as people read them.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

from smmlib.model import Unit
from smmlib.model._iso import CURRENCY_DECIMALS

NONE = "–"
"""
Stands where a number is unknown or undefined; never a zero.
"""

# Not inside names of files and keys, such as spring-2027-03-01.csv.
_ISO_DAY = re.compile(r"(?<![\w.-])\d{4}-\d{2}-\d{2}(?![\w-]|\.\w)")
_SPAN = re.compile(r"(?<![\w.-])(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})(?![\w-])")
_LONG_MONEY = re.compile(r"(?<![\w.,-])\d{4,}\.\d+(?= [A-Z]{3}\b)")
_MINUS = "−"  # as wide as a digit, so that columns stay straight


def quoted(name: str) -> str:
    """
    A name inside a sentence: in quotes where its own comma would split the sentence.
    """
    return f"'{name}'" if "," in name else name


def count(value: Decimal | int | None) -> str:
    """
    A whole number with thousands separators.
    """
    return NONE if value is None else _signed(f"{value:,.0f}")


def decimal(value: Decimal | None, places: int = 2) -> str:
    """
    A number with thousands separators and fixed decimals.
    """
    if value is None:
        return NONE
    rounded = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN)
    return _signed(f"{rounded:,f}")


def amount(value: Decimal | None, currency: str) -> str:
    """
    Money without its currency, with the currency's decimals.
    """
    return decimal(value, CURRENCY_DECIMALS.get(currency, 2))


def money(value: Decimal | None, currency: str) -> str:
    """
    Money with its currency behind it.
    """
    return NONE if value is None else f"{amount(value, currency)} {currency}".strip()


def percent(value: Decimal | None, places: int = 1) -> str:
    """
    A number that is already in percent.
    """
    if value is None:
        return NONE
    # A click rate of 0.018 % must not be shown as 0.02 %.
    small = places > 1 and abs(value) < Decimal("0.1")
    return f"{decimal(value, places + 1 if small else places)} %"


def network(name: str) -> str:
    """
    A network or channel as it writes itself.
    """
    if "/" in name:  # another site's tags, shown as they are
        return name
    return " ".join(_NETWORKS.get(word, word) for word in name.split(" "))


def share(value: Decimal | None, places: int = 0) -> str:
    """
    A part of one, shown in percent.
    """
    return percent(None if value is None else value * 100, places)


def measure(
    value: Decimal | None, unit: Unit | str, currency: str, name: str = ""
) -> str:
    """
    A KPI in its own unit; by its name some are rounded more.
    """
    match Unit(unit):
        case Unit.MONEY:
            return money(value, currency)
        case Unit.PERCENT:
            return percent(value, 1 if name == "roi" else 2)
        case Unit.RATIO:
            return decimal(value)
        case _:
            return count(value)


def day(value: date | None) -> str:
    """
    A day no reader can take for another one: 4 March 2027.
    """
    return NONE if value is None else f"{value.day} {_MONTHS[value.month]} {value.year}"


def period(first: date | None, last: date | None) -> str:
    """
    A span of days in words.
    """
    if first is None or last is None:
        return "no days with numbers"
    if first == last:
        return day(first)
    if first.year != last.year:
        return f"{day(first)} to {day(last)}"
    if first.month != last.month:
        return f"{first.day} {_MONTHS[first.month]} to {day(last)}"
    return f"{first.day} to {day(last)}"


def said(text: str) -> str:
    """
    A sentence from elsewhere with its days and its money written as on this page.
    """
    text = _SPAN.sub(r"\1 to \2", text)
    text = _ISO_DAY.sub(lambda found: _day_of(found[0]), text)
    return _LONG_MONEY.sub(lambda found: f"{Decimal(found[0]):,f}", text)


def _day_of(text: str) -> str:
    try:
        return day(date.fromisoformat(text))
    except ValueError:
        return text  # only looked like a day


def _signed(text: str) -> str:
    return text.replace("-", _MINUS)


_NETWORKS = {
    "facebook": "Facebook",
    "instagram": "Instagram",
    "linkedin": "LinkedIn",
    "x": "X",
    "telegram": "Telegram",
    "meta": "Meta",
    "direct": "Direct",
}

# strftime would follow the machine's locale; a report reads the same everywhere.
_MONTHS = (
    "",
    *"January February March April May June July".split(),
    *"August September October November December".split(),
)
