"""
Links, their UTM tags, and names that can be read back.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from smmlib.errors import ValidationError
from smmlib.model import NamePattern, Utm
from smmlib.testing import strategies


@given(strategies.utms(), strategies.links())
def test_tags_can_be_read_back(utm, link):
    """
    A tagged link carries exactly these tags, whatever characters they hold.
    """
    tagged = utm.tag(link)

    assert utm == Utm.from_link(tagged)
    assert tagged.isascii() or not link.isascii()


@given(strategies.utms(), strategies.utms(), strategies.links())
def test_tags_replace_tags(first, second, link):
    """
    Tagging again replaces the old tags; tagging twice is tagging once.
    """
    assert second.tag(link) == second.tag(first.tag(link))
    assert first.tag(link) == first.tag(first.tag(link))


@given(strategies.utms(), strategies.links())
def test_the_rest_of_a_link_stays(utm, link):
    """
    Host, path, fragment and all other parameters stay as they were written.
    """
    before, after = urlsplit(link), urlsplit(utm.tag(link))

    assert before._replace(query="") == after._replace(query="")
    kept = [p for p in before.query.split("&") if p and not p.startswith("utm_")]
    assert kept == [p for p in after.query.split("&") if not p.startswith("utm_")]


def test_macros_and_flags_survive():
    """
    What a platform or a shop puts into a link is left alone.
    """
    utm = Utm("facebook", "paid_social", campaign="spring")

    tagged = utm.tag("https://shop.example/?flag&id={{ad.id}}&UTM_Source=old#top")

    assert (
        "https://shop.example/?flag&id={{ad.id}}&utm_source=facebook"
        "&utm_medium=paid_social&utm_campaign=spring#top"
    ) == tagged


@pytest.mark.parametrize(
    "link",
    [
        "https://shop.example/",
        "https://shop.example/?utm_source=a&utm_medium=b",
        "https://shop.example/?utm_source=a&utm_medium=b&utm_campaign=",
        "http://[",
        "",
    ],
)
def test_links_without_tags_have_none(link):
    """
    Without source, medium and campaign a link has no tags.
    """
    assert Utm.from_link(link) is None


def test_tags_are_encoded():
    """
    Blanks and signs are safe inside a query.
    """
    utm = Utm("news letter", "e-mail&co", campaign="50 % off")

    assert [
        ("utm_source", "news letter"),
        ("utm_medium", "e-mail&co"),
        ("utm_campaign", "50 % off"),
    ] == parse_qsl(utm.query())


def test_only_links_are_tagged():
    """
    Tagging what is no public link is refused.
    """
    with pytest.raises(ValidationError, match="no web link"):
        Utm("a", "b", campaign="c").tag("javascript:alert(1)")


_words = st.from_regex(re.compile(r"[a-z0-9 .+äß👋]{1,12}", re.ASCII), fullmatch=True)


@given(strategies.name_patterns(), st.data())
def test_names_can_be_read_back(pattern, data):
    """
    What `build` makes, `parse` takes apart again; what would blur is refused.
    """
    values = {
        slot: data.draw(
            st.sampled_from(options)
            if (options := pattern.allowed.get(slot))
            else _words
        )
        for slot in pattern.slots
    }
    assume(all(value.strip() for value in values.values()))
    try:
        name = pattern.build(**values)
    except ValidationError as error:
        refused = error.issues[0].code
        assert "name.ambiguous" == refused
        return

    assert values == pattern.parse(name)
    assert {} == pattern.check({"campaigns.a": name})


def test_a_separator_inside_a_part_is_refused():
    """
    A name that could be read in two ways is not built.
    """
    pattern = NamePattern("{brand}_{network}")

    with pytest.raises(ValidationError, match="holds the separator"):
        pattern.build(brand="alpen_kaffee", network="facebook")
    assert pattern.parse("alpen_kaffee_facebook") is None


def test_only_allowed_values_make_names():
    """
    A slot with a list takes values from it, in building and in reading.
    """
    pattern = NamePattern("{brand}|{month}", allowed={"brand": ["a+b", "c"]})

    assert {"brand": "a+b", "month": "03"} == pattern.parse("a+b|03")
    assert pattern.parse("aab|03") is None
    with pytest.raises(ValidationError, match="'d' is not allowed for brand"):
        pattern.build(brand="d", month="03")
    with pytest.raises(ValidationError, match="needs brand, month; got brand"):
        pattern.build(brand="c")
    assert {"x": "c/03"} == pattern.check({"x": "c/03", "y": "c|03"})
