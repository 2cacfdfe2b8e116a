"""
Drift and ways back on the real adapters, as a person in the ads manager causes them.
"""

from __future__ import annotations

import attrs
import httpx
import pytest

import smmlib as smm
from _cli import EXAMPLES, PLAN
from smmlib.errors import StaleChangesError

_CAMPAIGN = "campaigns.leads"


@pytest.fixture
def plan():
    """
    The example plan.
    """
    return smm.load(EXAMPLES / PLAN)


@pytest.fixture
def work(plan):
    """
    A workspace in which it is set up.
    """
    with smm.connect("sandbox", seed=7, root=EXAMPLES) as work:
        work.apply(work.plan(plan))
        work.advance(hours=1)
        yield work


def _remote_id(work, plan):
    return next(r for r in work.status(plan) if r.address == _CAMPAIGN).remote_id


def _by_hand(work, plan, **fields):
    facts = work.details["platforms"]["meta"]
    with httpx.Client(transport=work.sandbox.transport()) as way:
        way.post(
            f"{facts['base_url']}/{facts['api_version']}/{_remote_id(work, plan)}",
            data=fields,
            headers={"Authorization": f"Bearer {facts['access_token']}"},
        ).raise_for_status()


def test_drift_is_reverted(work, plan):
    """
    A colleague's budget and name are shown with both values, and put back.
    """
    _by_hand(work, plan, lifetime_budget="1500000", name="By hand")
    drift = work.refresh(plan)

    (change,) = drift.drift
    assert _CAMPAIGN == change.address
    assert 2 == len(change.drift)
    assert 1 == work.apply(drift).writes
    assert work.refresh(plan).empty
    assert work.plan(plan).empty


def test_drift_is_accepted(work, plan):
    """
    Nothing is written; the plan then proposes a plain change and no drift.
    """
    _by_hand(work, plan, lifetime_budget="1500000")
    writes = len(work.sandbox.log.writes())
    done = work.accept(work.refresh(plan))

    assert [_CAMPAIGN] == [address for address, _ in done.done]
    assert writes == len(work.sandbox.log.writes())
    assert work.refresh(plan).empty
    (change,) = work.plan(plan).changes
    assert (_CAMPAIGN, ()) == (change.address, change.drift)


def test_an_edit_between_looking_and_applying_is_looked_at_first(work, plan):
    """
    On the platform itself: nobody's work is overwritten unseen.
    """
    leads = attrs.evolve(plan.campaigns["leads"], name="Second week")
    edited = attrs.evolve(plan, campaigns={**plan.campaigns, "leads": leads}, version=2)
    changes = work.plan(edited)
    _by_hand(work, plan, lifetime_budget="1500000")

    with pytest.raises(StaleChangesError):
        work.apply(changes)


def test_a_replaced_text_comes_back(work, plan):
    """
    Creatives cannot change, so each way makes new ones: the words are as before.
    """
    headlines = {
        key: attrs.evolve(creative, headline="Another headline")
        for key, creative in plan.creatives.items()
        if creative.headline
    }
    edited = attrs.evolve(plan, creatives={**plan.creatives, **headlines}, version=2)
    changes = work.plan(edited)
    assert any(c.action == "replace" for c in changes.changes)
    work.apply(changes)
    work.advance(hours=1)
    work.apply(work.rollback(edited))

    assert work.plan(plan).empty
    assert not work.plan(edited).empty
