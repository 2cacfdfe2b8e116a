from __future__ import annotations

import pickle
from datetime import date
from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from _launch import FIRST, LAST, launch_facts
from smmlib.analytics import Facts
from smmlib.errors import CurrencyMismatch, ValidationError
from smmlib.model import FxRate, FxRates, MetricRow

_COUNT = st.none() | st.integers(0, 10**6)


def _row(day=1, **more):
    return MetricRow(date(2027, 3, day), **{"currency": "EUR"} | more)


@st.composite
def _rows(draw):
    return [
        _row(
            draw(st.integers(1, 9)),
            network=draw(st.sampled_from(["facebook", "instagram", None])),
            spend=Decimal(draw(st.integers(0, 10**12))).scaleb(-9),
            impressions=draw(_COUNT),
            clicks=draw(_COUNT),
            campaign=draw(st.sampled_from(["a", "b"])),
        )
        for _ in range(draw(st.integers(0, 12)))
    ]


@given(_rows())
def test_groups_sum_to_the_whole(rows):
    """
    Whatever is grouped by, the groups add up to the whole, and nothing is rounded.
    """
    facts = Facts(rows)

    whole = facts.totals()
    assert (1 if rows else 0) == len(whole)
    for by in (("network",), ("on",), ("campaign", "network")):
        groups = facts.totals(by)
        assert sum(r.spend for r in rows) == sum(g["spend"] for g in groups)
        for name in ("impressions", "clicks"):
            known = [g[name] for g in groups if g[name] is not None]
            reported = any(getattr(r, name) is not None for r in rows)
            assert reported == bool(known)
            if known:
                assert whole[0][name] == sum(known)


def test_nothing_reported_is_not_zero():
    """
    A count that no row holds stays unknown, and so does every ratio over it.
    """
    (total,) = Facts([_row(spend="5", impressions=100)]).totals()

    assert total["clicks"] is None
    assert total.kpi("cpc") is None
    assert Decimal(50) == total.kpi("cpm")


def test_a_ratio_by_zero_is_undefined():
    """
    No clicks at all give no cost per click.
    """
    (total,) = Facts([_row(spend="5", clicks=0)]).totals()

    assert total.kpi("cpc") is None


def test_reach_is_never_summed():
    """
    Reach of two days is unknown; the larger of them is the least it can be.
    """
    facts = Facts([_row(1, reach=70), _row(2, reach=50)])

    (total,) = facts.totals()
    assert total["reach"] is None
    assert 70 == total.reach_at_least
    assert [Decimal(70), Decimal(50)] == [d["reach"] for d in facts.daily()]


def test_where_picks_rows():
    """
    A wanted label, or several, picks the rows that are summed.
    """
    rows = [
        _row(spend="1", network="facebook", breakdown={"age": "30-34"}),
        _row(spend="2", network="instagram", breakdown={"age": "35-39"}),
    ]
    facts = Facts(rows)

    assert Decimal(2) == facts.totals(where={"network": "instagram"})[0]["spend"]
    assert Decimal(1) == facts.totals(where={"age": ["30-34"]})[0]["spend"]


def test_an_unknown_dimension_is_refused():
    """
    A misspelt dimension is refused with the nearest known one.
    """
    with pytest.raises(ValidationError) as caught:
        launch_facts().totals("netwrk")

    assert "did you mean 'network'?" == caught.value.hint


def test_two_currencies_do_not_add_up():
    """
    Euros and dollars are refused in one sum, and shown apart when asked for.
    """
    facts = Facts([_row(spend="1"), _row(spend="2", currency="USD")])

    with pytest.raises(CurrencyMismatch):
        facts.totals()
    assert ["EUR", "USD"] == [t.currency for t in facts.totals("currency")]
    assert not facts.currency


def test_conversion_takes_the_rate_of_the_day():
    """
    Amounts are converted at their own day's rate, and a missing rate is an error.
    """
    facts = Facts([_row(1, spend="2", currency="USD"), _row(2, spend="1")])
    rates = FxRates(
        [FxRate("USD", "EUR", rate="0.5", on=date(2027, 3, 1), source="test")]
    )

    assert Decimal(2) == facts.converted("EUR", rates).totals()[0]["spend"]
    with pytest.raises(ValidationError):
        facts.converted("GBP", rates)


def test_between_cuts_every_kind_of_fact():
    """
    Only days from first to last are left, conversions by the day in the facts' zone.
    """
    facts = launch_facts()

    part = facts.between(last=FIRST)

    assert {FIRST} == {row.on for row in part.metrics}
    assert {FIRST} == {row.on for row in part.growth}
    assert {FIRST} == {part.day_of(c) for c in part.conversions}
    assert (FIRST, LAST) == (facts.first_day, facts.last_day)


def test_facts_can_be_added():
    """
    Two sources become one, and the notes and sources of both are kept.
    """
    one, two = launch_facts(), launch_facts(seed=8, sources=("other",))

    both = one + two

    assert len(one.metrics) + len(two.metrics) == len(both.metrics)
    assert (*one.sources, "other") == both.sources


def test_facts_show_and_pickle():
    """
    A notebook shows a small table, and facts survive pickling.
    """
    facts = launch_facts()

    assert "facebook" in facts._repr_html_()
    assert facts == pickle.loads(pickle.dumps(facts))  # noqa: S301 - our own bytes
    assert "no days" in Facts()._repr_html_()


def test_facts_survive_being_kept():
    """
    What `pull` keeps for later commands holds the last day and the kind of results.
    """
    facts = attrs.evolve(launch_facts(), until=date(2027, 3, 20), results="lead")

    attrs.resolve_types(Facts)

    assert (date(2027, 3, 20), "leads") == (facts.last_day, facts.claimed)
    assert facts == pickle.loads(pickle.dumps(facts))  # noqa: S301 - our own bytes


def test_daily_numbers_become_a_table_of_columns():
    """
    Rows are handed on as columns, breakdowns among them, with exact amounts.
    """
    facts = launch_facts()

    table = facts.to_arrow()

    assert len(facts.metrics) == table.num_rows
    assert sum(row.spend for row in facts.metrics) == sum(table["spend"].to_pylist())
    assert {"on", "network", "campaign", "impressions"} <= set(table.column_names)
