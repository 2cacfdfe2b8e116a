"""
What a subclass gives the suite, and how it declares gaps.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import pytest

from smmlib.model import MediaPlan
from smmlib.ports import AdPlatform
from smmlib.testing._conformance_tools import Placed, place, small_plan

GAP_WORDS = ("notimpl", "notyet", "never")


class Gaps:
    """
    How a subclass declares what it cannot keep: with a reason, and never in silence.
    """

    notimpl: ClassVar[Mapping[str, str]] = {}
    """
    Scenario to reason: the platform could, this adapter does not.
    """

    notyet: ClassVar[Mapping[str, str]] = {}
    """
    Scenario to reason: the platform cannot today, and may some day.
    """

    never: ClassVar[Mapping[str, str]] = {}
    """
    Scenario to reason: it would make no sense on this platform.
    """

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        for word in GAP_WORDS:
            for scenario, reason in vars(cls).get(word, {}).items():
                _declare_gap(cls, word, scenario, reason)


class ConformanceBase(Gaps):
    """
    Fixtures for the scenarios, with defaults where a default can be right.
    """

    many: ClassVar[int] = 30
    """
    How many campaigns make more than one page of the platform's lists.
    """

    @pytest.fixture
    def platform(self) -> AdPlatform:
        """
        The adapter, connected to a fresh and empty ad account. Override this.
        """
        pytest.fail("override the fixture 'platform': an AdPlatform on a fresh account")

    @pytest.fixture
    def now(self) -> datetime:
        """
        The present on the platform's clock. Override it for emulated platforms.
        """
        return datetime.now(UTC)

    @pytest.fixture
    def plan(self, platform: AdPlatform, now: datetime) -> MediaPlan:
        """
        The plan that is set up; it starts tomorrow. Override it where it does not fit.
        """
        account = platform.account()
        return small_plan(
            platform.capabilities.networks,
            account.currency,
            zone=account.zone,
            first_day=(now + timedelta(days=1)).date(),
        )

    @pytest.fixture
    def placed(self, platform: AdPlatform, plan: MediaPlan) -> Placed:
        """
        The plan, set up.
        """
        return place(platform, platform.wanted(plan).resources)

    @pytest.fixture
    def writes(self) -> Callable[[], int] | None:
        """
        A function that counts the writes the platform received so far, or None.

        With it "only reads" is proved; without it only that nothing was left behind.
        """
        return None

    @pytest.fixture
    def advance(self) -> Callable[[int], object] | None:
        """
        A function that lets days pass on the platform, or None where time is real.

        Without it the scenarios about numbers are skipped.
        """
        return None

    @pytest.fixture
    def secrets(self) -> tuple[str, ...]:
        """
        Texts that must never be seen: the token. Override it.
        """
        return ()

    @pytest.fixture
    def unknown_id(self) -> str:
        """
        An id in the platform's own form that belongs to nothing.
        """
        return "990000000000001"


def _declare_gap(cls: type, word: str, scenario: str, reason: str) -> None:
    """
    Turn an inherited scenario into one that must fail, with the declared reason.
    """
    method = getattr(cls, scenario, None)
    if not scenario.startswith("test_") or method is None:
        message = f"{cls.__name__}.{word} names no scenario: {scenario!r}"
        raise TypeError(message)
    if not reason.strip():
        message = f"{cls.__name__}.{word}[{scenario!r}] gives no reason"
        raise TypeError(message)

    @functools.wraps(method)
    def gap(*values: Any, **fixtures: Any) -> None:
        method(*values, **fixtures)

    strict = pytest.mark.xfail(reason=f"{word}: {reason}", strict=True)
    setattr(cls, scenario, strict(gap))
