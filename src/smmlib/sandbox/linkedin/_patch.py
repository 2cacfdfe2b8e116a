"""
Partial updates: `$set`, `$delete` and the same inside nested records.

Source: linkedin/rest.li framework source, 2026-07.
"""

from __future__ import annotations

import copy
from typing import Any

import attrs

from smmlib.sandbox.linkedin._errors import bad_schema, not_modelled
from smmlib.sandbox.linkedin._schema import Field, Record


@attrs.frozen
class Patch:
    """
    What an update makes of a record.

    Attributes:
        data: The record afterwards.
        touched: Top-level fields it names.
    """

    data: dict[str, Any]
    touched: frozenset[str]


def patched(record: Record, old: dict[str, Any], body: Any, version: int) -> Patch:
    """
    Apply the body of a partial update to a copy.

    Raises:
        ApiError: 422 for a patch outside the schema.
    """
    if not isinstance(body, dict) or set(body) != {"patch"}:
        raise bad_schema("patch", "field is required but not found")
    new = copy.deepcopy(old)
    touched = _apply(record, new, body["patch"], "", version)
    return Patch(new, frozenset(touched))


def _apply(
    record: Record, data: dict[str, Any], patch: Any, path: str, version: int
) -> set[str]:
    if not isinstance(patch, dict):
        raise bad_schema(f"patch/{path}".rstrip("/"), "a patch is a record")
    touched: set[str] = set()
    for key, value in patch.items():
        if key == "$set":
            touched |= _set(record, data, value, path, version)
        elif key == "$delete":
            touched |= _delete(record, data, value, path, version)
        elif key.startswith("$"):
            raise not_modelled(f"the patch operator {key}")
        else:
            touched.add(key)
            _nested(record, data, key, value, path=path, version=version)
    return touched


def _set(
    record: Record, data: dict[str, Any], values: Any, path: str, version: int
) -> set[str]:
    if not isinstance(values, dict):
        raise bad_schema(_at(path, "$set"), "a record of new values")
    for name, value in values.items():
        field = _field(record, name, path, version)
        data[name] = field.check(value, _at(path, name))
    return set(values)


def _delete(
    record: Record, data: dict[str, Any], names: Any, path: str, version: int
) -> set[str]:
    if not isinstance(names, list) or not all(isinstance(n, str) for n in names):
        raise bad_schema(_at(path, "$delete"), "array type is not backed by a DataList")
    for name in names:
        if _field(record, name, path, version).required:
            raise bad_schema(_at(path, name), "cannot delete a required field")
        data.pop(name, None)
    return set(names)


def _nested(
    record: Record,
    data: dict[str, Any],
    name: str,
    patch: Any,
    *,
    path: str,
    version: int,
) -> None:
    field = _field(record, name, path, version)
    if not isinstance(field.check, Record):
        raise bad_schema(_at(path, name), "only records are patched inside")
    inner = data.get(name, {})
    _apply(field.check, inner, patch, _at(path, name), version)
    data[name] = field.check(inner, _at(path, name))


def _field(record: Record, name: str, path: str, version: int) -> Field:
    field = record.fields.get(name)
    if field is None or field.since > version:
        reason = "unrecognized field found but not allowed"
        raise bad_schema(_at(path, name), reason)
    if field.how:
        word = "ReadOnly" if field.how == "read" else "CreateOnly"
        reason = f"{word} field present in a partial_update request"
        raise bad_schema(_at(path, name), reason)
    return field


def _at(path: str, name: str) -> str:
    return f"{path}/{name}" if path else name
