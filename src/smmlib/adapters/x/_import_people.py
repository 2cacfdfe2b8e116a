"""
From targeting criteria back to people, as far as a plan has words for them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from smmlib.adapters.x._normal import criterion_of
from smmlib.model import AgeRange, Audience, Gender, Place
from smmlib.model._iso import country_names
from smmlib.rules import _x_tables as rules

_AGE = re.compile(r"AGE_(?:OVER_(\d+)|(\d+)_TO_(\d+))")
_GENDERS = {"1": Gender.MALE, "2": Gender.FEMALE}
_WORDS = {kind: word for word, kind in rules.KEYWORD_TYPES.items()}
_SEARCHED = {kind: word for word, kind in rules.SEARCHED_TYPES.items()}
_PARTS = {1: "country", 2: "region", 3: "city"}


def audience_of(criteria: Iterable[Mapping[str, Any]]) -> Audience:
    """
    The people a line item's criteria describe; the rest of them is kept as it is.
    """
    age: AgeRange | None = AgeRange(13)
    genders: list[Gender] = []
    places: list[Place] = []
    outside: list[Place] = []
    languages: list[str] = []
    interests: list[str] = []
    for raw in criteria:
        kind, operator, value = criterion_of(raw)
        name = str(raw.get("name") or "")
        if kind == "LOCATION":
            place = _place(name)
            (outside if operator == "NE" else places).extend([place] if place else [])
        elif operator != "EQ":
            continue
        elif kind == "AGE":
            age = _age(value)
        elif kind == "GENDER" and value in _GENDERS:
            genders.append(_GENDERS[value])
        elif kind == "LANGUAGE":
            languages.append(value)
        elif kind in _WORDS:
            interests.append(f"{_WORDS[kind]}: {value}")
        elif kind in _SEARCHED and name:
            prefix = "" if kind == "INTEREST" else f"{_SEARCHED[kind]}: "
            interests.append(f"{prefix}{name} #{value}")
    return Audience(
        age=age,
        genders=genders,
        places=places,
        exclude_places=outside,
        languages=languages,
        interests=interests,
    )


def _age(value: str) -> AgeRange:
    found = _AGE.fullmatch(value)
    if found is None:
        return AgeRange(13)
    over, low, high = found.groups()
    return AgeRange(int(over)) if over else AgeRange(int(low), int(high))


def _place(name: str) -> Place | None:
    """
    A place by its full name: `Munich, Bavaria, Germany`.
    """
    parts = [part.strip() for part in name.split(",")]
    named = {shown: code for code, shown in country_names().items()}
    code = named.get(parts[-1])
    if code is None or len(parts) not in _PARTS:
        return None
    if len(parts) == 1:
        return Place(code)
    if len(parts) == 2:  # noqa: PLR2004 - region and country
        return Place(code, region=parts[0])
    return Place(code, region=parts[1], city=parts[0])
