"""
The log of a state store: one line for each outcome, chained so that edits show.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import attrs

from smmlib.deploy._canonical import fingerprint
from smmlib.errors import StateCorruptError
from smmlib.ports import Event, Intent, Phase

_PAST = {
    "create": "created",
    "update": "updated",
    "replace": "replaced",
    "adopt": "adopted",
    "activate": "activated",
    "pause": "paused",
    "archive": "archived",
    "forget": "forgotten",
    "noop": "confirmed",
    "publish": "published",
}


def chained(event: Event, before: str) -> Event:
    """
    The event with its hash, which holds the hash of the event before.
    """
    return attrs.evolve(event, hash=_hash(event, before))


def _hash(event: Event, before: str) -> str:
    at = event.at.astimezone(UTC).isoformat()
    return fingerprint(before, at, event.what, event.address, event.detail)


def outcome_event(intent: Intent, at: datetime) -> Event:
    """
    What the log says about a settled write.
    """
    if intent.phase is Phase.FAILED:
        return Event(at, f"{intent.action} failed", intent.address, intent.error)
    where = f"{intent.platform}/{intent.account}"
    text = f"{where} {intent.kind} {intent.remote_id}".strip()
    return Event(at, _PAST[intent.action], intent.address, text)


def check_chain(events: Iterable[Event]) -> str:
    """
    The hash of the last event.

    Raises:
        StateCorruptError: A line was changed, removed or put in between.
    """
    before = ""
    for place, event in enumerate(events, 1):
        if event.hash != _hash(event, before):
            raise StateCorruptError(
                f"the log was altered at line {place} ({event.what})",
                hint="restore the state from a backup, or rebuild it from the markers",
            )
        before = event.hash
    return before
