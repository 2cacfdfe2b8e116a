"""
A plan and what was spent on it: is the money on track, and what to set today.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from smmlib.analytics._join import place_of
from smmlib.analytics._totals import one_currency
from smmlib.errors import Issue, ValidationError
from smmlib.model import AdBudget, LineItem, MediaPlan, Money
from smmlib.model._budget import as_due_money
from smmlib.model._checks import did_you_mean
from smmlib.planning import Pace, PaceLine, SpendShape, pace_lines
from smmlib.planning._pace import STEP, shape_of_history

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smmlib.analytics._facts import Facts


_WHOLE = Decimal("0.7")


def pace(
    plan: MediaPlan,
    facts: Facts,
    *,
    as_of: date | None = None,
    step: Decimal | float | str = STEP,
    keep: str = "budget",
    most: Mapping[str, Money | str] | None = None,
    least: Mapping[str, Money | str] | None = None,
    history: Facts | None = None,
) -> Pace:
    """
    Say of every paid line whether its money is on track, and what to spend a day now.

    Nothing is set: `plan.with_budgets(pace)` is a plan like any other, seen with
    `work.plan`, applied with an approval.

    Args:
        plan: The plan; lines with a cost that run through an API are paced.
        facts: What was spent, joined to the plan.
        as_of: The last day that counts; the last whole day of the facts when left out.
            A day with less than 70 % of what the three before it spent on average is
            taken for one that is still running.
        step: How far a daily budget may move at once; 0.2 is 20 %.
        keep: What stays the same to the cent: `budget`, the sum of what the lines
            cost, or `daily`, the sum of their daily budgets.
        most: The highest daily budget, by key of line.
        least: The lowest daily budget, by key of line.
        history: Earlier facts, for the shape of the week and for the projection.

    Raises:
        ValidationError: Nothing can be paced; every reason at once.
        CurrencyMismatch: Spend or bounds are in another currency than the plan.
    """
    day = as_of or _last_whole_day(facts) or plan.flight.first_day
    bounds = {"most": dict(most or {}), "least": dict(least or {})}
    _check_keys(plan, bounds)
    spent = _by_line(plan, facts)
    # A day read twice, in the facts and in the history, was spent once.
    for key, days in (_by_line(plan, history) if history else {}).items():
        spent[key] = {**days, **spent.get(key, {})}
    one_currency({row.currency for row in facts.metrics}, "facts")
    shape = _shape(history or facts)
    lines = [
        _line(plan, key, line, spent.get(key, {}), bounds, shape)
        for key, line in plan.lines.items()
        if line.is_deployed and line.cost is not None
    ]
    _check_currency(plan, facts)
    return pace_lines(lines, as_of=day, step=step, keep=keep)


def _last_whole_day(facts: Facts) -> date | None:
    last = facts.last_day
    if last is None:
        return None
    spend: dict[date, Decimal] = {}
    for row in facts.metrics:
        spend[row.on] = spend.get(row.on, Decimal(0)) + row.spend
    before = [spend.get(last - timedelta(days=k), Decimal(0)) for k in (1, 2, 3)]
    running = spend.get(last, Decimal(0)) * len(before) < _WHOLE * sum(before)
    return last - timedelta(days=1) if running else last


def _check_currency(plan: MediaPlan, facts: Facts) -> None:
    found = {row.currency for row in facts.metrics}
    if found and plan.currency:
        one_currency({*found, plan.currency}, "facts")


def _check_keys(plan: MediaPlan, bounds: Mapping[str, Mapping[str, object]]) -> None:
    issues = [
        Issue(
            f"{name}.{key}",
            "reference.line",
            f"the plan has no line '{key}'",
            value=key,
            hint=did_you_mean(key, plan.lines),
        )
        for name, given in bounds.items()
        for key in given
        if key not in plan.lines
    ]
    if issues:
        raise ValidationError(issues)


def _by_line(plan: MediaPlan, facts: Facts) -> dict[str, dict[date, Decimal]]:
    found: dict[str, dict[date, Decimal]] = {}
    for row in facts.metrics:
        days = found.setdefault(place_of(row, plan).line, {})
        days[row.on] = days.get(row.on, Decimal(0)) + row.spend
    return found


def _shape(facts: Facts) -> SpendShape:
    return shape_of_history(
        (row.on, row.spend, _hour(row.breakdown.get("hour", "")))
        for row in facts.metrics
    )


def _hour(text: str) -> str:
    """
    The hour a row is of, from `13` or `13:00:00 - 13:59:59`.
    """
    digits = text.partition(":")[0].strip()
    return str(int(digits)) if digits.isdigit() else ""


def _line(  # noqa: PLR0917 - what a line is made of
    plan: MediaPlan,
    key: str,
    line: LineItem,
    spent: Mapping[date, Decimal],
    bounds: Mapping[str, Mapping[str, Money | str]],
    shape: SpendShape,
) -> PaceLine:
    flight = line.flight or plan.flight
    budget = line.media
    assert budget is not None  # noqa: S101 - only lines with a cost come here
    most, least = bounds["most"].get(key), bounds["least"].get(key)
    return PaceLine(
        key,
        budget,
        first=flight.first_day,
        last=flight.last_day,
        spent=spent,
        daily=_daily(plan, key),
        minimum=None if least is None else as_due_money(least),
        maximum=None if most is None else as_due_money(most),
        pacing=line.pacing,
        shape=shape if shape.weeks or shape.hours else None,
        # What a line's parts would be at another cost is for people to say.
        locked=line.parts is not None,
    )


def _daily(plan: MediaPlan, key: str) -> Money | None:
    """
    The daily budget of a line whose campaigns have nothing but daily budgets.
    """
    budgets = list(_budgets(plan, key))
    daily = [budget.daily for budget in budgets if budget.daily is not None]
    if not daily or len(daily) != len(budgets):
        return None
    return sum(daily[1:], daily[0])


def _budgets(plan: MediaPlan, key: str) -> Iterator[AdBudget]:
    for campaign in plan.campaigns.values():
        if campaign.line != key:
            continue
        if campaign.budget is not None:
            yield campaign.budget
        else:
            sets = campaign.ad_sets.values()
            yield from (one.budget for one in sets if one.budget is not None)
