"""
What a plan wants on LinkedIn: every object with its fields, and what stands in the way.

A campaign of the plan is a campaign group of LinkedIn's, an ad set is a campaign, an ad
is a creative with its own post.
"""

from __future__ import annotations

from datetime import UTC
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.adapters import _demands as demands
from smmlib.adapters.linkedin import _tables as tables
from smmlib.adapters.linkedin._creatives import CreativeBuilder, format_of
from smmlib.adapters.linkedin._findings import Findings
from smmlib.adapters.linkedin._media import MediaReader
from smmlib.adapters.linkedin._normal import Fields, campaign_fields, group_fields
from smmlib.adapters.linkedin._overlay import kept_in
from smmlib.adapters.linkedin._settings import Settings
from smmlib.adapters.linkedin._spending import Spending
from smmlib.adapters.linkedin._targeting import TargetingBuilder
from smmlib.errors import Severity
from smmlib.model import (
    AdAddress,
    BidStrategy,
    Money,
    Network,
    Position,
    SpecialCategory,
)
from smmlib.ports import Kind, Ref, Resource, Wanted

if TYPE_CHECKING:
    from datetime import datetime

    from smmlib.adapters.linkedin._names import NameFinder
    from smmlib.model import (
        AdBudget,
        AdCampaign,
        AdSet,
        Audience,
        Flight,
        MediaPlan,
        Objective,
    )
    from smmlib.ports import Account

_ORDER = tuple(Kind)
_POLITICAL = {True: "POLITICAL", False: "NOT_POLITICAL"}
_GROUP_BIDS = {
    BidStrategy.LOWEST_COST: "MAXIMUM_DELIVERY",
    BidStrategy.BID_CAP: "MANUAL",
    BidStrategy.COST_CAP: "COST_CAP",
}


def is_here(plan: MediaPlan, campaign: AdCampaign) -> bool:
    """
    Whether a campaign is one for LinkedIn that smmlib may set up.
    """
    line = plan.line_of(campaign)
    if line is None or not line.is_deployed:
        return False
    return Network.LINKEDIN in line.networks


def wanted(
    plan: MediaPlan, account: Account, settings: Settings, names: NameFinder
) -> Wanted:
    """
    All resources of a plan on LinkedIn, parents first, with all issues.
    """
    findings, kept = Findings(plan.source), kept_in(plan)
    builder = _PlanBuilder(plan, account, settings, names, findings)
    resources = builder.resources()
    order = {kind: place for place, kind in enumerate(_ORDER)}
    ready = sorted(kept.over(resources), key=lambda r: order[r.kind])
    return Wanted(tuple(ready), kept.judged(findings.issues))


