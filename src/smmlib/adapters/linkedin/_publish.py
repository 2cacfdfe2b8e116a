"""
Publishing posts on a company's page, at most once each, and reading them back.

Source: posts of LinkedIn's Marketing API as its clients use them, 2026-08. What came of
posts, and how many follow a page, no document at hand describes: `_exports` reads them
from files.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from smmlib.adapters.linkedin import _tables as tables
from smmlib.adapters.linkedin._api import rows_of
from smmlib.adapters.linkedin._findings import Findings
from smmlib.adapters.linkedin._little import escaped, plain
from smmlib.adapters.linkedin._media import MediaReader
from smmlib.adapters.linkedin._restli import encoded
from smmlib.errors import (
    NotFoundError,
    Outcome,
    PlatformError,
    UnexpectedResponseError,
    UnsupportedError,
)
from smmlib.model import Network, Video
from smmlib.ports import PublishedPost, Result

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from smmlib.adapters.linkedin._api import LinkedInApi
    from smmlib.adapters.linkedin._settings import Settings
    from smmlib.adapters.linkedin._uploads import Uploader
    from smmlib.model import Image, Post
    from smmlib.ports import Clock

Values = dict[str, Any]

LONGEST = 3_000
"""
Characters of a post; LinkedIn cuts longer ones without a word.
"""

_PATH = "posts"
_TWIN = 422  # the same text by the same page shortly before
_POST_URN = re.compile(r"urn:li:(?:share|ugcPost):[0-9]+")
_PAGE, _MOST_PAGES = 50, 200
_SHOWN = "https://www.linkedin.com/feed/update/"
_LOOKS_S = (0.0, 5.0, 15.0)
_SKEW = timedelta(minutes=2)
_START = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


class Publisher:
    """
    Publishes for one company's page.
    """

    def __init__(
        self, api: LinkedInApi, uploader: Uploader, settings: Settings, clock: Clock
    ) -> None:
        self._api = api
        self._uploader = uploader
        self._settings = settings
        self._clock = clock
        self._author = f"{tables.ORGANISATION_URN}{settings.organisation}"
        self._given: dict[str, str] = {}

    def publish(self, post: Post, network: Network, *, marker: str) -> Result:
        """
        Publish one post: what publishes it is sent a single time.

        Where the answer is lost, the newest posts of the page are looked through.
        """
        began = self._clock.now()
        try:
            body = self._body(post, network)
        except PlatformError as error:
            return Result(marker, error.outcome, error=error)
        text = _text(post)
        try:
            found = self._api.create(_PATH, body)
        except PlatformError as error:
            found = self._existing(error, text, began, marker)
            if not found:
                return Result(marker, error.outcome, error=error)
        self._given[found] = marker
        return Result(marker, Outcome.APPLIED, found, error=self._cut(found, text))

    # -- what stands there ---------------------------------------------------------

    def read_post(self, post_id: str, network: Network) -> PublishedPost | None:
        """
        A published post by its id; None when it is not there (any more).
        """
        if network is not Network.LINKEDIN or not _POST_URN.fullmatch(post_id):
            return None
        try:
            return _published(self._api.get(f"{_PATH}/{encoded(post_id)}"))
        except NotFoundError:
            return None

    def find_posts(
        self, post: Post, network: Network, *, since: datetime
    ) -> tuple[PublishedPost, ...]:
        """
        Posts on the page that say what this one says there, oldest first.
        """
        if network is not Network.LINKEDIN or not self._settings.organisation:
            return ()
        rows = self._newest(_text(post), since)
        return tuple(_published(row) for row in reversed(list(rows)))

    def _newest(self, text: str, since: datetime) -> Iterator[Mapping[str, Any]]:
        """
        Posts of the page with a text, newest first, all pages down to a moment.
        """
        for page in range(_MOST_PAGES):
            asked = {
                "q": "author",
                "author": self._author,
                "start": page * _PAGE,
                "count": _PAGE,
                "sortBy": "CREATED",
            }
            rows = rows_of(self._api.find(_PATH, asked), _PATH)
            for row in rows:
                if _created(row) < since:
                    return
                if _says(row, text):
                    yield row
            if not rows:
                return

    # -- changing ------------------------------------------------------------------

    def edit(self, post_id: str, post: Post) -> Result:
        """
        Give a post its new text; some keep the old one without a word, which is told.
        """
        text = _text(post)
        path = f"{_PATH}/{encoded(post_id)}"
        try:
            _fits(text)
            self._api.update(path, {"$set": {"commentary": escaped(text)}})
            now = self._api.get(path)
        except PlatformError as error:
            return Result(post_id, error.outcome, error=error)
        if _says(now, text):
            return Result(post_id, Outcome.APPLIED, post_id)
        kept = _cannot("LinkedIn kept the old text", "correct the post on the page")
        return Result(post_id, Outcome.NOT_APPLIED, error=kept)

    def delete(self, post_id: str) -> Result:
        """
        Take a post away; one that is gone already is taken away.
        """
        try:
            self._api.delete(f"{_PATH}/{encoded(post_id)}")
        except PlatformError as error:
            if not isinstance(error, NotFoundError):
                return Result(post_id, error.outcome, error=error)
        return Result(post_id, Outcome.APPLIED, post_id)

    # -- what is sent --------------------------------------------------------------

    def _body(self, post: Post, network: Network) -> Values:
        if network is not Network.LINKEDIN:
            raise _cannot(f"LinkedIn does not publish on {network}")
        if not self._settings.organisation:
            raise _cannot(
                "no page is set for this account", "set `organisation` in smm.toml"
            )
        text = _text(post)
        _fits(text)
        content = self._content(post, _link(post))
        return {
            "author": self._author,
            "commentary": escaped(text),
            "visibility": "PUBLIC",
            "distribution": {
                "feedDistribution": "MAIN_FEED",
                "targetEntities": [],
                "thirdPartyDistributionChannels": [],
            },
            "lifecycleState": "PUBLISHED",
            "isReshareDisabledByAuthor": False,
            **({"content": content} if content else {}),
        }

    def _content(self, post: Post, link: str) -> Values:
        if len(post.media) > 1:
            raise _cannot(
                "posts with several pictures are not published by smmlib on LinkedIn",
                "choose one picture, or publish it by hand",
            )
        if post.media:
            return {"media": self._medium(post.media[0])}
        if link:
            site = urlsplit(link).hostname or link
            return {"article": {"source": link, "title": site}}
        return {}

    def _medium(self, medium: Image | Video) -> Values:
        # An upload that no post shows is seen by nobody, so it may be sent again.
        findings = Findings()
        reader = MediaReader(Path(self._settings.media_root or "."), findings)
        film = isinstance(medium, Video)
        (reader.film if film else reader.picture)(medium.path, "media")
        for issue in findings.issues:
            raise _cannot(issue.message, issue.hint)
        (resource,) = reader.resources
        urn = self._uploader.upload(resource.content or b"")
        self._uploader.wait(urn, self._clock)
        return {"id": urn, **({"altText": medium.alt} if medium.alt else {})}

    # -- what became of it ---------------------------------------------------------

    def _existing(
        self, error: PlatformError, text: str, began: datetime, marker: str
    ) -> str:
        """
        The post that is there although no answer, or a refusal, said so.
        """
        try:
            if error.outcome is Outcome.UNKNOWN:
                return self._look(text, began)
            if error.status == _TWIN:
                return self._twin(error, text, marker)
        except PlatformError:
            # It could not be looked for either: the first error says what is known.
            return ""
        return ""

    def _look(self, text: str, began: datetime) -> str:
        for seconds in _LOOKS_S:
            if seconds:
                self._clock.sleep(seconds)
            for row in self._newest(text, began - _SKEW):
                if row.get("id") not in self._given:
                    return str(row["id"])
        return ""

    def _twin(self, error: PlatformError, text: str, marker: str) -> str:
        """
        The post LinkedIn calls the same: ours, when an earlier answer was lost.
        """
        found = _POST_URN.search(error.message)
        if found is None or self._given.get(found.group(), marker) != marker:
            return ""
        row = self._api.get(f"{_PATH}/{encoded(found.group())}")
        return found.group() if _says(row, text) else ""

    def _cut(self, urn: str, text: str) -> PlatformError | None:
        """
        A problem with a published post whose text is not all there.
        """
        try:
            row = self._api.get(f"{_PATH}/{encoded(urn)}")
        except PlatformError:
            return None  # it is published; some tokens may not read it
        kept = plain(str(row.get("commentary") or "")).rstrip()
        if kept == text.rstrip() or not text.startswith(kept):
            return None
        return UnexpectedResponseError(
            f"LinkedIn kept {len(kept)} of {len(text)} characters of the post",
            platform="linkedin",
            operation="publish",
            outcome=Outcome.APPLIED,
            hint="correct the post on the page",
        )


def _link(post: Post) -> str:
    return post.utm.tag(post.link) if post.utm and post.link else post.link


def _text(post: Post) -> str:
    """
    What people read; a post shows a picture or a link, so beside one the other is text.
    """
    text, link = post.text_for(Network.LINKEDIN), _link(post)
    if post.media and link and link not in text:
        return f"{text}\n\n{link}".strip()
    return text


def _fits(text: str) -> None:
    if len(text) > LONGEST:
        raise _cannot(
            f"a post of {len(text)} characters; LinkedIn takes {LONGEST}",
            f"shorten it by {len(text) - LONGEST} characters",
        )


def _published(row: Mapping[str, Any]) -> PublishedPost:
    at = row.get("publishedAt", row.get("createdAt"))
    return PublishedPost(
        str(row["id"]),
        Network.LINKEDIN,
        text=plain(str(row.get("commentary") or "")),
        at=_START + timedelta(milliseconds=at) if isinstance(at, int) else None,
        url=f"{_SHOWN}{row['id']}",
    )


def _created(row: Mapping[str, Any]) -> datetime:
    value = row.get("createdAt")
    return _START + timedelta(milliseconds=value if isinstance(value, int) else 0)


def _says(row: Mapping[str, Any], text: str) -> bool:
    return plain(str(row.get("commentary") or "")).strip() == text.strip()


def _cannot(message: str, hint: str = "") -> UnsupportedError:
    return UnsupportedError(
        message,
        platform="linkedin",
        operation="publish",
        outcome=Outcome.NOT_APPLIED,
        hint=hint,
    )
