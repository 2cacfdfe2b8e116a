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
from math import exp, inf, isinf, log, log1p, pow  # noqa: A004 - of floats only
from typing import TYPE_CHECKING, NamedTuple, Protocol

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

_FAR = 700.0  # beyond it e^x leaves the floats
_ROUNDS = 120
_EXACT = 1e-14
_NEAR = 1e-7  # Newton's method squares the error: the next step would be none


class Arc(Protocol):
    """
    A concave, smooth stretch of a curve.
    """

    def value(self, x: float) -> float:
        """
        What x brings.
        """

    def steepness(self, x: float) -> float:
        """
        The natural logarithm of the slope at x.
        """

    def spend(self, t: float) -> tuple[float, float]:
        """
        Where the slope is e^t on the concave side, and how fast that falls with t.
        """


class Segment(NamedTuple):
    """
    A piece of an envelope.

    Attributes:
        top: ln(slope) at its left end.
        bottom: ln(slope) at its right end; a chord has the same at both.
        start: Its left end.
        end: Its right end.
        base: The envelope's value at the left end of a chord; an arc knows its own.
        arc: The curve along it; None for a chord.
    """

    top: float
    bottom: float
    start: float
    end: float
    base: float
    arc: Arc | None

    def at(self, x: float) -> float:
        """
        The envelope's value at x inside the segment.
        """
        if self.arc is not None:
            return self.arc.value(x)
        return self.base + (exp(self.top) * (x - self.start) if x > self.start else 0.0)


class Shape(Protocol):
    """
    A whole curve: what it brings, and its envelope over any interval.
    """

    def value(self, x: float) -> float:
        """
        What x brings.
        """

    def envelope(self, low: float, high: float) -> list[Segment]:
        """
        The smallest concave function above the curve on an interval.
        """

    def concave_around(self, x: float, low: float, high: float) -> tuple[float, float]:
        """
        A stretch around x inside the interval on which the curve is concave.
        """

    @property
    def bend(self) -> float:
        """
        Up to where too little money brings next to nothing; 0 where there is no such.
        """


def ln(x: float) -> float:
    """
    The logarithm, with minus infinity for zero.
    """
    return log(x) if x > 0 else -inf


def chord(start: float, end: float, base: float, height: float) -> Segment:
    """
    A straight piece from one end to the other.
    """
    slope = ln(max((height - base) / (end - start), 0.0))
    return Segment(slope, slope, start, end, base, None)


def arc_segment(arc: Arc, start: float, end: float) -> Segment:
    """
    A piece that is the curve itself.
    """
    top, bottom = arc.steepness(start), arc.steepness(end)
    return Segment(top, min(top, bottom), start, end, 0.0, arc)


def root(f: Callable[[float], float], low: float, high: float) -> float:
    """
    Where a function goes from plus to minus: secants kept inside a bracket.
    """
    f_low, f_high = f(low), f(high)
    if f_low <= 0:
        return low
    for turn in range(_ROUNDS):
        if high - low <= _EXACT * high or f_high >= 0:
            break
        x = (low * f_high - high * f_low) / (f_high - f_low)
        if turn % 3 == 2 or not low < x < high:  # noqa: PLR2004 - every third halves
            # Between zero and something large, the middle is the geometric one.
            x = (
                (max(low, high * 1e-12) * high) ** 0.5
                if low < high / 16
                else (low + (high - low) / 2)
            )
        value = f(x)
        if value > 0:
            low, f_low, f_high = x, value, f_high / 2
        else:
            high, f_high, f_low = x, value, f_low / 2
    return high


def tangent(arc: Arc, point: tuple[float, float], low: float, high: float) -> float:
    """
    Where the line from a point left of an arc touches it; an end where it does not.
    """
    x0, y0 = point

    def excess(x: float) -> float:
        return exp(min(arc.steepness(x), _FAR)) * (x - x0) - (arc.value(x) - y0)

    if excess(low) <= 0:
        return low
    return high if excess(high) >= 0 else root(excess, low, high)


class LogArc:
    """
    most x ln(1 + x / unit).
    """

    __slots__ = ("_ln_scale", "_scale", "_unit")
    bend = 0.0

    def __init__(self, scale: float, unit: float) -> None:
        self._scale, self._unit, self._ln_scale = scale, unit, log(scale)

    def value(self, x: float) -> float:
        return self._scale * log1p(x / self._unit)

    def steepness(self, x: float) -> float:
        return self._ln_scale - log(self._unit + x)

    def spend(self, t: float) -> tuple[float, float]:
        reach = exp(min(self._ln_scale - t, _FAR))
        return reach - self._unit, reach

    def envelope(self, low: float, high: float) -> list[Segment]:
        return [arc_segment(self, low, high)]

    def concave_around(self, x: float, low: float, high: float) -> tuple[float, float]:  # noqa: ARG002 - concave everywhere
        return low, high


