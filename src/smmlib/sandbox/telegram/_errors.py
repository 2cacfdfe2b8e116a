"""
Refusals in the words of the Bot API, which clients match on.

Source: the server of the Bot API (tdlib/telegram-bot-api), 2026-05.
"""

from __future__ import annotations

import json
from typing import Any

from smmlib.sandbox._values import Answer

_PREFIX = {
    400: "Bad Request: ",
    403: "Forbidden: ",
    404: "Not Found: ",
}


class BotError(Exception):
    """
    A refusal: HTTP status and error code are the same number.
    """

    def __init__(self, status: int, text: str, retry_after: int | None = None) -> None:
        super().__init__(text)
        self.status = status
        self.text = text
        self.retry_after = retry_after

    def answer(self) -> Answer:
        """
        The refusal as it goes over the wire.
        """
        body: dict[str, Any] = {
            "ok": False,
            "error_code": self.status,
            "description": _PREFIX.get(self.status, "") + self.text,
        }
        headers: tuple[tuple[str, str], ...] = (("Content-Type", "application/json"),)
        if self.retry_after is not None:
            body["parameters"] = {"retry_after": self.retry_after}
            headers += (("Retry-After", str(self.retry_after)),)
        return Answer(self.status, json.dumps(body).encode(), headers)


def bad(text: str) -> BotError:
    """
    The request cannot be right.
    """
    return BotError(400, text)


def too_many(seconds: int) -> BotError:
    """
    Flood control.
    """
    return BotError(429, f"Too Many Requests: retry after {seconds}", seconds)


def not_modelled(what: str) -> BotError:
    """
    Known to Telegram, not to this sandbox.
    """
    return BotError(501, f"the sandbox does not model {what}")
