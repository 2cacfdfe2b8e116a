"""
Saved changes and the ways back, as somebody types them.
"""

from __future__ import annotations

import json
import stat

import pytest

from _cli import copy_example, edited, run, run_json
from smmlib.codec import load


@pytest.fixture
def plan(tmp_path):
    """
    The example plan in a folder of its own.
    """
    return copy_example(tmp_path)


@pytest.fixture
def applied(plan):
    """
    The same, set up.
    """
    run("apply", plan)
    return plan


def _budget(path):
    """
    An edit of the first campaign's budget that stays within the plan's money.
    """
    return edited(path, ("lifetime: 12000 EUR", "lifetime: 11000 EUR"))


# -- saved changes --------------------------------------------------------------------


def test_exactly_what_was_looked_at_is_applied(plan, tmp_path):
    """
    Saved in one run, applied in another: one file name is enough, also for activation.
    """
    out = tmp_path / "changes.json"
    shown = run_json("plan", plan, "--out", out, code=3)
    done = run_json("apply", out)

    assert shown == {k: v for k, v in _data(out).items() if k != "plan_file"}
    assert shown["calls"] > 0
    assert len(shown["changes"]) == done["writes"]
    total = run_json("activate", out, code=4)["approval_needed"]
    token = f"{shown['hash']}:{total}"
    started = run_json("activate", out, "--approve", token, "--by", "eva")
    assert started["started"]


def _data(path):
    return json.loads(path.read_text("utf-8"))


def test_a_saved_set_is_for_its_owner_alone_as_any_file(plan, tmp_path):
    """
    It holds no secret, and is written whole or not at all.
    """
    out = tmp_path / "changes.json"
    run("plan", plan, "--out", out, code=3)

    assert stat.S_ISREG(out.stat().st_mode)
    assert [] == list(tmp_path.glob(".changes*"))


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda d: d.update(calls=1), "edited"),
        (lambda d: d.update(environment="production"), "edited"),
        (lambda d: d["changes"].pop(), "edited"),
        (lambda d: d.update(format=1), "format"),
        (lambda d: d.update(expires_at="yesterday"), "read"),
    ],
    ids=["calls", "environment", "changes", "format", "time"],
)
def test_a_saved_set_that_was_edited_is_refused(plan, tmp_path, spoil, words):
    """
    With the exit code of something that is out of date.
    """
    out = tmp_path / "changes.json"
    run("plan", plan, "--out", out, code=3)
    data = _data(out)
    spoil(data)
    out.write_text(json.dumps(data), "utf-8")

    refused = run_json("apply", out, code=3)
    assert words in refused["error"]["message"]


def test_a_saved_set_is_refused_once_its_plan_was_edited(plan, tmp_path):
    """
    What was looked at is not what the plan says any more.
    """
    out = tmp_path / "changes.json"
    run("plan", plan, "--out", out, code=3)
    _budget(plan)

    assert "edited" in run_json("apply", out, code=3)["error"]["message"]


def test_a_dry_run_writes_nothing_anywhere(plan):
    """
    Neither to the platform nor into the state; it says what would be sent.
    """
    shown = run_json("apply", plan, "--dry-run", code=3)
    text = run("apply", plan, "--dry-run", code=3).stdout

    assert shown["dry_run"]
    assert "none was" in text
    assert [] == run_json("log", plan)["events"]
    assert shown["writes"] if "writes" in shown else shown["calls"]
    assert 3 == run("plan", plan, code=3).exit_code


# -- drift ----------------------------------------------------------------------------


def test_without_drift_a_refresh_says_so(applied):
    """
    Exit code 0: all is as it was applied.
    """
    assert [] == run_json("refresh", applied)["changes"]


# -- back -----------------------------------------------------------------------------


def test_an_edit_is_rolled_back(applied):
    """
    First it is shown (exit code 3), then done; the list knows both runs.
    """
    before = {r["address"]: r["status"] for r in run_json("status", applied)["objects"]}
    _budget(applied)
    run("apply", applied)
    shown = run_json("rollback", applied, code=3)
    done = run_json("rollback", applied, "--apply")

    assert "roll back" == shown["purpose"]
    assert len(shown["changes"]) == done["writes"]
    after = {r["address"]: r["status"] for r in run_json("status", applied)["objects"]}
    assert before == after
    assert 3 == len(run_json("rollback", applied, "--list")["runs"])


