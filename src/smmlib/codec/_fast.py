"""
The quick way through a large plan file, for files without a single problem.

The plain way (`_hooks`) knows at every step where it is, so that it can say what is
wrong and go on; that costs most of its time. Nearly every file is right, so this way
asks nothing: mappings go into constructors as they are, constructors check, and the
first doubt ends it (`None`), whereupon the plain way reads the whole file again. What
it costs: a broken file is read up to twice. What it must never do is answer otherwise
than the plain way; a property test compares the two.

Only for JSON: there every value has its type already.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from types import UnionType
from typing import TYPE_CHECKING, Any, NoReturn, get_args, get_origin

import attrs

from smmlib import model
from smmlib.codec import _shapes as shapes
from smmlib.codec._context import REFUSALS, Context, UnreadableError
from smmlib.codec._hooks import Hook, hints_of, make_converter
from smmlib.codec._order import ordered
from smmlib.model._money import Money

if TYPE_CHECKING:
    from cattrs import Converter

Reader = Callable[[Any], Any]

# What JSON holds as the constructors take it: those check type and value themselves.
_AS_IT_IS: tuple[Any, ...] = (str, bool, int, Money, model.Objective | str)
# Classes that files write as one text, or in another shape.
_SHORT = {model.AgeRange, model.Flight, model.Placement, model.Radius, *shapes.EXPAND}
_DOUBTS = (*REFUSALS, UnreadableError, TypeError, AttributeError, LookupError)


class _OtherShapeError(TypeError):
    """
    Not the usual shape of this value: for the plain way to read or to refuse.
    """


def read_quickly(data: dict[str, Any], context: Context) -> model.MediaPlan | None:
    """
    The plan of a mapping without problems; None when there is any doubt.

    Args:
        data: A JSON file's mapping, without its format number.
        context: The plan's zone; what is noted there counts as a doubt.
    """
    try:
        plan: model.MediaPlan = _Readers(context).of(model.MediaPlan)(data)
    except _DOUBTS:
        return None
    return None if context.issues or context.dropped else plan


class _Readers:
    """
    One reader for each type, made when it is first met.
    """

    def __init__(self, context: Context) -> None:
        self._converter: Converter = make_converter(context)
        self._context = context
        self._known: dict[Any, Reader | None] = {}

    def of(self, kind: Any) -> Reader:
        """
        How a value of this type is read.
        """
        return self._reader(kind) or _same

    def _reader(self, kind: Any) -> Reader | None:
        """
        The same, or None for values that are taken as they are.
        """
        if kind not in self._known:
            self._known[kind] = self._make(kind)
        return self._known[kind]

    def _make(self, kind: Any) -> Reader | None:
        if kind in _AS_IT_IS:
            return None
        origin, inner = get_origin(kind), get_args(kind)
        if origin is tuple:
            return _list_reader(self._reader(inner[0]))
        if origin is model.FrozenMap:
            return _map_reader(self._reader(inner[0]))
        if origin is UnionType and str in inner:
            return self._text_or(next(k for k in inner if k is not str))
        return self._by_class(kind) if isinstance(kind, type) else self._plain(kind)

    def _by_class(self, cls: type) -> Reader:
        if issubclass(cls, StrEnum):
            return _Words(self._plain(cls)).__getitem__
        if attrs.has(cls) and cls not in _SHORT:
            return self._class_reader(cls)
        return self._plain(cls)

    def _plain(self, kind: Any) -> Reader:
        """
        As the plain way reads it: short forms and rare types.
        """
        hook = self._converter.get_structure_hook(kind)
        return lambda value: hook(value, kind)

    def _text_or(self, kind: Any) -> Reader:
        read = self.of(kind)
        return lambda value: value if value.__class__ is str else read(value)

    def _class_reader(self, cls: type) -> Reader:
        special = shapes.readers(cls, self._converter, self._context)
        readers = {}
        for field in ordered(cls):
            key, kind = field.alias, hints_of(cls)[field.name]
            if key in special:
                readers[key] = self._special(cls, key, special[key])
            elif (reader := self._reader(kind)) is not None:
                readers[key] = reader
        return _read_class(cls, readers)

    def _special(self, cls: type, key: str, hook: Hook) -> Reader:
        """
        A field with a shape of its own; ads are read here, as there are so many.
        """
        kind = hints_of(cls).get(key)
        if (cls, key) != (model.AdSet, "ads"):
            return lambda value: hook(value, kind)
        by_key = self.of(model.FrozenMap[model.Ad])
        return lambda value: by_key(value) if type(value) is dict else hook(value, kind)


def _same(value: Any) -> Any:
    return value


def _refused(_value: Any) -> NoReturn:
    """
    A field that no file may hold, such as a plan's own source.
    """
    raise _OtherShapeError


class _Words(dict[str, Any]):
    """
    Members of a closed list by how a file spells them; each spelling is read once.
    """

    def __init__(self, read: Reader) -> None:
        self._read = read

    def __missing__(self, word: Any) -> Any:
        found = self[word] = self._read(word)
        return found


def _list_reader(item: Reader | None) -> Reader:
    def read_list(value: Any) -> Any:
        if type(value) is not list:
            raise _OtherShapeError
        return tuple(value) if item is None else tuple([item(part) for part in value])

    return read_list


def _map_reader(item: Reader | None) -> Reader:
    def read_map(value: Any) -> Any:
        if type(value) is not dict:
            raise _OtherShapeError
        if item is None:
            return model.FrozenMap(value)
        return model.FrozenMap({key: item(part) for key, part in value.items()})

    return read_map


def _read_class(cls: Any, readers: dict[str, Reader]) -> Reader:
    """
    A mapping straight into the constructor, which refuses unknown and missing keys.
    """
    lone = shapes.LONE.get(cls)
    hidden = {f.alias for f in attrs.fields(cls)} - {f.alias for f in ordered(cls)}
    parts = (*readers.items(), *((key, _refused) for key in hidden))

    def read_other(value: Any) -> Any:
        if lone is not None and type(value) is str:
            return cls(value)
        raise _OtherShapeError

    def read_as_it_is(value: Any) -> Any:
        return cls(**value) if type(value) is dict else read_other(value)

    def read_parts(value: Any) -> Any:
        if type(value) is not dict:
            return read_other(value)
        given = value.copy()
        for key, read in parts:
            if key in given:
                given[key] = read(given[key])
        return cls(**given)

    return read_parts if parts else read_as_it_is
