"""
`smm brief`: what every colleague needs to start, as files in their own language.
"""

from __future__ import annotations

from pathlib import Path

import click

from smmlib.cli._setup import json_option, plan_argument
from smmlib.cli._text import answer, plural


@click.command()
@plan_argument
@click.option("--role", metavar="ROLE", help="Only for this role, e.g. designer.")
@click.option("--key", default="", metavar="BRIEF", help="Only this brief.")
@click.option(
    "--language",
    default="",
    metavar="TAG",
    help="Labels in en, de, es or ru; each reader's own by default.",
)
@click.option(
    "--locale",
    default="",
    metavar="TAG",
    help="Whose days and numbers, e.g. de-AT; the client's by default.",
)
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    help="Folder for all of them, or one file: .md, .html, .docx, .json.",
)
@click.option(
    "--format",
    "formats",
    multiple=True,
    type=click.Choice(["md", "html", "docx", "json"]),
    help="What to write into the folder; docx by default.",
)
@json_option
def brief(
    plan: str,
    *,
    role: str | None,
    key: str,
    language: str,
    locale: str,
    out: Path | None,
    formats: tuple[str, ...],
    as_json: bool,
) -> None:
    """
    Write briefs for everybody who makes something.

    The plan's own briefs, and one for each role that has work and no brief yet. Without
    --out they are shown.
    """
    from smmlib.codec import load
    from smmlib.report import briefs

    found = briefs(load(plan), role=role, key=key, language=language, locale=locale)
    text = str(found) if found else "No brief: nobody has work of that kind."
    if out is not None and found:
        files = found.save(out, formats=formats or ("docx",))
        text = "\n".join([f"{plural(len(files), 'file')}:", *(f"  {f}" for f in files)])
    answer(found, as_json=as_json, text=text)
