"""
Rules about lines, campaigns and ad sets: who pays, what runs where, what is missing.
"""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from smmlib.model import AdCampaign, Managed, Objective
from smmlib.model._checks import did_you_mean
from smmlib.rules._rule import Found, rule
from smmlib.rules._view import PlanView, cost_of

# What other tools call the six objectives.
_OBJECTIVE_WORDS = {
    "brand_awareness": "awareness",
    "reach": "awareness",
    "visits": "traffic",
    "website_visits": "traffic",
    "website_traffic": "traffic",
    "clicks": "traffic",
    "lead_generation": "leads",
    "registrations": "leads",
    "conversions": "sales",
    "conversion": "sales",
    "website_conversions": "sales",
    "purchases": "sales",
    "app_installs": "app_promotion",
    "video_views": "engagement",
    "consideration": "traffic",
}


@rule("objective.unknown", "The strategy's objective is one that platforms know.")
def objective_unknown(view: PlanView) -> Iterator[Found]:
    """
    Objectives in words of another tool.
    """
    strategy = view.plan.strategy
    raw = strategy.objective if strategy else None
    if raw is None or isinstance(raw, Objective):
        return
    known = [objective.value for objective in Objective]
    word = raw.strip().casefold().replace(" ", "_").replace("-", "_")
    near = _OBJECTIVE_WORDS.get(word)
    yield Found(
        "strategy.objective",
        f"'{raw}' is no objective that ad platforms know",
        value=raw,
        limit=", ".join(known),
        hint=f"did you mean '{near}'?" if near else did_you_mean(word, known),
    )


@rule("campaign.no_objective", "A campaign knows what it is paid to reach.")
def no_objective(view: PlanView) -> Iterator[Found]:
    """
    Campaigns without an objective, neither their own nor the strategy's.
    """
    strategy = view.plan.strategy
    if strategy and strategy.objective is not None:
        return  # either it is used, or `objective.unknown` has said what is wrong
    for item in view.campaigns:
        if item.objective is None:
            yield Found(
                f"{item.path}.objective",
                f"campaign '{item.key}' has no objective, and the strategy has none",
                limit=", ".join(Objective),
                hint="add an objective, e.g. objective: leads",
            )


@rule("campaign.line_unpaid", "Only paid lines have campaigns.")
def line_unpaid(view: PlanView) -> Iterator[Found]:
    """
    Campaigns that nobody pays for.
    """
    for item in view.campaigns:
        if item.line and not item.line.paid:
            yield Found(
                f"{item.path}.line",
                f"campaign '{item.key}' hangs on line '{item.campaign.line}', "
                "which is not paid",
                value=item.campaign.line,
                limit="a paid line",
                hint="name a paid line, or make this one paid",
            )


@rule("campaign.line_by_hand", "Lines run by hand have no campaigns.")
def line_by_hand(view: PlanView) -> Iterator[Found]:
    """
    Campaigns on lines that are never set up through a platform.
    """
    for item in view.campaigns:
        if item.line and item.line.managed is Managed.BY_HAND:
            yield Found(
                f"{item.path}.line",
                f"line '{item.campaign.line}' is managed by hand, so campaign "
                f"'{item.key}' would never be set up",
                value=item.campaign.line,
                limit="a line that is not managed by hand",
                hint="name another line, or drop `managed: by hand`",
            )


@rule("campaign.platforms", "A campaign is for one platform.")
def campaign_platforms(view: PlanView) -> Iterator[Found]:
    """
    Campaigns of which nobody can say on which platform they run.
    """
    for item in view.campaigns:
        if len(item.platforms) > 1:
            names = " and ".join(item.platforms)
            yield Found(
                item.path,
                f"campaign '{item.key}' would run on {names}; a campaign runs on one",
                value=", ".join(item.platforms),
                limit="one platform",
                hint="make a campaign for each, or choose placements of one platform",
            )


@rule("campaign.no_ad_sets", "A campaign has ad sets.", severity="warning")
def no_ad_sets(view: PlanView) -> Iterator[Found]:
    """
    Campaigns that can show nothing.
    """
    for item in view.campaigns:
        if not item.ad_sets:
            yield Found(
                f"{item.path}.ad_sets",
                f"campaign '{item.key}' has no ad sets, so it shows nothing",
                hint="add an ad set with an audience and ads",
            )


@rule("ad_set.no_ads", "An ad set has ads.", severity="warning")
def no_ads(view: PlanView) -> Iterator[Found]:
    """
    Ad sets that can show nothing.
    """
    for campaign in view.campaigns:
        for item in campaign.ad_sets:
            if not item.ads:
                yield Found(
                    f"{item.path}.ads",
                    f"ad set '{item.key}' has no ads, so it shows nothing",
                    hint="list the keys of its creatives, e.g. ads: [taste]",
                )


@rule("placement.network", "Ads stand only on networks their line pays for.")
def placement_network(view: PlanView) -> Iterator[Found]:
    """
    Placements on networks that are not in the line.
    """
    for campaign in view.campaigns:
        if campaign.line is None:
            continue
        for item in campaign.ad_sets:
            for place, placement in enumerate(item.ad_set.placements):
                if placement.network not in campaign.line.networks:
                    yield Found(
                        f"{item.path}.placements[{place}]",
                        f"{placement} is on {placement.network}, which line "
                        f"'{campaign.campaign.line}' does not buy",
                        value=str(placement),
                        limit=", ".join(campaign.line.networks),
                        hint=f"add {placement.network} to the line, or drop it",
                    )


