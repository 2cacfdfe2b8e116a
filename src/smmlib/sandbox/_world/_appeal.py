"""
What an ad is worth before it runs: quality, prices, bids and rates per network.
"""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING

import attrs

from smmlib.sandbox._world._chance import between, draws
from smmlib.sandbox._world._market import (
    GOALS,
    NETWORKS,
    OTHER_GOAL,
    OTHER_NETWORK,
    GoalMarket,
    price_of,
)

if TYPE_CHECKING:
    from smmlib.sandbox._world._facts import AdFacts

_DAILY_USERS = 0.6
_VIEWS_PER_USER = 4.0
_WOMEN = 2
_UNBID = 1.6
"""A platform that bids by itself behaves like a bid well above the market."""


@attrs.frozen
class World:
    """
    Which world this is: its seed and the account's money.

    Attributes:
        unit: Minor units of the account's currency that buy what 1 EUR buys.
    """

    seed: int
    unit: float
    places: int


@attrs.frozen
class Slot:
    """
    One ad in one network: its daily people and views, price, bid and click rate.
    """

    network: str
    weight: float
    people: float
    views: float
    price: float
    delivered: float
    ctr: float


@attrs.frozen
class Appeal:
    """
    One version of an ad, ready to be delivered.
    """

    facts: AdFacts
    goal: GoalMarket
    quality: float
    landing: float
    registration: float
    purchase: float
    lead: float
    slots: tuple[Slot, ...]


def appeal_of(facts: AdFacts, world: World) -> Appeal:
    """
    Work out everything about an ad that does not change from day to day.
    """
    goal = GOALS.get(facts.goal, OTHER_GOAL)
    luck = draws(world.seed, "ad", facts.ad_id, facts.ad_set_id, facts.goal)
    quality = _quality(facts, world)
    lands = bool(facts.landing_url)
    return Appeal(
        facts=facts,
        goal=goal,
        quality=quality,
        landing=between(*goal.landing, luck[0]) if lands else 0.0,
        registration=between(*goal.registration, luck[1]),
        purchase=between(0.15, 0.35, luck[2]),
        lead=between(*goal.lead, luck[3]),
        slots=tuple(
            _slot(facts, goal, quality, network, world)
            for network in dict.fromkeys(facts.networks)
        ),
    )


def _quality(facts: AdFacts, world: World) -> float:
    """
    Judge a creative: its own luck, short text, and some cards but not too many.
    """
    luck = draws(world.seed, "creative", facts.creative_key)[0]
    too_long = max(0, facts.text_length - 125) / 355
    too_short = max(0, 40 - facts.text_length) / 40
    text = 1.0 - 0.16 * min(1.0, too_long) - 0.10 * too_short
    cards = 1.0 + 0.025 * min(facts.cards, 4) - 0.01 * max(0, facts.cards - 5)
    return between(0.78, 1.26, luck) * text * cards


def _slot(
    facts: AdFacts, goal: GoalMarket, quality: float, network: str, world: World
) -> Slot:
    market = NETWORKS.get(network, OTHER_NETWORK)
    luck = draws(world.seed, "slot", facts.ad_set_id, network, facts.ad_id)
    people = max(1.0, facts.audience_size * market.presence * _DAILY_USERS)
    euros = market.cpm * goal.price * price_of(facts.countries) * _crowd(facts)
    euros *= between(0.93, 1.07, luck[0]) / quality**0.4
    ctr = goal.ctr * market.click * quality * between(0.92, 1.08, luck[1])
    strength = _strength(facts, goal, ctr, euros, world)
    width = 1.0 - exp(-1.3 * strength)
    return Slot(
        network=network,
        weight=market.share * between(0.8, 1.25, luck[2]) * quality**2,
        people=max(1.0, people * width),
        views=people * width * _VIEWS_PER_USER,
        price=euros * world.unit * _paid(strength) / 1000,
        delivered=1.0 - exp(-2.6 * strength * strength),
        ctr=ctr,
    )


def _crowd(facts: AdFacts) -> float:
    """
    Older people and women are courted by more advertisers and cost a little more.

    Again the least dear of an audience count: the youngest, and men where they belong
    to it.
    """
    youngest, _ = facts.ages
    age = 0.95 + 0.2 * min(1.0, max(0.0, (youngest - 18) / 40))
    return age * (1.05 if set(facts.genders) == {_WOMEN} else 1.0)


def _strength(
    facts: AdFacts, goal: GoalMarket, ctr: float, euros: float, world: World
) -> float:
    """
    Compare the bid, seen as a price of 1,000 impressions, with the market's price.
    """
    if facts.bid is None:
        return _UNBID
    results = goal.per_view + goal.results * ctr
    bid = float(facts.bid.scaleb(world.places)) / world.unit
    views = 1000 * results if results else 1.0
    return max(0.01, bid * views / euros)


def _paid(strength: float) -> float:
    """
    Say which part of the market's price is paid: never more than the bid.
    """
    return min(strength, 0.75 + 0.35 * (1.0 - exp(-strength)))
