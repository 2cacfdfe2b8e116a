"""
The pace of a plan, and invoices held to spend.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from _launch import FIRST, LAST, launch_plan
from smmlib.analytics import Facts, Invoice, pace, reconcile_invoices
from smmlib.errors import CurrencyMismatch, ValidationError
from smmlib.model import MetricRow, Money

_A_DAY = {"meta-leads": "300.10", "linkedin-office": "190.005", "x-teaser": "12"}


def _row(day, line, spend, **more):
    usual = {"currency": "EUR", "platform": "meta", "account": "1", "line": line}
    return MetricRow(day, spend=Decimal(spend), **(usual | more))


def _facts(**more):
    days = [FIRST + timedelta(days=k) for k in range(14)]
    rows = [_row(d, n, s, **more) for d in days for n, s in _A_DAY.items()]
    return Facts(rows)


def test_a_plan_is_paced_and_becomes_a_plan():
    """
    Lines run by hand stay out; what is moved fits into the plan, and sums to the cent.
    """
    plan = launch_plan()
    found = pace(plan, _facts())

    assert ["meta-leads", "linkedin-office", "x-teaser"] == [r.line for r in found.rows]
    assert LAST == found.as_of
    assert "behind" == found.row("x-teaser").status
    after = plan.with_budgets(found)
    before, now = (
        sum(line.cost.amount for line in p.lines.values() if line.cost)
        for p in (plan, after)
    )
    assert before == now
    assert after.lines["x-teaser"].cost < plan.lines["x-teaser"].cost


def test_a_day_that_is_still_running_does_not_count():
    """
    A last day with half of the usual spend is not over yet.
    """
    today = [_row(LAST + timedelta(days=1), n, "60") for n in _A_DAY]

    assert LAST == pace(launch_plan(), _facts() + Facts(today)).as_of


def test_bounds_name_lines_of_the_plan():
    """
    A cap for a line that is not there is refused with the one that was meant.
    """
    with pytest.raises(ValidationError, match="meta-lead"):
        pace(launch_plan(), _facts(), most={"meta-lead": "400 EUR"})


def test_spend_in_another_currency_is_refused():
    """
    Dollars spent cannot be held to euros planned.
    """
    with pytest.raises(CurrencyMismatch):
        pace(launch_plan(), _facts(currency="USD"))


def _invoice(number="R-1", amount="420.14 EUR", **more):
    usual = {"platform": "meta", "first": FIRST, "last": FIRST}
    return Invoice(number, amount, **(usual | more))


def test_invoices_are_held_to_spend_to_the_cent():
    """
    Tax is taken out, a voucher put back; what matches, is rounded or is not, is said.
    """
    facts = Facts([_row(FIRST, "a", "100.004"), _row(LAST, "a", "7")])
    rounding = _invoice(amount="119.00 EUR", tax="19 EUR")
    more = _invoice("R-2", "5 EUR", credit="3 EUR", first=LAST, last=LAST)
    found = reconcile_invoices([rounding, more], facts)

    assert ["rounding", "charged more"] == [row.status for row in found.rows]
    assert (Decimal("-0.004"), Decimal(1)) == tuple(r.difference for r in found.rows)
    assert not found.ok
    assert "charged more" in str(found)


def test_spend_without_an_invoice_is_named():
    """
    A day no invoice is for is unbilled, and counts in the whole difference.
    """
    facts = Facts([_row(FIRST, "a", "10"), _row(LAST, "a", "7")])
    found = reconcile_invoices([_invoice(amount="10 EUR")], facts)

    assert (("meta 1", Decimal(7)),) == found.unbilled
    assert Decimal(-7) == found.difference
    assert Money("10.00", "EUR") == found.rows[0].invoice.charged


def test_invoices_that_cannot_be_are_refused_at_once():
    """
    Days the wrong way, the same days twice, and two currencies, all in one answer.
    """
    wrong = _invoice("R-2", first=LAST, last=FIRST)
    with pytest.raises(ValidationError) as caught:
        reconcile_invoices(
            [_invoice(), _invoice("R-3", "1 USD"), wrong], Facts([_row(FIRST, "a", 1)])
        )

    codes = {issue.code for issue in caught.value.issues}
    assert {"invoice.days", "invoice.overlap", "money.currency_mismatch"} == codes
    assert date(2027, 3, 1) == FIRST
