from __future__ import annotations

import zipfile
from decimal import Decimal
from pathlib import Path

import attrs
import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import smmlib as smm
from _launch import launch_plan
from smmlib.codec._yaml import Plain
from smmlib.report import load_workbook, read_workbook, save_workbook
from smmlib.report._sheet_cells import cells_of, value_of
from smmlib.report._sheet_paths import joined, parsed, shown
from smmlib.testing import strategies

_EXAMPLE = Path(__file__).parents[2] / "examples" / "launch.plan.yaml"
_STEPS = st.lists(
    st.one_of(st.text(min_size=1, max_size=8), st.integers(0, 99)),
    min_size=1,
    max_size=4,
)


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """
    The example plan as a workbook.
    """
    path = tmp_path_factory.mktemp("book") / "plan.xlsx"
    return save_workbook(smm.load(_EXAMPLE), path)


def _edited(written, tmp_path, sheet, change):
    book = openpyxl.load_workbook(written)
    change(book[sheet])
    path = tmp_path / "edited.xlsx"
    book.save(path)
    return path


def _column(sheet, head):
    return next(cell.column for cell in sheet[1] if cell.value == head)


def _row(sheet, key):
    return next(row[0].row for row in sheet.iter_rows() if row[0].value == key)


def test_a_plan_comes_back_whole(written):
    """
    The example plan is equal after the way through a workbook, hash and all.
    """
    plan = smm.load(_EXAMPLE)

    found = load_workbook(written)

    assert plan == found
    assert smm.content_hash(plan) == smm.content_hash(found)


@settings(max_examples=20)
@given(plan=strategies.plans())
def test_any_plan_comes_back_whole(tmp_path_factory, plan):
    """
    Every plan of the model is equal after the way through a workbook.
    """
    path = tmp_path_factory.mktemp("any") / "plan.xlsx"

    assert plan == load_workbook(save_workbook(plan, path))


@given(text=st.text())
@example(text="=1+1")
@example(text='"')
@example(text="null")
@example(text="{}")
@example(text="a\r\nb")
@example(text="_x0041_")
@example(text="\ud800")
@example(text="x" * 40_000)
def test_any_text_fits_cells(text):
    """
    Whatever a text holds, its cells hold it, in parts where it is long.
    """
    cells = list(cells_of(("note",), text, frozenset()))

    assert all(
        len(cell.encode("utf-16-le", "surrogatepass")) <= 65_534 for _, cell in cells
    )
    assert text == value_of(cells[0][0], "".join(cell for _, cell in cells))


@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20
    )
)
def test_any_number_fits_a_cell(number):
    """
    A number a spreadsheet cannot keep to the last digit is written as a text.
    """
    ((head, cell),) = cells_of(("cost",), Plain(f"{number:f} EUR"), frozenset())

    if isinstance(cell, Decimal):
        assert cell == Decimal(f"{float(cell):.15g}")
    assert number == Decimal(str(value_of(head, cell)).removesuffix(" EUR"))


@given(_STEPS)
def test_any_path_can_be_a_head(steps):
    """
    A head of a column is read back as the path it stands for, whatever keys there are.
    """
    path = tuple(steps)

    assert path == parsed(shown(path, frozenset({"key"})))
    assert shown(path, frozenset({"key"})) not in {"key", "itself"}
    assert joined(path)


def test_a_cell_edited_comes_back_edited(written, tmp_path):
    """
    New money, names, days and lists typed into cells are what the plan says then.
    """

    def change(sheet):
        row = _row(sheet, "meta-leads")
        sheet.cell(row, _column(sheet, "cost (EUR)")).value = 11_500.5
        sheet.cell(row, _column(sheet, "name")).value = "Box, renamed"
        sheet.cell(row, _column(sheet, "networks (list)")).value = "facebook"
        row = _row(sheet, "x-teaser")
        day = sheet.cell(row, _column(sheet, "flight (last)"))
        day.value = day.value.replace(day=9)

    plan = smm.load(_EXAMPLE)
    found = load_workbook(_edited(written, tmp_path, "Lines", change))

    lines = dict(plan.lines)
    lines["meta-leads"] = attrs.evolve(
        lines["meta-leads"],
        cost="11500.50 EUR",
        name="Box, renamed",
        networks=["facebook"],
    )
    lines["x-teaser"] = attrs.evolve(
        lines["x-teaser"], flight=smm.Flight.parse("2027-03-01..2027-03-09", plan.zone)
    )
    assert attrs.evolve(plan, lines=lines) == found


