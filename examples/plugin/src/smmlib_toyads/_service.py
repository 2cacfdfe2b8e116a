"""
ToyAds itself: an invented ad network whose whole API lives in memory.

It stands for somebody else's server, so it knows nothing of smmlib: dicts go in and
out, refusals carry a status and a code, lists come in pages, ads deliver day by day.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

PAGE = 5
_PARENTS = {"ad_set": ("campaign",), "ad": ("ad_set", "creative")}
_STATUSES = ("paused", "active", "archived")
_PER_THOUSAND = Decimal("6.40")
_CLICKS_PER_THOUSAND = 12


class ToyRefusal(Exception):
    """
    The service says no.

    Args:
        status: As in HTTP.
        code: The service's own word for the reason.
        message: For people.
    """

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


class ToyService:
    """
    One ToyAds account.

    Args:
        token: Who may use it.
        currency: Currency of the account.
        zone: Time zone of its days.
        now: Its clock starts here and moves by `advance` only.
    """

    def __init__(
        self,
        token: str = "toy-token",  # noqa: S107 - an invented one
        currency: str = "EUR",
        *,
        zone: str = "Europe/Berlin",
        now: datetime = datetime(2027, 2, 28, 9, tzinfo=UTC),
    ) -> None:
        self.now = now
        self.writes = 0
        self._token = token
        self._account = {"id": "toy_1", "currency": currency, "zone": zone}
        self._objects: dict[str, dict[str, Any]] = {}
        self._rows: list[dict[str, Any]] = []
        self._numbers = count(1001)
        self._lock = threading.RLock()

    # -- the API ---------------------------------------------------------------------

    def account(self, token: str) -> dict[str, Any]:
        """
        The account behind the token.
        """
        self._check(token)
        return dict(self._account)

    def create(self, token: str, kind: str, body: dict[str, Any]) -> str:
        """
        Make an object; it is born paused unless the body says otherwise.
        """
        with self._lock:
            self._check(token)
            for parent in _PARENTS.get(kind, ()):
                self._known(body["fields"].get(parent))
            made = f"{kind}_{next(self._numbers)}"
            self._objects[made] = {
                "id": made,
                "kind": kind,
                "name": body["name"],
                "status": body.get("status", "paused"),
                "fields": dict(body["fields"]),
                "created": self.now,
            }
            self.writes += 1
            return made

    def change(self, token: str, object_id: str, body: dict[str, Any]) -> None:
        """
        Change name, status or fields of an object; the rest stays.
        """
        with self._lock:
            self._check(token)
            known = self._known(object_id)
            if body.get("status", "paused") not in _STATUSES:
                raise ToyRefusal(400, "status", "no such status")
            known["fields"] |= body.get("fields", {})
            known |= {key: body[key] for key in ("name", "status") if key in body}
            self.writes += 1

    def get(self, token: str, ids: Iterable[str]) -> list[dict[str, Any]]:
        """
        Those of the objects that are there.
        """
        with self._lock:
            self._check(token)
            found = (self._objects.get(object_id) for object_id in ids)
            return [self._shown(one) for one in found if one is not None]

    def page(self, token: str, kind: str, number: int) -> list[dict[str, Any]]:
        """
        One page of the account's live objects of a kind, oldest first, from page 0.
        """
        with self._lock:
            self._check(token)
            live = [
                self._shown(one)
                for one in self._objects.values()
                if one["kind"] == kind and one["status"] != "archived"
            ]
            return live[number * PAGE : (number + 1) * PAGE]

    def report(self, token: str, first: Any, last: Any) -> list[dict[str, Any]]:
        """
        What every ad did on each day from the first to the last.
        """
        with self._lock:
            self._check(token)
            return [dict(row) for row in self._rows if first <= row["day"] <= last]

    # -- time -------------------------------------------------------------------------

    def advance(self, days: int) -> None:
        """
        Let days pass: active ads of active ad sets of active campaigns deliver.
        """
        with self._lock:
            for _ in range(days):
                self._deliver()
                self.now += timedelta(days=1)

    def _deliver(self) -> None:
        for campaign in self._active("campaign"):
            fields = campaign["fields"]
            day = self.now.date()
            if not fields["start"][:10] <= day.isoformat() <= fields["end"][:10]:
                continue
            ads = [ad for ad in self._active("ad") if self._pays_for(campaign, ad)]
            for ad in ads:
                share = Decimal(fields["per_day"]) / len(ads)
                self._rows.append(self._row(day, campaign, ad, share))

    def _pays_for(self, campaign: dict[str, Any], ad: dict[str, Any]) -> bool:
        ad_set = self._objects[ad["fields"]["ad_set"]]
        mine = ad_set["fields"]["campaign"] == campaign["id"]
        return bool(mine and ad_set["status"] == "active")

    def _row(
        self, day: Any, campaign: dict[str, Any], ad: dict[str, Any], spend: Decimal
    ) -> dict[str, Any]:
        views = int(spend / _PER_THOUSAND * 1000)
        return {
            "day": day,
            "campaign": campaign["id"],
            "ad_set": ad["fields"]["ad_set"],
            "ad": ad["id"],
            "spend": round(spend, 6),
            "views": views,
            "clicks": views * _CLICKS_PER_THOUSAND // 1000,
        }

    # -- inside -----------------------------------------------------------------------

    def _check(self, token: str) -> None:
        if token != self._token:
            raise ToyRefusal(401, "token", "this token is not known here")

    def _known(self, object_id: Any) -> dict[str, Any]:
        known = self._objects.get(object_id)
        if known is None:
            raise ToyRefusal(404, "missing", f"there is no {object_id!r}")
        return known

    def _active(self, kind: str) -> list[dict[str, Any]]:
        everything = self._objects.values()
        return [o for o in everything if o["kind"] == kind and o["status"] == "active"]

    @staticmethod
    def _shown(one: dict[str, Any]) -> dict[str, Any]:
        return {**one, "fields": dict(one["fields"])}
