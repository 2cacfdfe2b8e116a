"""
What targeting can name: places, interests, languages, devices, shows ... by lookup.

Places and interests are the simulation's; the short lists are examples with ids of
the shapes X uses. Source of the shapes: X Ads API, targeting options, 2026-08.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.sandbox import _world as people
from smmlib.sandbox._world._tables import entries_of
from smmlib.sandbox.x._store import base36, stable_hex, stable_number

if TYPE_CHECKING:
    from collections.abc import Callable

_UNITED_STATES = "96683cc9126741d1"
LOCATION_TYPES = {"country": "COUNTRIES", "region": "REGIONS", "city": "CITIES"}
SINGULAR = {"COUNTRIES": "COUNTRY", "REGIONS": "REGION", "CITIES": "CITY"}


@attrs.frozen
class Option:
    """
    One row of a lookup.

    Attributes:
        value: What a criterion takes as its value.
        told: The row as the lookup shows it.
        share: Part of all users it stands for.
    """

    value: str
    name: str
    told: dict[str, Any]
    share: float = 0.05


@lru_cache(maxsize=1)
def places() -> dict[str, people.CatalogueEntry]:
    """
    Countries, regions and cities by their 16 hexadecimal digits.
    """
    found = {}
    for kind in LOCATION_TYPES:
        for entry in entries_of(kind):
            found[_place_id(kind, entry)] = entry
    return found


def _place_id(kind: str, entry: people.CatalogueEntry) -> str:
    if kind == "country" and entry.id == "US":
        return _UNITED_STATES
    return stable_hex(16, "x-place", kind, entry.id)


def place_name(entry: people.CatalogueEntry) -> str:
    """
    A place as X names it: from narrow to wide.
    """
    country = people.entry("country", entry.country)
    parts = [entry.name, entry.region, country.name if country else entry.country]
    return ", ".join(dict.fromkeys(part for part in parts if part))


@lru_cache(maxsize=1)
def locations() -> tuple[Option, ...]:
    """
    All places as lookup rows.
    """
    return tuple(
        Option(
            value,
            place_name(entry),
            {
                "name": place_name(entry),
                "country_code": entry.country,
                "location_type": LOCATION_TYPES[entry.kind],
                "targeting_value": value,
                "targeting_type": "LOCATION",
            },
        )
        for value, entry in places().items()
    )


@lru_cache(maxsize=1)
def interest_ids() -> dict[str, str]:
    """
    The simulation's interest behind each of X's numbers.
    """
    categories: dict[str, list[people.CatalogueEntry]] = {}
    for entry in entries_of("interest"):
        categories.setdefault(entry.path[-1], []).append(entry)
    return {
        f"{1 + place}{number:03}": entry.id
        for place, entries in enumerate(categories.values())
        for number, entry in enumerate(entries, 1)
    }


@lru_cache(maxsize=64)
def options(kind: str) -> dict[str, Option]:
    """
    The rows of a lookup by value; *kind* is a targeting type.
    """
    maker = _MAKERS.get(kind)
    rows = _listed(kind) if maker is None else maker()
    return {row.value: row for row in rows}


def _interests() -> tuple[Option, ...]:
    rows = []
    for value, entry_id in interest_ids().items():
        entry = people.entry("interest", entry_id)
        name = "/".join((*entry.path[1:], entry.name)) if entry else value
        told = {"name": name, "targeting_type": "INTEREST", "targeting_value": value}
        rows.append(Option(value, name, told))
    return tuple(rows)


def _listed(kind: str) -> tuple[Option, ...]:
    rows = []
    for text in _LISTS[kind].split("; "):
        name, _, rest = text.partition("=")
        value, *more = rest.split(",")
        extra = dict(zip(_COLUMNS.get(kind, ()), more, strict=False))
        told = {
            "name": name,
            "targeting_type": kind,
            "targeting_value": value,
            **extra,
        }
        share = 0.01 + stable_number(900, kind, value) / 10_000
        rows.append(Option(value, name, told, _SHARES.get((kind, value), share)))
    return tuple(rows)


def _devices() -> tuple[Option, ...]:
    rows = []
    for system, maker, names in _DEVICES:
        for name in names.split(", "):
            value = base36(36 + stable_number(1_200, "x-device", name))
            told = {
                "name": name,
                "manufacturer": maker,
                "os_type": system,
                "targeting_type": "DEVICE",
                "targeting_value": value,
            }
            rows.append(Option(value, name, told, 0.03))
    return tuple(rows)


def _events() -> tuple[Option, ...]:
    rows = []
    for option in _listed("EVENT"):
        told = {
            "name": option.name,
            "event_type": option.told["event_type"],
            "start_time": f"{option.told['start']}T00:00:00Z",
            "end_time": f"{option.told['end']}T00:00:00Z",
            "country_code": None,
            "is_global": True,
            "reach": {"total_reach": None},
            "targeting_value": option.value,
            "top_hashtags": [],
            "top_tweets": [],
            "top_users": [],
            "country_breakdown_percentage": [],
            "device_breakdown_percentage": [],
            "gender_breakdown_percentage": [],
        }
        rows.append(Option(option.value, option.name, told, 0.04))
    return tuple(rows)


def _shows() -> tuple[Option, ...]:
    rows = []
    for text in _SHOWS.split("; "):
        name, _, rest = text.partition("=")
        genre, locale = rest.split(",")
        number = 10_000_000_000 + stable_number(10**8, "x-show", name, locale)
        language, _, country = locale.partition("-")
        told = {
            "name": name,
            "genre": genre,
            "locales": [{"language": language, "country": country}],
            "targeting_value": number,
        }
        rows.append(Option(str(number), name, told, 0.02))
    return tuple(rows)


_COLUMNS = {
    "PLATFORM_VERSION": ("number", "os_type"),
    "NETWORK_OPERATOR": ("country_code",),
    "CONVERSATION": ("conversation_type",),
    "APP_STORE_CATEGORY": ("os_type",),
    "EVENT": ("event_type", "start", "end"),
    "IAB_CATEGORY": ("parent_id",),
}
_SHARES = {
    ("PLATFORM", "0"): 0.41, ("PLATFORM", "1"): 0.44, ("PLATFORM", "2"): 0.001,
    ("PLATFORM", "3"): 0.12, ("PLATFORM", "4"): 0.34, ("LANGUAGE", "en"): 0.62,
    ("LANGUAGE", "ja"): 0.12, ("LANGUAGE", "es"): 0.14, ("LANGUAGE", "de"): 0.07,
}  # fmt: skip
_LISTS = {
    "LANGUAGE": (
        "Arabic=ar; Bengali=bn; Czech=cs; Danish=da; Dutch=nl; English=en; Finnish=fi;"
        " French=fr; German=de; Greek=el; Hebrew=he; Hindi=hi; Hungarian=hu;"
        " Indonesian=id; Italian=it; Japanese=ja; Korean=ko; Norwegian=no; Polish=pl;"
        " Portuguese=pt; Romanian=ro; Russian=ru; Spanish=es; Swedish=sv; Tamil=ta;"
        " Thai=th; Turkish=tr; Ukrainian=uk; Urdu=ur; Vietnamese=vi"
    ),
    "PLATFORM": (
        "iOS=0; Android=1; BlackBerry phones and tablets=2;"
        " Mobile web on other devices=3; Desktop and laptop computers=4"
    ),
    "PLATFORM_VERSION": (
        "Ice Cream Sandwich=17,4.0,Android; Android 12=5p,12.0,Android;"
        " Android 13=61,13.0,Android; Android 14=6c,14.0,Android;"
        " Android 15=6m,15.0,Android; iOS 15=5x,15.0,iOS; iOS 16=64,16.0,iOS;"
        " iOS 17=6f,17.0,iOS; iOS 18=6p,18.0,iOS"
    ),
    "NETWORK_OPERATOR": (
        "AT&T=1a,US; T-Mobile=1d,US; Verizon=1e,US; Telekom=3c,DE; Vodafone=3d,DE;"
        " O2=3e,DE; A1=41,AT; Magenta=42,AT; Swisscom=45,CH; Sunrise=46,CH; EE=51,GB;"
        " Orange=57,FR; SFR=58,FR; TIM=5b,IT; Movistar=5f,ES; KPN=5k,NL;"
        " NTT DOCOMO=71,JP; SoftBank=72,JP"
    ),
    "CONVERSATION": (
        "NFL=a1,SPORTS; Bundesliga=a2,SPORTS; Formula 1=a3,SPORTS; Coffee=b1,FOOD;"
        " Baking=b2,FOOD; Marketing=c1,BUSINESS; Startups=c2,BUSINESS;"
        " Photography=d1,HOBBIES; Cycling=d2,HOBBIES; Cinema=e1,ENTERTAINMENT;"
        " Podcasts=e2,ENTERTAINMENT; Climate=f1,SCIENCE"
    ),
    "APP_STORE_CATEGORY": (
        "Games: Music=qouq,IOS; Games: Puzzle=qov1,IOS; Food and drink=qov9,IOS;"
        " Business=qovf,IOS; Shopping=qovk,IOS; Games: Casual=qow2,ANDROID;"
        " Food and drink=qowb,ANDROID; Business=qowh,ANDROID; Shopping=qowp,ANDROID"
    ),
    "EVENT": (
        "New Year's=1ex,HOLIDAY,2026-12-31,2027-01-02;"
        " Carnival=1f4,HOLIDAY,2027-02-04,2027-02-11;"
        " Easter=1fa,HOLIDAY,2027-03-26,2027-03-30;"
        " Spring football finals=1fk,SPORTS,2027-05-15,2027-06-01;"
        " Song contest=1fp,MUSIC_AND_ENTERTAINMENT,2027-05-11,2027-05-16;"
        " Mobile fair=1g0,CONFERENCE,2027-03-01,2027-03-05"
    ),
    "IAB_CATEGORY": (
        "Arts & Entertainment=IAB1; Books & Literature=IAB1-1,IAB1;"
        " Celebrity Fan/Gossip=IAB1-2,IAB1; Automotive=IAB2; Business=IAB3;"
        " Advertising=IAB3-1,IAB3; Marketing=IAB3-11,IAB3; Education=IAB5;"
        " Food & Drink=IAB8; Coffee/Tea=IAB8-6,IAB8; Hobbies & Interests=IAB9;"
        " News=IAB12; Sports=IAB17; Technology & Computing=IAB19; Travel=IAB20"
    ),
}
_DEVICES = (
    ("iOS", "Apple", "iPhone 13, iPhone 14, iPhone 15, iPhone 16, iPad Air, iPad Pro"),
    ("Android", "Samsung", "Galaxy S23, Galaxy S24, Galaxy A54, Galaxy Tab S9"),
    ("Android", "Google", "Pixel 7, Pixel 8, Pixel 9"),
    ("Android", "Xiaomi", "Redmi Note 13, Xiaomi 14"),
)
MARKETS = {
    "en-US": ("US", "United States"),
    "en-GB": ("GB", "United Kingdom"),
    "de-DE": ("DE", "Germany"),
    "fr-FR": ("FR", "France"),
    "es-ES": ("ES", "Spain"),
    "ja-JP": ("JP", "Japan"),
}
_SHOWS = (
    "Evening News=NEWS,en-US; Kitchen Stories=LIFESTYLE,en-US; Late Talk=TALK,en-US;"
    " Morning Tea=LIFESTYLE,en-GB; Quiz Night=GAME,en-GB; Abendschau=NEWS,de-DE;"
    " Krimi am Sonntag=DRAMA,de-DE; Kaffeeklatsch=TALK,de-DE; Le Journal=NEWS,fr-FR;"
    " Cocina de Hoy=LIFESTYLE,es-ES; Asa no Cha=LIFESTYLE,ja-JP"
)
_MAKERS: dict[str, Callable[[], tuple[Option, ...]]] = {
    "INTEREST": _interests,
    "DEVICE": _devices,
    "EVENT": _events,
    "TV_SHOW": _shows,
    "LOCATION": locations,
}
