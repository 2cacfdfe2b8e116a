"""
The adapter's normal form: one spelling for what we want and what X reads back.

Canonical amounts, instants in UTC, sorted lists, criteria by type and operator, and
nothing but the fields smmlib manages. Empty parts are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from smmlib.adapters.x import _tables as tables
from smmlib.ports import Kind

Fields = dict[str, Any]
Criterion = tuple[str, str, str]
"""
Type, operator, value: what a criterion is known by.
"""

MONEY = {
    "daily_budget": "daily_budget_amount_local_micro",
    "total_budget": "total_budget_amount_local_micro",
    "bid": "bid_amount_local_micro",
}
_LINE_ITEM = (
    "campaign_id",
    "objective",
    "goal",
    "product_type",
    "bid_strategy",
    "pay_by",
    "primary_web_event_tag",
)
_ID = re.compile(r"[0-9a-z]{1,13}")
_AD_ID = re.compile(r"([0-9a-z]{1,13})-([0-9]{1,19})")
_SHORT = re.compile(r"\s*https://t\.co/\w+\Z")


def kept(values: Mapping[str, Any]) -> Fields:
    """
    Only what is set: nothing empty.
    """
    return {k: v for k, v in values.items() if v not in (None, "", (), [], {})}


def money(micros: Any, currency: str) -> Fields:
    """
    An amount in one spelling: `50` for 50,000,000 micros; none for zero.
    """
    if not isinstance(micros, int) or isinstance(micros, bool) or not micros:
        return {}
    amount = Decimal(micros) / tables.MICRO
    return {"amount": f"{amount.normalize():f}", "currency": currency}


def micros(amount: Mapping[str, Any]) -> int:
    """
    An amount as X takes it.
    """
    return int(Decimal(str(amount["amount"])) * tables.MICRO)


def instant(value: Any) -> str | None:
    """
    A time of X's as UTC text.
    """
    if not isinstance(value, str) or not value:
        return None
    moment = datetime.fromisoformat(value)
    aware = moment if moment.utcoffset() is not None else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def is_id(text: str) -> bool:
    """
    Whether a text can be an id of a campaign or line item.
    """
    return _ID.fullmatch(text) is not None


def campaign_fields(raw: Mapping[str, Any]) -> Fields:
    """
    The managed fields of a campaign.
    """
    currency = str(raw.get("currency") or "")
    return kept(
        {
            "funding_instrument_id": raw.get("funding_instrument_id"),
            "daily_budget": money(raw.get(MONEY["daily_budget"]), currency),
            "total_budget": money(raw.get(MONEY["total_budget"]), currency),
        }
    )


def line_item_fields(
    raw: Mapping[str, Any], criteria: Iterable[Mapping[str, Any]] = ()
) -> Fields:
    """
    The managed fields of an ad set: a line item with its targeting criteria.
    """
    currency = str(raw.get("currency") or "")
    placements = raw.get("placements")
    fields = kept(
        {
            **{name: raw.get(name) for name in _LINE_ITEM},
            **{
                name: money(raw.get(wire), currency)
                for name, wire in MONEY.items()
                # Automatic bids have none, whatever stands there.
                if name != "bid" or raw.get("bid_strategy") != "AUTO"
            },
            "placements": sorted(placements) if isinstance(placements, list) else None,
            "start_time": instant(raw.get("start_time")),
            "end_time": instant(raw.get("end_time")),
            "targeting": grouped(map(criterion_of, criteria)),
        }
    )
    fields["standard_delivery"] = raw.get("standard_delivery") is not False
    return fields


def criterion_of(raw: Mapping[str, Any]) -> Criterion:
    """
    What a criterion is known by; some answers leave the operator out.
    """
    return (
        str(raw["targeting_type"]),
        str(raw.get("operator_type") or "EQ"),
        str(raw["targeting_value"]),
    )


def grouped(criteria: Iterable[Criterion]) -> Fields:
    """
    Criteria by type and operator, each with its values in one order.
    """
    found: dict[str, set[str]] = {}
    for kind, operator, value in criteria:
        found.setdefault(f"{kind} {operator}", set()).add(value)
    return {key: sorted(found[key]) for key in sorted(found)}


def single(targeting: Mapping[str, Any]) -> list[Criterion]:
    """
    Grouped criteria one by one.
    """
    found = []
    for key, values in targeting.items():
        kind, _, operator = key.partition(" ")
        found += [(kind, operator, str(value)) for value in values]
    return found


# -- ads -------------------------------------------------------------------------------


def ad_id(line_item: str, tweet: str) -> str:
    """
    The id of an ad: a post in a line item. X numbers promotions anew each time.
    """
    return f"{line_item}-{tweet}"


def ad_parts(text: str) -> tuple[str, str] | None:
    """
    Line item and post of an ad's id.
    """
    found = _AD_ID.fullmatch(text)
    return (found.group(1), found.group(2)) if found else None


def ad_fields(
    raw: Mapping[str, Any], line_item: str, card: Mapping[str, Any] | None
) -> Fields:
    """
    The managed fields of an ad whose post smmlib made.

    Args:
        raw: The post.
        line_item: The line item it is for.
        card: The card it carries.
    """
    return kept(
        {
            "line_item_id": line_item,
            "tweet_id": str(raw.get("id_str") or raw.get("tweet_id") or ""),
            "text": text_of(raw),
            "media": media_of(raw),
            "card": card_fields(card) if card else None,
        }
    )


def boosted_fields(line_item: str, tweet: str) -> Fields:
    """
    The managed fields of an ad that shows a post which was there already.
    """
    return {"line_item_id": line_item, "tweet_id": tweet}


def text_of(raw: Mapping[str, Any]) -> str:
    """
    The text of a post as it was written: X shortens links and codes some signs.
    """
    text = _plain(str(raw.get("full_text") or raw.get("text") or ""))
    entities = _map(raw.get("entities"))
    for link in _list(entities.get("urls")):
        short, long = _map(link).get("url"), _map(link).get("expanded_url")
        if short and long:
            shown = "" if str(long).startswith("card://") else str(long)
            text = text.replace(str(short), shown)
    for medium in _media(raw):
        text = text.replace(str(medium.get("url") or "\0"), "")
    return _SHORT.sub("", text).strip()


def _plain(text: str) -> str:
    """
    A text with the three signs X codes as they were written; `&copy` stays what it is.
    """
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def media_of(raw: Mapping[str, Any]) -> list[str]:
    """
    Keys of the pictures or the film a post shows.
    """
    told = raw.get("media_keys")
    if isinstance(told, list):
        return [str(key) for key in told]
    prefixes = {"photo": "3", "video": "13", "animated_gif": "16"}
    return [
        f"{prefixes.get(str(medium.get('type')), '3')}_{medium.get('id_str')}"
        for medium in _media(raw)
        if medium.get("id_str")
    ]


def card_fields(raw: Mapping[str, Any]) -> Fields:
    """
    What a card shows, in the words of `smmlib.adapters.x._creatives`.
    """
    slides = [_slide(_list(slide)) for slide in _list(raw.get("slides"))]
    if slides:
        return {"slides": slides}
    parts = [_map(part) for part in _list(raw.get("components"))]
    swiped = next((p for p in parts if p.get("type") == "SWIPEABLE_MEDIA"), None)
    media = [str(key) for key in _list(_map(swiped).get("media_keys"))]
    return kept({**_slide(parts), "media": media or _slide(parts).get("media")})


def _slide(parts: Iterable[Any]) -> Fields:
    found: Fields = {}
    for part in map(_map, parts):
        if part.get("type") == "MEDIA":
            found["media"] = [str(part.get("media_key"))]
        elif part.get("type") == "DETAILS":
            title = part.get("title")
            found["title"] = _map(title).get("value") or title
            found["link"] = _map(part.get("destination")).get("url")
    return kept(found)


def _media(raw: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    for place in ("extended_entities", "entities"):
        found = _list(_map(raw.get(place)).get("media"))
        if found:
            return [_map(medium) for medium in found]
    return []


def _map(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else []


NORMAL = {Kind.CAMPAIGN: campaign_fields, Kind.AD_SET: line_item_fields}
