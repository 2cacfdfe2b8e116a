"""
A content calendar as data, as a table and as CSV.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, datetime
from html import escape
from io import StringIO
from typing import Any

import attrs

from smmlib.errors import Issue
from smmlib.model import Network

COLUMNS = (
    *("date", "time", "kind", "state", "network", "key", "title", "text", "length"),
    *("limit", "media", "link", "line", "owner", "approver", "until", "note"),
)
"""
Columns of a calendar's CSV.
"""
_SHOWN = ("date", "time", "kind", "state", "network", "key", "title")
# A spreadsheet takes what begins like this for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001


@attrs.frozen(kw_only=True)
class CalendarRow:
    """
    One thing on one day on one network.

    Attributes:
        day: The day; None while it has none.
        at: The instant, for what has one.
        until: The last day, for what runs.
        kind: `post`, `slot` (room nobody has filled), `ads`, `by hand`, `milestone` or
            `holiday`.
        state: How far it is: a post's state, an ad set's status, ...
        network: Where.
        key: Path or key in the plan.
        title: What it is.
        text: What people read there: the network's variant.
        length: Its length as the network counts.
        limit: The network's limit.
        media: Pictures and films.
        link: Where it leads.
        line: The line that it belongs to.
        owner: Who does it.
        approver: Who must agree.
        note: What else to know.
    """

    day: date | None
    kind: str
    key: str
    at: datetime | None = None
    until: date | None = None
    state: str = ""
    network: Network | None = None
    title: str = ""
    text: str = ""
    length: int | None = None
    limit: int | None = None
    media: tuple[str, ...] = ()
    link: str = ""
    line: str = ""
    owner: str = ""
    approver: str = ""
    note: str = ""

    def cells(self) -> dict[str, str]:
        """
        The row as texts, by column.
        """
        return {
            "date": self.day.isoformat() if self.day else "",
            "time": f"{self.at:%H:%M}" if self.at else "",
            "kind": self.kind,
            "state": self.state,
            "network": self.network.value if self.network else "",
            "key": self.key,
            "title": self.title,
            "text": self.text,
            "length": "" if self.length is None else str(self.length),
            "limit": "" if self.limit is None else str(self.limit),
            "media": " ".join(self.media),
            "link": self.link,
            "line": self.line,
            "owner": self.owner,
            "approver": self.approver,
            "until": self.until.isoformat() if self.until else "",
            "note": self.note,
        }

    def to_dict(self) -> dict[str, Any]:
        """
        The row as JSON-ready data.
        """
        return {
            **self.cells(),
            "at": self.at.isoformat() if self.at else None,
            "length": self.length,
            "limit": self.limit,
            "media": list(self.media),
        }


@attrs.frozen(kw_only=True)
class ContentCalendar:
    """
    Everything a plan shows to people, paid and free, day by day.

    Attributes:
        name: Name of the plan.
        project_id: Whose calendar it is, for ever.
        zone: Zone of its days and times.
        rows: What happens, in order; without a day last.
        issues: Clashes: posts on holidays, or too close to each other.
    """

    name: str
    project_id: str
    zone: str
    rows: tuple[CalendarRow, ...] = ()
    issues: tuple[Issue, ...] = ()

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[CalendarRow]:
        return iter(self.rows)

    def of(self, *kinds: str) -> tuple[CalendarRow, ...]:
        """
        The rows of some kinds, e.g. `post`, `slot`.
        """
        return tuple(row for row in self.rows if row.kind in kinds)

    def summary(self) -> str:
        """
        Counts by kind: 4 post, 2 slot, 6 ads.
        """
        kinds = dict.fromkeys(row.kind for row in self.rows)
        return ", ".join(f"{len(self.of(kind))} {kind}" for kind in kinds)

    def to_dict(self) -> dict[str, Any]:
        """
        The calendar as JSON-ready data.
        """
        return {
            "name": self.name,
            "project_id": self.project_id,
            "zone": self.zone,
            "summary": self.summary(),
            "rows": [row.to_dict() for row in self.rows],
            "issues": [issue.to_dict() for issue in self.issues],
        }

    def csv(self) -> str:
        """
        The calendar as CSV; no cell is a formula, whatever it says.
        """
        out = StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(COLUMNS)
        for row in self.rows:
            cells = row.cells()
            writer.writerow([harmless(cells[name]) for name in COLUMNS])
        return out.getvalue()

    def __str__(self) -> str:
        table = [_SHOWN, *([row.cells()[n] for n in _SHOWN] for row in self.rows)]
        wide = [max(len(row[i]) for row in table) for i in range(len(_SHOWN))]
        lines = [
            "  ".join(c.ljust(w) for c, w in zip(row, wide, strict=True)).rstrip()
            for row in table
        ]
        notes = [f"{issue.severity.value}  {issue.message}" for issue in self.issues]
        return "\n".join([*lines, *notes])

    def _repr_html_(self) -> str:
        head = "".join(f"<th style='text-align:left'>{name}</th>" for name in _SHOWN)
        rows = "".join(
            "<tr>"
            + "".join(f"<td>{escape(row.cells()[name])}</td>" for name in _SHOWN)
            + "</tr>"
            for row in self.rows
        )
        notes = "".join(f"<li>{escape(issue.message)}</li>" for issue in self.issues)
        below = f"<ul>{notes}</ul>" if notes else ""
        return (
            f"<table><caption>{escape(self.name)}: {escape(self.summary())}</caption>"
            f"<tr>{head}</tr>{rows}</table>{below}"
        )


def harmless(text: str) -> str:
    """
    A text no spreadsheet takes for a formula: an apostrophe goes before what might be.
    """
    # Some programs skip blanks, or what cannot be seen, before they look.
    seen = text.lstrip(" \u00a0\u200b\ufeff")
    risky = text.startswith(_FORMULA) or seen.startswith(_FORMULA)
    return f"'{text}" if risky else text
