from __future__ import annotations

import json
import pickle
import random
from datetime import date
from decimal import Decimal

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smmlib.errors import CurrencyMismatch, ValidationError
from smmlib.model import (
    FxRate,
    FxRates,
    HillResponse,
    LinearResponse,
    LogResponse,
    Money,
    PiecewiseResponse,
    PowerResponse,
    curve_of_formula,
)
from smmlib.planning import (
    AllocationGroup,
    AllocationLine,
    allocate,
    fit_response,
    least_budget,
    verify,
)
from smmlib.planning._certificate import best_of_all

_CURRENCIES = st.sampled_from([("EUR", 2), ("JPY", 0), ("KWD", 3)])


def _money(coins, currency="EUR", digits=2):
    return Money(Decimal(coins).scaleb(-digits), currency)


def _line(key, curve, **more):
    return AllocationLine(key, curve, **more)


@st.composite
def _curves(draw, scale):
    most = draw(st.sampled_from([0.0, 1e-6, 1.0, 900.0, 1e7]))
    half = scale * draw(st.sampled_from([0.1, 0.5, 1.0, 3.0]))
    shape = draw(st.sampled_from([0.5, 0.8, 1.0, 1.5, 2.5, 6.0]))
    return draw(
        st.sampled_from(
            [
                HillResponse(most, half, shape=shape),
                HillResponse(most, half, shape=shape),
                LogResponse(most, half),
                PowerResponse(most, min(shape, 2) / 2),
                LinearResponse(most / scale, half),
                LinearResponse(most / scale),
                PiecewiseResponse(
                    [(0, 0), (half, most / 4), (2 * half, most), (3 * half, most)]
                ),
            ]
        )
    )


