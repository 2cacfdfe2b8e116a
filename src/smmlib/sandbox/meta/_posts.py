"""
Posts of the Page and media of the Instagram user, to publish and to promote.

Source: Graph API page feed, Instagram content publishing, and Marketing API guides on
promoting existing posts, 2026-08.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smmlib.sandbox.meta._errors import invalid, missing, not_modelled
from smmlib.sandbox.meta._links import is_url
from smmlib.sandbox.meta._photos import attached
from smmlib.sandbox.meta._world_state import stable_digits

if TYPE_CHECKING:
    from smmlib.sandbox.meta._context import Context, Params
    from smmlib.sandbox.meta._world_state import Node

POST_PARAMS = frozenset(
    {"message", "link", "published", "attached_media", "scheduled_publish_time"}
)
EDIT_PARAMS = frozenset({"message", "is_published", "scheduled_publish_time"})
MEDIA_PARAMS = frozenset(
    {"image_url", "caption", "media_type", "is_carousel_item", "children", "alt_text"}
)
PUBLISH_PARAMS = frozenset({"creation_id"})
CONTAINER_S = 24 * 60 * 60
_LONGEST_CAPTION = 2_200
_SOONEST_S, _LATEST_S = 10 * 60, 30 * 86_400
_CHILDREN = range(2, 11)

Data = dict[str, Any]


def create_post(ctx: Context, page: Node, params: Params) -> Data:
    """
    POST /{page}/feed; with published=false it is a dark post, for ads only.
    """
    photos = attached(ctx, page, params.get("attached_media", []))
    if not (params.get("message", "").strip() or "link" in params or photos):
        raise missing("message")
    if "link" in params and not is_url(params["link"]):
        raise invalid("link", "The link must be an http(s) address.")
    _check_time(ctx, params, published=params.get("published", True))
    data = {
        "message": params.get("message", ""),
        "link": params.get("link", ""),
        "is_published": params.get("published", True),
        "scheduled": params.get("scheduled_publish_time"),
        "photos": [photo.id for photo in photos],
        "full_picture": photos[0].data["source"] if photos else None,
        "page_id": page.id,
        "status": "ACTIVE",
    }
    number = len(ctx.world.family(page.id, "PagePost"))
    tail = stable_digits(15, ctx.world.seed, data["message"], data["link"], number)
    node = ctx.world.add("PagePost", "", data, ctx.now, f"{page.id}_{tail}")
    return {"id": node.id}


def update_post(ctx: Context, post: Node, params: Params) -> Data:
    """
    POST /{post}: its text, or publishing a dark one.
    """
    _alive(post)
    out = is_out(post, ctx.now)
    if params.get("is_published") is False and out:
        raise invalid("is_published", "A published post cannot become a dark one.")
    changes = dict(params)
    if "scheduled_publish_time" in changes:
        _check_time(ctx, params, published=out)
        changes["scheduled"] = changes.pop("scheduled_publish_time")
    ctx.world.touch(post, ctx.now, changes)
    return {"success": True}


def delete_post(ctx: Context, post: Node, _params: Params) -> Data:
    """
    DELETE /{post}.
    """
    ctx.world.touch(post, ctx.now, {"status": "DELETED"})
    return {"success": True}


def published_posts(ctx: Context, page: Node, _params: Params) -> list[Node]:
    """
    GET /{page}/feed, posts and published_posts.
    """
    posts = ctx.world.family(page.id, "PagePost")
    return [post for post in posts if is_out(post, ctx.now)]


def scheduled_posts(ctx: Context, page: Node, _params: Params) -> list[Node]:
    """
    GET /{page}/scheduled_posts: those whose time has not come.
    """
    posts = ctx.world.family(page.id, "PagePost")
    return [p for p in posts if p.data.get("scheduled") and not is_out(p, ctx.now)]


def is_out(post: Node, now: float) -> bool:
    """
    Whether a post stands on the Page, by hand or because its time has come.
    """
    planned = post.data.get("scheduled")
    return bool(post.data["is_published"] or (planned and planned <= now))


def out_since(post: Node) -> float:
    """
    When a post was or will be published.
    """
    return float(post.data.get("scheduled") or post.created)


def dark_posts(ctx: Context, page: Node, _params: Params) -> list[Node]:
    """
    GET /{page}/ads_posts.
    """
    posts = ctx.world.family(page.id, "PagePost")
    return [
        post
        for post in posts
        if not post.data["is_published"] and not post.data.get("scheduled")
    ]


def create_container(ctx: Context, user: Node, params: Params) -> Data:
    """
    POST /{Instagram user}/media: a container that is published within a day.
    """
    kind = params.get("media_type", "IMAGE")
    if kind not in {"IMAGE", "CAROUSEL"}:
        raise not_modelled(f"Instagram media of type {kind}")
    caption = params.get("caption", "")
    if len(caption) > _LONGEST_CAPTION:
        raise invalid(
            "caption", f"A caption has at most {_LONGEST_CAPTION} characters."
        )
    data = {
        "caption": caption,
        "media_type": "IMAGE" if kind == "IMAGE" else "CAROUSEL_ALBUM",
        "alt_text": params.get("alt_text", ""),
        "page_id": user.id,
    }
    if kind == "IMAGE":
        if not is_url(params.get("image_url", "")):
            raise missing("image_url")
        data["media_url"] = params["image_url"]
        data["part"] = params.get("is_carousel_item", False)
    else:
        data["children"] = [node.id for node in _parts(ctx, params)]
        data["media_url"] = _parts(ctx, params)[0].data["media_url"]
    tail = stable_digits(15, ctx.world.seed, "container", ctx.world.version)
    node = ctx.world.add("IGContainer", "", data, ctx.now, f"17{tail}")
    return {"id": node.id}


def publish_media(ctx: Context, user: Node, params: Params) -> Data:
    """
    POST /{Instagram user}/media_publish: a container becomes a medium, once.
    """
    container = ctx.world.get(str(params["creation_id"]))
    usable = (
        container is not None
        and container.kind == "IGContainer"
        and not container.data.get("used")
        and not container.data.get("part")
        and ctx.now - container.created <= CONTAINER_S
    )
    if container is None or not usable:
        raise invalid("creation_id", "No container that can be published.")
    data = {**container.data, "page_id": user.id, "status": "ACTIVE"}
    tail = stable_digits(15, ctx.world.seed, "media", container.id)
    data["children"] = [
        _child(ctx, str(part), place, container.id)
        for place, part in enumerate(container.data.get("children", ()))
    ]
    node = ctx.world.add("IGMedia", "", data, ctx.now, f"18{tail}")
    ctx.world.touch(container, ctx.now, {"used": True})
    return {"id": node.id}


def children_of(ctx: Context, medium: Node, _params: Params) -> list[Node]:
    """
    GET /{medium}/children: the pictures of a carousel.
    """
    found = (ctx.world.get(child) for child in medium.data.get("children", ()))
    return [node for node in found if node is not None]


def _child(ctx: Context, part: str, place: int, album: str) -> str:
    container = ctx.world.get(part)
    data = {**(container.data if container else {}), "status": "ACTIVE"}
    data.pop("page_id", None)  # a picture of a carousel is not listed by itself
    tail = stable_digits(15, ctx.world.seed, "child", album, place)
    return ctx.world.add("IGMedia", "", data, ctx.now, f"18{tail}").id


def _parts(ctx: Context, params: Params) -> list[Node]:
    ids = params.get("children", [])
    found = [ctx.world.get(str(child)) for child in ids]
    parts = [node for node in found if node is not None and node.data.get("part")]
    if len(ids) not in _CHILDREN or len(parts) != len(ids):
        raise invalid("children", "A carousel has 2 to 10 containers of its own.")
    return parts


def _check_time(ctx: Context, params: Params, *, published: bool) -> None:
    planned = params.get("scheduled_publish_time")
    if planned is None:
        return
    if published:
        raise invalid("scheduled_publish_time", "A planned post has published=false.")
    if not _SOONEST_S <= planned - ctx.now <= _LATEST_S:
        raise invalid(
            "scheduled_publish_time", "The time is 10 minutes to 30 days from now."
        )


def media_of(ctx: Context, user: Node, _params: Params) -> list[Node]:
    """
    GET /{Instagram user}/media.
    """
    return ctx.world.family(user.id, "IGMedia")


def promoted(ctx: Context, params: Params) -> Data | None:
    """
    What an ad shows that promotes an existing post, or None for a new story.

    Raises:
        GraphError: 100/1885557, the post is not there.
    """
    for name, kind, text in (
        ("object_story_id", "PagePost", "message"),
        ("source_instagram_media_id", "IGMedia", "caption"),
    ):
        if name in params:
            post = ctx.world.get(params[name])
            if post is None or post.kind != kind or post.data["status"] == "DELETED":
                raise invalid(
                    name, f"The post {params[name]} is unavailable.", subcode=1885557
                )
            return {
                "message": post.data[text],
                "link": post.data.get("link", ""),
                "page_id": ctx.identity.page,
            }
    return None


def _alive(post: Node) -> None:
    if post.data["status"] == "DELETED":
        raise invalid("message", "The post is deleted.")
