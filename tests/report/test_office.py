from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest

import smmlib as smm
from _launch import launch_facts, launch_plan
from smmlib.report import load_workbook, report, save_workbook

pytestmark = [
    pytest.mark.office,
    # What LibreOffice adds to its copies is not ours.
    pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning"),
]

_EXAMPLE = Path(__file__).parents[2] / "examples" / "launch.plan.yaml"
_OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"
 xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


@pytest.fixture(scope="module")
def recalculated(tmp_path_factory):
    """
    Open a workbook in LibreOffice, calculate every formula anew, and save it.
    """
    if _OFFICE is None:
        pytest.skip("no LibreOffice: apt install libreoffice-calc-nogui")
    home = tmp_path_factory.mktemp("office")
    (home / "profile" / "user").mkdir(parents=True)
    settings = home / "profile" / "user" / "registrymodifications.xcu"
    settings.write_text(_PROFILE, encoding="utf-8")

    def convert(path):
        profile = f"-env:UserInstallation={(home / 'profile').as_uri()}"
        out = ["--convert-to", "xlsx", "--outdir", str(home / "out"), str(path)]
        subprocess.run(
            [_OFFICE, profile, "--headless", *out],
            check=True,
            capture_output=True,
            timeout=120,
        )
        return home / "out" / path.name

    return convert


def _formulas(path):
    """
    The cells with formulas, by sheet and name.
    """
    return {
        (sheet.title, cell.coordinate)
        for sheet in openpyxl.load_workbook(path).worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


def _values(path, cells):
    book = openpyxl.load_workbook(path, data_only=True)
    found = {spot: book[spot[0]][spot[1]].value for spot in cells}
    return {
        spot: round(value, 9) if isinstance(value, float) else value
        for spot, value in found.items()
    }


def test_a_plans_workbook_calculates_to_what_is_written(recalculated, tmp_path):
    """
    LibreOffice opens it, finds every cached value again, and its copy is the same plan.
    """
    plan = smm.load(_EXAMPLE)
    path = save_workbook(plan, tmp_path / "plan.xlsx")

    copy = recalculated(path)

    cells = _formulas(path)
    assert 90 < len(cells)
    assert _values(path, cells) == _values(copy, cells)
    assert plan == load_workbook(copy)


def test_a_reports_workbook_calculates_to_what_is_written(recalculated, tmp_path):
    """
    The same for a report: its sums are what a spreadsheet program makes of them.
    """
    path = report(launch_plan(), launch_facts()).save(tmp_path / "report.xlsx")

    copy = recalculated(path)

    cells = _formulas(path)
    assert cells
    assert _values(path, cells) == _values(copy, cells)
