"""
The request log: every request and answer in order, without a single token.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import attrs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from smmlib.sandbox._values import Exchange, WireRequest

MASK = "***"
_HIDDEN = {
    "access_token",
    "appsecret_proof",
    "authorization",
    "client_secret",
    "refresh_token",
}
_LONGEST_TEXT = 20_000


@attrs.frozen
class LogEntry:
    """
    One exchange: what was asked, what was answered, which fault interfered.

    Attributes:
        n: Position in the log, counted from 1.
        at: Sandbox time in ISO 8601.
        path: Raw path as it stood on the wire.
        query: Query parameters, decoded; secrets are masked.
        form: Form fields, decoded; files as their size in bytes.
        status: HTTP status, None when no answer was given.
        answer: The answer's JSON, or its text.
        fault: Kind of the planned failure that fired, or empty.
        writes: Whether the request could change something; a batch of reads cannot.
        body: The request's JSON, for platforms that take it; otherwise None.
    """

    n: int
    at: str
    platform: str
    method: str
    path: str
    query: dict[str, str]
    form: dict[str, Any]
    headers: dict[str, str]
    status: int | None
    answer: Any
    fault: str
    writes: bool
    body: Any = None


class RequestLog:
    """
    All entries in order; `log.writes()` is what tests ask most.
    """

    def __init__(self, secrets: Callable[[], tuple[str, ...]]) -> None:
        self._entries: list[LogEntry] = []
        self._secrets = secrets

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[LogEntry]:
        return iter(tuple(self._entries))

    def __getitem__(self, index: int) -> LogEntry:
        return self._entries[index]

    def writes(self) -> tuple[LogEntry, ...]:
        """
        The entries that could change something.
        """
        return tuple(entry for entry in self._entries if entry.writes)

    def clear(self) -> None:
        """
        Start an empty log.
        """
        self._entries.clear()

    def to_json(self, since: int = 0) -> list[dict[str, Any]]:
        """
        The entries after number *since* as plain JSON.
        """
        return [attrs.asdict(entry) for entry in self._entries[since:]]

    def add(
        self,
        at: str,
        platform: str,
        request: WireRequest,
        exchange: Exchange,
        fault: str,
    ) -> None:
        """
        Write down one exchange.
        """
        answer = exchange.answer
        path, _, query = request.target.partition("?")
        self._entries.append(
            LogEntry(
                n=len(self._entries) + 1,
                at=at,
                platform=platform,
                method=request.method,
                path=self._mask(path),
                query=self._pairs(parse_qsl(query, keep_blank_values=True)),
                form=self._form(request),
                headers=self._pairs(list(request.headers.items())),
                status=answer.status if answer else None,
                answer=self._body(answer.body) if answer else None,
                fault=fault,
                writes=_writes(request),
                body=self._json(request),
            )
        )

    def _json(self, request: WireRequest) -> Any:
        if request.mimetype != "application/json":
            return None
        return self._body(request.get_data(cache=True))

    def _form(self, request: WireRequest) -> dict[str, Any]:
        form: dict[str, Any] = self._pairs(list(request.form.items()))
        for name, part in request.files.items():
            form[name] = f"<file of {part.content_length or _size(part.stream)} bytes>"
        return form

    def _pairs(self, pairs: list[tuple[str, str]]) -> dict[str, str]:
        return {
            name: MASK if name.lower() in _HIDDEN else self._mask(value)
            for name, value in pairs
        }

    def _mask(self, text: str) -> str:
        for secret in self._secrets():
            text = text.replace(secret, MASK)
        if len(text) > _LONGEST_TEXT:
            return f"{text[:200]}... <{len(text)} characters>"
        return text

    def _body(self, body: bytes) -> Any:
        text = body.decode("utf-8", "replace")
        for secret in self._secrets():
            text = text.replace(secret, MASK)
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            return text


def _writes(request: WireRequest) -> bool:
    verb = request.headers.get("X-HTTP-Method-Override", request.method)
    if verb in {"GET", "HEAD"}:
        return False
    try:
        items = json.loads(request.form.get("batch", "null"))
        return not items or any(item.get("method") != "GET" for item in items)
    except (ValueError, AttributeError, TypeError, RecursionError):
        return True


def _size(stream: Any) -> int:
    place = stream.tell()
    end = stream.seek(0, 2)
    stream.seek(place)
    return int(end)
