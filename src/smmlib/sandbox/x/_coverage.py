"""
The list of what is modelled, for the generated page of the documentation.
"""

from __future__ import annotations

from typing import Any

from smmlib.sandbox.x._contract import operations
from smmlib.sandbox.x._operations import OPERATIONS

_BESIDE: list[dict[str, Any]] = [
    {
        "method": "POST",
        "path": "/1.1/media/upload.json",
        "modelled": True,
        "features": "a whole file as `media` or `media_data`; films also in pieces",
        "not_modelled": [],
        "source": "X API, media upload, 2026-08 (another host of X)",
    },
    {
        "method": "GET",
        "path": "/results/{file}",
        "modelled": True,
        "features": "the packed figures of a statistics job",
        "not_modelled": [],
        "source": "X Ads API, asynchronous analytics, 2026-08",
    },
]


def rows() -> list[dict[str, Any]]:
    """
    One row per operation of the contract: modelled or answered with 501.
    """
    found = [_row(method, path) for method, path in operations()]
    return sorted(
        [*found, *_BESIDE],
        key=lambda row: (not row["modelled"], row["path"], row["method"]),
    )


def _row(method: str, path: str) -> dict[str, Any]:
    modelled = OPERATIONS.get((method, path))
    return {
        "method": method,
        "path": path,
        "modelled": modelled is not None,
        "features": modelled.note if modelled else "answers 501",
        "not_modelled": sorted(modelled.without) if modelled else [],
        "source": modelled.source if modelled else "",
    }
