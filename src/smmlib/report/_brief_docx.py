"""
A brief as a Word document: headings, paragraphs and a table for each part.
"""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from smmlib.errors import MissingExtraError

if TYPE_CHECKING:
    from smmlib.planning import BriefSheet

# The same brief gives the same file, whenever it is saved.
_MADE = datetime(2000, 1, 1, tzinfo=UTC)
_FIRST_COLUMN = 5.5
_SECOND_COLUMN = 11.0
# Word files are XML 1.0, which has no other control characters.
_LEAST = 0x20


def docx_of(sheet: BriefSheet) -> bytes:
    """
    The brief as bytes of a `.docx` file.

    Raises:
        MissingExtraError: The `report` extra is not installed.
    """
    try:
        from docx import Document
    except ModuleNotFoundError as error:
        feature = "a brief as Word document"
        raise MissingExtraError(feature, "report") from error
    document = Document()
    document.add_heading(_clean(sheet.title), level=0)
    for section in sheet.sections:
        document.add_heading(_clean(section.title), level=1)
        if section.text:
            document.add_paragraph(_clean(section.text))
        if section.rows:
            _add_rows(document, section.rows)
    _describe(document, sheet)
    target = BytesIO()
    document.save(target)
    return target.getvalue()


def _add_rows(document: Any, rows: tuple[tuple[str, str], ...]) -> None:
    from docx.shared import Cm

    table = document.add_table(rows=0, cols=2)
    table.style = "Table Grid"
    for name, value in rows:
        cells = table.add_row().cells
        cells[0].width, cells[1].width = Cm(_FIRST_COLUMN), Cm(_SECOND_COLUMN)
        cells[0].paragraphs[0].add_run(_clean(name)).bold = True
        cells[1].text = _clean(value)


def _describe(document: Any, sheet: BriefSheet) -> None:
    facts = document.core_properties
    facts.title = _clean(sheet.title)[:255]
    facts.author = "smmlib"
    facts.language = sheet.language
    facts.comments = ""
    facts.created = facts.modified = _MADE


def _clean(text: str) -> str:
    """
    The text without characters a Word file cannot hold.
    """
    return "".join(
        char
        for char in text
        if (ord(char) >= _LEAST or char in "\t\n")
        and not "\ud800" <= char <= "\udfff"
        and char not in "\ufffe\uffff"
    )
