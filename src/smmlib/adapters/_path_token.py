"""
Tokens in paths, for the one kind of platform that wants them there.

Whatever logs, raises or shows a request sees three stars: the token replaces them in a
copy of the request, at the last moment before it leaves.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.request import getproxies, proxy_bypass

import httpx

MASK = "***"


class PathTokenTransport(httpx.BaseTransport):
    """
    Puts the token into the path behind everything that could write it down.

    Args:
        inner: What really sends.
        token: Gives the token of the moment.
    """

    def __init__(self, inner: httpx.BaseTransport, token: Callable[[], str]) -> None:
        self._inner = inner
        self._token = token

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """
        Send a copy that carries the token.
        """
        path = request.url.raw_path.replace(MASK.encode(), self._token().encode(), 1)
        sent = httpx.Request(
            request.method,
            request.url.copy_with(raw_path=path),
            headers=request.headers,
            stream=request.stream,
            extensions=request.extensions,
        )
        answer = self._inner.handle_request(sent)
        # What reads the body on from here must name the request without the token.
        answer.request = request
        return answer

    def close(self) -> None:
        """
        Close the connections.
        """
        self._inner.close()


def network_transport(host: str, *, local: bool, most: int) -> httpx.BaseTransport:
    """
    The way to the network: through the proxy of the environment, as httpx itself goes.
    """
    proxy = None if local or proxy_bypass(host) else getproxies().get("https")
    limits = httpx.Limits(max_connections=most, max_keepalive_connections=most)
    return httpx.HTTPTransport(trust_env=not local, limits=limits, proxy=proxy)
