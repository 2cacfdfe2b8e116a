"""
Who the people were, and every facet's entities.
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from _linkedin import Refused

_PIVOTS = (
    "MEMBER_COMPANY_SIZE", "MEMBER_INDUSTRY", "MEMBER_SENIORITY", "MEMBER_JOB_TITLE",
    "MEMBER_JOB_FUNCTION", "MEMBER_COUNTRY_V2", "MEMBER_REGION_V2", "MEMBER_COMPANY",
)  # fmt: skip
_FACETS = {
    "followedCompanies": "Nord", "firstDegreeConnectionCompanies": "Nord",
    "schools": "Lake", "degrees": "Master", "fieldsOfStudy": "Comp",
    "groups": "Coffee", "companyCategory": "Fortune", "growthRate": "10",
}  # fmt: skip


def _run(door, **changes):
    _, campaign, ad = door.tree(**changes)
    door.activate(campaign, ad)
    door.sandbox.advance(days=20)
    return campaign


@pytest.mark.parametrize("pivot", _PIVOTS)
def test_a_report_by_member_is_part_of_the_whole(linkedin, pivot):
    """
    At most a hundred values, three events at least, never more than the whole.
    """
    _run(linkedin)
    (whole,) = linkedin.analytics()
    rows = linkedin.analytics(pivot)
    values = [row["pivotValues"][0] for row in rows]
    assert 0 < len(rows) <= 100
    assert len(set(values)) == len(values)
    assert all(row["impressions"] >= 3 for row in rows)
    assert sum(row["impressions"] for row in rows) <= whole["impressions"]
    spent = sum(Decimal(row["costInLocalCurrency"]) for row in rows)
    assert 0 < spent <= Decimal(whole["costInLocalCurrency"])
    assert rows == linkedin.analytics(pivot)


def test_targeting_narrows_who_is_reported(linkedin):
    """
    A campaign for managers in Germany was seen by managers in Germany.
    """
    five = "urn:li:seniority:5"
    _run(linkedin, targetingCriteria=linkedin.target({"seniorities": [five]}))
    assert [five] == [
        r["pivotValues"][0] for r in linkedin.analytics("MEMBER_SENIORITY")
    ]
    (country,) = linkedin.analytics("MEMBER_COUNTRY_V2")
    assert [linkedin.germany] == country["pivotValues"]


def test_a_day_is_cut_by_member_half_a_day_later(linkedin):
    """
    Yesterday is there in the afternoon, not in the morning.
    """
    _run(linkedin)
    hour = linkedin.sandbox.now.hour
    linkedin.sandbox.advance((25 - hour) * 3600)
    days = _days(linkedin, "CAMPAIGN")
    early = set(_days(linkedin, "MEMBER_SENIORITY"))
    linkedin.sandbox.advance(13 * 3600)
    late = set(_days(linkedin, "MEMBER_SENIORITY"))
    assert early < set(days)
    assert {max(days) - 1} == late - early


def _days(door, pivot):
    rows = door.analytics(pivot, timeGranularity="DAILY")
    return [row["dateRange"]["start"]["day"] for row in rows]


@pytest.mark.parametrize(("facet", "words"), _FACETS.items(), ids=_FACETS)
def test_every_facet_has_entities_to_find_and_to_target(linkedin, facet, words):
    """
    Found by the words, known by URN, taken by a campaign and counted.
    """
    urn = linkedin.entity(facet, words)
    (row,) = linkedin.get("/adTargetingEntities", q="urns", urns=[urn])["elements"]
    assert urn == row["urn"]
    criteria = linkedin.target({facet: [urn]})
    campaign = linkedin.campaign(linkedin.group(), targetingCriteria=criteria)
    found = linkedin.get(f"{linkedin.campaigns()}/{campaign}")
    assert criteria == found["targetingCriteria"]
    asked = {"q": "targetingCriteriaV2"}
    few = linkedin.get("/audienceCounts", **asked, targetingCriteria=criteria)
    all_ = linkedin.get("/audienceCounts", **asked, targetingCriteria=linkedin.target())
    assert 0 < few["elements"][0]["total"] < all_["elements"][0]["total"]


def test_what_no_document_names_is_not_made_up(linkedin):
    """
    How revenues are called is unknown, so the facet answers 501.
    """
    with pytest.raises(Refused) as caught:
        linkedin.entity("revenue", "1")
    assert 501 == caught.value.status


@pytest.mark.parametrize("name", ["Follower", "Share"])
def test_page_figures_are_never_simulated(linkedin, name):
    """
    No document describes them, so nothing plausible is answered.
    """
    with pytest.raises(Refused) as caught:
        linkedin.get(
            f"/organizationalEntity{name}Statistics",
            q="organizationalEntity",
            organizationalEntity=linkedin.page,
        )
    assert 501 == caught.value.status
