from __future__ import annotations

import json
import pickle
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from _launch import BERLIN, launch_plan
from smmlib.analytics import (
    Alert,
    AlertKind,
    Alerts,
    Facts,
    Sensitivity,
    Warehouse,
    alert,
)
from smmlib.errors import CurrencyMismatch, ValidationError
from smmlib.model import (
    Delivery,
    Flight,
    FxRate,
    FxRates,
    Message,
    MetricRow,
    Money,
    Status,
)

_START = date(2027, 1, 4)  # a Monday
_WEEKEND = {5: 0.2, 6: 0.25}


def _rows(days=42, *, campaign="spring", weekend=False, change=None, **more):
    """
    A campaign of 100 EUR, 10,000 views, 120 clicks and 12 conversions a day, a little
    different each day; *change* edits the numbers of a day.
    """
    rows = []
    for n in range(days):
        size = 1 + 0.05 * ((n * 7) % 5 - 2) / 2
        size *= _WEEKEND.get(n % 7, 1) if weekend else 1
        numbers = {
            "spend": 100 * size,
            "impressions": 10_000 * size,
            "clicks": 120 * size,
            "conversions": 12 * size,
        }
        numbers |= change(n, numbers) if change else {}
        if not numbers["impressions"]:
            continue
        rows.append(
            MetricRow(
                _START + timedelta(days=n),
                **{"network": "facebook", "currency": "EUR", "platform": "meta"} | more,
                campaign=campaign,
                spend=Decimal(numbers["spend"]).quantize(Decimal("0.01")),
                **{k: round(numbers[k]) for k in numbers if k != "spend"},
            )
        )
    return rows


def _last(of, days, factor, total=42):
    return lambda n, numbers: (
        {name: numbers[name] * factor for name in of} if n >= total - days else {}
    )


def _found(rows, plan=None, **more):
    last = _START + timedelta(days=41)
    return alert(plan, Facts(rows), **{"as_of": last} | more)


def _kinds(rows, plan=None, **more):
    return [one.kind.value for one in _found(rows, plan, **more)]


@pytest.mark.parametrize("weekend", [False, True], ids=["even", "weekends"])
def test_ordinary_weeks_raise_nothing(weekend):
    """
    Neither noise nor weekends are an alert, on whichever day one looks.
    """
    rows = _rows(weekend=weekend)

    for day in range(20, 42):
        assert [] == _kinds(rows, as_of=_START + timedelta(days=day))


_ALL = ("spend", "impressions", "clicks", "conversions")


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("delivery_stopped", _last(_ALL, 1, 0)),
        ("delivery_stopped", _last(_ALL, 3, 0)),
        ("spend", _last(_ALL, 1, 2.5)),
        ("spend", _last(_ALL, 3, 0.4)),
        ("ctr", _last(("clicks", "conversions"), 3, 0.3)),
        ("cpa", _last(("conversions",), 4, 0.2)),
        ("cpa", _last(("conversions",), 3, 0)),
    ],
    ids=["one day", "three days", "dear", "cheap", "clicks", "results", "no results"],
)
def test_each_fault_is_named(kind, change):
    """
    What goes wrong is called by its name, with money, a first day and a next step.
    """
    found = _found([*_rows(campaign="other"), *_rows(change=change)])

    assert kind in [one.kind for one in found]
    one = found.of(kind)[0]
    assert "facebook / spring" == one.where
    assert one.at_risk.amount > 0
    assert _START + timedelta(days=31) < one.since <= _START + timedelta(days=41)
    assert one.hint
    assert one.message


def test_weekends_hide_no_fault():
    """
    A Sunday without delivery is an alert even where Sundays are quiet.
    """
    rows = _rows(weekend=True, change=_last(_ALL, 1, 0))

    assert ["delivery_stopped"] == _kinds([*rows, *_rows(campaign="other")])


def test_campaigns_that_rest_at_weekends_do_so_in_silence():
    """
    Where weekends were always empty, an empty one is no alert; an empty Monday is.
    """

    def weekdays(n, numbers):
        return dict.fromkeys(numbers, 0) if n % 7 > 4 else {}

    rows = _rows(43, change=weekdays)

    assert [] == _kinds(rows)
    monday = _START + timedelta(days=42)
    assert ["delivery_stopped"] == _kinds(rows[:-1], as_of=monday)


