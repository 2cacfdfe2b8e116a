"""
What LinkedIn allows, as tables: every number with the document that says so.

Limits of texts are those of LinkedIn's advertising specifications and help pages; its
API checks few of them, Campaign Manager and the review do. "Shown" is what common
screens show before the rest is folded away.
"""

from __future__ import annotations

from decimal import Decimal

from smmlib.model import CTA, Objective, OptimiseFor
from smmlib.rules._rule import Limit

LINKEDIN = "linkedin"

_GROUPS = "LinkedIn Marketing API, campaign groups"
_CAMPAIGNS = "LinkedIn Marketing API, campaigns"
_CREATIVES = "LinkedIn Marketing API, creatives"
_POSTS = "LinkedIn Marketing API, posts"
_TARGETING = "LinkedIn Marketing API, ad targeting"
_IMAGE = "LinkedIn ad specifications, single image ads"
_CAROUSEL = "LinkedIn ad specifications, carousel ads"
_HELP = "LinkedIn Campaign Manager help, budgets"
_READ = "2026-11"

# -- texts -----------------------------------------------------------------------------

TEXT = Limit("introductory text", 600, unit="characters", source=_IMAGE, date=_READ)
TEXT_SHOWN = Limit(
    "introductory text that is shown",
    150,
    unit="characters",
    source=_IMAGE,
    date=_READ,
)
CAROUSEL_TEXT = Limit(
    "introductory text of a carousel",
    255,
    unit="characters",
    source=_CAROUSEL,
    date=_READ,
)
HEADLINE = Limit("headline", 200, unit="characters", source=_IMAGE, date=_READ)
HEADLINE_SHOWN = Limit(
    "headline that is shown", 70, unit="characters", source=_IMAGE, date=_READ
)
CARD_HEADLINE = Limit(
    "headline of a card", 45, unit="characters", source=_CAROUSEL, date=_READ
)
GROUP_NAME = Limit(
    "name of a campaign, with 17 characters for smmlib's marker",
    83,
    unit="characters",
    source=_GROUPS,
    date=_READ,
)
AD_NAME = Limit(
    "name of an ad, with 17 characters for smmlib's marker",
    238,
    unit="characters",
    source=_CREATIVES,
    date=_READ,
)

# -- counts ----------------------------------------------------------------------------

ADS = Limit("active ads per ad set", 15, unit="ads", source=_CREATIVES, date=_READ)

# -- what a campaign is for ------------------------------------------------------------

GOALS: dict[Objective, tuple[OptimiseFor, ...]] = {
    Objective.AWARENESS: (
        OptimiseFor.IMPRESSIONS,
        OptimiseFor.REACH,
        OptimiseFor.VIDEO_VIEWS,
    ),
    Objective.TRAFFIC: (OptimiseFor.LINK_CLICKS, OptimiseFor.VISITS),
    Objective.ENGAGEMENT: (OptimiseFor.ENGAGEMENT, OptimiseFor.VIDEO_VIEWS),
    Objective.LEADS: (
        OptimiseFor.LEADS,
        OptimiseFor.REGISTRATIONS,
        OptimiseFor.LINK_CLICKS,
        OptimiseFor.VISITS,
    ),
    Objective.SALES: (
        OptimiseFor.PURCHASES,
        OptimiseFor.REGISTRATIONS,
        OptimiseFor.LINK_CLICKS,
        OptimiseFor.VISITS,
    ),
}
"""
Objective to what may be optimised for.
"""
GOALS_LIMIT = Limit(
    "what an objective may optimise for",
    "see the objective",
    source=f"{_CAMPAIGNS}, bidding",
    date=_READ,
)
POLITICAL = Limit(
    "whether a campaign is political",
    "declared",
    source=f"{_CAMPAIGNS}, politicalIntent",
    date=_READ,
)
ONE_FORMAT = Limit(
    "formats per ad set", "one", source=f"{_CAMPAIGNS}, format", date=_READ
)

# -- money -----------------------------------------------------------------------------

MINIMUM_DAILY = Limit("daily budget", 10, unit="USD", source=_HELP, date=_READ)
MINIMUM_LIFETIME = Limit("lifetime budget", 100, unit="USD", source=_HELP, date=_READ)
ROUGHLY_PER_USD: dict[str, Decimal] = {
    "AUD": Decimal("1.5"),
    "CAD": Decimal("1.4"),
    "CHF": Decimal("0.9"),
    "DKK": Decimal("6.9"),
    "EUR": Decimal("0.92"),
    "GBP": Decimal("0.8"),
    "NOK": Decimal(11),
    "PLN": Decimal(4),
    "SEK": Decimal("10.5"),
}
"""
Rough rates for what LinkedIn states in dollars.
"""
ONE_LEVEL = Limit(
    "where the budget is",
    "on the campaign or on its ad sets",
    source=f"{_GROUPS}, budgetOptimization",
    date=_READ,
)

# -- people ----------------------------------------------------------------------------

ONE_LANGUAGE = Limit(
    "languages per ad set", 1, source=f"{_CAMPAIGNS}, locale", date=_READ
)
PLACES_NEEDED = Limit(
    "places", "at least one", source=f"{_TARGETING}, locations", date=_READ
)
NO_RADIUS = Limit("places", "countries, regions, cities", source=_TARGETING, date=_READ)

# -- what ads show ---------------------------------------------------------------------

LINK_NEEDED = Limit(
    "link", "needed", source=f"{_POSTS}, contentLandingPage", date=_READ
)
BUTTONS = Limit(
    "buttons", "13 labels", source=f"{_POSTS}, contentCallToActionLabel", date=_READ
)
NO_SUCH_BUTTON: dict[CTA, str] = {
    CTA.ORDER_NOW: "buy_now",
    CTA.GET_OFFER: "learn_more",
    CTA.BOOK_NOW: "sign_up",
    CTA.CONTACT_US: "learn_more",
    CTA.CALL_NOW: "learn_more",
    CTA.SEND_MESSAGE: "learn_more",
    CTA.INSTALL_NOW: "download",
    CTA.USE_APP: "learn_more",
    CTA.LISTEN_NOW: "learn_more",
    CTA.DONATE_NOW: "learn_more",
}
"""
Buttons LinkedIn lacks, with the nearest one it has.
"""
