"""
KPIs are ratios of sums; what cannot be computed is undefined, and never zero.
"""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smmlib.errors import ValidationError
from smmlib.model import (
    BASE_METRICS,
    KPI,
    Better,
    Goal,
    KPITarget,
    Money,
    kpi,
    kpi_library,
)
from smmlib.testing import strategies

_TOTALS = {
    "spend": 640, "impressions": 100_000, "reach": 40_000, "reach_before": 32_000,
    "followers": 1150, "followers_before": 1000, "clicks": 1200, "link_clicks": 1000,
    "visits": 900, "video_views": 25_000, "engagements": 3000, "leads": 32,
    "registrations": 40, "conversions": 20, "approved_conversions": 16,
    "customers": 8, "revenue": 1600,
}  # fmt: skip

# Name, what it is over these totals, unit, which way is better.
_LIBRARY = [
    ("spend", "640", "money", "lower"),
    ("reach", "40000", "count", "higher"),
    ("coverage_growth", "25", "percent", "higher"),
    ("followers", "1150", "count", "higher"),
    ("follower_growth", "15", "percent", "higher"),
    ("impressions", "100000", "count", "higher"),
    ("cpm", "6.4", "money", "lower"),
    ("clicks", "1200", "count", "higher"),
    ("ctr", "1.2", "percent", "higher"),
    ("cpc", "0.5333333333333333333333333333333333", "money", "lower"),
    ("visits", "900", "count", "higher"),
    ("landing_rate", "75", "percent", "higher"),
    ("registrations", "40", "count", "higher"),
    ("cost_per_registration", "16", "money", "lower"),
    ("leads", "32", "count", "higher"),
    ("cost_per_lead", "20", "money", "lower"),
    ("conversions", "20", "count", "higher"),
    ("cost_per_conversion", "32", "money", "lower"),
    ("revenue", "1600", "money", "higher"),
    ("roas", "2.5", "ratio", "higher"),
    ("roi", "150", "percent", "higher"),
    ("cac", "80", "money", "lower"),
    ("engagement_rate", "3", "percent", "higher"),
    ("video_view_rate", "25", "percent", "higher"),
    ("frequency", "2.5", "ratio", "lower"),
]


@pytest.mark.parametrize(("name", "value", "unit", "better"), _LIBRARY)
def test_the_trades_kpis(name, value, unit, better):
    """
    Each KPI of the trade has the formula, unit and direction the trade gives it.
    """
    known = kpi(name)

    assert Decimal(value) == known.value(_TOTALS)
    assert [unit, better] == [known.unit, known.better]


def test_the_library_is_complete():
    """
    The table above is the whole library, and base metrics are all in use.
    """
    used = {metric for known in kpi_library().values() for metric in known.metrics}

    assert {row[0] for row in _LIBRARY} == set(kpi_library())
    assert set(BASE_METRICS) - used <= {"link_clicks", "approved_conversions"}


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("CPR", "cost_per_registration"),
        ("cpl", "cost_per_lead"),
        ("CPA", "cost_per_conversion"),
        ("ROMI", "roi"),
        ("er", "engagement_rate"),
        ("coverage", "reach"),
        (" Follower growth ", "follower_growth"),
        ("cost-per-lead", "cost_per_lead"),
        ("Subscribers", "followers"),
    ],
)
def test_people_may_use_their_own_words(typed, name):
    """
    Usual abbreviations and spellings lead to the one name.
    """
    assert name == kpi(typed).name
    assert name == KPITarget(typed, _target(name)).kpi


def _target(name):
    return "18.00 EUR" if kpi(name).unit == "money" else 15


def test_names_and_aliases_are_unique():
    """
    No two KPIs answer to the same word.
    """
    words = [w for k in kpi_library().values() for w in (k.name, *k.aliases)]

    assert sorted(set(words)) == sorted(words)


