"""
Followers of a page and what came of posts, from files.

No document at hand says how LinkedIn tells these by its API, so smmlib never asks for
them: they are read from CSV files that people fill from the page's analytics. The first
line names the columns, in any order; commas or semicolons part them.

- Growth: `date`, `followers`, and if known `reach`.
- Results: `post_id`, `date`, and any of `impressions`, `reach`, `clicks`, `likes`,
  `comments`, `shares`. The last day of a post is what came of it.

Days are written like 2027-03-01, numbers in full; an empty cell is not known.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from smmlib.errors import ConfigurationError, SmmError
from smmlib.model import Flight, GrowthRow, Network, PostResult

OPTIONS = ("growth_csv", "results_csv")
"""
Settings of a connection that name these files.
"""

GROWTH = ("followers", "reach")
RESULTS = ("impressions", "reach", "clicks", "likes", "comments", "shares")
_LARGEST = 64 * 1024 * 1024
_SOURCE = "linkedin page analytics, {}"

Row = tuple[int, dict[str, str]]


def growth_rows(path: str, flight: Flight, account: str) -> Iterator[GrowthRow]:
    """
    A row for each day of a flight that a file knows.

    Raises:
        ConfigurationError: The file cannot be read.
    """
    source = _SOURCE.format(Path(path).name)
    found: dict[date, GrowthRow] = {}
    for line, row in _rows(path, ("date", "followers"), OPTIONS[0]):
        on = _day(path, line, row)
        counts = _counts(path, line, row, GROWTH)
        if flight.first_day <= on <= flight.last_day:
            found[on] = GrowthRow(
                on, Network.LINKEDIN, account=account, source=source, **counts
            )
    yield from (found[on] for on in sorted(found))


def post_results(path: str, post_ids: Iterable[str]) -> tuple[PostResult, ...]:
    """
    What a file says came of some posts; those it does not know are left out.

    Raises:
        ConfigurationError: The file cannot be read.
    """
    wanted = tuple(dict.fromkeys(post_ids))
    source = _SOURCE.format(Path(path).name)
    found: dict[str, PostResult] = {}
    for line, row in _rows(path, ("post_id", "date"), OPTIONS[1]):
        own, on = row["post_id"], _day(path, line, row)
        known = found.get(own)
        counts: dict[str, Any] = {**_counts(path, line, row, RESULTS)}
        if own in wanted and (known is None or known.on <= on):
            found[own] = PostResult(
                Network.LINKEDIN, own, on=on, source=source, **counts
            )
    return tuple(found[own] for own in wanted if own in found)


def _rows(path: str, needed: tuple[str, ...], option: str) -> Iterator[Row]:
    text = _text(path, option)
    first = text.partition("\n")[0]
    comma = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=comma)
    try:
        heads = [head.strip().casefold().replace(" ", "_") for head in next(reader, [])]
        missing = [name for name in needed if name not in heads]
        if missing:
            raise _bad(path, 1, f"has no column {missing[0]}", "name it there")
        for cells in reader:
            if any(cell.strip() for cell in cells):
                row = dict(zip(heads, (c.strip() for c in cells), strict=False))
                yield reader.line_num, {name: row.get(name, "") for name in heads}
    except csv.Error as error:
        raise _bad(
            path, reader.line_num, f"cannot be read: {error}", "see the quotes"
        ) from error


def _text(path: str, option: str) -> str:
    file = Path(path)
    try:
        if file.stat().st_size > _LARGEST:
            raise ConfigurationError(
                f"{file.name} is larger than 64 MB", hint="split it by year"
            )
        return file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"{file.name} cannot be read: {type(error).__name__}",
            hint=f"correct `{option}` of this environment in smm.toml; the file is "
            "UTF-8 text",
        ) from error


def _day(path: str, line: int, row: dict[str, str]) -> date:
    try:
        return date.fromisoformat(row["date"])
    except ValueError as error:
        text = f"{row['date']!r} is no day"
        raise _bad(path, line, text, "write it like 2027-03-01") from error


def _counts(
    path: str, line: int, row: dict[str, str], names: tuple[str, ...]
) -> dict[str, int]:
    given = {name: row[name] for name in names if row.get(name)}
    for name, text in given.items():
        if not (text.isascii() and text.isdigit()):
            raise _bad(
                path, line, f"{name} {text!r} is no number", "write it in full: 1200"
            )
    return {name: int(text) for name, text in given.items()}


def _bad(path: str, line: int, message: str, hint: str) -> SmmError:
    return ConfigurationError(f"{Path(path).name}:{line}: {message}", hint=hint)
