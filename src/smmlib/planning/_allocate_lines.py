"""
What is to be allocated: lines with curves and bounds, groups with limits; checked.

All money becomes whole coins of the total's currency here, and every problem is
reported at once, with its path and the next step.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

import attrs

from smmlib.errors import CurrencyMismatch, Issue, SmmError, ValidationError
from smmlib.model import FrozenMap, FxRates, Money
from smmlib.model._budget import as_due_money
from smmlib.model._checks import did_you_mean
from smmlib.model._money import currency_code
from smmlib.model._response import as_parameter
from smmlib.planning._allocate_values import AllocationGroup, AllocationLine
from smmlib.planning._curves import compiled

_BUDGET_LINES = "lines"


@attrs.frozen
class Entry:
    """
    A line in whole coins of the total's currency.

    Attributes:
        line: As it was given.
        parts: Its curves, compiled.
        low: The least; for zero-or-at-least lines, when it is not zero.
        high: The most.
        step: Its amounts are whole multiples of this.
        can_be_zero: Whether zero is allowed besides.
        rate: What one unit of its currency is worth in the total's.
    """

    line: AllocationLine
    parts: tuple[tuple[object, ...], ...]
    low: int
    high: int
    step: int = 1
    can_be_zero: bool = False
    rate: Decimal = Decimal(1)

    @property
    def floor(self) -> int:
        """
        The least it may get.
        """
        return 0 if self.can_be_zero else self.low


@attrs.frozen
class Limit:
    """
    A group in coins: places of its lines, floor and cap.
    """

    name: str
    places: frozenset[int]
    floor: int
    cap: int | None


@attrs.frozen
class Problem:
    """
    Everything that is allocated, checked and in coins.

    Attributes:
        total: What there is.
        coins: The same in coins.
        entries: The lines, in their order.
        limits: The groups.
        weights: What one result of each kind counts.
    """

    total: Money
    coins: int
    entries: tuple[Entry, ...]
    limits: tuple[Limit, ...]
    weights: FrozenMap[Decimal]

    def money(self, coins: int) -> Money:
        """
        Coins as money.
        """
        return Money(Decimal(coins).scaleb(-self.total.decimals), self.total.currency)


@attrs.define
class _Reading:
    """
    What is known while lines are read, and every problem found.
    """

    total: Money
    rates: FxRates | None
    on: date | None
    weights: FrozenMap[Decimal]
    issues: list[Issue] = attrs.field(factory=list)
    unit: float = attrs.field(init=False)
    counts: dict[str, float] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self.unit = float(10**self.total.decimals)
        self.counts = {name: float(weight) for name, weight in self.weights.items()}

    def problem(
        self,
        path: str,
        code: str,
        message: str,
        *,
        value: object = None,
        limit: object = None,
        hint: str = "",
    ) -> None:
        shown = None if value is None else str(value)
        most = None if limit is None else str(limit)
        self.issues.append(
            Issue(path, code, message, value=shown, limit=most, hint=hint)
        )

    def rate(self, currency: str, path: str) -> Decimal | None:
        """
        What one unit is worth in the total's currency; None where nobody said.
        """
        own = self.total.currency
        if currency == own:
            return Decimal(1)
        if self.rates is None or self.on is None:
            self.problem(
                path,
                "money.currency_mismatch",
                f"{currency} in an allocation of {own}",
                value=currency,
                limit=own,
                hint="give rates=FxRates(...) and the day, on=...",
            )
            return None
        try:
            return self.rates.rate(currency, own, self.on)
        except SmmError as error:
            (issue,) = getattr(error, "issues", ()) or (None,)
            self.problem(
                path,
                "fx.missing",
                str(issue.message if issue else error),
                value=currency,
                limit=own,
                hint="add an FxRate for this pair and day, with its source",
            )
            return None


def problem_of(
    lines: Iterable[AllocationLine],
    total: Money | str,
    *,
    weights: Mapping[str, Any] | None = None,
    groups: Sequence[AllocationGroup] = (),
    rates: FxRates | None = None,
    on: date | None = None,
) -> Problem:
    """
    Check everything and put it into coins.

    Raises:
        ValidationError: With all problems at once.
        CurrencyMismatch: All problems are about currencies without a rate.
    """
    whole = as_due_money(total)
    given = tuple(lines)
    reading = _Reading(whole, rates, on, _weights(given, weights))
    _check_whole(given, reading)
    entries = [_entry(line, reading) for line in given]
    known = tuple(entry for entry in entries if entry is not None)
    limits: list[Limit] = []
    if len(known) == len(given):
        limits = [_limit(group, given, reading) for group in groups]
        _check_sums(known, limits, reading)
    if reading.issues:
        codes = {issue.code for issue in reading.issues}
        error = CurrencyMismatch if codes <= _CURRENCY_CODES else ValidationError
        raise error(reading.issues)
    coins = int(whole.amount.scaleb(whole.decimals))
    return Problem(whole, coins, known, tuple(limits), reading.weights)


_CURRENCY_CODES = {"money.currency_mismatch", "fx.missing"}


def _weights(
    lines: Sequence[AllocationLine], weights: Mapping[str, Any] | None
) -> FrozenMap[Decimal]:
    if weights is not None:
        return FrozenMap({name: as_parameter(w) for name, w in weights.items()})
    names = dict.fromkeys(name for line in lines for name in line.response)
    return FrozenMap({name: Decimal(1) for name in names})


def _check_whole(lines: Sequence[AllocationLine], reading: _Reading) -> None:
    if not lines:
        reading.problem(
            _BUDGET_LINES,
            "allocate.no_lines",
            "there are no lines to give money to",
            value=0,
            limit="at least one line",
            hint="add a line with a response curve",
        )
    if reading.total.amount < 0:
        reading.problem(
            "total",
            "allocate.total",
            f"a total of {reading.total} cannot be given out",
            value=reading.total,
            limit="zero or more",
            hint="state what there is to spend",
        )
    seen: set[str] = set()
    for place, line in enumerate(lines):
        if line.key in seen:
            reading.problem(
                f"lines[{place}].key",
                "allocate.repeated",
                f"two lines are called '{line.key}'",
                value=line.key,
                limit="each key once",
                hint="give one of them another key",
            )
        seen.add(line.key)
    for name, weight in reading.weights.items():
        if weight < 0:
            reading.problem(
                f"weights.{name}",
                "allocate.weight",
                f"a weight of {weight} would reward losing {name}",
                value=weight,
                limit="zero or more",
                hint="state what one of them is worth, or leave it out",
            )
    known = {name for line in lines for name in line.response}
    for name in reading.weights:
        if lines and name not in known:
            reading.problem(
                f"weights.{name}",
                "allocate.weight",
                f"no line has a curve for '{name}'",
                value=name,
                limit=", ".join(sorted(known)),
                hint=did_you_mean(name, known),
            )


def _entry(line: AllocationLine, reading: _Reading) -> Entry | None:
    path = f"{_BUDGET_LINES}.{line.key}"
    before = len(reading.issues)
    given = line.money
    codes = {money.currency for money in given.values()}
    if line.currency:
        codes.add(currency_code(line.currency))
    if len(codes) > 1:
        reading.problem(
            path,
            "money.currency_mismatch",
            f"its amounts are in {' and '.join(sorted(codes))}",
            value=", ".join(sorted(codes)),
            limit="one currency for each line",
            hint="state all amounts of a line in the currency it is billed in",
        )
        _check_bounds(line, given, path, reading)
        return None
    currency = next(iter(codes)) if codes else reading.total.currency
    rate = reading.rate(currency, path)
    _check_bounds(line, given, path, reading)
    if rate is None or len(reading.issues) > before:
        return None
    scale = reading.unit if rate == 1 else float(rate) * reading.unit
    parts = tuple(
        [
            compiled(curve, weight=reading.counts[name], rate=scale)
            for name, curve in line.response.items()
            if reading.counts.get(name)
        ]
    )
    return _in_coins(line, parts or (_NOTHING,), rate, reading)


_NOTHING: tuple[object, ...] = ("chain", ((0.0, 0.0),), 0.0)


def _check_bounds(
    line: AllocationLine, given: Mapping[str, Money], path: str, reading: _Reading
) -> None:
    for name, money in given.items():
        if money.amount < 0 or (name == "step" and not money):
            reading.problem(
                f"{path}.{name}",
                "allocate.negative",
                f"its {name} is {money}",
                value=money,
                limit="above zero" if name == "step" else "zero or more",
                hint="state an amount that can be spent",
            )
    least, most = line.minimum, line.maximum
    if (
        least is not None
        and most is not None
        and least.currency == most.currency
        and least.amount > most.amount
    ):
        reading.problem(
            f"{path}.minimum",
            "allocate.bounds",
            f"its minimum {least} is above its maximum {most}",
            value=least,
            limit=most,
            hint="lower the minimum or raise the maximum",
        )
    if line.or_nothing and not line.minimum and line.locked is None:
        reading.problem(
            f"{path}.or_nothing",
            "allocate.or_nothing",
            "zero or at least its minimum, but it has no minimum",
            value="no minimum",
            limit="a minimum above zero",
            hint="state the platform's minimum, or leave or_nothing out",
        )


def _in_coins(
    line: AllocationLine,
    parts: tuple[tuple[object, ...], ...],
    rate: Decimal,
    reading: _Reading,
) -> Entry | None:
    digits = reading.total.decimals
    coins = int(reading.total.amount.scaleb(digits))

    def exact(money: Money) -> Decimal:
        amount = money.amount if rate == 1 else money.amount * rate
        return amount.scaleb(digits)

    def up(money: Money) -> int:
        return int(exact(money).to_integral_value(ROUND_CEILING))

    def down(money: Money) -> int:
        return int(exact(money))

    if line.locked is not None:
        held = int(exact(line.locked).to_integral_value())
        return Entry(line, parts, held, held, rate=rate)
    step = max(up(line.step), 1) if line.step is not None else 1
    low = up(line.minimum) if line.minimum is not None else 0
    high = down(line.maximum) if line.maximum is not None else max(coins, low)
    low, most = -(-low // step) * step, high // step * step
    if low <= most:
        return Entry(line, parts, low, most, step, line.or_nothing, rate)
    if line.maximum is None:
        return Entry(line, parts, low, low, step, line.or_nothing, rate)
    reading.problem(
        f"lines.{line.key}.step",
        "allocate.step",
        f"no multiple of {line.step} lies between its minimum and maximum",
        value=line.step,
        limit=f"{line.minimum or 0} to {line.maximum}",
        hint="make the step smaller or widen the bounds",
    )
    return None


def _limit(
    group: AllocationGroup, lines: Sequence[AllocationLine], reading: _Reading
) -> Limit:
    path = f"groups.{group.name}"
    keys = {line.key for line in lines}
    for key in group.lines:
        if key not in keys:
            reading.problem(
                f"{path}.lines",
                "reference.line",
                f"there is no line '{key}'",
                value=key,
                limit=", ".join(sorted(keys)[:12]),
                hint=did_you_mean(key, keys),
            )
    places = frozenset(place for place, one in enumerate(lines) if group.holds(one))
    if not places:
        reading.problem(
            path,
            "allocate.empty_group",
            "no line belongs to it",
            value=0,
            limit="at least one line",
            hint="name its lines, or tags that lines have",
        )
    digits = reading.total.decimals
    bounds: list[int | None] = []
    for name, money in (("minimum", group.minimum), ("maximum", group.maximum)):
        rate = None if money is None else reading.rate(money.currency, f"{path}.{name}")
        if money is None or rate is None:
            bounds.append(None)
            continue
        if money.amount < 0:
            reading.problem(
                f"{path}.{name}",
                "allocate.negative",
                f"its {name} is {money}",
                value=money,
                limit="zero or more",
            )
        edge = ROUND_CEILING if name == "minimum" else ROUND_FLOOR
        exact = (money.amount * rate).scaleb(digits)
        bounds.append(int(exact.to_integral_value(edge)))
    floor, cap = bounds[0] or 0, bounds[1]
    if cap is not None and floor > cap:
        reading.problem(
            f"{path}.minimum",
            "allocate.bounds",
            f"its minimum {group.minimum} is above its maximum {group.maximum}",
            value=group.minimum,
            limit=group.maximum,
            hint="lower the minimum or raise the maximum",
        )
    return Limit(group.name, places, floor, cap)


def _check_sums(
    entries: Sequence[Entry], limits: Sequence[Limit], reading: _Reading
) -> None:
    """
    Whether the minima fit into the total, and each group's limits to its lines.
    """
    total = reading.total
    coins = int(total.amount.scaleb(total.decimals))

    def shown(number: int) -> str:
        return f"{Decimal(number).scaleb(-total.decimals):f} {total.currency}"

    least = sum(entry.floor for entry in entries)
    if least > coins:
        reading.problem(
            "total",
            "allocate.minima",
            f"the lines need at least {shown(least)}, there is {total}",
            value=total,
            limit=shown(least),
            hint="lower a minimum, let a line be nothing, or raise the total",
        )
    for limit in limits:
        low = sum(entries[place].floor for place in limit.places)
        high = sum(entries[place].high for place in limit.places)
        if limit.cap is not None and low > limit.cap:
            reading.problem(
                f"groups.{limit.name}.maximum",
                "allocate.group",
                f"its lines need at least {shown(low)}",
                value=shown(limit.cap),
                limit=shown(low),
                hint="raise its maximum or lower a minimum of its lines",
            )
        if limit.floor > min(high, coins):
            reading.problem(
                f"groups.{limit.name}.minimum",
                "allocate.group",
                f"its lines can get at most {shown(min(high, coins))}",
                value=shown(limit.floor),
                limit=shown(min(high, coins)),
                hint="lower its minimum or raise a maximum of its lines",
            )
