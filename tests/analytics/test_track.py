from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from _launch import BERLIN, FIRST, LAST, launch_facts, launch_plan, launch_strategy
from smmlib.analytics import Facts, track
from smmlib.model import (
    Conversion,
    Goal,
    GrowthRow,
    KPIStatus,
    KPITarget,
    MetricRow,
    Utm,
)

_LAST_DAY = date(2027, 4, 11)


def _plan(*goals, **more):
    strategy = attrs.evolve(launch_strategy(), goals=goals)
    return launch_plan(**{"strategy": strategy} | more)


def _day(day, **more):
    return MetricRow(
        FIRST + timedelta(days=day),
        "facebook",
        **{"currency": "EUR", "line": "meta-leads"} | more,
    )


def _registered(count, day=0, **tags):
    utm = Utm("fb", "paid_social", **{"campaign": "leads"} | tags)
    at = datetime(2027, 3, 1, 12, tzinfo=BERLIN) + timedelta(days=day)
    return [
        Conversion(f"{day}-{n}", "registration", at=at, utm=utm) for n in range(count)
    ]


def _status(goal, facts, as_of):
    return track(_plan(goal), facts, as_of=as_of)[0].status.value


def test_every_target_of_the_plan_is_tracked():
    """
    Goals come first, then the targets of lines, each with its place in the plan.
    """
    found = track(launch_plan(), launch_facts())

    assert [
        "strategy.goals[0]",
        "strategy.goals[1]",
        "strategy.goals[2]",
        "lines.meta-leads.targets[0]",
        "lines.meta-leads.targets[1]",
    ] == [row.path for row in found.rows]
    assert 5 == len(found)
    assert LAST == found.as_of
    assert found[0] is found.rows[0].result
    assert "Registrations" in found._repr_html_()


@pytest.mark.parametrize(
    ("count", "as_of", "status"),
    [
        (400, LAST, "on_track"),  # a third of the flight, a third of 1,200
        (390, LAST, "on_track"),
        (300, LAST, "at_risk"),
        (1300, LAST, "exceeded"),
        (1200, _LAST_DAY, "on_track"),
        (1199, _LAST_DAY, "missed"),
        (1201, _LAST_DAY, "exceeded"),
        (400, FIRST - timedelta(days=1), "no_data"),
    ],
)
def test_counts_follow_the_even_pace(count, as_of, status):
    """
    A count is measured by what an even pace would have brought by now.
    """
    goal = Goal("registrations", "1200", by=_LAST_DAY)
    facts = Facts([_day(0)], _registered(count), zone="Europe/Berlin")

    assert status == _status(goal, facts, as_of)


@pytest.mark.parametrize(
    ("spend", "as_of", "status"),
    [
        ("180", LAST, "on_track"),
        ("160", LAST, "exceeded"),
        ("181", LAST, "at_risk"),
        ("181", _LAST_DAY, "missed"),
    ],
)
def test_costs_are_compared_as_they_are(spend, as_of, status):
    """
    A cost per result is measured by the target itself, lower being better.
    """
    goal = Goal("cost_per_registration", "18.00 EUR")
    facts = Facts([_day(0, spend=spend)], _registered(10), zone="Europe/Berlin")
    plan = _plan(goal, lines={"meta-leads": launch_plan().lines["meta-leads"]})

    result = track(plan, facts, as_of=as_of)[0]

    assert status == result.status.value
    assert Decimal(spend) / 10 == result.value


@pytest.mark.parametrize(
    ("spend", "as_of", "status"),
    [
        ("330", LAST, "on_track"),
        ("500", LAST, "at_risk"),
        ("1001", LAST, "missed"),
        ("1000", _LAST_DAY, "on_track"),
    ],
)
def test_spend_is_a_ceiling(spend, as_of, status):
    """
    Spending faster than an even pace is a risk, spending more than wanted a miss.
    """
    lines = {"meta-leads": launch_plan().lines["meta-leads"]}
    plan = _plan(Goal("spend", "1000.00 EUR"), lines=lines)

    result = track(plan, Facts([_day(0, spend=spend)]), as_of=as_of)[0]

    assert status == result.status.value


def test_own_records_are_preferred_to_claims():
    """
    Registrations come from the brand's own book where there is one, and it is named.
    """
    goal = Goal("registrations", "10")
    rows = [_day(0, registrations=9)]

    own = track(_plan(goal), Facts(rows, _registered(3), zone="Europe/Berlin"))[0]
    claimed = track(_plan(goal), Facts(rows))[0]

    assert (3, "own records") == (own.value, own.source)
    assert (9, "claimed by the platforms") == (claimed.value, claimed.source)


def test_only_the_plans_own_conversions_count():
    """
    Registrations from search or old campaigns are nobody's merit here.
    """
    facts = Facts(
        [_day(0)],
        [*_registered(3), *_registered(4, day=1, campaign="old-spring")],
        zone="Europe/Berlin",
    )

    assert 3 == track(_plan(Goal("registrations", "10")), facts)[0].value


