"""
A whole launch on X through the workspace: once, off until approved, resumable.
"""

from __future__ import annotations

from collections import Counter

import attrs
import httpx
import pytest

import smmlib as smm
from _x import X
from _x_adapter import LINK, a_plan, files
from smmlib import AdBudget, AdCampaign, AdSet, Creative, Money, Video
from smmlib.errors import Outcome, UnexpectedResponseError
from smmlib.model import Status
from smmlib.ports import Action, Kind, Operation

_ONCE = {
    "campaign": 1,
    "line_item": 2,
    "targeting_criterion": 10,
    "tweet": 3,
    "card": 2,
}


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


def _there(work):
    """
    Every living object of the account that a launch makes, by kind.
    """
    x = _raw(work)
    campaigns = x.get(f"{x.act}/campaigns")["data"]
    lines = x.get(f"{x.act}/line_items")["data"]
    ids = ",".join(line["id"] for line in lines)
    criteria = x.get(f"{x.act}/targeting_criteria", line_item_ids=ids)["data"]
    tweets = x.get(f"{x.act}/tweets", tweet_type="PUBLISHED")["data"]
    cards = x.get(f"{x.act}/cards")["data"]
    return {
        "campaign": len(campaigns),
        "line_item": len(lines),
        "targeting_criterion": len(criteria),
        "tweet": len(tweets),
        "card": len(cards),
    }


def _statuses(work):
    x = _raw(work)
    rows = [
        row
        for path in ("campaigns", "line_items")
        for row in x.get(f"{x.act}/{path}")["data"]
    ]
    return Counter(row["entity_status"] for row in rows)


def _promoted(work):
    x = _raw(work)
    return x.get(f"{x.act}/promoted_tweets")["data"]


def test_a_launch_runs_and_reports(work):
    """
    Planned, applied, approved and delivered; a second plan has nothing to do.
    """
    plan = a_plan()
    changes = work.plan(plan)
    work.apply(changes)
    assert Counter({"PAUSED": 3}) == _statuses(work)
    assert [] == _promoted(work)
    assert 0 == work.plan(plan).writes
    work.activate(changes, approve=changes.total)
    assert Counter({"ACTIVE": 3}) == _statuses(work)
    assert 3 == len(_promoted(work))
    work.advance(days=12)

    facts = work.pull(plan)

    assert _ONCE == _there(work)
    assert {"teaser"} == {row.line for row in facts.metrics}
    assert sum(row.spend for row in facts.metrics) > 0
    assert "facts.reconciled" in {note.code for note in facts.notes}
    assert 0 == work.plan(plan).writes


@pytest.mark.parametrize(
    "kind",
    ["timeout_before", "timeout_after", "status_500_after", "html_body", "empty_body"],
)
@pytest.mark.parametrize(
    "path", ["campaigns", "line_items", "targeting_criteria", "tweet", "cards"]
)
def test_a_lost_answer_buys_nothing_twice(work, kind, path):
    """
    What was made although its answer was lost is found again, criteria and cards too.
    """
    plan = a_plan()
    changes = work.plan(plan)
    work.sandbox.faults.add(kind, f"POST .*/{path}$", platform="x")

    work.apply(changes)

    assert _ONCE == _there(work)
    assert 0 == work.plan(plan).writes


@pytest.mark.parametrize("kind", ["timeout_after", "empty_page", "status_500_after"])
def test_a_lost_promotion_is_no_second_one(work, kind):
    """
    What runs is read before anything is sent again.
    """
    changes = work.plan(a_plan())
    work.apply(changes)
    work.sandbox.faults.add(kind, "POST .*/promoted_tweets", platform="x")

    work.activate(changes, approve=changes.total)

    assert 3 == len(_promoted(work))


