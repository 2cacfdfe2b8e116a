"""
The report of an export alone: no plan, no targets, only what the ads did.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from smmlib.model import Unit
from smmlib.report._columns import shows_leads
from smmlib.report._format import period
from smmlib.report._numbers import imports_of, note_of, numbers
from smmlib.report._view import Figure, Numbers, ReportView

if TYPE_CHECKING:
    from smmlib.analytics import Facts


def metrics_view(facts: Facts, title: str | None) -> ReportView:
    """
    Totals, campaigns, days, and age bands by gender where the export has them.
    """
    sums = facts.totals()
    total = numbers(sums[0] if sums else None, {})
    kinds = {name for row in facts.metrics for name in row.breakdown}
    people = {"age", "gender"} <= kinds
    return ReportView(
        "metrics",
        title or "What the ads did",
        subtitle=period(facts.first_day, facts.last_day),
        currency=facts.currency,
        as_of=facts.last_day,
        first=facts.first_day,
        last=facts.last_day,
        figures=_figures(total, facts.claimed),
        totals=total,
        claimed=facts.claimed,
        campaigns=_grouped(facts, ("campaign",)),
        ad_sets=_ranked(facts, "campaign", "ad_set"),
        ads=_ranked(facts, "campaign", "ad_set", "ad"),
        breakdown=_grouped(facts, ("age", "gender")) if people else (),
        daily=_grouped(facts, ("on",)),
        imports=imports_of(facts),
        notes=tuple(note_of(issue) for issue in facts.notes),
    )


def _grouped(facts: Facts, by: tuple[str, ...]) -> tuple[Numbers, ...]:
    return tuple(numbers(t, {n: t.label(n) for n in by}) for t in facts.totals(by))


def _ranked(facts: Facts, *by: str) -> tuple[Numbers, ...]:
    """
    Groups the export tells apart, the most expensive first.
    """
    if not any(getattr(row, by[-1]) for row in facts.metrics):
        return ()
    return tuple(
        sorted(_grouped(facts, by), key=lambda row: -(row.spend or Decimal(0)))
    )


def _figures(total: Numbers, claimed: str) -> tuple[Figure, ...]:
    approved = total.approved_conversions is not None
    leads = shows_leads(total, claimed)
    plain = claimed == "conversions" or approved
    rows = [
        ("impressions", "Impressions", total.impressions, Unit.COUNT),
        ("clicks", "Clicks", total.clicks, Unit.COUNT),
        ("spend", "Spend", total.spend, Unit.MONEY),
        ("cpm", "CPM", total.cpm, Unit.MONEY),
        ("ctr", "CTR", total.ctr, Unit.PERCENT),
        ("cpc", "CPC", total.cpc, Unit.MONEY),
        (
            "conversions",
            "Enquiries" if approved else claimed.capitalize(),
            total.conversions,
            Unit.COUNT,
        ),
        (
            "approved_conversions",
            "Approved conversions",
            total.approved_conversions,
            Unit.COUNT,
        ),
        ("leads", "Leads", total.leads if leads else None, Unit.COUNT),
        (
            "cost_per_enquiry",
            "Cost per enquiry" if approved else "Cost per lead",
            total.cost_per_enquiry if approved or leads else None,
            Unit.MONEY,
        ),
        (
            "cpa",
            "CPA" if plain else f"Cost per {claimed.removesuffix('s')}",
            total.cpa,
            Unit.MONEY,
        ),
        ("revenue", "Claimed revenue", total.revenue, Unit.MONEY),
        ("roas", "ROAS", total.roas, Unit.RATIO),
    ]
    details = _DETAILS | {
        "conversions": "as the export counts them",
        "cost_per_enquiry": f"spend over {'enquiries' if approved else 'leads'}",
        "cpa": f"spend over {'approved conversions' if approved else claimed}",
    }
    return tuple(
        Figure(name, label, value=value, unit=unit, detail=details.get(name, ""))
        for name, label, value, unit in rows
        if value is not None
    )


_DETAILS = {
    "cpm": "per thousand impressions",
    "ctr": "clicks per impression",
    "cpc": "per click",
    "revenue": "value of conversions, as the export says",
    "roas": "claimed revenue per unit spent",
}
