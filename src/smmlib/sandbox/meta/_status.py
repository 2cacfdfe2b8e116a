"""
Statuses: what the client set, what is in effect, which changes are allowed.

Source: Marketing API, storing ad objects and status reference, 2026-09.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smmlib.sandbox.meta._errors import GraphError, invalid
from smmlib.sandbox.meta._tables import DISAPPROVE, TRANSITIONS

if TYPE_CHECKING:
    from smmlib.sandbox.meta._world_state import Node, World

GONE = ("DELETED", "ARCHIVED")
_EDIT_OF_GONE = {
    ("AdSet", "DELETED"): 1487056,
    ("Campaign", "DELETED"): 1487566,
    ("Ad", "ARCHIVED"): 1885088,
}


def effective_status(world: World, node: Node, now: float) -> str:
    """
    What is in effect for a campaign, ad set or ad: its own status, then its parents'.
    """
    line = lineage(world, node)
    for status in GONE:
        if any(member.data["status"] == status for member in line):
            return status
    if node.data["status"] == "PAUSED":
        return "PAUSED"
    for member in reversed(line):
        if member is not node and member.data["status"] == "PAUSED":
            return "CAMPAIGN_PAUSED" if member.kind == "Campaign" else "ADSET_PAUSED"
    return _review_status(node, now) if node.kind == "Ad" else "ACTIVE"


def lineage(world: World, node: Node) -> list[Node]:
    """
    A node and its parents, the campaign last.
    """
    line = [node]
    parent = world.parent(node)
    while parent is not None:
        line.append(parent)
        parent = world.parent(parent)
    return line


def switched_on(world: World, ad: Node) -> bool:
    """
    Whether nothing but the review keeps an ad from delivering.
    """
    return not disapproved(ad) and all(
        member.data["status"] == "ACTIVE" for member in lineage(world, ad)
    )


def disapproved(ad: Node) -> bool:
    """
    Whether the review of an ad ends with a refusal.
    """
    return bool(DISAPPROVE in ad.data.get("text", ""))


def _review_status(ad: Node, now: float) -> str:
    if now < ad.data["review_until"]:
        return "PENDING_REVIEW"
    return "DISAPPROVED" if disapproved(ad) else "ACTIVE"


def check_new_status(status: str) -> str:
    """
    Refuse a status that an object cannot be born with.
    """
    if status not in {"ACTIVE", "PAUSED"}:
        raise invalid("status", f"A new object is ACTIVE or PAUSED, not {status}.")
    return status


def check_edit(node: Node, changes: dict[str, object]) -> None:
    """
    Refuse edits that the present status does not allow.

    Raises:
        GraphError: The object is archived or deleted, or the step is not allowed.
    """
    present = node.data["status"]
    wanted = str(changes.get("status", present))
    if wanted not in TRANSITIONS[present]:
        raise invalid("status", f"{present} cannot become {wanted}.")
    others = set(changes) - {"name", "status"}
    if present in GONE and others:
        raise GraphError(
            100,
            "Invalid parameter",
            subcode=_EDIT_OF_GONE.get((node.kind, present)),
            title="Object can no longer be edited",
            text=f"This {node.kind} is {present}: only its name can be edited.",
            blame=[min(others)],
        )
