"""
What a plan wants on X: every object with its fields, and what stands in the way.

An ad set of the plan is a line item of X's with its targeting criteria, an ad is a post
that line item promotes.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.adapters import _demands as demands
from smmlib.adapters.x import _tables as tables
from smmlib.adapters.x._creatives import CreativeBuilder
from smmlib.adapters.x._findings import Findings
from smmlib.adapters.x._media import MediaReader
from smmlib.adapters.x._normal import Fields, grouped, kept, single
from smmlib.adapters.x._overlay import kept_in
from smmlib.adapters.x._spending import Spending
from smmlib.adapters.x._targeting import KEYWORDS, TargetingBuilder
from smmlib.errors import Severity
from smmlib.model import AdAddress, Network, Position
from smmlib.ports import Kind, Ref, Resource, Wanted
from smmlib.rules import _x_tables as rules

if TYPE_CHECKING:
    from datetime import datetime

    from smmlib.adapters.x._names import NameFinder
    from smmlib.model import AdCampaign, AdSet, MediaPlan, Objective
    from smmlib.ports import Account

_NAME = "X"
_ORDER = tuple(Kind)


@attrs.frozen
class Settings:
    """
    What a connection says about an ad account.

    Attributes:
        funding_instrument: Id of what pays for campaigns.
        user: Id of the user ads and posts speak for.
        web_event_tag: Id of the tag that counts conversions.
        media_root: Folder pictures are in; empty for the plan file's.
        segments: Ids of X's audiences by the plan's names.
    """

    funding_instrument: str = ""
    user: str = ""
    web_event_tag: str = ""
    media_root: str = ""
    segments: Mapping[str, str] = attrs.field(factory=dict, kw_only=True)


def is_here(plan: MediaPlan, campaign: AdCampaign) -> bool:
    """
    Whether a campaign is one for X that smmlib may set up.
    """
    line = plan.line_of(campaign)
    return line is not None and line.is_deployed and Network.X in line.networks


def wanted(
    plan: MediaPlan,
    account: Account,
    settings: Settings,
    names: NameFinder,
    posts: Callable[[Iterable[str]], Container[str]],
) -> Wanted:
    """
    All resources of a plan on X, parents first, with all issues.

    Args:
        plan: The plan.
        account: The ad account.
        settings: What the connection says.
        names: Search with a cache.
        posts: Which of some posts are there to be promoted.
    """
    findings = Findings(plan.source)
    resources = _PlanBuilder(plan, account, settings, names, findings).resources()
    _check_posts(resources, posts, findings)
    kept = kept_in(plan)
    order = {kind: place for place, kind in enumerate(_ORDER)}
    ready = sorted(kept.over(resources), key=lambda r: order[r.kind])
    return Wanted(tuple(ready), kept.judged(findings.issues))


def _check_posts(
    resources: list[Resource],
    posts: Callable[[Iterable[str]], Container[str]],
    findings: Findings,
) -> None:
    """
    Tell posts that cannot be promoted, because this account does not see them.
    """
    named = {
        f"{r.address}.creative": str(r.fields["tweet_id"])
        for r in resources
        if "tweet_id" in r.fields
    }
    there = posts(named.values()) if named else ()
    for path, post in named.items():
        if post not in there:
            findings.add(
                path,
                "post_unknown",
                f"there is no post {post} on X that this account may promote",
                value=post,
                hint="publish it as the user whose posts are promoted, or correct its "
                "number",
            )


@attrs.frozen
class _Above:
    """
    What an ad set stands in: its campaign, with what was decided there.
    """

    key: str
    campaign: AdCampaign
    objective: Objective


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
            user=settings.user,
        )
        self._spending = Spending(findings, account.currency)
        self._media = MediaReader(_media_root(plan, settings), findings)
        self._creatives = CreativeBuilder(self._media, findings, plan.posts)

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
        self._twins(found)
        self._patience(found)
        return [*self._media.resources, *found]

    def _check_account(self) -> None:
        demands.same_currency(self._plan, self._account, self._findings)
        if not self._settings.funding_instrument:
            self._findings.add(
                "campaigns",
                "funding_instrument_missing",
                "nobody says what pays for campaigns on X",
                hint="set `funding_instrument` of this environment in smm.toml",
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

    def _campaign(self, key: str, campaign: AdCampaign) -> list[Resource]:
        path = f"campaigns.{key}"
        objective = demands.objective_of(
            self._plan,
            campaign,
            path,
            goals=rules.GOALS,
            platform=_NAME,
            findings=self._findings,
        )
        if objective is None:
            return []
        flight = self._plan.flight_of(campaign)
        money, exposures = self._spending.campaign(campaign, flight, path)
        resource = Resource(
            path,
            Kind.CAMPAIGN,
            fields=kept(
                {
                    "funding_instrument_id": self._settings.funding_instrument,
                    **money,
                }
            ),
            name=self._name(
                campaign.name or f"{self._plan.name} / {key}",
                rules.NAME.value,
                path,
            ),
            status=campaign.status,
            **exposures,
        )
        above = _Above(key, campaign, objective)
        found = [resource]
        goals = []
        for set_key, ad_set in campaign.ad_sets.items():
            if self._shows_here(ad_set, f"{path}.ad_sets.{set_key}"):
                some, goal = self._ad_set(above, set_key, ad_set)
                found += some
                goals += [goal] if goal else []
        self._one_objective(goals, path)
        return found

    def _one_objective(self, goals: list[str], path: str) -> None:
        """
        All line items of a campaign share X's objective.
        """
        if len(set(goals)) > 1:
            self._findings.add(
                f"{path}.ad_sets",
                "objectives_mixed",
                "a campaign on X has one objective; these ad sets need "
                + " and ".join(sorted(set(goals))),
                value=", ".join(sorted(set(goals))),
                limit=rules.ONE_OBJECTIVE.value,
                hint="make a campaign for each",
            )

    def _name(self, name: str, most: int, path: str) -> str:
        """
        A name that fits with the marker behind it.
        """
        if len(name) > most:
            self._findings.add(
                f"{path}.name",
                "name_too_long",
                f"the name has {len(name)} characters; with smmlib's marker X takes "
                f"{most}",
                value=len(name),
                limit=most,
                hint=f"give it a name of at most {most} characters",
            )
        return name

    def _shows_here(self, ad_set: AdSet, path: str) -> bool:
        """
        Whether an ad set is meant for X, and its placements are some X has.
        """
        here = [p for p in ad_set.placements if p.network is Network.X]
        for number, placement in enumerate(ad_set.placements):
            if placement in here and placement.position not in rules.PLACEMENTS:
                self._findings.add(
                    f"{path}.placements[{number}]",
                    "placement_unknown",
                    f"X has no placement {placement}",
                    value=str(placement),
                    limit=rules.PLACEMENTS_LIMIT.value,
                    hint="choose one of those, or leave placements out",
                )
        return bool(here) or not ad_set.placements

    # -- ad set: a line item with its criteria -------------------------------------

    def _ad_set(
        self, above: _Above, key: str, ad_set: AdSet
    ) -> tuple[list[Resource], str]:
        path = f"campaigns.{above.key}.ad_sets.{key}"
        goal = self._goal(above, ad_set, path)
        audience = demands.audience_of(self._plan, ad_set, path, self._findings)
        if goal is None or audience is None:
            return [], ""
        flight = self._plan.flight_of(above.campaign, ad_set)
        where = ad_set.audience
        here = f"audiences.{where}" if isinstance(where, str) else f"{path}.audience"
        targeting = self._targeting.build(audience, here)
        money, exposures = self._spending.ad_set(above.campaign, ad_set, flight, path)
        fields: Fields = {
            "campaign_id": Ref(f"campaigns.{above.key}"),
            "objective": goal[0],
            "goal": goal[1],
            "product_type": "PROMOTED_TWEETS",
            "placements": self._placements(ad_set, targeting, path),
            "start_time": _utc(flight.start),
            "end_time": _utc(flight.end),
            **self._spending.bidding(above.campaign, ad_set, goal, path),
            **money,
            "targeting": grouped(single(targeting)),
        }
        if goal[1] == rules.TAGGED:
            fields["primary_web_event_tag"] = self._settings.web_event_tag
        name = ad_set.name or f"{above.key} / {key}"
        resource = Resource(
            path,
            Kind.AD_SET,
            fields={**kept(fields), "standard_delivery": True},
            name=self._name(name, rules.NAME.value, path),
            status=ad_set.status,
            **exposures,
        )
        return [resource, *self._ads(above, key, ad_set, goal[0])], goal[0]

    def _goal(self, above: _Above, ad_set: AdSet, path: str) -> tuple[str, str] | None:
        goal, found = demands.goal_of(
            ad_set.optimise_for,
            above.objective,
            path,
            goals=rules.GOALS,
            usual=rules.USUAL,
            platform=_NAME,
            findings=self._findings,
        )
        if found and found[1] == rules.TAGGED and not self._settings.web_event_tag:
            self._findings.add(
                f"{path}.optimise_for",
                "web_event_tag_missing",
                f"X counts {goal.value} with a web event tag, and none is set",
                value=goal.value,
                hint="set `web_event_tag` of this environment in smm.toml, or optimise "
                "for link_clicks",
            )
        return found

    def _placements(
        self, ad_set: AdSet, targeting: Mapping[str, Any], path: str
    ) -> list[str]:
        chosen = {
            p.position
            for p in ad_set.placements
            if p.network is Network.X and p.position in rules.PLACEMENTS
        }
        if not chosen:
            return [rules.EVERYWHERE]
        if Position.FEED not in chosen and chosen != {Position.SEARCH}:
            self._alone(path, chosen, "x.profile and x.replies go with x.feed only")
        searched = any(kind.split(" ")[0] in KEYWORDS for kind in targeting)
        if Position.SEARCH in chosen and not searched:
            self._alone(
                path, chosen, "x.search finds people by keywords, none is named"
            )
        return sorted(rules.PLACEMENTS[position] for position in chosen)

    def _alone(self, path: str, chosen: set[Position], message: str) -> None:
        self._findings.add(
            f"{path}.placements",
            "placements_together",
            message,
            value=", ".join(sorted(chosen)),
            limit=rules.PLACEMENTS_LIMIT.value,
            hint="add x.feed, or interests: ['keyword: ...'] for search",
        )

    # -- ads: promoted posts -------------------------------------------------------

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
        return [
            Resource(
                ad.path,
                Kind.AD,
                fields={"line_item_id": Ref(above), **fields},
                name=self._ad_name(ad, creative.name),
                status=ad.ad.status,
            )
        ]

    def _ad_name(self, ad: AdAddress, name: str) -> str:
        """
        The name of a post: X gives it 80 characters, and most are not ours to use.
        """
        most = rules.AD_NAME.value
        if ad.ad.name or name:
            return self._name(ad.ad.name or name, most, ad.path)
        made = f"{ad.campaign_key} / {ad.ad_set_key} / {ad.ad_key}"
        return made if len(made) <= most else f"{made[: most - 1].rstrip()}…"

    # -- all together --------------------------------------------------------------

    def _twins(self, found: list[Resource]) -> None:
        """
        Tell posts that X would refuse, because another ad says the very same.
        """
        seen: dict[str, str] = {}
        for resource in found:
            if resource.kind is not Kind.AD or "tweet_id" in resource.fields:
                continue
            said = repr(
                {k: v for k, v in resource.fields.items() if k != "line_item_id"}
            )
            first = seen.setdefault(said, resource.address)
            if first != resource.address:
                self._findings.add(
                    f"{resource.address}.creative",
                    "same_post",
                    f"X takes the same post once, and {first} is that one",
                    value=str(resource.fields.get("text", "")),
                    hint="change a word, or give each a link: tags tell them apart",
                )

    def _patience(self, found: list[Resource]) -> None:
        """
        Tell how long new posts take, where that is more than a moment.
        """
        new = [r for r in found if r.kind is Kind.AD and "tweet_id" not in r.fields]
        writes = len(new) + sum("card" in r.fields for r in new)
        minutes = -(-writes // tables.WRITES_A_MINUTE)
        if minutes > 1:
            self._findings.add(
                "campaigns",
                "takes_time",
                f"{len(new)} new posts on X are {writes} requests one by one, at most "
                f"{tables.WRITES_A_MINUTE} a minute: setting them up takes about "
                f"{minutes} minutes",
                value=writes,
                limit=tables.WRITES_A_MINUTE,
                severity=Severity.INFO,
                hint="let it run; posts that exist already (boost: x:<number>) take no "
                "time",
            )


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _media_root(plan: MediaPlan, settings: Settings) -> Path:
    if settings.media_root:
        return Path(settings.media_root)
    return Path(plan.source.file).parent if plan.source else Path()
