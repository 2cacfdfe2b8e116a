"""
An alert as a value, and a list of them that shows itself.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, overload

import attrs

from smmlib.analytics._show import Grid, number
from smmlib.model import Money

RISK_DAYS = 7
"""
Money at risk is what goes wrong in as many further days, if nobody does anything.
"""


class AlertKind(StrEnum):
    """
    What an alert is about.
    """

    DELIVERY_STOPPED = "delivery_stopped"
    REJECTED = "rejected"
    TOKEN = "token"  # noqa: S105 -- a word, no secret
    ENDED = "ended"
    PACE = "pace"
    SPEND = "spend"
    CTR = "ctr"
    CPA = "cpa"
    NEGATIVITY = "negativity"


class Urgency(StrEnum):
    """
    How soon somebody should look.
    """

    NOW = "now"
    TODAY = "today"
    NOTE = "note"


@attrs.frozen
class Alert:
    """
    One thing that somebody should look at.

    Attributes:
        kind: What it is about.
        where: Path in the plan, or name of the campaign, platform or network.
        message: What is wrong, with its numbers.
        hint: What to do about it.
        urgency: How soon.
        at_risk: Money that goes wrong in the next seven days (less where the flight
            ends sooner) if nobody acts; None where no money can be named.
        since: The first day that shows it.
        actual: What was measured.
        expected: What it should have been.
        score: Standard deviations of ordinary days; None where nothing is measured so.
    """

    kind: AlertKind = attrs.field(converter=AlertKind)
    where: str
    message: str = attrs.field(kw_only=True)
    hint: str = attrs.field(default="", kw_only=True)
    urgency: Urgency = attrs.field(
        default=Urgency.TODAY, converter=Urgency, kw_only=True
    )
    at_risk: Money | None = attrs.field(default=None, kw_only=True)
    since: date | None = attrs.field(default=None, kw_only=True)
    actual: Decimal | None = attrs.field(default=None, kw_only=True)
    expected: Decimal | None = attrs.field(default=None, kw_only=True)
    score: Decimal | None = attrs.field(default=None, kw_only=True)

    def __str__(self) -> str:
        risk = f" At risk: {self.at_risk}." if self.at_risk else ""
        hint = f" {self.hint}" if self.hint else ""
        return f"{self.where}: {self.message}.{risk}{hint}"

    def to_dict(self) -> dict[str, Any]:
        """
        The alert as JSON-ready data; exact numbers and money stay texts.
        """
        found = {}
        for field in attrs.fields(type(self)):
            value = getattr(self, field.name)
            found[field.name] = value if value is None else _plain(value)
        return found


def _plain(value: Any) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def order_of(alert: Alert) -> tuple[Decimal, int, str, str]:
    """
    The most money first; without money the most urgent.
    """
    money = alert.at_risk.amount if alert.at_risk else Decimal(0)
    return -money, list(Urgency).index(alert.urgency), alert.kind, alert.where


@attrs.frozen(repr=False)
class Alerts(Sequence[Alert]):
    """
    What somebody should look at, the most money at risk first.

    Attributes:
        alerts: The alerts, sorted.
        as_of: The last day that was looked at.
        notes: What could not be looked at, and why.
    """

    alerts: tuple[Alert, ...] = ()
    as_of: date | None = None
    notes: tuple[str, ...] = attrs.field(default=(), kw_only=True)

    @overload
    def __getitem__(self, place: int) -> Alert: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Alert, ...]: ...
    def __getitem__(self, place: int | slice) -> Alert | tuple[Alert, ...]:
        return self.alerts[place]

    def __len__(self) -> int:
        return len(self.alerts)

    def __add__(self, other: Alerts) -> Alerts:
        """
        Those of two plans or accounts on one screen, sorted anew.
        """
        if not isinstance(other, Alerts):
            return NotImplemented
        return Alerts(
            tuple(sorted((*self.alerts, *other.alerts), key=order_of)),
            max(filter(None, (self.as_of, other.as_of)), default=None),
            notes=tuple(dict.fromkeys((*self.notes, *other.notes))),
        )

    def of(self, *kinds: AlertKind | str) -> tuple[Alert, ...]:
        """
        Only the alerts of some kinds.
        """
        return tuple(alert for alert in self.alerts if alert.kind in kinds)

    @property
    def at_risk(self) -> Money | None:
        """
        The largest money at risk of one alert; several may be about the same money.
        """
        return next((a.at_risk for a in self.alerts if a.at_risk), None)

    def to_dict(self) -> dict[str, Any]:
        """
        All of it as JSON-ready data.
        """
        return {
            "as_of": None if self.as_of is None else self.as_of.isoformat(),
            "alerts": [alert.to_dict() for alert in self.alerts],
            "notes": list(self.notes),
        }

    def to_json(self) -> str:
        """
        All of it as JSON, for a program or a file.
        """
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2)

    def summary(self) -> str:
        """
        How much there is, in one line.
        """
        if not self.alerts:
            return f"Nothing to worry about as of {self.as_of}."
        count = len(self.alerts)
        risk = f", up to {self.at_risk} at risk in one" if self.at_risk else ""
        return f"{count} alert{'s' if count > 1 else ''} as of {self.as_of}{risk}."

    def text(self, limit: int | None = None) -> str:
        """
        All alerts as lines, for a message; what does not fit is counted.

        Args:
            limit: The most characters.
        """
        lines = [self.summary(), *(f"• {alert}" for alert in self.alerts)]
        if limit is None or len("\n".join(lines)) <= limit:
            return "\n".join(lines)
        kept: list[str] = []
        for line in lines:
            left = f"… and {len(lines) - len(kept)} more"
            if len("\n".join([*kept, line, left])) > limit:
                return "\n".join([*kept, left])
            kept.append(line)
        return "\n".join(kept)

    def __repr__(self) -> str:
        return f"<Alerts: {self.summary()}>"

    def __str__(self) -> str:
        return self._grid().text() if self.alerts else self.summary()

    def _repr_html_(self) -> str:
        return self._grid().html()

    def _grid(self) -> Grid:
        head = ["what", "where", "message", "since", "what to do", "at risk"]
        rows = [
            [
                alert.kind.replace("_", " "),
                alert.where,
                alert.message,
                str(alert.since or "–"),
                alert.hint,
                str(alert.at_risk) if alert.at_risk else number(None),
            ]
            for alert in self.alerts
        ]
        return Grid(head, rows, caption=self.summary(), left=5)
