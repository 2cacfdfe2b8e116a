from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from _meta_adapter import FLIGHT, a_plan, creatives, evolve, meta_of
from smmlib import Audience, CustomAudience, Network, Objective
from smmlib.sandbox import Sandbox
from smmlib.testing import strategies


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """
    One account for all examples: looking at plans changes nothing.
    """
    sandbox = Sandbox(seed=7)
    platform = meta_of(sandbox, tmp_path_factory.mktemp("plan"))
    yield sandbox, platform
    platform.close()


@st.composite
def _plans(draw):
    """
    Any campaign, audience and creative, on lines that Meta is paid through.
    """
    others = {"customers": CUSTOMERS, "visitors": VISITORS}
    campaign = draw(
        strategies.ad_campaigns(
            "meta-leads",
            audiences_=["people", "visitors"],
            creatives_=["one", "two"],
            networks_=[Network.FACEBOOK, Network.INSTAGRAM, Network.X],
            currency="EUR",
            within=FLIGHT,
        )
    )
    people = draw(strategies.audiences([*others, "nobody"]))
    shown = draw(strategies.creatives(["opening"]))
    return a_plan(
        campaigns={"any": evolve(campaign, objective=draw(OBJECTIVES))},
        audiences={"people": people, **others},
        creatives={"one": shown, "two": creatives()["single"]},
    )


OBJECTIVES = st.none() | st.sampled_from(Objective)
CUSTOMERS = Audience(retarget=[CustomAudience("customer_list", "crm")])
VISITORS = Audience(retarget=[CustomAudience("site_visitors")], exclude=["customers"])
PLANS = _plans() | strategies.plans()


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(plan=PLANS)
def test_any_plan_can_be_looked_at(world, plan):
    """
    Whatever a plan says: resources with parents first, or issues with a way out.
    """
    sandbox, platform = world
    wanted = platform.wanted(plan)
    seen = set()
    for resource in wanted.resources:
        assert resource.address not in seen
        if not any(issue.is_error for issue in wanted.issues):
            assert set(resource.refs) <= seen
        seen.add(resource.address)
        assert resource.name
    for issue in wanted.issues:
        assert issue.path
        assert issue.hint
        assert issue.code.count(".") == 1
    assert 0 == len(sandbox.log.writes())


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(plan=PLANS)
def test_wanting_twice_is_wanting_the_same(world, plan):
    """
    No clock, no order and no chance decides what a plan wants.
    """
    _, platform = world
    assert platform.wanted(plan) == platform.wanted(plan)
