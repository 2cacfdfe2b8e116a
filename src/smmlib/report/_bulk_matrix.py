"""
Every text with every picture and audience, evenly where only some of them are wanted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import PurePath
from typing import Any

from smmlib.errors import ConfigurationError
from smmlib.model import Creative
from smmlib.report._bulk import BulkAd, BulkAds, key_of, made
from smmlib.report._bulk_source import Source

_MOST = 10_000


def matrix(
    texts: Mapping[str, str] | Iterable[str],
    images: Mapping[str, str] | Iterable[str],
    audiences: Iterable[str],
    *,
    cap: int | None = None,
    **same: Any,
) -> BulkAds:
    """
    Every text with every picture for every audience, up to a number of ads.

    With a cap the choice stays even: each text, picture and audience is used as often
    as the others, as far as the number allows. Texts that no ad may have are left out
    of it and reported.

    Args:
        texts: Texts, by key if they have one.
        images: Paths of pictures, by key if they have one.
        audiences: Keys of the plan's audiences.
        cap: The most ads; all combinations when left out.
        same: What all ads share: `headline`, `description`, `cta`, `link`, `language`.

    Returns:
        The ads and all problems; `into(plan, campaign=...)` adds them.

    Raises:
        ConfigurationError: No combination is left, or there are too many.
    """
    table = Source("<matrix>", {"text": 1, "image": 2, "audience": 3}, [], [])
    words = _good(table, _named(texts, "t"), "text", same)
    pictures = _good(table, _named(images, "i"), "image", same)
    people = list(dict.fromkeys(audiences))
    count = len(words) * len(pictures) * len(people)
    wanted = count if cap is None else min(cap, count)
    if not 0 < wanted <= _MOST:
        message = f"{wanted:,} ads would be made"
        hint = f"give texts, pictures and audiences for 1 to {_MOST:,} ads, or a cap"
        raise ConfigurationError(message, hint=hint)
    ads = [
        BulkAd(
            f"{word[0]}-{picture[0]}"[:64],
            Creative(word[1], image=picture[1], **same),
            audience=audience,
            row=number,
        )
        for number, (word, picture, audience) in enumerate(
            _even(words, pictures, people, wanted), start=1
        )
    ]
    return BulkAds(
        tuple(ads), tuple(table.issues), columns=table.columns, file=table.file
    )


def _even(
    words: list[tuple[str, str]],
    pictures: list[tuple[str, str]],
    people: list[str],
    count: int,
) -> Iterable[tuple[tuple[str, str], tuple[str, str], str]]:
    """
    The most even choice of so many combinations: of single things, and of pairs.

    Pairs matter because a picture that only one audience saw teaches nothing of either.
    """
    sizes = (len(words), len(pictures), len(people))
    steps = range(min(len(people), _TRIED))
    tried = (_walk(sizes, count, (a, b)) for a in steps for b in steps)
    best = min(tried, key=_uneven)
    return [(words[t], pictures[i], people[a]) for t, i, a in best]


_TRIED = 4


def _walk(
    sizes: tuple[int, int, int], count: int, steps: tuple[int, int]
) -> list[tuple[int, int, int]]:
    """
    The first combinations of one way through all of them, each once.
    """
    found = []
    for number in range(count):
        round_, at = divmod(number, sizes[0])
        turn, shift = divmod(round_, sizes[1])
        picture = (at + shift) % sizes[1]
        person = (steps[0] * at + steps[1] * shift + turn) % sizes[2]
        found.append((at, picture, person))
    return found


def _uneven(combinations: list[tuple[int, int, int]]) -> int:
    """
    How much more often some things and pairs are used than they need be, squared.
    """
    singles = Counter((side, c[side]) for c in combinations for side in range(3))
    pairs = Counter(
        (side, *c[:side], *c[side + 1 :]) for c in combinations for side in range(3)
    )
    return sum(n * n for n in singles.values()) + sum(n * n for n in pairs.values())


def _named(
    things: Mapping[str, str] | Iterable[str], letter: str
) -> list[tuple[str, str]]:
    if isinstance(things, Mapping):
        return [(key_of(key), value) for key, value in things.items()]
    listed = list(things)
    if letter == "i":
        stems = [key_of(PurePath(str(item)).stem) for item in listed]
        if all(stems) and len(set(stems)) == len(stems):
            return list(zip(stems, listed, strict=True))
    return [(f"{letter}{place}", item) for place, item in enumerate(listed, start=1)]


def _good(
    table: Source, things: list[tuple[str, str]], field: str, same: Mapping[str, Any]
) -> list[tuple[str, str]]:
    """
    What an ad may hold; the rest is reported with its place in the list.
    """
    kept = []
    for line, (key, value) in enumerate(things, start=1):
        fields = {"text": "x", **same, field: value}
        if made(table, line, field, Creative, (), **fields) is not None:
            kept.append((key, value))
    return kept
