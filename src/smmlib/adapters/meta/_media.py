"""
Pictures of a plan: read next to its file, checked, named so that they are found again.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING

from smmlib.adapters.meta._tables import IMAGE_BYTES, VIDEO_BYTES
from smmlib.ports import Kind, Ref, Resource

if TYPE_CHECKING:
    from smmlib.adapters.meta._findings import Findings
    from smmlib.model import Image, Video

_DIGEST = 16
_NAME = re.compile(r"smm-([a-z0-9]+)-([0-9a-f]{16})-")
_FORMATS = {b"\x89PNG\r\n\x1a\n": ".png", b"\xff\xd8\xff": ".jpg", b"GIF8": ".gif"}


def fingerprint(content: bytes) -> str:
    """
    What tells one picture from another: the beginning of its MD5, as Meta's own hash.
    """
    return hashlib.md5(content, usedforsecurity=False).hexdigest()[:_DIGEST]


def upload_name(path: str, content: bytes, marker: str) -> str:
    """
    The file name a picture is uploaded under: images carry no labels, names they do.
    """
    stem = re.sub(r"[^A-Za-z0-9]+", "-", Path(path).stem).strip("-")[:40] or "image"
    return f"smm-{marker}-{fingerprint(content)}-{stem}{image_format(content)}"


def marker_of(name: str) -> str:
    """
    The marker inside an upload's name; empty for pictures that are not ours.
    """
    found = _NAME.match(name)
    return found.group(1) if found else ""


def content_of(name: str, image_hash: str) -> str:
    """
    The fingerprint of an uploaded picture, from its name or from Meta's hash.
    """
    found = _NAME.match(name)
    return found.group(2) if found else image_hash[:_DIGEST]


def film_title(path: str, digest: str, marker: str) -> str:
    """
    The title a film is uploaded under.
    """
    stem = re.sub(r"[^A-Za-z0-9]+", "-", Path(path).stem).strip("-")[:40] or "film"
    return f"smm-{marker}-{digest}-{stem}"


def film_of(title: str) -> str:
    """
    The fingerprint of an uploaded film; empty for films that are not ours.
    """
    found = _NAME.match(title)
    return found.group(2) if found else ""


def is_film(content: bytes) -> bool:
    """
    Whether the bytes are an MP4 or QuickTime film.
    """
    return content[4:8] == b"ftyp"


def image_format(content: bytes) -> str:
    """
    The ending for what the bytes really are; empty for no picture Meta takes.
    """
    for head, ending in _FORMATS.items():
        if content.startswith(head):
            return ending
    return ""


class MediaReader:
    """
    Reads the pictures of one plan, each content once.

    Args:
        root: Folder that relative paths start from; nothing outside is read.
        findings: Where problems go.
    """

    def __init__(self, root: Path, findings: Findings) -> None:
        self._root = root
        self._findings = findings
        self._by_path: dict[str, str | None] = {}
        self._by_content: dict[str, Resource] = {}

    @property
    def resources(self) -> tuple[Resource, ...]:
        """
        What has to be uploaded.
        """
        return tuple(self._by_content.values())

    def fields(self, image: Image, path: str) -> dict[str, Ref | str]:
        """
        How a creative names this picture: its address on the web, or the upload.
        """
        if "://" in image.path:
            return {"picture": image.path}
        if image.path not in self._by_path:
            self._by_path[image.path] = self._read(image.path, path)
        address = self._by_path[image.path]
        return {"image_hash": Ref(address)} if address else {}

    def film(self, video: Video, path: str) -> Ref | None:
        """
        How a creative names a film: the upload.
        """
        if video.path not in self._by_path:
            self._by_path[video.path] = self._film(video.path, path)
        address = self._by_path[video.path]
        return Ref(address) if address else None

    def _film(self, name: str, path: str) -> str | None:
        if "://" in name:
            # Meta fetches it from there; what it is known by is its address.
            digest = fingerprint(name.encode())
            return self._keep(name, digest, {"video": digest, "url": name}, None)
        content = self._content(name, path, film=True)
        if content is None:
            return None
        digest = fingerprint(content)
        return self._keep(name, digest, {"video": digest}, content)

    def _keep(
        self, name: str, digest: str, fields: dict[str, str], content: bytes | None
    ) -> str:
        if digest not in self._by_content:
            self._by_content[digest] = Resource(
                f"media.{name}", Kind.MEDIA, fields=fields, name=name, content=content
            )
        return self._by_content[digest].address

    def _read(self, name: str, path: str) -> str | None:
        content = self._content(name, path)
        if content is None:
            return None
        digest = fingerprint(content)
        return self._keep(name, digest, {"content": digest}, content)

    def _content(self, name: str, path: str, *, film: bool = False) -> bytes | None:
        root = self._root.resolve()
        file = (root / name).resolve()
        if not file.is_relative_to(root):
            self._problem(path, "path", f"{name} leads out of the plan's folder", name)
            return None
        if not file.is_file():
            what = "film" if film else "picture"
            self._problem(path, "missing", f"there is no {what} {name}", name)
            return None
        most = VIDEO_BYTES if film else IMAGE_BYTES
        if file.stat().st_size > most:
            size = f"larger than {most // 1024**2} MB"
            self._problem(path, "size", f"{name} is {size}", name, film=film)
            return None
        content = file.read_bytes()
        if film and not is_film(content):
            self._problem(path, "format", f"{name} is no MP4 or MOV", name, film=True)
            return None
        if not film and not image_format(content):
            self._problem(path, "format", f"{name} is no JPEG, PNG or GIF", name)
            return None
        return content

    def _problem(
        self, path: str, code: str, message: str, name: str, *, film: bool = False
    ) -> None:
        hints = {
            "path": "copy the file next to the plan",
            "missing": f"put it into {self._root}, or correct the path",
            "size": "save it smaller; 1080 x 1080 pixels are enough",
            "format": "save it as PNG or JPEG",
        }
        if film:
            hints |= {
                "size": "save it smaller, or name its address on the web",
                "format": "save it as MP4 with H.264",
            }
        self._findings.add(path, f"media.{code}", message, value=name, hint=hints[code])
