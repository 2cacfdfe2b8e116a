"""
Saved change sets: what somebody looked at is what is applied, later and elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from smmlib.cli._exits import Exit
from smmlib.cli._setup import Setup, load_plan
from smmlib.cli._text import answer

if TYPE_CHECKING:
    from smmlib.deploy import ChangeSet
    from smmlib.model import MediaPlan
    from smmlib.workspace import Workspace

out_option = click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Save the changes, so that exactly these can be applied later.",
)


@contextmanager
def opened(
    setup: Setup, path: str, *, dry_run: bool = False
) -> Iterator[tuple[Workspace, MediaPlan]]:
    """
    A checked plan and the workspace it belongs to.
    """
    plan = load_plan(path, setup)
    with setup.connect(path, dry_run=dry_run) as work:
        yield work, plan


@contextmanager
def opened_changes(
    setup: Setup, path: str, *, dry_run: bool = False
) -> Iterator[tuple[Workspace, MediaPlan, ChangeSet]]:
    """
    A plan with its changes: those of a saved set, or made anew from a plan file.
    """
    saved = _saved(path)
    if saved is None:
        with opened(setup, path, dry_run=dry_run) as (work, plan):
            yield work, plan, work.plan(plan)
        return
    from smmlib.deploy import ChangeSet

    changes = ChangeSet.from_dict(saved)
    with opened(setup, plan_of(path), dry_run=dry_run) as (work, plan):
        yield work, plan, changes


def plan_of(path: str) -> str:
    """
    The plan file behind an argument: itself, or what a saved change set was made from.

    Raises:
        UsageError: The set does not say where its plan stands.
    """
    saved = _saved(path)
    if saved is None:
        return path
    plan_file = saved.get("plan_file")
    if not isinstance(plan_file, str) or not plan_file:
        what = f"{path} does not say which plan it was made from"
        raise click.UsageError(what)
    return str(Path(path).parent / plan_file)


def _saved(path: str) -> dict[str, Any] | None:
    """
    The data of a saved change set; None for a plan file.
    """
    if not path.lower().endswith(".json") or not Path(path).is_file():
        return None
    from smmlib.deploy import read_saved
    from smmlib.errors import DeployError

    try:
        data = read_saved(path)
    except DeployError:
        return None  # as a plan file its problems are told with their place
    return data if {"lineage", "plan_hash", "changes"} <= set(data) else None


def show_changes(
    changes: ChangeSet, path: str, out: Path | None, *, as_json: bool, then: str
) -> int:
    """
    Show changes, save them where that was asked, and say the next step.
    """
    if out is not None:
        changes.save(out, plan_file=path)
    due = not changes.empty
    lines = [str(changes)]
    if due and out is not None:
        lines.append(f"Saved in {out}: smm apply {out} does exactly this.")
        if changes.approval:
            lines.append(f"Its approval, for programs: {changes.approval}")
    elif due and then:
        lines.append(f"Nothing was written: {then}")
    answer(changes, as_json=as_json, text="\n".join(lines))
    if any(issue.is_error for issue in changes.issues):
        return Exit.BAD_INPUT
    return Exit.PENDING if due else Exit.DONE
