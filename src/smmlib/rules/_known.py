"""
Keys of a plan to look references up in, with "did you mean" that stays cheap.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from smmlib.model._checks import did_you_mean

# Searching for near names costs milliseconds: enough for every typing mistake a person
# makes, and bounded where a generated plan of thousands of ads is wrong throughout.
_MOST_HINTS = 40
_MOST_NAMES = 200


class Known:
    """
    The keys of one kind of thing.

    Args:
        names: The keys.
    """

    __slots__ = ("_by_letter", "_left", "_names")

    def __init__(self, names: Iterable[str]) -> None:
        self._names = dict.fromkeys(names)
        self._by_letter: dict[str, list[str]] | None = None
        self._left = _MOST_HINTS

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def hint(self, word: str) -> str:
        """
        The nearest key as a hint, or the keys there are.
        """
        if not self._left:
            return "look it up among the keys of this plan"
        self._left -= 1
        return did_you_mean(word, self._near(word))

    def _near(self, word: str) -> list[str]:
        if len(self._names) <= _MOST_NAMES:
            return list(self._names)
        if self._by_letter is None:
            self._by_letter = {}
            for name in self._names:
                same = self._by_letter.setdefault(name[:1].casefold(), [])
                same.append(name)
        near = self._by_letter.get(word[:1].casefold()) or list(self._names)
        return near[:_MOST_NAMES]
