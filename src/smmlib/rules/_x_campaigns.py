"""
X's rules for campaigns and ad sets: objectives, names, money, bids, people.
"""

from __future__ import annotations

from collections.abc import Iterator

from smmlib.model import BidStrategy
from smmlib.rules import _x_tables as x
from smmlib.rules._rule import Found, rule
from smmlib.rules._view import CampaignView, PlanView


@rule(
    "x.objective_not_available",
    "The objective can be set up on X.",
    platform=x.X,
    limits=[x.GOALS_LIMIT],
)
def objective_not_available(view: PlanView) -> Iterator[Found]:
    """
    Objectives smmlib sets up no campaigns on X for.
    """
    for item in view.campaigns_on(x.X):
        if item.objective and not x.GOALS[item.objective]:
            yield Found(
                f"{item.path}.objective",
                f"X has no campaigns for '{item.objective}' that smmlib sets up",
                value=item.objective.value,
                limit=", ".join(one for one, goals in x.GOALS.items() if goals),
                hint="choose another objective, or run the line by hand",
            )


@rule(
    "x.objective_goal",
    "Ad sets look for something that fits the campaign's objective.",
    platform=x.X,
    limits=[x.GOALS_LIMIT],
)
def objective_goal(view: PlanView) -> Iterator[Found]:
    """
    Ad sets optimised for what X does not look for under their objective.
    """
    for campaign in view.campaigns_on(x.X):
        allowed = x.GOALS[campaign.objective] if campaign.objective else {}
        for item in campaign.ad_sets if allowed else ():
            goal = item.ad_set.optimise_for
            if goal and goal not in allowed:
                yield Found(
                    f"{item.path}.optimise_for",
                    f"X cannot look for {goal} in a campaign for {campaign.objective}",
                    value=goal.value,
                    limit=", ".join(allowed),
                    hint="change the ad set's goal or the campaign's objective",
                )


def _objectives(item: CampaignView) -> set[str]:
    """
    X's objectives of a campaign's ad sets.
    """
    if item.objective is None or item.objective not in x.USUAL:
        return set()
    goals = x.GOALS[item.objective]
    usual = x.USUAL[item.objective]
    chosen = {one.ad_set.optimise_for or usual for one in item.ad_sets}
    return {goals[goal][0] for goal in chosen if goal in goals}


@rule(
    "x.objectives_mixed",
    "All ad sets of a campaign on X have one objective of X's.",
    platform=x.X,
    limits=[x.ONE_OBJECTIVE],
)
def objectives_mixed(view: PlanView) -> Iterator[Found]:
    """
    Campaigns whose ad sets would need several objectives of X's.
    """
    for item in view.campaigns_on(x.X):
        found = sorted(_objectives(item))
        if len(found) > 1:
            yield Found(
                f"{item.path}.ad_sets",
                "a campaign on X has one objective; these ad sets need "
                + " and ".join(found),
                value=", ".join(found),
                limit=x.ONE_OBJECTIVE,
                hint="make a campaign for each",
            )


@rule(
    "x.name_too_long",
    "Names fit, with smmlib's marker behind them.",
    platform=x.X,
    limits=[x.NAME, x.AD_NAME],
)
def name_too_long(view: PlanView) -> Iterator[Found]:
    """
    Names that would be refused; names smmlib makes of ads are shortened instead.
    """
    for path, name, most in (
        row for item in view.campaigns_on(x.X) for row in _named(view, item)
    ):
        if len(name) > most:
            yield Found(
                f"{path}.name",
                f"the name '{name[:40]}...' has {len(name)} characters",
                value=len(name),
                limit=most,
                hint=f"give it a name of at most {most} characters",
            )


def _named(view: PlanView, item: CampaignView) -> Iterator[tuple[str, str, int]]:
    most = x.NAME.value
    yield item.path, item.campaign.name or f"{view.plan.name} / {item.key}", most
    for ad_set in item.ad_sets:
        yield ad_set.path, ad_set.ad_set.name or f"{item.key} / {ad_set.key}", most
        for ad in ad_set.ads:
            creative = ad.creative.creative if ad.creative else None
            name = ad.ad.name or (creative.name if creative else "")
            yield ad.path, name, x.AD_NAME.value


@rule(
    "x.too_many_ad_sets",
    "A campaign on X has at most 100 ad sets.",
    platform=x.X,
    limits=[x.AD_SETS],
)
def too_many_ad_sets(view: PlanView) -> Iterator[Found]:
    """
    Campaigns with more ad sets than X takes.
    """
    for item in view.campaigns_on(x.X):
        count = len(list(item.ad_sets))
        if count > x.AD_SETS.value:
            yield Found(
                f"{item.path}.ad_sets",
                f"campaign '{item.key}' has {count} ad sets",
                value=count,
                limit=x.AD_SETS,
                hint="spread them over several campaigns",
            )


