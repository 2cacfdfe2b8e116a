"""
Small tables: currencies, placements, objectives and what goes with them.

Source: X Ads API, campaign management reference, 2026-08.
"""

from __future__ import annotations

import attrs

DISAPPROVE = "[sandbox:disapprove]"
"""
A post with this text never passes the review.
"""

REVIEW_S = 1_800

DECIMALS = {
    **dict.fromkeys(("VND", "KRW", "CLP", "JPY"), 0),
    **dict.fromkeys(("KWD", "IQD", "BHD", "TND"), 3),
}
"""
Currencies that do not have two decimals.
"""

PER_EURO: dict[str, float] = {
    "EUR": 1.0, "USD": 1.08, "GBP": 0.85, "CHF": 0.95, "SEK": 11.3, "NOK": 11.6,
    "DKK": 7.46, "PLN": 4.3, "CZK": 25.0, "HUF": 390.0, "RON": 4.97, "BGN": 1.96,
    "TRY": 37.0, "ILS": 4.0, "AED": 3.97, "SAR": 4.05, "ZAR": 20.0, "INR": 91.0,
    "JPY": 163.0, "KRW": 1_470.0, "CNY": 7.8, "HKD": 8.4, "TWD": 35.0, "SGD": 1.45,
    "MYR": 4.8, "THB": 38.0, "IDR": 17_000.0, "PHP": 62.0, "VND": 27_000.0,
    "AUD": 1.65, "NZD": 1.8, "CAD": 1.48, "MXN": 19.5, "BRL": 5.9, "CLP": 1_000.0,
    "COP": 4_400.0, "ARS": 950.0, "PEN": 4.05, "KWD": 0.33, "IQD": 1_415.0,
    "BHD": 0.41, "TND": 3.37, "EGP": 53.0, "NGN": 1_650.0, "PKR": 300.0, "UAH": 45.0,
    "ISK": 149.0, "KES": 140.0, "QAR": 3.93, "MAD": 10.7,
    "RSD": 117.0, "CRC": 551.0, "RUB": 103.0, "JOD": 0.77, "UYU": 44.0, "LKR": 324.0,
    "HNL": 27.0, "MOP": 8.6, "PYG": 8_300.0, "GTQ": 8.3, "NIO": 40.0, "DZD": 145.0,
    "BDT": 130.0, "BOB": 7.5,
}  # fmt: skip
"""
What one euro buys, as price levels of the simulation.
"""


def decimals(currency: str) -> int:
    """
    Decimals of a currency.
    """
    return DECIMALS.get(currency, 2)


def denomination(currency: str) -> int:
    """
    The smallest step of a bid, in micros.
    """
    return int(10 ** (6 - decimals(currency)))


@attrs.frozen
class Objective:
    """
    What an objective allows and what it takes when nothing is said.
    """

    goals: tuple[str, ...]
    strategies: tuple[str, ...]
    pay_by: str
    capped: bool = False
    app: bool = False


OBJECTIVES = {
    "REACH": Objective(
        ("MAX_REACH", "REACH_WITH_ENGAGEMENT"),
        ("AUTO", "TARGET"),
        "IMPRESSION",
        capped=True,
    ),
    "ENGAGEMENTS": Objective(
        ("ENGAGEMENT",), ("MAX", "AUTO"), "ENGAGEMENT", capped=True
    ),
    "FOLLOWERS": Objective(("FOLLOWERS",), ("AUTO", "TARGET"), "FOLLOW"),
    "VIDEO_VIEWS": Objective(
        ("VIDEO_VIEW", "VIEW_3S_100PCT", "VIEW_6S", "VIEW_15S"),
        ("AUTO", "MAX"),
        "VIEW",
        capped=True,
    ),
    "PREROLL_VIEWS": Objective(
        ("PREROLL", "PREROLL_STARTS"), ("AUTO", "MAX"), "VIEW", capped=True
    ),
    "WEBSITE_CLICKS": Objective(
        ("LINK_CLICKS", "SITE_VISITS", "WEBSITE_CONVERSIONS"),
        ("AUTO", "MAX", "TARGET"),
        "IMPRESSION",
    ),
    "APP_INSTALLS": Objective(
        ("APP_CLICKS", "APP_INSTALLS", "APP_PURCHASES"),
        ("AUTO", "MAX", "TARGET"),
        "APP_CLICK",
        app=True,
    ),
    "APP_ENGAGEMENTS": Objective(
        ("APP_CLICKS", "APP_INSTALLS"), ("AUTO", "MAX", "TARGET"), "APP_CLICK", app=True
    ),
}

PAY_BY = {
    "LINK_CLICKS": ("IMPRESSION", "LINK_CLICK"),
    "SITE_VISITS": ("IMPRESSION",),
    "WEBSITE_CONVERSIONS": ("IMPRESSION",),
    "APP_INSTALLS": ("IMPRESSION", "APP_CLICK"),
    "APP_PURCHASES": ("IMPRESSION", "APP_CLICK"),
    "APP_CLICKS": ("APP_CLICK", "IMPRESSION"),
    "MAX_REACH": ("IMPRESSION",),
    "REACH_WITH_ENGAGEMENT": ("IMPRESSION",),
}
"""
What a goal may be paid by; goals without a row take no choice.
"""

GOAL_IN_WORLD = {
    "MAX_REACH": "REACH",
    "REACH_WITH_ENGAGEMENT": "REACH",
    "ENGAGEMENT": "POST_ENGAGEMENT",
    "FOLLOWERS": "POST_ENGAGEMENT",
    "VIDEO_VIEW": "THRUPLAY",
    "VIEW_3S_100PCT": "THRUPLAY",
    "VIEW_6S": "THRUPLAY",
    "VIEW_15S": "THRUPLAY",
    "PREROLL": "THRUPLAY",
    "PREROLL_STARTS": "THRUPLAY",
    "LINK_CLICKS": "LINK_CLICKS",
    "SITE_VISITS": "LANDING_PAGE_VIEWS",
    "WEBSITE_CONVERSIONS": "OFFSITE_CONVERSIONS",
    "APP_CLICKS": "LINK_CLICKS",
    "APP_INSTALLS": "OFFSITE_CONVERSIONS",
    "APP_PURCHASES": "VALUE",
}
"""
How the simulation of the market calls a goal.
"""

PLACEMENTS = {
    "PROMOTED_TWEETS": (
        ("ALL_ON_TWITTER",),
        ("TWITTER_SEARCH",),
        ("TWITTER_TIMELINE",),
        ("TWITTER_SEARCH", "TWITTER_TIMELINE"),
        ("TWITTER_PROFILE", "TWITTER_TIMELINE"),
        ("TWITTER_PROFILE", "TWITTER_SEARCH", "TWITTER_TIMELINE"),
        ("TWITTER_REPLIES", "TWITTER_TIMELINE"),
        ("TWITTER_PROFILE", "TWITTER_REPLIES", "TWITTER_SEARCH", "TWITTER_TIMELINE"),
        ("ALL_ON_TWITTER", "PUBLISHER_NETWORK"),
    ),
    "PROMOTED_ACCOUNT": (
        ("ALL_ON_TWITTER",),
        ("TWITTER_TIMELINE",),
    ),
    "MEDIA": (("ALL_ON_TWITTER",),),
}
"""
What the placements endpoint lists; the platform does not publish its own list.
"""

TAP = "TAP_"
MAX_CAMPAIGNS, MAX_LINE_ITEMS = 200, 100
