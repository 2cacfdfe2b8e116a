"""
How money is divided before anything is bought. Pure: no I/O, no clock.
"""

from __future__ import annotations

from smmlib.planning._split import Split, SplitRow, split

__all__ = ["Split", "SplitRow", "split"]
