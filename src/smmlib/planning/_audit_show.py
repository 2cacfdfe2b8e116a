"""
An audit as people look at it: findings by the money at stake, and JSON-ready data.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import attrs

from smmlib.planning._pace_sheet import Sheet

if TYPE_CHECKING:
    from smmlib.planning._audit import Audit


def _sheet(audit: Audit) -> Sheet:
    rows = [
        [
            one.kind,
            one.platform,
            one.name,
            str(one.stake),
            one.message,
            one.fix,
        ]
        for one in audit.findings
    ]
    pauses = sum(one.action == "pause" for one in audit.findings)
    notes = [f"The fix plans pause {pauses} of them; nothing is changed before that."]
    return Sheet(
        ["kind", "platform", "what", "at stake", "why", "fix"],
        rows or [["–", "", "", "", "nothing was found", ""]],
        caption=f"{len(audit.findings)} findings in {audit.accounts} accounts",
        texts=frozenset({0, 1, 2, 4, 5}),
        notes=[*(notes if pauses else []), *audit.notes],
    )


def audit_text(audit: Audit) -> str:
    """
    Aligned lines, the most money first.
    """
    return _sheet(audit).text()


def audit_html(audit: Audit) -> str:
    """
    The same as a table.
    """
    return _sheet(audit).html()


def audit_data(audit: Audit) -> dict[str, Any]:
    """
    JSON-ready data.
    """
    found: list[Mapping[str, Any]] = [
        {**attrs.asdict(one, recurse=False), "stake": str(one.stake)}
        for one in audit.findings
    ]
    return {
        "ok": audit.ok,
        "accounts": audit.accounts,
        "findings": found,
        "fixes": {name: plan.content_hash for name, plan in audit.fixes.items()},
        "notes": list(audit.notes),
    }
