"""
A plan's lines as lines of an allocation: curves stated, or rates that follow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from smmlib.errors import Issue, ValidationError
from smmlib.model import (
    FrozenMap,
    LinearResponse,
    LineItem,
    MediaPlan,
    Money,
    kpi,
)
from smmlib.model._response import ResponseCurve, as_parameter
from smmlib.planning._allocate import Allocation, allocate
from smmlib.planning._allocate_values import AllocationGroup, AllocationLine

if TYPE_CHECKING:
    from smmlib.planning._split_money import Fixed

_PRICES = {
    "registrations": "cost_per_registration",
    "leads": "cost_per_lead",
    "conversions": "cost_per_conversion",
    "clicks": "cpc",
}
_HUNDRED, _THOUSAND = Decimal(100), Decimal(1000)


def weights_of(maximise: str | Mapping[str, Any]) -> FrozenMap[Decimal]:
    """
    What is to be maximised: one KPI, or several with what one of each counts.
    """
    given = maximise if isinstance(maximise, Mapping) else {maximise: 1}
    return FrozenMap({kpi(name).name: as_parameter(w) for name, w in given.items()})


def response_of(line: LineItem, name: str) -> ResponseCurve | None:
    """
    What a line brings of a KPI: its own curve, or a straight line from what it expects.
    """
    stated = line.response.get(name)
    if stated is not None:
        return stated
    rate = _rate(line, name)
    return LinearResponse(rate) if rate is not None and rate > 0 else None


def _rate(line: LineItem, name: str) -> Decimal | None:
    """
    How many one unit of money brings, from prices and rates the line expects.
    """
    price = line.expect.get(_PRICES.get(name, ""))
    if isinstance(price, Money) and price:
        return 1 / price.amount
    count, cost = line.expect.get(name), line.cost
    if isinstance(count, Decimal) and cost:
        return count / cost.amount
    if name == "impressions":
        cpm = line.expect.get("cpm")
        return _THOUSAND / cpm.amount if isinstance(cpm, Money) and cpm else None
    step = {"clicks": ("impressions", "ctr"), "visits": ("clicks", "landing_rate")}
    if name not in step:
        return None
    before, percent = step[name]
    base, share = _rate(line, before), line.expect.get(percent)
    if base is None or not isinstance(share, Decimal):
        return None
    return base * share / _HUNDRED


def best_of_plan(
    plan: MediaPlan,
    fixed: Mapping[str, Fixed],
    pool: Money,
    *,
    weights: FrozenMap[Decimal],
    groups: Sequence[AllocationGroup],
) -> Allocation:
    """
    The best split of a pool over the plan's paid lines.

    Lines with a curve compete; others, and those the budget fixes, keep their money.

    Raises:
        ValidationError: No line has a curve, or one has neither a curve nor a cost.
    """
    lines, issues = [], []
    for key, line in plan.lines.items():
        if not line.paid:
            continue
        curves = {name: response_of(line, name) for name in weights}
        known = {name: curve for name, curve in curves.items() if curve is not None}
        held = fixed.get(key)
        if held is not None and (held.final or not known):
            lines.append(
                _line(key, line, known or {_first(weights): _NONE}, held.money)
            )
        elif known:
            lines.append(_line(key, line, known, None))
        else:
            issues.append(_without_curve(f"lines.{key}.response", key, weights))
    if not issues and all(line.locked is not None for line in lines):
        issues = [
            _without_curve(f"lines.{line.key}.response", line.key, weights)
            for line in lines
        ] or [_without_curve("lines", "", weights)]
    if issues:
        raise ValidationError(issues)
    used = {name for line in lines for name in line.response}
    return allocate(
        lines,
        pool,
        weights={name: w for name, w in weights.items() if name in used},
        groups=groups,
    )


_NONE = LinearResponse(0)


def _first(weights: FrozenMap[Decimal]) -> str:
    return next(iter(weights))


def _line(
    key: str,
    line: LineItem,
    curves: Mapping[str, ResponseCurve],
    locked: Money | None,
) -> AllocationLine:
    return AllocationLine(
        key,
        FrozenMap(curves),
        minimum=None if locked else line.minimum,
        maximum=None if locked else line.maximum,
        locked=locked,
        tags={
            "network": " + ".join(line.networks),
            "platform": " + ".join(line.platforms),
        },
    )


def _without_curve(path: str, key: str, weights: FrozenMap[Decimal]) -> Issue:
    name = _first(weights)
    price = _PRICES.get(name)
    by_price = f"expect: {{{price}: 20 EUR}}, or " if price else ""
    return Issue(
        path,
        "split.no_response",
        f"nothing says how many {name.replace('_', ' ')} the money for "
        f"{key or 'any line'} brings",
        value=key,
        limit=", ".join(weights),
        hint=f"add {by_price}response: {{{name}: {{hill: {{most: 900, half: 8000}}}}}}",
    )
