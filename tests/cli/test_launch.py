"""
`smm plan`, `apply`, `activate`, `stop`, `status`, `log`: exit codes, text and JSON.
"""

from __future__ import annotations

import json

import pytest

from _cli import copy_example, edited, run, run_json
from smmlib.errors import PlatformTimeoutError

_AMOUNT = "25500.00 EUR"


@pytest.fixture
def plan(tmp_path):
    """
    The example plan, not set up yet.
    """
    return copy_example(tmp_path)


def test_plan_is_pending_until_applied_and_done_afterwards(plan):
    """
    Exit code 3 with changes, 0 without; a second apply writes nothing.
    """
    before = run_json("plan", plan, code=3)
    applied = run_json("apply", plan)
    after = run_json("plan", plan)
    again = run("apply", plan)

    assert 36 == len(before["changes"]) == applied["writes"]
    assert {"meta/act_" in key or key for key in before["exposure"]}
    assert [] == after["changes"]
    assert 36 == after["unchanged"]
    assert again.stdout.startswith("0 changes.")


def test_plan_shows_people_what_would_happen(plan):
    """
    Objects, names, the money and what waits, as text.
    """
    shown = run("plan", plan, code=3).stdout

    assert "+ campaign campaigns.leads" in shown
    assert "up to 25500.00 EUR" in shown
    assert "waits until the post 'opening' is published" in shown


def test_an_edit_shows_as_an_update(plan):
    """
    A changed budget is one update, and pending.
    """
    run("apply", plan)
    edited(
        plan,
        ("cost: 12000 EUR", "cost: 11000 EUR"),
        ("{lifetime: 12000 EUR}", "{lifetime: 11000 EUR}"),
    )

    found = run_json("plan", plan, code=3)

    assert [("update", "campaigns.leads")] == [
        (change["action"], change["address"]) for change in found["changes"]
    ]


@pytest.mark.parametrize("approval", [(), ("--approve", "25499.99 EUR")])
def test_nothing_starts_without_the_exact_approval(plan, approval):
    """
    Exit code 4, and everything stays paused.
    """
    run("apply", plan)

    answer = run_json("activate", plan, *approval, code=4)
    shown = run("activate", plan, *approval, code=4)

    assert "error" in answer
    assert _AMOUNT in shown.stderr
    assert "" == shown.stdout
    states = {row["status"] for row in _delivering(plan)}
    assert {"paused"} == states


def test_without_approval_the_answer_names_the_amount_and_the_command(plan):
    """
    A program reads what to ask for, a person what to type.
    """
    run("apply", plan)

    answer = run_json("activate", plan, code=4)

    assert (_AMOUNT, 4) == (answer["approval_needed"], answer["exit_code"])
    assert f'smm activate {plan} --approve "{_AMOUNT}"' in answer["error"]["hint"]


def _delivering(plan):
    kinds = {"campaign", "ad_set", "ad"}
    rows = run_json("status", plan)["objects"]
    return [row for row in rows if row["kind"] in kinds]


def test_the_approved_amount_starts_everything_and_stop_ends_it(plan):
    """
    Activate, status, stop: active, then every campaign paused.
    """
    run("apply", plan)

    started = run_json("activate", plan, "--approve", _AMOUNT, "--by", "eva")
    running = {row["status"] for row in _delivering(plan)}
    stopped = run_json("stop", plan)
    campaigns = {
        row["status"] for row in _delivering(plan) if row["kind"] == "campaign"
    }

    assert 19 == len(started["started"])
    assert {"active"} == running
    campaign_keys = ("leads", "awareness", "office", "teaser")
    assert {f"campaigns.{key}" for key in campaign_keys} == set(stopped["paused"])
    assert {"paused"} == campaigns


def test_a_plan_with_mistakes_can_still_be_stopped(plan):
    """
    In an emergency nobody has time to correct a file.
    """
    run("apply", plan)
    edited(plan, ("cost: 8000 EUR", "cost: -8000 EUR"))

    assert 4 == len(run_json("stop", plan)["paused"])


def test_activating_before_applying_is_pending(plan):
    """
    What is not applied yet cannot start: exit code 3.
    """
    shown = run("activate", plan, "--approve", _AMOUNT, code=3).stderr

    assert "not applied" in shown


