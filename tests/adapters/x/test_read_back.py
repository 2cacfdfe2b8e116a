"""
Posts as X hands them back: links shortened, three signs coded, pictures as links.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smmlib.adapters.x._normal import media_of, text_of

_SHORT = "https://t.co/AbCdEf12{:02}"


def _shortened(text, links, picture=""):
    """
    The payload of a post in the older API's style, as its documentation shows one.
    """
    shown, urls = _coded(text), []
    for number, link in enumerate(links):
        short = _SHORT.format(number)
        shown = shown.replace(_coded(link), short, 1)
        display = link.partition("//")[2][:20]
        urls.append({"url": short, "expanded_url": link, "display_url": display})
    payload = {"full_text": shown, "entities": {"urls": urls}, "truncated": False}
    if picture:
        short = _SHORT.format(99)
        medium = {
            "id": int(picture),
            "id_str": picture,
            "url": short,
            "expanded_url": "https://x.com/alpenkaffee/status/1/photo/1",
            "media_url_https": "https://pbs.twimg.com/media/x.jpg",
            "type": "photo",
        }
        payload["full_text"] += f" {short}"
        payload["extended_entities"] = {"media": [medium]}
    return payload


def _coded(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


_LINK = "https://alpenkaffee.example/box?utm_source=x&copy=1&lt=2&utm_term=a%20b"


@pytest.mark.parametrize(
    "text",
    [
        "Taste first.",
        f"Taste first & smile: {_LINK}",
        f"{_LINK} first, then words < 3 > 2",
        "Write &amp; or &copy; as you like",
        f"Zwei Zeilen\n\nund ein Link {_LINK}",
    ],
)
@pytest.mark.parametrize("picture", ["", "1466470231064434951"])
def test_a_text_is_read_as_it_was_written(text, picture):
    """
    With its long link and its own signs, without the link of its picture.
    """
    links = [_LINK] if _LINK in text else []

    payload = _shortened(text, links, picture)

    assert text == text_of(payload)
    assert ([f"3_{picture}"] if picture else []) == media_of(payload)


@given(st.text(alphabet="ab &;#<>\n\U0001f600ampltgcopy", max_size=60))
def test_any_signs_come_back(text):
    """
    Whatever looks like a code already is read as it was written.
    """
    assert text.strip() == text_of({"full_text": _coded(text)})


def test_the_link_of_a_card_is_no_part_of_the_text():
    """
    X shows a card as one more link: the ad's text has none.
    """
    short = _SHORT.format(1)
    urls = [{"url": short, "expanded_url": "card://1466470231064434951"}]

    read = text_of({"full_text": f"Four roasts {short}", "entities": {"urls": urls}})

    assert "Four roasts" == read
