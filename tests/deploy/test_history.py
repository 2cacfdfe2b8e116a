"""
The log for a client: whole, readable, and any tampering shows.
"""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime, timedelta

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smmlib.deploy import Log, MemoryStateStore
from smmlib.errors import ConfigurationError, StateCorruptError
from smmlib.ports import Event

_START = datetime(2027, 3, 1, 9, tzinfo=UTC)
_TEXTS = st.text(max_size=30)


def _log(texts):
    store = MemoryStateStore(project_id="p")
    for number, text in enumerate(texts):
        at = _START + timedelta(minutes=number)
        store.record(Event(at, "created", f"campaigns.c{number}", text))
    return Log(store.events())


@given(texts=st.lists(_TEXTS, max_size=8))
def test_an_export_comes_back_as_it_was(tmp_path_factory, texts):
    """
    Any text, in any script, survives; and it verifies.
    """
    path = tmp_path_factory.mktemp("log") / "log.jsonl"
    log = _log(texts)
    log.save(path)

    assert log == Log.load(path)


@given(
    texts=st.lists(_TEXTS, min_size=2, max_size=6),
    place=st.integers(0, 5),
    how=st.sampled_from(["text", "time", "drop", "double", "swap", "hash"]),
)
def test_any_tampering_shows(texts, place, how):
    """
    Changed, dropped, doubled or swapped: no line can be touched unseen.
    """
    log = _log(texts)
    place %= len(log)
    rows = list(log)
    if how == "text":
        rows[place] = attrs.evolve(rows[place], detail=rows[place].detail + "!")
    elif how == "time":
        later = rows[place].at + timedelta(seconds=1)
        rows[place] = attrs.evolve(rows[place], at=later)
    elif how == "drop":
        del rows[place]
    elif how == "double":
        rows.insert(place, rows[place])
    elif how == "swap":
        rows[0], rows[-1] = rows[-1], rows[0]
    else:
        rows[place] = attrs.evolve(rows[place], hash="0" * 64)

    # Cutting off the end shows by the fingerprint that was handed over with it.
    with pytest.raises(StateCorruptError):
        Log(rows).verify(log.head)


@pytest.mark.parametrize("cut", [1, 2])
def test_an_export_without_its_end_is_refused(tmp_path, cut):
    """
    Its first line says how many there are.
    """
    path = tmp_path / "log.jsonl"
    _log(["a", "b", "c"]).save(path)
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:-cut]), "utf-8")

    with pytest.raises(StateCorruptError, match="not whole"):
        Log.load(path)


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[]", "null", "nonsense", '{"smmlib_log": 1}', '{"a": 1}\n{"b": 2}'],
)
def test_what_is_no_export_is_refused(tmp_path, text):
    """
    Typed, with the way to make one.
    """
    path = tmp_path / "log.jsonl"
    path.write_text(text, "utf-8")

    with pytest.raises(StateCorruptError) as refused:
        Log.load(path)
    assert refused.value.hint


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "|x", "%x"])
def test_a_table_runs_nothing(tmp_path, text):
    """
    What a spreadsheet would take for a formula is a text.
    """
    path = tmp_path / "log.csv"
    _log([text]).save(path)
    rows = list(csv.reader(path.read_text("utf-8").splitlines()))

    assert f"'{text}" == rows[1][3]


def test_a_page_shows_markup_and_runs_none(tmp_path):
    """
    It opens without the network, and forbids itself to run anything.
    """
    path = tmp_path / "log.html"
    log = _log(["<script>alert(1)</script>"])
    log.save(path)
    text = path.read_text("utf-8")

    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert "default-src 'none'" in text
    assert log.head in text
    assert "<script" not in log._repr_html_()


def test_an_ending_it_cannot_write_is_named(tmp_path):
    """
    With those it can.
    """
    with pytest.raises(ConfigurationError) as refused:
        _log(["a"]).save(tmp_path / "log.pdf")

    assert "log.jsonl" in refused.value.hint


def test_it_shows_itself():
    """
    To people and to programs.
    """
    log = _log(["a", "b"])

    assert "campaigns.c1" in str(log)
    assert "Nothing was done yet." == str(Log())
    data = json.loads(json.dumps(log.to_dict()))
    assert (2, log.head) == (data["lines"], data["head"])
