"""
The other way round: the least money that reaches a target, with a proof.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import attrs

from smmlib.errors import Issue, ValidationError
from smmlib.model import FxRates, Money
from smmlib.planning._allocate import GAP, NODES, Allocation, solved, verify
from smmlib.planning._allocate_lines import Problem, problem_of
from smmlib.planning._allocate_rows import with_total
from smmlib.planning._allocate_values import AllocationGroup, AllocationLine
from smmlib.planning._certificate import Verification

_ROUNDS = 120


@attrs.frozen
class LeastBudget:
    """
    The least money that reaches a target.

    Attributes:
        target: What was to be reached.
        allocation: How the money is divided that reaches it.
        below: An allocation of the most money that is proven not to reach it; None
            where nothing less is possible.
    """

    target: float
    allocation: Allocation = attrs.field(kw_only=True)
    below: Allocation | None = attrs.field(kw_only=True)

    @property
    def total(self) -> Money:
        """
        What the target costs.
        """
        return self.allocation.total

    @property
    def bound(self) -> Money:
        """
        No smaller total can reach the target.
        """
        if self.below is None:
            return self.total
        return self.below.total + self.below.total.coin

    @property
    def gap(self) -> float:
        """
        How much cheaper it could be at most, relative to what it costs.
        """
        if not self.total:
            return 0.0
        return float((self.total - self.bound).amount / self.total.amount)

    @property
    def amounts(self) -> dict[str, Money]:
        """
        Money by key of line; `with_budgets` takes it.
        """
        return self.allocation.amounts

    def verify(self) -> Verification:
        """
        Look at it a second time: the target is reached, and less money cannot.
        """
        found = verify(self.allocation)
        problems = list(found.problems)
        if found.value < self.target * (1 - 1e-12):
            problems.append(f"it brings {found.value}, not {self.target}")
        if self.below is not None:
            second = verify(self.below)
            problems += second.problems
            if second.bound >= self.target:
                problems.append(f"{self.below.total} may reach the target too")
        return attrs.evolve(found, ok=not problems, problems=tuple(problems))

    def __str__(self) -> str:
        return (
            f"{self.total} reach {self.target:,.6g}; less than {self.bound} cannot."
            f"\n\n{self.allocation}"
        )

    def _repr_html_(self) -> str:
        head = f"{self.total} reach {self.target:,.6g}; less than {self.bound} cannot."
        return f"<p>{head}</p>{self.allocation._repr_html_()}"


def least_budget(
    lines: Iterable[AllocationLine],
    target: float | Decimal | str,
    *,
    currency: str,
    most: Money | str | None = None,
    weights: Mapping[str, Any] | None = None,
    groups: Sequence[AllocationGroup] = (),
    rates: FxRates | None = None,
    on: date | None = None,
    gap: float = GAP,
    nodes: int = NODES,
) -> LeastBudget:
    """
    Find the least money with which the lines together reach a target, and prove it.

    Args:
        lines: Lines with their curves and bounds.
        target: What they should bring together, weighted.
        currency: Of the total.
        most: Look no further than this; by default what all maxima allow.
        weights: What one result of each kind counts.
        groups: Limits of several lines together.
        rates: Exchange rates, for lines in other currencies.
        on: The day of those rates.
        gap: As in `allocate`.
        nodes: As in `allocate`.

    Raises:
        ValidationError: Every problem of the input, or the target is out of reach.
    """
    given, wanted = tuple(lines), float(target)
    ceiling = most if most is not None else _ceiling(given, currency)
    problem = problem_of(
        given, ceiling, weights=weights, groups=groups, rates=rates, on=on
    )
    top = solved(problem, gap=gap, nodes=nodes)
    if top.response < wanted:
        _out_of_reach(top, wanted)
    return _bisected(problem, top, wanted, gap=gap, nodes=nodes)


def _ceiling(lines: Sequence[AllocationLine], currency: str) -> Money:
    """
    All maxima together, or where a line has none, more than anybody plans.
    """
    one_million = Money(1_000_000_000, currency)
    tops = [line.locked or line.maximum for line in lines]
    known = [top for top in tops if top is not None and top.currency == currency]
    if not lines or len(known) < len(tops):
        return one_million
    return sum(known, Money.zero(currency))


def _out_of_reach(top: Allocation, target: float) -> None:
    raise ValidationError(
        [
            Issue(
                "target",
                "allocate.target",
                f"{top.total} bring {top.response:,.6g} at best",
                value=str(target),
                limit=f"{top.bound:,.6g}",
                hint="lower the target, raise maxima, or add lines",
            )
        ]
    )


def _bisected(
    problem: Problem, top: Allocation, target: float, *, gap: float, nodes: int
) -> LeastBudget:
    """
    Halve between the most money that cannot and the least that can.
    """
    floor = sum(entry.floor for entry in problem.entries)
    low, high = floor - 1, problem.coins
    best: Allocation = top
    below: Allocation | None = None
    for _ in range(_ROUNDS):
        if high - low <= 1:
            break
        middle = _between(low, high, below, best, target)
        found = solved(with_total(problem, middle), gap=gap, nodes=nodes)
        if found.response >= target:
            high, best = middle, found
        elif found.bound < target:
            low, below = middle, found
        else:
            # Nobody knows: what can be proven stays below, what is had stays above.
            break
    return _narrowed(
        problem, best, below, target, ends=(low, high), gap=gap, nodes=nodes
    )


def _between(
    low: int,
    high: int,
    below: Allocation | None,
    best: Allocation,
    target: float,
) -> int:
    """
    Where the target is expected between two totals, kept off the ends.
    """
    middle = (low + high) // 2
    if below is None or best.response <= below.response:
        return middle
    share = (target - below.response) / (best.response - below.response)
    guess = low + round((high - low) * share)
    edge = max((high - low) // 64, 1)
    return min(max(guess, low + edge), high - edge) if high - low > 2 else middle  # noqa: PLR2004 - room between


def _narrowed(
    problem: Problem,
    best: Allocation,
    below: Allocation | None,
    target: float,
    *,
    ends: tuple[int, int],
    gap: float,
    nodes: int,
) -> LeastBudget:
    """
    Where the search's own gap leaves a range open: narrow it from both sides.
    """
    low, high = ends
    cannot, can = low, high
    for _ in range(_ROUNDS):
        if high - cannot <= 1:
            break
        middle = (cannot + high) // 2
        found = solved(with_total(problem, middle), gap=gap, nodes=nodes)
        if found.bound < target:
            cannot, below = middle, found
        else:
            high = middle
    high = can
    for _ in range(_ROUNDS):
        if high - low <= 1:
            break
        middle = (low + high) // 2
        found = solved(with_total(problem, middle), gap=gap, nodes=nodes)
        if found.response >= target:
            high, best = middle, found
        else:
            low = middle
    return LeastBudget(target, allocation=best, below=below)
