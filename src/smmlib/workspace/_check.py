"""
All problems of a plan at once: the file's, the plan's and every platform's.
"""

from __future__ import annotations

from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING

from smmlib.adapters import platform_names, publisher_names
from smmlib.codec import read
from smmlib.errors import ConfigurationError, Issue, Severity
from smmlib.model import LineItem, MediaPlan
from smmlib.rules import RULES, Findings, Rule
from smmlib.rules import check as check_rules
from smmlib.workspace._follow import follows
from smmlib.workspace._media import media_issues

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime


def check(
    plan: MediaPlan | str | Path,
    *,
    platforms: Iterable[str] | None = None,
    now: datetime | None = None,
    media_root: str | Path = "",
) -> Findings:
    """
    Find everything that is wrong with a plan before anything is sent anywhere.

    A file is read leniently, so that its mistakes and the plan's appear together.
    Rules that installed packages bring (entry point group `smmlib.rules`) take part.
    Pictures and films beside the plan are looked at; nothing is fetched from the web.

    Args:
        plan: A plan, or the path of a plan file.
        platforms: Whose rules apply; those of the plan's networks when left out.
        now: The present, for rules about the past; they are silent without it.
        media_root: Folder of pictures and films; the plan file's when left out.

    Returns:
        Problems with path, line, limit and hint; shows itself as a table in a notebook.
    """
    if isinstance(plan, MediaPlan):
        return Findings(_findings(plan, platforms, now, media_root))
    reading = read(plan)
    if reading.plan is None:
        return Findings(reading.issues)
    found = _findings(reading.plan, platforms, now, media_root)
    true = (issue for issue in found if not follows(issue, reading.dropped))
    return Findings([*reading.issues, *true])


def _findings(
    plan: MediaPlan,
    platforms: Iterable[str] | None,
    now: datetime | None,
    media_root: str | Path,
) -> Iterator[Issue]:
    rules = (*RULES, *plugin_rules())
    # A line nobody can set up here needs no second note that it has no campaign.
    alone = {f"lines.{k}" for k, line in plan.lines.items() if not _here(line)}
    for issue in check_rules(plan, platforms=platforms, rules=rules, now=now):
        if issue.code != "line.no_campaign" or issue.path not in alone:
            yield issue
    yield from media_issues(plan, media_root)
    yield from not_set_up(plan)


def _here(line: LineItem) -> bool:
    return bool(set(line.platforms) & set(platform_names()))


def plugin_rules() -> tuple[Rule, ...]:
    """
    Rules of installed packages, by entry point group `smmlib.rules`.

    An entry point names a `Rule` or a sequence of them.

    Raises:
        ConfigurationError: A package's entry point does not load or is no rule.
    """
    found: list[Rule] = []
    for point in entry_points(group="smmlib.rules"):
        try:
            loaded = point.load()
        except (ImportError, AttributeError) as error:
            raise ConfigurationError(
                f"the rules '{point.name}' ({point.value}) cannot be loaded: {error}",
                hint="repair or uninstall the package that brings them",
            ) from error
        rules = (loaded,) if isinstance(loaded, Rule) else tuple(loaded)
        if not all(isinstance(rule, Rule) for rule in rules):
            raise ConfigurationError(
                f"'{point.name}' ({point.value}) is no smmlib.rules.Rule",
                hint="an entry point of smmlib.rules names a Rule or a tuple of them",
            )
        found.extend(rules)
    return tuple(found)


def not_set_up(plan: MediaPlan) -> Iterator[Issue]:
    """
    Lines whose platform has no adapter here: planned and counted, but not set up.
    """
    for key, line in plan.lines.items():
        # What is free needs nobody who sells ads, only somebody who publishes.
        known = (*platform_names(), *(() if line.paid else publisher_names()))
        missing = [p for p in line.platforms if p not in known]
        if not missing or not (line.is_deployed or not line.paid):
            continue
        issue = Issue(
            f"lines.{key}.networks",
            "platform.not_available",
            f"{' and '.join(missing)}: planned and counted, but not set up here yet",
            severity=Severity.INFO,
            value=", ".join(missing),
            limit=", ".join(known),
            hint="set it up by hand (managed: by hand), or install an adapter for it",
        )
        yield plan.source.place(issue) if plan.source else issue
