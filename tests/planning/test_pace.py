"""
Pacing: the ideal curve, the projection, and new daily budgets that keep the total.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smmlib.errors import CurrencyMismatch, ValidationError
from smmlib.model import Money
from smmlib.planning import PaceLine, SpendShape, learn_shape, pace_lines
from smmlib.planning._pace_curve import WEEKDAYS, ideal_weights
from smmlib.planning._pace_project import project

FIRST, LAST = date(2027, 3, 1), date(2027, 3, 31)
TODAY = date(2027, 3, 10)


def _days(count, start=FIRST):
    return [start + timedelta(days=k) for k in range(count)]


def _line(key, budget, a_day, **more):
    spent = {day: Decimal(str(a_day)) for day in _days(10)} if a_day else {}
    usual = {"first": FIRST, "last": LAST, "spent": spent}
    return PaceLine(key, budget, **(usual | more))


def _pair(**more):
    return [
        _line("slow", "3100 EUR", 80, daily="80 EUR", **more),
        _line("fast", "3100 EUR", 130, daily="130 EUR", **more),
    ]


# -- ideal curves ----------------------------------------------------------------------


@pytest.mark.parametrize("pacing", ["even", "front_loaded", "back_loaded", "asap"])
def test_an_ideal_curve_gives_all_the_money_once(pacing):
    """
    The parts of the days are one together.
    """
    part = ideal_weights(_days(31), pacing, most=0.1)

    assert 1 == pytest.approx(sum(part.values()))


def test_curves_lean_as_they_are_called():
    """
    Front-loaded spends early, back-loaded late, as soon as possible to the cap.
    """
    days = _days(31)
    front, back = (
        sum(ideal_weights(days, pacing)[day] for day in days[:15])
        for pacing in ("front_loaded", "back_loaded")
    )

    assert back < 0.45
    assert front > 0.5
    assert [0.4, 0.4] == [ideal_weights(days, "asap", most=0.4)[d] for d in days[:2]]


def test_a_curve_of_ones_own_counts_alone():
    """
    Weights by day replace the pacing.
    """
    part = ideal_weights(_days(3), curve={FIRST: 3.0, FIRST + timedelta(1): 1.0})

    assert [0.75, 0.25, 0.0] == list(part.values())


def test_the_shape_of_the_week_is_learned_from_history():
    """
    Twice as much on Saturdays is seen through growth, and days without rows are even.
    """
    spend = {
        day: Decimal(100 + k) * (2 if day.weekday() == 5 else 1)
        for k, day in enumerate(_days(70))
    }
    shape = learn_shape(spend, hours={"9": 30, "18": 90})

    saturday, monday = shape.weekdays["saturday"], shape.weekdays["monday"]
    assert 1.9 < saturday / monday < 2.1
    assert 7 == pytest.approx(sum(shape.weekdays.values()))
    assert 0.25 == shape.by_hour(12)
    assert 0 == learn_shape({FIRST: Decimal(3)}).weeks


def test_expected_spend_follows_the_hours_of_the_day():
    """
    At noon of a day that spends in the evening, less than half of it is expected.
    """
    shape = SpendShape(hours={"18": 1.0})
    line = _line("a", "310 EUR", 10, shape=shape)

    noon = pace_lines([line], as_of=FIRST, hour=12).rows[0]
    night = pace_lines([line], as_of=FIRST).rows[0]
    assert (Decimal(0), Decimal(10)) == (noon.expected, round(night.expected, 2))


# -- projections -----------------------------------------------------------------------


def test_a_steady_account_ends_where_a_line_leads():
    """
    The same spend every day ends at thirty-one days of it, within a narrow interval.
    """
    history = dict.fromkeys(_days(60, FIRST - timedelta(50)), 100.0)
    told = project(history, _days(21, TODAY + timedelta(1)), spent=1000.0)

    assert 3100 == pytest.approx(told.middle)
    assert told.high - told.low < 1


def test_weekends_without_ads_are_not_projected():
    """
    An account that rests on weekends is not told to spend on them.
    """
    history = {
        day: 0.0 if day.weekday() > 4 else 100.0
        for day in _days(100, FIRST - timedelta(90))
    }
    ahead = _days(21, TODAY + timedelta(1))
    real = 100 * sum(day.weekday() < 5 for day in ahead)

    assert real == pytest.approx(project(history, ahead).middle, rel=0.02)


# -- new daily budgets -----------------------------------------------------------------


def test_money_moves_from_fast_to_slow_and_the_total_stays():
    """
    The slow line gets more, the fast one less, to the cent, within a fifth.
    """
    found = pace_lines(_pair(), as_of=TODAY)

    slow, fast = found.rows
    assert found.now_total == found.proposed_total == Money("210.00", "EUR")
    assert (slow.status, fast.status) == ("behind", "ahead")
    assert slow.proposed > slow.now
    assert fast.proposed < fast.now
    assert abs(slow.change) <= Decimal("0.2")
    assert abs(fast.change) <= Decimal("0.2")


def test_caps_locks_and_minima_are_kept():
    """
    A maximum stops a line that needs more, a locked line does not move.
    """
    capped = pace_lines(
        [
            _line("slow", "3100 EUR", 80, daily="80 EUR", maximum="82 EUR"),
            _line("fast", "3100 EUR", 130, daily="130 EUR", minimum="125 EUR"),
            _line("fixed", "3100 EUR", 100, daily="100 EUR", locked=True),
        ],
        as_of=TODAY,
    )

    assert Money("82.00", "EUR") == capped.row("slow").proposed
    assert Money("128.00", "EUR") == capped.row("fast").proposed
    assert Money("100.00", "EUR") == capped.row("fixed").proposed


def test_a_total_that_no_bound_allows_is_told():
    """
    A cap below what is set now leaves money without a place, and says how much.
    """
    line = _line("a", "3100 EUR", 100, daily="100 EUR", maximum="90 EUR")
    found = pace_lines([line], as_of=TODAY)

    assert Money("90.00", "EUR") == found.rows[0].proposed
    assert ["10.00 EUR"] == [issue.value for issue in found.issues]


def test_what_one_line_cannot_spend_goes_to_the_others():
    """
    With all money kept, the line that does not deliver gives, the others take.
    """
    found = pace_lines(
        [_line("stuck", "3100 EUR", 20), _line("well", "3100 EUR", 100)],
        as_of=TODAY,
        keep="budget",
    )

    stuck, well = found.rows
    assert Money("6200.00", "EUR") == stuck.new_budget + well.new_budget
    assert stuck.new_budget < stuck.budget
    assert "cannot spend what it has" == stuck.why
    assert {"stuck", "well"} == set(found.amounts)


_amounts = st.integers(1, 400_000).map(lambda coins: Decimal(coins).scaleb(-2))


@st.composite
def _accounts(draw):
    lines = []
    for k in range(draw(st.integers(1, 12))):
        daily = Money(draw(_amounts), "EUR")
        spent = draw(st.lists(_amounts, min_size=10, max_size=10))
        lines.append(
            PaceLine(
                f"a{k}",
                daily * 31,
                first=FIRST,
                last=LAST - timedelta(days=draw(st.integers(0, 25))),
                spent=dict(zip(_days(10), spent, strict=True)),
                daily=daily if draw(st.booleans()) else None,
            )
        )
    return lines


@given(_accounts(), st.sampled_from(["daily", "budget"]), st.sampled_from(["0.1", "0"]))
def test_totals_are_kept_to_the_cent(lines, keep, step):
    """
    Whatever N accounts spent: without caps the kept total is what it was, exactly, and
    no daily budget moves by more than its step.
    """
    found = pace_lines(lines, as_of=TODAY, keep=keep, step=step)

    if keep == "daily":
        assert () == found.issues
        assert found.now_total == found.proposed_total
    elif all(row.spent <= row.budget.amount for row in found.rows):
        total = sum(row.budget.amount for row in found.rows)
        assert total == sum(row.new_budget.amount for row in found.rows)
    for row in found.rows:
        if row.now and row.days_left:
            assert abs(row.change) <= Decimal(step)


# -- bad input -------------------------------------------------------------------------


def test_all_that_is_wrong_is_said_at_once():
    """
    Days, bounds, spend and steps are refused together, each with path and hint.
    """
    with pytest.raises(ValidationError) as caught:
        pace_lines(
            [
                _line("a", "10 EUR", 1, first=LAST, last=FIRST),
                _line("b", "10 EUR", 1, minimum="5 EUR", maximum="2 EUR"),
                _line("b", "10 EUR", -1, step="7"),
            ],
            as_of=TODAY,
            step=2,
        )

    issues = caught.value.issues
    assert {
        *("pace.repeated", "pace.step", "pace.days", "line.bounds", "pace.spend"),
    } == {issue.code for issue in issues}
    assert all(issue.path and issue.hint for issue in issues)


def test_no_lines_two_currencies_and_unknown_words_are_refused():
    """
    Nothing to pace, euros with dollars, a total nobody knows, a weekday that is none.
    """
    with pytest.raises(ValidationError, match="no line"):
        pace_lines([], as_of=TODAY)
    with pytest.raises(CurrencyMismatch):
        pace_lines([_line("a", "9 EUR", 1), _line("b", "9 USD", 1)], as_of=TODAY)
    with pytest.raises(ValidationError, match="everything"):
        pace_lines(_pair(), as_of=TODAY, keep="everything")
    with pytest.raises(ValidationError) as caught:
        SpendShape(weekdays={"munday": 1, "friday": -1}, hours={"3": 0})
    assert 3 == len(caught.value.issues)


def test_a_total_below_the_minima_is_refused():
    """
    Daily budgets that cannot pay their minima are no proposal, and the sum is named.
    """
    line = _line("a", "3100 EUR", 100, daily="10 EUR", minimum="12 EUR")
    with pytest.raises(ValidationError, match=r"12\.00 EUR a day"):
        pace_lines([line], as_of=TODAY)


def test_a_pace_shows_itself_everywhere():
    """
    Text, notebook and JSON tell the same total, and names cannot carry markup.
    """
    found = pace_lines([_line("<b>", "3100 EUR", 80, daily="80 EUR")], as_of=TODAY)

    assert "unchanged" in str(found)
    assert "<b>" not in found._repr_html_()
    assert "80.00 EUR" == found.to_dict()["daily_proposed"]
    assert 7 == len(WEEKDAYS)
