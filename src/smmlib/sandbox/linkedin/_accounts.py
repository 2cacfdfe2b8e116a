"""
Ad accounts, each with its default campaign group.

Source: LinkedIn ad account pages at li-lms-2026-02; account status changes other than
leaving DRAFT are the sandbox's own choice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smmlib.sandbox.linkedin._common import (
    Data,
    demand,
    filters,
    missing,
    money,
    picked,
)
from smmlib.sandbox.linkedin._crud import Kind, keep, stamps
from smmlib.sandbox.linkedin._errors import Problem, not_modelled
from smmlib.sandbox.linkedin._paging import by_cursor
from smmlib.sandbox.linkedin._schema import (
    MONEY,
    Field,
    Record,
    flag,
    one_of,
    text,
    urn,
    whole,
)
from smmlib.sandbox.linkedin._status import account_statuses, may_become, status_of
from smmlib.sandbox.linkedin._store import URNS, Node, World
from smmlib.sandbox.linkedin._tables import ACCOUNT_STATUSES, PER_USD

if TYPE_CHECKING:
    from smmlib.sandbox.linkedin._context import Call, Reply
    from smmlib.sandbox.linkedin._patch import Patch

_NOTICES = (
    "notifiedOnCampaignOptimization", "notifiedOnCreativeApproval",
    "notifiedOnCreativeRejection", "notifiedOnEndOfCampaign",
    "notifiedOnNewFeaturesEnabled",
)  # fmt: skip
RECORD = Record(
    {
        "id": Field(whole, how="read"),
        "name": Field(text),
        "type": Field(one_of("BUSINESS", "ENTERPRISE")),
        "currency": Field(text, default="USD"),
        "status": Field(one_of(*ACCOUNT_STATUSES), default="ACTIVE"),
        "reference": Field(urn("organization", "person")),
        "test": Field(flag, how="create", default=False),
        **{name: Field(flag, default=False) for name in _NOTICES},
        "totalBudget": Field(MONEY),
        "totalBudgetEndsAt": Field(whole),
        **{
            name: Field(text, how="read")
            for name in (
                "servingStatuses", "changeAuditStamps", "version", "referenceInfo",
            )
        },
    }
)  # fmt: skip
_SEARCH = {"id": URNS["account"], "reference": "urn:li:", "name": "",
           "status": "", "type": ""}  # fmt: skip
_SYMBOLS = {"status": ACCOUNT_STATUSES, "type": ("BUSINESS", "ENTERPRISE")}


def _find(call: Call, key: str) -> Node | None:
    return call.world.get("account", key)


def _make(call: Call, data: Data) -> Node:
    found = missing(data, ("name", "type")) + _check(data)
    if data.get("type") == "ENTERPRISE":
        code = (
            "CONDITIONAL_INVALID_VALUE" if data["test"] else "INVALID_VALUE_FOR_FIELD"
        )
        found.append(Problem(code, "type"))
    if data["status"] not in {"ACTIVE", "DRAFT"}:
        found.append(Problem("INVALID_VALUE_FOR_FIELD", "status"))
    if data["test"] and any(one.data["test"] for one in call.world.all("account")):
        found.append(Problem("TEST_ACCOUNT_LIMIT_REACHED", "test"))
    demand(found)
    return furnish(call.world, data, call.now)


def furnish(world: World, data: Data, now: float, node_id: str = "") -> Node:
    """
    Keep an account and make its default campaign group.
    """
    account = world.add(
        "account", data, now, node_id=node_id, name=str(data.get("name")),
        inner={"test": data["test"]},
    )  # fmt: skip
    group = {
        "account": account.urn,
        "name": "Default Campaign Group",
        "status": "ACTIVE",
        "runSchedule": {"start": int(now * 1000)},
    }
    world.add(
        "group", group, now, account=account.id, parents=[account.ref],
        inner={"backfilled": True, "test": data["test"]}, name="default",
    )  # fmt: skip
    return account


def _check(data: Data) -> list[Problem]:
    found = []
    if "name" in data and not data["name"].strip():
        found.append(Problem("BLANK_ACCOUNT_NAME", "name"))
    if data["currency"] not in PER_USD:
        found.append(Problem("CURRENCY_NOT_SUPPORTED", "currency"))
    return found + money(data, ("totalBudget",), data["currency"])


def _change(call: Call, node: Node, patch: Patch) -> None:
    new = patch.data
    demand(missing(new, ("name", "type", "currency", "status")))
    if new["currency"] != node.data["currency"] or new["type"] != node.data["type"]:
        raise not_modelled("another currency or type for an account")
    found = _check(new)
    before = status_of(node, call.now)
    if not may_become("account", before, new["status"]):
        found.append(Problem("INVALID_STATUS_TRANSITION", "status"))
    campaigns = call.world.family(node.ref, "campaign")
    if campaigns and new.get("reference") != node.data.get("reference"):
        found.append(Problem("UPDATE_REFERENCE_NOT_ALLOWED", "reference"))
    demand(found)
    keep(call, node, new)


def _drop(call: Call, node: Node) -> None:
    if status_of(node, call.now) != "DRAFT":
        demand([Problem("DELETE_NOT_ALLOWED", "status")])
    if call.world.family(node.ref, "campaign"):
        raise not_modelled("deleting a draft account that holds campaigns")
    for group in tuple(call.world.family(node.ref, "group")):
        call.world.drop(group)
    call.world.drop(node)


def _view(call: Call, node: Node) -> dict[str, Any]:
    return {
        "id": int(node.id),
        **node.data,
        "status": status_of(node, call.now),
        "servingStatuses": account_statuses(call.site, node, call.now),
        "changeAuditStamps": stamps(call, node),
        "version": {"versionTag": str(node.tag)},
    }


ACCOUNT = Kind(RECORD, "adAccounts", _find, _make, _change, _view, _drop)


def search(call: Call) -> Reply:
    """
    FINDER search.
    """
    wanted, test = filters(call, "search", _SEARCH, _SYMBOLS)
    nodes = picked(call.seen(call.world.all("account")), wanted, test, call.now)
    return by_cursor(call, nodes, _view, most=1_000)
