"""
When people suddenly write angrily: words that tell it, and how many are too many.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta
from math import exp
from typing import TYPE_CHECKING

import attrs

from smmlib.analytics._alerts_value import Alert, AlertKind, Urgency

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date

    from smmlib.model import Message

    Tone = Callable[[Message], bool]

# Beginnings of words, chosen by hand; one list for all languages, since they hardly
# share beginnings that mean something else.
_ANGRY = re.compile(
    r"\b(?:scam|fraud|awful|terribl|horribl|worst|disgust|rip-?off|rubbish|"
    r"garbage|useless|disappoint|liars?\b|lying|lied|unacceptable|shame|boycott|broken|"
    r"refund|complain|angry|furious|hate|never again|doesn'?t work|not work|"
    r"does not work|poor quality|bad quality|waste of|stolen|misleading|"
    r"betrug|betrüg|abzock|schrecklich|furchtbar|schlecht|mies|enttäusch|"
    r"unverschämt|frechheit|nie wieder|kaputt|lüge|lügner|skandal|schande|"
    r"boykott|ärgerlich|wütend|beschwer|rückerstattung|funktioniert nicht|müll|"
    r"обман|мошенн|развод\b|ужас|отврат|плох|худш|разочаров|верните|возврат|позор|"
    r"кошмар|не работает|жалоб|стыд|врут|врать|никогда больше|дрянь|бойкот)",
    re.IGNORECASE,
)
_FACES = re.compile("[😠😡🤬👎🤮🤢💩]")
_NOT_ANGRY = re.compile(
    r"\b(?:not (?:bad|a scam|terrible)|no complain\w*|never disappoint\w*|"
    r"nicht (?:schlecht|enttäuscht\w*)|gar nicht schlecht|не плох\w*|"
    r"не разочаров\w*)",
    re.IGNORECASE,
)
_RECENT, _BEFORE = 2, 28
_LEAST = 5
_CHANCE = 1e-3
_TIMES = 2.0


def sounds_negative(message: Message) -> bool:
    """
    Whether a comment or review sounds angry or disappointed.

    Words and faces of English, German and Russian; no irony. It finds a storm, not
    every single complaint.
    """
    text = _NOT_ANGRY.sub(" ", message.text)
    return bool(_ANGRY.search(text) or _FACES.search(text))


@attrs.frozen
class Mood:
    """
    Messages of one network, recent and before.
    """

    angry: int
    all: int
    angry_before: int
    all_before: int


def negativity(
    messages: Iterable[tuple[Message, date]], last: date, tone: Tone
) -> Iterator[Alert]:
    """
    One alert for each network on which people suddenly write angrily.

    Args:
        messages: What people wrote, with its day.
        last: The last day that counts.
        tone: Says whether a message is negative.
    """
    moods = _moods(messages, last, tone)
    for network, mood in sorted(moods.items()):
        usual = _usual(mood)
        if mood.angry < _LEAST or mood.angry < _TIMES * usual:
            continue
        if _tail(mood.angry, usual) > _CHANCE:
            continue
        yield Alert(
            AlertKind.NEGATIVITY,
            network,
            message=f"{mood.angry} of {mood.all} messages in {_RECENT} days are "
            f"negative, {usual:.1f} are usual",
            hint="Read them and answer today, and hold back posts that are due.",
            urgency=Urgency.NOW,
            since=last - timedelta(days=_RECENT - 1),
        )


def _moods(
    messages: Iterable[tuple[Message, date]], last: date, tone: Tone
) -> dict[str, Mood]:
    counts: dict[str, Counter[str]] = {}
    turn = last - timedelta(days=_RECENT)
    start = turn - timedelta(days=_BEFORE)
    for message, day in messages:
        if start < day <= last:
            found = counts.setdefault(message.network.value, Counter())
            when = "recent" if day > turn else "before"
            found[when] += 1
            found[f"angry {when}"] += tone(message)
    return {
        network: Mood(c["angry recent"], c["recent"], c["angry before"], c["before"])
        for network, c in counts.items()
    }


def _usual(mood: Mood) -> float:
    """
    How many negative messages are usual in so few days.

    The larger of two measures: by days, and by the share of all messages, so that
    neither a busy day nor a quiet month makes a storm. One negative message more than
    was seen stands for what chance hid.
    """
    by_day = (mood.angry_before + 1) / _BEFORE * _RECENT
    share = (mood.angry_before + 1) / (mood.all_before + 10)
    return max(by_day, share * mood.all)


def _tail(count: int, mean: float) -> float:
    """
    The chance of so many or more, if they came by a Poisson process.
    """
    term, below = exp(-mean), 0.0
    for number in range(count):
        below += term
        term *= mean / (number + 1)
    return max(1.0 - below, 0.0)
