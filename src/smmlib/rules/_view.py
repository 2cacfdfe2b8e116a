"""
A plan as rules look at it: everything resolved once, so that a check stays linear.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal

import attrs

from smmlib.model import (
    Ad,
    AdBudget,
    AdCampaign,
    AdSet,
    Audience,
    Creative,
    Flight,
    LineItem,
    MediaPlan,
    Money,
    Network,
    Objective,
    Status,
    platform_name,
)
from smmlib.rules._known import Known


@attrs.frozen
class AdView:
    """
    One ad and the creative it shows.

    Attributes:
        path: Its path in the plan.
        key: Its key.
        ad: The ad.
        creative: The creative; None when its key leads nowhere.
    """

    path: str
    key: str
    ad: Ad = attrs.field(kw_only=True)
    creative: CreativeView | None = attrs.field(kw_only=True, eq=False, repr=False)


@attrs.frozen
class AdSetView:
    """
    One ad set with what it leads to.

    Attributes:
        path: Its path in the plan.
        key: Its key.
        ad_set: The ad set.
        flight: When it runs.
        audience: Whom it is for; None when its key leads nowhere.
        ads: Its ads that are not archived.
    """

    path: str
    key: str
    ad_set: AdSet = attrs.field(kw_only=True)
    flight: Flight = attrs.field(kw_only=True)
    audience: AudienceView | None = attrs.field(kw_only=True, eq=False, repr=False)
    ads: tuple[AdView, ...] = attrs.field(kw_only=True, repr=False)


@attrs.frozen
class CampaignView:
    """
    One campaign with what it leads to.

    Attributes:
        path: Its path in the plan.
        key: Its key.
        campaign: The campaign.
        line: The line that pays; None when its key leads nowhere.
        objective: Its own objective, or the strategy's.
        flight: When it runs.
        platforms: The platform it is for; several when the plan does not settle it.
        ad_sets: Its ad sets that are not archived.
    """

    path: str
    key: str
    campaign: AdCampaign = attrs.field(kw_only=True)
    line: LineItem | None = attrs.field(kw_only=True)
    objective: Objective | None = attrs.field(kw_only=True)
    flight: Flight = attrs.field(kw_only=True)
    platforms: tuple[str, ...] = attrs.field(kw_only=True)
    ad_sets: tuple[AdSetView, ...] = attrs.field(kw_only=True, repr=False)

    def budgets(self) -> Iterator[tuple[str, AdBudget, Flight]]:
        """
        Path, budget and flight of every budget on it and its ad sets.
        """
        if self.campaign.budget:
            yield f"{self.path}.budget", self.campaign.budget, self.flight
        for ad_set in self.ad_sets:
            if ad_set.ad_set.budget:
                yield f"{ad_set.path}.budget", ad_set.ad_set.budget, ad_set.flight

    def exposures(self) -> list[Money]:
        """
        The most it can spend: of its own budget, else of each ad set's.
        """
        own = self.campaign.budget
        if own:
            return [exposure(own, self.flight)]
        return [
            exposure(s.ad_set.budget, s.flight) for s in self.ad_sets if s.ad_set.budget
        ]


@attrs.frozen
class AudienceView:
    """
    One audience and the ad sets that are for it.

    Attributes:
        path: Its path: `audiences.KEY`, or inside the ad set.
        audience: The audience.
        uses: Campaigns and ad sets that use it, in plan order.
    """

    path: str
    audience: Audience = attrs.field(kw_only=True)
    uses: list[tuple[CampaignView, AdSetView]] = attrs.field(
        factory=list, kw_only=True, eq=False, repr=False
    )

    @property
    def countries(self) -> tuple[str, ...]:
        """
        Every country it reaches into, each once.
        """
        return tuple(dict.fromkeys(place.country for place in self.audience.places))


@attrs.frozen
class CreativeView:
    """
    One creative and the ads that show it.

    Attributes:
        path: Its path: `creatives.KEY`, or inside the ad.
        creative: The creative.
        uses: Campaigns and ad sets that show it, in plan order.
    """

    path: str
    creative: Creative = attrs.field(kw_only=True)
    uses: list[tuple[CampaignView, AdSetView]] = attrs.field(
        factory=list, kw_only=True, eq=False, repr=False
    )


@attrs.frozen
class PlanView:
    """
    A plan with all its references resolved, as rules look at it.

    Archived campaigns, ad sets and ads are left out: they will not run again.

    Attributes:
        plan: The plan itself.
        now: The moment of the check; None when time must not matter.
        campaigns: Campaigns that may run.
        audiences: Audiences, also those written inside ad sets.
        creatives: Creatives, also those written inside ads.
        known: Keys by kind, to look up references and to suggest near ones.
    """

    plan: MediaPlan
    now: datetime | None = None
    campaigns: tuple[CampaignView, ...] = attrs.field(kw_only=True, repr=False)
    audiences: tuple[AudienceView, ...] = attrs.field(kw_only=True, repr=False)
    creatives: tuple[CreativeView, ...] = attrs.field(kw_only=True, repr=False)
    known: dict[str, Known] = attrs.field(kw_only=True, repr=False, eq=False)

    @classmethod
    def of(cls, plan: MediaPlan, *, now: datetime | None = None) -> PlanView:
        """
        Resolve a plan, once.
        """
        return _Builder(plan).view(now)

    def campaigns_on(self, platform: str) -> Iterator[CampaignView]:
        """
        Campaigns for one platform.
        """
        return (c for c in self.campaigns if platform in c.platforms)

    def audiences_on(self, platform: str) -> Iterator[AudienceView]:
        """
        Audiences that campaigns of one platform use.
        """
        return (a for a in self.audiences if _is_on(platform, a.uses))

    def creatives_on(self, platform: str) -> Iterator[CreativeView]:
        """
        Creatives that campaigns of one platform show.
        """
        return (c for c in self.creatives if _is_on(platform, c.uses))

    def flight_of_line(self, line: LineItem | None) -> Flight:
        """
        When a line runs: its own flight, or the plan's.
        """
        return (line.flight if line else None) or self.plan.flight


def _is_on(platform: str, uses: list[tuple[CampaignView, AdSetView]]) -> bool:
    for campaign, _ in uses:  # noqa: SIM110 - asked for every creative by every rule
        if platform in campaign.platforms:
            return True
    return False


# Amounts end here; a sum of many may reach it, and no check may fail over that.
_LARGEST = Decimal(10) ** 15 - 1


def money(number: Decimal | int, currency: str) -> Money:
    """
    A sum as money; beyond every amount a plan can hold it is shown as the largest one.
    """
    return Money(max(min(Decimal(number), _LARGEST), -_LARGEST), currency)


def exposure(budget: AdBudget, flight: Flight) -> Money:
    """
    The most a budget can spend in a flight.
    """
    days = flight.number_of_days if budget.daily else 1
    return money(budget.amount.amount * days, budget.amount.currency)


def total(amounts: Iterable[Money | None]) -> Money | None:
    """
    The sum of what is stated; None for nothing, or when currencies are mixed.
    """
    stated = [amount for amount in amounts if amount is not None]
    if not stated or len({amount.currency for amount in stated}) > 1:
        return None
    return money(sum(amount.amount for amount in stated), stated[0].currency)


def gross_of(line: LineItem) -> Money | None:
    """
    The sum of a line's parts; None without parts or when they cannot be added.
    """
    parts = line.parts
    if parts is None:
        return None
    return total([parts.media, parts.agency_fee, parts.production, parts.tax])


def cost_of(line: LineItem) -> Money | None:
    """
    What a line costs in all: as stated, else the sum of its parts.
    """
    return gross_of(line) if line.cost is None else line.cost


def media_of(plan: MediaPlan) -> Money | None:
    """
    What the plan's budget leaves for media; None without a budget in one currency.
    """
    budget = plan.budget
    if budget is None:
        return None
    kept = total(budget.parts.values()) or money(0, budget.currency)
    if total([budget.total, *budget.parts.values()]) is None:
        return None
    return money(budget.total.amount - kept.amount, budget.currency)


class _Builder:
    """
    Resolves a plan step by step; gone once the view exists.
    """

    def __init__(self, plan: MediaPlan) -> None:
        self.plan = plan
        self.audiences = {
            key: AudienceView(f"audiences.{key}", audience=audience)
            for key, audience in plan.audiences.items()
        }
        self.creatives = {
            key: CreativeView(f"creatives.{key}", creative=creative)
            for key, creative in plan.creatives.items()
        }
        self.inline_audiences: list[AudienceView] = []
        self.inline_creatives: list[CreativeView] = []

    def view(self, now: datetime | None) -> PlanView:
        plan = self.plan
        campaigns = tuple(
            self._campaign(key, campaign)
            for key, campaign in plan.campaigns.items()
            if campaign.status is not Status.ARCHIVED
        )
        for campaign in campaigns:
            self._note_uses(campaign)
        kinds = ("people", "audiences", "lines", "creatives", "posts", "tasks")
        return PlanView(
            plan,
            now,
            campaigns=campaigns,
            audiences=(*self.audiences.values(), *self.inline_audiences),
            creatives=(*self.creatives.values(), *self.inline_creatives),
            known={kind: Known(getattr(plan, kind)) for kind in kinds},
        )

    def _campaign(self, key: str, campaign: AdCampaign) -> CampaignView:
        path, line = f"campaigns.{key}", self.plan.lines.get(campaign.line)
        return CampaignView(
            path,
            key,
            campaign=campaign,
            line=line,
            objective=self.plan.objective_of(campaign),
            flight=self.plan.flight_of(campaign),
            platforms=_platforms(campaign, line),
            ad_sets=tuple(
                self._ad_set(f"{path}.ad_sets.{set_key}", set_key, campaign, ad_set)
                for set_key, ad_set in campaign.ad_sets.items()
                if ad_set.status is not Status.ARCHIVED
            ),
        )

    def _ad_set(
        self, path: str, key: str, campaign: AdCampaign, ad_set: AdSet
    ) -> AdSetView:
        return AdSetView(
            path,
            key,
            ad_set=ad_set,
            flight=self.plan.flight_of(campaign, ad_set),
            audience=self._audience(path, ad_set),
            ads=tuple(
                AdView(
                    f"{path}.ads.{ad_key}",
                    ad_key,
                    ad=ad,
                    creative=self._creative(f"{path}.ads.{ad_key}", ad),
                )
                for ad_key, ad in ad_set.ads.items()
                if ad.status is not Status.ARCHIVED
            ),
        )

    def _audience(self, path: str, ad_set: AdSet) -> AudienceView | None:
        if isinstance(ad_set.audience, str):
            return self.audiences.get(ad_set.audience)
        found = AudienceView(f"{path}.audience", audience=ad_set.audience)
        self.inline_audiences.append(found)
        return found

    def _creative(self, path: str, ad: Ad) -> CreativeView | None:
        if isinstance(ad.creative, str):
            return self.creatives.get(ad.creative)
        found = CreativeView(f"{path}.creative", creative=ad.creative)
        self.inline_creatives.append(found)
        return found

    def _note_uses(self, campaign: CampaignView) -> None:
        for ad_set in campaign.ad_sets:
            if ad_set.audience:
                ad_set.audience.uses.append((campaign, ad_set))
            for ad in ad_set.ads:
                if ad.creative:
                    ad.creative.uses.append((campaign, ad_set))


def _platforms(campaign: AdCampaign, line: LineItem | None) -> tuple[str, ...]:
    """
    What its placements name, as far as the line buys there; else all the line buys on.
    """
    networks: dict[Network, None] = {
        placement.network: None
        for ad_set in campaign.ad_sets.values()
        for placement in ad_set.placements
    }
    chosen = tuple(dict.fromkeys(platform_name(n.value) for n in networks))
    if line is None:
        return chosen
    return tuple(p for p in chosen if p in line.platforms) or line.platforms
