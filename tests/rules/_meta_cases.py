"""
For every rule of Meta: a plan that breaks it, and one that only just does not.
"""

from __future__ import annotations

from rules._cases import SET, Case
from rules._plans import LINK, changed, days, eur
from smmlib.model import (
    Ad,
    AdBudget,
    AdSet,
    AgeRange,
    Audience,
    Bid,
    Budget,
    Card,
    Creative,
    CustomAudience,
    Lookalike,
    Money,
    Place,
    Radius,
    Traits,
    Video,
)

LEADS = "campaigns.leads"
FANS = "audiences.fans"
TASTE = "creatives.taste"
FILM = Video("a.mp4", thumbnail="a.jpg")


def _cards(count, **first):
    cards = [Card(f"{n}.jpg", f"Card {n}") for n in range(count)]
    if first:
        cards[0] = Card(**first)
    return Creative("Text", link=LINK, cards=cards)


def _city(radius, country="CH"):
    drawn = Radius.parse(radius) if radius else None
    return Place(country, city="Zurich", radius=drawn)


def _in(currency, *, total, budget, plan=None):
    """
    The clean plan in another currency, its one campaign with this lifetime budget.
    """
    amount = Money(total, currency)
    return changed(
        {
            "budget": Budget(amount, reserve=Money("1", currency)),
            "lines.meta.cost": Money(budget, currency),
            "campaigns.leads.budget": AdBudget(lifetime=Money(budget, currency)),
        },
        plan,
    )


def _restricted(parts, category="housing"):
    return changed(
        {
            f"{LEADS}.special_ad_categories": [category],
            f"{LEADS}.special_ad_countries": ["DE"],
            f"{FANS}.age": None,
            **parts,
        }
    )


def _many_sets(count):
    return {f"s{n}": AdSet("fans", ["taste"]) for n in range(count)}


def _many_ads(count):
    return {f"a{n}": Ad("taste") for n in range(count)}


def _bid(amount, strategy="bid_cap"):
    return Bid(strategy, eur(amount))


CAMPAIGNS = [
    Case(
        "meta.special_category_undeclared",
        f"{LEADS}.special_ad_categories",
        limit="declared, [] for none",
        bad=changed({f"{LEADS}.special_ad_categories": None}),
    ),
    Case(
        "meta.special_category_country",
        f"{LEADS}.special_ad_countries",
        limit="at least one",
        bad=_restricted({f"{LEADS}.special_ad_countries": []}),
        good=_restricted({}),
    ),
    Case(
        "meta.politics_eu",
        f"{LEADS}.special_ad_categories",
        limit="none since 2025-10-06",
        bad=_restricted({}, "issues_elections_politics"),
        good=_restricted(
            {
                f"{LEADS}.special_ad_countries": ["US"],
                f"{FANS}.places": [Place("US")],
            },
            "issues_elections_politics",
        ),
    ),
    Case(
        "meta.objective_not_available",
        f"{LEADS}.objective",
        limit="awareness, traffic, engagement, leads, sales",
        bad=changed({f"{LEADS}.objective": "app_promotion"}),
    ),
    Case(
        "meta.objective_goal",
        f"{SET}.optimise_for",
        limit="impressions, reach, link_clicks, visits",
        bad=changed(
            {f"{LEADS}.objective": "traffic", f"{SET}.optimise_for": "registrations"}
        ),
        good=changed({f"{SET}.optimise_for": "registrations"}),
    ),
    Case(
        "meta.name_too_long",
        f"{LEADS}.name",
        limit=400,
        bad=changed({"name": "a" * 395}),
        good=changed({"name": "a" * 394}),
    ),
    Case(
        "meta.too_many_ad_sets",
        f"{LEADS}.ad_sets",
        limit=200,
        bad=changed({f"{LEADS}.ad_sets": _many_sets(201)}),
        good=changed({f"{LEADS}.ad_sets": _many_sets(200)}),
    ),
    Case(
        "meta.too_many_ads",
        f"{SET}.ads",
        limit=50,
        bad=changed({f"{SET}.ads": _many_ads(51)}),
        good=changed({f"{SET}.ads": _many_ads(50)}),
    ),
    Case(
        "meta.placement_unknown",
        f"{SET}.placements[1]",
        limit="instagram.feed, instagram.stories, instagram.reels, instagram.explore, "
        "instagram.search, instagram.profile",
        bad=changed({f"{SET}.placements": ["facebook.feed", "instagram.marketplace"]}),
        good=changed({f"{SET}.placements": ["facebook.feed", "facebook.marketplace"]}),
    ),
    Case(
        "meta.placement_alone",
        f"{SET}.placements[0]",
        limit="facebook.feed or instagram.stories",
        bad=changed({f"{SET}.placements": ["facebook.stories", "instagram.feed"]}),
        good=changed({f"{SET}.placements": ["facebook.stories", "instagram.stories"]}),
    ),
]

