"""
Plans to break: one that is right in everything, and small ways to change it.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import attrs

from smmlib.model import (
    AdBudget,
    AdCampaign,
    AdSet,
    AgeRange,
    Audience,
    Brand,
    Budget,
    Card,
    Creative,
    CustomAudience,
    Flight,
    FrozenMap,
    Goal,
    Image,
    LineItem,
    MediaPlan,
    Money,
    Person,
    Place,
    Post,
    Radius,
    Strategy,
)

BERLIN = "Europe/Berlin"
ZONE = ZoneInfo(BERLIN)
LINK = "https://alpenkaffee.example/box"


def eur(amount):
    """
    Euros.
    """
    return Money(str(amount), "EUR")


def days(text):
    """
    Whole days in Berlin.
    """
    return Flight.parse(text, BERLIN)


def at(text):
    """
    A wall time in Berlin.
    """
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def clean_plan():
    """
    A plan without any issue, not even an info.
    """
    return MediaPlan(
        "Spring",
        "0192f3c8-5d7e-7b1a-9c44-2f6d1e0a8b37",
        zone=BERLIN,
        flight=days("2027-03-01..2027-04-11"),
        budget=Budget(eur(12000), agency_fee=eur(1500), reserve=eur(500)),
        people={
            "mila": Person("Mila Brandt", "smm"),
            "eva": Person("Eva Alpen", "client", approves=["plan", "posts"]),
        },
        strategy=Strategy(
            Brand("Alpenkaffee", "Alpenkaffee GmbH"),
            "leads",
            goals=[Goal("registrations", 500, owner="mila")],
        ),
        audiences={
            "fans": Audience(age=AgeRange(25, 44), places=[Place("DE")]),
            "buyers": Audience(retarget=[CustomAudience("customer_list", "crm")]),
        },
        lines={
            "meta": LineItem(["facebook", "instagram"], eur(10000), owner="mila"),
            "organic": LineItem(["facebook", "telegram"], paid=False),
        },
        campaigns={
            "leads": AdCampaign(
                "meta",
                {"fans": AdSet("fans", ["taste"], placements=["facebook.feed"])},
                special_ad_categories=[],
                budget=AdBudget(lifetime=eur(10000)),
            )
        },
        creatives={
            "taste": Creative(
                "Taste first.", "Four roasts", cta="sign_up", link=LINK, image="a.jpg"
            )
        },
        posts={
            "open": Post(
                "organic",
                "We are open.",
                networks=["facebook", "telegram"],
                at=at("2027-03-01 09:00"),
                owner="mila",
                approver="eva",
            )
        },
    )


def put(thing, path, value):
    """
    The same value with one part changed: `put(plan, "lines.meta.cost", eur(5))`.

    Maps get the key, also when it is new.
    """
    head, _, rest = path.partition(".")
    if isinstance(thing, FrozenMap):
        if rest:
            return thing.with_(**{head: put(thing[head], rest, value)})
        return FrozenMap({**thing, head: value})
    if isinstance(thing, tuple):
        items = list(thing)
        items[int(head)] = put(items[int(head)], rest, value) if rest else value
        return tuple(items)
    new = put(getattr(thing, head), rest, value) if rest else value
    name = "exclude" if head == "excluded" else head
    return attrs.evolve(thing, **{name: new})


def changed(parts, plan=None):
    """
    The clean plan (or another one) with parts changed, by path.
    """
    plan = plan or clean_plan()
    for path, value in parts.items():
        plan = put(plan, path, value)
    return plan


def target_plan():
    """
    The plan file of the README, as values.
    """
    return MediaPlan(
        "Alpenkaffee spring launch",
        "0192f3c8-5d7e-7b1a-9c44-2f6d1e0a8b37",
        zone=BERLIN,
        flight=days("2027-03-01..2027-04-11"),
        budget=Budget(eur(33000), agency_fee=eur(3000), reserve=eur(1500)),
        people={
            "mila": Person("Mila Brandt", "smm"),
            "jon": Person("Jon Weiss", "copywriter"),
            "eva": Person("Eva Alpen", "client", approves=["plan", "posts", "spend"]),
        },
        strategy=Strategy(
            Brand("Alpenkaffee", "Alpenkaffee GmbH", voice="warm, plain"),
            "leads",
            goals=[
                Goal("registrations", 1200, owner="mila"),
                Goal("cost_per_registration", eur(18), owner="mila"),
                Goal("follower_growth", "15 %", network="telegram", owner="jon"),
            ],
        ),
        audiences={
            "baristas": Audience(
                age=AgeRange(25, 44),
                places=[
                    Place("DE"),
                    Place("AT"),
                    Place("CH", city="Zurich", radius=Radius("25", "km")),
                ],
                interests=["Espresso", "Coffee machines"],
                exclude=["customers"],
            ),
            "office": Audience(
                places=[Place("DE")],
                professions=["Office Manager", "Head of HR"],
                industries=["Software Development"],
            ),
            "visitors": Audience(
                retarget=[CustomAudience("site_visitors", days=30)],
                exclude=["customers"],
            ),
            "customers": Audience(retarget=[CustomAudience("customer_list", "crm")]),
        },
        lines={
            "meta-leads": LineItem(
                ["facebook", "instagram"],
                eur(16000),
                buy="cpm",
                expect={"cpm": "6.40 EUR", "ctr": "1.2 %"},
                owner="mila",
            ),
            "linkedin-office": LineItem(
                ["linkedin"], eur(8000), buy="cpc", audience="office", owner="mila"
            ),
            "x-teaser": LineItem(["x"], eur(1500), buy="cpc", owner="mila"),
            "bloggers": LineItem(
                ["telegram"], eur(3000), buy="flat", managed="by hand"
            ),
            "organic": LineItem(["facebook", "telegram"], paid=False, owner="jon"),
        },
        campaigns={
            "leads": AdCampaign(
                "meta-leads",
                {
                    key: AdSet(
                        key,
                        [ad],
                        placements=["facebook.feed", "instagram.feed"],
                    )
                    for key, ad in (("baristas", "taste"), ("visitors", "opening"))
                },
                special_ad_categories=[],
                budget=AdBudget(lifetime=eur(16000)),
            )
        },
        creatives={
            "taste": Creative(
                "Four roasts, one box, at your door on Friday. Taste first, pay later.",
                cta="sign_up",
                link=LINK,
                cards=[
                    Card("img/a.jpg", "Dark"),
                    Card(Image("img/b.jpg"), "Light"),
                ],
            ),
            "opening": Creative(boost="opening", cta="learn_more", link=LINK),
        },
        posts={
            "opening": Post(
                "organic",
                "We are open.",
                networks=["facebook", "telegram"],
                at=at("2027-03-01 09:00"),
                owner="jon",
                approver="eva",
                variants={"telegram": "*We are open.*"},
            )
        },
    )


def large_plan(*, ads, broken=False):
    """
    A plan of many ads, each with its own creative; broken: each ad has its own problem.
    """
    plan = clean_plan()
    per_set, sets_per_campaign = 50, 20
    creatives, campaigns = {}, {}
    keys = [f"c{n}" for n in range(ads)]
    for n, key in enumerate(keys):
        link = "" if broken else f"{LINK}/{n}"
        creatives[key] = Creative(f"Text {n}", "Head", link=link, image=f"img/{n}.jpg")
    groups = [keys[i : i + per_set] for i in range(0, ads, per_set)]
    rows = [
        groups[i : i + sets_per_campaign]
        for i in range(0, len(groups), sets_per_campaign)
    ]
    for n, row in enumerate(rows):
        campaigns[f"k{n}"] = AdCampaign(
            "meta",
            {
                f"s{m}": AdSet(
                    "fans", [f"x{key}" for key in group] if broken and n % 2 else group
                )
                for m, group in enumerate(row)
            },
            special_ad_categories=[],
            budget=AdBudget(daily=Money(Decimal(2000), "EUR")),
            name=f"Campaign {n}",
        )
    return attrs.evolve(plan, creatives=creatives, campaigns=campaigns)
