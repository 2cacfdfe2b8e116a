"""
What happens to the budgets of campaigns when their line costs more, or less.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import attrs

from smmlib.model._budget import AdBudget
from smmlib.model._campaign import AdCampaign
from smmlib.model._checks import refuse
from smmlib.model._money import Money


def refitted(
    campaigns: Mapping[str, AdCampaign], old: Money, new: Money
) -> dict[str, AdCampaign]:
    """
    The campaigns of one line with budgets in proportion to its new cost.

    All that one pot pays for is divided together, so that the parts never add up to a
    cent more than the pot: the line pays for its campaigns, or for the ad sets of those
    that have no budget; a campaign's budget pays for its ad sets.

    Args:
        campaigns: Every campaign of the line, by key.
        old: What the line did cost.
        new: What it costs now.
    """
    before: dict[str, AdBudget] = {}
    for key, campaign in campaigns.items():
        path = f"campaigns.{key}"
        own = {path: campaign.budget} if campaign.budget else None
        before |= own or _of_ad_sets(path, campaign)
    after = _in_proportion(before, old, new)
    made = {}
    for key, campaign in campaigns.items():
        path = f"campaigns.{key}"
        budget = after.get(path)
        if budget and campaign.budget:
            inner = _of_ad_sets(path, campaign)
            after |= _in_proportion(inner, campaign.budget.amount, budget.amount)
        sets = {
            name: attrs.evolve(ad_set, budget=after.get(f"{path}.ad_sets.{name}"))
            for name, ad_set in campaign.ad_sets.items()
        }
        made[key] = attrs.evolve(campaign, budget=budget, ad_sets=sets)
    return made


def _of_ad_sets(path: str, campaign: AdCampaign) -> dict[str, AdBudget]:
    """
    Budgets of the ad sets that have one, by path in the plan.
    """
    return {
        f"{path}.ad_sets.{name}": ad_set.budget
        for name, ad_set in campaign.ad_sets.items()
        if ad_set.budget
    }


def _in_proportion(
    budgets: Mapping[str, AdBudget], old: Money, new: Money
) -> dict[str, AdBudget]:
    """
    Lifetime budgets share the pot to the cent; daily ones move alone, rounded down.
    """
    whole = {path: b.lifetime for path, b in budgets.items() if b.lifetime}
    rest = old - sum(whole.values(), Money.zero(old.currency))
    weights = [money.amount for money in whole.values()]
    shares = new.split([*weights, max(rest.amount, Decimal(0))])
    parts = dict(zip(whole, shares, strict=False))
    scaled = {path: AdBudget(lifetime=_due(path, m)) for path, m in parts.items()}
    for path, budget in budgets.items():
        if budget.daily:
            part = min(budget.daily, old)
            coins = _coins(part) * _coins(new) // _coins(old)
            scaled[path] = AdBudget(daily=_due(path, new.coin * coins))
    return scaled


def _coins(money: Money) -> int:
    """
    How many of the currency's smallest coins an amount is.
    """
    return int(money.amount.scaleb(money.decimals))


def _due(path: str, money: Money) -> Money:
    """
    The new budget, unless nothing is left of it.
    """
    if money:
        return money
    return refuse(
        f"{path}.budget",
        "nothing is left for this budget when its line costs so little",
        code="budget.vanished",
        value=str(money),
        expected="at least one coin",
        hint="drop the campaign or ad set, or give its line more",
    )
