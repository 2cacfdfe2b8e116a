"""
From an audience to LinkedIn's targeting criteria; what LinkedIn lacks becomes issues.

Places, ages, genders, traits and known people each are one "and"; within each, any one
is enough. `narrow_by` adds further "and"s.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import permutations
from typing import TYPE_CHECKING, Any

from smmlib.adapters.linkedin import _tables as tables
from smmlib.adapters.linkedin._known import KnownPeople, Source
from smmlib.adapters.linkedin._names import NameFinder, shown
from smmlib.adapters.linkedin._normal import targeting_fields
from smmlib.errors import (
    InvalidRequestError,
    PlatformError,
    Severity,
    UnsupportedError,
)
from smmlib.model import CustomAudience
from smmlib.model._iso import country_names
from smmlib.ports import TargetingMatch

if TYPE_CHECKING:
    from smmlib.adapters.linkedin._findings import Findings
    from smmlib.model import AgeRange, Audience, Place, Traits
    from smmlib.ports import Resource

Spec = dict[str, Any]
Facets = dict[str, list[Any]]

_TRAITS = (
    ("interests", "interest"),
    ("professions", "profession"),
    ("industries", "industry"),
    ("behaviours", "behaviour"),
)
_FACET_OF = {
    "interest": "interests",
    "profession": "titles",
    "industry": "industries",
    "behaviour": "memberBehaviors",
    "skill": "skills",
    "function": "jobFunctions",
}
# What only LinkedIn knows is written with a prefix: `skill: Java`.
_PREFIXES = ("skill", "function", "staff")
# Anything else is written as LinkedIn calls it: `employers: urn:li:organization:1035`.
_AS_IT_IS = re.compile(r"([A-Za-z]+):\s*(urn:li:\S+)\Z")
_NEEDED = {"locations", "profileLocations"}


class TargetingBuilder:
    """
    Builds targeting criteria for one plan.

    Args:
        names: Search with a cache.
        findings: Where problems go.
        audiences: Audiences of the plan by key.
        segments: LinkedIn's matched audiences by the plan's names.
        lists: Files of customer lists by name.
    """

    def __init__(
        self,
        names: NameFinder,
        findings: Findings,
        *,
        audiences: Mapping[str, Audience],
        segments: Mapping[str, str],
        lists: Mapping[str, str] | None = None,
    ) -> None:
        self._known_people = KnownPeople(segments, lists or {}, findings)
        self._names = names
        self._findings = findings
        self._audiences = audiences

    @property
    def resources(self) -> tuple[Resource, ...]:
        """
        Customer lists that have to be uploaded.
        """
        return self._known_people.resources

    def build(self, audience: Audience, path: str) -> Spec:
        """
        The targeting of an ad set, in normal form.
        """
        groups = [
            {"locations": self._places(audience.places, f"{path}.places")},
            {"ageRanges": self._ages(audience.age, f"{path}.age")},
            {"genders": [tables.GENDERS[g] for g in audience.genders]},
            self._group(audience.traits, path),
            *(
                self._group(traits, f"{path}.narrow_by[{number}]")
                for number, traits in enumerate(audience.narrow_by)
            ),
            self._known(audience, path),
        ]
        groups = [g for g in ({k: v for k, v in g.items() if v} for g in groups) if g]
        if not any(_NEEDED & group.keys() for group in groups):
            self._findings.add(
                f"{path}.places",
                "places_missing",
                "LinkedIn needs at least one place",
                hint="add a country, e.g. places: [DE]",
            )
        if audience.lookalike:
            self._no_lookalike(f"{path}.lookalike", audience.lookalike.of)
        self._conflicts(groups, path)
        out = self._excluded(audience, path)
        return targeting_fields(
            {"include": {"and": [{"or": g} for g in groups]}, "exclude": {"or": out}}
        )

    def _no_lookalike(self, path: str, origin: str) -> None:
        self._findings.add(
            path,
            "no_lookalike",
            "LinkedIn no longer makes audiences that resemble others",
            value=origin,
            hint="describe the people by their work, or leave the ad set to Meta",
        )

    # -- age and places ------------------------------------------------------------

    def _ages(self, age: AgeRange | None, path: str) -> list[str]:
        """
        LinkedIn's age groups that hold these ages; it has no others.
        """
        if age is None:
            return []
        oldest = tables.OLDEST if age.maximum is None else age.maximum
        held = [g for g in tables.AGES if g[0] <= oldest and age.minimum <= g[1]]
        if not held:
            self._findings.add(
                path,
                "age_minimum",
                "LinkedIn has no members below 18 to advertise to",
                value=str(age),
                limit="18+",
                hint="write 18+",
            )
            return []
        low, high = held[0][0], held[-1][1]
        top = f"{low}+" if high == tables.OLDEST else f"{low}-{high}"
        if (low, high) != (age.minimum, oldest):
            self._findings.add(
                path,
                "age_groups",
                f"LinkedIn knows age groups only; {age} is sent as {top}",
                value=str(age),
                limit="18-24, 25-34, 35-54, 55+",
                severity=Severity.WARNING,
                hint=f"write {top} to say what happens",
            )
        if held == list(tables.AGES):
            return []
        return [f"urn:li:ageRange:({a},{b})" for a, b in held]

    def _places(self, places: Iterable[Place], path: str) -> list[str]:
        found = []
        for number, place in enumerate(places):
            here = f"{path}[{number}]"
            if place.radius:
                self._findings.add(
                    f"{here}.radius",
                    "no_radius",
                    f"LinkedIn draws no circles: {place.radius} around {place.city}",
                    value=str(place.radius),
                    hint="drop the radius, or name the region instead of the city",
                )
            match = self._place(place, here)
            found += [match.id] if match else []
        self._count("locations", found, tables.PLACES_LIMIT, path)
        return found

    def _place(self, place: Place, path: str) -> TargetingMatch | None:
        if place.city:
            return self._resolve("city", place.city, path, place.country, place.region)
        if place.region:
            return self._resolve("region", place.region, path, place.country)
        name = country_names().get(place.country, place.country)
        return self._resolve("country", name, path)

    # -- what people are like ------------------------------------------------------

    def _group(self, traits: Traits, path: str) -> Facets:
        group: Facets = {}
        for attribute, kind in _TRAITS:
            for number, name in enumerate(getattr(traits, attribute)):
                facet, urn = self._trait(kind, name, f"{path}.{attribute}[{number}]")
                if urn:
                    group.setdefault(facet, []).append(urn)
        if traits.seniorities:
            group["seniorities"] = [
                f"urn:li:seniority:{tables.SENIORITIES[s]}" for s in traits.seniorities
            ]
        for facet, urns in group.items():
            wide = facet in tables.WIDE
            most = tables.PLACES_LIMIT if wide else tables.VALUES_LIMIT
            self._count(facet, urns, most, path)
        return group

    def _count(self, facet: str, urns: list[str], most: int, path: str) -> None:
        if len(urns) > most:
            self._findings.add(
                path,
                "facet_values",
                f"{len(urns)} values of {facet}",
                value=len(urns),
                limit=most,
                hint="spread them over several ad sets",
            )

    def _trait(self, kind: str, name: str, path: str) -> tuple[str, str]:
        """
        Facet and value of one trait; a prefix names what only LinkedIn knows.
        """
        given = _AS_IT_IS.match(name)
        if given is not None and given.group(1) in tables.FACETS:
            return given.group(1), given.group(2)
        prefix, colon, rest = name.partition(":")
        if colon and prefix.strip().casefold() in _PREFIXES:
            kind, name = prefix.strip().casefold(), rest.strip()
        if kind == "staff":
            return "staffCountRanges", self._staff(name, path)
        match = self._resolve(kind, name, path)
        return _FACET_OF[kind], match.id if match else ""

    def _staff(self, name: str, path: str) -> str:
        """
        A company's size, e.g. `51-200`.
        """
        span = tables.STAFF.get(name.replace(",", "").replace(" ", ""))
        if span is not None:
            return f"urn:li:staffCountRange:({span[0]},{span[1]})"
        self._findings.add(
            path,
            "staff_unknown",
            f"LinkedIn has no companies of size {name!r}",
            value=name,
            limit=", ".join(tables.STAFF),
            hint="write one of those, e.g. 'staff: 51-200'",
        )
        return ""

    def _conflicts(self, groups: list[Facets], path: str) -> None:
        for first, second in permutations(groups, 2):
            for one, other in tables.CONFLICTS:
                if one in first and other in second:
                    self._findings.add(
                        path,
                        "facets_conflict",
                        f"LinkedIn cannot join {one} and {other} by 'and'",
                        value=f"{one} and {other}",
                        hint="name both in the same list of traits, or drop one",
                    )

    # -- known people --------------------------------------------------------------

    def _known(self, audience: Audience, path: str) -> Facets:
        sources = [
            (source, f"{path}.retarget[{number}]")
            for number, source in enumerate(audience.retarget)
        ]
        return self._known_people.of(sources)

    def _excluded(self, audience: Audience, path: str) -> Facets:
        out: Facets = {
            "locations": self._places(audience.exclude_places, f"{path}.exclude_places")
        }
        sources: list[Source] = []
        for number, other in enumerate(audience.excluded):
            here = f"{path}.exclude[{number}]"
            if isinstance(other, CustomAudience):
                sources.append((other, here))
            else:
                sources += self._other(other, here)
        return {**out, **self._known_people.of(sources)}

    def _other(self, key: str, path: str) -> list[Source]:
        """
        The known people of another audience, to be left out.
        """
        audience = self._audiences.get(key)
        if audience is None:
            self._findings.add(
                path,
                "reference.audience",
                f"there is no audience {key!r} here",
                value=key,
                hint=f"known: {', '.join(self._audiences) or 'none'}",
            )
            return []
        if not audience.retarget:
            self._findings.add(
                path,
                "exclude_described",
                f"only known people can be left out, and {key!r} is described by "
                "traits",
                value=key,
                hint="use an audience with `retarget`",
            )
        return [
            (source, f"audiences.{key}.retarget[{number}]")
            for number, source in enumerate(audience.retarget)
        ]

    # -- names ---------------------------------------------------------------------

    def _resolve(
        self, kind: str, name: str, path: str, country: str = "", region: str = ""
    ) -> TargetingMatch | None:
        try:
            found = self._names.one(kind, name, country=country, region=region)
        except (UnsupportedError, InvalidRequestError) as error:
            self._unsearchable(kind, name, path, error)
            return None
        if isinstance(found, TargetingMatch):
            return found
        self._unknown(kind, name, path, found)
        return None

    def _unsearchable(
        self, kind: str, name: str, path: str, error: PlatformError
    ) -> None:
        self._findings.add(
            path,
            "search",
            f"{kind} {name!r} cannot be looked up: {error.message}",
            value=name,
            hint="leave it out here",
        )

    def _unknown(
        self, kind: str, name: str, path: str, found: tuple[TargetingMatch, ...]
    ) -> None:
        if found:
            choice = f"one of {shown(found)}"
            self._findings.add(
                path,
                f"{kind}_ambiguous",
                f"{kind} {name!r} is not exactly one thing on LinkedIn",
                value=name,
                limit=choice,
                hint=f"write {choice}",
            )
            return
        self._findings.add(
            path,
            f"{kind}_unknown",
            f"LinkedIn knows no {kind} {name!r}",
            value=name,
            hint=f"search for another word: smm search {kind} ...",
        )
