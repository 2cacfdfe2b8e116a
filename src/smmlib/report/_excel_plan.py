"""
A media plan as a workbook: the plan itself, and sheets for people made from it.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from smmlib.codec._plan import data_of
from smmlib.model._iso import CURRENCY_DECIMALS
from smmlib.report import _excel_lists as lists
from smmlib.report._excel_book import Book, money_format, width_of
from smmlib.report._excel_flow import write_budget, write_flowchart
from smmlib.report._sheet_cells import Cell, Head, plain_text
from smmlib.report._sheet_layout import Table, tables_of
from smmlib.report._sheet_refs import Sheets

if TYPE_CHECKING:
    from smmlib.model import MediaPlan

_LONG = 40  # texts of more characters are wrapped


def plan_workbook(plan: MediaPlan) -> bytes:
    """
    The plan as the bytes of an `.xlsx` file.

    Raises:
        MissingExtraError: The `report` extra is not installed.
    """
    book = Book.new(plan.name)
    tables = tables_of(data_of(plan))
    sheets = Sheets({table.sheet: table for table in tables})
    made = [
        (name, book.sheet(name)) for name in ("Flowchart", "Budget", "Calendar", "KPIs")
    ]
    drawn = dict(made)
    write_flowchart(book, drawn["Flowchart"], plan, sheets)
    write_budget(book, drawn["Budget"], plan, sheets)
    lists.write_calendar(book, drawn["Calendar"], plan)
    lists.write_targets(book, drawn["KPIs"], plan)
    for table in tables:
        _write(book, table)
    return book.done()


def _write(book: Book, table: Table) -> None:
    """
    One sheet of the plan itself.
    """
    sheet = book.sheet(table.sheet)
    heads = [*table.keys, *map(str, table.heads)]
    book.head(sheet, (0, 0), heads)
    sheet.freeze_panes(1, len(table.keys))
    sheet.autofilter(0, 0, len(table.rows), len(heads) - 1)
    widths: list[list[str]] = [[head] for head in heads]
    for number, row in enumerate(table.rows, start=1):
        for column, key in enumerate(row.keys):
            book.text(sheet, (number, column), key, bold=True)
            widths[column].append(key)
        for place, head in enumerate(table.heads, start=len(table.keys)):
            if head in row.cells:
                cell = row.cells[head]
                _cell(book, sheet, (number, place), head, cell)
                widths[place].append(plain_text(cell))
    wide = [width_of(texts) for texts in widths]
    for column, width in enumerate(wide):
        sheet.set_column(column, column, width)
    for number, row in enumerate(table.rows, start=1):
        places = [table.column(head) for head in row.cells]
        texts = [
            (cell, wide[place])
            for cell, place in zip(row.cells.values(), places, strict=True)
            if isinstance(cell, str) and place is not None
        ]
        book.tall(sheet, number, texts)


def _cell(book: Book, sheet: Any, at: tuple[int, int], head: Head, cell: Cell) -> None:
    if isinstance(cell, Decimal):
        book.cell(sheet, at, cell, num_format=_format(head, cell))
    elif isinstance(cell, (bool, date, datetime)):
        book.cell(sheet, at, cell)
    else:
        book.text(sheet, at, cell, text_wrap=len(cell) > _LONG or "\n" in cell)


def _format(head: Head, cell: Decimal) -> str:
    """
    How a number is shown: with all its decimals, never rounded by its looks.
    """
    places = max(-int(cell.normalize().as_tuple().exponent), 0)
    if head.mark in CURRENCY_DECIMALS and places <= CURRENCY_DECIMALS[head.mark]:
        return money_format(head.mark)
    return f"0.{'0' * places}" if places else "0"
