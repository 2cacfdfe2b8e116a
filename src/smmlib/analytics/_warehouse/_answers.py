"""
Questions checked before the database sees them, and its rows made into sums.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from smmlib.analytics._kpi_expressions import missing_sums
from smmlib.analytics._totals import COUNTS, Totals
from smmlib.analytics._warehouse import _rows as rows_of
from smmlib.errors import Issue, ValidationError
from smmlib.model import FrozenMap, kpi
from smmlib.model._checks import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from smmlib.model import Money


def account_rows(
    metrics: Sequence[Any], scope: str, totals: Mapping[date, Money]
) -> list[dict[str, Any]]:
    """
    What an account says it spent, as rows.
    """
    scopes = {row["scope"] for row in metrics} or {scope}
    if totals and (len(scopes) != 1 or scopes == {""}):
        text = "totals of an account need rows of one account, or its scope"
        raise ValidationError([Issue("account_totals", "warehouse.scope", text)])
    name = next(iter(scopes))
    return [
        {
            "scope": name,
            "on": on,
            "spend": rows_of.amount(money.amount, "account_totals"),
            "currency": money.currency,
        }
        for on, money in totals.items()
    ]


def reader(
    by: Sequence[str], columns: Sequence[str], unit: str, metrics: Sequence[str]
) -> Callable[[Sequence[Any]], Totals]:
    """
    What makes a row of an answer into sums; a report has thousands of rows.
    """
    place = {name: n for n, name in enumerate(columns)}
    labels = [(name, place[f"by_{n}"]) for n, name in enumerate(by)]
    wanted = [(name, place[name]) for name in metrics if name in place]
    empty = dict.fromkeys(("spend", *COUNTS, "revenue", "reach"))

    def read(row: Sequence[Any]) -> Totals:
        named = {name: _text(row[n]) for name, n in labels}
        rows = int(row[place["rows"]] or 0)
        values: dict[str, Decimal | None] = dict(empty)
        for name, n in wanted:
            cell = row[n]
            values[name] = Decimal(cell) if isinstance(cell, int) else cell
        reach = values["reach"]
        if rows != 1:
            values["reach"] = None
        if "spend" in metrics and values["spend"] is None:
            values["spend"] = Decimal(0)
        return Totals(
            FrozenMap(named),
            FrozenMap(values),
            currency=unit or named.get("currency", ""),
            rows=rows,
            reach_at_least=None if reach is None else int(reach),
        )

    return read


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    return str(cell)[:10] if isinstance(cell, date) else str(cell)


def check_sums(metrics: Sequence[str], order: str, known: Sequence[str]) -> None:
    """
    Refuse metrics there are none of, and an order by what is not summed.
    """
    for name in metrics:
        if name not in known:
            unknown("metrics", name, known)
    name = order.removeprefix("-")
    if name and name not in metrics:
        for lacking in missing_sums(kpi(name), metrics):
            unknown("metrics", lacking, metrics)


def is_word(name: str) -> bool:
    """
    Whether a name can be that of a breakdown.
    """
    return name.replace("_", "").isalnum()


def unknown(path: str, name: str, known: Sequence[str]) -> None:
    """
    Refuse a name the warehouse does not know.
    """
    raise ValidationError(
        [
            Issue(
                path,
                "warehouse.unknown",
                f"the warehouse knows no '{name}'",
                value=name,
                limit=", ".join(known),
                hint=did_you_mean(name, known),
            )
        ]
    )
