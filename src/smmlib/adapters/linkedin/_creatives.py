"""
From a creative to what an ad on LinkedIn shows: a link, a picture, a film, a carousel,
or an existing post.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import attrs

from smmlib.adapters.linkedin import _tables as tables
from smmlib.adapters.linkedin._normal import content_fields
from smmlib.errors import Severity
from smmlib.model import CTA, Network, Utm
from smmlib.rules._linkedin_creatives import too_long

if TYPE_CHECKING:
    from collections.abc import Iterable

    from smmlib.adapters.linkedin._findings import Findings
    from smmlib.adapters.linkedin._media import MediaReader
    from smmlib.model import AdAddress, Card, Creative

Spec = dict[str, Any]

_POST = ("urn:li:share:", "urn:li:ugcPost:")


def format_of(creative: Creative) -> str:
    """
    LinkedIn's format of a campaign that shows this; empty where the post decides.
    """
    if creative.boost:
        return ""
    return tables.FORMATS[_kind(creative)]


def _kind(creative: Creative) -> str:
    found = creative.format
    return "article" if found == "text" else found


def tagged(creative: Creative, link: str, ad: AdAddress) -> str:
    """
    A link with the plan's tags; LinkedIn adds none by itself.
    """
    if not link or (creative.utm is None and Utm.from_link(link)):
        return link
    given = creative.utm or Utm(
        Network.LINKEDIN.value, "paid_social", campaign=ad.campaign_key
    )
    utm = attrs.evolve(
        given,
        content=given.content or ad.ad_key,
        term=given.term or ad.ad_set_key,
    )
    return utm.tag(link)


class CreativeBuilder:
    """
    Builds the creatives of one plan.

    Args:
        media: Reads pictures and films.
        findings: Where problems go.
        posts: Posts of the plan by key.
        lead_form: The form that ads for leads open.
    """

    def __init__(
        self,
        media: MediaReader,
        findings: Findings,
        posts: Iterable[str],
        lead_form: str,
    ) -> None:
        self._media = media
        self._findings = findings
        self._posts = frozenset(posts)
        self._lead_form = lead_form.removeprefix(tables.FORM_URN)

    def build(
        self, creative: Creative, path: str, ad: AdAddress, objective: str
    ) -> Spec | None:
        """
        What an ad shows, or None when it has to wait or cannot be made.

        Args:
            creative: The creative.
            path: Where it stands in the plan.
            ad: The ad that shows it.
            objective: LinkedIn's objective of the campaign.
        """
        if creative.boost:
            spec = self._boost(creative, path)
            return self._with_form(spec, creative, path, objective) if spec else None
        self._lengths(creative, path)
        self._unseen(creative, path)
        if not self._leads_somewhere(creative, path, objective):
            return None
        spec = {
            "format": _kind(creative),
            "text": str(creative.text or ""),
            "link": tagged(creative, creative.link, ad),
            "button": self._button(creative.cta, path),
            **self._content(creative, path, ad),
        }
        return self._with_form(spec, creative, path, objective)

    def _content(self, creative: Creative, path: str, ad: AdAddress) -> Spec:
        if creative.cards:
            cards = [
                self._card(card, creative, f"{path}.cards[{number}]", ad)
                for number, card in enumerate(creative.cards)
            ]
            return {"cards": cards}
        if creative.video:
            film = self._media.film(creative.video.path, f"{path}.video.path")
            return {"media": film, "headline": creative.headline}
        if creative.image:
            picture = self._media.picture(creative.image.path, f"{path}.image")
            return {
                "media": picture,
                "headline": creative.headline,
                "alt": creative.image.alt,
            }
        # An article always has a title; where nobody wrote one, the site's name is it.
        site = urlsplit(creative.link).hostname or creative.link
        return {
            "headline": creative.headline or site,
            "description": creative.description,
        }

    def _card(self, card: Card, creative: Creative, path: str, ad: AdAddress) -> Spec:
        if card.image is None:
            self._findings.add(
                f"{path}.video",
                "card_film",
                "cards on LinkedIn show pictures only",
                hint="use a picture here",
            )
            return {}
        spec = {
            "media": self._media.picture(card.image.path, f"{path}.image"),
            "headline": card.headline,
            "alt": card.image.alt,
            "link": tagged(creative, card.link or creative.link, ad),
        }
        return content_fields(spec)

    def _leads_somewhere(self, creative: Creative, path: str, objective: str) -> bool:
        form = objective == "LEAD_GENERATION" and creative.format != "text"
        if creative.link or form:
            return True
        self._findings.add(
            f"{path}.link",
            "link_missing",
            "an ad on LinkedIn leads somewhere",
            hint="add link: https://...",
        )
        return False

    def _with_form(
        self, spec: Spec, creative: Creative, path: str, objective: str
    ) -> Spec:
        if objective != "LEAD_GENERATION":
            return content_fields(spec)
        button = self._button(creative.cta, path) or "SIGN_UP"
        if button not in tables.LEAD_BUTTONS:
            self._findings.add(
                f"{path}.cta",
                "lead_button",
                f"lead forms on LinkedIn have no button {button}",
                value=button,
                limit=", ".join(sorted(tables.LEAD_BUTTONS)),
                hint="use sign_up",
            )
        lead = {"lead_form": self._lead_form, "lead_button": button, "button": None}
        return content_fields({**spec, **lead})

    def _button(self, cta: CTA | None, path: str) -> str | None:
        if cta is None or cta is CTA.NO_BUTTON:
            return None
        kind = tables.BUTTONS.get(cta)
        if kind is None:
            self._findings.add(
                f"{path}.cta",
                "button",
                f"LinkedIn has no button {cta.value!r}",
                value=cta.value,
                limit=", ".join(c.value for c in tables.BUTTONS),
                hint=f"use {tables.BUTTON_INSTEAD[cta].value}",
            )
        return kind

    # -- texts ---------------------------------------------------------------------

    def _lengths(self, creative: Creative, path: str) -> None:
        """
        Texts LinkedIn would refuse or cut without a word.
        """
        for code, found in too_long(creative, path):
            self._findings.add(
                found.path,
                code,
                found.message,
                value=found.value,
                limit=found.limit.value,
                hint=found.hint,
            )

    def _unseen(self, creative: Creative, path: str) -> None:
        """
        What LinkedIn has no place for.
        """
        unseen = []
        if creative.description and creative.format != "text":
            unseen.append(("description", creative.description))
        if creative.headline and creative.cards:
            unseen.append(("headline", creative.headline))
        unseen += [
            (f"cards[{number}].description", card.description)
            for number, card in enumerate(creative.cards)
            if card.description
        ]
        for part, text in unseen:
            self._findings.add(
                f"{path}.{part}",
                "not_shown",
                f"LinkedIn does not show this {part.rpartition('.')[2]} in a "
                f"{creative.format} ad",
                value=text,
                severity=Severity.WARNING,
                hint="say it in the text or a headline",
            )

    # -- existing posts ------------------------------------------------------------

    def _boost(self, creative: Creative, path: str) -> Spec | None:
        network, colon, post = creative.boost.partition(":")
        if not colon:
            self._waits(creative.boost, path)
            return None
        if network == Network.LINKEDIN:
            urn = post if post.startswith("urn:li:") else f"{_POST[0]}{post}"
            if urn.startswith(_POST):
                return {"reference": urn}
        self._findings.add(
            f"{path}.boost",
            "boost.network",
            f"LinkedIn cannot promote {creative.boost}",
            value=creative.boost,
            limit="linkedin:<number>, linkedin:urn:li:share:..., "
            "linkedin:urn:li:ugcPost:...",
            hint="publish it on LinkedIn first",
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
