"""
A channel on Telegram: what a marketer can do there through a bot.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Self

from smmlib.adapters._clock import SystemClock
from smmlib.adapters._http import HttpClient, Repeat
from smmlib.adapters._secrets import scrub
from smmlib.adapters.telegram._api import HOST, BotApi, judge
from smmlib.adapters.telegram._publish import Channel, Publisher
from smmlib.errors import (
    ConfigurationError,
    MissingCredentialsError,
    UnexpectedResponseError,
)
from smmlib.model import GrowthRow, Network
from smmlib.ports import Capabilities

if TYPE_CHECKING:
    from random import Random

    from smmlib.model import Flight, Post, PostResult
    from smmlib.ports import Clock, Connection, Result

_CHANNEL = re.compile(r"@[A-Za-z][A-Za-z0-9_]{3,31}|-?[0-9]{1,20}")
_TOKEN = re.compile(r"[A-Za-z0-9_:-]+")
_CAPABILITIES = Capabilities((Network.TELEGRAM,), publishes=True, finds_by_marker=False)
_KNOWN_OPTIONS = frozenset({"button", "media_root"})


class TelegramPlatform:
    """
    One channel on Telegram, through a bot that is its administrator.

    Make one with `TelegramPlatform.connect`; safe to use from several threads. The
    account of the connection is the channel: `@name`, or its number.

    Options of the connection: `button` (words of the button under posts with a link;
    without them the link stands below the text) and `media_root`.
    """

    name = "telegram"

    def __init__(self, http: HttpClient, channel: Channel, clock: Clock) -> None:
        self._http = http
        self._clock = clock
        self._channel = channel
        self._api = BotApi(http)
        self._publisher = Publisher(self._api, channel, clock)

    @classmethod
    def connect(
        cls,
        connection: Connection,
        *,
        transport: Any = None,
        clock: Clock | None = None,
        random: Random | None = None,
    ) -> Self:
        """
        The channel behind a connection. Nothing is sent yet.

        Raises:
            ConfigurationError: Channel, address, option or token cannot be right.
        """
        _check(connection)
        time = clock or SystemClock()
        token = connection.token
        http = HttpClient(
            connection.base_url or f"https://{HOST}",
            platform=cls.name,
            token=token,
            judge=judge(time, lambda text: scrub(text, token.reveal())),
            allowed_hosts=(HOST,),
            token_path="bot",  # noqa: S106 - a word of the address, no secret
            transport=transport,
            clock=clock,
            random=random,
        )
        options = connection.options
        channel = Channel(
            connection.account,
            button=options.get("button", ""),
            media_root=options.get("media_root", ""),
        )
        return cls(http, channel, time)

    def __repr__(self) -> str:
        return f"<TelegramPlatform {self._channel.name}>"

    @property
    def capabilities(self) -> Capabilities:
        """
        What Telegram can do through smmlib: posts, no ads, nothing found again.
        """
        return _CAPABILITIES

    def close(self) -> None:
        """
        Close all connections.
        """
        self._http.close()

    def publish(self, post: Post, network: Network, *, marker: str) -> Result:
        """
        Publish one post on the channel, at most once.

        Telegram cannot be asked whether a post arrived: where the answer was lost, the
        outcome is unknown and the user has to look.
        """
        return self._publisher.publish(post, network, marker=marker)

    def edit(self, post_id: str, post: Post) -> Result:
        """
        Give a published post its new text and button.
        """
        return self._publisher.edit(post_id, post)

    def delete(self, post_id: str) -> Result:
        """
        Take a post away, within two days.
        """
        return self._publisher.delete(post_id)

    def results(self, post_ids: Iterable[str]) -> tuple[PostResult, ...]:
        """
        Nothing: Telegram tells bots neither views nor clicks of a channel's posts.
        """
        del post_ids
        return ()

    def growth(self, flight: Flight) -> Iterator[GrowthRow]:
        """
        How many follow the channel today; days before are not told, so ask every day.
        """
        today = self._clock.now().astimezone(flight.start.tzinfo).date()
        if not flight.first_day <= today <= flight.last_day:
            return
        count = self._api.call(
            "getChatMemberCount", {"chat_id": self._channel.name}, repeat=Repeat.READ
        )
        if not isinstance(count, int) or isinstance(count, bool) or count < 0:
            raise UnexpectedResponseError(
                "Telegram answered with no number of followers",
                platform=self.name,
                operation="getChatMemberCount",
            )
        yield GrowthRow(
            today,
            Network.TELEGRAM,
            followers=count,
            account=self._channel.name,
            source="telegram bot api",
        )


def _check(connection: Connection) -> None:
    if not _CHANNEL.fullmatch(connection.account):
        raise ConfigurationError(
            f"{connection.account!r} is no channel on Telegram",
            hint="write @name, or the number that begins with -100",
        )
    token = connection.token.reveal()
    if token and not _TOKEN.fullmatch(token):
        raise MissingCredentialsError(
            "the token of the bot holds other characters than letters, digits, : _ -",
            hint="copy it from @BotFather, without quotes",
        )
    unknown = sorted(set(connection.options) - _KNOWN_OPTIONS)
    if unknown:
        raise ConfigurationError(
            f"unknown option {unknown[0]!r} for Telegram",
            hint=f"known: {', '.join(sorted(_KNOWN_OPTIONS))}",
        )