def test_status_before_applying_says_that_nothing_is_there(plan):
    """
    A table for people: everything wanted, nothing there.
    """
    shown = run("status", plan).stdout

    assert "campaigns.leads" in shown
    assert "not there" in shown


def test_the_log_tells_what_was_done(plan):
    """
    Who did what, oldest first, as text and as JSON; empty at the beginning.
    """
    assert "Nothing was done yet.\n" == run("log", plan).stdout
    run("apply", plan)
    run("activate", plan, "--approve", _AMOUNT, "--by", "eva")

    events = run_json("log", plan)["events"]
    shown = run("log", plan).stdout

    assert "campaigns.leads" in {event["address"] for event in events}
    assert sorted(event["at"] for event in events) == [e["at"] for e in events]
    assert "campaigns.leads" in shown


def test_a_lost_answer_that_cannot_be_settled_exits_with_5(plan, monkeypatch):
    """
    The outcome is unknown, and both text and JSON say so.
    """
    from smmlib.errors import OutcomeUnknownError
    from smmlib.workspace import Workspace

    def lost(*_args, **_options):
        cause = PlatformTimeoutError("no answer")
        raise OutcomeUnknownError("1 write is open", hint="run it again") from cause

    monkeypatch.setattr(Workspace, "apply", lost)

    assert 5 == run_json("apply", plan, code=5)["exit_code"]
    assert "run it again" in run("apply", plan, code=5).stderr


def test_on_a_terminal_activate_asks_for_the_amount(plan, monkeypatch):
    """
    Interactive only where somebody sits; what is typed is the approval.
    """
    run("apply", plan)
    monkeypatch.setattr("smmlib.cli._deploy.at_terminal", lambda: True)

    refused = run("activate", plan, input="1.00 EUR\n", code=4)
    started = run("activate", plan, input=f"{_AMOUNT}\n")

    assert _AMOUNT in refused.stderr
    assert "19 activate" in started.stdout


def test_a_progress_bar_is_drawn_on_stderr_only_where_somebody_looks():
    """
    In a terminal the bar names the work; in a pipe and with JSON there is none.
    """
    from smmlib.cli import _progress
    from smmlib.deploy import Progress

    class Screen:
        is_terminal = False

    with _progress.progress_bar("Setting up", shown=True) as show:
        show(Progress(1, 2))
    with _progress.progress_bar("Setting up", shown=False) as show:
        show(Progress(1, 2))


def test_the_bar_shows_how_far_it_is(monkeypatch):
    """
    Count and address of what is worked on.
    """
    from io import StringIO

    from rich.console import Console

    from smmlib.cli import _progress
    from smmlib.deploy import Progress

    screen = Console(file=StringIO(), force_terminal=True, width=100)
    monkeypatch.setattr(_progress, "console", lambda **_: screen)

    with _progress.progress_bar("Setting up", shown=True) as show:
        show(Progress(1, 2, address="campaigns.leads"))

    assert "campaigns.leads" in screen.file.getvalue()
    assert "1/2" in screen.file.getvalue()


def test_json_of_a_change_set_can_be_read_back(plan):
    """
    What `smm plan --json` prints is the change set itself, hash included.
    """
    from smmlib import ChangeSet

    text = run("plan", plan, "--json", code=3).stdout

    assert 36 == len(ChangeSet.from_dict(json.loads(text)).changes)


def test_what_runs_may_spend_more_only_when_the_amount_is_approved(plan):
    """
    Raising a running budget exits with 4, and goes through with the amount.
    """
    run("apply", plan)
    run("activate", plan, "--approve", _AMOUNT)
    edited(
        plan,
        ("cost: 12000 EUR", "cost: 12500 EUR"),
        ("{lifetime: 12000 EUR}", "{lifetime: 12500 EUR}"),
        ("caps: {total: 25500 EUR}", "caps: {total: 26000 EUR}"),
        ("total: 33000 EUR", "total: 34000 EUR"),
    )

    refused = run("apply", plan, code=4)
    raised = run("apply", plan, "--approve", "26000.00 EUR", "--by", "eva")

    assert "26000.00 EUR" in refused.stderr
    assert "1 update" in raised.stdout
