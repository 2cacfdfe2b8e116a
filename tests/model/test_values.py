"""
What holds for every value: equality, hash, pickle, fingerprint, immutability, display.
"""

from __future__ import annotations

import pickle
from datetime import UTC, datetime
from decimal import Decimal

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smmlib.errors import MoneyError, ValidationError
from smmlib.model import (
    FrozenMap,
    Money,
    SourceMap,
    content_hash,
)
from smmlib.testing import strategies

_KINDS = [kind for kind in strategies.FOR if attrs.has(kind) and kind is not SourceMap]
_each_class = pytest.mark.parametrize("kind", _KINDS, ids=lambda kind: kind.__name__)
_SCRIPT = "<script>alert('x')</script>"
_FEW = settings(max_examples=8)


def _respelled(value):
    """
    An equal value in another spelling: other zone, more zeros, other order.
    """
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    if isinstance(value, Decimal):
        return value.quantize(value.normalize().scaleb(-1) or 1)
    if isinstance(value, FrozenMap):
        items = [(key, _respelled(item)) for key, item in value.items()]
        return FrozenMap(reversed(items))
    if isinstance(value, tuple):
        return tuple(_respelled(item) for item in value)
    if attrs.has(type(value)) and not isinstance(value, (Money, SourceMap)):
        return _evolved(value, _respelled)
    return value


def _evolved(value, change):
    fields = attrs.fields(type(value))
    names = {f.name: f.alias for f in fields if f.init}
    changes = {names[n]: change(getattr(value, n)) for n in names}
    return attrs.evolve(value, **changes)


@_each_class
@given(data=st.data())
@_FEW
def test_equal_values_are_one(kind, data):
    """
    However it is spelled, an equal value has an equal hash and an equal fingerprint.
    """
    value = data.draw(strategies.FOR[kind]())
    other = _respelled(value)

    assert value == other
    assert hash(value) == hash(other)
    assert content_hash(value) == content_hash(other)
    assert len({value, other}) == 1


@_each_class
@given(data=st.data())
@_FEW
def test_fingerprints_tell_values_apart(kind, data):
    """
    Two values have the same fingerprint exactly when they are equal.
    """
    first = data.draw(strategies.FOR[kind]())
    second = data.draw(strategies.FOR[kind]())

    assert (first == second) is (content_hash(first) == content_hash(second))


@_each_class
@given(data=st.data())
@settings(max_examples=5)
def test_values_travel_and_show_themselves(kind, data):
    """
    A value is the same after pickling, differs from strangers, and has a readable text.
    """
    value = data.draw(strategies.FOR[kind]())
    copy = pickle.loads(pickle.dumps(value))  # noqa: S301 - our own bytes

    assert value == copy
    assert content_hash(value) == content_hash(copy)
    assert all(value != other for other in (None, 0, "", (), object(), [value]))
    assert repr(value).startswith(kind.__name__)
    assert isinstance(str(value), str)


@_each_class
@given(data=st.data())
@settings(max_examples=2)
def test_values_cannot_be_changed(kind, data):
    """
    No field can be set or deleted, and none holds a list, set or dict to change inside.
    """
    value = data.draw(strategies.FOR[kind]())

    for field in attrs.fields(kind):
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            setattr(value, field.name, getattr(value, field.name))
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            delattr(value, field.name)
        assert not isinstance(getattr(value, field.name), (list, set, dict))
    with pytest.raises((attrs.exceptions.FrozenInstanceError, AttributeError)):
        value.something_new = 1


def _with_scripts(value):
    """
    The value with a script in every text that takes one.
    """
    if isinstance(value, FrozenMap):
        return FrozenMap({key: _with_scripts(item) for key, item in value.items()})
    if isinstance(value, tuple):
        return tuple(_with_scripts(item) for item in value)
    if type(value) is str:
        return _SCRIPT
    if not attrs.has(type(value)) or isinstance(value, SourceMap):
        return value
    for field in attrs.fields(type(value)):
        if not field.init:
            continue
        try:
            changed = _with_scripts(getattr(value, field.name))
            value = attrs.evolve(value, **{field.alias: changed})
        except (ValidationError, MoneyError):
            continue  # keys, links, languages: no script can get in
    return value


@pytest.mark.parametrize(
    "kind",
    [kind for kind in _KINDS if hasattr(kind, "_repr_html_")],
    ids=lambda kind: kind.__name__,
)
@given(data=st.data())
@_FEW
def test_notebooks_show_scripts_and_do_not_run_them(kind, data):
    """
    Whatever texts a value holds, its HTML has no element that came from them.
    """
    value = _with_scripts(data.draw(strategies.FOR[kind]()))
    html = value._repr_html_()

    assert html.startswith("<")
    assert "<script" not in html
    assert "'x'" not in html


@given(strategies.plans())
@settings(max_examples=5)
def test_the_file_a_plan_came_from_does_not_count(plan):
    """
    Two plans are equal whatever files they were read from.
    """
    moved = attrs.evolve(plan, source=SourceMap("elsewhere.yaml", {"": (1, 1)}))

    assert plan == moved
    assert plan.content_hash == moved.content_hash == content_hash(plan)


class TestFrozenMap:
    """
    The mapping that holds keyed things.
    """

    @given(strategies.frozen_maps())
    def test_it_is_a_mapping(self, held):
        """
        It equals a dict of the same things, in any order, and keeps its own order.
        """
        backwards = dict(reversed(list(held.items())))

        assert held == dict(held)
        assert held == backwards
        assert hash(held) == hash(FrozenMap(backwards))
        assert list(held) == list(held.keys())
        assert held == pickle.loads(pickle.dumps(held))  # noqa: S301 - as above

    @given(strategies.frozen_maps(least=1))
    def test_it_cannot_be_changed(self, held):
        """
        There is no way to set or drop a thing.
        """
        key = next(iter(held))

        with pytest.raises(TypeError):
            held[key] = "other"
        with pytest.raises(TypeError):
            del held[key]

    def test_with_makes_another(self):
        """
        `with_` adds and replaces in a new map.
        """
        first = FrozenMap({"a": 1, "b": 2})

        assert {"a": 1, "b": 3, "c": 4} == first.with_(b=3, c=4)
        assert {"a": 1, "b": 2} == first

    def test_a_missing_key_names_the_nearest(self):
        """
        Whoever mistypes a key is told which one was meant.
        """
        with pytest.raises(KeyError, match="did you mean 'baristas'"):
            FrozenMap({"baristas": 1})["barista"]
