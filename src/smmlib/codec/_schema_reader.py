"""
Values of a mediaplanschema document, with notes of what is wrong or was guessed.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.codec import _scalars as scalars
from smmlib.codec._context import REFUSALS
from smmlib.errors import Issue, MoneyError, Severity, ValidationError
from smmlib.model import Money
from smmlib.model._money import currency_code

if TYPE_CHECKING:
    from collections.abc import Mapping


@attrs.define
class Reader:
    """
    Reads single values of one document; state of one import only.

    Attributes:
        currency: Currency of amounts without one of their own.
        issues: Problems and guesses so far, under the document's own paths.
    """

    currency: str | None = None
    issues: list[Issue] = attrs.field(factory=list)

    def problem(self, path: str, code: str, message: str, **details: Any) -> None:
        """
        Note what makes the document unusable.
        """
        self.issues.append(Issue(path, code, message, **details))

    def warn(self, path: str, code: str, message: str, **details: Any) -> None:
        """
        Note what was not understood.
        """
        self.problem(path, code, message, severity=Severity.WARNING, **details)

    def inform(self, path: str, code: str, message: str, **details: Any) -> None:
        """
        Note what was guessed.
        """
        self.problem(path, code, message, severity=Severity.INFO, **details)

    def refused(self, path: str, error: ValidationError | MoneyError) -> None:
        """
        Note what a constructor of the model refused.
        """
        self.issues += [attrs.evolve(issue, path=path) for issue in error.issues]

    def table(self, value: Any, path: str) -> dict[str, Any]:
        """
        An object, or an empty one and a problem.
        """
        if isinstance(value, dict):
            return value
        self._wrong(path, value, "an object")
        return {}

    def items(self, value: Any, path: str, *, required: bool = False) -> list[Any]:
        """
        A list; nothing at all is an empty one unless it is required.
        """
        if isinstance(value, list):
            return value
        if value is not None or required:
            self._wrong(path, value, "a list")
        return []

    def text(
        self, record: Mapping[str, Any], path: str, key: str, *, required: bool = False
    ) -> str:
        """
        A text; empty where it is missing.
        """
        value = record.get(key)
        if isinstance(value, str):
            return value
        if value is not None or required:
            self._wrong(f"{path}.{key}", value, "a text")
        return ""

    def day(
        self, record: Mapping[str, Any], path: str, key: str, *, required: bool = False
    ) -> date | None:
        """
        A day.
        """
        stated = self.text(record, path, key, required=required)
        if not stated:
            return None
        try:
            return scalars.day(stated)
        except REFUSALS as error:
            self.refused(f"{path}.{key}", error)
            return None

    def count(
        self, record: Mapping[str, Any], path: str, key: str, *, required: bool = False
    ) -> Decimal | None:
        """
        A number, exact.
        """
        value = record.get(key)
        if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
            return Decimal(value)
        if value is not None or required:
            self._wrong(f"{path}.{key}", value, "a number")
        return None

    def money(
        self,
        record: Mapping[str, Any],
        path: str,
        key: str,
        *,
        required: bool = False,
        currency: str | None = None,
        zero: bool = False,
    ) -> str | None:
        """
        An amount as plan files write it; None for nothing, and for zero unless kept.
        """
        value = self.count(record, path, key, required=required)
        if value is None or (not value and not zero):
            return None
        code = currency or self.currency
        if code is None:
            self._no_currency(f"{path}.{key}", value)
            return None
        try:
            money = Money.rounded(value, code)
        except REFUSALS as error:
            self.refused(f"{path}.{key}", error)
            return None
        if money.amount != value:
            self.inform(
                f"{path}.{key}",
                "schema.rounded",
                f"{value} was rounded to {money}",
                value=str(value),
                limit=f"{money.decimals} decimals",
            )
        return str(money)

    def line_currency(self, record: Mapping[str, Any], path: str) -> str | None:
        """
        The currency of one line's amounts.
        """
        stated = self.text(record, path, "cost_currency")
        if not stated:
            return self.currency
        try:
            code = currency_code(stated)
        except REFUSALS as error:
            self.refused(f"{path}.cost_currency", error)
            return None
        if self.currency not in (None, code):
            self.warn(
                f"{path}.cost_currency",
                "schema.currency",
                f"this line is in {code}, the plan in {self.currency}",
                value=code,
                limit=self.currency,
                hint="amounts stay as they are; totals need a dated exchange rate",
            )
        return code

    def _no_currency(self, path: str, value: Decimal) -> None:
        if any(issue.code == "schema.no_currency" for issue in self.issues):
            return  # asked once is enough
        self.problem(
            path,
            "schema.no_currency",
            f"{value} has no currency, and none is guessed",
            value=str(value),
            limit="an ISO 4217 code such as EUR",
            hint='say it, e.g. currency="EUR"',
        )

    def _wrong(self, path: str, value: Any, expected: str) -> None:
        missing = value is None
        self.problem(
            path,
            "key.missing" if missing else "type.wrong",
            f"{expected} is missing"
            if missing
            else f"must be {expected}, not {scalars.kind_of(value)}",
            value=None if missing else str(value)[:80],
            limit=expected,
            hint=f"the schema asks for {expected} here",
        )
