"""
Campaigns: budget, bid, targeting, run, and what may be changed when.

Source: LinkedIn campaign pages at li-lms-2026-02.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smmlib.sandbox.linkedin._campaign_rules import REQUIRED, check
from smmlib.sandbox.linkedin._common import (
    Data,
    account_urn,
    demand,
    doomed,
    filters,
    missing,
    picked,
    transition,
)
from smmlib.sandbox.linkedin._crud import Kind, keep, stamps
from smmlib.sandbox.linkedin._errors import Problem, bad_schema, not_modelled
from smmlib.sandbox.linkedin._paging import by_cursor
from smmlib.sandbox.linkedin._schema import (
    MONEY,
    SCHEDULE,
    Field,
    Record,
    flag,
    one_of,
    table,
    text,
    urn,
    whole,
)
from smmlib.sandbox.linkedin._status import GONE, campaign_statuses, status_of
from smmlib.sandbox.linkedin._store import URNS, Node
from smmlib.sandbox.linkedin._tables import (
    CAMPAIGN_STATUSES,
    CAMPAIGN_TYPES,
    COST_TYPES,
    FORMATS,
    OBJECTIVES,
    TARGETS,
)
from smmlib.sandbox.linkedin._targeting import CRITERIA

if TYPE_CHECKING:
    from smmlib.sandbox.linkedin._context import Call, Reply
    from smmlib.sandbox.linkedin._patch import Patch

LOCALE = Record(
    {"country": Field(text, required=True), "language": Field(text, required=True)}
)


def _anything(value: Any, _path: str) -> Any:
    return value


RECORD = Record(
    {
        "id": Field(whole, how="read"),
        "account": Field(urn("sponsoredAccount"), how="create"),
        "campaignGroup": Field(urn("sponsoredCampaignGroup")),
        "name": Field(text),
        "type": Field(one_of(*CAMPAIGN_TYPES)),
        "status": Field(one_of(*CAMPAIGN_STATUSES)),
        "objectiveType": Field(one_of(*OBJECTIVES)),
        "format": Field(one_of(*FORMATS)),
        "costType": Field(one_of(*COST_TYPES)),
        "unitCost": Field(MONEY),
        "dailyBudget": Field(MONEY),
        "totalBudget": Field(MONEY),
        "pacingStrategy": Field(
            one_of("LIFETIME", "ACCELERATED"), how="create", since=202501
        ),
        "optimizationTargetType": Field(one_of(*TARGETS), default="NONE"),
        "optimizationPreference": Field(_anything, since=202408),
        "creativeSelection": Field(
            one_of("OPTIMIZED", "ROUND_ROBIN"), default="OPTIMIZED"
        ),
        "locale": Field(LOCALE),
        "targetingCriteria": Field(CRITERIA),
        "targeting": Field(table(_anything)),
        "runSchedule": Field(SCHEDULE),
        "associatedEntity": Field(urn("organization", "person")),
        "audienceExpansionEnabled": Field(flag, default=False),
        "offsiteDeliveryEnabled": Field(flag),
        "offsitePreferences": Field(_anything),
        "connectedTelevisionOnly": Field(flag, since=202408),
        "storyDeliveryEnabled": Field(flag),
        "politicalIntent": Field(
            one_of("POLITICAL", "NOT_POLITICAL", "NOT_DECLARED"), since=202508
        ),
        **{
            name: Field(text, how="read")
            for name in ("servingStatuses", "test", "changeAuditStamps", "version")
        },
    }
)
_SEARCH = {
    "id": URNS["campaign"], "campaignGroup": URNS["group"],
    "associatedEntity": "urn:li:", "name": "", "type": "", "status": "",
}  # fmt: skip
_SYMBOLS = {"status": CAMPAIGN_STATUSES, "type": CAMPAIGN_TYPES}
_OTHER_FEED = ("SPONSORED_UPDATE_NATIVE_DOCUMENT", "SPONSORED_UPDATE_EVENT")
_FROZEN = ("type", "format", "locale", "campaignGroup")
_FIXED = {
    "objectiveType": "IMMUTABLE_CAMPAIGN_OBJECTIVE_TYPE",
    "associatedEntity": "IMMUTABLE_ASSOCIATED_ENTITY",
}


def _find(call: Call, key: str) -> Node | None:
    account = call.account()
    node = call.world.get("campaign", key)
    return node if node and node.account == account.id else None


def _make(call: Call, data: Data) -> Node:
    account = call.account()
    _unmodelled(data)
    _versioned(call, data)
    found = _grouped(call, account, data)
    found += missing(data, REQUIRED)
    if call.version >= 202508:  # noqa: PLR2004 - the version that asks for it
        found += missing(data, ("politicalIntent",))
    if data.get("account", account_urn(account)) != account_urn(account):
        found.append(Problem("MISMATCH_FIELDS", "account"))
    if data.get("status", "DRAFT") not in {"ACTIVE", "PAUSED", "DRAFT"}:
        found.append(Problem("INVALID_VALUE_FOR_FIELD", "status"))
    demand(found)
    demand(check(call, account, data, None))
    group = call.world.by_urn(data["campaignGroup"])
    parents = [account.ref, *([group.ref] if group else [])]
    return call.world.add(
        "campaign", data, call.now, account=account.id, parents=parents,
        inner={"test": account.data["test"]}, name=data["name"],
    )  # fmt: skip


def _grouped(call: Call, account: Node, data: Data) -> list[Problem]:
    """
    Without a group the default one is meant, unless there are others.
    """
    if "campaignGroup" in data:
        return []
    groups = call.world.family(account.ref, "group")
    if len(groups) > 1:
        return [Problem("MISSING_CAMPAIGN_GROUP_ID", "campaignGroup")]
    data["campaignGroup"] = groups[0].urn
    return []


def _unmodelled(data: Data) -> None:
    if "targeting" in data:
        demand([Problem("TARGETING_FIELD_DEPRECATED", "targeting")])
    for name in ("optimizationPreference", "offsitePreferences"):
        if name in data:
            raise not_modelled(name)
    for name in ("connectedTelevisionOnly", "storyDeliveryEnabled"):
        if data.get(name):
            raise not_modelled(f"{name}=true")
    if data.get("type", "SPONSORED_UPDATES") != "SPONSORED_UPDATES":
        raise not_modelled(f"campaigns of type {data['type']}")
    if data.get("format") in _OTHER_FEED:
        raise not_modelled(f"the format {data['format']}")


def _versioned(call: Call, data: Data) -> None:
    target = data.get("optimizationTargetType", "NONE")
    if TARGETS[target] > call.version:
        raise bad_schema("optimizationTargetType", f'"{target}" is not an enum symbol')


def _change(call: Call, node: Node, patch: Patch) -> None:
    new, old = patch.data, node.data
    _unmodelled(new)
    _versioned(call, new)
    demand(missing(new, (*REQUIRED, "campaignGroup", "optimizationTargetType")))
    found = _immutable(call, node, new)
    found += transition(node, new, call.now)
    if new["optimizationTargetType"] != old["optimizationTargetType"] and (
        "unitCost" not in patch.touched
    ):
        found.append(Problem("CONDITIONAL_MISSING_FIELD", "unitCost"))
    demand(found)
    demand(check(call, call.account(), new, node))
    if new["campaignGroup"] != old["campaignGroup"]:
        raise not_modelled("moving a campaign to another group")
    doomed(node, new, call.now)
    keep(call, node, new)


def _immutable(call: Call, node: Node, new: Data) -> list[Problem]:
    old = node.data
    found = [
        Problem(code, name)
        for name, code in _FIXED.items()
        if old.get(name) is not None and new.get(name) != old[name]
    ]
    if status_of(node, call.now) == "DRAFT":
        return found
    return found + [
        Problem("FIELD_IMMUTABLE_FOR_NON_DRAFT_CAMPAIGNS", name)
        for name in _FROZEN
        if new.get(name) != old.get(name)
    ]


def _drop(call: Call, node: Node) -> None:
    if status_of(node, call.now) != "DRAFT":
        demand([Problem("DELETE_ALLOWED_ONLY_FOR_DRAFT_STATUS", "status")])
    living = [
        one
        for one in call.world.family(node.ref, "creative")
        if status_of(one, call.now) not in GONE
    ]
    if living:
        raise not_modelled("deleting a draft campaign that holds creatives")
    for one in tuple(call.world.family(node.ref, "creative")):
        call.world.drop(one)
        call.site.ledger.forget(one)
    call.world.drop(node)


def view(call: Call, node: Node) -> dict[str, Any]:
    """
    A campaign as reads show it.
    """
    data = dict(node.data)
    data.setdefault(
        "unitCost",
        {
            "amount": "0",
            "currencyCode": call.account().data["currency"],
        },
    )
    return {
        "id": int(node.id),
        **data,
        "status": status_of(node, call.now),
        "servingStatuses": campaign_statuses(call.site, node, call.now),
        "test": bool(node.inner["test"]),
        "changeAuditStamps": stamps(call, node),
        "version": {"versionTag": str(node.tag)},
    }


CAMPAIGN = Kind(RECORD, "adCampaigns", _find, _make, _change, view, _drop)


def search(call: Call) -> Reply:
    """
    FINDER search.
    """
    family = call.world.family(call.account().ref, "campaign")
    wanted, test = filters(call, "search", _SEARCH, _SYMBOLS)
    nodes = picked(call.seen(family), wanted, test, call.now)
    return by_cursor(call, nodes, view, most=1_000)
