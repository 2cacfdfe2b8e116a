"""
Publishing posts on the Page and on Instagram, and reading what came of them.

Source: Page feed, Page photos, Instagram content publishing, and the insights
references of posts and media, 2026-06.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smmlib.adapters._http import Repeat
from smmlib.adapters.meta._media import image_format
from smmlib.adapters.meta._parse import id_of
from smmlib.adapters.meta._published import find_posts, read_post
from smmlib.errors import (
    NotFoundError,
    Outcome,
    PlatformError,
    UnexpectedResponseError,
    UnsupportedError,
)
from smmlib.model import Image, Network, PostResult
from smmlib.ports import Result

if TYPE_CHECKING:
    from datetime import datetime

    from smmlib.adapters.meta._api import GraphApi
    from smmlib.adapters.meta._wanted import Settings
    from smmlib.model import Post
    from smmlib.ports import Clock, PublishedPost

_POST_METRICS = (
    "post_media_view,post_total_media_view_unique,post_clicks,"
    "post_activity_by_action_type"
)
# Characters; pages help and content publishing, 2026-08.
_LONGEST = {Network.FACEBOOK: 63_206, Network.INSTAGRAM: 2_200}
_MEDIA_METRICS = "reach,views,likes,comments,shares"


class Publisher:
    """
    Publishes for one Page and one Instagram account.
    """

    def __init__(self, api: GraphApi, settings: Settings, clock: Clock) -> None:
        self._api = api
        self._settings = settings
        self._clock = clock

    def publish(self, post: Post, network: Network, *, marker: str) -> Result:
        """
        Publish one post, at most once: what publishes it is sent a single time.
        """
        ways = {Network.FACEBOOK: self._on_page, Network.INSTAGRAM: self._on_instagram}
        try:
            if network not in ways:
                raise _cannot(f"Meta does not publish on {network}")
            _fits(_said(post, network), network)
            body = ways[network](post)
        except PlatformError as error:
            return Result(marker, error.outcome, error=error)
        found = id_of(body)
        if found is None:
            missing = UnexpectedResponseError(
                "a post was published without an id",
                platform="meta",
                operation="publish",
                outcome=Outcome.UNKNOWN,
            )
            return Result(marker, Outcome.UNKNOWN, error=missing)
        return Result(marker, Outcome.APPLIED, found)

    def results(self, post_ids: Iterable[str]) -> tuple[PostResult, ...]:
        """
        What came of posts and media up to now; those that are gone are left out.
        """
        found = []
        for post_id in post_ids:
            try:
                found.append(self._result(post_id))
            except NotFoundError:
                continue
        return tuple(found)

    def read_post(self, post_id: str, network: Network) -> PublishedPost | None:
        """
        A post or medium as it stands there; None when it is gone.
        """
        return read_post(self._api, post_id, network)

    def find_posts(
        self, post: Post, network: Network, *, since: datetime
    ) -> tuple[PublishedPost, ...]:
        """
        Our posts that say what this one says there, oldest first.
        """
        owners = {
            Network.FACEBOOK: self._settings.page,
            Network.INSTAGRAM: self._settings.instagram_user,
        }
        owner = owners.get(network, "")
        if not owner:
            return ()
        return find_posts(self._api, owner, network, _said(post, network), since)

    # -- publishing ----------------------------------------------------------------

    def _on_page(self, post: Post) -> dict[str, Any]:
        if not self._settings.page:
            raise _cannot("no page is set for this account", "set `page` in smm.toml")
        # Photos that no post shows are seen by nobody, so they may be sent again.
        photos = [self._photo(image) for image in _images(post)]
        values: dict[str, Any] = {"message": _said(post, Network.FACEBOOK)}
        if photos:
            values["attached_media"] = [{"media_fbid": photo} for photo in photos]
        elif post.link:
            values["link"] = _link(post)
        return self._create(f"{self._settings.page}/feed", values)

    def _photo(self, image: Image) -> str:
        values: dict[str, Any] = {"published": False}
        if image.alt:
            values["alt_text_custom"] = image.alt
        files = {}
        if "://" in image.path:
            values["url"] = image.path
        else:
            files["source"] = (Path(image.path).name, self._content(image))
        path = f"{self._settings.page}/photos"
        body = self._api.write(path, values, repeat=Repeat.UPDATE, files=files)
        return _id(body)

    def _content(self, image: Image) -> bytes:
        root = Path(self._settings.media_root or ".").resolve()
        file = (root / image.path).resolve()
        if not (file.is_relative_to(root) and file.is_file()):
            raise _cannot(f"there is no picture {image.path}", f"put it into {root}")
        content = file.read_bytes()
        if not image_format(content):
            raise _cannot(f"{image.path} is no JPEG, PNG or GIF", "save it as PNG")
        return content

    def _on_instagram(self, post: Post) -> dict[str, Any]:
        user = self._settings.instagram_user
        if not user:
            raise _cannot(
                "no Instagram account is set", "set `instagram_user` in smm.toml"
            )
        images = _images(post)
        if not images:
            raise _cannot("a post on Instagram shows a picture", "add media")
        caption = {"caption": _text(post, Network.INSTAGRAM)}
        if len(images) == 1:
            box = self._box(images[0], caption)
        else:
            parts = [self._box(i, {"is_carousel_item": True}) for i in images]
            album = {"media_type": "CAROUSEL", "children": parts, **caption}
            box = _id(self._api.write(f"{user}/media", album, repeat=Repeat.UPDATE))
        return self._create(f"{user}/media_publish", {"creation_id": box})

    def _box(self, image: Image, values: Mapping[str, Any]) -> str:
        """
        A container: seen by nobody until it is published, gone after a day.
        """
        if "://" not in image.path:
            raise _cannot(
                "Instagram fetches pictures from the web",
                f"put {image.path} on your site and write its address",
            )
        about = {"alt_text": image.alt} if image.alt else {}
        values = {"image_url": image.path, **about, **values}
        path = f"{self._settings.instagram_user}/media"
        return _id(self._api.write(path, values, repeat=Repeat.UPDATE))

    def _create(self, path: str, values: Mapping[str, Any]) -> dict[str, Any]:
        return self._api.write(path, values, repeat=Repeat.CREATE)

    # -- results -------------------------------------------------------------------

    def _result(self, post_id: str) -> PostResult:
        # Ids of a Page's posts hold the Page's id; those of media stand alone.
        on_page = "_" in post_id
        metrics = _POST_METRICS if on_page else _MEDIA_METRICS
        found = self._metrics(post_id, metrics)
        actions = found.get("post_activity_by_action_type")
        done = actions if isinstance(actions, Mapping) else {}
        facts: dict[str, Any] = (
            {
                "impressions": found.get("post_media_view"),
                "reach": found.get("post_total_media_view_unique"),
                "clicks": found.get("post_clicks"),
                "likes": done.get("like", 0),
                "comments": done.get("comment", 0),
                "shares": done.get("share", 0),
            }
            if on_page
            else {
                "impressions": found.get("views"),
                **{n: found.get(n) for n in ("reach", "likes", "comments", "shares")},
            }
        )
        counts: dict[str, Any] = {k: v for k, v in facts.items() if isinstance(v, int)}
        return PostResult(
            Network.FACEBOOK if on_page else Network.INSTAGRAM,
            post_id,
            on=self._clock.now().date(),
            source="meta insights",
            **counts,
        )

    def _metrics(self, post_id: str, metrics: str) -> dict[str, Any]:
        body = self._api.get(f"{post_id}/insights", metric=metrics, period="lifetime")
        rows = body.get("data")
        found = {}
        for row in rows if isinstance(rows, list) else ():
            values = row.get("values") if isinstance(row, dict) else None
            if isinstance(values, list) and values and isinstance(values[-1], dict):
                found[str(row.get("name"))] = values[-1].get("value")
        return found


def _text(post: Post, network: Network) -> str:
    return post.variants.get(network.value, post.text)


def _link(post: Post) -> str:
    return post.utm.tag(post.link) if post.utm else post.link


def _said(post: Post, network: Network) -> str:
    """
    What people read: a Page shows either pictures or a link, so beside pictures the
    link stands below the text.
    """
    text = _text(post, network)
    if network is not Network.FACEBOOK or not (post.media and post.link):
        return text
    link = _link(post)
    return text if link in text else f"{text}\n\n{link}".strip()


def _fits(text: str, network: Network) -> None:
    longest = _LONGEST[network]
    if len(text) > longest:
        raise _cannot(
            f"the post has {len(text)} characters, {network} takes {longest}",
            f"shorten it by {len(text) - longest}",
        )


def _images(post: Post) -> list[Image]:
    films = [medium for medium in post.media if not isinstance(medium, Image)]
    if films:
        raise _cannot(
            "posts with films are not published by smmlib on Meta yet",
            "publish it by hand",
        )
    return [medium for medium in post.media if isinstance(medium, Image)]


def _id(body: Mapping[str, Any]) -> str:
    found = id_of(body)
    if found is None:
        raise UnexpectedResponseError(
            "an upload was answered without an id", platform="meta"
        )
    return found


def _cannot(message: str, hint: str = "") -> UnsupportedError:
    return UnsupportedError(
        message,
        platform="meta",
        operation="publish",
        outcome=Outcome.NOT_APPLIED,
        hint=hint,
    )
