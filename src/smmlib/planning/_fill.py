"""
Equal shares between a least and a most, exact to the smallest coin.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def fill(pool: int, bounds: Sequence[tuple[int, int]]) -> list[int]:
    """
    Share coins as equally as the bounds allow, like water in vessels of one row.

    Every vessel stands at the same level unless its own floor or rim says otherwise.
    Coins that cannot be divided go to the first vessels that still have room. What
    no vessel can hold stays in the pool.

    Args:
        pool: Coins to share; at least the sum of all floors.
        bounds: Floor and rim of each vessel.

    Returns:
        Coins per vessel.
    """
    if not bounds:
        return []
    low, high = 0, max(pool, 0)
    while low < high:  # the highest level the pool can pay for
        level = (low + high + 1) // 2
        if sum(_clamp(level, *pair) for pair in bounds) <= pool:
            low = level
        else:
            high = level - 1
    shares = [_clamp(low, *pair) for pair in bounds]
    left = pool - sum(shares)
    for place, (floor, rim) in enumerate(bounds):
        if left > 0 and floor <= low < rim:
            shares[place] += 1
            left -= 1
    return shares


def _clamp(level: int, floor: int, rim: int) -> int:
    return max(floor, min(level, rim))
