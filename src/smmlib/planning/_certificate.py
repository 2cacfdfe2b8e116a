"""
The proof beside an allocation, and its check by code apart from the search.

A leaf of the proof holds prices. No split of that part of the possibilities can bring
more than the sum, over all lines, of the most that response minus price times amount
can be, plus the price of the budget. That is computed here from the lines as they were
given, on whole coins, with the curves' plain formulas: convex stretches are bounded by
their chord, concave ones are searched coin by coin in halves.
"""

from __future__ import annotations

from math import fsum, inf
from typing import TYPE_CHECKING

import attrs

from smmlib.model import HillResponse, LinearResponse, PiecewiseResponse, PowerResponse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from smmlib.model._response import ResponseCurve
    from smmlib.planning._allocate_lines import Entry, Problem
    from smmlib.planning._allocate_search import Leaf

_CLOSE = 1e-13
_CELLS = 4000


@attrs.frozen
class Certificate:
    """
    How good an allocation is at worst, and the proof.

    Attributes:
        value: What the allocation brings.
        bound: What no allocation can exceed.
        nodes: How many parts of the possibilities were looked at.
        method: `prices`, or `every split` where all of them were compared.
        tree: The proof: cuts and prices.
        classes: Places of the lines that count as equal, for each class of the proof.
    """

    value: float
    bound: float
    nodes: int = attrs.field(kw_only=True)
    method: str = attrs.field(kw_only=True)
    tree: Leaf = attrs.field(repr=False, eq=False, kw_only=True)
    classes: tuple[tuple[int, ...], ...] = attrs.field(repr=False, kw_only=True)

    @property
    def gap(self) -> float:
        """
        How much better another split could be at most, relative to the bound.
        """
        return (self.bound - self.value) / abs(self.bound) if self.bound else 0.0

    def __str__(self) -> str:
        return (
            f"brings {self.value:,.6g}, at most {self.bound:,.6g} is possible "
            f"(gap {self.gap:.1e}, {self.nodes} nodes, by {self.method})"
        )


@attrs.frozen
class Verification:
    """
    What a second look at an allocation found.

    Attributes:
        ok: Whether all of it holds.
        value: What the amounts bring, computed anew.
        bound: What no split can exceed, computed anew.
        problems: What does not hold, in words.
    """

    ok: bool
    value: float
    bound: float = attrs.field(kw_only=True)
    problems: tuple[str, ...] = attrs.field(default=(), kw_only=True)

    @property
    def gap(self) -> float:
        """
        How much better another split could be at most, relative to the bound.
        """
        return (self.bound - self.value) / abs(self.bound) if self.bound else 0.0


# -- a line on its own -------------------------------------------------------------


@attrs.frozen
class _Cell:
    """
    Whole steps from a to b of one line, cut where a curve changes its bend.
    """

    a: int
    b: int


