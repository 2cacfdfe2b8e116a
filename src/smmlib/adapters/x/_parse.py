"""
From X's answers to our values. Pure, and strict about what it needs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import attrs

from smmlib.adapters.x._build import GONE, split_name
from smmlib.adapters.x._normal import (
    ad_fields,
    ad_id,
    boosted_fields,
    campaign_fields,
    line_item_fields,
)
from smmlib.errors import UnexpectedResponseError
from smmlib.model import Delivery, Status
from smmlib.ports import Account, Kind, Remote

Raw = Mapping[str, Any]

_STATUSES = {"ACTIVE": Status.ACTIVE, "PAUSED": Status.PAUSED, "DRAFT": Status.PAUSED}
_POSTED = "%a %b %d %H:%M:%S %z %Y"
# What holds a campaign back, most telling first.
_HOLDS = (
    ("DELETED", Delivery.DELETED),
    ("PAUSED_BY_ADVERTISER", Delivery.PAUSED),
    ("EXPIRED", Delivery.ENDED),
    ("BUDGET_EXHAUSTED", Delivery.ENDED),
    ("ACCOUNT_REJECTED", Delivery.REJECTED),
    ("CONTENT_REVIEW_PROBLEM", Delivery.REJECTED),
    ("ACCOUNT_UNDER_REVIEW", Delivery.IN_REVIEW),
    ("STARTS_IN_FUTURE", Delivery.SCHEDULED),
)
_REVIEWS = {
    "REJECTED": Delivery.REJECTED,
    "UNDER_REVIEW": Delivery.IN_REVIEW,
    "PENDING": Delivery.IN_REVIEW,
}


@attrs.frozen
class Promotion:
    """
    All we know of one ad: its post, its line item, and what promotes it there.

    Attributes:
        line_item: Id of the line item.
        tweet: The post.
        promoted: The promotion that lives; None while the ad is off.
        above: The line item; None where it is not read.
        card: The card the post carries.
    """

    line_item: str
    tweet: Raw
    promoted: Raw | None = None
    above: Raw | None = None
    card: Raw | None = None


def account_of(raw: Raw, currency: str) -> Account:
    """
    The ad account; its currency is that of what pays for it.
    """
    own, zone = raw.get("id"), raw.get("timezone")
    if not isinstance(own, str) or not isinstance(zone, str) or not currency:
        raise _bad("an ad account without id, time zone or currency")
    return Account(own, currency, zone, str(raw.get("name") or ""))


def campaign_of(raw: Raw) -> Remote:
    """
    A campaign as it stands on X.
    """
    reasons = [str(one) for one in raw.get("reasons_not_servable") or ()]
    found = next((d for name, d in _HOLDS if name in reasons), None)
    if found is None:
        found = Delivery.LIMITED if reasons else Delivery.DELIVERING
    return _remote(
        Kind.CAMPAIGN,
        raw,
        campaign_fields,
        delivery=found,
        reason=", ".join(reasons),
    )


def line_item_of(raw: Raw, criteria: Iterable[Raw], now: datetime) -> Remote:
    """
    An ad set as it stands on X: a line item with its criteria.
    """
    rows = list(criteria)
    status = str(raw.get("entity_status"))
    begin, end = _instant(raw.get("start_time")), _instant(raw.get("end_time"))
    if status != "ACTIVE":
        found = Delivery.PAUSED
    elif end is not None and end <= now:
        found = Delivery.ENDED
    else:
        early = begin is not None and begin > now
        found = Delivery.SCHEDULED if early else Delivery.UNKNOWN
    reason = "" if rows else "no targeting criteria: it would be shown worldwide"
    return _remote(
        Kind.AD_SET,
        raw,
        lambda row: line_item_fields(row, rows),
        delivery=found,
        reason=reason,
    )


def ad_of(ad: Promotion) -> Remote:
    """
    An ad as it stands on X: a post in a line item, promoted or not yet.
    """
    try:
        return _ad(ad)
    except (TypeError, ValueError, AttributeError, KeyError) as error:
        raise _bad(f"an ad that cannot be read: {error}") from error


def _ad(ad: Promotion) -> Remote:
    tweet = tweet_id(ad.tweet)
    named = split_name(ad.tweet.get("name"))
    own = named.line_item == ad.line_item
    marker = named.marker if own else ""
    gone = marker == GONE
    status = Status.ACTIVE if ad.promoted else Status.PAUSED
    review = str((ad.promoted or {}).get("approval_status") or "")
    return Remote(
        Kind.AD,
        ad_id(ad.line_item, tweet),
        fields=ad_fields(ad.tweet, ad.line_item, ad.card)
        if marker
        else boosted_fields(ad.line_item, tweet),
        marker="" if gone else marker,
        name=named.name if own else "",
        status=Status.ARCHIVED if gone else status,
        delivery=Delivery.ARCHIVED if gone else _ad_delivery(ad, review),
        created_at=posted(ad.tweet.get("created_at")),
        reason=review if review in _REVIEWS else "",
    )


def _ad_delivery(ad: Promotion, review: str) -> Delivery:
    if ad.promoted is None:
        return Delivery.PAUSED
    found = _REVIEWS.get(review)
    if found is not None:
        return found
    paused = ad.above is not None and ad.above.get("entity_status") != "ACTIVE"
    return Delivery.PARENT_PAUSED if paused else Delivery.UNKNOWN


def tweet_id(raw: Raw) -> str:
    """
    The id of a post: as text, for its number is too large for many readers.
    """
    found = raw.get("id_str") or raw.get("tweet_id") or raw.get("id")
    if not found:
        raise _bad("a post without id")
    return str(found)


def _remote(kind: Kind, raw: Raw, normal: Any, **more: Any) -> Remote:
    try:
        named = split_name(raw.get("name"))
        return Remote(
            kind,
            str(raw["id"]),
            fields=normal(raw),
            marker=named.marker,
            name=named.name,
            status=Status.ARCHIVED
            if raw.get("deleted")
            else _STATUSES.get(str(raw.get("entity_status")), Status.PAUSED),
            created_at=_instant(raw.get("created_at")),
            **more,
        )
    except (TypeError, ValueError, AttributeError, KeyError, ArithmeticError) as error:
        # The one place where foreign data meets our types.
        raise _bad(f"a {kind.value} that cannot be read: {error}") from error


def _instant(value: Any) -> datetime | None:
    if not isinstance(value, str) or not value:
        return None
    moment = datetime.fromisoformat(value)
    return moment if moment.utcoffset() is not None else moment.replace(tzinfo=UTC)


def posted(value: Any) -> datetime | None:
    """
    When a post was made, in the older API's way of writing times.
    """
    if not isinstance(value, str) or not value:
        return None
    # The zone stands in the text: +0000.
    return datetime.strptime(value, _POSTED)  # noqa: DTZ007


def _bad(what: str) -> UnexpectedResponseError:
    return UnexpectedResponseError(f"X answered with {what}", platform="x")
