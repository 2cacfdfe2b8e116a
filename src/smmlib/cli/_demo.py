"""
`smm demo`: a launch from the first check to the client's report, without any account.
"""

from __future__ import annotations

from pathlib import Path

import click

from smmlib.cli._setup import json_option
from smmlib.cli._story import Story
from smmlib.cli._text import answer


@click.command()
@click.option("--seed", type=int, default=0, show_default=True, help="Which world.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default="demo-out",
    show_default=True,
    help="Folder for the report and everything behind it.",
)
@click.option(
    "--days",
    type=click.IntRange(1, 42),
    default=14,
    show_default=True,
    help="How many days the campaigns run.",
)
@json_option
def demo(seed: int, out: Path, days: int, *, as_json: bool) -> None:
    """
    See a whole launch, from the first check to the report.

    Everything happens on an embedded Meta over real HTTP on this computer. The same
    seed tells the same story, another one changes every figure.
    """
    from smmlib.cli._launch import tell_launch

    story = Story(quiet=as_json)
    tell_launch(story, seed=seed, out=out, days=days)
    answer(story.figures, as_json=as_json)
