"""
Little text: what becomes of a commentary that is not escaped.

An unescaped reserved sign ends the text silently, as integrators report; plain
hashtags, mentions and hashtag templates are fine.
"""

from __future__ import annotations

import re

RESERVED = "\\|{}@[]()<>#*_~"
LONGEST = 3_000
_GOOD = re.compile(
    r"\\[\\|{}@\[\]()<>#*_~]"  # escaped
    r"|#\w+"
    r"|@\[[^\]]*\]\(urn:li:(?:organization|person):[^)]*\)"
    r"|\{hashtag\|\\?#\|\w+\}"
    r"|[^\\|{}@\[\]()<>#*_~]"
)


def kept(text: str) -> str:
    """
    The part of a commentary that LinkedIn keeps.
    """
    at = 0
    while match := _GOOD.match(text, at):
        at = match.end()
    return text[:at][:LONGEST]
