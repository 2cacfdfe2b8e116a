"""
Lists as edges give them: filtering, newest first, cursor paging, summary.

Source: Graph API paging and Marketing API filtering guides, 2026-08.
"""

from __future__ import annotations

import base64
import binascii
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from smmlib.sandbox.meta._contract import contract
from smmlib.sandbox.meta._errors import (
    GraphError,
    bad_param,
    invalid,
    no_field,
    not_modelled,
)
from smmlib.sandbox.meta._status import GONE, effective_status
from smmlib.sandbox.meta._types import check_value
from smmlib.sandbox.meta._world_state import DELIVERING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from smmlib.sandbox.meta._context import Context, Params
    from smmlib.sandbox.meta._world_state import Node

DEFAULT_LIMIT = 25
LARGEST_LIMIT = 5_000
OPERATORS = frozenset(
    "EQUAL NOT_EQUAL GREATER_THAN GREATER_THAN_OR_EQUAL LESS_THAN LESS_THAN_OR_EQUAL"
    " IN_RANGE NOT_IN_RANGE CONTAIN NOT_CONTAIN IN NOT_IN ANY ALL NONE".split()
)
_PREFIXES = {"campaign": "Campaign", "adset": "AdSet", "ad": "Ad"}
_FILTERED = frozenset(
    "id name effective_status configured_status status created_time updated_time"
    " objective campaign_id adset_id start_time end_time daily_budget"
    " lifetime_budget".split()
)

Row = dict[str, Any]


def choose(
    ctx: Context, nodes: Iterable[Node], kind: str, params: Params
) -> list[Node]:
    """
    The nodes a list shows, newest first.
    """
    rules = [_rule(item, kind) for item in params.get("filtering", ())]
    wanted = _statuses(params, rules)
    shown = [
        node
        for node in nodes
        if ctx.visible(node)
        and _status_shown(ctx, node, wanted)
        and all(_passes(ctx, node, *rule) for rule in rules)
        and node.updated >= params.get("updated_since", 0)
    ]
    return sorted(shown, key=lambda node: -node.seq)


def page(
    ctx: Context,
    nodes: Sequence[Node],
    params: Params,
    render: Callable[[Node], Row],
) -> dict[str, Any]:
    """
    One page of a list with its cursors.
    """
    limit = read_limit(params)
    start, end = _bounds(nodes, params, limit)
    part = nodes[start:end]
    if ctx.fails("empty_page"):
        # The cursor leads back to where the page should have begun.
        here = _mark(part[0].seq + 1 if part else 0)
        return empty_page(ctx, here)
    body: dict[str, Any] = {"data": [render(node) for node in part]}
    if part:
        cursors = {"before": _cursor(part[0]), "after": _cursor(part[-1])}
        body["paging"] = {"cursors": cursors}
        if end < len(nodes):
            body["paging"]["next"] = link(ctx, after=cursors["after"])
        if start > 0:
            body["paging"]["previous"] = link(ctx, before=cursors["before"])
    if params.get("summary") not in (None, "false", "0", "[]"):
        body["summary"] = {"total_count": len(nodes)}
    return body


def read_limit(params: Params) -> int:
    """
    The page size a client asked for.
    """
    limit: int = params.get("limit", DEFAULT_LIMIT)
    if limit < 1:
        raise bad_param("limit", "must be greater than 0.")
    return min(limit, LARGEST_LIMIT)


def link(ctx: Context, **changes: str) -> str:
    """
    The address of another page: the same query with another cursor, token included.
    """
    query = {
        name: value
        for name, value in ctx.query.items()
        if name not in {"after", "before"}
    }
    query.setdefault("access_token", ctx.identity.access_token)
    return f"{ctx.url}?{urlencode({**query, **changes})}"


def _bounds(nodes: Sequence[Node], params: Params, limit: int) -> tuple[int, int]:
    if "after" in params:
        last = _place(params["after"])
        start = sum(node.seq >= last for node in nodes)
        return start, min(start + limit, len(nodes))
    if "before" in params:
        first = _place(params["before"])
        end = sum(node.seq > first for node in nodes)
        return max(end - limit, 0), end
    return 0, min(limit, len(nodes))


def empty_page(ctx: Context, cursor: str) -> dict[str, Any]:
    """
    A page without rows that has a next one nevertheless.
    """
    cursors = {"before": cursor, "after": cursor}
    return {"data": [], "paging": {"cursors": cursors, "next": link(ctx, after=cursor)}}


def _cursor(node: Node) -> str:
    return _mark(node.seq)


def _mark(seq: int) -> str:
    raw = base64.b64encode(f"QVFI:{seq}".encode()).decode()
    return raw.replace("=", "ZD")


