"""
LinkedIn's rules for what ads show: lengths, links, buttons, one format per ad set.
"""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from smmlib.errors import Severity
from smmlib.model import Creative
from smmlib.model._text import count_characters
from smmlib.rules import _linkedin_tables as linkedin
from smmlib.rules._links import NEED_LINK
from smmlib.rules._rule import Found, Limit, rule
from smmlib.rules._view import PlanView


@attrs.frozen
class _Part:
    """
    One text of a creative, and how much of it there may be.
    """

    code: str
    path: str
    name: str
    text: str
    limit: Limit

    @property
    def count(self) -> int:
        """
        How long it is.
        """
        return count_characters(self.text)


@attrs.frozen
class TooLong:
    """
    A text that is longer than LinkedIn takes.
    """

    path: str
    message: str
    value: int = attrs.field(kw_only=True)
    limit: Limit = attrs.field(kw_only=True)
    hint: str = attrs.field(kw_only=True)


def _parts(creative: Creative, path: str) -> Iterator[_Part]:
    """
    Every text of a creative with its hard limit.
    """
    text = creative.text.text if creative.text else ""
    if creative.cards:
        yield _Part(
            "linkedin.carousel_text_too_long",
            f"{path}.text",
            "text of a carousel",
            text,
            linkedin.CAROUSEL_TEXT,
        )
        for place, card in enumerate(creative.cards):
            yield _Part(
                "linkedin.card_headline_too_long",
                f"{path}.cards[{place}].headline",
                "headline of a card",
                card.headline,
                linkedin.CARD_HEADLINE,
            )
        return
    yield _Part("linkedin.text_too_long", f"{path}.text", "text", text, linkedin.TEXT)
    yield _Part(
        "linkedin.headline_too_long",
        f"{path}.headline",
        "headline",
        creative.headline,
        linkedin.HEADLINE,
    )


def too_long(creative: Creative, path: str) -> Iterator[tuple[str, TooLong]]:
    """
    Code and place of every text LinkedIn would refuse or cut; posts keep what they say.
    """
    if creative.boost:
        return
    for part in _parts(creative, path):
        more = part.count - part.limit.value
        if more > 0:
            yield (
                part.code,
                TooLong(
                    part.path,
                    f"the {part.name} has {part.count} characters; LinkedIn takes "
                    f"{part.limit.value}",
                    value=part.count,
                    limit=part.limit,
                    hint=f"shorten it by {more} characters",
                ),
            )


def _of(view: PlanView, code: str) -> Iterator[Found]:
    for item in view.creatives_on(linkedin.LINKEDIN):
        for own, found in too_long(item.creative, item.path):
            if own == code:
                yield Found(
                    found.path,
                    found.message,
                    value=found.value,
                    limit=found.limit,
                    hint=found.hint,
                    severity=_severity(item.creative, found),
                )


def _severity(creative: Creative, found: TooLong) -> Severity | None:
    """
    A text with a limit of its own that holds it was read from LinkedIn: it may stand
    there, which only a comparison with the account can tell for certain.
    """
    own = creative.text.limit if creative.text else 0
    stands = found.limit is linkedin.TEXT and own > linkedin.TEXT.value
    return Severity.WARNING if stands and found.value <= own else None


@rule(
    "linkedin.text_too_long",
    "The text of an ad with one picture or film has at most 600 characters.",
    platform=linkedin.LINKEDIN,
    limits=[linkedin.TEXT],
)
def text_too_long(view: PlanView) -> Iterator[Found]:
    """
    Texts beyond 600 characters, which only imported ones reach.
    """
    return _of(view, "linkedin.text_too_long")


@rule(
    "linkedin.carousel_text_too_long",
    "The text of a carousel has at most 255 characters.",
    platform=linkedin.LINKEDIN,
    limits=[linkedin.CAROUSEL_TEXT],
)
def carousel_text_too_long(view: PlanView) -> Iterator[Found]:
    """
    Texts of carousels that are fine elsewhere, and too long for LinkedIn.
    """
    return _of(view, "linkedin.carousel_text_too_long")


@rule(
    "linkedin.headline_too_long",
    "A headline has at most 200 characters.",
    platform=linkedin.LINKEDIN,
    limits=[linkedin.HEADLINE],
)
def headline_too_long(view: PlanView) -> Iterator[Found]:
    """
    Headlines LinkedIn does not take.
    """
    return _of(view, "linkedin.headline_too_long")


@rule(
    "linkedin.card_headline_too_long",
    "The headline of a carousel's card has at most 45 characters.",
    platform=linkedin.LINKEDIN,
    limits=[linkedin.CARD_HEADLINE],
)
def card_headline_too_long(view: PlanView) -> Iterator[Found]:
    """
    Headlines of cards LinkedIn does not take.
    """
    return _of(view, "linkedin.card_headline_too_long")


