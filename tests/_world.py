"""
Facts for the tests of the sandbox's world: usual ads and budgets, changed at will.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from smmlib.sandbox._world import AdDay, AdFacts, BudgetFacts, simulate

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

BERLIN = ZoneInfo("Europe/Berlin")
FIRST = date(2027, 3, 1)


def at(day: int, hour: int = 0) -> datetime:
    """
    Give the local hour on the run's day number *day*, counted from 0.
    """
    moment = datetime.combine(FIRST + timedelta(days=day), datetime.min.time(), BERLIN)
    return moment + timedelta(hours=hour)


def an_ad(ad_id: str = "11", ad_set_id: str = "21", **changes: Any) -> AdFacts:
    """
    Give an ad that brings visitors from Germany and Austria.
    """
    usual: dict[str, Any] = {
        "campaign_id": "31",
        "audience_size": 400_000,
        "goal": "OFFSITE_CONVERSIONS",
        "creative_key": f"creative-{ad_id}",
        "networks": ("facebook", "instagram"),
        "countries": ("DE", "AT"),
        "landing_url": "https://alpenkaffee.example/box",
        "url_tags": "utm_source=facebook&utm_medium=paid&utm_campaign=leads",
    }
    return AdFacts(ad_id, ad_set_id, **usual | changes)


def a_budget(ads: Iterable[AdFacts], *, days: int = 14, **changes: Any) -> BudgetFacts:
    """
    Give a daily budget of 100 that runs for some days.
    """
    usual: dict[str, Any] = {
        "start": at(0),
        "end": at(days),
        "active": ((at(0), at(days)),),
    }
    if "lifetime" not in changes:
        usual["daily"] = Decimal(100)
    return BudgetFacts("41", tuple(ad.ad_id for ad in ads), **usual | changes)


def play(
    ads: Sequence[AdFacts],
    *budgets: BudgetFacts,
    seed: int = 7,
    **changes: Any,
) -> tuple[AdDay, ...]:
    """
    Simulate two months from the first day on.
    """
    usual: dict[str, Any] = {
        "since": FIRST,
        "until": FIRST + timedelta(days=60),
        "zone": BERLIN,
    }
    return simulate(ads, budgets or (a_budget(ads),), seed=seed, **usual | changes)


def total(rows: Iterable[AdDay], figure: str) -> Any:
    """
    Add one figure up.
    """
    return sum(getattr(row, figure) for row in rows)


def cpm(rows: Sequence[AdDay]) -> float:
    """
    Give the price of 1,000 impressions over all rows.
    """
    return float(total(rows, "spend")) / total(rows, "impressions") * 1000