@attrs.frozen
class _Above:
    """
    What an ad set stands in: its campaign, with what was decided there.
    """

    key: str
    campaign: AdCampaign
    objective: Objective
    political: bool


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
        self._targeting = TargetingBuilder(
            names,
            findings,
            audiences=plan.audiences,
            segments=settings.segments,
            lists=settings.lists,
        )
        self._spending = Spending(findings, account.currency)
        self._media = MediaReader(_media_root(plan, settings), findings)
        self._creatives = CreativeBuilder(
            self._media, findings, plan.posts, settings.lead_form
        )

    def resources(self) -> list[Resource]:
        """
        Everything that is wanted, in any order.
        """
        found: list[Resource] = []
        for key, campaign in self._plan.campaigns.items():
            if is_here(self._plan, campaign):
                found += self._campaign(key, campaign)
        if found:
            self._check_account()
        return [*self._targeting.resources, *self._media.resources, *found]

    def _check_account(self) -> None:
        demands.same_currency(self._plan, self._account, self._findings)
        if not self._settings.organisation:
            self._findings.add(
                "campaigns",
                "organisation_missing",
                "ads on LinkedIn speak for a company's page, and none is set",
                hint="set `organisation` of this environment in smm.toml",
            )
        if self._account.zone != self._plan.zone:
            self._findings.add(
                "zone",
                "zone",
                "LinkedIn's days are those of UTC: daily budgets and reports follow "
                "them",
                value=self._plan.zone,
                limit=self._account.zone,
                severity=Severity.WARNING,
                hint="expect numbers of a day to be shifted by the difference",
            )

    # -- campaign: a campaign group ------------------------------------------------

    def _campaign(self, key: str, campaign: AdCampaign) -> list[Resource]:
        path = f"campaigns.{key}"
        objective = self._objective(campaign, path)
        if objective is None:
            return []
        self._check_categories(campaign, path)
        flight = self._plan.flight_of(campaign)
        fields: Fields = {
            "runSchedule": _schedule(flight),
            **self._spending.budget(campaign.budget, f"{path}.budget"),
        }
        if campaign.budget:
            strategy = campaign.bid.strategy if campaign.bid else None
            fields["budgetOptimization"] = {
                "budgetOptimizationStrategy": "DYNAMIC",
                "bidStrategy": _GROUP_BIDS[strategy or BidStrategy.LOWEST_COST],
            }
        resource = Resource(
            path,
            Kind.CAMPAIGN,
            fields=group_fields(fields),
            name=self._name(
                campaign.name or f"{self._plan.name} / {key}",
                tables.GROUP_NAME,
                path,
            ),
            status=campaign.status,
            **_exposures(campaign.budget, flight),
        )
        political = SpecialCategory.POLITICS in (campaign.special_ad_categories or ())
        above = _Above(key, campaign, objective, political)
        found = [resource]
        for set_key, ad_set in campaign.ad_sets.items():
            if self._shows_here(ad_set, f"{path}.ad_sets.{set_key}"):
                found += self._ad_set(above, set_key, ad_set)
        return found

    def _name(self, name: str, longest: int, path: str) -> str:
        """
        A name that fits with the marker behind it.
        """
        most = longest - tables.MARK
        if len(name) > most:
            self._findings.add(
                f"{path}.name",
                "name_too_long",
                f"the name has {len(name)} characters; with smmlib's marker LinkedIn "
                f"takes {most}",
                value=len(name),
                limit=most,
                hint=f"give it a name of at most {most} characters",
            )
        return name

    def _objective(self, campaign: AdCampaign, path: str) -> Objective | None:
        return demands.objective_of(
            self._plan,
            campaign,
            path,
            goals=tables.GOALS,
            platform="LinkedIn",
            findings=self._findings,
        )

    def _check_categories(self, campaign: AdCampaign, path: str) -> None:
        demands.declared(
            campaign,
            path,
            code="political_undeclared",
            asks="LinkedIn asks every campaign whether it is political",
            hint="write special_ad_categories: [] if it is not",
            findings=self._findings,
        )

    def _shows_here(self, ad_set: AdSet, path: str) -> bool:
        """
        Whether an ad set is meant for LinkedIn; only its feed can be chosen there.
        """
        here = [p for p in ad_set.placements if p.network is Network.LINKEDIN]
        for number, placement in enumerate(ad_set.placements):
            if placement in here and placement.position is not Position.FEED:
                self._findings.add(
                    f"{path}.placements[{number}]",
                    "placement_unknown",
                    f"LinkedIn has no placement {placement}",
                    value=str(placement),
                    limit="linkedin.feed",
                    hint="write linkedin.feed, or leave placements out",
                )
        return bool(here) or not ad_set.placements

    # -- ad set: a campaign --------------------------------------------------------

    def _ad_set(self, above: _Above, key: str, ad_set: AdSet) -> list[Resource]:
        path = f"campaigns.{above.key}.ad_sets.{key}"
        goal = self._goal(above, ad_set, path)
        audience = self._audience(ad_set, path)
        if goal is None or audience is None:
            return []
        flight = self._plan.flight_of(above.campaign, ad_set)
        where = ad_set.audience
        here = f"audiences.{where}" if isinstance(where, str) else f"{path}.audience"
        objective, target = goal
        fields: Fields = {
            "campaignGroup": Ref(f"campaigns.{above.key}"),
            "type": "SPONSORED_UPDATES",
            "objectiveType": objective,
            "format": self._format(ad_set, path),
            **self._spending.bidding(above.campaign, ad_set, target, path),
            **self._spending.own_budget(above.campaign, ad_set, path),
            "locale": self._locale(audience, here),
            "runSchedule": _schedule(flight),
            "associatedEntity": f"{tables.ORGANISATION_URN}"
            f"{self._settings.organisation}",
            "politicalIntent": _POLITICAL[above.political],
        }
        resource = Resource(
            path,
            Kind.AD_SET,
            fields={
                **campaign_fields(fields),
                "targetingCriteria": self._targeting.build(audience, here),
            },
            name=ad_set.name or f"{above.key} / {key}",
            status=ad_set.status,
            **_exposures(ad_set.budget, flight),
        )
        return [resource, *self._ads(above, key, ad_set, objective)]

    def _audience(self, ad_set: AdSet, path: str) -> Audience | None:
        return demands.audience_of(self._plan, ad_set, path, self._findings)

    def _goal(self, above: _Above, ad_set: AdSet, path: str) -> tuple[str, str] | None:
        wanted_goal, found = demands.goal_of(
            ad_set.optimise_for,
            above.objective,
            path,
            goals=tables.GOALS,
            usual=tables.USUAL,
            platform="LinkedIn",
            findings=self._findings,
        )
        here = f"{path}.optimise_for"
        if found is None:
            return None
        if found[0] == "LEAD_GENERATION" and not self._settings.lead_form:
            self._unset(here, "lead_form", wanted_goal.value, "with a lead form")
        elif found[1] == "MAX_CONVERSION" and not self._settings.conversion:
            self._unset(here, "conversion", wanted_goal.value, "with a conversion")
        return found

    def _unset(self, path: str, option: str, goal: str, how: str) -> None:
        self._findings.add(
            path,
            f"{option}_missing",
            f"LinkedIn counts {goal} {how}, and none is set",
            value=goal,
            hint=f"set `{option}` of this environment in smm.toml, or optimise for "
            "link_clicks",
        )

    def _format(self, ad_set: AdSet, path: str) -> str:
        """
        The one format of all ads in an ad set.
        """
        creatives = [self._plan.creative_of(ad) for ad in ad_set.ads.values()]
        formats = sorted({f for c in creatives if c and (f := format_of(c))})
        if len(formats) > 1:
            self._findings.add(
                f"{path}.ads",
                "formats_mixed",
                "a campaign on LinkedIn shows one format: pictures and links, films, "
                "or carousels",
                value=", ".join(formats),
                hint="give each format an ad set of its own",
            )
        return formats[0] if formats else ""

    def _locale(self, audience: Audience, path: str) -> Fields:
        """
        The one language of the people, as their profiles say.
        """
        tags = audience.languages
        if len(tags) > 1:
            self._findings.add(
                f"{path}.languages",
                "languages",
                "a campaign on LinkedIn reaches profiles in one language",
                value=", ".join(tags),
                hint="make an audience and an ad set for each language",
            )
        elif not tags:
            self._findings.add(
                f"{path}.languages",
                "language_missing",
                "LinkedIn reaches profiles in one language; none is named, so it is "
                "English",
                severity=Severity.INFO,
                hint="name it, e.g. languages: [de]",
            )
        tag = tags[0] if tags else "en"
        found = tables.LOCALES.get(tag.split("-")[0].lower())
        if found is None:
            self._findings.add(
                f"{path}.languages[0]",
                "language",
                f"LinkedIn has no ads in {tag!r}",
                value=tag,
                limit=", ".join(tables.LOCALES),
                hint="choose one of those",
            )
            return {}
        language, _, country = found.partition("_")
        return {"language": language, "country": country}

    # -- ads: creatives ------------------------------------------------------------

    def _ads(
        self, above: _Above, key: str, ad_set: AdSet, objective: str
    ) -> list[Resource]:
        found: list[Resource] = []
        for ad_key, ad in ad_set.ads.items():
            address = AdAddress(
                f"campaigns.{above.key}.ad_sets.{key}.ads.{ad_key}",
                above.key,
                campaign=above.campaign,
                ad_set_key=key,
                ad_set=ad_set,
                ad_key=ad_key,
                ad=ad,
            )
            found += self._ad(address, objective)
        return found

    def _ad(self, ad: AdAddress, objective: str) -> list[Resource]:
        creative = demands.creative_of(self._plan, ad, self._findings)
        key = ad.ad.creative
        if creative is None:
            return []
        here = f"creatives.{key}" if isinstance(key, str) else f"{ad.path}.creative"
        fields = self._creatives.build(creative, here, ad, objective)
        if fields is None:
            return []
        above = f"campaigns.{ad.campaign_key}.ad_sets.{ad.ad_set_key}"
        made = f"{ad.campaign_key} / {ad.ad_set_key} / {ad.ad_key}"
        name = ad.ad.name or creative.name or made
        return [
            Resource(
                ad.path,
                Kind.AD,
                fields={"campaign": Ref(above), **fields},
                name=self._name(name, tables.CREATIVE_NAME, ad.path),
                status=ad.ad.status,
            )
        ]


def _schedule(flight: Flight) -> dict[str, str]:
    return {"start": _utc(flight.start), "end": _utc(flight.end)}


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _exposures(budget: AdBudget | None, flight: Flight) -> dict[str, Any]:
    if budget is None:
        return {}
    # Up to half as much again may be charged on one day.
    day = budget.daily
    most = (
        Money.rounded(day.amount * Decimal(tables.DAILY_CHARGE), day.currency)
        if day
        else None
    )
    return {
        "exposure": budget.exposure(flight.number_of_days),
        "daily_exposure": most,
    }


def _media_root(plan: MediaPlan, settings: Settings) -> Path:
    if settings.media_root:
        return Path(settings.media_root)
    return Path(plan.source.file).parent if plan.source else Path()