class LineWorth:
    """
    One line by its plain formulas: what it brings, and the most it can be worth.
    """

    def __init__(self, entry: Entry, problem: Problem) -> None:
        self.entry = entry
        self._unit = float(10**problem.total.decimals) * float(entry.rate)
        self._curves = [
            (float(problem.weights[name]), curve)
            for name, curve in entry.line.response.items()
            if problem.weights.get(name)
        ]
        self._bends = sorted({b for _, c in self._curves for b in _bends(c)})
        self._known: dict[tuple[int, int, float], float] = {}

    @property
    def bend(self) -> float:
        """
        Where an S-shaped line gets going, in coins; 0 for any other.
        """
        if len(self._curves) != 1:
            return 0.0
        ((_, curve),) = self._curves
        if not isinstance(curve, HillResponse) or not curve.most:
            return 0.0
        return self._unit * max(_bends(curve), default=0.0)

    def value(self, coins: int) -> float:
        """
        What this many coins bring.
        """
        spend = coins / self._unit
        return fsum(weight * curve.at(spend) for weight, curve in self._curves)

    def most(self, low: float, high: float, price: float) -> float:
        """
        The most of response minus price times coins, between two amounts.
        """
        step = self.entry.step
        a, b = _up(low, step), _down(high, step)
        if a > b:
            return -inf
        key = (a, b, price)
        if key not in self._known:
            self._known[key] = self._most(a, b, price)
        return self._known[key]

    def _most(self, a: int, b: int, price: float) -> float:
        step = self.entry.step
        cuts = {a, b}
        for bend in self._bends:
            before = int(bend * self._unit / step)
            cuts |= {n for n in (before, before + 1) if a < n < b}
        edges = sorted(cuts)
        best = -inf
        for start, end in zip(edges, edges[1:] or edges, strict=False):
            best = max(best, self._in_cell(_Cell(start, end), price, best, _CELLS))
        return best

    def _in_cell(self, cell: _Cell, price: float, known: float, left: int) -> float:
        """
        The most inside a cell; cut further while convex stretches leave it open.
        """
        step, unit = self.entry.step, self._unit

        def real(n: int) -> float:
            return self.value(n * step) - price * n * step

        if cell.b - cell.a <= 2:  # noqa: PLR2004 - few enough to try all
            return max(real(n) for n in range(cell.a, cell.b + 1))
        start, end = cell.a * step / unit, cell.b * step / unit
        above = [(w, _above(c, start, end)) for w, c in self._curves]

        def bound(n: int) -> float:
            x = n * step / unit
            return fsum(w * f(x) for w, f in above) - price * n * step

        top = _top(bound, cell.a, cell.b)
        most, real_top = bound(top), max(real(top), known)
        if most - real_top <= _CLOSE * max(abs(most), abs(self.value(top * step))):
            return max(most, real_top)
        if left <= 1 or not cell.a < top < cell.b:
            return most
        parts = (_Cell(cell.a, top), _Cell(top, cell.b))
        return max(self._in_cell(part, price, real_top, left // 2) for part in parts)


def _up(x: float, step: int) -> int:
    n = int(x // step)
    return n if n * step >= x * (1 - 1e-15) else n + 1


def _down(x: float, step: int) -> int:
    n = int(x // step)
    return n + 1 if (n + 1) * step <= x * (1 + 1e-15) else n


def _top(f: Callable[[int], float], a: int, b: int) -> int:
    """
    Where a concave function over whole numbers is highest.
    """
    while b - a > 2:  # noqa: PLR2004 - the last three are compared
        middle = (a + b) // 2
        # Far enough apart for the difference to be more than rounding.
        beside = middle + max((b - a) // 8, 1)
        if f(beside) > f(middle):
            a = middle
        else:
            b = beside
    return max(range(a, b + 1), key=f)


def _bends(curve: ResponseCurve) -> Iterable[float]:
    """
    Where a curve changes between bending up and bending down.
    """
    if isinstance(curve, HillResponse) and curve.shape > 1:
        s = float(curve.shape)
        yield float(curve.half) * ((s - 1) / (s + 1)) ** (1 / s)
    if isinstance(curve, LinearResponse) and curve.cap is not None:
        yield float(curve.cap)
    if isinstance(curve, PiecewiseResponse):
        yield from (float(x) for x, _ in curve.points)


def _above(curve: ResponseCurve, a: float, b: float) -> Callable[[float], float]:
    """
    The curve where it is concave between two amounts, else the chord above it.
    """
    convex = isinstance(curve, PowerResponse) and curve.exponent > 1
    if isinstance(curve, HillResponse) and curve.shape > 1:
        (bend,) = _bends(curve)
        convex = a < bend * (1 - _CLOSE)
    if not convex:
        return curve.at
    base, slope = curve.at(a), (curve.at(b) - curve.at(a)) / (b - a)
    return lambda x: base + slope * (x - a)


# -- the whole proof ---------------------------------------------------------------


@attrs.frozen
class _Part:
    """
    Some equal lines inside a part of the possibilities.
    """

    worth: LineWorth
    places: tuple[int, ...]
    low: float
    high: float
    least: float
    gate: float
    count: int

    def at_most(self, price: float, fee: float) -> float:
        """
        The most one of its lines is worth at a price, with a fee at the gate.
        """
        found = -inf
        zero = self.least > self.low
        if zero:
            found = self._over(0.0, 0.0, price, fee)
        start = max(self.low, self.least)
        if start <= self.high:
            found = max(found, self._over(start, self.high, price, fee))
        return found

    def _over(self, low: float, high: float, price: float, fee: float) -> float:
        if not fee or high < self.gate:
            return self.worth.most(low, high, price)
        on = self.worth.most(max(low, self.gate), high, price) - fee
        if low >= self.gate:
            return on
        return max(on, self.worth.most(low, self.gate, price))


def proven_bound(problem: Problem, certificate: Certificate) -> float:
    """
    What no split can exceed, computed anew from the lines and the proof's prices.
    """
    parts = []
    for places in certificate.classes:
        entry = problem.entries[places[0]]
        if any(_other(problem.entries[place], entry) for place in places):
            return inf
        worth = LineWorth(entry, problem)
        least = float(entry.low) if entry.can_be_zero else 0.0
        low, high = float(entry.floor), float(entry.high)
        gate = max(least, worth.bend)
        gate = gate if low < gate < high else inf
        parts.append(_Part(worth, places, low, high, least, gate, len(places)))
    covered = sorted(place for part in parts for place in part.places)
    if covered != list(range(len(problem.entries))):
        return inf
    return _bound(tuple(parts), certificate.tree, problem, None)


def _other(one: Entry, entry: Entry) -> bool:
    """
    Whether two lines of one class differ in anything that counts.
    """
    ours = (one.parts, one.low, one.high, one.step, one.can_be_zero)
    return ours != (
        entry.parts,
        entry.low,
        entry.high,
        entry.step,
        entry.can_be_zero,
    )


def _bound(
    parts: tuple[_Part, ...],
    leaf: Leaf,
    problem: Problem,
    count: tuple[int, int] | None,
) -> float:
    if not _possible(parts, problem):
        return -inf
    if leaf.lower is None or leaf.upper is None:
        return _at_prices(parts, leaf, problem, count)
    if leaf.block < 0:
        return max(
            _bound(parts, leaf.lower, problem, (leaf.done, 1)),
            _bound(parts, leaf.upper, problem, (leaf.done + 1, -1)),
        )
    cut = parts[leaf.block]
    before, after = parts[: leaf.block], parts[leaf.block + 1 :]
    lower, upper = _cases(cut, leaf.cut, leaf.done)
    return max(
        _bound((*before, *lower, *after), leaf.lower, problem, count),
        _bound((*before, *upper, *after), leaf.upper, problem, count),
    )


def _possible(parts: Sequence[_Part], problem: Problem) -> bool:
    """
    Whether bounds leave anything that keeps the total and every group.

    Small groups come first; what lines inside them need and hold is then known.
    """
    needs = {k: part.low * part.count for k, part in enumerate(parts)}
    holds = {k: part.high * part.count for k, part in enumerate(parts)}
    inside = {k: {part.places[0]} for k, part in enumerate(parts)}
    for n, group in enumerate(sorted(problem.limits, key=lambda g: len(g.places))):
        within = [k for k, places in inside.items() if places <= group.places]
        least = fsum(needs.pop(k) for k in within)
        most = fsum(holds.pop(k) for k in within)
        cap = inf if group.cap is None else group.cap
        if least > cap or most < group.floor:
            return False
        places = set().union(*(inside.pop(k) for k in within))
        key = len(parts) + n  # from here on the group counts as one thing
        needs[key], holds[key] = max(least, group.floor), min(most, cap)
        inside[key] = places
    return fsum(needs.values()) <= problem.coins


def _cases(part: _Part, cut: float, done: int) -> tuple[list[_Part], list[_Part]]:
    """
    At most `done` of the lines reach the cut, or more of them do.
    """
    rest = part.count - done
    below = attrs.evolve(part, high=cut, count=rest)
    if cut < part.least:
        below = attrs.evolve(part, low=0.0, high=0.0, least=0.0, count=rest)
    step = part.worth.entry.step  # amounts are whole steps: the cut is the next one
    start = max(cut, part.least)
    start = start if step == 1 else float(_up(start, step) * step)
    above = attrs.evolve(part, low=start, least=0.0, count=done + 1)
    lower = [attrs.evolve(part, count=done)] if done else []
    upper = [attrs.evolve(part, count=rest - 1)] if rest > 1 else []
    return [*lower, below], [above, *upper]


def _at_prices(
    parts: Sequence[_Part],
    leaf: Leaf,
    problem: Problem,
    count: tuple[int, int] | None,
) -> float:
    """
    The bound of one leaf.
    """
    price, *of_groups = leaf.prices
    price = max(price, 0.0)
    limit, sign = count or (0, 0)
    fee = leaf.fee if leaf.fee * sign > 0 else 0.0  # else it would prove nothing
    total = [price * problem.coins, fee * limit]
    extra = [0.0] * len(problem.entries)
    for group, group_price in zip(problem.limits, of_groups, strict=True):
        if group_price > 0 and group.cap is None:
            continue
        edge = group.cap if group_price > 0 else group.floor
        total.append(group_price * (edge or 0))
        for place in group.places:
            extra[place] += group_price
    for part in parts:
        each = part.at_most(price + extra[part.places[0]], fee)
        total.append(part.count * each)
    return fsum(total)


def best_of_all(problem: Problem) -> float:
    """
    The most any split brings, by trying all amounts line after line.
    """
    reached = {0: 0.0}
    for entry in problem.entries:
        worth = LineWorth(entry, problem)
        amounts = [*range(entry.low, entry.high + 1, entry.step)]
        if entry.can_be_zero:
            amounts.insert(0, 0)
        brings = {n: worth.value(n) for n in amounts if n <= problem.coins}
        after: dict[int, float] = {}
        for spent, value in reached.items():
            for coins, more in brings.items():
                where = spent + coins
                if where <= problem.coins and value + more > after.get(where, -inf):
                    after[where] = value + more
        reached = after
    return max(reached.values())
