"""
Texts, keys, days, zones, money and links: what the other strategies are made of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache, wraps
from typing import Any, ParamSpec, TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from smmlib.errors import ValidationError
from smmlib.model import (
    Flight,
    FrozenMap,
    FxRate,
    FxRates,
    Money,
    NamePattern,
    Schedule,
    Utm,
    wall_time,
)

T = TypeVar("T")
P = ParamSpec("P")

CURRENCIES = ("EUR", "USD", "GBP", "CHF", "JPY", "KRW", "KWD", "TND", "INR", "ISK")
"""
Currencies with no, two and three decimals.
"""

ZONES = (
    "Europe/Berlin",
    "UTC",
    "America/New_York",
    "Asia/Kolkata",
    "Asia/Kathmandu",  # 45 minutes off the hour
    "Australia/Lord_Howe",  # its clocks change by half an hour
    "America/Santiago",  # some days begin at 1:00
    "America/Havana",  # some midnights come twice
    "Pacific/Kiritimati",  # 14 hours ahead
)
"""
Zones that have tripped software before.
"""

LANGUAGES = ("de", "en-GB", "pt-BR", "zh-Hant-TW", "sr-Latn", "de-AT", "es-419")

_FIRST, _LAST = date(2024, 1, 1), date(2032, 12, 31)
_PHRASES = (
    "Taste first, pay later.",
    "Grüße aus Köln & <b>Zürich</b>",
    "Кофе с собой ☕️",  # noqa: RUF001 - other alphabets are the point
    "👩‍👩‍👧‍👦 family box",
    "コーヒーを飲もう",
    "قهوة عربية",
    "cafe\u0301 in NFD",
    "Line one\nLine two\n\n#coffee @alpen",
    "copied from Windows\r\nwith its line ends",
    "'quotes' \"double\" {braces} [brackets] # hash: colon",
    "- looks: like YAML",
    "50 % off, today only!",
    "null",
    "2027-03-01",
    "0x1F",
)
_WORDS = ("alpen", "spring-sale", "line_1", "no", "null", "007", "A", "x-teaser", "1e5")
_KEY_FIRST = "ABCXYZabcdefghijklmnopqrstuvwxyz0123456789"
# No surrogates, control characters, private or unassigned code points: nobody types
# these on purpose, and values refuse the first two.
_LETTERS = st.characters(exclude_categories=("Cc", "Cs", "Cn", "Co"))


def cached(make: Callable[P, SearchStrategy[T]]) -> Callable[P, SearchStrategy[T]]:
    """
    Give the same strategy for the same arguments: making one costs more than drawing.
    """
    memory = lru_cache(maxsize=256)(make)

    @wraps(make)
    def remembered(*values: P.args, **named: P.kwargs) -> SearchStrategy[T]:
        try:
            return memory(*values, **named)  # type: ignore[arg-type] # see below
        except TypeError:  # a list cannot be remembered
            return make(*values, **named)

    return remembered


@cached
def texts(longest: int = 40) -> SearchStrategy[str]:
    """
    Readable text in many scripts, never empty.
    """
    fitting = [phrase for phrase in _PHRASES if len(phrase) <= longest]
    free = st.text(_LETTERS, min_size=1, max_size=min(longest, 40))
    return st.sampled_from(fitting) | free.filter(str.strip)


@cached
def optional_texts(longest: int = 40) -> SearchStrategy[str]:
    """
    Readable text, or none.
    """
    return st.just("") | texts(longest)


@cached
def text_lists(longest: int = 40, most: int = 3) -> SearchStrategy[tuple[str, ...]]:
    """
    A few different texts.
    """
    return tuples_of(texts(longest), most=most, unique=True)


@cached
def tuples_of(
    items: SearchStrategy[T], *, least: int = 0, most: int = 3, unique: bool = False
) -> SearchStrategy[tuple[T, ...]]:
    """
    A few of something, as the tuple that values hold.
    """
    return st.lists(items, min_size=least, max_size=most, unique=unique).map(tuple)


@cached
def keys() -> SearchStrategy[str]:
    """
    Keys as plans use them, also those that YAML could take for something else.
    """
    free = st.builds(
        str.__add__,
        st.sampled_from(_KEY_FIRST),
        st.text(_KEY_FIRST + "_-", max_size=8),
    )
    return st.sampled_from(_WORDS) | free


@cached
def optional_keys(known: Iterable[str] | None = None) -> SearchStrategy[str]:
    """
    One of the known keys or none; any key where it does not matter which are known.
    """
    if known is None:
        return st.just("") | keys()
    return st.sampled_from(["", *known])


@cached
def frozen_maps(
    values: SearchStrategy[T] | None = None, *, least: int = 0, most: int = 3
) -> SearchStrategy[FrozenMap[T]]:
    """
    Things by key; texts, unless other values are asked for.
    """
    items: SearchStrategy[Any] = texts() if values is None else values
    drawn = st.dictionaries(keys(), items, min_size=least, max_size=most)
    return drawn.map(FrozenMap)


@cached
def currencies() -> SearchStrategy[str]:
    """
    Currencies with no, two and three decimals.
    """
    return st.sampled_from(CURRENCIES)


@cached
def zones() -> SearchStrategy[str]:
    """
    IANA zones with and without clock changes.
    """
    return st.sampled_from(ZONES)


@cached
def languages() -> SearchStrategy[str]:
    """
    BCP 47 tags with script, region and numbers.
    """
    return st.sampled_from(LANGUAGES)


@cached
def days() -> SearchStrategy[date]:
    """
    Days of the years in which plans are made.
    """
    return st.dates(_FIRST, _LAST)


@cached
def decimals(
    low: int | str = 0, high: int | str = 10_000, places: int = 2
) -> SearchStrategy[Decimal]:
    """
    Exact numbers, both ends included.
    """
    return st.decimals(low, high, places=places, allow_nan=False, allow_infinity=False)


@cached
@st.composite
def instants(draw: DrawFn, zone: str | None = None) -> datetime:
    """
    Aware instants a wall clock shows exactly once, to the second.
    """
    place = zone or draw(zones())
    while True:
        seconds = draw(st.sampled_from([0, 0, 0, 59]))
        clock = time(draw(st.integers(0, 23)), draw(st.integers(0, 59)), seconds)
        try:
            return wall_time(datetime.combine(draw(days()), clock), place)
        except ValidationError:
            continue  # in a gap or a fold of the zone


@cached
@st.composite
def money(
    draw: DrawFn,
    currency: str | None = None,
    *,
    low: int = 1,
    high: int = 10_000_000,
) -> Money:
    """
    Amounts of `low` to `high` coins: more than nothing, unless asked otherwise.

    Args:
        draw: Given by hypothesis.
        currency: Only in this currency.
        low: Fewest of the currency's smallest coins; below zero for debts.
        high: Most coins.
    """
    code = currency or draw(currencies())
    coins = draw(st.integers(low, high))
    return Money.zero(code) + Money.zero(code).coin * coins


@cached
@st.composite
def flights(
    draw: DrawFn, zone: str | None = None, *, within: Flight | None = None
) -> Flight:
    """
    Whole days, or windows with times, of up to three months; across clock changes too.

    Args:
        draw: Given by hypothesis.
        zone: Only in this zone.
        within: Only whole days inside this flight, in its own zone.
    """
    if within is not None:
        return _days_within(draw, within)
    place = zone or draw(zones())
    if draw(st.booleans()):
        first = draw(days())
        return Flight.from_dates(
            first, first + timedelta(days=draw(st.integers(0, 90))), place
        )
    start = draw(instants(place))
    length = timedelta(minutes=draw(st.integers(1, 90 * 24 * 60)))
    try:
        end = wall_time(start.replace(tzinfo=None) + length, place)
        return Flight(start, end)
    except ValidationError:
        return Flight.from_dates(start.date(), start.date(), place)


def _days_within(draw: DrawFn, outer: Flight) -> Flight:
    if not outer.is_whole_days:
        return outer
    pieces = outer.days()
    first = draw(st.integers(0, len(pieces) - 1))
    last = draw(st.integers(first, len(pieces) - 1))
    return Flight(pieces[first].start, pieces[last].end)


@cached
@st.composite
def schedules(draw: DrawFn) -> Schedule:
    """
    Daily, weekly and monthly rhythms at hours no clock change touches.
    """
    every = draw(st.sampled_from(["day", "week", "month"]))
    allowed: dict[str, list[Any]] = {
        "day": [],
        "week": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
        "month": list(range(1, 32)),
    }
    some = allowed[every]
    on = draw(tuples_of(st.sampled_from(some), unique=True)) if some else ()
    return Schedule(
        every,
        on=on,
        at=draw(st.times(time(5), time(22))).replace(second=0, microsecond=0),
        zone=draw(zones()),
        interval=draw(st.integers(1, 4)),
        skip=draw(tuples_of(days(), most=2)),
    )


@cached
def links() -> SearchStrategy[str]:
    """
    Public web addresses with ports, paths, queries and fragments.
    """
    hosts = ("alpenkaffee.example", "shop.example.com:8443", "bücher.example")
    paths = ("", "/", "/box", "/a%20b/ü?q=1&ref=x", "/p?utm_source=old#top", "/?a=&b=2")
    return st.builds(
        "https://{}{}".format, st.sampled_from(hosts), st.sampled_from(paths)
    )


@cached
def utms() -> SearchStrategy[Utm]:
    """
    Tags with characters that must be encoded.
    """
    return st.builds(
        Utm,
        st.sampled_from(["facebook", "telegram", "news letter"]),
        st.sampled_from(["paid_social", "social", "e-mail&co"]),
        campaign=texts(),
        term=optional_texts(),
        content=optional_texts(),
    )


@cached
@st.composite
def name_patterns(draw: DrawFn) -> NamePattern:
    """
    Templates of one to four slots, some of them with a list of allowed values.
    """
    slots = draw(
        st.lists(
            st.sampled_from(["brand", "network", "audience", "month", "objective"]),
            min_size=1,
            max_size=4,
            unique=True,
        )
    )
    separator = draw(st.sampled_from(["_", " | ", "-", "·"]))
    allowed = {}
    if draw(st.booleans()):
        allowed[slots[0]] = ("alpen", "berg.kaffee", "kaffee+")
    template = separator.join(f"{{{slot}}}" for slot in slots)
    return NamePattern(template, allowed=allowed)


@cached
def fx_rates() -> SearchStrategy[FxRate]:
    """
    Dated rates between two different currencies.
    """
    pairs = st.tuples(currencies(), currencies()).filter(lambda p: p[0] != p[1])
    return st.builds(
        lambda pair, rate, on, source: FxRate(*pair, rate=rate, on=on, source=source),
        pairs,
        decimals("0.0001", 2_000, places=4),
        days(),
        st.sampled_from(["ECB 2027", "bank"]),
    )


@cached
def fx_tables() -> SearchStrategy[FxRates]:
    """
    A few dated rates, each pair and day once.
    """
    rates = st.lists(
        fx_rates(),
        max_size=4,
        unique_by=lambda r: (frozenset((r.base, r.quote)), r.on),
    )
    return rates.map(FxRates)