def test_a_row_added_and_a_row_deleted(written, tmp_path):
    """
    Rows may come and go as in any spreadsheet.
    """

    def change(sheet):
        sheet.delete_rows(_row(sheet, "crm-list"))
        row = sheet.max_row + 1
        sheet.cell(row, 1).value = "thanks"
        sheet.cell(row, _column(sheet, "title")).value = "Say thank you"
        after = sheet.cell(_row(sheet, "set-up"), _column(sheet, "after (list)"))
        after.value = "pictures"

    found = load_workbook(_edited(written, tmp_path, "Tasks", change))

    assert ["texts", "pictures", "set-up", "thanks"] == list(found.tasks)
    assert "Say thank you" == found.tasks["thanks"].title


def test_problems_name_sheet_row_and_column(written, tmp_path):
    """
    All that is wrong is told at once, each with the cell it stands in.
    """

    def change(sheet):
        row = _row(sheet, "meta-leads")
        sheet.cell(row, _column(sheet, "cost (EUR)")).value = "lots"
        sheet.cell(row, _column(sheet, "buy")).value = "barter"
        sheet.cell(_row(sheet, "organic"), 1).value = "bloggers"
        sheet.cell(_row(sheet, "x-teaser"), 1).value = None
        sheet.cell(2, sheet.max_column + 1).value = "stray"

    path = _edited(written, tmp_path, "Lines", change)
    issues = read_workbook(path).issues

    book = openpyxl.load_workbook(path)["Lines"]
    row = _row(book, "meta-leads")
    found = {(i.code, i.line, i.column) for i in issues if i.file == f"{path} [Lines]"}
    assert {
        ("money.invalid", row, _column(book, "cost (EUR)")),
        ("enum.unknown", row, _column(book, "buy")),
        ("sheet.repeated", 7, 1),
        ("sheet.no_key", 5, 1),
        ("sheet.no_head", 2, book.max_column),
    } <= found, issues
    with pytest.raises(smm.CodecError):
        load_workbook(path)


def test_a_lost_sheet_is_missed(written, tmp_path):
    """
    A sheet that was renamed or deleted does not silently empty the plan.
    """
    path = _edited(
        written, tmp_path, "Tasks", lambda sheet: setattr(sheet, "title", "T")
    )

    assert ["sheet.missing"] == [issue.code for issue in read_workbook(path).issues][:1]


def test_formulas_people_type_need_a_value(written, tmp_path):
    """
    A formula that no program has calculated is a problem, not a zero.
    """

    def change(sheet):
        cell = sheet.cell(_row(sheet, "meta-leads"), _column(sheet, "cost (EUR)"))
        cell.value = "=6000*2"

    path = _edited(written, tmp_path, "Lines", change)

    assert "cell.not_calculated" in {issue.code for issue in read_workbook(path).issues}


@pytest.mark.parametrize(
    "data", [b"", b"PK", b"name,cost\n", b"PK\x03\x04" + b"0" * 99]
)
def test_no_workbook_is_refused(tmp_path, data):
    """
    Files that are no workbooks are refused as a user's mistake.
    """
    path = tmp_path / "plan.xlsx"
    path.write_bytes(data)

    with pytest.raises(smm.CodecError):
        load_workbook(path)


def test_other_names_and_missing_folders_are_refused(tmp_path):
    """
    Only names that end with .xlsx are written, and only where there is a folder.
    """
    with pytest.raises(smm.ConfigurationError):
        save_workbook(launch_plan(), tmp_path / "plan.xls")
    with pytest.raises(smm.ConfigurationError):
        save_workbook(launch_plan(), tmp_path / "no" / "plan.xlsx")
    with pytest.raises(smm.CodecError):
        load_workbook(tmp_path / "nothing.xlsx")


