"""
`smm inbox`: what people wrote, sorted by how soon it wants an answer.
"""

from __future__ import annotations

from pathlib import Path

import click

from smmlib.cli._facts import read_kept
from smmlib.cli._setup import (
    Setup,
    json_option,
    pass_setup,
    plan_argument,
    where_options,
)
from smmlib.cli._text import answer, plain, show_table
from smmlib.errors import SmmError

_STYLES = {
    "crisis": "bold red",
    "complaint": "red",
    "lead": "green",
    "now": "bold red",
    "negative": "red",
    "positive": "green",
    "spam": "dim",
}


@click.command()
@plan_argument
@click.option(
    "--messages",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="CSV or JSON of comments and enquiries; beside what `smm pull` read.",
)
@click.option("--drafts", is_flag=True, help="Show how each answer might begin.")
@where_options
@json_option
@pass_setup
def inbox(
    setup: Setup,
    plan: str,
    *,
    messages: tuple[Path, ...],
    drafts: bool,
    as_json: bool,
) -> None:
    """
    Sort what people wrote: leads, questions, praise, complaints, spam, crises.

    Leads of Meta's forms come from the last `smm pull`; comments and everything else
    from files. Nothing is answered: drafts wait for somebody's word.
    """
    from smmlib.codec import load
    from smmlib.community import COLUMNS, read_messages
    from smmlib.community import inbox as inbox_of

    media_plan = load(plan)
    found = [m for file in messages for m in read_messages(file, zone=media_plan.zone)]
    try:
        found += read_kept(setup, plan)[1].messages
    except SmmError:
        if not messages:
            raise
    box = inbox_of(found, plan=media_plan)
    if as_json:
        answer(box, as_json=True)
        return
    show_table("", COLUMNS, list(box.cells()), left=len(COLUMNS), styles=_STYLES)
    lines = [f"Inbox: {box.summary() or 'empty'}."]
    lines += [f"alert  {issue.message}" for issue in box.alerts]
    if drafts:
        lines += [f"{i.message.author or '?'}: {i.draft}" for i in box if i.draft]
    click.echo(plain("\n".join(lines)))
