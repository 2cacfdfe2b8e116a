"""
A program that runs `smm` again and again and kills it at any moment: `python
tests/_crash_child.py` reads one line of JSON per run from stdin and answers one.

It has everything imported before it forks, so that a run costs little. Whoever is
killed is the fork: a real process, a real SIGKILL, a real file. Only waiting is short:
the child's clock jumps instead of sleeping, and takes the server's clock along.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
import urllib.request
from datetime import UTC, datetime, timedelta


class JumpingClock:
    """
    The computer's time, but a wait is a jump of the server's clock and of this one.
    """

    def __init__(self, control: str) -> None:
        self._url = f"{control}/clock"
        with urllib.request.urlopen(self._url) as answer:  # noqa: S310 - loopback
            self._ahead = json.load(answer)["elapsed_s"]

    def now(self) -> datetime:
        """
        The server's present.
        """
        return datetime.now(UTC) + timedelta(seconds=self._ahead)

    def sleep(self, seconds: float) -> None:
        """
        Jump.
        """
        if seconds <= 0:
            return
        body = json.dumps({"advance_s": seconds}).encode()
        call = urllib.request.Request(self._url, data=body, method="POST")  # noqa: S310
        with urllib.request.urlopen(call) as answer:  # noqa: S310
            self._ahead = json.load(answer)["elapsed_s"]


def _run(order: dict[str, object]) -> None:
    """
    In the fork: be `smm`.
    """
    from smmlib.cli._app import smm
    from smmlib.workspace import _connect

    clock = JumpingClock(str(order["control"]))
    _connect.SystemClock = lambda: clock  # type: ignore[misc,assignment]
    out = os.open(str(order["output"]), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(out, 1)
    os.dup2(out, 2)
    try:
        smm(list(order["args"]), standalone_mode=True)  # type: ignore[call-overload]
    except SystemExit as end:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(int(end.code or 0) if isinstance(end.code, int | None) else 1)
    os._exit(0)


def _killed_after(child: int, seconds: float | None) -> int:
    """
    Wait for the end of the child, or bring it about; the raw exit status.
    """
    if seconds is not None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            done, status = os.waitpid(child, os.WNOHANG)
            if done:
                return status
            time.sleep(0.001)
        os.kill(child, signal.SIGKILL)
    return os.waitpid(child, 0)[1]


def main() -> None:
    """
    Serve until stdin ends.
    """
    import smmlib.cli._app
    import smmlib.cli._deploy
    import smmlib.codec
    import smmlib.workspace._connect  # noqa: F401 - all of it, before the first fork
    from smmlib.adapters import platform_names
    from smmlib.adapters._registry import _find, _load

    for name in platform_names():
        _load(_find(name))
    print(json.dumps({"ready": True}), flush=True)  # noqa: T201
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            _run(order)
        status = _killed_after(child, order.get("kill_after"))
        killed = os.WIFSIGNALED(status)
        code = None if killed else os.WEXITSTATUS(status)
        print(json.dumps({"killed": killed, "code": code}), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
