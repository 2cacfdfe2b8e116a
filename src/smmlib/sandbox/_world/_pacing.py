"""
How much of a purse one day may spend.

A daily budget breathes with the weekday and never passes 1.25 budgets on a day or
7 in seven days [Meta: "up to 25% over your daily budget", 7 x per week; seen 2026].
A lifetime budget is spread over the time that is left and is never passed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smmlib.sandbox._world._chance import draws
from smmlib.sandbox._world._market import DAY_SHARE

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from smmlib.sandbox._world._appeal import World
    from smmlib.sandbox._world._facts import BudgetFacts
    from smmlib.sandbox._world._hours import Span

_DAY = 86_400
_OPEN_END = 30 * _DAY
_LEAST_LEFT = 7 * _DAY


def allowance(
    purse: BudgetFacts,
    world: World,
    *,
    day: date,
    span: Span,
    seconds: int,
    spent: int,
) -> int:
    """
    Give the minor units that *seconds* of delivery on *day* may spend.

    Args:
        purse: The budget's version in force.
        world: Seed and money.
        day: The local day.
        span: Its seconds.
        seconds: How long at least one ad could deliver.
        spent: Minor units spent on the days before.
    """
    luck = draws(world.seed, "purse", purse.key, day)[0]
    rhythm = DAY_SHARE[day.weekday()] * (1.0 - 0.05 * luck)
    if purse.daily is not None:
        part = seconds / (span[1] - span[0])
        return int(_minor(purse.daily, world) * part * rhythm)
    if purse.lifetime is None:
        return 0
    rest = _target(purse, purse.lifetime, world) - spent
    left = max(seconds, _time_left(purse, span[0]))
    part = seconds / left
    return max(0, int(rest * (1.0 if seconds == left else min(1.0, part * rhythm))))


def _target(purse: BudgetFacts, amount: Decimal, world: World) -> int:
    """
    A run ends a little below its budget, as real ones do.
    """
    luck = draws(world.seed, "lifetime", purse.key)[0]
    return int(_minor(amount, world) * (1.0 - 0.012 * luck))


def _time_left(purse: BudgetFacts, now: int) -> int:
    begin = max(now, int(purse.start.timestamp()))
    if purse.end is not None:
        return int(purse.end.timestamp()) - begin
    return max(int(purse.start.timestamp()) + _OPEN_END - begin, _LEAST_LEFT)


def _minor(amount: Decimal, world: World) -> int:
    return int(amount.scaleb(world.places))
