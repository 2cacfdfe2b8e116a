from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import attrs
import pytest

from _launch import BERLIN, launch_plan
from smmlib.analytics import Facts, WorkCost, roi
from smmlib.analytics._weights import MODELS
from smmlib.errors import ValidationError
from smmlib.model import Conversion, MetricRow, Money, Post, Touch, Utm

_AT = datetime(2027, 3, 20, 12, tzinfo=BERLIN)


def _touch(person, days, source, **tags):
    medium = tags.pop("medium", "paid_social")
    kind = tags.pop("kind", "click")
    utm = Utm(source, medium, **{"campaign": "leads"} | tags)
    return Touch(person, _AT - timedelta(days=days), kind=kind, utm=utm)


def _sale(person, value, *, key="", kind="purchase", **more):
    return Conversion(
        key or f"s-{person}",
        kind,
        at=more.pop("at", _AT),
        value=Money(value, "EUR"),
        person=person,
        **more,
    )


def _facts(touches=(), conversions=(), metrics=()):
    return Facts(
        metrics,
        conversions,
        touches=touches,
        currency="EUR",
        zone="Europe/Berlin",
    )


def _spend(amount, network="facebook", **more):
    return MetricRow(_AT.date(), network, spend=amount, currency="EUR", **more)


_JOURNEYS = (
    _touch("p", 9, "facebook"),
    _touch("p", 5, "linkedin"),
    _touch("p", 1, "telegram"),
    _touch("q", 2, "linkedin"),
    _touch("r", 2, "facebook"),  # never converts
)
_SALES = (_sale("p", "90.00"), _sale("q", "40.00"))


def _plan():
    post = Post("organic", "We are open.", networks=("facebook", "telegram"))
    return attrs.evolve(launch_plan(), posts={"opening": post})


def _revenue(returns):
    return {row.key: row.revenue for row in returns.channels}


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("last", {"telegram": "90", "linkedin": "40"}),
        ("first", {"facebook": "90", "linkedin": "40"}),
        ("linear", {"facebook": "30", "linkedin": "70", "telegram": "30"}),
        ("position_based", {"facebook": "36", "linkedin": "58", "telegram": "36"}),
    ],
)
def test_rules_share_out_a_sale_among_its_touches(model, expected):
    """
    Two sales over three networks give the amounts anyone can compute.
    """
    found = roi(_facts(_JOURNEYS, _SALES), model=model)

    assert {key: Decimal(value) for key, value in expected.items()} == _revenue(found)
    assert model == found.model


def test_time_decay_halves_with_age():
    """
    A touch seven days older than another gets half of its share.
    """
    touches = (_touch("p", 8, "facebook"), _touch("p", 1, "linkedin"))

    found = roi(_facts(touches, (_sale("p", "90.00"),)), model="time_decay")

    assert {"facebook": Decimal(30), "linkedin": Decimal(60)} == _revenue(found)


def test_markov_credits_what_would_be_lost():
    """
    Removal effects of a chain small enough for a pencil share out the revenue.

    Journeys: f-l-t wins 90, l wins 40, f loses. Who is at t brings 90, at l
    (40 + 90) / 2 = 65, at f 65 / 2, who begins 130 / 3. Without l everything is lost,
    without f half of it, without t a third of people times 90, or 9/13.
    """
    found = roi(_facts(_JOURNEYS, _SALES), model="markov")

    revenue = _revenue(found)
    assert Decimal("130.00") == round(sum(revenue.values()), 4) == found.total.revenue
    parts = {"facebook": "29.65", "linkedin": "59.30", "telegram": "41.05"}
    assert {key: Decimal(value) for key, value in parts.items()} == {
        key: round(value, 2) for key, value in revenue.items()
    }


@pytest.mark.parametrize("model", MODELS)
def test_every_model_credits_everything_once(model):
    """
    Purchases, refunds and revenue are the same in total, whatever the model.
    """
    conversions = (
        *_SALES,
        _sale("p", "-30.00", key="back", kind="refund", refunds="s-p"),
    )

    found = roi(_facts(_JOURNEYS, conversions), model=model)

    assert (2, 1) == (found.total.purchases, found.total.refunds)
    assert Decimal(100) == found.total.revenue
    assert abs(Decimal(100) - sum(_revenue(found).values())) < Decimal("0.00001")


def test_a_refund_goes_back_where_its_purchase_was_credited():
    """
    A purchase that is taken back leaves nothing with the touches that had won it.
    """
    refund = _sale(
        "",
        "-90.00",
        key="back",
        kind="refund",
        refunds="s-p",
        at=_AT + timedelta(days=40),
    )

    found = roi(_facts(_JOURNEYS, (*_SALES, refund)), model="linear")

    assert {
        "facebook": Decimal(0),
        "linkedin": Decimal(40),
        "telegram": Decimal(0),
    } == _revenue(found)


