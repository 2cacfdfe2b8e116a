"""
Limits of several lines together: networks, stages of the funnel, countries.

Where groups lie inside each other the split is exact: a group that would get too much
or too little at the price of the money around it is split by itself, at its limit and
at a price of its own. Groups that cross get prices one after the other until they
hold; the prices bound what is possible, and whole coins are moved until all limits are
kept.
"""

from __future__ import annotations

from math import exp, expm1, fsum, inf, log
from typing import TYPE_CHECKING

import attrs

from smmlib.planning._allocate_fill import Block, Partial, Relaxed, relax

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from smmlib.planning._allocate_lines import Limit, Problem
    from smmlib.planning._allocate_search import Relax

_HALVINGS = 56
_ROUNDS = 8
_FAR = 700.0
_CLOSE = 1e-12


def is_nested(limits: Sequence[Limit]) -> bool:
    """
    Whether any two groups are apart or one lies inside the other.
    """
    return all(
        not (a.places & b.places) or a.places <= b.places or b.places <= a.places
        for place, a in enumerate(limits)
        for b in limits[:place]
    )


def path_of(place: int, limits: Sequence[Limit]) -> tuple[int, ...]:
    """
    The groups around a line, the widest first.
    """
    around = [k for k, limit in enumerate(limits) if place in limit.places]
    return tuple(sorted(around, key=lambda k: (-len(limits[k].places), k)))


# -- what a price buys -------------------------------------------------------------


def _bought(block: Block, t: float) -> float:
    """
    What one line of a block takes where a coin costs e^t.
    """
    x = block.low
    for segment in block.envelope:
        if segment.bottom > t or (segment.arc is not None and segment.bottom >= t):
            x = segment.end
            continue
        if segment.arc is not None and segment.top > t:
            x = min(max(segment.arc.spend(t)[0], segment.start), segment.end)
        break
    return x


def _worth(block: Block, price: float) -> float:
    """
    At most so much is response minus price times amount, for one line of a block.
    """
    t = log(price) if price > 0 else -inf
    x = _bought(block, t)
    best, slack = block.value(block.low) - price * block.low, 0.0
    for segment in block.envelope:
        if segment.start < x <= segment.end:
            best = segment.at(x) - price * x
            if segment.arc is not None and segment.start < x < segment.end:
                r = price * expm1(segment.arc.steepness(x) - t)
                slack = max(r * (segment.end - x), r * (segment.start - x))
    return best + slack


# -- groups inside each other ------------------------------------------------------


@attrs.define
class _Pool:
    """
    Money with one price: a group or the whole, its own blocks and the groups inside.
    """

    limit: int
    floor: float
    cap: float
    blocks: list[int] = attrs.field(factory=list)
    inner: list[_Pool] = attrs.field(factory=list)

    def all_blocks(self) -> list[int]:
        """
        Its blocks and those of the groups inside.
        """
        found = list(self.blocks)
        for pool in self.inner:
            found += pool.all_blocks()
        return found


def bounded_by(problem: Problem, firsts: Sequence[int]) -> Relax:
    """
    How a node is bounded when groups lie inside each other.

    Args:
        problem: With the groups.
        firsts: For each class of equal lines the place of one of them.
    """
    limits = problem.limits
    paths = [path_of(place, limits) for place in firsts]

    def bounded(
        blocks: Sequence[Block],
        budget: float,
        guess: float | None,  # noqa: ARG001 - the pools find their own start
    ) -> Relaxed | None:
        root = _pools(blocks, budget, limits, paths)
        if _needs(root, blocks) > budget * (1 + _CLOSE):
            return None
        run = _Nested(blocks, len(limits))
        if not run.solve(root, min(budget, _room(root, blocks)), 0.0):
            return None
        return run.relaxed(root, budget, limits, paths)

    return bounded


def _pools(
    blocks: Sequence[Block],
    budget: float,
    limits: Sequence[Limit],
    paths: Sequence[tuple[int, ...]],
) -> _Pool:
    root = _Pool(-1, 0.0, budget)
    made: dict[tuple[int, ...], _Pool] = {(): root}
    for place, block in enumerate(blocks):
        path = paths[block.owner]
        for depth in range(1, len(path) + 1):
            if path[:depth] not in made:
                limit = limits[path[depth - 1]]
                cap = budget if limit.cap is None else float(limit.cap)
                pool = _Pool(path[depth - 1], float(limit.floor), cap)
                made[path[:depth]] = pool
                made[path[: depth - 1]].inner.append(pool)
        made[path].blocks.append(place)
    return root


def _needs(pool: _Pool, blocks: Sequence[Block]) -> float:
    """
    The least a pool can do with; infinite where its limits cannot be kept.
    """
    least = fsum(
        [
            *(blocks[k].low * blocks[k].count for k in pool.blocks),
            *(_needs(one, blocks) for one in pool.inner),
        ]
    )
    if least > pool.cap * (1 + _CLOSE):
        return inf
    return (
        inf
        if _room(pool, blocks) < pool.floor * (1 - _CLOSE)
        else max(pool.floor, least)
    )


