"""
From a creative to Meta's: one picture, one film, a carousel, or an existing post.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from smmlib.adapters.meta import _tables as tables
from smmlib.adapters.meta._normal import creative_fields
from smmlib.errors import Severity
from smmlib.model import CTA, Network, Utm

if TYPE_CHECKING:
    from collections.abc import Iterable

    from smmlib.adapters.meta._findings import Findings
    from smmlib.adapters.meta._media import MediaReader
    from smmlib.model import AdAddress, Card, Creative, Video

Spec = dict[str, Any]


@attrs.frozen
class Identity:
    """
    Who speaks in an ad.

    Attributes:
        page: Id of the Facebook page.
        instagram_user: Id of the Instagram account.
    """

    page: str
    instagram_user: str = ""


def utm_of(
    creative: Creative, ad: AdAddress, networks: Iterable[Network]
) -> Utm | None:
    """
    The tags of an ad's link: the plan's own, completed by the plan's keys.

    None where the link itself carries tags already: it has said what it wants.
    """
    if creative.utm is None and Utm.from_link(creative.link):
        return None
    here = [n.value for n in networks if n in tables.POSITIONS]
    given = creative.utm or Utm(
        here[0] if len(here) == 1 else tables.SITE_SOURCE,
        "paid_social",
        campaign=ad.campaign_key,
    )
    return attrs.evolve(
        given,
        content=given.content or ad.ad_key,
        term=given.term or ad.ad_set_key,
    )


def url_tags(utm: Utm | None) -> str:
    """
    Tags as Meta takes them: percent-encoded, but its macros as they are.
    """
    text = utm.query() if utm else ""
    return text.replace("%7B%7B", "{{").replace("%7D%7D", "}}")


class CreativeBuilder:
    """
    Builds the creatives of one plan.

    Args:
        media: Reads pictures.
        findings: Where problems go.
        identity: Who speaks.
        posts: Posts of the plan by key.
    """

    def __init__(
        self,
        media: MediaReader,
        findings: Findings,
        identity: Identity,
        posts: Iterable[str],
    ) -> None:
        self._media = media
        self._findings = findings
        self._identity = identity
        self._posts = frozenset(posts)

    def build(
        self, creative: Creative, path: str, ad: AdAddress, networks: list[Network]
    ) -> Spec | None:
        """
        The fields of a creative, or None when the ad has to wait or cannot be made.
        """
        if creative.boost:
            return self._boost(creative, path, ad, networks)
        if not self._ready(creative, path):
            return None
        utm = utm_of(creative, ad, networks)
        told = (
            {"video_data": self._video(creative, creative.video, path)}
            if creative.video
            else {"link_data": self._link(creative, path)}
        )
        story: Spec = {"page_id": self._identity.page, **told}
        if Network.INSTAGRAM in networks and self._identity.instagram_user:
            story["instagram_user_id"] = self._identity.instagram_user
        return creative_fields({"object_story_spec": story, "url_tags": url_tags(utm)})

    def _ready(self, creative: Creative, path: str) -> bool:
        if not creative.link:
            self._findings.add(
                f"{path}.link",
                "link_missing",
                "an ad on Meta leads somewhere",
                hint="add link: https://...",
            )
            return False
        return True

    def _video(self, creative: Creative, video: Video, path: str) -> Spec:
        """
        A film leads somewhere by its button alone, so it always has one.
        """
        cta = tables.VIDEO_BUTTON if creative.cta is None else creative.cta
        names = {"picture": "image_url"}
        film = self._film(video, f"{path}.video")
        return {
            **{names.get(name, name): value for name, value in film.items()},
            "message": str(creative.text or ""),
            "title": creative.headline,
            "link_description": creative.description,
            "call_to_action": self._button(cta, creative.link, path),
        }

    def _film(self, video: Video, path: str) -> Spec:
        """
        A film and the still people see before it plays.
        """
        spec: Spec = {"video_id": self._media.film(video, path)}
        if video.thumbnail is None:
            self._findings.add(
                f"{path}.thumbnail",
                "thumbnail_missing",
                "Meta wants a still for the film",
                value=video.path,
                hint="add thumbnail: with a picture from the film",
            )
            return spec
        return spec | self._media.fields(video.thumbnail, f"{path}.thumbnail")

    def _link(self, creative: Creative, path: str) -> Spec:
        button = self._button(creative.cta, creative.link, path)
        link: Spec = {
            "link": creative.link,
            "message": str(creative.text or ""),
            "name": creative.headline,
            "description": creative.description,
        }
        if button:
            link["call_to_action"] = button
        if creative.image:
            link |= self._media.fields(creative.image, f"{path}.image")
        cards = [
            self._card(card, creative, f"{path}.cards[{number}]")
            for number, card in enumerate(creative.cards)
        ]
        if cards:
            link["child_attachments"] = cards
            # Up to five cards keep the plan's order; for more Meta insists on its own.
            link["multi_share_optimized"] = len(cards) > tables.CARDS_IN_FIXED_ORDER
        return link

    def _card(self, card: Card, creative: Creative, path: str) -> Spec:
        target = card.link or creative.link
        button = self._button(creative.cta, target, path)
        spec: Spec = {
            "link": target,
            "name": card.headline,
            "description": card.description,
        }
        if button:
            # Instagram wants the button of a card to lead where the card leads.
            spec["call_to_action"] = button
        if card.image:
            spec |= self._media.fields(card.image, f"{path}.image")
        if card.video:
            spec |= self._film(card.video, f"{path}.video")
        return spec

    def _button(self, cta: CTA | None, link: str, path: str) -> Spec | None:
        if cta is None:
            return None
        kind = tables.BUTTONS.get(cta)
        if kind is None:
            instead = tables.BUTTON_INSTEAD[cta]
            self._findings.add(
                f"{path.partition('.cards[')[0]}.cta",
                "button",
                f"Meta has no button {cta.value!r}",
                value=cta.value,
                limit=", ".join(c.value for c in tables.BUTTONS),
                hint=f"use {instead.value}",
            )
            return None
        return {"type": kind, "value": {"link": link}}

    def _boost(
        self, creative: Creative, path: str, ad: AdAddress, networks: list[Network]
    ) -> Spec | None:
        network, colon, post = creative.boost.partition(":")
        if not colon:
            self._waits(creative.boost, path)
            return None
        utm = utm_of(creative, ad, networks) if creative.link else None
        spec: Spec = {"url_tags": url_tags(utm)}
        button = self._button(creative.cta, creative.link, path)
        if button and creative.link:
            spec["call_to_action"] = button
        if network == Network.FACEBOOK:
            whole = post if "_" in post else f"{self._identity.page}_{post}"
            return creative_fields({**spec, "object_story_id": whole})
        if network == Network.INSTAGRAM:
            return creative_fields({**spec, "source_instagram_media_id": post})
        self._findings.add(
            f"{path}.boost",
            "boost.network",
            f"Meta cannot promote a post of {network}",
            value=creative.boost,
            limit="facebook:<post>, instagram:<media>",
            hint="publish it on Facebook or Instagram first",
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
