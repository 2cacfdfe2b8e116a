"""
Audiences grow with what is allowed and shrink with what is asked.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smmlib.errors import SandboxError
from smmlib.sandbox._world import CityRadius, audience_size, entry, search

_INTERESTS = [
    search("interest", name)[0].id
    for name in ("Espresso", "Coffee machines", "Tea", "Jazz", "Chess")
]
_COUNTRIES = st.sets(st.sampled_from(["DE", "AT", "CH", "FR", "US", "IN"]), min_size=1)
_GROUP = st.sets(st.sampled_from(_INTERESTS), min_size=1)
_AGES = st.tuples(st.integers(13, 40), st.integers(41, 65))
_quick = settings(max_examples=50, deadline=None)


def _city(name: str, radius: float = 0) -> CityRadius:
    return CityRadius(search("city", name)[0].id, radius)


@given(countries=_COUNTRIES, more=_COUNTRIES, ages=_AGES, group=_GROUP)
@_quick
def test_more_places_are_more_people(countries, more, ages, group):
    """
    Adding a country never makes an audience smaller.
    """
    asked = {"ages": ages, "groups": [group]}

    assert audience_size(countries=countries, **asked) <= audience_size(
        countries=countries | more, **asked
    )


@given(countries=_COUNTRIES, groups=st.lists(_GROUP, max_size=3), extra=_GROUP)
@_quick
def test_interests_narrow_and_alternatives_widen(countries, groups, extra):
    """
    One more condition shrinks the audience, one more alternative widens it.
    """
    asked = audience_size(countries=countries, groups=groups)

    assert audience_size(countries=countries, groups=[*groups, extra]) <= asked
    if groups:
        wider = [groups[0] | extra, *groups[1:]]
        assert audience_size(countries=countries, groups=wider) >= asked
    assert audience_size(countries=countries, groups=groups, not_in=extra) <= asked


@given(ages=_AGES)
@_quick
def test_ages_and_genders_add_up(ages):
    """
    Men and women are everybody, and two halves of an age range are the whole.
    """
    low, high = ages
    whole = audience_size(countries=["DE"], ages=ages)
    men, women = (
        audience_size(countries=["DE"], ages=ages, genders=[gender])
        for gender in (1, 2)
    )
    parts = [
        audience_size(countries=["DE"], ages=(low, 40)),
        audience_size(countries=["DE"], ages=(41, high)),
    ]

    assert abs(whole - men - women) <= 2
    assert abs(whole - sum(parts)) <= 2
    assert whole == audience_size(countries=["DE"], ages=ages, genders=[1, 2])


@given(radius=st.floats(0, 80), further=st.floats(0, 80))
@_quick
def test_a_wider_circle_holds_more(radius, further):
    """
    People around a city grow with the radius and stay within the country.
    """
    near = audience_size(cities=[_city("Zurich", radius)])
    far = audience_size(cities=[_city("Zurich", radius + further)])

    assert near <= far <= audience_size(countries=["CH"])


def test_places_within_places_count_once():
    """
    A city adds nothing to its country, and can be taken out of it.
    """
    swiss = audience_size(countries=["CH"])
    region = entry("region", search("region", "Bern")[0].id)
    bern = audience_size(regions=[region.id])

    assert swiss == audience_size(countries=["CH"], cities=[_city("Zurich", 25)])
    assert bern == audience_size(regions=[region.id], cities=[_city("Thun")])
    assert swiss - bern == pytest.approx(
        audience_size(countries=["CH"], excluded=[region.id]), abs=2
    )
    without = audience_size(countries=["CH"], excluded=[_city("Zurich")])
    assert swiss - audience_size(cities=[_city("Zurich")]) == pytest.approx(
        without, abs=2
    )
    assert swiss == audience_size(countries=["CH"], excluded=[_city("Vienna")])


def test_what_is_left_out_whole_leaves_nobody():
    """
    Excluding the only place asked for empties the audience.
    """
    bavaria = search("region", "Bavaria")[0].id

    assert 0 == audience_size(countries=["DE"], excluded=["DE"])
    assert 0 == audience_size(regions=[bavaria], excluded=[bavaria])
    assert 0 == audience_size(cities=[_city("Munich")], excluded=[bavaria])
    assert 0 == audience_size(cities=[_city("Munich")], excluded=[_city("Munich", 30)])


def test_no_place_means_everywhere():
    """
    Without a place the audience is the whole world's.
    """
    assert audience_size() > audience_size(countries=["IN", "US", "BR"])


def test_own_lists_bound_the_audience():
    """
    Retargeting reaches no more than the list holds; excluding a list shrinks.
    """
    plain = audience_size(countries=["DE"])

    assert 0 < audience_size(countries=["DE"], pools=[4_000, 1_000]) <= 5_000
    assert audience_size(countries=["DE"], excluded_pools=[10_000]) < plain
    assert 0 == audience_size(countries=["DE"], pools=[10], excluded_pools=[10_000])


def test_an_unknown_id_is_refused():
    """
    An id that no search returned is an error that names it.
    """
    with pytest.raises(SandboxError, match="'6003000000000'"):
        audience_size(countries=["DE"], groups=[["6003000000000"]])
    with pytest.raises(SandboxError, match="'ZZ'"):
        audience_size(countries=["ZZ"])
