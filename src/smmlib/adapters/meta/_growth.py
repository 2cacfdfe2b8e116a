"""
Followers and reach of the Page and of the Instagram account, day by day.

Source: Page insights (at most 90 days at once) and Instagram user insights (30 days),
2026-06. Days are Meta's: they end at midnight in California.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from smmlib.adapters._http import Repeat
from smmlib.adapters.meta._api import Call
from smmlib.adapters.meta._parse import moment
from smmlib.adapters.meta._tables import BATCH
from smmlib.errors import PlatformError, UnexpectedResponseError
from smmlib.model import GrowthRow, Network

if TYPE_CHECKING:
    from smmlib.adapters.meta._api import GraphApi
    from smmlib.model import Flight

_ZONE = ZoneInfo("America/Los_Angeles")
_DAY = timedelta(days=1)
_PAGE_DAYS, _INSTAGRAM_DAYS = 90, 30
_PAGE_METRICS = {"page_follows": "followers", "page_total_media_view_unique": "reach"}
_SOURCE = "meta insights"


def page_growth(
    api: GraphApi, page: str, flight: Flight, now: datetime
) -> Iterator[GrowthRow]:
    """
    One row for each day of a flight that is over.
    """
    first, last = _days(flight, now)
    for start, end in _spans(first, last, _PAGE_DAYS):
        body = api.get(
            f"{page}/insights",
            metric=",".join(_PAGE_METRICS),
            period="day",
            since=start.isoformat(),
            until=(end + _DAY).isoformat(),
        )
        days: dict[date, dict[str, int]] = {}
        for name, on, value in _series(body):
            days.setdefault(on, {})[_PAGE_METRICS.get(name, name)] = value
        for on, found in sorted(days.items()):
            if start <= on <= end:
                yield _row(on, Network.FACEBOOK, page, found)


def instagram_growth(
    api: GraphApi, user: str, flight: Flight, now: datetime
) -> Iterator[GrowthRow]:
    """
    One row for each day of a flight that is over.

    Instagram tells today's followers and each day's change; the days before are
    counted back from there.
    """
    first, last = _days(flight, now)
    if first > last:
        return
    yesterday = now.astimezone(_ZONE).date() - _DAY
    followers = api.get(user, fields="followers_count").get("followers_count")
    reach = _reach(api, user, first, last)
    changes = _changes(api, user, first + _DAY, yesterday)
    count = followers if isinstance(followers, int) else None
    rows = []
    on = yesterday
    while on >= first:
        if on <= last:
            found = {"reach": reach.get(on), "followers": count}
            rows.append(_row(on, Network.INSTAGRAM, user, found))
        if count is not None:
            count = max(count - changes.get(on, 0), 0)
        on -= _DAY
    yield from reversed(rows)


def _row(
    on: date, network: Network, account: str, found: Mapping[str, int | None]
) -> GrowthRow:
    return GrowthRow(
        on,
        network,
        followers=found.get("followers"),
        reach=found.get("reach"),
        account=account,
        source=_SOURCE,
    )


def _days(flight: Flight, now: datetime) -> tuple[date, date]:
    """
    First and last day of a flight that are over; the last before the first for none.
    """
    yesterday = now.astimezone(_ZONE).date() - _DAY
    return flight.first_day, min(flight.last_day, yesterday)


def _spans(first: date, last: date, most: int) -> Iterator[tuple[date, date]]:
    while first <= last:
        end = min(first + (most - 1) * _DAY, last)
        yield first, end
        first = end + _DAY


def _reach(api: GraphApi, user: str, first: date, last: date) -> dict[date, int]:
    found = {}
    for start, end in _spans(first, last, _INSTAGRAM_DAYS):
        body = api.get(
            f"{user}/insights",
            metric="reach",
            period="day",
            since=start.isoformat(),
            until=(end + _DAY).isoformat(),
        )
        found.update({on: value for _, on, value in _series(body)})
    return found


def _changes(api: GraphApi, user: str, first: date, last: date) -> dict[date, int]:
    """
    How many more or fewer followed at the end of each day: one call a day, batched.
    """
    days = [first + n * _DAY for n in range(max((last - first).days + 1, 0))]
    found: dict[date, int] = {}
    for start in range(0, len(days), BATCH):
        part = days[start : start + BATCH]
        calls = [_change_call(user, on) for on in part]
        answers = api.batch(calls, repeat=Repeat.READ)
        for on, call, answer in zip(part, calls, answers, strict=True):
            body = answer
            if isinstance(body, PlatformError):
                # Unanswered within the batch: alone it is tried with patience.
                body = api.get(call.path, **call.values)
            found[on] = _change(body)
    return found


def _change_call(user: str, on: date) -> Call:
    values = {
        "metric": "follows_and_unfollows",
        "period": "day",
        "metric_type": "total_value",
        "breakdown": "follow_type",
        "since": on.isoformat(),
        "until": (on + _DAY).isoformat(),
    }
    return Call("GET", f"{user}/insights", values)


def _change(body: Mapping[str, Any]) -> int:
    rows = body.get("data")
    total = rows[0].get("total_value", {}) if isinstance(rows, list) and rows else {}
    change = 0
    for part in total.get("breakdowns", ()):
        for result in part.get("results", ()):
            came = "FOLLOWER" in result.get("dimension_values", ())
            value = int(result.get("value", 0))
            change += value if came else -value
    return change


def _series(body: Mapping[str, Any]) -> Iterator[tuple[str, date, int]]:
    """
    Name, day and value of every point of a report.

    Raises:
        UnexpectedResponseError: It is no report.
    """
    try:
        for row in body["data"]:
            for point in row["values"]:
                end = moment(point["end_time"])
                if end is not None and isinstance(point.get("value"), int):
                    # A day's point carries the midnight it ended at.
                    on = end.astimezone(_ZONE).date() - _DAY
                    yield str(row["name"]), on, point["value"]
    except (KeyError, TypeError, AttributeError) as error:
        raise UnexpectedResponseError(
            "Meta answered with a growth report that cannot be read",
            platform="meta",
            operation="insights",
        ) from error
