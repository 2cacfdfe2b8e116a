"""
When delivery is possible: half-open stretches in whole seconds, cut into days.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import tzinfo

    from smmlib.sandbox._world._facts import Window

Span = tuple[int, int]
"""Seconds since 1970, half-open."""


class Versioned(Protocol):
    """
    Facts that may come in several versions over time.
    """

    @property
    def valid_from(self) -> datetime | None:
        """
        When the version came into force.
        """


V = TypeVar("V", bound=Versioned)


def day_span(day: date, zone: tzinfo) -> Span:
    """
    Give the seconds of a local day; 23 or 25 hours long when clocks change.
    """
    begin = datetime.combine(day, time(), zone)
    end = datetime.combine(day + timedelta(days=1), time(), zone)
    return int(begin.timestamp()), int(end.timestamp())


def spans_of(windows: Iterable[Window]) -> tuple[Span, ...]:
    """
    Merge windows into ordered spans that neither touch nor overlap.
    """
    seconds = [(int(a.timestamp()), int(b.timestamp())) for a, b in windows]
    return merge(seconds)


def merge(spans: Iterable[Span]) -> tuple[Span, ...]:
    """
    Join overlapping spans and drop empty ones.
    """
    merged: list[Span] = []
    for begin, end in sorted(spans):
        if begin >= end:
            continue
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((begin, end))
    return tuple(merged)


def common(left: Sequence[Span], right: Sequence[Span]) -> tuple[Span, ...]:
    """
    Give what two lists of spans have in common.
    """
    shared = [
        (max(a, c), min(b, d)) for a, b in left for c, d in right if a < d and c < b
    ]
    return merge(shared)


def length(spans: Iterable[Span]) -> int:
    """
    Add up the seconds of spans.
    """
    return sum(end - begin for begin, end in spans)


def in_order(versions: Iterable[V]) -> tuple[V, ...]:
    """
    Sort versions of one thing by when they came into force, undated ones first.
    """
    return tuple(sorted(versions, key=_since))


def version_at(versions: Sequence[V], instant: int) -> V:
    """
    Pick the version in force at *instant*, else the earliest one.
    """
    current = versions[0]
    for version in versions[1:]:
        if _since(version) <= instant:
            current = version
    return current


def _since(version: Versioned) -> float:
    moment = version.valid_from
    return float("-inf") if moment is None else moment.timestamp()
