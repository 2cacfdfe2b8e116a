"""
`smm calendar`: what is shown when, for calendar programs, spreadsheets and people.
"""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import click

from smmlib.cli._setup import json_option, plan_argument
from smmlib.cli._text import answer, plain, show_table

_COLUMNS = ("date", "time", "kind", "state", "network", "key", "title")
_STYLES = {
    "published": "green",
    "scheduled": "cyan",
    "approved": "cyan",
    "open": "yellow",
    "idea": "dim",
    "archived": "dim",
}


@click.command()
@plan_argument
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    help="File to write: .ics, .csv, .html or .json; a plan with --copy-to.",
)
@click.option(
    "--holidays",
    multiple=True,
    metavar="COUNTRY",
    help="Show public holidays, e.g. DE or DE-BY; several times for several.",
)
@click.option(
    "--copy-to",
    metavar="FIRST..LAST",
    help="Take the plan as a template for another month; needs --out.",
)
@click.option("--name", default="", help="Name of the new plan, with --copy-to.")
@json_option
def calendar(
    plan: str,
    *,
    out: Path | None,
    holidays: tuple[str, ...],
    copy_to: str | None,
    name: str,
    as_json: bool,
) -> None:
    """
    Show the content calendar, or save it for a calendar program or a spreadsheet.

    Posts with their text per network, recurring slots nobody has filled, ads, lines run
    by hand, milestones and holidays in one view.
    """
    from smmlib.codec import dump, load
    from smmlib.report import calendar as calendar_of

    media_plan = load(plan)
    if copy_to is not None:
        from smmlib.model import Flight
        from smmlib.planning import plan_from_template

        if out is None:
            raise click.UsageError("--copy-to needs --out: the file of the new plan")
        flight = Flight.parse(copy_to, media_plan.zone)
        media_plan = plan_from_template(
            media_plan, flight, project_id=str(uuid4()), name=name
        )
        dump(media_plan, out)
    found = calendar_of(media_plan, holidays=holidays)
    if out is not None and copy_to is None:
        found.save(out)
    if as_json:
        answer(found, as_json=True)
    elif out is not None:
        click.echo(plain(f"{out}: {found.summary()}."))
    else:
        cells = ([row.cells()[column] for column in _COLUMNS] for row in found)
        show_table("", _COLUMNS, cells, left=len(_COLUMNS), styles=_STYLES)
        notes = (f"{i.severity.value}  {i.message}" for i in found.issues)
        click.echo(plain("\n".join([f"{found.summary()}.", *notes])))
