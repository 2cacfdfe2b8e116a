"""
A launch plan two weeks into its flight, with numbers to track and report: invented.
"""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from smmlib.analytics import Facts
from smmlib.errors import Issue, Severity
from smmlib.model import (
    Ad,
    AdCampaign,
    AdSet,
    Brand,
    BrandStyle,
    Budget,
    Conversion,
    Flight,
    Goal,
    GrowthRow,
    KPITarget,
    LineItem,
    MediaPlan,
    MetricRow,
    Money,
    Person,
    Strategy,
    Utm,
)

ZONE = "Europe/Berlin"
BERLIN = ZoneInfo(ZONE)
FIRST = date(2027, 3, 1)
LAST = date(2027, 3, 14)


def launch_plan(**changes):
    """
    The plan of a coffee brand's spring launch.
    """
    usual = {
        "zone": ZONE,
        "flight": Flight.parse("2027-03-01..2027-04-11", ZONE),
        "budget": Budget("33000 EUR", agency_fee="3000 EUR", reserve="1500 EUR"),
        "people": {"mila": Person("Mila Brandt", "smm"), "jon": Person("Jon", "video")},
        "strategy": launch_strategy(),
        "lines": launch_lines(),
        "campaigns": launch_campaigns(),
    }
    return MediaPlan("Alpenkaffee spring launch", "p-1", **usual | changes)


def launch_strategy(**brand):
    by = date(2027, 4, 11)
    return Strategy(
        Brand(
            "Alpenkaffee",
            "Alpenkaffee GmbH",
            style=BrandStyle(colours=("#7a3b10", "#2f6f5e")),
            **brand,
        ),
        "leads",
        goals=(
            Goal("registrations", "1200", by=by, owner="mila"),
            Goal("cost_per_registration", "18.00 EUR", by=by, owner="mila"),
            Goal("follower_growth", "15 %", network="telegram", by=by, owner="jon"),
        ),
    )


def launch_lines():
    return {
        "meta-leads": LineItem(
            ("facebook", "instagram"),
            "16000 EUR",
            name="Facebook and Instagram leads",
            buy="cpm",
            owner="mila",
            targets=(KPITarget("ctr", "1.2"), KPITarget("cpm", "6.40 EUR")),
        ),
        "linkedin-office": LineItem(("linkedin",), "8000 EUR", owner="mila"),
        "x-teaser": LineItem(("x",), "1500 EUR", owner="mila"),
        "bloggers": LineItem(
            ("telegram",),
            "3000 EUR",
            name="Coffee bloggers",
            managed="by hand",
            utm=Utm("telegram", "blogger", campaign="blogs"),
        ),
        "organic": LineItem(("facebook", "telegram"), paid=False, owner="jon"),
    }


def launch_campaigns():
    sets = {
        "baristas": AdSet("baristas", ads={"taste": Ad("taste")}),
        "visitors": AdSet("visitors", ads={"opening": Ad("opening")}),
    }
    return {"leads": AdCampaign("meta-leads", ad_sets=sets)}


def launch_facts(plan=None, *, seed=7, days=14, **changes):
    """
    Numbers of some days, another story for every seed.
    """
    luck = random.Random(seed)
    usual = {
        "metrics": list(_metrics(luck, days)),
        "conversions": list(_conversions(luck, days)),
        "growth": list(_growth(luck, days)),
        "currency": "EUR",
        "zone": ZONE,
        "sources": ("meta: act_1001", "crm.csv"),
        "notes": (
            Issue(
                "lines.linkedin-office",
                "line.not_set_up",
                "no adapter for linkedin is installed",
                severity=Severity.WARNING,
            ),
        ),
    }
    return Facts(**usual | changes)


def _metrics(luck, days):
    for day in range(days):
        weekend = 0.75 if (FIRST + timedelta(days=day)).weekday() > 4 else 1
        for ad_set, ad, base in (
            ("baristas", "taste", 17000),
            ("visitors", "opening", 6000),
        ):
            for network, part in (("facebook", 0.6), ("instagram", 0.4)):
                seen = int(base * part * weekend * luck.uniform(0.85, 1.15))
                clicks = int(seen * luck.uniform(0.010, 0.016))
                spend = Decimal(str(round(seen * luck.uniform(0.0118, 0.0132), 4)))
                visits = int(clicks * 0.82)
                yield MetricRow(
                    FIRST + timedelta(days=day),
                    network,
                    spend=spend,
                    currency="EUR",
                    platform="meta",
                    campaign="leads",
                    ad_set=ad_set,
                    ad=ad,
                    address=f"campaigns.leads.ad_sets.{ad_set}.ads.{ad}",
                    line="meta-leads",
                    impressions=seen,
                    reach=int(seen * 0.8),
                    clicks=clicks,
                    link_clicks=int(clicks * 0.9),
                    visits=visits,
                    registrations=int(visits * 0.13),
                    conversions=int(visits * 0.13),
                    revenue=Decimal(int(visits * 0.03) * 39),
                )


def _conversions(luck, days):
    tags = [
        (0.42, Utm("fb", "paid_social", campaign="leads", content="taste")),
        (0.26, Utm("ig", "paid_social", campaign="leads", content="opening")),
        (0.04, Utm("facebok", "paid_social", campaign="leads", content="taste")),
        (0.10, Utm("telegram", "blogger", campaign="blogs")),
        (0.05, Utm("facebook", "organic", campaign="posts")),
        (0.06, Utm("google", "organic", campaign="(not set)")),
        (0.03, Utm("facebook", "paid_social", campaign="old-spring")),
        (0.04, None),
    ]
    weights = [part for part, _ in tags]
    for number in range(days * 36):
        _, utm = luck.choices(tags, weights)[0]
        at = datetime(2027, 3, 1, 9, tzinfo=BERLIN) + timedelta(
            days=luck.randrange(days), minutes=luck.randrange(700)
        )
        yield Conversion(f"R{number}", "registration", at=at, utm=utm)
        if luck.random() < 0.3:
            value = Money(luck.choice(["39.00", "78.00", "117.00"]), "EUR")
            key = f"P{number}"
            yield Conversion(key, "purchase", at=at, utm=utm, value=value)
            if luck.random() < 0.08:
                yield Conversion(
                    f"{key}-R", "refund", at=at, utm=utm, value=-value, refunds=key
                )


def _growth(luck, days):
    for network, start in (("telegram", 4200), ("facebook", 11800)):
        followers = start
        for day in range(days):
            followers += luck.randrange(4, 30)
            yield GrowthRow(
                FIRST + timedelta(days=day),
                network,
                followers=followers,
                reach=int(followers * luck.uniform(0.3, 0.5)),
                account="page",
            )
