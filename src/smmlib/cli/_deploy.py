"""
`smm plan`, `apply`, `activate`, `stop`, `status`: from plan to platform.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from smmlib.cli._exits import Exit, issue_lines
from smmlib.cli._progress import progress_bar
from smmlib.cli._saved import opened, opened_changes, out_option, show_changes
from smmlib.cli._setup import (
    Setup,
    json_option,
    load_plan,
    pass_setup,
    plan_argument,
    where_options,
)
from smmlib.cli._text import answer, at_terminal, plain, plural, show_table
from smmlib.errors import MoneyError

if TYPE_CHECKING:
    from smmlib.deploy import Applied, ChangeSet
    from smmlib.errors import Issue
    from smmlib.model import MediaPlan


_TRIES = 3


@click.command("plan")
@plan_argument
@out_option
@where_options
@json_option
@pass_setup
def plan(setup: Setup, plan: str, out: Path | None, *, as_json: bool) -> int:
    """
    Show what an apply would do; only reads.

    With the most it can spend. Exit code 3 when something would change, 0 when all
    is as planned, 2 when something stands in the way. A saved set can be looked at, and
    applied as it is.
    """
    with opened_changes(setup, plan) as (_, _, changes):
        pass
    return show_changes(changes, plan, out, as_json=as_json, then="")


@click.command()
@plan_argument
@click.option("--approve", metavar="AMOUNT", help="Only to let what runs spend more.")
@click.option("--by", default="", metavar="PERSON", help="Who approves.")
@click.option("--dry-run", is_flag=True, help="Do all but write: nothing leaves.")
@where_options
@json_option
@pass_setup
def apply(
    setup: Setup,
    plan: str,
    approve: str | None,
    by: str,
    *,
    dry_run: bool,
    as_json: bool,
) -> int:
    """
    Set the plan up: all paused, nothing twice.

    PLAN is a plan file, or changes saved by `smm plan --out`: then exactly these are
    applied, or refused. It can be run again at any time and goes on where it stopped.
    What already runs gets a higher budget only within what was approved.
    """
    with opened_changes(setup, plan, dry_run=dry_run) as (work, media_plan, changes):
        doubts = _approver(media_plan, by)
        if dry_run:
            due = work.rehearse(changes, media_plan)
            return _rehearsed(due, as_json=as_json)
        with progress_bar("Setting up", shown=not as_json) as progress:
            done = work.apply(
                changes, media_plan, progress=progress, approve=approve, by=by
            )
    _warn(doubts, as_json=as_json)
    data = {
        "summary": changes.summary(),
        "writes": done.writes,
        "done": [{"address": address, "action": did} for address, did in done.done],
        "exposure": changes.exposure,
        "warnings": doubts,
    }
    answer(data, as_json=as_json, text=_applied_text(done, changes, plan))
    return Exit.DONE


def _rehearsed(due: ChangeSet, *, as_json: bool) -> int:
    text = f"{due}\nDry run: {plural(due.calls, 'request')} would be sent, none was."
    answer({**due.to_dict(), "dry_run": True}, as_json=as_json, text=text)
    return Exit.DONE if due.empty else Exit.PENDING


def _applied_text(done: Applied, changes: ChangeSet, plan: str) -> str:
    """
    What an apply did, and the next step where there is one.
    """
    if not done.writes:
        known = len(done.of("adopt"))
        if known:
            return f"0 changes; {plural(known, 'object')} recognised and recorded."
        return f"0 changes. {done}"
    lines = [str(done), changes.summary()]
    if done.of("create"):
        lines.append(f"New things are paused: smm activate {plan} starts them.")
    return "\n".join(lines)


def _approver(plan: MediaPlan, by: str) -> tuple[Issue, ...]:
    """
    Refuse somebody the plan does not know; doubts about somebody it does.
    """
    from smmlib.workspace import approver_doubts, check_approver

    check_approver(plan, by)
    return approver_doubts(plan, by)


def _warn(doubts: Iterable[Issue], *, as_json: bool) -> None:
    for doubt in doubts:
        if not as_json:
            click.echo(plain("\n".join(issue_lines(doubt))), err=True)


@click.command()
@plan_argument
@click.option(
    "--approve",
    metavar="AMOUNT",
    help='The whole amount, "16000.00 EUR"; programs put the fingerprint of what was '
    'looked at before it, "3f9a...:16000.00 EUR".',
)
@click.option("--by", default="", metavar="PERSON", help="Who approves.")
@where_options
@json_option
@pass_setup
def activate(
    setup: Setup, plan: str, approve: str | None, by: str, *, as_json: bool
) -> int:
    """
    Start delivery of an approved amount.

    Somebody must approve exactly what can be spent; exit code 4 without that.
    """
    if approve is not None:
        # A slip of the pen is told before anything is read.
        _money(approve.rpartition(":")[2])
    with opened_changes(setup, plan) as (work, media_plan, changes):
        doubts = _approver(media_plan, by)
        amount = str(changes.total) if changes.total else ""
        _warn(doubts, as_json=as_json)
        if approve is None and amount and at_terminal() and not as_json:
            click.echo(f"This starts ads that can spend up to {amount}.", err=True)
            approve = _asked(amount)
        if approve is None:
            return _ask_for(amount, plan, as_json=as_json)
        with progress_bar("Starting", shown=not as_json) as progress:
            done = work.activate(
                changes, media_plan, approve=approve, by=by, progress=progress
            )
    data = {
        "approved": approve,
        "by": by,
        "started": [a for a, _ in done.done],
        "warnings": doubts,
    }
    answer(data, as_json=as_json, text=f"{done}\nApproved: {approve}.")
    return Exit.DONE


def _money(text: str) -> None:
    """
    Refuse what is no amount.
    """
    from smmlib.model import Money

    Money.parse(text)


def _asked(example: str) -> str | None:
    """
    An amount somebody typed; None when none of three answers was one.
    """
    for _ in range(_TRIES):
        typed: str = click.prompt("Type the amount to approve it", err=True)
        try:
            _money(typed)
        except MoneyError as error:
            click.echo(
                plain(f"{error.message}; write it like this: {example}"), err=True
            )
        else:
            return typed
    return None


def _ask_for(amount: str, plan: str, *, as_json: bool) -> int:
    hint = f'smm activate {plan} --approve "{amount}"'
    error = {"type": "SpendGuardError", "message": "approval needed", "hint": hint}
    if as_json:
        answer(
            {"error": error, "approval_needed": amount, "exit_code": Exit.APPROVAL},
            as_json=True,
        )
    else:
        click.echo(f"Approval needed: up to {amount} can be spent.", err=True)
        click.echo(f"  hint: {hint}", err=True)
    return Exit.APPROVAL


@click.command()
@plan_argument
@where_options
@json_option
@pass_setup
def stop(setup: Setup, plan: str, *, as_json: bool) -> None:
    """
    Pause every campaign of the plan now.
    """
    from smmlib.codec import read

    # An emergency: a plan with mistakes must still be stoppable.
    reading = read(plan)
    media_plan = reading.plan if reading.plan is not None else load_plan(plan, setup)
    with setup.connect(plan, stopping=True) as work:
        done = work.stop(media_plan)
    data = {"paused": [address for address, _ in done.done]}
    answer(data, as_json=as_json, text=str(done))


@click.command()
@plan_argument
@where_options
@json_option
@pass_setup
def status(setup: Setup, plan: str, *, as_json: bool) -> None:
    """
    Show how every campaign, ad set and ad stands.
    """
    with opened(setup, plan) as (work, media_plan):
        rows = work.status(media_plan)
    if as_json:
        answer({"objects": [row.to_dict() for row in rows]}, as_json=True)
        return
    cells = [
        (
            row.kind.replace("_", " "),
            row.address,
            row.status.value if row.status else "not there",
            row.delivery.value.replace("_", " "),
            row.reason,
        )
        for row in rows
    ]
    columns = ("kind", "what", "status", "delivery", "reason")
    show_table("", columns, cells, left=len(columns), styles=_STYLES)


_STYLES = {"delivering": "green", "rejected": "red", "not there": "dim"}
