"""
From a plan to work: who does what until when, and who has too much of it.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from _cli import copy_example, edited, run, run_json
from smmlib import connect, load
from smmlib.errors import ValidationError
from smmlib.model import Channel, Idea, MediaPlan, Network, Person, Task
from smmlib.planning import WorkState, work_plan
from smmlib.testing import strategies
from smmlib.workspace import readable_networks

_EXAMPLE = Path(__file__).parents[2] / "examples" / "launch.plan.yaml"
_DAY = date(2027, 2, 20)


@pytest.fixture(name="plan")
def _plan():
    return load(_EXAMPLE)


def _only(plan, **tasks):
    return attrs.evolve(plan, tasks=tasks, creatives={}, posts={}, campaigns={})


def _states(found):
    return {row.key: row.state.value for row in found.tasks}


def test_overdue_blocked_ready_and_done(plan):
    """
    A task waits for the ones before it, and is late once its day has passed.
    """
    found = work_plan(
        _only(
            plan,
            a=Task("A", "jon", due=date(2027, 2, 22)),
            b=Task("B", "jon", due=date(2027, 2, 23), after=["a"]),
            c=Task("C", "jon", due=date(2027, 2, 19)),
            d=Task("D", "jon", state="done"),
            e=Task("E", "jon", after=["d"]),
        ),
        today=_DAY,
        derive=False,
    )

    assert {
        "a": "ready",
        "b": "blocked",
        "c": "overdue",
        "d": "done",
        "e": "ready",
    } == _states(found)
    assert ("a",) == next(row.waits_for for row in found.tasks if row.key == "b")


def test_every_creative_post_campaign_and_partner_gives_work(plan):
    """
    What the plan shows must be written, drawn, set up and arranged.
    """
    keys = set(_states(work_plan(plan, today=_DAY)))

    assert {f"write-{key}" for key in plan.creatives if key != "opening"} <= keys
    assert {f"post-{key}" for key in plan.posts} <= keys
    assert {f"set-up-{key}" for key in plan.campaigns} <= keys
    assert "arrange-bloggers" in keys


def test_the_plan_has_the_last_word(plan):
    """
    A task of the same key replaces the one that follows; milestones as well.
    """
    own = Task("Mine", "mila", hours=1)
    found = work_plan(
        attrs.evolve(plan, tasks={**plan.tasks, "write-taste": own}), today=_DAY
    )
    row = next(row for row in found.tasks if row.key == "write-taste")

    assert ("Mine", True) == (row.title, row.planned)
    assert 1 == sum(row.key == "live" for row in found.milestones)


@given(strategies.plans(), st.dates(date(2024, 1, 1), date(2032, 1, 1)))
@settings(max_examples=40, deadline=None)
def test_work_that_is_kept_follows_no_second_time(plan, today):
    """
    Written into the plan, the same work is shown again, and nothing twice.
    """
    found = work_plan(plan, today=today)
    kept = attrs.evolve(plan, tasks=found.as_tasks(), milestones=found.as_milestones())
    again = work_plan(kept, today=today)

    assert _states(found) == _states(again)
    assert {r.key for r in found.milestones} == {r.key for r in again.milestones}
    assert str(found)
    assert found._repr_html_()
    assert found.to_dict()["today"] == today.isoformat()


@given(
    st.lists(
        st.tuples(st.integers(0, 60), st.decimals("0.5", 90, places=1)),
        min_size=1,
        max_size=6,
    ),
    st.integers(1, 60),
)
@settings(max_examples=60, deadline=None)
def test_no_hour_is_lost(parts, week):
    """
    A person's weeks sum up to their tasks, to the rounding of the weeks shown.
    """
    plan = load(_EXAMPLE)
    people = {"ann": Person("Ann", "smm", hours_per_week=week)}
    tasks = {
        f"t{n}": Task(
            f"T{n}",
            "ann",
            due=_DAY + timedelta(days=days),
            hours=hours,
            after=[f"t{n - 1}"] if n else [],
        )
        for n, (days, hours) in enumerate(parts)
    }
    found = work_plan(
        attrs.evolve(_only(plan, **tasks), people=people), today=_DAY, derive=False
    )
    total = sum((row.hours for row in found.load), Decimal(0))

    assert abs(total - sum(hours for _, hours in parts)) <= Decimal("0.01") * len(
        found.load
    )
    over = {row.week for row in found.load if row.hours > week}
    warned = [i for i in found.warnings if i.code == "work.overload"]
    assert len(over) == len(warned)


def test_too_much_in_one_week_is_a_warning(plan):
    """
    Two full weeks of work that end on one Friday overload the last one.
    """
    tasks = {
        name: Task(name, "lea", due=date(2027, 2, 26), hours=40) for name in ("a", "b")
    }
    found = work_plan(_only(plan, **tasks), today=_DAY, derive=False)
    (warning,) = found.warnings

    assert "work.overload" == warning.code
    assert ("80.00", "40") == (warning.value, warning.limit)
    assert date(2027, 2, 22) == found.load[0].week


def test_alone_and_delegated(plan):
    """
    One person does all but the client's part; or each trade has its person.
    """
    alone = work_plan(plan, today=_DAY, mode="alone", by="jon")
    shared = work_plan(plan, today=_DAY)

    assert {"jon", "eva"} == {row.owner for row in alone.tasks}
    assert {"jon", "lea", "tom", "mila", "eva"} == {row.owner for row in shared.tasks}
    with pytest.raises(ValidationError):
        work_plan(plan, today=_DAY, mode="alone", by="jonn")
    with pytest.raises(ValidationError):
        work_plan(plan, today=_DAY, mode="together")


def test_work_without_a_person_is_a_warning(plan):
    """
    Nobody is a name, too.
    """
    lonely = attrs.evolve(plan, people={}, tasks={}, creatives=plan.creatives)
    found = work_plan(lonely, today=_DAY)

    assert "work.no_owner" in {issue.code for issue in found.warnings}


def test_a_new_channel_is_open_until_it_can_be_read(plan):
    """
    The strategy calls it new: it has a checklist until the network answers.
    """
    channel = Channel("telegram", "@new", owner="jon", new=True)
    strategy = attrs.evolve(plan.strategy, channels=[channel])
    changed = attrs.evolve(plan, strategy=strategy)

    def stone(**more):
        found = work_plan(changed, today=date(2027, 1, 4), **more)
        rows = [r for r in found.milestones if r.key == "channel-telegram"]
        tasks = [t for t in found.tasks if t.key == "channel-telegram"]
        return rows[0].state, all(done for _, done in rows[0].checklist), len(tasks)

    assert (WorkState.OPEN, False, 1) == stone()
    assert (WorkState.OPEN, False, 1) == stone(readable=["facebook"])
    assert (WorkState.DONE, True, 0) == stone(readable=[Network.TELEGRAM])


def test_a_known_channel_that_cannot_be_read_is_missing(plan):
    """
    Who asks the networks learns of a channel that is gone.
    """
    found = work_plan(plan, today=_DAY, readable=["facebook", "instagram"])

    assert "channel-telegram" in {row.key for row in found.milestones}
    assert "channel-facebook" not in {row.key for row in found.milestones}


def test_the_sandbox_says_which_channels_are_there(plan, tmp_path):
    """
    The adapters are asked, not the plan.
    """
    with connect("sandbox", root=_EXAMPLE.parent, state_dir=tmp_path) as work:
        found = readable_networks(work, plan)

    assert {Network.FACEBOOK, Network.TELEGRAM} <= found


def test_unchecked_news_cannot_be_approved(plan):
    """
    Neither the idea, nor the post that was made of it.
    """
    with pytest.raises(ValidationError) as caught:
        Idea("News", state="approved")
    assert "idea.unchecked" == caught.value.issues[0].code
    assert Idea("News", state="approved", fact_check="checked").is_sound

    news = attrs.evolve(plan, ideas={"news": Idea("News", post="opening")})
    with connect("sandbox", root=_EXAMPLE.parent, state_dir=None) as work:
        with pytest.raises(ValidationError) as caught:
            work.approve_posts(news, "opening", by="eva")
        assert "idea.unchecked" == caught.value.issues[0].code
        sound = Idea("News", post="opening", fact_check="checked")
        work.approve_posts(
            attrs.evolve(news, ideas={"news": sound}), "opening", by="eva"
        )
        row = next(r for r in work.posts(news) if r.post == "opening")
        assert "unchecked" in row.note


def test_the_command_shows_work(tmp_path):
    """
    Text for people, data for programs; a new channel is asked for.
    """
    path = edited(
        copy_example(tmp_path),
        (
            'handle: "@alpenkaffee_roasts", owner: jon',
            'handle: "@a", owner: jon, new: true',
        ),
    )
    text = run("work", path, "--today", "2027-02-20").stdout
    assert "[ ] channel-telegram: smmlib can read Telegram @a" in text
    data = run_json("work", path, "--today", "2027-02-20", "--online")
    stones = {row["key"]: row["state"] for row in data["milestones"]}
    assert "done" == stones["channel-telegram"]
    assert "mila" in run("work", path, "--alone", "--person", "mila").stdout


def test_an_empty_plan_has_its_dates(plan):
    """
    Even a plan with nothing in it ends with a report.
    """
    bare = MediaPlan("P", "p-1", zone=plan.zone, flight=plan.flight)
    found = work_plan(bare, today=_DAY)

    assert {"plan-approved", "everything-in", "half-time", "wrap-up"} == {
        row.key for row in found.milestones
    }
