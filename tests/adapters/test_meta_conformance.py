from __future__ import annotations

import pytest

from _meta_adapter import connection
from smmlib.adapters import connect_platform
from smmlib.sandbox import Sandbox, SandboxServer
from smmlib.testing import AdPlatformConformance


class _SandboxTime:
    """
    The sandbox's clock; waiting lets its time pass.
    """

    def __init__(self, sandbox):
        self._sandbox = sandbox

    def now(self):
        """
        The present in the sandbox.
        """
        return self._sandbox.now

    def sleep(self, seconds):
        """
        Let time pass.
        """
        self._sandbox.advance(seconds)


class _MetaConformance(AdPlatformConformance):
    """
    What both doors share.
    """

    @pytest.fixture
    def sandbox(self):
        """
        A fresh and empty ad account.
        """
        return Sandbox(seed=7)

    @pytest.fixture
    def now(self, sandbox):
        """
        The sandbox's present.
        """
        return sandbox.now

    @pytest.fixture
    def writes(self, sandbox):
        """
        Counts what was written.
        """
        return lambda: len(sandbox.log.writes())

    @pytest.fixture
    def advance(self, sandbox):
        """
        Lets days pass.
        """
        return lambda days: sandbox.advance(days=days)

    @pytest.fixture
    def secrets(self, sandbox):
        """
        The sandbox's credentials.
        """
        meta = sandbox.details()["platforms"]["meta"]
        return (meta["access_token"], meta["app_secret"])


class TestMetaInProcess(_MetaConformance):
    """
    The adapter on the emulated Meta of this process.
    """

    @pytest.fixture
    def platform(self, sandbox):
        """
        Door one.
        """
        adapter = connect_platform(
            connection(sandbox.details()),
            transport=sandbox.transport(),
            clock=_SandboxTime(sandbox),
        )
        yield adapter
        adapter.close()


class TestMetaOverHttp(_MetaConformance):
    """
    The adapter on the loopback server.
    """

    @pytest.fixture
    def platform(self, sandbox):
        """
        Door two.
        """
        with SandboxServer(sandbox) as server:
            adapter = connect_platform(
                connection(server.details()), clock=_SandboxTime(sandbox)
            )
            yield adapter
            adapter.close()


del _MetaConformance
