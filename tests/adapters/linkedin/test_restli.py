"""
What we write into addresses is what LinkedIn reads, and nothing else.

The reader here is written from the grammar alone: split at literal `( ) : ,` first,
percent-decode each part afterwards.
"""

from __future__ import annotations

import re
from decimal import Decimal
from urllib.parse import unquote

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smmlib.adapters.linkedin._little import escaped, plain
from smmlib.adapters.linkedin._restli import decoded, encoded, query

_TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12)
_ODD = st.text("():,'%&=+ #?/List\\\"é\n", max_size=12)
_WORDS = _TEXTS | _ODD
_VALUES = st.recursive(
    _WORDS | st.integers(-(10**15), 10**15) | st.booleans(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(_WORDS.filter(bool), inner, max_size=3)
    ),
    max_leaves=8,
)


class _Reader:
    """
    Reads a value as LinkedIn does.
    """

    def __init__(self, text):
        self.tokens = re.findall(r"List\(|[(),:]|[^(),:]+", text)

    def value(self):
        token = self.tokens.pop(0) if self.tokens else ""
        if token == "List(":
            return self._items(")")
        if token == "(":
            return self._record()
        if token in {",", ")", ":", ""}:
            raise ValueError(token)
        return "" if token == "''" else unquote(token, errors="strict")

    def _items(self, end):
        found = []
        if self.tokens[0] == end:
            self.tokens.pop(0)
            return found
        while True:
            found.append(self.value())
            if self.tokens.pop(0) == end:
                return found

    def _record(self):
        found = {}
        if self.tokens[0] == ")":
            self.tokens.pop(0)
            return found
        while True:
            key = self.value()
            assert ":" == self.tokens.pop(0)
            found[key] = self.value()
            if self.tokens.pop(0) == ")":
                return found


def _as_read(value):
    if isinstance(value, dict):
        return {key: _as_read(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_as_read(item) for item in value]
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)


@given(_VALUES)
def test_what_is_written_is_read(value):
    """
    Any nesting of texts, numbers, lists and records arrives as it was meant.
    """
    reader = _Reader(encoded(value))

    assert _as_read(value) == reader.value()
    assert [] == reader.tokens


@given(st.dictionaries(st.from_regex(r"[a-z]{1,8}", fullmatch=True), _VALUES))
def test_httpx_leaves_a_finished_query_alone(values):
    """
    The address that is sent holds the very characters we wrote.
    """
    text = query(values)
    url = httpx.Client().build_request("GET", f"https://a.example/x?{text}").url

    assert text == url.raw_path.decode().partition("?")[2]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", "''"),
        (True, "true"),
        ([], "List()"),
        (Decimal("50.00"), "50.00"),
        ({"values": ["ACTIVE", "DRAFT"]}, "(values:List(ACTIVE,DRAFT))"),
        (
            "urn:li:staffCountRange:(51,200)",
            "urn%3Ali%3AstaffCountRange%3A%2851%2C200%29",
        ),
        ("R&D (lead), head's", "R%26D%20%28lead%29%2C%20head%27s"),
    ],
)
def test_values_look_as_documented(value, expected):
    """
    Values are spelt as LinkedIn's own clients spell them.
    """
    assert expected == encoded(value)


def test_fields_are_bare():
    """
    Projections have plain commas and no `List`.
    """
    assert "q=analytics&fields=impressions,clicks" == query(
        {"q": "analytics"}, fields=("impressions", "clicks")
    )


@pytest.mark.parametrize("value", [None, 1.5, b"x"])
def test_what_has_no_place_is_refused(value):
    """
    Nothing is sent that would vanish on the way.
    """
    with pytest.raises(TypeError):
        encoded(value)


@given(_WORDS)
def test_an_encoded_id_reads_back(text):
    """
    Ids from headers are decoded to what they were.
    """
    assert text == decoded(encoded(text))


@given(_TEXTS | st.text("\\|{}@[]()<>#*_~ a1é\n", max_size=20))
def test_little_text_reads_back(text):
    """
    No character ends a post's text, and none stays escaped.
    """
    assert text == plain(escaped(text))


@given(st.text("\\|{}@[]()<>#*_~ a1é\n", max_size=20))
def test_no_reserved_character_stands_alone(text):
    """
    Behind every reserved character's place stands a backslash, hashtags excepted.
    """
    left = re.sub(r"\\.", "", escaped(text), flags=re.DOTALL)

    assert [] == re.findall(r"[\\|{}@\[\]()<>*_~]|#(?![^\W_])", left)
