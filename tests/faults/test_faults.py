"""
Every fault at every request: nothing is made twice, lost, or running too early.

`python -m pytest tests/faults -s` prints the table. One number is one schedule: the
same seed fails the same way again.
"""

from __future__ import annotations

from random import Random

import pytest

from _fault_runs import Scenario, sqlite_store
from _flaky import FAULTS

_BATCHES = (1, 3)
_MIXES = 200
# While reads lag behind, fresh objects cannot be told from deleted ones if the clock
# jumps ahead or the state is lost at the same moment. The plan says what it would make
# again, and what it makes is paused: a person has to look.
_BEYOND_ANY_PROTOCOL = {"clock_ahead", "state_lost"}


@pytest.fixture(scope="module")
def table():
    """
    Rows of fault, passed and tried; printed when the module is done.
    """
    rows = []
    yield rows
    rows.sort()
    width = max((len(name) for name, _, _ in rows), default=0)
    lines = [f"{name:{width}}  {good:5d} / {tried:d}" for name, good, tried in rows]
    good, tried = (sum(row[i] for row in rows) for i in (1, 2))
    print("", *lines, f"{'all':{width}}  {good:5d} / {tried:d}", sep="\n")  # noqa: T201


@pytest.fixture(scope="module")
def requests():
    """
    How many requests an undisturbed run takes, by batch size.
    """
    counts = {}
    for size in _BATCHES:
        scenario = Scenario({}, batch_size=size)
        assert [] == scenario.run()
        counts[size] = scenario.busy
    return counts


def _tried(table, name, schedules):
    """
    Run schedules, keep the score, name the first that fails.
    """
    failures = []
    for faults, size, seed in schedules:
        scenario = Scenario(faults, batch_size=size, seed=seed)
        if problems := scenario.run():
            failures.append(f"{faults} in batches of {size}, seed {seed}: {problems}")
        elif name in FAULTS and not scenario.server.fired:
            failures.append(f"{faults} in batches of {size}: the fault never happened")
    table.append((name, len(schedules) - len(failures), len(schedules)))
    assert [] == failures[:3]


@pytest.mark.parametrize("fault", FAULTS)
def test_one_fault_at_any_request(fault, table, requests):
    """
    One fault, wherever it strikes, leaves one object per address and no extra write.
    """
    size = _BATCHES[FAULTS.index(fault) % 2]
    # Faults of batches show only where there is more than one in a request.
    size = 3 if fault in {"partial_answer", "reordered_answer"} else size

    _tried(table, fault, [({i: fault}, size, 0) for i in range(requests[size])])


def _mix(seed):
    random = Random(seed)
    count = random.randint(2, 5)
    faults = {random.randrange(80): random.choice(FAULTS) for _ in range(count)}
    if "read_lag" in faults.values():
        faults = {i: f for i, f in faults.items() if f not in _BEYOND_ANY_PROTOCOL}
    return faults, random.choice((1, 3, 50)), seed


def test_mixes_of_faults(table):
    """
    Two to five faults in one launch do no more harm than one.
    """
    _tried(table, "mixes of 2 to 5", [_mix(seed) for seed in range(_MIXES)])


@pytest.mark.parametrize(
    "fault", ["kill_after_commit", "kill_after_answer", "kill_after_journal"]
)
def test_a_killed_process_resumes_from_its_file(fault, table, tmp_path):
    """
    What the file holds is enough to go on: the store is opened anew after every death.
    """
    failures = []
    places = (9, 13)
    for place in places:
        path = tmp_path / f"{place}.db"
        scenario = Scenario(
            {place: fault, place + 9: "answer_lost"}, make_store=sqlite_store(path)
        )
        failures += scenario.run()
        scenario.store.close()
    table.append((f"{fault} (SQLite)", len(places) - bool(failures), len(places)))
    assert [] == failures
