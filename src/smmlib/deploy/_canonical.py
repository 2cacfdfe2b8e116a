"""
One spelling for equal values, so that comparing and fingerprinting cannot disagree.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from smmlib.ports import Ref

_PLAIN = frozenset({str, int, bool})
_CONTAINERS = frozenset({list, dict})
REF = "$ref"  # how a reference that is not an id yet is written in JSON


def normal(value: Any) -> Any:
    """
    A field's value as plain JSON data; in a mapping, empty is the same as missing.
    """
    if value is None or type(value) in _PLAIN:
        return value
    if isinstance(value, Ref):
        return {REF: value.address}
    if isinstance(value, (dict, Mapping)):  # the test for dict alone is the fast one
        return _mapping(value)
    if isinstance(value, (list, tuple)):
        return [normal(item) for item in value]
    return _scalar(value)


def _mapping(value: Mapping[Any, Any]) -> dict[str, Any]:
    found = {}
    for key, item in value.items():
        # Asked here as well: texts are most of what fields hold.
        spelled = item if item.__class__ is str else normal(item)
        is_empty = not spelled and spelled.__class__ in _CONTAINERS
        if spelled is not None and not is_empty:
            found[str(key)] = spelled
    return found


def alike(one: Any, other: Any) -> bool:
    """
    Whether two fields' values mean the same.

    Nearly always they are spelled alike too, which is seen without spelling them anew.
    """
    return bool(one == other) or bool(normal(one) == normal(other))


def _scalar(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return value


def canonical(value: Any) -> str:
    """
    The one JSON text of a value.
    """
    return json.dumps(
        normal(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )


def fingerprint(*values: Any) -> str:
    """
    SHA-256 of values, as hexadecimal text.
    """
    # Platforms put halves of characters into their texts; those count as they are.
    text = canonical(list(values)).encode("utf-8", "surrogatepass")
    return hashlib.sha256(text).hexdigest()


def resolved(value: Any, ids: Mapping[str, str]) -> Any:
    """
    The value with ids in place of references, as far as the ids are known.
    """
    if type(value) in _PLAIN:
        return value
    if isinstance(value, Ref):
        return ids.get(value.address, value)
    if isinstance(value, (dict, Mapping)):
        return {
            # Asked here as well: texts are most of what fields hold.
            key: item if item.__class__ is str else resolved(item, ids)
            for key, item in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [resolved(item, ids) for item in value]
    return value


def differences(path: str, before: Any, after: Any) -> Iterator[tuple[str, Any, Any]]:
    """
    Where two normal values differ: path of the leaf, old value, new value.
    """
    if before == after:
        return
    if _opens(before) and _opens(after):
        for key in sorted({*before, *after}):
            where = f"{path}.{key}" if path else key
            yield from differences(where, before.get(key), after.get(key))
        return
    yield path, before, after


def _opens(value: Any) -> bool:
    return isinstance(value, dict) and REF not in value
