"""
Rules about what ads say and show, on every platform.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from smmlib.model import BEFORE_SHOW_MORE, AdText, Creative, TextState
from smmlib.rules._rule import Found, Limit, rule
from smmlib.rules._view import PlanView

TEXT = Limit(
    'text of an ad before "Show more"',
    BEFORE_SHOW_MORE,
    unit="characters",
    source="smmlib, the 480 rule",
)


def _texts(path: str, creative: Creative) -> Iterator[tuple[str, AdText]]:
    """
    The text of a creative in all its languages.
    """
    if creative.text:
        yield f"{path}.text", creative.text
    for place, variant in enumerate(creative.variants):
        if variant.text:
            yield f"{path}.variants[{place}].text", variant.text


@rule(
    "text.limit_raised",
    "Ads keep to the 480 characters before “Show more”.",
    severity="warning",
    limits=[TEXT],
)
def limit_raised(view: PlanView) -> Iterator[Found]:
    """
    Ad texts whose limit was raised by hand.
    """
    for item in view.creatives:
        for path, text in _texts(item.path, item.creative):
            if text.limit > BEFORE_SHOW_MORE:
                yield Found(
                    path,
                    f"the limit of this text was raised to {text.limit}; it has "
                    f"{len(text)} characters, people see {BEFORE_SHOW_MORE} at most "
                    'before "Show more"',
                    value=text.limit,
                    limit=TEXT,
                    hint="leave the limit out and shorten the text",
                )


@rule("ad.no_text", "An ad has a text.", severity="warning")
def no_text(view: PlanView) -> Iterator[Found]:
    """
    Ads that show a picture and say nothing.
    """
    for item in view.creatives:
        if item.uses and not item.creative.text and not item.creative.boost:
            yield Found(
                f"{item.path}.text",
                "the ad has no text",
                hint=f"add up to {BEFORE_SHOW_MORE} characters",
            )


@rule(
    "card.no_headline", "Every card of a carousel has a headline.", severity="warning"
)
def card_no_headline(view: PlanView) -> Iterator[Found]:
    """
    Cards that do not say what they show.
    """
    for item in view.creatives:
        for place, card in enumerate(item.creative.cards):
            if not card.headline.strip():
                yield Found(
                    f"{item.path}.cards[{place}].headline",
                    f"card {place + 1} has no headline",
                    hint="say in a few words what it shows",
                )


@rule("text.not_translated", "Every language has its text.", severity="warning")
def not_translated(view: PlanView) -> Iterator[Found]:
    """
    Languages an ad is planned in, whose text is still missing.
    """
    for item in view.creatives:
        for place, variant in enumerate(item.creative.variants):
            if variant.state is TextState.MISSING:
                yield Found(
                    f"{item.path}.variants[{place}]",
                    f"the text in '{variant.language}' is missing",
                    value=variant.language,
                    hint="translate it, or drop the language",
                )


def _unwanted(view: PlanView) -> re.Pattern[str] | None:
    """
    The words the brand does not use, as one pattern, so that each text is read once.
    """
    strategy = view.plan.strategy
    style = strategy.brand.style if strategy else None
    words = sorted(style.dont, key=len, reverse=True) if style else []
    if not words:
        return None
    return re.compile(
        r"(?<!\w)(?:" + "|".join(re.escape(w) for w in words) + r")(?!\w)",
        re.IGNORECASE,
    )


def _spoken(view: PlanView) -> Iterator[tuple[str, str]]:
    """
    Everything the brand says in public, with its path.
    """
    for item in view.creatives:
        creative = item.creative
        for path, text in _texts(item.path, creative):
            yield path, text.text
        yield f"{item.path}.headline", creative.headline
        yield f"{item.path}.description", creative.description
        for place, card in enumerate(creative.cards):
            yield f"{item.path}.cards[{place}].headline", card.headline
            yield f"{item.path}.cards[{place}].description", card.description
    for key, post in view.plan.posts.items():
        yield f"posts.{key}.text", post.text
        for network, words in post.variants.items():
            yield f"posts.{key}.variants.{network}", words


@rule(
    "brand.unwanted_word",
    "Texts keep to the words of the brand.",
    severity="warning",
)
def unwanted_word(view: PlanView) -> Iterator[Found]:
    """
    Texts with words that stand on the brand's "don't" list.
    """
    pattern = _unwanted(view)
    for path, text in _spoken(view) if pattern else ():
        found = pattern.search(text) if pattern and text else None
        if found:
            yield Found(
                path,
                f"'{found.group()}' is a word the brand does not use",
                value=found.group(),
                limit="no word of strategy.brand.style.dont",
                hint="say it in other words",
            )


@rule("creative.unused", "Every creative is shown by an ad.", severity="info")
def unused(view: PlanView) -> Iterator[Found]:
    """
    Finished creatives that no ad shows.
    """
    for item in view.creatives:
        if not item.uses:
            yield Found(
                item.path,
                "no ad shows this creative",
                hint="add it to an ad set, or drop it",
            )


RULES = (
    limit_raised,
    no_text,
    card_no_headline,
    not_translated,
    unwanted_word,
    unused,
)
