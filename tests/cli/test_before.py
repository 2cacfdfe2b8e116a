"""
`smm init`, `check`, `split`, `compare`: before anything is set up.
"""

from __future__ import annotations

import json
from datetime import date

import pytest

from _cli import PLAN, copy_example, edited, run, run_json
from smmlib.cli._init import _next_monday

# -- init ------------------------------------------------------------------------------


def test_init_writes_a_plan_that_passes_and_can_be_set_up(tmp_path):
    """
    Plan, accounts, picture and ignore file; `smm check` finds nothing at all.
    """
    folder = tmp_path / "new"

    shown = run("init", folder, "--name", 'Über "alles"').stdout
    found = run_json("check", folder / PLAN)

    names = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert {PLAN, "smm.toml", "img/first.png", ".gitignore"} == names
    assert "smm check" in shown
    assert ([], True) == (found["issues"], found["ok"])
    assert 5 == run_json("apply", folder / PLAN)["writes"]


def test_init_refuses_to_replace_anything(tmp_path):
    """
    A file that is there stays as it is, and nothing else is written.
    """
    tmp_path.joinpath("smm.toml").write_text("mine", "utf-8")

    found = run_json("init", tmp_path, code=2)

    assert "smm.toml" in found["error"]["message"]
    assert "mine" == tmp_path.joinpath("smm.toml").read_text("utf-8")
    assert ["smm.toml"] == [p.name for p in tmp_path.iterdir()]


def test_init_adds_to_an_ignore_file(tmp_path):
    """
    The state folder is added once; what stood there remains.
    """
    ignore = tmp_path / ".gitignore"
    ignore.write_text("*.bak", "utf-8")

    answer = run_json("init", tmp_path)

    assert "*.bak\n.smm/\n" == ignore.read_text("utf-8")
    assert ".gitignore" in answer["files"]


def test_each_plan_is_a_project_of_its_own(tmp_path):
    """
    Two plans made by init never share an identity.
    """
    from smmlib.codec import load

    for name in ("a", "b"):
        run("init", tmp_path / name)

    first, second = (load(tmp_path / name / PLAN) for name in ("a", "b"))
    assert first.project_id != second.project_id


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 1, 1), date(2027, 3, 1)),
        (date(2027, 2, 22), date(2027, 3, 1)),
        (date(2027, 2, 23), date(2027, 3, 8)),
        (date(2028, 7, 9), date(2028, 7, 17)),
    ],
)
def test_a_new_plan_starts_on_a_monday_with_a_week_to_prepare(today, expected):
    """
    Never before the embedded platform's own calendar begins.
    """
    assert expected == _next_monday(today)


# -- check -----------------------------------------------------------------------------


def test_check_lists_the_worst_first(tmp_path):
    """
    Errors, warnings, notes; within these by place; the text has a count.
    """
    path = edited(copy_example(tmp_path), ("cost: 8000 EUR", "cost: 80000 EUR"))

    found = run_json("check", path, code=2)
    shown = run("check", path, code=2).stdout

    ranks = [["error", "warning", "info"].index(i["severity"]) for i in found["issues"]]
    assert sorted(ranks) == ranks
    assert not found["ok"]
    lines = [i["line"] for i in found["issues"] if i["severity"] == "info"]
    assert sorted(lines) == lines
    assert "budget.lines_over" in shown
    assert "28500.00 EUR" in shown
    assert f"{path.name}:" in shown.replace("\n", "")
    assert "1 error, " in shown


def test_check_takes_several_files(tmp_path):
    """
    Issues of all of them in one answer; one bad file makes the exit code 2.
    """
    good = copy_example(tmp_path)
    bad = tmp_path / "bad.yaml"
    bad.write_text("smmlib: 2\n", "utf-8")

    found = run_json("check", good, bad, code=2)

    assert {str(good), str(bad)} == {i["file"] for i in found["issues"]}
    assert [str(good), str(bad)] == found["files"]


def test_check_says_when_there_is_nothing_wrong(tmp_path):
    """
    A clean plan gets one sentence.
    """
    run("init", tmp_path)

    assert "No problems.\n" == run("check", tmp_path / PLAN).stdout


# -- split, compare --------------------------------------------------------------------


def test_split_shows_every_cent(tmp_path):
    """
    Lines and parts sum to the total, as text and as exact JSON.
    """
    from decimal import Decimal

    path = copy_example(tmp_path)

    found = run_json("split", path)
    shown = run("split", path).stdout

    parts = [*found["parts"].values(), *(row["amount"] for row in found["rows"])]
    amounts = [Decimal(text.split()[0]) for text in parts]
    assert Decimal("33000.00") == sum(amounts)
    assert "33000.00 EUR" == found["total"]
    assert "12,000.00" in shown
    assert "Agency fee" in shown


def test_compare_tells_a_client_what_changed(tmp_path):
    """
    Sentences with old and new amounts; nothing when nothing changed.
    """
    old = copy_example(tmp_path)
    new = tmp_path / "new.yaml"
    new.write_text(old.read_text("utf-8").replace("cost: 8000 EUR", "cost: 7000 EUR"))

    found = run_json("compare", old, new)

    assert "8000.00 EUR to 7000.00 EUR" in run("compare", old, new).stdout
    assert ["lines.linkedin-office.cost"] == [c["path"] for c in found["changes"]]
    assert "Nothing changed.\n" == run("compare", old, old).stdout


def test_json_answers_stand_alone_on_stdout(tmp_path):
    """
    Nothing but JSON: a program can read stdout as a whole, and stderr is empty.
    """
    result = run("check", copy_example(tmp_path), "--json")

    json.loads(result.stdout)
    assert not result.stderr
