"""
The plan of the core benches as attrs classes with attrs' validators and stock cattrs.

As the two are used by the book: validators on fields, one converter with strict hooks
for text and lists (cattrs alone takes a text for a list and turns numbers into text).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any, Literal, get_args, get_origin

import _peer_rules as rules
import attrs
from attrs import field, frozen
from attrs.validators import (
    and_,
    deep_iterable,
    deep_mapping,
    instance_of,
    matches_re,
    max_len,
    min_len,
    optional,
)
from cattrs.preconf.json import JsonConverter, make_converter

from smmlib import model


def _calls(check: Callable[[Any], Any]) -> Callable[[Any, Any, Any], None]:
    return lambda _instance, _attribute, value: check(value) and None


def _text(longest: int) -> Any:
    return and_(instance_of(str), max_len(longest), matches_re(rules.PRINTABLE))


_key = matches_re(rules.KEY)
_keyed = partial(deep_mapping, key_validator=_key)
_link = and_(instance_of(str), _calls(rules.link))

_WORDS = (
    model.BidStrategy,
    model.Buying,
    model.CTA,
    model.Network,
    model.Objective,
    model.Role,
    model.Status,
)


@frozen
class Money:
    """
    An amount in a currency.
    """

    amount: Decimal = field(validator=instance_of(Decimal))
    currency: str = field(validator=instance_of(str))


@frozen
class Flight:
    """
    From one instant to another.
    """

    start: Any
    end: Any


@frozen
class AgeRange:
    """
    How old.
    """

    minimum: int
    maximum: int | None


@frozen
class Radius:
    """
    How far around a city.
    """

    distance: Decimal
    unit: str


@frozen
class Placement:
    """
    Where an ad stands.
    """

    network: model.Network
    position: model.Position


@frozen
class Image:
    """
    A picture.
    """

    path: str = field(validator=[_text(2048), _calls(rules.media_path)])
    alt: str = field(default="", validator=_text(1000))


@frozen
class Card:
    """
    One card of a carousel.
    """

    image: Image = field(validator=instance_of(Image))
    headline: str = field(default="", validator=_text(1000))
    description: str = field(default="", validator=_text(1000))
    link: str = field(default="", validator=_link)


@frozen
class Creative:
    """
    What people see.
    """

    text: str | None = field(
        default=None, validator=optional([_text(100_000), _calls(rules.ad_text)])
    )
    headline: str = field(default="", validator=_text(1000))
    description: str = field(default="", validator=_text(1000))
    cta: model.CTA | None = field(
        default=None, validator=optional(instance_of(model.CTA))
    )
    link: str = field(default="", validator=_link)
    image: Image | None = field(default=None, validator=optional(instance_of(Image)))
    cards: tuple[Card, ...] = field(
        default=(), validator=deep_iterable(instance_of(Card), instance_of(tuple))
    )

    def __attrs_post_init__(self) -> None:
        rules.one_medium(self)


@frozen
class Ad:
    """
    A creative in an ad set.
    """

    creative: str = field(validator=_key)
    name: str = field(default="", validator=_text(400))
    status: model.Status = model.Status.ACTIVE


@frozen
class AdBudget:
    """
    Per day or in all.
    """

    daily: Money | None = None
    lifetime: Money | None = None

    def __attrs_post_init__(self) -> None:
        if (self.daily is None) is (self.lifetime is None):
            raise ValueError("daily or lifetime")


@frozen
class Bid:
    """
    How much one result may cost.
    """

    strategy: model.BidStrategy = model.BidStrategy.LOWEST_COST
    amount: Money | None = None

    def __attrs_post_init__(self) -> None:
        lowest = self.strategy is model.BidStrategy.LOWEST_COST
        if (self.amount is None) is not lowest:
            raise ValueError("a cap needs an amount")


@frozen
class AdSet:
    """
    Ads for one audience.
    """

    audience: str = field(validator=_key)
    placements: tuple[Placement, ...] = ()
    name: str = field(default="", validator=_text(400))
    budget: AdBudget | None = None
    bid: Bid | None = None
    status: model.Status = model.Status.ACTIVE
    ads: dict[str, Ad] = field(
        factory=dict, validator=_keyed(value_validator=instance_of(Ad))
    )


@frozen
class Campaign:
    """
    What is set up on a platform.
    """

    line: str = field(validator=_key)
    name: str = field(default="", validator=_text(400))
    objective: model.Objective | None = None
    special_ad_categories: tuple[str, ...] | None = None
    flight: Flight | None = None
    budget: AdBudget | None = None
    status: model.Status = model.Status.ACTIVE
    ad_sets: dict[str, AdSet] = field(
        factory=dict, validator=_keyed(value_validator=instance_of(AdSet))
    )


@frozen
class Place:
    """
    Where people are.
    """

    country: str = field(validator=_calls(rules.country))
    city: str = field(default="", validator=_text(120))
    radius: Radius | None = None


@frozen
class SiteVisitors:
    """
    Who came to the site.
    """

    site_visitors: int


@frozen
class Audience:
    """
    Who should see it.
    """

    age: AgeRange | None = None
    places: tuple[Place, ...] = ()
    languages: tuple[str, ...] = field(
        default=(), validator=deep_iterable(matches_re(rules.LANGUAGE))
    )
    interests: tuple[str, ...] = field(
        default=(), validator=[deep_iterable(_text(500)), _calls(rules.once)]
    )
    retarget: SiteVisitors | None = None


@frozen
class Line:
    """
    One line of the media plan.
    """

    networks: tuple[model.Network, ...] = field(
        validator=[min_len(1), _calls(rules.once)]
    )
    cost: Money | None = None
    buy: model.Buying | None = None
    expect: dict[str, Any] = field(factory=dict)
    owner: str = field(default="", validator=instance_of(str))


@frozen
class Person:
    """
    Who works on it.
    """

    name: str = field(validator=_text(400))
    role: model.Role


@frozen
class Budget:
    """
    The plan's money.
    """

    total: Money
    reserve: Money | None = None


@frozen
class Brand:
    """
    Who advertises.
    """

    name: str = field(validator=_text(400))
    advertiser: str = field(default="", validator=_text(400))


@frozen
class Goal:
    """
    What should be reached.
    """

    kpi: str = field(validator=_key)
    target: str
    by: date


@frozen
class Strategy:
    """
    What it is for.
    """

    brand: Brand
    objective: model.Objective | None = None
    goals: tuple[Goal, ...] = ()


@frozen
class Plan:
    """
    The whole plan.
    """

    smmlib: Literal[1]
    zone: str
    name: str = field(validator=[max_len(400), matches_re(r".*\S.*")])
    project_id: str = field(validator=[max_len(64), matches_re(r".*\S.*")])
    flight: Flight
    budget: Budget | None = None
    strategy: Strategy | None = None
    people: dict[str, Person] = field(
        factory=dict, validator=_keyed(value_validator=instance_of(Person))
    )
    audiences: dict[str, Audience] = field(
        factory=dict, validator=_keyed(value_validator=instance_of(Audience))
    )
    lines: dict[str, Line] = field(
        factory=dict, validator=_keyed(value_validator=instance_of(Line))
    )
    campaigns: dict[str, Campaign] = field(
        factory=dict, validator=_keyed(value_validator=instance_of(Campaign))
    )
    creatives: dict[str, Creative] = field(
        factory=dict, validator=_keyed(value_validator=instance_of(Creative))
    )

    def __attrs_post_init__(self) -> None:
        rules.zone(self.zone)


def _strict_text(value: Any, _: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("text is due")
    return value


def _strict_list(kind: Any, converter: JsonConverter) -> Callable[[Any, Any], Any]:
    item = get_args(kind)[0]
    read = converter.get_structure_hook(item)

    def read_list(value: Any, _: Any) -> Any:
        if not isinstance(value, list):
            raise TypeError("a list is due")
        return tuple(read(part, item) for part in value)

    return read_list


def _place(converter: JsonConverter) -> Callable[[Any, Any], Any]:
    from cattrs.gen import make_dict_structure_fn

    whole = make_dict_structure_fn(Place, converter, _cattrs_forbid_extra_keys=True)
    return lambda value, kind: (
        Place(value) if isinstance(value, str) else whole(value, kind)
    )


def _converter(place: Any) -> JsonConverter:
    """
    Stock cattrs, with hooks for what the file writes as one text.
    """
    converter = make_converter(forbid_extra_keys=True, detailed_validation=True)
    converter.register_structure_hook(str, _strict_text)
    for words in _WORDS:
        converter.register_structure_hook(words, lambda value, kind: kind(value))
    converter.register_structure_hook_factory(
        lambda kind: get_origin(kind) is tuple,
        lambda kind: _strict_list(kind, converter),
    )
    texts: dict[Any, Callable[[Any], Any]] = {
        Money: lambda value: Money(*rules.money(value)),
        Flight: lambda value: Flight(*rules.flight(value, place)),
        AgeRange: lambda value: AgeRange(*rules.ages(value)),
        Radius: lambda value: Radius(*rules.radius(value)),
        SiteVisitors: lambda value: SiteVisitors(_days(value)),
        Placement: _placement,
    }
    for kind, read in texts.items():
        converter.register_structure_hook(kind, lambda value, _, read=read: read(value))
    converter.register_structure_hook(Place, _place(converter))
    converter.register_structure_hook(Line, _line(converter))
    return converter


def _days(value: Any) -> int:
    if set(value) != {"site_visitors"}:
        raise ValueError("unknown keys")
    return rules.days(value["site_visitors"])


def _placement(value: Any) -> Placement:
    network, _, position = value.partition(".")
    return Placement(model.Network(network), model.Position(position))


def _line(converter: JsonConverter) -> Callable[[Any, Any], Any]:
    from cattrs.gen import make_dict_structure_fn

    whole = make_dict_structure_fn(Line, converter, _cattrs_forbid_extra_keys=True)

    def read(value: Any, kind: Any) -> Any:
        expect = {k: rules.expectation(v) for k, v in value.get("expect", {}).items()}
        return whole({**value, "expect": expect}, kind)

    return read


def load(text: str) -> Plan:
    """
    The plan a JSON text holds.
    """
    import json

    data = json.loads(text)
    place = rules.zone(data["zone"]) if isinstance(data.get("zone"), str) else None
    return _converter(place).structure(data, Plan)


def dump(plan: Plan) -> str:
    """
    The plan as JSON.
    """
    import json

    converter = make_converter()
    for kind in (Money, Flight, AgeRange, Radius):
        converter.register_unstructure_hook(
            kind, lambda value: [str(part) for part in attrs.astuple(value)]
        )
    return json.dumps(converter.unstructure(plan), default=str)
