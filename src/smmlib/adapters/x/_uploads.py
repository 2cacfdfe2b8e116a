"""
Giving X pictures and films: pictures at once, films in pieces.

Source: X API, media upload, 2026-08; the upload has a host of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from smmlib.adapters._http import HttpRequest, Repeat
from smmlib.adapters._secrets import is_local
from smmlib.adapters.x import _tables as tables
from smmlib.errors import (
    InvalidRequestError,
    PlatformTimeoutError,
    UnexpectedResponseError,
)

if TYPE_CHECKING:
    from smmlib.adapters._http import HttpClient, HttpResponse
    from smmlib.ports import Clock

_PATH = "1.1/media/upload.json"
_TITLE = "POST media/upload"
_PIECE = 4 * 1024 * 1024
_POLLS, _POLL_S = 60, 5.0


class Uploader:
    """
    Uploads files; what nobody shows may be uploaded twice.

    Args:
        http: The client; it signs.
        base_url: Where the API is, to tell X itself from a sandbox.
        clock: Time.
    """

    def __init__(self, http: HttpClient, base_url: str, clock: Clock) -> None:
        self._http = http
        self._clock = clock
        local = is_local(urlsplit(base_url).hostname or "")
        self._elsewhere = "" if local else f"https://{tables.UPLOAD_HOST}/{_PATH}"

    def upload(self, content: bytes, name: str) -> str:
        """
        Upload a file; the key it is known by.

        Raises:
            PlatformError: It was refused, or is not ready after some minutes.
        """
        category = tables.category(content)
        if category == tables.FILM:
            return self._film(content, name)
        body = self._send({"media_category": category}, (name, content))
        return _text(body, "media_key")

    def _film(self, content: bytes, name: str) -> str:
        """
        Announce a film, send its pieces, and wait until X has looked at it.
        """
        told = {
            "command": "INIT",
            "media_category": tables.FILM,
            "media_type": "video/mp4",
            "total_bytes": str(len(content)),
        }
        own = _text(self._send(told), "media_id_string")
        for number, start in enumerate(range(0, len(content), _PIECE)):
            piece = {
                "command": "APPEND",
                "media_id": own,
                "segment_index": str(number),
            }
            self._send(piece, (name, content[start : start + _PIECE]))
        body = self._send({"command": "FINALIZE", "media_id": own})
        key = _text(body, "media_key")
        for _ in range(_POLLS):
            state, seconds = _progress(body)
            if state == "succeeded":
                return key
            if state == "failed":
                raise InvalidRequestError(
                    f"X cannot use the film {name}",
                    platform="x",
                    operation=_TITLE,
                    hint="save it as MP4 with H.264 and AAC",
                )
            self._clock.sleep(seconds)
            body = self._send({"command": "STATUS", "media_id": own}, method="GET")
        raise PlatformTimeoutError(
            f"the film {name} is not ready after some minutes",
            platform="x",
            operation=_TITLE,
            hint="apply again later",
        )

    def _send(
        self,
        query: Mapping[str, str],
        part: tuple[str, bytes] | None = None,
        *,
        method: str = "POST",
    ) -> Mapping[str, Any]:
        request = HttpRequest(
            method,
            "" if self._elsewhere else _PATH,
            query=dict(query),
            files={"media": part} if part else {},
            elsewhere=self._elsewhere,
            repeat=Repeat.READ if method == "GET" else Repeat.UPDATE,
            title=_TITLE,
        )
        return _body(self._http.send(request))


def _progress(body: Mapping[str, Any]) -> tuple[str, float]:
    """
    How far X is with a film, and when to ask again; done where it says nothing.
    """
    info = body.get("processing_info")
    if not isinstance(info, Mapping):
        return "succeeded", 0.0
    wait = info.get("check_after_secs")
    seconds = float(wait) if isinstance(wait, int) and wait > 0 else _POLL_S
    return str(info.get("state")), seconds


def _body(answer: HttpResponse) -> Mapping[str, Any]:
    """
    What an upload was answered with; pieces get no words.
    """
    if not answer.body.strip():
        return {}
    try:
        found = answer.json()
    except ValueError:
        found = None
    if isinstance(found, dict):
        return found
    raise _bad("an answer that is no object")


def _text(body: Mapping[str, Any], name: str) -> str:
    found = body.get(name)
    if isinstance(found, str) and found:
        return found
    raise _bad(f"an upload without {name}")


def _bad(what: str) -> UnexpectedResponseError:
    return UnexpectedResponseError(
        f"X answered with {what}", platform="x", operation=_TITLE
    )
