"""
Numbers of X: days of the account's zone, micros exact, and null is not 0.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from _x_adapter import ZONE
from smmlib import Flight
from smmlib.adapters.x._stats import Report
from smmlib.errors import UnexpectedResponseError
from smmlib.ports import Account

ACCOUNT = Account("abc", "EUR", ZONE, "Roastery")


class _Clock:
    """
    A clock at one moment.
    """

    def __init__(self, moment):
        self._moment = moment

    def now(self):
        return self._moment

    def sleep(self, seconds):
        raise AssertionError


class _Api:
    """
    Answers as X does, and keeps what it was asked.
    """

    def __init__(self, metrics, *, active=True, days=2):
        self.metrics = metrics
        self.asked = []
        self._active = active
        self._days = days

    def stats(self, path="", **params):
        self.asked.append((path, params))
        if path == "active_entities":
            span = {
                "activity_start_time": "2027-03-01T00:00:00Z",
                "activity_end_time": "2027-04-30T00:00:00Z",
            }
            return [{"entity_id": f"p{n}", **span} for n in range(self._active * 1)]
        ids = params["entity_ids"]
        return [{"id": i, "id_data": [{"metrics": self.metrics}]} for i in ids]

    def chosen(self, path, name, ids, **_):
        if path == "promoted_tweets":
            return iter(
                {"id": i, "line_item_id": "l1", "tweet_id": "77"} for i in set(ids)
            )
        return iter([{"id": "l1", "campaign_id": "c1"}])


def _rows(metrics, flight="2027-03-02..2027-03-03", now=None, **options):
    moment = now or datetime(2027, 3, 10, 9, tzinfo=UTC)
    api = _Api(metrics, **options)
    report = Report(api, ACCOUNT, _Clock(moment))
    return list(report.rows(Flight.parse(flight, ZONE))), api


def test_figures_become_rows_by_day():
    """
    Micros are exact, and an ad is its post in its line item.
    """
    rows, _ = _rows(
        {"impressions": [10, 20], "billed_charge_local_micro": [1, 2_500_000]}
    )

    assert [date(2027, 3, 2), date(2027, 3, 3)] == [row.on for row in rows]
    assert [Decimal("0.000001"), Decimal("2.5")] == [row.spend for row in rows]
    assert {("c1", "l1", "l1-77")} == {(r.campaign, r.ad_set, r.ad) for r in rows}


def test_null_is_not_zero():
    """
    What X tells as null stays unknown; a zero is a zero.
    """
    rows, _ = _rows(
        {"impressions": [10, 20], "clicks": [0, 1], "video_total_views": None}
    )

    assert [0, 1] == [row.clicks for row in rows]
    assert [None, None] == [row.video_views for row in rows]


def test_days_on_which_nothing_happened_have_no_row():
    """
    Zeros all over are no news.
    """
    rows, _ = _rows({"impressions": [0, 5], "billed_charge_local_micro": [0, 0]})

    assert [date(2027, 3, 3)] == [row.on for row in rows]


def test_nothing_active_nothing_asked():
    """
    X is asked which ads were active before it is asked for figures.
    """
    rows, api = _rows({}, active=False)

    assert [] == rows
    assert ["active_entities"] == [path for path, _ in api.asked]


def test_conversions_are_counted_with_their_value():
    """
    Claims by kind; views of a page are visits, no conversions.
    """
    rows, _ = _rows(
        {
            "conversion_purchases": {"metric": [1, 2], "sale_amount": [0, 9_000_000]},
            "conversion_sign_ups": {"metric": [3, 0]},
            "conversion_site_visits": {"metric": [50, 60]},
        }
    )

    assert [(4, 3, 50), (2, 0, 60)] == [
        (row.conversions, row.registrations, row.visits) for row in rows
    ]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (datetime(2027, 3, 10, 9, tzinfo=UTC), "2027-03-01T23:00:00+00:00"),
        (datetime(2027, 4, 10, 9, tzinfo=UTC), "2027-03-01T22:00:00+00:00"),
    ],
)
def test_midnight_goes_by_the_offset_of_today(now, expected):
    """
    X takes today's offset for every day, also beyond a change of the clocks.
    """
    _, api = _rows({"impressions": [1, 1]}, now=now)
    start = api.asked[0][1]["start_time"]

    assert expected == start.isoformat()
    assert start.utcoffset() is not None


def test_weeks_are_asked_for_one_by_one():
    """
    Seven days and twenty ids at once, one placement.
    """
    api = _Api({"impressions": [1] * 7}, days=7)
    report = Report(api, ACCOUNT, _Clock(datetime(2027, 4, 1, 9, tzinfo=UTC)))
    list(report.rows(Flight.parse("2027-03-01..2027-03-21", ZONE)))
    asked = [params for path, params in api.asked if not path]

    assert 3 == len(asked)
    assert {"ALL_ON_TWITTER"} == {params["placement"] for params in asked}
    assert {7} == {(p["end_time"] - p["start_time"]).days for p in asked}


def test_days_to_come_are_not_asked_for():
    """
    Today is the last one.
    """
    now = datetime(2027, 3, 2, 9, tzinfo=ZoneInfo(ZONE))
    rows, api = _rows({"impressions": [1]}, now=now)

    assert [date(2027, 3, 2)] == [row.on for row in rows]
    assert 1 == (api.asked[1][1]["end_time"] - api.asked[1][1]["start_time"]).days
    assert ([], []) == (_rows({}, "2027-05-01..2027-05-02", now)[0], [])


@pytest.mark.parametrize("metrics", [{"impressions": [1]}, {"impressions": ["1", 2]}])
def test_figures_that_do_not_fit_are_refused(metrics):
    """
    Another number of days, or no numbers: nothing is guessed.
    """
    with pytest.raises(UnexpectedResponseError):
        _rows(metrics)
