"""
The world behind the embedded ad platforms: people, prices, clicks and orders.

Pure and seeded: the same facts and seed give the same figures in any process,
in any order and for any slice of the period; another seed is another world.

`simulate` plays the ads, `split` cuts a day by age or place, `reach_of` counts people
once over any rows, `conversions` writes the shop's own record of the same clicks,
`audience_size` estimates an audience, `organic_day` and `post_result` tell what comes
without ads, `search` and `entry` open the catalogues of targeting.
"""

from __future__ import annotations

from smmlib.sandbox._world._catalogue import entry, search
from smmlib.sandbox._world._conversions import conversions, conversions_csv
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
from smmlib.sandbox._world._organic import (
    OrganicDay,
    PostResult,
    followers_before,
    organic_day,
    post_result,
)
from smmlib.sandbox._world._parts import split
from smmlib.sandbox._world._population import audience_size
from smmlib.sandbox._world._reach import reach_of

__all__ = [
    "AdDay",
    "AdFacts",
    "BudgetFacts",
    "CatalogueEntry",
    "CityRadius",
    "ConversionRecord",
    "OrganicDay",
    "PostResult",
    "Window",
    "audience_size",
    "conversions",
    "conversions_csv",
    "entry",
    "followers_before",
    "organic_day",
    "post_result",
    "reach_of",
    "search",
    "simulate",
    "split",
]
