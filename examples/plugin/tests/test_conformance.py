"""
ToyAds keeps the contract of an ad platform.
"""

from __future__ import annotations

import pytest
from smmlib_toyads import ToyAds, ToyService

from smmlib.testing import AdPlatformConformance

_TOKEN = "t0k3n-that-nobody-may-see"  # noqa: S105 - an invented one


class TestToyAds(AdPlatformConformance):
    """
    Every scenario of the suite, on a fresh account each.
    """

    @pytest.fixture
    def service(self):
        """
        The other side.
        """
        return ToyService(_TOKEN)

    @pytest.fixture
    def platform(self, service):
        """
        The adapter on a fresh account.
        """
        return ToyAds(service, _TOKEN)

    @pytest.fixture
    def now(self, service):
        """
        Time as ToyAds has it.
        """
        return service.now

    @pytest.fixture
    def writes(self, service):
        """
        How many writes ToyAds has received.
        """
        return lambda: service.writes

    @pytest.fixture
    def advance(self, service):
        """
        Let days pass on ToyAds.
        """
        return service.advance

    @pytest.fixture
    def secrets(self):
        """
        What must never be seen.
        """
        return (_TOKEN,)
