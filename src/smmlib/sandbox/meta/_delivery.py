"""
The delivery ledger: which ad could run when, under which terms, and what came of it.

Every change that touches delivery is kept as a version with its time, so a later
edit never rewrites the past; the figures themselves are always computed afresh from
the seed.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from smmlib.sandbox import _world as people
from smmlib.sandbox.meta._facts import ad_facts, as_ad_facts
from smmlib.sandbox.meta._status import switched_on
from smmlib.sandbox.meta._tables import PER_USD, offset

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

    from smmlib.sandbox.meta._world_state import Account, Node, World

Version = dict[str, Any]
_REPORTS_KEPT = 8
_REFRESH_S = 15 * 60


class Ledger:
    """
    Delivery of all accounts of one sandbox.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._ads: dict[str, list[Version]] = {}
        self._purses: dict[str, list[Version]] = {}
        self._windows: dict[str, list[list[float | None]]] = {}
        self._changes = 0
        self._reports: dict[Hashable, list[dict[str, Any]]] = {}
        self._cache: dict[str, tuple[tuple[int, float], tuple[people.AdDay, ...]]] = {}

    def note(self, world: World, node: Node, now: float) -> None:
        """
        Take in what a change of an object means for delivery.
        """
        self._changes += 1
        ads = [node] if node.kind == "Ad" else world.family(node.id, "Ad")
        for ad in ads:
            self._switch(world, ad, now)

    def rows(self, account: Account, now: float) -> tuple[people.AdDay, ...]:
        """
        Everything an account's ads did, one row per ad, day and network.

        Figures are those of the latest refresh, at most 15 minutes old.
        """
        now = refreshed(now)
        key = (self._changes, now)
        kept = self._cache.get(account.digits)
        if kept is None or kept[0] != key:
            kept = (key, self._play(account, now))
            self._cache[account.digits] = kept
        return kept[1]

    def remembered(
        self, key: Hashable, make: Callable[[], list[dict[str, Any]]]
    ) -> list[dict[str, Any]]:
        """
        A computed report, kept while it is among the latest few.
        """
        found = self._reports.pop(key, None)
        if found is None:
            found = make()
        self._reports[key] = found
        while len(self._reports) > _REPORTS_KEPT:
            del self._reports[next(iter(self._reports))]
        return found

    def facts(self, account: Account) -> tuple[people.AdFacts, ...]:
        """
        All versions of all ads that ever ran.
        """
        return tuple(
            fact
            for ad in self._world.family(account.digits, "Ad")
            for fact in self._versions(ad, ())
        )

    def terms(self, ad_id: str, day: date) -> dict[str, Any]:
        """
        What was in force for an ad when a day began: audience, places, countries.
        """
        versions = self._ads[ad_id]
        ad = self._world.get(ad_id)
        zone = self._world.accounts[ad.account].zone if ad else UTC
        start = datetime.combine(day, datetime.min.time(), zone).timestamp()
        due = [version for version in versions if version["from"] <= start]
        facts: dict[str, Any] = (due[-1] if due else versions[0])["facts"]
        return facts

    def spent(self, node: Node, now: float, day: date | None) -> Decimal:
        """
        What an account, campaign, ad set or ad spent, on one day or ever.
        """
        account = self._world.accounts[node.account]
        rows = self.rows(account, now)
        if node.kind != "AdAccount":
            own = {ad.id for ad in self._world.family(node.id, "Ad")} | {node.id}
            rows = tuple(row for row in rows if row.ad_id in own)
        return sum(
            (row.spend for row in rows if day in (None, row.day)), start=Decimal(0)
        )

    def conversions_csv(self, account: Account, now: float) -> str:
        """
        The shop's own record up to the end of yesterday.
        """
        today = datetime.fromtimestamp(now, account.zone).date()
        records = people.conversions(
            self.rows(account, now),
            self.facts(account),
            seed=self._world.seed,
            zone=account.zone,
            until=today,
            currency=account.currency,
            **_money(account),
        )
        return people.conversions_csv(records)

    def dump(self) -> dict[str, Any]:
        """
        The ledger as plain JSON.
        """
        return {"ads": self._ads, "purses": self._purses, "windows": self._windows}

    def load(self, data: dict[str, Any]) -> None:
        """
        Take over what another process wrote.
        """
        self.clear()
        self._ads.update(data["ads"])
        self._purses.update(data["purses"])
        self._windows.update(data["windows"])

    def clear(self) -> None:
        """
        Forget all delivery.
        """
        for part in (self._ads, self._purses, self._windows, self._cache):
            part.clear()
        self._reports.clear()
        self._changes += 1

    def _switch(self, world: World, ad: Node, now: float) -> None:
        windows = self._windows.setdefault(ad.id, [])
        latest = windows[-1] if windows and windows[-1][1] is None else None
        if not switched_on(world, ad):
            if latest is not None:
                _close(windows, latest, now)
            return
        start = max(now, ad.data["review_until"])
        if latest is not None and start > now:
            # The review began anew: nothing is shown until it is over.
            _close(windows, latest, now)
            latest = None
        if latest is None:
            windows.append([start, None])
        _keep(self._ads.setdefault(ad.id, []), ad_facts(world, ad), now)
        owner = _purse_owner(world, ad)
        terms = {k: owner.data.get(k) for k in ("daily_budget", "lifetime_budget")}
        _keep(self._purses.setdefault(owner.id, []), terms, now)

    def _play(self, account: Account, now: float) -> tuple[people.AdDay, ...]:
        ads = [
            ad
            for ad in self._world.family(account.digits, "Ad")
            if self._ads.get(ad.id) and self._active(ad, now)
        ]
        if not ads:
            return ()
        active = {ad.id: self._active(ad, now) for ad in ads}
        first = min(windows[0][0] for windows in active.values())
        rows = people.simulate(
            [fact for ad in ads for fact in self._versions(ad, active[ad.id])],
            self._budgets(ads, active, account),
            since=first.astimezone(account.zone).date(),
            until=datetime.fromtimestamp(now, account.zone).date() + timedelta(days=1),
            zone=account.zone,
            seed=self._world.seed,
            **_money(account),
        )
        return _capped(self._world, rows)

    def _active(self, ad: Node, now: float) -> tuple[people.Window, ...]:
        adset = self._world.get(ad.data["adset_id"])
        if adset is None:
            return ()
        opens = adset.data["start_time"]
        closes = min(adset.data.get("end_time") or now, now)
        found = []
        for start, end in self._windows.get(ad.id, ()):
            low = max(start or 0.0, opens)
            high = min(closes if end is None else end, closes)
            if low < high:
                found.append((_moment(low), _moment(high)))
        return tuple(found)

    def _versions(
        self, ad: Node, active: tuple[people.Window, ...]
    ) -> list[people.AdFacts]:
        return [
            as_ad_facts(
                ad,
                version["facts"],
                active=active,
                valid_from=None if place == 0 else _moment(version["from"]),
            )
            for place, version in enumerate(self._ads.get(ad.id, ()))
        ]

    def _budgets(
        self,
        ads: list[Node],
        active: dict[str, tuple[people.Window, ...]],
        account: Account,
    ) -> list[people.BudgetFacts]:
        owners: dict[str, list[Node]] = {}
        for ad in ads:
            owners.setdefault(_purse_owner(self._world, ad).id, []).append(ad)
        return [
            facts
            for owner, members in owners.items()
            for facts in self._purse(owner, members, active, account)
        ]

    def _purse(
        self,
        owner: str,
        ads: list[Node],
        active: dict[str, tuple[people.Window, ...]],
        account: Account,
    ) -> list[people.BudgetFacts]:
        adsets = [self._world.get(ad.data["adset_id"]) for ad in ads]
        ends = [float(a.data.get("end_time") or 0) for a in adsets if a]
        windows = _merged(window for ad in ads for window in active[ad.id])
        scale = offset(account.currency)
        return [
            people.BudgetFacts(
                owner,
                tuple(ad.id for ad in ads),
                daily=_major(version["facts"]["daily_budget"], scale),
                lifetime=_major(version["facts"]["lifetime_budget"], scale),
                start=windows[0][0],
                end=_moment(max(ends)) if all(ends) else None,
                active=windows,
                valid_from=None if place == 0 else _moment(version["from"]),
            )
            for place, version in enumerate(self._purses[owner])
        ]


