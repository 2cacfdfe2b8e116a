"""
Pictures and films of a plan: read next to its file, checked, made known by content.

X tells no fingerprint of an upload, so the fingerprint stands in the upload's address:
other bytes are another upload, and nothing of it is compared.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from smmlib.adapters._media import Form, PlanFiles
from smmlib.adapters.x import _tables as tables

if TYPE_CHECKING:
    from smmlib.adapters.x._findings import Findings
    from smmlib.ports import Ref

_PICTURE = Form("picture", "JPEG, PNG or GIF", 1, tables.IMAGE_BYTES)
_FILM = Form("film", "MP4", 1, tables.FILM_BYTES)


class MediaReader(PlanFiles):
    """
    Reads the pictures and films of one plan, each content once.

    Args:
        root: Folder that relative paths start from; nothing outside is read.
        findings: Where problems go.
    """

    def __init__(self, root: Path, findings: Findings) -> None:
        super().__init__(root, findings, "X")

    def picture(self, name: str, path: str) -> Ref | None:
        """
        The upload of a picture; None where there is none.
        """
        return self.upload(name, path, _PICTURE)

    def film(self, name: str, path: str) -> Ref | None:
        """
        The upload of a film; None where there is none.
        """
        return self.upload(name, path, _FILM)
