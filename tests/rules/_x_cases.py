"""
For every rule of X: a plan that breaks it, and one that only just does not.
"""

from __future__ import annotations

from rules._cases import SET, Case
from rules._plans import LINK, changed, eur
from smmlib.model import (
    AdBudget,
    AdSet,
    AdText,
    AgeRange,
    Bid,
    Card,
    Creative,
    Place,
    Radius,
)

LEADS = "campaigns.leads"
FANS = "audiences.fans"
TASTE = "creatives.taste"


def _here(parts=None):
    """
    The clean plan on X, with some parts changed.
    """
    ours = changed(
        {
            "lines.meta.networks": ["x"],
            f"{LEADS}.ad_sets": {"fans": AdSet("fans", ["taste"])},
            f"{FANS}.age": AgeRange(25, 49),
            TASTE: Creative("Taste first, pay later.", link=LINK, image="a.jpg"),
        }
    )
    return changed(parts or {}, ours)


def _text(count):
    return _here({TASTE: Creative(AdText("a" * count), link=LINK, image="a.jpg")})


def _cards(count):
    cards = [Card(f"{number}.jpg", "Dark") for number in range(count)]
    return _here({TASTE: Creative("a", link=LINK, cards=cards)})


def _city(**more):
    return _here({f"{FANS}.places": [Place("CH", city="Zurich", **more)]})


def _sets(count):
    sets = {f"s{number}": AdSet("fans", ["taste"]) for number in range(count)}
    return _here({f"{LEADS}.ad_sets": sets})


def _goals(one, other):
    sets = {
        "one": AdSet("fans", ["taste"], optimise_for=one),
        "other": AdSet("fans", ["taste"], optimise_for=other),
    }
    return _here({f"{LEADS}.objective": "awareness", f"{LEADS}.ad_sets": sets})


CASES = [
    Case(
        "x.objective_not_available",
        f"{LEADS}.objective",
        limit="awareness, traffic, engagement, leads, sales",
        bad=_here({f"{LEADS}.objective": "app_promotion"}),
        good=_here({f"{LEADS}.objective": "sales"}),
    ),
    Case(
        "x.objective_goal",
        f"{SET}.optimise_for",
        limit="link_clicks, visits",
        bad=_here(
            {f"{LEADS}.objective": "traffic", f"{SET}.optimise_for": "purchases"}
        ),
        good=_here({f"{LEADS}.objective": "traffic", f"{SET}.optimise_for": "visits"}),
    ),
    Case(
        "x.objectives_mixed",
        f"{LEADS}.ad_sets",
        limit="one",
        bad=_goals("reach", "video_views"),
        good=_goals("reach", "engagement"),
    ),
    Case(
        "x.name_too_long",
        f"{LEADS}.name",
        limit=238,
        bad=_here({f"{LEADS}.name": "a" * 239}),
        good=_here({f"{LEADS}.name": "a" * 238}),
    ),
    Case(
        "x.too_many_ad_sets",
        f"{LEADS}.ad_sets",
        limit=100,
        bad=_sets(101),
        good=_sets(100),
    ),
    Case(
        "x.budget_levels",
        f"{SET}.budget",
        limit="on the campaign or on each ad set",
        bad=_here({f"{SET}.budget": AdBudget(daily=eur(50))}),
        good=_here({f"{LEADS}.budget": None, f"{SET}.budget": AdBudget(daily=eur(50))}),
    ),
    Case(
        "x.bid_strategy",
        f"{SET}.bid",
        limit="lowest_cost, cost_cap",
        bad=_here(
            {
                f"{LEADS}.objective": "awareness",
                f"{SET}.bid": Bid("bid_cap", eur("0.50")),
            }
        ),
        good=_here(
            {
                f"{LEADS}.objective": "awareness",
                f"{SET}.bid": Bid("cost_cap", eur("0.50")),
            }
        ),
    ),
    Case(
        "x.no_radius",
        f"{FANS}.places[0].radius",
        limit="countries, regions, cities",
        bad=_here(
            {f"{FANS}.places": [Place("CH", city="Zurich", radius=Radius("25"))]}
        ),
        good=_city(),
    ),
    Case(
        "x.no_such_trait",
        f"{FANS}.professions[0]",
        limit="interests, keywords, conversations",
        bad=_here({f"{FANS}.professions": ["Office Manager"]}),
        good=_here({f"{FANS}.professions": ["keyword: office manager"]}),
    ),
    Case(
        "x.age_groups",
        f"{FANS}.age",
        limit="from 13, 18, 21, 25 or 35 up to 24, 34, 49, 54 or open, and 50+",
        bad=_here({f"{FANS}.age": AgeRange(25, 44)}),
        good=_here({f"{FANS}.age": AgeRange(25, 49)}),
    ),
    Case(
        "x.text_too_long",
        f"{TASTE}.text",
        limit=280,
        bad=_text(281),
        good=_text(280),
    ),
    Case(
        "x.title_cut",
        f"{TASTE}.headline",
        limit=70,
        bad=_here({f"{TASTE}.headline": "a" * 71}),
        good=_here({f"{TASTE}.headline": "a" * 70}),
    ),
    Case(
        "x.cards",
        f"{TASTE}.cards",
        limit=(2, 6),
        bad=_cards(7),
        good=_cards(6),
    ),
]
