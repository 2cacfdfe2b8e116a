"""
What a plan promised for a span of days, and the target a number is held against.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from smmlib.analytics._track import status_of
from smmlib.model import BASE_METRICS, Money

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from smmlib.model import (
        KPI,
        Flight,
        KPIStatus,
        KPITarget,
        LineItem,
        MediaPlan,
    )

_PER = {
    "clicks": "cpc",
    "registrations": "cost_per_registration",
    "leads": "cost_per_lead",
    "conversions": "cost_per_conversion",
    "customers": "cac",
}
_STOCKS = frozenset({"followers"})
_HELD = ("line", "network")


def lines_of(plan: MediaPlan, labels: Mapping[str, str]) -> list[str] | None:
    """
    Lines that a group is about; None where the plan says nothing of such groups.
    """
    if not set(labels) <= set(_HELD):
        return None
    line, network = labels.get("line"), labels.get("network")
    return [
        key
        for key, item in plan.lines.items()
        if (line is None or key == line)
        and (network is None or item.networks == (network,))
    ]


def planned(
    plan: MediaPlan, keys: Iterable[str], first: date, last: date
) -> dict[str, Decimal | None]:
    """
    What lines were to cost and bring in these days, at an even pace.

    Results follow from the money and the costs the plan expects (`cpm`, `ctr`, `cpc`,
    `cost_per_registration`, ...). What one of the lines does not say is not known of
    them together.
    """
    known = [_line(plan, key, first, last) for key in keys if plan.lines[key].paid]
    names = {name for sums in known for name in sums}
    total: dict[str, Decimal | None] = {}
    for name in names:
        values = [sums.get(name) for sums in known]
        said = [value for value in values if value is not None]
        total[name] = sum(said, Decimal(0)) if len(said) == len(values) else None
    return total


def _line(plan: MediaPlan, key: str, first: date, last: date) -> dict[str, Decimal]:
    item = plan.lines[key]
    if item.cost is None:
        return {}
    flight = item.flight or plan.flight
    spend = item.cost.amount * _part(flight, first, last)
    found = {"spend": spend}
    if cpm := _expected(item, "cpm"):
        found["impressions"] = spend / cpm * 1000
    for name, cost in _PER.items():
        if price := _expected(item, cost):
            found[name] = spend / price
    ctr = _expected(item, "ctr")
    if ctr and "impressions" in found and "clicks" not in found:
        found["clicks"] = found["impressions"] * ctr / 100
    if ctr and "clicks" in found and "impressions" not in found:
        found["impressions"] = found["clicks"] / ctr * 100
    landing = _expected(item, "landing_rate")
    if landing and "clicks" in found:
        found["visits"] = found["clicks"] * landing / 100
    if roas := _expected(item, "roas"):
        found["revenue"] = spend * roas
    return found


def _expected(item: LineItem, name: str) -> Decimal | None:
    value = item.expect.get(name)
    return value.amount if isinstance(value, Money) else value


def _part(flight: Flight, first: date, last: date) -> Decimal:
    """
    The part of a flight's days that lies in a span.
    """
    start, end = max(first, flight.first_day), min(last, flight.last_day)
    days = max((end - start).days + 1, 0)
    return Decimal(days) / flight.number_of_days


def target_of(
    plan: MediaPlan, known: KPI, labels: Mapping[str, str]
) -> tuple[KPITarget, Flight] | None:
    """
    The target that a KPI of a group has in the plan, and the flight it is for.
    """
    if set(labels) == {"line"}:
        item = plan.lines.get(labels["line"])
        flight = (item.flight if item else None) or plan.flight
        found = [t for t in (item.targets if item else ()) if t.kpi == known.name]
        return (found[0], flight) if found else None
    if set(labels) - {"network"}:
        return None
    network = labels.get("network")
    goals = plan.strategy.goals if plan.strategy else ()
    for goal in goals:
        where = goal.network.value if goal.network else None
        if goal.kpi == known.name and where == network:
            return goal, plan.flight
    return None


def held(
    known: KPI,
    target: KPITarget,
    value: Decimal | None,
    flight: Flight,
    *,
    first: date,
    last: date,
) -> KPIStatus:
    """
    How a value of some days stands against a target for the whole flight: sums against
    their part of it, ratios and costs against the target itself.
    """
    until = target.by or flight.last_day
    days = max((until - flight.first_day).days + 1, 1)
    start, end = max(first, flight.first_day), min(last, until)
    part = Decimal(max((end - start).days + 1, 0)) / days
    summed = known.formula in BASE_METRICS and known.name not in _STOCKS
    expected = target.amount * part if summed else None
    return status_of(known, target, value, expected, done=last >= until)
