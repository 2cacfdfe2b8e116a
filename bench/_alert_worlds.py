"""
Simulated accounts for the benchmark of alerts: four regimes, faults put in on purpose.

| regime | what it is like |
|---|---|
| steady | consumer brand: even days, much data |
| weekly | business customers: weekends at a quarter, Mondays strong |
| small | little money: some results a day, noisy |
| drifting | ramps up or down, ads tire, days hang together, odd days without a fault |

Each campaign runs 84 days. Three of five get one fault between day 35 and 66; half of
the faults end after 5 to 12 days (what follows must be silent), the others stay.

| fault | what happens |
|---|---|
| stopped | delivery falls to nothing, or to two in a hundred views |
| surge | spend rises to 2 to 3 times |
| drop | spend falls to 0.25 to 0.5 |
| ctr | click rate falls to 0.25 to 0.5 |
| cpa | results per click fall to 0 to 0.45: a broken form, a broken tag |

The draws are of one `random.Random(f"{regime}:{seed}")` each.
"""

# ruff: noqa: PLR2004, PLR0917, S311 -- a simulation is made of numbers
from __future__ import annotations

import math
from dataclasses import dataclass, field
from random import Random

DAYS, WATCH = 84, 29
REGIMES = ("steady", "weekly", "small", "drifting")
FAULTS = ("stopped", "surge", "drop", "ctr", "cpa")
TUNING = (1, 2, 3)
HELD_OUT = (201, 202, 203, 204, 205, 206)
_WEEK = {
    "steady": (1.0, 1.0, 1.0, 1.02, 1.05, 1.0, 0.95),
    "weekly": (1.35, 1.25, 1.2, 1.15, 1.05, 0.22, 0.28),
    "small": (1.05, 1.0, 1.0, 1.0, 0.95, 0.8, 0.85),
    "drifting": (1.1, 1.05, 1.0, 1.0, 1.0, 0.8, 0.9),
}
_NOISE = {"steady": 0.09, "weekly": 0.12, "small": 0.16, "drifting": 0.11}
_SPEND = {"steady": (150, 900), "weekly": (120, 700), "small": (30, 90)}
_PRICE = {"steady": (8, 25), "weekly": (10, 30), "small": (7, 14)}


@dataclass
class Campaign:
    """
    Daily numbers of one campaign, and what was done to it.
    """

    name: str
    fault: str = ""
    start: int = DAYS
    end: int = DAYS
    strength: float = 1.0
    spend: list[float] = field(default_factory=list)
    impressions: list[int] = field(default_factory=list)
    clicks: list[int] = field(default_factory=list)
    results: list[int] = field(default_factory=list)


def world(regime: str, seed: int, campaigns: int = 25) -> list[Campaign]:
    """
    The campaigns of one simulated account.
    """
    random = Random(f"{regime}:{seed}")
    return [_campaign(regime, random, f"{regime}-{seed}-{n}") for n in range(campaigns)]


def _campaign(regime: str, random: Random, name: str) -> Campaign:
    found = Campaign(name)
    if random.random() < 0.6:
        _hurt(found, random)
    spend = random.uniform(*_SPEND.get(regime, (100, 600)))
    price = random.uniform(*_PRICE.get(regime, (8, 25)))
    cpm, rate = random.uniform(4, 12), random.uniform(0.008, 0.02)
    per_click = cpm / 1000 / rate / price
    drift = random.uniform(-0.012, 0.012) if regime == "drifting" else 0.0
    tired = random.uniform(0, 0.007) if regime == "drifting" else 0.0
    hang = 0.0
    for day in range(DAYS):
        hurt = found.start <= day < found.end
        change = _changes(found) if hurt else (1.0, 1.0, 1.0)
        hang = 0.5 * hang + random.gauss(0, _NOISE[regime])
        noise = hang if regime == "drifting" else random.gauss(0, _NOISE[regime])
        if regime == "drifting" and random.random() < 0.03:
            noise += random.choice((-0.3, 0.3))
        money = spend * _WEEK[regime][day % 7] * math.exp(drift * day + noise)
        _day(
            found, random, money, cpm, rate * math.exp(-tired * day), per_click, change
        )
    return found


def _hurt(found: Campaign, random: Random) -> None:
    found.fault = random.choice(FAULTS)
    found.start = random.randint(35, 66)
    stays = random.random() < 0.5
    found.end = DAYS if stays else found.start + random.randint(5, 12)
    low, high = {
        "stopped": (0.0, 0.02),
        "surge": (2.0, 3.0),
        "drop": (0.25, 0.5),
        "ctr": (0.25, 0.5),
        "cpa": (0.0, 0.45),
    }[found.fault]
    found.strength = random.uniform(low, high)
    if found.fault == "stopped" and random.random() < 0.6:
        found.strength = 0.0


def _changes(found: Campaign) -> tuple[float, float, float]:
    at = {"ctr": 1, "cpa": 2}.get(found.fault, 0)
    return tuple(found.strength if place == at else 1.0 for place in range(3))  # type: ignore[return-value]


def _day(
    found: Campaign,
    random: Random,
    money: float,
    cpm: float,
    rate: float,
    per_click: float,
    change: tuple[float, float, float],
) -> None:
    spend = money * change[0]
    views = poisson(random, spend / cpm * 1000 * math.exp(random.gauss(0, 0.05)))
    clicks = poisson(random, views * rate * change[1] * math.exp(random.gauss(0, 0.08)))
    results = poisson(
        random, clicks * per_click * change[2] * math.exp(random.gauss(0, 0.1))
    )
    found.spend.append(round(spend if views else 0.0, 2))
    found.impressions.append(views)
    found.clicks.append(min(clicks, views))
    found.results.append(min(results, clicks))


def poisson(random: Random, mean: float) -> int:
    """
    A draw of a Poisson distribution.
    """
    if mean > 60:
        return max(0, round(random.gauss(mean, math.sqrt(mean))))
    limit, count, product = math.exp(-mean), 0, random.random()
    while product > limit:
        count += 1
        product *= random.random()
    return count
