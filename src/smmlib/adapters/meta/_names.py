"""
From names people write to the ids Meta targets by: interests, professions, places.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from smmlib.errors import InvalidRequestError, UnsupportedError
from smmlib.ports import TargetingMatch

if TYPE_CHECKING:
    from smmlib.adapters.meta._api import GraphApi

_LIMIT = 25
_BY_ID = re.compile(r"(.+?)\s*#(\d{1,32})\Z")
_SHOWN = 5

SEARCHES: dict[str, dict[str, Any]] = {
    "interest": {"type": "adinterest"},
    "profession": {"type": "adworkposition"},
    "industry": {"type": "adtargetingcategory", "class": "industries"},
    "behaviour": {"type": "adtargetingcategory", "class": "behaviors"},
    "city": {"type": "adgeolocation", "location_types": ["city"]},
    "region": {"type": "adgeolocation", "location_types": ["region"]},
    "country": {"type": "adgeolocation", "location_types": ["country"]},
    "language": {"type": "adlocale"},
}
"""
What can be looked up, and how Meta's search is asked for it.
"""


class NameFinder:
    """
    Searches Meta's catalogues and remembers what it found; safe to share by threads.
    """

    def __init__(self, api: GraphApi) -> None:
        self._api = api
        self._known: dict[tuple[str, str, str], tuple[TargetingMatch, ...]] = {}
        self._lock = threading.Lock()

    def search(
        self, kind: str, query: str, country: str = ""
    ) -> tuple[TargetingMatch, ...]:
        """
        Matches for a name, best first.

        Raises:
            UnsupportedError: No such catalogue.
            PlatformError: The search failed.
        """
        if kind not in SEARCHES:
            raise UnsupportedError(
                f"there is no search for {kind!r}",
                platform="meta",
                operation="search",
                hint=f"search for one of {', '.join(SEARCHES)}",
            )
        if not query.strip():
            raise InvalidRequestError(
                "nothing to search for", platform="meta", operation="search"
            )
        key = (kind, query.strip().casefold(), country)
        with self._lock:
            known = self._known.get(key)
        if known is None:
            known = self._ask(kind, query.strip(), country)
            with self._lock:
                self._known[key] = known
        return known

    def one(
        self, kind: str, name: str, *, country: str = "", region: str = ""
    ) -> TargetingMatch | tuple[TargetingMatch, ...]:
        """
        The one thing a name means, or the candidates when it is unknown or ambiguous.

        `Java #6003` names the id itself, for names that several things share.
        """
        given = _BY_ID.match(name)
        query = given.group(1) if given else name
        found = self.search(kind, query, country)
        if given:
            exact = [m for m in found if m.id == given.group(2)]
            return exact[0] if exact else found
        if region:
            found = tuple(m for m in found if _in_region(m, region))
        same = [m for m in found if _plain(m.name) == _plain(query)]
        if len(same) == 1:
            return same[0]
        # A place in a known country is often found under its other name.
        place = kind in {"city", "region", "language"}
        return found[0] if place and not same and len(found) == 1 else found

    def _ask(self, kind: str, query: str, country: str) -> tuple[TargetingMatch, ...]:
        asked = {**SEARCHES[kind], "q": query, "limit": _LIMIT}
        if country and kind in {"city", "region"}:
            asked["country_code"] = country
        body = self._api.get("search", **asked)
        rows = body.get("data")
        found = [
            match_of(kind, row)
            for row in (rows if isinstance(rows, list) else [])
            if isinstance(row, dict) and (row.get("id") or row.get("key"))
        ]
        if SEARCHES[kind]["type"] == "adtargetingcategory":
            # This search lists the whole class, whatever is asked for.
            found = [m for m in found if _plain(query) in _plain(m.name)]
        if country and kind in {"city", "region"}:
            found = [m for m in found if not m.path or m.path[0] == country]
        return tuple(found)


def match_of(kind: str, row: Mapping[str, Any]) -> TargetingMatch:
    """
    One row of Meta's search.
    """
    if kind in {"city", "region"}:
        path: Iterable[Any] = (row.get("country_code"), row.get("region"))
    else:
        given = row.get("path")
        path = given if isinstance(given, list) else ()
    size = row.get("audience_size_upper_bound", row.get("audience_size"))
    return TargetingMatch(
        kind,
        str(row.get("key") or row.get("id")),
        str(row.get("name", "")),
        tuple(str(part) for part in path if part),
        size if isinstance(size, int) and size >= 0 else None,
    )


def shown(matches: Iterable[TargetingMatch]) -> str:
    """
    Candidates as a person can choose from them.
    """
    texts = []
    for match in list(matches)[:_SHOWN]:
        about = [" > ".join(match.path)] if match.path else []
        about += [f"{match.size:,} people"] if match.size else []
        tail = f" ({', '.join(about)})" if about else ""
        texts.append(f"'{match.name} #{match.id}'{tail}")
    return "; ".join(texts)


def _in_region(match: TargetingMatch, region: str) -> bool:
    return any(_plain(part) == _plain(region) for part in match.path[1:])


def _plain(text: str) -> str:
    """
    A name without case, accents and doubled blanks.
    """
    bare = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(c for c in bare if not unicodedata.combining(c))
    return " ".join(letters.split())
