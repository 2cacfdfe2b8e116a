"""
From a creative to what an ad on X shows: a post, with a card where it has a picture
and leads somewhere, or a post that is there already.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import attrs

from smmlib.adapters.x._normal import kept
from smmlib.errors import Severity
from smmlib.model import CTA, Network, Utm
from smmlib.rules import _x_tables as rules
from smmlib.rules._x_creatives import ad_text, too_long

if TYPE_CHECKING:
    from smmlib.adapters.x._findings import Findings
    from smmlib.adapters.x._media import MediaReader
    from smmlib.model import AdAddress, Card, Creative

Spec = dict[str, Any]


class CreativeBuilder:
    """
    Builds what the ads of one plan show.

    Args:
        media: Reads pictures and films.
        findings: Where problems go.
        posts: Posts of the plan by key.
    """

    def __init__(
        self, media: MediaReader, findings: Findings, posts: Iterable[str]
    ) -> None:
        self._media = media
        self._findings = findings
        self._posts = frozenset(posts)

    def build(
        self, creative: Creative, path: str, ad: AdAddress, objective: str
    ) -> Spec | None:
        """
        What an ad shows, or None when it has to wait or cannot be made.

        Args:
            creative: The creative.
            path: Where it stands in the plan.
            ad: The ad that shows it.
            objective: X's objective of the campaign.
        """
        if creative.boost:
            return self._boost(creative, path)
        self._unseen(creative, path)
        link = tagged(creative, creative.link, ad)
        for found in too_long(creative, path, link):
            self._findings.add(
                found.path,
                found.code,
                found.message,
                value=found.value,
                limit=found.limit.value,
                severity=found.severity,
                hint=found.hint,
            )
        if objective == "WEBSITE_CLICKS" and not link and not _leads(creative):
            self._findings.add(
                f"{path}.link",
                "link_missing",
                "an ad for clicks on X leads somewhere",
                hint="add link: https://...",
            )
            return None
        if objective == "VIDEO_VIEWS" and not creative.video:
            self._findings.add(
                f"{path}.video",
                "video_missing",
                "an ad for views of a film on X shows a film",
                hint="add video: ..., or optimise for something else",
            )
            return None
        text = ad_text(creative, link)
        if creative.cards:
            return self._carousel(creative, path, ad, text)
        keys = self._medium(creative, path)
        if keys and link:
            title = creative.headline or site(link)
            card = {"media": keys, "title": title, "link": link}
            return kept({"text": text, "card": card})
        return kept({"text": text, "media": keys})

    def _medium(self, creative: Creative, path: str) -> list[Any]:
        found = None
        if creative.image:
            found = self._media.picture(creative.image.path, f"{path}.image")
        elif creative.video:
            found = self._media.film(creative.video.path, f"{path}.video.path")
        return [found] if found else []

    # -- carousels -----------------------------------------------------------------

    def _carousel(
        self, creative: Creative, path: str, ad: AdAddress, text: str
    ) -> Spec | None:
        """
        A card of several: each with a title and a destination of its own.
        """
        low, high = rules.CARDS.value
        if not low <= len(creative.cards) <= high:
            self._findings.add(
                f"{path}.cards",
                "cards",
                f"a carousel of {len(creative.cards)} cards",
                value=len(creative.cards),
                limit=f"{low} to {high}",
                hint="split it into two ads",
            )
            return None
        slides = [
            self._slide(card, creative, f"{path}.cards[{number}]", ad)
            for number, card in enumerate(creative.cards)
        ]
        return kept({"text": text, "card": {"slides": slides}})

    def _slide(self, card: Card, creative: Creative, path: str, ad: AdAddress) -> Spec:
        if card.image:
            found = self._media.picture(card.image.path, f"{path}.image")
        elif card.video:
            found = self._media.film(card.video.path, f"{path}.video.path")
        link = tagged(creative, card.link or creative.link, ad)
        if not link:
            self._findings.add(
                f"{path}.link",
                "link_missing",
                "every card of a carousel on X leads somewhere",
                hint="add link: https://... to the card or the creative",
            )
        title = card.headline or creative.headline or site(link)
        return {"media": [found] if found else [], "title": title, "link": link}

    # -- what X has no place for ---------------------------------------------------

    def _unseen(self, creative: Creative, path: str) -> None:
        carded = bool(creative.image or creative.video) and bool(creative.link)
        unseen = []
        if creative.description:
            unseen.append(("description", creative.description))
        if creative.headline and not carded and not creative.cards:
            unseen.append(("headline", creative.headline))
        if creative.cta not in {None, CTA.NO_BUTTON}:
            unseen.append(("cta", str(creative.cta)))
        unseen += [
            (f"cards[{number}].description", card.description)
            for number, card in enumerate(creative.cards)
            if card.description
        ]
        for part, text in unseen:
            what = "button" if part == "cta" else part.rpartition(".")[2]
            self._findings.add(
                f"{path}.{part}",
                "not_shown",
                f"X does not show this {what} in a {creative.format} ad",
                value=text,
                severity=Severity.WARNING,
                hint="say it in the text",
            )

    # -- existing posts ------------------------------------------------------------

    def _boost(self, creative: Creative, path: str) -> Spec | None:
        network, colon, post = creative.boost.partition(":")
        if not colon:
            self._waits(creative.boost, path)
            return None
        if network in {Network.X, "twitter"} and post.isascii() and post.isdigit():
            return {"tweet_id": post}
        self._findings.add(
            f"{path}.boost",
            "boost.network",
            f"X cannot promote {creative.boost}",
            value=creative.boost,
            limit="x:<number>",
            hint="publish it on X first",
        )
        return None

    def _waits(self, key: str, path: str) -> None:
        known = key in self._posts
        self._findings.add(
            f"{path}.boost",
            "boost.waits" if known else "reference.post",
            f"the ad waits until the post {key!r} is published"
            if known
            else f"there is no post {key!r} in the plan",
            value=key,
            severity=Severity.INFO if known else Severity.ERROR,
            hint="publish the post, then apply again"
            if known
            else f"known: {', '.join(sorted(self._posts)) or 'none'}",
        )


def _leads(creative: Creative) -> bool:
    return bool(creative.cards) and all(card.link for card in creative.cards)


def site(link: str) -> str:
    """
    The name of a site, for cards that nobody gave a title.
    """
    return urlsplit(link).hostname or link


def tagged(creative: Creative, link: str, ad: AdAddress) -> str:
    """
    A link with the plan's tags; X adds none by itself.
    """
    if not link or (creative.utm is None and Utm.from_link(link)):
        return link
    given = creative.utm or Utm(
        Network.X.value, "paid_social", campaign=ad.campaign_key
    )
    utm = attrs.evolve(
        given,
        content=given.content or ad.ad_key,
        term=given.term or ad.ad_set_key,
    )
    return utm.tag(link)
