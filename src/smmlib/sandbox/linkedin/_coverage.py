"""
The list of what is modelled, for the generated page of the documentation.
"""

from __future__ import annotations

from typing import Any

from smmlib.sandbox.linkedin._facets import FACETS
from smmlib.sandbox.linkedin._metrics import MODELLED, OTHERS
from smmlib.sandbox.linkedin._operations import LEFT_OUT, OPERATIONS, Key
from smmlib.sandbox.linkedin._wire import HTTP_OF

_KEYED = {"GET", "PARTIAL_UPDATE", "UPDATE", "DELETE"}
_GAPS: dict[Key, list[str]] = {
    ("adAccounts", "CREATE", ""): ["type ENTERPRISE"],
    ("adAccounts", "PARTIAL_UPDATE", ""): ["currency", "type"],
    ("adAccounts/adCampaigns", "CREATE", ""): [
        "types TEXT_AD, SPONSORED_INMAILS and DYNAMIC", "documents and events",
        "connectedTelevisionOnly",
        "storyDeliveryEnabled", "optimizationPreference", "offsitePreferences",
        "effects of creativeSelection, audienceExpansionEnabled and politicalIntent",
    ],
    ("adAccounts/adCampaigns", "PARTIAL_UPDATE", ""): ["another campaign group"],
    ("adAccounts/creatives", "CREATE", ""): [
        "content other than a post", "a missing intendedStatus",
    ],
    ("posts", "CREATE", ""): [
        "members as authors", "multiImage", "poll", "reshares", "targetEntities",
        "visibility other than PUBLIC",
    ],
    ("posts", "PARTIAL_UPDATE", ""): ["texts and links of sponsored posts"],
    ("images", "ACTION", "initializeUpload"): ["mediaLibraryMetadata"],
    ("videos", "ACTION", "initializeUpload"): ["captions", "thumbnails"],
    ("adAnalytics", "FINDER", "analytics"): [
        "pivots by card, placement, device, serving location",
        *OTHERS,
    ],
    ("adTargetingEntities", "FINDER", "typeahead"): [
        "names in other languages",
        *(f"facet {one.name}" for one in FACETS.values()
          if not one.family and "TYPEAHEAD" in one.finders),
    ],
}  # fmt: skip
_OUTSIDE: list[dict[str, Any]] = [
    {
        "method": "POST",
        "path": "/oauth/v2/accessToken",
        "modelled": True,
        "features": "grant refresh_token: 60 days of access, the refresh token's year"
        " is not extended",
        "not_modelled": ["authorization_code", "client_credentials"],
        "source": "LinkedIn authentication pages, 2026-08",
    },
    {
        "method": "POST",
        "path": "/oauth/v2/introspectToken",
        "modelled": True,
        "features": "state, times and scopes of a token",
        "not_modelled": [],
        "source": "LinkedIn authentication pages, 2026-08",
    },
    {
        "method": "PUT",
        "path": "/dms-uploads/{kind}/{id}/{part}",
        "modelled": True,
        "features": "bytes of images and of 4 MiB parts of videos",
        "not_modelled": ["what the pictures show"],
        "source": "LinkedIn's own requests, 2026-08",
    },
    {
        "method": "POST",
        "path": "/dmp-uploads/{account}",
        "modelled": True,
        "features": "CSV lists; the Location header names the media",
        "not_modelled": ["which columns the file has"],
        "source": "live integrations, 2026-08",
    },
]


def rows() -> list[dict[str, Any]]:
    """
    One row per method and path: modelled or answered with 501.
    """
    found: list[dict[str, Any]] = [
        {
            "method": HTTP_OF[key[1]],
            "path": _path(key),
            "modelled": True,
            "features": f"{key[1]}{f': {one.note}' if one.note else ''}",
            "not_modelled": _GAPS.get(key, []),
            "source": one.source,
        }
        for key, one in OPERATIONS.items()
    ]
    for row in found:
        if row["path"].endswith("adAnalytics?q=analytics"):
            row["features"] += f"; metrics: {', '.join(sorted(MODELLED))}"
    found += _OUTSIDE
    found += [
        {
            "method": HTTP_OF[key[1]], "path": _path(key), "modelled": False,
            "features": f"answers 501: {reason}", "not_modelled": [], "source": "",
        }
        for key, reason in LEFT_OUT.items()
    ]  # fmt: skip
    return sorted(
        found, key=lambda row: (not row["modelled"], row["path"], row["method"])
    )


def _path(key: Key) -> str:
    resource, method, name = key
    names = resource.split("/")
    path = "/rest/" + "/{id}/".join(names)
    if method in _KEYED:
        return f"{path}/{{id}}"
    if method == "FINDER":
        return f"{path}?q={name}"
    if method == "ACTION":
        return f"{path}?action={name}"
    if method == "BATCH_CREATE":
        return f"{path} (BATCH_CREATE)"
    if method.startswith("BATCH_"):
        return f"{path}?ids=List(..)" + (
            "" if method != "BATCH_PARTIAL_UPDATE" else " (entities)"
        )
    return path
