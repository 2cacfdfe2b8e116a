"""
The emulated X (Twitter) Ads API.
"""

from __future__ import annotations

from smmlib.sandbox.x._platform import XPlatform

__all__ = ["XPlatform"]
