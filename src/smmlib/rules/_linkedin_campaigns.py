"""
LinkedIn's rules for campaigns and ad sets: declarations, names, money, people.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from smmlib.errors import Severity
from smmlib.model import AdBudget
from smmlib.rules import _linkedin_tables as linkedin
from smmlib.rules._rule import Found, rule
from smmlib.rules._view import AudienceView, CampaignView, PlanView


@rule(
    "linkedin.political_undeclared",
    "A campaign says whether it is political.",
    platform=linkedin.LINKEDIN,
    limits=[linkedin.POLITICAL],
)
def political_undeclared(view: PlanView) -> Iterator[Found]:
    """
    Campaigns that declare nothing; "none" is never assumed.
    """
    for item in view.campaigns_on(linkedin.LINKEDIN):
        if item.campaign.special_ad_categories is None:
            yield Found(
                f"{item.path}.special_ad_categories",
                f"campaign '{item.key}' does not say whether it is political",
                limit=linkedin.POLITICAL,
                hint="write special_ad_categories: [] if it is not",
            )


@rule(
    "linkedin.objective_not_available",
    "The objective can be set up on LinkedIn.",
    platform=linkedin.LINKEDIN,
    limits=[linkedin.GOALS_LIMIT],
)
def objective_not_available(view: PlanView) -> Iterator[Found]:
    """
    Objectives LinkedIn has no campaigns for.
    """
    for item in view.campaigns_on(linkedin.LINKEDIN):
        if item.objective and item.objective not in linkedin.GOALS:
            yield Found(
                f"{item.path}.objective",
                f"LinkedIn has no campaigns for '{item.objective}'",
                value=item.objective.value,
                limit=", ".join(linkedin.GOALS),
                hint="choose another objective, or run the line by hand",
            )


@rule(
    "linkedin.objective_goal",
    "Ad sets look for something that fits the campaign's objective.",
    platform=linkedin.LINKEDIN,
    limits=[linkedin.GOALS_LIMIT],
)
def objective_goal(view: PlanView) -> Iterator[Found]:
    """
    Ad sets optimised for what LinkedIn does not look for under their objective.
    """
    for campaign in view.campaigns_on(linkedin.LINKEDIN):
        allowed = linkedin.GOALS.get(campaign.objective) if campaign.objective else None
        for item in campaign.ad_sets if allowed else ():
            goal = item.ad_set.optimise_for
            if goal and allowed and goal not in allowed:
                yield Found(
                    f"{item.path}.optimise_for",
                    f"LinkedIn cannot look for {goal} in a campaign for "
                    f"{campaign.objective}",
                    value=goal.value,
                    limit=", ".join(allowed),
                    hint="change the ad set's goal or the campaign's objective",
                )


def _named(view: PlanView, item: CampaignView) -> Iterator[tuple[str, str, int]]:
    """
    Path, name and longest length of everything of a campaign with such a limit.
    """
    most = linkedin.GROUP_NAME.value
    yield item.path, item.campaign.name or f"{view.plan.name} / {item.key}", most
    for ad_set in item.ad_sets:
        for ad in ad_set.ads:
            creative = ad.creative.creative if ad.creative else None
            made = f"{item.key} / {ad_set.key} / {ad.key}"
            name = ad.ad.name or (creative.name if creative else "") or made
            yield ad.path, name, linkedin.AD_NAME.value


@rule(
    "linkedin.name_too_long",
    "Names fit, also those that are made from the plan's name.",
    platform=linkedin.LINKEDIN,
    limits=[linkedin.GROUP_NAME, linkedin.AD_NAME],
)
def name_too_long(view: PlanView) -> Iterator[Found]:
    """
    Names that would be refused once smmlib's marker stands behind them.
    """
    for item in view.campaigns_on(linkedin.LINKEDIN):
        for path, name, most in _named(view, item):
            if len(name) > most:
                yield Found(
                    f"{path}.name",
                    f"the name '{name[:40]}...' has {len(name)} characters",
                    value=len(name),
                    limit=most,
                    hint=f"give it a name of at most {most} characters",
                )


@rule(
    "linkedin.too_many_ads",
    "An ad set has at most 15 active ads.",
    platform=linkedin.LINKEDIN,
    limits=[linkedin.ADS],
)
def too_many_ads(view: PlanView) -> Iterator[Found]:
    """
    Ad sets with more ads than LinkedIn lets run.
    """
    for campaign in view.campaigns_on(linkedin.LINKEDIN):
        for item in campaign.ad_sets:
            if len(item.ads) > linkedin.ADS.value:
                yield Found(
                    f"{item.path}.ads",
                    f"ad set '{item.key}' has {len(item.ads)} ads",
                    value=len(item.ads),
                    limit=linkedin.ADS,
                    hint="spread them over several ad sets",
                )


@rule(
    "linkedin.budget_levels",
    "The budget is on the campaign or on its ad sets, never on both.",
    platform=linkedin.LINKEDIN,
    limits=[linkedin.ONE_LEVEL],
)
def budget_levels(view: PlanView) -> Iterator[Found]:
    """
    Budgets on both levels, and on none.
    """
    for campaign in view.campaigns_on(linkedin.LINKEDIN):
        for item in campaign.ad_sets:
            if bool(campaign.campaign.budget) is not bool(item.ad_set.budget):
                continue
            both = bool(item.ad_set.budget)
            yield Found(
                f"{item.path}.budget",
                f"campaign '{campaign.key}' and its ad set '{item.key}' "
                + ("both have a budget" if both else "have no budget"),
                value=str(item.ad_set.budget or ""),
                limit=linkedin.ONE_LEVEL,
                hint="drop one of them"
                if both
                else "add one, e.g. budget: {daily: 50.00 EUR}",
            )


@rule(
    "linkedin.budget_minimum",
    "Budgets reach LinkedIn's least amounts (exact in USD, roughly elsewhere).",
    platform=linkedin.LINKEDIN,
    limits=[linkedin.MINIMUM_DAILY, linkedin.MINIMUM_LIFETIME],
)
def budget_minimum(view: PlanView) -> Iterator[Found]:
    """
    Budgets LinkedIn would refuse as too low.
    """
    for campaign in view.campaigns_on(linkedin.LINKEDIN):
        for path, budget, _ in campaign.budgets():
            found = _too_low(path, budget)
            if found:
                yield found


def _too_low(path: str, budget: AdBudget) -> Found | None:
    code = budget.amount.currency
    exact = code == "USD"
    rate = Decimal(1) if exact else linkedin.ROUGHLY_PER_USD.get(code)
    limit = linkedin.MINIMUM_DAILY if budget.daily else linkedin.MINIMUM_LIFETIME
    if rate is None or budget.amount.amount >= limit.value * rate:
        return None
    shown = f"{'' if exact else 'about '}{limit.value * rate:.2f} {code}"
    return Found(
        path,
        f"{budget} is too little: LinkedIn wants at least {shown}",
        value=str(budget.amount),
        limit=shown,
        hint="raise the budget",
        severity=None if exact else Severity.WARNING,
    )


def _audiences(view: PlanView) -> Iterator[AudienceView]:
    """
    Audiences of ad sets that run on LinkedIn.
    """
    return view.audiences_on(linkedin.LINKEDIN)


@rule(
    "linkedin.places_missing",
    "An audience on LinkedIn is somewhere.",
    platform=linkedin.LINKEDIN,
    limits=[linkedin.PLACES_NEEDED],
)
def places_missing(view: PlanView) -> Iterator[Found]:
    """
    Audiences without a place.
    """
    for item in _audiences(view):
        if not item.audience.places:
            yield Found(
                f"{item.path}.places",
                "LinkedIn needs at least one place",
                limit=linkedin.PLACES_NEEDED,
                hint="add a country, e.g. places: [DE]",
            )


@rule(
    "linkedin.no_radius",
    "Places on LinkedIn are whole countries, regions or cities.",
    platform=linkedin.LINKEDIN,
    limits=[linkedin.NO_RADIUS],
)
def no_radius(view: PlanView) -> Iterator[Found]:
    """
    Circles around cities, which LinkedIn does not draw.
    """
    for item in _audiences(view):
        for place, where in enumerate(item.audience.places):
            if where.radius:
                yield Found(
                    f"{item.path}.places[{place}].radius",
                    f"LinkedIn draws no circles: {where}",
                    value=str(where.radius),
                    limit=linkedin.NO_RADIUS,
                    hint="drop the radius, or name the region instead of the city",
                )


@rule(
    "linkedin.languages",
    "An audience on LinkedIn speaks one language.",
    platform=linkedin.LINKEDIN,
    limits=[linkedin.ONE_LANGUAGE],
)
def languages(view: PlanView) -> Iterator[Found]:
    """
    Audiences in several languages.
    """
    for item in _audiences(view):
        if len(item.audience.languages) > 1:
            yield Found(
                f"{item.path}.languages",
                "a campaign on LinkedIn reaches profiles in one language",
                value=", ".join(item.audience.languages),
                limit=linkedin.ONE_LANGUAGE,
                hint="make an audience and an ad set for each language",
            )


RULES = (
    political_undeclared,
    objective_not_available,
    objective_goal,
    name_too_long,
    too_many_ads,
    budget_levels,
    budget_minimum,
    places_missing,
    no_radius,
    languages,
)
