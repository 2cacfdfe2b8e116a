"""
Posts of the Page and media of the Instagram user, to publish and to promote.

Source: Graph API page feed, Instagram content publishing, and Marketing API guides on
promoting existing posts, 2026-08.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smmlib.sandbox.meta._errors import invalid, missing, not_modelled
from smmlib.sandbox.meta._links import is_url
from smmlib.sandbox.meta._world_state import stable_digits

if TYPE_CHECKING:
    from smmlib.sandbox.meta._context import Context, Params
    from smmlib.sandbox.meta._world_state import Node

POST_PARAMS = frozenset({"message", "link", "published"})
EDIT_PARAMS = frozenset({"message", "is_published"})
MEDIA_PARAMS = frozenset({"image_url", "caption", "media_type"})
PUBLISH_PARAMS = frozenset({"creation_id"})
CONTAINER_S = 24 * 60 * 60
_LONGEST_CAPTION = 2_200

Data = dict[str, Any]


def create_post(ctx: Context, page: Node, params: Params) -> Data:
    """
    POST /{page}/feed; with published=false it is a dark post, for ads only.
    """
    if not params.get("message", "").strip() and "link" not in params:
        raise missing("message")
    if "link" in params and not is_url(params["link"]):
        raise invalid("link", "The link must be an http(s) address.")
    data = {
        "message": params.get("message", ""),
        "link": params.get("link", ""),
        "is_published": params.get("published", True),
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
    if params.get("is_published") is False and post.data["is_published"]:
        raise invalid("is_published", "A published post cannot become a dark one.")
    ctx.world.touch(post, ctx.now, dict(params))
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
    return [post for post in posts if post.data["is_published"]]


def dark_posts(ctx: Context, page: Node, _params: Params) -> list[Node]:
    """
    GET /{page}/ads_posts.
    """
    posts = ctx.world.family(page.id, "PagePost")
    return [post for post in posts if not post.data["is_published"]]


def create_container(ctx: Context, user: Node, params: Params) -> Data:
    """
    POST /{Instagram user}/media: a container that is published within a day.
    """
    if params.get("media_type", "IMAGE") != "IMAGE":
        raise not_modelled(f"Instagram media of type {params['media_type']}")
    if not is_url(params.get("image_url", "")):
        raise missing("image_url")
    caption = params.get("caption", "")
    if len(caption) > _LONGEST_CAPTION:
        raise invalid(
            "caption", f"A caption has at most {_LONGEST_CAPTION} characters."
        )
    data = {"caption": caption, "media_url": params["image_url"], "page_id": user.id}
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
        and ctx.now - container.created <= CONTAINER_S
    )
    if container is None or not usable:
        raise invalid("creation_id", "No container that can be published.")
    data = {**container.data, "page_id": user.id, "status": "ACTIVE"}
    tail = stable_digits(15, ctx.world.seed, "media", container.id)
    node = ctx.world.add("IGMedia", "", data, ctx.now, f"18{tail}")
    ctx.world.touch(container, ctx.now, {"used": True})
    return {"id": node.id}


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