def test_too_little_data_says_nothing():
    """
    Neither a week of history nor a handful of results is enough for an alert.
    """
    young = _rows(8, change=_last(_ALL, 1, 3, total=8))

    assert [] == _kinds(young, as_of=_START + timedelta(days=7))
    few = _rows(change=lambda n, numbers: {"conversions": int(n % 6 == 0)})
    assert [] == _kinds(few)


def test_money_decides_the_order():
    """
    The alert with the most money at risk stands first; amounts are a week's.
    """
    stops = _last(_ALL, 1, 0)
    large = _rows(campaign="large", change=lambda n, v: _tenfold(v) | _stop(n, v))
    found = _found([*_rows(change=stops), *large, *_rows(campaign="other")])

    assert ["facebook / large", "facebook / spring"] == [one.where for one in found]
    assert [6_500, 650] <= [int(one.at_risk.amount) for one in found] <= [7_500, 750]
    assert found[0].at_risk == found.at_risk


def _tenfold(numbers):
    return {name: value * 10 for name, value in numbers.items()}


def _stop(n, numbers):
    return dict.fromkeys(numbers, 0) if n == 41 else {}


def test_a_running_day_is_left_out():
    """
    With the present given, today's half day is no fall in spend.
    """
    rows = _rows(change=_last(_ALL, 1, 0.2))
    now = datetime.combine(_START + timedelta(days=41), datetime.min.time(), UTC)

    assert ["spend"] == _kinds(rows)
    found = _found(rows, now=now + timedelta(hours=9))
    assert ([], _START + timedelta(days=40)) == (list(found), found.as_of)


def test_currencies_are_refused_or_converted():
    """
    Two currencies are an error without rates, and one table with them.
    """
    rows = [*_rows(change=_last(_ALL, 1, 2.5)), *_rows(campaign="us", currency="USD")]
    with pytest.raises(CurrencyMismatch):
        _found(rows)
    rates = FxRates(
        [
            FxRate("USD", "EUR", rate="0.9", on=_START + timedelta(days=n), source="x")
            for n in range(42)
        ]
    )
    found = _found(rows, launch_plan(), rates=rates)
    assert {"EUR"} == {one.at_risk.currency for one in found if one.at_risk}


def test_a_present_without_zone_is_refused():
    """
    A moment without a time zone could be any day.
    """
    with pytest.raises(ValidationError):
        _found(_rows(), now=datetime(2027, 2, 1))  # noqa: DTZ001


# -- the plan ------------------------------------------------------------------------


def _spent(line, amount, days=10, first=date(2027, 3, 1), **more):
    return [
        MetricRow(
            first + timedelta(days=n),
            "facebook",
            **{"currency": "EUR", "line": line, "platform": "meta"} | more,
            spend=amount,
            impressions=1000,
        )
        for n in range(days)
    ]


@pytest.mark.parametrize(
    ("daily", "kinds"),
    [("380.95", []), ("700", ["pace"]), ("150", ["pace"])],
    ids=["even", "fast", "slow"],
)
def test_pace_is_held_against_the_flight(daily, kinds):
    """
    16,000 EUR in 42 days are 380.95 a day; far from it is an alert with the final gap.
    """
    plan = _only(launch_plan(), "meta-leads")
    found = alert(plan, Facts(_spent("meta-leads", daily)))

    assert kinds == [one.kind.value for one in found]
    for one in found:
        assert "lines.meta-leads" == one.where
        assert one.at_risk.amount > 0
        assert abs(one.actual - Decimal(daily) * 10) < Decimal("0.01")


def _only(plan, *lines):
    return attrs.evolve(
        plan, lines={key: plan.lines[key] for key in lines}, campaigns={}, posts={}
    )


def test_a_line_that_never_began_is_told():
    """
    Two days into its flight without a cent, a line is an alert; by hand it is not.
    """
    plan = launch_plan()
    found = alert(plan, Facts(), as_of=date(2027, 3, 3))
    silent = {one.where for one in found.of("delivery_stopped")}

    assert "lines.meta-leads" in silent
    assert not {"lines.bloggers", "lines.organic"} & silent
    assert () == tuple(alert(plan, Facts(), as_of=date(2027, 2, 20)))


