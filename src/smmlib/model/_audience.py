"""
Who should see it: age, places, work, interests, and people we already know.
"""

from __future__ import annotations

import re
from typing import Any

import attrs

from smmlib.model._checks import (
    are,
    are_texts,
    as_tuple,
    is_key,
    is_language,
    is_list,
    is_optional,
    is_optional_text,
    is_whole,
    refuse,
)
from smmlib.model._enums import Gender, RetargetKind, Seniority
from smmlib.model._place import Place, country_code
from smmlib.model._value import Value
from smmlib.model._words import as_genders, as_retarget_kind, as_seniorities

_AGES = re.compile(r"(\d{1,3})\s*(?:-|\.\.|–)\s*(\d{1,3})\Z|(\d{1,3})\s*\+\Z")
_YOUNGEST, _OLDEST = 13, 99


@attrs.frozen(eq=False, repr=False)
class AgeRange(Value):
    """
    How old the people are, both ages included; without a maximum it is open upwards.

    Attributes:
        minimum: Youngest age, 13 to 99.
        maximum: Oldest age, or None for "and older".
    """

    minimum: int
    maximum: int | None = None

    def __attrs_post_init__(self) -> None:
        is_whole("minimum", self.minimum, low=_YOUNGEST, high=_OLDEST)
        is_optional("maximum", self.maximum, int)
        if self.maximum is None:
            return
        is_whole("maximum", self.maximum, low=_YOUNGEST, high=_OLDEST)
        if self.maximum < self.minimum:
            refuse(
                "maximum",
                f"age {self.minimum}..{self.maximum} ends before it starts",
                code="age.order",
                value=f"{self.minimum}..{self.maximum}",
                expected=f"at least {self.minimum}",
                hint=f"write {self.maximum}-{self.minimum}",
            )

    @classmethod
    def parse(cls, text: str) -> AgeRange:
        """
        Read `25-44` or `18+`.
        """
        found = _AGES.match(text.strip()) if isinstance(text, str) else None
        if not found:
            refuse(
                "age",
                f"{text!r} is no age range",
                code="age.format",
                value=text,
                expected="25-44 or 18+",
            )
        low, high, open_low = found.groups()
        return cls(int(open_low)) if open_low else cls(int(low), int(high))

    def __str__(self) -> str:
        return (
            f"{self.minimum}+"
            if self.maximum is None
            else (f"{self.minimum}-{self.maximum}")
        )


@attrs.frozen(eq=False, repr=False)
class CustomAudience(Value):
    """
    People we already know: site visitors, a customer list, people who engaged.

    Attributes:
        kind: Where they come from.
        source: Which list, page, video or form; empty for the account's own pixel.
        days: Look-back in days; None where time does not matter (customer lists).
    """

    kind: RetargetKind = attrs.field(converter=as_retarget_kind)
    source: str = ""
    days: int | None = attrs.field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        is_optional_text("source", self.source, longest=200)
        if self.days is not None:
            is_whole("days", self.days, low=1, high=730)
        if self.kind is RetargetKind.CUSTOMER_LIST and not self.source:
            refuse(
                "source",
                "a customer list needs a name",
                code="audience.list_without_name",
                expected="the list's name, e.g. crm",
            )

    def __str__(self) -> str:
        days = f"{self.days} days" if self.days else ""
        detail = " ".join(p for p in (self.source, days) if p)
        return f"{self.kind}: {detail}" if detail else str(self.kind)


@attrs.frozen(eq=False, repr=False)
class Lookalike(Value):
    """
    New people who resemble those of another audience.

    Attributes:
        of: Key of the audience they resemble.
        country: Where to look for them.
        percent: How many of the country's people, 1 (closest) to 20.
    """

    of: str
    country: str = attrs.field(converter=country_code)
    percent: int = attrs.field(default=1, kw_only=True)

    def __attrs_post_init__(self) -> None:
        is_key("of", self.of)
        is_whole("percent", self.percent, low=1, high=20)


