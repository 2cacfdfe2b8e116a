"""
An ad platform: six methods and one record of what it can do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import attrs

from smmlib.model import Network
from smmlib.ports._values import Account, Kind, Operation, Remote, Result, Wanted

if TYPE_CHECKING:
    from smmlib.model import Flight, MediaPlan, MetricRow


@attrs.frozen
class Capabilities:
    """
    What a platform can do; engines ask this record, never the platform's name.

    Attributes:
        networks: Where its ads and posts appear.
        kinds: Which kinds of objects it has.
        immutable: Kinds whose content cannot change: a new one replaces the old.
        fixed: Fields that never change once an object of their kind is made: another
            value means a new object, too.
        shared: Fields in which all objects of a kind inside one parent must agree:
            another value means a new parent.
        batch_size: How many operations fit into one write request.
        parallel: How many write requests may be under way at once.
        settle_window: How long an object may stay invisible after it was made.
        metrics_restated: For how many days numbers may still change.
        finds_by_marker: Whether lost objects can be looked up; without it every write
            is sent at most once.
        publishes: Whether it publishes posts.
    """

    networks: tuple[Network, ...]
    kinds: tuple[Kind, ...] = ()
    immutable: tuple[Kind, ...] = ()
    fixed: tuple[tuple[Kind, str], ...] = ()
    shared: tuple[tuple[Kind, str], ...] = ()
    batch_size: int = 1
    parallel: int = 1
    settle_window: timedelta = timedelta(seconds=60)
    metrics_restated: int = 28
    finds_by_marker: bool = True
    publishes: bool = False


@runtime_checkable
class AdPlatform(Protocol):
    """
    An ad account on a platform: read it, say what a plan wants of it, change it.

    Everything raised is a `PlatformError`. Implementations are safe to use from several
    threads. `smmlib.testing.AdPlatformConformance` says precisely what must hold.
    """

    @property
    def name(self) -> str:
        """
        Name of the platform, e.g. `meta`.
        """
        ...

    @property
    def capabilities(self) -> Capabilities:
        """
        What it can do; constant for the life of the object.
        """
        ...

    def account(self) -> Account:
        """
        Read the ad account: its currency and zone decide how money and days are sent.
        """
        ...

    def wanted(self, plan: MediaPlan) -> Wanted:
        """
        What this plan wants here. May read (names are searched), never writes.

        What the platform cannot express comes back as issues with the plan's paths.
        """
        ...

    def read(self, kind: Kind, ids: Iterable[str]) -> Mapping[str, Remote]:
        """
        Objects by id; ids that do not exist (any more) are simply not in the answer.
        """
        ...

    def find(self, kind: Kind, markers: Iterable[str]) -> tuple[Remote, ...]:
        """
        Live objects that carry one of these markers, oldest first, all pages read.
        """
        ...

    def execute(self, operations: Sequence[Operation]) -> tuple[Result, ...]:
        """
        Send writes: at most `batch_size`, all of one kind; one result for each.

        Never sends a create twice. Objects are created paused. Failures of single
        operations are results; it raises only when nothing can have been applied.
        """
        ...

    def metrics(self, flight: Flight) -> Iterator[MetricRow]:
        """
        Daily numbers of every ad, for the days of a flight in the account's zone.

        `campaign`, `ad_set` and `ad` hold remote ids; spend of deleted ads is included.
        """
        ...
