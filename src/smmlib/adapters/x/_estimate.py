"""
How many people an audience holds, as X guesses it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smmlib.adapters._http import Repeat
from smmlib.adapters.x._findings import Findings
from smmlib.adapters.x._normal import single
from smmlib.adapters.x._targeting import PRIMARY, TargetingBuilder
from smmlib.errors import UnexpectedResponseError, ValidationError
from smmlib.ports import Estimate

if TYPE_CHECKING:
    from datetime import datetime

    from smmlib.adapters.x._api import XApi
    from smmlib.adapters.x._names import NameFinder
    from smmlib.adapters.x._wanted import Settings
    from smmlib.model import Audience

_PATH = "audience_estimate"


def estimate(
    api: XApi,
    names: NameFinder,
    audience: Audience,
    settings: Settings,
    now: datetime,
) -> Estimate:
    """
    The size of an audience.

    Raises:
        ValidationError: Something in it has no meaning on X, or X cannot guess it.
    """
    findings = Findings()
    builder = TargetingBuilder(
        names,
        findings,
        audiences={},
        segments=settings.segments,
        user=settings.user,
    )
    criteria = single(builder.build(audience, "audience"))
    if not any(kind in PRIMARY for kind, _, _ in criteria):
        findings.add(
            "audience.interests",
            "estimate_needs_more",
            "X guesses the size of audiences with interests, keywords or lists only",
            hint="add an interest, or interests: ['keyword: ...']",
        )
    errors = [issue for issue in findings.issues if issue.is_error]
    if errors:
        raise ValidationError(errors)
    rows = [
        {"targeting_type": k, "operator_type": op, "targeting_value": v}
        for k, op, v in criteria
    ]
    body = api.json(_PATH, {"targeting_criteria": rows}, repeat=Repeat.READ)
    size = body.get("audience_size")
    low = size.get("min") if isinstance(size, dict) else None
    high = size.get("max") if isinstance(size, dict) else None
    if not isinstance(low, int) or not isinstance(high, int):
        raise UnexpectedResponseError(
            "X gave no estimate", platform="x", operation=f"POST {_PATH}"
        )
    return Estimate(low, high, f"X, {now.date()}")
