from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smmlib.errors import CurrencyMismatch, ValidationError
from smmlib.model import (
    Budget,
    CostParts,
    Flight,
    HillResponse,
    LineItem,
    MediaPlan,
    Money,
)
from smmlib.planning import split, verify
from smmlib.planning._fill import fill

FLIGHT = Flight.parse("2027-03-01..2027-04-11", "Europe/Berlin")


def _plan(lines, budget="33000 EUR", **parts):
    return MediaPlan(
        "spring",
        "p-1",
        zone="Europe/Berlin",
        flight=FLIGHT,
        budget=Budget(budget, **parts) if budget else None,
        lines=lines,
    )


def _line(cost=None, *networks, **more):
    return LineItem(networks or ("facebook",), cost, **more)


def _euro(amount):
    return Money(amount, "EUR")


def _everything(found):
    parts = sum(found.parts.values(), Money.zero(found.currency))
    return found.lines_total + parts + found.unallocated


def test_stated_costs_stand():
    """
    Lines keep the cost they state, and what nobody claimed is shown as such.
    """
    found = split(
        _plan(
            {
                "meta": _line("16000 EUR"),
                "x": _line("1500 EUR"),
                "own": _line(paid=False),
            },
            agency_fee="3000 EUR",
            reserve="1500 EUR",
        )
    )

    assert {"meta": _euro("16000"), "x": _euro("1500")} == found.amounts
    assert _euro("11000") == found.unallocated
    assert {"agency_fee": _euro("3000"), "reserve": _euro("1500")} == found.parts


def test_lines_without_cost_share_the_rest():
    """
    Paid lines without a cost share what is left equally, cents to the first ones.
    """
    found = split(_plan({"a": _line(), "b": _line(), "c": _line()}, "100 EUR"))

    assert ["33.34", "33.33", "33.33"] == [f"{r.amount.amount}" for r in found.rows]
    assert not found.unallocated


def test_minimum_and_maximum_are_kept():
    """
    A share is never below the line's minimum or above its maximum.
    """
    lines = {
        "a": _line(minimum="60 EUR"),
        "b": _line(maximum="5 EUR"),
        "c": _line(),
    }

    found = split(_plan(lines, "100 EUR"))

    assert {"a": _euro("60"), "b": _euro("5"), "c": _euro("35")} == found.amounts


def test_what_no_line_may_hold_stays_unallocated():
    """
    When every line is at its maximum the rest is not forced upon them.
    """
    found = split(_plan({"a": _line(maximum="5 EUR")}, "100 EUR"))

    assert _euro("95") == found.unallocated


def test_allocations_come_first():
    """
    An amount fixed in the budget wins over the line's own, and says so.
    """
    plan = _plan(
        {"a": _line("10 EUR"), "b": _line()}, "100 EUR", allocations={"a": "40 EUR"}
    )

    found = split(plan)

    assert {"a": _euro("40"), "b": _euro("60")} == found.amounts
    assert "fixed in the budget" == found.rows[0].why


def test_net_and_gross_come_from_the_parts():
    """
    A line's parts give its net and gross price; without cost they give that too.
    """
    parts = CostParts("1000 EUR", agency_fee="150 EUR", tax="218.50 EUR")

    (row,) = split(_plan({"a": _line(parts=parts)})).rows

    assert (_euro("1000"), _euro("1150"), _euro("1368.50")) == (
        row.media,
        row.net,
        row.gross,
    )
    assert row.gross == row.amount


def test_no_budget_is_the_sum_of_lines():
    """
    Without a budget the total is what the lines cost.
    """
    found = split(_plan({"a": _line("10 EUR"), "b": _line("5 EUR")}, budget=None))

    assert _euro("15") == found.total


def test_networks_of_one_line_stay_together():
    """
    Money of a line on two networks is not divided by guess.
    """
    found = split(
        _plan({"a": _line("10 EUR", "facebook", "instagram"), "b": _line("5 EUR")})
    )

    assert {
        "facebook + instagram": _euro("10"),
        "facebook": _euro("5"),
    } == found.by_network


def test_the_split_feeds_the_plan():
    """
    A split can be given to the plan, and splitting again changes nothing.
    """
    plan = _plan({"a": _line(), "b": _line("10 EUR")}, "100 EUR")

    changed = plan.with_budgets(split(plan))

    assert _euro("90") == changed.lines["a"].cost
    assert split(plan).amounts == split(changed).amounts


