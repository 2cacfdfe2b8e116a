"""
Why and for whom: brand, voice, goals, channels.
"""

from __future__ import annotations

import re
from typing import Any

import attrs

from smmlib.model._checks import (
    are,
    are_texts,
    as_tuple,
    is_optional,
    is_optional_key,
    is_optional_text,
    is_text,
    is_type,
    refuse,
)
from smmlib.model._creative import Image, as_image
from smmlib.model._enums import Network, Objective
from smmlib.model._kpi import Goal
from smmlib.model._value import Value
from smmlib.model._words import as_network

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}\Z")
_DSA_LONGEST = 512


@attrs.frozen(eq=False, repr=False)
class BrandStyle(Value):
    """
    How the brand looks and speaks; briefs, previews and reports follow it.

    Attributes:
        voice: How it speaks, in a few words.
        do: Words and habits that are wanted.
        dont: Words and habits that are not.
        colours: As `#rrggbb`, the main one first.
        fonts: Font families, the main one first.
        logo: The logo.
    """

    voice: str = ""
    do: tuple[str, ...] = attrs.field(default=(), converter=as_tuple, kw_only=True)
    dont: tuple[str, ...] = attrs.field(default=(), converter=as_tuple, kw_only=True)
    colours: tuple[str, ...] = attrs.field(default=(), converter=as_tuple, kw_only=True)
    fonts: tuple[str, ...] = attrs.field(default=(), converter=as_tuple, kw_only=True)
    logo: Image | None = attrs.field(default=None, converter=as_image, kw_only=True)

    def __attrs_post_init__(self) -> None:
        are_texts("do", self.do)
        are_texts("dont", self.dont)
        are_texts("colours", self.colours)
        are_texts("fonts", self.fonts)
        is_optional_text("voice", self.voice, longest=1000)
        is_optional("logo", self.logo, Image)
        for place, colour in enumerate(self.colours):
            if not _COLOUR.match(colour):
                refuse(
                    f"colours[{place}]",
                    f"{colour!r} is no colour",
                    code="brand.colour",
                    value=colour,
                    expected="#rrggbb, e.g. #7a3b10",
                )


@attrs.frozen(eq=False, repr=False)
class Brand(Value):
    """
    Who advertises.

    Attributes:
        name: The brand as people know it.
        advertiser: The company behind it; shown as beneficiary of ads in the EU.
        payer: Who pays, if not the advertiser; shown as payor of ads in the EU.
        voice: How it speaks, in a few words.
        style: How it looks and speaks, in detail.
    """

    name: str
    advertiser: str = ""
    payer: str = attrs.field(default="", kw_only=True)
    voice: str = attrs.field(default="", kw_only=True)
    style: BrandStyle | None = attrs.field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        is_text("name", self.name, longest=200)
        is_optional_text("advertiser", self.advertiser, longest=_DSA_LONGEST)
        is_optional_text("payer", self.payer, longest=_DSA_LONGEST)
        is_optional_text("voice", self.voice, longest=1000)
        is_optional("style", self.style, BrandStyle)


@attrs.frozen(eq=False, repr=False)
class Channel(Value):
    """
    A place where the brand speaks.

    Attributes:
        network: Which network.
        handle: The page, profile or channel, e.g. `@alpenkaffee`.
        paid: Whether ads are bought there.
        organic: Whether posts are published there.
        owner: Key of the person who runs it.
        new: Whether it has still to be set up.
    """

    network: Network = attrs.field(converter=as_network)
    handle: str = ""
    paid: bool = attrs.field(default=False, kw_only=True)
    organic: bool = attrs.field(default=True, kw_only=True)
    owner: str = attrs.field(default="", kw_only=True)
    new: bool = attrs.field(default=False, kw_only=True)

    def __attrs_post_init__(self) -> None:
        is_type("new", self.new, bool)
        is_optional_text("handle", self.handle, longest=200)
        is_type("paid", self.paid, bool)
        is_type("organic", self.organic, bool)
        is_optional_key("owner", self.owner)


def _objective(value: Any) -> Any:
    """
    A known objective, or the raw words: a strategy may be read from another tool.
    """
    if isinstance(value, str) and not isinstance(value, Objective):
        word = value.strip().casefold().replace(" ", "_").replace("-", "_")
        known = Objective._value2member_map_
        return Objective(word) if word in known else value
    return value


@attrs.frozen(eq=False, repr=False)
class Strategy(Value):
    """
    What the brand wants from social media, for whom, and how success is measured.

    Attributes:
        brand: Who advertises.
        objective: What it is all for; unknown words are kept and reported by `check`.
        goals: Targets with deadlines and owners.
        personas: Keys of the audiences it is for.
        channels: Where the brand speaks, paid and free.
        summary: The idea in a few sentences.
    """

    brand: Brand
    objective: Objective | str | None = attrs.field(default=None, converter=_objective)
    goals: tuple[Goal, ...] = attrs.field(default=(), converter=as_tuple, kw_only=True)
    personas: tuple[str, ...] = attrs.field(
        default=(), converter=as_tuple, kw_only=True
    )
    channels: tuple[Channel, ...] = attrs.field(
        default=(), converter=as_tuple, kw_only=True
    )
    summary: str = attrs.field(default="", kw_only=True)

    def __attrs_post_init__(self) -> None:
        are("goals", self.goals, Goal)
        are("channels", self.channels, Channel)
        are_texts("personas", self.personas)
        is_type("brand", self.brand, Brand)
        is_optional("objective", self.objective, Objective, str)
        is_optional_text("summary", self.summary)
