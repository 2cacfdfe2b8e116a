"""
What the ads did: rows of Meta's report as `MetricRow`.

Meta reports one event under several names (as a whole, and again per source): the
whole counts, a part only where there is no whole, so that nothing is counted twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from smmlib.adapters.meta import _tables as tables
from smmlib.adapters.meta._columns import MetricColumns, read_columns, slices
from smmlib.errors import PlatformError, UnexpectedResponseError, ValidationError
from smmlib.model import Flight, MetricRow, Network

if TYPE_CHECKING:
    from smmlib.adapters.meta._api import GraphApi

FIELDS = (
    "ad_id,adset_id,campaign_id,account_currency,spend,impressions,reach,clicks,"
    "inline_link_clicks,inline_post_engagement,actions,action_values"
)
_PIXEL = "offsite_conversion.fb_pixel_"
_EVENTS = {
    "link_clicks": ("link_click",),
    "visits": ("landing_page_view", "omni_landing_page_view"),
    "video_views": ("video_view",),
    "engagements": ("post_engagement",),
    "leads": ("lead", f"{_PIXEL}lead", "onsite_conversion.lead_grouped"),
    "registrations": (
        "complete_registration",
        "omni_complete_registration",
        f"{_PIXEL}complete_registration",
    ),
    "conversions": ("purchase", "omni_purchase", f"{_PIXEL}purchase"),
}
# Too much data, and the timeouts of reports that are too large.
_TOO_MUCH = frozenset({1487534, 1504018, 1504038})
_WEEKS = 5
_NETWORKS = {"facebook": Network.FACEBOOK, "instagram": Network.INSTAGRAM}


def report_values(flight: Flight) -> dict[str, Any]:
    """
    The parameters of a daily report per ad and network.

    Archived and deleted ads spent money too, and are left out unless asked for.
    """
    statuses = [*tables.LIVE_STATUSES, "ARCHIVED", "DELETED"]
    return {
        "level": "ad",
        "time_increment": "1",
        "breakdowns": "publisher_platform",
        "time_range": _range(flight),
        "filtering": [
            {"field": "ad.effective_status", "operator": "IN", "value": statuses}
        ],
        "fields": FIELDS,
        "limit": str(tables.REPORT_PAGE),
    }


def daily_rows(api: GraphApi, account: str, flight: Flight) -> Iterator[dict[str, Any]]:
    """
    The rows of a report; one that is too large for Meta is asked for in halves.

    Days do not depend on each other, so the halves hold the same rows as the whole.
    """
    for piece in _slices(flight):
        # A piece is complete or not at all: no row is given before it is settled.
        rows = _rows(api, account, piece)
        if rows is None:
            first, second = _halves(piece)
            yield from daily_rows(api, account, first)
            yield from daily_rows(api, account, second)
        else:
            yield from rows


def metric_columns(api: GraphApi, account: str, flight: Flight) -> MetricColumns:
    """
    The same rows as columns, read in slices at the same time.
    """
    page = {"limit": str(tables.COLUMN_PAGE)}
    parts = [report_values(part) | page for part in slices(flight)]
    return read_columns(api, account, parts, _EVENTS)


def account_spend(api: GraphApi, account: str, flight: Flight) -> Decimal:
    """
    What an account spent in all, deleted ads included.

    Raises:
        UnexpectedResponseError: The amount is no number.
    """
    values = {
        "level": "account",
        "time_range": _range(flight),
        "fields": "spend",
    }
    total = Decimal(0)
    for row in api.pages(f"{account}/insights", **values):
        try:
            total += Decimal(str(row.get("spend", "0")))
        except InvalidOperation as error:
            raise UnexpectedResponseError(
                "the account's spend is no number",
                platform="meta",
                operation="insights",
            ) from error
    return total


def _rows(api: GraphApi, account: str, flight: Flight) -> list[dict[str, Any]] | None:
    """
    All rows of a report, or None when Meta says it is too much and it can be split.
    """
    try:
        return list(api.pages(f"{account}/insights", **report_values(flight)))
    except PlatformError as error:
        if error.subcode in _TOO_MUCH and flight.number_of_days > 1:
            return None
        raise


def _slices(flight: Flight) -> Iterator[Flight]:
    """
    Weeks put together to pieces of about a month, for reports that stay small.
    """
    weeks = flight.weeks()
    for start in range(0, len(weeks), _WEEKS):
        part = weeks[start : start + _WEEKS]
        yield Flight(part[0].start, part[-1].end)


def _halves(flight: Flight) -> tuple[Flight, Flight]:
    days = flight.days()
    middle = len(days) // 2
    return (
        Flight(days[0].start, days[middle - 1].end),
        Flight(days[middle].start, days[-1].end),
    )


def metric_row(raw: Mapping[str, Any], account: str) -> MetricRow:
    """
    One day of one ad on one network.

    Raises:
        UnexpectedResponseError: A number or date is none.
    """
    try:
        return _row(raw, account)
    except (
        ValueError,
        TypeError,
        KeyError,
        InvalidOperation,
        ValidationError,
    ) as error:
        raise UnexpectedResponseError(
            f"Meta answered with a report row that cannot be read: {error}",
            platform="meta",
            operation="insights",
        ) from error


def _range(flight: Flight) -> dict[str, str]:
    return {
        "since": flight.first_day.isoformat(),
        "until": flight.last_day.isoformat(),
    }


def _row(raw: Mapping[str, Any], account: str) -> MetricRow:
    place = str(raw.get("publisher_platform") or "")
    counts: dict[str, Any] = dict(_events(raw.get("actions")))
    values = _stats(raw.get("action_values"))
    reported: dict[str, Any] = {
        "impressions": _count(raw, "impressions"),
        "reach": _count(raw, "reach"),
        "clicks": _count(raw, "clicks"),
    }
    if raw.get("inline_link_clicks") is not None:
        counts["link_clicks"] = _count(raw, "inline_link_clicks") or 0
    network = _NETWORKS.get(place)
    return MetricRow(
        date.fromisoformat(str(raw["date_start"])),
        network,
        spend=Decimal(str(raw.get("spend", "0"))),
        currency=str(raw["account_currency"]),
        platform="meta",
        account=account,
        campaign=str(raw["campaign_id"]),
        ad_set=str(raw["adset_id"]),
        ad=str(raw["ad_id"]),
        revenue=_first(values, _EVENTS["conversions"]) or Decimal(0),
        breakdown={"publisher_platform": place} if place and not network else {},
        source="meta insights",
        **reported,
        **counts,
    )


def _count(raw: Mapping[str, Any], name: str) -> int | None:
    value = raw.get(name)
    return None if value is None else _whole(Decimal(str(value)))


def _whole(number: Decimal) -> int:
    """
    A count; Meta writes some with decimals where it models conversions.
    """
    return int(number.to_integral_value())


def _events(actions: Any) -> dict[str, int]:
    found = _stats(actions)
    return {
        name: _whole(_first(found, kinds) or Decimal(0))
        for name, kinds in _EVENTS.items()
    }


def _stats(items: Any) -> dict[str, Decimal]:
    if not isinstance(items, list):
        return {}
    return {
        str(item["action_type"]): Decimal(str(item.get("value", "0")))
        for item in items
        if isinstance(item, Mapping)
    }


def _first(found: Mapping[str, Decimal], kinds: tuple[str, ...]) -> Decimal | None:
    return next((found[kind] for kind in kinds if kind in found), None)
