"""
Tokens: 60 days of access, a year of refreshing, scopes.

Source: LinkedIn authentication pages, checked 2026-08.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from smmlib.sandbox.linkedin._context import Reply
from smmlib.sandbox.linkedin._errors import GATEWAY, OAUTH, ApiError, not_modelled
from smmlib.sandbox.linkedin._store import stable_hex
from smmlib.sandbox.linkedin._tables import (
    ACCESS_TOKEN_S,
    READER_SCOPES,
    REFRESH_TOKEN_S,
    SCOPES,
)
from smmlib.sandbox.linkedin._wire import FORM

if TYPE_CHECKING:
    from smmlib.sandbox._values import WireRequest
    from smmlib.sandbox.linkedin._context import Identity

INVALID, REVOKED, EXPIRED = 65600, 65601, 65602


class Tokens:
    """
    Every token ever given out, and what it may do.
    """

    def __init__(self, seed: int, identity: Identity, born: float) -> None:
        self._seed = seed
        self._identity = identity
        self._issued: dict[str, dict[str, Any]] = {}
        self.refresh = f"sbx_refresh_{stable_hex(40, seed, 'linkedin', 'refresh')}"
        self.access = self._issue(born, SCOPES)
        self.reader = self._issue(born, READER_SCOPES)
        self._born = born

    def secrets(self) -> tuple[str, ...]:
        """
        All texts that must never stand in a log.
        """
        return (*self._issued, self.refresh, self._identity.client_secret)

    def check(self, header: str, now: float) -> tuple[str, ...]:
        """
        The scopes of the token in an Authorization header.

        Raises:
            ApiError: 401.
        """
        scheme, _, token = header.partition(" ")
        token = token.strip()
        if scheme.lower() != "bearer" or not token:
            raise denied("EMPTY_ACCESS_TOKEN", "Empty oauth2 access token", None)
        known = self._issued.get(token)
        if known is None:
            raise denied("INVALID_ACCESS_TOKEN", "Invalid access token", INVALID)
        if now >= known["expires"]:
            raise denied("EXPIRED_ACCESS_TOKEN", "The token has expired", EXPIRED)
        return tuple(known["scopes"])

    def handle(self, request: WireRequest, path: str, now: float) -> Reply:
        """
        Answer the OAuth host's paths.

        Raises:
            ApiError: In OAuth's own shape.
        """
        if path not in {"accessToken", "introspectToken"} or request.method != "POST":
            raise not_modelled(f"{request.method} /oauth/v2/{path}")
        if request.mimetype != FORM:
            raise _oauth("invalid_request", "send a form")
        text = request.get_data(cache=True).decode("utf-8", "replace")
        form = dict(parse_qsl(text, keep_blank_values=True))
        who = self._identity
        if (form.get("client_id"), form.get("client_secret")) != (
            who.client_id,
            who.client_secret,
        ):
            raise _oauth("invalid_client", "Client authentication failed", 401)
        if path == "introspectToken":
            return self._introspect(form.get("token", ""), now)
        return self._refreshed(form, now)

    def _refreshed(self, form: dict[str, str], now: float) -> Reply:
        if form.get("grant_type") != "refresh_token":
            raise not_modelled(f"the grant {form.get('grant_type', '')!r}")
        left = int(self._born + REFRESH_TOKEN_S - now)
        if form.get("refresh_token") != self.refresh or left <= 0:
            text = "The provided refresh token is invalid, expired or revoked"
            raise _oauth("invalid_request", text)
        body = {
            "access_token": self._issue(now, SCOPES),
            "expires_in": ACCESS_TOKEN_S,
            "refresh_token": self.refresh,
            "refresh_token_expires_in": left,
            "scope": ",".join(SCOPES),
        }
        return Reply(200, body)

    def _introspect(self, token: str, now: float) -> Reply:
        known = self._issued.get(token)
        if known is None:
            return Reply(200, {"active": False})
        active = now < known["expires"]
        body = {
            "active": active,
            "client_id": self._identity.client_id,
            "authorized_at": int(known["issued"]),
            "created_at": int(known["issued"]),
            "expires_at": int(known["expires"]),
            "status": "active" if active else "expired",
            "scope": ",".join(known["scopes"]),
            "auth_type": "3L",
        }
        return Reply(200, body)

    def _issue(self, now: float, scopes: tuple[str, ...]) -> str:
        number = len(self._issued) + 1
        token = f"sbx_{stable_hex(60, self._seed, 'linkedin', 'token', number)}"
        expires = now + ACCESS_TOKEN_S
        row = {"issued": now, "expires": expires, "scopes": list(scopes)}
        self._issued[token] = row
        return token

    def dump(self) -> dict[str, Any]:
        """
        As plain JSON.
        """
        copy: dict[str, Any] = json.loads(json.dumps(self._issued))
        return {"issued": copy, "born": self._born}

    def load(self, data: dict[str, Any]) -> None:
        """
        Take over what another process gave out.
        """
        self._issued = dict(data["issued"])
        self._born = float(data["born"])


def denied(code: str, text: str, service: int | None) -> ApiError:
    """
    A 401.
    """
    return ApiError(401, text, code, GATEWAY, service=service)


def _oauth(code: str, text: str, status: int = 400) -> ApiError:
    return ApiError(status, text, code, OAUTH)
