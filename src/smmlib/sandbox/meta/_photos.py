"""
Photos of the Page: uploaded or named by an address, published at once or kept for a
post.

Source: Graph API page photos and page feed (`attached_media`), 2026-08.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smmlib.sandbox.meta._errors import bad_param, invalid, missing, no_object
from smmlib.sandbox.meta._images import measure
from smmlib.sandbox.meta._links import is_url
from smmlib.sandbox.meta._world_state import stable_digits, stable_hex

if TYPE_CHECKING:
    from smmlib.sandbox.meta._context import Context, Params
    from smmlib.sandbox.meta._world_state import Node

PHOTO_PARAMS = frozenset(
    {"url", "source", "caption", "message", "published", "alt_text_custom", "no_story"}
)
LISTED = frozenset({"type"})
_NO_SIZE = (0, 0)

Data = dict[str, Any]


def create_photo(ctx: Context, page: Node, params: Params) -> Data:
    """
    POST /{page}/photos; unpublished photos wait for a post that shows them.
    """
    address, size = _source(ctx, params)
    text = params.get("caption", params.get("message", ""))
    published = params.get("published", True)
    tail = stable_digits(15, ctx.world.seed, "photo", page.id, ctx.world.version)
    data = {
        "name": text,
        "source": address,
        "width": size[0],
        "height": size[1],
        "alt_text_custom": params.get("alt_text_custom"),
        "is_published": published,
        "page_id": page.id,
        "status": "ACTIVE",
    }
    photo = ctx.world.add("Photo", "", data, ctx.now, tail)
    if not published or params.get("no_story"):
        return {"id": photo.id}
    post = {
        "message": text,
        "link": "",
        "full_picture": address,
        "photos": [photo.id],
        "is_published": True,
        "page_id": page.id,
        "status": "ACTIVE",
    }
    story = f"{page.id}_{photo.id}"
    ctx.world.add("PagePost", "", post, ctx.now, story)
    ctx.world.touch(photo, ctx.now, {"page_story_id": story})
    return {"id": photo.id, "post_id": story}


def photos_of(ctx: Context, page: Node, params: Params) -> list[Node]:
    """
    GET /{page}/photos: the published ones.
    """
    if params.get("type", "uploaded") != "uploaded":
        return []
    photos = ctx.world.family(page.id, "Photo")
    return [photo for photo in photos if photo.data["is_published"]]


def delete_photo(ctx: Context, photo: Node, _params: Params) -> Data:
    """
    DELETE /{photo}, with the story that showed it.
    """
    if photo.data["status"] == "DELETED":
        raise no_object(photo.id, "delete")
    ctx.world.touch(photo, ctx.now, {"status": "DELETED"})
    story = ctx.world.get(photo.data.get("page_story_id", ""))
    if story is not None:
        ctx.world.touch(story, ctx.now, {"status": "DELETED"})
    return {"success": True}


def attached(ctx: Context, page: Node, items: list[Any]) -> list[Node]:
    """
    The unpublished photos that a new post shows.

    Raises:
        GraphError: 100, one of them is not there.
    """
    found = []
    for item in items:
        wanted = str(item.get("media_fbid", "")) if isinstance(item, dict) else ""
        photo = ctx.world.get(wanted)
        if (
            photo is None
            or photo.kind != "Photo"
            or photo.data["page_id"] != page.id
            or photo.data["status"] == "DELETED"
        ):
            raise bad_param("attached_media", f"names no photo of this page: {item}.")
        found.append(photo)
    return found


def _source(ctx: Context, params: Params) -> tuple[str, tuple[int, int]]:
    part = ctx.files.get("source")
    if part is not None:
        digest = stable_hex(32, part[1].hex())
        size = measure("source", part[1])
        return f"{ctx.url.rpartition('/meta')[0]}/meta/images/{digest}.jpg", size
    if "url" not in params:
        raise missing("url")
    if not is_url(params["url"]):
        raise invalid("url", "The address of a photo is http(s).")
    return str(params["url"]), _NO_SIZE
