"""
A whole launch on LinkedIn through the workspace: once, off until approved, resumable.
"""

from __future__ import annotations

import attrs
import pytest

import smmlib as smm
from _linkedin_adapter import SandboxClock, a_plan, audiences, files, linkedin_of
from _meta_adapter import PROJECT
from smmlib.deploy import MemoryStateStore, Target, apply, make_changes
from smmlib.errors import ApplyInterruptedError
from smmlib.model import Status
from smmlib.ports import Kind


@pytest.fixture
def work(tmp_path):
    """
    A workspace on the embedded platforms.
    """
    with smm.connect("sandbox", seed=7, root=files(tmp_path)) as found:
        yield found


@pytest.fixture
def plan():
    """
    A link and a picture for people in Germany.
    """
    office = attrs.evolve(audiences()["office"], narrow_by=(), exclude=())
    whole = a_plan(audiences={"office": office})
    spring = whole.campaigns["spring"]
    sets = {"office": spring.ad_sets["office"]}
    return attrs.evolve(whole, campaigns={"spring": attrs.evolve(spring, ad_sets=sets)})


def _there(work):
    """
    Every object of the account that is not deleted, by kind.
    """
    lookup = work.platforms["linkedin"]._lookup
    statuses = ("ACTIVE", "PAUSED", "DRAFT", "ARCHIVED")
    return {
        kind: len(
            [row for row in lookup.every(kind, statuses) if "smm:" in row["name"]]
        )
        for kind in (Kind.CAMPAIGN, Kind.AD_SET, Kind.AD)
    }


_ONCE = {Kind.CAMPAIGN: 1, Kind.AD_SET: 1, Kind.AD: 2}


def test_a_launch_runs_and_reports(work, plan):
    """
    Planned, applied, approved and delivered; a second plan has nothing to do.
    """
    changes = work.plan(plan)
    work.apply(changes)
    assert 0 == work.plan(plan).writes
    work.activate(changes, approve=changes.total)
    work.advance(days=12)

    facts = work.pull(plan)

    assert _ONCE == _there(work)
    assert {"work"} == {row.line for row in facts.metrics}
    assert sum(row.spend for row in facts.metrics) > 0
    assert "facts.reconciled" in {note.code for note in facts.notes}


@pytest.mark.parametrize(
    "kind",
    [
        "timeout_before",
        "timeout_after",
        "status_500_before",
        "status_500_after",
        "malformed_body",
        "html_body",
        "empty_body",
        "connect_error",
    ],
)
@pytest.mark.parametrize("path", ["adCampaignGroups", "adCampaigns", "creatives"])
def test_a_lost_answer_buys_nothing_twice(work, plan, kind, path):
    """
    What was made although its answer was lost is found by its marker.
    """
    changes = work.plan(plan)
    work.sandbox.faults.add(kind, f"POST .*/{path}", platform="linkedin")

    work.apply(changes)

    assert _ONCE == _there(work)
    assert 0 == work.plan(plan).writes


def test_a_quota_interrupts_and_the_next_day_goes_on(work, plan):
    """
    Nobody waits until midnight inside an apply; running it again finishes it.
    """
    changes = work.plan(plan)
    work.sandbox.faults.add("rate_limit", "POST .*/creatives", platform="linkedin")
    with pytest.raises(ApplyInterruptedError):
        work.apply(changes)
    work.advance(days=1)

    work.apply(work.plan(plan))

    assert _ONCE == _there(work)


@pytest.mark.parametrize("path", ["adCampaignGroups", "adCampaigns", "creatives"])
def test_short_pages_lose_nothing(work, plan, path):
    """
    The gate finds every object although pages end early.
    """
    changes = work.plan(plan)
    work.apply(changes)
    work.sandbox.faults.add(
        "short_page", f"GET .*/{path}", platform="linkedin", count=9
    )

    work.activate(changes, approve=changes.total)

    assert _ONCE == _there(work)


def test_a_lost_state_is_found_again(plan, tmp_path):
    """
    Without our records the objects are recognised by the markers in their names.
    """
    spring = plan.campaigns["spring"]
    office = attrs.evolve(spring.ad_sets["office"], ads=["link"])
    plan = attrs.evolve(
        plan,
        campaigns={"spring": attrs.evolve(spring, ad_sets={"office": office})},
    )
    folder = tmp_path / "state"
    with smm.connect("sandbox", seed=7, state_dir=folder) as work:
        work.apply(work.plan(plan))
    for kept in folder.glob("*.db*"):
        kept.unlink()

    with smm.connect("sandbox", state_dir=folder) as work:
        changes = work.plan(plan)
        assert {"adopt"} == {change.action.value for change in changes.changes}
        work.apply(changes)
        assert 1 == _there(work)[Kind.AD]


def test_what_the_plan_drops_is_taken_down(work, plan):
    """
    Drafts are deleted, and the rest of the tree stays.
    """
    work.apply(work.plan(plan))
    spring = plan.campaigns["spring"]
    office = attrs.evolve(spring.ad_sets["office"], ads=["link"])
    less = attrs.evolve(
        plan,
        campaigns={"spring": attrs.evolve(spring, ad_sets={"office": office})},
    )

    work.apply(work.plan(less))

    assert {**_ONCE, Kind.AD: 1} == _there(work)


def test_another_budget_is_an_update(work, plan):
    """
    Money changes in place; names, markers and ids stay.
    """
    work.apply(work.plan(plan))
    spring = plan.campaigns["spring"]
    dearer = attrs.evolve(spring, budget=smm.AdBudget(lifetime="4000 EUR"))
    changes = work.plan(attrs.evolve(plan, campaigns={"spring": dearer}))

    assert ["update"] == [change.action.value for change in changes.changes]
    work.apply(changes)

    (group,) = work.platforms["linkedin"].find(
        Kind.CAMPAIGN, [change.marker for change in changes.changes]
    )
    assert "4000" == group.fields["totalBudget"]["amount"]
    assert Status.PAUSED is group.status


def test_uploads_survive_a_lost_state(work, tmp_path):
    """
    They are found by the ads that show them: pictures, films and cards are neither
    uploaded nor shown a second time.
    """
    everybody = attrs.evolve(audiences()["visitors"], retarget=())
    whole = a_plan(audiences={"office": everybody, "visitors": everybody})
    sandbox = work.sandbox
    work.apply(work.plan(whole))
    before = sandbox.state()["linkedin"]
    desk = _Desk(sandbox, tmp_path)
    changes = make_changes(
        whole, [desk.target(whole)], desk.store, clock=desk.clock, environment="sandbox"
    )
    assert {"adopt"} == {str(change.action) for change in changes.changes}
    apply(changes, whole, [desk.target(whole)], desk.store, clock=desk.clock)
    after = sandbox.state()["linkedin"]
    for kind in ("image", "video", "share", "ugcPost", "creative"):
        assert len(before[kind]) == len(after[kind])


class _Desk:
    """
    A new state for an account somebody launched in.
    """

    def __init__(self, sandbox, folder):
        self.clock = SandboxClock(sandbox)
        self.platform = linkedin_of(sandbox, folder)
        self.store = MemoryStateStore(
            project_id=PROJECT, environment="sandbox", clock=self.clock
        )

    def target(self, plan):
        wanted = self.platform.wanted(plan)
        return Target(self.platform, self.platform.account(), wanted)
