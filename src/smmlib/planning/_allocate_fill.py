"""
Water-filling: money goes where the next coin brings most, until it is all given out.

At a price per result every segment of every envelope says how much of it is worth
buying. The price at which the sum is the budget is found on t = ln(price): first among
the slopes of the chords, where the sum jumps, then by Newton's method between two of
them, where it is smooth. The price proves the answer: no split can bring more than what
buying freely at that price brings, plus the price of the budget.
"""

from __future__ import annotations

from math import exp, expm1, fsum, inf, log
from typing import TYPE_CHECKING, NamedTuple

import attrs

from smmlib.planning._arcs import Segment, chord, ln
from smmlib.planning._curves import joined, lowered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smmlib.planning._arcs import Arc, Shape

    # top, bottom, start, end, arc, count, place of the block
    Piece = tuple[float, float, float, float, Arc | None, int, int]

_ROUNDS = 200
_SHORT = 1e-13  # of the budget: what is missing is spread over the free segments
_BREAK = 4e-16
_FAR = 700.0


@attrs.define(eq=False)
class Block:
    """
    Some equal lines, and between what each of them may get.

    Attributes:
        shape: Their curve.
        low: The least.
        high: The most.
        least: Where it may be zero or at least so much: that least; else 0.
        count: How many lines.
        owner: Which class of equal lines of the whole problem they belong to.
        step: Amounts are whole multiples of it.
        gate: Where a fee becomes due; it prices how many lines may get that far.
        fee: The fee of each line at or above the gate; negative for a bonus.
    """

    shape: Shape
    low: float
    high: float
    least: float = 0.0
    count: int = 1
    owner: int = 0
    step: int = 1
    gate: float = inf
    fee: float = 0.0
    _envelope: list[Segment] | None = attrs.field(init=False, default=None)

    @property
    def envelope(self) -> list[Segment]:
        """
        The concave bound over what is allowed; empty where nothing is left to decide.
        """
        if self._envelope is None:
            self._envelope = self._bounded() if self.high > self.low else []
        return self._envelope

    def value(self, x: float) -> float:
        """
        What one line brings with x, after the fee.
        """
        return self.shape.value(x) - (self.fee if x >= self.gate else 0.0)

    def _bounded(self) -> list[Segment]:
        if not self.fee or self.high < self.gate:
            if self.least > self.low:
                return joined((0.0, self.shape.value(0.0)), self._over(self.least))
            return self.shape.envelope(self.low, self.high)
        if self.low >= self.gate:
            return lowered(self._over(self.low), self.fee)
        over = lowered(self._over(self.gate), self.fee)
        direct = joined((self.low, self.shape.value(self.low)), over)
        if self.least > self.low:
            return direct
        return self._past_gate(direct, over)

    def _past_gate(self, direct: list[Segment], over: list[Segment]) -> list[Segment]:
        """
        The envelope where stopping just before the gate may be better than paying.
        """
        base, height = self.shape.value(self.low), self.shape.value(self.gate)
        before = chord(self.low, self.gate, base, height)
        if before.top <= direct[0].top:
            return direct
        if over[-1].at(self.high) <= height:
            return [before]
        return [before, *joined((self.gate, height), over)]

    def _over(self, start: float) -> list[Segment]:
        if self.high > start:
            return self.shape.envelope(start, self.high)
        return [_lone(self.shape, self.high)]


def _lone(shape: Shape, x: float) -> Segment:
    """
    A single allowed point as a segment without length.
    """
    return Segment(-inf, -inf, x, x, shape.value(x), None)


class Partial(NamedTuple):
    """
    Lines of one block on one chord: some at its end, one inside, the rest at its start.
    """

    block: int
    done: int
    x: float
    start: float
    end: float


@attrs.frozen
class Relaxed:
    """
    The best split over envelopes instead of curves: a bound for the curves themselves.

    Attributes:
        bound: No split brings more.
        price: What the last coin brings.
        value: What the envelopes bring.
        amounts: For each block what its lines get, as pairs of amount and count.
        partials: Lines that ended inside a chord, where the curve lies below.
        prices: The price, and where groups have limits the price of each of those.
    """

    bound: float
    price: float
    value: float
    amounts: list[list[tuple[float, int]]]
    partials: list[Partial]
    prices: tuple[float, ...]


