"""
`smm plan`, `apply`, `activate`, `stop`, `status`, `log`: from plan to platform.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from smmlib.cli._exits import Exit, issue_lines
from smmlib.cli._progress import progress_bar
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
    from smmlib.workspace import Workspace


_TRIES = 3


@contextmanager
def opened(setup: Setup, path: str) -> Iterator[tuple[Workspace, MediaPlan]]:
    """
    A checked plan and the workspace it belongs to.
    """
    plan = load_plan(path)
    with setup.connect(path) as work:
        yield work, plan


@click.command("plan")
@plan_argument
@where_options
@json_option
@pass_setup
def plan(setup: Setup, plan: str, *, as_json: bool) -> int:
    """
    Show what an apply would do; only reads.

    With the most it can spend. Exit code 3 when something would change, 0 when all
    is as planned, 2 when something stands in the way.
    """
    with opened(setup, plan) as (work, media_plan):
        changes = work.plan(media_plan)
    answer(changes, as_json=as_json, text=str(changes))
    if any(issue.is_error for issue in changes.issues):
        return Exit.BAD_INPUT
    return Exit.DONE if changes.empty else Exit.PENDING


@click.command()
@plan_argument
@click.option("--approve", metavar="AMOUNT", help="Only to let what runs spend more.")
@click.option("--by", default="", metavar="PERSON", help="Who approves.")
@where_options
@json_option
@pass_setup
def apply(
    setup: Setup, plan: str, approve: str | None, by: str, *, as_json: bool
) -> None:
    """
    Set the plan up: all paused, nothing twice.

    It can be run again at any time and goes on where it stopped. What already runs gets
    a higher budget only when the whole amount is approved.
    """
    with opened(setup, plan) as (work, media_plan):
        doubts = _approver(media_plan, by)
        changes = work.plan(media_plan)
        with progress_bar("Setting up", shown=not as_json) as progress:
            done = work.apply(changes, progress=progress, approve=approve, by=by)
    _warn(doubts, as_json=as_json)
    data = {
        "summary": changes.summary(),
        "writes": done.writes,
        "done": [{"address": address, "action": did} for address, did in done.done],
        "exposure": changes.exposure,
        "warnings": doubts,
    }
    answer(data, as_json=as_json, text=_applied_text(done, changes, plan))


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
@click.option("--approve", metavar="AMOUNT", help='The whole amount, "16000.00 EUR".')
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
        _money(approve)  # a slip of the pen is told before anything is read
    with opened(setup, plan) as (work, media_plan):
        doubts = _approver(media_plan, by)
        changes = work.plan(media_plan)
        amount = str(changes.total) if changes.total else ""
        _warn(doubts, as_json=as_json)
        if approve is None and amount and at_terminal() and not as_json:
            click.echo(f"This starts ads that can spend up to {amount}.", err=True)
            approve = _asked(amount)
        if approve is None:
            return _ask_for(amount, plan, as_json=as_json)
        with progress_bar("Starting", shown=not as_json) as progress:
            done = work.activate(changes, approve=approve, by=by, progress=progress)
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
    media_plan = reading.plan if reading.plan is not None else load_plan(plan)
    with setup.connect(plan) as work:
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


@click.command()
@plan_argument
@where_options
@json_option
@pass_setup
def log(setup: Setup, plan: str, *, as_json: bool) -> None:
    """
    Tell everything that was done for a plan.
    """
    with opened(setup, plan) as (work, media_plan):
        events = list(work.log(media_plan))
    lines = [_event_line(event) for event in events]
    text = "\n".join(lines) or "Nothing was done yet."
    answer({"events": events}, as_json=as_json, text=text)


def _event_line(event: Any) -> str:
    parts = [
        f"{event.at:%Y-%m-%d %H:%M:%S %Z}",
        event.what,
        event.address,
        event.detail,
    ]
    return "  ".join(part for part in parts if part)
