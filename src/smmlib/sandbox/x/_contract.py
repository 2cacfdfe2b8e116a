"""
The Ads API's operations as data: method, path, parameters with types and limits.

`contract.json` beside this module holds the facts of versions 11 and 12. Rules that no
table holds are code.
"""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files
from typing import Any

import attrs

_TELLING = 2
"""
Where a path says what it is about: `accounts/{account_id}/campaigns`.
"""


@attrs.frozen
class Param:
    """
    One parameter: type, limits, and whether it is a list.
    """

    name: str
    type: str = "string"
    required: Any = False
    enum: tuple[Any, ...] = ()
    min: int | None = None
    max: int | None = None
    min_length: int | None = None
    max_length: int | None = None
    max_items: int | None = None
    list: bool = False
    format: str = ""
    default: Any = None


@attrs.frozen
class Operation:
    """
    One thing a client may ask for.
    """

    method: str
    path: str
    encoding: str
    params: dict[str, Param]
    paged: bool = False
    max_batch: int | None = None
    hard_delete: bool = False
    sandbox_only: bool = False

    @property
    def id(self) -> tuple[str, str]:
        """
        Method and path.
        """
        return self.method, self.path


@attrs.frozen
class Match:
    """
    An operation with the ids of its path.
    """

    operation: Operation
    ids: dict[str, str]


@lru_cache(maxsize=1)
def operations() -> dict[tuple[str, str], Operation]:
    """
    All operations by method and path, read once.
    """
    text = files(__package__).joinpath("contract.json").read_text(encoding="utf-8")
    made = [_operation(row) for row in json.loads(text)["operations"]]
    return {operation.id: operation for operation in made}


def find(method: str, path: tuple[str, ...]) -> tuple[Match | None, set[str]]:
    """
    The operation for a path, and all methods that the path knows.

    A path with literal words goes before one with placeholders.
    """
    known, length = _by_shape(), len(path)
    candidates = known.get((length, ""), ())
    if length > _TELLING:
        candidates += known.get((length, path[_TELLING]), ())
    fits = [
        (operation, ids)
        for operation, parts in candidates
        for ids in (_ids(parts, path),)
        if ids is not None
    ]
    if not fits:
        return None, set()
    fewest = min(len(ids) for _, ids in fits)
    best = [(operation, ids) for operation, ids in fits if len(ids) == fewest]
    for operation, ids in best:
        if operation.method == method:
            return Match(operation, ids), set()
    return None, {operation.method for operation, _ in best}


@lru_cache(maxsize=1)
def _by_shape() -> dict[tuple[int, str], tuple[tuple[Operation, tuple[str, ...]], ...]]:
    found: dict[tuple[int, str], list[tuple[Operation, tuple[str, ...]]]] = {}
    for operation in operations().values():
        parts = tuple(part for part in operation.path.split("/") if part)
        word = parts[_TELLING] if len(parts) > _TELLING else ""
        word = "" if word.startswith("{") else word
        found.setdefault((len(parts), word), []).append((operation, parts))
    return {shape: tuple(rows) for shape, rows in found.items()}


def _ids(parts: tuple[str, ...], path: tuple[str, ...]) -> dict[str, str] | None:
    ids = {}
    for part, given in zip(parts, path, strict=True):
        if part.startswith("{"):
            ids[part[1:-1]] = given
        elif part != given:
            return None
    return ids


def _operation(row: dict[str, Any]) -> Operation:
    params = {}
    for name, told in row["params"].items():
        facts = dict(told)
        facts["enum"] = tuple(facts.get("enum", ()))
        params[name] = Param(name, **facts)
    rest = {key: value for key, value in row.items() if key != "params"}
    return Operation(params=params, **rest)
