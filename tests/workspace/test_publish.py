"""
Posts that are due go out once, and only with the word of who has to agree.
"""

from __future__ import annotations

import base64
from datetime import datetime, timedelta
from pathlib import Path

import attrs
import pytest

import smmlib as smm
from smmlib.model import Approval, Network, Post, PostState, content_hash
from smmlib.workspace import PublishStatus

_PLAN = Path(__file__).parents[2] / "examples" / "launch.plan.yaml"
_PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
    "awAAAABJRU5ErkJggg=="
)
_FB, _TG = Network.FACEBOOK, Network.TELEGRAM
_SENDS = {
    _FB: "POST /[0-9]+/feed$",
    _TG: "POST sendMessage$",
}


@pytest.fixture(name="work")
def _work(tmp_path):
    (tmp_path / "cup.png").write_bytes(_PNG)
    with smm.connect("sandbox", seed=7, root=tmp_path) as work:
        work.advance(days=8)
        yield work


@pytest.fixture(name="launch", scope="module")
def _launch() -> smm.MediaPlan:
    return smm.load(_PLAN)


def _with(plan, **posts):
    """
    The plan with other posts, all due on the first day.
    """
    day = plan.flight.start + timedelta(hours=9)
    made = {key: attrs.evolve(post, at=post.at or day) for key, post in posts.items()}
    return attrs.evolve(plan, posts=made)


def _post(text="We are open.", *, networks=(_FB, _TG), state="approved", **more):
    return Post("organic", text, networks=networks, state=state, **more)


def _texts(work):
    """
    What stands on the Page and in the channel.
    """
    state = work.sandbox.state()
    page = [row["message"] for row in state["meta"].get("PagePost", [])]
    channel = [m.get("text", m.get("caption")) for m in state["telegram"]["Message"]]
    return page, channel


def _stands(rows):
    return {(row.post, row.network): row.status.value for row in rows}


def _sends(work):
    """
    How many requests would have published something.
    """
    paths = [f"{e.method} {e.path}" for e in work.sandbox.log.writes()]
    return sum(
        path.endswith(("/feed", "sendMessage", "/media_publish")) for path in paths
    )


def test_what_is_due_goes_out_with_the_words_of_each_network(work, launch):
    """
    Every network gets its own text, and each row says where the post stands.
    """
    plan = _with(launch, opening=_post(variants={"telegram": "*Open!*"}))

    rows = work.publish(plan)

    assert (["We are open."], ["Open!"]) == _texts(work)
    assert {PublishStatus.PUBLISHED} == {row.status for row in rows}
    assert all(row.sent and row.post_id for row in rows)
    assert rows[0].url.startswith("https://www.facebook.com/")


def test_running_it_again_sends_nothing(work, launch):
    """
    The second run finds everything published and asks no network for anything.
    """
    plan = _with(launch, opening=_post())
    first = work.publish(plan)
    before = len(work.sandbox.log)

    again = work.publish(plan)

    assert before == len(work.sandbox.log)
    assert first.published == again.published
    assert () == again.sent
    assert again == work.posts(plan)


def test_what_is_not_due_waits(work, launch):
    """
    A post of next week stays where it is, until somebody says it is due.
    """
    later = work.now() + timedelta(days=7)
    plan = _with(launch, later=_post(at=later), dateless=_post())
    plan = attrs.evolve(
        plan,
        posts={**plan.posts, "dateless": attrs.evolve(plan.posts["dateless"], at=None)},
    )

    assert {"waiting"} == set(_stands(work.publish(plan)).values())
    rows = work.publish(plan, due=later)
    assert "published" == _stands(rows)["later", _TG]
    assert "waiting" == _stands(rows)["dateless", _TG]


def test_a_moment_without_a_zone_is_refused(work, launch):
    """
    Nine o'clock where? Nothing is sent before that is said.
    """
    for call in (work.publish, work.posts):
        with pytest.raises(smm.ValidationError):
            call(launch, due=datetime(2027, 3, 1))  # noqa: DTZ001 - the mistake


