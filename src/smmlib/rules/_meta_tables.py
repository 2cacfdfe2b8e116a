"""
What Meta allows, as tables: every number with the document that says so, and its date.

"Marketing API" stands for Meta's public reference; what only clients of the live
service have seen is marked as such. Numbers that Meta gives as a recommendation are
used for warnings, never to cut or refuse.
"""

from __future__ import annotations

from decimal import Decimal

from smmlib.model import CTA, Network, Objective, OptimiseFor, Position, RetargetKind
from smmlib.rules._rule import Limit

META = "meta"

_CAMPAIGN = "Marketing API, ad campaign group reference"
_AD_SET = "Marketing API, ad campaign reference"
_BUDGETS = "Marketing API, bidding overview, budgets"
_TARGETING = "Marketing API, basic targeting"
_RESTRICTIONS = "Marketing API, targeting restrictions"
_PLACEMENTS = "Marketing API, placement targeting"
_CATEGORIES = "Marketing API, special ad category"
_CREATIVES = "Marketing API, ad creative link data"
_AUDIENCES = "Marketing API, custom audiences"
_GUIDE = "Meta ads guide"
_READ = "2026-09"

# -- objectives -----------------------------------------------------------------------

_SHOWN = (OptimiseFor.IMPRESSIONS, OptimiseFor.REACH)
_SITE = (*_SHOWN, OptimiseFor.LINK_CLICKS, OptimiseFor.VISITS)
_ACTIONS = (OptimiseFor.LEADS, OptimiseFor.REGISTRATIONS, OptimiseFor.PURCHASES)
_SOCIAL = (OptimiseFor.ENGAGEMENT, OptimiseFor.VIDEO_VIEWS, OptimiseFor.FOLLOWERS)

GOALS: dict[Objective, tuple[OptimiseFor, ...]] = {
    Objective.AWARENESS: (*_SHOWN, OptimiseFor.VIDEO_VIEWS),
    Objective.TRAFFIC: _SITE,
    Objective.ENGAGEMENT: (*_SITE, *_SOCIAL, *_ACTIONS),
    Objective.LEADS: (*_SITE, *_ACTIONS),
    Objective.SALES: (*_SITE, *_ACTIONS),
}
"""
Objective to what may be optimised for; an objective that is not here needs an app.
"""
GOALS_LIMIT = Limit(
    "what an objective may optimise for",
    "see the objective",
    source=f"{_CAMPAIGN}, mapping of objectives",
    date=_READ,
)
USUAL_GOAL: dict[Objective, OptimiseFor] = {
    Objective.AWARENESS: OptimiseFor.REACH,
    Objective.TRAFFIC: OptimiseFor.LINK_CLICKS,
    Objective.ENGAGEMENT: OptimiseFor.ENGAGEMENT,
    Objective.LEADS: OptimiseFor.LEADS,
    Objective.SALES: OptimiseFor.PURCHASES,
}

# -- campaigns ------------------------------------------------------------------------

CATEGORIES_DECLARED = Limit(
    "special ad categories",
    "declared, [] for none",
    source=f"{_CAMPAIGN}, special_ad_categories",
    date=_READ,
)
CATEGORY_COUNTRY = Limit(
    "countries of a special ad category",
    "at least one",
    source=f"{_CAMPAIGN}, special_ad_category_country",
    date=_READ,
)
POLITICS_EU = Limit(
    "political ads in the EU",
    "none since 2025-10-06",
    source=_CATEGORIES,
    date=_READ,
)
NAME_LENGTH = Limit("name", 400, unit="characters", source=_AD_SET, date=_READ)
AD_SETS = Limit(
    "ad sets per campaign", 200, unit="ad sets", source=_CAMPAIGN, date=_READ
)
ADS = Limit("ads per ad set", 50, unit="ads not archived", source=_AD_SET, date=_READ)

# -- money ----------------------------------------------------------------------------

