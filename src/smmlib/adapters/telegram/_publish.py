"""
Publishing on a channel: text, photo, film, album, a button; each at most once.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.adapters._http import Repeat
from smmlib.adapters.telegram._api import DONE, GONE
from smmlib.adapters.telegram._text import to_html
from smmlib.errors import (
    Outcome,
    PlatformError,
    RateLimitError,
    UnexpectedResponseError,
    UnsupportedError,
)
from smmlib.model import Image, Network
from smmlib.ports import Result
from smmlib.rules import telegram_length

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smmlib.adapters.telegram._api import BotApi
    from smmlib.model import Post, Video
    from smmlib.ports import Clock

TEXT, CAPTION, ALBUM = 4096, 1024, 10
_TRIES = 3
_LONGEST_WAIT_S = 120.0


@attrs.frozen
class Channel:
    """
    Where is posted, and how.

    Attributes:
        name: `@name` or number of the channel.
        button: Words of the button under posts with a link; empty for the link itself
            below the text.
        media_root: Folder pictures are in.
    """

    name: str
    button: str = ""
    media_root: str = ""


class Publisher:
    """
    Publishes on one channel.
    """

    def __init__(self, api: BotApi, channel: Channel, clock: Clock) -> None:
        self._api = api
        self._channel = channel
        self._clock = clock

    def publish(self, post: Post, network: Network, *, marker: str) -> Result:
        """
        Publish one post. What may have been published is never sent again: its outcome
        is unknown, and somebody looks into the channel.
        """
        try:
            if network is not Network.TELEGRAM:
                raise _cannot(f"Telegram does not publish on {network}")
            found = self._patiently(*self._message(post))
        except PlatformError as error:
            return Result(marker, error.outcome, error=error)
        first = found[0] if isinstance(found, list) and found else found
        number = first.get("message_id") if isinstance(first, dict) else None
        if not isinstance(number, int):
            missing = UnexpectedResponseError(
                "a post was published without a number",
                platform="telegram",
                operation="publish",
                outcome=Outcome.UNKNOWN,
            )
            return Result(marker, Outcome.UNKNOWN, error=missing)
        return Result(marker, Outcome.APPLIED, str(number))

    def edit(self, post_id: str, post: Post) -> Result:
        """
        Give a published post its new text; of posts with media, the caption.
        """
        with_media = bool(post.media)
        method = "editMessageCaption" if with_media else "editMessageText"
        try:
            values = {**self._where(post_id), **self._words(post)}
        except PlatformError as error:
            return Result(post_id, error.outcome, error=error)
        return self._settled(method, post_id, values, DONE)

    def delete(self, post_id: str) -> Result:
        """
        Take a post away; one that is gone already is taken away.
        """
        return self._settled("deleteMessage", post_id, self._where(post_id), GONE[:1])

    def _settled(
        self,
        method: str,
        post_id: str,
        values: Mapping[str, Any],
        done: tuple[str, ...],
    ) -> Result:
        try:
            self._api.call(method, values, repeat=Repeat.UPDATE)
        except PlatformError as error:
            if not any(words in error.message for words in done):
                return Result(post_id, error.outcome, error=error)
        return Result(post_id, Outcome.APPLIED, post_id)

    def _where(self, post_id: str) -> dict[str, Any]:
        return {"chat_id": self._channel.name, "message_id": post_id}

    def _patiently(
        self,
        method: str,
        values: Mapping[str, Any],
        files: Mapping[str, tuple[str, bytes]],
    ) -> Any:
        """
        Send, and again as late as Telegram asks: what it refused was not posted.
        """
        for attempt in range(1, _TRIES + 1):
            try:
                return self._api.call(method, values, repeat=Repeat.CREATE, files=files)
            except RateLimitError as error:
                wait = self._wait(error)
                if wait is None or attempt == _TRIES:
                    raise
                self._clock.sleep(wait)
        return None

    def _wait(self, error: RateLimitError) -> float | None:
        if error.resume_at is None or error.outcome is not Outcome.NOT_APPLIED:
            return None
        wait = max((error.resume_at - self._clock.now()).total_seconds(), 0.0)
        return wait if wait <= _LONGEST_WAIT_S else None

    # -- what is sent --------------------------------------------------------------

    def _message(
        self, post: Post
    ) -> tuple[str, dict[str, Any], dict[str, tuple[str, bytes]]]:
        files: dict[str, tuple[str, bytes]] = {}
        values: dict[str, Any] = {"chat_id": self._channel.name}
        words = self._words(post)
        if not post.media:
            return "sendMessage", {**values, **words}, files
        if len(post.media) > ALBUM:
            raise _cannot(
                f"an album on Telegram holds {ALBUM} pictures, not {len(post.media)}",
                "split the post",
            )
        items = [self._item(n, medium, files) for n, medium in enumerate(post.media)]
        if len(items) == 1:
            kind = items[0]["type"]
            values |= {kind: items[0]["media"], **words}
            return f"send{kind.capitalize()}", values, files
        # The caption of the first one stands under the whole album.
        items[0] |= words
        return "sendMediaGroup", {**values, "media": items}, files

    def _words(self, post: Post) -> dict[str, Any]:
        """
        Text or caption, with its link: as a button, or below the text.
        """
        text = post.text_for(Network.TELEGRAM)
        link = post.utm.tag(post.link) if post.link and post.utm else post.link
        values: dict[str, Any] = {}
        if link and self._channel.button and len(post.media) < 2:  # noqa: PLR2004
            button = {"text": self._channel.button, "url": link}
            values["reply_markup"] = {"inline_keyboard": [[button]]}
            link = ""
        html = to_html(text)
        size = telegram_length(text)
        if link and link not in text:
            html += ("\n\n" if text else "") + escape(link)
            size += len(link) + (2 if text else 0)
        limit = CAPTION if post.media else TEXT
        if size > limit:
            raise _cannot(
                f"the post has {size} characters with its link, Telegram takes {limit}"
                + (" with media" if post.media else ""),
                "shorten it, or set `button` in smm.toml for links",
            )
        if html:
            name = "caption" if post.media else "text"
            values |= {name: html, "parse_mode": "HTML"}
        return values

    def _item(
        self, place: int, medium: Image | Video, files: dict[str, tuple[str, bytes]]
    ) -> dict[str, Any]:
        kind = "photo" if isinstance(medium, Image) else "video"
        if "://" in medium.path:
            return {"type": kind, "media": medium.path}
        name = f"file{place}"
        files[name] = (Path(medium.path).name, self._content(medium.path))
        return {"type": kind, "media": f"attach://{name}"}

    def _content(self, path: str) -> bytes:
        root = Path(self._channel.media_root or ".").resolve()
        file = (root / path).resolve()
        if not (file.is_relative_to(root) and file.is_file()):
            raise _cannot(f"there is no file {path}", f"put it into {root}")
        return file.read_bytes()


def _cannot(message: str, hint: str = "") -> UnsupportedError:
    return UnsupportedError(
        message,
        platform="telegram",
        operation="publish",
        outcome=Outcome.NOT_APPLIED,
        hint=hint,
    )
