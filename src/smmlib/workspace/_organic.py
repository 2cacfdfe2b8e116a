"""
What happened without ads: who follows, what posts brought, who left an enquiry.

A network that only tells how many follow at this moment is asked with every pull; the
answer is kept in the state's log by day, so that growth is known afterwards.
"""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.analytics import Facts
from smmlib.errors import Issue, PlatformError, Severity
from smmlib.model import Flight, GrowthRow, MediaPlan
from smmlib.ports import (
    Event,
    GrowthSource,
    LeadSource,
    PostPublisher,
    StateStore,
)
from smmlib.workspace._publish import published_ids

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from smmlib.model import Message, Network, PostResult

OBSERVED = "followers counted"
"""
What the log calls a number of followers that was seen on its day.
"""

_GROWTH_KPIS = frozenset({"followers", "follower_growth", "coverage_growth"})


def organic_facts(
    plan: MediaPlan,
    adapters: Iterable[Any],
    store: StateStore,
    *,
    now: datetime,
    flight: Flight | None = None,
) -> Facts:
    """
    Followers, results of posts and enquiries of everything that is connected.

    What cannot be read is a note: it never keeps the numbers of ads from being read.
    """
    reader = _Reader(plan, store, now, flight or plan.flight)
    for adapter in adapters:
        reader.read(adapter)
    return reader.facts()


class _Reader:
    """
    Collects, and notes what could not be read.
    """

    def __init__(
        self, plan: MediaPlan, store: StateStore, now: datetime, flight: Flight
    ) -> None:
        self._plan = plan
        self._store = store
        self._now = now
        self._flight = flight
        self._today = now.astimezone(flight.start.tzinfo).date()
        self._growth: dict[tuple[str, str, date], GrowthRow] = {}
        self._posts: list[PostResult] = []
        self._messages: list[Message] = []
        self._notes: list[Issue] = []
        self._wanted = _networks_of(plan)

    def facts(self) -> Facts:
        """
        All that was read, with what was kept from other days.
        """
        rows = {**_kept(self._store), **self._growth}
        last = self._flight.last_day
        return Facts(
            growth=[rows[key] for key in sorted(rows) if key[2] <= last],
            posts=self._posts,
            messages=self._messages,
            zone=self._plan.zone,
            notes=self._notes,
        )

    def read(self, adapter: Any) -> None:
        """
        Everything one platform tells; what it cannot tell is said where it matters.
        """
        readings: tuple[tuple[type[Any], Callable[[Any], None]], ...] = (
            (GrowthSource, self._read_growth),
            (PostPublisher, self._read_posts),
            (LeadSource, self._read_leads),
        )
        for kind, reading in readings:
            if not isinstance(adapter, kind):
                continue
            try:
                reading(adapter)
            except PlatformError as error:
                self._note(
                    adapter,
                    "facts.not_read",
                    f"{adapter.name} could not be asked: {error.message}",
                    Severity.WARNING,
                    error.hint,
                )
        if not isinstance(adapter, GrowthSource):
            self._silent(adapter)

    def _silent(self, adapter: Any) -> None:
        missing = self._wanted & set(adapter.capabilities.networks)
        if missing:
            self._note(
                adapter,
                "facts.no_growth",
                f"how many follow on {', '.join(sorted(missing))} is not read from "
                "here yet",
                hint="type the number into a CSV, or take it from the page's own "
                "statistics",
            )

    def _read_growth(self, source: Any) -> None:
        last = min(self._flight.last_day, self._today)
        # The day before the first is what growth is counted from.
        first = min(self._flight.first_day - timedelta(days=1), last)
        days = Flight.from_dates(first, last, self._plan.zone)
        for row in source.growth(days):
            self._growth[_key(row)] = row
        if last < self._today:
            return
        for row in [r for r in self._growth.values() if r.on == self._today]:
            if _kept(self._store).get(_key(row)) != row:
                self._store.record(_observed(row, self._now))

    def _read_posts(self, publisher: PostPublisher) -> None:
        where = {network.value for network in publisher.capabilities.networks}
        ids = {
            post_id: key
            for (key, network), post_id in published_ids(self._store.snapshot()).items()
            if network in where
        }
        found = publisher.results(ids) if ids else ()
        self._posts += [attrs.evolve(r, post=ids.get(r.post_id, "")) for r in found]
        if ids and not found:
            self._note(
                publisher,
                "facts.no_results",
                f"{publisher.name} does not tell programs what came of posts",
            )

    def _read_leads(self, source: Any) -> None:
        start, end = self._flight.start, self._flight.end
        if self._now > start:
            self._messages += [m for m in source.leads(start) if m.at < end]

    def _note(
        self,
        adapter: Any,
        code: str,
        message: str,
        severity: Severity = Severity.INFO,
        hint: str = "",
    ) -> None:
        self._notes.append(
            Issue(adapter.name, code, message, severity=severity, hint=hint)
        )


def _networks_of(plan: MediaPlan) -> set[Network]:
    """
    Networks whose followers somebody wants to know.
    """
    goals = plan.strategy.goals if plan.strategy else ()
    asked = {g.network for g in goals if g.network and g.kpi in _GROWTH_KPIS}
    return asked | {n for post in plan.posts.values() for n in post.networks}


def _key(row: GrowthRow) -> tuple[str, str, date]:
    return row.network.value, row.account, row.on


# -- what is kept from day to day -----------------------------------------------------


def _observed(row: GrowthRow, now: datetime) -> Event:
    values = {"followers": row.followers, "reach": row.reach, "source": row.source}
    detail = json.dumps({"on": row.on.isoformat(), **values}, sort_keys=True)
    return Event(now, OBSERVED, f"{row.network.value}:{row.account}", detail)


def _kept(store: StateStore) -> dict[tuple[str, str, date], GrowthRow]:
    """
    The last number of each day that was seen.
    """
    rows = (_row(event) for event in store.events() if event.what == OBSERVED)
    return {_key(row): row for row in rows}


def _row(event: Event) -> GrowthRow:
    network, _, account = event.address.partition(":")
    values: Mapping[str, Any] = json.loads(event.detail)
    return GrowthRow(
        date.fromisoformat(values["on"]),
        network,
        followers=values["followers"],
        reach=values["reach"],
        account=account,
        source=values["source"],
    )


def sources(
    platforms: Mapping[str, Any], publishers: Mapping[str, Any]
) -> Iterator[Any]:
    """
    Every platform once: those with ads, then those that only publish.
    """
    yield from platforms.values()
    yield from (p for name, p in publishers.items() if name not in platforms)
