"""
Meta's rules for campaigns and ad sets: declarations, objectives, counts, placements.
"""

from __future__ import annotations

from collections.abc import Iterator

from smmlib.model import Network, Placement, Position, SpecialCategory
from smmlib.rules import _meta_tables as meta
from smmlib.rules._rule import Found, rule
from smmlib.rules._view import CampaignView, PlanView


@rule(
    "meta.special_category_undeclared",
    "A campaign declares its special ad categories, also when it has none.",
    platform=meta.META,
    limits=[meta.CATEGORIES_DECLARED],
)
def undeclared(view: PlanView) -> Iterator[Found]:
    """
    Campaigns that say nothing; "none" is never assumed, since it is a legal statement.
    """
    for item in view.campaigns_on(meta.META):
        if item.campaign.special_ad_categories is None:
            yield Found(
                f"{item.path}.special_ad_categories",
                f"campaign '{item.key}' does not say whether it is about housing, "
                "jobs, finance, politics or gambling",
                limit=meta.CATEGORIES_DECLARED,
                hint="write special_ad_categories: [] if it is about none of them",
            )


@rule(
    "meta.special_category_country",
    "A special ad category comes with its countries.",
    platform=meta.META,
    limits=[meta.CATEGORY_COUNTRY],
)
def category_country(view: PlanView) -> Iterator[Found]:
    """
    Special topics without the countries they are advertised in.
    """
    for item in view.campaigns_on(meta.META):
        campaign = item.campaign
        if campaign.special_ad_categories and not campaign.special_ad_countries:
            named = ", ".join(campaign.special_ad_categories)
            yield Found(
                f"{item.path}.special_ad_countries",
                f"campaign '{item.key}' is about {named}, but names no country for it",
                limit=meta.CATEGORY_COUNTRY,
                hint="add special_ad_countries, e.g. [US]",
            )


def _countries(item: CampaignView) -> set[str]:
    """
    Every country a campaign states or reaches.
    """
    found = set(item.campaign.special_ad_countries)
    for ad_set in item.ad_sets:
        if ad_set.audience:
            found.update(ad_set.audience.countries)
    return found


@rule(
    "meta.politics_eu",
    "No political ads in the EU.",
    platform=meta.META,
    limits=[meta.POLITICS_EU],
)
def politics_eu(view: PlanView) -> Iterator[Found]:
    """
    Political campaigns that reach a country of the EU.
    """
    for item in view.campaigns_on(meta.META):
        declared = item.campaign.special_ad_categories or ()
        inside = sorted(_countries(item) & meta.EU)
        if SpecialCategory.POLITICS in declared and inside:
            yield Found(
                f"{item.path}.special_ad_categories",
                f"campaign '{item.key}' is political and reaches "
                f"{', '.join(inside)}; Meta shows no political ads in the EU",
                value=", ".join(inside),
                limit=meta.POLITICS_EU,
                hint="leave these countries out of its audiences",
            )


@rule(
    "meta.objective_not_available",
    "The objective can be set up on Meta.",
    platform=meta.META,
    limits=[meta.GOALS_LIMIT],
)
def objective_not_available(view: PlanView) -> Iterator[Found]:
    """
    Objectives that need an app, for which a plan has no place.
    """
    for item in view.campaigns_on(meta.META):
        if item.objective and item.objective not in meta.GOALS:
            yield Found(
                f"{item.path}.objective",
                f"'{item.objective}' needs an app and its store page, which smmlib "
                "does not set up on Meta yet",
                value=item.objective.value,
                limit=", ".join(meta.GOALS),
                hint="choose another objective, or run the line by hand",
            )


@rule(
    "meta.objective_goal",
    "Ad sets look for something that fits the campaign's objective.",
    platform=meta.META,
    limits=[meta.GOALS_LIMIT],
)
def objective_goal(view: PlanView) -> Iterator[Found]:
    """
    Ad sets optimised for what Meta refuses under their objective.
    """
    for campaign in view.campaigns_on(meta.META):
        allowed = meta.GOALS.get(campaign.objective) if campaign.objective else None
        for item in campaign.ad_sets if allowed else ():
            goal = item.ad_set.optimise_for
            if goal and allowed and goal not in allowed:
                yield Found(
                    f"{item.path}.optimise_for",
                    f"Meta cannot look for {goal} in a campaign for "
                    f"{campaign.objective}",
                    value=goal.value,
                    limit=", ".join(allowed),
                    hint="change the ad set's goal or the campaign's objective",
                )