def _content(campaign: AdCampaign) -> AdCampaign:
    return attrs.evolve(campaign, name="") if campaign.name else campaign


@rule(
    "campaign.duplicate",
    "Two campaigns of one line differ in something.",
    severity="warning",
)
def campaign_duplicate(view: PlanView) -> Iterator[Found]:
    """
    Campaigns that would bid against their own twin.
    """
    seen: dict[AdCampaign, str] = {}
    for item in view.campaigns:
        first = seen.setdefault(_content(item.campaign), item.key)
        if first != item.key:
            yield Found(
                item.path,
                f"campaign '{item.key}' is the same as '{first}': they would bid "
                "against each other for the same people",
                value=item.key,
                limit=f"different from '{first}'",
                hint="drop one of them, or change its audience, ads or flight",
            )


@rule("audience.excludes_itself", "An audience does not leave itself out.")
def excludes_itself(view: PlanView) -> Iterator[Found]:
    """
    Audiences that hold nobody, because they exclude themselves.
    """
    for key, audience in view.plan.audiences.items():
        for place, other in enumerate(audience.excluded):
            if other == key:
                yield Found(
                    f"audiences.{key}.exclude[{place}]",
                    f"audience '{key}' leaves itself out, so it holds nobody",
                    value=key,
                    limit="another audience",
                    hint="drop it from exclude",
                )


@rule("line.no_campaign", "A paid line has campaigns.", severity="info")
def line_no_campaign(view: PlanView) -> Iterator[Found]:
    """
    Money that no campaign spends yet.
    """
    used = {item.campaign.line for item in view.campaigns}
    for key, line in view.plan.lines.items():
        if line.is_deployed and key not in used:
            cost = cost_of(line)
            yield Found(
                f"lines.{key}",
                f"line '{key}' has no campaign yet"
                + (f", so {cost} would not be spent" if cost else ""),
                value=str(cost) if cost else None,
                hint="add a campaign, or mark the line as managed by hand",
            )


@rule("line.no_cost", "A paid line says what it costs.", severity="warning")
def line_no_cost(view: PlanView) -> Iterator[Found]:
    """
    Paid lines without a price.
    """
    for key, line in view.plan.lines.items():
        if line.paid and cost_of(line) is None and line.parts is None:
            yield Found(
                f"lines.{key}.cost",
                f"line '{key}' is paid but has no cost",
                hint="add a cost, or write paid: false",
            )


@rule("line.cost_unpaid", "A free line costs nothing.", severity="warning")
def line_cost_unpaid(view: PlanView) -> Iterator[Found]:
    """
    Prices that count in no sum, because the line is not paid.
    """
    for key, line in view.plan.lines.items():
        if not line.paid and line.cost is not None:
            yield Found(
                f"lines.{key}.cost",
                f"line '{key}' is not paid but costs {line.cost}; it counts in no sum",
                value=str(line.cost),
                limit="no cost",
                hint="drop the cost, or let the line be paid",
            )


@rule(
    "line.by_hand_untracked",
    "A line run by hand has UTM tags, so that visits can be told apart.",
    severity="warning",
)
def by_hand_untracked(view: PlanView) -> Iterator[Found]:
    """
    Hand-managed lines whose visits will look like any other.
    """
    for key, line in view.plan.lines.items():
        if line.paid and line.managed is Managed.BY_HAND and line.utm is None:
            yield Found(
                f"lines.{key}.utm",
                f"nobody can tell what line '{key}' brings: its link has no UTM tags",
                hint="add utm: {source: ..., medium: ..., campaign: ...}",
            )


@rule(
    "line.by_hand_no_results",
    "A line run by hand names the file with its results.",
    severity="info",
)
def by_hand_no_results(view: PlanView) -> Iterator[Found]:
    """
    Hand-managed lines without numbers for the report.
    """
    for key, line in view.plan.lines.items():
        if line.paid and line.managed is Managed.BY_HAND and not line.results:
            yield Found(
                f"lines.{key}.results",
                f"line '{key}' names no file with its results, so reports show its "
                "cost only",
                hint="add results: some.csv when the seller has sent the numbers",
            )


@rule("line.no_posts", "A free line has posts.", severity="info")
def line_no_posts(view: PlanView) -> Iterator[Found]:
    """
    Free lines on which nothing is planned.
    """
    used = {post.line for post in view.plan.posts.values()}
    for key, line in view.plan.lines.items():
        if not line.paid and key not in used:
            yield Found(
                f"lines.{key}",
                f"line '{key}' is free and has no posts, so nothing happens on it",
                hint="add posts, or drop the line",
            )


RULES = (
    objective_unknown,
    no_objective,
    line_unpaid,
    line_by_hand,
    campaign_platforms,
    no_ad_sets,
    no_ads,
    placement_network,
    campaign_duplicate,
    excludes_itself,
    line_no_campaign,
    line_no_cost,
    line_cost_unpaid,
    by_hand_untracked,
    by_hand_no_results,
    line_no_posts,
)
