"""
The list of what is modelled, for the generated page of the documentation.
"""

from __future__ import annotations

from typing import Any

from smmlib.sandbox.meta._contract import contract
from smmlib.sandbox.meta._getters import GETTERS
from smmlib.sandbox.meta._operations import LISTINGS, OPERATIONS

_PATHS = {"AdAccount": "act_{id}", "User": "me"}


_ROOT: list[dict[str, Any]] = [
    {
        "method": "POST",
        "path": "/",
        "modelled": True,
        "features": "batch: 50 items in order, names and references,"
        " no two ad sets of one campaign, attached files",
        "not_modelled": [],
        "source": "Graph API batch requests, 2026-08",
    },
    {
        "method": "GET",
        "path": "/search",
        "modelled": True,
        "features": "adinterest, adinterestvalid, adworkposition, adgeolocation,"
        " adcountry, adlocale, adtargetingcategory",
        "not_modelled": ["after", "locale", "region_id"],
        "source": "Marketing API targeting search, 2026-09",
    },
]


def rows() -> list[dict[str, Any]]:
    """
    One row per method and path of the contract: modelled or answered with 501.
    """
    table = contract()
    found = [
        _row(node, verb, tuple(edge.params))
        for (node, verb), edge in table.edges.items()
    ]
    found += _ROOT
    return sorted(
        found, key=lambda row: (not row["modelled"], row["path"], row["method"])
    )


def _row(node: str, verb: str, params: tuple[str, ...]) -> dict[str, Any]:
    method, _, edge = verb.partition(" ")
    path = "/" + _PATHS.get(node, f"{{{node}}}")
    if not edge.startswith("#"):
        path += f"/{edge}"
    listing = LISTINGS.get((node, edge)) if method == "GET" else None
    modelled = listing or OPERATIONS.get((node, verb))
    if verb == "GET #get" and node in GETTERS:
        return {
            "method": method, "path": path, "modelled": True,
            "features": f"fields: {', '.join(sorted(GETTERS[node]))}",
            "not_modelled": sorted(set(contract().fields[node]) - set(GETTERS[node])),
            "source": "Graph API field expansion, 2026-08",
        }  # fmt: skip
    return {
        "method": method, "path": path, "modelled": modelled is not None,
        "features": modelled.note if modelled else "answers 501",
        "not_modelled": sorted(set(params) - modelled.params) if modelled else [],
        "source": modelled.source if modelled else "",
    }  # fmt: skip
