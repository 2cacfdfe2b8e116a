"""
What LinkedIn calls things, and how much it takes, each with its source.

Sources: documentation of the Marketing API as of view li-lms-2026-02, checks of it from
August 2026, and what integrations saw of the live service; read in November 2026.
"""

from __future__ import annotations

from datetime import date, timedelta

from smmlib.model import CTA, Gender, Objective, OptimiseFor, Seniority
from smmlib.ports import Kind

HOST = "api.linkedin.com"
UPLOAD_HOSTS = ("www.linkedin.com",)
VERSION = "202609"
SUNSETS = {
    "202504": date(2026, 4, 15),
    "202505": date(2026, 5, 15),
    "202506": date(2026, 6, 15),
    "202507": date(2026, 7, 15),
    "202508": date(2026, 8, 17),
    "202509": date(2026, 9, 15),
    "202510": date(2026, 10, 15),
    "202511": date(2026, 11, 16),
    "202601": date(2027, 1, 15),
    "202602": date(2027, 2, 15),
    "202603": date(2027, 3, 16),
    "202604": date(2027, 4, 15),
    "202605": date(2027, 5, 15),
    "202606": date(2027, 6, 15),
    "202607": date(2027, 7, 15),
}
"""
Version to the day it stops answering, as announced.
"""
SUNSET_NEAR = timedelta(days=60)


def sunset(version: str) -> date:
    """
    The day a version stops answering; about, where none was announced yet.
    """
    usual = date(int(version[:4]) + 1, int(version[4:]), 15)
    return SUNSETS.get(version, usual)


# -- sizes -----------------------------------------------------------------------------

BATCH = 100  # writes in one request; LinkedIn names no limit
TOGETHER = 16  # requests in flight; the client holds 20 connections
PAGE = 1000
CREATIVES_PAGE = 100
LONGEST_QUERY = 4000  # official clients tunnel beyond
REPORT_METRICS = 20
REPORT_ROWS = 15_000
RESTATED_DAYS = 90
VALUES_LIMIT = 100
PLACES_LIMIT = 200
GROUP_NAME = 100
CREATIVE_NAME = 255
MARK = 17  # characters of a marker behind a name
IMAGE_BYTES = 5 * 1024 * 1024
VIDEO_BYTES = (75 * 1024, 500 * 1024 * 1024)
DAILY_CHARGE = "1.5"  # a day may cost this many daily budgets

# -- where things are ------------------------------------------------------------------

COLLECTIONS = {
    Kind.CAMPAIGN: "adCampaignGroups",
    Kind.AD_SET: "adCampaigns",
    Kind.AD: "creatives",
}
URNS = {
    Kind.CAMPAIGN: "urn:li:sponsoredCampaignGroup:",
    Kind.AD_SET: "urn:li:sponsoredCampaign:",
    Kind.AD: "urn:li:sponsoredCreative:",
}
ACCOUNT_URN = "urn:li:sponsoredAccount:"
ORGANISATION_URN = "urn:li:organization:"
FORM_URN = "urn:li:adForm:"
CONVERSION_URN = "urn:lla:llaPartnerConversion:"
SEGMENT_URN = "urn:li:adSegment:"
LIVE = ("ACTIVE", "PAUSED", "DRAFT")

# -- what a campaign is for ------------------------------------------------------------

