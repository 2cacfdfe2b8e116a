"""
The sandbox's time as the clock of everything that talks to it.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smmlib.sandbox import Sandbox


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
