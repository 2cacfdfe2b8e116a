"""
What is over cannot be set up: told by the plan, before anything is sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from smmlib.errors import Severity
from smmlib.ports import Action
from smmlib.rules import RULES
from smmlib.rules import check as check_rules

if TYPE_CHECKING:
    from datetime import datetime

    from smmlib.deploy import ChangeSet
    from smmlib.errors import Issue
    from smmlib.model import MediaPlan

_PAST = tuple(rule for rule in RULES if rule.code == "flight.past")
_SETS_UP = (Action.CREATE, Action.UPDATE, Action.REPLACE)


def past_issues(
    plan: MediaPlan, changes: ChangeSet, now: datetime
) -> tuple[Issue, ...]:
    """
    Flights that are over and of which something would still be set up.

    What was set up in time and has ended is no problem: it just stays as it is.
    """
    due = [c.address for c in changes.changes if c.action in _SETS_UP]
    if not due:
        return ()
    found = check_rules(plan, platforms=(), rules=_PAST, now=now)
    hit = (i for i in found if any(_part(plan, a, i.path) for a in due))
    return tuple(attrs.evolve(issue, severity=Severity.ERROR) for issue in hit)


def _part(plan: MediaPlan, address: str, path: str) -> bool:
    """
    Whether an object belongs to what is over.
    """
    if path in {"flight", address} or address.startswith(f"{path}."):
        return True
    steps = address.split(".")
    campaign = plan.campaigns.get(steps[1]) if steps[0] == "campaigns" else None
    return campaign is not None and path == f"lines.{campaign.line}.flight"
