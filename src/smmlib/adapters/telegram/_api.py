"""
Calls of the Bot API, and which of our errors its refusals are.

Source: the server of the Bot API (tdlib/telegram-bot-api), 2026-05.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from smmlib.adapters._http import HttpClient, HttpRequest, Repeat, parse_json
from smmlib.errors import (
    AuthenticationError,
    InvalidRequestError,
    NotFoundError,
    Outcome,
    PermissionDeniedError,
    PlatformError,
    RateLimitError,
    ServerError,
    UnexpectedResponseError,
)

if TYPE_CHECKING:
    from smmlib.adapters._http import HttpResponse
    from smmlib.ports import Clock

HOST = "api.telegram.org"
_SERVER_ERROR = 500
_BY_STATUS: dict[int, type[PlatformError]] = {
    400: InvalidRequestError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: AuthenticationError,  # a token that is none: the path does not exist
    429: RateLimitError,
}
_HINTS: dict[type[PlatformError], str] = {
    AuthenticationError: "ask @BotFather for the token of the bot",
    PermissionDeniedError: "make the bot an administrator who may post",
    RateLimitError: "wait; nothing was posted",
    ServerError: "look into the channel before you post again",
    NotFoundError: "write the channel as @name, and add the bot to it",
}
# Refusals that say what was asked for is already so.
DONE = ("message is not modified",)
GONE = ("message to delete not found", "message to edit not found")


class BotApi:
    """
    One bot.
    """

    def __init__(self, http: HttpClient) -> None:
        self._http = http

    def call(
        self,
        method: str,
        values: Mapping[str, Any],
        *,
        repeat: Repeat = Repeat.READ,
        files: Mapping[str, tuple[str, bytes]] | None = None,
    ) -> Any:
        """
        Call one method; its result.

        Raises:
            PlatformError: It was refused, failed, or answered with nothing readable.
        """
        form = {
            key: value if isinstance(value, str) else json.dumps(value)
            for key, value in values.items()
        }
        request = HttpRequest(
            "POST", method, form=form, files=files or {}, repeat=repeat, title=method
        )
        return parse_json(self._http.send(request).body)["result"]


def judge(
    clock: Clock, scrub: Callable[[str], str]
) -> Callable[[HttpRequest, HttpResponse], PlatformError | None]:
    """
    The reader of answers that the HTTP client asks which error they are.
    """

    def verdict(request: HttpRequest, answer: HttpResponse) -> PlatformError | None:
        try:
            body = parse_json(answer.body)
        except ValueError:
            body = None
        if not isinstance(body, dict) or "ok" not in body:
            return _unreadable(request, answer)
        if body["ok"] is True and "result" in body:
            return None
        return _refusal(request, answer, body, clock, scrub)

    return verdict


def _unreadable(request: HttpRequest, answer: HttpResponse) -> PlatformError:
    if answer.status >= _SERVER_ERROR:
        return ServerError(
            f"Telegram failed with HTTP {answer.status}",
            outcome=request.unknown,
            status=answer.status,
            hint=_HINTS[ServerError],
        )
    return UnexpectedResponseError(
        "the answer is none of Telegram's",
        outcome=request.unknown,
        status=answer.status,
        hint=_HINTS[ServerError],
    )


def _refusal(
    request: HttpRequest,
    answer: HttpResponse,
    body: Mapping[str, Any],
    clock: Clock,
    scrub: Callable[[str], str],
) -> PlatformError:
    code = body.get("error_code")
    status = code if isinstance(code, int) else answer.status
    text = scrub(str(body.get("description", "refused")))
    kind = _BY_STATUS.get(status, ServerError)
    if "chat not found" in text:
        kind = NotFoundError
    details: dict[str, Any] = {"status": status, "code": status}
    if kind is ServerError:
        details["outcome"] = request.unknown
    else:
        details["outcome"] = Outcome.NOT_APPLIED
    if kind is RateLimitError:
        found = body.get("parameters")
        seconds = found.get("retry_after") if isinstance(found, dict) else None
        if isinstance(seconds, int):
            details["resume_at"] = clock.now() + timedelta(seconds=seconds)
    return kind(text, hint=_HINTS.get(kind, ""), **details)
