"""
Record schemas: what a body must look like before anybody thinks about its meaning.

What does not fit answers 422 with `ERROR :: /field :: reason`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

import attrs

from smmlib.sandbox.linkedin._errors import bad_schema

Check = Callable[[Any, str], Any]
_URN = re.compile(r"urn:[a-z]+:([A-Za-z]+):(.+)", re.DOTALL)
_LONGEST = 2**63
_AMOUNT = re.compile(r"-?\d{1,15}(\.\d{1,10})?")


@attrs.frozen
class Field:
    """
    One field of a record.

    Attributes:
        since: First version that knows it.
        how: "" for plain, `read` for read-only, `create` for fixed after creation.
    """

    check: Check
    required: bool = False
    how: str = ""
    since: int = 0
    default: Any = None


Fields = Mapping[str, Field]


@attrs.frozen
class Record:
    """
    A record type: fields by name; anything else is refused.
    """

    fields: Fields

    def __call__(self, value: Any, path: str) -> dict[str, Any]:
        """
        Check a nested record whole.
        """
        return self.made(value, path, version=_LONGEST)

    def made(self, value: Any, path: str, *, version: int) -> dict[str, Any]:
        """
        A record as a client creates it, with defaults filled in.

        Raises:
            ApiError: 422.
        """
        if not isinstance(value, dict):
            raise bad_schema(path, "record type is not backed by a DataMap")
        self._known(value, path, version)
        found = {}
        for name, field in self.fields.items():
            if name in value:
                found[name] = field.check(value[name], _join(path, name))
            elif field.required:
                raise bad_schema(
                    _join(path, name),
                    "field is required but not found and has no default value",
                )
            elif field.default is not None:
                found[name] = field.default
        return found

    def _known(self, value: dict[str, Any], path: str, version: int) -> None:
        for name in value:
            field = self.fields.get(name)
            if field is None or field.since > version:
                reason = "unrecognized field found but not allowed"
                raise bad_schema(_join(path, name), reason)
            if field.how == "read":
                reason = "ReadOnly field present in a create request"
                raise bad_schema(_join(path, name), reason)


def _join(path: str, name: str) -> str:
    return f"{path}/{name}" if path else name


def text(value: Any, path: str) -> str:
    """
    A string.
    """
    if not isinstance(value, str):
        raise bad_schema(path, f"{value!r} cannot be coerced to String")
    return value


def flag(value: Any, path: str) -> bool:
    """
    A boolean.
    """
    if not isinstance(value, bool):
        raise bad_schema(path, f"{value!r} cannot be coerced to Boolean")
    return value


def whole(value: Any, path: str) -> int:
    """
    A long.
    """
    fits = isinstance(value, int) and not isinstance(value, bool)
    if not fits or not -_LONGEST <= value < _LONGEST:
        raise bad_schema(path, f"{value!r} cannot be coerced to Long")
    return int(value)


def one_of(*symbols: str) -> Check:
    """
    An enumeration.
    """

    def check(value: Any, path: str) -> str:
        if not isinstance(value, str) or value not in symbols:
            raise bad_schema(path, f'"{value}" is not an enum symbol')
        return value

    return check


def urn(*kinds: str) -> Check:
    """
    A URN of one of the kinds; of any kind when none is named.
    """

    def check(value: Any, path: str) -> str:
        match = _URN.fullmatch(value) if isinstance(value, str) else None
        if match is None or (kinds and match.group(1) not in kinds):
            raise bad_schema(path, "Invalid Urn Format")
        return str(value)

    return check


def urn_id(value: str) -> str:
    """
    What stands behind the last colon that belongs to the URN's type.
    """
    match = _URN.fullmatch(value)
    return match.group(2) if match else ""


def urn_kind(value: str) -> str:
    """
    The type of a URN.
    """
    match = _URN.fullmatch(value)
    return match.group(1) if match else ""


def amount(value: Any, path: str) -> str:
    """
    A BigDecimal: a string on the wire, in both directions.
    """
    if not isinstance(value, str) or not _AMOUNT.fullmatch(value):
        raise bad_schema(path, f"{value!r} cannot be coerced to BigDecimal")
    try:
        Decimal(value)
    except InvalidOperation as error:
        raise bad_schema(path, f"{value!r} cannot be coerced to BigDecimal") from error
    return value


def many(check: Check) -> Check:
    """
    An array.
    """

    def checked(value: Any, path: str) -> list[Any]:
        if not isinstance(value, list):
            raise bad_schema(path, "array type is not backed by a DataList")
        return [check(one, f"{path}/{n}") for n, one in enumerate(value)]

    return checked


def table(check: Check) -> Check:
    """
    A map with free keys.
    """

    def checked(value: Any, path: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise bad_schema(path, "map type is not backed by a DataMap")
        return {key: check(one, f"{path}/{key}") for key, one in value.items()}

    return checked


def union(**members: Check) -> Check:
    """
    Exactly one of several members, under its name.
    """

    def checked(value: Any, path: str) -> dict[str, Any]:
        if not isinstance(value, dict) or len(value) != 1:
            raise bad_schema(path, "union type is not backed by one member")
        name, inner = next(iter(value.items()))
        if name not in members:
            raise bad_schema(path, f'"{name}" is not a member type of union')
        return {name: members[name](inner, _join(path, name))}

    return checked


MONEY = Record(
    {"amount": Field(amount, required=True), "currencyCode": Field(text, required=True)}
)
SCHEDULE = Record({"start": Field(whole), "end": Field(whole)})
