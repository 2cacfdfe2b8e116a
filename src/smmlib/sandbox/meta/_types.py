"""
Parameters on the wire: decoded and checked against the types of the contract.

Source: Graph API parameter encoding, recorded traffic of facebook-business 26.0.3.
"""

from __future__ import annotations

import json
import math
from datetime import datetime
from typing import TYPE_CHECKING, Any

from smmlib.sandbox.meta._contract import contract
from smmlib.sandbox.meta._errors import GraphError, bad_param, unknown_param

if TYPE_CHECKING:
    from collections.abc import Callable

_STRUCTURED = ("list<", "map<", "ref:", "object")
_DEEPEST = 40
_LARGEST_INT = 2**63 - 1
_LATEST = 4_102_444_800  # 2100-01-01; later instants are typing mistakes


def parse_param(name: str, text: str, kind: str) -> Any:
    """
    Turn one parameter's text into a checked value.

    Args:
        name: The parameter, blamed when it is wrong.
        text: What stood on the wire.
        kind: Type in the contract's words, e.g. `list<enum:Campaign.status>`.

    Raises:
        GraphError: Code 100 with the parameter blamed.
    """
    return check_value(name, _decode(name, text, kind), kind)


def check_value(path: str, value: Any, kind: str) -> Any:
    """
    Check a decoded value, however deep in a structure, and normalise it.
    """
    if kind.startswith("list<"):
        return _check_list(path, value, kind[5:-1])
    if kind.startswith("map<"):
        inner = kind[4:-1].split(",", 1)[1]
        return {k: check_value(f"{path}[{k}]", v, inner) for k, v in _dict(path, value)}
    if kind.startswith("enum:"):
        return _check_enum(path, value, kind[5:])
    if kind.startswith("ref:"):
        return _check_struct(path, value, kind[4:])
    return _SCALARS[kind](path, value)


def _decode(name: str, text: str, kind: str) -> Any:
    if kind.startswith(_STRUCTURED):
        return _decode_structure(name, text, kind)
    if len(text) > 1 and text[0] == text[-1] == '"':
        # Meta's own examples send JSON-quoted scalars.
        try:
            return json.loads(text)
        except ValueError:
            return text
    return text


def _decode_structure(name: str, text: str, kind: str) -> Any:
    stripped = text.strip()
    if kind.startswith("list<") and not stripped.startswith(("[", "{")):
        return [part.strip().strip("'\"") for part in stripped.split(",") if part]
    if stripped.startswith("['"):
        stripped = stripped.replace("'", '"')
    try:
        value = json.loads(stripped, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        if kind == "object":
            return text
        raise bad_param(name, "must be valid JSON") from error
    if _depth(value) > _DEEPEST:
        raise bad_param(name, "is nested too deeply")
    return value


def _no_constant(text: str) -> Any:
    raise ValueError(text)


def _depth(value: Any) -> int:
    deepest, level = 0, [value]
    while level:
        deepest += 1
        if deepest > _DEEPEST:
            break
        level = [
            child
            for item in level
            if isinstance(item, (dict, list))
            for child in (item.values() if isinstance(item, dict) else item)
        ]
    return deepest


def _check_list(path: str, value: Any, inner: str) -> list[Any]:
    if isinstance(value, dict) and all(key.isdigit() for key in value):
        value = [value[key] for key in sorted(value, key=int)]
    if not isinstance(value, list):
        raise bad_param(path, "must be an array.")
    return [check_value(f"{path}[{i}]", item, inner) for i, item in enumerate(value)]


def _dict(path: str, value: Any) -> list[tuple[str, Any]]:
    if isinstance(value, list) and not value:
        return []
    if not isinstance(value, dict):
        raise bad_param(path, "must be an object.")
    return list(value.items())


def _check_struct(path: str, value: Any, struct: str) -> Any:
    fields = contract().structs.get(struct)
    if fields is None:
        return value
    if struct in {"IDName", "RawCustomAudience"} and isinstance(value, (str, int)):
        value = {"id": value}
    checked = {}
    for key, item in _dict(path, value):
        if key not in fields:
            raise unknown_param(f"{path}[{key}]")
        if item is not None:
            checked[key] = check_value(f"{path}[{key}]", item, fields[key])
    return checked


def _check_enum(path: str, value: Any, name: str) -> str:
    allowed = contract().enums[name]
    text = str(value) if isinstance(value, (str, int)) else ""
    if text not in allowed:
        shown = ", ".join(sorted(allowed)[:40])
        raise bad_param(path, f"must be one of {{{shown}}} - got {str(value)[:80]!r}.")
    return text


def _check_string(path: str, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise bad_param(path, "must be a string.")
    text = str(value)
    if "\0" in text or any("\ud800" <= char <= "\udfff" for char in text):
        raise bad_param(path, "must be valid UTF-8 text.")
    return text


def _check_int(path: str, value: Any) -> int:
    if isinstance(value, str) and _is_whole(value):
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise bad_param(path, "must be an integer.")
    if abs(value) > _LARGEST_INT:
        raise bad_param(path, "is out of range.")
    return value


def _is_whole(text: str) -> bool:
    digits = text[1:] if text[:1] in {"-", "+"} else text
    return digits.isascii() and digits.isdigit() and len(digits) < 20  # noqa: PLR2004


def _check_uint(path: str, value: Any) -> int:
    number = _check_int(path, value)
    if number < 0:
        raise bad_param(path, "must be greater than or equal to 0.")
    return number


def _check_float(path: str, value: Any) -> float:
    try:
        number = float(value) if not isinstance(value, (bool, list, dict)) else math.nan
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise bad_param(path, "must be a number.")
    return number


def _check_bool(path: str, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    known = {"true": True, "false": False, "1": True, "0": False}
    text = str(value).lower()
    if text not in known:
        raise bad_param(path, "must be a boolean.")
    return known[text]


def _check_datetime(path: str, value: Any) -> int:
    if isinstance(value, int) or (isinstance(value, str) and _is_whole(value)):
        seconds = _check_uint(path, value)
    else:
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError as error:
            raise bad_param(path, "must be a date and time.") from error
        if moment.tzinfo is None:
            raise bad_param(path, "must have a UTC offset.")
        seconds = int(moment.timestamp())
    if not 0 <= seconds <= _LATEST:
        raise bad_param(path, "is out of range.")
    return seconds


def _check_file(path: str, _value: Any) -> Any:
    raise GraphError(100, f"(#100) Param {path} must be a file part.", blame=[path])


def _as_it_is(_path: str, value: Any) -> Any:
    return value


_SCALARS: dict[str, Callable[[str, Any], Any]] = {
    "string": _check_string,
    "int": _check_int,
    "uint": _check_uint,
    "float": _check_float,
    "bool": _check_bool,
    "datetime": _check_datetime,
    "file": _check_file,
    "object": _as_it_is,
}
