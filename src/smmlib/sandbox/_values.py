"""
What passes between the doors, the engine and the platforms: plain small values.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import unquote

import attrs
from werkzeug.wrappers import Request

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from smmlib.sandbox._faults import Fault

JsonObject = dict[str, Any]

PIECES = 10
"""
In so many pieces a body trickles out.
"""

# Base64 images and batches of 50 items travel in one form field.
_LARGEST_FORM = 64 * 1024 * 1024


class WireRequest(Request):
    """
    One HTTP request as the client sent it, with the raw target kept.

    Attributes:
        fault: A failure that the platform has to build into its answer.
    """

    fault: Fault | None = None

    max_content_length: int | None = _LARGEST_FORM
    max_form_memory_size: int | None = _LARGEST_FORM
    max_form_parts = 2_000

    @property
    def target(self) -> str:
        """
        The request target as it stood on the wire, still percent-encoded.
        """
        return str(self.environ["REQUEST_URI"])

    @property
    def segments(self) -> tuple[str, ...]:
        """
        Path segments of the raw target, each decoded on its own, empty ones dropped.
        """
        path = self.target.partition("?")[0]
        return tuple(unquote(part) for part in path.split("/") if part)


@attrs.frozen
class Answer:
    """
    What goes back to the client: status, headers in order, body bytes.
    """

    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "application/json"),)


@attrs.frozen
class Exchange:
    """
    What a door has to do: give *answer*, or break the connection as *broken* says.

    Attributes:
        broken: `connect`, `timeout` or `reset`; then there is no answer.
        delay_s: Seconds the answer is held back.
        drip_s: Seconds over which the body trickles out.
        cut: Send only so many bytes of the body, then close.
        hold_s: How long a timed-out connection is held open at most.
    """

    answer: Answer | None = None
    broken: str = ""
    delay_s: float = 0.0
    drip_s: float = 0.0
    cut: int | None = None
    hold_s: float = 5.0


def pieces(body: bytes) -> list[bytes]:
    """
    A body in the few pieces in which it trickles out.
    """
    size = max(-(-len(body) // PIECES), 1)
    return [body[at : at + size] for at in range(0, len(body), size)]


class Platform(Protocol):
    """
    What the engine needs from one emulated platform.
    """

    name: str

    def handle(self, request: WireRequest) -> Answer:
        """
        Answer one request whose path starts with the platform's name.
        """

    def fault(self, fault: Fault) -> Answer:
        """
        The platform's own words for a fault that was asked for.
        """

    def details(self, origin: str) -> JsonObject:
        """
        Base URL, ids and working credentials for a client.
        """

    def secrets(self) -> tuple[str, ...]:
        """
        Texts that must never stand in the log.
        """

    def objects(self) -> JsonObject:
        """
        All objects as plain JSON, for tests and people.
        """

    def conversions_csv(self, account: str | None) -> str:
        """
        The shop's own record of what people did after clicking.
        """

    def coverage(self) -> Sequence[Mapping[str, Any]]:
        """
        What is modelled: one row per method and path.
        """

    def dump(self) -> JsonObject:
        """
        Everything needed to go on later in another process.
        """

    def load(self, data: JsonObject) -> None:
        """
        Take over what `dump` wrote.
        """

    def reset(self) -> None:
        """
        Forget everything that clients made.
        """


def wire_request(
    method: str, target: str, headers: Iterable[tuple[str, str]], body: bytes
) -> WireRequest:
    """
    Build the request that platforms read, with REQUEST_URI as the client sent it.
    """
    path, _, query = target.partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method.upper(),
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(path, encoding="latin-1"),
        "QUERY_STRING": query,
        "REQUEST_URI": target,
        "RAW_URI": target,
        "SERVER_NAME": "sandbox.local",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(body),
        "wsgi.input_terminated": True,
    }
    for key, value in headers:
        name = key.upper().replace("-", "_")
        if name == "CONTENT_TYPE":
            environ[name] = value
        elif name != "CONTENT_LENGTH":
            environ[f"HTTP_{name}"] = value
    return WireRequest(environ)
