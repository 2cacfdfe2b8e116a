"""
`smm audit`: what is wrong in the accounts, and what hangs on it.
"""

from __future__ import annotations

from pathlib import Path

import click

from smmlib.cli._exits import Exit
from smmlib.cli._setup import (
    Setup,
    json_option,
    pass_setup,
    plan_argument,
    where_options,
)
from smmlib.cli._text import answer
from smmlib.errors import ConfigurationError


@click.command()
@plan_argument
@click.option(
    "--fix",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help="Write the plans that pause what should be paused into this folder.",
)
@where_options
@json_option
@pass_setup
def audit(setup: Setup, plan: str, fix: Path | None, *, as_json: bool) -> int:
    """
    List what is wrong in the ad accounts, by the money at stake.

    Orphans, names, UTM tags, budgets, dates, competing audiences, and live objects
    that the plan does not know. Only reads. Exit code 3 when something was found.
    """
    from smmlib.codec import dump, load
    from smmlib.workspace import audit as audit_of

    media_plan = load(plan)
    with setup.connect(plan) as work:
        found = audit_of(work, media_plan)
    written = []
    for name, mended in found.fixes.items() if fix else ():
        assert fix is not None  # noqa: S101 - the loop has rows only then
        path = fix / f"{name}-fix.plan.yaml"
        if path.exists():
            raise ConfigurationError(
                f"{path} exists already", hint="give another folder with --fix"
            )
        fix.mkdir(parents=True, exist_ok=True)
        dump(mended, path)
        written.append(str(path))
    told = "".join(f"\nWrote {path}" for path in written)
    data = {**found.to_dict(), "written": written}
    answer(data, as_json=as_json, text=f"{found}{told}")
    return Exit.DONE if found.ok else Exit.PENDING
