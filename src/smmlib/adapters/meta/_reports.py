"""
Reading a report whatever its size: at once while it is small, else as a run of Meta's
that is waited for, and in parts of fewer days where even that fails.

Source: Marketing API insights best practices and asynchronous reports, 2026-09.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import attrs

from smmlib.adapters._http import HttpResponse, Repeat
from smmlib.adapters.meta import _tables as tables
from smmlib.adapters.meta._errors import graph_error
from smmlib.errors import (
    Issue,
    PlatformError,
    PlatformTimeoutError,
    Retry,
    ServerError,
    UnexpectedResponseError,
    ValidationError,
)
from smmlib.model import Flight

if TYPE_CHECKING:
    from smmlib.adapters.meta._api import GraphApi
    from smmlib.adapters.meta._fast import RowDecoder
    from smmlib.ports import Clock

_IDS = {"account": "", "campaign": "campaign_id", "ad_set": "adset_id", "ad": "ad_id"}
_LEVELS = {"account": "account", "campaign": "campaign", "ad_set": "adset", "ad": "ad"}
LEVELS = tuple(_IDS)
PARTS = {
    "age": "age",
    "gender": "gender",
    "country": "country",
    "network": "publisher_platform",
    "placement": "platform_position",
    "device": "impression_device",
}
"""
What a report can be broken down by, and Meta's word for it.
"""
TOGETHER = tuple(
    tuple(words.split())
    for words in (
        "",
        "age",
        "gender",
        "age gender",
        "country",
        "network",
        "network placement",
        "network device",
        "network placement device",
    )
)
"""
Which of them Meta tells in one report.
"""
_NEEDS = {"placement": "network", "device": "network"}
# A synchronous answer may leave these out without a word (since 2026-08).
_RUN_ONLY = frozenset({"impression_device"})
_FIGURES = (
    "account_currency,spend,impressions,reach,clicks,inline_link_clicks,actions,"
    "action_values"
)
_CONFIGURED = ("ACTIVE", "PAUSED", "IN_PROCESS", "WITH_ISSUES", "ARCHIVED", "DELETED")
_STATUSES = {
    "campaign": _CONFIGURED,
    "ad_set": (*_CONFIGURED, "CAMPAIGN_PAUSED"),
    "ad": (*tables.LIVE_STATUSES, "ARCHIVED", "DELETED"),
}
# Too much data, and the timeouts of reports that are too large.
_TOO_MUCH = frozenset({1487534, 1504018, 1504038})
_RUN_FIELDS = (
    "async_status,async_percent_completion,error_code,error_subcode,error_message,"
    "error_user_title,error_user_msg"
)
_FAILED = frozenset({"Job Failed", "Job Skipped"})
_WHOLE = 100


@attrs.frozen
class Report:
    """
    What is asked for: how fine, and broken down by what.

    Attributes:
        level: `account`, `campaign`, `ad_set` or `ad`.
        by: Words of `PARTS`, one of the combinations of `TOGETHER`.
    """

    level: str = "ad"
    by: tuple[str, ...] = ("network",)

    @classmethod
    def of(cls, level: str, by: Sequence[str]) -> Report:
        """
        A report that Meta has.

        Raises:
            ValidationError: An unknown level, or parts that Meta does not tell
                together.
        """
        wanted = {*by, *(_NEEDS[name] for name in by if name in _NEEDS)}
        chosen = next((words for words in TOGETHER if wanted == set(words)), None)
        if level not in LEVELS:
            raise _refused("level", level, ", ".join(LEVELS))
        if chosen is None:
            known = "; ".join(", ".join(words) for words in TOGETHER if words)
            raise _refused("by", ", ".join(by), known)
        return cls(level, chosen)

    @property
    def breakdowns(self) -> tuple[str, ...]:
        """
        The same parts in Meta's words.
        """
        return tuple(PARTS[name] for name in self.by)

    @property
    def always_runs(self) -> bool:
        """
        Whether Meta tells it in full only as a run.
        """
        return bool(_RUN_ONLY & set(self.breakdowns))

    def values(self, flight: Flight, size: int) -> dict[str, Any]:
        """
        The parameters of a daily report, in pages of this size.

        Archived and deleted ads spent money too, and are left out unless asked for.
        """
        place = LEVELS.index(self.level)
        ids = [_IDS[level] for level in LEVELS[1 : place + 1]]
        values: dict[str, Any] = {
            "level": _LEVELS[self.level],
            "time_increment": "1",
            "time_range": days_of(flight),
            "fields": ",".join([*ids, _FIGURES]),
            "limit": str(size),
        }
        if self.by:
            values["breakdowns"] = ",".join(self.breakdowns)
        if self.level in _STATUSES:
            field = f"{_LEVELS[self.level]}.effective_status"
            statuses = list(_STATUSES[self.level])
            values["filtering"] = [
                {"field": field, "operator": "IN", "value": statuses}
            ]
        return values


class Sink(Protocol):
    """
    Where the rows of a report go, page by page.
    """

    def add(self, rows: Sequence[Any], /) -> None:
        """
        Take the rows of one page.
        """
        ...


SinkT = TypeVar("SinkT", bound=Sink)


class ReportReader:
    """
    Reads one report of one account, or of a part of it.
    """

    def __init__(self, api: GraphApi, account: str, clock: Clock) -> None:
        self._api = api
        self._account = account
        self._clock = clock

    def read(
        self,
        report: Report,
        flight: Flight,
        start: Callable[[], SinkT],
        *,
        size: int,
        decoder: RowDecoder | None = None,
    ) -> Iterator[SinkT]:
        """
        The rows of a report, in as many parts as it takes, in order of their days.

        A part is complete or not at all: days do not depend on each other, so that
        parts of fewer days hold the same rows.

        Args:
            report: What is asked for.
            flight: The days.
            start: Makes the empty place for the rows of a part.
            size: Rows per page.
            decoder: Reads rows faster.

        Raises:
            PlatformError: A single day cannot be read.
        """
        values = report.values(flight, size)
        one_day = flight.number_of_days == 1
        try:
            yield self._part(report, values, start, decoder, one_day=one_day)
        except _SplitError as failed:
            if one_day:
                raise failed.error from None
        else:
            return
        for half in _halves(flight):
            yield from self.read(report, half, start, size=size, decoder=decoder)

    def _part(
        self,
        report: Report,
        values: Mapping[str, Any],
        start: Callable[[], SinkT],
        decoder: RowDecoder | None,
        *,
        one_day: bool,
    ) -> SinkT:
        """
        All rows of a part: at once, or as a run where it is large.

        Raises:
            _SplitError: Fewer days may do.
        """
        if not report.always_runs:
            try:
                part = self._at_once(values, start, decoder)
            except PlatformError as error:
                if error.subcode not in _TOO_MUCH:
                    raise
                if not one_day:
                    raise _SplitError(error) from None
                part = None
            if part is not None:
                return part
        try:
            return self._as_a_run(values, start, decoder)
        except PlatformError as error:
            if error.subcode not in _TOO_MUCH:
                raise
            raise _SplitError(error) from None

    def _at_once(
        self,
        values: Mapping[str, Any],
        start: Callable[[], SinkT],
        decoder: RowDecoder | None,
    ) -> SinkT | None:
        """
        All rows of a report, or None when it is too large to be read this way.
        """
        sink, rows = start(), 0
        path = f"{self._account}/insights"
        for page in self._api.row_pages(path, decoder=decoder, **values):
            if rows >= tables.REPORT_ROWS:
                return None
            rows += len(page)
            sink.add(page)
            del page  # or it would be held while the next one is waited for
        return sink

    def _as_a_run(
        self,
        values: Mapping[str, Any],
        start: Callable[[], SinkT],
        decoder: RowDecoder | None,
    ) -> SinkT:
        """
        All rows of a report that Meta puts together by itself.

        Raises:
            _SplitError: The run fails or stands still.
        """
        asked = {name: value for name, value in values.items() if name != "limit"}
        run = self._start(asked)
        self._wait(run)
        sink = start()
        size = values["limit"]
        for page in self._api.row_pages(f"{run}/insights", decoder=decoder, limit=size):
            sink.add(page)
            del page
        return sink

    def _start(self, values: Mapping[str, Any]) -> str:
        # Asked for twice there are two runs, and nobody is harmed.
        path = f"{self._account}/insights"
        answer = self._api.write(path, values, repeat=Repeat.UPDATE)
        run = answer.get("report_run_id")
        if not isinstance(run, (str, int)) or not str(run):
            raise UnexpectedResponseError(
                "a report was answered without the id of its run",
                platform="meta",
                operation="insights",
            )
        return str(run)

    def _wait(self, run: str) -> None:
        """
        Wait until a run is done: Meta says 100 % for a while before it is.

        Raises:
            _SplitError: It failed, or stands still.
        """
        best, still, wait = -1, 0.0, tables.RUN_FIRST_WAIT_S
        while still < tables.RUN_PATIENCE_S:
            body = self._api.get(run, fields=_RUN_FIELDS)
            status = body.get("async_status")
            if not isinstance(status, str):
                raise UnexpectedResponseError(
                    f"report {run} was answered without its status",
                    platform="meta",
                    operation="insights",
                )
            percent = _percent(body.get("async_percent_completion"))
            if status in _FAILED:
                raise _SplitError(self._failure(run, status, body))
            if status == "Job Completed" and percent >= _WHOLE:
                return
            if percent > best:
                best, still = percent, 0.0
            self._clock.sleep(wait)
            still += wait
            wait = min(wait * 2, tables.RUN_LONGEST_WAIT_S)
        raise _SplitError(
            PlatformTimeoutError(
                f"report {run} stands still at {best} %",
                platform="meta",
                operation="insights",
                retry=Retry.LATER,
                hint="ask for fewer days",
            )
        )

    def _failure(self, run: str, status: str, body: Mapping[str, Any]) -> PlatformError:
        if body.get("error_code") is None:
            return ServerError(
                f"report {run} ended with '{status}'",
                platform="meta",
                operation="insights",
            )
        told = {name: body.get(f"error_{name}") for name in ("user_title", "user_msg")}
        error = {
            "code": body["error_code"],
            "error_subcode": body.get("error_subcode"),
            "message": body.get("error_message"),
            **{f"error_{name}": text for name, text in told.items()},
        }
        # The poll itself was answered well: what failed is told inside.
        answer = HttpResponse(200, {}, b"")
        found = graph_error(error, answer, self._clock.now(), self._api.scrub)
        found.platform, found.operation = "meta", "insights"
        return found


class _SplitError(Exception):
    """
    So many days cannot be read; carries what to tell if there is no other way.
    """

    def __init__(self, error: PlatformError) -> None:
        super().__init__(str(error))
        self.error = error


def days_of(flight: Flight) -> dict[str, str]:
    """
    The days of a flight as Meta writes them, both included.
    """
    return {
        "since": flight.first_day.isoformat(),
        "until": flight.last_day.isoformat(),
    }


def _percent(value: Any) -> int:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0  # noqa: PLR2004


def _halves(flight: Flight) -> tuple[Flight, Flight]:
    days = flight.days()
    middle = len(days) // 2
    return (
        Flight(days[0].start, days[middle - 1].end),
        Flight(days[middle].start, days[-1].end),
    )


def _refused(what: str, value: str, known: str) -> ValidationError:
    issue = Issue(
        what,
        f"report.{what}",
        f"Meta has no report by {value or 'nothing'!r}",
        value=value,
        limit=known,
        hint=f"choose one of: {known}",
    )
    return ValidationError([issue])
