"""
Targeting criteria: which facets go together, and how many members they leave.

Source: LinkedIn targeting pages at li-lms-2026-02, error pages 2026-08.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

from smmlib.sandbox import _world as people
from smmlib.sandbox.linkedin._errors import Problem, bad_schema, not_modelled
from smmlib.sandbox.linkedin._facets import FACET, FACETS, entities, urn_name
from smmlib.sandbox.linkedin._schema import Field, Record, many, table, urn, urn_kind
from smmlib.sandbox.linkedin._segments_state import targetable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smmlib.sandbox.linkedin._context import Site

Criteria = dict[str, Any]
_URNS = table(many(urn()))
_TERM = Record({"or": Field(_URNS, required=True)})
CRITERIA = Record(
    {
        "include": Field(
            Record({"and": Field(many(_TERM), required=True)}), required=True
        ),
        "exclude": Field(_TERM),
    }
)
ROOT = "targetingCriteria"
CAP, WIDE_CAP = 100, 200
_WIDE = {
    "employers", "employersPast", "employersAll", "locations", "profileLocations",
}  # fmt: skip
_CONFLICTS = (
    ("industries", "employers"), ("staffCountRanges", "employers"),
    ("jobFunctions", "titles"), ("seniorities", "titles"),
    ("memberBehaviors", "audienceMatchingSegments"),
    ("memberBehaviors", "dynamicSegments"), ("interests", "dynamicSegments"),
)  # fmt: skip
_PAST = (
    ("titlesAll", "titles", "titlesPast"),
    ("employersAll", "employers", "employersPast"),
)
_MEMBERS = 0.3
"""Part of the world's people who are members."""

_TOGETHER = 1.5
"""Members who match one facet are likelier to match the next."""


def check(site: Site, criteria: Criteria, now: float) -> list[Problem]:
    """
    Everything wrong with criteria that fit the schema.
    """
    terms = list(_terms(criteria))
    found: list[Problem] = []
    for side, facet_urn, urns in terms:
        found += _check_facet(site, side, facet_urn, urns, now)
    if found:
        return found
    return [*_missing(criteria), *_both_sides(criteria), *_conflicting(criteria)]


def _terms(criteria: Criteria) -> Iterator[tuple[str, str, list[str]]]:
    for term in criteria["include"]["and"]:
        for facet, urns in term["or"].items():
            yield "include", facet, urns
    for facet, urns in criteria.get("exclude", {"or": {}})["or"].items():
        yield "exclude", facet, urns


def _check_facet(
    site: Site, side: str, facet_urn: str, urns: list[str], now: float
) -> list[Problem]:
    path = f"{ROOT}/{side}"
    if not facet_urn.startswith("urn:li:"):
        raise bad_schema(f"{path}/{facet_urn}", "Invalid Urn Format")
    name = facet_urn.removeprefix(FACET)
    facet = FACETS.get(name)
    if facet is None or not facet_urn.startswith(FACET):
        text = f"{facet_urn} is not a facet"
        return [Problem("INVALID_VALUE_FOR_FIELD", path, text)]
    if not facet.family:
        raise not_modelled(f"the facet {name}")
    path = f"{path}/{name}"
    if side == "exclude" and not facet.excludes:
        return [Problem("FIELD_NOT_ALLOWED", path, f"{name} cannot be excluded")]
    found = []
    cap = WIDE_CAP if name in _WIDE else CAP
    if len(urns) > cap:
        text = f"{len(urns)} values of {name}, at most {cap}"
        found.append(Problem("FIELD_VALUE_TOO_HIGH", path, text))
    if len(set(urns)) != len(urns):
        found.append(Problem("INVALID_VALUE_DUPLICATE_EXIST", path))
    if facet.family == "segment":
        return found + _check_segments(site, name, path, urns, now)
    return found + _unknown(facet.family, path, urns)


