"""
What targeting names is found by search, and has one lasting id.
"""

from __future__ import annotations

from collections import Counter

import pytest

from smmlib.errors import SandboxError
from smmlib.sandbox._world import entry, search
from smmlib.sandbox._world._tables import KINDS, aliases, entries_of

_LEAST = {"interest": 500, "job": 200, "city": 1_000, "country": 100, "region": 300}


@pytest.mark.parametrize("kind", sorted(_LEAST))
def test_catalogues_are_large_enough(kind):
    """
    There are enough entries that guessing an id cannot succeed.
    """
    assert len(entries_of(kind)) >= _LEAST[kind]


def test_ids_are_unique_digits_that_lead_back():
    """
    No two entries of any catalogue share an id, and each id finds its entry.
    """
    everything = [one for kind in KINDS for one in entries_of(kind)]

    assert len(everything) == len({one.id for one in everything})
    assert all(entry(one.kind, one.id) is one for one in everything)
    assert all(one.id.isdigit() for one in everything if one.kind != "country")
    assert all(one.size > 0 for one in everything)


def test_ids_do_not_move():
    """
    Ids come from name and place, so they stay when a catalogue grows.
    """
    espresso = search("interest", "Espresso")[0]
    munich = search("city", "Munich")[0]

    assert "6003498768945" == espresso.id
    assert "4287235" == munich.id


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("interest", "Espresso"),
        ("interest", "Coffee machines"),
        ("job", "Office Manager"),
        ("job", "Head of HR"),
        ("industry", "Software Development"),
        ("city", "Zurich"),
        ("city", "Graz"),
        ("city", "Basel"),
        ("city", "Bern"),
        ("city", "Hamburg"),
        ("country", "Germany"),
    ],
)
def test_common_names_are_unambiguous(kind, name):
    """
    Searching the exact name puts its only bearer first.
    """
    found = search(kind, name.upper())
    bearers = [one for one in found if one.name == name]

    assert [found[0]] == bearers


def test_many_cities_share_their_names():
    """
    At least twenty names are borne by several cities; place tells them apart.
    """
    cities = entries_of("city")
    names = Counter(one.name for one in cities)

    assert sum(count > 1 for count in names.values()) >= 20
    assert len(cities) == len({(one.name, one.region, one.country) for one in cities})
    assert 5 == len(search("city", "Springfield"))
    assert {"FR", "US"} == {one.country for one in search("city", "Paris")}
    assert ["CR", "US"] == sorted(one.country for one in search("city", "San José"))
    assert {"Hesse", "Brandenburg"} == {
        one.region for one in search("city", "Frankfurt") if one.country == "DE"
    }


@pytest.mark.parametrize(
    ("kind", "name", "categories"),
    [
        ("interest", "Coffee", {"Food and drink", "Film and television"}),
        ("interest", "Java", {"Technology", "Travel and places"}),
        ("job", "Architect", {"Information technology", "Trades and transport"}),
    ],
)
def test_one_name_may_mean_two_things(kind, name, categories):
    """
    Interests and jobs of the same name differ by their path, the bigger one first.
    """
    found = [one for one in search(kind, name) if one.name == name]

    assert categories == {one.path[-1] for one in found}
    assert found[0].size > found[1].size


@pytest.mark.parametrize("typed", ["münchen", "MUNCHEN", "munich", " Munich "])
def test_search_forgives_case_accents_and_language(typed):
    """
    However a city is typed, it is found.
    """
    assert "Munich" == search("city", typed)[0].name


def test_search_orders_by_exactness_then_size():
    """
    The name itself comes first, then beginnings, then words within.
    """
    names = [one.name for one in search("interest", "coffee")]
    jobs = [one.name for one in search("job", "office manager")]

    assert ["Coffee", "Coffee", "Coffeehouses", "Coffee machines"] == names[:4]
    assert names.index("Coffee roasting") < names.index("Instant coffee")
    assert ["Office Manager", "Back Office Manager"] == jobs


def test_search_can_be_narrowed():
    """
    A limit cuts, a country filters, nothing typed finds nothing.
    """
    assert 3 == len(search("city", "s", limit=3))
    assert ["US"] * 3 == [one.country for one in search("city", "Paris", country="us")]
    assert () == search("interest", "  ")
    assert () == search("interest", "qqqq")
    assert () == search("city", "Paris", limit=0)


def test_an_unknown_catalogue_is_an_error_an_unknown_id_is_not():
    """
    A wrong kind is our mistake, a wrong id is an answer.
    """
    with pytest.raises(SandboxError, match="no catalogue 'zodiac'"):
        search("zodiac", "leo")
    assert entry("interest", "1") is None


def test_every_other_name_belongs_to_a_city():
    """
    The table of local names mentions no city that is missing.
    """
    cities = {(one.country, one.name) for one in entries_of("city")}

    assert set() == set(aliases()) - cities
