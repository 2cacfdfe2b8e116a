"""
What people read: one place that decides how answers look, as text or as JSON.
"""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any

import attrs
import click

from smmlib.errors import MissingExtraError

if TYPE_CHECKING:
    from rich.console import Console

_PIPE_WIDTH = 110  # readable in a log, wide enough for a path and a sentence


def at_terminal() -> bool:
    """
    Whether somebody sits there who can answer.
    """
    return sys.stdin.isatty()


def plain(text: str) -> str:
    """
    The text without characters that could steer a terminal.
    """
    return "".join(
        "�" if unicodedata.category(c) == "Cc" and c not in "\n\t" else c for c in text
    )


def as_data(value: Any) -> Any:  # noqa: PLR0911 - one line per kind of value
    """
    Any value of the library as JSON-ready data; exact numbers and money stay texts.
    """
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, Mapping):
        return {str(key): as_data(item) for key, item in value.items()}
    if hasattr(value, "to_dict"):
        return value.to_dict()
    if attrs.has(type(value)) and "__str__" not in vars(type(value)):
        return fields_data(value)
    if isinstance(value, Iterable):
        return [as_data(item) for item in value]
    return str(value)


def fields_data(value: Any) -> dict[str, Any]:
    """
    The fields of a value as JSON-ready data, even if it has a text of its own.
    """
    names = [field.name for field in attrs.fields(type(value))]
    return {name: as_data(getattr(value, name)) for name in names}


def answer(data: Any, *, as_json: bool, text: str = "") -> None:
    """
    Give a command's answer: data for a program, or text for a person.
    """
    if as_json:
        click.echo(json.dumps(as_data(data), ensure_ascii=False, indent=2))
    elif text:
        click.echo(plain(text))


def console(*, err: bool = False) -> Console:
    """
    Where tables are printed; plain and wide when nobody looks.

    Raises:
        MissingExtraError: The package that draws tables is not installed.
    """
    try:
        from rich.console import Console
    except ModuleNotFoundError as error:
        raise MissingExtraError("the command smm", "cli") from error
    found = Console(stderr=err, highlight=False, markup=False, soft_wrap=False)
    if not found.is_terminal:
        found.width = max(found.width, _PIPE_WIDTH)
    return found


def show_table(
    title: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    left: int = 1,
    styles: Mapping[str, str] | None = None,
) -> None:
    """
    Print a table: the first columns are texts, the others numbers.

    Args:
        title: Stands above; empty for none.
        columns: Heads of the columns.
        rows: Cells.
        left: How many columns are aligned left.
        styles: Colour by content of a cell.
    """
    screen = console()
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, title=title or None)
    table.title_justify = "left"
    for place, column in enumerate(columns):
        side = "left" if place < left else "right"
        table.add_column(
            column, justify="left" if side == "left" else "right", overflow="fold"
        )
    colours = styles or {}
    for row in rows:
        table.add_row(*(Text(plain(cell), style=colours.get(cell, "")) for cell in row))
    screen.print(table)


def plural(count: int, noun: str) -> str:
    """
    A count with its noun: 1 object, 2 objects.
    """
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def number(value: Decimal | int | None, places: int = 0) -> str:
    """
    A number with thousands separators; a dash where there is none.
    """
    return "–" if value is None else f"{value:,.{places}f}"
