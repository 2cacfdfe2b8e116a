"""
How likely each variant is the best, from what was seen and nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, lgamma, log, sqrt

_POINTS = 801
_WIDE = 9.0


def best_shares(counts: Sequence[tuple[int, int]]) -> list[float]:
    """
    Probability to be the best, for results and chances of each variant.

    Every rate has a beta distribution (uniform before the first number); the integral
    of one density times all other distributions is worked out on a common grid.
    """
    shapes = [(won + 1.0, shown - won + 1.0) for won, shown in counts]
    low, high = _span(shapes)
    step = (high - low) / (_POINTS - 1)
    grid = [low + step * k for k in range(_POINTS)]
    densities = [_density(a, b, grid) for a, b in shapes]
    sums = [_summed(density) for density in densities]
    shares = []
    for place, density in enumerate(densities):
        others = [s for k, s in enumerate(sums) if k != place]
        shares.append(
            sum(value * _product(others, k) for k, value in enumerate(density))
        )
    whole = sum(shares) or 1.0
    return [share / whole for share in shares]


def _span(shapes: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """
    Where all the rates are, for all practical purposes.
    """
    ends = []
    for a, b in shapes:
        mean = a / (a + b)
        spread = sqrt(mean * (1 - mean) / (a + b + 1))
        ends.append((mean - _WIDE * spread, mean + _WIDE * spread))
    low = max(min(one for one, _ in ends), 1e-12)
    return low, min(max(other for _, other in ends), 1 - 1e-12)


def _density(a: float, b: float, grid: Sequence[float]) -> list[float]:
    scale = lgamma(a + b) - lgamma(a) - lgamma(b)
    values = [
        exp(max(scale + (a - 1) * log(x) + (b - 1) * log(1 - x), -700.0)) for x in grid
    ]
    whole = sum(values)
    return [value / whole for value in values]


def _summed(density: Sequence[float]) -> list[float]:
    """
    The distribution at each point; half of the point itself, so that ties are shared.
    """
    found, total = [], 0.0
    for value in density:
        found.append(total + value / 2)
        total += value
    return found


def _product(sums: Sequence[Sequence[float]], place: int) -> float:
    product = 1.0
    for one in sums:
        product *= one[place]
    return product
