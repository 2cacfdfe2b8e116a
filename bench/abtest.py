"""
How often does a test of variants name a winner where there is none?

Variants that are all the same run side by side and are looked at every day; a test that
names a winner on any day is a false one. Beside it stands what many tools do: a z-test
at 5 %, looked at every day. Then variants that differ: how often, and how early, the
better one is found, beside the sample size that was told beforehand.

    python bench/abtest.py [--fast] [--json]
"""

from __future__ import annotations

import argparse
import json
import random
from math import log1p, sqrt
from statistics import NormalDist, median

from smmlib.planning import Variant, compare_variants, sample_size

GOAL = 0.05
NORMAL = 30  # from so many expected results on, the normal law is near enough
# Variants, rate, chances of each on one day, days.
SAME = (
    (2, 0.02, 1000, 60),
    (2, 0.005, 400, 90),
    (2, 0.10, 300, 60),
    (2, 0.30, 60, 90),
    (3, 0.02, 1000, 60),
    (5, 0.05, 500, 60),
)
BETTER = ((2, 0.02, 0.3), (2, 0.05, 0.2), (4, 0.05, 0.3))
_Z = NormalDist().inv_cdf(0.975)


def drawn(rng: random.Random, chances: int, rate: float) -> int:
    """
    A binomial number: counted when few results are expected, else by the normal law.
    """
    mean = chances * rate
    if min(mean, chances - mean) > NORMAL:
        value = round(rng.gauss(mean, sqrt(mean * (1 - rate))))
        return min(max(value, 0), chances)
    # The gap between results is geometric; walking over them counts exactly.
    found, place = 0, 0
    while True:
        place += int(rng.expovariate(1) / -log1p(-rate)) + 1
        if place > chances:
            return found
        found += 1


def naive(counts: list[tuple[int, int]]) -> bool:
    """
    Whether a z-test at 5 % would name the best over the second best today.
    """
    ranked = sorted(counts, key=lambda c: c[1] / c[0], reverse=True)[:2]
    (shown, won), (other_shown, other_won) = ranked
    rate = (won + other_won) / (shown + other_shown)
    spread = sqrt(rate * (1 - rate) * (1 / shown + 1 / other_shown))
    return bool(spread) and (won / shown - other_won / other_shown) / spread > _Z


def run(
    rates: list[float], chances: int, *, days: int, seed: int, effect: float = 0.2
) -> tuple[int, str, int]:
    """
    Day of the verdict (0 for none), the winner, day of the z-test's (0 for none).
    """
    rng = random.Random(seed)  # noqa: S311 - simulated people
    counts = [(0, 0)] * len(rates)
    told, winner, naive_day = 0, "", 0
    for day in range(1, days + 1):
        counts = [
            (shown + chances, won + drawn(rng, chances, rate))
            for (shown, won), rate in zip(counts, rates, strict=True)
        ]
        naive_day = naive_day or (day if naive(counts) else 0)
        if not told:
            found = compare_variants(
                [Variant(str(k), s, won=w) for k, (s, w) in enumerate(counts)],
                effect=effect,
            )
            if found.verdict != "not enough data":
                told, winner = day, found.winner
        if told and naive_day:
            break
    return told, winner, naive_day


def main() -> None:
    """
    Print false winners and found ones.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fast", action="store_true")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    tests = 300 if given.fast else 2000
    same = [_same(row, tests) for row in SAME]
    better = [_better(row, 100 if given.fast else 400) for row in BETTER]
    if given.json:
        print(json.dumps({"same": same, "better": better}, indent=2))
        return
    print(f"all variants the same, looked at every day, {tests} tests each")
    print("variants   rate  a day  days   false winners   z-test every day")
    for row in same:
        fine = "ok" if row["false"] <= GOAL else "ABOVE 5 %"
        print(
            f"{row['variants']:>8} {row['rate']:>6.1%} {row['a_day']:>6} "
            f"{row['days']:>5}   {row['false']:>8.2%} {fine:<5} {row['naive']:>12.1%}"
        )
    print("one variant better")
    print("variants   rate  better by   found  wrong   median of told size")
    for row in better:
        print(
            f"{row['variants']:>8} {row['rate']:>6.1%} {row['effect']:>9.0%} "
            f"{row['found']:>8.1%} {row['wrong']:>6.1%} {row['part']:>9.0%}"
        )


def _same(case: tuple[int, float, int, int], tests: int) -> dict[str, float]:
    variants, rate, chances, days = case
    found = [
        run([rate] * variants, chances, days=days, seed=seed) for seed in range(tests)
    ]
    return {
        "variants": variants,
        "rate": rate,
        "a_day": chances,
        "days": days,
        "false": sum(bool(winner) for _, winner, _ in found) / tests,
        "naive": sum(bool(day) for _, _, day in found) / tests,
    }


def _better(case: tuple[int, float, float], tests: int) -> dict[str, float]:
    variants, rate, effect = case
    size = sample_size(rate, effect, variants=variants)
    days = 40
    rates = [rate * (1 + effect), *[rate] * (variants - 1)]
    chances = size.each // 20
    found = [
        run(rates, chances, days=days, seed=10_000 + seed, effect=effect)
        for seed in range(tests)
    ]
    right = [day for day, winner, _ in found if winner == "0"]
    return {
        "variants": variants,
        "rate": rate,
        "effect": effect,
        "found": sum(day <= 20 for day in right) / tests,  # noqa: PLR2004 - told size
        "wrong": sum(winner not in {"", "0"} for _, winner, _ in found) / tests,
        "part": median(right) / 20 if right else float("nan"),
    }


if __name__ == "__main__":
    main()
