"""
Forecasts: ranges with sources, own history first, reach that saturates.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smmlib.analytics import Facts, versus
from smmlib.errors import CurrencyMismatch, ValidationError
from smmlib.model import Flight, LineItem, MediaPlan, MetricRow, Money, Network
from smmlib.planning import Rate, forecast, rates_of
from smmlib.planning._forecast import reached
from smmlib.planning._rates_table import benchmark
from smmlib.ports import Estimate

FLIGHT = Flight.parse("2027-03-01..2027-03-31", "Europe/Berlin")
FIRST = date(2027, 3, 1)


def _plan(**lines):
    return MediaPlan("p", "p-1", zone="Europe/Berlin", flight=FLIGHT, lines=lines)


def _line(cost="1000 EUR", network="facebook", **more):
    return LineItem((network,), cost, **more)


def _history(days=28, **more):
    usual = {
        "currency": "EUR",
        "spend": 10,
        "impressions": 2_000,
        "clicks": 30,
        "visits": 24,
        "registrations": 2,
        "line": "a",
    }
    rows = [
        MetricRow(FIRST + timedelta(days=k), "facebook", **(usual | more))
        for k in range(days)
    ]
    return Facts(rows)


def test_own_history_comes_before_everything():
    """
    Four weeks of numbers replace expectations and benchmarks, and say so.
    """
    line = _line(expect={"cpm": "20 EUR", "ctr": "9"})
    row = forecast(_plan(a=line), history=_history()).row("a")

    assert {"history"} == {rate.basis for rate in row.rates.values()}
    assert "28 days" in row.rates["cpm"].source
    assert 200_000 == pytest.approx(row["impressions"].middle)
    assert 3_000 == pytest.approx(row["clicks"].middle)
    assert 200 == pytest.approx(row["registrations"].middle)


def test_too_little_history_is_not_taken():
    """
    Three days, or a handful of registrations, are no rate.
    """
    assert {} == rates_of(_history(3))
    assert {"cpm", "ctr", "landing_rate"} == set(rates_of(_history(9, registrations=1)))


def test_expectations_come_before_benchmarks():
    """
    What the line states is used with a range; the rest is published, or assumed.
    """
    row = forecast(_plan(a=_line(expect={"cpm": "5 EUR"}))).row("a")

    assert ("plan", "benchmark") == (row.rates["cpm"].basis, row.rates["ctr"].basis)
    assert "read 2026" in row.rates["ctr"].source
    assert "assumption" == row.rates["landing_rate"].basis
    assert 200_000 == row.planned["impressions"]


def test_a_price_per_click_leads_the_funnel():
    """
    Money bought by the click gives clicks, and impressions follow from them.
    """
    row = forecast(_plan(a=_line(buy="cpc", expect={"cpc": "2 EUR", "ctr": "1"}))).row(
        "a"
    )

    assert 500 == pytest.approx(row["clicks"].middle)
    assert 50_000 == pytest.approx(row["impressions"].middle)


@pytest.mark.parametrize("network", Network)
@pytest.mark.parametrize("name", ["cpm", "ctr", "landing_rate", "registration_rate"])
def test_every_benchmark_has_range_source_and_date(name, network):
    """
    No number comes from nowhere: a source, or the word assumption.
    """
    rate = benchmark(name, (network,), "EUR")

    assert rate.low <= rate.middle <= rate.high
    assert rate.basis == "assumption" or "read 2026" in rate.source


@given(st.floats(1, 1e8), st.floats(10, 1e7), st.floats(0.3, 50))
def test_reach_saturates(impressions, people, evenness):
    """
    Reach is never above people or impressions, grows with money, and grows ever less.
    """
    one = reached(impressions, people, evenness=evenness)
    two = reached(2 * impressions, people, evenness=evenness)

    assert one <= min(impressions, people) * (1 + 1e-9)
    assert one <= two * (1 + 1e-9)
    assert two <= 2 * one * (1 + 1e-9)


def test_platform_estimates_give_reach_and_frequency():
    """
    With people there is reach, with a source; frequency is impressions over reach.
    """
    size = Estimate(90_000, 110_000, source="meta, 2027-02-22")
    row = forecast(
        _plan(a=_line("2000 EUR", expect={"cpm": "5 EUR"})), people={"a": size}
    ).row("a")

    assert "meta, 2027-02-22" == row.people
    assert row["reach"].high <= 110_000
    assert row["impressions"].middle / row["reach"].middle == pytest.approx(
        row["frequency"].middle
    )


def test_ranges_hold_their_middle_and_totals_add_up():
    """
    Every range is in order; the total's middle is the sum, its width less than all
    worst cases at once.
    """
    found = forecast(_plan(a=_line(), b=_line("500 EUR", "linkedin"), c=_line(None)))

    for row in found.rows:
        for number in row.numbers.values():
            assert 0 <= number.low <= number.middle <= number.high
    total = found.total["clicks"]
    both = [row["clicks"] for row in found.rows[:2]]
    assert total.middle == pytest.approx(sum(clicks.middle for clicks in both))
    assert total.low > sum(clicks.low for clicks in both)
    assert {} == found.row("c").numbers


def test_bad_input_is_refused_all_at_once():
    """
    No lines, negative rates, unknown names, sizes the wrong way: path and hint each.
    """
    with pytest.raises(ValidationError, match="no lines"):
        forecast(_plan())
    with pytest.raises(ValidationError) as caught:
        forecast(
            _plan(a=_line(expect={"ctr": "-1", "cpm": "0 EUR"})),
            rates={"ctr": -1, "cpx": 2, "cpm": "a lot"},
            people={"b": Estimate(9, 3)},
        )
    assert 7 == len(caught.value.issues)
    assert all(issue.path and issue.hint for issue in caught.value.issues)
    with pytest.raises(ValidationError):
        Rate("ctr", 1.0, low=2.0, high=3.0, basis="plan", source="me")


def test_two_currencies_are_refused():
    """
    Neither lines nor history may be in another currency than the plan.
    """
    with pytest.raises(CurrencyMismatch):
        forecast(_plan(a=_line(), b=_line("5 USD")))
    with pytest.raises(CurrencyMismatch):
        forecast(_plan(a=_line()), history=_history(currency="USD"))


def test_plan_forecast_and_reality_stand_side_by_side():
    """
    Until a day, each number of a line is within, below or above what was forecast.
    """
    plan = _plan(a=_line("310 EUR", expect={"cpm": "5 EUR", "ctr": "1.5"}))
    found = versus(plan, forecast(plan, history=_history()), facts=_history(10))

    by = {row.measure: row for row in found.rows}
    assert by["spend"].planned == pytest.approx(100)
    assert {"within"} == {row.status for row in found.rows}
    assert by["clicks"].planned == pytest.approx(300)
    assert "registrations" in str(found)
    assert "within" == found.to_dict()["rows"][0]["status"]


def test_a_forecast_shows_itself_everywhere():
    """
    Text with sources, escaped HTML with bars, JSON with every rate.
    """
    found = forecast(_plan(a=_line()), rates={"cpm": Money("4.00", "EUR")})

    assert "Sources:" in str(found)
    assert "<svg" in found._repr_html_()
    assert "given by the caller" in str(found.to_dict())
