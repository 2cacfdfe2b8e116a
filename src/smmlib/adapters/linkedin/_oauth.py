"""
New access tokens from a refresh token, as LinkedIn's OAuth host gives them.

Source: LinkedIn's authentication pages, 2026-08: an access token lasts 60 days, a
refresh token a year, which refreshing does not extend.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx

from smmlib.adapters._failures import HTTPX_ERRORS, failure_of
from smmlib.adapters._http import checked_host, parse_json
from smmlib.adapters._secrets import check_token, is_local, scrub
from smmlib.errors import (
    AuthenticationError,
    Outcome,
    PlatformError,
    ServerError,
    UnexpectedResponseError,
)
from smmlib.ports import Secret

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smmlib.ports import Clock

OAUTH_HOST = "www.linkedin.com"
PARTS = ("client_id", "client_secret", "refresh_token")
"""
What a refresher is made of.
"""

_NAME = "POST oauth/v2/accessToken"
_WAITS_S = (1.0, 4.0)
_TIMEOUT_S = 30.0
_SERVER = 500
_OK = 300
_LARGEST = 64 * 1024


def oauth_url(base_url: str) -> str:
    """
    Where tokens are renewed: LinkedIn's own host, or the sandbox beside its API.
    """
    local = is_local(urlsplit(base_url).hostname or "")
    return (
        f"{base_url.rstrip('/')}/oauth/v2"
        if local
        else f"https://{OAUTH_HOST}/oauth/v2"
    )


class TokenRefresher:
    """
    Gives a new access token whenever it is called; safe to share by threads.

    Args:
        secrets: `client_id`, `client_secret` and `refresh_token` of the app.
        url: Where tokens are renewed.
        clock: Time.
        transport: An httpx transport; None for the network.

    Raises:
        ConfigurationError: The secrets would go to the wrong host.
        MissingCredentialsError: One of them is missing, or cannot be one.
    """

    def __init__(
        self,
        secrets: Mapping[str, Secret],
        *,
        url: str,
        clock: Clock,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        host = checked_host(url, (OAUTH_HOST,))
        self._secrets = {name: secrets.get(name, Secret("", name)) for name in PARTS}
        check_token(self._secrets["refresh_token"], host)
        self._url = url
        self._clock = clock
        self._transport = transport
        self._trusts = not is_local(host)

    def __repr__(self) -> str:
        return "<TokenRefresher>"

    def __call__(self) -> Secret:
        """
        A new access token.

        Raises:
            AuthenticationError: LinkedIn refuses the refresh token or the app.
            PlatformError: It was not reached, or answered with something else.
        """
        for seconds in (*_WAITS_S, None):
            try:
                return self._asked()
            except (AuthenticationError, UnexpectedResponseError):
                raise
            except PlatformError:
                # Another token is harmless: the one before goes on as well.
                if seconds is None:
                    raise
                self._clock.sleep(seconds)
        raise AssertionError  # the last attempt gives back or raises

    def _asked(self) -> Secret:
        form = {name: secret.reveal() for name, secret in self._secrets.items()}
        status, body = self._sent({"grant_type": "refresh_token", **form})
        if status >= _SERVER:
            raise self._error(ServerError, f"answered HTTP {status}")
        if status >= _OK:
            raise self._error(
                AuthenticationError,
                str(body.get("error_description") or body.get("error") or status),
                status=status,
                code=str(body.get("error") or status),
                hint="log in again and put the new refresh token where smm.toml says; "
                "refresh tokens last a year",
            )
        token = body.get("access_token")
        if not isinstance(token, str) or not token:
            raise self._error(UnexpectedResponseError, "answered without a token")
        renewed = body.get("refresh_token")
        if isinstance(renewed, str) and renewed:
            self._secrets["refresh_token"] = Secret(renewed, "LinkedIn's OAuth host")
        return Secret(token, "LinkedIn's OAuth host")

    def _sent(self, form: Mapping[str, str]) -> tuple[int, Mapping[str, Any]]:
        try:
            with httpx.Client(
                transport=_Shared(self._transport) if self._transport else None,
                timeout=_TIMEOUT_S,
                trust_env=self._trusts,
                follow_redirects=False,
            ) as client:
                answer = client.post(f"{self._url}/accessToken", data=dict(form))
        except HTTPX_ERRORS as error:
            failed = failure_of(error, unknown=Outcome.NOT_APPLIED)
            # The request inside holds the secrets: only its kind of failure stays.
            raise self._told(failed) from None
        try:
            body = parse_json(answer.content[:_LARGEST])
        except ValueError:
            body = None
        return answer.status_code, body if isinstance(body, dict) else {}

    def _error(
        self, kind: type[PlatformError], text: str, **details: Any
    ) -> PlatformError:
        secrets = (secret.reveal() for secret in self._secrets.values())
        return self._told(kind(scrub(text, *secrets), **details))

    def _told(self, error: PlatformError) -> PlatformError:
        error.platform, error.operation = "linkedin", _NAME
        return error


class _Shared(httpx.BaseTransport):
    """
    A transport that belongs to somebody else and stays open.
    """

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._inner.handle_request(request)
