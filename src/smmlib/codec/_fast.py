"""
The quick way through a large plan file, for files without a single problem.

The plain way (`_hooks`) knows at every step where it is, so that it can say what is
wrong and go on; that costs most of its time. Nearly every file is right, so this way
asks nothing: mappings go into constructors as they are, constructors check, and the
first doubt ends it (`None`), whereupon the plain way reads the whole file again. What
it costs: a broken file is read up to twice. What it must never do is answer otherwise
than the plain way; a property test compares the two.

Only for JSON: there every value has its type already. Texts are decoded by msgspec
where the extra `fast` is installed. It takes the last of two equal keys without a word,
which a plan must not, so the keys that were read are counted: as many as the text has,
or the file goes the plain way.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from types import UnionType
from typing import TYPE_CHECKING, Any, get_args, get_origin

import attrs

from smmlib import model
from smmlib.codec import _shapes as shapes
from smmlib.codec._context import REFUSALS, Context, UnreadableError
from smmlib.codec._hooks import Hook, hints_of, make_converter
from smmlib.codec._json import DECODER, LONGEST_NUMBER, exact_decimal
from smmlib.codec._order import ordered
from smmlib.model._flight import zone_of
from smmlib.model._money import Money

if TYPE_CHECKING:
    from cattrs import Converter

Reader = Callable[[Any], Any]

LARGE = 200_000
"""
Characters from which on loading msgspec pays.
"""

_TOO_LARGE = 10 ** (LONGEST_NUMBER - 1)  # a digit less, for the sign
MANY = 100
"""
Creatives from which on the same holds for writing.
"""

# What JSON holds as the constructors take it: those check type and value themselves.
_AS_IT_IS: tuple[Any, ...] = (str, bool, Money, model.Objective | str)
# Classes that files write as one text, or in another shape.
_SHORT = {model.AgeRange, model.Flight, model.Placement, model.Radius, *shapes.EXPAND}
_DOUBTS = (
    *REFUSALS,
    UnreadableError,
    TypeError,
    ValueError,
    AttributeError,
    LookupError,
)


class _OtherShapeError(TypeError):
    """
    Not the usual shape of this value: for the plain way to read or to refuse.
    """


def read_quickly(
    text: str, source: model.SourceMap, *, number: int
) -> model.MediaPlan | None:
    """
    The plan of a JSON text without problems; None when there is any doubt.

    Args:
        text: The file's text.
        source: Where things stand in it, should anybody ask later.
        number: The number of the format this version reads.
    """
    try:
        data, keys = _decoded(text)
        if _whole(data.pop("smmlib")) != number or type(data["zone"]) is not str:
            return None
        context = Context(zone_of(data["zone"]).key)
        readers = _Readers(context)
        plan = model.MediaPlan(**readers.parts(model.MediaPlan)(data), source=source)
    except (*_DOUBTS, RecursionError):
        return None
    doubts = context.issues or context.dropped
    return None if doubts or keys not in (None, readers.keys + 1) else plan


def write_quickly(data: dict[str, Any], creatives: int) -> str:
    """
    The text `json.dumps` would write with an indent of two, from msgspec; empty where
    that is not installed or refuses, such as for half a surrogate pair.

    Args:
        data: A plan as builtins.
        creatives: How many it holds; for a few, loading msgspec does not pay.
    """
    if creatives < MANY:
        return ""
    try:
        import msgspec
    except ImportError:  # the extra is not there: nothing is lost but time
        return ""
    try:
        text = msgspec.json.encode(data, enc_hook=str)
    except (msgspec.MsgspecError, ValueError, TypeError):
        return ""
    return msgspec.json.format(text, indent=2).decode()


def _decoded(text: str) -> tuple[dict[str, Any], int | None]:
    """
    The text's mapping, and how many keys it should hold if equal keys were not seen.
    """
    if len(text) >= LARGE:
        try:
            import msgspec
        except ImportError:  # the extra is not there: nothing is lost but time
            return DECODER.decode(text), None
        # A quote before a colon ends a key; inside a text it is escaped. No key that a
        # plan allows ends in a backslash, so nothing is subtracted that was none.
        try:
            # As bytes: of a text msgspec would leave a second copy inside of it.
            found = msgspec.json.Decoder(float_hook=exact_decimal).decode(text.encode())
        except msgspec.MsgspecError as error:
            raise _OtherShapeError from error
        return found, text.count('":') - text.count('\\":')
    return DECODER.decode(text), None


class _Readers:
    """
    One reader for each type, made when it is first met.

    Attributes:
        keys: How many keys of mappings were read so far.
    """

    def __init__(self, context: Context) -> None:
        self._converter: Converter = make_converter(context)
        self._context = context
        self._known: dict[Any, Reader | None] = {}
        self.keys = 0

    def of(self, kind: Any) -> Reader | None:
        """
        How a value of this type is read; None for what is taken as it is.
        """
        if kind not in self._known:
            self._known[kind] = self._make(kind)
        return self._known[kind]

    def _make(self, kind: Any) -> Reader | None:
        if kind in _AS_IT_IS:
            return None
        if kind is int:
            return _whole
        origin, inner = get_origin(kind), get_args(kind)
        if origin is tuple:
            return _list_reader(self.of(inner[0]))
        if origin is model.FrozenMap:
            return self._map_reader(self.of(inner[0]))
        if origin is UnionType and str in inner:
            return self._text_or(next(k for k in inner if k is not str))
        return self._by_class(kind) if isinstance(kind, type) else self._plain(kind)

    def _by_class(self, cls: type) -> Reader:
        if issubclass(cls, StrEnum):
            return _Words(self._plain(cls)).__getitem__
        if attrs.has(cls) and cls not in _SHORT:
            return self._class_reader(cls)
        return self._plain(cls)

    def _plain(self, kind: Any, hook: Hook | None = None) -> Reader:
        """
        As the plain way reads it: short forms and rare types.
        """
        read = hook or self._converter.get_structure_hook(kind)

        def read_plainly(value: Any) -> Any:
            self.keys += _keys_in(value)
            return read(value, kind)

        return read_plainly

    def _text_or(self, kind: Any) -> Reader:
        read = self.of(kind) or _same
        return lambda value: value if value.__class__ is str else read(value)

    def _map_reader(self, item: Reader | None) -> Reader:
        def read_map(value: Any) -> Any:
            if type(value) is not dict:
                raise _OtherShapeError
            self.keys += len(value)
            if item is not None:
                # In place, so that what was read is gone before the rest is built.
                for key, part in value.items():
                    value[key] = item(part)
            return model.FrozenMap(value)

        return read_map

    def _class_reader(self, cls: Any) -> Reader:
        """
        A mapping straight into the constructor, which refuses unknown and missing keys.
        """
        lone = shapes.LONE.get(cls)
        read_parts = self.parts(cls)

        def read_class(value: Any) -> Any:
            if type(value) is dict:
                return cls(**read_parts(value))
            if lone is not None and type(value) is str:
                return cls(value)
            raise _OtherShapeError

        return read_class

    def parts(self, cls: type) -> Callable[[dict[str, Any]], dict[str, Any]]:
        """
        How the fields of a class are read; the mapping is changed on the way.
        """
        special = shapes.readers(cls, self._converter, self._context)
        readers = []
        for field in ordered(cls):
            key, kind = field.alias, hints_of(cls)[field.name]
            hook = special.get(key)
            reader = self._special(cls, key, hook) if hook else self.of(kind)
            if reader is not None:
                readers.append((key, reader))

        def read_parts(value: dict[str, Any]) -> dict[str, Any]:
            self.keys += len(value)
            for key, read in readers:
                if key in value:
                    value[key] = read(value[key])
            return value

        return read_parts

    def _special(self, cls: type, key: str, hook: Hook) -> Reader:
        """
        A field with a shape of its own; ads are read here, as there are so many.
        """
        plain = self._plain(hints_of(cls).get(key), hook)
        if (cls, key) != (model.AdSet, "ads"):
            return plain
        by_key = self.of(model.FrozenMap[model.Ad]) or _same
        return lambda value: by_key(value) if type(value) is dict else plain(value)


def _same(value: Any) -> Any:
    return value


def _whole(value: Any) -> int:
    if type(value) is int and abs(value) < _TOO_LARGE:
        return value
    raise _OtherShapeError


def _keys_in(value: Any) -> int:
    """
    How many keys the mappings inside hold; numbers without end are a doubt.
    """
    if type(value) is int:
        _whole(value)
    if type(value) is dict:
        return len(value) + sum(map(_keys_in, value.values()))
    return sum(map(_keys_in, value)) if type(value) is list else 0


def _list_reader(item: Reader | None) -> Reader:
    def read_list(value: Any) -> Any:
        if type(value) is not list:
            raise _OtherShapeError
        return tuple(value) if item is None else tuple([item(part) for part in value])

    return read_list


class _Words(dict[str, Any]):
    """
    Members of a closed list by how a file spells them; each spelling is read once.
    """

    def __init__(self, read: Reader) -> None:
        self._read = read

    def __missing__(self, word: Any) -> Any:
        found = self[word] = self._read(word)
        return found
