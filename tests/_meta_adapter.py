"""
A small launch on Facebook and Instagram, and ways to reach an emulated ad account.
"""

from __future__ import annotations

import struct
import zlib
from datetime import UTC, datetime, timedelta

import attrs

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
    Radius,
    Strategy,
)
from smmlib.adapters import connect_platform
from smmlib.ports import Action, Connection, Operation, Ref, Secret

PROJECT = "0192f3c8-5d7e-7b1a-9c44-2f6d1e0a8b37"
FLIGHT = Flight.parse("2027-03-01..2027-04-11", "Europe/Berlin")


class FakeClock:
    """
    Time that moves only when somebody waits.
    """

    def __init__(self):
        self.present = datetime(2027, 2, 22, 8, tzinfo=UTC)
        self.waits = []

    def now(self):
        return self.present

    def sleep(self, seconds):
        self.waits.append(seconds)
        self.present += timedelta(seconds=seconds)


def png(colour=0, size=200):
    """
    A small real picture; another colour is another content.
    """

    def chunk(name, data):
        check = zlib.crc32(name + data)
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", size, size, 8, 0, 0, 0, 0)
    rows = (b"\0" + bytes([colour]) * size) * size
    body = zlib.compress(rows)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", body)
        + chunk(b"IEND", b"")
    )


def pictures(folder):
    """
    Put two pictures where the plan looks for them.
    """
    (folder / "img").mkdir(exist_ok=True)
    (folder / "img" / "a.png").write_bytes(png(10))
    (folder / "img" / "b.png").write_bytes(png(200))
    return folder


def a_plan(**changes):
    """
    A launch with two ad sets, one carousel and one picture.
    """
    usual = {
        "zone": "Europe/Berlin",
        "flight": FLIGHT,
        "strategy": Strategy(
            Brand("Alpenkaffee", advertiser="Alpenkaffee GmbH"), "leads"
        ),
        "audiences": audiences(),
        "lines": {
            "meta-leads": LineItem(["facebook", "instagram"], "16000 EUR"),
            "blog": LineItem(["telegram"], "3000 EUR", managed="by hand"),
        },
        "campaigns": {"leads": a_campaign()},
        "creatives": creatives(),
    }
    return MediaPlan("Spring launch", PROJECT, **usual | changes)


def audiences():
    """
    People by what they are like, and people we know.
    """
    return {
        "baristas": Audience(
            age=AgeRange(25, 44),
            places=[
                Place("DE"),
                Place("AT"),
                Place("CH", city="Zurich", radius=Radius(25, "km")),
            ],
            interests=["Espresso"],
            exclude=["customers"],
        ),
        "visitors": Audience(
            retarget=[CustomAudience("site_visitors", days=30)], exclude=["customers"]
        ),
        "customers": Audience(retarget=[CustomAudience("customer_list", "crm")]),
    }


def a_campaign(**changes):
    """
    One campaign that holds the budget for two ad sets.
    """
    usual = {
        "special_ad_categories": [],
        "budget": AdBudget(lifetime=Money("16000", "EUR")),
        "ad_sets": {
            "baristas": AdSet(
                "baristas", ["taste"], placements=["facebook.feed", "instagram.feed"]
            ),
            "visitors": AdSet("visitors", {"again": Ad("single")}),
        },
    }
    return AdCampaign("meta-leads", **usual | changes)


def creatives():
    """
    A carousel and a single picture.
    """
    return {
        "taste": Creative(
            "Four roasts, one box. Taste first, pay later.",
            cta="sign_up",
            link="https://alpenkaffee.example/box",
            cards=[
                Card("img/a.png", "Dark"),
                Card("img/b.png", "Light", link="https://alpenkaffee.example/light"),
            ],
        ),
        "single": Creative(
            "Still thirsty?",
            "Come back",
            cta="learn_more",
            link="https://alpenkaffee.example/box",
            image="img/a.png",
        ),
    }


def connection(details, **changes):
    """
    How to reach the default ad account of a sandbox.
    """
    meta = details["platforms"]["meta"]
    options = {name: meta[name] for name in ("page", "pixel", "instagram_user")}
    usual = {
        "token": Secret(meta["access_token"], "the sandbox"),
        "options": options | changes.pop("options", {}),
        "base_url": meta["base_url"],
    }
    return Connection("meta", meta["ad_account"], **usual | changes)


def meta_of(sandbox, folder, **changes):
    """
    The adapter on a sandbox of this process.
    """
    return connect_platform(
        connection(sandbox.details(), options={"media_root": str(folder)}),
        transport=sandbox.transport(),
        clock=FakeClock(),
        **changes,
    )


def resolve(value, ids):
    """
    References as the ids they stand for.
    """
    if isinstance(value, Ref):
        return ids[value.address]
    if isinstance(value, dict) or hasattr(value, "items"):
        return {k: resolve(v, ids) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [resolve(v, ids) for v in value]
    return value


def creation(resource, ids, marker):
    """
    The write that makes a resource.
    """
    return Operation(
        Action.CREATE,
        resource.kind,
        address=resource.address,
        marker=marker,
        name=resource.name,
        fields=resolve(resource.fields, ids),
        content=resource.content,
    )


def marker_of(resource):
    """
    A marker of its own for each address.
    """
    import base64
    import hashlib

    digest = hashlib.sha256(resource.address.encode()).digest()
    return base64.b32encode(digest)[:10].decode().lower()


def set_up(platform, resources):
    """
    Create resources one kind after the other and give their ids by address.
    """
    ids = {}
    for kind in dict.fromkeys(r.kind for r in resources):
        left = [r for r in resources if r.kind is kind]
        while left:
            part = [r for r in left if set(r.refs) <= set(ids)][:50]
            results = platform.execute([creation(r, ids, marker_of(r)) for r in part])
            for result in results:
                assert result.error is None, result.error
                ids[result.address] = result.remote_id
            left = [r for r in left if r.address not in ids]
    return ids


def evolve(value, **changes):
    """
    A changed copy.
    """
    return attrs.evolve(value, **changes)
