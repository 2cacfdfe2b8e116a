"""
A split as people look at it: a table in a notebook, aligned lines in a terminal.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smmlib.model import Money
    from smmlib.planning._split import Split

_PART_NAMES = {
    "agency_fee": "Agency fee",
    "production": "Production",
    "tax": "Tax",
    "reserve": "Reserve",
}
_SHARE = "share of all line money"
_RIGHT = " style='text-align:right'"


def _amount(money: Money) -> str:
    return f"{money.amount:,}"


def _rest(split: Split) -> list[tuple[str, Money]]:
    """
    What stands below the lines.
    """
    kept = [(_PART_NAMES.get(n, n), money) for n, money in split.parts.items()]
    return [*kept, ("Not yet planned", split.unallocated), ("Total", split.total)]


def split_text(split: Split) -> str:
    """
    Aligned lines under a head: name, cost, share of the money of all lines, reason.
    """
    rows = [("line", "cost", _SHARE, "why")]
    rows += [
        (
            row.line,
            f"{_amount(row.amount)} {split.currency}",
            "" if row.share is None else f"{row.share:.1f} %",
            row.why,
        )
        for row in split.rows
    ]
    rows += [
        (name, f"{_amount(money)} {split.currency}", "", "")
        for name, money in _rest(split)
    ]
    wide = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = [
        f"{name:<{wide[0]}}  {money:>{wide[1]}}  {share:>{wide[2]}}  {why}".rstrip()
        for name, money, share, why in rows
    ]
    if split.allocation is not None:
        lines += ["", str(split.allocation)]
    return "\n".join(lines)


def _cells(values: list[str], tag: str = "td", *, left: int = 2) -> str:
    return "".join(
        f"<{tag}{'' if place < left else _RIGHT}>{escape(value)}</{tag}>"
        for place, value in enumerate(values)
    )


def split_html(split: Split) -> str:
    """
    A table with net and gross per line, totals per network and the rest.
    """
    head = _cells(["line", "networks", "cost", _SHARE, "net", "gross"], "th")
    body = [
        _cells(
            [
                row.name,
                ", ".join(row.networks),
                _amount(row.amount),
                "" if row.share is None else f"{row.share:.1f} %",
                _amount(row.net),
                _amount(row.gross),
            ]
        )
        for row in split.rows
    ]
    body += [_cells([name, "", _amount(m), "", "", ""]) for name, m in _rest(split)]
    table = "".join(f"<tr>{row}</tr>" for row in (head, *body))
    networks = ", ".join(
        f"{escape(name)} {_amount(money)}" for name, money in split.by_network.items()
    )
    best = split.allocation
    proof = "" if best is None else best._repr_html_()
    return (
        f"<table><caption>Budget split in {escape(split.currency)}</caption>{table}"
        f"</table><p>By network: {networks}</p>{proof}"
    )
