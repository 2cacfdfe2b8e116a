"""
The adapter: ToyAds behind the six methods every ad platform of smmlib has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import count
from typing import Any, Self

from smmlib import Delivery, Flight, MediaPlan, MetricRow, Status
from smmlib.errors import (
    AuthenticationError,
    InvalidRequestError,
    NotFoundError,
    Outcome,
    PlatformError,
)
from smmlib.ports import (
    Account,
    Action,
    Capabilities,
    Connection,
    Kind,
    Operation,
    Remote,
    Result,
    Wanted,
)
from smmlib_toyads import _wanted
from smmlib_toyads._service import PAGE, ToyRefusal, ToyService

_MARKED = re.compile(r"(?P<name>.*) \[smm:(?P<marker>[a-z0-9]+)\]", re.DOTALL)
_ERRORS = {401: AuthenticationError, 404: NotFoundError}
_STATUS_OF = {
    Action.ACTIVATE: "active",
    Action.PAUSE: "paused",
    Action.ARCHIVE: "archived",
}
_CAPABILITIES = Capabilities(
    _wanted.NETWORKS,
    kinds=(Kind.CAMPAIGN, Kind.AD_SET, Kind.CREATIVE, Kind.AD),
    immutable=(Kind.CREATIVE,),
    batch_size=3,
    settle_window=timedelta(0),
    metrics_restated=0,
)


class ToyAds:
    """
    One ToyAds account as smmlib sees it.

    Args:
        service: The account's other side.
        token: Opens it.
    """

    name = "toyads"

    def __init__(self, service: ToyService, token: str) -> None:
        self._service = service
        self._token = token

    @classmethod
    def connect(
        cls, connection: Connection, *, transport: Any = None, **_unused: Any
    ) -> Self:
        """
        The account behind a connection; `transport` is the service itself.
        """
        token = connection.token.reveal()
        return cls(transport or ToyService(token), token)

    def __repr__(self) -> str:
        return "<ToyAds>"

    @property
    def capabilities(self) -> Capabilities:
        """
        What ToyAds can do.
        """
        return _CAPABILITIES

    def account(self) -> Account:
        """
        Read the account.
        """
        raw = self._ask("account", self._service.account)
        return Account(raw["id"], raw["currency"], raw["zone"], "ToyAds")

    def wanted(self, plan: MediaPlan) -> Wanted:
        """
        What a plan wants here.
        """
        return _wanted.wanted(plan, self.account())

    def read(self, kind: Kind, ids: Iterable[str]) -> Mapping[str, Remote]:
        """
        Objects by id; what is not there is not in the answer.
        """
        raw = self._ask(f"get {kind}", self._service.get, list(ids))
        return {one["id"]: self._remote(one) for one in raw if one["kind"] == kind}

    def find(self, kind: Kind, markers: Iterable[str]) -> tuple[Remote, ...]:
        """
        Live objects with one of these markers, from every page.
        """
        sought = set(markers)
        return tuple(r for r in self._all(kind) if r.marker in sought)

    def execute(self, operations: Sequence[Operation]) -> tuple[Result, ...]:
        """
        One write after the other; a refused one does not stop the rest.
        """
        return tuple(self._result(operation) for operation in operations)

    def metrics(self, flight: Flight) -> Iterator[MetricRow]:
        """
        What every ad did on each day of a flight.
        """
        account = self.account()
        days = (flight.first_day, flight.last_day)
        for row in self._ask("report", self._service.report, *days):
            yield MetricRow(
                row["day"],
                _wanted.NETWORKS[0],
                spend=row["spend"],
                currency=account.currency,
                platform=self.name,
                account=account.id,
                campaign=row["campaign"],
                ad_set=row["ad_set"],
                ad=row["ad"],
                impressions=row["views"],
                clicks=row["clicks"],
                source="ToyAds report",
            )

    # -- inside -----------------------------------------------------------------------

    def _all(self, kind: Kind) -> Iterator[Remote]:
        for number in count():
            page = self._ask(f"list {kind}", self._service.page, kind.value, number)
            yield from (self._remote(one) for one in page)
            if len(page) < PAGE:
                return

    def _remote(self, raw: Mapping[str, Any]) -> Remote:
        marked = _MARKED.fullmatch(raw["name"])
        return Remote(
            Kind(raw["kind"]),
            raw["id"],
            fields=raw["fields"],
            marker=marked["marker"] if marked else "",
            name=marked["name"] if marked else raw["name"],
            status=Status(raw["status"]),
            delivery=_delivery(raw["status"]),
            created_at=raw["created"],
        )

    def _result(self, operation: Operation) -> Result:
        try:
            remote_id = self._write(operation)
        except NotFoundError as error:
            # What is to be archived and is not there is as good as archived.
            if operation.action is Action.ARCHIVE:
                return Result(operation.address, Outcome.APPLIED, operation.remote_id)
            return Result(operation.address, Outcome.NOT_APPLIED, error=error)
        except PlatformError as error:
            return Result(operation.address, Outcome.NOT_APPLIED, error=error)
        return Result(operation.address, Outcome.APPLIED, remote_id)

    def _write(self, operation: Operation) -> str:
        what = f"{operation.action} {operation.kind}"
        if operation.action is Action.CREATE:
            body = {"name": _marked(operation), "fields": dict(operation.fields)}
            kind = operation.kind.value
            made: str = self._ask(what, self._service.create, kind, body)
            return made
        if operation.action is Action.UPDATE:
            body = {"fields": dict(operation.fields)}
            if operation.name:
                body["name"] = _marked(operation)
        else:
            body = {"status": _STATUS_OF[operation.action]}
        self._ask(what, self._service.change, operation.remote_id, body)
        return operation.remote_id

    def _ask(self, what: str, call: Any, *values: Any) -> Any:
        """
        Call the service; what it refuses becomes one of smmlib's errors.
        """
        try:
            return call(self._token, *values)
        except ToyRefusal as refusal:
            kind = _ERRORS.get(refusal.status, InvalidRequestError)
            raise kind(
                str(refusal),
                platform=self.name,
                operation=what,
                outcome=Outcome.NOT_APPLIED,
                status=refusal.status,
                code=refusal.code,
            ) from refusal


def _marked(operation: Operation) -> str:
    return f"{operation.name} [smm:{operation.marker}]"


def _delivery(status: str) -> Delivery:
    if status == "archived":
        return Delivery.ARCHIVED
    return Delivery.DELIVERING if status == "active" else Delivery.PAUSED
