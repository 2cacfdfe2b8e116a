from __future__ import annotations

import sys
import types
from decimal import Decimal

import pytest

from _launch import launch_facts, launch_plan
from smmlib.errors import MissingExtraError
from smmlib.report import metrics_report, report


@pytest.fixture(scope="module")
def made():
    """
    A plan's report with a week to compare, made once.
    """
    return report(launch_plan(), launch_facts(), period="week")


def test_tables_hold_the_numbers_of_the_view(made):
    """
    Every table is the view's, exact to the last digit.
    """
    lines = made.tables["lines"].to_dict()
    daily = made.tables["daily"].to_dict()

    assert [line.spend for line in made.view.lines] == lines["spend"]
    assert ["facebook, instagram", "linkedin", "x"] == lines["networks"][:3]
    assert [day.labels["on"] for day in made.view.daily] == daily["on"]
    assert sum(daily["spend"]) == made.view.totals.spend
    assert {"channels", "comparison", "targets", "funnel"} <= set(made.tables)
    assert len(made.view.lines) == len(made.tables["lines"])


def test_tables_become_arrow(made):
    """
    Every table can be an Arrow table; amounts stay decimals.
    """
    for table in made.tables.values():
        assert len(table) == table.to_arrow().num_rows
    spend = made.tables["daily"].to_arrow()["spend"].to_pylist()
    assert all(isinstance(value, Decimal) for value in spend)


def test_an_exports_report_has_tables_too():
    """
    A report without a plan gives its days and campaigns.
    """
    assert {"daily", "campaigns"} <= set(metrics_report(launch_facts(days=3)).tables)


@pytest.mark.parametrize("name", ["pandas", "polars"])
def test_frames_of_other_libraries(made, monkeypatch, name):
    """
    With the library there is a frame, without it the command that installs it.
    """
    table = made.tables["lines"]
    fake = types.ModuleType(name)
    fake.DataFrame = lambda columns: columns
    monkeypatch.setitem(sys.modules, name, fake)
    assert table.to_dict() == getattr(table, f"to_{name}")()

    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(MissingExtraError) as refused:
        getattr(table, f"to_{name}")()
    assert f"smmlib[{name}]" in str(refused.value)
