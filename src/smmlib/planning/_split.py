"""
Where the plan's money goes: every line, every part, to the cent.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, NoReturn

import attrs

from smmlib.errors import CurrencyMismatch, Issue, ValidationError
from smmlib.model import FrozenMap, LineItem, MediaPlan, Money, Network
from smmlib.model._checks import did_you_mean
from smmlib.planning._allocate import Allocation
from smmlib.planning._allocate_values import AllocationGroup
from smmlib.planning._fill import fill
from smmlib.planning._show import split_html, split_text
from smmlib.planning._split_best import best_of_plan, weights_of
from smmlib.planning._split_money import Fixed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

STATED = "stated in the line"
ALLOCATED = "fixed in the budget"
SHARED = "share of what is left"
FREE = "free"


@attrs.frozen
class SplitRow:
    """
    What one line of the plan gets, and why.

    Attributes:
        line: Key of the line.
        name: How it is shown.
        networks: Where people see it.
        amount: What it costs in all.
        media: What of it reaches the network or the blogger.
        net: Its price before tax.
        gross: Its price with tax.
        share: Its part of all money for lines, in percent; None when there is none.
        why: Where the amount comes from.
    """

    line: str
    name: str = attrs.field(kw_only=True)
    networks: tuple[Network, ...] = attrs.field(kw_only=True)
    amount: Money = attrs.field(kw_only=True)
    media: Money = attrs.field(kw_only=True)
    net: Money = attrs.field(kw_only=True)
    gross: Money = attrs.field(kw_only=True)
    share: Decimal | None = attrs.field(kw_only=True)
    why: str = attrs.field(kw_only=True)


@attrs.frozen
class Split:
    """
    How the plan's money is divided; everything in it sums to the total, to the cent.

    Attributes:
        total: All money of the plan.
        parts: What is kept out of the lines, by name: agency_fee, production, tax,
            reserve; only what the budget states.
        rows: One per line of the plan, in its order.
        unallocated: What no line and no part has claimed.
        allocation: How the best amounts were found, where something was maximised:
            with certificate, sensitivity and chart.
    """

    total: Money
    parts: FrozenMap[Money] = attrs.field(kw_only=True)
    rows: tuple[SplitRow, ...] = attrs.field(kw_only=True)
    unallocated: Money = attrs.field(kw_only=True)
    allocation: Allocation | None = attrs.field(default=None, kw_only=True)

    @property
    def currency(self) -> str:
        """
        The currency of every amount.
        """
        return self.total.currency

    @property
    def amounts(self) -> dict[str, Money]:
        """
        Money by key of line, for lines that cost something; `with_budgets` takes it.
        """
        return {row.line: row.amount for row in self.rows if row.amount}

    @property
    def lines_total(self) -> Money:
        """
        What all lines cost together.
        """
        return sum((row.amount for row in self.rows), Money.zero(self.currency))

    @property
    def by_network(self) -> dict[str, Money]:
        """
        What goes where; a line on two networks stays one sum, the platform divides it.
        """
        sums: dict[str, Money] = {}
        for row in self.rows:
            where = " + ".join(row.networks)
            sums[where] = sums.get(where, Money.zero(self.currency)) + row.amount
        return sums

    def __str__(self) -> str:
        return split_text(self)

    def _repr_html_(self) -> str:
        return split_html(self)


def split(
    plan: MediaPlan,
    *,
    maximise: str | Mapping[str, Any] | None = None,
    groups: Sequence[AllocationGroup] = (),
) -> Split:
    """
    Divide the plan's money over its lines, fee, production, tax, reserve and the rest.

    Amounts fixed in the budget's allocations come first, then costs stated in lines.
    Paid lines without a cost share what is left in equal parts, no one below its
    minimum or above its maximum. Nothing is lost to rounding.

    With `maximise`, lines that say what they bring of it (a response curve, or a price
    among their expectations) compete for the money instead, also for what they cost
    today; the others keep their cost. The split comes with a certificate.

    Args:
        plan: The plan; without a budget every paid line must state its cost.
        maximise: A KPI such as `registrations`, or several with what one counts.
        groups: Limits of several lines together; tags are `network` and `platform`.

    Returns:
        The split; give it to `plan.with_budgets(split)`.

    Raises:
        ValidationError: More is planned than there is, the minima do not fit, an
            allocation names no line, nothing says how much money there is, or what
            it would bring.
        CurrencyMismatch: A line or allocation is in another currency than the total.
    """
    currency = _currency(plan)
    zero = Money.zero(currency)
    fixed = _fixed(plan, currency)
    open_lines = [
        key for key, line in plan.lines.items() if line.paid and key not in fixed
    ]
    parts = plan.budget.parts if plan.budget else {}
    _refuse_other_currencies(parts, "budget", currency)
    stated = sum((one.money for one in fixed.values()), zero)
    total = plan.budget.total if plan.budget else stated
    if maximise is not None:
        pool = total - sum(parts.values(), zero)
        weights = weights_of(maximise)
        best = best_of_plan(plan, fixed, pool, weights=weights, groups=groups)
        return _best_split(plan, fixed, best, parts=parts)
    left = total - sum(parts.values(), zero) - stated
    _refuse_overspent(plan, left, stated)
    shared = _share(plan, open_lines, left)
    given = {**fixed, **{key: Fixed(money, SHARED) for key, money in shared.items()}}
    return Split(
        total,
        parts=FrozenMap(parts),
        rows=_rows(plan, given, zero),
        unallocated=left - sum(shared.values(), zero),
    )


def _best_split(
    plan: MediaPlan,
    fixed: Mapping[str, Fixed],
    best: Allocation,
    *,
    parts: Mapping[str, Money],
) -> Split:
    given = {
        row.line: fixed[row.line]
        if row.binds == "locked"
        else Fixed(row.amount, row.why)
        for row in best.rows
    }
    return Split(
        sum(parts.values(), best.total),
        parts=FrozenMap(parts),
        rows=_rows(plan, given, Money.zero(best.currency)),
        unallocated=best.unspent,
        allocation=best,
    )


def _rows(
    plan: MediaPlan, given: Mapping[str, Fixed], zero: Money
) -> tuple[SplitRow, ...]:
    spent = sum((one.money for one in given.values()), zero)
    free = Fixed(zero, FREE)
    return tuple(
        _row(key, line, given.get(key, free), spent=spent)
        for key, line in plan.lines.items()
    )


def _currency(plan: MediaPlan) -> str:
    if plan.budget:
        return plan.budget.currency
    costs = (_stated_cost(line) for line in plan.lines.values())
    first = next((cost for cost in costs if cost), None)
    without = [k for k, v in plan.lines.items() if v.paid and _stated_cost(v) is None]
    if first is None or without:
        where = f"lines.{without[0]}.cost" if without else "budget"
        _refuse(
            where,
            "split.no_budget",
            "the plan has no budget to take this line's money from"
            if without
            else "the plan has neither a budget nor a line with a cost",
            hint="add `budget: {total: ...}` to the plan, or a cost to the line",
        )
    return first.currency


def _stated_cost(line: LineItem) -> Money | None:
    """
    What a line says it costs: its cost, or the sum of its parts with tax.
    """
    return line.cost if line.cost is not None else line.gross


def _fixed(plan: MediaPlan, currency: str) -> dict[str, Fixed]:
    """
    Amounts the plan itself fixes, by line.
    """
    allocations = plan.budget.allocations if plan.budget else FrozenMap[Money]()
    _refuse_other_currencies(allocations, "budget.allocations", currency)
    for key in allocations:
        if key not in plan.lines:
            _refuse(
                f"budget.allocations.{key}",
                "reference.line",
                f"the plan has no line '{key}'",
                value=key,
                hint=did_you_mean(key, plan.lines),
            )
    fixed: dict[str, Fixed] = {}
    for key, line in plan.lines.items():
        cost = _stated_cost(line)
        if key in allocations:
            fixed[key] = Fixed(allocations[key], ALLOCATED, final=True)
        elif cost is not None:
            _refuse_other_currencies({"cost": cost}, f"lines.{key}", currency)
            fixed[key] = Fixed(cost, STATED)
    return fixed


def _share(plan: MediaPlan, keys: list[str], left: Money) -> dict[str, Money]:
    """
    What is left, over the lines without a cost.
    """
    zero = Money.zero(left.currency)
    bounds = []
    for key in keys:
        line = plan.lines[key]
        given = {"minimum": line.minimum, "maximum": line.maximum}
        set_ones = {name: money for name, money in given.items() if money is not None}
        _refuse_other_currencies(set_ones, f"lines.{key}", left.currency)
        bounds.append((line.minimum or zero, max(line.maximum or left, zero)))
    needed = sum((least for least, _ in bounds), zero)
    if needed > left:
        _refuse(
            "lines",
            "split.minima",
            f"the lines without a cost need at least {needed}, {left} is left",
            value=str(needed),
            limit=str(left),
            hint="lower a minimum, drop a line or raise the budget",
        )
    coin = left.coin
    shares = fill(
        _coins(left, coin), [(_coins(a, coin), _coins(b, coin)) for a, b in bounds]
    )
    return {key: coin * coins for key, coins in zip(keys, shares, strict=True)}


def _coins(money: Money, coin: Money) -> int:
    return int(money / coin)


def _row(key: str, line: LineItem, given: Fixed, *, spent: Money) -> SplitRow:
    # The parts of a line describe its stated cost; another amount makes them void.
    amount, why = given.money, given.why
    parts = line.parts if why == STATED else None
    return SplitRow(
        key,
        name=line.name or key,
        networks=line.networks,
        amount=amount,
        media=parts.media if parts else amount,
        net=parts.net if parts else amount,
        gross=parts.gross if parts else amount,
        share=amount / spent * 100 if spent else None,
        why=why,
    )


def _refuse_overspent(plan: MediaPlan, left: Money, stated: Money) -> None:
    if left.amount >= 0 or plan.budget is None:
        return
    media = plan.budget.media
    _refuse(
        "budget.total",
        "split.over_budget",
        f"the lines cost {stated}, the budget leaves {media} for them",
        value=str(stated),
        limit=str(media),
        hint=f"lower lines or parts of the budget by {-left}, or raise the total",
    )


def _refuse_other_currencies(
    amounts: Mapping[str, Money], path: str, currency: str
) -> None:
    for name, money in amounts.items():
        if money.currency != currency:
            message = f"{money} in a plan in {currency}"
            issue = Issue(
                f"{path}.{name}",
                "money.currency_mismatch",
                message,
                value=str(money),
                limit=currency,
                hint="convert it with FxRates at a dated rate first",
            )
            raise CurrencyMismatch([issue])


def _refuse(
    path: str,
    code: str,
    message: str,
    *,
    value: str | None = None,
    limit: str | None = None,
    hint: str = "",
) -> NoReturn:
    raise ValidationError(
        [Issue(path, code, message, value=value, limit=limit, hint=hint)]
    )
