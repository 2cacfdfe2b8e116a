"""
Numbers from LinkedIn: whole, exact, and zero where nothing happened.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import attrs
import httpx
import pytest

from _linkedin_adapter import a_plan, audiences, files, linkedin_of
from _meta_adapter import FakeClock
from smmlib.adapters.linkedin import LinkedInPlatform, _analytics
from smmlib.errors import UnexpectedResponseError
from smmlib.model import Flight
from smmlib.ports import Action, Connection, Kind, Secret
from smmlib.sandbox import Sandbox
from smmlib.testing._conformance_tools import place

_ACCOUNT = {"id": 512345678, "currency": "EUR", "name": "Alpenkaffee"}


def _row(day, creative=3, **metrics):
    when = {"year": 2027, "month": 2, "day": day}
    return {
        "dateRange": {"start": when, "end": when},
        "pivotValues": [
            "urn:li:sponsoredCampaignGroup:1",
            "urn:li:sponsoredCampaign:2",
            f"urn:li:sponsoredCreative:{creative}",
        ],
        **metrics,
    }


def _service(rows_of):
    """
    A service without entities that answers reports with `rows_of(query)`.
    """

    def answer(request):
        query = dict(
            part.split("=", 1) for part in request.url.query.decode().split("&") if part
        )
        if request.url.path.endswith("adAnalytics"):
            return httpx.Response(200, json={"elements": rows_of(query)})
        if request.url.path.endswith(("adCampaigns", "creatives")):
            return httpx.Response(200, json={"elements": [], "metadata": {}})
        return httpx.Response(200, json=_ACCOUNT)

    return LinkedInPlatform.connect(
        Connection("linkedin", "512345678", token=Secret("AQX" + "t" * 60)),
        transport=httpx.MockTransport(answer),
        clock=FakeClock(),
    )


def test_costs_are_exact():
    """
    Decimal texts with long fractions stay what they are.
    """
    row = _row(3, costInLocalCurrency="19.91833", impressions=7, oneClickLeads=2)
    platform = _service(lambda _: [row])

    (found,) = platform.metrics(Flight.parse("2027-02-01..2027-02-07", "UTC"))

    assert Decimal("19.91833") == found.spend
    assert (date(2027, 2, 3), 7, 2, 0) == (
        found.on,
        found.impressions,
        found.leads,
        found.clicks,
    )
    assert ("1", "2", "3") == (found.campaign, found.ad_set, found.ad)


def test_metrics_are_asked_for_in_parts(monkeypatch):
    """
    More metrics than one call takes are put together again, per day and ad.
    """
    monkeypatch.setattr(_analytics, "METRICS", tuple(f"m{n}" for n in range(40)))
    asked = []

    def rows(query):
        names = query["fields"].split(",")[2:]
        asked.append(len(names))
        return [_row(3, **dict.fromkeys(names, 1))]

    report = _service(rows)._report()
    merged = report._merged(Flight.parse("2027-02-01..2027-02-07", "UTC"))

    assert [18, 18, 4] == asked
    (row,) = merged.values()
    assert {f"m{n}" for n in range(40)} <= row.keys()


def test_too_many_rows_are_asked_for_in_halves(monkeypatch):
    """
    A report at LinkedIn's limit is not taken for whole.
    """
    monkeypatch.setattr(_analytics.tables, "REPORT_ROWS", 2)
    asked = []

    def rows(query):
        first, last = map(int, re.findall(r"day:(\d+)", query["dateRange"]))
        asked.append((first, last))
        return [_row(day) for day in range(first, last + 1)][:2]

    found = list(_service(rows).metrics(Flight.parse("2027-02-01..2027-02-04", "UTC")))

    assert [1, 2, 3, 4] == [row.on.day for row in found]
    assert [(1, 4), (1, 2), (1, 1), (2, 2), (3, 4), (3, 3), (4, 4)] == asked


def test_a_day_with_too_many_rows_is_an_error(monkeypatch):
    """
    What cannot be halved any more is told, never cut.
    """
    monkeypatch.setattr(_analytics.tables, "REPORT_ROWS", 1)
    platform = _service(lambda _: [_row(1)])

    with pytest.raises(UnexpectedResponseError):
        list(platform.metrics(Flight.parse("2027-02-01..2027-02-01", "UTC")))


def test_days_without_activity_are_zeros(tmp_path):
    """
    Every ad that could run has a row for each day until today, and the sum is the
    account's own.
    """
    sandbox = Sandbox(seed=7)
    platform = linkedin_of(sandbox, files(tmp_path))
    everybody = attrs.evolve(audiences()["office"], narrow_by=(), exclude=())
    plan = a_plan(audiences={**audiences(), "office": everybody})
    placed = place(platform, platform.wanted(plan).resources)
    for kind in (Kind.AD, Kind.AD_SET, Kind.CAMPAIGN):
        for resource, _ in placed.of(kind):
            platform.execute([placed.order(Action.ACTIVATE, resource)])
    sandbox.advance(days=10)

    rows = list(platform.metrics(plan.flight))

    days = (sandbox.now.date() - plan.flight.first_day).days + 1
    assert days * 4 == len(rows)
    assert sum(row.spend for row in rows) == platform.spent(plan.flight) > 0
    platform.close()


def test_a_report_refused_for_its_rows_is_asked_for_in_halves(monkeypatch, tmp_path):
    """
    What the platform refuses as a whole it tells in parts, and all of it.
    """
    from smmlib.sandbox.linkedin import _analytics as platforms

    sandbox = Sandbox(seed=7)
    live = linkedin_of(sandbox, files(tmp_path))
    everybody = attrs.evolve(audiences()["office"], narrow_by=(), exclude=())
    plan = a_plan(audiences={**audiences(), "office": everybody})
    placed = place(live, live.wanted(plan).resources)
    for kind in (Kind.AD, Kind.AD_SET, Kind.CAMPAIGN):
        for resource, _ in placed.of(kind):
            live.execute([placed.order(Action.ACTIVATE, resource)])
    sandbox.advance(days=12)
    whole = list(live.metrics(plan.flight))
    monkeypatch.setattr(platforms, "MOST_ROWS", 6)
    assert whole == list(live.metrics(plan.flight))
    live.close()
