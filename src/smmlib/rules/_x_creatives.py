"""
X's rules for what ads show: weighted length, links, films, carousels.
"""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from smmlib.errors import Severity
from smmlib.model import Creative
from smmlib.model._text import count_characters
from smmlib.rules import _x_tables as x
from smmlib.rules._posts import X_TEXT
from smmlib.rules._rule import Found, Limit, rule
from smmlib.rules._view import PlanView
from smmlib.rules._weighted import weighted_length


@attrs.frozen
class TooLong:
    """
    A text that is longer than X takes, or shows.
    """

    path: str
    code: str
    message: str
    value: int = attrs.field(kw_only=True)
    limit: Limit = attrs.field(kw_only=True)
    hint: str = attrs.field(kw_only=True)
    severity: Severity = attrs.field(default=Severity.ERROR, kw_only=True)


def ad_text(creative: Creative, link: str) -> str:
    """
    What a post says: a link that no card carries stands behind the text.
    """
    text = creative.text.text.strip() if creative.text else ""
    carded = creative.image or creative.video or creative.cards
    return f"{text} {link}".strip() if link and not carded else text


def too_long(creative: Creative, path: str, link: str) -> Iterator[TooLong]:
    """
    Every text of a creative that is too long for X.

    Args:
        creative: The creative.
        path: Where it stands in the plan.
        link: Its link as it is sent, tags included.
    """
    if creative.boost:
        return
    weight = weighted_length(ad_text(creative, link))
    if weight > X_TEXT.value:
        yield TooLong(
            f"{path}.text",
            "x.text_too_long",
            f"the text weighs {weight} as X counts (links 23, emoji 2), it takes "
            f"{X_TEXT.value}",
            value=weight,
            limit=X_TEXT,
            hint=f"shorten it by {weight - X_TEXT.value}",
        )
    titles = [(f"{path}.headline", creative.headline)]
    titles += [
        (f"{path}.cards[{number}].headline", card.headline)
        for number, card in enumerate(creative.cards)
    ]
    for where, title in titles:
        count = count_characters(title)
        if count > x.CARD_TITLE.value:
            yield TooLong(
                where,
                "x.title_cut",
                f"the title has {count} characters; X shows {x.CARD_TITLE.value}",
                value=count,
                limit=x.CARD_TITLE,
                hint=f"shorten it by {count - x.CARD_TITLE.value} characters",
                severity=Severity.WARNING,
            )


def _of(view: PlanView, code: str) -> Iterator[Found]:
    for item in view.creatives_on(x.X):
        # Tags make a link longer, never heavier.
        for found in too_long(item.creative, item.path, item.creative.link):
            if found.code == code:
                yield Found(
                    found.path,
                    found.message,
                    value=found.value,
                    limit=found.limit,
                    hint=found.hint,
                )


@rule(
    "x.text_too_long",
    "The text of an ad on X weighs at most 280, its link included.",
    platform=x.X,
    limits=[X_TEXT],
)
def text_too_long(view: PlanView) -> Iterator[Found]:
    """
    Texts X would refuse.
    """
    return _of(view, "x.text_too_long")


@rule(
    "x.title_cut",
    "Titles of cards on X are shown whole.",
    severity="warning",
    platform=x.X,
    limits=[x.CARD_TITLE],
)
def title_cut(view: PlanView) -> Iterator[Found]:
    """
    Titles X cuts.
    """
    return _of(view, "x.title_cut")


@rule(
    "x.cards",
    "A carousel on X has 2 to 6 cards.",
    platform=x.X,
    limits=[x.CARDS],
)
def cards(view: PlanView) -> Iterator[Found]:
    """
    Carousels with more cards than X takes.
    """
    low, high = x.CARDS.value
    for item in view.creatives_on(x.X):
        count = len(item.creative.cards)
        if count and not low <= count <= high:
            yield Found(
                f"{item.path}.cards",
                f"a carousel of {count} cards",
                value=count,
                limit=x.CARDS,
                hint="split it into two ads",
            )


RULES = (text_too_long, title_cut, cards)
