"""
The simulated delivery answers to money, audience, bid, creative and time.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from _world import BERLIN, FIRST, a_budget, an_ad, at, cpm, play, total
from smmlib.errors import SandboxError
from smmlib.sandbox._world import AdDay, AdFacts, reach_of

_FIGURES = [
    field.name
    for field in attrs.fields(AdDay)
    if field.name not in {"ad_id", "day", "network", "leads", "video_views"}
]
_GOALS = [
    "REACH",
    "IMPRESSIONS",
    "LINK_CLICKS",
    "LANDING_PAGE_VIEWS",
    "OFFSITE_CONVERSIONS",
    "LEAD_GENERATION",
    "POST_ENGAGEMENT",
    "THRUPLAY",
]
_AMOUNTS = st.integers(5, 3_000).map(Decimal)
_FACTORS = st.floats(1.05, 8)
_SIZES = st.integers(2_000, 4_000_000)
_SEEDS = st.integers(0, 10_000)
_quick = settings(max_examples=30, deadline=None)


def _three_ads(**changes) -> list[AdFacts]:
    return [an_ad(f"1{n}", f"2{n % 2}", **changes) for n in range(3)]


def _by_day(rows) -> dict[date, Decimal]:
    days: dict[date, Decimal] = {}
    for row in rows:
        days[row.day] = days.get(row.day, Decimal(0)) + row.spend
    return days


def _digest() -> str:
    ads = _three_ads()
    return hashlib.sha256(repr(play(ads)).encode()).hexdigest()


def test_same_seed_same_rows_in_any_order():
    """
    The order in which ads are told does not matter.
    """
    ads = _three_ads()

    assert play(ads, a_budget(ads)) == play(ads[::-1], a_budget(ads[::-1]))


def test_figures_do_not_depend_on_the_process():
    """
    Another process with another hash seed gives the same rows.
    """
    here = os.path.dirname(__file__)  # noqa: PTH120
    code = (
        "import sys; sys.path[:0] = sys.argv[1:]\n"
        "import test_delivery; print(test_delivery._digest())"
    )
    tests = os.path.dirname(os.path.dirname(here))  # noqa: PTH120
    run = subprocess.run(
        [sys.executable, "-c", code, here, tests],
        env=os.environ | {"PYTHONHASHSEED": "1234"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert _digest() == run.stdout.strip()


@pytest.mark.parametrize(
    "purse", [{}, {"lifetime": Decimal(1400)}], ids=["daily", "lifetime"]
)
def test_a_slice_shows_what_the_whole_shows(purse):
    """
    Reading day by day gives the rows of reading the whole period at once.
    """
    ads = _three_ads()
    budget = a_budget(ads, **purse)
    whole = play(ads, budget)
    days = [FIRST + timedelta(days=n) for n in range(20)]

    slices = [
        row
        for day in days
        for row in play(ads, budget, since=day, until=day + timedelta(days=1))
    ]

    assert list(whole) == slices


@pytest.mark.parametrize("seeds", [(7, 8), (1, 2), (0, 10)], ids=str)
def test_another_seed_changes_every_figure(seeds):
    """
    No total survives a change of seed, nor does the spend of any row.
    """
    ads = _three_ads()
    budget = a_budget(ads, lifetime=Decimal(40_000))
    one, other = (play(ads, budget, seed=seed) for seed in seeds)

    assert [] == [name for name in _FIGURES if total(one, name) == total(other, name)]
    assert [] == [a for a, b in zip(one, other, strict=True) if a.spend == b.spend]


@given(amount=_AMOUNTS, size=_SIZES, seed=_SEEDS)
@_quick
def test_a_daily_budget_holds_by_day_and_by_week(amount, size, seed):
    """
    A day spends at most 1.25 budgets, seven days in a row at most seven.
    """
    ads = _three_ads(audience_size=size)
    days = _by_day(play(ads, a_budget(ads, days=30, daily=amount), seed=seed))

    spends = [days.get(FIRST + timedelta(days=n), Decimal(0)) for n in range(30)]
    assert max(spends) <= amount * Decimal("1.25")
    assert all(sum(spends[n : n + 7]) <= 7 * amount for n in range(24))


@given(amount=_AMOUNTS, seed=_SEEDS, pause=st.integers(0, 12))
@_quick
def test_a_lifetime_budget_is_never_passed_and_nearly_used(amount, seed, pause):
    """
    Whatever is paused, a run never passes its budget and catches up afterwards.
    """
    ads = _three_ads()
    active = ((at(0), at(pause)), (at(pause + 1), at(14)))
    spent = total(
        play(ads, a_budget(ads, lifetime=amount, active=active), seed=seed), "spend"
    )

    assert amount * Decimal("0.9") <= spent <= amount


def test_a_lifetime_budget_is_paced():
    """
    No day of a quiet run takes more than 1.3 times the even share.
    """
    ads = _three_ads()
    days = _by_day(play(ads, a_budget(ads, lifetime=Decimal(1400))))

    assert 14 == len(days)
    assert max(days.values()) <= Decimal(130)
    assert min(days.values()) >= Decimal(75)


@given(amount=_AMOUNTS, factor=_FACTORS, size=_SIZES, lifetime=st.booleans())
@_quick
def test_more_budget_never_brings_less(amount, factor, size, lifetime):
    """
    Spend, impressions and reach do not fall when the budget grows.
    """
    ads = _three_ads(audience_size=size)
    kind = "lifetime" if lifetime else "daily"
    more = round(amount * Decimal(factor), 2) + 1
    small = play(ads, a_budget(ads, **{kind: amount}))
    big = play(ads, a_budget(ads, **{kind: more}))

    assert total(small, "spend") <= total(big, "spend")
    assert total(small, "impressions") <= total(big, "impressions")
    assert reach_of(small, ads) <= reach_of(big, ads)


@given(
    amount=st.integers(50, 3_000).map(Decimal), size=_SIZES, factor=st.floats(1.3, 20)
)
@_quick
def test_a_wider_audience_is_reached_more_widely(amount, size, factor):
    """
    With the same money more people see the ad less often, at no higher price.
    """
    narrow = _three_ads(audience_size=size)
    wide = _three_ads(audience_size=int(size * factor))
    before = play(narrow, a_budget(narrow, daily=amount))
    after = play(wide, a_budget(wide, daily=amount))

    reached_before, reached_after = reach_of(before, narrow), reach_of(after, wide)
    assert reached_before <= reached_after
    frequency = total(before, "impressions") / reached_before
    assert total(after, "impressions") / reached_after <= frequency * 1.005
    assert cpm(after) <= cpm(before) * 1.002


@pytest.mark.parametrize(
    ("narrow", "wide"),
    [
        ({"ages": (25, 34)}, {"ages": (18, 65)}),
        ({"ages": (25, 34)}, {"ages": (25, 65)}),
        ({"genders": (1,)}, {}),
        ({"genders": (2,)}, {"genders": (1, 2)}),
        ({"countries": ("DE",)}, {"countries": ("DE", "CH")}),
        ({"countries": ("DE",)}, {"countries": ("DE", "US", "PL")}),
    ],
)
@given(amount=st.integers(50, 3_000).map(Decimal), seed=_SEEDS)
@settings(max_examples=8, deadline=None)
def test_adding_people_never_makes_the_rest_dearer(narrow, wide, amount, seed):
    """
    Older people, women or another country beside the others: never fewer are reached.
    """
    few = _three_ads(audience_size=300_000, **narrow)
    many = _three_ads(audience_size=500_000, **wide)
    before = play(few, a_budget(few, daily=amount), seed=seed)
    after = play(many, a_budget(many, daily=amount), seed=seed)

    assert reach_of(before, few) <= reach_of(after, many)
    assert cpm(after) <= cpm(before) * 1.002


@given(bid=st.floats(0.5, 20), factor=st.floats(1.1, 6))
@_quick
def test_a_higher_bid_wins_more_at_a_higher_price(bid, factor):
    """
    Where money is no limit, bidding more buys a larger share for a higher CPM.
    """
    low = [an_ad(goal="REACH", bid=Decimal(str(round(bid, 2))))]
    high = [attrs.evolve(low[0], bid=Decimal(str(round(bid * factor, 2))))]
    money = Decimal(1_000_000)
    before, after = (play(ads, a_budget(ads, daily=money)) for ads in (low, high))

    if not before:
        return
    assert total(before, "impressions") <= total(after, "impressions")
    assert reach_of(before, low) <= reach_of(after, high)
    assert cpm(before) <= cpm(after) * 1.001


def test_a_low_bid_leaves_money_unspent_and_is_never_overpaid():
    """
    A bid far below the market delivers little, and no dearer than it allows.
    """
    low = [an_ad(goal="REACH", bid=Decimal("1.50"))]
    rows = play(low, a_budget(low))

    assert 0 < total(rows, "spend") < 14 * 60
    assert cpm(rows) <= 1.50 * 1.2


def test_a_small_audience_cannot_spend_a_big_budget():
    """
    When everybody has seen the ad often enough, money is left over.
    """
    ads = [an_ad(audience_size=500)]
    rows = play(ads)

    assert 0 < total(rows, "spend") < 700
    assert reach_of(rows, ads) <= 500


def test_pausing_a_day_removes_that_day_alone():
    """
    Days before stay as they are, days after spend and show the same.
    """
    ads = _three_ads()
    paused = FIRST + timedelta(days=5)
    whole = play(ads)
    cut = play(ads, a_budget(ads, active=((at(0), at(5)), (at(6), at(14)))))

    assert [row for row in whole if row.day < paused] == [
        row for row in cut if row.day < paused
    ]
    assert [
        (row.day, row.ad_id, row.network, row.spend, row.impressions, row.reach)
        for row in whole
        if row.day != paused
    ] == [
        (row.day, row.ad_id, row.network, row.spend, row.impressions, row.reach)
        for row in cut
    ]


def test_pausing_one_ad_leaves_its_money_to_the_others():
    """
    The budget is shared by those that run.
    """
    ads = _three_ads()
    off = attrs.evolve(ads[0], active=((at(0), at(3)),))
    rows = play([off, *ads[1:]], a_budget(ads))
    after = [row for row in rows if row.day >= FIRST + timedelta(days=3)]

    assert {"11", "12"} == {row.ad_id for row in after}
    assert total(after, "spend") > Decimal(11 * 85)


def test_an_edit_counts_from_the_next_midnight():
    """
    The past keeps its figures when an ad or a budget is changed.
    """
    ads = _three_ads()
    before = play(ads)
    edited = [*ads, attrs.evolve(ads[0], text_length=480, valid_from=at(4, 15))]
    more = a_budget(ads, daily=Decimal(300), valid_from=at(4, 15))
    after = play(edited, a_budget(ads), more)
    changed = FIRST + timedelta(days=5)

    assert [row for row in before if row.day < changed] == [
        row for row in after if row.day < changed
    ]
    days = _by_day(after)
    assert days[FIRST + timedelta(days=4)] < 125
    assert days[changed] > 250


def test_what_was_spent_counts_against_a_changed_lifetime_budget():
    """
    A lifetime budget lowered below what is spent stops delivery.
    """
    ads = _three_ads()
    first = a_budget(ads, lifetime=Decimal(1400))
    low = attrs.evolve(first, lifetime=Decimal(300), valid_from=at(7))
    rows = play(ads, first, low)

    assert FIRST + timedelta(days=6) == max(row.day for row in rows)


def test_an_unfinished_day_only_grows():
    """
    As the clock moves on, today's figures never fall.
    """
    ads = _three_ads()
    seen = [
        play(ads, a_budget(ads, active=((at(0), at(0, hour)),)))
        for hour in range(2, 25, 2)
    ]

    for earlier, later in pairwise(seen):
        for name in _FIGURES:
            assert total(earlier, name) <= total(later, name)


def test_a_day_of_23_hours_is_a_whole_day():
    """
    The day the clocks change spends a whole day's budget.
    """
    ads = _three_ads()
    short = date(2027, 3, 28)
    start = datetime(2027, 3, 27, tzinfo=BERLIN)
    end = datetime(2027, 3, 31, tzinfo=BERLIN)
    budget = a_budget(ads, start=start, end=end, active=((start, end),))
    days = _by_day(play(ads, budget))

    assert Decimal(85) < days[short] <= Decimal(125)


@given(seed=_SEEDS, size=_SIZES, goal=st.sampled_from(_GOALS), amount=_AMOUNTS)
@_quick
def test_rows_hang_together(seed, size, goal, amount):
    """
    People are not more than views, clicks not more than people would allow.
    """
    ads = _three_ads(audience_size=size, goal=goal)
    rows = play(ads, a_budget(ads, daily=amount), seed=seed)

    for row in rows:
        assert 1 <= row.reach <= row.impressions
        assert 0 <= row.landing_page_views <= row.link_clicks <= row.clicks
        assert row.clicks <= row.impressions
        assert 0 <= row.purchases <= row.registrations
        assert row.leads <= row.link_clicks
        assert -2 == row.spend.as_tuple().exponent
        assert (row.purchases > 0) == (row.purchase_value > 0)
    assert len(rows) == len({(row.ad_id, row.day, row.network) for row in rows})


@given(seed=_SEEDS, size=_SIZES)
@_quick
def test_reach_counts_people_once(seed, size):
    """
    Joined reach lies between the largest part and the sum, within the audience.
    """
    ads = _three_ads(audience_size=size)
    rows = play(ads, seed=seed)
    joint = reach_of(rows, ads)

    assert max(row.reach for row in rows) <= joint <= total(rows, "reach")
    assert joint <= 2 * size
    assert reach_of(rows[:5], ads) <= joint
    assert joint == reach_of(rows[::-1], ads)
    assert rows[0].reach == reach_of(rows[:1], ads)
    assert 0 == reach_of((), ads)


@pytest.mark.parametrize("goal", _GOALS)
def test_levels_are_those_of_the_trade(goal):
    """
    CPM, click rate and the way to the order lie where marketers expect them.
    """
    ads = [an_ad(f"1{n}", f"2{n}", goal=goal) for n in range(8)]
    rows = play(ads, a_budget(ads, daily=Decimal(400)))

    assert 3 < cpm(rows) < 12
    assert 0.006 < total(rows, "clicks") / total(rows, "impressions") < 0.02
    visits = total(rows, "landing_page_views")
    if goal != "LEAD_GENERATION":
        assert 0.75 < visits / total(rows, "link_clicks") < 0.90
        assert 0.03 < total(rows, "registrations") / visits < 0.13
    assert ("LEAD_GENERATION" == goal) == (total(rows, "leads") > 0)
    assert ("THRUPLAY" == goal) == (total(rows, "video_views") > 0)


def test_networks_and_countries_have_their_own_prices():
    """
    Instagram costs more than Facebook, Switzerland more than Poland.
    """
    ads = [an_ad(f"1{n}", f"2{n}") for n in range(8)]
    rows = play(ads)
    swiss, polish = (
        [an_ad(f"1{n}", f"2{n}", countries=(code,)) for n in range(8)]
        for code in ("CH", "PL")
    )

    assert cpm([row for row in rows if row.network == "facebook"]) < cpm(
        [row for row in rows if row.network == "instagram"]
    )
    assert cpm(play(polish)) < cpm(play(swiss))


def test_a_good_text_takes_the_larger_part_of_a_shared_budget():
    """
    Of two ads that differ by length alone, the short one wins clicks and money.
    """
    ads = [
        an_ad("11", creative_key="same", text_length=90),
        an_ad("12", creative_key="same", text_length=480),
    ]
    spend = {ad.ad_id: Decimal(0) for ad in ads}
    for seed in range(12):
        for row in play(ads, seed=seed):
            spend[row.ad_id] += row.spend

    assert spend["11"] > spend["12"] * Decimal("1.1")


def test_people_tire_of_what_they_see_often():
    """
    In a small audience the click rate falls over the weeks; in a huge one it stays.
    """

    def later_over_earlier(size: int) -> float:
        ads = [an_ad(f"{n}", f"s{n}", audience_size=size) for n in range(40)]
        rows = play(ads, a_budget(ads, days=28, daily=Decimal(8_000)))
        half = FIRST + timedelta(days=14)
        early = [row for row in rows if row.day < half]
        late = [row for row in rows if row.day >= half]
        rates = [total(x, "clicks") / total(x, "impressions") for x in (early, late)]
        return rates[1] / rates[0]

    assert later_over_earlier(20_000) < 0.85
    assert 0.95 < later_over_earlier(20_000_000) < 1.05


def test_the_account_money_scales_prices():
    """
    An account in yen pays in whole yen, about 160 for what costs one euro.
    """
    ads = _three_ads()
    budget = a_budget(ads, daily=Decimal(16_000))
    rows = play(ads, budget, price_level=Decimal(160), places=0)
    euros = play(ads)

    assert {0} == {row.spend.as_tuple().exponent for row in rows}
    assert 150 < cpm(rows) / cpm(euros) < 170


def test_a_naive_time_is_refused():
    """
    A time without a zone would mean another instant on another machine.
    """
    with pytest.raises(SandboxError, match="no time zone"):
        a_budget([], start=datetime(2027, 3, 1))  # noqa: DTZ001
    with pytest.raises(SandboxError, match="no time zone"):
        an_ad(valid_from=datetime(2027, 3, 1))  # noqa: DTZ001
