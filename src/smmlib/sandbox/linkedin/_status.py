"""
Statuses that users set, holds that the platform computes, reviews on the clock.

Source: LinkedIn account, campaign group, campaign and creative pages at
li-lms-2026-02. How long reviews and removals take is the sandbox's own choice.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from smmlib.sandbox.linkedin._segments_state import MINIMUM_MATCHED
from smmlib.sandbox.linkedin._tables import REMOVAL_S, REVIEW_S
from smmlib.sandbox.linkedin._targeting import audience

if TYPE_CHECKING:
    from smmlib.sandbox.linkedin._context import Site
    from smmlib.sandbox.linkedin._store import Node, World

REJECTED_WORDS = "miracle cure"
"""Texts that hold these words do not pass the sandbox's review."""

GONE = ("PENDING_DELETION", "REMOVED")
_SPENT_UP = Decimal("0.985")

TRANSITIONS: dict[str, dict[str, tuple[str, ...]]] = {
    "account": {
        "DRAFT": ("ACTIVE",),
        "ACTIVE": ("CANCELED",),
        "CANCELED": ("ACTIVE", "PENDING_DELETION"),
    },
    "group": {
        "DRAFT": ("ACTIVE",),
        "ACTIVE": ("PAUSED", "ARCHIVED", "PENDING_DELETION"),
        "PAUSED": ("ACTIVE", "ARCHIVED", "PENDING_DELETION"),
        "ARCHIVED": ("ACTIVE",),
    },
    "campaign": {
        "DRAFT": ("ACTIVE", "PAUSED"),
        "ACTIVE": ("PAUSED", "ARCHIVED", "CANCELED", "PENDING_DELETION"),
        "PAUSED": ("ACTIVE", "ARCHIVED", "CANCELED", "PENDING_DELETION"),
        "ARCHIVED": ("ACTIVE", "PAUSED", "PENDING_DELETION"),
    },
    "creative": {
        "DRAFT": ("ACTIVE", "PAUSED"),
        "ACTIVE": ("PAUSED", "ARCHIVED", "CANCELED", "PENDING_DELETION"),
        "PAUSED": ("ACTIVE", "ARCHIVED", "CANCELED", "PENDING_DELETION"),
        "ARCHIVED": ("ACTIVE", "PAUSED", "PENDING_DELETION"),
    },
}


def key_of(node: Node) -> str:
    """
    Where the status stands.
    """
    return "intendedStatus" if node.kind == "creative" else "status"


def status_of(node: Node, now: float) -> str:
    """
    What the user set; a deletion is done a day later.
    """
    status = str(node.data[key_of(node)])
    doomed = node.inner.get("doomed")
    if status == "PENDING_DELETION" and doomed and now >= doomed + REMOVAL_S:
        return "REMOVED"
    return status


def may_become(kind: str, before: str, after: str) -> bool:
    """
    Whether a user may change a status.
    """
    return before == after or after in TRANSITIONS[kind].get(before, ())


def review_of(creative: Node, now: float) -> str | None:
    """
    PENDING, APPROVED or REJECTED; None before the first activation.
    """
    begun = creative.inner.get("review_from")
    if begun is None:
        return None
    if now < begun + REVIEW_S:
        return "PENDING"
    return "REJECTED" if creative.inner["refused"] else "APPROVED"


def running(world: World, creative: Node) -> bool:
    """
    Whether nothing but time keeps a creative from serving.
    """
    campaign, group, account = line_of(world, creative)
    switched = (creative, campaign, group, account)
    return (
        all(node.data[key_of(node)] == "ACTIVE" for node in switched)
        and not account.data["test"]
        and not creative.inner["refused"]
    )


def line_of(world: World, node: Node) -> tuple[Node, Node, Node]:
    """
    The campaign, group and account of a creative or campaign.
    """
    campaign = node if node.kind == "campaign" else _up(world, node, "campaign")
    group = _up(world, campaign, "group")
    return campaign, group, _up(world, group, "account")


