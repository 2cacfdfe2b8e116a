"""
Next month's plan from last month's: the same rhythm on new days, nothing agreed yet.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import attrs

from smmlib.model import Flight, MediaPlan, PlanStatus, PostState, TaskState, wall_time

_WEEK = 7


def plan_from_template(
    plan: MediaPlan, flight: Flight, *, project_id: str, name: str = ""
) -> MediaPlan:
    """
    A new plan with the same people, lines, campaigns, creatives, posts, slots and work.

    Days move by whole weeks, so that a Tuesday post stays a Tuesday post at its hour;
    what would fall outside the new flight is left out (posts) or fitted to it (flights,
    dates of work). Posts begin as drafts, tasks open, milestones undone; approvals,
    history and what became of ideas stay with the old plan.

    Args:
        plan: Last month's plan.
        flight: When the new one runs.
        project_id: What the new plan is, for ever: never that of the old one.
        name: Its name; the old one's when left out.
    """
    days = (flight.first_day - plan.flight.first_day).days
    shift = timedelta(days=-(-days // _WEEK) * _WEEK)
    move = _Mover(plan, flight, shift)
    return attrs.evolve(
        plan,
        name=name or plan.name,
        project_id=project_id,
        flight=flight,
        strategy=move.strategy(),
        lines={key: move.flown(line) for key, line in plan.lines.items()},
        campaigns={key: move.campaign(c) for key, c in plan.campaigns.items()},
        posts=move.posts(),
        ideas={k: i for k, i in plan.ideas.items() if not i.post},
        slots={key: move.slot(slot) for key, slot in plan.slots.items()},
        milestones={
            key: attrs.evolve(item, due=move.day(item.due), done=False)
            for key, item in plan.milestones.items()
        },
        tasks={
            key: attrs.evolve(item, due=move.maybe(item.due), state=TaskState.OPEN)
            for key, item in plan.tasks.items()
        },
        briefs={
            key: attrs.evolve(item, due=move.maybe(item.due), items=move.items(item))
            for key, item in plan.briefs.items()
        },
        approvals=(),
        version=1,
        parent="",
        status=PlanStatus.DRAFT,
        created_at=None,
        source=None,
    )


@attrs.frozen
class _Mover:
    """
    Moves days, instants and flights of one plan.
    """

    plan: MediaPlan
    flight: Flight
    shift: timedelta

    def day(self, value: date) -> date:
        return value + self.shift

    def maybe(self, value: date | None) -> date | None:
        return value and self.day(value)

    def at(self, value: datetime) -> datetime:
        local = value.astimezone(self.plan.flight.zone).replace(tzinfo=None)
        return wall_time(local + self.shift, self.plan.zone)

    def span(self, value: Flight | None) -> Flight | None:
        """
        A flight on its new days, cut to the plan's; None where nothing is left.
        """
        if value is None:
            return None
        moved = Flight(self.at(value.start), self.at(value.end))
        return moved.overlap(self.flight)

    def flown(self, thing: Any) -> Any:
        return attrs.evolve(thing, flight=self.span(thing.flight))

    def campaign(self, campaign: Any) -> Any:
        sets = {key: self.flown(s) for key, s in campaign.ad_sets.items()}
        return attrs.evolve(self.flown(campaign), ad_sets=sets)

    def strategy(self) -> Any:
        strategy = self.plan.strategy
        if strategy is None:
            return None
        goals = tuple(
            attrs.evolve(goal, by=self._within(goal.by)) for goal in strategy.goals
        )
        return attrs.evolve(strategy, goals=goals)

    def _within(self, value: date | None) -> date | None:
        if value is None:
            return None
        if value == self.plan.flight.last_day:
            return self.flight.last_day
        return min(self.day(value), self.flight.last_day)

    def posts(self) -> dict[str, Any]:
        found = {}
        for key, post in self.plan.posts.items():
            at = self.at(post.at) if post.at else None
            if post.state is PostState.ARCHIVED or (at and at not in self.flight):
                continue
            state = PostState.IDEA if post.state is PostState.IDEA else PostState.DRAFT
            found[key] = attrs.evolve(post, at=at, state=state)
        return found

    def slot(self, slot: Any) -> Any:
        return attrs.evolve(
            slot, first=self.maybe(slot.first), last=self.maybe(slot.last)
        )

    def items(self, brief: Any) -> tuple[str, ...]:
        kept = {f"posts.{key}" for key in self.posts()}
        return tuple(
            path
            for path in brief.items
            if not path.startswith("posts.") or path in kept
        )
