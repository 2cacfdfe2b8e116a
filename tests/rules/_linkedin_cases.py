"""
For every rule of LinkedIn: a plan that breaks it, and one that only just does not.
"""

from __future__ import annotations

from rules._cases import SET, Case
from rules._plans import LINK, changed, eur
from smmlib.model import (
    Ad,
    AdBudget,
    AdSet,
    AdText,
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
    The clean plan on LinkedIn, with some parts changed.
    """
    ours = changed(
        {
            "lines.meta.networks": ["linkedin"],
            f"{LEADS}.ad_sets": {"fans": AdSet("fans", ["taste"])},
        }
    )
    return changed(parts or {}, ours)


def _text(count):
    """
    A picture with a text of so many characters, as if read back from a platform.
    """
    text = AdText("a" * count, limit=1000)
    return _here({TASTE: Creative(text, link=LINK, image="a.jpg")})


def _carousel(count=10, headline=10):
    cards = [Card("1.jpg", "b" * headline), Card("2.jpg", "Light")]
    return _here({TASTE: Creative("a" * count, link=LINK, cards=cards)})


def _headline(count):
    return _here({f"{TASTE}.headline": "a" * count})


def _ads(count):
    return _here({f"{SET}.ads": {f"a{n}": Ad("taste") for n in range(count)}})


def _city(**more):
    return _here({f"{FANS}.places": [Place("CH", city="Zurich", **more)]})


CASES = [
    Case(
        "linkedin.political_undeclared",
        f"{LEADS}.special_ad_categories",
        limit="declared",
        bad=_here({f"{LEADS}.special_ad_categories": None}),
        good=_here(),
    ),
    Case(
        "linkedin.objective_not_available",
        f"{LEADS}.objective",
        limit="awareness, traffic, engagement, leads, sales",
        bad=_here({f"{LEADS}.objective": "app_promotion"}),
        good=_here({f"{LEADS}.objective": "sales"}),
    ),
    Case(
        "linkedin.objective_goal",
        f"{SET}.optimise_for",
        limit="link_clicks, visits",
        bad=_here(
            {f"{LEADS}.objective": "traffic", f"{SET}.optimise_for": "purchases"}
        ),
        good=_here({f"{LEADS}.objective": "traffic", f"{SET}.optimise_for": "visits"}),
    ),
    Case(
        "linkedin.name_too_long",
        f"{LEADS}.name",
        limit=83,
        bad=_here({f"{LEADS}.name": "a" * 84}),
        good=_here({f"{LEADS}.name": "a" * 83}),
    ),
    Case(
        "linkedin.too_many_ads",
        f"{SET}.ads",
        limit=15,
        bad=_ads(16),
        good=_ads(15),
    ),
    Case(
        "linkedin.budget_levels",
        f"{SET}.budget",
        limit="on the campaign or on its ad sets",
        bad=_here({f"{SET}.budget": AdBudget(daily=eur(50))}),
        good=_here(
            {
                f"{LEADS}.budget": None,
                f"{SET}.budget": AdBudget(daily=eur(50)),
            }
        ),
    ),
    Case(
        "linkedin.budget_minimum",
        f"{LEADS}.budget",
        limit="about 92.00 EUR",
        bad=_here({f"{LEADS}.budget": AdBudget(lifetime=eur("91.99"))}),
        good=_here({f"{LEADS}.budget": AdBudget(lifetime=eur(92))}),
    ),
    Case(
        "linkedin.places_missing",
        f"{FANS}.places",
        limit="at least one",
        bad=_here({f"{FANS}.places": []}),
        good=_here(),
    ),
    Case(
        "linkedin.no_radius",
        f"{FANS}.places[0].radius",
        limit="countries, regions, cities",
        bad=_city(radius=Radius("25")),
        good=_city(),
    ),
    Case(
        "linkedin.languages",
        f"{FANS}.languages",
        limit=1,
        bad=_here({f"{FANS}.languages": ["de", "fr"]}),
        good=_here({f"{FANS}.languages": ["de"]}),
    ),
    Case(
        "linkedin.text_too_long",
        f"{TASTE}.text",
        limit=600,
        bad=_text(601),
        good=_text(600),
    ),
    Case(
        "linkedin.carousel_text_too_long",
        f"{TASTE}.text",
        limit=255,
        bad=_carousel(256),
        good=_carousel(255),
    ),
    Case(
        "linkedin.headline_too_long",
        f"{TASTE}.headline",
        limit=200,
        bad=_headline(201),
        good=_headline(200),
    ),
    Case(
        "linkedin.card_headline_too_long",
        f"{TASTE}.cards[0].headline",
        limit=45,
        bad=_carousel(headline=46),
        good=_carousel(headline=45),
    ),
    Case(
        "linkedin.text_folded",
        f"{TASTE}.text",
        limit=150,
        bad=_text(151),
        good=_text(150),
    ),
    Case(
        "linkedin.headline_folded",
        f"{TASTE}.headline",
        limit=70,
        bad=_headline(71),
        good=_headline(70),
    ),
    Case(
        "linkedin.link_missing",
        f"{TASTE}.link",
        limit="needed",
        bad=_here({f"{LEADS}.objective": "awareness", f"{TASTE}.link": ""}),
        good=_here({f"{LEADS}.objective": "awareness"}),
    ),
    Case(
        "linkedin.button",
        f"{TASTE}.cta",
        limit="13 labels",
        bad=_here({f"{TASTE}.cta": "order_now"}),
        good=_here({f"{TASTE}.cta": "buy_now"}),
    ),
    Case(
        "linkedin.formats_mixed",
        f"{SET}.ads",
        limit="one",
        bad=_here(
            {
                f"{SET}.ads": {
                    "one": Ad("taste"),
                    "two": Ad(
                        Creative(
                            "Text", link=LINK, cards=[Card("1.jpg"), Card("2.jpg")]
                        )
                    ),
                }
            }
        ),
        good=_here(),
    ),
]
