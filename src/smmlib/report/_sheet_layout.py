"""
A plan as the tables of a workbook: one sheet per kind of thing, one row per thing.

Everything that is in a plan file stands in some visible cell, so that the workbook is
the plan, and not a picture of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from smmlib.report._sheet_cells import Cell, Head, cells_of

if TYPE_CHECKING:
    from collections.abc import Iterator

PLAN = "Plan"
SHEETS = "sheets"
"""
The row of the sheet `Plan` that names the other sheets: one that was renamed or
deleted by mistake is missed.
"""


@attrs.frozen
class Kind:
    """
    A kind of thing that has a sheet of its own.

    Attributes:
        sheet: Name of the sheet.
        path: Keys from the top of a plan; `*` stands for any key.
        keys: Heads of the columns that say which thing a row is.
        inner: Parts of a thing that have a sheet of their own.
    """

    sheet: str
    path: tuple[str, ...]
    keys: tuple[str, ...] = ("key",)
    inner: str = ""


KINDS = (
    Kind("Lines", ("lines",)),
    Kind("Campaigns", ("campaigns",), inner="ad_sets"),
    Kind("Ad sets", ("campaigns", "*", "ad_sets"), ("campaign", "key"), "ads"),
    Kind(
        "Ads",
        ("campaigns", "*", "ad_sets", "*", "ads"),
        ("campaign", "ad set", "key"),
    ),
    Kind("Creatives", ("creatives",)),
    Kind("Audiences", ("audiences",)),
    Kind("Posts", ("posts",)),
    Kind("Goals", ("strategy", "goals"), ()),
    Kind("Channels", ("strategy", "channels"), ()),
    Kind("People", ("people",)),
    Kind("Milestones", ("milestones",)),
    Kind("Tasks", ("tasks",)),
    Kind("Briefs", ("briefs",)),
    Kind("Approvals", ("approvals",), ()),
)


@attrs.frozen
class Row:
    """
    One thing: its keys, and its cells by head.
    """

    keys: tuple[str, ...]
    cells: dict[Head, Cell]


@attrs.frozen
class Table:
    """
    One sheet.

    Attributes:
        sheet: Its name.
        keys: Heads of its first columns.
        heads: Heads of the others, in order.
        rows: Its rows.
    """

    sheet: str
    keys: tuple[str, ...]
    heads: tuple[Head, ...]
    rows: tuple[Row, ...]

    def column(self, head: Head) -> int | None:
        """
        Where a head stands, from 0; None where no row needs it.
        """
        if head not in self.heads:
            return None
        return len(self.keys) + self.heads.index(head)


def tables_of(data: dict[str, Any]) -> tuple[Table, ...]:
    """
    The tables of a plan, that of the plan itself first.

    Args:
        data: The plan as builtins in the shape of a plan file.
    """
    rest = _copied(data)
    found = [table for kind in reversed(KINDS) if (table := _taken(kind, rest))]
    found.reverse()
    cells = [
        *((Head(SHEETS, "list"), ", ".join(table.sheet for table in found)),)[
            : len(found)
        ],
        *cells_of((), rest, frozenset({SHEETS})),
    ]
    rows = tuple(Row((str(head),), {Head("value"): cell}) for head, cell in cells)
    return Table(PLAN, ("what",), (Head("value"),), rows), *found


def _copied(data: Any) -> Any:
    return {k: _copied(v) for k, v in data.items()} if isinstance(data, dict) else data


def _taken(kind: Kind, rest: dict[str, Any]) -> Table | None:
    """
    The table of one kind; what goes into it is taken out of the rest.
    """
    reserved = frozenset(kind.keys)
    rows = []
    for keys, item in _things(kind, kind.path, rest, ()):
        rows.append(Row(keys, dict(cells_of((), item, reserved))))
    if not rows:
        return None
    heads = tuple(dict.fromkeys(head for row in rows for head in row.cells))
    return Table(kind.sheet, kind.keys, _in_order(heads), tuple(rows))


def _things(
    kind: Kind, path: tuple[str, ...], level: Any, keys: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], Any]]:
    step, *more = path
    if step == "*":
        for key, item in level.items():
            yield from _things(kind, tuple(more), item, (*keys, key))
        return
    inside = level.get(step) if isinstance(level, dict) else None
    if more:
        if isinstance(inside, dict):
            yield from _things(kind, tuple(more), inside, keys)
        return
    if kind.keys and isinstance(inside, dict) and inside:
        del level[step]
        yield from (((*keys, key), item) for key, item in inside.items())
    elif not kind.keys and isinstance(inside, list) and inside:
        del level[step]
        yield from ((keys, item) for item in inside)


def _in_order(heads: tuple[Head, ...]) -> tuple[Head, ...]:
    """
    Heads with those of one path side by side, as they first appear.
    """
    first = {head.path: place for place, head in reversed(list(enumerate(heads)))}
    rank = {"first": 0, "last": 1}
    return tuple(
        sorted(heads, key=lambda h: (first[h.path], rank.get(h.mark, 0), h.part))
    )
