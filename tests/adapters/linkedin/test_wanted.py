"""
What LinkedIn cannot express is told before anything is sent, with its place.
"""

from __future__ import annotations

import attrs
import pytest

from _linkedin_adapter import a_plan, ad_sets, files, linkedin_of, with_creatives
from smmlib import (
    AdBudget,
    AdCampaign,
    AdSet,
    AgeRange,
    Audience,
    Bid,
    Card,
    Creative,
    CustomAudience,
    Place,
    Radius,
    Traits,
)
from smmlib.model import AdText, Lookalike
from smmlib.sandbox import Sandbox

LINK = "https://alpenkaffee.example/box"
SET = "campaigns.spring.ad_sets.office"


@pytest.fixture
def sandbox():
    """
    A fresh emulated platform.
    """
    return Sandbox(seed=7)


@pytest.fixture
def platform(sandbox, tmp_path):
    """
    The adapter, inside this process.
    """
    found = linkedin_of(sandbox, files(tmp_path))
    yield found
    found.close()


def _told(platform, plan):
    return {(i.path, i.code): i for i in platform.wanted(plan).issues}


def _audience(**changes):
    usual = {"places": [Place("DE")], "languages": ["de"]}
    audiences = {**a_plan().audiences, "office": Audience(**usual | changes)}
    return a_plan(audiences=audiences)


def _campaign(sets=None, **changes):
    usual = {
        "special_ad_categories": [],
        "budget": AdBudget(lifetime="5000 EUR"),
    }
    campaign = AdCampaign("work", sets or ad_sets(), **usual | changes)
    return a_plan(campaigns={"spring": campaign})


AUDIENCES = [
    ({"places": []}, "places", "places_missing"),
    (
        {"places": [Place("CH", city="Zurich", radius=Radius("25"))]},
        "places[0].radius",
        "no_radius",
    ),
    ({"places": [Place("DE", city="Nowhereville")]}, "places[0]", "city_unknown"),
    ({"languages": ["de", "en"]}, "languages", "languages"),
    ({"languages": ["sw"]}, "languages[0]", "language"),
    ({"age": AgeRange(13, 16)}, "age", "age_minimum"),
    ({"age": AgeRange(25, 44)}, "age", "age_groups"),
    ({"professions": ["Xyzzyist"]}, "professions[0]", "profession_unknown"),
    ({"interests": ["staff: 5-7"]}, "interests[0]", "staff_unknown"),
    (
        {
            "professions": ["Office Manager"],
            "narrow_by": [Traits(seniorities=["manager"])],
        },
        "",
        "facets_conflict",
    ),
    (
        {"retarget": [CustomAudience("customer_list", "crm")]},
        "retarget[0]",
        "segment_missing",
    ),
    ({"lookalike": Lookalike("visitors", "DE")}, "lookalike", "no_lookalike"),
    ({"exclude": ["office"]}, "exclude[0]", "exclude_described"),
    ({"languages": []}, "languages", "language_missing"),
]


@pytest.mark.parametrize(
    ("parts", "path", "code"), AUDIENCES, ids=[code for _, _, code in AUDIENCES]
)
def test_people_linkedin_cannot_find(platform, parts, path, code):
    """
    Each thing an audience asks for in vain is named where it stands.
    """
    where = f"audiences.office.{path}".rstrip(".")
    found = _told(platform, _audience(**parts))

    assert (where, f"linkedin.{code}") in found
    assert found[where, f"linkedin.{code}"].hint


