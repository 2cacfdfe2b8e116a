"""
`smm log`: everything that was done for a plan, to read and to hand to a client.
"""

from __future__ import annotations

from pathlib import Path

import click

from smmlib.cli._saved import opened
from smmlib.cli._setup import (
    Setup,
    json_option,
    pass_setup,
    plan_argument,
    where_options,
)
from smmlib.cli._text import answer


@click.command()
@plan_argument
@click.option(
    "--export",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write it for a client: .jsonl (can be verified), .csv or .html.",
)
@click.option(
    "--verify",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Hold an exported .jsonl to its chain, and to the log of this plan.",
)
@where_options
@json_option
@pass_setup
def log(
    setup: Setup,
    plan: str,
    export: Path | None,
    verify: Path | None,
    *,
    as_json: bool,
) -> None:
    """
    Tell everything that was done for a plan.

    Every line holds the fingerprint of the line before: a log that was altered shows.
    """
    with opened(setup, plan) as (work, media_plan):
        found = work.log(media_plan)
    if verify is not None:
        from smmlib.deploy import Log

        given = Log.load(verify)
        if given:
            found.verify(given.head)
        text = f"{verify}: {len(given)} lines, not altered, part of this plan's log."
        answer({"lines": len(given), "head": given.head}, as_json=as_json, text=text)
        return
    found.verify()
    text = str(found)
    if export is not None:
        found.save(export)
        text = f"{len(found)} lines in {export}. Fingerprint of the whole: {found.head}"
    answer(found, as_json=as_json, text=text)
