"""
What is set up on the platforms: campaign, ad sets, ads.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

import attrs

from smmlib.model._audience import Audience
from smmlib.model._budget import AdBudget, as_money, is_spendable
from smmlib.model._checks import (
    KEY,
    are,
    each_of,
    is_key,
    is_list,
    is_optional,
    is_optional_text,
    is_type,
    refuse,
)
from smmlib.model._creative import Creative
from smmlib.model._enums import (
    BidStrategy,
    Network,
    Objective,
    OptimiseFor,
    Position,
    Status,
)
from smmlib.model._flight import Flight
from smmlib.model._maps import EMPTY, FrozenMap, are_keyed, as_map
from smmlib.model._money import Money
from smmlib.model._place import country_code
from smmlib.model._quick import plain_text, quick
from smmlib.model._value import Value
from smmlib.model._words import (
    as_bid_strategy,
    as_network,
    as_objective,
    as_optimisation,
    as_position,
    as_status,
)

_LONGEST_NAME = 400


class SpecialCategory(StrEnum):
    """
    Topics whose ads the law restricts; they must be declared, and "none" too.
    """

    HOUSING = "housing"
    EMPLOYMENT = "employment"
    FINANCE = "financial_products_services"
    POLITICS = "issues_elections_politics"
    GAMBLING = "online_gambling_and_gaming"


@attrs.frozen(eq=False, repr=False)
class Placement(Value):
    """
    Where an ad stands: a network and a place on its screens, e.g. `facebook.feed`.
    """

    network: Network = attrs.field(converter=as_network)
    position: Position = attrs.field(converter=as_position)

    @classmethod
    def parse(cls, text: str) -> Placement:
        """
        Read `facebook.feed`.
        """
        network, dot, position = text.partition(".")
        if not dot:
            refuse(
                "placements",
                f"{text!r} is no placement",
                code="placement.format",
                value=text,
                expected="network.position, e.g. facebook.feed",
            )
        return cls(network, position)

    def __str__(self) -> str:
        return f"{self.network}.{self.position}"


def as_placements(value: Iterable[Placement | str]) -> tuple[Placement, ...]:
    """
    Let a user give `facebook.feed` where a `Placement` is meant.
    """
    is_list("placements", value)
    return tuple(
        Placement.parse(item) if isinstance(item, str) else item for item in value
    )


@attrs.frozen(eq=False, repr=False)
class Bid(Value):
    """
    How much one result may cost.

    Attributes:
        strategy: Lowest cost, or a cap on the bid or on the cost.
        amount: The cap; none for lowest cost.
    """

    strategy: BidStrategy = attrs.field(
        default=BidStrategy.LOWEST_COST, converter=as_bid_strategy
    )
    amount: Money | None = attrs.field(default=None, converter=as_money)

    def __attrs_post_init__(self) -> None:
        is_spendable("amount", self.amount)
        if (self.amount is None) is not (self.strategy is BidStrategy.LOWEST_COST):
            refuse(
                "amount",
                f"{self.strategy} goes {'with' if self.amount is None else 'without'} "
                "an amount",
                code="bid.amount",
                value=str(self.amount),
                expected="an amount for caps, none for lowest_cost",
                hint="add the amount, e.g. amount: 3.00 EUR"
                if self.amount is None
                else "leave the amount out, or choose bid_cap or cost_cap",
            )


@quick(
    "creative.__class__ is str and is_key(creative) and status.__class__ is Status",
    plain_text("name", _LONGEST_NAME),
    is_key=KEY.match,
    Status=Status,
)
@attrs.frozen(eq=False, repr=False)
class Ad(Value):
    """
    One ad: a creative shown inside an ad set.

    Attributes:
        creative: Key of a creative of the plan, or the creative itself.
        name: Shown name; empty for one made from the keys.
        status: What we want for it.
    """

    creative: str | Creative
    name: str = ""
    status: Status = attrs.field(
        default=Status.ACTIVE, converter=as_status, kw_only=True
    )

    def __attrs_post_init__(self) -> None:
        is_type("creative", self.creative, str, Creative)
        if isinstance(self.creative, str):
            is_key("creative", self.creative)
        is_optional_text("name", self.name, longest=_LONGEST_NAME)


def as_ads(value: Mapping[str, Ad] | Sequence[str]) -> FrozenMap[Ad]:
    """
    Let a user list creatives: each becomes an ad under the creative's key.
    """
    if isinstance(value, Mapping):
        return as_map(value)
    is_list("ads", value)
    for item in value:
        is_type("ads", item, str)
    if len(set(value)) != len(value):
        refuse(
            "ads",
            "the same creative is listed twice",
            code="list.repeated",
            value=", ".join(value),
            expected="each once",
            hint="give the ads keys of their own: {one: {creative: a}, two: ...}",
        )
    return FrozenMap({key: Ad(key) for key in value})


@attrs.frozen(eq=False, repr=False)
class AdSet(Value):
    """
    Ads for one audience, with placements, budget and schedule.

    Attributes:
        audience: Key of an audience of the plan, or the audience itself.
        ads: Ads by key; a list of creative keys is enough.
        placements: Where they stand; empty lets the platform choose.
        name: Shown name; empty for one made from the keys.
        budget: Its own budget, if the campaign has none.
        flight: When it runs; None for the campaign's flight.
        bid: How much a result may cost; None for the campaign's.
        optimise_for: What the platform looks for; None for the objective's usual.
        status: What we want for it.
    """

    audience: str | Audience
    ads: FrozenMap[Ad] = attrs.field(
        default=EMPTY,
        converter=as_ads,
    )
    placements: tuple[Placement, ...] = attrs.field(
        default=(),
        converter=as_placements,
        kw_only=True,
    )
    name: str = attrs.field(default="", kw_only=True)
    budget: AdBudget | None = attrs.field(default=None, kw_only=True)
    flight: Flight | None = attrs.field(default=None, kw_only=True)
    bid: Bid | None = attrs.field(default=None, kw_only=True)
    optimise_for: OptimiseFor | None = attrs.field(
        default=None,
        converter=as_optimisation,
        kw_only=True,
    )
    status: Status = attrs.field(
        default=Status.ACTIVE, converter=as_status, kw_only=True
    )

    def __attrs_post_init__(self) -> None:
        are("placements", self.placements, Placement)
        are_keyed("ads", self.ads, Ad)
        is_type("audience", self.audience, str, Audience)
        if isinstance(self.audience, str):
            is_key("audience", self.audience)
        is_optional_text("name", self.name, longest=_LONGEST_NAME)
        is_optional("budget", self.budget, AdBudget)
        is_optional("flight", self.flight, Flight)
        is_optional("bid", self.bid, Bid)


_CATEGORY_ALIASES = {
    "credit": "financial_products_services",
    "finance": "financial_products_services",
    "politics": "issues_elections_politics",
    "gambling": "online_gambling_and_gaming",
}


def as_categories(
    value: Iterable[str | SpecialCategory] | None,
) -> tuple[SpecialCategory, ...] | None:
    """
    Declared special topics; None is "not declared", which is not the same as none.
    """
    if value is None:
        return None
    name = "special_ad_categories"
    return each_of(name, SpecialCategory, value, _CATEGORY_ALIASES)


def as_countries(value: Iterable[str]) -> tuple[str, ...]:
    """
    Country codes in capitals.
    """
    is_list("special_ad_countries", value)
    return tuple(country_code(code) for code in value)


@attrs.frozen(eq=False, repr=False)
class AdCampaign(Value):
    """
    A campaign on one platform: one objective, some ad sets, one line of the plan.

    Attributes:
        line: Key of the media plan's line that pays for it.
        ad_sets: Ad sets by key.
        name: Shown name; empty for one made from the plan's name and the key.
        objective: What it is paid to reach; None for the strategy's.
        budget: Shared by all ad sets; None when each has its own.
        flight: When it runs; None for the line's flight.
        bid: How much a result may cost.
        special_ad_categories: Declared topics, () for none; None is "not declared",
            which is an error where a platform asks.
        special_ad_countries: Where the special topic is advertised.
        status: What we want for it.
    """

    line: str
    ad_sets: FrozenMap[AdSet] = attrs.field(default=EMPTY, converter=as_map)
    name: str = attrs.field(default="", kw_only=True)
    objective: Objective | None = attrs.field(
        default=None,
        converter=as_objective,
        kw_only=True,
    )
    budget: AdBudget | None = attrs.field(default=None, kw_only=True)
    flight: Flight | None = attrs.field(default=None, kw_only=True)
    bid: Bid | None = attrs.field(default=None, kw_only=True)
    special_ad_categories: tuple[SpecialCategory, ...] | None = attrs.field(
        default=None,
        converter=as_categories,
        kw_only=True,
    )
    special_ad_countries: tuple[str, ...] = attrs.field(
        default=(),
        converter=as_countries,
        kw_only=True,
    )
    status: Status = attrs.field(
        default=Status.ACTIVE, converter=as_status, kw_only=True
    )

    def __attrs_post_init__(self) -> None:
        are("special_ad_countries", self.special_ad_countries, str)
        are_keyed("ad_sets", self.ad_sets, AdSet)
        is_key("line", self.line)
        is_optional_text("name", self.name, longest=_LONGEST_NAME)
        is_optional("budget", self.budget, AdBudget)
        is_optional("flight", self.flight, Flight)
        is_optional("bid", self.bid, Bid)

    @property
    def number_of_ads(self) -> int:
        """
        How many ads all its ad sets hold.
        """
        return sum(len(ad_set.ads) for ad_set in self.ad_sets.values())

    def _repr_html_(self) -> str:
        from html import escape

        rows = "".join(
            f"<tr><td>{escape(key)}</td><td>{len(s.ads)} ads</td>"
            f"<td>{escape(str(s.budget or ''))}</td></tr>"
            for key, s in self.ad_sets.items()
        )
        head = escape(self.name or self.line)
        return f"<b>{head}</b> {escape(str(self.budget or ''))}<table>{rows}</table>"