def _unknown(family: str, path: str, urns: list[str]) -> list[Problem]:
    known = entities(family)
    found = []
    for one in urns:
        if urn_kind(one) != urn_name(family):
            text = f"{one} is not a urn:li:{urn_name(family)}"
            found.append(Problem("INVALID_VALUE_FOR_FIELD", path, text))
        elif one not in known:
            text = f"{one} does not exist"
            found.append(Problem("FIELD_VALUE_DOES_NOT_EXIST", path, text))
    return found


def _check_segments(
    site: Site, name: str, path: str, urns: list[str], now: float
) -> list[Problem]:
    found = []
    for one in urns:
        website = one == site.identity.website_segment
        segment = None if website else targetable(site.world, one, now)
        if urn_kind(one) != "adSegment":
            text = f"{one} is not a urn:li:adSegment"
            found.append(Problem("INVALID_VALUE_FOR_FIELD", path, text))
        elif not website and segment is None:
            text = f"{one} does not exist"
            found.append(Problem("FIELD_VALUE_DOES_NOT_EXIST", path, text))
        elif website != (name == "dynamicSegments"):
            code = "INVALID_SEGMENT_ID_AND_FACET_COMBINATION_PROVIDED"
            found.append(Problem(code, path, f"{one} does not belong to {name}"))
    return found


def _missing(criteria: Criteria) -> list[Problem]:
    included = {facet for side, facet, urns in _terms(criteria)
                if side == "include" and urns}  # fmt: skip
    if not included and criteria.get("exclude", {}).get("or"):
        return [Problem("MISSING_POSITIVE_OPTION", f"{ROOT}/include")]
    if not included & {FACET + "locations", FACET + "profileLocations"}:
        text = "targeting needs at least one location"
        return [Problem("MISSING_FIELD", f"{ROOT}/include/locations", text)]
    return []


def _both_sides(criteria: Criteria) -> list[Problem]:
    inside: dict[str, set[str]] = {}
    for side, facet, urns in _terms(criteria):
        if side == "include":
            inside.setdefault(facet, set()).update(urns)
    code = "FIELD_CANNOT_BE_BOTH_IN_INCLUDED_AND_EXCLUDED_TARGETING"
    return [
        Problem(code, f"{ROOT}/exclude/{facet.removeprefix(FACET)}")
        for side, facet, urns in _terms(criteria)
        if side == "exclude" and inside.get(facet, set()) & set(urns)
    ]


def _conflicting(criteria: Criteria) -> list[Problem]:
    groups = [
        {facet.removeprefix(FACET) for facet, urns in term["or"].items() if urns}
        for term in criteria["include"]["and"]
    ]
    everything = set().union(*groups) if groups else set()
    found = [
        Problem("INVALID_PAST_ATTRIBUTE_COMBINATION", f"{ROOT}/include/{whole}")
        for whole, *parts in _PAST
        if whole in everything and everything & set(parts)
    ]
    for one, other in _CONFLICTS:
        if _anded(groups, one, other):
            text = f"{one} and {other} cannot be combined"
            path = f"{ROOT}/include/{one}"
            found.append(Problem("INCOMPATIBLE_TARGETING_COMBINATION", path, text))
    return found


def _anded(groups: list[set[str]], one: str, other: str) -> bool:
    return any(
        one in first and other in second
        for n, first in enumerate(groups)
        for m, second in enumerate(groups)
        if n != m
    )


def audience(site: Site, criteria: Criteria, now: float) -> int:
    """
    How many members match; criteria must have passed `check`.
    """
    size = float(people.audience_size(**_places(criteria))) * _MEMBERS
    shares = [_share(site, term["or"], size, now) for term in _matching(criteria)]
    narrowed = [share for share in shares if share < 1.0]
    if narrowed:
        size *= min(*narrowed, 1.0, prod(narrowed) * _TOGETHER ** (len(narrowed) - 1))
    outside = {
        facet: urns
        for facet, urns in criteria.get("exclude", {"or": {}})["or"].items()
        if urns and not _is_place(facet)
    }
    if outside:
        size *= 1.0 - _share(site, outside, size, now)
    return max(0, int(size))


