"""
From Meta's answers to our values. Pure, and strict about what it needs.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from smmlib.adapters.meta._build import LABEL, split_name
from smmlib.adapters.meta._findings import with_money
from smmlib.adapters.meta._media import content_of, film_of, marker_of
from smmlib.adapters.meta._normal import NORMAL, instant
from smmlib.errors import UnexpectedResponseError
from smmlib.model import Delivery, Status
from smmlib.ports import Account, Kind, Remote

_STATUSES = {
    "ACTIVE": Status.ACTIVE,
    "PAUSED": Status.PAUSED,
    "ARCHIVED": Status.ARCHIVED,
}
_DELIVERIES = {
    "ACTIVE": Delivery.DELIVERING,
    "PAUSED": Delivery.PAUSED,
    "CAMPAIGN_PAUSED": Delivery.PARENT_PAUSED,
    "ADSET_PAUSED": Delivery.PARENT_PAUSED,
    "PENDING_REVIEW": Delivery.IN_REVIEW,
    "IN_PROCESS": Delivery.IN_REVIEW,
    "PREAPPROVED": Delivery.IN_REVIEW,
    "DISAPPROVED": Delivery.REJECTED,
    "WITH_ISSUES": Delivery.LIMITED,
    "PENDING_BILLING_INFO": Delivery.LIMITED,
    "ARCHIVED": Delivery.ARCHIVED,
    "DELETED": Delivery.DELETED,
}
_LONGEST_REASON = 500


def account_of(raw: Mapping[str, Any]) -> Account:
    """
    The ad account.
    """
    digits = str(raw.get("account_id") or raw.get("id") or "").removeprefix("act_")
    currency, zone = raw.get("currency"), raw.get("timezone_name")
    if not (digits.isdigit() and isinstance(currency, str) and isinstance(zone, str)):
        raise _bad("an ad account without id, currency or time zone")
    return Account(f"act_{digits}", currency, zone, str(raw.get("name") or ""))


def id_of(raw: Mapping[str, Any]) -> str | None:
    """
    The id in the answer to a create.
    """
    found = raw.get("id")
    return str(found) if isinstance(found, (str, int)) and str(found) else None


def image_hash_of(raw: Mapping[str, Any]) -> str | None:
    """
    The hash in the answer to an upload.
    """
    images = raw.get("images")
    for image in images.values() if isinstance(images, Mapping) else ():
        if isinstance(image, Mapping) and isinstance(image.get("hash"), str):
            return str(image["hash"]) or None
    return None


def remote_of(
    kind: Kind, raw: Mapping[str, Any], now: datetime, currency: str = ""
) -> Remote | None:
    """
    One object as it stands on Meta; None when it is deleted.

    Args:
        kind: What it is.
        raw: As Meta tells it.
        now: The present.
        currency: What its account is billed in.

    Raises:
        UnexpectedResponseError: It has no id, or a field of an impossible type.
    """
    if raw.get("status") == "DELETED" or raw.get("effective_status") == "DELETED":
        return None
    try:
        if kind is Kind.MEDIA:
            return _image(raw) if "hash" in raw else _video(raw)
        return _object(kind, raw, now, currency)
    except (TypeError, ValueError, AttributeError, KeyError, ArithmeticError) as error:
        # The one place where foreign data meets our types.
        raise _bad(f"a {kind.value} that cannot be read: {error}") from error


def _image(raw: Mapping[str, Any]) -> Remote:
    image_hash, name = raw.get("hash"), str(raw.get("name") or "")
    if not isinstance(image_hash, str) or not image_hash:
        raise _bad("an image without hash")
    return Remote(
        Kind.MEDIA,
        image_hash,
        fields={"content": content_of(name, image_hash)},
        marker=marker_of(name),
        name=name,
        created_at=moment(raw.get("created_time")),
    )


def _video(raw: Mapping[str, Any]) -> Remote:
    own, title = id_of(raw), str(raw.get("title") or "")
    if own is None:
        raise _bad("a film without id")
    fields = {"video": film_of(title) or own}
    if raw.get("description"):
        fields["url"] = str(raw["description"])
    return Remote(
        Kind.MEDIA,
        own,
        fields=fields,
        marker=marker_of(title),
        name=title,
        created_at=moment(raw.get("created_time")),
    )


def _object(kind: Kind, raw: Mapping[str, Any], now: datetime, currency: str) -> Remote:
    own = id_of(raw)
    if own is None:
        raise _bad(f"a {kind.value} without id")
    name, marker = str(raw.get("name") or ""), _marker(raw)
    if kind is Kind.AUDIENCE:
        name, marker = split_name(name)
    delivering = kind in {Kind.CAMPAIGN, Kind.AD_SET, Kind.AD}
    return Remote(
        kind,
        own,
        fields=with_money(NORMAL[kind](raw), currency),
        marker=marker,
        name=name,
        # What cannot deliver by itself is never "on".
        status=_STATUSES.get(str(raw.get("status")), Status.PAUSED)
        if delivering
        else Status.PAUSED,
        delivery=_delivery(raw, now) if delivering else Delivery.UNKNOWN,
        created_at=moment(raw.get("created_time") or raw.get("time_created")),
        reason=_reason(raw),
    )


def _marker(raw: Mapping[str, Any]) -> str:
    labels = raw.get("adlabels")
    for label in labels if isinstance(labels, list) else ():
        name = str(label.get("name", "")) if isinstance(label, Mapping) else ""
        if name.startswith(LABEL):
            return name.removeprefix(LABEL)
    return ""


def _delivery(raw: Mapping[str, Any], now: datetime) -> Delivery:
    found = _DELIVERIES.get(str(raw.get("effective_status")), Delivery.UNKNOWN)
    if found is not Delivery.DELIVERING:
        return found
    start, end = moment(raw.get("start_time")), moment(raw.get("end_time"))
    if start and now < start:
        return Delivery.SCHEDULED
    return Delivery.ENDED if end and end <= now else found


def _reason(raw: Mapping[str, Any]) -> str:
    """
    Why it does not deliver: Meta's issues, or what its reviewers wrote.
    """
    texts: list[str] = []
    issues = raw.get("issues_info")
    for issue in issues if isinstance(issues, list) else ():
        if isinstance(issue, Mapping):
            said = issue.get("error_summary") or issue.get("error_message")
            texts.append(str(said or issue.get("error_code") or ""))
    feedback = raw.get("ad_review_feedback")
    spread = feedback.get("global") if isinstance(feedback, Mapping) else None
    if isinstance(spread, Mapping):
        texts += [f"{policy}: {text}" for policy, text in spread.items()]
    return "; ".join(t for t in texts if t)[:_LONGEST_REASON]


def moment(value: Any) -> datetime | None:
    """
    A moment of Meta's as an instant; None for none, or for one that cannot be read.
    """
    text = instant(value)
    try:
        return datetime.fromisoformat(text).astimezone(UTC) if text else None
    except ValueError:
        return None


def _bad(what: str) -> UnexpectedResponseError:
    return UnexpectedResponseError(f"Meta answered with {what}", platform="meta")
