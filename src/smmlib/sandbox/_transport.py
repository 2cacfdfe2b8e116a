"""
Door one: an httpx transport that talks to the engine without a socket.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import httpx

from smmlib.sandbox._values import PIECES, pieces

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from smmlib.sandbox._engine import Engine
    from smmlib.sandbox._values import Answer, Exchange, WireRequest


class SandboxTransport(httpx.BaseTransport):
    """
    Gives a client's requests to the engine and raises httpx's own errors for faults.

    Args:
        sleep: How waiting is done; tests may pass a virtual one.
    """

    def __init__(
        self,
        engine: Engine,
        control: Callable[[WireRequest], Answer],
        *,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._engine = engine
        self._control = control
        self._sleep = sleep

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """
        Answer one request as a network would.
        """
        exchange = self._engine.exchange(
            request.method,
            request.url.raw_path.decode("ascii"),
            request.headers.multi_items(),
            request.read(),
            self._control,
        )
        _break_off(exchange, request)
        self._wait(exchange, request)
        answer = exchange.answer
        if answer is None:
            raise httpx.ReadError("connection reset", request=request)
        if exchange.cut is not None and exchange.cut < len(answer.body):
            raise httpx.RemoteProtocolError(
                "peer closed connection without sending complete message body",
                request=request,
            )
        return httpx.Response(
            answer.status,
            headers=[*answer.headers, ("Content-Length", str(len(answer.body)))],
            stream=self._stream(answer.body, exchange.drip_s),
            request=request,
        )

    def _stream(self, body: bytes, drip_s: float) -> httpx.SyncByteStream:
        if not drip_s:
            return httpx.ByteStream(body)
        return _Drip(body, drip_s, self._sleep)

    def _wait(self, exchange: Exchange, request: httpx.Request) -> None:
        if not exchange.delay_s:
            return
        patience = request.extensions.get("timeout", {}).get("read")
        if patience is not None and exchange.delay_s > patience:
            raise httpx.ReadTimeout("no answer in time", request=request)
        self._sleep(exchange.delay_s)


class _Drip(httpx.SyncByteStream):
    """
    A body that comes in small pieces, none of them late by itself.
    """

    def __init__(
        self, body: bytes, seconds: float, sleep: Callable[[float], None]
    ) -> None:
        self._body = body
        self._pause = seconds / PIECES
        self._sleep = sleep

    def __iter__(self) -> Iterator[bytes]:
        for piece in pieces(self._body):
            self._sleep(self._pause)
            yield piece


def _break_off(exchange: Exchange, request: httpx.Request) -> None:
    if exchange.broken == "connect":
        raise httpx.ConnectError("connection refused", request=request)
    if exchange.broken == "timeout":
        raise httpx.ReadTimeout("no answer in time", request=request)
