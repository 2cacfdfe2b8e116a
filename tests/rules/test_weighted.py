"""
The length of a post on X, exactly as X counts it.
"""

from __future__ import annotations

import importlib.util
import sys
import unicodedata
import warnings

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from rules._weighted_vectors import LINKS, VECTORS
from smmlib.rules import weigh, weighted_length
from smmlib.rules._weighted import _normal
from smmlib.rules._weighted_emoji import EMOJI, FLAGS, LETTERS, emoji_pattern
from smmlib.rules._weighted_urls import link_spans

# What makes counting hard, piece by piece; the rest is any text.
_PIECES = (
    "http:// https:// HTTP:// https://t.co/ example.com sub_x.example.com a.co "
    "t.co/abc www. .com .jp .рф .中国 .中国人 xn--p1ai .xn--p1ai 日本語 。 / ? ?q=1 & "
    "# #top ( ) (film) @ $ _ - . .. , ! : :80 a B é e\u0301 ß \u017f \u0130 \u0131 "
    "я ελ .ελ ☃.net -a.com a-.com _a_.com 1.2.3.4 node.js U.S. \u200d \ufe0f \u200b "
    "😀 👨‍👩‍👧‍👦 👍🏽 1️⃣ #⃣ ⃣ © ® ™ \u202a \u2066 \ufeff \uffff \uff20 \uff03 … • "
    '€ — " ` %20 \u00ad 한국 .한국 🇩🇪 🇩 ق .قطر ﬁ ｱﾞ क़'
).split(" ")
_SPACES = [" ", "\n", "\r\n", "\r", "\x1c", "\x85", "\xa0", "\u3000"]
_LONG = ["x" * 64 + ".com", "あ" * 60 + ".com", "a" * 41]
_HARD = st.lists(st.sampled_from([*_PIECES, *_SPACES, *_LONG]), max_size=16).map(
    "".join
)
_ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
_TEXTS = st.one_of(
    _HARD, _ANY, st.lists(st.one_of(_HARD, _ANY), max_size=4).map("".join)
).filter(lambda text: 0 < len(text) < 300)


@pytest.fixture(scope="module")
def peer():
    """
    The published parser, which warns about the way it loads itself.
    """
    if importlib.util.find_spec("twitter_text") is None:
        pytest.skip("twitter-text-parser is not installed")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            import twitter_text
        except ImportError:
            pytest.skip("twitter-text-parser wants setuptools below 82")
    return twitter_text


@pytest.mark.parametrize(
    ("text", "counted"),
    [pytest.param(text, counted, id=what) for what, text, counted in VECTORS],
)
def test_the_public_vectors_are_met(text, counted):
    """
    Length, validity and what fits are what X's own library expects of every case.
    """
    got = weigh(text)

    assert counted == (
        got.length,
        got.valid,
        got.permillage,
        got.display_end,
        got.valid_end,
    )
    assert counted[0] == weighted_length(text)


@pytest.mark.parametrize("text", LINKS)
def test_links_are_found_as_x_finds_them(text):
    """
    Neither a bracket nor a neighbour without space is taken into a link.
    """
    assert LINKS[text] == [text[begin:end] for begin, end in link_spans(text)]


@settings(max_examples=500, deadline=None)
@example("ßt.co/abc")
@example("xn--éa.co")
@example("t.co/abc,(film)")
@example("a.comいb.рф/path")
@example("a_b.co_x.co")
@given(_TEXTS)
def test_no_text_is_counted_otherwise_than_the_published_parser_counts_it(peer, text):
    """
    Whatever is typed has the length, and the part that fits, the parser finds.
    """
    theirs = peer.parse_tweet(text)

    ours = weigh(text)

    assert theirs.weightedLength == weighted_length(text)
    assert (
        theirs.weightedLength,
        theirs.valid,
        theirs.permillage,
        theirs.displayRangeEnd,
        theirs.validRangeEnd,
    ) == (ours.length, ours.valid, ours.permillage, ours.display_end, ours.valid_end)


def test_every_emoji_of_the_table_is_one_to_both(peer):
    """
    The grammar holds the parser's sequences and no other.
    """
    listed = {
        "".join(chr(int(code, 16)) for code in emoji.codepoint.split())
        for emoji in sys.modules["twitter_text.regexp.emoji"].emoji_list
    }

    assert set() == {text for text in listed if not emoji_pattern().fullmatch(text)}
    assert 3827 == len(listed)


@pytest.mark.parametrize("size", [1, 2, 7, 40])
def test_emoji_weigh_two_however_many_they_are(size):
    """
    A family, a flag, a keycap and a skin tone weigh what a smile weighs.
    """
    for emoji in ("😀", "👨‍👩‍👧‍👦", "🇩🇪", "1️⃣", "👍🏽", "🏳️‍🌈", "©", "®️"):
        assert 2 * size == weighted_length(emoji * size)


@given(_TEXTS)
def test_composed_or_not_a_text_counts_the_same(text):
    """
    How a keyboard sends accents changes nothing.
    """
    assert weighted_length(unicodedata.normalize("NFC", text)) == weighted_length(
        unicodedata.normalize("NFD", text)
    )


@given(st.text("\u0301\u0327\u0323\u0316a", min_size=1001, max_size=1100))
def test_piled_accents_are_ordered_as_the_standard_does(text):
    """
    The quick way to the normal form is the normal form.
    """
    assert unicodedata.normalize("NFC", text) == _normal(text)


@given(_TEXTS)
def test_what_is_visible_fits_and_begins_the_text(text):
    """
    The visible part is a beginning that fits, and all of the text where that is valid.
    """
    assume("\r" not in text)
    whole = weigh(text)

    assert unicodedata.normalize("NFC", text).startswith(whole.visible)
    if whole.valid:
        assert unicodedata.normalize("NFC", text) == whole.visible


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        ".",
        "a.",
        "a.co",
        "a_b.co",
        "a.co_-",
        "a.co/(",
        "漢字example.com",
        "é.",
        "👨‍👩‍👧‍👦",
    ],
)
def test_hostile_long_texts_are_counted_once_through(piece):
    """
    No arrangement makes the search go back: ten thousand repetitions end at once.

    A search that goes back would need minutes; the time itself is no matter of tests.
    """
    assert 0 < weighted_length(piece * 10_000)


def test_the_tables_are_what_they_say():
    """
    Letters of the grammar are used, and flags are pairs of letters.
    """
    assert all(len(flag) == 2 and flag.isupper() for flag in FLAGS.split())
    assert all(f" {letter}" in EMOJI or f"({letter}" in EMOJI for letter in LETTERS)
