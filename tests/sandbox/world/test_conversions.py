"""
The shop's own record tells of the same people, and knows less and more.
"""

from __future__ import annotations

import csv
from collections import Counter
from datetime import timedelta
from decimal import Decimal
from io import StringIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from _world import BERLIN, FIRST, a_budget, an_ad, at, play, total
from smmlib.sandbox._world import conversions, conversions_csv

_HEADER = (
    "conversion_id,date,time,utm_source,utm_medium,utm_campaign,utm_content,utm_term,"
    "click_id,kind,value,currency,status"
)


def _ads(**changes):
    return [an_ad(f"1{n}", f"2{n}", **changes) for n in range(4)]


def _run(seed=7, ads=None, **changes):
    """
    Give the platform's rows and the shop's records of one busy fortnight.
    """
    ads = ads or _ads()
    rows = play(ads, a_budget(ads, daily=Decimal(900)), seed=seed)
    return rows, conversions(rows, ads, seed=seed, zone=BERLIN, **changes)


def test_the_file_has_the_agreed_columns_and_reads_back():
    """
    The CSV opens with the header a CRM export has and holds every record.
    """
    _, records = _run()
    text = conversions_csv(records)

    assert _HEADER == text.splitlines()[0]
    lines = list(csv.DictReader(StringIO(text)))
    assert len(records) == len(lines)
    assert sum(record.value for record in records) == sum(
        Decimal(line["value"]) for line in lines
    )


def test_the_record_does_not_depend_on_order_or_slices():
    """
    Rows told in another order or day by day give the same record.
    """
    ads = _ads()
    rows, records = _run(ads=ads)
    days = sorted({row.day for row in rows})

    backwards = conversions(rows[::-1], ads[::-1], seed=7, zone=BERLIN)
    pieces = [
        record
        for day in days
        for record in conversions(
            [row for row in rows if row.day == day], ads, seed=7, zone=BERLIN
        )
    ]
    assert records == backwards
    assert sorted(records, key=repr) == sorted(pieces, key=repr)


@pytest.mark.parametrize("seeds", [(7, 8), (1, 2), (3, 30)], ids=str)
def test_another_seed_changes_every_figure(seeds):
    """
    Counts and values per kind differ, and no conversion appears in both worlds.
    """
    one, other = (_run(seed)[1] for seed in seeds)

    assert len(one) != len(other)
    for kind in ("purchase", "refund"):
        values = [
            sum(record.value for record in world if record.kind == kind)
            for world in (one, other)
        ]
        assert values[0] != values[1]
    assert not {a.conversion_id for a in one} & {b.conversion_id for b in other}


@given(seed=st.integers(0, 5_000))
@settings(max_examples=10, deadline=None)
def test_nothing_is_recorded_twice(seed):
    """
    Every conversion has an id of its own.
    """
    _, records = _run(seed)

    assert len(records) == len({record.conversion_id for record in records})


@given(seed=st.integers(0, 5_000))
@settings(max_examples=10, deadline=None)
def test_the_platform_claims_a_little_more_than_its_clicks_brought(seed):
    """
    View-through makes the platform's count larger than the shop's own of its ads.
    """
    rows, records = _run(seed, ads=_ads(url_tags="utm_source=facebook&utm_term=paid"))
    elsewhere = {"google", "newsletter", "partner-blog"}
    known = [r for r in records if r.utm_term == "paid" or r.click_id]
    kinds = Counter(record.kind for record in known)

    assert kinds["registration"] < total(rows, "registrations")
    assert kinds["registration"] > 0.7 * total(rows, "registrations")
    assert kinds["purchase"] <= total(rows, "purchases")
    assert elsewhere & {record.utm_source for record in records}


def test_sources_are_as_untidy_as_in_life():
    """
    Most records carry the link's tags; some are direct, some misspelt.
    """
    _, records = _run()
    sources = Counter(record.utm_source for record in records)

    assert sources["facebook"] > 0.75 * len(records)
    assert sources[""] > 20
    assert {"FB", "facebok"} <= set(sources)
    assert any(r.utm_source == "facebook" and not r.click_id for r in records)