@st.composite
def _problems(draw, *, most_lines, most_coins):
    """
    Lines of all families with tight bounds, equal lines, and totals at the edges.
    """
    currency, digits = draw(_CURRENCIES)
    room = draw(st.integers(1, most_coins))
    scale = room / 10**digits
    count = draw(st.integers(1, most_lines))
    same = draw(_curves(scale))
    lines = []
    for k in range(count):
        low, high = sorted(
            draw(st.tuples(st.integers(0, room // 2), st.integers(0, room)))
        )
        kind = draw(st.sampled_from(["free", "min", "max", "both", "fixed", "zero"]))
        bounds = {}
        if kind in {"min", "both", "zero"}:
            bounds["minimum"] = _money(low, currency, digits)
        if kind in {"max", "both"}:
            bounds["maximum"] = _money(high, currency, digits)
        if kind == "fixed":
            bounds["minimum"] = bounds["maximum"] = _money(low, currency, digits)
        if kind == "zero" and low:
            bounds["or_nothing"] = True
        curve = same if draw(st.booleans()) else draw(_curves(scale))
        lines.append(_line(f"line{k}", curve, **bounds))
    least = sum(
        int((x.minimum.amount if x.minimum and not x.or_nothing else 0) * 10**digits)
        for x in lines
    )
    total = least + draw(st.sampled_from([0, 1, room // 3, room, 2 * room]))
    return lines, _money(total, currency, digits)


def _is_kept(found):
    assert (
        found.unspent + sum(found.amounts.values(), Money.zero(found.currency))
        == found.total
    )
    for entry, row in zip(found.problem.entries, found.rows, strict=True):
        line = entry.line
        if line.or_nothing and not row.amount:
            continue
        assert line.minimum is None or row.amount >= line.minimum
        assert line.maximum is None or row.amount <= line.maximum


@settings(max_examples=60, deadline=None)
@given(_problems(most_lines=4, most_coins=40))
def test_small_problems_are_solved_as_if_all_splits_were_tried(problem):
    """
    Up to four lines: what is found is the best of all splits, to the coin.
    """
    lines, total = problem

    found = allocate(lines, total)

    _is_kept(found)
    best = best_of_all(found.problem)
    assert found.response == pytest.approx(best, rel=1e-9, abs=1e-12)
    assert found.bound >= best * (1 - 1e-9) - 1e-12


@settings(max_examples=60, deadline=None)
@given(_problems(most_lines=12, most_coins=10**8))
def test_every_allocation_passes_the_second_look(problem):
    """
    Sums, bounds and certificate hold by code that shares nothing with the search.
    """
    lines, total = problem

    found = allocate(lines, total)

    _is_kept(found)
    checked = verify(found)
    assert () == checked.problems
    # With few coins the exact answer is no whole number of them; the gap says so.
    assert found.gap <= (1e-6 if found.problem.coins >= 10**5 else 1)
    spare = sum(e.high for e in found.problem.entries) >= found.problem.coins
    if spare and not any(line.or_nothing for line in lines):
        assert not found.unspent


@pytest.mark.parametrize("count", [10, 20, 100])
@pytest.mark.parametrize("spread", [0.0, 0.01])
def test_lines_that_are_nearly_equal_are_told_apart(count, spread):
    """
    The worst case of branch and bound: equal S-shaped lines, money for half of them.
    """
    rng = random.Random(count)

    def near(x):
        return x * (1 + spread * rng.uniform(-1, 1))

    lines = [
        _line(
            f"l{k}",
            HillResponse(near(1000), near(5000), shape=near(2.5)),
            maximum="30000 EUR",
        )
        for k in range(count)
    ]

    found = allocate(lines, f"{count * 3058}.00 EUR")

    assert found.gap <= 1e-4
    assert found.nodes >= 1
    assert verify(found).ok


def test_a_wrong_bound_or_amount_does_not_pass():
    """
    `verify` finds a certificate that claims too much, and coins that were moved.
    """
    lines = [_line("a", HillResponse(900, 8000)), _line("b", LogResponse(300, 900))]
    found = allocate(lines, "9000 EUR")
    better = attrs.evolve(found.certificate, bound=found.bound * 0.99)
    lied = attrs.evolve(found, certificate=better)
    moved = attrs.evolve(found, coins=(found.coins[0] - 9000, found.coins[1] + 9000))

    assert verify(found).ok
    assert not verify(lied).ok
    assert not verify(moved).ok


def test_nothing_or_at_least_the_minimum():
    """
    A line whose minimum is not worth it gets nothing; the certificate covers that.
    """
    lines = [
        _line("a", HillResponse(900, 8000)),
        _line("b", HillResponse(10, 900), minimum="4000 EUR", or_nothing=True),
    ]

    found = allocate(lines, "9000 EUR")

    assert Money(0, "EUR") == found.amounts["b"]
    assert "nothing" == found.rows[1].binds
    assert verify(found).ok


def test_groups_inside_each_other_are_exact():
    """
    Floors and caps of networks and of countries inside them hold, and are certified.
    """
    tags = [("meta", "DE"), ("meta", "AT"), ("linkedin", "DE"), ("x", "DE")]
    lines = [
        _line(
            f"{network}-{country}",
            HillResponse(400 + 100 * k, 3000, shape=1 + k / 2),
            tags={"network": network, "country": country},
        )
        for k, (network, country) in enumerate(tags)
    ]
    groups = [
        AllocationGroup("meta", where={"network": "meta"}, maximum="5000 EUR"),
        AllocationGroup("meta-AT", ["meta-AT"], minimum="1000 EUR"),
        AllocationGroup("linkedin", where={"network": "linkedin"}, maximum="3333 EUR"),
    ]

    found = allocate(lines, "12000 EUR", groups=groups)

    assert found.amounts["meta-DE"] + found.amounts["meta-AT"] <= Money(5000, "EUR")
    assert found.amounts["meta-AT"] >= Money(1000, "EUR")
    assert Money(3333, "EUR") >= found.amounts["linkedin-DE"]
    assert verify(found).ok
    assert found.gap <= 1e-6


def test_groups_that_cross_are_kept_and_bounded():
    """
    Networks and countries that cross: limits hold, the gap says how good it is.
    """
    lines = [
        _line(f"{n}-{c}", HillResponse(300 + 50 * k, 2000), tags={"n": n, "c": c})
        for k, (n, c) in enumerate((n, c) for n in "ab" for c in "xyz")
    ]
    groups = [
        AllocationGroup("a", where={"n": "a"}, maximum="4000 EUR"),
        AllocationGroup("x", where={"c": "x"}, minimum="3000 EUR"),
        AllocationGroup("z", where={"c": "z"}, maximum="2000 EUR"),
    ]

    found = allocate(lines, "10000 EUR", groups=groups)

    assert () == verify(found).problems
    assert found.gap <= 1e-3


def test_several_kpis_count_by_their_weights():
    """
    A lead worth ten clicks draws the money to the line that brings leads.
    """
    lines = [
        _line("clicks", {"clicks": LogResponse(100, 500)}),
        _line("leads", {"leads": LogResponse(20, 500), "clicks": LogResponse(5, 900)}),
    ]

    few = allocate(lines, "4000 EUR", weights={"clicks": 1, "leads": 1})
    many = allocate(lines, "4000 EUR", weights={"clicks": 1, "leads": 10})

    assert many.amounts["leads"] > few.amounts["leads"]
    assert verify(many).ok
    assert {"clicks", "leads"} == set(many.results)


def test_other_currencies_are_converted_at_a_dated_rate():
    """
    A line billed in dollars keeps its own bounds and joins a total in euro.
    """
    day = date(2027, 3, 1)
    rates = FxRates([FxRate("USD", "EUR", rate="0.9", on=day, source="bank")])
    lines = [
        _line("eur", HillResponse(500, 4000)),
        _line("usd", HillResponse(900, 4000), maximum="1000 USD"),
    ]

    found = allocate(lines, "5000 EUR", rates=rates, on=day)

    assert Money(900, "EUR") == found.amounts["usd"]
    assert Money(1000, "USD") == found.rows[1].own
    with pytest.raises(CurrencyMismatch) as caught:
        allocate(lines, "5000 EUR")
    assert "lines.usd" == caught.value.issues[0].path
    assert caught.value.issues[0].hint


def test_all_problems_of_the_input_are_told_at_once():
    """
    Minima above maxima, negative weights, repeated keys: each with path and hint.
    """
    lines = [
        _line("a", LinearResponse(1), minimum="5 EUR", maximum="3 EUR"),
        _line("a", LinearResponse(1), minimum="-1 EUR"),
        _line("b", LinearResponse(1), or_nothing=True),
    ]

    with pytest.raises(ValidationError) as caught:
        allocate(lines, "-2 EUR", weights={"response": -1})

    paths = {issue.path for issue in caught.value.issues}
    assert {
        "total",
        "lines[1].key",
        "weights.response",
        "lines.a.minimum",
        "lines.b.or_nothing",
    } <= paths
    assert all(issue.hint for issue in caught.value.issues)


@pytest.mark.parametrize(
    ("lines", "total", "path"),
    [
        ([], "10 EUR", "lines"),
        ([_line("a", LinearResponse(1), minimum="20 EUR")], "10 EUR", "total"),
    ],
)
def test_empty_lines_and_minima_above_the_total_are_refused(lines, total, path):
    """
    What cannot be split says so, with a hint.
    """
    with pytest.raises(ValidationError) as caught:
        allocate(lines, total)

    assert path == caught.value.issues[0].path
    assert caught.value.issues[0].hint


def test_negative_rates_are_refused_where_they_are_stated():
    """
    A response never falls.
    """
    with pytest.raises(ValidationError) as caught:
        LinearResponse("-0.1")

    assert "rate" == caught.value.issues[0].path


def test_the_least_money_for_a_target_is_proven():
    """
    The target is reached, and the most money that cannot reach it is a cent below.
    """
    lines = [
        _line("a", HillResponse(900, 8000), maximum="50000 EUR"),
        _line("b", HillResponse(300, 900, shape=2), maximum="9000 EUR"),
    ]

    found = least_budget(lines, 500, currency="EUR")

    assert found.allocation.response >= 500
    assert found.total - found.bound <= Money("0.01", "EUR")
    assert found.verify().ok
    with pytest.raises(ValidationError):
        least_budget(lines, 5000, currency="EUR")


def test_an_allocation_shows_itself_everywhere():
    """
    Text, notebook with chart, JSON and pickle say the same.
    """
    lines = [
        _line("<b>a", HillResponse(900, 8000)),
        _line("b", LinearResponse("0.02"), locked="700 EUR"),
    ]
    found = allocate(lines, "9000 EUR")

    data = json.loads(json.dumps(found.to_dict()))

    assert "700.00" in str(found)
    assert "locked at this amount" in str(found)
    assert "<svg" in found._repr_html_()
    assert "<b>a" not in found._repr_html_()
    assert "9000.00 EUR" == data["total"]
    assert 6 == len(data["sensitivity"])
    assert found.amounts == pickle.loads(pickle.dumps(found)).amounts  # noqa: S301


def test_more_money_brings_more_and_each_coin_less():
    """
    The sensitivity table rises with the total, and flattens for concave curves.
    """
    lines = [_line("a", HillResponse(900, 8000)), _line("b", LogResponse(200, 900))]

    table = allocate(lines, "9000 EUR").sensitivity()

    assert [-20, -10, -5, 5, 10, 20] == [row.change for row in table]
    assert sorted(row.response for row in table) == [row.response for row in table]
    assert sorted((r.marginal for r in table), reverse=True) == [
        row.marginal for row in table
    ]


@pytest.mark.parametrize(
    ("formula", "spend", "result"),
    [
        ({"formula_type": "cost_per_unit", "coefficient": 20}, 400, 20),
        ({"formula_type": "conversion_rate", "coefficient": 0.05}, 400, 20),
        ({"formula_type": "constant", "coefficient": 7}, 400, 7),
        (
            {"formula_type": "power_function", "coefficient": 2, "parameter1": 0.5},
            400,
            40,
        ),
        (
            {
                "formula_type": "adbudg",
                "coefficient": 100,
                "parameter1": 400,
                "parameter2": 1,
            },
            400,
            50,
        ),
    ],
)
def test_formulas_of_mediaplanschema_are_curves(formula, spend, result):
    """
    Each formula type gives the number its own formula gives.
    """
    assert result == pytest.approx(curve_of_formula(formula).at(spend))


def test_a_curve_is_learned_from_history_with_an_interval():
    """
    Enough varied periods: the interval holds the truth; the whole flight follows.
    """
    rng = random.Random(7)

    def truth(x):
        return 60 * x / (400 + x)

    history = []
    for _ in range(60):
        x = rng.uniform(50, 1500)
        history.append((round(x, 2), max(0, round(rng.gauss(truth(x), 3)))))

    fit = fit_response(history)
    low, middle, high = fit.interval(700, level=0.95)

    assert fit.enough
    assert low <= truth(700) <= high
    assert middle == pytest.approx(truth(700), rel=0.1)
    assert 30 * fit.curve.at(100) == pytest.approx(fit.over(30).at(3000), rel=1e-3)


def test_too_little_history_says_so():
    """
    Two days tell nothing about a bend: a straight line up to what was seen, and a note.
    """
    fit = fit_response([(Money(100, "EUR"), 5), (Money(120, "EUR"), 6)])

    assert not fit.enough
    assert "too little data" in fit.notes[0]
    assert fit.curve.at(120) == fit.curve.at(10_000)
    with pytest.raises(ValidationError):
        fit_response([(-1, 5)])
    with pytest.raises(ValidationError):
        fit_response([])
