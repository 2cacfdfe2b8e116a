"""
The adapter's normal form: one spelling for what we want and what Meta reads back.

Texts of minor units, instants in UTC, sorted lists, targeting reduced to ids, and
nothing but the fields smmlib manages. Empty and false parts are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from smmlib.adapters._http import parse_json
from smmlib.adapters.meta._lists import digest_of
from smmlib.adapters.meta._tables import AGE_OLDEST, AGE_USUAL
from smmlib.ports import Kind

Fields = dict[str, Any]

DETAILED = ("interests", "behaviors", "work_positions", "industries")
POSITION_LISTS = (
    "facebook_positions",
    "instagram_positions",
    "messenger_positions",
    "audience_network_positions",
    "threads_positions",
)
_CARD = ("link", "name", "description", "image_hash", "picture", "video_id")
_VIDEO = (
    "video_id",
    "message",
    "title",
    "link_description",
    "image_hash",
    "image_url",
)
_LINK = ("link", "message", "name", "description", "image_hash", "picture")


def instant(value: Any) -> str | None:
    """
    A moment of Meta's (ISO with any offset, or Unix seconds) as UTC text.
    """
    if value in (None, "", 0, "0"):
        return None
    text = str(value)
    try:
        if text.isascii() and text.isdigit():
            moment = datetime.fromtimestamp(int(text), UTC)
        else:
            moment = datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError):
        return text
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def kept(values: Mapping[str, Any]) -> Fields:
    """
    Only what is set: nothing empty, nothing false, no zero budgets.
    """
    return {k: v for k, v in values.items() if v not in (None, "", (), [], {})}


def sorted_texts(values: Any) -> list[str]:
    """
    A list of texts in one order.
    """
    return sorted(str(v) for v in values) if isinstance(values, (list, tuple)) else []


def _amount(value: Any) -> str | None:
    text = "" if value is None else str(value)
    return text if text.isdigit() and int(text) > 0 else None


def _number(value: Any) -> int | str | None:
    """
    A whole number where it is one, else its text: 25.0 and 25 are the same radius.
    """
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    if not number.is_finite() or not number:
        return None
    return int(number) if number == int(number) else f"{number.normalize():f}"


def campaign_fields(raw: Mapping[str, Any]) -> Fields:
    """
    The managed fields of a campaign.
    """
    budget = _budget(raw)
    categories = [
        c for c in sorted_texts(raw.get("special_ad_categories")) if c != "NONE"
    ]
    fields: Fields = {
        "objective": raw.get("objective"),
        "special_ad_category_country": sorted_texts(
            raw.get("special_ad_category_country")
        )
        if categories
        else [],
        **budget,
        "bid_strategy": raw.get("bid_strategy") if budget else None,
    }
    done = kept(fields)
    # Declared "none" is a statement, and so is "not shared": both stay though empty.
    done["special_ad_categories"] = categories
    if not budget:
        sharing = raw.get("is_adset_budget_sharing_enabled")
        done["is_adset_budget_sharing_enabled"] = sharing in (True, 1, "1", "true")
    return done


def ad_set_fields(raw: Mapping[str, Any]) -> Fields:
    """
    The managed fields of an ad set.
    """
    budget = _budget(raw)
    promoted = raw.get("promoted_object")
    return kept(
        {
            "campaign_id": _id(raw.get("campaign_id")),
            "optimization_goal": raw.get("optimization_goal"),
            "billing_event": raw.get("billing_event"),
            "destination_type": _destination(raw.get("destination_type")),
            "promoted_object": _promoted(promoted),
            **budget,
            "bid_amount": _amount(raw.get("bid_amount")),
            "bid_strategy": raw.get("bid_strategy") if budget else None,
            "start_time": instant(raw.get("start_time")),
            "end_time": instant(raw.get("end_time")),
            "targeting": targeting_fields(_map(raw.get("targeting"))),
            "dsa_payor": raw.get("dsa_payor"),
            "dsa_beneficiary": raw.get("dsa_beneficiary"),
        }
    )


def targeting_fields(raw: Mapping[str, Any]) -> Fields:
    """
    A targeting spec reduced to what decides who sees an ad.
    """
    genders = sorted(
        {int(g) for g in _list(raw.get("genders")) if str(g) in {"1", "2"}}
    )
    groups = [_group(_map(g)) for g in _list(raw.get("flexible_spec"))]
    groups.append(_group(raw))
    automation = _map(raw.get("targeting_automation"))
    done = {
        "age_min": raw.get("age_min") or AGE_USUAL,
        "age_max": raw.get("age_max") or AGE_OLDEST,
        "genders": genders if len(genders) == 1 else [],
        "geo_locations": _geo(_map(raw.get("geo_locations"))),
        "excluded_geo_locations": _geo(_map(raw.get("excluded_geo_locations"))),
        "flexible_spec": [g for g in groups if g],
        "exclusions": _group(_map(raw.get("exclusions"))),
        # In the order they were given: references have none of their own yet.
        "custom_audiences": _audiences(raw.get("custom_audiences")),
        "excluded_custom_audiences": _audiences(raw.get("excluded_custom_audiences")),
        "locales": sorted(_list(raw.get("locales")), key=str),
    }
    for name in ("publisher_platforms", "device_platforms", *POSITION_LISTS):
        done[name] = sorted_texts(raw.get(name))
    spec = kept(done)
    if automation.get("advantage_audience") is not None:
        chosen = int(automation["advantage_audience"])
        spec["targeting_automation"] = {"advantage_audience": chosen}
    return spec


def creative_fields(raw: Mapping[str, Any]) -> Fields:
    """
    The managed fields of a creative.
    """
    story = _map(raw.get("object_story_spec"))
    existing = raw.get("object_story_id")
    return kept(
        {
            "object_story_spec": _story(story) if not existing else None,
            "object_story_id": existing,
            "source_instagram_media_id": raw.get("source_instagram_media_id"),
            "call_to_action": _button(raw.get("call_to_action"))
            if existing or raw.get("source_instagram_media_id")
            else None,
            "url_tags": raw.get("url_tags"),
        }
    )


def ad_fields(raw: Mapping[str, Any]) -> Fields:
    """
    The managed fields of an ad.
    """
    creative = _map(raw.get("creative"))
    return kept(
        {
            "adset_id": _id(raw.get("adset_id")),
            "creative_id": _id(creative.get("creative_id") or creative.get("id")),
        }
    )


def audience_fields(raw: Mapping[str, Any]) -> Fields:
    """
    The managed fields of a custom audience.
    """
    lookalike = _json_map(raw.get("lookalike_spec"))
    origin = _list(lookalike.get("origin"))
    spec = kept(
        {
            "country": lookalike.get("country"),
            "ratio": str(lookalike["ratio"]) if lookalike.get("ratio") else None,
        }
    )
    made = _id(raw.get("origin_audience_id")) or (
        _id(_map(origin[0]).get("id")) if origin else None
    )
    rule = _json_map(raw.get("rule"))
    return kept(
        {
            "rule": _plain(rule),
            "customer_file_source": raw.get("customer_file_source"),
            "list": raw.get("list") or digest_of(raw.get("description")),
            "lookalike_spec": spec,
            "origin_audience_id": made if spec else None,
        }
    )


NORMAL = {
    Kind.CAMPAIGN: campaign_fields,
    Kind.AD_SET: ad_set_fields,
    Kind.CREATIVE: creative_fields,
    Kind.AD: ad_fields,
    Kind.AUDIENCE: audience_fields,
}


def _id(value: Any) -> Any:
    """
    Ids are texts, whatever JSON they came as; references stay what they are.
    """
    return str(value) if isinstance(value, int) else value


def _map(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else []


def _json_map(value: Any) -> Mapping[str, Any]:
    """
    Some structures come as JSON text, some as they are.
    """
    if isinstance(value, str) and value:
        try:
            value = parse_json(value.encode())
        except ValueError:
            return {}
    return _map(value)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    return str(value) if isinstance(value, Decimal) else value


def _budget(raw: Mapping[str, Any]) -> Fields:
    both = {
        name: _amount(raw.get(name)) for name in ("daily_budget", "lifetime_budget")
    }
    return kept(both)


def _destination(value: Any) -> Any:
    # "UNDEFINED" is how some answers say that none was named.
    return None if value == "UNDEFINED" else value


def _promoted(value: Any) -> Fields:
    names = ("pixel_id", "custom_event_type", "page_id")
    return kept({name: _id(_map(value).get(name)) for name in names})


def _geo(raw: Mapping[str, Any]) -> Fields:
    cities = []
    for city in _list(raw.get("cities")):
        radius = _number(_map(city).get("radius"))
        unit = _map(city).get("distance_unit", "mile") if radius else None
        cities.append(
            kept(
                {
                    "key": str(_map(city).get("key")),
                    "radius": radius,
                    "distance_unit": unit,
                }
            )
        )
    return kept(
        {
            "countries": sorted_texts(raw.get("countries")),
            "country_groups": sorted_texts(raw.get("country_groups")),
            "regions": [{"key": key} for key in _keys(raw.get("regions"))],
            "cities": sorted(cities, key=lambda c: str(c["key"])),
        }
    )


def _keys(items: Any) -> list[str]:
    return sorted(str(_map(item).get("key")) for item in _list(items))


def _group(raw: Mapping[str, Any]) -> Fields:
    """
    One "any of these" of detailed targeting, by id.
    """
    return kept({name: _ids(raw.get(name)) for name in DETAILED})


def _ids(items: Any) -> list[Fields]:
    found = {str(_map(item).get("id", item)) for item in _list(items)}
    return [{"id": one} for one in sorted(found)]


def _audiences(items: Any) -> list[Fields]:
    return [{"id": _id(_map(item).get("id"))} for item in _list(items)]


def _button(raw: Any) -> Fields:
    action = _map(raw)
    value = kept({"link": _map(action.get("value")).get("link")})
    return kept({"type": action.get("type"), "value": value})


def _part(raw: Mapping[str, Any], names: Iterable[str]) -> Fields:
    part = {name: raw.get(name) for name in names}
    return {**part, "call_to_action": _button(raw.get("call_to_action"))}


def _story(raw: Mapping[str, Any]) -> Fields:
    link = _map(raw.get("link_data"))
    cards = [_card(_map(card)) for card in _list(link.get("child_attachments"))]
    data = kept({**_part(link, _LINK), "child_attachments": cards})
    if link.get("multi_share_optimized"):
        data["multi_share_optimized"] = True
    return kept(
        {
            "page_id": _id(raw.get("page_id")),
            "instagram_user_id": _id(raw.get("instagram_user_id")),
            "link_data": data,
            "video_data": _film(_map(raw.get("video_data"))),
        }
    )


def _card(raw: Mapping[str, Any]) -> Fields:
    card = kept(_part(raw, _CARD))
    if "video_id" in card:
        card["video_id"] = _id(card["video_id"])
    return card


def _film(raw: Mapping[str, Any]) -> Fields:
    film = kept(_part(raw, _VIDEO))
    film["video_id"] = _id(film.get("video_id"))
    if "image_hash" in film:
        # Meta tells the address of an uploaded still as well.
        film.pop("image_url", None)
    return kept(film)
