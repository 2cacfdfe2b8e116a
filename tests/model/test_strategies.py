"""
The published strategies make valid, varied values of every class of the model.
"""

from __future__ import annotations

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smmlib import model
from smmlib.testing import strategies

_CLASSES = [
    thing
    for name in model.__all__
    if isinstance(thing := getattr(model, name), type) and attrs.has(thing)
]


def test_every_class_has_a_strategy():
    """
    Whoever adds a class to the model adds its strategy.
    """
    assert set(_CLASSES) | {model.FrozenMap} == set(strategies.FOR)


@pytest.mark.parametrize("kind", strategies.FOR, ids=lambda kind: kind.__name__)
@given(data=st.data())
@settings(max_examples=5)
def test_a_strategy_makes_its_class(kind, data):
    """
    What a strategy makes is of the class it stands for.
    """
    assert isinstance(data.draw(strategies.FOR[kind]()), kind)


@given(strategies.plans())
@settings(max_examples=25)
def test_references_of_plans_lead_somewhere(plan):
    """
    Every key a plan mentions exists in it.
    """
    people = {"", *plan.people}
    lost = [c.line for c in plan.campaigns.values() if c.line not in plan.lines]
    lost += [p.line for p in plan.posts.values() if p.line not in plan.lines]
    lost += [line.owner for line in plan.lines.values() if line.owner not in people]
    lost += [a.path for a in plan.ads() if plan.creative_of(a.ad) is None]
    lost += [a.path for a in plan.ads() if plan.audience_of(a.ad_set) is None]

    assert [] == lost


@given(strategies.plans())
@settings(max_examples=25)
def test_money_of_plans_adds_up(plan):
    """
    One currency; the budget pays for all lines; campaigns cost no more than their line.
    """
    costs = [line.cost for line in plan.lines.values() if line.cost]

    assert len({cost.currency for cost in costs}) <= 1
    if plan.budget and costs:
        assert sum(costs) <= plan.budget.media
    for campaign in plan.campaigns.values():
        budgets = [s.budget for s in campaign.ad_sets.values() if s.budget]
        budgets += [campaign.budget] if campaign.budget else []
        lifetime = [budget.lifetime for budget in budgets if budget.lifetime]
        assert not lifetime or sum(lifetime) <= plan.lines[campaign.line].cost


@given(strategies.plans(zone="Europe/Berlin", currency="JPY"))
@settings(max_examples=20)
def test_zone_and_currency_can_be_asked_for(plan):
    """
    A test that needs one zone and one currency gets them.
    """
    assert plan.zone == "Europe/Berlin"
    assert plan.currency in {"JPY", None}
    assert all(
        line.flight in plan.flight for line in plan.lines.values() if line.flight
    )