def test_refunds_follow_their_purchase():
    """
    A refund comes days later, takes the purchase's value back and refers to it.
    """
    _, records = _run()
    by_id = {record.conversion_id: record for record in records}
    refunds = [record for record in records if record.kind == "refund"]

    assert len(refunds) > 5
    for refund in refunds:
        purchase = by_id[refund.refers_to]
        assert "purchase" == purchase.kind
        assert f"{purchase.conversion_id}-R" == refund.conversion_id
        assert -purchase.value == refund.value < 0
        assert timedelta(days=3) <= refund.date - purchase.date <= timedelta(days=14)
        assert purchase.click_id == refund.click_id


def test_some_conversions_come_late():
    """
    After the last ad has run, people still register and buy.
    """
    rows, records = _run()
    last = max(row.day for row in rows)
    late = {record.kind for record in records if record.date > last}

    assert {"registration", "purchase"} <= late


def test_what_has_not_happened_is_not_recorded():
    """
    Read on the eighth day, the record holds what the full one holds up to then.
    """
    today = FIRST + timedelta(days=8)
    _, whole = _run()
    _, early = _run(until=today)

    assert [record for record in whole if record.date < today] == list(early)
    assert early


def test_a_purchase_never_comes_before_its_registration():
    """
    The same click registers first and buys afterwards.
    """
    _, records = _run()
    signed_up = {r.click_id: r for r in records if r.kind == "registration"}

    for record in records:
        if record.kind == "purchase" and record.click_id:
            first = signed_up[record.click_id]
            assert (first.date, first.time) <= (record.date, record.time)


def test_tags_are_read_from_link_and_ad_with_their_placeholders():
    """
    The ad's own tags win over the link's, and placeholders are filled.
    """
    ads = _ads(
        landing_url="https://alpenkaffee.example/?utm_source=page&utm_term=box#top",
        url_tags="utm_source={{site_source_name}}&utm_campaign={{campaign.name}}"
        "&utm_content={{ad.id}}-{{adset.id}}",
        campaign_name="Spring & coffee",
    )
    _, records = _run(ads=ads)
    seen = {
        (r.utm_source, r.utm_campaign, r.utm_term, r.utm_content)
        for r in records
        if r.click_id and r.utm_source in {"fb", "ig"}
    }

    sites = {("fb", "Spring & coffee", "box", f"1{n}-2{n}") for n in range(4)}
    assert sites | {("ig", *rest) for _, *rest in sites} == seen


def test_an_ad_without_a_landing_page_brings_no_visitors():
    """
    Nothing is recorded from ads that lead nowhere.
    """
    ads = _ads(landing_url="")
    rows, records = _run(ads=ads)

    assert 0 == total(rows, "landing_page_views") == total(rows, "registrations")
    assert not any(record.click_id for record in records)


def test_clicks_fall_into_the_hours_the_ad_ran():
    """
    An ad that ran from six in the evening brings nobody in the morning.
    """
    ads = _ads(active=((at(0, 18), at(1)),), url_tags="utm_source=fb&utm_term=paid")
    rows = play(ads, a_budget(ads, daily=Decimal(9_000)))
    records = conversions(rows, ads, seed=7, zone=BERLIN)
    paid = [record for record in records if record.utm_term == "paid"]

    assert paid
    assert all(record.time >= "18:00:00" for record in paid)


def test_the_currency_is_the_accounts():
    """
    Values are in the account's currency and its decimals.
    """
    ads = _ads()
    money = {"price_level": Decimal(160), "places": 0}
    rows = play(ads, a_budget(ads, daily=Decimal(90_000)), **money)
    records = conversions(rows, ads, seed=7, zone=BERLIN, currency="JPY", **money)

    assert {"JPY"} == {record.currency for record in records}
    assert {0} == {record.value.as_tuple().exponent for record in records}
    assert max(record.value for record in records) > 5_000
