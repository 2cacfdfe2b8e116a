"""
`smm plan`, `apply`, `activate`, `stop`, `status`, `log`: from plan to platform.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from smmlib.cli._exits import Exit
from smmlib.cli._progress import progress_bar
from smmlib.cli._setup import (
    Setup,
    json_option,
    load_plan,
    pass_setup,
    plan_argument,
    where_options,
)
from smmlib.cli._text import answer, at_terminal, show_table

if TYPE_CHECKING:
    from smmlib.model import MediaPlan
    from smmlib.workspace import Workspace


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
    is as planned.
    """
    with opened(setup, plan) as (work, media_plan):
        changes = work.plan(media_plan)
    answer(changes, as_json=as_json, text=str(changes))
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
        changes = work.plan(media_plan)
        with progress_bar("Setting up", shown=not as_json) as progress:
            done = work.apply(changes, progress=progress, approve=approve, by=by)
    data = {
        "summary": changes.summary(),
        "writes": done.writes,
        "done": [{"address": address, "action": did} for address, did in done.done],
        "exposure": changes.exposure,
    }
    next_step = f"New things are paused: smm activate {plan} starts them."
    text = f"{done}\n{changes.summary()}\n{next_step}"
    answer(data, as_json=as_json, text=text if done.writes else f"0 changes. {done}")


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
    with opened(setup, plan) as (work, media_plan):
        changes = work.plan(media_plan)
        amount = str(changes.total) if changes.total else ""
        if approve is None and at_terminal() and not as_json:
            click.echo(f"This starts ads that can spend up to {amount}.", err=True)
            approve = click.prompt("Type the amount to approve it", err=True)
        if approve is None:
            return _ask_for(amount, plan, as_json=as_json)
        with progress_bar("Starting", shown=not as_json) as progress:
            done = work.activate(changes, approve=approve, by=by, progress=progress)
    data = {"approved": approve, "by": by, "started": [a for a, _ in done.done]}
    answer(data, as_json=as_json, text=f"{done}\nApproved: {approve}.")
    return Exit.DONE


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
