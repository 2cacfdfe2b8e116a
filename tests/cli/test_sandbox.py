"""
`smm sandbox`: one ready line, real HTTP, an orderly end; time for plans in practice.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import contextmanager

import httpx
import pytest

from _cli import copy_example, run, run_json

_posix = pytest.mark.skipif(os.name == "nt", reason="signals of POSIX systems")


@contextmanager
def _served(*args):
    """
    A server in a process of its own, and its ready line; ended by SIGTERM.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "smmlib", "sandbox", "serve", *args],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process, json.loads(process.stdout.readline())
    finally:
        process.terminate()
        process.communicate(timeout=30)


@_posix
def test_serve_says_one_line_and_ends_with_zero():
    """
    The ready line is all there is on stdout; SIGTERM is an orderly end.
    """
    with _served() as (process, ready):
        meta = ready["platforms"]["meta"]
        answer = httpx.get(
            f"{meta['base_url']}/{meta['api_version']}/{meta['ad_account']}",
            params={"fields": "currency,timezone_name"},
            headers={"Authorization": f"Bearer {meta['access_token']}"},
            trust_env=False,
        )
        process.send_signal(signal.SIGTERM)
        rest, problems = process.communicate(timeout=30)

    assert ("EUR", "Europe/Berlin") == (
        answer.json()["currency"],
        answer.json()["timezone_name"],
    )
    assert meta["base_url"].startswith("http://127.0.0.1:")
    assert {"page", "pixel", "access_token", "ad_account"} <= meta.keys()
    assert (0, "", "") == (process.returncode, rest, problems)


@_posix
def test_serve_takes_every_option(tmp_path):
    """
    Seed, accounts, clock, latency, read lag and state file reach the sandbox.
    """
    state = tmp_path / "world.json"
    options = [
        *("--seed", "9", "--clock", "real", "--latency-ms", "1", "--read-lag-s", "0"),
        *("--account", "USD:America/New_York", "--account", "PLN:Europe/Warsaw"),
        *("--state", str(state), "--host", "127.0.0.1", "--port", "0"),
    ]

    with _served(*options) as (_, ready):
        found = (ready["seed"], ready["clock"])
        accounts = ready["platforms"]["meta"]["ad_accounts"]

    assert (9, "real") == found
    assert ["EUR", "USD", "PLN"] == [account["currency"] for account in accounts]
    assert state.exists()


@_posix
def test_a_kept_world_is_served_with_its_own_seed(tmp_path):
    """
    Whoever serves a state file again need not know the seed it was made from.
    """
    state = str(tmp_path / "world.json")
    with _served("--seed", "9", "--state", state) as (_, first):
        account = first["platforms"]["meta"]["ad_account"]

    with _served("--state", state) as (_, second):
        assert 9 == second["seed"]
        assert account == second["platforms"]["meta"]["ad_account"]


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--account", "ZZZ:Europe/Berlin"], "ZZZ"),
        (["--account", "EUR:Europe/Nowhere"], "Europe/Nowhere"),
        (["--clock", "broken"], "broken"),
        (["--port", "70000"], "70000"),
        (["--latency-ms", "-1"], "-1"),
    ],
)
def test_serve_refuses_nonsense(args, words):
    """
    A mistake in an option exits with 2 and names the value; nothing is served.
    """
    assert words in run("sandbox", "serve", *args, code=2).stderr


def test_serve_says_when_the_port_is_taken():
    """
    Another program's port is a mistake to correct, with a hint.
    """
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        shown = run("sandbox", "serve", "--port", port, code=2).stderr

    assert f"127.0.0.1:{port}" in shown
    assert "0 for a free one" in shown


def test_days_pass_and_are_remembered(tmp_path):
    """
    `advance` moves the calendar of the plan's sandbox, for later commands too.
    """
    plan = copy_example(tmp_path)

    first = run_json("sandbox", "advance", plan, "--days", 2)["now"]
    second = run("sandbox", "advance", plan, "--days", 1.5).stdout

    assert "2027-02-24T08:00:00+00:00" == first
    assert "It is 2027-02-25 20:00 UTC.\n" == second


def test_a_world_keeps_its_seed(tmp_path):
    """
    Chosen once, known to later commands; another seed for the same world is refused.
    """
    plan = copy_example(tmp_path)
    run("sandbox", "advance", plan, "--seed", 5)

    run("sandbox", "advance", plan)
    shown = run("sandbox", "advance", plan, "--seed", 6, code=2).stderr

    assert "seed 5" in shown


def test_a_damaged_world_is_refused(tmp_path):
    """
    A file that is no world is named, with the way out.
    """
    plan = copy_example(tmp_path)
    tmp_path.joinpath(".smm").mkdir()
    tmp_path.joinpath(".smm", "sandbox.json").write_text("[]", "utf-8")

    assert "sandbox.json" in run("sandbox", "advance", plan, code=2).stderr


def test_the_shops_records_are_csv(tmp_path):
    """
    `conversions` prints what a CRM would export, as CSV or inside JSON.
    """
    plan = copy_example(tmp_path)

    text = run("sandbox", "conversions", plan).stdout

    assert text.startswith("conversion_id,date,time,utm_source")
    assert text == run_json("sandbox", "conversions", plan)["csv"]


_REAL = """
[environments.production.platforms.meta]
account = "act_1"
token = { env = "SMM_TEST_TOKEN" }
"""


@pytest.mark.parametrize("command", ["advance", "conversions"])
def test_real_accounts_have_no_sandbox(tmp_path, monkeypatch, command):
    """
    Time and records of a real account cannot be made up.
    """
    monkeypatch.setenv("SMM_TEST_TOKEN", "not-a-token")
    plan = copy_example(tmp_path)
    tmp_path.joinpath("smm.toml").write_text(_REAL, "utf-8")

    found = run_json("sandbox", command, plan, "--env", "production", code=2)

    assert "production" in found["error"]["message"]
    assert "not-a-token" not in json.dumps(found)