@attrs.frozen(eq=False, repr=False)
class Traits(Value):
    """
    What people are like; any one of the listed things is enough.

    Attributes:
        interests: Topics they care about, by the networks' names.
        professions: Job titles.
        industries: Fields they work in.
        seniorities: How high they stand at work.
        behaviours: What they do, such as travelling often.
    """

    interests: tuple[str, ...] = attrs.field(default=(), converter=as_tuple)
    professions: tuple[str, ...] = attrs.field(
        default=(), converter=as_tuple, kw_only=True
    )
    industries: tuple[str, ...] = attrs.field(
        default=(), converter=as_tuple, kw_only=True
    )
    seniorities: tuple[Seniority, ...] = attrs.field(
        default=(),
        converter=as_seniorities,
        kw_only=True,
    )
    behaviours: tuple[str, ...] = attrs.field(
        default=(), converter=as_tuple, kw_only=True
    )

    def __bool__(self) -> bool:
        return any(attrs.astuple(self, recurse=False))

    def __attrs_post_init__(self) -> None:
        are_texts("interests", self.interests)
        are_texts("professions", self.professions)
        are_texts("industries", self.industries)
        are_texts("behaviours", self.behaviours)


_CAN_GROW = (
    "places",
    "genders",
    "languages",
    "interests",
    "professions",
    "industries",
    "seniorities",
    "behaviours",
    "retarget",
)


