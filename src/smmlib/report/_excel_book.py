"""
A workbook as this package writes it: one look, and no cell that somebody else controls.

Texts are always written as texts. One that begins like a formula also carries the mark
that keeps a spreadsheet from calculating it after a person typed Enter in it.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.analytics._extras import extra
from smmlib.model._iso import CURRENCY_DECIMALS

if TYPE_CHECKING:
    from collections.abc import Collection

INK, GROUND, LINE = "#191c21", "#eef1f5", "#c9ced6"
ACCENT, SECOND, SOFT = "#2f5fd0", "#0f8a78", "#d7e3fb"
_RISKY = ("=", "+", "-", "@", "\t", "\r")
# Excel's own calendar begins here; its 1900 has a day too many.
_FIRST_DAY = date(1900, 3, 1)
# Not the moment of writing: the same plan gives the same file.
_MADE = datetime(2020, 1, 1)  # noqa: DTZ001 - the file format knows no zones
_WIDEST = 60
_LINE_HEIGHT, _MOST_LINES = 15, 26  # points; a row has at most 409
_LONGEST = 32_000  # a cell holds 32,767
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]")
DAY, MOMENT, SHARE, COUNT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm", "0.0%", "#,##0"


@attrs.define
class Book:
    """
    A workbook under way.
    """

    book: Any
    data: BytesIO
    _formats: dict[tuple[tuple[str, Any], ...], Any] = attrs.field(factory=dict)

    @classmethod
    def new(cls, title: str) -> Book:
        """
        An empty workbook.

        Raises:
            MissingExtraError: The `report` extra is not installed.
        """
        xlsxwriter = extra("xlsxwriter", "an Excel workbook", "report")
        data = BytesIO()
        safe = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "nan_inf_to_errors": False,
        }
        book = xlsxwriter.Workbook(data, safe)
        book.set_properties({"title": fitting(title)[:200], "created": _MADE})
        return cls(book, data)

    def sheet(self, name: str, *, landscape: bool = True) -> Any:
        """
        A new sheet, ready to be printed on one page's width.
        """
        sheet = self.book.add_worksheet(name)
        if landscape:
            sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.hide_gridlines(2)
        return sheet

    def style(self, **how: Any) -> Any:
        """
        A format, made once.
        """
        wanted = {"valign": "top", "font_color": INK, **how}
        key = tuple(sorted(wanted.items()))
        if key not in self._formats:
            self._formats[key] = self.book.add_format(wanted)
        return self._formats[key]

    def text(self, sheet: Any, at: tuple[int, int], text: str, **how: Any) -> None:
        """
        A text, and nothing but a text.
        """
        if text.startswith(_RISKY):
            how["quote_prefix"] = True
        sheet.write_string(*at, fitting(text), self.style(**how))

    def head(
        self,
        sheet: Any,
        at: tuple[int, int],
        names: list[str],
        numbers: Collection[int] = (),
    ) -> None:
        """
        A row of heads; those of numbers stand on the right, as the numbers do.
        """
        for place, name in enumerate(names):
            how = {"bold": True, "bg_color": GROUND, "bottom": 1, "text_wrap": True}
            if place in numbers:
                how["align"] = "right"
            self.text(sheet, (at[0], at[1] + place), name, **how)

    def tall(self, sheet: Any, row: int, texts: list[tuple[str, int]]) -> None:
        """
        Make a row as high as its wrapped texts need; not every program does it itself.

        Args:
            sheet: Where.
            row: Which, from 0.
            texts: Texts and widths of their columns.
        """
        lines = max(
            (
                sum(-(-max(len(line), 1) // width) for line in text.split("\n"))
                for text, width in texts
            ),
            default=1,
        )
        if lines > 1:
            sheet.set_row(row, min(lines, _MOST_LINES) * _LINE_HEIGHT)

    def title(self, sheet: Any, title: str, under: str = "") -> None:
        """
        The first two rows of a sheet made for readers.
        """
        self.text(sheet, (0, 0), title, bold=True, font_size=16)
        sheet.set_row(0, 24)
        if under:
            self.text(sheet, (1, 0), under, font_color="#555c68")

    def cell(self, sheet: Any, at: tuple[int, int], value: Any, **how: Any) -> None:
        """
        A value in the cell of its kind; nothing where it is unknown.
        """
        if value is None:
            sheet.write_blank(*at, None, self.style(**how))
        elif isinstance(value, bool):
            sheet.write_boolean(*at, value, self.style(**how))
        elif isinstance(value, (int, Decimal)):
            sheet.write_number(*at, float(value), self.style(**how))
        elif isinstance(value, date):
            self._day(sheet, at, value, how)
        else:
            self.text(sheet, at, str(value), **how)

    def _day(
        self, sheet: Any, at: tuple[int, int], value: date, how: dict[str, Any]
    ) -> None:
        moment = isinstance(value, datetime)
        if (value.date() if isinstance(value, datetime) else value) < _FIRST_DAY:
            self.text(sheet, at, value.isoformat(), **how)
            return
        how.setdefault("num_format", MOMENT if moment else DAY)
        how.setdefault("align", "left")
        sheet.write_datetime(*at, value, self.style(**how))

    def formula(
        self, sheet: Any, at: tuple[int, int], formula: str, value: Any, **how: Any
    ) -> None:
        """
        A formula with the value it has, for programs that do not calculate.
        """
        if isinstance(value, date):
            value = (value - date(1899, 12, 30)).days
        known = float(value) if isinstance(value, Decimal) else value
        sheet.write_formula(*at, formula, self.style(**how), known)

    def chart(self, sheet: Any, at: str, kind: dict[str, Any], **how: Any) -> None:
        """
        A native chart.

        Args:
            sheet: Where it stands.
            at: Its upper left cell.
            kind: Kind of chart, as the library names it.
            how: `title`, `series`, `axis` (options of the categories' axis), `size`.
        """
        chart = self.book.add_chart(kind)
        for series in how["series"]:
            chart.add_series(series)
        chart.set_title(
            {"name": how["title"], "overlay": False, "name_font": {"size": 12}}
        )
        lines = {"visible": True, "line": {"color": LINE}}
        values = {"major_gridlines": lines, "num_format": "#,##0"}
        names = {"text_axis": True, **how.get("axis", {})}
        # Bars lie on their side, and so do their axes.
        lying = kind["type"] == "bar"
        chart.set_x_axis(values if lying else names)
        chart.set_y_axis(names if lying else values)
        chart.set_legend({"position": "bottom", "none": len(how["series"]) == 1})
        width, height = how.get("size", (760, 320))
        chart.set_size({"width": width, "height": height})
        sheet.insert_chart(at, chart, {"description": how["title"]})

    def done(self) -> bytes:
        """
        The finished file.
        """
        self.book.close()
        return self.data.getvalue()


def fitting(text: str) -> str:
    """
    A text without what a cell cannot hold; data is quoted before it comes here.
    """
    return _UNFIT.sub(" ", text)[:_LONGEST]


def money_format(currency: str) -> str:
    """
    How amounts of a currency are shown.
    """
    places = CURRENCY_DECIMALS.get(currency, 2)
    return f"#,##0.{'0' * places}" if places else "#,##0"


def width_of(texts: list[str]) -> int:
    """
    How wide a column should be for these texts.
    """
    longest = max((len(line) for text in texts for line in text.split("\n")), default=8)
    return min(max(longest + 2, 9), _WIDEST)


def letters(column: int) -> str:
    """
    A column's letters: 0 is A.
    """
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text
