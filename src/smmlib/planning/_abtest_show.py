"""
A test of variants as people look at it: the answer, a table, intervals as bars.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from smmlib.planning._pace_sheet import Sheet

if TYPE_CHECKING:
    from smmlib.planning._abtest import VariantRow, VariantTest

_WIDE, _HIGH = 320, 22
_ACCENT = "#00897b"


def _sheet(test: VariantTest) -> Sheet:
    rows = [
        [
            row.variant.name,
            f"{row.variant.shown:,}",
            f"{row.variant.won:,}",
            f"{row.variant.rate:.3%}",
            f"{row.low:.3%} – {row.high:.3%}",
            f"{row.best:.1%}",
            "–" if row.lift is None else f"{row.lift:+.1%}",
        ]
        for row in test.rows
    ]
    low, middle, high = test.difference
    proven = (
        f"First less second: {middle:.3%} ({low:.3%} to {high:.3%}); holds at every "
        f"look, a winner where there is none in at most {test.risk:.0%} of tests."
    )
    head = [
        *("variant", "chances", "results", "rate", "rate between"),
        *("best with", "against the next"),
    ]
    return Sheet(
        head,
        rows,
        caption=test.answer,
        notes=[proven, *test.notes],
    )


def variants_text(test: VariantTest) -> str:
    """
    The answer and the table.
    """
    return _sheet(test).text()


def variants_html(test: VariantTest) -> str:
    """
    The answer, the table and a bar with the interval of each rate.
    """
    rows = test.rows
    most = max([1e-12, *(row.high for row in rows)]) * 1.05
    bars = "".join(_bar(row, most, k * _HIGH) for k, row in enumerate(rows))
    return (
        f"{_sheet(test).html()}"
        '<svg xmlns="http://www.w3.org/2000/svg" role="img" '
        f'viewBox="0 0 {_WIDE * 2} {_HIGH * len(rows) + 4}" '
        f'style="max-width:{_WIDE * 2}px" font-family="sans-serif" font-size="11" '
        f'fill="currentColor"><title>Rates of the variants</title>{bars}</svg>'
    )


def _bar(row: VariantRow, most: float, top: int) -> str:
    def x(value: float) -> float:
        return _WIDE + (_WIDE - 10) * value / most

    return (
        f'<text x="4" y="{top + 15}">{escape(row.variant.name[:44])}</text>'
        f'<line x1="{x(row.low):.1f}" x2="{x(row.high):.1f}" y1="{top + 11}" '
        f'y2="{top + 11}" stroke="currentColor"/>'
        f'<circle cx="{x(row.variant.rate):.1f}" cy="{top + 11}" r="4" '
        f'fill="{_ACCENT}"/>'
    )


def variants_data(test: VariantTest) -> dict[str, Any]:
    """
    JSON-ready data.
    """
    low, middle, high = test.difference
    return {
        "verdict": test.verdict,
        "answer": test.answer,
        "winner": test.winner,
        "more": test.more,
        "days": test.days,
        "difference": {"low": low, "middle": middle, "high": high},
        "risk": test.risk,
        "notes": list(test.notes),
        "variants": [
            {
                "name": row.variant.name,
                "shown": row.variant.shown,
                "won": row.variant.won,
                "rate": row.variant.rate,
                "low": row.low,
                "high": row.high,
                "best": row.best,
                "lift": row.lift,
                "p_value": row.p_value,
            }
            for row in test.rows
        ],
    }
