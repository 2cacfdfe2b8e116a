"""
Rules as tables: currencies, minimum budgets, objectives, limits, statuses.

Sources: Marketing API reference pages of 2026-09 (ad-campaign, ad-campaign-group,
bidding/overview/budgets, currencies) and what public clients verified live in 2026.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal

OFFSET_1 = frozenset("CLP COP CRC HUF IDR ISK JPY KRW PYG TWD VND".split())

PER_USD: dict[str, str] = {
    "AED": "3.67",
    "ARS": "1000",
    "AUD": "1.52",
    "BDT": "120",
    "BGN": "1.8",
    "BHD": "0.38",
    "BOB": "6.9",
    "BRL": "5.4",
    "CAD": "1.37",
    "CHF": "0.86",
    "CLP": "940",
    "CNY": "7.1",
    "COP": "4100",
    "CRC": "510",
    "CZK": "23",
    "DKK": "6.9",
    "DZD": "134",
    "EGP": "49",
    "EUR": "0.92",
    "GBP": "0.78",
    "GTQ": "7.7",
    "HKD": "7.8",
    "HNL": "25",
    "HUF": "360",
    "IDR": "16000",
    "ILS": "3.7",
    "INR": "84",
    "ISK": "138",
    "JOD": "0.71",
    "JPY": "150",
    "KES": "129",
    "KRW": "1350",
    "LKR": "300",
    "MOP": "8",
    "MXN": "18",
    "MYR": "4.4",
    "NGN": "1600",
    "NIO": "37",
    "NOK": "10.7",
    "NZD": "1.65",
    "PEN": "3.75",
    "PHP": "57",
    "PKR": "278",
    "PLN": "3.95",
    "PYG": "7700",
    "QAR": "3.64",
    "RON": "4.6",
    "RSD": "108",
    "RUB": "95",
    "SAR": "3.75",
    "SEK": "10.5",
    "SGD": "1.33",
    "THB": "34",
    "TRY": "34",
    "TWD": "32",
    "UAH": "41",
    "USD": "1",
    "UYU": "41",
    "VND": "25000",
    "ZAR": "18",
}
"""
Rough exchange rates: they only place the minimum budgets and the price level.
"""

EU = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT"
    " LT LU LV MT NL PL PT RO SE SI SK".split()
)
EU_GROUPS = frozenset({"worldwide", "europe", "eea"})
COUNTRY_GROUPS = frozenset(
    "worldwide africa afta android_app_store android_free_store apec asia caribbean"
    " central_america cisfta eea emerging_markets europe gcc itunes_app_store mercosur"
    " nafta north_america oceania south_america".split()
)

DOUBLE_MINIMUM = frozenset(
    "AU AT BE CA DK FI FR DE GR HK IL IT JP NL NZ NO SG KR ES SE CH TW GB US".split()
)
SHOWN_GOALS = frozenset({"IMPRESSIONS", "REACH", "AD_RECALL_LIFT"})
CLICK_GOALS = frozenset(
    {
        "LINK_CLICKS",
        "LANDING_PAGE_VIEWS",
        "PAGE_LIKES",
        "POST_ENGAGEMENT",
        "THRUPLAY",
        "EVENT_RESPONSES",
        "ENGAGED_PAGE_VIEWS",
        "PROFILE_VISIT",
        "VISIT_INSTAGRAM_PROFILE",
    }
)
"""
Every other goal counts as a low-frequency action.
"""

_WEB = ("IMPRESSIONS", "LANDING_PAGE_VIEWS", "LINK_CLICKS", "REACH")
_WEB_SALES = (*_WEB, "OFFSITE_CONVERSIONS")
_IN_APP = ("APP_INSTALLS_AND_OFFSITE_CONVERSIONS", "LINK_CLICKS", "REACH")
_CHAT = ("IMPRESSIONS", "LINK_CLICKS", "REACH")

ODAX: dict[str, dict[str, tuple[str, ...]]] = {
    "OUTCOME_AWARENESS": {"": ("AD_RECALL_LIFT", "IMPRESSIONS", "REACH", "THRUPLAY")},
    "OUTCOME_TRAFFIC": {
        "": _WEB,
        "WEBSITE": _WEB,
        "APP": ("LINK_CLICKS", "REACH"),
        "MESSENGER": _CHAT,
        "WHATSAPP": _CHAT,
    },
    "OUTCOME_ENGAGEMENT": {
        "": _WEB_SALES,
        "WEBSITE": _WEB_SALES,
        "APP": _IN_APP,
        "MESSENGER": ("CONVERSATIONS", "LEAD_GENERATION", "LINK_CLICKS"),
        "WHATSAPP": ("CONVERSATIONS", "LINK_CLICKS"),
        "INSTAGRAM_DIRECT": ("CONVERSATIONS", "LINK_CLICKS"),
        # IMPRESSIONS with ON_POST ended with version 20.
        "ON_POST": ("POST_ENGAGEMENT", "REACH"),
        "ON_PAGE": ("PAGE_LIKES",),
        "ON_EVENT": ("EVENT_RESPONSES", "IMPRESSIONS", "POST_ENGAGEMENT", "REACH"),
        "ON_VIDEO": ("THRUPLAY",),
    },
    "OUTCOME_LEADS": {
        "": (*_WEB_SALES, "QUALITY_CALL"),
        "WEBSITE": _WEB_SALES,
        "ON_AD": ("LEAD_GENERATION", "QUALITY_LEAD"),
        "MESSENGER": ("LEAD_GENERATION", "QUALITY_LEAD"),
        "APP": _IN_APP,
    },
    "OUTCOME_APP_PROMOTION": {
        "": (
            "APP_INSTALLS",
            "APP_INSTALLS_AND_OFFSITE_CONVERSIONS",
            "LINK_CLICKS",
            "OFFSITE_CONVERSIONS",
            "VALUE",
        ),
    },
    "OUTCOME_SALES": {
        "": (*_WEB_SALES, "VALUE"),
        "WEBSITE": (*_WEB_SALES, "VALUE"),
        "APP": ("LINK_CLICKS", "OFFSITE_CONVERSIONS", "REACH"),
        "MESSENGER": (*_CHAT, "CONVERSATIONS", "OFFSITE_CONVERSIONS"),
        "WHATSAPP": (*_CHAT, "OFFSITE_CONVERSIONS"),
    },
}
"""
Objective -> destination ("" when none is named) -> goals: the union of both tables
of the reference, without values that version 26 no longer lists.
"""

PIXEL_GOALS = frozenset({"OFFSITE_CONVERSIONS", "VALUE"})
PAGE_GOALS = frozenset(
    {
        "AD_RECALL_LIFT",
        "CONVERSATIONS",
        "LEAD_GENERATION",
        "PAGE_LIKES",
        "QUALITY_CALL",
        "QUALITY_LEAD",
    }
)

BILLED_AS_GOAL = frozenset({"LINK_CLICKS", "PAGE_LIKES", "OFFER_CLAIMS", "THRUPLAY"})

ATTRIBUTION: dict[str, frozenset[str]] = {
    "OFFSITE_CONVERSIONS": frozenset(
        {"1d_click", "7d_click", "1d_click+1d_view", "7d_click+1d_view"}
    ),
    "APP_INSTALLS": frozenset(
        {"1d_click", "1d_click+1d_ev", "1d_click+1d_view", "1d_click+1d_ev+1d_view"}
    ),
    "": frozenset({"1d_click"}),
}

RESTRICTED_CATEGORIES = frozenset(
    {"HOUSING", "EMPLOYMENT", "FINANCIAL_PRODUCTS_SERVICES", "CREDIT"}
)

ADSETS_PER_CAMPAIGN = 200
ADSETS_PER_ACCOUNT = 5_000
ADS_PER_ADSET = 50
LONGEST_NAME = 400
"""
Documented for ad sets; used for campaigns and ads too, whose limit is not.
"""
DSA_NAME = 512
MIN_SPEND_CAP_USD = Decimal(100)
BUDGET_CHANGES_PER_HOUR = 4

CITY_RADIUS = {"mile": (10, 50), "kilometer": (17, 80)}
GEO_LIMITS = {
    "cities": 250,
    "regions": 200,
    "zips": 50_000,
    "custom_locations": 200,
    "places": 200,
    "geo_markets": 2_500,
}
AGE_MIN, AGE_MAX = 13, 65
LOCALES = 90

PLACEMENTS: dict[str, frozenset[str]] = {
    "facebook_positions": frozenset(
        "feed right_hand_column marketplace video_feeds story search instream_video"
        " facebook_reels facebook_reels_overlay profile_feed notification".split()
    ),
    "instagram_positions": frozenset(
        "stream story explore explore_home reels profile_feed ig_search"
        " profile_reels".split()
    ),
    "threads_positions": frozenset({"threads_stream"}),
    "audience_network_positions": frozenset({"classic", "rewarded_video"}),
    "messenger_positions": frozenset({"sponsored_messages", "story"}),
    "whatsapp_positions": frozenset({"status"}),
}
PLATFORMS = frozenset(
    {"facebook", "instagram", "threads", "messenger", "audience_network", "whatsapp"}
)

TRANSITIONS: dict[str, frozenset[str]] = {
    "ACTIVE": frozenset({"ACTIVE", "PAUSED", "ARCHIVED", "DELETED"}),
    "PAUSED": frozenset({"ACTIVE", "PAUSED", "ARCHIVED", "DELETED"}),
    "ARCHIVED": frozenset({"ARCHIVED", "DELETED"}),
    "DELETED": frozenset({"DELETED"}),
}

REVIEW_S = 15 * 60
"""
How long an ad is under review on the sandbox clock (Meta: most within 24 hours).
"""

DISAPPROVE = "[sandbox:disapprove]"
"""
An ad whose text holds this is disapproved at the end of its review.
"""


def offset(currency: str) -> int:
    """
    Minor units per unit of a currency: Meta's own table, not ISO 4217.
    """
    return 1 if currency in OFFSET_1 else 100


def from_usd(amount: Decimal, currency: str) -> int:
    """
    Minor units of *currency* for an amount in US dollars, rounded up.
    """
    value = amount * Decimal(PER_USD[currency]) * offset(currency)
    return int(value.to_integral_value(ROUND_CEILING))


def minimum_daily(currency: str, goal: str, countries: frozenset[str]) -> int:
    """
    Lowest daily budget without a bid cap, in minor units.
    """
    if goal in SHOWN_GOALS:
        usd = Decimal("0.5")
    elif goal in CLICK_GOALS:
        usd = Decimal("2.5")
    else:
        return from_usd(Decimal(40), currency)
    return from_usd(usd * (2 if countries & DOUBLE_MINIMUM else 1), currency)
