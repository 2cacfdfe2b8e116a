"""
Response curves as the optimiser sees them: floats, slopes, and concave envelopes.

The envelope of a curve over an interval is the smallest concave function above it. It
is handed on as *segments*, from left to right and so from steep to flat: chords
(straight lines over the parts where the curve lies below) and arcs (the curve itself,
where it is concave). Everything works with t = ln(slope), in which all five families
are tame.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise
from math import exp, isinf, log
from typing import TYPE_CHECKING

from smmlib.model import (
    HillResponse,
    LinearResponse,
    LogResponse,
    PiecewiseResponse,
    PowerResponse,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from smmlib.model._response import ResponseCurve
from smmlib.planning._arcs import (
    Arc,
    ConvexPower,
    HillArc,
    LogArc,
    PowerArc,
    Segment,
    Shape,
    arc_segment,
    chord,
    ln,
    root,
    tangent,
)


class Chain:
    """
    Straight lines between points, and a last straight line without end.
    """

    __slots__ = ("_slope", "_xs", "_ys")
    bend = 0.0

    def __init__(self, points: Sequence[tuple[float, float]], slope: float) -> None:
        self._xs = [x for x, _ in points]
        self._ys = [y for _, y in points]
        self._slope = slope

    def value(self, x: float) -> float:
        xs, ys = self._xs, self._ys
        place = bisect_right(xs, x)
        if place == 0:
            return ys[0]
        if place == len(xs):
            return ys[-1] + self._slope * (x - xs[-1])
        x0, y0 = xs[place - 1], ys[place - 1]
        return y0 + (ys[place] - y0) * (x - x0) / (xs[place] - x0)

    def _known(self, low: float, high: float) -> list[tuple[float, float]]:
        inner = [
            (x, y) for x, y in zip(self._xs, self._ys, strict=True) if low < x < high
        ]
        return [(low, self.value(low)), *inner, (high, self.value(high))]

    def envelope(self, low: float, high: float) -> list[Segment]:
        hull: list[tuple[float, float]] = []
        for x, y in self._known(low, high):
            while len(hull) > 1 and _below(hull[-2], hull[-1], (x, y)):
                hull.pop()
            hull.append((x, y))
        return [chord(x0, x1, y0, y1) for (x0, y0), (x1, y1) in pairwise(hull)]

    def concave_around(self, x: float, low: float, high: float) -> tuple[float, float]:
        known = self._known(low, high)
        place = min(max(bisect_right([p[0] for p in known], x), 1), len(known) - 1)
        first, last = place - 1, place
        while first > 0 and not _rises(known[first - 1 : first + 2]):
            first -= 1
        while last < len(known) - 1 and not _rises(known[last - 1 : last + 2]):
            last += 1
        return known[first][0], known[last][0]


def _below(
    a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]
) -> bool:
    """
    Whether the middle point lies on or below the line between the others.
    """
    return (b[1] - a[1]) * (c[0] - a[0]) <= (c[1] - a[1]) * (b[0] - a[0])


def _rises(three: Sequence[tuple[float, float]]) -> bool:
    """
    Whether the slope grows at the middle one of three points.
    """
    (x0, y0), (x1, y1), (x2, y2) = three
    return (y2 - y1) * (x1 - x0) > (y1 - y0) * (x2 - x1)


class BlendArc:
    """
    The sum of several segments over one interval: a line with more than one KPI.
    """

    __slots__ = ("_end", "_parts", "_start")

    def __init__(self, parts: Sequence[Segment], start: float, end: float) -> None:
        self._parts, self._start, self._end = parts, start, end

    def value(self, x: float) -> float:
        return sum(part.at(x) for part in self._parts)

    def steepness(self, x: float) -> float:
        slopes = [
            p.arc.steepness(x) if p.arc is not None else p.top for p in self._parts
        ]
        top = max(slopes)
        return top if isinf(top) else top + log(sum(exp(s - top) for s in slopes))

    def spend(self, t: float) -> tuple[float, float]:
        low, high = self._start, self._end
        if self.steepness(low) <= t or self.steepness(high) >= t:
            return (low if self.steepness(low) <= t else high), 0.0
        x = root(lambda x: self.steepness(x) - t, low, high)
        step = max((high - low) * 1e-6, x * 1e-9)
        a, b = max(low, x - step), min(high, x + step)
        fall = self.steepness(a) - self.steepness(b)
        return x, (b - a) / fall if fall > 0 and not isinf(fall) else 0.0


class Blend:
    """
    The sum of several curves; its envelope is bounded by the sum of theirs.
    """

    __slots__ = ("_shapes",)
    bend = 0.0

    def __init__(self, shapes: Sequence[Shape]) -> None:
        self._shapes = shapes

    def value(self, x: float) -> float:
        return sum(shape.value(x) for shape in self._shapes)

    def envelope(self, low: float, high: float) -> list[Segment]:
        parts = [shape.envelope(low, high) for shape in self._shapes]
        cuts = sorted({s.start for p in parts for s in p} | {high})
        found: list[Segment] = []
        for start, end in pairwise(cuts):
            inside = [
                next(s for s in reversed(part) if s.start <= start) for part in parts
            ]
            blend = BlendArc(inside, start, end)
            if all(part.arc is None for part in inside):
                found.append(chord(start, end, blend.value(start), blend.value(end)))
            else:
                found.append(arc_segment(blend, start, end))
            if len(found) > 1 and found[-1].top > found[-2].bottom:
                found[-1] = found[-1]._replace(top=found[-2].bottom)
        return found

    def concave_around(self, x: float, low: float, high: float) -> tuple[float, float]:
        found = [shape.concave_around(x, low, high) for shape in self._shapes]
        return max(a for a, _ in found), min(b for _, b in found)


class LoweredArc:
    """
    An arc from which a fee is taken.
    """

    __slots__ = ("_arc", "_fee", "spend", "steepness")

    def __init__(self, arc: Arc, fee: float) -> None:
        self._arc, self._fee = arc, fee
        self.steepness, self.spend = arc.steepness, arc.spend

    def value(self, x: float) -> float:
        return self._arc.value(x) - self._fee


def lowered(segments: list[Segment], fee: float) -> list[Segment]:
    """
    An envelope from which a fee is taken all along.
    """
    if not fee:
        return segments
    return [
        s._replace(
            base=s.base - fee, arc=None if s.arc is None else LoweredArc(s.arc, fee)
        )
        for s in segments
    ]


def joined(point: tuple[float, float], segments: list[Segment]) -> list[Segment]:
    """
    The envelope of a point and an envelope right of it: a chord to where it touches.
    """
    x0, y0 = point
    for place, segment in enumerate(segments):
        start = segment.start
        base = segment.at(start)
        if start > x0 and ln((base - y0) / (start - x0)) >= segment.top:
            return [chord(x0, start, y0, base), *segments[place:]]
        if segment.arc is None:
            continue
        touch = tangent(segment.arc, point, segment.start, segment.end)
        if x0 < touch < segment.end:
            first = chord(x0, touch, y0, segment.arc.value(touch))
            rest = arc_segment(segment.arc, touch, segment.end)
            rest = rest._replace(top=min(rest.top, first.top))
            return [first, rest, *segments[place + 1 :]]
    last = segments[-1]
    return [chord(x0, last.end, y0, last.at(last.end))]


def compiled(curve: ResponseCurve, *, weight: float, rate: float) -> tuple[object, ...]:
    """
    A curve's family and parameters in the money and the points of the whole: equal
    curves give equal results.

    Args:
        curve: As somebody stated it.
        weight: What one of its results counts.
        rate: What one unit of its currency is worth in the currency of the whole.
    """
    if isinstance(curve, HillResponse):
        most, half = float(curve.most) * weight, float(curve.half) * rate
        return ("hill", most, half, float(curve.shape)) if most else _NOTHING
    if isinstance(curve, LogResponse):
        scale = float(curve.scale) * weight
        return ("log", scale, float(curve.unit) * rate) if scale else _NOTHING
    if isinstance(curve, PowerResponse):
        exponent = float(curve.exponent)
        scale = float(curve.scale) * weight / rate**exponent
        return ("power", scale, exponent) if scale else _NOTHING
    return _chain_of(curve, weight, rate)


_NOTHING = ("chain", ((0.0, 0.0),), 0.0)


def _chain_of(
    curve: LinearResponse | PiecewiseResponse, weight: float, rate: float
) -> tuple[object, ...]:
    if isinstance(curve, PiecewiseResponse):
        points = [(float(x) * rate, float(y) * weight) for x, y in curve.points]
        return "chain", tuple(points), 0.0
    slope = float(curve.rate) * weight / rate
    if curve.cap is None:
        return "chain", ((0.0, 0.0),), slope
    cap = float(curve.cap) * rate
    return "chain", ((0.0, 0.0), *([(cap, slope * cap)] if cap else [])), 0.0


def shape_of(parts: Iterable[tuple[object, ...]]) -> Shape:
    """
    The curve behind compiled parts; several are summed.
    """
    shapes = [_SHAPES[str(kind)](*rest) for kind, *rest in parts]
    return shapes[0] if len(shapes) == 1 else Blend(shapes)


def _power(scale: float, exponent: float) -> Shape:
    if exponent == 1:
        return Chain([(0.0, 0.0)], scale)
    return (PowerArc if exponent < 1 else ConvexPower)(scale, exponent)


_SHAPES: dict[str, Callable[..., Shape]] = {
    "hill": HillArc,
    "log": LogArc,
    "power": _power,
    "chain": Chain,
}
