"""
The delivery ledger: which creative could run when, under which terms, and what came
of it.

Every change that touches delivery is kept as a version with its time, so a later edit
never rewrites the past; the figures are always computed afresh from the seed.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.sandbox import _world as people
from smmlib.sandbox.linkedin._facts import ad_facts, as_ad_facts, terms_of
from smmlib.sandbox.linkedin._groups import shares_budget
from smmlib.sandbox.linkedin._status import line_of, running
from smmlib.sandbox.linkedin._store import stable_digits
from smmlib.sandbox.linkedin._tables import CHARGE_RHYTHM, PER_USD, REVIEW_S, places

if TYPE_CHECKING:
    from collections.abc import Iterable

    from smmlib.sandbox.linkedin._context import Site
    from smmlib.sandbox.linkedin._store import Node

Version = dict[str, Any]
_REFRESH_S = 15 * 60
_LATEST = datetime(9000, 1, 1, tzinfo=UTC).timestamp()


@attrs.frozen
class _Played:
    """
    What an account's creatives did, and whose budgets are used up.
    """

    rows: tuple[people.AdDay, ...] = ()
    used_up: frozenset[str] = frozenset()


class Ledger:
    """
    Delivery of all accounts of one sandbox.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._site: Site | None = None
        self._ads: dict[str, list[Version]] = {}
        self._purses: dict[str, list[Version]] = {}
        self._windows: dict[str, list[list[float | None]]] = {}
        self._changes = 0
        self._cache: dict[str, tuple[tuple[int, float], _Played]] = {}

    def attach(self, site: Site) -> None:
        """
        Learn where the objects are; ledger and site need each other.
        """
        self._site = site

    @property
    def site(self) -> Site:
        """
        Where the objects are.
        """
        if self._site is None:
            raise LookupError("the ledger is not attached to a site")
        return self._site

    def note(self, node: Node, now: float) -> None:
        """
        Take in what a change of an object means for delivery.
        """
        self._changes += 1
        world = self.site.world
        if node.kind == "creative":
            touched = [node]
        elif node.kind == "group":
            touched = [
                one
                for campaign in world.family(node.ref, "campaign")
                for one in world.family(campaign.ref, "creative")
            ]
        else:
            touched = world.family(node.ref, "creative")
        for creative in touched:
            self._switch(creative, now)

    def forget(self, creative: Node) -> None:
        """
        A deleted draft never ran.
        """
        self._changes += 1
        for part in (self._ads, self._windows):
            part.pop(creative.id, None)

    def rows(self, account: Node, now: float) -> tuple[people.AdDay, ...]:
        """
        Everything an account's creatives did: a row per creative, day and network.

        Figures are those of the latest refresh, at most 15 minutes old.
        """
        return self._played(account, now).rows

    def spent(self, node: Node, now: float) -> Decimal:
        """
        What an account, group or campaign has spent in all; its whole budget when
        nothing more fits into it.
        """
        world = self.site.world
        account = world.get("account", node.account) if node.account else node
        if account is None:
            return Decimal(0)
        played = self._played(account, now)
        if node.ref in played.used_up:
            return Decimal(node.data["totalBudget"]["amount"])
        own = self._own(node)
        return sum(
            (row.spend for row in played.rows if own is None or row.ad_id in own),
            start=Decimal(0),
        )

    def _own(self, node: Node) -> set[str] | None:
        world = self.site.world
        if node.kind == "account":
            return None
        campaigns = [node]
        if node.kind == "group":
            campaigns = world.family(node.ref, "campaign")
        return {
            one.id for each in campaigns for one in world.family(each.ref, "creative")
        }

    def facts(self, account: Node) -> tuple[people.AdFacts, ...]:
        """
        All versions of all creatives that ever ran.
        """
        return tuple(
            fact
            for creative in self.site.world.family(account.ref, "creative")
            for fact in self._versions(creative, ())
        )

    def conversions_csv(self, account: Node, now: float) -> str:
        """
        The shop's own record up to the end of yesterday.
        """
        records = people.conversions(
            self.rows(account, now),
            self.facts(account),
            seed=self._seed,
            zone=UTC,
            until=datetime.fromtimestamp(now, UTC).date(),
            currency=account.data["currency"],
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
        self._changes += 1

    def _switch(self, creative: Node, now: float) -> None:
        windows = self._windows.setdefault(creative.id, [])
        latest = windows[-1] if windows and windows[-1][1] is None else None
        if not running(self.site.world, creative):
            if latest is not None:
                _close(windows, latest, now)
            return
        if latest is None:
            start = max(now, creative.inner["review_from"] + REVIEW_S)
            windows.append([start, None])
        facts = ad_facts(self.site, creative, now)
        _keep(self._ads.setdefault(creative.id, []), facts, now)
        owner = self._owner(creative)
        _keep(self._purses.setdefault(owner.ref, []), terms_of(owner), now)

    def _owner(self, creative: Node) -> Node:
        campaign, group, _ = line_of(self.site.world, creative)
        return group if shares_budget(group) else campaign

    def _played(self, account: Node, now: float) -> _Played:
        now = now // _REFRESH_S * _REFRESH_S
        key = (self._changes, now)
        kept = self._cache.get(account.id)
        if kept is None or kept[0] != key:
            kept = (key, self._play(account, now))
            self._cache[account.id] = kept
        return kept[1]

    def _play(self, account: Node, now: float) -> _Played:
        active = {}
        for creative in self.site.world.family(account.ref, "creative"):
            windows = self._active(creative, now)
            if windows:
                active[creative.id] = (creative, windows)
        if not active:
            return _Played()
        first = min(windows[0][0] for _, windows in active.values())
        rows = people.simulate(
            [
                fact
                for creative, windows in active.values()
                for fact in self._versions(creative, windows)
            ],
            self._budgets(active),
            since=first.date(),
            until=_moment(now).date() + timedelta(days=1),
            zone=UTC,
            seed=self._seed,
            **_money(account),
        )
        return self._capped(rows)

    def _active(self, creative: Node, now: float) -> tuple[people.Window, ...]:
        windows = self._windows.get(creative.id)
        if not windows:
            return ()
        line = line_of(self.site.world, creative)
        opens, closes = 0.0, now
        for node in line[:2]:
            run = node.data.get("runSchedule", {})
            opens = max(opens, run.get("start", 0) / 1000)
            closes = min(closes, run.get("end", _LATEST * 1000) / 1000)
        closes = min(
            closes, line[2].data.get("totalBudgetEndsAt", closes * 1000) / 1000
        )
        found = []
        for start, end in windows:
            low, high = max(start or 0.0, opens), min(closes if end is None else end,
                                                      closes)  # fmt: skip
            if low < high:
                found.append((_moment(low), _moment(high)))
        return tuple(found)

    def _versions(
        self, creative: Node, active: tuple[people.Window, ...]
    ) -> list[people.AdFacts]:
        return [
            as_ad_facts(
                creative,
                version["facts"],
                active=active,
                valid_from=None if place == 0 else _moment(version["from"]),
            )
            for place, version in enumerate(self._ads.get(creative.id, ()))
        ]

    def _budgets(
        self, active: dict[str, tuple[Node, tuple[people.Window, ...]]]
    ) -> list[people.BudgetFacts]:
        owners: dict[str, tuple[Node, list[str]]] = {}
        for creative, _ in active.values():
            owner = self._owner(creative)
            owners.setdefault(owner.ref, (owner, []))[1].append(creative.id)
        return [
            facts
            for owner, ids in owners.values()
            for facts in self._purse(
                owner, ids, _merged(w for one in ids for w in active[one][1])
            )
        ]

    def _purse(
        self, owner: Node, ids: list[str], windows: tuple[people.Window, ...]
    ) -> list[people.BudgetFacts]:
        """
        One version per day: LinkedIn charges up to half more on one day than on others.
        """
        versions = self._purses[owner.ref]
        end = owner.data.get("runSchedule", {}).get("end")
        day, last = windows[0][0].date(), windows[-1][1].date()
        found: list[people.BudgetFacts] = []
        while day <= last:
            start = datetime(day.year, day.month, day.day, tzinfo=UTC)
            terms = _in_force(versions, start.timestamp())
            daily = terms["daily"]
            found.append(
                people.BudgetFacts(
                    owner.ref,
                    tuple(ids),
                    daily=Decimal(daily) * self._rhythm(owner, day) if daily else None,
                    lifetime=Decimal(terms["total"]) if terms["total"] else None,
                    start=windows[0][0],
                    end=_moment(end / 1000) if end else None,
                    active=windows,
                    valid_from=start if found else None,
                )
            )
            day += timedelta(days=1)
        return found

    def _rhythm(self, owner: Node, day: date) -> Decimal:
        shift = int(stable_digits(3, self._seed, owner.ref))
        return CHARGE_RHYTHM[(day.toordinal() + shift) % len(CHARGE_RHYTHM)]

    def _capped(self, rows: tuple[people.AdDay, ...]) -> _Played:
        """
        Leave out what would take a campaign, group or account above its total.
        """
        world = self.site.world
        spent: dict[str, Decimal] = {}
        caps: dict[str, list[tuple[str, Decimal]]] = {}
        used_up, kept = set(), []
        for row in rows:
            if row.ad_id not in caps:
                creative = world.get("creative", row.ad_id)
                line = line_of(world, creative) if creative else ()
                caps[row.ad_id] = [
                    (node.ref, Decimal(node.data["totalBudget"]["amount"]))
                    for node in line
                    if "totalBudget" in node.data
                ]
            over = [
                ref
                for ref, cap in caps[row.ad_id]
                if spent.get(ref, Decimal(0)) + row.spend > cap
            ]
            used_up.update(over)
            if over:
                continue
            for ref, _ in caps[row.ad_id]:
                spent[ref] = spent.get(ref, Decimal(0)) + row.spend
            kept.append(row)
        return _Played(tuple(kept), frozenset(used_up))


def _in_force(versions: list[Version], at: float) -> dict[str, Any]:
    older = [one for one in versions if one["from"] <= at]
    chosen: dict[str, Any] = (older[-1] if older else versions[0])["facts"]
    return chosen


def _money(account: Node) -> dict[str, Any]:
    currency = account.data["currency"]
    level = Decimal(PER_USD[currency]) / Decimal(PER_USD["EUR"])
    return {"price_level": level, "places": places(currency)}


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(min(max(seconds, 0.0), _LATEST), UTC)


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


def _merged(windows: Iterable[people.Window]) -> tuple[people.Window, ...]:
    done: list[people.Window] = []
    for start, end in sorted(windows):
        if done and start <= done[-1][1]:
            done[-1] = (done[-1][0], max(done[-1][1], end))
        else:
            done.append((start, end))
    return tuple(done)
