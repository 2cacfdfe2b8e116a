"""
Posts: organic ones, and those behind creatives.

Source: posts as LinkedIn's clients and integrations use them, checked 2026-08.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from smmlib.sandbox.linkedin._context import Reply
from smmlib.sandbox.linkedin._crud import Kind, last_key
from smmlib.sandbox.linkedin._errors import (
    ApiError,
    bad_param,
    bad_schema,
    forbidden,
    not_found,
    not_modelled,
)
from smmlib.sandbox.linkedin._little import kept
from smmlib.sandbox.linkedin._paging import by_index
from smmlib.sandbox.linkedin._schema import (
    Check,
    Field,
    Record,
    flag,
    many,
    one_of,
    text,
    union,
    urn,
    urn_kind,
    whole,
)
from smmlib.sandbox.linkedin._store import Node, stable_hex
from smmlib.sandbox.linkedin._tables import POST_LABELS

if TYPE_CHECKING:
    from smmlib.sandbox.linkedin._context import Call
    from smmlib.sandbox.linkedin._patch import Patch
    from smmlib.sandbox.linkedin._store import World

Data = dict[str, Any]
_TWIN_S = 3_600


def _anything(value: Any, _path: str) -> Any:
    return value


_MEDIA: Check = Record(
    {
        "id": Field(urn("image", "video", "document"), required=True),
        "title": Field(text),
        "altText": Field(text),
    }
)
_CARD = Record(
    {
        "media": Field(_MEDIA, required=True),
        "landingPage": Field(text, required=True),
    }
)
_CONTENT = union(
    media=_MEDIA,
    article=Record(
        {
            "source": Field(text, required=True),
            "title": Field(text, required=True),
            "thumbnail": Field(urn("image")),
            "description": Field(text),
        }
    ),
    carousel=Record({"cards": Field(many(_CARD), required=True)}),
    multiImage=_anything,
    poll=_anything,
    reference=_anything,
)
_AD = Record(
    {
        "dscAdAccount": Field(urn("sponsoredAccount")),
        "dscStatus": Field(one_of("ACTIVE", "ARCHIVED")),
        "dscName": Field(text),
        "dscAdType": Field(text, how="read"),
        "isDsc": Field(flag, how="read"),
    }
)
_DISTRIBUTION = Record(
    {
        "feedDistribution": Field(one_of("MAIN_FEED", "NONE"), required=True),
        "targetEntities": Field(many(_anything)),
        "thirdPartyDistributionChannels": Field(many(_anything)),
    }
)
RECORD = Record(
    {
        "author": Field(urn("organization", "person"), required=True, how="create"),
        "commentary": Field(text, required=True),
        "visibility": Field(
            one_of("PUBLIC", "CONNECTIONS", "LOGGED_IN"), required=True, how="create"
        ),
        "distribution": Field(_DISTRIBUTION, required=True, how="create"),
        "lifecycleState": Field(one_of("PUBLISHED", "DRAFT"), required=True),
        "isReshareDisabledByAuthor": Field(flag, default=False, how="create"),
        "content": Field(_CONTENT, how="create"),
        "contentLandingPage": Field(text),
        "contentCallToActionLabel": Field(one_of(*POST_LABELS)),
        "reshareContext": Field(_anything),
        "adContext": Field(_AD),
        **{
            name: Field(whole, how="read")
            for name in ("id", "createdAt", "lastModifiedAt", "publishedAt")
        },
    }
)
MOST_CARDS, LEAST_CARDS = 10, 2
_FIXED_ON_ADS = ("commentary", "contentCallToActionLabel", "contentLandingPage")


def content_kind(post: Data) -> str:
    """
    The campaign format that shows a post.
    """
    content = post.get("content", {})
    if "carousel" in content:
        return "CAROUSEL"
    if urn_kind(content.get("media", {}).get("id", "")) == "video":
        return "SINGLE_VIDEO"
    return "STANDARD_UPDATE"


def landing_of(post: Data) -> str:
    """
    Where a click on a post leads.
    """
    content = post.get("content", {})
    if "carousel" in content:
        return str(content["carousel"]["cards"][0]["landingPage"])
    source = content.get("article", {}).get("source", "")
    return str(post.get("contentLandingPage") or source)


def _find(call: Call, key: str) -> Node | None:
    if urn_kind(key) not in {"share", "ugcPost"}:
        raise bad_param("key", "Invalid Urn Format")
    node = call.world.by_urn(key)
    return None if node is None or node.inner.get("deleted") else node


_MEDIA_URN = re.compile(r"urn:li:(?:image|video):[A-Za-z0-9_-]+")


def _make(call: Call, data: Data) -> Node:
    _check_author(call, data["author"])
    _check_modelled(data)
    _check_content(call, data)
    data = {**data, "commentary": kept(data["commentary"])}
    if not _is_ad(data):
        _check_twin(call, data)
    kind = "ugcPost" if content_kind(data) == "SINGLE_VIDEO" else "share"
    draft = data["lifecycleState"] == "DRAFT"
    name = stable_hex(32, spelled(call.world, sorted(data.items())))
    return call.world.add(
        kind, data, call.now, name=name,
        inner={"published": None if draft else call.now},
    )  # fmt: skip


def spelled(world: World, content: Any) -> str:
    """
    What content is, whatever ids its pictures got: uploads made side by side arrive in
    any order, and the same world must show the same figures all the same.
    """

    def shown(found: re.Match[str]) -> str:
        node = world.by_urn(found.group())
        return str(node.inner.get("digest", "")) if node else found.group()

    return _MEDIA_URN.sub(shown, str(content))


def _is_ad(data: Data) -> bool:
    return "dscAdAccount" in data.get("adContext", {})


def _check_author(call: Call, author: str) -> None:
    if urn_kind(author) == "person":
        raise not_modelled("posts of members")
    if author != call.site.identity.organization:
        raise forbidden(f"no permission to post as {author}")


def _check_modelled(data: Data) -> None:
    for name in ("multiImage", "poll", "reference"):
        if name in data.get("content", {}):
            raise not_modelled(f"posts with {name}")
    if "reshareContext" in data:
        raise not_modelled("reshares")
    for name in ("targetEntities", "thirdPartyDistributionChannels"):
        if data["distribution"].get(name):
            raise not_modelled(f"distribution/{name}")
    if data["visibility"] != "PUBLIC":
        raise not_modelled("posts that are not public")


def _check_content(call: Call, data: Data) -> None:
    account = data.get("adContext", {}).get("dscAdAccount")
    if account is not None and call.world.by_urn(account) is None:
        raise ApiError(400, f"{account} does not exist")
    if "contentCallToActionLabel" in data and "contentLandingPage" not in data:
        raise ApiError(400, "contentCallToActionLabel needs contentLandingPage")
    content = data.get("content", {})
    cards = content.get("carousel", {}).get("cards")
    if cards is not None and not LEAST_CARDS <= len(cards) <= MOST_CARDS:
        raise ApiError(400, f"a carousel has {LEAST_CARDS} to {MOST_CARDS} cards")
    for media in _media_of(content):
        _check_media(call, media)
    for link in _links_of(data):
        _check_link(link)


def _cards_of(content: Data) -> list[Data]:
    return list(content.get("carousel", {}).get("cards", ()))


def _media_of(content: Data) -> list[str]:
    media = content.get("media", {}).get("id")
    thumbnail = content.get("article", {}).get("thumbnail")
    cards = [card["media"]["id"] for card in _cards_of(content)]
    return [*cards, *(one for one in (media, thumbnail) if one is not None)]


def _check_media(call: Call, media: str) -> None:
    if urn_kind(media) == "document":
        raise not_modelled("documents")
    node = call.world.by_urn(media)
    if node is None:
        raise ApiError(400, f"{media} does not exist")
    if node.data["status"] != "AVAILABLE":
        raise ApiError(400, f"{media} is {node.data['status']}")


def _links_of(data: Data) -> list[str]:
    content = data.get("content", {})
    page = data.get("contentLandingPage")
    source = content.get("article", {}).get("source")
    cards = [card["landingPage"] for card in _cards_of(content)]
    return [*cards, *(one for one in (page, source) if one is not None)]


def _check_link(link: str) -> None:
    try:
        parts = urlsplit(link)
    except ValueError as error:
        raise bad_schema("contentLandingPage", "Invalid Url Format") from error
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise bad_schema("contentLandingPage", "Invalid Url Format")


def _check_twin(call: Call, data: Data) -> None:
    """
    Refuse a text that the same author posted shortly before, and name that post.
    """
    for kind in ("share", "ugcPost"):
        for node in reversed(call.world.all(kind)):
            if call.now - node.created >= _TWIN_S:
                break
            same = node.data["commentary"] == data["commentary"]
            if same and not _is_ad(node.data) and not node.inner.get("deleted"):
                text_ = f"Content is a duplicate of {node.urn}"
                raise ApiError(422, text_)


def _change(call: Call, node: Node, patch: Patch) -> None:
    new = patch.data
    if "reshareContext" in patch.touched:
        raise not_modelled("reshares")
    if _is_ad(node.data) and patch.touched & set(_FIXED_ON_ADS):
        raise not_modelled("changing what a sponsored post says")
    context = new.get("adContext", {}).get("dscAdAccount")
    if context != node.data.get("adContext", {}).get("dscAdAccount"):
        raise not_modelled("moving a post to another account")
    if node.inner["published"] is not None and new["lifecycleState"] == "DRAFT":
        raise ApiError(400, "a published post cannot become a draft")
    _check_content(call, new)
    if "commentary" in patch.touched:
        new["commentary"] = kept(new["commentary"])
    if new["lifecycleState"] == "PUBLISHED" and node.inner["published"] is None:
        node.inner["published"] = call.now
    node.data = new
    node.updated = call.now
    node.tag += 1


def delete(call: Call) -> Reply:
    """
    DELETE, again and again the same answer.
    """
    key = last_key(call)
    if urn_kind(key) not in {"share", "ugcPost"}:
        raise bad_param("key", "Invalid Urn Format")
    node = call.world.by_urn(key)
    if node is None:
        raise not_found(f"posts {key}")
    if call.world.family(node.ref, "creative"):
        raise not_modelled("deleting a post that a creative shows")
    node.inner["deleted"] = True
    return Reply(204)


def view(_call: Call, node: Node) -> Data:
    """
    A post as reads show it.
    """
    found = {
        "id": node.urn,
        **node.data,
        "createdAt": int(node.created * 1000),
        "lastModifiedAt": int(node.updated * 1000),
    }
    if node.inner["published"] is not None:
        found["publishedAt"] = int(node.inner["published"] * 1000)
    if _is_ad(node.data):
        kinds = {"SINGLE_VIDEO": "VIDEO", "CAROUSEL": "CAROUSEL"}
        found["adContext"] = {
            **node.data["adContext"],
            "isDsc": True,
            "dscAdType": kinds.get(content_kind(node.data), "STANDARD"),
        }
    return found


POST = Kind(RECORD, "posts", _find, _make, _change, view, urn_key=True)


def by_author(call: Call) -> Reply:
    """
    FINDER author: newest first.
    """
    author = call.text("author")
    sort = call.symbol("sortBy", ("LAST_MODIFIED", "CREATED")) or "LAST_MODIFIED"
    nodes = [
        node
        for kind in ("share", "ugcPost")
        for node in call.seen(call.world.all(kind))
        if node.data["author"] == author
        and not node.inner.get("deleted")
        and not _is_ad(node.data)
    ]
    nodes.sort(
        key=lambda one: (one.created if sort == "CREATED" else one.updated, one.seq),
        reverse=True,
    )
    return by_index(call, nodes, view)
