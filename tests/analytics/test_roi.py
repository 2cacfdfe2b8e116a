from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from _launch import BERLIN, LAST, launch_facts, launch_plan
from smmlib.analytics import Facts, roi, spend_versus_plan, track
from smmlib.errors import ConfigurationError, CurrencyMismatch
from smmlib.model import Conversion, Flight, FxRate, FxRates, MetricRow, Money, Utm

_AT = datetime(2027, 3, 3, 12, tzinfo=BERLIN)
_DAY = date(2027, 3, 3)


def _spend(amount, network="facebook", **more):
    return MetricRow(_DAY, network, spend=amount, **{"currency": "EUR"} | more)


def _sale(key, value, source="fb", *, kind="purchase", currency="EUR", **tags):
    tags = {"campaign": "leads"} | tags
    utm = Utm(source, tags.pop("medium", "paid_social"), **tags) if source else None
    money = None if value is None else Money(value, currency)
    return Conversion(key, kind, at=_AT, value=money, utm=utm)


def _facts(metrics, conversions=()):
    return Facts(metrics, conversions, currency="EUR", zone="Europe/Berlin")


def test_a_hand_made_answer():
    """
    Spend, sales and refunds of two channels give the returns anyone can compute.
    """
    facts = _facts(
        [_spend("100.00"), _spend("50.00", "instagram", conversions=4, revenue="90")],
        [
            _sale("a", "120.00"),
            _sale("b", "60.00"),
            _sale("b-R", "-60.00", kind="refund"),
            _sale("c", "80.00", "ig"),
            _sale("d", None, kind="registration"),
        ],
    )

    found = roi(facts)

    facebook, instagram = found.channels
    assert ("facebook", Decimal(120), Decimal(20)) == (
        facebook.key,
        facebook.revenue,
        facebook.roi,
    )
    assert (2, 1, 1, 1) == (
        facebook.purchases,
        facebook.refunds,
        facebook.customers,
        facebook.registrations,
    )
    assert (Decimal("1.6"), Decimal("1.8")) == (instagram.roas, instagram.claimed_roas)
    assert (4, Decimal(50)) == (instagram.claimed_conversions, instagram.cac)
    assert Decimal(200) == found.total.revenue
    assert facebook.claimed_conversions is None


def test_tags_join_to_line_campaign_and_ad():
    """
    Conversions find their line by the plan's keys, by a line's own tags, or not at all.
    """
    facts = _facts(
        [_spend("10", address="campaigns.leads.ad_sets.baristas.ads.taste")],
        [
            _sale("a", "20.00", content="taste"),
            _sale("b", "30.00", "telegram", medium="blogger", campaign="blogs"),
            _sale("c", "5.00", "facebook", medium="organic", campaign="page"),
            _sale("d", "7.00", "fb", campaign="old-spring"),
            _sale("e", "9.00", "google", medium="organic", campaign="(not set)"),
            _sale("f", "1.00", None),
        ],
    )

    found = roi(facts, launch_plan())

    lines = {row.key: row.revenue for row in found.lines}
    assert {
        "meta-leads": 20,
        "linkedin-office": 0,
        "x-teaser": 0,
        "bloggers": 30,
        "organic": 5,
        "(no line)": 7,
    } == lines
    assert Decimal(100) == found.campaign("leads").roi
    assert (1, 2) == (found.unmatched, found.elsewhere)
    assert Decimal(55) == found.total.revenue
    assert Decimal(7) == found.channel("facebook (no line)").revenue
    channels = [row.key for row in found.channels]
    assert channels.index("google / organic") > channels.index("facebook (organic)")


def test_free_channels_have_no_cost_and_no_roi():
    """
    What is published for free earns revenue, and its ROI is undefined.
    """
    found = roi(launch_facts(), launch_plan())

    row = found.channel("facebook (organic)")
    assert row.revenue > 0
    assert (None, "no cost recorded") == (row.roi, row.note)


def test_a_price_paid_by_hand_counts_as_planned():
    """
    A blogger's price counts as its flight goes by, until a results file says otherwise.
    """
    plan = launch_plan()

    planned = roi(launch_facts(), plan).line("bloggers")
    told = _spend("2500", "telegram", line="bloggers")
    facts = launch_facts()
    reported = roi(attrs.evolve(facts, metrics=[*facts.metrics, told]), plan)

    assert (Decimal(1000), "cost as planned") == (planned.spend, planned.note)
    total = roi(launch_facts(), plan).total
    assert (Decimal(1000), ("Coffee bloggers",)) == (
        total.planned_spend,
        total.planned_for,
    )
    assert "incl. 1,000.00 as planned" == total.note
    assert Decimal(2500) == reported.line("bloggers").spend


def test_a_line_that_has_not_begun_has_cost_nothing():
    """
    Before its flight a price paid by hand counts nowhere, and nothing is lost on it.
    """
    plan, facts = _later_bloggers(), launch_facts()

    row = roi(facts, plan).line("bloggers")
    spent = {one.line: one for one in spend_versus_plan(plan, facts)}["bloggers"]

    assert (None, None, "not started") == (row.spend, row.roi, row.note)
    assert (None, "none", False) == (spent.spend, spent.basis, spent.started)
    assert not roi(facts, plan).total.planned_spend


