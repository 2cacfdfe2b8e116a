"""
Where the numbers of a plan stand in its workbook, for formulas of other sheets.
"""

from __future__ import annotations

import attrs

from smmlib.report._excel_book import letters
from smmlib.report._sheet_cells import Head
from smmlib.report._sheet_layout import PLAN, Table


@attrs.frozen
class Sheets:
    """
    Where the numbers of a plan stand, for formulas of other sheets.
    """

    tables: dict[str, Table]

    def value(self, what: str) -> str | None:
        """
        The cell of one row of the sheet `Plan`.
        """
        keys = [row.keys[0] for row in self.tables[PLAN].rows]
        return f"{PLAN}!$B${keys.index(what) + 2}" if what in keys else None

    def line(self, key: str, head: Head) -> str | None:
        """
        The cell of a line, if the line has such a value.
        """
        table = self.tables.get("Lines")
        column = table.column(head) if table else None
        if table is None or column is None:
            return None
        for place, row in enumerate(table.rows):
            if row.keys == (key,) and head in row.cells:
                return f"Lines!${letters(column)}${place + 2}"
        return None
