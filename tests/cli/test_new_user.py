"""
What somebody meets on the first day: slips of the pen, old dates, floods of problems.
"""

from __future__ import annotations

import re

import pytest

from _cli import PLAN, copy_example, edited, run, run_json
from smmlib.cli._findings import shortened
from smmlib.errors import ApplyInterruptedError, Issue, StateLockedError

_AMOUNT = "25500.00 EUR"
_YEARS = [("2027-", "2025-")]


@pytest.fixture
def plan(tmp_path):
    """
    The example plan, not set up yet.
    """
    return copy_example(tmp_path)


def test_a_missing_picture_stops_check_and_plan(plan):
    """
    Exit code 2 before anything is asked of a platform.
    """
    plan.parent.joinpath("img/box.png").unlink()

    for command in ("check", "plan", "apply"):
        found = run_json(command, plan, code=2)
        issues = found.get("issues") or found["error"]["issues"]
        assert "media.missing" in {
            i["code"] for i in issues if "error" == i["severity"]
        }


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ApplyInterruptedError("half", failed=["campaigns.leads"]), 2),
        (ApplyInterruptedError("half", failed=["a"], unknown=["b"]), 5),
        (ApplyInterruptedError("half", pending=["a"]), 3),
        (StateLockedError("somebody else is applying"), 1),
    ],
    ids=["refused", "unknown", "pending", "locked"],
)
def test_an_apply_that_stopped_says_why_by_its_exit_code(
    plan, monkeypatch, error, code
):
    """
    Refused is bad input, unknown is unknown, locked is to be tried later.
    """
    from smmlib.workspace import Workspace

    def stop(*_args, **_options):
        raise error

    monkeypatch.setattr(Workspace, "apply", stop)

    assert error.message in run("apply", plan, code=code).stderr


def test_all_exit_codes_stand_in_the_help():
    """
    130 for Ctrl-C too.
    """
    shown = run("--help").stdout

    for code in ("0 done", "1 our", "2 bad", "3 changes", "4 approval", "5 an", "130"):
        assert code in " ".join(shown.split())


def test_an_apply_that_made_nothing_promises_nothing(plan):
    """
    Recognised objects are counted; the hint to activate comes only with new things.
    """
    first = run("apply", plan).stdout
    for state in plan.parent.joinpath(".smm").glob("sandbox.db*"):
        state.unlink()
    adopted = run("apply", plan).stdout
    again = run("apply", plan).stdout

    assert f"smm activate {plan}" in first
    assert re.fullmatch(r"0 changes; \d+ objects recognised and recorded\.\n", adopted)
    assert "activate" not in again


@pytest.mark.parametrize("command", ["apply", "activate"])
def test_nobody_the_plan_does_not_know_approves(plan, command):
    """
    A slip of the pen gets the name that was meant.
    """
    run("apply", plan)

    shown = run(command, plan, "--approve", _AMOUNT, "--by", "eve", code=2).stderr

    assert "did you mean 'eva'?" in shown


def test_somebody_who_may_not_approve_spending_is_a_warning(plan):
    """
    It is said on stderr and in JSON, and not refused.
    """
    run("apply", plan)

    found = run_json("activate", plan, "--approve", _AMOUNT, "--by", "mila")
    shown = run("activate", plan, "--approve", _AMOUNT, "--by", "mila").stderr

    assert ["person.not_entitled"] == [i["code"] for i in found["warnings"]]
    assert "warning: Mila Brandt" in shown
    right = run_json("activate", plan, "--approve", _AMOUNT, "--by", "eva")
    assert [] == right["warnings"]


def test_a_plan_of_last_year_is_not_set_up(plan):
    """
    Check, plan and apply refuse what is over, by the sandbox's calendar.
    """
    edited(plan, *_YEARS)

    checked = run_json("check", plan, code=2)
    planned = run_json("plan", plan, code=2)
    applied = run_json("apply", plan, code=2)

    for issues in (checked["issues"], planned["issues"], applied["error"]["issues"]):
        assert "flight.past" in {i["code"] for i in issues if "error" == i["severity"]}
    assert not [r for r in run_json("status", plan)["objects"] if r["remote_id"]]


