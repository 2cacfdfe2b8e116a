"""
Images and videos: initialise, upload bytes to a URL outside /rest, finish.

Source: LinkedIn's own requests for images and videos, checked 2026-08; parts of 4 MiB.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from smmlib.sandbox.linkedin._context import Reply
from smmlib.sandbox.linkedin._crud import Kind
from smmlib.sandbox.linkedin._errors import (
    ApiError,
    bad_param,
    forbidden,
    not_found,
    not_modelled,
)
from smmlib.sandbox.linkedin._schema import (
    Field,
    Record,
    flag,
    many,
    text,
    urn,
    urn_kind,
    whole,
)
from smmlib.sandbox.linkedin._store import URNS, Node, stable_hex

if TYPE_CHECKING:
    from smmlib.sandbox._values import WireRequest
    from smmlib.sandbox.linkedin._context import Call, Site
    from smmlib.sandbox.linkedin._patch import Patch

PART = 4_194_304
LARGEST_IMAGE = 5_242_880
VIDEO_BYTES = (76_800, 524_288_000)
_URL_S = 86_400
_HEADS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")
_OWNERS = urn("organization", "person", "sponsoredAccount")
_LIBRARY = Record({"associatedAccount": Field(urn("sponsoredAccount")),
                   "assetName": Field(text)})  # fmt: skip
_INIT_IMAGE = Record(
    {
        "initializeUploadRequest": Field(
            Record(
                {
                    "owner": Field(_OWNERS, required=True),
                    "mediaLibraryMetadata": Field(_LIBRARY),
                }
            ),
            required=True,
        )
    }
)
_INIT_VIDEO = Record(
    {
        "initializeUploadRequest": Field(
            Record(
                {
                    "owner": Field(_OWNERS, required=True),
                    "fileSizeBytes": Field(whole, required=True),
                    "uploadCaptions": Field(flag, default=False),
                    "uploadThumbnail": Field(flag, default=False),
                }
            ),
            required=True,
        )
    }
)
_FINALIZE = Record(
    {
        "finalizeUploadRequest": Field(
            Record(
                {
                    "video": Field(urn("video"), required=True),
                    "uploadToken": Field(text, required=True),
                    "uploadedPartIds": Field(many(text), required=True),
                }
            ),
            required=True,
        )
    }
)


def _owner(call: Call, owner: str) -> str:
    known = owner == call.site.identity.organization or call.world.by_urn(owner)
    if not known:
        raise forbidden(f"no permission to upload for {owner}")
    return owner


def _url(call: Call, node: Node, part: int) -> str:
    return f"{call.origin}/linkedin/dms-uploads/{node.kind}/{node.id}/{part}"


def init_image(call: Call) -> Reply:
    """
    ACTION initializeUpload of an image.
    """
    asked = _INIT_IMAGE.made(call.body, "", version=call.version)
    asked = asked["initializeUploadRequest"]
    if "mediaLibraryMetadata" in asked:
        raise not_modelled("the media library")
    owner = _owner(call, asked["owner"])
    data = {"owner": owner, "status": "WAITING_UPLOAD"}
    node = _new(call, "image", data)
    value = {
        "uploadUrl": _url(call, node, 0),
        "uploadUrlExpiresAt": int((call.now + _URL_S) * 1000),
        "image": node.urn,
    }
    return Reply(200, {"value": value})


def _new(call: Call, kind: str, data: dict[str, Any], **inner: Any) -> Node:
    expires = {"expires": call.now + _URL_S, "parts": {}, **inner}
    return call.world.add(kind, data, call.now, inner=expires, name=data["owner"])


def init_video(call: Call) -> Reply:
    """
    ACTION initializeUpload of a video: one URL per 4 MiB.
    """
    asked = _INIT_VIDEO.made(call.body, "", version=call.version)
    asked = asked["initializeUploadRequest"]
    if asked["uploadCaptions"] or asked["uploadThumbnail"]:
        raise not_modelled("captions and thumbnails of videos")
    size = asked["fileSizeBytes"]
    low, high = VIDEO_BYTES
    if not low <= size <= high:
        raise ApiError(400, f"fileSizeBytes must be between {low} and {high}")
    data = {"owner": _owner(call, asked["owner"]), "status": "WAITING_UPLOAD"}
    node = _new(call, "video", data, size=size)
    steps = [
        {
            "uploadUrl": _url(call, node, number),
            "firstByte": first,
            "lastByte": min(first + PART, size) - 1,
        }
        for number, first in enumerate(range(0, size, PART))
    ]
    value = {
        "video": node.urn,
        "uploadToken": "",
        "uploadUrlsExpireAt": int((call.now + _URL_S) * 1000),
        "uploadInstructions": steps,
    }
    return Reply(200, {"value": value})


def finalize_video(call: Call) -> Reply:
    """
    ACTION finalizeUpload: every part's ETag, in order.
    """
    asked = _FINALIZE.made(call.body, "", version=call.version)
    asked = asked["finalizeUploadRequest"]
    node = call.world.by_urn(asked["video"])
    if node is None:
        raise not_found(asked["video"])
    parts = node.inner["parts"]
    wanted = [parts.get(str(n)) for n in range(-(-node.inner["size"] // PART))]
    if asked["uploadToken"] or asked["uploadedPartIds"] != wanted:
        raise ApiError(400, "uploadedPartIds do not name every part in order")
    node.data["status"] = "AVAILABLE"
    node.updated = call.now
    return Reply(200, {})


def upload(
    site: Site, request: WireRequest, path: tuple[str, ...], now: float
) -> Reply:
    """
    PUT of bytes to an upload URL.

    Raises:
        ApiError: 400, 404, 405.
    """
    if request.method != "PUT":
        raise ApiError(405, "an upload URL takes PUT")
    kind, media, part = path if len(path) == 3 else ("", "", "")  # noqa: PLR2004
    node = site.world.get(kind, media) if kind in {"image", "video"} else None
    if node is None or not part.isdigit():
        raise not_found("the upload URL")
    if now >= node.inner["expires"]:
        raise ApiError(403, "the upload URL has expired")
    content = request.get_data(cache=True)
    if kind == "image":
        _image(node, content, now)
        return Reply(201)
    return Reply(200, None, (("ETag", _part(node, int(part), content)),))


def _image(node: Node, content: bytes, now: float) -> None:
    fits = content.startswith(_HEADS) and len(content) <= LARGEST_IMAGE
    node.data["status"] = "AVAILABLE" if fits else "PROCESSING_FAILED"
    node.inner["digest"] = hashlib.sha256(content).hexdigest()[:16]
    node.updated = now


def _part(node: Node, number: int, content: bytes) -> str:
    first = number * PART
    size = node.inner["size"]
    if first >= size:
        raise not_found(f"part {number}")
    if len(content) != min(first + PART, size) - first:
        raise ApiError(400, f"part {number} has {len(content)} bytes")
    digest = hashlib.sha256(content).hexdigest()
    tag = f"/ambry-video/{stable_hex(32, node.id, number, digest)}"
    node.inner["parts"][str(number)] = tag
    return tag


def _finder(kind: str) -> Any:
    def find(call: Call, key: str) -> Node | None:
        if urn_kind(key) != kind:
            raise bad_param("key", "Invalid Urn Format")
        return call.world.get(kind, key.removeprefix(URNS[kind]))

    return find


def _unmade(_call: Call, _data: dict[str, Any]) -> Node:
    raise ApiError(405, "media are made with action=initializeUpload")


def _unchanged(_call: Call, _node: Node, _patch: Patch) -> None:
    raise ApiError(405, "media are not changed")


def _view(_call: Call, node: Node) -> dict[str, Any]:
    return {"id": node.urn, **node.data}


IMAGE = Kind(
    Record({}), "images", _finder("image"), _unmade, _unchanged, _view, urn_key=True
)
VIDEO = Kind(
    Record({}), "videos", _finder("video"), _unmade, _unchanged, _view, urn_key=True
)
