"""
Checking a plan: run every rule once, put what was found into the order of the plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import TracebackType
from typing import Any

import attrs

from smmlib.errors import ConfigurationError, Issue, SmmError, ValidationError
from smmlib.model import MediaPlan, platform_name
from smmlib.rules._findings import Findings
from smmlib.rules._registry import RULES
from smmlib.rules._rule import Found, Rule
from smmlib.rules._view import PlanView


def check(
    plan: MediaPlan,
    *,
    platforms: Iterable[str] | None = None,
    rules: Iterable[Rule] = RULES,
    now: datetime | None = None,
) -> Findings:
    """
    Find everything that is wrong with a plan, before anything is sent anywhere.

    Args:
        plan: The plan.
        platforms: Platforms whose rules apply, e.g. `["meta"]`; None for those that the
            plan's lines use. Rules for every plan always apply.
        rules: The rules; to add some, pass `[*RULES, mine]`.
        now: The moment to measure deadlines against; None leaves out what depends on
            the time of day.

    Returns:
        All issues at once, in the order of the plan.

    Raises:
        ConfigurationError: A rule itself failed; the message names it.
        ValidationError: `now` has no time zone.
    """
    _aware(now)
    view = PlanView.of(plan, now=now)
    wanted = _platforms(view, platforms)
    found = [
        issue
        for rule in rules
        if not rule.platform or platform_name(rule.platform) in wanted
        for issue in _run(rule, view)
    ]
    order = _Order(plan)
    found.sort(key=lambda issue: order.of(issue.path))  # stable: rules keep their order
    if plan.source:
        found = [plan.source.place(issue) for issue in found]
    return Findings(found)


def _aware(now: datetime | None) -> None:
    if now is not None and now.utcoffset() is None:
        raise ValidationError(
            [
                Issue(
                    "now",
                    "time.naive",
                    "now has no time zone",
                    value=now.isoformat(),
                    limit="an aware datetime",
                    hint="give it a zone, e.g. tzinfo=UTC",
                )
            ]
        )


def _platforms(view: PlanView, named: Iterable[str] | None) -> set[str]:
    if named is not None:
        names = [named] if isinstance(named, str) else named
        return {platform_name(name) for name in names}
    used = {p for line in view.plan.lines.values() for p in line.platforms}
    return used | {p for campaign in view.campaigns for p in campaign.platforms}


class _Blame:
    """
    Says which rule failed. Rules come from other packages too, and may raise anything;
    as a context manager it sees the error without having to catch every kind.
    """

    def __init__(self, rule: Rule) -> None:
        self.rule = rule

    def __enter__(self) -> None:
        pass

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if isinstance(error, Exception):
            detail = error.message if isinstance(error, SmmError) else repr(error)
            message = f"the rule '{self.rule.code}' failed: {detail[:300]}"
            raise ConfigurationError(
                message,
                hint="tell whoever wrote the rule; to go on, check without it: "
                "rules=[r for r in RULES if r.code != ...]",
            ) from error


def _run(rule: Rule, view: PlanView) -> list[Issue]:
    with _Blame(rule):
        return [_issue(rule, found) for found in rule.check(view)]
    return []


def _issue(rule: Rule, found: Found | Issue) -> Issue:
    if isinstance(found, Found):
        return rule.issue(found)
    if isinstance(found, Issue):
        return found
    text = f"it yields {type(found).__name__}, not Found or Issue"
    raise TypeError(text)


def _fields(kind: type[Any]) -> dict[str, tuple[int, str]]:
    """
    Position and attribute of each field, by the name plan files use.
    """
    return {
        (field.alias or field.name): (place, field.name)
        for place, field in enumerate(attrs.fields(kind))
    }


class _Order:
    """
    Where a path stands in a plan, as numbers that sort like the plan is written.
    """

    def __init__(self, plan: MediaPlan) -> None:
        self._plan = plan
        self._places: dict[int, dict[str, int]] = {}
        self._names: dict[type[Any], dict[str, tuple[int, str]]] = {}

    def of(self, path: str) -> tuple[int, ...]:
        thing: Any = self._plan
        place: list[int] = []
        for part in path.replace("[", ".").replace("]", "").split(".") if path else ():
            step, thing = self._step(thing, part)
            place.append(step)
        return tuple(place)

    def _step(self, thing: Any, part: str) -> tuple[int, Any]:
        """
        Position of a part within a thing, and the part; last when there is no such.
        """
        if isinstance(thing, Mapping):
            keys = self._places.get(id(thing))
            if keys is None:
                keys = {key: place for place, key in enumerate(thing)}
                self._places[id(thing)] = keys
            return keys.get(part, len(keys)), thing.get(part)
        if isinstance(thing, tuple) and part.isdecimal() and len(part) < _DIGITS:
            number = int(part)
            return number, thing[number] if number < len(thing) else None
        if attrs.has(type(thing)):
            kind = type(thing)
            names = self._names.get(kind)
            if names is None:
                names = self._names[kind] = _fields(kind)
            place, name = names.get(part, (_LAST, ""))
            return place, getattr(thing, name) if name else None
        return 0, None


_LAST = 10**6
_DIGITS = 7
