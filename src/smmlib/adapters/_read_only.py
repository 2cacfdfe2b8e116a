"""
A dry run is a way to the platforms that lets nothing but questions through.

Not an `if` that somebody may forget: whatever an engine or an adapter tries, a request
that could change anything is refused here, before a byte of it leaves.
"""

from __future__ import annotations

import json
import threading
from urllib.parse import parse_qs

import httpx

from smmlib.adapters._path_token import network_transport
from smmlib.adapters._secrets import is_local
from smmlib.errors import Outcome, Retry, UnsupportedError

_ASKING = frozenset({"GET", "HEAD", "OPTIONS"})
_OVERRIDE = "x-http-method-override"
# A new access token changes nothing in an account.
_RENEWAL = "/oauth/v2/accessToken"
_CONNECTIONS = 20


class ReadOnlyTransport(httpx.BaseTransport):
    """
    Passes reads on and refuses every write.

    Args:
        inner: What really sends; the network when left out.
    """

    def __init__(self, inner: httpx.BaseTransport | None = None) -> None:
        self._inner = inner
        self._ways: dict[str, httpx.BaseTransport] = {}
        self._lock = threading.Lock()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """
        Send a read.

        Raises:
            UnsupportedError: It could change something.
        """
        if not only_asks(request):
            raise UnsupportedError(
                f"dry run: {request.method} was not sent",
                outcome=Outcome.NOT_APPLIED,
                retry=Retry.NEVER,
                hint="leave the dry run out to send it",
            )
        return self._way(request.url.host).handle_request(request)

    def _way(self, host: str) -> httpx.BaseTransport:
        if self._inner is not None:
            return self._inner
        with self._lock:
            if host not in self._ways:
                self._ways[host] = network_transport(
                    host, local=is_local(host), most=_CONNECTIONS
                )
            return self._ways[host]

    def close(self) -> None:
        """
        Close the connections.
        """
        for way in (*self._ways.values(), self._inner):
            if way is not None:
                way.close()


def only_asks(request: httpx.Request) -> bool:
    """
    Whether a request can change nothing: a read, a read in the clothes of a write as
    platforms want it for long questions, a batch of nothing but reads, or the renewal
    of a token.
    """
    if request.method in _ASKING or request.url.path.endswith(_RENEWAL):
        return True
    if request.headers.get(_OVERRIDE, "").upper() in _ASKING:
        return True
    kind = request.headers.get("content-type", "")
    if not kind.startswith("application/x-www-form-urlencoded"):
        return False
    return _reads_in_one(request.read().decode("utf-8", "replace"))


def _reads_in_one(form: str) -> bool:
    batch = parse_qs(form).get("batch", [])
    try:
        calls = json.loads(batch[0]) if len(batch) == 1 else []
        methods = {str(call["method"]).upper() for call in calls}
    except (ValueError, TypeError, KeyError, RecursionError):
        return False
    return bool(methods) and methods <= _ASKING
