"""
A pause of Python's cycle collector while one large plan is built.

A plan is a tree that grows by tens of thousands of objects and holds no cycle, yet the
collector walks all of it again and again: a third of the time of a large load. The
collector belongs to the whole process, so it is paused only above a size, only while
no other thread runs that would be left without it, and it is back on whatever happens.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

WORTH_A_PAUSE = 1_000_000
"""
Characters from which on a text is large; below, a pause saves a few milliseconds.
"""


@contextmanager
def paused_collector(size: int) -> Iterator[bool]:
    """
    Without cycle collection inside, where that is worth it and concerns nobody else.

    Args:
        size: Characters of the text that is read.

    Yields:
        Whether the collector was paused; also in Jupyter it is not, since that keeps
        threads of its own.
    """
    alone = threading.active_count() == 1
    if size < WORTH_A_PAUSE or not alone or not gc.isenabled():
        yield False
        return
    gc.disable()
    try:
        yield True
    finally:
        gc.enable()
