"""
Targeting search: the only place where interests, jobs and cities get their ids.

Source: Marketing API targeting search, 2026-09; shapes as the SDK reads them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smmlib.sandbox import _world as people
from smmlib.sandbox.meta._errors import (
    bad_param,
    missing,
    not_modelled,
    unknown_param,
)
from smmlib.sandbox.meta._listing import read_limit
from smmlib.sandbox.meta._types import parse_param

if TYPE_CHECKING:
    from collections.abc import Iterable

    from smmlib.sandbox.meta._context import Context, Params
    from smmlib.sandbox.meta._world_state import Node

LOCALES = {
    5: "German", 6: "English (US)", 9: "French (France)", 10: "Italian",
    14: "Dutch", 15: "Polish", 16: "Portuguese (Brazil)", 17: "Russian",
    18: "Swedish", 19: "Turkish", 21: "Danish", 23: "Spanish (Spain)",
    24: "English (UK)", 31: "Portuguese (Portugal)", 52: "Ukrainian",
}  # fmt: skip
_TYPES = frozenset(
    "adinterest adinterestsuggestion adinterestvalid adgeolocation adgeolocationmeta"
    " adcountry adzipcode adworkemployer adworkposition adeducationschool"
    " adeducationmajor adlocale adtargetingcategory adradiussuggestion".split()
)
_PARAMS = {
    "type": "string",
    "q": "string",
    "limit": "int",
    "location_types": "list<string>",
    "country_code": "string",
    "interest_list": "list<string>",
    "interest_fbid_list": "list<string>",
    "class": "string",
}
_NOT_MODELLED = {
    "after", "before", "locale", "region_id", "place_fallback", "fields",
    "show_connections_info",
}  # fmt: skip
_IGNORED = {"access_token", "appsecret_proof"}
_KINDS = {
    "interests": "interest",
    "work_positions": "job",
    "behaviors": "behaviour",
    "industries": "industry",
}
TARGETING_PARAMS = frozenset({"q", "limit_type", "countries"})


def search(_ctx: Context, raw: dict[str, str]) -> dict[str, Any]:
    """
    GET /search?type=...
    """
    params = _parse(raw)
    wanted = params.get("type")
    if wanted is None:
        raise missing("type")
    if wanted not in _TYPES:
        raise bad_param("type", f"must be one of {{{', '.join(sorted(_TYPES))}}}.")
    if wanted == "adinterest":
        return _data(_interest(e) for e in _find("interest", params))
    if wanted == "adinterestvalid":
        return _data(_valid(params))
    if wanted == "adworkposition":
        return _data(_interest(e) for e in _find("job", params))
    if wanted in {"adgeolocation", "adcountry"}:
        return _data(_places(params, countries_only=wanted == "adcountry"))
    if wanted == "adlocale":
        return _data(_locales(params))
    if wanted == "adtargetingcategory":
        return _data(_categories(params))
    raise not_modelled(f"search of type {wanted}")


def targeting_search(_ctx: Context, _account: Node, params: Params) -> dict[str, Any]:
    """
    GET /act_X/targetingsearch.
    """
    limit = read_limit(params)
    if params.get("countries"):
        raise not_modelled("targetingsearch by countries")
    chosen = params.get("limit_type")
    if chosen is not None and chosen not in _KINDS:
        raise not_modelled(f"targetingsearch of {chosen}")
    rows = [
        {**_interest(entry), "type": name}
        for name, kind in _KINDS.items()
        if chosen in (None, name)
        for entry in people.search(kind, params["q"], limit=limit)
    ]
    return {"data": rows[:limit]}


def _parse(raw: dict[str, str]) -> Params:
    params: Params = {}
    for name, text in raw.items():
        if name in _NOT_MODELLED:
            raise not_modelled(f"the search parameter {name}")
        if name in _IGNORED:
            continue
        if name not in _PARAMS:
            raise unknown_param(name)
        params[name] = parse_param(name, text, _PARAMS[name])
    return params


def _data(rows: Iterable[dict[str, Any]]) -> dict[str, Any]:
    return {"data": list(rows)}


def _find(kind: str, params: Params) -> tuple[people.CatalogueEntry, ...]:
    if not params.get("q", "").strip():
        raise missing("q")
    return people.search(kind, params["q"], limit=read_limit(params))


def _interest(entry: people.CatalogueEntry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "name": entry.name,
        "audience_size_lower_bound": entry.size,
        "audience_size_upper_bound": int(entry.size * 1.18),
        "path": list(entry.path),
        "topic": entry.path[1] if len(entry.path) > 1 else None,
    }


def _valid(params: Params) -> Iterable[dict[str, Any]]:
    for number in params.get("interest_fbid_list", ()):
        entry = people.entry("interest", number)
        row = {"id": number, "valid": entry is not None}
        yield {**row, **(_interest(entry) if entry else {})}
    for name in params.get("interest_list", ()):
        found = [
            entry
            for entry in people.search("interest", name, limit=25)
            if entry.name.casefold() == name.casefold()
        ]
        row = {"name": name, "valid": bool(found)}
        yield {**row, **(_interest(found[0]) if found else {})}


def _places(params: Params, *, countries_only: bool) -> list[dict[str, Any]]:
    kinds = params.get("location_types") or ["country", "region", "city"]
    for kind in kinds:
        if kind not in {"country", "region", "city"}:
            raise not_modelled(f"search of places of type {kind}")
    if countries_only:
        kinds = ["country"]
    limit = read_limit(params)
    if not params.get("q", "").strip():
        raise missing("q")
    code = params.get("country_code") or None
    rows = [
        _place(entry)
        for kind in kinds
        for entry in people.search(kind, params["q"], limit=limit, country=code)
    ]
    return rows[:limit]


def _place(entry: people.CatalogueEntry) -> dict[str, Any]:
    country = people.entry("country", entry.country or entry.id)
    row: dict[str, Any] = {
        "key": entry.id,
        "name": entry.name,
        "type": entry.kind,
        "country_code": entry.country or entry.id,
        "country_name": country.name if country else entry.name,
        "supports_region": True,
        "supports_city": True,
    }
    if entry.region:
        row["region"] = entry.region
    return row


def _locales(params: Params) -> list[dict[str, Any]]:
    wanted = params.get("q", "").strip().casefold()
    rows = [
        {"key": key, "name": name}
        for key, name in LOCALES.items()
        if wanted in name.casefold()
    ]
    return rows[: read_limit(params)]


def _categories(params: Params) -> list[dict[str, Any]]:
    wanted = params.get("class", "")
    if wanted not in {"interests", "behaviors", "industries"}:
        raise not_modelled(f"browsing of class {wanted or '(none)'}")
    found = people.search(_KINDS[wanted], params.get("q", ""), limit=read_limit(params))
    return [{**_interest(entry), "type": wanted} for entry in found]
