"""
How many people an audience holds, as Meta guesses it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smmlib.adapters.meta._build import plain
from smmlib.adapters.meta._findings import Findings
from smmlib.adapters.meta._targeting import People, TargetingBuilder
from smmlib.errors import UnexpectedResponseError, ValidationError
from smmlib.ports import Estimate

if TYPE_CHECKING:
    from datetime import datetime

    from smmlib.adapters.meta._api import GraphApi
    from smmlib.adapters.meta._names import NameFinder
    from smmlib.model import Audience


def estimate(
    api: GraphApi, account: str, names: NameFinder, audience: Audience, now: datetime
) -> Estimate:
    """
    The size of an audience by its places and traits; known people are not counted in.

    Raises:
        ValidationError: Something in it has no meaning on Meta.
    """
    findings = Findings()
    builder = TargetingBuilder(names, findings)
    spec = builder.build(audience, "audience", people=People(), placements={})
    errors = [issue for issue in findings.issues if issue.is_error]
    if errors:
        raise ValidationError(errors)
    body = api.get(
        f"{account}/delivery_estimate",
        targeting_spec=plain(spec),
        optimization_goal="REACH",
    )
    rows = body.get("data")
    row = rows[0] if isinstance(rows, list) and rows else None
    bounds = [
        row.get(f"estimate_mau_{end}_bound") if isinstance(row, dict) else None
        for end in ("lower", "upper")
    ]
    low, high = (b if isinstance(b, int) and b >= 0 else None for b in bounds)
    if low is None or high is None:
        raise UnexpectedResponseError(
            "Meta gave no estimate", platform="meta", operation="delivery_estimate"
        )
    return Estimate(low, high, f"Meta, {now.date()}")
