from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

import attrs
import pytest

from _launch import launch_plan
from _warehouses import (
    ENGINES,
    HAND_LAST,
    HAND_LINEAR,
    HAND_SPEND,
    hand_made,
    warehouse_place,
)
from smmlib.analytics import Facts, Warehouse, read_metrics, roi
from smmlib.analytics._weights import MODELS
from smmlib.errors import (
    ConfigurationError,
    CurrencyMismatch,
    MissingExtraError,
    ValidationError,
)
from smmlib.model import FxRates, GrowthRow, MetricRow, Money

_DAY = date(2027, 3, 1)
_KAG = Path(__file__).parents[3] / "shared" / "data" / "facebook_ads_kag.csv"
_HEADER = (
    "Date,ad_id,xyz_campaign_id,fb_campaign_id,age,gender,interest,"
    "Impressions,Clicks,Spent,Total_Conversion,Approved_Conversion"
)


@pytest.fixture(scope="module", params=ENGINES)
def address(request, tmp_path_factory):
    """
    Addresses of empty warehouses on each engine.
    """
    folder = tmp_path_factory.mktemp(request.param)
    with warehouse_place(request.param, folder) as place:
        yield place


@pytest.fixture
def memory():
    """
    A warehouse in memory.
    """
    with Warehouse.connect() as warehouse:
        yield warehouse


@pytest.fixture(scope="module")
def kag(tmp_path_factory):
    """
    The public export of 1,143 real ads; where it is missing, rows like its own.
    """
    if _KAG.exists():
        return read_metrics(_KAG, currency="USD", network="facebook")
    random = Random(3)
    lines = [
        f"31-08-2023,{n},{random.choice([916, 936, 1178])},{n % 9},"
        f"{random.choice(['30-34', '35-39'])},{random.choice('MF')},15,"
        f"{random.randrange(9000)},{n % 7},{random.random() * 9:.9f},1,0"
        for n in range(1143)
    ]
    file = tmp_path_factory.mktemp("kag") / "export.csv"
    file.write_text("\n".join([_HEADER, *lines]), encoding="utf-8")
    return read_metrics(file, currency="USD", network="facebook")


def _row(day=0, ad="taste", spend="10.00", **more):
    return MetricRow(
        _DAY + timedelta(days=day),
        more.pop("network", "facebook"),
        spend=spend,
        ad=ad,
        **{"currency": "EUR", "platform": "meta", "account": "1", "campaign": "c"}
        | more,
    )


def _spend(warehouse, **filters):
    return warehouse.totals(metrics=("spend",), **filters)[0]["spend"]


def _channels(returns, name):
    return {row.key: getattr(row, name) for row in returns.channels}


def _decimals(values):
    return {key: Decimal(value) for key, value in values.items()}


# -- on every engine -------------------------------------------------------------------


def test_the_hand_made_set_gives_the_hand_made_answer(address):
    """
    Two currencies, three zones, a refund and a late purchase: equal to the cent.
    """
    facts, rates = hand_made()
    with Warehouse.connect(address()) as warehouse:
        warehouse.ingest(facts)
        warehouse.ingest_rates(rates)
        touches = warehouse.build_journeys(currency="EUR")
        linear = warehouse.roi(model="linear", currency="EUR")
        credits_of = {m: warehouse.attribute(model=m) for m in MODELS}

    assert 7 == touches  # 4 of buyers and one who never bought, 1 more per refund
    assert _decimals(HAND_SPEND) == _channels(linear, "spend")
    last = {row.channel: row.value for row in credits_of["last"].credits}
    assert _decimals(HAND_LAST) == last
    assert _decimals(HAND_LINEAR) == _channels(linear, "revenue")
    assert (Decimal("318.818"), Decimal(410), 4, 1) == (
        linear.total.spend,
        linear.total.revenue,
        linear.total.purchases,
        linear.total.refunds,
    )
    assert {"facebook": 3, "linkedin": 1, "telegram": None} == _channels(
        linear, "claimed_conversions"
    )
    for model, table in credits_of.items():
        light = roi(facts, rates=rates, model=model)
        for row in table.credits:
            known = light.channel(row.channel)
            assert abs(known.purchases - row.conversions) < Decimal("0.00001"), model
            assert abs(known.revenue - row.value) < Decimal("0.00001"), model


