"""
Pictures and films of a plan for platforms that tell no fingerprint of an upload.

They are read next to the plan's file, checked and made known by content: the
fingerprint stands in the upload's address, so other bytes are another upload.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from smmlib.ports import Kind, Ref, Resource

if TYPE_CHECKING:
    from smmlib.adapters._demands import Noting

_DIGEST = 12
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8")
_FILM_MARK = slice(4, 8)


def is_film(content: bytes) -> bool:
    """
    Whether the bytes are an MP4 film.
    """
    return content[_FILM_MARK] == b"ftyp"


@attrs.frozen
class Form:
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


class PlanFiles:
    """
    Reads the pictures and films of one plan, each content once.

    Args:
        root: Folder that relative paths start from; nothing outside is read.
        findings: Where problems go.
        platform: What it is called in them.
    """

    def __init__(self, root: Path, findings: Noting, platform: str) -> None:
        self._root = root
        self._findings = findings
        self._platform = platform
        self._by_path: dict[str, str | None] = {}
        self._by_content: dict[str, Resource] = {}

    @property
    def resources(self) -> tuple[Resource, ...]:
        """
        What has to be uploaded.
        """
        return tuple(self._by_content.values())

    def upload(self, name: str, path: str, form: Form) -> Ref | None:
        """
        The upload of a file; None where there is none, which the findings say.
        """
        if name not in self._by_path:
            self._by_path[name] = self._read(name, path, form)
        address = self._by_path[name]
        return Ref(address) if address else None

    def _read(self, name: str, path: str, form: Form) -> str | None:
        content = self._content(name, path, form)
        if content is None:
            return None
        digest = hashlib.sha256(content).hexdigest()[:_DIGEST]
        if digest not in self._by_content:
            self._by_content[digest] = Resource(
                f"media.{name}@{digest}", Kind.MEDIA, name=name, content=content
            )
        return self._by_content[digest].address

    def _content(self, name: str, path: str, form: Form) -> bytes | None:
        if "://" in name:
            text = f"{self._platform} takes no {form.word} by its address: {name}"
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
            hint = f"{self._platform} takes {form.least:,} to {form.most:,} bytes"
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
