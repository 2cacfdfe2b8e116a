"""
From uploaded lists to people X knows: after a while, and not all of them.

Source: X Ads API, custom audiences, 2026-08: at least 100 matched people. How long the
matching takes and how many are found is the simulation's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smmlib.sandbox.x._store import Record

PROCESSING_S = 6 * 3_600
LEAST_MATCHED = 100
_MATCHED = 0.62


def matched(audience: Record) -> int:
    """
    People of a list whom X knows.
    """
    return int(len(audience.data["users"]) * _MATCHED)


def ready(audience: Record, now: float) -> bool:
    """
    Whether X has looked for the people of a list since it was last filled.
    """
    filled = audience.data["filled_at"]
    return filled is not None and now >= filled + PROCESSING_S


def targetable(audience: Record, now: float) -> bool:
    """
    Whether criteria may name it: processed, and large enough.
    """
    return ready(audience, now) and matched(audience) >= LEAST_MATCHED
