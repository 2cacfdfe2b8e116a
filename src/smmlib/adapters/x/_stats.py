"""
What the ads did: X's statistics as `MetricRow`.

X is asked first which ads were active, and then for twenty of them and seven days at
once; where that would be too many questions, jobs answer them. Days begin at midnight
of the account's zone by its present offset, and what X tells as null stays unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import attrs

from smmlib.adapters.x import _tables as tables
from smmlib.adapters.x._api import Body, chunks
from smmlib.adapters.x._normal import ad_id
from smmlib.errors import PlatformTimeoutError, UnexpectedResponseError
from smmlib.model import MetricRow, Network

if TYPE_CHECKING:
    from smmlib.adapters.x._api import XApi
    from smmlib.model import Flight
    from smmlib.ports import Account, Clock

GROUPS = ("ENGAGEMENT", "BILLING", "VIDEO", "WEB_CONVERSION")
COUNTS = {
    "impressions": "impressions",
    "clicks": "clicks",
    "url_clicks": "link_clicks",
    "engagements": "engagements",
    "video_total_views": "video_views",
}
"""
X's counts and what they are called here.
"""
_SPEND = "billed_charge_local_micro"
_CONVERSIONS = (
    "conversion_purchases",
    "conversion_sign_ups",
    "conversion_downloads",
    "conversion_custom",
)
_SIGN_UPS, _VISITS = "conversion_sign_ups", "conversion_site_visits"
_PLACEMENT = "ALL_ON_TWITTER"
# X answers 250 such questions in a quarter of an hour; other tools ask as well.
_MOST_QUESTIONS = 120
_POLL_S, _POLLS = 15.0, 240

Key = tuple[date, str]
Numbers = dict[str, Decimal]


@attrs.frozen
class _Window:
    """
    A stretch of whole days.
    """

    first: date
    last: date

    @property
    def days(self) -> int:
        """
        How many days.
        """
        return (self.last - self.first).days + 1

    def parts(self, size: int) -> Iterator[_Window]:
        """
        Pieces of so many days at most.
        """
        start = self.first
        while start <= self.last:
            end = min(self.last, start + timedelta(days=size - 1))
            yield _Window(start, end)
            start = end + timedelta(days=1)


@attrs.frozen
class _Question:
    """
    Figures of some objects for some days.
    """

    entity: str
    ids: tuple[str, ...]
    window: _Window
    groups: tuple[str, ...]


class Report:
    """
    Reports on one ad account.
    """

    def __init__(self, api: XApi, account: Account, clock: Clock) -> None:
        self._api = api
        self._account = account
        self._clock = clock
        now = clock.now().astimezone(ZoneInfo(account.zone))
        self._today = now.date()
        self._offset = now.utcoffset() or timedelta()

    def rows(self, flight: Flight) -> Iterator[MetricRow]:
        """
        Every ad on every day something happened, deleted ads included.
        """
        window = self._window(flight)
        if window is None:
            return
        found: dict[Key, Numbers] = {}
        active = self._active(window)
        for question in self._questions(active, window):
            found |= self._answers([question])
        owners = self._owners(sorted({own for _, own in found}))
        yield from self._metric_rows(found, owners)

    def spend(self, flight: Flight) -> Decimal:
        """
        What the whole account spent, from the figures of what pays for it.
        """
        window = self._window(flight)
        if window is None:
            return Decimal(0)
        payers = [
            str(row["id"])
            for row in self._api.rows("funding_instruments", with_deleted=True)
        ]
        questions = [
            _Question("FUNDING_INSTRUMENT", part, piece, ("BILLING",))
            for part in chunks(payers, tables.STATS_IDS)
            for piece in window.parts(tables.STATS_DAYS)
        ]
        found = self._answers(questions)
        return sum((row.get(_SPEND, Decimal(0)) for row in found.values()), Decimal(0))

    # -- when and who --------------------------------------------------------------

    def _window(self, flight: Flight) -> _Window | None:
        last = min(flight.last_day, self._today)
        return _Window(flight.first_day, last) if flight.first_day <= last else None

    def _instant(self, day: date) -> datetime:
        """
        Midnight of a day in the account's zone, by the offset of today as X wants it.
        """
        start = datetime(day.year, day.month, day.day, tzinfo=UTC)
        return start - self._offset

    def _span(self, window: _Window) -> dict[str, datetime]:
        after = window.last + timedelta(days=1)
        return {
            "start_time": self._instant(window.first),
            "end_time": self._instant(after),
        }

    def _active(self, window: _Window) -> dict[str, list[_Window]]:
        """
        When which ads were active: only these are asked about.
        """
        found: dict[str, list[_Window]] = {}
        for piece in window.parts(tables.ACTIVE_DAYS):
            rows = self._api.stats(
                "active_entities", entity="PROMOTED_TWEET", **self._span(piece)
            )
            for row in rows:
                days = self._days(row, piece)
                found.setdefault(str(row["entity_id"]), []).append(days)
        return found

    def _days(self, row: Body, piece: _Window) -> _Window:
        edges = (row.get("activity_start_time"), row.get("activity_end_time"))
        if not all(isinstance(edge, str) for edge in edges):
            return piece
        first, last = (
            (datetime.fromisoformat(str(edge)) + self._offset).date() for edge in edges
        )
        return _Window(max(first, piece.first), min(last, piece.last))

    def _questions(
        self, active: Mapping[str, list[_Window]], window: _Window
    ) -> list[_Question]:
        found = []
        for piece in window.parts(tables.STATS_DAYS):
            due = [
                own
                for own, spans in active.items()
                if any(s.first <= piece.last and s.last >= piece.first for s in spans)
            ]
            found += [
                _Question("PROMOTED_TWEET", part, piece, GROUPS)
                for part in chunks(sorted(due), tables.STATS_IDS)
            ]
        if len(found) <= _MOST_QUESTIONS:
            return found
        return [
            _Question("PROMOTED_TWEET", part, piece, GROUPS)
            for piece in window.parts(tables.JOB_DAYS)
            for part in chunks(sorted(active), tables.STATS_IDS)
        ]

    # -- figures -------------------------------------------------------------------

    def _answers(self, questions: Sequence[_Question]) -> dict[Key, Numbers]:
        found: dict[Key, Numbers] = {}
        late = [q for q in questions if q.window.days > tables.STATS_DAYS]
        for question in questions:
            if question not in late:
                rows = self._api.stats(**self._asked(question))
                found |= self._read(rows, question.window)
        for part in chunks(late, tables.JOBS_OPEN):
            found |= self._jobs(part)
        return found

    def _asked(self, question: _Question) -> dict[str, Any]:
        return {
            "entity": question.entity,
            "entity_ids": question.ids,
            "granularity": "DAY",
            "metric_groups": question.groups,
            "placement": _PLACEMENT,
            **self._span(question.window),
        }

    def _jobs(self, questions: Sequence[_Question]) -> dict[Key, Numbers]:
        """
        Figures that X counts meanwhile: all jobs are asked for with one call.
        """
        open_: dict[str, _Question] = {}
        for question in questions:
            row = self._api.statistics_job(**self._asked(question))
            # As text: the number is larger than many readers can hold.
            open_[str(row["id_str"])] = question
        found: dict[Key, Numbers] = {}
        for _ in range(_POLLS):
            for row in self._api.jobs(list(open_)):
                status, url = row.get("status"), row.get("url")
                if status in {"FAILED", "CANCELLED"}:
                    raise _unreadable(f"a job that {str(status).lower()}")
                if status == "SUCCESS" and url:
                    question = open_.pop(str(row["id_str"]))
                    found |= self._read(_data(self._api.file(url)), question.window)
            if not open_:
                return found
            self._clock.sleep(_POLL_S)
        raise PlatformTimeoutError(
            f"{len(open_)} jobs of statistics are not done after an hour",
            platform="x",
            operation="GET stats/jobs",
            hint="ask for fewer days, or try again later",
        )

    def _read(self, rows: Iterable[Any], window: _Window) -> dict[Key, Numbers]:
        """
        Figures by day and object; what is null is left out.
        """
        found: dict[Key, Numbers] = {}
        for row in rows:
            for part in row.get("id_data") or ():
                for name, series in _series(part.get("metrics")):
                    if len(series) != window.days:
                        raise _unreadable(f"{len(series)} days of {name}")
                    for place, value in enumerate(series):
                        if value is not None:
                            day = window.first + timedelta(days=place)
                            numbers = found.setdefault((day, str(row["id"])), {})
                            numbers[name] = _number(name, value)
        return found

    # -- rows ----------------------------------------------------------------------

    def _owners(self, promoted: Sequence[str]) -> dict[str, tuple[str, str, str]]:
        """
        Campaign, ad set and ad of promotions, deleted ones included.
        """
        rows = list(
            self._api.chosen(
                "promoted_tweets",
                "promoted_tweet_ids",
                promoted,
                with_deleted=True,
                count=tables.PAGE,
            )
        )
        lines = {
            str(row["id"]): str(row.get("campaign_id") or "")
            for row in self._api.chosen(
                "line_items",
                "line_item_ids",
                (str(row["line_item_id"]) for row in rows),
                with_deleted=True,
                with_draft=True,
                count=tables.PAGE,
            )
        }
        return {
            str(row["id"]): (
                lines.get(str(row["line_item_id"]), ""),
                str(row["line_item_id"]),
                ad_id(str(row["line_item_id"]), str(row["tweet_id"])),
            )
            for row in rows
        }

    def _metric_rows(
        self, found: Mapping[Key, Numbers], owners: Mapping[str, tuple[str, str, str]]
    ) -> Iterator[MetricRow]:
        """
        One row for each ad and day, however often it was promoted anew meanwhile.
        """
        merged: dict[tuple[date, tuple[str, str, str]], Numbers] = {}
        for (day, own), numbers in found.items():
            if own in owners:
                row = merged.setdefault((day, owners[own]), {})
                for name, value in numbers.items():
                    row[name] = row.get(name, Decimal(0)) + value
        for day, owner in sorted(merged):
            numbers = merged[day, owner]
            if any(numbers.values()):
                yield self._row(day, owner, numbers)

    def _row(
        self, day: date, owner: tuple[str, str, str], numbers: Numbers
    ) -> MetricRow:
        counts: dict[str, Any] = {
            ours: int(numbers[theirs])
            for theirs, ours in COUNTS.items()
            if theirs in numbers
        }
        claimed = [numbers[name] for name in _CONVERSIONS if name in numbers]
        if claimed:
            counts["conversions"] = int(sum(claimed))
        if _SIGN_UPS in numbers:
            counts["registrations"] = int(numbers[_SIGN_UPS])
        if _VISITS in numbers:
            counts["visits"] = int(numbers[_VISITS])
        campaign, ad_set, ad = owner
        return MetricRow(
            day,
            Network.X,
            spend=numbers.get(_SPEND, Decimal(0)),
            currency=self._account.currency,
            platform="x",
            account=self._account.id,
            campaign=campaign,
            ad_set=ad_set,
            ad=ad,
            revenue=numbers.get("revenue"),
            source="x stats",
            **counts,
        )


def _series(metrics: Any) -> Iterator[tuple[str, list[Any]]]:
    """
    Every metric that has figures; conversions bring how many and what they were worth.
    """
    for name, value in (metrics or {}).items():
        if isinstance(value, list):
            yield name, value
        elif isinstance(value, Mapping):
            if isinstance(value.get("metric"), list):
                yield name, value["metric"]
            if isinstance(value.get("sale_amount"), list):
                yield f"sale {name}", value["sale_amount"]


def _number(name: str, value: Any) -> Decimal:
    if not isinstance(value, (int, Decimal)) or isinstance(value, bool):
        raise _unreadable(f"{name} that is no number")
    micro = name == _SPEND or name.startswith("sale ")
    return Decimal(value) / tables.MICRO if micro else Decimal(value)


def _data(body: Any) -> list[Any]:
    rows = body.get("data") if isinstance(body, Mapping) else None
    if isinstance(rows, list):
        return rows
    raise _unreadable("a result file without data")


def _unreadable(what: str) -> UnexpectedResponseError:
    return UnexpectedResponseError(
        f"X answered with {what}", platform="x", operation="GET stats"
    )
