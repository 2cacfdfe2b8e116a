"""
Several processes apply one plan at the same time: exactly one does it, once.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest

from _cli import EXAMPLES, PLAN
from _postgres import postgres_database, postgres_server
from smmlib.deploy._apply import _RESUME
from smmlib.sandbox import Sandbox, SandboxServer

_APPLIER = Path(__file__).parent / "applier.py"
_AT_ONCE = 3
_MADE = ("Campaign", "AdSet", "Ad")


@pytest.fixture
def file(tmp_path):
    """
    A state on this computer.
    """
    return str(tmp_path / "state.db")


@pytest.fixture
def database():
    """
    A state of a team.
    """
    with (
        postgres_server() as server,
        postgres_database(server, f"smm_{uuid4().hex}") as address,
    ):
        yield address


@pytest.fixture(
    params=["file", pytest.param("database", marks=pytest.mark.postgres)],
)
def state(request):
    """
    Where the state is.
    """
    return request.getfixturevalue(request.param)


class _Applier:
    """
    One process, and what it says.
    """

    def __init__(self, server, state):
        self.process = subprocess.Popen(
            [sys.executable, _APPLIER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.tell(
            json.dumps(
                {
                    "plan": str(EXAMPLES / PLAN),
                    "state": state,
                    "now": server.sandbox.now.isoformat(),
                    "facts": server.details()["platforms"]["meta"],
                }
            )
        )

    def tell(self, word):
        self.process.stdin.write(f"{word}\n")
        self.process.stdin.flush()

    def hear(self):
        return json.loads(self.process.stdout.readline())

    def end(self):
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def server():
    """
    The platform, over HTTP.
    """
    with SandboxServer(Sandbox(seed=7)) as server:
        yield server


def _appliers(stack, server, state, count):
    found = [_Applier(server, state) for _ in range(count)]
    for one in found:
        stack.callback(one.end)
        assert {"said": "planned"} == one.hear()
    return found


def test_exactly_one_of_several_applies(server, state):
    """
    One holds the lock, the others are told at once who does and since when, and send
    nothing; later they find that there is nothing left to do.
    """
    with contextlib.ExitStack() as stack:
        racers = _appliers(stack, server, state, _AT_ONCE)
        for one in racers:
            one.tell("go")
        said = [one.hear() for one in racers]
        told = [answer["said"] for answer in said]
        assert ["holding", *["locked"] * (_AT_ONCE - 1)] == sorted(told)
        winner = racers[told.index("holding")]
        for answer in said:
            if answer["said"] == "locked":
                assert f"process {winner.process.pid}" in answer["holder"]
                assert answer["since"]
        winner.tell("on")
        done = winner.hear()
        made = len(server.sandbox.log.writes())
        assert ("done", True) == (done["said"], done["writes"] > 0)

        (late,) = _appliers(stack, server, state, 1)
        late.tell("go")
        assert {"said": "done", "writes": 0} == late.hear()
        assert made == len(server.sandbox.log.writes())


@pytest.mark.skipif(os.name == "nt", reason="a killed process leaves other traces")
def test_after_a_kill_in_the_middle_the_next_one_goes_on(server, state):
    """
    The lock of the dead is free, its writes are found, and nothing is made twice.
    """
    with contextlib.ExitStack() as stack:
        (first,) = _appliers(stack, server, state, 1)
        first.tell("go")
        assert "holding" == first.hear()["said"]
        first.end()
        ends = []
        for _ in range(50):
            (second,) = _appliers(stack, server, state, 1)
            second.tell("go")
            said = second.hear()
            if said["said"] == "holding":
                second.tell("on")
                said = second.hear()
            ends.append(said["said"])
            if ends[-1] == "done":  # a database server needs a moment
                break

        assert "done" == ends[-1]
        things = server.sandbox.state()["meta"]
        labels = [tuple(t["adlabels"]) for k in _MADE for t in things[k]]
        assert len(labels) == len(set(labels)) > 3


@pytest.mark.skipif(os.name == "nt", reason="signals are another thing there")
def test_ctrl_c_in_the_middle_says_how_to_go_on(server, state):
    """
    A real SIGINT ends the process with a word on what to do, and that is enough.
    """
    with contextlib.ExitStack() as stack:
        (first,) = _appliers(stack, server, state, 1)
        first.tell("go")
        assert "holding" == first.hear()["said"]
        first.process.send_signal(signal.SIGINT)
        _, told = first.process.communicate(timeout=60)
        assert -signal.SIGINT == first.process.returncode
        assert "KeyboardInterrupt" in told
        assert _RESUME in told

        (second,) = _appliers(stack, server, state, 1)
        second.tell("go")
        said = second.hear()
        if said["said"] == "holding":
            second.tell("on")
            said = second.hear()
        assert "done" == said["said"]
        things = server.sandbox.state()["meta"]
        labels = [tuple(t["adlabels"]) for k in _MADE for t in things[k]]
        assert len(labels) == len(set(labels)) > 3
