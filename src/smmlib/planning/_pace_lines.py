"""
What pacing is asked about: lines or accounts with money, days and what was spent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

import attrs

from smmlib.errors import CurrencyMismatch, Issue, ValidationError
from smmlib.model import Money, Pacing
from smmlib.model._budget import as_due_money, as_money
from smmlib.planning._pace_curve import SpendShape


def _spend(value: Mapping[date, Decimal | int | str]) -> dict[date, Decimal]:
    return {day: Decimal(str(amount)) for day, amount in value.items()}


def _step(value: Decimal | float | str | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))


@attrs.frozen
class PaceLine:
    """
    One line or account whose spending is held to its budget.

    Attributes:
        key: What it is called in the result.
        budget: What it may spend from its first to its last day.
        first: First day.
        last: Last day, included.
        spent: Spend by day, earlier days too: the more history, the better the
            projection. A day without a row spent nothing.
        daily: Its daily budget now; what is left divided by the days left when it has
            none of its own.
        minimum: The least daily budget, e.g. the platform's.
        maximum: The most per day: a cap.
        step: How far the daily budget may move at once, e.g. `0.2`; the call's when
            left out.
        pacing: The ideal curve.
        shape: How weekdays and hours differ; learned from history when left out.
        curve: An ideal curve of one's own: weight by day.
        locked: Whether its daily budget must stay as it is.
    """

    key: str
    budget: Money = attrs.field(converter=as_due_money)
    first: date = attrs.field(kw_only=True)
    last: date = attrs.field(kw_only=True)
    spent: Mapping[date, Decimal] = attrs.field(
        factory=dict, converter=_spend, kw_only=True
    )
    daily: Money | None = attrs.field(default=None, converter=as_money, kw_only=True)
    minimum: Money | None = attrs.field(default=None, converter=as_money, kw_only=True)
    maximum: Money | None = attrs.field(default=None, converter=as_money, kw_only=True)
    step: Decimal | None = attrs.field(default=None, converter=_step, kw_only=True)
    pacing: Pacing = attrs.field(default=Pacing.EVEN, converter=Pacing, kw_only=True)
    shape: SpendShape | None = attrs.field(default=None, kw_only=True)
    curve: Mapping[date, float] | None = attrs.field(default=None, kw_only=True)
    locked: bool = attrs.field(default=False, kw_only=True)

    @property
    def days(self) -> list[date]:
        """
        Every day of its run.
        """
        count = (self.last - self.first).days + 1
        return [self.first + timedelta(days=k) for k in range(count)]

    def left(self, as_of: date) -> list[date]:
        """
        The days of its run after a day.
        """
        return [day for day in self.days if day > as_of]

    def spent_in(self, as_of: date) -> Decimal:
        """
        What it spent in its run, up to and with a day.
        """
        last = min(as_of, self.last)
        inside = (v for day, v in self.spent.items() if self.first <= day <= last)
        return sum(inside, Decimal(0))


def check_lines(lines: Sequence[PaceLine], step: Decimal) -> None:
    """
    Refuse what no pacing can be made of, all of it at once.

    Raises:
        CurrencyMismatch: The only thing wrong is that amounts are in two currencies.
        ValidationError: Anything else.
    """
    issues = [*_lines_issues(lines), *_step_issues("step", step)]
    found = [one for k, line in enumerate(lines) for one in _line_issues(line, k)]
    mixed = _mixed(lines)
    if mixed and not issues and not found:
        raise CurrencyMismatch(mixed)
    if issues or found:
        raise ValidationError([*issues, *found, *mixed])


def _lines_issues(lines: Sequence[PaceLine]) -> Iterator[Issue]:
    if not lines:
        yield Issue(
            "lines",
            "pace.no_lines",
            "there is no line to pace",
            hint="give at least one line with a budget and its days",
        )
    keys = [line.key for line in lines]
    for key in dict.fromkeys(k for k in keys if keys.count(k) > 1):
        yield Issue(
            f"lines.{key}",
            "pace.repeated",
            f"the line '{key}' is there {keys.count(key)} times",
            value=key,
            limit="each once",
            hint="add up its budgets, or give each a key of its own",
        )


def _mixed(lines: Sequence[PaceLine]) -> list[Issue]:
    found: dict[str, str] = {}
    for line in lines:
        for name in ("budget", "daily", "minimum", "maximum"):
            money = getattr(line, name)
            if money is not None:
                found.setdefault(money.currency, f"lines.{line.key}.{name}")
    if len(found) < 2:  # noqa: PLR2004 - one is fine
        return []
    first, *others = found
    return [
        Issue(
            found[other],
            "money.currency_mismatch",
            f"{other} cannot be paced together with {first}",
            value=other,
            limit=first,
            hint="convert at a dated rate first (FxRates), or pace each alone",
        )
        for other in others
    ]


def _step_issues(path: str, step: Decimal | None) -> Iterator[Issue]:
    if step is not None and not 0 <= step < 1:
        yield Issue(
            path,
            "pace.step",
            f"a daily budget cannot move by {step} of itself",
            value=str(step),
            limit="from 0 to below 1",
            hint="write 0.2 for at most 20 % up or down",
        )


def _line_issues(line: PaceLine, place: int) -> Iterator[Issue]:
    path = f"lines.{line.key or place}"
    if line.last < line.first:
        yield Issue(
            f"{path}.last",
            "pace.days",
            f"the last day {line.last} is before the first, {line.first}",
            value=str(line.last),
            limit=f"{line.first} or later",
            hint="swap the days",
        )
    yield from _money_issues(line, path)
    yield from _step_issues(f"{path}.step", line.step)
    for day, amount in line.spent.items():
        if not amount.is_finite() or amount < 0:
            yield Issue(
                f"{path}.spent.{day}",
                "pace.spend",
                f"spend of {amount} on {day}",
                value=str(amount),
                limit="zero or more",
                hint="credits belong to the invoice, not to a day's spend",
            )


def _money_issues(line: PaceLine, path: str) -> Iterator[Issue]:
    for name in ("budget", "daily", "minimum", "maximum"):
        money = getattr(line, name)
        if money is not None and money.amount < 0:
            yield Issue(
                f"{path}.{name}",
                "money.not_positive",
                f"{name} is {money}",
                value=str(money),
                limit="zero or more",
                hint="write what may be spent",
            )
    low, high = line.minimum, line.maximum
    if low and high and low.currency == high.currency and high < low:
        yield Issue(
            f"{path}.maximum",
            "line.bounds",
            f"the most ({high}) is below the least ({low})",
            value=str(high),
            limit=f"at least {low}",
            hint="swap them, or leave one out",
        )


def coins_of(money: Money) -> int:
    """
    How many of the currency's smallest coins an amount is.
    """
    return int(money.amount.scaleb(money.decimals))


def money_of(coins: int, currency: str) -> Money:
    """
    So many of a currency's smallest coins.
    """
    return Money.zero(currency).coin * coins
