"""
Batches: up to 50 requests in one, answered in their order.

Source: Graph API batch requests, 2026-08, with its documented limitation: no two ad
sets of one campaign in one batch.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote

import attrs

from smmlib.sandbox.meta._errors import (
    GraphError,
    bad_param,
    missing,
    not_modelled,
    unknown_param,
)
from smmlib.sandbox.meta._types import parse_param

if TYPE_CHECKING:
    from collections.abc import Callable

MOST = 50
_ITEM = {"method", "relative_url", "body", "headers", "access_token"}
_MORE = {"name", "depends_on", "omit_response_on_success", "attached_files"}
_OUTER = {"batch", "include_headers", "access_token", "appsecret_proof"}
_VERSION = re.compile(r"v\d+\.\d+")


@attrs.frozen
class Item:
    """
    One request of a batch.
    """

    method: str
    path: tuple[str, ...]
    params: dict[str, str]
    token: str


def run_batch(
    raw: dict[str, str], send: Callable[[Item], tuple[int, dict[str, str], Any]]
) -> list[dict[str, Any]]:
    """
    Answer a batch; *send* gives status, headers and body of one item.
    """
    if "batch" not in raw:
        raise missing("batch")
    for name in raw:
        if name not in _OUTER:
            raise unknown_param(name)
    found = parse_param("batch", raw["batch"], "list<object>")
    headers = raw.get("include_headers", "true") not in {"false", "0"}
    if not 1 <= len(found) <= MOST:
        raise GraphError(
            100,
            f"(#100) Too many requests in batch message. Maximum batch size is {MOST}"
            if found
            else "(#100) The batch is empty.",
            blame=["batch"],
        )
    items = [_item(entry) for entry in found]
    _check_siblings(items)
    return [_answer(send(item), headers=headers) for item in items]


def _item(entry: Any) -> Item:
    if not isinstance(entry, dict) or "relative_url" not in entry:
        raise bad_param("batch", "must be a list of {method, relative_url, body}.")
    for key in entry:
        if key in _MORE:
            raise not_modelled(f"{key} in batch items")
        if key not in _ITEM:
            raise unknown_param(f"batch[{key}]")
    path, _, query = str(entry["relative_url"]).partition("?")
    segments = [unquote(part) for part in path.split("/") if part]
    if segments and _VERSION.fullmatch(segments[0]):
        segments = segments[1:]
    pairs = parse_qsl(query, keep_blank_values=True)
    pairs += parse_qsl(str(entry.get("body", "")), keep_blank_values=True)
    params = dict(pairs)
    token = params.pop("access_token", "") or str(entry.get("access_token", ""))
    return Item(str(entry.get("method", "GET")).upper(), tuple(segments), params, token)


def _check_siblings(items: list[Item]) -> None:
    campaigns = [
        item.params.get("campaign_id", "").strip('"')
        for item in items
        if item.method == "POST" and item.path[1:] == ("adsets",)
    ]
    for campaign in campaigns:
        if campaign and campaigns.count(campaign) > 1:
            raise GraphError(
                100,
                f"(#100) A batch cannot create several ad sets of campaign {campaign}",
                blame=["batch"],
            )


def _answer(found: tuple[int, dict[str, str], Any], *, headers: bool) -> dict[str, Any]:
    status, names, body = found
    row: dict[str, Any] = {"code": status, "body": json.dumps(body)}
    if headers:
        row["headers"] = [{"name": k, "value": v} for k, v in names.items()]
    return row
