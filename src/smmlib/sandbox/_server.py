"""
Door two: the same engine behind a loopback HTTP server with keep-alive.
"""

from __future__ import annotations

import select
import socket
import struct
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from smmlib.sandbox._values import PIECES, pieces

if TYPE_CHECKING:
    from collections.abc import Callable

    from smmlib.sandbox._engine import Engine
    from smmlib.sandbox._values import Answer, Exchange, WireRequest

_LARGEST_BODY = 64 * 1024 * 1024
_IDLE_S = 30


class LoopbackServer(ThreadingHTTPServer):
    """
    A thread per connection; connections stay open between requests.
    """

    daemon_threads = True
    # Clients that open many connections at once must not be refused.
    request_queue_size = 128

    def __init__(
        self,
        address: tuple[str, int],
        engine: Engine,
        control: Callable[[WireRequest], Answer],
    ) -> None:
        self.engine = engine
        self.control = control
        self.stopping = False
        super().__init__(address, _Handler)

    @property
    def origin(self) -> str:
        """
        Scheme, host and port a client connects to.
        """
        host, port = self.server_address[:2]
        return f"http://{host!s}:{port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """
        Report failures of our own; a client that hung up is none.
        """
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: LoopbackServer
    server_version = "smmlib-sandbox"
    sys_version = ""
    timeout = _IDLE_S
    wbufsize = -1  # headers and body leave in one packet
    disable_nagle_algorithm = True

    def log_message(self, *args: Any) -> None:
        """
        Stay silent: the sandbox keeps its own log.
        """

    def _serve(self) -> None:
        body = self._read_body()
        if body is None:
            return
        exchange = self.server.engine.exchange(
            self.command, self.path, self.headers.items(), body, self.server.control
        )
        if exchange.broken:
            self._break_off(exchange)
            return
        if exchange.delay_s:
            time.sleep(exchange.delay_s)
        self._send(exchange)

    def __getattr__(self, name: str) -> Callable[[], None]:
        # http.server looks for do_GET, do_POST ...: all verbs go the same way.
        if name.startswith("do_"):
            return self._serve
        raise AttributeError(name)

    def _read_body(self) -> bytes | None:
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            return self._read_chunks()
        length = self.headers.get("Content-Length", "0")
        if not (length.isascii() and length.isdigit()) or int(length) > _LARGEST_BODY:
            self._refuse(413)
            return None
        return self.rfile.read(int(length))

    def _read_chunks(self) -> bytes | None:
        parts: list[bytes] = []
        total = 0
        while True:
            size = self.rfile.readline(1000).partition(b";")[0].strip()
            try:
                count = int(size, 16)
            except ValueError:
                self._refuse(400)
                return None
            total += count
            if total > _LARGEST_BODY or count < 0:
                self._refuse(413)
                return None
            parts.append(self.rfile.read(count))
            self.rfile.readline(1000)
            if not count:
                return b"".join(parts)

    def _refuse(self, status: int) -> None:
        self.close_connection = True
        self.send_error(status)

    def _send(self, exchange: Exchange) -> None:
        answer = exchange.answer
        if answer is None:
            return
        # No Date header: the computer's clock is not the sandbox's.
        self.send_response_only(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        kept = len(answer.body) if exchange.cut is None else exchange.cut
        if self.command != "HEAD":
            self._write(answer.body[:kept], exchange.drip_s)
        self.wfile.flush()
        if kept < len(answer.body):
            self.close_connection = True

    def _write(self, body: bytes, drip_s: float) -> None:
        if not drip_s:
            self.wfile.write(body)
            return
        for piece in pieces(body):
            self.wfile.flush()
            time.sleep(drip_s / PIECES)
            self.wfile.write(piece)

    def _break_off(self, exchange: Exchange) -> None:
        """
        Leave the client without an answer: at once, or after its own patience ends.
        """
        if exchange.broken == "timeout":
            self._hold(exchange.hold_s)
        self._hang_up()

    def _hold(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while not self.server.stopping and time.monotonic() < end:
            readable, _, _ = select.select([self.connection], [], [], 0.05)
            if readable and not self.connection.recv(1, socket.MSG_PEEK):
                return

    def _hang_up(self) -> None:
        self.close_connection = True
        linger = struct.pack("ii", 1, 0)  # reset instead of an orderly goodbye
        if not self.server.stopping:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
