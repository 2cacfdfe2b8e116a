"""
What a line brings for its money: response curves a person can state.

Each curve gives a count (registrations, clicks, ...) for an amount spent over the
flight, in the currency of the line. None of them falls: money that brings nothing more
is flat.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Any

import attrs

from smmlib.model._checks import did_you_mean, refuse
from smmlib.model._kpi import as_kpi_name
from smmlib.model._maps import FrozenMap, as_map
from smmlib.model._money import decimal_of
from smmlib.model._value import Value

_LARGEST = Decimal(10) ** 18
_STEEPEST = Decimal(50)
_MOST_CONVEX = Decimal(5)
_FEWEST_POINTS = 2


def as_parameter(value: Decimal | float | str) -> Decimal:
    """
    A parameter of a curve as an exact number; a float counts as the digits it shows.
    """
    return decimal_of(repr(value) if isinstance(value, float) else value)


def as_optional_parameter(value: Decimal | float | str | None) -> Decimal | None:
    """
    A parameter that may be left out.
    """
    return None if value is None else as_parameter(value)


def _within(
    attribute: str, value: Decimal | None, *, least: Decimal | None = None
) -> None:
    """
    Refuse a parameter that is negative, zero where it must not be, or beyond reason.
    """
    if value is None or (least or 0) <= value <= _LARGEST:
        return
    refuse(
        attribute,
        f"{attribute} is {value}: a response never falls, and is never negative"
        if value < 0
        else f"{attribute} is {value}",
        code="response.parameter",
        value=str(value),
        expected=f"a number from {least or 0} to {_LARGEST:.0E}",
        hint="state a rate or ceiling of zero or more",
    )


def _above_zero(attribute: str, value: Decimal) -> None:
    if not 0 < value <= _LARGEST:
        refuse(
            attribute,
            f"{attribute} must be above zero, not {value}",
            code="response.parameter",
            value=str(value),
            expected=f"above 0, up to {_LARGEST:.0E}",
        )


def _shaped(attribute: str, value: Decimal, limit: Decimal) -> None:
    if not Decimal("0.01") <= value <= limit:
        refuse(
            attribute,
            f"{attribute} {value} is outside of what responses look like",
            code="response.shape",
            value=str(value),
            expected=f"0.01 to {limit}",
            hint="1 flattens from the start, above 1 is S-shaped, below 1 is steeper",
        )


@attrs.frozen(eq=False, repr=False)
class LinearResponse(Value):
    """
    Every coin brings the same, up to a cap.

    Attributes:
        rate: How much one unit of money brings, e.g. 0.05 registrations per euro.
        cap: Spending above which nothing more comes; None for no cap.
    """

    rate: Decimal = attrs.field(converter=as_parameter)
    cap: Decimal | None = attrs.field(default=None, converter=as_optional_parameter)

    def __attrs_post_init__(self) -> None:
        _within("rate", self.rate)
        _within("cap", self.cap)

    def at(self, spend: float) -> float:
        """
        What this much money brings.
        """
        useful = spend if self.cap is None else min(spend, float(self.cap))
        return float(self.rate) * useful


@attrs.frozen(eq=False, repr=False)
class PowerResponse(Value):
    """
    Doubling the money always multiplies the result by the same: scale x spend^exponent.

    Attributes:
        scale: What the first unit of money brings.
        exponent: 1 is a straight line; below 1 each further coin brings less, above 1
            (rare) each brings more.
    """

    scale: Decimal = attrs.field(converter=as_parameter)
    exponent: Decimal = attrs.field(converter=as_parameter)

    def __attrs_post_init__(self) -> None:
        _within("scale", self.scale)
        _shaped("exponent", self.exponent, _MOST_CONVEX)

    def at(self, spend: float) -> float:
        """
        What this much money brings.
        """
        return float(self.scale) * math.pow(spend, float(self.exponent))


@attrs.frozen(eq=False, repr=False)
class LogResponse(Value):
    """
    Each further coin brings less, without a ceiling: scale x ln(1 + spend / unit).

    Attributes:
        scale: How much each multiplication of the spending by e adds, far out.
        unit: Spending at which the curve begins to bend.
    """

    scale: Decimal = attrs.field(converter=as_parameter)
    unit: Decimal = attrs.field(converter=as_parameter)

    def __attrs_post_init__(self) -> None:
        _within("scale", self.scale)
        _above_zero("unit", self.unit)

    def at(self, spend: float) -> float:
        """
        What this much money brings.
        """
        return float(self.scale) * math.log1p(spend / float(self.unit))


@attrs.frozen(eq=False, repr=False)
class HillResponse(Value):
    """
    A curve with a ceiling, also known as adbudg: most x spend^s / (half^s + spend^s).

    Attributes:
        most: The ceiling: what endless money would bring.
        half: Spending that brings half of it.
        shape: s; up to 1 every coin brings less than the one before, above 1 the curve
            is S-shaped: too little money brings next to nothing.
    """

    most: Decimal = attrs.field(converter=as_parameter)
    half: Decimal = attrs.field(converter=as_parameter)
    shape: Decimal = attrs.field(
        default=Decimal(1), converter=as_parameter, kw_only=True
    )

    def __attrs_post_init__(self) -> None:
        _within("most", self.most)
        _above_zero("half", self.half)
        _shaped("shape", self.shape, _STEEPEST)

    def at(self, spend: float) -> float:
        """
        What this much money brings.
        """
        if spend <= 0:
            return 0.0
        power = float(self.shape) * math.log(float(self.half) / spend)
        share = math.exp(-power) if power > _FAR else 1 / (1 + math.exp(power))
        return float(self.most) * share


# Where 1 + e^x is e^x in floating point.
_FAR = 40.0


def _points(value: Iterable[Any]) -> Any:
    """
    Pairs of spending and result, by mapping or as a list of pairs.
    """
    pairs = value.items() if isinstance(value, Mapping) else value
    if isinstance(pairs, str) or not isinstance(pairs, Iterable):
        return pairs
    return tuple(
        tuple(as_parameter(number) for number in pair)
        if isinstance(pair, (list, tuple))
        else pair
        for pair in pairs
    )


@attrs.frozen(eq=False, repr=False)
class PiecewiseResponse(Value):
    """
    Straight lines between points somebody knows; flat after the last one.

    Attributes:
        points: Pairs of spending and what it brings, from small to large.
    """

    points: tuple[tuple[Decimal, ...], ...] = attrs.field(converter=_points)

    def __attrs_post_init__(self) -> None:
        if (
            not isinstance(self.points, tuple)
            or len(self.points) < _FEWEST_POINTS
            or not all(isinstance(pair, tuple) for pair in self.points)
            or any(len(pair) != len(("spend", "result")) for pair in self.points)
        ):
            refuse(
                "points",
                "a piecewise response needs two or more points",
                code="response.points",
                value=str(self.points)[:80],
                expected="pairs of spending and result",
                hint="write points: [[0, 0], [1000, 60], [3000, 110]]",
            )
        for place, (spend, result) in enumerate(self.points):
            _within(f"points[{place}]", spend)
            _within(f"points[{place}]", result)
        for place in range(1, len(self.points)):
            self._check_order(place)

    def _check_order(self, place: int) -> None:
        before, after = self.points[place - 1], self.points[place]
        if after[0] > before[0] and after[1] >= before[1]:
            return
        refuse(
            f"points[{place}]",
            "more money must come with more spending, and never bring less",
            code="response.points",
            value=f"{after[0]}: {after[1]}",
            expected=f"spending above {before[0]}, a result of at least {before[1]}",
        )

    def at(self, spend: float) -> float:
        """
        What this much money brings.
        """
        known = [(float(x), float(y)) for x, y in self.points]
        if spend <= known[0][0]:
            return known[0][1]
        for (x0, y0), (x1, y1) in pairwise(known):
            if spend <= x1:
                return y0 + (y1 - y0) * (spend - x0) / (x1 - x0)
        return known[-1][1]


ResponseCurve = (
    LinearResponse | PowerResponse | LogResponse | HillResponse | PiecewiseResponse
)
"""
Any of the curves.
"""

RESPONSES: dict[str, type[ResponseCurve]] = {
    "linear": LinearResponse,
    "power": PowerResponse,
    "log": LogResponse,
    "hill": HillResponse,
    "piecewise": PiecewiseResponse,
}
"""
How plan files call the curves.
"""


def as_responses(value: Any) -> FrozenMap[ResponseCurve]:
    """
    Curves under the one name of the KPI they are for.
    """
    if not isinstance(value, Mapping):
        return as_map(value)
    return FrozenMap({as_kpi_name(name): curve for name, curve in value.items()})


def curve_of_formula(formula: Mapping[str, Any]) -> ResponseCurve:
    """
    The curve behind a formula of mediaplanschema 3.0 whose base is a cost.

    `cost_per_unit` divides the cost by its coefficient, `conversion_rate` multiplies
    it, `constant` does not depend on it, `power_function` is coefficient x
    cost^parameter1, and `adbudg`, an extension some tools write, rises from 0 to the
    coefficient: coefficient x cost^parameter2 / (parameter1 + cost^parameter2).

    Args:
        formula: `formula_type`, `coefficient` and `parameter1` to `parameter3`.

    Raises:
        ValidationError: An unknown type, a missing number or one that cannot be.
    """
    kind = str(formula.get("formula_type", ""))
    if kind not in _FORMULAS:
        refuse(
            "formula_type",
            f"no response curve for the formula {kind!r}",
            code="response.formula",
            value=kind,
            expected=", ".join(_FORMULAS),
            hint=did_you_mean(kind, _FORMULAS),
        )
    return _FORMULAS[kind](formula)


def _number(formula: Mapping[str, Any], name: str) -> Decimal:
    if formula.get(name) is None:
        refuse(
            name,
            f"the formula {formula.get('formula_type')!r} needs {name}",
            code="response.formula",
            expected="a number",
        )
    return as_parameter(formula[name])


def _per_unit(formula: Mapping[str, Any]) -> ResponseCurve:
    cost = _number(formula, "coefficient")
    _above_zero("coefficient", cost)
    return LinearResponse(1 / cost)


def _constant(formula: Mapping[str, Any]) -> ResponseCurve:
    value = _number(formula, "coefficient")
    return PiecewiseResponse([(0, value), (1, value)])


def _adbudg(formula: Mapping[str, Any]) -> ResponseCurve:
    level = _number(formula, "parameter1")
    shape = as_parameter(formula.get("parameter2") or 1)
    _above_zero("parameter1", level)
    _shaped("parameter2", shape, _STEEPEST)
    half = as_parameter(float(level) ** (1 / float(shape)))
    return HillResponse(_number(formula, "coefficient"), half, shape=shape)


_FORMULAS = {
    "cost_per_unit": _per_unit,
    "conversion_rate": lambda f: LinearResponse(_number(f, "coefficient")),
    "constant": _constant,
    "power_function": lambda f: PowerResponse(
        _number(f, "coefficient"), _number(f, "parameter1")
    ),
    "adbudg": _adbudg,
}
