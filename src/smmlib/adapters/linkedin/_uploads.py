"""
Uploading pictures and films: asked for, sent, finished. Repeating one is harmless.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from smmlib.adapters._http import Repeat
from smmlib.adapters._media import is_film
from smmlib.adapters.linkedin import _tables as tables
from smmlib.adapters.linkedin._api import LinkedInApi
from smmlib.adapters.linkedin._restli import encoded
from smmlib.errors import UnexpectedResponseError

if TYPE_CHECKING:
    from smmlib.ports import Clock

# Uploads are worked on for some seconds, films for minutes.
_WAITS_S = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 60.0, 60.0)
_UNDER_WAY = frozenset({"WAITING_UPLOAD", "PROCESSING"})


class Uploader:
    """
    Uploads for one company's page.
    """

    def __init__(self, api: LinkedInApi, organisation: str) -> None:
        self._api = api
        self._owner = f"{tables.ORGANISATION_URN}{organisation}"

    def upload(self, content: bytes) -> str:
        """
        Upload bytes and give the URN of what they became.
        """
        return self._film(content) if is_film(content) else self._picture(content)

    def wait(self, urn: str, clock: Clock) -> None:
        """
        Look less and less often until an upload can be shown; not for ever.

        Raises:
            UnexpectedResponseError: LinkedIn cannot use what was uploaded.
        """
        resource = "videos" if urn.startswith("urn:li:video:") else "images"
        for seconds in (*_WAITS_S, 0.0):
            status = self._api.get(f"{resource}/{encoded(urn)}").get("status")
            if status == "PROCESSING_FAILED":
                raise UnexpectedResponseError(
                    "LinkedIn cannot use what was uploaded",
                    platform="linkedin",
                    operation=f"GET {resource}",
                    hint="save it as PNG, JPEG or MP4 again",
                )
            if status not in _UNDER_WAY:
                return
            clock.sleep(seconds)

    def _picture(self, content: bytes) -> str:
        asked = {"initializeUploadRequest": {"owner": self._owner}}
        value = self._begin("images", asked)
        self._api.upload(_text(value, "uploadUrl"), content)
        return _text(value, "image")

    def _film(self, content: bytes) -> str:
        asked = {
            "initializeUploadRequest": {
                "owner": self._owner,
                "fileSizeBytes": len(content),
                "uploadCaptions": False,
                "uploadThumbnail": False,
            }
        }
        value = self._begin("videos", asked)
        film = _text(value, "video")
        parts = value.get("uploadInstructions")
        if not isinstance(parts, list) or not parts:
            raise _unread("uploadInstructions")
        tags = [
            self._api.upload(
                _text(part, "uploadUrl"),
                content[int(part["firstByte"]) : int(part["lastByte"]) + 1],
            )
            for part in parts
        ]
        done = {
            "video": film,
            "uploadToken": str(value.get("uploadToken") or ""),
            "uploadedPartIds": tags,
        }
        self._api.act(
            "videos",
            "finalizeUpload",
            {"finalizeUploadRequest": done},
            repeat=Repeat.UPDATE,
        )
        return film

    def _begin(self, resource: str, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        # An upload that is begun twice leaves an empty one behind, and nothing else.
        value, _ = self._api.act(
            resource, "initializeUpload", asked, repeat=Repeat.UPDATE
        )
        return value


def _text(value: Mapping[str, Any], name: str) -> str:
    found = value.get(name)
    if isinstance(found, str) and found:
        return found
    raise _unread(name)


def _unread(name: str) -> UnexpectedResponseError:
    return UnexpectedResponseError(
        f"an upload was answered without {name}",
        platform="linkedin",
        operation="initializeUpload",
    )
