"""
From an audience to X's targeting criteria; what X cannot express becomes issues.

X joins interests, keywords, lists and followers by "or"; all other types narrow them. A
plan that means "and" there is told so: it would reach other people than it says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from smmlib.adapters.x._known import KnownPeople
from smmlib.adapters.x._names import NameFinder, shown
from smmlib.adapters.x._normal import Criterion, grouped
from smmlib.errors import (
    InvalidRequestError,
    PlatformError,
    Severity,
    UnsupportedError,
)
from smmlib.model import Gender
from smmlib.ports import TargetingMatch
from smmlib.rules import _x_tables as rules

if TYPE_CHECKING:
    from smmlib.adapters.x._findings import Findings
    from smmlib.model import AgeRange, Audience, Place, Traits

Spec = dict[str, Any]
Criteria = list[Criterion]

KEYWORDS = tuple(rules.KEYWORD_TYPES.values())
PRIMARY = frozenset(
    {
        "FOLLOWERS_OF_USER",
        "SIMILAR_TO_FOLLOWERS_OF_USER",
        "CUSTOM_AUDIENCE",
        "CUSTOM_AUDIENCE_EXPANDED",
        "INTEREST",
        "TV_SHOW",
        *KEYWORDS,
    }
)
"""
Types X joins by "or", whatever they are.
"""
_GENDERS = {Gender.MALE: "1", Gender.FEMALE: "2"}
_USER = re.compile(r"[0-9]{1,19}", re.ASCII)
_LONGEST_KEYWORD = 200


class TargetingBuilder:
    """
    Builds targeting criteria for one plan.

    Args:
        names: Search with a cache.
        findings: Where problems go.
        audiences: Audiences of the plan by key.
        segments: Ids of X's audiences by the plan's names, where they are stated.
        user: Id of the user ads speak for; empty where it is not known.
    """

    def __init__(
        self,
        names: NameFinder,
        findings: Findings,
        *,
        audiences: Mapping[str, Audience],
        segments: Mapping[str, str],
        user: str = "",
    ) -> None:
        self._names = names
        self._findings = findings
        self._known_people = KnownPeople(
            findings, self._resolve, audiences=audiences, segments=segments, user=user
        )

    def build(self, audience: Audience, path: str) -> Spec:
        """
        The criteria of an ad set, in normal form.
        """
        found: Criteria = [
            *self._places(audience.places, f"{path}.places", "EQ"),
            *self._places(audience.exclude_places, f"{path}.exclude_places", "NE"),
            *self._age(audience.age, f"{path}.age"),
            *self._genders(audience),
            *self._languages(audience.languages, f"{path}.languages"),
            *self._people(audience, path),
            *self._known_people.left_out(audience, path),
        ]
        self._somewhere(found, path)
        self._counts(found, path)
        return grouped(found)

    # -- where they are, how old they are ------------------------------------------

    def _places(self, places: Iterable[Place], path: str, operator: str) -> Criteria:
        found: Criteria = []
        for number, place in enumerate(places):
            here = f"{path}[{number}]"
            if place.radius:
                self._findings.add(
                    f"{here}.radius",
                    "no_radius",
                    f"X draws no circles: {place.radius} around {place.city}",
                    value=str(place.radius),
                    limit=rules.NO_RADIUS.value,
                    hint="drop the radius, or name the region instead of the city",
                )
            match = self._place(place, here)
            found += [("LOCATION", operator, match.id)] if match else []
        return found

    def _place(self, place: Place, path: str) -> TargetingMatch | None:
        if place.city:
            return self._resolve("city", place.city, path, place.country, place.region)
        if place.region:
            return self._resolve("region", place.region, path, place.country)
        match = self._names.country(place.country)
        if match is None:
            self._unknown("country", place.country, path, ())
        return match

    def _age(self, age: AgeRange | None, path: str) -> Criteria:
        """
        The narrowest of X's age groups that holds these ages; it takes one.
        """
        if age is None:
            return [("AGE", "EQ", "AGE_OVER_18")]
        # Ages from 13 are everybody X has.
        group = rules.age_group(age.minimum, age.maximum) or (13, None)
        told = rules.shown_group(group)
        if group != (age.minimum, age.maximum):
            self._findings.add(
                path,
                "age_groups",
                f"X knows age groups only; {age} is sent as {told}",
                value=str(age),
                limit=rules.AGES_LIMIT.value,
                severity=Severity.WARNING,
                hint=f"write {told} to say what happens",
            )
        if group == (13, None):
            return []
        low, high = group
        name = f"AGE_OVER_{low}" if high is None else f"AGE_{low}_TO_{high}"
        return [("AGE", "EQ", name)]

    def _genders(self, audience: Audience) -> Criteria:
        if len(set(audience.genders)) != 1:
            return []
        return [("GENDER", "EQ", _GENDERS[audience.genders[0]])]

    def _languages(self, tags: Iterable[str], path: str) -> Criteria:
        found: Criteria = []
        for number, tag in enumerate(tags):
            code = tag.split("-")[0].lower()
            if self._names.by_id("language", code):
                found.append(("LANGUAGE", "EQ", code))
                continue
            self._findings.add(
                f"{path}[{number}]",
                "language_unknown",
                f"X knows no people who speak {tag!r}",
                value=tag,
                hint="leave it out here, or see: smm search language ...",
            )
        return found

    # -- what they are like, and whether we know them ------------------------------

    def _people(self, audience: Audience, path: str) -> Criteria:
        """
        Traits, further traits and known people: each an "and" of the plan.
        """
        groups = [
            self._traits(audience.traits, path),
            *(
                self._traits(traits, f"{path}.narrow_by[{number}]")
                for number, traits in enumerate(audience.narrow_by)
            ),
            self._known_people.reached(audience, path),
        ]
        found = [group for group in groups if group]
        for group in found:
            self._one_or(group, path)
        types = [{kind for kind, _, _ in group} for group in found]
        joined = [some for some in types if some & PRIMARY]
        if len(joined) > 1:
            self._findings.add(
                path,
                "or_not_and",
                "X shows ads to people of any of these groups, not to those of all: "
                + ", then ".join(" or ".join(sorted(some)) for some in joined),
                limit=rules.ONE_CIRCLE.value,
                hint="keep one of them here, and make an ad set for each of the others",
            )
        others = [kind for some in types for kind in some - PRIMARY]
        for kind in sorted({k for k in others if others.count(k) > 1}):
            self._findings.add(
                path,
                "or_not_and",
                f"X shows ads to people of any {kind} in the list, not of two at once",
                limit=rules.ONE_CIRCLE.value,
                hint="name them once, in one list",
            )
        return [criterion for group in found for criterion in group]

    def _one_or(self, group: Criteria, path: str) -> None:
        """
        Tell an "or" of the plan that X would read as "and".
        """
        types = {kind for kind, _, _ in group}
        narrowing = sorted(types - PRIMARY - {"ENGAGEMENT_TYPE"})
        if len(narrowing) + bool(types & PRIMARY) > 1:
            self._findings.add(
                path,
                "and_not_or",
                f"X narrows by {', '.join(narrowing)}: who has only the others would "
                "not see the ad",
                limit=rules.ONE_CIRCLE.value,
                hint="move it into narrow_by if that is meant, or make a second ad set",
            )

    def _traits(self, traits: Traits, path: str) -> Criteria:
        found: Criteria = []
        for number, name in enumerate(traits.interests):
            found += self._trait("interest", name, f"{path}.interests[{number}]")
        for attribute, what in rules.NOT_TARGETED.items():
            for number, name in enumerate(getattr(traits, attribute)):
                here = f"{path}.{attribute}[{number}]"
                if rules.prefix_of(str(name)):
                    found += self._trait("", str(name), here)
                else:
                    self._no_trait(here, what, str(name))
        return found

    def _no_trait(self, path: str, what: str, name: str) -> None:
        self._findings.add(
            path,
            "no_such_trait",
            f"X does not target by {what}",
            value=name,
            limit=rules.TRAITS_LIMIT.value,
            hint="describe the people by interests or `keyword: ...`, or leave the "
            "ad set to LinkedIn",
        )

    def _trait(self, kind: str, name: str, path: str) -> Criteria:
        """
        One trait; a prefix names what only X knows.
        """
        prefix = rules.prefix_of(name)
        if prefix:
            kind, name = prefix, name.partition(":")[2].strip()
        if kind in rules.KEYWORD_TYPES:
            return self._keyword(rules.KEYWORD_TYPES[kind], name, path)
        if kind == rules.FOLLOWERS:
            return self._followers(name, path)
        match = self._resolve(kind, name, path)
        return [(rules.SEARCHED_TYPES[kind], "EQ", match.id)] if match else []

    def _keyword(self, kind: str, text: str, path: str) -> Criteria:
        if text and len(text) <= _LONGEST_KEYWORD:
            return [(kind, "EQ", text)]
        self._findings.add(
            path,
            "keyword_length",
            "a keyword on X has 1 to 200 characters",
            value=len(text),
            limit=_LONGEST_KEYWORD,
            hint="write it as people post it",
        )
        return []

    def _followers(self, user: str, path: str) -> Criteria:
        if _USER.fullmatch(user):
            return [("SIMILAR_TO_FOLLOWERS_OF_USER", "EQ", user)]
        self._findings.add(
            path,
            "user_id",
            f"{user!r} is no number of a user of X",
            value=user,
            hint="write the user's number, not the name",
        )
        return []

    # -- all together --------------------------------------------------------------

    def _somewhere(self, found: Criteria, path: str) -> None:
        """
        Refuse what would be shown to everybody of an age in the whole world.
        """
        if any(op != "NE" and kind not in {"AGE", "GENDER"} for kind, op, _ in found):
            return
        self._findings.add(
            f"{path}.places",
            "worldwide",
            "without a place, or people to reach, X shows the ad in the whole world",
            limit=rules.SOMEWHERE.value,
            hint="add a country, e.g. places: [DE]",
        )

    def _counts(self, found: Criteria, path: str) -> None:
        kinds = [kind for kind, _, _ in found]
        for limit, some in (
            (rules.KEYWORDS, KEYWORDS),
            (rules.INTERESTS, ("INTEREST",)),
            (rules.PLACES, ("LOCATION",)),
        ):
            count = sum(kind in some for kind in kinds)
            if count > limit.value:
                self._findings.add(
                    path,
                    "too_many_criteria",
                    f"{count} {limit.unit} in one ad set",
                    value=count,
                    limit=limit.value,
                    hint="spread them over several ad sets",
                )

    # -- names ---------------------------------------------------------------------

    def _resolve(
        self, kind: str, name: str, path: str, country: str = "", region: str = ""
    ) -> TargetingMatch | None:
        try:
            found = self._names.one(kind, name, country=country, region=region)
        except (UnsupportedError, InvalidRequestError) as error:
            self._unsearchable(kind, name, path, error)
            return None
        if isinstance(found, TargetingMatch):
            return found
        self._unknown(kind, name, path, found)
        return None

    def _unsearchable(
        self, kind: str, name: str, path: str, error: PlatformError
    ) -> None:
        self._findings.add(
            path,
            "search",
            f"{kind} {name!r} cannot be looked up: {error.message}",
            value=name,
            hint="leave it out here",
        )

    def _unknown(
        self, kind: str, name: str, path: str, found: tuple[TargetingMatch, ...]
    ) -> None:
        if found:
            choice = f"one of {shown(found)}"
            self._findings.add(
                path,
                f"{kind}_ambiguous",
                f"{kind} {name!r} is not exactly one thing on X",
                value=name,
                limit=choice,
                hint=f"write {choice}",
            )
            return
        hint = (
            "make the list on X under this name, or write segments.<name> = its id in "
            "smm.toml"
            if kind == "audience"
            else f"search for another word: smm search {kind} ..."
        )
        self._findings.add(
            path,
            f"{kind}_unknown",
            f"X knows no {kind} {name!r}",
            value=name,
            hint=hint,
        )
