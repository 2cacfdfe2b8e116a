"""
Facts of the Marketing API the adapter builds requests from.

Sources: Marketing API reference and guides as of 2026-09 (ad account currencies, ODAX
tables of campaigns and ad sets, targeting, placements, link data), version 26.0.
"""

from __future__ import annotations

from smmlib.model import (
    CTA,
    BidStrategy,
    Network,
    Objective,
    OptimiseFor,
    Position,
    SpecialCategory,
)
from smmlib.ports import Kind

VERSION = "v26.0"
HOST = "graph.facebook.com"
BATCH = 50
# A client's connections cost more the more there are; twenty hide the latency.
IN_FLIGHT = 20
PARALLEL = 10
PAGE = 200
LABEL_PAGE = 1000
REPORT_PAGE, COLUMN_PAGE = 500, 1000
# With msgspec a page is small in memory, so that fewer requests are enough.
FAST_PAGE = 2500
# Rows up to which a report is read at once; larger ones are runs of Meta's.
REPORT_ROWS = 5_000
REPORTS = 4
RUN_FIRST_WAIT_S, RUN_LONGEST_WAIT_S, RUN_PATIENCE_S = 0.5, 30.0, 900.0

# -- money ----------------------------------------------------------------------------

OFFSET_1 = frozenset("CLP COP CRC HUF IDR ISK JPY KRW PYG TWD VND".split())
OFFSET_100 = frozenset(
    "AED ARS AUD BDT BGN BHD BOB BRL CAD CHF CNY CZK DKK DZD EGP EUR GBP GTQ HKD HNL "
    "HRK ILS INR JOD KES LKR LTL LVL MOP MXN MYR NGN NIO NOK NZD PEN PHP PKR PLN QAR "
    "RON RSD RUB SAR SEK SGD SKK THB TRY UAH USD UYU VEF VES ZAR".split()
)
"""
Minor units per unit of money are Meta's own table, not ISO 4217: forints and Taiwan
dollars travel whole, dinars with two decimals.
"""

# -- objectives -----------------------------------------------------------------------

OBJECTIVES = {
    Objective.AWARENESS: "OUTCOME_AWARENESS",
    Objective.TRAFFIC: "OUTCOME_TRAFFIC",
    Objective.ENGAGEMENT: "OUTCOME_ENGAGEMENT",
    Objective.LEADS: "OUTCOME_LEADS",
    Objective.APP_PROMOTION: "OUTCOME_APP_PROMOTION",
    Objective.SALES: "OUTCOME_SALES",
}

# Goal, destination, and what is promoted: nothing, the page, or an event of the pixel.
Goal = tuple[str, str, str]

_SEEN: dict[OptimiseFor, Goal] = {
    OptimiseFor.IMPRESSIONS: ("IMPRESSIONS", "WEBSITE", ""),
    OptimiseFor.REACH: ("REACH", "WEBSITE", ""),
    OptimiseFor.LINK_CLICKS: ("LINK_CLICKS", "WEBSITE", ""),
    OptimiseFor.VISITS: ("LANDING_PAGE_VIEWS", "WEBSITE", ""),
}
_WON: dict[OptimiseFor, Goal] = {
    OptimiseFor.LEADS: ("OFFSITE_CONVERSIONS", "WEBSITE", "LEAD"),
    OptimiseFor.REGISTRATIONS: (
        "OFFSITE_CONVERSIONS",
        "WEBSITE",
        "COMPLETE_REGISTRATION",
    ),
    OptimiseFor.PURCHASES: ("OFFSITE_CONVERSIONS", "WEBSITE", "PURCHASE"),
}

