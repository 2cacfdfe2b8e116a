"""
From Meta's objects to the world's facts: what the market sees of an ad.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from smmlib.sandbox import _world as people
from smmlib.sandbox.meta._creatives import (
    cards_of,
    content_of,
    landing_of,
    text_of,
)
from smmlib.sandbox.meta._placements import networks_of
from smmlib.sandbox.meta._tables import offset
from smmlib.sandbox.meta._targeting import DETAILED, countries_of
from smmlib.sandbox.meta._world_state import stable_hex

if TYPE_CHECKING:
    from smmlib.sandbox.meta._world_state import Node, World

Data = dict[str, Any]
_MILE_KM = 1.609


def ad_facts(world: World, ad: Node) -> Data:
    """
    The facts of one ad as plain JSON, ready to be kept as a version.
    """
    adset, campaign = world.get(ad.data["adset_id"]), world.get(ad.data["campaign_id"])
    creative = world.get(ad.data["creative_id"])
    if adset is None or campaign is None or creative is None:
        return {}
    spec = adset.data["targeting"]
    bid = adset.data.get("bid_amount")
    currency = world.accounts[ad.account].currency
    return {
        "audience_size": size_of(world, spec),
        "bid": str(Decimal(bid) / offset(currency)) if bid else None,
        "goal": adset.data["optimization_goal"],
        "creative_key": creative_key(creative),
        "text_length": len(text_of(creative.data)),
        "cards": len(cards_of(creative.data)),
        "networks": list(networks_of(spec)),
        "countries": sorted(countries_of(spec)),
        "ages": [spec["age_min"], spec["age_max"]],
        "genders": spec.get("genders", []),
        "places": {
            name: list(spec[f"{name}_positions"])
            for name in ("facebook", "instagram")
            if spec.get(f"{name}_positions")
        },
        "devices": list(spec.get("device_platforms", ())),
        "landing_url": landing_of(creative.data),
        "url_tags": creative.data.get("url_tags", ""),
        "ad_name": ad.data["name"],
        "ad_set_name": adset.data["name"],
        "campaign_name": campaign.data["name"],
    }


def as_ad_facts(ad: Node, facts: Data, **extra: Any) -> people.AdFacts:
    """
    A kept version as the value that the simulation reads.
    """
    bid = facts["bid"]
    told = {k: v for k, v in facts.items() if k not in {"places", "devices"}}
    return people.AdFacts(
        ad.id,
        ad.data["adset_id"],
        campaign_id=ad.data["campaign_id"],
        **{
            **told,
            "bid": None if bid is None else Decimal(bid),
            "networks": tuple(facts["networks"]),
            "countries": tuple(facts["countries"]),
            "ages": tuple(facts["ages"]),
            "genders": tuple(facts["genders"]),
        },
        **extra,
    )


def creative_key(creative: Node) -> str:
    """
    What makes a creative good or bad: its texts and pictures, not its id.
    """
    link = content_of(creative.data)
    parts = [text_of(creative.data), link.get("name", ""), link.get("image_hash", "")]
    for card in cards_of(creative.data):
        parts += [card.get("name", ""), card.get("image_hash", "")]
    return stable_hex(16, *parts)


def size_of(world: World, spec: Data) -> int:
    """
    How many people a targeting spec may reach.
    """
    geo, excluded = (
        spec.get("geo_locations", {}),
        spec.get("excluded_geo_locations", {}),
    )
    groups = [_ids(group) for group in spec.get("flexible_spec", ())]
    groups.append(_ids(spec))
    return people.audience_size(
        countries=tuple(geo.get("countries", ())),
        regions=_regions(geo),
        cities=_cities(geo),
        excluded=(
            *excluded.get("countries", ()),
            *_regions(excluded),
            *_cities(excluded),
        ),
        ages=(spec.get("age_min", 18), spec.get("age_max", 65)),
        genders=tuple(spec.get("genders", ())),
        groups=tuple(group for group in groups if group),
        not_in=_ids(spec.get("exclusions", {})),
        pools=_pools(world, spec.get("custom_audiences", ())),
        excluded_pools=_pools(world, spec.get("excluded_custom_audiences", ())),
    )


def _ids(group: Data) -> tuple[str, ...]:
    return tuple(str(item["id"]) for key in DETAILED for item in group.get(key, ()))


def _regions(geo: Data) -> tuple[str, ...]:
    return tuple(str(place["key"]) for place in geo.get("regions", ()))


def _cities(geo: Data) -> tuple[people.CityRadius, ...]:
    return tuple(
        people.CityRadius(
            str(city["key"]),
            city.get("radius", 0)
            * (1.0 if city.get("distance_unit") == "kilometer" else _MILE_KM),
        )
        for city in geo.get("cities", ())
    )


def _pools(world: World, items: list[Data]) -> tuple[int, ...]:
    audiences = [world.get(str(item["id"])) for item in items]
    return tuple(node.data["size"] for node in audiences if node is not None)
