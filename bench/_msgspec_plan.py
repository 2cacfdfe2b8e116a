"""
The plan of the core benches as msgspec Structs, with the rules of our own model.

Written as a msgspec user would for speed: lengths, patterns and closed lists as `Meta`,
values written as one text through `dec_hook`, the rest in `__post_init__`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

import _peer_rules as rules
import msgspec
from msgspec import Meta, Struct

from smmlib import model

Line1000 = Annotated[str, Meta(max_length=1000, pattern=rules.PRINTABLE)]
Name = Annotated[str, Meta(max_length=400, pattern=rules.PRINTABLE)]
Key = Annotated[str, Meta(pattern=rules.KEY)]
Word = Annotated[str, Meta(max_length=500, pattern=rules.PRINTABLE)]


class Strict(Struct, frozen=True, forbid_unknown_fields=True):
    """
    Frozen and without unknown keys: as our own values.
    """


class Money:
    """
    An amount in a currency.
    """

    __slots__ = ("amount", "currency")

    def __init__(self, value: Any) -> None:
        self.amount, self.currency = rules.money(value)


class Flight:
    """
    From one instant to another.
    """

    __slots__ = ("end", "start")

    def __init__(self, ends: tuple[datetime, datetime]) -> None:
        self.start, self.end = ends


class Zone(str):
    """
    The plan's zone, which stands before every time.
    """

    __slots__ = ()


class AgeRange:
    """
    How old.
    """

    __slots__ = ("maximum", "minimum")

    def __init__(self, value: Any) -> None:
        self.minimum, self.maximum = rules.ages(value)


class Radius:
    """
    How far around a city.
    """

    __slots__ = ("distance", "unit")

    def __init__(self, value: Any) -> None:
        self.distance, self.unit = rules.radius(value)


class Days(int):
    """
    A look-back.
    """

    __slots__ = ()


class Expected:
    """
    A KPI's amount.
    """

    __slots__ = ("amount",)

    def __init__(self, value: Any) -> None:
        self.amount = rules.expectation(value)


class Placement:
    """
    Where an ad stands.
    """

    __slots__ = ("network", "position")

    def __init__(self, value: Any) -> None:
        network, _, position = value.partition(".")
        self.network = model.Network(network)
        self.position = model.Position(position)


class Image(Strict):
    """
    A picture.
    """

    path: Annotated[str, Meta(max_length=2048, pattern=rules.PRINTABLE)]
    alt: Line1000 = ""

    def __post_init__(self) -> None:
        rules.media_path(self.path)


class Card(Strict):
    """
    One card of a carousel.
    """

    image: Image
    headline: Line1000 = ""
    description: Line1000 = ""
    link: str = ""

    def __post_init__(self) -> None:
        rules.link(self.link)


class Creative(Strict):
    """
    What people see.
    """

    text: Annotated[str, Meta(pattern=rules.PRINTABLE)] | None = None
    headline: Line1000 = ""
    description: Line1000 = ""
    cta: model.CTA | None = None
    link: str = ""
    image: Image | None = None
    cards: tuple[Card, ...] = ()

    def __post_init__(self) -> None:
        rules.link(self.link)
        if self.text is not None:
            rules.ad_text(self.text)
        rules.one_medium(self)


class Ad(Strict):
    """
    A creative in an ad set.
    """

    creative: Key
    name: Name = ""
    status: model.Status = model.Status.ACTIVE


class AdBudget(Strict):
    """
    Per day or in all.
    """

    daily: Money | None = None
    lifetime: Money | None = None

    def __post_init__(self) -> None:
        if (self.daily is None) is (self.lifetime is None):
            raise ValueError("daily or lifetime")


class Bid(Strict):
    """
    How much one result may cost.
    """

    strategy: model.BidStrategy = model.BidStrategy.LOWEST_COST
    amount: Money | None = None

    def __post_init__(self) -> None:
        lowest = self.strategy is model.BidStrategy.LOWEST_COST
        if (self.amount is None) is not lowest:
            raise ValueError("a cap needs an amount")


class AdSet(Strict):
    """
    Ads for one audience.
    """

    audience: Key
    placements: tuple[Placement, ...] = ()
    name: Name = ""
    budget: AdBudget | None = None
    bid: Bid | None = None
    status: model.Status = model.Status.ACTIVE
    ads: dict[Key, Ad] = {}


class Campaign(Strict):
    """
    What is set up on a platform.
    """

    line: Key
    name: Name = ""
    objective: model.Objective | None = None
    special_ad_categories: tuple[str, ...] | None = None
    flight: Flight | None = None
    budget: AdBudget | None = None
    status: model.Status = model.Status.ACTIVE
    ad_sets: dict[Key, AdSet] = {}


class Place(Strict):
    """
    Where people are.
    """

    country: str
    city: Annotated[str, Meta(max_length=120, pattern=rules.PRINTABLE)] = ""
    radius: Radius | None = None

    def __post_init__(self) -> None:
        rules.country(self.country)


class SiteVisitors(Strict):
    """
    Who came to the site.
    """

    site_visitors: Days


class Audience(Strict):
    """
    Who should see it.
    """

    age: AgeRange | None = None
    places: tuple[str | Place, ...] = ()
    languages: tuple[Annotated[str, Meta(pattern=rules.LANGUAGE)], ...] = ()
    interests: tuple[Word, ...] = ()
    retarget: SiteVisitors | None = None

    def __post_init__(self) -> None:
        rules.once(self.interests)
        for place in self.places:
            if isinstance(place, str):
                rules.country(place)


class Line(Strict):
    """
    One line of the media plan.
    """

    networks: Annotated[tuple[model.Network, ...], Meta(min_length=1)]
    cost: Money | None = None
    buy: model.Buying | None = None
    expect: dict[str, Expected] = {}
    owner: str = ""

    def __post_init__(self) -> None:
        rules.once(self.networks)


class Person(Strict):
    """
    Who works on it.
    """

    name: Name
    role: model.Role


class Budget(Strict):
    """
    The plan's money.
    """

    total: Money
    reserve: Money | None = None


class Brand(Strict):
    """
    Who advertises.
    """

    name: Name
    advertiser: Name = ""


class Goal(Strict):
    """
    What should be reached.
    """

    kpi: Key
    target: str
    by: date


class Strategy(Strict):
    """
    What it is for.
    """

    brand: Brand
    objective: model.Objective | None = None
    goals: tuple[Goal, ...] = ()


class Plan(Strict):
    """
    The whole plan.
    """

    smmlib: Literal[1]
    zone: Zone
    name: Annotated[str, Meta(max_length=400, pattern=r"\S")]
    project_id: Annotated[str, Meta(max_length=64, pattern=r"\S")]
    flight: Flight
    budget: Budget | None = None
    strategy: Strategy | None = None
    people: dict[Key, Person] = {}
    audiences: dict[Key, Audience] = {}
    lines: dict[Key, Line] = {}
    campaigns: dict[Key, Campaign] = {}
    creatives: dict[Key, Creative] = {}


def _hook() -> Callable[[Any, Any], Any]:
    """
    How values written as one text are read; times in the zone that stood before them.
    """
    places = []

    def read(kind: Any, value: Any) -> Any:
        if kind is Zone:
            places.append(rules.zone(value))
            return Zone(value)
        if kind is Flight:
            return Flight(rules.flight(value, places[-1] if places else None))
        return Days(rules.days(value)) if kind is Days else kind(value)

    return read


def load(text: str) -> Plan:
    """
    The plan a JSON text holds.
    """
    return msgspec.json.decode(text, type=Plan, dec_hook=_hook())


def _write(value: Any) -> Any:
    if isinstance(value, Money):
        return f"{value.amount} {value.currency}"
    if isinstance(value, Decimal):
        return str(value)
    return {name: getattr(value, name) for name in type(value).__slots__}


def dump(plan: Plan) -> bytes:
    """
    The plan as JSON.
    """
    return msgspec.json.encode(plan, enc_hook=_write)
