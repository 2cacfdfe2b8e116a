"""
The façade: connect to the sandbox or to real accounts, check, plan, apply, pull.

Each name is loaded when it is first used: whoever only checks a plan loads neither the
engine nor an HTTP client.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smmlib._lazy import lazy_names

if TYPE_CHECKING:
    from smmlib.workspace._check import check
    from smmlib.workspace._connect import connect
    from smmlib.workspace._workspace import Workspace
else:
    __getattr__, __dir__ = lazy_names(
        __name__,
        {"Workspace": "_workspace", "check": "_check", "connect": "_connect"},
    )

__all__ = ["Workspace", "check", "connect"]