_WHOLE_ONLY = "CLP COP CRC HUF IDR ISK JPY KRW PYG TWD VND"
_HUNDREDTHS = """
AED ARS AUD BDT BGN BHD BOB BRL CAD CHF CNY CZK DKK DZD EGP EUR GBP GTQ HKD HNL HRK ILS
INR JOD KES LKR LTL LVL MOP MXN MYR NGN NIO NOK NZD PEN PHP PKR PLN QAR RON RSD RUB SAR
SEK SGD SKK THB TRY UAH USD UYU VEF VES ZAR
"""
OFFSETS: dict[str, int] = {
    **dict.fromkeys(_WHOLE_ONLY.split(), 1),
    **dict.fromkeys(_HUNDREDTHS.split(), 100),
}
"""
Currency to how many of Meta's smallest units make one: not those of ISO 4217.
"""
CURRENCIES = Limit(
    "currencies Meta bills in",
    f"{len(OFFSETS)} currencies",
    source="Marketing API, currencies",
    date=_READ,
)
SMALLEST_UNIT = Limit(
    "smallest unit of an amount",
    "whole units of 11 currencies, hundredths of all others",
    source="Marketing API, currencies",
    date=_READ,
)
ONE_LEVEL = Limit(
    "where the budget is",
    "on the campaign or on its ad sets",
    source=f"{_CAMPAIGN}, error 1885621",
    date=_READ,
)
DAILY_NEEDS = Limit(
    "shortest run with a daily budget", 24, unit="hours", source=_AD_SET, date=_READ
)
MINIMUM_SHOWN = Limit(
    "least a day, optimised for impressions or reach",
    Decimal("0.50"),
    unit="USD",
    source=_BUDGETS,
    date=_READ,
)
MINIMUM_CLICKS = Limit(
    "least a day, optimised for clicks, visits, views or engagement",
    Decimal("2.50"),
    unit="USD",
    source=_BUDGETS,
    date=_READ,
)
MINIMUM_ACTIONS = Limit(
    "least a day, optimised for leads, registrations or purchases",
    Decimal(40),
    unit="USD",
    source=_BUDGETS,
    date=_READ,
)
BID_CAP_CLICKS = Limit(
    "daily budget over bid cap", 5, unit="times the bid", source=_BUDGETS, date=_READ
)
BID_CAP_SHOWN = Limit(
    "daily budget over bid cap, optimised for impressions",
    1,
    unit="times the bid",
    source=_BUDGETS,
    date=_READ,
)
BID_LEVEL = Limit(
    "where the bid strategy is",
    "on the campaign when it has the budget",
    source="Marketing API, bidding overview",
    date=_READ,
)
CLICK_GOALS = frozenset(
    {
        OptimiseFor.LINK_CLICKS,
        OptimiseFor.VISITS,
        OptimiseFor.ENGAGEMENT,
        OptimiseFor.VIDEO_VIEWS,
        OptimiseFor.FOLLOWERS,
    }
)
SHOWN_GOALS = frozenset(_SHOWN)
DOUBLE_MINIMUM = frozenset(
    """
    AU AT BE CA DK FI FR DE GR HK IL IT JP NL NZ NO SG KR ES SE CH TW GB US
    """.split()
)
"""
Countries where the least a day is twice as much, except for actions.
"""
_ROUGHLY_PER_USD = """
EUR 0.9 GBP 0.8 CHF 0.9 PLN 4 CZK 23 SEK 10 NOK 10 DKK 7 HUF 360 RON 4.5 BGN 1.8 UAH 41
TRY 35 CAD 1.4 AUD 1.5 NZD 1.7 JPY 150 INR 85 BRL 5.5 MXN 18 SGD 1.3 HKD 7.8 AED 3.7
SAR 3.8 ILS 3.6 ZAR 18 KRW 1400 TWD 32 THB 34 IDR 16000 PHP 57 MYR 4.4 VND 25000 CNY 7
"""
ROUGHLY_PER_USD: dict[str, Decimal] = dict(
    zip(
        _ROUGHLY_PER_USD.split()[::2],
        map(Decimal, _ROUGHLY_PER_USD.split()[1::2]),
        strict=True,
    )
)
"""
Rounded rates, only good to say that a budget is probably below Meta's minimum.
"""

# -- audiences ------------------------------------------------------------------------

AGE_YOUNGEST = Limit("youngest age", 13, unit="years", source=_TARGETING, date=_READ)
AGE_OLDEST = Limit(
    "oldest age, which means and older", 65, unit="years", source=_TARGETING, date=_READ
)
PLACES_NEEDED = Limit(
    "places", "at least one, unless people are known", source=_TARGETING, date=_READ
)
RADIUS_KM = Limit(
    "radius around a city", (17, 80), unit="km", source=_TARGETING, date=_READ
)
RADIUS_MI = Limit(
    "radius around a city", (10, 50), unit="mi", source=_TARGETING, date=_READ
)
SEVERAL_RADII = Limit(
    "places with a radius",
    1,
    unit="places",
    source=f"{_TARGETING}, error 1815946",
    date=_READ,
)
CITIES = Limit("cities", 250, unit="cities", source=_RESTRICTIONS, date=_READ)
REGIONS = Limit("regions", 200, unit="regions", source=_RESTRICTIONS, date=_READ)
LANGUAGES = Limit("languages", 90, unit="languages", source=_RESTRICTIONS, date=_READ)
NO_SENIORITY = Limit(
    "what people can be chosen by",
    "no seniority",
    source=f"{_TARGETING}, detailed targeting",
    date=_READ,
)
LOOK_BACK: dict[RetargetKind, Limit] = {
    RetargetKind.SITE_VISITORS: Limit(
        "look-back of site visitors",
        180,
        unit="days",
        source=f"{_AUDIENCES} from websites",
        date="2026-04",
    ),
    RetargetKind.ENGAGERS: Limit(
        "look-back of people who engaged",
        365,
        unit="days",
        source=f"{_AUDIENCES} from engagement",
        date="2026-04",
    ),
    RetargetKind.LEAD_FORM: Limit(
        "look-back of people who opened a form",
        90,
        unit="days",
        source=f"{_AUDIENCES} from engagement",
        date="2026-04",
    ),
    RetargetKind.APP_USERS: Limit(
        "look-back of people who use an app",
        180,
        unit="days",
        source=f"{_AUDIENCES} from apps",
        date="2026-04",
    ),
}
RETARGET = Limit(
    "known people that are set up",
    "site_visitors, customer_list, engagers, lead_form, app_users",
    source="smmlib",
)
RETARGET_KINDS = frozenset(RETARGET.value.split(", "))
EXCLUDE_KNOWN = Limit(
    "people that can be left out",
    "known people and lookalikes",
    source=f"{_TARGETING}, excluded custom audiences",
    date=_READ,
)
LOOKALIKE_SOURCE = Limit(
    "source of a lookalike",
    "an audience of known people",
    source=f"{_AUDIENCES}, lookalikes",
    date=_READ,
)
LOOKALIKE_USUAL = Limit(
    "size of a lookalike",
    10,
    unit="percent of a country, as Ads Manager offers",
    source=f"{_AUDIENCES}, lookalikes",
    date=_READ,
)
EU = frozenset(
    """
    AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK
    """.split()
)
ADVERTISER_EU = Limit(
    "beneficiary and payer of ads in the EU",
    "named, at most 512 characters each",
    source=f"{_AD_SET}, errors 3858079 and 3858081",
    date=_READ,
)

