"""
Branch and bound: the best split over curves that are not concave, with a proof.

Each node bounds what its part of the possibilities can bring. Two kinds of cuts divide
it. Over all lines: at most so many of them get going (pass their gate), or more do; a
fee per line at its gate prices that, which is what tells nearly equal lines apart.
And over equal lines: at most so many of them get the cut amount or more, or more do.
What is left when the search ends is a tree whose leaves cover everything, each with a
price that proves its bound.
"""

from __future__ import annotations

import heapq
from math import fsum, inf, log
from typing import TYPE_CHECKING

import attrs

from smmlib.planning._allocate_fill import Block, Partial, Relaxed, relax

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    # What each class of equal lines gets: pairs of amount and count.
    Amounts = list[list[tuple[float, int]]]
    Relax = Callable[[Sequence[Block], float, float | None], Relaxed | None]

_SAME = 1e-12
_FEE_ROUNDS = 30
_PLAIN = 32  # nodes without counting lines: most problems need fewer
_MOST_COUNTED = 2000


@attrs.define
class Leaf:
    """
    A node of the proof: a price, or a cut with a node on either side.

    Attributes:
        prices: The prices that bound this part: of the budget, then of each group.
        block: Which of the node's blocks is cut; -1 where all lines are counted.
        cut: The amount the block is cut at.
        done: How many may reach the cut, or their gates, on the lower side.
        fee: The fee at the gates that bounds this part, where lines are counted.
        lower: At most `done` of them do.
        upper: More than `done` of them do.
    """

    prices: tuple[float, ...]
    block: int = -1
    cut: float = 0.0
    done: int = 0
    fee: float = 0.0
    lower: Leaf | None = None
    upper: Leaf | None = None


@attrs.frozen
class Found:
    """
    What the search found, and what it proved.
    """

    amounts: Amounts
    value: float
    bound: float
    nodes: int
    tree: Leaf


@attrs.frozen
class _Count:
    """
    How many lines pass their gates: at most the limit (+1), or at least it (-1).
    """

    limit: int
    sign: int


@attrs.frozen
class _Node:
    blocks: tuple[Block, ...]
    relaxed: Relaxed
    leaf: Leaf
    count: _Count | None = None

    @property
    def bound(self) -> float:
        extra = self.leaf.fee * self.count.limit if self.count else 0.0
        return self.relaxed.bound + extra


def with_gate(block: Block) -> Block:
    """
    The block with what its lines need to get going: a minimum, or the inflection.
    """
    gate = max(block.least, block.shape.bend)
    return attrs.evolve(block, gate=gate) if block.low < gate < block.high else block


def with_fee(block: Block, fee: float) -> Block:
    """
    The block with a fee at its gate, if it has one.
    """
    return attrs.evolve(block, fee=fee) if block.gate < inf else block


