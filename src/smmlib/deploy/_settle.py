"""
Settle writes whose answer was lost: look them up, never send them again blindly.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import attrs

from smmlib.deploy._observe import find, settle_moment, wait_until
from smmlib.deploy._run import Run
from smmlib.deploy._target import Target
from smmlib.errors import OutcomeUnknownError, PlatformError
from smmlib.model import FrozenMap
from smmlib.ports import Action, Intent, Kind, Phase, Remote, Tracked

# A request that is on its way longer than this is not coming any more.
_LONGEST_REQUEST = timedelta(minutes=10)


def closed(intent: Intent, *, remote_id: str = "", error: str = "") -> Intent:
    """
    The intent with its outcome: done with an id, or failed with a reason.
    """
    return attrs.evolve(
        intent,
        phase=Phase.FAILED if error else Phase.DONE,
        remote_id=remote_id or intent.remote_id,
        error=error,
    )


def look_up(
    run: Run, target: Target, intents: Iterable[Intent], until: datetime
) -> dict[str, Remote]:
    """
    The oldest living object of each lost create, by marker.

    Twice, and no more: at once, and for what is missing when the window is over. Only
    an empty answer from then on proves that nothing was made.

    Raises:
        OutcomeUnknownError: The platform cannot be asked; the intents stay open.
    """
    missing: dict[str, Kind] = {intent.marker: intent.kind for intent in intents}
    _must_find(target, missing)
    found = _look(target, missing)
    left = {mark: kind for mark, kind in missing.items() if mark not in found}
    if left and run.clock.now() < until:
        run.tell(f"waiting for {target.platform.name} to show what was made")
        wait_until(run.clock, until)
        found |= _look(target, left)
    return found


def _look(target: Target, marks: Mapping[str, Kind]) -> dict[str, Remote]:
    try:
        hits = find(target, marks)
    except PlatformError as error:
        raise OutcomeUnknownError(
            f"{len(marks)} writes were sent to {target.key}, their answers were lost, "
            f"and the platform cannot be asked: {error.message}",
            hint="nothing more was sent; apply again later, it goes on from here",
        ) from error
    return {mark: remotes[0] for mark, remotes in hits.items()}


def _must_find(target: Target, marks: Mapping[str, Kind]) -> None:
    if marks and not target.platform.capabilities.finds_by_marker:
        raise OutcomeUnknownError(
            f"{len(marks)} writes were sent to {target.key} and their answers were "
            "lost; this platform cannot be searched for them",
            hint="look into the account yourself, then forget or import the objects",
        )


def settle_open(run: Run, targets: Sequence[Target]) -> None:
    """
    Close what an earlier run left open, before anything else is done.

    Creates are looked up. Other writes set absolute values: whether they happened shows
    when the objects are read, and if not, they are simply due again.
    """
    for target in targets:
        mine = [
            intent
            for intent in run.store.snapshot().open_intents
            if (intent.platform, intent.account)
            == (target.platform.name, target.account.id)
        ]
        creates = [i for i in mine if i.action is Action.CREATE]
        others = [i for i in mine if i.action is not Action.CREATE]
        if creates:
            _settle_creates(run, target, creates)
        if others:
            run.store.settle(
                [closed(i, error="outcome unknown; read again") for i in others]
            )


def _settle_creates(run: Run, target: Target, intents: Sequence[Intent]) -> None:
    window = target.platform.capabilities.settle_window
    now = run.clock.now()
    sent = max(intent.sent_at for intent in intents)
    # The other process may have died while its request was still under way.
    until = min(now, sent + _LONGEST_REQUEST) + window
    found = look_up(run, target, intents, until)
    run.store.settle(
        [
            closed(intent, remote_id=found[intent.marker].id)
            if intent.marker in found
            else closed(intent, error="not on the platform after the settle window")
            for intent in intents
        ],
        [
            _taken(run, target, intent, found[intent.marker])
            for intent in intents
            if intent.marker in found
        ],
    )


def _taken(run: Run, target: Target, intent: Intent, remote: Remote) -> Tracked:
    wanted = {r.address: r for r in target.wanted.resources}.get(intent.address)
    return taken_over(
        target,
        remote,
        Tracked(
            intent.address,
            target.platform.name,
            account=target.account.id,
            kind=intent.kind,
            remote_id=remote.id,
            marker=intent.marker,
            generation=intent.generation,
            name=remote.name,
            exposure=wanted.exposure if wanted else None,
            applied_at=min(intent.sent_at, run.clock.now()),
        ),
    )


def taken_over(target: Target, remote: Remote, tracked: Tracked) -> Tracked:
    """
    What we know of an object that we find instead of having its answer.

    Only fields the plan speaks about: the others were never ours.
    """
    wanted = {r.address: r for r in target.wanted.resources}.get(tracked.address)
    fields = {
        key: value
        for key, value in remote.fields.items()
        if wanted is None or key in wanted.fields
    }
    return attrs.evolve(
        tracked,
        fields=FrozenMap(fields),
        name=remote.name,
        status=remote.status,
    )


def wait_for_settling(run: Run, target: Target, things: Iterable[Tracked]) -> None:
    """
    Wait until everything that was made is sure to be visible.
    """
    window = target.platform.capabilities.settle_window
    moment = settle_moment(things, window, run.clock.now())
    if moment > run.clock.now():
        run.tell(f"waiting for {target.platform.name} to show everything that was made")
    wait_until(run.clock, moment)
