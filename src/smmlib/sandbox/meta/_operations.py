"""
What is modelled: one entry per node kind and verb, with its parameters and source.

Everything else that the contract knows answers 501; what it does not know is refused
as Meta refuses it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from smmlib.sandbox.meta import _ads as ads
from smmlib.sandbox.meta import _adsets as adsets
from smmlib.sandbox.meta import _audiences as audiences
from smmlib.sandbox.meta import _breakdowns as breakdowns
from smmlib.sandbox.meta import _budgets as budgets
from smmlib.sandbox.meta import _campaigns as campaigns
from smmlib.sandbox.meta import _copies as copies
from smmlib.sandbox.meta import _creatives as creatives
from smmlib.sandbox.meta import _growth as growth
from smmlib.sandbox.meta import _images as images
from smmlib.sandbox.meta import _insights as insights
from smmlib.sandbox.meta import _labels as labels
from smmlib.sandbox.meta import _leads as leads
from smmlib.sandbox.meta import _photos as photos
from smmlib.sandbox.meta import _posts as posts
from smmlib.sandbox.meta import _reports as reports
from smmlib.sandbox.meta import _results as results
from smmlib.sandbox.meta import _search as searches
from smmlib.sandbox.meta import _videos as videos
from smmlib.sandbox.meta._errors import invalid

if TYPE_CHECKING:
    from collections.abc import Callable

    from smmlib.sandbox.meta._context import Context, Params
    from smmlib.sandbox.meta._world_state import Node

    Handler = Callable[[Context, Node, Params], dict[str, Any]]
    Rows = Callable[[Context, Node, Params], list[Node]]


@attrs.frozen
class Operation:
    """
    A modelled request that is not a plain read.

    Attributes:
        params: Parameters that are modelled; others of the contract answer 501.
        kinds: Types that are read more widely than the contract says.
        also: Another edge whose parameters are understood here, to be refused well.
    """

    handler: Handler
    params: frozenset[str] = frozenset()
    note: str = "all modelled parameters"
    source: str = "Marketing API reference, 2026-09"
    also: tuple[str, str] | None = None
    kinds: dict[str, str] = attrs.field(factory=dict)


@attrs.frozen
class Listing:
    """
    A modelled edge that lists nodes.
    """

    kind: str
    rows: Rows
    params: frozenset[str] = frozenset()
    note: str = "fields, filtering, paging, summary"
    source: str = "Graph API paging and field expansion, 2026-08"


def _under(kind: str) -> Rows:
    def rows(ctx: Context, node: Node, _: Params) -> list[Node]:
        parent = node.account if node.kind == "AdAccount" else node.id
        return ctx.world.family(parent, kind)

    return rows


def _by_label(kind: str) -> Rows:
    return lambda ctx, node, params: labels.labelled(ctx, node.account, kind, params)


def _with_label(kind: str) -> Rows:
    def rows(ctx: Context, label: Node, _: Params) -> list[Node]:
        wanted = {"ad_label_ids": [label.id]}
        return labels.labelled(ctx, label.account, kind, wanted)

    return rows


def _creatives_of(ctx: Context, node: Node, _: Params) -> list[Node]:
    own = [node] if node.kind == "Ad" else ctx.world.family(node.id, "Ad")
    ids = dict.fromkeys(ad.data["creative_id"] for ad in own)
    return [creative for i in ids if (creative := ctx.world.get(i)) is not None]


def _accounts(ctx: Context, _node: Node, _: Params) -> list[Node]:
    found = (ctx.world.get(account.id) for account in ctx.world.accounts.values())
    return [node for node in found if node is not None]


def _pages(ctx: Context, _node: Node, _: Params) -> list[Node]:
    page = ctx.world.get(ctx.identity.page)
    return [page] if page else []


def _pixels(ctx: Context, _node: Node, _: Params) -> list[Node]:
    pixel = ctx.world.get(ctx.identity.pixel)
    return [pixel] if pixel else []


def _instagram(ctx: Context, _node: Node, _: Params) -> list[Node]:
    user = ctx.world.get(ctx.identity.instagram_user)
    return [user] if user else []


def _create_label(ctx: Context, account: Node, params: Params) -> dict[str, Any]:
    name = params["name"].strip()
    if not name:
        raise invalid("name", "The name is empty.")
    return {"id": labels.label_named(ctx, account.account, name)}


def _update_account(ctx: Context, account: Node, params: Params) -> dict[str, Any]:
    ctx.world.touch(account, ctx.now, dict(params))
    return {"success": True}


_STATUS = frozenset({"effective_status"})
_SINCE = frozenset({"effective_status", "updated_since"})
_LABEL_PARAMS = frozenset({"adlabels"})
_BY_LABEL = frozenset({"ad_label_ids", "operator"})

_PAGES = "Graph API page feed and Instagram publishing, 2026-08"
_COPIES = "synchronous, at most three children; paused unless asked"
_VIDEOS = "one small file or an address; encoded on the clock, no chunks"
_LEADS = "Marketing API lead ads guides, 2026-09"
_GROWTH = "Page and Instagram insights references, 2026-06"
_PAYLOAD = frozenset({"payload"})
_INSIGHTS = Operation(
    insights.read_insights,
    insights.PARAMS,
    "synchronous; all levels, time_increment, attribution windows; broken down by"
    f" {', '.join(sorted(breakdowns.MODELLED))} as far as they go together",
    "Marketing API insights reference, 2026-09",
)
_REPORT = Operation(
    reports.start_report,
    insights.PARAMS,
    "asynchronous; done by the third poll",
    "Marketing API insights best practices, 2026-09",
)

LISTINGS: dict[tuple[str, str], Listing] = {
    ("User", "adaccounts"): Listing("AdAccount", _accounts),
    ("User", "accounts"): Listing("Page", _pages),
    ("AdAccount", "campaigns"): Listing("Campaign", _under("Campaign"), _STATUS),
    ("AdAccount", "adsets"): Listing("AdSet", _under("AdSet"), _SINCE),
    ("AdAccount", "ads"): Listing("Ad", _under("Ad"), _SINCE),
    ("AdAccount", "adcreatives"): Listing("AdCreative", _under("AdCreative")),
    ("AdAccount", "adlabels"): Listing("AdLabel", _under("AdLabel")),
    ("AdAccount", "adimages"): Listing(
        "AdImage",
        images.images_of,
        frozenset({"hashes", "name", "minwidth", "minheight"}),
    ),
    ("AdAccount", "customaudiences"): Listing(
        "CustomAudience", _under("CustomAudience")
    ),
    ("AdAccount", "promote_pages"): Listing("Page", _pages),
    ("AdAccount", "adspixels"): Listing("AdsPixel", _pixels),
    ("AdAccount", "instagram_accounts"): Listing("IGUser", _instagram),
    ("AdAccount", "campaignsbylabels"): Listing(
        "Campaign", _by_label("Campaign"), _BY_LABEL
    ),
    ("AdAccount", "adsetsbylabels"): Listing("AdSet", _by_label("AdSet"), _BY_LABEL),
    ("AdAccount", "adsbylabels"): Listing("Ad", _by_label("Ad"), _BY_LABEL),
    ("AdAccount", "adcreativesbylabels"): Listing(
        "AdCreative", _by_label("AdCreative"), _BY_LABEL
    ),
    ("Page", "feed"): Listing("PagePost", posts.published_posts),
    ("Page", "posts"): Listing("PagePost", posts.published_posts),
    ("Page", "published_posts"): Listing("PagePost", posts.published_posts),
    ("Page", "ads_posts"): Listing("PagePost", posts.dark_posts),
    ("Page", "scheduled_posts"): Listing("PagePost", posts.scheduled_posts),
    ("Page", "photos"): Listing("Photo", photos.photos_of, photos.LISTED),
    ("Page", "leadgen_forms"): Listing("LeadgenForm", leads.forms_of),
    ("LeadgenForm", "leads"): Listing("Lead", leads.leads_of_form, source=_LEADS),
    ("LeadgenForm", "test_leads"): Listing("Lead", leads.trials_of, source=_LEADS),
    ("Ad", "leads"): Listing("Lead", leads.leads_of_ad, source=_LEADS),
    ("IGMedia", "children"): Listing("IGMedia", posts.children_of),
    ("AdAccount", "advideos"): Listing("AdVideo", videos.videos_of, videos.LISTED),
    ("IGUser", "media"): Listing("IGMedia", posts.media_of),
    ("AdLabel", "campaigns"): Listing("Campaign", _with_label("Campaign")),
    ("AdLabel", "adsets"): Listing("AdSet", _with_label("AdSet")),
    ("AdLabel", "ads"): Listing("Ad", _with_label("Ad")),
    ("AdLabel", "adcreatives"): Listing("AdCreative", _with_label("AdCreative")),
    ("Campaign", "adsets"): Listing("AdSet", _under("AdSet"), _STATUS),
    ("Campaign", "ads"): Listing("Ad", _under("Ad"), _SINCE),
    ("AdSet", "ads"): Listing("Ad", _under("Ad"), _SINCE),
    ("AdSet", "adcreatives"): Listing("AdCreative", _creatives_of),
    ("Ad", "adcreatives"): Listing("AdCreative", _creatives_of),
    ("Campaign", "copies"): Listing("Campaign", copies.copies_of, copies.LISTED),
    ("AdSet", "copies"): Listing("AdSet", copies.copies_of, copies.LISTED),
    ("Ad", "copies"): Listing("Ad", copies.copies_of, copies.LISTED),
}

OPERATIONS: dict[tuple[str, str], Operation] = {
    ("AdAccount", "POST campaigns"): Operation(
        campaigns.create_campaign, campaigns.CREATE, "all rules of a campaign"
    ),
    ("AdAccount", "POST adsets"): Operation(
        adsets.create_adset, adsets.CREATE, "ODAX, budgets, dates, targeting, DSA"
    ),
    ("AdAccount", "POST adcreatives"): Operation(
        creatives.create_creative,
        creatives.CREATE,
        "link ads with one image or a carousel, video ads, promoted posts",
    ),
    ("AdAccount", "POST adimages"): Operation(
        images.upload_image, frozenset({"bytes", "name"}), "bytes or file parts"
    ),
    ("AdAccount", "DELETE adimages"): Operation(
        images.delete_image, frozenset({"hash"})
    ),
    ("AdAccount", "POST ads"): Operation(
        ads.create_ad, ads.CREATE, "creative by id or inline; review on the clock"
    ),
    ("AdAccount", "POST adlabels"): Operation(_create_label, frozenset({"name"})),
    ("AdAccount", "POST #update"): Operation(
        _update_account,
        frozenset({"default_dsa_payor", "default_dsa_beneficiary", "name"}),
    ),
    ("Page", "POST feed"): Operation(
        posts.create_post,
        posts.POST_PARAMS,
        "text, link, photos; dark and planned posts",
        _PAGES,
    ),
    ("PagePost", "POST #update"): Operation(
        posts.update_post, posts.EDIT_PARAMS, "text, publishing", _PAGES
    ),
    ("PagePost", "DELETE #delete"): Operation(posts.delete_post, source=_PAGES),
    ("Page", "POST photos"): Operation(
        photos.create_photo, photos.PHOTO_PARAMS, "by address or as a file", _PAGES
    ),
    ("Photo", "DELETE #delete"): Operation(photos.delete_photo, source=_PAGES),
    ("Page", "GET insights"): Operation(
        growth.page_insights,
        growth.PAGE_PARAMS,
        f"{', '.join(growth.PAGE_METRICS)}; by day, week, 28 days",
        _GROWTH,
        kinds=growth.KINDS,
    ),
    ("IGUser", "GET insights"): Operation(
        growth.instagram_insights,
        growth.IG_PARAMS,
        "followers and reach by day, totals of what people did",
        _GROWTH,
        kinds=growth.KINDS,
    ),
    ("PagePost", "GET insights"): Operation(
        results.post_insights,
        results.PARAMS,
        f"{', '.join(results.POST_METRICS)}; since it was published",
        _GROWTH,
        kinds=results.KINDS,
    ),
    ("IGMedia", "GET insights"): Operation(
        results.media_insights,
        results.PARAMS,
        f"{', '.join(results.MEDIA_METRICS)}; since it was published",
        _GROWTH,
    ),
    ("Page", "POST leadgen_forms"): Operation(
        leads.create_form, leads.FORM, "questions by type, own ones", _LEADS
    ),
    ("LeadgenForm", "POST #update"): Operation(
        leads.update_form, leads.UPDATE, source=_LEADS
    ),
    ("LeadgenForm", "POST test_leads"): Operation(
        leads.create_test_lead, leads.TEST, "one at a time", _LEADS
    ),
    ("Lead", "DELETE #delete"): Operation(
        leads.delete_lead, note="test leads", source=_LEADS
    ),
    ("AdAccount", "POST advideos"): Operation(
        videos.upload_video, videos.CREATE, _VIDEOS
    ),
    ("AdAccount", "DELETE advideos"): Operation(
        videos.delete_of_account, frozenset({"video_id"})
    ),
    ("AdVideo", "POST #update"): Operation(videos.update_video, videos.UPDATE),
    ("AdVideo", "DELETE #delete"): Operation(videos.delete_video),
    ("AdVideo", "GET thumbnails"): Operation(videos.thumbnails),
    ("IGUser", "POST media"): Operation(
        posts.create_container, posts.MEDIA_PARAMS, "one image or a carousel", _PAGES
    ),
    ("IGUser", "POST media_publish"): Operation(
        posts.publish_media, posts.PUBLISH_PARAMS, source=_PAGES
    ),
    ("AdAccount", "POST customaudiences"): Operation(
        audiences.create_audience,
        audiences.CREATE,
        "customer lists, site rules of the pixel, lookalikes; ready on the clock",
    ),
    ("CustomAudience", "POST #update"): Operation(
        audiences.update_audience, audiences.UPDATE
    ),
    ("CustomAudience", "DELETE #delete"): Operation(campaigns.delete_node),
    ("CustomAudience", "POST users"): Operation(audiences.add_users, _PAYLOAD),
    ("CustomAudience", "DELETE users"): Operation(audiences.remove_users, _PAYLOAD),
    ("AdAccount", "GET delivery_estimate"): Operation(
        audiences.delivery_estimate, frozenset({"targeting_spec", "optimization_goal"})
    ),
    ("AdSet", "GET delivery_estimate"): Operation(
        audiences.delivery_estimate, frozenset({"targeting_spec", "optimization_goal"})
    ),
    ("AdAccount", "GET minimum_budgets"): Operation(
        budgets.minimum_budgets,
        frozenset({"bid_amount"}),
        "one row per currency",
        "Marketing API bidding overview, budgets, 2026-09",
    ),
    ("AdAccount", "GET reachestimate"): Operation(
        audiences.reach_estimate, frozenset({"targeting_spec"})
    ),
    ("AdAccount", "GET targetingsearch"): Operation(
        searches.targeting_search, searches.TARGETING_PARAMS
    ),
    ("AdAccount", "GET insights"): _INSIGHTS,
    ("Campaign", "GET insights"): _INSIGHTS,
    ("AdSet", "GET insights"): _INSIGHTS,
    ("Ad", "GET insights"): _INSIGHTS,
    ("AdAccount", "POST insights"): _REPORT,
    ("Campaign", "POST insights"): _REPORT,
    ("AdSet", "POST insights"): _REPORT,
    ("Ad", "POST insights"): _REPORT,
    ("AdReportRun", "GET insights"): Operation(
        reports.read_report, source="Marketing API insights best practices, 2026-09"
    ),
    ("Campaign", "POST #update"): Operation(
        campaigns.update_campaign, campaigns.UPDATE
    ),
    ("Campaign", "DELETE #delete"): Operation(campaigns.delete_node),
    ("Campaign", "POST adlabels"): Operation(labels.add_labels, _LABEL_PARAMS),
    ("AdSet", "POST #update"): Operation(adsets.update_adset, adsets.UPDATE),
    ("AdSet", "DELETE #delete"): Operation(campaigns.delete_node),
    ("AdSet", "POST adlabels"): Operation(labels.add_labels, _LABEL_PARAMS),
    ("AdSet", "DELETE adlabels"): Operation(labels.remove_labels, _LABEL_PARAMS),
    ("Ad", "POST #update"): Operation(ads.update_ad, ads.UPDATE),
    ("Ad", "DELETE #delete"): Operation(campaigns.delete_node),
    ("Ad", "POST adlabels"): Operation(labels.add_labels, _LABEL_PARAMS),
    ("Campaign", "POST copies"): Operation(copies.make_copy, copies.CAMPAIGN, _COPIES),
    ("AdSet", "POST copies"): Operation(copies.make_copy, copies.ADSET, _COPIES),
    ("Ad", "POST copies"): Operation(copies.make_copy, copies.AD, _COPIES),
    ("AdCreative", "POST #update"): Operation(
        creatives.update_creative,
        creatives.UPDATE | creatives.CREATE,
        "name, status, labels only",
        also=("AdAccount", "POST adcreatives"),
    ),
    ("AdCreative", "DELETE #delete"): Operation(campaigns.delete_node),
    ("AdCreative", "POST adlabels"): Operation(labels.add_labels, _LABEL_PARAMS),
}
"""
Verbs are the contract's: `METHOD edge`, with #get, #update and #delete for nodes.
"""
