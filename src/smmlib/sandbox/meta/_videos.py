"""
Ad videos: one small file or an address, encoded after a minute on the sandbox clock.

Source: Marketing API ad video reference, 2026-09; uploads in chunks are not modelled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smmlib.sandbox.meta._errors import (
    GraphError,
    bad_param,
    invalid,
    missing,
    no_object,
)
from smmlib.sandbox.meta._links import is_url
from smmlib.sandbox.meta._world_state import stable_digits

if TYPE_CHECKING:
    from smmlib.sandbox.meta._context import Context, Params
    from smmlib.sandbox.meta._world_state import Node

CREATE = frozenset({"source", "file_url", "name", "title", "description"})
UPDATE = frozenset({"name", "description"})
LISTED = frozenset({"title"})
ENCODING_S = 60
_LARGEST = 30 * 1024 * 1024
_LONGEST_NAME = 255

Data = dict[str, Any]


def upload_video(ctx: Context, account: Node, params: Params) -> Data:
    """
    POST /act_X/advideos.
    """
    source = _source(ctx, params)
    title = str(params.get("title", params.get("name", "")))
    if len(title) > _LONGEST_NAME:
        raise invalid("title", f"A title has at most {_LONGEST_NAME} characters.")
    data = {
        "title": title,
        "description": params.get("description", ""),
        "source": source,
        "ready_at": ctx.now + ENCODING_S,
        "status": "ACTIVE",
    }
    tail = stable_digits(15, ctx.world.seed, "video", account.id, ctx.world.version)
    video = ctx.world.add("AdVideo", account.account, data, ctx.now, tail)
    return {"id": video.id}


def update_video(ctx: Context, video: Node, params: Params) -> Data:
    """
    POST /{video}: its title and description.
    """
    _alive(video, "post")
    changes = {"title" if k == "name" else k: v for k, v in params.items()}
    ctx.world.touch(video, ctx.now, changes)
    return {"success": True}


def delete_video(ctx: Context, video: Node, _params: Params) -> Data:
    """
    DELETE /{video}.
    """
    _alive(video, "delete")
    ctx.world.touch(video, ctx.now, {"status": "DELETED"})
    return {"success": True}


def delete_of_account(ctx: Context, account: Node, params: Params) -> Data:
    """
    DELETE /act_X/advideos?video_id=.
    """
    video = ctx.owned(params["video_id"], "AdVideo", account.account)
    if video is None or video.data["status"] == "DELETED":
        raise bad_param("video_id", "names no video of this account.")
    return delete_video(ctx, video, {})


def videos_of(ctx: Context, account: Node, params: Params) -> list[Node]:
    """
    GET /act_X/advideos, by title.
    """
    found = ctx.world.family(account.account, "AdVideo")
    wanted = params.get("title")
    return [v for v in found if wanted in (None, v.data["title"])]


def thumbnails(_ctx: Context, video: Node, _params: Params) -> Data:
    """
    GET /{video}/thumbnails.
    """
    row = {
        "id": f"{video.id}1",
        "uri": f"{video.data['source']}.jpg",
        "is_preferred": True,
    }
    return {"data": [row]}


def check_video(ctx: Context, account: str, video_id: str) -> None:
    """
    Refuse a creative whose video is missing or not encoded yet.
    """
    video = ctx.owned(video_id, "AdVideo", account)
    if video is None or video.data["status"] == "DELETED":
        raise invalid(("object_story_spec", "video_data"), f"No video {video_id}.")
    if ctx.now < video.data["ready_at"]:
        raise GraphError(
            100,
            "Invalid parameter",
            title="Video not ready",
            text="The video is still being processed; try again later.",
            blame=[("object_story_spec", "video_data", "video_id")],
        )


def _source(ctx: Context, params: Params) -> str:
    part = ctx.files.get("source")
    if part is None:
        if "file_url" not in params:
            raise missing("source")
        if not is_url(params["file_url"]):
            raise invalid("file_url", "The address of a video is http(s).")
        return str(params["file_url"])
    content = part[1]
    # MPEG-4 and QuickTime name their brand in the first box.
    if content[4:8] != b"ftyp" or len(content) > _LARGEST:
        raise invalid("source", "The file is not an MP4 video of at most 30 MB.")
    tail = stable_digits(15, ctx.world.seed, "file", len(content), ctx.world.version)
    return f"{ctx.url.rpartition('/meta')[0]}/meta/videos/{tail}.mp4"


def _alive(video: Node, verb: str) -> None:
    if video.data["status"] == "DELETED":
        raise no_object(video.id, verb)
