"""
An ad account as a plan: what stands there already, taken over without a change.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

import attrs

from smmlib.adapters.linkedin import _import_ads as ads
from smmlib.adapters.linkedin import _tables as tables
from smmlib.adapters.linkedin._import_people import PeopleReader, key_of
from smmlib.adapters.linkedin._normal import MARKS
from smmlib.adapters.linkedin._overlay import EXTRA, Kept, Row, differences, sign_of
from smmlib.adapters.linkedin._parse import remote_of
from smmlib.errors import Issue, Severity
from smmlib.model import (
    Ad,
    AdCampaign,
    AdSet,
    Brand,
    Flight,
    LineItem,
    MediaPlan,
    Network,
    SpecialCategory,
    Strategy,
)
from smmlib.ports import ImportedAccount, Kind, Remote

if TYPE_CHECKING:
    from smmlib.adapters.linkedin._lookup import Lookup
    from smmlib.adapters.linkedin._names import NameFinder
    from smmlib.model import Creative, Objective
    from smmlib.ports import Account, Resource, Wanted

Raw = dict[str, Any]

_LINE = "linkedin"
_USUAL_LENGTH = timedelta(days=30)
# What smmlib manages, and what LinkedIn computes: neither is told as kept.
_OURS = frozenset(
    "account associatedEntity audienceExpansionEnabled budgetOptimization campaign"
    " campaignGroup changeAuditStamps costType createdAt createdBy dailyBudget format"
    " id intendedStatus isServing isTest lastModifiedAt lastModifiedBy"
    " leadgenCallToAction locale name objectiveType offsiteDeliveryEnabled"
    " optimizationTargetType pacingStrategy politicalIntent review runSchedule"
    " servingHoldReasons servingStatuses status targetingCriteria test totalBudget"
    " type unitCost version backfilled allowedCampaignTypes content".split()
)
_USUAL: dict[str, Any] = {
    "creativeSelection": "OPTIMIZED",
    "lifecycleState": "PUBLISHED",
    "visibility": "PUBLIC",
}
_POST_OURS = frozenset(
    "author commentary content contentCallToActionLabel contentLandingPage createdAt"
    " distribution id lastModifiedAt publishedAt".split()
)
_AD_CONTEXT = frozenset({"dscAdAccount", "dscStatus", "dscAdType", "isDsc"})
_NOTHING: tuple[Any, ...] = (None, "", [], {}, 0, False)


@attrs.frozen
class Rows:
    """
    Everything of an account, raw.
    """

    groups: list[Raw]
    campaigns: list[Raw]
    creatives: list[Raw]
    posts: Mapping[str, Raw]


def read_rows(lookup: Lookup) -> Rows:
    """
    Read campaign groups, campaigns, creatives and their posts; all pages.
    """
    creatives = list(lookup.every(Kind.AD, tables.LIVE))
    return Rows(
        list(lookup.every(Kind.CAMPAIGN, tables.LIVE)),
        list(lookup.every(Kind.AD_SET, tables.LIVE)),
        creatives,
        lookup.posts(creatives),
    )


class Importer:
    """
    Builds the plan of one account.
    """

    def __init__(
        self,
        rows: Rows,
        account: Account,
        names: NameFinder,
        segments: Mapping[str, str],
        now: datetime,
    ) -> None:
        self._rows = rows
        self._account = account
        self._now = now
        self._people = PeopleReader(names, segments)
        self._creatives: dict[str, Creative] = {}
        self._found: dict[str, tuple[Remote, Raw]] = {}
        self._issues: list[Issue] = []
        self._remotes = {
            (kind, remote.id): remote
            for kind, some in (
                (Kind.CAMPAIGN, rows.groups),
                (Kind.AD_SET, rows.campaigns),
                (Kind.AD, rows.creatives),
            )
            for raw in some
            if (remote := self._remote(kind, raw)) is not None
        }

    def _remote(self, kind: Kind, raw: Raw) -> Remote | None:
        return remote_of(kind, raw, self._rows.posts.get(_post_of(raw)))

    def run(self, wanted: Callable[[MediaPlan], Wanted]) -> ImportedAccount:
        """
        The account as a plan that wants exactly what stands there.
        """
        plan = self._plan()
        ids = {address: remote.id for address, (remote, _) in self._found.items()}
        first = wanted(plan)
        kept = Kept(
            dict(self._kept(first, ids)),
            frozenset(sign_of(i) for i in first.issues if i.is_error and _is_there(i)),
        ).text()
        done = attrs.evolve(plan, extra={EXTRA: kept} if kept else {})
        self._check(wanted(done), ids)
        self._tell_foreign()
        return ImportedAccount(done, ids, tuple(self._issues))

    # -- the plan ------------------------------------------------------------------

    def _plan(self) -> MediaPlan:
        self._people.prepare(
            remote.fields.get("targetingCriteria", {})
            for (kind, _), remote in self._remotes.items()
            if kind is Kind.AD_SET
        )
        campaigns: dict[str, AdCampaign] = {}
        for raw in self._rows.groups:
            remote = self._remotes.get((Kind.CAMPAIGN, str(raw["id"])))
            if remote is not None:
                key = key_of(remote.name, campaigns)
                campaigns[key] = self._campaign(key, raw, remote)
        name = self._account.name or self._account.id
        return MediaPlan(
            f"{name} (imported)",
            str(uuid5(NAMESPACE_URL, f"linkedin:{self._account.id}")),
            zone=self._account.zone,
            flight=self._flight(campaigns),
            strategy=Strategy(Brand(name)),
            audiences=self._people.audiences,
            lines={_LINE: LineItem([Network.LINKEDIN])},
            campaigns=campaigns,
            creatives=self._creatives,
        )

    def _flight(self, campaigns: Mapping[str, AdCampaign]) -> Flight:
        given = [
            flight
            for campaign in campaigns.values()
            for flight in (
                campaign.flight,
                *(ad_set.flight for ad_set in campaign.ad_sets.values()),
            )
        ]
        flights = [flight for flight in given if flight]
        if flights:
            start = min(flight.start for flight in flights)
            return Flight(start, max(flight.end for flight in flights))
        here = self._now.astimezone(ZoneInfo(self._account.zone))
        return Flight(here, here + _USUAL_LENGTH)

    def _campaign(self, key: str, raw: Raw, remote: Remote) -> AdCampaign:
        address = f"campaigns.{key}"
        self._found[address] = (remote, raw)
        mine = [
            (row, found)
            for row in self._rows.campaigns
            if (found := self._remotes.get((Kind.AD_SET, str(row["id"])))) is not None
            and found.fields.get("campaignGroup") == remote.id
        ]
        flight = ads.flight_of(remote.fields, self._account.zone, self._now)
        objective = ads.objective_of([found.fields for _, found in mine])
        # A group's total may also be a mere ceiling above its campaigns' own budgets.
        shares = bool(remote.fields.get("budgetOptimization"))
        sets: dict[str, AdSet] = {}
        for row, found in mine:
            own = key_of(found.name, sets)
            path = f"{address}.ad_sets.{own}"
            self._found[path] = (found, row)
            made = self._ad_set(path, found, objective, flight)
            sets[own] = attrs.evolve(made, budget=None) if shares else made
        bids = [ad_set.bid for ad_set in sets.values() if ad_set.bid]
        political = any(f.fields.get("politicalIntent") == "POLITICAL" for _, f in mine)
        return AdCampaign(
            _LINE,
            sets,
            name=remote.name,
            objective=objective,
            budget=ads.budget_of(remote.fields) if shares else None,
            flight=flight,
            bid=bids[0] if shares and bids else None,
            special_ad_categories=[SpecialCategory.POLITICS] if political else [],
            status=ads.status_of(raw),
        )

    def _ad_set(
        self, path: str, remote: Remote, objective: Objective, above: Flight | None
    ) -> AdSet:
        fields, raw = remote.fields, self._found[path][1]
        return AdSet(
            self._people.of(
                fields.get("targetingCriteria", {}),
                ads.language_of(fields),
                remote.name,
            ),
            self._ads(path, remote.id),
            name=remote.name,
            budget=ads.budget_of(fields),
            flight=ads.flight_of(fields, self._account.zone, self._now, above),
            bid=ads.bid_of(fields),
            optimise_for=ads.goal_of(fields, objective),
            status=ads.status_of(raw),
        )

    def _ads(self, ad_set: str, campaign: str) -> dict[str, Ad]:
        shown: dict[str, Ad] = {}
        for raw in self._rows.creatives:
            own = str(raw["id"]).rpartition(":")[2]
            remote = self._remotes.get((Kind.AD, own))
            if remote is None or remote.fields.get("campaign") != campaign:
                continue
            name = remote.name or own
            creative = ads.creative_of(remote.fields, _post_of(raw), name)
            if creative is None:
                self._left_out(f"{ad_set}.ads", remote, "it shows no post")
                continue
            key, made = key_of(name, shown), key_of(name, self._creatives)
            self._creatives[made] = creative
            shown[key] = Ad(
                made, remote.name, status=ads.status_of(raw, "intendedStatus")
            )
            self._found[f"{ad_set}.ads.{key}"] = (remote, raw)
        return shown

    # -- what a plan has no words for ----------------------------------------------

    def _kept(
        self, wanted: Wanted, ids: Mapping[str, str]
    ) -> Iterator[tuple[str, list[Row]]]:
        for resource in wanted.resources:
            if resource.address not in self._found:
                continue
            remote, _ = self._found[resource.address]
            rows = [*differences(resource.fields, remote.fields, ids)]
            if rows:
                yield resource.address, rows
            for path, _, there in rows:
                self._tell(resource.address, ".".join(path), there)

    def _check(self, wanted: Wanted, ids: dict[str, str]) -> None:
        """
        Leave out what would not be wanted, and tell why.
        """
        self._issues += [issue for issue in wanted.issues if issue.is_error]
        there: dict[str, Resource] = {r.address: r for r in wanted.resources}
        for address in [address for address in ids if address not in there]:
            del ids[address]
            remote, _ = self._found[address]
            self._left_out(address, remote, "a plan cannot want it")

    def _tell_foreign(self) -> None:
        for address, (_, raw) in self._found.items():
            for name, value in raw.items():
                if name not in _OURS:
                    self._tell_one(address, name, value)
            for name, value in _post_facts(self._rows.posts.get(_post_of(raw), {})):
                self._tell_one(address, f"post.{name}", value)

    def _tell_one(self, address: str, name: str, value: Any) -> None:
        plain = name.rpartition(".")[2]
        if value not in _NOTHING and value != _USUAL.get(plain):
            self._tell(address, name, value)

    def _tell(self, address: str, field: str, value: Any) -> None:
        self._issues.append(
            Issue(
                f"{address}.{field}",
                "import.kept",
                f"{field} is kept as it stands on LinkedIn; the plan has no words for "
                "it",
                severity=Severity.INFO,
                value=json.dumps(value, default=str),
                hint="change it in Campaign Manager; smmlib leaves it alone",
            )
        )

    def _left_out(self, address: str, remote: Remote, why: str) -> None:
        self._issues.append(
            Issue(
                address,
                "import.left_out",
                f"'{remote.name}' ({remote.id}) is not in the plan: {why}",
                severity=Severity.WARNING,
                value=remote.id,
                hint="it goes on as it is; watch it in Campaign Manager",
            )
        )


def _is_there(issue: Issue) -> bool:
    """
    Whether a problem is one of things, not of the settings.
    """
    return issue.path.startswith(("campaigns.", "creatives.", "audiences."))


def _post_of(raw: Mapping[str, Any]) -> str:
    content = raw.get("content")
    found = content.get("reference") if isinstance(content, Mapping) else ""
    return str(found or "")


def _post_facts(post: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """
    What a post says that no plan does.
    """
    for name, value in post.items():
        if name == "adContext" and isinstance(value, Mapping):
            yield from (
                (f"adContext.{part}", found)
                for part, found in value.items()
                if part not in _AD_CONTEXT and not str(found).startswith(MARKS)
            )
        elif name not in _POST_OURS:
            yield name, value
