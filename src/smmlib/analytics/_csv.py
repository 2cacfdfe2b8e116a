"""
Exports as they come: any usual separator, quoted line breaks, byte order marks.
"""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import attrs

from smmlib.errors import CodecError, Issue, Severity, ValidationError

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

SHOWN = 1000
"""
How many problems of one file are listed; the others are counted.
"""

_TITLE, _TABLE = 15, 3  # lines looked at, separators that make a line a header
_SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


@attrs.frozen
class Record:
    """
    One row of a file: the line it starts on, and its cells by column.
    """

    line: int
    cells: tuple[str, ...]


@attrs.frozen
class CsvTable:
    """
    A file's header and rows, not yet understood.

    Attributes:
        file: The file as the user named it.
        header: Names of columns, without blanks around them.
        records: The rows below it; empty lines are left out.
        separator: What stood between the cells, in words.
    """

    file: str
    header: tuple[str, ...]
    records: tuple[Record, ...]
    separator: str


@attrs.define
class Problems:
    """
    Everything wrong with a file, with line and column, before any of it is used.
    """

    file: str
    found: list[Issue] = attrs.Factory(list)
    count: int = 0

    def add(
        self,
        path: str,
        code: str,
        message: str,
        *,
        line: int | None = None,
        column: int | None = None,
        value: str | None = None,
        limit: str | None = None,
        hint: str = "",
    ) -> None:
        """
        Note one problem.
        """
        self.count += 1
        if self.count <= SHOWN:
            self.found.append(
                Issue(
                    path,
                    code,
                    message,
                    value=value if value is None else value[:80],
                    limit=limit,
                    hint=hint,
                    file=self.file,
                    line=line,
                    column=column,
                )
            )

    def stop(self) -> None:
        """
        Refuse the file when anything is wrong with it.

        Raises:
            ValidationError: With all problems, up to a limit.
        """
        if not self.found:
            return
        hidden = self.count - len(self.found)
        issues = list(self.found)
        if hidden:
            text = f"{hidden:,} further problems are not listed"
            issues.append(Issue("", "file.more", text, file=self.file))
        first = issues[0]
        more = f" (+{self.count - 1:,} more problems)" if self.count > 1 else ""
        raise ValidationError(
            issues,
            message=f"{first.where}: {first.message}{more}; nothing was imported",
        )


def note(
    path: str,
    code: str,
    message: str,
    *,
    file: str,
    hint: str = "",
    severity: Severity = Severity.INFO,
    line: int | None = None,
) -> Issue:
    """
    Something a reader of the numbers should know; it does not stop the import.
    """
    return Issue(
        path, code, message, severity=severity, hint=hint, file=file, line=line
    )


def read_csv(path: str | os.PathLike[str], separator: str = "") -> CsvTable:
    """
    A file's rows as text.

    Args:
        path: The file.
        separator: What stands between cells; found in the header when left out.

    Raises:
        CodecError: No such file, no text, or no table.
    """
    file = str(path)
    data = _bytes(file)
    if data.startswith(b"PK\x03\x04"):
        return _workbook(file, data)
    text = _text(file, data)
    lines = text.split("\n", 1)
    declared = lines[0].strip()
    skipped = 0
    # Excel writes this line for itself; it is no header.
    if declared.lower().startswith("sep=") and len(declared) == len("sep=,"):
        separator, text, skipped = declared[-1], lines[1] if len(lines) > 1 else "", 1
    text, above = _below_title(text)
    mark = separator or _sniff(text)
    rows = _records(file, text, mark, skipped + above)
    try:
        header = next(rows)
    except StopIteration:
        _unreadable(
            file, "file.empty", "the file holds no rows", hint="export it once more"
        )
    names = tuple(cell.strip() for cell in header.cells)
    return CsvTable(file, names, tuple(rows), _SEPARATORS.get(mark, f"'{mark}'"))


def _bytes(file: str) -> bytes:
    path = Path(file)
    if path.is_dir():
        _unreadable(
            file,
            "file.directory",
            "this is a directory, not a file",
            hint="name the CSV file in it",
        )
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        _unreadable(
            file,
            "file.missing",
            "there is no such file",
            hint="check the path",
            cause=error,
        )
    except OSError as error:
        text = f"cannot be read: {error.strerror}"
        _unreadable(file, "file.unreadable", text, cause=error)


def _text(file: str, data: bytes) -> str:
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        _unreadable(
            file,
            "file.encoding",
            f"byte {error.start + 1} is no {encoding.removesuffix('-sig')} text",
            line=line,
            hint="save the file as CSV UTF-8",
            cause=error,
        )
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        _unreadable(
            file, "file.format", "holds zero bytes, so it is no text", line=line
        )
    return text


def _workbook(file: str, data: bytes) -> CsvTable:
    from smmlib.analytics._xlsx import NoTableError, sheet_rows

    try:
        rows = sheet_rows(data)
    except NoTableError as error:
        text = f"this is no workbook with a table: {error}"
        hint = "save the sheet as CSV (UTF-8)"
        _unreadable(file, "file.format", text, hint=hint, cause=error)
    header, *records = (Record(line, cells) for line, cells in rows)
    names = tuple(cell.strip() for cell in header.cells)
    return CsvTable(file, names, tuple(records), "columns of a sheet")


def _below_title(text: str) -> tuple[str, int]:
    """
    The table below the lines of a title, and how many these are.

    Some exports begin with the name and the days of the report, a line each.
    """
    lines = text.splitlines(keepends=True)[:_TITLE]
    widths = [max(line.count(mark) for mark in _SEPARATORS) for line in lines]
    if not widths or widths[0] > 1:
        return text, 0
    wide = next((n for n, width in enumerate(widths) if width >= _TABLE), 0)
    return "".join(text.splitlines(keepends=True)[wide:]), wide


def _sniff(text: str) -> str:
    """
    The separator that cuts the header into most cells; the comma when none does.
    """
    best, most = ",", 1
    for mark in _SEPARATORS:
        row = next(csv.reader(StringIO(text, newline=""), delimiter=mark), [])
        if len(row) > most:
            best, most = mark, len(row)
    return best


def _records(file: str, text: str, mark: str, skipped: int) -> Iterator[Record]:
    reader = csv.reader(StringIO(text, newline=""), delimiter=mark, strict=True)
    start = 1
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            _unreadable(
                file,
                "file.csv",
                f"the row cannot be read: {error}",
                line=start + skipped,
                hint="look for a quote that is never closed",
                cause=error,
            )
        if any(cell.strip() for cell in row):
            yield Record(start + skipped, tuple(row))
        start = reader.line_num + 1


def _unreadable(
    file: str,
    code: str,
    message: str,
    *,
    line: int | None = None,
    hint: str = "",
    cause: Exception | None = None,
) -> NoReturn:
    issue = Issue("", code, message, file=file, line=line, hint=hint)
    raise CodecError([issue]) from cause
