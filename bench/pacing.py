"""
How true is the projection of a month's end, beside the straight-line rule?

Years of accounts are played by the embedded world, in four regimes; at three days of
each month the end is projected from what an account could know then. Reported are the
coverage of the 80 % interval and the mean error beside "spent so far, divided by the
days gone, times the days of the month". Settings were chosen on other seeds than those
judged here.

    python bench/pacing.py [--fast] [--json] [--seeds FIRST COUNT]
"""

from __future__ import annotations

import argparse
import calendar
import json
import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from statistics import mean
from zoneinfo import ZoneInfo

from smmlib.planning._pace_project import project
from smmlib.sandbox._world import AdFacts, BudgetFacts, simulate

ZONE = ZoneInfo("Europe/Berlin")
FIRST = date(2027, 1, 1)
YEAR = 365
KNOWN = (8, 15, 22)  # days of the month at which the end is asked for
HELD_OUT = (2000, 24)
COVERAGE = (0.75, 0.85)
REGIMES = ("steady", "small audience", "weekdays only", "changing budgets")


def _at(day: date, hour: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZONE)


def _days() -> Iterator[date]:
    return (FIRST + timedelta(days=k) for k in range(YEAR))


def _windows(regime: str) -> tuple[tuple[datetime, datetime], ...]:
    if regime != "weekdays only":
        return ((_at(FIRST), _at(FIRST + timedelta(days=YEAR))),)
    working = (day for day in _days() if day.weekday() < 5)  # noqa: PLR2004 - Mon to Fri
    return tuple((_at(day), _at(day + timedelta(days=1))) for day in working)


def _purses(regime: str, rng: random.Random, windows: object) -> list[BudgetFacts]:
    amount = round(rng.uniform(80, 400), 2)
    changes = [FIRST]
    if regime == "changing budgets":
        day = FIRST
        while (day := day + timedelta(days=rng.randint(4, 18))) < FIRST + timedelta(
            YEAR
        ):
            changes.append(day)
    found = []
    for day in changes:
        found.append(
            BudgetFacts(
                "purse",
                ("a", "b"),
                daily=Decimal(str(round(amount, 2))),
                start=_at(FIRST),
                active=windows,  # type: ignore[arg-type]
                valid_from=_at(day),
            )
        )
        amount *= rng.choice((0.75, 0.85, 0.9, 1.1, 1.2, 1.3))
    return found


def year(regime: str, seed: int) -> dict[date, float]:
    """
    Spend by day of one account in one regime.
    """
    rng = random.Random(f"{regime}-{seed}")  # noqa: S311 - drawn accounts
    windows = _windows(regime)
    size = rng.randint(1_500, 12_000) if regime == "small audience" else 3_000_000
    ads = [
        AdFacts(
            name,
            "s",
            campaign_id="c",
            audience_size=size,
            goal="LINK_CLICKS",
            networks=("facebook", "instagram"),
            countries=("DE",),
            bid=Decimal("0.9") if regime == "small audience" else None,
        )
        for name in ("a", "b")
    ]
    rows = simulate(
        ads,
        _purses(regime, rng, windows),
        since=FIRST,
        until=FIRST + timedelta(days=YEAR),
        zone=ZONE,
        seed=seed,
    )
    found = dict.fromkeys(_days(), 0.0)
    for row in rows:
        found[row.day] += float(row.spend)
    return found


def judged(regime: str, seed: int) -> Iterator[tuple[bool, float, float]]:
    """
    Whether the interval held, our error, the straight line's, per question.
    """
    spend = year(regime, seed)
    for month in range(3, 13):
        last = calendar.monthrange(FIRST.year, month)[1]
        days = [date(FIRST.year, month, k) for k in range(1, last + 1)]
        real = sum(spend[day] for day in days)
        if not real:
            continue
        for known in KNOWN:
            today = days[known - 1]
            past = {day: value for day, value in spend.items() if day <= today}
            spent = sum(spend[day] for day in days[:known])
            told = project(past, days[known:], spent=spent)
            line = spent / known * last
            yield (
                told.low <= real <= told.high,
                abs(told.middle - real) / real,
                abs(line - real) / real,
            )


def main() -> None:
    """
    Print coverage and errors per regime.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fast", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--seeds", nargs=2, type=int, default=HELD_OUT)
    given = parser.parse_args()
    first, count = given.seeds
    seeds = range(first, first + (3 if given.fast else count))
    found = {}
    for regime in REGIMES:
        asked = [row for seed in seeds for row in judged(regime, seed)]
        found[regime] = {
            "questions": len(asked),
            "coverage": mean(row[0] for row in asked),
            "error": mean(row[1] for row in asked),
            "straight_line_error": mean(row[2] for row in asked),
        }
    _print(found, as_json=given.json)


def _print(found: dict[str, dict[str, float]], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(found, indent=2))
        return
    print("regime            asked  coverage of 80 %  error   straight line  ratio")
    for regime, row in found.items():
        low, high = COVERAGE
        held = "ok" if low <= row["coverage"] <= high else "OUTSIDE 75-85 %"
        print(
            f"{regime:<17} {row['questions']:>5.0f}  {row['coverage']:>7.1%} {held:<8} "
            f"{row['error']:>6.2%}  {row['straight_line_error']:>12.2%}  "
            f"{row['error'] / row['straight_line_error']:>5.2f}"
        )


if __name__ == "__main__":
    main()