# Objective and goal to LinkedIn's objective and automatic target.
_CLICKS = ("WEBSITE_VISIT", "MAX_CLICK")
_CONVERSIONS = ("WEBSITE_CONVERSION", "MAX_CONVERSION")
_VIEWS = ("VIDEO_VIEW", "MAX_VIDEO_VIEW")
GOALS: dict[Objective, dict[OptimiseFor, tuple[str, str]]] = {
    Objective.AWARENESS: {
        OptimiseFor.IMPRESSIONS: ("BRAND_AWARENESS", "MAX_IMPRESSION"),
        OptimiseFor.REACH: ("BRAND_AWARENESS", "MAX_REACH"),
        OptimiseFor.VIDEO_VIEWS: _VIEWS,
    },
    Objective.TRAFFIC: {
        OptimiseFor.LINK_CLICKS: _CLICKS,
        OptimiseFor.VISITS: _CLICKS,
    },
    Objective.ENGAGEMENT: {
        OptimiseFor.ENGAGEMENT: ("ENGAGEMENT", "MAX_CLICK"),
        OptimiseFor.VIDEO_VIEWS: _VIEWS,
    },
    Objective.LEADS: {
        OptimiseFor.LEADS: ("LEAD_GENERATION", "MAX_LEAD"),
        OptimiseFor.REGISTRATIONS: _CONVERSIONS,
        OptimiseFor.LINK_CLICKS: _CLICKS,
        OptimiseFor.VISITS: _CLICKS,
    },
    Objective.SALES: {
        OptimiseFor.PURCHASES: _CONVERSIONS,
        OptimiseFor.REGISTRATIONS: _CONVERSIONS,
        OptimiseFor.LINK_CLICKS: _CLICKS,
        OptimiseFor.VISITS: _CLICKS,
    },
    Objective.APP_PROMOTION: {},
}
USUAL = {
    Objective.AWARENESS: OptimiseFor.REACH,
    Objective.TRAFFIC: OptimiseFor.LINK_CLICKS,
    Objective.ENGAGEMENT: OptimiseFor.ENGAGEMENT,
    Objective.LEADS: OptimiseFor.LEADS,
    Objective.SALES: OptimiseFor.PURCHASES,
}
# Automatic target to its cost type, the manual bid's, and the capped target.
AUTOMATIC_COST = {"MAX_VIDEO_VIEW": "CPV"}
MANUAL: dict[str, tuple[str, str]] = {
    "MAX_IMPRESSION": ("NONE", "CPM"),
    "MAX_REACH": ("NONE", "CPM"),
    "MAX_CLICK": ("NONE", "CPC"),
    "MAX_CONVERSION": ("ENHANCED_CONVERSION", "CPC"),
    "MAX_VIDEO_VIEW": ("NONE", "CPV"),
    "MAX_LEAD": ("NONE", "CPC"),
}
CAPPED = {
    "MAX_IMPRESSION": "CAP_COST_AND_MAXIMIZE_IMPRESSIONS",
    "MAX_CLICK": "CAP_COST_AND_MAXIMIZE_CLICKS",
    "MAX_VIDEO_VIEW": "CAP_COST_AND_MAXIMIZE_VIDEO_VIEWS",
    "MAX_LEAD": "CAP_COST_AND_MAXIMIZE_LEADS",
}
FORMATS = {
    "article": "STANDARD_UPDATE",
    "image": "STANDARD_UPDATE",
    "video": "SINGLE_VIDEO",
    "carousel": "CAROUSEL",
}

# -- buttons ---------------------------------------------------------------------------

BUTTONS = {
    CTA.LEARN_MORE: "LEARN_MORE",
    CTA.SIGN_UP: "SIGN_UP",
    CTA.REGISTER: "REGISTER",
    CTA.SUBSCRIBE: "SUBSCRIBE",
    CTA.SHOP_NOW: "SHOP_NOW",
    CTA.BUY_NOW: "BUY_NOW",
    CTA.APPLY_NOW: "APPLY",
    CTA.DOWNLOAD: "DOWNLOAD",
    CTA.GET_QUOTE: "VIEW_QUOTE",
    CTA.REQUEST_DEMO: "REQUEST_DEMO",
    CTA.JOIN: "JOIN",
    CTA.ATTEND: "ATTEND",
    CTA.WATCH_MORE: "SEE_MORE",
}
# Lead forms have fewer buttons.
LEAD_BUTTONS = frozenset(BUTTONS.values()) - {"SHOP_NOW", "BUY_NOW", "SEE_MORE"}
BUTTON_INSTEAD = {
    CTA.ORDER_NOW: CTA.BUY_NOW,
    CTA.GET_OFFER: CTA.LEARN_MORE,
    CTA.BOOK_NOW: CTA.SIGN_UP,
    CTA.CONTACT_US: CTA.LEARN_MORE,
    CTA.CALL_NOW: CTA.LEARN_MORE,
    CTA.SEND_MESSAGE: CTA.LEARN_MORE,
    CTA.INSTALL_NOW: CTA.DOWNLOAD,
    CTA.USE_APP: CTA.LEARN_MORE,
    CTA.LISTEN_NOW: CTA.LEARN_MORE,
    CTA.DONATE_NOW: CTA.LEARN_MORE,
}

