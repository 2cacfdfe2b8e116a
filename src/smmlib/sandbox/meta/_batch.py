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
    unknown_param,
)
from smmlib.sandbox.meta._types import parse_param

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from smmlib.sandbox._faults import Fault

MOST = 50
_GOOD = 200
_ITEM = {
    "method", "relative_url", "body", "headers", "access_token", "name", "depends_on",
    "omit_response_on_success", "attached_files",
}  # fmt: skip
_REFERENCE = re.compile(r"\{result=([A-Za-z0-9_-]+):\$((?:\.[A-Za-z0-9_]+)+)\}")
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
    files: tuple[str, ...] = ()


Sent = tuple[int, dict[str, str], Any]


def run_batch(
    raw: dict[str, str],
    send: Callable[[Item], Sent],
    *,
    parts: Collection[str] = (),
    fault: Fault | None = None,
) -> list[Any]:
    """
    Answer a batch; *send* gives status, headers and body of one item.

    Args:
        raw: The parameters of the batch itself.
        send: Answers one item.
        parts: Names of the files that came along, for `attached_files`.
        fault: A `null_item` that was asked for.
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
    for entry in found:
        _check_entry(entry, parts)
    _check_names(found)
    _check_siblings([_item(entry, {}) for entry in found])
    return _Run(send, headers=headers, fault=fault).all(found)


class _Run:
    """
    One batch under way: later items may use the answers of earlier, named ones.
    """

    def __init__(
        self, send: Callable[[Item], Sent], *, headers: bool, fault: Fault | None
    ) -> None:
        null = fault is not None and fault.kind == "null_item"
        self._null = fault if null else None
        self._send = send
        self._headers = headers
        self._named: dict[str, Sent] = {}

    def all(self, entries: list[dict[str, Any]]) -> list[Any]:
        """
        The answers in order; null for what failed to start or was not wanted.
        """
        return [self._nth(place, entry) for place, entry in enumerate(entries, 1)]

    def _nth(self, place: int, entry: dict[str, Any]) -> dict[str, Any] | None:
        if self._null is None or self._null.item != place:
            return self._one(entry)
        if self._null.after_commit is not False:
            self._one(entry)
        return None

    def _one(self, entry: dict[str, Any]) -> dict[str, Any] | None:
        if any(self._named[name][0] != _GOOD for name in _needed(entry)):
            return None
        try:
            done = self._send(_item(entry, self._named))
        except GraphError as error:  # a reference that finds nothing
            done = error.status, {}, error.envelope("")
        name = str(entry.get("name", ""))
        if name:
            self._named[name] = done
        if name and done[0] == _GOOD and entry.get("omit_response_on_success", True):
            return None
        return _answer(done, headers=self._headers)


def _needed(entry: dict[str, Any]) -> set[str]:
    text = (
        f"{unquote(str(entry['relative_url']))} {unquote(str(entry.get('body', '')))}"
    )
    needed = {match.group(1) for match in _REFERENCE.finditer(text)}
    if entry.get("depends_on"):
        needed.add(str(entry["depends_on"]))
    return needed


def _check_names(entries: list[dict[str, Any]]) -> None:
    seen: set[str] = set()
    for entry in entries:
        for name in sorted(_needed(entry) - seen):
            raise GraphError(
                100,
                f"(#100) No earlier item of the batch is named {name}",
                blame=["batch"],
            )
        if entry.get("name"):
            seen.add(str(entry["name"]))


def _check_entry(entry: Any, parts: Collection[str]) -> None:
    if not isinstance(entry, dict) or "relative_url" not in entry:
        raise bad_param("batch", "must be a list of {method, relative_url, body}.")
    for key in entry:
        if key not in _ITEM:
            raise unknown_param(f"batch[{key}]")
    for name in _files(entry):
        if name not in parts:
            raise bad_param("batch", f"has no attached file {name}.")


def _files(entry: dict[str, Any]) -> tuple[str, ...]:
    names = str(entry.get("attached_files") or "").split(",")
    return tuple(name.strip() for name in names if name.strip())


def _item(entry: dict[str, Any], named: dict[str, Sent]) -> Item:
    path, _, query = str(entry["relative_url"]).partition("?")
    segments = [_filled(unquote(part), named) for part in path.split("/") if part]
    if segments and _VERSION.fullmatch(segments[0]):
        segments = segments[1:]
    pairs = parse_qsl(query, keep_blank_values=True)
    pairs += parse_qsl(str(entry.get("body", "")), keep_blank_values=True)
    params = {key: _filled(value, named) for key, value in pairs}
    token = params.pop("access_token", "") or str(entry.get("access_token", ""))
    method = str(entry.get("method", "GET")).upper()
    return Item(method, tuple(segments), params, token, _files(entry))


def _filled(text: str, named: dict[str, Sent]) -> str:
    return _REFERENCE.sub(lambda match: _result(match, named), text)


def _result(match: re.Match[str], named: dict[str, Sent]) -> str:
    if match.group(1) not in named:
        return match.group()
    value = named[match.group(1)][2]
    for key in match.group(2).split(".")[1:]:
        value = value.get(key) if isinstance(value, dict) else None
    if value is None:
        raise GraphError(
            100, f"(#100) {match.group()} finds nothing in the answer", blame=["batch"]
        )
    return value if isinstance(value, str) else json.dumps(value)


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
