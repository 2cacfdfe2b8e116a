"""
From names people write to what X targets by: interests, conversations, places, lists.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from smmlib.adapters.x import _tables as tables
from smmlib.errors import InvalidRequestError, UnsupportedError
from smmlib.model._iso import country_names
from smmlib.ports import TargetingMatch

if TYPE_CHECKING:
    from smmlib.adapters.x._api import Body, XApi

_BY_ID = re.compile(r"(.+?)\s*#(\w{1,32})\Z", re.ASCII)
_SHOWN = 5
_PLACES = {"country": "COUNTRIES", "region": "REGIONS", "city": "CITIES"}
_KINDS_OF_EVENTS = (
    "CONFERENCE,HOLIDAY,MUSIC_AND_ENTERTAINMENT,OTHER,POLITICS,RECURRING,SPORTS"
)
_CATALOGUES = {
    "interest": "interests",
    "conversation": "conversations",
    "event": "events",
    "device": "devices",
    "language": "languages",
    "platform": "platforms",
    "country": "locations",
    "region": "locations",
    "city": "locations",
    "audience": "custom_audiences",
}
"""
What can be looked up, and where.
"""
# Few enough to be listed as a whole, in one call; some have no search at all.
_LISTED = frozenset(
    {
        "interest",
        "conversation",
        "event",
        "language",
        "platform",
        "country",
        "audience",
    }
)


class NameFinder:
    """
    Searches X's catalogues and remembers what it found; shared by threads.

    X lets the whole of them be asked 400 times in a quarter of an hour.
    """

    def __init__(self, api: XApi) -> None:
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
        if kind not in _CATALOGUES:
            raise UnsupportedError(
                f"there is no search for {kind!r}",
                platform="x",
                operation="search",
                hint=f"search for one of {', '.join(_CATALOGUES)}",
            )
        words = query.strip()
        if not words:
            raise InvalidRequestError(
                "nothing to search for", platform="x", operation="search"
            )
        found = self._remembered(kind, "" if kind in _LISTED else words.casefold())
        if kind in _LISTED:
            found = tuple(m for m in found if _plain(words) in _plain(m.name))
        return tuple(sorted(found, key=lambda m: _plain(m.name) != _plain(words)))

    def one(
        self, kind: str, name: str, *, country: str = "", region: str = ""
    ) -> TargetingMatch | tuple[TargetingMatch, ...]:
        """
        The one thing a name means, or the candidates when it is unknown or ambiguous.

        `Coffee #a1` names the id itself, for names that several things share.
        """
        given = _BY_ID.match(name)
        query = given.group(1) if given else name
        found = self.search(kind, query)
        if given:
            exact = [m for m in found if m.id == given.group(2)]
            return exact[0] if exact else found
        if kind in {"region", "city"}:
            home = country_names().get(country, country)
            found = tuple(m for m in found if not home or _lies_in(m, country, home))
            found = tuple(m for m in found if not region or _lies_in(m, region))
        same = [m for m in found if _plain(m.name) == _plain(query)]
        if not same:
            same = [m for m in found if _last(m.name) == _plain(query)]
        return same[0] if len(same) == 1 else tuple(same) or found

    def by_id(self, kind: str, own: str) -> TargetingMatch | None:
        """
        What an id stands for, in a catalogue that is listed as a whole.
        """
        found = self._remembered(kind, "")
        return next((m for m in found if m.id == own), None)

    def country(self, code: str) -> TargetingMatch | None:
        """
        A country by its ISO code.
        """
        found = self._remembered("country", "")
        return next((m for m in found if m.path[:1] == (code,)), None)

    def _remembered(self, kind: str, words: str) -> tuple[TargetingMatch, ...]:
        with self._lock:
            known = self._known.get((kind, words))
        if known is None:
            known = tuple(_match(kind, row) for row in self._rows(kind, words))
            with self._lock:
                self._known[kind, words] = known
        return known

    def _rows(self, kind: str, words: str) -> Iterable[Body]:
        if kind == "audience":
            return self._api.rows("custom_audiences", count=tables.PAGE)
        path = f"targeting_criteria/{_CATALOGUES[kind]}"
        asked: dict[str, Any] = {"q": words or None}
        if kind in _PLACES:
            asked["location_type"] = _PLACES[kind]
        if kind == "event":
            asked["event_types"] = _KINDS_OF_EVENTS
        return self._api.anywhere(path, count=tables.PAGE, **asked)


def _match(kind: str, row: Body) -> TargetingMatch:
    """
    One row of a catalogue: `Zurich, Zurich, Switzerland` has its name apart.
    """
    own = str(row.get("targeting_value") or row.get("id") or "")
    name = str(row.get("name") or "")
    size = row.get("audience_size")
    if kind not in _PLACES:
        number = size if isinstance(size, int) else None
        return TargetingMatch(kind, own, name, size=number)
    first, *rest = (part.strip() for part in name.split(","))
    country = str(row.get("country_code") or "")
    around = [part for part in (country, *reversed(rest)) if part]
    return TargetingMatch(kind, own, first, tuple(around))


def shown(matches: Iterable[TargetingMatch]) -> str:
    """
    Candidates as a person can choose from them.
    """
    texts = []
    for match in list(matches)[:_SHOWN]:
        tail = f" ({' > '.join(match.path)})" if match.path else ""
        texts.append(f"'{match.name} #{match.id}'{tail}")
    return "; ".join(texts)


def _lies_in(match: TargetingMatch, *places: str) -> bool:
    wanted = {_plain(place) for place in places}
    return any(_plain(part) in wanted for part in match.path)


def _last(name: str) -> str:
    """
    The end of a path such as `Food and drink/Coffee and tea`.
    """
    return _plain(name.rpartition("/")[2])


def _plain(text: str) -> str:
    """
    A name without case, accents and doubled blanks.
    """
    bare = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(c for c in bare if not unicodedata.combining(c))
    return " ".join(letters.split())
