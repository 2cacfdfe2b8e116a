"""
What an allocation says about each line, and about other totals.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

import attrs

from smmlib.errors import ValidationError
from smmlib.model import FrozenMap, Money

if TYPE_CHECKING:
    from smmlib.planning._allocate import Allocation
    from smmlib.planning._allocate_lines import Entry, Problem

_FLAT = 1e-12


@attrs.frozen
class AllocationRow:
    """
    What one line gets, what that brings, and why.

    Attributes:
        line: Its key.
        amount: What it gets, in the currency of the total.
        own: The same in its own currency.
        response: What that brings, weighted.
        results: What it brings of each kind.
        marginal: What one more unit of money would bring.
        binds: What keeps it from getting more or less; empty where nothing does.
        why: In words.
    """

    line: str
    amount: Money = attrs.field(kw_only=True)
    own: Money = attrs.field(kw_only=True)
    response: float = attrs.field(kw_only=True)
    results: FrozenMap[float] = attrs.field(kw_only=True)
    marginal: float = attrs.field(kw_only=True)
    binds: str = attrs.field(kw_only=True)
    why: str = attrs.field(kw_only=True)


@attrs.frozen
class SensitivityRow:
    """
    What another total would bring.

    Attributes:
        change: The other total against this one, in percent.
        total: The other total.
        response: What it would bring.
        difference: How much more or less that is.
        marginal: What one more unit of money would bring then.
    """

    change: Decimal
    total: Money = attrs.field(kw_only=True)
    response: float = attrs.field(kw_only=True)
    difference: float = attrs.field(kw_only=True)
    marginal: float = attrs.field(kw_only=True)


def rows_of(allocation: Allocation) -> tuple[AllocationRow, ...]:
    """
    One row per line.
    """
    problem = allocation.problem
    used = [
        sum(allocation.coins[place] for place in limit.places)
        for limit in problem.limits
    ]
    return tuple(
        _row(problem, place, coins, used)
        for place, coins in enumerate(allocation.coins)
    )


def _row(
    problem: Problem, place: int, coins: int, used: Sequence[int]
) -> AllocationRow:
    entry = problem.entries[place]
    line, amount = entry.line, problem.money(coins)
    binds = _binds(problem, place, coins, used)
    now, more = _results(entry, problem, coins), _marginal(entry, problem, coins)
    return AllocationRow(
        line.key,
        amount=amount,
        own=_own(entry, amount),
        response=sum(float(problem.weights.get(k, 0)) * v for k, v in now.items()),
        results=FrozenMap(now),
        marginal=more,
        binds=binds,
        why=_why(entry, binds, more, amount),
    )


def _results(entry: Entry, problem: Problem, coins: int) -> dict[str, float]:
    spend = coins / 10**problem.total.decimals / float(entry.rate)
    return {name: curve.at(spend) for name, curve in entry.line.response.items()}


def _marginal(entry: Entry, problem: Problem, coins: int) -> float:
    """
    What one more unit of the total's currency brings, by a step to either side.
    """
    step = max(entry.step, round(coins * 1e-6))
    low, high = max(coins - step, 0), coins + step
    if coins == 0:
        low = 0
    weights = problem.weights

    def value(n: int) -> float:
        found = _results(entry, problem, n)
        return sum(float(weights.get(k, 0)) * v for k, v in found.items())

    unit = float(10**problem.total.decimals)
    ahead = (value(high) - value(coins)) / (high - coins)
    behind = (value(coins) - value(low)) / (coins - low) if coins > low else ahead
    smooth = abs(ahead - behind) <= 0.1 * max(abs(ahead), abs(behind))
    return unit * ((ahead + behind) / 2 if smooth else ahead)


def _own(entry: Entry, amount: Money) -> Money:
    """
    The amount in the line's own currency, inside its bounds.
    """
    codes = [money.currency for money in entry.line.money.values()]
    code = entry.line.currency.upper() or next(iter(codes), amount.currency)
    if code == amount.currency:
        return amount
    own = Money.rounded(amount.amount / entry.rate, code)
    least, most = entry.line.minimum, entry.line.maximum
    if entry.line.locked is not None:
        return entry.line.locked
    if own and least is not None:
        own = max(own, least)
    return own if most is None else min(own, most)


def _binds(problem: Problem, place: int, coins: int, used: Sequence[int]) -> str:
    entry = problem.entries[place]
    if entry.line.locked is not None:
        return "locked"
    found = []
    if coins == 0 and entry.can_be_zero:
        found.append("nothing")
    elif coins == entry.low and coins > 0:
        found.append("minimum")
    elif coins == 0:
        found.append("zero")
    if coins == entry.high and entry.line.maximum is not None:
        found.append("maximum")
    for limit, sum_ in zip(problem.limits, used, strict=True):
        if place not in limit.places:
            continue
        if sum_ == limit.cap:
            found.append(f"maximum of {limit.name}")
        elif limit.floor and sum_ == limit.floor:
            found.append(f"minimum of {limit.name}")
    return ", ".join(found)


_REASONS = {
    "locked": "locked at this amount",
    "nothing": "its minimum would bring less here than the same money elsewhere",
    "minimum": "held up by its minimum: the money would bring more elsewhere",
    "zero": "the first money brings more elsewhere",
    "maximum": "held down by its maximum: more would bring more here",
}


def _why(entry: Entry, binds: str, marginal: float, amount: Money) -> str:
    if entry.line.or_nothing and entry.low >= entry.high and amount:
        return "all or nothing, and it is worth it"
    said = [
        _REASONS.get(word, f"held by the {word}") for word in binds.split(", ") if word
    ]
    if said:
        return "; ".join(said)
    if marginal <= _FLAT:
        return "more brings nothing more: what is left over stands here"
    return "one more unit brings as much here as elsewhere"


def sensitivity_of(
    allocation: Allocation,
    changes: Sequence[int | Decimal],
    solve: Callable[[Problem], Allocation],
) -> tuple[SensitivityRow, ...]:
    """
    What other totals would bring.
    """
    rows = []
    for change in changes:
        share = 1 + Decimal(change) / 100
        total = Money.rounded(allocation.total.amount * share, allocation.currency)
        coins = int(total.amount.scaleb(total.decimals))
        if coins < sum(entry.floor for entry in allocation.problem.entries):
            continue
        other = with_total(allocation.problem, coins)
        try:
            found = solve(other)
        except ValidationError:
            continue  # the groups do not allow this total
        rows.append(
            SensitivityRow(
                Decimal(change),
                total=total,
                response=found.response,
                difference=found.response - allocation.response,
                marginal=found.marginal,
            )
        )
    return tuple(rows)


def with_total(problem: Problem, coins: int) -> Problem:
    """
    The same problem with another total.
    """
    entries = tuple(
        attrs.evolve(entry, high=_most(entry, problem.coins, coins))
        for entry in problem.entries
    )
    return attrs.evolve(
        problem, total=problem.money(coins), coins=coins, entries=entries
    )


def _most(entry: Entry, before: int, coins: int) -> int:
    """
    A line without a maximum may take the whole total, whatever that is.
    """
    free = entry.line.maximum is None and entry.line.locked is None
    if not free or entry.high < before // entry.step * entry.step:
        return entry.high
    return max(coins // entry.step * entry.step, entry.low)
