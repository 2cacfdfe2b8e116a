"""
The emulated Bot API: token, method, envelope.

Source: the server of the Bot API (tdlib/telegram-bot-api), 2026-05.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import attrs

from smmlib.errors import SandboxError
from smmlib.sandbox._values import Answer
from smmlib.sandbox.telegram._errors import BotError, not_modelled, too_many
from smmlib.sandbox.telegram._messages import Channel
from smmlib.sandbox.telegram._methods import METHODS, NOT_MODELLED, Call
from smmlib.sandbox.telegram._params import params_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smmlib.sandbox._clock import SandboxClock
    from smmlib.sandbox._faults import Fault
    from smmlib.sandbox._values import JsonObject, WireRequest

_BY_NAME = {name.lower(): method for name, method in METHODS.items()}
_KNOWN = {name.lower() for name in NOT_MODELLED}
_WAIT_S = 7
_FOLLOWERS, _A_DAY = 4_200, 9


class TelegramPlatform:
    """
    Telegram as a bot sees it: one channel it runs, and one it was removed from.
    """

    name = "telegram"

    def __init__(self, clock: SandboxClock, *, seed: int) -> None:
        self._clock = clock
        self._seed = seed
        digest = hashlib.sha256(f"telegram {seed}".encode()).hexdigest()
        number = int(digest[:8], 16)
        bot_id = 7_000_000_000 + number % 900_000_000
        self._token = f"sbx_{bot_id}:{digest[8:43]}"
        self._bot = {
            "id": bot_id,
            "is_bot": True,
            "first_name": "Sandbox bot",
            "username": "smm_sandbox_bot",
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
        }
        self._first = -1_001_000_000_000 - number % 900_000_000
        self._channels: tuple[Channel, ...] = ()
        self.reset()

    def handle(self, request: WireRequest) -> Answer:
        """
        Answer one request under `/telegram`.
        """
        try:
            result = self._result(request)
        except BotError as error:
            return error.answer()
        return Answer(200, json.dumps({"ok": True, "result": result}).encode())

    def _result(self, request: WireRequest) -> Any:
        segments = request.segments[1:]
        bot, *names = segments or ("",)
        if len(names) != 1 or not bot.startswith("bot"):
            raise BotError(404, "path not found")
        if bot != f"bot{self._token}":
            raise BotError(401, "Unauthorized")
        if request.method not in {"GET", "POST"}:
            raise BotError(405, "Method Not Allowed")
        name = names[0].lower()
        if name in _KNOWN:
            raise not_modelled(names[0])
        method = _BY_NAME.get(name)
        if method is None:
            raise BotError(404, "method not found")
        call = Call(
            self._bot,
            self._channels,
            params_of(request),
            self._clock.now().timestamp(),
            (self._clock.now() - self._clock.started).total_seconds(),
            self._channels[1].id,
        )
        return method(call)

    def fault(self, fault: Fault) -> Answer:
        """
        Telegram's own words for a planned failure.
        """
        if fault.kind == "rate_limit":
            minutes = fault.regain_minutes
            return too_many(_WAIT_S if minutes is None else 60 * minutes).answer()
        if fault.kind == "auth_expired":
            return BotError(401, "Unauthorized").answer()
        return BotError(fault.status or 500, "Internal Server Error").answer()

    def details(self, origin: str) -> JsonObject:
        """
        Base URL, channel and token.
        """
        channel = self._channels[0]
        return {
            "base_url": f"{origin}/telegram",
            "channel": f"@{channel.username}",
            "channel_id": channel.id,
            "left_channel_id": self._channels[1].id,
            "bot": self._bot["username"],
            "access_token": self._token,
        }

    def secrets(self) -> tuple[str, ...]:
        """
        The token, which stands in every path, in each way a client may write it.
        """
        return self._token, quote(self._token, safe="")

    def objects(self) -> JsonObject:
        """
        The messages of the channels.
        """
        return {
            "Message": [m for c in self._channels for m in c.messages.values()],
        }

    def conversions_csv(self, account: str | None) -> str:
        """
        Nobody buys from a channel as far as Telegram knows.
        """
        raise SandboxError(
            f"telegram has no ad account {account or ''}".rstrip(),
            hint="conversions come from platforms with ads",
        )

    def coverage(self) -> Sequence[JsonObject]:
        """
        What is modelled.
        """
        from smmlib.sandbox.telegram._coverage import rows

        return rows()

    def dump(self) -> JsonObject:
        """
        Everything as plain JSON.
        """
        return {"channels": [attrs.asdict(channel) for channel in self._channels]}

    def load(self, data: JsonObject) -> None:
        """
        Take over what another process wrote.
        """
        self._channels = tuple(_channel(row) for row in data["channels"])

    def reset(self) -> None:
        """
        Forget everything that clients posted.
        """
        followers = _FOLLOWERS + self._seed % 100
        self._channels = (
            Channel(self._first, "sandbox_channel", "Sandbox", followers, _A_DAY),
            Channel(self._first - 1, "sandbox_closed", "Closed", 17, 0),
        )


def _channel(row: dict[str, Any]) -> Channel:
    # JSON knows only texts as keys.
    messages = {int(key): value for key, value in row["messages"].items()}
    return Channel(**{**row, "messages": messages})
