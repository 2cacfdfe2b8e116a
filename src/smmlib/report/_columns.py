"""
The columns of a table of ad numbers: those that its export has, by their right names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from smmlib.report._view import Numbers, ReportView

LONGEST = 50
"""
How many rows a page shows of a table; the JSON has them all.
"""


@attrs.frozen
class Column:
    """
    One column: its head, the field of `Numbers` it shows, and how.
    """

    label: str
    field: str
    kind: str


def cost_label(view: ReportView) -> str:
    """
    What the cost of one conversion is called: cost per lead, per result, or CPA.
    """
    approved = view.totals is not None and view.totals.approved_conversions is not None
    if approved or view.claimed == "conversions":
        return "CPA"
    return f"Cost per {view.claimed.removesuffix('s')}"


def conversions_label(view: ReportView) -> str:
    """
    What the conversions are called: enquiries where approved ones are counted too.
    """
    approved = view.totals is not None and view.totals.approved_conversions is not None
    return "Enquiries" if approved else view.claimed.capitalize()


def shows_leads(total: Numbers, claimed: str) -> bool:
    """
    Whether leads are known beside conversions that are something else.
    """
    return total.leads is not None and claimed != "leads"


def ad_columns(view: ReportView) -> tuple[Column, ...]:
    """
    The columns of every table of ad numbers in one report.
    """
    total = view.totals
    cost = cost_label(view)
    if view.kind == "plan" or total is None:
        one = view.claimed.removesuffix("s")
        counted = [Column(f"Claimed {view.claimed}", "conversions", "count")]
        costs = [Column(f"Cost per claimed {one}", "cpa", "amount")]
    else:
        counted, costs = _counted(view, total), _costs(view, total, cost)
    return (
        Column("Impressions", "impressions", "count"),
        Column("Clicks", "clicks", "count"),
        Column("Spend", "spend", "amount"),
        *counted,
        Column("CPM", "cpm", "amount"),
        Column("CTR", "ctr", "percent"),
        Column("CPC", "cpc", "amount"),
        *costs,
    )


def _counted(view: ReportView, total: Numbers) -> list[Column]:
    found = [Column(conversions_label(view), "conversions", "count")]
    if total.approved_conversions is not None:
        found.append(Column("Approved", "approved_conversions", "count"))
    if shows_leads(total, view.claimed):
        found.append(Column("Leads", "leads", "count"))
    if total.revenue is not None:
        found.append(Column("Claimed revenue", "revenue", "amount"))
        found.append(Column("ROAS", "roas", "number"))
    return found


def _costs(view: ReportView, total: Numbers, cost: str) -> list[Column]:
    found = []
    if total.approved_conversions is not None:
        found.append(Column("Cost per enquiry", "cost_per_enquiry", "amount"))
    elif shows_leads(total, view.claimed):
        found.append(Column("Cost per lead", "cost_per_enquiry", "amount"))
    return [*found, Column(cost, "cpa", "amount")]