@pytest.mark.parametrize("state", ["idea", "draft", "in_review"])
def test_a_draft_is_not_published(work, launch, state):
    """
    Without an approver somebody has to call the post approved.
    """
    rows = work.publish(_with(launch, opening=_post(state=state)))

    assert {"unapproved"} == set(_stands(rows).values())
    assert 0 == _sends(work)


def test_the_word_of_the_approver_is_needed_whatever_the_state(work, launch):
    """
    A post with an approver is not sent because somebody else wrote `approved`.
    """
    plan = _with(launch, opening=_post(approver="eva"))

    rows = work.publish(plan)
    assert {"unapproved"} == set(_stands(rows).values())
    assert "Eva Alpen" in rows[0].note
    assert "--by eva" in rows[0].hint

    work.approve_posts(plan, "opening", by="eva")
    assert {"published"} == set(_stands(work.publish(plan)).values())


def test_an_edit_voids_the_approval(work, launch):
    """
    What was approved is what is sent: another text needs another word.
    """
    plan = _with(launch, opening=_post(approver="eva", state="in_review"))
    work.approve_posts(plan, "opening", by="eva")
    edited = _with(launch, opening=_post("We are shut.", approver="eva"))
    moved_on = _with(launch, opening=_post(approver="eva", state="scheduled"))

    assert {"unapproved"} == set(_stands(work.publish(edited)).values())
    assert {"published"} == set(_stands(work.publish(moved_on)).values())


def test_an_approval_in_the_plan_counts_and_so_does_a_refusal(work, launch):
    """
    The last word of the approver on exactly this content decides.
    """
    plan = _with(launch, opening=_post(approver="eva", networks=[_TG]))
    said = Approval(
        "posts", "eva", at=work.now(), content_hash=content_hash(plan.posts["opening"])
    )
    no = attrs.evolve(said, verdict="rejected", at=said.at + timedelta(hours=1))
    other = attrs.evolve(said, by="jon")

    for approvals, expected in (
        ((other,), "unapproved"),
        ((said, no), "unapproved"),
        ((no, attrs.evolve(said, at=no.at + timedelta(hours=1))), "published"),
    ):
        rows = work.publish(attrs.evolve(plan, approvals=approvals))
        assert expected == rows[0].status.value, approvals


@pytest.mark.parametrize(
    ("key", "by", "code"),
    [
        ("opening", "jon", "person.not_entitled"),
        ("opening", "eve", "person.unknown"),
        ("openning", "eva", "reference.post"),
        ("free", "jon", "person.not_entitled"),
        ("opening", "", "person.not_entitled"),
    ],
)
def test_nobody_else_approves(work, launch, key, by, code):
    """
    Another person, an unknown one, a post that is not there: nothing is kept.
    """
    plan = _with(launch, opening=_post(approver="eva"), free=_post(state="draft"))

    with pytest.raises(smm.ValidationError) as caught:
        work.approve_posts(plan, key, by=by)

    assert code == caught.value.issues[0].code
    assert 0 == len(work.publish(plan).sent)


@pytest.mark.parametrize("kind", ["timeout_after", "status_500_after", "html_body"])
def test_a_lost_answer_is_looked_up_where_the_network_can_be_asked(work, launch, kind):
    """
    The post stands on the Page once, and it is known to stand there.
    """
    plan = _with(launch, opening=_post(networks=[_FB]))
    work.sandbox.faults.add(kind, _SENDS[_FB], platform="meta")

    (row,) = work.publish(plan)

    assert "published" == row.status.value
    assert 1 == len(_texts(work)[0])
    assert {"published"} == set(_stands(work.publish(plan)).values())
    assert 1 == _sends(work)


