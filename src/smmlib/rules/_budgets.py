"""
Rules about money: one currency, parts within wholes, nothing promised twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from smmlib.model import AdBudget, Budget, LineItem, Money
from smmlib.rules._rule import Found, rule
from smmlib.rules._view import (
    CampaignView,
    PlanView,
    cost_of,
    exposure,
    gross_of,
    media_of,
    total,
)


def _of_budget(budget: Budget) -> Iterator[tuple[str, Money]]:
    for name, amount in budget.parts.items():
        yield f"budget.{name}", amount
    for key, amount in budget.allocations.items():
        yield f"budget.allocations.{key}", amount
    for name in ("per_day", "per_account_day", "per_campaign_day", "total"):
        cap = getattr(budget.caps, name) if budget.caps else None
        if cap is not None:
            yield f"budget.caps.{name}", cap
    for place, guard in enumerate(budget.guardrails):
        if isinstance(guard.limit, Money):
            yield f"budget.guardrails[{place}].limit", guard.limit
        if guard.after is not None:
            yield f"budget.guardrails[{place}].after", guard.after


def _of_line(path: str, line: LineItem) -> Iterator[tuple[str, Money]]:
    for name in ("cost", "minimum", "maximum"):
        amount = getattr(line, name)
        if amount is not None:
            yield f"{path}.{name}", amount
    for name in ("media", "agency_fee", "production", "tax"):
        amount = getattr(line.parts, name) if line.parts else None
        if amount is not None:
            yield f"{path}.parts.{name}", amount
    for key, expected in line.expect.items():
        if isinstance(expected, Money):
            yield f"{path}.expect.{key}", expected
    for place, wanted in enumerate(line.targets):
        if isinstance(wanted.target, Money):
            yield f"{path}.targets[{place}].target", wanted.target


def _of_campaign(campaign: CampaignView) -> Iterator[tuple[str, Money]]:
    for path, budget, _ in campaign.budgets():
        yield path, budget.amount
    bids = [(campaign.path, campaign.campaign.bid)]
    bids += [(item.path, item.ad_set.bid) for item in campaign.ad_sets]
    for path, bid in bids:
        if bid and bid.amount is not None:
            yield f"{path}.bid.amount", bid.amount


def _amounts(view: PlanView) -> Iterator[tuple[str, Money]]:
    """
    Every amount of the plan with its path.
    """
    plan = view.plan
    if plan.budget:
        yield from _of_budget(plan.budget)
    for place, goal in enumerate(plan.strategy.goals if plan.strategy else ()):
        for name in ("target", "baseline"):
            amount = getattr(goal, name)
            if isinstance(amount, Money):
                yield f"strategy.goals[{place}].{name}", amount
    for key, line in plan.lines.items():
        yield from _of_line(f"lines.{key}", line)
    for campaign in view.campaigns:
        yield from _of_campaign(campaign)


@rule("money.currency_mixed", "All amounts of a plan are in one currency.")
def currency_mixed(view: PlanView) -> Iterator[Found]:
    """
    Amounts in another currency than the plan's budget.
    """
    found = list(_amounts(view))
    own = view.plan.currency or next((m.currency for _, m in found), None)
    for path, amount in found:
        if amount.currency != own:
            yield Found(
                path,
                f"{amount} is not in the plan's currency {own}",
                value=amount.currency,
                limit=own,
                hint=f"convert it to {own} at a dated rate",
            )


@rule("budget.parts_over_total", "Fees, production, tax and reserve fit in the total.")
def parts_over_total(view: PlanView) -> Iterator[Found]:
    """
    Budgets whose parts are larger than the whole.
    """
    media, budget = media_of(view.plan), view.plan.budget
    if budget and media is not None and media.amount < 0:
        kept = total(budget.parts.values())
        yield Found(
            "budget",
            f"{', '.join(budget.parts)} come to {kept}, more than the total of "
            f"{budget.total}",
            value=str(kept),
            limit=str(budget.total),
            hint=f"{-media} too much: raise the total or lower a part",
        )


def _paid_costs(view: PlanView) -> Money | None:
    return total(cost_of(line) for line in view.plan.lines.values() if line.paid)


@rule("budget.lines_over", "Paid lines together fit in the budget's media money.")
def lines_over(view: PlanView) -> Iterator[Found]:
    """
    Plans whose lines cost more than the budget leaves for media.
    """
    media, costs = media_of(view.plan), _paid_costs(view)
    # Where the parts alone are larger than the total, that is the problem to solve.
    if media is None or costs is None or costs.currency != media.currency:
        return
    if media.amount >= 0 and costs > media:
        yield Found(
            "lines",
            f"the paid lines cost {costs}, but the budget leaves {media} for media",
            value=str(costs),
            limit=str(media),
            hint=f"take {costs - media} off the lines, or raise the total",
        )


@rule("budget.missing", "A plan with paid lines states its budget.", severity="info")
def budget_missing(view: PlanView) -> Iterator[Found]:
    """
    Paid lines without a total to hold them against.
    """
    costs = _paid_costs(view)
    if view.plan.budget is None and costs is not None:
        yield Found(
            "budget",
            f"the paid lines cost {costs}, and the plan states no budget",
            value=str(costs),
            hint=f"add budget: {{total: {costs}}}",
        )


@rule("budget.no_reserve", "A budget keeps something back.", severity="info")
def no_reserve(view: PlanView) -> Iterator[Found]:
    """
    Budgets without a reserve for surprises.
    """
    budget = view.plan.budget
    if budget and not budget.reserve:
        yield Found(
            "budget.reserve",
            "nothing is kept back for surprises",
            hint="many plans keep 5 to 10 % of the total as reserve",
        )


@rule("budget.minimums_over", "The least of every line fits in the media money.")
def minimums_over(view: PlanView) -> Iterator[Found]:
    """
    Minimums that no split of the budget can satisfy.
    """
    media = media_of(view.plan)
    least = total(line.minimum for line in view.plan.lines.values() if line.paid)
    if media is None or least is None or least.currency != media.currency:
        return
    if media.amount >= 0 and least > media:
        yield Found(
            "lines",
            f"the lines want at least {least}, but there are {media} for media",
            value=str(least),
            limit=str(media),
            hint=f"lower the minimums by {least - media}",
        )


@rule("budget.allocations_over", "Fixed allocations fit in the media money.")
def allocations_over(view: PlanView) -> Iterator[Found]:
    """
    Allocations that together are more than the budget leaves for media.
    """
    budget, media = view.plan.budget, media_of(view.plan)
    fixed = total(budget.allocations.values()) if budget else None
    if media is None or fixed is None or fixed.currency != media.currency:
        return
    if media.amount >= 0 and fixed > media:
        yield Found(
            "budget.allocations",
            f"the allocations come to {fixed}, but there are {media} for media",
            value=str(fixed),
            limit=str(media),
            hint=f"take {fixed - media} off the allocations",
        )


@rule(
    "budget.allocation_differs",
    "A line costs what the budget allocates to it.",
    severity="warning",
)
def allocation_differs(view: PlanView) -> Iterator[Found]:
    """
    Lines with one amount in the budget and another in the plan.
    """
    budget = view.plan.budget
    for key, fixed in budget.allocations.items() if budget else ():
        line = view.plan.lines.get(key)
        cost = cost_of(line) if line else None
        if cost is not None and cost != fixed:
            yield Found(
                f"budget.allocations.{key}",
                f"the budget gives line '{key}' {fixed}, the line costs {cost}",
                value=str(fixed),
                limit=str(cost),
                hint="decide for one of the two",
            )


def _same_currency(*amounts: Money | None) -> bool:
    return None not in amounts and len({m.currency for m in amounts if m}) == 1


@rule("line.parts_over_cost", "The parts of a line's price fit in its cost.")
def line_parts_over(view: PlanView) -> Iterator[Found]:
    """
    Lines whose media, fee, production and tax are more than they cost.
    """
    for key, line in view.plan.lines.items():
        gross, cost = gross_of(line), line.cost
        if gross is None or cost is None or not _same_currency(gross, cost):
            continue
        if gross > cost:
            yield Found(
                f"lines.{key}.parts",
                f"the parts of line '{key}' come to {gross}, its cost is {cost}",
                value=str(gross),
                limit=str(cost),
                hint=f"make the cost {gross}, or lower a part",
            )


@rule(
    "line.parts_below_cost",
    "The parts of a line's price explain all of its cost.",
    severity="warning",
)
def line_parts_below(view: PlanView) -> Iterator[Found]:
    """
    Lines with a rest that belongs to no part.
    """
    for key, line in view.plan.lines.items():
        gross, cost = gross_of(line), line.cost
        if gross is None or cost is None or not _same_currency(gross, cost):
            continue
        if gross < cost:
            yield Found(
                f"lines.{key}.parts",
                f"{cost - gross} of line '{key}' belong to no part",
                value=str(gross),
                limit=str(cost),
                hint="say whether the rest is media, fee, production or tax",
            )


@rule(
    "line.cost_out_of_bounds",
    "A line costs no less and no more than its own bounds say.",
    severity="warning",
)
def cost_out_of_bounds(view: PlanView) -> Iterator[Found]:
    """
    Lines outside their own minimum and maximum.
    """
    for key, line in view.plan.lines.items():
        cost = line.cost
        for word, bound in (("least", line.minimum), ("most", line.maximum)):
            if cost is None or bound is None or not _same_currency(cost, bound):
                continue
            if (cost < bound) if word == "least" else (cost > bound):
                yield Found(
                    f"lines.{key}.cost",
                    f"line '{key}' costs {cost}, its {word} is {bound}",
                    value=str(cost),
                    limit=str(bound),
                    hint="change the cost or the bound",
                )


def _by_line(view: PlanView) -> dict[str, list[CampaignView]]:
    lines: dict[str, list[CampaignView]] = {}
    for campaign in view.campaigns:
        lines.setdefault(campaign.campaign.line, []).append(campaign)
    return lines


def _money_of(line: LineItem | None) -> Money | None:
    """
    What of a line may be spent on ads: its media part, or all of it.
    """
    return line.media if line else None


@rule("line.campaigns_over", "Campaigns spend no more than their line has.")
def campaigns_over(view: PlanView) -> Iterator[Found]:
    """
    The campaign that takes its line's spending over the line's money.
    """
    for key, campaigns in _by_line(view).items():
        limit = _money_of(view.plan.lines.get(key))
        spent: Money | None = None
        for campaign in campaigns:
            own = total(campaign.exposures())
            if limit is None or own is None or own.currency != limit.currency:
                continue
            before, spent = spent, total([spent, own])
            if spent is not None and spent > limit and not (before and before > limit):
                yield _over(campaign, spent, limit)


def _over(campaign: CampaignView, spent: Money, limit: Money) -> Found:
    part = "budget" if campaign.campaign.budget else "ad_sets"
    line = campaign.campaign.line
    return Found(
        f"{campaign.path}.{part}",
        f"with campaign '{campaign.key}' the campaigns of line '{line}' can spend "
        f"{spent}, but the line has {limit}",
        value=str(spent),
        limit=str(limit),
        hint=f"take {spent - limit} off the campaigns, or raise the line's cost",
    )


@rule("line.campaigns_below", "Campaigns spend what their line has.", severity="info")
def campaigns_below(view: PlanView) -> Iterator[Found]:
    """
    Lines with money that no campaign will spend.
    """
    for key, campaigns in _by_line(view).items():
        limit = _money_of(view.plan.lines.get(key))
        spent = total(m for c in campaigns for m in c.exposures())
        if limit is None or spent is None or spent.currency != limit.currency:
            continue
        # Daily amounts rarely divide a line to the cent: one percent is rounding.
        if spent.amount < limit.amount * Decimal("0.99"):
            yield Found(
                f"lines.{key}.cost",
                f"{limit - spent} of line '{key}' are in no campaign's budget",
                value=str(spent),
                limit=str(limit),
                hint="raise the campaigns' budgets, or lower the line's cost",
            )


@rule("ad_set.budgets_over", "Ad sets spend no more than their campaign has.")
def ad_sets_over(view: PlanView) -> Iterator[Found]:
    """
    Campaigns whose ad sets have more money than the campaign itself.
    """
    for campaign in view.campaigns:
        own = campaign.campaign.budget
        below = total(
            exposure(s.ad_set.budget, s.flight)
            for s in campaign.ad_sets
            if s.ad_set.budget
        )
        limit = exposure(own, campaign.flight) if own else None
        if limit is None or below is None or below.currency != limit.currency:
            continue
        if below > limit:
            yield Found(
                f"{campaign.path}.ad_sets",
                f"the ad sets of campaign '{campaign.key}' can spend {below}, "
                f"the campaign {limit}",
                value=str(below),
                limit=str(limit),
                hint=f"take {below - limit} off the ad sets",
            )


def _a_day(budget: AdBudget, days: int) -> Decimal:
    return budget.amount.amount if budget.daily else budget.amount.amount / days


@rule("budget.cap_per_campaign", "A campaign stays under the cap of one day.")
def cap_per_campaign(view: PlanView) -> Iterator[Found]:
    """
    Budgets that on an average day pass the plan's own ceiling for one campaign.
    """
    caps = view.plan.budget.caps if view.plan.budget else None
    cap = caps.per_campaign_day if caps else None
    for campaign in view.campaigns if cap else ():
        for path, budget, flight in campaign.budgets():
            day = _a_day(budget, flight.number_of_days)
            if cap and budget.amount.currency == cap.currency and day > cap.amount:
                shown = Money.rounded(day, cap.currency)
                yield Found(
                    path,
                    f"{budget} is {shown} a day, the plan's cap for one campaign "
                    f"is {cap}",
                    value=str(shown),
                    limit=str(cap),
                    hint="lower the budget, or raise budget.caps.per_campaign_day",
                )


@rule("budget.cap_total", "All campaigns together stay under the cap of the plan.")
def cap_total(view: PlanView) -> Iterator[Found]:
    """
    Campaigns that together can pass the plan's own ceiling.
    """
    caps = view.plan.budget.caps if view.plan.budget else None
    cap = caps.total if caps else None
    spent = total(m for c in view.campaigns for m in c.exposures())
    if cap is None or spent is None or spent.currency != cap.currency:
        return
    if spent > cap:
        yield Found(
            "campaigns",
            f"the campaigns can spend {spent}, the plan's cap is {cap}",
            value=str(spent),
            limit=str(cap),
            hint="lower the campaigns' budgets, or raise budget.caps.total",
        )


RULES = (
    currency_mixed,
    parts_over_total,
    lines_over,
    budget_missing,
    no_reserve,
    minimums_over,
    allocations_over,
    allocation_differs,
    line_parts_over,
    line_parts_below,
    cost_out_of_bounds,
    campaigns_over,
    campaigns_below,
    ad_sets_over,
    cap_per_campaign,
    cap_total,
)
