"""
Pieces of response curves where they are concave: slopes and where they are reached.

Everything works with t = ln(slope), in which all families are tame.
"""

from __future__ import annotations

from math import exp, inf, log, log1p, pow  # noqa: A004 - of floats only
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable


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
