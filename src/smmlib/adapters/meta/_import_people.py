"""
From Meta's targeting and custom audiences to audiences of a plan.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from smmlib.adapters.meta._audiences import SOURCES
from smmlib.adapters.meta._normal import audience_fields
from smmlib.errors import PlatformError, SmmError
from smmlib.model import (
    AgeRange,
    Audience,
    CustomAudience,
    Lookalike,
    Place,
    Radius,
)
from smmlib.ports import TargetingMatch

if TYPE_CHECKING:
    from smmlib.adapters.meta._names import NameFinder

Raw = Mapping[str, Any]

_TRAITS = {
    "interests": ("interests", "interest"),
    "work_positions": ("professions", "profession"),
    "industries": ("industries", "industry"),
    "behaviors": ("behaviours", "behaviour"),
}
_GENDERS = {"1": "male", "2": "female"}
_UNITS = {"kilometer": "km", "mile": "mi"}
_KINDS = {word: kind for kind, word in SOURCES.items()}
_DAY = 86_400

__all__ = ["PeopleReader", "key_of"]


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
    Turns what Meta knows of people into audiences of a plan.

    Args:
        customs: Custom audiences of the account, raw.
        names: Search with a cache.
    """

    def __init__(self, customs: Sequence[Raw], names: NameFinder) -> None:
        self._names = names
        self.audiences: dict[str, Audience] = {}
        self.keys: dict[str, str] = {}
        self._sources: dict[str, CustomAudience] = {}
        lookalikes = []
        for raw in customs:
            fields = audience_fields(raw)
            if fields.get("lookalike_spec"):
                lookalikes.append((raw, fields))
            elif (source := self._source(raw, fields)) is not None:
                audience = Audience(_name(raw), retarget=[source])
                self._keep(str(raw["id"]), audience)
                self._sources[str(raw["id"])] = source
        for raw, fields in lookalikes:
            self._lookalike(raw, fields)

    def _keep(self, own: str, audience: Audience) -> None:
        key = key_of(audience.name or own, self.audiences)
        self.audiences[key] = audience
        self.keys[own] = key

    def _source(self, raw: Raw, fields: Raw) -> CustomAudience | None:
        """
        Known people, where the plan has a word for where they come from.
        """
        if fields.get("customer_file_source"):
            return CustomAudience("customer_list", key_of(_name(raw), ()))
        try:
            (rule,) = fields["rule"]["inclusions"]["rules"]
            (event,) = rule["event_sources"]
            kind = _KINDS[event["type"]]
            days = max(int(rule["retention_seconds"]) // _DAY, 1)
            return CustomAudience(kind, str(event["id"]), days=days)
        except (KeyError, ValueError, TypeError, SmmError):
            return None

    def _lookalike(self, raw: Raw, fields: Raw) -> None:
        origin = self.keys.get(str(fields.get("origin_audience_id", "")))
        spec = fields["lookalike_spec"]
        try:
            percent = round(float(spec["ratio"]) * 100)
            if origin is None or not self.audiences[origin].retarget:
                return
            alike = Lookalike(origin, str(spec["country"]), percent=percent)
            self._keep(str(raw["id"]), Audience(_name(raw), lookalike=alike))
        except (KeyError, ValueError, SmmError):
            return

    # -- targeting -----------------------------------------------------------------

    def of(self, targeting: Raw, name: str) -> str:
        """
        The key of an audience for an ad set's targeting; equal ones are shared.
        """
        found = self._audience(targeting)
        for key, known in self.audiences.items():
            if known == found and key not in self.keys.values():
                return key
        key = key_of(name, self.audiences)
        self.audiences[key] = found
        return key

    def _audience(self, targeting: Raw) -> Audience:
        retarget, lookalike = self._included(targeting)
        groups = [g for g in _list(targeting.get("flexible_spec")) if g]
        groups.append({k: targeting[k] for k in _TRAITS if k in targeting})
        traits = [t for t in (self._traits(group) for group in groups) if t]
        first: dict[str, Any] = dict(traits[0]) if traits else {}
        places = list(self._places(targeting.get("geo_locations")))
        if not places and not retarget and lookalike is None:
            places = _around(targeting.get("geo_locations"))
        made = Audience(
            age=_age(targeting),
            genders=[
                _GENDERS[str(g)]
                for g in _list(targeting.get("genders"))
                if str(g) in _GENDERS
            ],
            places=places,
            exclude_places=list(self._places(targeting.get("excluded_geo_locations"))),
            retarget=retarget,
            lookalike=lookalike,
            exclude=self._excluded(targeting),
            **first,
        )
        for more in traits[1:]:
            made = made.narrow(**more)
        return made

    def _included(
        self, targeting: Raw
    ) -> tuple[list[CustomAudience], Lookalike | None]:
        sources: list[CustomAudience] = []
        alike: Lookalike | None = None
        for own in _ids(targeting.get("custom_audiences")):
            key = self.keys.get(own)
            if own in self._sources:
                sources.append(self._sources[own])
            elif key is not None and alike is None:
                alike = self.audiences[key].lookalike
        return sources, alike

    def _excluded(self, targeting: Raw) -> list[str]:
        ids = _ids(targeting.get("excluded_custom_audiences"))
        return [self.keys[own] for own in ids if own in self.keys]

    def _traits(self, group: Raw) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for theirs, (ours, kind) in _TRAITS.items():
            texts = [self._named(kind, item) for item in _list(group.get(theirs))]
            if texts and all(texts):
                found[ours] = [text for text in texts if text]
        return found

    def _named(self, kind: str, item: Any, country: str = "") -> str:
        """
        A name that leads to this very id again; empty where none does.
        """
        own = str(_map(item).get("id") or _map(item).get("key") or "")
        name = str(_map(item).get("name") or "")
        if not (own and name):
            return ""
        for text in (name, f"{name} #{own}"):
            try:
                found = self._names.one(kind, text, country=country)
            except PlatformError:
                return ""
            if isinstance(found, TargetingMatch) and found.id == own:
                return text
        return ""

    def _places(self, geo: Any) -> Iterator[Place]:
        spec = _map(geo)
        try:
            for code in _list(spec.get("countries")):
                yield Place(str(code))
            for region in _list(spec.get("regions")):
                country = str(region.get("country", ""))
                if name := self._named("region", region, country):
                    yield Place(country, region=name)
            for city in _list(spec.get("cities")):
                country = str(city.get("country", ""))
                if name := self._named("city", city, country):
                    yield Place(country, city=name, radius=_radius(city))
        except SmmError:
            return


def _around(geo: Any) -> list[Place]:
    """
    The countries of places the plan has no word for, e.g. of postcodes.
    """
    codes = set()
    for items in _map(geo).values():
        for item in _list(items):
            code = str(_map(item).get("country") or str(_map(item).get("key"))[:2])
            codes.add(code.upper())
    found = []
    for code in sorted(codes):
        try:
            found.append(Place(code))
        except SmmError:
            continue
    return found


def _radius(city: Raw) -> Radius | None:
    unit = _UNITS.get(str(city.get("distance_unit", "mile")))
    if not city.get("radius") or unit is None:
        return None
    return Radius(str(city["radius"]), unit)


def _age(targeting: Raw) -> AgeRange | None:
    low, high = targeting.get("age_min"), targeting.get("age_max")
    try:
        usual = low in (None, 18) and high in (None, 65)
        return None if usual else AgeRange(int(low or 18), _oldest(high))
    except (ValueError, SmmError):
        return None


def _oldest(high: Any) -> int | None:
    # To Meta 65 means "and older".
    return None if high is None or int(high) >= 65 else int(high)  # noqa: PLR2004


def _name(raw: Raw) -> str:
    return str(raw.get("name") or "")[:200]


def _ids(items: Any) -> list[str]:
    return [str(_map(item).get("id")) for item in _list(items)]


def _list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else []


def _map(value: Any) -> Raw:
    return value if isinstance(value, Mapping) else {}
