"""
Scenarios 1xx and 2xx: the account, and what a plan wants.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import attrs

from smmlib.model import AdBudget, Managed, MediaPlan, Money, Network
from smmlib.ports import AdPlatform, Kind, Ref
from smmlib.testing._conformance_base import ConformanceBase
from smmlib.testing._conformance_tools import Placed, mark


class ReadingScenarios(ConformanceBase):
    """
    1xx: who we talk to.
    """

    def test_101_account_is_readable(self, platform: AdPlatform) -> None:
        """
        The account has an id, a real currency and a real time zone.
        """
        account = platform.account()

        assert isinstance(account.id, str)
        assert account.id
        assert account.currency == Money.zero(account.currency).currency
        assert ZoneInfo(account.zone).key == account.zone

    def test_102_account_stays_the_same(self, platform: AdPlatform) -> None:
        """
        Reading the account twice gives the same account.
        """
        assert platform.account() == platform.account()

    def test_103_it_is_an_ad_platform(self, platform: AdPlatform) -> None:
        """
        It has every method of the port, and a short lower-case name.
        """
        assert isinstance(platform, AdPlatform)
        assert platform.name == platform.name.strip().casefold()
        assert platform.name

    def test_104_capabilities_are_sane(self, platform: AdPlatform) -> None:
        """
        Networks, kinds, batch size and times are possible, and constant.
        """
        can = platform.capabilities

        assert can == platform.capabilities
        assert can.networks
        assert all(isinstance(network, Network) for network in can.networks)
        assert set(can.immutable) <= set(can.kinds)
        assert {kind for kind, _ in (*can.fixed, *can.shared)} <= set(can.kinds)
        assert can.batch_size >= 1
        assert can.settle_window >= timedelta(0)
        assert can.metrics_restated >= 0

    def test_105_no_secret_in_its_text(
        self, platform: AdPlatform, secrets: tuple[str, ...]
    ) -> None:
        """
        Neither the adapter nor the account shows the token.
        """
        shown = f"{platform!r} {platform} {platform.account()!r}"

        assert [] == [secret for secret in secrets if secret in shown]

    def test_106_unknown_ids_are_absent(
        self, platform: AdPlatform, unknown_id: str
    ) -> None:
        """
        An id that belongs to nothing is left out of the answer; nothing is raised.
        """
        for kind in platform.capabilities.kinds:
            assert {} == dict(platform.read(kind, [unknown_id]))

    def test_107_nothing_asked_nothing_found(self, platform: AdPlatform) -> None:
        """
        No ids and no markers give empty answers, on a fresh account too.
        """
        for kind in platform.capabilities.kinds:
            assert {} == dict(platform.read(kind, []))
            assert () == tuple(platform.find(kind, []))

    def test_108_unknown_markers_find_nothing(self, platform: AdPlatform) -> None:
        """
        A marker nobody used finds nothing.
        """
        for kind in platform.capabilities.kinds:
            assert () == tuple(platform.find(kind, [mark("nobody.used.this")]))


class WantingScenarios(ConformanceBase):
    """
    2xx: from a plan to objects.
    """

    def test_201_wanting_is_deterministic(
        self, platform: AdPlatform, plan: MediaPlan
    ) -> None:
        """
        The same plan wants the same objects in the same order, every time.
        """
        first, *others = [platform.wanted(plan) for _ in range(3)]

        assert first.resources
        assert [first, first] == others

    def test_202_the_small_plan_fits(
        self, platform: AdPlatform, plan: MediaPlan
    ) -> None:
        """
        The suite's plan has no errors here, and wants a campaign, an ad set and ads.
        """
        wanted = platform.wanted(plan)
        kinds = [resource.kind for resource in wanted.resources]

        assert [] == [issue for issue in wanted.issues if issue.is_error]
        assert set(kinds) <= set(platform.capabilities.kinds)
        assert {Kind.CAMPAIGN, Kind.AD} <= set(kinds)
        assert kinds.count(Kind.AD) == len(list(plan.ads()))

    def test_203_parents_come_before_children(
        self, platform: AdPlatform, plan: MediaPlan
    ) -> None:
        """
        What an object refers to stands before it.
        """
        seen: set[str] = set()
        late = []
        for resource in platform.wanted(plan).resources:
            late += [ref for ref in resource.refs if ref not in seen]
            seen.add(resource.address)

        assert [] == late

    def test_204_references_lead_somewhere(
        self, platform: AdPlatform, plan: MediaPlan
    ) -> None:
        """
        Every reference is the address of another wanted object; ads have some.
        """
        resources = platform.wanted(plan).resources
        known = {resource.address for resource in resources}

        assert [] == [ref for r in resources for ref in r.refs if ref not in known]
        assert all(r.refs for r in resources if r.kind is Kind.AD)

    def test_205_addresses_are_unique(
        self, platform: AdPlatform, plan: MediaPlan
    ) -> None:
        """
        An address is an identity: no two objects of a kind share one.
        """
        pairs = [(r.kind, r.address) for r in platform.wanted(plan).resources]

        assert sorted(set(pairs)) == sorted(pairs)

    def test_206_fields_are_plain_data(
        self, platform: AdPlatform, plan: MediaPlan
    ) -> None:
        """
        Fields are what JSON holds, or references; money is never a float.
        """
        for resource in platform.wanted(plan).resources:
            fields = dict(resource.fields)
            assert json.dumps(fields, default=_plain)
            assert [] == list(_floats(fields)), resource.address

    def test_207_exposure_is_the_budget(
        self, platform: AdPlatform, plan: MediaPlan
    ) -> None:
        """
        The most that can be spent is stated in the account's currency, and no more
        than what the plan's lines cost.
        """
        stated = [r.exposure for r in platform.wanted(plan).resources if r.exposure]
        costs = [line.cost for line in plan.lines.values() if line.cost]
        zero = Money.zero(platform.account().currency)

        assert zero < sum(stated, zero) <= sum(costs, zero)

    def test_208_wanting_writes_nothing(
        self,
        platform: AdPlatform,
        plan: MediaPlan,
        writes: Callable[[], int] | None,
    ) -> None:
        """
        Asking what a plan wants reads only.
        """
        before = writes() if writes else 0
        resources = platform.wanted(plan).resources

        assert before == (writes() if writes else 0)
        for resource in resources:
            assert () == platform.find(resource.kind, [mark(resource.address)])

    def test_209_money_of_another_currency_is_an_issue(
        self, platform: AdPlatform, plan: MediaPlan
    ) -> None:
        """
        What the account cannot pay in comes back as an error with the plan's path.
        """
        other = "USD" if platform.account().currency != "USD" else "EUR"
        foreign = attrs.evolve(
            plan,
            campaigns={
                key: attrs.evolve(c, budget=AdBudget(lifetime=Money(500, other)))
                for key, c in plan.campaigns.items()
            },
        )

        errors = [i for i in platform.wanted(foreign).issues if i.is_error]

        assert errors
        assert all(issue.code and issue.message for issue in errors)
        assert [] == [i.path for i in errors if not _leads_somewhere(foreign, i.path)]

    def test_210_lines_by_hand_want_nothing(
        self, platform: AdPlatform, plan: MediaPlan
    ) -> None:
        """
        What a person runs by hand is never set up.
        """
        by_hand = attrs.evolve(
            plan,
            lines={
                key: attrs.evolve(line, managed=Managed.BY_HAND)
                for key, line in plan.lines.items()
            },
        )

        assert () == platform.wanted(by_hand).resources

    def test_211_other_platforms_lines_want_nothing(
        self, platform: AdPlatform, plan: MediaPlan
    ) -> None:
        """
        Lines on networks that are not served here are left to others.
        """
        others = [n for n in Network if n not in platform.capabilities.networks]
        foreign = attrs.evolve(
            plan,
            lines={
                key: attrs.evolve(line, networks=others[:1])
                for key, line in plan.lines.items()
            },
        )

        assert () == platform.wanted(foreign).resources

    def test_212_a_plan_that_is_set_up_wants_the_same(
        self, platform: AdPlatform, plan: MediaPlan, placed: Placed
    ) -> None:
        """
        What is wanted depends on the plan, not on what exists already.
        """
        assert placed.resources == platform.wanted(plan).resources

    def test_213_no_secret_in_what_is_wanted(
        self, platform: AdPlatform, plan: MediaPlan, secrets: tuple[str, ...]
    ) -> None:
        """
        Objects and issues never hold the token.
        """
        shown = repr(platform.wanted(plan))

        assert [] == [secret for secret in secrets if secret in shown]


def _plain(value: Any) -> Any:
    if isinstance(value, Ref):
        return value.address
    return dict(value)  # a mapping that is no dict; anything else is an error


def _floats(value: Any) -> Sequence[float]:
    if isinstance(value, float):
        return [value]
    if isinstance(value, dict):
        return [found for item in value.values() for found in _floats(item)]
    if isinstance(value, (list, tuple)):
        return [found for item in value for found in _floats(item)]
    return []


def _leads_somewhere(plan: MediaPlan, path: str) -> bool:
    """
    Whether a path starts at a part of the plan, and follows its keys where it has any.
    """
    head, _, rest = path.partition(".")
    part = getattr(plan, head.partition("[")[0], None)
    key = rest.partition(".")[0]
    keyed = ("campaigns", "lines", "audiences", "creatives", "posts")
    return part is not None and (head not in keyed or not key or key in part)
