"""
The same plan once more, on purpose: for another client or another quarter.
"""

from __future__ import annotations

from uuid import uuid4

import attrs

from smmlib.model import MediaPlan, PlanStatus


def fork(plan: MediaPlan, *, name: str = "") -> MediaPlan:
    """
    The same plan as another one: what it sets up shares nothing with the first.

    A plan is known by its project id. A copy of the file is the same plan and finds the
    same campaigns; a fork has an id of its own, and so markers and objects of its own.

    Args:
        plan: The plan.
        name: Shown name of the new one; the old one's when left out.

    Returns:
        Version 1 of the new plan, a draft without approvals.
    """
    return attrs.evolve(
        plan,
        project_id=str(uuid4()),
        name=name or plan.name,
        version=1,
        parent="",
        approvals=(),
        status=PlanStatus.DRAFT,
        source=None,
    )
