"""
Random mixes of faults: one seed is one schedule, and a failing one is shrunk.
"""

from __future__ import annotations

import os
from random import Random
from typing import TYPE_CHECKING

import attrs

from _fault_launch import Launch
from _fault_wire import FAULTS
from _fault_worlds import WORLDS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FULL = os.environ.get("SMMLIB_FAULTS") == "full"
"""
Whether everything is run, as `make faults` does, and not the part that fits into CI.
"""

KILLS = int(os.environ.get("SMMLIB_KILLS", "0")) or 100
"""
How often the real process is killed, over all platforms.
"""

_LAG, _CLOCK = "F18 reads lag behind", "F21 clock jumps"
_ZOMBIE = "F19 zombie write"
_LOST = {"F25 state damaged"}
_REQUESTS = 90


@attrs.frozen
class Mix:
    """
    Several faults in one launch.
    """

    seed: int
    platform: str
    faults: dict[int, str]
    batched: bool
    relaunch: bool

    def launch(self, folder: Path) -> Launch:
        """
        The scenario, ready to run.
        """
        return Launch(
            WORLDS[self.platform],
            self.faults,
            batched=self.batched,
            relaunch=self.relaunch,
            seed=self.seed % 5,
            folder=folder,
        )

    def problems(self, folder: Path) -> list[str]:
        """
        Every rule that was broken.
        """
        return self.launch(folder).run()


def mix_of(seed: int) -> Mix:
    """
    Two to five faults, a platform and a way of sending, all from one number.
    """
    random = Random(seed)
    names = list(WORLDS)
    count = random.randint(2, 5)
    faults = {
        random.randrange(_REQUESTS): random.choice([*FAULTS]) for _ in range(count)
    }
    if _LAG in faults.values():
        # Fresh objects that reads do not show yet cannot be told from deleted ones when
        # the clock jumps or the state is lost at the same moment. The plan says what it
        # would make again, and what it makes is paused: a person has to look.
        faults = {i: f for i, f in faults.items() if f not in {_CLOCK, *_LOST}}
        # A write that lands 40 s late and shows 30 s later is beyond the settle window.
        faults = {i: f for i, f in faults.items() if f != _ZOMBIE or i % 3 != 2}
    platform = names[seed % len(names)]
    return Mix(
        seed,
        platform,
        faults,
        batched=random.random() < 0.6,
        relaunch=random.random() < 0.25,
    )


def smallest(mix: Mix, fails: Callable[[Mix], bool]) -> Mix:
    """
    The mix without every fault it does not need to fail.
    """
    for place in sorted(mix.faults):
        less = {i: f for i, f in mix.faults.items() if i != place}
        without = attrs.evolve(mix, faults=less)
        if less and fails(without):
            return smallest(without, fails)
    return mix


def shrunk(mix: Mix, folder: Path) -> str:
    """
    A failing mix as text: its seed, what is left of it, and what broke.
    """
    least = smallest(mix, lambda one: bool(one.problems(folder)))
    return f"seed {mix.seed}: {least} -> {least.problems(folder)}"