@given(st.dates(date(2027, 2, 25), date(2027, 4, 15)))
def test_a_planned_price_is_the_same_everywhere(day):
    """
    On any day returns, spend and the cost of a registration count the same money.
    """
    plan, facts = launch_plan(), _facts([], [_sale("a", "9.00")])

    cost = roi(facts, plan, as_of=day).line("bloggers").spend
    spent = {one.line: one for one in spend_versus_plan(plan, facts, as_of=day)}
    known = {row.path: row for row in track(plan, facts, as_of=day).rows}

    assert cost == spent["bloggers"].spend
    gone = min(max((day - date(2027, 2, 28)).days, 0), 42)
    assert (cost or 0) == round(Decimal(3000) * gone / 42, 2)
    words = f"incl. {cost or 0:,.2f} EUR planned for Coffee bloggers (by hand)"
    assert bool(cost) == (words in known["strategy.goals[1]"].result.source)


def _later_bloggers():
    plan = launch_plan()
    flight = Flight.parse("2027-04-01..2027-04-11", "Europe/Berlin")
    lines = dict(plan.lines)
    lines["bloggers"] = attrs.evolve(lines["bloggers"], flight=flight)
    return attrs.evolve(plan, lines=lines)


def test_without_own_records_nothing_is_zero():
    """
    Claims alone give no registrations, no revenue and no ROI, rather than zeros.
    """
    found = roi(launch_facts(conversions=()), launch_plan())

    for row in (*found.channels, found.total):
        assert (None, None, None) == (row.registrations, row.revenue, row.roi)
    assert "roi.no_conversions" in {note.code for note in found.notes}


def test_records_without_sales_lose_everything():
    """
    With own records, a channel that sold nothing has an ROI of minus 100 %.
    """
    found = roi(_facts([_spend("10")], [_sale("a", "5.00", "ig")]))

    assert Decimal(-100) == found.channel("facebook").roi


def test_purchases_without_value_are_not_worth_zero():
    """
    Sales nobody priced leave the revenue unknown.
    """
    found = roi(_facts([_spend("10")], [_sale("a", None)]))

    assert (1, None) == (found.total.purchases, found.total.revenue)


def test_meta_tags_keep_cost_and_sales_together():
    """
    When tags say only "meta", cost of both of its networks stands beside the sales.
    """
    facts = _facts(
        [_spend("10"), _spend("30", "instagram")], [_sale("a", "80.00", "meta")]
    )

    (row,) = roi(facts).channels

    assert ("facebook + instagram", Decimal(100)) == (row.key, row.roi)


def test_two_currencies_need_rates():
    """
    Sales in dollars are refused beside spend in euros, or converted at the day's rate.
    """
    facts = _facts([_spend("10")], [_sale("a", "20.00", currency="USD")])
    rates = FxRates([FxRate("USD", "EUR", rate="0.9", on=_DAY, source="test")])

    with pytest.raises(CurrencyMismatch):
        roi(facts)
    assert Decimal(18) == roi(facts, rates=rates).total.revenue


def test_other_models_say_what_there_is():
    """
    A model that does not exist is refused with the names of those that do.
    """
    with pytest.raises(ConfigurationError) as caught:
        roi(launch_facts(), model="astrology")

    assert "last" in caught.value.hint


@given(st.integers(0, 10**6))
def test_channels_and_lines_sum_to_the_total(seed):
    """
    Whatever the numbers, social channels and lines each add up to the total.
    """
    facts = launch_facts(seed=seed, days=3)

    found = roi(facts, launch_plan())

    elsewhere = {"google / organic", "direct", "facebook (no line)"}
    channels = [row for row in found.channels if row.key not in elsewhere]
    lines = [row for row in found.lines if row.key != "(no line)"]
    for rows in (channels, lines):
        assert found.total.spend == sum(r.spend for r in rows if r.spend is not None)
        assert found.total.revenue == sum(r.revenue for r in rows)
        assert found.total.registrations == sum(r.registrations for r in rows)
    assert (
        sum(r.spend for r in facts.metrics)
        == found.channel("facebook").spend + found.channel("instagram").spend
    )
    assert found.conversions == sum(
        c.kind.value in {"registration", "purchase"} for c in facts.conversions
    )


def test_returns_show_themselves():
    """
    The table names what has no cost, and shows a dash where nothing is known.
    """
    shown = roi(launch_facts(), launch_plan())._repr_html_()

    assert "no cost recorded" in shown
    assert "–" in shown


def test_spend_stands_beside_the_plan():
    """
    Every line shows planned and spent money; what nobody reported is not zero.
    """
    facts = launch_facts()

    rows = {
        row.line: row for row in spend_versus_plan(launch_plan(), facts, as_of=LAST)
    }

    meta = rows["meta-leads"]
    assert sum(r.spend for r in facts.metrics) == meta.spend
    assert Decimal(14) / 42 == meta.elapsed
    assert meta.expected == meta.planned.amount / 3
    assert meta.pace == meta.spend / meta.expected
    bloggers = rows["bloggers"]
    assert (1000, "planned") == (bloggers.spend, bloggers.basis)
    for key in ("linkedin-office", "organic"):
        assert (None, None) == (rows[key].spend, rows[key].pace)
    assert rows["organic"].planned is None
