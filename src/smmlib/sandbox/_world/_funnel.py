"""
From impressions to orders: what people do, and what the platform claims of it.
"""

from __future__ import annotations

from decimal import Decimal
from math import exp
from typing import TYPE_CHECKING

import attrs

from smmlib.sandbox._world._chance import between, draws, spread, whole
from smmlib.sandbox._world._facts import AdDay
from smmlib.sandbox._world._market import DAY_CLICK

if TYPE_CHECKING:
    from datetime import date

    from smmlib.sandbox._world._appeal import Appeal, Slot, World

_BASKET = 39.0
_REPEATS = 1.11
"""Impressions per person when the audience is endless: some just scroll more."""

_TIRING = 0.05
"""How fast a click rate falls with the times people have seen an ad."""


@attrs.frozen
class Journeys:
    """
    What really happened after the visits of one row: the shop's side.
    """

    registrations: int
    values: tuple[Decimal, ...]


def row_key(ad_id: str, day: date, network: str, seed: int) -> str:
    """
    Name one row of the world for its draws.
    """
    return f"{seed}\x1f{ad_id}\x1f{day}\x1f{network}"


def journeys(appeal: Appeal, key: str, visits: int, world: World) -> Journeys:
    """
    Tell how many visitors registered and what those who bought paid.
    """
    luck = draws(key, "journey")
    rate = appeal.registration * spread(0.10, luck[0])
    registrations = min(visits, whole(visits * rate, luck[1]))
    buyers = visits * rate * appeal.purchase * spread(0.12, luck[2])
    purchases = min(registrations, whole(buyers, luck[3]))
    values = tuple(basket(key, number, world) for number in range(purchases))
    return Journeys(registrations, values)


def basket(key: str, number: int | str, world: World) -> Decimal:
    """
    Draw what one buyer pays; a few pay much more than most.
    """
    luck = draws(key, "basket", number)
    euros = _BASKET * exp(0.9 * (luck[0] + luck[1] + luck[2] - 1.5))
    return Decimal(int(euros * world.unit)).scaleb(-world.places)


def ad_day(
    appeal: Appeal,
    slot: Slot,
    day: date,
    *,
    impressions: int,
    spend: int,
    seen: float,
    part: float,
    world: World,
) -> AdDay:
    """
    Tell what a day's impressions led to, as the platform's report shows it.

    Args:
        appeal: The ad.
        slot: The ad in this network.
        day: The local day.
        impressions: How often it was shown.
        spend: What that cost, in minor units.
        world: Seed and money.
        seen: Times the average person had seen the ad before today.
        part: The part of the day on which the ad ran.
    """
    facts, goal = appeal.facts, appeal.goal
    key = row_key(facts.ad_id, day, slot.network, world.seed)
    luck = draws(key, "row", count=13)
    rate = slot.ctr * DAY_CLICK[day.weekday()] * spread(0.07, luck[0])
    rate /= 1.0 + _TIRING * seen
    link_clicks = whole(impressions * rate, luck[1])
    visits = whole(link_clicks * appeal.landing, luck[2])
    real = journeys(appeal, key, visits, world)
    claimed = _claims(real, key, impressions if appeal.landing else 0, world)
    others = between(0.1, 0.3, luck[5])
    likes = impressions * goal.engagement * appeal.quality * spread(0.2, luck[3])
    return AdDay(
        ad_id=facts.ad_id,
        day=day,
        network=slot.network,
        impressions=impressions,
        reach=_reached(slot.people * part, impressions, luck[4]),
        clicks=min(impressions, link_clicks + whole(link_clicks * others, luck[6])),
        link_clicks=link_clicks,
        landing_page_views=visits,
        leads=whole(link_clicks * appeal.lead, luck[7]),
        registrations=claimed[0],
        purchases=claimed[1],
        purchase_value=claimed[2],
        video_views=whole(impressions * goal.video * spread(0.1, luck[8]), luck[9]),
        likes=whole(likes, luck[10]),
        comments=whole(likes * 0.11, luck[11]),
        shares=whole(likes * 0.07, luck[12]),
        spend=Decimal(spend).scaleb(-world.places),
    )


def _reached(people: float, impressions: int, draw: float) -> int:
    """
    Count different people: repeats grow as the audience runs out.
    """
    reached = people * (1.0 - exp(-impressions / (people * _REPEATS)))
    return max(1, min(impressions, whole(reached, draw)))


def _claims(
    real: Journeys, key: str, impressions: int, world: World
) -> tuple[int, int, Decimal]:
    """
    Add what the platform counts without a click: people who only saw the ad.
    """
    luck = draws(key, "claims")
    signed_up = real.registrations + whole(
        real.registrations * 0.08 + impressions * 2e-5, luck[0]
    )
    bought = len(real.values)
    extra = whole(bought * 0.08 + impressions * 5e-6, luck[1])
    viewed = [basket(key, f"view-{number}", world) for number in range(extra)]
    value = sum((*real.values, *viewed), Decimal(0).scaleb(-world.places))
    return max(signed_up, bought + extra), bought + extra, value
