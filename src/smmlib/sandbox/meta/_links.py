"""
What counts as a web address.
"""

from __future__ import annotations

from urllib.parse import urlsplit

_LONGEST_URL = 8_192


def is_url(text: str) -> bool:
    """
    Whether a text is an http(s) address with a host.
    """
    if len(text) > _LONGEST_URL or any(char.isspace() for char in text):
        return False
    try:
        parts = urlsplit(text)
        return parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return False
