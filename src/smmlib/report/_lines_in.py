"""
The media plan of an agency, as lines: whatever its columns are called.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

import attrs

from smmlib.errors import Issue, MoneyError, ValidationError
from smmlib.model import Flight, FrozenMap, LineItem, MediaPlan, Money, kpi
from smmlib.model._words import as_network
from smmlib.report._bulk import key_of
from smmlib.report._bulk_source import Cells, Source, source_of

_EXPECTED = ("cpm", "cpc", "ctr", "impressions", "clicks", "conversions")
FIELDS: dict[str, tuple[str, ...]] = {
    "key": ("key", "id", "line id"),
    "name": ("name", "line", "line item", "position", "measure", "maßnahme"),
    "networks": (
        *("networks", "network", "channel", "platform", "vehicle", "publisher"),
        *("kanal", "medium"),
    ),
    "cost": ("cost", "budget", "net cost", "planned cost", "media cost", "kosten"),
    "currency": ("currency", "währung"),
    "buy": ("buy", "buying", "buy type", "cost model", "pricing model", "model"),
    "first": ("first", "start", "start date", "flight start", "from", "beginn"),
    "last": ("last", "end", "end date", "flight end", "to", "until", "ende"),
    "audience": ("audience", "target group", "zielgruppe"),
    "owner": ("owner", "responsible"),
    "ad_format": ("ad format", "format", "placement"),
    "note": ("note", "notes", "comment", "comments", "bemerkung"),
    **{name: (name, f"planned {name}", f"est. {name}") for name in _EXPECTED},
}
"""
Fields of a line, and what agencies usually call them.
"""

_PLAIN = ("name", "audience", "owner", "ad_format", "note")
_SIGNS = {"€": "EUR", "$": "USD", "£": "GBP", "CHF": "CHF", "¥": "JPY"}
_AMOUNT = re.compile(
    r"(?P<before>[^\d.,-]*)(?P<number>-?[\d.,' \u00a0]+)(?P<after>.*)\Z"
)
_THREE = 3
_DAYS = ("%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y", "%d %b %Y", "%d %B %Y")
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})\Z")
_MONTHS = 12


@attrs.frozen
class SheetLines:
    """
    Lines of a media plan from a table, and every problem of its rows.

    Attributes:
        lines: The lines whose rows are fine, by key.
        issues: What is wrong, with row and column.
    """

    lines: FrozenMap[LineItem]
    issues: tuple[Issue, ...] = ()

    @property
    def ok(self) -> bool:
        """
        Whether every row passes.
        """
        return not any(issue.is_error for issue in self.issues)

    def into(self, plan: MediaPlan) -> MediaPlan:
        """
        The plan with these lines; those of the same key are replaced.

        Raises:
            ValidationError: A row does not pass; nothing was taken over.
        """
        if not self.ok:
            errors = [issue for issue in self.issues if issue.is_error]
            first = errors[0]
            message = f"{first.where}: {first.message}; nothing was imported"
            raise ValidationError(errors, message=message)
        return attrs.evolve(plan, lines={**plan.lines, **self.lines})


def read_lines(
    source: Any,
    *,
    zone: str,
    columns: Mapping[str, str] | None = None,
    currency: str = "",
) -> SheetLines:
    """
    Read an agency's media plan, one line per row, with every problem by row and column.

    Args:
        source: Path of a CSV or XLSX file, a pandas, polars or Arrow table, or rows
            as mappings.
        zone: Zone of its days, e.g. `Europe/Berlin`.
        columns: Head by field, where it is not a usual one: `{"cost": "N/N in EUR"}`.
        currency: Currency of amounts that name none.

    Raises:
        CodecError: The file cannot be read at all.
    """
    table = source_of(source, FIELDS, columns)
    lines: dict[str, LineItem] = {}
    for row in table.rows:
        before = len(table.issues)
        fields = {**_texts(table, row), **_flight(table, row, zone)}
        fields |= _amounts(table, row, currency)
        line = _made(table, row.line, fields) if len(table.issues) == before else None
        if line is None:
            continue
        key = row.texts.get("key") or key_of(line.name) or f"row-{row.line}"
        if key in lines:
            table.problem(
                row.line,
                "key" if "key" in table.columns else "name",
                "bulk.repeated",
                f"'{key}' stands here twice",
                value=key,
                hint="give each line a key or name of its own",
            )
        lines[key] = line
    return SheetLines(FrozenMap(lines), tuple(table.issues))


def _made(table: Source, line: int, fields: dict[str, Any]) -> LineItem | None:
    try:
        return LineItem(**fields)
    except ValidationError as error:
        for issue in error.issues:
            table.placed(line, issue)
    return None


def _read(
    table: Source, row: Cells, field: str, read: Callable[[str], Any]
) -> Any | None:
    """
    One cell, or None where it is empty or after its problem was noted.
    """
    text = row.texts.get(field)
    if text is None:
        return None
    try:
        return read(text)
    except (ValidationError, MoneyError) as error:
        for issue in error.issues:
            table.placed(row.line, attrs.evolve(issue, path=field))
    except ValueError as error:
        table.problem(
            row.line,
            field,
            "bulk.value",
            str(error),
            value=text[:80],
            hint="write the value so that nobody can read it in two ways",
        )
    return None


def _texts(table: Source, row: Cells) -> dict[str, Any]:
    found: dict[str, Any] = {n: row.texts[n] for n in _PLAIN if n in row.texts}
    if "networks" not in row.texts:
        table.problem(
            row.line,
            "networks",
            "bulk.empty",
            "the row names no network",
            hint="name where it runs, e.g. facebook, instagram",
        )
    networks = _read(table, row, "networks", _networks)
    buy = row.texts.get("buy", "").strip().lower()
    return (
        found
        | ({"networks": networks} if networks else {})
        | ({"buy": buy} if buy else {})
    )


_WORDS = {
    "meta": ("facebook", "instagram"),
    "fb": ("facebook",),
    "ig": ("instagram",),
    "insta": ("instagram",),
}


def _networks(text: str) -> tuple[Any, ...]:
    words = [word.strip().lower() for word in re.split(r"[,/+&;]| und | and ", text)]
    names = [name for word in words if word for name in _WORDS.get(word, (word,))]
    return tuple(dict.fromkeys(as_network(name) for name in names))


def _flight(table: Source, row: Cells, zone: str) -> dict[str, Any]:
    first = _read(table, row, "first", day_of)
    last = _read(table, row, "last", day_of)
    given = {"first", "last"} & row.texts.keys()
    if len(given) == 1:
        table.problem(
            row.line,
            min(given),
            "bulk.half_flight",
            "a flight needs a first and a last day",
            hint="fill both cells, or clear both for the plan's flight",
        )
    if first is None or last is None:
        return {}
    try:
        return {"flight": Flight.from_dates(first, last, zone)}
    except ValidationError as error:
        for issue in error.issues:
            table.placed(row.line, attrs.evolve(issue, path="last"))
        return {}


def _amounts(table: Source, row: Cells, currency: str) -> dict[str, Any]:
    code = row.texts.get("currency", currency)
    cost = _read(table, row, "cost", lambda text: money_of(text, code))
    expect = {}
    for name in _EXPECTED:
        read = _amount_reader(name, code)
        value = _read(table, row, name, read)
        if value is not None:
            expect[name] = value
    return ({"cost": cost} if cost else {}) | ({"expect": expect} if expect else {})


def _amount_reader(name: str, code: str) -> Callable[[str], Any]:
    if kpi(name).unit.value == "money":
        return lambda text: money_of(text, code)
    return lambda text: number_of(text.removesuffix("%").strip())


def money_of(text: str, currency: str) -> Money:
    """
    An amount as agencies write it: `16.000,00 €`, `EUR 16,000`, `16000`.
    """
    found = _AMOUNT.match(text.strip())
    if found is None:
        message = f"'{text[:40]}' is no amount"
        raise ValueError(message)
    word = (found["before"] + found["after"]).strip()
    code = _SIGNS.get(word, word.upper()) or currency
    if not code:
        message = f"'{text[:40]}' has no currency"
        raise ValueError(message)
    return Money(number_of(found["number"]), code)


def number_of(text: str) -> str:
    """
    A number's digits with a point, whatever stood between thousands.
    """
    plain = re.sub(r"[\s\u00a0']", "", text)
    marks = [mark for mark in plain if mark in ".,"]
    if not marks:
        return plain
    kinds = set(marks)
    last = marks[-1]
    whole, _, part = plain.rpartition(last)
    if len(kinds) == 1 and len(marks) > 1:  # 1.000.000
        return plain.replace(last, "")
    if len(kinds) == 1 and len(part) == _THREE and whole.strip("-") not in {"", "0"}:
        message = (
            f"'{text.strip()[:40]}' can be read as {whole}{part} or {whole}.{part}"
        )
        raise ValueError(message)
    return f"{whole.replace(',', '').replace('.', '')}.{part}"


def day_of(text: str) -> date:
    """
    A day as agencies write it: `2027-03-01`, `01.03.2027`, `1 March 2027`.
    """
    head = text.split("T", maxsplit=1)[0].removesuffix(" 00:00:00")
    found = _SLASHED.match(head)
    if found:
        one, two, year = map(int, found.groups())
        if min(one, two) <= _MONTHS < max(one, two):
            return date(year, min(one, two), max(one, two))
        if one != two:
            message = f"'{text[:40]}' can be read as two days"
            raise ValueError(message)
        return date(year, one, two)
    for form in _DAYS:
        try:
            return datetime.strptime(head, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    message = f"'{text[:40]}' is no day"
    raise ValueError(message)
