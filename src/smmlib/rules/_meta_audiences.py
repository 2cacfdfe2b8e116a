"""
Meta's rules for audiences: ages, places, traits, known people, and duties in the EU.
"""

from __future__ import annotations

from collections.abc import Iterator

from smmlib.model import Audience, CustomAudience
from smmlib.rules import _meta_tables as meta
from smmlib.rules._rule import Found, Limit, rule
from smmlib.rules._view import PlanView


@rule(
    "meta.age_minimum",
    "The youngest age is one Meta can choose.",
    platform=meta.META,
    limits=[meta.AGE_OLDEST, meta.AGE_YOUNGEST],
)
def age_minimum(view: PlanView) -> Iterator[Found]:
    """
    Audiences that start beyond the oldest age Meta knows.
    """
    for item in view.audiences_on(meta.META):
        age = item.audience.age
        if age and age.minimum > meta.AGE_OLDEST.value:
            yield Found(
                f"{item.path}.age",
                f"ages {age}: Meta cannot choose people by ages above 65",
                value=str(age),
                limit=meta.AGE_OLDEST,
                hint="write 65+",
            )


@rule(
    "meta.age_maximum",
    "The oldest age is at most 65, which means 65 and older.",
    severity="warning",
    platform=meta.META,
    limits=[meta.AGE_OLDEST],
)
def age_maximum(view: PlanView) -> Iterator[Found]:
    """
    Audiences with an upper age that Meta rounds down to "65 and older".
    """
    for item in view.audiences_on(meta.META):
        age = item.audience.age
        if age and age.maximum is not None and age.maximum > meta.AGE_OLDEST.value:
            yield Found(
                f"{item.path}.age",
                f"ages {age}: to Meta 65 means 65 and older, so people above "
                f"{age.maximum} see the ads too",
                value=str(age),
                limit=meta.AGE_OLDEST,
                hint=f"write {min(age.minimum, 65)}+",
            )


@rule(
    "meta.places_missing",
    "An audience says where people are, unless they are known.",
    platform=meta.META,
    limits=[meta.PLACES_NEEDED],
)
def places_missing(view: PlanView) -> Iterator[Found]:
    """
    Audiences everywhere, which Meta refuses.
    """
    for item in view.audiences_on(meta.META):
        who = item.audience
        if not who.places and not who.retarget and not who.lookalike:
            yield Found(
                f"{item.path}.places",
                "the audience names no place and nobody we know",
                limit=meta.PLACES_NEEDED,
                hint="add places, e.g. places: [DE]",
            )


@rule(
    "meta.radius",
    "A radius around a city is one Meta can draw.",
    platform=meta.META,
    limits=[meta.RADIUS_KM, meta.RADIUS_MI],
)
def radius(view: PlanView) -> Iterator[Found]:
    """
    Circles that are too small or too large.
    """
    for item in view.audiences_on(meta.META):
        for part in ("places", "exclude_places"):
            for place, where in enumerate(getattr(item.audience, part)):
                drawn = where.radius
                if drawn is None:
                    continue
                limit = meta.RADIUS_MI if drawn.unit == "mi" else meta.RADIUS_KM
                low, high = limit.value
                if not low <= drawn.distance <= high or drawn.distance % 1:
                    near = min(max(round(drawn.distance), low), high)
                    yield Found(
                        f"{item.path}.{part}[{place}].radius",
                        f"{drawn} around {where.city}: Meta draws {low} to {high} "
                        f"whole {drawn.unit}",
                        value=str(drawn),
                        limit=f"{low}-{high} {drawn.unit}",
                        hint=f"write {near} {drawn.unit}",
                    )


