"""
Small tables, the same for notebooks and terminals.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from html import escape

import attrs

from smmlib.model import Money, Unit, kpi


def number(value: Decimal | int | None, places: int = 0, *, none: str = "–") -> str:
    """
    A number with thousands separators; a dash where there is none.
    """
    return none if value is None else f"{value:,.{places}f}"


def amount(name: str, value: Decimal | Money | None, currency: str = "") -> str:
    """
    A KPI's amount with its unit: `18.00 EUR`, `1.20 %`, `1,200`.
    """
    if value is None:
        return number(None)
    if isinstance(value, Money):
        return f"{value.amount:,} {value.currency}"
    unit = kpi(name).unit
    if unit is Unit.MONEY:
        return f"{number(value, 2)} {currency}".strip()
    if unit is Unit.PERCENT:
        return f"{number(value, 2)} %"
    return number(value, 2 if unit is Unit.RATIO else 0)


@attrs.frozen
class Grid:
    """
    A table before it is drawn: the first columns are texts, the others numbers.

    Attributes:
        head: Titles of the columns.
        rows: Cells, as they are shown.
        caption: What the table is about.
        left: How many columns are texts.
    """

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    caption: str = attrs.field(default="", kw_only=True)
    left: int = attrs.field(default=1, kw_only=True)

    def html(self) -> str:
        """
        The table for a notebook; all of it is escaped.
        """
        title = f"<caption>{escape(self.caption)}</caption>" if self.caption else ""
        lines = [self._row(self.head, "th"), *(self._row(r, "td") for r in self.rows)]
        return f"<table>{title}{''.join(lines)}</table>"

    def _row(self, cells: Sequence[str], tag: str) -> str:
        right = " style='text-align:right;font-variant-numeric:tabular-nums'"
        drawn = (
            f"<{tag}{'' if place < self.left else right}>{escape(cell)}</{tag}>"
            for place, cell in enumerate(cells)
        )
        return f"<tr>{''.join(drawn)}</tr>"

    def text(self) -> str:
        """
        The table for a terminal, one row a line.
        """
        lines = [self.head, *self.rows]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        drawn = ("  ".join(self._cells(line, widths)).rstrip() for line in lines)
        return "\n".join([self.caption, *drawn] if self.caption else drawn)

    def _cells(self, line: Sequence[str], widths: Sequence[int]) -> list[str]:
        return [
            cell.ljust(width) if place < self.left else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