def _room(pool: _Pool, blocks: Sequence[Block]) -> float:
    """
    The most a pool can take.
    """
    most = fsum(
        [
            *(blocks[k].high * blocks[k].count for k in pool.blocks),
            *(_room(one, blocks) for one in pool.inner),
        ]
    )
    return min(pool.cap, most)


@attrs.define
class _Nested:
    """
    Splits pools, and remembers amounts and prices.
    """

    blocks: Sequence[Block]
    groups: int
    amounts: dict[int, list[tuple[float, int]]] = attrs.field(factory=dict)
    partials: list[Partial] = attrs.field(factory=list)
    prices: dict[int, float] = attrs.field(factory=dict)

    def inside(self, pool: _Pool, t: float) -> float:
        """
        What a pool would take at a price if it had no limits itself.
        """
        own = [self.blocks[k].count * _bought(self.blocks[k], t) for k in pool.blocks]
        return fsum([*own, *(self.clipped(one, t) for one in pool.inner)])

    def clipped(self, pool: _Pool, t: float) -> float:
        """
        What a pool takes at a price, within its limits.
        """
        return min(max(self.inside(pool, t), pool.floor), pool.cap)

    def solve(self, pool: _Pool, budget: float, above: float) -> bool:
        """
        Split a pool's money; groups inside that hit a limit are split by themselves.
        """
        cheap, dear = self._bracket(pool, budget)
        pinned: dict[int, tuple[_Pool, float]] = {}
        self._pin(pool, cheap, dear, pinned)
        while True:
            open_blocks = self._open(pool, pinned)
            rest = budget - fsum([amount for _, amount in pinned.values()])
            found = relax([self.blocks[k] for k in open_blocks], max(rest, 0.0))
            if found is None:
                return False
            given = dict(zip(open_blocks, found.amounts, strict=True))
            broken = next(self._broken(pool, given, pinned), None)
            if broken is None:
                break
            pinned[id(broken[0])] = broken
        self.amounts.update(given)
        self.partials += [
            p._replace(block=open_blocks[p.block]) for p in found.partials
        ]
        price = found.price if open_blocks else above
        if pool.limit < 0:
            self.prices[-1] = price
        else:
            self.prices[pool.limit] = price - above
        return all(self.solve(one, limit, price) for one, limit in pinned.values())

    def _bracket(self, pool: _Pool, budget: float) -> tuple[float, float]:
        """
        Two prices that nearly meet: the money runs out between them.
        """
        ends = [
            t
            for k in pool.all_blocks()
            for s in self.blocks[k].envelope
            for t in (s.top, s.bottom)
            if -inf < t < inf
        ]
        if not ends or self.inside(pool, -inf) <= budget:
            return -inf, -inf
        cheap, dear = min(ends) - 1, max(ends) + 1
        while self.inside(pool, dear) > budget and dear < _FAR:
            dear += 16
        for _ in range(_HALVINGS):
            middle = (cheap + dear) / 2
            if self.inside(pool, middle) > budget:
                cheap = middle
            else:
                dear = middle
            if dear - cheap <= 1e-15 * abs(dear):
                break
        return cheap, dear

    def _pin(
        self,
        pool: _Pool,
        cheap: float,
        dear: float,
        pinned: dict[int, tuple[_Pool, float]],
    ) -> None:
        for one in pool.inner:
            if self.inside(one, dear) > one.cap:
                pinned[id(one)] = (one, one.cap)
            elif self.inside(one, cheap) < one.floor:
                pinned[id(one)] = (one, one.floor)
            else:
                self._pin(one, cheap, dear, pinned)

    def _open(self, pool: _Pool, pinned: dict[int, tuple[_Pool, float]]) -> list[int]:
        found = list(pool.blocks)
        for one in pool.inner:
            if id(one) not in pinned:
                found += self._open(one, pinned)
        return found

    def _broken(
        self,
        pool: _Pool,
        given: dict[int, list[tuple[float, int]]],
        pinned: dict[int, tuple[_Pool, float]],
    ) -> Iterator[tuple[_Pool, float]]:
        """
        Groups whose limits a split of the money around them does not keep.
        """
        for one in pool.inner:
            if id(one) in pinned:
                continue
            used = self._used(one, given, pinned)
            if used > one.cap * (1 + _CLOSE):
                yield one, one.cap
            elif used < one.floor * (1 - _CLOSE):
                yield one, one.floor
            else:
                yield from self._broken(one, given, pinned)

    def _used(
        self,
        pool: _Pool,
        given: dict[int, list[tuple[float, int]]],
        pinned: dict[int, tuple[_Pool, float]],
    ) -> float:
        own = [x * n for k in pool.blocks for x, n in given.get(k, ())]
        inner = [
            pinned[id(one)][1] if id(one) in pinned else self._used(one, given, pinned)
            for one in pool.inner
        ]
        return fsum([*own, *inner])

    def relaxed(
        self,
        root: _Pool,  # noqa: ARG002 - kept for symmetry with `solve`
        budget: float,
        limits: Sequence[Limit],
        paths: Sequence[tuple[int, ...]],
    ) -> Relaxed:
        """
        The amounts in the order of the blocks, and the bound their prices prove.
        """
        of_groups = [
            _proving(self.prices.get(k, 0.0), limit) for k, limit in enumerate(limits)
        ]
        price = self.prices[-1]
        bound = bound_at(self.blocks, budget, (price, *of_groups), limits, paths)
        amounts = [self.amounts[k] for k in range(len(self.blocks))]
        return Relaxed(bound, price, bound, amounts, self.partials, (price, *of_groups))


