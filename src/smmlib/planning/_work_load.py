"""
Hours per person and week: work ends on its due day and begins as late as it can.

A task is spread backwards over weekdays, a fifth of the person's week on each, but not
back beyond the day the work before it is due; what does not fit between is done in
those days all the same, and shows as too much.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

from smmlib.errors import Issue, Severity
from smmlib.model import MediaPlan
from smmlib.planning._work_value import LoadRow, TaskRow, WorkState

FULL_WEEK = Decimal(40)
"""
Hours of a week of somebody whose `hours_per_week` the plan does not say.
"""
_WEEKDAYS = 5
_CENT = Decimal("0.01")
_OVER = (WorkState.DONE, WorkState.DROPPED)


def load_rows(plan: MediaPlan, tasks: Iterable[TaskRow]) -> tuple[LoadRow, ...]:
    """
    Every person's hours per week of what is not done yet.
    """
    tasks = tuple(tasks)
    due = {task.key: task.due for task in tasks}
    found: dict[tuple[str, date], dict[str, Fraction]] = {}
    for task in tasks:
        if task.state in _OVER or not (task.owner and task.due and task.hours):
            continue
        full = capacity(plan, task.owner)
        for day, hours in _spread(task, due, full):
            week = day - timedelta(days=day.weekday())
            parts = found.setdefault((task.owner, week), {})
            parts[task.key] = parts.get(task.key, Fraction(0)) + hours
    return tuple(
        LoadRow(
            person=person,
            week=week,
            hours=_hours(sum(parts.values(), Fraction(0))),
            capacity=capacity(plan, person),
            tasks=tuple(parts),
        )
        for (person, week), parts in sorted(found.items())
    )


def capacity(plan: MediaPlan, person: str) -> Decimal:
    """
    Hours a week of one person.
    """
    known = plan.people.get(person)
    hours = known.hours_per_week if known else None
    return FULL_WEEK if hours is None else hours


def _spread(
    task: TaskRow, due: Mapping[str, date | None], week: Decimal
) -> Iterator[tuple[date, Fraction]]:
    """
    Days and hours of one task, from its due day backwards.
    """
    assert task.due is not None  # noqa: S101 - asked for above
    assert task.hours is not None  # noqa: S101 - as above
    rest = Fraction(task.hours)
    per_day = Fraction(week) / _WEEKDAYS or rest
    before = [day for key in task.after if (day := due.get(key)) and day < task.due]
    free = list(_weekdays_back(task.due, max(before, default=None)))
    needed = -(-rest // per_day)
    room = free[: int(needed)]
    if len(room) < needed:
        share = rest / len(room)
        yield from ((day, share) for day in room)
        return
    for day in room:
        hours = min(per_day, rest)
        rest -= hours
        yield day, hours


_LONGEST = 366 * 2


def _weekdays_back(last: date, after: date | None) -> Iterator[date]:
    """
    Weekdays up to a day, the last first; the day itself if there is none.
    """
    days = (last - timedelta(days=n) for n in range(_LONGEST))
    found = [d for d in days if d.weekday() < _WEEKDAYS and (not after or d > after)]
    yield from found or [last]


def _hours(value: Fraction) -> Decimal:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(_CENT, rounding=ROUND_HALF_EVEN)


def overloads(plan: MediaPlan, rows: Iterable[LoadRow]) -> Iterator[Issue]:
    """
    A warning for every week that is more than somebody has.
    """
    for row in rows:
        if row.is_overload:
            person = plan.people.get(row.person)
            name = person.name if person else row.person
            yield Issue(
                f"people.{row.person}.hours_per_week",
                "work.overload",
                f"{name} has {row.hours.normalize():f} hours of work in the week of "
                f"{row.week}, and {row.capacity.normalize():f} for it",
                severity=Severity.WARNING,
                value=f"{row.hours:f}",
                limit=f"{row.capacity:f}",
                hint=f"move or hand over one of: {', '.join(row.tasks)}",
            )
