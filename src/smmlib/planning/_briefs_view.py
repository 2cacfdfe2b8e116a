"""
Where every creative of a plan is shown, and which links its ads carry.
"""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from smmlib.model import (
    AdAddress,
    AdCampaign,
    Creative,
    LineItem,
    MediaPlan,
    Network,
    Placement,
    Position,
    Status,
    Utm,
)

# Meta fills in the network itself where an ad runs on several of its own.
_META = (Network.FACEBOOK, Network.INSTAGRAM)
_SITE_SOURCE = "{{site_source_name}}"


@attrs.frozen
class Use:
    """
    One ad that shows a creative.
    """

    ad: AdAddress
    campaign: AdCampaign
    line: LineItem | None
    placements: tuple[Placement, ...]


@attrs.frozen
class Piece:
    """
    One creative and all places it is shown in.
    """

    key: str
    creative: Creative
    uses: tuple[Use, ...]

    @property
    def placements(self) -> tuple[Placement, ...]:
        """
        Every place, once.
        """
        found = (place for use in self.uses for place in use.placements)
        return tuple(dict.fromkeys(found))

    @property
    def networks(self) -> tuple[Network, ...]:
        """
        Every network, once.
        """
        return tuple(dict.fromkeys(place.network for place in self.placements))

    def links(self) -> Iterator[tuple[str, str]]:
        """
        Path of the ad and the link it carries, as it will be built.
        """
        for use in self.uses:
            bare = [self.creative.link, *(c.link for c in self.creative.cards)]
            for link in dict.fromkeys(filter(None, bare)):
                yield use.ad.path, tagged(self.creative, link, use)


def pieces(plan: MediaPlan) -> dict[str, Piece]:
    """
    Creatives by key, with their ads; those no ad shows have no places yet.
    """
    uses: dict[str, list[Use]] = {key: [] for key in plan.creatives}
    for ad in plan.ads():
        if Status.ARCHIVED in {ad.ad.status, ad.ad_set.status, ad.campaign.status}:
            continue
        key = ad.ad.creative
        if isinstance(key, str) and key in uses:
            uses[key].append(_use(plan, ad))
    return {
        key: Piece(key, creative, tuple(uses[key]))
        for key, creative in plan.creatives.items()
    }


def _use(plan: MediaPlan, ad: AdAddress) -> Use:
    line = plan.line_of(ad.campaign)
    networks = line.networks if line else ()
    places = ad.ad_set.placements or tuple(
        Placement(network, Position.FEED) for network in networks
    )
    return Use(ad, ad.campaign, line, places)


def tagged(creative: Creative, link: str, use: Use) -> str:
    """
    A link with the tags its ad carries; one that has its own keeps them.
    """
    if creative.utm is None and Utm.from_link(link):
        return link
    networks = tuple(dict.fromkeys(place.network for place in use.placements))
    given = creative.utm or Utm(
        _source(networks), "paid_social", campaign=use.ad.campaign_key
    )
    full = attrs.evolve(
        given,
        content=given.content or use.ad.ad_key,
        term=given.term or use.ad.ad_set_key,
    )
    return full.tag(link).replace("%7B%7B", "{{").replace("%7D%7D", "}}")


def _source(networks: tuple[Network, ...]) -> str:
    ours = [network for network in networks if network in _META]
    if len(ours) > 1 or not networks:
        return _SITE_SOURCE
    return (ours or list(networks))[0].value
