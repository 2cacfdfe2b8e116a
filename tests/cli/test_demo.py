"""
`smm demo`: one launch from the first check to the client's report.
"""

from __future__ import annotations

import csv
import json
import re
from contextlib import chdir
from pathlib import Path

import pytest

from _cli import EXAMPLES, PLAN, run, run_json

_FILES = {
    "report.html",
    "report.json",
    "conversions.csv",
    "changes.json",
    "smm.log",
    PLAN,
}


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """
    The story as people read it, and the folder it leaves.
    """
    folder = tmp_path_factory.mktemp("demo")
    with chdir(folder):
        return run("demo"), folder / "demo-out"


@pytest.fixture(scope="module")
def figures(tmp_path_factory):
    """
    The same story as figures, by seed.
    """

    def tell(seed):
        with chdir(tmp_path_factory.mktemp("figures")):
            return run_json("demo", "--seed", seed)

    return {seed: tell(seed) for seed in (0, 1)}


def test_the_story_has_all_its_chapters(told):
    """
    Check, money, plan, apply, again, lost state, drift, start, days, results, report.
    """
    result, _ = told
    text = result.stdout

    titles = re.findall(r"^\d+\. (.+)$", text, re.MULTILINE)
    assert 15 == len(titles)
    for words in (
        "Nothing stops the launch",
        "Agency fee",
        "+ campaign campaigns.leads",
        "is killed (signal 9)",
        "36 objects made on Meta, LinkedIn and X, all paused",
        "0 changes",
        "reads and 0 writes reached the platforms",
        "recognised by their markers",
        'changed on the platform from "12000.00 EUR" to "15000.00 EUR"',
        "Approving 1.00 EUR is refused",
        "Eva approves 25500.00 EUR",
        "Targets as of 2027-03-14",
        "By channel, last touch",
    ):
        assert words in text
    assert f"Open {Path('demo-out', 'report.html')}" == text.splitlines()[-1]
    assert "" == result.stderr


def test_it_leaves_everything_behind_the_report(told):
    """
    Page, numbers, records, change set, log and the plan itself.
    """
    _, folder = told

    names = {path.name for path in folder.iterdir() if path.is_file()}
    assert _FILES == names
    plan = EXAMPLES.joinpath(PLAN).read_bytes()
    assert plan == folder.joinpath(PLAN).read_bytes()
    assert "<html" in folder.joinpath("report.html").read_text("utf-8")
    json.loads(folder.joinpath("report.json").read_text("utf-8"))
    json.loads(folder.joinpath("changes.json").read_text("utf-8"))
    with folder.joinpath("conversions.csv").open(encoding="utf-8") as file:
        assert 100 < len(list(csv.DictReader(file)))


def test_the_log_shows_what_was_done_and_asked_and_no_token(told):
    """
    Deeds and requests, in order; credentials nowhere.
    """
    _, folder = told
    text = folder.joinpath("smm.log").read_text("utf-8")

    assert "activated" in text
    assert "GET /meta/" in text
    assert "POST /meta/" in text
    everything = "".join(
        path.read_text("utf-8", "replace")
        for path in folder.iterdir()
        if path.is_file()
    )
    assert "EAA" not in everything
    assert "access_token" not in everything


def test_nothing_is_bought_twice(figures):
    """
    A second apply reads and writes nothing; after a lost state everything is adopted.
    """
    found = figures[0]

    assert 36 == found["applied"]
    assert (0, 0) == (found["second_apply"]["changes"], found["second_apply"]["writes"])
    assert 36 <= found["second_apply"]["reads"]
    assert {"changes": 0, "adopted": 36} == found["after_lost_state"]
    assert {"fields": ["lifetime_budget"], "restored": 1} == found["drift"]


def test_the_same_seed_tells_the_same_story(told, figures, tmp_path):
    """
    Figures and texts are the same, whatever the hour.
    """
    with chdir(tmp_path):
        again = run("demo")
        once_more = run_json("demo")

    assert told[0].stdout == again.stdout
    assert figures[0] == once_more


def test_another_seed_changes_every_figure(figures):
    """
    Numbers of ads, of the shop and of each channel differ from world to world.
    """
    one, other = figures[0], figures[1]

    for name in ("rows", "conversions", "spend", "impressions", "clicks"):
        if name != "rows":
            assert one["facts"][name] != other["facts"][name], name
    for mine, yours in zip(one["targets"], other["targets"], strict=True):
        if mine["value"] is not None:
            assert mine["value"] != yours["value"], mine["label"]
    paid = {row["key"]: row for row in other["returns"]["lines"]}
    for row in one["returns"]["lines"]:
        if row["spend_basis"] == "reported":
            for name in ("spend", "registrations", "revenue", "roi", "roas", "cac"):
                assert row[name] != paid[row["key"]][name], name
    # What the plan says stays as it is.
    for name in ("split", "approved", "issues", "plan"):
        assert one[name] == other[name], name


def test_days_can_be_chosen(tmp_path):
    """
    Three days bring less than fourteen.
    """
    found = run_json("demo", "--days", 3, "--out", tmp_path)

    assert "2027-03-03" == found["facts"]["last_day"]


def test_a_project_in_the_folder_is_left_alone(tmp_path):
    """
    The demo has a state of its own and touches no `.smm`.
    """
    mine = tmp_path / ".smm" / "sandbox.db"
    mine.parent.mkdir()
    mine.write_text("precious", "utf-8")

    run("demo", "--days", 1, "--out", tmp_path)

    assert "precious" == mine.read_text("utf-8")
