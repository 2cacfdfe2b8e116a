"""
The rules of the model as plain functions, for the peers of the core benches.

What a peer can say in its own fast language (lengths, patterns, closed lists, ranges)
it says there; these are the rest: addresses, money, times. Every peer calls the same.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from smmlib.model._iso import COUNTRIES, CURRENCY_DECIMALS

# Rust's and msgspec's regular expressions know neither look-around nor \\Z.
KEY = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$"
LANGUAGE = (
    r"^[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?(-[A-Za-z0-9]{5,8})*$"
)
PRINTABLE = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"

# What nearly every address and path looks like, as our own model asks first as well.
_PLAIN_LINK = re.compile(
    r"https?://(?!0x)(?:[a-z0-9-]{1,63}\.)+(?!local\b|localhost\b|internal\b)"
    r"[a-z]{2,63}(?:[/?#][!-\[\]-~]*)?\Z"
)
_PLAIN_PATH = re.compile(r"[A-Za-z0-9_-]+(?:[./ ][A-Za-z0-9_-]+)*\Z")
_BLANKS = re.compile(r"[\s\x00-\x1f\x7f\\]")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?\Z")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_AGES = re.compile(r"(\d{1,3})-(\d{1,3})\Z|(\d{1,3})\+\Z")
_RADIUS = re.compile(r"(\d+(?:\.\d+)?) (km|mi)\Z")
_DAYS = re.compile(r"([0-9]{1,4}) days?\Z")


def ad_text(value: str) -> str:
    """
    At most 480 characters, counted after NFC.
    """
    long = value if value.isascii() else unicodedata.normalize("NFC", value)
    if len(long) > 480 or not value.strip():  # noqa: PLR2004 - the 480 rule
        raise ValueError("the text is empty or too long")
    return value


def link(value: str) -> str:
    """
    A public web address, or nothing.
    """
    if not value or (len(value) <= 2048 and _PLAIN_LINK.match(value)):  # noqa: PLR2004
        return value
    if len(value) > 2048 or _BLANKS.search(value):  # noqa: PLR2004 - as in the model
        raise ValueError("no web address")
    parts = urlsplit(value)
    host, user, _ = parts.hostname, parts.username, parts.port
    if parts.scheme not in {"http", "https"} or user is not None:
        raise ValueError("no public link")
    if not host or "." not in host.strip(".") or not _is_public(host):
        raise ValueError("no public host")
    return value


def _is_public(host: str) -> bool:
    if host.rstrip(".").endswith((".localhost", ".local", ".internal")):
        return False
    try:
        address = ip_address(host.strip("[]"))
    except ValueError:
        return not re.fullmatch(r"[\d.]+|0x[0-9a-f.x]+", host)
    return address.is_global


def public(address: Any) -> Any:
    """
    An address as pydantic's own parser read it: public, and of nobody by name.
    """
    host = address.host
    if address.username is not None or not host or "." not in host.strip("."):
        raise ValueError("no public link")
    if not _is_public(host):
        raise ValueError("no public host")
    return address


def media_path(value: str) -> str:
    """
    A file inside the project's folder, or a web address.
    """
    if _PLAIN_PATH.match(value):
        return value
    if "://" in value:
        return link(value)
    parts = value.replace("\\", "/").split("/")
    if value.startswith(("/", "\\", "~")) or ".." in parts or ":" in parts[0]:
        raise ValueError("leads out of the project's folder")
    return value


def money(value: Any) -> tuple[Decimal, str]:
    """
    `16000.00 EUR` as amount and currency.
    """
    parts = value.partition(" ") if isinstance(value, str) else ("", "", "")
    number, blank, currency = parts
    if not blank or currency not in CURRENCY_DECIMALS:
        raise ValueError("no amount with a currency")
    try:
        amount = Decimal(number)
    except InvalidOperation:
        raise ValueError("no amount") from None
    if not amount.is_finite() or amount <= 0:
        raise ValueError("not a positive amount")
    coin = Decimal(1).scaleb(-CURRENCY_DECIMALS[currency])
    whole = amount.quantize(coin)
    if whole != amount:
        raise ValueError("more decimals than the currency has")
    return whole, currency


def expectation(value: Any) -> Any:
    """
    `6.40 EUR`, `1.2 %` or a number.
    """
    if not isinstance(value, str):
        raise TypeError("text is due")
    if value.endswith(" %"):
        return Decimal(value[:-2])
    return money(value)


def country(value: str) -> str:
    """
    An ISO 3166 code.
    """
    if value not in COUNTRIES:
        raise ValueError("unknown country")
    return value


@lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo:
    """
    A time zone by its IANA name.
    """
    try:
        return ZoneInfo(name)
    except (KeyError, OSError):
        raise ValueError("unknown zone") from None


def flight(value: Any, place: ZoneInfo | None) -> tuple[datetime, datetime]:
    """
    `first..last`, days or wall times, as two instants.
    """
    if not isinstance(value, str) or place is None:
        raise ValueError("no flight, or no zone")
    first, _, last = value.partition("..")
    if _DATE.match(first) and _DATE.match(last):
        start = datetime.combine(date.fromisoformat(first), datetime.min.time(), place)
        day_after = date.fromisoformat(last) + timedelta(days=1)
        end = datetime.combine(day_after, datetime.min.time(), place)
    else:
        start, end = wall(first, place), wall(last, place)
    if end.astimezone(UTC) <= start.astimezone(UTC):
        raise ValueError("ends before it starts")
    return start, end


def wall(value: str, place: ZoneInfo) -> datetime:
    """
    The instant a wall clock shows; hours that do not exist or come twice are refused.
    """
    if not _MOMENT.match(value):
        raise ValueError("no time")
    naive = datetime.fromisoformat(value)
    first = naive.replace(tzinfo=place)
    if first.utcoffset() != naive.replace(tzinfo=place, fold=1).utcoffset():
        raise ValueError("the clocks change then")
    return first


def ages(value: Any) -> tuple[int, int | None]:
    """
    `25-44` or `18+`.
    """
    found = _AGES.match(value) if isinstance(value, str) else None
    if not found:
        raise ValueError("no age range")
    low = int(found[1] or found[3])
    high = int(found[2]) if found[2] else None
    if not 13 <= low <= (high or 99) <= 99:  # noqa: PLR2004 - as in the model
        raise ValueError("no age range")
    return low, high


def radius(value: Any) -> tuple[Decimal, str]:
    """
    `25 km`.
    """
    found = _RADIUS.match(value) if isinstance(value, str) else None
    if not found or not 0 < Decimal(found[1]) <= 1000:  # noqa: PLR2004 - as above
        raise ValueError("no radius")
    return Decimal(found[1]), found[2]


def days(value: Any) -> int:
    """
    `30 days`.
    """
    found = _DAYS.match(value) if isinstance(value, str) else None
    if not found or not 1 <= int(found[1]) <= 730:  # noqa: PLR2004 - as above
        raise ValueError("no number of days")
    return int(found[1])


def once(values: Any) -> Any:
    """
    Each thing once.
    """
    if len(set(values)) != len(values):
        raise ValueError("the same thing twice")
    return values


def one_medium(creative: Any) -> None:
    """
    A picture or 2 to 10 cards.
    """
    if creative.image is not None and creative.cards:
        raise ValueError("a picture and cards at once")
    if creative.cards and not 2 <= len(creative.cards) <= 10:  # noqa: PLR2004 - as above
        raise ValueError("a carousel has 2 to 10 cards")
