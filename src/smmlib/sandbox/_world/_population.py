"""
How many people an audience holds: places, ages, genders, interests, own lists.
"""

from __future__ import annotations

from math import pi, prod
from typing import TYPE_CHECKING

import attrs

from smmlib.sandbox._world._catalogue import any_entry
from smmlib.sandbox._world._facts import CatalogueEntry
from smmlib.sandbox._world._tables import entries_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from smmlib.sandbox._world._facts import CityRadius

_AGES = (
    (13, 18, 0.06), (18, 25, 0.21), (25, 35, 0.28), (35, 45, 0.20),
    (45, 55, 0.12), (55, 65, 0.08), (65, 66, 0.05),
)  # fmt: skip
"""Share of users by age, half-open; 65 stands for 65 and older."""

_MEN = 0.52
_AROUND = 45.0
"""Users per square kilometre around a city."""

_SUBURB = 0.02
_AFFINITY = 1.6
"""People with one interest are likelier to have the next one too."""

_IN_AUDIENCE = 0.6
"""Part of an excluded list that would have been in the audience."""


def audience_size(
    *,
    countries: Iterable[str] = (),
    regions: Iterable[str] = (),
    cities: Iterable[CityRadius] = (),
    excluded: Iterable[str | CityRadius] = (),
    ages: tuple[int, int] = (18, 65),
    genders: Iterable[int] = (),
    groups: Iterable[Iterable[str]] = (),
    not_in: Iterable[str] = (),
    pools: Iterable[int] = (),
    excluded_pools: Iterable[int] = (),
) -> int:
    """
    Estimate how many people match all that is asked of an audience.

    Args:
        countries: ISO 3166 codes; no place at all means worldwide.
        regions: Region ids from search.
        cities: Cities with the kilometres around them.
        excluded: Places left out: country codes, region ids, cities with radius.
        ages: Lowest and highest age, both included; 65 means 65 and older.
        genders: 1 men, 2 women; none means all.
        groups: Ids of interests, jobs, behaviours, industries: any id within a
            group is enough, every group must match.
        not_in: Ids whose people are left out.
        pools: People in the custom audiences targeted; any of them is enough.
        excluded_pools: People in the custom audiences left out.

    Raises:
        SandboxError: When an id is in no catalogue.
    """
    inside = _Places.of(countries, regions, cities)
    outside = _Places.left_out(excluded)
    people = float(_living(inside, outside))
    own = tuple(pools)
    if own:
        people = min(people, float(sum(own)))
    people *= _age_share(ages) * _gender_share(set(genders))
    people *= _matching([tuple(group) for group in groups])
    people *= prod(1.0 - _share(one) for one in sorted(set(not_in)))
    return max(0, int(people - _IN_AUDIENCE * sum(excluded_pools)))


@attrs.frozen
class _Places:
    """
    Places by kind; a city comes with the people within its radius.
    """

    countries: frozenset[str]
    regions: dict[str, CatalogueEntry]
    cities: dict[str, tuple[CatalogueEntry, int]]

    @classmethod
    def of(
        cls,
        countries: Iterable[str],
        regions: Iterable[str],
        cities: Iterable[CityRadius],
    ) -> _Places:
        """
        Look the ids up; the widest radius counts when a city is named twice.
        """
        around: dict[str, tuple[CatalogueEntry, int]] = {}
        for city in cities:
            found = any_entry(city.city_id)
            people = _around(found, city.radius_km)
            if people >= around.get(found.id, (found, 0))[1]:
                around[found.id] = (found, people)
        return cls(
            frozenset(any_entry(code).id for code in countries),
            {one: any_entry(one) for one in regions},
            around,
        )

    @classmethod
    def left_out(cls, places: Iterable[str | CityRadius]) -> _Places:
        """
        Sort places of all kinds; codes are letters, region ids are digits.
        """
        given = tuple(places)
        names = [place for place in given if isinstance(place, str)]
        return cls.of(
            [name for name in names if not name.isdigit()],
            [name for name in names if name.isdigit()],
            [place for place in given if not isinstance(place, str)],
        )

    def hold(self, place: CatalogueEntry) -> bool:
        """
        Tell whether a region or city lies in one of the wider places.
        """
        home = (place.country, place.region)
        return place.country in self.countries or any(
            home == (region.country, region.name) for region in self.regions.values()
        )


def _around(city: CatalogueEntry, radius_km: float) -> int:
    """
    Count a city, its suburbs and the land around it.
    """
    radius = max(0.0, radius_km)
    return int(city.size * (1.0 + _SUBURB * radius) + _AROUND * pi * radius * radius)


def _living(inside: _Places, outside: _Places) -> int:
    """
    Count the people of the places asked for without those of the places left out.
    """
    if not (inside.countries or inside.regions or inside.cities):
        if not (outside.countries or outside.regions or outside.cities):
            return sum(one.size for one in entries_of("country"))
        everywhere = frozenset(one.id for one in entries_of("country"))
        inside = _Places(everywhere, {}, {})
    named = [*inside.regions.values(), *(city for city, _ in inside.cities.values())]
    touched = inside.countries | {one.country for one in named}
    return sum(
        _living_in(code, inside, outside)
        for code in sorted(touched - outside.countries)
    )


def _living_in(code: str, inside: _Places, outside: _Places) -> int:
    everyone = any_entry(code).size
    whole = code in inside.countries
    people = everyone if whole else min(everyone, _parts(code, inside, outside))
    return max(0, people - _holes(code, inside, outside))


def _parts(code: str, inside: _Places, outside: _Places) -> int:
    """
    Add the regions, and the cities outside them, of a country not taken whole.
    """
    regions = sum(
        one.size
        for one in inside.regions.values()
        if one.country == code and one.id not in outside.regions
    )
    return regions + sum(
        people
        for city, people in inside.cities.values()
        if city.country == code and not inside.hold(city) and not outside.hold(city)
    )


def _holes(code: str, inside: _Places, outside: _Places) -> int:
    """
    Add the places left out that lie within the places asked for.
    """
    regions = sum(
        one.size
        for one in outside.regions.values()
        if one.country == code and code in inside.countries
    )
    return regions + sum(
        people
        for city, people in outside.cities.values()
        if city.country == code
        and not outside.hold(city)
        and (inside.hold(city) or city.id in inside.cities)
    )


def _age_share(ages: tuple[int, int]) -> float:
    low, high = max(13, ages[0]), min(65, ages[1]) + 1
    return sum(
        share * max(0, min(high, end) - max(low, begin)) / (end - begin)
        for begin, end, share in _AGES
    )


def _gender_share(genders: set[int]) -> float:
    return {frozenset({1}): _MEN, frozenset({2}): 1.0 - _MEN}.get(
        frozenset(genders), 1.0
    )


def _matching(groups: list[tuple[str, ...]]) -> float:
    """
    Give the share that has something of every group, never above the rarest group.
    """
    shares = [
        1.0 - prod(1.0 - _share(one) for one in sorted(set(group)))
        for group in groups
        if group
    ]
    if not shares:
        return 1.0
    return min(*shares, 1.0, prod(shares) * _AFFINITY ** (len(shares) - 1))


def _share(entry_id: str) -> float:
    """
    Give the share of all users that an interest or job stands for.
    """
    everyone = sum(one.size for one in entries_of("country"))
    return min(0.9, any_entry(entry_id).size / everyone)
