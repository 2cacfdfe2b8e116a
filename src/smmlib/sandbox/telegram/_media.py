"""
Photos, films and documents: what Telegram takes, and how it describes them.

Source: Bot API 10.1 (2026-06): 10 MB per photo, sides up to 10,000 in all, 20 to 1.
"""

from __future__ import annotations

import hashlib
import struct

from smmlib.sandbox.telegram._errors import bad
from smmlib.sandbox.telegram._messages import Message, is_address

PHOTO_BYTES, OTHER_BYTES = 10_000_000, 50_000_000
_SIDES, _RATIO = 10_000, 20
_FETCHED = 1280, 720  # what the sandbox says of files it does not fetch or decode
_PNG_HEAD, _GIF_HEAD, _MARKER = 24, 10, 0xFF


def media_content(
    kind: str, value: str, files: dict[str, tuple[str, bytes]]
) -> Message:
    """
    A photo, film or document: uploaded, known by its id, or fetched from an address.
    """
    if value.startswith("attach://"):
        value = value.removeprefix("attach://")
        if value not in files:
            raise bad(f"can't find the file attach://{value}")
    if value in files:
        return _uploaded(kind, *files[value])
    if "://" in value:
        if not is_address(value):
            raise bad("wrong HTTP URL specified")
        return _described(kind, value.rsplit("/", 1)[-1], value.encode(), _FETCHED)
    raise bad("wrong file_id or the file is temporarily unavailable")


def _uploaded(kind: str, name: str, content: bytes) -> Message:
    if not content:
        raise bad("file must be non-empty")
    if len(content) > (PHOTO_BYTES if kind == "photo" else OTHER_BYTES):
        raise bad("file is too big")
    size = _picture_size(content) if kind == "photo" else _FETCHED
    return _described(kind, name, content, size)


def _described(kind: str, name: str, content: bytes, size: tuple[int, int]) -> Message:
    digest = hashlib.sha256(content).hexdigest()
    file = {
        "file_id": f"sbx{digest[:40]}",
        "file_unique_id": digest[:16],
        "file_size": len(content),
    }
    sides = {"width": size[0], "height": size[1]}
    if kind == "photo":
        return {"photo": [{**file, **sides}]}
    if kind == "video":
        return {"video": {**file, **sides, "duration": 10, "file_name": name}}
    return {"document": {**file, "file_name": name}}


def _picture_size(content: bytes) -> tuple[int, int]:
    """
    Width and height of a PNG, JPEG or GIF.
    """
    size = None
    if content.startswith(b"\x89PNG") and len(content) >= _PNG_HEAD:
        size = struct.unpack(">II", content[16:24])
    elif content[:4] == b"GIF8" and len(content) >= _GIF_HEAD:
        size = struct.unpack("<HH", content[6:10])
    elif content.startswith(b"\xff\xd8"):
        size = _jpeg_size(content)
    if size is None:
        raise bad("IMAGE_PROCESS_FAILED")
    width, height = size
    if width + height > _SIDES or max(size) > _RATIO * max(min(size), 1):
        raise bad("PHOTO_INVALID_DIMENSIONS")
    return width, height


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(content) and content[at] == _MARKER:
        length = int.from_bytes(content[at + 2 : at + 4], "big")
        if content[at + 1] in {0xC0, 0xC1, 0xC2}:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return None
