"""
What our work costs in things that can be counted, on any machine alike: against a
stored baseline, so that a change that makes everything twice as dear is seen.

A count below its baseline is good news: write it down with
`python tests/test_counts.py`.
"""

from __future__ import annotations

import gc
import json
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import pytest

_HERE = Path(__file__).parent
_BASELINE = _HERE / "counts.json"
_PLAN = _HERE.parent / "examples" / "launch.plan.yaml"
_CONNECT = sqlite3.connect
_MORE = 1.02  # a hair of room: two versions of a dependency may differ by a module
_PROGRAMS = {
    "import smmlib": "import smmlib",
    "smm --help": "sys.argv = ['smm', '--help']; import smmlib.cli as c; c.main()",
    "smm check": "sys.argv = ['smm', 'check', 'launch.plan.yaml']; "
    "import smmlib.cli as c; c.main()",
}


def _modules(program):
    """
    How many modules a program has loaded when it ends.
    """
    code = (
        "import atexit, sys\n"
        "atexit.register(lambda: sys.stderr.write(f'modules={len(sys.modules)}'))\n"
        + program
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", code],
        capture_output=True,
        text=True,
        check=False,
        cwd=_PLAN.parent,
    )
    assert done.returncode == 0, done.stderr
    return int(done.stderr.rpartition("modules=")[2])


def _document(ads):
    """
    A plan file of that many ads, each with a carousel of three cards.
    """
    creatives = {
        f"c{n}": {
            "text": "Four roasts, one box.",
            "cta": "sign_up",
            "link": f"https://alpenkaffee.example/box/{n}",
            "cards": [{"image": f"img/{n}-{c}.jpg", "headline": "x"} for c in range(3)],
        }
        for n in range(ads)
    }
    ad_set = {"audience": "all", "ads": list(creatives)}
    campaign = {"line": "a", "ad_sets": {"s": ad_set}}
    return json.dumps(
        {
            "smmlib": 1,
            "name": "Counted",
            "project_id": "p",
            "zone": "UTC",
            "flight": "2027-03-01..2027-04-11",
            "audiences": {"all": {"places": ["DE"]}},
            "lines": {"a": {"networks": ["facebook"], "cost": "100 EUR"}},
            "campaigns": {"c": campaign},
            "creatives": creatives,
        }
    )


def _objects(plan):
    """
    How many values of the model a plan holds on to.
    """
    found, waiting = {}, [plan]
    while waiting:
        thing = waiting.pop()
        for part in gc.get_referents(thing):
            ours = type(part).__module__.startswith("smmlib.")
            known = isinstance(part, (dict, tuple, list)) or ours
            if known and id(part) not in found and not isinstance(part, type):
                found[id(part)] = part
                waiting.append(part)
    return sum(type(p).__module__.startswith("smmlib.") for p in found.values())


def _calls(task):
    """
    How many Python functions a task calls.
    """
    counted = Counter()
    sys.setprofile(lambda _frame, event, _arg: counted.update((event,)))
    try:
        task()
    finally:
        sys.setprofile(None)
    return counted["call"]


def _load_counts():
    from smmlib import codec

    few, many = _document(10), _document(110)
    for text in (few, many):
        codec.loads(text, format="json")  # warm: what is done once is no cost of an ad
    calls = [_calls(lambda t=t: codec.loads(t, format="json")) for t in (few, many)]
    objects = [_objects(codec.loads(t, format="json")) for t in (few, many)]
    return {
        "calls to load an ad": (calls[1] - calls[0]) / 100,
        "objects of an ad": (objects[1] - objects[0]) / 100,
    }


def _check_counts():
    from smmlib import codec, rules

    plans = [codec.loads(_document(n), format="json") for n in (10, 110)]
    for plan in plans:
        rules.check(plan)
    calls = [_calls(lambda p=p: rules.check(p)) for p in plans]
    return {"calls to check an ad": (calls[1] - calls[0]) / 100}


def _launch_counts():
    """
    Requests and durable transactions of setting the example plan up.
    """
    import smmlib as smm

    committed = []

    def connect(*arguments, **options):
        connection = _CONNECT(*arguments, **options)
        connection.set_trace_callback(
            lambda statement: (
                committed.append(1)
                if statement.lstrip().upper().startswith("COMMIT")
                else None
            )
        )
        return connection

    sqlite3.connect = connect
    try:
        with (
            tempfile.TemporaryDirectory() as folder,
            smm.connect("sandbox", seed=7, state_dir=folder) as work,
        ):
            plan = smm.load(_PLAN)
            changes = work.plan(plan)
            reads = len(work.sandbox.log)
            work.apply(changes, plan, progress=lambda _step: None)
            writes = len(work.sandbox.log.writes())
    finally:
        sqlite3.connect = _CONNECT
    return {
        "requests to plan the example": reads,
        "writes to set the example up": writes,
        "commits to set the example up": len(committed),
    }


def _counted():
    """
    Everything that is counted, by name.
    """
    modules = {f"modules of {name}": _modules(it) for name, it in _PROGRAMS.items()}
    return {**modules, **_load_counts(), **_check_counts(), **_launch_counts()}


def _baseline():
    return json.loads(_BASELINE.read_text()) if _BASELINE.exists() else {}


@pytest.fixture(scope="module")
def counted():
    """
    Counted once, for all tests of this file.
    """
    return _counted()


@pytest.mark.parametrize("name", sorted(_baseline()))
def test_nothing_costs_more_than_it_did(counted, name):
    """
    Modules loaded, functions called, objects kept, requests sent, transactions made.
    """
    before = _baseline()[name]
    assert counted[name] <= before * _MORE, f"{name}: {counted[name]}, was {before}"
    assert counted[name] > 0


def test_everything_that_is_counted_has_a_baseline(counted):
    """
    A new count is written down with the change that makes it.
    """
    assert set(_baseline()) == set(counted)


if __name__ == "__main__":
    _BASELINE.write_text(json.dumps(_counted(), indent=1) + "\n", encoding="utf-8")
