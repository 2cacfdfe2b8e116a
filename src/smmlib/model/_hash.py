"""
A fingerprint of any value of the model: equal values, equal text, on every machine.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any

import attrs


def plain(value: Any) -> Any:
    """
    A value of the model as JSON-ready data; fields that do not count are left out.
    """
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        return value
    if isinstance(value, Decimal):
        # 1.50 and 1.5 are equal values, so they need one spelling.
        return f"{value.normalize():f}"
    if isinstance(value, datetime):
        return _utc(value)
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [plain(item) for item in value]
    return {
        "is": type(value).__name__,
        **{
            field.name: plain(getattr(value, field.name))
            for field in attrs.fields(type(value))
            if field.eq
        },
    }


def _utc(moment: datetime) -> str:
    from datetime import UTC

    return moment.astimezone(UTC).isoformat()


def content_hash(value: Any) -> str:
    """
    SHA-256 of a value's content, as hexadecimal text.

    Approvals and change sets bind to it: any edit gives another hash.
    """
    text = json.dumps(plain(value), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
