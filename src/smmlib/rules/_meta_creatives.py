"""
Meta's rules for what ads show: formats, pictures, links, lengths, buttons.
"""

from __future__ import annotations

from collections.abc import Iterator

from smmlib.errors import Severity
from smmlib.rules import _meta_tables as meta
from smmlib.rules._links import NEED_LINK
from smmlib.rules._rule import Found, Limit, rule
from smmlib.rules._view import CreativeView, PlanView


@rule(
    "meta.thumbnail_missing",
    "A film has a still that people see before it plays.",
    platform=meta.META,
    limits=[meta.THUMBNAIL],
)
def thumbnail_missing(view: PlanView) -> Iterator[Found]:
    """
    Films without a still.
    """
    for item in view.creatives_on(meta.META):
        cards = enumerate(item.creative.cards)
        films = {f"{item.path}.cards[{place}].video": c.video for place, c in cards}
        for path, film in {f"{item.path}.video": item.creative.video, **films}.items():
            if film is None or film.thumbnail:
                continue
            yield Found(
                f"{path}.thumbnail",
                "Meta wants a still for the film",
                value=film.path,
                limit=meta.THUMBNAIL,
                hint="add thumbnail: with a picture from the film",
            )


@rule(
    "meta.image_missing",
    "An ad on Meta shows something.",
    platform=meta.META,
    limits=[meta.IMAGE_NEEDED],
)
def image_missing(view: PlanView) -> Iterator[Found]:
    """
    Creatives that are nothing but text.
    """
    for item in view.creatives_on(meta.META):
        if item.creative.format == "text":
            yield Found(
                f"{item.path}.image",
                "the ad is text only; Meta wants a picture",
                limit=meta.IMAGE_NEEDED,
                hint="add image: or cards:",
            )


@rule(
    "meta.link_missing",
    "An ad with a picture or cards has a link.",
    platform=meta.META,
    limits=[meta.LINK_NEEDED],
)
def link_missing(view: PlanView) -> Iterator[Found]:
    """
    Creatives without a link; `ad.link_missing` speaks where visits are paid for.
    """
    for item in view.creatives_on(meta.META):
        creative = item.creative
        if creative.link or creative.boost:
            continue
        cards_lead = bool(creative.cards) and all(k.link for k in creative.cards)
        said = any(c.objective in NEED_LINK for c, _ in item.uses) and not cards_lead
        if not said:
            yield Found(
                f"{item.path}.link",
                "the ad has no link of its own; Meta wants one"
                + (", for the last card" if cards_lead else ""),
                limit=meta.LINK_NEEDED,
                hint="add the page the ad leads to",
            )


def _lengths(item: CreativeView) -> Iterator[tuple[str, str, str, Limit]]:
    """
    Path, name, text and recommendation for everything people read.
    """
    creative, path = item.creative, item.path
    if creative.text:
        yield f"{path}.text", "text", creative.text.text, meta.TEXT_SHOWN
    yield f"{path}.headline", "headline", creative.headline, meta.HEADLINE
    yield f"{path}.description", "description", creative.description, meta.DESCRIPTION
    for place, card in enumerate(creative.cards):
        own = f"{path}.cards[{place}]"
        yield f"{own}.headline", "headline", card.headline, meta.CARD_HEADLINE
        yield (
            f"{own}.description",
            "description",
            card.description,
            (meta.CARD_DESCRIPTION),
        )


@rule(
    "meta.text_folded",
    "What matters stands in the part of a text that is shown.",
    severity="info",
    platform=meta.META,
    limits=[
        meta.TEXT_SHOWN,
        meta.HEADLINE,
        meta.DESCRIPTION,
        meta.CARD_HEADLINE,
        meta.CARD_DESCRIPTION,
    ],
)
def text_folded(view: PlanView) -> Iterator[Found]:
    """
    Texts that Meta accepts but does not show in full.
    """
    for item in view.creatives_on(meta.META):
        for path, name, text, limit in _lengths(item):
            count = len(text)
            if count > limit.value:
                yield Found(
                    path,
                    f"the {name} has {count} characters; phones show about "
                    f"{limit.value}",
                    value=count,
                    limit=limit,
                    hint=f"say what matters in the first {limit.value} characters",
                    severity=Severity.WARNING if limit is meta.HEADLINE else None,
                )


@rule(
    "meta.few_cards",
    "A carousel has at least three cards.",
    severity="info",
    platform=meta.META,
    limits=[meta.CARDS_RECOMMENDED],
)
def few_cards(view: PlanView) -> Iterator[Found]:
    """
    Carousels with two cards, which Meta takes but does not recommend.
    """
    for item in view.creatives_on(meta.META):
        count = len(item.creative.cards)
        if 0 < count < meta.CARDS_RECOMMENDED.value:
            yield Found(
                f"{item.path}.cards",
                f"the carousel has {count} cards; Meta recommends 3 or more",
                value=count,
                limit=meta.CARDS_RECOMMENDED,
                hint="add a card, or show a single image",
            )


@rule(
    "meta.cards_reordered",
    "A carousel of up to five cards keeps its order.",
    severity="info",
    platform=meta.META,
    limits=[meta.CARDS_IN_ORDER],
)
def cards_reordered(view: PlanView) -> Iterator[Found]:
    """
    Carousels so long that Meta chooses cards and order itself.
    """
    for item in view.creatives_on(meta.META):
        count = len(item.creative.cards)
        if count > meta.CARDS_IN_ORDER.value:
            yield Found(
                f"{item.path}.cards",
                f"with {count} cards Meta chooses which come first",
                value=count,
                limit=meta.CARDS_IN_ORDER,
                hint="use at most 5 cards if they tell a story in order",
            )


@rule(
    "meta.button",
    "The button is one Meta has.",
    platform=meta.META,
    limits=[meta.BUTTONS],
)
def button(view: PlanView) -> Iterator[Found]:
    """
    Buttons Meta does not have.
    """
    for item in view.creatives_on(meta.META):
        cta = item.creative.cta
        nearest = meta.NO_SUCH_BUTTON.get(cta) if cta else None
        if cta and nearest:
            yield Found(
                f"{item.path}.cta",
                f"Meta has no button '{cta.replace('_', ' ')}'",
                value=cta.value,
                limit=meta.BUTTONS,
                hint=f"the nearest one is {nearest}",
            )


@rule(
    "meta.button_target",
    "The button leads to a web page.",
    severity="warning",
    platform=meta.META,
    limits=[meta.BUTTONS],
)
def button_target(view: PlanView) -> Iterator[Found]:
    """
    Buttons that promise something else than the page behind the ad.
    """
    for item in view.creatives_on(meta.META):
        cta = item.creative.cta
        needs = meta.BUTTON_NEEDS.get(cta) if cta else None
        if cta and needs:
            yield Found(
                f"{item.path}.cta",
                f"the button '{cta.replace('_', ' ')}' needs {needs}; here it leads to "
                "a web page",
                value=cta.value,
                limit=meta.BUTTONS,
                hint="choose learn_more or sign_up",
            )


RULES = (
    thumbnail_missing,
    image_missing,
    link_missing,
    text_folded,
    few_cards,
    cards_reordered,
    button,
    button_target,
)
