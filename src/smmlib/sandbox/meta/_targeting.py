"""
Who may see an ad: the targeting spec, checked and completed as Meta reads it back.

Source: Marketing API targeting reference (basic, restrictions, advantage audience)
of 2026-09; subcodes as public clients saw them in 2026.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smmlib.sandbox import _world as people
from smmlib.sandbox.meta import _tables as tables
from smmlib.sandbox.meta._contract import contract
from smmlib.sandbox.meta._errors import GraphError, invalid, not_modelled
from smmlib.sandbox.meta._placements import check_placements

if TYPE_CHECKING:
    from smmlib.sandbox.meta._context import Context

Spec = dict[str, Any]

DETAILED = {
    "interests": "interest",
    "behaviors": "behaviour",
    "work_positions": "job",
    "industries": "industry",
}
_GEO_MODELLED = {"countries", "regions", "cities", "country_groups", "location_types"}
_MODELLED = {
    "age_min", "age_max", "age_range", "genders", "geo_locations",
    "excluded_geo_locations", "flexible_spec", "exclusions", "custom_audiences",
    "excluded_custom_audiences", "locales", "targeting_automation",
    "publisher_platforms", "device_platforms", *tables.PLACEMENTS, *DETAILED,
}  # fmt: skip
_OLDEST_MINIMUM = 25


def check_targeting(ctx: Context, account: str, spec: Spec, *, new: bool) -> Spec:
    """
    Check a targeting spec.

    Args:
        ctx: The request's surroundings.
        account: Digits of the ad account, for its custom audiences.
        spec: What the client sent, its types already checked.
        new: An ad set is being created, so the advantage audience must be decided.

    Returns:
        The spec as Meta reads it back: ids as text with their names, ages filled in.

    Raises:
        GraphError: 100 with a subcode, or 501 for what is not modelled.
    """
    for key in spec:
        if key not in _MODELLED:
            raise not_modelled(f"targeting by {key}")
    _check_ages(spec)
    if any(gender not in (1, 2) for gender in spec.get("genders", ())):
        raise _bad("genders", "Genders are 1 (men) and 2 (women).")
    if len(spec.get("locales", ())) > tables.LOCALES:
        raise _bad("locales", f"At most {tables.LOCALES} locales.")
    _check_automation(spec, new=new)
    check_placements(spec)
    done = dict(spec)
    done["geo_locations"] = _geo(spec.get("geo_locations", {}), "geo_locations")
    if "excluded_geo_locations" in spec:
        excluded = spec["excluded_geo_locations"]
        done["excluded_geo_locations"] = _geo(excluded, "excluded_geo_locations")
    _check_audiences(ctx, account, spec)
    if not _places(spec.get("geo_locations", {})) and not spec.get("custom_audiences"):
        raise _bad("geo_locations", "Choose at least one location.", 1885364)
    done.update(_detailed(spec))
    done.setdefault("age_min", 18)
    done.setdefault("age_max", tables.AGE_MAX)
    return {key: value for key, value in done.items() if value not in ({}, [])}


def countries_of(spec: Spec) -> frozenset[str]:
    """
    Every country a spec reaches into.
    """
    geo = spec.get("geo_locations", {})
    found = set(geo.get("countries", ()))
    for key, kind in (("regions", "region"), ("cities", "city")):
        for place in geo.get(key, ()):
            entry = people.entry(kind, str(place["key"]))
            if entry is not None:
                found.add(entry.country)
    return frozenset(found)


def in_eu(spec: Spec) -> bool:
    """
    Whether the Digital Services Act asks who pays for ads with this spec.
    """
    groups = set(spec.get("geo_locations", {}).get("country_groups", ()))
    return bool(countries_of(spec) & tables.EU or groups & tables.EU_GROUPS)


def check_categories(ctx: Context, spec: Spec, categories: list[str]) -> None:
    """
    Refuse what housing, employment and finance ads may not choose.
    """
    if not set(categories) & tables.RESTRICTED_CATEGORIES:
        return
    ages = (spec.get("age_min", 18), spec.get("age_max", 65))
    if ages != (18, tables.AGE_MAX):
        raise _bad("age_min", "Special ad categories need the ages 18 to 65+.")
    if spec.get("genders") and set(spec["genders"]) != {1, 2}:
        raise _bad("genders", "Special ad categories cannot choose a gender.")
    if spec.get("excluded_geo_locations"):
        raise _bad("excluded_geo_locations", "No location may be excluded.")
    _check_category_details(ctx, spec)
    for city in spec.get("geo_locations", {}).get("cities", ()):
        _check_category_radius(city)


def _check_category_details(ctx: Context, spec: Spec) -> None:
    for group in (spec, *spec.get("flexible_spec", ())):
        for key in ("behaviors", "work_positions", "industries"):
            if group.get(key):
                raise _bad(key, "Special ad categories allow approved interests only.")
    if spec.get("exclusions"):
        raise _bad("exclusions", "Special ad categories allow no exclusions.")
    for item in spec.get("custom_audiences", ()):
        audience = ctx.world.get(str(item["id"]))
        if audience is not None and audience.data.get("subtype") == "LOOKALIKE":
            raise _bad("custom_audiences", "Special ad categories take no lookalikes.")


def _check_category_radius(city: Spec) -> None:
    entry = people.entry("city", str(city["key"]))
    country = entry.country if entry else ""
    least = {"US": 24.14, "CA": 25.0}.get(country, 15.0)
    factor = 1.0 if city.get("distance_unit") == "kilometer" else 1.609
    if city.get("radius", 0) * factor < least - 0.01:
        raise _bad("cities", f"The radius must be at least {least:g} km here.")


def _bad(key: str, text: str, subcode: int | None = None) -> GraphError:
    return invalid(("targeting", key), text, subcode=subcode)


def _check_ages(spec: Spec) -> None:
    low, high = spec.get("age_min", 18), spec.get("age_max", tables.AGE_MAX)
    if not tables.AGE_MIN <= low <= tables.AGE_MAX:
        raise _bad("age_min", f"The minimum age is 13 to 65, not {low}.")
    if not tables.AGE_MIN <= high <= tables.AGE_MAX:
        raise _bad("age_max", f"The maximum age is 13 to 65, not {high}.")
    if low > high:
        raise _bad("age_min", f"The minimum age {low} is above the maximum {high}.")


def _check_automation(spec: Spec, *, new: bool) -> None:
    automation = spec.get("targeting_automation", {})
    if set(automation) - {"advantage_audience"}:
        raise not_modelled("targeting_automation beyond advantage_audience")
    choice = automation.get("advantage_audience")
    if choice not in (None, 0, 1):
        raise _bad("targeting_automation", "advantage_audience is 0 or 1.")
    if choice is None and new and not _is_default(spec):
        raise _bad(
            "targeting_automation",
            "Say whether Advantage+ audience is used:"
            " targeting_automation.advantage_audience must be 0 or 1.",
        )
    if choice != 1:
        if "age_range" in spec:
            raise _bad("age_range", "age_range needs Advantage+ audience.")
        return
    if spec.get("age_min", 18) > _OLDEST_MINIMUM:
        raise _bad("age_min", "With Advantage+ audience age_min is at most 25.")
    if spec.get("age_max", tables.AGE_MAX) != tables.AGE_MAX:
        raise _bad("age_max", "With Advantage+ audience age_max is 65.")


def _is_default(spec: Spec) -> bool:
    chosen = {*DETAILED, "flexible_spec", "exclusions", "custom_audiences"}
    return (
        spec.get("age_min", 18) == 18  # noqa: PLR2004 - Meta's default
        and spec.get("age_max", tables.AGE_MAX) == tables.AGE_MAX
        and not spec.get("genders")
        and not any(spec.get(key) for key in chosen)
    )


def _places(geo: Spec) -> bool:
    return any(value for key, value in geo.items() if key != "location_types")


def _geo(geo: Spec, where: str) -> Spec:
    _check_geo_keys(geo, where)
    _check_countries(geo, where)
    done = dict(geo)
    if "regions" in geo:
        done["regions"] = [_place(item, "region", where) for item in geo["regions"]]
    if "cities" in geo:
        done["cities"] = [_city(item, where) for item in geo["cities"]]
    return done


def _check_geo_keys(geo: Spec, where: str) -> None:
    for key in geo:
        if key not in _GEO_MODELLED:
            raise not_modelled(f"{where} by {key}")
    for key, most in tables.GEO_LIMITS.items():
        if len(geo.get(key, ())) > most:
            raise _bad(where, f"At most {most} {key}.")
    types = geo.get("location_types", ())
    if set(types) - {"home", "recent"}:
        raise _bad(where, "location_types must be removed.", 1870199)


def _check_countries(geo: Spec, where: str) -> None:
    known = contract().enums["Campaign.special_ad_category_country"]
    for country in geo.get("countries", ()):
        if country not in known:
            raise _bad(where, f"{country!r} is not a country code.")
        if people.entry("country", country) is None:
            raise not_modelled(f"the country {country}")
    for group in geo.get("country_groups", ()):
        if group not in tables.COUNTRY_GROUPS:
            raise _bad(where, f"{group!r} is not a country group.")
        if group != "worldwide":
            raise not_modelled(f"the country group {group}")


def _place(item: Spec, kind: str, where: str) -> Spec:
    entry = people.entry(kind, str(item.get("key", "")))
    if entry is None:
        text = f"No {kind} has the key {item.get('key')!r}; keys are found by search."
        raise _bad(where, text, 1487694)
    return {**item, "key": entry.id, "name": entry.name, "country": entry.country}


def _city(item: Spec, where: str) -> Spec:
    city = _place(item, "city", where)
    entry = people.entry("city", city["key"])
    if entry is not None:
        city["region"] = entry.region
    unit = item.get("distance_unit", "mile")
    if unit not in tables.CITY_RADIUS:
        raise _bad(where, f"distance_unit is mile or kilometer, not {unit!r}.")
    radius = item.get("radius", 0)
    low, high = tables.CITY_RADIUS[unit]
    if radius and not low <= radius <= high:
        raise _bad(where, f"The radius of a city is {low} to {high} {unit}s.")
    if radius:
        city["distance_unit"] = unit
    return city


def _check_audiences(ctx: Context, account: str, spec: Spec) -> None:
    for key in ("custom_audiences", "excluded_custom_audiences"):
        for item in spec.get(key, ()):
            audience = ctx.owned(str(item.get("id", "")), "CustomAudience", account)
            if audience is None or audience.data.get("status") == "DELETED":
                raise _bad(key, f"No custom audience {item.get('id')!r} here.")


def _detailed(spec: Spec) -> Spec:
    done: Spec = {}
    for key in DETAILED:
        if key in spec:
            done[key] = _entries(key, spec[key])
    if "flexible_spec" in spec:
        done["flexible_spec"] = [_group(group) for group in spec["flexible_spec"]]
    if "exclusions" in spec:
        done["exclusions"] = _group(spec["exclusions"])
    return done


def _group(group: Spec) -> Spec:
    for key in group:
        if key not in DETAILED:
            raise not_modelled(f"detailed targeting by {key}")
    return {key: _entries(key, items) for key, items in group.items()}


def _entries(key: str, items: list[Spec]) -> list[Spec]:
    done = []
    for item in items:
        entry = people.entry(DETAILED[key], str(item.get("id", "")))
        if entry is None:
            text = f"{item.get('id')!r} is not available in {key}; search finds ids."
            raise _bad(key, text, 1487694)
        done.append({"id": entry.id, "name": entry.name})
    return done
