"""
The façade: connect to the sandbox or to real accounts, check, plan, apply, pull.

Each name is loaded when it is first used: whoever only checks a plan loads neither the
engine nor an HTTP client.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smmlib._lazy import lazy_names

if TYPE_CHECKING:
    from smmlib.workspace._audience import AudienceFit, AudienceFits, Fit
    from smmlib.workspace._audit import audit
    from smmlib.workspace._channels import readable_networks
    from smmlib.workspace._check import check
    from smmlib.workspace._clock import sandbox_now
    from smmlib.workspace._connect import connect
    from smmlib.workspace._people import approver_doubts, check_approver
    from smmlib.workspace._people_sizes import audience_sizes
    from smmlib.workspace._posts import Publication, Publications, PublishStatus
    from smmlib.workspace._workspace import Workspace
else:
    __getattr__, __dir__ = lazy_names(
        __name__,
        {
            "AudienceFit": "_audience",
            "AudienceFits": "_audience",
            "Fit": "_audience",
            "Publication": "_posts",
            "Publications": "_posts",
            "PublishStatus": "_posts",
            "Workspace": "_workspace",
            "approver_doubts": "_people",
            "audience_sizes": "_people_sizes",
            "audit": "_audit",
            "check": "_check",
            "check_approver": "_people",
            "connect": "_connect",
            "readable_networks": "_channels",
            "sandbox_now": "_clock",
        },
    )

__all__ = [
    "AudienceFit",
    "AudienceFits",
    "Fit",
    "Publication",
    "Publications",
    "PublishStatus",
    "Workspace",
    "approver_doubts",
    "audience_sizes",
    "audit",
    "check",
    "check_approver",
    "connect",
    "readable_networks",
    "sandbox_now",
]