def test_touches_before_the_window_do_not_count():
    """
    Clicks count for the days asked for, ads that were only seen for one day.
    """
    touches = (
        _touch("p", 31, "facebook"),
        _touch("p", 3, "telegram", kind="impression"),
        _touch("p", 2, "linkedin"),
    )
    facts = _facts(touches, (_sale("p", "90.00"),))

    assert {"linkedin": Decimal(90)} == _revenue(roi(facts, model="linear"))
    assert {"facebook", "linkedin", "telegram"} == set(
        _revenue(roi(facts, model="linear", lookback=31, view_lookback=3))
    )


def test_touches_after_a_conversion_do_not_count():
    """
    What a person clicks after buying did not make them buy.
    """
    touches = (_touch("p", 1, "facebook"), _touch("p", -1, "linkedin"))

    found = roi(_facts(touches, (_sale("p", "90.00"),)), model="linear")

    assert {"facebook": Decimal(90)} == _revenue(found)


def test_records_without_touches_are_credited_to_their_own_tags():
    """
    Each model gives a lone last touch everything, and says that it could not do more.
    """
    sale = _sale("z", "50.00", utm=Utm("fb", "paid_social", campaign="leads"))

    found = roi(_facts((), (sale,)), model="markov")

    assert {"facebook": Decimal(50)} == _revenue(found)
    assert "roi.one_touch" in {note.code for note in found.notes}


def test_a_click_id_joins_a_touch_to_a_conversion():
    """
    Where nobody is named the click id says who it was.
    """
    touches = (attrs.evolve(_touch("p", 1, "linkedin"), person="IwAR0"),)

    found = roi(_facts(touches, (_sale("", "50.00", click_id="IwAR0", key="a"),)))

    assert {"linkedin": Decimal(50)} == _revenue(found)


def test_posts_stand_beside_ads_with_what_they_cost():
    """
    A post has a row like an ad; its cost is production and hours, else none recorded.
    """
    plan = _plan()
    touches = (
        _touch("p", 2, "facebook", content="taste", term="baristas"),
        _touch("p", 1, "facebook", medium="organic", campaign="opening"),
    )
    row = _spend("30.00", address="campaigns.leads.ad_sets.baristas.ads.taste")
    facts = _facts(touches, (_sale("p", "90.00"),), (row,))
    cost = WorkCost("50.00 EUR", hours=2, rate="20.00 EUR")

    free = roi(facts, plan, model="linear")
    found = roi(facts, plan, model="linear", costs={"opening": cost})

    assert "no cost recorded" == free.ad("posts.opening").note
    assert free.ad("posts.opening").roi is None
    assert (Decimal("90.00"), Decimal(-50)) == (
        found.ad("posts.opening").spend,
        found.ad("posts.opening").roi,
    )
    assert Decimal(50) == found.ad("leads / baristas / taste").roi
    assert not found.ad("posts.opening").paid
    assert found.total.spend - free.total.spend == Decimal(90)
    organic = [row for row in found.channels if "(organic)" in row.key]
    assert Decimal(90) == sum(row.spend for row in organic)


@pytest.mark.parametrize(
    "cost",
    [
        {"hours": 2},
        {"rate": "20.00 EUR"},
        {},
        {"hours": -1, "rate": "20.00 EUR"},
    ],
)
def test_a_cost_that_is_none_is_refused(cost):
    """
    Hours without a rate, a rate without hours and nothing at all are no cost.
    """
    with pytest.raises(ValidationError):
        WorkCost(**cost)


def test_a_cost_of_nothing_in_the_plan_is_refused():
    """
    A misspelt key is answered with the one that was meant.
    """
    with pytest.raises(ValidationError) as caught:
        roi(_facts(), _plan(), costs={"openin": "10.00 EUR"})

    assert "opening" in caught.value.issues[0].hint


def test_resamples_give_ranges_of_roi():
    """
    With resamples a channel's ROI says where it lies, around the ROI itself.
    """
    people = [f"p{n}" for n in range(60)]
    touches = [_touch(p, 1, "facebook") for p in people]
    sales = [_sale(p, "10.00") for p in people]
    facts = _facts(touches, sales, (_spend("300.00"),))

    (row,) = roi(facts, model="linear", bootstrap=100).channels

    low, high = row.roi_range
    assert low < row.roi == Decimal(100) < high
    assert roi(facts).channels[0].roi_range is None


def test_returns_become_one_table():
    """
    Channels, lines, campaigns, ads and the total stand in one table of columns.
    """
    table = roi(_facts(_JOURNEYS, _SALES), model="linear").to_dict()

    assert {"channel", "campaign", "total"} <= set(table["level"])
    assert len({len(column) for column in table.values()}) == 1
