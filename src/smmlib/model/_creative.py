"""
What people see of an ad: text, picture or cards, a button and where it leads.
"""

from __future__ import annotations

import re

import attrs

from smmlib.model._checks import (
    are,
    as_tuple,
    is_key,
    is_optional,
    is_optional_language,
    is_optional_text,
    is_text,
    is_type,
    refuse,
)
from smmlib.model._enums import CTA
from smmlib.model._link import PLAIN_LINK, Utm, is_link, is_optional_link
from smmlib.model._quick import plain_text, quick
from smmlib.model._text import AdText, TextVariant, ad_text
from smmlib.model._value import Value
from smmlib.model._words import as_cta, as_network

_MIN_CARDS, _MAX_CARDS = 2, 10
_LONGEST_PATH = 2048
_LONGEST_LINE = 1000
_LONGEST_NAME = 400
# What nearly every file is called: folders and names that no system reads otherwise.
_PLAIN_PATH = re.compile(r"[A-Za-z0-9_-]+(?:[./ ][A-Za-z0-9_-]+)*\Z")


def is_media_path(attribute: str, value: str) -> None:
    """
    Refuse what is neither a web address nor a file inside the project's folder.
    """
    is_text(attribute, value, longest=_LONGEST_PATH)
    if _PLAIN_PATH.match(value):
        return
    if "://" in value:
        is_link(attribute, value)
        return
    parts = value.replace("\\", "/").split("/")
    if value.startswith(("/", "\\", "~")) or ".." in parts or ":" in parts[0]:
        refuse(
            attribute,
            f"{value!r} leads out of the project's folder",
            code="media.path",
            value=value,
            expected="a relative path such as img/a.jpg, or https://...",
            hint="copy the file next to the plan",
        )


# Links and paths that need no second look are also short.
_SHORT = 400
_NO_OR_PLAIN_LINK = (
    "link == '' or link.__class__ is str"
    f" and len(link) <= {_SHORT} and is_plain_link(link)"
)


@quick(
    f"path.__class__ is str and len(path) <= {_SHORT} and is_plain_path(path)",
    plain_text("alt", _LONGEST_LINE),
    is_plain_path=_PLAIN_PATH.match,
)
@attrs.frozen(eq=False, repr=False)
class Image(Value):
    """
    A picture, by relative path or address.

    Attributes:
        path: File next to the plan, or a web address.
        alt: What it shows, for people who cannot see it.
    """

    path: str
    alt: str = attrs.field(default="", kw_only=True)

    def __attrs_post_init__(self) -> None:
        is_media_path("path", self.path)
        is_optional_text("alt", self.alt, longest=_LONGEST_LINE)


def as_image(value: Image | str | None) -> Image | None:
    """
    Let a user give a path where an `Image` is meant.
    """
    return Image(value) if isinstance(value, str) else value


@attrs.frozen(eq=False, repr=False)
class Video(Value):
    """
    A film, by relative path or address.

    Attributes:
        path: File next to the plan, or a web address.
        thumbnail: The still people see before it plays.
        alt: What it shows, for people who cannot see it.
    """

    path: str
    thumbnail: Image | None = attrs.field(
        default=None, converter=as_image, kw_only=True
    )
    alt: str = attrs.field(default="", kw_only=True)

    def __attrs_post_init__(self) -> None:
        is_media_path("path", self.path)
        is_optional("thumbnail", self.thumbnail, Image)
        is_optional_text("alt", self.alt, longest=_LONGEST_LINE)


def as_video(value: Video | str | None) -> Video | None:
    """
    Let a user give a path where a `Video` is meant.
    """
    return Video(value) if isinstance(value, str) else value


@quick(
    "image.__class__ is Image and video is None",
    plain_text("headline", _LONGEST_LINE),
    plain_text("description", _LONGEST_LINE),
    _NO_OR_PLAIN_LINK,
    Image=Image,
    is_plain_link=PLAIN_LINK.match,
)
@attrs.frozen(eq=False, repr=False)
class Card(Value):
    """
    One card of a carousel.

    Attributes:
        image: Its picture, unless it has a film.
        headline: Its title.
        video: Its film, unless it has a picture.
        description: Line below the title.
        link: Where it leads; empty for the creative's own link.
    """

    image: Image | None = attrs.field(default=None, converter=as_image)
    headline: str = ""
    video: Video | None = attrs.field(default=None, converter=as_video, kw_only=True)
    description: str = attrs.field(default="", kw_only=True)
    link: str = attrs.field(default="", kw_only=True)

    def __attrs_post_init__(self) -> None:
        is_optional("image", self.image, Image)
        is_optional("video", self.video, Video)
        is_optional_text("headline", self.headline, longest=_LONGEST_LINE)
        is_optional_text("description", self.description, longest=_LONGEST_LINE)
        is_optional_link("link", self.link)
        if (self.image is None) is (self.video is None):
            refuse(
                "image",
                "a card shows one picture or one film",
                code="card.media",
                expected="image or video, not both",
                hint="give the card an image: or a video:",
            )


