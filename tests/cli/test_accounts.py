"""
`smm import`, `smm search` and `smm estimate`.
"""

from __future__ import annotations

import shutil

import pytest

from _cli import copy_example, run, run_json


@pytest.fixture
def here(tmp_path, monkeypatch):
    """
    A folder of one's own, with the example plan.
    """
    monkeypatch.chdir(tmp_path)
    return copy_example(tmp_path)


def test_a_search_shows_what_can_be_written_into_a_plan(here):
    """
    Name and number of each match, for people and for programs.
    """
    assert here
    text = run("search", "interest", "espresso").stdout
    assert "Espresso" in text
    assert " #" in text
    found = run_json("search", "interest", "espresso")
    assert found["meta"][0]["id"] in text


def test_an_unknown_kind_says_which_there_are(here):
    """
    The refusal names what can be searched for.
    """
    assert here
    assert "interest" in run("search", "colour", "red", code=2).output


def test_audiences_are_estimated(here):
    """
    All audiences of a plan, or one.
    """
    every = run_json("estimate", here)
    one = run_json("estimate", here, "baristas")
    size = one["baristas"]["meta"]
    assert every["baristas"]["meta"] == size
    assert 0 < size["low"] < size["high"]
    assert "no audience 'nobody'" in run("estimate", here, "nobody", code=2).output


def test_an_account_is_imported_and_changes_nothing(here, tmp_path):
    """
    What one project set up, another takes over as a plan that has nothing to do.
    """
    run("apply", here)
    other = tmp_path / "other"
    (other / ".smm").mkdir(parents=True)
    shutil.copy(tmp_path / ".smm" / "sandbox.json", other / ".smm")
    out = other / "old.plan.yaml"
    told = run_json("import", "meta", out)
    assert told["objects"] > 3
    assert [] == run_json("plan", out)["changes"]
    assert "exists already" in run("import", "meta", out, code=2).output


def test_only_connected_platforms_are_imported(here):
    """
    The refusal names what is connected.
    """
    assert here
    assert "meta" in run("import", "telegram", code=2).output
