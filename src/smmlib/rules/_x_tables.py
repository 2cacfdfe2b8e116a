"""
What X allows, as tables: every number with the document that says so.

X publishes its goals as one flat list; which objective a goal belongs to is read off
its name where the documentation does not say.
"""

from __future__ import annotations

from smmlib.model import BidStrategy, Objective, OptimiseFor, Position
from smmlib.rules._rule import Limit

X = "x"

_CAMPAIGNS = "X Ads API, campaigns"
_LINE_ITEMS = "X Ads API, line items"
_TARGETING = "X Ads API, targeting criteria"
_OPTIONS = "X Ads API, targeting options"
_CREATIVES = "X Ads API, creatives"
_READ = "2026-11"

# -- names, counts ---------------------------------------------------------------------

MARK = 17
"""
Characters of smmlib's marker behind a name.
"""
NAME = Limit(
    "name of a campaign or ad set, with 17 characters for smmlib's marker",
    255 - MARK,
    unit="characters",
    source=_CAMPAIGNS,
    date=_READ,
)
AD_NAME = Limit(
    "name of an ad, with 31 characters for smmlib's marker",
    80 - 31,
    unit="characters",
    source=_CREATIVES,
    date=_READ,
)
CARD_TITLE = Limit(
    "title of a website card that is shown whole",
    70,
    unit="characters",
    source=f"{_CREATIVES}, as its screens show it",
    date=_READ,
)
AD_SETS = Limit(
    "ad sets per campaign", 100, unit="ad sets", source=_LINE_ITEMS, date=_READ
)
CARDS = Limit(
    "cards of a carousel", (2, 6), unit="cards", source=_CREATIVES, date=_READ
)
KEYWORDS = Limit(
    "keywords per ad set", 1_000, unit="keywords", source=_TARGETING, date=_READ
)
INTERESTS = Limit(
    "interests per ad set", 100, unit="interests", source=_TARGETING, date=_READ
)
PLACES = Limit("places per ad set", 2_000, unit="places", source=_TARGETING, date=_READ)

# -- what a campaign is for ------------------------------------------------------------

_LINKS = ("WEBSITE_CLICKS", "LINK_CLICKS")
_VISITS = ("WEBSITE_CLICKS", "SITE_VISITS")
_CONVERSIONS = ("WEBSITE_CLICKS", "WEBSITE_CONVERSIONS")
_FILMS = ("VIDEO_VIEWS", "VIDEO_VIEW")
GOALS: dict[Objective, dict[OptimiseFor, tuple[str, str]]] = {
    Objective.AWARENESS: {
        OptimiseFor.REACH: ("REACH", "MAX_REACH"),
        OptimiseFor.IMPRESSIONS: ("REACH", "MAX_REACH"),
        OptimiseFor.ENGAGEMENT: ("REACH", "REACH_WITH_ENGAGEMENT"),
        OptimiseFor.VIDEO_VIEWS: _FILMS,
    },
    Objective.TRAFFIC: {
        OptimiseFor.LINK_CLICKS: _LINKS,
        OptimiseFor.VISITS: _VISITS,
    },
    Objective.ENGAGEMENT: {
        OptimiseFor.ENGAGEMENT: ("ENGAGEMENTS", "ENGAGEMENT"),
        OptimiseFor.VIDEO_VIEWS: _FILMS,
    },
    Objective.LEADS: {
        OptimiseFor.LEADS: _CONVERSIONS,
        OptimiseFor.REGISTRATIONS: _CONVERSIONS,
        OptimiseFor.LINK_CLICKS: _LINKS,
        OptimiseFor.VISITS: _VISITS,
    },
    Objective.SALES: {
        OptimiseFor.PURCHASES: _CONVERSIONS,
        OptimiseFor.REGISTRATIONS: _CONVERSIONS,
        OptimiseFor.LINK_CLICKS: _LINKS,
        OptimiseFor.VISITS: _VISITS,
    },
    Objective.APP_PROMOTION: {},
}
"""
Objective and goal to X's objective and goal.
"""
USUAL = {
    Objective.AWARENESS: OptimiseFor.REACH,
    Objective.TRAFFIC: OptimiseFor.LINK_CLICKS,
    Objective.ENGAGEMENT: OptimiseFor.ENGAGEMENT,
    Objective.LEADS: OptimiseFor.LEADS,
    Objective.SALES: OptimiseFor.PURCHASES,
}
TAGGED = "WEBSITE_CONVERSIONS"
"""
The goal that needs a web event tag.
"""