def _is_place(facet: str) -> bool:
    return facet.removeprefix(FACET) in {"locations", "profileLocations"}


def _matching(criteria: Criteria) -> list[dict[str, Any]]:
    return [
        term
        for term in criteria["include"]["and"]
        if any(urns and not _is_place(facet) for facet, urns in term["or"].items())
    ]


def places_of(criteria: Criteria, side: str = "include") -> list[str]:
    """
    Catalogue ids of the places on one side.
    """
    known = entities("geo")
    return [
        known[one].entries[0]
        for where, facet, urns in _terms(criteria)
        if where == side and _is_place(facet)
        for one in urns
        if one in known
    ]


def countries_of(criteria: Criteria) -> list[str]:
    """
    ISO codes of the countries that the places lie in.
    """
    found = set()
    for one in places_of(criteria):
        for kind in ("country", "region", "city"):
            entry = people.entry(kind, one)
            if entry is not None:
                found.add(entry.country)
    return sorted(found)


def _places(criteria: Criteria) -> dict[str, Any]:
    inside, outside = places_of(criteria), places_of(criteria, "exclude")
    cities = [one for one in inside if people.entry("city", one)]
    return {
        "countries": [one for one in inside if people.entry("country", one)],
        "regions": [one for one in inside if people.entry("region", one)],
        "cities": [people.CityRadius(one, 25.0) for one in cities],
        "excluded": [
            people.CityRadius(one, 25.0) if people.entry("city", one) else one
            for one in outside
        ],
    }


def _share(site: Site, facets: dict[str, list[str]], size: float, now: float) -> float:
    """
    Part of the members who match any value of any of the facets.
    """
    missed = 1.0
    for facet_urn, urns in facets.items():
        if _is_place(facet_urn):
            return 1.0
        family = FACETS[facet_urn.removeprefix(FACET)].family
        missed *= 1.0 - _family_share(site, family, urns, size, now)
    return min(1.0, 1.0 - missed)


def _family_share(
    site: Site, family: str, urns: list[str], size: float, now: float
) -> float:
    if family == "segment":
        pool = sum(_pool(site, one, now) for one in urns)
        return min(1.0, pool / size) if size else 0.0
    known = [entities(family)[one] for one in urns]
    if family == "ageRange":
        return min(1.0, sum(_of_world(ages=ages_in(one.urn)) for one in known))
    if family == "gender":
        return 1.0 if len(known) > 1 else _of_world(genders=genders_in(urns))
    ids = [entry for one in known for entry in one.entries]
    if ids:
        return min(1.0, _of_world(groups=[ids]) / _MEMBERS)
    return min(0.98, sum(one.share for one in known))


def _pool(site: Site, urn_: str, now: float) -> int:
    if urn_ == site.identity.website_segment:
        return 18_000
    segment = targetable(site.world, urn_, now)
    return 0 if segment is None else int(segment.inner["matched"])


def _of_world(**narrowing: Any) -> float:
    everyone = people.audience_size()
    return people.audience_size(**narrowing) / everyone if everyone else 0.0


def ages_in(range_urn: str) -> tuple[int, int]:
    """
    Lowest and highest age of a range, as the world counts them.
    """
    low, _, high = range_urn.rpartition(":")[2].strip("()").partition(",")
    return int(low), min(65, int(high))


def genders_in(urns: list[str]) -> list[int]:
    """
    1 for men, 2 for women.
    """
    return sorted({2 if one.endswith(":FEMALE") else 1 for one in urns})


def values_of(criteria: Criteria, facet: str) -> list[str]:
    """
    All included values of a facet.
    """
    return [
        one
        for side, name, urns in _terms(criteria)
        if side == "include" and name == FACET + facet
        for one in urns
    ]
