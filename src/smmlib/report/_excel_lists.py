"""
The content calendar and the KPI targets of a plan, as sheets to read and to tick off.
"""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from smmlib.model import Money, Unit, kpi
from smmlib.model._flight import zone_of
from smmlib.report import _format as fmt
from smmlib.report._excel_book import Book, money_format

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smmlib.model import KPITarget, MediaPlan

_TOP = 3
_TEXT_COLUMN, _TEXT_WIDTH = 4, 60
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def write_calendar(book: Book, sheet: Any, plan: MediaPlan) -> None:
    """
    Posts, milestones and tasks by day.
    """
    book.title(sheet, f"Calendar of {plan.name}", f"Times in {plan.zone}. {_EDIT}")
    heads = ["Day", "", "Time", "What", "Title or text", "Networks", "State", "Who"]
    book.head(sheet, (_TOP, 0), heads)
    rows = sorted(_entries(plan), key=lambda row: (row[0], row[1], row[2], row[3]))
    for number, row in enumerate(rows, start=_TOP + 1):
        day, at, *texts = row
        book.cell(sheet, (number, 0), day)
        book.text(sheet, (number, 1), _DAYS[day.weekday()])
        book.text(sheet, (number, 2), f"{at:%H:%M}" if texts[0] == "post" else "")
        for column, text in enumerate(texts, start=3):
            book.text(sheet, (number, column), text, text_wrap=column == _TEXT_COLUMN)
        book.tall(sheet, number, [(texts[1], _TEXT_WIDTH)])
    widths = (12, 6, 8, 11, _TEXT_WIDTH, 22, 14, 20)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(_TOP + 1, 0)


_EDIT = "Made from the sheets Posts, Milestones and Tasks: edit there."


def _entries(
    plan: MediaPlan,
) -> Iterator[tuple[date, time, str, str, str, str, str]]:
    """
    Day, time, kind, text, networks, state, who.
    """
    zone = zone_of(plan.zone)
    for post in plan.posts.values():
        if post.at is not None:
            at: datetime = post.at.astimezone(zone)
            names = ", ".join(fmt.network(n.value) for n in post.networks)
            state = post.state.value.replace("_", " ")
            who = _person(plan, post.owner)
            yield at.date(), at.time(), "post", post.text, names, state, who
    for stone in plan.milestones.values():
        if stone.due is not None:
            state = "done" if stone.done else "open"
            who = _person(plan, stone.owner)
            yield stone.due, time(), "milestone", stone.name, "", state, who
    for task in plan.tasks.values():
        if task.due is not None:
            state, who = task.state.value.replace("_", " "), _person(plan, task.owner)
            yield task.due, time(), "task", task.title, "", state, who


def _person(plan: MediaPlan, key: str) -> str:
    person = plan.people.get(key)
    return person.name if person else key


def write_targets(book: Book, sheet: Any, plan: MediaPlan) -> None:
    """
    Every goal and target, who answers for it, and until when.
    """
    book.title(sheet, f"KPIs of {plan.name}", _TARGETS)
    heads = ["KPI", "Where", "Target", "Unit", "By", "Who", "Better is"]
    book.head(sheet, (_TOP, 0), heads, {2})
    for number, (target, where, who) in enumerate(_targets(plan), start=_TOP + 1):
        known = kpi(target.kpi)
        amount = target.target
        value = amount.amount if isinstance(amount, Money) else amount
        unit, shown = _unit(known.unit, amount)
        book.text(sheet, (number, 0), known.label)
        book.text(sheet, (number, 1), where)
        book.cell(sheet, (number, 2), Decimal(value), num_format=shown)
        book.text(sheet, (number, 3), unit, indent=1)
        book.cell(sheet, (number, 4), target.by or plan.flight.last_day)
        book.text(sheet, (number, 5), who)
        book.text(sheet, (number, 6), known.better.value)
    for column, width in enumerate((30, 34, 16, 10, 12, 20, 11)):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(_TOP + 1, 0)


_TARGETS = "Made from the sheets Goals and Lines: edit there. The report tracks them."


def _targets(plan: MediaPlan) -> Iterator[tuple[KPITarget, str, str]]:
    goals = plan.strategy.goals if plan.strategy else ()
    for goal in goals:
        where = fmt.network(goal.network.value) if goal.network else "all channels"
        yield goal, where, _person(plan, goal.owner)
    for key, line in plan.lines.items():
        for target in line.targets:
            yield target, line.name or key, _person(plan, line.owner)


def _unit(unit: Unit, amount: Money | Decimal) -> tuple[str, str]:
    """
    What a target is counted in, and how its number is shown.
    """
    if isinstance(amount, Money):
        return amount.currency, money_format(amount.currency)
    if unit is Unit.PERCENT:
        return "%", "0.0#"
    return "", "#,##0.####" if amount % 1 else "#,##0"