def test_a_saved_way_back_is_applied_from_its_file(applied, tmp_path):
    """
    Somebody else may look at it first.
    """
    out = tmp_path / "back.json"
    run("rollback", applied, "--out", out, code=3)
    run("apply", out)

    assert {"not there"} == _standing(applied)


def _standing(plan):
    rows = run_json("status", plan)["objects"]
    return {r["status"] or "not there" for r in rows if r["kind"] == "campaign"}


def test_a_run_nobody_made_is_bad_input(applied):
    """
    With the way to the list.
    """
    refused = run_json("rollback", applied, "--run", "nothing", code=2)

    assert "--list" in refused["error"]["hint"]


def test_everything_is_archived(applied):
    """
    Looked at, then done; afterwards there is nothing left to archive.
    """
    run("destroy", applied, code=3)
    run("destroy", applied, "--apply")

    assert {"not there"} == _standing(applied)
    assert [] == run_json("destroy", applied)["changes"]


@pytest.mark.parametrize("damage", ["lost", "damaged"])
def test_a_lost_state_is_recovered(applied, damage):
    """
    Every object is found again, nothing is written, a damaged file is kept aside.
    """
    state = applied.parent / ".smm" / "sandbox.db"
    for rest in state.parent.glob("sandbox.db-*"):
        rest.unlink()
    if damage == "lost":
        state.unlink()
    else:
        state.write_bytes(b"not a database at all, but long enough" * 99)
        run("plan", applied, code=1)
    found = run_json("recover", applied)["recovered"]

    assert len(found) == len(run_json("status", applied)["objects"])
    assert [] == run_json("plan", applied)["changes"]
    assert (damage == "damaged") == (state.parent / "sandbox.db.damaged").exists()


def test_stop_works_without_the_state(applied):
    """
    An emergency does not wait for a file.
    """
    run("activate", applied, "--approve", _total(applied))
    state = applied.parent / ".smm" / "sandbox.db"
    for rest in state.parent.glob("sandbox.db-*"):
        rest.unlink()
    state.write_bytes(b"not a database at all, but long enough" * 99)
    paused = run_json("stop", applied)["paused"]

    assert len(load(applied).campaigns) >= len(paused) > 0


def _total(plan):
    return run_json("activate", plan, code=4)["approval_needed"]


# -- copies ---------------------------------------------------------------------------


def test_a_fork_is_another_plan_with_the_same_words(plan, tmp_path):
    """
    Comments stay, the id is new, and nothing that is there is overwritten.
    """
    out = tmp_path / "autumn.plan.yaml"
    run("fork", plan, "--out", out, "--name", 'Autumn "24": launch')
    old, new = load(plan), load(out)

    assert 'Autumn "24": launch' == new.name
    assert old.project_id != new.project_id
    assert old.campaigns == new.campaigns
    assert plan.read_text("utf-8").count("#") == out.read_text("utf-8").count("#")
    run("fork", plan, "--out", out, code=2)


def test_a_fork_shares_no_object_with_its_plan(applied, tmp_path):
    """
    In one account and one folder: other markers, other objects; uploads alone are
    known by content.
    """
    out = tmp_path / "autumn.plan.yaml"
    run("fork", applied, "--out", out)
    run("apply", out)
    ids = [
        {
            row["remote_id"]
            for row in run_json("status", path)["objects"]
            if row["kind"] != "media"
        }
        for path in (applied, out)
    ]

    assert len(ids[0]) == len(ids[1])
    assert set() == ids[0] & ids[1]
    assert [] == run_json("plan", applied)["changes"]


# -- the log --------------------------------------------------------------------------


def test_the_log_is_exported_and_verified(applied, tmp_path):
    """
    For a client: lines, a page, a table; what was altered shows.
    """
    out = tmp_path / "log.jsonl"
    for ending in ("jsonl", "csv", "html"):
        run("log", applied, "--export", tmp_path / f"log.{ending}")
    told = run_json("log", applied, "--verify", out)

    assert run_json("log", applied)["head"] == told["head"]
    text = out.read_text("utf-8")
    out.write_text(text.replace("created", "deleted", 1), "utf-8")
    refused = run_json("log", applied, "--verify", out, code=1)
    assert "altered" in refused["error"]["message"]


def test_a_log_of_another_ending_is_bad_input(applied, tmp_path):
    """
    The endings that work are named.
    """
    refused = run_json("log", applied, "--export", tmp_path / "log.docx", code=2)

    assert "log.csv" in refused["error"]["hint"]
