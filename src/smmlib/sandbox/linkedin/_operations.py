"""
Which resource has which method, finder and action; and what is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import attrs

from smmlib.sandbox.linkedin import (
    _accounts,
    _analytics,
    _campaigns,
    _conversions,
    _creatives,
    _crud,
    _entities,
    _groups,
    _media,
    _posts,
    _segments,
)
from smmlib.sandbox.linkedin._context import Call, Reply

Handler = Callable[[Call], Reply]


@attrs.frozen
class Operation:
    """
    One thing a client can ask for.

    Attributes:
        scopes: Any of them is enough.
        keyed: Whether the path ends with a key.
    """

    run: Handler
    note: str
    source: str
    scopes: tuple[str, ...]
    params: frozenset[str] = frozenset()
    keyed: bool = False


Key = tuple[str, str, str]
"""Resource, Rest.li method, name of the finder or action."""

READ = ("r_ads", "rw_ads")
WRITE = ("rw_ads",)
SOCIAL_READ = ("r_organization_social", "w_organization_social")
SOCIAL_WRITE = ("w_organization_social",)
_PAGES = "LinkedIn Marketing API pages at li-lms-2026-02"
_SEEN = "LinkedIn's own requests and live integrations, 2026-08"
_CURSOR = ("q", "search", "sortOrder", "sort", "pageSize", "pageToken")
Rows = dict[Key, Operation]


def _put(
    rows: Rows,
    where: tuple[str, str],
    run: Handler,
    note: str,
    scopes: tuple[str, ...],
    *params: str,
    name: str = "",
    source: str = _PAGES,
) -> None:
    resource, method = where
    reading = method in {"GET", "BATCH_GET", "FINDER", "GET_ALL"}
    known = {*params, *(("fields",) if reading else ())}
    if method.startswith("BATCH") and method != "BATCH_CREATE":
        known.add("ids")
    if method == "ACTION":
        known.add("action")
    keyed = method in {"GET", "PARTIAL_UPDATE", "UPDATE", "DELETE"}
    rows[resource, method, name] = Operation(
        run, note, source, scopes, frozenset(known), keyed
    )


def _entity(rows: Rows, resource: str, kind: _crud.Kind, *methods: str) -> None:
    made = {
        "CREATE": (_crud.create, "201, empty body, id in x-restli-id"),
        "BATCH_CREATE": (_crud.batch_create, "per-element statuses"),
        "GET": (_crud.get, "with projection"),
        "BATCH_GET": (_crud.batch_get, "results and errors by key"),
        "PARTIAL_UPDATE": (_crud.update, "$set, $delete, nested records"),
        "BATCH_PARTIAL_UPDATE": (_crud.batch_update, "per-element statuses"),
        "DELETE": (_crud.delete, "drafts only"),
        "BATCH_DELETE": (_crud.batch_delete, "per-element statuses"),
    }
    for method in methods:
        factory, note = made[method]
        scopes = READ if method in {"GET", "BATCH_GET"} else WRITE
        _put(rows, (resource, method), factory(kind), note, scopes)


_ALL = (
    "CREATE", "BATCH_CREATE", "GET", "BATCH_GET", "PARTIAL_UPDATE",
    "BATCH_PARTIAL_UPDATE", "DELETE", "BATCH_DELETE",
)  # fmt: skip
ACCOUNTS = "adAccounts"
GROUPS = "adAccounts/adCampaignGroups"
CAMPAIGNS = "adAccounts/adCampaigns"
CREATIVES = "adAccounts/creatives"


def _campaign_tree(rows: Rows) -> None:
    _entity(
        rows, ACCOUNTS, _accounts.ACCOUNT,
        "CREATE", "GET", "BATCH_GET", "PARTIAL_UPDATE", "DELETE",
    )  # fmt: skip
    _entity(rows, GROUPS, _groups.GROUP, *_ALL)
    _entity(rows, CAMPAIGNS, _campaigns.CAMPAIGN, *_ALL)
    _entity(rows, CREATIVES, _creatives.CREATIVE, *_ALL)
    for resource, run in (
        (ACCOUNTS, _accounts.search),
        (GROUPS, _groups.search),
        (CAMPAIGNS, _campaigns.search),
    ):
        note = "cursor pages up to 1,000; filters, sort by id"
        _put(rows, (resource, "FINDER"), run, note, READ, *_CURSOR, name="search")
    _put(
        rows, (CREATIVES, "FINDER"), _creatives.criteria, "cursor pages up to 100",
        READ,
        "q", "campaigns", "creatives", "contentReferences", "intendedStatuses",
        "leadgenCreativeCallToActionDestinations", "isTestAccount", "isTotalIncluded",
        "sortOrder", "pageSize", "pageToken", name="criteria",
    )  # fmt: skip
    note = "post and creative in one step; 200 with the id in x-restli-id"
    _put(
        rows,
        (CREATIVES, "ACTION"),
        _creatives.create_inline,
        note,
        WRITE,
        name="createInline",
    )


def _content(rows: Rows) -> None:
    note = "single image, video, carousel, article, text; little text cut as LinkedIn's"
    kind = _posts.POST
    _put(
        rows, ("posts", "CREATE"), _crud.create(kind), note, SOCIAL_WRITE, source=_SEEN
    )
    _put(rows, ("posts", "GET"), _crud.get(kind), "", SOCIAL_READ, source=_SEEN)
    _put(
        rows,
        ("posts", "BATCH_GET"),
        _crud.batch_get(kind),
        "",
        SOCIAL_READ,
        source=_SEEN,
    )
    note = "what organic posts say; state and names of sponsored ones"
    _put(
        rows,
        ("posts", "PARTIAL_UPDATE"),
        _crud.update(kind),
        note,
        SOCIAL_WRITE,
        source=_SEEN,
    )
    _put(
        rows,
        ("posts", "DELETE"),
        _posts.delete,
        "again: 204",
        SOCIAL_WRITE,
        source=_SEEN,
    )
    _put(
        rows, ("posts", "FINDER"), _posts.by_author, "organic posts, index pages",
        SOCIAL_READ,
        "q", "author", "start", "count", "sortBy", name="author", source=_SEEN,
    )  # fmt: skip
    both = (*WRITE, *SOCIAL_WRITE)
    for resource, media, init in (
        ("images", _media.IMAGE, _media.init_image),
        ("videos", _media.VIDEO, _media.init_video),
    ):
        _put(
            rows, (resource, "ACTION"), init, "upload URLs outside /rest", both,
            name="initializeUpload", source=_SEEN,
        )  # fmt: skip
        for method, make in (("GET", _crud.get), ("BATCH_GET", _crud.batch_get)):
            note = "id, owner, status; no downloadUrl"
            scopes = (*READ, *SOCIAL_READ)
            _put(rows, (resource, method), make(media), note, scopes, source=_SEEN)
    _put(
        rows, ("videos", "ACTION"), _media.finalize_video, "every ETag in order", both,
        name="finalizeUpload", source=_SEEN,
    )  # fmt: skip


def _audiences(rows: Rows) -> None:
    kind, scope = _segments.SEGMENT, ("rw_dmp_segments",)
    read = (*scope, "rw_ads")
    root = "dmpSegments"
    _put(
        rows,
        (root, "CREATE"),
        _crud.create(kind),
        "lists and streams",
        scope,
        source=_SEEN,
    )
    note = "built a day after its first members"
    _put(rows, (root, "GET"), _crud.get(kind), note, read, source=_SEEN)
    _put(rows, (root, "BATCH_GET"), _crud.batch_get(kind), note, read, source=_SEEN)
    note = "name and access policy"
    _put(rows, (root, "PARTIAL_UPDATE"), _crud.update(kind), note, scope, source=_SEEN)
    _put(
        rows,
        (root, "DELETE"),
        _crud.delete(kind),
        "untargeted ones",
        scope,
        source=_SEEN,
    )
    _put(
        rows, (root, "FINDER"), _segments.by_account, "index pages", read,
        "q", "account", "sourcePlatform", "start", "count", name="account",
        source=_SEEN,
    )  # fmt: skip
    _put(
        rows, (root, "ACTION"), _segments.upload_url, "a URL outside /rest for the CSV",
        scope,
        name="generateUploadUrl", source=_SEEN,
    )  # fmt: skip
    for name, method, run in (
        ("listUploads", "CREATE", _segments.attach),
        ("users", "BATCH_CREATE", _segments.stream_users),
        ("companies", "BATCH_CREATE", _segments.stream_companies),
    ):
        _put(rows, (f"{root}/{name}", method), run, "", scope, source=_SEEN)


def _targeting(rows: Rows) -> None:
    common = ("queryVersion", "locale", "entityType", "useCase", "start", "count")
    root = "adTargetingEntities"
    _put(
        rows, ("adTargetingFacets", "GET_ALL"), _entities.facets, "all 30 facets", READ
    )
    note = "where the facet has this finder; English names"
    for name, run, *params in (
        ("adTargetingFacet", _entities.by_facet, "facet", "totals"),
        ("typeahead", _entities.by_words, "facet", "query"),
        ("similarEntities", _entities.similar, "facet", "entities"),
        ("urns", _entities.by_urns, "urns", "fetchType"),
    ):
        _put(rows, (root, "FINDER"), run, note, READ, "q", *params, *common, name=name)
    _put(
        rows, ("audienceCounts", "FINDER"), _entities.audience_counts,
        "rounded; 0 below 300; active is always 0", READ,
        "q", "targetingCriteria", name="targetingCriteriaV2",
    )  # fmt: skip
    _put(
        rows, ("adBudgetPricing", "FINDER"), _entities.budget_pricing,
        "the simulation's own bids; the audience only decides whether there are any",
        READ, "q", "account", "bidType", "campaignType", "matchType",
        "targetingCriteria", "objectiveType", "optimizationTargetType", "currency",
        "dailyBudget", name="criteriaV2",
    )  # fmt: skip


def _results(rows: Rows) -> None:
    scope = ("r_ads_reporting",)
    common = ("q", "timeGranularity", "dateRange", *_analytics.FACETS,
              "campaignType", "objectiveType", "sortBy")  # fmt: skip
    note = "20 metrics, 15,000 rows, no zero rows; conversions arrive for a week"
    root = "adAnalytics"
    _put(rows, (root, "FINDER"), _analytics.analytics, note, scope, *common, "pivot",
         name="analytics")  # fmt: skip
    _put(rows, (root, "FINDER"), _analytics.statistics, note, scope, *common, "pivots",
         name="statistics")  # fmt: skip
    scope = ("rw_conversions",)
    kind = _conversions.CONVERSION
    root = "conversions"
    note = "answers with the record"
    _put(rows, (root, "CREATE"), _conversions.create, note, scope, source=_SEEN)
    _put(
        rows,
        (root, "PARTIAL_UPDATE"),
        _crud.update(kind),
        "",
        scope,
        "account",
        source=_SEEN,
    )
    read = (*scope, *READ)
    _put(
        rows, (root, "FINDER"), _conversions.by_account, "index pages", read,
        "q", "account", "start", "count", name="account", source=_SEEN,
    )  # fmt: skip
    root = "campaignConversions"
    note = "compound key; the same answer however often"
    both = (*scope, *WRITE)
    _put(rows, (root, "UPDATE"), _conversions.associate, note, both, source=_SEEN)
    _put(
        rows, (root, "DELETE"), _conversions.remove, "compound key", both, source=_SEEN
    )
    _put(
        rows, (root, "FINDER"), _conversions.by_campaigns, "", read,
        "q", "campaigns", "start", "count", name="campaigns", source=_SEEN,
    )  # fmt: skip


LEFT_OUT: dict[Key, str] = {
    ("posts", "FINDER", "dscAdAccount"): "its parameters are not documented",
    ("adAnalytics", "FINDER", "attributedRevenueMetrics"): "revenue from a CRM",
    ("documents", "ACTION", "initializeUpload"): "documents",
    ("documents", "GET", ""): "documents",
    ("documents", "BATCH_GET", ""): "documents",
    ("assets", "ACTION", "registerUpload"): "the old upload",
    ("conversionEvents", "CREATE", ""): "conversion events",
    ("conversionEvents", "BATCH_CREATE", ""): "conversion events",
    ("adSupplyForecasts", "FINDER", "criteriaV2"): "forecasts",
    ("adSegments", "FINDER", "accounts"): "other kinds of segments",
    ("organizationalEntityFollowerStatistics", "FINDER", "organizationalEntity"): (
        "never: no document at hand describes it; followers come from a file"
    ),
    ("organizationalEntityShareStatistics", "FINDER", "organizationalEntity"): (
        "never: no document at hand describes it; what came of posts comes from a file"
    ),
    ("adAccountUsers", "GET", ""): "roles of several members",
    ("adAccountUsers", "UPDATE", ""): "roles of several members",
    ("adAccountUsers", "DELETE", ""): "roles of several members",
    ("adAccountUsers", "FINDER", "authenticatedUser"): "roles of several members",
    ("adAccountUsers", "FINDER", "accounts"): "roles of several members",
    ("organizationAcls", "FINDER", "roleAssignee"): "pages of other organisations",
    ("organizations", "GET", ""): "pages",
    ("leadForms", "FINDER", "owner"): "lead forms",
    ("leadFormResponses", "FINDER", "owner"): "what people wrote into lead forms",
}
"""What LinkedIn has and the sandbox answers with 501."""


def _table() -> Rows:
    rows: Rows = {}
    for part in (_campaign_tree, _content, _audiences, _targeting, _results):
        part(rows)
    return rows


OPERATIONS: Mapping[Key, Operation] = _table()
RESOURCES = {key[0] for key in OPERATIONS}
ELSEWHERE = {key[0] for key in LEFT_OUT} - RESOURCES