def test_the_deadline_closes_the_count():
    """
    What comes after the deadline does not count for the goal.
    """
    goal = Goal("registrations", "5", by=FIRST + timedelta(days=1))
    facts = Facts(
        [_day(0), _day(9)],
        [*_registered(3), *_registered(9, day=5)],
        zone="Europe/Berlin",
    )

    result = track(_plan(goal), facts)[0]

    assert (3, KPIStatus.MISSED) == (result.value, result.status)


def test_a_network_is_measured_alone():
    """
    A target of one network looks at that network's numbers only.
    """
    rows = [_day(0, clicks=1, impressions=100)]
    rows.append(attrs.evolve(rows[0], network="instagram", clicks=3))
    goal = Goal("ctr", "2", network="instagram")

    assert Decimal(3) == track(_plan(goal), Facts(rows))[0].value


def test_followers_grow_from_the_first_day():
    """
    Growth in percent is counted from the start and expected to rise evenly.
    """
    rows = [
        GrowthRow(FIRST, "telegram", followers=1000),
        GrowthRow(LAST, "telegram", followers=1050),
        GrowthRow(LAST, "facebook", followers=9),
    ]
    goal = Goal("follower_growth", "15 %", network="telegram")

    result = track(_plan(goal), Facts(growth=rows))[0]

    assert (Decimal(5), Decimal(5)) == (result.value, result.expected)
    assert (KPIStatus.ON_TRACK, "page statistics") == (result.status, result.source)


def test_followers_have_a_baseline():
    """
    A wanted number of followers is expected to be approached from the baseline.
    """
    rows = [GrowthRow(LAST, "telegram", followers=1101)]
    goal = Goal("followers", "1300", baseline="1000")

    result = track(_plan(goal), Facts(growth=rows))[0]

    assert Decimal(1100) == result.expected
    assert KPIStatus.ON_TRACK == result.status


def test_coverage_growth_compares_weeks():
    """
    Reach of single days swings, so a week's mean is compared with the first one.
    """
    rows = [
        GrowthRow(FIRST + timedelta(days=d), "facebook", reach=100 if d < 1 else 110)
        for d in range(8)
    ]

    result = track(_plan(Goal("coverage_growth", "10")), Facts(growth=rows))[0]

    assert Decimal(10) == result.value


def test_reach_of_days_is_not_added_up():
    """
    Reach over several days stays unknown, unless one day alone passes the target.
    """
    rows = [_day(0, reach=600), _day(1, reach=500)]

    small = track(_plan(Goal("reach", "550")), Facts(rows))[0]
    large = track(_plan(Goal("reach", "90000")), Facts(rows))[0]

    assert (600, KPIStatus.EXCEEDED) == (small.value, small.status)
    assert (None, KPIStatus.NO_DATA) == (large.value, large.status)
    assert "at least 600" in large.source


def test_no_facts_give_no_data():
    """
    Before anything was reported every target has no data, and nothing is zero.
    """
    found = track(launch_plan(), Facts())

    assert {KPIStatus.NO_DATA} == {result.status for result in found}
    assert {None} == {result.value for result in found}


def test_line_targets_look_at_their_line():
    """
    A line's target is measured by that line's numbers.
    """
    lines = {
        "meta-leads": attrs.evolve(
            launch_plan().lines["meta-leads"], targets=(KPITarget("clicks", "42"),)
        ),
        "other": launch_plan().lines["x-teaser"],
    }
    rows = [_day(0, clicks=14), _day(0, clicks=99, line="other")]

    result = track(_plan(lines=lines), Facts(rows), as_of=LAST)[0]

    assert (14, 14, KPIStatus.ON_TRACK) == (
        result.value,
        result.expected,
        result.status,
    )


@given(st.integers(0, 10**6), st.integers(0, 60))
def test_status_fits_its_numbers(seed, day):
    """
    A missed goal is below its target, an exceeded one above, whatever the day.
    """
    facts = launch_facts(seed=seed, days=3)

    for row in track(launch_plan(), facts, as_of=FIRST + timedelta(days=day)).rows:
        result = row.result
        better = 1 if "cost" not in result.target.kpi else -1
        better = -1 if result.target.kpi == "cpm" else better
        if result.status is KPIStatus.NO_DATA:
            assert result.value is None
        elif result.status is KPIStatus.MISSED:
            assert better * (result.value - result.target.amount) < 0
            assert row.elapsed == 1
        elif result.status is KPIStatus.EXCEEDED:
            assert better * (result.value - result.target.amount) > 0


def test_what_is_due_by_now_is_whole_for_counts():
    """
    Days that do not divide a target leave no piece of a registration.
    """
    facts = launch_facts(days=5)

    rows = track(launch_plan(), facts).rows

    due = {row.result.target.kpi: row.result.expected for row in rows}
    assert Decimal(143) == due["registrations"]
