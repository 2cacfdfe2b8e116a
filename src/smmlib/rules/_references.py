"""
Rules about keys: whatever a plan points to is there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import attrs

from smmlib.errors import SmmError
from smmlib.model import Audience, MediaPlan, kpi
from smmlib.rules._rule import Found, Rule, rule
from smmlib.rules._view import PlanView

_References = Callable[[MediaPlan], Iterator[tuple[str, str]]]


def _lines(plan: MediaPlan) -> Iterator[tuple[str, str]]:
    for key in plan.budget.allocations if plan.budget else ():
        yield f"budget.allocations.{key}", key
    for key, campaign in plan.campaigns.items():
        yield f"campaigns.{key}.line", campaign.line
    for key, post in plan.posts.items():
        yield f"posts.{key}.line", post.line


def _in_audience(path: str, audience: Audience) -> Iterator[tuple[str, str]]:
    if audience.lookalike:
        yield f"{path}.lookalike.of", audience.lookalike.of
    for place, other in enumerate(audience.excluded):
        if isinstance(other, str):
            yield f"{path}.exclude[{place}]", other


def _audiences(plan: MediaPlan) -> Iterator[tuple[str, str]]:
    for place, key in enumerate(plan.strategy.personas if plan.strategy else ()):
        yield f"strategy.personas[{place}]", key
    for key, audience in plan.audiences.items():
        yield from _in_audience(f"audiences.{key}", audience)
    for key, line in plan.lines.items():
        if line.audience:
            yield f"lines.{key}.audience", line.audience
    for key, campaign in plan.campaigns.items():
        for set_key, ad_set in campaign.ad_sets.items():
            path = f"campaigns.{key}.ad_sets.{set_key}.audience"
            if isinstance(ad_set.audience, str):
                yield path, ad_set.audience
            else:
                yield from _in_audience(path, ad_set.audience)


def _creatives(plan: MediaPlan) -> Iterator[tuple[str, str]]:
    for item in plan.ads():
        if isinstance(item.ad.creative, str):
            yield f"{item.path}.creative", item.ad.creative


def _posts(plan: MediaPlan) -> Iterator[tuple[str, str]]:
    yield from _ideas(plan)
    for key, creative in plan.creatives.items():
        if creative.boost and ":" not in creative.boost:
            yield f"creatives.{key}.boost", creative.boost
    for item in plan.ads():
        inline = item.ad.creative
        if not isinstance(inline, str) and inline.boost and ":" not in inline.boost:
            yield f"{item.path}.creative.boost", inline.boost


def _ideas(plan: MediaPlan) -> Iterator[tuple[str, str]]:
    for key, idea in plan.ideas.items():
        yield f"ideas.{key}.post", idea.post


def _people(plan: MediaPlan) -> Iterator[tuple[str, str]]:
    if plan.strategy:
        for name in ("goals", "channels"):
            for place, thing in enumerate(getattr(plan.strategy, name)):
                yield f"strategy.{name}[{place}].owner", thing.owner
    for name in ("lines", "posts", "ideas", "slots", "milestones", "tasks", "briefs"):
        for key, thing in getattr(plan, name).items():
            yield f"{name}.{key}.owner", thing.owner
            if name in {"posts", "slots"}:
                yield f"{name}.{key}.approver", thing.approver
            if name == "ideas":
                yield f"ideas.{key}.checked_by", thing.checked_by
    for place, approval in enumerate(plan.approvals):
        yield f"approvals[{place}].by", approval.by


def _tasks(plan: MediaPlan) -> Iterator[tuple[str, str]]:
    for key, task in plan.tasks.items():
        for place, other in enumerate(task.after):
            yield f"tasks.{key}.after[{place}]", other


def _reference(kind: str, noun: str, references: _References) -> Rule:
    """
    The rule for one kind of thing that a plan points to.
    """

    def check(view: PlanView) -> Iterator[Found]:
        known = view.known[kind]
        for path, key in references(view.plan):
            if key and key not in known:
                yield Found(
                    path,
                    f"the plan has no {noun} '{key}'",
                    value=key,
                    limit=f"a key of {kind}",
                    hint=known.hint(key),
                )

    return Rule(
        f"reference.{noun}", f"A {noun} that is named is in the plan.", check=check
    )


reference_rules = (
    _reference("lines", "line", _lines),
    _reference("audiences", "audience", _audiences),
    _reference("creatives", "creative", _creatives),
    _reference("posts", "post", _posts),
    _reference("people", "person", _people),
    _reference("tasks", "task", _tasks),
)


@rule("reference.kpi", "A guardrail watches a KPI that exists.")
def reference_kpi(view: PlanView) -> Iterator[Found]:
    """
    Guardrails over unknown KPIs.
    """
    budget = view.plan.budget
    for place, guard in enumerate(budget.guardrails if budget else ()):
        try:
            kpi(guard.kpi)
        except SmmError as error:
            yield Found(
                f"budget.guardrails[{place}].kpi",
                error.message,
                value=guard.kpi,
                limit="a KPI of the library",
                hint=error.hint,
            )


def _leads_somewhere(plan: MediaPlan, path: str) -> bool:
    thing: Any = plan
    for part in path.split("."):
        if attrs.has(type(thing)):
            names = {f.alias or f.name: f.name for f in attrs.fields(type(thing))}
            thing = getattr(thing, names[part]) if part in names else None
        elif hasattr(thing, "keys"):
            thing = thing.get(part)
        else:
            return False
        if thing is None:
            return False
    return True


@rule(
    "reference.brief_item",
    "A brief is about things that are in the plan.",
    severity="warning",
)
def reference_brief(view: PlanView) -> Iterator[Found]:
    """
    Briefs about paths that lead nowhere.
    """
    for key, brief in view.plan.briefs.items():
        for place, path in enumerate(brief.items):
            if not _leads_somewhere(view.plan, path.partition("[")[0]):
                yield Found(
                    f"briefs.{key}.items[{place}]",
                    f"the plan has nothing at '{path}'",
                    value=path,
                    limit="a path of this plan, e.g. creatives.taste",
                    hint="correct the path, or add what is to be made",
                )


RULES = (*reference_rules, reference_kpi, reference_brief)
