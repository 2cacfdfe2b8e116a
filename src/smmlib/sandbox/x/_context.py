"""
What every operation is given: the objects, the time, the account, the parameters.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.sandbox.x._errors import refuse

if TYPE_CHECKING:
    from smmlib.sandbox.x._contract import Operation
    from smmlib.sandbox.x._delivery import Ledger
    from smmlib.sandbox.x._oauth import Credentials
    from smmlib.sandbox.x._store import Account, Record, Store
    from smmlib.sandbox.x._typed import Params

_ID = re.compile(r"[0-9A-Za-z_]{1,64}")
_LAGGING = "GET"


@attrs.frozen
class Identity:
    """
    Who the sandbox is: the advertiser's user, the website's tag, the keys.
    """

    user: str
    screen_name: str
    web_event_tag: str
    keys: Credentials


@attrs.frozen
class Result:
    """
    What an operation gives back.

    Attributes:
        data: The answer's `data`.
        extras: Keys beside it, e.g. `next_cursor`.
        status: HTTP status; None takes 201 for POST, 200 otherwise.
        headers: Headers of its own.
    """

    data: Any
    extras: dict[str, Any] = attrs.field(factory=dict)
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()


@attrs.frozen
class Context:
    """
    One request on its way through an operation.

    Attributes:
        ids: The ids of the path.
        body: A JSON body, where the operation takes one.
        url: Where the platform is reached.
        fault: Kind of a planned failure that belongs into the answer.
        changed: Objects whose change matters to delivery.
    """

    store: Store
    ledger: Ledger
    identity: Identity
    operation: Operation
    now: float
    ids: dict[str, str]
    params: Params
    body: Any = None
    url: str = ""
    read_lag_s: float = 0
    fault: str = ""
    changed: list[Record] = attrs.field(factory=list)

    @property
    def account(self) -> Account:
        """
        The ad account of the path.

        Raises:
            ApiError: There is none, or it is somebody else's.
        """
        given = self.ids.get("account_id", "")
        found = self.store.accounts.get(given)
        if found is None or self.is_closed(given):
            text = f"Account {given} was not found"
            raise refuse("ACCOUNT_NOT_FOUND", text, parameter="account_id", value=given)
        return found

    def is_closed(self, account_id: str) -> bool:
        """
        Whether an account was deleted.
        """
        record = self.store.get("account", account_id)
        return record is None or record.deleted

    def seen(self, record: Record) -> bool:
        """
        Whether reads see it already.
        """
        return record.created + self.read_lag_s <= self.now

    def owned(self, kind: str, record_id: Any, code: str, parameter: str) -> Record:
        """
        A living object of this account, for writes.

        Raises:
            ApiError: *code*, when there is none.
        """
        text = str(record_id)
        if not _ID.fullmatch(text):
            told = f"{text[:40]!r} has characters that ids never have"
            raise refuse("INVALID_ID_ILLEGAL_CHARACTERS", told, parameter=parameter)
        record = self.store.get(kind, text)
        if record is None or record.account != self.account.id or record.deleted:
            told = f"{kind.replace('_', ' ').capitalize()} {text} was not found"
            raise refuse(code, told, parameter=parameter, value=text)
        return record

    def at(self, params: Params, body: Any = None) -> Context:
        """
        The same request with an item's own parameters.
        """
        return attrs.evolve(self, params=params, body=body)
