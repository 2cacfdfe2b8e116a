"""
The quick constructors accept nothing that the plain ones refuse, and set the same.
"""

from __future__ import annotations

import inspect

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smmlib.errors import MoneyError, ValidationError
from smmlib.model import CTA, Ad, AdText, Card, Creative, Image, Status, Utm, Video
from smmlib.model._creative import _PLAIN_PATH, is_media_path
from smmlib.model._link import PLAIN_LINK, _is_public_link

_QUICK = (Ad, AdText, Card, Creative, Image)
_LINKS = [
    "https://shop.example/a?b=c#d",
    "http://a.local/",
    "https://localhost",
    "https://0x7f.ab/",
    "https://127.0.0.1/",
    "https://a:b@shop.example/",
    "https://shop.example\\x",
    "https://" + "a" * 64 + ".de",
    "https://shop.example/" + "a" * 2048,
    "ftp://shop.example",
]
_TEXTS = [
    "",
    " ",
    "Taste first.",
    "für dich",
    "क़" * 161,  # longer once it is composed
    "क़" * 400,
    "e\u0301" * 300,
    "a" * 480,
    "a" * 481,
    "a" * 1001,
    "line\nline",
    "a\x07b",
    "not a key",
    "img/a.jpg",
    "../a.jpg",
    "C:/a.jpg",
    "a//b.jpg",
    "sign_up",
    "Sign up",
    "paused",
    "facebook:123",
]
_CARD = Card("img/a.jpg", "Dark")
_ODD = st.one_of(
    st.sampled_from([*_LINKS, *_TEXTS]),
    st.text(max_size=12),
    st.sampled_from(
        [
            None,
            True,
            7,
            480,
            481,
            b"x",
            (),
            [],
            (_CARD,),
            (_CARD, _CARD),
            [_CARD, _CARD],
            (_CARD,) * 11,
            (_CARD, "x"),
            {},
            AdText("Hello"),
            AdText("Hello", limit=600),
            CTA.SIGN_UP,
            Status.PAUSED,
            Image("img/a.jpg"),
            Video("a.mp4"),
            Utm("facebook", "paid", campaign="c"),
        ]
    ),
)


def _outcome(make, arguments):
    """
    What a way of making a value ends in: all fields, or what it refuses.
    """
    try:
        made = make(**arguments)
    except (ValidationError, MoneyError) as error:
        return error.issues
    except TypeError as error:
        return str(error).replace("_plain(", "(")
    return {f.name: getattr(made, f.name) for f in attrs.fields(type(made))}


def _plainly(cls):
    """
    The class's own way, without the quick one before it.
    """

    def make(**arguments):
        made = cls.__new__(cls)
        cls.__init__.__wrapped__(made, **arguments)
        return made

    return make


@settings(max_examples=1500)
@given(st.sampled_from(_QUICK), st.data())
def test_the_quick_way_ends_as_the_plain_way(cls, draw):
    """
    Same fields or same refusal, whatever is given.
    """
    names = [field.name for field in attrs.fields(cls)]
    needed = [f.name for f in attrs.fields(cls) if f.default is attrs.NOTHING]
    some = draw.draw(st.sets(st.sampled_from(names)))
    arguments = {name: draw.draw(_ODD) for name in {*some, *needed}}
    assert _outcome(_plainly(cls), arguments) == _outcome(cls, arguments)


@pytest.mark.parametrize("cls", _QUICK)
def test_people_and_tools_see_the_signature_attrs_wrote(cls):
    """
    Help, completion and type checkers know the parameters with their types.
    """
    parameters = list(inspect.signature(cls).parameters)
    assert [field.name for field in attrs.fields(cls)] == parameters
    assert "str" in str(inspect.signature(cls))


@settings(max_examples=500)
@given(
    st.one_of(
        st.sampled_from(_LINKS),
        st.from_regex(PLAIN_LINK),
        st.from_regex(r"\Ahttps?://[a-z0-9.:@\[\]-]{1,24}[/?#]?[ -~]{0,8}\Z"),
    )
)
def test_a_link_that_looks_plain_is_public(link):
    """
    The short test is never wider than the long one.
    """
    if PLAIN_LINK.match(link):
        _is_public_link("link", link)


@settings(max_examples=500)
@given(st.one_of(st.from_regex(_PLAIN_PATH), st.from_regex(r"\A[a-z./: ~\\]{1,12}\Z")))
def test_a_path_that_looks_plain_stays_in_the_folder(path):
    """
    No parent, no drive, no address, no other system's separator.
    """
    if _PLAIN_PATH.match(path):
        parts = path.split("/")
        assert ".." not in parts
        assert not path.startswith(("/", "~"))
        assert not set(path) & set("\\:")
        is_media_path("path", path)
