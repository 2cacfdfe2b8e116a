"""
The demo loses power in the middle of an apply, for real, and goes on.
"""

from __future__ import annotations

import pytest

import smmlib as smm
from _cli import copy_example
from smmlib.cli._crash import killed_apply, tell_crash
from smmlib.cli._story import Story

_MADE = ("Campaign", "AdSet", "Ad")


@pytest.fixture
def plan_file(tmp_path):
    """
    The example plan in a folder of its own.
    """
    return copy_example(tmp_path)


def _work(plan_file):
    return smm.connect(
        "sandbox",
        seed=7,
        root=plan_file.parent,
        state_dir=plan_file.parent / ".smm",
        http=True,
    )


@pytest.mark.parametrize("nth", [1, 2, 4])
def test_a_killed_apply_goes_on_and_makes_nothing_twice(plan_file, nth):
    """
    At whatever write: what the platform had taken is found, the rest is made.
    """
    plan = smm.load(plan_file)
    state = plan_file.parent / ".smm" / "sandbox.db"
    with _work(plan_file) as work:
        changes = work.plan(plan)
        ended = killed_apply(work, changes, plan_file=plan_file, state=state, nth=nth)
        open_writes = work.snapshot(plan).open_intents
        work.apply(changes)
        things = work.sandbox.state()["meta"]
        labels = [tuple(t["adlabels"]) for kind in _MADE for t in things[kind]]

        assert ended < 0, "the process must die, not end"
        assert open_writes, "nobody may have heard of its last write"
        assert len(labels) == len(set(labels)) > 3
        assert work.plan(plan).empty


def test_the_story_tells_it(plan_file, capsys):
    """
    What was recorded, what was not answered, and that nothing is guessed.
    """
    plan = smm.load(plan_file)
    story = Story(quiet=False)
    with _work(plan_file) as work:
        tell_crash(
            story,
            work,
            work.plan(plan),
            plan,
            plan_file=plan_file,
            state=plan_file.parent / ".smm" / "sandbox.db",
        )

    figures = story.figures["crash"]
    assert figures["exit_code"] < 0 < figures["unanswered"]
    assert "is killed" in capsys.readouterr().out
