"""
The brand's own records: who registered and bought, as CRM or shop wrote it down.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, time
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, overload

import attrs

from smmlib.analytics._columns import ColumnMap, Columns, find_columns
from smmlib.analytics._csv import CsvTable, Problems, Record, note, read_csv
from smmlib.analytics._join import NOT_SET, network_of
from smmlib.analytics._numbers import (
    decimal_mark,
    is_empty,
    read_date,
    read_decimal,
    read_instant,
    slash_order,
)
from smmlib.analytics._show import Grid
from smmlib.errors import Issue, MoneyError, Severity
from smmlib.model import Conversion, ConversionKind, Money, Utm
from smmlib.model._flight import zone_of
from smmlib.model._money import currency_code

if TYPE_CHECKING:
    import os
    from datetime import tzinfo
    from decimal import Decimal

_TAGS = ("utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term")
_NAMES: dict[str, tuple[str, ...]] = {
    "conversion_id": ("conversion_id", "transaction_id", "order_id", "id"),
    "date": ("date", "day", "at", "timestamp", "created_at", "datum"),
    "time": ("time", "uhrzeit"),
    **{name: (name,) for name in _TAGS},
    "person": ("person", "contact_id", "client_id", "user_pseudo_id", "user_id"),
    "click_id": ("click_id", "fbclid", "li_fat_id", "twclid"),
    "kind": ("kind", "type", "event"),
    "value": ("value", "amount", "revenue"),
    "currency": ("currency",),
    "status": ("status",),
    "refunds": ("refunds", "refers_to"),
}
_KINDS = {
    "sale": ConversionKind.PURCHASE,
    "order": ConversionKind.PURCHASE,
    "signup": ConversionKind.REGISTRATION,
    "sign_up": ConversionKind.REGISTRATION,
    "enquiry": ConversionKind.LEAD,
    "return": ConversionKind.REFUND,
}
_ALLOWED = {
    "conversion_id": "an id in every row",
    "date": "a day, e.g. 2027-03-01",
    "time": "a time of day, e.g. 09:30:00",
    "value": "an amount from 0 up; refunds below",
    "currency": "an ISO 4217 code such as EUR",
}
_NOT_COUNTED = frozenset(
    {"unconfirmed", "pending", "cancelled", "canceled", "rejected", "spam", "test"}
)


@attrs.frozen
class ConversionList(Sequence[Conversion]):
    """
    Conversions in the order of the file, with notes on how they were read.

    Attributes:
        items: The conversions.
        notes: What was guessed, left out or is odd.
        source: The file.
    """

    items: tuple[Conversion, ...] = ()
    notes: tuple[Issue, ...] = ()
    source: str = attrs.field(default="", kw_only=True)

    @overload
    def __getitem__(self, place: int) -> Conversion: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Conversion, ...]: ...
    def __getitem__(self, place: int | slice) -> Conversion | tuple[Conversion, ...]:
        return self.items[place]

    def __len__(self) -> int:
        return len(self.items)

    def _repr_html_(self) -> str:
        kinds = Counter(item.kind.value for item in self.items)
        rows = [[kind, f"{count:,}"] for kind, count in sorted(kinds.items())]
        rows += [["note", n.message] for n in self.notes]
        return Grid(["kind", "records"], rows, caption=self.source).html()


def read_conversions(
    path: str | os.PathLike[str], *, zone: str, currency: str | None = None
) -> ConversionList:
    """
    Read a CRM's or shop's CSV of conversions with the tags they came with.

    Repeated ids are left out, so are records that were never confirmed; both are noted.
    Sources nobody knows are kept. When a row cannot be read nothing is imported.

    Args:
        path: CSV with `conversion_id, date` and what there is of `time, utm_source,
            utm_medium, utm_campaign, utm_content, utm_term, click_id, person, kind,
            value, currency, status, refunds`, in any order.
        zone: Zone of its dates and times.
        currency: Currency of values where the file has no such column.

    Raises:
        CodecError: The file cannot be read at all.
        ValidationError: Missing columns or rows that cannot be read.
    """
    place = zone_of(zone)
    read = read_csv(path)
    problems = Problems(read.file)
    columns = find_columns(
        read.header, ColumnMap(), problems, names=_NAMES, breakdowns={}
    )
    for field in ("conversion_id", "date"):
        if field not in columns.places:
            problems.add(
                field,
                "conversions.column_missing",
                f"no column is called '{field}'",
                line=1,
                limit=", ".join(read.header)[:400],
                hint="add the column or rename the one that holds it",
            )
    problems.stop()
    code = currency_code(currency) if currency else ""
    reader = _Reader(read, columns, problems, place, code)
    items = reader.items()
    problems.stop()
    return ConversionList(items, _notes(read, items, reader), source=read.file)


@attrs.define
class _Reader:
    """
    Turns rows of text into conversions.
    """

    table: CsvTable
    columns: Columns
    problems: Problems
    zone: tzinfo
    currency: str
    mark: str = ""
    order: str = ""
    seen: Counter[str] = attrs.Factory(Counter)
    known: dict[str, tuple[str, ...]] = attrs.Factory(dict)

    def items(self) -> tuple[Conversion, ...]:
        cells = self.table.records
        self.mark = decimal_mark(self._get(record, "value") for record in cells)
        self.order = slash_order(self._get(record, "date") for record in cells)
        ids = {self._get(record, "conversion_id") for record in cells}
        read = (self._item(record, ids) for record in self.table.records)
        return tuple(item for item in read if item is not None)

    def _get(self, record: Record, field: str) -> str:
        place = self.columns.places.get(field)
        if place is None or place >= len(record.cells):
            return ""
        return record.cells[place].strip()

    def _bad(self, record: Record, field: str, message: str, hint: str) -> None:
        place = self.columns.places.get(field)
        self.problems.add(
            field,
            f"conversions.{field}",
            message,
            line=record.line,
            column=None if place is None else place + 1,
            value=self._get(record, field),
            limit=_ALLOWED[field],
            hint=hint,
        )

    def _item(self, record: Record, ids: set[str]) -> Conversion | None:
        if not self._is_new(record):
            return None
        before = self.problems.count
        at = self._instant(record)
        kind = self._kind(record)
        value = self._value(record, kind)
        key = self._get(record, "conversion_id")
        if self.problems.count > before or at is None:
            return None
        if self._get(record, "status").casefold() in _NOT_COUNTED:
            self.seen["unconfirmed"] += 1
            return None
        return Conversion(
            key,
            kind,
            at=at,
            value=value,
            utm=self._utm(record),
            click_id=self._get(record, "click_id"),
            refunds=self._refunds(record, key, kind, ids),
            source=PurePath(self.table.file).name,
            person=self._get(record, "person")[:200],
        )

    def _is_new(self, record: Record) -> bool:
        key = self._get(record, "conversion_id")
        if len(record.cells) < len(self.table.header) or not key:
            text = (
                "the row has no conversion_id"
                if len(record.cells) >= len(self.table.header)
                else f"the row has {len(record.cells)} cells, the header has "
                f"{len(self.table.header)}"
            )
            self._bad(record, "conversion_id", text, "complete the row or delete it")
            return False
        if key in self.known:
            same = self.known[key] == record.cells
            self.seen["repeated" if same else "repeated otherwise"] += 1
            return False
        self.known[key] = record.cells
        return True

    def _instant(self, record: Record) -> datetime | None:
        text, clock = self._get(record, "date"), self._get(record, "time")
        moment = read_instant(text) if "T" in text or " " in text else None
        if moment is None:
            day = read_date(text, self.order)
            hour = _clock(clock)
            if day is None or hour is None:
                bad = "date" if day is None else "time"
                shown = text if day is None else clock
                hint = "use YYYY-MM-DD and HH:MM:SS"
                self._bad(record, bad, f"'{shown[:40]}' is no {bad}", hint)
                return None
            moment = datetime.combine(day, hour)
        if moment.tzinfo is None:
            # Records of a clock that went back are right, only not exact: of two
            # possible instants the earlier one is taken.
            moment = moment.replace(tzinfo=self.zone)
        return moment

    def _kind(self, record: Record) -> ConversionKind:
        word = self._get(record, "kind").casefold().replace(" ", "_").replace("-", "_")
        if word in ConversionKind._value2member_map_:
            return ConversionKind(word)
        if word not in _KINDS and "kind" in self.columns.places:
            self.seen["other kinds"] += 1
        return _KINDS.get(word, ConversionKind.OTHER)

    def _value(self, record: Record, kind: ConversionKind) -> Money | None:
        text = self._get(record, "value")
        if is_empty(text):
            return None
        number = read_decimal(text, self.mark)
        refund = kind is ConversionKind.REFUND
        if number is None or (number < 0 and not refund):
            what = "is no amount" if number is None else f"is no value of a {kind}"
            hint = "digits with a point; only refunds are below zero"
            self._bad(record, "value", f"'{text[:40]}' {what}", hint)
            return None
        return self._money(record, -abs(number) if refund else number)

    def _money(self, record: Record, number: Decimal) -> Money | None:
        code = self._get(record, "currency") or self.currency
        if not code and not number:
            return None
        try:
            return Money.rounded(number, code)
        except MoneyError:
            text = f"'{code[:20]}' is no currency" if code else "no currency is stated"
            hint = "use an ISO 4217 code, or state currency='EUR'"
            self._bad(record, "currency", text, hint)
            return None

    def _utm(self, record: Record) -> Utm | None:
        tags: dict[str, Any] = {
            name.removeprefix("utm_"): self._get(record, name)[:200] for name in _TAGS
        }
        if not any(tags.values()):
            self.seen["untagged"] += 1
            return None
        for name in ("source", "medium", "campaign"):
            tags[name] = tags[name] or NOT_SET
        if not network_of(tags["source"])[0]:
            self.seen["not social"] += 1
        return Utm(tags.pop("source"), tags.pop("medium"), **tags)

    def _refunds(
        self, record: Record, key: str, kind: ConversionKind, ids: set[str]
    ) -> str:
        """
        The purchase a refund takes back: as stated, or the id without its ending.
        """
        if kind is not ConversionKind.REFUND:
            return ""
        stated = self._get(record, "refunds")
        guess = key.rpartition("-")[0]
        found = stated or (guess if guess in ids else "")
        if not found:
            self.seen["loose refunds"] += 1
        return found


def _clock(text: str) -> time | None:
    if not text:
        return time(12)  # a day without time: noon is that day in every nearby zone
    try:
        return time.fromisoformat(text)
    except ValueError:
        return None


def _kinds_of(items: tuple[Conversion, ...]) -> str:
    """
    How many were read, and of what kinds, so that every later count can be found here.
    """
    counts = Counter(item.kind.value for item in items)
    kinds = ", ".join(
        f"{count:,} {kind}{'' if count == 1 else 's'}"
        for kind, count in counts.most_common()
    )
    text = f"{len(items):,} conversions read"
    return f"{text}: {kinds}" if kinds else text


def _notes(
    read: CsvTable, items: tuple[Conversion, ...], reader: _Reader
) -> tuple[Issue, ...]:
    seen, file = reader.seen, read.file
    texts = {
        "repeated": "repeat an id exactly and were left out",
        "unconfirmed": "were never confirmed or were cancelled, and are not counted",
        "other kinds": "are of a kind nobody knows and count as 'other'",
        "untagged": "carry no UTM tags",
        "not social": "came from a source that is no social network",
        "loose refunds": "are refunds of a purchase that is not in the file",
    }
    notes = [note("", "conversions.read", _kinds_of(items), file=file)]
    notes += [
        note(
            "",
            f"conversions.{name.replace(' ', '_')}",
            f"{seen[name]:,} records {text}",
            file=file,
        )
        for name, text in texts.items()
        if seen[name]
    ]
    if seen["repeated otherwise"]:
        text = (
            f"{seen['repeated otherwise']:,} records repeat an id with other content; "
            "the first of each was kept"
        )
        notes.append(
            note(
                "",
                "conversions.contradiction",
                text,
                file=file,
                severity=Severity.WARNING,
                hint="look the ids up in the system the file comes from",
            )
        )
    return tuple(notes)
