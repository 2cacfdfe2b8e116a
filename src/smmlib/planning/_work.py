"""
From a strategy and a media plan to work: dates, tasks, owners, hours.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Literal

import attrs

from smmlib.errors import Issue, Severity, ValidationError
from smmlib.model import MediaPlan, Network, Role, TaskState
from smmlib.model._checks import did_you_mean
from smmlib.planning._work_approvals import approval_rows
from smmlib.planning._work_derive import (
    Derived,
    channel_milestones,
    derived_milestones,
    derived_tasks,
    missing_channels,
)
from smmlib.planning._work_load import load_rows, overloads
from smmlib.planning._work_value import MilestoneRow, TaskRow, WorkPlan, WorkState

Mode = Literal["delegate", "alone"]

# Who steps in where nobody on the team has the trade.
_INSTEAD = {
    Role.COPYWRITER: (Role.EDITOR, Role.CONTENT_MANAGER, Role.SMM),
    Role.EDITOR: (Role.COPYWRITER, Role.CONTENT_MANAGER, Role.SMM),
    Role.DESIGNER: (Role.SMM,),
    Role.VIDEO: (Role.DESIGNER, Role.SMM),
    Role.TARGETOLOGIST: (Role.SMM,),
    Role.PR: (Role.SMM,),
    Role.SMM: (Role.CONTENT_MANAGER, Role.TARGETOLOGIST),
}
_STATES = {TaskState.DONE: WorkState.DONE, TaskState.DROPPED: WorkState.DROPPED}
_OVER = (WorkState.DONE, WorkState.DROPPED)


def work_plan(
    plan: MediaPlan,
    *,
    today: date,
    mode: Mode = "delegate",
    by: str = "",
    derive: bool = True,
    readable: Collection[Network | str] | None = None,
) -> WorkPlan:
    """
    Who has to do what until when: the plan's own milestones and tasks, and those that
    follow from its strategy, campaigns, creatives, posts and ideas.

    A task of the plan replaces the one of the same key that would follow from it, so
    hours, owners and states are corrected there.

    Args:
        plan: The plan.
        today: The day it is looked at.
        mode: `delegate` gives each trade to its person, `alone` everything to one.
        by: Key of the person who does everything; the first SMM when left out.
        derive: Whether work that follows from the plan is added to what it states.
        readable: Networks whose channels can be read now; None when nobody asked.

    Raises:
        ValidationError: Another mode, or nobody with that key.
    """
    if mode not in {"delegate", "alone"}:
        raise _unknown("mode", "work.mode", mode, ("delegate", "alone"))
    if by and by not in plan.people:
        raise _unknown("by", "reference.person", by, tuple(plan.people))
    one = (by or _first(plan, Role.SMM)) if mode == "alone" else ""
    missing = [c.network for c, found in missing_channels(plan, readable) if not found]
    rows = {key: _planned(plan, key, one) for key in plan.tasks}
    for task in derived_tasks(plan, missing) if derive else ():
        rows.setdefault(task.key, _followed(plan, task, one))
    tasks = tuple(_standing(rows, today))
    load = load_rows(plan, tasks)
    return WorkPlan(
        today=today,
        mode=mode,
        milestones=tuple(_milestones(plan, today, readable, derive=derive)),
        tasks=tasks,
        load=load,
        approvals=approval_rows(plan),
        warnings=(*overloads(plan, load), *_nobody(tasks)),
    )


def _unknown(
    path: str, code: str, value: str, known: tuple[str, ...]
) -> ValidationError:
    hint = did_you_mean(value, known)
    message = f"{path} cannot be '{value}'"
    limit = ", ".join(known)
    return ValidationError(
        [Issue(path, code, message, value=value, limit=limit, hint=hint)]
    )


def _first(plan: MediaPlan, *roles: Role) -> str:
    for role in roles:
        for key, person in plan.people.items():
            if person.role is role:
                return key
    return ""


def _planned(plan: MediaPlan, key: str, one: str) -> TaskRow:
    task = plan.tasks[key]
    person = plan.people.get(task.owner)
    # Nobody can do a client's work for them.
    theirs = person is not None and person.role is Role.CLIENT
    owner = task.owner if theirs else one or task.owner
    return TaskRow(
        key=key,
        title=task.title,
        role=person.role if person else None,
        owner=owner,
        due=task.due,
        hours=task.hours,
        after=task.after,
        state=_STATES.get(task.state, WorkState.OPEN),
    )


def _followed(plan: MediaPlan, task: Derived, one: str) -> TaskRow:
    helper = _first(plan, task.role, *_INSTEAD.get(task.role, ()))
    return TaskRow(
        key=task.key,
        title=task.title,
        role=task.role,
        owner=one or task.owner or helper,
        due=task.due,
        hours=task.hours,
        after=task.after,
        state=WorkState.DONE if task.done else WorkState.OPEN,
        planned=False,
    )


def _standing(rows: Mapping[str, TaskRow], today: date) -> Iterator[TaskRow]:
    """
    Every task with its state on the day, the next due first.
    """
    ordered = sorted(rows.values(), key=lambda r: (r.due is None, r.due or today))
    for row in ordered:
        waits = tuple(
            key for key in row.after if key in rows and rows[key].state not in _OVER
        )
        state = row.state
        if state not in _OVER:
            late = row.due is not None and row.due < today
            state = WorkState.BLOCKED if waits else WorkState.READY
            state = WorkState.OVERDUE if late else state
        yield attrs.evolve(row, waits_for=waits, state=state)


def _milestones(
    plan: MediaPlan,
    today: date,
    readable: Collection[Network | str] | None,
    *,
    derive: bool,
) -> Iterator[MilestoneRow]:
    rows = {
        key: MilestoneRow(
            key=key,
            name=item.name,
            due=item.due,
            owner=item.owner,
            state=WorkState.DONE if item.done else WorkState.OPEN,
        )
        for key, item in plan.milestones.items()
    }
    followed: Iterable[MilestoneRow] = (
        (*channel_milestones(plan, readable), *derived_milestones(plan))
        if derive
        else ()
    )
    for row in followed:
        rows.setdefault(row.key, row)
    for row in sorted(rows.values(), key=lambda r: r.due):
        late = row.state is WorkState.OPEN and row.due < today
        yield attrs.evolve(row, state=WorkState.OVERDUE if late else row.state)


def _nobody(tasks: Iterable[TaskRow]) -> Iterator[Issue]:
    for task in tasks:
        if not task.owner and task.state not in _OVER:
            wanted = task.role.value if task.role else "somebody"
            yield Issue(
                f"tasks.{task.key}.owner",
                "work.no_owner",
                f"nobody does '{task.title}': the plan has no {wanted}",
                severity=Severity.WARNING,
                hint="add a person to people, or name an owner",
            )
