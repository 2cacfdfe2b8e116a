"""
New daily budgets: as near to what each line needs as caps, steps and one total allow.
"""

from __future__ import annotations

from collections.abc import Sequence

import attrs


@attrs.frozen
class Room:
    """
    What one line's new amount may be, in coins.

    Attributes:
        low: At least.
        high: At most.
        wanted: What it needs.
    """

    low: int
    high: int
    wanted: int


def spread(total: int, rooms: Sequence[Room]) -> list[int]:
    """
    Share a total so that all lines get the same part of what they need, within bounds.

    Where every line gets all it needs and money is left, the rest goes up the same
    scale; where bounds stop everybody, the answer is as near to the total as they
    allow.

    Args:
        total: Coins to share.
        rooms: Bounds and wishes.

    Returns:
        Coins per line; they sum to the total unless the bounds forbid it.
    """
    # A line that needs nothing still takes its part of what nobody else can.
    wishes = [max(room.wanted, 0) + 1 for room in rooms]
    low = sum(room.low for room in rooms)
    high = sum(room.high for room in rooms)
    total = min(max(total, low), high)
    scale = _scale(total, rooms, wishes)
    exact = [
        min(max(wish * scale, float(room.low)), float(room.high))
        for room, wish in zip(rooms, wishes, strict=True)
    ]
    found = [
        min(max(int(value), room.low), room.high)
        for value, room in zip(exact, rooms, strict=True)
    ]
    _settle(total, found, rooms, exact)
    return found


def _scale(total: int, rooms: Sequence[Room], wishes: Sequence[int]) -> float:
    """
    The part of its wish every line gets, by halving.
    """
    below, above = 0.0, float(max([room.high for room in rooms], default=0) + 1)
    for _ in range(200):
        middle = (below + above) / 2
        given = sum(
            min(max(wish * middle, room.low), room.high)
            for room, wish in zip(rooms, wishes, strict=True)
        )
        if given <= total:
            below = middle
        else:
            above = middle
    return below


def _settle(
    total: int, found: list[int], rooms: Sequence[Room], exact: Sequence[float]
) -> None:
    """
    Give the last coins to those that rounding took most from, or take them back.
    """
    left = total - sum(found)
    order = sorted(range(len(found)), key=lambda k: found[k] - exact[k])
    while left:
        step = 1 if left > 0 else -1
        for k in order if step > 0 else reversed(order):
            # The last coins first, then whole amounts where many are left.
            room = rooms[k].high - found[k] if step > 0 else found[k] - rooms[k].low
            part = min(room, max(abs(left) // len(found), 1), abs(left))
            found[k] += step * part
            left -= step * part
            if not left:
                break
