"""
Budgets and bids of a plan, in LinkedIn's words and normal form.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smmlib.adapters.linkedin import _tables as tables
from smmlib.model import BidStrategy
from smmlib.model._iso import CURRENCY_DECIMALS

if TYPE_CHECKING:
    from smmlib.adapters.linkedin._findings import Findings
    from smmlib.adapters.linkedin._normal import Fields
    from smmlib.model import AdBudget, AdCampaign, AdSet, Bid, Money


class Spending:
    """
    What campaigns and ad sets of one plan may spend.

    Args:
        findings: Where problems go.
        currency: The ad account's.
    """

    def __init__(self, findings: Findings, currency: str) -> None:
        self._findings = findings
        self._currency = currency

    def own_budget(self, campaign: AdCampaign, ad_set: AdSet, path: str) -> Fields:
        here = f"{path}.budget"
        if campaign.budget and ad_set.budget:
            self._findings.add(
                here,
                "budget_levels",
                "the campaign shares its budget among all ad sets; this one has its "
                "own as well",
                value=str(ad_set.budget),
                hint="drop the budget of the ad sets, or that of the campaign",
            )
        if not campaign.budget and not ad_set.budget:
            self._findings.add(
                here,
                "budget_missing",
                "neither the ad set nor its campaign has a budget",
                hint="add one, e.g. budget: {daily: 50.00 EUR}",
            )
        fields = self.budget(ad_set.budget, here)
        if "totalBudget" in fields:
            fields["pacingStrategy"] = "LIFETIME"
        return fields

    def budget(self, budget: AdBudget | None, path: str) -> Fields:
        if budget is None:
            return {}
        kind = "daily" if budget.daily else "lifetime"
        name = "dailyBudget" if budget.daily else "totalBudget"
        return {name: self._money(budget.amount, f"{path}.{kind}")}

    def bidding(
        self, campaign: AdCampaign, ad_set: AdSet, target: str, path: str
    ) -> Fields:
        """
        Who bids: LinkedIn by itself, we by hand, or LinkedIn below a cap.
        """
        bid = ad_set.bid or campaign.bid
        strategy = bid.strategy if bid else BidStrategy.LOWEST_COST
        if campaign.budget and ad_set.bid and not _same_way(ad_set.bid, campaign.bid):
            self._findings.add(
                f"{path}.bid",
                "bid_level",
                "the campaign holds the budget, so its bid strategy holds for all ad "
                "sets",
                value=ad_set.bid.strategy.value,
                limit=campaign.bid.strategy.value if campaign.bid else "lowest_cost",
                hint="move the strategy to the campaign",
            )
        if strategy is BidStrategy.COST_CAP and target not in tables.CAPPED:
            self._findings.add(
                f"{path}.bid",
                "no_cost_cap",
                f"LinkedIn has no cost cap for {target}",
                value=strategy.value,
                limit="lowest_cost, bid_cap",
                hint="use bid_cap, or drop the bid",
            )
            return {}
        amount = bid.amount if bid else None
        unit = self._money(amount, f"{path}.bid.amount") if amount else {}
        if strategy is BidStrategy.BID_CAP:
            kind, cost = tables.MANUAL[target]
        elif strategy is BidStrategy.COST_CAP:
            kind, cost = tables.CAPPED[target], "CPM"
        else:
            kind, cost = target, tables.AUTOMATIC_COST.get(target, "CPM")
        return {"optimizationTargetType": kind, "costType": cost, "unitCost": unit}

    def _money(self, money: Money, path: str) -> Fields:
        currency = money.currency
        digits = CURRENCY_DECIMALS[currency]
        if currency != self._currency:
            self._findings.add(
                path,
                "currency",
                f"{money} cannot be spent from an account in {self._currency}",
                value=str(money),
                limit=self._currency,
                hint="state the amount in the account's currency",
            )
        elif money.amount != round(money.amount, digits):
            self._findings.add(
                path,
                "amount_not_payable",
                f"LinkedIn takes {currency} with {digits} decimals",
                value=str(money),
                limit=digits,
                hint="round the amount",
            )
        return {"amount": str(money.amount), "currencyCode": currency}


def _same_way(one: Bid, other: Bid | None) -> bool:
    return one.strategy is (other.strategy if other else BidStrategy.LOWEST_COST)
