"""
An audit of the sandbox's accounts: reads only, and its fix plan is applied like any.
"""

from __future__ import annotations

import attrs
import pytest

import smmlib as smm
from _cli import EXAMPLES, PLAN


@pytest.fixture(scope="module")
def launched():
    """
    The example plan, a week into its flight.
    """
    plan = smm.load(EXAMPLES / PLAN)
    with smm.connect("sandbox", seed=7, root=EXAMPLES) as work:
        work.apply(work.plan(plan))
        work.activate(work.plan(plan), approve="25500.00 EUR", by="eva")
        work.advance(days=14)
        yield work, plan


def test_what_was_set_up_from_the_plan_is_known(launched):
    """
    No campaign of the plan is a stranger, and reading leaves nothing to change.
    """
    work, plan = launched
    found = smm.audit(work, plan)

    assert 3 == found.accounts
    assert () == found.of("no_plan")
    assert () == found.of("naming")
    assert not work.plan(plan).changes


def test_what_left_the_plan_is_live_without_one(launched):
    """
    A campaign that was dropped from the plan still spends, and the audit says how much.
    """
    work, plan = launched
    campaigns = {k: c for k, c in plan.campaigns.items() if k != "office"}
    found = smm.audit(work, attrs.evolve(plan, campaigns=campaigns))

    (stranger,) = found.of("no_plan")
    assert "linkedin" == stranger.platform
    assert stranger.stake.amount > 0
    assert smm.Status.PAUSED in {
        campaign.status for campaign in found.fixes["linkedin"].campaigns.values()
    }
