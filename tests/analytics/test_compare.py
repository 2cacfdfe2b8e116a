from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import attrs
import pytest

from _launch import launch_plan, launch_strategy
from _warehouses import ENGINES, HAND_LAST, HAND_SPEND, hand_made, warehouse_place
from smmlib.analytics import Facts, Warehouse, kpi_table
from smmlib.errors import ConfigurationError, CurrencyMismatch, ValidationError
from smmlib.model import Goal, GrowthRow, KPIStatus, KPITarget, MetricRow, Money

_DAY = date(2027, 3, 1)
_END = date(2027, 3, 31)


def _row(day, spend, network="facebook", **more):
    return MetricRow(
        _DAY + timedelta(days=day),
        network,
        **{"currency": "EUR", "platform": "meta"} | more,
        spend=spend,
    )


@pytest.fixture(scope="module", params=ENGINES)
def warehouse(request, tmp_path_factory):
    """
    The set whose answer was worked out by hand, on each engine.
    """
    folder = tmp_path_factory.mktemp(request.param)
    facts, rates = hand_made()
    with (
        warehouse_place(request.param, folder) as place,
        Warehouse.connect(place()) as found,
    ):
        found.ingest(facts)
        found.ingest_rates(rates)
        yield found


_NAMES = ("spend", "cpc", "roas", "roi", "cac", "revenue", "registrations")


@pytest.mark.parametrize(
    "by", [(), ("network",), ("network", "campaign"), ("network", "week")], ids=str
)
def test_databases_and_memory_agree(warehouse, by):
    """
    Two currencies, three zones and a refund: the same table from both, to the cent, and
    the dated rates stand in it.
    """
    facts, rates = hand_made()
    window = {"first": _DAY, "last": _END, "currency": "EUR"}
    here = kpi_table(facts, _NAMES, by=by, rates=rates, **window)
    there = kpi_table(warehouse, _NAMES, by=by, **window)

    assert len(here) == len(there) > 0
    for one, other in zip(here, there, strict=True):
        assert (one.labels, one.kpi) == (other.labels, other.kpi)
        for name in ("value", "before"):
            a, b = getattr(one, name), getattr(other, name)
            assert (a is None) == (b is None), one
            assert a is None or a == pytest.approx(b, abs=Decimal("0.000001")), one
    assert here.rates
    assert [r.rate for r in here.rates] == [r.rate for r in there.rates]
    assert "by hand" in str(here)


def test_the_answer_by_hand():
    """
    Spend and revenue of each channel, own records before claims, ROI of both.
    """
    facts, rates = hand_made()
    table = kpi_table(
        facts, _NAMES, by="network", last=_END, currency="EUR", rates=rates
    )

    for network, spend in HAND_SPEND.items():
        revenue = Decimal(HAND_LAST[network])
        assert Decimal(spend) == table.of("spend", network=network).value
        assert revenue == table.of("revenue", network=network).value
        roas = table.of("roas", network=network).value
        assert roas == pytest.approx(revenue / Decimal(spend))
    assert table.of("cpc", network="telegram").value is None
    assert "–" in str(table)


def test_mixed_currencies_are_refused():
    """
    Without a currency to convert to, or without a rate, nothing is added up.
    """
    facts, _ = hand_made()
    with pytest.raises(CurrencyMismatch):
        kpi_table(facts)
    with pytest.raises(ValidationError, match="no rate"):
        kpi_table(facts, currency="EUR")
    assert {"EUR", "USD"} == {
        row.labels["currency"] for row in kpi_table(facts, by="currency")
    }


def test_periods_stand_beside_the_one_before():
    """
    Weeks are compared with their week before, spans with as many days before.
    """
    facts = Facts([_row(day, 10 + 10 * (day // 7)) for day in range(21)])
    weeks = kpi_table(facts, ["spend"], by="week")

    assert [70, 140, 210] == [row.value for row in weeks]
    assert [None, 70, 140] == [row.before for row in weeks]
    assert [None, 100, 50] == [row.change for row in weeks]
    span = kpi_table(facts, ["spend"], first=_DAY + timedelta(days=14)).rows[0]
    assert (210, 140, 50) == (span.value, span.before, span.change)
    month = kpi_table(facts, ["spend"], by=["month", "network"]).rows[0]
    assert {"month": "2027-03-01", "network": "facebook"} == dict(month.labels)
    last_year = kpi_table(facts, ["spend"], versus="year").rows[0]
    assert last_year.before is None
    with pytest.raises(ConfigurationError, match="versus"):
        kpi_table(facts, versus="tomorrow")


def test_undefined_is_not_zero():
    """
    Without clicks a CPC is undefined; a change from nothing is, too.
    """
    facts = Facts([_row(0, 0, clicks=0), _row(1, 10, clicks=None)])
    rows = kpi_table(facts, ["cpc", "ctr", "spend"], first=_DAY + timedelta(days=1))

    assert [None, None, 10] == [row.value for row in rows]
    assert [None, None, None] == [row.change for row in rows]
    assert () == kpi_table(Facts()).rows


def test_plan_and_target_stand_beside_it():
    """
    A week of a line: its money at an even pace, results at the expected costs, and the
    status of its target.
    """
    plan = launch_plan()
    line = attrs.evolve(
        plan.lines["meta-leads"],
        expect={"cpm": Money("6.40", "EUR"), "ctr": Decimal("1.2")},
        targets=[KPITarget("ctr", "1.0"), KPITarget("clicks", "42000")],
    )
    plan = attrs.evolve(plan, lines={"meta-leads": line}, campaigns={}, posts={})
    rows = [
        _row(day, "380", line="meta-leads", impressions=50_000, clicks=600)
        for day in range(7)
    ]
    table = kpi_table(
        Facts(rows), ["spend", "cpm", "ctr", "clicks"], by="line", plan=plan
    )

    spend = table.of("spend", line="meta-leads")
    assert Decimal(16000) / 6 == pytest.approx(spend.planned)
    assert spend.versus_plan == pytest.approx(Decimal("-0.25"))
    assert Decimal("6.40") == pytest.approx(table.of("cpm").planned)
    assert Decimal("1.2") == pytest.approx(table.of("ctr").planned)
    assert KPIStatus.EXCEEDED == table.of("ctr").status
    assert KPIStatus.AT_RISK == table.of("clicks").status
    assert "at risk" in str(table)


def test_goals_of_networks_are_held():
    """
    Follower growth of a network stands beside its goal.
    """
    goal = Goal("follower_growth", "15", network="telegram", by=date(2027, 4, 11))
    plan = launch_plan(strategy=attrs.evolve(launch_strategy(), goals=[goal]))
    growth = [
        GrowthRow(_DAY, "telegram", followers=1000),
        GrowthRow(_DAY + timedelta(days=20), "telegram", followers=1200),
    ]
    facts = Facts([_row(0, 1), _row(20, 1)], growth=growth)
    row = kpi_table(facts, ["follower_growth"], by="network", plan=plan).of(
        "follower_growth", network="telegram"
    )

    assert (Decimal(20), goal, KPIStatus.EXCEEDED) == (
        row.value,
        row.target,
        row.status,
    )


def test_tables_hand_themselves_on():
    """
    As columns, as an escaped table, by name of a KPI.
    """
    table = kpi_table(Facts([_row(0, 10, campaign="<b>")]), ["spend"], by="campaign")

    assert {"campaign", "kpi", "value", "before"} <= set(table.to_dict())
    assert "<b>" not in table._repr_html_()
    with pytest.raises(ConfigurationError, match="no ctr"):
        table.of("ctr")
