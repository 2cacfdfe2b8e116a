"""
Posts on a company's page through the adapter, held to what the platform itself says.
"""

from __future__ import annotations

from datetime import date, timedelta

import attrs
import pytest

from _linkedin import LinkedIn
from _linkedin_adapter import files, linkedin_of
from smmlib import Flight, Post
from smmlib.errors import ConfigurationError, Outcome, UnsupportedError
from smmlib.model import Image, Network, Utm, Video
from smmlib.ports import GrowthSource, PostEditor, PostPublisher, PostReader
from smmlib.sandbox import Sandbox

_TEXT = "We are open (finally) *today* #coffee @home_town <3"
_PAGE = "https://alpenkaffee.example/box"


@pytest.fixture
def sandbox():
    """
    A fresh emulated platform.
    """
    return Sandbox(seed=7)


@pytest.fixture
def live(sandbox, tmp_path):
    """
    The adapter, with pictures where posts look for them.
    """
    adapter = linkedin_of(sandbox, files(tmp_path))
    yield adapter
    adapter.close()


@pytest.fixture
def raw(sandbox):
    """
    The platform without the adapter.
    """
    import httpx

    facts = sandbox.details()["platforms"]["linkedin"]
    with httpx.Client(transport=sandbox.transport()) as http:
        yield LinkedIn(sandbox, http, facts["base_url"])


def _post(text=_TEXT, **details):
    return Post("organic", text, networks=["linkedin"], **details)


def _publish(live, post, marker="abcdefghij"):
    return live.publish(post, Network.LINKEDIN, marker=marker)


def _posts(raw):
    return raw.get("/posts", q="author", author=raw.page)["elements"]


def test_linkedin_publishes_reads_and_changes_posts(live):
    """
    The adapter offers the sockets, and says that it publishes.
    """
    for socket in (PostPublisher, PostReader, PostEditor, GrowthSource):
        assert isinstance(live, socket)
    assert live.capabilities.publishes


@pytest.mark.parametrize(
    ("details", "kind"),
    [
        ({}, None),
        ({"media": [Image("img/a.png", alt="A cup")]}, "media"),
        ({"media": [Video("img/c.mp4")]}, "media"),
        (
            {"link": _PAGE, "utm": Utm("linkedin", "social", campaign="spring")},
            "article",
        ),
    ],
    ids=["text", "picture", "film", "link"],
)
def test_a_post_is_published_and_read_back(live, raw, details, kind):
    """
    Text, picture, film and link stand on the page with every character of the text.
    """
    post = _post(**details)
    result = _publish(live, post)

    assert (Outcome.APPLIED, None) == (result.outcome, result.error)
    (row,) = _posts(raw)
    assert [kind] if kind else [] == list(row.get("content", {}))
    assert "MAIN_FEED" == row["distribution"]["feedDistribution"]
    read = live.read_post(result.remote_id, Network.LINKEDIN)
    assert (result.remote_id, post.text) == (read.id, read.text)
    assert read.url.endswith(read.id)
    since = read.at - timedelta(hours=1)
    assert (read,) == live.find_posts(post, Network.LINKEDIN, since=since)
    assert () == live.find_posts(_post("Other"), Network.LINKEDIN, since=since)


def test_links_carry_their_tags_as_articles_and_in_texts(live, raw):
    """
    A link alone is an article; beside a picture it is read in the text.
    """
    utm = Utm("linkedin", "social", campaign="spring")
    _publish(live, _post(link=_PAGE, utm=utm))
    _publish(live, _post("Look", link=_PAGE, utm=utm, media=["img/a.png"]))
    picture, article = _posts(raw)
    assert utm.tag(_PAGE) == article["content"]["article"]["source"]
    assert utm.tag(_PAGE) in picture["commentary"].replace("\\", "")


@pytest.mark.parametrize(
    "fault", ["timeout_after", "status_500_after", "empty_body", "truncated_body"]
)
def test_a_post_whose_answer_is_lost_is_found_again(live, raw, sandbox, fault):
    """
    It stands there once, and its id is known.
    """
    sandbox.faults.add(fault, "POST /posts", seconds=0)
    result = _publish(live, _post())
    (row,) = _posts(raw)
    assert (Outcome.APPLIED, row["id"]) == (result.outcome, result.remote_id)


@pytest.mark.parametrize("fault", ["timeout_before", "status_500_before"])
def test_a_post_that_cannot_be_found_stays_unknown(live, raw, sandbox, fault):
    """
    Nothing is sent again: the outcome is reported as it is known.
    """
    sandbox.faults.add(fault, "POST /posts", seconds=0)
    result = _publish(live, _post())
    assert Outcome.UNKNOWN is result.outcome
    assert result.error is not None
    assert [] == _posts(raw)
    assert 1 == len([r for r in sandbox.log.writes() if r.path.endswith("/posts")])