def test_nothing_is_hidden(written):
    """
    No hidden sheet, row or column, no comment, no name, no property with data.
    """
    book = openpyxl.load_workbook(written)

    assert {"visible"} == {sheet.sheet_state for sheet in book.worksheets}
    for sheet in book.worksheets:
        assert not any(c.hidden for c in sheet.column_dimensions.values())
        assert not any(r.hidden for r in sheet.row_dimensions.values())
        assert not any(cell.comment for row in sheet.iter_rows() for cell in row)
    with zipfile.ZipFile(written) as packed:
        names = packed.namelist()
        assert not [n for n in names if "comment" in n or "custom" in n or "vba" in n]
    names = [name for name in book.defined_names if "FilterDatabase" not in name]
    assert [] == names
    for field in ("description", "keywords", "subject", "category", "creator"):
        assert not getattr(book.properties, field)


def test_the_same_plan_gives_the_same_file(tmp_path):
    """
    A workbook holds no clock: written twice it is the same, byte by byte.
    """
    one = save_workbook(launch_plan(), tmp_path / "a.xlsx").read_bytes()

    assert one == save_workbook(launch_plan(), tmp_path / "b.xlsx").read_bytes()


def test_the_flowchart_adds_up(written):
    """
    Weeks of a line sum to its cost, and all lines to the media budget.
    """
    plan = smm.load(_EXAMPLE)
    sheet = openpyxl.load_workbook(written, data_only=True)["Flowchart"]
    rows = [row for row in sheet.iter_rows(min_row=5, values_only=True) if row[0]]
    costs = [line.cost.amount if line.cost else 0 for line in plan.lines.values()]

    for row, cost in zip(rows, [*costs, sum(costs)], strict=False):
        weeks = [Decimal(str(cell)) for cell in row[6:-1]]
        assert cost == sum(weeks) == Decimal(str(row[5])) == Decimal(str(row[-1]))
    assert len(plan.lines) + 1 == len(rows)
    heads = [cell.value for cell in sheet[4]][6:-1]
    assert [0] * 6 == [day.weekday() for day in heads]


def test_the_budget_says_what_is_left(written):
    """
    Fee, reserve and media are taken off the total.
    """
    sheet = openpyxl.load_workbook(written, data_only=True)["Budget"]
    found = {row[0]: row[2] for row in sheet.iter_rows(min_row=5, values_only=True)}

    assert (28_500, 3_000, 1_500, 33_000, 0) == tuple(
        found[name]
        for name in ("Media", "Agency fee", "Reserve", "Budget", "Not planned yet")
    )


def test_charts_are_native(written):
    """
    Flowchart and budget hold charts a person can click on, not pictures.
    """
    with zipfile.ZipFile(written) as packed:
        charts = [name for name in packed.namelist() if "charts/chart" in name]
        pictures = [name for name in packed.namelist() if "media/" in name]

    assert 2 == len(charts)
    assert [] == pictures


_WORDS = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=30)


@settings(max_examples=12)
@given(start=st.sampled_from(["=", "+", "-", "@"]), rest=_WORDS)
@example(start="=", rest="cmd|' /C calc'!A0")
@example(start="@", rest="SUM(1+1)*cmd|' /C calc'!A0")
def test_no_text_becomes_a_formula(tmp_path_factory, start, rest):
    """
    Whatever a name begins with, it is a text in every sheet and never calculated.
    """
    evil = f"{start}{rest}x"
    plan = launch_plan()
    lines = {k: attrs.evolve(v, name=evil, note=evil) for k, v in plan.lines.items()}
    plan = attrs.evolve(plan, lines=lines, name=evil)
    path = save_workbook(plan, tmp_path_factory.mktemp("evil") / "p.xlsx")

    ours = ("=Lines!", "=Plan!", "=ROUND(", "=SUM(", "=IF(")
    for sheet in openpyxl.load_workbook(path).worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert "f" != cell.data_type or cell.value.startswith(ours)
                if isinstance(cell.value, str) and cell.data_type == "s":
                    risky = cell.value.startswith(("=", "+", "-", "@", "\t", "\r"))
                    assert not risky or cell.quotePrefix
    assert plan == load_workbook(path)
