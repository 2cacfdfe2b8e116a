"""
The quick way through a plan file answers as the plain way does, or not at all.
"""

from __future__ import annotations

import copy
import gc
import json
import threading
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smmlib import codec
from smmlib.codec._fast import LARGE, MANY, read_quickly, write_quickly
from smmlib.codec._json import read_json
from smmlib.codec._pause import WORTH_A_PAUSE, paused_collector
from smmlib.codec._plan import FORMAT, _read_plan, data_of
from smmlib.errors import CodecError
from smmlib.model import SourceMap
from smmlib.testing import strategies

_SMALL = {
    "smmlib": 1,
    "name": "P",
    "project_id": "p",
    "version": 1,
    "zone": "UTC",
    "flight": "2027-03-01..2027-03-02",
    "people": {"mila": {"name": "Mila", "role": "smm"}},
    "note": "n",
}
_ROOT = ((), ("smmlib",))
_SLOW = settings(
    max_examples=60, deadline=None, suppress_health_check=list(HealthCheck)
)
_ODD = [
    None,
    True,
    0,
    7,
    Decimal("1.5"),
    "",
    " ",
    "a\x07b",
    "a" * 481,
    "Active",
    "x",
    "12 EUR",
    "12.345 EUR",
    "https://127.1/",
    "../a.jpg",
    [],
    ["a", "a"],
    [7],
    {},
    {"a b": 1},
    {"path": "img/a.jpg", "alt": 3},
    {"text": "short", "limit": 600},
]


def _document(plan):
    """
    A plan as the builtins of its JSON file.
    """
    return json.loads(codec.dumps(plan, format="json"), parse_float=Decimal)


def _quick(document, *, large):
    """
    What the quick way says of a document as text, decoded by msgspec when large.
    """
    text = json.dumps(document, default=str, ensure_ascii=False)
    padding = " " * (LARGE if large else 0)
    return read_quickly(text + padding, SourceMap("plan.json", {}), number=FORMAT)


def _plain(document):
    """
    What the plain way says of the same document.
    """
    text = json.dumps(document, default=str, ensure_ascii=False)
    return _read_plan(read_json(text, "plan.json"), "plan.json")


def _steps(value, path=()):
    """
    Every place of a document.
    """
    yield path
    items = value.items() if isinstance(value, dict) else ()
    if isinstance(value, list):
        items = enumerate(value)
    for key, part in items:
        yield from _steps(part, (*path, key))


def _damaged(document, draw):
    """
    The document with something odd put in, taken out or added at a drawn place.
    """
    document = copy.deepcopy(document)
    path = draw.draw(st.sampled_from([p for p in _steps(document) if p not in _ROOT]))
    inner = document
    for step in path[:-1]:
        inner = inner[step]
    hand = draw.draw(st.sampled_from(["put", "take", "add"]))
    if hand == "take":
        del inner[path[-1]]
    elif hand == "add" and isinstance(inner, dict):
        inner["colour"] = "red"
    else:
        inner[path[-1]] = copy.deepcopy(draw.draw(st.sampled_from(_ODD)))
    return document


@_SLOW
@given(strategies.plans(), st.booleans())
def test_a_plan_without_problems_goes_the_quick_way_whole(plan, large):
    """
    Whatever a plan holds, its own file is read quickly and gives the same plan.
    """
    # A text that begins with a colon looks like a key to msgspec's count of keys.
    large = large and ' ":' not in codec.dumps(plan, format="json")
    assert plan == _quick(_document(plan), large=large)


@_SLOW
@given(strategies.plans(), st.booleans(), st.data())
def test_the_quick_way_never_accepts_what_the_plain_way_refuses(plan, large, draw):
    """
    With anything odd in the file the quick way gives up, or both give the same plan.
    """
    document = _damaged(_document(plan), draw)
    quick = _quick(document, large=large)
    if quick is not None:
        plain = _plain(document)
        assert () == plain.issues
        assert plain.plan == quick


@pytest.mark.parametrize("large", [False, True])
def test_no_file_may_say_where_it_was_read_from(large):
    """
    The source of a plan is no key of its file, though the class has a field for it.
    """
    assert _quick(_SMALL, large=large) is not None
    assert _quick({**_SMALL, "source": None}, large=large) is None


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"name": "P"', '"name": "Q", "name": "P"'),
        ('"note": "n"', '"note": "n\\u0022:", "note": "n"'),
        ('"role": "smm"', '"role": "seo", "role": "smm"'),
        ('"version": 1', '"version": 1.0'),
        ('"version": 1', f'"version": {"9" * 41}'),
        ('"smmlib": 1', '"smmlib": true'),
        ('"note": "n"', '"note": "\\ud800"'),
        ('"note": "n"', '"note": NaN'),
    ],
)
def test_what_only_the_plain_way_may_judge_is_left_to_it(old, new, large):
    """
    Equal keys, numbers without end and half letters are no matter for the quick way.
    """
    text = json.dumps(_SMALL)
    assert old in text
    text = text.replace(old, new) + " " * (LARGE if large else 0)
    source = SourceMap("plan.json", {})
    assert read_quickly(text, source, number=FORMAT) is None


@_SLOW
@given(strategies.plans())
def test_the_text_is_the_same_with_and_without_msgspec(plan):
    """
    One canonical layout, whoever writes it.
    """
    data = data_of(plan)
    quick = write_quickly(data, MANY)
    assert quick in {"", json.dumps(data, ensure_ascii=False, indent=2)}


def test_large_plans_are_written_by_msgspec_and_small_ones_are_not():
    """
    Below a hundred creatives loading it would cost more than it saves.
    """
    assert write_quickly({"a": ["ü"]}, MANY) == '{\n  "a": [\n    "ü"\n  ]\n}'
    assert write_quickly({"a": ["ü"]}, MANY - 1) == ""


def test_a_broken_file_says_the_same_as_without_the_quick_way():
    """
    The second, detailed pass finds all problems with their places.
    """
    text = '{"smmlib": 1, "name": 7,\n "zone": "UTC", "colour": 1}'
    with pytest.raises(CodecError) as caught:
        codec.loads(text, format="json")
    found = caught.value.issues
    assert {"name", "project_id", "flight", "colour"} == {i.path for i in found}
    assert all(issue.line for issue in found)


def test_the_collector_is_paused_for_large_texts_only_and_always_comes_back():
    """
    Below the size nothing is touched; above it an error brings it back as well.
    """
    with paused_collector(WORTH_A_PAUSE - 1) as paused:
        assert not paused
        assert gc.isenabled()
    seen = []

    def load():
        with paused_collector(WORTH_A_PAUSE) as paused:
            seen.append((paused, gc.isenabled()))
            raise LookupError

    with pytest.raises(LookupError):
        load()
    assert [(True, False)] == seen
    assert gc.isenabled()


def test_the_collector_is_left_alone_while_other_threads_run():
    """
    They did not ask for a pause and might be the ones that need the collector.
    """
    done = threading.Event()
    other = threading.Thread(target=done.wait)
    other.start()
    try:
        with paused_collector(WORTH_A_PAUSE) as paused:
            assert not paused
            assert gc.isenabled()
    finally:
        done.set()
        other.join()


def test_a_collector_that_was_off_stays_off():
    """
    Who switched it off did so on purpose.
    """
    gc.disable()
    try:
        with paused_collector(WORTH_A_PAUSE) as paused:
            assert not paused
        assert not gc.isenabled()
    finally:
        gc.enable()
