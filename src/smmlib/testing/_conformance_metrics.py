"""
Scenarios 5xx and 6xx: numbers, and several threads at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest

from smmlib.model import Flight, MediaPlan, MetricRow
from smmlib.ports import Action, AdPlatform, Kind
from smmlib.testing._conformance_base import ConformanceBase
from smmlib.testing._conformance_tools import BORN_PAUSED, Placed

_DAYS = 5
_THREADS = 8


class MeasuringScenarios(ConformanceBase):
    """
    5xx: what every ad did on every day.
    """

    @pytest.fixture
    def delivered(
        self,
        platform: AdPlatform,
        placed: Placed,
        advance: Callable[[int], object] | None,
    ) -> Placed:
        """
        The plan, set up and switched on, some days later.
        """
        if advance is None:
            pytest.skip("needs the fixture 'advance', which lets days pass")
        for resource, _ in placed.of(*BORN_PAUSED):
            platform.execute([placed.order(Action.ACTIVATE, resource)])
        advance(_DAYS)
        return placed

    @pytest.fixture
    def rows(
        self,
        platform: AdPlatform,
        plan: MediaPlan,
        delivered: Placed,  # noqa: ARG002 - numbers come of it
    ) -> list[MetricRow]:
        """
        All numbers of the plan's flight.
        """
        return list(platform.metrics(plan.flight))

    def test_501_a_fresh_account_has_spent_nothing(
        self, platform: AdPlatform, plan: MediaPlan
    ) -> None:
        """
        Where nothing ran there are no rows, or rows without spend.
        """
        assert [] == [row for row in platform.metrics(plan.flight) if row.spend]

    def test_502_active_ads_deliver(self, rows: list[MetricRow]) -> None:
        """
        After some days there are views, and money was spent.
        """
        assert sum(row.spend for row in rows) > 0
        assert sum(row.impressions or 0 for row in rows) > 0

    def test_503_days_lie_in_the_flight(
        self, rows: list[MetricRow], plan: MediaPlan
    ) -> None:
        """
        Only days that were asked for come back.
        """
        assert {row.on for row in rows} <= set(plan.flight.dates())

    def test_504_a_part_is_a_part_of_the_whole(
        self, platform: AdPlatform, plan: MediaPlan, rows: list[MetricRow]
    ) -> None:
        """
        Asking for each day alone gives the same rows as asking for all.
        """
        single = [row for day in plan.flight.days() for row in platform.metrics(day)]

        assert Counter(map(_key, rows)) == Counter(map(_key, single))
        assert sum(r.spend for r in rows) == sum(r.spend for r in single)

    @pytest.mark.usefixtures("delivered")
    def test_505_nothing_before_the_start(
        self, platform: AdPlatform, plan: MediaPlan
    ) -> None:
        """
        The weeks before the plan are empty.
        """
        first = plan.flight.first_day
        before = Flight.from_dates(
            first - timedelta(days=20), first - timedelta(days=2), plan.zone
        )

        assert [] == [row for row in platform.metrics(before) if row.spend]

    def test_506_the_currency_is_the_accounts(
        self, platform: AdPlatform, rows: list[MetricRow]
    ) -> None:
        """
        Money is in the account's currency, exact, and never below zero.
        """
        assert {platform.account().currency} == {row.currency for row in rows}
        assert all(isinstance(row.spend, Decimal) for row in rows)
        assert all(row.spend >= 0 for row in rows)

    def test_507_ids_are_ours(self, rows: list[MetricRow], delivered: Placed) -> None:
        """
        Campaign, ad set and ad of each row are ids of what was set up.
        """
        ids = delivered.ids
        made = {
            kind: {ids[r.address] for r, _ in delivered.of(kind)}
            for kind in (Kind.CAMPAIGN, Kind.AD_SET, Kind.AD)
        }

        assert {row.campaign for row in rows} <= made[Kind.CAMPAIGN]
        assert {row.ad_set for row in rows} <= made[Kind.AD_SET] | {""}
        assert {row.ad for row in rows} == made[Kind.AD]

    def test_508_no_row_comes_twice(self, rows: list[MetricRow]) -> None:
        """
        There is one row for each day, network and ad.
        """
        assert [] == [
            key for key, times in Counter(map(_key, rows)).items() if times > 1
        ]

    def test_509_networks_are_named(
        self, platform: AdPlatform, rows: list[MetricRow]
    ) -> None:
        """
        Each row says where, among the platform's own networks, and from whom.
        """
        assert {row.network for row in rows} <= set(platform.capabilities.networks)
        assert {platform.name} == {row.platform for row in rows}

    def test_510_spend_stays_below_the_exposure(
        self, rows: list[MetricRow], delivered: Placed
    ) -> None:
        """
        No more was spent than the change set had shown.
        """
        stated = sum(r.exposure.amount for r in delivered.resources if r.exposure)

        assert sum(row.spend for row in rows) <= stated

    def test_511_asking_again_gives_the_same(
        self, platform: AdPlatform, plan: MediaPlan, rows: list[MetricRow]
    ) -> None:
        """
        While no time passes, numbers do not change.
        """
        again = list(platform.metrics(plan.flight))

        assert sorted(rows, key=_key) == sorted(again, key=_key)

    def test_512_archived_ads_keep_their_numbers(
        self,
        platform: AdPlatform,
        plan: MediaPlan,
        delivered: Placed,
        rows: list[MetricRow],
    ) -> None:
        """
        Money spent on an ad that is gone was spent nevertheless.
        """
        ((ad, _), *_) = delivered.of(Kind.AD)
        platform.execute([delivered.order(Action.ARCHIVE, ad)])

        after = list(platform.metrics(plan.flight))

        assert sum(r.spend for r in rows) == sum(r.spend for r in after)


class SharingScenarios(ConformanceBase):
    """
    6xx: one adapter, several threads.
    """

    def test_601_parallel_reads_agree(
        self, platform: AdPlatform, plan: MediaPlan, placed: Placed
    ) -> None:
        """
        Eight threads read what one thread reads.
        """

        def everything(_: int) -> object:
            kinds = sorted({resource.kind for resource in placed.resources})
            found = [
                sorted(
                    platform.find(kind, [o.marker for _, o in placed.of(kind)]),
                    key=lambda remote: remote.id,
                )
                for kind in kinds
            ]
            return platform.account(), platform.wanted(plan), found

        alone = everything(0)
        with ThreadPoolExecutor(_THREADS) as pool:
            together = list(pool.map(everything, range(_THREADS)))

        assert [alone] * _THREADS == together

    def test_602_parallel_switches_all_arrive(
        self, platform: AdPlatform, placed: Placed
    ) -> None:
        """
        Writes from several threads each get their own result.
        """
        orders = [
            placed.order(Action.ACTIVATE, resource)
            for resource, _ in placed.of(*BORN_PAUSED)
        ]
        with ThreadPoolExecutor(len(orders)) as pool:
            results = list(pool.map(lambda order: platform.execute([order]), orders))

        assert [o.address for o in orders] == [r.address for (r,) in results]
        assert [] == [r.error for (r,) in results if r.error]


def _key(row: MetricRow) -> tuple[str, ...]:
    parts = sorted(row.breakdown.items())
    return (str(row.on), str(row.network), row.campaign, row.ad_set, row.ad, str(parts))
