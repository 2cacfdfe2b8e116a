"""
`smm refresh`, `rollback`, `recover`, `destroy`, `fork`: put things right.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from smmlib.cli._exits import Exit
from smmlib.cli._progress import progress_bar
from smmlib.cli._saved import opened, out_option, show_changes
from smmlib.cli._setup import (
    Setup,
    json_option,
    load_plan,
    pass_setup,
    plan_argument,
    where_options,
)
from smmlib.cli._text import answer, plural

if TYPE_CHECKING:
    from smmlib.deploy import Applied, ChangeSet
    from smmlib.model import MediaPlan
    from smmlib.workspace import Workspace

_STATUS = re.compile(r"(?m)^status:.*\n")
_ID = re.compile(r"(?m)^(project_id:[ \t]*)(\S+)")
_NAME = re.compile(r"(?m)^(name:[ \t]*)(.+)$")
do_it = click.option(
    "--apply", "now", is_flag=True, help="Do it, after looking at it once."
)


@click.command()
@plan_argument
@click.option("--revert", is_flag=True, help="Put back what others changed.")
@click.option("--accept", is_flag=True, help="Take over what others changed.")
@out_option
@where_options
@json_option
@pass_setup
def refresh(
    setup: Setup,
    plan: str,
    out: Path | None,
    *,
    revert: bool,
    accept: bool,
    as_json: bool,
) -> int:
    """
    Show what others changed since the last apply.

    Exit code 3 when there is something, 0 when all is as it was applied. Accepting
    writes nothing to any platform: write the new values into the plan afterwards.
    """
    if revert and accept:
        raise click.UsageError("either --revert or --accept")
    with opened(setup, plan) as (work, media_plan):
        changes = work.refresh(media_plan)
        if revert:
            return _carried_out(work, media_plan, changes, as_json=as_json)
        if accept:
            done = work.accept(changes, media_plan)
            taken = [address for address, _ in done.done]
            text = f"{plural(len(taken), 'object')} taken over as they are there."
            answer({"accepted": taken}, as_json=as_json, text=text)
            return Exit.DONE
    code = show_changes(
        changes, plan, out, as_json=as_json, then="--revert or --accept decides."
    )
    stopped = any(i.code == "deploy.paused_elsewhere" for i in changes.issues)
    return Exit.PENDING if stopped and code == Exit.DONE else code


@click.command()
@plan_argument
@click.option(
    "--run", default="", metavar="NAME", help="Which run; the last by default."
)
@click.option("--list", "listed", is_flag=True, help="List all runs.")
@click.option("--approve", metavar="AMOUNT", help="Only to let what runs spend more.")
@click.option("--by", default="", metavar="PERSON", help="Who approves.")
@do_it
@out_option
@where_options
@json_option
@pass_setup
def rollback(  # noqa: PLR0917 - one for each option
    setup: Setup,
    plan: str,
    run: str,
    approve: str | None,
    by: str,
    out: Path | None,
    *,
    listed: bool,
    now: bool,
    as_json: bool,
) -> int:
    """
    Go back to how things stood before a run.

    What the run touched is paused first; changed fields get back what they held, what
    it made is archived. That run and all that came after it is undone.
    """
    with opened(setup, plan) as (work, media_plan):
        if listed:
            records = work.runs(media_plan)
            text = "\n".join(map(str, records)) or "Nothing was written yet."
            answer({"runs": [_record(r) for r in records]}, as_json=as_json, text=text)
            return Exit.DONE
        changes = work.rollback(media_plan, run=run)
        if now:
            allowed = {"approve": approve, "by": by}
            return _carried_out(work, media_plan, changes, as_json=as_json, **allowed)
    return show_changes(changes, plan, out, as_json=as_json, then="--apply does it.")


def _record(record: Any) -> dict[str, Any]:
    return {
        "name": record.name,
        "started_at": record.started_at,
        "counts": dict(record.counts),
    }


@click.command()
@plan_argument
@do_it
@out_option
@where_options
@json_option
@pass_setup
def destroy(
    setup: Setup, plan: str, out: Path | None, *, now: bool, as_json: bool
) -> int:
    """
    Archive all that was set up for a plan.

    What runs is paused first. Nothing is deleted for good: what was spent stays in the
    platforms' reports.
    """
    with opened(setup, plan) as (work, media_plan):
        changes = work.destroy(media_plan)
        if now:
            return _carried_out(work, media_plan, changes, as_json=as_json)
    return show_changes(changes, plan, out, as_json=as_json, then="--apply does it.")


@click.command()
@plan_argument
@where_options
@json_option
@pass_setup
def recover(setup: Setup, plan: str, *, as_json: bool) -> None:
    """
    Rebuild a lost state from the platforms.

    Every object is found by the marker inside it; nothing is written there. A state
    file that cannot be read is moved aside.
    """
    with (
        opened(setup, plan) as (work, media_plan),
        progress_bar("Looking", shown=not as_json) as progress,
    ):
        done = work.recover(media_plan, progress=progress)
    found = [address for address, _ in done.done]
    text = f"{plural(len(found), 'object')} found again by their markers."
    answer({"recovered": found}, as_json=as_json, text=text if found else _WHOLE)


_WHOLE = "Nothing to recover: the state knows all that is there."


@click.command()
@plan_argument
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="The new plan file.",
)
@click.option("--name", default="", help="Name of the new plan.")
@json_option
@pass_setup
def fork(setup: Setup, plan: str, out: Path, name: str, *, as_json: bool) -> None:
    """
    Copy a plan as another one, for another client or quarter.

    The copy has a project id of its own: what it sets up shares nothing with the first.
    A plain copy of the file is the same plan.
    """
    del setup
    from smmlib.codec._files import write_text
    from smmlib.deploy import fork as fork_plan

    if out.exists():
        what = f"{out} is there already; a fork overwrites nothing"
        raise click.UsageError(what)
    made = fork_plan(load_plan(plan), name=name)
    write_text(out, _written(plan, out, made))
    text = f"{out}: {made.name}, project {made.project_id}. Change its dates and money."
    answer(
        {"file": str(out), "project_id": made.project_id}, as_json=as_json, text=text
    )


def _written(plan: str, out: Path, made: MediaPlan) -> str:
    """
    The new file: with the comments of the old one where that says the same.
    """
    from smmlib.codec import dumps, loads
    from smmlib.errors import SmmError

    if Path(plan).suffix == out.suffix and out.suffix in {".yaml", ".yml"}:
        text = _STATUS.sub("", Path(plan).read_text("utf-8"), count=1)
        text = _ID.sub(lambda m: f"{m[1]}{made.project_id}", text, count=1)
        quoted = made.name.replace("\\", "\\\\").replace('"', '\\"')
        text = _NAME.sub(lambda m: f'{m[1]}"{quoted}"', text, count=1)
        try:
            if loads(text).content_hash == made.content_hash:
                return text
        except SmmError:
            pass  # an unusual way to write it: then without the comments
    return dumps(made, format="json" if out.suffix == ".json" else "yaml")


def _carried_out(
    work: Workspace,
    plan: MediaPlan,
    changes: ChangeSet,
    *,
    as_json: bool,
    **allowed: Any,
) -> int:
    with progress_bar("Going back", shown=not as_json) as progress:
        done: Applied = work.apply(changes, plan, progress=progress, **allowed)
    data = {
        "summary": changes.summary(),
        "writes": done.writes,
        "done": [{"address": address, "action": did} for address, did in done.done],
    }
    answer(data, as_json=as_json, text=str(done))
    return Exit.DONE
