"""
The sandbox's time as the clock of everything that talks to it.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smmlib.sandbox import Sandbox


# Where the embedded platforms' calendar begins; known here too, so that a plan can be
# checked where they are not installed.
_BEGINNING = datetime(2027, 2, 22, 8, tzinfo=UTC)


def sandbox_now(folder: Path) -> datetime:
    """
    The present of the world kept in a folder; its beginning where none is kept yet.
    """
    try:
        clock = json.loads((folder / "sandbox.json").read_text("utf-8"))["clock"]
        passed = timedelta(seconds=float(clock["offset"]))
    except (OSError, ValueError, KeyError, TypeError):
        return _BEGINNING  # not a world: opening it says so
    return (_BEGINNING if clock["kind"] == "virtual" else datetime.now(UTC)) + passed


class SandboxTime:
    """
    A clock that waits by letting the sandbox's time pass: nobody sits and waits.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    def now(self) -> datetime:
        """
        The present in the sandbox.
        """
        return self._sandbox.now

    def sleep(self, seconds: float) -> None:
        """
        Let that much time pass in the sandbox, at once.
        """
        if seconds > 0:
            self._sandbox.advance(seconds)
