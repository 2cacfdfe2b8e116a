"""
Copies of campaigns, ad sets and ads, alone or with what they hold.

Source: Marketing API reference of `copies` on campaigns, ad sets and ads, 2026-09: a
synchronous copy takes at most three children along; copies are paused unless asked.
"""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from smmlib.sandbox.meta import _ads as ads
from smmlib.sandbox.meta import _adsets as adsets
from smmlib.sandbox.meta import _campaigns as campaigns
from smmlib.sandbox.meta._budgets import END_PASSED
from smmlib.sandbox.meta._errors import bad_param, invalid, no_object
from smmlib.sandbox.meta._status import GONE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from smmlib.sandbox.meta._context import Context, Params
    from smmlib.sandbox.meta._world_state import Node

Data = dict[str, Any]

_COMMON = {"status_option", "rename_options"}
_TREE = _COMMON | {"deep_copy", "start_time", "end_time"}
CAMPAIGN = frozenset(_TREE)
ADSET = frozenset(_TREE | {"campaign_id"})
AD = frozenset(_COMMON | {"adset_id"})
LISTED = frozenset({"effective_status"})

_MOST_CHILDREN = 3
_STRATEGIES = ("DEEP_RENAME", "ONLY_TOP_LEVEL_RENAME", "NO_RENAME")
_RENAMES = {"rename_strategy", "rename_prefix", "rename_suffix"}
_CHILD = {"Campaign": "AdSet", "AdSet": "Ad"}
_WIRE = {"Campaign": "campaign", "AdSet": "ad_set", "Ad": "ad"}
_PARAMS = {"Campaign": campaigns.CREATE, "AdSet": adsets.CREATE, "Ad": ads.CREATE}
_MAKERS: dict[str, Callable[[Context, Node, Params], Data]] = {
    "Campaign": campaigns.create_campaign,
    "AdSet": adsets.create_adset,
    "Ad": ads.create_ad,
}


def make_copy(ctx: Context, source: Node, params: Params) -> Data:
    """
    POST /{campaign | ad set | ad}/copies.
    """
    _check(ctx, source, params)
    made: list[Data] = []
    top = _copied(ctx, source, params, made, top=True)
    key = {"Campaign": "campaign", "AdSet": "adset", "Ad": "ad"}[source.kind]
    answer: Data = {f"copied_{key}_id": top}
    return answer if source.kind == "Ad" else {**answer, "ad_object_ids": made}


def copies_of(ctx: Context, source: Node, _params: Params) -> list[Node]:
    """
    GET /{campaign | ad set | ad}/copies.
    """
    family = ctx.world.family(source.account, source.kind)
    return [node for node in family if node.data.get("source_id") == source.id]


def _check(ctx: Context, source: Node, params: Params) -> None:
    if source.data["status"] in GONE:
        raise no_object(source.id, "post")
    names = params.get("rename_options", {})
    if not isinstance(names, dict) or set(names) - _RENAMES:
        known = ", ".join(sorted(_RENAMES))
        raise bad_param("rename_options", f"takes {known}.")
    if names.get("rename_strategy", _STRATEGIES[1]) not in _STRATEGIES:
        raise bad_param("rename_options", f"has one of {', '.join(_STRATEGIES)}.")
    if not params.get("deep_copy"):
        return
    below = list(_below(ctx, source))
    if len(below) > _MOST_CHILDREN:
        raise invalid(
            "deep_copy",
            f"{len(below)} objects are too many for one synchronous copy: at most"
            f" {_MOST_CHILDREN}.",
        )
    for node in below:
        _check_run(ctx, node, params)


def _check_run(ctx: Context, node: Node, params: Params) -> None:
    # Checked before anything is made: a copy is whole or there is none.
    end = params.get("end_time", node.data.get("end_time"))
    if node.kind == "AdSet" and end and end <= ctx.now:
        text = f"Ad set {node.id} is over; give an end_time."
        raise invalid("end_time", text, subcode=END_PASSED)


def _below(ctx: Context, node: Node) -> Iterator[Node]:
    for child in _children(ctx, node):
        yield child
        yield from _below(ctx, child)


def _children(ctx: Context, node: Node) -> list[Node]:
    kind = _CHILD.get(node.kind)
    return campaigns.live_children(ctx, node, kind) if kind else []


def _copied(
    ctx: Context,
    source: Node,
    params: Params,
    made: list[Data],
    *,
    top: bool,
    parent: Data | None = None,
) -> str:
    account = ctx.world.get(f"act_{source.account}")
    if account is None:
        raise no_object(source.id, "post")
    wanted = _wanted(source, params, top=top)
    make = _MAKERS[source.kind]
    copied = str(make(ctx, account, {**wanted, **(parent or {})})["id"])
    node = ctx.world.get(copied)
    if node is not None:
        node.data["source_id"] = source.id
    kind = _WIRE[source.kind]
    row = {"ad_object_type": kind, "source_id": source.id, "copied_id": copied}
    made.append(row)
    if params.get("deep_copy"):
        above = {"campaign_id" if source.kind == "Campaign" else "adset_id": copied}
        for child in _children(ctx, source):
            _copied(ctx, child, params, made, top=False, parent=above)
    return copied


def _wanted(source: Node, params: Params, *, top: bool) -> Data:
    data = source.data
    found = {k: deepcopy(v) for k, v in data.items() if k in _PARAMS[source.kind]}
    found["adlabels"] = [{"id": label} for label in data.get("adlabels", ())]
    found["status"] = _status(source, params)
    found["name"] = _name(str(data["name"]), params.get("rename_options", {}), top=top)
    if source.kind == "Ad":
        found["creative"] = {"creative_id": data["creative_id"]}
    moved = ("campaign_id", "adset_id") if top else ()
    times = ("start_time", "end_time") if source.kind == "AdSet" else ()
    found.update({k: params[k] for k in (*moved, *times) if k in params})
    if source.kind == "Campaign" and not _has_budget(found):
        found.pop("bid_strategy", None)
        found.setdefault("is_adset_budget_sharing_enabled", False)
    return found


def _has_budget(data: Data) -> bool:
    return bool(data.get("daily_budget") or data.get("lifetime_budget"))


def _status(source: Node, params: Params) -> str:
    chosen = str(params.get("status_option", "PAUSED"))
    inherited = chosen == "INHERITED_FROM_SOURCE"
    return str(source.data["status"]) if inherited else chosen


def _name(name: str, options: Data, *, top: bool) -> str:
    strategy = options.get("rename_strategy", "ONLY_TOP_LEVEL_RENAME")
    if strategy == "NO_RENAME" or (strategy == "ONLY_TOP_LEVEL_RENAME" and not top):
        return name
    prefix = str(options.get("rename_prefix", ""))
    suffix = options.get("rename_suffix", "" if prefix else " - Copy")
    return f"{prefix}{name}{suffix}"
