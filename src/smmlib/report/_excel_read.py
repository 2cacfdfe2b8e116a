"""
Workbooks in: cells as values, whoever wrote them.
"""

from __future__ import annotations

import zipfile
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.analytics._extras import extra
from smmlib.codec._context import file_problem
from smmlib.codec._files import LARGEST_FILE
from smmlib.errors import Issue
from smmlib.report._sheet_build import Grid

if TYPE_CHECKING:
    import os
    from collections.abc import Collection

    from smmlib.report._sheet_cells import Cell

_LARGEST_INSIDE = 16 * LARGEST_FILE
_MOST_COLUMNS = 16_384


@attrs.frozen
class Sheets:
    """
    The cells of a workbook, and what was wrong with single ones.
    """

    grids: dict[str, Grid]
    issues: tuple[Issue, ...]


def read_sheets(
    path: str | os.PathLike[str], *, only: Collection[str] | None = None
) -> Sheets:
    """
    The cells of a workbook.

    Args:
        path: An `.xlsx` file.
        only: Names of the sheets to read; all when left out.

    Raises:
        CodecError: The file is missing, or no workbook.
        MissingExtraError: The `report` extra is not installed.
    """
    where = Path(path)
    data = _bytes(where)
    book = _opened(data, where, calculated=False)
    reader = _Reader(where, data)
    grids = {
        sheet.title: Grid([list(row) for row in reader.rows(sheet)])
        for sheet in book.worksheets
        if only is None or sheet.title in only
    }
    return Sheets(grids, tuple(reader.issues))


def _bytes(path: Path) -> bytes:
    try:
        data = path.read_bytes()
        with zipfile.ZipFile(BytesIO(data)) as packed:
            size = sum(entry.file_size for entry in packed.infolist())
    except OSError as error:
        raise file_problem(
            str(path),
            "file.missing"
            if isinstance(error, FileNotFoundError)
            else "file.unreadable",
            f"'{path.name}' cannot be read: {error.strerror}",
            hint="check the path",
            cause=error,
        ) from error
    except (zipfile.BadZipFile, ValueError, RuntimeError) as error:
        raise _no_workbook(path, error) from error
    if max(size // 16, len(data)) > LARGEST_FILE:
        raise file_problem(
            str(path),
            "file.too_large",
            f"holds {size} bytes, at most {_LARGEST_INSIDE} are read",
            value=size,
            limit=_LARGEST_INSIDE,
            hint="split the workbook, or check that this is the right file",
        )
    return data


def _no_workbook(path: Path, error: Exception) -> Exception:
    return file_problem(
        str(path),
        "file.format",
        f"'{path.name}' is no Excel workbook",
        limit=".xlsx",
        hint="save it as Excel workbook (.xlsx)",
        cause=error,
    )


def _opened(data: bytes, path: Path, *, calculated: bool) -> Any:
    openpyxl = extra("openpyxl", "reading a workbook", "report")
    broken = (KeyError, ValueError, TypeError, IndexError, AttributeError, SyntaxError)
    try:
        return openpyxl.load_workbook(BytesIO(data), data_only=calculated)
    except (*broken, zipfile.BadZipFile) as error:  # the XML errors are SyntaxErrors
        raise _no_workbook(path, error) from error


@attrs.define
class _Reader:
    """
    One reading; values of formulas are only asked for where there are formulas.
    """

    path: Path
    data: bytes
    issues: list[Issue] = attrs.field(factory=list)
    _values: Any = None

    def rows(self, sheet: Any) -> list[list[Cell | None]]:
        """
        The rows of a sheet, without empty ones at its end.
        """
        rows = []
        for cells in sheet.iter_rows(max_col=min(sheet.max_column, _MOST_COLUMNS)):
            row = [self._cell(cell) for cell in cells]
            while row and row[-1] is None:
                row.pop()
            rows.append(row)
        while rows and not rows[-1]:
            rows.pop()
        return rows

    def _cell(self, cell: Any) -> Cell | None:
        value = cell.value
        if value is None or value == "":
            return None
        formula = cell.data_type == "f"
        if formula:
            value = self._calculated(cell)
        if cell.data_type == "e" or (formula and value in _ERRORS):
            self._problem(
                cell,
                "cell.error",
                f"the cell shows {value}",
                value=str(value),
                hint="mend its formula, or write a value",
            )
            return None
        return _plain(value, cell.number_format)

    def _calculated(self, cell: Any) -> Any:
        if self._values is None:
            self._values = _opened(self.data, self.path, calculated=True)
        value = self._values[cell.parent.title][cell.coordinate].value
        if value is None:
            self._problem(
                cell,
                "cell.not_calculated",
                "the formula was never calculated",
                value=str(cell.value)[:80],
                hint="save the file in a spreadsheet program, or write a value",
            )
        return value

    def _problem(self, cell: Any, code: str, message: str, **details: Any) -> None:
        self.issues.append(
            Issue(
                "",
                code,
                message,
                file=f"{self.path} [{cell.parent.title}]",
                line=cell.row,
                column=cell.column,
                **details,
            )
        )


_ERRORS = frozenset(
    {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"}
)
_DIGITS = 15  # what spreadsheets show of a number


def _plain(value: Any, shown: str) -> Cell | None:
    """
    A cell's value as one of the kinds we know.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, (int, float)):
        return Decimal(f"{value:.{_DIGITS}g}" if isinstance(value, float) else value)
    if isinstance(value, datetime):
        whole = value.time() == time() and "h" not in shown.lower()
        return value.date() if whole else value
    if isinstance(value, (date, str)):
        return value
    if isinstance(value, timedelta):
        return str(value)
    return f"{value:%H:%M}" if isinstance(value, time) else str(value)
