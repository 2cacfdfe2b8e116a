"""
The one document all contenders of the core benches read, and its broken brothers.

A plan as an agency with a large shop would keep it: 20 campaigns of 10 ad sets with 50
ads each, every ad with a creative of its own, most of them carousels; money, zones,
audiences with places and interests; about 12 MB of JSON. Everything is drawn from one
seed, so two runs read the same bytes.
"""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Iterator
from typing import Any

CAMPAIGNS, AD_SETS, ADS = 20, 10, 50

_WORDS = (
    "roast box friday morning coffee fresh beans taste first pay later door week "
    "kitchen quiet machine crema filter blend single origin farm altitude washed honey "
    "natural grinder scale kettle barista course gift card free shipping four new "
    "small batch warm plain honest city mountain lake bicycle courier office team"
).split()
_CITIES = ("Berlin", "Hamburg", "Wien", "Graz", "Zürich", "Basel", "München", "Köln")
_TOPICS = ("Espresso", "Coffee machines", "Latte art", "Cafés", "Home brewing", "Tea")
_BUTTONS = ("learn_more", "sign_up", "shop_now", "subscribe", "contact_us")
_POSITIONS = ("facebook.feed", "instagram.feed", "instagram.stories", "facebook.reels")

# Parts of texts with letters beyond ASCII, and of ads with a single picture.
_UMLAUTS, _SINGLE = 0.3, 0.25

Document = dict[str, Any]


def document(
    campaigns: int = CAMPAIGNS, ad_sets: int = AD_SETS, ads: int = ADS, *, seed: int = 7
) -> Document:
    """
    A whole plan as builtins, in the shape of a plan file.
    """
    draw = random.Random(seed)  # noqa: S311 - a repeatable document, no secret
    sets = [(c, s) for c in range(campaigns) for s in range(ad_sets)]
    return {
        "smmlib": 1,
        "name": "Alpenkaffee all year",
        "project_id": "0192f3c8-5d7e-7b1a-9c44-2f6d1e0a8b37",
        "zone": "Europe/Berlin",
        "flight": "2027-01-01..2027-12-31",
        "budget": {"total": f"{campaigns * 60_000} EUR", "reserve": "15000.00 EUR"},
        "strategy": _strategy(),
        "people": {
            "mila": {"name": "Mila Brandt", "role": "smm"},
            "jon": {"name": "Jon Weiss", "role": "copywriter"},
        },
        "audiences": {f"people-{c}-{s}": _audience(draw) for c, s in sets},
        "lines": {f"line-{c}": _line(draw) for c in range(campaigns)},
        "campaigns": {
            f"campaign-{c}": _campaign(draw, c, ad_sets, ads) for c in range(campaigns)
        },
        "creatives": {
            f"creative-{c}-{s}-{a}": _creative(draw)
            for c, s in sets
            for a in range(ads)
        },
    }


def as_json(plan: Document) -> str:
    """
    The document as the text of a plan file.
    """
    return json.dumps(plan, ensure_ascii=False, indent=1)


