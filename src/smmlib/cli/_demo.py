"""
`smm demo`: a launch from the first check to the client's report, without any account.
"""

from __future__ import annotations

from pathlib import Path

import click

from smmlib.cli._setup import Setup, json_option, pass_setup
from smmlib.cli._story import Story
from smmlib.cli._text import answer


@click.command()
@click.option("--seed", type=int, help="Which world; 0 when left out.")
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
@pass_setup
def demo(
    setup: Setup, seed: int | None, out: Path, days: int, *, as_json: bool
) -> None:
    """
    See a whole launch, from the first check to the report.

    Everything happens on embedded platforms over real HTTP on this computer. The same
    seed tells the same story, another one changes every figure.
    """
    from smmlib.cli._launch import tell_launch

    story = Story(quiet=as_json)
    world = seed if seed is not None else setup.seed or 0
    tell_launch(story, seed=world, out=out, days=days)
    answer(story.figures, as_json=as_json)
