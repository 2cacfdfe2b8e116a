"""
One cattrs converter for a whole plan, strict both ways and configured in one place.

Classes of the model are read field by field from their annotations; what is written
shorter than its class stands in `_shapes`. A problem never ends the reading: it is
noted with its path, the field (or entry) is left out, and reading goes on, so that one
pass finds every problem of a file.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Any, Union, get_args, get_origin, get_type_hints

import attrs
from cattrs import Converter

from smmlib import model
from smmlib.codec import _scalars as scalars
from smmlib.codec import _shapes as shapes
from smmlib.codec._context import NOTHING, REFUSALS, Context, UnreadableError
from smmlib.codec._order import ordered
from smmlib.codec._yaml import Plain
from smmlib.model._campaign import SpecialCategory
from smmlib.model._checks import did_you_mean, is_key, one_of
from smmlib.model._enums import NETWORK_ALIASES

Hook = Callable[[Any, Any], Any]

_ALIASES: dict[type[StrEnum], Mapping[str, str]] = {
    model.Network: NETWORK_ALIASES,
    SpecialCategory: {
        "credit": "financial_products_services",
        "finance": "financial_products_services",
        "politics": "issues_elections_politics",
        "gambling": "online_gambling_and_gaming",
    },
}
_WORDS: tuple[type[StrEnum], ...] = tuple(
    kind
    for name in model.__all__
    if isinstance(kind := getattr(model, name), type) and issubclass(kind, StrEnum)
)
# Refusals that compare two fields: once one of them was left out they mislead.
_ABOUT_SEVERAL = frozenset(
    {
        "audience.list_without_name",
        "bid.amount",
        "budget.kind",
        "card.media",
        "creative.media",
        "line.bounds",
        "name.pattern",
        "place.radius_without_city",
        "post.variant",
        "text.variant_state",
    }
)


@attrs.frozen
class _Field:
    """
    How one key of a mapping is read.
    """

    key: str
    kind: Any
    hook: Hook
    required: bool


def make_converter(context: Context) -> Converter:
    """
    The converter of one reading or writing.

    Args:
        context: Where paths, problems and the plan's zone are kept while it works.
    """
    converter = Converter()
    _register_scalars(converter, context)
    for kind in _WORDS:  # one by one: as kinds of `str` they would be read as text
        converter.register_structure_hook(kind, _enum_member)
    converter.register_structure_hook_factory(
        _is_list, lambda kind: _list_hook(kind, converter, context)
    )
    converter.register_structure_hook_factory(
        _is_map, lambda kind: _map_hook(kind, converter, context)
    )
    converter.register_structure_hook_factory(
        shapes.is_text_or_class, lambda kind: _text_or_class(kind, converter)
    )
    converter.register_structure_hook_factory(
        _is_class, lambda kind: _class_hook(kind, converter, context)
    )
    _register_writers(converter, context)
    return converter


# -- reading: single values --------------------------------------------------------


def _register_scalars(converter: Converter, context: Context) -> None:
    plain: dict[Any, Callable[[Any], Any]] = {
        str: scalars.text,
        bool: scalars.flag,
        int: scalars.whole,
        Decimal: scalars.decimal,
        date: scalars.day,
        model.Money: scalars.money,
        Decimal | model.Money: scalars.amount,
        model.AgeRange: scalars.age,
        model.Radius: scalars.radius,
        model.Placement: scalars.placement,
        model.Objective | str: scalars.text,
    }
    for kind, read in plain.items():
        converter.register_structure_hook(kind, _without_type(read))
    converter.register_structure_hook(
        datetime, lambda value, _: scalars.moment(value, context.zone)
    )
    converter.register_structure_hook(
        model.Flight, lambda value, _: scalars.flight(value, context.zone)
    )


def _without_type(read: Callable[[Any], Any]) -> Hook:
    return lambda value, _: read(value)


def _enum_member(value: Any, kind: Any) -> Any:
    word = str(value) if isinstance(value, str) else value
    if not isinstance(word, str):
        scalars.wrong_type(word, "a word", "known: " + ", ".join(m for m in kind))
    return one_of("", kind, word, _ALIASES.get(kind))


# -- reading: lists and maps -------------------------------------------------------


def _is_list(kind: Any) -> bool:
    return get_origin(kind) is tuple


def _list_hook(kind: Any, converter: Converter, context: Context) -> Hook:
    item = get_args(kind)[0]
    hook = converter.get_structure_hook(item)

    def read_list(value: Any, _: Any) -> Any:
        if not isinstance(value, list):
            shown = value if isinstance(value, str) else "..."
            scalars.wrong_type(value, "a list", f"write [{shown}]")
        found = [
            context.part(f"[{place}]", raw, hook, item)
            for place, raw in enumerate(value)
        ]
        if any(part is NOTHING for part in found):
            raise UnreadableError
        return tuple(found)

    return read_list


def _is_map(kind: Any) -> bool:
    return get_origin(kind) is model.FrozenMap


def _map_hook(kind: Any, converter: Converter, context: Context) -> Hook:
    item = get_args(kind)[0]
    hook = converter.get_structure_hook(item)

    def read_map(value: Any, _: Any) -> Any:
        if not isinstance(value, dict):
            scalars.wrong_type(value, "a mapping of keys", "write key: value pairs")
        found = {}
        for key, raw in value.items():
            part = context.part(key, raw, _keyed(hook, key), item)
            if part is NOTHING:
                context.drop(context.here(key))
            else:
                found[key] = part
        return model.FrozenMap(found)

    return read_map


def _keyed(hook: Hook, key: str) -> Hook:
    def read_entry(value: Any, kind: Any) -> Any:
        is_key("", key)
        return hook(value, kind)

    return read_entry


# -- reading: classes --------------------------------------------------------------


def _is_class(kind: Any) -> bool:
    return isinstance(kind, type) and attrs.has(kind)


def _text_or_class(kind: Any, converter: Converter) -> Hook:
    """
    A key as text, or the thing itself as a mapping: `str | Audience`.
    """
    cls = next(arg for arg in get_args(kind) if arg is not str)
    hook = converter.get_structure_hook(cls)

    def read_either(value: Any, _: Any) -> Any:
        return str(value) if isinstance(value, str) else hook(value, cls)

    return read_either


@lru_cache(maxsize=128)
def hints_of(cls: type) -> dict[str, Any]:
    """
    Types of a class's fields, without the `None` that leaving out stands for.
    """
    hints = get_type_hints(cls, localns={"Mapping": Mapping})
    return {name: _without_none(kind) for name, kind in hints.items()}


def _without_none(kind: Any) -> Any:
    if get_origin(kind) not in (Union, types.UnionType):
        return kind
    left = [arg for arg in get_args(kind) if arg is not type(None)]
    joined = left[0]
    for more in left[1:]:
        joined = joined | more
    return joined


def _fields_of(cls: Any, converter: Converter, context: Context) -> dict[str, _Field]:
    special = shapes.readers(cls, converter, context)
    found = {}
    for field in ordered(cls):
        key, kind = field.alias, hints_of(cls)[field.name]
        hook = special.get(key) or converter.get_structure_hook(kind)
        found[key] = _Field(key, kind, hook, field.default is attrs.NOTHING)
    return found


def _class_hook(cls: Any, converter: Converter, context: Context) -> Hook:
    fields = _fields_of(cls, converter, context)
    required = [f.key for f in fields.values() if f.required]
    lone = shapes.LONE.get(cls)
    expand = shapes.EXPAND.get(cls)

    def read_class(value: Any, _: Any) -> Any:
        if expand is not None:
            value = expand(value)
        if lone is not None and isinstance(value, str):
            return cls(str(value))
        if not isinstance(value, dict):
            scalars.wrong_type(value, "a mapping", f"known keys: {', '.join(fields)}")
        given, failed = _given(value, fields, context)
        missing = [key for key in required if key not in given]
        for key in missing:
            if key not in failed:
                _missing(key, fields, context)
        if missing:
            raise UnreadableError
        return _construct(cls, given, failed, fields, context)

    return read_class


def _given(
    value: dict[str, Any], fields: dict[str, _Field], context: Context
) -> tuple[dict[str, Any], set[str]]:
    """
    What of a mapping can be read, and the keys of what cannot.
    """
    given, failed = {}, set()
    for key, raw in value.items():
        field = fields.get(key)
        if field is None:
            _unknown(key, fields, context)
        elif raw is not None:
            part = context.part(key, raw, field.hook, field.kind)
            if part is NOTHING:
                failed.add(key)
                context.drop(context.here(key))
            else:
                given[key] = part
    return given, failed


def _unknown(key: str, fields: dict[str, _Field], context: Context) -> None:
    context.problem(
        context.here(key),
        "key.unknown",
        f"unknown key '{key[:80]}'",
        value=key[:80],
        limit=", ".join(fields),
        hint=did_you_mean(key, fields),
    )


def _missing(key: str, fields: dict[str, _Field], context: Context) -> None:
    context.problem(
        context.here(key),
        "key.missing",
        f"'{key}' is missing",
        limit=", ".join(f.key for f in fields.values() if f.required),
        hint=f"add '{key}: ...'",
    )


def _construct(
    cls: Any,
    given: dict[str, Any],
    failed: set[str],
    fields: dict[str, _Field],
    context: Context,
) -> Any:
    """
    The value, without those optional fields its constructor refuses.
    """
    while True:
        try:
            return cls(**given)
        except REFUSALS as error:
            key = shapes.blamed(cls, error.issues[0].path)
            if not (failed and error.issues[0].code in _ABOUT_SEVERAL):
                _blame(key, error, fields, context)
            if key not in given or fields[key].required:
                raise UnreadableError from error
            del given[key]
            failed.add(key)
            context.drop(context.here(key))


def _blame(key: str, error: Any, fields: dict[str, _Field], context: Context) -> None:
    """
    Note a constructor's refusal under the field it names, else under the whole value.
    """
    if key not in fields:
        context.report(error)
        return
    path = error.issues[0].path
    inner = path[len(key) :] if path.startswith(key) else ""
    context.report(error, context.here(key) + inner)


# -- writing -----------------------------------------------------------------------


def _register_writers(converter: Converter, context: Context) -> None:
    writers: dict[type, Callable[[Any], Any]] = {
        model.Money: Plain,
        model.AgeRange: Plain,
        model.Placement: Plain,
        Decimal: scalars.decimal_text,
        date: lambda value: Plain(value.isoformat()),
        datetime: lambda value: Plain(scalars.moment_text(value, context.zone)),
        model.Flight: lambda value: Plain(scalars.flight_text(value, context.zone)),
        model.Radius: lambda value: Plain(f"{value.distance:f} {value.unit}"),
        model.Managed: lambda value: value.value.replace("_", " "),
        tuple: lambda value: [converter.unstructure(item) for item in value],
        model.FrozenMap: lambda value: {
            key: converter.unstructure(item) for key, item in value.items()
        },
    }
    for kind, write in writers.items():
        converter.register_unstructure_hook(kind, write)
    converter.register_unstructure_hook_factory(
        _is_written_class, lambda kind: _class_writer(kind, converter)
    )


def _is_written_class(kind: Any) -> bool:
    texts = (model.Money, model.AgeRange, model.Placement, model.Flight, model.Radius)
    return _is_class(kind) and kind not in texts


def _class_writer(cls: Any, converter: Converter) -> Callable[[Any], Any]:
    special = shapes.writers(cls, converter)
    fields = [(f.name, f.alias, _default_of(f)) for f in ordered(cls)]
    lone = shapes.LONE.get(cls)
    shrink = shapes.SHRINK.get(cls)

    def write_class(value: Any) -> Any:
        found: dict[str, Any] = {}
        for name, key, default in fields:
            part = getattr(value, name)
            if type(part) is type(default) and part == default:
                continue
            write = special.get(key)
            found[key] = converter.unstructure(part) if write is None else write(value)
        if lone is not None and list(found) == [lone] and isinstance(found[lone], str):
            return found[lone]
        return found if shrink is None else shrink(found)

    return write_class


def _default_of(field: Any) -> Any:
    """
    What a field holds when nothing is written for it.
    """
    default = field.default
    return default.factory() if hasattr(default, "factory") else default
