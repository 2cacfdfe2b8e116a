"""
Posts on a Telegram channel: what arrives, what happens when it does not, what is told.
"""

from __future__ import annotations

import base64
import logging
from datetime import timedelta

import httpx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from smmlib.adapters import connect_platform, connect_publisher, publisher_names
from smmlib.adapters.telegram import TelegramPlatform
from smmlib.adapters.telegram._text import _joined, to_html, to_markdown
from smmlib.errors import (
    AuthenticationError,
    ConfigurationError,
    InvalidRequestError,
    MissingCredentialsError,
    NotFoundError,
    Outcome,
    PermissionDeniedError,
    RateLimitError,
    ServerError,
    UnknownPlatformError,
    UnsupportedError,
)
from smmlib.model import Flight, Image, Network, Post, Utm, Video
from smmlib.ports import Connection, GrowthSource, PostPublisher, Secret
from smmlib.rules import formatted
from smmlib.sandbox import Sandbox
from smmlib.sandbox.telegram._markup import parsed

_PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
    "awAAAABJRU5ErkJggg=="
)
_TELEGRAM = Network.TELEGRAM


class _Time:
    """
    The sandbox's clock, which moves when somebody waits.
    """

    def __init__(self, sandbox):
        self.sandbox = sandbox
        self.waits = []

    def now(self):
        """
        The present.
        """
        return self.sandbox.now

    def sleep(self, seconds):
        """
        Wait, and remember it.
        """
        self.waits.append(seconds)
        self.sandbox.advance(seconds)


class _Bench:
    """
    A channel in the sandbox and the adapter in front of it.
    """

    def __init__(self, root="", **options):
        self.sandbox = Sandbox(seed=5)
        self.facts = self.sandbox.details()["platforms"]["telegram"]
        self.time = _Time(self.sandbox)
        self.options = {"media_root": str(root)} if root else {}
        self.options |= options
        self.platform = self.connect()

    def connect(self, **changes):
        """
        Connect as the sandbox says, or with something changed.
        """
        facts = {"account": self.facts["channel"], **changes}
        token = facts.pop("token", self.facts["access_token"])
        connection = Connection(
            "telegram",
            facts["account"],
            token=Secret(token, "the sandbox"),
            options=facts.get("options", self.options),
            base_url=self.facts["base_url"],
        )
        return connect_publisher(
            connection, transport=self.sandbox.transport(), clock=self.time
        )

    def publish(self, post):
        """
        Publish one post.
        """
        return self.platform.publish(post, _TELEGRAM, marker="posts.open")

    @property
    def messages(self):
        """
        What stands in the channel.
        """
        return self.sandbox.state()["telegram"]["Message"]


@pytest.fixture
def bench(tmp_path):
    """
    A channel, with a picture beside the plan.
    """
    (tmp_path / "a.png").write_bytes(_PNG)
    (tmp_path / "b.mp4").write_bytes(b"film")
    return _Bench(tmp_path)


def _post(text="*We are open.*", **more):
    return Post("organic", text, networks=["telegram"], **more)


def test_telegram_is_found_as_a_publisher_and_as_no_ad_platform(bench):
    """
    It publishes and tells followers; asked for ads, the way to it is named.
    """
    connection = Connection("telegram", "@name", token=Secret("sbx_1:a"))

    assert "telegram" in publisher_names()
    assert isinstance(bench.platform, PostPublisher)
    assert isinstance(bench.platform, GrowthSource)
    assert (True, False) == (
        bench.platform.capabilities.publishes,
        bench.platform.capabilities.finds_by_marker,
    )
    with pytest.raises(UnknownPlatformError, match="connect_publisher"):
        connect_platform(connection)


