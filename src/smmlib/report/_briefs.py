"""
Briefs as files: Markdown, a page, a Word document, or data.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from smmlib.errors import ConfigurationError
from smmlib.planning import BriefSheet, brief_sheets
from smmlib.report._brief_docx import docx_of

if TYPE_CHECKING:
    import os

    from smmlib.model import MediaPlan, Role

FORMATS = ("md", "html", "docx", "json")


class Briefs(Sequence[BriefSheet]):
    """
    The briefs of a plan; a sequence that shows and saves itself.
    """

    def __init__(self, sheets: Iterable[BriefSheet] = ()) -> None:
        self._sheets = tuple(sheets)

    @overload
    def __getitem__(self, place: int) -> BriefSheet: ...
    @overload
    def __getitem__(self, place: slice) -> Briefs: ...
    def __getitem__(self, place: int | slice) -> BriefSheet | Briefs:
        if isinstance(place, slice):
            return Briefs(self._sheets[place])
        return self._sheets[place]

    def __len__(self) -> int:
        return len(self._sheets)

    def __iter__(self) -> Iterator[BriefSheet]:
        return iter(self._sheets)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Briefs):
            return NotImplemented
        return self._sheets == other._sheets

    def __hash__(self) -> int:
        return hash(self._sheets)

    def __repr__(self) -> str:
        return f"Briefs([{', '.join(repr(sheet.key) for sheet in self)}])"

    def __str__(self) -> str:
        return "\n\n".join(str(sheet) for sheet in self)

    def to_dict(self) -> dict[str, Any]:
        """
        All briefs as JSON-ready data.
        """
        return {"briefs": [sheet.to_dict() for sheet in self]}

    def _repr_html_(self) -> str:
        return "<hr>".join(sheet._repr_html_() for sheet in self)

    def save(
        self, path: str | os.PathLike[str], *, formats: Iterable[str] = ("docx",)
    ) -> tuple[Path, ...]:
        """
        Write every brief to a folder, or one brief to a file.

        Args:
            path: A folder, or for a single brief a file ending in `.md`, `.html`,
                `.docx` or `.json`.
            formats: What to write into a folder.

        Returns:
            Where they were written.

        Raises:
            ConfigurationError: Another ending, several briefs for one file, or the
                place cannot be written to.
            MissingExtraError: `.docx` without the `report` extra.
        """
        target = Path(path)
        if target.suffix:
            return (_write(self._only(target), target, target.suffix[1:].lower()),)
        for kind in formats:
            _known(kind, target)
        return tuple(
            _write(sheet, target / f"{sheet.key}.{kind}", kind)
            for sheet in self
            for kind in formats
        )

    def _only(self, target: Path) -> BriefSheet:
        _known(target.suffix[1:].lower(), target)
        if len(self) != 1:
            message = f"{len(self)} briefs do not fit into '{target.name}'"
            hint = "name a folder, or choose one of them by role or key"
            raise ConfigurationError(message, hint=hint)
        return self[0]


def briefs(
    plan: MediaPlan,
    *,
    role: Role | str | None = None,
    key: str = "",
    language: str = "",
    locale: str = "",
) -> Briefs:
    """
    What each colleague needs to know to start: the plan's own briefs, and one for each
    role that has work and no brief yet, with the technical requirements of every
    network and placement, links with UTM, brand voice and due day.

    Args:
        plan: The plan.
        role: Only briefs for this role, e.g. `designer`.
        key: Only the brief of this key.
        language: Labels in `en`, `de`, `es` or `ru`; each reader's own when left out.
        locale: Whose days and numbers, e.g. `de-AT`; the client's when left out.

    Raises:
        ValidationError: No such brief, or no labels in that language.
    """
    return Briefs(
        brief_sheets(plan, role=role, key=key, language=language, locale=locale)
    )


def _known(kind: str, target: Path) -> None:
    if kind not in FORMATS:
        message = f"a brief cannot be saved as '{kind}'"
        hint = f"use {', '.join(FORMATS[:-1])} or {FORMATS[-1]}"
        raise ConfigurationError(f"{message} in '{target.name}'", hint=hint)


def _content(sheet: BriefSheet, kind: str) -> bytes:
    if kind == "docx":
        return docx_of(sheet)
    if kind == "json":
        text = json.dumps(sheet.to_dict(), ensure_ascii=False, indent=2) + "\n"
    else:
        text = sheet.markdown() if kind == "md" else sheet.html()
    return text.encode("utf-8", "replace")  # half a surrogate pair has no bytes


def _write(sheet: BriefSheet, target: Path, kind: str) -> Path:
    content = _content(sheet, kind)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    except OSError as error:
        message = f"'{target}' cannot be written: {error.strerror}"
        hint = "choose a folder that may be written to"
        raise ConfigurationError(message, hint=hint) from error
    return target
