"""
How long an international domain is in the domain system, or that it can be none.

Names of a domain hold 63 characters, counted as they go over the wire (RFC 3490), so a
sentence without spaces before `.com` is no domain.
"""

from __future__ import annotations

import re
from functools import lru_cache

MAX_NAME = 63
# International names in these letters, this short, fit whatever they are: a code point
# takes six characters at most, the prefix and the dot share out to four more.
_SHORT_NAME = 9
_WORST = 10
_PLAIN = re.compile(
    r"(?!xn--)[\-0-9a-z\xe0-\xf6\xf8-\xff\u0430-\u044f\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fa5"
    rf"\uac00-\ud7a3]{{1,{_SHORT_NAME}}}"
)
_DOTS = re.compile("[.\u3002\uff0e\uff61]")
# What the preparation of names drops; without it a name shrinks to a third at most.
_DROPPED = re.compile(
    "[\xad\u034f\u1806\u180b-\u180d\u200b-\u200d\u2060\ufe00-\ufe0f\ufeff]+"
)
_SHRINKS = 3


def fits(domain: str, room: int) -> bool:
    """
    Whether a text can be a domain at all, in so many characters on the wire.
    """
    if domain.isascii():
        if len(domain) > room:
            return False
        return len(domain) <= MAX_NAME or max(map(len, domain.split("."))) <= MAX_NAME
    names = _DOTS.split(domain)
    if _WORST * len(domain) <= room and all(map(_surely_fits, names)):
        return True
    left = room - len(names) + 1
    for name in names:
        size = _wire_length(name)
        left -= size
        if not size or left < 0:
            return False
    return True


def _surely_fits(name: str) -> bool:
    if name.isascii():
        return 0 < len(name) <= MAX_NAME
    return _PLAIN.fullmatch(name) is not None


def _wire_length(name: str) -> int:
    """
    Characters of one name on the wire; 0 where it can be none.
    """
    if len(name) > _SHRINKS * MAX_NAME:
        name = _DROPPED.sub("", name)
        if len(name) > _SHRINKS * MAX_NAME:
            return 0
    return _encoded_length(name)


@lru_cache(maxsize=4096)
def _encoded_length(name: str) -> int:
    try:
        return len(name.encode("idna"))
    except UnicodeError:
        return 0
