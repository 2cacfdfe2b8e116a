"""
The flowchart (weeks as columns) and the budget of a plan, as sheets that calculate.

Every cell is a formula over the sheets `Lines` and `Plan`, so that what a person edits
there shows here; its value is written beside it, so that a program that does not
calculate reads the same.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.model._iso import CURRENCY_DECIMALS
from smmlib.report import _format as fmt
from smmlib.report._excel_book import ACCENT, DAY, SOFT, Book, letters, money_format
from smmlib.report._sheet_cells import Head

if TYPE_CHECKING:
    from smmlib.model import LineItem, MediaPlan
    from smmlib.report._sheet_refs import Sheets

_TOP = 3  # row of the heads, from 0
_LEFT = 6  # columns before the weeks
_MOST_COLUMNS = 200
_WEEK = 7


@attrs.frozen
class Weeks:
    """
    The columns of a flowchart: first days, and how many days each has.
    """

    starts: tuple[date, ...]
    days: int

    @classmethod
    def of(cls, first: date, last: date) -> Weeks:
        """
        Weeks from Monday on; more of them in one column where a plan runs for years.
        """
        start = first - timedelta(days=first.weekday())
        weeks = (last - start).days // _WEEK + 1
        step = _WEEK * -(-weeks // _MOST_COLUMNS)
        count = (last - start).days // step + 1
        return cls(tuple(start + timedelta(days=step * n) for n in range(count)), step)


@attrs.frozen
class _Line:
    """
    One row: what is calculated, and from which cells.
    """

    key: str
    item: LineItem
    first: date
    last: date
    cost: Decimal


def write_flowchart(book: Book, sheet: Any, plan: MediaPlan, sheets: Sheets) -> None:
    """
    Lines as rows, weeks as columns: what runs when, and what it costs, evenly spread.
    """
    rows = _lines(plan)
    ends = [day for row in rows for day in (row.first, row.last)]
    ends += [plan.flight.first_day, plan.flight.last_day]
    weeks = Weeks.of(min(ends), max(ends))
    book.title(sheet, plan.name, _UNDER.format(plan.currency or ""))
    heads = ["Line", "Networks", "Bought by", "First day", "Last day", "Cost"]
    book.head(sheet, (_TOP, 0), heads, {5})
    for place, start in enumerate(weeks.starts):
        book.cell(
            sheet,
            (_TOP, _LEFT + place),
            start,
            num_format="d mmm",
            align="right",
            bold=True,
            bg_color="#eef1f5",
            bottom=1,
        )
    book.head(sheet, (_TOP, _LEFT + len(weeks.starts)), ["Sum"], {0})
    grid = _Grid(book, sheet, plan, sheets, weeks)
    sums = [grid.row(number, row) for number, row in enumerate(rows, start=_TOP + 1)]
    if sums:
        grid.totals(_TOP + 1 + len(rows), sums)
        _looks(book, sheet, weeks, len(rows))


_UNDER = (
    "Cost per week in {0}, spread evenly over each flight. "
    "Calculated from the sheets Lines and Plan: edit there."
)


def _lines(plan: MediaPlan) -> list[_Line]:
    found = []
    for key, item in plan.lines.items():
        flight = item.flight or plan.flight
        cost = item.cost.amount if item.cost else Decimal(0)
        found.append(_Line(key, item, flight.first_day, flight.last_day, cost))
    return found


@attrs.frozen
class _Grid:
    """
    The calculating part of the flowchart.
    """

    book: Book
    sheet: Any
    plan: MediaPlan
    sheets: Sheets
    weeks: Weeks

    @property
    def money(self) -> str:
        shown = money_format(self.plan.currency or "")
        return f'{shown};-{shown};""'

    @property
    def places(self) -> int:
        return CURRENCY_DECIMALS.get(self.plan.currency or "", 2)

    def row(self, number: int, line: _Line) -> list[Decimal]:
        """
        One line; its amounts per column.
        """
        names = ", ".join(fmt.network(n.value) for n in line.item.networks)
        by = line.item.buy.value if line.item.buy else ""
        by = by or ("" if line.item.paid else "free")
        title = line.item.name or line.key
        self._linked((number, 0), _text_of(self.sheets, line), title, bold=True)
        self.book.text(self.sheet, (number, 1), names)
        self.book.text(self.sheet, (number, 2), by)
        for column, end in ((3, "first"), (4, "last")):
            day = line.first if end == "first" else line.last
            cell = self._end(line, end)
            self._linked((number, column), cell, day, num_format=DAY, align="left")
        cost = self._cost(line)
        self._linked((number, 5), cost, line.cost, num_format=self.money)
        return self._spread(number, line)

    def _cost(self, line: _Line) -> str | None:
        money = line.item.cost
        head = Head("cost", money.currency) if money else None
        return self.sheets.line(line.key, head) if head else None

    def _end(self, line: _Line, end: str) -> str | None:
        """
        The cell of a line's first or last day: its own, or the plan's.
        """
        if line.item.flight is None:
            return self.sheets.value(f"flight ({end})")
        return self.sheets.line(line.key, Head("flight", end))

    def _linked(
        self, at: tuple[int, int], cell: str | None, value: Any, **how: Any
    ) -> None:
        """
        What stands in a cell of the plan; without one, the value itself.
        """
        if cell is None:
            self.book.cell(self.sheet, at, value, **how)
        else:
            self.book.formula(self.sheet, at, f"={cell}", value, **how)

    def _spread(self, number: int, line: _Line) -> list[Decimal]:
        row, before, found = number + 1, Decimal(0), []
        days = (line.last - line.first).days + 1
        for place, start in enumerate(self.weeks.starts):
            column = _LEFT + place
            week = f"{letters(column)}${_TOP + 1}+{self.weeks.days - 1}"
            gone = f"MAX(0,MIN($E{row},{week})-$D{row}+1)/($E{row}-$D{row}+1)"
            spent = f"-SUM($F{row}:{letters(column - 1)}{row})+$F{row}" if place else ""
            formula = (
                f"=ROUND(ROUND($F{row}*{gone},{self.places}){spent},{self.places})"
            )
            last = min(line.last, start + timedelta(days=self.weeks.days - 1))
            over = max(0, (last - line.first).days + 1)
            due = _rounded(line.cost * over / days, self.places)
            found.append(due - before)
            before = due
            self.book.formula(
                self.sheet, (number, column), formula, found[-1], num_format=self.money
            )
        end = _LEFT + len(self.weeks.starts)
        span = f"{letters(_LEFT)}{row}:{letters(end - 1)}{row}"
        total = f"=ROUND(SUM({span}),{self.places})"
        how = {"num_format": self.money, "bold": True}
        self.book.formula(
            self.sheet, (number, end), total, sum(found, Decimal(0)), **how
        )
        return found

    def totals(self, number: int, sums: list[list[Decimal]]) -> None:
        """
        The last row: all lines together.
        """
        how = {"num_format": self.money, "bold": True, "top": 1}
        self.book.text(self.sheet, (number, 0), "All lines", bold=True, top=1)
        for column in range(1, 5):
            self.book.cell(self.sheet, (number, column), None, top=1)
        columns = [Decimal(0)] * len(sums[0])
        for amounts in sums:
            columns = [a + b for a, b in zip(columns, amounts, strict=True)]
        values = [sum(columns, Decimal(0)), *columns, sum(columns, Decimal(0))]
        for place, value in enumerate(values):
            column = _LEFT - 1 + place
            span = f"{letters(column)}{_TOP + 2}:{letters(column)}{number}"
            formula = f"=ROUND(SUM({span}),{self.places})"
            self.book.formula(self.sheet, (number, column), formula, value, **how)


def _text_of(sheets: Sheets, line: _Line) -> str | None:
    """
    The cell a line's shown name stands in; quoted texts are shown as they are.
    """
    name = line.item.name
    if not name or name.startswith('"'):
        return None
    return sheets.line(line.key, Head("name"))


def _rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def _looks(book: Book, sheet: Any, weeks: Weeks, rows: int) -> None:
    """
    Running weeks are filled; a chart shows them stacked.
    """
    first, last = _TOP + 1, _TOP + rows
    end = _LEFT + len(weeks.starts) - 1
    running = (
        f"=AND($D{first + 1}<={letters(_LEFT)}${_TOP + 1}+{weeks.days - 1},"
        f"$E{first + 1}>={letters(_LEFT)}${_TOP + 1})"
    )
    fill = book.book.add_format({"bg_color": SOFT})
    area = (first, _LEFT, last, end)
    sheet.conditional_format(
        *area, {"type": "formula", "criteria": running, "format": fill}
    )
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 22)
    sheet.set_column(2, 4, 11)
    sheet.set_column(5, end + 1, 12)
    sheet.freeze_panes(_TOP + 1, 1)
    series = [
        {
            "name": [sheet.get_name(), row, 0],
            "categories": [sheet.get_name(), _TOP, _LEFT, _TOP, end],
            "values": [sheet.get_name(), row, _LEFT, row, end],
            "gap": 40,
        }
        for row in range(first, min(last, first + _MOST_SERIES - 1) + 1)
    ]
    kind = {"type": "column", "subtype": "stacked"}
    title = "Cost per week and line"
    how = {"title": title, "series": series, "size": (980, 360)}
    book.chart(sheet, f"A{last + 4}", kind, axis={"num_format": "d mmm"}, **how)


_MOST_SERIES = 12  # more colours than these nobody tells apart


# -- budget ------------------------------------------------------------------------


def write_budget(book: Book, sheet: Any, plan: MediaPlan, sheets: Sheets) -> None:
    """
    Where the money goes: fees, lines, and what is left.
    """
    code = plan.currency or ""
    shown = {"num_format": money_format(code)}
    book.title(sheet, f"Budget of {plan.name}", f"{code}. {_EDIT}")
    book.head(sheet, (_TOP, 0), ["Line", "Networks", "Cost", "Part of media"], {2, 3})
    rows = _lines(plan)
    first, end = _TOP + 1, _TOP + 1 + len(rows)
    media = sum((row.cost for row in rows), Decimal(0))
    grid = _Grid(book, sheet, plan, sheets, Weeks((), _WEEK))
    for number, row in enumerate(rows, start=first):
        names = ", ".join(fmt.network(n.value) for n in row.item.networks)
        title = row.item.name or row.key
        grid._linked((number, 0), _text_of(sheets, row), title)  # noqa: SLF001 - one module
        book.text(sheet, (number, 1), names)
        grid._linked((number, 2), grid._cost(row), row.cost, **shown)  # noqa: SLF001 - as above
        share = row.cost / media if media else Decimal(0)
        formula = f"=IF($C${end + 1}=0,0,C{number + 1}/$C${end + 1})"
        book.formula(sheet, (number, 3), formula, share, num_format="0.0%")
    strong = {**shown, "bold": True, "top": 1}
    book.text(sheet, (end, 0), "Media", bold=True, top=1)
    book.cell(sheet, (end, 1), None, top=1)
    span = f"=SUM(C{first + 1}:C{end})" if rows else "=0"
    book.formula(sheet, (end, 2), span, media, **strong)
    _frame(grid, end + 1, media, shown)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 24)
    sheet.set_column(2, 3, 16)
    if rows:
        name = sheet.get_name()
        series = {
            "name": f"Cost in {code}",
            "categories": [name, first, 0, end - 1, 0],
            "values": [name, first, 2, end - 1, 2],
            "fill": {"color": ACCENT},
            "gap": 40,
        }
        title = f"Cost per line in {code}"
        how = {"title": title, "series": [series], "axis": {"reverse": True}}
        book.chart(sheet, "F4", {"type": "bar"}, **how)


_EDIT = "Calculated from the sheets Lines and Plan: edit there."
_PARTS = {
    "agency_fee": "Agency fee",
    "production": "Production",
    "tax": "Tax",
    "reserve": "Reserve",
}


def _frame(grid: _Grid, row: int, media: Decimal, how: dict[str, Any]) -> None:
    """
    What is kept out of media, the total, and what is left of it.
    """
    budget, media_row = grid.plan.budget, row
    if budget is None or {m.currency for m in budget.parts.values()} - {
        grid.plan.currency
    }:
        return
    book, sheet = grid.book, grid.sheet
    for part, money in budget.parts.items():
        book.text(sheet, (row, 0), _PARTS[part])
        cell = grid.sheets.value(f"budget.{part} ({money.currency})")
        grid._linked((row, 2), cell, money.amount, **how)  # noqa: SLF001 - one module
        row += 1
    total = budget.total
    book.text(sheet, (row, 0), "Budget", bold=True, top=1)
    cell = grid.sheets.value(f"budget.total ({total.currency})")
    grid._linked((row, 2), cell, total.amount, **how, bold=True, top=1)  # noqa: SLF001 - as above
    rest = total.amount - media - sum(m.amount for m in budget.parts.values())
    left = f"=ROUND(C{row + 1}-SUM(C{media_row}:C{row}),{grid.places})"
    book.text(sheet, (row + 1, 0), "Not planned yet", bold=True)
    book.formula(sheet, (row + 1, 2), left, rest, **how, bold=True)
