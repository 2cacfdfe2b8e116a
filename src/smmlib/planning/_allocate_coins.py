"""
From exact amounts to whole coins: every bound kept, nothing lost, and the best of it.
"""

from __future__ import annotations

import heapq
from math import inf
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from smmlib.planning._allocate_lines import Entry

_MOST_TRIED = 400_000


def to_coins(wanted: Sequence[float], entries: Sequence[Entry], pool: int) -> list[int]:
    """
    Whole steps next to what each line should get, no more than the pool together.

    Largest remainders come first; a line stays within its bounds, and one that may be
    nothing is nothing or at least its minimum.
    """
    coins = [_floor(x, entry) for x, entry in zip(wanted, entries, strict=True)]
    rest = pool - sum(coins)
    while rest < 0:  # a bound was rounded up: take back where it is least missed
        order = sorted(
            (k for k, e in enumerate(entries) if _can_give(coins[k], e)),
            key=lambda k: wanted[k] - coins[k],
        )
        if not order:
            break
        for place in order:
            if rest >= 0:
                break
            entry = entries[place]
            share = -(rest // (entry.step * len(order)))
            taken = min(max(share, 1), (coins[place] - entry.low) // entry.step)
            coins[place] -= taken * entry.step
            rest += taken * entry.step
    while rest > 0:
        order = sorted(
            (k for k, e in enumerate(entries) if _can_take(coins[k], e, rest)),
            key=lambda k: (coins[k] - wanted[k]) / entries[k].step,
        )
        if not order:
            break
        for place in order:
            entry = entries[place]
            share = rest // (entry.step * len(order))
            given = min(max(share, 1), (entry.high - coins[place]) // entry.step)
            if given * entry.step <= rest:
                coins[place] += given * entry.step
                rest -= given * entry.step
    return coins


def _floor(x: float, entry: Entry) -> int:
    if entry.can_be_zero and x < entry.low * 0.5:
        return 0
    steps = int(x // entry.step) * entry.step
    # A float just below a whole step means that step.
    if x - steps > entry.step * (1 - 1e-9):
        steps += entry.step
    return min(max(steps, entry.low), entry.high)


def _can_give(coins: int, entry: Entry) -> bool:
    return coins - entry.step >= entry.low


def _can_take(coins: int, entry: Entry, rest: int) -> bool:
    return (
        entry.low <= coins and coins + entry.step <= entry.high and entry.step <= rest
    )


def exchanged(
    coins: list[int],
    entries: Sequence[Entry],
    values: Sequence[Callable[[float], float]],
) -> tuple[list[int], float]:
    """
    Move single steps to where they bring more, until no move helps.

    For concave curves with equal steps what is left is the best of all splits, and any
    price between the best gain and the smallest loss proves it.

    Returns:
        The coins, and that price.
    """
    found = list(coins)
    gains: list[tuple[float, int, int]] = []
    losses: list[tuple[float, int, int]] = []

    def offer(place: int) -> None:
        entry, value, now = entries[place], values[place], found[place]
        here = value(now)
        if _can_take(now, entry, entry.step):
            more = (value(now + entry.step) - here) / entry.step
            heapq.heappush(gains, (-more, place, now))
        if entry.low <= now and _can_give(now, entry):
            less = (here - value(now - entry.step)) / entry.step
            heapq.heappush(losses, (less, place, now))

    for place in range(len(found)):
        offer(place)
    for _ in range(8 * len(found)):
        _drop_old(gains, found)
        _drop_old(losses, found)
        if not gains or not losses:
            break
        gain, loss = -gains[0][0], losses[0][0]
        taker, giver = gains[0][1], losses[0][1]
        if gain <= loss * (1 + 1e-12) or entries[taker].step != entries[giver].step:
            break
        found[taker] += entries[taker].step
        found[giver] -= entries[giver].step
        offer(taker)
        offer(giver)
    return found, _price(gains, losses)


def _drop_old(heap: list[tuple[float, int, int]], found: Sequence[int]) -> None:
    while heap and found[heap[0][1]] != heap[0][2]:
        heapq.heappop(heap)


def _price(
    gains: Sequence[tuple[float, int, int]], losses: Sequence[tuple[float, int, int]]
) -> float:
    best = -gains[0][0] if gains else 0.0
    least = losses[0][0] if losses else inf
    return best if least == inf else (best + least) / 2


@attrs.frozen
class Tried:
    """
    The best of all splits of a small problem.
    """

    coins: list[int]
    value: float


def tried_all(
    entries: Sequence[Entry],
    values: Sequence[Callable[[float], float]],
    pool: int,
) -> Tried | None:
    """
    The best of every possible split, line by line; None where there are too many.
    """
    if sum(_count(entry, pool) for entry in entries) * (pool + 1) > _MOST_TRIED:
        return None
    choices = [_choices(entry, pool) for entry in entries]
    best = [0.0] * (pool + 1)
    taken: list[list[int]] = []
    for options, value in zip(choices, values, strict=True):
        worth = [(x, value(x)) for x in options]
        after, chosen = [-inf] * (pool + 1), [0] * (pool + 1)
        for have in range(pool + 1):
            for x, brings in worth:
                if x > have:
                    break
                found = best[have - x] + brings
                if found > after[have]:
                    after[have], chosen[have] = found, x
        best = after
        taken.append(chosen)
    coins, left = [], pool
    for chosen in reversed(taken):
        coins.append(chosen[left])
        left -= chosen[left]
    return Tried(coins[::-1], best[pool])


def _count(entry: Entry, pool: int) -> int:
    return max(min(entry.high, pool) - entry.low, 0) // entry.step + 1


def _choices(entry: Entry, pool: int) -> list[int]:
    most = min(entry.high, pool)
    zero = [0] if entry.can_be_zero and entry.low > 0 else []
    return [*zero, *range(entry.low, most + 1, entry.step)]
