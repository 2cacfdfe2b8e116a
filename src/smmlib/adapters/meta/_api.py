"""
The Graph API as the adapter uses it: one call, all pages, a batch of calls.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode, urlsplit

import attrs

from smmlib.adapters._http import HttpRequest, HttpResponse, Repeat, parse_json
from smmlib.adapters.meta._errors import graph_error
from smmlib.errors import Outcome, PlatformError, ServerError, UnexpectedResponseError

if TYPE_CHECKING:
    from smmlib.adapters._http import HttpClient
    from smmlib.adapters.meta._fast import RowDecoder
    from smmlib.ports import Clock

_MOST_PAGES = 100_000


def json_text(value: Any) -> str:
    """
    A nested value as Meta's own clients write it: sorted, compact, ASCII.
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), default=str)


def form_of(values: Mapping[str, Any]) -> dict[str, str]:
    """
    Parameters as form fields: texts as they are, everything nested as JSON.
    """
    return {
        name: value if isinstance(value, str) else json_text(value)
        for name, value in values.items()
    }


@attrs.frozen
class Call:
    """
    One call of a batch.

    Attributes:
        method: GET, POST or DELETE.
        path: Behind the version, e.g. `act_1/campaigns`.
        values: Its parameters.
    """

    method: str
    path: str
    values: Mapping[str, Any] = attrs.field(factory=dict)

    def item(self) -> dict[str, str]:
        """
        The call as an entry of the batch parameter.
        """
        encoded = urlencode(form_of(self.values))
        if self.method == "POST":
            return {"method": "POST", "relative_url": self.path, "body": encoded}
        url = f"{self.path}?{encoded}" if encoded else self.path
        return {"method": self.method, "relative_url": url}


