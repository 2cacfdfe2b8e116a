"""
Target audiences and locations of mediaplanschema 3.0 as audiences of a plan.
"""

from __future__ import annotations

from typing import Any

from smmlib.codec import _schema_words as words
from smmlib.codec._schema_reader import Reader

_AGES = (13, 99)


def audiences_of(campaign: dict[str, Any], reader: Reader) -> dict[str, Any]:
    path = "campaign.target_audiences"
    found: dict[str, Any] = {}
    unused: dict[str, Any] = {}
    for place, raw in enumerate(reader.items(campaign.get("target_audiences"), path)):
        where = f"{path}[{place}]"
        record = reader.table(raw, where)
        name = reader.text(record, where, "name", required=True)
        key = words.key_of(name, found)
        found[key], rest = _audience(name, record, where, reader)
        if rest:
            unused[key] = rest
    places, excluded = places_of(campaign, reader)
    for audience in found.values():
        audience.update({"places": places} if places else {})
        audience.update({"exclude_places": excluded} if excluded else {})
    if (places or excluded) and not found:
        reader.warn(
            "campaign.target_locations",
            "schema.places",
            "places without a target audience; they are kept aside",
        )
    result: dict[str, Any] = {"audiences": found} if found else {}
    if unused:
        result["extra"] = {words.EXTRA_AUDIENCES: words.json_text(unused)}
    return result


def _audience(
    name: str, record: dict[str, Any], path: str, reader: Reader
) -> tuple[dict[str, Any], dict[str, Any]]:
    found: dict[str, Any] = {"name": name}
    used = {"name"}
    if note := reader.text(record, path, "description"):
        found["note"] = note
        used.add("description")
    if age := _age(record, path, reader):
        found["age"] = age
        used |= {"demo_age_start", "demo_age_end"}
    gender = record.get("demo_gender")
    if gender in ("Male", "Female", "Any"):
        used.add("demo_gender")
        if gender != "Any":
            found["genders"] = [gender.casefold()]
    if stated := reader.text(record, path, "interest_attributes"):
        found["interests"] = words.split_words(stated)
        if ", ".join(found["interests"]) == stated:
            used.add("interest_attributes")
        reader.inform(
            f"{path}.interest_attributes",
            "schema.split",
            f"free text was split into {len(found['interests'])} interests",
            value=stated[:80],
            hint="check them: each must be found on the network later",
        )
    rest = {key: value for key, value in record.items() if key not in used}
    _report_unused(rest, path, reader)
    return found, rest


def _report_unused(rest: dict[str, Any], path: str, reader: Reader) -> None:
    free = [key for key in rest if key.endswith("_attributes") or "exten" in key]
    free = [key for key in free if key != "interest_attributes"]
    if free:
        reader.inform(
            f"{path}.{free[0]}",
            "schema.kept",
            f"free text in {', '.join(free)} is kept aside, not used",
            value=", ".join(free),
            hint="say it as interests, professions, behaviours or lookalike",
        )


def _age(record: dict[str, Any], path: str, reader: Reader) -> str:
    low, high = record.get("demo_age_start"), record.get("demo_age_end")
    if low is None and high is None:
        return ""
    youngest, oldest = _AGES
    low = youngest if low is None else low
    whole = all(isinstance(age, int) for age in (low, high) if age is not None)
    top = oldest if high is None else high
    if not whole or not youngest <= low <= top <= oldest:
        reader.warn(
            f"{path}.demo_age_start",
            "schema.age",
            f"ages {low} to {high} are kept aside",
            value=f"{low}..{high}",
            limit=f"{youngest}..{oldest}",
        )
        return ""
    return f"{low}+" if high is None else f"{low}-{high}"


def places_of(campaign: dict[str, Any], reader: Reader) -> tuple[list[str], list[str]]:
    """
    Countries of all target locations; other places need an id found by search.
    """
    path = "campaign.target_locations"
    wanted: list[str] = []
    unwanted: list[str] = []
    for place, raw in enumerate(reader.items(campaign.get("target_locations"), path)):
        where = f"{path}[{place}]"
        record = reader.table(raw, where)
        for part, found in (("location", wanted), ("exclusion", unwanted)):
            inside = f"{where}.{part}_list"
            names = reader.items(record.get(f"{part}_list"), inside)
            found.extend(_countries(names, record.get(f"{part}_type"), inside, reader))
    return list(dict.fromkeys(wanted)), list(dict.fromkeys(unwanted))


def _countries(names: list[Any], kind: Any, path: str, reader: Reader) -> list[str]:
    found = []
    for place, name in enumerate(names):
        code = words.country_of(name) if isinstance(name, str) else None
        if kind in (None, "Country") and code is not None:
            found.append(code)
            reader.inform(
                f"{path}[{place}]",
                "schema.place",
                f"{name!r} is the country {code}, for every target audience",
                value=name,
            )
            continue
        reader.warn(
            f"{path}[{place}]",
            "schema.place",
            f"{name!r} ({kind or 'no type'}) is not recognised; it is kept aside",
            value=str(name),
            limit="countries by name or ISO 3166 code",
            hint="add it as a place with country and city",
        )
    return found
