"""
Sums turned into rows of a report.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import PurePath
from typing import TYPE_CHECKING

from smmlib.report._view import ImportView, NoteView, Numbers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smmlib.analytics import Facts, Totals
    from smmlib.errors import Issue


def ratio(
    above: Decimal | None, below: Decimal | None, times: int = 1
) -> Decimal | None:
    """
    A quotient, undefined where a side is unknown or the divisor is zero.
    """
    return None if above is None or not below else above / below * times


def numbers(
    total: Totals | None,
    labels: Mapping[str, str],
    *,
    registrations: Decimal | None = None,
) -> Numbers:
    """
    One row of a table from summed metrics.

    Args:
        total: The sums; None where nothing was reported at all.
        labels: What the row is.
        registrations: Own records, where they are to stand instead of claims.
    """
    values = dict(total.values) if total else {}
    get = values.get
    spend, approved = get("spend"), get("approved_conversions")
    conversions = get("conversions")
    enquiries = conversions if approved is not None else get("leads")
    acquired = approved if approved is not None else conversions
    return Numbers(
        dict(labels),
        spend=spend,
        impressions=get("impressions"),
        clicks=get("clicks"),
        visits=get("visits"),
        leads=get("leads"),
        registrations=registrations
        if registrations is not None
        else get("registrations"),
        conversions=conversions,
        approved_conversions=approved,
        revenue=get("revenue"),
        roas=ratio(get("revenue"), spend),
        cpm=ratio(spend, get("impressions"), 1000),
        ctr=ratio(get("clicks"), get("impressions"), 100),
        cpc=ratio(spend, get("clicks")),
        cost_per_enquiry=ratio(spend, enquiries),
        cpa=ratio(spend, acquired),
    )


def imports_of(facts: Facts) -> ImportView:
    """
    What a report rests on; folders of the machine it was made on stay out of it.
    """
    return ImportView(
        tuple(dict.fromkeys(file_name(source) for source in facts.sources)),
        len(facts.metrics),
        conversions=len(facts.conversions),
        currency=facts.currency,
        zone=facts.zone,
        first=facts.first_day,
        last=facts.last_day,
    )


def file_name(source: str) -> str:
    """
    A file's name without its folders; other sources stay as they are.
    """
    if "://" in source or not ("/" in source or "\\" in source):
        return source
    return PurePath(source.replace("\\", "/")).name


def note_of(issue: Issue) -> NoteView:
    """
    An issue as a reader of the report sees it.
    """
    parts = [file_name(issue.file) if issue.file else "", issue.path]
    return NoteView(
        issue.severity.value,
        issue.message,
        code=issue.code,
        where=" ".join(part for part in parts if part),
        hint=issue.hint,
    )
