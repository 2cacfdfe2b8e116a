"""
Time inside the sandbox: virtual (moves only when told) or real.
"""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta

from smmlib.errors import SandboxError

START = datetime(2027, 2, 22, 8, 0, tzinfo=UTC)
"""
Where the virtual clock starts: a Monday, one week before the example plan's flight.
"""

KINDS = ("virtual", "real")

_LONGEST_STEP_S = 10 * 366 * 86_400


class SandboxClock:
    """
    The one clock of a sandbox; reviews, delivery and read lag all follow it.

    Args:
        kind: `virtual` stands still until it is advanced; `real` follows the
            computer's clock, plus whatever it was advanced by.
        start: First instant of a virtual clock.
    """

    def __init__(self, kind: str = "virtual", start: datetime = START) -> None:
        if kind not in KINDS:
            raise SandboxError(
                f"unknown clock {kind!r}", hint=f"choose one of {', '.join(KINDS)}"
            )
        if start.tzinfo is None:
            raise SandboxError(
                f"the sandbox clock cannot start at {start}: it has no time zone",
                hint="give an aware datetime, e.g. datetime(..., tzinfo=UTC)",
            )
        self.kind = kind
        self._start = start.astimezone(UTC)
        self._offset = 0.0
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """
        The present instant, in UTC.
        """
        return datetime.fromtimestamp(self.seconds(), UTC)

    def seconds(self) -> float:
        """
        The present instant as Unix seconds.
        """
        base = self._start.timestamp() if self.kind == "virtual" else time.time()
        return base + self._offset

    def advance(self, seconds: float) -> datetime:
        """
        Let time pass at once and give the new present.
        """
        if not 0 <= seconds <= _LONGEST_STEP_S:
            raise SandboxError(
                f"the sandbox clock cannot move by {seconds} s",
                hint=f"give 0 to {_LONGEST_STEP_S} seconds; it never runs backwards",
            )
        with self._lock:
            self._offset += seconds
        return self.now()

    def rewind(self) -> None:
        """
        Go back to the start; only a reset of the whole sandbox does this.
        """
        self._offset = 0.0

    def dump(self) -> dict[str, float | str]:
        """
        The state that a later process needs.
        """
        return {"kind": self.kind, "offset": self._offset}

    def load(self, data: dict[str, float | str]) -> None:
        """
        Go on where another process stopped.
        """
        self._offset = float(data.get("offset", 0.0))

    @property
    def started(self) -> datetime:
        """
        Where the virtual clock began.
        """
        return self._start

    def elapsed(self) -> timedelta:
        """
        How far the clock was advanced.
        """
        return timedelta(seconds=self._offset)
