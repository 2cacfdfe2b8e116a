"""
`smm audience`: one audience on every platform, in one table.
"""

from __future__ import annotations

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
from smmlib.cli._text import answer, show_table

if TYPE_CHECKING:
    from smmlib.workspace import AudienceFits


@click.command()
@plan_argument
@click.argument("keys", metavar="[AUDIENCE]...", nargs=-1)
@where_options
@json_option
@pass_setup
def audience(setup: Setup, plan: str, keys: tuple[str, ...], *, as_json: bool) -> None:
    """
    Show what each platform makes of an audience.

    One table: age, places, interests, work, people you know; as what each platform
    expresses them, and what it cannot. All audiences of the plan when none is named.
    Reads names, writes nothing.
    """
    with opened(setup, plan) as (work, media_plan):
        found = [work.audience(media_plan, k) for k in keys or media_plan.audiences]
    if as_json:
        answer({"audiences": [fits.to_dict() for fits in found]}, as_json=True)
        return
    for fits in found:
        _show(fits)


def _show(fits: AudienceFits) -> None:
    head = fits.head()
    title = f"{fits.audience}: {fits.described}"
    show_table(title, head, fits.cells(), left=len(head))
