"""
Ads that promote a post: once it is published, they name it as its network does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from smmlib.model import Creative, FrozenMap

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smmlib.model import AdCampaign, MediaPlan, Network


def with_published(
    plan: MediaPlan, networks: tuple[Network, ...], ids: Mapping[tuple[str, str], str]
) -> MediaPlan:
    """
    The plan as one platform sees it: `boost: opening` is `boost: facebook:123_456` as
    soon as the post stands on one of its networks. Until then its ads wait.

    Args:
        plan: The plan.
        networks: Where the platform's ads are shown.
        ids: Ids of published posts, by key of the post and network.
    """
    if not ids:
        return plan
    named = _Named(plan, networks, ids)
    return attrs.evolve(
        plan,
        creatives={k: named.creative(c, k) for k, c in plan.creatives.items()},
        campaigns={k: named.campaign(c) for k, c in plan.campaigns.items()},
    )


class _Named:
    """
    Puts ids where keys of published posts stand.
    """

    def __init__(
        self,
        plan: MediaPlan,
        networks: tuple[Network, ...],
        ids: Mapping[tuple[str, str], str],
    ) -> None:
        self._plan = plan
        self._networks = networks
        self._ids = ids
        self._shown: dict[str, set[Network]] = {}
        for place in plan.ads():
            if isinstance(place.ad.creative, str):
                where = self._shown.setdefault(place.ad.creative, set())
                where.update(self._where(place.campaign))

    def creative(self, creative: Creative, key: str) -> Creative:
        """
        A creative of the plan, for the networks its ads are on.
        """
        return self._with_id(creative, self._shown.get(key, set()))

    def campaign(self, campaign: AdCampaign) -> AdCampaign:
        """
        A campaign whose ads may hold creatives of their own.
        """
        where = self._where(campaign)
        ad_sets = {}
        for key, ad_set in campaign.ad_sets.items():
            ads = {
                name: attrs.evolve(ad, creative=self._with_id(ad.creative, where))
                if isinstance(ad.creative, Creative) and ad.creative.boost
                else ad
                for name, ad in ad_set.ads.items()
            }
            same = ads == dict(ad_set.ads)
            ad_sets[key] = ad_set if same else attrs.evolve(ad_set, ads=ads)
        if ad_sets == dict(campaign.ad_sets):
            return campaign
        return attrs.evolve(campaign, ad_sets=FrozenMap(ad_sets))

    def _where(self, campaign: AdCampaign) -> set[Network]:
        line = self._plan.lines.get(campaign.line)
        return set(line.networks if line else ())

    def _with_id(self, creative: Creative, where: set[Network]) -> Creative:
        if not creative.boost or ":" in creative.boost:
            return creative
        out = [n for n in self._networks if (creative.boost, n.value) in self._ids]
        if not out:
            return creative
        # Where its ads are shown anyway, it is the same post people meet there.
        network = min(out, key=lambda one: one not in where).value
        found = self._ids[creative.boost, network]
        return attrs.evolve(creative, boost=f"{network}:{found}")
