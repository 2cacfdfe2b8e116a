"""
From names people write to what LinkedIn targets by: titles, skills, places and more.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from smmlib.adapters.linkedin import _tables as tables
from smmlib.adapters.linkedin._api import rows_of
from smmlib.errors import InvalidRequestError, UnsupportedError
from smmlib.model._iso import country_names
from smmlib.ports import TargetingMatch

if TYPE_CHECKING:
    from smmlib.adapters.linkedin._api import LinkedInApi

_PATH = "adTargetingEntities"
_BY_ID = re.compile(r"(.+?)\s*#(\d{1,32})\Z")
_SHOWN = 5
# How many parts the name of such a place has: city, region, country.
_PARTS = {"country": 1, "region": 2, "city": 3}

FACETS = {
    "interest": "interests",
    "profession": "titles",
    "industry": "industries",
    "behaviour": "memberBehaviors",
    "skill": "skills",
    "function": "jobFunctions",
    "country": "locations",
    "region": "locations",
    "city": "locations",
}
"""
What can be looked up, and in which facet.
"""
# Few enough to be listed as a whole; they have no typeahead.
_LISTED = frozenset({"function"})


class NameFinder:
    """
    Searches LinkedIn's catalogues and remembers what it found; shared by threads.
    """

    def __init__(self, api: LinkedInApi) -> None:
        self._api = api
        self._known: dict[tuple[str, str], tuple[TargetingMatch, ...]] = {}
        self._lock = threading.Lock()

    def search(self, kind: str, query: str) -> tuple[TargetingMatch, ...]:
        """
        Matches for a name, best first.

        Raises:
            UnsupportedError: No such catalogue.
            InvalidRequestError: There is nothing to search for.
            PlatformError: The search failed.
        """
        if kind not in FACETS:
            raise UnsupportedError(
                f"there is no search for {kind!r}",
                platform="linkedin",
                operation="search",
                hint=f"search for one of {', '.join(FACETS)}",
            )
        words = query.strip()
        if not words:
            raise InvalidRequestError(
                "nothing to search for", platform="linkedin", operation="search"
            )
        # Listed as a whole: one answer holds for every word.
        key = (FACETS[kind], "" if kind in _LISTED else words.casefold())
        with self._lock:
            known = self._known.get(key)
        if known is None:
            known = self._ask(kind, words)
            with self._lock:
                self._known[key] = known
        return _fitting(kind, words, known)

    def one(
        self, kind: str, name: str, *, country: str = "", region: str = ""
    ) -> TargetingMatch | tuple[TargetingMatch, ...]:
        """
        The one thing a name means, or the candidates when it is unknown or ambiguous.

        `Java #6003` names the id itself, for names that several things share.
        """
        given = _BY_ID.match(name)
        query = given.group(1) if given else name
        found = self.search(kind, query)
        if given:
            exact = [m for m in found if m.id.endswith(f":{given.group(2)}")]
            return exact[0] if exact else found
        if kind in {"region", "city"}:
            home = country_names().get(country, country)
            found = tuple(m for m in found if not home or _lies_in(m, home))
            found = tuple(m for m in found if not region or _lies_in(m, region))
        same = [m for m in found if _plain(m.name) == _plain(query)]
        if len(same) == 1:
            return same[0]
        return found[0] if kind == "city" and not same and len(found) == 1 else found

    def named(self, urns: Iterable[str]) -> dict[str, str]:
        """
        LinkedIn's names of things by URN; what has none is left out.

        Raises:
            PlatformError: They could not be asked for.
        """
        found: dict[str, str] = {}
        given = list(urns)
        for start in range(0, len(given), tables.BATCH):
            asked = {
                "q": "urns",
                "urns": given[start : start + tables.BATCH],
                "queryVersion": "QUERY_USES_URNS",
            }
            for row in rows_of(self._api.find(_PATH, asked), _PATH):
                if row.get("urn") and row.get("name"):
                    found[str(row["urn"])] = str(row["name"])
        return found

    def _ask(self, kind: str, words: str) -> tuple[TargetingMatch, ...]:
        facet = f"{tables.FACET_URN}{FACETS[kind]}"
        asked: dict[str, Any] = {"facet": facet, "queryVersion": "QUERY_USES_URNS"}
        if kind in _LISTED:
            asked = {"q": "adTargetingFacet", **asked}
        else:
            asked = {"q": "typeahead", **asked, "query": words}
        rows = rows_of(self._api.find(_PATH, asked), _PATH)
        return tuple(
            TargetingMatch(kind, str(row["urn"]), str(row.get("name", "")))
            for row in rows
            if row.get("urn")
        )


def _fitting(
    kind: str, words: str, found: tuple[TargetingMatch, ...]
) -> tuple[TargetingMatch, ...]:
    """
    What of an answer was meant: places of one kind, or what a whole list has of it.
    """
    if kind in _LISTED:
        return tuple(m for m in found if _plain(words) in _plain(m.name))
    if kind not in _PARTS:
        return found
    placed = [_place(kind, match) for match in found]
    return tuple(match for match in placed if match is not None)


def _place(kind: str, match: TargetingMatch) -> TargetingMatch | None:
    """
    A place with its name apart from where it lies: `Zurich, Zurich, Switzerland`.
    """
    parts = [part.strip() for part in match.name.split(",")]
    if len(parts) != _PARTS[kind]:
        return None
    return TargetingMatch(kind, match.id, parts[0], tuple(reversed(parts[1:])))


def shown(matches: Iterable[TargetingMatch]) -> str:
    """
    Candidates as a person can choose from them.
    """
    texts = []
    for match in list(matches)[:_SHOWN]:
        tail = f" ({' > '.join(match.path)})" if match.path else ""
        texts.append(f"'{match.name} #{match.id.rpartition(':')[2]}'{tail}")
    return "; ".join(texts)


def _lies_in(match: TargetingMatch, place: str) -> bool:
    return any(_plain(part) == _plain(place) for part in match.path)


def _plain(text: str) -> str:
    """
    A name without case, accents and doubled blanks.
    """
    bare = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(c for c in bare if not unicodedata.combining(c))
    return " ".join(letters.split())
