"""
Everything that publishes posts keeps one contract, on its sandbox.
"""

from __future__ import annotations

import pytest

from smmlib.adapters import connect_platform, connect_publisher
from smmlib.model import Image, Network, Post
from smmlib.ports import Connection, Secret
from smmlib.sandbox import Sandbox
from smmlib.testing import PostPublisherConformance

_FAULTS = {
    "unreachable": "connect_error",
    "lost_before": "timeout_before",
    "lost_after": "timeout_after",
    "too_fast": "rate_limit",
}
_OPTIONS = ("page", "pixel", "instagram_user", "organisation", "funding_instrument")
_SIGNING = ("consumer_key", "consumer_secret", "access_token_secret")


class _Clock:
    """
    The sandbox's time: a wait lets it pass at once.
    """

    def __init__(self, sandbox):
        self._sandbox = sandbox

    def now(self):
        return self._sandbox.now

    def sleep(self, seconds):
        self._sandbox.advance(max(0.0, seconds))


class _OnSandbox(PostPublisherConformance):
    """
    What all platforms share: one sandbox for each scenario.
    """

    platform = ""
    sends = ""

    @pytest.fixture
    def sandbox(self):
        return Sandbox(seed=7)

    @pytest.fixture
    def facts(self, sandbox):
        return sandbox.details()["platforms"][self.platform]

    @pytest.fixture
    def publisher(self, sandbox, facts, tmp_path):
        options = {key: str(facts[key]) for key in _OPTIONS if key in facts}
        connection = Connection(
            self.platform,
            facts.get("channel") or facts["ad_account"],
            token=Secret(facts["access_token"]),
            secrets={n: Secret(facts[n]) for n in _SIGNING if n in facts},
            options={**options, "media_root": str(tmp_path)},
            base_url=facts["base_url"],
        )
        connect = connect_publisher if "channel" in facts else connect_platform
        return connect(connection, transport=sandbox.transport(), clock=_Clock(sandbox))

    @pytest.fixture
    def trouble(self, sandbox):
        def plan(kind):
            sandbox.faults.add(_FAULTS[kind], self.sends, platform=self.platform)

        return plan

    @pytest.fixture
    def writes(self, sandbox):
        return lambda: len(sandbox.log.writes())

    @pytest.fixture
    def settle(self, sandbox):
        return lambda: sandbox.advance(60)

    @pytest.fixture
    def now(self, sandbox):
        return sandbox.now

    @pytest.fixture
    def secrets(self, facts):
        return (facts["access_token"],)

    @pytest.fixture
    def texts(self, sandbox):
        """
        The texts of all objects of one kind.
        """

        def read(kind, key):
            rows = sandbox.state()[self.platform].get(kind, [])
            return [row[key] for row in rows if row.get("status") != "DELETED"]

        return read


_NOT_ASKED = "the Bot API lets no bot read a channel"


class TestTelegram(_OnSandbox):
    """
    A channel, through a bot.
    """

    platform, sends = "telegram", "POST send"
    never = dict.fromkeys(
        (
            "test_713_a_post_is_read_back",
            "test_714_a_post_is_found_by_its_words",
            "test_715_a_lost_post_is_found",
        ),
        _NOT_ASKED,
    )

    @pytest.fixture
    def standing(self, texts):
        """
        What stands there, by another way.
        """
        return lambda: texts("Message", "text")


_NO_EDITOR = dict.fromkeys(
    ("test_717_a_post_is_changed", "test_718_a_post_is_taken_away"),
    "posts on Meta are changed and taken away by hand",
)


class TestFacebook(_OnSandbox):
    """
    A Page.
    """

    platform, sends = "meta", "POST /[0-9]+/feed$"
    notimpl = _NO_EDITOR

    @pytest.fixture
    def standing(self, texts):
        """
        What stands there, by another way.
        """
        return lambda: texts("PagePost", "message")

    @pytest.fixture
    def now(self, sandbox):
        """
        Some days into the calendar.
        """
        # Meta's days end in Los Angeles: yesterday is told from then on.
        sandbox.advance(days=3)
        return sandbox.now


class TestInstagram(_OnSandbox):
    """
    A professional account: pictures only.
    """

    platform, sends = "meta", "POST /[0-9]+/media_publish$"
    notimpl = _NO_EDITOR

    @pytest.fixture
    def network(self):
        """
        Instagram's own network.
        """
        return Network.INSTAGRAM

    @pytest.fixture
    def post(self, network):
        """
        A picture from the web, with words.
        """
        picture = Image("https://alpenkaffee.example/cup.jpg")
        return Post("organic", "We are open.", networks=[network], media=[picture])

    @pytest.fixture
    def standing(self, texts):
        """
        What stands there, by another way.
        """
        return lambda: texts("IGMedia", "caption")


class TestLinkedIn(_OnSandbox):
    """
    A company's page.
    """

    platform, sends = "linkedin", "POST /posts$"

    @pytest.fixture
    def unknown_id(self):
        """
        A URN of nothing.
        """
        return "urn:li:share:990000000000001"

    @pytest.fixture
    def standing(self, publisher, network, now):
        """
        What stands there, by another way.
        """

        def read():
            rows = publisher._publisher._api.find(
                "posts",
                {
                    "q": "author",
                    "author": publisher._publisher._author,
                    "start": 0,
                    "count": 50,
                    "sortBy": "CREATED",
                },
            )["elements"]
            from smmlib.adapters.linkedin._little import plain

            return [plain(row["commentary"]) for row in reversed(rows)]

        return read


class TestX(_OnSandbox):
    """
    The account's own user.
    """

    platform, sends = "x", "POST .*/tweet$"
    notimpl = dict.fromkeys(
        ("test_717_a_post_is_changed", "test_718_a_post_is_taken_away"),
        "posts on X are changed and taken away by hand",
    )
    never = dict.fromkeys(
        ("test_722_growth_has_a_day_a_network_and_a_source",),
        "the Ads API tells nobody how many follow",
    )

    @pytest.fixture
    def standing(self, texts):
        """
        What stands there, by another way; some posts were there before.
        """
        before = len(texts("tweet", "text"))
        return lambda: texts("tweet", "text")[before:]
