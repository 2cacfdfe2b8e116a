"""
Money that a plan fixes for a line before anything is divided.
"""

from __future__ import annotations

import attrs

from smmlib.model import Money


@attrs.frozen
class Fixed:
    """
    What a line gets by the plan's own word.

    Attributes:
        money: The amount.
        why: Where it comes from.
        final: Whether not even a better use of the money may change it.
    """

    money: Money
    why: str
    final: bool = False
