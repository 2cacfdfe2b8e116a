"""
What the ads did: rows of adAnalytics as `MetricRow`.

LinkedIn gives rows for days with activity only, at most 20 metrics and 15,000 rows at
once and no pages. So metrics are asked for in parts and put together again, periods are
halved until they fit, and days without a row become rows of zeros.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.adapters.linkedin import _tables as tables
from smmlib.adapters.linkedin._api import rows_of
from smmlib.errors import (
    InvalidRequestError,
    UnexpectedResponseError,
    ValidationError,
)
from smmlib.model import Flight, MetricRow, Network
from smmlib.ports import Kind

if TYPE_CHECKING:
    from smmlib.adapters.linkedin._api import LinkedInApi
    from smmlib.adapters.linkedin._lookup import Lookup
    from smmlib.ports import Account

PATH = "adAnalytics"
_PIVOTS = ("CAMPAIGN_GROUP", "CAMPAIGN", "CREATIVE")
COUNTS = {
    "impressions": "impressions",
    "clicks": "clicks",
    "landingPageClicks": "link_clicks",
    "totalEngagements": "engagements",
    "videoViews": "video_views",
    "oneClickLeads": "leads",
    "externalWebsiteConversions": "conversions",
    "approximateMemberReach": "reach",
}
"""
LinkedIn's counts and what they are called here. Conversions by click and by view are
parts of `externalWebsiteConversions`: they are not asked for, and never added.
"""
_COST, _VALUE = "costInLocalCurrency", "conversionValueInLocalCurrency"
METRICS = (*COUNTS, _COST, _VALUE)
_DIMENSIONS = ("dateRange", "pivotValues")
_SHOWN = ("ACTIVE", "PAUSED", "ARCHIVED", "CANCELED")
_WEEKS = 5

Key = tuple[date, str, str, str]


class Report:
    """
    Reports on one ad account.
    """

    def __init__(self, api: LinkedInApi, lookup: Lookup, account: Account) -> None:
        self._api = api
        self._lookup = lookup
        self._account = account

    def rows(self, flight: Flight, today: date) -> Iterator[MetricRow]:
        """
        Every ad on every day of a flight it could run on, zeros included.
        """
        spans = list(self._spans())
        for piece in _slices(flight):
            found = self._merged(piece)
            for key in _silent(spans, piece, today):
                found.setdefault(key, {})
            for key in sorted(found):
                yield self._row(key, found[key])

    def spend(self, flight: Flight) -> Decimal:
        """
        What the whole account spent, day by day: a sum of LinkedIn's own may take in
        whole months at its edges.
        """
        asked = {
            **self._asked(flight),
            "q": "analytics",
            "pivot": "ACCOUNT",
        }
        body = self._api.find(PATH, asked, fields=(*_DIMENSIONS, _COST))
        return sum((_number(row.get(_COST)) for row in rows_of(body, PATH)), Decimal(0))

    # -- asking --------------------------------------------------------------------

    def _asked(self, flight: Flight) -> dict[str, Any]:
        return {
            "dateRange": {
                "start": _day(flight.first_day),
                "end": _day(flight.last_day),
            },
            "timeGranularity": "DAILY",
            "accounts": [f"{tables.ACCOUNT_URN}{self._account.id}"],
        }

    def _merged(self, flight: Flight) -> dict[Key, dict[str, Any]]:
        """
        All metrics by day and ad, asked for in parts that LinkedIn takes.
        """
        most = tables.REPORT_METRICS - len(_DIMENSIONS)
        found: dict[Key, dict[str, Any]] = {}
        for metrics in _parts(METRICS, most):
            for row in self._raw(flight, metrics):
                found.setdefault(_key(row), {}).update(row)
        return found

    def _raw(self, flight: Flight, metrics: tuple[str, ...]) -> list[Mapping[str, Any]]:
        """
        The rows of a period; one with too many of them is asked for in halves.

        Days do not depend on each other, so the halves hold the same rows.
        """
        asked = {"q": "statistics", "pivots": list(_PIVOTS), **self._asked(flight)}
        days = flight.days()
        try:
            body = self._api.find(PATH, asked, fields=(*_DIMENSIONS, *metrics))
        except InvalidRequestError:
            # Too many rows are refused as well, and nothing says which refusal it is.
            if len(days) == 1:
                raise
            body = None
        rows: list[Mapping[str, Any]] = [] if body is None else [*rows_of(body, PATH)]
        if body is not None and len(rows) < tables.REPORT_ROWS:
            return rows
        if len(days) == 1:
            raise UnexpectedResponseError(
                f"a report of one day has {len(rows)} rows; more are left out",
                platform="linkedin",
                operation=PATH,
                hint="an account holds fewer ads than that; please report it",
            )
        middle = len(days) // 2
        first = Flight(days[0].start, days[middle - 1].end)
        second = Flight(days[middle].start, days[-1].end)
        return [*self._raw(first, metrics), *self._raw(second, metrics)]

    # -- days without a row --------------------------------------------------------

    def _spans(self) -> Iterator[_Span]:
        """
        From when to when each ad of the account could run.
        """
        campaigns = {
            str(row["id"]): row for row in self._lookup.every(Kind.AD_SET, _SHOWN)
        }
        for row in self._lookup.every(Kind.AD, _SHOWN):
            campaign = campaigns.get(str(row.get("campaign", "")).rpartition(":")[2])
            if campaign is not None:
                yield _span(row, campaign)

    # -- reading -------------------------------------------------------------------

    def _row(self, key: Key, raw: Mapping[str, Any]) -> MetricRow:
        on, group, campaign, creative = key
        try:
            counts: dict[str, Any] = {
                ours: int(raw.get(name) or 0) for name, ours in COUNTS.items()
            }
            return MetricRow(
                on,
                Network.LINKEDIN,
                spend=_number(raw.get(_COST)),
                currency=self._account.currency,
                platform="linkedin",
                account=self._account.id,
                campaign=group,
                ad_set=campaign,
                ad=creative,
                revenue=_number(raw.get(_VALUE)),
                source="linkedin adAnalytics",
                **counts,
            )
        except (ValueError, TypeError, ValidationError) as error:
            raise _unreadable(error) from error


@attrs.frozen
class _Span:
    """
    The days on which an ad could run, both included.
    """

    group: str
    campaign: str
    creative: str
    first: date
    last: date


def _span(creative: Mapping[str, Any], campaign: Mapping[str, Any]) -> _Span:
    schedule = campaign.get("runSchedule")
    run = schedule if isinstance(schedule, Mapping) else {}
    born = _date(creative.get("createdAt"), date.min)
    # The end is exclusive: a run until midnight does not touch the next day.
    end = run.get("end")
    last = _date(end - 1, date.max) if isinstance(end, int) else date.max
    return _Span(
        str(campaign.get("campaignGroup", "")).rpartition(":")[2],
        str(campaign["id"]),
        str(creative["id"]).rpartition(":")[2],
        max(born, _date(run.get("start"), date.min)),
        last,
    )


def _silent(spans: Iterable[_Span], flight: Flight, today: date) -> Iterator[Key]:
    """
    Day and ad of all that could have run in a flight until today.
    """
    for span in spans:
        day = max(span.first, flight.first_day)
        last = min(span.last, flight.last_day, today)
        while day <= last:
            yield day, span.group, span.campaign, span.creative
            day += timedelta(days=1)


def _date(value: Any, otherwise: date) -> date:
    if not isinstance(value, int):
        return otherwise
    return datetime.fromtimestamp(value / 1000, UTC).date()


def _key(row: Mapping[str, Any]) -> Key:
    try:
        start = row["dateRange"]["start"]
        on = date(int(start["year"]), int(start["month"]), int(start["day"]))
        group, campaign, creative = (
            str(urn).rpartition(":")[2] for urn in row["pivotValues"]
        )
    except (KeyError, TypeError, ValueError) as error:
        raise _unreadable(error) from error
    return on, group, campaign, creative


def _number(value: Any) -> Decimal:
    try:
        return Decimal(str(value if value is not None else 0))
    except InvalidOperation as error:
        raise _unreadable(error) from error


def _unreadable(error: Exception) -> UnexpectedResponseError:
    return UnexpectedResponseError(
        f"LinkedIn answered with a report row that cannot be read: {error}",
        platform="linkedin",
        operation=PATH,
    )


def _day(day: date) -> dict[str, int]:
    return {"year": day.year, "month": day.month, "day": day.day}


def _slices(flight: Flight) -> Iterator[Flight]:
    """
    Weeks put together to pieces of about a month, for reports that stay small.
    """
    weeks = flight.weeks()
    for start in range(0, len(weeks), _WEEKS):
        part = weeks[start : start + _WEEKS]
        yield Flight(part[0].start, part[-1].end)


def _parts(names: tuple[str, ...], size: int) -> Iterator[tuple[str, ...]]:
    for start in range(0, len(names), size):
        yield names[start : start + size]
