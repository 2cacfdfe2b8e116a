"""
Reading what happened, and joining it to the plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import attrs

from smmlib.analytics import Facts, read_conversions
from smmlib.errors import Issue, Severity
from smmlib.model import Flight, MediaPlan, MetricRow
from smmlib.ports import AdPlatform, Kind, SpendSource, State


def pull_facts(
    plan: MediaPlan,
    platforms: Iterable[AdPlatform],
    state: State,
    *,
    now: datetime,
    conversions: str | Path | None,
    flight: Flight | None,
) -> Facts:
    """
    Every platform's daily numbers and the brand's own records, joined to the plan.
    """
    facts = Facts(zone=plan.zone, currency=plan.currency or "")
    days = _until_now(flight or plan.flight, now)
    if days is not None:
        for platform in platforms:
            facts += _platform_facts(plan, platform, state, days)
    if conversions is None:
        return facts
    own = read_conversions(conversions, zone=plan.zone, currency=plan.currency)
    return facts.with_conversions(own)


def _until_now(flight: Flight, now: datetime) -> Flight | None:
    """
    The part of a flight that has happened.
    """
    if now <= flight.start:
        return None
    return flight if now >= flight.end else Flight(flight.start, now)


def _platform_facts(
    plan: MediaPlan, platform: AdPlatform, state: State, days: Flight
) -> Facts:
    account = platform.account()
    joined = Joiner(plan, state, platform.name)
    rows = tuple(joined.rows(platform.metrics(days)))
    return Facts(
        rows,
        currency=account.currency,
        zone=account.zone,
        sources=(f"{platform.name}: ad account {account.id}, {days}",),
        notes=(
            *joined.notes(platform.name),
            *_reconciled(platform, rows, days, account.currency),
        ),
    )


def _reconciled(
    platform: AdPlatform, rows: tuple[MetricRow, ...], days: Flight, currency: str
) -> Iterator[Issue]:
    """
    Whether the ads' spend sums to what the account says it spent, to the cent.
    """
    if not isinstance(platform, SpendSource):
        return
    total, found = platform.spent(days), sum((row.spend for row in rows), Decimal(0))
    if not rows and not total:
        return  # an account nobody advertises from: there is nothing to compare
    same = total == found
    yield Issue(
        platform.name,
        "facts.reconciled" if same else "facts.not_reconciled",
        f"the ads' spend of {found} {currency} "
        + ("is" if same else "is not")
        + f" what the account spent ({total} {currency})",
        severity=Severity.INFO if same else Severity.WARNING,
        value=str(found),
        limit=str(total),
        hint="" if same else "pull again; platforms correct numbers for some days",
    )


class Joiner:
    """
    From a platform's ids to the plan's keys.
    """

    def __init__(self, plan: MediaPlan, state: State, platform: str) -> None:
        self._lines = {key: c.line for key, c in plan.campaigns.items()}
        self._addresses = {
            thing.remote_id: thing.address
            for thing in state.resources.values()
            if thing.kind is Kind.AD and thing.platform == platform
        }
        self._foreign: set[str] = set()

    def rows(self, rows: Iterable[MetricRow]) -> Iterator[MetricRow]:
        """
        The rows with address, line and the plan's keys, where the ad is ours.
        """
        for row in rows:
            address = self._addresses.get(row.ad)
            if address is None:
                self._foreign.add(row.ad)
                yield row
            else:
                yield self._joined(row, address)

    def _joined(self, row: MetricRow, address: str) -> MetricRow:
        _, campaign, _, ad_set, _, ad = address.split(".")
        return attrs.evolve(
            row,
            address=address,
            line=self._lines.get(campaign, ""),
            campaign=campaign,
            ad_set=ad_set,
            ad=ad,
        )

    def notes(self, platform: str) -> Iterator[Issue]:
        """
        What to tell about ads in the account that no plan of ours made.
        """
        if self._foreign:
            yield Issue(
                platform,
                "facts.foreign_ads",
                f"{len(self._foreign)} ads in the account are not from this plan",
                severity=Severity.INFO,
                value=", ".join(sorted(self._foreign)[:5]),
                hint="their spend is counted, but belongs to no line",
            )
