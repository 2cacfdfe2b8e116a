"""
What X takes for a link, as regular expressions that never look at a character twice.

Source: the URL rules of twitter-text 3, read 2026-11. A link is what may stand before
it, a protocol or none, a domain that ends in a listed top-level domain, a port, a path
with balanced parentheses, and a query. Every expression here is possessive: where it
stops, going back would not help, so long texts cost time in proportion.
"""

from __future__ import annotations

import re
from functools import cache

import attrs

from smmlib.rules._weighted_domains import INTERNATIONAL, TOP_LEVEL

# Punctuation, spaces, code points X refuses, marks of direction: no part of a name.
_INVALID = "\ufffe\ufeff\uffff"
_NOT_IN_RUN = (
    r"!'#%&()*+,/:;<=>?@\[\]\\^{|}~$"
    "\x09-\x0d\x20\x85\xa0\u1680\u180e\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
    f"{_INVALID}"
    "\u202a-\u202e\u061c\u200e\u200f\u2066-\u2069"
)
_NAME = f"[^{_NOT_IN_RUN}._\\-]"
_BEFORE = f"[^A-Za-z0-9@\uff20$#\uff03{_INVALID}]"

# What a to z and 0 to 9 are when case is ignored.
_ALPHA = "A-Za-z\u0130\u0131\u017f\u212a"
_ALNUM = f"0-9{_ALPHA}"
_PLAIN_LETTERS = str.maketrans("\u0130\u0131\u017f\u212a", "iisk")
_LONGEST = 24  # letters of a top-level domain in ASCII, and a few to spare
_LATIN = (
    "\xc0-\xd6\xd8-\xf6\xf8-\xff\u0100-\u024f\u0253\u0254\u0256\u0257\u0259\u025b\u0263"
    "\u0268\u026f\u0272\u0289\u028b\u02bb\u0300-\u036f\u1e00-\u1eff"
)
_WORDS = f"a-z0-9\u0400-\u04ff{_LATIN}"
_PATH_END = rf"[{_WORDS}+\-=_#/]"
_PATH_INNER = "[!*';:,.$%\\[\\]\u2013~@|&]"
_PATH = rf"[{_WORDS}+\-=_#/!*';:,.$%\[\]\u2013~@|&]"
_PARENTHESES = rf"\((?:{_PATH}++|{_PATH}*+\({_PATH}++\){_PATH}*+)\)"
_QUERY_END = r"[a-z0-9\-_&=#/]"
_QUERY_INNER = r"[!?*'@();:+$%\[\].,~|]"
_QUERY = rf"\?(?:{_QUERY_INNER}*+{_QUERY_END}++)++"


# Letters beside the capital that count as another one's spelling when case is ignored.
_ALSO = {
    "i": "\u0130\u0131",
    "k": "\u212a",
    "s": "\u017f",
    "\u03b5": "\u03f5",
    "\u0432": "\u1c80",
    "\u0434": "\u1c81",
    "\u043e": "\u1c82",
    "\u0441": "\u1c83",
    "\u0442": "\u1c84\u1c85",
}


def _letter(char: str) -> str:
    """
    One letter in any case; sets are passed over faster than letters without case.
    """
    spellings = sorted({char, char.upper(), *_ALSO.get(char, "")})
    return char if len(spellings) == 1 else f"[{''.join(spellings)}]"


def _choices(words: list[str]) -> str:
    """
    The longest of many words, as one expression that shares their beginnings.
    """
    tails: dict[str, list[str]] = {}
    for word in words:
        if word:
            tails.setdefault(word[0], []).append(word[1:])
    options = [_letter(head) + _choices(rest) for head, rest in tails.items()]
    if not options:
        return ""
    whole = "?" if "" in words else ""
    if len(options) == 1 and not whole:
        return options[0]
    return f"(?:{'|'.join(options)}){whole}"


