"""
What stands in the way of a plan on Meta, collected while requests are prepared.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from smmlib.adapters.meta._tables import OFFSET_1, OFFSET_100
from smmlib.errors import Issue, Severity

if TYPE_CHECKING:
    from smmlib.model import Money, SourceMap


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


def major(text: str, currency: str) -> Decimal:
    """
    The amount behind Meta's minor units.
    """
    return Decimal(text) / (offset(currency) or 100)