def test_a_public_export_gives_its_totals(address, kag):
    """
    An ad-level export of 1,143 rows sums to the nine decimals it is written with.
    """
    with Warehouse.connect(address()) as warehouse:
        first = warehouse.ingest(kag)
        again = warehouse.ingest(kag)
        (total,) = warehouse.totals()
        campaigns = warehouse.totals(["campaign"])
        split = warehouse.totals(["age", "gender"])
        top = warehouse.totals(["ad"], order="-spend", limit=2)

    assert (len(kag.metrics), 0) == (first.rows, again.rows)
    assert kag.totals() == (total,)
    if _KAG.exists():
        known = (213_434_828, 38_165, Decimal("58705.23"), 3_264, 1_079)
        names = ("impressions", "clicks", "spend", "conversions")
        assert known == (
            *(round(total[name], 2) for name in names),
            total["approved_conversions"],
        )
    assert kag.totals(["campaign"]) == campaigns
    assert kag.totals(["age", "gender"]) == split
    best = sorted(kag.totals(["ad"]), key=lambda row: -row["spend"])[:2]
    assert [row.label("ad") for row in best] == [row.label("ad") for row in top]


def test_a_restated_window_is_never_counted_twice(address):
    """
    Pulled again a window is replaced; what was deleted stays; a rename is told.
    """
    first = Facts([_row(), _row(1), _row(1, "gone", "5.00"), _row(2)])
    second = Facts([_row(1, spend="11.00"), _row(2, spend="12.50"), _row(3)])
    totals = {
        _DAY + timedelta(days=day): Money(amount, "EUR")
        for day, amount in {1: "16.00", 2: "12.51", 3: "10.00"}.items()
    }
    with Warehouse.connect(address()) as warehouse:
        warehouse.ingest(first)
        done = warehouse.ingest(second, account_totals=totals)
        kept = _spend(warehouse)
        days = [t["spend"] for t in warehouse.totals(["on"])]
        warehouse.ingest(second, missing="drop")
        dropped = _spend(warehouse)

    assert (1, {"warehouse.kept"}) == (done.kept, {note.code for note in done.notes})
    assert [Decimal(n) for n in ("10", "16", "12.5", "10")] == days
    assert (Decimal("48.50"), Decimal("43.50")) == (kept, dropped)
    (mismatch,) = done.mismatches
    assert (_DAY + timedelta(days=2), Decimal("-0.01")) == (
        mismatch.on,
        mismatch.difference,
    )


def test_only_sums_are_fetched(address):
    """
    However many rows there are, a question brings back one row per group.
    """
    rows = [
        _row(day, f"ad{n}", impressions=n, network=network)
        for day in range(10)
        for n in range(20)
        for network in ("facebook", "instagram")
    ]
    facts, rates = hand_made()
    with Warehouse.connect(address()) as warehouse:
        warehouse.ingest(Facts(rows))
        warehouse.ingest(attrs.evolve(facts, metrics=()))
        warehouse.ingest_rates(rates)
        warehouse.build_journeys(currency="EUR")
        warehouse.currencies()
        before = warehouse.rows_fetched
        found = warehouse.totals(["network"])
        warehouse.totals(["month", "network"])
        warehouse.totals(["ad"], order="-impressions", limit=3)
        sums = warehouse.rows_fetched - before
        before = warehouse.rows_fetched
        warehouse.attribute(model="markov")
        steps = warehouse.rows_fetched - before

    assert [Decimal(1900)] * 2 == [row["impressions"] for row in found]
    assert 2 + 2 + 3 + 3 == sums  # and each asks once for the only currency
    assert 3 + 5 >= steps  # three labels, and each step that occurs


# -- once ------------------------------------------------------------------------------


def test_a_stopped_ingest_goes_on_where_it_stopped(memory, monkeypatch):
    """
    Whole days stay when a later batch fails, and the same call again does the rest.
    """
    facts = Facts([_row(day) for day in range(70)])
    replace = memory._engine.replace
    calls = []

    def fails_later(table, scope, days):
        calls.append(table)
        if calls.count("metrics") == 2 and table == "metrics":
            raise OSError("the line is gone")
        replace(table, scope, days)

    monkeypatch.setattr(memory._engine, "replace", fails_later)
    with pytest.raises(OSError, match="the line is gone"):
        memory.ingest(facts)
    monkeypatch.setattr(memory._engine, "replace", replace)

    assert Decimal(310) == _spend(memory)
    done = memory.ingest(facts)
    assert (39, 31) == (done.days, done.unchanged)
    assert Decimal(700) == _spend(memory)


def test_days_the_source_no_longer_has_are_emptied(memory):
    """
    A pull that speaks for a whole window also says on which days nothing ran.
    """
    memory.ingest(Facts([_row(0), _row(1)]))
    last = _DAY + timedelta(days=1)

    memory.ingest(Facts([_row(0)]), first=_DAY, last=last)

    assert Decimal("10.00") == _spend(memory)