def test_a_text_arrives_with_its_marks(bench):
    """
    Bold words are bold, other characters as typed.
    """
    post = _post("*We are open.* 5*3=15 <b> & [shop](https://a.example/?a=1&b=2)")
    result = bench.publish(post)

    (message,) = bench.messages
    assert (Outcome.APPLIED, str(message["message_id"])) == (
        result.outcome,
        result.remote_id,
    )
    assert "We are open. 5*3=15 <b> & shop" == message["text"]
    assert ["bold", "text_link"] == [e["type"] for e in message["entities"]]
    assert "https://a.example/?a=1&b=2" == message["entities"][1]["url"]


def test_the_variant_for_telegram_is_what_is_published(bench):
    """
    The common text is for the other networks.
    """
    bench.publish(_post("Common", variants={"telegram": "For _you_"}))

    assert "For you" == bench.messages[0]["text"]


def test_a_link_stands_below_the_text_or_on_a_button(tmp_path):
    """
    With words for it the link is a button; its tags go with it.
    """
    plain, with_button = _Bench(tmp_path), _Bench(tmp_path, button="To the shop")
    utm = Utm("telegram", "organic", campaign="spring_box")
    post = _post("Taste first", link="https://a.example/box", utm=utm)

    plain.publish(post)
    with_button.publish(post)

    link = utm.tag("https://a.example/box")
    assert f"Taste first\n\n{link}" == plain.messages[0]["text"]
    assert "Taste first" == with_button.messages[0]["text"]
    assert [[{"text": "To the shop", "url": link}]] == with_button.messages[0][
        "reply_markup"
    ]["inline_keyboard"]


def test_pictures_films_and_albums_carry_the_text(bench):
    """
    One file is a photo or a film with a caption, several are one album.
    """
    bench.publish(_post(media=["a.png"]))
    bench.publish(_post(media=[Video("b.mp4")]))
    album = bench.publish(_post(media=["a.png", Image("https://a.example/c.jpg")]))

    photo, film, first, second = bench.messages
    assert "We are open." == photo["caption"] == film["caption"] == first["caption"]
    assert ("b.mp4", True) == (film["video"]["file_name"], "caption" not in second)
    assert first["media_group_id"] == second["media_group_id"]
    assert str(first["message_id"]) == album.remote_id


def test_posts_are_changed_and_taken_away(bench):
    """
    The same change twice is done once, and what is gone is gone.
    """
    posted = bench.publish(_post())
    changed = [bench.platform.edit(posted.remote_id, _post("Closed")) for _ in "ab"]
    text = bench.messages[0]["text"]
    gone = [bench.platform.delete(posted.remote_id) for _ in "ab"]

    assert {Outcome.APPLIED} == {r.outcome for r in [*changed, *gone]}
    assert ("Closed", []) == (text, bench.messages)
    missing = bench.platform.edit("999", _post("x"))
    assert isinstance(missing.error, InvalidRequestError)


def test_captions_are_changed(bench):
    """
    Of a post with a picture the words under it change.
    """
    posted = bench.publish(_post(media=["a.png"]))
    bench.platform.edit(posted.remote_id, _post("New", media=["a.png"]))

    assert "New" == bench.messages[0]["caption"]


@pytest.mark.parametrize(
    ("kind", "arrived"),
    [
        ("timeout_before", 0),
        ("timeout_after", 1),
        ("status_500_before", 0),
        ("status_500_after", 1),
        ("html_body", 1),
        ("truncated_body", 1),
        ("malformed_body", 1),
        ("empty_body", 1),
    ],
)
def test_a_lost_answer_is_never_sent_again(bench, kind, arrived):
    """
    Whether the post arrived or not, it is sent once, and the user is told to look.
    """
    bench.sandbox.faults.add(kind, "POST sendMessage", platform="telegram")

    result = bench.publish(_post())

    assert Outcome.UNKNOWN is result.outcome
    assert arrived == len(bench.messages)
    assert 1 == len(bench.sandbox.log)


