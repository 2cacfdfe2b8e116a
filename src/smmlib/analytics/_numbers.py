"""
Numbers and dates as exports write them, read only where one meaning is possible.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

EMPTY = frozenset({"", "-", "--", "–", "—", "n/a", "na", "null", "none"})
"""
What exports write where nothing was reported.
"""

_SIGNS = re.compile(r"[€$£¥₽\s\u00a0\u202f'’]|(?<![A-Za-z])[A-Z]{3}(?![A-Za-z])")
_POINT = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?\Z|[+-]?\.\d+\Z")
_COMMA = re.compile(r"[+-]?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?\Z|[+-]?,\d+\Z")
_THREE = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}\Z")
_LONGEST = 40

_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?\Z")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})\Z")
_DAY_FIRST = re.compile(r"(\d{1,2})[-.](\d{1,2})[-.](\d{4})(?:[T ].*)?\Z")
_SLASHES = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?:[T ].*)?\Z")


def is_empty(text: str) -> bool:
    """
    Whether a cell says that nothing was reported.
    """
    return text.strip().casefold() in EMPTY


def bare(text: str) -> str:
    """
    A number without currency signs, blanks and apostrophes.
    """
    return _SIGNS.sub("", text.strip())


def decimal_mark(amounts: Iterable[str], counts: Iterable[str] = ()) -> str:
    """
    The decimal mark of a file: `.`, `,`, or an empty text where nothing shows it.

    Amounts decide; counts are asked when amounts show nothing, since three digits
    behind a mark can only be thousands in a number without fractions.
    """
    votes = Counter(filter(None, (_vote(bare(text)) for text in amounts)))
    if not votes:
        votes = Counter(filter(None, (_vote_of_count(bare(t)) for t in counts)))
    return votes.most_common(1)[0][0] if votes else ""


def _vote(text: str) -> str:
    """
    The decimal mark one number shows without doubt.
    """
    points, commas = text.count("."), text.count(",")
    if points and commas:
        return "." if text.rfind(".") > text.rfind(",") else ","
    if points + commas != 1:
        return "," if points else "." if commas else ""
    if _THREE.match(text):
        return ""
    return "." if points else ","


def _vote_of_count(text: str) -> str:
    if _THREE.match(text):
        return "," if "." in text else "."
    return _vote(text)


def read_decimal(text: str, mark: str) -> Decimal | None:
    """
    A number, or None where it is none or may mean two things.

    Args:
        text: The cell.
        mark: The file's decimal mark; empty when it is not known.
    """
    plain = bare(text)
    if len(plain) > _LONGEST or (not mark and _THREE.match(plain) and "," in plain):
        return None
    decimal = mark or "."
    if not (_POINT if decimal == "." else _COMMA).match(plain):
        return None
    thousands = "," if decimal == "." else "."
    return Decimal(plain.replace(thousands, "").replace(decimal, "."))


def read_count(text: str, mark: str) -> int | None:
    """
    A whole number, or None where it is none.
    """
    plain = bare(text)
    if not mark and _THREE.match(plain):
        return int(plain.replace(",", "").replace(".", ""))
    number = read_decimal(plain, mark)
    if number is None or number != number.to_integral_value():
        return None
    return int(number)


def slash_order(texts: Iterable[str]) -> str:
    """
    `day`, `month` or an empty text: what comes first in dates such as 03/04/2027.
    """
    found = [match for text in texts if (match := _SLASHES.match(text.strip()))]
    most = Decimal(12)
    if any(int(match[1]) > most for match in found):
        return "day"
    return "month" if any(int(match[2]) > most for match in found) else ""


def read_date(text: str, order: str) -> date | None:
    """
    A day written as 2027-03-31, 31-03-2027, 31.03.2027 or 31/03/2027.

    Args:
        text: The cell; a time behind the date is left out.
        order: What comes first in dates with slashes; empty when it is not known.
    """
    plain = text.strip()
    if match := _ISO.match(plain) or _COMPACT.match(plain):
        parts = (match[1], match[2], match[3])
    elif match := _DAY_FIRST.match(plain):
        parts = (match[3], match[2], match[1])
    elif (match := _SLASHES.match(plain)) and order:
        day, month = (match[1], match[2]) if order == "day" else (match[2], match[1])
        parts = (match[3], month, day)
    else:
        return None
    try:
        return date(*(int(part) for part in parts))
    except ValueError:
        return None  # no such day


def is_slash_date(text: str) -> bool:
    """
    Whether a date's order of day and month is a question at all.
    """
    return _SLASHES.match(text.strip()) is not None


def read_instant(text: str) -> datetime | None:
    """
    A date with time as ISO 8601 writes it, aware or not; None for anything else.
    """
    try:
        return datetime.fromisoformat(text.strip())
    except ValueError:
        return None