def _place(cursor: str) -> int:
    try:
        text = base64.b64decode(cursor.replace("ZD", "="), validate=True).decode()
        mark, _, number = text.partition(":")
        place = int(number) if mark == "QVFI" else None
    except (ValueError, binascii.Error):
        place = None
    if place is None:
        raise GraphError(100, "(#100) Invalid cursors values", blame=["after"])
    return place


def _statuses(params: Params, rules: list[tuple[str, str, Any]]) -> set[str] | None:
    wanted = set(params["effective_status"]) if "effective_status" in params else None
    for field, operator, value in rules:
        if field == "effective_status" and operator in {"IN", "EQUAL"}:
            values = {str(v) for v in _many(value)}
            wanted = values if wanted is None else wanted & values
    if wanted and "DELETED" in wanted:
        raise invalid("effective_status", "Deleted objects cannot be listed.")
    return wanted


def _status_shown(ctx: Context, node: Node, wanted: set[str] | None) -> bool:
    if node.kind not in DELIVERING:
        return node.data.get("status") != "DELETED"
    status = effective_status(ctx.world, node, ctx.now)
    return status not in GONE if wanted is None else status in wanted


def _rule(item: Any, kind: str) -> tuple[str, str, Any]:
    if not isinstance(item, dict) or not {"field", "operator", "value"} >= set(item):
        raise bad_param("filtering", "must be a list of {field, operator, value}.")
    field, operator = str(item.get("field", "")), str(item.get("operator", ""))
    if operator not in OPERATORS:
        known = ", ".join(sorted(OPERATORS))
        raise bad_param("filtering[operator]", f"must be one of {{{known}}}.")
    if "value" not in item:
        raise bad_param("filtering[value]", "is required.")
    prefix, dot, rest = field.partition(".")
    if dot and _PREFIXES.get(prefix) == kind:
        field = rest
    elif dot and rest == "id" and prefix in {"campaign", "adset"}:
        field = f"{prefix}_id"
    if (kind, field) == ("Lead", "time_created"):
        field = "created_time"
    if field not in _FILTERED:
        if field in contract().fields[kind]:
            raise not_modelled(f"filtering of {kind} by {field}")
        raise no_field(field, kind)
    return field, operator, item["value"]


def _passes(ctx: Context, node: Node, field: str, operator: str, value: Any) -> bool:
    return compare(_filter_value(ctx, node, field), operator, value, field)


def _filter_value(ctx: Context, node: Node, field: str) -> Any:
    if field == "id":
        return node.id
    if field == "created_time":
        return int(node.created)
    if field == "updated_time":
        return int(node.updated)
    if field == "effective_status" and node.kind in DELIVERING:
        return effective_status(ctx.world, node, ctx.now)
    if field == "configured_status":
        return node.data.get("status")
    return node.data.get(field)


def compare(found: Any, operator: str, value: Any, field: str) -> bool:
    """
    Whether a value passes one filter.
    """
    if operator.startswith("NOT_") or operator == "NONE":
        positive = {"NONE": "IN"}.get(operator, operator.removeprefix("NOT_"))
        return not compare(found, positive, value, field)
    if operator in {"IN", "ANY", "ALL"}:
        return str(found) in {str(v) for v in _many(value)}
    if operator == "CONTAIN":
        wanted = str(value[0] if isinstance(value, list) and value else value)
        return found is not None and wanted.casefold() in str(found).casefold()
    if operator == "EQUAL" and not field.endswith("_time"):
        return str(found) == str(value)
    return _ordered(found, operator, value, field)


def _ordered(found: Any, operator: str, value: Any, field: str) -> bool:
    bounds = [_number(v, field) for v in _many(value)]
    wanted = 2 if operator == "IN_RANGE" else 1
    if len(bounds) != wanted:
        raise bad_param("filtering[value]", f"needs {wanted} value(s).")
    if found is None:
        return False
    number = _number(found, field)
    if operator == "IN_RANGE":
        return bounds[0] <= number <= bounds[1]
    limit = bounds[0]
    return {
        "EQUAL": number == limit,
        "GREATER_THAN": number > limit,
        "GREATER_THAN_OR_EQUAL": number >= limit,
        "LESS_THAN": number < limit,
        "LESS_THAN_OR_EQUAL": number <= limit,
    }[operator]


def _many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _number(value: Any, field: str) -> Decimal:
    if field.endswith("_time"):
        return Decimal(check_value("filtering[value]", value, "datetime"))
    try:
        number = Decimal(str(value))
    except InvalidOperation as error:
        raise bad_param("filtering[value]", "must be a number.") from error
    if not number.is_finite():
        raise bad_param("filtering[value]", "must be a number.")
    return number
