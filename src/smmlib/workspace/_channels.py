"""
Which of a plan's channels are there: a channel is there once it can be read.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from smmlib.errors import PlatformError
from smmlib.model import Flight
from smmlib.ports import GrowthSource
from smmlib.workspace._organic import sources

if TYPE_CHECKING:
    from smmlib.model import MediaPlan, Network
    from smmlib.workspace._workspace import Workspace


def readable_networks(work: Workspace, plan: MediaPlan) -> frozenset[Network]:
    """
    Networks whose page or channel answers when it is asked how many follow it.

    A network that refuses, or that nothing is connected for, is not among them.
    """
    today = work.now().astimezone(plan.flight.zone).date()
    days = Flight.from_dates(today - timedelta(days=1), today, plan.zone)
    found: set[Network] = set()
    for source in sources(work.platforms, work.publishers):
        if not isinstance(source, GrowthSource):
            continue
        try:
            found |= {row.network for row in source.growth(days)}
        except PlatformError:
            continue  # not there, or no access: exactly what was asked
    return frozenset(found)