def _are_cards(cards: tuple[object, ...]) -> bool:
    """
    Whether these are as many cards as a carousel holds.
    """
    if not _MIN_CARDS <= len(cards) <= _MAX_CARDS:
        return False
    for card in cards:  # noqa: SIM110 - `all` over a generator costs three times more
        if card.__class__ is not Card:
            return False
    return True


@quick(
    "text.__class__ is AdText and (cta is None or cta.__class__ is CTA)",
    plain_text("headline", _LONGEST_LINE),
    plain_text("description", _LONGEST_LINE),
    _NO_OR_PLAIN_LINK,
    "(not cards and image.__class__ is Image) if cards == () else"
    " (image is None and cards.__class__ is tuple and are_cards(cards))",
    "video is None and utm is None and variants == ()",
    "boost == language == name == ''",
    AdText=AdText,
    CTA=CTA,
    Image=Image,
    is_plain_link=PLAIN_LINK.match,
    are_cards=_are_cards,
)
@attrs.frozen(eq=False, repr=False)
class Creative(Value):
    """
    What people see: a text with a picture, a film, a carousel, or a finished post.

    Attributes:
        text: The ad's text, at most 480 characters before "Show more".
        headline: Title near the button.
        description: Line below the title.
        cta: The button.
        link: Where it leads.
        image: One picture; or
        video: one film; or
        cards: 2 to 10 carousel cards; or
        boost: the key of a post of this plan, or `network:id` of a published one.
        utm: Tags for the link; None to build them from the plan's names.
        language: Language of the text, as BCP 47 tag.
        variants: The text in other languages.
        name: Shown name.
    """

    text: AdText | None = attrs.field(default=None, converter=ad_text)
    headline: str = attrs.field(default="")
    description: str = attrs.field(default="", kw_only=True)
    cta: CTA | None = attrs.field(default=None, converter=as_cta, kw_only=True)
    link: str = attrs.field(default="", kw_only=True)
    image: Image | None = attrs.field(default=None, converter=as_image, kw_only=True)
    video: Video | None = attrs.field(default=None, converter=as_video, kw_only=True)
    cards: tuple[Card, ...] = attrs.field(default=(), converter=as_tuple, kw_only=True)
    boost: str = attrs.field(default="", kw_only=True)
    utm: Utm | None = attrs.field(default=None, kw_only=True)
    language: str = attrs.field(default="", kw_only=True)
    variants: tuple[TextVariant, ...] = attrs.field(
        default=(), converter=as_tuple, kw_only=True
    )
    name: str = attrs.field(default="", kw_only=True)

    def __attrs_post_init__(self) -> None:
        are("cards", self.cards, Card)
        are("variants", self.variants, TextVariant)
        is_optional("text", self.text, AdText)
        is_optional_text("headline", self.headline, longest=_LONGEST_LINE)
        is_optional_text("description", self.description, longest=_LONGEST_LINE)
        is_optional_text("name", self.name, longest=_LONGEST_NAME)
        is_optional("image", self.image, Image)
        is_optional("video", self.video, Video)
        is_optional("utm", self.utm, Utm)
        is_optional_link("link", self.link)
        is_optional_language("language", self.language)
        is_type("boost", self.boost, str)
        if self.boost:
            self._check_boost()
        self._check_one_medium()
        self._check_cards()

    def _check_boost(self) -> None:
        network, published, post_id = self.boost.partition(":")
        if published:
            as_network(network)
            is_text("boost", post_id, longest=200)
        else:
            is_key("boost", self.boost)

    def _check_one_medium(self) -> None:
        media = ("image", "video", "cards", "boost")
        given = [name for name in media if getattr(self, name)]
        if len(given) > 1:
            refuse(
                given[1],
                f"shows {' and '.join(given)} at once",
                code="creative.media",
                value=", ".join(given),
                expected="one of image, video, cards, boost",
                hint="make a creative of its own for each",
            )

    def _check_cards(self) -> None:
        if self.cards and not _MIN_CARDS <= len(self.cards) <= _MAX_CARDS:
            refuse(
                "cards",
                f"a carousel of {len(self.cards)}",
                code="creative.cards",
                value=len(self.cards),
                expected=f"{_MIN_CARDS} to {_MAX_CARDS} cards",
                hint="use `image` for a single picture" if len(self.cards) == 1 else "",
            )

    @property
    def format(self) -> str:
        """
        `image`, `video`, `carousel`, `post` (a boosted one) or `text`.
        """
        if self.cards:
            return "carousel"
        if self.boost:
            return "post"
        return "image" if self.image else "video" if self.video else "text"

    def _repr_html_(self) -> str:
        from html import escape

        text = escape(str(self.text or ""))
        cards = " | ".join(escape(c.headline) for c in self.cards)
        button = (
            f"<button>{self.cta.value.replace('_', ' ')}</button>" if self.cta else ""
        )
        return f"<b>{escape(self.headline)}</b><p>{text}</p><p>{cards}</p>{button}"