class PowerArc:
    """
    scale x x^exponent, flattening.
    """

    __slots__ = ("_exponent", "_ln_slope", "_scale", "_stretch")
    bend = 0.0

    def __init__(self, scale: float, exponent: float) -> None:
        self._scale, self._exponent = scale, exponent
        self._ln_slope, self._stretch = log(scale * exponent), 1 / (1 - exponent)

    def value(self, x: float) -> float:
        return self._scale * pow(x, self._exponent)

    def steepness(self, x: float) -> float:
        return self._ln_slope - log(x) / self._stretch if x > 0 else inf

    def spend(self, t: float) -> tuple[float, float]:
        x = exp(min(self._stretch * (self._ln_slope - t), _FAR))
        return x, self._stretch * x

    def envelope(self, low: float, high: float) -> list[Segment]:
        return [arc_segment(self, low, high)]

    def concave_around(self, x: float, low: float, high: float) -> tuple[float, float]:  # noqa: ARG002 - concave everywhere
        return low, high


class ConvexPower:
    """
    scale x x^exponent, rising ever faster: its envelope is one chord.
    """

    __slots__ = ("_exponent", "_scale")
    bend = 0.0

    def __init__(self, scale: float, exponent: float) -> None:
        self._scale, self._exponent = scale, exponent

    def value(self, x: float) -> float:
        return self._scale * pow(x, self._exponent)

    def envelope(self, low: float, high: float) -> list[Segment]:
        return [chord(low, high, self.value(low), self.value(high))]

    def concave_around(self, x: float, low: float, high: float) -> tuple[float, float]:  # noqa: ARG002 - nowhere
        return x, x


class HillArc:
    """
    most / (1 + (half / x)^shape): concave up to shape 1, S-shaped above.

    With u = shape x ln(x / half) its logarithmic slope is
    c + (1 - 1/shape) u - 2 ln(1 + e^u), concave in u and falling beyond the inflection.
    """

    __slots__ = (
        *("_b", "_c", "_half", "_left", "_most", "_shape", "bend"),
        *("_last_fall", "_last_t", "_last_u"),
    )

    def __init__(self, most: float, half: float, shape: float) -> None:
        self._most, self._half, self._shape = most, half, shape
        self._c, self._b = log(most * shape / half), 1 - 1 / shape
        # The inflection, and where the outer bound of the root below is worth using.
        self.bend = (
            half * ((shape - 1) / (shape + 1)) ** (1 / shape) if shape > 1 else 0.0
        )
        self._left = 1 / shape - 1 if shape < 1 else 0.0
        # The last root: prices come in small steps, and so do roots.
        self._last_t = self._last_u = self._last_fall = 0.0

    def value(self, x: float) -> float:
        if x <= 0:
            return 0.0
        u = self._shape * log(x / self._half)
        return self._most * exp(u) if u < -40.0 else self._most / (1 + exp(-u))  # noqa: PLR2004 - 1 + e^-40 is 1

    def steepness(self, x: float) -> float:
        if x <= 0:
            return self._c if self._shape == 1 else (inf if self._shape < 1 else -inf)
        u = self._shape * log(x / self._half)
        return self._c + self._b * u - 2 * (log1p(exp(u)) if u < _FAR else u)

    def spend(self, t: float) -> tuple[float, float]:
        a, b, shape = self._c - t, self._b, self._shape
        if shape == 1:
            reach = self._half * exp(min(a / 2, _FAR))
            return reach - self._half, reach / 2
        u = self._guess(a, t)
        fall = -1.0
        for _ in range(_ROUNDS):
            e = exp(u)
            fall = b - 2 * e / (1 + e)
            if fall >= 0:  # left of the inflection there is nothing to find
                return self.bend, 0.0
            step = (a + b * u - 2 * log1p(e)) / fall
            u -= step
            if -_NEAR < step < _NEAR:
                break
            if u > _FAR:
                u = _FAR
            elif u < -_FAR:
                u = -_FAR
        self._last_t, self._last_u, self._last_fall = t, u, fall
        x = self._half * exp(min(u / shape, _FAR))
        return x, -x / (shape * fall)

    def _guess(self, a: float, t: float) -> float:
        """
        Near the last root, or right of any: from there Newton's method cannot miss.
        """
        b, last = self._b, self._last_fall
        if last < 0:
            u = self._last_u + (t - self._last_t) / last
            if -_FAR < u < _FAR and b - 2 / (1 + exp(-u)) < last / 4:
                return u
        # ln(1+e^u) is above u and above 0, so the root is left of both of these.
        u = a / (2 - b)
        if self._left and a / self._left < u:
            u = a / self._left
        return min(max(u, -_FAR), _FAR)

    def envelope(self, low: float, high: float) -> list[Segment]:
        bend = self.bend
        if low >= bend:
            return [arc_segment(self, low, high)]
        base = self.value(low)
        if high <= bend:
            return [chord(low, high, base, self.value(high))]
        if low <= 0:
            touch = min(self._half * (self._shape - 1) ** (1 / self._shape), high)
            touch = max(touch, bend)
        else:
            touch = tangent(self, (low, base), bend, high)
        straight = chord(low, touch, base, self.value(touch))
        if touch >= high:
            return [straight]
        rest = arc_segment(self, touch, high)
        return [straight, rest._replace(top=min(rest.top, straight.top))]

    def concave_around(self, x: float, low: float, high: float) -> tuple[float, float]:
        return (max(low, self.bend), high) if x >= self.bend else (x, x)


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
