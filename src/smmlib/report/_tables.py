"""
The tables of a report, for other libraries: columns with exact numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.analytics._tabular import Tabular

if TYPE_CHECKING:
    from smmlib.report._view import ReportView

_FIELDS = (
    "figures",
    "targets",
    "lines",
    "daily",
    "funnel",
    "campaigns",
    "ad_sets",
    "ads",
    "breakdown",
    "growth",
    "alerts",
    "calendar",
    "previews",
    "notes",
)


@attrs.frozen(repr=False)
class ReportTable(Tabular):
    """
    One table of a report: take it to pandas, polars or Arrow.

    Attributes:
        name: Which table.
        columns: Names of its columns.
        rows: Its cells; numbers are exact, None where unknown.
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]

    def _table(self) -> tuple[Sequence[str], Sequence[Sequence[Any]]]:
        return self.columns, self.rows

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        return f"<ReportTable {self.name}: {len(self.rows)} rows>"


def tables_of(view: ReportView) -> dict[str, ReportTable]:
    """
    All tables that have rows, by name.
    """
    found: dict[str, Sequence[Any]] = {name: getattr(view, name) for name in _FIELDS}
    if view.returns:
        found["channels"] = view.returns.channels
        found["line_returns"] = view.returns.lines
    if view.comparison:
        found["comparison"] = view.comparison.rows
    return {name: _table(name, rows) for name, rows in found.items() if rows}


def _table(name: str, rows: Sequence[Any]) -> ReportTable:
    cells = [_cells(row) for row in rows]
    heads = tuple(dict.fromkeys(head for row in cells for head in row))
    return ReportTable(
        name, heads, tuple(tuple(row.get(head) for head in heads) for row in cells)
    )


def _cells(row: Any) -> dict[str, Any]:
    found = dict(getattr(row, "labels", {}))
    for field in attrs.fields(type(row)):
        if field.name != "labels":
            found[field.name] = _cell(getattr(row, field.name))
    return found


def _cell(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    return ", ".join(map(str, value)) if isinstance(value, tuple) else value
