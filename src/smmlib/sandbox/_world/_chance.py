"""
Chance without state: every draw is a hash of what it is about.

A draw depends on the words given and on nothing else, so figures do not move when
days are read in another order, in slices, or in another process.
"""

from __future__ import annotations

import struct
from hashlib import blake2b
from math import exp

_UNPACKERS = tuple(struct.Struct(f">{count}I").unpack for count in range(17))
_SPAN = 2.0**-32


def draws(*words: object, count: int = 4) -> list[float]:
    """
    Give up to 16 independent numbers between 0 and 1 (both excluded) for *words*.
    """
    text = "\x1f".join(map(str, words))
    digest = blake2b(text.encode(), digest_size=4 * count).digest()
    return [(value + 0.5) * _SPAN for value in _UNPACKERS[count](digest)]


def between(low: float, high: float, draw: float) -> float:
    """
    Stretch a draw onto a range.
    """
    return low + (high - low) * draw


def spread(sigma: float, draw: float) -> float:
    """
    Turn a draw into a factor around 1 whose logarithm stays within 1.7 *sigma*.
    """
    return exp(sigma * 3.4 * (draw - 0.5))


def whole(amount: float, draw: float) -> int:
    """
    Round *amount* so that the mean is kept and more never becomes less.
    """
    return int(amount + draw)
