"""
Whether the money is on track, where it will end, and what to spend a day from now on.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from math import ceil, floor
from typing import Any

import attrs

from smmlib.errors import Issue, Severity, ValidationError
from smmlib.model import Money
from smmlib.planning._pace_curve import SpendShape, ideal_weights, learn_shape
from smmlib.planning._pace_lines import PaceLine, check_lines, coins_of, money_of
from smmlib.planning._pace_move import Room, spread
from smmlib.planning._pace_project import Projection, project
from smmlib.planning._pace_show import pace_data, pace_html, pace_text

STEP = Decimal("0.2")
_FINE = (Decimal("0.9"), Decimal("1.1"))
_FLAGGING = 0.85  # below this part of its daily budget a line cannot spend it
_RECENT = 7
_HOURS = 24


@attrs.frozen
class PaceRow:
    """
    One line: what should be spent, what is, where it ends, what to set now.

    Attributes:
        line: Key of the line.
        budget: What it may spend in its run.
        spent: What it has spent, exact.
        expected: What the ideal curve has spent by now.
        status: `on pace`, `ahead`, `behind`, `over budget`, `not started`, `ended`,
            `no spend`.
        projection: Where it ends if nothing changes, with an 80 % interval.
        now: Its daily budget now.
        proposed: Its daily budget from tomorrow on.
        projected: Where it ends with the proposed budget, likeliest.
        new_budget: What its run may cost with the proposal: spent and still to spend.
        days_left: Days after today.
        why: What decided the proposal.
    """

    line: str
    budget: Money = attrs.field(kw_only=True)
    spent: Decimal = attrs.field(kw_only=True)
    expected: Decimal = attrs.field(kw_only=True)
    status: str = attrs.field(kw_only=True)
    projection: Projection = attrs.field(kw_only=True)
    now: Money = attrs.field(kw_only=True)
    proposed: Money = attrs.field(kw_only=True)
    projected: Decimal = attrs.field(kw_only=True)
    new_budget: Money = attrs.field(kw_only=True)
    days_left: int = attrs.field(kw_only=True)
    why: str = attrs.field(kw_only=True)

    @property
    def ratio(self) -> Decimal | None:
        """
        Spent over expected: 1 is on plan, above is too fast; None before the start.
        """
        return self.spent / self.expected if self.expected else None

    @property
    def change(self) -> Decimal | None:
        """
        How far the daily budget moves, e.g. `0.2` for 20 % up.
        """
        return self.proposed / self.now - 1 if self.now else None


@attrs.frozen
class Pace:
    """
    All lines held to their money; the total of what is proposed is what it was.

    Attributes:
        rows: One per line, in their order.
        as_of: The last day that counts.
        currency: Of every amount.
        keep: What is unchanged to the cent: `daily`, the sum of the daily budgets, or
            `budget`, the sum of what the lines may cost in their runs.
        issues: What could not be kept, and why.
    """

    rows: tuple[PaceRow, ...]
    as_of: date = attrs.field(kw_only=True)
    currency: str = attrs.field(kw_only=True)
    keep: str = attrs.field(kw_only=True)
    issues: tuple[Issue, ...] = attrs.field(default=(), kw_only=True)

    @property
    def amounts(self) -> dict[str, Money]:
        """
        What each line may cost in its run with the proposal, where that is new.

        `plan.with_budgets(pace)` takes it; nothing is set before that plan is applied.
        """
        moved = (row for row in self.rows if row.new_budget != row.budget)
        return {row.line: row.new_budget for row in moved if row.new_budget}

    @property
    def daily(self) -> dict[str, Money]:
        """
        The proposed daily budget by key of line.
        """
        return {row.line: row.proposed for row in self.rows}

    @property
    def now_total(self) -> Money:
        """
        All daily budgets as they are.
        """
        return sum((row.now for row in self.rows), Money.zero(self.currency))

    @property
    def proposed_total(self) -> Money:
        """
        All daily budgets as proposed.
        """
        return sum((row.proposed for row in self.rows), Money.zero(self.currency))

    @property
    def behind(self) -> tuple[PaceRow, ...]:
        """
        The lines that are not on pace, the most money at stake first.
        """
        odd = (r for r in self.rows if r.status in {"ahead", "behind", "over budget"})
        return tuple(sorted(odd, key=lambda r: -abs(r.spent - r.expected)))

    def row(self, line: str) -> PaceRow:
        """
        The row of a line.

        Raises:
            KeyError: There is no such line.
        """
        found = {row.line: row for row in self.rows}
        return found[line]

    def __str__(self) -> str:
        return pace_text(self)

    def _repr_html_(self) -> str:
        return pace_html(self)

    def to_dict(self) -> dict[str, Any]:
        """
        JSON-ready data; money as text.
        """
        return pace_data(self)


def pace_lines(
    lines: Iterable[PaceLine],
    *,
    as_of: date,
    hour: float = _HOURS,
    step: Decimal | float | str = STEP,
    keep: str = "daily",
) -> Pace:
    """
    Hold any number of lines or accounts to their budgets, in one call.

    A line that spends too slowly gets more a day and one that is too fast less, as far
    as minimum, maximum and step allow; a line that cannot spend what it has today gets
    no more. What is proposed adds up to what there is, to the cent.

    Args:
        lines: The lines, all in one currency.
        as_of: The last day whose spend is known.
        hour: How much of that day is over, e.g. `12` at noon; all of it when left out.
        step: How far a daily budget may move at once; the platforms' learning phase
            starts anew after larger ones.
        keep: `daily` keeps the sum of the daily budgets, `budget` the sum of the
            lines' budgets.

    Raises:
        ValidationError: Something no pacing can be made of; all of it at once.
        CurrencyMismatch: Amounts are in two currencies.
    """
    wanted = tuple(lines)
    limit = Decimal(str(step))
    _check_keep(keep)
    check_lines(wanted, limit)
    views = [_View(line, as_of=as_of, hour=hour, limit=limit) for line in wanted]
    open_views = [view for view in views if view.left]
    if keep == "daily":
        rooms = [view.daily_room() for view in open_views]
        total = sum(view.now for view in open_views)
        _check_minima(total, open_views)
        shares = spread(total, rooms)
        unkept = total - sum(shares)
    else:
        rooms = [view.rest_room() for view in open_views]
        total = sum(view.rest for view in open_views)
        shares = spread(total, rooms)
        unkept = total - sum(shares)
        _leave(unkept, shares, [view.rest for view in open_views])
    given = dict(zip((view.line.key for view in open_views), shares, strict=True))
    rows = [view.row(given.get(view.line.key, 0), keep=keep) for view in views]
    currency = wanted[0].budget.currency
    issues = _unkept(unkept, currency, keep)
    return Pace(tuple(rows), as_of=as_of, currency=currency, keep=keep, issues=issues)


def _check_minima(total: int, views: list[_View]) -> None:
    """
    Refuse daily budgets that together are less than their minima.
    """
    least = sum(coins_of(v.line.minimum) for v in views if v.line.minimum is not None)
    if not views or least <= total:
        return
    currency = views[0].currency
    raise ValidationError(
        [
            Issue(
                "lines",
                "pace.minima",
                f"the minima need {money_of(least, currency)} a day, all daily budgets "
                f"together are {money_of(total, currency)}",
                value=str(money_of(total, currency)),
                limit=f"at least {money_of(least, currency)}",
                hint="lower a minimum, pause a line, or raise a daily budget first",
            )
        ]
    )


def _leave(coins: int, shares: list[int], own: list[int]) -> None:
    """
    What cannot be spent within the bounds stays with the lines whose money it is.
    """
    for k, mine in enumerate(own):
        part = max(min(coins, mine - shares[k]), 0) if coins > 0 else 0
        part = min(max(coins, mine - shares[k]), 0) if coins < 0 else part
        shares[k] += part
        coins -= part


def _check_keep(keep: str) -> None:
    if keep not in {"daily", "budget"}:
        raise ValidationError(
            [
                Issue(
                    "keep",
                    "pace.keep",
                    f"'{keep}' is no total that can be kept",
                    value=keep,
                    limit="daily or budget",
                    hint="daily keeps the sum of daily budgets, budget all the money",
                )
            ]
        )


def _unkept(coins: int, currency: str, keep: str) -> tuple[Issue, ...]:
    if not coins:
        return ()
    money = money_of(abs(coins), currency)
    what = "cannot be spent in time" if coins > 0 else "more than there is is bound"
    return (
        Issue(
            "lines",
            "pace.total",
            f"{money} {what}: caps, minima and steps leave no room",
            severity=Severity.WARNING,
            value=str(money),
            limit=f"the {keep} total as it is",
            hint="allow a larger step, raise a maximum, or change a line's budget",
        ),
    )


class _View:
    """
    One line as it stands on a day.
    """

    def __init__(
        self, line: PaceLine, *, as_of: date, hour: float, limit: Decimal
    ) -> None:
        self.line, self.as_of = line, as_of
        self.currency = line.budget.currency
        self.left = line.left(as_of)
        self.spent = line.spent_in(as_of)
        known = {d: float(v) for d, v in line.spent.items() if d <= as_of}
        self.shape = line.shape or learn_shape(known)
        self.expected = self._expected(hour)
        self.rest = max(coins_of(line.budget) - self._spent_coins(), 0)
        self.now = self._now()
        self.step = limit if line.step is None else line.step
        ahead = [day for day in self.left if day >= line.first]
        self.projection = project(
            {**known, as_of: known.get(as_of, 0.0)} if known else {},
            ahead,
            spent=float(self.spent),
            shape=self.shape,
        )

    def _spent_coins(self) -> int:
        """
        What is spent in whole coins, rounded up: a cent that is gone is gone.
        """
        decimals = self.line.budget.decimals
        return ceil(self.spent.scaleb(decimals))

    def _now(self) -> int:
        if self.line.daily is not None:
            return coins_of(self.line.daily)
        return self.rest // max(len(self.left), 1)

    def _expected(self, hour: float) -> Decimal:
        line, days = self.line, self.line.days
        most = None
        if line.maximum and line.budget:
            most = float(line.maximum / line.budget)
        part = ideal_weights(
            days, line.pacing, shape=line.shape, curve=line.curve, most=most
        )
        gone = sum(weight for day, weight in part.items() if day < self.as_of)
        gone += part.get(self.as_of, 0.0) * self.shape.by_hour(hour)
        share = Decimal(min(gone, 1.0)).quantize(Decimal("1e-12"))
        return (line.budget.amount * share).quantize(Decimal("1e-6"))

    # -- what it needs -----------------------------------------------------------------

    @property
    def recent(self) -> float:
        """
        What it spent on an average one of the last days of its run, in coins.
        """
        days = [d for d in self.line.days if d <= self.as_of][-_RECENT:]
        if not days:
            return float(self.now)
        sums = sum(float(self.line.spent.get(day, 0)) for day in days)
        return sums * float(10**self.line.budget.decimals) / len(days)

    @property
    def flags(self) -> bool:
        """
        Whether it does not spend what it may, although it is behind.
        """
        started = self.as_of >= self.line.first and self.spent > 0
        slow = self.recent < _FLAGGING * self.now
        return started and slow and self.spent < self.expected

    def wish(self) -> int:
        """
        The daily budget, in coins, that ends its run on its budget.
        """
        due = self.rest / max(len(self.left), 1)
        if self.flags:
            return round(min(due, self.recent / _FLAGGING))
        # A daily budget of 100 that spends 98 must be 102 to spend 100.
        part = self.recent / self.now if self.now and self.spent else 1.0
        return round(due / min(max(part, _FLAGGING), 1.0 / _FLAGGING))

    def daily_room(self) -> Room:
        """
        Bounds of its new daily budget.
        """
        if self.line.locked:
            return Room(self.now, self.now, self.now)
        low = ceil(self.now * (1 - self.step))
        high = floor(self.now * (1 + self.step))
        if self.line.maximum is not None:
            high = min(high, coins_of(self.line.maximum))
            low = min(low, high)
        if self.line.minimum is not None:
            low = max(low, coins_of(self.line.minimum))
            high = max(high, low)
        return Room(low, high, self.wish())

    def rest_room(self) -> Room:
        """
        Bounds of what it may still spend.
        """
        room, days = self.daily_room(), len(self.left)
        if self.line.locked:
            return Room(self.rest, self.rest, self.rest)
        # Coins that no day can be given count in: the last day takes them.
        odd = self.rest % max(days, 1)
        high = room.high * days + odd
        return Room(
            min(room.low * days, high), high, min(room.wanted * days, self.rest)
        )

    # -- the answer --------------------------------------------------------------------

    def row(self, given: int, *, keep: str) -> PaceRow:
        """
        The line with its new daily budget.
        """
        days = len(self.left)
        daily = given if keep == "daily" else self._a_day(given)
        rest = given * days if keep == "daily" else given
        proposed = money_of(daily, self.currency)
        return PaceRow(
            self.line.key,
            budget=self.line.budget,
            spent=self.spent,
            expected=self.expected,
            status=self._status(),
            projection=self.projection,
            now=money_of(self.now if days else 0, self.currency),
            proposed=proposed,
            projected=self._projected(daily),
            new_budget=self._new_budget(rest, keep),
            days_left=days,
            why=self._why(daily),
        )

    def _a_day(self, rest: int) -> int:
        """
        What a rest is a day, never outside the bounds of a daily budget.
        """
        room = self.daily_room()
        if not self.left:
            return 0
        return min(max(rest // len(self.left), room.low), room.high)

    def _new_budget(self, rest: int, keep: str) -> Money:
        if not self.left or (keep == "budget" and rest == self.rest):
            return self.line.budget
        return money_of(self._spent_coins() + rest, self.currency)

    def _projected(self, daily: int) -> Decimal:
        """
        The likeliest end when the rest moves as the daily budget does.
        """
        spent = float(self.spent)
        rest = self.projection.middle - spent
        if self.now and self.left and not (self.flags and daily > self.now):
            rest *= daily / self.now
        if not self.spent:
            rest = daily * len(self.left) / 10**self.line.budget.decimals
        return Decimal(str(round(spent + rest, 2)))

    def _status(self) -> str:
        if not self.left:
            return "ended"
        if self.spent > self.line.budget.amount:
            return "over budget"
        if self.as_of < self.line.first:
            return "not started"
        if not self.spent:
            return "no spend"
        ratio = self.spent / self.expected if self.expected else Decimal(0)
        if ratio < _FINE[0]:
            return "behind"
        return "ahead" if ratio > _FINE[1] else "on pace"

    def _why(self, daily: int) -> str:
        if not self.left:
            return "its last day is over"
        if self.line.locked:
            return "locked"
        room = self.daily_room()
        if daily == room.high < room.wanted:
            capped = self.line.maximum is not None
            at_cap = capped and daily == coins_of(self.line.maximum or self.line.budget)
            return "stopped by its maximum" if at_cap else "stopped by the step up"
        if daily == room.low > room.wanted:
            floor_ = self.line.minimum is not None
            at_floor = floor_ and daily == coins_of(
                self.line.minimum or self.line.budget
            )
            return "stopped by its minimum" if at_floor else "stopped by the step down"
        if self.flags:
            return "cannot spend what it has"
        return "what it needs, within the total"


def shape_of_history(rows: Iterable[tuple[date, Decimal, str]]) -> SpendShape:
    """
    Learn weekdays and hours from rows of day, spend and hour (empty where unknown).
    """
    days: dict[date, Decimal] = {}
    hours: dict[str, Decimal] = {}
    for day, spend, hour in rows:
        days[day] = days.get(day, Decimal(0)) + spend
        if hour:
            hours[hour] = hours.get(hour, Decimal(0)) + spend
    return learn_shape(days, hours=hours)
