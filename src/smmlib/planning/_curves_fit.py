"""
Response curves from a line's own history, with honest intervals.

Weighted least squares in the logarithms of the parameters, with the spread of counts
(variance in proportion to the mean, as large as the data say). Straight line, power,
logarithm and Hill compete by AICc, so that a bend is only claimed where it pays for its
parameter. Intervals follow from the curvature of the fit and Student's t.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from math import exp, inf, log, log1p, sqrt
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.errors import Issue, ValidationError
from smmlib.model import (
    HillResponse,
    LinearResponse,
    LogResponse,
    Money,
    PowerResponse,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from smmlib.model._response import ResponseCurve

    # What a family brings for a spending, by its parameters' logarithms.
    Formula = Callable[[Sequence[float], float], float]
    # Spending, result, and how much it counts.
    Point = tuple[float, float, float]

FEWEST = 8
"""
Below so many periods with different spending nothing is said about the bend.
"""
WIDEST = 2.0
"""
The largest spending must be so many times the smallest.
"""

_ROUNDS = 40
_RIVAL = 4.0  # by AICc: a family this near may be the true one
_DIGITS = 6
_STEP = 1e-6
_STEEP, _FLAT_SHAPE = 3.0, 0.3


def _linear(p: Sequence[float], x: float) -> float:
    return exp(p[0]) * x


def _power(p: Sequence[float], x: float) -> float:
    return exp(p[0] + min(exp(p[1]), 1.0) * log(x)) if x > 0 else 0.0


def _log(p: Sequence[float], x: float) -> float:
    return exp(p[0]) * log1p(x / exp(p[1]))


def _hill(p: Sequence[float], x: float) -> float:
    shape = min(max(exp(p[2]), _FLAT_SHAPE), _STEEP) if len(p) > 2 else 1.0  # noqa: PLR2004 - the third
    if x <= 0:
        return 0.0
    return exp(p[0]) / (1 + exp(min(shape * (p[1] - log(x)), 300.0)))


_FORMULAS: dict[str, Formula] = {
    "linear": _linear,
    "power": _power,
    "log": _log,
    "hill": _hill,
    "hill with shape": _hill,
}


@attrs.frozen
class _Fit:
    """
    One family, fitted.
    """

    family: str
    parameters: tuple[float, ...]
    covariance: tuple[tuple[float, ...], ...]
    spread: float
    score: float

    def interval(self, x: float, level: float, periods: int) -> tuple[float, float]:
        """
        What it says about a spending, by the curvature of the fit.
        """
        formula = _FORMULAS[self.family]
        middle, slopes = (
            formula(self.parameters, x),
            _gradient(formula, self.parameters, x),
        )
        variance = sum(
            a * b * self.covariance[j][k]
            for j, a in enumerate(slopes)
            for k, b in enumerate(slopes)
        )
        if middle <= 0 or variance <= 0:
            return middle, middle
        free = max(periods - len(self.parameters), 1)
        wide = exp(min(_student(level, free) * sqrt(variance) / middle, 50.0))
        return middle / wide, middle * wide


@attrs.frozen
class ResponseFit:
    """
    A curve learned from history, and how far it can be trusted.

    Attributes:
        curve: The curve for one period of the history.
        family: Which family won.
        enough: Whether the data say something about the bend; if not, the curve is a
            straight line through the data, flat beyond the largest spending seen.
        periods: How many periods it was learned from.
        notes: What a reader must know.
        spread: How much counts vary, against pure chance (1).
    """

    curve: ResponseCurve
    family: str
    enough: bool = attrs.field(kw_only=True)
    periods: int = attrs.field(kw_only=True)
    notes: tuple[str, ...] = attrs.field(kw_only=True)
    spread: float = attrs.field(kw_only=True)
    _rivals: tuple[_Fit, ...] = attrs.field(kw_only=True, repr=False)

    def interval(
        self, spend: float | Decimal, *, level: float = 0.8
    ) -> tuple[float, float, float]:
        """
        What this much money brings in one period on average: low, middle, high.

        Families that explain the history nearly as well widen it: which of them is
        true is part of what nobody knows.

        Args:
            spend: The money, in the history's currency.
            level: How often the truth should lie inside.
        """
        x = float(spend)
        middle = self.curve.at(x)
        ends = [fit.interval(x, level, self.periods) for fit in self._rivals]
        return (
            min([middle, *(a for a, _ in ends)]),
            middle,
            max([middle, *(b for _, b in ends)]),
        )

    def over(self, periods: int) -> ResponseCurve:
        """
        The curve of so many periods together, the money spread evenly over them.
        """
        n = Decimal(periods)
        curve = self.curve
        if isinstance(curve, HillResponse):
            return HillResponse(curve.most * n, curve.half * n, shape=curve.shape)
        if isinstance(curve, LogResponse):
            return LogResponse(curve.scale * n, curve.unit * n)
        if isinstance(curve, PowerResponse):
            factor = float(periods) ** (1 - float(curve.exponent))
            return PowerResponse(_short(float(curve.scale) * factor), curve.exponent)
        assert isinstance(curve, LinearResponse)  # noqa: S101 - no other is fitted
        return LinearResponse(curve.rate, None if curve.cap is None else curve.cap * n)

    def __str__(self) -> str:
        said = "; ".join(self.notes)
        return f"{self.curve!r} from {self.periods} periods{': ' if said else ''}{said}"


def fit_response(history: Iterable[tuple[Any, Any]]) -> ResponseFit:
    """
    Learn what a line brings for its money from periods that are over.

    Args:
        history: Pairs of spending and result, one for each day or week; spending as
            money or number.

    Raises:
        ValidationError: No period with spending, or a number below zero.
    """
    points = _points(history)
    lacking = _lacking(points)
    families = ["linear"] if lacking else list(_FORMULAS)
    fits = [found for name in families if (found := _fitted(name, points)) is not None]
    best = min(fits, key=lambda fit: fit.score)
    name, parameters = best.family, best.parameters
    top = max(x for x, _, _ in points)
    notes = list(lacking)
    if not lacking and name in {"linear", "power"}:
        notes.append(
            f"no ceiling is visible up to {top:,.6g} a period: beyond, it is a guess"
        )
    curve = _curve(name, parameters, cap=top if lacking else None)
    return ResponseFit(
        curve,
        name,
        enough=not lacking,
        periods=len(points),
        notes=tuple(notes),
        spread=best.spread,
        rivals=tuple(fit for fit in fits if fit.score <= best.score + _RIVAL),
    )


def _points(history: Iterable[tuple[Any, Any]]) -> list[Point]:
    points, issues = [], []
    for place, (spend, result) in enumerate(history):
        x = float(spend.amount if isinstance(spend, Money) else spend)
        y = float(result.amount if isinstance(result, Money) else result)
        if not (0 <= x < inf and 0 <= y < inf):
            shown = f"{spend}: {result}"
            message = "spending and results cannot be below zero"
            issue = Issue(
                f"history[{place}]",
                "fit.negative",
                message,
                value=shown,
                limit="0 or more",
                hint="leave corrections out, or book them where they belong",
            )
            issues.append(issue)
        points.append((x, y))
    if not issues and not any(x > 0 for x, _ in points):
        issue = Issue(
            "history",
            "fit.empty",
            "there is no period with spending",
            value=str(len(points)),
            limit="one or more",
            hint="give pairs of spending and result, one for each day or week",
        )
        issues.append(issue)
    if issues:
        raise ValidationError(issues)
    known = [(x, y) for x, y in points if x > 0]
    # Larger counts vary more. The weight follows a straight line and not the fit, which
    # could talk its own errors small.
    rate = sum(y for _, y in known) / sum(x for x, _ in known)
    return [(x, y, 1 / max(rate * x, 1e-9)) for x, y in known]


def _lacking(points: Sequence[Point]) -> tuple[str, ...]:
    """
    What is missing to say anything about the bend.
    """
    spends = sorted({round(x, 9) for x, _, _ in points})
    found = []
    if len(spends) < FEWEST:
        found.append(
            f"too little data: {len(spends)} different spendings, {FEWEST} are needed"
        )
    if spends[-1] < WIDEST * spends[0]:
        found.append(
            f"too little variation: spending lies between {spends[0]:,.6g} and "
            f"{spends[-1]:,.6g}; vary it by a factor of {WIDEST:g} or more"
        )
    if not any(y for _, y, _ in points):
        found.append("too little data: no results at all")
    return tuple(found)


def _fitted(name: str, points: Sequence[Point]) -> _Fit | None:
    """
    One family by damped Gauss-Newton; None where it has no better than no fit.
    """
    formula, p = _FORMULAS[name], _start(name, points)
    damping, error = 1e-3, _error(formula, p, points)
    for _ in range(_ROUNDS):
        normal, right = _normal(formula, p, points)
        damped = [
            [v * (1 + damping) if j == k else v for k, v in enumerate(row)]
            for j, row in enumerate(normal)
        ]
        step = _solved(damped, right)
        moved = [a + min(max(b, -2.0), 2.0) for a, b in zip(p, step, strict=True)]
        after = _error(formula, moved, points)
        if after < error:
            done = error - after <= 1e-9 * error
            p, error, damping = moved, after, damping / 5
            if done:
                break
        else:
            damping *= 10
            if damping > 1e9:  # noqa: PLR2004 - nothing moves any more
                break
    n, size = len(points), len(p)
    if n <= size + 1 and name != "linear":
        return None
    spread = max(error / max(n - size, 1), 1e-12)
    normal, _ = _normal(formula, p, points)
    covariance = _inverse(normal, spread)
    score = n * log(max(error, 1e-12) / n) + 2 * size
    score += 2 * size * (size + 1) / max(n - size - 1, 1)
    return _Fit(name, tuple(p), covariance, spread, score)


def _start(name: str, points: Sequence[Point]) -> list[float]:
    spent, got = sum(x for x, _, _ in points), sum(y for _, y, _ in points)
    rate = max(got, 1e-9) / spent
    middle = spent / len(points)
    top = max([1e-9, *(y for _, y, _ in points)])
    return {
        "linear": [log(rate)],
        "power": [log(rate * middle**0.3), log(0.7)],
        "log": [log(rate * middle), log(middle)],
        "hill": [log(2 * top), log(2 * middle)],
        "hill with shape": [log(1.5 * top), log(1.5 * middle), 0.2],
    }[name]


def _error(formula: Formula, p: Sequence[float], points: Sequence[Point]) -> float:
    return sum(weight * (y - formula(p, x)) ** 2 for x, y, weight in points)


def _gradient(formula: Formula, p: Sequence[float], x: float) -> list[float]:
    found = []
    for k in range(len(p)):
        up = [v + _STEP if j == k else v for j, v in enumerate(p)]
        down = [v - _STEP if j == k else v for j, v in enumerate(p)]
        found.append((formula(up, x) - formula(down, x)) / (2 * _STEP))
    return found


def _normal(
    formula: Formula, p: Sequence[float], points: Sequence[Point]
) -> tuple[list[list[float]], list[float]]:
    size = len(p)
    normal = [[0.0] * size for _ in p]
    right = [0.0] * size
    for x, y, weight in points:
        slopes = _gradient(formula, p, x)
        off = y - formula(p, x)
        for j, a in enumerate(slopes):
            right[j] += weight * a * off
            for k, b in enumerate(slopes):
                normal[j][k] += weight * a * b
    return normal, right


def _solved(rows: Sequence[Sequence[float]], right: Sequence[float]) -> list[float]:
    """
    A small system of equations, by elimination; directions nobody knows stay put.
    """
    size = len(right)
    full = [[*row, value] for row, value in zip(rows, right, strict=True)]
    for k in range(size):
        pivot = max(range(k, size), key=lambda j: abs(full[j][k]))
        full[k], full[pivot] = full[pivot], full[k]
        lead = full[k][k]
        if abs(lead) < 1e-300:  # noqa: PLR2004 - as good as zero
            full[k] = [0.0] * (size + 1)
            full[k][k] = 1.0
            continue
        full[k] = [value / lead for value in full[k]]
        for j in range(size):
            if j != k:
                factor = full[j][k]
                full[j] = [
                    a - factor * b for a, b in zip(full[j], full[k], strict=True)
                ]
    return [row[-1] for row in full]


def _inverse(
    rows: Sequence[Sequence[float]], spread: float
) -> tuple[tuple[float, ...], ...]:
    size = len(rows)
    ridged = [
        [v + (1e-12 * max(v, 1e-12) if j == k else 0.0) for k, v in enumerate(row)]
        for j, row in enumerate(rows)
    ]
    columns = [
        _solved(ridged, [1.0 if j == k else 0.0 for j in range(size)])
        for k in range(size)
    ]
    return tuple(
        tuple(spread * columns[k][j] for k in range(size)) for j in range(size)
    )


def _short(value: float) -> Decimal:
    """
    A parameter with as many digits as it deserves.
    """
    return Decimal(f"{value:.{_DIGITS}g}")


def _curve(name: str, p: Sequence[float], *, cap: float | None) -> ResponseCurve:
    if name == "linear":
        return LinearResponse(_short(exp(p[0])), None if cap is None else _short(cap))
    if name == "power":
        return PowerResponse(_short(exp(p[0])), _short(min(exp(p[1]), 1.0)))
    if name == "log":
        return LogResponse(_short(exp(p[0])), _short(exp(p[1])))
    shape = min(max(exp(p[2]), _FLAT_SHAPE), _STEEP) if len(p) > 2 else 1.0  # noqa: PLR2004 - the third
    return HillResponse(_short(exp(p[0])), _short(exp(p[1])), shape=_short(shape))


def _student(level: float, free: int) -> float:
    """
    The two-sided quantile of Student's t, from the normal one (Cornish and Fisher).
    """
    from statistics import NormalDist

    z = NormalDist().inv_cdf((1 + level) / 2)
    n = float(free)
    return z + (z**3 + z) / (4 * n) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * n * n)
