"""
What the emulated LinkedIn knows by heart: versions, enumerations, limits, prices.

Sources: LinkedIn Marketing API documentation at view li-lms-2026-02, checks of it from
2026-08, help pages on budgets and formats. Prices are the simulation's own.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

VERSION = "202609"
NEWEST = 202609
MONTHS = 12
DECEMBER = 12

SUNSETS = {
    202508: date(2026, 8, 17), 202509: date(2026, 9, 15), 202510: date(2026, 10, 15),
    202511: date(2026, 11, 16), 202601: date(2027, 1, 15), 202602: date(2027, 2, 15),
    202603: date(2027, 3, 16), 202604: date(2027, 4, 15), 202605: date(2027, 5, 15),
    202606: date(2027, 6, 15), 202607: date(2027, 7, 15),
}  # fmt: skip

DAY_S = 86_400
REVIEW_S = 6 * 3_600
REMOVAL_S = DAY_S
SEGMENT_BUILD_S = DAY_S
ACCESS_TOKEN_S = 5_184_000
REFRESH_TOKEN_S = 365 * DAY_S
LONGEST_TARGET = 8_192
"""Characters of a request target; LinkedIn answers 414 above a limit it keeps to
itself, and its own clients tunnel from 4,000 on."""

PER_USD = {
    "AED": "3.67", "ARS": "990", "AUD": "1.53", "BRL": "5.5", "CAD": "1.38",
    "CHF": "0.87", "CLP": "930", "CNY": "7.15", "COP": "4150", "CZK": "23.1",
    "DKK": "6.85", "EGP": "48.5", "EUR": "0.92", "GBP": "0.78", "HKD": "7.79",
    "HUF": "365", "IDR": "16200", "ILS": "3.65", "INR": "84.5", "JPY": "151",
    "KES": "130", "KRW": "1380", "MXN": "18.6", "MYR": "4.45", "NGN": "1580",
    "NOK": "10.7", "NZD": "1.67", "PHP": "57.5", "PKR": "279", "PLN": "3.96",
    "QAR": "3.64", "RON": "4.57", "SAR": "3.75", "SEK": "10.5", "SGD": "1.33",
    "THB": "34.6", "TRY": "34.5", "TWD": "32.1", "UAH": "41.4", "USD": "1",
    "VND": "25300", "ZAR": "18.1",
}  # fmt: skip
WHOLE_UNITS = {"CLP", "COP", "HUF", "IDR", "JPY", "KRW", "TWD", "VND"}

MINIMUM_DAILY_USD = Decimal(10)
MINIMUM_TOTAL_USD = Decimal(100)
BID_USD = {
    "CPC": (Decimal(2), Decimal(8), Decimal(300)),
    "CPM": (Decimal(5), Decimal(32), Decimal(1000)),
    "CPV": (Decimal("0.02"), Decimal("0.14"), Decimal(30)),
}
"""Lowest, suggested and highest bid."""

CHARGE_RHYTHM = (
    Decimal("1.42"), Decimal("0.76"), Decimal("1.10"), Decimal("0.70"),
    Decimal("1.15"), Decimal("0.83"), Decimal("0.74"),
)  # fmt: skip
"""Daily budgets charged per day, in an order that seed and campaign decide: never
above 150 % on a day, never above seven of them in a week."""

ACCOUNT_STATUSES = ("ACTIVE", "CANCELED", "DRAFT", "PENDING_DELETION", "REMOVED")
GROUP_STATUSES = (
    "ACTIVE", "ARCHIVED", "CANCELED", "CANCELLED", "DRAFT", "PAUSED",
    "PENDING_DELETION", "REMOVED",
)  # fmt: skip
CAMPAIGN_STATUSES = (
    "ACTIVE", "PAUSED", "ARCHIVED", "COMPLETED", "CANCELED", "DRAFT",
    "PENDING_DELETION", "REMOVED",
)  # fmt: skip
CREATIVE_STATUSES = (
    "ACTIVE", "PAUSED", "DRAFT", "ARCHIVED", "CANCELED", "PENDING_DELETION", "REMOVED"
)  # fmt: skip
CAMPAIGN_TYPES = ("TEXT_AD", "SPONSORED_UPDATES", "SPONSORED_INMAILS", "DYNAMIC")
OBJECTIVES = (
    "BRAND_AWARENESS", "ENGAGEMENT", "JOB_APPLICANT", "LEAD_GENERATION", "TALENT_LEAD",
    "VIDEO_VIEW", "WEBSITE_CONVERSION", "WEBSITE_VISIT",
)  # fmt: skip
COST_TYPES = ("CPC", "CPM", "CPV")
FORMATS = (
    "STANDARD_UPDATE", "SINGLE_VIDEO", "CAROUSEL", "SPONSORED_UPDATE_NATIVE_DOCUMENT",
    "SPONSORED_UPDATE_EVENT", "TEXT", "SPOTLIGHT", "FOLLOW_COMPANY", "JOBS",
    "SPONSORED_INMAIL", "SPONSORED_MESSAGE",
)  # fmt: skip
FEED_FORMATS = ("STANDARD_UPDATE", "SINGLE_VIDEO", "CAROUSEL")
TARGETS = {
    "NONE": 0, "ENHANCED_CONVERSION": 0, "MAX_IMPRESSION": 0, "MAX_REACH": 202408,
    "MAX_CLICK": 0, "MAX_CONVERSION": 0, "MAX_VIDEO_VIEW": 0, "MAX_LEAD": 0,
    "MAX_QUALIFIED_LEAD": 202602, "TARGET_COST_PER_CLICK": 0,
    "TARGET_COST_PER_IMPRESSION": 0, "TARGET_COST_PER_VIDEO_VIEW": 0,
    "CAP_COST_AND_MAXIMIZE_CLICKS": 0, "CAP_COST_AND_MAXIMIZE_IMPRESSIONS": 0,
    "CAP_COST_AND_MAXIMIZE_VIDEO_VIEWS": 0, "CAP_COST_AND_MAXIMIZE_LEADS": 0,
}  # fmt: skip
"""Optimisation targets with the version they came with."""

CLICKERS = ("ENGAGEMENT", "JOB_APPLICANT", "TALENT_LEAD", "WEBSITE_VISIT")
BIDDING: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "MAX_IMPRESSION": ("auto", ("CPM",), ("BRAND_AWARENESS",)),
    "MAX_REACH": ("auto", ("CPM",), ("BRAND_AWARENESS",)),
    "MAX_CLICK": ("auto", ("CPM",), CLICKERS),
    "MAX_CONVERSION": ("auto", ("CPM",), ("WEBSITE_CONVERSION",)),
    "MAX_VIDEO_VIEW": ("auto", ("CPV", "CPM"), ("VIDEO_VIEW",)),
    "MAX_LEAD": ("auto", ("CPM",), ("LEAD_GENERATION",)),
    "MAX_QUALIFIED_LEAD": ("auto", ("CPM",), ("LEAD_GENERATION",)),
    "NONE": ("bid", COST_TYPES, OBJECTIVES),
    "ENHANCED_CONVERSION": ("bid", COST_TYPES, ("WEBSITE_CONVERSION",)),
    "TARGET_COST_PER_CLICK": ("bid", ("CPC",), CLICKERS),
    "TARGET_COST_PER_IMPRESSION": ("bid", ("CPM",), ("BRAND_AWARENESS",)),
    "TARGET_COST_PER_VIDEO_VIEW": ("bid", ("CPV",), ("VIDEO_VIEW",)),
    "CAP_COST_AND_MAXIMIZE_CLICKS": ("bid", ("CPM",), CLICKERS),
    "CAP_COST_AND_MAXIMIZE_IMPRESSIONS": ("bid", ("CPM",), ("BRAND_AWARENESS",)),
    "CAP_COST_AND_MAXIMIZE_VIDEO_VIEWS": ("bid", ("CPM",), ("VIDEO_VIEW",)),
    "CAP_COST_AND_MAXIMIZE_LEADS": ("bid", ("CPM",), ("LEAD_GENERATION",)),
}
"""Per optimisation target: who bids, the cost types, the objectives."""

LEAD_LABELS = (
    "APPLY", "DOWNLOAD", "VIEW_QUOTE", "LEARN_MORE", "SIGN_UP", "SUBSCRIBE", "REGISTER",
    "REQUEST_DEMO", "JOIN", "ATTEND", "UNLOCK_FULL_DOCUMENT",
)  # fmt: skip
POST_LABELS = (
    "APPLY", "DOWNLOAD", "VIEW_QUOTE", "LEARN_MORE", "SIGN_UP", "SUBSCRIBE", "REGISTER",
    "REQUEST_DEMO", "JOIN", "ATTEND", "SEE_MORE", "BUY_NOW", "SHOP_NOW",
)  # fmt: skip
CONVERSION_TYPES = tuple(
    "ADD_BILLING_INFO ADD_TO_CART ADD_TO_LIST AD_CLICK AD_VIEW BOOK_APPOINTMENT"
    " COMPLETE_SIGNUP CONTACT DONATE DOWNLOAD INSTALL INVITE KEY_PAGE_VIEW LEAD LOGIN"
    " OTHER OUTBOUND_CLICK PHONE_CALL PURCHASE QUALIFIED_LEAD REQUEST_QUOTE SAVE"
    " SCHEDULE SEARCH SHARE SIGN_UP START_CHECKOUT START_TRIAL SUBMIT_APPLICATION"
    " SUBSCRIBE VIEW_CONTENT VIEW_VIDEO".split()
)
LOCALES = (
    "ar_AE cs_CZ da_DK de_DE en_US es_ES fr_FR hi_IN hu_HU id_ID in_ID it_IT iw_IL"
    " ja_JP ko_KR ms_MY nl_NL no_NO pl_PL pt_BR ro_RO ru_RU sv_SE th_TH tl_PH tr_TR"
    " uk_UA zh_CN zh_TW".split()
)
SCOPES = (
    "r_ads", "rw_ads", "r_ads_reporting", "rw_conversions", "rw_dmp_segments",
    "r_organization_social", "w_organization_social", "r_basicprofile",
)  # fmt: skip
READER_SCOPES = ("r_ads", "r_ads_reporting")


def sunset(version: int) -> float:
    """
    When a version stops answering: about the middle of the same month a year later.
    """
    day = SUNSETS.get(version) or date(version // 100 + 1, version % 100, 15)
    return datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()


def places(currency: str) -> int:
    """
    Decimals of a currency.
    """
    return 0 if currency in WHOLE_UNITS else 2


def from_usd(usd: Decimal, currency: str) -> Decimal:
    """
    An amount of US dollars in another currency, rounded to its smallest unit.
    """
    step = Decimal(1).scaleb(-places(currency))
    return (usd * Decimal(PER_USD[currency])).quantize(step)
