"""
Tables of a workbook as a plan; every problem with its sheet, row and column.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from smmlib.codec._plan import Reading, read_data
from smmlib.errors import Issue
from smmlib.report import _sheet_paths as paths
from smmlib.report._sheet_cells import Cell, Head, plain_text, value_of
from smmlib.report._sheet_layout import KINDS, PLAN, SHEETS, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Place = tuple[str, int, int]
"""
Sheet, row and column, both from 1.
"""


@attrs.frozen
class Grid:
    """
    What stands in one sheet: rows of cells, None where a cell is empty.
    """

    rows: Sequence[Sequence[Cell | None]]


@attrs.define
class Builder:
    """
    One reading of a workbook: the plan as far as it goes, places, and problems.
    """

    file: str
    tree: dict[str, Any] = attrs.field(factory=dict)
    places: dict[str, Place] = attrs.field(factory=dict)
    issues: list[Issue] = attrs.field(factory=list)

    def problem(self, at: Place, code: str, message: str, **details: Any) -> None:
        """
        Note a problem with its cell.
        """
        sheet, row, column = at
        self.issues.append(
            Issue(
                "",
                code,
                message,
                file=f"{self.file} [{sheet}]",
                line=row,
                column=column,
                **details,
            )
        )

    def placed(self, issue: Issue) -> Issue:
        """
        A problem of the plan with the cell its value stands in.
        """
        path = issue.path
        while path and path not in self.places:
            cut = max(path.rfind("."), path.rfind("["))
            path = path[: max(cut, 0)]
        if not path:
            return attrs.evolve(issue, file=self.file)
        sheet, row, column = self.places[path]
        return attrs.evolve(
            issue, file=f"{self.file} [{sheet}]", line=row, column=column
        )


def build(sheets: Mapping[str, Grid], file: str, issues: Sequence[Issue]) -> Reading:
    """
    The plan of a workbook, and all its problems.

    Args:
        sheets: Cells by name of the sheet.
        file: Name shown in problems.
        issues: What the cells themselves had wrong.
    """
    builder = Builder(file, issues=list(issues))
    if PLAN not in sheets:
        builder.problem(
            (PLAN, 1, 1),
            "sheet.missing",
            f"there is no sheet '{PLAN}'",
            value=", ".join(sheets) or None,
            limit=PLAN,
            hint="give a workbook that smmlib wrote; other tables are read with "
            "smm.read_lines",
        )
        return Reading(None, tuple(builder.issues))
    _read_plan(builder, sheets)
    for kind in KINDS:
        if kind.sheet in sheets:
            _read_table(builder, kind, sheets[kind.sheet])
    reading = read_data(paths.settled(builder.tree), file)
    found = [*builder.issues, *map(builder.placed, reading.issues)]
    return attrs.evolve(reading, issues=tuple(found))


def _read_plan(builder: Builder, sheets: Mapping[str, Grid]) -> None:
    """
    The rows of the plan itself: what, and its value.
    """
    cells: list[tuple[Head, Cell, Place]] = []
    for number, row in enumerate(sheets[PLAN].rows[1:], start=2):
        what = row[0] if row else None
        value = row[1] if len(row) > 1 else None
        if value is None:
            continue
        if what is None:
            builder.problem(
                (PLAN, number, 1),
                "sheet.no_key",
                "a value has no name beside it",
                value=plain_text(value)[:80],
                hint="name it in the first column, or clear the cell",
            )
            continue
        head = Head.parse(plain_text(what))
        if head == Head(SHEETS, "list"):
            _sheets_are_there(builder, sheets, value, number)
        else:
            cells.append((head, value, (PLAN, number, 2)))
    _put_all(builder, (), cells)


def _sheets_are_there(
    builder: Builder, sheets: Mapping[str, Grid], value: Cell, row: int
) -> None:
    for name in value_of(Head(SHEETS, "list"), value):
        if name not in sheets:
            builder.problem(
                (PLAN, row, 2),
                "sheet.missing",
                f"there is no sheet '{name}'",
                value=name,
                limit=", ".join(sheets),
                hint="give the sheet its old name, or take the name out of this cell "
                "to drop all that stood there",
            )


def _read_table(builder: Builder, kind: Kind, grid: Grid) -> None:
    """
    The rows of one kind of thing.
    """
    heads = [
        None if cell is None else Head.parse(plain_text(cell))
        for cell in (grid.rows[0] if grid.rows else ())
    ]
    named = [str(head) if head else "" for head in heads]
    missing = [key for key in kind.keys if key not in named]
    if missing:
        builder.problem(
            (kind.sheet, 1, 1),
            "sheet.head_missing",
            f"the column '{missing[0]}' is missing",
            limit=", ".join(kind.keys),
            hint="give the column its old head",
        )
        return
    at = [named.index(key) for key in kind.keys]
    count = 0
    for number, row in enumerate(grid.rows[1:], start=2):
        if all(cell is None for cell in row):
            continue
        steps = _steps(builder, kind, row, (number, at, count))
        count += 1
        if steps is not None:
            cells = list(_cells(builder, kind, heads, row, (number, at)))
            _place(builder, kind, steps, (number, at))
            _put_all(builder, steps, cells)


def _steps(
    builder: Builder,
    kind: Kind,
    row: Sequence[Cell | None],
    where: tuple[int, list[int], int],
) -> tuple[paths.Step, ...] | None:
    """
    Where in the plan a row belongs.
    """
    number, at, count = where
    if not kind.keys:
        return (*kind.path, count)
    keys = []
    for column in at:
        cell = row[column] if column < len(row) else None
        if cell is None:
            builder.problem(
                (kind.sheet, number, column + 1),
                "sheet.no_key",
                "the row has no key",
                limit="a short name that nothing else here has",
                hint="write a key, or delete the row",
            )
            return None
        keys.append(plain_text(cell))
    key = iter(keys)
    steps = tuple(next(key) if step == "*" else step for step in kind.path)
    return (*steps, keys[-1])


def _place(
    builder: Builder,
    kind: Kind,
    steps: tuple[paths.Step, ...],
    where: tuple[int, list[int]],
) -> None:
    """
    Note where a thing stands, and that it stands there once and below something.
    """
    number, at = where
    spot = (kind.sheet, number, (at[-1] if at else 0) + 1)
    parent = paths.joined(steps[:-2])
    path = paths.joined(steps)
    if "*" in kind.path and parent not in builder.places:
        builder.problem(
            (kind.sheet, number, at[-2] + 1),
            "sheet.no_parent",
            f"there is no '{steps[-3]}' in the sheet above it",
            value=str(steps[-3]),
            hint="write the key of a row that exists, or delete this row",
        )
    if path in builder.places:
        builder.problem(
            spot,
            "sheet.repeated",
            f"'{steps[-1]}' stands here twice",
            value=str(steps[-1]),
            hint="give one of them another key",
        )
    builder.places[path] = spot


def _cells(
    builder: Builder,
    kind: Kind,
    heads: Sequence[Head | None],
    row: Sequence[Cell | None],
    where: tuple[int, list[int]],
) -> Iterator[tuple[Head, Cell, Place]]:
    number, at = where
    for column, cell in enumerate(row):
        if cell is None or column in at:
            continue
        spot = (kind.sheet, number, column + 1)
        head = heads[column] if column < len(heads) else None
        if head is None:
            builder.problem(
                spot,
                "sheet.no_head",
                "the column has no head",
                value=plain_text(cell)[:80],
                hint="write what it is in the first row, or clear the cell",
            )
        else:
            yield head, cell, spot


def _put_all(
    builder: Builder,
    steps: tuple[paths.Step, ...],
    cells: Sequence[tuple[Head, Cell, Place]],
) -> None:
    """
    Put the cells of one row into the plan; parts of one value are joined first.
    """
    paths.put(builder.tree, steps, {}) if steps and not cells else None
    groups: dict[str, list[tuple[Head, Cell, Place]]] = {}
    for cell in cells:
        groups.setdefault(cell[0].path, []).append(cell)
    for path, group in groups.items():
        spot = group[0][2]
        found = paths.parsed(path)
        if found is None:
            builder.problem(
                (spot[0], 1, spot[2]) if steps else spot,
                "sheet.head",
                f"'{path[:80]}' names nothing in a plan",
                value=path[:80],
                hint="write keys with dots between, e.g. budget.lifetime (EUR)",
            )
            continue
        whole = (*steps, *found)
        if not _joined_put(builder, whole, group):
            builder.problem(
                group[-1][2],
                "sheet.conflict",
                f"two cells say what '{path}' is",
                hint="clear one of them",
            )
        builder.places.setdefault(paths.joined(whole), spot)


def _joined_put(
    builder: Builder,
    steps: tuple[paths.Step, ...],
    group: list[tuple[Head, Cell, Place]],
) -> bool:
    """
    Put one value made of its cells: a span of days, parts of a text, or one cell.
    """
    marks = {head.mark: cell for head, cell, _ in group}
    if len(marks) != len(group):
        return False
    if marks.keys() <= {"first", "last"}:
        ends = [plain_text(marks[end]) if end in marks else "" for end in _ENDS]
        return paths.put(builder.tree, steps, "..".join(ends))
    whole = sorted(group, key=lambda one: one[0].part)
    if [head.part for head, _, _ in whole] != list(range(1, len(whole) + 1)):
        return False
    cell: Cell = whole[0][1]
    if len(whole) > 1:
        cell = "".join(plain_text(part) for _, part, _ in whole)
    value = value_of(whole[0][0], cell)
    if not steps:
        return False
    return paths.put(builder.tree, steps, value)


_ENDS = ("first", "last")
