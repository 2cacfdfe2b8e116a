"""
What it means when no readable answer came: every kind of httpx failure, judged once.

The question that counts is whether a write can have happened. It cannot when no byte
of the request left this computer; otherwise nobody knows.
"""

from __future__ import annotations

import httpx

from smmlib.errors import (
    Outcome,
    PlatformError,
    PlatformTimeoutError,
    Retry,
    ServerError,
    UnexpectedResponseError,
    UnreachableError,
    UnsupportedError,
)

# Most specific first. True: no byte can have left, so nothing was applied.
FAILURES: tuple[tuple[type[Exception], type[PlatformError], bool, str], ...] = (
    (httpx.ConnectTimeout, UnreachableError, True, "no connection in time"),
    (httpx.PoolTimeout, UnreachableError, True, "no free connection in time"),
    (httpx.ReadTimeout, PlatformTimeoutError, False, "no answer in time"),
    (httpx.WriteTimeout, PlatformTimeoutError, False, "could not send in time"),
    (httpx.TimeoutException, PlatformTimeoutError, False, "took too long"),
    (httpx.ConnectError, UnreachableError, True, "no connection"),
    (httpx.ProxyError, UnreachableError, True, "the proxy refused the connection"),
    (httpx.UnsupportedProtocol, UnsupportedError, True, "no http(s) address"),
    (httpx.ReadError, ServerError, False, "the connection broke before the answer"),
    (httpx.WriteError, ServerError, False, "the connection broke while sending"),
    (httpx.CloseError, ServerError, False, "the connection broke at its end"),
    (httpx.NetworkError, ServerError, False, "the connection broke"),
    (httpx.LocalProtocolError, UnexpectedResponseError, False, "protocol misused"),
    (httpx.RemoteProtocolError, ServerError, False, "the answer broke off"),
    (httpx.ProtocolError, ServerError, False, "the protocol was violated"),
    (httpx.TransportError, ServerError, False, "the transport failed"),
    (httpx.DecodingError, UnexpectedResponseError, False, "the answer is garbled"),
    (httpx.TooManyRedirects, UnexpectedResponseError, False, "redirected"),
    (httpx.RequestError, ServerError, False, "the request failed"),
    (httpx.HTTPStatusError, UnexpectedResponseError, False, "unexpected status"),
    (httpx.HTTPError, ServerError, False, "the request failed"),
    (httpx.InvalidURL, UnsupportedError, True, "no valid address"),
    (httpx.CookieConflict, UnexpectedResponseError, False, "cookies conflict"),
    (httpx.StreamError, UnexpectedResponseError, False, "the answer was not read"),
)

HTTPX_ERRORS = (
    httpx.HTTPError,
    httpx.InvalidURL,
    httpx.CookieConflict,
    httpx.StreamError,
)
"""
Roots of everything httpx raises on purpose.
"""


def failure_of(error: Exception, *, unknown: Outcome) -> PlatformError:
    """
    The platform error for a failure of httpx.

    Args:
        error: What httpx raised.
        unknown: What to say when the request may have arrived.
    """
    for kind, ours, unsent, words in FAILURES:
        if isinstance(error, kind):
            outcome = Outcome.NOT_APPLIED if unsent else unknown
            return ours(words, outcome=outcome, hint=_hint(ours))
    return UnexpectedResponseError(
        f"failed with {type(error).__name__}", outcome=unknown, retry=Retry.NEVER
    )


def _hint(kind: type[PlatformError]) -> str:
    if kind is UnreachableError:
        return "check the network and try again"
    if kind is PlatformTimeoutError or kind is ServerError:
        return "try again later; nothing is ever created twice"
    return ""
