"""
The emulated X as the engine sees it: routing, signature, rate limits, answers.

Versions 11 and 12 answer alike; what is not modelled answers HTTP 501.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from smmlib.errors import SandboxError
from smmlib.sandbox._values import Answer
from smmlib.sandbox.x._accounts import CREDIT
from smmlib.sandbox.x._context import Context, Identity, Result
from smmlib.sandbox.x._contract import Match, Operation, Param, find
from smmlib.sandbox.x._delivery import Ledger
from smmlib.sandbox.x._errors import (
    STATUS,
    ApiError,
    BatchError,
    Flaw,
    not_modelled,
    refuse,
)
from smmlib.sandbox.x._jobs import RESULTS, result_file
from smmlib.sandbox.x._limits import Counters, Rule, exhausted, headers_of, rule_for
from smmlib.sandbox.x._media import upload
from smmlib.sandbox.x._oauth import Credentials, Gate
from smmlib.sandbox.x._operations import OPERATIONS, Row
from smmlib.sandbox.x._raw import Raw, check_encoding, json_body, pairs_of, raw_of
from smmlib.sandbox.x._store import (
    Account,
    Store,
    base36,
    stable_hex,
    stable_number,
)
from smmlib.sandbox.x._tables import PER_EURO
from smmlib.sandbox.x._tweets import publish_due
from smmlib.sandbox.x._typed import moment, stamp, typed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from smmlib.sandbox._clock import SandboxClock
    from smmlib.sandbox._faults import Fault
    from smmlib.sandbox._values import JsonObject, WireRequest
    from smmlib.sandbox.x._raw import Pairs

VERSION = "12"
VERSIONS = ("11", "12")
_AGE_S = 400 * 86_400  # the account existed before the sandbox's first instant
_OLD_POSTS = (
    "Good morning! The roastery is open again.",
    "Which bean is your favourite, and why?",
    "Behind the scenes: how we roast on Mondays.",
    "Thank you for 1,000 orders!",
    "Our new blend arrives next week.",
)
_UPLOAD = ("1.1", "media", "upload.json")
_UPLOADING = Operation(
    "POST",
    "/1.1/media/upload.json",
    "query",
    {
        name: Param(name)
        for name in (
            "media_data",
            "media_category",
            "media_type",
            "media_id",
            "command",
            "additional_owners",
        )
    }
    | {name: Param(name, "long") for name in ("total_bytes", "segment_index")},
)

Headers = tuple[tuple[str, str], ...]


class XPlatform:
    """
    X's Ads API as far as it is modelled.

    Args:
        accounts: `CURRENCY:Zone` for each ad account, the first is the default one.
        read_lag_s: Seconds on the sandbox clock until reads see a new object.
        wall: The computer's clock; clients may sign with it or with the sandbox's.
    """

    name = "x"

    def __init__(
        self,
        clock: SandboxClock,
        *,
        seed: int,
        accounts: Sequence[str],
        read_lag_s: float = 0,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._clock = clock
        self._read_lag_s = read_lag_s
        self._names = tuple(accounts)
        made = tuple(_account(seed, n, text) for n, text in enumerate(accounts))
        self._identity = _identity(seed)
        self._store = Store(seed, made)
        self._ledger = Ledger(self._store)
        self._counters = Counters()
        self._gate = Gate(self._identity.keys, (wall, clock.seconds))
        self._furnish()

    def handle(self, request: WireRequest) -> Answer:
        """
        Answer one request under `/x`.
        """
        path = request.segments[1:]
        publish_due(self._store, self._clock.seconds())
        if path[:1] == (RESULTS,):
            return self._file(request, path[1:])
        echo: JsonObject = {}
        limits: Headers = ()
        try:
            pairs = pairs_of(request)
            self._gate.check(request, pairs)
            if path == _UPLOAD:
                return self._upload(request, pairs)
            match = _route(request.method, path)
            echo.update(match.ids)
            limits, allowed = self._count(match, pairs)
            if not allowed:
                raise exhausted()
            result = self._run(request, match, raw_of(pairs), echo)
        except ApiError as error:
            told = {"errors": [flaw.to_json() for flaw in error.flaws]}
            told["request"] = {"params": echo}  # type: ignore[assignment]
            return _answer(error.status, told, limits)
        except BatchError as refused:
            return _answer(refused.status, _batch_refused(refused, request), limits)
        return self._success(request, match, result, echo, limits)

    def fault(self, fault: Fault) -> Answer:
        """
        X's own words for a planned failure.
        """
        if fault.kind == "rate_limit":
            return self._throttled(fault)
        if fault.kind == "auth_expired":
            code, text = "UNAUTHORIZED_ACCESS", "The access token was revoked"
        elif fault.status in {503, 423, 408}:
            code = {503: "SERVICE_UNAVAILABLE", 423: "LOCK_ACQUISITION_TIMEOUT"}.get(
                fault.status, "CANCELLED_REQUEST"
            )
            text = "The service cannot answer now"
        else:
            code, text = "INTERNAL_ERROR", "Something went wrong"
        status = fault.status or STATUS[code]
        wait = (("retry-after", str(int(fault.seconds))),) if status == 503 else ()  # noqa: PLR2004
        told = {"errors": [Flaw(code, text).to_json()], "request": {"params": {}}}
        return _answer(status, told, wait)

    def details(self, origin: str) -> JsonObject:
        """
        Base URL, ids and credentials.
        """
        accounts = list(self._store.accounts.values())
        keys = self._identity.keys
        return {
            "base_url": f"{origin}/x",
            "version": VERSION,
            "ad_account": accounts[0].id,
            "ad_accounts": [
                {
                    "id": account.id,
                    "currency": account.currency,
                    "zone": str(account.zone),
                    "funding_instrument": self._funding(account),
                }
                for account in accounts
            ],
            "funding_instrument": self._funding(accounts[0]),
            "user": self._identity.user,
            "web_event_tag": self._identity.web_event_tag,
            "consumer_key": keys.consumer_key,
            "consumer_secret": keys.consumer_secret,
            "access_token": keys.access_token,
            "access_token_secret": keys.access_token_secret,
        }

    def secrets(self) -> tuple[str, ...]:
        """
        All four keys.
        """
        keys = self._identity.keys
        return (
            keys.consumer_secret,
            keys.access_token_secret,
            keys.consumer_key,
            keys.access_token,
        )

    def objects(self) -> JsonObject:
        """
        All objects by kind.
        """
        found: JsonObject = {}
        for record in self._store:
            row = {"id": record.id, "account": record.account, **record.data}
            row |= {"created": record.created, "updated": record.updated}
            row["deleted"] = record.deleted
            found.setdefault(record.kind, []).append(row)
        return found

    def conversions_csv(self, account: str | None) -> str:
        """
        The shop's own record for one account.
        """
        accounts = self._store.accounts
        chosen = accounts.get(next(iter(accounts)) if account is None else account)
        if chosen is None:
            known = ", ".join(accounts)
            raise SandboxError(f"no ad account {account!r}", hint=f"known: {known}")
        return self._ledger.conversions_csv(chosen, self._clock.seconds())

    def coverage(self) -> Sequence[JsonObject]:
        """
        What is modelled.
        """
        from smmlib.sandbox.x._coverage import rows

        return rows()

    def dump(self) -> JsonObject:
        """
        Everything as plain JSON.
        """
        return {
            "accounts": list(self._names),
            "records": self._store.dump(),
            "ledger": self._ledger.dump(),
            "limits": self._counters.dump(),
        }

    def load(self, data: JsonObject) -> None:
        """
        Take over what another process wrote.
        """
        if tuple(data["accounts"]) != self._names:
            raise SandboxError(
                f"the state file has the accounts {', '.join(data['accounts'])}",
                hint="start with the same accounts, or delete the file",
            )
        self._store.load(data["records"])
        self._ledger.load(data["ledger"])
        self._counters.load(data["limits"])

    def reset(self) -> None:
        """
        Forget everything that clients made.
        """
        self._store.clear()
        self._ledger.clear()
        self._counters.clear()
        self._gate.forget()
        self._furnish()

    def _furnish(self) -> None:
        born = self._clock.started.timestamp() - _AGE_S
        user = self._identity.user
        for number, account in enumerate(self._store.accounts.values(), 1):
            name = f"Sandbox account {number} ({account.currency})"
            data = {"name": name, "industry_type": "RETAIL"}
            self._store.add("account", account.id, data, born, account.id)
            purse = {
                "type": "CREDIT_CARD",
                "description": "Sandbox card",
                "credit_limit_local_micro": CREDIT,
            }
            funding = self._funding(account)
            self._store.add("funding_instrument", account.id, purse, born, funding)
            speaker = {"user_id": user, "name": user}
            self._store.add("promotable_user", account.id, speaker, born)
            for place, text in enumerate(_OLD_POSTS):
                self._store.add(
                    "tweet", account.id, _old_post(user, text), born + place * 86_400
                )

    def _funding(self, account: Account) -> str:
        return base36(36**4 + stable_number(30 * 36**4, "x-funding", account.id))

    def _count(self, match: Match, pairs: Pairs) -> tuple[Headers, bool]:
        counting = ("with_total_count", "true") in pairs
        rule = rule_for(match, counting=counting)
        account = match.ids.get("account_id", "")
        return self._counters.take(rule, account, self._clock.seconds())

    def _run(
        self, request: WireRequest, match: Match, raw: Raw, echo: JsonObject
    ) -> Result:
        operation = match.operation
        row = OPERATIONS.get(operation.id)
        if row is None:
            raise not_modelled(f"{operation.method} {operation.path}")
        params, body = self._inputs(request, operation, row, raw)
        echo.update(_echo(operation, params))
        for name in sorted(row.without & params.keys()):
            raise not_modelled(f"the parameter {name}")
        ctx = self._context(request, operation, match.ids, params, body)
        result = row.run(ctx)
        for record in {record.id: record for record in ctx.changed}.values():
            self._ledger.note(record, ctx.now)
        return result

    def _inputs(
        self, request: WireRequest, operation: Operation, row: Row, raw: Raw
    ) -> tuple[dict[str, Any], Any]:
        if operation.encoding == "json":
            return {}, json_body(request)
        check_encoding(request)
        if operation.path.endswith("/cards") and "card_ids" in raw:
            raw = {**raw, "card_id": raw["card_ids"]}
        return typed(operation, raw, lax=row.lax), None

    def _context(
        self,
        request: WireRequest,
        operation: Operation,
        ids: dict[str, str],
        params: dict[str, Any],
        body: Any = None,
    ) -> Context:
        fault: Fault | None = getattr(request, "fault", None)
        return Context(
            store=self._store,
            ledger=self._ledger,
            identity=self._identity,
            operation=operation,
            now=self._clock.seconds(),
            ids=ids,
            params=params,
            body=body,
            url=f"{request.host_url.rstrip('/')}/x",
            read_lag_s=self._read_lag_s,
            fault=fault.kind if fault else "",
        )

    def _success(
        self,
        request: WireRequest,
        match: Match,
        result: Result,
        echo: JsonObject,
        limits: Headers,
    ) -> Answer:
        told: JsonObject = {"data": result.data, **result.extras}
        told["request"] = {"params": echo}
        if match.operation.path.startswith("/batch"):
            told["request"] = json.loads(request.get_data(cache=True))
        status = result.status or (201 if request.method == "POST" else 200)
        return _answer(status, told, (*limits, *result.headers))

    def _upload(self, request: WireRequest, pairs: Pairs) -> Answer:
        raw = raw_of(pairs)
        asks = raw.get("command") == ["STATUS"]
        if request.method != ("GET" if asks else "POST"):
            raise refuse(
                "METHOD_NOT_ALLOWED", "The upload takes POST, STATUS takes GET"
            )
        for name, value in request.form.items():
            raw.setdefault(name, [value])
        params = typed(_UPLOADING, raw)
        files = {name: part.read() for name, part in request.files.items()}
        ctx = self._context(request, _UPLOADING, {}, params)
        told = upload(ctx, files)
        return _answer(200, told) if told else Answer(204, b"", ())

    def _file(self, request: WireRequest, rest: tuple[str, ...]) -> Answer:
        """
        A job's figures; X hands them to whoever knows the address.
        """
        ctx = self._context(request, _UPLOADING, {}, {})
        content = result_file(ctx, rest[0]) if len(rest) == 1 else None
        if content is None:
            return _answer(404, _not_found())
        return Answer(200, content, (("Content-Type", "application/gzip"),))

    def _throttled(self, fault: Fault) -> Answer:
        now = int(self._clock.seconds())
        regain = fault.regain_minutes
        # Without a wait the reset lies in the past, as clients with fast clocks see it.
        reset = now - 5 if not regain else now + 60 * regain
        rule = Rule("fault", 450, 60, of_account=True)
        told = {"errors": [flaw.to_json() for flaw in exhausted().flaws]}
        told["request"] = {"params": {}}  # type: ignore[assignment]
        return _answer(fault.status or 429, told, headers_of(rule, 0, reset))


def _route(method: str, path: tuple[str, ...]) -> Match:
    if path[:1] and path[0] in VERSIONS:
        match, methods = find(method, path[1:])
        if match is not None:
            return match
        if methods:
            text = f"{method} is not allowed here; known: {', '.join(sorted(methods))}"
            raise refuse("METHOD_NOT_ALLOWED", text)
    raise refuse("ROUTE_NOT_FOUND", "The resource you requested doesn't exist")


def _echo(operation: Operation, params: dict[str, Any]) -> JsonObject:
    """
    Parameters as X repeats them: typed, and times in UTC.
    """
    told = dict(params)
    for name, value in params.items():
        known = operation.params.get(name)
        found = moment(value) if known and known.format == "iso8601" and value else None
        if found is not None and not found[1]:
            told[name] = stamp(found[0].timestamp())
    return told


def _batch_refused(refused: BatchError, request: WireRequest) -> JsonObject:
    return {
        "operation_errors": [
            [flaw.to_json() for flaw in flaws] for flaws in refused.lists
        ],
        "request": json.loads(request.get_data(cache=True)),
    }


def _not_found() -> JsonObject:
    flaw = Flaw("NOT_FOUND", "There is no such file (any more)")
    return {"errors": [flaw.to_json()], "request": {"params": {}}}


def _answer(status: int, body: JsonObject, headers: Headers = ()) -> Answer:
    return Answer(
        status,
        json.dumps(body).encode(),
        (
            ("Content-Type", "application/json;charset=utf-8"),
            ("x-current-api-version", VERSION),
            *headers,
        ),
    )


def _old_post(user: str, text: str) -> JsonObject:
    return {
        "user_id": user,
        "text": text,
        "media_keys": [],
        "card_uri": None,
        "nullcast": False,
        "name": None,
        "conversation_settings": "EVERYONE",
        "scheduled_at": None,
    }


def _identity(seed: int) -> Identity:
    user = str(10**18 + stable_number(9 * 10**17, seed, "x-user"))
    return Identity(
        user=user,
        screen_name="sandbox",
        web_event_tag=base36(36**4 + stable_number(10**6, seed, "x-tag")),
        keys=Credentials(
            consumer_key=f"sbx_{stable_hex(24, seed, 'x-consumer')}",
            consumer_secret=f"sbx_{stable_hex(48, seed, 'x-consumer-secret')}",
            access_token=f"sbx_{stable_hex(32, seed, 'x-token')}",
            access_token_secret=f"sbx_{stable_hex(44, seed, 'x-token-secret')}",
        ),
    )


def _account(seed: int, number: int, text: str) -> Account:
    currency, _, zone = text.partition(":")
    if currency not in PER_EURO:
        raise SandboxError(
            f"account {text!r}: the emulated X has no currency {currency!r}",
            hint="for example EUR:Europe/Berlin",
        )
    try:
        info = ZoneInfo(zone or "UTC")
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise SandboxError(
            f"account {text!r}: unknown time zone {zone!r}",
            hint="for example EUR:Europe/Berlin",
        ) from error
    code = base36(36**10 + stable_number(36**10, seed, "x-account", number))
    return Account(code, currency, info)