def test_no_connection_means_not_published(bench):
    """
    Where nothing left the computer nothing was posted.
    """
    bench.sandbox.faults.add("connect_error", "POST sendMessage", platform="telegram")

    assert Outcome.NOT_APPLIED is bench.publish(_post()).outcome
    assert [] == bench.messages


def test_a_pause_that_is_asked_for_is_kept(bench):
    """
    Refused for being too quick, the post waits as long as told and goes out once.
    """
    bench.sandbox.faults.add("rate_limit", "POST sendMessage", platform="telegram")

    result = bench.publish(_post())

    assert (Outcome.APPLIED, [7.0]) == (result.outcome, bench.time.waits)
    assert 1 == len(bench.messages)


def test_a_long_pause_is_told_instead_of_kept(bench):
    """
    Nobody waits an hour without knowing: the error says when.
    """
    bench.sandbox.faults.add(
        "rate_limit", "POST sendMessage", platform="telegram", regain_minutes=60
    )

    result = bench.publish(_post())

    assert (Outcome.NOT_APPLIED, []) == (result.outcome, bench.time.waits)
    assert isinstance(result.error, RateLimitError)
    assert bench.time.now() + timedelta(hours=1) == result.error.resume_at


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"account": "@nobody_at_all"}, NotFoundError),
        ({"token": "sbx_1:" + "a" * 35}, AuthenticationError),
    ],
)
def test_refusals_are_told_in_our_words(bench, changes, error):
    """
    An unknown channel and a wrong token are different errors; nothing was posted.
    """
    result = bench.connect(**changes).publish(_post(), _TELEGRAM, marker="m")

    assert (Outcome.NOT_APPLIED, error) == (result.outcome, type(result.error))


def test_a_removed_bot_is_told_so(bench):
    """
    Who was taken out of the channel may not post.
    """
    removed = bench.connect(account=str(bench.facts["left_channel_id"]))

    result = removed.publish(_post(), _TELEGRAM, marker="m")

    assert isinstance(result.error, PermissionDeniedError)


@pytest.mark.parametrize(
    "post",
    [
        _post("a" * 4097),
        _post("a" * 1025, media=["a.png"]),
        _post("a" * 4090, link="https://a.example/box"),
        _post(media=["gone.png"]),
        _post(media=["a.png"] * 11),
    ],
    ids=["text", "caption", "link", "no file", "album"],
)
def test_what_telegram_would_refuse_is_never_sent(bench, post):
    """
    Texts, files and albums are looked at before anything leaves.
    """
    result = bench.publish(post)

    assert (Outcome.NOT_APPLIED, UnsupportedError) == (
        result.outcome,
        type(result.error),
    )
    assert 0 == len(bench.sandbox.log)


def test_another_network_is_not_telegrams(bench):
    """
    A post for LinkedIn is not put on the channel.
    """
    result = bench.platform.publish(_post(), Network.LINKEDIN, marker="m")

    assert isinstance(result.error, UnsupportedError)


def test_followers_are_told_for_today_and_for_no_other_day(bench):
    """
    One row on a day of the flight, none before and after it.
    """
    flight = Flight.parse("2027-02-23..2027-02-24", "Europe/Berlin")
    before = list(bench.platform.growth(flight))
    bench.sandbox.advance(days=1)
    first = list(bench.platform.growth(flight))
    bench.sandbox.advance(days=1)
    second = list(bench.platform.growth(flight))
    bench.sandbox.advance(days=1)

    assert [[], []] == [before, list(bench.platform.growth(flight))]
    assert [flight.first_day, flight.last_day] == [r.on for r in [*first, *second]]
    assert second[0].followers > first[0].followers > 0
    assert () == bench.platform.results(["1"])


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"account": "name"}, ConfigurationError),
        ({"account": "@a/b"}, ConfigurationError),
        ({"token": "sbx_1/../2"}, MissingCredentialsError),
        ({"options": {"buton": "x"}}, ConfigurationError),
    ],
)
def test_what_cannot_be_right_is_refused_at_once(bench, changes, error):
    """
    Channel, token and options are looked at before the first request.
    """
    with pytest.raises(error):
        bench.connect(**changes)


