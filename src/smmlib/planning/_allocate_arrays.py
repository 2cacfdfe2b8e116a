"""
The same water-filling for a million lines at once, with numpy (the extra `analytics`).

Lines come as columns. Whole coins, groups and reasons are for `allocate`; here the
answer is amounts, what they bring, and the bound that the price proves.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.errors import Issue, MissingExtraError, ValidationError

if TYPE_CHECKING:
    from collections.abc import Sequence

FAMILIES = ("hill", "log", "power")
_ROUNDS = 100
_SAMPLE = 4096
_SHORT = 1e-13
_FAR = 700.0
_BENT = 1e-3
_NEAR = 1e-6  # Newton's method squares the error


@attrs.frozen(eq=False)
class ArrayAllocation:
    """
    What each of many lines gets.

    Attributes:
        amounts: A numpy array, in the order of the columns.
        value: What they bring together.
        bound: What no split can exceed.
        price: What the last unit of money brings.
        rounds: How often all lines were looked at.
    """

    amounts: Any
    value: float
    bound: float = attrs.field(kw_only=True)
    price: float = attrs.field(kw_only=True)
    rounds: int = attrs.field(kw_only=True)

    @property
    def gap(self) -> float:
        """
        How much better another split could be at most, relative to the bound.
        """
        return (self.bound - self.value) / abs(self.bound) if self.bound else 0.0


def allocate_arrays(
    family: Sequence[int] | Any,
    total: float,
    *,
    scale: Any,
    unit: Any,
    shape: Any,
    minimum: Any,
    maximum: Any,
) -> ArrayAllocation:
    """
    Divide money over very many lines, given as columns of equal length.

    Args:
        family: 0 for hill, 1 for log, 2 for power.
        total: What there is to spend.
        scale: `most` of hill, `scale` of log and power; above zero.
        unit: `half` of hill, `unit` of log; not used for power.
        shape: `shape` of hill (up to 1: concave), `exponent` of power (below 1).
        minimum: The least of each line.
        maximum: The most of each line.

    Raises:
        ValidationError: Columns that do not fit, or curves that are not concave.
        MissingExtraError: numpy is not installed.
    """
    try:
        import numpy as np
    except ImportError as error:
        raise MissingExtraError("allocation of arrays", "analytics") from error
    family = np.asarray(family, dtype=np.int64)
    columns = [
        np.asarray(one, dtype=float) for one in (scale, unit, shape, minimum, maximum)
    ]
    _check(np, family, columns, float(total))
    order = np.argsort(family, kind="stable")
    ends = np.searchsorted(family[order], range(len(FAMILIES) + 1))
    run = _Columns(np, ends, tuple(column[order] for column in columns))
    return run.solve(float(total), order)


def _check(np: Any, family: Any, columns: Sequence[Any], total: float) -> None:
    names = ("scale", "unit", "shape", "minimum", "maximum")
    issues = []

    def wrong(name: str, bad: Any, message: str, limit: str) -> None:
        if bad.any():
            place = int(np.argmax(bad))
            path = f"{name}[{place}]"
            value = str(columns[names.index(name)][place])
            hint = f"{int(bad.sum())} lines are like this"
            issues.append(
                Issue(
                    path,
                    "allocate.column",
                    message,
                    value=value,
                    limit=limit,
                    hint=hint,
                )
            )

    if not len(family) or any(len(column) != len(family) for column in columns):
        message = "columns must be of one length, and not empty"
        issue = Issue(
            "lines", "allocate.no_lines", message, hint="one row for each line"
        )
        raise ValidationError([issue])
    scale, unit, shape, low, high = columns
    power = family == FAMILIES.index("power")
    hill = family == FAMILIES.index("hill")
    wrong("scale", ~(scale > 0), "must be above zero", "above 0")
    wrong("unit", ~(unit > 0) & ~power, "must be above zero", "above 0")
    steep = (
        (hill & (shape > 1)) | (power & (shape >= 1)) | ((hill | power) & ~(shape > 0))
    )
    wrong("shape", steep, "the curve is not concave", "hill: up to 1, power: below 1")
    wrong("minimum", ~(low >= 0), "is negative", "0 or more")
    wrong("maximum", ~(high >= low), "is below the minimum", "at least the minimum")
    if not issues and low.sum() > total * (1 + _SHORT):
        issues.append(
            Issue(
                "total",
                "allocate.minima",
                f"the lines need at least {low.sum()}, there is {total}",
                value=str(total),
                limit=str(low.sum()),
                hint="lower minima or raise the total",
            )
        )
    if issues:
        raise ValidationError(issues)


def _inward(t: float, cheap: float, dear: float, *, more: bool) -> float:
    """
    A price between two that are known, or further out where one is not.
    """
    if more:
        return (cheap + t) / 2 if cheap > -float("inf") else t - 2.0
    return (t + dear) / 2 if dear < float("inf") else t + 2.0


class _Columns:
    """
    The lines, ordered by family so that each family is one slice.
    """

    def __init__(self, np: Any, ends: Any, columns: tuple[Any, ...]) -> None:
        scale, unit, shape, low, high = columns
        self.np, self.scale, self.unit, self.shape = np, scale, unit, shape
        self.low, self.high = low, high
        self.columns = columns
        self.hill, self.log, self.power = (
            slice(int(a), int(b)) for a, b in pairwise(ends)
        )
        h, p = self.hill, self.power
        self._b = 1 - 1 / shape[h]
        self._c = np.log(scale[h] * shape[h] / unit[h])
        self._ln_log = np.log(scale[self.log])
        self._ln_power = np.log(scale[p] * shape[p])
        self._off = 0.0
        # Beyond a line's bounds the root does not matter, and is not looked for.
        with np.errstate(divide="ignore"):
            edges = [shape[h] * np.log(x[h] / unit[h]) for x in (low, high)]
        self._u_low, self._u_high = (np.clip(u, -_FAR, _FAR) for u in edges)
        self._u = np.full(len(self._b), np.nan)
        self._fall_u = np.full(len(self._b), -1.0)

    def value(self, x: Any) -> Any:
        """
        What the amounts bring, line by line.
        """
        np, found = self.np, self.np.empty_like(x)
        h, g, p = self.hill, self.log, self.power
        with np.errstate(divide="ignore", over="ignore"):
            ratio = (self.unit[h] / x[h]) ** self.shape[h]
        found[h] = self.scale[h] / (1 + ratio)
        found[g] = self.scale[g] * np.log1p(x[g] / self.unit[g])
        found[p] = self.scale[p] * x[p] ** self.shape[p]
        return found

    def steepness(self, x: Any) -> Any:
        """
        The logarithm of the slope, line by line.
        """
        np, found = self.np, self.np.empty_like(x)
        h, g, p = self.hill, self.log, self.power
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            u = self.shape[h] * np.log(x[h] / self.unit[h])
            slope = self._c + self._b * u - 2 * np.logaddexp(0.0, u)
            found[h] = np.where(x[h] > 0, slope, np.where(self._b < 0, np.inf, self._c))
            found[g] = self._ln_log - np.log(self.unit[g] + x[g])
            found[p] = self._ln_power + (self.shape[p] - 1) * np.log(x[p])
        return found

    def spend(self, t: float, moved: float) -> tuple[Any, Any]:
        """
        Where the slope is e^t, and how fast that falls; hill by a step or two of
        Newton's method from the last round, carried along by how far t moved.
        """
        np = self.np
        x, fall = np.empty_like(self.low), np.empty_like(self.low)
        g, p = self.log, self.power
        reach = np.exp(np.minimum(self._ln_log - t, _FAR))
        x[g], fall[g] = reach - self.unit[g], reach
        bend = 1 / (1 - self.shape[p])
        x[p] = np.exp(np.minimum(bend * (self._ln_power - t), _FAR))
        fall[p] = bend * x[p]
        self._spend_hill(t, moved, x, fall)
        return x, fall

    def _spend_hill(self, t: float, moved: float, x: Any, fall: Any) -> None:
        np, h, b = self.np, self.hill, self._b
        a = self._c - t
        first = bool(len(b)) and bool(np.isnan(self._u[0]))
        if first:
            with np.errstate(divide="ignore"):
                u = np.minimum(a / (2 - b), np.where(b < 0, a / -b, np.inf))
        else:
            # Where the curve is straight nothing is carried along: it would run away.
            u = self._u + moved / np.where(self._fall_u < -_BENT, self._fall_u, -np.inf)
        np.clip(u, self._u_low, self._u_high, out=u)
        for _ in range(30 if first else 4):
            e = np.exp(u)
            slope = np.minimum(b - 2 * (e / (1 + e)), -1e-12)
            after = u - (a + b * u - 2 * np.log1p(e)) / slope
            np.clip(after, self._u_low, self._u_high, out=after)
            self._off = float(np.abs(after - u).max(initial=0.0))
            u = after
            if self._off < _NEAR:
                break
        # The slope of the round before differs from this one by no more than the step.
        self._fall_u, self._u = slope, u
        x[h] = self.unit[h] * np.exp(np.minimum(u / self.shape[h], _FAR))
        fall[h] = x[h] / (-self.shape[h] * slope)

    def solve(self, total: float, order: Any) -> ArrayAllocation:
        """
        Amounts at the price at which the money runs out.
        """
        np, low, high = self.np, self.low, self.high
        if high.sum() <= total:
            return self._result(high.copy(), -np.inf, total, order, 1)
        t, moved, rounds = self._start(total), 0.0, 0
        above, below = low * (1 + _SHORT), high * (1 - _SHORT)
        cheap, dear = -float("inf"), float("inf")
        while rounds < _ROUNDS:
            rounds += 1
            x, fall = self.spend(t, moved)
            np.clip(x, low, high, out=x)
            fall *= (x > above) & (x < below)  # lines at a bound do not give way
            used, falls = float(x.sum()), float(fall.sum())
            settled = self._off < _NEAR
            if abs(used - total) <= _SHORT * total and settled:
                break
            if settled:  # else an answer that is still moving would mislead
                cheap, dear = (t, dear) if used > total else (cheap, t)
            step = np.log(used / total) * used / falls if falls > 0 < used else np.inf
            if not cheap < t + step < dear:
                step = _inward(t, cheap, dear, more=used < total) - t
            if abs(step) < 1e-15 * max(abs(t), 1.0) and settled:
                break
            t, moved = t + step, step
        return self._result(self._exact(x, fall, total), t, total, order, rounds)

    def _start(self, total: float) -> float:
        """
        The price a sample of the lines would settle at.
        """
        low, room = self.low, self.high - self.low
        share = max((total - float(low.sum())) / float(room.sum()), 1e-12)
        every = len(low) // _SAMPLE
        if every < 2:  # noqa: PLR2004 - too few lines to take a sample of
            return float(self.np.mean(self.steepness(low + share * room)))
        taken = [column[::every] for column in self.columns]
        edges = [-(-s.stop // every) for s in (self.hill, self.log, self.power)]
        part = _Columns(self.np, [0, *edges], tuple(taken))
        money = float(part.low.sum()) + share * float((part.high - part.low).sum())
        found = part.solve(money, self.np.arange(len(part.low)))
        return float(self.np.log(found.price)) if found.price > 0 else 0.0

    def _exact(self, x: Any, fall: Any, total: float) -> Any:
        """
        The last of the money spread over lines that are free to move.
        """
        falls = fall.sum()
        if falls <= 0:
            return x
        rest = total - x.sum()
        return self.np.clip(x + rest * (fall / falls), self.low, self.high)

    def _result(
        self, x: Any, t: float, total: float, order: Any, rounds: int
    ) -> ArrayAllocation:
        np = self.np
        price = float(np.exp(t))
        value = float(self.value(x).sum())
        with np.errstate(over="ignore", invalid="ignore"):
            excess = (
                price * np.expm1(self.steepness(x) - t) if price else np.zeros_like(x)
            )
            left, right = excess * (self.low - x), excess * (self.high - x)
            slack = np.where(excess > 0, right, left)
            slack = np.where((x <= self.low) & (excess < 0), 0.0, slack)
            slack = np.where((x >= self.high) & (excess > 0), 0.0, slack)
            slack = np.where(np.isfinite(slack), slack, 0.0)
        bound = value + price * (total - float(x.sum())) + float(slack.sum())
        amounts = np.empty_like(x)
        amounts[order] = x
        return ArrayAllocation(
            amounts, value, bound=max(bound, value), price=price, rounds=rounds
        )