def on_grid(x: float, step: int) -> tuple[float, float]:
    """
    The whole steps on either side of an amount; coins are not told apart here.
    """
    if step == 1:
        return x, x
    n = round(x / step)
    if abs(x - n * step) <= _SAME * x:
        return float(n * step), float(n * step)
    return float(x // step * step), float((x // step + 1) * step)


def halves(block: Block, cut: float, done: int) -> tuple[list[Block], list[Block]]:
    """
    The two cases of a cut: at most `done` of the lines reach it, or more of them do.
    """
    rest = block.count - done
    under, over_cut = on_grid(cut, block.step)
    below = attrs.evolve(block, high=under, count=rest)
    if cut < block.least:
        below = attrs.evolve(block, high=0.0, low=0.0, least=0.0, count=rest)
    lower = [attrs.evolve(block, count=done)] if done else []
    start = min(max(over_cut, block.least), block.high)
    over = attrs.evolve(block, low=start, least=0.0, count=done + 1)
    upper = [attrs.evolve(block, count=rest - 1)] if rest > 1 else []
    return [*lower, below], [over, *upper]


def search(
    blocks: Sequence[Block],
    budget: float,
    *,
    gap: float,
    nodes: int,
    bounded: Relax = relax,
) -> Found | None:
    """
    The best split, to a relative gap or until so many nodes were looked at.

    Args:
        blocks: One block for each class of equal lines.
        budget: What there is.
        gap: Stop when the bound is this near, relatively.
        nodes: Stop after so many nodes.
        bounded: How a node is bounded.
    """
    first = bounded(blocks, budget, None)
    if first is None:
        return None
    root = _Node(tuple(blocks), first, Leaf(first.prices))
    run = _Run(blocks, budget, bounded, gap)
    run.improve(root)
    run.push(root, root.bound)
    run.walk(min(nodes, _PLAIN))
    if run.is_done or nodes <= _PLAIN or len(blocks) > _MOST_COUNTED:
        run.walk(nodes)
        return run.found(root.leaf)
    gates = tuple(with_gate(block) for block in blocks)
    root = attrs.evolve(root, blocks=gates, leaf=Leaf(first.prices))
    run.count(root)
    run.walk(nodes)
    return run.found(root.leaf)


@attrs.define
class _Run:
    """
    The best split so far, and what is still open.
    """

    blocks: Sequence[Block]
    budget: float
    bounded: Relax
    gap: float
    best: Amounts = attrs.field(factory=list)
    near: Amounts = attrs.field(factory=list)
    value: float = float("-inf")
    seen: int = 0
    closed: float = float("-inf")
    heap: list[tuple[float, int, _Node]] = attrs.field(factory=list)

    @property
    def is_done(self) -> bool:
        """
        Whether nothing open can bring noticeably more.
        """
        if not self.heap:
            return True
        top = -self.heap[0][0]
        return top - self.value <= self.gap * abs(top)

    def push(self, node: _Node, limit: float) -> None:
        """
        Open a node; it cannot bring more than the one it was cut from.
        """
        self.seen += 1
        heapq.heappush(self.heap, (-min(limit, node.bound), self.seen, node))

    def found(self, tree: Leaf) -> Found:
        """
        The answer as it stands.
        """
        left = [-row[0] for row in self.heap]
        bound = max([self.value, self.closed, *left])
        amounts = self.best or self.near
        return Found(amounts, self.value, bound, self.seen, tree)

    def walk(self, nodes: int) -> None:
        """
        Cut until the gap is small enough or so many nodes were looked at.
        """
        while not self.is_done and self.seen < nodes:
            self.step()

    def step(self) -> None:
        """
        Cut the open node with the highest bound in two.
        """
        negative, _, node = heapq.heappop(self.heap)
        where = _worst(node)
        if where is None and node.count and node.leaf.fee:
            node = self._priced(node, node.count)  # the fee fits this part no more
            where = _worst(node)
            negative = max(negative, -node.bound)
        if where is None:
            self.closed = max(self.closed, -negative)
            return
        leaf = node.leaf
        leaf.block, leaf.cut, leaf.done = where.block, where.x, where.done
        price = node.relaxed.price
        guess = log(price) if price > 0 else None
        made = []
        for side in halves(node.blocks[where.block], where.x, where.done):
            part = (*node.blocks[: where.block], *side, *node.blocks[where.block + 1 :])
            below = self.bounded(part, self.budget, guess)
            made.append(Leaf((below or node.relaxed).prices, fee=leaf.fee))
            if below is not None:
                child = _Node(part, below, made[-1], node.count)
                self.improve(child)
                self.push(child, -negative)
        leaf.lower, leaf.upper = made

    # -- over all lines ------------------------------------------------------------

    def count(self, root: _Node) -> None:
        """
        Begin anew by how many lines pass their gates: the relaxed answer is between.
        """
        self.heap, self.closed = [], float("-inf")
        done = int(_passed(root) + _SAME)
        root.leaf.done = done
        made = []
        for count in (_Count(done, 1), _Count(done + 1, -1)):
            side = attrs.evolve(root, leaf=Leaf(root.leaf.prices), count=count)
            node = self._priced(side, count)
            made.append(node.leaf)
            self.improve(node)
            self.push(node, root.bound)
        root.leaf.lower, root.leaf.upper = made

    def _priced(self, node: _Node, count: _Count) -> _Node:
        """
        The node with the fee at the gates that bounds it best; its leaf says so.
        """
        tried, leaf = [], node.leaf
        low, size, high = 0.0, 0.0, max(b.shape.value(b.high) for b in node.blocks)
        for _ in range(_FEE_ROUNDS):
            fee = count.sign * size
            blocks = tuple(with_fee(block, fee) for block in node.blocks)
            solved = self.bounded(blocks, self.budget, None)
            if solved is None:
                break
            found = _Node(blocks, solved, Leaf(solved.prices, fee=fee), count)
            tried.append(found)
            off = count.sign * (_passed(found) - count.limit)
            if off == 0 or (off < 0 and not size):
                break
            low, high = (size, high) if off > 0 else (low, size)
            size = min(max(size * 4, high / 2**10), (low + high) / 2)
        best = min(tried, key=lambda one: one.bound)
        leaf.prices, leaf.fee = best.leaf.prices, best.leaf.fee
        return attrs.evolve(best, leaf=leaf)

    # -- real splits ---------------------------------------------------------------

    def improve(self, node: _Node) -> None:
        """
        Turn a relaxed split into real ones, and keep the best.
        """
        relaxed = node.relaxed
        if not self.near:  # whole steps may be found near it where none were here
            self.near = [[] for _ in self.blocks]
            for block, given in zip(node.blocks, relaxed.amounts, strict=True):
                self.near[block.owner] += given
        if not relaxed.partials:
            self._keep_on_grid(node.blocks, relaxed)
            return
        points = [
            (node.blocks[place].owner, x, n)
            for place, given in enumerate(relaxed.amounts)
            for x, n in given
        ]
        inside = {(node.blocks[p.block].owner, p.x): p for p in relaxed.partials}
        for on in (True, False):
            self._try(
                [
                    (o, _moved(inside[o, x], on=on) if (o, x) in inside else x, n)
                    for o, x, n in points
                ]
            )

    def _try(self, points: list[tuple[int, float, int]]) -> None:
        """
        Spend the whole budget around these points, where the curves are concave.
        """
        around = [self._around(*point) for point in points]
        solved = self.bounded(around, self.budget, None)
        if solved is not None:
            self._keep_on_grid(around, solved)

    def _keep_on_grid(self, blocks: Sequence[Block], solved: Relaxed) -> None:
        """
        Keep a split; lines with coarse steps are moved to one first.
        """
        if all(block.step == 1 for block in blocks):
            self._keep(blocks, solved)
            return
        for up in (False, True):
            fixed = [
                one
                for block, given in zip(blocks, solved.amounts, strict=True)
                for one in _stepped(block, given, up=up)
            ]
            again = self.bounded(fixed, self.budget, None)
            if again is not None:
                self._keep(fixed, again)

    def _keep(self, blocks: Sequence[Block], solved: Relaxed) -> None:
        amounts: Amounts = [[] for _ in self.blocks]
        for block, given in zip(blocks, solved.amounts, strict=True):
            amounts[block.owner] += given
        value = fsum(
            [
                n * self.blocks[owner].shape.value(x)
                for owner, given in enumerate(amounts)
                for x, n in given
            ]
        )
        if value > self.value:
            self.best, self.value = amounts, value

    def _around(self, owner: int, x: float, n: int) -> Block:
        whole = self.blocks[owner]
        if whole.least and x < whole.least * (1 - _SAME):
            return attrs.evolve(whole, low=0.0, high=0.0, least=0.0, count=n)
        low, high = max(whole.low, whole.least), whole.high
        low, high = whole.shape.concave_around(min(max(x, low), high), low, high)
        return attrs.evolve(whole, low=low, high=high, least=0.0, count=n)


def _stepped(
    block: Block, given: Sequence[tuple[float, int]], *, up: bool
) -> list[Block]:
    """
    The block as it is, or its lines pinned to whole steps beside what they got.
    """
    if block.step == 1:
        return [block]
    found = []
    for x, n in given:
        under, over = on_grid(x, block.step)
        near = over if up and over <= block.high else under
        pin = max(near, block.low)
        found.append(attrs.evolve(block, low=pin, high=pin, least=0.0, count=n))
    return found


def _moved(partial: Partial, *, on: bool) -> float:
    return partial.end if on else partial.start


def _passed(node: _Node) -> float:
    """
    How many lines pass their gates; a line inside a chord counts in part.
    """
    inside = {(p.block, p.x): p for p in node.relaxed.partials}
    total = 0.0
    for place, block in enumerate(node.blocks):
        for x, n in node.relaxed.amounts[place]:
            part = inside.get((place, x))
            if part is not None and part.end >= block.gate > part.start:
                total += (x - part.start) / (part.end - part.start)
            elif x >= block.gate:
                total += n
    return total


def _worst(node: _Node) -> Partial | None:
    """
    The line whose envelope is farthest above its curve; None where all are on it.
    """
    worst, most = None, _SAME * abs(node.bound)
    for place, (block, given) in enumerate(
        zip(node.blocks, node.relaxed.amounts, strict=True)
    ):
        done = 0
        for x, n in given:
            if block.low < x < block.high and (lift := _lift(block, x)) > most:
                worst, most = Partial(place, done, x, x, x), lift
            done += n
    return worst or _between_steps(node)


def _between_steps(node: _Node) -> Partial | None:
    """
    A line that got something between two of its steps; the coarsest one.
    """
    worst, most = None, 1
    for place, block in enumerate(node.blocks):
        done = 0
        for x, n in node.relaxed.amounts[place]:
            under, over = on_grid(x, block.step)
            if under < over and block.step > most and block.low < x < block.high:
                worst, most = Partial(place, done, x, x, x), block.step
            done += n
    return worst


def _lift(block: Block, x: float) -> float:
    """
    How far the envelope is above what is really possible at x.
    """
    for segment in block.envelope:
        if segment.start < x <= segment.end:
            if segment.arc is not None and block.least <= x:
                return segment.at(x) - block.value(x)
            real = block.value(0.0 if x < block.least else x)
            return segment.at(x) - real
    return 0.0
