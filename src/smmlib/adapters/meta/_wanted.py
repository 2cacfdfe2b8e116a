"""
What a plan wants on Meta: every object with its fields, and what stands in the way.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.adapters import _demands as demands
from smmlib.adapters.meta import _tables as tables
from smmlib.adapters.meta._audiences import PeopleBuilder
from smmlib.adapters.meta._creatives import CreativeBuilder, Identity
from smmlib.adapters.meta._findings import Findings, minor, offset, with_money
from smmlib.adapters.meta._media import MediaReader
from smmlib.adapters.meta._normal import (
    Fields,
    ad_fields,
    ad_set_fields,
    campaign_fields,
    instant,
)
from smmlib.adapters.meta._overlay import kept_in
from smmlib.adapters.meta._targeting import TargetingBuilder, placements_of
from smmlib.errors import Severity
from smmlib.model import AdAddress, BidStrategy, Network
from smmlib.ports import Kind, Ref, Resource, Wanted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smmlib.adapters.meta._names import NameFinder
    from smmlib.model import (
        AdBudget,
        AdCampaign,
        AdSet,
        Audience,
        Bid,
        Flight,
        MediaPlan,
        Money,
        Objective,
        OptimiseFor,
    )
    from smmlib.ports import Account

_ORDER = tuple(Kind)


@attrs.frozen
class Settings:
    """
    What a connection says about an ad account.

    Attributes:
        page: Id of the Facebook page ads speak for.
        pixel: Id of the pixel that counts visits and sales.
        instagram_user: Id of the Instagram account ads speak for.
        media_root: Folder pictures are in; empty for the plan file's.
        lists: Files of customer lists by name.
        default_payor: Who pays, as the account says.
        default_beneficiary: Who benefits, as the account says.
    """

    page: str = ""
    pixel: str = ""
    instagram_user: str = ""
    media_root: str = ""
    lists: Mapping[str, str] = attrs.field(factory=dict, kw_only=True)
    default_payor: str = ""
    default_beneficiary: str = ""


def wanted(
    plan: MediaPlan, account: Account, settings: Settings, names: NameFinder
) -> Wanted:
    """
    All resources of a plan on Meta, parents first, with all issues.
    """
    findings = Findings(plan.source)
    builder = _PlanBuilder(plan, account, settings, names, findings)
    resources = builder.resources()
    order = {kind: place for place, kind in enumerate(_ORDER)}
    ready = sorted(kept_in(plan).over(resources), key=lambda r: order[r.kind])
    return Wanted(tuple(ready), findings.issues)


@attrs.frozen
class _Above:
    """
    What an ad set stands in: its campaign, with what was decided there.
    """

    key: str
    campaign: AdCampaign
    objective: Objective
    networks: list[Network]


class _PlanBuilder:
    def __init__(
        self,
        plan: MediaPlan,
        account: Account,
        settings: Settings,
        names: NameFinder,
        findings: Findings,
    ) -> None:
        self._plan = plan
        self._account = account
        self._settings = settings
        self._findings = findings
        self._targeting = TargetingBuilder(names, findings)
        self._people = PeopleBuilder(
            plan.audiences,
            findings,
            pixel=settings.pixel,
            page=settings.page,
            lists=settings.lists,
        )
        self._media = MediaReader(_media_root(plan, settings), findings)
        self._creatives = CreativeBuilder(
            self._media,
            findings,
            Identity(settings.page, settings.instagram_user),
            plan.posts,
        )

    def resources(self) -> list[Resource]:
        """
        Everything that is wanted, in any order.
        """
        found: list[Resource] = []
        for key, campaign in self._plan.campaigns.items():
            networks = self._networks(campaign)
            if networks:
                found += self._campaign(key, campaign, networks)
        if found:
            self._check_account()
        return [*self._people.resources, *self._media.resources, *found]

    def _networks(self, campaign: AdCampaign) -> list[Network]:
        line = self._plan.line_of(campaign)
        if line is None or not line.is_deployed:
            return []
        return [n for n in line.networks if n in tables.POSITIONS]

    def _check_account(self) -> None:
        demands.same_currency(self._plan, self._account, self._findings)
        if not self._settings.page:
            self._findings.add(
                "campaigns",
                "page_missing",
                "ads on Meta speak for a Facebook page, and none is set",
                hint="set `page` of this environment in smm.toml",
            )
        if self._account.zone != self._plan.zone:
            self._findings.add(
                "zone",
                "zone",
                f"the ad account's days are those of {self._account.zone}: daily "
                "budgets and reports follow them",
                value=self._plan.zone,
                limit=self._account.zone,
                severity=Severity.WARNING,
                hint="use an ad account in the plan's zone, or expect shifted days",
            )

    # -- campaign ------------------------------------------------------------------

    def _campaign(
        self, key: str, campaign: AdCampaign, networks: list[Network]
    ) -> list[Resource]:
        path = f"campaigns.{key}"
        objective = self._objective(campaign, path)
        if objective is None:
            return []
        self._check_categories(campaign, path)
        fields: Fields = {
            "objective": tables.OBJECTIVES[objective],
            "special_ad_categories": [
                tables.CATEGORIES[c] for c in campaign.special_ad_categories or ()
            ],
            "special_ad_category_country": self._countries(campaign),
            # Off, or Meta would move a fifth of each ad set's money to the others.
            "is_adset_budget_sharing_enabled": False,
            **self._budget(campaign.budget, f"{path}.budget"),
        }
        if campaign.budget:
            fields["bid_strategy"] = self._strategy(campaign.bid)
        flight = self._plan.flight_of(campaign)
        resource = Resource(
            path,
            Kind.CAMPAIGN,
            fields=with_money(campaign_fields(fields), self._account.currency),
            name=campaign.name or f"{self._plan.name} / {key}",
            status=campaign.status,
            **_exposures(campaign.budget, flight),
        )
        found = [resource]
        above = _Above(key, campaign, objective, networks)
        for set_key, ad_set in campaign.ad_sets.items():
            found += self._ad_set(above, set_key, ad_set)
        return found

    def _objective(self, campaign: AdCampaign, path: str) -> Objective | None:
        return demands.objective_of(
            self._plan,
            campaign,
            path,
            goals=tables.GOALS,
            platform="Meta",
            findings=self._findings,
        )

    def _check_categories(self, campaign: AdCampaign, path: str) -> None:
        demands.declared(
            campaign,
            path,
            code="special_category_undeclared",
            asks="Meta asks every campaign whether it is about housing, jobs, finance, "
            "politics or gambling",
            hint="write special_ad_categories: [] if it is about none of them",
            findings=self._findings,
        )

    def _countries(self, campaign: AdCampaign) -> list[str]:
        if campaign.special_ad_countries or not campaign.special_ad_categories:
            return list(campaign.special_ad_countries)
        audiences = (self._plan.audience_of(s) for s in campaign.ad_sets.values())
        return sorted({p.country for a in audiences if a for p in a.places})

    # -- ad set --------------------------------------------------------------------

    def _ad_set(self, above: _Above, key: str, ad_set: AdSet) -> list[Resource]:
        path = f"campaigns.{above.key}.ad_sets.{key}"
        goal = self._goal(ad_set.optimise_for, above.objective, path)
        audience = demands.audience_of(self._plan, ad_set, path, self._findings)
        if goal is None or audience is None:
            return []
        flight = self._plan.flight_of(above.campaign, ad_set)
        spec = self._target(ad_set, audience, path, above.networks)
        fields: Fields = {
            "campaign_id": Ref(f"campaigns.{above.key}"),
            **goal,
            "billing_event": "IMPRESSIONS",
            **self._budget(ad_set.budget, f"{path}.budget"),
            **self._bid(above.campaign, ad_set, path),
            "start_time": instant(flight.start.isoformat()),
            "end_time": instant(flight.end.isoformat()),
            "targeting": spec,
            **self._dsa(audience, spec, path),
        }
        resource = Resource(
            path,
            Kind.AD_SET,
            fields=with_money(ad_set_fields(fields), self._account.currency),
            name=ad_set.name or f"{above.key} / {key}",
            status=ad_set.status,
            **_exposures(ad_set.budget, flight),
        )
        return [resource, *self._ads(above, key, ad_set)]

    def _target(
        self, ad_set: AdSet, audience: Audience, path: str, networks: list[Network]
    ) -> Fields:
        key = ad_set.audience
        named = isinstance(key, str)
        here = f"audiences.{key}" if named else f"{path}.audience"
        people = self._people.of(audience, here, here)
        places = placements_of(ad_set.placements, networks, path, self._findings)
        return self._targeting.build(audience, here, people=people, placements=places)

    def _goal(
        self, chosen: OptimiseFor | None, objective: Objective, path: str
    ) -> Fields | None:
        wanted_goal, found = demands.goal_of(
            chosen,
            objective,
            path,
            goals=tables.GOALS,
            usual=tables.USUAL,
            platform="Meta",
            findings=self._findings,
        )
        here = f"{path}.optimise_for"
        if found is None:
            return None
        goal, destination, promoted = found
        if promoted and promoted != "page" and not self._settings.pixel:
            self._findings.add(
                here,
                "pixel_missing",
                f"Meta counts {wanted_goal.value} with a pixel, and none is set",
                value=wanted_goal.value,
                hint="set `pixel` of this environment in smm.toml, or optimise for "
                "link_clicks",
            )
        return {
            "optimization_goal": goal,
            "destination_type": destination,
            "promoted_object": self._promoted(promoted),
        }

    def _promoted(self, promoted: str) -> Fields:
        if not promoted:
            return {}
        if promoted == "page":
            return {"page_id": self._settings.page}
        return {"pixel_id": self._settings.pixel, "custom_event_type": promoted}

    def _bid(self, campaign: AdCampaign, ad_set: AdSet, path: str) -> Fields:
        bid = ad_set.bid or campaign.bid
        fields: Fields = {}
        if campaign.budget is None:
            fields["bid_strategy"] = self._strategy(bid)
        elif ad_set.bid and self._strategy(ad_set.bid) != self._strategy(campaign.bid):
            self._findings.add(
                f"{path}.bid",
                "bid_level",
                "the campaign holds the budget, so its bid strategy holds for all ad "
                "sets",
                value=ad_set.bid.strategy.value,
                limit=campaign.bid.strategy.value if campaign.bid else "lowest_cost",
                hint="move the strategy to the campaign",
            )
        if bid and bid.amount:
            fields["bid_amount"] = self._minor(bid.amount, f"{path}.bid.amount")
        return fields

    def _dsa(self, audience: Audience, spec: Fields, path: str) -> Fields:
        """
        Who pays and who benefits, where the EU sees the ads.
        """
        everywhere = "country_groups" in spec.get("geo_locations", {})
        if not everywhere and not {p.country for p in audience.places} & tables.EU:
            return {}
        strategy = self._plan.strategy
        brand = strategy.brand if strategy else None
        benefits = brand.advertiser if brand else ""
        payor = (brand.payer if brand else "") or benefits
        done = {
            "dsa_payor": payor or self._settings.default_payor,
            "dsa_beneficiary": benefits or self._settings.default_beneficiary,
        }
        if not all(done.values()):
            self._findings.add(
                "strategy.brand.advertiser",
                "advertiser_eu",
                "ads in the EU show who pays and who benefits",
                hint="add brand.advertiser, e.g. Alpenkaffee GmbH",
                value=path,
            )
        return done

    # -- ads -----------------------------------------------------------------------

    def _ads(self, above: _Above, key: str, ad_set: AdSet) -> list[Resource]:
        path = f"campaigns.{above.key}.ad_sets.{key}"
        chosen = {p.network for p in ad_set.placements}
        shown = [n for n in above.networks if n in chosen]
        found: list[Resource] = []
        for ad_key, ad in ad_set.ads.items():
            address = AdAddress(
                f"{path}.ads.{ad_key}",
                above.key,
                campaign=above.campaign,
                ad_set_key=key,
                ad_set=ad_set,
                ad_key=ad_key,
                ad=ad,
            )
            found += self._ad(address, path, shown or above.networks)
        return found

    def _ad(
        self, ad: AdAddress, ad_set_path: str, networks: list[Network]
    ) -> list[Resource]:
        creative = demands.creative_of(self._plan, ad, self._findings)
        key = ad.ad.creative
        if creative is None:
            return []
        here = f"creatives.{key}" if isinstance(key, str) else f"{ad.path}.creative"
        fields = self._creatives.build(creative, here, ad, networks)
        if fields is None:
            return []
        name = ad.ad.name or f"{ad.campaign_key} / {ad.ad_set_key} / {ad.ad_key}"
        address = f"{ad.path}.creative"
        refs = {"adset_id": Ref(ad_set_path), "creative": {"id": Ref(address)}}
        return [
            Resource(address, Kind.CREATIVE, fields=fields, name=creative.name or name),
            Resource(
                ad.path,
                Kind.AD,
                fields=ad_fields(refs),
                name=name,
                status=ad.ad.status,
            ),
        ]

    # -- money ---------------------------------------------------------------------

    def _budget(self, budget: AdBudget | None, path: str) -> Fields:
        if budget is None:
            return {}
        kind = "daily" if budget.daily else "lifetime"
        return {f"{kind}_budget": self._minor(budget.amount, f"{path}.{kind}")}

    def _minor(self, money: Money, path: str) -> str | None:
        units = minor(money)
        if money.currency != self._account.currency:
            self._findings.add(
                path,
                "currency",
                f"{money} cannot be spent from an account in {self._account.currency}",
                value=str(money),
                limit=self._account.currency,
                hint="state the amount in the account's currency",
            )
        elif units is None:
            whole = offset(money.currency) == 1
            self._findings.add(
                path,
                "amount_not_payable",
                f"Meta takes whole {money.currency} only"
                if whole
                else f"Meta does not bill in {money.currency}",
                value=str(money),
                hint="round the amount" if whole else "use another ad account",
            )
        return units

    def _strategy(self, bid: Bid | None) -> str:
        # Explicit: without it a campaign budget means a bid cap, and fails.
        return tables.BID_STRATEGIES[bid.strategy if bid else BidStrategy.LOWEST_COST]


def _exposures(budget: AdBudget | None, flight: Flight) -> dict[str, Any]:
    if budget is None:
        return {}
    return {
        "exposure": budget.exposure(flight.number_of_days),
        "daily_exposure": budget.daily,
    }


def _media_root(plan: MediaPlan, settings: Settings) -> Path:
    if settings.media_root:
        return Path(settings.media_root)
    return Path(plan.source.file).parent if plan.source else Path()