def test_audiences_change_as_sets(work):
    """
    Only what is new is added and what is gone is taken away; the rest stays.
    """
    plan = a_plan()
    work.apply(work.plan(plan))
    x = _raw(work)
    lines = ",".join(row["id"] for row in x.get(f"{x.act}/line_items")["data"])
    before = {
        row["id"]: row["targeting_type"]
        for row in x.get(f"{x.act}/targeting_criteria", line_item_ids=lines)["data"]
    }
    women = attrs.evolve(plan.audiences["women"], languages=["fr"])
    changed = attrs.evolve(plan, audiences={**plan.audiences, "women": women})

    changes = work.plan(changed)
    work.apply(changes)

    after = {
        row["id"]: row["targeting_type"]
        for row in x.get(f"{x.act}/targeting_criteria", line_item_ids=lines)["data"]
    }
    assert ["campaigns.spring.ad_sets.women"] == [c.address for c in changes.changes]
    assert ["LANGUAGE"] == [after[own] for own in after.keys() - before.keys()]
    assert ["LANGUAGE"] == [before[own] for own in before.keys() - after.keys()]
    assert 0 == work.plan(changed).writes


def test_a_new_text_is_a_new_post(work):
    """
    Posts never change: the new one takes the place of the old, which is shown no more.
    """
    plan = a_plan()
    changes = work.plan(plan)
    work.apply(changes)
    work.activate(changes, approve=changes.total)
    other = attrs.evolve(plan.creatives["link"], text="A new day, a new roast")
    changed = attrs.evolve(plan, creatives={**plan.creatives, "link": other})

    changes = work.plan(changed)
    work.apply(changes)
    work.activate(changes, approve=changes.total)

    assert [Action.REPLACE] == [change.action for change in changes.changes]
    assert 3 == len(_promoted(work))
    assert 0 == work.plan(changed).writes


def test_posts_that_exist_are_promoted_as_they_are(work):
    """
    Nothing is made of them, nothing is written into them, and they run after approval.
    """
    x = _raw(work)
    tweets = [x.tweet(f"Morning {n}") for n in range(60)]
    plan = attrs.evolve(
        a_plan(),
        creatives={f"c{n}": Creative(boost=f"x:{t}") for n, t in enumerate(tweets)},
        campaigns={
            "spring": AdCampaign(
                "teaser",
                {"women": AdSet("women", [f"c{n}" for n in range(60)])},
                budget=AdBudget(lifetime=Money("1400", "EUR")),
            )
        },
    )
    changes = work.plan(plan)
    before = len(work.sandbox.log.writes())
    work.apply(changes)
    assert 3 == len(work.sandbox.log.writes()) - before
    work.activate(changes, approve=changes.total)

    assert 7 == len(work.sandbox.log.writes()) - before
    assert set(tweets) == {row["tweet_id"] for row in _promoted(work)}
    assert 0 == work.plan(plan).writes


def test_films_are_shown(work, tmp_path):
    """
    Uploaded in pieces and waited for: in a post, or on a card that leads somewhere.
    """
    film = b"\x00\x00\x00\x18ftypmp42" + bytes(5_000_000)
    (tmp_path / "img" / "c.mp4").write_bytes(film)
    women = AdSet("women", ["bare", "card"], optimise_for="video_views")
    plan = attrs.evolve(
        a_plan(),
        creatives={
            "bare": Creative("See it", video=Video("img/c.mp4")),
            "card": Creative("Now", link=LINK, video=Video("img/c.mp4")),
        },
        campaigns={
            "films": AdCampaign(
                "teaser",
                {"women": women},
                objective="engagement",
                budget=AdBudget(lifetime=Money("1400", "EUR")),
            )
        },
    )

    work.apply(work.plan(plan))

    x = _raw(work)
    (card,) = x.get(f"{x.act}/cards")["data"]
    assert "VIDEO_WEBSITE" == card["card_type"]
    assert 0 == work.plan(plan).writes


def test_a_lost_state_is_found_again(tmp_path):
    """
    Without our records the objects are recognised by the markers in their names.
    """
    plan, folder = a_plan(), tmp_path / "state"
    root = files(tmp_path)
    with smm.connect("sandbox", seed=7, state_dir=folder, root=root) as work:
        work.apply(work.plan(plan))
    for kept in folder.glob("*.db*"):
        kept.unlink()

    with smm.connect("sandbox", state_dir=folder, root=root) as work:
        changes = work.plan(plan)
        assert {"adopt"} == {change.action.value for change in changes.changes}
        work.apply(changes)
        assert _ONCE == _there(work)