def test_what_never_arrived_is_sent_once_it_is_certain(work, launch):
    """
    Not shown at once may mean not shown yet: only after the window it is sent again.
    """
    plan = _with(launch, opening=_post(networks=[_FB]))
    work.sandbox.faults.add("timeout_before", _SENDS[_FB], platform="meta")

    first = work.publish(plan)
    too_soon = work.publish(plan)
    work.advance(hours=0.1)
    later = work.publish(plan)

    assert ["unknown", "unknown", "published"] == [
        rows[0].status.value for rows in (first, too_soon, later)
    ]
    assert (["We are open."], 2) == (_texts(work)[0], _sends(work))


@pytest.mark.parametrize("kind", ["timeout_before", "timeout_after"])
def test_where_nobody_can_be_asked_a_person_looks(work, launch, kind):
    """
    On Telegram an open outcome stays open until somebody says what they see.
    """
    plan = _with(launch, opening=_post(networks=[_TG]))
    work.sandbox.faults.add(kind, _SENDS[_TG], platform="telegram")

    for _ in range(3):
        (row,) = work.publish(plan)
        work.advance(days=1)
        assert "unknown" == row.status.value
    assert 1 == _sends(work)
    assert "--there opening:telegram=" in row.hint

    there = "https://t.me/sandbox_channel/2" if kind == "timeout_after" else ""
    work.settle_post(plan, "opening", "telegram", post_id=there)
    (after,) = work.publish(plan)
    assert ("published", "2") == (after.status.value, after.post_id)
    assert 1 == len(_texts(work)[1])
    with pytest.raises(smm.ValidationError) as caught:
        work.settle_post(plan, "opening", "telegram", post_id="2")
    assert "publish.not_open" == caught.value.issues[0].code


@pytest.mark.parametrize("network", [_FB, _TG])
def test_killed_in_between_nothing_is_sent_twice(work, launch, network, monkeypatch):
    """
    Whoever is killed while the answer is under way leaves a note for the next run.
    """
    plan = _with(launch, opening=_post(networks=[network]))
    publisher = next(p for p in _publishers(work, plan) if network in _on(p))
    send = publisher.publish

    def killed(*given, **named):
        send(*given, **named)
        raise KeyboardInterrupt

    monkeypatch.setattr(publisher, "publish", killed)
    with pytest.raises(KeyboardInterrupt):
        work.publish(plan)
    monkeypatch.undo()

    (row,) = work.publish(plan)

    assert ("published" if network is _FB else "unknown") == row.status.value
    assert 1 == _sends(work)


def _publishers(work, plan):
    return [item.publisher for item in work._desk(plan)._items]


def _on(publisher):
    return publisher.capabilities.networks


def test_a_lost_state_finds_what_stands_on_the_page(work, launch):
    """
    Another state, the same Page: the post is recognised by its words, not repeated.
    """
    plan = _with(launch, opening=_post(networks=[_FB]))
    (first,) = work.publish(plan)
    work._opened.clear()
    work._stores = lambda project: _fresh(work, project)

    (again,) = work.publish(plan)

    assert (first.post_id, False) == (again.post_id, again.sent)
    assert 1 == _sends(work)


def _fresh(work, project):
    from smmlib.deploy import MemoryStateStore

    return MemoryStateStore(project_id=project, clock=work._clock)


def test_two_posts_with_the_same_words_are_two_posts(work, launch):
    """
    A text that is published every week is not mistaken for last week's.
    """
    first = work.now() - timedelta(days=2)
    plan = _with(
        launch,
        monday=_post(networks=[_FB], at=first),
        tuesday=_post(networks=[_FB], at=first + timedelta(days=1)),
    )

    rows = work.publish(plan)

    assert 2 == len({row.post_id for row in rows}) == len(_texts(work)[0])


def test_somebody_who_publishes_keeps_the_others_out(work, launch):
    """
    While one run holds the state, another is refused and sends nothing.
    """
    plan = _with(launch, opening=_post())

    with work._store(plan).lock("cron"), pytest.raises(smm.StateLockedError):
        work.publish(plan)

    assert 0 == _sends(work)


