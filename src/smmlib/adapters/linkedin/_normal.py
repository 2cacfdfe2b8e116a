"""
The adapter's normal form: one spelling for what we want and what LinkedIn reads back.

Canonical amounts, instants in UTC, sorted lists, facets by their short names, ids
without their URN where the field says what they are, and nothing but the fields smmlib
manages. Empty and false parts are left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from smmlib.adapters.linkedin import _tables as tables
from smmlib.adapters.linkedin._little import plain as plain_text
from smmlib.adapters.linkedin._media import marked_upload
from smmlib.ports import Kind, Ref

Fields = dict[str, Any]

MONEY = ("totalBudget", "dailyBudget", "unitCost")
MARKS = "smm "
"""
How the name of a post begins that tells the markers of its uploads.
"""
_START = datetime(1970, 1, 1, tzinfo=UTC)
_CAMPAIGN = (
    "type",
    "objectiveType",
    "format",
    "costType",
    "optimizationTargetType",
    "pacingStrategy",
    "politicalIntent",
)


def kept(values: Mapping[str, Any]) -> Fields:
    """
    Only what is set: nothing empty.
    """
    return {k: v for k, v in values.items() if v not in (None, "", (), [], {})}


def instant(value: Any) -> str | None:
    """
    Milliseconds of LinkedIn's as UTC text.
    """
    if not isinstance(value, int) or isinstance(value, bool):
        return value if isinstance(value, str) and value else None
    try:
        moment = _START + timedelta(milliseconds=value)
    except OverflowError:
        return str(value)
    digits = "milliseconds" if value % 1000 else "seconds"
    return moment.isoformat(timespec=digits).replace("+00:00", "Z")


def milliseconds(text: str) -> int:
    """
    UTC text as LinkedIn's milliseconds.
    """
    return (datetime.fromisoformat(text) - _START) // timedelta(milliseconds=1)


def money(value: Any) -> Fields:
    """
    An amount in one spelling: `50` for `50.00`; none for zero.
    """
    given = _map(value)
    try:
        amount = Decimal(str(given.get("amount", "0")))
    except InvalidOperation:
        return {}
    if not amount.is_finite() or not amount:
        return {}
    return {
        "amount": f"{amount.normalize():f}",
        "currencyCode": given.get("currencyCode"),
    }


def number_of(value: Any) -> Any:
    """
    The number at the end of a URN; references stay what they are.
    """
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str) and value.startswith(("urn:li:sponsored", "urn:li:ad")):
        return value.rpartition(":")[2]
    return value


def group_fields(raw: Mapping[str, Any]) -> Fields:
    """
    The managed fields of a campaign: a campaign group of LinkedIn's.
    """
    optimisation = _map(raw.get("budgetOptimization"))
    return kept(
        {
            "runSchedule": _schedule(raw.get("runSchedule")),
            "totalBudget": money(raw.get("totalBudget")),
            "dailyBudget": money(raw.get("dailyBudget")),
            "budgetOptimization": kept(
                {
                    name: optimisation.get(name)
                    for name in ("budgetOptimizationStrategy", "bidStrategy")
                }
            ),
        }
    )


def campaign_fields(raw: Mapping[str, Any]) -> Fields:
    """
    The managed fields of an ad set: a campaign of LinkedIn's.
    """
    locale = _map(raw.get("locale"))
    done = kept(
        {
            "campaignGroup": number_of(raw.get("campaignGroup")),
            **{name: raw.get(name) for name in _CAMPAIGN},
            **{name: money(raw.get(name)) for name in MONEY},
            "locale": kept(
                {name: locale.get(name) for name in ("country", "language")}
            ),
            "targetingCriteria": targeting_fields(_map(raw.get("targetingCriteria"))),
            "runSchedule": _schedule(raw.get("runSchedule")),
            "associatedEntity": raw.get("associatedEntity"),
        }
    )
    # Both widen where ads are shown; off is a statement of its own.
    for name in ("audienceExpansionEnabled", "offsiteDeliveryEnabled"):
        done[name] = raw.get(name) is True
    return done


def targeting_fields(raw: Mapping[str, Any]) -> Fields:
    """
    Targeting criteria with short facet names, in one order.
    """
    groups = [
        _facets(_map(_map(item).get("or")))
        for item in _list(_map(raw.get("include")).get("and"))
    ]
    groups = sorted((g for g in groups if g), key=_sorting)
    out = _facets(_map(_map(raw.get("exclude")).get("or")))
    return kept({"include": groups, "exclude": out})


def _sorting(group: Fields) -> str:
    return json.dumps(group, default=str)


def creative_fields(raw: Mapping[str, Any], post: Mapping[str, Any] | None) -> Fields:
    """
    The managed fields of an ad: a creative of LinkedIn's with the post behind it.

    Args:
        raw: The creative.
        post: The post it refers to; None where it cannot be read.
    """
    lead = _map(raw.get("leadgenCallToAction"))
    fields: Fields = {
        "campaign": number_of(raw.get("campaign")),
        "lead_form": number_of(lead.get("destination")),
        "lead_button": lead.get("label"),
    }
    context = _map(_map(post).get("adContext"))
    if post is not None and context.get("dscAdAccount"):
        fields |= post_fields(post)
    else:
        fields["reference"] = _map(raw.get("content")).get("reference")
    return kept(fields)


def post_fields(post: Mapping[str, Any]) -> Fields:
    """
    What people see of a post, in the words of `content_fields`.
    """
    content = _map(post.get("content"))
    media, article = _map(content.get("media")), _map(content.get("article"))
    cards = _list(_map(content.get("carousel")).get("cards"))
    marks: dict[Any, str] = dict(marked_in(post))
    fields: Fields = {
        "text": plain_text(str(post.get("commentary") or "")),
        "link": post.get("contentLandingPage"),
        "button": post.get("contentCallToActionLabel"),
    }
    if cards:
        fields |= {
            "format": "carousel",
            "cards": [_card(card, marks) for card in cards],
        }
    elif media:
        film = str(media.get("id", "")).startswith("urn:li:video:")
        fields |= {
            "format": "video" if film else "image",
            "media": marks.get(media.get("id"), media.get("id")),
            "headline": media.get("title"),
            "alt": media.get("altText"),
        }
    else:
        fields |= {
            "format": "article",
            "link": article.get("source"),
            "headline": article.get("title"),
            "description": article.get("description"),
        }
    return content_fields(fields)


def marked_in(post: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """
    The uploads of ours that a post shows: LinkedIn's name of each, and ours.
    """
    name = str(_map(post.get("adContext")).get("dscName") or "")
    marks = name.removeprefix(MARKS).split(",") if name.startswith(MARKS) else []
    content = _map(post.get("content"))
    cards = _list(_map(content.get("carousel")).get("cards"))
    media = [_map(_map(c).get("media")) for c in cards] or [_map(content.get("media"))]
    urns = [str(one["id"]) for one in media if one.get("id")]
    if len(urns) == len(marks):
        for urn, mark in zip(urns, marks, strict=True):
            yield urn, marked_upload(urn, mark)


def content_fields(raw: Mapping[str, Any]) -> Fields:
    """
    What an ad shows, nothing but that.
    """
    names = (
        "format",
        "text",
        "link",
        "button",
        "media",
        "headline",
        "description",
        "alt",
        "cards",
        "reference",
        "lead_form",
        "lead_button",
    )
    return kept({name: raw.get(name) for name in names})


def _card(raw: Any, marks: Mapping[Any, str]) -> Fields:
    card = _map(raw)
    media = _map(card.get("media"))
    return kept(
        {
            "media": marks.get(media.get("id"), media.get("id")),
            "headline": media.get("title"),
            "alt": media.get("altText"),
            "link": card.get("landingPage"),
        }
    )


def _schedule(value: Any) -> Fields:
    schedule = _map(value)
    return kept({name: instant(schedule.get(name)) for name in ("start", "end")})


def _facets(raw: Mapping[str, Any]) -> Fields:
    found = {
        str(facet).removeprefix(tables.FACET_URN): _values(_list(urns))
        for facet, urns in raw.items()
    }
    return {facet: found[facet] for facet in sorted(found) if found[facet]}


def _values(urns: list[Any]) -> list[Any]:
    # What is not made yet stands alone: nobody knows where its id will be sorted in.
    if any(isinstance(urn, Ref) for urn in urns):
        return urns
    return sorted({str(urn) for urn in urns})


def _map(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else []


NORMAL = {Kind.CAMPAIGN: group_fields, Kind.AD_SET: campaign_fields}
