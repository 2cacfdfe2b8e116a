"""
Small tables for results of planning: aligned text for a terminal, HTML for a notebook.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import attrs

_RIGHT = " style='text-align:right'"


@attrs.frozen
class Sheet:
    """
    A table before it is drawn.

    Attributes:
        head: Titles of the columns.
        rows: Cells as they are shown.
        caption: What the table is about.
        texts: Columns that are words; the others are numbers and stand on the right.
        notes: Sentences below.
    """

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    caption: str = attrs.field(default="", kw_only=True)
    texts: frozenset[int] = attrs.field(default=frozenset({0}), kw_only=True)
    notes: Sequence[str] = attrs.field(default=(), kw_only=True)

    def text(self) -> str:
        """
        Aligned lines.
        """
        table = [self.head, *self.rows]
        wide = [max(map(len, column)) for column in zip(*table, strict=True)]
        lines = [self._line(row, wide) for row in table]
        before = [self.caption] if self.caption else []
        return "\n".join([*before, *lines, *self.notes])

    def _line(self, row: Sequence[str], wide: Sequence[int]) -> str:
        cells = (
            cell.ljust(wide[k]) if k in self.texts else cell.rjust(wide[k])
            for k, cell in enumerate(row)
        )
        return "  ".join(cells).rstrip()

    def html(self) -> str:
        """
        A table; everything in it is escaped.
        """
        body = "".join(self._row(row, "td") for row in self.rows)
        caption = f"<caption>{escape(self.caption)}</caption>" if self.caption else ""
        notes = "".join(f"<p>{escape(note)}</p>" for note in self.notes)
        return f"<table>{caption}{self._row(self.head, 'th')}{body}</table>{notes}"

    def _row(self, row: Sequence[str], tag: str) -> str:
        cells = (
            f"<{tag}{'' if k in self.texts else _RIGHT}>{escape(cell)}</{tag}>"
            for k, cell in enumerate(row)
        )
        return f"<tr>{''.join(cells)}</tr>"
