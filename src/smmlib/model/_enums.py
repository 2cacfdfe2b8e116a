"""
The closed lists of the trade: one word for one thing, as plan files spell it.
"""

from __future__ import annotations

from enum import StrEnum


class Network(StrEnum):
    """
    Where people see it. `twitter` is accepted for `x`.
    """

    FACEBOOK = "facebook"
    INSTAGRAM = "instagram"
    LINKEDIN = "linkedin"
    X = "x"
    TELEGRAM = "telegram"


NETWORK_ALIASES = {
    "twitter": "x",
    "fb": "facebook",
    "ig": "instagram",
    "insta": "instagram",
    "tg": "telegram",
}

PLATFORM_OF: dict[Network, str] = {
    Network.FACEBOOK: "meta",
    Network.INSTAGRAM: "meta",
    Network.LINKEDIN: "linkedin",
    Network.X: "x",
    Network.TELEGRAM: "telegram",
}
"""
The API behind each network.
"""


def platform_name(word: str) -> str:
    """
    The platform a user means: `twitter` is `x`, `facebook` and `instagram` are `meta`.

    Names that are no network pass through unchanged: platforms are open names.
    """
    plain = word.strip().casefold()
    plain = NETWORK_ALIASES.get(plain, plain)
    known = Network._value2member_map_
    return PLATFORM_OF[Network(plain)] if plain in known else plain


class Objective(StrEnum):
    """
    What a campaign is paid to reach.
    """

    AWARENESS = "awareness"
    TRAFFIC = "traffic"
    ENGAGEMENT = "engagement"
    LEADS = "leads"
    APP_PROMOTION = "app_promotion"
    SALES = "sales"


class OptimiseFor(StrEnum):
    """
    The event a platform looks for when it picks whom to show an ad.
    """

    IMPRESSIONS = "impressions"
    REACH = "reach"
    LINK_CLICKS = "link_clicks"
    VISITS = "visits"
    ENGAGEMENT = "engagement"
    VIDEO_VIEWS = "video_views"
    FOLLOWERS = "followers"
    LEADS = "leads"
    REGISTRATIONS = "registrations"
    PURCHASES = "purchases"


class Status(StrEnum):
    """
    What we want for a campaign, ad set or ad. What happens is its `Delivery`.
    """

    DRAFT = "draft"
    PAUSED = "paused"
    ACTIVE = "active"
    ARCHIVED = "archived"


class Delivery(StrEnum):
    """
    What the platform reports about a campaign, ad set or ad.
    """

    DELIVERING = "delivering"
    IN_REVIEW = "in_review"
    REJECTED = "rejected"
    PAUSED = "paused"
    PARENT_PAUSED = "parent_paused"
    SCHEDULED = "scheduled"
    ENDED = "ended"
    LIMITED = "limited"
    ARCHIVED = "archived"
    DELETED = "deleted"
    UNKNOWN = "unknown"


class Gender(StrEnum):
    """
    Genders the ad platforms let one choose; all of them when none is named.
    """

    FEMALE = "female"
    MALE = "male"


class Seniority(StrEnum):
    """
    How high somebody stands at work.
    """

    UNPAID = "unpaid"
    TRAINING = "training"
    ENTRY = "entry"
    SENIOR = "senior"
    MANAGER = "manager"
    DIRECTOR = "director"
    VP = "vp"
    CXO = "cxo"
    OWNER = "owner"
    PARTNER = "partner"


class RetargetKind(StrEnum):
    """
    Where the people of a custom audience come from.
    """

    SITE_VISITORS = "site_visitors"
    CUSTOMER_LIST = "customer_list"
    ENGAGERS = "engagers"
    VIDEO_VIEWERS = "video_viewers"
    LEAD_FORM = "lead_form"
    APP_USERS = "app_users"


class CTA(StrEnum):
    """
    The call-to-action button below an ad.
    """

    LEARN_MORE = "learn_more"
    SIGN_UP = "sign_up"
    REGISTER = "register"
    SUBSCRIBE = "subscribe"
    SHOP_NOW = "shop_now"
    ORDER_NOW = "order_now"
    BUY_NOW = "buy_now"
    GET_OFFER = "get_offer"
    GET_QUOTE = "get_quote"
    BOOK_NOW = "book_now"
    CONTACT_US = "contact_us"
    CALL_NOW = "call_now"
    SEND_MESSAGE = "send_message"
    APPLY_NOW = "apply_now"
    DOWNLOAD = "download"
    INSTALL_NOW = "install_now"
    USE_APP = "use_app"
    WATCH_MORE = "watch_more"
    LISTEN_NOW = "listen_now"
    DONATE_NOW = "donate_now"
    REQUEST_DEMO = "request_demo"
    JOIN = "join"
    ATTEND = "attend"
    NO_BUTTON = "no_button"