def test_a_crash_between_line_items_and_criteria_is_mended(work, monkeypatch):
    """
    The line items stand there bare and paused; the same change set goes on.
    """
    plan = a_plan()
    changes = work.plan(plan)

    def crash(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr("smmlib.adapters.x._criteria.CriteriaWriter.put", crash)
        with pytest.raises(KeyboardInterrupt):
            work.apply(changes)
    assert 0 == _there(work)["targeting_criterion"]

    work.apply(changes)

    assert _ONCE == _there(work)
    assert 0 == work.plan(plan).writes


def _line_item(work):
    x = _raw(work)
    return x.line_item(x.campaign())


def _operation(action, kind, **more):
    return Operation(action, kind, address="campaigns.a.ad_sets.b", **more)


def test_an_ad_set_without_criteria_is_never_switched_on(work):
    """
    X would show it to everybody in the world.
    """
    platform = work.platforms["x"]
    bare = _line_item(work)

    (result,) = platform.execute(
        [_operation(Action.ACTIVATE, Kind.AD_SET, remote_id=bare)]
    )

    assert Outcome.NOT_APPLIED is result.outcome
    assert "everybody" in result.error.message
    assert Status.PAUSED is platform.read(Kind.AD_SET, [bare])[bare].status


def test_an_ad_set_without_criteria_is_never_made(work):
    """
    Nor are they all taken away from one.
    """
    platform = work.platforms["x"]
    before = len(work.sandbox.log.writes())
    orders = [
        _operation(Action.CREATE, Kind.AD_SET, marker="aaaaaaaaaa", name="B"),
        _operation(
            Action.UPDATE, Kind.AD_SET, remote_id="abc123", fields={"targeting": {}}
        ),
    ]

    results = platform.execute(orders)

    assert [Outcome.NOT_APPLIED] * 2 == [result.outcome for result in results]
    assert before == len(work.sandbox.log.writes())


def test_what_x_never_changes_is_refused_before_it_is_sent(work):
    """
    Another objective is another line item.
    """
    platform = work.platforms["x"]
    order = _operation(
        Action.UPDATE, Kind.AD_SET, remote_id="abc123", fields={"objective": "REACH"}
    )
    before = len(work.sandbox.log)

    (result,) = platform.execute([order])

    assert Outcome.NOT_APPLIED is result.outcome
    assert "another key" in result.error.hint
    assert before == len(work.sandbox.log)


def test_one_refused_of_a_batch_leaves_the_others(work):
    """
    X does nothing of such a batch; without the wrong one the rest is sent again.
    """
    platform = work.platforms["x"]
    funding = work.sandbox.details()["platforms"]["x"]["funding_instrument"]
    orders = [
        Operation(
            Action.CREATE,
            Kind.CAMPAIGN,
            address=f"campaigns.c{number}",
            marker=f"aaaaaaaaa{number}",
            name=f"C{number}",
            fields={
                "funding_instrument_id": payer,
                "daily_budget": {"amount": "10", "currency": "EUR"},
            },
        )
        for number, payer in enumerate([funding, "nope", funding])
    ]

    results = platform.execute(orders)

    assert [Outcome.APPLIED, Outcome.NOT_APPLIED, Outcome.APPLIED] == [
        result.outcome for result in results
    ]
    assert "FUNDING_INSTRUMENT_NOT_FOUND" == results[1].error.code


def test_an_empty_answer_to_a_create_is_no_success(work):
    """
    X once answered 201 with nothing where it had done nothing.
    """
    work.sandbox.faults.add("empty_page", "POST .*/batch/.*/campaigns", platform="x")
    funding = work.sandbox.details()["platforms"]["x"]["funding_instrument"]
    order = Operation(
        Action.CREATE,
        Kind.CAMPAIGN,
        address="campaigns.c",
        marker="aaaaaaaaaa",
        name="C",
        fields={"funding_instrument_id": funding},
    )

    (result,) = work.platforms["x"].execute([order])

    assert Outcome.UNKNOWN is result.outcome
    assert isinstance(result.error, UnexpectedResponseError)
