"""
How many people an audience holds, as LinkedIn guesses it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smmlib.adapters.linkedin._api import rows_of
from smmlib.adapters.linkedin._build import criteria
from smmlib.adapters.linkedin._findings import Findings
from smmlib.adapters.linkedin._targeting import TargetingBuilder
from smmlib.errors import UnexpectedResponseError, ValidationError
from smmlib.ports import Estimate

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from smmlib.adapters.linkedin._api import LinkedInApi
    from smmlib.adapters.linkedin._names import NameFinder
    from smmlib.model import Audience

_PATH = "audienceCounts"
_FEWEST = 300  # below, LinkedIn says zero


def estimate(
    api: LinkedInApi,
    names: NameFinder,
    audience: Audience,
    segments: Mapping[str, str],
    now: datetime,
) -> Estimate:
    """
    The size of an audience.

    Raises:
        ValidationError: Something in it has no meaning on LinkedIn.
    """
    findings = Findings()
    builder = TargetingBuilder(names, findings, audiences={}, segments=segments)
    spec = builder.build(audience, "audience")
    errors = [issue for issue in findings.issues if issue.is_error]
    if errors:
        raise ValidationError(errors)
    asked = {"q": "targetingCriteriaV2", "targetingCriteria": criteria(spec)}
    rows = rows_of(api.find(_PATH, asked), _PATH)
    total = rows[0].get("total") if rows else None
    if not isinstance(total, int) or total < 0:
        raise UnexpectedResponseError(
            "LinkedIn gave no estimate", platform="linkedin", operation=_PATH
        )
    source = f"LinkedIn, {now.date()}"
    return Estimate(total, total or _FEWEST - 1, source)
