"""
The engine sets up a platform it has never heard of: it knows the port, nothing else.
"""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path

import attrs
import pytest

from smmlib.deploy import MemoryStateStore, Target, activate, apply, make_changes
from smmlib.errors import SpendGuardError
from smmlib.ports import Action, Kind
from smmlib.testing import small_plan

sys.path.insert(0, str(Path(__file__).parents[2] / "examples" / "plugin" / "src"))

from smmlib_toyads import ToyAds, ToyService

_TOKEN = "t0k3n"


class _House:
    """
    ToyAds, a plan for it, and a state store.
    """

    def __init__(self, clock):
        self.clock = clock
        self.service = ToyService(_TOKEN, now=clock.now())
        self.platform = ToyAds(self.service, _TOKEN)
        self.plan = small_plan(
            self.platform.capabilities.networks,
            "EUR",
            zone="Europe/Berlin",
            first_day=(clock.now() + timedelta(days=1)).date(),
        )
        self.store = self.fresh_store()

    def fresh_store(self):
        return MemoryStateStore(project_id=self.plan.project_id, clock=self.clock)

    def targets(self, plan):
        account = self.platform.account()
        return (Target(self.platform, account, self.platform.wanted(plan)),)

    def changes(self, plan=None):
        plan = plan or self.plan
        return make_changes(
            plan,
            self.targets(plan),
            self.store,
            clock=self.clock,
            environment="sandbox",
        )

    def apply(self, plan=None):
        plan = plan or self.plan
        changes = self.changes(plan)
        targets = self.targets(plan)
        return apply(changes, plan, targets, self.store, clock=self.clock)

    def activate(self, approve):
        changes = self.changes()
        targets = self.targets(self.plan)
        return activate(
            changes,
            self.plan,
            targets,
            self.store,
            clock=self.clock,
            approve=approve,
            by="eva",
        )


@pytest.fixture
def house(smm_clock):
    """
    Everything in memory.
    """
    return _House(smm_clock)


def test_a_plan_is_set_up_once(house):
    """
    Applying creates what is wanted, and applying again writes nothing.
    """
    house.apply()
    written = house.service.writes
    house.apply()

    assert len(house.platform.wanted(house.plan).resources) == written
    assert written == house.service.writes
    assert house.changes().empty


def test_a_lost_state_is_found_again(house):
    """
    With an empty state store everything is found by its markers, and nothing is bought
    twice.
    """
    house.apply()
    written = house.service.writes
    house.store = house.fresh_store()
    house.apply()

    assert written == house.service.writes
    assert house.changes().empty


def test_money_flows_after_approval_only(house):
    """
    Activation wants the exact amount that was shown; then ads deliver.
    """
    house.apply()
    with pytest.raises(SpendGuardError):
        house.activate("1.00 EUR")
    house.activate(str(house.changes().total))
    house.service.advance(3)

    rows = list(house.platform.metrics(house.plan.flight))
    assert sum(row.spend for row in rows) > 0


def test_changes_are_seen_and_made(house):
    """
    A renamed campaign is one update; an edit by hand is seen as drift.
    """
    house.apply()
    renamed = attrs.evolve(
        house.plan,
        campaigns={
            key: attrs.evolve(campaign, name="Renamed")
            for key, campaign in house.plan.campaigns.items()
        },
    )
    assert [Action.UPDATE] == [c.action for c in house.changes(renamed).changes]
    house.apply(renamed)
    assert house.changes(renamed).empty

    (campaign,) = house.platform._all(Kind.CAMPAIGN)
    house.service.change(_TOKEN, campaign.id, {"fields": {"per_day": "999.00"}})
    assert house.changes(renamed).drift
