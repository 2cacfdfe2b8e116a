"""
`smm apply` and `smm activate`, really killed at any moment, against a server elsewhere.

The sandbox listens on the loopback and lives on; the client is a process of its own
that gets SIGKILL after a random time. Run again until it ends by itself: one object for
each address, nothing lost, nothing active before its time, a sound state file.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from random import Random

import attrs
import pytest

from _fault_mix import KILLS
from _fault_worlds import WORLDS
from smmlib.adapters import SystemClock
from smmlib.codec import dump
from smmlib.deploy import SQLiteStateStore
from smmlib.sandbox import SandboxServer

_PARTS = 4
_CHILD = Path(__file__).resolve().parent.parent / "_crash_child.py"


@attrs.define(eq=False)
class Office:
    """
    A computer on which `smm` dies, and a server on which everything stands.
    """

    folder: Path
    server: SandboxServer
    child: subprocess.Popen
    platform: str
    random: Random
    kills: int = 0
    life: int = 0

    def run(self, *args: str, longest: float | None = None) -> dict:
        """
        One run of `smm`, killed after a random time if it takes that long.
        """
        order = {
            "args": [*args, "plan.yaml", "--env", "here", "--config", "smm.toml"],
            "control": self.server.control_url,
            "output": str(self.folder / "output.txt"),
        }
        if longest is not None:
            order["kill_after"] = self.random.uniform(0, longest)
        assert self.child.stdin is not None
        assert self.child.stdout is not None
        self.child.stdin.write(json.dumps(order) + "\n")
        self.child.stdin.flush()
        return json.loads(self.child.stdout.readline())

    def begin(self) -> None:
        """
        An empty world, another project, no state.
        """
        self.life += 1
        self.server.sandbox.reset()
        for old in self.folder.glob("*.db*"):
            old.unlink()
        plan = WORLDS[self.platform].launch()
        number = f"0192f3c8-5d7e-7b1a-9c44-{self.life:012d}"
        dump(attrs.evolve(plan, project_id=number), self.folder / "plan.yaml")

    def until_done(self, *args: str) -> None:
        """
        Run it again after every death.
        """
        # A busy computer needs longer: the more deaths, the more time before the next.
        for deaths in range(200):
            told = self.run(*args, longest=0.2 + 0.03 * deaths)
            if not told["killed"]:
                assert 0 == told["code"], (self.folder / "output.txt").read_text()
                return
            self.kills += 1
            self.check_on_the_way(active=args[0] == "activate")
        pytest.fail("it never came to an end")

    # -- what must hold ------------------------------------------------------------

    def seen(self):
        """
        Our living objects on the server.
        """
        with self.server.sandbox.engine.lock:
            found = list(WORLDS[self.platform].seen(self.server.sandbox))
        return [thing for thing in found if thing.marker and thing.live]

    def check_on_the_way(self, *, active: bool) -> None:
        """
        After every death: nothing twice, and nothing active before its time.
        """
        things = self.seen()
        assert all(n == 1 for n in Counter(t.marker for t in things).values())
        assert active or not any(thing.active for thing in things)

    def check_end(self) -> None:
        """
        The state knows every object, and its file is sound.
        """
        (path,) = self.folder.glob("*.db")
        plan = (self.folder / "plan.yaml").read_text("utf-8")
        number = f"0192f3c8-5d7e-7b1a-9c44-{self.life:012d}"
        assert number in plan
        store = SQLiteStateStore(
            path, project_id=number, environment="here", clock=SystemClock()
        )
        state = store.snapshot()
        with store.lock("a test"):
            assert () == state.open_intents
        store.close()
        living = {thing.id: thing.marker for thing in self.seen()}
        known = {
            t.remote_id: t.marker
            for t in state.resources.values()
            if t.kind.value not in {"media", "audience"}
        }
        assert living == known


@pytest.fixture
def office(tmp_path, request):
    """
    A server in this process, and the program that dies in another.
    """
    name, part = request.param
    world = WORLDS[name]
    with SandboxServer(seed=7, clock="real") as server:
        facts = server.details()["platforms"][name]
        _settings(tmp_path, world, facts)
        child = subprocess.Popen(
            [sys.executable, str(_CHILD)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=tmp_path,
            env={**os.environ, **_tokens(world, facts)},
            text=True,
        )
        assert child.stdout is not None
        assert "ready" in child.stdout.readline()
        yield Office(tmp_path, server, child, name, Random(f"{name} {part}"))
        child.stdin.close()
        assert 0 == child.wait(20)
        child.stdout.close()


def _tokens(world, facts):
    keys = ("access_token", *world.secrets)
    return {f"SMM_TEST_{key.upper()}": facts[key] for key in keys}


def _settings(folder, world, facts):
    world.files(folder)
    lines = [f'{key} = "{facts[key]}"' for key in world.options]
    if world.secrets:
        kept = [
            f'{key} = {{ env = "SMM_TEST_{key.upper()}" }}' for key in world.secrets
        ]
        lines.append(f"signing = {{ {', '.join(kept)} }}")
    account = facts["ad_account"].rpartition(":")[2]
    lines = [
        "[environments.here]",
        'state = "sqlite:///state.db"',
        f'allowlist = ["{account}"]',
        f"[environments.here.platforms.{world.name}]",
        f'account = "{facts["ad_account"]}"',
        f'base_url = "{facts["base_url"]}"',
        'token = { env = "SMM_TEST_ACCESS_TOKEN" }',
        *lines,
    ]
    (folder / "smm.toml").write_text("\n".join(lines), encoding="utf-8")


_OFFICES = [(name, part) for part in range(_PARTS) for name in WORLDS]


@pytest.mark.parametrize(
    "office", _OFFICES, indirect=True, ids=[f"{n}-{p}" for n, p in _OFFICES]
)
def test_killed_runs_buy_nothing_twice(office, record_property):
    """
    However often and wherever `smm` is killed, the launch comes out as if it never was.
    """
    share = -(-KILLS // len(_OFFICES))
    total = WORLDS[office.platform].launch().campaigns["spring"].budget.lifetime
    while office.kills < share:
        office.begin()
        office.until_done("apply")
        office.until_done("activate", "--approve", str(total))
        office.check_end()
        told = office.run("plan")
        assert 0 == told["code"], "a further plan must be empty"
    row = ("real SIGKILLs", office.platform, office.kills, office.kills)
    record_property("faults", row)


def _second(office):
    """
    Another program that runs `smm` in the same folder.
    """
    world, platform = WORLDS[office.platform], office.platform
    facts = office.server.details()["platforms"][platform]
    return subprocess.Popen(
        [sys.executable, str(_CHILD)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=office.folder,
        env={**os.environ, **_tokens(world, facts)},
        text=True,
    )


@pytest.mark.parametrize("office", [(n, 99) for n in WORLDS], indirect=True, ids=WORLDS)
def test_two_who_apply_at_once_set_up_one_launch(office):
    """
    Two processes on one SQLite file: one applies, the other is told that it is locked
    or has nothing to do; together they make everything once.
    """
    other = _second(office)
    assert "ready" in other.stdout.readline()
    args = ["plan.yaml", "--env", "here", "--config", "smm.toml"]
    for _ in range(3):
        office.begin()
        for child in (office.child, other):
            order = {
                "args": ["apply", *args],
                "control": office.server.control_url,
                "output": str(office.folder / "output.txt"),
            }
            child.stdin.write(json.dumps(order) + "\n")
            child.stdin.flush()
        told = [json.loads(child.stdout.readline()) for child in (office.child, other)]
        assert any(one["code"] == 0 for one in told), told
        assert all(one["code"] in {0, 1, 3} for one in told), told
        office.check_on_the_way(active=False)
        assert 0 == office.run("apply")["code"]
        office.check_end()
    other.stdin.close()
    assert 0 == other.wait(20)
    other.stdout.close()