class Position(StrEnum):
    """
    Where on a network's screens an ad stands.
    """

    FEED = "feed"
    STORIES = "stories"
    REELS = "reels"
    EXPLORE = "explore"
    SEARCH = "search"
    MARKETPLACE = "marketplace"
    RIGHT_COLUMN = "right_column"
    VIDEO_FEEDS = "video_feeds"
    IN_STREAM = "in_stream"
    PROFILE = "profile"
    REPLIES = "replies"
    MESSAGES = "messages"
    CHANNEL = "channel"


class BidStrategy(StrEnum):
    """
    How the platform may bid for us.
    """

    LOWEST_COST = "lowest_cost"
    BID_CAP = "bid_cap"
    COST_CAP = "cost_cap"


class Buying(StrEnum):
    """
    What one pays for: a thousand views, a click, a view, an action, or a flat price.
    """

    CPM = "cpm"
    CPC = "cpc"
    CPV = "cpv"
    CPA = "cpa"
    FLAT = "flat"


class Pacing(StrEnum):
    """
    How spending spreads over a flight.
    """

    EVEN = "even"
    FRONT_LOADED = "front_loaded"
    BACK_LOADED = "back_loaded"
    ASAP = "asap"


class Managed(StrEnum):
    """
    Who runs a line: smmlib through an API, or a person by hand.
    """

    API = "api"
    BY_HAND = "by_hand"


class Role(StrEnum):
    """
    Who does what on a marketing team.
    """

    SMM = "smm"
    TARGETOLOGIST = "targetologist"
    COPYWRITER = "copywriter"
    EDITOR = "editor"
    TRANSLATOR = "translator"
    DESIGNER = "designer"
    VIDEO = "video"
    PR = "pr"
    CONTENT_MANAGER = "content_manager"
    HEAD_OF_DEPARTMENT = "head_of_department"
    CLIENT = "client"


class Stage(StrEnum):
    """
    What an approval is about.
    """

    STRATEGY = "strategy"
    PLAN = "plan"
    CREATIVES = "creatives"
    POSTS = "posts"
    SPEND = "spend"


class Verdict(StrEnum):
    """
    What an approver decided.
    """

    APPROVED = "approved"
    CHANGES_WANTED = "changes_wanted"
    REJECTED = "rejected"


class PlanStatus(StrEnum):
    """
    How far a media plan has come.
    """

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    LIVE = "live"
    FINISHED = "finished"
    ARCHIVED = "archived"


class PostState(StrEnum):
    """
    How far a post has come.
    """

    IDEA = "idea"
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    ARCHIVED = "archived"


class TextState(StrEnum):
    """
    How far a text in another language has come.
    """

    MISSING = "missing"
    DRAFT = "draft"
    TRANSLATED = "translated"
    REVIEWED = "reviewed"
    APPROVED = "approved"


class FactCheck(StrEnum):
    """
    Whether somebody made sure that an idea is true.
    """

    UNCHECKED = "unchecked"
    CHECKED = "checked"
    REFUTED = "refuted"
    NOT_NEEDED = "not_needed"


class IdeaState(StrEnum):
    """
    What was decided about an idea.
    """

    NEW = "new"
    APPROVED = "approved"
    DROPPED = "dropped"


class TaskState(StrEnum):
    """
    How far a task has come.
    """

    OPEN = "open"
    DOING = "doing"
    BLOCKED = "blocked"
    DONE = "done"
    DROPPED = "dropped"


class Better(StrEnum):
    """
    Which way a KPI should move.
    """

    HIGHER = "higher"
    LOWER = "lower"


class Unit(StrEnum):
    """
    What a KPI is counted in.
    """

    COUNT = "count"
    MONEY = "money"
    PERCENT = "percent"
    RATIO = "ratio"


class KPIStatus(StrEnum):
    """
    How a KPI stands against its target.
    """

    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    MISSED = "missed"
    EXCEEDED = "exceeded"
    NO_DATA = "no_data"


class ConversionKind(StrEnum):
    """
    What a person did that the brand wanted.
    """

    VISIT = "visit"
    LEAD = "lead"
    REGISTRATION = "registration"
    PURCHASE = "purchase"
    REFUND = "refund"
    OTHER = "other"


class TouchKind(StrEnum):
    """
    How a person met the brand before a conversion.
    """

    IMPRESSION = "impression"
    CLICK = "click"
    VISIT = "visit"
    MESSAGE = "message"


class MessageKind(StrEnum):
    """
    Where a person's words reached us.
    """

    COMMENT = "comment"
    DIRECT = "direct"
    LEAD = "lead"
    REVIEW = "review"
    MENTION = "mention"
