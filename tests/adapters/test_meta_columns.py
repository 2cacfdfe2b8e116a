"""
Columns hold what rows hold, however the report is sliced.
"""

from __future__ import annotations

from datetime import UTC, timedelta
from decimal import Decimal

import httpx
import pytest

from _meta_adapter import FakeClock, a_plan, connection, pictures, set_up
from smmlib import Flight
from smmlib.adapters import connect_platform
from smmlib.adapters.meta._columns import ColumnReader
from smmlib.adapters.meta._insights import slices
from smmlib.errors import UnexpectedResponseError
from smmlib.ports import Action, Kind, Operation
from smmlib.sandbox import Sandbox

_EVENTS = {"leads": ("lead", "pixel_lead"), "visits": ("landing_page_view",)}


def _row(**changes):
    usual = {
        "date_start": "2027-03-01",
        "campaign_id": "1",
        "adset_id": "2",
        "ad_id": "3",
        "account_currency": "EUR",
        "publisher_platform": "facebook",
        "spend": "12.345678901"[:12],
        "impressions": "10",
        "clicks": "2",
    }
    return usual | changes


def _action(kind, value):
    return {"action_type": kind, "value": value}


def test_a_part_counts_only_where_there_is_no_whole():
    """
    In any order; unknown actions are nobody's.
    """
    whole, part, other = _action("lead", "5"), _action("pixel_lead", "3"), "like"
    reader = ColumnReader(_EVENTS)
    reader.add(
        [
            _row(actions=[part, whole]),
            _row(actions=[whole, part]),
            _row(actions=[part, _action(other, "9")]),
            _row(),
        ]
    )
    assert [5, 5, 3, 0] == reader.columns.column("leads")
    assert [0, 0, 0, 0] == reader.columns.column("visits")


def test_spend_stays_exact_and_what_is_not_said_is_none():
    """
    Nine decimals, no floats; reach is missing, not zero.
    """
    reader = ColumnReader(_EVENTS)
    reader.add([_row(spend="0.1"), _row(spend="0.000000002")])
    columns = reader.columns
    assert [Decimal("0.1"), Decimal("0.000000002")] == columns.column("spend")
    assert Decimal("0.100000002") == columns.spent()
    assert [None, None] == columns.column("reach")
    assert 2 == len(columns)


@pytest.mark.parametrize("broken", [{"spend": "much"}, {"clicks": "x"}])
def test_rows_that_cannot_be_read_are_told(broken):
    """
    Never a wrong number in silence.
    """
    with pytest.raises(UnexpectedResponseError):
        ColumnReader(_EVENTS).add([_row(**broken)])


@pytest.mark.parametrize("days", [1, 3, 19, 20, 41, 400])
def test_slices_cover_every_day_once(days):
    """
    Whatever the length of a flight.
    """
    start = FakeClock().now().date()
    last = start + timedelta(days=days - 1)
    flight = Flight.from_dates(start, last, "Europe/Berlin")
    found = [day for part in slices(flight) for day in part.dates()]
    assert list(flight.dates()) == found


def test_columns_and_rows_tell_the_same(tmp_path):
    """
    A running launch read both ways: the same rows, the same sums.
    """
    sandbox = Sandbox(seed=7)
    pictures(tmp_path)
    platform = connect_platform(
        connection(sandbox.details(), options={"media_root": str(tmp_path)}),
        transport=sandbox.transport(),
        clock=FakeClock(),
    )
    assert isinstance(sandbox.transport(), httpx.BaseTransport)
    ids = set_up(platform, platform.wanted(a_plan()).resources)
    kinds = {"ads": Kind.AD, "ad_sets": Kind.AD_SET, "campaigns": Kind.CAMPAIGN}
    for name, kind in kinds.items():
        for address, own in ids.items():
            if address.split(".")[-2] == name:
                operation = Operation(
                    Action.ACTIVATE, kind, address=address, remote_id=own
                )
                platform.execute([operation])
    sandbox.advance(days=21)
    until = sandbox.now.astimezone(UTC).date()
    flight = Flight.parse(f"2027-03-01..{until}", "Europe/Berlin")
    rows = list(platform.metrics(flight))
    columns = platform.metric_columns(flight)
    assert len(rows) == len(columns) > 0
    assert sum(row.spend for row in rows) == columns.spent() == platform.spent(flight)
    for name in ("impressions", "clicks", "visits", "leads"):
        assert sum(getattr(r, name) or 0 for r in rows) == sum(columns.column(name))
    assert {row.ad for row in rows} == set(columns.column("ad"))