@rule(
    "x.budget_levels",
    "The budget is on the campaign or on its ad sets, never on both.",
    platform=x.X,
    limits=[x.BUDGET_NEEDED],
)
def budget_levels(view: PlanView) -> Iterator[Found]:
    """
    Budgets on both levels, and on none.
    """
    for campaign in view.campaigns_on(x.X):
        for item in campaign.ad_sets:
            if bool(campaign.campaign.budget) is not bool(item.ad_set.budget):
                continue
            both = bool(item.ad_set.budget)
            yield Found(
                f"{item.path}.budget",
                f"campaign '{campaign.key}' and its ad set '{item.key}' "
                + ("both have a budget" if both else "have no budget"),
                value=str(item.ad_set.budget or ""),
                limit=x.BUDGET_NEEDED,
                hint="drop one of them"
                if both
                else "add one, e.g. budget: {daily: 50.00 EUR}",
            )


@rule(
    "x.bid_strategy",
    "Ad sets bid in a way X has for their objective.",
    platform=x.X,
    limits=[x.BID_LIMIT],
)
def bid_strategy(view: PlanView) -> Iterator[Found]:
    """
    Bids X does not take for what the ad set looks for.
    """
    for campaign in view.campaigns_on(x.X):
        known = x.USUAL.get(campaign.objective) if campaign.objective else None
        for item in campaign.ad_sets if campaign.objective and known else ():
            bid = item.ad_set.bid or campaign.campaign.bid
            goal = item.ad_set.optimise_for or known
            objective = campaign.objective
            words = x.GOALS[objective].get(goal) if objective and goal else None
            strategy = bid.strategy if bid else BidStrategy.LOWEST_COST
            if words and strategy not in x.BIDS[words[0]]:
                yield Found(
                    f"{item.path}.bid",
                    f"X has no {strategy} for {words[0]}",
                    value=strategy.value,
                    limit=", ".join(x.BIDS[words[0]]),
                    hint="choose one of those, or drop the bid",
                )


@rule(
    "x.no_radius",
    "Places on X are whole countries, regions or cities.",
    platform=x.X,
    limits=[x.NO_RADIUS],
)
def no_radius(view: PlanView) -> Iterator[Found]:
    """
    Circles around cities, which X does not draw.
    """
    for item in view.audiences_on(x.X):
        for place, where in enumerate(item.audience.places):
            if where.radius:
                yield Found(
                    f"{item.path}.places[{place}].radius",
                    f"X draws no circles: {where}",
                    value=str(where.radius),
                    limit=x.NO_RADIUS,
                    hint="drop the radius, or name the region instead of the city",
                )


@rule(
    "x.no_such_trait",
    "People on X are described by interests, keywords, conversations.",
    platform=x.X,
    limits=[x.TRAITS_LIMIT],
)
def no_such_trait(view: PlanView) -> Iterator[Found]:
    """
    Audiences described by work or behaviour, which X knows nothing of.
    """
    for item in view.audiences_on(x.X):
        parts = [("", item.audience.traits)]
        parts += [
            (f"narrow_by[{number}].", traits)
            for number, traits in enumerate(item.audience.narrow_by)
        ]
        for before, traits in parts:
            for name, what in x.NOT_TARGETED.items():
                for number, value in enumerate(getattr(traits, name)):
                    if x.prefix_of(str(value)):
                        continue
                    yield Found(
                        f"{item.path}.{before}{name}[{number}]",
                        f"X does not target by {what}",
                        value=str(value),
                        limit=x.TRAITS_LIMIT,
                        hint="describe them by interests or `keyword: ...`, or leave "
                        "the ad set to LinkedIn",
                    )


@rule(
    "x.age_groups",
    "Ages are some that X knows as a group.",
    severity="warning",
    platform=x.X,
    limits=[x.AGES_LIMIT],
)
def age_groups(view: PlanView) -> Iterator[Found]:
    """
    Ages X widens to one of its groups.
    """
    for item in view.audiences_on(x.X):
        age = item.audience.age
        group = x.age_group(age.minimum, age.maximum) if age else None
        if age and group and group != (age.minimum, age.maximum):
            told = x.shown_group(group)
            yield Found(
                f"{item.path}.age",
                f"X knows age groups only; {age} is sent as {told}",
                value=str(age),
                limit=x.AGES_LIMIT,
                hint=f"write {told} to say what happens",
            )


RULES = (
    objective_not_available,
    objective_goal,
    objectives_mixed,
    name_too_long,
    too_many_ad_sets,
    budget_levels,
    bid_strategy,
    no_radius,
    no_such_trait,
    age_groups,
)
