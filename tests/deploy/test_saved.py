"""
Saved change sets: whole or refused, whatever somebody did to the file.
"""

from __future__ import annotations

import contextlib
import json
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from _deploy_desk import Desk
from _flaky import a_campaign
from smmlib.deploy import ChangeSet
from smmlib.errors import ConfigurationError, StaleChangesError

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=10), inner, max_size=3)
    ),
    max_leaves=6,
)


@cache
def _saved():
    """
    The text of a change set with every kind of content.
    """
    desk = Desk()
    desk.launch()
    desk.clock.sleep(3600)
    desk.thing("campaigns.leads").fields["daily"] = 70
    desk.edit(a_campaign(daily=80, name="Second"))
    return json.dumps(desk.changes().to_dict())


def _places(value, path=()):
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in inner:
        if isinstance(item, (dict, list)):
            yield from _places(item, (*path, key))
        else:
            yield (*path, key)


@settings(max_examples=400)
@given(data=st.data(), value=_JSON)
def test_a_set_that_was_tampered_with_is_refused_and_nothing_else(data, value):
    """
    Any value at any place: it reads as the very same set, or it is refused, typed.
    """
    whole = json.loads(_saved())
    path = data.draw(st.sampled_from([p for p in _places(whole) if p]))
    part = whole
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value
    with contextlib.suppress(StaleChangesError):
        assert json.loads(_saved())["hash"] == ChangeSet.from_dict(whole).hash


@given(value=st.dictionaries(st.text(max_size=12), _JSON, max_size=5))
def test_anything_else_is_no_change_set(value):
    """
    Whatever JSON holds.
    """
    with pytest.raises(StaleChangesError):
        ChangeSet.from_dict(value)


@pytest.mark.parametrize(
    "text",
    ["", "[]", "nonsense", "[" * 100_000, "1" * 6_000, '{"format": NaN}', "\ud800"],
    ids=["empty", "list", "text", "deep", "long number", "nan", "half"],
)
def test_a_file_that_is_none_is_refused(tmp_path, text):
    """
    Typed, and without a hang.
    """
    path = tmp_path / "changes.json"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))

    with pytest.raises(StaleChangesError):
        ChangeSet.load(path)


@pytest.mark.parametrize("name", ["missing.json", ".", "bad\0name"])
def test_a_file_that_is_not_there_is_a_mistake_of_the_user(tmp_path, name):
    """
    With the way to make one.
    """
    with pytest.raises(ConfigurationError) as refused:
        ChangeSet.load(f"{tmp_path}/{name}")

    assert "--out" in refused.value.hint


def test_a_file_says_all_that_an_approver_needs(tmp_path):
    """
    Money per account and in all, requests, age, and fingerprints of what was seen.
    """
    desk = Desk()
    desk.launch()
    desk.clock.sleep(3600)
    desk.edit(a_campaign(daily=80))
    changes = desk.changes()
    changes.save(tmp_path / "changes.json")
    data = json.loads((tmp_path / "changes.json").read_text("utf-8"))

    assert {"flaky/act_1": "800.00 EUR"} == data["exposure"]
    assert (1, "sandbox", changes.hash) == (
        data["calls"],
        data["environment"],
        data["hash"],
    )
    assert data["created_at"] < data["expires_at"]
    assert {"lineage", "serial", "accounts", "plan_hash"} <= set(data)
    (change,) = data["changes"]
    assert 64 == len(change["fingerprint"])
    assert changes == ChangeSet.load(tmp_path / "changes.json")
