"""
What follows from a strategy and a media plan: who has to do what, and until when.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import attrs

from smmlib.model import (
    Creative,
    IdeaState,
    Managed,
    MediaPlan,
    Network,
    PlanStatus,
    Post,
    PostState,
    Role,
    Stage,
    Video,
)
from smmlib.planning._briefs import due_day
from smmlib.planning._briefs_specs import NAMES
from smmlib.planning._briefs_view import pieces
from smmlib.planning._work_approvals import approval_rows
from smmlib.planning._work_value import MilestoneRow, WorkState

if TYPE_CHECKING:
    from smmlib.model import Channel

_DONE, _OPEN = WorkState.DONE, WorkState.OPEN
_WRITTEN = (
    PostState.IN_REVIEW,
    PostState.APPROVED,
    PostState.SCHEDULED,
    PostState.PUBLISHED,
    PostState.ARCHIVED,
)
_OUT = (PostState.PUBLISHED, PostState.ARCHIVED)
_LIVE = (PlanStatus.LIVE, PlanStatus.FINISHED, PlanStatus.ARCHIVED)
_HOURS = {
    "write": Decimal("1.5"),
    "draw": Decimal(3),
    "film": Decimal(8),
    "post": Decimal(1),
    "set-up": Decimal(2),
    "arrange": Decimal(3),
    "check": Decimal("0.5"),
    "report": Decimal(4),
    "channel": Decimal(2),
}
"""
Rough hours of a piece of work, where the plan says nothing better.
"""
_KEY_LENGTH = 64
_CHANNEL_DAYS = 14
_FRIDAY = 4
_CHECKLIST = (
    "name, description and picture",
    "link to the brand's site and imprint",
    "second administrator",
    "first three posts",
    "access for smmlib in smm.toml",
)


@attrs.frozen(kw_only=True)
class Derived:
    """
    A task as it follows from the plan, before somebody owns it.
    """

    key: str
    title: str
    role: Role
    due: date
    kind: str
    done: bool = False
    owner: str = ""
    after: tuple[str, ...] = ()

    @property
    def hours(self) -> Decimal:
        """
        A rough guess, to be corrected in the plan.
        """
        return _HOURS[self.kind]


def derived_tasks(plan: MediaPlan, missing: Collection[Network]) -> Iterator[Derived]:
    """
    Work that a plan asks for, in the order it is done.
    """
    yield from _channel_tasks(plan, missing)
    yield from _idea_tasks(plan)
    made: list[str] = []
    for task in (*_creative_tasks(plan), *_post_tasks(plan), *_partner_tasks(plan)):
        made.append(task.key)
        yield task
    yield from _launch_tasks(plan, {key for key in made if key[:4] in _FOR_ADS})


_FOR_ADS = ("writ", "draw", "film")


def _key(word: str, name: str) -> str:
    return f"{word}-{name}"[:_KEY_LENGTH]


def _creative_tasks(plan: MediaPlan) -> Iterator[Derived]:
    for key, piece in pieces(plan).items():
        creative = piece.creative
        if creative.boost:
            continue
        flights = [
            use.ad.ad_set.flight or use.campaign.flight or plan.flight
            for use in piece.uses
        ]
        shown = min((f.first_day for f in flights), default=plan.flight.first_day)
        write = _key("write", key)
        yield Derived(
            key=write,
            title=f"Write the text of {key}",
            role=Role.COPYWRITER,
            due=due_day(plan, Role.COPYWRITER, shown),
            kind="write",
            done=creative.text is not None,
        )
        yield _picture(plan, key, creative, shown, write)


def _picture(
    plan: MediaPlan, key: str, creative: Creative, shown: date, write: str
) -> Derived:
    films = bool(creative.video) or any(card.video for card in creative.cards)
    role = Role.VIDEO if films else Role.DESIGNER
    return Derived(
        key=_key("film" if films else "draw", key),
        title=f"{'Film' if films else 'Draw'} {key}",
        role=role,
        due=due_day(plan, role, shown),
        kind="film" if films else "draw",
        done=bool(creative.image or creative.video or creative.cards),
        after=(write,),
    )


def _post_tasks(plan: MediaPlan) -> Iterator[Derived]:
    for key, post in plan.posts.items():
        day = post.at.date() if post.at else plan.flight.last_day
        yield Derived(
            key=_key("post", key),
            title=f"Prepare post {key}",
            role=Role.VIDEO if _is_film(post) else Role.COPYWRITER,
            due=due_day(plan, Role.SMM, day),
            kind="film" if _is_film(post) else "post",
            done=post.state in _WRITTEN,
            owner=post.owner,
        )


def _is_film(post: Post) -> bool:
    return any(isinstance(medium, Video) for medium in post.media)


def _idea_tasks(plan: MediaPlan) -> Iterator[Derived]:
    for key, idea in plan.ideas.items():
        if idea.state is IdeaState.DROPPED:
            continue
        post = plan.posts.get(idea.post)
        day = post.at.date() if post and post.at else plan.flight.last_day
        yield Derived(
            key=_key("check", key),
            title=f"Check the facts of {idea.title[:200]}",
            role=Role.EDITOR,
            due=due_day(plan, Role.TARGETOLOGIST, day),
            kind="check",
            done=idea.is_sound,
            owner=idea.owner,
        )


def _partner_tasks(plan: MediaPlan) -> Iterator[Derived]:
    for key, line in plan.lines.items():
        if line.managed is Managed.BY_HAND and line.paid:
            flight = line.flight or plan.flight
            yield Derived(
                key=_key("arrange", key),
                title=f"Arrange {line.name or key}",
                role=Role.PR,
                due=due_day(plan, Role.PR, flight.first_day),
                kind="arrange",
                owner=line.owner,
            )


def _launch_tasks(plan: MediaPlan, before: Collection[str]) -> Iterator[Derived]:
    live = plan.status in _LIVE
    shown = pieces(plan)
    for key, campaign in plan.campaigns.items():
        flight = campaign.flight or plan.flight
        mine = {
            _key(word, name)
            for name, piece in shown.items()
            for word in ("write", "draw", "film")
            if any(use.ad.campaign_key == key for use in piece.uses)
        }
        yield Derived(
            key=_key("set-up", key),
            title=f"Check, plan and apply campaign {key}",
            role=Role.TARGETOLOGIST,
            due=due_day(plan, Role.TARGETOLOGIST, flight.first_day),
            kind="set-up",
            done=live,
            after=tuple(k for k in before if k in mine),
        )
    yield Derived(
        key="report-to-client",
        title="Report to the client",
        role=Role.SMM,
        due=_weekday_after(plan.flight.last_day, 5),
        kind="report",
        done=plan.status in (PlanStatus.FINISHED, PlanStatus.ARCHIVED),
    )


def _weekday_after(day: date, days: int) -> date:
    found = day + timedelta(days=days)
    weekend = max(0, found.weekday() - _FRIDAY)
    return found + timedelta(days=(3 - weekend) % 3)


# -- channels --------------------------------------------------------------------------


def missing_channels(
    plan: MediaPlan, readable: Collection[Network | str] | None
) -> tuple[tuple[Channel, bool], ...]:
    """
    Channels that are new, or cannot be read, each with whether it can be read now.

    Without knowing what can be read, only those the strategy calls new.
    """
    channels = plan.strategy.channels if plan.strategy else ()
    seen = None if readable is None else {str(network) for network in readable}
    return tuple(
        (channel, seen is not None and channel.network.value in seen)
        for channel in channels
        if channel.organic
        and (channel.new or (seen is not None and channel.network.value not in seen))
    )


def _channel_day(plan: MediaPlan, channel: Channel) -> date:
    """
    Before the first thing that is to appear there.
    """
    posts = [
        post.at.date()
        for post in plan.posts.values()
        if post.at and channel.network in post.networks
    ]
    first = min([*posts, plan.flight.first_day])
    day = first - timedelta(days=_CHANNEL_DAYS)
    return day - timedelta(days=max(0, day.weekday() - _FRIDAY))


def _channel_name(channel: Channel) -> str:
    handle = f" {channel.handle}" if channel.handle else ""
    return f"{NAMES[channel.network]}{handle}"


def _channel_tasks(plan: MediaPlan, missing: Collection[Network]) -> Iterator[Derived]:
    for channel in plan.strategy.channels if plan.strategy else ():
        if channel.network in missing:
            yield Derived(
                key=_key("channel", channel.network.value),
                title=f"Set up {_channel_name(channel)}",
                role=Role.SMM,
                due=_channel_day(plan, channel),
                kind="channel",
                owner=channel.owner,
            )


def channel_milestones(
    plan: MediaPlan, readable: Collection[Network | str] | None
) -> Iterator[MilestoneRow]:
    """
    A milestone for every channel that has to be set up, open until it can be read.
    """
    for channel, found in missing_channels(plan, readable):
        steps = [(text, found) for text in _CHECKLIST]
        steps.append((f"smmlib can read {_channel_name(channel)}", found))
        yield MilestoneRow(
            key=_key("channel", channel.network.value),
            name=f"{_channel_name(channel)} is there and can be read",
            due=_channel_day(plan, channel),
            owner=channel.owner,
            state=_DONE if found else _OPEN,
            checklist=tuple(steps),
            planned=False,
        )


# -- milestones ------------------------------------------------------------------------


def derived_milestones(plan: MediaPlan) -> Iterator[MilestoneRow]:
    """
    Dates that every campaign has, from the first word to the report.
    """
    first, last = plan.flight.first_day, plan.flight.last_day
    agreed = {row.stage for row in approval_rows(plan) if row.counts}
    past = plan.status not in (PlanStatus.DRAFT, PlanStatus.IN_REVIEW)
    live = plan.status in _LIVE
    rows = [
        ("plan-approved", "Plan and budget are agreed", due_day(plan, Role.PR),
         past or Stage.PLAN in agreed),
        ("everything-in", "Texts, pictures, films are in", due_day(plan, Role.SMM),
         _all_in(plan)),
    ]  # fmt: skip
    if plan.campaigns:
        rows.append(("live", "Campaigns are live", first, live))
    posts = [p for p in plan.posts.values() if p.at]
    if posts:
        day = min(p.at.date() for p in posts if p.at)
        out = any(p.state in _OUT for p in posts)
        rows.append(("first-post", "The first post is out", day, out))
    over = plan.status in (PlanStatus.FINISHED, PlanStatus.ARCHIVED)
    rows.append(("half-time", "Half-time: move money to what works",
                 first + (last - first) / 2, over))  # fmt: skip
    rows.append(("wrap-up", "Report to the client", _weekday_after(last, 5), over))
    for key, name, day, done in rows:
        yield MilestoneRow(
            key=key, name=name, due=day, state=_DONE if done else _OPEN, planned=False
        )
    yield from _goal_milestones(plan, over=over)


def _all_in(plan: MediaPlan) -> bool:
    return all(task.done for task in _creative_tasks(plan))


def _goal_milestones(plan: MediaPlan, *, over: bool) -> Iterator[MilestoneRow]:
    goals = plan.strategy.goals if plan.strategy else ()
    for place, goal in enumerate(goals):
        where = f" on {NAMES[goal.network]}" if goal.network else ""
        yield MilestoneRow(
            key=f"goal-{place + 1}-{goal.kpi}"[:_KEY_LENGTH],
            name=f"Goal: {goal.kpi.replace('_', ' ')}{where} {goal.target}",
            due=goal.by or plan.flight.last_day,
            owner=goal.owner,
            state=_DONE if over else _OPEN,
            planned=False,
        )