def _up(world: World, node: Node, kind: str) -> Node:
    ref = next(one for one in node.parents if one.startswith(f"{kind}:"))
    found = world.get(kind, ref.partition(":")[2])
    if found is None:
        raise LookupError(ref)
    return found


def account_statuses(site: Site, account: Node, now: float) -> list[str]:
    """
    ServingStatuses of an account.
    """
    holds = [] if status_of(account, now) == "ACTIVE" else ["STOPPED"]
    return holds + _account_holds(site, account, now) or ["RUNNABLE"]


def _account_holds(site: Site, account: Node, now: float) -> list[str]:
    holds = []
    if _spent_up(site, account, now):
        holds.append("ACCOUNT_TOTAL_BUDGET_HOLD")
    if now * 1000 >= account.data.get("totalBudgetEndsAt", float("inf")):
        holds.append("ACCOUNT_END_DATE_HOLD")
    return holds


def _spent_up(site: Site, node: Node, now: float) -> bool:
    total = node.data.get("totalBudget")
    if total is None:
        return False
    return site.ledger.spent(node, now) >= Decimal(total["amount"]) * _SPENT_UP


def _dates(node: Node, now: float, prefix: str) -> list[str]:
    schedule = node.data.get("runSchedule", {})
    if now * 1000 < schedule.get("start", 0):
        return [f"{prefix}_START_DATE_HOLD"]
    if now * 1000 >= schedule.get("end", float("inf")):
        return [f"{prefix}_END_DATE_HOLD"]
    return []


def _group_holds(site: Site, group: Node, now: float) -> list[str]:
    holds = _dates(group, now, "CAMPAIGN_GROUP")
    if _spent_up(site, group, now):
        holds.append("CAMPAIGN_GROUP_TOTAL_BUDGET_HOLD")
    return holds


def group_statuses(site: Site, group: Node, now: float) -> list[str]:
    """
    ServingStatuses of a campaign group.
    """
    holds = [] if status_of(group, now) == "ACTIVE" else ["STOPPED"]
    account = _up(site.world, group, "account")
    holds += _account_holds(site, account, now) + _group_holds(site, group, now)
    return holds or ["RUNNABLE"]


def _campaign_holds(site: Site, campaign: Node, now: float) -> list[str]:
    _, group, account = line_of(site.world, campaign)
    holds = _account_holds(site, account, now) + _dates(campaign, now, "CAMPAIGN")
    if status_of(account, now) != "ACTIVE":
        holds.append("ACCOUNT_SERVING_HOLD")
    if _spent_up(site, campaign, now):
        holds.append("CAMPAIGN_TOTAL_BUDGET_HOLD")
    if audience(site, campaign.data["targetingCriteria"], now) < MINIMUM_MATCHED:
        holds.append("CAMPAIGN_AUDIENCE_COUNT_HOLD")
    holds += _group_holds(site, group, now)
    if status_of(group, now) != "ACTIVE":
        holds.append("CAMPAIGN_GROUP_STATUS_HOLD")
    return holds


def campaign_statuses(site: Site, campaign: Node, now: float) -> list[str]:
    """
    ServingStatuses of a campaign.
    """
    holds = [] if status_of(campaign, now) == "ACTIVE" else ["STOPPED"]
    return holds + _campaign_holds(site, campaign, now) or ["RUNNABLE"]


def creative_holds(site: Site, creative: Node, now: float) -> list[str]:
    """
    ServingHoldReasons of a creative; empty while it serves.
    """
    campaign, _, _ = line_of(site.world, creative)
    holds = [] if status_of(creative, now) == "ACTIVE" else ["STOPPED"]
    review = review_of(creative, now)
    if review in {"PENDING", "REJECTED"}:
        holds.append("UNDER_REVIEW" if review == "PENDING" else "REJECTED")
    if status_of(campaign, now) != "ACTIVE":
        holds.append("CAMPAIGN_STOPPED")
    return holds + _campaign_holds(site, campaign, now)
