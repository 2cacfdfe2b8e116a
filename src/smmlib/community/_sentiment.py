"""
Whether people sound pleased or angry, in which language, and how many do on each day.
"""

# ruff: noqa: RUF001 - Russian letters are meant

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from enum import StrEnum
from statistics import median
from zoneinfo import ZoneInfo

import attrs

from smmlib.community._words import COMMON, LANGUAGES, NEGATIONS, pattern
from smmlib.errors import Issue, Severity
from smmlib.model import Message


class Sentiment(StrEnum):
    """
    How a message sounds.
    """

    POSITIVE = "positive"
    NEUTRAL = "neutral"
    NEGATIVE = "negative"


SentimentBy = Callable[[Message], Sentiment]
"""
A function of your own that tells how a message sounds.
"""

_WORD = re.compile(r"[\w']+")
_CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
_GLAD = re.compile("[😀😃😄😁😊😍🥰❤👍🙏🎉💛]")
_ANGRY = re.compile("[😠😡🤬👎🤮🤢💩]")
_REACH = 24  # characters before a word in which a negation turns it round
_BEFORE = 28


def language_of(text: str) -> str:
    """
    The language a text is probably written in, of those with word lists; else empty.
    """
    if _CYRILLIC.search(text):
        return "ru"
    words = [word.casefold() for word in _WORD.findall(text)]
    counts = {
        language: sum(word in COMMON[language].split() for word in words)
        for language in LANGUAGES
    }
    for language, marks in (("de", "äöüß"), ("es", "ñ¿¡áéíó")):
        counts[language] += any(mark in text.casefold() for mark in marks)
    best = max(counts.values())
    found = [language for language, count in counts.items() if count == best]
    return found[0] if best and len(found) == 1 else ""


def languages_for(message: Message) -> tuple[str, ...]:
    """
    Whose words are looked for: the language that is known or seen, else all of them.
    """
    known = message.language.partition("-")[0].casefold()
    found = known if known in LANGUAGES else language_of(message.text)
    return (found,) if found else LANGUAGES


def sentiment(message: Message) -> Sentiment:
    """
    How a message sounds by its words and faces; a negation turns a word round.

    English, German, Spanish and Russian. No irony.

    Args:
        message: What somebody wrote.
    """
    text = message.text
    score = len(_GLAD.findall(text)) - len(_ANGRY.findall(text))
    for language in languages_for(message):
        score += _score(text, language, "positive") - _score(text, language, "negative")
    if score == 0:
        return Sentiment.NEUTRAL
    return Sentiment.POSITIVE if score > 0 else Sentiment.NEGATIVE


def _score(text: str, language: str, table: str) -> int:
    """
    How often words of a table are meant, minus how often they are turned round.
    """
    turned = set(NEGATIONS[language].split())
    score = 0
    for match in pattern(table, language).finditer(text):
        before = text[max(0, match.start() - _REACH) : match.start()].casefold()
        near = re.split(r"[.,;!?\n]", before)[-1]
        score += -1 if turned & set(_WORD.findall(near)[-3:]) else 1
    return score


def sounds_negative(message: Message) -> bool:
    """
    Whether a message sounds angry or disappointed: a yes or no for alerts.
    """
    return sentiment(message) is Sentiment.NEGATIVE


# -- day by day ------------------------------------------------------------------------


@attrs.frozen(kw_only=True)
class MoodDay:
    """
    How many wrote on one day, and how many of them sounded angry.
    """

    day: date
    messages: int
    negative: int
    positive: int


def mood_by_day(
    messages: Iterable[Message], *, zone: str, by: SentimentBy = sentiment
) -> tuple[MoodDay, ...]:
    """
    Counts per day from the first to the last message, quiet days included.

    Args:
        messages: What people wrote.
        zone: Whose days.
        by: How a message sounds; a function of your own replaces the word lists.
    """
    place = ZoneInfo(zone)
    counts: dict[date, list[int]] = {}
    for message in messages:
        row = counts.setdefault(message.at.astimezone(place).date(), [0, 0, 0])
        found = by(message)
        row[0] += 1
        row[1] += found is Sentiment.NEGATIVE
        row[2] += found is Sentiment.POSITIVE
    if not counts:
        return ()
    first, last = min(counts), max(counts)
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return tuple(
        MoodDay(day=day, messages=row[0], negative=row[1], positive=row[2])
        for day in days
        for row in (counts.get(day, [0, 0, 0]),)
    )


def sudden_negativity(
    days: Iterable[MoodDay], *, times: float = 3, least: int = 5
) -> Iterator[Issue]:
    """
    An alert for every day on which many more people were angry than usual.

    Usual is the median of up to 28 days before. A storm needs both: `times` as many as
    usual, and `least` of them.

    Args:
        days: Counts per day, in order.
        times: How many times as many.
        least: The fewest that are worth an alert.
    """
    known: list[MoodDay] = []
    for row in days:
        usual = median([d.negative for d in known[-_BEFORE:]]) if known else 0
        limit = max(least, times * usual)
        if row.negative >= limit:
            yield Issue(
                f"community.{row.day}",
                "community.negative",
                f"{row.negative} of {row.messages} messages on {row.day} sound angry; "
                f"usual are {usual:g} a day",
                severity=Severity.WARNING,
                value=row.negative,
                limit=f"fewer than {limit:g}",
                hint="read them, answer once in public, and hold what is scheduled",
            )
        known.append(row)
