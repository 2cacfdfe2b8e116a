"""
The best split of a budget over lines with response curves, with a proof beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from math import fsum
from typing import Any

import attrs

from smmlib.errors import Issue, ValidationError
from smmlib.model import FrozenMap, FxRates, Money
from smmlib.planning._allocate_chart import allocation_svg
from smmlib.planning._allocate_coins import exchanged, to_coins, tried_all
from smmlib.planning._allocate_fill import Block
from smmlib.planning._allocate_fit import fitted
from smmlib.planning._allocate_groups import (
    bounded_by,
    crossed,
    is_nested,
    path_of,
)
from smmlib.planning._allocate_lines import Entry, Problem, problem_of
from smmlib.planning._allocate_rows import (
    AllocationRow,
    SensitivityRow,
    rows_of,
    sensitivity_of,
)
from smmlib.planning._allocate_search import Found, Leaf, search
from smmlib.planning._allocate_show import (
    allocation_data,
    allocation_html,
    allocation_text,
)
from smmlib.planning._allocate_values import AllocationGroup, AllocationLine
from smmlib.planning._arcs import Shape
from smmlib.planning._certificate import (
    Certificate,
    LineWorth,
    Verification,
    best_of_all,
    proven_bound,
)
from smmlib.planning._curves import shape_of

GAP = 1e-9
"""
When the search stops: a better split could bring at most this much more, relatively.
"""
NODES = 2000
"""
After how many parts of the possibilities it stops at the latest.
"""

_TINY = 1e-15
_ROUGH = 1e-6  # enough for a table of other totals


@attrs.frozen(repr=False)
class Allocation:
    """
    How a budget is best divided; the sum is the total to the smallest coin.

    Attributes:
        problem: What was asked.
        coins: What each line gets, in coins of the total's currency.
        certificate: What it brings, what is possible at most, and the proof.
        settings: How it was searched.
    """

    problem: Problem
    coins: tuple[int, ...]
    certificate: Certificate = attrs.field(kw_only=True)
    settings: FrozenMap[Any] = attrs.field(kw_only=True, eq=False)

    @property
    def total(self) -> Money:
        """
        What there was to spend.
        """
        return self.problem.total

    @property
    def currency(self) -> str:
        """
        The currency of the total.
        """
        return self.total.currency

    @property
    def amounts(self) -> dict[str, Money]:
        """
        Money by key of line; `with_budgets` takes it.
        """
        money = self.problem.money
        return {
            entry.line.key: money(coins)
            for entry, coins in zip(self.problem.entries, self.coins, strict=True)
        }

    @property
    def unspent(self) -> Money:
        """
        What no line may or can take.
        """
        return self.problem.money(self.problem.coins - sum(self.coins))

    @property
    def response(self) -> float:
        """
        What all lines bring together, weighted.
        """
        return self.certificate.value

    @property
    def bound(self) -> float:
        """
        What no split of this money can exceed.
        """
        return self.certificate.bound

    @property
    def gap(self) -> float:
        """
        How much better another split could be at most, relative to the bound.
        """
        return self.certificate.gap

    @property
    def nodes(self) -> int:
        """
        How many parts of the possibilities were looked at.
        """
        return self.certificate.nodes

    @property
    def marginal(self) -> float:
        """
        What one more unit of money would bring, at the best place for it.
        """
        gains = (row.marginal for row in self.rows if "maximum" not in row.binds)
        return max(gains, default=0.0)

    @property
    def results(self) -> dict[str, float]:
        """
        What all lines bring together, by kind, not weighted.
        """
        sums: dict[str, list[float]] = {name: [] for name in self.problem.weights}
        for row in self.rows:
            for name, value in row.results.items():
                sums.setdefault(name, []).append(value)
        return {name: fsum(values) for name, values in sums.items()}

    @property
    def rows(self) -> tuple[AllocationRow, ...]:
        """
        One row per line, in their order.
        """
        return rows_of(self)

    def sensitivity(
        self, changes: Sequence[int | Decimal] = (-20, -10, -5, 5, 10, 20)
    ) -> tuple[SensitivityRow, ...]:
        """
        What other totals would bring, each split as well as this one.

        Args:
            changes: Changes of the total in percent; those that the minima or the
                groups do not allow are left out.
        """
        gap = max(self.settings["gap"], _ROUGH)
        return sensitivity_of(self, changes, lambda p: solved(p, gap=gap, nodes=64))

    def to_dict(self) -> dict[str, Any]:
        """
        All of it as JSON-ready data; money as text, results as numbers.
        """
        return allocation_data(self)

    def chart(self) -> str:
        """
        The curves with the chosen points, as an SVG drawing.
        """
        return allocation_svg(self)

    def __str__(self) -> str:
        return allocation_text(self)

    def __repr__(self) -> str:
        lines = f"{len(self.coins)} lines"
        return f"<Allocation of {self.total} over {lines}, {self.certificate}>"

    def _repr_html_(self) -> str:
        return allocation_html(self)


def allocate(
    lines: Iterable[AllocationLine],
    total: Money | str,
    *,
    weights: Mapping[str, Any] | None = None,
    groups: Sequence[AllocationGroup] = (),
    rates: FxRates | None = None,
    on: date | None = None,
    gap: float = GAP,
    nodes: int = NODES,
) -> Allocation:
    """
    Divide money so that the lines together bring the most, and prove it.

    Every coin that a line may take is given out, also where it brings nothing more;
    what is left over is `unspent`.

    Args:
        lines: Lines with their curves and bounds.
        total: What there is to spend.
        weights: What one result of each kind counts; all the same if left out.
        groups: Limits of several lines together.
        rates: Exchange rates, for lines in other currencies.
        on: The day of those rates.
        gap: Stop when no split can be better by more than this part.
        nodes: Stop after looking at so many parts of the possibilities.

    Raises:
        ValidationError: Every problem of the input at once.
        CurrencyMismatch: Other currencies than the total's, without a rate.
    """
    problem = problem_of(
        lines, total, weights=weights, groups=groups, rates=rates, on=on
    )
    return solved(problem, gap=gap, nodes=nodes)


def solved(problem: Problem, *, gap: float = GAP, nodes: int = NODES) -> Allocation:
    """
    The best split of a checked problem.
    """
    entries = problem.entries
    shapes = _shapes_of(entries)
    classes = _classes_of(problem)
    blocks = [
        Block(
            shapes[places[0]],
            float(entries[places[0]].floor),
            float(entries[places[0]].high),
            float(entries[places[0]].low) if entries[places[0]].can_be_zero else 0.0,
            len(places),
            owner,
            entries[places[0]].step,
        )
        for owner, places in enumerate(classes)
    ]
    found = _searched(problem, blocks, classes, gap, nodes)
    if found is None:
        raise ValidationError([_unfit(problem)])
    coins = _whole(problem, classes, found, shapes)
    coins, certificate = _certified(
        problem, classes, coins, found=found, shapes=shapes, gap=gap
    )
    settings: FrozenMap[Any] = FrozenMap({"gap": gap, "nodes": nodes})
    return Allocation(problem, tuple(coins), certificate=certificate, settings=settings)


def _searched(
    problem: Problem,
    blocks: Sequence[Block],
    classes: Sequence[tuple[int, ...]],
    gap: float,
    nodes: int,
) -> Found | None:
    """
    The best amounts, by the way that suits the groups.
    """
    budget = float(problem.coins)
    if not problem.limits:
        return search(blocks, budget, gap=gap, nodes=nodes)
    firsts = [places[0] for places in classes]
    if is_nested(problem.limits):
        bounded = bounded_by(problem, firsts)
        return search(blocks, budget, gap=gap, nodes=nodes, bounded=bounded)
    best = crossed(blocks, budget, problem.limits, firsts)
    return Found(best.amounts, best.bound, best.bound, 1, Leaf(best.prices))


def _shapes_of(entries: Sequence[Entry]) -> list[Shape]:
    made: dict[Any, Shape] = {}
    found = []
    for entry in entries:
        shape = made.get(entry.parts)
        if shape is None:
            shape = made[entry.parts] = shape_of(entry.parts)
        found.append(shape)
    return found


def _classes_of(problem: Problem) -> tuple[tuple[int, ...], ...]:
    """
    Places of equal lines: same curves, bounds, steps and groups.
    """
    limits = problem.limits
    classes: dict[Any, list[int]] = {}
    for place, e in enumerate(problem.entries):
        where = path_of(place, limits) if limits else ()
        key = (e.parts, e.low, e.high, e.step, e.can_be_zero, where)
        classes.setdefault(key, []).append(place)
    return tuple(tuple(places) for places in classes.values())


def _whole(
    problem: Problem,
    classes: Sequence[tuple[int, ...]],
    found: Found,
    shapes: Sequence[Shape],
) -> list[int]:
    """
    The amounts in coins, line by line.
    """
    wanted = [0.0] * len(problem.entries)
    for places, given in zip(classes, found.amounts, strict=True):
        each = iter(places)
        for x, n in sorted(given, reverse=True):
            for _ in range(n):
                wanted[next(each)] = x
    if problem.limits:
        moved = None if is_nested(problem.limits) else [f.value for f in shapes]
        coins = fitted(wanted, problem, moved)
        if coins is None:
            raise ValidationError([_unfit(problem)])
        return coins
    return to_coins(wanted, problem.entries, problem.coins)


def _unfit(problem: Problem) -> Issue:
    names = ", ".join(limit.name for limit in problem.limits)
    return Issue(
        "groups",
        "allocate.groups",
        "no split was found that keeps all limits of the groups together",
        value=names,
        limit=str(problem.total),
        hint="lower a minimum or raise a maximum where groups overlap",
    )


def _certified(
    problem: Problem,
    classes: tuple[tuple[int, ...], ...],
    coins: list[int],
    *,
    found: Found,
    shapes: Sequence[Shape],
    gap: float,
) -> tuple[list[int], Certificate]:
    """
    The best coins near the exact answer, and the tightest bound that is proven.
    """
    entries = problem.entries
    values = [shape.value for shape in shapes]
    value = fsum([f(x) for f, x in zip(values, coins, strict=True)])
    bound, tree, method = found.bound, found.tree, "prices"
    goal = min(gap, 1e-10)
    if bound - value > goal * abs(bound) and not problem.limits:
        coins, price = exchanged(coins, entries, values)
        value = fsum([f(x) for f, x in zip(values, coins, strict=True)])
        if found.tree.lower is None and bound - value > _TINY * abs(bound):
            leaf = Leaf((price,))
            proof = Certificate(
                value, value, nodes=1, method=method, tree=leaf, classes=classes
            )
            on_coins = proven_bound(problem, proof)
            if on_coins < bound:
                bound, tree = on_coins, leaf
        if bound - value > goal * abs(bound):
            tried = tried_all(entries, values, problem.coins)
            if tried is not None:
                coins, value = _spread(tried.coins, problem), tried.value
                value = fsum([f(x) for f, x in zip(values, coins, strict=True)])
                bound, method = value, "every split"
    made = Certificate(
        value,
        max(bound, value),
        nodes=found.nodes,
        method=method,
        tree=tree,
        classes=classes,
    )
    return coins, made


def _spread(coins: list[int], problem: Problem) -> list[int]:
    """
    The same with what is left over given to lines that may take it.
    """
    return to_coins([float(x) for x in coins], problem.entries, problem.coins)


def verify(allocation: Allocation) -> Verification:
    """
    Look at an allocation a second time, with code that shares nothing with the first.

    Sums, bounds, steps and groups are checked; what the amounts bring and what no
    split can exceed are computed anew from the lines.
    """
    problem, coins = allocation.problem, allocation.coins
    certificate = allocation.certificate
    problems = [*_kept(problem, coins)]
    worths = [LineWorth(entry, problem) for entry in problem.entries]
    value = fsum(worth.value(n) for worth, n in zip(worths, coins, strict=True))
    if certificate.method == "every split":
        bound = best_of_all(problem)
    else:
        bound = proven_bound(problem, certificate)
    scale = max(abs(certificate.value), abs(certificate.bound))
    # Rounding of the curves themselves, where hardly anything can be spent.
    scale += 1e-4 * fsum(worth.value(worth.entry.high) for worth in worths)
    if abs(value - certificate.value) > 1e-9 * scale:
        problems.append(f"it brings {value}, not {certificate.value}")
    if bound > certificate.bound + 1e-9 * scale:
        problems.append(f"only {bound} is proven, not {certificate.bound}")
    if value > bound + 1e-9 * scale:
        problems.append(f"it brings {value}, more than the bound {bound}")
    return Verification(not problems, value, bound=bound, problems=tuple(problems))


def _kept(problem: Problem, coins: Sequence[int]) -> Iterable[str]:
    """
    What of bounds, steps, groups and the total is not kept.
    """
    if len(coins) != len(problem.entries):
        yield f"{len(coins)} amounts for {len(problem.entries)} lines"
        return
    if sum(coins) > problem.coins:
        yield f"more than the total of {problem.total} is given out"
    for entry, n in zip(problem.entries, coins, strict=True):
        inside = entry.low <= n <= entry.high or (entry.can_be_zero and n == 0)
        if not inside or (n % entry.step and entry.line.locked is None):
            yield f"{entry.line.key} gets {problem.money(n)}, which it may not"
    for limit in problem.limits:
        given = sum(coins[place] for place in limit.places)
        if given < limit.floor or (limit.cap is not None and given > limit.cap):
            yield f"group {limit.name} gets {problem.money(given)}, which it may not"


__all__ = [
    "Allocation",
    "AllocationRow",
    "SensitivityRow",
    "allocate",
    "solved",
    "verify",
]
