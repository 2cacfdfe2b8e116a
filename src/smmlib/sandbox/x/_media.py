"""
The media library, and the upload that fills it.

Source: X Ads API, media library reference; X API, media upload, 2026-08. The upload
belongs to another host of X; here it stands beside the Ads API under `/1.1`.
"""

from __future__ import annotations

import base64
import binascii
import struct
from typing import TYPE_CHECKING, Any

from smmlib.sandbox.x._accounts import dates
from smmlib.sandbox.x._context import Result
from smmlib.sandbox.x._errors import invalid, missing, refuse
from smmlib.sandbox.x._pieces import in_pieces
from smmlib.sandbox.x._resources import Resource
from smmlib.sandbox.x._store import stable_hex, stable_number

if TYPE_CHECKING:
    from smmlib.sandbox.x._context import Context
    from smmlib.sandbox.x._store import Record, Store

KINDS = {
    "TWEET_IMAGE": ("3", "IMAGE"),
    "TWEET_GIF": ("16", "GIF"),
    "TWEET_VIDEO": ("7", "VIDEO"),
    "AMPLIFY_VIDEO": ("13", "VIDEO"),
}
_PREFIXES = {prefix: name for name, (prefix, _) in KINDS.items()}
_OPTIONAL = ("description", "file_name", "name", "poster_media_key", "title")
_MOST_BYTES = {"IMAGE": 3_000_000, "GIF": 15_000_000, "VIDEO": 500_000_000}
_PNG, _JPEG, _GIF, _BMP = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"BM"


def render(_ctx: Context, record: Record) -> dict[str, Any]:
    """
    The item as X tells it.
    """
    data = record.data
    kind = KINDS[data["media_category"]][1]
    poster = data.get("poster_media_key")
    address = f"https://pbs.example/media/{stable_hex(15, record.id)}"
    return {
        "media_key": record.id,
        "media_type": kind,
        "media_category": data["media_category"],
        "media_status": "TRANSCODE_COMPLETED",
        "media_url": address,
        "aspect_ratio": data.get("aspect_ratio"),
        "duration": 15_000 if kind == "VIDEO" else 0,
        "tweeted": bool(data.get("tweeted")),
        "poster_media_url": f"{address}.jpg" if poster else None,
        **{name: data.get(name) for name in _OPTIONAL},
        **dates(record),
    }


MEDIA = Resource(
    "media",
    "media_key",
    "MEDIA_NOT_FOUND",
    render,
    filters={"media_type": "media_type"},
)


def add(ctx: Context) -> Result:
    """
    Take an uploaded file into the library.
    """
    key = ctx.params["media_key"]
    upload = ctx.store.get("upload", key)
    if upload is None:
        text = f"Media {key[:40]} was not uploaded"
        raise refuse("INVALID_MEDIA", text, parameter="media_key", value=key[:40])
    known = ctx.store.get("media", key)
    if known is not None and not known.deleted:
        return Result(render(ctx, known))
    data = {**upload.data, **_told(ctx)}
    _check_poster(ctx, data)
    if known is not None:
        ctx.store.remove(known)
    record = ctx.store.add("media", ctx.account.id, data, ctx.now, key)
    return Result(render(ctx, record))


def update(ctx: Context) -> Result:
    """
    Change names and texts of an item.
    """
    record = MEDIA.one(ctx)
    changes = _told(ctx)
    _check_poster(ctx, {**record.data, **changes})
    ctx.store.touch(record, ctx.now, changes)
    return Result(render(ctx, record))


def known_media(store: Store, key: str) -> Record | None:
    """
    A file that posts and cards may show: in the library, or uploaded.
    """
    record = store.get("media", key)
    if record is not None and not record.deleted:
        return record
    return store.get("upload", key)


def kind_of(record: Record) -> str:
    """
    IMAGE, GIF or VIDEO.
    """
    return KINDS[record.data["media_category"]][1]


def upload(ctx: Context, files: dict[str, bytes]) -> dict[str, Any]:
    """
    Take a whole file in one request.

    Args:
        ctx: The request.
        files: Uploaded parts by name.

    Raises:
        ApiError: It is no picture or film, too large, or incomplete.
    """
    if ctx.params.get("command"):
        return in_pieces(ctx, files, _taken)
    content = files.get("media") or _decoded(ctx.params.get("media_data", ""))
    if not content:
        raise missing("media", " or media_data")
    return _taken(ctx, content, len(content))


def _taken(ctx: Context, content: bytes, size: int) -> dict[str, Any]:
    """
    Keep a file; of films in pieces the beginning is enough.
    """
    category = _category(ctx.params.get("media_category"), content)
    kind = KINDS[category][1]
    if size > _MOST_BYTES[kind]:
        text = f"At most {_MOST_BYTES[kind]} bytes for {kind}"
        raise refuse("INVALID_MEDIA", text, parameter="media")
    number = 10**18 + stable_number(10**17, ctx.store.seed, content.hex()[:4_000])
    key = f"{KINDS[category][0]}_{number}"
    if ctx.store.get("upload", key) is None:
        account = next(iter(ctx.store.accounts))
        data = {
            "media_category": category,
            "media_type": kind,
            "aspect_ratio": _ratio(content),
        }
        ctx.store.add("upload", account, data, ctx.now, key)
    return {
        "media_id": number,
        "media_id_string": str(number),
        "media_key": key,
        "size": size,
        "expires_after_secs": 86_400,
    }


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text.replace(" ", "+"), validate=True)
    except (binascii.Error, ValueError) as error:
        raise invalid("media_data", "media_data is not Base64") from error


def _category(asked: str | None, content: bytes) -> str:
    if content.startswith(_GIF):
        own = "TWEET_GIF"
    elif content.startswith((_PNG, _JPEG, _BMP)):
        own = "TWEET_IMAGE"
    elif content[4:8] == b"ftyp":
        own = "TWEET_VIDEO"
    else:
        raise refuse(
            "INVALID_MEDIA", "The file is no picture or film", parameter="media"
        )
    wanted = (asked or own).upper()
    if wanted not in KINDS or KINDS[wanted][1] != KINDS[own][1]:
        text = f"The file does not fit the category {wanted}"
        raise refuse("INVALID_MEDIA", text, parameter="media_category")
    return wanted


def _ratio(content: bytes) -> str | None:
    """
    Width to height of a PNG; other formats are not looked into.
    """
    if not content.startswith(_PNG) or len(content) < 24:  # noqa: PLR2004 - its header
        return None
    width, height = struct.unpack(">II", content[16:24])
    return f"{width}:{height}"


def _told(ctx: Context) -> dict[str, Any]:
    return {name: ctx.params[name] for name in _OPTIONAL if name in ctx.params}


def _check_poster(ctx: Context, data: dict[str, Any]) -> None:
    poster = data.get("poster_media_key")
    if not poster:
        return
    found = known_media(ctx.store, poster)
    if found is None or kind_of(found) != "IMAGE":
        text = f"{poster[:40]} is no picture of the library"
        raise refuse("INVALID_MEDIA", text, parameter="poster_media_key")
