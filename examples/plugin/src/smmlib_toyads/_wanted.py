"""
From a media plan to the objects it wants on ToyAds, and what ToyAds cannot do.
"""

from __future__ import annotations

from collections.abc import Iterator

from smmlib import (
    AdBudget,
    AdCampaign,
    AdSet,
    Audience,
    Creative,
    Flight,
    MediaPlan,
    Network,
)
from smmlib.errors import Issue
from smmlib.ports import Account, Kind, Ref, Resource, Wanted

NETWORKS = (Network.TELEGRAM,)


def wanted(plan: MediaPlan, account: Account) -> Wanted:
    """
    Everything of a plan that ToyAds should have, parents before children.
    """
    builder = _Builder(plan, account)
    mine = {
        key: campaign
        for key, campaign in plan.campaigns.items()
        if (line := plan.line_of(campaign)) is not None
        and line.is_deployed
        and set(line.networks) & set(NETWORKS)
    }
    resources = [r for key, c in mine.items() for r in builder.campaign(key, c)]
    order = list(Kind)
    resources.sort(key=lambda resource: order.index(resource.kind))
    return Wanted(tuple(resources), tuple(builder.issues))


class _Builder:
    def __init__(self, plan: MediaPlan, account: Account) -> None:
        self._plan = plan
        self._account = account
        self._shown: set[str] = set()
        self.issues: list[Issue] = []

    def campaign(self, key: str, campaign: AdCampaign) -> Iterator[Resource]:
        """
        The campaign and all below it; nothing of one without a budget of its own.
        """
        path = f"campaigns.{key}"
        budget = campaign.budget
        if budget is None:
            self._cannot(f"{path}.budget", "toyads.budget", "ToyAds pays per campaign")
            return
        if budget.amount.currency != self._account.currency:
            words = f"this account pays in {self._account.currency}"
            self._cannot(f"{path}.budget", "toyads.currency", words, budget.amount)
            return
        flight = self._plan.flight_of(campaign)
        yield Resource(
            path,
            Kind.CAMPAIGN,
            fields={
                "per_day": _per_day(budget, flight),
                "start": flight.first_day.isoformat(),
                "end": flight.last_day.isoformat(),
            },
            name=campaign.name or f"{self._plan.name} {key}",
            status=campaign.status,
            exposure=budget.exposure(flight.number_of_days),
        )
        for name, ad_set in campaign.ad_sets.items():
            yield from self._ad_set(path, name, ad_set)

    def _ad_set(self, campaign: str, key: str, ad_set: AdSet) -> Iterator[Resource]:
        path = f"{campaign}.ad_sets.{key}"
        audience = self._plan.audience_of(ad_set) or Audience()
        if audience.interests:
            words = "ToyAds knows no interests"
            self._cannot(f"{path}.audience", "toyads.interests", words)
        yield Resource(
            path,
            Kind.AD_SET,
            fields={
                "campaign": Ref(campaign),
                "places": tuple(sorted(str(place) for place in audience.places)),
                "ages": str(audience.age or ""),
            },
            name=ad_set.name or key,
            status=ad_set.status,
        )
        for name, ad in ad_set.ads.items():
            where = f"{path}.ads.{name}"
            shown = ad.creative
            source = f"creatives.{shown}" if isinstance(shown, str) else where
            creative = self._plan.creative_of(ad)
            if creative is not None:
                yield from self._creative(source, creative)
                yield Resource(
                    where,
                    Kind.AD,
                    fields={"ad_set": Ref(path), "creative": Ref(_address(source))},
                    name=ad.name or name,
                    status=ad.status,
                )

    def _creative(self, path: str, creative: Creative) -> Iterator[Resource]:
        if creative.format != "text":
            words = f"ToyAds shows texts only, no {creative.format}"
            self._cannot(path, "toyads.format", words, creative.format)
        if path in self._shown:
            return
        self._shown.add(path)
        yield Resource(
            _address(path),
            Kind.CREATIVE,
            fields={"text": str(creative.text or ""), "link": creative.link},
            name=creative.name or path.rpartition(".")[2],
        )

    def _cannot(self, path: str, code: str, why: str, value: object = None) -> None:
        self.issues.append(Issue(path, code, why, value=str(value or "")))


def _address(path: str) -> str:
    """
    Where a creative lives: an ad with one of its own shares its path with nobody.
    """
    return path if path.startswith("creatives.") else f"{path}.creative"


def _per_day(budget: AdBudget, flight: Flight) -> str:
    """
    ToyAds is told an amount per day; a lifetime budget is spread, and rounded down.
    """
    if budget.daily is not None:
        return f"{budget.daily.amount:f}"
    return f"{min(budget.amount.split(flight.number_of_days)).amount:f}"
