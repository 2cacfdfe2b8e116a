"""
In which order keys are written: as a marketer would tell them.
"""

from __future__ import annotations

from typing import Any

import attrs

from smmlib.model import MediaPlan

_ORDER = {
    "AdCampaign": "name line objective special_ad_categories special_ad_countries "
    "flight budget bid status ad_sets",
    "AdSet": "name audience placements flight budget bid optimise_for status ads",
    "Audience": "name age genders places exclude_places languages interests "
    "professions industries seniorities behaviours narrow_by retarget lookalike "
    "exclude note",
    "Creative": "name text language headline description cta link boost image video "
    "cards utm variants",
    "LineItem": "name networks paid buy cost parts minimum maximum flight pacing "
    "expect response targets audience ad_format owner managed utm results note extra",
    "MediaPlan": "project_id name version parent status author created_at zone flight "
    "budget people strategy audiences lines campaigns creatives posts ideas slots "
    "milestones tasks briefs approvals naming note extra",
    "Idea": "title text source tags networks owner fact_check checked_by state post",
    "Place": "city region country radius",
    "Slot": "line title networks every days at interval first last skip_holidays "
    "owner approver",
    "Post": "line networks at owner approver state text variants media link utm tags",
}


def ordered(cls: Any) -> list[Any]:
    """
    The fields of a class that files hold, in the order they are written.
    """
    fields = {field.alias: field for field in attrs.fields(cls)}
    if cls is MediaPlan:
        del fields["source"]  # where the plan was read from is not part of it
    first = [key for key in _ORDER.get(cls.__name__, "").split() if key in fields]
    return [fields[key] for key in [*first, *(k for k in fields if k not in first)]]
