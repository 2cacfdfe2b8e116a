"""
Rows that a query gave.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from smmlib.analytics._show import Grid
from smmlib.analytics._tabular import Tabular

if TYPE_CHECKING:
    from collections.abc import Sequence

_SHOWN = 50


@attrs.frozen(repr=False)
class Result(Tabular):
    """
    What a query of the warehouse gave, after the last sum.

    Attributes:
        columns: Names of the columns.
        rows: Cells of each row.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        return f"<Result of {len(self.rows):,} rows: {', '.join(self.columns)}>"

    def __str__(self) -> str:
        return self._grid().text()

    def _repr_html_(self) -> str:
        return self._grid().html()

    def _table(self) -> tuple[Sequence[str], Sequence[Sequence[Any]]]:
        return self.columns, self.rows

    def _grid(self) -> Grid:
        shown = [
            ["–" if cell is None else str(cell) for cell in row]
            for row in self.rows[:_SHOWN]
        ]
        more = len(self.rows) - len(shown)
        caption = f"{len(self.rows):,} rows" + (f", {more:,} not shown" if more else "")
        return Grid(self.columns, shown, caption=caption)
