"""
A progress line for people who wait: in a terminal and in a notebook, else nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from smmlib.deploy import Progress

_WIDTH = 24
_LINE = 78


def progress_bar(stream: TextIO | None = None) -> Callable[[Progress], None] | None:
    """
    Something that draws progress over itself on one line; None where nobody looks.

    Args:
        stream: Where to draw; standard error when left out.
    """
    screen = sys.stderr if stream is None else stream
    if not (screen.isatty() or "ipykernel" in sys.modules):
        return None

    def draw(progress: Progress) -> None:
        full = _WIDTH * progress.done // max(progress.total, 1)
        bar = "█" * full + "░" * (_WIDTH - full)
        what = progress.note or progress.address
        text = f"{bar} {progress.done}/{progress.total} {what}"
        end = "\n" if progress.done >= progress.total else ""
        screen.write(f"\r{text[:_LINE]:<{_LINE}}{end}")
        screen.flush()

    return draw
