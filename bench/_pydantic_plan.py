"""
The plan of the core benches as pydantic v2 models, with the rules of our own model.

Written as a pydantic user would for speed: lengths, patterns and closed lists in
pydantic-core, functions only where a rule needs one, `model_validate_json` on the text.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from _peer_rules import (
    KEY,
    LANGUAGE,
    PRINTABLE,
    ad_text,
    ages,
    country,
    days,
    expectation,
    flight,
    link,
    media_path,
    money,
    once,
    one_medium,
    public,
    radius,
    zone,
)
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    HttpUrl,
    StringConstraints,
    ValidationInfo,
    field_validator,
    model_validator,
)

from smmlib import model


def _text(longest: int) -> Any:
    return StringConstraints(max_length=longest, pattern=PRINTABLE)


Short = Annotated[str, _text(1000)]
Name = Annotated[str, _text(400)]
Key = Annotated[str, StringConstraints(pattern=KEY)]
Link = Annotated[HttpUrl, AfterValidator(public)] | Literal[""]


class Strict(BaseModel):
    """
    Frozen, strict, and without unknown keys: as our own values.
    """

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


class Money(Strict):
    """
    An amount in a currency.
    """

    amount: Decimal
    currency: str

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: Any) -> Any:
        amount, currency = money(value)
        return {"amount": amount, "currency": currency}


class Flight(Strict):
    """
    From one instant to another.
    """

    start: datetime
    end: datetime

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: Any, info: ValidationInfo) -> Any:
        start, end = flight(value, info.context.get("zone"))
        return {"start": start, "end": end}


class Image(Strict):
    """
    A picture.
    """

    path: Annotated[str, _text(2048), AfterValidator(media_path)]
    alt: Short = ""


class Card(Strict):
    """
    One card of a carousel.
    """

    image: Image
    headline: Short = ""
    description: Short = ""
    link: Link = ""


class Creative(Strict):
    """
    What people see.
    """

    text: Annotated[str, _text(100_000), AfterValidator(ad_text)] | None = None
    headline: Short = ""
    description: Short = ""
    cta: model.CTA | None = None
    link: Link = ""
    image: Image | None = None
    cards: tuple[Card, ...] = ()

    @model_validator(mode="after")
    def _check(self) -> Creative:
        one_medium(self)
        return self


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

    @model_validator(mode="after")
    def _check(self) -> AdBudget:
        if (self.daily is None) is (self.lifetime is None):
            raise ValueError("daily or lifetime")
        return self


class Bid(Strict):
    """
    How much one result may cost.
    """

    strategy: model.BidStrategy = model.BidStrategy.LOWEST_COST
    amount: Money | None = None

    @model_validator(mode="after")
    def _check(self) -> Bid:
        lowest = self.strategy is model.BidStrategy.LOWEST_COST
        if (self.amount is None) is not lowest:
            raise ValueError("a cap needs an amount")
        return self


class Placement(Strict):
    """
    Where an ad stands.
    """

    network: model.Network
    position: model.Position

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: Any) -> Any:
        network, _, position = value.partition(".")
        return {"network": model.Network(network), "position": model.Position(position)}


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
    ads: dict[Key, Ad] = Field(default_factory=dict)


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
    ad_sets: dict[Key, AdSet] = Field(default_factory=dict)


class AgeRange(Strict):
    """
    How old.
    """

    minimum: int
    maximum: int | None

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: Any) -> Any:
        low, high = ages(value)
        return {"minimum": low, "maximum": high}


class Radius(Strict):
    """
    How far around a city.
    """

    distance: Decimal
    unit: str

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: Any) -> Any:
        distance, unit = radius(value)
        return {"distance": distance, "unit": unit}


def _place(value: Any) -> Any:
    return {"country": value} if isinstance(value, str) else value


class Place(Strict):
    """
    Where people are.
    """

    country: Annotated[str, AfterValidator(country)]
    city: Annotated[str, _text(120)] = ""
    radius: Radius | None = None


class SiteVisitors(Strict):
    """
    Who came to the site.
    """

    site_visitors: Annotated[int, BeforeValidator(days)]


class Audience(Strict):
    """
    Who should see it.
    """

    age: AgeRange | None = None
    places: tuple[Annotated[Place, BeforeValidator(_place)], ...] = ()
    languages: tuple[Annotated[str, StringConstraints(pattern=LANGUAGE)], ...] = ()
    interests: Annotated[
        tuple[Annotated[str, _text(500)], ...], AfterValidator(once)
    ] = ()
    retarget: SiteVisitors | None = None


class Line(Strict):
    """
    One line of the media plan.
    """

    networks: Annotated[
        tuple[model.Network, ...], Field(min_length=1), AfterValidator(once)
    ]
    cost: Money | None = None
    buy: model.Buying | None = None
    expect: dict[str, Annotated[Any, BeforeValidator(expectation)]] = Field(
        default_factory=dict
    )
    owner: Key | Literal[""] = ""


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
    target: Any
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
    The whole plan; `zone` stands before every time, since those need it.
    """

    smmlib: Literal[1]
    zone: str
    name: Annotated[str, StringConstraints(max_length=400, pattern=r"\S")]
    project_id: Annotated[str, StringConstraints(max_length=64, pattern=r"\S")]
    flight: Flight
    budget: Budget | None = None
    strategy: Strategy | None = None
    people: dict[Key, Person] = Field(default_factory=dict)
    audiences: dict[Key, Audience] = Field(default_factory=dict)
    lines: dict[Key, Line] = Field(default_factory=dict)
    campaigns: dict[Key, Campaign] = Field(default_factory=dict)
    creatives: dict[Key, Creative] = Field(default_factory=dict)

    @field_validator("zone")
    @classmethod
    def _use(cls, value: str, info: ValidationInfo) -> str:
        info.context["zone"] = zone(value)
        return value


TunedLink = Annotated[str, AfterValidator(link)]


class TunedCard(Card):
    """
    A card whose link stays text and is tested by our own short test.
    """

    link: TunedLink = ""  # type: ignore[assignment]


class TunedCreative(Creative):
    """
    What people see, with links as text.
    """

    link: TunedLink = ""  # type: ignore[assignment]
    cards: tuple[TunedCard, ...] = ()


class TunedPlan(Plan):
    """
    The whole plan, with links as text.
    """

    creatives: dict[Key, TunedCreative] = Field(default_factory=dict)  # type: ignore[assignment]


class Tuned:
    """
    The classes of the tuned contender by the names of the others.
    """

    Image, Card, Creative, Ad = Image, TunedCard, TunedCreative, Ad


def load(text: str, *, tuned: bool = False) -> Plan:
    """
    The plan a JSON text holds.
    """
    kind = TunedPlan if tuned else Plan
    return kind.model_validate_json(text, context={})


def dump(plan: Plan) -> str:
    """
    The plan as JSON, without what it need not say.
    """
    return plan.model_dump_json(exclude_defaults=True)