def relax(
    blocks: Sequence[Block], budget: float, guess: float | None = None
) -> Relaxed | None:
    """
    Spend a budget over the blocks' envelopes; None where even the minima do not fit.
    """
    floor = fsum([block.low * block.count for block in blocks])
    if floor > budget * (1 + 1e-12):
        return None
    pieces: list[Piece] = []
    for place, block in enumerate(blocks):
        n = block.count
        for top, bottom, start, end, _, arc in block.envelope:
            pieces.append((top, bottom, start, end, arc, n, place))
    ends, t, free = pour(pieces, max(budget - floor, 0.0), guess)
    return _gathered(blocks, pieces, ends, budget=budget, t=t, free=free)


def pour(
    pieces: Sequence[Piece], budget: float, guess: float | None = None
) -> tuple[list[float], float, list[int]]:
    """
    How far each piece is filled, ln(price), and the places of arcs filled in part.

    A piece for several lines that is a chord may be filled in part; its end is then
    the mean over the lines.
    """
    room = fsum([p[5] * (p[3] - p[2]) for p in pieces])
    if budget >= room:
        return [p[3] for p in pieces], -inf, []
    if budget <= 0:
        return [p[2] for p in pieces], max(map(_first_coin, pieces)), []
    low, high, exact = _between_chords(pieces, budget)
    if exact is None:
        exact = _smooth(pieces, budget, low, high, guess)
    return _filled(pieces, budget, exact)


def _first_coin(piece: Piece) -> float:
    """
    The logarithm of what the first coin of a piece brings; its slope may be endless.
    """
    top, _, start, _, arc, _, _ = piece
    if top < inf or arc is None:
        return top
    return ln(arc.value(start + 1.0) - arc.value(start))


def _between_chords(
    pieces: Sequence[Piece], budget: float
) -> tuple[float, float, float | None]:
    """
    The chord at whose slope the money runs out, or the two slopes it runs out between.
    """
    levels = sorted({p[0] for p in pieces if p[4] is None})
    low, high, spent = -inf, inf, 0.0
    active = pieces
    while levels:
        middle = len(levels) // 2
        t = levels[middle]
        above = tie = 0.0
        for top, bottom, start, end, arc, n, _ in active:
            if arc is None:
                if top > t:
                    above += n * (end - start)
                elif top == t:
                    tie += n * (end - start)
            elif bottom >= t:
                above += n * (end - start)
            elif top > t:
                x = arc.spend(t)[0]
                above += n * (min(max(x, start), end) - start)
        if spent + above > budget:
            low, levels = t, levels[middle + 1 :]
            active = [p for p in active if p[0] > t]
        elif spent + above + tie < budget:
            high, levels = t, levels[:middle]
            done = [p for p in active if p[1] >= t]
            spent += fsum([p[5] * (p[3] - p[2]) for p in done])
            active = [p for p in active if p[1] < t]
        else:
            return low, high, t
    return low, high, None


def _smooth(
    pieces: Sequence[Piece],
    budget: float,
    low: float,
    high: float,
    guess: float | None,
) -> float:
    """
    ln(price) between two slopes of chords, where only arcs give way.
    """
    spent = fsum(
        [
            p[5] * (p[3] - p[2] if p[1] >= high else -p[2])
            for p in pieces
            if _in(p, low, high)
        ]
    )
    arcs = [p for p in pieces if p[1] < high and p[0] > low and p[4] is not None]
    goal = budget - spent
    low = max(low, min([a[1] for a in arcs], default=low))
    high = min(high, max([a[0] for a in arcs], default=high))
    t = guess if guess is not None and low < guess < high else _start(pieces, budget)
    if not low < t < high:
        t = (low + high) / 2 if high < inf else low + 1
    for _ in range(_ROUNDS):
        sum_x, fall = _demand(arcs, t)
        miss = sum_x - goal
        if -_SHORT * budget <= miss <= _SHORT * budget:
            break
        if miss > 0:
            low = t
        else:
            high = t
        if high - low <= _BREAK * abs(t):
            break
        t += log(sum_x / goal) * sum_x / fall if fall > 0 and goal > 0 < sum_x else inf
        if not low < t < high:
            t = (low + high) / 2 if high < inf else low + 2
    return t


def _in(piece: Piece, low: float, high: float) -> bool:
    """
    Whether a piece is bought in full, or is an arc that gives way between two slopes.
    """
    return piece[1] >= high or (piece[0] > low and piece[4] is not None)


def _demand(arcs: Sequence[Piece], t: float) -> tuple[float, float]:
    """
    What arcs take at a price, and how fast that falls. The innermost loop of it all.
    """
    sum_x = fall = 0.0
    for top, bottom, start, end, arc, n, _ in arcs:
        if bottom >= t:
            sum_x += n * end
        elif top <= t:
            sum_x += n * start
        elif arc is not None:
            x, dx = arc.spend(t)
            if x < start:
                x = start
            elif x > end:
                x = end
            sum_x += n * x
            fall += n * dx
    return sum_x, fall


