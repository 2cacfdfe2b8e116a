"""
The delivery ledger: which post could run when, under which terms, and what came of it.

Every change that touches delivery is kept as a version with its time, so a later edit
never rewrites the past; the figures themselves are always computed from the seed.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from smmlib.sandbox import _world as people
from smmlib.sandbox.x._campaigns import DAILY, TOTAL
from smmlib.sandbox.x._facts import as_ad_facts, post_facts
from smmlib.sandbox.x._money import major
from smmlib.sandbox.x._status import seconds, switched_on
from smmlib.sandbox.x._tables import PER_EURO, decimals

if TYPE_CHECKING:
    from collections.abc import Iterable

    from smmlib.sandbox.x._store import Account, Record, Store

Version = dict[str, Any]
Rows = tuple[people.AdDay, ...]
_REFRESH_S = 900
_LEEWAY = Decimal("1.05")
"""
So far above its daily budget a campaign's day may end.
"""


class Ledger:
    """
    Delivery of all accounts of one sandbox.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._posts: dict[str, list[Version]] = {}
        self._purses: dict[str, list[Version]] = {}
        self._windows: dict[str, list[list[float | None]]] = {}
        self._changes = 0
        self._cache: dict[str, tuple[tuple[int, float], Rows]] = {}

    def note(self, record: Record, now: float) -> None:
        """
        Take in what a change of an object means for delivery.
        """
        self._changes += 1
        # The posts of a line item reach the same people: they are counted once.
        sizes: dict[str, int] = {}
        if record.kind == "promoted_tweet":
            self._switch(record, now, sizes)
            return
        for promoted in self._store.family(record.id, "promoted_tweet"):
            self._switch(promoted, now, sizes)

    def rows(self, account: Account, now: float) -> Rows:
        """
        Everything an account's posts did, one row per post and day.
        """
        now = now // _REFRESH_S * _REFRESH_S
        key = (self._changes, now)
        kept = self._cache.get(account.id)
        if kept is None or kept[0] != key:
            kept = (key, self._play(account, now))
            self._cache[account.id] = kept
        return kept[1]

    def facts(self, account: Account, now: float) -> tuple[people.AdFacts, ...]:
        """
        All versions of all posts that ever ran.
        """
        return tuple(
            fact
            for promoted in self._store.family(account.id, "promoted_tweet")
            for fact in self._versions(promoted, self.active(promoted, now))
        )

    def terms(self, promoted_id: str) -> Version:
        """
        What is in force for a post that ran: audience, people, places.
        """
        facts: Version = self._posts[promoted_id][-1]["facts"]
        return facts

    def spent(self, record: Record, now: float) -> Decimal:
        """
        What a campaign or line item spent so far.
        """
        own = {one.id for one in self._store.family(record.id, "promoted_tweet")}
        if not own & self._posts.keys():
            return Decimal(0)
        rows = self.rows(self._store.accounts[record.account], now)
        return sum((row.spend for row in rows if row.ad_id in own), start=Decimal(0))

    def active(self, promoted: Record, now: float) -> tuple[people.Window, ...]:
        """
        When a post could be shown.
        """
        line_item = self._store.get("line_item", promoted.data["line_item_id"])
        if line_item is None:
            return ()
        opens = seconds(line_item.data["start_time"]) or 0.0
        closes = min(seconds(line_item.data["end_time"]) or now, now)
        found = []
        for start, end in self._windows.get(promoted.id, ()):
            low = max(start or 0.0, opens)
            high = min(closes if end is None else end, closes)
            if low < high:
                found.append((_moment(low), _moment(high)))
        return tuple(found)

    def conversions_csv(self, account: Account, now: float) -> str:
        """
        The shop's own record up to the end of yesterday.
        """
        records = people.conversions(
            self.rows(account, now),
            self.facts(account, now),
            seed=self._store.seed,
            zone=account.zone,
            until=datetime.fromtimestamp(now, account.zone).date(),
            currency=account.currency,
            **_money(account),
        )
        return people.conversions_csv(records)

    def dump(self) -> dict[str, Any]:
        """
        The ledger as plain JSON.
        """
        return {"posts": self._posts, "purses": self._purses, "windows": self._windows}

    def load(self, data: dict[str, Any]) -> None:
        """
        Take over what another process wrote.
        """
        self.clear()
        self._posts.update(data["posts"])
        self._purses.update(data["purses"])
        self._windows.update(data["windows"])

    def clear(self) -> None:
        """
        Forget all delivery.
        """
        for part in (self._posts, self._purses, self._windows, self._cache):
            part.clear()
        self._changes += 1

    def _switch(self, promoted: Record, now: float, sizes: dict[str, int]) -> None:
        windows = self._windows.setdefault(promoted.id, [])
        latest = windows[-1] if windows and windows[-1][1] is None else None
        if not switched_on(self._store, promoted):
            if latest is not None:
                _close(windows, latest, now)
            return
        if latest is None:
            windows.append([max(now, promoted.data["review_until"]), None])
        versions = self._posts.setdefault(promoted.id, [])
        _keep(versions, post_facts(self._store, promoted, sizes), now)
        owner, terms = self._purse_of(promoted)
        _keep(self._purses.setdefault(owner, []), terms, now)

    def _purse_of(self, promoted: Record) -> tuple[str, Version]:
        """
        Who pays for a post, and how much: the line item when it has a budget.
        """
        line_item = self._store.get("line_item", promoted.data["line_item_id"])
        campaign = self._store.get("campaign", promoted.data["campaign_id"])
        if line_item is None or campaign is None:
            return promoted.id, {"daily": None, "total": None}
        daily, total = line_item.data[DAILY], line_item.data[TOTAL]
        most = campaign.data[DAILY]
        if daily is None and total is None:
            return campaign.id, {"daily": most, "total": campaign.data[TOTAL]}
        if daily is not None and most is not None:
            daily = min(daily, most)
        return line_item.id, {"daily": daily, "total": total}

    def _play(self, account: Account, now: float) -> Rows:
        family = self._store.family(account.id, "promoted_tweet")
        active = {
            one.id: self.active(one, now) for one in family if one.id in self._posts
        }
        posts = [one for one in family if active.get(one.id)]
        if not posts:
            return ()
        first = min(active[one.id][0][0] for one in posts)
        rows = people.simulate(
            [fact for one in posts for fact in self._versions(one, active[one.id])],
            self._budgets(posts, active, account),
            since=first.astimezone(account.zone).date(),
            until=datetime.fromtimestamp(now, account.zone).date() + timedelta(days=1),
            zone=account.zone,
            seed=self._store.seed,
            **_money(account),
        )
        return self._capped(rows, account)

    def _versions(
        self, promoted: Record, active: tuple[people.Window, ...]
    ) -> list[people.AdFacts]:
        return [
            as_ad_facts(
                promoted,
                version["facts"],
                active=active,
                valid_from=None if place == 0 else _moment(version["from"]),
            )
            for place, version in enumerate(self._posts.get(promoted.id, ()))
        ]

    def _budgets(
        self,
        posts: list[Record],
        active: dict[str, tuple[people.Window, ...]],
        account: Account,
    ) -> list[people.BudgetFacts]:
        owners: dict[str, list[Record]] = {}
        for one in posts:
            owners.setdefault(self._purse_of(one)[0], []).append(one)
        return [
            facts
            for owner, members in owners.items()
            for facts in self._purse(owner, members, active, account.currency)
        ]

    def _purse(
        self,
        owner: str,
        posts: list[Record],
        active: dict[str, tuple[people.Window, ...]],
        currency: str,
    ) -> list[people.BudgetFacts]:
        lines = [self._store.get("line_item", p.data["line_item_id"]) for p in posts]
        ends = [seconds(one.data["end_time"]) for one in lines if one]
        windows = _merged(window for one in posts for window in active[one.id])
        known = [end for end in ends if end is not None]
        return [
            people.BudgetFacts(
                owner,
                tuple(one.id for one in posts),
                daily=major(version["facts"]["daily"], currency),
                lifetime=major(version["facts"]["total"], currency),
                start=windows[0][0],
                end=_moment(max(known)) if len(known) == len(ends) else None,
                active=windows,
                valid_from=None if place == 0 else _moment(version["from"]),
            )
            for place, version in enumerate(self._purses.get(owner, ()))
        ]

    def _capped(self, rows: Rows, account: Account) -> Rows:
        """
        Leave out what would pass a total budget, or a campaign's budget of a day.
        """
        spent: dict[tuple[str, object], Decimal] = {}
        kept = []
        for row in sorted(rows, key=lambda row: row.day):
            limits = self._limits(row, account.currency)
            after = {key: spent.get(key, Decimal(0)) + row.spend for key in limits}
            if all(after[key] <= most for key, most in limits.items()):
                spent.update(after)
                kept.append(row)
        return tuple(kept)

    def _limits(
        self, row: people.AdDay, currency: str
    ) -> dict[tuple[str, object], Decimal]:
        promoted = self._store.get("promoted_tweet", row.ad_id)
        found: dict[tuple[str, object], Decimal] = {}
        if promoted is None:
            return found
        for kind in ("line_item", "campaign"):
            record = self._store.get(kind, promoted.data[f"{kind}_id"])
            total = major(record.data[TOTAL], currency) if record else None
            if record is not None and total is not None:
                found[record.id, "total"] = total
            daily = major(record.data[DAILY], currency) if record else None
            if record is not None and daily is not None and kind == "campaign":
                found[record.id, row.day] = daily * _LEEWAY
        return found


def _money(account: Account) -> dict[str, Any]:
    return {
        "price_level": Decimal(str(PER_EURO[account.currency])),
        "places": decimals(account.currency),
    }


def _moment(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)


def _keep(versions: list[Version], facts: Version, now: float) -> None:
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
