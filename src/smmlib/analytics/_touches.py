"""
Clicks and visits of people before they converted, as web analytics exports them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, time
from typing import TYPE_CHECKING, Any, overload

import attrs

from smmlib.analytics._columns import ColumnMap, Columns, find_columns
from smmlib.analytics._csv import CsvTable, Problems, Record, note, read_csv
from smmlib.analytics._join import NOT_SET, network_of
from smmlib.analytics._numbers import read_date, read_instant, slash_order
from smmlib.analytics._show import Grid
from smmlib.errors import Issue
from smmlib.model import Network, Touch, TouchKind, Utm
from smmlib.model._flight import zone_of

if TYPE_CHECKING:
    import os
    from datetime import tzinfo

_TAGS = ("utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term")
_NAMES: dict[str, tuple[str, ...]] = {
    "person": (
        *("person", "contact_id", "client_id", "user_pseudo_id", "user_id"),
        *("click_id", "fbclid", "li_fat_id", "twclid"),
    ),
    "date": ("date", "day", "at", "timestamp", "created_at", "datum"),
    "time": ("time", "uhrzeit"),
    "kind": ("kind", "type", "event"),
    **{name: (name, name.removeprefix("utm_")) for name in _TAGS},
}
_KINDS = {
    "view": TouchKind.IMPRESSION,
    "page_view": TouchKind.VISIT,
    "session": TouchKind.VISIT,
    "session_start": TouchKind.VISIT,
}


@attrs.frozen
class TouchList(Sequence[Touch]):
    """
    Touches in the order of the file, with notes on how they were read.

    Attributes:
        items: The touches.
        notes: What was guessed or left out.
        source: The file.
    """

    items: tuple[Touch, ...] = ()
    notes: tuple[Issue, ...] = ()
    source: str = attrs.field(default="", kw_only=True)

    @overload
    def __getitem__(self, place: int) -> Touch: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Touch, ...]: ...
    def __getitem__(self, place: int | slice) -> Touch | tuple[Touch, ...]:
        return self.items[place]

    def __len__(self) -> int:
        return len(self.items)

    def _repr_html_(self) -> str:
        kinds = Counter(item.kind.value for item in self.items)
        rows = [[kind, f"{count:,}"] for kind, count in sorted(kinds.items())]
        return Grid(["kind", "touches"], rows, caption=self.source).html()


def read_touches(path: str | os.PathLike[str], *, zone: str) -> TouchList:
    """
    Read a CSV of clicks and visits: who, when, and the tags of the link.

    Touches join to conversions by the person, or by the click id where that is all
    there is. When a row cannot be read nothing is imported.

    Args:
        path: CSV with `person, date` and what there is of `time, kind, utm_source,
            utm_medium, utm_campaign, utm_content, utm_term`, in any order.
        zone: Zone of its dates and times.

    Raises:
        CodecError: The file cannot be read at all.
        ValidationError: Missing columns or rows that cannot be read.
    """
    table = read_csv(path)
    problems = Problems(table.file)
    columns = find_columns(
        table.header, ColumnMap(), problems, names=_NAMES, breakdowns={}
    )
    for field in ("person", "date"):
        if field not in columns.places:
            problems.add(
                field,
                "touches.column_missing",
                f"no column is called '{field}'",
                line=1,
                limit=", ".join(table.header)[:400],
                hint="add the column or rename the one that holds it",
            )
    problems.stop()
    reader = _Reader(table, columns, problems, zone_of(zone))
    items = reader.items()
    problems.stop()
    text = f"{len(items):,} touches of {len({t.person for t in items}):,} people read"
    notes = (note("", "touches.read", text, file=table.file),)
    return TouchList(items, notes, source=table.file)


@attrs.define
class _Reader:
    """
    Turns rows of text into touches.
    """

    table: CsvTable
    columns: Columns
    problems: Problems
    zone: tzinfo
    order: str = ""

    def items(self) -> tuple[Touch, ...]:
        rows = self.table.records
        self.order = slash_order(self._get(record, "date") for record in rows)
        read = (self._item(record) for record in rows)
        return tuple(item for item in read if item is not None)

    def _get(self, record: Record, field: str) -> str:
        place = self.columns.places.get(field)
        if place is None or place >= len(record.cells):
            return ""
        return record.cells[place].strip()

    def _item(self, record: Record) -> Touch | None:
        at, person = self._instant(record), self._get(record, "person")
        if not person:
            self._bad(record, "person", "nobody is named", "every touch has a person")
        if at is None or not person:
            return None
        utm = self._utm(record)
        name = network_of(utm.source)[0] if utm else ""
        known = name in Network._value2member_map_
        return Touch(
            person[:200],
            at,
            network=Network(name) if known else None,
            kind=self._kind(record),
            utm=utm,
        )

    def _instant(self, record: Record) -> datetime | None:
        text, clock = self._get(record, "date"), self._get(record, "time")
        moment = read_instant(text) if "T" in text or " " in text else None
        if moment is None:
            day = read_date(text, self.order)
            try:
                hour = time.fromisoformat(clock) if clock else time(12)
            except ValueError:
                hour = None
            if day is None or hour is None:
                bad, shown = ("date", text) if day is None else ("time", clock)
                hint = "use YYYY-MM-DD and HH:MM:SS"
                self._bad(record, bad, f"'{shown[:40]}' is no {bad}", hint)
                return None
            moment = datetime.combine(day, hour)
        return moment if moment.tzinfo else moment.replace(tzinfo=self.zone)

    def _kind(self, record: Record) -> TouchKind:
        word = self._get(record, "kind").casefold().replace(" ", "_")
        if word in TouchKind._value2member_map_:
            return TouchKind(word)
        return _KINDS.get(word, TouchKind.CLICK)

    def _utm(self, record: Record) -> Utm | None:
        tags: dict[str, Any] = {
            name.removeprefix("utm_"): self._get(record, name)[:200] for name in _TAGS
        }
        if not any(tags.values()):
            return None
        for name in ("source", "medium", "campaign"):
            tags[name] = tags[name] or NOT_SET
        return Utm(tags.pop("source"), tags.pop("medium"), **tags)

    def _bad(self, record: Record, field: str, message: str, hint: str) -> None:
        place = self.columns.places.get(field)
        self.problems.add(
            field,
            f"touches.{field}",
            message,
            line=record.line,
            column=None if place is None else place + 1,
            value=self._get(record, field),
            hint=hint,
        )
