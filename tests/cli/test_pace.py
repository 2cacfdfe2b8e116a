"""
`smm pace`: the money of a running launch.
"""

from __future__ import annotations

import pytest

from _cli import copy_example, run, run_json


@pytest.fixture(scope="module")
def launched(tmp_path_factory):
    """
    The example, a week into its flight, with numbers pulled.
    """
    path = copy_example(tmp_path_factory.mktemp("pace"))
    where = ["--seed", 7]
    run("apply", path, *where)
    run("activate", path, *where, "--approve", "25500.00 EUR", "--by", "eva")
    run("sandbox", "advance", path, "--days", 14)
    run("pull", path, *where)
    return path, where


def test_pace_keeps_the_money_and_says_so(launched):
    """
    Every deployed line stands there, and the sum of their budgets is what it was.
    """
    path, where = launched
    result = run("pace", path, *where, code=3)
    found = run_json("pace", path, *where, code=3)

    assert "unchanged" in result.stdout or "Note" in result.stdout
    budgets = [float(line["budget"].split()[0]) for line in found["lines"]]
    new = [float(line["new_budget"].split()[0]) for line in found["lines"]]
    assert sum(budgets) == pytest.approx(sum(new))


def test_forecast_says_where_its_rates_come_from(launched):
    """
    With audience sizes and history, reach and own rates stand in the answer.
    """
    path, where = launched
    found = run_json("forecast", path, *where, "--people", "--history")

    leads = next(line for line in found["lines"] if line["line"] == "meta-leads")
    assert leads["forecast"]["reach"]["middle"] > 0
    assert any(rate["basis"] == "history" for rate in leads["rates"])
    assert "Sources:" in run("forecast", path).stdout


def test_audit_lists_findings_and_writes_fix_plans(launched, tmp_path):
    """
    Findings mean exit code 3; `--fix` writes plans that can be checked, once.
    """
    path, where = launched
    found = run_json("audit", path, *where, "--fix", tmp_path / "fix", code=3)

    assert 3 == found["accounts"]
    assert found["findings"]
    assert all((tmp_path / "fix").joinpath(p).exists() for p in found["written"])
    assert "at stake" in run("audit", path, *where, code=3).stdout