def _start(pieces: Sequence[Piece], budget: float) -> float:
    """
    A first guess: the mean slope if every arc were filled to the same part.
    """
    arcs = [p for p in pieces if p[4] is not None]
    room = sum([p[5] * (p[3] - p[2]) for p in pieces])
    share = budget / room
    slopes = [
        p[4].steepness(p[2] + share * (p[3] - p[2])) for p in arcs if p[4] is not None
    ]
    return sum(slopes) / len(slopes) if slopes else 0.0


def _filled(
    pieces: Sequence[Piece], budget: float, t: float
) -> tuple[list[float], float, list[int]]:
    """
    The pieces at a price, the last coins spread so that the sum is the budget.
    """
    ends: list[float] = []
    free: list[int] = []
    falls: list[float] = []
    ties: list[int] = []
    spent: list[float] = []
    for place, (top, bottom, start, end, arc, n, _) in enumerate(pieces):
        x = start
        if bottom > t or (bottom == t and arc is not None):
            x = end
        elif arc is None:
            if top == t:
                ties.append(place)
        elif top > t:
            x, fall = arc.spend(t)
            x = min(max(x, start), end)
            if start < x < end:
                free.append(place)
                falls.append(fall * n)
        ends.append(x)
        spent.append(n * (x - start))
    rest = budget - fsum(spent)
    if ties:
        _fill_ties(pieces, ends, ties, rest)
    elif free and (total := fsum(falls)) > 0:
        for place, fall in zip(free, falls, strict=True):
            piece = pieces[place]
            moved = ends[place] + rest * (fall / total) / piece[5]
            ends[place] = min(max(moved, piece[2]), piece[3])
    return ends, t, free


def _fill_ties(
    pieces: Sequence[Piece], ends: list[float], ties: list[int], rest: float
) -> None:
    """
    Equal chords one after the other, so that at most one stays partly filled.
    """
    for place in ties:
        _, _, start, end, _, n, _ = pieces[place]
        given = min(max(rest, 0.0), n * (end - start))
        ends[place] = start + given / n
        if given == n * (end - start):
            ends[place] = end
        rest -= given


def _gathered(
    blocks: Sequence[Block],
    pieces: Sequence[Piece],
    ends: Sequence[float],
    *,
    budget: float,
    t: float,
    free: Sequence[int],
) -> Relaxed:
    """
    Amounts by block, the lines inside chords, and the bound the price proves.
    """
    price = exp(min(t, _FAR))
    reached, first = [-1] * len(blocks), [0] * len(blocks)
    for place in range(len(pieces) - 1, -1, -1):
        piece = pieces[place]
        owner = piece[6]
        first[owner] = place
        if reached[owner] < 0 and ends[place] > piece[2]:
            reached[owner] = place
    amounts: list[list[tuple[float, int]]] = []
    partials: list[Partial] = []
    values: list[float] = []
    for place, block in enumerate(blocks):
        at = reached[place]
        if at < 0:
            amounts.append([(block.low, block.count)])
            values.append(block.count * block.value(block.low))
            continue
        segment = block.envelope[at - first[place]]
        x, n = ends[at], block.count
        values.append(n * segment.at(x))
        if segment.arc is not None or x == segment.end:
            amounts.append([(x, n)])
        else:
            amounts.append(_on_chord(place, segment, x, n, partials))
    used = fsum([x * n for given in amounts for x, n in given])
    slack = [_slack(pieces[place], ends[place], t) for place in free]
    value = fsum(values)
    bound = value + price * (budget - used) + price * fsum(slack)
    return Relaxed(bound, price, value, amounts, partials, (price,))


def _on_chord(
    place: int, segment: Segment, mean: float, count: int, partials: list[Partial]
) -> list[tuple[float, int]]:
    """
    Equal lines of a chord filled in part: whole ones first, one inside, others empty.
    """
    width = segment.end - segment.start
    filled = (mean - segment.start) / width * count
    done = min(int(filled), count - 1)
    x = min(segment.start + (filled - done) * width, segment.end)
    partials.append(Partial(place, done, x, segment.start, segment.end))
    parts = [(segment.end, done), (x, 1), (segment.start, count - done - 1)]
    return [(amount, n) for amount, n in parts if n]


def _slack(piece: Piece, x: float, t: float) -> float:
    """
    How much better than x another point of the arc can be at the price, per price.
    """
    _, _, start, end, arc, n, _ = piece
    assert arc is not None  # noqa: S101 - only arcs are free
    r = expm1(arc.steepness(x) - t)
    return n * (r * (end - x) if r > 0 else r * (start - x))
