"""
The façade: connect to the sandbox or to real accounts, check, plan, apply, pull.
"""

from __future__ import annotations

from smmlib.workspace._check import check
from smmlib.workspace._connect import connect
from smmlib.workspace._workspace import Workspace

__all__ = ["Workspace", "check", "connect"]
