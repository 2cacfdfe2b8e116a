"""
Meta's rules for ads about housing, employment and finance: nobody may be left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from smmlib.model import Audience, Gender, Place, SpecialCategory, Traits
from smmlib.rules import _meta_tables as meta
from smmlib.rules._rule import Found, rule
from smmlib.rules._view import AudienceView, PlanView

_TOPICS = frozenset(
    {SpecialCategory.HOUSING, SpecialCategory.EMPLOYMENT, SpecialCategory.FINANCE}
)
_FORBIDDEN_TRAITS = ("professions", "industries", "seniorities", "behaviours")
_YOUNGEST, _OLDEST = 18, 65


def _restricted(view: PlanView) -> Iterator[tuple[AudienceView, str, set[str]]]:
    """
    Audiences of restricted campaigns, with the first such campaign and all topics.
    """
    for item in view.audiences_on(meta.META):
        topics: set[str] = set()
        first = ""
        for campaign, _ in item.uses:
            own = _TOPICS.intersection(campaign.campaign.special_ad_categories or ())
            if own and meta.META in campaign.platforms:
                first = first or campaign.key
                topics.update(own)
        if topics:
            yield item, first, topics


def _ages(who: Audience, topics: set[str], countries: tuple[str, ...]) -> str:
    """
    What is wrong with the ages; empty if nothing.
    """
    credit_in_europe = topics == {SpecialCategory.FINANCE} and countries
    if who.age is None or (credit_in_europe and set(countries) <= meta.EU):
        return ""
    open_end = who.age.maximum is None or who.age.maximum >= _OLDEST
    return "" if who.age.minimum == _YOUNGEST and open_end else str(who.age)


def _too_near(place: Place) -> str:
    """
    What is wrong with how far a city reaches; empty if nothing.
    """
    if not place.city:
        return ""
    least, unit = meta.RESTRICTED_RADIUS.get(
        place.country, meta.RESTRICTED_RADIUS_ELSEWHERE
    )
    needed = least * (meta.KM_PER_MI if unit == "mi" else 1)
    drawn = Decimal(0)
    if place.radius:
        drawn = place.radius.distance
        drawn *= meta.KM_PER_MI if place.radius.unit == "mi" else 1
    return f"{least} {unit}" if drawn < needed else ""


def _traits(path: str, traits: Traits) -> Iterator[tuple[str, str]]:
    for name in _FORBIDDEN_TRAITS:
        chosen = getattr(traits, name)
        if chosen:
            yield f"{path}.{name}", ", ".join(chosen)


def _breaches(
    item: AudienceView, topics: set[str]
) -> Iterator[tuple[str, str, str, str]]:
    """
    Path, value, what is allowed and what to do, for everything that is too narrow.
    """
    who, path = item.audience, item.path
    ages = _ages(who, topics, item.countries)
    if ages:
        yield f"{path}.age", ages, "18-65+", "write 18+"
    if who.genders and set(who.genders) != set(Gender):
        chosen = ", ".join(who.genders)
        yield f"{path}.genders", chosen, "all genders", "leave genders out"
    if who.exclude_places:
        places = ", ".join(map(str, who.exclude_places))
        yield f"{path}.exclude_places", places, "no place left out", "leave it out"
    for number, place in enumerate(who.places):
        least = _too_near(place)
        if least:
            where = f"{path}.places[{number}]"
            where += ".radius" if place.radius else ""
            yield where, str(place), f"at least {least}", f"draw {least} around it"
    yield from (
        (where, chosen, "interests only", "leave it out")
        for where, chosen in _traits(path, who.traits)
    )
    for number, narrow in enumerate(who.narrow_by):
        for where, chosen in _traits(f"{path}.narrow_by[{number}]", narrow):
            yield where, chosen, "interests only", "leave it out"
    if who.lookalike:
        like = who.lookalike.of
        yield f"{path}.lookalike", like, "no lookalikes", "retarget the people instead"


@rule(
    "meta.restricted_targeting",
    "Ads about housing, jobs and finance leave nobody out.",
    platform=meta.META,
    limits=[meta.RESTRICTED],
)
def restricted_targeting(view: PlanView) -> Iterator[Found]:
    """
    Audiences that are too narrow for a restricted topic.
    """
    for item, campaign, topics in _restricted(view):
        for path, value, allowed, hint in _breaches(item, topics):
            yield Found(
                path,
                f"'{value}' leaves people out, which ads about "
                f"{', '.join(sorted(topics))} may not (campaign '{campaign}')",
                value=value,
                limit=allowed,
                hint=hint,
            )


@rule(
    "meta.restricted_interests",
    "Ads about housing, jobs and finance use approved interests.",
    severity="warning",
    platform=meta.META,
    limits=[meta.RESTRICTED],
)
def restricted_interests(view: PlanView) -> Iterator[Found]:
    """
    Interests that Meta may refuse under a restricted topic.
    """
    for item, campaign, topics in _restricted(view):
        who = item.audience
        chosen = [*who.interests, *(i for t in who.narrow_by for i in t.interests)]
        if chosen:
            yield Found(
                f"{item.path}.interests" if who.interests else f"{item.path}.narrow_by",
                f"Meta takes only some interests for ads about "
                f"{', '.join(sorted(topics))} (campaign '{campaign}')",
                value=", ".join(chosen),
                limit="approved interests",
                hint="search them again for this category before you apply",
            )


RULES = (restricted_targeting, restricted_interests)
