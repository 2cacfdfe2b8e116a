"""
KPI status and returns, as tables for people and as rows for programs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smmlib.cli._text import console, number, show_table

if TYPE_CHECKING:
    from smmlib.analytics import ReturnRow, Returns, TrackedKPI, Tracking

_STATUS_STYLES = {
    "on track": "green",
    "exceeded": "bold green",
    "at risk": "yellow",
    "missed": "bold red",
    "no data": "dim",
}
_FACTS = (
    *("spend", "spend_basis", "claimed_conversions", "claimed_registrations"),
    *("claimed_value", "leads", "registrations", "purchases", "refunds", "revenue"),
    *("customers", "roi", "roas", "claimed_roas", "cac", "cost_per_registration"),
)


def tracking_rows(tracking: Tracking) -> list[dict[str, Any]]:
    """
    One row per target, ready for JSON.
    """
    return [
        {
            "path": row.path,
            "kpi": row.result.target.kpi,
            "label": row.label,
            "line": row.line,
            "owner": row.owner,
            "status": row.result.status,
            "value": row.result.value,
            "expected": row.result.expected,
            "target": row.result.target.target,
            "deadline": row.deadline,
            "elapsed": row.elapsed,
            "source": row.result.source,
        }
        for row in tracking.rows
    ]


def show_tracking(tracking: Tracking) -> None:
    """
    Print how every target stands.
    """
    columns = ("KPI", "status", "source", "now", "expected by now", "target", "until")
    rows = [_tracked(row, tracking.currency) for row in tracking.rows]
    show_table(
        f"Targets as of {tracking.as_of or 'no day'}",
        columns,
        rows,
        left=3,
        styles=_STATUS_STYLES,
    )


def _tracked(row: TrackedKPI, currency: str) -> tuple[str, ...]:
    from smmlib.analytics import amount

    result = row.result
    name = result.target.kpi
    return (
        row.label,
        result.status.value.replace("_", " "),
        result.source,
        amount(name, result.value, currency),
        amount(name, result.expected, currency),
        amount(name, result.target.target),
        str(row.deadline),
    )


def returns_rows(returns: Returns) -> dict[str, Any]:
    """
    All sums, ready for JSON.
    """
    return {
        "currency": returns.currency,
        "model": returns.model,
        "conversions": returns.conversions,
        "unmatched": returns.unmatched,
        "unmatched_share": returns.unmatched_share,
        "elsewhere": returns.elsewhere,
        "total": _row_data(returns.total),
        "channels": [_row_data(row) for row in returns.channels],
        "lines": [_row_data(row) for row in returns.lines],
        "campaigns": [_row_data(row) for row in returns.campaigns],
        "notes": [issue.to_dict() for issue in returns.notes],
    }


def _row_data(row: ReturnRow) -> dict[str, Any]:
    facts = {name: getattr(row, name) for name in _FACTS}
    return {"key": row.key, "name": row.name, "paid": row.paid, **facts}


def show_returns(returns: Returns) -> None:
    """
    Print channels, then lines, and what a reader must know.
    """
    money = returns.currency or "money"
    columns = (
        *("", f"spent ({money})", "claimed purchases", "registrations", "purchases"),
        *("revenue", "ROI %", "ROAS", "CAC"),
    )
    channels = [_returned(row) for row in (*returns.channels, returns.total)]
    show_table(f"By channel, {returns.credited}", columns, channels)
    if returns.lines:
        lines = [_returned(row) for row in returns.lines]
        show_table("By line of the plan", columns, lines)
    screen = console()
    for note in returns.notes:
        screen.print(f"- {note.message}")


def _returned(row: ReturnRow) -> tuple[str, ...]:
    return (
        f"{row.name} ({row.note})" if row.note and row.paid else row.name,
        number(row.spend, 2),
        number(row.claimed_conversions),
        number(row.registrations),
        number(row.purchases),
        number(row.revenue, 2),
        number(row.roi, 1),
        number(row.roas, 2),
        number(row.cac, 2),
    )
