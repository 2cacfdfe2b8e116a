"""
Where people are: countries, regions, cities and the land around them.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import attrs

from smmlib.model._checks import (
    did_you_mean,
    is_optional,
    is_optional_text,
    is_type,
    refuse,
)
from smmlib.model._iso import COUNTRIES, country_names
from smmlib.model._money import decimal_of
from smmlib.model._value import Value

_RADIUS = re.compile(r"(\d+(?:\.\d+)?)\s*(km|mi)\Z")
_WIDEST = 1000


@attrs.frozen(eq=False, repr=False)
class Radius(Value):
    """
    How far around a city: `25 km` or `10 mi`.
    """

    distance: Decimal = attrs.field(converter=decimal_of)
    unit: str = "km"

    def __attrs_post_init__(self) -> None:
        is_type("unit", self.unit, str)
        if self.unit not in {"km", "mi"} or not 0 < self.distance <= _WIDEST:
            refuse(
                "radius",
                f"a radius of {self.distance} {self.unit} is impossible",
                code="place.radius",
                value=f"{self.distance} {self.unit}",
                expected="above 0, at most 1000, in km or mi",
            )

    @classmethod
    def parse(cls, text: str) -> Radius:
        """
        Read `25 km`.
        """
        found = _RADIUS.match(text.strip()) if isinstance(text, str) else None
        if not found:
            refuse(
                "radius",
                f"{text!r} is no radius",
                code="place.radius",
                value=text,
                expected="25 km or 15 mi",
            )
        return cls(found.group(1), found.group(2))

    def __str__(self) -> str:
        return f"{self.distance.normalize():f} {self.unit}"


def country_code(value: Any) -> str:
    """
    The ISO 3166 code a person typed, in capitals.
    """
    is_type("country", value, str)
    code: str = value.strip().upper()
    if code == "UK":
        refuse(
            "country",
            "UK is no ISO 3166 code",
            code="place.country",
            value=value,
            expected="two letters",
            hint="the United Kingdom is GB",
        )
    if code not in COUNTRIES:
        refuse(
            "country",
            f"unknown country {value!r}",
            code="place.country",
            value=value,
            expected="a two-letter ISO 3166 code such as DE",
            hint=_country_hint(code),
        )
    return code


def _country_hint(code: str) -> str:
    """
    The code of a country that was written by its name, else the nearest code.
    """
    if len(code) == len("DE"):
        return did_you_mean(code, COUNTRIES)
    named = [short for short, name in country_names().items() if name.upper() == code]
    return f"write {named[0]}" if named else "write its two-letter code"


@attrs.frozen(eq=False, repr=False)
class Place(Value):
    """
    Where people are: a country, a region of it, or a city with the land around it.

    Attributes:
        country: ISO 3166 code, e.g. `DE`.
        region: Region or state by name, if not the whole country.
        city: City by name, if not the whole region.
        radius: How far around the city.
    """

    country: str = attrs.field(converter=country_code)
    region: str = attrs.field(default="", kw_only=True)
    city: str = attrs.field(default="", kw_only=True)
    radius: Radius | None = attrs.field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        is_optional_text("region", self.region, longest=120)
        is_optional_text("city", self.city, longest=120)
        is_optional("radius", self.radius, Radius)
        if self.radius and not self.city:
            refuse(
                "radius",
                "a radius needs a city to be drawn around",
                code="place.radius_without_city",
                value=str(self.radius),
                expected="city and radius together",
            )

    def __str__(self) -> str:
        parts = [self.city, self.region, self.country]
        text = ", ".join(p for p in parts if p)
        return f"{text} (+{self.radius})" if self.radius else text