GOALS: dict[Objective, dict[OptimiseFor, Goal]] = {
    Objective.AWARENESS: {
        OptimiseFor.REACH: ("REACH", "", "page"),
        OptimiseFor.IMPRESSIONS: ("IMPRESSIONS", "", "page"),
        OptimiseFor.VIDEO_VIEWS: ("THRUPLAY", "", "page"),
    },
    Objective.TRAFFIC: _SEEN,
    Objective.ENGAGEMENT: {
        **_SEEN,
        **_WON,
        OptimiseFor.ENGAGEMENT: ("POST_ENGAGEMENT", "ON_POST", ""),
        OptimiseFor.REACH: ("REACH", "ON_POST", ""),
        OptimiseFor.VIDEO_VIEWS: ("THRUPLAY", "ON_VIDEO", ""),
        OptimiseFor.FOLLOWERS: ("PAGE_LIKES", "ON_PAGE", "page"),
    },
    Objective.LEADS: {**_SEEN, **_WON},
    Objective.SALES: {**_SEEN, **_WON},
    Objective.APP_PROMOTION: {},
}

USUAL = {
    Objective.AWARENESS: OptimiseFor.REACH,
    Objective.TRAFFIC: OptimiseFor.LINK_CLICKS,
    Objective.ENGAGEMENT: OptimiseFor.ENGAGEMENT,
    Objective.LEADS: OptimiseFor.LEADS,
    Objective.SALES: OptimiseFor.PURCHASES,
}
"""
What an objective is optimised for when the plan does not say.
"""

BID_STRATEGIES = {
    BidStrategy.LOWEST_COST: "LOWEST_COST_WITHOUT_CAP",
    BidStrategy.BID_CAP: "LOWEST_COST_WITH_BID_CAP",
    BidStrategy.COST_CAP: "COST_CAP",
}

CATEGORIES = {
    SpecialCategory.HOUSING: "HOUSING",
    SpecialCategory.EMPLOYMENT: "EMPLOYMENT",
    SpecialCategory.FINANCE: "FINANCIAL_PRODUCTS_SERVICES",
    SpecialCategory.POLITICS: "ISSUES_ELECTIONS_POLITICS",
    SpecialCategory.GAMBLING: "ONLINE_GAMBLING_AND_GAMING",
}

# -- where and to whom ----------------------------------------------------------------

POSITIONS: dict[Network, dict[Position, str]] = {
    Network.FACEBOOK: {
        Position.FEED: "feed",
        Position.STORIES: "story",
        Position.REELS: "facebook_reels",
        Position.SEARCH: "search",
        Position.MARKETPLACE: "marketplace",
        Position.RIGHT_COLUMN: "right_hand_column",
        Position.VIDEO_FEEDS: "video_feeds",
        Position.IN_STREAM: "instream_video",
        Position.PROFILE: "profile_feed",
    },
    Network.INSTAGRAM: {
        Position.FEED: "stream",
        Position.STORIES: "story",
        Position.REELS: "reels",
        Position.EXPLORE: "explore",
        Position.SEARCH: "ig_search",
        Position.PROFILE: "profile_feed",
    },
}

EU = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
    "".split()
)
"""
Where the Digital Services Act asks who pays for an ad and who benefits.
"""

AGE_YOUNGEST, AGE_USUAL, AGE_OLDEST = 13, 18, 65
CITY_RADIUS = {"km": (17, 80, "kilometer"), "mi": (10, 50, "mile")}

LANGUAGES = {
    "ar": "Arabic",
    "bg": "Bulgarian",
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "et": "Estonian",
    "fi": "Finnish",
    "fr": "French",
    "hr": "Croatian",
    "hu": "Hungarian",
    "it": "Italian",
    "ja": "Japanese",
    "lt": "Lithuanian",
    "lv": "Latvian",
    "nb": "Norwegian",
    "nl": "Dutch",
    "no": "Norwegian",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sk": "Slovak",
    "sl": "Slovenian",
    "sr": "Serbian",
    "sv": "Swedish",
    "tr": "Turkish",
    "uk": "Ukrainian",
}
"""
Languages by the names the locale search knows them under.
"""