def refreshed(now: float) -> float:
    """
    When Meta last brought the figures up to date: every quarter of an hour.
    """
    return now // _REFRESH_S * _REFRESH_S


def _money(account: Account) -> dict[str, Any]:
    level = Decimal(PER_USD[account.currency]) / Decimal(PER_USD["EUR"])
    return {"price_level": level, "places": 0 if offset(account.currency) == 1 else 2}


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _major(minor: int | None, scale: int) -> Decimal | None:
    return Decimal(minor) / scale if minor else None


def _keep(versions: list[Version], facts: dict[str, Any], now: float) -> None:
    if versions and versions[-1]["facts"] == facts:
        return
    if versions and versions[-1]["from"] == now:
        versions[-1]["facts"] = facts
        return
    versions.append({"from": now, "facts": facts})


def _close(
    windows: list[list[float | None]], latest: list[float | None], now: float
) -> None:
    if (latest[0] or 0.0) >= now:
        windows.remove(latest)
    else:
        latest[1] = now


def _purse_owner(world: World, ad: Node) -> Node:
    campaign = world.get(ad.data["campaign_id"])
    adset = world.get(ad.data["adset_id"])
    if campaign is not None and (
        campaign.data.get("daily_budget") or campaign.data.get("lifetime_budget")
    ):
        return campaign
    return adset or ad


def _merged(windows: Iterable[people.Window]) -> tuple[people.Window, ...]:
    done: list[people.Window] = []
    for start, end in sorted(windows):
        if done and start <= done[-1][1]:
            done[-1] = (done[-1][0], max(done[-1][1], end))
        else:
            done.append((start, end))
    return tuple(done)


def _capped(world: World, rows: tuple[people.AdDay, ...]) -> tuple[people.AdDay, ...]:
    """
    Leave out what would take a campaign above its own spend cap.
    """
    spent: dict[str, Decimal] = {}
    kept = []
    for row in sorted(rows, key=lambda row: row.day):
        ad = world.get(row.ad_id)
        campaign = world.get(ad.data["campaign_id"]) if ad else None
        cap = campaign.data.get("spend_cap") if campaign else None
        if campaign is not None and cap:
            scale = offset(world.accounts[campaign.account].currency)
            total = spent.get(campaign.id, Decimal(0)) + row.spend
            if total > Decimal(cap) / scale:
                continue
            spent[campaign.id] = total
        kept.append(row)
    return tuple(kept)
