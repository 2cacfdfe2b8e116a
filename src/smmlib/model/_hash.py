"""
A fingerprint of any value of the model: equal values, equal text, on every machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any

import attrs


def plain(value: Any) -> Any:
    """
    A value of the model as JSON-ready data; fields that do not count are left out.
    """
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [plain(item) for item in value]
    return _fields(value) if attrs.has(type(value)) else _spelled(value)


def _fields(value: Any) -> dict[str, Any]:
    counted = (f.name for f in attrs.fields(type(value)) if f.eq)
    parts = {name: plain(getattr(value, name)) for name in counted}
    return {"is": type(value).__name__, **parts}


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
