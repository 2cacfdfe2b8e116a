"""
Campaign groups: a run, a ceiling or shared budget, an objective for all.

Source: LinkedIn campaign group pages at li-lms-2026-02.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from smmlib.sandbox.linkedin._common import (
    Data,
    account_urn,
    demand,
    doomed,
    filters,
    missing,
    money,
    named,
    picked,
    schedule,
    transition,
)
from smmlib.sandbox.linkedin._crud import Kind, keep, stamps
from smmlib.sandbox.linkedin._errors import Problem, not_modelled
from smmlib.sandbox.linkedin._paging import by_cursor
from smmlib.sandbox.linkedin._schema import (
    MONEY,
    SCHEDULE,
    Field,
    Record,
    one_of,
    text,
    urn,
    whole,
)
from smmlib.sandbox.linkedin._status import GONE, group_statuses, status_of
from smmlib.sandbox.linkedin._store import URNS, Node
from smmlib.sandbox.linkedin._tables import CAMPAIGN_TYPES, GROUP_STATUSES, OBJECTIVES

if TYPE_CHECKING:
    from smmlib.sandbox.linkedin._context import Call, Reply
    from smmlib.sandbox.linkedin._patch import Patch

_OPTIMIZATION = Record(
    {
        "bidStrategy": Field(one_of("MAXIMUM_DELIVERY", "MANUAL", "COST_CAP")),
        "budgetOptimizationStrategy": Field(one_of("DYNAMIC")),
    }
)
RECORD = Record(
    {
        "id": Field(whole, how="read"),
        "account": Field(urn("sponsoredAccount"), how="create"),
        "name": Field(text),
        "status": Field(one_of(*GROUP_STATUSES)),
        "runSchedule": Field(SCHEDULE),
        "totalBudget": Field(MONEY),
        "dailyBudget": Field(MONEY, since=202504),
        "objectiveType": Field(one_of(*OBJECTIVES)),
        "budgetOptimization": Field(_OPTIMIZATION, since=202501),
        **{
            name: Field(text, how="read")
            for name in (
                "servingStatuses", "backfilled", "test", "allowedCampaignTypes",
                "changeAuditStamps",
            )
        },
    }
)  # fmt: skip
NAME_MAX = 100
_SEARCH = {"id": URNS["group"], "name": "", "status": ""}


def _find(call: Call, key: str) -> Node | None:
    account = call.account()
    node = call.world.get("group", key)
    return node if node and node.account == account.id else None


def shares_budget(group: Node) -> bool:
    """
    Whether the group's budget is spread over its campaigns.
    """
    optimization = group.data.get("budgetOptimization", {})
    return bool(optimization.get("budgetOptimizationStrategy") == "DYNAMIC")


def _make(call: Call, data: Data) -> Node:
    account = call.account()
    found = missing(data, ("account", "name", "status", "runSchedule"))
    found += _check(call, account, data, None)
    if data.get("account", account_urn(account)) != account_urn(account):
        found.append(Problem("MISMATCH_FIELDS", "account"))
    if data.get("status", "ACTIVE") not in {"ACTIVE", "DRAFT"}:
        found.append(Problem("INVALID_VALUE_FOR_FIELD", "status"))
    demand(found)
    return call.world.add(
        "group", data, call.now, account=account.id, parents=[account.ref],
        inner={"test": account.data["test"]}, name=data["name"],
    )  # fmt: skip


def _check(call: Call, account: Node, data: Data, old: Node | None) -> list[Problem]:
    draft = old is not None and status_of(old, call.now) == "DRAFT"
    found = named(data, NAME_MAX)
    found += money(data, ("totalBudget", "dailyBudget"), account.data["currency"])
    found += schedule(data, old.data if old else None, call.now, draft=draft)
    run = data.get("runSchedule")
    if run is not None and "start" not in run:
        found.append(Problem("MISSING_FIELD", "runSchedule/start"))
    if "totalBudget" in data and run is not None and "end" not in run:
        found.append(Problem("CONDITIONAL_MISSING_FIELD", "runSchedule/end"))
    dynamic = data.get("budgetOptimization", {}).get("budgetOptimizationStrategy")
    if "dailyBudget" in data and dynamic is None:
        found.append(Problem("CONDITIONAL_FIELD_NOT_ALLOWED", "dailyBudget"))
    return found


def _change(call: Call, node: Node, patch: Patch) -> None:
    if node.inner.get("backfilled"):
        demand([Problem("CANNOT_UPDATE_BACKFILLED_CAMPAIGN_GROUPS", "id")])
    new, old = patch.data, node.data
    found = missing(new, ("name", "status", "runSchedule"))
    if not found:
        found += transition(node, new, call.now)
        found += _check(call, call.account(), new, node)
        found += _objective(call, node, new)
        found += _headroom(call, node, new)
    demand(found)
    if old.get("budgetOptimization") != new.get("budgetOptimization") and (
        call.world.family(node.ref, "campaign")
    ):
        raise not_modelled("another budget optimisation for a group with campaigns")
    doomed(node, new, call.now)
    keep(call, node, new)


def _objective(call: Call, node: Node, new: Data) -> list[Problem]:
    before, after = node.data.get("objectiveType"), new.get("objectiveType")
    if before == after:
        return []
    if before is not None:
        return [Problem("OBJECTIVE_CHANGE_NOT_ALLOWED", "objectiveType")]
    others = {
        one.data.get("objectiveType") for one in call.world.family(node.ref, "campaign")
    }
    return [Problem("MISMATCH_FIELDS", "objectiveType")] if others - {after} else []


def _headroom(call: Call, node: Node, new: Data) -> list[Problem]:
    if "totalBudget" not in new or shares_budget(node):
        return []
    planned = planned_total(call, node, None)
    if planned > Decimal(new["totalBudget"]["amount"]):
        code = "INSUFFICIENT_CAMPAIGN_GROUP_BUDGET"
        return [Problem(code, "totalBudget/amount", f"campaigns hold {planned}")]
    return []


def planned_total(call: Call, group: Node, without: Node | None) -> Decimal:
    """
    Lifetime budgets of a group's living campaigns.
    """
    over = {*GONE, "ARCHIVED", "CANCELED"}
    return sum(
        (
            Decimal(one.data["totalBudget"]["amount"])
            for one in call.world.family(group.ref, "campaign")
            if one is not without
            and "totalBudget" in one.data
            and status_of(one, call.now) not in over
        ),
        start=Decimal(0),
    )


def _drop(call: Call, node: Node) -> None:
    if status_of(node, call.now) != "DRAFT":
        demand([Problem("DELETE_ALLOWED_ONLY_FOR_DRAFT_STATUS", "status")])
    if call.world.family(node.ref, "campaign"):
        raise not_modelled("deleting a draft group that holds campaigns")
    call.world.drop(node)


def _view(call: Call, node: Node) -> dict[str, Any]:
    return {
        "id": int(node.id),
        **node.data,
        "status": status_of(node, call.now),
        "servingStatuses": group_statuses(call.site, node, call.now),
        "backfilled": bool(node.inner.get("backfilled")),
        "test": bool(node.inner["test"]),
        "allowedCampaignTypes": list(CAMPAIGN_TYPES),
        "changeAuditStamps": stamps(call, node),
    }


GROUP = Kind(RECORD, "adCampaignGroups", _find, _make, _change, _view, _drop)


def search(call: Call) -> Reply:
    """
    FINDER search.
    """
    family = call.world.family(call.account().ref, "group")
    wanted, test = filters(call, "search", _SEARCH, {"status": GROUP_STATUSES})
    nodes = picked(call.seen(family), wanted, test, call.now)
    return by_cursor(call, nodes, _view, most=1_000)
