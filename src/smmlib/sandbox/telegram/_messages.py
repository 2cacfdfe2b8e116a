"""
The channel: its messages, who follows it, how often a bot may post.

Source: Bot API 10.1 (2026-06); limits of flood control as published in the FAQ.
"""

from __future__ import annotations

import math
from typing import Any
from urllib.parse import urlsplit

import attrs

from smmlib.sandbox.telegram._errors import bad, not_modelled, too_many
from smmlib.sandbox.telegram._markup import parsed, units
from smmlib.sandbox.telegram._params import Params

TEXT, CAPTION = 4096, 1024
ALBUM = (2, 10)
DELETE_BATCH = 100
_BUTTON_DATA = 64
# One message a second, and short bursts pass.
_BURST, _PER_SECOND = 20, 1.0
_DAY = 86_400
_DELETE_AGE_S = 48 * 3600

Message = dict[str, Any]


@attrs.define
class Channel:
    """
    One channel, its posts, and the bot's allowance there.
    """

    id: int
    username: str
    title: str
    followers: int
    a_day: int
    messages: dict[int, Message] = attrs.field(factory=dict)
    last_id: int = 1
    allowance: float = _BURST
    asked_at: float = 0.0

    def chat(self) -> dict[str, Any]:
        """
        The channel as messages name it.
        """
        return {
            "id": self.id,
            "type": "channel",
            "title": self.title,
            "username": self.username,
        }

    def members(self, age_s: float) -> int:
        """
        How many follow it: a few more every day, and for every post.
        """
        return self.followers + int(age_s / _DAY) * self.a_day + 2 * len(self.messages)

    def spend(self, now: float, count: int) -> None:
        """
        Count messages against flood control.
        """
        passed = max(now - self.asked_at, 0.0)
        self.allowance = min(self.allowance + passed * _PER_SECOND, _BURST)
        self.asked_at = now
        if self.allowance < count:
            raise too_many(math.ceil((count - self.allowance) / _PER_SECOND))
        self.allowance -= count

    def add(self, now: float, content: Message) -> Message:
        """
        Publish one message.
        """
        self.last_id += 1
        message = {
            "message_id": self.last_id,
            "sender_chat": self.chat(),
            "chat": self.chat(),
            "date": int(now),
            **content,
        }
        self.messages[self.last_id] = message
        return message

    def message(self, message_id: int, text: str) -> Message:
        """
        One message, or the refusal *text*.
        """
        found = self.messages.get(message_id)
        if found is None:
            raise bad(text)
        return found

    def remove(self, message_id: int, now: float) -> None:
        """
        Delete one message.
        """
        found = self.message(message_id, "message to delete not found")
        if now - found["date"] > _DELETE_AGE_S:
            raise bad("message can't be deleted for everyone")
        del self.messages[message_id]


def text_content(params: Params) -> Message:
    """
    Text and its entities, as a message shows them.
    """
    text, entities = parsed(
        params.text("text"), params.text("parse_mode"), params.data("entities")
    )
    if not text:
        raise bad("message text is empty")
    if units(text) > TEXT:
        raise bad("message is too long")
    return {"text": text, **({"entities": entities} if entities else {})}


def caption_content(values: Params) -> Message:
    """
    Caption and its entities; nothing for none.
    """
    text, entities = parsed(
        values.text("caption"),
        values.text("parse_mode"),
        values.data("caption_entities"),
    )
    if units(text) > CAPTION:
        raise bad("message caption is too long")
    if not text:
        return {}
    return {"caption": text, **({"caption_entities": entities} if entities else {})}


def keyboard(params: Params) -> Message:
    """
    Buttons under a message; nothing for none.
    """
    markup = params.data("reply_markup")
    if not markup:
        return {}
    rows = markup.get("inline_keyboard") if isinstance(markup, dict) else None
    if not isinstance(rows, list):
        raise not_modelled("keyboards other than inline ones in channels")
    for row in rows:
        for button in row if isinstance(row, list) else [None]:
            _check_button(button)
    return {"reply_markup": {"inline_keyboard": rows}} if any(rows) else {}


def _check_button(button: Any) -> None:
    if not isinstance(button, dict) or not str(button.get("text", "")).strip():
        raise bad("can't parse inline keyboard button: text must be non-empty")
    actions = [key for key in button if key not in {"text", "style"}]
    if len(actions) != 1:
        raise bad("text buttons are unallowed in the inline keyboard")
    if "url" in button and not is_address(str(button["url"])):
        raise bad(
            f"inline keyboard button URL '{button['url']}' is invalid: "
            "wrong HTTP URL specified"
        )
    data = str(button.get("callback_data", "x")).encode()
    if not 1 <= len(data) <= _BUTTON_DATA:
        raise bad("BUTTON_DATA_INVALID")


def is_address(text: str) -> bool:
    parts = urlsplit(text)
    return parts.scheme in {"http", "https", "tg"} and "." in (parts.hostname or "")
