from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from _meta_adapter import evolve, meta_of
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


def _on_meta(plan):
    """
    The plan with all its lines on Facebook and Instagram, so that it matters here.
    """
    lines = {
        key: evolve(line, networks=["facebook", "instagram"], paid=True, managed="api")
        for key, line in plan.lines.items()
    }
    return evolve(plan, lines=lines)


PLANS = strategies.plans().map(_on_meta) | strategies.plans()


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
        assert issue.code.startswith(("meta.", "media."))
    assert 0 == len(sandbox.log.writes())


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(plan=PLANS)
def test_wanting_twice_is_wanting_the_same(world, plan):
    """
    No clock, no order and no chance decides what a plan wants.
    """
    _, platform = world
    assert platform.wanted(plan) == platform.wanted(plan)
