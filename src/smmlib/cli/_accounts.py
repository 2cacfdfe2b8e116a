"""
`smm import`, `smm search`, `smm estimate`: what an ad account knows already.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from smmlib.cli._findings import in_order, show_findings
from smmlib.cli._setup import Setup, json_option, plan_argument, where_options
from smmlib.cli._text import answer, fields_data, plural
from smmlib.errors import ConfigurationError, ValidationError

if TYPE_CHECKING:
    from smmlib.ports import Estimate, TargetingMatch
    from smmlib.workspace import Workspace

_HERE = "plan"  # commands without a plan work in the current folder


@click.command("import")
@click.argument("platform")
@click.argument(
    "file",
    type=click.Path(dir_okay=False, path_type=Path),
    default="imported.plan.yaml",
)
@json_option
@where_options
@click.pass_obj
def import_(setup: Setup, platform: str, file: Path, *, as_json: bool) -> None:
    """
    Write an ad account that exists already as a plan, and take its objects over.

    Nothing changes on the platform. What a plan has no words for is kept and told.
    """
    from smmlib.codec import dump

    if file.exists():
        raise ConfigurationError(
            f"{file} exists already", hint="give another name for the imported plan"
        )
    with setup.connect(str(file)) as work:
        found = work.import_account(platform)
        dump(found.plan, file)
    issues = in_order(found.issues)
    if as_json:
        told = [issue.to_dict() for issue in issues]
        answer(
            {"file": str(file), "objects": len(found.ids), "issues": told},
            as_json=True,
        )
        return
    if issues:
        show_findings(issues)
    answer(
        None,
        as_json=False,
        text=f"Wrote {file} with {plural(len(found.ids), 'object')} of {platform}.\n"
        f"Next: smm plan {file}",
    )


@click.command()
@click.argument("kind")
@click.argument("query")
@json_option
@where_options
@click.pass_obj
def search(setup: Setup, kind: str, query: str, *, as_json: bool) -> None:
    """
    Find what an audience can be described by: interest, profession, city, ...

    For example: smm search interest espresso. Names that several things share are
    written with their number, as shown.
    """
    from smmlib.ports import TargetingSearch

    found: dict[str, list[TargetingMatch]] = {}
    with setup.connect(_HERE) as work:
        for name, platform in _able(work, TargetingSearch, "be searched").items():
            found[name] = list(platform.search(kind, query))
    rows = [_match_line(match) for some in found.values() for match in some]
    data = {name: [fields_data(m) for m in some] for name, some in found.items()}
    answer(data, as_json=as_json, text="\n".join(rows) or f"No {kind} '{query}'.")


@click.command()
@plan_argument
@click.argument("audience", required=False)
@json_option
@where_options
@click.pass_obj
def estimate(setup: Setup, plan: str, audience: str | None, *, as_json: bool) -> None:
    """
    Say how many people the audiences of a plan hold, as the platforms guess.
    """
    from smmlib.codec import load
    from smmlib.ports import Estimator

    audiences = load(plan).audiences
    if audience is not None and audience not in audiences:
        raise ConfigurationError(
            f"the plan has no audience '{audience}'",
            hint=f"known: {', '.join(audiences) or 'none'}",
        )
    wanted = [audience] if audience else list(audiences)
    found: dict[str, dict[str, Any]] = {}
    lines: list[str] = []
    with setup.connect(plan) as work:
        for name, platform in _able(work, Estimator, "estimate audiences").items():
            for key in wanted:
                try:
                    size = platform.estimate(audiences[key])
                except ValidationError as error:
                    lines.append(f"{key}: not on {name}: {error.issues[0].message}")
                    continue
                found.setdefault(key, {})[name] = fields_data(size)
                lines.append(_size_line(key, size))
    answer(found, as_json=as_json, text="\n".join(lines) or "The plan has no audience.")


def _able(work: Workspace, socket: Any, what: str) -> dict[str, Any]:
    """
    The connected platforms that offer a socket.
    """
    found = {n: p for n, p in work.platforms.items() if isinstance(p, socket)}
    if not found:
        raise ConfigurationError(
            f"no connected platform can {what}",
            hint="connect Meta, or use the sandbox",
        )
    return found


def _match_line(match: TargetingMatch) -> str:
    path = f"  {' > '.join(match.path)}" if match.path else ""
    size = f"  {match.size:,} people" if match.size else ""
    return f"{match.name} #{match.id}{path}{size}"


def _size_line(key: str, size: Estimate) -> str:
    return f"{key}: {size.low:,} to {size.high:,} people ({size.source})"