SITE_SOURCE = "{{site_source_name}}"
"""
Replaced by Meta on every click: fb, ig, an (partners) or msg. Source: URL parameters
of the ads guide, 2026-09.
"""

# -- creatives ------------------------------------------------------------------------

BUTTONS = {
    CTA.LEARN_MORE: "LEARN_MORE",
    CTA.SIGN_UP: "SIGN_UP",
    CTA.REGISTER: "SIGN_UP",
    CTA.SUBSCRIBE: "SUBSCRIBE",
    CTA.SHOP_NOW: "SHOP_NOW",
    CTA.ORDER_NOW: "ORDER_NOW",
    CTA.BUY_NOW: "BUY_NOW",
    CTA.GET_OFFER: "GET_OFFER",
    CTA.GET_QUOTE: "GET_QUOTE",
    CTA.BOOK_NOW: "BOOK_NOW",
    CTA.CONTACT_US: "CONTACT_US",
    CTA.CALL_NOW: "CALL_NOW",
    CTA.SEND_MESSAGE: "MESSAGE_PAGE",
    CTA.APPLY_NOW: "APPLY_NOW",
    CTA.DOWNLOAD: "DOWNLOAD",
    CTA.INSTALL_NOW: "INSTALL_MOBILE_APP",
    CTA.USE_APP: "USE_APP",
    CTA.WATCH_MORE: "WATCH_MORE",
    CTA.LISTEN_NOW: "LISTEN_NOW",
    CTA.DONATE_NOW: "DONATE_NOW",
    CTA.ATTEND: "EVENT_RSVP",
    CTA.NO_BUTTON: "NO_BUTTON",
}
BUTTON_INSTEAD = {CTA.REQUEST_DEMO: CTA.CONTACT_US, CTA.JOIN: CTA.SIGN_UP}
CARDS_IN_FIXED_ORDER = 5
IMAGE_BYTES = 30 * 1024 * 1024
VIDEO_BYTES = 200 * 1024 * 1024
VIDEO_BUTTON = CTA.LEARN_MORE
VIDEO_FIELDS = "id,title,description,created_time,status"

# -- edges and fields -----------------------------------------------------------------

EDGES = {
    Kind.AUDIENCE: "customaudiences",
    Kind.MEDIA: "adimages",
    Kind.CAMPAIGN: "campaigns",
    Kind.AD_SET: "adsets",
    Kind.CREATIVE: "adcreatives",
    Kind.AD: "ads",
}

_DELIVERING = "id,name,status,effective_status,created_time,adlabels{name}"
FIELDS = {
    Kind.CAMPAIGN: f"{_DELIVERING},objective,special_ad_categories,"
    "special_ad_category_country,daily_budget,lifetime_budget,bid_strategy,"
    "is_adset_budget_sharing_enabled,issues_info",
    Kind.AD_SET: f"{_DELIVERING},campaign_id,optimization_goal,billing_event,"
    "destination_type,promoted_object,daily_budget,lifetime_budget,bid_amount,"
    "bid_strategy,start_time,end_time,targeting,dsa_payor,dsa_beneficiary,issues_info",
    Kind.AD: f"{_DELIVERING},adset_id,creative{{id}},issues_info,ad_review_feedback",
    Kind.CREATIVE: "id,name,status,adlabels{name},object_story_spec,object_story_id,"
    "source_instagram_media_id,url_tags,call_to_action",
    Kind.AUDIENCE: "id,name,subtype,rule,retention_days,customer_file_source,"
    "lookalike_spec,description,time_created",
    Kind.MEDIA: "id,hash,name,status,created_time",
}
LIVE_STATUSES = (
    "ACTIVE",
    "PAUSED",
    "CAMPAIGN_PAUSED",
    "ADSET_PAUSED",
    "IN_PROCESS",
    "WITH_ISSUES",
    "PENDING_REVIEW",
    "DISAPPROVED",
    "PREAPPROVED",
    "PENDING_BILLING_INFO",
)
