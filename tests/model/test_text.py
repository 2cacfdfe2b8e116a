"""
The 480 rule: what counts as a character, and what happens at the limit.
"""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smmlib.errors import ValidationError
from smmlib.model import BEFORE_SHOW_MORE, AdText, Creative, TextVariant
from smmlib.testing import strategies

_FAMILY = "👩‍👩‍👧‍👦"  # seven code points, shown as one picture


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("a" * 480, 480),
        ("👋" * 480, 480),
        ("字" * 480, 480),
        ("é" * 480, 480),
        ("e\u0301" * 480, 480),  # NFD: two code points that are one after NFC
        (_FAMILY * 68 + "abcd", 480),
        ("क़" * 240, 480),  # a letter that NFC itself takes apart
        ("a\n" * 240, 480),
        ("\u00a0a" * 240, 480),
    ],
    ids=["ascii", "astral", "cjk", "nfc", "nfd", "zwj", "excluded", "lines", "blanks"],
)
def test_480_characters_fit_and_481_do_not(text, count):
    """
    Characters are code points after NFC; one more than 480 is refused.
    """
    assert count == len(AdText(text)) == BEFORE_SHOW_MORE
    assert 0 == AdText(text).left

    with pytest.raises(ValidationError) as caught:
        AdText(text + "x")
    assert ["text", 481, 480] == [
        caught.value.attribute,
        caught.value.value,
        caught.value.expected,
    ]
    assert "481 characters" in caught.value.message
    assert unicodedata.normalize("NFC", text)[-24:] in caught.value.message


@pytest.mark.parametrize("code", [0x00, 0x08, 0x0B, 0x1F, 0x7F, 0xD800, 0xDFFF])
def test_what_nobody_types_is_refused(code):
    """
    NUL, other control characters and halves of emoji are named by code and place.
    """
    with pytest.raises(ValidationError, match=f"U\\+{code:04X} at position 2"):
        AdText("ab" + chr(code) + "c")


@given(st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=600))
def test_the_count_is_the_length_after_nfc(text):
    """
    Whatever is typed, composed and decomposed spellings count the same.
    """
    count = len(unicodedata.normalize("NFC", text))
    for spelling in ("NFC", "NFD"):
        spelled = unicodedata.normalize(spelling, text)
        if text.strip() and count <= 480:
            assert count == len(AdText(spelled))
        else:
            with pytest.raises(ValidationError):
                AdText(spelled)


def test_a_text_read_back_keeps_its_own_limit():
    """
    Importing an old account never fails: the limit is a field.
    """
    long = AdText("x" * 2000, limit=2200)

    assert 2000 == len(long)
    assert 200 == long.left
    with pytest.raises(ValidationError, match="at most 2200"):
        AdText("x" * 2201, limit=2200)


@given(strategies.ad_texts(), st.integers(1, 600))
def test_what_is_shown_is_the_beginning(text, visible):
    """
    The part before "Show more" is as long as asked, and ends with dots if cut.
    """
    shown = text.shown(visible)
    whole = unicodedata.normalize("NFC", text.text)

    assert shown == whole or shown.endswith("…")
    assert len(shown) <= visible + 1
    assert whole.startswith(shown.removesuffix("…").rstrip())


def test_plain_text_is_enough():
    """
    Creatives and variants take text where an `AdText` is meant, and hold it to 480.
    """
    assert AdText("Taste first.") == Creative("Taste first.").text
    assert AdText("Erst kosten.") == TextVariant("de", "Erst kosten.").text
    with pytest.raises(ValidationError, match="481"):
        Creative("x" * 481)


def test_lengths_are_shown_in_notebooks():
    """
    A text shows how much of its limit it uses.
    """
    assert "3 of 480 characters" in AdText("a&b")._repr_html_()
    assert "a&amp;b" in AdText("a&b")._repr_html_()