@rule(
    "meta.several_radii",
    "An audience has one place with a radius.",
    severity="warning",
    platform=meta.META,
    limits=[meta.SEVERAL_RADII],
)
def several_radii(view: PlanView) -> Iterator[Found]:
    """
    Several circles, which Meta sometimes refuses.
    """
    for item in view.audiences_on(meta.META):
        drawn = [place for place in item.audience.places if place.radius]
        if len(drawn) > meta.SEVERAL_RADII.value:
            yield Found(
                f"{item.path}.places",
                f"{len(drawn)} places have a radius; Meta may refuse several circles",
                value=len(drawn),
                limit=meta.SEVERAL_RADII,
                hint="give each circle an audience of its own if Meta refuses",
            )


def _counts(audience: Audience) -> Iterator[tuple[str, str, int, Limit]]:
    cities = sum(1 for place in audience.places if place.city)
    regions = sum(1 for place in audience.places if place.region and not place.city)
    yield "places", "cities", cities, meta.CITIES
    yield "places", "regions", regions, meta.REGIONS
    yield "languages", "languages", len(audience.languages), meta.LANGUAGES


@rule(
    "meta.too_many_targets",
    "An audience names no more places and languages than Meta takes.",
    platform=meta.META,
    limits=[meta.CITIES, meta.REGIONS, meta.LANGUAGES],
)
def too_many(view: PlanView) -> Iterator[Found]:
    """
    Lists that are too long.
    """
    for item in view.audiences_on(meta.META):
        for part, noun, count, limit in _counts(item.audience):
            if count > limit.value:
                yield Found(
                    f"{item.path}.{part}",
                    f"the audience names {count} {noun}",
                    value=count,
                    limit=limit,
                    hint="spread them over several audiences",
                )


@rule(
    "meta.no_seniority",
    "Seniority is no choice on Meta.",
    severity="warning",
    platform=meta.META,
    limits=[meta.NO_SENIORITY],
)
def no_seniority(view: PlanView) -> Iterator[Found]:
    """
    Traits that Meta does not know, so that the audience becomes wider than written.
    """
    for item in view.audiences_on(meta.META):
        who = item.audience
        parts = [(item.path, who.traits)]
        parts += [
            (f"{item.path}.narrow_by[{n}]", traits)
            for n, traits in enumerate(who.narrow_by)
        ]
        for path, traits in parts:
            if traits.seniorities:
                yield Found(
                    f"{path}.seniorities",
                    "Meta cannot choose people by seniority; without it the audience "
                    "is wider than written",
                    value=", ".join(traits.seniorities),
                    limit=meta.NO_SENIORITY,
                    hint="name professions instead, e.g. Head of HR",
                )


def _known_people(path: str, who: Audience) -> Iterator[tuple[str, CustomAudience]]:
    for place, source in enumerate(who.retarget):
        yield f"{path}.retarget[{place}]", source
    for place, other in enumerate(who.excluded):
        if isinstance(other, CustomAudience):
            yield f"{path}.exclude[{place}]", other


@rule(
    "meta.look_back",
    "Meta remembers people long enough.",
    platform=meta.META,
    limits=list(meta.LOOK_BACK.values()),
)
def look_back(view: PlanView) -> Iterator[Found]:
    """
    Look-backs beyond what Meta keeps.
    """
    for item in view.audiences_on(meta.META):
        for path, source in _known_people(item.path, item.audience):
            limit = meta.LOOK_BACK.get(source.kind)
            if limit and source.days and source.days > limit.value:
                noun = source.kind.replace("_", " ")
                yield Found(
                    f"{path}.days",
                    f"Meta keeps {noun} for {limit.value} days, not {source.days}",
                    value=source.days,
                    limit=limit,
                    hint=f"write {limit.value} days",
                )


@rule(
    "meta.retarget_not_available",
    "Known people are of a kind that can be set up.",
    platform=meta.META,
    limits=[meta.RETARGET],
)
def retarget_not_available(view: PlanView) -> Iterator[Found]:
    """
    Known people from sources that are not set up yet.
    """
    for item in view.audiences_on(meta.META):
        for path, source in _known_people(item.path, item.audience):
            if source.kind.value not in meta.RETARGET_KINDS:
                noun = source.kind.replace("_", " ")
                yield Found(
                    f"{path}.kind",
                    f"smmlib does not set up audiences of {noun} on Meta yet",
                    value=source.kind.value,
                    limit=meta.RETARGET,
                    hint="use people who engaged instead: engagers",
                )


