"""
A report as a workbook: the same numbers as its page and its JSON, to the cent.

Every number is taken from `ReportView.to_dict()`, which rounds once for all of them.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.model._iso import CURRENCY_DECIMALS
from smmlib.report import _format as fmt
from smmlib.report._columns import ad_columns
from smmlib.report._excel_book import (
    ACCENT,
    COUNT,
    SECOND,
    SHARE,
    Book,
    letters,
    money_format,
    width_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smmlib.report._view import ReportView

_TOP = 3  # row of the heads, from 0
_TEXT = "text"
_HEAD_HEIGHT, _NUMBER_WIDTH = 31, 14


@attrs.frozen
class _Column:
    """
    One column of a sheet: head, field of the data, and how it is shown.
    """

    head: str
    field: str
    kind: str = _TEXT


@attrs.frozen
class _Report:
    """
    A report under way.
    """

    book: Book
    view: ReportView
    data: dict[str, Any]

    def shown(self, kind: str) -> str:
        """
        The number format of a kind of column.
        """
        money = money_format(self.view.currency)
        known = {"amount": money, "count": COUNT, "share": SHARE, "percent": "0.00"}
        return known.get(kind, "#,##0.00")

    def table(
        self,
        name: str,
        title: str,
        columns: Sequence[_Column],
        rows: Sequence[dict[str, Any]],
        under: str = "",
    ) -> Any:
        """
        A sheet with one table.
        """
        sheet = self.book.sheet(name)
        self.book.title(sheet, title, under or f"Amounts in {self.view.currency}")
        numbers = {
            place
            for place, column in enumerate(columns)
            if column.kind not in {_TEXT, "day"}
        }
        self.book.head(sheet, (_TOP, 0), [column.head for column in columns], numbers)
        sheet.set_row(_TOP, _HEAD_HEIGHT)
        wide = [self._width(column, rows) for column in columns]
        for place, width in enumerate(wide):
            sheet.set_column(place, place, width)
        for number, row in enumerate(rows, start=_TOP + 1):
            for place, column in enumerate(columns):
                self.cell(sheet, (number, place), row.get(column.field), column.kind)
            texts = [
                (_said(row.get(column.field)), wide[place])
                for place, column in enumerate(columns)
                if column.kind == _TEXT
            ]
            self.book.tall(sheet, number, texts)
        sheet.freeze_panes(_TOP + 1, 1)
        return sheet

    def _width(self, column: _Column, rows: Sequence[dict[str, Any]]) -> int:
        if column.kind != _TEXT:
            return _NUMBER_WIDTH
        return width_of([column.head, *(_said(row.get(column.field)) for row in rows)])

    def cell(self, sheet: Any, at: tuple[int, int], value: Any, kind: str) -> None:
        """
        One value as its column shows it.
        """
        if value is None:
            self.book.cell(sheet, at, None)
        elif kind == "day":
            self.book.cell(sheet, at, date.fromisoformat(value))
        elif kind == _TEXT:
            indent = 1 if at[1] else 0  # away from the number before it
            self.book.text(
                sheet, at, _said(value), text_wrap=True, align="left", indent=indent
            )
        else:
            number = Decimal(str(value))
            self.book.cell(sheet, at, number, num_format=self.shown(kind))

    def sums(self, sheet: Any, rows: int, columns: dict[int, Decimal]) -> None:
        """
        A last row that adds up.
        """
        number = _TOP + 1 + rows
        self.book.text(sheet, (number, 0), "Sum", bold=True, top=1)
        places = CURRENCY_DECIMALS.get(self.view.currency, 2)
        for column, value in columns.items():
            span = f"{letters(column)}{_TOP + 2}:{letters(column)}{number}"
            self.book.formula(
                sheet,
                (number, column),
                f"=ROUND(SUM({span}),{places})",
                value,
                num_format=self.shown("amount"),
                bold=True,
                top=1,
            )


def _said(value: Any) -> str:
    if value is None:
        return ""
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def report_workbook(view: ReportView) -> bytes:
    """
    The report as the bytes of an `.xlsx` file.

    Raises:
        MissingExtraError: The `report` extra is not installed.
    """
    report = _Report(Book.new(view.title), view, view.to_dict())
    _summary(report)
    if view.kind == "plan":
        _targets(report)
        _lines(report)
    _days(report)
    if view.funnel:
        _funnel(report)
    if view.returns:
        _returns(report)
    _ads(report)
    if view.growth:
        _growth(report)
    _sources(report)
    return report.book.done()


def _summary(report: _Report) -> None:
    """
    One sheet for those who read one sheet.
    """
    book, view = report.book, report.view
    sheet = book.sheet("Summary", landscape=False)
    as_of = f", as of {fmt.day(view.as_of)}" if view.as_of else ""
    book.title(sheet, view.title, f"{view.subtitle}{as_of}")
    row = _TOP
    for sentence in view.summary:
        book.text(sheet, (row, 0), fmt.said(sentence))
        row += 1
    row += 1
    book.head(sheet, (row, 0), ["What", "Value", "Unit", "Compared with"], {1})
    for figure in report.data["figures"]:
        row += 1
        unit = figure["unit"]
        kind = {"money": "amount", "count": "count"}.get(unit, "percent")
        book.text(sheet, (row, 0), figure["label"], bold=True)
        report.cell(sheet, (row, 1), figure["value"], kind)
        book.text(sheet, (row, 2), _UNITS.get(unit, view.currency), indent=1)
        book.text(sheet, (row, 3), figure["detail"])
    for column, width in enumerate((22, 16, 10, 90)):
        sheet.set_column(column, column, width)


_UNITS = {"count": "", "percent": "%", "ratio": ""}


def _targets(report: _Report) -> None:
    """
    The KPI tracker: every target, how it stands, and a bar for how far it is.
    """
    rows = [
        {
            **row,
            "status": row["status"].replace("_", " "),
            "unit": _UNITS.get(row["unit"], report.view.currency),
            "way": "at most" if row["lower_is_better"] else "at least",
        }
        for row in report.data["targets"]
    ]
    columns = (
        _Column("Target", "label"),
        _Column("Status", "status"),
        _Column("Reached", "value", "number"),
        _Column("Due by now", "expected", "number"),
        _Column("", "way"),
        _Column("Wanted", "target", "number"),
        _Column("Unit", "unit"),
        _Column("Progress", "progress", "share"),
        _Column("Time gone", "elapsed", "share"),
        _Column("By", "deadline", "day"),
        _Column("Owner", "owner"),
        _Column("Source", "source"),
    )
    sheet = report.table("KPIs", "KPI tracker", columns, rows)
    last = _TOP + max(len(rows), 1)
    for column in (7, 8):
        bar = {
            "type": "data_bar",
            "bar_color": "#9db9ee",
            "min_type": "num",
            "max_type": "num",
            "min_value": 0,
            "max_value": 1,
        }
        sheet.conditional_format(_TOP + 1, column, last, column, bar)
    for words, ground, ink in _STATUS:
        how = report.book.book.add_format({"bg_color": ground, "font_color": ink})
        rule = {"type": "cell", "criteria": "==", "value": f'"{words}"', "format": how}
        sheet.conditional_format(_TOP + 1, 1, last, 1, rule)


_STATUS = (
    ("on track", "#e2f5ea", "#116b3c"),
    ("exceeded", "#e2f5ea", "#116b3c"),
    ("at risk", "#fdf0d8", "#854a00"),
    ("missed", "#fde7e6", "#a41e22"),
)


def _lines(report: _Report) -> None:
    """
    Planned and spent money per line, with a chart.
    """
    rows = [
        {**row, "networks": ", ".join(map(fmt.network, row["networks"]))}
        for row in report.data["lines"]
    ]
    columns = (
        _Column("Line", "name"),
        _Column("Networks", "networks"),
        _Column("Planned", "planned", "amount"),
        _Column("Spent", "spend", "amount"),
        _Column("Even pace by now", "expected", "amount"),
        _Column("Spent of plan", "share_spent", "share"),
        _Column("Time gone", "elapsed", "share"),
        _Column("State", "state_text"),
    )
    sheet = report.table("Spend", "Spend versus plan", columns, rows)
    if not rows:
        return
    known = {2: "planned", 3: "spend"}
    report.sums(
        sheet,
        len(rows),
        {
            column: sum((Decimal(row[name] or 0) for row in rows), Decimal(0))
            for column, name in known.items()
        },
    )
    first, last = _TOP + 1, _TOP + len(rows)
    series = [
        {
            "name": ["Spend", _TOP, column],
            "categories": ["Spend", first, 0, last, 0],
            "values": ["Spend", first, column, last, column],
            "fill": {"color": colour},
        }
        for column, colour in ((2, "#c9d2df"), (3, ACCENT))
    ]
    title = f"Planned and spent in {report.view.currency}"
    spot = f"A{last + 5}"
    how = {"title": title, "series": series, "axis": {"reverse": True}}
    report.book.chart(sheet, spot, {"type": "bar"}, **how)


def _days(report: _Report) -> None:
    """
    Ad numbers per day, with a line of the spend.
    """
    rows = report.data["daily"]
    if not rows:
        return
    columns = (
        _Column("Day", "on", "day"),
        *_numbers(report),
        _Column("Registrations", "registrations", "count"),
    )
    sheet = report.table("Days", "Day by day", columns, rows)
    place = [column.field for column in columns].index("spend")
    first, last = _TOP + 1, _TOP + len(rows)
    series = {
        "name": "Spend",
        "categories": ["Days", first, 0, last, 0],
        "values": ["Days", first, place, last, place],
        "line": {"color": ACCENT, "width": 2.25},
    }
    title = f"Spend per day in {report.view.currency}"
    how = {"title": title, "series": [series], "axis": {"num_format": "d mmm"}}
    report.book.chart(sheet, f"A{last + 4}", {"type": "line"}, **how)


def _numbers(report: _Report) -> list[_Column]:
    return [
        _Column(column.label, column.field, column.kind)
        for column in ad_columns(report.view)
    ]


def _funnel(report: _Report) -> None:
    columns = (
        _Column("Step", "label"),
        _Column("Count", "count", "count"),
        _Column("% of the step before", "rate", "percent"),
        _Column("Counted by", "source"),
    )
    under = "Only lines with ad numbers are in the funnel"
    rows = report.data["funnel"]
    report.table("Funnel", "From view to purchase", columns, rows, under)


def _returns(report: _Report) -> None:
    """
    What channels, lines and campaigns earned, with ROI per channel as a chart.
    """
    data = report.data["returns"]
    columns = (
        _Column("Channel", "name"),
        _Column("Spend", "spend", "amount"),
        _Column(f"Claimed {data['claimed']}", "claimed_conversions", "count"),
        _Column("Claimed registrations", "claimed_registrations", "count"),
        _Column("Own registrations", "registrations", "count"),
        _Column("Own purchases", "purchases", "count"),
        _Column("Revenue", "revenue", "amount"),
        _Column("ROI in %", "roi", "percent"),
        _Column("ROAS", "roas", "number"),
        _Column("CAC", "cac", "amount"),
        _Column("Note", "note"),
    )
    rows = [*data["channels"], data["total"]]
    sheet = report.table("Channels", "What each channel earned", columns, rows)
    others = [
        {**row, "name": f"{kind}: {row['name']}"}
        for kind, found in (("Line", data["lines"]), ("Campaign", data["campaigns"]))
        for row in found
    ]
    if others:
        head = (_Column("Line or campaign", "name"), *columns[1:])
        report.table("Lines and campaigns", "What each line earned", head, others)
    first, last = _TOP + 1, _TOP + len(data["channels"])
    if last < first:
        return
    series = {
        "name": "ROI in %",
        "categories": ["Channels", first, 0, last, 0],
        "values": ["Channels", first, 7, last, 7],
        "fill": {"color": SECOND},
        "gap": 60,
    }
    spot = f"A{last + 5}"
    report.book.chart(
        sheet, spot, {"type": "column"}, title="ROI per channel in %", series=[series]
    )


def _ads(report: _Report) -> None:
    """
    Ad numbers per campaign, ad set, ad and group of people.
    """
    numbers = _numbers(report)
    sheets = (
        ("Campaigns", "campaigns", ("campaign", "ad_set")),
        ("Ad sets", "ad_sets", ("ad_set", "campaign")),
        ("Ads", "ads", ("ad", "ad_set", "campaign")),
        ("People", "breakdown", ("age", "gender")),
    )
    for name, field, labels in sheets:
        rows = report.data[field]
        if rows:
            shown = [label for label in labels if any(label in row for row in rows)]
            heads = [_Column(_head(label), label) for label in shown]
            report.table(name, name, (*heads, *numbers), rows)


def _head(label: str) -> str:
    return label.replace("_", " ").capitalize()


def _growth(report: _Report) -> None:
    rows = [
        {**row, "network": fmt.network(row["network"])} for row in report.data["growth"]
    ]
    columns = (
        _Column("Network", "network"),
        _Column("At the start", "before", "count"),
        _Column("Now", "now", "count"),
        _Column("Growth in %", "growth", "percent"),
        _Column("Since", "since", "day"),
        _Column("Until", "until", "day"),
    )
    report.table("Followers", "Followers", columns, rows, "Per network")


def _sources(report: _Report) -> None:
    """
    What the report rests on, and what a reader must know.
    """
    imports = report.data["imports"]
    rows: list[dict[str, Any]] = [
        {"what": "Source", "text": source} for source in imports["sources"]
    ]
    rows += [
        {"what": "Days counted in", "text": imports["zone"]},
        {"what": "Currency", "text": imports["currency"]},
        {"what": "Rows of ad numbers", "text": str(imports["rows"])},
        {"what": "Own records", "text": str(imports["conversions"])},
    ]
    rows += [
        {
            "what": note["severity"],
            "text": " ".join(
                part for part in (note["where"], note["message"], note["hint"]) if part
            ),
        }
        for note in report.data["notes"]
    ]
    columns = (_Column("What", "what"), _Column("", "text"))
    report.table("Sources", "What this rests on", columns, rows, "Read, not calculated")