_AUTO = {BidStrategy.LOWEST_COST: "AUTO"}
_MAX = {**_AUTO, BidStrategy.BID_CAP: "MAX"}
_TARGET = {**_AUTO, BidStrategy.COST_CAP: "TARGET"}
BIDS = {
    "REACH": _TARGET,
    "ENGAGEMENTS": _MAX,
    "VIDEO_VIEWS": _MAX,
    "WEBSITE_CLICKS": _MAX | _TARGET,
}
"""
X's objectives that smmlib sets up, each with X's word for every way to bid.
"""
LINK_PAY = {
    BidStrategy.LOWEST_COST: "IMPRESSION",
    BidStrategy.BID_CAP: "IMPRESSION",
    BidStrategy.COST_CAP: "LINK_CLICK",
}
PAY_BY: dict[str, dict[BidStrategy, str]] = {
    "LINK_CLICKS": LINK_PAY,
    "SITE_VISITS": dict.fromkeys(LINK_PAY, "IMPRESSION"),
    "WEBSITE_CONVERSIONS": dict.fromkeys(LINK_PAY, "IMPRESSION"),
    "MAX_REACH": dict.fromkeys(LINK_PAY, "IMPRESSION"),
    "REACH_WITH_ENGAGEMENT": dict.fromkeys(LINK_PAY, "IMPRESSION"),
}
"""
What is paid for by goal and way to bid; goals without a row take no choice.
"""
GOALS_LIMIT = Limit(
    "what an objective may optimise for",
    "see the objective",
    source=f"{_LINE_ITEMS}, goal",
    date=_READ,
)
ONE_OBJECTIVE = Limit(
    "objectives per campaign", "one", source=f"{_LINE_ITEMS}, objective", date=_READ
)
BID_LIMIT = Limit(
    "ways to bid",
    "see the objective",
    source=f"{_LINE_ITEMS}, bid_strategy",
    date=_READ,
)

# -- money -----------------------------------------------------------------------------

DECIMALS = {
    **dict.fromkeys(("CLP", "JPY", "KRW", "VND"), 0),
    **dict.fromkeys(("BHD", "IQD", "KWD", "TND"), 3),
}
"""
Currencies in which X takes other than two decimals.
"""
MONEY = Limit(
    "decimals of an amount",
    "two; none in CLP, JPY, KRW, VND; three in BHD, IQD, KWD, TND",
    source=f"{_CAMPAIGNS}, local micro",
    date=_READ,
)
BUDGET_NEEDED = Limit(
    "where the budget is",
    "on the campaign or on each ad set",
    source=f"{_CAMPAIGNS}, budgets",
    date=_READ,
)

# -- where it is shown -----------------------------------------------------------------

PLACEMENTS = {
    Position.FEED: "TWITTER_TIMELINE",
    Position.SEARCH: "TWITTER_SEARCH",
    Position.PROFILE: "TWITTER_PROFILE",
    Position.REPLIES: "TWITTER_REPLIES",
}
EVERYWHERE = "ALL_ON_TWITTER"
PLACEMENTS_LIMIT = Limit(
    "placements",
    "x.feed, x.search (with keywords), x.profile and x.replies (with x.feed)",
    source=f"{_LINE_ITEMS}, placements",
    date=_READ,
)

# -- people ----------------------------------------------------------------------------

AGES = (
    (13, 24), (13, 34), (13, 49), (13, 54), (13, None), (18, 34), (18, 49), (18, 54),
    (18, None), (21, 34), (21, 49), (21, 54), (21, None), (25, 49), (25, 54),
    (25, None), (35, 49), (35, 54), (35, None), (50, None),
)  # fmt: skip
"""
X's age groups, both ends included; None is "and older".
"""
AGES_LIMIT = Limit(
    "ages",
    "from 13, 18, 21, 25 or 35 up to 24, 34, 49, 54 or open, and 50+",
    source=f"{_TARGETING}, AGE",
    date=_READ,
)
NOT_TARGETED = {
    "professions": "job titles",
    "industries": "fields of work",
    "seniorities": "standing at work",
    "behaviours": "behaviours",
}
"""
What X does not target by.
"""
TRAITS_LIMIT = Limit(
    "what people are like", "interests, keywords, conversations", source=_OPTIONS,
    date=_READ,
)  # fmt: skip
NO_RADIUS = Limit("places", "countries, regions, cities", source=_OPTIONS, date=_READ)
SOMEWHERE = Limit(
    "targeting",
    "a place, or people who are known or described",
    source=f"{_TARGETING}, an ad set without any is shown worldwide",
    date=_READ,
)
ONE_CIRCLE = Limit(
    "groups of people",
    "interests, keywords, lists and followers widen each other",
    source=f"{_OPTIONS}, combinations",
    date=_READ,
)


KEYWORD_TYPES = {
    "keyword": "BROAD_KEYWORD",
    "exact keyword": "EXACT_KEYWORD",
    "phrase keyword": "PHRASE_KEYWORD",
}
SEARCHED_TYPES = {
    "interest": "INTEREST",
    "conversation": "CONVERSATION",
    "event": "EVENT",
    "device": "DEVICE",
    "platform": "PLATFORM",
}
FOLLOWERS = "followers like"
PREFIXES = (*KEYWORD_TYPES, *SEARCHED_TYPES, FOLLOWERS)
"""
What only X knows is written with a prefix: `keyword: espresso`.
"""


def prefix_of(name: str) -> str:
    """
    What kind of trait a name says it is; empty where it says nothing.
    """
    prefix, colon, _ = name.partition(":")
    plain = " ".join(prefix.casefold().split())
    return plain if colon and plain in PREFIXES else ""


def age_group(minimum: int, maximum: int | None) -> tuple[int, int | None] | None:
    """
    The narrowest of X's groups that holds all these ages; None where there is none.
    """
    oldest = 200
    wide = oldest if maximum is None or maximum >= 99 else maximum  # noqa: PLR2004
    holding = [
        (low, high)
        for low, high in AGES
        if low <= minimum and wide <= (oldest if high is None else high)
    ]
    return min(
        holding, key=lambda g: (oldest if g[1] is None else g[1]) - g[0], default=None
    )


def shown_group(group: tuple[int, int | None]) -> str:
    """
    An age group as a plan writes it.
    """
    low, high = group
    return f"{low}+" if high is None else f"{low}-{high}"
