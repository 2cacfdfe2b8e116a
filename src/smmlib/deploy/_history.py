"""
The log as something to read, to hand to a client, and to hold against tampering.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any

from smmlib.codec._files import read_text, write_text
from smmlib.deploy._log import check_chain
from smmlib.deploy._render import html_table
from smmlib.errors import ConfigurationError, StateCorruptError
from smmlib.ports import Event

_FORMAT = 1
_COLUMNS = ("at", "what", "address", "detail", "hash")
_BROKEN = (KeyError, TypeError, ValueError, AttributeError, RecursionError)
# A spreadsheet would run what begins like this.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "|", "%")
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; style-src 'unsafe-inline'">
<title>What was done</title>
<style>body{{font:14px sans-serif;margin:2em}}td,th{{padding:.2em .8em;text-align:left;
vertical-align:top}}caption{{text-align:left;font-weight:bold}}</style>
</head><body>{table}<p>Fingerprint of all {count} lines: <code>{head}</code></p>
</body></html>
"""


class Log(tuple[Event, ...]):
    """
    Everything that was done for a plan, oldest first: a tuple that shows itself.

    Every line holds the hash of the line before, so that no line can be changed, added
    or dropped in the middle without showing. `head` is the fingerprint of the whole:
    hand it to the client beside the export, and the end cannot be cut off either.
    """

    __slots__ = ()

    @property
    def head(self) -> str:
        """
        Fingerprint of the whole log: the hash of its last line.
        """
        return self[-1].hash if self else ""

    def verify(self, head: str = "") -> None:
        """
        Hold the log to its chain.

        Args:
            head: The fingerprint somebody noted; the log must contain that line.

        Raises:
            StateCorruptError: A line was changed, put in, or dropped.
        """
        check_chain(self)
        if head and head not in {event.hash for event in self}:
            raise StateCorruptError(
                f"the log does not contain the line {head[:16]}...",
                hint="its end was cut off, or it is another plan's log",
            )

    def __str__(self) -> str:
        return "\n".join(map(_line, self)) or "Nothing was done yet."

    def _repr_html_(self) -> str:
        return _table(self)

    def to_dict(self) -> dict[str, Any]:
        """
        The log as JSON-ready data.
        """
        return {"lines": len(self), "head": self.head, "events": list(map(_row, self))}

    def save(self, path: str | Path) -> None:
        """
        Write it for a client: `.jsonl` (can be verified), `.csv` or `.html`.

        Raises:
            ConfigurationError: Another ending.
            CodecError: The file cannot be written.
        """
        place = Path(path)
        writers = {".jsonl": _jsonl, ".csv": _csv, ".html": _html}
        writer = writers.get(place.suffix.lower())
        if writer is None:
            raise ConfigurationError(
                f"a log cannot be written as {place.suffix or 'a file without ending'}",
                hint="name it log.jsonl, log.csv or log.html",
            )
        write_text(place, writer(self))

    @classmethod
    def load(cls, path: str | Path) -> Log:
        """
        Read an exported `.jsonl`, and verify it.

        Raises:
            StateCorruptError: It was altered since.
            CodecError: The file cannot be read.
        """
        lines = read_text(Path(path)).rstrip("\n").split("\n")
        try:
            head, *rows = [json.loads(line) for line in lines]
            events = cls(map(_event, rows))
            told = (head["smmlib_log"], head["lines"], head["head"])
        except _BROKEN as error:
            raise StateCorruptError(
                f"{path} is no exported log: {type(error).__name__}",
                hint="export one with smm log --export log.jsonl",
            ) from error
        events.verify()
        if told != (_FORMAT, len(events), events.head):
            raise StateCorruptError(
                f"{path} is not whole: it has {len(events)} of {told[1]} lines",
                hint="ask for another export",
            )
        return events


def _row(event: Event) -> dict[str, str]:
    values = (event.at.isoformat(), event.what, event.address, event.detail, event.hash)
    return dict(zip(_COLUMNS, values, strict=True))


def _event(row: dict[str, str]) -> Event:
    at = datetime.fromisoformat(row["at"])
    return Event(at, *(str(row[name]) for name in _COLUMNS[1:]))


def _line(event: Event) -> str:
    at = f"{event.at:%Y-%m-%d %H:%M:%S %Z}"
    parts = (at, event.what, event.address, event.detail)
    return "  ".join(part for part in parts if part)


def _jsonl(log: Log) -> str:
    head = {"smmlib_log": _FORMAT, "lines": len(log), "head": log.head}
    return "".join(
        f"{json.dumps(row, ensure_ascii=False)}\n" for row in (head, *map(_row, log))
    )


def _csv(log: Log) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    writer.writerows([_inert(cell) for cell in _row(event).values()] for event in log)
    return out.getvalue()


def _inert(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _table(log: Iterable[Event]) -> str:
    rows = []
    for event in log:
        cells = (f"{event.at:%Y-%m-%d %H:%M:%S %Z}", event.what, event.address)
        texts = [escape(text) for text in (*cells, event.detail)]
        rows.append("<tr>" + "".join(f"<td>{text}</td>" for text in texts) + "</tr>")
    return html_table("What was done", ("when", "what", "where", "detail"), rows)


def _html(log: Log) -> str:
    return _PAGE.format(table=_table(log), count=len(log), head=escape(log.head))