def _sentence(draw: random.Random, least: int, most: int) -> str:
    """
    Words up to a length, now and then with letters beyond ASCII.
    """
    head = "Für dich " if draw.random() < _UMLAUTS else ""
    text = head + " ".join(draw.choices(_WORDS, k=most // 4))
    return text[: draw.randint(least, most)].strip() + "."


def _strategy() -> Document:
    return {
        "brand": {"name": "Alpenkaffee", "advertiser": "Alpenkaffee GmbH"},
        "objective": "leads",
        "goals": [
            {"kpi": "registrations", "target": "1200", "by": "2027-11-30"},
            {"kpi": "cost_per_registration", "target": "18.00 EUR", "by": "2027-11-30"},
        ],
    }


def _audience(draw: random.Random) -> Document:
    low = draw.randint(18, 45)
    return {
        "age": f"{low}-{low + draw.randint(5, 20)}",
        "places": [
            "DE",
            "AT",
            {"country": "DE", "city": draw.choice(_CITIES), "radius": "25 km"},
        ],
        "languages": ["de", "en-GB"],
        "interests": draw.sample(_TOPICS, k=draw.randint(1, 5)),
        "retarget": {"site_visitors": f"{draw.randint(7, 90)} days"},
    }


def _line(draw: random.Random) -> Document:
    return {
        "networks": ["facebook", "instagram"],
        "cost": "50000.00 EUR",
        "buy": "cpm",
        "expect": {"cpm": f"{draw.randint(4, 9)}.40 EUR", "ctr": "1.2 %"},
        "owner": "mila",
    }


def _campaign(draw: random.Random, place: int, ad_sets: int, ads: int) -> Document:
    month = place % 12 + 1
    return {
        "line": f"line-{place}",
        "name": f"Box {place}",
        "objective": draw.choice(("leads", "sales", "traffic")),
        "special_ad_categories": [],
        "flight": f"2027-{month:02d}-01 08:00..2027-{month:02d}-27 22:00",
        "ad_sets": {
            f"set-{s}": _ad_set(draw, f"{place}-{s}", ads) for s in range(ad_sets)
        },
    }


def _ad_set(draw: random.Random, place: str, ads: int) -> Document:
    return {
        "audience": f"people-{place}",
        "placements": draw.sample(_POSITIONS, k=3),
        "budget": {"daily": f"{draw.randint(20, 180)}.50 EUR"},
        "bid": {"strategy": "cost_cap", "amount": f"{draw.randint(5, 30)}.00 EUR"},
        "ads": {
            f"ad-{a}": {
                "creative": f"creative-{place}-{a}",
                "name": f"Box {place} variant {a}",
                "status": "active" if a % 5 else "paused",
            }
            for a in range(ads)
        },
    }


def _creative(draw: random.Random) -> Document:
    found = {
        "text": _sentence(draw, 70, 110),
        "headline": _sentence(draw, 12, 26),
        "description": _sentence(draw, 8, 16),
        "cta": draw.choice(_BUTTONS),
        "link": f"https://alpenkaffee.example/box/{draw.randrange(10**6)}",
    }
    if draw.random() < _SINGLE:
        return {**found, "image": {"path": _picture(draw), "alt": "A box of coffee"}}
    return {**found, "cards": [_card(draw) for _ in range(draw.randint(3, 5))]}


def _card(draw: random.Random) -> Document:
    return {
        "image": {"path": _picture(draw), "alt": _sentence(draw, 40, 90)},
        "headline": _sentence(draw, 10, 24),
        "description": _sentence(draw, 6, 10),
        "link": f"https://alpenkaffee.example/roast/{draw.randrange(10**6)}",
    }


def _picture(draw: random.Random) -> str:
    return f"img/{draw.choice(_WORDS)}/{draw.randrange(10**8):08d}.jpg"


# -- broken documents ----------------------------------------------------------------

Damage = Callable[[Document], None]


def _set(*path: str | int, to: Any) -> Damage:
    def damage(plan: Document) -> None:
        inner: Any = plan
        for step in path[:-1]:
            inner = inner[step]
        inner[path[-1]] = to

    return damage


def _drop(*path: str | int) -> Damage:
    def damage(plan: Document) -> None:
        inner: Any = plan
        for step in path[:-1]:
            inner = inner[step]
        del inner[path[-1]]

    return damage


_AD_SET = ("campaigns", "campaign-0", "ad_sets", "set-0")
_AD = (*_AD_SET, "ads", "ad-0")
_CREATIVE = ("creatives", "creative-0-0-0")
_CARDS = ("creatives", "cards-here", "cards")
_PEOPLE = ("audiences", "people-0-0")

DAMAGES: dict[str, Damage] = {
    "unknown key of the plan": _set("colour", to="red"),
    "unknown key of an ad": _set(*_AD, "colour", to="red"),
    "unknown key of a card": _set(*_CARDS, 0, "colour", to="red"),
    "unknown key of a picture": _set(*_CARDS, 0, "image", "colour", to="red"),
    "missing name": _drop("name"),
    "missing zone": _drop("zone"),
    "missing line of a campaign": _drop("campaigns", "campaign-0", "line"),
    "missing creative of an ad": _drop(*_AD, "creative"),
    "missing networks of a line": _drop("lines", "line-0", "networks"),
    "string for a list": _set(*_AD_SET, "placements", to="facebook.feed"),
    "string for a list of words": _set(*_PEOPLE, "interests", to="Espresso"),
    "number for a text": _set(*_CREATIVE, "headline", to=7),
    "number in a list of texts": _set(*_PEOPLE, "interests", to=["Espresso", 7]),
    "true for a text": _set(*_CREATIVE, "description", to=True),
    "list for a mapping": _set("campaigns", to=[]),
    "text for a mapping": _set("creatives", to="none"),
    "mapping for a text": _set("name", to={}),
    "text of 481 characters": _set(*_CREATIVE, "text", to="a" * 481),
    "text with a control character": _set(*_CREATIVE, "text", to="a\x07b"),
    "headline with a control character": _set(*_CREATIVE, "headline", to="a\x00b"),
    "name too long": _set(*_AD, "name", to="a" * 401),
    "empty name of the plan": _set("name", to="  "),
    "key with a blank": _set("people", "Mila Brandt", to={"name": "M", "role": "smm"}),
    "creative's key with a blank": _set(*_AD, "creative", to="not a key"),
    "unknown status": _set(*_AD, "status", to="running"),
    "unknown button": _set(*_CREATIVE, "cta", to="click_here"),
    "unknown network": _set("lines", "line-0", "networks", to=["myspace"]),
    "the same network twice": _set("lines", "line-0", "networks", to=["x", "x"]),
    "unknown placement": _set(*_AD_SET, "placements", to=["facebook.roof"]),
    "unknown objective": _set("campaigns", "campaign-0", "objective", to="fame"),
    "one card": lambda plan: plan["creatives"]["cards-here"]["cards"].__delitem__(
        slice(1, None)
    ),
    "eleven cards": lambda plan: plan["creatives"]["cards-here"].update(
        cards=plan["creatives"]["cards-here"]["cards"][:1] * 11
    ),
    "card without a picture": _drop(*_CARDS, 0, "image"),
    "cards and a picture": _set("creatives", "cards-here", "image", to="img/a.jpg"),
    "picture outside the folder": _set(*_CARDS, 0, "image", "path", to="../a.jpg"),
    "link of another scheme": _set(*_CREATIVE, "link", to="javascript:alert(1)"),
    "link to a local host": _set(*_CARDS, 0, "link", to="https://localhost/x"),
    "link with a user name": _set(*_CREATIVE, "link", to="https://a:b@shop.example/"),
    "money without currency": _set(*_AD_SET, "budget", "daily", to="20.50"),
    "money as a number": _set(*_AD_SET, "budget", "daily", to=20.5),
    "money with three decimals": _set(*_AD_SET, "budget", "daily", to="20.505 EUR"),
    "money of no currency": _set("budget", "total", to="100 ECU"),
    "negative money": _set("lines", "line-0", "cost", to="-5 EUR"),
    "daily and lifetime at once": _set(*_AD_SET, "budget", "lifetime", to="90 EUR"),
    "cap without an amount": _drop(*_AD_SET, "bid", "amount"),
    "age that ends before it starts": _set(*_PEOPLE, "age", to="44-25"),
    "age of a child": _set(*_PEOPLE, "age", to="5-10"),
    "unknown country": _set(*_PEOPLE, "places", to=["XX"]),
    "unknown language": _set(*_PEOPLE, "languages", to=["german, please"]),
    "the same interest twice": _set(*_PEOPLE, "interests", to=["Tea", "Tea"]),
    "unknown zone": _set("zone", to="Europe/Atlantis"),
    "flight that ends before it starts": _set("flight", to="2027-12-31..2027-01-01"),
    "day that does not exist": _set("flight", to="2027-02-30..2027-04-11"),
    "hour the clocks skip": _set(
        "campaigns",
        "campaign-0",
        "flight",
        to="2027-03-28 02:30..2027-04-11 08:00",
    ),
}
"""
What is wrong with each broken document, and the hand that breaks it.
"""


def broken() -> Iterator[tuple[str, Document]]:
    """
    Small plans with one thing wrong in each, which every contender has to refuse.
    """
    whole = document(1, 1, 8)
    creatives = whole["creatives"]
    carousel = next(c for c in creatives.values() if len(c.get("cards", ())) > 1)
    creatives["cards-here"] = copy.deepcopy(carousel)
    for name, damage in DAMAGES.items():
        plan = copy.deepcopy(whole)
        damage(plan)
        yield name, plan
