"""
A content calendar as iCalendar (RFC 5545), for the calendar programs people have.

One event for each post, slot, flight and milestone; what is on several networks is one
event that names them. Identity is the plan's: importing again updates, never doubles.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from smmlib.errors import MissingExtraError

if TYPE_CHECKING:
    from smmlib.planning import CalendarRow, ContentCalendar

_LENGTH = timedelta(minutes=15)
_STATUS = {
    "idea": "TENTATIVE",
    "draft": "TENTATIVE",
    "in_review": "TENTATIVE",
    "open": "TENTATIVE",
    "archived": "CANCELLED",
}
# Calendar programs compare stamps; a fixed one keeps equal calendars equal.
_STAMP = datetime(2000, 1, 1, tzinfo=UTC)
_LEAST = 0x20


def ics_of(calendar: ContentCalendar, *, stamp: datetime | None = None) -> bytes:
    """
    The calendar as bytes of an `.ics` file.

    Args:
        calendar: The calendar.
        stamp: When it was made; a fixed moment when left out.

    Raises:
        MissingExtraError: The `report` extra is not installed.
    """
    try:
        from icalendar import Calendar
    except ModuleNotFoundError as error:
        feature = "a calendar file"
        raise MissingExtraError(feature, "report") from error
    found = Calendar()
    found.add("prodid", "-//smmlib//content calendar//EN")
    found.add("version", "2.0")
    found.add("calscale", "GREGORIAN")
    found.add("x-wr-calname", " ".join(_clean(calendar.name).split()))
    found.add("x-wr-timezone", calendar.zone)
    for rows in _together(calendar.rows):
        found.add_component(_event(calendar, rows, stamp or _STAMP))
    found.add_missing_timezones()
    content: bytes = found.to_ical()
    return content


def _together(rows: Iterable[CalendarRow]) -> Iterator[list[CalendarRow]]:
    """
    Rows of one thing at one time, whatever the network.
    """
    groups: dict[tuple[object, ...], list[CalendarRow]] = {}
    for row in rows:
        if row.day is None:
            continue  # no calendar has a place for what has no day
        key = (row.kind, row.key, row.day, row.at, row.until, row.title)
        groups.setdefault(key, []).append(row)
    yield from groups.values()


def _event(calendar: ContentCalendar, rows: list[CalendarRow], stamp: datetime) -> Any:
    from icalendar import Event

    row = rows[0]
    event = Event()
    event.add("uid", _uid(calendar, row))
    event.add("dtstamp", stamp)
    networks = ", ".join(r.network.value for r in rows if r.network)
    where = f" ({networks})" if networks else ""
    event.add("summary", _clean(f"{row.title or row.key}{where}"))
    _add_time(event, row)
    event.add("description", _clean(_description(rows)))
    event.add("status", _STATUS.get(row.state, "CONFIRMED"))
    event.add("categories", [row.kind, *([networks] if networks else [])])
    event.add("transp", "TRANSPARENT")
    if row.link:
        event.add("url", "".join(row.link.split()))
    return event


def _uid(calendar: ContentCalendar, row: CalendarRow) -> str:
    """
    The same thing keeps its identity when it moves; each moment of a slot has its own.
    """
    parts = [row.kind.replace(" ", "-"), row.key]
    if row.kind in {"slot", "holiday"}:
        parts.append(row.at.isoformat() if row.at else str(row.day))
    if row.kind == "holiday":
        parts.append(row.title)
    name = "/".join(part for part in parts if part)
    safe = "".join(c if c.isascii() and c.isprintable() else "-" for c in name)
    return f"{safe.replace(' ', '-')}/{calendar.project_id}@smmlib"


def _add_time(event: Any, row: CalendarRow) -> None:
    if row.at is not None:
        event.add("dtstart", row.at)
        event.add("dtend", row.at + _LENGTH)
        return
    first: date = row.day  # type: ignore[assignment] # rows without a day are left out
    event.add("dtstart", first)
    event.add("dtend", (row.until or first) + timedelta(days=1))  # not included


def _description(rows: list[CalendarRow]) -> str:
    row = rows[0]
    texts: dict[str, list[str]] = {}
    for one in rows:
        if one.text:
            count = f" [{one.length}/{one.limit}]" if one.limit else ""
            name = f"{one.network.value if one.network else ''}{count}"
            texts.setdefault(one.text, []).append(name.strip())
    parts = [f"{', '.join(names)}:\n{text}" for text, names in texts.items()]
    for label, value in (
        ("State", row.state),
        ("Line", row.line),
        ("Owner", row.owner),
        ("Approver", row.approver),
        ("Media", ", ".join(row.media)),
        ("Note", row.note),
    ):
        if value:
            parts.append(f"{label}: {value}")
    return "\n".join(parts)


def _clean(text: str) -> str:
    """
    The text without characters a calendar file cannot hold.
    """
    return "".join(
        char
        for char in text.replace("\r\n", "\n").replace("\r", "\n")
        if (ord(char) >= _LEAST or char in "\t\n") and not "\ud800" <= char <= "\udfff"
    )
