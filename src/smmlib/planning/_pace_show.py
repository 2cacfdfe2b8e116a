"""
Pace as people look at it: a table, a small chart per line, JSON-ready data.
"""

from __future__ import annotations

from decimal import Decimal
from html import escape
from typing import TYPE_CHECKING, Any

from smmlib.planning._pace_sheet import Sheet

if TYPE_CHECKING:
    from smmlib.planning._pace import Pace, PaceRow

_WIDE, _HIGH = 320, 22
_ACCENT = "#00897b"


def _money(value: Decimal | float) -> str:
    return f"{value:,.2f}"


def _sheet(pace: Pace) -> Sheet:
    rows = [_cells(row) for row in pace.rows]
    total = [
        *("total", "", _money(sum((r.budget.amount for r in pace.rows), Decimal(0)))),
        *(_money(sum((r.spent for r in pace.rows), Decimal(0))), "", ""),
        *(_money(sum(r.projection.middle for r in pace.rows)), ""),
        *(f"{pace.now_total.amount:,}", f"{pace.proposed_total.amount:,}"),
        *(_money(sum((r.projected for r in pace.rows), Decimal(0))), ""),
    ]
    head = [
        *("line", "status", "budget", "spent", "expected", "pace", "ends at"),
        *("80 % between", "daily now", "proposed", "then ends at", "why"),
    ]
    unchanged = "daily budgets" if pace.keep == "daily" else "budgets"
    return Sheet(
        head,
        [*rows, total],
        caption=f"Pace as of {pace.as_of}, in {pace.currency}",
        texts=frozenset({0, 1, 11}),
        notes=[
            f"The sum of all {unchanged} is unchanged."
            if not pace.issues
            else f"Note: {pace.issues[0].message}."
        ],
    )


def _cells(row: PaceRow) -> list[str]:
    told = row.projection
    return [
        *(row.line, row.status, f"{row.budget.amount:,}"),
        *(_money(row.spent), _money(row.expected)),
        "–" if row.ratio is None else f"{row.ratio:.2f}",
        *(_money(told.middle), f"{_money(told.low)} – {_money(told.high)}"),
        *(f"{row.now.amount:,}", f"{row.proposed.amount:,}"),
        *(_money(row.projected), row.why),
    ]


def pace_text(pace: Pace) -> str:
    """
    Aligned lines: now, proposed, projected, and why.
    """
    return _sheet(pace).text()


def pace_html(pace: Pace) -> str:
    """
    The table, and for every line a bar of spent and projected money.
    """
    return _sheet(pace).html() + pace_svg(pace)


def pace_svg(pace: Pace) -> str:
    """
    Spent (filled), projected (open) with its interval, and the budget (line), per line.
    """
    bars = "".join(_bar(row, k) for k, row in enumerate(pace.rows))
    high = _HIGH * max(len(pace.rows), 1) + 4
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {_WIDE * 2} '
        f'{high}" style="max-width:{_WIDE * 2}px" font-family="sans-serif" '
        f'font-size="11" fill="currentColor"><title>Spent and projected</title>{bars}'
        "</svg>"
    )


def _bar(row: PaceRow, place: int) -> str:
    most = max(float(row.budget.amount), row.projection.high, float(row.spent), 1e-9)
    most *= 1.05
    y = place * _HIGH

    def x(value: float) -> float:
        return _WIDE + (_WIDE - 10) * max(value, 0.0) / most

    told = row.projection
    return (
        f'<text x="4" y="{y + 15}">{escape(row.line[:44])}</text>'
        f'<rect x="{_WIDE}" y="{y + 5}" height="12" fill="{_ACCENT}" '
        f'width="{x(float(row.spent)) - _WIDE:.1f}"/>'
        f'<line x1="{x(told.low):.1f}" x2="{x(told.high):.1f}" y1="{y + 11}" '
        f'y2="{y + 11}" stroke="currentColor"/>'
        f'<circle cx="{x(told.middle):.1f}" cy="{y + 11}" r="3"/>'
        f'<line x1="{x(float(row.budget.amount)):.1f}" '
        f'x2="{x(float(row.budget.amount)):.1f}" y1="{y + 2}" y2="{y + 20}" '
        'stroke="currentColor" stroke-dasharray="3 2"/>'
    )


def pace_data(pace: Pace) -> dict[str, Any]:
    """
    JSON-ready data; money as text.
    """
    return {
        "as_of": pace.as_of.isoformat(),
        "currency": pace.currency,
        "keep": pace.keep,
        "daily_now": str(pace.now_total),
        "daily_proposed": str(pace.proposed_total),
        "lines": [_row_data(row) for row in pace.rows],
        "issues": [issue.to_dict() for issue in pace.issues],
    }


def _row_data(row: PaceRow) -> dict[str, Any]:
    told = row.projection
    return {
        "line": row.line,
        "status": row.status,
        "budget": str(row.budget),
        "spent": f"{row.spent:f}",
        "expected": f"{row.expected:f}",
        "pace": None if row.ratio is None else f"{row.ratio:.4f}",
        "projection": {
            "low": round(told.low, 2),
            "middle": round(told.middle, 2),
            "high": round(told.high, 2),
            "share": told.share,
            "method": told.method,
        },
        "daily_now": str(row.now),
        "daily_proposed": str(row.proposed),
        "projected": f"{row.projected:f}",
        "new_budget": str(row.new_budget),
        "days_left": row.days_left,
        "why": row.why,
    }