def test_ended_flights_are_told():
    """
    Money left over is a note; money spent after the end is urgent.
    """
    plan = _only(launch_plan(), "meta-leads")
    early = Facts(_spent("meta-leads", "100"))
    after = date(2027, 4, 20)
    left = alert(plan, early, as_of=after)
    late = early + Facts(_spent("meta-leads", "50", 3, first=date(2027, 4, 13)))

    assert [("ended", "note")] == [(one.kind, one.urgency) for one in left]
    assert Money("15000.00", "EUR") == left[0].at_risk
    found = alert(plan, late, as_of=date(2027, 4, 15))
    assert [("ended", "now")] == [(one.kind, one.urgency) for one in found]
    assert "150.00 EUR were spent since" in found[0].message


@attrs.frozen
class _Stand:
    address: str
    delivery: Delivery = Delivery.DELIVERING
    wanted: Status | None = Status.ACTIVE
    status: Status | None = Status.ACTIVE
    platform: str = "meta"
    reason: str = ""


_AD = "campaigns.leads.ad_sets.baristas.ads.taste"


def test_rejected_ads_are_told_with_the_reason():
    """
    The platform's own words, and the money the ad was to spend in a week.
    """
    plan = launch_plan()
    stands = [_Stand(_AD, Delivery.REJECTED, reason="too much text"), _Stand(_AD + "2")]
    facts = Facts(_spent("meta-leads", "380", campaign="leads"))
    found = alert(plan, facts, standings=stands).of("rejected")

    assert [_AD] == [one.where for one in found]
    assert "too much text" in found[0].message
    assert Decimal(1000) < found[0].at_risk.amount < Decimal(1500)


def test_campaigns_that_rest_on_purpose_are_no_alert():
    """
    A campaign somebody paused has not stopped; nobody else can know that.
    """
    plan = launch_plan()
    first = plan.flight.first_day
    rows = [
        attrs.evolve(row, on=row.on + (first - _START), campaign="leads", line="")
        for row in _rows(40)
    ]
    day = first + timedelta(days=41)
    paused = [_Stand("campaigns.leads", Delivery.PAUSED, status=Status.PAUSED)]
    where = "facebook / leads"

    assert where in [a.where for a in alert(plan, Facts(rows), as_of=day)]
    known = alert(plan, Facts(rows), as_of=day, standings=paused)
    assert where not in [a.where for a in known]


def test_tokens_are_told_two_weeks_before():
    """
    A token that expires soon is an alert with the money that hangs on it.
    """
    now = datetime(2027, 3, 11, 8, tzinfo=UTC)
    tokens = {
        "meta": now + timedelta(days=9, hours=1),
        "linkedin": now + timedelta(days=40),
        "x": now - timedelta(days=1),
    }
    facts = Facts(_spent("meta-leads", "380.95"))
    found = alert(launch_plan(), facts, now=now, tokens=tokens).of("token")

    assert ["meta", "x"] == [one.where for one in found]
    assert "in 9 days" in found[0].message
    assert "expired" in found[1].message
    assert Money("2666.65", "EUR") == found[0].at_risk


# -- what people write ---------------------------------------------------------------


def _messages(texts, day, network="facebook"):
    return [
        Message(text, network=network, at=datetime(2027, 3, day, 12, n, tzinfo=BERLIN))
        for n, text in enumerate(texts)
    ]


_CALM = ["Lovely!", "When do you open?", "not bad at all", "Danke, super Service"]
_ANGRY = [
    *("This is a scam", "Nie wieder, Betrug!", "Ужасно, верните деньги", "🤬"),
    *("worst coffee ever", "broken on arrival, I want a refund"),
]


def test_sudden_negativity_is_told():
    """
    Six angry messages in two days after calm weeks are a storm, on their network only.
    """
    calm = [m for day in range(1, 20) for m in _messages(_CALM, day)]
    storm = _messages(_ANGRY, 20)
    elsewhere = _messages(_CALM, 20, "telegram")
    facts = Facts(_spent("meta-leads", "380.95", 20))
    quiet = attrs.evolve(facts, messages=[*calm, *elsewhere])
    loud = attrs.evolve(facts, messages=[*calm, *storm, *elsewhere])

    assert () == alert(None, quiet).of("negativity")
    found = alert(None, loud).of("negativity")
    assert [("facebook", "now")] == [(one.where, one.urgency) for one in found]