@attrs.frozen(eq=False, repr=False)
class Audience(Value):
    """
    The people an ad is for. Empty parts mean "everybody", lists mean "any of these".

    Examples:
        >>> from smmlib import AgeRange, Audience, Place
        >>> young = Audience(age=AgeRange(25, 44), places=[Place("DE")])
        >>> young.narrow(interests=["Espresso"]).narrow_by[0].interests
        ('Espresso',)

    Attributes:
        name: Shown name.
        age: Age range; None for all adults.
        genders: Empty for all.
        places: Where they are; any of them.
        exclude_places: Where they are not.
        languages: What they speak, as BCP 47 tags.
        interests: Topics, any of them.
        professions: Job titles, any of them.
        industries: Fields of work, any of them.
        seniorities: Standing at work, any of them.
        behaviours: Behaviours, any of them.
        narrow_by: Each of these must hold as well (and, not or).
        retarget: People we already know; any of these sources.
        lookalike: People who resemble another audience.
        excluded: Keys of audiences, or known people, who must not see it; given as
            `exclude=[...]`.
        note: For colleagues.
    """

    name: str = attrs.field(default="")
    age: AgeRange | None = attrs.field(default=None, kw_only=True)
    genders: tuple[Gender, ...] = attrs.field(
        default=(),
        converter=as_genders,
        kw_only=True,
    )
    places: tuple[Place, ...] = attrs.field(
        default=(), converter=as_tuple, kw_only=True
    )
    exclude_places: tuple[Place, ...] = attrs.field(
        default=(), converter=as_tuple, kw_only=True
    )
    languages: tuple[str, ...] = attrs.field(
        default=(), converter=as_tuple, kw_only=True
    )
    interests: tuple[str, ...] = attrs.field(
        default=(), converter=as_tuple, kw_only=True
    )
    professions: tuple[str, ...] = attrs.field(
        default=(), converter=as_tuple, kw_only=True
    )
    industries: tuple[str, ...] = attrs.field(
        default=(), converter=as_tuple, kw_only=True
    )
    seniorities: tuple[Seniority, ...] = attrs.field(
        default=(),
        converter=as_seniorities,
        kw_only=True,
    )
    behaviours: tuple[str, ...] = attrs.field(
        default=(), converter=as_tuple, kw_only=True
    )
    narrow_by: tuple[Traits, ...] = attrs.field(
        default=(), converter=as_tuple, kw_only=True
    )
    retarget: tuple[CustomAudience, ...] = attrs.field(
        default=(), converter=as_tuple, kw_only=True
    )
    lookalike: Lookalike | None = attrs.field(default=None, kw_only=True)
    excluded: tuple[str | CustomAudience, ...] = attrs.field(
        default=(),
        converter=as_tuple,
        kw_only=True,
        alias="exclude",
    )
    note: str = attrs.field(default="", kw_only=True)

    def __attrs_post_init__(self) -> None:
        are("places", self.places, Place)
        are("exclude_places", self.exclude_places, Place)
        are("narrow_by", self.narrow_by, Traits)
        are("retarget", self.retarget, CustomAudience)
        are("exclude", self.excluded, str, CustomAudience)
        are_texts("languages", self.languages)
        are_texts("interests", self.interests)
        are_texts("professions", self.professions)
        are_texts("industries", self.industries)
        are_texts("behaviours", self.behaviours)
        is_optional_text("name", self.name, longest=200)
        is_optional_text("note", self.note)
        is_optional("age", self.age, AgeRange)
        is_optional("lookalike", self.lookalike, Lookalike)
        for language in self.languages:
            is_language("languages", language)
        for known in self.excluded:
            if isinstance(known, str):
                is_key("exclude", known)

    @property
    def traits(self) -> Traits:
        """
        Interests, work and behaviours together, as one "any of these".
        """
        return Traits(
            self.interests,
            professions=self.professions,
            industries=self.industries,
            seniorities=self.seniorities,
            behaviours=self.behaviours,
        )

    def narrow(self, **traits: Any) -> Audience:
        """
        Only those who *also* have one of these traits (and, not or).

        Args:
            **traits: Parts of `Traits`, e.g. `interests=["Espresso"]`.

        Raises:
            ValidationError: No trait, e.g. `age`.
        """
        known = [field.name for field in attrs.fields(Traits)]
        wrong = next((part for part in traits if part not in known), None)
        if wrong is not None:
            refuse(
                wrong,
                f"'{wrong}' is no trait to narrow by",
                code="audience.narrow",
                value=wrong,
                expected=", ".join(known),
                hint="change it with attrs.evolve(audience, ...)",
            )
        extra = Traits(**traits)
        return attrs.evolve(self, narrow_by=(*self.narrow_by, extra))

    def broaden(self, **more: Any) -> Audience:
        """
        Also those with one of these traits, places or sources (or).

        An empty list means everybody, so the first entry of a list limits it.

        Args:
            **more: Lists of this audience to add to, e.g. `places=[Place("AT")]`.

        Raises:
            ValidationError: Not a list of this audience, e.g. `age`.
        """
        joined: dict[str, Any] = {}
        for part, values in more.items():
            now = getattr(self, part, None)
            if not isinstance(now, tuple) or part not in _CAN_GROW:
                refuse(
                    part,
                    f"'{part}' is no list that can grow",
                    code="audience.broaden",
                    value=part,
                    expected=", ".join(_CAN_GROW),
                )
            is_list(part, values)
            joined[part] = now + tuple(v for v in values if v not in now)
        return attrs.evolve(self, **joined)

    def exclude(self, *others: str | CustomAudience) -> Audience:
        """
        All of them but these: keys of audiences, or known people.
        """
        new = tuple(o for o in others if o not in self.excluded)
        return attrs.evolve(self, exclude=self.excluded + new)

    def describe(self) -> str:
        """
        The audience in one line, as a marketer would say it.
        """
        parts = [
            ", ".join(str(p) for p in self.places),
            str(self.age or ""),
            "/".join(g.value for g in self.genders),
            " or ".join([*self.interests, *self.professions, *self.industries]),
            " or ".join(str(r) for r in self.retarget),
            f"like {self.lookalike.of}" if self.lookalike else "",
            "not " + ", ".join(str(e) for e in self.excluded) if self.excluded else "",
        ]
        return "; ".join(p for p in parts if p) or "everybody"

    def _repr_html_(self) -> str:
        from html import escape

        title = escape(self.name or "Audience")
        return f"<b>{title}</b>: {escape(self.describe())}"
