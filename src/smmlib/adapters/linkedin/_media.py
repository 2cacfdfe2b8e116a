"""
Pictures and films of a plan: read next to its file, checked, made known by content.

LinkedIn tells no name and no fingerprint of an upload, so the fingerprint stands in the
upload's address: other bytes are another upload, and nothing of it is compared.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from smmlib.adapters.linkedin import _tables as tables
from smmlib.ports import Kind, Ref, Resource

if TYPE_CHECKING:
    from smmlib.adapters.linkedin._findings import Findings

_DIGEST = 12
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8")
_FILM_MARK = slice(4, 8)


# The post on LinkedIn that shows an upload, and the upload's name.
_THERE = re.compile(
    r"https://www\.linkedin\.com/feed/update/[^#]*#(urn:li:(?:image|video):[\w-]+(?:#\w+)?)"
)


def marked_upload(urn: str, marker: str) -> str:
    """
    How an upload of ours is called: LinkedIn keeps no mark of it, so its id does, and
    the ads that show it.
    """
    return f"{urn}#{marker}" if marker else urn


def urn_of(upload: str) -> str:
    """
    LinkedIn's own name of an upload.
    """
    return upload.partition("#")[0]


def address_of(post: str, upload: str) -> str:
    """
    How a plan names an upload that stands on LinkedIn: where people see it.
    """
    return f"https://www.linkedin.com/feed/update/{post}#{upload}"


def is_film(content: bytes) -> bool:
    """
    Whether the bytes are an MP4 film.
    """
    return content[_FILM_MARK] == b"ftyp"


@attrs.frozen
class _Form:
    """
    What one kind of upload must look like.
    """

    word: str
    formats: str
    least: int
    most: int

    def fits(self, content: bytes) -> bool:
        """
        Whether bytes are of this kind.
        """
        if self.word == "film":
            return is_film(content)
        return content.startswith(_PICTURES)


_PICTURE = _Form("picture", "JPEG, PNG or GIF", 1, tables.IMAGE_BYTES)
_FILM = _Form("film", "MP4", *tables.VIDEO_BYTES)


class MediaReader:
    """
    Reads the pictures and films of one plan, each content once.

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

    def picture(self, name: str, path: str) -> Ref | str | None:
        """
        The upload of a picture, to be made or there already; None for none.
        """
        return self._ref(name, path, _PICTURE)

    def film(self, name: str, path: str) -> Ref | str | None:
        """
        The upload of a film, to be made or there already; None for none.
        """
        return self._ref(name, path, _FILM)

    def _ref(self, name: str, path: str, form: _Form) -> Ref | str | None:
        there = _THERE.fullmatch(name)
        if there is not None:
            return there.group(1)
        if name not in self._by_path:
            self._by_path[name] = self._read(name, path, form)
        address = self._by_path[name]
        return Ref(address) if address else None

    def _read(self, name: str, path: str, form: _Form) -> str | None:
        content = self._content(name, path, form)
        if content is None:
            return None
        digest = hashlib.sha256(content).hexdigest()[:_DIGEST]
        if digest not in self._by_content:
            self._by_content[digest] = Resource(
                f"media.{name}@{digest}", Kind.MEDIA, name=name, content=content
            )
        return self._by_content[digest].address

    def _content(self, name: str, path: str, form: _Form) -> bytes | None:
        if "://" in name:
            text = f"LinkedIn takes no {form.word} by its address: {name}"
            self._problem(path, "address", text, name, "save it next to the plan")
            return None
        root = self._root.resolve()
        file = (root / name).resolve()
        if not file.is_relative_to(root):
            text = f"{name} leads out of the plan's folder"
            self._problem(path, "path", text, name, "copy the file next to the plan")
            return None
        if not file.is_file():
            text = f"there is no {form.word} {name}"
            hint = f"put it into {self._root}, or correct the path"
            self._problem(path, "missing", text, name, hint)
            return None
        if not form.least <= file.stat().st_size <= form.most:
            text = f"{name} has {file.stat().st_size:,} bytes"
            hint = f"LinkedIn takes {form.least:,} to {form.most:,} bytes"
            self._problem(path, "size", text, name, hint)
            return None
        content = file.read_bytes()
        if not form.fits(content):
            text = f"{name} is no {form.formats}"
            self._problem(path, "format", text, name, f"save it as {form.formats}")
            return None
        return content

    def _problem(
        self, path: str, code: str, message: str, name: str, hint: str
    ) -> None:
        self._findings.add(path, f"media.{code}", message, value=name, hint=hint)
