"""
From an audience to Meta's targeting, in normal form; what Meta lacks becomes issues.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.adapters.meta import _tables as tables
from smmlib.adapters.meta._names import NameFinder, shown
from smmlib.adapters.meta._normal import targeting_fields
from smmlib.errors import (
    InvalidRequestError,
    PlatformError,
    Severity,
    UnsupportedError,
)
from smmlib.model import Gender, Network
from smmlib.ports import Ref, TargetingMatch

if TYPE_CHECKING:
    from smmlib.adapters.meta._findings import Findings
    from smmlib.model import Audience, Place, Placement, Traits

Spec = dict[str, Any]

_GENDERS = {Gender.MALE: 1, Gender.FEMALE: 2}
_TRAITS = (
    ("interests", "interest", "interests"),
    ("professions", "profession", "work_positions"),
    ("industries", "industry", "industries"),
    ("behaviours", "behaviour", "behaviors"),
)


@attrs.frozen
class People:
    """
    The known people an audience includes and leaves out, by resource address.
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


class TargetingBuilder:
    """
    Builds targeting specs for one plan.

    Args:
        names: Search with a cache.
        findings: Where problems go.
    """

    def __init__(self, names: NameFinder, findings: Findings) -> None:
        self._names = names
        self._findings = findings

    def build(
        self,
        audience: Audience,
        path: str,
        *,
        people: People,
        placements: Spec,
    ) -> Spec:
        """
        The targeting of an ad set.

        Args:
            audience: Who should see it.
            path: Where the audience stands in the plan.
            people: The known people in it.
            placements: Where the ads stand, from `placements_of`.
        """
        spec: Spec = {
            **self._ages(audience, path),
            "genders": [_GENDERS[g] for g in audience.genders],
            "geo_locations": self._geo(audience.places, f"{path}.places"),
            "excluded_geo_locations": self._geo(
                audience.exclude_places, f"{path}.exclude_places"
            ),
            "locales": self._locales(audience, path),
            "flexible_spec": self._groups(audience, path),
            "custom_audiences": [{"id": Ref(a)} for a in people.include],
            "excluded_custom_audiences": [{"id": Ref(a)} for a in people.exclude],
            # Meta would widen the audience by itself unless told not to.
            "targeting_automation": {"advantage_audience": 0},
            **placements,
        }
        if not spec["geo_locations"]:
            self._everywhere(spec, path, people)
        return targeting_fields(spec)

    def _everywhere(self, spec: Spec, path: str, people: People) -> None:
        """
        Known people may be anywhere; everybody everywhere is surely a mistake.
        """
        if people.include:
            spec["geo_locations"] = {"country_groups": ["worldwide"]}
            return
        self._findings.add(
            f"{path}.places",
            "places_missing",
            "Meta needs at least one place",
            hint="add a country, e.g. places: [DE]",
        )

    def _ages(self, audience: Audience, path: str) -> Spec:
        age = audience.age
        low = age.minimum if age else tables.AGE_USUAL
        high = age.maximum if age else None
        if low > tables.AGE_OLDEST:
            self._findings.add(
                f"{path}.age",
                "age_minimum",
                f"Meta's oldest age group is {tables.AGE_OLDEST}+",
                value=str(age),
                limit=tables.AGE_OLDEST,
                hint=f"write {tables.AGE_OLDEST}+",
            )
            low = tables.AGE_OLDEST
        if high is not None and high > tables.AGE_OLDEST:
            self._findings.add(
                f"{path}.age",
                "age_maximum",
                f"Meta counts everybody over {tables.AGE_OLDEST} as one group; "
                f"{high} is sent as {tables.AGE_OLDEST}+",
                value=str(age),
                limit=tables.AGE_OLDEST,
                severity=Severity.WARNING,
                hint=f"write {low}+ to say what happens",
            )
        return {"age_min": low, "age_max": min(high or 65, tables.AGE_OLDEST)}

    # -- places --------------------------------------------------------------------

    def _geo(self, places: Iterable[Place], path: str) -> Spec:
        geo: Spec = {"countries": [], "regions": [], "cities": []}
        for number, place in enumerate(places):
            here = f"{path}[{number}]"
            if place.city:
                self._city(geo, place, here)
            elif place.region:
                found = self._resolve("region", place.region, here, place.country)
                geo["regions"] += [{"key": found.id}] if found else []
            else:
                geo["countries"].append(place.country)
        return {key: values for key, values in geo.items() if values}

    def _city(self, geo: Spec, place: Place, path: str) -> None:
        found = self._resolve("city", place.city, path, place.country, place.region)
        if found is None:
            return
        city: Spec = {"key": found.id}
        if place.radius:
            low, high, unit = tables.CITY_RADIUS[place.radius.unit]
            distance = place.radius.distance
            if not low <= distance <= high or distance != int(distance):
                self._findings.add(
                    f"{path}.radius",
                    "radius",
                    f"Meta draws {low} to {high} whole {unit}s around a city",
                    value=str(place.radius),
                    limit=f"{low}-{high} {place.radius.unit}",
                    hint=f"write {min(max(int(distance), low), high)} "
                    f"{place.radius.unit}",
                )
                return
            city |= {"radius": int(distance), "distance_unit": unit}
        geo["cities"].append(city)

    # -- what people are like ------------------------------------------------------

    def _groups(self, audience: Audience, path: str) -> list[Spec]:
        groups = [self._group(audience.traits, path)]
        groups += [
            self._group(traits, f"{path}.narrow_by[{number}]")
            for number, traits in enumerate(audience.narrow_by)
        ]
        return [group for group in groups if group]

    def _group(self, traits: Traits, path: str) -> Spec:
        group: Spec = {}
        for attribute, kind, key in _TRAITS:
            for number, name in enumerate(getattr(traits, attribute)):
                found = self._resolve(kind, name, f"{path}.{attribute}[{number}]")
                if found:
                    group.setdefault(key, []).append({"id": found.id})
        if traits.seniorities:
            self._findings.add(
                f"{path}.seniorities",
                "no_seniority",
                "Meta does not know how high people stand at work; ads would reach "
                "all levels",
                value=", ".join(traits.seniorities),
                severity=Severity.WARNING,
                hint="name the professions instead, or use an audience without "
                "seniorities here",
            )
        return group

    def _locales(self, audience: Audience, path: str) -> list[int | str]:
        found: list[int | str] = []
        for number, tag in enumerate(audience.languages):
            name = tables.LANGUAGES.get(tag.split("-")[0].lower())
            here = f"{path}.languages[{number}]"
            if name is None:
                self._findings.add(
                    here,
                    "language",
                    f"no name is known under which Meta lists {tag!r}",
                    value=tag,
                    limit=", ".join(tables.LANGUAGES),
                    hint="leave it out; the place usually says enough",
                )
                continue
            found += self._locale(name, tag, here)
        return found

    def _locale(self, name: str, tag: str, path: str) -> list[int | str]:
        """
        All of a language's locales, e.g. both British and American English.
        """
        try:
            matches = self._names.search("language", name)
        except PlatformError as error:
            self._unsearchable("language", tag, path, error)
            return []
        same = [
            m.id for m in matches if m.name.split(" (")[0].casefold() == name.lower()
        ]
        if not same:
            self._unknown("language", tag, path, matches)
        return [int(one) if one.isdigit() else one for one in same]

    # -- names ---------------------------------------------------------------------

    def _resolve(
        self, kind: str, name: str, path: str, country: str = "", region: str = ""
    ) -> TargetingMatch | None:
        try:
            found = self._names.one(kind, name, country=country, region=region)
        except PlatformError as error:
            self._unsearchable(kind, name, path, error)
            return None
        if isinstance(found, TargetingMatch):
            return found
        self._unknown(kind, name, path, found)
        return None

    def _unsearchable(
        self, kind: str, name: str, path: str, error: PlatformError
    ) -> None:
        """
        Missing answers of a kind are an issue; a platform that is down is an error.
        """
        if not isinstance(error, (UnsupportedError, InvalidRequestError)):
            raise error
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
                f"{kind} {name!r} is not exactly one thing on Meta",
                value=name,
                limit=choice,
                hint=f"write {choice}",
            )
            return
        self._findings.add(
            path,
            f"{kind}_unknown",
            f"Meta knows no {kind} {name!r}",
            value=name,
            hint=f"search for another word: smm search {kind} ...",
        )


