"""
X's adapter keeps the contract of an ad platform, through both doors.
"""

from __future__ import annotations

import pytest

from smmlib.adapters.x import XPlatform
from smmlib.ports import Connection, Secret
from smmlib.sandbox import Sandbox, SandboxServer
from smmlib.testing import AdPlatformConformance

_SIGNING = ("consumer_key", "consumer_secret", "access_token_secret")


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
