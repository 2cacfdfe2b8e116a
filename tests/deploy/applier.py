"""
A process that applies a plan when it is told to: started several times by a test.

It reads a JSON line with its orders, then words: `go` lets it apply, `on` lets it go on
once it holds the lock. It says `planned`, `holding`, and how it ended.
"""

from __future__ import annotations

import json
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

from smmlib.adapters import connect_platform
from smmlib.codec import load
from smmlib.deploy import (
    PostgresStateStore,
    SQLiteStateStore,
    Target,
    apply,
    make_changes,
)
from smmlib.errors import StateLockedError
from smmlib.ports import Connection, Secret


class _Clock:
    """
    The sandbox's calendar, going on at its usual pace.
    """

    def __init__(self, start):
        self._start = datetime.fromisoformat(start)
        self._begun = time.monotonic()

    def now(self):
        return self._start + timedelta(seconds=time.monotonic() - self._begun)

    def sleep(self, seconds):
        time.sleep(seconds)


def _say(**what):
    print(json.dumps(what), flush=True)  # noqa: T201 - the parent listens


def _main():
    orders = json.loads(sys.stdin.readline())
    clock, facts = _Clock(orders["now"]), orders["facts"]
    plan = load(orders["plan"])
    who = {"project_id": plan.project_id, "environment": "sandbox", "clock": clock}
    state = orders["state"]
    store = (
        PostgresStateStore(state, **who)
        if state.startswith("postgresql:")
        else SQLiteStateStore(state, **who)
    )
    options = {name: facts[name] for name in ("page", "pixel", "instagram_user")}
    platform = connect_platform(
        Connection(
            "meta",
            facts["ad_account"],
            token=Secret(facts["access_token"]),
            options={**options, "media_root": str(Path(orders["plan"]).parent)},
            base_url=facts["base_url"],
        ),
        clock=clock,
    )
    targets = [Target(platform, platform.account(), platform.wanted(plan))]
    changes = make_changes(plan, targets, store, clock=clock, environment="sandbox")
    _say(said="planned")
    sys.stdin.readline()
    held = []

    def hold(_progress):
        if not held:
            held.append(True)
            _say(said="holding")
            sys.stdin.readline()

    try:
        done = apply(changes, plan, targets, store, clock=clock, progress=hold)
    except StateLockedError as error:
        _say(said="locked", holder=error.holder, since=error.since.isoformat())
    else:
        _say(said="done", writes=done.writes)
    finally:
        store.close()
        platform.close()


_main()
