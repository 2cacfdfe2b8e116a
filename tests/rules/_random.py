"""
Plans of every kind: empty ones, huge sums, keys that lead nowhere, parts that disagree.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from smmlib.model import (
    CTA,
    AdBudget,
    AdCampaign,
    AdSet,
    AdText,
    AgeRange,
    Approval,
    Audience,
    Bid,
    Brand,
    BrandStyle,
    Brief,
    Budget,
    Caps,
    Card,
    Channel,
    CostParts,
    Creative,
    CustomAudience,
    Flight,
    Gender,
    Goal,
    Guardrail,
    LineItem,
    Lookalike,
    MediaPlan,
    Milestone,
    Money,
    Network,
    Objective,
    OptimiseFor,
    Person,
    Place,
    Placement,
    Position,
    Post,
    PostState,
    Radius,
    SpecialCategory,
    Stage,
    Status,
    Strategy,
    Task,
    Traits,
    Utm,
    kpi_library,
)

_ZONES = ("Europe/Berlin", "America/Havana", "UTC")
_KEYS = st.sampled_from(["a", "A", "b", "b-", "c", "zz"])
_TEXTS = st.sampled_from(["", "Taste", "TASTE first ☕", "a" * 300, "<b>&\"'"])
_LINKS = st.sampled_from(
    [
        "",
        "https://a.example/?utm_source=FB",
        "https://a.example/?utm_source=facebook&utm_medium=x&utm_campaign=c",
        "http://b.example/%zz?utm_=1&;;&a=%ff#x",
    ]
)


def _maybe(strategy):
    return st.none() | strategy


def _maps(strategy):
    return st.dictionaries(_KEYS, strategy, max_size=3)


def _lists(strategy, most=3):
    return st.lists(strategy, max_size=most)


_MONEY = st.builds(
    Money,
    st.sampled_from(["1", "40", "9999", "12345678", "999999999999999"]),
    st.sampled_from(["EUR", "EUR", "EUR", "USD", "JPY", "HUF", "KWD"]),
)
_MOMENTS = st.builds(
    lambda hours, zone: (
        datetime(2027, 2, 25, tzinfo=UTC) + timedelta(hours=hours)
    ).astimezone(ZoneInfo(zone)),
    st.integers(0, 2000),
    st.sampled_from(_ZONES),
)
_FLIGHTS = st.builds(
    lambda start, hours: Flight(start, start + timedelta(hours=hours)),
    _MOMENTS,
    st.integers(2, 3000),
)
_DATES = st.dates(datetime(2027, 2, 20).date(), datetime(2027, 6, 1).date())  # noqa: DTZ001 - days only
_NUMBERS = st.sampled_from(
    [Decimal(0), Decimal(-1), Decimal("1.2"), Decimal("1E+999"), Decimal("1E-999")]
)
_UTMS = st.builds(
    Utm,
    st.sampled_from(["facebook", "FB", "Face Book"]),
    st.sampled_from(["paid", "Paid "]),
    campaign=st.just("c"),
)
_BUDGETS = st.builds(AdBudget, _MONEY) | st.builds(AdBudget, lifetime=_MONEY)
_BIDS = st.builds(Bid, st.just("bid_cap"), _MONEY) | st.just(Bid())
_PLACES = st.builds(Place, st.sampled_from(["DE", "US", "CH"])) | st.builds(
    Place,
    st.sampled_from(["DE", "CA"]),
    city=st.just("C"),
    radius=_maybe(
        st.builds(
            Radius, st.sampled_from(["1", "25", "90"]), st.sampled_from(["km", "mi"])
        )
    ),
)
_TRAITS = {
    "interests": st.sampled_from([(), ("Espresso",)]),
    "professions": st.sampled_from([(), ("Nurse",)]),
    "seniorities": st.sampled_from([(), ("owner",)]),
}
_KNOWN = st.builds(
    CustomAudience,
    st.sampled_from(["site_visitors", "engagers"]),
    days=_maybe(st.integers(1, 730)),
)
_AUDIENCES = st.builds(
    Audience,
    age=_maybe(st.builds(AgeRange, st.integers(13, 99))),
    genders=_lists(st.sampled_from(Gender)),
    places=_lists(_PLACES),
    exclude_places=_lists(_PLACES),
    retarget=_lists(_KNOWN),
    lookalike=_maybe(
        st.builds(Lookalike, _KEYS, st.just("DE"), percent=st.integers(1, 20))
    ),
    exclude=_lists(_KEYS | _KNOWN),
    narrow_by=_lists(st.builds(Traits, **_TRAITS)),
    **_TRAITS,
)
_AD_TEXTS = _maybe(
    st.builds(AdText, st.just("Taste"), limit=st.sampled_from([480, 999]))
)
_PARTS = {
    "text": _AD_TEXTS,
    "headline": _TEXTS,
    "description": _TEXTS,
    "cta": _maybe(st.sampled_from(CTA)),
    "link": _LINKS,
    "utm": _maybe(_UTMS),
}
_CARDS = st.builds(Card, st.just("a.jpg"), _TEXTS, link=_LINKS) | st.builds(
    Card, headline=_TEXTS, video=st.just("a.mp4")
)
_CREATIVES = st.one_of(
    st.builds(Creative, **_PARTS),
    st.builds(Creative, image=st.just("a.jpg"), **_PARTS),
    st.builds(Creative, video=st.just("a.mp4"), **_PARTS),
    st.builds(Creative, cards=st.lists(_CARDS, min_size=2, max_size=7), **_PARTS),
    st.builds(Creative, boost=_KEYS | st.just("facebook:1"), **_PARTS),
)
_STATUS = st.sampled_from([Status.ACTIVE, Status.PAUSED, Status.ARCHIVED])
_AD_SETS = st.builds(
    AdSet,
    _KEYS | _AUDIENCES,
    st.sampled_from([(), ("a",), ("a", "b", "zz")]),
    placements=_lists(
        st.builds(Placement, st.sampled_from(Network), st.sampled_from(Position))
    ),
    budget=_maybe(_BUDGETS),
    flight=_maybe(_FLIGHTS),
    bid=_maybe(_BIDS),
    optimise_for=_maybe(st.sampled_from(OptimiseFor)),
    status=_STATUS,
)
_CAMPAIGNS = st.builds(
    AdCampaign,
    _KEYS,
    _maps(_AD_SETS),
    name=_TEXTS,
    objective=_maybe(st.sampled_from(Objective)),
    budget=_maybe(_BUDGETS),
    flight=_maybe(_FLIGHTS),
    bid=_maybe(_BIDS),
    special_ad_categories=_maybe(
        st.lists(st.sampled_from(SpecialCategory), unique=True, max_size=2)
    ),
    special_ad_countries=st.sampled_from([(), ("DE",)]),
    status=_STATUS,
)
_COUNTED = ("impressions", "clicks", "ctr", "leads", "follower_growth")
_LINES = st.builds(
    LineItem,
    st.lists(st.sampled_from(Network), min_size=1, max_size=3, unique=True),
    _maybe(_MONEY),
    paid=st.booleans(),
    managed=st.sampled_from(["api", "by_hand"]),
    flight=_maybe(_FLIGHTS),
    expect=st.dictionaries(st.sampled_from(_COUNTED), _NUMBERS)
    | st.fixed_dictionaries(
        {"cpm": _MONEY, "cpc": _MONEY, "ctr": _NUMBERS, "impressions": _NUMBERS}
    ),
    audience=st.just("") | _KEYS,
    owner=st.just("") | _KEYS,
    parts=_maybe(st.builds(CostParts, _MONEY, tax=_maybe(_MONEY))),
    minimum=_maybe(_MONEY.filter(lambda money: money.currency == "EUR")),
    utm=_maybe(_UTMS),
)
_POSTS = st.builds(
    Post,
    _KEYS,
    _TEXTS,
    networks=st.just(tuple(Network)) | st.just(()) | st.just(("x", "telegram")),
    at=_maybe(_MOMENTS),
    media=st.sampled_from([(), ("a.jpg",)]),
    link=_LINKS,
    approver=st.just("") | _KEYS,
    state=st.sampled_from(PostState),
)
_GOALS = st.builds(
    Goal,
    st.sampled_from(
        [k.name for k in kpi_library().values() if k.unit.value != "money"]
    ),
    st.sampled_from(["1", "150", "1E+99"]),
    by=_maybe(_DATES),
    network=_maybe(st.sampled_from(Network)),
    owner=st.just("") | _KEYS,
)
_STRATEGIES = st.builds(
    Strategy,
    st.builds(
        Brand,
        st.just("Brand"),
        _TEXTS,
        style=_maybe(st.just(BrandStyle(dont=["taste first", "("]))),
    ),
    _maybe(st.sampled_from(Objective) | st.just("fame")),
    goals=_lists(_GOALS),
    personas=st.sampled_from([(), ("a", "zz")]),
    channels=_lists(st.builds(Channel, st.sampled_from(Network), owner=_KEYS)),
)
_MONEY_PLANS = st.builds(
    Budget,
    _MONEY,
    agency_fee=_maybe(_MONEY),
    reserve=_maybe(_MONEY),
    allocations=_maps(_MONEY),
    caps=_maybe(st.builds(Caps, per_campaign_day=_maybe(_MONEY), total=_maybe(_MONEY))),
    guardrails=_lists(st.builds(Guardrail, st.sampled_from(["cpc", "no"]), _MONEY)),
)
_PEOPLE = st.builds(Person, st.just("Mila"), st.just("smm"))
_TASKS = st.builds(
    Task,
    st.just("Task"),
    st.just("") | _KEYS,
    due=_maybe(_DATES),
    after=st.lists(_KEYS, unique=True, max_size=2),
)
_APPROVALS = st.builds(
    Approval, st.sampled_from(Stage), _KEYS, at=_MOMENTS, content_hash=st.just("h")
)


def plans():
    """
    Any plan that can be written down, right or wrong.
    """
    return st.builds(
        MediaPlan,
        st.just("Plan"),
        st.just("0192f3c8-5d7e-7b1a-9c44-2f6d1e0a8b37"),
        zone=st.sampled_from(_ZONES),
        flight=_FLIGHTS,
        budget=_maybe(_MONEY_PLANS),
        strategy=_maybe(_STRATEGIES),
        people=_maps(_PEOPLE),
        audiences=_maps(_AUDIENCES),
        lines=_maps(_LINES),
        campaigns=_maps(_CAMPAIGNS),
        creatives=_maps(_CREATIVES),
        posts=_maps(_POSTS),
        milestones=_maps(st.builds(Milestone, st.just("M"), _DATES)),
        tasks=_maps(_TASKS),
        briefs=_maps(
            st.builds(
                Brief,
                st.just("B"),
                st.just("smm"),
                items=st.sampled_from([(), ("creatives.a", "posts.zz.text", "x")]),
            )
        ),
        approvals=_lists(_APPROVALS),
    )