def test_a_network_that_is_always_angry_is_no_storm():
    """
    What is usual on a network is no alert there.
    """
    messages = [m for day in range(1, 21) for m in _messages(_ANGRY[:3], day)]
    facts = Facts(_spent("meta-leads", "380.95", 20), messages=messages)

    assert () == alert(None, facts).of("negativity")


def test_another_tone_can_be_given():
    """
    Who has a better judge of tone hands it in.
    """
    messages = _messages(["meh"] * 6, 20)
    facts = Facts(_spent("meta-leads", "380.95", 20), messages=messages)

    found = alert(None, facts, negative=lambda message: message.text == "meh")
    assert 1 == len(found.of(AlertKind.NEGATIVITY))


def test_a_warehouse_gives_the_same_alerts():
    """
    Days are summed in the database: the alerts are the same, with a plan too.
    """
    plan = _only(launch_plan(), "meta-leads")
    first = plan.flight.first_day
    rows = [
        attrs.evolve(row, on=row.on + (first - _START), line="meta-leads", ad=ad)
        for ad in ("taste", "opening")
        for row in _rows(40, change=_last(_ALL, 3, 2.5, total=40))
    ]
    facts = Facts(rows)
    with Warehouse.connect() as warehouse:
        warehouse.ingest(facts)
        found = alert(plan, warehouse)

    assert {"spend", "pace"} == {one.kind.value for one in found}
    assert alert(plan, facts) == found


# -- as values -----------------------------------------------------------------------


def _some():
    return _found([*_rows(change=_last(_ALL, 1, 0)), *_rows(campaign="<b>other</b>")])


def test_alerts_show_themselves():
    """
    As text, as an escaped table, and as JSON with exact amounts.
    """
    found = _some()
    data = json.loads(found.to_json())

    assert "delivery stopped" in str(found)
    assert "<td>" in found._repr_html_()
    assert "<b>" not in found._repr_html_()
    assert ["delivery_stopped"] == [one["kind"] for one in data["alerts"]]
    assert str(found[0].at_risk) == data["alerts"][0]["at_risk"]
    assert found == pickle.loads(pickle.dumps(found))  # noqa: S301
    assert "Nothing to worry about" in str(_found(_rows()))


@given(st.integers(60, 2000), st.integers(0, 30))
def test_messages_fit_into_their_limit(limit, count):
    """
    A text never passes its limit, and says how many alerts it leaves out.
    """
    one = Alert("spend", "facebook / spring", message="x" * 40, hint="look")
    text = Alerts((one,) * count, _START).text(limit)

    assert len(text) <= limit
    shown = text.count("• ")
    assert shown == count or f"and {count - shown} more" in text


def test_alerts_of_several_accounts_make_one_screen():
    """
    Two lists together are sorted anew, the most money first.
    """
    small = _some()
    large = _found(
        [
            *_rows(campaign="large", change=lambda n, v: _tenfold(v) | _stop(n, v)),
            *_rows(campaign="other"),
        ]
    )
    both = small + large

    assert [large[0], small[0]] == list(both)
    assert small.notes == both.notes
    assert both == large + small


def test_what_was_not_looked_at_is_said():
    """
    Without plan, statuses or tokens an empty list is no all-clear for these.
    """
    notes = " ".join(_found(_rows()).notes)

    assert "no plan" in notes
    assert "no statuses" in notes
    assert "tokens" in notes
    assert ("nothing was reported yet",) == alert(None, Facts()).notes


def test_sensitivity_is_adjustable():
    """
    A higher score takes a clearer fault.
    """
    rows = _rows(change=_last(_ALL, 3, 0.55))

    assert ["spend"] == _kinds(rows)
    assert [] == _kinds(rows, limits=Sensitivity(spend=2.5))


def test_pace_knows_lines_with_their_own_flight():
    """
    A line is held against its own flight, not the plan's.
    """
    plan = _only(launch_plan(), "meta-leads")
    flight = Flight.parse("2027-03-01..2027-03-20", "Europe/Berlin")
    line = attrs.evolve(plan.lines["meta-leads"], flight=flight)
    short = attrs.evolve(plan, lines={"meta-leads": line})

    assert [] == list(alert(short, Facts(_spent("meta-leads", "800"))))