def _proving(price: float, limit: Limit) -> float:
    """
    A group's price where it proves something: above zero at a cap, below at a floor.
    """
    if price > 0:
        return price if limit.cap is not None else 0.0
    return price if limit.floor else 0.0


def bound_at(
    blocks: Sequence[Block],
    budget: float,
    prices: tuple[float, ...],
    limits: Sequence[Limit],
    paths: Sequence[tuple[int, ...]],
) -> float:
    """
    What prices prove: of the budget first, then of each group.
    """
    price, *of_groups = prices
    parts = [price * budget]
    for limit, extra in zip(limits, of_groups, strict=True):
        edge = (limit.cap or 0) if extra > 0 else limit.floor
        parts.append(extra * edge)
    for block in blocks:
        own = price + fsum(of_groups[k] for k in paths[block.owner])
        parts.append(block.count * _worth(block, max(own, 0.0)))
        if own < 0:  # money would be paid for spending: all of it is taken
            parts.append(-own * block.count * block.high)
    return fsum(parts)


# -- groups that cross -------------------------------------------------------------


def crossed(
    blocks: Sequence[Block],
    budget: float,
    limits: Sequence[Limit],
    firsts: Sequence[int],
) -> Relaxed:
    """
    Prices that hold crossing groups to their limits, one group after the other.
    """
    paths = [path_of(place, limits) for place in firsts]
    prices = [0.0] * (len(limits) + 1)
    members = [list(range(len(blocks)))]
    members += [
        [k for k, b in enumerate(blocks) if g in paths[b.owner]]
        for g in range(len(limits))
    ]
    edges = [(0.0, budget), *((float(x.floor), _cap(x, budget)) for x in limits)]

    def price_of(k: int) -> float:
        own = prices[0] + fsum(prices[g + 1] for g in paths[blocks[k].owner])
        return max(own, 1e-300)

    top = max([_steepest(block) for block in blocks] + [1e-300])
    best: tuple[float, tuple[float, ...]] | None = None
    for _ in range(_ROUNDS):
        before = tuple(prices)
        for g, places in enumerate(members):
            _settle(prices, g, edges[g], _taken(blocks, places, price_of), top)
        bound = bound_at(blocks, budget, tuple(prices), limits, paths)
        if best is None or bound < best[0]:
            best = (bound, tuple(prices))
        if all(abs(a - b) <= _CLOSE * top for a, b in zip(before, prices, strict=True)):
            break
    assert best is not None  # noqa: S101 - there is at least one round
    prices[:] = best[1]
    amounts = [
        [(_bought(block, log(price_of(k))), block.count)]
        for k, block in enumerate(blocks)
    ]
    return Relaxed(best[0], prices[0], best[0], amounts, [], tuple(prices))


def _steepest(block: Block) -> float:
    """
    What the first coin of a line brings at most.
    """
    if not block.envelope:
        return 0.0
    slope = block.envelope[0].top
    if slope < _FAR:
        return exp(slope)
    return block.value(block.low + 1.0) - block.value(block.low)


def _cap(limit: Limit, budget: float) -> float:
    return budget if limit.cap is None else float(limit.cap)


def _taken(
    blocks: Sequence[Block], places: Sequence[int], price_of: Callable[[int], float]
) -> Callable[[], float]:
    return lambda: fsum(
        [blocks[k].count * _bought(blocks[k], log(price_of(k))) for k in places]
    )


def _settle(
    prices: list[float],
    g: int,
    edge: tuple[float, float],
    taken: Callable[[], float],
    top: float,
) -> None:
    """
    Set one group's price so that it takes no more than its cap and no less than its
    floor; zero where it does so by itself.
    """
    prices[g] = 0.0
    used, (floor, cap) = taken(), edge
    if floor * (1 - _CLOSE) <= used <= cap * (1 + _CLOSE):
        return
    goal = cap if used > cap else floor
    low, high = (0.0, top) if used > cap else (-top, 0.0)
    for _ in range(_HALVINGS):
        prices[g] = (low + high) / 2
        if taken() > goal:
            low = prices[g]
        else:
            high = prices[g]