@rule(
    "linkedin.text_folded",
    "What matters stands in the part of a text that is shown.",
    severity="info",
    platform=linkedin.LINKEDIN,
    limits=[linkedin.TEXT_SHOWN],
)
def text_folded(view: PlanView) -> Iterator[Found]:
    """
    Texts that fit, but of which LinkedIn shows the beginning only.
    """
    for item in view.creatives_on(linkedin.LINKEDIN):
        text = item.creative.text
        if text and len(text) > linkedin.TEXT_SHOWN.value:
            yield Found(
                f"{item.path}.text",
                f"the text has {len(text)} characters; LinkedIn shows about "
                f"{linkedin.TEXT_SHOWN.value} before the rest is folded away",
                value=len(text),
                limit=linkedin.TEXT_SHOWN,
                hint="say what matters first",
            )


@rule(
    "linkedin.headline_folded",
    "Headlines are short enough to be shown whole.",
    severity="warning",
    platform=linkedin.LINKEDIN,
    limits=[linkedin.HEADLINE_SHOWN],
)
def headline_folded(view: PlanView) -> Iterator[Found]:
    """
    Headlines that LinkedIn takes and cuts on most screens.
    """
    for item in view.creatives_on(linkedin.LINKEDIN):
        count = count_characters(item.creative.headline)
        if linkedin.HEADLINE_SHOWN.value < count and not item.creative.cards:
            yield Found(
                f"{item.path}.headline",
                f"the headline has {count} characters; LinkedIn shows about "
                f"{linkedin.HEADLINE_SHOWN.value}",
                value=count,
                limit=linkedin.HEADLINE_SHOWN,
                hint=f"keep it below {linkedin.HEADLINE_SHOWN.value} characters",
            )


@rule(
    "linkedin.link_missing",
    "An ad leads somewhere.",
    platform=linkedin.LINKEDIN,
    limits=[linkedin.LINK_NEEDED],
)
def link_missing(view: PlanView) -> Iterator[Found]:
    """
    Creatives without a link; `ad.link_missing` speaks where visits are paid for.
    """
    for item in view.creatives_on(linkedin.LINKEDIN):
        creative = item.creative
        if creative.link or creative.boost:
            continue
        if not any(c.objective in NEED_LINK for c, _ in item.uses):
            yield Found(
                f"{item.path}.link",
                "the ad has no link; LinkedIn wants one",
                limit=linkedin.LINK_NEEDED,
                hint="add the page the ad leads to",
            )


@rule(
    "linkedin.button",
    "The button is one LinkedIn has.",
    platform=linkedin.LINKEDIN,
    limits=[linkedin.BUTTONS],
)
def button(view: PlanView) -> Iterator[Found]:
    """
    Buttons LinkedIn does not have.
    """
    for item in view.creatives_on(linkedin.LINKEDIN):
        cta = item.creative.cta
        nearest = linkedin.NO_SUCH_BUTTON.get(cta) if cta else None
        if cta and nearest:
            yield Found(
                f"{item.path}.cta",
                f"LinkedIn has no button '{cta.replace('_', ' ')}'",
                value=cta.value,
                limit=linkedin.BUTTONS,
                hint=f"the nearest one is {nearest}",
            )


def _format(creative: Creative) -> str:
    if creative.boost:
        return ""
    return creative.format if creative.format in {"carousel", "video"} else "image"


@rule(
    "linkedin.formats_mixed",
    "All ads of an ad set have one format.",
    platform=linkedin.LINKEDIN,
    limits=[linkedin.ONE_FORMAT],
)
def formats_mixed(view: PlanView) -> Iterator[Found]:
    """
    Ad sets with carousels beside films or pictures.
    """
    for campaign in view.campaigns_on(linkedin.LINKEDIN):
        for item in campaign.ad_sets:
            creatives = [ad.creative.creative for ad in item.ads if ad.creative]
            formats = sorted({f for c in creatives if (f := _format(c))})
            if len(formats) > 1:
                yield Found(
                    f"{item.path}.ads",
                    f"ad set '{item.key}' shows {' and '.join(formats)}; LinkedIn "
                    "takes one format",
                    value=", ".join(formats),
                    limit=linkedin.ONE_FORMAT,
                    hint="give each format an ad set of its own",
                )


RULES = (
    text_too_long,
    carousel_text_too_long,
    headline_too_long,
    card_headline_too_long,
    text_folded,
    headline_folded,
    link_missing,
    button,
    formats_mixed,
)
