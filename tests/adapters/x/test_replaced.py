"""
What X never changes is made anew, and posts it takes once are shown again.
"""

from __future__ import annotations

import attrs
import httpx
import pytest

import smmlib as smm
from _x import X
from _x_adapter import a_plan, files, with_campaign
from smmlib import AdSet
from smmlib.ports import Action


@pytest.fixture
def work(tmp_path):
    """
    A workspace on the embedded platforms.
    """
    with smm.connect("sandbox", seed=7, root=files(tmp_path)) as found:
        yield found


def _raw(work):
    http = httpx.Client(transport=work.sandbox.transport())
    return X(work.sandbox, http, work.sandbox.base_url("x"))


def _listed(work, path, **query):
    x = _raw(work)
    return x.get(f"{x.act}/{path}", **query)["data"]


def _actions(changes):
    return {change.address: change.action for change in changes.changes}


def _objectives(work):
    return {line["objective"] for line in _listed(work, "line_items")}


def test_another_objective_is_planned_as_another_campaign(work):
    """
    The objective never changes: the plan says so, and applying it works.
    """
    work.apply(work.plan(a_plan()))
    (old,) = _listed(work, "campaigns")
    wanted = with_campaign(objective="engagement")

    changes = work.plan(wanted)
    work.apply(changes)

    actions = _actions(changes)
    assert Action.REPLACE is actions["campaigns.spring"]
    assert Action.REPLACE is actions["campaigns.spring.ad_sets.baristas"]
    assert "agree" in str(changes)
    (new,) = _listed(work, "campaigns")
    assert old["id"] != new["id"]
    assert {"ENGAGEMENTS"} == _objectives(work)
    assert 0 == work.plan(wanted).writes


@pytest.mark.parametrize("path", ["campaigns", "line_items", "tweet"])
def test_a_new_campaign_is_made_once_although_the_run_broke_off(work, path):
    """
    A run that died half-way goes on with the new campaign, not with one more.
    """
    work.apply(work.plan(a_plan()))
    wanted = with_campaign(objective="engagement")
    fault = work.sandbox.faults.add(
        "connect_error", f"POST .*/{path}$", platform="x", count=200
    )
    with pytest.raises(smm.SmmError):
        work.apply(work.plan(wanted))
    work.sandbox.faults.clear()

    assert fault
    work.apply(work.plan(wanted))

    every = _listed(work, "campaigns", with_deleted=True)
    assert (2, 1) == (len(every), sum(row["deleted"] for row in every))
    assert {"ENGAGEMENTS"} == _objectives(work)
    assert 0 == work.plan(wanted).writes


def test_another_placement_is_planned_as_another_ad_set(work):
    """
    Placements never change: one ad set is made anew, with the posts it had.
    """
    work.apply(work.plan(a_plan()))
    before = {row["id_str"] for row in _listed(work, "tweets", tweet_type="PUBLISHED")}
    spring = a_plan().campaigns["spring"]
    moved = attrs.evolve(spring.ad_sets["baristas"], placements=["x.feed"])
    wanted = with_campaign(ad_sets={**spring.ad_sets, "baristas": moved})

    changes = work.plan(wanted)
    work.apply(changes)

    actions = _actions(changes)
    assert "campaigns.spring" not in actions
    assert Action.REPLACE is actions["campaigns.spring.ad_sets.baristas"]
    assert "placements never changes once it is made" in str(changes)
    assert 0 == work.plan(wanted).writes
    after = {row["id_str"] for row in _listed(work, "tweets", tweet_type="PUBLISHED")}
    # The text alone is the same post; a picture's card carries its own marker.
    assert 1 == len(after - before)


def test_an_ad_that_was_dropped_comes_back_with_its_post(work):
    """
    A dropped ad rolled back shows the post it had: X takes the same post once.
    """
    plan = a_plan()
    work.apply(work.plan(plan))
    spring = plan.campaigns["spring"]
    fewer = with_campaign(
        ad_sets={**spring.ad_sets, "baristas": AdSet("baristas", ["picture"])}
    )
    work.apply(work.plan(fewer))
    count = len(_listed(work, "tweets", tweet_type="PUBLISHED"))

    back = work.plan(plan)
    work.apply(back)

    assert count == len(_listed(work, "tweets", tweet_type="PUBLISHED"))
    assert 0 == work.plan(plan).writes
    work.activate(back, approve=back.total)


def test_a_post_of_another_project_stays_its_own(work):
    """
    The same post in an ad set of another name is refused, never taken over.
    """
    plan = a_plan()
    work.apply(work.plan(plan))
    theirs = {row["name"] for row in _listed(work, "tweets", tweet_type="PUBLISHED")}
    spring = plan.campaigns["spring"]
    other = attrs.evolve(
        plan,
        project_id="0192f3c8-5d7e-7b1a-9c44-2f6d1e0a8b99",
        campaigns={
            "spring": attrs.evolve(
                spring, ad_sets={"baristas": AdSet("baristas", ["link"], name="Theirs")}
            )
        },
    )

    with pytest.raises(smm.errors.SmmError, match=r"published before|twice"):
        work.apply(work.plan(other))

    found = {row["name"] for row in _listed(work, "tweets", tweet_type="PUBLISHED")}
    assert theirs <= found