BUDGETS = [
    Case(
        "meta.budget_levels",
        f"{SET}.budget",
        limit="on the campaign or on its ad sets",
        bad=changed({f"{SET}.budget": AdBudget(lifetime=eur(10000))}),
        good=changed(
            {f"{SET}.budget": AdBudget(lifetime=eur(10000)), f"{LEADS}.budget": None}
        ),
    ),
    Case(
        "meta.budget_missing",
        f"{LEADS}.budget",
        limit="on the campaign or on its ad sets",
        bad=changed({f"{LEADS}.budget": None}),
    ),
    Case(
        "meta.currency",
        f"{LEADS}.budget.lifetime",
        limit="66 currencies",
        bad=_in("GEL", total="90000", budget="80000"),
    ),
    Case(
        "meta.amount_not_payable",
        f"{LEADS}.budget.lifetime",
        limit="whole numbers",
        bad=_in("HUF", total="9000000", budget="8000000.50"),
        good=_in("HUF", total="9000000", budget="8000000"),
    ),
    Case(
        "meta.budget_minimum",
        f"{LEADS}.budget",
        limit="1680.00 USD",
        bad=_in("USD", total="9000", budget="1679.99"),
        good=_in("USD", total="9000", budget="1680"),
    ),
    Case(
        "meta.bid_cap_budget",
        f"{LEADS}.budget",
        limit=5,
        bad=changed({f"{LEADS}.bid": _bid("47.62")}),
        good=changed({f"{LEADS}.bid": _bid("47.61")}),
    ),
    Case(
        "meta.bid_level",
        f"{SET}.bid",
        limit="lowest_cost",
        bad=changed({f"{SET}.bid": _bid("5", "cost_cap")}),
        good=changed(
            {f"{SET}.bid": _bid("5", "cost_cap"), f"{LEADS}.bid": _bid("6", "cost_cap")}
        ),
    ),
    Case(
        "meta.daily_too_short",
        f"{LEADS}.budget",
        limit=24,
        bad=changed(
            {
                f"{LEADS}.budget": AdBudget(daily=eur(9999)),
                f"{LEADS}.flight": days("2027-03-01..2027-03-01"),
            }
        ),
        good=changed({f"{LEADS}.flight": days("2027-03-01..2027-03-01")}),
    ),
]

