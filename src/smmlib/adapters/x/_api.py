"""
X's Ads API as calls: parameters in, the data of the answer out.

Write parameters stand in the query, as X's own SDK sends them; batches, cards and
estimates are JSON. Lists are joined by commas, booleans lower-case, times UTC.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from smmlib.adapters._http import HttpRequest, Repeat, parse_json
from smmlib.adapters.x import _tables as tables
from smmlib.adapters.x._errors import refused_parts, told_error
from smmlib.errors import (
    ConflictError,
    NotFoundError,
    Outcome,
    PlatformError,
    UnexpectedResponseError,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from smmlib.adapters._http import HttpClient, HttpResponse

Body = dict[str, Any]
_LARGEST_FILE = 64 * 1024 * 1024


class XApi:
    """
    One ad account of X's Ads API.

    Args:
        http: The client; it signs.
        account: Id of the ad account.
        version: Version of the API, e.g. `12`.
        scrub: Takes keys out of texts.
    """

    def __init__(
        self,
        http: HttpClient,
        account: str,
        version: str,
        scrub: Callable[[str], str],
    ) -> None:
        self._http = http
        self._version = version
        self._scrub = scrub
        self._own = f"{version}/accounts/{account}"
        self._account = account

    # -- reading -------------------------------------------------------------------

    def one(self, path: str = "", **params: Any) -> Body | None:
        """
        One object of the account by its path; None when it is not there.
        """
        try:
            rows = self._rows(self._get(self._join(path), params))
        except NotFoundError:
            return None
        return rows[0] if rows else None

    def rows(self, path: str, *, count: int = 0, **params: Any) -> Iterator[Body]:
        """
        All objects of a list of the account, page by page.
        """
        return self._pages(self._join(path), count, params)

    def chosen(
        self, path: str, name: str, ids: Iterable[str], *, count: int = 0, **params: Any
    ) -> Iterator[Body]:
        """
        Objects of a list of the account by their ids, as many as fit at once, side by
        side where they need several questions.
        """
        asked = [
            {name: list(part), **params}
            for part in chunks(dict.fromkeys(ids), tables.IDS)
        ]
        whole = self._join(path)
        if len(asked) <= 1:
            for one in asked:
                yield from self._pages(whole, count, one)
            return
        with ThreadPoolExecutor(min(tables.TOGETHER, len(asked))) as pool:
            pages = pool.map(lambda one: list(self._pages(whole, count, one)), asked)
            for rows in pages:
                yield from rows

    def anywhere(self, path: str, *, count: int = 0, **params: Any) -> Iterator[Body]:
        """
        All objects of a list that belongs to no account.
        """
        return self._pages(f"{self._version}/{path}", count, params)

    def stats(self, path: str = "", **params: Any) -> list[Body]:
        """
        Rows of statistics.
        """
        return self._rows(self._get(self._statistics(path), params))

    def jobs(self, ids: Sequence[str]) -> list[Body]:
        """
        Jobs of statistics by their ids.
        """
        found: list[Body] = []
        for part in chunks(ids, tables.IDS):
            asked = {"job_ids": list(part), "count": tables.IDS}
            found += self._rows(self._get(self._statistics("jobs"), asked))
        return found

    def file(self, url: str) -> Any:
        """
        The packed figures of a finished job.
        """
        request = HttpRequest("GET", "", elsewhere=url, title="GET a result file")
        packed = self._http.send(request).body
        try:
            reader = zlib.decompressobj(16 + zlib.MAX_WBITS)
            plain = reader.decompress(packed, _LARGEST_FILE)
            whole = reader.eof and not reader.unconsumed_tail
            return parse_json(plain if whole else b"")
        except (zlib.error, ValueError) as error:
            raise UnexpectedResponseError(
                "a result file is no packed JSON",
                platform="x",
                operation=request.name,
            ) from error

    # -- writing -------------------------------------------------------------------

    def post(self, path: str, *, again: bool = False, **params: Any) -> list[Body]:
        """
        Create something; what the answer holds, at least one object.

        Args:
            path: Where, in the account.
            again: Whether a repetition does no harm.
            params: Parameters by name.
        """
        repeat = Repeat.UPDATE if again else Repeat.CREATE
        return self._write("POST", self._join(path), params, repeat)

    def statistics_job(self, **params: Any) -> Body:
        """
        Ask for figures that are counted later; asking twice costs a job, no more.
        """
        path = self._statistics("jobs")
        return self._write("POST", path, params, Repeat.UPDATE)[0]

    def put(self, path: str, **params: Any) -> Body:
        """
        Set fields of an object: only what is sent changes.
        """
        return self._write("PUT", self._join(path), params, Repeat.UPDATE)[0]

    def delete(self, path: str) -> None:
        """
        Delete something.

        Raises:
            NotFoundError: It is gone already.
        """
        self._http.send(self._request("DELETE", self._join(path), {}, Repeat.UPDATE))

    def json(self, path: str, body: Any, *, repeat: Repeat = Repeat.CREATE) -> Body:
        """
        Send a JSON body.
        """
        answer = self._send_json(self._join(path), body, repeat)
        return self._first("POST", self._rows(self._object(answer, path, repeat)), path)

    def batch(
        self, kind: str, items: Sequence[Body], *, repeat: Repeat
    ) -> list[Body | PlatformError]:
        """
        Do many operations in one request, all of them or none.

        Returns:
            One object for each. Where X refused: one error for each, and those that
            were fine say that they were not done and may be sent again.
        """
        path = f"{self._version}/batch/accounts/{self._account}/{kind}"
        answer = self._send_json(path, list(items), repeat)
        parts = refused_parts(answer)
        if parts is not None:
            return [*self._refused(answer, parts, len(items))]
        rows = self._rows(self._object(answer, path, repeat))
        if len(rows) == len(items):
            return [*rows]
        raise self._bad(
            "POST", path, f"{len(rows)} of {len(items)} objects told", Outcome.UNKNOWN
        )

    # -- the wire ------------------------------------------------------------------

    def _join(self, path: str) -> str:
        return f"{self._own}/{path}" if path else self._own

    def _statistics(self, path: str) -> str:
        if path == "jobs":
            return f"{self._version}/stats/jobs/accounts/{self._account}"
        tail = f"/{path}" if path else ""
        return f"{self._version}/stats/accounts/{self._account}{tail}"

    def _request(
        self, method: str, path: str, params: Mapping[str, Any], repeat: Repeat
    ) -> HttpRequest:
        query = {k: wire(v) for k, v in params.items() if v is not None}
        title = f"{method} {path.partition('/')[2]}"
        return HttpRequest(method, path, query=query, repeat=repeat, title=title)

    def _get(self, path: str, params: Mapping[str, Any]) -> Body:
        request = self._request("GET", path, params, Repeat.READ)
        return self._object(self._http.send(request), path, Repeat.READ)

    def _pages(
        self, path: str, count: int, params: Mapping[str, Any]
    ) -> Iterator[Body]:
        asked = {**params, "count": count or None}
        seen: set[str] = set()
        while True:
            body = self._get(path, asked)
            yield from self._rows(body)
            cursor = str(body.get("next_cursor") or "")
            if not cursor:
                return
            if cursor in seen:
                raise self._bad("GET", path, "the same page again", Outcome.NOT_APPLIED)
            seen.add(cursor)
            asked["cursor"] = cursor

    def _write(
        self, method: str, path: str, params: Mapping[str, Any], repeat: Repeat
    ) -> list[Body]:
        answer = self._http.send(self._request(method, path, params, repeat))
        rows = self._rows(self._object(answer, path, repeat))
        self._first(method, rows, path)
        return rows

    def _send_json(self, path: str, body: Any, repeat: Repeat) -> HttpResponse:
        content = json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode()
        request = HttpRequest(
            "POST",
            path,
            content=content,
            headers={"Content-Type": "application/json"},
            repeat=repeat,
            title=f"POST {path.partition('/')[2]}",
        )
        return self._http.send(request)

    # -- answers -------------------------------------------------------------------

    def _object(self, answer: HttpResponse, path: str, repeat: Repeat) -> Body:
        try:
            body = parse_json(answer.body)
        except ValueError:
            body = None
        if isinstance(body, dict):
            return body
        read = repeat is Repeat.READ
        outcome = Outcome.NOT_APPLIED if read else Outcome.UNKNOWN
        method = "GET" if read else "POST"
        raise self._bad(method, path, "the answer is no object", outcome)

    def _rows(self, body: Mapping[str, Any]) -> list[Body]:
        """
        The objects of an answer: X tells a list where one is due, and one in a list.
        """
        data = body.get("data")
        rows = data if isinstance(data, list) else [data]
        return [_Row(row) for row in rows if isinstance(row, dict)]

    def _first(self, method: str, rows: list[Body], path: str) -> Body:
        """
        What a write tells; nothing at all was seen where nothing was done.
        """
        if rows:
            return rows[0]
        raise self._bad(method, path, "nothing is told of it", Outcome.UNKNOWN)

    def _refused(
        self, answer: HttpResponse, parts: list[Any], size: int
    ) -> Iterator[PlatformError]:
        for place in range(size):
            told = parts[place] if place < len(parts) else []
            rows = [row for row in told or [] if isinstance(row, Mapping)]
            yield told_error(answer.status, rows, self._scrub) if rows else _held()

    def _bad(
        self, method: str, path: str, words: str, outcome: Outcome
    ) -> UnexpectedResponseError:
        return UnexpectedResponseError(
            words,
            platform="x",
            operation=f"{method} {path.partition('/')[2]}",
            outcome=outcome,
        )


class _Row(dict[str, Any]):
    """
    One object of an answer; without what it must have, it is no answer of X's.
    """

    def __missing__(self, key: str) -> Any:
        raise UnexpectedResponseError(
            f"an object was told without its {key}",
            platform="x",
            outcome=Outcome.UNKNOWN,
        )


def _held() -> PlatformError:
    """
    An operation that was fine, and was not done because of its neighbours.
    """
    return ConflictError(
        "not done, because another part of the same request was refused",
        platform="x",
        hint="correct the other one; this one may be sent again",
    )


def wire(value: Any) -> str:
    """
    A value as X takes it in a query.

    Raises:
        ValueError: A time without a zone, which would be another moment everywhere.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        if value.utcoffset() is None:
            message = f"{value} has no time zone"
            raise ValueError(message)
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, (list, tuple)):
        return ",".join(wire(one) for one in value)
    return str(value)


def chunks(values: Iterable[Any], size: int) -> Iterator[tuple[Any, ...]]:
    """
    As many at once as fit.
    """
    rest = list(values)
    for start in range(0, len(rest), size):
        yield tuple(rest[start : start + size])
