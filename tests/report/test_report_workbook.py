from __future__ import annotations

import json
import zipfile
from decimal import Decimal

import attrs
import openpyxl
import pytest

from _launch import launch_facts, launch_plan
from smmlib.report import metrics_report, report

_EVIL = "=HYPERLINK(1)"


@pytest.fixture(scope="module")
def made():
    """
    A plan's report, made once.
    """
    return report(launch_plan(), launch_facts())


@pytest.fixture(scope="module")
def book(made, tmp_path_factory):
    """
    The same report as a workbook, as another program opens it.
    """
    path = made.save(tmp_path_factory.mktemp("book") / "report.xlsx")
    return openpyxl.load_workbook(path, data_only=True)


def _rows(sheet):
    """
    The rows of a sheet's table, by head.
    """
    found = list(sheet.iter_rows(min_row=4, values_only=True))
    heads = found[0]
    return [dict(zip(heads, row, strict=True)) for row in found[1:] if row[0]]


def _same(text, number):
    if text is None:
        return number is None
    return Decimal(str(text)) == Decimal(str(number))


def test_sheets_stand_in_the_order_they_are_read(book):
    """
    The summary comes first, and everything the page shows has its sheet.
    """
    assert [
        "Summary",
        "KPIs",
        "Spend",
        "Days",
        "Funnel",
        "Channels",
        "Lines and campaigns",
        "Campaigns",
        "Followers",
        "Sources",
    ] == book.sheetnames


def test_money_is_the_same_as_in_the_json_to_the_cent(made, book):
    """
    Every amount of the JSON stands in the workbook, in its row, exactly.
    """
    data = json.loads(json.dumps(made.to_dict()))

    pairs = (
        ("Spend", "lines", {"Planned": "planned", "Spent": "spend"}),
        ("Days", "daily", {"Spend": "spend", "CPM": "cpm", "Clicks": "clicks"}),
        ("Campaigns", "campaigns", {"Spend": "spend", "CPC": "cpc", "CTR": "ctr"}),
    )
    for sheet, field, columns in pairs:
        for shown, row in zip(_rows(book[sheet]), data[field], strict=False):
            for head, name in columns.items():
                assert _same(row[name], shown[head])
    channels = [*data["returns"]["channels"], data["returns"]["total"]]
    for shown, row in zip(_rows(book["Channels"]), channels, strict=True):
        assert _same(row["spend"], shown["Spend"])
        assert _same(row["revenue"], shown["Revenue"])
        assert _same(row["roi"], shown["ROI in %"])


def test_money_is_the_same_as_on_the_page(made, book):
    """
    What the workbook says of money can be read on the page.
    """
    text = made.html()

    for row in _rows(book["Spend"])[:-1]:
        if row["Spent"] is not None:
            assert f"{Decimal(str(row['Spent'])):,.2f}" in text
    for row in _rows(book["Channels"]):
        if row["Revenue"] is not None:
            assert f"{Decimal(str(row['Revenue'])):,.2f}" in text


def test_headlines_and_targets_are_there(made, book):
    """
    The summary holds the sentences and headline numbers, the tracker every target.
    """
    text = [row[0].value for row in book["Summary"].iter_rows(max_col=1)]
    tracked = _rows(book["KPIs"])

    assert {figure.label for figure in made.view.figures} <= set(text)
    assert len(made.view.summary) == len(
        [line for line in text[3:] if line and line.endswith(".")]
    )
    assert [t.label for t in made.view.targets] == [row["Target"] for row in tracked]
    assert "on track" == tracked[0]["Status"]


def test_charts_are_native_and_nothing_is_a_formula_of_others(tmp_path):
    """
    Three charts a person can click on; names that look like formulas stay texts.
    """
    plan = launch_plan()
    lines = {k: attrs.evolve(v, name=_EVIL) for k, v in plan.lines.items()}
    plan = attrs.evolve(plan, name=_EVIL, lines=lines)

    path = report(plan, launch_facts(sources=(_EVIL,))).save(tmp_path / "r.xlsx")

    with zipfile.ZipFile(path) as packed:
        assert 3 == len([n for n in packed.namelist() if "charts/chart" in n])
    for sheet in openpyxl.load_workbook(path).worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert "f" != cell.data_type or cell.value.startswith("=ROUND(SUM(")


def test_an_export_alone_becomes_a_workbook_too(tmp_path):
    """
    A report without a plan holds what an export tells.
    """
    found = metrics_report(launch_facts(days=3))

    book = openpyxl.load_workbook(found.save(tmp_path / "m.xlsx"), data_only=True)

    assert {"Summary", "Days", "Campaigns", "Sources"} <= set(book.sheetnames)
    assert "KPIs" not in book.sheetnames
