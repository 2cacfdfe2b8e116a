"""
Ad-level exports, read row by row; either all of a file is understood or none of it.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.analytics._columns import (
    AMOUNTS,
    COUNTS,
    TEXTS,
    Columns,
    column_map,
    dialect_of,
    find_columns,
    known_name,
)
from smmlib.analytics._csv import CsvTable, Problems, Record, note, read_csv
from smmlib.analytics._facts import Facts
from smmlib.analytics._numbers import (
    decimal_mark,
    is_empty,
    is_slash_date,
    read_count,
    read_date,
    read_decimal,
    slash_order,
)
from smmlib.errors import Issue, MoneyError, Severity, ValidationError
from smmlib.model import FrozenMap, MetricRow, Network
from smmlib.model._enums import NETWORK_ALIASES
from smmlib.model._money import currency_code

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping
    from datetime import date

# Words in Meta's "Result indicator", e.g. actions:offsite_conversion.fb_pixel_lead.
_RESULT_KINDS = ("lead", "purchase", "registration", "link click", "landing page view")
_REQUIRED = {"on": "a day", "spend": "what was spent", "impressions": "impressions"}
_DATE_HINT = 'state it in the column map: dates = "day" or dates = "month"'
_ALLOWED = {
    "on": "one day, e.g. 2027-03-01",
    "currency": "an ISO 4217 code such as EUR",
}
_NUMBER_HINT = 'state it in the column map: decimal = "," or decimal = "."'


def read_metrics(
    path: str | os.PathLike[str],
    *,
    columns: Mapping[str, Any] | str | os.PathLike[str] | None = None,
    currency: str | None = None,
    network: Network | str | None = None,
    line: str = "",
    zone: str = "",
) -> Facts:
    """
    Read an ad-level export as CSV or XLSX; columns of Meta, LinkedIn and X are known.

    Separator, decimal mark and order of dates are found in the file and noted. When a
    row cannot be read nothing is imported, and every problem is listed with its line.

    Args:
        path: The CSV file, or a workbook whose first sheet holds the table.
        columns: Header by field (`{"impressions": "Impr."}`), or a TOML file with it.
        currency: Currency of all amounts; needed unless the file says it.
        network: Where the ads ran, when the file does not say.
        line: Key of the plan's line the numbers belong to.
        zone: Zone of the days, when it is known.

    Raises:
        CodecError: The file cannot be read at all.
        ValidationError: Unknown or missing columns, rows that cannot be read, or no
            currency (code `metrics.currency`).
    """
    chosen = column_map(columns)
    table = read_csv(path, chosen.options.get("separator", ""))
    problems = Problems(table.file)
    source, names = dialect_of(table.header)
    found = find_columns(table.header, chosen, problems, names=names)
    for field, meaning in _REQUIRED.items():
        if field not in found.places and field not in chosen.names:
            problems.add(
                field,
                "metrics.column_missing",
                f"no column says {meaning}",
                line=1,
                limit=", ".join(table.header)[:400],
                hint=f'name it in a column map: {field} = "..."',
            )
    problems.stop()
    where = _network(network or source or None)
    reader = _Reader(table, found, problems, network=where, line=line)
    reader.currency = _currency(table, found, currency)
    rows = reader.rows()
    problems.stop()
    return Facts(
        rows,
        zone=zone,
        until=reader.until,
        results=reader.results() if reader.kinds else "",
        sources=(table.file,),
        notes=_notes(table, found, rows, reader),
    )


def _network(value: Network | str | None) -> Network | None:
    if value is None or isinstance(value, Network):
        return value
    known = _as_network(value)
    if known is None:
        issue = Issue(
            "network",
            "enum.unknown",
            f"unknown network '{value}'",
            value=value,
            limit=", ".join(Network),
        )
        raise ValidationError([issue])
    return known


def _as_network(text: str) -> Network | None:
    word = text.strip().casefold()
    word = NETWORK_ALIASES.get(word, word)
    return Network(word) if word in Network._value2member_map_ else None


def _currency(table: CsvTable, columns: Columns, stated: str | None) -> str:
    """
    The currency of the file; empty where its rows say it one by one.
    """
    if stated is not None:
        code = currency_code(stated)
        if columns.currency and columns.currency != code:
            issue = Issue(
                "currency",
                "metrics.currency",
                f"the file's amounts are in {columns.currency}, not {code}",
                value=code,
                limit=columns.currency,
                file=table.file,
                line=1,
                hint=f"leave --currency out, or use --currency {columns.currency}",
            )
            raise ValidationError([issue])
        return code
    if columns.currency:
        return currency_code(columns.currency)
    if "currency" in columns.places:
        return ""
    issue = Issue(
        "currency",
        "metrics.currency",
        "the file does not say in which currency its amounts are",
        file=table.file,
        line=1,
        limit="an ISO 4217 code such as EUR",
        hint="state it: --currency USD, or currency='USD' in Python",
    )
    raise ValidationError([issue])


@attrs.define
class _Reader:
    """
    Turns rows of text into rows of numbers.
    """

    table: CsvTable
    columns: Columns
    problems: Problems
    network: Network | None = attrs.field(kw_only=True)
    line: str = attrs.field(kw_only=True)
    currency: str = ""
    mark: str = ""
    order: str = ""
    seen: Counter[str] = attrs.Factory(Counter)
    other_networks: Counter[str] = attrs.Factory(Counter)
    whole: Counter[tuple[str, ...]] = attrs.Factory(Counter)
    until: date | None = None
    kinds: Counter[str] = attrs.Factory(Counter)

    def rows(self) -> tuple[MetricRow, ...]:
        self.mark = self.columns.options.get("decimal") or decimal_mark(
            self._column(*AMOUNTS), self._column(*COUNTS)
        )
        self.order = self.columns.options.get("dates") or slash_order(
            self._column("on")
        )
        read = (self._row(record) for record in self.table.records)
        return tuple(row for row in read if row is not None)

    def _column(self, *fields: str) -> list[str]:
        places = [self.columns.places[f] for f in fields if f in self.columns.places]
        return [
            record.cells[place]
            for record in self.table.records
            for place in places
            if place < len(record.cells) and not is_empty(record.cells[place])
        ]

    def _row(self, record: Record) -> MetricRow | None:
        if not self._is_whole(record) or self._is_summary(record):
            return None
        before = self.problems.count
        values: dict[str, Any] = {"on": self._day(record)}
        for name in COUNTS:
            if name in self.columns.places:
                values[name] = self._count(record, name)
        for name in AMOUNTS:
            if name in self.columns.places:
                values[name] = self._amount(record, name)
        values |= self._texts(record)
        if self.problems.count > before:
            return None
        if values["spend"] is None:
            self.seen["no spend"] += 1
            values["spend"] = Decimal(0)
        if "clicks" not in self.columns.places:
            values["clicks"] = values.get("link_clicks")
        self._name_results(record, values)
        self._count_spans(record, values["on"])
        self.whole[tuple(record.cells)] += 1
        source = PurePath(self.table.file).name
        return MetricRow(**values, line=self.line, source=source)

    def _is_whole(self, record: Record) -> bool:
        """
        As many cells as the header has; empty ones behind the last do not count.
        """
        width = len(self.table.header)
        extra = [cell for cell in record.cells[width:] if cell.strip()]
        if len(record.cells) >= width and not extra:
            return True
        self.problems.add(
            "",
            "metrics.cells",
            f"the row has {len(record.cells)} cells, the header has {width}",
            line=record.line,
            value=str(len(record.cells)),
            limit=str(width),
            hint="a separator inside a text needs quotes around the text",
        )
        return False

    def _is_summary(self, record: Record) -> bool:
        """
        Exports put a line of totals first or last: it names nothing, and counts twice.
        """
        names = [n for n in ("campaign", "ad_set", "ad") if n in self.columns.places]
        if not names or any(self._cell(record, name) for name in names):
            return False
        self.seen["summary"] += 1
        return True

    def _cell(self, record: Record, field: str) -> str:
        return record.cells[self.columns.places[field]].strip()

    def _bad(
        self, record: Record, field: str, code: str, message: str, hint: str
    ) -> None:
        counted = "a whole number from 0 up" if field in COUNTS else ""
        place = self.columns.places[field]
        self.problems.add(
            field,
            code,
            message,
            line=record.line,
            column=place + 1,
            value=record.cells[place],
            limit=_ALLOWED.get(field) or counted or "an amount from 0 up",
            hint=hint,
        )

    def _day(self, record: Record) -> date | None:
        text = self._cell(record, "on")
        day = read_date(text, self.order)
        if day is None:
            unclear = is_slash_date(text) and not self.order
            what = "may be two different days" if unclear else "is no date"
            code = "metrics.date_ambiguous" if unclear else "metrics.date"
            hint = _DATE_HINT if unclear else "use YYYY-MM-DD or DD-MM-YYYY"
            self._bad(record, "on", code, f"'{text[:40]}' {what}", hint)
        return day

    def _count(self, record: Record, field: str) -> int | None:
        text = self._cell(record, field)
        if is_empty(text):
            return None
        count = read_count(text, self.mark)
        if count is None or count < 0:
            message = f"'{text[:40]}' is no count of {field.replace('_', ' ')}"
            self._bad(
                record, field, "metrics.number", message, "counts are whole, from 0 up"
            )
        return count

    def _amount(self, record: Record, field: str) -> Decimal | None:
        text = self._cell(record, field)
        if is_empty(text):
            return None
        amount = read_decimal(text, self.mark)
        if amount is None:
            unclear = not self.mark and "," in text
            code = "metrics.number_ambiguous" if unclear else "metrics.number"
            what = "may be two different amounts" if unclear else "is no amount"
            hint = _NUMBER_HINT if unclear else self._mark_hint()
            self._bad(record, field, code, f"'{text[:40]}' {what}", hint)
        elif amount < 0:
            message = f"{field} of {amount} is below zero"
            self._bad(record, field, "metrics.spend", message, "amounts start at 0")
        return amount

    def _mark_hint(self) -> str:
        if not self.mark:
            return "write digits with a point, e.g. 1234.56"
        return f"the file's decimal mark is '{self.mark}'; {_NUMBER_HINT}"

    def _texts(self, record: Record) -> dict[str, Any]:
        places = self.columns.places
        found = {n: self._cell(record, n) for n in TEXTS if n in places}
        where = found.pop("network", "")
        values: dict[str, Any] = {**found, "network": self.network}
        if where:
            known = _as_network(where)
            values["network"] = known or self.network
            if known is None:
                self.other_networks[where] += 1
        values["currency"] = self.currency or self._row_currency(
            record, found.get("currency", "")
        )
        values["breakdown"] = FrozenMap(
            {
                name: record.cells[place].strip()
                for name, place in self.columns.breakdowns.items()
                if record.cells[place].strip()
            }
        )
        return values

    def _row_currency(self, record: Record, text: str) -> str:
        try:
            return currency_code(text)
        except MoneyError:
            message = f"'{text[:20]}' is no currency"
            hint = "use an ISO 4217 code such as EUR, or state --currency"
            self._bad(record, "currency", "metrics.currency", message, hint)
            return "EUR"  # never used: a file with a problem is refused as a whole

    def _name_results(self, record: Record, values: dict[str, Any]) -> None:
        """
        What this row's results are; those that are leads count as such too.
        """
        place = self.columns.places.get("conversions")
        if place is None or values.get("conversions") is None:
            return
        header, told = known_name(self.table.header[place]), ""
        if self.columns.result_kind is not None:
            told = record.cells[self.columns.result_kind].casefold()
        kind = _result_kind(header, told)
        self.kinds[kind] += 1
        if kind == "lead" and "leads" not in self.columns.places:
            values["leads"] = values["conversions"]

    def results(self) -> str:
        """
        What the file's conversions are; results where they are of several kinds.
        """
        return next(iter(self.kinds)) if len(self.kinds) == 1 else "result"

    def _count_spans(self, record: Record, first: date) -> None:
        place = self.columns.last_day
        last = None if place is None else read_date(record.cells[place], self.order)
        if last is not None and last > first:
            self.seen["several days"] += 1
            self.until = max(last, self.until or last)


def _result_kind(header: str, told: str) -> str:
    """
    One of a row's results, in a word: by its indicator, else by the column's header.
    """
    if header not in {"results", "ergebnisse"}:
        return "purchase" if "purchase" in header else "conversion"
    plain = told.replace("_", " ")
    return next((kind for kind in _RESULT_KINDS if kind in plain), "result")


def _notes(
    table: CsvTable, columns: Columns, rows: tuple[MetricRow, ...], reader: _Reader
) -> tuple[Issue, ...]:
    """
    What was read and how, and what a reader must know about it.
    """
    file, seen = table.file, reader.seen
    fields = ", ".join(f"{f} = {table.header[p]}" for f, p in columns.places.items())
    notes = [
        note(
            "",
            "metrics.read",
            f"{len(rows):,} rows read, separated by {table.separator}; {fields}",
            file=file,
        )
    ]
    said = {
        "metrics.ignored": (
            len(columns.ignored),
            f"columns that were not read: {', '.join(columns.ignored)}",
        ),
        "metrics.summary": (
            seen["summary"],
            f"{seen['summary']:,} rows without any name are sums and were left out",
        ),
        "metrics.no_spend": (
            seen["no spend"],
            f"{seen['no spend']:,} rows have no spend; it counts as zero",
        ),
        "metrics.several_days": (
            seen["several days"],
            (
                f"{seen['several days']:,} rows cover several days, up to "
                f"{reader.until}, and stand on the first of them; export by day for a "
                "trend"
            ),
        ),
        "metrics.network": (
            len(reader.other_networks),
            "not a network of its own, shown as not stated: "
            + ", ".join(sorted(reader.other_networks)),
        ),
        "metrics.link_clicks": (
            "clicks" not in columns.places and "link_clicks" in columns.places,
            "the file counts link clicks only; CTR and CPC are over these",
        ),
    }
    notes += [
        note("", code, text, file=file) for code, (count, text) in said.items() if count
    ]
    if len(reader.kinds) > 1:
        kinds = ", ".join(sorted(f"{kind}s" for kind in reader.kinds))
        text = f"the file's results are of several kinds ({kinds}); sums mix them"
        hint = "read campaigns of one objective at a time for a cost per result"
        notes.append(note("", "metrics.result_kinds", text, file=file, hint=hint))
    twice = sum(count - 1 for count in reader.whole.values() if count > 1)
    if twice:
        text = (
            f"{twice:,} rows repeat another row exactly, and were counted all the same"
        )
        notes.append(
            note(
                "",
                "metrics.repeated",
                text,
                file=file,
                severity=Severity.WARNING,
                hint="look whether the file was pasted together twice",
            )
        )
    return tuple(notes)