def placements_of(
    placements: Iterable[Placement],
    networks: Iterable[Network],
    path: str,
    findings: Findings,
) -> Spec:
    """
    Where the ads of an ad set stand: its placements, else the line's networks.
    """
    allowed = [n for n in networks if n in tables.POSITIONS]
    chosen: dict[Network, list[str]] = {}
    for number, placement in enumerate(placements):
        position = tables.POSITIONS.get(placement.network, {}).get(placement.position)
        if position is not None and placement.network in allowed:
            chosen.setdefault(placement.network, []).append(position)
        else:
            here = f"{path}.placements[{number}]"
            unpaid = placement.network not in allowed
            _refuse(placement, here, allowed, findings, unpaid=unpaid)
    spec: Spec = {
        f"{network}_positions": positions for network, positions in chosen.items()
    }
    spec["publisher_platforms"] = [n.value for n in (chosen or allowed)]
    return spec


def _refuse(
    placement: Placement,
    path: str,
    allowed: list[Network],
    findings: Findings,
    *,
    unpaid: bool,
) -> None:
    """
    Say why ads cannot stand there: Meta has no such place, or nobody pays for it.
    """
    if unpaid:
        findings.add(
            path,
            "placement.network",
            f"the line does not pay for {placement.network}",
            value=str(placement),
            limit=", ".join(allowed),
            hint="add the network to the line, or drop the placement",
        )
        return
    findings.add(
        path,
        "placement_unknown",
        f"Meta has no placement {placement}",
        value=str(placement),
        limit=", ".join(f"{n}.{p}" for n in allowed for p in tables.POSITIONS[n]),
        hint="choose one of those, or leave placements out",
    )