@rule(
    "meta.name_too_long",
    "Names fit, also those that are made from the plan's name.",
    platform=meta.META,
    limits=[meta.NAME_LENGTH],
)
def name_too_long(view: PlanView) -> Iterator[Found]:
    """
    Campaigns whose made-up name would be refused.
    """
    for item in view.campaigns_on(meta.META):
        name = item.campaign.name or f"{view.plan.name} {item.key}"
        if len(name) > meta.NAME_LENGTH.value:
            yield Found(
                f"{item.path}.name",
                f"the name of campaign '{item.key}' has {len(name)} characters",
                value=len(name),
                limit=meta.NAME_LENGTH,
                hint="give the campaign a short name of its own",
            )


@rule(
    "meta.too_many_ad_sets",
    "A campaign has at most 200 ad sets.",
    platform=meta.META,
    limits=[meta.AD_SETS],
)
def too_many_ad_sets(view: PlanView) -> Iterator[Found]:
    """
    Campaigns with more ad sets than Meta takes.
    """
    for item in view.campaigns_on(meta.META):
        if len(item.ad_sets) > meta.AD_SETS.value:
            yield Found(
                f"{item.path}.ad_sets",
                f"campaign '{item.key}' has {len(item.ad_sets)} ad sets",
                value=len(item.ad_sets),
                limit=meta.AD_SETS,
                hint="spread them over several campaigns",
            )


@rule(
    "meta.too_many_ads",
    "An ad set has at most 50 ads.",
    platform=meta.META,
    limits=[meta.ADS],
)
def too_many_ads(view: PlanView) -> Iterator[Found]:
    """
    Ad sets with more ads than Meta takes.
    """
    for campaign in view.campaigns_on(meta.META):
        for item in campaign.ad_sets:
            if len(item.ads) > meta.ADS.value:
                yield Found(
                    f"{item.path}.ads",
                    f"ad set '{item.key}' has {len(item.ads)} ads",
                    value=len(item.ads),
                    limit=meta.ADS,
                    hint="spread them over several ad sets",
                )


@rule(
    "meta.placement_unknown",
    "Placements exist on Facebook or Instagram.",
    platform=meta.META,
    limits=[meta.POSITIONS_LIMIT],
)
def placement_unknown(view: PlanView) -> Iterator[Found]:
    """
    Positions the network does not have.
    """
    for campaign in view.campaigns_on(meta.META):
        for item in campaign.ad_sets:
            for place, placement in enumerate(item.ad_set.placements):
                known = meta.POSITIONS.get(placement.network)
                if known and placement.position not in known:
                    yield Found(
                        f"{item.path}.placements[{place}]",
                        f"{placement.network} has no placement '{placement.position}'",
                        value=str(placement),
                        limit=", ".join(f"{placement.network}.{p}" for p in known),
                        hint="choose one of these",
                    )


def _lonely(placements: tuple[Placement, ...]) -> Iterator[tuple[int, str]]:
    """
    Placements that cannot stand without another one, with the one they need.
    """
    on_facebook = {p.position for p in placements if p.network is Network.FACEBOOK}
    stories = Placement(Network.INSTAGRAM, Position.STORIES)
    alone = on_facebook == {Position.STORIES} and stories not in placements
    for place, placement in enumerate(placements):
        if placement.network is not Network.FACEBOOK:
            continue
        if placement.position in meta.NEED_FEED and Position.FEED not in on_facebook:
            yield place, "facebook.feed"
        elif alone:
            yield place, "facebook.feed or instagram.stories"


@rule(
    "meta.placement_alone",
    "Placements that need another one have it.",
    platform=meta.META,
    limits=[meta.TOGETHER],
)
def placement_alone(view: PlanView) -> Iterator[Found]:
    """
    Placements Meta sells only together with another one.
    """
    for campaign in view.campaigns_on(meta.META):
        for item in campaign.ad_sets:
            for place, needed in _lonely(item.ad_set.placements):
                placement = item.ad_set.placements[place]
                yield Found(
                    f"{item.path}.placements[{place}]",
                    f"Meta does not sell {placement} without {needed}",
                    value=str(placement),
                    limit=needed,
                    hint=f"add {needed}",
                )


RULES = (
    undeclared,
    category_country,
    politics_eu,
    objective_not_available,
    objective_goal,
    name_too_long,
    too_many_ad_sets,
    too_many_ads,
    placement_unknown,
    placement_alone,
)
