"""
Growth, results of posts and enquiries come with every pull, typed in by nobody.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import attrs
import pytest

import smmlib as smm
from smmlib.errors import PermissionDeniedError, UnreachableError
from smmlib.model import Message, Network, PostResult
from smmlib.ports import Capabilities, Result

_PLAN = Path(__file__).parents[2] / "examples" / "launch.plan.yaml"


@pytest.fixture(name="plan", scope="module")
def _plan() -> smm.MediaPlan:
    return smm.load(_PLAN)


@pytest.fixture(name="work")
def _work():
    with smm.connect("sandbox", seed=7) as work:
        yield work


def _telegram(facts):
    return {r.on: r.followers for r in facts.growth if r.network is Network.TELEGRAM}


def test_growth_is_judged_from_data_nobody_typed_in(work, plan):
    """
    A pull a day, and the goal of the channel has a value, an expectation, a status.
    """
    before = work.pull(plan)
    work.advance(days=21)
    facts = work.pull(plan)

    (goal,) = [r for r in smm.track(plan, facts) if r.target.kpi == "follower_growth"]
    first, last = _telegram(before), _telegram(facts)
    assert set(first) < set(last)
    start, end = last[min(last)], last[max(last)]
    assert goal.value is not None
    assert abs(goal.value - Decimal(100 * (end - start)) / start) < 1
    assert goal.status in {smm.KPIStatus.ON_TRACK, smm.KPIStatus.AT_RISK}
    assert "page statistics" == goal.source


def test_a_number_that_is_told_only_today_is_kept_by_day(work, plan):
    """
    What was counted on each day is known later, the last number of a day counts, and
    looking twice writes nothing twice.
    """
    seen = {}
    for hour in range(60):
        work.advance(hours=7)
        now = work.now().astimezone(plan.flight.start.tzinfo).date()
        seen[now] = _telegram(work.pull(plan))[now]
        if hour % 10 == 0:
            work.pull(plan)

    assert seen == _telegram(work.pull(plan))
    kept = [event for event in work.log(plan) if event.what == "followers counted"]
    assert len(kept) <= 60 + 1


def test_pages_tell_the_day_before_the_start_for_comparison(work, plan):
    """
    Facebook and Instagram tell all days, from the one growth is counted from.
    """
    work.advance(days=12)
    facts = work.pull(plan)

    for network in (Network.FACEBOOK, Network.INSTAGRAM):
        days = [row.on for row in facts.growth if row.network is network]
        assert plan.flight.first_day - timedelta(days=1) == min(days)
        assert len(days) == len(set(days)) == (max(days) - min(days)).days + 1


def test_reports_begin_where_the_ads_begin(work, plan):
    """
    A day that is read for comparison is no first day of what happened.
    """
    changes = work.plan(plan)
    work.apply(changes)
    work.activate(changes, approve="25500.00 EUR", by="eva")
    work.advance(days=12)

    assert plan.flight.first_day == work.pull(plan).first_day


def test_results_of_posts_carry_the_plans_key(work, plan):
    """
    What a published post brought belongs to it; who cannot tell is named.
    """
    work.advance(days=8)
    work.approve_posts(plan, "opening", by="eva")
    rows = work.publish(plan)
    work.advance(days=2)
    facts = work.pull(plan)

    (result,) = facts.posts
    assert ("opening", Network.FACEBOOK) == (result.post, result.network)
    assert rows.published["opening", Network.FACEBOOK] == result.post_id
    assert result.reach
    notes = {note.code: note for note in facts.notes}
    assert "telegram" == notes["facts.no_results"].path


class _Page:
    """
    A page that says what a test wants.
    """

    name = "page"
    capabilities = Capabilities((Network.LINKEDIN,), publishes=True)

    def __init__(self, error=None):
        self.error = error

    def publish(self, post, network, *, marker):
        return Result(marker, smm.Outcome.APPLIED, f"{network}-1")

    def results(self, post_ids):
        if self.error:
            raise self.error
        return tuple(
            PostResult("linkedin", i, on="2027-03-02", reach=1) for i in post_ids
        )

    def leads(self, since):
        for day in (0, 5, 500):
            yield Message(
                f"day {day}",
                since + timedelta(days=day),
                network="linkedin",
                kind="lead",
            )


def _only(work, page):
    work.platforms.clear()
    work._networks = type(work._networks)((page,))


def test_enquiries_of_the_flight_are_read(work, plan):
    """
    Who wrote into a form during the flight is in the facts.
    """
    _only(work, _Page())
    work.advance(days=20)

    facts = work.pull(plan)

    assert ["day 0", "day 5"] == [message.text for message in facts.messages]
    both = facts + facts
    assert 4 == len(both.messages)
    early = facts.between(last=plan.flight.first_day)
    assert ["day 0"] == [message.text for message in early.messages]


@pytest.mark.parametrize(
    "error",
    [
        PermissionDeniedError("may not read it", hint="grant pages_read_engagement"),
        UnreachableError("no connection"),
    ],
)
def test_what_cannot_be_read_is_said_and_stops_nothing(work, plan, error):
    """
    A page that refuses is a note with its hint; the rest of the facts is there.
    """
    page = _Page(error)
    _only(work, page)
    work.advance(days=8)
    post = smm.Post("organic", "Hello", networks=["linkedin"], state="approved")
    post = attrs.evolve(post, at=plan.flight.start)
    mine = attrs.evolve(plan, posts={"opening": post})
    assert 1 == len(work.publish(mine).sent)

    facts = work.pull(mine)

    (note,) = [n for n in facts.notes if n.code == "facts.not_read"]
    assert (error.message in note.message, error.hint) == (True, note.hint)
    assert 2 >= len(facts.messages) > 0


def test_a_network_that_tells_no_growth_is_named_where_it_matters(work, plan):
    """
    Whoever set a goal learns that nothing is read for it.
    """
    _only(work, _Page())
    quiet = work.pull(plan)
    goal = smm.Goal("follower_growth", "10 %", network="linkedin")
    strategy = attrs.evolve(plan.strategy, goals=(goal,))
    asked = work.pull(attrs.evolve(plan, strategy=strategy))

    assert "facts.no_growth" not in {note.code for note in quiet.notes}
    assert "facts.no_growth" in {note.code for note in asked.notes}
