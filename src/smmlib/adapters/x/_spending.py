"""
Budgets and bids of a plan, in X's words and normal form.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal
from typing import TYPE_CHECKING, Any

from smmlib.model import BidStrategy, Money
from smmlib.rules import _x_tables as rules

if TYPE_CHECKING:
    from collections.abc import Iterable

    from smmlib.adapters.x._findings import Findings
    from smmlib.adapters.x._normal import Fields
    from smmlib.model import AdBudget, AdCampaign, AdSet, Flight


class Spending:
    """
    What campaigns and ad sets of one plan may spend.

    X wants a daily budget of every campaign, so a budget for the whole life is sent
    with its even share of a day beside it: X stops at whichever comes first.

    Args:
        findings: Where problems go.
        currency: The ad account's.
    """

    def __init__(self, findings: Findings, currency: str) -> None:
        self._findings = findings
        self._currency = currency

    def campaign(
        self, campaign: AdCampaign, flight: Flight, path: str
    ) -> tuple[Fields, dict[str, Any]]:
        """
        The budget fields of a campaign, and what it can spend at most.
        """
        if campaign.budget:
            return self._own(campaign.budget, flight, f"{path}.budget")
        parts = [
            self._pair(s.budget, s.flight or flight)
            for s in campaign.ad_sets.values()
            if s.budget and s.budget.amount.currency == self._currency
        ]
        if not parts:
            return {}, {}
        total = _sum(total for _, total in parts)
        return {
            "daily_budget": self._spelt(min(_sum(d for d, _ in parts), total)),
            "total_budget": self._spelt(total),
        }, {}

    def ad_set(
        self, campaign: AdCampaign, ad_set: AdSet, flight: Flight, path: str
    ) -> tuple[Fields, dict[str, Any]]:
        """
        The budget fields of an ad set, and what it can spend at most.
        """
        if bool(campaign.budget) is bool(ad_set.budget):
            both = bool(ad_set.budget)
            self._findings.add(
                f"{path}.budget",
                "budget_levels",
                "the campaign and this ad set both have a budget"
                if both
                else "neither the ad set nor its campaign has a budget",
                value=str(ad_set.budget or ""),
                limit=rules.BUDGET_NEEDED.value,
                hint="drop one of them"
                if both
                else "add one, e.g. budget: {daily: 50.00 EUR}",
            )
        if not ad_set.budget:
            return {}, {}
        return self._own(ad_set.budget, flight, f"{path}.budget")

    def _own(
        self, budget: AdBudget, flight: Flight, path: str
    ) -> tuple[Fields, dict[str, Any]]:
        kind = "daily" if budget.daily else "lifetime"
        if not self._payable(budget.amount, f"{path}.{kind}"):
            return {}, {}
        daily, total = self._pair(budget, flight)
        fields = {
            "daily_budget": self._spelt(daily),
            "total_budget": self._spelt(total),
        }
        exposures = {
            "exposure": Money(total, self._currency),
            "daily_exposure": Money(daily, self._currency),
        }
        return fields, exposures

    def _pair(self, budget: AdBudget, flight: Flight) -> tuple[Decimal, Decimal]:
        """
        The most of a day, and of the whole flight.
        """
        total = budget.exposure(flight.number_of_days).amount
        if budget.daily:
            return budget.daily.amount, total
        step = Decimal(1).scaleb(-decimals(self._currency))
        share = total / flight.number_of_days
        return min(total, share.quantize(step, ROUND_CEILING)), total

    # -- bids ----------------------------------------------------------------------

    def bidding(
        self, campaign: AdCampaign, ad_set: AdSet, goal: tuple[str, str], path: str
    ) -> Fields:
        """
        Who bids: X by itself, we up to a cap, or X around a target.
        """
        bid = ad_set.bid or campaign.bid
        strategy = bid.strategy if bid else BidStrategy.LOWEST_COST
        objective, target = goal
        word = rules.BIDS[objective].get(strategy)
        if word is None:
            self._findings.add(
                f"{path}.bid",
                "bid_strategy",
                f"X has no {strategy.value} for {objective}",
                value=strategy.value,
                limit=", ".join(rules.BIDS[objective]),
                hint="choose one of those, or drop the bid",
            )
            return {}
        fields: Fields = {"bid_strategy": word}
        paid = rules.PAY_BY.get(target, {}).get(strategy)
        if paid:
            fields["pay_by"] = paid
        if bid and bid.amount and self._payable(bid.amount, f"{path}.bid.amount"):
            fields["bid"] = self._spelt(bid.amount.amount)
        return fields

    # -- amounts -------------------------------------------------------------------

    def _spelt(self, amount: Decimal) -> Fields:
        return {"amount": f"{amount.normalize():f}", "currency": self._currency}

    def _payable(self, money: Money, path: str) -> bool:
        digits = decimals(money.currency)
        if money.currency != self._currency:
            self._findings.add(
                path,
                "currency",
                f"{money} cannot be spent from an account in {self._currency}",
                value=str(money),
                limit=self._currency,
                hint="state the amount in the account's currency",
            )
            return False
        if money.amount != round(money.amount, digits):
            self._findings.add(
                path,
                "amount_not_payable",
                f"X takes {money.currency} with {digits} decimals",
                value=str(money),
                limit=digits,
                hint="round the amount",
            )
            return False
        return True


def decimals(currency: str) -> int:
    """
    With how many decimals X takes amounts of a currency.
    """
    return rules.DECIMALS.get(currency, 2)


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, Decimal(0))
