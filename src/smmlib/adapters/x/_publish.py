"""
Publishing posts on X, at most once each, and reading them back.

Source: X Ads API, tweet and tweets, 2026-08: organic posts have nullcast=false.
The Ads API neither changes nor deletes a post.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smmlib.adapters.x import _tables as tables
from smmlib.adapters.x._build import marked_name, split_name
from smmlib.adapters.x._errors import DUPLICATE
from smmlib.adapters.x._findings import Findings
from smmlib.adapters.x._media import MediaReader
from smmlib.adapters.x._normal import text_of
from smmlib.adapters.x._parse import posted, tweet_id
from smmlib.errors import Outcome, PlatformError, UnsupportedError
from smmlib.model import Network, PostResult, Video
from smmlib.ports import PublishedPost, Result
from smmlib.rules._posts import X_TEXT
from smmlib.rules._weighted import weighted_length

if TYPE_CHECKING:
    from collections.abc import Callable

    from smmlib.adapters.x._api import Body, XApi
    from smmlib.adapters.x._uploads import Uploader
    from smmlib.model import Post
    from smmlib.ports import Clock

_NAME = "post"
_MOST_PICTURES = 4
_LOOKS_S = (0.0, 5.0, 15.0)
_SKEW = timedelta(minutes=2)
_SHOWN = "https://x.com/i/status/"


class Publisher:
    """
    Publishes for one user of an ad account.

    Args:
        api: The ad account.
        uploader: Uploads pictures and films.
        user: Gives the id of the user that speaks.
        media_root: Folder pictures are in.
        clock: Time.
    """

    def __init__(
        self,
        api: XApi,
        uploader: Uploader,
        user: Callable[[], str],
        media_root: str,
        clock: Clock,
    ) -> None:
        self._api = api
        self._uploader = uploader
        self._user = user
        self._media_root = media_root
        self._clock = clock

    def publish(self, post: Post, network: Network, *, marker: str) -> Result:
        """
        Publish one post: what publishes it is sent a single time.

        Where the answer is lost, or X says that it is there already, the post with
        our marker in its name is looked for.
        """
        try:
            params = self._params(post, network, marker)
        except PlatformError as error:
            return Result(marker, error.outcome, error=error)
        try:
            rows = self._api.post("tweet", **params)
        except PlatformError as error:
            found = self._existing(error, marker)
            if found:
                return Result(marker, Outcome.APPLIED, found)
            return Result(marker, error.outcome, error=error)
        return Result(marker, Outcome.APPLIED, tweet_id(rows[0]))

    def read_post(self, post_id: str, network: Network) -> PublishedPost | None:
        """
        A published post by its id; None when it is not there (any more).
        """
        if network is not Network.X or not _is_number(post_id):
            return None
        found = list(self._rows(tweet_ids=[post_id], timeline_type="ALL"))
        return _published(found[0]) if found else None

    def find_posts(
        self, post: Post, network: Network, *, since: datetime
    ) -> tuple[PublishedPost, ...]:
        """
        Posts of ours that say what this one says there, oldest first.
        """
        if network is not Network.X:
            return ()
        text = _text(post)
        rows = [
            _published(row)
            for row in self._rows(timeline_type="ORGANIC")
            if text_of(row) == text
        ]
        later = [one for one in rows if one.at is None or one.at >= since - _SKEW]
        return tuple(sorted(later, key=lambda one: (one.at or since, one.id)))

    def results(self, post_ids: Iterable[str]) -> tuple[PostResult, ...]:
        """
        What came of posts up to now; those that are gone are left out.
        """
        ids = [own for own in post_ids if _is_number(own)]
        rows = {
            tweet_id(row): row
            for row in self._api.chosen(
                "tweets",
                "tweet_ids",
                ids,
                tweet_type="PUBLISHED",
                timeline_type="ALL",
                count=tables.PAGE,
            )
        }
        today = self._clock.now().date()
        return tuple(
            PostResult(
                Network.X,
                own,
                on=today,
                likes=_count(rows[own], "favorite_count"),
                shares=_count(rows[own], "retweet_count"),
                source="x tweets",
            )
            for own in ids
            if own in rows
        )

    # -- what is sent --------------------------------------------------------------

    def _params(self, post: Post, network: Network, marker: str) -> dict[str, Any]:
        if network is not Network.X:
            raise _cannot(f"X does not publish on {network}")
        user = self._user()
        if not user:
            raise _cannot("nobody says who publishes on X", "set `user` in smm.toml")
        text = _text(post)
        weight = weighted_length(text)
        if weight > X_TEXT.value:
            raise _cannot(
                f"the post weighs {weight} as X counts, it takes {X_TEXT.value}",
                f"shorten it by {weight - X_TEXT.value}, or give x a text of its own",
            )
        return {
            "as_user_id": user,
            "text": text or None,
            "media_keys": self._media(post) or None,
            "nullcast": False,
            "name": marked_name(_NAME, marker),
        }

    def _media(self, post: Post) -> list[str]:
        # An upload that no post shows is seen by nobody, so it may be sent again.
        films = [one for one in post.media if isinstance(one, Video)]
        if len(post.media) > (1 if films else _MOST_PICTURES):
            raise _cannot(
                "a post on X shows four pictures, or one film", "leave some out"
            )
        findings = Findings()
        reader = MediaReader(Path(self._media_root or "."), findings)
        for one in post.media:
            (reader.film if isinstance(one, Video) else reader.picture)(
                one.path, "media"
            )
        for issue in findings.issues:
            raise _cannot(issue.message, issue.hint)
        return [
            self._uploader.upload(one.content or b"", one.name)
            for one in reader.resources
        ]

    # -- what became of it ---------------------------------------------------------

    def _existing(self, error: PlatformError, marker: str) -> str:
        """
        The post with our marker, where the answer leaves open that it is there.
        """
        if error.outcome is not Outcome.UNKNOWN and error.code != DUPLICATE:
            return ""
        for seconds in _LOOKS_S:
            if seconds:
                self._clock.sleep(seconds)
            try:
                rows = list(self._rows(timeline_type="ORGANIC"))
            except PlatformError:
                # It could not be looked for either: the first error says what is known.
                return ""
            for row in rows:
                if split_name(row.get("name")).marker == marker:
                    return tweet_id(row)
        return ""

    def _rows(self, **asked: Any) -> Iterator[Body]:
        return self._api.rows(
            "tweets", tweet_type="PUBLISHED", count=tables.PAGE, **asked
        )


def _text(post: Post) -> str:
    """
    What people read: the text for X, with the tagged link unless it is in there.
    """
    text = post.text_for(Network.X).strip()
    if not post.link or post.link in text:
        return text
    link = post.utm.tag(post.link) if post.utm else post.link
    return f"{text} {link}".strip()


def _published(row: Body) -> PublishedPost:
    own = tweet_id(row)
    at = posted(row.get("created_at"))
    return PublishedPost(own, Network.X, text_of(row), at, f"{_SHOWN}{own}")


def _count(row: Body, name: str) -> int | None:
    value = row.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _cannot(message: str, hint: str = "") -> UnsupportedError:
    return UnsupportedError(
        message,
        platform="x",
        operation="publish",
        outcome=Outcome.NOT_APPLIED,
        hint=hint,
    )
