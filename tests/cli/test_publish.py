"""
`smm publish`: one cron line that never sends anything twice.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from _cli import copy_example, edited, run, run_json
from smmlib.cli._app import smm as _smm
from smmlib.sandbox import Sandbox, SandboxServer

_DUE = "2026-11-02 09:00"
_WHILE_S = 1.0
_TOML = """
[environments.production]
allowlist = ["{account}"]

[environments.production.platforms.meta]
account = "{account}"
page = "{page}"
base_url = "{meta}"
token = {{ env = "SMM_META_TOKEN" }}

[environments.production.platforms.telegram]
chat = "{channel}"
base_url = "{telegram}"
token = {{ env = "SMM_TELEGRAM_TOKEN" }}
"""


@pytest.fixture(name="plan")
def _plan(tmp_path):
    """
    The example in a folder of its own, eight days into the sandbox's calendar.
    """
    plan = copy_example(tmp_path)
    run("sandbox", "advance", plan, "--days", 8)
    return plan


def _posts(answer):
    return {(row["post"], row["network"]): row["status"] for row in answer["posts"]}


def test_exit_codes_tell_a_program_what_to_do(plan):
    """
    4 while the approver is silent, 3 while something is due, 0 when it is out.
    """
    run("publish", plan, "--due", code=4)
    approved = run_json("publish", plan, "--approve", "opening", "--by", "eva", code=3)
    assert "due" == _posts(approved)["opening", "telegram"]
    sent = run_json("publish", plan, "--due")
    again = run_json("publish", plan, "--due")

    assert [True, True, False, False] == [row["sent"] for row in sent["posts"]]
    assert {False} == {row["sent"] for row in again["posts"]}
    assert {"published", "waiting"} == set(_posts(again).values())
    assert "published" in run("publish", plan).stdout


def test_what_a_person_saw_is_recorded(plan):
    """
    5 while an outcome is open; whoever looked says what they saw.
    """
    run("publish", plan, "--approve", "opening", "--by", "eva", code=3)
    from smmlib import connect, load

    with connect("sandbox", root=plan.parent, state_dir=plan.parent / ".smm") as work:
        work.sandbox.faults.add("timeout_after", "POST send", platform="telegram")
        work.publish(load(plan))

    left = run_json("publish", plan, "--due", code=5)
    assert "unknown" == _posts(left)["opening", "telegram"]
    said = run_json("publish", plan, "--there", "opening:telegram=2")
    assert "published" == _posts(said)["opening", "telegram"]


@pytest.mark.parametrize(
    "given",
    [
        ("--there", "opening"),
        ("--there", "opening:telegram="),
        ("--not-there", "opening"),
        ("--not-there", "opening:myspace"),
        ("--not-there", "opening:telegram"),
        ("--approve", "opening"),
        ("--approve", "openning", "--by", "eva"),
        ("--approve", "opening", "--by", "jon"),
    ],
)
def test_words_that_mean_nothing_are_refused(plan, given):
    """
    A slip in an option changes nothing, and says what was meant.
    """
    run("publish", plan, *given, code=2)


def _server_setup(folder, sandbox, origin):
    facts = sandbox.details(origin)["platforms"]
    plan = copy_example(folder)
    edited(plan, ("at: 2027-03-01 09:00", f"at: {_DUE}"))
    (folder / "smm.toml").write_text(
        _TOML.format(
            account=facts["meta"]["ad_account"],
            page=facts["meta"]["page"],
            meta=facts["meta"]["base_url"],
            channel=facts["telegram"]["channel"],
            telegram=facts["telegram"]["base_url"],
        )
    )
    tokens = {
        "SMM_META_TOKEN": facts["meta"]["access_token"],
        "SMM_TELEGRAM_TOKEN": facts["telegram"]["access_token"],
    }
    return plan, tokens


def _process(plan, tokens, *args):
    command = [sys.executable, "-m", "smmlib", "publish", str(plan), *args]
    return subprocess.run(
        [*command, "--env", "production"],
        env={**os.environ, **tokens},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_several_processes_at_once_send_each_post_once(tmp_path):
    """
    Real accounts of smm.toml, three crons at the same minute: every post stands once,
    and no token is seen.
    """
    sandbox = Sandbox(seed=7)
    with SandboxServer(sandbox) as server:
        plan, tokens = _server_setup(tmp_path, sandbox, server.origin)
        approved = _process(plan, tokens, "--approve", "opening", "--by", "eva")
        assert 3 == approved.returncode, approved.stderr
        with ThreadPoolExecutor(3) as pool:
            runs = list(pool.map(lambda _: _process(plan, tokens, "--due"), range(3)))
        last = _process(plan, tokens, "--due")

    assert {0, 1} >= {done.returncode for done in runs}
    assert 0 == last.returncode, last.stderr
    state = sandbox.state()
    assert (1, 1) == (
        len(state["meta"]["PagePost"]),
        len(state["telegram"]["Message"]),
    )
    shown = "".join(done.stdout + done.stderr for done in (approved, *runs, last))
    assert [] == [token for token in tokens.values() if token in shown]
    kept = b"".join(p.read_bytes() for p in (tmp_path / ".smm").rglob("*.db*"))
    assert [] == [token for token in tokens.values() if token.encode() in kept]


def test_a_process_that_is_killed_while_it_posts_sends_nothing_twice(tmp_path):
    """
    Killed without a word while the answer is under way: the next run asks first.
    """
    sandbox = Sandbox(seed=7)
    with SandboxServer(sandbox) as server:
        plan, tokens = _server_setup(tmp_path, sandbox, server.origin)
        _process(plan, tokens, "--approve", "opening", "--by", "eva")
        sandbox.faults.add(
            "slow", "POST /[0-9]+/feed$", platform="meta", seconds=_WHILE_S
        )
        command = [sys.executable, "-m", "smmlib", "publish", str(plan), "--due"]
        victim = subprocess.Popen(
            [*command, "--env", "production"], env={**os.environ, **tokens}
        )
        _wait_for(lambda: any(f.fired for f in sandbox.faults._faults))
        victim.kill()
        victim.wait()
        _wait_for(lambda: sandbox.state()["meta"].get("PagePost"))
        after = _process(plan, tokens, "--due", "--json")

    assert 0 == after.returncode, after.stdout + after.stderr
    rows = {row["network"]: row for row in json.loads(after.stdout)["posts"][:2]}
    assert "found there; its answer had been lost" == rows["facebook"]["note"]
    assert (False, True) == (rows["facebook"]["sent"], rows["telegram"]["sent"])
    state = sandbox.state()
    assert (1, 1) == (
        len(state["meta"]["PagePost"]),
        len(state["telegram"]["Message"]),
    )


def _wait_for(there, most_s=30.0):
    """
    Look again and again; nobody knows how long another process takes.
    """
    end = time.monotonic() + most_s
    while not there():
        assert time.monotonic() < end, "it never came"
        threading.Event().wait(0.02)


def test_the_command_stands_among_those_that_set_up():
    """
    `smm --help` lists it.
    """
    assert "publish" in _smm.list_commands(None)
