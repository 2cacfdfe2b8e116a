"""
What must hold before anything is written: nothing moved, nothing unapproved.
"""

from __future__ import annotations

import getpass
import os
import socket
from collections.abc import Collection, Iterator, Sequence

from smmlib.deploy._change import Change
from smmlib.deploy._changes import ChangeSet
from smmlib.deploy._plan import belongs
from smmlib.deploy._target import Target
from smmlib.errors import SpendGuardError, StaleChangesError, ValidationError
from smmlib.model import MediaPlan, Money
from smmlib.ports import Action, Clock, State, StateStore

SANDBOX = "sandbox"
"""
The one environment without real money; every other one needs an allowlist.
"""

_SHORTEST_TOKEN = 12
_AGAIN = "make a new change set with plan, and look at it"


def holder() -> str:
    """
    Who applies, for somebody who finds the state locked.
    """
    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # containers run as users without a name
        user = "somebody"
    return f"{user}@{socket.gethostname()} process {os.getpid()}"


def check_changes(
    changes: ChangeSet,
    plan: MediaPlan,
    targets: Sequence[Target],
    *,
    clock: Clock,
    allowlist: Collection[str],
) -> None:
    """
    What can be seen without the state: plan, accounts, environment, age, errors.

    Raises:
        StaleChangesError: Plan or accounts are not those of the change set, or too old.
        ValidationError: The change set has errors.
        SpendGuardError: Real money, and an account that is not on the allowlist.
    """
    if changes.plan_hash != plan.content_hash:
        raise StaleChangesError(
            "the plan was edited after the change set was made", hint=_AGAIN
        )
    now = clock.now()
    if now > changes.expires_at:
        raise StaleChangesError(
            f"the change set expired at {changes.expires_at:%Y-%m-%d %H:%M %Z}",
            hint=_AGAIN,
        )
    _same_accounts(changes, targets)
    errors = [issue for issue in changes.issues if issue.is_error]
    if errors:
        raise ValidationError(errors)
    if changes.environment != SANDBOX:
        _allowed(changes.environment, targets, allowlist)


def _same_accounts(changes: ChangeSet, targets: Sequence[Target]) -> None:
    there = {target.key: target.account for target in targets}
    for key, account in changes.accounts.items():
        now = there.get(key)
        if now is None:
            raise StaleChangesError(
                f"the change set is for account {key}, which is not connected "
                f"(connected: {', '.join(there) or 'none'})",
                hint=_AGAIN,
            )
        if (now.currency, now.zone) != (account.currency, account.zone):
            raise StaleChangesError(
                f"account {key} had currency {account.currency} and zone "
                f"{account.zone}, now it has {now.currency} and {now.zone}",
                hint=_AGAIN,
            )
    extra = sorted(set(there) - set(changes.accounts))
    if extra:
        raise StaleChangesError(
            f"the change set does not know account {extra[0]}", hint=_AGAIN
        )


def _allowed(
    environment: str, targets: Sequence[Target], allowlist: Collection[str]
) -> None:
    allowed = {_number(entry) for entry in allowlist}
    for target in targets:
        if _number(target.account.id) not in allowed and target.key not in allowlist:
            raise SpendGuardError(
                f"account {target.key} is not on the allowlist of {environment}",
                hint="add it to the allowlist in smm.toml if it is the right one",
            )


def _number(account: str) -> str:
    """
    The number of an account that is named by a URN, such as LinkedIn's.
    """
    head, _, number = account.rpartition(":")
    return number if head.startswith("urn:") and head.endswith("Account") else account


def check_state(changes: ChangeSet, plan: MediaPlan, state: State) -> None:
    """
    Refuse when the state moved on, unless it was moved by this very change set.

    Raises:
        StaleChangesError: Another store, or another apply came in between.
    """
    if state.environment != changes.environment:
        raise StaleChangesError(
            f"the changes are for the environment {changes.environment!r}, this is "
            f"{state.environment!r}",
            hint=f"use the environment {changes.environment!r}, or plan again here",
        )
    belongs(plan, state, changes.environment)
    if state.lineage != changes.lineage:
        raise StaleChangesError(
            "the change set was made with another state store", hint=_AGAIN
        )
    if state.serial != changes.serial and state.run != changes.hash:
        raise StaleChangesError(
            f"something was applied since the change set was made (state "
            f"{state.serial}, change set {changes.serial})",
            hint=_AGAIN,
        )


