"""
`smm init`: a folder with a plan to start from.
"""

from __future__ import annotations

from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path
from uuid import uuid4

import click

from smmlib.cli._setup import json_option
from smmlib.cli._text import answer
from smmlib.errors import ConfigurationError

# The embedded platform's calendar begins on 2027-02-22: a plan that is over by then
# could not be practised.
_FIRST_DAY = date(2027, 2, 22)
_WEEKS = 6
_IGNORED = ".smm/"


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=".")
@click.option(
    "--name", default="My first launch", show_default=True, help="Shown name."
)
@json_option
def init(folder: Path, name: str, *, as_json: bool) -> None:
    """
    Write a plan to start from; nothing is replaced.

    The folder gets a commented plan, smm.toml and a picture.
    """
    from smmlib.codec import SETTINGS_EXAMPLE

    texts = {
        "launch.plan.yaml": _plan_text(name, _next_monday(date.today())),  # noqa: DTZ011 - wall time, the user's
        "smm.toml": SETTINGS_EXAMPLE,
    }
    wanted = [*texts, "img/first.png"]
    _refuse_to_replace(folder, wanted)
    folder.joinpath("img").mkdir(parents=True, exist_ok=True)
    for file, text in texts.items():
        folder.joinpath(file).write_text(text, encoding="utf-8", newline="\n")
    picture = files("smmlib.cli").joinpath("data/first.png").read_bytes()
    folder.joinpath("img/first.png").write_bytes(picture)
    _ignore(folder / ".gitignore")
    plan = folder / "launch.plan.yaml"
    data = {"folder": str(folder), "files": [*wanted, ".gitignore"]}
    text = (
        f"Wrote {', '.join(data['files'])}.\nNext: edit {plan}, then smm check {plan}"
    )
    answer(data, as_json=as_json, text=text)


def _next_monday(today: date) -> date:
    """
    The first Monday that leaves a week to prepare.
    """
    day = max(today, _FIRST_DAY) + timedelta(days=7)
    return day + timedelta(days=-day.weekday() % 7)


def _plan_text(name: str, start: date) -> str:
    from json import dumps

    end = start + timedelta(weeks=_WEEKS, days=-1)
    values = {
        "PROJECT": str(uuid4()),
        "NAME": dumps(name, ensure_ascii=False),
        "START": start.isoformat(),
        "END": end.isoformat(),
    }
    text = files("smmlib.cli").joinpath("data/plan.yaml").read_text(encoding="utf-8")
    for word, value in values.items():
        text = text.replace(f"@{word}@", value)
    return text


def _refuse_to_replace(folder: Path, names: list[str]) -> None:
    there = [name for name in names if folder.joinpath(name).exists()]
    if there:
        raise ConfigurationError(
            f"{folder} already holds {', '.join(there)}; nothing was written",
            hint="choose an empty folder: smm init new-folder",
        )


def _ignore(path: Path) -> None:
    """
    Keep state and facts out of version control.
    """
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    if _IGNORED in before.splitlines():
        return
    gap = "" if not before or before.endswith("\n") else "\n"
    path.write_text(f"{before}{gap}{_IGNORED}\n", encoding="utf-8", newline="\n")
