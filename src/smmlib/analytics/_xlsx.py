"""
The first sheet of a workbook as rows of text.
"""

from __future__ import annotations

import zipfile
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

from smmlib.analytics._extras import extra

_TABLE = 3  # cells that make a row a header and not a title


class NoTableError(Exception):
    """
    The bytes are no workbook, or its first sheet holds no table.
    """


def sheet_rows(data: bytes) -> list[tuple[int, tuple[str, ...]]]:
    """
    Line and cells of each row from the header down; empty rows are left out.

    Raises:
        NoTableError: There is no such table.
        MissingExtraError: The `report` extra is not installed.
    """
    openpyxl = extra("openpyxl", "reading a workbook", "report")
    try:
        book = openpyxl.load_workbook(BytesIO(data), read_only=True, data_only=True)
    except (KeyError, ValueError, zipfile.BadZipFile) as error:
        raise NoTableError(str(error)) from error
    try:
        sheet = book.worksheets[0]
        rows = [
            (line, tuple(_text(cell) for cell in cells))
            for line, cells in enumerate(sheet.iter_rows(values_only=True), start=1)
        ]
    finally:
        book.close()
    kept = [row for row in rows if any(row[1])]
    while kept and sum(map(bool, kept[0][1])) < _TABLE:
        kept.pop(0)
    if not kept:
        raise NoTableError("no row has three cells")
    return kept


def _text(cell: Any) -> str:
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    if isinstance(cell, (datetime, date)):
        return cell.isoformat()
    return "" if cell is None else str(cell)
