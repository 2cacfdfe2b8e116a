"""
What attention costs and how people answer it: the market's levels.

The levels are the simulation's own, chosen inside what the trade calls usual in
2026 (CPM of 3 to 12 EUR, CTR of 0.6 to 2 %); no platform publishes such a table.
"""

from __future__ import annotations

import attrs


@attrs.frozen
class NetworkMarket:
    """
    One network: price of 1,000 impressions in EUR, who is there, how they click.
    """

    cpm: float
    share: float
    presence: float
    click: float


@attrs.frozen
class GoalMarket:
    """
    One optimisation goal: how it changes price and the way from view to order.

    Attributes:
        results: Expected results per link click; 0 for goals that are paid per
            1,000 impressions, see *per_view* for goals reached without a click.
    """

    price: float
    ctr: float
    results: float = attrs.field(default=0.0, kw_only=True)
    per_view: float = attrs.field(default=0.0, kw_only=True)
    landing: tuple[float, float] = attrs.field(default=(0.75, 0.86), kw_only=True)
    registration: tuple[float, float] = attrs.field(default=(0.03, 0.07), kw_only=True)
    lead: tuple[float, float] = attrs.field(default=(0.0, 0.0), kw_only=True)
    video: float = attrs.field(default=0.0, kw_only=True)
    engagement: float = attrs.field(default=0.002, kw_only=True)


NETWORKS = {
    "facebook": NetworkMarket(6.2, 0.52, 0.75, 1.05),
    "instagram": NetworkMarket(7.3, 0.40, 0.66, 0.92),
    "messenger": NetworkMarket(5.2, 0.04, 0.35, 0.80),
    "audience_network": NetworkMarket(3.4, 0.10, 0.30, 1.15),
    "threads": NetworkMarket(4.6, 0.06, 0.25, 0.80),
    "linkedin": NetworkMarket(27.0, 1.0, 0.45, 0.62),
    "x": NetworkMarket(5.4, 1.0, 0.40, 0.78),
    "telegram": NetworkMarket(3.1, 1.0, 0.50, 0.70),
}
OTHER_NETWORK = NetworkMarket(5.0, 0.1, 0.3, 0.8)

GOALS = {
    "REACH": GoalMarket(0.62, 0.0074),
    "IMPRESSIONS": GoalMarket(0.60, 0.0076),
    "AD_RECALL_LIFT": GoalMarket(0.70, 0.0074),
    "POST_ENGAGEMENT": GoalMarket(0.80, 0.0078, per_view=0.016, engagement=0.013),
    "THRUPLAY": GoalMarket(0.78, 0.0072, per_view=0.21, video=0.21),
    "LINK_CLICKS": GoalMarket(0.95, 0.0122, results=1.0),
    "LANDING_PAGE_VIEWS": GoalMarket(
        1.04, 0.0112, results=0.85, landing=(0.82, 0.90), registration=(0.035, 0.075)
    ),
    "OFFSITE_CONVERSIONS": GoalMarket(
        1.22, 0.0100, results=0.06, landing=(0.80, 0.90), registration=(0.055, 0.10)
    ),
    "VALUE": GoalMarket(
        1.32, 0.0098, results=0.02, landing=(0.80, 0.90), registration=(0.05, 0.09)
    ),
    "LEAD_GENERATION": GoalMarket(
        1.15, 0.0098, results=0.09, landing=(0.08, 0.15), lead=(0.06, 0.12)
    ),
    "QUALITY_LEAD": GoalMarket(
        1.30, 0.0092, results=0.07, landing=(0.08, 0.15), lead=(0.05, 0.09)
    ),
}
OTHER_GOAL = GOALS["IMPRESSIONS"]

PRICE_OF_COUNTRY = {
    "US": 1.35, "CA": 1.12, "GB": 1.14, "IE": 1.05, "AU": 1.22, "NZ": 1.05,
    "DE": 1.00, "AT": 0.98, "CH": 1.28, "LI": 1.2, "LU": 1.1, "NL": 1.02, "BE": 0.92,
    "FR": 0.88, "DK": 1.10, "NO": 1.18, "SE": 1.04, "FI": 0.96, "IS": 1.1,
    "IT": 0.78, "ES": 0.74, "PT": 0.66, "GR": 0.62, "PL": 0.60, "CZ": 0.64,
    "SK": 0.58, "HU": 0.56, "RO": 0.50, "BG": 0.48, "HR": 0.55, "SI": 0.62,
    "JP": 0.95, "KR": 0.90, "SG": 1.00, "HK": 0.98, "AE": 0.85, "IL": 0.90,
    "BR": 0.52, "MX": 0.54, "AR": 0.50, "IN": 0.50, "ID": 0.50, "TR": 0.50,
}  # fmt: skip
PRICE_ELSEWHERE = 0.55

DAY_SHARE = (0.98, 1.00, 1.02, 1.04, 1.00, 0.96, 1.00)
"""Spend by weekday from Monday; sums to 7, so seven days never pass 7 budgets."""

DAY_PRICE = (0.97, 0.98, 1.00, 1.02, 1.04, 1.01, 0.98)
DAY_CLICK = (1.01, 1.03, 1.02, 1.00, 0.96, 0.97, 1.01)


def price_of(countries: tuple[str, ...]) -> float:
    """
    Give the price level of an audience spread over *countries*; Germany is 1.

    An auction for the lowest cost fills itself where people cost least, so that one
    more country never makes the same money buy less.
    """
    levels = [PRICE_OF_COUNTRY.get(code, PRICE_ELSEWHERE) for code in countries]
    return min(levels, default=PRICE_ELSEWHERE)