def test_what_ended_as_planned_is_no_problem(plan):
    """
    After the flight everything stays as it is: plan, apply and pull still work.
    """
    run("apply", plan)
    run("sandbox", "advance", plan, "--days", "52")

    assert [] == run_json("plan", plan)["changes"]
    assert 0 == run_json("apply", plan)["writes"]


def test_help_of_completion_shows_its_lines():
    """
    One line per shell, no control marks.
    """
    shown = run("completion", "--help").stdout

    assert "\\b" not in shown
    assert "\n  zsh:   smm completion zsh >> ~/.zshrc\n" in shown


def test_a_mistyped_command_is_answered_with_the_one_that_was_meant():
    """
    As text and as JSON.
    """
    assert "did you mean 'check'?" in run("chekc", code=2).stderr
    assert "did you mean 'check'?" in str(run_json("chekc", code=2))


@pytest.mark.parametrize("command", ["check", "split", "status"])
def test_the_only_plan_of_a_folder_need_not_be_named(plan, monkeypatch, command):
    """
    With one plan it is that one; with two, both are named.
    """
    monkeypatch.chdir(plan.parent)

    assert run(command).stdout == run(command, PLAN).stdout
    plan.with_name("other.plan.yaml").write_text("name: x", "utf-8")
    shown = run(command, code=2).stderr

    assert f"{PLAN}, other.plan.yaml" in shown


def test_without_any_plan_the_answer_says_how_to_get_one(tmp_path, monkeypatch):
    """
    No file at all is wrong usage.
    """
    monkeypatch.chdir(tmp_path)

    assert "smm init" in run("check", code=2).stderr


def test_an_amount_is_asked_for_three_times(plan, monkeypatch):
    """
    What is no amount is told with an example; after three times nothing has started.
    """
    run("apply", plan)
    monkeypatch.setattr("smmlib.cli._deploy.at_terminal", lambda: True)

    given_up = run("activate", plan, input="yes\nok\n12,5,0 EUR\n", code=4).stderr
    started = run("activate", plan, input=f"sixteen\n{_AMOUNT}\n")

    assert 3 == given_up.count(f"write it like this: {_AMOUNT}")
    assert "19 activate" in started.stdout


def test_an_amount_that_is_none_is_refused_before_anything_is_read(plan):
    """
    Exit code 2: it is a slip, no missing approval.
    """
    assert run("activate", plan, "--approve", "lots", code=2).stderr
    assert not plan.parent.joinpath(".smm").exists()


def test_alike_problems_are_shown_twenty_times():
    """
    Then they are counted with their rows; other kinds are still shown.
    """
    alike = [
        Issue(f"row[{n}]", "csv.bad", "no number", file="a.csv", line=n)
        for n in range(2, 482)
    ]
    other = Issue("x", "csv.other", "else")

    shown = list(shortened([*alike, other]))

    assert [*alike[:20], shown[20], other] == shown
    assert "and 460 more like this [csv.bad] (rows 22 to 481)" == shown[20]
    assert alike[:20] == list(shortened(alike[:20]))


def test_json_keeps_every_problem(plan):
    """
    Only people are spared.
    """
    posts = "".join(
        f"  p{n}: {{line: organic, networks: [facebook], text: Hi, colour: red}}\n"
        for n in range(30)
    )
    edited(plan, ("\nposts:\n", f"\nposts:\n{posts}"))

    found = run_json("check", plan, code=2)["issues"]
    shown = run("check", plan, code=2).stdout

    assert 30 == sum("key.unknown" == issue["code"] for issue in found)
    assert 20 == shown.count("[key.unknown]") - shown.count("more like this")
    assert "and 10 more like this" in " ".join(shown.split())


def test_hints_name_the_plan_file(plan):
    """
    The next step can be copied as it stands.
    """
    assert f"smm pull {plan}" in run("track", plan, code=2).stderr


def test_the_models_of_roi_stand_in_its_help():
    """
    A marketer sees what can be chosen.
    """
    assert "last, the last click" in " ".join(run("roi", "--help").stdout.split())
