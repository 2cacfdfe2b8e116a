"""
The demo's chapter on a crash: an apply is killed while a write is under way, for real.

A process of its own applies the plan over HTTP. Its network card, so to say, is rigged:
once the platform has taken a certain write, and before the answer is read, the process
is killed. What it had written down is all that is left, and from there it goes on.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from smmlib.cli._text import plural

if TYPE_CHECKING:
    from smmlib.cli._story import Story
    from smmlib.deploy import ChangeSet
    from smmlib.model import MediaPlan
    from smmlib.workspace import Workspace

_PATIENCE = 120.0  # seconds for a process that lives a few
_LIMITS = httpx.Limits(max_connections=20)


class DeadlyTransport(httpx.BaseTransport):
    """
    Sends requests, and kills this process at the answer to one write.

    Args:
        nth: Which write, counted from 1.
    """

    def __init__(self, nth: int) -> None:
        self._inner = httpx.HTTPTransport(trust_env=False, limits=_LIMITS)
        self._left = nth

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """
        Send it; the platform has it, and nobody will ever hear so.
        """
        from smmlib.adapters._read_only import only_asks

        writes = not only_asks(request)
        answer = self._inner.handle_request(request)
        if writes:
            self._left -= 1
            if self._left == 0:
                # No handler, no `finally`, no flush: as when a machine loses power.
                os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
        return answer


def tell_crash(
    story: Story,
    work: Workspace,
    changes: ChangeSet,
    plan: MediaPlan,
    *,
    plan_file: Path,
    state: Path,
) -> None:
    """
    Apply in a process that is killed half-way, and show what is left of it.

    Args:
        story: Who tells it.
        work: A workspace of a sandbox that is served over HTTP.
        changes: What is applied.
        plan: The plan.
        plan_file: Where it stands.
        state: The state file, which the process shares with the workspace.
    """
    story.chapter("Apply, and lose power in the middle")
    nth = max(2, changes.calls // 2)
    ended = killed_apply(work, changes, plan_file=plan_file, state=state, nth=nth)
    known = work.snapshot(plan)
    made = len(known.resources)
    lost = len(known.open_intents)
    story.say(
        f"A process applies the plan and is killed (signal {-ended}) at write {nth} of "
        f"{changes.calls}: the platform has it, its answer was never read."
    )
    story.say(
        f"  The journal knows {plural(made, 'object')}, and {plural(lost, 'write')} "
        "without an answer. Nothing is guessed: they are looked up by their marks."
    )
    story.figures["crash"] = {
        "exit_code": ended,
        "at_write": nth,
        "recorded": made,
        "unanswered": lost,
    }


def killed_apply(
    work: Workspace, changes: ChangeSet, *, plan_file: Path, state: Path, nth: int
) -> int:
    """
    The exit code of a process that applies changes and is killed at a write.
    """
    orders = {
        "control_url": work.details["control_url"],
        "plan": str(plan_file),
        "state": str(state),
        "changes": changes.to_dict(),
        "nth": nth,
    }
    done = subprocess.run(
        [sys.executable, "-m", "smmlib.cli._crash"],
        input=json.dumps(orders),
        text=True,
        capture_output=True,
        timeout=_PATIENCE,
        check=False,
    )
    return done.returncode


def _die(orders: dict[str, Any]) -> None:
    from smmlib.codec import load
    from smmlib.deploy import ChangeSet
    from smmlib.workspace._join import join_sandbox

    plan_file = Path(orders["plan"])
    with join_sandbox(
        orders["control_url"],
        state=Path(orders["state"]),
        root=plan_file.parent,
        transport=DeadlyTransport(orders["nth"]),
    ) as work:
        changes = ChangeSet.from_dict(orders["changes"])
        work.apply(changes, load(plan_file), progress=lambda _: None)


if __name__ == "__main__":
    _die(json.loads(sys.stdin.read()))
