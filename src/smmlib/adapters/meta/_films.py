"""
Uploading a film: sent once under a title that is found again, waited for until encoded.

Source: Marketing API ad video reference, 2026-09: whole files in one request; an ad
cannot show a film that is still being processed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smmlib.adapters._http import Repeat
from smmlib.adapters.meta._media import film_title
from smmlib.adapters.meta._parse import id_of
from smmlib.errors import InvalidRequestError, Outcome, UnexpectedResponseError

if TYPE_CHECKING:
    from smmlib.adapters.meta._api import GraphApi
    from smmlib.ports import Clock, Operation

_FIRST_LOOK_S, _LONGEST_LOOK_S, _PATIENCE_S = 5.0, 60.0, 20 * 60.0


class FilmUploader:
    """
    Uploads films to one ad account.
    """

    def __init__(self, api: GraphApi, account: str, clock: Clock) -> None:
        self._api = api
        self._account = account
        self._clock = clock

    def create(self, operation: Operation) -> str:
        """
        Upload a film and wait until it can be shown; its id.

        Raises:
            PlatformError: It was refused, cannot be played, or its answer was lost.
        """
        body = self._send(operation)
        found = id_of(body)
        if found is None:
            raise UnexpectedResponseError(
                "a film was taken without an id",
                platform="meta",
                operation="POST advideos",
                outcome=Outcome.UNKNOWN,
            )
        self._wait(found)
        return found

    def _send(self, operation: Operation) -> dict[str, Any]:
        digest, url = (str(operation.fields.get(k, "")) for k in ("video", "url"))
        title = film_title(
            operation.name or operation.address, digest, operation.marker
        )
        values = {"title": title}
        files = {}
        if operation.content is not None:
            files["source"] = (f"{title}.mp4", operation.content)
        else:
            # The description keeps where it came from; Meta moves it to its own place.
            values |= {"file_url": url, "description": url}
        return self._api.write(
            f"{self._account}/advideos", values, repeat=Repeat.CREATE, files=files
        )

    def _wait(self, film: str) -> None:
        waited, pause = 0.0, _FIRST_LOOK_S
        while not self._is_ready(film) and waited < _PATIENCE_S:
            self._clock.sleep(pause)
            waited, pause = waited + pause, min(pause * 2, _LONGEST_LOOK_S)

    def _is_ready(self, film: str) -> bool:
        """
        Whether it is encoded.

        Raises:
            InvalidRequestError: It cannot be played.
        """
        status = self._api.get(film, fields="status").get("status")
        state = status.get("video_status") if isinstance(status, dict) else None
        if state == "error":
            raise InvalidRequestError(
                "Meta cannot play the film",
                platform="meta",
                operation="POST advideos",
                hint="save it as MP4 with H.264 and AAC, and apply again",
            )
        return state == "ready"
