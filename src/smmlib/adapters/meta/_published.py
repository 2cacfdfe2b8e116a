"""
Reading posts of the Page and media of Instagram back, and finding one by its words.

Source: Page posts and Instagram media references, 2026-08.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smmlib.adapters.meta._parse import moment
from smmlib.errors import NotFoundError
from smmlib.model import Network
from smmlib.ports import PublishedPost

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from smmlib.adapters.meta._api import GraphApi

_PAGE = "50"
# Text, moment and address of a post, by the network's own words for them.
_WORDS = {
    Network.FACEBOOK: ("message", "created_time", "permalink_url"),
    Network.INSTAGRAM: ("caption", "timestamp", "permalink"),
}
_LISTS = {Network.FACEBOOK: "published_posts", Network.INSTAGRAM: "media"}


def read_post(api: GraphApi, post_id: str, network: Network) -> PublishedPost | None:
    """
    One post or medium; None when it is gone.
    """
    try:
        return _post(api.get(post_id, fields=_fields(network)), network)
    except NotFoundError:
        return None


def find_posts(
    api: GraphApi, owner: str, network: Network, text: str, since: datetime
) -> tuple[PublishedPost, ...]:
    """
    What the Page or the Instagram account says with these words since a moment.
    """
    wanted = text.strip()
    found = [p for p in _newest(api, owner, network, since) if p.text.strip() == wanted]
    return tuple(reversed(found))


def _newest(
    api: GraphApi, owner: str, network: Network, since: datetime
) -> Iterator[PublishedPost]:
    """
    The newest first, up to the first that is too old.
    """
    path = f"{owner}/{_LISTS[network]}"
    for row in api.pages(path, fields=_fields(network), limit=_PAGE):
        post = _post(row, network)
        if post.at is not None and post.at < since:
            return
        yield post


def _fields(network: Network) -> str:
    return ",".join(("id", *_WORDS[network]))


def _post(row: Mapping[str, Any], network: Network) -> PublishedPost:
    text, at, url = (row.get(name) for name in _WORDS[network])
    return PublishedPost(
        str(row["id"]),
        network,
        text=str(text or ""),
        at=moment(at),
        url=str(url or ""),
    )
