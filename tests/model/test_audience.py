"""
Audiences are changed by making new ones.
"""

from __future__ import annotations

import pytest
from hypothesis import given

from smmlib.errors import ValidationError
from smmlib.model import (
    AgeRange,
    Audience,
    CustomAudience,
    Place,
    Placement,
    Radius,
    Traits,
    content_hash,
)
from smmlib.testing import strategies


@given(strategies.audiences(), strategies.traits())
def test_narrowing_adds_a_condition(audience, traits):
    """
    `narrow` keeps everything and adds one "and"; the old audience stays as it was.
    """
    before = content_hash(audience)
    narrow = audience.narrow(interests=traits.interests, seniorities=traits.seniorities)

    expected = Traits(traits.interests, seniorities=traits.seniorities)
    assert (*audience.narrow_by, expected) == narrow.narrow_by
    assert audience.traits == narrow.traits
    assert before == content_hash(audience)


@given(strategies.audiences(), strategies.places())
def test_broadening_adds_an_or(audience, place):
    """
    `broaden` adds what is not there yet, in order, and twice is once.
    """
    before = content_hash(audience)
    wide = audience.broaden(places=[place], interests=["Tea & more"])

    assert place in wide.places
    assert audience.places == wide.places[: len(audience.places)]
    assert wide == wide.broaden(places=[place], interests=["Tea & more"])
    assert before == content_hash(audience)


@given(strategies.audiences(), strategies.custom_audiences())
def test_excluding_is_remembered_once(audience, known):
    """
    `exclude` adds keys and known people that are not excluded yet.
    """
    without = audience.exclude("customers", known)

    assert {"customers", known} <= set(without.excluded)
    assert without == without.exclude("customers", known)
    assert audience.excluded == without.excluded[: len(audience.excluded)]


@pytest.mark.parametrize("part", ["age", "name", "narrow_by", "colour", "exclude"])
def test_only_lists_grow(part):
    """
    What is no list cannot be broadened, and the error lists what can.
    """
    with pytest.raises(ValidationError, match="no list that can grow") as caught:
        Audience().broaden(**{part: ["x"]})
    assert "interests" in caught.value.expected


@pytest.mark.parametrize("part", ["age", "places", "colour"])
def test_only_traits_narrow(part):
    """
    What is no trait cannot narrow an audience, and the error lists what can.
    """
    with pytest.raises(ValidationError, match="no trait to narrow by") as caught:
        Audience().narrow(**{part: ["x"]})
    assert "interests" in caught.value.expected


@pytest.mark.parametrize(
    "change",
    [
        lambda a: a.broaden(interests="Espresso"),
        lambda a: a.narrow(interests="Espresso"),
        lambda a: a.broaden(places=["DE"]),
        lambda a: a.exclude("not a key"),
        lambda a: a.exclude(5),
    ],
    ids=["letters", "narrow letters", "place", "key", "number"],
)
def test_changes_are_checked_too(change):
    """
    What the constructor refuses, the methods refuse.
    """
    with pytest.raises(ValidationError):
        change(Audience())


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("25-44", AgeRange(25, 44)),
        ("25..44", AgeRange(25, 44)),
        ("25 – 44", AgeRange(25, 44)),
        ("18+", AgeRange(18)),
    ],
)
def test_ages_are_read_as_people_write_them(text, value):
    """
    Ranges and open ranges.
    """
    assert value == AgeRange.parse(text)


@given(strategies.age_ranges(), strategies.radiuses(), strategies.placements())
def test_small_values_read_what_they_write(ages, radius, placement):
    """
    Ages, radiuses and placements turn into text and back.
    """
    assert ages == AgeRange.parse(str(ages))
    assert radius == Radius.parse(str(radius))
    assert placement == Placement.parse(str(placement))


@pytest.mark.parametrize("text", ["", "25", "44-25", "-5+", "a-b", "25-444", None])
def test_no_ages_are_refused(text):
    """
    Numbers alone, reversed ranges and words are no age range.
    """
    with pytest.raises(ValidationError):
        AgeRange.parse(text)


@pytest.mark.parametrize("text", ["", "25", "km", "25 m", "0 km", "1001 km", None])
def test_no_radius_is_refused(text):
    """
    A radius has a number and a unit, and an end.
    """
    with pytest.raises(ValidationError):
        Radius.parse(text)


def test_an_audience_is_described_in_one_line():
    """
    As a marketer would say it.
    """
    audience = Audience(
        age=AgeRange(25, 44),
        places=[Place("CH", city="Zurich", radius=Radius(25))],
        interests=["Espresso"],
        retarget=[CustomAudience("site_visitors", days=30)],
        exclude=["customers"],
    )

    assert (
        "Zurich, CH (+25 km); 25-44; Espresso; site_visitors: 30 days; not customers"
    ) == audience.describe()
    assert "everybody" == Audience().describe()