def test_the_same_post_again_is_the_post_that_is_there(live, raw, sandbox, tmp_path):
    """
    LinkedIn refuses a twin and names it; another post of this run is no twin of ours.
    """
    first = _publish(live, _post())
    again = _publish(linkedin_of(sandbox, tmp_path), _post())
    other = _publish(live, _post(), marker="klmnopqrst")
    assert (Outcome.APPLIED, first.remote_id) == (again.outcome, again.remote_id)
    assert Outcome.NOT_APPLIED is other.outcome
    assert 1 == len(_posts(raw))


@pytest.mark.parametrize(
    ("post", "words"),
    [
        (_post("x" * 3001), "3001"),
        (_post(media=["img/a.png", "img/b.png"]), "several pictures"),
        (_post(media=["img/none.png"]), "img/none.png"),
        (_post(media=["https://a.example/1.png"]), "address"),
    ],
    ids=["long", "album", "missing", "address"],
)
def test_what_cannot_be_published_is_told_before_anything_is_sent(
    live, sandbox, post, words
):
    """
    A refusal with a reason; not one write.
    """
    result = _publish(live, post)
    assert Outcome.NOT_APPLIED is result.outcome
    assert isinstance(result.error, UnsupportedError)
    assert words in result.error.message
    assert [] == list(sandbox.log.writes())


def test_other_networks_are_not_ours(live):
    """
    A post for Facebook is refused, and found nowhere.
    """
    result = live.publish(_post(), Network.FACEBOOK, marker="abcdefghij")
    assert Outcome.NOT_APPLIED is result.outcome
    assert live.read_post("urn:li:share:1", Network.FACEBOOK) is None
    assert live.read_post("urn:li:share:1", Network.LINKEDIN) is None


def test_a_post_is_changed_and_taken_away(live, raw):
    """
    The new text stands there; deleting it twice deletes it once.
    """
    own = _publish(live, _post()).remote_id
    changed = live.edit(own, attrs.evolve(_post(), text="Closed (again)"))
    assert Outcome.APPLIED is changed.outcome
    assert "Closed (again)" == live.read_post(own, Network.LINKEDIN).text
    for _ in range(2):
        assert Outcome.APPLIED is live.delete(own).outcome
    assert [] == _posts(raw)
    assert live.read_post(own, Network.LINKEDIN) is None


# -- from files ------------------------------------------------------------------------

_FLIGHT = Flight.parse("2027-03-01..2027-03-03", "UTC")


def test_followers_come_from_a_file_by_day(sandbox, tmp_path):
    """
    Days of the flight in order; empty cells are not known.
    """
    file = tmp_path / "followers.csv"
    file.write_text("Date;Reach;Followers\n2027-03-02;;1210\n2027-03-01;90;1200\n"
                    "2027-04-01;1;1\n", "utf-8")  # fmt: skip
    live = linkedin_of(sandbox, growth_csv=str(file))
    rows = list(live.growth(_FLIGHT))
    assert [date(2027, 3, 1), date(2027, 3, 2)] == [row.on for row in rows]
    assert [(1200, 90), (1210, None)] == [(r.followers, r.reach) for r in rows]
    assert [] == list(linkedin_of(sandbox).growth(_FLIGHT))


def test_what_came_of_posts_comes_from_a_file(sandbox, tmp_path):
    """
    The last day of each post that is asked for.
    """
    file = tmp_path / "posts.csv"
    file.write_text("post_id,date,impressions,likes\nurn:li:share:1,2027-03-02,90,3\n"
                    "urn:li:share:1,2027-03-01,50,1\nurn:li:share:2,2027-03-01,,7\n",
                    "utf-8")  # fmt: skip
    live = linkedin_of(sandbox, results_csv=str(file))
    one, two = live.results(["urn:li:share:1", "urn:li:share:2", "urn:li:share:3"])
    assert (date(2027, 3, 2), 90, 3, None) == (
        one.on, one.impressions, one.likes, one.clicks,
    )  # fmt: skip
    assert (None, 7) == (two.impressions, two.likes)
    assert () == linkedin_of(sandbox).results(["urn:li:share:1"])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("day,followers\n", "no column date"),
        ("date,followers\n1.3.2027,5\n", "f.csv:2"),
        ("date,followers\n2027-03-01,1.200\n", "no number"),
        (None, "cannot be read"),
    ],
    ids=["head", "day", "number", "missing"],
)
def test_a_file_that_cannot_be_read_says_where(sandbox, tmp_path, text, words):
    """
    Line and reason, never a guess.
    """
    file = tmp_path / "f.csv"
    if text is not None:
        file.write_text(text, "utf-8")
    with pytest.raises(ConfigurationError, match=words):
        list(linkedin_of(sandbox, growth_csv=str(file)).growth(_FLIGHT))
