"""
The computer's own clock, for everything that is not given another one.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime


class SystemClock:
    """
    Real time.
    """

    def now(self) -> datetime:
        """
        The present instant, in UTC.
        """
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        """
        Wait; a wait below zero is none.
        """
        time.sleep(max(0.0, seconds))
