"""
Rows taken in: a window is restated as a whole, day by day, and never counted twice.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.analytics._show import Grid
from smmlib.analytics._warehouse._schema import TABLES
from smmlib.analytics._warehouse._schema import table as expression
from smmlib.errors import Issue, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    Row = Mapping[str, Any]
    Ask = Callable[[Any], tuple[tuple[str, ...], list[tuple[Any, ...]]]]
    Put = Callable[[str, str, Mapping[date, list[Row]]], None]

_BATCH = 31  # days per transaction: what is whole stays when a later one fails
# What makes two rows the same thing. An ad is one thing on all days of a window; a
# page's day and a record are one each.
IDENTITY: dict[str, tuple[str, ...]] = {
    "metrics": ("network", "account", "campaign", "ad_set", "ad"),
    "growth": ("on", "network", "account"),
    "touches": ("person", "at", "kind", "channel", "campaign", "ad"),
    "conversions": ("conversion_id",),
    "plan": (),
    "accounts": ("on", "currency"),
    "rates": ("on",),
}


@attrs.frozen
class Mismatch:
    """
    A day on which the rows of an account do not sum to what the account says.

    Attributes:
        scope: Platform and account.
        on: The day.
        currency: Currency of the amounts.
        account: What the account says was spent.
        rows: What its rows sum to.
    """

    scope: str
    on: date
    currency: str = attrs.field(kw_only=True)
    account: Decimal = attrs.field(kw_only=True)
    rows: Decimal = attrs.field(kw_only=True)

    @property
    def difference(self) -> Decimal:
        """
        What the rows have too much, or too little where it is below zero.
        """
        return self.rows - self.account


@attrs.frozen(repr=False)
class Ingested:
    """
    What was taken in, left alone, kept, and what does not match.

    Attributes:
        rows: Rows written.
        days: Days written, each of one table and scope.
        unchanged: Days that held the same already.
        kept: Rows of objects that the new numbers no longer name; their spend stays.
        mismatches: Days that do not sum to what the account says.
        notes: What a reader must know.
    """

    rows: int = 0
    days: int = attrs.field(default=0, kw_only=True)
    unchanged: int = attrs.field(default=0, kw_only=True)
    kept: int = attrs.field(default=0, kw_only=True)
    mismatches: tuple[Mismatch, ...] = attrs.field(default=(), kw_only=True)
    notes: tuple[Issue, ...] = attrs.field(default=(), kw_only=True)

    def __add__(self, other: Ingested) -> Ingested:
        return Ingested(
            self.rows + other.rows,
            days=self.days + other.days,
            unchanged=self.unchanged + other.unchanged,
            kept=self.kept + other.kept,
            mismatches=self.mismatches + other.mismatches,
            notes=self.notes + other.notes,
        )

    def __repr__(self) -> str:
        return f"<Ingested: {self._summary()}>"

    def __str__(self) -> str:
        return self._grid().text()

    def _repr_html_(self) -> str:
        return self._grid().html()

    def _summary(self) -> str:
        return (
            f"{self.rows:,} rows of {self.days:,} days written, {self.unchanged:,} "
            f"days unchanged, {self.kept:,} rows kept, {len(self.mismatches):,} "
            "mismatches"
        )

    def _grid(self) -> Grid:
        head = ["account", "day", "currency", "account says", "rows say", "difference"]
        rows = [
            [
                *(m.scope, str(m.on), m.currency),
                *(f"{m.account:,.2f}", f"{m.rows:,.2f}", f"{m.difference:,.2f}"),
            ]
            for m in self.mismatches
        ]
        return Grid(head, rows, caption=self._summary(), left=3)


@attrs.frozen
class Window:
    """
    The days a source speaks for; those of its rows where it does not say.
    """

    first: date | None = None
    last: date | None = None
    drop_missing: bool = False

    def of(self, rows: Sequence[Row]) -> tuple[date, date]:
        days = [row["on"] for row in rows]
        return self.first or min(days), self.last or max(days)


def take_in(
    table: str, rows: Sequence[Row], window: Window, *, ask: Ask, put: Put
) -> Ingested:
    """
    Restate a table's rows, scope by scope.
    """
    scopes: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        scopes[row["scope"]].append(row)
    done = Ingested()
    for scope, group in sorted(scopes.items()):
        done += _take_scope(table, scope, group, window, ask=ask, put=put)
    return done


def _take_scope(
    table: str, scope: str, rows: list[Row], window: Window, *, ask: Ask, put: Put
) -> Ingested:
    first, last = window.of(rows)
    old = _known(table, scope, first, last, ask)
    names = IDENTITY[table]
    new = {tuple(row[name] for name in names) for row in rows}
    stays = [row for row in old if tuple(row[name] for name in names) not in new]
    kept = [] if window.drop_missing or not names else stays
    days: dict[date, list[Row]] = {
        first + timedelta(days=n): [] for n in range((last - first).days + 1)
    }
    for row in (*rows, *kept):
        days.setdefault(row["on"], []).append(row)
    seen = _digests(table, scope, first, last, ask)
    wanted = {day: _digest(table, group) for day, group in days.items()}
    empty = _digest(table, [])
    changed = sorted(day for day in days if wanted[day] != seen.get(day, empty))
    for place in range(0, len(changed), _BATCH):
        batch = changed[place : place + _BATCH]
        put(table, scope, {day: days[day] for day in batch})
        # After the rows: a run that stops between both writes these days once more.
        put(
            "loads",
            f"{table}:{scope}",
            {d: [_load(table, scope, d, days[d])] for d in batch},
        )
    return Ingested(
        sum(len(days[day]) for day in changed),
        days=len(changed),
        unchanged=sum(1 for day, group in days.items() if group)
        - sum(1 for d in changed if days[d]),
        kept=len(kept),
        notes=_kept_note(table, scope, kept),
    )


def _kept_note(table: str, scope: str, kept: Sequence[Row]) -> tuple[Issue, ...]:
    if table != "metrics" or not kept:
        return ()
    names = sorted({row["ad"] or row["ad_set"] or row["campaign"] for row in kept})
    shown = ", ".join(names[:5]) + (", ..." if len(names) > 5 else "")  # noqa: PLR2004 -- a line holds five
    text = (
        f"{len(names):,} objects of {scope} that the new numbers no longer name were "
        f"kept: {shown}"
    )
    hint = (
        "if they were renamed and not deleted, take the window in with missing='drop'"
    )
    return (
        Issue("metrics", "warehouse.kept", text, severity=Severity.INFO, hint=hint),
    )


def _known(table: str, scope: str, first: date, last: date, ask: Ask) -> list[Row]:
    t = expression(table)
    names, rows = ask(t.filter(t.scope == scope, t.on >= first, t.on <= last))
    return [dict(zip(names, row, strict=True)) for row in rows]


def _digests(
    table: str, scope: str, first: date, last: date, ask: Ask
) -> dict[date, str]:
    t = expression("loads")
    fitting = t.filter(t.scope == f"{table}:{scope}", t.on >= first, t.on <= last)
    _, rows = ask(fitting.select("on", "digest"))
    return dict(rows)


def _load(table: str, scope: str, day: date, rows: Sequence[Row]) -> Row:
    currencies = sorted({row.get("currency") or "" for row in rows} - {""})
    return {
        "scope": f"{table}:{scope}",
        "on": day,
        "of": table,
        "digest": _digest(table, rows),
        "rows": len(rows),
        "currencies": ",".join(currencies),
    }


def _digest(table: str, rows: Iterable[Row]) -> str:
    """
    What a day's rows hold, whatever their order.
    """
    lines = sorted(
        "\x1f".join(_cell(row.get(column)) for column in TABLES[table]) for row in rows
    )
    return hashlib.sha256("\x1e".join(lines).encode()).hexdigest()[:32]


def _cell(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value:.9f}"
    return "\x00" if value is None else str(value)
