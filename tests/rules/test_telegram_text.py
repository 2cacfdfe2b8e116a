"""
Marks in texts for Telegram, and how long Telegram counts what they leave.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smmlib.rules import TextEntity, formatted, telegram_length


@pytest.mark.parametrize(
    ("text", "shown", "entities"),
    [
        ("*We are open.*", "We are open.", [TextEntity("bold", 0, 12)]),
        ("a _soft_ word", "a soft word", [TextEntity("italic", 2, 6)]),
        ("~old~ ||new||", "old new", [("strikethrough", 0, 3), ("spoiler", 4, 7)]),
        ("run `make`", "run make", [TextEntity("code", 4, 8)]),
        (
            "[our shop](https://a.example/b)!",
            "our shop!",
            [TextEntity("text_link", 0, 8, "https://a.example/b")],
        ),
        ("2*3*4 and snake_case_name", "2*3*4 and snake_case_name", []),
        (r"\*plain\* and *", "*plain* and *", []),
        ("* a * [x](ftp://y)", "* a * [x](ftp://y)", []),
    ],
)
def test_marks_mean_what_people_expect(text, shown, entities):
    """
    Marks at the edges of words format them; all others are plain characters.
    """
    got = formatted(text)

    assert shown == got.text
    assert [TextEntity(*e) if isinstance(e, tuple) else e for e in entities] == list(
        got.entities
    )


@given(st.text("*_~|`[]()\\ab \n😀.h:/tps", max_size=60))
def test_every_text_can_be_read(text):
    """
    No arrangement of marks is an error, and parts lie in order inside the text.
    """
    got = formatted(text)

    at = 0
    for entity in got.entities:
        assert at <= entity.begin < entity.end <= len(got.text)
        at = entity.end


def test_length_is_in_utf16_units_of_what_is_shown():
    """
    Marks cost nothing, emoji two units.
    """
    assert 4 == telegram_length("*a😀b*")
