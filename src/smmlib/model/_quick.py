"""
Constructors that see at once that a value is right.

A plan of ten thousand ads is a hundred thousand small values, and what their
constructors cost is what loading it costs. attrs writes an `__init__` that sets each
field through a converter and then calls a check for each; `quick` puts one before it
that asks for the usual case in a single expression, and if that holds sets the fields
and is done: less than half the time. Whatever is unusual goes the plain way, through
the class's own `__init__` and `__attrs_post_init__`, which alone know how to refuse.

The price: the expression must be *sufficient*, never wider than the plain checks. A
property test compares both ways. Used by the classes a plan holds by the thousand only.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import attrs

from smmlib.errors import MoneyError, ValidationError

C = TypeVar("C", bound=type)


def plain_text(name: str, longest: int) -> str:
    """
    The expression for a text of one printable line, or none.
    """
    return (
        f"{name}.__class__ is str and {name}.isprintable() and len({name}) <= {longest}"
    )


def quick(*conditions: str, **names: Any) -> Callable[[C], C]:
    """
    Give a frozen attrs class the quick way in.

    Args:
        *conditions: Expressions over the fields; if all hold, the value is right.
        **names: What the expressions mean by other names.
    """

    def decorate(cls: C) -> C:
        plain = cls.__init__  # type: ignore[misc] # attrs wrote it for this very class
        made = _compiled(cls, conditions, {**names, "_plain": plain})
        cls.__init__ = wraps(plain)(made)  # type: ignore[misc] # in front of it
        return cls

    return decorate


def _compiled(cls: Any, conditions: tuple[str, ...], names: dict[str, Any]) -> Any:
    """
    The `__init__` as a function; its source is made of the class's own field names.
    """
    scope = {**names, cls.__name__: cls, "_refusals": (ValidationError, MoneyError)}
    for field in attrs.fields(cls):
        scope[f"_set_{field.name}"] = vars(cls)[field.name].__set__
        scope[f"_default_{field.name}"] = field.default
        scope[f"_as_{field.name}"] = field.converter
    source = "\n".join(_lines(attrs.fields(cls), conditions))
    exec(compile(source, f"<quick {cls.__name__}>", "exec"), scope)  # noqa: S102
    return scope["__init__"]


def _lines(fields: Any, conditions: tuple[str, ...]) -> list[str]:
    """
    Take texts for what they stand for, ask, set; else go the plain way.
    """
    given = ", ".join(_call(field) for field in fields)
    plain = f"_plain(self, {given})"
    lines = [f"def __init__(self, {', '.join(_parameters(fields))}):"]
    converted = [field.name for field in fields if field.converter is not None]
    if converted:
        lines.append(" try:")
        lines += [
            f"  if {name}.__class__ is str: {name} = _as_{name}({name})"
            for name in converted
        ]
        lines.append(f" except _refusals: return {plain}")
    lines.append(f" if {' and '.join(f'({one})' for one in conditions)}:")
    lines += [f"  _set_{field.name}(self, {field.name})" for field in fields]
    return [*lines, f" else: {plain}"]


def _parameters(fields: Any) -> list[str]:
    found, named = [], False
    for field in fields:
        if field.kw_only and not named:
            found.append("*")
            named = True
        has_default = field.default is not attrs.NOTHING
        found.append(
            f"{field.name}=_default_{field.name}" if has_default else field.name
        )
    return found


def _call(field: Any) -> str:
    return f"{field.name}={field.name}" if field.kw_only else str(field.name)
