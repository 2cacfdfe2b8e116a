"""
What every ad platform wants to know of a campaign, in the words of each.

Platforms differ in their tables of goals and in what they ask campaigns to declare;
how a missing or impossible answer is told is the same for all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smmlib.model import (
        AdAddress,
        AdCampaign,
        AdSet,
        Audience,
        Creative,
        MediaPlan,
        Objective,
    )
    from smmlib.model import OptimiseFor as Goal
    from smmlib.ports import Account

T = TypeVar("T")


class Noting(Protocol):
    """
    Where problems go.
    """

    def add(
        self,
        path: str,
        code: str,
        message: str,
        *,
        hint: str,
        value: Any = None,
        limit: Any = None,
    ) -> None: ...


def objective_of(
    plan: MediaPlan,
    campaign: AdCampaign,
    path: str,
    *,
    goals: Mapping[Objective, Mapping[Any, Any]],
    platform: str,
    findings: Noting,
) -> Objective | None:
    """
    What a campaign is for; None where it is for nothing the platform has.

    Args:
        plan: The plan.
        campaign: The campaign.
        path: Where it stands in the plan.
        goals: What each objective may look for there; nothing where it is unknown.
        platform: Name of the platform, as people write it.
        findings: Where problems go.
    """
    objective = plan.objective_of(campaign)
    if objective is not None and goals[objective]:
        return objective
    shown = objective.value if objective else ""
    findings.add(
        f"{path}.objective",
        "objective_not_available" if objective else "campaign.no_objective",
        f"{shown} cannot be set up on {platform} through smmlib"
        if objective
        else f"a campaign on {platform} needs an objective",
        value=shown,
        limit=", ".join(one.value for one, some in goals.items() if some),
        hint="use traffic to send people to the app's page"
        if objective
        else "add objective: leads, or one to the strategy",
    )
    return None


def goal_of(
    chosen: Goal | None,
    objective: Objective,
    path: str,
    *,
    goals: Mapping[Objective, Mapping[Goal, T]],
    usual: Mapping[Objective, Goal],
    platform: str,
    findings: Noting,
) -> tuple[Goal, T | None]:
    """
    What an ad set looks for, and the platform's own words for it, if it has any.

    Args:
        chosen: What the plan says; None for the objective's usual goal.
        objective: What its campaign is for.
        path: Where the ad set stands in the plan.
        goals: The platform's words by objective and goal.
        usual: The goal of an objective that states none.
        platform: Name of the platform, as people write it.
        findings: Where problems go.
    """
    goal = chosen or usual[objective]
    found = goals[objective].get(goal)
    if found is None:
        findings.add(
            f"{path}.optimise_for",
            "objective_goal",
            f"{platform} cannot look for {goal.value} with the objective "
            f"{objective.value}",
            value=goal.value,
            limit=", ".join(one.value for one in goals[objective]),
            hint="choose one of those, or another objective",
        )
    return goal, found


def audience_of(
    plan: MediaPlan, ad_set: AdSet, path: str, findings: Noting
) -> Audience | None:
    """
    The people of an ad set; None where the plan has no such audience.
    """
    audience = plan.audience_of(ad_set)
    if audience is None:
        findings.add(
            f"{path}.audience",
            "reference.audience",
            f"there is no audience {ad_set.audience!r}",
            value=str(ad_set.audience),
            hint=f"known: {', '.join(plan.audiences) or 'none'}",
        )
    return audience


def creative_of(plan: MediaPlan, ad: AdAddress, findings: Noting) -> Creative | None:
    """
    What an ad shows; None where the plan has no such creative.
    """
    creative = plan.creative_of(ad.ad)
    if creative is None:
        findings.add(
            f"{ad.path}.creative",
            "reference.creative",
            f"there is no creative {ad.ad.creative!r}",
            value=str(ad.ad.creative),
            hint=f"known: {', '.join(plan.creatives) or 'none'}",
        )
    return creative


def same_currency(plan: MediaPlan, account: Account, findings: Noting) -> None:
    """
    Tell a plan in another currency than the ad account's.
    """
    currency = plan.currency
    if currency and currency != account.currency:
        findings.add(
            "budget",
            "currency",
            f"the plan is in {currency}, the ad account in {account.currency}; money "
            "is never converted silently",
            value=currency,
            limit=account.currency,
            hint=f"plan in {account.currency}, or use an account in {currency}",
        )


def declared(
    campaign: AdCampaign,
    path: str,
    *,
    code: str,
    asks: str,
    hint: str,
    findings: Noting,
) -> None:
    """
    Tell a campaign that does not say whether it is about a special topic.

    Args:
        campaign: The campaign.
        path: Where it stands in the plan.
        code: Code of the issue.
        asks: What the platform asks, as a sentence.
        hint: The next step.
        findings: Where problems go.
    """
    if campaign.special_ad_categories is None:
        findings.add(f"{path}.special_ad_categories", code, asks, hint=hint)
