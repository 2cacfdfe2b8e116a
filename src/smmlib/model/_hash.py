"""
A fingerprint of any value of the model: equal values, equal text, on every machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any

import attrs

_AS_THEY_ARE = frozenset({str, int, bool})


def plain(value: Any) -> Any:
    """
    A value of the model as JSON-ready data; fields that do not count are left out.
    """
    if value is None or value.__class__ in _AS_THEY_ARE:
        return value
    if isinstance(value, (Enum, bool, int, str)):
        return value.value if isinstance(value, Enum) else value
    if isinstance(value, (tuple, list)):
        return [plain(item) for item in value]
    names = _counted(type(value))  # type: ignore[arg-type] # classes are hashable
    if names is not None:
        parts = {name: plain(getattr(value, name)) for name in names}
        return {"is": type(value).__name__, **parts}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    return _spelled(value)


@cache
def _counted(kind: type) -> tuple[str, ...] | None:
    """
    Names of the fields that make up a value of the model; None for other classes.
    """
    if not attrs.has(kind):
        return None
    return tuple(f.name for f in attrs.fields(kind) if f.eq)


def _spelled(value: Decimal | datetime | date | time) -> str:
    """
    One spelling for equal values: 1.50 is 1.5, and an instant is an instant.
    """
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat()


def content_hash(value: Any) -> str:
    """
    SHA-256 of a value's content, as hexadecimal text.

    Approvals and change sets bind to it: any edit gives another hash.
    """
    import hashlib
    import json

    text = json.dumps(plain(value), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
