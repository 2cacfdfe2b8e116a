"""
What the ads did: rows of Meta's report as `MetricRow`, or many of them as columns.

Meta reports one event under several names (as a whole, and again per source): the
whole counts, a part only where there is no whole, so that nothing is counted twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from smmlib.adapters.meta import _tables as tables
from smmlib.adapters.meta._columns import (
    WHOLES,
    ColumnReader,
    MetricColumns,
    Numbers,
)
from smmlib.adapters.meta._fast import row_decoder
from smmlib.adapters.meta._reports import PARTS, Report, ReportReader, days_of
from smmlib.errors import UnexpectedResponseError, ValidationError
from smmlib.model import Flight, MetricRow, Network

if TYPE_CHECKING:
    from smmlib.adapters.meta._api import GraphApi

_PIXEL = "offsite_conversion.fb_pixel_"
EVENTS = {
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
_WEEKS = 5
_NETWORKS = {"facebook": Network.FACEBOOK, "instagram": Network.INSTAGRAM}


class _Rows:
    """
    The rows of a part of a report as they come.
    """

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []

    def add(self, rows: Sequence[dict[str, Any]]) -> None:
        """
        Take the rows of one page.
        """
        self.rows.extend(rows)


def daily_rows(
    reader: ReportReader, report: Report, flight: Flight
) -> Iterator[dict[str, Any]]:
    """
    The rows of a report, about a month at a time.
    """
    for piece in _pieces(flight):
        for part in reader.read(report, piece, _Rows, size=tables.REPORT_PAGE):
            yield from part.rows


def metric_columns(
    reader: ReportReader, report: Report, flight: Flight
) -> MetricColumns:
    """
    The same rows as columns, read in slices at the same time.
    """
    more = {name: PARTS[name] for name in report.by}
    numbers = Numbers()

    def start() -> ColumnReader:
        return ColumnReader(EVENTS, more, numbers)

    whole = start()
    decoder = row_decoder(whole.fields, WHOLES)
    size = tables.FAST_PAGE if decoder else tables.COLUMN_PAGE

    def read(part: Flight) -> list[MetricColumns]:
        found = reader.read(report, part, start, size=size, decoder=decoder)
        return [one.columns for one in found]

    with ThreadPoolExecutor(tables.REPORTS, thread_name_prefix="smm-report") as pool:
        for parts in pool.map(read, slices(flight)):
            for part in parts:
                whole.columns.append(part)
    return whole.columns


def account_spend(api: GraphApi, account: str, flight: Flight) -> Decimal:
    """
    What an account spent in all, deleted ads included.

    Raises:
        UnexpectedResponseError: The amount is no number.
    """
    values = {
        "level": "account",
        "time_range": days_of(flight),
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


def slices(flight: Flight) -> Iterator[Flight]:
    """
    A flight in parts that can be read at the same time.
    """
    days = flight.days()
    size = max(-(-len(days) // (5 * tables.REPORTS)), 1)
    for start in range(0, len(days), size):
        part = days[start : start + size]
        yield Flight(part[0].start, part[-1].end)


def _pieces(flight: Flight) -> Iterator[Flight]:
    """
    Weeks put together to pieces of about a month, for reports that stay small.
    """
    weeks = flight.weeks()
    for start in range(0, len(weeks), _WEEKS):
        part = weeks[start : start + _WEEKS]
        yield Flight(part[0].start, part[-1].end)


def metric_row(
    raw: Mapping[str, Any], account: str, report: Report | None = None
) -> MetricRow:
    """
    One day of one ad (or of what the report is about) on one network.

    Raises:
        UnexpectedResponseError: A number or date is none.
    """
    try:
        return _row(raw, account, report or Report())
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


def _row(raw: Mapping[str, Any], account: str, report: Report) -> MetricRow:
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
    parts = {n: str(raw.get(PARTS[n]) or "") for n in report.by if n != "network"}
    if place and not network:
        parts["publisher_platform"] = place
    named: dict[str, Any] = _ids(raw, report.level)
    return MetricRow(
        date.fromisoformat(str(raw["date_start"])),
        network,
        spend=Decimal(str(raw.get("spend") or "0")),
        currency=str(raw["account_currency"]),
        platform="meta",
        account=account,
        revenue=_first(values, EVENTS["conversions"]) or Decimal(0),
        breakdown=parts,
        source="meta insights",
        **named,
        **reported,
        **counts,
    )


def _ids(raw: Mapping[str, Any], level: str) -> dict[str, str]:
    """
    What a row is about, from the campaign down to its level.
    """
    names = {"campaign": "campaign_id", "ad_set": "adset_id", "ad": "ad_id"}
    depth = ("account", *names).index(level)
    return {name: str(raw[names[name]]) for name in tuple(names)[:depth]}


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
        for name, kinds in EVENTS.items()
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
