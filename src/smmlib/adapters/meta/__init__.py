"""
Facebook and Instagram through Meta's Marketing API.
"""

from __future__ import annotations

from smmlib.adapters.meta._platform import MetaPlatform

__all__ = ["MetaPlatform"]
