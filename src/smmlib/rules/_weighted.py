"""
How long a text is to X, which weighs scripts, emoji and links differently.

Source: twitter-text 3, configuration version 3 and its algorithm, read 2026-11.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

import attrs

from smmlib.rules._weighted_emoji import KEYCAP, LINKS, NEVER_FIRST, emoji_pattern
from smmlib.rules._weighted_urls import link_spans

MAX_WEIGHT = 280
LINK_WEIGHT = 23
EMOJI_WEIGHT = 2

# Code points outside these ranges weigh 2. No emoji of more than one code point and
# few of one lie inside them.
_LIGHT = "\0-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037"
_HEAVY = re.compile(f"[^{_LIGHT}]+")
_REFUSED = re.compile("[\ufffe\ufeff\uffff]")
_LONG = 1000


@cache
def _emoji() -> re.Pattern[str]:
    return emoji_pattern()


# Emoji of one code point weigh what any such code point weighs, but for two light ones.
# So only what is made of several is looked at; sets that exclude are quick about ASCII.
_LIGHT_EMOJI = "\xa9\xae"
_PART = f"[^{NEVER_FIRST}]"
_LINKED = re.compile(f"{_PART}(?:[{LINKS}]|\u200d{_PART})+")
_LINKED_OR_KEYCAP = re.compile(f"[0-9#*]\ufe0f?{KEYCAP}|{_LINKED.pattern}")


def weighted_length(text: str) -> int:
    """
    How long X counts a text; 280 is the most a post may have.

    Links count 23 each, with or without `https://`, emoji 2 whatever they are made of,
    Chinese, Japanese and Korean characters 2, most others 1.

    Args:
        text: A text as typed; it is normalised (NFC) as X does.

    Example:
        >>> from smmlib.rules import weighted_length
        >>> weighted_length("Open today: example.com/menu")
        35
    """
    if not text.isascii():
        return _mixed_length(_normal(text))
    total = len(text) - text.count("\r\n")
    if "." in text:
        for begin, end in link_spans(text):
            total += LINK_WEIGHT - (end - begin)
    return total


def _mixed_length(text: str) -> int:
    total = -text.count("\r\n")
    if "." in text:
        links = link_spans(text)
        if links:
            parts, at = [], 0
            for begin, end in links:
                parts.append(text[at:begin])
                at = end
            parts.append(text[at:])
            # The spaces keep neighbours apart, and are not counted.
            text = " ".join(parts)
            total += (LINK_WEIGHT - 1) * len(links)
    total += _weight(text)
    linked = _LINKED_OR_KEYCAP if KEYCAP in text else _LINKED
    piled = "\n".join(linked.findall(text))
    for light in _LIGHT_EMOJI:
        total += text.count(light) - piled.count(light)
    if piled:
        rest, count = _emoji().subn("", piled)
        total += EMOJI_WEIGHT * count - (_linked_weight(piled) - _linked_weight(rest))
    return total


def _linked_weight(piled: str) -> int:
    """
    What the code points of linked ones weigh: as `_weight`, by the few light ones.
    """
    if KEYCAP in piled:
        return _weight(piled)
    light = piled.count("\n") + piled.count("\u200d")
    return 2 * len(piled) - light - sum(map(piled.count, _LIGHT_EMOJI))


def _weight(text: str) -> int:
    """
    What the single code points weigh.
    """
    return len(text) + len("".join(_HEAVY.findall(text)))


def _normal(text: str) -> str:
    """
    The normal form C, in time that grows with the text even for piles of accents.
    """
    if len(text) > _LONG and not unicodedata.is_normalized("NFC", text):
        ranks = {char: unicodedata.combining(char) for char in set(text)}
        marks = "".join(char for char, rank in ranks.items() if rank)
        if marks:
            # The library sorts piles of marks by insertion; sorted ones cost nothing.
            text = re.sub(
                f"[{re.escape(marks)}]{{9,}}",
                lambda pile: "".join(sorted(pile[0], key=ranks.__getitem__)),
                text,
            )
    return unicodedata.normalize("NFC", text)


@attrs.frozen
class WeightedText:
    """
    How X counts a text, and how much of it fits into one post.

    Places are counted in UTF-16 units from 0, as X and its clients count them.

    Attributes:
        length: The weighted length.
        valid: Whether X takes it: 1 to 280, and no code point X refuses.
        permillage: How much of the 280 is used, in thousandths.
        display_end: Place of the last character.
        valid_end: Place of the last character that fits.
        visible: The beginning that fits, in normal form.
    """

    length: int
    valid: bool
    permillage: int
    display_end: int
    valid_end: int
    visible: str


def weigh(text: str) -> WeightedText:
    """
    Count a text as X does, and find the part of it that fits.

    Args:
        text: A text as typed.
    """
    normal = _normal(text).replace("\r\n", "\n").replace("\r", "\n")
    length = weighted_length(normal)
    refused = _REFUSED.search(normal)
    end = _fitting(normal, refused.start() if refused else len(normal))
    units, shrunk = _utf16_units(text), _utf16_units(text) - _utf16_units(normal)
    return WeightedText(
        length=length,
        valid=0 < length <= MAX_WEIGHT and refused is None,
        permillage=1000 * length // MAX_WEIGHT,
        display_end=max(units - 1, 0),
        valid_end=max(_utf16_units(normal[:end]) - 1, 0) + shrunk,
        visible=normal[:end],
    )


def _utf16_units(text: str) -> int:
    return len(text) + len(re.findall("[\U00010000-\U0010ffff]", text))


def _fitting(text: str, stop: int) -> int:
    """
    Where the text weighs 280, without cutting through a link or an emoji.
    """
    total = end = 0
    for piece_end, weight in _pieces(text):
        total += weight
        if total > MAX_WEIGHT or piece_end > stop:
            break
        end = piece_end
    return end


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """
    End and weight of each link, emoji or other code point, in order.
    """
    links = dict(link_spans(text))
    emoji, at = _emoji(), 0
    while at < len(text):
        sequence = None if at in links else emoji.match(text, at)
        if at in links:
            at = links[at]
            yield at, LINK_WEIGHT
        elif sequence:
            at = sequence.end()
            yield at, EMOJI_WEIGHT
        else:
            at += 1
            yield at, 2 if _HEAVY.match(text, at - 1) else 1