CAMPAIGNS = [
    ({"special_ad_categories": None}, "campaigns.spring.special_ad_categories",
     "political_undeclared"),
    ({"objective": "app_promotion"}, "campaigns.spring.objective",
     "objective_not_available"),
    ({"objective": "sales"}, f"{SET}.optimise_for", "conversion_missing"),
    ({"budget": None}, f"{SET}.budget", "budget_missing"),
    ({"name": "n" * 84}, "campaigns.spring.name", "name_too_long"),
    ({"budget": AdBudget(lifetime="500 USD")}, "campaigns.spring.budget.lifetime",
     "currency"),
    ({"objective": "awareness", "bid": Bid("cost_cap", "5 EUR")}, f"{SET}.bid",
     "no_cost_cap"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("parts", "path", "code"), CAMPAIGNS, ids=[code for _, _, code in CAMPAIGNS]
)
def test_campaigns_linkedin_cannot_run(platform, parts, path, code):
    """
    Each thing a campaign asks for in vain is named where it stands.
    """
    found = _told(platform, _campaign(**parts))

    assert (path, f"linkedin.{code}") in found
    assert found[path, f"linkedin.{code}"].is_error


AD_SETS = [
    ({"optimise_for": "purchases"}, "optimise_for", "objective_goal"),
    ({"placements": ["linkedin.stories"]}, "placements[0]", "placement_unknown"),
    ({"ads": ["link", "cards"]}, "ads", "formats_mixed"),
    ({"budget": AdBudget(daily="50 EUR")}, "budget", "budget_levels"),
    ({"bid": Bid("bid_cap", "5 EUR")}, "bid", "bid_level"),
]


@pytest.mark.parametrize(
    ("parts", "path", "code"), AD_SETS, ids=[code for _, _, code in AD_SETS]
)
def test_ad_sets_linkedin_cannot_run(platform, parts, path, code):
    """
    Each thing an ad set asks for in vain is named where it stands.
    """
    usual = {"audience": "office", "ads": ["link"]}
    found = _told(platform, _campaign({"office": AdSet(**usual | parts)}))

    assert (f"{SET}.{path}", f"linkedin.{code}") in found


_PAIR = [Card("img/a.png", "Dark"), Card("img/b.png", "Light")]
CREATIVES = [
    (Creative("Text"), "link", "linkedin.link_missing"),
    (Creative(AdText("a" * 601, limit=700), link=LINK), "text",
     "linkedin.text_too_long"),
    (Creative("a" * 256, link=LINK, cards=_PAIR), "text",
     "linkedin.carousel_text_too_long"),
    (Creative("Text", "h" * 201, link=LINK), "headline",
     "linkedin.headline_too_long"),
    (Creative("Text", link=LINK, cards=[Card("img/a.png", "h" * 46), *_PAIR]),
     "cards[0].headline", "linkedin.card_headline_too_long"),
    (Creative("Text", link=LINK, cta="order_now"), "cta", "linkedin.button"),
    (Creative("Text", link=LINK, image="img/none.png"), "image", "media.missing"),
    (Creative("Text", link=LINK, image="img/c.mp4"), "image", "media.format"),
    (Creative("Text", link=LINK, image="https://a.example/a.png"), "image",
     "media.address"),
    (Creative("Text", link=LINK, description="d", image="img/a.png"),
     "description", "linkedin.not_shown"),
    (Creative(boost="facebook:1_2"), "boost", "boost.network"),
    (Creative(boost="nothing"), "boost", "reference.post"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("creative", "path", "code"), CREATIVES, ids=[code for _, _, code in CREATIVES]
)
def test_creatives_linkedin_cannot_show(platform, creative, path, code):
    """
    Each part of a creative LinkedIn refuses, cuts or leaves out is named.
    """
    plan = with_creatives(_campaign({"office": AdSet("office", ["link"])}))
    found = _told(platform, with_creatives(plan, link=creative))

    assert (f"creatives.link.{path}", code) in found


def test_traits_of_linkedins_own_are_found(platform):
    """
    Skills, functions and sizes of companies are written with a prefix.
    """
    plan = _audience(
        professions=["Office Manager"],
        narrow_by=[Traits(["skill: Budgeting", "staff: 51-200"])],
    )
    wanted = platform.wanted(plan)
    spec = next(
        r.fields["targetingCriteria"] for r in wanted.resources if r.address == SET
    )

    facets = {facet for group in spec["include"] for facet in group}
    assert {"locations", "titles", "skills", "staffCountRanges"} == facets
    together = next(g for g in spec["include"] if "skills" in g)
    assert ("urn:li:staffCountRange:(51,200)",) == tuple(together["staffCountRanges"])


def test_names_are_looked_up_once(platform, sandbox):
    """
    Wanting again asks for the account only: names are remembered.
    """
    platform.wanted(a_plan())
    before = len(sandbox.log)
    platform.wanted(a_plan())

    assert 1 == len(sandbox.log) - before


def test_links_carry_the_plans_tags(platform):
    """
    Visits can be told apart in the shop's own analytics.
    """
    resources = platform.wanted(a_plan()).resources
    link = next(r.fields["link"] for r in resources if r.address.endswith("ads.link"))

    assert link == (
        f"{LINK}?utm_source=linkedin&utm_medium=paid_social&utm_campaign=spring"
        "&utm_term=office&utm_content=link"
    )


def test_an_audience_has_a_size(platform):
    """
    LinkedIn guesses how many members an audience holds.
    """
    many = platform.estimate(Audience(places=[Place("DE")]))
    few = platform.estimate(
        Audience(places=[Place("DE")], professions=["Office Manager"])
    )

    assert 0 <= few.low < many.low
    assert "LinkedIn, 2027-02-22" == many.source


def test_a_line_by_hand_asks_nothing(platform, sandbox):
    """
    A plan without campaigns for LinkedIn is no reason to speak to it.
    """
    plan = a_plan()
    lines = {k: attrs.evolve(v, managed="by hand") for k, v in plan.lines.items()}

    assert () == platform.wanted(attrs.evolve(plan, lines=lines)).resources
    assert 0 == len(sandbox.log)