def check_covered(fresh: ChangeSet, approved: ChangeSet) -> None:
    """
    Everything due now must have been shown: less is fine (a resumed run), more is not.

    Raises:
        StaleChangesError: Somebody changed something on the platform in between.
    """
    errors = [issue for issue in fresh.issues if issue.is_error]
    if errors:
        raise ValidationError(errors)
    shown: dict[tuple[str, str], list[Change]] = {}
    for change in approved.changes:
        shown.setdefault((change.target, change.address), []).append(change)
    new = [
        due
        for due in fresh.changes
        if not (due.writes == 0 and approved.changes)
        and not any(_covers(a, due) for a in shown.get((due.target, due.address), ()))
    ]
    if new:
        first, are = new[0], "change is" if len(new) == 1 else "changes are"
        raise StaleChangesError(
            f"{len(new)} {are} due that the change set does not show; first: "
            f"{first.action} {first.address}",
            hint=_AGAIN,
        )


def _covers(shown: Change, due: Change) -> bool:
    """
    Whether what was shown for an address allows what is due there.
    """
    if due.action is Action.ARCHIVE:
        return _covers_archive(shown, due)
    # What needs several writes may stand there half made, and paused: it is finished.
    # Its name comes with the first of them: another one was given by a person.
    making = due.action is Action.CREATE or (
        due.action is Action.UPDATE
        and shown.action in {Action.CREATE, Action.REPLACE}
        and not due.live
        and not any(field.path == "name" for field in due.fields)
    )
    same = (making or shown.fingerprint == due.fingerprint) and (
        shown.content == due.content
        and shown.generation == due.generation
        and due.raises <= shown.raises
    )
    if not same:
        return False
    if making:
        return shown.action in {Action.CREATE, Action.REPLACE}
    return shown.action is due.action and _covers_fields(shown, due)


def _covers_archive(shown: Change, due: Change) -> bool:
    if shown.action is Action.REPLACE:
        return due.generation < shown.generation and due.live <= shown.live
    same = (shown.action, shown.remote_id, shown.fingerprint) == (
        due.action,
        due.remote_id,
        due.fingerprint,
    )
    return same and due.live <= shown.live


def _covers_fields(shown: Change, due: Change) -> bool:
    """
    The same fields (or fewer) from the same values; new ids were not known before.
    """
    before = {field.path: field.before for field in shown.fields}
    return all(
        field.path in before and before[field.path] == field.before
        for field in due.fields
    )


# -- money ----------------------------------------------------------------------------


def check_approval(
    changes: ChangeSet,
    store: StateStore,
    *,
    approve: Money | str | None,
    by: str,
    clock: Clock,
) -> None:
    """
    The second key: the very amount that was shown, to the cent; kept with the hash.

    Raises:
        SpendGuardError: No approval, or of another amount.
    """
    total = changes.total
    shown = str(total) if total is not None else "nothing"
    if approve is None:
        if total is not None and store.approved(changes.hash) == shown:
            return
        raise SpendGuardError(
            f"up to {shown} could be spent and nobody approved it",
            hint=f'approve the amount that was shown: approve="{shown}"',
        )
    amount = approved_amount(changes, approve)
    if total is None or amount != total:
        raise SpendGuardError(
            f"{amount} was approved, but up to {shown} could be spent",
            hint="look at the change set again and approve exactly what it shows",
        )
    store.approve(changes.hash, shown, by=by or holder(), at=clock.now())


def approved_amount(changes: ChangeSet, approve: Money | str) -> Money:
    """
    The amount of an approval; a token must have been made for these very changes.

    A token is the fingerprint of a change set, or of the plan, or at least twelve
    characters of its beginning, then a colon and the amount.

    Raises:
        SpendGuardError: The token is for other changes.
        MoneyError: The amount is none.
    """
    if not isinstance(approve, str):
        return approve
    token, colon, amount = approve.rpartition(":")
    if not colon:
        return Money.parse(approve)
    bound = (changes.hash, changes.plan_hash)
    if len(token) < _SHORTEST_TOKEN or not any(h.startswith(token) for h in bound):
        raise SpendGuardError(
            f"this approval was given for something else: {token[:16]}...",
            hint=f"approve what is shown now: {changes.approval or 'nothing'}",
        )
    return Money.parse(amount)


def unapproved_raise(changes: ChangeSet, store: StateStore) -> bool:
    """
    Whether something that runs could spend more than anybody agreed to.

    Shifting money within the approved total is free, as daily pacing does it; more
    than the total, or over half as much again for one object, needs a person.
    """
    raised = list(raising(changes))
    if not raised:
        return False
    approvals, total = store.approvals(), changes.total
    if not approvals or total is None or any(change.steep for change in raised):
        return True
    approved = Money.parse(approvals[-1].amount)
    return approved.currency != total.currency or total > approved


def raising(changes: ChangeSet) -> Iterator[Change]:
    """
    Changes that let something that is running now spend more.
    """
    return (change for change in changes.changes if change.raises)