@pytest.mark.parametrize("name", sorted(kpi_library()))
@given(data=st.data())
def test_undefined_is_none(name, data):
    """
    A missing metric or a division by zero gives None, and nothing else does.
    """
    known = kpi_library()[name]
    totals = data.draw(strategies.totals())
    missing = data.draw(st.sampled_from(known.metrics))
    divisor = known.formula.rpartition("/ ")[2].split(" ")[0]
    by_zero = "/" in known.formula and totals[divisor] == 0

    assert (known.value(totals) is None) is by_zero
    assert known.value({**totals, missing: None}) is None
    assert known.value({k: v for k, v in totals.items() if k != missing}) is None


@given(st.lists(strategies.totals(), min_size=1, max_size=5))
def test_ratios_are_ratios_of_sums(rows):
    """
    The CPC of a campaign is its spend by its clicks, not the mean of its days' CPCs.
    """
    sums = {name: sum(row[name] for row in rows) for name in BASE_METRICS}
    expected = sums["spend"] / sums["clicks"] if sums["clicks"] else None
    value = kpi("cpc").value(sums)

    assert (value is None) is (expected is None)
    if value is not None:
        assert abs(value - expected) <= Decimal("1e-20") * max(1, value)


def test_brackets_and_order_of_operations():
    """
    Formulas are read as mathematics reads them.
    """
    totals = {"spend": 10, "clicks": 4, "leads": 2}

    assert 18 == KPI("a", "spend + clicks * leads").value(totals)
    assert 28 == KPI("a", "(spend + clicks) * leads").value(totals)
    assert 4 == KPI("a", "spend - clicks - leads").value(totals)
    assert Decimal("1.25") == KPI("a", "spend / clicks / leads").value(totals)


@pytest.mark.parametrize(
    "formula",
    [
        "__import__('os').system('true')",
        "spend.real",
        "spend()",
        "spend[0]",
        "lambda: spend",
        "[spend for spend in spend]",
        "spend if clicks else 0",
        "spend ** clicks",
        "spend % clicks",
        "spend // clicks",
        "-spend",
        "not spend",
        "spend and clicks",
        "spend < clicks",
        "spend := 5",
        "1.5 * spend",
        "'spend'",
        "True * spend",
        "None",
        "f'{spend}'",
        "spend; clicks",
        "spend\nclicks",
        "spend = 1",
        "spend /",
        "(" * 290,
        "spend + " * 50 + "spend",
        "spend\x00",
        "*spend",
        "...",
    ],
)
def test_formulas_are_not_code(formula):
    """
    Only names, whole numbers, + - * / and brackets are read; nothing is ever executed.
    """
    with pytest.raises(ValidationError) as caught:
        KPI("x", formula)
    assert "formula" == caught.value.attribute


def test_unknown_metrics_get_a_hint():
    """
    A formula over something that is not measured is refused with the nearest name.
    """
    with pytest.raises(ValidationError, match="unknown metric 'click'") as caught:
        KPI("x", "spend / click")
    assert "did you mean 'clicks'?" == caught.value.hint


@given(strategies.kpi_targets())
def test_targets_are_met_in_the_right_direction(target):
    """
    Cheaper is better for costs, more is better for results.
    """
    known = kpi(target.kpi)
    worse = target.amount / 2 if known.better is Better.HIGHER else target.amount * 2

    assert known.at_least_as_good(target.amount, target.amount)
    assert not known.at_least_as_good(worse, target.amount)


def test_targets_read_what_people_write():
    """
    Percent signs, money and plain numbers.
    """
    assert Decimal(15) == KPITarget("follower_growth", "15 %").target
    assert Money(18, "EUR") == KPITarget("cpr", "18.00 EUR").target
    assert Decimal("1.2") == KPITarget("ctr", "1.2").amount
    assert Decimal(18) == KPITarget("cpr", "18.00 EUR").amount


def test_a_goal_is_more_than_a_target():
    """
    A goal has an owner; it is no equal of the bare target.
    """
    goal = Goal("clicks", 5, owner="mila")

    assert isinstance(goal, KPITarget)
    assert goal != KPITarget("clicks", 5)
