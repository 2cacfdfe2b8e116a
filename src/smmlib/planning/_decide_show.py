"""
Decisions and rehearsals as people look at them, and as JSON-ready data.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from smmlib.planning._pace_sheet import Sheet

if TYPE_CHECKING:
    from smmlib.planning._decide import Decision, Decisions, Rehearsal

_HEAD = ("on", "rule", "what", "action", "before", "after", "why")


def _sheet(rows: Sequence[Decision], caption: str, notes: Sequence[str] = ()) -> Sheet:
    cells = [
        [
            row.on.isoformat(),
            row.rule,
            row.address,
            row.action,
            row.before,
            row.after,
            row.reason,
        ]
        for row in rows
    ]
    return Sheet(
        _HEAD,
        cells or [["–", "", "", "nothing", "", "", "no rule applies"]],
        caption=caption,
        texts=frozenset(range(len(_HEAD))),
        notes=notes,
    )


def _of_decisions(found: Decisions) -> Sheet:
    caption = f"{len(found.acting)} changes decided, nothing set yet"
    held = len(found.rows) - len(found.acting)
    notes = [f"{held} held back."] if held else []
    return _sheet(found.rows, caption, notes)


def decisions_text(found: Decisions) -> str:
    """
    Aligned lines: what, why, before and after.
    """
    return _of_decisions(found).text()


def decisions_html(found: Decisions) -> str:
    """
    The same as a table.
    """
    return _of_decisions(found).html()


def decisions_data(found: Decisions) -> dict[str, Any]:
    """
    JSON-ready data.
    """
    return {
        "changes": len(found.acting),
        "decisions": found.log,
        "plan_before": found.before.content_hash,
        "plan_after": found.plan.content_hash,
    }


def _counted(counts: Mapping[str, float]) -> str:
    named = (f"{value:,.0f} {name}" for name, value in counts.items())
    return ", ".join(named) or "no result"


def _of_rehearsal(found: Rehearsal) -> Sheet:
    first, last = found.days
    money = found.currency
    saved = (
        f"Pauses would have saved {found.saved:,.2f} {money} and lost "
        f"{_counted(found.lost)}."
    )
    added = (
        f"Raises would have spent {found.added:,.2f} {money} more, for "
        f"{_counted(found.gained)} at the same cost per result."
    )
    caption = f"What the rules would have done from {first} to {last}"
    return _sheet(found.rows, caption, [saved, added])


def rehearsal_text(found: Rehearsal) -> str:
    """
    Aligned lines, and what it would have saved, lost and gained.
    """
    return _of_rehearsal(found).text()


def rehearsal_html(found: Rehearsal) -> str:
    """
    The same as a table.
    """
    return _of_rehearsal(found).html()


def rehearsal_data(found: Rehearsal) -> dict[str, Any]:
    """
    JSON-ready data.
    """
    return {
        "first": found.days[0].isoformat(),
        "last": found.days[1].isoformat(),
        "currency": found.currency,
        "saved": f"{found.saved:f}",
        "lost": dict(found.lost),
        "added": f"{found.added:f}",
        "gained": dict(found.gained),
        "decisions": [row.to_dict() for row in found.rows],
    }
