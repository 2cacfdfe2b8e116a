"""
What a picture or film really is, read from the first bytes of its file: type, pixels,
length. Nothing is decoded, so nothing of a hostile file runs.

Formats as their specifications say: PNG 1.2, JFIF/ITU T.81, GIF89a, WebP container,
ISO base media (MP4, MOV).
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO


@attrs.frozen(kw_only=True)
class MediaFacts:
    """
    What a file says of itself.

    Attributes:
        kind: `jpeg`, `png`, `gif`, `webp`, `mp4`, `mov`; empty for anything else.
        size: Its bytes.
        width: Pixels; 0 where the file does not say.
        height: Pixels; 0 where the file does not say.
        seconds: Length of a film; None for pictures, and where it does not say.
    """

    kind: str
    size: int
    width: int = 0
    height: int = 0
    seconds: float | None = None


_HEAD = 32
_PNG = b"\x89PNG\r\n\x1a\n"
# Frames of JPEG that hold pixels: all SOF markers but those of tables.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})
_LARGEST_BOX = 64 * 1024 * 1024
_MOST_BOXES = 10_000


def measured(file: BinaryIO) -> MediaFacts:
    """
    Type, pixels and length of an open file; damaged parts are simply not known.

    Args:
        file: Open for reading, from its beginning, and seekable.
    """
    size = file.seek(0, 2)
    file.seek(0)
    head = file.read(_HEAD)
    kind = kind_of(head)
    width = height = 0
    seconds: float | None = None
    try:
        if kind == "png":
            width, height = struct.unpack(">II", head[16:24])
        elif kind == "gif":
            width, height = struct.unpack("<HH", head[6:10])
        elif kind == "jpeg":
            width, height = _jpeg(file)
        elif kind == "webp":
            width, height = _webp(head)
        elif kind:
            width, height, seconds = _film(file, size)
    except (struct.error, IndexError, ValueError):
        return MediaFacts(kind=kind, size=size)  # cut off: its type is all it says
    return MediaFacts(kind=kind, size=size, width=width, height=height, seconds=seconds)


def kind_of(head: bytes) -> str:
    """
    What the first bytes of a file say it is, whatever its name.
    """
    if head.startswith(_PNG):
        return "png"
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "gif"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[4:8] == b"ftyp":
        return "mov" if head[8:12] == b"qt  " else "mp4"
    return ""


def _jpeg(file: BinaryIO) -> tuple[int, int]:
    """
    Pixels of the first frame: segment after segment, without the picture itself.
    """
    file.seek(2)
    while True:
        mark = file.read(2)
        while mark[1:] == b"\xff":  # any number of fill bytes may stand there
            mark = mark[1:] + file.read(1)
        if len(mark) < 2 or mark[0] != 0xFF:  # noqa: PLR2004 - a marker's two bytes
            raise ValueError
        if mark[1] in _ALONE:
            continue
        (length,) = struct.unpack(">H", file.read(2))
        if mark[1] in _FRAMES:
            _, height, width = struct.unpack(">BHH", file.read(5))
            return width, height
        file.seek(max(0, length - 2), 1)


def _webp(head: bytes) -> tuple[int, int]:
    form = head[12:16]
    if form == b"VP8X":
        return (
            int.from_bytes(head[24:27], "little") + 1,
            int.from_bytes(head[27:30], "little") + 1,
        )
    if form == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = struct.unpack("<HH", head[26:30])
    return width & 0x3FFF, height & 0x3FFF


# -- films -----------------------------------------------------------------------------


def _film(file: BinaryIO, size: int) -> tuple[int, int, float | None]:
    """
    Pixels of the first picture track as people see it, and seconds of the whole.
    """
    width = height = 0
    seconds: float | None = None
    for start, end in _boxes(file, 0, size, b"moov"):
        for inner, until in _boxes(file, start, end, b"mvhd"):
            seconds = _seconds(_content(file, inner, until))
        for inner, until in _boxes(file, start, end, b"trak"):
            for begin, stop in _boxes(file, inner, until, b"tkhd"):
                if not width:
                    width, height = _pixels(_content(file, begin, stop))
    return width, height, seconds


def _boxes(
    file: BinaryIO, start: int, end: int, name: bytes
) -> Iterator[tuple[int, int]]:
    """
    Where the contents of boxes of one name begin and end.
    """
    for _ in range(_MOST_BOXES):
        if end - start < 8:  # noqa: PLR2004 - the shortest box
            return
        file.seek(start)
        head = file.read(16)
        length, kind = struct.unpack(">I4s", head[:8])
        skip = 8
        if length == 1:
            (length,) = struct.unpack(">Q", head[8:16])
            skip = 16
        stop = end if length == 0 else start + length
        if stop <= start or stop > end:
            raise ValueError
        if kind == name:
            yield start + skip, stop
        start = stop


def _content(file: BinaryIO, start: int, stop: int) -> bytes:
    if stop - start > _LARGEST_BOX:
        raise ValueError
    file.seek(start)
    return file.read(stop - start)


def _seconds(box: bytes) -> float | None:
    if box[0] == 1:
        scale, length = struct.unpack(">IQ", box[20:32])
    else:
        scale, length = struct.unpack(">II", box[12:20])
    return length / scale if scale else None


def _pixels(box: bytes) -> tuple[int, int]:
    """
    Width and height of a track, turned as its matrix turns it; zeros for sound.
    """
    at = 88 if box[0] == 1 else 76
    matrix = struct.unpack(">9i", box[at - 36 : at])
    width, height = (value >> 16 for value in struct.unpack(">II", box[at : at + 8]))
    turned = matrix[0] == 0 and matrix[1] != 0
    return (height, width) if turned else (width, height)
