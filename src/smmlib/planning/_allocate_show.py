"""
An allocation as people look at it: aligned lines, a notebook table, JSON-ready data.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smmlib.planning._allocate import Allocation

_RIGHT = " style='text-align:right'"
_MOST_SHOWN = 200


def number(value: float) -> str:
    """
    A result as people read it: whole from a hundred on, three digits below.
    """
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"  # noqa: PLR2004 - as said


def _table(allocation: Allocation) -> list[tuple[str, ...]]:
    rows = allocation.rows
    found = [
        (
            row.line,
            f"{row.amount.amount:,}",
            number(row.response),
            f"{row.marginal:.4g}",
            row.why,
        )
        for row in rows[:_MOST_SHOWN]
    ]
    if len(rows) > _MOST_SHOWN:
        found.append((f"and {len(rows) - _MOST_SHOWN:,} more", "", "", "", ""))
    if allocation.unspent:
        rest = f"{allocation.unspent.amount:,}"
        found.append(("not spent", rest, "", "", "no line may take it"))
    total = f"{allocation.total.amount:,}"
    return [*found, ("total", total, number(allocation.response), "", "")]


def _heads(allocation: Allocation) -> tuple[str, ...]:
    code = allocation.currency
    return ("line", f"amount {code}", "brings", f"per next {code}", "why")


def _proof(allocation: Allocation) -> str:
    proof = allocation.certificate
    return (
        f"No split can bring more than {proof.bound:,.6g}: "
        f"this one is within {proof.gap:.1e} of it "
        f"({proof.nodes} nodes, by {proof.method})."
    )


def _other_totals(allocation: Allocation) -> list[tuple[str, ...]]:
    return [
        (
            f"{row.change:+} %",
            f"{row.total.amount:,}",
            number(row.response),
            ("+" if row.difference >= 0 else "−") + number(abs(row.difference)),
        )
        for row in allocation.sensitivity()
    ]


_OTHER_HEADS = ("change", "total", "would bring", "difference")


def _aligned(rows: Sequence[Sequence[str]], *, left: frozenset[int]) -> list[str]:
    wide = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    return [
        "  ".join(
            f"{cell:<{wide[k]}}" if k in left else f"{cell:>{wide[k]}}"
            for k, cell in enumerate(row)
        ).rstrip()
        for row in rows
    ]


def allocation_text(allocation: Allocation) -> str:
    """
    Aligned lines: every line with amount, result and reason, the proof, other totals.
    """
    table = [_heads(allocation), *_table(allocation)]
    lines = _aligned(table, left=frozenset({0, 4}))
    lines += ["", _proof(allocation)]
    if others := _other_totals(allocation):
        lines += ["", *_aligned([_OTHER_HEADS, *others], left=frozenset({0}))]
    return "\n".join(lines)


def _row(cells: Sequence[str], tag: str, left: frozenset[int]) -> str:
    return "".join(
        f"<{tag}{'' if k in left else _RIGHT}>{escape(cell)}</{tag}>"
        for k, cell in enumerate(cells)
    )


def _html(
    caption: str,
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    left: frozenset[int],
) -> str:
    body = "".join(f"<tr>{_row(row, 'td', left)}</tr>" for row in rows)
    return (
        f"<table><caption>{escape(caption)}</caption>"
        f"<tr>{_row(head, 'th', left)}</tr>{body}</table>"
    )


def allocation_html(allocation: Allocation) -> str:
    """
    The table, the proof, the curves with the chosen points, and other totals.
    """
    caption = f"Best split of {allocation.total}"
    parts = [
        _html(caption, _heads(allocation), _table(allocation), left=frozenset({0, 4})),
        f"<p>{escape(_proof(allocation))}</p>",
        allocation.chart(),
    ]
    if others := _other_totals(allocation):
        parts.append(_html("Other totals", _OTHER_HEADS, others, frozenset({0})))
    return "".join(parts)


def allocation_data(allocation: Allocation) -> dict[str, Any]:
    """
    JSON-ready data; money as text, results as numbers.
    """
    proof = allocation.certificate
    return {
        "total": str(allocation.total),
        "unspent": str(allocation.unspent),
        "response": proof.value,
        "results": allocation.results,
        "certificate": {
            "value": proof.value,
            "bound": proof.bound,
            "gap": proof.gap,
            "nodes": proof.nodes,
            "method": proof.method,
        },
        "lines": [
            {
                "line": row.line,
                "amount": str(row.amount),
                "own": str(row.own),
                "response": row.response,
                "results": dict(row.results),
                "marginal": row.marginal,
                "binds": row.binds,
                "why": row.why,
            }
            for row in allocation.rows
        ],
        "sensitivity": [
            {
                "change": f"{row.change:f}",
                "total": str(row.total),
                "response": row.response,
                "difference": row.difference,
                "marginal": row.marginal,
            }
            for row in allocation.sensitivity()
        ],
    }
