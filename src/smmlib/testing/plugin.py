"""
Fixtures for tests of programs that use smmlib: `smm_sandbox` and `smm_clock`.

pytest loads this by itself wherever smmlib is installed, so it stays light: nothing of
smmlib is imported before a test asks for a fixture.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smmlib.sandbox import Sandbox

__all__ = ["FakeClock", "smm_clock", "smm_sandbox"]

_START = datetime(2027, 2, 22, 8, tzinfo=UTC)
_WITH_ASSERTS = ("base", "errors", "metrics", "reads", "tools", "writes")

# By name and before they are imported: this is how their asserts learn to explain.
pytest.register_assert_rewrite(
    *(f"smmlib.testing._conformance_{part}" for part in _WITH_ASSERTS)
)


class FakeClock:
    """
    A clock that stands still until it is told otherwise; waiting moves it at once.

    Attributes:
        slept: Every wait that was asked for, in seconds.
    """

    def __init__(self, start: datetime = _START) -> None:
        self._now = start
        self.slept: list[float] = []

    def now(self) -> datetime:
        """
        The present instant.
        """
        return self._now

    def sleep(self, seconds: float) -> None:
        """
        Let time pass without waiting.
        """
        self.slept.append(seconds)
        self.advance(seconds=max(0.0, seconds))

    def advance(self, *, days: float = 0, seconds: float = 0) -> datetime:
        """
        Move the clock forward.
        """
        self._now += timedelta(days=days, seconds=seconds)
        return self._now


@pytest.fixture
def smm_clock() -> FakeClock:
    """
    A clock that stands still.
    """
    return FakeClock()


@pytest.fixture
def smm_sandbox() -> Iterator[Sandbox]:
    """
    The embedded ad platforms in this process: no account, no network, no money.
    """
    from smmlib.sandbox import Sandbox

    with Sandbox(seed=7) as sandbox:
        yield sandbox
