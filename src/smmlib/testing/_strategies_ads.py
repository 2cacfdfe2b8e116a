"""
What people see and who they are: audiences, texts, creatives, campaigns.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from smmlib.model import (
    CTA,
    Ad,
    AdBudget,
    AdCampaign,
    AdSet,
    AdText,
    AgeRange,
    Audience,
    Bid,
    BidStrategy,
    Card,
    Creative,
    CustomAudience,
    Flight,
    Gender,
    Image,
    Lookalike,
    Network,
    Objective,
    OptimiseFor,
    Place,
    Placement,
    Position,
    Radius,
    RetargetKind,
    Seniority,
    SpecialCategory,
    Status,
    TextState,
    TextVariant,
    Traits,
    Video,
)
from smmlib.testing._strategies_basics import (
    cached,
    flights,
    frozen_maps,
    keys,
    languages,
    links,
    money,
    optional_texts,
    text_lists,
    texts,
    tuples_of,
    utms,
)

COUNTRIES = ("DE", "AT", "CH", "US", "GB", "JP", "BR", "TR")
_LONGEST_AD = 480


@cached
def networks() -> SearchStrategy[Network]:
    """
    Any network.
    """
    return st.sampled_from(Network)


@cached
def countries() -> SearchStrategy[str]:
    """
    ISO 3166 codes.
    """
    return st.sampled_from(COUNTRIES)


@cached
@st.composite
def age_ranges(draw: DrawFn) -> AgeRange:
    """
    Closed and open age ranges.
    """
    low = draw(st.integers(13, 99))
    return AgeRange(low, draw(st.none() | st.integers(low, 99)))


@cached
def radiuses() -> SearchStrategy[Radius]:
    """
    Distances in kilometres and miles.
    """
    some = st.sampled_from([Decimal(25), Decimal("12.5"), Decimal(1), Decimal(80)])
    return st.builds(Radius, some, st.sampled_from(["km", "mi"]))


@cached
@st.composite
def places(draw: DrawFn) -> Place:
    """
    Countries, regions, and cities with and without the land around them.
    """
    city = draw(st.sampled_from(["", "", "Zürich", "Springfield", "São Paulo"]))
    return Place(
        draw(countries()),
        region=draw(st.sampled_from(["", "", "Bayern", "Côte-d'Or"])),
        city=city,
        radius=draw(st.none() | radiuses()) if city else None,
    )


@cached
@st.composite
def custom_audiences(draw: DrawFn) -> CustomAudience:
    """
    Known people of every kind.
    """
    kind = draw(st.sampled_from(RetargetKind))
    listed = kind is RetargetKind.CUSTOMER_LIST
    return CustomAudience(
        kind,
        draw(st.sampled_from(["crm", "newsletter 2026"] + ([] if listed else [""]))),
        days=draw(st.none() | st.integers(1, 730)),
    )


@cached
def lookalikes(of: Sequence[str] = ()) -> SearchStrategy[Lookalike]:
    """
    Audiences that resemble another; one of `of`, where that is given.
    """
    seed = st.sampled_from(of) if of else keys()
    return st.builds(Lookalike, seed, countries(), percent=st.integers(1, 20))


@cached
def _seniorities() -> SearchStrategy[tuple[Seniority, ...]]:
    return tuples_of(st.sampled_from(Seniority), most=2, unique=True)


@cached
def traits() -> SearchStrategy[Traits]:
    """
    Interests, work and behaviours.
    """
    return st.builds(
        Traits,
        text_lists(most=2),
        professions=text_lists(most=2),
        industries=text_lists(most=1),
        seniorities=_seniorities(),
        behaviours=text_lists(most=1),
    )


@cached
def audiences(others: Sequence[str] | None = None) -> SearchStrategy[Audience]:
    """
    Audiences with every part.

    Args:
        others: Keys of other audiences of the plan; None where any key will do.
    """
    known = keys() if others is None else st.sampled_from(others or [""])
    excluded: SearchStrategy[Any] = (
        custom_audiences() if others == () else known | custom_audiences()
    )
    lookalike = st.none() if others == () else st.none() | lookalikes(others or ())
    return st.builds(
        Audience,
        optional_texts(),
        age=st.none() | age_ranges(),
        genders=tuples_of(st.sampled_from(Gender), most=2, unique=True),
        places=tuples_of(places(), most=2),
        exclude_places=tuples_of(places(), most=1),
        languages=tuples_of(languages(), most=2, unique=True),
        interests=text_lists(most=2),
        professions=text_lists(most=1),
        industries=text_lists(most=1),
        seniorities=_seniorities(),
        behaviours=text_lists(most=1),
        narrow_by=tuples_of(traits(), most=1),
        retarget=tuples_of(custom_audiences(), most=1),
        lookalike=lookalike,
        exclude=tuples_of(excluded, most=2, unique=True),
        note=optional_texts(),
    )


@cached
def ad_texts() -> SearchStrategy[AdText]:
    """
    Ad texts up to their limit, and texts read back with a platform's own limit.
    """
    full = st.sampled_from(["a", "é", "e\u0301", "👋", "字"]).map(
        lambda letter: letter * _LONGEST_AD
    )
    read_back = st.builds(AdText, texts(200), limit=st.integers(500, 5000))
    return st.builds(AdText, texts(200) | full) | read_back


@cached
@st.composite
def text_variants(draw: DrawFn) -> TextVariant:
    """
    Translations in every state.
    """
    state = draw(st.sampled_from(TextState))
    text = None if state is TextState.MISSING else draw(ad_texts())
    return TextVariant(draw(languages()), text, state=state)


@cached
def media_paths(ending: str = "jpg") -> SearchStrategy[str]:
    """
    Files next to the plan, and web addresses.
    """
    names = st.sampled_from(["a", "größe", "my picture", "2027-03-01"])
    local = names.map(lambda name: f"img/{name}.{ending}")
    return local | st.just(f"https://cdn.example.com/x.{ending}")


@cached
def images() -> SearchStrategy[Image]:
    """
    Pictures with and without a description.
    """
    return st.builds(Image, media_paths(), alt=optional_texts())


@cached
def videos() -> SearchStrategy[Video]:
    """
    Films with and without a still.
    """
    return st.builds(
        Video,
        media_paths("mp4"),
        thumbnail=st.none() | images(),
        alt=optional_texts(),
    )


@cached
@st.composite
def cards(draw: DrawFn) -> Card:
    """
    Carousel cards with a picture or a film.
    """
    film = draw(st.booleans())
    return Card(
        None if film else draw(images()),
        draw(optional_texts()),
        video=draw(videos()) if film else None,
        description=draw(optional_texts()),
        link=draw(st.just("") | links()),
    )


@cached
@st.composite
def creatives(draw: DrawFn, posts: Sequence[str] | None = None) -> Creative:
    """
    Creatives of every format.

    Args:
        draw: Given by hypothesis.
        posts: Keys of posts that may be boosted; None where any key will do.
    """
    media: dict[str, SearchStrategy[Any]] = {
        "image": images(),
        "video": videos(),
        "cards": tuples_of(cards(), least=2, most=3),
        "boost": keys() if posts is None else st.sampled_from([*posts, "facebook:1_2"]),
    }
    kind = draw(st.sampled_from(["", *media]))
    shown = {kind: draw(media[kind])} if kind else {}
    return Creative(
        draw(st.none() | ad_texts()),
        draw(optional_texts()),
        description=draw(optional_texts()),
        cta=draw(st.none() | st.sampled_from(CTA)),
        link=draw(st.just("") | links()),
        utm=draw(st.none() | utms()),
        language=draw(st.just("") | languages()),
        variants=draw(tuples_of(text_variants(), most=1)),
        name=draw(optional_texts()),
        **shown,
    )


@cached
def placements(
    networks_: Sequence[Network] = tuple(Network),
) -> SearchStrategy[Placement]:
    """
    Any position on one of the networks.
    """
    return st.builds(
        Placement, st.sampled_from(networks_), st.sampled_from(list(Position))
    )


@cached
@st.composite
def bids(draw: DrawFn, currency: str | None = None) -> Bid:
    """
    Lowest cost, and caps with an amount.
    """
    strategy = draw(st.sampled_from(BidStrategy))
    free = strategy is BidStrategy.LOWEST_COST
    return Bid(strategy, None if free else draw(money(currency, high=10_000)))


@cached
@st.composite
def ad_budgets(
    draw: DrawFn, currency: str | None = None, *, high: int = 1_000_000
) -> AdBudget:
    """
    Daily and lifetime budgets.
    """
    amount = draw(money(currency, high=high))
    return AdBudget(daily=amount) if draw(st.booleans()) else AdBudget(lifetime=amount)


@cached
def ads(creatives_: Sequence[str] | None = None) -> SearchStrategy[Ad]:
    """
    Ads that show one of the creatives, or one of their own.
    """
    shown: SearchStrategy[str | Creative] = keys() | creatives()
    if creatives_ is not None:
        shown = st.sampled_from(creatives_) if creatives_ else creatives(())
    return st.builds(Ad, shown, optional_texts(), status=st.sampled_from(Status))


@cached
@st.composite
def ad_sets(
    draw: DrawFn,
    *,
    audiences_: Sequence[str] | None = None,
    creatives_: Sequence[str] | None = None,
    networks_: Sequence[Network] = tuple(Network),
    currency: str | None = None,
    within: Flight | None = None,
    budget: AdBudget | None = None,
) -> AdSet:
    """
    Ad sets of up to two ads; references stay among the given keys.
    """
    whom: SearchStrategy[str | Audience] = keys() | audiences()
    if audiences_ is not None:
        whom = st.sampled_from(audiences_) if audiences_ else audiences(())
    goals = st.none() | st.sampled_from(OptimiseFor)
    return AdSet(
        draw(whom),
        draw(frozen_maps(ads(creatives_), most=2)),
        placements=draw(tuples_of(placements(networks_), most=2, unique=True)),
        name=draw(optional_texts()),
        budget=budget,
        flight=draw(st.none() | flights(within=within)),
        bid=draw(st.none() | bids(currency)),
        optimise_for=draw(goals),
        status=draw(st.sampled_from(Status)),
    )


@cached
@st.composite
def ad_campaigns(
    draw: DrawFn,
    line: str | None = None,
    *,
    audiences_: Sequence[str] | None = None,
    creatives_: Sequence[str] | None = None,
    networks_: Sequence[Network] = tuple(Network),
    currency: str | None = None,
    within: Flight | None = None,
    most_coins: int = 1_000_000,
) -> AdCampaign:
    """
    Campaigns with a budget of their own or budgets on their ad sets.

    Args:
        draw: Given by hypothesis.
        line: Key of the line that pays; None where any key will do.
        audiences_: Keys ad sets may use.
        creatives_: Keys ads may show.
        networks_: Where ad sets may be placed.
        currency: Currency of its money.
        within: Flights stay inside this one.
        most_coins: Most smallest coins its budgets may hold together.
    """
    shared = draw(st.booleans())
    code = currency or draw(money()).currency
    each = max(1, most_coins // 2)
    own = st.none() if shared else ad_budgets(code, high=each)
    sets = ad_sets(
        audiences_=audiences_,
        creatives_=creatives_,
        networks_=networks_,
        currency=code,
        within=within,
        budget=draw(own),
    )
    topics = tuples_of(st.sampled_from(SpecialCategory), most=2, unique=True)
    return AdCampaign(
        line or draw(keys()),
        draw(frozen_maps(sets, most=2)),
        name=draw(optional_texts()),
        objective=draw(st.none() | st.sampled_from(Objective)),
        budget=draw(ad_budgets(code, high=most_coins)) if shared else None,
        flight=draw(st.none() | flights(within=within)),
        bid=draw(st.none() | bids(code)),
        special_ad_categories=draw(st.none() | topics),
        special_ad_countries=draw(tuples_of(countries(), most=2, unique=True)),
        status=draw(st.sampled_from(Status)),
    )
