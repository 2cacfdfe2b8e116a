"""
An ad account as a plan: what stands there already, taken over without a change.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

import attrs

from smmlib.adapters.x import _tables as tables
from smmlib.adapters.x._build import split_name
from smmlib.adapters.x._import_people import audience_of
from smmlib.adapters.x._normal import (
    MONEY,
    ad_id,
    boosted_fields,
    campaign_fields,
    line_item_fields,
)
from smmlib.adapters.x._overlay import EXTRA, Kept, differences, sign_of
from smmlib.errors import Issue, Severity
from smmlib.model import (
    Ad,
    AdBudget,
    AdCampaign,
    AdSet,
    Bid,
    BidStrategy,
    Brand,
    Creative,
    Flight,
    LineItem,
    MediaPlan,
    Money,
    Network,
    Objective,
    OptimiseFor,
    Placement,
    Status,
    Strategy,
)
from smmlib.ports import ImportedAccount, Kind
from smmlib.rules import _x_tables as rules

if TYPE_CHECKING:
    from smmlib.adapters.x._lookup import Lookup
    from smmlib.ports import Account, Wanted

Raw = dict[str, Any]

_LINE = "x"
_GOALS = {
    pair: (objective, goal)
    for objective in (
        Objective.LEADS,
        Objective.SALES,
        Objective.AWARENESS,
        Objective.ENGAGEMENT,
        Objective.TRAFFIC,
    )
    for goal, pair in reversed(rules.GOALS[objective].items())
}
_BIDS = {
    "AUTO": BidStrategy.LOWEST_COST,
    "MAX": BidStrategy.BID_CAP,
    "TARGET": BidStrategy.COST_CAP,
}
_POSITIONS = {word: position for position, word in rules.PLACEMENTS.items()}
_ON = {"ACTIVE": Status.ACTIVE}
_OPEN_END = timedelta(days=30)


@attrs.frozen
class Rows:
    """
    Everything of an account, raw.
    """

    campaigns: list[Raw]
    line_items: list[Raw]
    criteria: Mapping[str, list[Raw]]
    promoted: list[Raw]

    @classmethod
    def read(cls, lookup: Lookup) -> Rows:
        """
        Read all of it, all pages.
        """
        lines = list(lookup.every(Kind.AD_SET))
        ids = [str(row["id"]) for row in lines]
        return cls(
            list(lookup.every(Kind.CAMPAIGN)),
            lines,
            lookup.criteria(ids),
            list(lookup.promotions(ids)),
        )


class Importer:
    """
    Builds the plan of one account.
    """

    def __init__(self, rows: Rows, account: Account, now: datetime) -> None:
        self._rows = rows
        self._account = account
        self._zone = ZoneInfo(account.zone)
        self._now = now
        self._there: dict[str, tuple[str, Raw]] = {}
        self._creatives: dict[str, Creative] = {}
        self._issues: list[Issue] = []

    def run(self, wanted: Callable[[MediaPlan], Wanted]) -> ImportedAccount:
        """
        The account as a plan that wants exactly what stands there.
        """
        plan = self._plan()
        ids = {address: own for address, (own, _) in self._there.items()}
        first = wanted(plan)
        rows = {
            resource.address: found
            for resource in first.resources
            if resource.address in self._there
            for found in (self._kept(resource.address, resource.fields, ids),)
            if found
        }
        accepted = frozenset(sign_of(i) for i in first.issues if i.is_error)
        text = Kept(rows, accepted).text()
        done = attrs.evolve(plan, extra={EXTRA: text} if text else {})
        return ImportedAccount(done, ids, tuple(self._issues))

    def _kept(
        self, address: str, built: Mapping[str, Any], ids: Mapping[str, str]
    ) -> list[list[Any]]:
        """
        What of an object a plan cannot say; each part is told.
        """
        found = list(differences(built, self._there[address][1], ids))
        for name, _, there in found:
            self._tell(
                address,
                "x.import_kept",
                f"{name} is {there!r} on X; a plan has no words for that, it is kept "
                "as it is",
                there,
            )
        return found

    def _tell(self, path: str, code: str, message: str, value: Any) -> None:
        self._issues.append(
            Issue(
                path,
                code,
                message,
                value=str(value),
                severity=Severity.INFO,
                hint="nothing changes on X",
            )
        )

    # -- the plan ------------------------------------------------------------------

    def _plan(self) -> MediaPlan:
        campaigns: dict[str, AdCampaign] = {}
        for raw in self._rows.campaigns:
            named = split_name(raw.get("name"))
            key = key_of(named.name, campaigns)
            found = self._campaign(key, named.name, raw)
            if found is not None:
                campaigns[key] = found
        name = self._account.name or self._account.id
        return MediaPlan(
            f"{name} (imported)",
            str(uuid5(NAMESPACE_URL, f"x:{self._account.id}")),
            zone=self._account.zone,
            flight=self._whole(campaigns.values()),
            strategy=Strategy(Brand(name)),
            lines={_LINE: LineItem([Network.X])},
            campaigns=campaigns,
            creatives=self._creatives,
        )

    def _whole(self, campaigns: Iterable[AdCampaign]) -> Flight:
        flights = [
            s.flight for one in campaigns for s in one.ad_sets.values() if s.flight
        ]
        if flights:
            return Flight(min(f.start for f in flights), max(f.end for f in flights))
        here = self._now.astimezone(self._zone)
        return Flight(here, here + _OPEN_END)

    def _campaign(self, key: str, name: str, raw: Raw) -> AdCampaign | None:
        own = str(raw["id"])
        lines = [r for r in self._rows.line_items if r.get("campaign_id") == own]
        known = [line for line in lines if _goal(line) is not None]
        if lines and not known:
            self._tell(
                "campaigns",
                "x.import_left_out",
                f"campaign {name!r} is for {lines[0].get('objective')}, which smmlib "
                "does not set up: it is left as it is",
                own,
            )
            return None
        address = f"campaigns.{key}"
        self._there[address] = (own, campaign_fields(raw))
        sets: dict[str, AdSet] = {}
        for line in known:
            own_name = split_name(line.get("name")).name
            set_key = key_of(own_name, sets)
            sets[set_key] = self._ad_set(f"{address}.ad_sets.{set_key}", own_name, line)
        goal = _goal(known[0]) if known else None
        return AdCampaign(
            _LINE,
            sets,
            name=name,
            objective=goal[0] if goal else Objective.TRAFFIC,
            budget=None if any(s.budget for s in sets.values()) else self._budget(raw),
            status=_ON.get(str(raw.get("entity_status")), Status.PAUSED),
        )

    def _ad_set(self, address: str, name: str, raw: Raw) -> AdSet:
        own = str(raw["id"])
        criteria = self._rows.criteria.get(own, [])
        self._there[address] = (own, line_item_fields(raw, criteria))
        goal = _goal(raw)
        assert goal is not None  # noqa: S101 - others were left out
        placements = [
            Placement(Network.X, _POSITIONS[word])
            for word in raw.get("placements") or ()
            if word in _POSITIONS
        ]
        return AdSet(
            audience_of(criteria),
            self._ads(address, own),
            placements=placements,
            name=name,
            budget=self._budget(raw),
            flight=self._flight(raw),
            bid=self._bid(raw),
            optimise_for=goal[1],
            status=_ON.get(str(raw.get("entity_status")), Status.PAUSED),
        )

    def _ads(self, ad_set: str, line_item: str) -> dict[str, Ad]:
        """
        What a line item promotes: each post as it is.
        """
        found: dict[str, Ad] = {}
        for row in self._rows.promoted:
            if str(row.get("line_item_id")) != line_item:
                continue
            tweet = str(row["tweet_id"])
            key = f"post-{tweet}"
            self._creatives[key] = Creative(boost=f"x:{tweet}")
            found[key] = Ad(key)
            fields = boosted_fields(line_item, tweet)
            self._there[f"{ad_set}.ads.{key}"] = (ad_id(line_item, tweet), fields)
        return found

    # -- parts ---------------------------------------------------------------------

    def _flight(self, raw: Raw) -> Flight | None:
        if not raw.get("start_time"):
            return None
        start = datetime.fromisoformat(str(raw["start_time"])).astimezone(self._zone)
        end = raw.get("end_time")
        last = datetime.fromisoformat(str(end)) if end else start + _OPEN_END
        return Flight(start, last.astimezone(self._zone))

    def _budget(self, raw: Raw) -> AdBudget | None:
        total = self._money(raw.get(MONEY["total_budget"]))
        if total:
            return AdBudget(lifetime=total)
        daily = self._money(raw.get(MONEY["daily_budget"]))
        return AdBudget(daily=daily) if daily else None

    def _bid(self, raw: Raw) -> Bid | None:
        strategy = _BIDS.get(str(raw.get("bid_strategy")))
        amount = self._money(raw.get(MONEY["bid"]))
        if strategy in {None, BidStrategy.LOWEST_COST} or amount is None:
            return None
        return Bid(strategy, amount)

    def _money(self, micros: Any) -> Money | None:
        if not isinstance(micros, int) or micros <= 0:
            return None
        return Money(Decimal(micros) / tables.MICRO, self._account.currency)


def key_of(name: str, taken: Iterable[str]) -> str:
    """
    A key for a shown name, unlike those that are taken.
    """
    base = re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-").lower()[:48] or "unnamed"
    if not base[0].isalpha():
        base = f"n-{base}"
    key, number = base, 2
    while key in taken:
        key, number = f"{base}-{number}", number + 1
    return key


def _goal(raw: Raw) -> tuple[Objective, OptimiseFor] | None:
    return _GOALS.get((str(raw.get("objective")), str(raw.get("goal"))))
