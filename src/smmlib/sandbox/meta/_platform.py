"""
The emulated Meta: versions, tokens, envelopes, headers around the dispatcher.

Source: Graph API guides on versions, tokens and rate limits, 2026-08.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import attrs

from smmlib.errors import SandboxError
from smmlib.sandbox._values import Answer
from smmlib.sandbox.meta._batch import Item, run_batch
from smmlib.sandbox.meta._context import Context, Identity
from smmlib.sandbox.meta._delivery import Ledger
from smmlib.sandbox.meta._dispatch import dispatch
from smmlib.sandbox.meta._errors import GraphError, not_modelled
from smmlib.sandbox.meta._fault_answers import error_for
from smmlib.sandbox.meta._search import search
from smmlib.sandbox.meta._tables import PER_USD
from smmlib.sandbox.meta._usage import TIERS, Headers, Usage
from smmlib.sandbox.meta._world_state import (
    Account,
    World,
    stable_digits,
    stable_hex,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smmlib.sandbox._clock import SandboxClock
    from smmlib.sandbox._faults import Fault
    from smmlib.sandbox._values import JsonObject, WireRequest

VERSION = "v26.0"
OLDEST, NEWEST = (24, 0), (26, 0)
_VERSION = re.compile(r"v(\d{1,3})\.(\d{1,2})")
_AGE_S = 400 * 86_400  # the account existed before the sandbox's first instant
_LOOK_UP_ERRORS = {100, 190, 803, 2500}


class MetaPlatform:
    """
    Facebook's Graph API as far as it is modelled.

    Args:
        accounts: `CURRENCY:Zone` for each ad account, the first is the default one.
        read_lag_s: Seconds on the sandbox clock until reads see a new object.
        access_tier: Which rate limits apply.
    """

    name = "meta"

    def __init__(
        self,
        clock: SandboxClock,
        *,
        seed: int,
        accounts: Sequence[str],
        read_lag_s: float = 0,
        access_tier: str = "standard",
    ) -> None:
        if access_tier not in TIERS:
            raise SandboxError(
                f"unknown access tier {access_tier!r}",
                hint=f"choose one of {', '.join(TIERS)}",
            )
        self._tier = access_tier
        self._clock = clock
        self._seed = seed
        self._read_lag_s = read_lag_s
        self._names = tuple(accounts)
        self._identity = _identity(seed)
        made = tuple(_account(seed, n, text) for n, text in enumerate(accounts))
        self._world = World(seed, made)
        self._ledger = Ledger(self._world)
        self._usage = Usage(self._tier)
        self._trace = 0
        self._furnish()

    def handle(self, request: WireRequest) -> Answer:
        """
        Answer one request under `/meta`.
        """
        self._trace += 1
        self._usage.request(self._clock.seconds())
        told: Headers = ()
        try:
            version, path = _split(request.segments[1:])
            _check_conditional(request)
            params = _params(request)
            token = _token(request, params)
            self._check_token(token, params)
            told = self._told(path)
            if path:  # the items of a batch are counted one by one
                self._count(request.method, path)
            context = self._context(request, version, params)
            body, status = self._route(context, request, path, params), 200
        except GraphError as error:
            told = self._told(path) if told else ()
            body, status = error.envelope(self._trace_id()), error.status
            return self._answer(status, body, told, error)
        return self._answer(status, body, self._told(path))

    def _count(self, method: str, path: tuple[str, ...]) -> None:
        account, case = self._account_of(path), _use_case(path)
        kind = "CustomAudience" if case == "custom_audience" else "Ad"
        active = [
            node
            for node in self._world.family(account, kind)
            if node.data.get("status", "ACTIVE") == "ACTIVE"
        ]
        self._usage.count(
            account,
            self._clock.seconds(),
            writes=method != "GET",
            case=case,
            active=len(active),
        )

    def _told(self, path: tuple[str, ...]) -> Headers:
        account, now = self._account_of(path), self._clock.seconds()
        return self._usage.headers(account, now, case=_use_case(path))

    def fault(self, fault: Fault) -> Answer:
        """
        Meta's own words for a planned failure.
        """
        self._trace += 1
        error = error_for(fault)
        headers = self._headers()
        if fault.kind == "rate_limit" and fault.regain_minutes is not None:
            account = next(iter(self._world.accounts))
            headers += self._usage.throttled(account, error.code, fault.regain_minutes)
        body = json.dumps(error.envelope(self._trace_id())).encode()
        return Answer(fault.status or error.status, body, headers)

    def details(self, origin: str) -> JsonObject:
        """
        Base URL, ids and credentials.
        """
        accounts = list(self._world.accounts.values())
        return {
            "base_url": f"{origin}/meta",
            "api_version": VERSION,
            "ad_account": accounts[0].id,
            "ad_accounts": [
                {"id": a.id, "currency": a.currency, "zone": str(a.zone)}
                for a in accounts
            ],
            "page": self._identity.page,
            "instagram_user": self._identity.instagram_user,
            "pixel": self._identity.pixel,
            "user": self._identity.user,
            "app_id": self._identity.app_id,
            "app_secret": self._identity.app_secret,
            "access_token": self._identity.access_token,
        }

    def secrets(self) -> tuple[str, ...]:
        """
        The token and the app secret.
        """
        return self._identity.access_token, self._identity.app_secret

    def objects(self) -> JsonObject:
        """
        All objects by kind.
        """
        found: JsonObject = {}
        for node in self._world:
            row = {"id": node.id, "account": node.account, **node.data}
            row["created"], row["updated"] = node.created, node.updated
            found.setdefault(node.kind, []).append(row)
        return found

    def conversions_csv(self, account: str | None) -> str:
        """
        The shop's own record for one account.
        """
        accounts = self._world.accounts
        digits = next(iter(accounts)) if account is None else account
        chosen = accounts.get(digits.removeprefix("act_"))
        if chosen is None:
            known = ", ".join(a.id for a in accounts.values())
            raise SandboxError(f"no ad account {account!r}", hint=f"known: {known}")
        return self._ledger.conversions_csv(chosen, self._clock.seconds())

    def coverage(self) -> Sequence[JsonObject]:
        """
        What is modelled.
        """
        from smmlib.sandbox.meta._coverage import rows

        return rows()

    def dump(self) -> JsonObject:
        """
        Everything as plain JSON.
        """
        return {
            "accounts": list(self._names),
            "nodes": self._world.dump(),
            "ledger": self._ledger.dump(),
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
        self._world.load(data["nodes"])
        self._ledger.load(data["ledger"])

    def reset(self) -> None:
        """
        Forget everything that clients made.
        """
        self._world.clear()
        self._ledger.clear()
        self._usage = Usage(self._tier)
        self._furnish()

    def _furnish(self) -> None:
        born = self._clock.started.timestamp() - _AGE_S
        who = self._identity
        for number, account in enumerate(self._world.accounts.values(), 1):
            data = {"name": f"Sandbox account {number} ({account.currency})"}
            self._world.add("AdAccount", account.digits, data, born, account.id)
        first = next(iter(self._world.accounts))
        page = {"name": "Sandbox Page", "username": "sandbox.page"}
        page["link"] = f"https://www.facebook.com/{who.page}"
        self._world.add("Page", "", page, born, who.page)
        user = {"name": "Sandbox Instagram", "username": "sandbox.instagram"}
        self._world.add("IGUser", "", user, born, who.instagram_user)
        self._world.add("AdsPixel", first, {"name": "Sandbox pixel"}, born, who.pixel)
        self._world.add("User", "", {"name": "Sandbox User"}, born, who.user)

    def _route(
        self,
        ctx: Context,
        request: WireRequest,
        path: tuple[str, ...],
        params: dict[str, str],
    ) -> Any:
        method = request.method
        if not path:
            if method != "POST":
                text = "(#100) The root takes POST with a batch only."
                if "ids" in params:
                    text = "(#100) Reading several ids at once ended with version 26.0."
                raise GraphError(100, text)
            return run_batch(
                params,
                lambda item: self._batched(ctx, item),
                parts=ctx.files,
                fault=ctx.fault,
            )
        if path == ("search",) and method == "GET":
            return search(ctx, params)
        return dispatch(ctx, method, path, params)

    def _batched(self, ctx: Context, item: Item) -> tuple[int, dict[str, str], Any]:
        self._trace += 1
        inner = attrs.evolve(
            ctx,
            url=f"{ctx.url}/{'/'.join(item.path)}",
            query=item.params,
            files={name: ctx.files[name] for name in item.files if name in ctx.files},
            fault=None,
        )
        names = {"Content-Type": "application/json; charset=UTF-8"}
        try:
            if item.token:
                self._check_token(item.token, {})
            if not item.path:
                raise not_modelled("batches inside batches")
            self._count(item.method, item.path)
            if item.path == ("search",) and item.method == "GET":
                return 200, names, search(inner, item.params)
            return 200, names, dispatch(inner, item.method, item.path, item.params)
        except GraphError as error:
            return error.status, names, error.envelope(self._trace_id())

    def _context(
        self, request: WireRequest, version: str, params: dict[str, str]
    ) -> Context:
        return Context(
            world=self._world,
            ledger=self._ledger,
            identity=self._identity,
            now=self._clock.seconds(),
            url=request.base_url.rstrip("/"),
            read_lag_s=self._read_lag_s,
            version=version,
            files={
                name: (part.filename or "", part.read())
                for name, part in request.files.items()
            },
            query=params,
            fault=request.fault,
        )

    def _check_token(self, token: str, params: dict[str, str]) -> None:
        if not token:
            raise GraphError(
                104,
                "(#104) An access token is required to request this resource.",
            )
        if token != self._identity.access_token:
            raise GraphError(
                190, "Invalid OAuth access token - Cannot parse access token"
            )
        proof = params.get("appsecret_proof")
        secret = self._identity.app_secret.encode()
        right = hmac.new(secret, token.encode(), hashlib.sha256).hexdigest()
        if proof is not None and not hmac.compare_digest(proof, right):
            raise GraphError(
                104, "Invalid appsecret_proof provided in the API argument"
            )

    def _account_of(self, path: tuple[str, ...]) -> str:
        node = self._world.get(path[0]) if path else None
        return (node.account if node else "") or next(iter(self._world.accounts))

    def _answer(
        self,
        status: int,
        body: Any,
        told: Headers,
        error: GraphError | None = None,
    ) -> Answer:
        headers = self._headers() + told
        if error is not None and error.code in _LOOK_UP_ERRORS:
            kind = "invalid_token" if error.code == 190 else "invalid_request"  # noqa: PLR2004
            text = error.message.replace('"', "'").encode("ascii", "replace").decode()
            value = f'OAuth "Facebook Platform" "{kind}" "{text}"'
            headers += (("WWW-Authenticate", " ".join(value.split())),)
        return Answer(status, json.dumps(body, ensure_ascii=True).encode(), headers)

    def _headers(self) -> tuple[tuple[str, str], ...]:
        return (
            ("Content-Type", "application/json; charset=UTF-8"),
            ("facebook-api-version", VERSION),
            ("x-fb-trace-id", self._trace_id()),
        )

    def _trace_id(self) -> str:
        return "A" + stable_hex(22, self._seed, "trace", self._trace)


def _identity(seed: int) -> Identity:
    return Identity(
        page=stable_digits(15, seed, "page"),
        instagram_user=f"17841{stable_digits(12, seed, 'instagram')}",
        pixel=stable_digits(15, seed, "pixel"),
        user=f"1{stable_digits(15, seed, 'user')}",
        app_id=stable_digits(15, seed, "app"),
        app_secret=f"sbx_secret_{stable_hex(32, seed, 'secret')}",
        access_token=f"sbx_{stable_hex(40, seed, 'token')}",
    )


def _account(seed: int, number: int, text: str) -> Account:
    currency, _, zone = text.partition(":")
    if currency not in PER_USD:
        raise SandboxError(
            f"account {text!r}: Meta has no currency {currency!r}",
            hint="for example EUR:Europe/Berlin",
        )
    try:
        info = ZoneInfo(zone or "UTC")
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise SandboxError(
            f"account {text!r}: unknown time zone {zone!r}",
            hint="for example EUR:Europe/Berlin",
        ) from error
    return Account(stable_digits(15, seed, "account", number), currency, info)


def _split(segments: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    match = _VERSION.fullmatch(segments[0]) if segments else None
    if match is None:
        return VERSION, segments
    version = (int(match.group(1)), int(match.group(2)))
    if version < OLDEST:
        raise GraphError(
            2635,
            f"(#2635) You are calling a deprecated version of the Ads API. Please"
            f" update to the latest version: {VERSION}.",
        )
    if version > NEWEST or version[1]:
        raise GraphError(2500, f"Unknown version: {segments[0]}")
    return segments[0], segments[1:]


def _use_case(path: tuple[str, ...]) -> str:
    if path[1:] == ("insights",):
        return "ads_insights"
    audience = {"customaudiences", "users", "usersreplace"} & set(path[1:])
    return "custom_audience" if audience else "ads_management"


def _check_conditional(request: WireRequest) -> None:
    if "If-None-Match" in request.headers:
        raise GraphError(100, "(#100) If-None-Match ended with version 26.0.")


def _params(request: WireRequest) -> dict[str, str]:
    params = {name: values[-1] for name, values in request.args.lists()}
    kind = request.mimetype
    if request.content_length and kind not in {
        "application/x-www-form-urlencoded",
        "multipart/form-data",
    }:
        raise GraphError(
            501,
            f"The sandbox does not model bodies of type {kind or 'unknown'}.",
            kind="SandboxNotModelled",
            status=501,
        )
    params.update({name: values[-1] for name, values in request.form.lists()})
    return params


def _token(request: WireRequest, params: dict[str, str]) -> str:
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() in {"bearer", "oauth"} and value.strip():
        return value.strip()
    return params.get("access_token", "")
