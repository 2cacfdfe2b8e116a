"""
`smm check`, `smm split`, `smm compare`: a plan before anything is set up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from smmlib.cli._exits import Exit
from smmlib.cli._findings import in_order, show_findings
from smmlib.cli._setup import (
    Setup,
    complete_plan,
    json_option,
    pass_setup,
    plan_argument,
    plans_argument,
    where_options,
)
from smmlib.cli._text import answer, fields_data

if TYPE_CHECKING:
    from smmlib.errors import Issue


@click.command()
@plans_argument
@where_options
@json_option
@pass_setup
def check(setup: Setup, files: tuple[str, ...], *, as_json: bool) -> int:
    """
    List everything that is wrong with plan files.

    Each problem has its place, value, limit and next step. Pictures and films are
    looked at, and dates held against the calendar of where the plan is to run. Nothing
    is sent anywhere. Exit code 2 when something would stop a launch.
    """
    from smmlib.workspace import check as check_plan

    found: list[Issue] = [
        issue
        for file in files
        for issue in check_plan(
            file, now=setup.now(file), media_root=setup.pictures(file)
        )
    ]
    issues = in_order(found)
    ok = not any(issue.is_error for issue in issues)
    if as_json:
        data = {"ok": ok, "files": files, "issues": [i.to_dict() for i in issues]}
        answer(data, as_json=True)
    else:
        show_findings(issues)
    return Exit.DONE if ok else Exit.BAD_INPUT


@click.command()
@plan_argument
@click.option(
    "--maximise",
    metavar="KPI",
    help="Split it so that the lines bring the most of this, e.g. registrations.",
)
@json_option
def split(plan: str, *, maximise: str | None, as_json: bool) -> None:
    """
    Show where the plan's money goes, to the cent.

    With --maximise, lines whose response is known compete for the money, and the
    answer comes with a proof that no other split brings more.
    """
    from smmlib.codec import load
    from smmlib.planning import split as split_money

    found = split_money(load(plan), maximise=maximise)
    data = fields_data(found)
    if found.allocation is None:
        del data["allocation"]
    answer(data, as_json=as_json, text=str(found))


@click.command()
@click.argument("old", metavar="OLD", shell_complete=complete_plan)
@click.argument("new", metavar="NEW", shell_complete=complete_plan)
@json_option
def compare(old: str, new: str, *, as_json: bool) -> None:
    """
    Say what changed between two versions of a plan.

    In a client's words: amounts before and after, what is new, what was dropped.
    """
    from smmlib.codec import load
    from smmlib.model import compare as compare_plans

    changes = compare_plans(load(old), load(new))
    text = "\n".join(f"- {change}" for change in changes) or "Nothing changed."
    answer({"changes": [fields_data(c) for c in changes]}, as_json=as_json, text=text)
