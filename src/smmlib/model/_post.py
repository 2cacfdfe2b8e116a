"""
Posts: what is published for free, per network, and what came of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

import attrs

from smmlib.model._checks import (
    are,
    are_strings,
    are_texts,
    as_tuple,
    is_aware,
    is_key,
    is_list,
    is_optional,
    is_optional_key,
    is_optional_text,
    is_text,
    is_type,
    is_whole,
    refuse,
)
from smmlib.model._creative import Image, Video
from smmlib.model._enums import Network, PostState
from smmlib.model._link import Utm, is_optional_link
from smmlib.model._maps import EMPTY, FrozenMap, are_keyed, as_map
from smmlib.model._value import Value
from smmlib.model._words import as_network, as_networks, as_post_state

# Above every network's own limit; those are rules, this only stops nonsense.
_LONGEST = 100_000


def as_variants(value: Mapping[str, str]) -> FrozenMap[str]:
    """
    Accept other spellings of a network as the key of a variant.
    """
    if not isinstance(value, Mapping):
        return as_map(value)
    return FrozenMap({as_network(key).value: text for key, text in value.items()})


def as_media(value: Iterable[Image | Video | str]) -> tuple[Image | Video, ...]:
    """
    Let a user give a path where an `Image` is meant.
    """
    is_list("media", value)
    return tuple(Image(item) if isinstance(item, str) else item for item in value)


@attrs.frozen(eq=False, repr=False)
class Post(Value):
    """
    Something published on the brand's own pages; the 480 rule is for ads, not for it.

    Attributes:
        line: Key of the media plan's line it belongs to.
        text: What people read; at most what each network allows (see the rules).
        networks: Where it is published.
        at: When, as an aware instant.
        media: Pictures and films.
        link: Where it leads.
        variants: Other texts by network.
        owner: Key of the person who writes it.
        approver: Key of the person who must agree.
        state: How far it is.
        tags: For filtering.
        utm: Tags for the link; None to build them from the plan's names.
    """

    line: str
    text: str = ""
    networks: tuple[Network, ...] = attrs.field(
        default=(), converter=as_networks, kw_only=True
    )
    at: datetime | None = attrs.field(default=None, kw_only=True)
    media: tuple[Image | Video, ...] = attrs.field(
        default=(), converter=as_media, kw_only=True
    )
    link: str = attrs.field(default="", kw_only=True)
    variants: FrozenMap[str] = attrs.field(
        default=EMPTY,
        converter=as_variants,
        kw_only=True,
    )
    owner: str = attrs.field(default="", kw_only=True)
    approver: str = attrs.field(default="", kw_only=True)
    state: PostState = attrs.field(
        default=PostState.DRAFT, converter=as_post_state, kw_only=True
    )
    tags: tuple[str, ...] = attrs.field(default=(), converter=as_tuple, kw_only=True)
    utm: Utm | None = attrs.field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        are("media", self.media, Image, Video)
        are_keyed("variants", self.variants, str)
        are_texts("tags", self.tags)
        is_key("line", self.line)
        is_optional_text("text", self.text, longest=_LONGEST)
        is_optional("at", self.at, datetime)
        is_aware("at", self.at)
        is_optional("utm", self.utm, Utm)
        for network, text in self.variants.items():
            is_text(f"variants.{network}", text, longest=_LONGEST)
        for name in ("owner", "approver"):
            is_optional_key(name, getattr(self, name))
        is_optional_link("link", self.link)
        strange = [n for n in self.variants if n not in self.networks]
        if strange and self.networks:
            refuse(
                f"variants.{strange[0]}",
                f"a text for {strange[0]}, where the post is not published",
                code="post.variant",
                value=strange[0],
                expected=", ".join(self.networks),
                hint=f"add {strange[0]} to networks, or drop the text",
            )

    def text_for(self, network: Network | str) -> str:
        """
        What is published on one network: its variant, or the common text.
        """
        return self.variants.get(as_network(network).value, self.text)


@attrs.frozen(eq=False, repr=False)
class PostResult(Value):
    """
    What came of a published post on one network.

    Attributes:
        network: Where.
        post_id: The network's id of it.
        on: The day the numbers are for.
        post: Key of the post in the plan, if known.
        reach: People who saw it; None where the network does not say.
        impressions: How often it was seen.
        likes: Reactions.
        comments: Comments.
        shares: Shares.
        clicks: Clicks on its link.
        source: Where the numbers come from.
    """

    network: Network = attrs.field(converter=as_network)
    post_id: str
    on: date = attrs.field(kw_only=True)
    post: str = attrs.field(default="", kw_only=True)
    reach: int | None = attrs.field(default=None, kw_only=True)
    impressions: int | None = attrs.field(default=None, kw_only=True)
    likes: int | None = attrs.field(default=None, kw_only=True)
    comments: int | None = attrs.field(default=None, kw_only=True)
    shares: int | None = attrs.field(default=None, kw_only=True)
    clicks: int | None = attrs.field(default=None, kw_only=True)
    source: str = attrs.field(default="", kw_only=True)

    def __attrs_post_init__(self) -> None:
        is_text("post_id", self.post_id, longest=200)
        are_strings(self, "post", "source")
        is_type("on", self.on, date)
        for name in ("reach", "impressions", "likes", "comments", "shares", "clicks"):
            if getattr(self, name) is not None:
                is_whole(name, getattr(self, name), low=0)
