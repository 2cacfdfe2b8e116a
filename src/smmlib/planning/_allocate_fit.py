"""
Whole coins moved between lines until all limits of groups that cross are kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from smmlib.planning._allocate_groups import path_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from smmlib.planning._allocate_lines import Problem


_CLOSE = 1e-12
_MOST_MOVED = 200
_TRIED = 12


@attrs.define
class _Fitting:
    """
    Whole coins that are moved until every limit is kept.
    """

    problem: Problem
    wanted: Sequence[float]
    coins: list[int]
    used: list[int]
    around: list[tuple[int, ...]]

    def room(self, place: int) -> int:
        """
        How many coins more a line may get.
        """
        entry = self.problem.entries[place]
        if self.coins[place] < entry.low:
            return 0
        caps = [
            cap - self.used[g]
            for g in self.around[place]
            if (cap := self.problem.limits[g].cap) is not None
        ]
        most = min([entry.high - self.coins[place], *caps])
        return max(most, 0) // entry.step * entry.step

    def spare(self, place: int) -> int:
        """
        How many coins a line can give away.
        """
        entry = self.problem.entries[place]
        floors = [
            self.used[g] - self.problem.limits[g].floor for g in self.around[place]
        ]
        most = min([self.coins[place] - entry.low, *floors])
        return max(most, 0) // entry.step * entry.step

    def add(self, place: int, coins: int) -> None:
        """
        Give a line coins, or take them with a minus.
        """
        self.coins[place] += coins
        for g in self.around[place]:
            self.used[g] += coins

    @property
    def is_kept(self) -> bool:
        """
        Whether every group is within its limits.
        """
        return all(
            x.floor <= n and (x.cap is None or n <= x.cap)
            for x, n in zip(self.problem.limits, self.used, strict=True)
        )

    def improve(self, values: Sequence[Callable[[float], float]]) -> None:
        """
        Move ever smaller amounts to where they bring more, as long as limits are kept.
        """
        size = max(self.problem.coins // 8, 1)
        while True:
            for _ in range(4 * len(self.coins)):
                if not self._move(values, size):
                    break
            if size == 1:
                break
            size = max(size // 3, 1)

    def _move(self, values: Sequence[Callable[[float], float]], size: int) -> bool:
        """
        The best move of one size that limits allow; whether there was one.
        """
        gains, losses = [], []
        for place, entry in enumerate(self.problem.entries):
            now, value = self.coins[place], values[place]
            if size % entry.step or now < entry.low:
                continue
            if now + size <= entry.high:
                gains.append((value(now + size) - value(now), place))
            if now - size >= entry.low:
                losses.append((value(now) - value(now - size), place))
        for gain, taker in sorted(gains, reverse=True)[:_TRIED]:
            for loss, giver in sorted(losses)[:_TRIED]:
                if gain <= loss * (1 + _CLOSE) or taker == giver:
                    continue
                self.add(giver, -size)
                self.add(taker, size)
                if self.is_kept:
                    return True
                self.add(taker, -size)
                self.add(giver, size)
        return False

    def first(self, places: Iterable[int], coins: int) -> int:
        """
        Give coins to lines, those that miss most first; how many could not be given.
        """
        while coins > 0:
            able = [k for k in places if self.room(k)]
            if not able:
                break
            steps = self.problem.entries
            place = max(
                able, key=lambda k: (self.wanted[k] - self.coins[k]) / steps[k].step
            )
            step = steps[place].step
            miss = int((self.wanted[place] - self.coins[place]) // step) * step
            given = min(self.room(place), max(miss, step), coins // step * step)
            if given <= 0:
                break
            self.add(place, given)
            coins -= given
        return coins


def fitted(
    wanted: Sequence[float],
    problem: Problem,
    values: Sequence[Callable[[float], float]] | None = None,
) -> list[int] | None:
    """
    Whole coins near the wanted amounts that keep every limit; None if none are found.
    """
    around = [path_of(place, problem.limits) for place in range(len(wanted))]
    run = _Fitting(
        problem, wanted, [0] * len(wanted), [0] * len(problem.limits), around
    )
    for place, entry in enumerate(problem.entries):
        start = entry.low if wanted[place] >= entry.low * 0.5 else entry.floor
        run.add(place, start)
    limits = sorted(
        range(len(problem.limits)), key=lambda g: len(problem.limits[g].places)
    )
    for place, entry in enumerate(problem.entries):
        if run.coins[place] >= entry.low:
            steps = int((wanted[place] - run.coins[place]) // entry.step) * entry.step
            free = problem.coins - sum(run.coins)
            run.add(
                place,
                max(min(steps, run.room(place), free // entry.step * entry.step), 0),
            )
    for g in limits:
        short = problem.limits[g].floor - run.used[g]
        if short > 0 and not _raised(run, g, short):
            return None
    run.first(range(len(wanted)), problem.coins - sum(run.coins))
    if not run.is_kept or sum(run.coins) > problem.coins:
        return None
    if values is not None and len(wanted) <= _MOST_MOVED:
        run.improve(values)
    return run.coins


def _raised(run: _Fitting, g: int, short: int) -> bool:
    """
    Bring a group up to its floor, with money from outside it where none is left.
    """
    inside = run.problem.limits[g].places
    free = run.problem.coins - sum(run.coins)
    short -= min(short, free) - run.first(sorted(inside), min(short, free))
    outside = [k for k in range(len(run.coins)) if k not in inside]
    for place in sorted(outside, key=lambda k: run.wanted[k] - run.coins[k]):
        if short <= 0:
            break
        taken = min(run.spare(place), short)
        step = run.problem.entries[place].step
        taken = taken // step * step
        run.add(place, -taken)
        left = run.first(sorted(inside), taken)
        run.add(place, left // step * step)
        short -= taken - left
    return short <= 0
