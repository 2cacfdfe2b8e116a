"""
The emulated LinkedIn: gates, tokens, uploads and answers around the operations.

Source: LinkedIn Marketing API pages at li-lms-2026-02 and checks of 2026-08.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from smmlib.errors import SandboxError
from smmlib.sandbox._values import Answer
from smmlib.sandbox.linkedin import _media, _segments
from smmlib.sandbox.linkedin._accounts import furnish
from smmlib.sandbox.linkedin._analytics import throttled_data
from smmlib.sandbox.linkedin._auth import EXPIRED, REVOKED, Tokens, denied
from smmlib.sandbox.linkedin._context import Call, Identity, Reply, Site, Throttle
from smmlib.sandbox.linkedin._coverage import rows
from smmlib.sandbox.linkedin._delivery import Ledger
from smmlib.sandbox.linkedin._errors import ApiError, not_found
from smmlib.sandbox.linkedin._gates import (
    check_params,
    check_protocol,
    check_scope,
    operation_of,
    retired,
    version_of,
)
from smmlib.sandbox.linkedin._store import World, stable_digits, stable_hex
from smmlib.sandbox.linkedin._tables import PER_USD, VERSION
from smmlib.sandbox.linkedin._wire import json_body, message, route

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smmlib.sandbox._clock import SandboxClock
    from smmlib.sandbox._faults import Fault
    from smmlib.sandbox._values import JsonObject, WireRequest

Headers = tuple[tuple[str, str], ...]
_AGE_S = 400 * 86_400  # the account existed before the sandbox's first instant
_COUNTERS = {"application": "APPLICATION DAY", "member": "MEMBER_AND_APPLICATION DAY"}


class LinkedInPlatform:
    """
    LinkedIn's Marketing API as far as it is modelled.

    Args:
        accounts: `CURRENCY:Zone` for each ad account, the first is the default one;
            LinkedIn's days are UTC days whatever the zone.
        read_lag_s: Seconds on the sandbox clock until reads see a new object.
    """

    name = "linkedin"

    def __init__(
        self,
        clock: SandboxClock,
        *,
        seed: int,
        accounts: Sequence[str],
        read_lag_s: float = 0,
    ) -> None:
        self._clock = clock
        self._seed = seed
        self._names = tuple(accounts)
        self._identity = _identity(seed)
        ledger = Ledger(seed)
        self._site = Site(World(seed), ledger, self._identity, read_lag_s)
        ledger.attach(self._site)
        self._tokens = Tokens(seed, self._identity, self._born())
        self._trace = 0
        self._furnish()

    def handle(self, request: WireRequest) -> Answer:
        """
        Answer one request under `/linkedin`.
        """
        self._trace += 1
        try:
            reply = self._dispatch(request)
        except ApiError as error:
            return self._refusal(error)
        return self._answer(reply)

    def _dispatch(self, request: WireRequest) -> Reply:
        now = self._clock.seconds()
        raw = request.target.partition("?")[0]
        parts = [part for part in raw.split("/") if part][1:]
        area, rest = (parts[0], parts[1:]) if parts else ("", [])
        if area == "rest":
            return self._rest(request, "/".join(rest), now)
        if area == "oauth" and rest[:1] == ["v2"]:
            return self._tokens.handle(request, "/".join(rest[1:]), now)
        if area == "dms-uploads":
            return _media.upload(self._site, request, tuple(rest), now)
        if area == "dmp-uploads":
            self._tokens.check(request.headers.get("Authorization", ""), now)
            return _segments.upload(self._site, request, tuple(rest), now)
        raise not_found(f"/{area}")

    def _rest(self, request: WireRequest, path: str, now: float) -> Reply:
        told = message(request)
        headers = request.headers
        scopes = self._tokens.check(headers.get("Authorization", ""), now)
        version = version_of(headers.get("LinkedIn-Version"), now)
        check_protocol(headers.get("X-RestLi-Protocol-Version"))
        found = route(request, told, path)
        operation = operation_of(found)
        check_scope(operation, scopes)
        check_params(operation, found)
        call = Call(
            site=self._site,
            now=now,
            version=version,
            method=found.method,
            resource=found.resource,
            keys=found.keys,
            params=found.params,
            body=json_body(told),
            origin=request.host_url.rstrip("/"),
            planned=request.fault,
        )
        return operation.run(call)

    def fault(self, fault: Fault) -> Answer:
        """
        LinkedIn's own words for a planned failure.
        """
        self._trace += 1
        return self._refusal(_failure(fault), fault.status)

    def details(self, origin: str) -> JsonObject:
        """
        Base URL, ids and credentials.
        """
        accounts = self._site.world.all("account")[: len(self._names)]
        return {
            "base_url": f"{origin}/linkedin",
            "rest_url": f"{origin}/linkedin/rest",
            "oauth_url": f"{origin}/linkedin/oauth/v2",
            "api_version": VERSION,
            "ad_account": accounts[0].urn,
            "ad_accounts": [
                {"id": one.urn, "currency": one.data["currency"], "zone": "UTC"}
                for one in accounts
            ],
            "organisation": self._identity.organization,
            "member": self._identity.person,
            "lead_form": self._identity.lead_form,
            "website_segment": self._identity.website_segment,
            "client_id": self._identity.client_id,
            "client_secret": self._identity.client_secret,
            "access_token": self._tokens.access,
            "refresh_token": self._tokens.refresh,
            "reader_token": self._tokens.reader,
        }

    def secrets(self) -> tuple[str, ...]:
        """
        All tokens and the client secret.
        """
        return self._tokens.secrets()

    def objects(self) -> JsonObject:
        """
        All objects by kind.
        """
        found: JsonObject = {}
        for node in self._site.world:
            row = {"id": node.urn, **node.data}
            row["created"], row["updated"] = node.created, node.updated
            found.setdefault(node.kind, []).append(row)
        return found

    def conversions_csv(self, account: str | None) -> str:
        """
        The shop's own record for one account.
        """
        accounts = self._site.world.all("account")
        for one in accounts:
            if account in {None, one.urn, one.id}:
                return self._site.ledger.conversions_csv(one, self._clock.seconds())
        known = ", ".join(one.urn for one in accounts)
        raise SandboxError(f"no ad account {account!r}", hint=f"known: {known}")

    def coverage(self) -> Sequence[JsonObject]:
        """
        What is modelled.
        """
        return rows()

    def dump(self) -> JsonObject:
        """
        Everything as plain JSON.
        """
        return {
            "accounts": list(self._names),
            "nodes": self._site.world.dump(),
            "ledger": self._site.ledger.dump(),
            "tokens": self._tokens.dump(),
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
        self._site.world.load(data["nodes"])
        self._site.ledger.load(data["ledger"])
        self._tokens.load(data["tokens"])

    def reset(self) -> None:
        """
        Forget everything that clients made.
        """
        self._site.world.clear()
        self._site.ledger.clear()
        self._site.throttle = Throttle()
        self._tokens = Tokens(self._seed, self._identity, self._born())
        self._furnish()

    def _born(self) -> float:
        if self._clock.kind == "virtual":
            return self._clock.started.timestamp()
        return self._clock.seconds()

    def _furnish(self) -> None:
        born = self._born() - _AGE_S
        for number, text in enumerate(self._names, 1):
            wanted = text.partition(":")[0]
            currency = wanted if wanted in PER_USD else "USD"
            data = {
                "name": f"Sandbox account {number} ({currency})",
                "type": "BUSINESS",
                "currency": currency,
                "status": "ACTIVE",
                "reference": self._identity.organization,
                "test": False,
            }
            node_id = stable_digits(9, self._seed, "linkedin", "account", number)
            furnish(self._site.world, data, born, node_id)

    def _refusal(self, error: ApiError, status: int | None = None) -> Answer:
        headers = (
            ("Content-Type", "application/json"),
            ("X-RestLi-Error-Response", "true"),
            *self._headers(),
        )
        return Answer(status or error.status, _json(error.body()), headers)

    def _answer(self, reply: Reply) -> Answer:
        headers = (*reply.headers, *self._headers())
        if reply.body is None:
            return Answer(reply.status, b"", headers)
        kind = (("Content-Type", "application/json"),)
        return Answer(reply.status, _json(reply.body), kind + headers)

    def _headers(self) -> Headers:
        trace = stable_hex(32, self._seed, "linkedin", "trace", self._trace)
        return (
            ("X-RestLi-Protocol-Version", "2.0.0"),
            ("X-Li-Fabric", "sandbox"),
            ("X-Li-Pop", "sandbox-local"),
            ("X-LI-UUID", trace),
            ("x-li-request-id", trace[:16]),
        )


def _json(body: Any) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")


def _failure(fault: Fault) -> ApiError:
    if fault.kind == "auth_expired" and fault.reason == "revoked":
        text = "The token used in the request has been revoked by the user"
        return denied("REVOKED_ACCESS_TOKEN", text, REVOKED)
    if fault.kind == "rate_limit" and fault.reason == "analytics":
        return throttled_data()
    counter = _COUNTERS.get(fault.reason or "", _COUNTERS["application"])
    throttled = f"Resource level throttle {counter} limit for calls is reached."
    expired = denied("EXPIRED_ACCESS_TOKEN", "The token has expired", EXPIRED)
    failures = {
        "auth_expired": expired,
        "rate_limit": ApiError(429, throttled),
        "version_retired": retired(VERSION),
        "uri_too_long": ApiError(414, "Request-URI Too Long", "URI_TOO_LONG", "C"),
    }
    broken = ApiError(500, "Internal Server Error", "INTERNAL_ERROR", "C")
    return failures.get(fault.kind, broken)


def _identity(seed: int) -> Identity:
    def digits(what: str, count: int = 8) -> str:
        return stable_digits(count, seed, "linkedin", what)

    return Identity(
        organization=f"urn:li:organization:{digits('organization')}",
        person=f"urn:li:person:{stable_hex(10, seed, 'linkedin', 'person')}",
        lead_form=f"urn:li:adForm:{digits('form')}",
        website_segment=f"urn:li:adSegment:{digits('website')}",
        client_id=f"77{stable_hex(12, seed, 'linkedin', 'client')}",
        client_secret=f"sbx_secret_{stable_hex(32, seed, 'linkedin', 'secret')}",
    )
