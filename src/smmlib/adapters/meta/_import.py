"""
An ad account as a plan: what stands there already, taken over without a change.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

import attrs

from smmlib.adapters.meta import _import_ads as ads
from smmlib.adapters.meta import _tables as tables
from smmlib.adapters.meta._import_people import PeopleReader, key_of
from smmlib.adapters.meta._overlay import EXTRA, Kept, Row, rows_between
from smmlib.adapters.meta._parse import remote_of
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
    Strategy,
)
from smmlib.ports import ImportedAccount, Kind, Ref, Remote, Resource

if TYPE_CHECKING:
    from collections.abc import Callable

    from smmlib.adapters.meta._api import GraphApi
    from smmlib.adapters.meta._names import NameFinder
    from smmlib.model import Bid, Creative
    from smmlib.ports import Account, Wanted

Raw = dict[str, Any]

_LINE = "meta"
# Fields smmlib does not manage: told, and never touched.
_FOREIGN = {
    Kind.CAMPAIGN: "spend_cap,pacing_type,promoted_object,smart_promotion_type,"
    "budget_rebalance_flag",
    Kind.AD_SET: "attribution_spec,pacing_type,adset_schedule,bid_constraints,"
    "frequency_control_specs,daily_min_spend_target,daily_spend_cap,"
    "lifetime_min_spend_target,lifetime_spend_cap,is_dynamic_creative",
    Kind.AD: "tracking_specs,conversion_domain,bid_amount,ad_schedule_start_time,"
    "ad_schedule_end_time",
    Kind.CREATIVE: "degrees_of_freedom_spec,asset_feed_spec,template_url,"
    "product_set_id,authorization_category",
}
_USUAL = {"pacing_type": ["standard"], "authorization_category": "NONE"}
_STORY = "effective_object_story_id"


@attrs.frozen
class _Rows:
    """
    Everything of an account, raw.
    """

    customs: list[Raw]
    campaigns: list[Raw]
    ad_sets: list[Raw]
    ads: list[Raw]
    creatives: dict[str, Raw]
    images: dict[str, str]
    films: dict[str, Raw]


def read_rows(api: GraphApi, account: str) -> _Rows:
    """
    Read campaigns, ad sets, ads, creatives, audiences and pictures; all pages.
    """

    def rows(kind: Kind, more: str = "") -> list[Raw]:
        foreign = f",{_FOREIGN[kind]}" if kind in _FOREIGN else ""
        fields = f"{tables.FIELDS[kind]}{foreign}{more}"
        edge = f"{account}/{tables.EDGES[kind]}"
        found = api.pages(edge, fields=fields, limit=str(tables.PAGE))
        return [row for row in found if row.get("status") not in _GONE]

    images = api.pages(
        f"{account}/adimages", fields="hash,permalink_url", limit=str(tables.PAGE)
    )
    films = api.pages(
        f"{account}/advideos", fields=tables.VIDEO_FIELDS, limit=str(tables.PAGE)
    )
    return _Rows(
        rows(Kind.AUDIENCE),
        rows(Kind.CAMPAIGN),
        rows(Kind.AD_SET),
        rows(Kind.AD),
        {str(row["id"]): row for row in rows(Kind.CREATIVE, f",{_STORY}")},
        {str(i.get("hash")): str(i.get("permalink_url") or "") for i in images},
        {str(film.get("id")): film for film in films},
    )


_GONE = {"ARCHIVED", "DELETED"}


class Importer:
    """
    Builds the plan of one account.
    """

    def __init__(
        self, rows: _Rows, account: Account, names: NameFinder, now: datetime
    ) -> None:
        self._rows = rows
        self._account = account
        self._now = now
        self._people = PeopleReader(rows.customs, names)
        self._creatives: dict[str, Creative] = {}
        self._creative_keys: dict[str, str] = {}
        self._raw: dict[str, tuple[Kind, Raw]] = {}
        self._issues: list[Issue] = []

    def run(self, wanted: Callable[[MediaPlan], Wanted]) -> ImportedAccount:
        """
        The account as a plan that wants exactly what stands there.
        """
        plan = self._plan()
        ids = {address: str(raw["id"]) for address, (_, raw) in self._raw.items()}
        first = wanted(plan)
        self._find_references(first, ids)
        used = {r.address: ids[r.address] for r in first.resources if r.address in ids}
        kept = Kept(dict(self._kept(first, ids)), _shared(used)).text()
        done = attrs.evolve(plan, extra={EXTRA: kept} if kept else {})
        self._check(wanted(done), ids)
        self._tell_foreign()
        return ImportedAccount(done, ids, tuple(self._issues))

    # -- the plan ------------------------------------------------------------------

    def _plan(self) -> MediaPlan:
        campaigns: dict[str, AdCampaign] = {}
        for raw in self._rows.campaigns:
            objective = ads.OBJECTIVES.get(str(raw.get("objective")))
            if objective is None or not tables.GOALS[objective]:
                self._left_out("campaigns", raw, f"objective {raw.get('objective')}")
                continue
            key = key_of(str(raw.get("name")), campaigns)
            campaigns[key] = self._campaign(key, raw)
        payer, advertiser = self._who_pays()
        return MediaPlan(
            f"{self._account.name or self._account.id} (imported)",
            str(uuid5(NAMESPACE_URL, f"meta:{self._account.id}")),
            zone=self._account.zone,
            flight=self._flight(campaigns),
            strategy=Strategy(
                Brand(
                    self._account.name or self._account.id,
                    advertiser=advertiser,
                    payer=payer if payer != advertiser else "",
                )
            ),
            audiences=self._people.audiences,
            lines={_LINE: LineItem([Network.FACEBOOK, Network.INSTAGRAM])},
            campaigns=campaigns,
            creatives=self._creatives,
        )

    def _who_pays(self) -> tuple[str, str]:
        for raw in self._rows.ad_sets:
            if raw.get("dsa_payor") and raw.get("dsa_beneficiary"):
                return str(raw["dsa_payor"]), str(raw["dsa_beneficiary"])
        return "", ""

    def _flight(self, campaigns: Mapping[str, AdCampaign]) -> Flight:
        flights = [
            ad_set.flight
            for campaign in campaigns.values()
            for ad_set in campaign.ad_sets.values()
            if ad_set.flight
        ]
        if flights:
            start = min(flight.start for flight in flights)
            return Flight(start, max(flight.end for flight in flights))
        here = self._now.astimezone(ZoneInfo(self._account.zone))
        return Flight(here, here + timedelta(days=30))

    def _campaign(self, key: str, raw: Raw) -> AdCampaign:
        address = f"campaigns.{key}"
        self._raw[address] = (Kind.CAMPAIGN, raw)
        sets: dict[str, AdSet] = {}
        mine = [s for s in self._rows.ad_sets if s.get("campaign_id") == raw["id"]]
        for row in mine:
            own = key_of(str(row.get("name")), sets)
            sets[own] = self._ad_set(f"{address}.ad_sets.{own}", row, raw)
        bids = [s.bid for s in sets.values() if s.bid]
        return AdCampaign(
            _LINE,
            sets,
            name=str(raw.get("name") or ""),
            objective=ads.OBJECTIVES[str(raw["objective"])],
            budget=ads.budget_of(raw, self._account.currency),
            bid=_shared_bid(raw, bids),
            special_ad_categories=[
                ads.CATEGORIES[c]
                for c in raw.get("special_ad_categories") or ()
                if c in ads.CATEGORIES
            ],
            special_ad_countries=raw.get("special_ad_category_country") or (),
            status=ads.status_of(raw),
        )

    def _ad_set(self, address: str, raw: Raw, campaign: Raw) -> AdSet:
        self._raw[address] = (Kind.AD_SET, raw)
        targeting = raw.get("targeting") or {}
        name = str(raw.get("name") or "")
        strategy = raw.get("bid_strategy") or campaign.get("bid_strategy")
        shown: dict[str, Ad] = {}
        for row in self._rows.ads:
            if row.get("adset_id") == raw["id"]:
                self._ad(address, row, shown)
        return AdSet(
            self._people.of(targeting, name),
            shown,
            placements=ads.placements_of(targeting),
            name=name,
            budget=ads.budget_of(raw, self._account.currency),
            flight=ads.flight_of(raw, self._account.zone),
            bid=ads.bid_of(strategy, raw.get("bid_amount"), self._account.currency),
            optimise_for=ads.goal_of(raw, ads.OBJECTIVES[str(campaign["objective"])]),
            status=ads.status_of(raw),
        )

    def _ad(self, ad_set: str, raw: Raw, shown: dict[str, Ad]) -> None:
        own = str((raw.get("creative") or {}).get("id") or "")
        creative = self._rows.creatives.get(own)
        if creative is None:
            self._left_out(f"{ad_set}.ads", raw, "its creative cannot be read")
            return
        key = key_of(str(raw.get("name")), shown)
        shown[key] = Ad(
            self._creative(own, creative),
            str(raw.get("name") or ""),
            status=ads.status_of(raw),
        )
        self._raw[f"{ad_set}.ads.{key}"] = (Kind.AD, raw)
        self._raw[f"{ad_set}.ads.{key}.creative"] = (Kind.CREATIVE, creative)

    def _creative(self, own: str, raw: Raw) -> str:
        if own not in self._creative_keys:
            key = key_of(str(raw.get("name") or own), self._creatives)
            self._creatives[key] = ads.creative_of(raw, self._rows.images)
            self._creative_keys[own] = key
        return self._creative_keys[own]

    # -- what a plan has no words for ----------------------------------------------

    def _find_references(self, wanted: Wanted, ids: dict[str, str]) -> None:
        """
        Which custom audience and which film each address of the plan stands for.
        """
        customs = {str(raw["id"]): raw for raw in self._rows.customs}
        for own, key in self._people.keys.items():
            ids[f"audiences.{key}"] = own
            self._raw[f"audiences.{key}"] = (Kind.AUDIENCE, customs[own])
        for resource in wanted.resources:
            raw = self._raw.get(resource.address)
            if raw is None:
                continue
            for ref, own in _people_of(resource.fields, raw[1]):
                if ref not in ids and own in customs:
                    ids[ref] = own
                    self._raw[ref] = (Kind.AUDIENCE, customs[own])
            for ref, own in _films_of(resource.fields, raw[1]):
                # One that is the page's own is not among the account's films.
                film = self._rows.films.get(own, {"id": own})
                ids.setdefault(ref, own)
                self._raw.setdefault(ref, (Kind.MEDIA, film))

    def _kept(
        self, wanted: Wanted, ids: Mapping[str, str]
    ) -> Iterator[tuple[str, list[Row]]]:
        for resource in wanted.resources:
            remote = self._remote(resource)
            if remote is None:
                continue
            rows = list(rows_between(resource.fields, remote.fields, ids))
            if rows:
                yield resource.address, rows
            for path, _, there in rows:
                self._tell(resource.address, ".".join(path), there)

    def _remote(self, resource: Resource) -> Remote | None:
        found = self._raw.get(resource.address)
        if found is None:
            return None
        return remote_of(*found, self._now, self._account.currency)

    def _check(self, wanted: Wanted, ids: dict[str, str]) -> None:
        """
        Leave out what would not be wanted, and tell why.
        """
        self._issues += [issue for issue in wanted.issues if issue.is_error]
        there = {resource.address for resource in wanted.resources}
        for address in [address for address in ids if address not in there]:
            kind, raw = self._raw[address]
            del ids[address]
            if kind is not Kind.AUDIENCE and str(raw["id"]) not in ids.values():
                self._left_out(address, raw, "a plan cannot want it")

    def _tell_foreign(self) -> None:
        for address, (kind, raw) in self._raw.items():
            for name in _FOREIGN.get(kind, "").split(","):
                value = raw.get(name)
                if name and value not in _NOTHING and value != _USUAL.get(name):
                    self._tell(address, name, value)

    def _tell(self, address: str, field: str, value: Any) -> None:
        kind, _ = self._raw[address]
        self._issues.append(
            Issue(
                f"{address}.{field}",
                "import.kept",
                f"{field} is kept as it stands on Meta; the plan has no words for it",
                severity=Severity.INFO,
                value=json.dumps(value, default=str),
                hint=_NEW_CREATIVE
                if kind is Kind.CREATIVE
                else "change it in Ads Manager; smmlib leaves it alone",
            )
        )

    def _left_out(self, address: str, raw: Raw, why: str) -> None:
        self._issues.append(
            Issue(
                address,
                "import.left_out",
                f"'{raw.get('name')}' ({raw.get('id')}) is not in the plan: {why}",
                severity=Severity.WARNING,
                value=str(raw.get("id")),
                hint="it goes on as it is; watch it in Ads Manager",
            )
        )


# The content of a creative never changes, so that a changed one is a new one.
_NEW_CREATIVE = (
    "it stays as long as the creative does; a new text or picture makes a new creative "
    "without it"
)
_NOTHING: tuple[Any, ...] = (None, "", [], {}, "0", 0, False)


def _shared(ids: Mapping[str, str]) -> dict[str, str]:
    """
    Addresses that stand on one object, by the first of them.
    """
    first: dict[str, str] = {}
    found: dict[str, str] = {}
    for address, own in ids.items():
        if own in first:
            found[address] = first[own]
        first.setdefault(own, address)
    return found


def _shared_bid(raw: Raw, bids: list[Bid]) -> Bid | None:
    """
    The bid of a campaign that holds the budget: its strategy, with its ad sets' cap.
    """
    held = raw.get("daily_budget") or raw.get("lifetime_budget")
    return bids[0] if held and bids else None


Pairs = Iterator[tuple[str, str]]


def _people_of(fields: Mapping[str, Any], raw: Raw) -> Pairs:
    """
    Address and id of the known people an ad set is for.
    """
    spec = fields.get("targeting") or {}
    given = raw.get("targeting") or {}
    for name in ("custom_audiences", "excluded_custom_audiences"):
        ours = [item["id"] for item in spec.get(name, ())]
        theirs = [str(item.get("id")) for item in given.get(name) or ()]
        if len(ours) == len(theirs):
            yield from (
                (ref.address, own)
                for ref, own in zip(ours, theirs, strict=True)
                if isinstance(ref, Ref)
            )


def _films_of(fields: Mapping[str, Any], raw: Raw) -> Pairs:
    """
    Address and id of the films a creative shows.
    """
    ours = _shown_in(fields.get("object_story_spec") or {})
    theirs = _shown_in(raw.get("object_story_spec") or {})
    if len(ours) == len(theirs):
        for part, there in zip(ours, theirs, strict=True):
            ref, own = part.get("video_id"), there.get("video_id")
            if isinstance(ref, Ref) and own:
                yield ref.address, str(own)


def _shown_in(story: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    cards = (story.get("link_data") or {}).get("child_attachments") or ()
    return [story.get("video_data") or {}, *cards]
