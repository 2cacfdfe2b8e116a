from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from _warehouses import ENGINES, warehouse_place
from smmlib.analytics import Facts, kpi_expression
from smmlib.errors import ValidationError
from smmlib.model import BASE_METRICS, KPI, MetricRow, kpi, kpi_library

_DAY = date(2027, 3, 1)
_NUMBERS = {
    "taste": (100, 3, 5, 2, "12.5"),
    "opening": (300, 9, 0, 0, "0.000000001"),
    "nobody": (0, 0, 0, 0, "7"),
}


def _facts():
    return Facts(
        MetricRow(
            _DAY + timedelta(days=day),
            "facebook",
            currency="EUR",
            platform="meta",
            account="1",
            campaign="spring",
            ad=ad,
            impressions=views,
            clicks=clicks,
            registrations=registrations,
            conversions=conversions,
            spend=Decimal(spend) * (day + 1),
            revenue=Decimal(day * conversions) if conversions else None,
        )
        for ad, (views, clicks, registrations, conversions, spend) in _NUMBERS.items()
        for day in range(3)
    )


@pytest.fixture(scope="module", params=ENGINES)
def warehouse(request, tmp_path_factory):
    """
    The same rows on each engine.
    """
    from smmlib.analytics import Warehouse

    folder = tmp_path_factory.mktemp(request.param)
    with (
        warehouse_place(request.param, folder) as place,
        Warehouse.connect(place()) as found,
    ):
        found.ingest(_facts())
        yield found


_SUMMED = ("spend", "impressions", "clicks", "registrations", "conversions", "revenue")
_READY = [k for k in kpi_library().values() if set(k.metrics) <= set(_SUMMED)]


def test_formulas_give_the_same_in_a_database(warehouse):
    """
    Every KPI over sums: the database's answer is the exact one, and null where that is
    undefined, never zero.
    """
    t = warehouse.table("metrics")
    sums = t.group_by("ad").agg(**{name: t[name].sum() for name in _SUMMED})
    asked = sums.select("ad", **{k.name: kpi_expression(k, sums) for k in _READY})
    found = warehouse.run(asked)
    exact = {total.label("ad"): total for total in _facts().totals("ad")}

    assert set(_NUMBERS) == {row[0] for row in found.rows}
    for row in found.rows:
        for name, value in zip(found.columns[1:], row[1:], strict=True):
            expected = exact[row[0]].kpi(name)
            where = f"{name} of {row[0]}"
            assert (expected is None) == (value is None), where
            if expected is not None:
                assert float(expected) == pytest.approx(float(value), rel=1e-12), where


def test_groups_can_be_sorted_by_a_kpi(warehouse):
    """
    The dearest come first, what is undefined last, and only as many as asked for.
    """
    before = warehouse.rows_fetched
    dear = warehouse.totals(["ad"], order="-cpa", limit=2)
    cheap = warehouse.totals(["ad"], order="cpm")

    assert "taste" == dear[0].label("ad")
    assert ["opening", "taste", "nobody"] == [row.label("ad") for row in cheap]
    currencies = 2  # asked each time: somebody else may have taken in others
    assert 2 + 3 + currencies == warehouse.rows_fetched - before


def test_a_lacking_sum_is_refused(warehouse):
    """
    A formula without one of its sums is an error that names it.
    """
    t = warehouse.table("metrics")
    sums = t.agg(spend=t.spend.sum())
    with pytest.raises(ValidationError, match="clicks"):
        kpi_expression("cpc", sums)
    with pytest.raises(ValidationError, match="followers"):
        warehouse.totals(order="followers")


def test_own_formulas_work_too(warehouse):
    """
    A KPI of one's own is compiled the same way, with its brackets.
    """
    t = warehouse.table("metrics")
    sums = t.agg(spend=t.spend.sum(), clicks=t.clicks.sum())
    own = KPI("odd", "(spend - clicks) / (clicks * 2) * 10")
    value = warehouse.run(sums.select(odd=kpi_expression(own, sums))).rows[0][0]
    total = _facts().totals()[0]

    assert float(own.value(total.values)) == pytest.approx(value, rel=1e-12)


def test_only_base_metrics_are_formulas():
    """
    All the trade's KPIs are built of base metrics and have a kind of amount.
    """
    for known in kpi_library().values():
        assert set(known.metrics) <= set(BASE_METRICS)
        assert known == kpi(known.name)
