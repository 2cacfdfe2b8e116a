"""
What a matched audience is at an instant: building, ready, how many members.

Source: LinkedIn matched audience pages, checked 2026-08.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smmlib.sandbox.linkedin._tables import SEGMENT_BUILD_S

if TYPE_CHECKING:
    from smmlib.sandbox.linkedin._store import Node, World

AD_SEGMENT = "urn:li:adSegment:"
MINIMUM_MATCHED = 300


def ready(segment: Node, now: float) -> bool:
    """
    Whether LinkedIn has built the audience.
    """
    filled = segment.inner.get("filled")
    return filled is not None and now >= filled + SEGMENT_BUILD_S


def status_of(segment: Node, now: float) -> str:
    """
    BUILDING until a day after the first members, UPDATING for a day after later ones.
    """
    if not ready(segment, now):
        return "BUILDING"
    fresh = now < segment.inner["changed"] + SEGMENT_BUILD_S
    return "UPDATING" if fresh else "READY"


def ad_segment(segment: Node) -> str:
    """
    What campaigns target: not the segment's own id.
    """
    return f"{AD_SEGMENT}{segment.inner['ad_segment']}"


def targetable(world: World, urn: str, now: float) -> Node | None:
    """
    The segment behind an adSegment URN, once it has one.
    """
    for segment in world.all("segment"):
        if ad_segment(segment) == urn and ready(segment, now):
            return segment
    return None
