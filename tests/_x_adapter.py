"""
A small launch on X, and ways to reach an emulated ad account.
"""

from __future__ import annotations

import attrs

from _meta_adapter import PROJECT
from _x import png
from smmlib import (
    Ad,
    AdBudget,
    AdCampaign,
    AdSet,
    AgeRange,
    Audience,
    Brand,
    Card,
    Creative,
    Flight,
    LineItem,
    MediaPlan,
    Money,
    Place,
    Strategy,
)
from smmlib.adapters.x import XPlatform
from smmlib.ports import Connection, Secret

LINK = "https://alpenkaffee.example/box"
ZONE = "Europe/Berlin"
FLIGHT = Flight.parse("2027-03-01..2027-03-14", ZONE)
SIGNING = ("consumer_key", "consumer_secret", "access_token_secret")


class SandboxClock:
    """
    The sandbox's time for the adapter: a wait lets that time pass at once.
    """

    def __init__(self, sandbox):
        self._sandbox = sandbox

    def now(self):
        return self._sandbox.now

    def sleep(self, seconds):
        self._sandbox.advance(max(0.0, seconds))


def files(folder):
    """
    Put two pictures where the plan looks for them.
    """
    (folder / "img").mkdir(exist_ok=True)
    (folder / "img" / "a.png").write_bytes(png(mark=b"a"))
    (folder / "img" / "b.png").write_bytes(png(mark=b"b"))
    return folder


def creatives():
    """
    A link in the text, a picture with a card, a carousel.
    """
    return {
        "link": Creative("Taste first, pay later & smile", link=LINK),
        "picture": Creative(
            "A box for you", "Four roasts", link=LINK, image="img/a.png"
        ),
        "cards": Creative(
            "Four roasts",
            link=LINK,
            cards=[Card("img/a.png", "Dark"), Card("img/b.png", "Light")],
        ),
    }


def audiences():
    """
    People by what they like and where they are.
    """
    return {
        "baristas": Audience(
            age=AgeRange(25, 49),
            places=[Place("DE"), Place("CH", city="Zurich")],
            languages=["de"],
            interests=["Coffee machines", "keyword: espresso"],
        ),
        "women": Audience(
            age=AgeRange(18), genders=["female"], places=[Place("AT")], languages=["de"]
        ),
    }


def ad_sets():
    """
    One ad set for described people, one for everybody of a country.
    """
    return {
        "baristas": AdSet("baristas", ["link", "picture"]),
        "women": AdSet("women", {"cards": Ad("cards")}),
    }


def a_plan(**changes):
    """
    A launch on X with every format.
    """
    usual = {
        "zone": ZONE,
        "flight": FLIGHT,
        "strategy": Strategy(
            Brand("Alpenkaffee", advertiser="Alpenkaffee GmbH"), "traffic"
        ),
        "audiences": audiences(),
        "lines": {"teaser": LineItem(["x"], "1400 EUR")},
        "campaigns": {
            "spring": AdCampaign(
                "teaser", ad_sets(), budget=AdBudget(lifetime=Money("1400", "EUR"))
            )
        },
        "creatives": creatives(),
    }
    return MediaPlan("Spring launch", PROJECT, **usual | changes)


def with_audience(audience, **more):
    """
    The plan for one audience alone.
    """
    return a_plan(
        audiences={"people": audience, **more},
        campaigns={
            "spring": AdCampaign(
                "teaser",
                {"people": AdSet("people", ["link"])},
                budget=AdBudget(lifetime=Money("1400", "EUR")),
            )
        },
    )


def with_campaign(**changes):
    """
    The plan with its campaign changed.
    """
    plan = a_plan()
    campaign = attrs.evolve(plan.campaigns["spring"], **changes)
    return attrs.evolve(plan, campaigns={"spring": campaign})


def connection(facts, **options):
    """
    How to reach the default ad account of a sandbox.
    """
    usual = {"funding_instrument": facts["funding_instrument"]}
    return Connection(
        "x",
        facts["ad_account"],
        token=Secret(facts["access_token"], "the sandbox"),
        secrets={name: Secret(facts[name], "the sandbox") for name in SIGNING},
        options=usual | options,
        base_url=facts["base_url"],
    )


def x_of(sandbox, folder="", *, clock=None, transport=None, **options):
    """
    The adapter on a sandbox of this process.
    """
    facts = sandbox.details()["platforms"]["x"]
    if folder:
        options["media_root"] = str(folder)
    return XPlatform.connect(
        connection(facts, **options),
        transport=transport or sandbox.transport(),
        clock=clock or SandboxClock(sandbox),
    )


def issues_of(platform, plan):
    """
    What stands in the way, by code.
    """
    return {issue.code: issue for issue in platform.wanted(plan).issues}
