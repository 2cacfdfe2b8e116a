"""
Single values of a plan as cells of a spreadsheet, and back, without loss.

An amount is a number under a head that names its currency, a day is a date, a text is
a text. What a cell cannot hold as it is (control characters, an empty text) stands in
quotes, as JSON writes it: visible, and readable by people.
"""

from __future__ import annotations

import json
import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.codec._yaml import Plain
from smmlib.report._sheet_paths import Step, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

Cell = str | bool | Decimal | date | datetime
"""
What stands in one cell: a datetime is a moment, a date a day.
"""

_HEAD = re.compile(
    r"(?P<path>.*?)(?: \((?P<mark>[A-Z]{3}|%|list|first|last|part (?P<part>\d+))\))?\Z",
    re.DOTALL,
)
_MONEY = re.compile(r"(-?[0-9]{1,15}(?:\.[0-9]{1,8})?) ([A-Z]{3})\Z")
_PERCENT = re.compile(r"(-?[0-9]{1,15}(?:\.[0-9]{1,12})?) %\Z")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,12})?\Z")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}\Z")
_FLIGHT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})\.\.([0-9]{4}-[0-9]{2}-[0-9]{2})\Z")
_WORD = re.compile(r"[^\s,\"\[\]{}=+@-](?:[^,\n\r\t\"]*[^\s,\"])?\Z")
# What XML cannot hold, what it changes, and what spreadsheets read as an escape.
_UNFIT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff\ud800-\udfff]"
    "|_x[0-9A-Fa-f]{4}_"
)
_DIGITS = 15  # what a spreadsheet keeps of a number
_LONGEST = 15_000  # a cell holds 32,767 UTF-16 units; quoted ones are longer
_EMPTY = frozenset({"{}", "null"})


@attrs.frozen
class Head:
    """
    The head of a column: a path, and how its cells are meant.

    Attributes:
        path: The path as `parsed` reads it.
        mark: A currency, `%`, `list`, `first`, `last`, `part 2`, or nothing.
        part: Which part of a long text.
    """

    path: str
    mark: str = ""
    part: int = 1

    @classmethod
    def parse(cls, text: str) -> Head:
        """
        A head as it stands in the first row.
        """
        found = _HEAD.match(text.strip())
        if found is None or not found["path"]:
            return cls(text.strip())
        return cls(found["path"], found["mark"] or "", int(found["part"] or 1))

    def __str__(self) -> str:
        return f"{self.path} ({self.mark})" if self.mark else self.path


def cells_of(
    steps: tuple[Step, ...], value: Any, reserved: frozenset[str]
) -> Iterator[tuple[Head, Cell]]:
    """
    All cells of one value, with the heads they stand under.
    """
    path = shown(steps, reserved)
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from cells_of((*steps, key), item, reserved)
    elif isinstance(value, list):
        if all(isinstance(item, str) and _is_word(_text(item)) for item in value):
            words = ", ".join(map(_text, value)) if value else "[]"
            yield from _long(path, words, "list")
            return
        for place, item in enumerate(value):
            yield from cells_of((*steps, place), item, reserved)
    else:
        yield from _scalar(path, value)


def _scalar(path: str, value: Any) -> Iterator[tuple[Head, Cell]]:
    """
    One value; whether text looks like a number is asked of unquoted words only.
    """
    if isinstance(value, bool):
        yield Head(path), value
    elif value is None or value == {}:
        yield Head(path), "null" if value is None else "{}"
    elif isinstance(value, (int, Decimal)):
        yield from _number(path, str(value))
    elif isinstance(value, Plain):
        yield from _plain(path, str(value))
    else:
        text = _text(value)
        safe = text and not _UNFIT.search(text) and text not in _EMPTY
        fits = safe and not text.startswith('"')
        yield from _long(path, text if fits else quoted(text))


def _plain(path: str, text: str) -> Iterator[tuple[Head, Cell]]:
    money, percent, flight = (
        _MONEY.match(text),
        _PERCENT.match(text),
        _FLIGHT.match(text),
    )
    if money and _keeps(money[1]):
        yield Head(path, money[2]), Decimal(money[1])
    elif percent and _keeps(percent[1]):
        yield Head(path, "%"), Decimal(percent[1])
    elif flight:
        yield Head(path, "first"), date.fromisoformat(flight[1])
        yield Head(path, "last"), date.fromisoformat(flight[2])
    elif _DAY.match(text):
        yield Head(path), date.fromisoformat(text)
    elif _MOMENT.match(text):
        yield Head(path), datetime.fromisoformat(text)
    elif _NUMBER.match(text):
        yield from _number(path, text)
    else:
        yield from _long(path, text)


def _number(path: str, text: str) -> Iterator[tuple[Head, Cell]]:
    yield Head(path), Decimal(text) if _keeps(text) else text


def _keeps(digits: str) -> bool:
    """
    Whether a spreadsheet's number keeps these digits.
    """
    return len(digits.lstrip("-0.").replace(".", "")) <= _DIGITS


def _long(path: str, text: str, mark: str = "") -> Iterator[tuple[Head, Cell]]:
    """
    A text, in as many cells as it needs.
    """
    yield Head(path, mark), text[:_LONGEST]
    for place in range(_LONGEST, len(text), _LONGEST):
        part = place // _LONGEST + 1
        yield Head(path, f"part {part}", part), text[place : place + _LONGEST]


def _is_word(text: str) -> bool:
    return _WORD.match(text) is not None and not _UNFIT.search(text)


def _text(value: Any) -> str:
    return str(getattr(value, "value", value))


def quoted(text: str) -> str:
    """
    Text in quotes, with everything a cell cannot hold as an escape.
    """
    escaped = json.dumps(text)
    return re.sub(
        r"_(?=x[0-9A-Fa-f]{4}_)", lambda _: "\\u005f", escaped
    )  # in two steps: escapes of JSON hold no such word


# -- back --------------------------------------------------------------------------


def value_of(head: Head, cell: Cell) -> Any:
    """
    What a cell means under its head, as a plan file would say it.
    """
    if head.mark == "list":
        return _list_of(cell)
    if isinstance(cell, bool):
        return cell
    text = plain_text(cell)
    if head.mark and head.mark not in {"first", "last"} and head.part == 1:
        known = text.endswith(f" {head.mark}")
        return Plain(text if known else f"{text} {head.mark}")
    return _meant(text) if isinstance(cell, str) else Plain(text)


def _meant(text: str) -> Any:
    """
    A text, taken out of its quotes.
    """
    if text in _EMPTY:
        return {} if text == "{}" else None
    if text.startswith('"') and text.endswith('"'):
        try:
            found = json.loads(text)
        except ValueError:
            return text  # somebody's own quotes
        return found if isinstance(found, str) else text
    return text


def _list_of(cell: Cell) -> list[str]:
    text = plain_text(cell)
    if text == "[]":
        return []
    return [word.strip() for word in text.split(",") if word.strip()]


def plain_text(cell: Cell) -> str:
    """
    A cell as a plan file writes it.
    """
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, datetime):
        near = cell + timedelta(milliseconds=500)
        return near.strftime("%Y-%m-%d %H:%M:%S" if near.second else "%Y-%m-%d %H:%M")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return cell
