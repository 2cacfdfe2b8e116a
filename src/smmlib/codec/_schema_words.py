"""
mediaplanschema 3.0: how its words and smmlib's correspond.

Source: the published JSON schemas of mediaplanschema 3.0 (MIT), as of 2026-11.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

from smmlib.model import Buying, Network, PlanStatus
from smmlib.model._iso import COUNTRIES, country_names

VERSION = "3.0"
OWN = "smmlib"
"""
The key of `custom_properties` that holds what the schema has no place for.
"""

EXTRA_META = "mediaplanschema_meta"
EXTRA_CAMPAIGN = "mediaplanschema_campaign"
EXTRA_DICTIONARY = "mediaplanschema_dictionary"
EXTRA_AUDIENCES = "mediaplanschema_audiences"
EXTRA_LINES = "mediaplanschema_lineitems"
EXTRA_LINE = "mediaplanschema_lineitem"
EXTRA_OTHER = "mediaplanschema_other"

VEHICLES = {
    Network.FACEBOOK: "Facebook",
    Network.INSTAGRAM: "Instagram",
    Network.LINKEDIN: "LinkedIn",
    Network.X: "X",
    Network.TELEGRAM: "Telegram",
}
CHANNELS = {True: "Paid Social", False: "Organic Social"}
"""
The channel of a line that is paid, and of one that is not.
"""

_VEHICLE_WORDS: dict[str, tuple[Network, ...]] = {
    **{name.casefold(): (network,) for network, name in VEHICLES.items()},
    "twitter": (Network.X,),
    "x (twitter)": (Network.X,),
    "meta": (Network.FACEBOOK, Network.INSTAGRAM),
}

OBJECTIVES = {
    "lead generation": "leads",
    "leadgen": "leads",
    "brand awareness": "awareness",
    "reach": "awareness",
    "website traffic": "traffic",
    "consideration": "traffic",
    "conversion": "sales",
    "conversions": "sales",
    "purchase": "sales",
    "app installs": "app_promotion",
}

METRICS = {
    "metric_impressions": "impressions",
    "metric_clicks": "clicks",
    "metric_reach": "reach",
    "metric_followers": "followers",
    "metric_visits": "visits",
    "metric_leads": "leads",
    "metric_signup": "registrations",
    "metric_conversions": "conversions",
}
"""
The schema's counts that are KPIs of smmlib too.
"""

METRIC_OF = {kpi: metric for metric, kpi in METRICS.items()}

# The first word found decides; "Approved - Live" is live.
_STATUS_WORDS = (
    ("archiv", PlanStatus.ARCHIVED),
    ("finish", PlanStatus.FINISHED),
    ("complet", PlanStatus.FINISHED),
    ("live", PlanStatus.LIVE),
    ("approved", PlanStatus.APPROVED),
    ("review", PlanStatus.IN_REVIEW),
    ("draft", PlanStatus.DRAFT),
)

_COUNTRY_WORDS = {
    "usa": "US",
    "united states of america": "US",
    "uk": "GB",
    "great britain": "GB",
    "england": "GB",
    "czech republic": "CZ",
    "holland": "NL",
    "russia": "RU",
    "turkey": "TR",
    "vietnam": "VN",
    "iran": "IR",
    "taiwan": "TW",
    "bolivia": "BO",
    "venezuela": "VE",
    "tanzania": "TZ",
    "moldova": "MD",
    "ivory coast": "CI",
}


def networks_of(vehicle: str) -> tuple[Network, ...]:
    """
    The networks a vehicle names, or none where it is something else.
    """
    words = [part.strip().casefold() for part in re.split(r"[,;/&+]", vehicle)]
    found = [_VEHICLE_WORDS.get(word, ()) for word in words]
    if not all(found):
        return ()
    return tuple(dict.fromkeys(network for group in found for network in group))


def objective_of(words: str) -> str:
    """
    The objective free words mean, or the words themselves.
    """
    return OBJECTIVES.get(words.strip().casefold(), words)


def status_of(words: str) -> PlanStatus | None:
    """
    How far a plan is, from free words.
    """
    plain = words.casefold()
    return next((status for word, status in _STATUS_WORDS if word in plain), None)


def buying_of(words: str) -> Buying | None:
    """
    What one pays for, from free words such as `CPM` or `Flat fee`.
    """
    first = words.strip().casefold().replace("-", " ").split(" ")[0]
    known = Buying._value2member_map_
    return Buying(first) if first in known else None


def is_organic(channel: str) -> bool:
    """
    Whether a channel is one without media costs.
    """
    words = channel.casefold()
    return "organic" in words or "owned" in words


def country_of(words: str) -> str | None:
    """
    The country code for a name or code, if it is one.
    """
    plain = words.strip()
    if plain.upper() in COUNTRIES:
        return plain.upper()
    names = {name.casefold(): code for code, name in country_names().items()}
    return _COUNTRY_WORDS.get(plain.casefold()) or names.get(plain.casefold())


def split_words(text: str) -> list[str]:
    """
    Free text as single words, each once: parted at commas and semicolons.
    """
    parts = (part.strip() for part in re.split(r"[,;]", text))
    return list(dict.fromkeys(part for part in parts if part))


def key_of(words: str, taken: Any = ()) -> str:
    """
    A simple key for a shown name, different from those taken.
    """
    plain = re.sub(r"[^A-Za-z0-9_-]+", "-", words).strip("-_")[:60] or "item"
    found, number = plain, 2
    while found in taken:
        found, number = f"{plain}-{number}", number + 1
    return found


def number_of(value: Decimal) -> int | float:
    """
    An exact number as JSON has it: whole where it is whole.
    """
    return int(value) if value == value.to_integral_value() else float(value)


def difference(derived: Any, wanted: Any) -> Any:
    """
    What turns one mapping into another, as a JSON merge patch (RFC 7396).
    """
    patch: dict[str, Any] = {key: None for key in derived if key not in wanted}
    for key, value in wanted.items():
        old = derived.get(key)
        if isinstance(value, dict) and isinstance(old, dict):
            inner = difference(old, value)
            if inner:
                patch[key] = inner
        elif key not in derived or old != value:
            patch[key] = value
    return patch


def patched(target: Any, patch: Any) -> Any:
    """
    A mapping with a JSON merge patch applied.
    """
    if not isinstance(patch, dict):
        return patch
    found = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            found.pop(key, None)
        else:
            found[key] = patched(found.get(key), value)
    return found


KPI_SLOTS = range(1, 6)
"""
A campaign of the schema has five KPIs: `kpi_name1` to `kpi_name5`.
"""

COST_PARTS = frozenset(
    {
        "cost_media",
        "cost_buying",
        "cost_platform",
        "cost_data",
        "cost_creative",
        *(f"cost_custom{number}" for number in range(1, 11)),
    }
)
"""
What of a line's cost the schema names.
"""


def plain_number(value: Decimal) -> str:
    """
    An exact number in plain digits.
    """
    return f"{value:f}"


def without_own(record: dict[str, Any]) -> dict[str, Any]:
    """
    A record without what smmlib itself put into it.
    """
    custom = record.get("custom_properties")
    if not isinstance(custom, dict) or OWN not in custom:
        return record
    left = {key: value for key, value in custom.items() if key != OWN}
    rest = {key: value for key, value in record.items() if key != "custom_properties"}
    return {**rest, "custom_properties": left} if left else rest


def own_of(record: dict[str, Any]) -> dict[str, Any]:
    """
    What smmlib itself put into a record when it exported it.
    """
    custom = record.get("custom_properties")
    own = custom.get(OWN) if isinstance(custom, dict) else None
    return own if isinstance(own, dict) else {}


def json_text(value: Any) -> str:
    """
    What is kept aside, as one JSON text.
    """
    return json.dumps(value, ensure_ascii=False, default=number_of)
