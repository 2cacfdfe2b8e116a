"""
`smm convert`: a plan file as a workbook, and back.
"""

from __future__ import annotations

from pathlib import Path

import click

from smmlib.cli._setup import Setup, json_option, load_plan, pass_setup
from smmlib.cli._text import answer

_WORKBOOK = ".xlsx"


@click.command()
@click.argument("source", type=click.Path(path_type=Path), metavar="FROM")
@click.argument("target", type=click.Path(path_type=Path), metavar="TO")
@json_option
@pass_setup
def convert(setup: Setup, source: Path, target: Path, *, as_json: bool) -> None:
    """
    Write a plan as a workbook, or a workbook as a plan file.

    FROM and TO end with .xlsx, .yaml or .json. Nothing is lost on the way; comments of
    a YAML file stay behind. A file that is there is replaced.
    """
    from smmlib.codec import dump
    from smmlib.report import load_workbook, save_workbook

    if source.suffix.lower() == _WORKBOOK:
        plan = load_workbook(source)
    else:
        plan = load_plan(str(source), setup)
    if target.suffix.lower() == _WORKBOOK:
        save_workbook(plan, target)
    else:
        dump(plan, target)
    answer({"file": str(target)}, as_json=as_json, text=f"{target} is written.")