@rule(
    "meta.exclude_described",
    "Only known people can be left out.",
    platform=meta.META,
    limits=[meta.EXCLUDE_KNOWN],
)
def exclude_described(view: PlanView) -> Iterator[Found]:
    """
    Exclusions of audiences that are described by traits, not known.
    """
    for item in view.audiences_on(meta.META):
        for place, other in enumerate(item.audience.excluded):
            who = view.plan.audiences.get(other) if isinstance(other, str) else None
            if who and not who.retarget and not who.lookalike:
                yield Found(
                    f"{item.path}.exclude[{place}]",
                    f"audience '{other}' is described, not known; Meta can only leave "
                    "out people it knows",
                    value=other,
                    limit=meta.EXCLUDE_KNOWN,
                    hint="leave out a customer list or site visitors instead",
                )


@rule(
    "meta.lookalike_source",
    "A lookalike resembles people we know.",
    platform=meta.META,
    limits=[meta.LOOKALIKE_SOURCE],
)
def lookalike_source(view: PlanView) -> Iterator[Found]:
    """
    Lookalikes of audiences that are only described, not known.
    """
    for item in view.audiences_on(meta.META):
        like = item.audience.lookalike
        other = view.plan.audiences.get(like.of) if like else None
        if like and other and not other.retarget:
            yield Found(
                f"{item.path}.lookalike.of",
                f"audience '{like.of}' holds nobody we know, so Meta cannot look for "
                "similar people",
                value=like.of,
                limit=meta.LOOKALIKE_SOURCE,
                hint="name an audience with retarget, e.g. a customer list",
            )


@rule(
    "meta.lookalike_wide",
    "A lookalike is close enough to be useful.",
    severity="warning",
    platform=meta.META,
    limits=[meta.LOOKALIKE_USUAL],
)
def lookalike_wide(view: PlanView) -> Iterator[Found]:
    """
    Lookalikes so wide that they resemble everybody.
    """
    for item in view.audiences_on(meta.META):
        like = item.audience.lookalike
        if like and like.percent > meta.LOOKALIKE_USUAL.value:
            yield Found(
                f"{item.path}.lookalike.percent",
                f"{like.percent} % of {like.country} resemble the source only loosely",
                value=like.percent,
                limit=meta.LOOKALIKE_USUAL,
                hint="start with 1 to 5 percent",
            )


@rule(
    "meta.advertiser_eu",
    "Ads that reach the EU name who advertises and who pays.",
    platform=meta.META,
    limits=[meta.ADVERTISER_EU],
)
def advertiser_eu(view: PlanView) -> Iterator[Found]:
    """
    Plans without an advertiser whose ads reach the EU; the payer defaults to it.
    """
    brand = view.plan.strategy.brand if view.plan.strategy else None
    if brand and brand.advertiser.strip():
        return
    reached = {c for item in view.audiences_on(meta.META) for c in item.countries}
    inside = sorted(reached & meta.EU)
    if inside:
        yield Found(
            "strategy.brand.advertiser",
            f"ads reach {', '.join(inside)}, and nobody is named as advertiser; the EU "
            "wants to know",
            value=", ".join(inside),
            limit=meta.ADVERTISER_EU,
            hint="add the company, e.g. advertiser: Alpenkaffee GmbH",
        )


RULES = (
    age_minimum,
    age_maximum,
    places_missing,
    radius,
    several_radii,
    too_many,
    no_seniority,
    look_back,
    retarget_not_available,
    exclude_described,
    lookalike_source,
    lookalike_wide,
    advertiser_eu,
)
