"""
Small tables for notebooks.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal


def number(value: Decimal | int | None, places: int = 0, *, none: str = "–") -> str:
    """
    A number with thousands separators; a dash where there is none.
    """
    return none if value is None else f"{value:,.{places}f}"


def table(
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    caption: str = "",
    left: int = 1,
) -> str:
    """
    An HTML table: the first columns are texts, the others numbers. All is escaped.
    """
    lines = [_row(head, "th", left), *(_row(row, "td", left) for row in rows)]
    title = f"<caption>{escape(caption)}</caption>" if caption else ""
    return f"<table>{title}{''.join(lines)}</table>"


def _row(cells: Sequence[str], tag: str, left: int) -> str:
    aligned = " style='text-align:right;font-variant-numeric:tabular-nums'"
    return (
        "<tr>"
        + "".join(
            f"<{tag}{'' if place < left else aligned}>{escape(cell)}</{tag}>"
            for place, cell in enumerate(cells)
        )
        + "</tr>"
    )
