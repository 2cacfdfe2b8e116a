"""
A plan's work as data: milestones, tasks, hours, and who has too many of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from html import escape
from typing import Any

import attrs

from smmlib.errors import Issue
from smmlib.model import FrozenMap, Milestone, Role, Task
from smmlib.planning._work_approvals import ApprovalRow


class WorkState(StrEnum):
    """
    How a milestone or a task stands on a day.
    """

    DONE = "done"
    OVERDUE = "overdue"
    BLOCKED = "blocked"
    READY = "ready"
    OPEN = "open"
    DROPPED = "dropped"


@attrs.frozen(kw_only=True)
class MilestoneRow:
    """
    A date by which something must stand, and how far it is.

    Attributes:
        key: Its key.
        name: What must stand.
        due: The day, included.
        owner: Key of the person who answers for it.
        state: `done`, `open` or `overdue`.
        checklist: What it takes, each with whether it is done.
        planned: Whether it stands in the plan; else it follows from it.
    """

    key: str
    name: str
    due: date
    owner: str = ""
    state: WorkState = WorkState.OPEN
    checklist: tuple[tuple[str, bool], ...] = ()
    planned: bool = True


@attrs.frozen(kw_only=True)
class TaskRow:
    """
    A piece of work, who does it, and whether it can start.

    Attributes:
        key: Its key.
        title: What to do.
        role: Whose trade it is; None for tasks of the plan whose owner is unknown.
        owner: Key of the person who does it.
        due: The day, included.
        hours: How long it takes; None when nobody said so.
        after: Keys of tasks that must be done before.
        waits_for: Those of them that are not done.
        state: `done`, `dropped`, `overdue`, `blocked` (waits), `ready` or `open`.
        planned: Whether it stands in the plan; else it follows from it.
    """

    key: str
    title: str
    role: Role | None = None
    owner: str = ""
    due: date | None = None
    hours: Decimal | None = None
    after: tuple[str, ...] = ()
    waits_for: tuple[str, ...] = ()
    state: WorkState = WorkState.OPEN
    planned: bool = True


@attrs.frozen(kw_only=True)
class LoadRow:
    """
    One person's hours in one week.

    Attributes:
        person: Their key.
        week: Its Monday.
        hours: Hours of work that fall into it.
        capacity: Hours they have.
        tasks: Keys of the tasks.
    """

    person: str
    week: date
    hours: Decimal
    capacity: Decimal
    tasks: tuple[str, ...] = ()

    @property
    def is_overload(self) -> bool:
        """
        Whether it is more than they have.
        """
        return self.hours > self.capacity


_COLUMNS = ("task", "who", "role", "due", "hours", "state", "waits for")


@attrs.frozen(kw_only=True)
class WorkPlan:
    """
    Everything that has to be done, by whom and until when.

    Attributes:
        today: The day it is looked at.
        mode: `delegate` (each trade to its person) or `alone` (one person does it all).
        milestones: Dates, in order.
        tasks: Work, in order.
        load: Hours per person and week.
        approvals: Who has agreed to this version.
        warnings: What will not work out, overloads first.
    """

    today: date
    mode: str
    milestones: tuple[MilestoneRow, ...] = ()
    tasks: tuple[TaskRow, ...] = ()
    load: tuple[LoadRow, ...] = ()
    approvals: tuple[ApprovalRow, ...] = ()
    warnings: tuple[Issue, ...] = ()

    def of(self, person: str) -> tuple[TaskRow, ...]:
        """
        The tasks of one person.
        """
        return tuple(task for task in self.tasks if task.owner == person)

    def as_tasks(self) -> Mapping[str, Task]:
        """
        All tasks as values of a plan: `attrs.evolve(plan, tasks=work.as_tasks())`.
        """
        states = {WorkState.DONE: "done", WorkState.DROPPED: "dropped"}
        return FrozenMap(
            {
                row.key: Task(
                    row.title,
                    row.owner,
                    due=row.due,
                    hours=row.hours,
                    after=row.after,
                    state=states.get(row.state, "open"),
                )
                for row in self.tasks
            }
        )

    def as_milestones(self) -> Mapping[str, Milestone]:
        """
        All milestones as values of a plan.
        """
        return FrozenMap(
            {
                row.key: Milestone(
                    row.name,
                    row.due,
                    done=row.state is WorkState.DONE,
                    owner=row.owner,
                )
                for row in self.milestones
            }
        )

    def summary(self) -> str:
        """
        Counts by state: 3 done, 1 overdue, 7 ready.
        """
        counts = {
            state: sum(task.state is state for task in self.tasks)
            for state in WorkState
        }
        return ", ".join(f"{n} {state.value}" for state, n in counts.items() if n)

    def to_dict(self) -> dict[str, Any]:
        """
        All of it as JSON-ready data.
        """
        return {
            "today": self.today.isoformat(),
            "mode": self.mode,
            "summary": self.summary(),
            "milestones": [_data(row) for row in self.milestones],
            "tasks": [_data(row) for row in self.tasks],
            "load": [
                {**_data(row), "is_overload": row.is_overload} for row in self.load
            ],
            "approvals": [_data(row) for row in self.approvals],
            "warnings": [issue.to_dict() for issue in self.warnings],
        }

    def cells(self) -> tuple[tuple[str, ...], ...]:
        """
        Every task as texts: task, who, role, due, hours, state, what it waits for.
        """
        return tuple(
            (
                row.title,
                row.owner,
                row.role.value if row.role else "",
                str(row.due or ""),
                f"{row.hours.normalize():f}" if row.hours else "",
                row.state.value,
                ", ".join(row.waits_for),
            )
            for row in self.tasks
        )

    def __str__(self) -> str:
        lines = [f"Milestones on {self.today}"]
        for row in self.milestones:
            who = f"  ({row.owner})" if row.owner else ""
            lines.append(f"  {row.due}  {row.state.value:<8} {row.name}{who}")
            lines += [f"      [{'x' if ok else ' '}] {t}" for t, ok in row.checklist]
        cells = [_COLUMNS, *self.cells()]
        wide = [max(len(row[i]) for row in cells) for i in range(len(_COLUMNS))]
        lines += ["", f"Tasks: {self.summary()}"]
        lines += [
            "  ".join(c.ljust(w) for c, w in zip(row, wide, strict=True)).rstrip()
            for row in cells
        ]
        lines += [f"warning  {issue.message}" for issue in self.warnings]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        stones = "".join(
            f"<tr><td>{row.due}</td><td>{row.state.value}</td>"
            f"<td>{escape(row.name)}</td><td>{escape(row.owner)}</td></tr>"
            for row in self.milestones
        )
        head = "".join(f"<th>{name}</th>" for name in _COLUMNS)
        rows = "".join(
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>"
            for row in self.cells()
        )
        warnings = "".join(f"<li>{escape(i.message)}</li>" for i in self.warnings)
        return (
            f"<table><caption>Milestones on {self.today}</caption>{stones}</table>"
            f"<table><caption>Tasks: {escape(self.summary())}</caption>"
            f"<tr>{head}</tr>{rows}</table>" + (f"<ul>{warnings}</ul>" * bool(warnings))
        )


def _data(row: Any) -> dict[str, Any]:
    return {f.name: _plain(getattr(row, f.name)) for f in attrs.fields(type(row))}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    return [_plain(part) for part in value] if isinstance(value, tuple) else value