@attrs.frozen
class Grammar:
    """
    The expressions of a link.

    Attributes:
        ending: A dot and what may be a top-level domain; its group must be listed.
        run: What is neither space nor punctuation: a link's domain lies within one.
        names: Names with dots between them, no underscores: most domains.
        chain: Names with a dot after each, as far as they are well formed.
        name: One character of a name.
        before: One character that may stand before a link.
        start: The first character of a name, after one that may stand before a link.
        protocol: A protocol, read backwards, with what may stand before it.
        tail: Port, path (its group) and query.
        short: A link of X's own shortener; its group is the key.
        ascii_names: Names with a dot after each, in what counts as Latin script.
        ascii_domain: A whole domain in it.
        listed: The top-level domains that are written in ASCII, in small letters.
    """

    ending: re.Pattern[str]
    run: re.Pattern[str]
    names: re.Pattern[str]
    chain: re.Pattern[str]
    name: re.Pattern[str]
    before: re.Pattern[str]
    start: re.Pattern[str]
    protocol: re.Pattern[str]
    tail: re.Pattern[str]
    short: re.Pattern[str]
    ascii_names: re.Pattern[str]
    ascii_domain: re.Pattern[str]
    listed: frozenset[str]

    def ends_domain(self, ending: re.Match[str]) -> bool:
        """
        Whether a domain may end so.
        """
        word: str | None = ending[1]
        if word is None:
            return True
        if not word.isascii():
            word = word.translate(_PLAIN_LETTERS)
        return word.lower() in self.listed


@cache
def grammar() -> Grammar:
    """
    The grammar, built when the first text with a dot in a word is counted.
    """
    ascii_words = TOP_LEVEL.split()
    label = f"{_NAME}++(?:-++{_NAME}++)*+"
    loose = rf"(?:{_NAME}++(?:[_\-]++{_NAME}++)*+\.)++"
    # Parentheses end a path only where no punctuation stands before them.
    inner = rf"(?:{_PATH_INNER}++(?:{_PARENTHESES})*+)++"
    path = rf"/(?:{_PATH_END}++|{_PARENTHESES}|{inner}{_PATH_END}++)*+"

    def pattern(text: str) -> re.Pattern[str]:
        return re.compile(text, re.IGNORECASE)

    return Grammar(
        ending=re.compile(_ending()),
        run=re.compile(f"[^{_NOT_IN_RUN}]*+"),
        names=re.compile(rf"{label}(?:\.{label})*+"),
        chain=re.compile(loose),
        name=re.compile(_NAME),
        before=pattern(_BEFORE),
        start=pattern(f"(?<={_BEFORE}){_NAME}"),
        protocol=pattern(rf"//:s?ptth(?={_BEFORE}|\Z)"),
        tail=pattern(rf"(?::[0-9]++)?({path})?(?:{_QUERY})?"),
        short=pattern(rf"https?://t\.co/([a-z0-9]++)(?:{_QUERY})?"),
        ascii_names=pattern(rf"(?:[\-a-z0-9{_LATIN}]++\.)++"),
        ascii_domain=pattern(rf"[\-a-z0-9.{_LATIN}]++"),
        listed=frozenset(ascii_words),
    )


def _ending() -> str:
    """
    A dot and a top-level domain: international, in ASCII (its group), or encoded.
    """
    words = [_unicode(name) for name in INTERNATIONAL.split()]
    latin = [word for word in words if word[0].isascii()]
    other = [word for word in words if not word[0].isascii()]
    heads = "".join({_letter(word[0]) for word in latin})
    ends = rf"(?![{_ALNUM}@+\-])"
    return (
        rf"\.(?=[^\0-@])(?:(?=[^\0-\x7f]){_choices(other)}{ends}|(?={heads}){_choices(latin)}{ends}"
        rf"|([{_ALPHA}]{{2,{_LONGEST}}}+){ends}|[Xx][Nn]--[{_ALNUM}\-]++)"
    )


def _unicode(name: str) -> str:
    return name.encode("ascii").decode("idna")
