"""
The shop's own book: who registered and bought, as its CRM wrote it down.

It tells of the same people whose clicks the platform reports, but knows less of
where they came from and nothing of those who only saw an ad; so its sums differ
from the platform's claims as they do in real life.
"""

from __future__ import annotations

import csv
from datetime import date, timedelta
from decimal import Decimal
from hashlib import blake2b
from io import StringIO
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import attrs

from smmlib.sandbox._world._appeal import Appeal, World, appeal_of
from smmlib.sandbox._world._chance import draws, whole
from smmlib.sandbox._world._facts import AdDay, AdFacts, ConversionRecord
from smmlib.sandbox._world._funnel import basket, journeys, row_key
from smmlib.sandbox._world._hours import (
    common,
    day_span,
    in_order,
    spans_of,
    version_at,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import tzinfo

_UTM = ("utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term")
_COLUMNS = (
    *("conversion_id", "date", "time", *_UTM, "click_id"),
    *("kind", "value", "currency", "status"),
)
_SITE_NAMES = {"facebook": "fb", "instagram": "ig", "messenger": "msg"}
_MISSPELT = {
    "facebook": ("FB", "facebok", "Facebook ", "fb_ads"),
    "fb": ("FB", "facebook.com", "F B"),
    "meta": ("META", "FB", "meta "),
    "instagram": ("IG", "instgram", "Instagram "),
    "ig": ("IG", "insta"),
}
_ELSEWHERE: tuple[dict[str, str], ...] = (
    {"utm_source": "google", "utm_medium": "organic"},
    {"utm_source": "newsletter", "utm_medium": "email", "utm_campaign": "weekly"},
    {"utm_source": "partner-blog", "utm_medium": "referral"},
    {},
)
_UNKNOWN, _WRONG, _NO_CLICK = 0.07, 0.11, 0.14
_REFUNDED = 0.06
_UNCONFIRMED = 0.09


@attrs.frozen
class _Person:
    """
    One visitor who registered: when, how long it took, and what is known of them.
    """

    key: str
    clicked: date
    hours: tuple[int, int]
    utm: dict[str, str]
    click_id: str
    luck: list[float]


@attrs.frozen
class _Book:
    """
    What every record of one shop has in common.
    """

    world: World
    currency: str
    zone: tzinfo


def conversions(
    rows: Iterable[AdDay],
    ads: Iterable[AdFacts],
    *,
    seed: int,
    zone: tzinfo,
    currency: str = "EUR",
    price_level: Decimal = Decimal(1),
    places: int = 2,
    until: date | None = None,
) -> tuple[ConversionRecord, ...]:
    """
    Write the shop's record for the visits that *rows* brought, and for other visits.

    Args:
        rows: What `simulate` gave with the same seed, price level and places.
        ads: The facts it was given.
        seed: Which world.
        zone: The zone of the shop's clock: the ad account's.
        currency: ISO 4217 code written into the records.
        price_level: Units of the currency that buy what 1 EUR buys.
        places: Decimals of the currency.
        until: Conversions of this day and later have not happened yet.

    Returns:
        Records in order of date and time; a refund's id is its purchase's id
        with ``-R``.
    """
    book = _Book(World(seed, float(price_level) * 10**places, places), currency, zone)
    versions: dict[str, list[AdFacts]] = {}
    for ad in ads:
        versions.setdefault(ad.ad_id, []).append(ad)
    known = tuple(rows)
    records = [
        record
        for row in known
        for record in _from_ad(row, in_order(versions[row.ad_id]), book)
    ]
    for day in {row.day for row in known}:
        records.extend(_from_elsewhere(day, book))
    kept = [record for record in records if until is None or record.date < until]
    return tuple(sorted(kept, key=lambda one: (one.date, one.time, one.conversion_id)))


def conversions_csv(records: Iterable[ConversionRecord]) -> str:
    """
    Give the records as the CSV file a shop or CRM exports.
    """
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for record in records:
        writer.writerow([getattr(record, column) for column in _COLUMNS])
    return text.getvalue()


def _from_ad(
    row: AdDay, versions: tuple[AdFacts, ...], book: _Book
) -> Iterator[ConversionRecord]:
    """
    Follow the visitors of one row from the click to registration and purchase.
    """
    if not row.landing_page_views:
        return
    span = day_span(row.day, book.zone)
    facts = version_at(versions, span[0])
    appeal = appeal_of(facts, book.world)
    key = row_key(row.ad_id, row.day, row.network, book.world.seed)
    real = journeys(appeal, key, row.landing_page_views, book.world)
    utm = _utm_of(appeal, row.network)
    hours = _open_hours(facts, span)
    for number in range(real.registrations):
        person = _visitor(f"{key}\x1f{number}", row, utm, hours)
        value = real.values[number] if number < len(real.values) else None
        yield from _history(person, value, book)


def _visitor(
    key: str, row: AdDay, utm: dict[str, str], hours: tuple[int, int]
) -> _Person:
    luck = draws(key, "person", count=10)
    known = dict(utm)
    click_id = "" if luck[0] < _NO_CLICK else _click_id(key, row.network)
    if luck[0] < _UNKNOWN:
        known = {}
    elif luck[0] < _WRONG and utm.get("utm_source"):
        known["utm_source"] = _misspelt(utm["utm_source"], luck[1])
    return _Person(key, row.day, hours, known, click_id, luck)


def _history(
    person: _Person, value: Decimal | None, book: _Book
) -> Iterator[ConversionRecord]:
    """
    Tell one person's story: registration, perhaps a purchase, perhaps a refund.
    """
    luck = person.luck
    signed_up = person.clicked + timedelta(days=_delay(luck[2], luck[3]))
    nothing = Decimal(0).scaleb(-book.world.places)
    status = "unconfirmed" if luck[4] < _UNCONFIRMED and value is None else "confirmed"
    yield _record(
        person, book, kind="registration", day=signed_up, value=nothing, status=status
    )
    if value is None:
        return
    bought = signed_up + timedelta(days=_delay(luck[5], luck[6]))
    purchase = _record(
        person, book, kind="purchase", day=bought, value=value, status="paid"
    )
    yield purchase
    if luck[7] < _REFUNDED:
        back = bought + timedelta(days=3 + int(luck[8] * 12))
        yield attrs.evolve(
            purchase,
            conversion_id=f"{purchase.conversion_id}-R",
            date=back,
            kind="refund",
            value=-value,
            status="refunded",
            refers_to=purchase.conversion_id,
        )


def _record(
    person: _Person, book: _Book, *, kind: str, day: date, value: Decimal, status: str
) -> ConversionRecord:
    name = blake2b(f"{person.key}\x1f{kind}".encode(), digest_size=7).hexdigest()
    return ConversionRecord(
        conversion_id=f"{kind[0].upper()}{name}",
        date=day,
        time=_clock(person, kind),
        **{field: person.utm.get(field, "") for field in _UTM},
        click_id=person.click_id,
        kind=kind,
        value=value,
        currency=book.currency,
        status=status,
    )


def _delay(draw: float, length: float) -> int:
    """
    Most act at once, some sleep over it, a few come back after weeks.
    """
    if draw < 0.78:  # noqa: PLR2004
        return 0
    return 1 + int(length * 3) if draw < 0.94 else 5 + int(length * 16)  # noqa: PLR2004


def _clock(person: _Person, kind: str) -> str:
    """
    Give a wall time in the hours the ad ran; a purchase comes after registration.
    """
    first, last = person.hours
    second = first + int((last - first) * person.luck[9] * 0.98)
    if kind == "purchase":
        second += int((last - second) * 0.02)
    return f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"


def _open_hours(facts: AdFacts, span: tuple[int, int]) -> tuple[int, int]:
    """
    Give the seconds of the day between which clicks come: waking hours the ad ran.
    """
    waking = (7 * 3600, 23 * 3600 + 3000)
    if facts.active is None:
        return waking
    ran = common(spans_of(facts.active), (span,))
    if not ran:
        return waking
    first, last = ran[0][0] - span[0], min(ran[-1][1] - span[0], 86_399)
    begin = max(first, waking[0])
    return (begin, min(last, waking[1])) if begin < min(last, waking[1]) else waking


def _click_id(key: str, network: str) -> str:
    name = blake2b(f"{key}\x1fclick".encode(), digest_size=14).hexdigest()
    return f"IwAR{name}" if network in _SITE_NAMES else name


def _misspelt(source: str, draw: float) -> str:
    usual = _MISSPELT.get(source.lower(), (source.upper(), source[:-1], f"{source} "))
    choices = [text for text in usual if text != source] or [f"{source} "]
    return choices[int(draw * len(choices))]


def _utm_of(appeal: Appeal, network: str) -> dict[str, str]:
    """
    Read the utm parameters of the landing page, the ad's own tags first.
    """
    facts = appeal.facts
    site = _SITE_NAMES.get(network, network)
    meant = {
        "{{campaign.id}}": facts.campaign_id,
        "{{campaign.name}}": facts.campaign_name,
        "{{adset.id}}": facts.ad_set_id,
        "{{adset.name}}": facts.ad_set_name,
        "{{ad.id}}": facts.ad_id,
        "{{ad.name}}": facts.ad_name,
        "{{site_source_name}}": site,
        "{{placement}}": f"{network}_feed",
    }
    page_query = facts.landing_url.partition("#")[0].partition("?")[2]
    found = {}
    for query in (page_query, facts.url_tags.lstrip("?&")):
        for name, text in parse_qsl(query):
            value = text
            for word, meaning in meant.items():
                value = value.replace(word, meaning)
            found[name] = value
    return {name: value for name, value in found.items() if name in _UTM}


def _from_elsewhere(day: date, book: _Book) -> Iterator[ConversionRecord]:
    """
    Add the registrations and orders of people whom no ad brought.
    """
    world = book.world
    luck = draws(world.seed, "elsewhere", day)
    for number in range(whole(3.2 * (0.6 + 0.8 * luck[0]), luck[1])):
        key = f"{world.seed}\x1felsewhere\x1f{day}\x1f{number}"
        person_luck = draws(key, "person", count=10)
        utm = _ELSEWHERE[int(person_luck[0] * len(_ELSEWHERE))]
        person = _Person(key, day, (25_200, 84_600), utm, "", person_luck)
        buys = person_luck[1] < 0.2  # noqa: PLR2004
        yield from _history(person, basket(key, 0, world) if buys else None, book)
