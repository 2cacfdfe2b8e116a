"""
What platforms charge held to what they report: every cent has a name.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.analytics._show import Grid
from smmlib.errors import Issue, ValidationError
from smmlib.model import Money
from smmlib.model._budget import as_due_money, as_money

if TYPE_CHECKING:
    from smmlib.analytics._facts import Facts


@attrs.frozen
class Invoice:
    """
    A bill, or a receipt, of a platform for a stretch of days.

    Attributes:
        number: The platform's number of it.
        amount: What it charges, tax included.
        platform: Which platform.
        account: Which ad account; every account of the platform when left out.
        first: First day it is for.
        last: Last day, included.
        tax: What of the amount is tax; reports are without tax.
        credit: What was taken off, e.g. a voucher: spent, not paid.
    """

    number: str
    amount: Money = attrs.field(converter=as_due_money)
    platform: str = attrs.field(kw_only=True)
    account: str = attrs.field(default="", kw_only=True)
    first: date = attrs.field(kw_only=True)
    last: date = attrs.field(kw_only=True)
    tax: Money | None = attrs.field(default=None, converter=as_money, kw_only=True)
    credit: Money | None = attrs.field(default=None, converter=as_money, kw_only=True)

    @property
    def charged(self) -> Money:
        """
        The media it stands for: without tax, with what a voucher paid.

        Raises:
            CurrencyMismatch: Its parts are in different currencies.
        """
        net = self.amount - self.tax if self.tax is not None else self.amount
        return net + self.credit if self.credit is not None else net


@attrs.frozen
class InvoiceRow:
    """
    One invoice beside the spend its days report.

    Attributes:
        invoice: The invoice.
        reported: Spend reported for its account and days, exact.
        difference: Charged less reported.
        status: `matches`, `rounding`, `charged more`, `charged less` or `no spend`.
    """

    invoice: Invoice
    reported: Decimal = attrs.field(kw_only=True)
    difference: Decimal = attrs.field(kw_only=True)
    status: str = attrs.field(kw_only=True)


@attrs.frozen
class Reconciliation:
    """
    All invoices beside all reported spend.

    Attributes:
        rows: One per invoice.
        unbilled: Reported spend that no invoice covers, by platform and account.
        currency: Of every amount.
    """

    rows: tuple[InvoiceRow, ...]
    unbilled: tuple[tuple[str, Decimal], ...] = attrs.field(default=(), kw_only=True)
    currency: str = attrs.field(default="", kw_only=True)

    @property
    def ok(self) -> bool:
        """
        Whether every invoice matches and nothing is left unbilled.
        """
        fine = {"matches", "rounding"}
        return all(row.status in fine for row in self.rows) and not self.unbilled

    @property
    def difference(self) -> Decimal:
        """
        All that is charged less all that is reported, unbilled spend included.
        """
        open_spend = sum((amount for _, amount in self.unbilled), Decimal(0))
        return sum((row.difference for row in self.rows), Decimal(0)) - open_spend

    def _grid(self) -> Grid:
        rows = [
            [
                row.invoice.number,
                row.invoice.platform,
                f"{row.invoice.first} to {row.invoice.last}",
                row.status,
                f"{row.invoice.charged.amount:,}",
                f"{row.reported:,.2f}",
                f"{row.difference:+,.2f}",
            ]
            for row in self.rows
        ]
        rows += [
            ["–", name, "", "no invoice", "", f"{amount:,.2f}", f"{-amount:+,.2f}"]
            for name, amount in self.unbilled
        ]
        head = [
            *("invoice", "platform", "days", "status"),
            *("charged", "reported", "difference"),
        ]
        return Grid(head, rows, caption=f"Invoices, in {self.currency}", left=4)

    def __str__(self) -> str:
        return self._grid().text()

    def _repr_html_(self) -> str:
        return self._grid().html()

    def to_dict(self) -> dict[str, Any]:
        """
        JSON-ready data.
        """
        return {
            "currency": self.currency,
            "ok": self.ok,
            "difference": f"{self.difference:f}",
            "invoices": [
                {
                    "number": row.invoice.number,
                    "platform": row.invoice.platform,
                    "charged": str(row.invoice.charged),
                    "reported": f"{row.reported:f}",
                    "difference": f"{row.difference:f}",
                    "status": row.status,
                }
                for row in self.rows
            ],
            "unbilled": [
                {"account": name, "spend": f"{amount:f}"}
                for name, amount in self.unbilled
            ],
        }


def reconcile_invoices(invoices: Iterable[Invoice], facts: Facts) -> Reconciliation:
    """
    Hold invoices to reported spend, to the cent; half a coin a day is rounding.

    Args:
        invoices: Bills without overlap: each day of an account is on one of them.
        facts: What the platforms report.

    Raises:
        ValidationError: Days are the wrong way round, two invoices claim the same
            days, or amounts are in two currencies; all of it at once.
    """
    wanted = tuple(invoices)
    _check(wanted, facts)
    taken: set[int] = set()
    rows = []
    for invoice in wanted:
        mine = [k for k, row in enumerate(facts.metrics) if _covers(invoice, row)]
        taken.update(mine)
        spend = sum((facts.metrics[k].spend for k in mine), Decimal(0))
        rows.append(_row(invoice, spend))
    left: dict[str, Decimal] = {}
    for k, row in enumerate(facts.metrics):
        if k not in taken and row.spend:
            name = f"{row.platform} {row.account}".strip()
            left[name] = left.get(name, Decimal(0)) + row.spend
    currency = next((one.amount.currency for one in wanted), facts.currency)
    return Reconciliation(tuple(rows), unbilled=tuple(left.items()), currency=currency)


def _covers(invoice: Invoice, row: Any) -> bool:
    return (
        row.platform == invoice.platform
        and invoice.account in {"", row.account}
        and invoice.first <= row.on <= invoice.last
    )


def _row(invoice: Invoice, spend: Decimal) -> InvoiceRow:
    difference = invoice.charged.amount - spend
    days = (invoice.last - invoice.first).days + 1
    slack = invoice.amount.coin.amount / 2 * days
    if not spend and invoice.charged:
        status = "no spend"
    elif not difference:
        status = "matches"
    elif abs(difference) <= slack:
        status = "rounding"
    else:
        status = "charged more" if difference > 0 else "charged less"
    return InvoiceRow(invoice, reported=spend, difference=difference, status=status)


def _check(invoices: tuple[Invoice, ...], facts: Facts) -> None:
    issues = []
    for k, one in enumerate(invoices):
        path = f"invoices[{k}]"
        if one.last < one.first:
            issues.append(
                Issue(
                    f"{path}.last",
                    "invoice.days",
                    f"invoice {one.number} ends on {one.last}, before it starts",
                    value=str(one.last),
                    limit=f"{one.first} or later",
                    hint="swap its days",
                )
            )
        issues += [
            Issue(
                path,
                "invoice.overlap",
                f"invoices {other.number} and {one.number} are for the same days",
                value=one.number,
                limit="each day of an account on one invoice",
                hint="give both the account they are for, or leave one out",
            )
            for other in invoices[:k]
            if _overlap(one, other)
        ]
    issues += _currency_issues(invoices, facts)
    if issues:
        raise ValidationError(issues)


def _overlap(one: Invoice, other: Invoice) -> bool:
    same = one.platform == other.platform and (
        one.account == other.account or not (one.account and other.account)
    )
    return same and one.first <= other.last and other.first <= one.last


def _currency_issues(invoices: tuple[Invoice, ...], facts: Facts) -> list[Issue]:
    found = {
        money.currency
        for one in invoices
        for money in (one.amount, one.tax, one.credit)
        if money is not None
    } | {row.currency for row in facts.metrics}
    if len(found) <= 1:
        return []
    names = ", ".join(sorted(found))
    return [
        Issue(
            "invoices",
            "money.currency_mismatch",
            f"amounts in {names} cannot be held to each other",
            value=names,
            limit="one currency",
            hint="reconcile each currency alone, or facts.converted('EUR', rates)",
        )
    ]
