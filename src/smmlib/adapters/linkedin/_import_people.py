"""
From LinkedIn's targeting criteria to audiences of a plan.

What has a name is written by its name; the rest is written as it stands, facet and URN,
which the adapter takes back unchanged.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from smmlib.adapters.linkedin import _tables as tables
from smmlib.errors import PlatformError, SmmError
from smmlib.model import AgeRange, Audience, CustomAudience, Gender, Place, Seniority
from smmlib.model._iso import country_names
from smmlib.ports import TargetingMatch

if TYPE_CHECKING:
    from smmlib.adapters.linkedin._names import NameFinder

Facets = Mapping[str, list[str]]
"""
Values by short names of facets: one "or" of the criteria in normal form.
"""

# Facet to the trait it is in a plan, the kind it is searched by, and its prefix.
_NAMED = {
    "interests": ("interests", "interest", ""),
    "titles": ("professions", "profession", ""),
    "industries": ("industries", "industry", ""),
    "memberBehaviors": ("behaviours", "behaviour", ""),
    "skills": ("interests", "skill", "skill: "),
    "jobFunctions": ("interests", "function", "function: "),
}
_SEGMENTS = {
    "audienceMatchingSegments": "customer_list",
    "dynamicSegments": "site_visitors",
}
_PARTS = {1: "country", 2: "region", 3: "city"}


def key_of(name: str, taken: Any) -> str:
    """
    A key for a shown name, unlike those that are taken.
    """
    base = re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-").lower()[:48] or "unnamed"
    if not base[0].isalpha():
        base = f"n-{base}"
    key, number = base, 2
    while key in taken:
        key, number = f"{base}-{number}", number + 1
    return key


class PeopleReader:
    """
    Turns targeting criteria into audiences; equal ones are shared.

    Args:
        names: Search with a cache.
        segments: LinkedIn's matched audiences by the plan's names.
    """

    def __init__(self, names: NameFinder, segments: Mapping[str, str]) -> None:
        self._names = names
        self._segments = {
            number.removeprefix(tables.SEGMENT_URN): name
            for name, number in segments.items()
        }
        self._countries = {name: code for code, name in country_names().items()}
        self._known: dict[str, str] = {}
        self.audiences: dict[str, Audience] = {}

    def prepare(self, criteria: Iterable[Mapping[str, Any]]) -> None:
        """
        Learn the names of everything that is targeted, in few requests.
        """
        urns = {
            urn
            for one in criteria
            for group in (*one.get("include", ()), one.get("exclude", {}))
            for facet, found in group.items()
            if facet in _NAMED or facet == "locations"
            for urn in found
        }
        self._known = self._names.named(sorted(urns))

    def of(self, criteria: Mapping[str, Any], language: str, name: str) -> str:
        """
        The key of an audience for criteria in normal form.
        """
        found = self._audience(criteria, language)
        for key, known in self.audiences.items():
            if known == found:
                return key
        key = key_of(name, self.audiences)
        self.audiences[key] = found
        return key

    def _audience(self, criteria: Mapping[str, Any], language: str) -> Audience:
        parts: dict[str, Any] = {"languages": [language] if language else []}
        groups: list[dict[str, list[Any]]] = []
        for facets in criteria.get("include", ()):
            found = self._special(facets)
            if found is None or parts.keys() & found.keys():
                groups.append(self._traits(facets))
            else:
                parts |= found
        out = criteria.get("exclude", {})
        parts["exclude_places"] = self._places(out.get("locations", ())) or []
        parts["exclude"] = list(self._sources(out))
        parts |= groups[0] if groups else {}
        made = Audience(**parts)
        for traits in groups[1:]:
            made = made.narrow(**traits)
        return made

    def _special(self, facets: Facets) -> dict[str, Any] | None:
        """
        A group that a plan has a place of its own for.
        """
        if set(facets) <= set(_SEGMENTS):
            return {"retarget": list(self._sources(facets))}
        if len(facets) != 1:
            return None
        ((facet, urns),) = facets.items()
        if facet == "locations":
            places = self._places(urns)
            return {"places": places} if places else None
        if facet == "ageRanges":
            age = _age(urns)
            return {"age": age} if age else None
        if facet == "genders":
            genders = [g for g in Gender if tables.GENDERS.get(g) in urns]
            return {"genders": genders} if len(genders) == len(urns) else None
        return None

    # -- what people are like ------------------------------------------------------

    def _traits(self, facets: Facets) -> dict[str, list[Any]]:
        found: dict[str, list[Any]] = {}
        for facet, urns in facets.items():
            for urn in urns:
                attribute, trait = self._trait(facet, urn)
                found.setdefault(attribute, []).append(trait)
        return found

    def _trait(self, facet: str, urn: str) -> tuple[str, str | Seniority]:
        as_it_is = ("interests", f"{facet}: {urn}")
        if facet == "seniorities":
            rank = urn.rpartition(":")[2]
            known = (s for s, n in tables.SENIORITIES.items() if str(n) == rank)
            seniority = next(known, None)
            return ("seniorities", seniority) if seniority else as_it_is
        if facet == "staffCountRanges":
            sizes = {f"({a},{b})": size for size, (a, b) in tables.STAFF.items()}
            size = sizes.get(urn.rpartition(":")[2])
            return ("interests", f"staff: {size}") if size else as_it_is
        if facet not in _NAMED:
            return as_it_is
        attribute, kind, prefix = _NAMED[facet]
        name = self._leads_back(kind, self._known.get(urn, ""), urn)
        return (attribute, f"{prefix}{name}") if name else as_it_is

    def _leads_back(
        self, kind: str, name: str, urn: str, country: str = "", region: str = ""
    ) -> str:
        """
        A name that leads to this very thing again; empty where none does.
        """
        for text in (name, f"{name} #{urn.rpartition(':')[2]}") if name else ():
            try:
                found = self._names.one(kind, text, country=country, region=region)
            except PlatformError:
                return ""
            if isinstance(found, TargetingMatch) and found.id == urn:
                return text
        return ""

    def _places(self, urns: Iterable[str]) -> list[Place] | None:
        """
        All of these places, or None when one of them has no name a plan knows.
        """
        found = [self._place(urn) for urn in urns]
        places = [place for place in found if place is not None]
        return places if len(places) == len(found) else None

    def _place(self, urn: str) -> Place | None:
        parts = [part.strip() for part in self._known.get(urn, "").split(",")]
        code = self._countries.get(parts[-1], "")
        kind = _PARTS.get(len(parts), "")
        if not code or not kind:
            return None
        region = parts[1] if kind == "city" else ""
        name = self._leads_back(kind, parts[0], urn, code, region)
        try:
            if kind == "country":
                return Place(code) if name else None
            if kind == "region":
                return Place(code, region=name) if name else None
            return Place(code, region=region, city=name) if name else None
        except SmmError:
            return None

    # -- known people --------------------------------------------------------------

    def _sources(self, facets: Facets) -> Iterator[CustomAudience]:
        for facet, kind in _SEGMENTS.items():
            for urn in facets.get(facet, ()):
                number = urn.removeprefix(tables.SEGMENT_URN)
                name = self._segments.get(number, number)
                yield CustomAudience(kind, "" if name == kind else name)


def _age(urns: Iterable[str]) -> AgeRange | None:
    """
    Neighbouring age groups as one range.
    """
    given = set(urns)
    ours = {f"urn:li:ageRange:({a},{b})": (a, b) for a, b in tables.AGES}
    spans = [span for urn, span in ours.items() if urn in given]
    if not spans or len(spans) != len(given):
        return None
    if any(b + 1 != a for (_, b), (a, _) in pairwise(spans)):
        return None
    low, high = spans[0][0], spans[-1][1]
    return AgeRange(low, None if high == tables.OLDEST else high)
