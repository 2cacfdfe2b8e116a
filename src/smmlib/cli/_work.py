"""
`smm work`: milestones, tasks and hours that follow from a plan.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import click

from smmlib.cli._saved import opened
from smmlib.cli._setup import (
    Setup,
    json_option,
    pass_setup,
    plan_argument,
    where_options,
)
from smmlib.cli._text import answer, plain, show_table

if TYPE_CHECKING:
    from collections.abc import Collection

    from smmlib.model import MediaPlan, Network
    from smmlib.planning import WorkPlan

_STYLES = {
    "done": "green",
    "overdue": "bold red",
    "blocked": "yellow",
    "ready": "cyan",
    "dropped": "dim",
}
_COLUMNS = ("task", "who", "role", "due", "hours", "state", "waits for")


@click.command()
@plan_argument
@click.option(
    "--alone", is_flag=True, help="One person does everything but the client's part."
)
@click.option("--by", default="", metavar="PERSON", help="Who, with --alone.")
@click.option("--person", default="", metavar="PERSON", help="Only their tasks.")
@click.option(
    "--today",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day it is looked at; the present by default.",
)
@click.option(
    "--online", is_flag=True, help="Ask the networks whether new channels are there."
)
@where_options
@json_option
@pass_setup
def work(
    setup: Setup,
    plan: str,
    *,
    alone: bool,
    by: str,
    person: str,
    today: datetime | None,
    online: bool,
    as_json: bool,
) -> None:
    """
    Show who has to do what until when.

    The plan's own milestones and tasks, and those that follow from its campaigns,
    creatives, posts, ideas and channels; with hours per week and who has too many.
    """
    from smmlib.codec import load
    from smmlib.planning import work_plan

    media_plan = load(plan)
    readable: Collection[Network] | None = None
    if online:
        from smmlib.workspace import readable_networks

        with opened(setup, plan) as (session, media_plan):
            readable = readable_networks(session, media_plan)
            today = today or session.now()
    found = work_plan(
        media_plan,
        today=_day(media_plan, today),
        mode="alone" if alone else "delegate",
        by=by,
        readable=readable,
    )
    if as_json:
        answer(found, as_json=True)
    else:
        _show(found, person)


def _day(plan: MediaPlan, given: datetime | None) -> date:
    from zoneinfo import ZoneInfo

    if given is not None and given.tzinfo is None:
        return given.date()
    return (given or datetime.now(UTC)).astimezone(ZoneInfo(plan.zone)).date()


def _show(found: WorkPlan, person: str) -> None:
    rows = [
        (str(row.due), row.state.value, row.name, row.owner) for row in found.milestones
    ]
    title = f"Milestones on {found.today}"
    show_table(title, ("due", "state", "what", "who"), rows, left=4, styles=_STYLES)
    for row in found.milestones:
        for text, done in row.checklist:
            click.echo(plain(f"  [{'x' if done else ' '}] {row.key}: {text}"))
    cells = [row for row in found.cells() if person in {"", row[1]}]
    show_table("Tasks", _COLUMNS, cells, left=len(_COLUMNS), styles=_STYLES)
    lines = [f"Tasks: {found.summary()}."]
    lines += [f"warning  {issue.message}" for issue in found.warnings]
    click.echo(plain("\n".join(lines)))
