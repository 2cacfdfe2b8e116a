"""
LinkedIn's versioned REST API as the adapter uses it: one call, all pages, a batch.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import count
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.adapters._http import HttpRequest, HttpResponse, Repeat, parse_json
from smmlib.adapters.linkedin import _tables as tables
from smmlib.adapters.linkedin._errors import status_error
from smmlib.adapters.linkedin._restli import decoded, encoded, query
from smmlib.errors import (
    AuthenticationError,
    ConfigurationError,
    Outcome,
    PlatformError,
    UnexpectedResponseError,
)

if TYPE_CHECKING:
    from smmlib.adapters._http import HttpClient
    from smmlib.ports import Clock, Secret

Body = dict[str, Any]
Refresh = Callable[[], "Secret"]
"""
Gives a new access token when the old one has ended.
"""

_HTTP = {
    "GET": "GET",
    "BATCH_GET": "GET",
    "FINDER": "GET",
    "GET_ALL": "GET",
    "CREATE": "POST",
    "BATCH_CREATE": "POST",
    "ACTION": "POST",
    "PARTIAL_UPDATE": "POST",
    "BATCH_PARTIAL_UPDATE": "POST",
    "UPDATE": "PUT",
    "DELETE": "DELETE",
}
_BOUNDARY = "smm-tunnel"
_MOST_PAGES = 100_000
# A token can be refused for some seconds after it was made.
_FRESH_WAITS = (5.0, 10.0, 15.0)


@attrs.frozen
class Call:
    """
    One Rest.li call.

    Attributes:
        method: Rest.li's name of it, e.g. `BATCH_GET`.
        path: Behind `rest/`, keys encoded.
        query: The finished query string.
        body: What is sent as JSON.
        repeat: How it may be repeated.
    """

    method: str
    path: str
    query: str = attrs.field(default="", kw_only=True)
    body: Any = attrs.field(default=None, kw_only=True)
    repeat: Repeat = attrs.field(default=Repeat.READ, kw_only=True)

    def request(self, version: str) -> HttpRequest:
        """
        The call as one HTTP request; a query that is too long travels in the body.
        """
        headers = {
            "LinkedIn-Version": version,
            "X-Restli-Protocol-Version": "2.0.0",
            "X-RestLi-Method": self.method,
        }
        verb, path = _HTTP[self.method], f"rest/{self.path}"
        content = None if self.body is None else _json(self.body)
        if len(self.query) > tables.LONGEST_QUERY:
            headers["X-HTTP-Method-Override"] = verb
            verb, content = "POST", self._tunnelled(headers, content)
        else:
            if content is not None:
                headers["Content-Type"] = "application/json"
            elif verb == "POST":
                content = b""  # with its length of nothing, or LinkedIn answers 411
            path += f"?{self.query}" if self.query else ""
        return HttpRequest(
            verb,
            path,
            content=content,
            headers=headers,
            repeat=self.repeat,
            title=f"{self.method} {self.path}",
        )

    def _tunnelled(self, headers: dict[str, str], content: bytes | None) -> bytes:
        form = "application/x-www-form-urlencoded"
        if content is None:
            headers["Content-Type"] = form
            return self.query.encode()
        headers["Content-Type"] = f"multipart/mixed; boundary={_BOUNDARY}"
        parts = ((form, self.query.encode()), ("application/json", content))
        body = b"".join(
            f"--{_BOUNDARY}\r\nContent-Type: {kind}\r\n\r\n".encode() + part + b"\r\n"
            for kind, part in parts
        )
        return body + f"--{_BOUNDARY}--\r\n".encode()


class LinkedInApi:
    """
    Calls to one version of the API; safe to share by threads.

    Args:
        http: The client.
        version: `LinkedIn-Version`.
        clock: Time.
        refresh: Gives a new token once; None where there is no way to get one.
    """

    def __init__(
        self,
        http: HttpClient,
        version: str,
        clock: Clock,
        refresh: Refresh | None = None,
    ) -> None:
        self._http = http
        self._version = version
        self._clock = clock
        self._refresh = refresh
        self._lock = threading.Lock()
        self._tokens = 0

    # -- reading -------------------------------------------------------------------

    def get(self, path: str) -> Body:
        """
        Read one entity.
        """
        return self._object(Call("GET", path))

    def batch_get(self, path: str, keys: Sequence[str | int]) -> dict[str, Body]:
        """
        Entities by key; what does not exist is left out.

        Raises:
            PlatformError: One of them could not be read for another reason.
        """
        body = self._object(Call("BATCH_GET", path, query=query({"ids": list(keys)})))
        for key, error in _map(body.get("errors")).items():
            found = self._element_error(_map(error), Repeat.READ, f"BATCH_GET {path}")
            if found.status != 404:  # noqa: PLR2004
                found.message = f"{decoded(key)}: {found.message}"
                raise found
        results = _map(body.get("results"))
        return {decoded(k): dict(v) for k, v in results.items() if _is_map(v)}

    def find(self, path: str, values: Mapping[str, Any], **options: Any) -> Body:
        """
        One answer of a finder.
        """
        return self._object(Call("FINDER", path, query=query(values, **options)))

    def pages(self, path: str, values: Mapping[str, Any], size: int) -> Iterator[Body]:
        """
        Every entity of a finder with cursors; a short page is not the end.
        """
        asked, seen = {**values, "pageSize": size}, set[str]()
        for _ in range(_MOST_PAGES):
            body = self.find(path, asked)
            yield from rows_of(body, path)
            token = _map(body.get("metadata")).get("nextPageToken")
            if not token:
                return
            if str(token) in seen:
                break
            seen.add(str(token))
            asked["pageToken"] = str(token)
        raise UnexpectedResponseError(
            "the pages of a list go round in circles",
            platform="linkedin",
            operation=f"FINDER {path}",
        )

    # -- writing -------------------------------------------------------------------

    def create(self, path: str, body: Any) -> str:
        """
        Create one entity and give its id.
        """
        call = Call("CREATE", path, body=body, repeat=Repeat.CREATE)
        return self._created(call, self._send(call))

    def act(
        self, path: str, action: str, body: Any, *, repeat: Repeat = Repeat.CREATE
    ) -> tuple[Body, str]:
        """
        Carry out an action: its value, and the id of what it made, if any.
        """
        call = Call(
            "ACTION",
            path,
            query=query({"action": action}),
            body=body,
            repeat=repeat,
        )
        answer = self._send(call)
        value = self._json_of(call, answer).get("value") if answer.body else None
        found = decoded(answer.headers.get("x-restli-id", ""))
        if not found and isinstance(value, str):
            found = value
        return dict(_map(value)), found

    def batch_create(
        self, path: str, elements: Sequence[Any]
    ) -> tuple[str | PlatformError, ...]:
        """
        Create several entities: an id or an error for each, in order.

        Raises:
            PlatformError: The request as a whole failed.
        """
        call = Call(
            "BATCH_CREATE",
            path,
            body={"elements": list(elements)},
            repeat=Repeat.CREATE,
        )
        rows = self._object(call).get("elements")
        given = rows if isinstance(rows, list) else []
        padded = [*given[: len(elements)], *[None] * (len(elements) - len(given))]
        return tuple(self._element(row, call) for row in padded)

    def stream(
        self, path: str, elements: Sequence[Any]
    ) -> tuple[PlatformError | None, ...]:
        """
        Add elements that are the same however often they are added; None or an error
        for each, in order.

        Raises:
            PlatformError: The request as a whole failed.
        """
        call = Call(
            "BATCH_CREATE",
            path,
            body={"elements": list(elements)},
            repeat=Repeat.UPDATE,
        )
        rows = self._object(call).get("elements")
        given = rows if isinstance(rows, list) else []
        padded = [*given[: len(elements)], *[None] * (len(elements) - len(given))]
        return tuple(self._streamed(row, call) for row in padded)

    def update(self, path: str, patch: Mapping[str, Any]) -> None:
        """
        Change one entity to absolute values.
        """
        call = Call("PARTIAL_UPDATE", path, body={"patch": patch}, repeat=Repeat.UPDATE)
        self._send(call)

    def batch_update(
        self, path: str, patches: Mapping[str, Mapping[str, Any]]
    ) -> dict[str, PlatformError | None]:
        """
        Change several entities: None or an error for each key.

        Raises:
            PlatformError: The request as a whole failed.
        """
        call = Call(
            "BATCH_PARTIAL_UPDATE",
            path,
            query=query({"ids": list(patches)}),
            body={
                "entities": {encoded(k): {"patch": p} for k, p in patches.items()},
            },
            repeat=Repeat.UPDATE,
        )
        body = self._object(call)
        done = {decoded(k): v for k, v in _map(body.get("results")).items()}
        bad = {decoded(k): v for k, v in _map(body.get("errors")).items()}
        return {key: self._changed(key, done, bad, call) for key in patches}

    def put(self, path: str, body: Any) -> None:
        """
        Set an entity as a whole; again is harmless.
        """
        self._send(Call("UPDATE", path, body=body, repeat=Repeat.UPDATE))

    def delete(self, path: str) -> None:
        """
        Delete an entity.
        """
        self._send(Call("DELETE", path, repeat=Repeat.UPDATE))

    def upload(self, url: str, content: bytes) -> str:
        """
        PUT bytes to an address LinkedIn gave; gives the ETag of what was kept.

        Raises:
            PlatformError: It failed, or leads to a host the token may not go to.
        """
        request = HttpRequest(
            "PUT",
            "",
            content=content,
            headers={"Content-Type": "application/octet-stream"},
            elsewhere=url,
            repeat=Repeat.UPDATE,
            title="PUT upload",
        )
        try:
            answer = self._http.send(request)
        except ConfigurationError as error:
            raise UnexpectedResponseError(
                f"LinkedIn names an address to upload to that is not its own: "
                f"{error.message}",
                platform="linkedin",
                operation=request.name,
            ) from error
        return answer.headers.get("etag", "")

    # -- answers -------------------------------------------------------------------

    def _send(self, call: Call) -> HttpResponse:
        """
        Send, with a new token where the old one has ended. A 401 changed nothing.
        """
        request = call.request(self._version)
        known = self._tokens
        for attempt in count():
            try:
                return self._http.send(request)
            except AuthenticationError:
                if self._refresh is None or attempt > len(_FRESH_WAITS):
                    raise
                if attempt == 0:
                    self._renew(known)
                else:
                    self._clock.sleep(_FRESH_WAITS[attempt - 1])
        raise AssertionError  # the loop has no end

    def _renew(self, known: int) -> None:
        """
        Fetch a new token, unless another thread has done so since.
        """
        with self._lock:
            if self._refresh is not None and self._tokens == known:
                self._http.use(self._refresh())
                self._tokens += 1

    def _object(self, call: Call) -> Body:
        return self._json_of(call, self._send(call))

    def _json_of(self, call: Call, answer: HttpResponse) -> Body:
        try:
            body = parse_json(answer.body)
        except ValueError:
            body = None
        if isinstance(body, dict):
            return body
        raise self._bad(call, "the answer is no object")

    def _created(self, call: Call, answer: HttpResponse) -> str:
        found = decoded(
            answer.headers.get("x-restli-id") or answer.headers.get("x-linkedin-id", "")
        )
        if found:
            return found
        raise self._bad(call, "a create was answered without an id")

    def _bad(self, call: Call, words: str) -> PlatformError:
        read = call.repeat is Repeat.READ
        return UnexpectedResponseError(
            words,
            platform="linkedin",
            operation=f"{call.method} {call.path}",
            outcome=Outcome.NOT_APPLIED if read else Outcome.UNKNOWN,
        )

    def _element(self, row: Any, call: Call) -> str | PlatformError:
        """
        What became of one element of a batch; silence leaves it open.
        """
        if not _is_map(row):
            return self._bad(call, "not answered within the batch")
        status = row.get("status")
        if isinstance(status, int) and 200 <= status < 300:  # noqa: PLR2004
            found = decoded(str(row.get("id") or ""))
            return found or self._bad(call, "a create was answered without an id")
        error = {**_map(row.get("error"))}
        error.setdefault("status", status)
        return self._element_error(error, call.repeat, f"{call.method} {call.path}")

    def _streamed(self, row: Any, call: Call) -> PlatformError | None:
        status = row.get("status") if _is_map(row) else None
        if isinstance(status, int) and 200 <= status < 300:  # noqa: PLR2004
            return None
        error = {**_map(_map(row).get("error"))}
        error.setdefault("status", status)
        return self._element_error(error, call.repeat, f"{call.method} {call.path}")

    def _changed(
        self, key: str, done: Body, bad: Body, call: Call
    ) -> PlatformError | None:
        name = f"{call.method} {call.path}"
        if key in bad:
            return self._element_error(_map(bad[key]), call.repeat, name)
        if key not in done:
            return self._bad(call, "not answered within the batch")
        status = _map(done[key]).get("status", 204)
        if isinstance(status, int) and status >= 300:  # noqa: PLR2004
            return self._element_error(_map(done[key]), call.repeat, name)
        return None

    def _element_error(
        self, error: Mapping[str, Any], repeat: Repeat, name: str
    ) -> PlatformError:
        status = error.get("status")
        found = status_error(
            status if isinstance(status, int) else 500,
            error,
            self._clock.now(),
            self._http.scrub,
            repeat=repeat,
            name=name,
        )
        found.platform, found.operation = "linkedin", name
        return found


def rows_of(body: Mapping[str, Any], path: str) -> list[Body]:
    """
    The elements of a finder's answer.

    Raises:
        UnexpectedResponseError: There are none, or they are no objects.
    """
    rows = body.get("elements")
    if isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
        return rows
    raise UnexpectedResponseError(
        "a list was not answered with elements",
        platform="linkedin",
        operation=f"FINDER {path}",
    )


def _is_map(value: Any) -> bool:
    return isinstance(value, Mapping)


def _map(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _json(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()
