"""
Alerts on simulated accounts with faults: ours beside a 3-sigma rule and mureo.

    python bench/alerts.py                      held-out seeds: ours and 3-sigma
    python bench/alerts.py --peers FOLDER       with mureo; `--install` sets it up there
    python bench/alerts.py --tuning             the seeds that thresholds were chosen on

The simulation is described in `_alert_worlds.py`. Every detector sees each campaign day
by day, as on a morning, with nothing of the days to come, from day 29 on.

Days on which a detector says the same of the same campaign are one alert, if no more
than three days lie between them. An alert is right if it names what was done (or what
follows from it: fewer clicks make results dearer) between the fault's first day and a
week after its last; all others are false, also those of another kind. A fault is found
if one alert is right. Precision: right alerts of all alerts. Recall: faults found of
all faults.

3-sigma: spend, click rate and cost per result against mean and three standard
deviations of the 28 days before. mureo: `detect_anomalies` with the baseline it makes
from 28 days (once on the last day, once on the last week, as its minimum of 30 results
asks for), and `detect_delivery_collapse`, both with their defaults, in an environment
of its own.
"""

# ruff: noqa: PLR2004 -- numbers of the rules that are compared
from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parent))

from _alert_worlds import (
    DAYS,
    FAULTS,
    HELD_OUT,
    REGIMES,
    TUNING,
    WATCH,
    Campaign,
    world,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

FIRST = date(2027, 1, 4)  # a Monday
RIGHT = {
    "stopped": {"delivery_stopped", "spend"},
    "surge": {"spend"},
    "drop": {"spend", "delivery_stopped"},
    "ctr": {"ctr", "cpa"},
    "cpa": {"cpa"},
}
_GAP, _AFTER = 3, 7
Alarms = dict[str, set[int]]


def ours(campaign: Campaign) -> Alarms:
    """
    What smmlib says on each day.
    """
    from smmlib.analytics._alerts_series import Series
    from smmlib.analytics._alerts_shifts import Sensitivity, odd
    from smmlib.model import FrozenMap

    limits, found = Sensitivity(), {}
    for today in range(WATCH, DAYS):
        parts = {
            name: tuple(map(float, getattr(campaign, name)[: today + 1]))
            for name in ("spend", "impressions", "clicks", "results")
        }
        series = Series(
            FrozenMap({"campaign": campaign.name}),
            first=FIRST,
            counted="conversions",
            currency="EUR",
            **parts,
        )
        for one in odd(series, limits):
            found.setdefault(one.kind, set()).add(today)
    return found


def three_sigma(campaign: Campaign) -> Alarms:
    """
    The plain rule: more than three standard deviations from the mean of 28 days.
    """
    found: Alarms = {}
    rates = {
        "spend": [float(value) for value in campaign.spend],
        "ctr": [
            c / v if v else None
            for c, v in zip(campaign.clicks, campaign.impressions, strict=True)
        ],
        "cpa": [
            s / r if r else None
            for s, r in zip(campaign.spend, campaign.results, strict=True)
        ],
    }
    for kind, values in rates.items():
        for today in range(WATCH, DAYS):
            past = [v for v in values[today - 28 : today] if v is not None]
            now = values[today]
            if now is None or len(past) < 10:
                continue
            score = (now - statistics.mean(past)) / (statistics.stdev(past) or 1e-9)
            bad = {"spend": abs(score), "ctr": -score, "cpa": score}[kind]
            if bad > 3:
                found.setdefault(kind, set()).add(today)
    return found


def mureo(campaigns: list[Campaign], folder: Path, way: str) -> list[Alarms]:
    """
    What mureo says, in its own environment.
    """
    python = folder / "mureo" / "bin" / "python"
    given = json.dumps(
        {
            "way": way,
            "first": FIRST.isoformat(),
            "watch": WATCH,
            "campaigns": [vars(one) for one in campaigns],
        }
    )
    script = Path(__file__).with_name("_mureo_alerts.py")
    done = subprocess.run(
        [python, script], input=given, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"mureo does not run: {done.stderr[-2000:]}")
    return [
        {kind: set(days) for kind, days in one.items()}
        for one in json.loads(done.stdout)
    ]


def install(folder: Path) -> None:
    """
    An environment for mureo alone: its detector needs few of its dependencies.
    """
    subprocess.run([sys.executable, "-m", "venv", folder / "mureo"], check=True)
    pip = [folder / "mureo" / "bin" / "python", "-m", "pip", "install", "-q"]
    subprocess.run([*pip, "--no-deps", "mureo"], check=True)
    subprocess.run([*pip, "httpx", "pyyaml", "jsonschema"], check=True)


def alerts(days: Iterable[int]) -> list[tuple[int, int]]:
    """
    Days that hang together, as first and last day.
    """
    found: list[tuple[int, int]] = []
    for day in sorted(days):
        if found and day - found[-1][1] <= _GAP + 1:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


class Score:
    """
    Right and false alerts, found and missed faults.
    """

    def __init__(self) -> None:
        self.right = self.false = self.found = self.faults = 0
        self.delays: list[int] = []
        self.by_fault = {fault: [0, 0] for fault in FAULTS}

    def add(self, campaign: Campaign, alarms: Alarms) -> None:
        """
        One campaign's alerts against what was done to it.
        """
        fine = RIGHT.get(campaign.fault, set())
        first = None
        for kind, days in alarms.items():
            for start, end in alerts(days):
                hit = (
                    kind in fine
                    and end >= campaign.start
                    and start <= campaign.end + _AFTER
                )
                self.right += hit
                self.false += not hit
                if hit:
                    seen = max(start, campaign.start)
                    first = seen if first is None else min(first, seen)
        if campaign.fault:
            self.faults += 1
            self.by_fault[campaign.fault][1] += 1
            if first is not None:
                self.found += 1
                self.by_fault[campaign.fault][0] += 1
                self.delays.append(first - campaign.start)

    @property
    def precision(self) -> float:
        """
        Right alerts of all alerts.
        """
        return self.right / ((self.right + self.false) or 1)

    @property
    def recall(self) -> float:
        """
        Faults found of all faults.
        """
        return self.found / (self.faults or 1)


def run(
    seeds: Iterable[int], detect: Callable[[list[Campaign]], list[Alarms]]
) -> dict[str, Score]:
    """
    One detector on every regime.
    """
    found = {name: Score() for name in (*REGIMES, "all")}
    for regime in REGIMES:
        for seed in seeds:
            campaigns = world(regime, seed)
            for campaign, alarms in zip(campaigns, detect(campaigns), strict=True):
                found[regime].add(campaign, alarms)
                found["all"].add(campaign, alarms)
    return found


def show(name: str, found: dict[str, Score]) -> None:
    """
    Print one detector's table.
    """
    print(f"\n{name}")
    print(
        f"{'regime':<10}{'precision':>10}{'recall':>8}{'right':>7}{'false':>7}", end=""
    )
    print(f"{'faults':>8}{'found':>7}{'days until found (median)':>27}")
    for regime, score in found.items():
        delay = statistics.median(score.delays) if score.delays else "-"
        print(
            f"{regime:<10}{score.precision:>10.3f}{score.recall:>8.3f}"
            f"{score.right:>7}{score.false:>7}{score.faults:>8}{score.found:>7}"
            f"{delay!s:>27}"
        )
    parts = found["all"].by_fault.items()
    print("recall by fault: " + ", ".join(f"{n} {a}/{b}" for n, (a, b) in parts))


def main() -> None:
    """
    Every detector that is there, and whether ours is ahead.
    """
    parser = argparse.ArgumentParser()
    parser.add_argument("--peers", type=Path)
    parser.add_argument("--install", action="store_true")
    parser.add_argument("--tuning", action="store_true")
    given = parser.parse_args()
    seeds = TUNING if given.tuning else HELD_OUT
    which = "tuning" if given.tuning else "held-out"
    print(f"{which} seeds {seeds}, {len(REGIMES)} regimes, 25 campaigns each")
    began = time.perf_counter()
    detectors: dict[str, Callable[[list[Campaign]], list[Alarms]]] = {
        "smmlib": lambda all_: [ours(one) for one in all_],
        "3-sigma": lambda all_: [three_sigma(one) for one in all_],
    }
    if given.peers:
        folder = given.peers.resolve()
        if given.install:
            install(folder)
        for way in ("day", "week"):
            detectors[f"mureo ({way})"] = lambda found, way=way: mureo(
                found, folder, way
            )
    scores = {}
    for name, detect in detectors.items():
        scores[name] = run(seeds, detect)
        show(name, scores[name])
    print(f"\n{time.perf_counter() - began:.0f} s")
    verdict({name: found["all"] for name, found in scores.items()})


def verdict(scores: dict[str, Score]) -> None:
    """
    Exit 1 unless ours is at least 0.9 / 0.9 and ahead of all others in both.
    """
    own = scores.pop("smmlib")
    fine = own.precision >= 0.9 and own.recall >= 0.9
    ahead = all(
        own.precision > other.precision and own.recall > other.recall
        for other in scores.values()
    )
    print(f"smmlib at least 0.9 / 0.9: {fine}; ahead of the others in both: {ahead}")
    sys.exit(not (fine and ahead))


if __name__ == "__main__":
    main()
