"""
Any plan can be looked at on X, and what is found fit is taken by X as it is.
"""

from __future__ import annotations

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from _x_adapter import FLIGHT, a_plan, creatives, files, x_of
from smmlib import Audience, CustomAudience, Network, Objective
from smmlib.errors import Outcome
from smmlib.sandbox import Sandbox
from smmlib.testing import strategies
from smmlib.testing._conformance_tools import create, send

_CUSTOMERS = Audience(retarget=[CustomAudience("customer_list", "crm")])


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """
    One account for all examples: looking at plans changes nothing.
    """
    sandbox = Sandbox(seed=7)
    platform = x_of(sandbox, files(tmp_path_factory.mktemp("plan")))
    yield sandbox, platform
    platform.close()


@st.composite
def _plans(draw):
    """
    Any campaign, audience and creative, on a line that X is paid through.
    """
    campaign = draw(
        strategies.ad_campaigns(
            "teaser",
            audiences_=["people", "customers"],
            creatives_=["one", "two"],
            networks_=[Network.X, Network.FACEBOOK],
            currency="EUR",
            within=FLIGHT,
        )
    )
    objective = draw(st.none() | st.sampled_from(Objective))
    return a_plan(
        campaigns={"any": attrs.evolve(campaign, objective=objective)},
        audiences={
            "people": draw(strategies.audiences(["customers", "nobody"])),
            "customers": _CUSTOMERS,
        },
        creatives={"one": draw(strategies.creatives()), "two": creatives()["link"]},
    )


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(plan=_plans() | strategies.plans())
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
    assert wanted == platform.wanted(plan)


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(plan=_plans())
def test_what_has_no_errors_is_taken(world, plan):
    """
    A plan without errors is set up without a refusal.
    """
    _, platform = world
    wanted = platform.wanted(plan)
    if any(issue.is_error for issue in wanted.issues):
        return
    sandbox = Sandbox(seed=7)
    fresh = x_of(sandbox)
    ids = {}
    for resource in wanted.resources:
        (result,) = send(fresh, [create(resource, ids)])
        assert Outcome.APPLIED is result.outcome, result.error
        ids[resource.address] = result.remote_id
    fresh.close()
