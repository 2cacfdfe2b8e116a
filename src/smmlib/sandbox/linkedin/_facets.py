"""
Targeting facets and the entities they hold: what can be named, under which URN.

Facets, their finders and the fixed values: LinkedIn targeting pages at
li-lms-2026-02. Entities without fixed values come from the world's catalogues; their
numbers are the sandbox's own, to be found by typeahead and never guessed.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

import attrs

from smmlib.sandbox import _world as people
from smmlib.sandbox._world._tables import entries_of
from smmlib.sandbox.linkedin._tables import LOCALES

FACET = "urn:li:adTargetingFacet:"
LIST, AHEAD, SIMILAR = "AD_TARGETING_FACET", "TYPEAHEAD", "SIMILAR_ENTITIES"


@attrs.frozen
class Facet:
    """
    One facet.

    Attributes:
        family: Which entities it takes; empty for what the sandbox does not hold: for
            revenue no document says what its entities are called.
        types: Entity types LinkedIn lists for it.
    """

    name: str
    family: str
    finders: tuple[str, ...]
    types: tuple[str, ...] = ()
    excludes: bool = True

    @property
    def urn(self) -> str:
        """
        Its URN.
        """
        return FACET + self.name


@attrs.frozen
class Entity:
    """
    One thing that targeting can name.

    Attributes:
        share: Part of all members it stands for, where no catalogue knows better.
        entries: Ids in the world's catalogues that it stands for.
    """

    urn: str
    name: str
    share: float = 0.0
    entries: tuple[str, ...] = ()


_ALL = (LIST, AHEAD, SIMILAR)
_FAR = (AHEAD, SIMILAR)
_BOTH = (LIST, AHEAD)

FACETS = {
    facet.name: facet
    for facet in (
        Facet("locations", "geo", (AHEAD,)),
        Facet("profileLocations", "geo", (AHEAD,)),
        Facet("interfaceLocales", "locale", (LIST,), ("LOCALE",), excludes=False),
        Facet("ageRanges", "ageRange", (LIST,), ("AGE",), excludes=False),
        Facet("genders", "gender", (LIST,), ("GENDER",), excludes=False),
        Facet("seniorities", "seniority", (LIST,), ("SENIORITY",)),
        Facet("jobFunctions", "function", (LIST,), ("FUNCTION",)),
        Facet("titles", "title", _ALL, ("TITLE",)),
        Facet("titlesPast", "title", _ALL, ("TITLE",)),
        Facet("titlesAll", "title", _ALL, ("TITLE",)),
        Facet("industries", "industry", _ALL, ("INDUSTRY",)),
        Facet("staffCountRanges", "staffCountRange", (LIST,), ("COMPANY_SIZE",)),
        Facet("employers", "organization", _FAR, ("COMPANY",)),
        Facet("employersPast", "organization", _FAR, ("COMPANY",)),
        Facet("employersAll", "organization", _FAR, ("COMPANY",)),
        Facet("followedCompanies", "organization", _FAR, ("COMPANY",)),
        Facet("firstDegreeConnectionCompanies", "organization", _FAR, ("COMPANY",)),
        Facet("skills", "skill", _ALL, ("SKILL",)),
        Facet("schools", "school", (AHEAD,), ("SCHOOL",)),
        Facet("degrees", "degree", _BOTH, ("DEGREE",)),
        Facet("fieldsOfStudy", "fieldOfStudy", _BOTH, ("FIELD_OF_STUDY",)),
        Facet(
            "yearsOfExperienceRanges",
            "yearsOfExperience",
            (LIST,),
            ("YEARS_OF_EXPERIENCE",),
        ),
        Facet("interests", "interest", _BOTH, ("INTEREST",)),
        Facet("groups", "group", _FAR, ("GROUP",), excludes=False),
        Facet("memberBehaviors", "memberBehavior", _BOTH, ("MEMBER_BEHAVIOR",)),
        Facet("companyCategory", "organizationRankingList", _BOTH, ("COMPANY",)),
        Facet("growthRate", "growthRate", _BOTH, ("FIRMOGRAPHIC",)),
        Facet("revenue", "", _BOTH, ("FIRMOGRAPHIC",)),
        Facet("audienceMatchingSegments", "segment", ()),
        Facet("dynamicSegments", "segment", ()),
    )
}

_SENIORITIES = (
    ("Unpaid", 0.02), ("Training", 0.04), ("Entry", 0.30), ("Senior", 0.28),
    ("Manager", 0.14), ("Director", 0.08), ("VP", 0.03), ("CXO", 0.04),
    ("Partner", 0.02), ("Owner", 0.05),
)  # fmt: skip
_STAFF = (
    (1, 1, 0.05), (2, 10, 0.14), (11, 50, 0.15), (51, 200, 0.15), (201, 500, 0.10),
    (501, 1000, 0.08), (1001, 5000, 0.13), (5001, 10000, 0.06),
    (10001, 2**31 - 1, 0.14),
)  # fmt: skip
_AGES = ((18, 24), (25, 34), (35, 54), (55, 2**31 - 1))
_BEHAVIOURS = (
    (2, "Mobile Users", 0.55), (3, "iPhone Users", 0.24),
    (13, "Open to Education", 0.12), (14, "Frequent Contributor", 0.06),
)  # fmt: skip
_SKILLS = (
    "Accounting; Administration; Agile Methods; Analytical Skills; Brand Management;"
    " Budgeting; Business Development; Business Strategy; Change Management; Coaching;"
    " Communication; Content Marketing; Contract Negotiation; Copywriting;"
    " Customer Service; Data Analysis; Digital Marketing; E-commerce; Engineering;"
    " Event Planning; Facility Management; Financial Analysis; Food Safety;"
    " Graphic Design; Hospitality; Human Resources; Java; Leadership; Logistics;"
    " Management; Market Research; Marketing Strategy; Negotiation; Office Management;"
    " Online Advertising; Operations Management; People Management; Procurement;"
    " Product Management; Project Management; Public Relations; Public Speaking;"
    " Python; Quality Assurance; Recruiting; Retail; Risk Management; Sales;"
    " Search Engine Optimization; Social Media; Social Media Marketing; SQL;"
    " Strategic Planning; Supply Chain Management; Teaching; Team Building;"
    " Team Leadership; Time Management; Training; Web Design"
).split("; ")
_COMPANIES = (
    "Alpenkaffee GmbH; Nordlicht Energie; Blaubeer Software; Kranich Logistik;"
    " Silberbach Bank; Rheintal Maschinenbau; Lindenhof Hotels; Orchard Analytics;"
    " Copperfield Foods; Bluewater Insurance; Granite Consulting; Juniper Health"
).split("; ")


_SCHOOLS = (
    "Alpine University; Bergen School of Economics; Harbour Technical University;"
    " Lakeside Business School; Marien University; Nordwind University of Arts;"
    " Riverside College; Stonefield Institute of Technology"
).split("; ")
_DEGREES = (
    ("Associate's Degree", 0.07), ("Bachelor's Degree", 0.34),
    ("Doctor of Philosophy", 0.03), ("High School", 0.12),
    ("Master of Business Administration", 0.06), ("Master's Degree", 0.19),
)  # fmt: skip
_FIELDS = (
    "Accounting and Finance; Architecture; Business Administration; Computer Science;"
    " Economics; Education; Engineering; Hospitality Management; Law; Marketing;"
    " Medicine; Psychology"
).split("; ")
_GROUPS = (
    "Coffee Professionals; Digital Marketing Circle; Facility Managers Europe;"
    " Founders Forum; Office Managers Network; Procurement Leaders; Women in Tech"
).split("; ")
_RANKINGS = ((1, "Fortune Global 500", 0.09), (3, "Most Innovative (Forbes)", 0.04))
_GROWTH = (
    (-(2**31), -1, 0.16), (0, 2, 0.27), (3, 9, 0.30), (10, 19, 0.15),
    (20, 2**31 - 1, 0.12),
)  # fmt: skip
# Entities of a family whose URNs are called after another.
_CALLED = {"school": "organization"}


def urn_name(family: str) -> str:
    """
    What the URNs of a family are called.
    """
    return _CALLED.get(family, family)


def _number(family: str, *words: str) -> int:
    text = "\x1f".join((family, *words))
    digest = hashlib.blake2b(text.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big")


def _from_world(family: str, kind: str, least: int, span: int) -> list[Entity]:
    found: dict[str, Entity] = {}
    for one in entries_of(kind):
        number = least + _number(family, kind, one.id) % span
        while f"urn:li:{family}:{number}" in found:
            number += 1
        urn = f"urn:li:{family}:{number}"
        found[urn] = Entity(urn, _name(one), entries=(one.id,))
    return list(found.values())


def _name(one: people.CatalogueEntry) -> str:
    if one.kind == "city":
        return f"{one.name}, {one.region}, {one.path[1]}"
    return f"{one.name}, {one.path[1]}" if one.kind == "region" else one.name


def _geo() -> list[Entity]:
    found: list[Entity] = []
    for place, kind in enumerate(("country", "region", "city"), 1):
        found += _from_world("geo", kind, place * 100_000_000, 99_000_000)
    return found


def _functions() -> list[Entity]:
    jobs: dict[str, list[str]] = {}
    for one in entries_of("job"):
        jobs.setdefault(one.path[-1], []).append(one.id)
    return [
        Entity(f"urn:li:function:{n}", name, entries=tuple(ids))
        for n, (name, ids) in enumerate(sorted(jobs.items()), 1)
    ]


def _range(low: int, high: int) -> str:
    return f"{low}+" if high == 2**31 - 1 else f"{low}-{high}"


def _fixed(family: str) -> list[Entity]:
    if family == "seniority":
        rows: list[tuple[object, str, float]] = [
            (n, name, share) for n, (name, share) in enumerate(_SENIORITIES, 1)
        ]
    elif family == "staffCountRange":
        rows = [(f"({a},{b})", _range(a, b), share) for a, b, share in _STAFF]
    elif family == "ageRange":
        rows = [(f"({a},{b})", _range(a, b), 0.0) for a, b in _AGES]
    elif family == "gender":
        rows = [("FEMALE", "Female", 0.0), ("MALE", "Male", 0.0)]
    elif family == "locale":
        rows = [(one, one, _locale_share(one)) for one in LOCALES]
    elif family == "memberBehavior":
        rows = [(n, name, share) for n, name, share in _BEHAVIOURS]
    elif family == "yearsOfExperience":
        rows = [(n, f"{n} years", 0.085) for n in range(1, 13)]
    elif family in _LISTS:
        rows = list(_LISTS[family])
    else:
        rows = _own(family)
    name = urn_name(family)
    return [Entity(f"urn:li:{name}:{key}", text, share) for key, text, share in rows]


def _growth(low: int, high: int) -> str:
    if low < 0:
        return "Negative growth"
    return f"{low}% or more" if high == 2**31 - 1 else f"{low}-{high}%"


_LISTS: dict[str, tuple[tuple[object, str, float], ...]] = {
    "degree": tuple((n, one, part) for n, (one, part) in enumerate(_DEGREES, 100)),
    "organizationRankingList": _RANKINGS,
    "growthRate": tuple((f"({a},{b})", _growth(a, b), part) for a, b, part in _GROWTH),
}
_OWN = {
    "skill": (_SKILLS, 1_000),
    "organization": (_COMPANIES, 1_000_000),
    "school": (_SCHOOLS, 3_000_000),
    "fieldOfStudy": (_FIELDS, 100_000),
    "group": (_GROUPS, 2_000_000),
}


def _own(family: str) -> list[tuple[object, str, float]]:
    names, least = _OWN[family]
    rows: list[tuple[object, str, float]] = []
    for name in names:
        number = _number(family, name)
        rows.append((least + number % 90_000, name, 0.001 + number % 97 / 2_000))
    return rows


def _locale_share(locale: str) -> float:
    return {"en_US": 0.6, "de_DE": 0.12}.get(locale, 0.03)


@lru_cache(maxsize=32)
def entities(family: str) -> dict[str, Entity]:
    """
    All entities of a family by URN.
    """
    if family == "geo":
        found = _geo()
    elif family == "title":
        found = _from_world("title", "job", 1, 29_000)
    elif family == "industry":
        found = _from_world("industry", "industry", 1, 3_200)
    elif family == "interest":
        found = _from_world("interest", "interest", 100_000, 900_000)
    elif family == "function":
        found = _functions()
    else:
        found = _fixed(family)
    return {one.urn: one for one in found}


@lru_cache(maxsize=4)
def _by_entry(family: str) -> dict[str, Entity]:
    return {one.entries[0]: one for one in entities(family).values()}


_KINDS = {
    "geo": ("country", "region", "city"),
    "title": ("job",),
    "industry": ("industry",),
    "interest": ("interest",),
}


def typeahead(family: str, words: str, limit: int = 100) -> list[Entity]:
    """
    Entities whose name begins with the words, best first.
    """
    if family in _KINDS:
        known = _by_entry(family)
        return [
            known[one.id]
            for kind in _KINDS[family]
            for one in people.search(kind, words, limit=limit)
        ][:limit]
    text = words.casefold().strip()
    return [
        one
        for one in entities(family).values()
        if text and any(part.startswith(text) for part in _starts(one.name.casefold()))
    ][:limit]


def _starts(name: str) -> list[str]:
    words = name.split()
    return [" ".join(words[n:]) for n in range(len(words))]
