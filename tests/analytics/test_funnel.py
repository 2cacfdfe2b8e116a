from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from _warehouses import hand_made
from smmlib.analytics import Facts, Warehouse, funnel
from smmlib.errors import CurrencyMismatch
from smmlib.model import MetricRow

_DAY, _END = date(2027, 3, 1), date(2027, 3, 31)


def _facts(**more):
    numbers = {
        "impressions": 10_000,
        "clicks": 200,
        "visits": 150,
        "registrations": 30,
        "conversions": 6,
    }
    return Facts([MetricRow(_DAY, "x", spend=60, currency="EUR", **numbers | more)])


def test_each_step_is_a_part_of_the_one_before():
    """
    10,000 views, 2 % click, 75 % of these arrive, 20 % register, 20 % buy for 10 EUR.
    """
    row = funnel(_facts(), by="network")[0]

    assert {"network": "x"} == dict(row.labels)
    assert [None, 2, 75, 20, 20] == [step.rate for step in row.steps]
    assert Decimal(10) == row["sales"].cost
    assert {"claimed by the platforms"} == {step.source for step in row.steps}


def test_a_step_nobody_counts_is_left_out():
    """
    Without visits, registrations are a part of the clicks; undefined is not zero.
    """
    row = funnel(_facts(visits=None))[0]

    assert (None, None) == (row["visits"].count, row["visits"].rate)
    assert Decimal(15) == row["registrations"].rate
    assert row["sales"].cost == 10
    assert funnel(_facts(conversions=0))[0]["sales"].cost is None


@pytest.mark.parametrize("by", [(), ("network",)], ids=str)
def test_own_sales_come_first_in_memory_and_in_a_database(by):
    """
    Purchases without refunds of the brand's own records, not what platforms claim.
    """
    facts, rates = hand_made()
    with Warehouse.connect() as warehouse:
        warehouse.ingest(facts)
        warehouse.ingest_rates(rates)
        window = {"by": by, "last": _END, "currency": "EUR"}
        here = funnel(facts, rates=rates, **window)
        there = funnel(warehouse, **window)

    for one, other in zip(here, there, strict=True):
        assert one.labels == other.labels
        assert abs(one.spend - other.spend) < Decimal("0.000001")
        for name in ("sales", "registrations"):
            assert one[name].count == other[name].count
    if by:
        sales = {row.labels["network"]: row["sales"].count for row in here}
        assert {"facebook": 1, "linkedin": 1, "telegram": 1} == sales
    else:
        assert (3, "own records") == (here[0]["sales"].count, here[0]["sales"].source)
    with pytest.raises(CurrencyMismatch):
        funnel(facts)


def test_funnels_show_themselves():
    """
    As text, as a table, as columns.
    """
    found = funnel(_facts(), by="network")

    assert "75.00 %" in str(found)
    assert "<td" in found._repr_html_()
    assert 5 == len(found.to_dict()["step"])
    assert 0 == len(funnel(Facts()))
