"""
What all values share: equality, hash and text, written once instead of per class.

attrs would write these three for every class when the library is imported; sharing them
halves the time that takes (`bench/import.py` shows it) and costs a little per call.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any

import attrs


@cache
def _counted(kind: type) -> tuple[str, ...]:
    """
    Names of the fields that make up a value.
    """
    return tuple(field.name for field in attrs.fields(kind) if field.eq)


@cache
def _hashed(kind: type) -> tuple[str, ...]:
    fields = attrs.fields(kind)
    return tuple(f.name for f in fields if f.eq and f.hash is not False)


def _counting(value: Any) -> Any:
    """
    What counts of a field: an instant is an instant, in whatever zone it is written.

    Python compares wall times inside one zone, where the two 2:30 of an autumn night
    would be the same, and calls them equal to nothing at all in another zone.
    """
    return value.astimezone(UTC) if isinstance(value, datetime) else value


class Value:
    """
    A frozen value: equal to another of its class with equal fields, and hashable.
    """

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if type(other) is not type(self):
            return NotImplemented
        names = _counted(type(self))  # type: ignore[arg-type] # classes are hashable
        return all(
            _counting(getattr(self, name)) == _counting(getattr(other, name))
            for name in names
        )

    def __hash__(self) -> int:
        kind = type(self)
        names = _hashed(kind)  # type: ignore[arg-type] # as above
        return hash((kind, *(_counting(getattr(self, name)) for name in names)))

    def __repr__(self) -> str:
        shown: list[str] = []
        for field in attrs.fields(type(self)):  # type: ignore[arg-type] # subclasses are
            value: Any = getattr(self, field.name)
            if field.repr and not _is_default(value, field.default):
                shown.append(f"{field.alias}={value!r}")
        return f"{type(self).__name__}({', '.join(shown)})"


def _is_default(value: Any, default: Any) -> bool:
    """
    Whether a field holds what it holds when left out; such fields are not shown.
    """
    return type(value) is type(default) and bool(value == default)
