"""
ToyAds for smmlib: an adapter and a rule, found by entry points.
"""

from __future__ import annotations

from smmlib_toyads._platform import ToyAds
from smmlib_toyads._rules import RULES
from smmlib_toyads._service import ToyRefusal, ToyService

__all__ = ["RULES", "ToyAds", "ToyRefusal", "ToyService"]
