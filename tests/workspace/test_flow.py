"""
The notebook's way from plan to report, on the embedded platforms.
"""

from __future__ import annotations

import pickle
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

import smmlib as smm

_PLAN = Path(__file__).parents[2] / "examples" / "launch.plan.yaml"
_APPROVED = "25500.00 EUR"


@pytest.fixture(name="plan", scope="module")
def _plan() -> smm.MediaPlan:
    return smm.load(_PLAN)


@pytest.fixture(name="work")
def _work():
    with smm.connect("sandbox", seed=7) as work:
        yield work


def _launched(work, plan):
    changes = work.plan(plan)
    work.apply(changes)
    work.activate(changes, approve=_APPROVED, by="eva")
    return changes


def test_planning_writes_nothing(work, plan):
    """
    Making a change set sends no write to any platform.
    """
    work.plan(plan)

    assert [] == list(work.sandbox.log.writes())


def test_the_whole_way_brings_numbers_for_every_deployed_line(work, plan, tmp_path):
    """
    After apply, activate and two weeks, pulled numbers belong to the deployed lines.
    """
    _launched(work, plan)
    work.advance(days=21)
    records = tmp_path / "crm.csv"
    records.write_text(work.sandbox.conversions_csv(), "utf-8")

    facts = work.pull(plan, conversions=records)

    assert {"meta-leads", "meta-awareness", "linkedin-office", "x-teaser"} == {
        row.line for row in facts.metrics
    }
    assert {"EUR"} == {row.currency for row in facts.metrics}
    assert len(facts.conversions) > 0
    assert all(row.address.startswith("campaigns.") for row in facts.metrics)


def test_spend_is_held_to_the_account_total(work, plan):
    """
    A pull says that the ads' spend is the account's own total, to the cent.
    """
    _launched(work, plan)
    work.advance(days=14)

    facts = work.pull(plan)

    told = {n.path: n.limit for n in facts.notes if n.code == "facts.reconciled"}
    assert set(work.platforms) == set(told)
    for platform, limit in told.items():
        rows = [row for row in facts.metrics if row.platform == platform]
        assert Decimal(limit) == sum((row.spend for row in rows), Decimal(0))


def test_a_second_apply_reads_and_writes_nothing(work, plan):
    """
    What is set up already is looked at, not made again.
    """
    work.apply(work.plan(plan))
    before = len(list(work.sandbox.log.writes()))
    reads = len(work.sandbox.log)

    again = work.plan(plan)
    work.apply(again)

    assert again.empty
    assert before == len(list(work.sandbox.log.writes()))
    assert reads < len(work.sandbox.log)


def test_nothing_runs_before_its_amount_is_approved(work, plan):
    """
    Another amount than the one shown starts nothing.
    """
    changes = work.plan(plan)
    work.apply(changes)

    with pytest.raises(smm.SpendGuardError) as caught:
        work.activate(changes, approve="25499.99 EUR")

    assert "25500.00 EUR" in str(caught.value)
    campaigns = work.sandbox.state()["meta"]["Campaign"]
    assert {"PAUSED"} == {campaign["status"] for campaign in campaigns}


def test_before_the_flight_there_is_nothing_to_pull(work, plan):
    """
    A plan that has not started yet has no numbers, and that is no error.
    """
    assert () == work.pull(plan).metrics


def test_stop_pauses_everything_even_under_the_kill_switch(work, plan, tmp_path):
    """
    A file named KILL blocks writes; stopping still works.
    """
    with smm.connect("sandbox", seed=7, root=tmp_path) as guarded:
        (tmp_path / "KILL").write_text("")
        with pytest.raises(smm.SpendGuardError, match="KILL"):
            guarded.apply(guarded.plan(_without_pictures(plan)))
    _launched(work, plan)

    stopped = work.stop(plan)

    assert 4 == stopped.writes
    assert not any("delivering" == str(s.delivery) for s in work.status(plan))


def _without_pictures(plan):
    """
    The plan without campaigns, so that no picture is sought.
    """
    return plan.next_version(campaigns={})


def test_the_environment_variable_kills_too(plan):
    """
    SMM_KILL says no to every write.
    """
    with smm.connect("sandbox", environ={"SMM_KILL": "1"}) as work:
        changes = work.plan(plan)
        with pytest.raises(smm.SpendGuardError, match="SMM_KILL"):
            work.apply(changes)
        assert [] == list(work.sandbox.log.writes())


def test_changes_of_another_workspace_need_their_plan(work, plan):
    """
    A change set alone does not say which plan it is; the error asks for it.
    """
    changes = work.plan(plan)
    with (
        smm.connect("sandbox", seed=7) as other,
        pytest.raises(smm.ConfigurationError, match="not made by this workspace"),
    ):
        other.apply(changes)


def test_state_and_world_outlive_the_workspace(plan, tmp_path):
    """
    With a state folder, a second process finds what the first one set up.
    """
    with smm.connect("sandbox", seed=7, state_dir=tmp_path / ".smm") as first:
        first.apply(first.plan(plan))

    with smm.connect("sandbox", state_dir=tmp_path / ".smm") as second:
        changes = second.plan(plan)

    assert changes.empty
    assert () == changes.changes


def test_time_is_only_ours_in_the_sandbox(work):
    """
    Advancing moves the sandbox's clock by exactly that much.
    """
    before = work.now()

    work.advance(days=1, hours=2)

    assert timedelta(days=1, hours=2) == work.now() - before


def test_the_same_seed_gives_the_same_figures_and_another_seed_others(plan):
    """
    A seed is a world: repeatable, and different from the next.
    """

    def spend(seed):
        with smm.connect("sandbox", seed=seed) as work:
            _launched(work, plan)
            work.advance(days=10)
            return [row.spend for row in work.pull(plan).metrics]

    assert spend(1) == spend(1)
    assert spend(1) != spend(2)


def test_over_http_it_is_the_same_world(plan):
    """
    The loopback server and the transport in this process give the same plan.
    """
    with (
        smm.connect("sandbox", seed=7) as here,
        smm.connect("sandbox", seed=7, http=True) as there,
    ):
        assert str(here.plan(plan)) == str(there.plan(plan))


def test_a_workspace_shows_no_token(work):
    """
    Neither text nor connection details nor a pickled error carry the token.
    """
    token = work.sandbox.details()["platforms"]["meta"]["access_token"]

    assert token not in repr(work)
    assert token not in repr(work.platforms)
    with pytest.raises(TypeError):
        pickle.dumps(work.platforms["meta"])