# -- people ----------------------------------------------------------------------------

FACET_URN = "urn:li:adTargetingFacet:"
OLDEST = 2_147_483_647
AGES = ((18, 24), (25, 34), (35, 54), (55, OLDEST))
GENDERS = {Gender.FEMALE: "urn:li:gender:FEMALE", Gender.MALE: "urn:li:gender:MALE"}
SENIORITIES = {
    Seniority.UNPAID: 1,
    Seniority.TRAINING: 2,
    Seniority.ENTRY: 3,
    Seniority.SENIOR: 4,
    Seniority.MANAGER: 5,
    Seniority.DIRECTOR: 6,
    Seniority.VP: 7,
    Seniority.CXO: 8,
    Seniority.PARTNER: 9,
    Seniority.OWNER: 10,
}
STAFF = {
    "1": (1, 1),
    "2-10": (2, 10),
    "11-50": (11, 50),
    "51-200": (51, 200),
    "201-500": (201, 500),
    "501-1000": (501, 1000),
    "1001-5000": (1001, 5000),
    "5001-10000": (5001, 10000),
    "10001+": (10001, OLDEST),
}
FACETS = frozenset(
    "locations profileLocations interfaceLocales ageRanges genders seniorities"
    " jobFunctions titles titlesPast titlesAll industries staffCountRanges employers"
    " employersPast employersAll followedCompanies firstDegreeConnectionCompanies"
    " skills schools degrees fieldsOfStudy yearsOfExperienceRanges interests groups"
    " memberBehaviors companyCategory growthRate revenue audienceMatchingSegments"
    " dynamicSegments".split()
)
"""
All that LinkedIn can target by.
"""
WIDE = frozenset(
    {"employers", "employersPast", "employersAll", "locations", "profileLocations"}
)
"""
Facets with room for twice as many values.
"""
EXCLUDED = frozenset({"locations", "audienceMatchingSegments", "dynamicSegments"})
"""
Facets a plan can leave people out by.
"""
CONFLICTS = (
    ("industries", "employers"),
    ("staffCountRanges", "employers"),
    ("jobFunctions", "titles"),
    ("seniorities", "titles"),
    ("memberBehaviors", "audienceMatchingSegments"),
    ("memberBehaviors", "dynamicSegments"),
    ("interests", "dynamicSegments"),
)
"""
Facets LinkedIn refuses to join by "and".
"""
LOCALES = {
    "ar": "ar_AE",
    "cs": "cs_CZ",
    "da": "da_DK",
    "de": "de_DE",
    "en": "en_US",
    "es": "es_ES",
    "fr": "fr_FR",
    "id": "in_ID",
    "it": "it_IT",
    "ja": "ja_JP",
    "ko": "ko_KR",
    "ms": "ms_MY",
    "nl": "nl_NL",
    "no": "no_NO",
    "nb": "no_NO",
    "pl": "pl_PL",
    "pt": "pt_BR",
    "ro": "ro_RO",
    "ru": "ru_RU",
    "sv": "sv_SE",
    "th": "th_TH",
    "tl": "tl_PH",
    "tr": "tr_TR",
    "uk": "uk_UA",
    "zh": "zh_CN",
}
"""
Language to the locale LinkedIn offers for it (list from memory of its help pages).
"""