def test_mixed_currencies_are_refused_or_converted(memory):
    """
    Sums never mix currencies; with rates each day is converted at its own.
    """
    facts, rates = hand_made()
    memory.ingest(facts)

    with pytest.raises(CurrencyMismatch):
        memory.totals()
    with pytest.raises(CurrencyMismatch):
        memory.build_journeys()
    with pytest.raises(ValidationError, match="no rate USD to EUR for 2027-03-01"):
        memory.totals(currency="EUR")
    memory.ingest_rates(FxRates(rates.rates[1:]))
    with pytest.raises(ValidationError, match="2027-03-01"):
        memory.totals(currency="EUR")
    memory.ingest_rates(rates)
    assert Decimal("318.818") == memory.totals(currency="EUR")[0]["spend"]
    assert {"EUR", "USD"} == {row.currency for row in memory.totals(["currency"])}


def test_growth_and_plan_stand_in_tables_of_their_own(memory):
    """
    Pages' numbers and planned costs can be asked for by a question of one's own.
    """
    plan = launch_plan()
    rows = [GrowthRow(_DAY, "telegram", followers=100 + n, account="a") for n in (0, 5)]
    memory.ingest(Facts(growth=rows[:1]))
    memory.ingest(Facts(growth=rows[1:]))
    memory.ingest_plan(plan)
    memory.ingest_plan(plan)
    growth, planned = memory.table("growth"), memory.table("plan")

    followers = memory.run(growth.agg(most=growth.followers.max(), n=growth.count()))
    cost = memory.run(planned.agg(cost=planned.cost.sum()))

    assert ((105, 1),) == followers.rows
    expected = sum(line.cost.amount for line in plan.lines.values() if line.cost)
    assert {"cost": [expected]} == cost.to_dict()
    with pytest.raises(ConfigurationError, match="growht"):
        memory.table("growht")


def test_facts_come_back_as_they_went_in(memory):
    """
    What a report is made from is the same before and after the warehouse.
    """
    facts, _ = hand_made()
    memory.ingest(facts)

    found = memory.facts()

    assert facts.totals(["network"]) == found.totals(["network"])
    assert {c.conversion_id: c.value for c in facts.conversions} == {
        c.conversion_id: c.value for c in found.conversions
    }
    assert 3 == len(memory.facts(where={"network": "linkedin"}).metrics)
    assert 2 == len(memory.facts(first=date(2027, 3, 3)).metrics)


def test_ads_leave_in_the_columns_other_tools_read(memory):
    """
    Exported ads carry day, platform, names, clicks, impressions and spend.
    """
    memory.ingest(Facts([_row(clicks=3, impressions=90)]))

    table = memory.ad_report().to_dict()

    assert ["date_day", "platform", "account_id"] == list(table)[1:4]
    assert ([_DAY], ["meta"], [3], [Decimal(10)]) == (
        table["date_day"],
        table["platform"],
        table["clicks"],
        table["spend"],
    )


def test_a_file_is_found_again(tmp_path):
    """
    What was taken in yesterday is there today, from one file and from a folder.
    """
    for url in (f"duckdb:///{tmp_path}/a.duckdb", f"duckdb:///{tmp_path}/b/"):
        with Warehouse.connect(url) as warehouse:
            warehouse.ingest(Facts([_row()]))
        with Warehouse.connect(url) as warehouse:
            assert Decimal("10.00") == _spend(warehouse)


@pytest.mark.parametrize(
    "call",
    [
        {"metrics": ("spent",)},
        {"by": ["net work"]},
        {"where": {"o'n": "x"}},
        {"order": "-clicks", "metrics": ("spend",)},
    ],
)
def test_unknown_names_are_refused(memory, call):
    """
    A slip of the pen never reaches the database.
    """
    with pytest.raises(ValidationError):
        memory.totals(**call)


def test_hostile_labels_are_only_labels(memory):
    """
    Names out of other people's accounts are values, never part of a question.
    """
    nasty = "x'; DROP TABLE metrics; --"
    memory.ingest(Facts([_row(ad=nasty), _row(ad="fine")]))

    assert Decimal("10.00") == _spend(memory, where={"ad": nasty})
    assert Decimal("20.00") == _spend(memory)


def test_amounts_finer_than_any_platform_are_refused(memory):
    """
    Ten decimals cannot be kept exactly, so they are refused and not rounded.
    """
    with pytest.raises(ValidationError, match="finer"):
        memory.ingest(Facts([_row(spend="0.0000000001")]))


@pytest.mark.parametrize("url", ["mysql://host/db", "facts.duckdb", "spark://"])
def test_an_address_of_no_engine_is_refused(url):
    """
    The error names the addresses there are, and never the address itself.
    """
    with pytest.raises(ConfigurationError) as caught:
        Warehouse.connect(url)

    assert "duckdb:///" in caught.value.hint


def test_without_the_extra_the_pip_command_is_named(monkeypatch):
    """
    Where duckdb is missing the error says what to install.
    """
    monkeypatch.setitem(__import__("sys").modules, "duckdb", None)

    with pytest.raises(MissingExtraError) as caught:
        Warehouse.connect()

    assert 'pip install "smmlib[analytics]"' == caught.value.hint
