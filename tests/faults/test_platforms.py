"""
Every fault at every request of a launch, on the real adapters and embedded platforms.

`make faults` tries every request and prints the table; `make test` tries a fifth of
them, another fifth for each fault. A scenario is the number of a request and the name
of a fault; the same two fail the same way again.
"""

from __future__ import annotations

import gc
import re
from pathlib import Path
from tempfile import mkdtemp

import attrs
import pytest

from _fault_launch import Launch, one_after_the_other, requests_of
from _fault_mix import FULL, mix_of, shrunk, smallest
from _fault_wire import BATCHES, FAULTS, WRITES
from _fault_worlds import WORLDS

_LEAST = 45
_STEP = 5
_MEMORY = Path("/dev/shm")  # noqa: S108 - where there is one: a disk that never waits


@pytest.fixture(scope="module", autouse=True)
def _in_order():
    """
    One request after the other, so that a number always means the same request.
    """
    gc.collect()
    gc.freeze()  # what was imported need not be looked through again and again
    with one_after_the_other():
        yield
    gc.unfreeze()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """
    Where states on the disk are kept.
    """
    return (
        Path(mkdtemp(dir=_MEMORY)) if _MEMORY.is_dir() else tmp_path_factory.mktemp("s")
    )


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", WORLDS)
def test_one_fault_at_any_request(name, fault, folder, record_property):
    """
    One fault, wherever it strikes, leaves one object per address and no rule broken.
    """
    # Faults of batches show only where there is more than one write in a request.
    batched = fault in BATCHES or bool(list(FAULTS).index(fault) % 2)
    # After the last write, a fault of writes would wait for ever: so the plan goes on.
    relaunch = fault in WRITES | BATCHES
    requests = requests_of(name, batched=batched)
    # A part of them in `make test`: which, differs from fault to fault.
    step = 1 if FULL else _STEP
    places = range(list(FAULTS).index(fault) % step, requests, step)
    failures = []
    for place in places:
        scenario = Launch(
            WORLDS[name],
            {place: fault},
            batched=batched,
            relaunch=relaunch,
            folder=folder,
        )
        if problems := scenario.run():
            failures.append(f"{fault} at request {place} of {name}: {problems}")
        elif not scenario.wire.fired:
            failures.append(f"{fault} at request {place} of {name} never happened")
    record_property("faults", (fault, name, len(places) - len(failures), len(places)))
    assert [] == failures[:3]
    assert requests >= _LEAST


_MIXES = 10_000 if FULL else 240
_PARTS = 20


@pytest.mark.parametrize("part", range(_PARTS))
def test_mixes_of_faults(part, folder, record_property):
    """
    Two to five faults in one launch do no more harm than one. A failure is shrunk to
    the faults it needs, and names its seed.
    """
    numbers = range(part, _MIXES, _PARTS)
    failures = []
    for seed in numbers:
        mix = mix_of(seed)
        if mix.problems(folder):
            failures.append(shrunk(mix, folder))
    good = len(numbers) - len(failures)
    record_property("faults", ("mixes of 2 to 5 faults", "all", good, len(numbers)))
    assert [] == failures[:3]


def test_a_seed_is_one_replay(folder):
    """
    The same seed does the same things in the same order, faults and all.
    """
    for seed in range(6):
        first, again = (mix_of(seed).launch(folder) for _ in range(2))
        first.run()
        again.run()
        assert first.wire.fired == again.wire.fired
        assert first.wire.requests == again.wire.requests
        told = [
            [re.sub(r"[0-9]+\.db", "a file", error) for error in launch.errors]
            for launch in (first, again)
        ]
        assert told[0] == told[1]
        assert first.wire.living() == again.wire.living()


def test_a_failing_mix_is_shrunk():
    """
    Of five faults only the one that matters is left in the report.
    """
    mix = attrs.evolve(mix_of(3), faults={1: "a", 5: "b", 9: "c"})
    assert {5: "b"} == smallest(mix, lambda one: "b" in one.faults.values()).faults
