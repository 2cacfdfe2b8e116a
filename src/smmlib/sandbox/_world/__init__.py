"""
The world behind the embedded ad platforms: people, prices, clicks and orders.

Pure and seeded: the same facts and seed give the same figures in any process,
in any order and for any slice of the period; another seed is another world.

Functions::

    simulate(ads, budgets, *, since: date, until: date, zone: tzinfo, seed: int,
             price_level: Decimal = 1, places: int = 2) -> tuple[AdDay, ...]
        # days in [since, until) of *zone*, sorted by (day, ad_id, network)
        # price_level: account currency units per EUR; places: its decimals
    reach_of(rows: Iterable[AdDay], ads: Iterable[AdFacts]) -> int
    conversions(rows, ads, *, seed: int, zone: tzinfo, currency="EUR",
                price_level=1, places=2, until: date | None = None)
                -> tuple[ConversionRecord, ...]   # until: excluded, "not yet happened"
    conversions_csv(records) -> str
    audience_size(*, countries=(), regions=(), cities=(CityRadius, ...),
                  excluded=(CityRadius or country ...), ages=(18, 65), genders=(),
                  groups=((id, ...), ...), not_in=(id, ...),
                  pools=(int, ...), excluded_pools=(int, ...)) -> int
        # groups: any id inside a group, all groups together (flexible_spec);
        # pools: people in custom audiences
    search(kind, q, *, limit=25, country=None) -> tuple[CatalogueEntry, ...]
    entry(kind, id) -> CatalogueEntry | None
"""

from __future__ import annotations

from smmlib.sandbox._world._delivery import simulate
from smmlib.sandbox._world._facts import (
    AdDay,
    AdFacts,
    BudgetFacts,
    CatalogueEntry,
    CityRadius,
    ConversionRecord,
    Window,
)
from smmlib.sandbox._world._reach import reach_of

__all__ = [
    "AdDay",
    "AdFacts",
    "BudgetFacts",
    "CatalogueEntry",
    "CityRadius",
    "ConversionRecord",
    "Window",
    "reach_of",
    "simulate",
]
