"""
Meta's adapter keeps the contract of an ad platform, through both doors of the sandbox.
"""

from __future__ import annotations

import pytest

from smmlib.adapters.meta import MetaPlatform
from smmlib.ports import Connection, Secret
from smmlib.sandbox import Sandbox, SandboxServer
from smmlib.testing import AdPlatformConformance


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
        "meta",
        facts["ad_account"],
        token=Secret(facts["access_token"]),
        options={"page": facts["page"], "pixel": facts["pixel"]},
        base_url=facts["base_url"],
    )


class _Meta(AdPlatformConformance):
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
        return (sandbox.details()["platforms"]["meta"]["access_token"],)


class TestInProcess(_Meta):
    """
    Through the in-process transport.
    """

    @pytest.fixture
    def platform(self, sandbox):
        """
        The adapter behind the transport.
        """
        facts = sandbox.details()["platforms"]["meta"]
        platform = MetaPlatform.connect(
            _connection(facts), transport=sandbox.transport(), clock=_Clock(sandbox)
        )
        yield platform
        platform.close()


class TestLoopback(_Meta):
    """
    Through a real HTTP server on this machine.
    """

    @pytest.fixture
    def platform(self, sandbox):
        """
        The adapter behind a server.
        """
        with SandboxServer(sandbox) as server:
            facts = server.details()["platforms"]["meta"]
            platform = MetaPlatform.connect(_connection(facts), clock=_Clock(sandbox))
            yield platform
            platform.close()
