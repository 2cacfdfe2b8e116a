"""
A client's week or month: this period, the one before, and the plan.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from smmlib.analytics import roi, spend_versus_plan, track
from smmlib.errors import ConfigurationError
from smmlib.model import Unit
from smmlib.report import _format as fmt
from smmlib.report._numbers import numbers, ratio
from smmlib.report._view_parts import PeriodRow, PeriodView

if TYPE_CHECKING:
    from datetime import date

    from smmlib.analytics import Facts
    from smmlib.model import MediaPlan

KINDS = ("week", "month")
_WEEK = timedelta(days=6)
_DAY = timedelta(days=1)
_STEADY = Decimal(3)  # percent; less is no news
_NAMES: tuple[tuple[str, str, Unit], ...] = (
    ("spend", "Spend", Unit.MONEY),
    ("impressions", "Impressions", Unit.COUNT),
    ("clicks", "Clicks", Unit.COUNT),
    ("ctr", "CTR", Unit.PERCENT),
    ("cpm", "CPM", Unit.MONEY),
    ("cpc", "CPC", Unit.MONEY),
    ("registrations", "Registrations, own records", Unit.COUNT),
    ("purchases", "Purchases, own records", Unit.COUNT),
    ("revenue", "Revenue, own records", Unit.MONEY),
)
_TOLD = frozenset({"spend", "clicks", "cpc", "registrations", "revenue"})


def period_view(
    plan: MediaPlan, facts: Facts, last: date | None, kind: str | None
) -> PeriodView | None:
    """
    The period that ends on a day; None where none is asked for or nothing is known.

    Raises:
        ConfigurationError: The period is neither a week nor a month.
    """
    if kind is not None and kind not in KINDS:
        message = f"there is no period '{kind}'"
        raise ConfigurationError(message, hint=f"choose one of {', '.join(KINDS)}")
    if kind is None or last is None:
        return None
    first, old_first, old_last = _days(kind, last)
    now = _values(plan, facts, first, last)
    before = _values(plan, facts, old_first, old_last)
    due = _due(plan, facts, first, last)
    rows = tuple(
        PeriodRow(
            name,
            label,
            value=now[name],
            previous=before[name],
            change=_change(now[name], before[name]),
            plan=due.get(name),
            unit=unit,
        )
        for name, label, unit in _NAMES
        if now[name] is not None or before[name] is not None
    )
    return PeriodView(
        kind,
        first,
        last=last,
        previous_first=old_first,
        previous_last=old_last,
        rows=rows,
        comments=_comments(rows, kind, facts.currency or plan.currency or ""),
    )


def _days(kind: str, last: date) -> tuple[date, date, date]:
    """
    First day of the period; first and last day of the one before, as long.
    """
    if kind == "week":
        first = last - _WEEK
        return first, first - _WEEK - _DAY, first - _DAY
    first = last.replace(day=1)
    old = (first - _DAY).replace(day=1)
    return first, old, min(old + (last - first), first - _DAY)


def _values(
    plan: MediaPlan, facts: Facts, first: date, last: date
) -> dict[str, Decimal | None]:
    known = facts.between(first, last)
    sums = known.totals()
    ads = numbers(sums[0] if sums else None, {})
    own = roi(known, plan, as_of=last).total if known.conversions else None
    found: dict[str, Decimal | None] = {
        name: getattr(ads, name)
        for name in ("spend", "impressions", "clicks", "ctr", "cpm", "cpc")
    }
    for name in ("registrations", "purchases", "revenue"):
        value = getattr(own, name) if own else None
        found[name] = None if value is None else Decimal(value)
    return found


def _change(now: Decimal | None, before: Decimal | None) -> Decimal | None:
    return ratio(now - before, before, 100) if now is not None and before else None


def _due(
    plan: MediaPlan, facts: Facts, first: date, last: date
) -> dict[str, Decimal | None]:
    """
    What an even pace asks of this period: as of its last day, less as of its eve.
    """
    now, eve = (_so_far(plan, facts, day) for day in (last, first - _DAY))
    return {
        name: value - (eve.get(name) or 0)
        for name, value in now.items()
        if value is not None
    }


def _so_far(plan: MediaPlan, facts: Facts, day: date) -> dict[str, Decimal | None]:
    told = {
        row.line for row in spend_versus_plan(plan, facts) if row.basis == "reported"
    }
    known = facts.between(last=day)
    found: dict[str, Decimal | None] = {
        row.result.target.kpi: row.result.expected
        for row in track(plan, known, as_of=day).rows
        if not row.line and row.result.target.network is None
    }
    spent = spend_versus_plan(plan, known, as_of=day)
    due = [
        row.expected for row in spent if row.line in told and row.expected is not None
    ]
    return found | {"spend": sum(due, Decimal(0)) if told else None}


def _comments(rows: tuple[PeriodRow, ...], kind: str, currency: str) -> tuple[str, ...]:
    """
    What changed, in sentences of these numbers and nothing else.
    """
    said = []
    for row in rows:
        if row.name not in _TOLD or row.value is None:
            continue
        value = fmt.measure(row.value, row.unit, currency)
        text = f"{row.label}: {value}, {_versus(row, kind, currency)}"
        if row.plan:
            part = fmt.percent(ratio(row.value, row.plan, 100), 0)
            text += f"; {part} of what the plan expects by even pace"
        said.append(f"{text}.")
    return tuple(said)


def _versus(row: PeriodRow, kind: str, currency: str) -> str:
    before = fmt.measure(row.previous, row.unit, currency)
    if row.change is None:
        return f"no {kind} before to compare with"
    if abs(row.change) < _STEADY:
        return f"about as in the {kind} before ({before})"
    way = "more" if row.change > 0 else "less"
    return f"{fmt.percent(abs(row.change))} {way} than in the {kind} before ({before})"
