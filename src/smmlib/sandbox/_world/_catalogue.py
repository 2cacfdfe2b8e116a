"""
Finding what targeting can name: interests, jobs, places by search, never by guess.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import attrs

from smmlib.errors import SandboxError
from smmlib.sandbox._world._facts import CatalogueEntry
from smmlib.sandbox._world._tables import KINDS, aliases, entries_of

_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "\u0131": "i", "æ": "ae", "œ": "oe", "đ": "d", "þ": "th"}
)
_WORD = re.compile(r"\w+")


@attrs.frozen
class _Indexed:
    """
    An entry with its names as search compares them.
    """

    entry: CatalogueEntry
    names: tuple[tuple[str, ...], ...]


def search(
    kind: str, q: str, *, limit: int = 25, country: str | None = None
) -> tuple[CatalogueEntry, ...]:
    """
    Find entries whose name begins with *q* or holds words that begin with its words.

    Case and accents do not matter; cities are also found by their local names.

    Args:
        kind: interest, job, industry, behaviour, city, region or country.
        q: What a user types.
        limit: At most so many entries.
        country: Only places of this ISO 3166 country.

    Returns:
        Exact names first, then beginnings, then words; bigger ones first.

    Raises:
        SandboxError: When there is no such catalogue.
    """
    return _ranked(_known(kind), _words(q), country)[: max(0, limit)]


@lru_cache(maxsize=512)
def _ranked(
    kind: str, words: tuple[str, ...], country: str | None
) -> tuple[CatalogueEntry, ...]:
    if not words:
        return ()
    ranked = [
        (rank, -one.entry.size, one.entry.name, one.entry.id, one.entry)
        for one in _index(kind)
        if country is None or one.entry.country == country.upper()
        for rank in (_rank(words, one.names),)
        if rank is not None
    ]
    return tuple(found[-1] for found in sorted(ranked, key=_order))


def entry(kind: str, entry_id: str) -> CatalogueEntry | None:
    """
    Look an entry up by its id; None when the catalogue does not hold it.
    """
    return _by_id(_known(kind)).get(entry_id)


def any_entry(entry_id: str) -> CatalogueEntry:
    """
    Look an id up in all catalogues.

    Raises:
        SandboxError: When no catalogue holds it.
    """
    for kind in KINDS:
        found = _by_id(kind).get(entry_id)
        if found is not None:
            return found
    message = f"no catalogue holds the id {entry_id!r}"
    raise SandboxError(message, hint="Ids are found by search; they are not guessed.")


def _known(kind: str) -> str:
    if kind in KINDS:
        return kind
    message = f"there is no catalogue {kind!r}"
    raise SandboxError(message, hint=f"Known catalogues: {', '.join(KINDS)}.")


def _order(
    found: tuple[int, int, str, str, CatalogueEntry],
) -> tuple[int, int, str, str]:
    return found[:4]


def _rank(words: tuple[str, ...], names: tuple[tuple[str, ...], ...]) -> int | None:
    """
    Say how well a name answers: 0 itself, 1 another name, 2 beginning, 3 words.
    """
    if words == names[0]:
        return 0
    if words in names[1:]:
        return 1
    asked = " ".join(words)
    if any(" ".join(name).startswith(asked) for name in names):
        return 2
    for name in names:
        if all(any(part.startswith(word) for part in name) for word in words):
            return 3
    return None


@lru_cache(maxsize=len(KINDS))
def _index(kind: str) -> tuple[_Indexed, ...]:
    others = aliases() if kind == "city" else {}
    return tuple(
        _Indexed(
            one,
            tuple(
                _words(name)
                for name in (one.name, *others.get((one.country, one.name), ()))
            ),
        )
        for one in entries_of(kind)
    )


@lru_cache(maxsize=len(KINDS))
def _by_id(kind: str) -> dict[str, CatalogueEntry]:
    return {one.id: one for one in entries_of(kind)}


def _words(text: str) -> tuple[str, ...]:
    """
    Reduce a text to bare words: no case, no accents, no punctuation.
    """
    bare = text.casefold().replace("'", "").translate(_LETTERS)
    plain = unicodedata.normalize("NFKD", bare)
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return tuple(_WORD.findall(letters))
