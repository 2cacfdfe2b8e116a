"""
LinkedIn through its Marketing API.
"""

from __future__ import annotations

from smmlib.adapters.linkedin._platform import LinkedInPlatform

__all__ = ["LinkedInPlatform"]
