"""
What stands in the way of a plan on Meta, collected while requests are prepared.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from smmlib.adapters.meta._tables import OFFSET_1, OFFSET_100
from smmlib.errors import Issue, MoneyError, Severity
from smmlib.model import Money

if TYPE_CHECKING:
    from smmlib.model import SourceMap


class Findings:
    """
    Collects issues with their place in the plan and in its file.

    Args:
        source: Lines of the plan's file, if it was read from one.
    """

    def __init__(self, source: SourceMap | None = None) -> None:
        self._source = source
        self._found: dict[tuple[str, str, str], Issue] = {}

    def add(
        self,
        path: str,
        code: str,
        message: str,
        *,
        hint: str,
        value: Any = None,
        limit: Any = None,
        severity: Severity = Severity.ERROR,
    ) -> None:
        """
        Note one problem; the same one is noted once.
        """
        issue = Issue(
            path,
            code if "." in code else f"meta.{code}",
            message,
            hint=hint,
            value=value,
            limit=limit,
            severity=severity,
        )
        placed = self._source.place(issue) if self._source else issue
        self._found.setdefault((path, code, message), placed)

    @property
    def issues(self) -> tuple[Issue, ...]:
        """
        All problems in the order they were found.
        """
        return tuple(self._found.values())


def offset(currency: str) -> int | None:
    """
    Minor units of one unit of money, by Meta's own table; None if Meta has it not.
    """
    if currency in OFFSET_1:
        return 1
    return 100 if currency in OFFSET_100 else None


def minor(money: Money) -> str | None:
    """
    An amount as Meta takes it, in whole minor units; None where that is impossible.
    """
    units = offset(money.currency)
    if units is None:
        return None
    amount = money.amount * units
    whole = amount.to_integral_value()
    return str(int(whole)) if whole == amount else None


MONEY = ("daily_budget", "lifetime_budget", "bid_amount")
"""
Fields that hold money.
"""


def with_money(fields: Mapping[str, Any], currency: str) -> dict[str, Any]:
    """
    Fields with their amounts as people write them: 6000.00 EUR, not 600000.
    """
    done = dict(fields)
    for name in set(MONEY) & done.keys():
        value = str(done[name])
        if value.isascii() and value.isdigit() and offset(currency):
            done[name] = _shown(value, currency)
    return done


def with_units(fields: Mapping[str, Any]) -> dict[str, Any]:
    """
    The same fields with Meta's minor units.
    """
    done = dict(fields)
    for name in set(MONEY) & done.keys():
        if isinstance(done[name], str):
            done[name] = _sent(done[name])
    return done


def _shown(units: str, currency: str) -> str:
    try:
        return str(Money(major(units, currency), currency))
    except MoneyError:  # a currency that exists no more
        return units


def _sent(text: str) -> str:
    """
    What is no money Meta can be paid in stays as it is, and is refused by its name.
    """
    if text.isdigit():
        return text
    try:
        return minor(Money.parse(text)) or text
    except MoneyError:
        return text


def major(text: str, currency: str) -> Decimal:
    """
    The amount behind Meta's minor units.
    """
    return Decimal(text) / (offset(currency) or 100)
