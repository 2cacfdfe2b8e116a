"""
From LinkedIn's answers to our values. Pure, and strict about what it needs.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from smmlib.adapters.linkedin._build import split_name, status_field
from smmlib.adapters.linkedin._normal import (
    NORMAL,
    creative_fields,
    instant,
    number_of,
)
from smmlib.errors import UnexpectedResponseError
from smmlib.model import Delivery, Status
from smmlib.ports import Account, Kind, Remote

_STATUSES = {
    "ACTIVE": Status.ACTIVE,
    "PAUSED": Status.PAUSED,
    "DRAFT": Status.PAUSED,
    "COMPLETED": Status.PAUSED,
    "ARCHIVED": Status.ARCHIVED,
    "CANCELED": Status.ARCHIVED,
    "CANCELLED": Status.ARCHIVED,
}
# Statuses that say all; the others depend on what holds an object back.
_SETTLED = {
    "DRAFT": Delivery.PAUSED,
    "PAUSED": Delivery.PAUSED,
    "COMPLETED": Delivery.ENDED,
    "ARCHIVED": Delivery.ARCHIVED,
    "CANCELED": Delivery.ARCHIVED,
    "CANCELLED": Delivery.ARCHIVED,
}
GONE = frozenset({"PENDING_DELETION", "REMOVED"})
_START = datetime(1970, 1, 1, tzinfo=UTC)
# What holds an object back, most telling first.
_HOLDS = (
    ("REJECTED", Delivery.REJECTED),
    ("STOPPED", Delivery.PAUSED),
    ("CAMPAIGN_STOPPED", Delivery.PARENT_PAUSED),
    ("CAMPAIGN_GROUP_STATUS_HOLD", Delivery.PARENT_PAUSED),
    ("UNDER_REVIEW", Delivery.IN_REVIEW),
    ("PROCESSING", Delivery.IN_REVIEW),
)
_ENDED = ("_END_DATE_HOLD", "_TOTAL_BUDGET_HOLD")


def account_of(raw: Mapping[str, Any]) -> Account:
    """
    The ad account; its days are those of UTC.
    """
    number, currency = raw.get("id"), raw.get("currency")
    if not str(number or "").isdigit() or not isinstance(currency, str):
        raise _bad("an ad account without id or currency")
    return Account(str(number), currency, "UTC", str(raw.get("name") or ""))


def is_gone(kind: Kind, raw: Mapping[str, Any]) -> bool:
    """
    Whether an entity is deleted, although it can still be read.
    """
    return raw.get(status_field(kind)) in GONE


def remote_of(
    kind: Kind, raw: Mapping[str, Any], post: Mapping[str, Any] | None = None
) -> Remote | None:
    """
    One object as it stands on LinkedIn; None when it is deleted.

    Args:
        kind: What it is.
        raw: The entity.
        post: For a creative, the post behind it.

    Raises:
        UnexpectedResponseError: It has no id, or a field of an impossible type.
    """
    if is_gone(kind, raw):
        return None
    try:
        return _object(kind, raw, post)
    except (TypeError, ValueError, AttributeError, KeyError, ArithmeticError) as error:
        # The one place where foreign data meets our types.
        raise _bad(f"a {kind.value} that cannot be read: {error}") from error


def _object(
    kind: Kind, raw: Mapping[str, Any], post: Mapping[str, Any] | None
) -> Remote:
    own = number_of(raw.get("id"))
    if not isinstance(own, str) or not own:
        raise _bad(f"a {kind.value} without id")
    name, marker = split_name(str(raw.get("name") or ""))
    fields = creative_fields(raw, post) if kind is Kind.AD else NORMAL[kind](raw)
    status = str(raw.get(status_field(kind)))
    return Remote(
        kind,
        own,
        fields=fields,
        marker=marker,
        name=name,
        status=_STATUSES.get(status, Status.PAUSED),
        delivery=_delivery(status, raw),
        created_at=_born(raw),
        reason=_reason(raw),
    )


def _holds(raw: Mapping[str, Any]) -> list[str]:
    found = raw.get("servingHoldReasons") or raw.get("servingStatuses") or []
    given = [str(one) for one in found] if isinstance(found, list) else []
    return [one for one in given if one != "RUNNABLE"]


def _delivery(status: str, raw: Mapping[str, Any]) -> Delivery:
    settled = _SETTLED.get(status)
    if settled is not None:
        return settled
    holds = _holds(raw)
    found = next((d for name, d in _HOLDS if name in holds), None)
    if found is not None or not holds:
        return found or _serving(raw)
    if any(hold.endswith(_ENDED) for hold in holds):
        return Delivery.ENDED
    early = any(hold.endswith("_START_DATE_HOLD") for hold in holds)
    return Delivery.SCHEDULED if early else Delivery.LIMITED


def _serving(raw: Mapping[str, Any]) -> Delivery:
    serving = raw.get("isServing") is True or bool(raw.get("servingStatuses"))
    return Delivery.DELIVERING if serving else Delivery.UNKNOWN


def _born(raw: Mapping[str, Any]) -> datetime | None:
    created = _map(_map(raw.get("changeAuditStamps")).get("created")).get("time")
    value = raw.get("createdAt") or created
    if not isinstance(value, int) or instant(value) is None:
        return None
    return _START + timedelta(milliseconds=value)


def _reason(raw: Mapping[str, Any]) -> str:
    """
    Why it does not deliver, in LinkedIn's words.
    """
    refused = _map(raw.get("review")).get("rejectionReasons")
    texts = [str(one) for one in refused] if isinstance(refused, list) else []
    return "; ".join([*texts, *_holds(raw)])


def _map(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _bad(what: str) -> UnexpectedResponseError:
    return UnexpectedResponseError(
        f"LinkedIn answered with {what}", platform="linkedin"
    )
