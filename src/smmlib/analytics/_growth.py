"""
How followers and coverage grew on every network.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.analytics._facts import Facts
from smmlib.analytics._growth_query import growth_query
from smmlib.analytics._show import Grid, number
from smmlib.analytics._tabular import Tabular
from smmlib.analytics._window import growth_between
from smmlib.errors import Issue, ValidationError
from smmlib.model import kpi

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from smmlib.analytics._warehouse import Warehouse

ALL = "all networks"


@attrs.frozen
class NetworkGrowth:
    """
    How one network's pages grew.

    Attributes:
        network: Where; `all networks` for their sum.
        followers_before: Followers at the start; None where they were counted once.
        followers: Followers at the end.
        reach_before: People reached a day, as the mean of the week at the start.
        reach: The same of the last week.
    """

    network: str
    followers_before: Decimal | None = attrs.field(default=None, kw_only=True)
    followers: Decimal | None = attrs.field(default=None, kw_only=True)
    reach_before: Decimal | None = attrs.field(default=None, kw_only=True)
    reach: Decimal | None = attrs.field(default=None, kw_only=True)

    @property
    def values(self) -> dict[str, Decimal | None]:
        """
        The base metrics, as KPI formulas call them.
        """
        return {
            name: getattr(self, name)
            for name in ("followers_before", "followers", "reach_before", "reach")
        }

    @property
    def follower_growth(self) -> Decimal | None:
        """
        Followers won, in percent; None where it is undefined.
        """
        return kpi("follower_growth").value(self.values)

    @property
    def coverage_growth(self) -> Decimal | None:
        """
        Coverage won, in percent; None where it is undefined.
        """
        return kpi("coverage_growth").value(self.values)


@attrs.frozen(repr=False)
class Growth(Tabular):
    """
    Followers and coverage of every network, and how much they grew.

    Attributes:
        rows: One for each network, by name.
        total: All networks together: followers of several are not several people.
        first: The first day.
        last: The last day.
    """

    rows: tuple[NetworkGrowth, ...]
    total: NetworkGrowth
    first: date = attrs.field(kw_only=True)
    last: date = attrs.field(kw_only=True)

    def __iter__(self) -> Iterator[NetworkGrowth]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, network: str) -> NetworkGrowth:
        """
        One network's growth by its name.
        """
        return {row.network: row for row in self.rows}[network]

    def __repr__(self) -> str:
        return f"<Growth of {len(self.rows)} networks, {self.first} to {self.last}>"

    def __str__(self) -> str:
        return self._grid().text()

    def _repr_html_(self) -> str:
        return self._grid().html()

    def _table(self) -> tuple[Sequence[str], Sequence[Sequence[Any]]]:
        names = ("network", *self.total.values, "follower_growth", "coverage_growth")
        rows = [[getattr(row, name) for name in names] for row in self.rows]
        return names, rows

    def _grid(self) -> Grid:
        head = ["network", "followers before", "followers", "growth"]
        head += ["reach a day before", "reach a day", "growth"]
        rows = [self._cells(row) for row in (*self.rows, self.total)]
        caption = f"Growth from {self.first} to {self.last}"
        return Grid(head, rows, caption=caption)

    @staticmethod
    def _cells(row: NetworkGrowth) -> list[str]:
        return [
            row.network,
            number(row.followers_before),
            number(row.followers),
            _percent(row.follower_growth),
            number(row.reach_before),
            number(row.reach),
            _percent(row.coverage_growth),
        ]


def _percent(value: Decimal | None) -> str:
    return number(None) if value is None else f"{value:+,.1f} %"


def growth(
    source: Facts | Warehouse, *, first: date | None = None, last: date | None = None
) -> Growth:
    """
    Followers and coverage of every network at the start and at the end, with growth %.

    Followers are compared with the last count up to the first day; coverage, which
    swings with weekdays, as the mean of a week with the mean of a week. Where something
    was counted once, its growth is undefined, not zero.

    Args:
        source: Facts, or the warehouse they stand in.
        first: The first day; the earliest with growth facts when left out.
        last: The last day; the latest when left out.

    Raises:
        ValidationError: Nothing is known of any page.
    """
    days = _days(source)
    if days is None:
        text = "no followers and no reach of any page are known"
        raise ValidationError(
            [Issue("growth", "growth.none", text, hint="pull, or read a growth export")]
        )
    start, end = first or days[0], last or days[1]
    if isinstance(source, Facts):
        rows, total = _of_facts(source, start, end)
    else:
        rows, total = _of_warehouse(source, start, end)
    return Growth(
        tuple(NetworkGrowth(name, **rows[name]) for name in sorted(rows)),
        NetworkGrowth(ALL, **total),
        first=start,
        last=end,
    )


def _days(source: Facts | Warehouse) -> tuple[date, date] | None:
    if isinstance(source, Facts):
        days = [row.on for row in source.growth]
        return (min(days), max(days)) if days else None
    t = source.table("growth")
    first, last = source.run(t.agg(first=t.on.min(), last=t.on.max())).rows[0]
    return None if first is None else (first, last)


_NAMES = ("followers_before", "followers", "reach_before", "reach")
Sums = dict[str, Decimal | None]


def _of_facts(facts: Facts, first: date, last: date) -> tuple[dict[str, Sums], Sums]:
    networks = {row.network for row in facts.growth if row.on <= last}
    rows = {
        network.value: _filled(growth_between(facts.growth, first, last, network))
        for network in networks
    }
    return rows, _filled(growth_between(facts.growth, first, last, None))


def _filled(values: Mapping[str, Decimal | None]) -> Sums:
    return {name: values.get(name) for name in _NAMES}


def _of_warehouse(
    warehouse: Warehouse, first: date, last: date
) -> tuple[dict[str, Sums], Sums]:
    table = warehouse.table("growth")
    rows: dict[str, Sums] = {}
    total: Sums = dict.fromkeys(_NAMES)
    for whole in (False, True):
        found = warehouse.run(growth_query(table, first, last, whole=whole))
        for cells in found.rows:
            row = dict(zip(found.columns, cells, strict=True))
            sums = _sums_of(row)
            if whole:
                total = sums
            else:
                rows[row["network"]] = sums
    return rows, total


def _sums_of(row: Mapping[str, Any]) -> Sums:
    """
    One network's answer of the database.
    """
    counted = row["followers_now"] is not None
    grown = counted and row["last_count"] > row["first_count"]
    known = bool(row["early_days"]) and bool(row["late_days"])
    return {
        "followers": Decimal(row["followers_now"]) if counted else None,
        "followers_before": Decimal(row["followers_start"]) if grown else None,
        "reach_before": _mean(row, "early") if known else None,
        "reach": _mean(row, "late") if known else None,
    }


def _mean(row: Mapping[str, Any], which: str) -> Decimal:
    return Decimal(row[f"{which}_reach"]) / Decimal(row[f"{which}_days"])
