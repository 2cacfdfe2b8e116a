"""
The catalogues' tables, read from this package's data files.

Sizes in the files are thousands of people (millions for interests); a place's
number is its population, of whom six in ten use the platforms.
"""

from __future__ import annotations

import json
from functools import lru_cache
from hashlib import blake2b
from importlib.resources import files
from typing import TYPE_CHECKING

from smmlib.sandbox._world._facts import CatalogueEntry

if TYPE_CHECKING:
    from collections.abc import Iterator

_CITY_FILES = ("cities_de", "cities_eu", "cities_america", "cities_world")
_USERS = 0.6
_REGION_PER_CITY = 1.5
_LISTS = {
    "interest": ("interests", "Interests", 1_000_000),
    "job": ("jobs", "Jobs", 1_000),
    "industry": ("industries", "Industries", 1_000),
    "behaviour": ("behaviours", "Behaviours", 1_000),
}
_ID_SHAPES = {
    "interest": ("6003", 9),
    "behaviour": ("6002", 9),
    "industry": ("6008", 9),
    "job": ("10", 13),
    "city": ("", 7),
    "region": ("", 6),
}

KINDS = ("interest", "job", "industry", "behaviour", "city", "region", "country")


@lru_cache(maxsize=len(KINDS))
def entries_of(kind: str) -> tuple[CatalogueEntry, ...]:
    """
    Give a whole catalogue; *kind* is one of `KINDS`.
    """
    if kind == "country":
        return tuple(_countries())
    if kind == "region":
        return tuple(_regions())
    if kind == "city":
        return tuple(_cities())
    return tuple(_listed(kind))


@lru_cache(maxsize=1)
def aliases() -> dict[tuple[str, str], tuple[str, ...]]:
    """
    Give the other names of cities by country and name.
    """
    found = {}
    for country, text in _table("aliases").items():
        for pair in text.split("; "):
            name, _, others = pair.partition("=")
            found[country, name] = tuple(others.split(", "))
    return found


def _table(name: str) -> dict[str, str]:
    text = files(__package__).joinpath("data", f"{name}.json").read_text("utf-8")
    table: dict[str, str] = json.loads(text)
    return table


def _places() -> Iterator[tuple[str, str, str]]:
    """
    Walk the city files: country, region (perhaps with its people), list of cities.
    """
    for name in _CITY_FILES:
        text = files(__package__).joinpath("data", f"{name}.json").read_text("utf-8")
        for country, regions in json.loads(text).items():
            for region, cities in regions.items():
                yield country, region, cities


def _sized(text: str) -> Iterator[tuple[str, int]]:
    """
    Read "Name 12; Other name 3".
    """
    for item in text.split("; "):
        name, _, number = item.rpartition(" ")
        yield name, int(number)


def _id(kind: str, *words: str) -> str:
    """
    Derive a stable id from what a thing is, never from where it stands in a list.
    """
    prefix, digits = _ID_SHAPES[kind]
    text = "\x1f".join((kind, *words))
    number = int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")
    least = 0 if prefix else 10 ** (digits - 1)
    return f"{prefix}{least + number % (10**digits - least):0{digits}}"


def _listed(kind: str) -> Iterator[CatalogueEntry]:
    file, top, unit = _LISTS[kind]
    for category, text in _table(file).items():
        for name, size in _sized(text):
            yield CatalogueEntry(
                id=_id(kind, category, name),
                kind=kind,
                name=name,
                path=(top,) if category == top else (top, category),
                country="",
                region="",
                size=size * unit,
            )


def _countries() -> Iterator[CatalogueEntry]:
    for continent, text in _table("countries").items():
        for words, size in _sized(text):
            code, _, name = words.partition(" ")
            yield CatalogueEntry(
                id=code,
                kind="country",
                name=name,
                path=("Places", continent),
                country=code,
                region="",
                size=size * 1_000,
            )


def _regions() -> Iterator[CatalogueEntry]:
    countries = {entry.id: entry for entry in entries_of("country")}
    for country, text, cities in _places():
        name, _, people = text.partition("=")
        counted = sum(size for _, size in _sized(cities)) * _REGION_PER_CITY
        users = int((int(people) if people else counted) * 1_000 * _USERS)
        yield CatalogueEntry(
            id=_id("region", country, name),
            kind="region",
            name=name,
            path=("Places", countries[country].name),
            country=country,
            region="",
            size=min(users, countries[country].size),
        )


def _cities() -> Iterator[CatalogueEntry]:
    countries = {entry.id: entry for entry in entries_of("country")}
    for country, text, cities in _places():
        region = text.partition("=")[0]
        for name, size in _sized(cities):
            yield CatalogueEntry(
                id=_id("city", country, region, name),
                kind="city",
                name=name,
                path=("Places", countries[country].name, region),
                country=country,
                region=region,
                size=min(int(size * 1_000 * _USERS), countries[country].size),
            )