AUDIENCES = [
    Case(
        "meta.age_minimum",
        f"{FANS}.age",
        limit=65,
        bad=changed({f"{FANS}.age": AgeRange(66)}),
        good=changed({f"{FANS}.age": AgeRange(65)}),
    ),
    Case(
        "meta.age_maximum",
        f"{FANS}.age",
        limit=65,
        bad=changed({f"{FANS}.age": AgeRange(25, 66)}),
        good=changed({f"{FANS}.age": AgeRange(25, 65)}),
    ),
    Case(
        "meta.places_missing",
        f"{FANS}.places",
        limit="at least one, unless people are known",
        bad=changed({f"{FANS}.places": []}),
        good=changed({f"{SET}.audience": "buyers"}),
    ),
    Case(
        "meta.radius",
        f"{FANS}.places[1].radius",
        limit="17-80 km",
        bad=changed({f"{FANS}.places": [Place("DE"), _city("16.9 km")]}),
        good=changed({f"{FANS}.places": [Place("DE"), _city("10 mi")]}),
    ),
    Case(
        "meta.several_radii",
        f"{FANS}.places",
        limit=1,
        bad=changed({f"{FANS}.places": [_city("17 km"), _city("80 km")]}),
        good=changed({f"{FANS}.places": [_city("17 km"), _city("")]}),
    ),
    Case(
        "meta.too_many_targets",
        f"{FANS}.places",
        limit=250,
        bad=changed({f"{FANS}.places": [_city("")] * 251}),
        good=changed({f"{FANS}.places": [_city("")] * 250}),
    ),
    Case(
        "meta.no_seniority",
        f"{FANS}.narrow_by[0].seniorities",
        limit="no seniority",
        bad=changed({f"{FANS}.narrow_by": [Traits(seniorities=["owner"])]}),
        good=changed({f"{FANS}.narrow_by": [Traits(professions=["Owner"])]}),
    ),
    Case(
        "meta.look_back",
        f"{FANS}.exclude[0].days",
        limit=180,
        bad=changed({f"{FANS}.excluded": [CustomAudience("site_visitors", days=181)]}),
        good=changed(
            {
                f"{FANS}.excluded": [
                    CustomAudience("site_visitors", days=180),
                    CustomAudience("engagers", days=365),
                ]
            }
        ),
    ),
    Case(
        "meta.retarget_not_available",
        f"{FANS}.retarget[0].kind",
        limit="site_visitors, customer_list, engagers, lead_form, app_users",
        bad=changed({f"{FANS}.retarget": [CustomAudience("video_viewers")]}),
        good=changed({f"{FANS}.retarget": [CustomAudience("app_users", "123")]}),
    ),
    Case(
        "meta.exclude_described",
        f"{FANS}.exclude[0]",
        limit="known people and lookalikes",
        bad=changed(
            {f"{FANS}.excluded": ["old"], "audiences.old": Audience(age=AgeRange(60))}
        ),
        good=changed({f"{FANS}.excluded": ["buyers"]}),
    ),
    Case(
        "meta.lookalike_source",
        f"{FANS}.lookalike.of",
        limit="an audience of known people",
        bad=changed({f"{FANS}.lookalike": Lookalike("fans", "DE")}),
        good=changed({f"{FANS}.lookalike": Lookalike("buyers", "DE")}),
    ),
    Case(
        "meta.lookalike_wide",
        f"{FANS}.lookalike.percent",
        limit=10,
        bad=changed({f"{FANS}.lookalike": Lookalike("buyers", "DE", percent=11)}),
        good=changed({f"{FANS}.lookalike": Lookalike("buyers", "DE", percent=10)}),
    ),
    Case(
        "meta.advertiser_eu",
        "strategy.brand.advertiser",
        limit="named, at most 512 characters each",
        bad=changed({"strategy.brand.advertiser": ""}),
        good=changed(
            {"strategy.brand.advertiser": "", f"{FANS}.places": [Place("CH")]}
        ),
    ),
    Case(
        "meta.restricted_targeting",
        f"{FANS}.age",
        limit="18-65+",
        bad=_restricted({f"{FANS}.age": AgeRange(19)}),
        good=_restricted({f"{FANS}.age": AgeRange(18, 65)}),
    ),
    Case(
        "meta.restricted_interests",
        f"{FANS}.interests",
        limit="approved interests",
        bad=_restricted({f"{FANS}.interests": ["Espresso"]}),
        good=_restricted(
            {f"{FANS}.interests": ["Espresso"]}, "online_gambling_and_gaming"
        ),
    ),
]

CREATIVES = [
    Case(
        "meta.thumbnail_missing",
        f"{TASTE}.cards[0].video.thumbnail",
        limit="required",
        bad=changed({TASTE: _cards(3, video="a.mp4", headline="A")}),
        good=changed({TASTE: _cards(3, video=FILM, headline="A")}),
    ),
    Case(
        "meta.image_missing",
        f"{TASTE}.image",
        limit="an image or cards",
        bad=changed({f"{TASTE}.image": None}),
    ),
    Case(
        "meta.link_missing",
        f"{TASTE}.link",
        limit="required",
        bad=changed({f"{TASTE}.link": "", "strategy.objective": "awareness"}),
        good=changed({TASTE: Creative(boost="facebook:1"), f"{TASTE}.cta": None}),
    ),
    Case(
        "meta.text_folded",
        f"{TASTE}.headline",
        limit=40,
        bad=changed({f"{TASTE}.headline": "a" * 41}),
        good=changed(
            {
                f"{TASTE}.text": "a" * 125,
                f"{TASTE}.headline": "a" * 40,
                f"{TASTE}.description": "a" * 30,
            }
        ),
    ),
    Case(
        "meta.few_cards",
        f"{TASTE}.cards",
        limit=3,
        bad=changed({TASTE: _cards(2)}),
        good=changed({TASTE: _cards(3)}),
    ),
    Case(
        "meta.cards_reordered",
        f"{TASTE}.cards",
        limit=5,
        bad=changed({TASTE: _cards(6)}),
        good=changed({TASTE: _cards(5)}),
    ),
    Case(
        "meta.button",
        f"{TASTE}.cta",
        limit="those of Meta's own list",
        bad=changed({f"{TASTE}.cta": "request_demo"}),
        good=changed({f"{TASTE}.cta": "register"}),
    ),
    Case(
        "meta.button_target",
        f"{TASTE}.cta",
        limit="those of Meta's own list",
        bad=changed({f"{TASTE}.cta": "call_now"}),
        good=changed({f"{TASTE}.cta": "contact_us"}),
    ),
]

CASES = [*CAMPAIGNS, *BUDGETS, *AUDIENCES, *CREATIVES]
