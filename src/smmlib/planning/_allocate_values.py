"""
What a person states of an allocation: lines with curves and bounds, groups with limits.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from smmlib.model import FrozenMap, Money
from smmlib.model._budget import as_money
from smmlib.model._checks import as_tuple, is_optional_text, is_type
from smmlib.model._response import RESPONSES, ResponseCurve

RESPONSE = "response"
"""
The name of what a line brings when it has only one curve.
"""


def _as_curves(value: Any) -> Any:
    curves = value if isinstance(value, Mapping) else {RESPONSE: value}
    return FrozenMap(curves)


def _as_tags(value: Any) -> Any:
    return FrozenMap(value) if isinstance(value, Mapping) else value


@attrs.frozen
class AllocationLine:
    """
    A line that wants money: what it brings, and between what it may get.

    Attributes:
        key: Its name in the plan.
        response: Its curve, or curves by what they count (`registrations`, ...).
        minimum: The least it gets.
        maximum: The most it can get.
        locked: Exactly what it gets, whatever would be better.
        step: Its amount is a whole multiple of this; the smallest coin if None.
        or_nothing: Whether it may also get nothing: zero, or at least the minimum.
        currency: Of its curve and amounts; by default that of its amounts, or the
            total's.
        tags: What groups find it by, e.g. `network`, `stage`, `country`.
    """

    key: str
    response: FrozenMap[ResponseCurve] = attrs.field(converter=_as_curves)
    minimum: Money | None = attrs.field(default=None, converter=as_money, kw_only=True)
    maximum: Money | None = attrs.field(default=None, converter=as_money, kw_only=True)
    locked: Money | None = attrs.field(default=None, converter=as_money, kw_only=True)
    step: Money | None = attrs.field(default=None, converter=as_money, kw_only=True)
    or_nothing: bool = attrs.field(default=False, kw_only=True)
    currency: str = attrs.field(default="", kw_only=True)
    tags: FrozenMap[str] = attrs.field(
        default=FrozenMap(), converter=_as_tags, kw_only=True
    )

    def __attrs_post_init__(self) -> None:
        is_type("key", self.key, str)
        for curve in self.response.values():
            is_type("response", curve, *RESPONSES.values())
        for money in (self.minimum, self.maximum, self.locked, self.step):
            if money is not None:
                is_type("money", money, Money)

    @property
    def money(self) -> dict[str, Money]:
        """
        Its amounts by name, those that are set.
        """
        given = {
            "locked": self.locked,
            "minimum": self.minimum,
            "maximum": self.maximum,
            "step": self.step,
        }
        return {name: money for name, money in given.items() if money is not None}


@attrs.frozen
class AllocationGroup:
    """
    Lines that have limits together: a network, a stage of the funnel, a country.

    Attributes:
        name: How it is called.
        lines: Keys of its lines.
        where: Or the tags its lines have, e.g. `{"network": "linkedin"}`.
        minimum: The least they get together.
        maximum: The most they get together.
    """

    name: str
    lines: tuple[str, ...] = attrs.field(default=(), converter=as_tuple)
    where: FrozenMap[str] = attrs.field(
        default=FrozenMap(), converter=_as_tags, kw_only=True
    )
    minimum: Money | None = attrs.field(default=None, converter=as_money, kw_only=True)
    maximum: Money | None = attrs.field(default=None, converter=as_money, kw_only=True)

    def __attrs_post_init__(self) -> None:
        is_optional_text("name", self.name)
        is_type("lines", self.lines, tuple)
        is_type("where", self.where, FrozenMap)

    def holds(self, line: AllocationLine) -> bool:
        """
        Whether a line belongs to it.
        """
        if line.key in self.lines:
            return True
        return bool(self.where) and all(
            line.tags.get(tag) == value for tag, value in self.where.items()
        )