def test_the_token_is_nowhere_to_be_seen(bench, caplog):
    """
    Neither logs of any library, errors, values nor the sandbox's log show it.
    """
    caplog.set_level(logging.DEBUG)
    token = bench.facts["access_token"]
    bench.publish(_post())
    seen = [repr(bench.platform), str(vars(bench.platform))]
    for kind in ("timeout_after", "status_500_after", "connect_error", "html_body"):
        bench.sandbox.faults.add(kind, "POST sendMessage", platform="telegram")
        error = bench.publish(_post()).error
        seen += [repr(error), str(error), repr(error.__cause__), str(vars(error))]

    assert any(
        "/bot***/sendMessage" in record.getMessage() for record in caplog.records
    )
    told = [record.getMessage() for record in caplog.records]
    assert [] == [text for text in [*seen, *told] if token in text]
    assert token not in repr(bench.sandbox.log.to_json())


def test_an_answer_that_shows_the_token_is_masked():
    """
    Even a server that writes the token into its words does not get it shown.
    """
    token = "sbx_77:" + "k" * 35

    def echo(request):
        assert f"/bot{token}/" in str(request.url)
        text = {"ok": False, "error_code": 400, "description": f"bad {request.url}"}
        return httpx.Response(400, json=text)

    platform = TelegramPlatform.connect(
        Connection(
            "telegram", "@name", token=Secret(token), base_url="http://127.0.0.1:9"
        ),
        transport=httpx.MockTransport(echo),
    )
    error = platform.publish(_post(), _TELEGRAM, marker="m").error

    assert token not in str(error)
    assert "***" in str(error)


def test_odd_answers_settle_nothing():
    """
    A good status without a number leaves the outcome open; 502 without JSON as well.
    """
    answers = [
        httpx.Response(200, json={"ok": True, "result": {}}),
        httpx.Response(502, text="<html>"),
    ]
    platform = TelegramPlatform.connect(
        Connection(
            "telegram", "-1001", token=Secret("sbx_7:a"), base_url="http://127.0.0.1:9"
        ),
        transport=httpx.MockTransport(lambda _: answers.pop(0)),
    )
    found = [platform.publish(_post(), _TELEGRAM, marker="m") for _ in "ab"]

    assert [Outcome.UNKNOWN] * 2 == [result.outcome for result in found]
    assert isinstance(found[1].error, ServerError)


_WILD = st.text(
    st.one_of(
        st.sampled_from("*_~|`[]()\\<>&\"'#+-=.!{} \n😀"),
        st.sampled_from("abhttps://.example"),
        st.characters(exclude_categories=["Cs", "Cc"]),
    ),
    max_size=80,
)
_LINKED = st.builds(
    lambda a, link, b: f"{a} [shop](https://a.example/{link}) {b}",
    _WILD,
    st.text("ab_*&'\"<>~.!-=?", max_size=12),
    _WILD,
)


@settings(max_examples=400, deadline=None)
@given(st.one_of(_WILD, _LINKED))
@example("_a__b_")
@example("*a**b* ~c~~d~ ||e||||f|| `g``h`")
@pytest.mark.parametrize(
    ("render", "mode"), [(to_html, "HTML"), (to_markdown, "MarkdownV2")]
)
def test_no_text_breaks_either_markup(render, mode, text):
    """
    Whatever is typed is read by Telegram, and shows exactly what it means.
    """
    meant = formatted(text)

    shown, entities = parsed(render(text), mode, None)

    assert meant.text.strip() == shown
    if meant.text == shown:
        assert [e.kind for e in _joined(meant.entities)] == [
            e["type"] for e in entities
        ]
        assert [e.link for e in meant.entities if e.link] == [
            e["url"] for e in entities if "url" in e
        ]
