"""
From text to typed values: numbers, booleans, lists, times, with X's limits.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from smmlib.sandbox.x._errors import ApiError, Flaw

if TYPE_CHECKING:
    from collections.abc import Iterable

    from smmlib.sandbox.x._contract import Operation, Param
    from smmlib.sandbox.x._raw import Raw

Params = dict[str, Any]

_NUMBER = re.compile(r"-?\d{1,19}")
_TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,6})?)?"
    r"(Z|[+-]\d\d(?::?\d\d)?)?)?"
)
_LARGEST = 2**63 - 1
_NULLABLE = {"PUT"}
# The enumeration is long, and X has codes of its own for these.
_OWN_CODE = {
    "placements": "INVALID_PLACEMENT_TYPE",
    "targeting_type": "INVALID_TARGETING_TYPE",
}


def typed(operation: Operation, raw: Raw, *, lax: Iterable[str] = ()) -> Params:
    """
    Read all parameters an operation knows; the others are ignored, as X does.

    Args:
        operation: What is asked for.
        raw: Texts by name.
        lax: Required parameters whose absence is judged elsewhere.

    Returns:
        Values by name. On PUT an empty text is None: the field is to be cleared.

    Raises:
        ApiError: All flaws at once.
    """
    values: Params = {}
    flaws: list[Flaw] = []
    for param in operation.params.values():
        given = raw.get(param.name)
        if given is None or given == [""]:
            if given and operation.method in _NULLABLE:
                values[param.name] = None
            elif param.required is True and param.name not in lax:
                flaws.append(_missing(param))
            continue
        try:
            values[param.name] = _value(param, given)
        except ApiError as error:
            flaws.extend(error.flaws)
    if flaws:
        raise ApiError(*flaws)
    return values


def moment(text: str) -> tuple[datetime, bool] | None:
    """
    An instant in one of the forms X takes, and whether it was a bare date.

    None when it is no instant at all. A time without a zone is UTC.
    """
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    date, hour, minute, second, zone = found.groups()
    suffix = "+00:00" if zone in {None, "Z"} else _offset(zone)
    clock = f"{hour or '00'}:{minute or '00'}:{second or '00'}"
    try:
        value = datetime.fromisoformat(f"{date}T{clock}{suffix}").astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return value, hour is None


def stamp(seconds: float | None) -> str | None:
    """
    An instant as X writes it.
    """
    if seconds is None:
        return None
    return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _offset(zone: str) -> str:
    digits = zone[1:].replace(":", "").ljust(4, "0")
    return f"{zone[0]}{digits[:2]}:{digits[2:]}"


def _value(param: Param, given: list[str]) -> Any:
    if param.list:
        parts = [part.strip() for text in given for part in text.split(",")]
        return _list(param, [part for part in parts if part])
    text = given[-1]
    one = _one(param, text)
    if param.enum and one not in param.enum and param.type != "boolean":
        raise ApiError(_not_in_enum(param, text))
    return one


def _list(param: Param, parts: list[str]) -> list[str]:
    if not parts:
        raise ApiError(_missing(param))
    if param.max_items is not None and len(parts) > param.max_items:
        text = f'"{param.name}" takes at most {param.max_items} values'
        raise ApiError(Flaw("INVALID_PARAMETER", text, param.name, value=len(parts)))
    wrong = [part for part in parts if param.enum and part not in param.enum]
    if wrong:
        raise ApiError(*(_not_in_enum(param, part) for part in wrong))
    return parts


def _one(param: Param, text: str) -> Any:
    if param.type in {"int", "long"}:
        return _number(param, text)
    if param.type == "boolean":
        if text.lower() not in {"true", "false"}:
            raise ApiError(_wrong(param, text, "true or false"))
        return text.lower() == "true"
    if param.format == "iso8601":
        return _instant(param, text)
    return _string(param, text)


def _number(param: Param, text: str) -> int:
    if not _NUMBER.fullmatch(text) or not -_LARGEST <= int(text) <= _LARGEST:
        raise ApiError(_wrong(param, text, "a whole number"))
    number = int(text)
    low, high = param.min, param.max
    if (low is not None and number < low) or (high is not None and number > high):
        raise ApiError(_wrong(param, text, f"between {low} and {high}"))
    return number


def _instant(param: Param, text: str) -> str:
    if moment(text) is None:
        raise ApiError(_wrong(param, text, "an ISO 8601 time"))
    return text


def _string(param: Param, text: str) -> str:
    if "\x00" in text or "\ufffe" in text or "\uffff" in text:
        told = f'"{param.name}" has characters that are not allowed'
        raise ApiError(Flaw("ILLEGAL_CHARACTERS", told, param.name))
    low, high = param.min_length or 0, param.max_length
    if len(text) < low or (high is not None and len(text) > high):
        raise ApiError(_wrong(param, text[:40], f"{low} to {high} characters long"))
    return text


def _missing(param: Param) -> Flaw:
    text = f'"{param.name}" is a required parameter'
    return Flaw("MISSING_PARAMETER", text, param.name)


def _wrong(param: Param, text: str, wanted: str) -> Flaw:
    told = f'Expected {wanted}, got "{text}" for {param.name}'
    return Flaw("INVALID_PARAMETER", told, param.name, value=text)


def _not_in_enum(param: Param, text: str) -> Flaw:
    told = f'Expected one of {list(param.enum)}, got "{text}" for {param.name}'
    code = _OWN_CODE.get(param.name, "INVALID_PARAMETER")
    return Flaw(code, told, param.name, value=text)
