"""
The emulated Meta Marketing API.
"""

from __future__ import annotations

from smmlib.sandbox.meta._platform import MetaPlatform

__all__ = ["MetaPlatform"]
