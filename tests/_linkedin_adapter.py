"""
A small launch on LinkedIn, and ways to reach an emulated ad account.
"""

from __future__ import annotations

import attrs

from _meta_adapter import PROJECT, png
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
    CustomAudience,
    Flight,
    LineItem,
    MediaPlan,
    Money,
    Place,
    Strategy,
    Traits,
    Video,
)
from smmlib.adapters.linkedin import LinkedInPlatform
from smmlib.ports import Connection, Secret

LINK = "https://alpenkaffee.example/box"
FLIGHT = Flight.parse("2027-03-01..2027-03-14", "UTC")


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


def film():
    """
    The smallest thing that begins like an MP4 and is long enough for LinkedIn.
    """
    return b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)) * 400


def files(folder):
    """
    Put two pictures and a film where the plan looks for them.
    """
    (folder / "img").mkdir(exist_ok=True)
    (folder / "img" / "a.png").write_bytes(png(10))
    (folder / "img" / "b.png").write_bytes(png(200))
    (folder / "img" / "c.mp4").write_bytes(film())
    return folder


def creatives():
    """
    A link, a picture, a film and a carousel.
    """
    return {
        "link": Creative("Taste first (pay later) #coffee", link=LINK),
        "picture": Creative(
            "A box *for* the office", "Four roasts", cta="learn_more", link=LINK,
            image="img/a.png",
        ),
        "film": Creative(
            "See the roastery", "Fresh", cta="sign_up", link=LINK,
            video=Video("img/c.mp4"),
        ),
        "cards": Creative(
            "Four roasts", cta="shop_now", link=LINK,
            cards=[Card("img/a.png", "Dark"), Card("img/b.png", "Light")],
        ),
    }  # fmt: skip


def audiences():
    """
    People by their work, and people we know.
    """
    return {
        "office": Audience(
            age=AgeRange(25, 54),
            places=[Place("DE")],
            languages=["de"],
            professions=["Office Manager"],
            narrow_by=[Traits(["skill: Budgeting"])],
            exclude=["visitors"],
        ),
        "visitors": Audience(
            places=[Place("DE")],
            languages=["de"],
            retarget=[CustomAudience("site_visitors", days=30)],
        ),
    }


def ad_sets():
    """
    One ad set for each format.
    """
    return {
        "office": AdSet("office", ["link", "picture"]),
        "films": AdSet("visitors", {"film": Ad("film")}),
        "cards": AdSet("visitors", ["cards"]),
    }


def a_plan(**changes):
    """
    A launch on LinkedIn with every format.
    """
    usual = {
        "zone": "UTC",
        "flight": FLIGHT,
        "strategy": Strategy(
            Brand("Alpenkaffee", advertiser="Alpenkaffee GmbH"), "traffic"
        ),
        "audiences": audiences(),
        "lines": {"work": LineItem(["linkedin"], "5000 EUR")},
        "campaigns": {
            "spring": AdCampaign(
                "work",
                ad_sets(),
                budget=AdBudget(lifetime=Money("5000", "EUR")),
                special_ad_categories=[],
            )
        },
        "creatives": creatives(),
    }
    return MediaPlan("Spring launch", PROJECT, **usual | changes)


def with_creatives(plan, **more):
    """
    The plan with creatives changed or added.
    """
    return attrs.evolve(plan, creatives={**plan.creatives, **more})


def connection(facts, **options):
    """
    How to reach the default ad account of a sandbox.
    """
    usual = {
        "organisation": facts["organisation"],
        "lead_form": facts["lead_form"],
        "segments.site_visitors": facts["website_segment"],
    }
    return Connection(
        "linkedin",
        facts["ad_account"],
        token=Secret(facts["access_token"], "the sandbox"),
        options=usual | options,
        base_url=facts["base_url"],
    )


def linkedin_of(sandbox, folder="", *, refresh=None, **options):
    """
    The adapter on a sandbox of this process.
    """
    facts = sandbox.details()["platforms"]["linkedin"]
    if folder:
        options["media_root"] = str(folder)
    return LinkedInPlatform.connect(
        connection(facts, **options),
        transport=sandbox.transport(),
        clock=SandboxClock(sandbox),
        refresh=refresh,
    )
