"""
What somebody should look at: plan, numbers and statuses together, and how it is told.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.adapters import connect_publisher
from smmlib.analytics import Alert, AlertKind, Alerts, Urgency, alert
from smmlib.deploy import status
from smmlib.errors import (
    AuthenticationError,
    ConfigurationError,
    Outcome,
    PlatformError,
)
from smmlib.model import FrozenMap, Network, Post

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smmlib.analytics import Facts
    from smmlib.deploy import Standing, Target
    from smmlib.model import FxRates, MediaPlan
    from smmlib.ports import Clock, Connection, PostPublisher, StateStore

TELEGRAM = "telegram"
_LONGEST = 3500  # Telegram takes 4,096 with its own marks
_CODES = "\\*_~`[]|"


@attrs.frozen
class AlertRoute:
    """
    Where alerts go, and what is known of tokens.

    Attributes:
        telegram: The team's chat; None where smm.toml names none.
        tokens: When access to each platform ends, where it is said.
        transport: The sandbox's own; None for the network.
        clock: The present.
    """

    telegram: Connection | None = None
    tokens: FrozenMap[datetime] = attrs.field(factory=FrozenMap, kw_only=True)
    transport: Any = attrs.field(default=None, kw_only=True)
    clock: Clock | None = attrs.field(default=None, kw_only=True)

    @classmethod
    def of(
        cls,
        options: Mapping[str, Mapping[str, str]],
        connections: tuple[Connection, ...],
        *,
        transport: Any,
        clock: Clock,
    ) -> AlertRoute:
        """
        As `smm.toml` says it, by platform: `alert_chat`, `access_until`.
        """
        chat = options.get(TELEGRAM, {}).get("alert_chat", "")
        known = {one.platform: one for one in connections}
        route = attrs.evolve(known[TELEGRAM], account=chat) if chat else None
        until = {
            name: datetime.fromisoformat(found["access_until"]).replace(tzinfo=UTC)
            + timedelta(days=1)  # the day included
            for name, found in options.items()
            if "access_until" in found
        }
        return cls(route, tokens=FrozenMap(until), transport=transport, clock=clock)

    def publisher(self) -> PostPublisher:
        """
        What sends to the team's chat.

        Raises:
            ConfigurationError: There is no such chat.
        """
        if self.telegram is None:
            raise ConfigurationError(
                "alerts have no chat on Telegram",
                hint='write alert_chat = "-100..." beside the token of the bot in '
                "smm.toml; alerts never go to the channel itself",
            )
        return connect_publisher(
            self.telegram, transport=self.transport, clock=self.clock
        )


class Alerting:
    """
    What somebody should look at: part of every workspace.
    """

    _clock: Clock
    _route: AlertRoute

    if TYPE_CHECKING:

        def _reachable(
            self, plan: MediaPlan
        ) -> tuple[tuple[Target, ...], tuple[PlatformError, ...]]: ...
        def _any_store(self, plan: MediaPlan) -> StateStore: ...

    def alert(
        self, plan: MediaPlan, facts: Facts, *, rates: FxRates | None = None
    ) -> Alerts:
        """
        What somebody should look at today, the most money at risk first.

        Reads how everything stands on the platforms, and looks at the numbers up to
        yesterday: today is not over. A platform that refuses the token is an alert, one
        that cannot be asked a note; the others are looked at all the same.

        Args:
            plan: The plan.
            facts: What `pull` read.
            rates: Exchange rates, where facts are in other currencies than the plan.

        Raises:
            CurrencyMismatch: The facts mix currencies and no rates are given.
        """
        stands, errors = self._standings(plan)
        found = alert(
            plan,
            facts,
            now=self._clock.now(),
            standings=stands,
            tokens=self._route.tokens,
            rates=rates,
        )
        return found + _unreached(errors, found)

    def _standings(
        self, plan: MediaPlan
    ) -> tuple[list[Standing], tuple[PlatformError, ...]]:
        """
        How everything stands on the platforms that answer.
        """
        targets, errors = self._reachable(plan)
        store = self._any_store(plan)
        rows: list[Standing] = []
        for target in targets:
            try:
                rows += status(plan, (target,), store)
            except PlatformError as error:
                errors = (*errors, error)
        return rows, errors

    def send_alerts(self, alerts: Alerts) -> str:
        """
        Send alerts to the team's chat on Telegram; nothing is sent if there are none.

        Args:
            alerts: What `alert` found.

        Returns:
            Id of the message; empty when nothing was sent.

        Raises:
            ConfigurationError: `smm.toml` names no chat for alerts.
            PlatformError: It was not sent, or nobody knows whether.
        """
        if not alerts:
            return ""
        post = Post(
            "alerts",
            _escaped(alerts.text(_LONGEST)),
            networks=(Network.TELEGRAM,),
        )
        publisher = self._route.publisher()
        try:
            done = publisher.publish(
                post, Network.TELEGRAM, marker=f"alerts:{alerts.as_of}"
            )
        finally:
            close = getattr(publisher, "close", None)
            if close is not None:
                close()
        if done.outcome is Outcome.APPLIED:
            return done.remote_id
        raise done.error or PlatformError(
            "the alerts were not sent", platform=TELEGRAM, outcome=done.outcome
        )


def _unreached(errors: tuple[PlatformError, ...], found: Alerts) -> Alerts:
    """
    Platforms that did not say how things stand.
    """
    refused = [e for e in errors if isinstance(e, AuthenticationError)]
    return Alerts(
        tuple(
            Alert(
                AlertKind.TOKEN,
                error.platform,
                message=f"it refuses our token: {error.message}",
                hint=error.hint or "Get a new token and put it where smm.toml says.",
                urgency=Urgency.NOW,
                since=found.as_of,
            )
            for error in refused
        ),
        found.as_of,
        notes=tuple(
            f"{error.platform} could not be asked: {error.message}"
            for error in errors
            if error not in refused
        ),
    )


def _escaped(text: str) -> str:
    """
    The text with every mark of Telegram's own taken as a letter.
    """
    return "".join(f"\\{letter}" if letter in _CODES else letter for letter in text)
