"""
Reading ad accounts for an audit; nothing is written, on no platform and in no state.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from smmlib.errors import UnsupportedError
from smmlib.model import Flight
from smmlib.planning import Audit, AuditedAccount, judge_accounts
from smmlib.ports import AccountSource

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smmlib.model import MediaPlan
    from smmlib.workspace._workspace import Workspace

_DAYS = 30


def audit(work: Workspace, plan: MediaPlan | None = None) -> Audit:
    """
    Look through every connected ad account: what is wrong, and what hangs on it.

    Orphans, names, UTM tags, budgets, dates, audiences that compete, and live objects
    that no plan knows; each with the money at stake. Only reads.

    Args:
        work: The connected accounts.
        plan: The plan they should follow; without one every live object is unknown.

    Returns:
        Findings and plans that mend them; shows itself as a table.
    """
    notes: list[str] = []
    accounts = list(_read(work, plan, notes))
    return judge_accounts(accounts, wanted=plan, notes=notes)


def _read(
    work: Workspace, plan: MediaPlan | None, notes: list[str]
) -> Iterator[AuditedAccount]:
    planned = {} if plan is None else _planned(work, plan)
    now = work.now()
    for name, platform in work.platforms.items():
        if not isinstance(platform, AccountSource):
            notes.append(f"{name}: its accounts cannot be read as a plan")
            continue
        try:
            found = platform.import_account()
        except UnsupportedError as error:
            notes.append(f"{name}: {error}")
            continue
        account = platform.account()
        spend: dict[str, Decimal] = {}
        for row in platform.metrics(Flight(now - timedelta(days=_DAYS), now)):
            spend[row.ad] = spend.get(row.ad, Decimal(0)) + row.spend
        yield AuditedAccount(
            name,
            plan=found.plan,
            ids=found.ids,
            planned=planned,
            spend=spend,
            currency=account.currency,
            on=now.date(),
        )


def _planned(work: Workspace, plan: MediaPlan) -> dict[str, str]:
    """
    Path in the plan of everything that was set up from it, by the platform's id.
    """
    known = work._store(plan).snapshot().resources  # noqa: SLF001 - the same package
    return {
        thing.remote_id: thing.address
        for thing in known.values()
        if thing.address.startswith("campaigns.")
    }
