"""
LinkedIn's "little text": the format of a post's text, and how plain text is put in it.

A reserved character that is not escaped ends the text without a word: LinkedIn answers
201 and keeps only what stands before it (seen by integrations, 2026).
"""

from __future__ import annotations

import re

_RESERVED = re.compile(r"[\\|{}@\[\]()<>#*_~]")
_ESCAPED = re.compile(r"\\([\\|{}@\[\]()<>#*_~])")
# A hashtag stays one only without the backslash.
_HASHTAG = re.compile(r"(?<!\w)#(?=[^\W_][^\W_]*(?!\w))")


def escaped(text: str) -> str:
    """
    Plain text as little text; hashtags stay hashtags.
    """
    parts: list[str] = []
    start = 0
    for found in _HASHTAG.finditer(text):
        parts.append(_RESERVED.sub(r"\\\g<0>", text[start : found.start()]))
        parts.append("#")
        start = found.end()
    parts.append(_RESERVED.sub(r"\\\g<0>", text[start:]))
    return "".join(parts)


def plain(text: str) -> str:
    """
    Little text as people read it.
    """
    return _ESCAPED.sub(r"\1", text)
