"""
Pages: cursors for campaigns and their kin, start and count elsewhere.

Source: LinkedIn pagination pages at li-lms-2026-02.
"""

from __future__ import annotations

import base64
import binascii
import json
from typing import TYPE_CHECKING, Any

from smmlib.sandbox.linkedin._context import Reply
from smmlib.sandbox.linkedin._errors import ApiError, bad_param
from smmlib.sandbox.linkedin._restli import parse_fields, projected
from smmlib.sandbox.linkedin._store import stable_hex

if TYPE_CHECKING:
    from collections.abc import Callable

    from smmlib.sandbox.linkedin._context import Call
    from smmlib.sandbox.linkedin._store import Node

_WITHOUT_PAGING = 1_000
_UNPAGED_ROWS = 100
_FIRST_COUNT = 10
_MOST = 1_000


def shown(call: Call, record: dict[str, Any]) -> Any:
    """
    A record cut to the `fields` asked for.
    """
    raw = call.params.get("fields")
    if not isinstance(raw, str) or not raw:
        return record
    return projected(record, parse_fields(raw))


def by_cursor(
    call: Call,
    nodes: list[Node],
    view: Callable[[Call, Node], dict[str, Any]],
    *,
    most: int,
    total: bool = False,
) -> Reply:
    """
    One page of a cursor finder, ordered by id.

    Raises:
        ApiError: 400.
    """
    ordered = sorted(nodes, key=lambda node: int(node.id), reverse=_falling(call))
    size = call.number("pageSize", 1, most, 100)
    paged = "pageSize" in call.params or "pageToken" in call.params
    if most == _WITHOUT_PAGING and not paged and len(ordered) > most:
        raise ApiError(400, "Too many entities would be returned; use pagination")
    start = _start(call, ordered)
    if call.fault == "short_page":
        size = max(1, size // 2)
    if call.fault == "empty_page":
        size = 0
    page = ordered[start : start + size]
    paging: dict[str, Any] = {"start": 0, "count": size, "links": []}
    if total:
        paging["total"] = len(ordered)
    body: dict[str, Any] = {
        "elements": [shown(call, view(call, node)) for node in page],
        "paging": paging,
        "metadata": {},
    }
    if start + size < len(ordered):
        last = ordered[start + size - 1].id if start + size else _before(call)
        body["metadata"]["nextPageToken"] = _token(call, last)
    return Reply(200, body)


def _falling(call: Call) -> bool:
    order = call.symbol("sortOrder", ("ASCENDING", "DESCENDING"))
    sort = call.params.get("sort")
    if sort is None:
        return order == "DESCENDING"
    if not isinstance(sort, dict) or set(sort) - {"field", "order"}:
        raise bad_param("sort", "sort is (field:ID,order:..)")
    if sort.get("field", "ID") != "ID":
        raise bad_param("sort", f"cannot sort by {sort['field']}")
    if sort.get("order", "ASCENDING") not in ("ASCENDING", "DESCENDING"):
        raise bad_param("sort", "order is ASCENDING or DESCENDING")
    return sort.get("order") == "DESCENDING"


def _before(call: Call) -> str:
    """
    An id that stands before all others.
    """
    return str(2**63) if _falling(call) else "0"


def _token(call: Call, last: str) -> str:
    text = json.dumps([_question(call), last])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _question(call: Call) -> str:
    """
    What was asked, without the page: a token belongs to one question.
    """
    own = {"pageToken", "pageSize", "fields"}
    asked = {k: v for k, v in call.params.items() if k not in own}
    text = json.dumps([call.resource, call.keys, asked], sort_keys=True)
    return stable_hex(12, text)


def _start(call: Call, ordered: list[Node]) -> int:
    token = call.text("pageToken")
    if token is None:
        return 0
    try:
        padded = token.encode() + b"=" * (-len(token) % 4)
        question, last = json.loads(base64.urlsafe_b64decode(padded))
        edge = int(last)
    except (ValueError, TypeError, binascii.Error) as error:
        raise bad_param("pageToken", "the page token is invalid") from error
    if question != _question(call):
        raise bad_param("pageToken", "the page token belongs to another request")
    if _falling(call):
        return sum(1 for node in ordered if int(node.id) >= edge)
    return sum(1 for node in ordered if int(node.id) <= edge)


def by_index(
    call: Call,
    nodes: list[Node],
    view: Callable[[Call, Node], dict[str, Any]],
) -> Reply:
    """
    One page of an index finder.
    """
    return sliced(call, nodes, lambda node: view(call, node))


def sliced(call: Call, rows: list[Any], view: Callable[[Any], Any]) -> Reply:
    """
    One page of rows by `start` and `count`.

    Raises:
        ApiError: 400.
    """
    paged = "start" in call.params or "count" in call.params
    if not paged and len(rows) > _UNPAGED_ROWS:
        raise ApiError(400, "Too many entities would be returned; use pagination")
    start = call.number("start", 0, 2**31 - 1, 0)
    count = call.number("count", 0, _MOST, _FIRST_COUNT)
    page = [shown(call, view(row)) for row in rows[start : start + count]]
    paging = {"start": start, "count": count, "links": [], "total": len(rows)}
    return Reply(200, {"elements": page, "paging": paging})
