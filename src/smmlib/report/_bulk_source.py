"""
Tables of other people as rows: files, and the tables of other libraries.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from smmlib.analytics._csv import read_csv
from smmlib.errors import Issue, Severity
from smmlib.model._checks import did_you_mean

_DATA = "<table>"


@attrs.frozen
class Cells:
    """
    One row: its line, and its texts by field; blank ones are left out.
    """

    line: int
    texts: dict[str, str]


@attrs.define
class Source:
    """
    A table whose columns are known by our names.

    Attributes:
        file: Name shown in problems.
        columns: Column of each field, from 1.
        rows: The rows.
        issues: Problems so far.
    """

    file: str
    columns: dict[str, int]
    rows: list[Cells]
    issues: list[Issue]

    def problem(
        self, line: int, field: str, code: str, message: str, **details: Any
    ) -> None:
        """
        Note a problem with its cell.
        """
        self.issues.append(
            Issue(
                f"rows[{line}].{field}" if field else f"rows[{line}]",
                code,
                message,
                file=self.file,
                line=line,
                column=self.columns.get(field),
                **details,
            )
        )

    def placed(self, line: int, issue: Issue) -> None:
        """
        Note what a value's constructor refused, with the cell it came from.
        """
        field = re.split(r"[.\[]", issue.path, maxsplit=1)[0]
        self.issues.append(
            attrs.evolve(
                issue,
                path=f"rows[{line}].{issue.path}",
                file=self.file,
                line=line,
                column=self.columns.get(field),
            )
        )


def source_of(
    source: Any,
    known: Mapping[str, tuple[str, ...]],
    columns: Mapping[str, str] | None,
) -> Source:
    """
    A file, a DataFrame or rows as mappings, under our names of the columns.

    Args:
        source: Path of a CSV or XLSX file; a pandas, polars or Arrow table; or
            mappings.
        known: Usual heads by field, in small letters.
        columns: Head by field, for those that are called otherwise.

    Raises:
        CodecError: The file cannot be read at all.
    """
    if isinstance(source, (str, os.PathLike)):
        table = read_csv(source)
        heads = list(table.header)
        lines = [(record.line, list(record.cells)) for record in table.records]
        return _mapped(table.file, heads, lines, known, columns)
    records = _records(source)
    heads = list(dict.fromkeys(str(head) for row in records for head in row))
    lines = [
        (number, [_text(row.get(head)) for head in heads])
        for number, row in enumerate(records, start=1)
    ]
    return _mapped(_DATA, heads, lines, known, columns)


def _records(source: Any) -> list[Mapping[Any, Any]]:
    """
    The rows of another library's table; whose it is, is asked by what it can do.
    """
    for name in ("to_pylist", "to_dicts"):  # Arrow, polars
        if hasattr(source, name):
            return list(getattr(source, name)())
    if hasattr(source, "iterrows"):  # pandas
        return list(source.to_dict("records"))
    return list(source) if isinstance(source, Iterable) else []


def _text(value: Any) -> str:
    # NaN is how pandas says "nothing", and the one value that differs from itself.
    if value is None or value != value:  # noqa: PLR0124 - NaN
        return ""
    return str(value).strip()


def _mapped(
    file: str,
    heads: list[str],
    lines: list[tuple[int, list[str]]],
    known: Mapping[str, tuple[str, ...]],
    columns: Mapping[str, str] | None,
) -> Source:
    places: dict[str, int] = {}
    issues: list[Issue] = []
    low = [" ".join(head.lower().split()) for head in heads]
    stated = dict(columns or {})
    for field, head in stated.items():
        _stated(field, head, heads, known, places, issues, file)
    for field, names in known.items():
        found = next((low.index(name) for name in names if name in low), None)
        if field not in stated and found is not None and found not in places.values():
            places[field] = found
    for place, head in enumerate(heads):
        if place not in places.values() and head:
            issues.append(
                Issue(
                    "",
                    "bulk.column_ignored",
                    f"the column '{head[:80]}' is not used",
                    severity=Severity.INFO,
                    file=file,
                    line=1,
                    column=place + 1,
                    hint=f"name it in columns, e.g. {{'text': {head[:40]!r}}}",
                )
            )
    rows = [_row(line, cells, places) for line, cells in lines]
    kept = [row for row in rows if row.texts]
    return Source(file, {f: p + 1 for f, p in places.items()}, kept, issues)


def _row(line: int, cells: list[str], places: dict[str, int]) -> Cells:
    texts = {
        field: cells[place].strip()
        for field, place in places.items()
        if place < len(cells) and cells[place].strip()
    }
    return Cells(line, texts)


def _stated(  # noqa: PLR0917 - one step of `_mapped`
    field: str,
    head: str,
    heads: list[str],
    known: Mapping[str, tuple[str, ...]],
    places: dict[str, int],
    issues: list[Issue],
    file: str,
) -> None:
    """
    A column the user named; both names must exist.
    """
    if field not in known:
        text, value, hint = "there is no field", field, did_you_mean(field, known)
    elif head not in heads:
        text, value, hint = "there is no column", head, did_you_mean(head, heads)
    else:
        places[field] = heads.index(head)
        return
    issues.append(
        Issue(
            f"columns.{field}",
            "bulk.column",
            f"{text} '{value[:80]}'",
            value=value[:80],
            limit=", ".join(known if field not in known else heads)[:400],
            hint=hint,
            file=file,
            line=1,
        )
    )
