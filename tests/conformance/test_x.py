"""
X's adapter keeps the contract of an ad platform, through both doors.
"""

from __future__ import annotations

import pytest

from smmlib.adapters.x import XPlatform
from smmlib.ports import Connection, Secret
from smmlib.sandbox import Sandbox, SandboxServer
from smmlib.testing import AdPlatformConformance, PostPublisherConformance

_SIGNING = ("consumer_key", "consumer_secret", "access_token_secret")


_FAULTS = {
    "unreachable": "connect_error",
    "lost_before": "timeout_before",
    "lost_after": "timeout_after",
    "too_fast": "rate_limit",
}


class _Clock:
    """
    The sandbox's time for the adapter: a wait lets that time pass at once.
    """

    def __init__(self, sandbox):
        self._sandbox = sandbox

    def now(self):
        return self._sandbox.now

    def sleep(self, seconds):
        self._sandbox.advance(max(0.0, seconds))


def _connection(facts):
    return Connection(
        "x",
        facts["ad_account"],
        token=Secret(facts["access_token"]),
        secrets={name: Secret(facts[name]) for name in _SIGNING},
        options={"funding_instrument": facts["funding_instrument"]},
        base_url=facts["base_url"],
    )


class _X(AdPlatformConformance):
    """
    What both doors share: one sandbox for each scenario.
    """

    @pytest.fixture
    def sandbox(self):
        return Sandbox(seed=7)

    @pytest.fixture
    def now(self, sandbox):
        return sandbox.now

    @pytest.fixture
    def writes(self, sandbox):
        return lambda: len(sandbox.log.writes())

    @pytest.fixture
    def advance(self, sandbox):
        return lambda days: sandbox.advance(days=days)

    @pytest.fixture
    def secrets(self, sandbox):
        facts = sandbox.details()["platforms"]["x"]
        return tuple(facts[name] for name in (*_SIGNING, "access_token"))


class TestInProcess(_X):
    """
    Through the in-process transport.
    """

    @pytest.fixture
    def platform(self, sandbox):
        """
        The adapter behind the transport.
        """
        facts = sandbox.details()["platforms"]["x"]
        platform = XPlatform.connect(
            _connection(facts), transport=sandbox.transport(), clock=_Clock(sandbox)
        )
        yield platform
        platform.close()


class TestLoopback(_X):
    """
    Through a real HTTP server on this machine.
    """

    @pytest.fixture
    def platform(self, sandbox):
        """
        The adapter behind a server.
        """
        with SandboxServer(sandbox) as server:
            facts = server.details()["platforms"]["x"]
            platform = XPlatform.connect(_connection(facts), clock=_Clock(sandbox))
            yield platform
            platform.close()


_BY_HAND = "the Ads API neither changes nor deletes posts"


class _Posts(PostPublisherConformance):
    """
    One sandbox for each scenario.
    """

    @pytest.fixture
    def sandbox(self):
        return Sandbox(seed=7)

    @pytest.fixture
    def publisher(self, sandbox):
        facts = sandbox.details()["platforms"]["x"]
        return XPlatform.connect(
            _connection(facts), transport=sandbox.transport(), clock=_Clock(sandbox)
        )

    @pytest.fixture
    def trouble(self, sandbox):
        def plan(kind):
            sandbox.faults.add(_FAULTS[kind], "POST .*/tweet$", platform="x")

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
    def secrets(self, sandbox):
        facts = sandbox.details()["platforms"]["x"]
        return tuple(facts[name] for name in (*_SIGNING, "access_token"))

    @pytest.fixture
    def standing(self, sandbox):
        """
        What stands there, by another way: posts that timelines show, without the
        account's old ones.
        """

        def read():
            rows = sandbox.state()["x"]["tweet"]
            return [
                row["text"] for row in rows if (row["name"] or "").startswith("post")
            ]

        return read


class TestPosts(_Posts):
    """
    Organic posts of the account's user.
    """

    notimpl = dict.fromkeys(
        ("test_717_a_post_is_changed", "test_718_a_post_is_taken_away"), _BY_HAND
    )
    never = {  # noqa: RUF012 - as the suite reads it
        "test_722_growth_has_a_day_a_network_and_a_source": "the Ads API tells no "
        "followers"
    }
