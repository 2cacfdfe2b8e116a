"""
Pictures and films of a plan: read next to its file, checked, made known by content.

LinkedIn tells no name and no fingerprint of an upload, so the fingerprint stands in the
upload's address: other bytes are another upload, and nothing of it is compared.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from smmlib.adapters._media import Form, PlanFiles
from smmlib.adapters.linkedin import _tables as tables

if TYPE_CHECKING:
    from smmlib.adapters.linkedin._findings import Findings
    from smmlib.ports import Ref

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


_PICTURE = Form("picture", "JPEG, PNG or GIF", 1, tables.IMAGE_BYTES)
_FILM = Form("film", "MP4", *tables.VIDEO_BYTES)


class MediaReader(PlanFiles):
    """
    Reads the pictures and films of one plan, each content once.

    Args:
        root: Folder that relative paths start from; nothing outside is read.
        findings: Where problems go.
    """

    def __init__(self, root: Path, findings: Findings) -> None:
        super().__init__(root, findings, "LinkedIn")

    def picture(self, name: str, path: str) -> Ref | str | None:
        """
        The upload of a picture, to be made or there already; None for none.
        """
        return self._known_or_made(name, path, _PICTURE)

    def film(self, name: str, path: str) -> Ref | str | None:
        """
        The upload of a film, to be made or there already; None for none.
        """
        return self._known_or_made(name, path, _FILM)

    def _known_or_made(self, name: str, path: str, form: Form) -> Ref | str | None:
        there = _THERE.fullmatch(name)
        return self.upload(name, path, form) if there is None else there.group(1)