@pytest.mark.parametrize(
    ("lines", "parts", "path", "code"),
    [
        ({"a": _line("101 EUR")}, {}, "budget.total", "split.over_budget"),
        ({"a": _line(minimum="101 EUR")}, {}, "lines", "split.minima"),
        (
            {"a": _line()},
            {"allocations": {"b": "1 EUR"}},
            "budget.allocations.b",
            "reference.line",
        ),
        (
            {"a": _line("50 EUR")},
            {"agency_fee": "51 EUR"},
            "budget.total",
            "split.over_budget",
        ),
    ],
    ids=["over", "minima", "unknown-line", "parts"],
)
def test_impossible_splits_are_refused(lines, parts, path, code):
    """
    What cannot be divided is refused with path, value and limit.
    """
    with pytest.raises(ValidationError) as caught:
        split(_plan(lines, "100 EUR", **parts))

    (issue,) = caught.value.issues
    assert (path, code) == (issue.path, issue.code)
    assert issue.hint


def test_no_budget_and_no_cost_is_refused():
    """
    A paid line without cost in a plan without budget names the line.
    """
    with pytest.raises(ValidationError) as caught:
        split(_plan({"a": _line()}, budget=None))

    assert "lines.a.cost" == caught.value.issues[0].path


def test_two_currencies_are_refused():
    """
    Dollars in a plan in euros are refused with the line's path.
    """
    with pytest.raises(CurrencyMismatch) as caught:
        split(_plan({"a": _line("10 USD")}))

    assert "lines.a.cost" == caught.value.issues[0].path


_CENTS = st.integers(1, 10**7)


@given(
    st.lists(st.tuples(st.none() | _CENTS, st.none() | _CENTS), max_size=12),
    _CENTS,
    st.integers(0, 10**6),
)
def test_everything_sums_to_the_total(lines, extra, fee):
    """
    Lines, parts and rest sum to the total to the cent, whatever the plan looks like.
    """
    needed = sum(cost or least or 0 for cost, least in lines)
    total = Decimal(needed + extra + fee).scaleb(-2)
    made = {
        f"l{n}": _line(
            cost and _euro(Decimal(cost).scaleb(-2)),
            minimum=least and _euro(Decimal(least).scaleb(-2)),
        )
        for n, (cost, least) in enumerate(lines)
    }
    plan = _plan(made, f"{total} EUR", agency_fee=_euro(Decimal(fee).scaleb(-2)))

    found = split(plan)

    assert found.total == _everything(found)
    assert all(
        made[row.line].cost == row.amount or made[row.line].cost is None
        for row in found.rows
    )
    assert sum(found.by_network.values(), Money.zero("EUR")) == found.lines_total


@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=6),
    st.integers(0, 300),
)
def test_filling_is_fair(pairs, extra):
    """
    Within their bounds no two shares differ by more than one coin.
    """
    bounds = [(low, low + room) for low, room in pairs]
    pool = sum(low for low, _ in bounds) + extra

    shares = fill(pool, bounds)

    assert min(pool, sum(high for _, high in bounds)) == sum(shares)
    assert all(lo <= got <= hi for got, (lo, hi) in zip(shares, bounds, strict=True))
    free = [got for got, (lo, hi) in zip(shares, bounds, strict=True) if lo < got < hi]
    assert not free or max(free) - min(free) <= 1


def test_a_split_shows_itself():
    """
    The table and the text name lines, shares and rest, and escape what users typed.
    """
    found = split(
        _plan({"a": _line("50 EUR", name="<b>A</b>")}, "100 EUR", reserve="10 EUR")
    )

    assert "&lt;b&gt;A&lt;/b&gt;" in found._repr_html_()
    assert "100.0 %" in str(found)
    head = str(found).splitlines()[0]
    assert "share of all line money" in head
    assert "cost" in head
    assert "Not yet planned" in str(found)


def test_the_best_split_moves_money_to_where_it_brings_most():
    """
    Lines with a response compete, others keep their cost, and the plan takes it over.
    """
    curve = {"registrations": HillResponse(900, 8000)}
    plan = _plan(
        {
            "meta": _line("16000 EUR", response=curve),
            "x": _line("1500 EUR", expect={"cost_per_registration": "15 EUR"}),
            "bloggers": _line("3000 EUR"),
        },
        agency_fee="3000 EUR",
        reserve="1500 EUR",
    )

    found = split(plan, maximise="registrations")

    assert _euro("33000") == _everything(found)
    assert _euro("3000") == found.amounts["bloggers"]
    assert found.amounts["meta"] > _euro("1500")
    assert found.allocation.gap <= 1e-9
    assert verify(found.allocation).ok
    assert found.amounts["x"] == plan.with_budgets(found).lines["x"].cost


def test_a_best_split_needs_to_know_what_money_brings():
    """
    Without any response the split says for each line what is missing.
    """
    plan = _plan({"meta": _line("16000 EUR"), "x": _line("1500 EUR")})

    with pytest.raises(ValidationError) as caught:
        split(plan, maximise="registrations")

    assert ["lines.meta.response", "lines.x.response"] == [
        issue.path for issue in caught.value.issues
    ]
