"""
Where X is, and how much it takes at once, each with its source.

Source: X Ads API, documentation of August 2026 and its SDKs; read in November 2026.
"""

from __future__ import annotations

from smmlib.ports import Kind

HOST = "ads-api.x.com"
UPLOAD_HOST = "upload.x.com"
# Result files; SDKs of X itself fetch them there.
FILE_HOST = "ton.twimg.com"
VERSION = "12"
VERSIONS = ("11", "12")

# -- sizes -----------------------------------------------------------------------------

ENTITY_BATCH = 40
CRITERIA_BATCH = 500
OPERATIONS = 1000  # handed over at once; requests are cut as X takes them
PROMOTED = 50  # posts of one line item in one request
IDS = 200  # ids in one filter
PAGE = 1000
CARDS_PAGE = 200
LIBRARY_PAGE = 50
TOGETHER = 20  # requests in flight; the client holds 20 connections
WRITES_A_MINUTE = 450
RESTATED_DAYS = 3
MARK = 17  # characters of a marker behind a name
AD_MARK = 31  # the same with the line item an ad is for
NAME = 255
TWEET_NAME = 80
CARD_NAME = 80
IMAGE_BYTES = 3_000_000
FILM_BYTES = 500_000_000
STATS_IDS = 20
STATS_DAYS = 7
ACTIVE_DAYS = 90
JOB_DAYS = 85  # X takes 90; the rest is room for changes of the clock
JOBS_OPEN = 100
MICRO = 1_000_000

COLLECTIONS = {Kind.CAMPAIGN: "campaigns", Kind.AD_SET: "line_items"}
ID_NAMES = {Kind.CAMPAIGN: "campaign_id", Kind.AD_SET: "line_item_id"}
FILTERS = {Kind.CAMPAIGN: "campaign_ids", Kind.AD_SET: "line_item_ids"}

# Never changed by a PUT: another value is another line item.
FIXED = (
    "campaign_id",
    "objective",
    "placements",
    "product_type",
    "standard_delivery",
    "primary_web_event_tag",
)


FILM = "amplify_video"


def category(content: bytes) -> str:
    """
    What X calls the kind of a file.
    """
    if content.startswith(b"GIF8"):
        return "tweet_gif"
    return FILM if content[4:8] == b"ftyp" else "tweet_image"
