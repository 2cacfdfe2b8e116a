"""
Problems that are not there: they only follow from a part that could not be read.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smmlib.errors import Issue

# Codes of rules that miss something: nobody wants to hear that a text is missing when
# it is there and too long.
_MISSES = re.compile(r"\.no_|[._]missing$|\.empty$|\.unused$|_below$")
# What some rules look for anywhere in these parts of the plan.
_LOOKS_IN = {
    "goal.no_data_source": ("lines", "posts", "strategy"),
    "line.no_campaign": ("campaigns",),
    "line.campaigns_below": ("campaigns",),
    "line.no_posts": ("posts",),
    "creative.unused": ("campaigns",),
}


def follows(issue: Issue, dropped: frozenset[str]) -> bool:
    """
    Whether a rule only complains because an invalid part was left out.

    Args:
        issue: What the rule found.
        dropped: Paths of what was left out.
    """
    if not dropped:
        return False
    if issue.code.startswith("reference."):
        return str(issue.value) in {path.rpartition(".")[2] for path in dropped}
    if any(_within(issue.path, path) for path in dropped):
        return True
    if not _MISSES.search(issue.code):
        return False
    parts = _LOOKS_IN.get(issue.code, ())
    return any(
        _within(path, issue.path) or path.partition(".")[0] in parts for path in dropped
    )


def _within(path: str, outer: str) -> bool:
    return path == outer or path.startswith((f"{outer}.", f"{outer}["))
