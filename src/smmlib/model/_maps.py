"""
An immutable, hashable mapping that keeps its order: how a plan holds keyed things.
"""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, KeysView, Mapping, ValuesView
from typing import Any, Generic, TypeVar, overload

from smmlib.model._checks import KEY, did_you_mean, is_key, is_one, is_type, refuse

T = TypeVar("T")
V = TypeVar("V")


class FrozenMap(Mapping[str, V], Generic[V]):
    """
    Things of a plan by key, in the order they were written.

    Two maps are equal when they hold the same values under the same keys; the order
    is kept for people, it does not count. A missing key raises `KeyError` that names
    the nearest known one.

    Args:
        items: A mapping, or pairs of key and value.
    """

    __slots__ = ("_data", "_hash")

    def __init__(self, items: Mapping[str, V] | Any = (), /, **named: V) -> None:
        self._data: dict[str, V] = dict(items, **named)
        self._hash: int | None = None

    def __getitem__(self, key: str) -> V:
        try:
            return self._data[key]
        except KeyError:
            hint = did_you_mean(str(key), self._data)
            raise KeyError(f"{key!r}: {hint}") from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._data)

    def __len__(self) -> int:
        return len(self._data)

    def __contains__(self, key: object) -> bool:
        return key in self._data

    @overload
    def get(self, key: str, /) -> V | None: ...

    @overload
    def get(self, key: str, /, default: V | T) -> V | T: ...

    def get(self, key: str, /, default: Any = None) -> Any:
        """
        The thing under a key, or another; without the hint a missing key would cost.
        """
        return self._data.get(key, default)

    def keys(self) -> KeysView[str]:
        """
        The keys, in written order.
        """
        return self._data.keys()

    def values(self) -> ValuesView[V]:
        """
        The things themselves, in written order.
        """
        return self._data.values()

    def items(self) -> ItemsView[str, V]:
        """
        Pairs of key and thing, in written order.
        """
        return self._data.items()

    def __eq__(self, other: object) -> bool:
        if isinstance(other, FrozenMap):
            return self._data == other._data
        if isinstance(other, Mapping):
            return self._data == dict(other)
        return NotImplemented

    def __hash__(self) -> int:
        if self._hash is None:
            self._hash = hash(frozenset(self._data.items()))
        return self._hash

    def __repr__(self) -> str:
        return f"FrozenMap({self._data!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self._data,)

    def with_(self, **changed: V) -> FrozenMap[V]:
        """
        A new map with these entries replaced or added.
        """
        return FrozenMap({**self._data, **changed})


EMPTY: FrozenMap[Any] = FrozenMap()
"""
Nothing yet: the one default of every keyed part, which frozen maps can share.
"""


def as_map(value: Mapping[str, Any]) -> FrozenMap[Any]:
    """
    Any mapping as a `FrozenMap`. Anything else passes, for `are_keyed` to refuse it.
    """
    if isinstance(value, FrozenMap) or not isinstance(value, Mapping):
        return value
    return FrozenMap(value)


def are_keyed(attribute: str, values: Mapping[str, Any], *kinds: type) -> None:
    """
    Refuse what does not map simple keys to these kinds.
    """
    if not isinstance(values, Mapping):
        refuse(
            attribute,
            f"{attribute} must map keys to values, not {type(values).__name__}",
            code="type.wrong",
            value=values,
            expected="a mapping",
        )
    is_plain_key = KEY.match
    for key, item in values.items():
        if not (key.__class__ is str and is_plain_key(key)):
            is_key(attribute, key)
        if item.__class__ not in kinds and not is_one(item, kinds):
            is_type(f"{attribute}.{key}", item, *kinds)