class GraphApi:
    """
    Calls below one version of the Graph API.
    """

    def __init__(self, http: HttpClient, version: str, clock: Clock) -> None:
        self._http = http
        self._version = version
        self._clock = clock

    def scrub(self, text: str) -> str:
        """
        A text of Meta's that can be shown.
        """
        return self._http.scrub(text)

    def get(self, path: str, **values: Any) -> dict[str, Any]:
        """
        Read one object.
        """
        request = HttpRequest("GET", self._path(path), query=form_of(values))
        return self._object(request)

    def write(
        self,
        path: str,
        values: Mapping[str, Any],
        *,
        repeat: Repeat,
        files: Mapping[str, tuple[str, bytes]] | None = None,
    ) -> dict[str, Any]:
        """
        POST an object or a change.
        """
        request = HttpRequest(
            "POST",
            self._path(path),
            form=form_of(values),
            files=files or {},
            repeat=repeat,
        )
        return self._object(request)

    def delete(self, path: str) -> dict[str, Any]:
        """
        Delete an object.
        """
        request = HttpRequest("DELETE", self._path(path), repeat=Repeat.UPDATE)
        return self._object(request)

    def pages(self, path: str, **values: Any) -> Iterator[dict[str, Any]]:
        """
        Every row of a list, through all of its pages.

        A page may be short or empty and still have a next one. Only the cursor is
        taken from there: next addresses carry the token.
        """
        for rows in self.row_pages(path, **values):
            yield from rows

    def row_pages(
        self, path: str, *, decoder: RowDecoder | None = None, **values: Any
    ) -> Iterator[list[Any]]:
        """
        The pages of a list, each as its rows.

        Args:
            path: The list.
            decoder: Reads rows of a known form faster; each page is either all of its
                rows, or, where they have another form, all plain.
            values: Parameters.
        """
        query = dict(values)
        seen: set[str] = set()
        kinds: set[type[Any]] = {dict} if decoder is None else {dict, decoder.row}
        for _ in range(_MOST_PAGES):
            request = HttpRequest(
                "GET", self._path(path), query=form_of(query), decode=decoder
            )
            body = self._object(request)
            rows, after = _rows(body, path, kinds), _next_cursor(body)
            # Nothing of a page is kept while the next one is waited for.
            del body
            yield rows
            del rows
            if after is None:
                return
            if after in seen:
                break
            seen.add(after)
            query["after"] = after
        raise UnexpectedResponseError(
            "the pages of a list go round in circles", operation=f"GET {path}"
        )

    def batch(
        self, calls: Sequence[Call], *, repeat: Repeat
    ) -> tuple[dict[str, Any] | PlatformError, ...]:
        """
        Send up to 50 calls in one request; one object or error for each, in order.

        Raises:
            PlatformError: The request as a whole failed.
        """
        request = HttpRequest(
            "POST",
            f"{self._version}/",
            form={
                "batch": json_text([call.item() for call in calls]),
                "include_headers": "true",
            },
            repeat=repeat,
            title=f"batch of {len(calls)}",
        )
        answer = self._http.send(request)
        items = answer.json()
        if not isinstance(items, list):
            raise UnexpectedResponseError(
                "a batch was not answered with a list",
                platform="meta",
                operation=request.name,
                outcome=request.unknown,
            )
        padded = [*items[: len(calls)], *[None] * (len(calls) - len(items))]
        return tuple(
            self._settled(call, item, repeat)
            for call, item in zip(calls, padded, strict=True)
        )

    def _path(self, path: str) -> str:
        return f"{self._version}/{path}"

    def _object(self, request: HttpRequest) -> dict[str, Any]:
        body = self._http.send(request).json()
        if isinstance(body, dict):
            return body
        raise UnexpectedResponseError(
            "the answer is no object",
            platform="meta",
            operation=request.name,
            outcome=request.unknown,
        )

    def _settled(
        self, call: Call, item: Any, repeat: Repeat
    ) -> dict[str, Any] | PlatformError:
        """
        What became of one call of a batch; no answer for it leaves a write open.
        """
        found = self._item(item, repeat)
        if isinstance(found, PlatformError):
            found.platform = "meta"
            found.operation = f"{call.method} {call.path}"
        return found

    def _item(self, item: Any, repeat: Repeat) -> dict[str, Any] | PlatformError:
        unknown = Outcome.NOT_APPLIED if repeat is Repeat.READ else Outcome.UNKNOWN
        if item is None:
            return ServerError("not answered within the batch", outcome=unknown)
        try:
            status, body = int(item["code"]), parse_json(str(item["body"]).encode())
        except (KeyError, TypeError, ValueError):
            return UnexpectedResponseError("unreadable batch item", outcome=unknown)
        answer = HttpResponse(status, _headers(item.get("headers")), b"")
        if isinstance(body, dict) and "error" in body:
            now = self._clock.now()
            scrub = self._http.scrub
            return graph_error(body["error"], answer, now, scrub, repeat=repeat)
        if status >= 300 or not isinstance(body, dict):  # noqa: PLR2004
            return UnexpectedResponseError(
                f"batch item answered HTTP {status}", status=status, outcome=unknown
            )
        return body


def _headers(items: Any) -> dict[str, str]:
    if not isinstance(items, list):
        return {}
    return {
        str(item.get("name", "")).lower(): str(item.get("value", ""))
        for item in items
        if isinstance(item, dict)
    }


def _rows(body: Mapping[str, Any], path: str, kinds: set[type[Any]]) -> list[Any]:
    rows = body.get("data")
    if isinstance(rows, list) and set(map(type, rows)) <= kinds:
        return rows
    raise UnexpectedResponseError(
        "a list was not answered with data", platform="meta", operation=f"GET {path}"
    )


def _next_cursor(body: Mapping[str, Any]) -> str | None:
    paging = body.get("paging")
    if not isinstance(paging, dict) or not paging.get("next"):
        return None
    cursors = paging.get("cursors")
    after = cursors.get("after") if isinstance(cursors, dict) else None
    if not after:
        try:
            query = parse_qs(urlsplit(str(paging["next"])).query)
        except ValueError:
            query = {}
        after = query.get("after", [""])[0]
    if not after:
        # To stop here would lose rows without a word.
        raise UnexpectedResponseError("a next page without a cursor", platform="meta")
    return str(after)
