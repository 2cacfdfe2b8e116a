"""
The emulated LinkedIn Marketing API.
"""

from __future__ import annotations

from smmlib.sandbox.linkedin._platform import LinkedInPlatform

__all__ = ["LinkedInPlatform"]
