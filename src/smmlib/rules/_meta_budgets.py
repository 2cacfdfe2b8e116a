"""
Meta's rules for money: one budget level, currencies, smallest amounts, bids.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from smmlib.errors import Severity
from smmlib.model import AdBudget, Bid, BidStrategy, Money, OptimiseFor
from smmlib.rules import _meta_tables as meta
from smmlib.rules._rule import Found, rule
from smmlib.rules._view import AdSetView, CampaignView, PlanView


@rule(
    "meta.budget_levels",
    "The budget is on the campaign or on its ad sets, never on both.",
    platform=meta.META,
    limits=[meta.ONE_LEVEL],
)
def budget_levels(view: PlanView) -> Iterator[Found]:
    """
    Ad sets with a budget of their own below a campaign that has one.
    """
    for campaign in view.campaigns_on(meta.META):
        for item in campaign.ad_sets if campaign.campaign.budget else ():
            if item.ad_set.budget:
                yield Found(
                    f"{item.path}.budget",
                    f"campaign '{campaign.key}' and its ad set '{item.key}' both have "
                    "a budget; Meta takes it on one level only",
                    value=str(item.ad_set.budget),
                    limit=meta.ONE_LEVEL,
                    hint="drop the budget of the ad sets, or that of the campaign",
                )


@rule(
    "meta.budget_missing",
    "Every ad set has a budget, or its campaign has one.",
    platform=meta.META,
    limits=[meta.ONE_LEVEL],
)
def budget_missing(view: PlanView) -> Iterator[Found]:
    """
    Ad sets with no money, neither their own nor the campaign's.
    """
    for campaign in view.campaigns_on(meta.META):
        if campaign.campaign.budget or not campaign.ad_sets:
            continue
        without = [item for item in campaign.ad_sets if not item.ad_set.budget]
        if len(without) == len(campaign.ad_sets):
            yield Found(
                f"{campaign.path}.budget",
                f"campaign '{campaign.key}' has no budget, and its ad sets have none",
                limit=meta.ONE_LEVEL,
                hint="add one, e.g. budget: {daily: 50.00 EUR}",
            )
            continue
        for item in without:
            yield Found(
                f"{item.path}.budget",
                f"ad set '{item.key}' has no budget, others of its campaign have one",
                limit=meta.ONE_LEVEL,
                hint="give it a budget, or move all of them to the campaign",
            )


def _amounts(view: PlanView) -> Iterator[tuple[str, Money]]:
    """
    Every amount that would be sent to Meta.
    """
    for campaign in view.campaigns_on(meta.META):
        for path, budget, _ in campaign.budgets():
            yield f"{path}.{'daily' if budget.daily else 'lifetime'}", budget.amount
        things = [(campaign.path, campaign.campaign.bid)]
        things += [(item.path, item.ad_set.bid) for item in campaign.ad_sets]
        for path, bid in things:
            if bid and bid.amount is not None:
                yield f"{path}.bid.amount", bid.amount


@rule(
    "meta.currency",
    "Meta bills in the plan's currency.",
    platform=meta.META,
    limits=[meta.CURRENCIES],
)
def currency(view: PlanView) -> Iterator[Found]:
    """
    Amounts in a currency Meta does not bill in; each currency is named once.
    """
    seen: set[str] = set()
    for path, amount in _amounts(view):
        if amount.currency not in meta.OFFSETS and amount.currency not in seen:
            seen.add(amount.currency)
            yield Found(
                path,
                f"Meta does not bill in {amount.currency}",
                value=amount.currency,
                limit=meta.CURRENCIES,
                hint="plan this line in the currency of the ad account",
            )


@rule(
    "meta.amount_not_payable",
    "Amounts can be written in Meta's smallest unit.",
    platform=meta.META,
    limits=[meta.SMALLEST_UNIT],
)
def not_payable(view: PlanView) -> Iterator[Found]:
    """
    Amounts with more decimals than Meta counts, which may differ from ISO 4217.
    """
    for path, amount in _amounts(view):
        offset = meta.OFFSETS.get(amount.currency, 1000)
        if (amount.amount * offset) % 1:
            unit = "whole numbers" if offset == 1 else "two decimals"
            yield Found(
                path,
                f"Meta counts {amount.currency} in {unit}, {amount} cannot be sent",
                value=str(amount),
                limit=unit,
                hint=f"write {amount.amount:.0f} {amount.currency}"
                if offset == 1
                else "round it to two decimals",
            )


def _goal(campaign: CampaignView, item: AdSetView) -> OptimiseFor | None:
    if item.ad_set.optimise_for or campaign.objective is None:
        return item.ad_set.optimise_for
    return meta.USUAL_GOAL.get(campaign.objective)


def _least(goal: OptimiseFor, item: AdSetView) -> Decimal:
    """
    The least a day in USD for one ad set.
    """
    if goal not in meta.SHOWN_GOALS | meta.CLICK_GOALS:
        return Decimal(meta.MINIMUM_ACTIONS.value)
    limit = meta.MINIMUM_SHOWN if goal in meta.SHOWN_GOALS else meta.MINIMUM_CLICKS
    countries = item.audience.countries if item.audience else ()
    twice = bool(meta.DOUBLE_MINIMUM.intersection(countries))
    return Decimal(limit.value) * (2 if twice else 1)


def _budgeted(
    view: PlanView,
) -> Iterator[tuple[str, AdBudget, int, list[tuple[CampaignView, AdSetView]]]]:
    """
    Path, budget, days and the ad sets that live on it, for every budget on Meta.
    """
    for campaign in view.campaigns_on(meta.META):
        own = campaign.campaign.budget
        if own:
            days = campaign.flight.number_of_days
            sets = [(campaign, item) for item in campaign.ad_sets]
            yield f"{campaign.path}.budget", own, days, sets
            continue
        for item in campaign.ad_sets:
            if item.ad_set.budget:
                days = item.flight.number_of_days
                yield (
                    f"{item.path}.budget",
                    item.ad_set.budget,
                    days,
                    [(campaign, item)],
                )


@rule(
    "meta.budget_minimum",
    "Budgets reach Meta's least amount a day (exact in USD, roughly elsewhere).",
    platform=meta.META,
    limits=[meta.MINIMUM_SHOWN, meta.MINIMUM_CLICKS, meta.MINIMUM_ACTIONS],
)
def budget_minimum(view: PlanView) -> Iterator[Found]:
    """
    Budgets Meta would refuse as too low; a campaign's budget feeds all its ad sets.
    """
    for path, budget, days, sets in _budgeted(view):
        rate = meta.ROUGHLY_PER_USD.get(budget.amount.currency)
        rate = Decimal(1) if budget.amount.currency == "USD" else rate
        goals = [(_goal(campaign, item), item) for campaign, item in sets]
        floors = [_least(goal, item) for goal, item in goals if goal]
        if not floors or rate is None:
            continue
        least = sum(floors, Decimal(0)) * rate
        needed = least if budget.daily else least * days
        if budget.amount.amount < needed:
            yield _too_low(path, budget, needed)


def _too_low(path: str, budget: AdBudget, needed: Decimal) -> Found:
    code = budget.amount.currency
    exact = code == "USD"
    shown = f"{'' if exact else 'about '}{needed:.2f} {code}"
    return Found(
        path,
        f"{budget} is too little: Meta wants at least {shown} "
        f"{'a day' if budget.daily else 'in all'}",
        value=str(budget.amount),
        limit=shown,
        hint="raise the budget, use fewer ad sets or optimise for something more "
        "frequent" + ("" if exact else "; Meta's own limit follows the day's rate"),
        severity=None if exact else Severity.WARNING,
    )


def _bid_of(campaign: CampaignView, item: AdSetView) -> Bid | None:
    if campaign.campaign.budget:
        return campaign.campaign.bid
    return item.ad_set.bid or campaign.campaign.bid


@rule(
    "meta.bid_cap_budget",
    "A daily budget pays for several results at the bid cap.",
    platform=meta.META,
    limits=[meta.BID_CAP_CLICKS, meta.BID_CAP_SHOWN],
)
def bid_cap_budget(view: PlanView) -> Iterator[Found]:
    """
    Budgets that are too small for their own bid cap.
    """
    for path, budget, days, sets in _budgeted(view):
        a_day = budget.amount.amount / (1 if budget.daily else days)
        for campaign, item in sets:
            bid = _bid_of(campaign, item)
            if bid is None or bid.strategy is not BidStrategy.BID_CAP:
                continue
            goal = _goal(campaign, item)
            limit = (
                meta.BID_CAP_SHOWN if goal in meta.SHOWN_GOALS else meta.BID_CAP_CLICKS
            )
            same = bid.amount and bid.amount.currency == budget.amount.currency
            if same and bid.amount and a_day < bid.amount.amount * limit.value:
                yield Found(
                    path,
                    f"{budget} is too little for a bid cap of {bid.amount}: a day must "
                    f"pay for at least {limit.value}",
                    value=str(budget.amount),
                    limit=limit,
                    hint="raise the budget or lower the bid cap",
                )
                break


@rule(
    "meta.bid_level",
    "Where the campaign has the budget, it has the bid strategy as well.",
    platform=meta.META,
    limits=[meta.BID_LEVEL],
)
def bid_level(view: PlanView) -> Iterator[Found]:
    """
    Ad sets that want to bid otherwise than the campaign that pays for them.
    """
    for campaign in view.campaigns_on(meta.META):
        above = campaign.campaign.bid or Bid()
        for item in campaign.ad_sets if campaign.campaign.budget else ():
            own = item.ad_set.bid
            if own and own.strategy is not above.strategy:
                yield Found(
                    f"{item.path}.bid",
                    f"ad set '{item.key}' bids by {own.strategy}, but the budget of "
                    f"campaign '{campaign.key}' is spent by {above.strategy}",
                    value=own.strategy.value,
                    limit=above.strategy.value,
                    hint="move the bid to the campaign, or the budget to the ad sets",
                )


@rule(
    "meta.daily_too_short",
    "A daily budget runs for more than a day.",
    platform=meta.META,
    limits=[meta.DAILY_NEEDS],
)
def daily_too_short(view: PlanView) -> Iterator[Found]:
    """
    Daily budgets for runs of 24 hours or less.
    """
    said: set[str] = set()
    for campaign in view.campaigns_on(meta.META):
        for item in campaign.ad_sets:
            own = item.ad_set.budget
            path = f"{item.path if own else campaign.path}.budget"
            budget = own or campaign.campaign.budget
            short = item.flight.duration <= timedelta(hours=meta.DAILY_NEEDS.value)
            if budget and budget.daily and short and path not in said:
                said.add(path)
                yield Found(
                    path,
                    f"ad set '{item.key}' runs {item.flight}; a daily budget needs "
                    "more than 24 hours",
                    value=str(item.flight),
                    limit=meta.DAILY_NEEDS,
                    hint="use a lifetime budget for a single day",
                )


RULES = (
    budget_levels,
    budget_missing,
    currency,
    not_payable,
    budget_minimum,
    bid_cap_budget,
    bid_level,
    daily_too_short,
)
