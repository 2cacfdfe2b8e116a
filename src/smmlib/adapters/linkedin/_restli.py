"""
Rest.li 2.0 in addresses: records, lists and values as LinkedIn's grammar has them.

LinkedIn splits an address at the literal characters `( ) : ,` first and decodes each
part afterwards, so structure is written bare and data is encoded whole. A client that
encodes the finished structure sends no structure at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import quote, unquote

EMPTY = "''"
"""
How an empty text is written.
"""


def encoded(value: Any) -> str:
    """
    A value in Rest.li's grammar: mappings as records, lists as `List(..)`.

    Raises:
        TypeError: A value that has no place in an address: None, floats, bytes.
    """
    if isinstance(value, Mapping):
        inner = ",".join(f"{encoded(str(k))}:{encoded(v)}" for k, v in value.items())
        return f"({inner})"
    if isinstance(value, (list, tuple)):
        return f"List({','.join(encoded(item) for item in value)})"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return quote(value, safe="") if value else EMPTY
    message = f"{type(value).__name__} cannot stand in an address"
    raise TypeError(message)


def decoded(text: str) -> str:
    """
    One encoded value or key as plain text, e.g. the id in a header.
    """
    return "" if text == EMPTY else unquote(text)


def query(values: Mapping[str, Any], *, fields: tuple[str, ...] = ()) -> str:
    """
    A whole query string.

    Args:
        values: Parameters by name.
        fields: What the answer should hold; written with bare commas, without `List`.
    """
    parts = [f"{quote(name, safe='')}={encoded(v)}" for name, v in values.items()]
    if fields:
        parts.append("fields=" + ",".join(quote(name, safe="") for name in fields))
    return "&".join(parts)
