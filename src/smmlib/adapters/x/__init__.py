"""
X (once Twitter) through its Ads API.
"""

from __future__ import annotations

from smmlib.adapters.x._platform import XPlatform

__all__ = ["XPlatform"]
