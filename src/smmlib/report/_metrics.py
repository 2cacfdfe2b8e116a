"""
The report of an export alone: no plan, no targets, only what the ads did.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smmlib.model import Unit
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
        figures=_figures(total),
        totals=total,
        campaigns=_grouped(facts, ("campaign",)),
        breakdown=_grouped(facts, ("age", "gender")) if people else (),
        daily=_grouped(facts, ("on",)),
        imports=imports_of(facts),
        notes=tuple(note_of(issue) for issue in facts.notes),
    )


def _grouped(facts: Facts, by: tuple[str, ...]) -> tuple[Numbers, ...]:
    return tuple(numbers(t, {n: t.label(n) for n in by}) for t in facts.totals(by))


def _figures(total: Numbers) -> tuple[Figure, ...]:
    approved = total.approved_conversions is not None
    rows = [
        ("impressions", "Impressions", total.impressions, Unit.COUNT),
        ("clicks", "Clicks", total.clicks, Unit.COUNT),
        ("spend", "Spend", total.spend, Unit.MONEY),
        ("cpm", "CPM", total.cpm, Unit.MONEY),
        ("ctr", "CTR", total.ctr, Unit.PERCENT),
        ("cpc", "CPC", total.cpc, Unit.MONEY),
        (
            "conversions",
            "Enquiries" if approved else "Conversions",
            total.conversions,
            Unit.COUNT,
        ),
        (
            "approved_conversions",
            "Approved conversions",
            total.approved_conversions,
            Unit.COUNT,
        ),
        ("cost_per_enquiry", "Cost per enquiry", total.cost_per_enquiry, Unit.MONEY),
        ("cpa", "CPA", total.cpa, Unit.MONEY),
    ]
    return tuple(
        Figure(name, label, value=value, unit=unit, detail=_DETAILS.get(name, ""))
        for name, label, value, unit in rows
        if value is not None
    )


_DETAILS = {
    "cpm": "per thousand impressions",
    "ctr": "clicks per impression",
    "cpc": "per click",
    "cost_per_enquiry": "spend over enquiries",
    "cpa": "spend over acquired customers",
}
