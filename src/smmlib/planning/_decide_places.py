"""
Finding and changing one campaign, ad set or ad of a plan by its path.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import attrs

from smmlib.model import AdCampaign, MediaPlan, Money, Status


def _keys(address: str) -> list[str]:
    return address.split(".")[1::2]


def thing_at(plan: MediaPlan, address: str) -> Any:
    """
    The campaign, ad set or ad at a path; None when it is not there.
    """
    keys = _keys(address)
    campaign = plan.campaigns.get(keys[0]) if keys else None
    if campaign is None or len(keys) == 1:
        return campaign
    ad_set = campaign.ad_sets.get(keys[1])
    if ad_set is None or len(keys) == 2:  # noqa: PLR2004 - campaign and ad set
        return ad_set
    return ad_set.ads.get(keys[2])


def with_thing(plan: MediaPlan, address: str, thing: Any) -> MediaPlan:
    """
    The same plan with another campaign, ad set or ad at a path.
    """
    keys = _keys(address)
    campaign = plan.campaigns[keys[0]]
    if len(keys) == 1:
        campaign = thing
    else:
        ad_set = campaign.ad_sets[keys[1]]
        if len(keys) == 2:  # noqa: PLR2004 - campaign and ad set
            ad_set = thing
        else:
            ad_set = attrs.evolve(ad_set, ads={**ad_set.ads, keys[2]: thing})
        sets = {**campaign.ad_sets, keys[1]: ad_set}
        campaign = attrs.evolve(campaign, ad_sets=sets)
    return attrs.evolve(plan, campaigns={**plan.campaigns, keys[0]: campaign})


def budgeted(plan: MediaPlan, address: str) -> str | None:
    """
    The path of what pays for a thing: itself, or the nearest above with a budget.
    """
    parts = address.split(".")
    for length in range(len(parts), 1, -2):
        path = ".".join(parts[:length])
        if getattr(thing_at(plan, path), "budget", None) is not None:
            return path
    return None


def room_of(plan: MediaPlan, address: str) -> Money | None:
    """
    How much a budget may still grow: what its line costs less all that may be spent.

    A daily budget may grow by that divided by its days. None where the line states no
    cost, so that nothing limits it.
    """
    keys = _keys(address)
    campaign = plan.campaigns[keys[0]]
    line = plan.lines.get(campaign.line)
    if line is None or line.media is None:
        return None
    siblings = [c for c in plan.campaigns.values() if c.line == campaign.line]
    left = line.media.amount - sum(
        (_exposure(plan, one) for one in siblings), Decimal(0)
    )
    if len(keys) > 1 and campaign.budget is not None:
        inner = sum((_of_sets(plan, campaign)), Decimal(0))
        left = min(left, campaign.budget.exposure(_days(plan, campaign)).amount - inner)
    thing = thing_at(plan, address)
    if thing.budget.daily is not None:
        inside = thing if len(keys) > 1 else None
        left /= _days(plan, campaign, inside)
    return Money.rounded(max(left, Decimal(0)), line.media.currency)


def _days(plan: MediaPlan, campaign: AdCampaign, ad_set: Any = None) -> int:
    return max(plan.flight_of(campaign, ad_set).number_of_days, 1)


def _exposure(plan: MediaPlan, campaign: AdCampaign) -> Decimal:
    if campaign.budget is not None:
        return campaign.budget.exposure(_days(plan, campaign)).amount
    return sum(_of_sets(plan, campaign), Decimal(0))


def _of_sets(plan: MediaPlan, campaign: AdCampaign) -> list[Decimal]:
    """
    What the ad sets may spend; paused ones give their money free.
    """
    return [
        one.budget.exposure(_days(plan, campaign, one)).amount
        for one in campaign.ad_sets.values()
        if one.budget is not None and one.status is Status.ACTIVE
    ]