# -- housing, employment, finance -----------------------------------------------------

RESTRICTED = Limit(
    "targeting of housing, employment and finance ads",
    "18-65+, all genders, wide places, no traits, no lookalikes",
    source=_CATEGORIES,
    date=_READ,
)
RESTRICTED_RADIUS: dict[str, tuple[Decimal, str]] = {
    "US": (Decimal(15), "mi"),
    "CA": (Decimal(25), "km"),
}
RESTRICTED_RADIUS_ELSEWHERE = (Decimal(15), "km")
KM_PER_MI = Decimal("1.609344")

# -- placements -----------------------------------------------------------------------

POSITIONS: dict[Network, tuple[Position, ...]] = {
    Network.FACEBOOK: (
        Position.FEED,
        Position.STORIES,
        Position.REELS,
        Position.SEARCH,
        Position.MARKETPLACE,
        Position.RIGHT_COLUMN,
        Position.VIDEO_FEEDS,
        Position.IN_STREAM,
        Position.PROFILE,
    ),
    Network.INSTAGRAM: (
        Position.FEED,
        Position.STORIES,
        Position.REELS,
        Position.EXPLORE,
        Position.SEARCH,
        Position.PROFILE,
    ),
}
POSITIONS_LIMIT = Limit(
    "placements", "the networks' own positions", source=_PLACEMENTS, date=_READ
)
NEED_FEED = frozenset({Position.SEARCH, Position.MARKETPLACE, Position.PROFILE})
TOGETHER = Limit(
    "placements that need another one",
    "facebook.feed, or instagram.stories for stories",
    source=_PLACEMENTS,
    date=_READ,
)

# -- creatives ------------------------------------------------------------------------

THUMBNAIL = Limit(
    "still of a film",
    "required",
    source=f"{_CREATIVES}, error 1443226 seen on the live service",
    date="2026-07",
)
IMAGE_NEEDED = Limit(
    "media of an ad", "an image or cards", source=_CREATIVES, date=_READ
)
LINK_NEEDED = Limit(
    "link of an ad",
    "required",
    source=f"{_CREATIVES}, error 2061015 seen on the live service",
    date="2026-07",
)
TEXT_SHOWN = Limit(
    "text shown before it is folded",
    125,
    unit="characters",
    source=_GUIDE,
    date=_READ,
)
HEADLINE = Limit(
    "recommended headline", 40, unit="characters", source=_GUIDE, date=_READ
)
DESCRIPTION = Limit(
    "recommended description", 30, unit="characters", source=_GUIDE, date=_READ
)
CARD_HEADLINE = Limit(
    "headline of a card that is shown", 32, unit="characters", source=_GUIDE, date=_READ
)
CARD_DESCRIPTION = Limit(
    "description of a card that is shown",
    18,
    unit="characters",
    source=_GUIDE,
    date=_READ,
)
CARDS_RECOMMENDED = Limit(
    "recommended cards of a carousel", 3, unit="cards", source=_CREATIVES, date=_READ
)
CARDS_IN_ORDER = Limit(
    "cards of a carousel in the given order",
    5,
    unit="cards",
    source=_CREATIVES,
    date=_READ,
)
BUTTONS = Limit(
    "buttons",
    "those of Meta's own list",
    source=f"{_CREATIVES}, call to action",
    date=_READ,
)
NO_SUCH_BUTTON: dict[CTA, CTA] = {
    CTA.JOIN: CTA.SIGN_UP,
    CTA.REQUEST_DEMO: CTA.CONTACT_US,
}
"""
Buttons Meta has not, and the nearest one it has.
"""
BUTTON_NEEDS: dict[CTA, str] = {
    CTA.ATTEND: "an event",
    CTA.CALL_NOW: "a phone number",
    CTA.SEND_MESSAGE: "a Messenger or WhatsApp account",
    CTA.INSTALL_NOW: "an app",
    CTA.USE_APP: "an app",
}
"""
Buttons that lead to something else than a web page.
"""
