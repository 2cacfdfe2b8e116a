"""
How every target of the plan stands today.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, overload

import attrs

from smmlib.analytics._show import Grid, amount
from smmlib.analytics._spend import elapsed_share, planned_words
from smmlib.analytics._window import Matched, Measured
from smmlib.model import (
    BASE_METRICS,
    KPI,
    Better,
    Goal,
    KPIResult,
    KPIStatus,
    KPITarget,
    Unit,
    kpi,
)

if TYPE_CHECKING:
    from smmlib.analytics._facts import Facts
    from smmlib.model import MediaPlan

_SLACK = Decimal("0.95")  # up to 5 % behind the even pace is noise, not a risk
_CLEARLY_BETTER = Decimal("0.1")
_STOCKS = frozenset({"followers"})
_GROWTHS = frozenset({"follower_growth", "coverage_growth"})


@attrs.frozen
class TrackedKPI:
    """
    One target of the plan with its result.

    Attributes:
        path: Where the target stands in the plan.
        result: How it stands.
        line: Key of the line it is for; empty for goals of the strategy.
        owner: Key of the person who answers for it.
        deadline: The last day that counts.
        elapsed: Part of the time that is over, from 0 to 1.
    """

    path: str
    result: KPIResult
    line: str = attrs.field(default="", kw_only=True)
    owner: str = attrs.field(default="", kw_only=True)
    deadline: date = attrs.field(kw_only=True)
    elapsed: Decimal = attrs.field(kw_only=True)

    @property
    def label(self) -> str:
        """
        What is measured, and where, as people say it.
        """
        name = kpi(self.result.target.kpi).label
        network = self.result.target.network
        where = self.line or (network.value if network else "")
        return f"{name} ({where})" if where else name


@attrs.frozen(repr=False)
class Tracking(Sequence[KPIResult]):
    """
    All targets of a plan with their status; a sequence of `KPIResult`.

    Attributes:
        rows: Targets with their place in the plan: goals first, then lines.
        as_of: The last day that counts; None when nothing was reported yet.
        currency: Currency of money amounts.
    """

    rows: tuple[TrackedKPI, ...] = ()
    as_of: date | None = None
    currency: str = attrs.field(default="", kw_only=True)

    @overload
    def __getitem__(self, place: int) -> KPIResult: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[KPIResult, ...]: ...
    def __getitem__(self, place: int | slice) -> KPIResult | tuple[KPIResult, ...]:
        if isinstance(place, slice):
            return tuple(row.result for row in self.rows[place])
        return self.rows[place].result

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        return f"<Tracking of {len(self.rows)} targets as of {self.as_of}>"

    def __str__(self) -> str:
        return self._grid().text()

    def _repr_html_(self) -> str:
        return self._grid().html()

    def _grid(self) -> Grid:
        head = ["KPI", "status", "source", "now", "expected by now", "target", "by"]
        rows = [self._cells(row) for row in self.rows]
        return Grid(head, rows, caption=f"KPIs as of {self.as_of}", left=3)

    def _cells(self, row: TrackedKPI) -> list[str]:
        result = row.result
        name = result.target.kpi
        return [
            row.label,
            result.status.value.replace("_", " "),
            result.source,
            amount(name, result.value, self.currency),
            amount(name, result.expected, self.currency),
            amount(name, result.target.target, self.currency),
            str(row.deadline),
        ]


def track(plan: MediaPlan, facts: Facts, *, as_of: date | None = None) -> Tracking:
    """
    How every goal and every line's target stands.

    Counts are compared with what an even pace would have reached by now, ratios and
    costs with the target itself. Only days from the start to the deadline count. The
    brand's own records are preferred to what platforms claim.

    Args:
        plan: The plan with its targets.
        facts: What was reported.
        as_of: The last day that counts; the last day of the facts when left out.

    Raises:
        CurrencyMismatch: The facts mix currencies.
    """
    day = as_of or facts.last_day
    matched = Matched.of(plan, facts)
    rows = [
        _tracked(matched, f"strategy.goals[{place}]", goal, day)
        for place, goal in enumerate(plan.strategy.goals if plan.strategy else ())
    ]
    for key, line in plan.lines.items():
        rows += [
            _tracked(matched, f"lines.{key}.targets[{place}]", target, day, line=key)
            for place, target in enumerate(line.targets)
        ]
    currency = facts.currency or plan.currency or ""
    return Tracking(tuple(rows), day, currency=currency)


def _tracked(
    matched: Matched, path: str, target: KPITarget, day: date | None, *, line: str = ""
) -> TrackedKPI:
    plan = matched.plan
    flight = (plan.lines[line].flight if line else None) or plan.flight
    first, deadline = flight.first_day, target.by or flight.last_day
    # A deadline before the flight leaves no time at all: it is over from the start.
    elapsed = elapsed_share(first, deadline, day) if deadline >= first else Decimal(1)
    owner = getattr(target, "owner", "") or (plan.lines[line].owner if line else "")
    if day is None or day < first:
        result = KPIResult(target, value=None, status=KPIStatus.NO_DATA, as_of=day)
    else:
        measured = matched.measure(
            first, min(day, deadline), line=line, network=target.network
        )
        currency = matched.facts.currency or plan.currency or ""
        result = _result(target, measured, elapsed, day, currency)
    return TrackedKPI(
        path, result, line=line, owner=owner, deadline=deadline, elapsed=elapsed
    )


def _result(
    target: KPITarget, measured: Measured, elapsed: Decimal, day: date, currency: str
) -> KPIResult:
    known = kpi(target.kpi)
    value = known.value(measured.values)
    names = {measured.sources.get(name, "") for name in known.metrics}
    source = " and ".join(sorted(name for name in names if name))
    if "spend" in known.metrics and measured.planned:
        words = planned_words(measured.planned, measured.planned_for, currency)
        source = f"{source}, {words}" if source else words
    expected = _expected(known, target, measured, elapsed)
    if known.name == "reach" and value is None and measured.reach_at_least:
        source = (
            f"at least {measured.reach_at_least:,}, the most any one row reports; "
            "people of several days cannot be added up"
        )
        if measured.reach_at_least >= (expected or target.amount):
            value = Decimal(measured.reach_at_least)
    return KPIResult(
        target,
        value=value,
        status=status_of(known, target, value, expected, done=elapsed >= 1),
        expected=_whole(known, expected),
        as_of=day,
        source=source,
    )


def _whole(known: KPI, expected: Decimal | None) -> Decimal | None:
    """
    Nobody expects 42.86 registrations: counts are whole, everything else exact.
    """
    if expected is None or known.unit is not Unit.COUNT:
        return expected
    return expected.to_integral_value()


def _expected(
    known: KPI, target: KPITarget, measured: Measured, elapsed: Decimal
) -> Decimal | None:
    """
    What an even pace would have reached by now; None for ratios and costs per result.
    """
    if known.name in _STOCKS:
        start = measured.values.get(f"{known.name}_before")
        if isinstance(target, Goal) and isinstance(target.baseline, Decimal):
            start = target.baseline
        return None if start is None else start + (target.amount - start) * elapsed
    if known.name in _GROWTHS or known.formula in BASE_METRICS:
        return target.amount * elapsed
    return None


def status_of(
    known: KPI,
    target: KPITarget,
    value: Decimal | None,
    expected: Decimal | None,
    *,
    done: bool,
) -> KPIStatus:
    if value is None:
        return KPIStatus.NO_DATA
    if expected is not None and known.better is Better.LOWER:
        return _ceiling(value, target.amount, expected, done=done)
    if known.at_least_as_good(value, target.amount):
        # A sum only grows, so what passed its target stays past it; a ratio may turn,
        # so it must be clearly better to count as exceeded.
        margin = 0 if expected is not None else target.amount * _CLEARLY_BETTER
        beyond = abs(value - target.amount)
        exceeded = beyond > 0 and beyond >= margin
        return KPIStatus.EXCEEDED if exceeded else KPIStatus.ON_TRACK
    if done:
        return KPIStatus.MISSED
    behind = expected is None or value < expected * _SLACK
    return KPIStatus.AT_RISK if behind else KPIStatus.ON_TRACK


def _ceiling(
    value: Decimal, goal: Decimal, expected: Decimal, *, done: bool
) -> KPIStatus:
    """
    A sum that must not be passed, such as spend.
    """
    if value > goal:
        return KPIStatus.MISSED
    too_fast = value * _SLACK > expected and not done
    return KPIStatus.AT_RISK if too_fast else KPIStatus.ON_TRACK
