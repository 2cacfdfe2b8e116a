"""
One plan, five networks: posts go out everywhere, and ads follow them everywhere.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import attrs
import pytest

import smmlib as smm
from smmlib.model import Creative, Network, Post

_EXAMPLES = Path(__file__).parents[2] / "examples"
_WEB = "https://alpenkaffee.example/cup.jpg"


@pytest.fixture(name="work")
def _work():
    with smm.connect("sandbox", seed=7, root=_EXAMPLES) as work:
        yield work


@pytest.fixture(name="plan")
def _plan() -> smm.MediaPlan:
    return smm.load(_EXAMPLES / "launch.plan.yaml")


def _post(networks, text="Taste first. 5 > 3 & <b>", **more):
    at = datetime(2027, 3, 1, 9, tzinfo=ZoneInfo("Europe/Berlin"))
    return Post("organic", text, networks=networks, state="approved", at=at, **more)


def test_a_post_stands_once_on_every_network(work, plan):
    """
    Facebook, Instagram, LinkedIn, X and Telegram, each with its own id; twice sends
    nothing.
    """
    work.advance(days=8)
    posts = {
        "words": _post(["facebook", "linkedin", "x", "telegram"]),
        "picture": _post(["instagram"], "A cup.", media=[_WEB]),
        "box": _post(["linkedin", "x"], "A box.", media=["img/box.png"]),
    }
    mine = attrs.evolve(plan, posts=posts)

    rows = work.publish(mine)

    assert {"published"} == {row.status.value for row in rows}
    assert set(Network) == {row.network for row in rows.sent}
    assert len(rows) == len({row.post_id for row in rows})
    assert () == work.publish(mine).sent


@pytest.mark.parametrize(
    ("network", "campaign", "ad"),
    [("linkedin", "office", "team-table"), ("x", "teaser", "teaser")],
)
def test_ads_follow_their_post_on_each_platform(work, plan, network, campaign, ad):
    """
    The ad waits, the post goes out, the next apply promotes that very post.
    """
    boosted = Creative(boost="opening")
    mine = attrs.evolve(
        plan,
        posts={"opening": _post([network], "We are open.")},
        creatives={**plan.creatives, ad: boosted},
        campaigns={campaign: plan.campaigns[campaign]},
    )
    first = work.plan(mine)
    work.apply(first)
    address = f"campaigns.{campaign}"
    waiting = {issue.code for issue in first.issues}
    made = {change.address for change in first.changes}

    work.advance(days=7.4)
    post_id = work.publish(mine).published["opening", Network(network)]
    changes = work.plan(mine)
    work.apply(changes)

    assert "boost.waits" in waiting
    (due,) = [c for c in changes.changes if c.kind == "ad"]
    assert due.address not in made
    assert due.address.startswith(address)
    assert post_id in str(due.to_dict())
    assert work.plan(mine).empty


def test_a_lost_answer_is_looked_up_on_every_network_that_can_be_read(work, plan):
    """
    LinkedIn and X are asked, by the post's own words; nothing stands there twice.
    """
    work.advance(days=7.4)
    mine = attrs.evolve(plan, posts={"words": _post(["linkedin", "x"])})
    work.sandbox.faults.add("timeout_after", "POST /posts$", platform="linkedin")
    work.sandbox.faults.add("timeout_after", "POST .*/tweet$", platform="x")

    rows = work.publish(mine)

    assert {"published"} == {row.status.value for row in rows}
    writes = [f"{e.method} {e.path}" for e in work.sandbox.log.writes()]
    assert 2 == sum(path.endswith(("/posts", "/tweet")) for path in writes)