@pytest.mark.parametrize(
    ("post", "words"),
    [
        (_post("a" * 4097, networks=[_TG]), "4096"),
        (_post("a" * 1025, networks=[_TG], media=["cup.png"]), "1024"),
        (_post(networks=[_TG], media=["gone.png"]), "no picture gone.png"),
        (_post(networks=["instagram"]), "picture"),
        (_post("", networks=[_FB]), "neither text nor media"),
    ],
)
def test_what_a_network_would_refuse_never_leaves(work, launch, post, words):
    """
    Limits and files are looked at first; the refusal says what and how much.
    """
    before = len(work.sandbox.log)

    (row,) = work.publish(_with(launch, opening=post))

    assert "refused" == row.status.value
    assert words in row.note
    assert before == len(work.sandbox.log)


def test_one_refusal_keeps_no_other_post_from_going_out(work, launch):
    """
    Each network stands for itself.
    """
    rows = work.publish(
        _with(launch, long=_post("a" * 5000), short=_post(networks=[_TG]))
    )

    assert {
        ("long", _FB): "published",
        ("long", _TG): "refused",
        ("short", _TG): "published",
    } == _stands(rows)


def test_a_network_nobody_connected_is_said(launch):
    """
    A post for a network without a publisher names the way by hand.
    """
    with smm.connect("sandbox", seed=7) as work:
        work.advance(days=8)
        work._networks = type(work._networks)((), None)
        (row,) = work.publish(_with(launch, opening=_post(networks=[_TG])))

    assert "refused" == row.status.value
    assert "state: published" in row.hint


def test_what_was_published_by_hand_or_put_away_is_left_alone(work, launch):
    """
    The plan's own word that a post is out is believed; archived posts are no posts.
    """
    plan = _with(
        launch,
        out=_post(state=PostState.PUBLISHED, networks=[_FB]),
        gone=_post(state=PostState.ARCHIVED),
    )

    assert {("out", _FB): "published"} == _stands(work.publish(plan))
    assert 0 == _sends(work)


def test_the_kill_switch_stops_posts_as_well(launch, tmp_path):
    """
    While nothing may be written, nothing is published.
    """
    (tmp_path / "KILL").touch()
    with smm.connect("sandbox", seed=7, root=tmp_path) as work:
        work.advance(days=8)
        with pytest.raises(smm.SpendGuardError):
            work.publish(_with(launch, opening=_post()))
        assert 0 == _sends(work)


def test_an_ad_follows_the_post_it_promotes(launch):
    """
    Until the post is out its ad waits; the next apply promotes it, once.
    """
    with smm.connect("sandbox", seed=7) as work:
        work.apply(work.plan(launch))
        ads = len(work.sandbox.state()["meta"]["Ad"])
        assert "boost.waits" in {issue.code for issue in work.plan(launch).issues}
        work.advance(days=8)
        work.approve_posts(launch, "opening", by="eva")
        post_id = work.publish(launch).published["opening", _FB]

        changes = work.plan(launch)
        assert "boost.waits" not in {issue.code for issue in changes.issues}
        done = work.apply(changes)
        assert work.plan(launch).empty

        assert ["ad", "creative"] == sorted(
            change.kind.value for change in changes.changes
        )
        assert 2 == done.writes
        state = work.sandbox.state()["meta"]
        assert ads + 1 == len(state["Ad"])
        shown = {row.get("object_story_id") for row in state["AdCreative"]}
        assert post_id in shown


def test_the_table_is_safe_in_a_notebook_and_plain_for_programs(work, launch):
    """
    Keys and words are escaped, and every row is JSON-ready.
    """
    import json

    plan = _with(launch, opening=_post("<b>&", approver="eva"))
    rows = work.posts(plan)

    shown = rows._repr_html_()
    assert "<td>opening</td>" in shown
    assert "<b>" not in shown
    data = json.loads(json.dumps(rows.to_dict()))
    assert ["opening", "opening"] == [row["post"] for row in data["posts"]]
    assert "2 unapproved" in str(rows)
