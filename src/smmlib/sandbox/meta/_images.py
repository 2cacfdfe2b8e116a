"""
Ad images: uploaded as bytes or as file parts, known by the hash of their content.

Source: Marketing API ad image reference; recorded uploads of facebook-business.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import TYPE_CHECKING, Any

from smmlib.sandbox.meta._errors import GraphError, bad_param, missing

if TYPE_CHECKING:
    from smmlib.sandbox.meta._context import Context, Params
    from smmlib.sandbox.meta._world_state import Node

_LARGEST = 30 * 1024 * 1024
_JPEG_SIZES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_PNG_HEAD, _GIF_HEAD = 24, 10


def upload_image(ctx: Context, account: Node, params: Params) -> dict[str, Any]:
    """
    POST /act_X/adimages.
    """
    uploads = dict(ctx.files)
    if "bytes" in params:
        uploads["bytes"] = (params.get("name", ""), _decode(params["bytes"]))
    if not uploads:
        raise missing("bytes")
    sizes = {name: measure(name, content) for name, (_, content) in uploads.items()}
    images = {}
    for name, (file_name, content) in uploads.items():
        image = _keep(ctx, account, file_name or name, content, sizes[name])
        key = file_name if name != "bytes" and file_name else name
        images[key] = {
            "hash": image.data["hash"],
            "url": image.data["url"],
            "url_128": image.data["url_128"],
            "width": image.data["width"],
            "height": image.data["height"],
            "name": image.data["name"],
        }
    return {"images": images}


def delete_image(ctx: Context, account: Node, params: Params) -> dict[str, Any]:
    """
    DELETE /act_X/adimages?hash=.
    """
    image = ctx.world.get(f"{account.account}:{params['hash']}")
    if image is None or image.data["status"] == "DELETED":
        raise bad_param("hash", "names no image of this account.")
    ctx.world.touch(image, ctx.now, {"status": "DELETED"})
    return {"success": True}


def images_of(ctx: Context, account: Node, params: Params) -> list[Node]:
    """
    GET /act_X/adimages, by hashes, name or size.
    """
    found = ctx.world.family(account.account, "AdImage")
    if "hashes" in params:
        found = [n for n in found if n.data["hash"] in params["hashes"]]
    if "name" in params:
        found = [n for n in found if n.data["name"] == params["name"]]
    return [
        n
        for n in found
        if n.data["width"] >= params.get("minwidth", 0)
        and n.data["height"] >= params.get("minheight", 0)
    ]


def has_image(ctx: Context, account: str, image_hash: str) -> bool:
    """
    Whether the account holds an image with this hash.
    """
    image = ctx.world.get(f"{account}:{image_hash}")
    return image is not None and image.data["status"] != "DELETED"


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (ValueError, binascii.Error) as error:
        raise bad_param("bytes", "must be Base64.") from error


def _keep(
    ctx: Context, account: Node, name: str, content: bytes, size: tuple[int, int]
) -> Node:
    digest = hashlib.md5(content, usedforsecurity=False).hexdigest()
    node_id = f"{account.account}:{digest}"
    present = ctx.world.get(node_id)
    if present is not None:
        if present.data["status"] == "DELETED":
            ctx.world.touch(present, ctx.now, {"status": "ACTIVE"})
        return present
    address = f"{ctx.url.rpartition('/meta')[0]}/meta/images/{digest}.jpg"
    data = {
        "hash": digest, "name": name, "width": size[0], "height": size[1],
        "url": address, "url_128": f"{address}?s=128", "permalink_url": f"https://www.facebook.com/ads/image/?d={digest}",
        "status": "ACTIVE",
    }  # fmt: skip
    return ctx.world.add("AdImage", account.account, data, ctx.now, node_id)


def measure(name: str, content: bytes) -> tuple[int, int]:
    """
    Width and height of an uploaded picture.

    Raises:
        GraphError: 100, it is none, or too large.
    """
    size = None
    if len(content) <= _LARGEST:
        size = _png(content) or _gif(content) or _jpeg(content)
    if size is None or 0 in size:
        raise GraphError(
            100,
            "Invalid parameter",
            title="Image could not be read",
            text="The file is not a JPEG, PNG or GIF image of at most 30 MB.",
            blame=[name],
        )
    return size


def _png(content: bytes) -> tuple[int, int] | None:
    if content[:8] != b"\x89PNG\r\n\x1a\n" or len(content) < _PNG_HEAD:
        return None
    return int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")


def _gif(content: bytes) -> tuple[int, int] | None:
    if content[:6] not in {b"GIF87a", b"GIF89a"} or len(content) < _GIF_HEAD:
        return None
    return (
        int.from_bytes(content[6:8], "little"),
        int.from_bytes(content[8:10], "little"),
    )


def _jpeg(content: bytes) -> tuple[int, int] | None:
    if content[:2] != b"\xff\xd8":
        return None
    place = 2
    while place + 9 <= len(content) and content[place] == 0xFF:  # noqa: PLR2004
        length = int.from_bytes(content[place + 2 : place + 4], "big")
        if content[place + 1] in _JPEG_SIZES:
            height = int.from_bytes(content[place + 5 : place + 7], "big")
            return int.from_bytes(content[place + 7 : place + 9], "big"), height
        place += 2 + max(length, 2)
    return None
