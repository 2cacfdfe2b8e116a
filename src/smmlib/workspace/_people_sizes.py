"""
How many people the lines of a plan can reach, asked of the platforms.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smmlib.errors import ValidationError
from smmlib.ports import Estimate, Estimator

if TYPE_CHECKING:
    from smmlib.model import Audience, MediaPlan
    from smmlib.workspace._workspace import Workspace


def audience_sizes(work: Workspace, plan: MediaPlan) -> dict[str, Estimate]:
    """
    The size of each line's audience, as its platforms estimate it; reads only.

    Audiences of one line may overlap: at least the largest of them is there, at most
    all of them together. A line whose platform cannot say is not in the answer.

    Args:
        work: The connected accounts.
        plan: The plan.

    Returns:
        Estimates by key of line; `smmlib.forecast(plan, people=...)` takes them.
    """
    found = {}
    for key, line in plan.lines.items():
        sizes = [
            size
            for name in line.platforms
            for audience in _audiences(plan, key)
            if (size := _size(work, name, audience)) is not None
        ]
        if sizes:
            found[key] = Estimate(
                max(size.low for size in sizes),
                sum(size.high for size in sizes),
                source="; ".join(dict.fromkeys(s.source for s in sizes if s.source)),
            )
    return found


def _audiences(plan: MediaPlan, line: str) -> list[Audience]:
    """
    The different audiences of a line's ad sets, else the one the line names.
    """
    found: list[Audience] = []
    for campaign in plan.campaigns.values():
        if campaign.line != line:
            continue
        for ad_set in campaign.ad_sets.values():
            audience = plan.audience_of(ad_set)
            if audience is not None and audience not in found:
                found.append(audience)
    named = plan.audiences.get(plan.lines[line].audience)
    return found or ([named] if named is not None else [])


def _size(work: Workspace, platform: str, audience: Audience) -> Estimate | None:
    adapter = work.platforms.get(platform)
    if not isinstance(adapter, Estimator):
        return None
    try:
        return adapter.estimate(audience)
    except ValidationError:
        return None  # the platform has no words for it: no size is known there
